"""The certificate of a network: its exact data, what is claimed of regions and of the whole, and the evidence.

The document is described in docs/certificates.md; `symplrnn.certificate.check` re-checks it. What is claimed here comes from the
package's own algorithms on FLINT; the checker uses others.

Reference: docs/theory, section 5, "Certificate of (3)"; section 3, E1 to E6; section 4, G1 and G2; section 7, C1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_poly, nmod_poly

from symplrnn import limits, views
from symplrnn.certificate.cells import list_of_regions
from symplrnn.certificate.letters import assumptions, polynomial_entry, region_with_letters, whole_with_letters
from symplrnn.eigenvalues.counting import Factor, RationalSpectrum
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.cyclic import cyclic_subspaces
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fitting import primary_projector
from symplrnn.exact.p_matrix import AllMinors, Definiteness, Dominance, FailingMinor, is_p_matrix
from symplrnn.exact.root_matrix import RootMatrix
from symplrnn.logarithm.closed_form import SpectralTerm
from symplrnn.logarithm.half_turns import ChainPair, multiplicity
from symplrnn.logarithm.real_logarithm import RealLogarithm
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import most_regions
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems import check_c1, check_g1
from symplrnn.theorems.e4 import check_e4, how_many
from symplrnn.theorems.e5 import smallest_lift
from symplrnn.theorems.reasons import kind_of

__all__ = ["VERSION", "as_text", "digest", "network_certificate", "region_certificate"]

VERSION = 3
PRIME = 2**61 - 1  # by which the checker tells different roots
CHECKED_MINORS = 14  # units whose principal minors the checker computes: its own limit


@views.certificate.register(NetworkODE)
def network_certificate(ode: NetworkODE) -> dict[str, Any]:
    """Return the certificate of the chosen regions and of the whole network; see `NetworkODE.certificate`."""
    lettered = _has_letters(ode.network, ode.dt)
    patterns, whole = ode.patterns, whole_with_letters(ode.network) if lettered else _whole(ode.network)
    if patterns is None:
        few = most_regions(ode.network) <= 2**limits.CERTIFIED_UNITS
        patterns = tuple(region.pattern for region in ode.network.regions()) if few else ()
        cells = None if lettered else list_of_regions(ode.network)
        if cells is not None:
            whole = {**(whole or {}), "regions": cells}
    if not patterns and whole is None:
        raise ShapeError(
            f"certificate: the network has more than 2^{limits.CERTIFIED_UNITS} regions, and nothing is proved of all at once; "
            'choose some by derive(..., regions="visited") or by patterns'
        )
    claims = _claims_with_letters if lettered else _region_claims
    regions = [claims(RegionODE(ode.network.region(pattern), ode.dt)) for pattern in patterns]
    return _document(ode.network, ode.dt, regions, whole)


@views.certificate.register(RegionODE)
def region_certificate(ode: RegionODE) -> dict[str, Any]:
    """Return the certificate of one region; see `RegionODE.certificate`."""
    claims = _claims_with_letters if _has_letters(ode.region.network, ode.dt) else _region_claims
    return _document(ode.region.network, ode.dt, [claims(ode)], None)


def as_text(document: dict[str, Any]) -> str:
    """Return a certificate as the text of its file."""
    return json.dumps(document) + "\n"


def digest(document: dict[str, Any]) -> str:
    """Return the SHA-256 hash of the file of a certificate, by which reports and papers name it."""
    return sha256(as_text(document).encode()).hexdigest()


def _has_letters(network: ReLURNN, dt: Any) -> bool:
    """Return whether a network has letters; refuse what cannot be certified."""
    field = network.field
    lettered = bool(field.parameters)
    plain = isinstance(field, FunctionField) and len(field.domain.symbols) == len(field.parameters)
    if not (plain if lettered else field is QQ):
        raise EntryError("certificate: accepted are networks of rational numbers (floats are), and of polynomials in letters")
    if not (dt.is_Rational or str(dt) in map(str, field.parameters)):
        raise EntryError(f"certificate: dt is {dt}; accepted are rational numbers, and with letters one of them")
    return lettered


def _claims_with_letters(ode: RegionODE) -> dict[str, Any]:
    return region_with_letters(ode.region)


def _document(network: ReLURNN, dt: Any, regions: list[dict[str, Any]], whole: dict[str, Any] | None) -> dict[str, Any]:
    par = network.exact
    parts = {"A": par.A, "W": par.W, "h": par.h, "C": par.C, "V": par.V, "b": par.b}
    letters = [str(letter) for letter in network.field.parameters]
    entry = polynomial_entry if letters else str
    return {
        "symplrnn certificate": VERSION,
        **({"letters": letters, "assumptions": assumptions(network)} if letters else {}),
        "network": {name: [[entry(x) for x in row] for row in value.tolist()] for name, value in parts.items()},
        "dt": str(dt),
        "regions": regions,
        "global": whole,
    }


def _region_claims(ode: RegionODE) -> dict[str, Any]:
    """Return what is claimed of a region, with its closed form."""
    facts = RationalSpectrum(ode.region)
    zero, one = not facts.is_invertible, facts.unit_multiplicity > 0
    negative, extra, circle = len(facts.negative_blocks), smallest_lift(facts), facts.unit_circle
    E2, number, kind = facts.avoids_nonpositive, how_many(check_e4(facts)), kind_of(extra or 0, zero)
    claims: dict[str, Any] = {
        "pattern": ode.region.pattern,
        "characteristic_polynomial": _texts(facts.characteristic_polynomial),
        "zero": zero,
        "one": one,
        "negative": negative,
        "unit_circle": [circle.inside, circle.on, circle.outside],
        "stable": circle.stability == "all inside",
        "E1": E2 and not one,
        "E2": E2,
        "E3": bool(facts.invertible & facts.paired),
        "real_odes": number,
        "extra": extra,
        "kind": "principal" if kind == "real" and not negative else kind,
    }
    claims["factors"] = _factors(facts, ode.real_logarithm.principal.terms, number)
    unit = next((item["sizes"] for item in claims["factors"] if item["factor"] == ["-1", "1"] and "sizes" in item), ())
    if len(set(unit)) < len(unit):
        claims["lengthened"] = _generators(ode.region.affine.augmented(), facts.linear(fmpq(1)))
    if ode.fitting is not None:
        claims["jump"] = {"projector": _shared(ode.fitting.projector), "map": _shared(ode.fitting.jump)}
    return {**claims, "formula": _formula(ode.real_logarithm)}


def _with_open_blocks(facts: RationalSpectrum, number: str | None) -> list[Factor]:
    """Return the repeated factors whose Jordan blocks decide a claim: E3 and E5 those of negative eigenvalues, E4 all."""
    repeated = [] if facts.has_simple_eigenvalues else [f for f in facts.counted_factors if f.multiplicity > 1]
    if number == "none" or facts.negative_count:
        return [f for f in repeated if f.roots.negative_roots]
    return repeated


def _factors(facts: RationalSpectrum, terms: Sequence[SpectralTerm], number: str | None) -> list[dict[str, Any]]:
    """Return the irreducible factors of chi, x and those of the formula, with their multiplicities and the blocks that decide."""
    chi, product = facts.characteristic_polynomial, fmpz_poly([1])
    with_blocks = [factor.polynomial for factor in _with_open_blocks(facts, number)]
    found: list[dict[str, Any]] = []
    for factor in [fmpq_poly([0, 1]), *(term.factor for term in _ordered(terms))]:
        if times := multiplicity(chi, factor):
            blocks = _generators(facts.matrix, factor) if factor in with_blocks else {}
            found.append({"factor": _texts(factor.numer()), "multiplicity": times, **blocks})
            product *= factor.numer()
    reduced = nmod_poly(product.coeffs(), PRIME)
    if reduced.degree() < product.degree() or reduced.gcd(reduced.derivative()).degree() > 0:
        raise EntryError(f"certificate: eigenvalues are equal modulo {PRIME}; the checker would not tell them apart")
    return found


def _generators(matrix: fmpq_mat, factor: fmpq_poly) -> dict[str, Any]:
    """Return the sizes of the Jordan blocks at each root of a factor, with a generator for each block."""
    chi = QQ.characteristic_polynomial(matrix)
    times = multiplicity(chi, factor)
    projector = primary_projector(QQ, matrix, factor**times, chi)
    found = cyclic_subspaces(QQ, matrix, factor, times, projector)
    generators = [c.generator.numer_denom()[0].entries() for c in found]
    return {"sizes": [c.length for c in found], "generators": [[str(x) for x in g] for g in generators]}


def _formula(real: RealLogarithm) -> dict[str, Any]:
    """Return a real logarithm of the augmented matrix, after a jump, or of its lift, in exact form."""
    log = real.principal
    one = QQ.identity(log.matrix.nrows())
    U = log.unipotent_powers[0] if log.unipotent_powers else one - one
    S = log.matrix * QQ.inverse(one + U) if log.unipotent_powers else log.matrix  # M = S (1 + U)
    first = {id(turn.pair): turn.pair for turn in real.turns if turn.index == 0}.values()
    return {
        "nilpotent": _shared(log.matrix - S),
        "unipotent": _shared(U),
        "rational_part": _shared(log.rational_part),
        "terms": [_term(term, [pair for pair in first if pair.term is term]) for term in _ordered(log.terms)],
    }


def _ordered(terms: Sequence[SpectralTerm]) -> list[SpectralTerm]:
    """Return the terms with x - 1 last: it may not be a factor of chi, but only of det(x - F)."""
    return sorted(terms, key=lambda term: bool(term.factor == fmpq_poly([-1, 1])))


def _term(term: SpectralTerm, pairs: Sequence[ChainPair]) -> dict[str, Any]:
    """Return H and g with E(l) = H(l)/g(l), w with w g = f' modulo the primitive f, and the chains of its negative roots."""
    f, whole = term.factor, term.factor.numer()
    weight = QQ.remainder(QQ.inverse_modulo(term.denominator, f) * fmpq_poly(whole.derivative()), f)
    found: dict[str, Any] = {
        "factor": _texts(whole),
        "denominator": [str(term.denominator[k]) for k in range(term.degree)],
        "weight": [str(weight[k]) for k in range(term.degree)],
        "matrices": [_shared(H) for H in term.matrices],
    }
    return {**found, "half_turns": [_pair(pair) for pair in pairs]} if pairs else found


def _pair(pair: ChainPair) -> list[dict[str, Any]]:
    over = QQ.inverse_modulo(pair.divisor, pair.term.factor)
    chains = [(columns, [row.scaled(over) for row in rows]) for columns, rows in pair.chains]
    return [{"columns": [_vector(a) for a in columns], "rows": [_vector(c) for c in rows]} for columns, rows in chains]


def _vector(vector: RootMatrix) -> dict[str, Any]:
    """Return a vector that depends on a root l: row k is the coefficient of l^k."""
    rows = [part.entries() for part in vector.coefficients]
    return _shared(fmpq_mat(len(rows), len(rows[0]), [x for row in rows for x in row]))


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
            evidence = {"failing": _failing_vector(network.exact.A + network.exact.W, units)}
        case AllMinors() if network.n <= CHECKED_MINORS:
            evidence = {"minors": True}
        case _:
            return None
    p_matrix = not isinstance(found, FailingMinor)
    principal = check_g1(network, ()).truth
    claims = {"p_matrix": p_matrix, "principal": principal.is_true, "evidence": evidence}
    if principal.is_true:
        claims["continuous"] = check_c1(network, principal).truth.is_true
    return claims


def _failing_vector(B: fmpq_mat, units: Sequence[int]) -> list[str]:
    """Return x != 0 with x_i (B x)_i <= 0 for all i, from the units of a principal minor that is not positive.

    With x_j = 1 for one of the units and B x = 0 on the others, (B x)_j is the minor over that of the others, which has to be
    positive; if it is not, these are taken instead.
    """
    chosen, j = list(units[:-1]), units[-1]
    while chosen and _part(B, chosen, chosen).det() <= 0:
        *chosen, j = chosen
    x = [fmpq(int(i == j)) for i in range(B.nrows())]
    if chosen:
        solution = _part(B, chosen, chosen).solve(-_part(B, chosen, [j]))
        for i, value in zip(chosen, solution.entries(), strict=True):
            x[i] = value
    return [str(value) for value in x]


def _part(B: fmpq_mat, rows: Sequence[int], columns: Sequence[int]) -> fmpq_mat:
    return fmpq_mat([[B[i, j] for j in columns] for i in rows])


def _texts(p: fmpq_poly | fmpz_poly) -> list[str]:
    return [str(x) for x in p.coeffs()]


def _shared(matrix: fmpq_mat) -> dict[str, Any]:
    """Return a matrix with one denominator."""
    Z, q = matrix.numer_denom()
    return {"denominator": str(q), "rows": [[str(x) for x in row] for row in Z.tolist()]}
