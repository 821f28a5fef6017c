"""Whether the ODE of a network with state switching has a continuous field.

C1 decides it for a PLRNN whose regions all have the principal ODE. For other networks each face is looked at: between regions
that differ in unit i the field is continuous iff

    X' - X = u V_i,   y' - y = u b_i,   Y' - Y = 0      for some column u,

where V_i is row i of V: then both fields agree where V_i z + b_i = 0. That is proved where both regions have the principal ODE
and the maps keep the face: v M^ = a v for v = (V_i, b_i, 0). Then the augmented maps M^ and M'^ of the two regions agree on the
kernel of v and send it into itself, so their logarithms agree there. An enclosure of a difference that excludes 0 disproves it.

Reference: docs/theory, section 7; proofs/continuity.md.
"""

from __future__ import annotations

from flint import arb, arb_mat

from symplrnn import limits, views
from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, Truth, because
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.exact.balls import working_precision
from symplrnn.exact.evaluation import expression_enclosure
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Face
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.theorems import check_c1, check_g1

__all__ = ["continuity"]

BITS = (64, 256, 1024)


@views.continuity.register(NetworkODE)
def continuity(ode: NetworkODE) -> Truth:
    """Return whether the field is continuous; see `NetworkODE.is_continuous`."""
    network, known = ode.network, ode.network.assumptions
    few = network.p <= limits.CONTINUITY_UNITS
    if network.is_plrnn:
        spectra = ((region.pattern, spectrum(region)) for region in network.regions()) if few else ()
        everywhere = check_g1(network, spectra).given(known).truth
        found = check_c1(network, everywhere).given(known)
        if everywhere.is_true or network.field.parameters:
            failed = {name: value for hypothesis in found.failed for name, value in hypothesis.evidence.items()}
            return because(found.truth, failed | {"theorem": "C1"})
        if everywhere.is_unknown:
            return everywhere
    if network.field.parameters:
        return UNKNOWN("the network has parameters and is no PLRNN with diagonal A")
    if not few:
        return UNKNOWN(f"each face is looked at for up to {limits.CONTINUITY_UNITS} units, and the network has {network.p}")
    return _face_by_face(network, ode)


def _face_by_face(network: ReLURNN, chosen: NetworkODE) -> Truth:
    """Return whether the fields agree on all faces."""
    ode = chosen if chosen.patterns is None else NetworkODE(network, chosen.dt)
    regions, doubtful = list(network.regions()), []
    for region in regions:
        if (kind := ode[region.pattern].kind) != "real":
            return because(FALSE, {"region": region.pattern, "kind": kind})
    for region in regions:
        for face in region.faces:
            if face.pattern < face.neighbour:
                found = _agree(network, ode, face)
                if found is False:
                    return because(FALSE, {"unit": str(face.unit), "between": f"{face.pattern} and {face.neighbour}"})
                doubtful += [face] if found is None else []
    if not doubtful:
        return TRUE
    face = doubtful[0]
    return UNKNOWN(
        f"between {face.pattern} and {face.neighbour} the fields agree to some {BITS[-1] * 3 // 10} digits, which is no proof"
    )


def _agree(network: ReLURNN, ode: NetworkODE, face: Face) -> bool | None:
    """Return whether the fields of two regions agree on the face between them; None if no enclosure tells."""
    i, n, K = face.unit - 1, network.n, network.field
    if all(K.is_zero(network.exact.W[j, i]) for j in range(n)):
        return True  # the unit does not matter: both regions have one map
    if _invariant(network, face) and ode[face.pattern].is_principal and ode[face.neighbour].is_principal:
        return True
    for bits in BITS:
        V, b = expression_enclosure(network.V.row(i), bits), expression_enclosure(network.b.row(i), bits)
        one, other = (ode[pattern].enclosure(bits) for pattern in (face.pattern, face.neighbour))
        with working_precision(bits):
            jump = other - one
            normal = [V[0, j] for j in range(n)] + [b[0, 0]] + [0 * b[0, 0]] * network.m
            if not _may_be_product(jump, normal, n):
                return False
    return None


def _invariant(network: ReLURNN, face: Face) -> bool:
    """Return whether the map of a region, for every input, sends the hyperplane of a face into itself: v M^ = a v."""
    par, K, i = network.exact, network.field, face.unit - 1
    v = [*(par.V[i, j] for j in range(network.n)), par.b[i, 0], *[K.element(0)] * network.m]
    (image,) = (K.fill(1, len(v), v) * network.region(face.pattern).affine.augmented()).tolist()
    pivot = next(j for j, x in enumerate(v) if not K.is_zero(x))
    return all(K.is_zero(image[j] * v[pivot] - image[pivot] * v[j]) for j in range(len(v)))


def _may_be_product(jump: arb_mat, normal: list[arb], n: int) -> bool:
    """Return whether the first n rows of a matrix of balls may be u times a row, for some column u."""
    pivot = max(range(n), key=lambda j: abs(float(normal[j].mid())))
    for row in range(n):
        for column, entry in enumerate(normal):
            difference = jump[row, column] * normal[pivot] - jump[row, pivot] * entry
            if not difference.contains(0):
                return False
    return True
