"""Certified signs of rational functions of two parameters on a grid.

Floats decide most points: a sign counts where the value exceeds a bound on its error, which is kept through every operation with
outward slack (standard model of rounding, u = 2^-53). All other points are evaluated exactly.

Reference: N. J. Higham, Accuracy and Stability of Numerical Algorithms, SIAM 2002, sections 2.2 and 3.3 (running error analysis).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import sympy as sp
from flint import fmpq

from symplrnn.errors import EntryError
from symplrnn.exact.balls import endpoints, working_precision
from symplrnn.exact.reading.exponentials import Exponential, letters_in
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.names import keys_by_name
from symplrnn.exact.reading.numbers import rational_vector
from symplrnn.exact.signs import ball_of, exact_sign, exact_values, possible_signs, program, run, sign_of

__all__ = ["allowed_on_grid", "grid_axes", "signs_on_grid"]

UNIT = 2.0**-53  # of rounding to nearest
SLACK = 1 + 2.0**-48  # covers the roundings inside an error bound, of which there are fewer than 16 per operation
TINY = 2.0**-1000  # covers underflow, which loses at most 2^-1075 per operation
BITS = 128  # of irrational constants


@dataclass(frozen=True, eq=False)
class _Bounded:
    """Arrays of floats and of bounds on their distance to the exact values; not finite where there is no bound."""

    value: Any
    error: Any

    def __add__(self, other: _Bounded) -> _Bounded:
        value = self.value + other.value
        return _Bounded(value, (self.error + other.error + abs(value) * UNIT + TINY) * SLACK)

    def __mul__(self, other: _Bounded) -> _Bounded:
        value = self.value * other.value
        error = abs(self.value) * other.error + abs(other.value) * self.error + self.error * other.error
        return _Bounded(value, (error + abs(value) * UNIT + TINY) * SLACK)

    def __pow__(self, exponent: int) -> _Bounded:
        if exponent < 0:
            return self._inverse() ** -exponent
        power, square = None, self
        while True:
            if exponent % 2:
                power = square if power is None else power * square
            exponent //= 2
            if not exponent:
                return power if power is not None else _exactly(fmpq(1))
            square = square * square

    def _inverse(self) -> _Bounded:
        import numpy as np

        size = abs(self.value)
        # Then the exact value v satisfies |v| > |value|/2, and no power of the reciprocal below leaves the normal range.
        good = (size > 2 * self.error) & (size > 2.0**-400) & (size < 2.0**400)
        value = np.where(good, 1 / self.value, np.nan)
        return _Bounded(value, (2 * self.error * value * value + abs(value) * UNIT + TINY) * SLACK)


def _nearest(number: fmpq) -> float:
    try:
        return int(number.p) / int(number.q)  # correctly rounded by Python
    except OverflowError:
        return float("nan")


def _float_ball(lower: fmpq, upper: fmpq) -> tuple[float, float]:
    """Return a float and a bound on its distance to every number of an interval."""
    value = _nearest(lower if lower is upper else (lower + upper) / 2)
    if isnan(value):
        return value, value
    exact = fmpq(*value.as_integer_ratio())
    if exact == lower == upper:
        return value, 0.0
    return value, _nearest(max(abs(lower - exact), abs(upper - exact))) * SLACK + TINY


def _exactly(numbers: fmpq | Sequence[fmpq]) -> _Bounded:
    import numpy as np

    if isinstance(numbers, fmpq):
        return _Bounded(*map(np.float64, _float_ball(numbers, numbers)))
    pairs = np.array([_float_ball(x, x) for x in numbers], dtype=float).reshape(-1, 2)
    return _Bounded(pairs[:, 0], pairs[:, 1])


def _irrational(number: sp.Expr) -> _Bounded:
    import numpy as np

    with working_precision(BITS):
        ball = ball_of(number)
    value, error = _float_ball(*endpoints(ball)) if ball.is_finite() else (float("nan"),) * 2
    return _Bounded(np.float64(value), np.float64(error))


def signs_on_grid(
    expression: sp.Expr, across: Mapping[sp.Symbol, Sequence[fmpq]], down: Mapping[sp.Symbol, Sequence[fmpq]]
) -> tuple[Any, Any]:
    """Return the sign of an expression at each point of a grid and whether a denominator vanishes there (the sign is then 0).

    At points that the assumptions on the symbols exclude the sign may be any. ``across`` gives the symbols along a row (last
    axis), ``down`` those along a column (first axis). An axis that the expression does not depend on has length 1.

    >>> x, y = sp.symbols("x y")
    >>> signs_on_grid(x - y, {x: [fmpq(0), fmpq(1)]}, {y: [fmpq(0), fmpq(1)]})[0].tolist()
    [[0, 1], [-1, 0]]
    """
    import numpy as np

    steps = program(expression)
    axes = {s: (1, across[s]) if s in across else (0, down[s]) for s in letters_in(steps.symbols)}
    shape = tuple(next((len(values) for axis, values in axes.values() if axis == k), 1) for k in (0, 1))

    def symbol(s: sp.Symbol) -> _Bounded:
        if isinstance(s, Exponential):  # in no bounded number of operations: evaluated exactly
            return _Bounded(np.full((1, 1), np.nan), np.full((1, 1), np.nan))
        axis, values = axes[s]
        ball = _exactly(values)
        return ball if axis else _Bounded(ball.value[:, None], ball.error[:, None])

    with np.errstate(all="ignore"):  # what overflows is not finite, and evaluated exactly
        ball = run(steps, _exactly, _irrational, symbol, lambda _: _exactly(fmpq(0)))[-1]  # so that it is evaluated exactly
        certain = abs(ball.value) > ball.error  # never so for an infinite value, whose error is infinite, nor for nan
        signs = np.broadcast_to(np.where(certain, np.sign(ball.value), 0).astype(np.int8), shape).copy()
    poles = np.zeros(shape, dtype=bool)
    excluded = np.zeros(shape, dtype=bool)
    for s, (axis, numbers) in axes.items():
        fits = possible_signs(s)
        if len(fits) < 3:
            unfit = np.array([sign_of(x) not in fits for x in numbers], dtype=bool)
            excluded |= unfit if axis else unfit[:, None]
    for point in np.argwhere(~certain & ~excluded).tolist():
        try:
            values = exact_values({s: numbers[point[axis]] for s, (axis, numbers) in axes.items()}, steps.symbols)
            signs[tuple(point)] = exact_sign(expression, values)
        except ZeroDivisionError:
            poles[tuple(point)] = True
    return signs, poles


def grid_axes(x: Any, y: Any, at: Any, symbols: Sequence[sp.Symbol]) -> tuple[tuple[str, str], tuple[list[fmpq], list[fmpq]]]:
    """Return the names and the values of two axes (parameter, values); each symbol needs an axis or a value.

    >>> grid_axes(("a", [0, "1/2"]), (sp.Symbol("b"), [1]), {}, sp.symbols("a b"))
    (('a', 'b'), ([0, 1/2], [1]))

    Raises `EntryError` for anything else than pairs, for a parameter that is given twice, and for one without values.
    """
    for name, axis in (("x", x), ("y", y)):
        if not (isinstance(axis, tuple | list) and len(axis) == 2 and isinstance(axis[0], str | sp.Symbol)):
            raise EntryError(f"grid: {name}: expected a pair (parameter, values), got {shorten(str(axis))}")
    given = [str(x[0]), str(y[0]), *keys_by_name(at, "grid: at")]
    if len(set(given)) < len(given):
        raise EntryError(f"grid: a parameter is given twice among {', '.join(given)}")
    for symbol in symbols:
        if symbol.name not in given:
            raise EntryError(f"grid: the parameter {symbol} has no value; give it in at={{...}}")
    across, down = (rational_vector(values, f"grid: {key}") for key, values in (x, y))
    return (given[0], given[1]), (across, down)


def allowed_on_grid(symbols: Sequence[sp.Symbol], x: tuple[str, Sequence[fmpq]], y: tuple[str, Sequence[fmpq]]) -> Any:
    """Return at which points of a grid, given as two named axes, the assumptions on some symbols are satisfied."""
    import numpy as np

    allowed = np.ones((len(y[1]), len(x[1])), dtype=bool)
    for symbol in symbols:
        signs = possible_signs(symbol)
        for axis, (name, values) in enumerate((y, x)):
            if symbol.name == name and len(signs) < 3:
                fits = np.array([sign_of(v) in signs for v in values], dtype=bool)
                allowed &= fits[None, :] if axis else fits[:, None]
    return allowed
