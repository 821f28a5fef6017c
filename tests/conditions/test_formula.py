"""Formulas in parameters: equivalent to the raw conditions, printed alike each time, exact at points and on grids."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from math import isqrt

import numpy as np
import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symplrnn.conditions.formula import (
    ALWAYS,
    NEVER,
    Formula,
    all_formulas,
    any_formulas,
    negative,
    nonnegative,
    nonpositive,
    nonzero,
    positive,
    sign_condition,
    zero,
)
from symplrnn.conditions.grid import signs_on_grid
from symplrnn.conditions.sign_factors import sign_factors
from symplrnn.errors import EntryError, UndecidedError
from symplrnn.exact.signs import exact_sign, possible_signs
from tests.examples import examples

x, y, d, t = sp.symbols("x y d t")
a, b = sp.symbols("a b", positive=True)
p, q = sp.symbols("p q", nonnegative=True)
n = sp.Symbol("n", negative=True)
r = sp.Symbol("r", nonzero=True)
a1, a2, w12, w21 = sp.symbols("a1 a2 w12 w21")

SIGN_SETS = [frozenset(s) for s in ({1}, {-1}, {0, 1}, {-1, 0}, {0}, {-1, 1})]
NUMBERS = [Fraction(k, 2) for k in range(-4, 5)]
LETTERS = {x: NUMBERS, y: NUMBERS, a: [v for v in NUMBERS if v > 0], p: [v for v in NUMBERS if v >= 0],
           n: [v for v in NUMBERS if v < 0], r: [v for v in NUMBERS if v]}  # fmt: skip


def discriminant(m: sp.Matrix) -> sp.Expr:
    """The discriminant of the characteristic polynomial of a 3 x 3 matrix, not expanded."""
    e1 = m.trace()
    e2 = sum(m[i, i] * m[j, j] - m[i, j] * m[j, i] for i, j in ((0, 1), (0, 2), (1, 2)))
    e3 = m.det()
    return 18 * e1 * e2 * e3 - 4 * e1**3 * e3 + e1**2 * e2**2 - 4 * e2**3 - 27 * e3**2


HUGE = discriminant(sp.Matrix(3, 3, sp.symbols("m1:10")))


def raw_sign(expression: sp.Expr, point: dict) -> int:
    value = expression.subs({s: sp.Rational(v.numerator, v.denominator) for s, v in point.items()})
    return int(sp.sign(value))


linear = st.builds(
    lambda cs, c: sum((k * s for k, s in zip(cs, LETTERS, strict=True)), sp.Integer(c)),
    st.lists(st.integers(-1, 1), min_size=6, max_size=6),
    st.integers(-2, 2),
)
monomials = st.lists(st.sampled_from(list(LETTERS)), max_size=3).map(lambda s: sp.Mul(*s))
sums = st.lists(st.tuples(st.integers(-3, 3), monomials), min_size=1, max_size=3).map(
    lambda terms: sp.Add(*(sp.Rational(c, 2) * m for c, m in terms))
)
parts = st.one_of(linear, sums, st.sampled_from([x, y, a, p, n, r, x - y, x**2 - y**2]))
expressions = st.lists(st.tuples(parts, st.integers(1, 3)), min_size=1, max_size=3).map(lambda fs: sp.Mul(*(f**e for f, e in fs)))
points = st.fixed_dictionaries({s: st.sampled_from(values) for s, values in LETTERS.items()})


# --- atoms -----------------------------------------------------------------------------------------------------------------


@examples(60)
@given(expressions, st.sampled_from(SIGN_SETS), st.lists(points, min_size=1, max_size=6))
def test_normalised_conditions_are_equivalent_to_the_raw_ones(expression, signs, where):
    formula = sign_condition(expression, signs)
    opposite = ~formula
    for point in where:
        expected = raw_sign(expression, point) in signs
        assert formula.at(point) is expected
        assert opposite.at(point) is not expected
        assert bool(formula.expression.subs({s: sp.Rational(v.numerator, v.denominator) for s, v in point.items()})) is expected


@pytest.mark.slow
@settings(max_examples=250)
@given(expressions, st.sampled_from(SIGN_SETS), st.lists(points, min_size=1, max_size=6))
def test_normalised_conditions_are_equivalent_to_the_raw_ones_with_many_examples(expression, signs, where):
    test_normalised_conditions_are_equivalent_to_the_raw_ones.hypothesis.inner_test(expression, signs, where)


@given(expressions, expressions, st.sampled_from(SIGN_SETS), points)
@examples(100)
def test_rational_functions_have_the_sign_of_numerator_times_denominator(top, bottom, signs, point):
    below = raw_sign(bottom, point)
    if below:
        expected = raw_sign(top, point) * below in signs
        assert sign_condition(top / bottom, signs).at(point) is expected
        assert sign_condition(1 + (top - bottom) / bottom, signs).at(point) is expected


@given(expressions, expressions, st.sampled_from(SIGN_SETS), st.sampled_from(SIGN_SETS), points)
@examples(100)
def test_a_known_condition_may_be_used(first, second, signs, known_signs, point):
    known = sign_condition(second, known_signs)
    if known.at(point):
        assert sign_condition(first, signs, known=known).at(point) is (raw_sign(first, point) in signs)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (positive(a1 * a2 - w12 * w21), "a1*a2 - w12*w21 > 0"),
        (negative(w12 * w21 - a1 * a2), "a1*a2 - w12*w21 > 0"),
        (positive(sp.Rational(2, 3) * w12 - sp.Rational(4, 9) * a1), "2*a1 - 3*w12 < 0"),
        (positive(a * x), "x > 0"),
        (positive(a * (a + b) * x * (x**2 + 1)), "x > 0"),
        (positive(n * x), "x < 0"),
        (nonnegative(x**3), "x >= 0"),
        (positive(x**2 * y), "(y > 0) & Ne(x, 0)"),
        (nonnegative(x**2 * y), "Eq(x, 0) | (y >= 0)"),
        (positive(x**2), "Ne(x, 0)"),
        (nonpositive(x**2), "Eq(x, 0)"),
        (zero(x * y**2), "Eq(x, 0) | Eq(y, 0)"),
        (nonzero(x**2 - y**2), "Ne(x + y, 0) & Ne(x - y, 0)"),
        (positive((x - y) * (t - d)), "(d - t)*(x - y) < 0"),
        (nonnegative(p * x), "Eq(p, 0) | (x >= 0)"),
        (nonzero(p), "p > 0"),
        (nonpositive(p), "Eq(p, 0)"),
        (positive(p), "p > 0"),
        (nonnegative(r), "r > 0"),
        (nonnegative(1 / x), "x > 0"),
        (zero((x - 1) / y), "Eq(x, 1)"),
        (positive((x - 1) / y), "y*(x - 1) > 0"),
        (positive(1 + 1 / (x - 1)), "x*(x - 1) > 0"),
        (positive(sp.sqrt(2) * x - 2), "x > sqrt(2)"),
        (negative((1 - sp.sqrt(2)) * x + 1), "x > 1 + sqrt(2)"),
        (zero(sp.sqrt(2) * x**2 - x * y), "Eq(x, 0) | Eq(x - sqrt(2)*y/2, 0)"),
        (positive(sp.sqrt(2) * x**2 * y + sp.sqrt(3) * x**2 * y), "(y > 0) & Ne(x, 0)"),
        (positive(sp.Float(0.5) * x), "x > 0"),
        (ALWAYS, "True"),
        (NEVER, "False"),
    ],
)
def test_conditions_print_as_one_would_write_them(formula, text):
    assert repr(formula) == str(formula) == str(formula.expression) == text


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (positive(a + b), True), (positive(a + p), True), (nonnegative(p + q), True), (negative(n - a), True),
        (positive((x - y) ** 2 + a), True), (zero(a * b), False), (nonzero(r * a), True), (positive(x**2 + 1), True),
        (positive(-(x**2)), False), (zero(x - x), True), (positive(3), True), (positive("1/3"), True), (negative(Fraction(-1, 3)), True),
        (positive(sp.sqrt(2) - sp.Rational(141421356, 100000000)), True), (zero(sp.sqrt(2) * sp.sqrt(8) - 4), True),
        (zero(sp.sqrt(3 + 2 * sp.sqrt(2)) - 1 - sp.sqrt(2)), True),
        (zero((x + 1) ** 2 - x**2 - 2 * x - 1), True), (zero(x * (sp.sqrt(3 + 2 * sp.sqrt(2)) - 1 - sp.sqrt(2))), True),
        (sign_condition(x, {-1, 0, 1}), True), (sign_condition(x, ()), False), (nonnegative(a - b - a + b), True),
    ],
)  # fmt: skip
def test_constants_are_decided_exactly(formula, value):
    assert formula == (ALWAYS if value else NEVER)
    assert bool(formula) is value


def test_signs_of_sums_and_powers_follow_from_assumptions():
    assert possible_signs(p + a) == {1}
    assert possible_signs(p + x**2) == {0, 1}
    assert possible_signs(p - a) == {-1, 0, 1}
    assert possible_signs(r**2) == {1}
    assert possible_signs(n**3 * a - p) == {-1}
    assert possible_signs(1 / p) == {1}
    assert possible_signs(sp.Symbol("z", zero=True) * x) == {0}


# --- large expressions ------------------------------------------------------------------------------------------------------


def test_a_large_polynomial_is_kept_as_it_is_given():
    formula = positive(HUGE)
    assert formula.polynomial == HUGE
    assert formula.polynomial.count_ops() == HUGE.count_ops()
    assert (formula & nonzero(HUGE)) == formula
    assert nonpositive(HUGE) == ~formula


def test_small_factors_of_a_large_polynomial_are_still_used():
    assert positive(2 * a * HUGE**3) == positive(HUGE)
    assert positive(HUGE**2) == nonzero(HUGE)
    assert zero(x * HUGE) == zero(x) | zero(HUGE)
    assert positive(-3 * n * HUGE / a) == positive(HUGE)
    assert positive(x**2 * HUGE) == nonzero(x) & positive(HUGE)


def test_a_large_polynomial_becomes_small_when_parameters_get_values():
    m = dict(zip([f"m{k}" for k in range(1, 10)], [x, 1, 0, 0, 2, 1, 0, 0, 3], strict=True))
    formula = positive(HUGE).subs({k: v for k, v in m.items() if v is not x})
    assert formula == nonzero(sp.Symbol("m1") - 2) & nonzero(sp.Symbol("m1") - 3)  # (m1-2)^2 (m1-3)^2 (2-3)^2


# --- connectives ------------------------------------------------------------------------------------------------------------


RAW = st.recursive(
    st.tuples(
        st.sampled_from([x, y, x - y, x * y, x**2 - 1, p, p * x, x * (x - y), a * y - 1, r * y]), st.sampled_from(SIGN_SETS)
    ),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, max_size=4)), st.tuples(st.just("not"), inner)
    ),
    max_leaves=14,
)


def build(raw) -> Formula:
    head, rest = raw
    if head == "not":
        return ~build(rest)
    if head in ("and", "or"):
        return (all_formulas if head == "and" else any_formulas)(build(f) for f in rest)
    return sign_condition(head, rest)


def truth(raw, point) -> bool:
    head, rest = raw
    if head == "not":
        return not truth(rest, point)
    if head in ("and", "or"):
        return (all if head == "and" else any)(truth(f, point) for f in rest)
    return raw_sign(head, point) in rest


@given(RAW, st.lists(points, min_size=8, max_size=8))
@examples(200)
def test_connectives_keep_the_truth_at_every_point(raw, where):
    formula = build(raw)
    assert build(raw) == formula
    assert hash(build(raw)) == hash(formula)
    for point in where:
        assert formula.at(point) is truth(raw, point)


@given(RAW, st.sets(st.sampled_from(list(LETTERS))), st.lists(points, min_size=3, max_size=3))
@examples(150)
def test_partial_values_then_the_rest_are_all_values(raw, chosen, where):
    for point in where:
        rest = build(raw).subs({s: point[s] for s in chosen})
        assert not set(rest.symbols) & chosen
        assert rest.at(point) is truth(raw, point)


def test_products_and_their_factors_together_exhaustively():
    atoms = [(e, s) for e in (x, y, x * y) for s in SIGN_SETS]
    signs = [{x: Fraction(u), y: Fraction(v)} for u, v in product((-1, 0, 1), repeat=2)]
    pairs = [(kind, [f, g]) for f, g in product(atoms, repeat=2) for kind in ("and", "or")]
    nested = [(k, [f, (j, [g, h])]) for f, g, h in product(atoms, repeat=3) for k, j in (("and", "or"), ("or", "and"))]
    for raw in pairs[::3] + nested[::97]:
        formula = build(raw)
        assert [formula.at(z) for z in signs] == [truth(raw, z) for z in signs]


def test_laws_of_boolean_algebra():
    f, g, h = positive(d), zero(t), negative(x)
    assert (f & ~f, f | ~f) == (NEVER, ALWAYS)
    assert (f & ALWAYS, f & NEVER, f | ALWAYS, f | NEVER) == (f, NEVER, ALWAYS, f)
    assert f & g & f == g & f
    assert (f & g) & h == f & (g & h)
    assert f | (f & g) == f
    assert f & (f | g) == f
    assert f & (~f | g) == f & g
    assert f | (~f & g) == f | g
    assert ~(f & (g | h)) == ~f | (~g & ~h)
    assert ~~(f & (g | h)) == f & (g | h)
    assert all_formulas([]) == ALWAYS
    assert any_formulas([]) == NEVER
    assert (f | g) & (f | g | h) == f | g
    assert (f & g) | (h & g & f) | h == h | (f & g)


def test_a_clause_that_another_one_implies_is_dropped():
    strong, weak = positive(d) | zero(t), nonnegative(d) | zero(t) | negative(x)
    assert strong & weak == weak & strong == strong
    assert (strong & (positive(d) | zero(t) | negative(x))).args == strong.args
    assert ((nonnegative(d) | zero(t)) & (positive(d) | zero(t) | negative(x))).kind == "and"  # none implies the other
    strong, weak = positive(d) & zero(t) & negative(x), nonnegative(d) & zero(t)
    assert strong | weak == weak | strong == weak
    assert ((positive(d) & zero(t)) | (nonnegative(d) & zero(t) & negative(x))).kind == "or"


def test_atoms_on_the_same_polynomial_are_merged():
    assert positive(d) & nonzero(d) == positive(d)
    assert positive(d) | zero(d) == nonnegative(d)
    assert nonnegative(d) & nonpositive(-2 * d) & nonzero(d) == positive(d)
    assert nonnegative(d) & nonpositive(d) == zero(d)
    assert positive(d) | negative(d) == nonzero(d)
    assert nonnegative(x - y) & nonnegative(y - x) == zero(x - y)
    assert positive(d) | nonpositive(d) == ALWAYS
    assert nonnegative(p) == ALWAYS
    assert zero(p) | positive(p) == ALWAYS
    assert ~zero(p) == positive(p)


def test_literals_simplify_the_other_clauses():
    assert nonzero(d) & (nonnegative(d) | positive(t)) == nonzero(d) & (positive(d) | positive(t))
    assert positive(d) & (nonnegative(d) | positive(t)) == positive(d)
    assert positive(d) & (negative(d) | positive(t)) == positive(d) & positive(t)
    assert positive(d) | (nonpositive(d) & positive(t)) == positive(d) | positive(t)
    assert nonnegative(d) & (nonpositive(d) | (positive(d) & positive(t))) == nonnegative(d) & (zero(d) | positive(t))
    assert positive(x) & positive(x * y) == positive(x) & positive(y)
    assert positive(x * y) & nonzero(x * y) == positive(x * y)
    assert positive(x * y) & nonnegative(x) == positive(x) & positive(y)
    assert nonpositive(x * y) | zero(x) == nonpositive(x * y)


def test_clauses_come_in_a_reproducible_order():
    long, short = positive(x * y - d * t), positive(x)
    assert (long & short).args == (short & long).args == (short, long)
    assert ((short | long) & zero(t)).args[0] == zero(t)
    assert str(positive(t) & positive(d) & positive(x)) == "(d > 0) & (t > 0) & (x > 0)"


def test_kinds_atoms_symbols_and_truth_values():
    f = positive(x) & (zero(y) | negative(t))
    assert f.kind == "and"
    assert f.atoms == {positive(x), zero(y), negative(t)}
    assert f.symbols == (t, x, y)
    assert ALWAYS.atoms == frozenset()
    assert (ALWAYS.is_true, ALWAYS.is_false, ALWAYS.is_constant) == (True, False, True)
    assert (NEVER.is_true, NEVER.is_false, NEVER.is_constant) == (False, True, True)
    assert (f.is_true, f.is_false, f.is_constant) == (False, False, False)
    assert bool(ALWAYS)
    assert not bool(NEVER)
    with pytest.raises(UndecidedError, match=r"x > 0.*depends on parameters"):
        bool(positive(x))
    with pytest.raises(AttributeError):
        f.kind = "or"
    assert f.expression == sp.And(x > 0, sp.Or(sp.Eq(y, 0), t < 0))


# --- points -----------------------------------------------------------------------------------------------------------------


def test_truth_at_a_point_is_exact():
    f = positive(x * y - 1)
    assert f.at({x: "1/3", "y": 3.0000000000000004})
    assert not f.at({x: Fraction(1, 3), y: 3})
    assert not f.at({x: 0.1, y: 10 - 1e-14})
    assert f.at({x: 0.1, y: 10})  # 0.1 is more than 1/10
    assert zero(x**2 - 2).at({x: sp.sqrt(2)})
    assert zero(x**2 + x * y - 5).at({x: sp.sqrt(2), y: 3 * sp.sqrt(2) / 2})
    assert positive(x**2 - 2).at({x: sp.sqrt(2) + sp.Rational(1, 10**60)})
    assert f.at({x: 1, y: 2, "unused": 7})
    assert zero(x - sp.sqrt(2)).subs({x: sp.sqrt(2)}) == ALWAYS
    assert positive(HUGE).at({f"m{k}": k % 4 for k in range(1, 10)}) is bool(
        HUGE.subs({f"m{k}": k % 4 for k in range(1, 10)}) > 0
    )


def test_some_values_leave_a_formula():
    f = positive(x * y - y) & nonzero(t)
    assert f.subs({x: 3}) == positive(y) & nonzero(t)
    assert f.subs({"y": 0}) == NEVER
    assert f.subs({t: 1, x: 0}) == negative(y)
    assert f.subs({}) == f
    assert f.subs({x: 3, y: 1, t: 1}) == ALWAYS
    assert positive(x**2 - y).subs({x: sp.sqrt(2)}) == negative(y - 2)
    assert positive(x * y - 1).subs({x: sp.sqrt(2)}) == positive(y - sp.sqrt(2) / 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: positive(x * y - 1).at({x: 1}), "parameter y has no value"),
        (lambda: positive(x).at({x: "one"}), "x: "),
        (lambda: positive(x).at({x: float("nan")}), "x: nan is not a finite"),
        (lambda: positive(x).at({x: sp.pi}), "x: 'pi' is not a real algebraic number"),
        (lambda: positive(x).at({x: sp.sqrt(-2)}), "x: .* is not a real algebraic number"),
        (lambda: positive(x).at({x: y}), "x: 'y' is no rational number"),
        (lambda: positive(a - 1).at({"a": -1}), "a: -1 does not satisfy the assumptions on a, which is positive"),
        (lambda: positive(x).at({x: 1, p: -1}), "p: -1 does not satisfy the assumptions on p, which is positive or zero"),
        (lambda: positive(a - 1).at({a: -sp.sqrt(2)}), "does not satisfy"),
        (lambda: positive(x).subs({x: None}), "x: "),
        (lambda: positive(x / (y - y)), "not a finite number"),
        (lambda: positive(1 / ((x + 1) ** 2 - x**2 - 2 * x - 1)), "a denominator"),
        (lambda: positive(sp.sin(x)), "no rational function of real parameters"),
        (lambda: positive(x**y), "no rational function"),
        (lambda: positive(sp.sqrt(x)), "no rational function"),
        (lambda: positive(sp.pi * x), "no rational function"),
        (lambda: positive(sp.I * x), "no rational function"),
        (lambda: positive(sp.Symbol("c", imaginary=True)), "no rational function"),
        (lambda: sign_condition(x, {2}), "signs"),
        (lambda: positive(HUGE + 1 / (x - y)).at({**{f"m{k}": 1 for k in range(1, 10)}, x: 2, y: 2}), "denominator .* vanishes at"),
        (lambda: positive(HUGE + 1 / (x - y)).subs({x: 2, y: 2}), "denominator .* vanishes at"),
        (lambda: positive(HUGE + 1 / (1 + 1 / x)).subs({x: 0}), "denominator .* vanishes at"),
        (lambda: positive(HUGE + sp.sqrt(2) / (x**2 - 2)).subs({x: sp.sqrt(2)}), "denominator .* vanishes at"),
        (lambda: positive(x).grid(x=(x, [1]), y=("x", [1])), "given twice"),
        (lambda: positive(x).grid(x=(x, [1]), y=(y, [1]), at={x: 1}), "given twice"),
        (lambda: positive(x * t - 1).grid(x=(x, [1]), y=(y, [1])), "parameter t has no value"),
        (lambda: positive(x).grid(x=(x, [float("inf")]), y=(y, [1])), "x"),
    ],
)  # fmt: skip
def test_errors_say_what_is_wrong_in_one_line(call, message):
    with pytest.raises(EntryError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


# --- grids ------------------------------------------------------------------------------------------------------------------


def pointwise(formula: Formula, xs, ys, at=None):
    return [[formula.at({x: u, y: v, **(at or {})}) for u in xs] for v in ys]


@given(
    RAW,
    st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4),
    st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=3),
    points,
)
@examples(100)
def test_grids_agree_with_points(raw, xs, ys, point):
    formula = build(raw)
    rest = {s: v for s, v in point.items() if s not in (x, y)}
    found = formula.grid(x=(x, xs), y=("y", [float(v) for v in ys]), at=rest)
    assert found.dtype == bool
    assert found.shape == (len(ys), len(xs))
    assert found.tolist() == pointwise(formula, xs, ys, rest)


CURVES = [
    x - y,
    x * y - 1,
    x**2 + y**2 - 1,
    x**2 - 2 * y**2,
    3 * x**3 - x * y**2 - y / 7,
    x - sp.sqrt(2) * y,
    (x - y) ** 4 - 10**-40,
]


@pytest.mark.parametrize("curve", CURVES, ids=str)
def test_near_misses_are_decided_exactly(curve):
    third = Fraction(1, 3)
    base = [Fraction(1), third, Fraction(3, 5), Fraction(4, 5), Fraction(10**20), Fraction(1, 10**20), Fraction(0), Fraction(2)]
    xs = [v * (1 + s * Fraction(1, 10**17)) for v in base for s in (-1, 0, 1)]
    ys = [*xs, *(1 / v for v in xs if v)]
    expected = [[int(sp.sign(curve.subs({x: sp.Rational(u), y: sp.Rational(v)}))) for u in xs] for v in ys]
    exact = [fmpq(v.numerator, v.denominator) for v in xs], [fmpq(v.numerator, v.denominator) for v in ys]
    signs, poles = signs_on_grid(curve, {x: exact[0]}, {y: exact[1]})
    assert signs.tolist() == expected
    assert not poles.any()


@pytest.mark.parametrize("size", [1e-200, 1e-320, 1e200, 1e308])
def test_overflow_and_underflow_are_no_excuse(size):
    xs = [size, np.nextafter(size, 0), -size, 0.0]
    for curve in (x**2 - y**2, x**5 * y, x**3 - y**3, x * y + x + y):
        assert positive(curve).grid(x=(x, xs), y=(y, xs)).tolist() == pointwise(positive(curve), xs, xs)
        assert zero(curve).grid(x=(x, xs), y=(y, xs)).tolist() == pointwise(zero(curve), xs, xs)


def test_roundings_of_subnormal_products_are_bounded():
    unit = 2.0**-537  # x**2 is about 1.4 * 2^-1074, which underflows to 2^-1074
    f = positive(4 * x**2 - y)
    assert f.grid(x=(x, [1.1832 * unit]), y=(y, [5 * 2.0**-1074])).tolist() == [[True]]


def test_exact_zero_sets_on_a_fine_grid():
    axis = np.linspace(-1, 1, 201)
    xs, ys = np.meshgrid(axis, axis)
    assert (zero(x - y).grid(x=(x, axis), y=(y, axis)) == (xs == ys)).all()
    assert (zero(y * (x - 1)).grid(x=(x, axis), y=(y, axis)) == ((ys == 0) | (xs == 1))).all()
    assert (nonnegative(x).grid(x=(x, axis), y=(y, axis)) == (xs >= 0)).all()
    assert ALWAYS.grid(x=(x, axis), y=(y, axis)).all()
    assert not NEVER.grid(x=(x, axis), y=(y, axis[:7])).any()
    assert NEVER.grid(x=(x, axis), y=(y, axis[:7])).shape == (7, 201)


def test_poles_and_excluded_values_are_false():
    f = nonnegative(HUGE + 1 / (x - y))
    at = {f"m{k}": k % 4 for k in range(1, 10)}
    for formula in (f, ~f):
        found = formula.grid(x=(x, [0, 1, 2]), y=(y, [0, 1, 3]), at=at)
        assert found[0, 1:].tolist() == pointwise(formula, [1, 2], [0], at)[0]
        assert found[2].tolist() == pointwise(formula, [0, 1, 2], [3], at)[0]
        assert not found[0, 0]
        assert not found[1, 1]
    raw = Formula("atom", 1 / (x - y) + 1, frozenset({0, 1}))
    assert raw.grid(x=(x, [0, 1, 2]), y=(y, [0, 1])).tolist() == [[False, True, True], [True, False, True]]
    assert positive(a - x).grid(x=(a, [-1, 0, 1]), y=(x, [-2, 2])).tolist() == [[False, False, True], [False, False, False]]
    assert negative(a - x).grid(x=(a, [-1, 0, 1]), y=(x, [-2, 2])).tolist() == [[False, False, False], [False, False, True]]


def test_fixed_values_are_taken_exactly():
    f = positive(x + t * y)
    third = Fraction(1, 3)
    assert f.grid(x=(x, [-third, -0.3333333333333333]), y=(y, [1]), at={t: third}).tolist() == [[False, True]]
    assert f.grid(x=(x, [-0.1]), y=(y, [1]), at={t: "0.1"}).tolist() == [[False]]
    assert zero(f.polynomial).grid(x=(x, [-0.1]), y=(y, [1]), at={t: 0.1}).tolist() == [[True]]
    root = zero(x + t * y).grid(x=(x, [-2, -1.4142135623730951]), y=(y, [1, 0]), at={t: sp.sqrt(2)})
    assert root.tolist() == [[False, False], [False, False]]


def test_the_irrational_points_of_a_curve_are_decided():
    xs = [Fraction(0), Fraction(1), Fraction(7, 5)]
    f = zero(x**2 - 2 * y**2) | positive(x - sp.sqrt(2) * y)
    assert f.grid(x=(x, xs), y=(y, xs)).tolist() == pointwise(f, xs, xs)


@pytest.mark.slow
def test_error_bounds_hold_in_exact_arithmetic():
    from symplrnn.conditions.grid import _exactly
    from symplrnn.exact.signs import program, run

    rng = np.random.default_rng(0)
    for expression in [x**7 - y**5 * x + 3, (x - y) ** 6 / (x + y), x * y / 3 - (x + y / 7) ** 3, 1 / (1 + x**2) ** 3]:
        for _ in range(300):
            u, v = (fmpq(int(rng.integers(-(10**9), 10**9)), int(rng.integers(1, 10**9))) for _ in range(2))
            steps, values = program(expression), {x: u, y: v}
            ball = run(steps, _exactly, _exactly, lambda s, values=values: _exactly(values[s]))[-1]
            exact = run(steps, lambda c: c, lambda c: c, values.__getitem__)[-1]
            value, error = (fmpq(*float(z).as_integer_ratio()) for z in (ball.value, ball.error))
            assert abs(value - exact) <= error
            assert error <= abs(exact) * fmpq(1, 10**6) + fmpq(1, 10**3)


def test_all_points_of_a_small_lattice_against_sympy():
    for expression, signs in product([(x - y) * (x + 2 * y), x**3 - 4 * x * y**2, x**2 + y**2], SIGN_SETS):
        formula = sign_condition(expression, signs)
        for u, v in product(range(-2, 3), repeat=2):
            assert formula.at({x: u, y: v}) is (int(sp.sign(expression.subs({x: u, y: v}))) in signs)


def test_factors_and_exact_signs():
    found = sign_factors(-2 * x**2 * (x - y) / (3 * t))
    assert (found.sign, found.powers, found.poles) == (-1, {x: 2, x - y: 1, t: 1}, {t})
    assert sign_factors(x - x).sign == 0
    assert exact_sign(x**2 - 2, {x: sp.sqrt(2)}) == 0
    difference = sp.sqrt(3) * x - sp.sqrt(3) * y  # a ball whose middle is 0: FLINT's power of it is not a number
    assert [exact_sign(difference**k - 1, {x: fmpq(1, 3), y: fmpq(1, 3)}) for k in (1, 2, 3)] == [-1, -1, -1]
    assert exact_sign(x - 1, {x: fmpq(10**30 - 1, 10**30)}) == -1
    with pytest.raises(ZeroDivisionError):
        exact_sign(1 / (x**2 - 2), {x: sp.sqrt(2)})


def test_signs_of_numbers_too_long_to_print():
    """sqrt(2) against its first 5000 decimals."""
    size = 10**5000
    assert exact_sign(sp.sqrt(2) - sp.Rational(isqrt(2 * size**2), size), {}) == 1


def test_the_order_of_long_clauses_does_not_depend_on_how_they_were_given():
    """Equally long ones, too long for SymPy's order: in any order of the arguments the condition is the same."""
    names = sp.symbols("a0:40", real=True)
    listed = [positive(sp.Add(*(s ** (2 + (i + k) % 3) * k for i, s in enumerate(names, 1))) - 7) for k in (2, 3, 5)]
    orders = [all_formulas(order).args for order in permutations(listed)]
    assert all(order == orders[0] for order in orders)
    assert len(set(map(str, orders[0]))) == 3


def test_points_that_assumptions_exclude_are_false_on_a_grid_also_where_floats_do_not_decide():
    a, w = sp.Symbol("a", positive=True), sp.Symbol("w", real=True)
    assert nonnegative(a + w).grid((a, [-1, 0, 1]), (w, [1, -1])).tolist() == [[False, False, True], [False, False, True]]
