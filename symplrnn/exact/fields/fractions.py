"""The field Q(parameters) on FLINT: fractions of integer polynomials in lowest terms, as a domain for SymPy's `DomainMatrix`.

SymPy's own fractions take their greatest common divisors in Python; FLINT's are about a hundred times faster, and nearly all
the time of a closed form with letters goes there. `FlintFractions` is a SymPy domain, so SymPy's dense polynomials and matrices
work on it.

Reference: The FLINT team, FLINT: Fast Library for Number Theory, https://flintlib.org.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz, fmpz_mpoly, fmpz_mpoly_ctx
from sympy.core.add import _addsort
from sympy.core.mul import _keep_coeff
from sympy.polys.domains.characteristiczero import CharacteristicZero
from sympy.polys.domains.field import Field as SympyField
from sympy.polys.domains.simpledomain import SimpleDomain
from sympy.polys.polyerrors import CoercionFailed

from symplrnn.exact.fields.work import limited, spend
from symplrnn.exact.reading.bounded import is_turned
from symplrnn.exact.reading.exponentials import Exponential, in_powers
from symplrnn.exact.writing import text_of

__all__ = ["FlintDomain", "FlintFractions", "Fraction", "common_denominator", "content", "cost", "irreducible_factors", "scale"]

SHORT = 256  # bits of coefficients


def irreducible_factors(polynomial: fmpz_mpoly) -> list[tuple[fmpz_mpoly, int]]:
    """Return the primitive irreducible factors with multiplicities, without the constant one.

    They are found over Q: python-flint's own conversion of factors over Z overflows on long coefficients.

    >>> context = fmpz_mpoly_ctx.get(["x"], Ordering.lex)
    >>> [x] = context.gens()
    >>> irreducible_factors(2 * (10**30 * x + 1) * x**2)
    [(1000000000000000000000000000000*x + 1, 1), (x, 2)]
    """
    integers = polynomial.context()
    rationals = fmpq_mpoly_ctx.get(integers.names(), Ordering.lex)
    _, found = rationals.from_dict({monomial: fmpq(c, 1) for monomial, c in polynomial.terms()}).factor()
    return [(_primitive(factor, integers), int(e)) for factor, e in found]


def _primitive(polynomial: fmpq_mpoly, context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """Return the integer polynomial with coprime coefficients that a rational one is a multiple of."""
    terms = dict(polynomial.terms())
    top, bottom = fmpz(0), fmpz(1)
    for c in terms.values():
        top, bottom = top.gcd(c.p), bottom.lcm(c.q)
    return context.from_dict({monomial: (c * bottom / top).p for monomial, c in terms.items()})


def content(polynomial: fmpz_mpoly) -> fmpz:
    """Return the greatest common divisor of the coefficients of a polynomial that is not 0."""
    common = fmpz(0)
    for c in polynomial.coeffs():
        common = common.gcd(c)
    return common


def common_denominator(unit: fmpz_mpoly, elements: Iterable[Any]) -> fmpz_mpoly:
    """Return the least common multiple of a polynomial and the denominators of some elements."""
    common = unit
    for c in elements:
        common = common * (c.denom / common.gcd(c.denom))
    return common


class Fraction:
    """A quotient of integer polynomials in lowest terms; the leading coefficient of the denominator is positive."""

    __slots__ = ("denom", "domain", "numer")

    def __init__(self, numer: fmpz_mpoly, denom: fmpz_mpoly, domain: FlintFractions) -> None:
        self.numer, self.denom, self.domain = numer, denom, domain

    def parent(self) -> FlintFractions:
        """Return the domain, as SymPy asks for it."""
        return self.domain

    def __bool__(self) -> bool:
        return not self.numer.is_zero()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fraction):
            converted = self.domain.number(other)
            return converted is not None and self == converted
        return bool(self.numer == other.numer and self.denom == other.denom)

    def __hash__(self) -> int:
        return hash((str(self.numer), str(self.denom)))

    def __lt__(self, other: Fraction) -> bool:
        """Order by text, which means nothing: SymPy sorts lists of factors."""
        return (str(self.numer), str(self.denom)) < (str(other.numer), str(other.denom))

    def __repr__(self) -> str:
        return text_of(self.domain.to_sympy(self))

    def __neg__(self) -> Fraction:
        return Fraction(-self.numer, self.denom, self.domain)

    def __pos__(self) -> Fraction:
        return self

    def __add__(self, other: Any) -> Fraction:
        second = self.domain.number(other)
        if second is None:
            return NotImplemented
        if not self or not second:
            return self if self else second
        _count(self, second)
        if self.denom == second.denom:
            return self.domain.reduced(self.numer + second.numer, self.denom)
        common = self.denom.gcd(second.denom)
        left, right = second.denom / common, self.denom / common
        return self.domain.reduced(self.numer * left + second.numer * right, self.denom * left)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Fraction:
        second = self.domain.number(other)
        if second is None:
            return NotImplemented
        total: Fraction = self + (-second)
        return total

    def __rsub__(self, other: Any) -> Fraction:
        total: Fraction = -self + other
        return total

    def __mul__(self, other: Any) -> Fraction:
        second = self.domain.number(other)
        if second is None:
            return NotImplemented
        if not self or not second:
            return self.domain.zero
        _count(self, second)
        # The fractions are in lowest terms: only numerators against the other's denominators can have common factors.
        first, last = self.numer.gcd(second.denom), second.numer.gcd(self.denom)
        numer = (self.numer / first) * (second.numer / last)
        return self.domain.signed(numer, (self.denom / last) * (second.denom / first))

    __rmul__ = __mul__

    def inverse(self) -> Fraction:
        """Return 1/x; raise ZeroDivisionError for 0."""
        if not self:
            raise ZeroDivisionError("division by zero")
        return self.domain.signed(self.denom, self.numer)

    def __truediv__(self, other: Any) -> Fraction:
        second = self.domain.number(other)
        if second is None:
            return NotImplemented
        quotient: Fraction = self * second.inverse()
        return quotient

    def __rtruediv__(self, other: Any) -> Fraction:
        quotient: Fraction = self.inverse() * other
        return quotient

    def __pow__(self, exponent: int) -> Fraction:
        base = self if exponent >= 0 else self.inverse()
        return Fraction(base.numer ** abs(exponent), base.denom ** abs(exponent), self.domain)


def _count(first: Fraction, second: Fraction) -> None:
    """Count an operation on two fractions, see `symplrnn.exact.fields.work`."""
    if limited():
        parts = (first.numer, first.denom, second.numer, second.denom)
        spend(cost(*map(len, parts)) * scale(parts))


def scale(polynomials: Iterable[fmpz_mpoly]) -> int:
    """Return about how much longer operations on polynomials take because of their long coefficients, by the leading ones."""
    return 1 + sum(p.leading_coefficient().bit_length() for p in polynomials if p) // SHORT


def cost(numer: int, denom: int, other_numer: int, other_denom: int) -> int:
    """Return about how many steps it takes to multiply or add two fractions with so many terms and short coefficients."""
    products = numer * other_numer + denom * other_denom + numer * other_denom + denom * other_numer
    common = denom + other_denom - 2  # without denominators there are no common factors to be found
    return 5 + products // 50 + (3 * (numer + other_numer + common) if common else 0)


@lru_cache(maxsize=16)
def _table(symbols: tuple[sp.Symbol, ...]) -> dict[tuple[int, ...], sp.Expr]:
    """Return the products of powers of some symbols that have been made: SymPy is slow at it."""
    return {}


class FlintDomain(SympyField, CharacteristicZero, SimpleDomain):  # type: ignore[misc]  # SymPy has no types
    """What SymPy asks of a domain that is a field, for domains with `number`, which reads a number or an element."""

    is_Exact = True  # noqa: N815  (SymPy's name)
    has_assoc_Ring = False  # noqa: N815

    def __call__(self, value: Any) -> Any:
        """Return a number as an element."""
        return self.convert(value)

    def convert(self, element: Any, base: Any = None) -> Any:
        """Return a number or an element as an element, as SymPy asks for it."""
        found = self.number(element)
        if found is None:
            raise CoercionFailed(f"{element} is not an element of {self}")
        return found

    def convert_from(self, element: Any, base: Any) -> Any:
        """Return an element of another domain as one of this, as SymPy asks for it."""
        return self.convert(element)

    def exquo(self, a: Any, b: Any) -> Any:
        """Return a/b."""
        return a / b

    quo = exquo

    def rem(self, a: Any, b: Any) -> Any:
        """Return 0, the remainder in a field."""
        return self.zero

    def div(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Return a/b and 0."""
        return a / b, self.zero

    def revert(self, a: Any) -> Any:
        """Return 1/a."""
        return a.inverse()


class FlintFractions(FlintDomain):
    """Q(symbols) as a SymPy domain; the last of the symbols may be an exponential exp(-1/d), which is a number.

    >>> a, b = sp.symbols("a b")
    >>> K = FlintFractions((a, b))
    >>> K.from_sympy((a**2 - b**2) / (a + b)), K
    (a - b, QQ(a,b))
    """

    rep = "FlintFractions"

    def __init__(self, symbols: Sequence[sp.Symbol]) -> None:
        self.symbols = tuple(symbols)
        self.context = fmpz_mpoly_ctx.get([f"x{k}" for k in range(len(self.symbols))], Ordering.lex)
        self.dtype = Fraction
        self.unit = self.context.constant(1)
        self.zero = Fraction(self.context.constant(0), self.unit, self)
        self.one = Fraction(self.unit, self.unit, self)
        self.generators = [Fraction(g, self.unit, self) for g in self.context.gens()]
        self.monomials = _table(self.symbols)
        self.positions = {symbol: k for k, symbol in enumerate(self.symbols)}
        self.exponential = self.symbols[-1] if self.symbols and not self.symbols[-1].is_Symbol else None

    def __str__(self) -> str:
        return f"QQ({','.join(map(str, self.symbols))})"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FlintFractions) and self.symbols == other.symbols

    def __hash__(self) -> int:
        return hash(("FlintFractions", self.symbols))

    def of_type(self, element: Any) -> bool:
        """Return whether an element is one of this domain."""
        return isinstance(element, Fraction) and element.domain == self

    def signed(self, numer: fmpz_mpoly, denom: fmpz_mpoly) -> Fraction:
        """Return a fraction in lowest terms, with the sign moved to the numerator."""
        negative = denom.leading_coefficient() < 0
        return Fraction(-numer, -denom, self) if negative else Fraction(numer, denom, self)

    def reduced(self, numer: fmpz_mpoly, denom: fmpz_mpoly) -> Fraction:
        """Return the fraction numer/denom in lowest terms."""
        if numer.is_zero():
            return self.zero
        common = numer.gcd(denom)
        return self.signed(numer / common, denom / common)

    def number(self, value: Any) -> Fraction | None:
        """Return an element, an integer or a rational as an element; None for anything else."""
        if isinstance(value, Fraction):
            return value
        if isinstance(value, int | fmpz):
            return Fraction(self.context.constant(value), self.unit, self)
        if hasattr(value, "numerator") and hasattr(value, "denominator"):
            return self.ratio(int(value.numerator), int(value.denominator))
        return self.ratio(int(value.p), int(value.q)) if isinstance(value, fmpq | sp.Rational) else None

    def ratio(self, numerator: int, denominator: int) -> Fraction:
        """Return a rational number, given in lowest terms, as an element."""
        return Fraction(self.context.constant(numerator), self.context.constant(denominator), self)

    def from_sympy(self, expression: Any) -> Fraction:
        """Return a rational function as an element; raise CoercionFailed for anything else."""
        if expression.is_Symbol:
            if expression not in self.positions and isinstance(expression, Exponential):
                return self._exponential(expression.exponent)
            if expression not in self.positions:
                raise CoercionFailed(f"{expression} is not an element of {self}")
            return self.generators[self.positions[expression]]
        if expression.is_Rational:
            return self.ratio(int(expression.p), int(expression.q))
        if expression is sp.E or isinstance(expression, sp.exp):
            return self._exponential(sp.Integer(1) if expression is sp.E else expression.args[0])
        parts = [self.from_sympy(x) for x in (expression.args[:1] if expression.is_Pow else expression.args)]
        if expression.is_Pow and expression.exp.is_Integer:
            return parts[0] ** int(expression.exp)
        if not parts or not (expression.is_Add or expression.is_Mul):
            raise CoercionFailed(f"{expression} is not an element of {self}")
        total = parts[0]
        for x in parts[1:]:
            total = total + x if expression.is_Add else total * x
        return total

    def _exponential(self, exponent: sp.Expr) -> Fraction:
        """Return an exponential as a product of powers of those among the symbols."""
        powers = in_powers(exponent, self.symbols)
        if powers is None:
            raise CoercionFailed(f"exp({exponent}) is not an element of {self}")
        total = self.one
        for place, power in powers.items():
            total = total * self.generators[place] ** power
        return total

    def to_sympy(self, element: Fraction) -> sp.Expr:
        """Return an element as a SymPy expression p/q with both expanded, q without powers of an exponential."""
        numer, denom = element.numer, element.denom
        if self.exponential is None:
            if denom.is_constant():
                return self.expression(numer, divisor=int(denom.leading_coefficient()))
            return self.expression(numer) / self.expression(denom)
        if is_turned(denom, len(self.symbols) - 1):
            numer, denom = -numer, -denom
        shift = min(int(monomial[-1]) for monomial in denom.monoms())
        return self.expression(numer, shift) / self.expression(denom, shift)

    def expression(self, polynomial: fmpz_mpoly, shift: int = 0, divisor: int = 1) -> sp.Expr:
        """Return an integer polynomial, divided by a power of the exponential and a number, as an expanded SymPy expression.

        The terms are different and in SymPy's order, so it need not look for equal ones and ask each whether it commutes.
        """
        spend(40 * len(polynomial))
        number = sp.Integer if divisor == 1 else partial(sp.Rational, q=divisor)
        terms = {(*m[:-1], m[-1] - shift) if shift else tuple(m): number(int(c)) for m, c in polynomial.terms()}
        constant = terms.pop((0,) * len(self.symbols), None)
        listed = [_keep_coeff(c, self._monomial(m)) for m, c in terms.items()]
        _addsort(listed)
        return sp.Add._from_args(([] if constant is None else [constant]) + listed, is_commutative=True)

    def _monomial(self, exponents: tuple[int, ...]) -> sp.Expr:
        found = self.monomials.get(exponents)
        if found is None:
            found = self.monomials[exponents] = sp.Mul(*(s**e for s, e in zip(self.symbols, exponents, strict=True) if e))
        return found

    def factors(self, polynomial: Sequence[Fraction]) -> list[tuple[list[Fraction], int]]:
        """Return the irreducible factors of positive degree with multiplicities, leading coefficients first, not monic.

        FLINT factors it as an integer polynomial in the parameters and one more variable (Gauss's lemma).
        """
        common = common_denominator(self.unit, polynomial)
        wider = fmpz_mpoly_ctx.get([*self.context.names(), "y"], Ordering.lex)
        terms: dict[tuple[int, ...], fmpz] = {}
        for k, c in enumerate(reversed(polynomial)):
            scaled = c.numer * (common / c.denom)
            terms |= {(*monomial, k): coefficient for monomial, coefficient in scaled.terms()}
        return [(self._dense(f), e) for f, e in irreducible_factors(wider.from_dict(terms)) if f.degrees()[-1] > 0]

    def _dense(self, polynomial: fmpz_mpoly) -> list[Fraction]:
        """Return the coefficients of the powers of the last variable, leading one first."""
        parts: dict[int, dict[tuple[int, ...], fmpz]] = {}
        for monomial, coefficient in polynomial.terms():
            parts.setdefault(monomial[-1], {})[monomial[:-1]] = coefficient
        top = max(parts)
        return [Fraction(self.context.from_dict(parts.get(k, {})), self.unit, self) for k in range(top, -1, -1)]
