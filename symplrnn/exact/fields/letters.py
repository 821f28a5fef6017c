"""The field Q(parameters) behind the interface of `Field`, on FLINT; and the field that some entries need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, reduce
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly, fmpz, fmpz_poly
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
        entries = matrix.entries()
        powers = [x.numer.degrees() for x in entries]
        places = {k for degrees in powers for k, degree in enumerate(degrees) if degree > 0}
        if len(places) > 1 or any(x.denom.total_degree() > 0 for x in entries):
            return super().characteristic_polynomial(matrix)
        place, n = min(places, default=0), matrix.nrows()
        degrees = [max(0, int(each[place])) for each in powers]
        bound = min(sum(max(degrees[i * n : i * n + n]) for i in range(n)), sum(max(degrees[j::n]) for j in range(n)))
        spend((bound + 1) * n**3)
        values = [self._at(entries, place, point) for point in range(bound + 1)]
        found = [fmpq_mat(n, n, value).charpoly() for value in values]
        basis = _lagrange(bound)
        coefficients = [sum((basis[j] * found[j][k] for j in range(bound + 1)), fmpq_poly([])) for k in range(n)]
        return self.polynomial([*(self._in_one(c, place) for c in coefficients), self.element(1)])

    def _at(self, entries: Sequence[Fraction], place: int, point: int) -> list[fmpq]:
        """Return the values of elements with constant denominators at a value of the one parameter in them."""
        return [
            fmpq(sum((c * point ** int(monomial[place]) for monomial, c in x.numer.terms()), fmpz(0)), content(x.denom))
            for x in entries
        ]

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


@cache
def _lagrange(degree: int) -> list[fmpq_poly]:
    """Return the polynomials that are 1 at one of the points 0, 1, ..., and 0 at the others up to a degree."""
    x, points = fmpq_poly([0, 1]), range(degree + 1)
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
