"""The field Q(parameters) behind the interface of `Field`, on FLINT; and the field that some entries need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly, fmpz, fmpz_mpoly, fmpz_poly
from sympy.polys.polyerrors import CoercionFailed

from symplrnn import limits
from symplrnn.errors import EntryError
from symplrnn.exact.fields import domain as domains
from symplrnn.exact.fields.domain import DomainField, value_at
from symplrnn.exact.fields.fractions import FlintFractions, Fraction, common_denominator, content, irreducible_factors
from symplrnn.exact.fields.work import spend
from symplrnn.exact.fields.wrappers import Matrix, Polynomial, in_order
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.numbers import rational

__all__ = ["FunctionField", "field_of"]


class FunctionField(DomainField):
    """Q(parameters), with FLINT's polynomials.

    >>> a, b = sp.symbols("a b")
    >>> K = FunctionField(FlintFractions((a, b)))
    >>> [f for f, _ in K.factor(K.polynomial([K.element(-a * b), K.element(a - b), K.element(1)]))]
    [-b + x, a + x]
    """

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters, in the order of the domain."""
        return tuple(s for s in self.domain.symbols if s.is_Symbol)

    def element(self, value: Any) -> Fraction:
        """Return a number or a SymPy expression as an element of K; raise `EntryError` if it is none."""
        if isinstance(value, Fraction):
            return value
        if isinstance(value, sp.Expr) and not isinstance(value, sp.Number):
            try:
                found: Fraction = self.domain.from_sympy(value)
            except (CoercionFailed, ZeroDivisionError) as error:
                raise EntryError(f"{shorten(str(value))} is not an element of {self.name}") from error
            return found
        number = rational(value, "value")
        ratio: Fraction = self.domain.ratio(int(number.p), int(number.q))
        return ratio

    def to_sympy(self, element: Fraction) -> sp.Expr:
        """Return an element as a SymPy expression p/q, both expanded."""
        return self.domain.to_sympy(element)

    def factored(self, element: Fraction) -> sp.Expr:
        """Return an element as a SymPy expression p/q, with p expanded, and q factored if it is short.

        >>> a = sp.Symbol("a")
        >>> K = FunctionField(FlintFractions((a,)))
        >>> K.factored(K.element(a / (a**2 - 2 * a + 1)))
        a/(a - 1)**2
        """
        if len(element.denom) > limits.DENOMINATOR_TERMS:
            return self.to_sympy(element)
        below = []
        for f, e in irreducible_factors(element.denom):
            positive = f if f.leading_coefficient() > 0 else -f
            below.append(self.domain.expression(positive) ** e)
        return self.domain.expression(element.numer) / int(content(element.denom)) / sp.Mul(*below)

    def as_product(self, element: Fraction) -> sp.Expr:
        """Return an element as a SymPy expression, with numerator and denominator factored if they are short.

        >>> a, b = sp.symbols("a b")
        >>> K = FunctionField(FlintFractions((a, b)))
        >>> K.as_product(K.element((a * b + a) / 2))
        a*(b + 1)/2
        """
        if not 1 < len(element.numer) <= limits.DENOMINATOR_TERMS:
            return self.factored(element)
        factors = irreducible_factors(element.numer)
        if len(factors) == 1 and factors[0][1] == 1:
            return self.factored(element)
        above, number = [], element
        for f, e in factors:
            above.append(self.domain.expression(f) ** e)
            for _ in range(e):
                number = number / Fraction(f, self.domain.unit, self.domain)
        return sp.Mul(self.factored(number), *above)

    def at(self, element: Fraction, values: Mapping[sp.Symbol, fmpq]) -> fmpq:
        """Return the value of an element at rational values of all parameters.

        Raises ZeroDivisionError at a pole and `EntryError` if a parameter has no value.
        """
        missing = [symbol.name for symbol in self.parameters if symbol not in values]
        if missing:
            raise EntryError(f"{', '.join(missing)}: no value is given")
        point = [values[symbol] for symbol in self.parameters]
        below = value_at(element.denom, point)
        if below == 0:
            raise ZeroDivisionError(f"{shorten(str(element))} has no value where its denominator vanishes")
        return value_at(element.numer, point) / below

    def denominator(self, element: Fraction) -> sp.Expr:
        """Return the denominator in lowest terms, a primitive integer polynomial in the parameters; 1 if it is a number."""
        return self.domain.expression(element.denom / self.domain.context.constant(content(element.denom)))

    def factor(self, polynomial: Polynomial) -> list[tuple[Polynomial, int]]:
        """Return the monic irreducible factors with multiplicities, ordered by degree and text."""
        by_digits = self.domain.exponential is not None and len(self.domain.symbols) == 1 and polynomial.degree() > 0
        found = self._factors_by_digits(polynomial) if by_digits else None
        return in_order(found or self._factors(polynomial))

    def characteristic_polynomial(self, matrix: Matrix) -> Polynomial:
        """Return det(x I - M), monic; where at most one parameter is in M, as a polynomial, by interpolation from values of it.

        Each coefficient has at most the degree of a product of one entry from each row, and of one from each column.
        """
        place = self._only_place([matrix])
        if place is None:
            return super().characteristic_polynomial(matrix)
        n, degrees = matrix.nrows(), _degrees(matrix, place)
        bound = min(sum(map(max, degrees)), sum(map(max, zip(*degrees, strict=True))))
        spend((bound + 1) * n**3)
        points = tuple(range(bound + 1))
        found = [_at(matrix, place, point).charpoly() for point in points]
        coefficients = (_interpolated(points, [f[k] for f in found]) for k in range(n))
        return self.polynomial([*(self._in_one(c, place) for c in coefficients), self.element(1)])

    def solve(self, matrix: Matrix, right: Matrix) -> Matrix:
        """Return the X with MX = B for a square matrix; raise ZeroDivisionError if it is singular.

        A matrix of numbers is inverted over Q. Where M and B are polynomials in one parameter, det M and det(M) X are found by
        interpolation from values of it (Cramer's rule).
        """
        n, m = matrix.nrows(), right.ncols()
        place = self._only_place([matrix, right])
        if n == 0 or m == 0 or (place is None and self._only_place([matrix]) is None):
            return super().solve(matrix, right)
        if not any(map(_has_parameters, matrix.entries())):
            inverse = _at(matrix, 0, 0).inv().tolist()
            columns = [[row[j] for row in right.tolist()] for j in range(m)]
            return self.fill(n, m, [self._combined(row, column) for row in inverse for column in columns])
        if place is None:
            return super().solve(matrix, right)
        rows = [[*row, *more] for row, more in zip(_degrees(matrix, place), _degrees(right, place), strict=True)]
        largest = max(d for row in _degrees(right, place) for d in row)
        bound = min(sum(map(max, rows)), largest + sum(map(max, zip(*_degrees(matrix, place), strict=True))))
        spend((bound + 1) * n**3)
        points, determinants, values = [], [], []
        for point in range(2 * bound + 1):  # det M, of degree at most ``bound``, is 0 at no more points
            value = _at(matrix, place, point)
            determinant = value.det()
            if determinant != 0:
                points.append(point)
                determinants.append(determinant)
                values.append([x * determinant for x in value.solve(_at(right, place, point)).entries()])
            if len(points) > bound:
                break
        else:
            raise ZeroDivisionError("the matrix is singular")
        below = self._in_one(_interpolated(tuple(points), determinants), place)
        above = [self._in_one(_interpolated(tuple(points), [v[k] for v in values]), place) for k in range(n * m)]
        return self.fill(n, m, [x / below for x in above])

    def _only_place(self, matrices: Sequence[Matrix]) -> int | None:
        """Return the place of the one parameter in some matrices of polynomials, 0 if there is none; else None."""
        entries = [x for matrix in matrices for x in matrix.entries()]
        places = {k for x in entries for k, degree in enumerate(x.numer.degrees()) if degree > 0}
        return None if len(places) > 1 or any(x.denom.total_degree() > 0 for x in entries) else min(places, default=0)

    def in_one_parameter(self, elements: Sequence[Fraction]) -> tuple[sp.Symbol, list[tuple[fmpq_poly, fmpq_poly]]] | None:
        """Return the one parameter in some elements, with their numerators and denominators; None if there are more or fewer.

        >>> a, b = sp.symbols("a b")
        >>> K = field_of([a, b])
        >>> K.in_one_parameter([K.element(a / 2), K.element(1 / (a + 1))])
        (a, [(x, 2), (1, x + 1)])
        """
        parts = [(x.numer, x.denom) for x in elements]
        places = {k for part in parts for p in part for k, degree in enumerate(p.degrees()) if degree > 0}
        if len(places) != 1 or self.domain.exponential is not None:
            return None
        [place] = places

        def univariate(polynomial: fmpz_mpoly) -> fmpq_poly:
            terms = {int(monomial[place]): c for monomial, c in polynomial.terms()}
            return fmpq_poly([terms.get(k, 0) for k in range(max(terms, default=-1) + 1)])

        return self.domain.symbols[place], [(univariate(p), univariate(q)) for p, q in parts]

    def _combined(self, numbers: Sequence[fmpq], elements: Sequence[Fraction]) -> Fraction:
        """Return a sum of products of numbers and elements; those without parameters are added in Q."""
        total, rest = fmpq(0), self.domain.zero
        for number, x in zip(numbers, elements, strict=True):
            if _has_parameters(x):
                rest = rest + x * number
            elif x and number:
                total += number * fmpq(x.numer.leading_coefficient(), x.denom.leading_coefficient())
        combined: Fraction = rest + total
        return combined

    def _in_one(self, value: fmpq_poly, place: int) -> Fraction:
        """Return a polynomial in one parameter as an element."""
        width, context = len(self.domain.symbols), self.domain.context
        terms = {tuple(k if i == place else 0 for i in range(width)): c for k, c in enumerate(value.numer().coeffs()) if c}
        return Fraction(context.from_dict(terms), context.constant(value.denom()), self.domain)

    def _factors(self, polynomial: Polynomial) -> list[tuple[Polynomial, int]]:
        """Return the monic irreducible factors with multiplicities, by FLINT."""
        return [(self._monic(f), int(e)) for f, e in self.domain.factors(polynomial.dense)]

    def _factors_by_digits(self, polynomial: Polynomial) -> list[tuple[Polynomial, int]] | None:
        """Return the factors over Q(E) from those of f(x, B) over Z, for a B = 2^s so large that its digits are coefficients.

        With a common denominator q of f, q^n f(x/q) is monic over Z[E]. Its factors at E = B are read as polynomials in E. If
        their product is right, these are the irreducible ones: they are irreducible at a point. Else the result is None. (FLINT
        takes long where powers of E are high, as they are for several time constants.)
        """
        K, f = self.domain, self._monic(polynomial.dense)
        q = common_denominator(K.unit, f.dense)
        whole = [(c.numer * (q / c.denom)) * q ** (k - 1) if k else K.unit for k, c in enumerate(f.dense)]
        size = 4 + max(int(c.bit_length()) for p in whole for c in p.coeffs()) // 4  # bytes of B
        _, factors = fmpz_poly([p(fmpz(1) << (8 * size)) for p in reversed(whole)]).factor()
        found, product = [], self.polynomial([K.one])
        for g, e in factors:
            sign, d = g.leading_coefficient(), g.degree()
            parts = [K.context.from_dict(_digits(g[d - k] * sign, size)) for k in range(d + 1)]
            factor = Polynomial(tuple(K.reduced(p, q**k) for k, p in enumerate(parts)), K)
            found.append((factor, int(e)))
            product = reduce(lambda x, y: x * y, [factor] * int(e), product)
        return found if product == f else None


def _has_parameters(element: Fraction) -> bool:
    return bool(element.numer.total_degree() > 0 or element.denom.total_degree() > 0)


def _degrees(matrix: Matrix, place: int) -> list[list[int]]:
    """Return the degrees of polynomials in a parameter, 0 for the polynomial 0."""
    return [[max(0, int(x.numer.degrees()[place])) for x in row] for row in matrix.tolist()]


def _at(matrix: Matrix, place: int, point: int) -> fmpq_mat:
    """Return the value of a matrix of polynomials in one parameter."""
    values = [
        fmpq(sum((c * point ** int(monomial[place]) for monomial, c in x.numer.terms()), fmpz(0)), x.denom.leading_coefficient())
        for x in matrix.entries()
    ]
    return fmpq_mat(matrix.nrows(), matrix.ncols(), values)


def _interpolated(points: tuple[int, ...], values: Sequence[fmpq]) -> fmpq_poly:
    """Return the polynomial of lowest degree with given values at different points."""
    return sum((f * value for f, value in zip(_lagrange(points), values, strict=True)), fmpq_poly([]))


@lru_cache(maxsize=256)
def _lagrange(points: tuple[int, ...]) -> list[fmpq_poly]:
    """Return the polynomials that are 1 at one of some points and 0 at the others."""
    x = fmpq_poly([0, 1])
    return [reduce(lambda p, k: p * (x - k) / (j - k), (k for k in points if k != j), fmpq_poly([1])) for j in points]


def _digits(number: fmpz, size: int) -> dict[tuple[int], fmpz]:
    """Return the digits of an integer for a base B of so many bytes, from -B/2 to B/2 - 1, by their places.

    >>> _digits(fmpz(3 - 5 * 256**2), 1)
    {(0,): 3, (2,): -5}
    """
    count, half = number.bit_length() // (8 * size) + 2, 1 << (8 * size - 1)
    shift = half * ((1 << (8 * size * count)) - 1) // ((1 << (8 * size)) - 1)  # half at each place
    listed = (int(number) + shift).to_bytes(size * count, "little")
    digits = [int.from_bytes(listed[k * size : (k + 1) * size], "little") - half for k in range(count)]
    return {(place,): fmpz(digit) for place, digit in enumerate(digits) if digit}


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
    found = domains.field_of(expressions)
    return FunctionField(FlintFractions(found.domain.symbols)) if found.domain.is_FractionField else found
