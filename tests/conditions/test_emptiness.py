"""Conditions that no values meet: compared with values, and everyday examples that are empty."""

import random

import pytest
import sympy as sp

from symplrnn.conditions.emptiness import is_met_somewhere
from symplrnn.conditions.formula import NEVER, all_formulas, any_formulas, negative, nonzero, positive, sign_condition, zero

a, b = sp.symbols("a b", positive=True)
u, w = sp.symbols("u w", real=True)
HALVES = [sp.Rational(k, 2) for k in range(-6, 7)]


def atom(draw: random.Random):
    letters = draw.sample([a, b, u, w], 2)
    monomials = [1, *letters, letters[0] ** 2, letters[1] ** 2, letters[0] * letters[1]]
    polynomial = sum(draw.choice([0, 0, 1, -1, 2]) * m for m in monomials)
    signs = draw.choice([{0}, {1}, {-1}, {0, 1}, {-1, 1}])
    return sign_condition(sp.sympify(polynomial), signs)


@pytest.mark.parametrize("seed", range(60))
def test_what_some_values_meet_is_not_empty(seed):
    draw = random.Random(seed)
    clauses = [atom(draw) if draw.random() < 0.7 else any_formulas([atom(draw), atom(draw) & atom(draw)]) for _ in range(3)]
    condition = all_formulas(clauses)
    found = False
    for _ in range(150):
        values = {x: draw.choice([v for v in HALVES if v > 0 or not x.is_positive]) for x in (a, b, u, w)}
        found = found or condition.at(values)
    assert is_met_somewhere(condition) or not found


@pytest.mark.parametrize(
    "condition",
    [
        NEVER,
        negative(a + w) & negative(a - w),
        nonzero(w) & positive(a + w) & zero(a**2 - a * w + w**2),
        negative(a**2 - a * w + w**2),
        zero(a - 1) & negative(a + b - 1),
        negative(a * b - w**2) & zero((a - b) ** 2 + 4 * w**2),
        negative(a * b - u * w) & (zero(u) | zero(w)),
        zero(a * b - u * w - a - b + 1) & zero((a - b) ** 2 + 4 * u * w) & nonzero(a + b - 2),
        zero(2 * b - 1) & negative(4 * b - 1),
    ],
)
def test_conditions_that_exclude_each_other(condition):
    assert not is_met_somewhere(condition)
