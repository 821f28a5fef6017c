"""The numbers that classify a face: combinations of entries of X^ of one or two regions, with their exact signs.

A number u X^ w with u and w over the network's field K is a number in K plus logarithms of eigenvalues with algebraic
coefficients, as each entry of X^ is (docs/theory, section 5, formula (3)). Its sign is read off a ball that does not contain 0. A
ball never proves that it is 0: that is left to identities between the logarithms (`symplrnn.logarithm.exact_entries`), applied to
the combination as a whole, so that also sums over both regions may cancel. Where neither decides, the sign is None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp
from flint import arb, arb_mat, fmpq, fmpz, fmpz_mat

from symplrnn import limits
from symplrnn.exact.balls import endpoints, working_precision
from symplrnn.exact.fields.real import RealField, real_field
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.exact_entries import rational_entries
from symplrnn.systems.region_ode import RegionODE

__all__ = [
    "Number",
    "Part",
    "Side",
    "first_sign",
    "guess",
    "in_ratio",
]

FIRST_BITS = 128
GUESS_BITS = 256
LARGEST_GUESS = 96  # bits of a numerator or denominator; a ball of GUESS_BITS around another number has no such rational in it


@dataclass(frozen=True, eq=False)
class Side:
    """The field of one region next to a face, with the enclosures of X^ that were computed already."""

    ode: RegionODE
    known: dict[int, arb_mat] = field(default_factory=dict, repr=False)

    @cached_property
    def real(self) -> RealField:
        """The field of the network."""
        return real_field(self.ode.region.network.field)

    @cached_property
    def principal(self) -> Logarithm | None:
        """dt X^ if it is the principal logarithm (E2), whose terms the identities are about, over the field of the network."""
        return self.ode.logarithm if self.ode.is_principal and self.ode.jump is None else None

    @property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """X^ in closed form."""
        return self.ode.augmented

    def balls(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains X^."""
        if bits not in self.known:
            self.known[bits] = self.ode.enclosure(bits)
        return self.known[bits]


@dataclass(frozen=True, eq=False)
class Part:
    """The number u X^ w of one region, for a row u and a column w over the network's field."""

    side: Side
    row: Any
    column: Any

    def ball(self, bits: int) -> arb:
        """Return a ball that contains the number."""
        real = self.side.real
        with working_precision(bits):
            value: arb = (real.balls(self.row) * self.side.balls(bits) * real.balls(self.column))[0, 0]
            return value

    @property
    def expression(self) -> sp.Expr:
        """The number in closed form."""
        X, K, u, w = self.side.augmented, self.side.real.field, self.row.entries(), self.column.entries()
        return sp.Add(*(K.to_sympy(a * b) * X[i, j] for i, a in enumerate(u) for j, b in enumerate(w) if not K.is_zero(a * b)))


@dataclass(frozen=True, eq=False)
class Number:
    """A sum of numbers u X^ w.

    >>> from flint import fmpq_mat
    >>> from symplrnn.network import PLRNN
    >>> side = Side(RegionODE(PLRNN(["1/2"], [["1/4"]], [1]).region("1"), sp.Integer(1)))
    >>> number = Number((Part(side, fmpq_mat([[1, 0]]), fmpq_mat([[2], [1]])),))  # X 2 + y at z = 2
    >>> number.expression, number.sign
    (-2*log(3/4), 1)
    >>> number = Number((Part(side, fmpq_mat([[1, 0]]), fmpq_mat([[4], [1]])),))  # z = 4 is the fixed point
    >>> number.expression, number.sign
    (0, 0)
    """

    parts: tuple[Part, ...]

    @property
    def real(self) -> RealField:
        """The field of the network."""
        return self.parts[0].side.real

    def __add__(self, other: Number) -> Number:
        return Number(self.parts + other.parts)

    def __mul__(self, factor: Any) -> Number:
        """Return the product with a number in the network's field."""
        return Number(tuple(Part(part.side, part.row * factor, part.column) for part in self.parts))

    def ball(self, bits: int) -> arb:
        """Return a ball that contains the number."""
        with working_precision(bits):
            return sum((part.ball(bits) for part in self.parts), arb(0))

    @cached_property
    def exact(self) -> Any:
        """The number itself if it is proved to be in the network's field, such as rational, else None."""
        real, K = self.real, self.real.field
        constant, merged = K.element(0), dict[tuple[fmpq, ...], tuple[Any, list[Any]]]()
        for part in self.parts:
            log = part.side.principal
            if log is None:
                return None
            scale = K.element(1 / part.side.ode.step)
            constant += (part.row * log.rational_part * part.column)[0, 0] * scale
            for term in log.terms:
                small = tuple(part.row * H * part.column * scale for H in term.matrices)
                entries = SpectralTerm(K, term.factor, small, term.denominator).projectors
                key = tuple(x for k in range(term.degree) for x in real.coordinates(K.element(term.factor[k])))
                _, known = merged.get(key, (None, None))
                merged[key] = term.factor, [a + b for a, b in zip(known, entries, strict=True)] if known else list(entries)
        one = K.polynomial([K.element(1)])
        terms = tuple(SpectralTerm(K, factor, tuple(entries), one) for factor, entries in merged.values())
        # A (1, 1) matrix of the form (3); its part in K is the first power of what stands for the unipotent part.
        return rational_entries(Logarithm(K, K.fill(1, 1, [K.element(0)]), (K.fill(1, 1, [constant]),), terms)).get((0, 0))

    @property
    def rational(self) -> fmpq | None:
        """The number itself if it is proved to be rational, else None."""
        return None if self.exact is None else self.real.rational(self.exact)

    @property
    def is_zero(self) -> bool:
        """Whether the number is proved to be 0."""
        return self.exact is not None and self.real.field.is_zero(self.exact)

    @cached_property
    def expression(self) -> sp.Expr:
        """The number in closed form; one of the network's field if it is proved to be one."""
        if self.exact is not None:
            return self.real.field.to_sympy(self.exact)
        return sp.Add(*(part.expression for part in self.parts))

    @cached_property
    def sign(self) -> int | None:
        """1, 0 or -1, or None where the precision limit is reached before it is decided."""
        return first_sign(self.ball, lambda: self.is_zero)


def first_sign(ball: Callable[[int], arb], vanishes: Callable[[], bool]) -> int | None:
    """Return the sign of a number: of the first ball without 0, at doubling precisions, or 0 if it is proved to vanish."""
    bits = FIRST_BITS
    while bits <= limits.FACE_BITS:
        value = ball(bits)
        if value > 0 or value < 0:
            return 1 if value > 0 else -1
        if bits == FIRST_BITS and vanishes():
            return 0
        bits *= 2
    return None


def in_ratio(first: tuple[Number, Number], second: tuple[Number, Number]) -> Any:
    """Return the k in the network's field with first = k second for two pairs of numbers, if there is one and that is proved."""
    for x, y in zip(first, second, strict=True):
        if y.sign not in (0, None):
            k = guess(y.real, lambda bits, x=x, y=y: x.ball(bits) / y.ball(bits))  # type: ignore[misc]
            if k is None or not all((u + v * -k).is_zero for u, v in zip(first, second, strict=True)):
                return None
            return k
    return None


def guess(real: RealField, ball: Callable[[int], arb]) -> Any:
    """Return the one short number of a field that a ball may contain: a candidate, for others to prove.

    Over Q, or if it is a rational number of a field with an exponential, it is found by continued fractions. Elsewhere short
    integers q, p_1 ... p_d with q x = p_1 w_1 + ... + p_d w_d, by lattice reduction.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> R = real_field(field_of([sp.sqrt(2)]))
    >>> R.coordinates(guess(R, lambda bits: (3 - arb(2).sqrt() * 5) / 7))
    [3/7, -5/7]
    """
    bits = GUESS_BITS * (1 if real.degree == 1 else real.degree + 1)
    with working_precision(bits):
        value = ball(bits)
        if not value.is_finite():
            return None
        if real.degree == 1:
            found = simplest_between(*endpoints(value))
            return real.field.element(found) if found.height_bits() <= LARGEST_GUESS else None
        d, size = real.degree, arb(2) ** (bits * 3 // 4)
        units = [real.ball([fmpq(int(i == k)) for i in range(d)]) for k in range(d)]
        rounded = [x for ball in (value, *units) if (x := (ball * size).mid().floor().unique_fmpz()) is not None]
        if len(rounded) <= d:
            return None
        rows = [[*(fmpz(int(i == k)) for i in range(d + 1)), rounded[k]] for k in range(d + 1)]
        q, *p = fmpz_mat(rows).lll().tolist()[0][: d + 1]
        if q == 0 or max(x.height_bits() for x in (q, *p)) > LARGEST_GUESS:
            return None
        coordinates = [fmpq(-x, q) for x in p]
        return real.element(coordinates) if real.ball(coordinates).overlaps(value) else None


def simplest_between(lower: fmpq, upper: fmpq) -> fmpq:
    """Return the rational of least denominator in a closed interval, by continued fractions.

    >>> simplest_between(fmpq(314, 100), fmpq(315, 100)), simplest_between(fmpq(-1, 2), fmpq(-1, 3))
    (22/7, -1/2)
    """
    if lower <= 0 <= upper:
        return fmpq(0)
    if upper < 0:
        return -simplest_between(-upper, -lower)
    if fmpq(lower.ceil()) <= upper:
        return fmpq(lower.ceil())
    whole = fmpq(lower.floor())
    return whole + 1 / simplest_between(1 / (upper - whole), 1 / (lower - whole))
