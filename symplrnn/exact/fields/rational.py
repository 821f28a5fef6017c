"""The field Q on FLINT: rational matrices are `fmpq_mat`, rational polynomials `fmpq_poly`.

FLINT does the work (modular algorithms for determinants and characteristic polynomials, Zassenhaus and van Hoeij for
factorisation); this file only fixes conventions: monic factors, constant term first, factors in a reproducible order.

Reference: The FLINT team, FLINT: Fast Library for Number Theory, https://flintlib.org.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_poly

from symplrnn.exact.reading.numbers import rational, to_sympy

__all__ = ["QQ", "RationalField", "coefficients", "integer_part", "monic"]


def coefficients(polynomial: fmpq_poly) -> list[fmpq]:
    """Return the coefficients, constant term first; the zero polynomial has none."""
    return [fmpq(c) if not isinstance(c, fmpq) else c for c in polynomial.coeffs()]


def monic(polynomial: fmpq_poly) -> fmpq_poly:
    """Return the polynomial divided by its leading coefficient."""
    return polynomial / polynomial[polynomial.degree()]


def integer_part(polynomial: fmpq_poly) -> fmpz_poly:
    """Return the primitive integer polynomial with positive leading coefficient and the same roots.

    >>> integer_part(fmpq_poly([fmpq(-1, 2), fmpq(-1, 3)]))
    2*x + 3
    """
    numerator = polynomial.numer()
    content = numerator.content()
    return numerator // (content if numerator[numerator.degree()] > 0 else -content)


class RationalField:
    """The rationals, behind the interface `symplrnn.exact.fields.field.Field`."""

    name = "Q"
    parameters: tuple[sp.Symbol, ...] = ()

    def __reduce__(self) -> str:
        return "QQ"  # there is one, and whether a field is Q is asked by `is`

    def __repr__(self) -> str:
        return "QQ"

    def element(self, value: Any) -> fmpq:
        """Return a number as a rational, exactly."""
        return rational(value, "value")

    def to_sympy(self, element: fmpq) -> sp.Rational:
        """Return a rational as a SymPy number."""
        return to_sympy(element)

    def as_product(self, element: fmpq) -> sp.Rational:
        """Return a rational as a SymPy number."""
        return to_sympy(element)

    def matrix(self, rows: Sequence[Sequence[fmpq]]) -> fmpq_mat:
        """Return the matrix with these rows."""
        return fmpq_mat([list(row) for row in rows])

    def fill(self, nrows: int, ncols: int, entries: Sequence[fmpq]) -> fmpq_mat:
        """Return the matrix of a given shape, also with no rows or columns, from its entries row by row."""
        return fmpq_mat(nrows, ncols, list(entries))

    def identity(self, n: int) -> fmpq_mat:
        """Return the n x n identity matrix."""
        return fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])

    def rank(self, matrix: fmpq_mat) -> int:
        """Return the rank."""
        return matrix.rank()

    def inverse(self, matrix: fmpq_mat) -> fmpq_mat:
        """Return the inverse; raise ZeroDivisionError if the matrix is singular."""
        return matrix.inv()

    def solve(self, matrix: fmpq_mat, right: fmpq_mat) -> fmpq_mat:
        """Return the X with MX = B for a square matrix; raise ZeroDivisionError if it is singular."""
        if right.ncols() == 0 and self.rank(matrix) < matrix.nrows():  # then FLINT has nothing to divide
            raise ZeroDivisionError("the matrix is singular")
        return matrix.solve(right)

    def determinant(self, matrix: fmpq_mat) -> fmpq:
        """Return the determinant."""
        return matrix.det()

    def is_zero(self, element: fmpq) -> bool:
        """Return whether a rational is 0."""
        return bool(element == 0)

    def at(self, element: fmpq, values: Mapping[sp.Symbol, fmpq]) -> fmpq:
        """Return the rational itself: there are no parameters to give values to."""
        return element

    def denominator(self, element: fmpq) -> sp.Expr:
        """Return 1: there are no parameters to divide by."""
        return sp.Integer(1)

    def polynomial(self, coefficients: Sequence[fmpq]) -> fmpq_poly:
        """Return the polynomial with these coefficients, constant term first."""
        return fmpq_poly(list(coefficients))

    def characteristic_polynomial(self, matrix: fmpq_mat) -> fmpq_poly:
        """Return det(x I - M), monic."""
        return matrix.charpoly()

    def factor(self, polynomial: fmpq_poly) -> list[tuple[fmpq_poly, int]]:
        """Return the monic irreducible factors with multiplicities, ordered by degree and coefficients."""
        _, factors = integer_part(polynomial).factor()
        found = [(monic(fmpq_poly(f)), e) for f, e in factors]
        return sorted(found, key=lambda item: (item[0].degree(), coefficients(item[0])))

    def squarefree_part(self, polynomial: fmpq_poly) -> fmpq_poly:
        """Return the product of the distinct monic irreducible factors."""
        return monic(self.quotient(polynomial, polynomial.gcd(polynomial.derivative())))

    def gcd(self, first: fmpq_poly, second: fmpq_poly) -> fmpq_poly:
        """Return the monic greatest common divisor."""
        return first.gcd(second)

    def quotient(self, dividend: fmpq_poly, divisor: fmpq_poly) -> fmpq_poly:
        """Return the quotient of a division of polynomials."""
        return dividend // divisor

    def remainder(self, dividend: fmpq_poly, divisor: fmpq_poly) -> fmpq_poly:
        """Return the remainder of a division of polynomials."""
        return dividend % divisor

    def inverse_modulo(self, polynomial: fmpq_poly, modulus: fmpq_poly) -> fmpq_poly:
        """Return the inverse modulo a coprime polynomial; raise ZeroDivisionError if they have a common factor."""
        gcd, inverse, _ = (polynomial % modulus).xgcd(modulus)
        if gcd.degree() != 0:
            raise ZeroDivisionError(f"{polynomial} has no inverse modulo {modulus}")
        return inverse

    def evaluate(self, polynomial: fmpq_poly, matrix: fmpq_mat) -> fmpq_mat:
        """Return p(M), by Horner's rule."""
        one = self.identity(matrix.nrows())
        value = one * fmpq(0)
        for c in reversed(coefficients(polynomial)):
            value = value * matrix + one * c
        return value


QQ = RationalField()
