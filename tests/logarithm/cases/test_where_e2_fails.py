"""Letters and irrational entries where E2 fails: lifted and impulsive systems by cases, against the engine over Q and mpmath."""

import pickle
import random

import mpmath
import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.conditions.formula import any_formulas
from symplrnn.exact.balls import endpoints
from symplrnn.exact.extra_coordinates import fewest_extra_coordinates
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fitting import fitting
from symplrnn.logarithm.chain_pairs import ChainPairs
from symplrnn.logarithm.closed_form import logarithm
from symplrnn.logarithm.spectral_form import augmented_logarithm, augmented_matrix
from symplrnn.logarithm.turning import SingleRoot
from tests.network.test_substitution import boundary_values, letters, random_values

DIGITS, CLOSE = 50, mpmath.mpf(10) ** -35
R = sp.sqrt(2)


def mp(matrix: sp.MatrixBase) -> mpmath.matrix:
    assert not matrix.has(sp.I)
    with mpmath.workdps(60):
        return mpmath.matrix([[mpmath.mpf(str(sp.N(e, DIGITS))) for e in matrix.row(i)] for i in range(matrix.rows)])


def whole(region) -> sp.Matrix:
    """[[M, c, C], [0, I]] of a region or of a map with the same parts."""
    block = sp.Matrix.hstack(region.matrix, region.offset, region.input_matrix)
    n = block.rows
    return block.col_join(sp.zeros(block.cols - n, n).row_join(sp.eye(block.cols - n)))


def check_step(case: sr.CaseODE, region: sr.Region, values=None) -> None:
    """Jump and flow over one step lead from (z, 0, 1, s) to (M z + c + C s, 0, 1, s): by mpmath's exponential of the printed X^."""
    values = {} if values is None else values
    n, d, m = case.n, case.dimension, region.network.m
    embedded = sp.zeros(d + 1 + m, n + 1 + m)  # (z, 1, s) as (z, 0, 1, s)
    for i in range(n + 1 + m):
        embedded[i if i < n else i + case.extra, i] = 1
    jump = sp.eye(n + 1 + m) if case.jump_map is None else whole(case.jump_map).xreplace(values)
    X, third = case.augmented.xreplace(values), case.flow(sp.Rational(1, 3) * case.dt).augmented.xreplace(values)
    with mpmath.workdps(60):
        expected, start = mp(embedded * whole(region)), mp(embedded * jump)
        bound = CLOSE * (1 + mpmath.mnorm(expected))
        for flow in (mpmath.expm(mp(X) * mpmath.mpf(str(sp.N(case.dt, DIGITS)))), mp(third) ** 3):
            assert max(abs(x) for x in flow * start - expected) < bound, (case.region.pattern, case.condition, values)


def check_at(net: sr.ReLURNN, ode: sr.NetworkODE, pattern: str, values) -> sr.CaseODE | None:
    """Exactly one case holds at the values, it is the one of E2 iff E2 holds, and beyond it the system is that of the numbers."""
    own = ode[pattern]
    held = [case for case in (*own.cases, *own.other_cases) if case.condition.at(values)]
    assert len(held) == 1, (pattern, values)
    [case] = held
    at = own.case_at(values)
    assert (at is case) == case.is_smallest
    region = net.subs(values).region(pattern)
    if own.condition.at(values):
        assert case in own.cases
        return None
    assert case in own.other_cases
    expected = sr.derive(region, ode.dt)
    turning = case.case.turning
    if turning.smallest:
        assert (case.kind, case.extra, case.is_principal) == (expected.kind, expected.extra, expected.is_principal), values
    else:
        assert case.extra > expected.extra
        assert (at.kind, at.extra, at.is_principal, at.is_smallest) == (
            expected.kind,
            expected.extra,
            expected.is_principal,
            True,
        )
        check_step(at, region, {s: sp.Rational(str(values[str(s)])) for s in net.parameters})
    check_step(case, region, {s: sp.Rational(str(values[str(s)])) for s in net.parameters})
    return case


def test_one_unit_by_hand():
    net = sr.PLRNN(["a"], [["w"]], ["h"], parameters={"a": "positive", "w": "real", "h": "real"})
    ode = sr.derive(net, dt="1/2")["1"]
    a, w, h = net.parameters
    lifted, jump = ode.other_cases
    assert [str(case.condition) for case in ode.other_cases] == ["a + w < 0", "Eq(a + w, 0)"]
    assert (lifted.kind, lifted.extra, lifted.dimension, lifted.jump_map) == ("lifted", 1, 2, None)
    log = sp.log(-a - w)
    assert lifted.matrix == 2 * sp.Matrix([[log, -sp.pi], [sp.pi, log]])
    # y = X (m - 1)^(-1) h in both coordinates: (log|m| + i pi) h / (m - 1)
    assert (lifted.offset - 2 * sp.Matrix([log * h, sp.pi * h]) / (a + w - 1)).applyfunc(sp.simplify) == sp.zeros(2, 1)
    assert (jump.kind, jump.extra) == ("impulsive", 0)
    assert (jump.jump_map.matrix, jump.jump_map.offset) == (sp.zeros(1), sp.Matrix([h]))
    assert (jump.matrix, jump.offset) == (sp.zeros(1), sp.zeros(1))
    t = sp.Symbol("t", real=True)
    assert lifted.flow(t).matrix[:, 0] == (-a - w) ** (2 * t) * sp.Matrix([sp.cos(2 * sp.pi * t), sp.sin(2 * sp.pi * t)])
    assert ode.kind == "real"
    assert ode.shown == ode.cases


def test_the_real_part_of_the_complex_logarithm_is_another_system():
    """Without the extra coordinate exp(log|m|) = -m: not the map."""
    ode = sr.derive(sr.PLRNN(["-a"], [[0]], [0], parameters={"a": "positive"}), dt=1)["1"]
    (a,) = ode.parameters
    assert (ode.condition, ode.cases, ode.kind) == (sr.FALSE, (), "lifted")
    assert ode.matrix == sp.Matrix([[sp.log(a), -sp.pi], [sp.pi, sp.log(a)]])
    assert ode.matrix.exp().applyfunc(sp.simplify) == sp.diag(-a, -a)
    assert sp.exp(ode.matrix[0, 0]) == a
    assert ode.flow(1).matrix == sp.diag(-a, -a)


def test_a_region_with_several_kinds_has_no_piecewise_matrix():
    ode = sr.derive(sr.PLRNN(["w"], [[0]], [0], parameters={"w": "nonpositive"}), dt=1)["1"]
    assert ode.kind == "lifted or impulsive"
    with pytest.raises(sr.ShapeError, match="region 1: the cases have systems of several kinds"):
        _ = ode.matrix


@pytest.mark.parametrize(
    ("positive", "count", "at_least"),
    [pytest.param(False, 50, 40, marks=pytest.mark.slow), (False, 4, 4), pytest.param(True, 25, 2, marks=pytest.mark.slow)],
)
def test_two_units_with_all_entries_free(positive, count, at_least):
    net, rng, used = letters(2, positive), random.Random(5), set()
    ode = sr.derive(net, dt="1/3")
    for k in range(count):
        values = boundary_values(net, rng) if k % 2 else random_values(net, rng)
        if positive:
            values = {key: abs(x) or sp.Rational(1, 3) if key.startswith("a") else x for key, x in values.items()}
        elif k % 5 == 0:
            values |= {key: 0 for key in values if key.startswith("w") and rng.random() < 0.5}
        for pattern in ode:
            case = check_at(net, ode, pattern, values)
            used |= {(pattern, str(case.condition))} if case else set()
    assert len(used) >= at_least


@pytest.mark.slow
def test_three_units_with_all_entries_free():
    net, rng = letters(3), random.Random(3)
    ode, kinds = sr.derive(net, dt=1), set()
    for k in range(6):
        values = boundary_values(net, rng) if k % 2 else random_values(net, rng)
        for pattern in ("000", "110", "111"):
            case = check_at(net, ode, pattern, values)
            kinds |= {case.kind} if case else set()
    assert len(kinds) >= 3


def conjugated(blocks, seed: int) -> sp.Matrix:
    """Jordan blocks (eigenvalue, size), conjugated by an integer matrix of determinant 1."""
    J = sp.diag(*(sp.Matrix(k, k, lambda i, j, x=x: x if i == j else int(j == i + 1)) for x, k in blocks))
    rng, n = random.Random(seed), J.rows
    lower = sp.Matrix(n, n, lambda i, j: 1 if i == j else rng.randint(-1, 1) if i > j else 0)
    upper = sp.Matrix(n, n, lambda i, j: 1 if i == j else rng.randint(-1, 1) if i < j else 0)
    T = lower * upper
    return (T * J * T.inv()).applyfunc(sp.expand)


a = sp.Symbol("a", positive=True)
A, B = sp.Symbol("a", nonnegative=True), sp.Symbol("b", real=True)


@pytest.mark.parametrize(
    "sizes", [(1,), (2,), (1, 1), (3,), (2, 1), (1, 1, 1), (2, 2), (3, 1), (2, 1, 1)], ids=lambda sizes: ",".join(map(str, sizes))
)
@pytest.mark.parametrize("negative", [-a, -R], ids=["letter", "sqrt(2)"])
def test_jordan_blocks_of_a_negative_eigenvalue(sizes, negative):
    """The number of extra coordinates is (m1 - m2) + (m3 - m4) + ..., beside another eigenvalue, with offset and input."""
    M = conjugated([*((negative, size) for size in sizes), (sp.Rational(1, 2), 1)], seed=sum(sizes))
    n = M.rows
    net = sr.ReLURNN(M, [[] for _ in range(n)], [1, *[0] * (n - 1)], V=[], C=[[0], *[[1]] * (n - 1)])
    ode = sr.derive(net.region(""), dt=1)
    found = [case for case in ode.other_cases if not net.parameters or case.condition.at({"a": "1/3"})]
    assert len(found) == 1
    [case] = found
    extra = fewest_extra_coordinates(sizes)
    assert (case.kind, case.extra, case.is_principal) == ("lifted" if extra else "real", extra, False)
    values = {a: sp.Rational(1, 3)} if net.parameters else {}
    check_step(case, net.subs({"a": "1/3"}).region("") if net.parameters else net.region(""), values)


@pytest.mark.parametrize(
    ("blocks", "kind", "extra"),
    [
        ([(0, 1), (R, 1)], "impulsive", 0),
        ([(0, 3)], "impulsive", 0),
        ([(0, 2), (0, 1), (-R, 1)], "lifted+impulsive", 1),
        ([(0, 1), (-R, 1), (-R, 1)], "impulsive", 0),
        ([(-R, 1), (-R, 1), (-1, 1), (-1, 1)], "real", 0),
        ([(-R, 1), (-1, 1)], "lifted", 2),
        ([(0, 1), (1, 2), (a, 1)], "impulsive", 0),
        ([(0, 2), (-a, 1), (1, 1)], "lifted+impulsive", 1),
    ],
)
def test_eigenvalue_0_beside_others(blocks, kind, extra):
    M = conjugated(blocks, seed=len(blocks))
    n = M.rows
    net = sr.ReLURNN(M, [[] for _ in range(n)], [R, *[1] * (n - 1)], V=[])
    ode = sr.derive(net.region(""), dt=1)
    values = {"a": "1/3"} if net.parameters else {}
    case = ode.case_at(values)
    assert (case.kind, case.extra) == (kind, extra)
    check_step(case, net.subs(values).region("") if values else net.region(""), {a: sp.Rational(1, 3)} if values else {})
    if (
        "impulsive" in kind
    ):  # the jump keeps what is in the range of M^n, and what it maps to 0 after n jumps is the kernel of M^n
        J = whole(case.jump_map)
        assert ((J**n) ** 2 - J**n).applyfunc(sp.simplify) == sp.zeros(n + 1)


def companion(polynomial: sp.Poly) -> sp.Matrix:
    """A matrix with this characteristic polynomial."""
    c = polynomial.all_coeffs()[::-1]
    d = len(c) - 1
    return sp.Matrix(d, d, lambda i, j: -c[i] if j == d - 1 else int(i == j + 1))


x = sp.Symbol("x")


@pytest.mark.parametrize(
    ("polynomial", "extra"),
    [
        (x**3 - x + R, 1),
        (x**3 + 2 * x**2 - R * x - 1, 2),
        (x**3 + 4 * x**2 + 4 * x + R / 2, 3),
        ((x + 1) * (x + 2) * (x + R) * (x - 3) + sp.Rational(1, 50), 3),
        (x**3 - x + 1, 1),
        (x**4 + x**3 - 4 * x**2 - 4 * x + sp.Rational(1, 2), 2),
    ],
)
def test_some_negative_roots_of_one_factor(polynomial, extra):
    M = companion(sp.Poly(sp.expand(polynomial), x))
    n = M.rows
    net = sr.ReLURNN(M, [[] for _ in range(n)], [R, *[1] * (n - 1)], V=[])
    ode = sr.derive(net.region(""), dt=1)
    [case] = ode.other_cases
    assert (case.kind, case.extra) == ("lifted", extra)
    check_step(case, net.region(""))
    found = ode.digits(25)
    numbers = mp(case.augmented)
    with mpmath.workdps(60):
        for i in range(case.dimension):
            for j in range(case.dimension):
                assert abs(mpmath.mpf(found.matrix[i][j]) - numbers[i, j]) < mpmath.mpf(10) ** -23 * (1 + abs(numbers[i, j]))


@pytest.mark.parametrize(("last", "count"), [pytest.param(1, 1, marks=pytest.mark.slow), (-1, 2)])
def test_a_cubic_with_letters_and_its_negative_roots(last, count):
    """One letter in a companion matrix: one negative root, or two, by sums over all roots; the product of all is ``-last``."""
    k, rng, counts = sp.Symbol("k", real=True), random.Random(1), set()
    net = sr.ReLURNN(companion(sp.Poly(x**3 - k * x**2 - 3 * x + last, x)), [[], [], []], [1, 0, k], V=[])
    ode = sr.derive(net, dt=1)
    for root in (sp.Rational(-1, 2), sp.Rational(-7, 3), sp.Rational(rng.randint(1, 9), 4)):
        case = check_at(net, ode, "", {"k": (root**3 - 3 * root + last) / root**2})
        if case and isinstance(case.case.turning.groups[0], SingleRoot):
            counts |= {len(case.case.turning.groups)}
    assert counts == {count}


def test_a_letter_that_may_be_0_but_not_negative():
    """The coincidence with the eigenvalue 0 is a case even where no denominator and no sign shows it."""
    ode = sr.derive(sr.PLRNN(["w"], [[0]], [0], parameters={"w": "nonnegative"}), dt=1)["1"]
    assert [(str(case.condition), case.kind) for case in ode.other_cases] == [("Eq(w, 0)", "impulsive")]
    beside = sr.derive(sr.PLRNN(["w", -1], [[0, 0], [0, 0]], [0, 0], parameters={"w": "nonnegative"}), dt=1)["11"]
    assert [(str(case.condition), case.kind) for case in beside.other_cases] == [
        ("w > 0", "lifted"),
        ("Eq(w, 0)", "lifted+impulsive"),
    ]


@pytest.mark.parametrize(("t", "d", "negative"), [(1, -R, 1), (-3, R, 2), (-5, 1 + R, 2), (-3, 1, 2)])
@pytest.mark.parametrize("coupled", [False, True])
def test_a_repeated_quadratic_with_negative_roots(t, d, negative, coupled):
    """A quadratic factor that is twice in chi: two blocks of size 1 for each negative root pair, one of size 2 needs two coordinates."""
    block = sp.Matrix([[0, -d], [1, t]])
    M = sp.diag(block, block)
    M[0, 2] = int(coupled)
    net = sr.ReLURNN(M, [[]] * 4, [R, 0, 0, 1], V=[])
    [case] = sr.derive(net.region(""), dt=1).other_cases
    assert (case.kind, case.extra) == (("lifted", 2 * negative) if coupled else ("real", 0))
    check_step(case, net.region(""))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_jump_is_that_of_fitting_and_the_logarithm_that_of_the_flow(size):
    """By polynomials from the factors alone, over Q, beside a cubic and the eigenvalue 1: the same as by the decompositions of M."""
    J = sp.diag(sp.Matrix(size, size, lambda i, j: int(j == i + 1)), companion(sp.Poly(x**3 - 5 * x**2 + 5 * x - 2, x)), 1)
    n = J.rows
    T = sp.Matrix(n, n, lambda i, j: 1 if i >= j else 0) * sp.Matrix(
        n, n, lambda i, j: 1 if i == j else (i + j) % 2 if i < j else 0
    )
    M, B = (
        QQ.fill(A.rows, A.cols, [QQ.element(fmpq(int(e.p), int(e.q))) for e in A])
        for A in (T * J * T.inv(), sp.Matrix(n, 2, lambda i, j: i + j))
    )
    found = augmented_logarithm(QQ, M, B, QQ.factor(QQ.characteristic_polynomial(M)))
    split = fitting(QQ, augmented_matrix(QQ, M, B))
    assert (found.matrix, found.terms[-1].matrices[0]) == (split.flow, split.projector)
    expected = logarithm(QQ, split.flow)
    assert found.rational_part == expected.rational_part
    projectors = {str(term.factor): list(term.projectors) for term in expected.terms}
    for term in found.terms:
        total = projectors[str(term.factor)]
        projectors[str(term.factor)] = [E - F for E, F in zip(total, term.projectors, strict=True)]
    assert all(e == 0 for rest in projectors.values() for E in rest for e in E.entries())


def test_a_quartic_with_letters_beside_its_whole_step():
    net = sr.PLRNN(["1/2"] * 4, [[0, 0, 0, "w"], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], [1, 0, 0, 0], parameters=["w"])
    ode = sr.derive(net, dt=1)
    case = check_at(net, ode, "1111", {"w": "3"})
    assert case is not None
    assert [type(group) for group in case.case.turning.groups] == [SingleRoot]
    assert (case.extra, case.case.turning.smallest) == (1, True)
    assert "1 extra coordinate is the fewest that do" in case.why
    region = net.subs({"w": 3}).region("1111")
    whole_step = case.flow(1).augmented.xreplace({net.parameters[0]: sp.Integer(3)})  # exactly real, so exactly M
    assert max(abs(e) for e in mp(whole_step[:4, :4]) - mp(region.matrix)) < CLOSE
    assert max(abs(e) for e in mp(whole_step[4:5, :4])) < CLOSE


def test_pairs_of_chains_are_half_turns():
    """K commutes with N and K^2 = -1 on the pair, as matrices over K, extra coordinates included."""
    M = conjugated([(-a, 3), (-a, 1)], seed=1)
    net = sr.ReLURNN(M, [[]] * 4, [0] * 4, V=[])
    case = sr.derive(net.region(""), dt=1).case_at({"a": 1})
    (group,) = case.case.turning.groups
    assert isinstance(group, ChainPairs)
    assert group.extra == 2
    K = field_of([a])
    T = sp.Matrix(7, 7, [K.to_sympy(e) for e in group.turns[0].entries()])
    order1 = sp.Matrix(7, 7, [K.to_sympy(e) for e in group.turns[1].entries()])
    projector = -(T**2)
    assert (projector**2 - projector).applyfunc(sp.simplify) == sp.zeros(7)
    assert projector.rank() == 6  # the eigenvalue's 4 dimensions and 2 extra ones
    assert (T * order1 - order1 * T).applyfunc(sp.simplify) == sp.zeros(7)


ENTRIES = ["a", "b", "-a", "a - b", "0", "1", "-1", "1/2", "-2", "sqrt(2)", "-sqrt(2)*b"]
FEW = ["a", "-a", "0", "0", "1", "-1", "1/2", "-2"]
NUMBERS = st.sampled_from(["1", "1/2", "2", "1/3", "3"])


def every_region_has_a_system(matrix, bias, values) -> None:
    """Derive each region of a PLRNN in letters a, b > 0, and follow the case that holds at their values for a step."""
    diagonal, W = (
        [row[i] for i, row in enumerate(matrix)],
        [[0 if i == j else x for j, x in enumerate(row)] for i, row in enumerate(matrix)],
    )
    net = sr.PLRNN(diagonal, W, bias, parameters={"a": "positive", "b": "positive"})
    own = {name: value for name, value in values.items() if name in map(str, net.parameters)}
    ode = sr.derive(net, dt=1)
    for pattern in ode:
        derived, numbers = ode[pattern], (net.subs(own) if own else net).region(pattern)
        if not derived.has_parameters:
            assert derived.verified
            continue
        held = [case for case in (*derived.cases, *derived.other_cases) if case.condition.at(own)]
        assert len(held) == 1, (pattern, own)
        check_step(held[0], numbers, {s: sp.Rational(own[str(s)]) for s in net.parameters})


def square(entries: list[str], n: int):
    return st.lists(st.lists(st.sampled_from(entries), min_size=n, max_size=n), min_size=n, max_size=n)


@settings(max_examples=6, deadline=None)
@given(
    matrix=square(ENTRIES, 2),
    bias=st.tuples(*[st.sampled_from(ENTRIES)] * 2),
    values=st.fixed_dictionaries({"a": NUMBERS, "b": NUMBERS}),
)
def test_every_region_of_every_network_of_two_units(matrix, bias, values):
    """Letters, zeros, negative and irrational entries, drawn at random: a system in each region, for all values of the letters."""
    every_region_has_a_system(matrix, bias, values)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(
    matrix=square(ENTRIES, 2),
    bias=st.tuples(*[st.sampled_from(ENTRIES)] * 2),
    values=st.fixed_dictionaries({"a": NUMBERS, "b": NUMBERS}),
)
def test_every_region_of_every_network_of_two_units_with_many_examples(matrix, bias, values):
    test_every_region_of_every_network_of_two_units.hypothesis.inner_test(matrix, bias, values)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(matrix=square(FEW, 3), values=st.fixed_dictionaries({"a": NUMBERS, "b": NUMBERS}))
def test_every_region_of_every_network_of_three_units(matrix, values):
    every_region_has_a_system(matrix, ["1", "0", "a"], values)


def test_the_oscillator_with_a_letter_in_its_bias(oscillator):
    """Two regions of a trained network are lifted, whatever the bias is."""
    s = sp.Symbol("s", real=True)
    net = sr.PLRNN(oscillator.A, oscillator.W, [oscillator.h[0] + s, *oscillator.h[1:]])
    ode, numbers = sr.derive(net, "1/10"), sr.derive(oscillator, "1/10")
    lifted = [pattern for pattern in ode if numbers[pattern].kind == "lifted"]
    assert [pattern for pattern in ode if not ode[pattern].cases] == lifted
    assert len(lifted) == 2
    for pattern in lifted:
        [case] = ode[pattern].other_cases
        assert (case.kind, case.extra) == ("lifted", numbers[pattern].extra)
        check_step(case, net.subs({"s": "1/3"}).region(pattern), {s: sp.Rational(1, 3)})


def test_conditions_cover_all_values_in_words_of_sympy():
    """The conditions beyond E2 of one unit, as SymPy sets: the complement of a + w > 0."""
    net = sr.PLRNN(["w"], [[0]], [0], parameters={"w": "real"})
    ode = sr.derive(net, dt=1)["1"]
    (w,) = net.parameters
    beyond = any_formulas(case.condition for case in ode.other_cases).expression
    assert beyond.as_set() == sp.Interval(-sp.oo, 0)
    assert (~ode.condition.formula).expression.as_set() == beyond.as_set()
    assert w in beyond.free_symbols


def test_substitution_goes_on_beyond_e2():
    net = letters(2)
    ode = sr.derive(net, dt=1)
    values = {"a1": "-1/2", "a2": "3/4", "w12": "0", "w21": "1/5", "h1": "1", "h2": "0"}
    at_once, partly = ode.subs(values), ode.subs({"a1": "-1/2", "w12": "0"})
    for pattern in ode:
        direct = sr.derive(net.subs(values).region(pattern), 1)
        assert (at_once[pattern].kind, at_once[pattern].extra) == (direct.kind, direct.extra)
        assert at_once[pattern].matrix == direct.matrix
        case = partly[pattern].case_at({"a2": "3/4", "w21": "1/5", "h1": 1, "h2": 0})
        assert (case.kind, case.extra) == (direct.kind, direct.extra)


def test_cases_beyond_pickle():
    ode = sr.derive(sr.PLRNN(["w"], [[0]], ["h"], parameters=["w", "h"]), dt=1)["1"]
    for case in ode.other_cases:
        again = pickle.loads(pickle.dumps(case))
        assert (again.condition, again.kind, again.augmented) == (case.condition, case.kind, case.augmented)


@pytest.mark.parametrize("t", [sp.Rational(1, 3), sp.Rational(1, 2), sp.Integer(1), sp.Integer(2)])
def test_certified_flows_of_irrational_systems(t):
    """diag(-sqrt 2, 0) with a jump: Phi at times inside and after a step, by hand; letters and symbols are refused."""
    net = sr.ReLURNN([[-R, 0], [0, 0]], [[], []], [1, 1], V=[])
    ode = sr.derive(net, dt=1)[""]
    assert ode.kind == "lifted+impulsive"
    size, angle = R**t, sp.pi * t
    expected = sp.Matrix(
        [[size * sp.cos(angle), 0, -size * sp.sin(angle)], [0, 1, 0], [size * sp.sin(angle), 0, size * sp.cos(angle)]]
    )
    found, balls = ode.flow(t).digits(30).matrix, ode.flow(t).enclosure(200)
    for i in range(3):
        for j in range(3):
            assert abs(sp.Rational(found[i][j]) - expected[i, j]).evalf(50) < sp.Rational(1, 10**29)
            lower, upper = (sp.Rational(int(end.p), int(end.q)) for end in endpoints(balls[i, j]))
            assert lower <= expected[i, j] <= upper
            assert upper - lower < sp.Rational(1, 2**150)
    with pytest.raises(sr.EntryError, match="t: tau is not a number"):
        ode.flow(sp.Symbol("tau", real=True)).digits(10)
    with pytest.raises(sr.EntryError, match="the ODE has the parameters a"):
        sr.derive(sr.PLRNN(["a"], [[0]], [1], parameters={"a": "positive"}), dt=1)["1"].flow(1).enclosure(53)


def test_chains_that_only_some_values_of_letters_have():
    """In the branch of a second chain the projector is one on its part only: a Gram matrix can be singular in the field."""
    M = sp.Matrix([[-1, B - 1, 0, 0], [0, -1, A, 0], [0, 0, -1, A], [0, 0, 0, -1]])
    net = sr.ReLURNN(M, [[]] * 4, [B, B, B, 1], V=[], C=[[A]] * 4)
    ode = sr.derive(net, dt=1)
    for values, kind, extra in (
        ({"a": 0, "b": 1}, "real", 0),
        ({"a": 0, "b": 3}, "lifted", 2),
        ({"a": 2, "b": 1}, "lifted", 2),
        ({"a": 2, "b": 3}, "lifted", 4),
    ):
        case = check_at(net, ode, "", values)
        assert (case.kind, case.extra) == (kind, extra)
