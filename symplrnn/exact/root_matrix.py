"""Matrices that depend on a root l of an irreducible polynomial f: sum_k l^k A_k with rational A_k and k < deg f.

They stand for one matrix over Q(l) = Q[x]/f for each root at once, so identities between them hold for every root.

Reference: THEORY section 5, (iii).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp
from flint import arb, arb_mat, fmpq, fmpq_mat, fmpq_poly

from symplrnn.exact.balls import ball_matrix
from symplrnn.exact.fields.rational import coefficients
from symplrnn.exact.reading.numbers import to_sympy

__all__ = ["RootMatrix"]


@dataclass(frozen=True, eq=False)
class RootMatrix:
    """sum_k l^k A_k with k < deg f, for a monic irreducible f with f(l) = 0.

    >>> x = RootMatrix.of(fmpq_poly([-2, 0, 1]), [fmpq_mat([[0]]), fmpq_mat([[1]])])
    >>> (x * x).coefficients[0][0, 0]
    2
    """

    factor: fmpq_poly
    coefficients: tuple[fmpq_mat, ...]

    @staticmethod
    def of(factor: fmpq_poly, coefficients: Sequence[fmpq_mat]) -> RootMatrix:
        """Return sum_k l^k A_k for any number of coefficients, reduced modulo f."""
        degree, rest = factor.degree(), list(coefficients)
        while len(rest) > degree:
            top = rest.pop()
            for k in range(degree):
                if factor[k] != 0:
                    rest[len(rest) - degree + k] = rest[len(rest) - degree + k] - top * factor[k]
        zero = coefficients[0] * fmpq(0)
        return RootMatrix(factor, tuple(rest + [zero] * (degree - len(rest))))

    def __add__(self, other: RootMatrix) -> RootMatrix:
        return RootMatrix(self.factor, tuple(a + b for a, b in zip(self.coefficients, other.coefficients, strict=True)))

    def __neg__(self) -> RootMatrix:
        return RootMatrix(self.factor, tuple(-a for a in self.coefficients))

    def __sub__(self, other: RootMatrix) -> RootMatrix:
        return self + -other

    def __mul__(self, other: RootMatrix) -> RootMatrix:
        degree = len(self.coefficients)
        products: list[fmpq_mat] = [self.coefficients[0] * other.coefficients[0] * fmpq(0)] * (2 * degree - 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                products[i + j] = products[i + j] + a * b
        return RootMatrix.of(self.factor, products)

    def applied(self, matrix: fmpq_mat) -> RootMatrix:
        """Return the rational matrix times this one."""
        return RootMatrix(self.factor, tuple(matrix * a for a in self.coefficients))

    def followed_by(self, matrix: fmpq_mat) -> RootMatrix:
        """Return this matrix times the rational matrix."""
        return RootMatrix(self.factor, tuple(a * matrix for a in self.coefficients))

    def scaled(self, polynomial: fmpq_poly) -> RootMatrix:
        """Return p(l) times this matrix."""
        products = [self.coefficients[0] * fmpq(0)] * (len(self.coefficients) + max(polynomial.degree(), 0))
        for i, a in enumerate(self.coefficients):
            for j, c in enumerate(coefficients(polynomial)):
                products[i + j] = products[i + j] + a * c
        return RootMatrix.of(self.factor, products)

    @property
    def is_zero(self) -> bool:
        """Whether the matrix is 0, for one root and so for all."""
        return all(x == 0 for a in self.coefficients for x in a.entries())

    def entry(self, i: int, j: int) -> fmpq_poly:
        """Return entry (i, j) as a polynomial in l."""
        return fmpq_poly([a[i, j] for a in self.coefficients])

    def ball(self, root: arb) -> arb_mat:
        """Return an enclosure of the matrix at an enclosure of a real root, at the current precision."""
        total = ball_matrix(self.coefficients[-1])
        for a in reversed(self.coefficients[:-1]):
            total = total * root + ball_matrix(a)
        return total

    def sympy(self, root: sp.Expr) -> sp.ImmutableDenseMatrix:
        """Return the matrix at a root given as a SymPy number."""
        rows, columns = self.coefficients[0].nrows(), self.coefficients[0].ncols()
        return sp.ImmutableDenseMatrix(rows, columns, lambda i, j: polynomial_value(self.entry(int(i), int(j)), root))


def polynomial_value(polynomial: fmpq_poly, x: sp.Expr) -> sp.Expr:
    """Return p(x) as a SymPy expression: expanded for a number with radicals, else a polynomial in x.

    >>> polynomial_value(fmpq_poly([1, 2]), sp.sqrt(2) - 1)
    -1 + 2*sqrt(2)
    """
    value = sp.Add(*(to_sympy(c) * x**k for k, c in enumerate(coefficients(polynomial))))
    return sp.expand(value) if x.is_Add else value
