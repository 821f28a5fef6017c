"""Regions with letters or irrational entries where E2 fails, in the terminal and in JSON: what is printed has the network's map."""

import json
import re

import mpmath
import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.cli import main

ONE = {
    "A": ["a"],
    "W": [["w"]],
    "h": ["h"],
    "C": [["1/3"]],
    "dt": 1,
    "parameters": {"a": "positive", "w": "real", "h": "real"},
}
NEGATIVE = {"A": ["-a"], "W": [[0]], "h": ["h"], "dt": "1/10", "parameters": {"a": "positive", "h": "real"}}
IRRATIONAL = {"A": ["-sqrt(2)", "1/2"], "W": [[0, 0], [0, 0]], "h": [1, 2], "dt": 1}
SINGULAR = {"A": [0, "sqrt(2)"], "W": [[0, 0], [0, 0]], "h": [1, 2], "C": [[1], [3]], "dt": 1}
PAIRED = {
    "A": ["-a", "-a"],
    "W": [[0, "w"], [0, 0]],
    "h": ["h", 0],
    "dt": 1,
    "parameters": {"a": "positive", "w": "real", "h": "real"},
}
MIXED = {
    "A": ["a", "-b"],
    "W": [[0, "w"], [0, 0]],
    "h": ["h", 2],
    "C": [[1], ["1/3"]],
    "dt": "1/2",
    "parameters": {"a": "real", "b": "nonnegative", "w": "real", "h": "real"},
}


@pytest.fixture(autouse=True)
def precision(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20000")  # one line for each row and definition: what is printed is read here
    with mpmath.workdps(50):
        yield


@pytest.fixture
def run(capsys, tmp_path):
    def command(network, *arguments):
        path = tmp_path / "net.json"
        path.write_text(json.dumps(network))
        status = main(["derive", str(path), *arguments])
        captured = capsys.readouterr()
        assert captured.err == ""
        return status, captured.out

    return command


# By hand


def test_one_unit_with_a_sum_of_any_sign(run):
    out = run(ONE, "--region", "1", "--other-cases")[1]
    assert out.splitlines()[0] == "region 1: real ODE  dz/dt = X z + y + Y s,  dt = 1,  where a + w > 0"
    lifted, impulsive = re.split(r"(?=\n  if a \+ w = 0:)", out[out.index("  if a + w < 0") :])
    first, *rest = lifted.splitlines()
    assert first.startswith("  if a + w < 0")
    assert rest[:7] == [
        "    lifted ODE  d(z, u)/dt = X (z, u) + y + Y s,  1 extra coordinate u = 0 at each grid time",
        "  X = log(-a - w)   -pi",
        "      pi            log(-a - w)",
        "  y = h*log(-a - w)/(a + w - 1)",
        "      pi*h/(a + w - 1)",
        "  Y = log(-a - w)/(3*(a + w - 1))",
        "      pi/(3*(a + w - 1))",
    ]
    assert rest[7].startswith("    why: the eigenvalue a + w is negative, and its Jordan blocks do not pair up,")
    assert impulsive.strip("\n").splitlines() == [
        "  if a + w = 0:",
        "    impulsive ODE  dz/dt = X z + y + Y s",
        "  first, at each grid time:  z <- J z + j + K s",
        "  J = 0",
        "  j = h",
        "  K = 1/3",
        "  X = 0",
        "  y = 0",
        "  Y = 0",
        "    why: 0 is an eigenvalue, and flows are invertible, so a jump at each grid time is needed (E6)",
    ]


def test_the_old_name_of_other_cases_warns(run, capsys, tmp_path):
    expected = run(ONE, "--region", "1", "--other-cases")
    status, captured = main(["derive", str(tmp_path / "net.json"), "--region", "1", "--beyond"]), capsys.readouterr()
    assert (status, captured.out) == expected
    assert captured.err == "symplrnn: warning: --beyond is now --other-cases\n"


def test_one_unit_says_where_else_there_are_systems_and_does_not_derive_them(run, monkeypatch):
    def unwanted(*arguments):
        raise AssertionError("cases beyond E2 were derived")

    monkeypatch.setattr("symplrnn.systems.region_ode.cases_beyond", unwanted)
    out = run(ONE, "--region", "1")[1]
    assert out.endswith(
        "  where a + w <= 0: a lifted or impulsive system, or a real ODE that is not principal; --other-cases prints it by cases\n\n"
    )
    assert "other" not in run(ONE, "--region", "0", "--other-cases")[1]  # E2 holds for all values
    for options in ([], ["--strict"], ["--strict", "--condition", "real"]):
        assert run(ONE, "--region", "1", *options, "--json")[0] == len(options[:1])
    documents = [json.loads(run(ONE, "--region", pattern, "--json")[1])["regions"][0] for pattern in "01"]
    assert [document["other_cases"] for document in documents] == [[], None]


def test_a_region_that_meets_e2_nowhere(run):
    assert run(NEGATIVE, "--region", "1")[1] == (
        "region 1: lifted ODE  d(z, u)/dt = X (z, u) + y,  dt = 1/10,  1 extra coordinate u = 0 at each grid time\n"
        "  X = 10*log(a)   -10*pi\n"
        "      10*pi       10*log(a)\n"
        "  y = -10*h*log(a)/(a + 1)\n"
        "      -10*pi*h/(a + 1)\n"
        "    why: the eigenvalue -a is negative, and its Jordan blocks do not pair up, so "
        "there is no real ODE of dimension 1 (E3), not even a time-dependent linear "
        "one, because det M < 0; 1 extra coordinate is the fewest that do (E5)\n\n"
    )
    assert run(NEGATIVE, "--region", "1", "--other-cases")[1] == run(NEGATIVE, "--region", "1")[1]


def test_an_irrational_negative_eigenvalue(run):
    out = run(IRRATIONAL, "--region", "11", "--digits", "8")[1].splitlines()
    assert out[0] == ("region 11: lifted ODE  d(z, u)/dt = X (z, u) + y,  dt = 1,  1 extra coordinate u = 0 at each grid time")
    assert out[1:7] == [  # log(2)/2, log(1/2), pi; y = X (M - I)^{-1} c
        "  X = 0.34657359   0             -3.1415927",
        "      0            -0.69314718   0",
        "      3.1415927    0             0.34657359",
        "  y = -0.14355548",
        "      2.7725887",
        "      -1.3012903",
    ]
    assert [line.split() for line in out[8:10]] == [
        ["-1.4142136", "0.34657359", "+/-", "3.1415927i", "-2.8853901", "0.5"],
        ["1/2", "-0.69314718", "1.4426950", "0"],
    ]
    assert "why: the eigenvalue -sqrt(2) is negative, and its Jordan blocks, of sizes (1)," in out[10]


def test_an_irrational_eigenvalue_beside_0(run):
    out = run(SINGULAR, "--region", "11")[1].splitlines()
    assert out[0] == "region 11: impulsive ODE  dz/dt = X z + y + Y s,  dt = 1"
    jump = ["  J = 0   0", "      0   1", "  j = 1", "      0", "  K = 1", "      0"]
    assert out[1:8] == ["  first, at each grid time:  z <- J z + j + K s", *jump]
    x, y, Y = (sp.sympify(out[i][start:]) for i, start in ((9, 10), (11, 6), (13, 6)))
    expected = sp.log(sp.sqrt(2))
    assert sp.simplify(x - expected) == sp.simplify(y - expected * 2 / (sp.sqrt(2) - 1)) == 0
    assert sp.simplify(Y - expected * 3 / (sp.sqrt(2) - 1)) == 0
    assert out[-2] == "  why: 0 is an eigenvalue, and flows are invertible, so a jump at each grid time is needed (E6)"


def test_cases_of_several_kinds(run):
    out = run(PAIRED, "--region", "01")[1].splitlines()
    assert out[0] == "region 01: real or lifted ODE, by cases,  dt = 1"
    assert out[1:3] == ["  if w = 0:", "    real ODE, not principal,  dz/dt = X z + y"]
    place = out.index("  if w != 0:")
    assert out[place + 1] == "    lifted ODE  d(z, u)/dt = X (z, u) + y,  2 extra coordinates u = 0 at each grid time"
    assert out[place + 2].split() == ["X", "=", "log(a)", "-w/a", "-pi", "0"]


def test_numbers_in_sentences_are_not_broken(run):
    long = "7" * 100
    network = {"A": [f"-{long}*a"], "W": [[0]], "h": ["h"], "dt": 1, "parameters": {"a": "positive", "h": "real"}}
    assert f"the eigenvalue -{long}*a is negative" in " ".join(run(network, "--region", "1")[1].split())


def test_letters_named_like_the_coordinates_or_the_input(run):
    network = {"A": ["-u"], "W": [[0]], "h": ["s"], "C": [[1]], "dt": 1, "parameters": {"u": "positive", "s": "real"}}
    heading = run(network, "--region", "1")[1].splitlines()[0]
    assert heading.endswith("d(z, u_1)/dt = X (z, u_1) + y + Y s_1,  dt = 1,  1 extra coordinate u_1 = 0 at each grid time")


def test_strict(run):
    """diag(-a, -a) has real ODEs, and another Jordan block has none; diag(a, a) has some for a > 0 and for a < 0."""
    same = {"A": ["a", "a"], "W": [[0, 0], [0, 0]], "h": [1, "a"], "dt": 1, "parameters": {"a": "nonzero"}}
    for network, pattern, principal, real in [
        (PAIRED, "00", 1, 0),
        (PAIRED, "01", 1, 1),
        (NEGATIVE, "1", 1, 1),
        (SINGULAR, "11", 1, 1),
        (ONE, "1", 1, 1),
        (same, "11", 1, 0),
    ]:
        assert run(network, "--region", pattern)[0] == 0
        assert run(network, "--region", pattern, "--strict", "--json")[0] == principal
        assert run(network, "--region", pattern, "--strict", "--condition", "real", "--other-cases")[0] == real


def test_no_certified_decimals(run, monkeypatch):
    def refuse(self, digits):
        raise sr.PrecisionLimit("region 11: not certain at 64 bits")

    monkeypatch.setattr(sr.RegionODE, "digits", refuse)
    status, out = run(IRRATIONAL, "--region", "11", "--digits", "8", "--strict")
    assert status == 1  # it is lifted
    assert "no certified decimals: region 11: not certain at 64 bits" in " ".join(out.split())
    assert "log(sqrt(2))" in out  # the exact entries stand for them
    assert json.loads(run(IRRATIONAL, "--region", "11", "--json")[1])["regions"][0]["digits"] == {
        "reason": "region 11: not certain at 64 bits"
    }


@pytest.mark.parametrize("dt", ["sqrt(2)", "tau"])
def test_a_time_that_is_not_rational(run, dt):
    network = {
        "A": ["-1/2", "-1/7"],
        "W": [[0, 0], [0, 0]],
        "h": ["1/1234567890123456789", 1],
        "dt": dt,
        "parameters": {"tau": "positive"},
    }
    out = run(network, "--region", "11")[1]
    assert "log(2)" in out  # no decimals, though the numbers are long


# The map, from what is printed


def parsed(text):
    """Return the cases of one region as printed: definitions, jump and system as matrices of text, after the word "if"."""
    found = []
    for block in re.split(r"^  if ", text, flags=re.MULTILINE):
        tables, order = {}, None
        for line in block.splitlines():
            head = re.match(r"^(?:  ([XyYJjK]) = |      )(\S.*)$", line)
            if head:
                order = head[1] or order
                tables.setdefault(order, []).append(re.split(r" {3,}", head[2].strip()))
        definitions = re.findall(r"^    (\w+) = (.*)$", block, flags=re.MULTILINE)
        if "X" in tables:
            found.append((block.splitlines()[0].rstrip(":"), definitions, tables))
    return found


def number(text, known):
    """Return what a text is worth in mpmath."""
    value = sp.sympify(re.sub(r"\blambda\b", "l", text), locals=known)
    return mpmath.mpf(str(sp.re(sp.N(value, 60))))


def numbers(rows, definitions, values):
    """Return a matrix of text in mpmath, with values for the letters."""
    known = dict(values)
    for name, text in definitions:
        known[name] = sp.Float(str(number(text, known)), 60)
    return mpmath.matrix([[number(x, known) for x in row] for row in rows])


def is_the_map(tables, definitions, values, dt, M):
    """Whether exp(dt X^), after the jump and from u = 0, is M = [M, c, C] with u = 0 at the end."""
    n, q = M.rows, M.cols
    parts = [numbers(tables[name], definitions, values) for name in ("X", "y", "Y") if name in tables]
    d = parts[0].rows
    size = d + q - n
    generator, start = mpmath.zeros(size), mpmath.zeros(size, q)
    for i in range(d):
        for j, x in enumerate([x for part in parts for x in part[i, :]]):
            generator[i, j] = x * dt
    for j in range(q):
        start[j if j < n else d + j - n, j] = 1
    if "J" in tables:
        jump = [numbers(tables[name], definitions, values) for name in ("J", "j", "K") if name in tables]
        for i in range(n):
            for j, x in enumerate([x for part in jump for x in part[i, :]]):
                start[i, j] = x
    image = mpmath.expm(generator, method="taylor") * start
    wrong = max(abs(image[i, j] - M[i, j]) for i in range(n) for j in range(q))
    left = max([abs(image[i, j]) for i in range(n, d) for j in range(q)], default=mpmath.mpf(0))
    return max(wrong, left) < mpmath.mpf(10) ** -35


def map_of(region, values):
    """Return [M, c, C] of a region in mpmath, with values for the letters."""
    known = {symbol: values[str(symbol)] for symbol in region.network.parameters}
    whole = sp.Matrix.hstack(region.matrix, region.offset, region.input_matrix).subs(known)
    return mpmath.matrix([[mpmath.mpf(str(sp.N(x, 60))) for x in row] for row in whole.tolist()])


HALF = sp.Rational(1, 2)
VALUES = {  # by the kind that holds there
    "lifted": {"a": HALF, "b": HALF * 3, "w": sp.Integer(2), "h": sp.Integer(1)},
    "lifted by 2": {"a": -HALF, "b": HALF * 3, "w": sp.Integer(2), "h": sp.Integer(1)},
    "Jordan block": {"a": -HALF, "b": HALF, "w": sp.Integer(2), "h": sp.Integer(1)},
    "paired": {"a": -HALF, "b": HALF, "w": sp.Integer(0), "h": sp.Integer(1)},
    "impulsive": {"a": HALF, "b": sp.Integer(0), "w": sp.Integer(2), "h": sp.Integer(1)},
    "nothing flows": {"a": sp.Integer(0), "b": sp.Integer(0), "w": sp.Integer(2), "h": sp.Integer(1)},
    "both": {"a": sp.Integer(0), "b": HALF, "w": sp.Integer(2), "h": sp.Integer(1)},
    "both, the other": {"a": -HALF, "b": sp.Integer(0), "w": sp.Integer(2), "h": sp.Integer(1)},
    "a unit eigenvalue": {"a": sp.Integer(1), "b": HALF, "w": sp.Integer(2), "h": sp.Integer(1)},
}


def holds(condition, values):
    """Whether a printed condition holds."""
    text = re.sub(r"(?<![<>!])=", "==", condition.removeprefix("if "))
    return eval(text, {}, dict(values))


@pytest.mark.parametrize("name", VALUES)
def test_the_printed_system_has_the_map(run, tmp_path, name):
    out = run(MIXED, "--region", "01")[1]
    region = sr.load(tmp_path / "net.json").region("01")
    cases = [case for case in parsed(out) if holds(case[0], VALUES[name])]
    assert len(cases) == 1  # the cases are disjoint, and cover everything
    _, definitions, tables = cases[0]
    assert is_the_map(tables, definitions, VALUES[name], mpmath.mpf(1) / 2, map_of(region, VALUES[name]))


@pytest.mark.parametrize("name", VALUES)
def test_the_system_in_json_has_the_map(run, tmp_path, name):
    region = json.loads(run(MIXED, "--region", "01", "--json")[1])["regions"][0]
    values = VALUES[name]
    assert (region["truth"], region["cases"]) == (False, [])
    found = [c for c in region["other_cases"] if sp.sympify(c["condition"]).subs(values) == True]  # noqa: E712
    assert len(found) == 1
    case, n = found[0], 2
    assert list(case) == [
        "condition", "kind", "why", "is_principal", "extra", "jump", "definitions", "matrix", "offset", "input_matrix",
    ]  # fmt: skip
    assert len(case["matrix"]) == len(case["offset"]) == len(case["input_matrix"]) == n + case["extra"]
    tables = {"X": case["matrix"], "y": [[x] for x in case["offset"]], "Y": case["input_matrix"]}
    if case["jump"] is not None:
        jump = case["jump"]
        tables |= {"J": jump["matrix"], "j": [[x] for x in jump["offset"]], "K": jump["input_matrix"]}
    kind = {"paired": "real", "impulsive": "impulsive", "nothing flows": "impulsive"}.get(name, "lifted")
    assert case["kind"] == ("lifted+impulsive" if name.startswith("both") else kind)
    expected = map_of(sr.load(tmp_path / "net.json").region("01"), values)
    assert is_the_map(tables, case["definitions"].items(), values, mpmath.mpf(1) / 2, expected)


def test_json_of_a_region_with_a_principal_ode_has_the_others_on_demand(run):
    region = json.loads(run(ONE, "--region", "1", "--json", "--cases", "--other-cases")[1])["regions"][0]
    assert (region["matrix"], region["offset"]) == ([["log(a + w)"]], ["h*phi(a + w)"])
    assert [case["kind"] for case in region["cases"]] == ["real"] * 3
    assert {"condition", "definitions", "matrix", "offset", "input_matrix", "equilibria"} <= set(region["cases"][0])
    assert [(case["kind"], case["extra"]) for case in region["other_cases"]] == [("lifted", 1), ("impulsive", 0)]
    assert region["other_cases"][1]["jump"] == {"matrix": [["0"]], "offset": ["h"], "input_matrix": [["1/3"]]}
    assert region["other_cases"][0]["jump"] is None
    assert region["other_cases"][0]["matrix"] == [["log(-a - w)", "-pi"], ["pi", "log(-a - w)"]]


def test_a_trained_network_with_a_letter_in_its_bias(oscillator, capsys, monkeypatch):
    """Region 011 of a trained oscillator has one negative eigenvalue, of a factor of degree 3, and long numbers."""
    s = sp.Symbol("s", real=True)
    net = sr.PLRNN(oscillator.A, oscillator.W, [oscillator.h[0] + s, *oscillator.h[1:]], dt="1/10")
    monkeypatch.setattr("symplrnn.cli.derive.network_argument", lambda file, values: net)
    assert main(["derive", "net", "--region", "011", "--digits", "50"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("region 011: lifted ODE  d(z, u)/dt = X (z, u) + y,  dt = 1/10,  1 extra coordinate")
    [(_, definitions, tables)] = parsed(out)
    values = {"s": sp.Rational(1, 7)}
    assert is_the_map(tables, definitions, values, mpmath.mpf(1) / 10, map_of(net.region("011"), values))


def test_a_larger_trained_network_with_a_letter_in_its_bias(van_der_pol):
    """A trained network of 10 units with the sign of one entry changed, so that 1 of its 10 eigenvalues in 0...0 is negative."""
    s, A = sp.Symbol("s", real=True), list(sp.Matrix(van_der_pol.A).diagonal())
    net = sr.PLRNN([-A[0], *A[1:]], van_der_pol.W, [van_der_pol.h[0] + s, *van_der_pol.h[1:]], dt=1)
    found = sr.derive(net)["0" * 10].to_dict(50)
    assert (found["kind"], found["extra"]) == ("lifted", 1)
    tables = {"X": found["digits"]["matrix"], "y": [[x] for x in found["digits"]["offset"]]}
    values = {"s": sp.Rational(1, 7)}
    assert is_the_map(tables, [], values, 1, map_of(net.region("0" * 10), values))


# What else meets such a region


def test_what_needs_numbers_says_so():
    letters = sr.derive(sr.PLRNN(["-a"], [[0]], ["h"], dt=1, parameters={"a": "positive", "h": "real"}))
    needs_numbers = [
        lambda: letters.simulate([1], 3),
        lambda: letters.simulate([1], 3, switching="state"),
        lambda: letters.lambdify("grid", z0=[1]),
        lambda: letters.lambdify(backend="c"),
        lambda: letters.lambdify(backend="jax"),
        lambda: letters.crossings([1], 3),
        lambda: letters.face("1", 1),
    ]
    for work in needs_numbers:
        with pytest.raises(sr.EntryError, match=r"has the (parameters|letters) a, h; give them rational values first") as caught:
            work()
        assert "\n" not in str(caught.value)


def test_lambdify_of_a_region_beyond():
    r = sp.sqrt(2)
    for A, kind in [(["-sqrt(2)", "1/2"], "lifted"), ([0, "sqrt(2)"], "impulsive")]:
        ode = sr.derive(sr.PLRNN(A, [[0, 0], [0, 0]], [1, 2], dt=1))["11"]
        with pytest.raises(sr.ShapeError, match=f"region 11 is {kind}, .*covers every kind"):
            ode.lambdify()
    with pytest.raises(sr.EntryError, match="lambdify: the ODE has the parameters a, h"):
        sr.derive(sr.PLRNN(["-a"], [[0]], ["h"], dt=1, parameters={"a": "positive", "h": "real"}))["1"].lambdify()
    f = sr.derive(sr.PLRNN([-r, -r], [[0, 0], [0, 0]], [1, 2], dt=1))["11"].lambdify()  # real, but not principal
    y = f(0.0, np.zeros(2))
    X = np.array([f(0.0, e) - y for e in np.eye(2)]).T
    image = np.array(mpmath.expm(mpmath.matrix(np.vstack([np.column_stack([X, y]), np.zeros(3)]))).tolist(), dtype=float)
    assert np.allclose(image[:2], [[-np.sqrt(2), 0, 1], [0, -np.sqrt(2), 2]], atol=1e-12)
