"""Is a condition on one letter met by any number? Decided exactly, by the real roots of its polynomials.

Between two neighbouring roots no sign changes, so one number between them, and the roots themselves, are all that has to be
tried. At a root the signs are those at the end of its isolating interval, except of the polynomials that have the root.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 10.2 (sample points).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import pairwise

import sympy as sp
from flint import fmpq, fmpq_poly

from symplrnn import limits
from symplrnn.conditions.equations import univariate
from symplrnn.conditions.formula import Formula
from symplrnn.exact.fields.work import spend
from symplrnn.exact.real_roots import Interval, count_real_roots, isolate_real_roots
from symplrnn.exact.signs import possible_signs, sign_of

__all__ = ["is_met_by_a_number"]


def is_met_by_a_number(condition: Formula) -> bool:
    """Return False if no value of its one letter meets a condition; True if one does, or where that is not decided.

    It is decided for one letter and rational coefficients that are not too long.

    >>> from symplrnn.conditions.formula import negative, positive, zero
    >>> a = sp.Symbol("a", real=True)
    >>> is_met_by_a_number(zero(a**2 - 2) & positive(a - 1)), is_met_by_a_number(zero(a**2 - 2) & positive(a - 2))
    (True, False)
    """
    if condition.is_constant or len(condition.symbols) != 1:
        return not condition.is_false
    [v] = condition.symbols
    polynomials = {p: univariate(p, v) for p in {atom.polynomial for atom in condition.atoms} | {v}}
    known = {p: f for p, f in polynomials.items() if f is not None}
    size = sum(map(_bits, known.values())) * sum(f.degree() for f in known.values())
    if len(known) < len(polynomials) or size > limits.ONE_LETTER_BITS:  # irrational coefficients, or long ones
        return True
    spend(15 * size)
    allowed = possible_signs(v)
    return any(signs[v] in allowed and _holds(condition, signs) for signs in _sign_patterns(known))


def _bits(polynomial: fmpq_poly) -> int:
    """Return about how long the coefficients are together."""
    return sum(int(x).bit_length() for x in (*polynomial.numer().coeffs(), polynomial.denom()))


def _sign_patterns(polynomials: dict[sp.Expr, fmpq_poly]) -> Iterator[dict[sp.Expr, int]]:
    """Yield the signs that some polynomials in one letter have together, at all roots and between them."""
    product = reduce(lambda p, q: p * q, polynomials.values(), fmpq_poly([1]))
    squarefree = product // product.gcd(product.derivative())
    roots = isolate_real_roots(squarefree)
    between = [_between(squarefree, first, second) for first, second in pairwise(roots)]
    for point in [roots[0].lower - 1, *between, roots[-1].upper + 1]:  # 0 is always a root
        yield {p: sign_of(f(point)) for p, f in polynomials.items()}
    for root in roots:
        ends = root.lower, root.upper
        yield {p: 0 if count_real_roots(f.gcd(squarefree), *ends) else sign_of(f(root.upper)) for p, f in polynomials.items()}


def _between(squarefree: fmpq_poly, first: Interval, second: Interval) -> fmpq:
    """Return a number between two neighbouring roots."""
    lower, upper = first.upper, second.upper
    if lower < second.lower:
        return (lower + second.lower) / 2
    while squarefree(lower) == 0:  # the intervals touch at the first root
        middle = (lower + upper) / 2
        if count_real_roots(squarefree, lower, middle):
            upper = middle
        else:
            lower = middle
    return lower


def _holds(condition: Formula, signs: dict[sp.Expr, int]) -> bool:
    if condition.kind == "atom":
        return signs[condition.polynomial] in condition.signs
    parts = (_holds(part, signs) for part in condition.args)
    return all(parts) if condition.kind == "and" else any(parts)
