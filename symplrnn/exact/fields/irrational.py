"""The field Q(theta)(parameters): rational functions with real algebraic numbers as coefficients.

    (n_0 + n_1 t + ... + n_{d-1} t^{d-1}) / q      modulo the minimal polynomial m(t) of t over Q,

with integer polynomials n_k and q in the parameters (FLINT's) that have no common factor: one normal form. m stays irreducible
over Q(parameters), which is purely transcendental. (SymPy's own fractions over an algebraic number field have no normal form; in
SymPy 1.14 equal ones compare as different.) theta is a primitive element of the algebraic numbers in use and fixes the real
embedding; t = L theta, with an integer L that makes m integral and monic.

The inverse of n comes from the iteration of Faddeev and LeVerrier, without a division but by integers: B_0 = 1 and, for
k = 1, ..., d, A = n B_{k-1}, c_k = tr(A)/k, B_k = A - c_k end with B_d = 0, so n^{-1} = B_{d-1} / c_d. The same iteration inverts
polynomials over this field modulo others (`inverse_modulo`), with one division in the end. Euclid's algorithm would
pass through far longer fractions in both.

Polynomials that mix letters and irrational numbers are not factored. At values of the letters an irreducible polynomial may
have factors anyway, so that nothing that is decided or derived with letters relies on it.

Reference: F. R. Gantmacher, The Theory of Matrices, 1959, chapter IV, section 5 (the iteration).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from flint import fmpq, fmpz, fmpz_mpoly
from sympy.polys.domains.domain import Domain
from sympy.polys.factortools import dup_factor_list
from sympy.polys.polyerrors import CoercionFailed

from symplrnn.exact.fields.fractions import FlintDomain, FlintFractions, Fraction, common_denominator, content, cost, scale
from symplrnn.exact.fields.radicals import element_of_numbers, radicals
from symplrnn.exact.fields.work import limited, spend
from symplrnn.exact.reading.numbers import rational
from symplrnn.exact.writing import text_of

__all__ = ["Extension", "Irrational"]

Parts = tuple[fmpz_mpoly, ...]


class Irrational:
    """An element (n_0 + n_1 t + ...) / q in lowest terms; the leading coefficient of q is positive."""

    __slots__ = ("denom", "domain", "parts")

    def __init__(self, parts: Parts, denom: fmpz_mpoly, domain: Extension) -> None:
        self.parts, self.denom, self.domain = parts, denom, domain

    def parent(self) -> Extension:
        """Return the domain, as SymPy asks for it."""
        return self.domain

    def __bool__(self) -> bool:
        return not all(n.is_zero() for n in self.parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Irrational):
            converted = self.domain.number(other)
            return converted is not None and self == converted
        return bool(self.parts == other.parts and self.denom == other.denom)

    def __hash__(self) -> int:
        return hash((*map(str, self.parts), str(self.denom)))

    def __lt__(self, other: Irrational) -> bool:
        """Order by text, which means nothing: SymPy sorts lists of factors."""
        return str(self) < str(other)

    def __repr__(self) -> str:
        return text_of(self.domain.to_sympy(self))

    def __neg__(self) -> Irrational:
        return Irrational(tuple(-n for n in self.parts), self.denom, self.domain)

    def __pos__(self) -> Irrational:
        return self

    def __add__(self, other: Any) -> Irrational:
        second = self.domain.number(other)
        if second is None:
            return NotImplemented
        _count(self, second)
        common = self.denom.gcd(second.denom)
        left, right = second.denom / common, self.denom / common
        parts = tuple(n * left + k * right for n, k in zip(self.parts, second.parts, strict=True))
        return self.domain.reduced(parts, self.denom * left)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Irrational:
        second = self.domain.number(other)
        if second is None:
            return NotImplemented
        total: Irrational = self + (-second)
        return total

    def __rsub__(self, other: Any) -> Irrational:
        total: Irrational = -self + other
        return total

    def __mul__(self, other: Any) -> Irrational:
        K, second = self.domain, self.domain.number(other)
        if second is None:
            return NotImplemented
        if not self or not second:
            return K.zero
        _count(self, second)
        # Crosswise first: the products are shorter, and only what the reduction modulo m brings in is left to divide by.
        first, last = common_factor(second.denom, self.parts), common_factor(self.denom, second.parts)
        product = K.product(tuple(n / first for n in self.parts), tuple(n / last for n in second.parts))
        return K.reduced(product, (self.denom / last) * (second.denom / first))

    __rmul__ = __mul__

    def inverse(self) -> Irrational:
        """Return 1/x; raise ZeroDivisionError for 0."""
        if not self:
            raise ZeroDivisionError("division by zero")
        K = self.domain
        shared = common_factor(next(n for n in self.parts if not n.is_zero()), self.parts)
        n = tuple(part / shared for part in self.parts)
        above: Parts = (K.unit, *(K.unit * 0 for _ in n[1:]))
        for k in range(1, K.rank):
            _count_product(K, n, above)
            product = K.product(n, above)
            above = (product[0] - K.trace(product) / k, *product[1:])
        _count_product(K, n, above)
        norm = K.trace(K.product(n, above)) / K.rank
        return K.reduced(tuple(part * self.denom for part in above), norm * shared)

    def __truediv__(self, other: Any) -> Irrational:
        second = self.domain.number(other)
        if second is None:
            return NotImplemented
        quotient: Irrational = self * second.inverse()
        return quotient

    __floordiv__ = __truediv__

    def __rtruediv__(self, other: Any) -> Irrational:
        quotient: Irrational = self.inverse() * other
        return quotient

    def __pow__(self, exponent: int) -> Irrational:
        base, result = self if exponent >= 0 else self.inverse(), self.domain.one
        for _ in range(abs(exponent)):
            result = result * base
        return result


def _count(first: Irrational, second: Irrational) -> None:
    """Count an operation on two elements, see `symplrnn.exact.fields.work`; without letters it is not counted."""
    if first.domain.symbols and limited():
        terms = (sum(map(len, first.parts)), len(first.denom), sum(map(len, second.parts)), len(second.denom))
        spend(first.domain.rank * cost(*terms) * scale((*first.parts, first.denom, *second.parts, second.denom)))


def _count_product(K: Extension, first: Parts, second: Parts) -> None:
    """Count a product of parts without denominators."""
    if K.symbols and limited():
        spend(4 * K.rank**2 + sum(map(len, first)) * sum(map(len, second)) // 15 * scale(second))


def common_factor(polynomial: fmpz_mpoly, others: Sequence[fmpz_mpoly]) -> fmpz_mpoly:
    """Return the greatest common divisor of some polynomials, integer content included."""
    for other in others:
        if polynomial.is_one():
            break
        polynomial = polynomial.gcd(other)
    return polynomial


class Extension(FlintDomain):
    """The field Q(theta)(parameters) as a SymPy domain.

    Attributes
    ----------
    numbers : AlgebraicField
        Q(theta).
    domain : FlintFractions
        Q(parameters).
    rank : int
        The degree of theta.

    >>> a = sp.Symbol("a", positive=True)
    >>> K = Extension(sp.QQ.algebraic_field(sp.sqrt(2)), (a,))
    >>> K, K.to_sympy(1 / (K.from_sympy(a) - K.from_sympy(sp.sqrt(2))))
    (QQ<sqrt(2)>(a), a/(a**2 - 2) + sqrt(2)/(a**2 - 2))
    """

    rep = "Extension"

    def __init__(self, numbers: Domain, symbols: Sequence[sp.Symbol]) -> None:
        self.numbers, self.domain = numbers, FlintFractions(symbols)
        self.symbols, self.unit = self.domain.symbols, self.domain.unit
        self.dtype = Irrational
        given = [rational(sp.QQ.to_sympy(c), "coefficient") for c in reversed(numbers.mod.to_list())]
        monic = [c / given[-1] for c in given]
        self.rank = len(monic) - 1
        self.scale = fmpz(1)  # L
        for c in monic:
            self.scale = self.scale.lcm(c.q)
        # m(t) = t^d + ... with t = L theta; the powers t^d, ..., t^{2d-2} in the basis; the traces of the basis
        self.modulus = [(c * self.scale ** (self.rank - k)).p for k, c in enumerate(monic[:-1])]
        self.powers = self._high_powers()
        self.traces = self._traces()
        self.zero = self._of([])
        self.one = self._of([self.unit])
        self.generator = self.from_number(numbers.unit) if self.rank > 1 else self.one

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Extension) and self.numbers == other.numbers and self.domain == other.domain

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.numbers, self.domain))

    def __str__(self) -> str:
        return f"{self.numbers}({','.join(map(str, self.symbols))})"

    __repr__ = __str__

    def _high_powers(self) -> list[list[fmpz]]:
        rows = [[-c for c in self.modulus]]
        for _ in range(self.rank - 2):
            *low, top = rows[-1]
            rows.append([a - top * c for a, c in zip([fmpz(0), *low], self.modulus, strict=True)])
        return rows

    def _traces(self) -> list[fmpz]:
        """Return the sums of the powers of the conjugates of t, by Newton's identities."""
        sums, d = [fmpz(self.rank)], self.rank
        for k in range(1, d):
            sums.append(-sum((self.modulus[d - i] * sums[k - i] for i in range(1, k)), k * self.modulus[d - k]))
        return sums

    def trace(self, parts: Parts) -> fmpz_mpoly:
        """Return the trace over Q(parameters) of n_0 + n_1 t + ..."""
        return sum((n * c for n, c in zip(parts[1:], self.traces[1:], strict=True)), parts[0] * self.rank)

    def product(self, first: Parts, second: Parts) -> Parts:
        """Return the product of n_0 + n_1 t + ... and another one modulo m."""
        d = self.rank
        found: list[Any] = [self.unit * 0] * (2 * d - 1)
        for i, n in enumerate(first):
            for j, k in enumerate(second):
                if not n.is_zero() and not k.is_zero():
                    found[i + j] = found[i + j] + n * k
        low = found[:d]
        for high, row in zip(found[d:], self.powers, strict=False):
            if not high.is_zero():
                low = [n + high * c for n, c in zip(low, row, strict=True)]
        return tuple(low)

    def reduced(self, parts: Parts, denom: fmpz_mpoly) -> Irrational:
        """Return the element (n_0 + n_1 t + ...)/q in lowest terms."""
        common = common_factor(denom, parts)
        if denom.leading_coefficient() < 0:
            common = -common
        if common.is_one():
            return Irrational(parts, denom, self)
        return Irrational(tuple(n / common for n in parts), denom / common, self)

    def _of(self, parts: Sequence[fmpz_mpoly]) -> Irrational:
        return Irrational((*parts, *[self.unit * 0] * (self.rank - len(parts))), self.unit, self)

    def of_type(self, element: Any) -> bool:
        """Return whether an element is one of this domain."""
        return isinstance(element, Irrational) and element.domain == self

    def number(self, value: Any) -> Irrational | None:
        """Return an element, a rational number or an element of Q(parameters) as an element; None for anything else."""
        if isinstance(value, Irrational):
            return value
        found = self.domain.number(value)
        return None if found is None else self.reduced(self._of([found.numer]).parts, found.denom)

    def coefficients(self, element: Irrational) -> list[Fraction]:
        """Return the coefficients in Q(parameters) of the powers of theta, constant term first."""
        return [self.domain.reduced(n * self.scale**k, element.denom) for k, n in enumerate(element.parts)]

    def from_coefficients(self, coefficients: Sequence[Fraction]) -> Irrational:
        """Return the element with these coefficients of the powers of theta, at most d of them."""
        denom = common_denominator(self.unit, coefficients) * self.scale ** (self.rank - 1)
        parts = [c.numer * (denom / (c.denom * self.scale**k)) for k, c in enumerate(coefficients)]
        return self.reduced(self._of(parts).parts, denom)

    def from_number(self, number: Any) -> Irrational:
        """Return an element of Q(theta) as one of K."""
        listed = [rational(sp.QQ.to_sympy(c), "coefficient") for c in reversed(number.to_list())]
        return self.from_coefficients([self.domain.ratio(int(c.p), int(c.q)) for c in listed])

    def factors(self, monic: list[Irrational]) -> list[tuple[list[Irrational], int]]:
        """Return the factors of a monic polynomial over Q(theta) or Q(parameters) there; any other one is returned whole."""
        parts = [self.coefficients(c) for c in monic]
        if all(c.numer.is_constant() and c.denom.is_constant() for row in parts for c in row):
            _, factors = dup_factor_list([self.to_number(c) for c in monic], self.numbers)
            return [([self.from_number(c) for c in f], int(e)) for f, e in factors]
        if not any(c for row in parts for c in row[1:]):
            found = self.domain.factors([row[0] for row in parts])
            return [([self.convert(c) for c in f], e) for f, e in found]
        return [(monic, 1)] if len(monic) > 1 else []

    def to_number(self, element: Irrational) -> Any:
        """Return an element without parameters as one of Q(theta)."""
        listed = [fmpq(c.numer.leading_coefficient(), c.denom.leading_coefficient()) for c in self.coefficients(element)]
        return self.numbers([sp.QQ(int(c.p), int(c.q)) for c in reversed(listed)])

    def from_sympy(self, expression: sp.Expr) -> Irrational:
        """Return a parameter or a number as an element; other expressions are read by `symplrnn.exact.fields.domain`."""
        if expression.is_Symbol or expression is sp.E or isinstance(expression, sp.exp):
            letter: Irrational = self.convert(self.domain.from_sympy(expression))
            return letter
        if not expression.is_number:
            raise CoercionFailed(f"{expression} is no parameter or number")
        return self.from_number(element_of_numbers(self.numbers, expression))

    def to_sympy(self, element: Irrational) -> sp.Expr:
        """Return an element as a combination of radicals with coefficients in Q(parameters)."""
        found, matrix = radicals(self.numbers)
        total = [self.domain.zero] * len(found)
        for k, c in enumerate(self.coefficients(element)):
            for r in range(len(found)):
                if matrix[k, r] != 0:
                    total[r] += c * self.domain.ratio(int(matrix[k, r].p), int(matrix[k, r].q))
        return sp.Add(*(self.domain.to_sympy(c) * radical for c, radical in zip(total, found, strict=True)))

    def denominator(self, element: Irrational) -> sp.Expr:
        """Return the denominator in lowest terms, a primitive integer polynomial in the parameters."""
        return self.domain.expression(element.denom / self.domain.context.constant(content(element.denom)))
