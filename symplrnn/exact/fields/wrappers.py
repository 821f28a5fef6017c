"""Matrices and polynomials over a SymPy domain, with the operations of FLINT's, so that code is written once for every field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.densearith import dup_add, dup_mul, dup_mul_ground, dup_quo, dup_rem, dup_sub
from sympy.polys.densetools import dup_diff, dup_eval
from sympy.polys.domains.domain import Domain
from sympy.polys.matrices import DomainMatrix

from symplrnn.exact.fields.number_matrices import matrix_product
from symplrnn.exact.writing import text_of

__all__ = ["Matrix", "Polynomial", "in_order"]


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix over a SymPy domain with the operations of a FLINT matrix."""

    value: DomainMatrix

    def nrows(self) -> int:
        """Return the number of rows."""
        return int(self.value.shape[0])

    def ncols(self) -> int:
        """Return the number of columns."""
        return int(self.value.shape[1])

    def tolist(self) -> list[list[Any]]:
        """Return the rows as lists of elements."""
        return [list(row) for row in self.value.to_list()]

    def entries(self) -> list[Any]:
        """Return the elements, row by row."""
        return [x for row in self.tolist() for x in row]

    def __getitem__(self, index: tuple[int, int]) -> Any:
        return self.value[index[0], index[1]].element

    def __add__(self, other: Matrix) -> Matrix:
        return Matrix(self.value + other.value)

    def __sub__(self, other: Matrix) -> Matrix:
        return Matrix(self.value - other.value)

    def __mul__(self, other: Any) -> Matrix:
        if isinstance(other, Matrix):
            if self.value.domain.is_Algebraic and min(*self.value.shape, other.value.shape[1]) > 0:
                return Matrix(matrix_product(self.value, other.value))
            return Matrix(self.value.matmul(other.value))
        return Matrix(self.value.scalarmul(self.value.domain.convert(other)))

    def __neg__(self) -> Matrix:
        return Matrix(-self.value)

    def __pow__(self, exponent: int) -> Matrix:
        return Matrix(self.value.pow(exponent))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and bool(self.value == other.value)

    __hash__ = None  # type: ignore[assignment]  # as for FLINT's matrices

    def __repr__(self) -> str:
        return f"Matrix({self.value.to_Matrix().tolist()})"


@dataclass(frozen=True, eq=False)
class Polynomial:
    """A polynomial in one variable over a SymPy domain, with the operations of a FLINT polynomial.

    ``dense`` holds the coefficients as SymPy's dense polynomials do: leading one first, none for 0.
    """

    dense: tuple[Any, ...]
    domain: Domain

    def _make(self, dense: Sequence[Any]) -> Polynomial:
        return Polynomial(tuple(dense), self.domain)

    def degree(self) -> int:
        """Return the degree; -1 for the zero polynomial."""
        return len(self.dense) - 1

    def coeffs(self) -> list[Any]:
        """Return the coefficients, constant term first."""
        return list(reversed(self.dense))

    def derivative(self) -> Polynomial:
        """Return the derivative."""
        return self._make(dup_diff(list(self.dense), 1, self.domain))

    def __bool__(self) -> bool:
        return bool(self.dense)

    def __getitem__(self, k: int) -> Any:
        return self.dense[-1 - k] if k < len(self.dense) else self.domain.zero

    def __call__(self, point: Any) -> Any:
        """Return the value at an element of the domain."""
        return dup_eval(list(self.dense), self.domain.convert(point), self.domain)

    def __add__(self, other: Polynomial) -> Polynomial:
        return self._make(dup_add(list(self.dense), list(other.dense), self.domain))

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self._make(dup_sub(list(self.dense), list(other.dense), self.domain))

    def __mul__(self, other: Any) -> Polynomial:
        if isinstance(other, Polynomial):
            return self._make(dup_mul(list(self.dense), list(other.dense), self.domain))
        return self._make(dup_mul_ground(list(self.dense), self.domain.convert(other), self.domain))

    def __floordiv__(self, other: Polynomial) -> Polynomial:
        return self._make(dup_quo(list(self.dense), list(other.dense), self.domain))

    def __mod__(self, other: Polynomial) -> Polynomial:
        return self._make(dup_rem(list(self.dense), list(other.dense), self.domain))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and list(self.dense) == list(other.dense)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        x = sp.Symbol("x")
        return text_of(sp.Add(*(self.domain.to_sympy(c) * x**k for k, c in enumerate(self.coeffs()))))


def in_order(factors: Sequence[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """Return factors ordered by degree and text; where degrees differ no text is made, which takes time."""
    by_degree: dict[int, list[tuple[Any, int]]] = {}
    for factor in factors:
        by_degree.setdefault(factor[0].degree(), []).append(factor)
    groups = (by_degree[degree] for degree in sorted(by_degree))
    return [x for group in groups for x in (sorted(group, key=lambda item: str(item[0])) if len(group) > 1 else group)]
