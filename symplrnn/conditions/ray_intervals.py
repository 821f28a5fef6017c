"""Where a condition that is stated, that a polynomial in x has no root in (-inf, 0], holds for a letter w: where that changes.

For a monic f(x; w) the number of negative roots is constant between the real w where f(0; w) or the discriminant of f vanishes,
since roots are bounded there. So a rational number in between decides. At such a w itself, of one irreducible factor g:

    f(0; w) = 0                      it fails. If 0 does not count, f(0; w) changes its sign and the discriminant is not 0, one
                                     root passes through 0; the others are as on the side where fewer are negative
    it fails on a side of w          negative roots have a negative limit, since f(0; w) != 0: it fails
    it holds on both sides           and g divides the discriminant once: two roots meet and turn from real to complex, so that
                                     the number of negative ones would change if they were: it holds. Else it is not decided

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 4.1 (discriminants).
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpq_poly

from symplrnn import limits
from symplrnn.conditions.equations import univariate
from symplrnn.exact.fields.work import spend
from symplrnn.exact.rays import OffRay

__all__ = ["Ray", "ray_of"]

PAIR = fmpq_mpoly_ctx.get(["x", "w"], Ordering.lex)


@dataclass(frozen=True, eq=False)
class Ray:
    """A stated condition on one letter: ``constant`` is f(0; w), ``discriminant`` that of f in x."""

    stated: OffRay
    letter: sp.Symbol
    constant: fmpq_poly
    discriminant: fmpq_poly

    def sign(self, point: fmpq) -> int:
        """Return 1 where the condition holds, else -1."""
        return self.stated.sign_at({self.letter: point})

    def sign_at_root(self, g: fmpq_poly, left: int, right: int) -> int | None:
        """Return the sign at a root of an irreducible g, from those on both sides; None if it is not decided."""
        at_zero, coinciding = _multiplicity(g, self.constant), _multiplicity(g, self.discriminant)
        if at_zero:
            if self.stated.closed:
                return -1
            return max(left, right) if (at_zero, coinciding) == (1, 0) else None
        if min(left, right) < 0:
            return -1
        return 1 if coinciding <= 1 else None


def ray_of(stated: sp.Expr, letter: sp.Symbol) -> Ray | None:
    """Return what decides a stated condition on one letter; None if its coefficients are not rational, or too long.

    >>> from symplrnn.exact.rays import PolynomialOffRay
    >>> w = sp.Symbol("w", real=True)
    >>> ray_of(PolynomialOffRay(1, w, 0, 0, -1), w).discriminant  # of x^4 - x^3 + w
    256*x^3 + (-27)*x^2
    """
    if not isinstance(stated, OffRay) or stated.coefficients is None:
        return None
    found = [univariate(c, letter) for c in stated.coefficients]
    coefficients = [c for c in found if c is not None]
    bits = sum(int(x).bit_length() for c in coefficients for x in (*c.numer().coeffs(), c.denom()))
    if len(coefficients) < len(found) or bits * len(found) > limits.STATED_BITS:
        return None
    spend(bits * len(found) ** 2)
    x, w = PAIR.gens()
    f = sum((_of(c, w) * x**k for k, c in enumerate(coefficients)), x ** len(coefficients))
    discriminant = _univariate(f.discriminant("x"))
    return Ray(stated, letter, coefficients[0], discriminant) if coefficients[0] and discriminant else None


def _multiplicity(g: fmpq_poly, polynomial: fmpq_poly) -> int:
    """Return how often an irreducible polynomial divides another one, which is not 0."""
    found = 0
    while not (division := divmod(polynomial, g))[1]:
        found, polynomial = found + 1, division[0]
    return found


def _of(c: fmpq_poly, w: fmpq_mpoly) -> fmpq_mpoly:
    return sum((a * w**k for k, a in enumerate(c.coeffs())), PAIR.constant(0))


def _univariate(p: fmpq_mpoly) -> fmpq_poly:
    """Return a polynomial in w alone."""
    found = [fmpq(0)] * (int(p.total_degree()) + 1)
    for (_, k), c in p.terms():
        found[k] = c
    return fmpq_poly(found)
