"""Where the roots of a polynomial lie whose coefficients are numbers, rational or real algebraic: by counting, in any degree.

The questions of `symplrnn.conditions.root_conditions`, where there are letters, with an answer in place of a formula. Over Q the
counts are FLINT's (`symplrnn.exact.real_roots`), and Descartes' rule decides most of them.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, theorem 2.50 (Sturm); M. Marden, Geometry of
Polynomials, AMS 1966, chapter X (Schur and Cohn).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import sympy as sp
from flint import acb, fmpq, fmpq_poly

from symplrnn.exact.balls import endpoints, isolated_roots, power, refine, root_enclosures, working_precision
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ, coefficients
from symplrnn.exact.real_roots import (
    Interval,
    bisected,
    count_negative_roots,
    count_real_roots,
    is_self_reciprocal,
    isolate_real_roots,
    roots_on_unit_circle,
    sign_in,
    sign_variations_negative,
    sturm_chain,
    variations,
    variations_in,
)
from symplrnn.exact.signs import FIRST_BITS, ball_of
from symplrnn.exact.subresultants import trace_polynomials

__all__ = ["NumberPolynomial", "RationalPolynomial", "number_polynomial", "roots_over"]


class NumberPolynomial:
    """A polynomial over a field of real numbers, not constant, given by its coefficients, constant term first."""

    def __init__(self, field: Field, c: Sequence[Any]) -> None:
        self.field, self._c = field, list(c)

    @property
    def c(self) -> list[Any]:
        """The coefficients, constant term first."""
        return self._c

    @property
    def polynomial(self) -> Any:
        """The polynomial over its field."""
        return self.field.polynomial(self.c)

    @property
    def degree(self) -> int:
        """The degree."""
        return len(self.c) - 1

    @property
    def root(self) -> sp.Expr:
        """The root of a polynomial of degree 1."""
        return self.field.to_sympy(-self.c[0] / self.c[1])

    @property
    def descartes_bound(self) -> int:
        """An upper bound for the roots in (-inf, 0) with their multiplicities, of the same parity (Descartes)."""
        return variations([sign_in(self.field, x) * (-1) ** k for k, x in enumerate(self.c)])

    @property
    def negative_roots(self) -> int:
        """The number of distinct roots in (-inf, 0)."""
        return count_negative_roots(self.field, self.c)

    @property
    def positive_roots(self) -> int:
        """The number of distinct roots in (0, inf)."""
        return count_negative_roots(self.field, [x * self.field.element((-1) ** k) for k, x in enumerate(self.c)])

    @property
    def has_zero_root(self) -> bool:
        """Whether 0 is a root."""
        return self.field.is_zero(self.c[0])

    @property
    def real_roots(self) -> int:
        """The number of distinct real roots."""
        return self.negative_roots + self.has_zero_root + self.positive_roots

    @property
    def all_roots_real(self) -> bool:
        """Whether there are as many distinct real roots as roots of the squarefree part."""
        f = self.polynomial
        return bool(self.real_roots == f.degree() - self.field.gcd(f, f.derivative()).degree())

    @property
    def all_roots_inside(self) -> bool:
        """Whether all roots satisfy |x| < 1, by Schur and Cohn.

        With p*(x) = x^n p(1/x) it is so if and only if |p_0| < |p_n| and it is so for (p_n p - p_0 p*)/x, of degree n - 1:
        on |x| = 1 both p and p* have the same modulus, so that p_n p and p_n p - p_0 p* have the same number of roots inside
        (Rouche), and the latter has the root 0. In each step the leading coefficient is made 1.
        """
        K, c = self.field, self.c
        while len(c) > 1:
            c = [x / c[-1] for x in c]
            if sign_in(K, K.element(1) - c[0] * c[0]) <= 0:
                return False
            c = [x - c[0] * y for x, y in zip(c, reversed(c), strict=True)][1:]
        return True

    @property
    def complex_pairs_on_circle(self) -> int:
        """The number of distinct pairs of roots exp(+-i t), t not 0 or pi, of modulus 1.

        Then y = 2 cos(t) is a common root of `trace_polynomials` in (-2, 2), and y = 2 (1 + u) / (1 - u) for a u in (-inf, 0).
        """
        if self.degree == 1:
            return 0
        K = self.field
        first, second = (K.polynomial(part) for part in trace_polynomials(self.c))
        common, one = K.gcd(first, second), K.element(1)
        d, above, below = common.degree(), K.polynomial([one, one]), K.polynomial([one, -one])
        terms = [
            reduce(lambda p, q: p * q, [above] * k + [below] * (d - k), K.polynomial([common[k] * K.element(2**k)]))
            for k in range(d + 1)
        ]
        moved = reduce(lambda p, q: p + q, terms)
        return count_negative_roots(K, [moved[k] for k in range(moved.degree() + 1)])

    def by_circle(self) -> tuple[int, int, int]:
        """Return how many roots of an irreducible polynomial lie inside, on and outside the unit circle."""
        K, n = self.field, self.degree
        c = [x / self.c[-1] for x in self.c]
        at_unit = n == 1 and K.is_zero(c[0] * c[0] - K.element(1))
        on = 2 * self.complex_pairs_on_circle + int(at_unit)
        if all(K.is_zero(x - c[0] * y) for x, y in zip(c, reversed(c), strict=True)):  # the others come in pairs x, 1/x
            return (n - on) // 2, on, (n - on) // 2
        return refine(self._count_inside, FIRST_BITS, "the modulus of an eigenvalue")

    def _count_inside(self, bits: int) -> tuple[int, int, int] | None:
        """Count roots by certified enclosures, for a polynomial with no root on the circle; None if the precision is too low."""
        with working_precision(bits):
            roots = self._enclosures(bits)
            if roots is None:
                return None
            sizes = [power(root.real, 2) + power(root.imag, 2) for root in roots]
            inside, outside = sum(bool(s < 1) for s in sizes), sum(bool(s > 1) for s in sizes)
        return (inside, 0, outside) if inside + outside == len(sizes) else None

    def _enclosures(self, bits: int) -> list[acb] | None:
        """Return disjoint balls, each with one root of an irreducible polynomial."""
        return isolated_roots([ball_of(self.field.to_sympy(x)) for x in self.c])

    def negative_intervals(self) -> list[Interval]:
        """Return disjoint intervals with one root in (-inf, 0) each of an irreducible polynomial; see `isolate_real_roots`.

        It has degree 2 or more, or an irrational root.
        """
        K, chain = self.field, sturm_chain(self.field, self.c)

        def count(a: fmpq, b: fmpq) -> int:
            return variations_in(K, chain, a) - variations_in(K, chain, b)

        return bisected([-self._bound(), fmpq(0)], count, lambda b: False)

    def _bound(self) -> fmpq:
        """Return a power of two that is larger than the modulus of every root (Cauchy's bound)."""
        with working_precision(FIRST_BITS):
            balls = [abs(ball_of(self.field.to_sympy(x / self.c[-1]))) for x in self.c[:-1]]
            largest = max(endpoints(ball)[1] for ball in balls) + 1
        return fmpq(2) ** int((largest.p // largest.q).bit_length())


class RationalPolynomial(NumberPolynomial):
    """A polynomial over Q, not constant, whose roots FLINT counts."""

    def __init__(self, polynomial: fmpq_poly) -> None:
        self.field, self._polynomial = QQ, polynomial

    @property
    def c(self) -> list[fmpq]:
        """The coefficients, constant term first."""
        return coefficients(self._polynomial)

    @property
    def polynomial(self) -> fmpq_poly:
        """The polynomial."""
        return self._polynomial

    @property
    def degree(self) -> int:
        """The degree."""
        return int(self._polynomial.degree())

    @property
    def descartes_bound(self) -> int:
        """An upper bound for the roots in (-inf, 0) with their multiplicities, of the same parity (Descartes)."""
        return sign_variations_negative(self._polynomial)

    @property
    def negative_roots(self) -> int:
        """The number of distinct roots in (-inf, 0): by Descartes' rule where it decides, else by Sturm."""
        bound = self.descartes_bound
        return bound if bound <= 1 else count_real_roots(self._polynomial, None, fmpq(0)) - int(self.has_zero_root)

    @property
    def positive_roots(self) -> int:
        """The number of distinct roots in (0, inf): by Descartes' rule where it decides, else by Sturm."""
        bound = sign_variations_negative(self._polynomial(fmpq_poly([0, -1])))
        return bound if bound <= 1 else count_real_roots(self._polynomial, fmpq(0), None)

    @property
    def has_zero_root(self) -> bool:
        """Whether 0 is a root."""
        return bool(self._polynomial[0] == 0)

    @property
    def real_roots(self) -> int:
        """The number of distinct real roots."""
        return count_real_roots(self._polynomial)

    def by_circle(self) -> tuple[int, int, int]:
        """Return how many roots of an irreducible polynomial lie inside, on and outside the unit circle."""
        n, on = self.degree, roots_on_unit_circle(self._polynomial)
        if is_self_reciprocal(self._polynomial):  # the others come in pairs x, 1/x
            return (n - on) // 2, on, (n - on) // 2
        return (0, on, 0) if on else refine(self._count_inside, FIRST_BITS, "the modulus of an eigenvalue")

    def _enclosures(self, bits: int) -> list[acb]:
        return root_enclosures(self._polynomial, bits)

    def negative_intervals(self) -> list[Interval]:
        """Return disjoint intervals with one root in (-inf, 0) each, a rational one as a point; see `isolate_real_roots`."""
        return isolate_real_roots(self._polynomial, None, fmpq(0))


def number_polynomial(coefficients: Sequence[sp.Expr]) -> NumberPolynomial | None:
    """Return the polynomial, constant term first, if there are no letters in it.

    >>> f = number_polynomial([-sp.sqrt(2), sp.Integer(0), sp.Integer(0), sp.Integer(1)])
    >>> f.negative_roots, f.all_roots_real, number_polynomial([sp.Symbol("a"), sp.Integer(1)])
    (0, False, None)
    """
    numbers = [sp.Add(c) for c in coefficients]
    if any(c.free_symbols for c in numbers):
        return None
    if all(c.is_Rational for c in numbers):
        return RationalPolynomial(fmpq_poly([QQ.element(c) for c in numbers]))
    field = field_of(numbers)
    return NumberPolynomial(field, [field.element(c) for c in numbers])


def roots_over(field: Field, polynomial: Any) -> NumberPolynomial | None:
    """Return a polynomial over a field, not constant, if there are no letters in it.

    >>> K = field_of([sp.Symbol("a")])
    >>> roots_over(K, K.polynomial([K.element(-2), K.element(0), K.element(1)])).negative_roots
    1
    """
    if field is QQ:
        return RationalPolynomial(polynomial)
    c = [polynomial[k] for k in range(polynomial.degree() + 1)]
    expressions = [field.to_sympy(x) for x in c]
    irrational = not all(x.is_Rational for x in expressions)
    return NumberPolynomial(field, c) if irrational and not field.parameters else number_polynomial(expressions)
