"""Fields of real numbers with their order: Q, Q(theta) in coordinates over Q, and these with an exponential exp(-1/d).

An element of Q(theta) is a rational combination x = x_1 w_1 + ... + x_d w_d of a basis: the radicals that the powers of theta
expand into. Multiplication by an element a is a rational matrix in these coordinates (the regular representation), so that a
matrix (n, m) over Q(theta) acts as a rational matrix (n d, m d), and exact orbits need rational arithmetic only.

With E = exp(-1/d) the field is one of rational functions of E: no finite number of coordinates over Q will do, and an element is
its own and only coordinate.

An element is 0 iff its coordinates are. Any other one has a sign, which balls of enough digits show: the search for them ends.

Reference: H. Cohen, A Course in Computational Algebraic Number Theory, Springer 1993, section 4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpz, fmpz_mat, fmpz_mpoly

from symplrnn.errors import EntryError
from symplrnn.exact.balls import ball_matrix, working_precision
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.fractions import FlintFractions, Fraction, common_denominator
from symplrnn.exact.fields.irrational import Extension
from symplrnn.exact.fields.radicals import radicals
from symplrnn.exact.fields.rational import RationalField
from symplrnn.exact.reading.entries import exact_entry
from symplrnn.exact.reading.exponentials import exponent_of
from symplrnn.exact.reading.numbers import entry_vector, rational, to_sympy
from symplrnn.exact.signs import ball_of, sign_of

__all__ = ["RealField", "combination", "real_field"]

FIRST_BITS = 64


@dataclass(frozen=True, eq=False)
class RealField:
    """A field Q(theta) of real numbers, with coordinates, enclosures and signs of its elements; d = 1 for Q.

    Attributes
    ----------
    field : Field
    basis : tuple of SymPy expressions
        w_1 ... w_d, one of them 1.
    powers : fmpq_mat (d, d)
        The coordinates of 1, theta, ..., theta^{d-1}, one row each.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> K = field_of([sp.sqrt(2)])
    >>> R = real_field(K)
    >>> R.basis, R.coordinates(K.element(3 - sp.sqrt(2))), R.sign([fmpz(7), fmpz(-5)])
    ((1, sqrt(2)), [3, -1], -1)
    """

    field: Field
    basis: tuple[sp.Expr, ...]
    powers: fmpq_mat

    @property
    def degree(self) -> int:
        """The number d of coordinates of an element: the degree over Q if they are rational."""
        return len(self.basis)

    @property
    def is_rational(self) -> bool:
        """Whether the field is Q."""
        return self.degree == 1

    @property
    def has_exponential(self) -> bool:
        """Whether the field has an exponential, and so is no finite extension of Q."""
        return False

    # Coordinates

    def coordinates(self, element: Any) -> list[fmpq]:
        """Return the coordinates of an element."""
        if isinstance(element, fmpq):
            return [element]
        listed = [rational(sp.QQ.to_sympy(c), "coefficient") for c in reversed(element.to_list())]
        listed += [fmpq(0)] * (self.degree - len(listed))
        found: list[fmpq] = (fmpq_mat(1, self.degree, listed) * self.powers).entries()
        return found

    def rational(self, element: Any) -> fmpq | None:
        """Return an element as a rational number if it is one, else None."""
        if isinstance(element, fmpq):
            return element
        listed = self.coordinates(element)
        first = self.basis.index(sp.Integer(1))
        return listed[first] if all(x == 0 for k, x in enumerate(listed) if k != first) else None

    def element(self, coordinates: Sequence[fmpq | fmpz]) -> Any:
        """Return the element with these coordinates."""
        if self.degree == 1:
            return fmpq(coordinates[0])
        listed = (fmpq_mat(1, self.degree, list(coordinates)) * self._inverse).entries()
        return self.field.domain([sp.QQ(int(c.p), int(c.q)) for c in reversed(listed)])  # type: ignore[attr-defined]

    def column(self, matrix: Any) -> Any:
        """Return a column (n, 1) as the column (n d, 1) of its coordinates."""
        if self.degree == 1:
            return matrix
        listed = [c for x in matrix.entries() for c in self.coordinates(x)]
        return fmpq_mat(len(listed), 1, listed)

    def elements(self, column: Any) -> Any:
        """Return a column (n d, 1) of coordinates, rational or whole, as the column (n, 1) over the field."""
        if self.degree == 1:
            return fmpq_mat(column)
        found = [self.element(x) for x in self.split(column)]
        return self.field.fill(len(found), 1, found)

    def split(self, column: Any) -> list[list[Any]]:
        """Return the coordinates of each entry of a column (n d, 1)."""
        d, listed = self.degree, column.entries()
        return [listed[i : i + d] for i in range(0, len(listed), d)]

    def regular(self, matrix: Any) -> Any:
        """Return a matrix (n, m) as the rational matrix (n d, m d) that does to coordinates what it does to elements."""
        if self.degree == 1:
            return matrix
        d, n, m = self.degree, matrix.nrows(), matrix.ncols()
        blocks = [[self._multiplication(x).tolist() for x in row] for row in matrix.tolist()]
        return fmpq_mat(n * d, m * d, [x for row in blocks for k in range(d) for block in row for x in block[k]])

    @cached_property
    def one(self) -> list[Any]:
        """The coordinates of 1: it is in the basis."""
        return [fmpz(int(w == 1)) for w in self.basis]

    def over_common_denominator(self, matrices: Sequence[Any]) -> tuple[list[Any], fmpz]:
        """Return matrices of coordinates as matrices without denominators, each divided by the same positive integer."""
        parts = [matrix.numer_denom() for matrix in matrices]
        q = fmpz(1)
        for _, denominator in parts:
            q = q.lcm(denominator)
        return [numerator * (q // denominator) for numerator, denominator in parts], q

    def whole(self, entries: Sequence[Any]) -> Any:
        """Return a column of coordinates without denominators."""
        return fmpz_mat(len(entries), 1, list(entries))

    def rationals(self, element: Any) -> list[fmpq]:
        """Return the rational numbers that an element is written with."""
        return self.coordinates(element)

    def in_common_basis(self, elements: Sequence[Any]) -> list[list[fmpq]]:
        """Return rational coordinates of elements for real numbers that are linearly independent over Q."""
        return [self.coordinates(x) for x in elements]

    def bits(self, element: Any) -> int:
        """Return how many bits the rational numbers in an element have together."""
        return sum(int(c.p.bit_length() + c.q.bit_length()) - 1 for c in self.rationals(element))

    def without_exponential(self, element: Any) -> tuple[fmpq, Any]:
        """Return the r and x of an element exp(r) x that is not 0, with no power of the exponential left to be taken out of x."""
        return fmpq(0), element

    def power_bits(self, matrix: Any) -> int:
        """Return about how many bits the entries of the powers of a matrix gain with each factor."""
        numerators, denominator = self.regular(matrix).numer_denom()
        longest: int = max(x.bit_length() for x in (denominator, *numerators.entries()))
        return longest

    @cached_property
    def _inverse(self) -> Any:
        """The basis in powers of theta."""
        return self.powers.inv()

    @cached_property
    def _tables(self) -> list[fmpq_mat]:
        """Multiplication by 1, theta, ..., theta^{d-1} in coordinates."""
        d, numbers = self.degree, self.field.domain  # type: ignore[attr-defined]
        given = [rational(sp.QQ.to_sympy(c), "coefficient") for c in reversed(numbers.mod.to_list())]
        companion = fmpq_mat(
            d, d, [-given[i] / given[d] if j == d - 1 else fmpq(int(i == j + 1)) for i in range(d) for j in range(d)]
        )
        to_basis = self.powers.transpose()
        theta = to_basis * companion * to_basis.inv()
        found = [fmpq_mat(d, d, [int(i == j) for i in range(d) for j in range(d)])]
        while len(found) < d:
            found.append(found[-1] * theta)
        return found

    def _multiplication(self, element: Any) -> fmpq_mat:
        total = self._tables[0] * fmpq(0)
        for c, table in zip(reversed(element.to_list()), self._tables, strict=False):
            total += table * rational(sp.QQ.to_sympy(c), "coefficient")
        return total

    # Enclosures and signs

    def ball(self, coordinates: Sequence[fmpq | fmpz]) -> arb:
        """Return an enclosure of an element, given by coordinates, with about as many good bits as the working precision."""
        if self.degree == 1:
            return arb(coordinates[0])
        return self._away_from_zero(coordinates, ctx.prec)

    def balls(self, matrix: Any) -> arb_mat:
        """Return the entrywise enclosure of a matrix over the field at the current precision."""
        if self.degree == 1:
            return ball_matrix(matrix)
        return arb_mat(matrix.nrows(), matrix.ncols(), [self.ball(self.coordinates(x)) for x in matrix.entries()])

    def sign(self, coordinates: Sequence[fmpq | fmpz]) -> int:
        """Return the sign of an element, given by coordinates."""
        return sign_of(coordinates[0] if self.degree == 1 else self._away_from_zero(coordinates, 1))

    def signs(self, column: Any) -> list[int]:
        """Return the signs of the entries of a column of coordinates."""
        if self.degree == 1:
            return [sign_of(x) for x in column.entries()]
        return [self.sign(x) for x in self.split(column)]

    def sign_of(self, element: Any) -> int:
        """Return the sign of an element."""
        return sign_of(element) if self.degree == 1 else self.sign(self.coordinates(element))

    def _away_from_zero(self, coordinates: Sequence[fmpq | fmpz], good: int) -> arb:
        """Return a ball with so many good bits at least, exactly 0 for 0."""
        if all(x == 0 for x in coordinates):
            return arb(0)
        bits = max(FIRST_BITS, good + FIRST_BITS // 2)
        while True:  # it ends, since the number is not 0
            with working_precision(bits):
                ball = self._enclosure(coordinates, bits)
                if ball.rad() * arb(2) ** good < abs(ball):
                    return ball
            bits *= 2

    def _enclosure(self, coordinates: Sequence[Any], bits: int) -> arb:
        """Return a ball around an element at a working precision."""
        return sum((arb(x) * w for x, w in zip(coordinates, self._basis_balls(bits), strict=True)), arb(0))

    def _basis_balls(self, bits: int) -> list[arb]:
        if bits not in self._known_balls:
            with working_precision(bits):
                self._known_balls[bits] = [ball_of(w) for w in self.basis]
        return self._known_balls[bits]

    @cached_property
    def _known_balls(self) -> dict[int, list[arb]]:
        return {}

    # Input and output

    def vector(self, value: Any, name: str, length: int) -> list[Any]:
        """Return a vector of numbers in the field, given flat, as one column or as one row; raise `EntryError` for others."""
        return entry_vector(value, name, length, entry=self._read)

    def _read(self, value: Any, where: str) -> Any:
        if self.is_rational:
            return rational(value, where)
        number = exact_entry(value, where, {})
        try:
            return self.field.element(number)
        except EntryError as error:
            raise EntryError(f"{where}: {error}; accepted are numbers of the network's field") from None

    def zeros(self, length: int) -> Any:
        """Return a column of zeros."""
        return self.field.fill(length, 1, [self.field.element(0)] * length)


class ExponentialField(RealField):
    """A field Q(E) or Q(theta)(E) with E = exp(-1/d): its elements are their own coordinates.

    A power of E is E to the integer exponent in balls: relative errors stay small. E is transcendental over Q(theta) (Lindemann),
    so no element but 0 has the value 0.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> K = field_of([sp.exp(sp.Rational(-1, 10)), sp.exp(sp.Rational(1, 4))])
    >>> R = real_field(K)
    >>> R.sign_of(K.element(sp.exp(sp.Rational(1, 4)) - sp.Rational(5, 4))), R.without_exponential(K.element(3 * sp.exp(2)))
    (1, (2, 3))
    """

    @property
    def is_rational(self) -> bool:
        """Whether the field is Q: never."""
        return False

    @property
    def has_exponential(self) -> bool:
        """Whether the field has an exponential: always."""
        return True

    @cached_property
    def _functions(self) -> FlintFractions:
        """Q(E)."""
        domain = self.field.domain  # type: ignore[attr-defined]
        found: FlintFractions = domain.domain if isinstance(domain, Extension) else domain
        return found

    @cached_property
    def _numbers(self) -> Any:
        """Q(theta) if there are irrational algebraic numbers."""
        domain = self.field.domain  # type: ignore[attr-defined]
        return domain.numbers if isinstance(domain, Extension) else None

    @cached_property
    def _exponent(self) -> fmpq:
        """-1/d."""
        return rational(exponent_of(self._functions.symbols[0]), "exponent")

    def _parts(self, element: Any) -> list[Fraction]:
        """Return the coefficients in Q(E) of 1, theta, theta^2, ..."""
        return [element] if self._numbers is None else self.field.domain.coefficients(element)  # type: ignore[attr-defined]

    def coordinates(self, element: Any) -> list[Any]:
        """Return the coordinates of an element: itself."""
        return [self.field.element(element)]

    def rational(self, element: Any) -> fmpq | None:
        """Return an element as a rational number if it is one, else None."""
        first, *others = self._parts(self.field.element(element))
        if any(others) or not (first.numer.is_constant() and first.denom.is_constant()):
            return None
        return fmpq(first.numer.leading_coefficient() if first else 0, first.denom.leading_coefficient())

    def element(self, coordinates: Sequence[Any]) -> Any:
        """Return the element with these coordinates."""
        return self.field.element(coordinates[0])

    def column(self, matrix: Any) -> Any:
        """Return a column of elements as that of its coordinates: itself."""
        return matrix

    def elements(self, column: Any) -> Any:
        """Return a column of coordinates as one of elements: itself."""
        return column

    def regular(self, matrix: Any) -> Any:
        """Return a matrix as what it does to coordinates: itself."""
        return matrix

    @cached_property
    def one(self) -> list[Any]:
        """The coordinate of 1."""
        return [self.field.element(1)]

    def over_common_denominator(self, matrices: Sequence[Any]) -> tuple[list[Any], fmpz]:
        """Return matrices with a common denominator, which is 1: elements are fractions in lowest terms."""
        return list(matrices), fmpz(1)

    def whole(self, entries: Sequence[Any]) -> Any:
        """Return a column of coordinates."""
        return self.field.fill(len(entries), 1, [self.field.element(x) for x in entries])

    def rationals(self, element: Any) -> list[fmpq]:
        """Return the rational numbers that an element is written with."""
        found = self._parts(self.field.element(element))
        return [fmpq(c, 1) for part in found for polynomial in (part.numer, part.denom) for c in polynomial.coeffs()]

    def in_common_basis(self, elements: Sequence[Any]) -> list[list[fmpq]]:
        """Return rational coordinates of elements for the numbers theta^j E^k / q with a common denominator q."""
        parts = [self._parts(self.field.element(x)) for x in elements]
        q = common_denominator(self._functions.unit, (x for listed in parts for x in listed))
        rows = [{(j, k): c for j, x in enumerate(listed) for (k,), c in (x.numer * (q / x.denom)).terms()} for listed in parts]
        places = sorted({place for row in rows for place in row})
        return [[fmpq(row.get(place, 0)) for place in places] for row in rows]

    def without_exponential(self, element: Any) -> tuple[fmpq, Any]:
        """Return the r and x of an element exp(r) x that is not 0, with no power of the exponential left to be taken out of x."""
        K = self.field
        parts = [x for x in self._parts(element) if x]
        power = min(_order(x.numer) - _order(x.denom) for x in parts)
        E = K.element(self._functions.symbols[0])
        return self._exponent * power, element * E**-power

    def power_bits(self, matrix: Any) -> int:
        """Return about how many bits the entries of the powers of a matrix gain with each factor."""
        longest = 1
        for x in matrix.entries():
            for part in self._parts(x):
                for polynomial in (part.numer, part.denom):
                    listed = [int(c.bit_length()) for c in polynomial.coeffs()]
                    longest = max(longest, sum(listed, 0) * max(1, len(listed)))
        return longest

    def ball(self, coordinates: Sequence[Any]) -> arb:
        """Return an enclosure of an element with about as many good bits as the working precision."""
        return self._away_from_zero(coordinates, ctx.prec)

    def balls(self, matrix: Any) -> arb_mat:
        """Return the entrywise enclosure of a matrix over the field at the current precision."""
        return arb_mat(matrix.nrows(), matrix.ncols(), [self.ball([x]) for x in matrix.entries()])

    def sign(self, coordinates: Sequence[Any]) -> int:
        """Return the sign of an element."""
        return sign_of(self._away_from_zero(coordinates, 1))

    def signs(self, column: Any) -> list[int]:
        """Return the signs of the entries of a column."""
        return [self.sign([x]) for x in column.entries()]

    def sign_of(self, element: Any) -> int:
        """Return the sign of an element."""
        return self.sign([element])

    def split(self, column: Any) -> list[list[Any]]:
        """Return the coordinate of each entry of a column."""
        return [[x] for x in column.entries()]

    def _enclosure(self, coordinates: Sequence[Any], bits: int) -> arb:
        theta = arb(1) if self._numbers is None else self._theta_ball(bits)
        E = arb(self._exponent).exp()
        parts = self._parts(self.field.element(coordinates[0]))
        return sum((_value(x.numer, E) / _value(x.denom, E) * theta**k for k, x in enumerate(parts) if x), arb(0))

    def _theta_ball(self, bits: int) -> arb:
        if bits not in self._known_balls:
            with working_precision(bits):
                self._known_balls[bits] = [ball_of(self._numbers.ext.as_expr())]
        return self._known_balls[bits][0]


def _order(polynomial: fmpz_mpoly) -> int:
    """Return the lowest power in a polynomial in one variable that is not 0."""
    return min(int(monomial[0]) for monomial in polynomial.monoms())


def _value(polynomial: fmpz_mpoly, E: arb) -> arb:
    """Return a polynomial in one variable at a ball, by Horner's rule across the gaps between its powers."""
    total, last = arb(0), 0
    for power, c in sorted(((int(monomial[0]), c) for monomial, c in polynomial.terms()), reverse=True):
        total = total * E ** (last - power) + c if last else arb(c)
        last = power
    return total * E**last


def combination(coordinates: Sequence[fmpq], basis: Sequence[sp.Expr]) -> sp.Expr:
    """Return x_1 w_1 + ... + x_d w_d as a SymPy number.

    >>> combination([fmpq(1, 2), fmpq(-3)], (sp.Integer(1), sp.sqrt(2)))
    1/2 - 3*sqrt(2)
    """
    return sp.Add(*(to_sympy(x) * w for x, w in zip(coordinates, basis, strict=True)))


def real_field(field: Field) -> RealField:
    """Return a field without letters, as a network has one, with its order."""
    return _real_field(field)  # type: ignore[arg-type]  # fields are hashable, which the interface does not say


@lru_cache(maxsize=64)
def _real_field(field: Field) -> RealField:
    if isinstance(field, RationalField):
        return RealField(field, (sp.Integer(1),), fmpq_mat([[1]]))
    numbers = field.domain  # type: ignore[attr-defined]
    if isinstance(numbers, FlintFractions | Extension):
        return ExponentialField(field, (sp.Integer(1),), fmpq_mat([[1]]))
    theta = numbers.ext.as_expr()
    basis, powers = radicals(numbers)
    if sp.Integer(1) not in basis or powers.nrows() != powers.ncols() or powers.rank() < powers.nrows():
        d = numbers.mod.degree()
        basis, powers = tuple(theta**k for k in range(d)), fmpq_mat(d, d, [int(i == j) for i in range(d) for j in range(d)])
    return RealField(field, basis, powers)
