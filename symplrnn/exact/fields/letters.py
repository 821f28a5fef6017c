"""The field Q(parameters) behind the interface of `Field`, on FLINT; and the field that some entries need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from flint import fmpq
from sympy.polys.polyerrors import CoercionFailed

from symplrnn import limits
from symplrnn.errors import EntryError
from symplrnn.exact.fields import domain as domains
from symplrnn.exact.fields.domain import DomainField, value_at
from symplrnn.exact.fields.fractions import FlintFractions, Fraction, content, irreducible_factors
from symplrnn.exact.fields.wrappers import Polynomial
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
        return tuple(self.domain.symbols)

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
        found = [(self._monic(f), e) for f, e in self.domain.factors(polynomial.dense)]
        return sorted(found, key=lambda item: (item[0].degree(), str(item[0])))


def field_of(expressions: Sequence[sp.Expr]) -> DomainField:
    """Return the field Q(algebraic numbers)(symbols) that some expressions generate, with the symbols sorted by name.

    >>> a = sp.Symbol("a", positive=True)
    >>> field_of([a / 2, 1 / (a + 1)]).name, field_of([sp.sqrt(2)]).name, field_of([a, sp.sqrt(2)]).name
    ('QQ(a)', 'QQ<sqrt(2)>', 'QQ<sqrt(2)>(a)')

    Raises `EntryError` for numbers that are not real and algebraic, for functions other than sums, products and powers, and
    for two symbols of the same name.
    """
    found = domains.field_of(expressions)
    return FunctionField(FlintFractions(found.parameters)) if found.domain.is_FractionField else found
