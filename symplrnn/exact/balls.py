"""Certified numbers: ball enclosures of roots and matrices, and decimal digits that are all right.

A ball [m +/- r] of Arb contains the exact value. Digits are printed only when both ends of the ball round to them; until
then the working precision is doubled.

Reference: F. Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, IEEE Trans. Computers 66
(2017) 1281-1292.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import prod
from typing import TypeVar

from flint import acb, acb_poly, arb, arb_mat, ctx, fmpq, fmpq_mat, fmpq_poly, fmpz

from symplrnn import limits
from symplrnn.errors import PrecisionLimit
from symplrnn.exact.fields.rational import integer_part
from symplrnn.exact.reading.decimals import decimal, rounded_digits

__all__ = [
    "ball_matrix",
    "certified_decimal",
    "contains",
    "endpoints",
    "isolated_roots",
    "power",
    "real_roots_marked",
    "refine",
    "root_enclosures",
    "working_precision",
]

T = TypeVar("T")


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Set the precision of ball arithmetic inside a ``with`` block and restore it afterwards."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def root_enclosures(irreducible: fmpq_poly, bits: int) -> list[acb]:
    """Return disjoint balls, each with exactly one root; the imaginary part of a real root is exactly 0.

    >>> [root.imag == 0 for root in root_enclosures(fmpq_poly([-2, 0, 0, 1]), 100)]
    [True, False, False]
    """
    with working_precision(bits):
        if irreducible.degree() == 1:
            return [acb(-irreducible[0] / irreducible[1])]
        found: list[tuple[acb, int]] = integer_part(irreducible).complex_roots()  # type: ignore[assignment]  # its stub is wrong
        return [root for root, _ in found]


def isolated_roots(coefficients: Sequence[arb]) -> list[acb] | None:
    """Return disjoint balls, each with exactly one root of a polynomial whose real coefficients lie in balls.

    Constant term first. The imaginary part of a real root is exactly 0, that of another one does not contain 0. None if the
    working precision, or that of the coefficients, does not tell the roots apart.

    >>> [root.imag.is_zero() for root in isolated_roots([-arb(2).sqrt(), arb(0), arb(0), arb(1)])]
    [True, False, False]

    Reference: A. Neumaier, Interval Methods for Systems of Equations, CUP 1990, section 5.1 (Newton's method).
    """
    f = acb_poly(list(coefficients))
    try:
        # Each ball has a root, by |m - root| <= n |f(m)/f'(m)|, and they are disjoint. They are narrow enough for f' to have no
        # root in them, or will be at a higher precision.
        found = real_roots_marked(f.roots(tol=arb(2) ** (-(ctx.prec // 2))))
    except ValueError:
        return None
    return None if found is None else [_newton_step(f, f.derivative(), ball) for ball in found]


def real_roots_marked(balls: Sequence[acb]) -> list[acb] | None:
    """Return isolating balls of the roots of a real polynomial with imaginary part 0 for the real roots; None if unknown.

    The conjugate of the root in a ball is a root, too, and lies in the ball's mirror image. If that meets no other ball, it is
    the same root. That a ball meets its own mirror image is not enough: here are balls of 1 - 0.9i and 1 + 0.9i.

    >>> real_roots_marked([acb(1, arb("-0.6", "0.4")), acb(1, arb("0.45", "0.55"))]) is None
    True
    """
    marked = []
    for k, ball in enumerate(balls):
        if not ball.imag.contains(arb(0)):
            marked.append(ball)
            continue
        both = ball.union(ball.conjugate())
        if any(both.overlaps(other) for j, other in enumerate(balls) if j != k):
            return None
        marked.append(acb(ball.real))
    return marked


def _newton_step(f: acb_poly, slope: acb_poly, ball: acb) -> acb:
    """Return a narrower enclosure of the root of f in a ball: m - f(m)/f'(ball) contains it (mean value theorem)."""
    middle = ball.mid()
    step = middle - f(middle) / slope(ball)
    if not step.is_finite():
        return ball
    return acb(ball.real.intersection(step.real), ball.imag.intersection(step.imag))


def ball_matrix(matrix: fmpq_mat) -> arb_mat:
    """Return the entrywise enclosure of a rational matrix at the current precision."""
    return arb_mat(matrix.nrows(), matrix.ncols(), [arb(x) for x in matrix.entries()])


def power(ball: arb, exponent: int) -> arb:
    """Return an enclosure of the powers of the numbers in a ball.

    Arb has no number for it if the middle of the ball is 0.

    >>> (arb(0, 1) ** 2).is_finite(), power(arb(0, 1), 2).contains(arb(0.25)), power(arb(0, 1), 0)
    (False, True, 1.00000000000000)
    """
    if ball.mid() != 0:
        return ball**exponent
    value = prod([ball] * abs(exponent), start=arb(1))
    return value if exponent >= 0 else 1 / value


def contains(enclosure: arb_mat, exact: fmpq_mat) -> bool:
    """Return whether each ball of a matrix is finite and contains the rational entry of another, compared exactly."""
    return all(_contains(ball, x) for ball, x in zip(enclosure.entries(), exact.entries(), strict=True))


def _contains(ball: arb, exact: fmpq) -> bool:
    if not ball.is_finite():
        return False
    lower, upper = endpoints(ball)
    return bool(lower <= exact <= upper)


def endpoints(ball: arb) -> tuple[fmpq, fmpq]:
    """Return the exact lower and upper end of a finite ball.

    >>> endpoints(arb(3) / 4)
    (3/4, 3/4)

    Raises `PrecisionLimit` if they would not fit into memory.
    """
    middle, radius = (_dyadic(*part.man_exp()) for part in (ball.mid(), ball.rad()))
    return middle - radius, middle + radius


def _dyadic(mantissa: fmpz, exponent: fmpz) -> fmpq:
    if abs(exponent) > limits.ENDPOINT_BITS:  # FLINT ends the process when it has no memory
        raise PrecisionLimit(f"the ends of a ball have more than {limits.ENDPOINT_BITS} bits")
    power = fmpz(2) ** abs(int(exponent))
    return fmpq(mantissa * power, 1) if exponent >= 0 else fmpq(mantissa, power)


def certified_decimal(ball: arb, digits: int) -> str | None:
    """Return the digits that both ends of a ball round to, or None if they do not agree."""
    if not ball.is_finite() or ball.contains(arb(0)):
        return None
    lower, upper = (rounded_digits(end, digits) for end in endpoints(ball))
    return decimal(*lower) if lower == upper else None


def refine(attempt: Callable[[int], T | None], bits: int, what: str, limit: int = limits.PRECISION_BITS) -> T:
    """Return the first result that is not None of an attempt at doubling precisions up to a limit."""
    while bits <= limit:
        result = attempt(bits)
        if result is not None:
            return result
        bits *= 2
    raise PrecisionLimit(f"{what} is not certain at {limit} bits")
