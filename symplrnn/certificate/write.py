"""The certificate of a network: its exact data, what is claimed of regions and of the whole, and the evidence.

The document is described in docs/certificates.md; `symplrnn.certificate.check` re-checks it. What is claimed here comes from the
package's own algorithms on FLINT; the checker uses others.

Reference: docs/theory, section 5, "Certificate of (3)"; section 4, G1 and G2; section 7, C1.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly

from symplrnn import limits, views
from symplrnn.certificate.cells import list_of_regions
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.p_matrix import AllMinors, Definiteness, Dominance, FailingMinor, is_p_matrix
from symplrnn.exact.roots import negative_roots_over
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm, logarithm
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems import check_c1, check_g1

__all__ = ["VERSION", "network_certificate", "region_certificate"]

VERSION = 1
CHECKED_MINORS = 14  # units whose principal minors the checker computes: its own limit


@views.certificate.register(NetworkODE)
def network_certificate(ode: NetworkODE) -> dict[str, Any]:
    """Return the certificate of the chosen regions and of the whole network; see `NetworkODE.certificate`."""
    _require_rational(ode.network, ode.dt)
    patterns = ode.patterns
    if patterns is None:
        few = ode.network.p <= limits.CERTIFIED_UNITS
        patterns = tuple(region.pattern for region in ode.network.regions()) if few else ()
    whole, regions = _whole(ode.network), list_of_regions(ode.network)
    if regions is not None:
        whole = {**(whole or {}), "regions": regions}
    if not patterns and whole is None:
        raise ShapeError(
            f"certificate: the network has more than 2^{limits.CERTIFIED_UNITS} regions, and nothing is proved of all at once; "
            'choose some by derive(..., regions="visited") or by patterns'
        )
    return _document(ode.network, ode.dt, [_region_claims(ode.network.region(pattern)) for pattern in patterns], whole)


@views.certificate.register(RegionODE)
def region_certificate(ode: RegionODE) -> dict[str, Any]:
    """Return the certificate of one region; see `RegionODE.certificate`."""
    _require_rational(ode.region.network, ode.dt)
    return _document(ode.region.network, ode.dt, [_region_claims(ode.region)], None)


def _require_rational(network: ReLURNN, dt: Any) -> None:
    if network.field is not QQ or not dt.is_Rational:
        raise EntryError("certificate: accepted are networks of rational numbers (floats are) and a rational dt")


def _document(network: ReLURNN, dt: Any, regions: list[dict[str, Any]], whole: dict[str, Any] | None) -> dict[str, Any]:
    par = network.exact
    parts = {"A": par.A, "W": par.W, "h": par.h, "C": par.C, "V": par.V, "b": par.b}
    return {
        "symplrnn certificate": VERSION,
        "network": {name: [[str(x) for x in row] for row in value.tolist()] for name, value in parts.items()},
        "dt": str(dt),
        "regions": regions,
        "global": whole,
    }


def _region_claims(region: Region) -> dict[str, Any]:
    """Return what is claimed of a region, with its closed form where E2 holds."""
    chi, real = QQ.characteristic_polynomial(region.affine.M), real_field(QQ)
    zero, one = not chi(fmpq(0)), not chi(fmpq(1))
    negative = [(len(negative_roots_over(real, factor)), multiplicity) for factor, multiplicity in QQ.factor(chi)]
    E2 = not any(count for count, _ in negative) and not zero
    claims: dict[str, Any] = {
        "pattern": region.pattern,
        "characteristic_polynomial": _texts(chi),
        "zero": zero,
        "one": one,
        "negative": sum(count for count, _ in negative),
        "E1": E2 and not one,
        "E2": E2,
    }
    if E2:
        claims |= {"E3": True, "formula": _formula(region)}
    elif zero or any(count for count, multiplicity in negative if multiplicity % 2):
        claims["E3"] = False
    return claims


def _formula(region: Region) -> dict[str, Any]:
    """Return log [[M, c, C], [0, 1, 0], [0, 0, 1]] in exact form."""
    log = logarithm(QQ, region.affine.augmented())
    one = QQ.identity(log.matrix.nrows())
    U = log.unipotent_powers[0] if log.unipotent_powers else one - one
    S = log.matrix * QQ.inverse(one + U)  # M = S (1 + U)
    return {
        "nilpotent": _shared(log.matrix - S),
        "unipotent": _shared(U),
        "rational_part": _shared(log.rational_part),
        "terms": [_term(log, term) for term in log.terms],
    }


def _term(log: Logarithm, term: SpectralTerm) -> dict[str, Any]:
    f, d = term.factor / term.factor[term.degree], term.degree
    weight = QQ.remainder(QQ.inverse_modulo(term.denominator, f) * f.derivative(), f)
    sums, x = [], fmpq_poly([0, 1])
    for _ in range(d):  # the sum of v(l) over the roots is the coefficient of x^(d - 1) in v f' modulo f (Euler)
        sums.append(weight[d - 1])
        weight = QQ.remainder(weight * x, f)
    return {
        "factor": _texts(f),
        "denominator": _texts(term.denominator),
        "matrices": [_shared(H) for H in term.matrices],
        "root_sums": [str(t) for t in sums],
    }


def _whole(network: ReLURNN) -> dict[str, Any] | None:
    """Return what is claimed of all regions at once, if anything is proved."""
    if not network.is_plrnn:
        return None
    found = is_p_matrix(network.exact.A + network.exact.W)
    evidence: dict[str, Any]
    match found:
        case Dominance(x):
            evidence = {"dominant": [str(value) for value in x]}
        case Definiteness(T):
            evidence = {"definite": [[str(value) for value in row] for row in T.tolist()]}
        case FailingMinor(units):
            evidence = {"failing": [str(i + 1) for i in units]}
        case AllMinors() if network.n <= CHECKED_MINORS:
            evidence = {"minors": True}
        case _:
            return None
    p_matrix = not isinstance(found, FailingMinor)
    principal = check_g1(network, {}).truth
    claims = {"p_matrix": p_matrix, "principal": principal.is_true, "evidence": evidence}
    if principal.is_true:
        claims["continuous"] = check_c1(network, principal).truth.is_true
    return claims


def _texts(p: fmpq_poly) -> list[str]:
    return [str(x) for x in p.coeffs()]


def _shared(matrix: fmpq_mat) -> dict[str, Any]:
    """Return a matrix with one denominator."""
    Z, q = matrix.numer_denom()
    return {"denominator": str(q), "rows": [[str(x) for x in row] for row in Z.tolist()]}
