"""Rational functions of real parameters with square roots of rational numbers as coefficients, of bounded size.

    (sum_d n_d sqrt(d)) / q,      d squarefree, n_d and q integer polynomials in the parameters (FLINT)

The square roots of the squarefree integers are linearly independent over the rational functions, so with q free of them
(denominators are rationalised) and everything divided by common factors the form is unique: what is zero, or rational, is seen.
Degrees are bounded before a product is formed, and so is its cost: each operation is charged against one budget. That makes it
safe to calculate with what comes from outside.

Exponentials may stand among the parameters: letters for those of products of letters, and as the last one that of a rational
number, which is transcendental over the algebraic numbers (`symplrnn.exact.reading.exponentials`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import gcd
from typing import Any

import sympy as sp
from flint import Ordering, fmpq, fmpz, fmpz_mpoly, fmpz_mpoly_ctx

from symplrnn import limits
from symplrnn.exact.reading.exponentials import in_powers
from symplrnn.exact.writing import text_of

__all__ = ["Function", "Functions", "Refused", "as_expression", "is_turned", "power"]


class Refused(ArithmeticError):
    """An operation has no value or is over a limit; the text completes a sentence that begins with the expression."""


class Functions:
    """Where functions of some parameters live: the polynomial ring, and the work left.

    >>> a = sp.Symbol("a", real=True)
    >>> F = Functions([a])
    >>> x, root = F.symbol(a), F.square_root(fmpq(2))
    >>> as_expression(1 / (x + root))
    (a - sqrt(2))/(a**2 - 2)
    >>> root * root - 2
    0
    """

    def __init__(self, symbols: Sequence[sp.Symbol], exponential: sp.Expr | None = None) -> None:
        self.letters, self.exponential = len(symbols), exponential
        self.symbols = (*symbols, *([] if exponential is None else [exponential]))
        self.context = fmpz_mpoly_ctx.get(tuple(f"x{i}" for i in range(len(self.symbols))), Ordering.degrevlex)
        self.one = self.context.constant(1)
        self.primes: set[int] = set()
        self.work = limits.READING_PRODUCTS

    def symbol(self, symbol: sp.Symbol) -> Function:
        """Return a parameter as a function."""
        return Function(self, {1: self.context.gen(self.symbols.index(symbol))}, self.one)

    def square_root(self, value: fmpq | Function) -> fmpq | Function:
        """Return the square root of a rational number that is not negative, as k sqrt(d) / q with d squarefree."""
        if not isinstance(value, fmpq) or value < 0:
            raise Refused("has the square root of what is no rational number of at least 0")
        inside = fmpz(value.p * value.q)
        whole = inside.isqrt()
        if whole * whole == inside:
            return fmpq(whole, value.q)
        if inside.bit_length() > limits.RADICAND_BITS:
            raise Refused(f"has the square root of a fraction of more than {limits.RADICAND_BITS} bits that is no square")
        outside, free = fmpz(1), 1
        for prime, exponent in inside.factor():
            outside *= prime ** (int(exponent) // 2)
            if exponent % 2:
                free *= int(prime)
                self.primes.add(int(prime))
        if len(self.primes) > limits.RADICAL_PRIMES:
            raise Refused(f"has square roots with more than {limits.RADICAL_PRIMES} different primes")
        return self.normal({free: self.context.constant(outside)}, self.context.constant(value.q))

    def exponential_of(self, exponent: sp.Expr) -> fmpq | Function:
        """Return an exponential that is a product of integer powers of those among the symbols."""
        powers = in_powers(exponent, self.symbols)
        if powers is None:
            raise Refused(f"has exp({exponent}), which is no product of integer powers of other exponentials")
        total: Any = fmpq(1)
        for place, power in powers.items():
            total = Function(self, {1: self.context.gen(place)}, self.one) ** power * total
        exact: fmpq | Function = total
        return exact

    def degree(self, f: fmpz_mpoly) -> int:
        """Return the total degree in the parameters of a polynomial that is not zero; that in the exponential does not count."""
        if self.exponential is None:
            return int(f.total_degree())
        return max(sum(map(int, monomial[: self.letters])) for monomial in f.monoms())

    def charge(self, f: fmpz_mpoly, g: fmpz_mpoly) -> None:
        """Take the cost of a product off the work left; refuse it if too little is left."""
        self.work -= len(f) * len(g) * (1 + (_bits(f) + _bits(g)) // 64)
        if self.work < 0:
            raise Refused("takes more work to multiply out than is allowed")

    def product(self, f: fmpz_mpoly, g: fmpz_mpoly) -> fmpz_mpoly:
        """Return a product of polynomials that are not zero; refuse it, before it is formed, if it is too large."""
        if self.degree(f) + self.degree(g) > limits.FUNCTION_DEGREE:
            raise Refused(f"has a total degree of more than {limits.FUNCTION_DEGREE}")
        if self.exponential is not None and f.degrees()[-1] + g.degrees()[-1] > limits.EXPONENTIAL_POWER:
            raise Refused(f"has powers of {self.exponential} above {limits.EXPONENTIAL_POWER}")
        self.charge(f, g)
        return _sized(f * g)

    def common(self, polynomial: fmpz_mpoly, others: Iterable[fmpz_mpoly]) -> fmpz_mpoly:
        """Return the greatest common divisor of some polynomials, integer content included."""
        for other in others:
            if polynomial.is_one():
                break
            self.charge(polynomial, other)
            polynomial = polynomial.gcd(other)
        return polynomial

    def normal(self, parts: Mapping[int, fmpz_mpoly], denominator: fmpz_mpoly) -> fmpq | Function:
        """Return the function in lowest terms, as a rational number if it is one."""
        present = {d: f for d, f in parts.items() if not f.is_zero()}
        if not present:
            return fmpq(0)
        common = self.common(denominator, present.values())
        if denominator.leading_coefficient() < 0:
            common = -common
        if not common.is_one():
            present = {d: f / common for d, f in present.items()}
            denominator = denominator / common
        if set(present) == {1} and present[1].is_constant() and denominator.is_constant():
            return fmpq(present[1].leading_coefficient(), denominator.leading_coefficient())
        if sum(map(len, present.values())) > limits.FUNCTION_TERMS or len(denominator) > limits.FUNCTION_TERMS:
            raise Refused(f"has more than {limits.FUNCTION_TERMS} terms when it is multiplied out")
        return Function(self, present, denominator)


class Function:
    """A rational function that is no rational number, in the unique form at the head of this file.

    Sums, products, quotients and powers with an integer exponent are functions or rational numbers (``fmpq``); division by
    zero and sizes over a limit raise `Refused`.
    """

    __slots__ = ("denominator", "parts", "ring")

    def __init__(self, ring: Functions, parts: Mapping[int, fmpz_mpoly], denominator: fmpz_mpoly) -> None:
        self.ring, self.parts, self.denominator = ring, parts, denominator

    def _lift(self, value: Any) -> Function:
        if isinstance(value, Function):
            return value
        exact = fmpq(value)
        constant = self.ring.context.constant
        return Function(self.ring, {1: constant(exact.p)} if exact != 0 else {}, constant(exact.q))

    def __add__(self, other: Any) -> Any:
        ring, right = self.ring, self._lift(other)
        common = ring.common(self.denominator, [right.denominator])
        mine, theirs = right.denominator / common, self.denominator / common
        parts = {d: ring.product(f, mine) for d, f in self.parts.items()}
        for d, f in right.parts.items():
            scaled = ring.product(f, theirs)
            parts[d] = _sized(parts[d] + scaled) if d in parts else scaled
        return ring.normal(parts, ring.product(self.denominator, mine))

    __radd__ = __add__

    def __neg__(self) -> Function:
        return Function(self.ring, {d: -f for d, f in self.parts.items()}, self.denominator)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        ring, right = self.ring, self._lift(other)
        if not right.parts:
            return fmpq(0)
        # Crosswise first, so that the degrees of the product are known before it is formed.
        upper = ring.common(right.denominator, self.parts.values())
        lower = ring.common(self.denominator, right.parts.values())
        left_parts = {d: f / upper for d, f in self.parts.items()}
        right_parts = {d: f / lower for d, f in right.parts.items()}
        denominator = ring.product(self.denominator / lower, right.denominator / upper)
        return ring.normal(_multiply(ring, left_parts, right_parts), denominator)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self * (other.inverse() if isinstance(other, Function) else 1 / fmpq(other))

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def inverse(self) -> Any:
        """Return the reciprocal: multiply by conjugates until the denominator has no square roots."""
        ring, parts = self.ring, dict(self.parts)
        conjugates: dict[int, fmpz_mpoly] = {1: ring.one}
        for prime in sorted(ring.primes):
            if any(d % prime == 0 for d in parts):
                conjugate = {d: -f if d % prime == 0 else f for d, f in parts.items()}
                conjugates = _multiply(ring, conjugates, conjugate)
                parts = _multiply(ring, parts, conjugate)
        return ring.normal({d: ring.product(f, self.denominator) for d, f in conjugates.items()}, parts[1])

    def __pow__(self, exponent: int) -> Any:
        size = abs(exponent)
        degree = max(self.ring.degree(f) for f in (*self.parts.values(), self.denominator))
        if size > (limits.FUNCTION_DEGREE if degree else limits.CONSTANT_EXPONENT):
            raise Refused(
                f"has the exponent {exponent}; accepted are exponents up to {limits.FUNCTION_DEGREE} in size on parameters"
            )
        if degree * size > limits.FUNCTION_DEGREE:
            raise Refused(f"has a total degree of more than {limits.FUNCTION_DEGREE}")
        base: Any = self.inverse() if exponent < 0 else self
        result: Any = fmpq(1)
        for bit in bin(size)[2:]:
            result = result * result
            if bit == "1":
                result = result * base
        return result

    def __str__(self) -> str:
        return text_of(as_expression(self))


def power(base: Any, exponent: int) -> Any:
    """Return a power of a rational number or function; refuse division by zero and sizes over the limits."""
    if isinstance(base, fmpq):
        if base == 0 and exponent < 0:
            raise Refused("divides by zero")
        if max(base.p.bit_length(), base.q.bit_length()) * abs(exponent) > limits.FUNCTION_BITS:
            raise Refused(f"is a number of more than {limits.FUNCTION_BITS} bits")
    return base**exponent


def as_expression(value: fmpq | Function) -> fmpq | sp.Expr:
    """Return a function as a SymPy expression: expanded numerator over expanded denominator, integer coefficients.

    A constant denominator goes into the coefficients, and a power of the exponential into the terms. A rational number stays one.
    """
    if not isinstance(value, Function):
        return value
    ring, denominator = value.ring, value.denominator
    symbols, shift = ring.symbols, [0] * len(ring.symbols)
    if ring.exponential is not None:
        shift[-1] = min(int(monomial[-1]) for monomial in denominator.monoms())
    parts = value.parts
    if is_turned(denominator, ring.letters):
        denominator, parts = -denominator, {d: -f for d, f in parts.items()}
    if len(denominator) == 1 and ring.degree(denominator) == 0:
        scale, below = int(denominator.leading_coefficient()), None
    else:
        scale, below = 1, _polynomial(denominator, symbols, 1, 1, shift)
    above = sp.Add(*(_polynomial(f, symbols, d, scale, shift) for d, f in parts.items()))
    return above if below is None else above / below


def is_turned(denominator: fmpz_mpoly, letters: int) -> bool:
    """Return whether a denominator is a polynomial in an exponential alone, the last variable, whose lowest term is negative.

    1/(1 - exp(-1/10)) reads better than -1/(exp(-1/10) - 1).
    """
    terms = [(tuple(map(int, monomial)), c) for monomial, c in denominator.terms()]
    if len(terms) == 1 or any(any(monomial[:letters]) for monomial, _ in terms):
        return False
    return bool(min(terms)[1] < 0)


def _polynomial(f: fmpz_mpoly, symbols: tuple[sp.Expr, ...], radicand: int, scale: int, shift: Sequence[int]) -> sp.Expr:
    root = sp.sqrt(radicand)
    terms = [(c, [int(e) - s for e, s in zip(exponents, shift, strict=True)]) for exponents, c in f.terms()]
    return sp.Add(
        *(
            sp.Mul(sp.Rational(int(c), scale), root, *(s**e for s, e in zip(symbols, exponents, strict=True) if e))
            for c, exponents in terms
        )
    )


def _bits(f: fmpz_mpoly) -> int:
    return max((int(c.bit_length()) for c in f.coeffs()), default=0)


def _sized(f: fmpz_mpoly) -> fmpz_mpoly:
    if len(f) > limits.FUNCTION_TERMS:
        raise Refused(f"has more than {limits.FUNCTION_TERMS} terms when it is multiplied out")
    if len(f) * _bits(f) > limits.FUNCTION_BITS:
        raise Refused(f"has coefficients of more than {limits.FUNCTION_BITS} bits together")
    return f


def _multiply(ring: Functions, left: Mapping[int, fmpz_mpoly], right: Mapping[int, fmpz_mpoly]) -> dict[int, fmpz_mpoly]:
    """Return the product of sums of n_d sqrt(d), zeros left out: sqrt(c) sqrt(d) = g sqrt(c d / g^2) with g = gcd(c, d)."""
    total: dict[int, fmpz_mpoly] = {}
    for c, f in left.items():
        for d, h in right.items():
            g = gcd(c, d)
            key, term = c * d // g**2, ring.product(f, h) * g
            total[key] = _sized(total[key] + term) if key in total else term
    return {d: f for d, f in total.items() if not f.is_zero()}
