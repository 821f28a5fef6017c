"""Exact fields on SymPy's domains: Q(parameters) and Q(algebraic numbers).

SymPy's `DomainMatrix` and dense polynomials over a `Domain` do the work; `Matrix` and `Polynomial` give them the operations that
`symplrnn.exact.field.Field` asks for. Every element has one normal form, so equality is a comparison and zero tests are exact.
(That is why the two kinds are not mixed: SymPy's fractions over an algebraic number field have no normal form, in SymPy 1.14
equal ones compare as different.)

Irreducibility over Q(parameters) is first looked for at rational values of the parameters: a monic polynomial whose
coefficients are polynomials in the parameters and that is irreducible at one point is irreducible (Gauss's lemma: factors
would have polynomial coefficients, and specialise). Only if that fails is the polynomial factored, which is far slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_poly, fmpz
from sympy.polys.densearith import dup_add, dup_mul, dup_mul_ground, dup_quo, dup_rem, dup_sub
from sympy.polys.densebasic import dup_strip
from sympy.polys.densetools import dup_diff, dup_eval, dup_monic
from sympy.polys.domains.domain import Domain
from sympy.polys.euclidtools import dup_gcd, dup_invert
from sympy.polys.factortools import dup_factor_list
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError
from sympy.polys.polyerrors import CoercionFailed, NotInvertible

from symplrnn.errors import EntryError
from symplrnn.exact.grammar import shorten
from symplrnn.exact.numbers import rational, to_sympy

__all__ = ["DomainField", "Matrix", "Polynomial", "field_of"]

TRIAL_POINTS = 3


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
            return Matrix(self.value.matmul(other.value))
        return Matrix(self.value.scalarmul(self.value.domain.convert(other)))

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
        return str(sp.Add(*(self.domain.to_sympy(c) * x**k for k, c in enumerate(self.coeffs()))))


@dataclass(frozen=True)
class DomainField:
    """A field K on a SymPy domain, behind the interface `symplrnn.exact.field.Field`.

    >>> a = sp.Symbol("a", positive=True)
    >>> K = DomainField(sp.QQ.frac_field(a))
    >>> M = K.matrix([[K.element(a), K.element(1)], [K.element(0), K.element("1/2")]])
    >>> K.characteristic_polynomial(M)
    a/2 + x**2 + x*(-a - 1/2)
    >>> [f for f, _ in K.factor(K.characteristic_polynomial(M))]
    [-a + x, x - 1/2]
    """

    domain: Domain

    @property
    def name(self) -> str:
        """Name of the field, such as QQ(a,b)."""
        return str(self.domain)

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters, in the order of the domain."""
        return tuple(self.domain.symbols) if self.domain.is_FractionField else ()

    def element(self, value: Any) -> Any:
        """Return a number or a SymPy expression as an element of K; raise `EntryError` if it is none."""
        if isinstance(value, sp.Expr) and not isinstance(value, sp.Number):
            try:
                return self.domain.from_sympy(value)
            except (CoercionFailed, ValueError, ZeroDivisionError) as error:
                raise EntryError(f"{shorten(str(value))} is not an element of {self.name}") from error
        if self.domain.of_type(value) and not isinstance(value, fmpq | fmpz):
            return value
        return self.domain.from_sympy(to_sympy(rational(value, "value")))

    def to_sympy(self, element: Any) -> sp.Expr:
        """Return an element as a SymPy expression."""
        return self.domain.to_sympy(element)

    def matrix(self, rows: Sequence[Sequence[Any]]) -> Matrix:
        """Return the matrix with these rows of elements."""
        listed = [list(row) for row in rows]
        return Matrix(DomainMatrix(listed, (len(listed), len(listed[0]) if listed else 0), self.domain))

    def identity(self, n: int) -> Matrix:
        """Return the n x n identity matrix."""
        return Matrix(DomainMatrix.eye(n, self.domain).to_dense())

    def rank(self, matrix: Matrix) -> int:
        """Return the rank."""
        return int(matrix.value.rank())

    def inverse(self, matrix: Matrix) -> Matrix:
        """Return the inverse; raise ZeroDivisionError if the matrix is singular."""
        try:
            return Matrix(matrix.value.to_dense().inv())
        except DMNonInvertibleMatrixError as error:
            raise ZeroDivisionError("the matrix is singular") from error

    def polynomial(self, coefficients: Sequence[Any]) -> Polynomial:
        """Return the polynomial with these coefficients, constant term first."""
        dense = [self.domain.convert(c) for c in reversed(list(coefficients))]
        return Polynomial(tuple(dup_strip(dense)), self.domain)

    def characteristic_polynomial(self, matrix: Matrix) -> Polynomial:
        """Return det(x I - M), monic."""
        return Polynomial(tuple(matrix.value.charpoly()), self.domain)

    def factor(self, polynomial: Polynomial) -> list[tuple[Polynomial, int]]:
        """Return the monic irreducible factors with multiplicities, ordered by degree and text."""
        if polynomial.degree() > 1 and self._is_irreducible_somewhere(polynomial):
            return [(self._monic(polynomial.dense), 1)]
        _, factors = dup_factor_list(list(polynomial.dense), self.domain)
        found = [(self._monic(f), int(e)) for f, e in factors]
        return sorted(found, key=lambda item: (item[0].degree(), str(item[0])))

    def _monic(self, dense: Sequence[Any]) -> Polynomial:
        return Polynomial(tuple(dup_monic(list(dense), self.domain)), self.domain)

    def _is_irreducible_somewhere(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial over Q[parameters] is seen to be irreducible at one of a few rational points."""
        if not self.parameters:
            return False
        monic = self._monic(polynomial.dense).coeffs()
        if any(not c.denom.is_ground for c in monic):
            return False
        numerators = [c.numer * (1 / c.denom.LC) for c in monic]
        return any(_is_irreducible([_at(c, point) for c in numerators]) for point in self._points())

    def _points(self) -> Iterator[list[int]]:
        """Yield a few fixed points of small integers."""
        for trial in range(TRIAL_POINTS):
            yield [(7 * trial + 3) * (k + 2) ** 2 % 101 - 50 for k in range(len(self.parameters))]

    def squarefree_part(self, polynomial: Polynomial) -> Polynomial:
        """Return the product of the distinct monic irreducible factors."""
        common = self.gcd(polynomial, polynomial.derivative())
        return self._monic((polynomial // common).dense)

    def gcd(self, first: Polynomial, second: Polynomial) -> Polynomial:
        """Return the monic greatest common divisor."""
        return Polynomial(tuple(dup_gcd(list(first.dense), list(second.dense), self.domain)), self.domain)

    def quotient(self, dividend: Polynomial, divisor: Polynomial) -> Polynomial:
        """Return the quotient of a division of polynomials."""
        return dividend // divisor

    def remainder(self, dividend: Polynomial, divisor: Polynomial) -> Polynomial:
        """Return the remainder of a division of polynomials."""
        return dividend % divisor

    def inverse_modulo(self, polynomial: Polynomial, modulus: Polynomial) -> Polynomial:
        """Return the inverse modulo a coprime polynomial; raise ZeroDivisionError if they have a common factor."""
        try:
            return Polynomial(
                tuple(dup_invert(list((polynomial % modulus).dense), list(modulus.dense), self.domain)), self.domain
            )
        except (NotInvertible, ZeroDivisionError) as error:
            raise ZeroDivisionError(f"{polynomial} has no inverse modulo {modulus}") from error

    def evaluate(self, polynomial: Polynomial, matrix: Matrix) -> Matrix:
        """Return p(M), by Horner's rule."""
        one = self.identity(matrix.nrows())
        value = one - one
        for c in polynomial.dense:
            value = value * matrix + one * c
        return value


def _at(numerator: Any, point: Sequence[int]) -> fmpq:
    """Return the value of a polynomial in the parameters at an integer point."""
    value = numerator(*point) if len(point) else numerator
    exact = sp.QQ.to_sympy(sp.QQ.convert(value))
    return fmpq(int(exact.p), int(exact.q))


def _is_irreducible(coefficients: Sequence[fmpq]) -> bool:
    """Return whether a rational polynomial (constant term first) is irreducible over Q."""
    _, factors = fmpq_poly(list(coefficients)).numer().factor()
    return len(factors) == 1 and factors[0][1] == 1


def field_of(expressions: Sequence[sp.Expr]) -> DomainField:
    """Return the field Q(symbols) or Q(algebraic numbers) that some expressions generate.

    >>> a = sp.Symbol("a", positive=True)
    >>> field_of([a / 2, 1 / (a + 1)]).name, field_of([sp.sqrt(2)]).name
    ('QQ(a)', 'QQ<sqrt(2)>')

    Raises `EntryError` for numbers that are not real and algebraic, for functions other than sums, products and powers, and
    for algebraic numbers and symbols together.
    """
    symbols = sorted(set().union(*(e.free_symbols for e in expressions)), key=str)
    irrational: set[sp.Expr] = set()
    for expression in expressions:
        for part in sp.preorder_traversal(expression):
            if part.is_Pow and part.is_number and not part.exp.is_Integer:
                irrational.add(part)
            elif (
                part.is_Function
                or (part.is_NumberSymbol or part is sp.I)
                or (part.is_Pow and not part.is_number and not part.exp.is_Integer)
            ):
                raise EntryError(f"{shorten(str(part))} is not an algebraic number or a rational function of parameters")
    if any(x.is_real is not True or x.is_algebraic is not True for x in irrational):
        raise EntryError(f"{', '.join(map(str, irrational))} is not a real algebraic number")
    if irrational and symbols:
        raise EntryError(
            f"{', '.join(map(str, irrational))} and the parameters {', '.join(map(str, symbols))} cannot be used together"
        )
    if irrational:
        return DomainField(sp.QQ.algebraic_field(*sorted(irrational, key=str)))
    return DomainField(sp.QQ.frac_field(*symbols) if symbols else sp.QQ)
