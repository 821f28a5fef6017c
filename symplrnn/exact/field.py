"""The one interface to an exact field K of characteristic 0 and to linear algebra over it.

The Jordan structure and the closed-form logarithm are written against this interface; a field brings its own
types of element, polynomial (in one variable) and matrix, on which ``+``, ``-`` and ``*`` work. Every operation is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

__all__ = ["Field"]


class Field(Protocol):
    """Exact linear algebra and polynomials over a field K."""

    name: str

    def element(self, value: Any) -> Any:
        """Return a number as an element of K."""

    def to_sympy(self, element: Any) -> Any:
        """Return an element of K as a SymPy expression."""

    def matrix(self, rows: Sequence[Sequence[Any]]) -> Any:
        """Return the matrix with these rows of elements."""

    def identity(self, n: int) -> Any:
        """Return the n x n identity matrix."""

    def rank(self, matrix: Any) -> int:
        """Return the rank."""

    def inverse(self, matrix: Any) -> Any:
        """Return the inverse; raise ZeroDivisionError if the matrix is singular."""

    def polynomial(self, coefficients: Sequence[Any]) -> Any:
        """Return the polynomial with these coefficients, constant term first."""

    def characteristic_polynomial(self, matrix: Any) -> Any:
        """Return det(x I - M), monic."""

    def factor(self, polynomial: Any) -> list[tuple[Any, int]]:
        """Return the monic irreducible factors with their multiplicities, in a fixed order."""

    def squarefree_part(self, polynomial: Any) -> Any:
        """Return the product of the distinct monic irreducible factors."""

    def gcd(self, first: Any, second: Any) -> Any:
        """Return the monic greatest common divisor."""

    def quotient(self, dividend: Any, divisor: Any) -> Any:
        """Return the quotient of an exact division of polynomials."""

    def remainder(self, dividend: Any, divisor: Any) -> Any:
        """Return the remainder of a division of polynomials."""

    def inverse_modulo(self, polynomial: Any, modulus: Any) -> Any:
        """Return the inverse of a polynomial modulo another that is coprime to it; raise ZeroDivisionError if it is not."""

    def evaluate(self, polynomial: Any, matrix: Any) -> Any:
        """Return p(M) for a square matrix M."""
