"""Factors of degree 3 to 6 with letters where E2 fails: the fewest extra coordinates, against the engine over Q."""

import pickle
import random
from collections import Counter

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import working_precision
from symplrnn.exact.evaluation import Evaluation
from symplrnn.logarithm.negative_root import NegativeRoot
from tests.logarithm.cases.test_where_e2_fails import check_at, check_step, companion, mp

a, b = sp.symbols("a b", real=True)
x = sp.Symbol("x")


def without_units(M) -> sr.ReLURNN:
    M = sp.Matrix(M)
    return sr.ReLURNN(M, [[] for _ in range(M.rows)], [1, *[0] * (M.rows - 1)], V=[])


def polynomial(*roots) -> sp.Expr:
    return sp.expand(sp.prod(x - root for root in roots))


# Symmetric about a point, so that the discriminants, which are cases, are short; with the numbers of negative roots that occur.
FACTORS = {
    "three or four": (polynomial(-3, -2, -1, 0) + a, {1, 3, 4}),
    "one to three": (polynomial(-2, -1, 0, 1) + a, {1, 2, 3}),
    "three beside a": (polynomial(-1, -2, -3, a) + 1, {3, 4}),
    "two letters": (x**4 - b * x - a, {1, 2}),
    "quintic": (x**5 - 2 * x - a, {1, 2}),
    "three of five": (polynomial(-2, -1, 0, 1, 2) + a, {1, 2, 3}),
    "three of six": (polynomial(-3, -2, -1, 1, 2, 3) + a, {1, 2, 3}),
}


LARGER = {"two letters", "quintic", "three of five", "three beside a", "three of six"}


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n in LARGER else ()) for n in FACTORS])
def test_a_factor_with_letters_at_many_values(name):
    """The number of extra coordinates is that over Q at each of 100 values, and exactly one case holds."""
    f, counts = FACTORS[name]
    assert set(extra_at_many_values(sp.Poly(f, x), 100)) >= counts


def extra_at_many_values(f: sp.Poly, count: int) -> Counter:
    net = without_units(companion(f))
    ode, rng, seen = sr.derive(net, dt=1)[""], random.Random(1), Counter()
    for k in range(count):
        values = {str(s): sp.Rational(rng.randint(-9, 9), rng.choice([1, 2, 7, 20])) for s in net.parameters}
        if k % 4 == 0:  # values at which there is a rational root, often a negative one
            root = sp.Rational(rng.randint(-9, 3), 2)
            value = sp.expand(f.eval(root))
            s = next((s for s in net.parameters if value.coeff(s) != 0), None)
            if s is None:
                continue
            values[str(s)] = sp.solve(value.subs({t: values[str(t)] for t in net.parameters if t != s}), s)[0]
        held = [case for case in (*ode.cases, *ode.other_cases) if case.condition.at(values)]
        assert len(held) == 1, values
        [case] = held
        expected = sr.derive(net.subs(values).region(""), 1)
        assert (case.kind, case.extra, case.is_principal) == (expected.kind, expected.extra, expected.is_principal), values
        if case in ode.other_cases and case.case.turning.extra:
            assert case.case.turning.smallest
            seen[case.extra] += 1
    return seen


@pytest.mark.parametrize(
    ("f", "value", "extra"),
    [
        pytest.param(polynomial(-3, -2, -1, 0) + a, "-1/9", 3, marks=pytest.mark.slow),
        pytest.param(x**4 + 3 * x - a, "-1", 2, marks=pytest.mark.slow),
        pytest.param(polynomial(-2, -1, 0, 1, 2) + a, "1/7", 3, marks=pytest.mark.slow),
        (x**5 - 2 * x - a, "1/3", 2),
        pytest.param(polynomial(-3, -2, -1, 1, 2, 3) + a, "1/5", 3, marks=pytest.mark.slow),
    ],
)
def test_each_negative_root_turns_with_one_coordinate(f, value, extra):
    """The printed closed form, with its roots in order, is the map at values of the letters."""
    net = without_units(companion(sp.Poly(sp.expand(f), x)))
    case = check_at(net, sr.derive(net, dt=1), "", {"a": value})
    assert (case.extra, case.case.turning.smallest) == (extra, True)
    assert any(isinstance(root, NegativeRoot) for _, root in case.named.definitions)
    again = pickle.loads(pickle.dumps(case))
    assert again.augmented == case.augmented


THIN = {
    "cubic": [[-1, a, 0], [0, 0, 1], [a, 1, 1]],
    "two negative": [[-1, a, a], [0, -2, a], [a, a, 3]],
    "quartic": [[-1, a, 0, 0], [0, -3, 0, 0], [0, a, -2, a], [a, 0, 1, 4]],
}


@pytest.mark.parametrize("name", ["cubic", pytest.param("two negative", marks=pytest.mark.slow)])
def test_where_no_row_serves_all_roots_the_closed_form_chooses_one_for_each(name):
    """M is block diagonal at a = 0, where each diagonal entry of E(l) is 0 at some root of the factor."""
    net = without_units(THIN[name])
    ode = sr.derive(net, dt=1)
    case = check_at(net, ode, "", {"a": 0})
    assert (case.extra, case.case.turning.smallest) == (2, True)
    assert [group.row for group in case.case.turning.groups] == [None, None]
    assert case.augmented.has(sp.Piecewise)
    other = check_at(net, ode, "", {"a": "1/7"})
    assert [group.row for group in other.case.turning.groups] == [0, 0]


def test_negative_roots_are_in_order_when_letters_have_values():
    rng = random.Random(4)
    for _ in range(30):
        roots = sorted({sp.Rational(-rng.randint(1, 60), rng.randint(1, 9)) for _ in range(rng.randint(1, 4))})
        shift = rng.choice([sp.Integer(0), 1 - sp.sqrt(2)])
        f = sp.Poly(sp.prod(x - root - shift for root in roots) * (x**2 - x + 1) * (x - 5), x)
        c = f.all_coeffs()[::-1]
        letters = [c[0] + a - 1, *(b * e for e in c[1:])]
        for k, root in enumerate(roots):
            found = NegativeRoot(letters, k)
            assert found.is_negative
            assert found.free_symbols == {a, b}
            value = found.subs({a: 1, b: 1})
            assert abs(sp.N(value, 40) - sp.N(root + shift, 50)) < sp.Rational(1, 10**38)
            with working_precision(200):
                ball = Evaluation()(value)
                assert ball.imag.is_zero()
                assert ball.real.overlaps(Evaluation()(root + shift).real)
        with pytest.raises(PrecisionLimit, match="there are fewer negative roots"):
            sp.N(NegativeRoot(c, len(roots)))


NEAR = sp.Rational(1, 10**20)


@pytest.mark.parametrize(
    "roots",
    [(-1 - NEAR, -1, -NEAR), (-2, -1 - NEAR, -1), (-NEAR - NEAR**2, -NEAR), (-1, -(NEAR**9)), (-1 - 2 * NEAR, -1 - NEAR, -1)],
)
def test_roots_that_doubles_do_not_tell_apart(roots):
    f = sp.Poly(sp.expand(sp.prod(x - root for root in roots) * (x - sp.sqrt(2))), x)
    for k, root in enumerate(roots):
        assert abs(sp.N(NegativeRoot(f.all_coeffs()[::-1], k), 60) - sp.N(root, 70)) < NEAR**2


def test_roots_in_words():
    root = NegativeRoot([a, 0, sp.Symbol("lambda", real=True), 1], 1)
    assert str(root) == "NegativeRoot(a + lambda*lambda_1**2 + lambda_1**3, 1)"
    assert sp.latex(root) == r"\operatorname{root}^{-}_{2}\left(a + \lambda \lambda_{1}^{2} + \lambda_{1}^{3}\right)"
    assert pickle.loads(pickle.dumps(root)) == root
    assert mp(sp.Matrix([[NegativeRoot([6, 5, 1], 0)]]))[0] == -3


def twice(f: sp.Expr, beside) -> sp.ImmutableDenseMatrix:
    """[[C, X], [0, C]] with C the companion matrix of f: the root l has one chain of length 2 iff X is p(C) and p(l) is not 0."""
    C = companion(sp.Poly(f, x))
    return sp.ImmutableDenseMatrix(sp.BlockMatrix([[C, beside(C)], [sp.zeros(C.rows), C]]).as_explicit())


R = sp.sqrt(2)


def test_only_some_roots_of_a_factor_may_have_longer_chains():
    """x^2 + 3 x + a twice, p = x + 1: at a = 2 the blocks of -1 have sizes 1 and 1, and pair, that of -2 has size 2."""
    net = without_units(twice(x**2 + 3 * x + a, lambda C: C + sp.eye(2)))
    ode = sr.derive(net, dt=1)
    for value, extra in ((2, 2), (1, 4), (sp.Rational(3, 2), 4), (-1, 2), (-4, 2), (0, 2)):
        case = check_at(net, ode, "", {"a": value})
        assert (case.extra, case.case.turning.smallest) == (extra, True), value


@pytest.mark.parametrize(
    ("beside", "count"),
    [
        (lambda C: sp.zeros(2), 12),
        pytest.param(lambda C: b * sp.eye(2), 12, marks=pytest.mark.slow),
        pytest.param(lambda C: C + b * sp.eye(2), 16, marks=pytest.mark.slow),
        pytest.param(lambda C: sp.diag(b, 0), 12, marks=pytest.mark.slow),
    ],
    ids=["two blocks", "b", "x + b", "rank 1"],
)
def test_a_repeated_quadratic_with_letters(beside, count):
    """One or two negative roots, each with its own chains, at values with rational roots and others."""
    net = without_units(twice(x**2 + 3 * x + a, beside))
    ode, rng, seen = sr.derive(net, dt=1), random.Random(2), set()
    for k in range(count):
        root, other = sp.Rational(rng.randint(-6, 2), 2), sp.Rational(rng.randint(-5, 4), 2)
        values = {"a": -root * (root + 3) if k % 2 else sp.Rational(rng.randint(1, 8), 4), "b": -root if k % 4 == 1 else other}
        case = check_at(net, ode, "", {str(s): values[str(s)] for s in net.parameters})
        if case:
            assert case.case.turning.smallest
            seen.add(case.extra)
    assert seen >= ({2, 4} if b in net.parameters else {0})


@pytest.mark.parametrize(
    ("f", "negative"),
    [
        (x**3 - x + R, 1),
        (x**3 + 2 * x**2 - R * x - 1, 2),
        pytest.param(x**3 + 4 * x**2 + 4 * x + R / 2, 3, marks=pytest.mark.slow),
    ],
    ids=["one", "two", "three"],
)
@pytest.mark.parametrize(("p", "long"), [(0, False), (x + 1, True)], ids=["semisimple", "chains"])
def test_a_repeated_cubic_of_irrational_numbers(f, negative, p, long):
    """The field is one of numbers, where the chains of all roots have the same lengths."""
    net = without_units(twice(f, lambda C: C + sp.eye(3) if long else sp.zeros(3)))
    [case] = sr.derive(net.region(""), dt=1).other_cases
    assert (case.kind, case.extra) == (("lifted", 2 * negative) if long else ("real", 0))
    check_step(case, net.region(""))


@pytest.mark.slow
def test_a_repeated_cubic_with_a_letter():
    """Where the chains differ from root to root the states are copied, and values decide which number is the smallest."""
    net = without_units(twice(x**3 + 3 * x**2 - a, lambda C: C + sp.eye(3)))
    ode, found = sr.derive(net, dt=1), {}
    for value in (-1, 1, 2, 3, 4):
        case = check_at(net, ode, "", {"a": value})
        found[value] = (case.extra, case.case.turning.smallest)
    assert found == {-1: (2, True), 1: (4, True), 2: (6, False), 3: (4, True), 4: (2, True)}  # at 2 the root -1 has no chain
    [copied] = [case for case in ode[""].other_cases if case.condition.at({"a": 2})]
    assert "for which values fewer do is decided when the parameters have values" in copied.why
    smallest = ode[""].case_at({"a": 2})
    assert smallest is not copied
    # the roots are -1, where the two eigenvalues pair up, and -1 -+ sqrt(3), of which the negative one has a chain of length 2
    assert (smallest.extra, smallest.is_smallest) == (2, True)
    assert "2 extra coordinates are the fewest" in smallest.why


def test_a_repeated_quadratic_of_numbers_has_cases_over_its_own_field():
    """x^2 + 3 x + 1 twice, with letters between: over Q(sqrt 5) each root has one condition, so there are four cases."""
    net = sr.ReLURNN(
        [[0, -1, "c", "d"], [1, -3, 0, "e"], [0, 0, 0, -1], [0, 0, 1, -3]],
        [[]] * 4,
        [1, 0, 0, 0],
        V=[],
        parameters=["c", "d", "e"],
    )
    ode = sr.derive(net, dt=1)[""]
    assert sorted(case.extra for case in ode.other_cases) == [0, 2, 2, 4]
    assert all(case.is_smallest for case in ode.other_cases)
    for values in ({"c": 0, "d": 0, "e": 0}, {"c": 1, "d": 0, "e": -1}, {"c": 1, "d": 2, "e": 3}):
        assert ode.case_at(values).extra == sr.derive(net.subs(values), dt=1)[""].extra
    half = {"c": 0, "d": 1, "e": -(3 - sp.sqrt(5)) / (-7 + 3 * sp.sqrt(5))}  # one root is semisimple
    assert ode.case_at(half).extra == 2
