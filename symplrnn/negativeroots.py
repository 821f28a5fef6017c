"""How many roots of a factor are negative: the possibilities, each with its condition on the letters.

Where E2 fails without an eigenvalue 0 some root is negative, and the real closed forms depend on how many of them are: all, some
or none. For a factor f without the root 0, with discriminant D,

    x - l                            l < 0: one
    x^2 - t x + d                    D < 0: none.   D >= 0: one if d < 0, two if d > 0 and t < 0, else none
    x^3 - e1 x^2 + e2 x - e3         D < 0: one if e3 < 0, else none.   D >= 0 (all roots real): by Descartes' rule, which is
                                     exact then: three if e1 < 0, e2 > 0, e3 < 0; else one if e3 < 0; none if e1, e2 >= 0;
                                     else two

Polynomials without letters are decided by counting, in any degree; beyond degree 3 letters tell none from some.

Reference: THEORY section 5, "Spectral facts without eigenvalues"; proofs/beyond.md, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from flint import arb, fmpq, fmpq_poly

from symplrnn.coincidence import Part, coefficients_of, text_of
from symplrnn.equations import in_parameters
from symplrnn.exact.balls import endpoints, isolated_roots, refine, working_precision
from symplrnn.exact.numbers import to_sympy
from symplrnn.exact.realroots import count_negative_roots, count_real_roots
from symplrnn.exact.signs import ball_of, possible_signs
from symplrnn.formula import ALWAYS, Formula, negative, nonnegative, positive
from symplrnn.rootconditions import discriminant, no_real_root

__all__ = ["RootSigns", "isolating_disc", "may_have_negative_roots", "rational_polynomial", "root_signs"]


@dataclass(frozen=True)
class RootSigns:
    """One possibility for the roots of a factor.

    Attributes
    ----------
    condition : Formula
    negative : int or None
        The number of negative roots; None if it is 1 or more and not known.
    real : bool
        For degree 2, whether the roots are real.
    """

    condition: Formula
    negative: int | None
    real: bool = True


def rational_polynomial(coefficients: list[sp.Expr]) -> fmpq_poly | None:
    """Return the polynomial over Q with these coefficients; None if one of them is no rational number.

    >>> rational_polynomial([sp.Integer(2), sp.Integer(1)]), rational_polynomial([sp.sqrt(2), sp.Integer(1)])
    (x + 2, None)
    """
    if all(isinstance(c, sp.Rational) for c in coefficients):
        return fmpq_poly([fmpq(int(c.p), int(c.q)) for c in coefficients])
    return None


def isolating_disc(coefficients: list[sp.Expr], index: int) -> tuple[sp.Rational, sp.Rational]:
    """Return the rational centre and radius of a disc around a negative root, the smallest being number 0, and no other root.

    The coefficients are real algebraic numbers, and the roots simple.

    >>> middle, radius = isolating_disc([sp.sqrt(2), 1 + sp.sqrt(2), sp.Integer(1)], 0)
    >>> abs(middle + sp.sqrt(2)) < radius, abs(middle + 1) > radius
    (True, True)
    """

    def attempt(bits: int) -> tuple[sp.Rational, sp.Rational] | None:
        with working_precision(bits):
            roots = isolated_roots([ball_of(c) for c in coefficients])
            if roots is None:
                return None
            real = [r for r in roots if r.imag.is_zero()]
            if any(r.real.contains(arb(0)) for r in real):  # 0 is no root
                return None
            root = sorted((r for r in real if r.real < 0), key=lambda r: endpoints(r.real)[0])[index]
            middle = root.mid()
            others = [abs(other - middle) for other in roots if other is not root]
            nearest = min((endpoints(d)[0] for d in others), default=fmpq(1))
            radius = fmpq(1)
            while 2 * radius > nearest:
                radius /= 2
            inside = endpoints(abs(root - middle))[1] < radius
            return (to_sympy(endpoints(middle.real)[0]), to_sympy(radius)) if inside else None

    return refine(attempt, 32, "an isolating disc of a root")


def may_have_negative_roots(coefficients: list[sp.Expr]) -> bool:
    """Return False if the signs of the coefficients alone exclude negative roots, by the assumptions on the letters.

    >>> a, b = sp.Symbol("a", positive=True), sp.Symbol("b", real=True)
    >>> may_have_negative_roots([-a, sp.Integer(1)]), may_have_negative_roots([-b, sp.Integer(1)])
    (False, True)
    """
    degree = len(coefficients) - 1
    return any(-1 in possible_signs((-1) ** (degree - k) * c) for k, c in enumerate(coefficients))


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
        none = no_real_root(c)
        found = [RootSigns(none, 0), RootSigns(~none, None)]
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
