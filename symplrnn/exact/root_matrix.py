"""Matrices that depend on a root l of an irreducible polynomial f over K: sum_k l^k A_k, A_k over K, k < deg f.

They stand for one matrix over K(l) = K[x]/f for each root at once, so identities between them hold for every root.

Reference: docs/theory, section 5, (iii).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, arb_mat

from symplrnn import views
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.real import real_field

__all__ = ["RootMatrix"]


@dataclass(frozen=True, eq=False, repr=False)
class RootMatrix(views.Shown):
    """sum_k l^k A_k with k < deg f, for a monic irreducible f with f(l) = 0.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> x = RootMatrix.of(QQ, QQ.polynomial([-2, 0, 1]), [QQ.matrix([[0]]), QQ.matrix([[1]])])
    >>> (x * x).coefficients[0][0, 0]
    2
    """

    field: Field
    factor: Any
    coefficients: tuple[Any, ...]

    @staticmethod
    def of(field: Field, factor: Any, coefficients: Sequence[Any]) -> RootMatrix:
        """Return sum_k l^k A_k for any number of coefficients, reduced modulo f."""
        degree, rest = factor.degree(), list(coefficients)
        while len(rest) > degree:
            top = rest.pop()
            for k in range(degree):
                if not field.is_zero(factor[k]):
                    rest[len(rest) - degree + k] = rest[len(rest) - degree + k] - top * factor[k]
        zero = coefficients[0] - coefficients[0]
        return RootMatrix(field, factor, tuple(rest + [zero] * (degree - len(rest))))

    def _like(self, coefficients: Sequence[Any]) -> RootMatrix:
        return RootMatrix(self.field, self.factor, tuple(coefficients))

    def __add__(self, other: RootMatrix) -> RootMatrix:
        return self._like([a + b for a, b in zip(self.coefficients, other.coefficients, strict=True)])

    def __neg__(self) -> RootMatrix:
        return self._like([-a for a in self.coefficients])

    def __sub__(self, other: RootMatrix) -> RootMatrix:
        return self + -other

    def __mul__(self, other: RootMatrix) -> RootMatrix:
        degree, first = len(self.coefficients), self.coefficients[0] * other.coefficients[0]
        products: list[Any] = [first - first] * (2 * degree - 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                products[i + j] = products[i + j] + a * b
        return RootMatrix.of(self.field, self.factor, products)

    def applied(self, matrix: Any) -> RootMatrix:
        """Return a matrix over K times this one."""
        return self._like([matrix * a for a in self.coefficients])

    def followed_by(self, matrix: Any) -> RootMatrix:
        """Return this matrix times a matrix over K."""
        return self._like([a * matrix for a in self.coefficients])

    def scaled(self, polynomial: Any) -> RootMatrix:
        """Return p(l) times this matrix."""
        zero = self.coefficients[0] - self.coefficients[0]
        products = [zero] * (len(self.coefficients) + max(polynomial.degree(), 0))
        for i, a in enumerate(self.coefficients):
            for j in range(polynomial.degree() + 1):
                products[i + j] = products[i + j] + a * polynomial[j]
        return RootMatrix.of(self.field, self.factor, products)

    @property
    def is_zero(self) -> bool:
        """Whether the matrix is 0, for one root and so for all."""
        return all(self.field.is_zero(x) for a in self.coefficients for x in a.entries())

    def entry(self, i: int, j: int) -> Any:
        """Return entry (i, j) as a polynomial in l."""
        return self.field.polynomial([a[i, j] for a in self.coefficients])

    def ball(self, root: arb) -> arb_mat:
        """Return an enclosure of the matrix at an enclosure of a real root, at the current precision."""
        real = real_field(self.field)
        total = real.balls(self.coefficients[-1])
        for a in reversed(self.coefficients[:-1]):
            total = total * root + real.balls(a)
        return total

    def sympy(self, root: sp.Expr) -> sp.ImmutableDenseMatrix:
        """Return the matrix at a root given as a SymPy number."""
        rows, columns = self.coefficients[0].nrows(), self.coefficients[0].ncols()
        return sp.ImmutableDenseMatrix(rows, columns, lambda i, j: polynomial_value(self.field, self.entry(int(i), int(j)), root))


def polynomial_value(field: Field, polynomial: Any, x: sp.Expr) -> sp.Expr:
    """Return p(x) as a SymPy expression: expanded for a number with radicals, else a polynomial in x.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> polynomial_value(QQ, QQ.polynomial([1, 2]), sp.sqrt(2) - 1)
    -1 + 2*sqrt(2)
    """
    value = sp.Add(*(field.to_sympy(polynomial[k]) * x**k for k in range(polynomial.degree() + 1)))
    return sp.expand(value) if x.is_Add else value
