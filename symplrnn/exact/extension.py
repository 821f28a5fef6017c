"""The field Q(theta)(parameters): rational functions with real algebraic numbers as coefficients.

    K = Q(parameters)[t] / m(t),      m the minimal polynomial of theta over Q

m stays irreducible over Q(parameters), which is purely transcendental. An element is a polynomial in t of degree less than that
of m with fractions in lowest terms as coefficients: one normal form. (SymPy's own fractions over an algebraic number field have
none; in SymPy 1.14 equal ones compare as different.) theta is a primitive element of the algebraic numbers in use and fixes the
real embedding; between its powers and the radicals that it is made of, a rational matrix translates.

Factoring clears denominators and leaves the multivariate polynomial over Q(theta) to SymPy (Trager's algorithm).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat
from sympy.polys.agca.extensions import ExtensionElement, FiniteExtension
from sympy.polys.densebasic import dup_strip
from sympy.polys.domains.domain import Domain
from sympy.polys.polyclasses import DMP
from sympy.polys.polyerrors import CoercionFailed

from symplrnn.exact.functions import Functions, Refused, as_expression
from symplrnn.exact.numbers import rational, to_sympy

__all__ = ["Extension", "element_of_numbers", "expression_of_numbers", "radicals"]

_T = sp.Symbol("<t>")  # no parameter has this name


@lru_cache(maxsize=64)
def radicals(numbers: Domain) -> tuple[tuple[sp.Expr, ...], fmpq_mat]:
    """Return what the powers of theta expand into, and the matrix of the expansions, one row a power.

    >>> radicals(sp.QQ.algebraic_field(1 + sp.sqrt(2)))
    ((1, sqrt(2)), [1, 0]
    [1, 1])
    """
    expanded = [dict(term.as_coeff_Mul()[::-1] for term in sp.Add.make_args(power)) for power in _powers(numbers)]
    found = tuple(sorted({radical for terms in expanded for radical in terms}, key=sp.default_sort_key))
    zero = sp.Integer(0)
    entries = [rational(terms.get(radical, zero), "coefficient") for terms in expanded for radical in found]
    return found, fmpq_mat(len(expanded), len(found), entries)


def _powers(numbers: Domain) -> list[sp.Expr]:
    """Return 1, theta, theta^2, ... expanded; sums of square roots of rationals directly, which is far faster."""
    degree, terms = numbers.mod.degree(), numbers.ext.as_expr().as_coefficients_dict()
    ring = Functions(())
    try:
        theta: Any = fmpq(0)
        for radical, coefficient in terms.items():
            square = radical**2
            if not (square.is_Rational and radical.is_positive):
                raise Refused("is no sum of square roots")
            theta = ring.square_root(rational(square, "square")) * rational(coefficient, "coefficient") + theta
        powers: list[Any] = [fmpq(1)]
        while len(powers) < degree:
            powers.append(powers[-1] * theta)
        listed = [as_expression(power) for power in powers]
        return [to_sympy(power) if isinstance(power, fmpq) else power for power in listed]
    except Refused:
        return [numbers.to_sympy(numbers.unit**k).expand() for k in range(degree)]


@lru_cache(maxsize=64)
def _coordinates(numbers: Domain) -> dict[sp.Expr, list[fmpq]]:
    """Return the coefficients of the radicals as polynomials in theta, if there are as many of them as powers."""
    found, matrix = radicals(numbers)
    if matrix.nrows() != matrix.ncols() or matrix.rank() < matrix.nrows():
        return {}
    return dict(zip(found, matrix.inv().tolist(), strict=True))


def element_of_numbers(numbers: Domain, expression: sp.Expr) -> Any:
    """Return a real algebraic number as an element of Q(theta); raise `CoercionFailed` if it is none.

    >>> K = sp.QQ.algebraic_field(sp.sqrt(2), sp.sqrt(3))
    >>> element_of_numbers(K, 5 * sp.sqrt(6)) == K.from_sympy(5 * sp.sqrt(6))
    True
    """
    factor, radical = expression.as_coeff_Mul()
    known = _coordinates(numbers).get(radical) if factor.is_Rational else None
    if known is None:
        return numbers.from_sympy(expression)
    scale = rational(factor, "coefficient")
    return numbers([_ground(c * scale) for c in reversed(known)])


def expression_of_numbers(numbers: Domain, element: Any) -> sp.Expr:
    """Return an element of Q(theta) as a combination of radicals."""
    found, matrix = radicals(numbers)
    coefficients = [rational(sp.QQ.to_sympy(c), "coefficient") for c in reversed(element.to_list())]
    row = coefficients + [fmpq(0)] * (matrix.nrows() - len(coefficients))
    combined = fmpq_mat(1, len(row), row) * matrix
    return sp.Add(*(to_sympy(c) * radical for c, radical in zip(combined.entries(), found, strict=True)))


def _ground(value: fmpq) -> Any:
    return sp.QQ(int(value.p), int(value.q))


class Extension(FiniteExtension):  # type: ignore[misc]  # SymPy has no type hints
    """The field Q(theta)(parameters) as a SymPy domain.

    Attributes
    ----------
    numbers : AlgebraicField
        Q(theta).
    domain : FractionField
        Q(parameters), where the coefficients are.

    >>> a = sp.Symbol("a", positive=True)
    >>> K = Extension(sp.QQ.algebraic_field(sp.sqrt(2)), (a,))
    >>> K, K.to_sympy(1 / (K.from_sympy(a) - K.from_sympy(sp.sqrt(2))))
    (QQ<sqrt(2)>(a), a/(a**2 - 2) + sqrt(2)/(a**2 - 2))
    """

    def __init__(self, numbers: Domain, symbols: Sequence[sp.Symbol]) -> None:
        self.numbers = numbers
        super().__init__(sp.Poly(numbers.mod.to_list(), _T, domain=sp.QQ.frac_field(*symbols)))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Extension) and self.numbers == other.numbers and self.domain == other.domain

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.numbers, self.domain))

    def __str__(self) -> str:
        return f"{self.numbers}({','.join(map(str, self.domain.symbols))})"

    __repr__ = __str__

    def convert(self, value: Any, base: Any = None) -> Any:
        """Return a value that SymPy can convert as an element."""
        return value if isinstance(value, ExtensionElement) and value.ext == self else super().convert(value, base)

    # Division is by elements of a field: SymPy's class divides polynomials.

    def exquo(self, a: Any, b: Any) -> Any:
        """Return the quotient."""
        return a / b

    quo = exquo

    def rem(self, a: Any, b: Any) -> Any:
        """Return 0, the remainder of a division in a field."""
        return a % b

    def div(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Return the quotient and 0."""
        return a / b, self.zero

    def coefficients(self, element: Any) -> list[Any]:
        """Return the coefficients in Q(parameters) of the polynomial in theta, constant term first."""
        return list(reversed(element.rep.to_list()))

    def from_coefficients(self, coefficients: Sequence[Any]) -> Any:
        """Return the element with these coefficients, at most deg m of them."""
        listed = dup_strip(list(reversed(coefficients)))
        return ExtensionElement(DMP.from_list(listed, 0, self.domain), self)

    def from_number(self, number: Any) -> Any:
        """Return an element of Q(theta) as one of K."""
        return self.from_coefficients([self.domain.convert_from(c, sp.QQ) for c in reversed(number.to_list())])

    def from_sympy(self, expression: sp.Expr) -> Any:
        """Return a parameter or a number as an element; other expressions are read by `symplrnn.exact.domain`."""
        if expression.is_Symbol:
            return self.from_coefficients([self.domain.from_sympy(expression)])
        if not expression.is_number:
            raise CoercionFailed(f"{expression} is no parameter or number")
        return self.from_number(element_of_numbers(self.numbers, expression))

    def to_sympy(self, element: Any) -> sp.Expr:
        """Return an element as a combination of radicals with coefficients in Q(parameters)."""
        found, matrix = radicals(self.numbers)
        total = [self.domain.zero] * len(found)
        for k, c in enumerate(self.coefficients(element)):
            for r in range(len(found)):
                if matrix[k, r] != 0:
                    total[r] += c * self.domain.convert_from(_ground(matrix[k, r]), sp.QQ)
        return sp.Add(*(self.domain.to_sympy(c) * radical for c, radical in zip(total, found, strict=True)))

    def factor(self, dense: Sequence[Any]) -> list[tuple[list[Any], int]]:
        """Return the irreducible factors of a polynomial in one variable (leading coefficient first) with multiplicities."""
        parts = [self.coefficients(c) for c in reversed(dense)]
        common = self.domain.field.ring.one
        for c in (c for part in parts for c in part):
            common = common.lcm(c.denom)
        terms: dict[tuple[int, ...], Any] = {}
        theta = [self.numbers.unit**k for k in range(self.rank)]
        for i, part in enumerate(parts):
            for k, c in enumerate(part):
                for monomial, number in (c.numer * common.exquo(c.denom)).terms():
                    key = (i, *monomial)
                    terms[key] = terms.get(key, self.numbers.zero) + theta[k] * number
        gens = (_T, *self.domain.symbols)
        _, factors = sp.Poly.from_dict(terms, *gens, domain=self.numbers).factor_list()
        return [(self._dense(f), int(e)) for f, e in factors if f.degree(_T) > 0]

    def _dense(self, factor: sp.Poly) -> list[Any]:
        """Return a polynomial in t and the parameters over Q(theta) as a dense polynomial in t over K."""
        parts: list[list[dict[Any, Any]]] = [[{} for _ in range(self.rank)] for _ in range(factor.degree(_T) + 1)]
        for (i, *monomial), number in factor.rep.to_dict().items():
            for k, c in enumerate(reversed(number.to_list())):
                if c:
                    parts[i][k][tuple(monomial)] = c
        field = self.domain.field
        return [self.from_coefficients([field.new(field.ring.from_dict(c)) for c in part]) for part in reversed(parts)]
