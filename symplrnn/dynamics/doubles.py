"""From exact numbers and certified enclosures to double precision, each entry correctly rounded.

This is the first place where floats appear: X, y and Y are rounded from certified enclosures, once both ends of each ball round
to the same double. (A ball around 0 narrower than the smallest double rounds to 0, so entries that are exactly 0 need no proof.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb_mat, fmpq, fmpq_mat
from numpy.typing import NDArray

from symplrnn import limits
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.balls import refine, working_precision
from symplrnn.exact.evaluation import expression_enclosure
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.reading.entries import in_sympy
from symplrnn.exact.reading.grammar import shorten
from symplrnn.systems.region_ode import RegionODE

__all__ = ["Floats", "augmented_floats", "doubles", "floats", "growth", "nearest_double", "real_field", "to_float"]

Floats = NDArray[np.float64]
TIE_BITS = 1 << 12  # a value within 2^-4000 or so of the middle between two doubles counts as a tie
RATE_BITS = 256
TOO_LARGE = "{} is too large for double precision; accepted are numbers up to 1.7e308 in size"


def to_float(matrix: Any, field: Field = QQ) -> Floats:
    """Return a matrix of rational or algebraic numbers in double precision, each entry correctly rounded."""
    if not isinstance(matrix, fmpq_mat):
        return doubles(lambda bits: expression_enclosure(in_sympy(field, matrix), bits), "an entry of the network")
    values = [nearest_double(x) for x in matrix.entries()]
    return np.array(values, dtype=np.float64).reshape(matrix.nrows(), matrix.ncols())


def nearest_double(x: fmpq, where: str = "a number of the network or its ODE") -> float:
    """Return the double nearest to a rational; raise `EntryError`, saying where, if it is too large for one."""
    try:
        return int(x.p) / int(x.q)  # Python rounds this quotient of integers correctly
    except OverflowError as error:
        raise EntryError(TOO_LARGE.format(where)) from error


def floats(value: Any, name: str) -> Floats:
    """Return real numbers in double precision; raise `EntryError` for anything else."""
    try:
        if not np.iscomplexobj(value):
            return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    raise EntryError(f"{name}: expected real numbers, got {shorten(str(value))}")


def doubles(enclose: Callable[[int], arb_mat], what: str) -> Floats:
    """Return the matrix of doubles nearest to the values that ``enclose(bits)`` encloses.

    A value half-way between two doubles is never decided by an enclosure: from `TIE_BITS` on, one that is so close to the middle
    becomes the even one of the two, as if it were a tie.
    """

    def attempt(bits: int) -> Floats | None:
        balls = enclose(bits)
        if not all(ball.is_finite() for ball in balls.entries()):
            return None
        with working_precision(bits):  # Arb rounds the ends outwards, and each to the nearest double
            ends = np.array([[float(ball.lower()), float(ball.upper())] for ball in balls.entries()]).reshape(-1, 2)
        if np.isinf(ends).any():
            raise EntryError(TOO_LARGE.format("a number of the network or its ODE"))
        low, high = ends[:, 0], ends[:, 1]
        split = low != high
        if split.any():
            if bits < TIE_BITS or (np.nextafter(low, high) != high)[split].any():
                return None
            odd = np.ascontiguousarray(low).view(np.int64) & 1 == 1
            low = np.where(split & odd, high, low)
        return low.reshape(balls.nrows(), balls.ncols())

    return refine(attempt, 192, f"{what}: a double-precision value", limits.DOUBLES_BITS)


def augmented_floats(ode: RegionODE) -> Floats:
    """Return [X, y, Y] (n, n + 1 + m) of a region ODE without letters in double precision."""

    def enclose(bits: int) -> arb_mat:
        rows = ode.enclosure(bits).tolist()[: ode.n]
        return arb_mat(len(rows), len(rows[0]), [x for row in rows for x in row])

    return doubles(enclose, f"region {ode.region.pattern}")


def growth(ode: RegionODE) -> float:
    """Return the largest |Re x| of the eigenvalues x of dt X in all coordinates, accurate enough to judge rates; 0 if unknown."""
    logarithms = ode.enclosed_logarithms(RATE_BITS)
    if logarithms is not None:
        return max((abs(float(x.real.mid())) for x in logarithms), default=0.0)
    size = ode.dimension
    with working_precision(RATE_BITS):
        step = ode.step_ball()
        rows = [[float((x * step).mid()) for x in row[:size]] for row in ode.enclosure(RATE_BITS).tolist()[:size]]
    rates = np.array(rows).reshape(size, size)
    return float(np.abs(np.linalg.eigvals(rates).real).max(initial=0.0)) if np.isfinite(rates).all() else 0.0


def real_field(ode: RegionODE) -> Floats:
    """Return [X, y, Y] (n, n + 1 + m) of a region in double precision; refuse a region that is no ODE in n states."""
    if ode.kind != "real":
        raise ShapeError(
            f"lambdify: region {ode.region.pattern} is {ode.kind}, so it is no vector field on the {ode.n} states; "
            'simulate(..., switching="grid") covers every kind'
        )
    return augmented_floats(ode)
