"""Certified enclosures of the closed-form logarithm and of powers, and decimal digits that are all right.

Only the weights w_k = sum_{f(l)=0} l^k u(l)/d(l) are enclosed, from certified root enclosures; the rest of the closed form is
rational. Digits are printed when the ball decides them. An entry whose ball keeps containing 0 is either proved rational (see
`symplrnn.rationality`) or reported as undecided: a small ball alone never makes it 0.

Reference: THEORY section 5, "Certified numbers".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from flint import acb, acb_poly, arb, arb_mat, fmpq

from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import ball_matrix, certified_decimal, root_enclosures, working_precision
from symplrnn.exact.decimals import exact_decimal
from symplrnn.logarithm import Logarithm, SpectralTerm

__all__ = ["certified_digits", "exact_power_entries", "logarithm_enclosure", "power_enclosure"]

GUARD_BITS = 64
MAX_DOUBLINGS = 7


def _weights(term: SpectralTerm, bits: int, u: Callable[[acb], acb]) -> list[arb]:
    """Return enclosures of sum_{f(l)=0} l^k u(l)/d(l), which are real because the roots come in conjugate pairs."""
    sums = [arb(0)] * term.degree
    denominator = acb_poly(term.denominator)
    for root in root_enclosures(term.factor, bits):
        if root.imag < 0:
            continue
        value = u(root) / denominator(root)
        for k in range(term.degree):
            sums[k] += value.real if root.imag == 0 else 2 * value.real
            value *= root
    return sums


def logarithm_enclosure(log: Logarithm, bits: int) -> arb_mat:
    """Return a ball matrix that contains log M, computed with this many bits.

    >>> from symplrnn.exact.rational import QQ
    >>> from symplrnn.logarithm import logarithm
    >>> logarithm_enclosure(logarithm(QQ, QQ.matrix([[2]])), 64)[0, 0].str(12, radius=False)
    '0.693147180560'
    """
    with working_precision(bits):
        total = ball_matrix(log.rational_part)
        for term in log.terms:
            for w, H in zip(_weights(term, bits, acb.log), term.matrices, strict=True):
                total += ball_matrix(H) * w
        return total


def power_enclosure(log: Logarithm, r: fmpq, bits: int) -> arb_mat:
    """Return a ball matrix that contains M^r = exp(r log M) for a rational r, computed with this many bits."""
    size = log.matrix.nrows()
    with working_precision(bits):
        exponent = acb(r)
        total = arb_mat(size, size)
        for term in log.terms:
            for w, H in zip(_weights(term, bits, lambda root: (root.log() * exponent).exp()), term.matrices, strict=True):
                total += ball_matrix(H) * w
        powers = (log.field.identity(size), *log.unipotent_powers)
        series = sum((power * b for power, b in zip(powers, binomials(r), strict=False)), log.matrix - log.matrix)
        return total * ball_matrix(series)


def exact_power_entries(log: Logarithm, r: fmpq) -> dict[tuple[int, int], fmpq]:
    """Return the entries of M^r that are rational, with their values, as far as that is visible.

    An entry is a sum over the factors; it is rational where only factors with a rational root l contribute for which l^r is
    rational too. An integer power is rational altogether.
    """
    size = log.matrix.nrows()
    everywhere = [(i, j) for i in range(size) for j in range(size)]
    if r.q == 1:
        power = log.matrix ** int(r.p)
        return {(i, j): power[i, j] for i, j in everywhere}
    total, irrational = log.matrix - log.matrix, set()
    for term in log.terms:
        value = rational_power(-term.factor[0], r) if term.degree == 1 else None
        for H in term.matrices:
            parts = [H, *(H * power for power in log.unipotent_powers)]
            if value is None:
                irrational |= {(i, j) for i, j in everywhere if any(part[i, j] != 0 for part in parts)}
            else:
                total += sum((part * b for part, b in zip(parts, binomials(r), strict=False)), total - total) * value
    return {(i, j): total[i, j] for i, j in everywhere if (i, j) not in irrational}


def binomials(r: fmpq) -> Iterator[fmpq]:
    """Yield binomial(r, j) for j = 0, 1, 2, ..."""
    value = fmpq(1)
    for j in count(1):
        yield value
        value = value * (r - j + 1) / j


def rational_power(x: fmpq, r: fmpq) -> fmpq | None:
    """Return x^r for a positive rational x if it is rational, else None.

    >>> rational_power(fmpq(4, 9), fmpq(-1, 2)), rational_power(fmpq(2), fmpq(1, 2))
    (3/2, None)
    """
    if x == 1:
        return x
    if r.q > max(x.p.bit_length(), x.q.bit_length()):  # then no root but that of 1 is rational
        return None
    degree = int(r.q)
    root = fmpq(x.p.root(degree), x.q.root(degree))
    return root ** int(r.p) if root**degree == x else None


def certified_digits(
    enclose: Callable[[int], arb_mat], exact: dict[tuple[int, int], fmpq], digits: int, what: str
) -> list[list[str]]:
    """Return every entry of a matrix to so many significant digits, each correctly rounded.

    ``enclose(bits)`` returns an enclosure; ``exact`` holds the entries that are known as rationals. The precision is doubled
    until all other entries are decided.

    Raises `PrecisionLimit` naming an entry that is not decided at the last precision.
    """
    bits = int(digits * 3.33) + GUARD_BITS
    for _ in range(MAX_DOUBLINGS):
        balls = enclose(bits)
        rows, columns = balls.nrows(), balls.ncols()
        texts = [
            [
                exact_decimal(exact[i, j], digits) if (i, j) in exact else certified_decimal(balls[i, j], digits)
                for j in range(columns)
            ]
            for i in range(rows)
        ]
        undecided = [(i, j) for i in range(rows) for j in range(columns) if texts[i][j] is None]
        if not undecided:
            return [[str(text) for text in row] for row in texts]
        bits *= 2
    i, j = undecided[0]
    guess = "0" if balls[i, j].contains(arb(0)) else "half-way between two decimals"
    raise PrecisionLimit(
        f"{what}: {bits // 2} bits do not decide the digits of entry ({i + 1}, {j + 1}), near {balls[i, j].mid().str(5)}; "
        f"it may be exactly {guess}, but that is not proved"
    )
