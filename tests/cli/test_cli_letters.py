"""The command line and JSON with letters: conditions, values by --set, and one clear line for each wrong input."""

import json
import re
import subprocess
import sys
import time

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.network.files.json_ import network_from_json

BASE = {"A": ["a", 1], "W": [[0, "w"], [0, 0]], "h": [0, "1/2"], "dt": 1, "parameters": {"a": "positive", "w": "real"}}


def run(capsys, *arguments):
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture
def file(tmp_path):
    def write(**changes) -> str:
        path = tmp_path / "net.json"
        path.write_text(json.dumps({**BASE, **changes}))
        return str(path)

    return write


def test_check_prints_conditions(capsys):
    status, out, _ = run(capsys, "check", "two_units")
    assert status == 0
    assert "E2 in all regions, A + W a P-matrix (G1): a1*a2 > w12*w21" in out
    assert "delta = a1*a2 - w12*w21" in out
    assert "  E2: delta > 0" in out


def test_conditions_that_nobody_reads_are_said_in_words(file, capsys):
    letters = {f"w{i}{j}": "real" for i in range(1, 4) for j in range(1, 4) if i != j}
    W = [[f"w{i}{j}" if i != j else 0 for j in range(1, 4)] for i in range(1, 4)]
    path = file(A=["a1", "a2", "a3"], W=W, h=[0, 0, 1], parameters={**letters, "a1": "real", "a2": "real", "a3": "real"})
    status, out, _ = run(capsys, "check", path, "--region", "111")
    text = " ".join(out.split())
    assert status == 0
    assert "E3: delta != 0; and for every negative eigenvalue of M and every size, the number of Jordan blocks of that" in text
    assert "E4: E3 holds: M is invertible and its negative eigenvalues have paired Jordan blocks; and Delta >= 0; and" in text
    assert "Delta = -27*delta**2 +" in text  # a name that only the hypotheses use
    assert out.count("--set NAME=VALUE") == 1
    status, out, _ = run(capsys, "check", path, "--region", "110")
    assert "E3: a3 != 0" in out
    assert "Jordan" not in out.split("E4:")[0]


def test_check_json_has_the_conditions(capsys):
    status, out, _ = run(capsys, "check", "two_units", "--json")
    report = json.loads(out)
    assert status == 0
    assert report["counts"]["principal"] == 3
    assert report["counts"]["conditional"] == 4
    assert report["global"]["p_matrix"] is None
    assert report["global"]["condition"] == "a1*a2 - w12*w21 > 0"
    assert report["network"]["parameters"]["a1"] == "positive"
    last = report["verdicts"][-1]
    assert last["verdicts"]["E2"] == {**last["verdicts"]["E2"], "truth": None, "condition": "a1*a2 - w12*w21 > 0"}
    assert last["fixed_point"]["state"][0] == "(-a2*h1 + h1 + h2*w12)/(a1*a2 - a1 - a2 - w12*w21 + 1)"


def test_derive_json_has_the_cases(capsys):
    out = run(capsys, "derive", "addition_letters", "--json", "--cases")[1]
    region = json.loads(out)["regions"][1]
    assert region["matrix"] == [["0", "w*phi(a)"], ["0", "log(a)"]]
    assert region["pattern"] == "01"
    assert region["truth"] is True
    conditions = [case["condition"] for case in region["cases"]]
    assert conditions[0] == "Ne(a, 1) & (Eq(b, 0) | Eq(w, 0))"
    assert conditions[2] == "Eq(a, 1) & Eq(b, 0)"
    assert [case["equilibria"] for case in region["cases"]] == ["an affine subspace", "none"] * 2
    assert region["cases"][0]["matrix"] == [["0", "w*log(a)/(a - 1)"], ["0", "log(a)"]]
    assert region["cases"][2]["offset"] == region["cases"][3]["offset"] == ["b*w/2", "-b"]


def test_set_gives_values(capsys):
    values = ["--set", "a=1/100", "--set", "w=1", "--set", "b=0.995"]
    letters = run(capsys, "derive", "addition_letters", "--json", *values)[1]
    numbers = run(capsys, "derive", "addition", "--json")[1]
    assert json.loads(letters)["regions"] == json.loads(numbers)["regions"]


def test_latex_prints_a_document(capsys):
    status, out, _ = run(capsys, "latex", "two_units", "--standalone")
    assert status == 0
    assert out.startswith(r"\documentclass")
    assert r"if and only if $a_{1} a_{2} > w_{12} w_{21}$: then no eigenvalue of" in out


def test_strict_needs_the_condition_for_all_values(capsys):
    assert run(capsys, "check", "two_units", "--strict")[0] == 1
    assert run(capsys, "check", "addition_letters", "--strict")[0] == 0
    assert run(capsys, "derive", "two_units", "--region", "11", "--strict")[0] == 1
    assert run(capsys, "derive", "addition_letters", "--strict")[0] == 0


WRONG = {
    "undeclared": ({"h": [0, "b"]}, "h[2]: 'b' uses the undeclared parameter 'b'; declared are a, w"),
    "identifier": ({"parameters": {"a": "positive", "w-1": "real"}}, "'w-1' is no name for a parameter"),
    "contradiction": ({"parameters": {"a": "positive, negative", "w": "real"}}, "a: no number is positive, negative"),
    "word": ({"parameters": {"a": "big", "w": "real"}}, "a: unknown assumption 'big'; accepted words are real, positive"),
    "garbage": ({"parameters": 3}, "parameters: expected a mapping from names to assumptions or a list of names"),
    "dt": ({"dt": "w"}, "dt: w is not known to be positive"),
    "function": ({"h": [0, "sin(a)"]}, "'sin(a)' uses 'sin', which text cannot have"),
    "power": ({"h": [0, "a^w"]}, "has the exponent 'w'"),
    "root": ({"h": [0, "sqrt(a)"]}, "square root"),
    "twice": ({"parameters": ["a", "w", "a"]}, "a: declared twice"),
    "no object": ({"parameters": "a, w"}, "parameters: expected a mapping from names to assumptions"),
    "no words": ({"parameters": {"a": None, "w": ""}}, "a: expected assumptions as text or a list of texts"),
    "reserved": ({"parameters": {"a": "real", "w": "real", "sqrt": "real"}}, "'sqrt' is no name for a parameter"),
    "keyword": ({"parameters": {"a": "real", "w": "real", "class": "real"}}, "'class' is no name for a parameter"),
    "alike": ({"parameters": {"a": "real", "w": "real", "a_": "real"}}, "parameters: a and a_ look alike in print"),
    "state": ({"parameters": {"a": "real", "w": "real", "z2": "real"}}, "parameters: the state z2 and z2 look alike in print"),
    "digits": ({"h": [0, "a*10^5000"]}, "h[2]: a number of more than 4000 digits"),
    "zero": ({"h": [0, "1/(a-a)"]}, "divides by zero"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_files_are_one_line(name, file, capsys):
    changes, message = WRONG[name]
    status, out, err = run(capsys, "check", file(**changes))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err


CALLS = {
    ("check", "two_units", "--set", "a1"): "--set: expected NAME=VALUE",
    ("check", "two_units", "--set", "q=1"): "q is no parameter of the network; its parameters are: a1, a2, w12, w21, h1, h2",
    ("check", "two_units", "--set", "a1=-1"): "a1: -1 is not positive, as declared",
    ("check", "two_units", "--region", "1a"): "'1a' is not a pattern of this network",
    ("check", "two_units", "--visited", "--z0", "1,1"): "the network has the parameters a1",
    ("derive", "two_units", "--digits", "5"): "--digits: the network has the parameters a1",
    ("derive", "addition", "--dt", "tau"): "dt: 'tau' uses the unknown parameter 'tau'",
    ("derive", "two_units", "--dt", "w12"): "dt: w12 is not known to be positive",
    ("derive", "two_units", "--dt", "tau"): "dt: 'tau' uses the undeclared parameter 'tau'; declared are a1, a2",
    ("latex", "two_units", "--dt", "-a1"): "dt: -a1 is not known to be positive",
    ("latex", "two_units", "--digits", "5"): "latex: digits: there are the letters a1",
    ("check", "two_units", "--set", "a1=1", "--set", "a1=1"): "--set: a parameter is given twice among a1, a1",
    ("check", "two_units", "--set", "a1=1e5000"): "a1: a number of more than 4000 digits",
    ("latex", "two_units", "--set", "a1=x"): "a1: 'x' uses the undeclared parameter 'x'; declared are a1",
    ("derive", "two_units", "--visited", "--z0", "a1,1", "--steps", "2"): "orbit: the network has the parameters a1",
    ("derive", "addition", "--visited", "--z0", "a1,1", "--steps", "2"): "z0[1]: 'a1' uses the unknown parameter 'a1'",
}


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_wrong_calls_are_one_line(call, capsys):
    status, out, err = run(capsys, *call)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert CALLS[call] in err


@pytest.mark.parametrize("command", ["check", pytest.param("derive", marks=pytest.mark.slow)])
def test_commands_print_numbers_of_any_length(command, tmp_path):
    """Entries of 2200 digits have products of more than the 4300 that Python prints by default."""
    n = "7" * 2200
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"A": ["a", f"1/{n}"], "W": [[0, n], [n, 0]], "h": [1, n], "dt": 1, "parameters": ["a"]}))
    for options in ([], ["--json"]):
        program = [sys.executable, "-m", "symplrnn", command, str(path), *options]
        done = subprocess.run(program, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_too_many_letters_are_answered_at_once():
    n = 6
    names = [f"w{i}{j}" for i in range(n) for j in range(n)]
    net = sr.PLRNN([1] * n, [[f"w{i}{j}" for j in range(n)] for i in range(n)], [0] * n, parameters=names)
    start = time.process_time()
    found = sr.check(net)
    assert not any(region.principal.is_unknown for region in found.verdicts.values())
    reason = found.verdicts["1" * n]["E3"].truth.reason
    assert re.search(r"6 coupled units with 36 letters would have more than .* or give them values by net\.subs", reason)
    assert time.process_time() - start < 20  # not a measure of speed: without the guard it takes minutes
    numbers = net.subs({name: sp.Rational(k % 5 - 2, 7) for k, name in enumerate(names)})
    assert sr.check(numbers).checked == 2**n


def test_python_input_errors():
    with pytest.raises(sr.EntryError, match="two kinds of assumptions"):
        sr.PLRNN([sp.Symbol("a", positive=True)], [[sp.Symbol("a", negative=True)]], [0])
    with pytest.raises(sr.EntryError):
        sr.PLRNN([sp.Symbol("a", imaginary=True)], [[0]], [0])
    net = network_from_json(json.dumps(BASE))
    for work in (
        lambda: net.step([1, 1]),
        lambda: net.region_of([1, 1]),
        lambda: sr.derive(net).lambdify(),
    ):
        with pytest.raises(sr.EntryError, match="has the parameters a, w"):
            work()
    with pytest.raises(sr.EntryError, match="digits: the ODE has the parameters a, w"):
        sr.derive(net)["00"].digits(5)
    with pytest.raises(sr.EntryError, match="divides by zero"):
        sr.PLRNN(["1/(a - 1)"], [[0]], [0], parameters=["a"]).subs({"a": 1})


def test_entries_with_a_pole_have_no_case_there():
    net = sr.PLRNN(["a"], [[0]], ["1/(a - 1)"], dt=1, parameters={"a": "positive"})
    assert len(sr.derive(net)["1"].cases) == 1


def test_certified_digits_with_algebraic_entries():
    net = sr.PLRNN([sp.sqrt(2) / 2, "1/3"], [[0, 1], ["-1/2", 0]], [1, sp.sqrt(2)], dt=1)
    ode = sr.derive(net)["11"]
    digits = ode.digits(30)
    import mpmath

    with mpmath.workdps(50):
        M = mpmath.matrix([[mpmath.sqrt(2) / 2, 1, 1], [-0.5, mpmath.mpf(1) / 3, mpmath.sqrt(2)], [0, 0, 1]])
        X = mpmath.logm(M)
        for i in range(2):
            for j in range(2):
                assert abs(mpmath.mpf(digits.matrix[i][j]) - X[i, j].real) < 1e-29
            assert abs(mpmath.mpf(digits.offset[i]) - X[i, 2].real) < 1e-28
