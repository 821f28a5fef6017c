"""Where the roots of a polynomial lie whose coefficients are numbers, rational or real algebraic: by counting, in any degree.

The questions of `symplrnn.conditions.root_conditions`, where there are letters, with an answer in place of a formula.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, theorem 2.50 (Sturm); M. Marden, Geometry of
Polynomials, AMS 1966, chapter X (Schur and Cohn).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import sympy as sp

from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.real_roots import count_negative_roots, sign_in
from symplrnn.exact.subresultants import trace_polynomials

__all__ = ["NumberPolynomial", "number_polynomial"]


class NumberPolynomial:
    """A polynomial over a field of real numbers, not constant: ``c`` lists its coefficients, constant term first."""

    def __init__(self, field: Field, c: Sequence[Any]) -> None:
        self._field, self._c = field, c

    @property
    def negative_roots(self) -> int:
        """The number of distinct roots in (-inf, 0)."""
        return count_negative_roots(self._field, self._c)

    @property
    def has_zero_root(self) -> bool:
        """Whether 0 is a root."""
        return self._field.is_zero(self._c[0])

    @property
    def all_roots_real(self) -> bool:
        """Whether there are as many distinct real roots as roots of the squarefree part."""
        f = self._field.polynomial(self._c)
        reflected = [c * self._field.element((-1) ** k) for k, c in enumerate(self._c)]
        real = self.negative_roots + count_negative_roots(self._field, reflected) + self.has_zero_root
        return bool(real == f.degree() - self._field.gcd(f, f.derivative()).degree())

    @property
    def all_roots_inside(self) -> bool:
        """Whether all roots satisfy |x| < 1, by Schur and Cohn.

        With p*(x) = x^n p(1/x) it is so if and only if |p_0| < |p_n| and it is so for (p_n p - p_0 p*)/x, of degree n - 1:
        on |x| = 1 both p and p* have the same modulus, so that p_n p and p_n p - p_0 p* have the same number of roots inside
        (Rouche), and the latter has the root 0. In each step the leading coefficient is made 1.
        """
        K, c = self._field, list(self._c)
        while len(c) > 1:
            c = [x / c[-1] for x in c]
            if sign_in(K, K.element(1) - c[0] * c[0]) <= 0:
                return False
            c = [x - c[0] * y for x, y in zip(c, reversed(c), strict=True)][1:]
        return True

    @property
    def has_complex_pair_on_circle(self) -> bool:
        """Whether two roots exp(+-i t), t not 0 or pi, have modulus 1; in degree 2 and more.

        Then y = 2 cos(t) is a common root of `trace_polynomials` in (-2, 2), and y = 2 (1 + u) / (1 - u) for a u in (-inf, 0).
        """
        K = self._field
        first, second = (K.polynomial(part) for part in trace_polynomials(self._c))
        common, one = K.gcd(first, second), K.element(1)
        d, above, below = common.degree(), K.polynomial([one, one]), K.polynomial([one, -one])
        terms = [
            reduce(lambda p, q: p * q, [above] * k + [below] * (d - k), K.polynomial([common[k] * K.element(2**k)]))
            for k in range(d + 1)
        ]
        moved = reduce(lambda p, q: p + q, terms)
        return count_negative_roots(K, [moved[k] for k in range(moved.degree() + 1)]) > 0


def number_polynomial(coefficients: Sequence[sp.Expr]) -> NumberPolynomial | None:
    """Return the polynomial, constant term first, if there are no letters in it.

    >>> f = number_polynomial([-sp.sqrt(2), sp.Integer(0), sp.Integer(0), sp.Integer(1)])
    >>> f.negative_roots, f.all_roots_real, number_polynomial([sp.Symbol("a"), sp.Integer(1)])
    (0, False, None)
    """
    numbers = [sp.Add(c) for c in coefficients]
    if any(c.free_symbols for c in numbers):
        return None
    field = QQ if all(c.is_Rational for c in numbers) else field_of(numbers)
    return NumberPolynomial(field, [field.element(c) for c in numbers])
