r"""What pages of LaTeX say is read back and compared with the network's exact map, at random values and at coincidences."""

import random
from collections import Counter

import mpmath as mp
import pytest
import sympy as sp

import symplrnn as sr
from tests.emit.latex.networks import (
    CLOSE,
    Expected,
    faults,
    flow_fault,
    network_matrices,
    opened,
    random_network,
    system_fault,
    values_of,
)
from tests.emit.latex.reader import DIGITS, Ambiguous, Page, Uncovered, Undefined

TOO_SLOW = 157  # its cases where E2 fails take minutes to be printed without cse


def read(seed: int, cse: bool) -> Counter[str]:
    """Read two regions of a random network; fail on what is wrong."""
    net = random_network(seed)
    count: Counter[str] = Counter()
    others = [format(k, f"0{net.n}b") for k in range(2**net.n - 1)]
    for pattern in ("1" * net.n, others[seed % len(others)]):
        for kind, what in faults(net, pattern, seed, cse):
            assert kind != "wrong", (
                f"region {pattern} of A = {net.A.tolist()}, W = {net.W.tolist()}, h = {net.h.tolist()}: {what}"
            )
            count[kind] += 1
    return count


@pytest.mark.parametrize(("seeds", "at_least"), [(4, 18), pytest.param(40, 200, marks=pytest.mark.slow)])
def test_random_networks_are_printed_right(seeds, at_least):
    count = sum((read(seed, cse=bool(seed % 2)) for seed in range(seeds)), Counter())
    assert count["right"] > at_least
    assert count["withheld"] <= count["right"] / 20  # not all cases listed, and said so


@pytest.mark.slow
@pytest.mark.parametrize("block", range(40, 400, 90))
def test_many_random_networks_are_printed_right(block):
    count = sum((read(seed, cse=seed % 2 == 0) for seed in range(block, block + 30) if seed != TOO_SLOW), Counter())
    assert count["withheld"] <= count["right"] / 20


P, R = "positive", "real"
KINDS = {  # networks that were printed wrong, each with a region and values of the letters
    "a removable coincidence": (["a", "a"], [[0, "w"], ["w", 0]], ["h", "h"], {"a": P, "w": R, "h": R}, "11", {"a": 2, "w": 1, "h": 3}),
    "zero entries": (["a", "b"], [[0, "w"], [0, 0]], ["h", 0], {"a": P, "b": P, "w": R, "h": R}, "10", {"a": 2, "b": 1, "w": 1, "h": 1}),
    "zero entries, drive": (["a", "b"], [[0, "w"], [0, 0]], ["h", 0], {"a": P, "b": P, "w": R, "h": R}, "01", {"a": 1, "b": 1, "w": 1, "h": 1}),
    "a determined letter": (["-a", "d/2"], [[0, 0], [-1, 0]], [0, "a"], {"a": R, "d": R}, "00", {"a": -1, "d": 3}),
    "an eigenvector that c misses": (["w", "w"], [[0, 2], [2, 0]], ["-k", "-k"], {"w": R, "k": R}, "11", {"w": 3, "k": 1}),
    "a factor of a discriminant": (["a", "1/2"], [[0, 1], [1, 0]], [0, 0], {"a": R}, "11", {"a": 1}),
    "a multiple of a name": (["a", "-a"], [[0, "w"], ["w", 0]], [0, 0], {"a": R, "w": R}, "11", {"a": 1, "w": 2}),
    "a sum as constant term": ([0, 0, 0], [[0, 1, 0], [0, 0, 1], ["2-sqrt(2)", 0, 0]], [1, 0, 0], {}, "111", {}),
    "an undefined name": (["a", "b", 2], [[0, "w", 0], ["w", 0, 0], [0, 0, 0]], [1, "b", "a"], {"a": R, "b": R, "w": R}, "111", {"a": 2, "b": 2, "w": 0}),
    "a list and what follows": (["-k", "d"], [[0, "v"], ["k", 0]], [0, 0], {"k": R, "d": "negative", "v": R}, "11", {"k": -1, "d": -1, "v": -2}),
    "two eigenvalues 1": (["b", 1], [[0, 0], [0, 0]], [0, "b"], {"b": R}, "00", {"b": 1}),
    "two eigenvalues 1, number": (["b", 1], [[0, 0], [0, 0]], [0, 1], {"b": R}, "00", {"b": 1}),
    "a double eigenvalue 1": (["w", "w", "k"], [["3/2", "w", 0], [0, 0, "w"], ["w", 0, 0]], [0, "1-w", "w"], {"w": R, "k": R}, "000", {"w": 1, "k": 1}),
}  # fmt: skip
LARGE = {("a double eigenvalue 1", False), ("an undefined name", False), ("a list and what follows", False)}


@pytest.mark.parametrize(
    ("name", "cse"),
    [pytest.param(name, cse, marks=pytest.mark.slow if (name, cse) in LARGE else ()) for name in KINDS for cse in (True, False)],
)
def test_what_was_printed_wrong(name, cse):
    A, W, h, parameters, pattern, values = KINDS[name]
    net = sr.PLRNN(A, W, h, dt=1, parameters=parameters)
    region, ode = net.region(pattern), sr.derive(net)[pattern]
    at = {s: sp.Integer(values[str(s)]) for s in net.parameters}
    with mp.workdps(DIGITS):
        expected = Expected(region, at)
        listed = (
            [ode] if expected.principal or not net.parameters else [case for case in ode.other_cases if case.condition.at(at)]
        )
        [shown] = listed
        found = next(
            each
            for each in opened(Page(sr.latex(shown, cse=cse)), region, at, expected)
            if each.has(rf"\widetilde{{W}}_{{\Omega_{{{pattern}}}}}")
        )
        assert found.holds
        assert not system_fault(found, region, ode.dt, expected)
        if shown is ode and net.parameters:
            X, y = network_matrices(sr.latex(sr.derive(net)), region, at)
            assert not flow_fault(X, y, None, net.n, ode.dt, expected, CLOSE)
            [case] = [case for case in ode.cases if case.condition.at(at)]
            assert expected.equilibria in case.equilibria.split(", or ")


def test_a_sum_in_a_polynomial():
    net = sr.PLRNN(
        [0] * 4, [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], ["a-b", 0, 0, 0]], [1, 0, 0, 0], dt=1, parameters=["a", "b"]
    )
    assert r"e_{4} = b - a + 1" in sr.latex(sr.derive(net)["1111"])


def free_network(n, **options):
    """Return a network of n units with all entries free."""
    W = [[0 if i == j else f"w{i}{j}" for j in range(1, n + 1)] for i in range(1, n + 1)]
    parameters = {f"a{i}": P for i in range(1, n + 1)} | {f"h{i}": R for i in range(1, n + 1)}
    parameters |= {x: R for row in W for x in row if x}
    return sr.PLRNN([f"a{i}" for i in range(1, n + 1)], W, [f"h{i}" for i in range(1, n + 1)], parameters=parameters, **options)


def values_near(net, draw, kind):
    """Return values of the letters of a free network where E2 holds: at random, or where eigenvalues coincide, or are 1."""
    values = {}
    for s in net.parameters:
        name = str(s)
        values[s] = sp.Rational(draw.randint(4, 12), 8) if name[0] == "a" else sp.Rational(draw.randint(-3, 3), 8)
        if kind == "equal" and name[0] == "a":
            values[s] = sp.Rational(3, 4)
        if kind == "equal" and name[0] == "w" and draw.random() < 0.7:
            values[s] = sp.Integer(0)
        if kind == "one" and name[0] == "a" and draw.random() < 0.7:
            values[s] = sp.Integer(1)
        if kind == "one" and name[0] == "w" and draw.random() < 0.5:
            values[s] = sp.Integer(0)
    return values


@pytest.mark.parametrize(
    ("n", "rounds"),
    [(2, 2), (3, 1), pytest.param(3, 40, marks=pytest.mark.slow), pytest.param(4, 15, marks=pytest.mark.slow)],
)
def test_pages_of_free_networks_are_right(n, rounds):
    net = free_network(n, dt=1)
    text, draw = sr.latex(sr.derive(net)), random.Random(n)
    count = 0
    for k in range(3 * rounds):
        values = values_near(net, draw, ("random", "equal", "one")[k % 3])
        for region in list(net.regions())[:: 1 if n < 4 else 3]:
            with mp.workdps(DIGITS):
                expected = Expected(region, values)
                if expected.principal:
                    X, y = network_matrices(text, region, values)
                    assert not flow_fault(X, y, None, n, net.dt, expected, CLOSE), (region, values)
                    count += 1
    assert count > 2 * rounds


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 160), marks=pytest.mark.slow)])
def test_pages_of_networks_are_right(seeds):
    count = 0
    for seed in seeds:
        net = random_network(seed)
        if not any(part.free_symbols for part in (net.A, net.W)) or net.dt is None:
            continue
        ode = sr.derive(net)
        text = sr.latex(ode)
        for region in net.regions():
            if not ode[region.pattern].has_formula or ode[region.pattern].kind != "real":
                continue
            for values in values_of(net, region, seed, 3):
                with mp.workdps(DIGITS):
                    expected = Expected(region, values)
                    if expected.principal:
                        X, y = network_matrices(text, region, values)
                        close = mp.mpf("1e-3") if "approx" in text else CLOSE
                        assert not flow_fault(X, y, None, net.n, ode.dt, expected, close), (seed, region, values)
                        count += 1
    assert count > len(seeds)


EXACT = {  # networks whose pages group regions, or name what entries are made of, and values of the letters
    "ring": ((["a"] * 3, [[0, "w", 0], [0, 0, "w"], ["w", 0, 0]], ["h"] * 3), {"a": P, "w": R, "h": R}, 1,
             [("a=2", "w=1", "h=3"), ("a=1", "w=0", "h=1"), ("a=2", "w=-1", "h=1/2")]),
    "one letter in W": ((["9/10", "4/5", "1/2"], [[0, "w", "-1/2"], ["1/3", 0, "1/4"], ["-1/5", "1/2", 0]], ["1/10", "1/5", "-1/3"]),
                        {"w": R}, 1, [("w=0",), ("w=1/3",), ("w=3/50",), ("w=-3/400",)]),
    "leaky": ((["exp(-dt/tau1)", "exp(-dt/tau2)"], [[0, "w12"], ["w21", 0]], ["h1", "h2"]),
              {"dt": P, "tau1": P, "tau2": P, "w12": R, "w21": R, "h1": R, "h2": R}, "dt",
              [("dt=1/10", "tau1=1", "tau2=1/2", "w12=1/3", "w21=-1", "h1=1", "h2=2"),
               ("dt=1", "tau1=2", "tau2=2", "w12=1/3", "w21=0", "h1=1", "h2=2")]),
    "leaky, symmetric": ((["exp(-dt/tau)"] * 2, [[0, "w"], ["w", 0]], ["h", "h"]), {"dt": P, "tau": P, "w": R, "h": R}, "dt",
                         [("dt=1/10", "tau=1", "w=1/3", "h=2"), ("dt=1", "tau=3", "w=0", "h=2")]),
}  # fmt: skip


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n == "one letter in W" else ()) for n in EXACT])
def test_pages_with_groups_and_names_are_right(name):
    matrices, parameters, dt, listed = EXACT[name]
    net = sr.PLRNN(*matrices, dt=dt, parameters=parameters)
    ode, count = sr.derive(net), 0
    text = sr.latex(ode)
    for each in listed:
        given = dict(pair.split("=") for pair in each)
        values = {s: sp.Rational(given[str(s)]) for s in net.parameters}
        for region in net.regions():
            with mp.workdps(DIGITS):
                expected = Expected(region, values)
                if expected.principal:
                    X, y = network_matrices(text, region, values)
                    step = sp.sympify(ode.dt).subs(values)
                    assert not flow_fault(X, y, None, net.n, step, expected, CLOSE), (region, values)
                    count += 1
    assert count >= 2 * len(listed)


def formula_faults(seed: int) -> tuple[int, list[str]]:
    """Return at how many values the formula of a region of a random network with letters was read, and what was wrong."""
    net = random_network(seed)
    if not any(part.free_symbols for part in (net.A, net.W, net.h)):
        return 0, []
    patterns = [format(k, f"0{net.n}b") for k in range(2**net.n)]
    pattern = patterns[-1 - seed % 3 % len(patterns)]
    region = net.region(pattern)
    ode = sr.derive(region, net.dt)
    if not ode.has_formula or ode.by_columns is not None:
        return 0, []
    page, count, wrong = Page(sr.latex(ode)), 0, []
    for values in values_of(net, region, seed, 4):
        with mp.workdps(DIGITS):
            expected = Expected(region, values)
            [found] = opened(page, region, values, expected)[-1:]
            fault = "" if found.holds == expected.principal else "the condition is wrong"
            if expected.principal:
                close = mp.mpf("1e-3") if "approx" in page.text else CLOSE
                fault = fault or system_fault(found, region, ode.dt, expected, close)
            count += 1
            wrong += [f"{seed}, region {pattern} at {values}: {fault}"] if fault else []
    return count, wrong


@pytest.mark.parametrize(
    ("seeds", "networks"), [(range(1000, 1010), 3), pytest.param(range(1010, 2400), 500, marks=pytest.mark.slow)]
)
def test_formulas_of_many_networks_are_right(seeds, networks):
    found = [formula_faults(seed) for seed in seeds]
    assert not [each for _, wrong in found for each in wrong]
    assert sum(count > 0 for count, _ in found) >= networks


def test_cases_that_no_values_meet_are_not_listed():
    two_units = sr.derive(sr.example("two_units"), dt=1)["11"]
    assert len(two_units.other_cases) == 4
    symmetric = sr.PLRNN(["a", "a"], [[0, "w"], ["w", 0]], ["h", "h"], dt=1, parameters={"a": P, "w": R, "h": R})
    assert [len(sr.derive(symmetric)[pattern].other_cases) for pattern in ("00", "01", "11")] == [0, 0, 6]


def test_the_switching_is_said_on_each_page_of_a_network():
    net = sr.PLRNN(["1/2"], [["1/4"]], [1], dt="1/10")
    text = sr.latex(sr.derive(net))
    assert "held from grid time to grid time, in steps of $\\tfrac{1}{10}$; $\\zeta$ is then the network's state at each." in text


# The reader itself


def page_of(line: str) -> Page:
    return Page(rf"\begin{{align*}}{line}\end{{align*}}")


def test_the_reader_tells_faults_apart():
    [brace] = page_of(r"x &= \begin{cases} 1, & a > 0 \\ \frac{a}{2} - \log 1, & a < 0 \end{cases}").at({"a": mp.mpf(-3)}, 1, {})
    assert brace.lookup("x") == -1.5
    [neither] = page_of(r"x &= \begin{cases} 1, & a > 0 \\ 2, & a < 0 \end{cases}").at({"a": mp.mpf(0)}, 1, {})
    with pytest.raises(Uncovered):
        neither.lookup("x")
    [both] = page_of(r"x &= \begin{cases} 1, & a \ge 0 \\ 2, & a \le 0 \end{cases}").at({"a": mp.mpf(0)}, 1, {})
    with pytest.raises(Ambiguous):
        both.lookup("x")
    [unknown] = page_of(r"x &= \delta + 1").at({}, 1, {})
    with pytest.raises(Undefined):
        unknown.lookup("x")
    [unequal] = page_of(r"x &= 1 = 2").at({}, 1, {})
    with pytest.raises(AssertionError, match="differ"):
        unequal.lookup("x")
