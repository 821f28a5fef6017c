"""E4, E5 and E6 with letters or irrational entries: at numbers the formulas are the verdicts of the numeric engine."""

import random
from fractions import Fraction
from itertools import product

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.theorems import cases_by_number, check_e4, check_e5, check_e6, how_many
from tests.network.test_substitution import boundary_values, letters, random_values
from tests.theorems.test_uniqueness import HAND_WORKED

ROOT = sp.sqrt(2)
CHECKS = (check_e4, check_e5, check_e6)


def linear(M, c=None, C=None, **parameters):
    n = len(M)
    return sr.ReLURNN(M, [[] for _ in range(n)], c or [0] * n, V=[], C=C, parameters=parameters or None)


def facts(*network, **parameters):
    return sr.spectrum(linear(*network, **parameters).region(""))


def same_verdicts(symbolic, region, values):
    """Compare all hypotheses with those of the network with numbers; return how many real ODEs it has."""
    exact = [check(sr.spectrum(region)) for check in CHECKS]
    for letters_, numbers in zip(symbolic, exact, strict=True):
        for hypothesis in numbers.hypotheses:
            truth = letters_[hypothesis.name].truth.at(values)
            assert truth == hypothesis.truth, (hypothesis.name, region.pattern, values)
        assert letters_.truth.at(values) == numbers.truth
    number = how_many(exact[0])
    where = cases_by_number(symbolic[0])
    assert {name: truth.at(values).value for name, truth in where.items()} == {name: name == number for name in where}
    return number


def sweep(n, count, patterns, seed):
    net, rng, met = letters(n), random.Random(seed), set()
    known = {pattern: [check(sr.spectrum(net.region(pattern))) for check in CHECKS] for pattern in patterns}
    for k in range(count):
        values = random_values(net, rng) if k % 3 == 0 else boundary_values(net, rng)
        if k % 4 == 1:
            values |= {name: Fraction(0) for name in values if name.startswith("h")}
        if k % 5 == 2:
            values |= {name: Fraction(0) for name in values if name.startswith("w") and rng.random() < 0.6}
        numbers = net.subs(values)
        met |= {same_verdicts(known[pattern], numbers.region(pattern), values) for pattern in patterns}
    assert met == {"none", "one", "countable", "uncountable"}


def test_two_units_at_numbers():
    sweep(2, 40, ["00", "01", "10", "11"], 0)


@pytest.mark.slow
def test_three_units_at_numbers():
    sweep(3, 24, ["000", "011", "100", "111"], 1)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "count"), [(2, 400), (3, 80)])
def test_sweep_at_numbers(n, count):
    sweep(n, count, ["".join(pattern) for pattern in product("01", repeat=n)], 2)


def exactly(M):
    return sp.Matrix([[sp.Rational(Fraction(str(x))) for x in row] for row in M])


@pytest.mark.parametrize(("M", "c", "expected"), HAND_WORKED)
def test_hand_worked_cases_in_irrational_coordinates(M, c, expected):
    """A change of coordinates, and a further unit that nothing else meets, leave the number of ODEs as it is."""
    n = len(M)
    T = sp.eye(n) + sp.Matrix(n, n, lambda i, j: ROOT if j == i + 1 else 0)
    turned, offset = T * exactly(M) * T.inv(), T * exactly([[x] for x in c or [0] * n])
    for network in (
        (turned.tolist(), list(offset)),
        (sp.diag(exactly(M), 3 + ROOT).tolist(), [*(c or [0] * n), ROOT]),
    ):
        found = check_e4(facts(*network))
        assert how_many(found) == expected
        assert found.truth.value == (expected == "one")
        assert check_e5(facts(*network)).truth.value == (check_e5(facts(M)).truth.value)


@pytest.mark.parametrize(("M", "c", "expected"), [case for case in HAND_WORKED if len(case[0]) <= 4])
def test_hand_worked_cases_as_values_of_letters(M, c, expected):
    """Letters in some places of the matrix, and for the offset; they take the worked values, and others."""
    n, rng = len(M), random.Random(len(str(M)))
    c, M = [Fraction(str(x)) for x in c or [0] * n], [[Fraction(str(x)) for x in row] for row in M]
    for places in ([(0, 0)], [(n - 1, 0), (0, n - 1)], [(i, i) for i in range(min(n, 2))], []):
        named = [[f"m{i}{j}" if (i, j) in places else M[i][j] for j in range(n)] for i in range(n)]
        worked = {f"m{i}{j}": M[i][j] for i, j in places} | {f"c{i}": x for i, x in enumerate(c)}
        net = linear(named, [f"c{i}" for i in range(n)], **dict.fromkeys(worked, "real"))
        verdict = check_e4(sr.spectrum(net.region("")))
        assert (n > 3 and places) or not any(h.truth.is_unknown for h in verdict.hypotheses)
        for k in range(3):
            values = {name: x if k == 0 or rng.random() < 0.5 else Fraction(rng.choice([0, 1, 2])) for name, x in worked.items()}
            exact = check_e4(sr.spectrum(net.subs(values).region("")))
            assert k or how_many(exact) == expected
            for hypothesis in exact.hypotheses:
                truth = verdict[hypothesis.name].truth
                assert truth.is_unknown or truth.at(values) == hypothesis.truth, (hypothesis.name, places, values)


@pytest.mark.slow
def test_irrational_matrices_against_their_eigenvalues():
    """Simple eigenvalues in 60 digits: one ODE if all are positive, none if one is not, else countably many."""
    rng, met = random.Random(5), set()
    for _ in range(60):
        n = rng.choice([2, 3, 4])
        M = sp.Matrix(n, n, lambda i, j: rng.randint(-3, 3) + rng.randint(-2, 2) * ROOT) + 2 * sp.eye(n)
        with mpmath.workdps(60):
            roots = mpmath.eig(mpmath.matrix(M.evalf(60).tolist()), left=False, right=False)
            real = [x.real for x in roots if abs(x.imag) < mpmath.mpf(10) ** -30]
            gaps = [abs(x - y) for i, x in enumerate(roots) for y in roots[:i]]
            if min([*gaps, *map(abs, roots)]) < mpmath.mpf(10) ** -10:
                continue
        expected = "none" if min(real, default=1) < 0 else "one" if len(real) == n else "countable"
        found = sr.check(linear(M.tolist()))
        assert found.verdicts[""].how_many == expected
        assert found.verdicts[""].lift == sum(x < 0 for x in real)
        assert found.counts["unique"] == (expected == "one")
        met.add(expected)
    assert met == {"none", "one", "countable"}


def companion(d, t):
    return [[0, f"-{d}"], [1, t]]


def blocks(*squares):
    """Return a block diagonal matrix of texts and numbers."""
    n = sum(map(len, squares))
    whole, at = [[0] * n for _ in range(n)], 0
    for square in squares:
        for i, row in enumerate(square):
            whole[at + i][at : at + len(square)] = row
        at += len(square)
    return whole


def with_entries(M, entries):
    return [[entries.get((i, j), x) for j, x in enumerate(row)] for i, row in enumerate(M)]


TWICE, TWO = blocks(companion("d", "t"), companion("d", "t")), blocks(companion("d", "t"), companion("e", "s"))
FOUR_STATES = {
    "a factor twice": (TWICE, True),
    "a factor twice, coupled": (with_entries(TWICE, {(0, 2): "x", (1, 3): "x"}), False),
    "two factors": (TWO, False),
    "two factors, coupled": (with_entries(TWO, {(0, 2): "x", (1, 3): "y"}), False),
    "a number and a letter": (blocks([[0, -1], [1, 0]], companion("d", "t")), False),
    "a quartic": (with_entries(TWO, {(0, 3): "x", (3, 1): "y"}), False),
    "a linear and a cubic": (blocks([["a"]], [[0, 0, "x"], [1, 0, "-d"], [0, "y", "t"]]), True),
    "four linear": (with_entries(blocks([["a"]], [["b"]], [["d"]], [["e"]]), {(0, 1): "x", (2, 3): "y"}), True),
}


QUICK = {"a factor twice", "a number and a letter", "two factors, coupled", "four linear"}


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in FOUR_STATES])
def test_four_states(name):
    M, everything = FOUR_STATES[name]
    names = sorted({s for row in M for x in row if isinstance(x, str) for s in x.replace("-", "")})
    net = linear(M, ["h", 0, "h", 0], **dict.fromkeys([*names, "h"], "real"))
    verdict, rng, met = check_e4(sr.spectrum(net.region(""))), random.Random(7), set()
    assert not everything or not any(h.truth.is_unknown for h in verdict.hypotheses if h.name != "real_ode")
    assert not verdict["complex_blocks_single"].truth.is_unknown
    for _ in range(60):
        values = {s: Fraction(rng.choice([0, 1, 1, 2, 3, -1])) for s in [*names, "h"]}
        if rng.random() < 0.6:
            values |= {e: values[d] for d, e in (("d", "e"), ("t", "s")) if e in values and d in values}
        if rng.random() < 0.5:
            values |= {s: Fraction(0) for s in ("x", "y") if s in values}
        if rng.random() < 0.3:
            values |= {s: Fraction(1) for s in ("a", "b", "d", "e") if s in values}
        exact = check_e4(sr.spectrum(net.subs(values).region("")))
        for hypothesis in exact.hypotheses:
            truth = verdict[hypothesis.name].truth
            assert truth.is_unknown or truth.at(values) == hypothesis.truth, (hypothesis.name, values)
        met |= {(h.name, h.truth.value) for h in exact.hypotheses}
    assert ("complex_blocks_single", False) in met or "linear" in name
    assert ("positive_blocks_distinct", False) in met or name in {"a quartic", "a number and a letter"}


def test_the_eigenvalue_1_as_a_root_of_a_repeated_factor():
    """x^2 - t x + d twice, with roots 1 and d; c lengthens a block of 1 or none, and a second root d > 0 repeats anyway."""
    net = linear(TWICE, ["h", 0, "k", 0], **dict.fromkeys("dthk", "real"))
    truth = check_e4(sr.spectrum(net.region("")))["positive_blocks_distinct"].truth
    expected = {(2, 3): False, (-2, -1): True, (0, 1): True, ("1/2", "3/2"): False}
    for (d, t), distinct in expected.items():
        for h, k in ((0, 0), (1, 0), (0, 1), (3, -1)):
            values = {"d": d, "t": t, "h": h, "k": k}
            exact = check_e4(sr.spectrum(net.subs(values).region("")))["positive_blocks_distinct"].truth
            assert truth.at(values) == exact
            assert exact.value == (distinct and bool(h or k))


def test_the_numbers_of_odes_exclude_each_other():
    """A rotation beside a: none for a <= 0, though the complex pair alone has countably many."""
    where = cases_by_number(check_e4(facts(blocks([[0, -1], [1, 0]], [["a"]]), a="real")))
    assert {name: str(truth) for name, truth in where.items()} == {
        "none": "IF(a <= 0)",
        "one": "FALSE",
        "countable": "IF(a > 0)",
        "uncountable": "FALSE",
    }


def test_repeated_cubics_of_numbers():
    cubic = [[0, 0, 2], [1, 0, 0], [0, 1, 0]]  # x^3 = 2 has a complex pair
    for coupling, expected in ((0, "uncountable"), (1, "countable")):
        twice = with_entries(blocks(cubic, cubic, [[3 + ROOT]]), {(i, 3 + i): coupling for i in range(3)})
        found = check_e4(facts(twice))
        assert how_many(found) == expected
        assert found["complex_blocks_single"].truth.value == bool(coupling)


BLOCKS_AT_1 = [(2, 2), (2, 1, 1), (1, 1, 1, 1), (3, 1), (4,)]


@pytest.mark.parametrize("sizes", BLOCKS_AT_1)
@pytest.mark.parametrize("inputs", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_multiplicity_four_at_1(sizes, inputs):
    """In random coordinates, with letters in M and in c and C, or in c and C alone, which take values of small rank."""
    rng, met = random.Random(3), set()
    jordan = sp.diag(*(sp.Matrix(s, s, lambda i, j: int(i == j) + int(j == i + 1)) for s in sizes), sp.Rational(1, 2))
    n = jordan.rows
    T = sp.Matrix(n, n, lambda i, j: 1 if i == j else rng.randint(-1, 1) if i < j else 0)
    M = T * jordan * T.inv()
    names = [[f"b{i}{j}" for j in range(1 + inputs)] for i in range(n)]
    for letter in (True, False):
        rows = M.tolist()
        if letter:
            rows[0][0] = f"{rows[0][0]} + x"
        C = [row[1:] for row in names] if inputs else None
        declared = dict.fromkeys([*(name for row in names for name in row), *(["x"] if letter else [])], "real")
        net = linear(rows, [row[0] for row in names], C, **declared)
        verdict = check_e4(sr.spectrum(net.region("")))
        for k in range(12):
            B = T * sp.Matrix(n, 1 + inputs, lambda i, j: rng.choice([0, 0, 1, -1]))
            if k % 3 == 0:
                B = T * (jordan - sp.eye(n)) * B
            values = {names[i][j]: Fraction(str(B[i, j])) for i in range(n) for j in range(1 + inputs)}
            values |= {"x": Fraction(rng.choice([0, 0, 0, 1]))} if letter else {}
            exact = check_e4(sr.spectrum(net.subs(values).region("")))
            truth = verdict["positive_blocks_distinct"].truth
            assert truth.at(values) == exact["positive_blocks_distinct"].truth, values
            met.add(truth.at(values).value)
    expected = {True} if sizes in {(3, 1), (4,)} else {False} if len(sizes) == 4 and not inputs else {True, False}
    assert met == expected
