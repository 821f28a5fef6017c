"""Regions whose cases are too many to be listed, on paper, in the terminal and as JSON."""

import json

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn import limits
from symplrnn.cli import main
from symplrnn.emit.latex.dispatch import document
from symplrnn.emit.latex.expressions import wide
from tests.emit.latex.test_letters_latex import compiled, overfull
from tests.network.test_substitution import letters

REST = "For all other values there is a system in continuous time, too, which is derived when the parameters have values."


def test_four_units_have_their_integrals(tmp_path):
    ode = sr.derive(letters(4), dt="1/10")
    for text in (sr.latex(ode["1111"]), sr.latex(sr.derive(letters(4), dt="1/10", regions=["1111"]))):
        assert r"\widetilde{W}_{\Omega_{1111}} &= 10\, N\, \Phi" in text
        assert r"q(t) &= \det(I + t N) = 1 + e_{1} t + e_{2} t^{2} + e_{3} t^{3} + e_{4} t^{4}" in text
        compiled(document(text), tmp_path)
        assert overfull(tmp_path) == []


def test_some_cases_are_listed(tmp_path):
    negative = {f"b{i}": "positive" for i in range(5)}
    ode = sr.derive(sr.PLRNN([f"-b{i}" for i in range(5)], [[0] * 5] * 5, [0] * 5, dt=1, parameters=negative), regions=["11111"])
    for text in (sr.latex(ode["11111"]), sr.latex(ode)):
        assert text.count(f"These are not all cases. {REST}") == 1
        compiled(document(text), tmp_path)
        assert overfull(tmp_path) == []


@pytest.fixture
def files(tmp_path):
    """Networks as files, by name."""
    big = {"A": [f"a{i}" for i in range(4)], "W": [[0 if i == j else f"w{i}{j}" for j in range(4)] for i in range(4)]}
    big |= {"h": [1, 0, 0, 0], "C": [[1], [0], [0], [0]], "dt": "1/10"}
    big["parameters"] = {**dict.fromkeys(big["A"], "real"), **{x: "real" for row in big["W"] for x in row if x}}
    many = {"A": [f"a{i}" for i in range(6)], "W": [[0] * 6] * 6, "h": [1] * 6, "dt": 1}
    many["parameters"] = dict.fromkeys(many["A"], "positive")
    found = {}
    for name, network in (("big", big), ("many", many)):
        found[name] = tmp_path / f"{name}.json"
        found[name].write_text(json.dumps(network))
    return found


@pytest.fixture
def run(capsys):
    """Run a command; return its status and what it printed."""

    def call(*arguments):
        status = main(list(map(str, arguments)))
        return status, capsys.readouterr().out

    return call


def test_the_terminal(files, run):
    status, found = run("derive", files["big"], "--region", "1111")
    assert status == 0
    text = " ".join(found.split())
    assert "region 1111: real ODE dz/dt = X z + y + Y s, dt = 1/10, where det(I + t*(M - I)) > 0 for 0 <= t <= 1" in text


def test_strict_asks_what_is_known(files, run):
    assert run("derive", files["big"], "--region", "1111", "--strict")[0] == 1  # it is not known that E2 holds
    assert run("derive", files["big"], "--region", "1111", "--strict", "--condition", "real")[0] == 1
    assert run("derive", files["many"], "--region", "111111", "--strict")[0] == 0  # it holds for positive letters


def test_json(files, run):
    [big] = json.loads(run("derive", files["big"], "--region", "1111", "--json")[1])["regions"]
    assert big["truth"] is None
    assert big["kind"] == "real"
    [many] = json.loads(run("derive", files["many"], "--region", "111111", "--json")[1])["regions"]
    assert many["kind"] == "real"
    assert many["unlisted"] is None


def test_values_on_the_command_line(files, run):
    values = [part for i in range(6) for part in ("--set", f"a{i}={i + 1}/3")]
    status, found = run("derive", files["many"], "--region", "111111", *values)
    assert status == 0
    assert "region 111111: real ODE" in found


def test_cases_that_are_too_long_to_be_read_are_not_printed(tmp_path, monkeypatch):
    never = sr.PLRNN(["-a", "-b"], [[0, 0], ["c", 0]], [1, 0], parameters=dict.fromkeys("abc", "positive"), dt=1)
    monkeypatch.setattr(limits, "PAGE_CHARACTERS", 10)
    ode = sr.derive(never, regions=["11"])
    assert ode["11"].shown
    for value in (ode["11"], ode):
        text = sr.latex(value)
        assert text.count("For no values of the parameters there is a real principal") == 1
        assert "Case 1" not in text
        compiled(document(text), tmp_path)
        assert overfull(tmp_path) == []
    assert r"\dot{\zeta} = \widetilde{W}_{\Omega_{11}}" not in sr.latex(sr.derive(never)["11"])  # it has extra coordinates
    monkeypatch.setattr(limits, "PAGE_CHARACTERS", 10_000)
    assert "Case 1" in sr.latex(sr.derive(never)["11"])


def test_a_condition_that_is_too_long_to_be_read_is_not_printed(tmp_path, monkeypatch):
    report = sr.check(sr.PLRNN(["a", "b"], [[0, "c"], ["d", 0]], [1, 0], parameters=["a", "b", "c", "d"]), ["11"])
    whole = sr.latex(report)
    monkeypatch.setattr(limits, "PAGE_CHARACTERS", 15)
    text = sr.latex(report)
    words = r"\text{on a condition that is too long to be printed}"
    assert text.count(words) > 2
    assert words not in whole
    compiled(document(text), tmp_path)
    assert overfull(tmp_path) == []


def test_a_long_entry_is_wide_without_being_printed(monkeypatch):
    x = sp.Symbol("x")
    long = sp.Matrix([[sum(x**k for k in range(600))]])
    monkeypatch.setattr("symplrnn.emit.latex.expressions.matrix_latex", None)
    assert wide(long, 475)
    with pytest.raises(TypeError):
        wide(long, 1e6)
