"""Is a condition on real letters met by any values? A cheap exact answer: False is certain, True where nothing excludes it.

A condition in one letter is decided (`symplrnn.conditions.one_letter`). With more letters it is written as alternatives, each a
list of signs of polynomials, and an alternative is excluded in one of these ways, alone or one after another:

    an equation v = e           is put in, with what is assumed of v
    a quadratic polynomial      that is a sum of squares is never negative, and 0 only where each square is
    two signs                   exclude each other if p + r q, r of a known sign, has a sign that they do not allow; a sum of
                                squares that they do not allow to be positive is 0

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 4.3 (quadratic forms).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, reduce
from itertools import combinations, product
from math import prod
from operator import add, mul

import sympy as sp
from flint import fmpq

from symplrnn import limits
from symplrnn.conditions.equations import put_in, solution_of, terms
from symplrnn.conditions.formula import Formula, all_formulas, sign_condition, zero
from symplrnn.conditions.one_letter import is_met_by_a_number
from symplrnn.conditions.parameters import sign_set
from symplrnn.conditions.samples import samples_of
from symplrnn.errors import TooLarge
from symplrnn.exact.fields.work import within
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.exact.signs import SignSet, sign_of

__all__ = ["clauses", "is_met", "is_met_somewhere", "is_short"]


Polynomial = dict[tuple[tuple[sp.Symbol, int], ...], fmpq]  # coefficients of products of powers


def clauses(formula: Formula) -> tuple[Formula, ...]:
    """Return the clauses of a conjunction; anything else is one clause."""
    return formula.args if formula.kind == "and" else (formula,)


def is_met_somewhere(condition: Formula) -> bool:
    """Return False if no admitted values of the letters meet a condition; True if some do, or where that is not decided.

    >>> from symplrnn.conditions.formula import negative, nonzero
    >>> a, b, w = sp.Symbol("a", positive=True), sp.Symbol("b", positive=True), sp.Symbol("w", real=True)
    >>> is_met_somewhere(negative(a + w) & negative(a - w)), is_met_somewhere(negative(a + w) & negative(b - w))
    (False, False)
    >>> is_met_somewhere(zero(a**2 - a * w + w**2)), is_met_somewhere(negative(a * b - w**2))
    (False, True)
    """
    try:
        with within(limits.EMPTINESS_STEPS):  # a list of cases is not given up because it is looked through
            return is_met(condition)
    except TooLarge:
        return True


def is_short(polynomial: sp.Expr) -> bool:
    """Return whether a polynomial is looked at: it has rational coefficients, and few terms."""
    return bool(_coefficients(polynomial))


def is_met(condition: Formula, depth: int = limits.EMPTINESS_DEPTH) -> bool:
    """Return the same as `is_met_somewhere`; raise `TooLarge` if it is more work than a limit allows."""
    if condition.is_constant:
        return condition.is_true
    if samples_of(condition):
        return True
    if len(condition.symbols) == 1 and not is_met_by_a_number(condition):
        return False
    return any(_alternative_is_met(atoms, depth) for atoms in _alternatives(condition))


def _alternatives(condition: Formula) -> Iterator[Formula]:
    """Yield conjunctions of atoms whose disjunction a condition is; of less than it says if they were too many."""
    listed = [c.args if c.kind == "or" else (c,) for c in clauses(condition)]
    if prod(map(len, listed)) > limits.EMPTINESS_ALTERNATIVES:
        listed = [options for options in listed if len(options) == 1]
    for chosen in product(*listed):
        found = all_formulas(chosen)
        nested = any(c.kind == "or" for c in clauses(found)) and found != condition
        yield from _alternatives(found) if nested else (found,)


@lru_cache(maxsize=1 << 14)
def _alternative_is_met(condition: Formula, depth: int) -> bool:
    """Return False if a conjunction of atoms is excluded."""
    if condition.is_constant:
        return condition.is_true
    atoms = [c for c in clauses(condition) if c.kind == "atom" and _coefficients(c.polynomial)][: limits.EMPTINESS_ATOMS]
    for equations in (e for atom in atoms if depth for e in _equations(atom)):
        solution = solution_of(equations[0])
        if solution is not None:
            v, value = solution
            rest = all_formulas([condition, *map(zero, equations[1:])])
            return is_met(put_in(rest, v, value) & sign_condition(value, sign_set(v)), depth - 1)
    signed = [(_coefficients(atom.polynomial), atom.signs) for atom in atoms]
    if any(not _signs(p) & signs for p, signs in signed):
        return False
    strict = [(p, signs) for p, signs in signed if signs != {-1, 1}]
    for first, second in combinations(strict, 2):
        for total, allowed in _sums(first, second):
            left = _signs(total) & allowed
            if not left:
                return False
            squares = _squares(total) or _squares({m: -c for m, c in total.items()})
            if left == {0} and squares and depth:
                return is_met(all_formulas([condition, *map(zero, map(_expression, squares))]), depth - 1)
    return True


def _equations(atom: Formula) -> Iterator[list[sp.Expr]]:
    """Yield the equations that an atom says: its own, or those of the squares whose sum is not positive."""
    if atom.signs == {0}:
        yield [atom.polynomial]
    p = _coefficients(atom.polynomial)
    for way in (1, -1):
        squares = _squares({m: way * c for m, c in p.items()}) if way not in atom.signs else None
        if squares:
            yield [_expression(form) for form in squares]


def _expression(form: Mapping[sp.Expr, fmpq]) -> sp.Expr:
    return sp.Add(*(to_sympy(c) * x for x, c in form.items()))


# Polynomials as dictionaries


@lru_cache(maxsize=4096)
def _coefficients(polynomial: sp.Expr) -> Polynomial:
    """Return the coefficients of a short polynomial with rational ones; nothing for any other."""
    if terms(polynomial) > limits.EMPTINESS_TERMS:
        return {}
    found: Polynomial = {}
    for monomial, c in sp.expand(polynomial).as_coefficients_dict().items():
        powers = monomial.as_powers_dict()
        if not c.is_Rational or not all(x.is_Symbol and k.is_Integer and k > 0 for x, k in powers.items() if x != 1):
            return {}
        key = tuple(sorted(((x, int(k)) for x, k in powers.items() if x != 1), key=lambda power: power[0].name))
        found[key] = fmpq(int(c.p), int(c.q))
    return found


def _signs(p: Polynomial) -> frozenset[int]:
    """Return signs outside of which a polynomial never is."""
    of_terms = {m: reduce(mul, (SignSet(sign_set(x)) ** k for x, k in m), SignSet({sign_of(c)})) for m, c in p.items()}
    signs: frozenset[int] = reduce(add, of_terms.values(), SignSet({0}))
    if len(signs) == 1:
        return signs
    for way in (1, -1):
        never = {m for m, found in of_terms.items() if {way * s for s in found} <= {0, 1} and any(k % 2 for _, k in m)}
        for left_out in (set(), never):  # what is never negative but no square
            part = {m: way * c for m, c in p.items() if m not in left_out}
            squares = _squares(part)
            if squares is not None:
                signs = signs & {way * s for s in ({1} if {sp.S.One: fmpq(1)} in squares else {0, 1})}
    return signs


def _squares(p: Polynomial) -> list[dict[sp.Expr, fmpq]] | None:
    """Return polynomials l of degree 1, or 1, such that p is a sum of positive multiples of their squares; None if it is none.

    >>> x, y = sp.symbols("x y")
    >>> _squares(_coefficients(x**2 - 2 * x * y + 3 * y**2 + 1))
    [{x: 1, y: -1}, {y: 1}, {1: 1}]
    """
    letters = sorted({x for m in p for x, _ in m}, key=str)
    basis = [*letters, sp.S.One]
    Q = [[fmpq(0)] * len(basis) for _ in basis]
    for m, c in p.items():
        places = [letters.index(x) for x, k in m for _ in range(k)]
        if len(places) > 2:
            return None
        i, j = (*places, len(letters), len(letters))[:2]
        Q[i][j] += c / 2
        Q[j][i] += c / 2
    found = []
    for k, row in enumerate(Q):
        if row[k] < 0 or (row[k] == 0 and any(row[k + 1 :])):
            return None
        if row[k] == 0:
            continue
        found.append({x: c / row[k] for x, c in zip(basis[k:], row[k:], strict=True) if c})
        for i in range(k + 1, len(Q)):
            factor = Q[i][k] / row[k]
            Q[i] = [x - factor * y for x, y in zip(Q[i], row, strict=True)]
    return found


def _sums(
    first: tuple[Polynomial, frozenset[int]], second: tuple[Polynomial, frozenset[int]]
) -> Iterator[tuple[Polynomial, set[int]]]:
    """Yield p + r q such that a monomial cancels, and the signs that those of p and q leave to it."""
    (p, of_p), (q, of_q) = first, second
    for r in {-p[m] / q[m] for m in p.keys() & q.keys()}:
        total = {m: c for m in p.keys() | q.keys() if (c := p.get(m, fmpq(0)) + r * q.get(m, fmpq(0)))}
        yield total, {s for x in of_p for y in of_q for s in _sum_signs(x, sign_of(r) * y)}


def _sum_signs(x: int, y: int) -> set[int]:
    return {-1, 0, 1} if x * y < 0 else {x or y}
