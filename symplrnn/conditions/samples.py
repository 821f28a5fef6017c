"""Some values of the letters at which conditions are tried, so that what is met somewhere is seen to be without any algebra.

A set of points is an integer, one bit a point. The values are simple numbers, of admitted signs, and often equal or 0: conditions
that hold at coincidences alone are met at some of the points, too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce
from operator import and_, or_
from random import Random

import sympy as sp
from flint import fmpq

from symplrnn import limits
from symplrnn.conditions.formula import Formula
from symplrnn.conditions.parameters import sign_set
from symplrnn.exact.fields.work import spend
from symplrnn.exact.signs import program, run, sign_of

__all__ = ["samples_of"]

ALL_SAMPLES = (1 << limits.SAMPLES) - 1
NUMBERS = [fmpq(p, q) for p, q in ((1, 1), (1, 2), (2, 1), (1, 3), (1, 4), (3, 1), (2, 3), (5, 1), (3, 4), (1, 10))]


def samples_of(condition: Formula) -> int:
    """Return the points of the sample at which a condition surely holds.

    >>> from symplrnn.conditions.formula import negative, positive
    >>> a, w = sp.Symbol("a", positive=True), sp.Symbol("w", real=True)
    >>> samples_of(positive(a - w)) | samples_of(~positive(a - w)) == ALL_SAMPLES
    True
    >>> samples_of(negative(a + w) & negative(a - w))
    0
    """
    if condition.is_constant:
        return ALL_SAMPLES if condition.is_true else 0
    if condition.kind == "atom":
        return reduce(or_, (points for sign, points in _signs(condition.polynomial).items() if sign in condition.signs))
    return reduce(and_ if condition.kind == "and" else or_, map(samples_of, condition.args))


@lru_cache(maxsize=1 << 12)
def _signs(polynomial: sp.Expr) -> dict[int, int]:
    """Return the points where a polynomial has each sign; none where it is long or not rational."""
    steps = program(polynomial)
    if steps.algebraic or steps.signed or len(steps.steps) > limits.SAMPLED_STEPS:
        return {-1: 0, 0: 0, 1: 0}
    spend(limits.SAMPLES * len(steps.steps) // 2)
    found = {-1: 0, 0: 0, 1: 0}
    for k in range(limits.SAMPLES):
        try:
            value = run(steps, lambda c: c, lambda c: c, _values(k))[-1]
        except ZeroDivisionError:
            continue
        found[sign_of(value)] |= 1 << k
    return found


def _values(place: int) -> Callable[[sp.Symbol], fmpq]:
    return lambda symbol: _sample(symbol)[place]


@lru_cache(maxsize=1 << 10)
def _sample(symbol: sp.Symbol) -> tuple[fmpq, ...]:
    """Return the values of a letter, which depend on its name and the signs that it may have."""
    choose, signs = Random(symbol.name), sorted(sign_set(symbol))  # noqa: S311  # the same values each time
    found = []
    for _ in range(limits.SAMPLES):
        sign, number = choose.choice(signs), choose.choice(NUMBERS)
        found.append(number * sign)
    return tuple(found)
