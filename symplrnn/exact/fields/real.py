"""Fields of real numbers with their order: Q, and Q(theta) in coordinates over Q.

An element of Q(theta) is a rational combination x = x_1 w_1 + ... + x_d w_d of a basis: the radicals that the powers of theta
expand into. Multiplication by an element a is a rational matrix in these coordinates (the regular representation), so that a
matrix (n, m) over Q(theta) acts as a rational matrix (n d, m d), and exact orbits need rational arithmetic only.

An element is 0 iff its coordinates are. Any other one has a sign, which balls of enough digits show: the search for them ends.

Reference: H. Cohen, A Course in Computational Algebraic Number Theory, Springer 1993, section 4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpz

from symplrnn.errors import EntryError
from symplrnn.exact.balls import ball_matrix, working_precision
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.radicals import radicals
from symplrnn.exact.fields.rational import RationalField
from symplrnn.exact.reading.entries import exact_entry
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
        """The degree d over Q."""
        return len(self.basis)

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
    def one(self) -> list[fmpz]:
        """The coordinates of 1: it is in the basis."""
        return [fmpz(int(w == 1)) for w in self.basis]

    @cached_property
    def _inverse(self) -> fmpq_mat:
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
                ball = sum((arb(x) * w for x, w in zip(coordinates, self._basis_balls(bits), strict=True)), arb(0))
                if ball.rad() * arb(2) ** good < abs(ball):
                    return ball
            bits *= 2

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
        if self.degree == 1:
            return rational(value, where)
        number = exact_entry(value, where, {})
        try:
            return self.field.element(number)
        except EntryError as error:
            raise EntryError(f"{where}: {error}; accepted are numbers of the network's field") from None

    def zeros(self, length: int) -> Any:
        """Return a column of zeros."""
        return self.field.fill(length, 1, [self.field.element(0)] * length)


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
    theta = numbers.ext.as_expr()
    basis, powers = radicals(numbers)
    if sp.Integer(1) not in basis or powers.nrows() != powers.ncols() or powers.rank() < powers.nrows():
        d = numbers.mod.degree()
        basis, powers = tuple(theta**k for k in range(d)), fmpq_mat(d, d, [int(i == j) for i in range(d) for j in range(d)])
    return RealField(field, basis, powers)
