"""The numbers that classify a face: rational combinations of entries of X^ of one or two regions, with their exact signs.

A number u X^ w with rational u and w is a rational plus logarithms of eigenvalues with algebraic coefficients, as each entry of
X^ is (THEORY section 5, formula (3)). Its sign is read off a ball that does not contain 0. A ball never proves that it is 0: that
is left to identities between the logarithms (`symplrnn.rationality`), applied to the combination as a whole, so that also sums
over both regions may cancel. Where neither decides, the sign is None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import sympy as sp
from flint import arb, arb_mat, fmpq, fmpq_mat

from symplrnn.exact.balls import ball_matrix, endpoints, working_precision
from symplrnn.exact.numbers import to_sympy
from symplrnn.exact.rational import QQ, coefficients
from symplrnn.logarithm import Logarithm, SpectralTerm
from symplrnn.ode import RegionODE
from symplrnn.rationality import rational_entries
from symplrnn.spectrum import Spectrum, spectrum
from symplrnn.theorems import check_e2

__all__ = ["Number", "Part", "Side", "first_sign", "in_ratio", "rational_guess", "simplest_between"]

FIRST_BITS = 128
LAST_BITS = 4096
GUESS_BITS = 256
LARGEST_GUESS = 96  # bits of a numerator or denominator; a ball of GUESS_BITS around another number has no such rational in it


@dataclass(frozen=True, eq=False)
class Side:
    """The field of one region next to a face, with the enclosures of X^ that were computed already."""

    ode: RegionODE
    known: dict[int, arb_mat] = field(default_factory=dict, repr=False)

    @cached_property
    def is_principal(self) -> bool:
        """Whether X^ is the principal logarithm (E2), whose terms the identities are about."""
        facts = spectrum(self.ode.region)
        return isinstance(facts, Spectrum) and check_e2(facts).truth.is_true

    def balls(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains X^."""
        if bits not in self.known:
            self.known[bits] = self.ode.enclosure(bits)
        return self.known[bits]


@dataclass(frozen=True, eq=False)
class Part:
    """The number u X^ w of one region, for a rational row u and a rational column w."""

    side: Side
    row: fmpq_mat
    column: fmpq_mat

    def ball(self, bits: int) -> arb:
        """Return a ball that contains the number."""
        with working_precision(bits):
            value: arb = (ball_matrix(self.row) * self.side.balls(bits) * ball_matrix(self.column))[0, 0]
            return value

    @property
    def expression(self) -> sp.Expr:
        """The number in closed form."""
        X, u, w = self.side.ode.augmented, self.row.entries(), self.column.entries()
        return sp.Add(*(to_sympy(a * b) * X[i, j] for i, a in enumerate(u) for j, b in enumerate(w) if a * b != 0))


@dataclass(frozen=True, eq=False)
class Number:
    """A sum of numbers u X^ w.

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

    def __add__(self, other: Number) -> Number:
        return Number(self.parts + other.parts)

    def __mul__(self, factor: fmpq) -> Number:
        return Number(tuple(Part(part.side, part.row * factor, part.column) for part in self.parts))

    def ball(self, bits: int) -> arb:
        """Return a ball that contains the number."""
        with working_precision(bits):
            return sum((part.ball(bits) for part in self.parts), arb(0))

    @cached_property
    def rational(self) -> fmpq | None:
        """The number itself if it is proved to be rational, else None."""
        constant, merged = fmpq(0), dict[tuple[fmpq, ...], list[fmpq_mat]]()
        for part in self.parts:
            if not part.side.is_principal:
                return None
            log, scale = part.side.ode.logarithm, 1 / part.side.ode.step
            constant += (part.row * log.rational_part * part.column)[0, 0] * scale
            for term in log.terms:
                small = tuple(part.row * H * part.column * scale for H in term.matrices)
                entries = SpectralTerm(QQ, term.factor, small, term.denominator).projectors
                key = tuple(coefficients(term.factor))
                merged[key] = [a + b for a, b in zip(merged[key], entries, strict=True)] if key in merged else list(entries)
        one = QQ.polynomial([fmpq(1)])
        terms = tuple(SpectralTerm(QQ, QQ.polynomial(key), tuple(entries), one) for key, entries in merged.items())
        # A (1, 1) matrix of the form (3); its rational part is the first power of what stands for the unipotent part.
        return rational_entries(Logarithm(QQ, fmpq_mat(1, 1), (fmpq_mat([[constant]]),), terms)).get((0, 0))

    @cached_property
    def expression(self) -> sp.Expr:
        """The number in closed form; a rational number if it is proved to be one."""
        return sp.Add(*(part.expression for part in self.parts)) if self.rational is None else to_sympy(self.rational)

    @cached_property
    def sign(self) -> int | None:
        """1, 0 or -1, or None where the precision limit is reached before it is decided."""
        return first_sign(self.ball, lambda: self.rational == 0)


def first_sign(ball: Callable[[int], arb], vanishes: Callable[[], bool]) -> int | None:
    """Return the sign of a number: of the first ball without 0, at doubling precisions, or 0 if it is proved to vanish."""
    bits = FIRST_BITS
    while bits <= LAST_BITS:
        value = ball(bits)
        if value > 0 or value < 0:
            return 1 if value > 0 else -1
        if bits == FIRST_BITS and vanishes():
            return 0
        bits *= 2
    return None


def in_ratio(first: tuple[Number, Number], second: tuple[Number, Number]) -> fmpq | None:
    """Return the rational k with first = k second for two pairs of numbers, if there is one and that is proved, else None."""
    for x, y in zip(first, second, strict=True):
        if y.sign not in (0, None):
            k = rational_guess(lambda bits, x=x, y=y: x.ball(bits) / y.ball(bits))  # type: ignore[misc]
            if k is None or any((u + v * -k).rational != 0 for u, v in zip(first, second, strict=True)):
                return None
            return k
    return None


def rational_guess(ball: Callable[[int], arb]) -> fmpq | None:
    """Return the one short rational that a ball may contain: a candidate, for others to prove."""
    with working_precision(GUESS_BITS):
        value = ball(GUESS_BITS)
    if not value.is_finite():
        return None
    guess = simplest_between(*endpoints(value))
    return guess if guess.height_bits() <= LARGEST_GUESS else None


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
