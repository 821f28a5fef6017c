"""Emptiness of conditions in one letter, against SymPy's solution sets and by trying many numbers."""

import random
from functools import reduce
from operator import mul

import pytest
import sympy as sp
from flint import fmpq, fmpq_poly

import symplrnn as sr
from symplrnn import limits
from symplrnn.conditions.emptiness import clauses
from symplrnn.conditions.formula import (
    all_formulas,
    any_formulas,
    compared,
    negative,
    nonnegative,
    nonpositive,
    nonzero,
    positive,
    sign_condition,
    zero,
)
from symplrnn.conditions.one_letter import as_set, in_intervals, is_met_by_a_number, where_signs

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


@pytest.mark.parametrize("seed", [pytest.param(k, marks=pytest.mark.slow if k >= 12 else ()) for k in range(60)])
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


def test_several_letters_and_irrational_coefficients_are_left_open(monkeypatch):
    b = sp.Symbol("b", real=True)
    assert is_met_by_a_number(positive(a - b) & negative(a - b - 1))
    assert is_met_by_a_number(zero(a**2 - sp.sqrt(2)) & negative(a**2 + a + sp.sqrt(2)))
    long = sp.Integer(7) ** 12000
    monkeypatch.setattr(limits, "ONE_LETTER_BITS", 60_000)
    assert is_met_by_a_number(zero(a - long) & negative(a))


def test_algebraic_ends_are_compared_exactly():
    assert not is_met_by_a_number(zero(a - sp.sqrt(2)) & negative(a + sp.sqrt(2)))
    root = sp.CRootOf(sp.Symbol("x") ** 3 - sp.Symbol("x") - 1, 0)
    near = sp.Rational(str(root.evalf(60)))
    below, above = near - sp.Rational(1, 10**40), near + sp.Rational(1, 10**40)
    assert in_intervals(compared(a, root, {-1}) & nonpositive(a - below)) == nonpositive(a - below)
    assert in_intervals(compared(a, root, {-1}) & negative(a - above)) == compared(a, root, {-1})
    assert in_intervals(compared(a, root, {0}) & zero(a**3 - a - 1)) == compared(a, root, {0})
    quartic = (a - 1) ** 4 - 2
    half_open = in_intervals(compared(a, 1 - 2 ** sp.Rational(1, 4), {0, 1}) & negative(quartic))
    assert half_open == in_intervals(negative(quartic))  # the end is a root of the quartic


def random_condition(rng, letter):
    """A condition of two to five atoms on one letter."""
    parts = [rng.choice(SIGNS)(rng.choice(POLYNOMIALS).subs(a, letter)) for _ in range(rng.randint(2, 5))]
    while len(parts) > 1:
        parts[:2] = [rng.choice([all_formulas, any_formulas])(parts[:2])]
    return parts[0]


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("letter", [a, sp.Symbol("a", positive=True), sp.Symbol("a", nonzero=True)])
def test_the_union_of_intervals_says_the_same(letter, seed):
    """It agrees at all roots, beside them and between them, for admitted values; equal conditions have equal unions."""
    rng = random.Random(seed)
    condition = random_condition(rng, letter)
    found = in_intervals(condition)
    ends = sorted({sp.nsimplify(r) for p in POLYNOMIALS for r in sp.Poly(p, a).real_roots()}, key=lambda r: r.evalf(50))
    points = [*ends, *(r + d for r in ends for d in (NEAR / 3, -NEAR / 3, sp.Rational(1, 7))), sp.Integer(-9), sp.Integer(9)]
    for point in points:
        if not point.is_Rational and point not in ends:
            point = sp.Rational(str(point.evalf(60)))  # noqa: PLW2901
        if (letter.is_positive and point <= 0) or (letter.is_zero is False and point == 0):
            continue
        assert condition.at({letter: point}) == found.at({letter: point}), (condition, found, point)
    assert in_intervals(~condition) == in_intervals(~found)
    assert in_intervals(found) == found


@pytest.mark.parametrize("seed", range(25))
def test_sets_are_those_of_sympy(seed):
    rng = random.Random(seed)
    parts = [rng.choice(SIGNS)(rng.choice(POLYNOMIALS[:7])) for _ in range(2)]
    condition = all_formulas(parts)
    if condition.is_constant:
        return
    expected = sp.Intersection(*(sp.solve_univariate_inequality(part.expression, a, relational=False)
                                 if not isinstance(part.expression, sp.Eq | sp.Or)
                                 else part.expression.as_set() for part in clauses(condition)))  # fmt: skip
    assert as_set(condition) == expected


def test_the_set_is_of_admitted_values():
    letter = sp.Symbol("a", positive=True)
    assert as_set(negative(letter - 2)) == sp.Interval.open(0, 2)
    assert in_intervals(negative(letter - 2) & nonzero(letter**2 - 1)) == negative(letter - 2) & nonzero(letter - 1)
    assert as_set(negative(letter - 2) & nonzero(letter**2 - 1)) == sp.Interval.open(0, 2) - sp.FiniteSet(1)
    with pytest.raises(ValueError, match="one letter"):
        as_set(positive(a - sp.Symbol("b")))


def test_what_is_known_of_the_letter_is_not_repeated():
    known = positive(a) & negative(a - 1)
    assert in_intervals(negative(a - 2), known).is_true
    assert in_intervals(positive(a - 2), known).is_false
    assert in_intervals(negative(2 * a - 1), known) == negative(2 * a - 1)
    assert in_intervals(positive(a) & negative(4 * a**2 - 1), known) == negative(2 * a - 1)
    assert in_intervals(positive(a**3), known).is_true


def test_every_theorem_of_three_units_with_one_letter_is_a_union_of_intervals():
    """W_12 = w is the only letter: 101/260 is where the determinant vanishes, and the conditions agree with the numbers."""
    W = [[0, "w", "-1/2"], ["1/3", 0, "1/4"], ["-1/5", "1/2", 0]]
    net = sr.PLRNN(["9/10", "4/5", "1/2"], W, ["1/10", "1/5", "-1/3"], parameters={"w": "real"})
    found = sr.check(net, ["111"]).verdicts["111"]
    assert str(found["E2"].truth) == str(found["E3"].truth) == "IF(w < 101/260)"
    assert found["E4"].truth.is_false
    assert str(found.unit_eigenvalue) == "IF(Eq(w, 73/140))"
    for w in ("-5", "0", "101/260", "1/2", "73/140", "10"):
        numbers = sr.check(net.subs({"w": w}), ["111"]).verdicts["111"]
        for name in ("E1", "E2", "E3", "E4", "E5", "E6", "published formula"):
            assert found[name].truth.at({"w": w}).value == numbers[name].truth.value, (name, w)
        assert found.diagonalisable.at({"w": w}).value == numbers.diagonalisable.value
        assert found.stable.at({"w": w}).value == numbers.stable.value


def test_where_quotients_in_one_letter_have_signs():
    """The same as the conjunction of the conditions, at zeros and between them; nothing is said of poles."""
    rng = random.Random(11)
    x = fmpq_poly([0, 1])

    def value_of(f, point):
        return sp.Rational(*(int(k) for k in (f(point).p, f(point).q)))

    for _ in range(40):
        quotients = []
        for _ in range(rng.randint(1, 3)):
            top, below = (
                reduce(mul, (x * rng.randint(1, 2) - rng.randint(-3, 3) for _ in range(rng.randint(0, 2))), fmpq_poly([1]))
                for _ in range(2)
            )
            top = top * rng.choice([-1, 1, fmpq(1, 2)]) + (rng.randint(0, 1) if top.degree() > 1 else 0)
            quotients.append((top, below, rng.choice([{1}, {-1, 0}, {0}, {0, 1}, {-1, 1}])))
        found = where_signs(a, quotients)
        for point in (fmpq(k, 4) for k in range(-14, 15)):
            below = [value_of(q, point) for _, q, _ in quotients]
            if 0 not in below:
                signs = [sp.sign(value_of(p, point) / q) for (p, _, _), q in zip(quotients, below, strict=True)]
                expected = all(s in wanted for s, (_, _, wanted) in zip(signs, quotients, strict=True))
                assert found.at({a: sp.Rational(int(point.p), int(point.q))}) == expected, (quotients, point)


def test_a_letter_and_a_number_are_compared_without_factors():
    letters = [a, sp.Symbol("p", positive=True), sp.Symbol("n", nonpositive=True), sp.Symbol("z", nonzero=True)]
    for letter in letters:
        for number in (sp.Rational(3, 7), sp.Integer(0), sp.Integer(-2)):
            for signs in ({1}, {-1}, {0}, {0, 1}, {-1, 0}, {-1, 1}):
                assert compared(letter, number, signs) == sign_condition(letter - number, signs)
