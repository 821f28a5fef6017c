"""Factors that decide the sign of a rational function of real parameters, without expanding what is large.

Products and powers are taken apart as they stand. A part that stays small as a polynomial (bounded before each multiplication) is
factored over Q by FLINT into primitive integer polynomials with positive leading coefficient, symbols ordered by name; with
irrational coefficients only powers of symbols are taken out, and the rest is made monic. A part that would grow large is one
factor, as it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import comb
from typing import Any

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz

from symplrnn import limits
from symplrnn.errors import EntryError
from symplrnn.exact.fields.work import spend
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.exact.signs import (
    Program,
    Signed,
    exact_sign,
    number_element,
    number_field,
    possible_signs,
    program,
    run,
    same_object,
)

__all__ = ["sign_factors"]


class _TooLarge(Exception):
    """The expanded polynomial would have too many terms."""


@dataclass
class SignFactors:
    """An expression as sign * product of factors ** powers, up to positive factors and factors that vanish nowhere.

    ``sign`` is 0 for the expression 0. ``powers`` counts a factor of a denominator as one of the numerator, which has the same
    sign; ``poles`` are these factors, which do not vanish.
    """

    sign: int = 1
    powers: dict[sp.Expr, int] = field(default_factory=dict)
    poles: set[sp.Expr] = field(default_factory=set)

    def multiply(self, factor: sp.Expr, exponent: int) -> None:
        """Multiply by a power of a factor."""
        signs = possible_signs(factor)
        if len(signs) == 1:
            (sign,) = signs
            if sign == 0 and exponent < 0:
                raise EntryError("condition: a denominator is 0")
            self.sign *= sign ** abs(exponent)
            return
        self.powers[factor] = self.powers.get(factor, 0) + abs(exponent)
        if exponent < 0:
            self.poles.add(factor)


def sign_factors(expression: sp.Expr) -> SignFactors:
    """Return the factors that decide the sign of an expression.

    >>> a, b = sp.symbols("a b")
    >>> sign_factors((b**2 - a**2) / (2 * a))
    SignFactors(sign=-1, powers={a: 1, a - b: 1, a + b: 1}, poles={a})
    """
    found = SignFactors()
    for given, exponent in _parts(expression, 1):
        part = same_object(given)
        if isinstance(part, Signed):
            found.multiply(part, exponent)
            continue
        spend(50 + 20 * len(program(part).steps))
        signs = possible_signs(part)
        small = _small_factors(part) if len(signs) > 1 else (1, ((part, 1),))
        sign, powers = small or (1, ((part, 1),))
        if sign == 0:
            found.multiply(sp.Integer(0), exponent)
        found.sign *= sign ** abs(exponent)
        for factor, power in powers:
            found.multiply(factor, power * exponent)
    return found


def _parts(expression: sp.Expr, exponent: int) -> Iterator[tuple[sp.Expr, int]]:
    """Yield the bases and exponents of a product as it stands."""
    if expression.is_Mul:
        for part in expression.args:
            yield from _parts(part, exponent)
    elif expression.is_Pow and expression.exp.is_Integer and expression.exp != 0:
        yield from _parts(expression.base, exponent * int(expression.exp))
    else:
        yield expression, exponent


@dataclass(frozen=True, eq=False)
class _Quotient:
    """A quotient of polynomials; its operations raise `_TooLarge` rather than make a large one.

    ``terms`` bounds the number of terms of the numerator without regard to cancellation: what is large as it stands is left
    alone even if little would remain.
    """

    top: fmpq_mpoly
    bottom: fmpq_mpoly
    terms: int = 1

    def __post_init__(self) -> None:
        letters = self.top.context().nvars()
        if min(self.terms, comb(letters + _degree(self.top), letters)) > limits.SIGN_FACTOR_TERMS:
            raise _TooLarge

    def __add__(self, other: _Quotient) -> _Quotient:
        common = self.bottom.gcd(other.bottom)
        first, second = self.bottom / common, other.bottom / common
        top = _product(self.top, second) + _product(other.top, first)
        return _Quotient(top, _product(self.bottom, second), self.terms * len(second) + other.terms * len(first))

    def __mul__(self, other: _Quotient) -> _Quotient:
        return _Quotient(_product(self.top, other.top), _product(self.bottom, other.bottom), self.terms * other.terms)

    def __pow__(self, exponent: int) -> _Quotient:
        size = abs(exponent)
        top, bottom = _power(self.top, size), _power(self.bottom, size)
        if exponent < 0 and not top:
            raise EntryError("condition: a denominator is 0")
        return _Quotient(top, bottom, comb(self.terms + size - 1, size)) if exponent >= 0 else _Quotient(bottom, top, len(bottom))


def _product(first: fmpq_mpoly, second: fmpq_mpoly) -> fmpq_mpoly:
    if len(first) * len(second) > limits.SIGN_FACTOR_PRODUCTS or _degree(first) + _degree(second) > limits.SIGN_FACTOR_DEGREE:
        raise _TooLarge
    return first * second


def _power(base: fmpq_mpoly, exponent: int) -> fmpq_mpoly:
    products = comb(len(base) + exponent - 1, exponent)
    if _degree(base) * exponent > limits.SIGN_FACTOR_DEGREE or products > limits.SIGN_FACTOR_PRODUCTS:
        raise _TooLarge
    return base**exponent


def _degree(polynomial: fmpq_mpoly) -> int:
    return max(int(polynomial.total_degree()), 0)


@lru_cache(maxsize=4096)
def _small_factors(expression: sp.Expr) -> tuple[int, tuple[tuple[sp.Expr, int], ...]] | None:
    """Return the sign and the factors, with multiplicities, negative in the denominator; None if they would be large."""
    steps = program(expression)
    generators = (*steps.symbols, *steps.algebraic)
    if len(steps.steps) > limits.SIGN_FACTOR_STEPS:
        return None
    ring = fmpq_mpoly_ctx.get([f"x{k}" for k in range(len(generators))], Ordering.lex)
    one = ring.constant(1)
    leaf = dict(zip(generators, ring.gens(), strict=True))

    def generator(x: sp.Expr) -> _Quotient:
        return _Quotient(leaf[x], one)

    try:
        value = run(steps, lambda c: _Quotient(ring.constant(c), one), generator, generator)[-1]
    except _TooLarge:
        return None
    if max(len(value.top), len(value.bottom)) > limits.SIGN_FACTOR_TERMS:
        return None
    sign, factors = _split(value.top, steps)
    below, denominators = _split(value.bottom, steps)
    if below == 0:
        raise EntryError(f"condition: a denominator in {shorten(str(expression))} is 0")
    return sign * below, (*factors, *((f, -e) for f, e in denominators))


def _split(polynomial: fmpq_mpoly, steps: Program) -> tuple[int, list[tuple[sp.Expr, int]]]:
    """Return the sign of the leading coefficient and the factors, which have positive ones."""
    if not polynomial:
        return 0, []
    if steps.algebraic:
        return _monic(polynomial, steps)
    constant, found = polynomial.factor()
    sign, factors = (1 if constant > 0 else -1), []
    for factor, multiplicity in found:
        terms = dict(factor.terms())
        leading = factor.leading_coefficient()
        if leading < 0:  # over Q, FLINT does not promise how it scales factors
            sign *= (-1) ** multiplicity
        content = _content(list(terms.values())) * (1 if leading > 0 else -1)
        factors.append((_polynomial({m: to_sympy(c / content) for m, c in terms.items()}, steps), multiplicity))
    return sign, sorted(factors, key=lambda item: sp.default_sort_key(item[0]))


def _content(numbers: list[fmpq]) -> fmpq:
    """Return the positive rational that divides some rationals to coprime integers."""
    top, bottom = fmpz(0), fmpz(1)
    for x in numbers:
        top, bottom = top.gcd(x.p), bottom.lcm(x.q)
    return fmpq(top, bottom)


def _monic(polynomial: fmpq_mpoly, steps: Program) -> tuple[int, list[tuple[sp.Expr, int]]]:
    """Return the sign of the leading coefficient, and the polynomial divided by it, over the field of the irrational numbers."""
    radicals = frozenset(steps.algebraic)
    domain, numbers = number_field(radicals), [number_element(radicals, x) for x in steps.algebraic]
    letters = len(steps.symbols)
    coefficients: dict[tuple[int, ...], Any] = {}
    for monomial, c in polynomial.terms():
        value = domain.from_sympy(to_sympy(c))
        for x, exponent in zip(numbers, monomial[letters:], strict=True):
            value = value * x ** int(exponent)
        key = monomial[:letters]
        coefficients[key] = coefficients.get(key, domain.zero) + value
    coefficients = {m: c for m, c in coefficients.items() if c}
    if not coefficients:
        return 0, []
    leading = coefficients[max(coefficients)]
    sign = exact_sign(domain.to_sympy(leading), {})
    common = [min(exponents) for exponents in zip(*coefficients, strict=True)]
    powers = [(s, int(e)) for s, e in zip(steps.symbols, common, strict=True) if e]
    if len(coefficients) == 1:
        return sign, powers
    terms = {
        tuple(e - c for e, c in zip(m, common, strict=True)): domain.to_sympy(domain.quo(value, leading))
        for m, value in coefficients.items()
    }
    return sign, [*powers, (_polynomial(terms, steps), 1)]


def _polynomial(terms: Mapping[tuple[int, ...], sp.Expr], steps: Program) -> sp.Expr:
    symbols = steps.symbols
    return sp.Add(*(sp.Mul(c, *(s ** int(e) for s, e in zip(symbols, m, strict=False) if e)) for m, c in terms.items()))
