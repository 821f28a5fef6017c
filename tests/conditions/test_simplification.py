"""Simplified conditions say the same wherever what is known holds, at thousands of values, and are those that a person writes."""

import random

import pytest
import sympy as sp

from symplrnn.conditions.formula import (
    ALWAYS,
    all_formulas,
    any_formulas,
    negative,
    nonnegative,
    nonzero,
    positive,
    sign_condition,
    zero,
)
from symplrnn.conditions.simplification import given

a, b = sp.symbols("a b", positive=True)
u, w = sp.symbols("u w", real=True)
KNOWN = [
    ALWAYS,
    negative(a - 1),
    negative(a - 1) & positive(b - a),
    nonnegative(u - 1) & negative(u - 2),
    positive(1 - w**2),
    positive(a - w),
    zero(w - 1) | positive(w - 2),
]
POLYNOMIALS = [
    a - 1,
    b - a,
    u - 1,
    a + u,
    a - u**2,
    2 * a - 1,
    u + 1,
    a * u - 1,
    w,
    a + w,
    a - w,
    a + w - 1,
    a * b - w**2,
    a * b - u * w,
]
POLYNOMIALS += [(a + w) * (a**2 - a * w + w**2), u * (w - 1), a**2 + b * w, w * u * (u - 1), u**2 + w**2 - a]


def random_condition(draw: random.Random, depth: int):
    if depth == 0:
        return sign_condition(draw.choice(POLYNOMIALS), draw.choice([{0}, {1}, {-1}, {0, 1}, {-1, 0}, {-1, 1}]))
    join = draw.choice([any_formulas, all_formulas])
    return join(random_condition(draw, draw.randrange(depth)) for _ in range(draw.randint(2, 3)))


def points(draw: random.Random, count: int):
    """Yield values of the letters: random ones, and such where they coincide or are 0, 1 or at the ends of ranges."""
    few = [sp.Rational(x) for x in ("0", "1", "-1", "1/2", "2")]
    for k in range(count):
        if k % 2:
            yield {x: (abs(v) or sp.Integer(1)) if x.is_positive else v for x in (a, b, u, w) for v in [draw.choice(few)]}
        else:
            found = {x: sp.Rational(draw.randint(-12, 12), draw.choice([1, 2, 3, 6])) for x in (u, w)}
            yield found | {x: sp.Rational(draw.randint(1, 12), draw.choice([2, 3, 6])) for x in (a, b)}


@pytest.mark.parametrize("seed", range(60))
def test_simplified_conditions_say_the_same_where_the_assumptions_hold(seed):
    draw = random.Random(seed)
    condition, known = random_condition(draw, 3), draw.choice(KNOWN)
    found = given(condition, known)
    for point in points(draw, 80):
        if known.at(point):
            assert condition.at(point) == found.at(point), (condition, known, found, point)


@pytest.mark.parametrize(
    ("condition", "known", "shorter"),
    [
        (positive((a + w) * (a**2 - a * w + w**2)), ALWAYS, positive(a + w)),
        (positive(a + w) & (nonzero(w) | nonnegative(2 * a - w)) & positive(a**2 - a * w + w**2), ALWAYS, positive(a + w)),
        (
            nonzero(a + w) & nonzero(a - w) & (zero(w) | (positive(a + w) & positive(a - w))),
            ALWAYS,
            positive(a + w) & positive(a - w),
        ),
        (nonzero(w) & nonzero(a - w) & (negative(a + w) | negative(a - w)), ALWAYS, negative(a + w) | negative(a - w)),
        (nonzero(w) | (nonzero(u) & zero(a - w - 1)), ALWAYS, nonzero(w) | (nonzero(u) & zero(a - 1))),
        (nonzero(2 * u - 9) | nonzero(2 * u - 1), ALWAYS, ALWAYS),
        (negative(a * b - w**2) & nonzero((a - b) ** 2 + 4 * w**2), ALWAYS, negative(a * b - w**2)),
        (positive(w), positive(w - 1), ALWAYS),
        (negative(a - 1), negative(a - 1) & negative(b - 1), ALWAYS),
        (positive(a - 1) & positive(w + b), negative(a - 1), ~ALWAYS),
        (zero(a - 1) | positive(b + w), negative(a - 1), positive(b + w)),
        (nonzero(2 * a - 1) & nonzero(a - 2), negative(a - 1), nonzero(2 * a - 1)),
        ((positive(a + w) & nonzero(a + w - 1)) | zero(a + w - 1), ALWAYS, positive(a + w)),
        (positive(u * (w - 1)), negative(w), negative(u)),
    ],
)
def test_conditions_as_a_person_states_them(condition, known, shorter):
    assert given(condition, known) == shorter
