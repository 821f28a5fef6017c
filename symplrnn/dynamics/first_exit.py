"""Where a function on [0, 1] first stops being positive, certified from Bernstein coefficients on its pieces.

On a piece the function is sum_k b_k C(d, k) t^k (1-t)^{d-k}, with balls b_k that may hide a different value at each t.
Coefficients that are all >= 0, and not all 0, prove it positive inside; the first and the last are its values at the ends.
Halving a piece (de Casteljau) makes the coefficients approach the function, so each sign is decided in the end, except where
the function touches 0 without changing its sign: no enclosure shows that, and the function stays in doubt.

Reference: R. T. Farouki, The Bernstein polynomial basis: a centennial retrospective, Computer Aided Geometric Design 29 (2012)
379-419.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from flint import arb, fmpq

__all__ = ["Piece", "Scan", "first_exit"]

FINER = 256
WINDOW = 8
HALF, ZERO = arb(0.5), arb(0)


@dataclass(frozen=True)
class Piece:
    """Bernstein coefficients of a function on [lower, upper]."""

    lower: fmpq
    upper: fmpq
    coefficients: list[arb]

    @property
    def is_positive(self) -> bool:
        """Whether the function is certainly positive in the open interval, and at its ends but for r = 0 and r = 1."""
        b = self.coefficients
        return (
            all(x >= 0 for x in b) and any(x > 0 for x in b) and (b[0] > 0 or self.lower == 0) and (b[-1] > 0 or self.upper == 1)
        )

    @property
    def starts_negative(self) -> bool:
        """Whether the piece starts at r = 0 with f(0) = 0 and is certainly negative from then on."""
        b = self.coefficients
        return self.lower == 0 and b[0] == 0 and all(x <= 0 for x in b) and any(x < 0 for x in b)

    def halves(self) -> tuple[Piece, Piece]:
        """Return the two halves."""
        row, left, right = self.coefficients, [], []
        middle = (self.lower + self.upper) / 2
        while row:
            left.append(row[0])
            right.append(row[-1])
            row = [(x + y) * HALF for x, y in pairwise(row)]
        return Piece(self.lower, middle, left), Piece(middle, self.upper, right[::-1])

    @property
    def is_hopeless(self) -> bool:
        """Whether no sign will ever be certain in the piece, because every coefficient may be 0."""
        return all(x.contains(ZERO) for x in self.coefficients)


@dataclass(frozen=True)
class Scan:
    """What is certain of a function f on (0, 1).

    Attributes
    ----------
    clear : fmpq
        f > 0 on (0, clear], or on (0, 1) if that is 1.
    below : fmpq, optional
        By then f is not positive any more: f(below) < 0, or below = 0 if f is negative from r = 0 on. None if unknown.
    in_doubt : bool
        Whether the bracket (clear, below) is wider than asked, or nothing is known after ``clear``, though f may be positive on.
    rest : list of Piece
        The pieces from ``clear`` on, as far as they were halved, to go on with.
    """

    clear: fmpq
    below: fmpq | None
    in_doubt: bool
    rest: list[Piece] = field(repr=False)

    @property
    def is_positive(self) -> bool:
        """Whether f is certainly positive on (0, 1)."""
        return self.below is None and not self.in_doubt


def first_exit(pieces: list[Piece], width: fmpq, floor: fmpq) -> Scan:
    """Return where f, with f(0) >= 0, first stops being positive in (0, 1), in a bracket at most ``width`` wide.

    The pieces cover [lower, 1], and f > 0 on (0, lower]. They are halved at most to the width ``floor``.

    A bracket may be a few pieces long: f can be 0 where two of them meet, and then neither has a certain sign. If it gets too
    long, f may touch 0 there and turn back: that part is looked at again in smaller pieces.

    >>> b = [arb(x) for x in (1, -1, -1)]                    # 1 - 4 t + 2 t^2
    >>> scan = first_exit([Piece(fmpq(0), fmpq(1), b)], fmpq(1, 100), fmpq(1, 1 << 30))
    >>> scan.clear, scan.below, scan.is_positive             # around 1 - sqrt(1/2) = 0.2929
    (37/128, 19/64, False)
    """
    narrow = width / 4
    while True:
        scan = _scan(pieces, width, narrow)
        if not scan.in_doubt or narrow <= floor or any(piece.is_hopeless for piece in scan.rest[:WINDOW]):
            return scan
        pieces, narrow = scan.rest, max(narrow / FINER, floor)


def _scan(pieces: list[Piece], width: fmpq, narrow: fmpq) -> Scan:
    """Return the same, with pieces halved to the width ``narrow``."""
    stack, clear = pieces[::-1], pieces[0].lower
    held: list[Piece] = []  # without a certain sign, one after the other from clear on
    while stack:
        piece = stack.pop()
        if piece.is_positive and not held:
            clear = piece.upper
        elif piece.starts_negative:
            return Scan(clear, clear, False, [piece, *stack[::-1]])
        elif piece.coefficients[-1] < 0 and piece.upper - clear <= width:
            return Scan(clear, piece.upper, False, [*held, piece, *stack[::-1]])
        elif piece.upper - piece.lower > narrow and not piece.is_positive and not piece.is_hopeless:
            stack += piece.halves()[::-1]
        else:
            held.append(piece)
            if piece.is_positive or piece.upper - clear > min(width, WINDOW * narrow):
                break
    if not held:
        return Scan(clear, None, False, [])
    end = pieces[-1]
    return Scan(clear, end.upper if end.coefficients[-1] < 0 else None, True, [*held, *stack[::-1]])
