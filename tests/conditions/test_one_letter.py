"""Emptiness of conditions in one letter, against SymPy's solution sets and by trying many numbers."""

import random

import pytest
import sympy as sp

from symplrnn.conditions.formula import all_formulas, any_formulas, negative, nonnegative, nonpositive, nonzero, positive, zero
from symplrnn.conditions.one_letter import is_met_by_a_number

a = sp.Symbol("a", real=True)
NEAR = sp.Rational(1, 10**30)
POLYNOMIALS = [
    a,
    a - 1,
    a + 1,
    a**2 - 2,
    a**2 + 1,
    a**3 - a,
    a**2 - 2 * a + 1,
    a - 1 - NEAR,
    2 * a - 3,
    a**3 - 3 * a + 1,
    a**4 - 2,
]
SIGNS = [negative, nonnegative, nonpositive, nonzero, positive, zero]


@pytest.mark.parametrize("seed", [pytest.param(k, marks=pytest.mark.slow if k >= 20 else ()) for k in range(60)])
def test_against_sympys_sets(seed):
    rng = random.Random(seed)
    parts = [rng.choice(SIGNS)(rng.choice(POLYNOMIALS)) for _ in range(rng.randint(2, 4))]
    condition = all_formulas([any_formulas(parts[:2]), *parts[2:]]) if seed % 3 == 0 else all_formulas(parts)
    if condition.is_constant:
        assert is_met_by_a_number(condition) is condition.is_true
        return
    relations = condition.expression.xreplace({a: sp.Symbol("a", real=True)})
    expected = sp.Union(
        *[
            sp.Intersection(*[clause.as_set() for clause in (part.args if isinstance(part, sp.And) else [part])])
            for part in (sp.to_dnf(relations).args if isinstance(sp.to_dnf(relations), sp.Or) else [sp.to_dnf(relations)])
        ]
    )
    assert is_met_by_a_number(condition) == (expected != sp.S.EmptySet), condition


def test_near_misses():
    assert not is_met_by_a_number(positive(a - 1) & negative(a - 1))
    assert is_met_by_a_number(positive(a - 1) & negative(a - 1 - NEAR))
    assert is_met_by_a_number(zero((a - 1) * (a - 1 - NEAR)) & positive(a - 1))  # the second root's interval begins at the first
    assert not is_met_by_a_number(zero((a - 1) * (a - 1 - NEAR)) & positive(a - 1 - NEAR))
    assert not is_met_by_a_number(zero(a**2 - 2) & positive(a - sp.Rational(3, 2)))
    root = sp.Rational(sp.integer_nthroot(2 * 10**80, 2)[0], 10**40)  # sqrt(2) to 40 digits, below
    assert is_met_by_a_number(zero(a**2 - 2) & positive(a - root))
    assert not is_met_by_a_number(zero(a**2 - 2) & positive(a - root - sp.Rational(1, 10**40)))


def test_assumptions_on_the_letter_count():
    positive_letter = sp.Symbol("a", positive=True)
    assert not is_met_by_a_number(zero(positive_letter**2 - 2) & negative(positive_letter - 1))
    assert is_met_by_a_number(zero(positive_letter**2 - 2) & positive(positive_letter - 1))


def test_several_letters_and_irrational_coefficients_are_left_open():
    b = sp.Symbol("b", real=True)
    assert is_met_by_a_number(positive(a - b) & negative(a - b - 1))
    assert is_met_by_a_number(zero(a - sp.sqrt(2)) & negative(a + sp.sqrt(2)))
    long = sp.Integer(7) ** 12000
    assert is_met_by_a_number(zero(a - long) & negative(a))
