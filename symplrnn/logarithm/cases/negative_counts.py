"""How many roots of a factor are negative: the possibilities, each with its condition on the letters.

Where E2 fails without an eigenvalue 0 some root is negative, and the real closed forms depend on how many of them are: all, some
or none. For a factor f without the root 0, with discriminant D,

    x - l                            l < 0: one
    x^2 - t x + d                    D < 0: none.   D >= 0: one if d < 0, two if d > 0 and t < 0, else none
    x^3 - e1 x^2 + e2 x - e3         D < 0: one if e3 < 0, else none.   D >= 0 (all roots real): by Descartes' rule, which is
                                     exact then: three if e1 < 0, e2 > 0, e3 < 0; else one if e3 < 0; none if e1, e2 >= 0;
                                     else two

Beyond degree 3 the number follows from the signs of subresultants (`symplrnn.conditions.root_counts`), up to degree 6.
Polynomials without letters are decided by counting, in any degree.

Reference: docs/theory, section 5, "Spectral facts without eigenvalues"; proofs/beyond.md, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_poly

from symplrnn.conditions.equations import in_parameters
from symplrnn.conditions.formula import ALWAYS, Formula, negative, nonnegative, positive
from symplrnn.conditions.root_conditions import discriminant
from symplrnn.conditions.root_counts import negative_roots
from symplrnn.eigenvalues.parts import Part, coefficients_of, text_of
from symplrnn.exact.real_roots import count_negative_roots, count_real_roots
from symplrnn.exact.signs import possible_signs

__all__ = ["RootSigns", "may_have_negative_roots", "most_negative_roots", "rational_polynomial", "root_signs"]


@dataclass(frozen=True)
class RootSigns:
    """One possibility for the roots of a factor.

    Attributes
    ----------
    condition : Formula
    negative : int
        The number of negative roots.
    real : bool
        For degree 2, whether the roots are real.
    """

    condition: Formula
    negative: int
    real: bool = True


def rational_polynomial(coefficients: list[sp.Expr]) -> fmpq_poly | None:
    """Return the polynomial over Q with these coefficients; None if one of them is no rational number.

    >>> rational_polynomial([sp.Integer(2), sp.Integer(1)]), rational_polynomial([sp.sqrt(2), sp.Integer(1)])
    (x + 2, None)
    """
    if all(isinstance(c, sp.Rational) for c in coefficients):
        return fmpq_poly([fmpq(int(c.p), int(c.q)) for c in coefficients])
    return None


def may_have_negative_roots(coefficients: list[sp.Expr]) -> bool:
    """Return False if the signs of the coefficients alone exclude negative roots, by the assumptions on the letters.

    >>> a, b = sp.Symbol("a", positive=True), sp.Symbol("b", real=True)
    >>> may_have_negative_roots([-a, sp.Integer(1)]), may_have_negative_roots([-b, sp.Integer(1)])
    (False, True)
    """
    return most_negative_roots(coefficients) > 0


def most_negative_roots(coefficients: list[sp.Expr]) -> int:
    """Return how many negative roots there are at most by Descartes' rule, for signs that the coefficients of f(-x) may have.

    >>> a, b = sp.Symbol("a", positive=True), sp.Symbol("b", real=True)
    >>> most_negative_roots([a, b, -a, sp.Integer(1)]), most_negative_roots([a, b, b, sp.Integer(1)])
    (1, 3)
    """
    degree = len(coefficients) - 1
    most = {1: 0}  # sign of the coefficient before: sign changes at most, from the leading one on
    for k in range(degree - 1, -1, -1):
        signs = possible_signs((-1) ** (degree - k) * coefficients[k])
        added = {s: max(n + (s != before) for before, n in most.items()) for s in signs - {0}}
        kept = most if 0 in signs else {}
        most = {s: max(added.get(s, -1), kept.get(s, -1)) for s in {*added, *kept}}
    return max(most.values())


def root_signs(part: Part, factor: Any) -> list[RootSigns]:
    """Return the possibilities for the roots of a factor, which exclude each other; 0 is no root of it on the part."""
    c = coefficients_of(part.field, factor)
    numbers = rational_polynomial(c)
    if numbers is not None:
        real = len(c) != 3 or bool(c[1] ** 2 > 4 * c[0])
        return [RootSigns(ALWAYS, count_real_roots(numbers, None, fmpq(0)), real)]
    if len(c) > 4 and all(x.is_number for x in c):
        return [RootSigns(ALWAYS, count_negative_roots(part.field, c))]
    if len(c) == 2:
        found = [RootSigns(negative(c[0]), 0), RootSigns(positive(c[0]), 1)]
    elif len(c) == 3:
        found = _of_quadratic(c, frozenset((text_of(factor),)) in part.apart)
    elif len(c) == 4:
        found = _of_cubic(c)
    else:
        simple = frozenset((text_of(factor),)) in part.apart
        found = [RootSigns(negative_roots(c, k, simple), k) for k in range(most_negative_roots(c) + 1)]
    found = [replace(signs, condition=in_parameters(signs.condition, part.definitions)) for signs in found]
    return [signs for signs in found if not signs.condition.is_false]


def _of_quadratic(c: list[sp.Expr], is_squarefree: bool) -> list[RootSigns]:
    d, t = c[0], -c[1]
    discriminant_ = t**2 - 4 * d
    real = positive(discriminant_) if is_squarefree else nonnegative(discriminant_)
    return [
        RootSigns(positive(d) & real & positive(t), 0),
        RootSigns(negative(discriminant_), 0, real=False),
        RootSigns(negative(d), 1),
        RootSigns(positive(d) & real & negative(t), 2),
    ]


def _of_cubic(c: list[sp.Expr]) -> list[RootSigns]:
    e1, e2, e3 = -c[2], c[1], -c[0]
    D = discriminant(c)
    one, all_real = negative(D), nonnegative(D)
    no_negative, all_negative = nonnegative(e1) & nonnegative(e2), negative(e1) & positive(e2)
    return [
        RootSigns(positive(e3) & (one | no_negative), 0),
        RootSigns(negative(e3) & (one | ~all_negative), 1),
        RootSigns(positive(e3) & all_real & ~no_negative, 2),
        RootSigns(negative(e3) & all_real & all_negative, 3),
    ]
