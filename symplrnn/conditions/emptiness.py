"""Is a condition on real letters met by any values? A cheap exact answer: False is certain, True where nothing excludes it.

A condition in one letter is decided (`symplrnn.conditions.one_letter`). With more letters it is written as alternatives, each a
list of signs of polynomials, and an alternative is excluded in one of these ways, alone or one after another:

    an equation v = e           is put in, with what is assumed of v
    a quadratic polynomial      that is a sum of squares is never negative, and 0 only where each square is
    two signs                   exclude each other if p + r q, r of a known sign, has a sign that they do not allow

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 4.3 (quadratic forms).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import prod

import sympy as sp

from symplrnn.conditions.equations import put_in, solution_of, terms
from symplrnn.conditions.formula import Formula, all_formulas, sign_condition, zero
from symplrnn.conditions.one_letter import is_met_by_a_number
from symplrnn.conditions.parameters import sign_set
from symplrnn.exact.fields.work import spend
from symplrnn.exact.signs import possible_signs

__all__ = ["clauses", "is_met_somewhere", "without_implied"]

MAX_ALTERNATIVES = 24
MAX_ATOMS = 12  # in an alternative
MAX_TERMS = 30  # of a polynomial that is looked at
MAX_DEPTH = 6  # equations that are put in one after another


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
    return _is_met(condition, MAX_DEPTH)


def without_implied(condition: Formula, known: Formula | None = None) -> Formula:
    """Return a conjunction without the clauses that the other ones imply, or together with what is known.

    >>> from symplrnn.conditions.formula import negative, nonzero
    >>> a = sp.Symbol("a", real=True)
    >>> without_implied(negative(a) & nonzero(a - 1)), without_implied(nonzero(2 * a - 9) | nonzero(2 * a - 1))
    (a < 0, True)
    """
    kept = list(clauses(condition))
    for clause in sorted(kept, key=_strength):
        others = all_formulas([*(c for c in kept if c != clause), *([] if known is None else [known])])
        if not is_met_somewhere(others & ~clause):
            kept = [c for c in kept if c != clause]
    return all_formulas(kept)


def _strength(clause: Formula) -> int:
    """Return how much a clause says: what says less is dropped first."""
    return 0 if clause.kind == "or" else 3 - len(possible_signs(clause.polynomial) & clause.signs) + (clause.signs == {0})


def _is_met(condition: Formula, depth: int) -> bool:
    if condition.is_constant:
        return condition.is_true
    if len(condition.symbols) == 1 and not is_met_by_a_number(condition):
        return False
    return any(_alternative_is_met(atoms, depth) for atoms in _alternatives(condition))


def _alternatives(condition: Formula) -> Iterator[Formula]:
    """Yield conjunctions of atoms whose disjunction a condition is; fewer clauses of it if they were too many."""
    listed = [c.args if c.kind == "or" else (c,) for c in clauses(condition)] if condition.kind != "or" else [condition.args]
    if prod(map(len, listed)) > MAX_ALTERNATIVES:
        listed = [options for options in listed if len(options) == 1]
    for chosen in product(*listed):
        found = all_formulas(chosen)
        if any(c.kind == "or" for c in clauses(found)) and found != condition:
            yield from _alternatives(found)
        else:
            yield found


def _alternative_is_met(condition: Formula, depth: int) -> bool:
    """Return False if a conjunction of atoms is excluded."""
    if condition.is_constant:
        return condition.is_true
    atoms = [c for c in clauses(condition) if c.kind == "atom" and terms(c.polynomial) <= MAX_TERMS][:MAX_ATOMS]
    spend(200 * len(atoms))
    for atom in atoms if depth else ():
        for equations in _equations(atom):
            solution = solution_of(equations[0])
            if solution is None:
                continue
            v, value = solution
            admitted = sign_condition(value, sign_set(v))
            rest = all_formulas([condition, *map(zero, equations[1:])])
            return _is_met(put_in(rest, v, value) & admitted, depth - 1)
    if any(not _signs(atom.polynomial) & atom.signs for atom in atoms):
        return False
    return not any(_exclude(first, second) for first, second in combinations(atoms, 2))


def _equations(atom: Formula) -> Iterator[list[sp.Expr]]:
    """Yield the equations that an atom says: its own, or those of the squares whose sum is 0."""
    if atom.signs == {0}:
        yield [atom.polynomial]
        squares = _squares(sp.expand(atom.polynomial))
        if squares is not None and all(weight > 0 for weight, _ in squares):
            yield [form for _, form in squares]


def _signs(polynomial: sp.Expr) -> frozenset[int]:
    """Return signs outside of which a polynomial never is."""
    signs: frozenset[int] = possible_signs(polynomial)
    if len(signs) == 1:
        return signs
    summands = sp.Add.make_args(sp.expand(polynomial))
    for way in (1, -1):
        for kept in (summands, [t for t in summands if not _is_odd_and_never_negative(way * t)]):
            squares = _squares(way * sp.Add(*kept))
            if squares is not None and all(weight > 0 for weight, _ in squares):
                signs = signs & {way * s for s in ({1} if any(form == 1 for _, form in squares) else {0, 1})}
    return signs


def _is_odd_and_never_negative(term: sp.Expr) -> bool:
    """Return whether a term is no square but never negative, by what is assumed of its letters."""
    return possible_signs(term) <= {0, 1} and any(sp.degree(term, x) % 2 for x in term.free_symbols)


def _squares(polynomial: sp.Expr) -> list[tuple[sp.Expr, sp.Expr]] | None:
    """Return a polynomial of degree 2 as sum w l^2 with polynomials l of degree 1, or numbers; None if it is none.

    >>> x, y = sp.symbols("x y")
    >>> _squares(x**2 - 2 * x * y + 3 * y**2 + 1)
    [(1, x - y), (2, y), (1, 1)]
    """
    letters = sorted(polynomial.free_symbols, key=str)
    found: list[tuple[sp.Expr, sp.Expr]] = []
    rest = polynomial
    for x in letters:
        if not rest.has(x):
            continue
        if sp.degree(rest, x) != 2:
            return None
        a, b = rest.coeff(x, 2), rest.coeff(x, 1)
        if not a.is_Rational:
            return None
        form = sp.expand(x + b / (2 * a))
        found.append((a, form))
        rest = sp.expand(rest - a * form**2)
    if not rest.is_Rational:
        return None
    return [*found, (rest, sp.Integer(1))] if rest != 0 else found


def _exclude(first: Formula, second: Formula) -> bool:
    """Return whether the signs of two polynomials exclude each other, because a sum of multiples has another sign."""
    if not all(len(s.signs) == 1 or 0 in s.signs for s in (first, second)):
        return False
    p, q = (sp.expand(atom.polynomial) for atom in (first, second))
    shared = p.as_coefficients_dict(), q.as_coefficients_dict()
    for monomial in shared[0].keys() & shared[1].keys():
        r = sp.Rational(-shared[0][monomial], shared[1][monomial]) if all(t[monomial].is_Rational for t in shared) else None
        if r is None:
            continue
        total = sp.expand(p + r * q)
        allowed = {s for x in first.signs for y in second.signs for s in _sum_signs(x, int(sp.sign(r)) * y)}
        if not _signs(total) & allowed:
            return True
    return False


def _sum_signs(x: int, y: int) -> set[int]:
    return {-1, 0, 1} if x * y < 0 else {x or y}
