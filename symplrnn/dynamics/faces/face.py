"""The face of a unit between two regions of a network's ODE, or the reason why no two fields can be compared there."""

from __future__ import annotations

from numbers import Integral
from typing import Any

from symplrnn import views
from symplrnn.dynamics.faces.field import FaceField
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.errors import EntryError, NoRealODE, PatternError, require_kind
from symplrnn.exact.feasibility import is_feasible
from symplrnn.exact.fields.real import real_field
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region, every_pattern_has_states, inequalities
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems import check_e3

__all__ = ["face_field"]


def face_field(ode: NetworkODE, pattern: str, unit: int, s: Any = None) -> FaceField:
    """Return the state-switched ODE at a face: the jump of its field, and the exact kinds of the face's points.

    Parameters
    ----------
    ode : NetworkODE
        Of a network without letters, with a rational dt.
    pattern : str
        One of the two regions, unit 1 first.
    unit : int
        The unit, counted from 1, in which the two regions differ; the face is (V z + b)_unit = 0.
    s : vector of length m, optional
        The input, held constant, of rational numbers or numbers in the network's field; zero if absent.

    Raises
    ------
    EntryError
        If the network or dt has letters, or dt is irrational.
    NoRealODE
        If one of the regions has no real ODE of the network's dimension (E3): lifted and impulsive systems have no vector
        field of the state alone.
    PatternError
        If there is no such region, no such unit, or no region on the other side.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN(["1/2", "1/2"], [[0, -1], [1, 0]], ["1/2", 0])
    >>> face = face_field(derive(net, dt=1), "10", unit=2)
    >>> face.sigma_below
    2*z1 - z2*log(2) - 2 + 2*log(2)
    >>> face.intervals[1:]
    (FaceInterval('escaping', ..., 1 - log(2)), FaceInterval('crossing up', 1 - log(2), oo))

    Reference: A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988, section 4.
    """
    require_kind(ode, NetworkODE, "face_field", "the ODE of a network, made by derive(net, dt)")
    network = ode.network
    letters = sorted({*network.field.parameters, *ode.dt.free_symbols}, key=str)
    if letters:
        names = ", ".join(map(str, letters))
        raise EntryError(f"face_field: the ODE has the letters {names}; give them rational values first, by ode.subs")
    if not ode.dt.is_Rational:
        raise EntryError(f"face_field: dt is {ode.dt}; accepted is a rational dt")
    unit = _unit(unit, network.p)
    given = network.region(pattern)
    flipped = pattern[: unit - 1] + ("0" if pattern[unit - 1] == "1" else "1") + pattern[unit:]
    try:
        other = network.region(flipped)
    except PatternError as error:
        raise PatternError(f"unit: no face of unit {unit} at region {pattern}: region {flipped} is empty") from error
    below, above = (given, other) if pattern[unit - 1] == "0" else (other, given)
    for region in (below, above):
        _require_interior(region)
        _require_real(ode, region, unit)
    inputs = real_field(network.field).vector([0] * network.m if s is None else s, "s", network.m)
    return FaceField(ode[below.pattern], ode[above.pattern], unit, tuple(inputs))


views.face.register(NetworkODE, face_field)


def _unit(unit: Any, p: int) -> int:
    """Return the number of a unit, of any whole kind, such as NumPy's."""
    if isinstance(unit, bool) or not isinstance(unit, Integral) or not 1 <= int(unit) <= p:
        raise PatternError(f"unit: expected a whole number from 1 to {p}, got {unit!r}")
    return int(unit)


def _require_interior(region: Region) -> None:
    """Raise unless a region has inner points: then two regions that differ in a unit have a face of dimension n - 1."""
    network: ReLURNN = region.network
    if every_pattern_has_states(network):
        return
    V, b, real = inequalities(network)
    active = [d == "1" for d in region.pattern]
    normals = [[x if on else -x for x in row] for row, on in zip(V.tolist(), active, strict=True)]
    constants = [x if on else -x for x, on in zip(b.entries(), active, strict=True)]
    if not is_feasible(normals, constants, [True] * network.p, real):
        raise PatternError(f"face_field: region {region.pattern} has no inner points, so no field on one side of a face")


def _require_real(ode: NetworkODE, region: Region, unit: int) -> None:
    """Raise unless a region has a real ODE of the network's dimension (E3)."""
    e3, found = check_e3(spectrum(region)), ode[region.pattern]
    if e3.truth.is_true and found.kind == "real":
        return
    if not e3.truth.is_false:
        raise EntryError(
            f"face_field: region {region.pattern} at the face of unit {unit}: the system that was derived is {found.kind}; "
            "whether there is a real ODE, which a face compares, is not decided"
        )
    singular, unpaired = (e3[name].truth.is_false for name in ("invertible", "negative_blocks_paired"))
    kind = "+".join(name for name, needed in (("lifted", unpaired), ("impulsive", singular)) if needed)
    negative = _unpaired(found) if unpaired else ""
    why = [f"the eigenvalue {negative} has unpaired Jordan blocks"] * unpaired + ["0 is an eigenvalue"] * singular
    raise NoRealODE(
        f"face_field: region {region.pattern} at the face of unit {unit} is {kind} ({', and '.join(why)}); a vector field of the "
        "state alone, which a face compares, exists only for real regions (E3)",
        pattern=region.pattern,
        hypothesis="invertible" if singular else "negative_blocks_paired",
        eigenvalue="0" if singular else negative,
    )


def _unpaired(ode: RegionODE) -> str:
    """Return a negative eigenvalue with unpaired blocks in text."""
    negative = ode.real_logarithm.negative_eigenvalues
    return str(next(turn for turn, sizes in negative if any(sizes.count(size) % 2 for size in sizes)))
