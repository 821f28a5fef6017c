"""Certified enclosures of the closed-form logarithm and of powers, and decimal digits that are all right.

Only the weights w_k = sum_{f(l)=0} l^k u(l)/d(l), and the half turns at negative roots, are enclosed, from certified root
enclosures; the rest of the closed form is rational. Digits are printed when the ball decides them. An entry whose ball keeps
containing 0 is either proved rational (see `symplrnn.logarithm.exact_entries` and `symplrnn.logarithm.exact_powers`) or reported
as undecided: a small ball alone never makes it 0.

Reference: docs/theory, section 5, "Certified numbers".
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from flint import acb, acb_poly, arb, arb_mat, fmpq

from symplrnn import limits
from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import certified_decimal, endpoints, working_precision
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.reading.decimals import exact_decimal, outward
from symplrnn.exact.roots import ball_coefficients
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.exact_powers import binomials, unipotent_power
from symplrnn.logarithm.half_turns import Block
from symplrnn.logarithm.real_logarithm import RealLogarithm

__all__ = [
    "EnclosedNumber",
    "certified_digits",
    "logarithm_enclosure",
    "power_enclosure",
    "real_logarithm_enclosure",
    "real_power_enclosure",
]

GUARD_BITS = 64
MORE_DIGITS = 5  # of enclosures


def _weights(term: SpectralTerm, bits: int, u: Callable[[acb], acb]) -> list[arb]:
    """Return enclosures of the real parts of sum_{f(l)=0} l^k u(l)/d(l); conjugate pairs and positive roots add real numbers."""
    sums = [arb(0)] * term.degree
    denominator = acb_poly(ball_coefficients(term.real, term.denominator))
    for root in term.roots(bits):
        if root.imag < 0:
            continue
        value = u(root) / denominator(root)
        for k in range(term.degree):
            sums[k] += value.real if root.imag == 0 else 2 * value.real
            value *= root
    return sums


def logarithm_enclosure(log: Logarithm, bits: int) -> arb_mat:
    """Return a ball matrix that contains log M, or its real part if M has negative eigenvalues, computed with this many bits.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> logarithm_enclosure(logarithm(QQ, QQ.matrix([[2]])), 64)[0, 0].str(12, radius=False)
    '0.693147180560'
    """
    real = real_field(log.field)
    with working_precision(bits):
        total = real.balls(log.rational_part)
        for term in log.terms:
            for w, H in zip(_weights(term, bits, acb.log), term.matrices, strict=True):
                total += real.balls(H) * w
        return total


def power_enclosure(log: Logarithm, r: fmpq, bits: int) -> arb_mat:
    """Return a ball matrix that contains M^r = exp(r log M), or its real part, for a rational r, computed with this many bits."""
    size, real = log.matrix.nrows(), real_field(log.field)
    with working_precision(bits):
        exponent = acb(r)
        total = arb_mat(size, size)
        for term in log.terms:
            for w, H in zip(_weights(term, bits, lambda root: (root.log() * exponent).exp()), term.matrices, strict=True):
                total += real.balls(H) * w
        return total * real.balls(unipotent_power(log, r))


def _with_half_turns(log: RealLogarithm, first: arb_mat, bits: int, numbers: Callable[[arb, Block], arb]) -> arb_mat:
    """Return the lifted matrix: the first block, and alpha_t or beta_t times each block of each half turn."""
    N, size = log.matrix.nrows(), log.size
    total = [[first[i, j] if max(i, j) < N else arb(0) for j in range(size)] for i in range(size)]
    for turn in log.turns:
        term, root = turn.pair.term, turn.root(bits)
        divisor = acb_poly(ball_coefficients(term.real, turn.pair.divisor))(acb(root)).real
        for block in turn.pair.blocks:
            value = block.matrix.ball(root) * (numbers(root, block) / divisor if block.divided else numbers(root, block))
            row, column = log.corner(turn, block)
            for i in range(value.nrows()):
                for j in range(value.ncols()):
                    total[row + i][column + j] += value[i, j]
    return arb_mat(size, size, [x for row in total for x in row])


def real_logarithm_enclosure(log: RealLogarithm, bits: int) -> arb_mat:
    """Return a ball matrix that contains the real logarithm, extra coordinates last, computed with this many bits.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> balls = real_logarithm_enclosure(real_logarithm(QQ, QQ.matrix([[-1]])), 64)
    >>> [[ball.str(6, radius=False) for ball in row] for row in balls.tolist()]
    [['0', '-3.14159'], ['3.14159', '0']]
    """

    def number(root: arb, block: Block) -> arb:
        if block.turns:
            return arb.pi() if block.order == 0 else arb(0)
        return abs(root).log() if block.order == 0 else arb(fmpq((-1) ** (block.order - 1), block.order))

    first = logarithm_enclosure(log.principal, bits)
    with working_precision(bits):
        return _with_half_turns(log, first, bits, number)


def real_power_enclosure(log: RealLogarithm, r: fmpq, bits: int) -> arb_mat:
    """Return a ball matrix that contains exp(r log F^) for a rational r, extra coordinates last, computed with this many bits."""
    first = power_enclosure(log.principal, r, bits)
    with working_precision(bits):
        factors = list(islice(binomials(r), log.size))
        cos, sin = arb.cos_pi_fmpq(r), arb.sin_pi_fmpq(r)

        def number(root: arb, block: Block) -> arb:
            return (sin if block.turns else cos) * (abs(root).log() * arb(r)).exp() * arb(factors[block.order])

        return _with_half_turns(log, first, bits, number)


class EnclosedNumber(str):
    """An entry whose digits are not decided, as text: an enclosure [m +/- r], in the notation of Arb.

    Attributes
    ----------
    ends : pair of str
        Lower and upper end of the enclosure, decimals rounded outwards.
    reason : str
        Why the digits are not decided.

    >>> found = EnclosedNumber.of(arb(0, 2.0**-100), 5, "example")
    >>> str(found), found.ends
    ('[+/- 7.89e-31]', ('-7.8887e-31', '7.8887e-31'))
    """

    ends: tuple[str, str]
    reason: str

    @classmethod
    def of(cls, ball: arb, digits: int, reason: str) -> EnclosedNumber:
        """Return a finite enclosure as text, with so many digits."""
        found, (low, high) = cls(ball.str(digits)), endpoints(ball)
        found.ends, found.reason = (outward(low, digits, -1), outward(high, digits, 1)), reason
        return found


Decide = Callable[[list[tuple[int, int]]], dict[tuple[int, int], fmpq]]


def certified_digits(
    enclose: Callable[[int], arb_mat],
    exact: dict[tuple[int, int], fmpq],
    digits: int,
    what: str,
    decide: Decide = lambda places: {},
) -> list[list[str]]:
    """Return every entry of a matrix to so many significant digits, each correctly rounded.

    ``enclose(bits)`` returns an enclosure; ``exact`` holds the entries that are known as rationals. While some are undecided the
    precision is doubled. Of those that are enclosed narrowly, so that lack of precision is not the reason, ``decide`` returns
    those that are proved to be rational. An entry that the last precision does not decide is an `EnclosedNumber`.

    Raises `PrecisionLimit` naming an entry that has no finite enclosure at the last precision.
    """
    bits, known, tried = int(digits * 3.33) + GUARD_BITS, dict(exact), set[tuple[int, int]]()
    for attempt in range(limits.DIGITS_DOUBLINGS):
        last = attempt == limits.DIGITS_DOUBLINGS - 1
        balls = enclose(bits << attempt)
        places = [(i, j) for i in range(balls.nrows()) for j in range(balls.ncols())]
        texts = {
            place: exact_decimal(known[place], digits) if place in known else certified_decimal(balls[place], digits)
            for place in places
        }
        undecided = [place for place in places if texts[place] is None]
        doubtful = [place for place in undecided if place not in tried and (last or _is_narrow(balls[place], bits))]
        if doubtful:
            tried.update(doubtful)
            proved = decide(doubtful)
            known |= proved
            texts |= {place: exact_decimal(value, digits) for place, value in proved.items()}
            undecided = [place for place in undecided if place not in proved]
        if not undecided:
            break
    for i, j in undecided:
        ball, where = balls[i, j], f"{bits << attempt} bits do not decide the digits of entry ({i + 1}, {j + 1})"
        if not ball.is_finite():
            raise PrecisionLimit(f"{what}: {where}, which has no finite enclosure")
        guess = "0" if ball.contains(arb(0)) else "half-way between two decimals"
        texts[i, j] = EnclosedNumber.of(
            ball, digits + MORE_DIGITS, f"{what}: {where}; it may be exactly {guess}, but that is not proved"
        )
    return [[texts[i, j] or "" for j in range(balls.ncols())] for i in range(balls.nrows())]


def _is_narrow(ball: arb, bits: int) -> bool:
    """Return whether a ball has about so many bits behind the point, or so many at all."""
    return bool(ball.rad() * arb(2) ** bits < 1 + abs(ball.mid()))
