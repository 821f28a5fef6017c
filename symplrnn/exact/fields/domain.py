"""Exact fields on SymPy's domains: Q(parameters), Q(algebraic numbers), and both together.

An exponential E = exp(-1/d), d a whole number, is transcendental over the algebraic numbers (Lindemann), so it stands among the
parameters of a domain, as what generates a field of rational functions. It is a number all the same, no parameter of the field.

SymPy's `DomainMatrix` and dense polynomials over a `Domain` do the work; `Matrix` and `Polynomial` give them the operations that
`symplrnn.exact.fields.field.Field` asks for. Every element has one normal form, so equality is a comparison and zero tests are
exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq, fmpz
from sympy.polys.densebasic import dup_strip
from sympy.polys.densetools import dup_monic
from sympy.polys.domains.domain import Domain
from sympy.polys.euclidtools import dup_gcd, dup_invert
from sympy.polys.factortools import dup_factor_list
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError
from sympy.polys.polyerrors import BasePolynomialError, CoercionFailed, NotInvertible

from symplrnn.errors import EntryError
from symplrnn.exact.fields.irrational import Extension
from symplrnn.exact.fields.number_matrices import as_fmpq
from symplrnn.exact.fields.radicals import element_of_numbers, expression_of_numbers, number_generators
from symplrnn.exact.fields.residues import is_irreducible_modulo_a_prime
from symplrnn.exact.fields.wrappers import Matrix, Polynomial, in_order
from symplrnn.exact.reading.algebraic import is_generator
from symplrnn.exact.reading.exponentials import exponential_generators, exponents_in, letters_in
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.names import unique_symbols
from symplrnn.exact.reading.numbers import rational

__all__ = ["DomainField", "Matrix", "Polynomial", "field_of", "value_at"]


@dataclass(frozen=True)
class DomainField:
    """A field K on a SymPy domain, behind the interface `symplrnn.exact.fields.field.Field`.

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
        """The parameters, sorted by name if the field is from `field_of`."""
        has_symbols = self.domain.is_FractionField or isinstance(self.domain, Extension)
        return tuple(s for s in self.domain.symbols if s.is_Symbol) if has_symbols else ()

    def element(self, value: Any) -> Any:
        """Return a number or a SymPy expression as an element of K; raise `EntryError` if it is none."""
        if isinstance(value, sp.Expr) and not isinstance(value, sp.Number):
            try:
                return self._read(value)
            except (BasePolynomialError, ValueError, NotImplementedError, ZeroDivisionError) as error:
                raise EntryError(f"{shorten(str(value))} is not an element of {self.name}") from error
        if self.domain.of_type(value) and not isinstance(value, fmpq | fmpz):
            return value
        return self.domain.convert_from(_ground(rational(value, "value")), sp.QQ)

    def _read(self, expression: sp.Expr) -> Any:
        """Return an expression as an element, from its leaves up, so that Floats are taken exactly."""
        if expression.is_Add or expression.is_Mul:
            first, *others = (self._read(part) for part in expression.args)
            for other in others:
                first = first + other if expression.is_Add else first * other
            return first
        if isinstance(expression, sp.Number):
            return self.domain.convert_from(_ground(rational(expression, "value")), sp.QQ)
        if expression.is_Pow and expression.exp.is_Integer:
            base, exponent = self._read(expression.base), int(expression.exp)
            return base**exponent if exponent >= 0 else self.domain.one / base**-exponent
        if not (expression.is_Symbol or isinstance(expression, sp.exp) or (expression.is_number and expression.is_real)):
            raise CoercionFailed(f"{expression} is no parameter or real number")
        if self.domain.is_Algebraic:
            return element_of_numbers(self.domain, expression)
        return self.domain.from_sympy(expression)

    def to_sympy(self, element: Any) -> sp.Expr:
        """Return an element as a SymPy expression; algebraic numbers as combinations of radicals."""
        return expression_of_numbers(self.domain, element) if self.domain.is_Algebraic else self.domain.to_sympy(element)

    def as_product(self, element: Any) -> sp.Expr:
        """Return an element as a SymPy expression, in factors where that is cheap."""
        return self.to_sympy(element)

    def is_zero(self, element: Any) -> bool:
        """Return whether an element is 0."""
        return not element

    def at(self, element: Any, values: Mapping[sp.Symbol, fmpq]) -> fmpq:
        """Return the value of an element with rational coefficients at rational values of all parameters.

        >>> a = sp.Symbol("a")
        >>> K = DomainField(sp.QQ.frac_field(a))
        >>> K.at(K.element((a + 1) / (a - 1)), {a: fmpq(3)})
        2

        Raises ZeroDivisionError at a pole and `EntryError` if K has irrational numbers or a parameter has no value.
        """
        if self.domain.is_QQ:
            return as_fmpq(element)
        if not self.domain.is_FractionField:
            raise EntryError(f"elements of {self.name} have no rational values; accepted are fields of rational functions over Q")
        missing = [symbol.name for symbol in self.parameters if symbol not in values]
        if missing:
            raise EntryError(f"{', '.join(missing)}: no value is given")
        point = [values[symbol] for symbol in self.parameters]
        below = value_at(element.denom, point)
        if below == 0:
            raise ZeroDivisionError(f"{shorten(str(element))} has no value where its denominator vanishes")
        return value_at(element.numer, point) / below

    def denominator(self, element: Any) -> sp.Expr:
        """Return the denominator in lowest terms, a primitive integer polynomial in the parameters; 1 if it is a number.

        >>> a = sp.Symbol("a")
        >>> K = DomainField(sp.QQ.frac_field(a))
        >>> K.denominator(K.element(1 / (2 * a + 4))), K.denominator(K.element(a / 2))
        (a + 2, 1)
        """
        if isinstance(self.domain, Extension):
            return self.domain.denominator(element)
        if not self.parameters:
            return sp.Integer(1)
        _, primitive = element.denom.primitive()
        return (primitive if primitive.LC > 0 else -primitive).as_expr()

    def matrix(self, rows: Sequence[Sequence[Any]]) -> Matrix:
        """Return the matrix with these rows of elements."""
        listed = [list(row) for row in rows]
        return Matrix(DomainMatrix(listed, (len(listed), len(listed[0]) if listed else 0), self.domain))

    def fill(self, nrows: int, ncols: int, entries: Sequence[Any]) -> Matrix:
        """Return the matrix of a given shape, also with no rows or columns, from its elements row by row."""
        rows = [list(entries[i * ncols : (i + 1) * ncols]) for i in range(nrows)]
        return Matrix(DomainMatrix(rows, (nrows, ncols), self.domain))

    def identity(self, n: int) -> Matrix:
        """Return the n x n identity matrix."""
        return Matrix(DomainMatrix.eye(n, self.domain).to_dense())

    def rank(self, matrix: Matrix) -> int:
        """Return the rank."""
        return int(matrix.value.rank())

    def inverse(self, matrix: Matrix) -> Matrix:
        """Return the inverse; raise ZeroDivisionError if the matrix is singular."""
        if isinstance(self.domain, Extension):
            return self._solve_by_cayley_hamilton(matrix, self.identity(matrix.nrows()))
        try:
            return Matrix(matrix.value.to_dense().inv())
        except DMNonInvertibleMatrixError as error:
            raise ZeroDivisionError("the matrix is singular") from error

    def solve(self, matrix: Matrix, right: Matrix) -> Matrix:
        """Return the X with MX = B for a square matrix; raise ZeroDivisionError if it is singular."""
        if isinstance(self.domain, Extension):
            return self._solve_by_cayley_hamilton(matrix, right)
        if right.ncols() == 0 and self.rank(matrix) < matrix.nrows():  # then SymPy has nothing to divide
            raise ZeroDivisionError("the matrix is singular")
        try:
            return Matrix(matrix.value.to_dense().lu_solve(right.value.to_dense()))
        except DMNonInvertibleMatrixError as error:
            raise ZeroDivisionError("the matrix is singular") from error

    def _solve_by_cayley_hamilton(self, matrix: Matrix, right: Matrix) -> Matrix:
        """Return M^{-1} B = -(M^{n-1} + ... + c_2 M + c_1) B / c_0: elimination would pass through far longer fractions."""
        constant, *others = self.characteristic_polynomial(matrix).coeffs()
        if not others:  # 0 x 0
            return right
        if not constant:
            raise ZeroDivisionError("the matrix is singular")
        value: Matrix = right
        for c in reversed(others[:-1]):
            value = matrix * value + right * c
        solved: Matrix = value * (-self.domain.one / constant)
        return solved

    def determinant(self, matrix: Matrix) -> Any:
        """Return the determinant."""
        if isinstance(self.domain, Extension):  # without a division
            return self.characteristic_polynomial(matrix)[0] * (-1) ** matrix.nrows()
        return self.domain.convert(matrix.value.to_dense().det())

    def polynomial(self, coefficients: Sequence[Any]) -> Polynomial:
        """Return the polynomial with these coefficients, constant term first."""
        dense = [self.domain.convert(c) for c in reversed(list(coefficients))]
        return Polynomial(tuple(dup_strip(dense)), self.domain)

    def characteristic_polynomial(self, matrix: Matrix) -> Polynomial:
        """Return det(x I - M), monic."""
        if not isinstance(self.domain, Extension):
            return Polynomial(tuple(matrix.value.charpoly()), self.domain)
        # SymPy would put the factors of the diagonal blocks in order, which these elements do not have.
        product = self.polynomial([self.domain.one])
        for block in matrix.value.scc():
            dense = matrix.value.extract(block, block).to_dense().charpoly_berk()
            product = product * Polynomial(tuple(dense), self.domain)
        return product

    def factor(self, polynomial: Polynomial) -> list[tuple[Polynomial, int]]:
        """Return the monic irreducible factors with multiplicities, ordered by degree and text.

        Over Q(theta)(parameters) polynomials are factored that have no parameters, or no irrational numbers, in their monic form;
        others are returned whole.
        """
        if isinstance(self.domain, Extension):
            factors = self.domain.factors(dup_monic(list(polynomial.dense), self.domain))
        elif self.domain.is_Algebraic:
            factors = self._over_numbers(polynomial)
        else:
            _, factors = dup_factor_list(list(polynomial.dense), self.domain)
        monic = [(self._monic(f), int(e)) for f, e in factors]
        return in_order(monic)

    def _over_numbers(self, polynomial: Polynomial) -> Any:
        """Return the irreducible factors over a number field, without norms if a residue shows what is left of x - 1."""
        rest, one, times = self._monic(polynomial.dense), self.domain.one, 0
        linear = self.polynomial([-one, one])  # of every augmented matrix
        while rest.degree() > 0 and self.is_zero(rest(one)):
            rest, times = rest // linear, times + 1
        found: list[tuple[Sequence[Any], int]] = [(linear.dense, times)] if times else []
        if rest.degree() == 1 or (rest.degree() > 1 and is_irreducible_modulo_a_prime(self.domain, rest.dense)):
            return [*found, (rest.dense, 1)]
        return [*found, *dup_factor_list(list(rest.dense), self.domain)[1]]

    def _monic(self, dense: Sequence[Any]) -> Polynomial:
        return Polynomial(tuple(dup_monic(list(dense), self.domain)), self.domain)

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
        if isinstance(self.domain, Extension):
            return self._inverse_modulo(polynomial % modulus, modulus)
        try:
            return Polynomial(
                tuple(dup_invert(list((polynomial % modulus).dense), list(modulus.dense), self.domain)), self.domain
            )
        except (NotInvertible, ZeroDivisionError) as error:
            raise ZeroDivisionError(f"{polynomial} has no inverse modulo {modulus}") from error

    def _inverse_modulo(self, polynomial: Polynomial, modulus: Polynomial) -> Polynomial:
        """Return the inverse in K[x]/f by the iteration of `symplrnn.exact.fields.irrational`, with one division in K."""
        K, d = self.domain, modulus.degree()
        f, sums = self._monic(modulus.dense), [K.one * d]
        for k in range(1, d):  # the sums of the powers of the roots of f
            sums.append(-sum((f[d - i] * sums[k - i] for i in range(1, k)), f[d - k] * K(k)))
        value, trace = self.polynomial([K.one]), K.one
        for k in range(1, d + 1):
            product = polynomial * value % f
            trace = sum((product[j] * sums[j] for j in range(1, d)), product[0] * K(d)) * K(fmpq(1, k))
            if k < d:
                value = product - self.polynomial([trace])
        if not trace:
            raise ZeroDivisionError(f"{polynomial} has no inverse modulo {modulus}")
        inverse: Polynomial = value * (K.one / trace)
        return inverse

    def evaluate(self, polynomial: Polynomial, matrix: Matrix) -> Matrix:
        """Return p(M), by Horner's rule."""
        one = self.identity(matrix.nrows())
        value = one - one
        for c in polynomial.dense:
            value = value * matrix + one * c
        return value


def _ground(value: fmpq) -> Any:
    """Return a rational as an element of SymPy's QQ, whose type depends on what is installed."""
    return sp.QQ(int(value.p), int(value.q))


def value_at(polynomial: Any, point: Sequence[fmpq]) -> fmpq:
    """Return the value of a polynomial in the parameters at a rational point; each power is formed once."""
    powers: dict[tuple[int, int], fmpq] = {}
    total = fmpq(0)
    for monomial, coefficient in polynomial.terms():
        term = as_fmpq(coefficient)
        for k, exponent in enumerate(monomial):
            if exponent:
                if (k, exponent) not in powers:
                    powers[k, exponent] = point[k] ** int(exponent)
                term = term * powers[k, exponent]
        total = total + term
    return total


def field_of(expressions: Sequence[sp.Expr]) -> DomainField:
    """Return the field Q(algebraic numbers)(symbols, exponential) that some expressions generate, symbols sorted by name.

    >>> a = sp.Symbol("a", positive=True)
    >>> field_of([a / 2, 1 / (a + 1)]).name, field_of([sp.sqrt(2)]).name, field_of([a, sp.sqrt(2)]).name
    ('QQ(a)', 'QQ<sqrt(2)>', 'QQ<sqrt(2)>(a)')
    >>> field_of([sp.exp(sp.Rational(-1, 4)), sp.exp(sp.Rational(1, 6))]).name
    'QQ(exp(-1/12))'

    Raises `EntryError` for numbers that are neither real and algebraic nor exponentials of rational numbers, for other functions
    than these, sums, products and powers, and for two symbols of the same name.
    """
    letters = letters_in(letter for e in expressions for letter in e.free_symbols)
    irrational: set[sp.Expr] = set()
    for expression in expressions:
        _collect(expression, irrational)
    exponentials, exponential = exponential_generators({r for e in expressions for r in exponents_in(e)})
    symbols: tuple[sp.Expr, ...] = (*unique_symbols(letters), *exponentials, *([] if exponential is None else [exponential]))
    bad = sorted(str(x) for x in irrational if x.is_real is not True or x.is_algebraic is not True)
    if bad:
        raise EntryError(f"{shorten(', '.join(bad))} is not a real algebraic number")
    if not irrational:
        return DomainField(sp.QQ.frac_field(*symbols) if symbols else sp.QQ)
    generators = number_generators(irrational)
    try:
        numbers = sp.QQ.algebraic_field(*generators)
    except (BasePolynomialError, NotImplementedError, ValueError) as error:
        listed = shorten(", ".join(sorted(map(str, irrational))))
        raise EntryError(f"{listed} is not an algebraic number that a field can be made of") from error
    return DomainField(Extension(numbers, symbols) if symbols else numbers)


def _collect(expression: sp.Expr, irrational: set[sp.Expr]) -> None:
    """Add the irrational numbers of an expression to a set, largest radicals only; refuse all but rational operations."""
    parts = sp.preorder_traversal(expression)
    for part in parts:
        if part is sp.E or isinstance(part, sp.exp):
            parts.skip()
        elif is_generator(part):
            irrational.add(part)
            parts.skip()
        elif part.is_Function or part.is_NumberSymbol or part is sp.I or (part.is_Pow and not part.exp.is_Integer):
            raise EntryError(
                f"{shorten(str(part))} is not an algebraic number, exp of a rational one or a rational function of parameters"
            )
