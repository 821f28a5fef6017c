"""The certificate of a network with letters: of each region the closed form, and the conditions of E1 to E4.

The closed form where E2 holds is given by the entries of log F (`symplrnn.logarithm.one_formula`), and as an integral. With
N = M - I and q(t) = det(I + t N), E2 holds exactly where q > 0 on [0, 1], and there (docs/theory, section 6, (6) and (7))

    X = N Phi / dt,  y = Phi c / dt,  Y = Phi C / dt,    Phi = sum_k B_k int_0^1 t^k / q(t) dt,

where B_0 = I and B_k = q_k I - N B_(k-1). The q_k and B_k are polynomials in the letters; they are the evidence. That conditions
and the systems where E2 fails are right is proved case by case (`symplrnn.certificate.cases`). For a PLRNN the polynomials are
listed which are all positive exactly where E2 holds in every region (G1).

Reference: proofs/oneformula.md, Theorems 1 and 2; proofs/global.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import sympy as sp

from symplrnn.certificate.cases import grow
from symplrnn.certificate.check import Refused, bounds
from symplrnn.certificate.check_letters import (
    Case,
    check_case,
    check_other_case,
    check_whole,
    entries,
    factors_in_letters,
    in_letters,
    sum_in_letters,
)
from symplrnn.conditions.formula import RELATIONS, Formula
from symplrnn.conditions.simplification import given, truth_given
from symplrnn.conditions.truth import UNKNOWN, Truth
from symplrnn.errors import EntryError, TooLarge
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.signs import ANY_SIGN, possible_signs
from symplrnn.logarithm.cases.cases import Case as CaseOfLetters
from symplrnn.logarithm.one_formula import Term, logarithm_terms
from symplrnn.logarithm.turning import Planes, SingleRoot
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.check import check

__all__ = ["LETTER_UNITS", "assumptions", "polynomial_entry", "region_with_letters", "whole_with_letters"]

LETTER_UNITS = 6  # units whose principal minors are listed
LETTER_CASES = 3  # units of a network whose condition for all regions is certified case by case
RELATION_NAMES = {signs: relation.rel_op.replace("==", "=") for signs, relation in RELATIONS.items()}


def polynomial_entry(value: Any) -> Any:
    """Return an entry as text if it is rational, else as an object of coefficients by exponents of the letters."""
    terms = {exponents: QQ.element(int(x)) for exponents, x in value.numer.to_dict().items()}
    if not value.denom.is_constant():
        raise EntryError(f"certificate: {value} is a quotient; accepted are entries that are polynomials in letters")
    (divisor,) = value.denom.to_dict().values()
    found = {" ".join(map(str, exponents)): str(x / QQ.element(int(divisor))) for exponents, x in terms.items()}
    constant = " ".join("0" * len(value.numer.context().names()))
    return found.get(constant, "0") if set(found) <= {constant} else found


def assumptions(network: ReLURNN) -> list[Any]:
    """Return what is assumed of the letters, as formulas of a certificate."""
    found = []
    for letter in network.field.parameters:
        signs = possible_signs(letter)
        if signs != ANY_SIGN:
            found.append([RELATION_NAMES[frozenset(signs)], polynomial_entry(network.field.element(letter))])
    return found + ([] if network.assumptions.is_true else [_formula(network, network.assumptions)])


@bounds()
def region_with_letters(region: Region) -> dict[str, Any]:
    """Return what is claimed of a region: q and the matrices B_k, the entries of log F, and where E1 to E4 hold."""
    K, n = region.network.field, region.network.n
    one = K.identity(n)
    N = region.affine.M - one
    chi = K.characteristic_polynomial(N)
    q = [chi[n - k] * K.element((-1) ** k) for k in range(n + 1)]
    matrices = [one]
    for k in range(1, n):
        diagonal = K.fill(n, n, [q[k] if i == j else K.element(0) for i in range(n) for j in range(n)])
        matrices.append(diagonal - N * matrices[-1])
    claims: dict[str, Any] = {
        "pattern": region.pattern,
        "determinant": [polynomial_entry(x) for x in q],
        "matrices": [_rows(B) for B in matrices],
    }
    factors = K.factor(K.characteristic_polynomial(region.affine.M))
    claims["factors"] = [{"polynomial": _coefficients(f), "multiplicity": m} for f, m in factors]
    linear = K.polynomial([K.element(-1), K.element(1)])
    points = [f for f, _ in factors] + [linear] * all(f != linear for f, _ in factors)
    try:
        found = logarithm_terms(K, region.affine.augmented())[:n]
        claims["entries"] = [[[_term(term, points) for term in entry] for entry in row] for row in found]
    except TooLarge:
        return claims
    if max(f.degree() for f, _ in factors) > (2 if n == 2 else 1):
        return claims  # the cases would be many
    try:
        claims |= _conditions(region, claims)
        others = _other_cases(region, claims["conditions"].get("E2", True))
    except (Refused, TooLarge):  # that some case is impossible was not proved
        return claims
    return {**claims, "other_cases": others} if others else claims


def _conditions(region: Region, claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the verdicts hold, as formulas, with the cases that prove it."""
    network = region.network
    facts = check(network, regions=[region.pattern])
    [found] = facts.verdicts.values()
    truths = {
        **{name: found[name].truth for name in ("E1", "E2", "E3")},
        "zero": found.needs_jump,
        "one": found.unit_eigenvalue,
        "lift": found.needs_lift,
        "stable": found.stable,
    }
    conditions: dict[str, Any] = {name: _condition(network, truth) for name, truth in truths.items() if not truth.is_unknown}
    odes = found.number_of_odes
    if not any(truth.is_unknown for truth in odes.values()):
        conditions["real_odes"] = {number: _condition(network, truth) for number, truth in odes.items()}
    n, m, count = network.n, network.m, len(network.field.parameters)
    F = entries(_rows(region.affine.augmented()), n + 1 + m, n + 1 + m, count, "F")
    M = [row[:n] for row in F[:n]]
    factors = factors_in_letters(M, claims["factors"], count, "factors")
    known = assumptions(network)

    halves = [sum_in_letters((1, f[1]), (x, f[2])) for f, _ in factors if len(f) == 3 for x in (0, 2, -2)]
    cases = []  # 4 f(x) = (2 x - t)^2 - (t^2 - 4 d): the squares are of use
    for claims_of_kind in (conditions.keys() - {"stable"}, conditions.keys() & {"stable"}):
        chosen = {name: conditions[name] for name in conditions if name in claims_of_kind}

        def leaf(case: Case, chosen: dict[str, Any] = chosen) -> None:
            check_case((M, F, factors), chosen, known, case, count, region.pattern)

        if chosen:
            cases.append({"claims": list(chosen), "tree": grow(leaf, count, halves)})
    return {"conditions": conditions, "cases": cases}


def _other_cases(region: Region, principal: Any) -> dict[str, Any] | None:
    """Return the systems where E2 fails, each with its condition and closed form, and the cases that prove them.

    None if E2 holds always, or if some are of a kind that the checker does not know.
    """
    if principal is True:
        return None
    network = region.network
    n, m, count = network.n, network.m, len(network.field.parameters)
    systems = []
    for ode in RegionODE(region, sp.S.One).other_cases:
        system = _system(network, ode.case)
        if system is None:
            return None
        systems.append(system)
    F = entries(_rows(region.affine.augmented()), n + 1 + m, n + 1 + m, count, "F")
    others: tuple[Any, ...] = principal, systems, assumptions(network), {}

    def leaf(case: Case) -> None:
        check_other_case(case, others, F, n, count, region.pattern)

    return {"systems": systems, "tree": grow(leaf, count)}


def _system(network: ReLURNN, case: CaseOfLetters) -> dict[str, Any] | None:
    """Return the closed form of one case; None if the checker does not know its kind."""
    log, K = case.logarithm, case.logarithm.field
    groups = case.turning.groups if case.turning else ()
    simple = isinstance(K, FunctionField) and not case.definitions and len(groups) <= 1
    if not simple or any(term.degree > 2 or term.denominator.degree() > 0 for term in log.terms):
        return None
    turn: Any = None
    for group in groups:
        if isinstance(group, SingleRoot) and group.row is not None:
            turn = {"term": group.term, "row": group.row}
        elif isinstance(group, Planes) and group.turn is None:
            turn = {"term": group.term, "V": _quotients(network, K, group.V), "w": _quotients(network, K, group.w)}
        else:
            return None
    size = log.matrix.nrows()
    one = K.identity(size)
    U = log.unipotent_powers[0] if log.unipotent_powers else one - one
    S = log.matrix * K.inverse(one + U)
    terms = []
    for term in log.terms:
        scale = K.element(1) / term.denominator[0]
        factor = [polynomial_entry(network.field.element(K.to_sympy(x / term.factor[term.degree]))) for x in _listed(term.factor)]
        terms.append({"factor": factor, "matrices": [_quotients(network, K, H, scale) for H in term.matrices]})
    return {
        "condition": _formula(network, given(case.domain, network.assumptions)),
        "extra": case.extra,
        "map": _quotients(network, K, log.matrix),
        "jump": None if case.jump is None else _quotients(network, K, case.jump),
        "semisimple": _quotients(network, K, S),
        "unipotent": _quotients(network, K, U),
        "rational_part": _quotients(network, K, log.rational_part),
        "terms": terms,
        "turn": turn,
    }


def _listed(f: Any) -> list[Any]:
    return [f[k] for k in range(f.degree() + 1)]


def _quotients(network: ReLURNN, K: Any, matrix: Any, scale: Any = None) -> dict[str, Any]:
    """Return a matrix over the field of a case as one of polynomials over a denominator."""
    L: Any = network.field
    rows = [[L.element(K.to_sympy(x if scale is None else x * scale)) for x in row] for row in matrix.tolist()]
    q = L.element(1)
    for x in (x for row in rows for x in row):
        missing = L.element(L.denominator(x)) / q  # in lowest terms, so that its numerator is what q lacks
        q = q * L.element(L.domain.expression(missing.numer))
    return {"denominator": polynomial_entry(q), "rows": [[polynomial_entry(x * q) for x in row] for row in rows]}


def _condition(network: ReLURNN, truth: Truth) -> Any:
    """Return a truth value that is not unknown as a formula of a certificate."""
    formula = truth_given(truth, network.assumptions).as_formula()
    if formula is None:
        raise ArithmeticError("a truth value is unknown")
    return _formula(network, formula)


def _formula(network: ReLURNN, formula: Formula) -> Any:
    """Return a formula in the form of a certificate."""
    if formula.is_constant:
        return formula.is_true
    if formula.kind == "atom":
        return [RELATION_NAMES[formula.signs], polynomial_entry(network.field.element(formula.polynomial))]
    return [formula.kind, *(_formula(network, part) for part in formula.args)]


def _term(term: Term, points: list[Any]) -> dict[str, Any]:
    """Return a term of an entry of log F, its points by the places of their factors."""
    return {
        "coefficient": polynomial_entry(term.coefficient),
        "power": "sum" if term.power is None else term.power,
        "points": [points.index(f) for f in term.factors],
    }


def _coefficients(f: Any) -> list[Any]:
    return [polynomial_entry(f[k]) for k in range(f.degree() + 1)]


def _rows(matrix: Any) -> list[list[Any]]:
    return [[polynomial_entry(x) for x in row] for row in matrix.tolist()]


@bounds()
def whole_with_letters(network: ReLURNN) -> dict[str, Any] | None:
    """Return where E2 holds in all regions of a PLRNN (G1): A and the principal minors of A + W, by units, are positive.

    The condition is given as a formula, too, with the cases that prove that it says the same, if they are not too many.
    """
    if not network.is_plrnn or network.n > LETTER_UNITS:
        return None
    K, B, minors = network.field, (network.exact.A + network.exact.W).tolist(), {}
    for size in range(1, network.n + 1):
        for units in combinations(range(network.n), size):
            part = K.fill(size, size, [B[i][j] for i in units for j in units])
            minor = K.characteristic_polynomial(part)[0] * K.element((-1) ** size)
            minors[" ".join(str(i + 1) for i in units)] = polynomial_entry(minor)
    truth = check(network).global_verdict.truth if network.n <= LETTER_CASES else UNKNOWN("many regions")
    if truth.is_unknown:
        return {"minors": minors}
    formula, known, count = _condition(network, truth), assumptions(network), len(K.parameters)
    diagonal = [polynomial_entry(network.exact.A[i, i]) for i in range(network.n)]
    values = [in_letters(x, count) for x in [*diagonal, *minors.values()]]

    def leaf(case: Case) -> None:
        check_whole(formula, values, known, case, count)

    try:
        return {"minors": minors, "principal": formula, "cases": grow(leaf, count)}
    except (Refused, TooLarge):
        return {"minors": minors}
