"""Regions whose cases are too many to be listed, on paper, in the terminal and as JSON."""

import json

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn import limits
from symplrnn.cli import main
from symplrnn.emit.latex.dispatch import document
from symplrnn.emit.latex.expressions import wide
from tests.emit.latex.test_letters_latex import compiled, overfull
from tests.logarithm.cases.test_unlisted import uncoupled
from tests.network.test_substitution import letters

REST = "For all other values there is a system in continuous time, too, which is derived when the parameters have values."


def test_a_region_without_a_listed_case(tmp_path):
    ode = sr.derive(letters(4), dt="1/10")
    for text in (sr.latex(ode["1111"]), sr.latex(sr.derive(letters(4), dt="1/10", regions=["1111"]))):
        assert (
            r"= 10 \sum_{p(\lambda) = 0} \frac{\log \lambda}{p'(\lambda)} \operatorname{adj}(\lambda I - W_{\Omega_{1111}})"
            in text
        )
        assert r"\dot{\zeta} = \widetilde{W}_{\Omega_{1111}}\, \zeta + \tilde{h}_{\Omega_{1111}}" in text
        assert text.count(REST) == 1
        compiled(document(text), tmp_path)
        assert overfull(tmp_path) == []


def test_the_printed_closed_form_is_that_of_the_engine():
    """X = 1/dt sum log(l)/p'(l) adj(l I - M) and y = X (M - I)^(-1) c, at numbers, by mpmath's roots and adjugates."""
    net = letters(4)
    values = {str(s): sp.Rational(3 * k % 7 - 2, 20) for k, s in enumerate(net.parameters)}
    values |= {f"a{i}": sp.Rational(i, 3) for i in range(1, 5)}
    region = net.subs(values).region("1111")
    expected = sr.derive(region, dt="1/10")
    assert (expected.kind, expected.is_principal) == ("real", True)
    x = sp.Symbol("x")
    p = sp.Poly((x * sp.eye(4) - region.matrix).det(), x)
    with mpmath.workdps(40):
        total = mpmath.matrix(4)
        for root in mpmath.polyroots([mpmath.mpf(c.p) / c.q for c in p.all_coeffs()], maxsteps=500, extraprec=200):
            shifted = mpmath.matrix(4)
            for i in range(4):
                for j in range(4):
                    entry = region.matrix[i, j]
                    shifted[i, j] = (root if i == j else 0) - mpmath.mpf(entry.p) / entry.q
            slope = mpmath.polyval([mpmath.mpf(c.p) / c.q for c in p.diff().all_coeffs()], root)
            adjugate = mpmath.matrix(4)
            for i in range(4):
                for j in range(4):
                    minor = [[shifted[r, c] for c in range(4) if c != i] for r in range(4) if r != j]
                    adjugate[i, j] = (-1) ** (i + j) * mpmath.det(mpmath.matrix(minor))
            total += 10 * mpmath.log(root) / slope * adjugate
        M = mpmath.matrix([[mpmath.mpf(e.p) / e.q for e in region.matrix.row(i)] for i in range(4)])
        c = mpmath.matrix([mpmath.mpf(e.p) / e.q for e in region.offset])
        y = total * mpmath.inverse(M - mpmath.eye(4)) * c
        digits = expected.digits(25)
        for i in range(4):
            assert abs(y[i] - mpmath.mpf(digits.offset[i])) < 1e-20
            for j in range(4):
                assert abs(total[i, j] - mpmath.mpf(digits.matrix[i][j])) < 1e-20


def test_some_cases_are_listed(tmp_path):
    six = sr.derive(uncoupled(6), regions=["111111"])
    negative = {f"b{i}": "positive" for i in range(5)}
    five = sr.derive(sr.PLRNN([f"-b{i}" for i in range(5)], [[0] * 5] * 5, [0] * 5, dt=1, parameters=negative), regions=["11111"])
    for ode in (six, five):
        [pattern] = ode
        for text in (sr.latex(ode[pattern]), sr.latex(ode)):
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
    assert "region 1111: by values of the parameters,  dt = 1/10" in found
    assert "X = 1/(1/10) sum over p(l) = 0 of log(l)/p'(l) adj(l I - M)" in found
    assert "(y, Y) = X (M - I)^-1 (c, C)" in found
    text = " ".join(found.split())
    assert "no case is listed: region 1111: the characteristic polynomial of 4 coupled units with 16 letters" in text
    assert "for any values of the parameters the system is derived when they are given" in text
    many = " ".join(run("derive", files["many"], "--region", "111111")[1].split())
    assert "not all cases are listed: the eigenvalues are 6 groups" in many
    assert "log(a0)" in many


def test_strict_asks_what_is_known(files, run):
    assert run("derive", files["big"], "--region", "1111", "--strict")[0] == 1  # it is not known that E2 holds
    assert run("derive", files["big"], "--region", "1111", "--strict", "--condition", "real")[0] == 1
    assert run("derive", files["many"], "--region", "111111", "--strict")[0] == 0  # it holds for positive letters


def test_json(files, run):
    [big] = json.loads(run("derive", files["big"], "--region", "1111", "--json")[1])["regions"]
    assert (big["truth"], big["cases"], big["other_cases"]) == (None, [], [])
    assert "16 letters" in big["unlisted"]
    assert big["kind"] == "real or lifted or impulsive or lifted+impulsive"
    [many] = json.loads(run("derive", files["many"], "--region", "111111", "--json")[1])["regions"]
    assert (len(many["cases"]), many["other_cases"]) == (1, None) or many["other_cases"] == []
    assert "6 groups" in many["unlisted"]
    [listed] = json.loads(run("derive", files["big"], "--region", "0000", "--json")[1])["regions"]
    assert listed["unlisted"] is None


def test_values_on_the_command_line(files, run):
    values = [part for i in range(6) for part in ("--set", f"a{i}={i + 1}/3")]
    status, found = run("derive", files["many"], "--region", "111111", *values)
    assert status == 0
    assert "region 111111: real ODE" in found


def test_cases_of_x_alone_that_are_too_much_work_are_said_to_be_missing(monkeypatch):
    """X has cases of its own, which are found relative to E2."""
    net = sr.PLRNN(["a", "b", "c"], [[0, 1, 0], [0, 0, 1], [0, 0, 0]], [0] * 3, parameters=dict.fromkeys("abc", "positive"))
    ode = sr.derive(net, dt=1)["111"]
    assert ode.unlisted == ""
    kinds = []
    for k in range(14):
        monkeypatch.setattr(limits, "CASE_STEPS", int(1000 * 1.7**k))
        text = sr.latex(ode)
        assert r"\widetilde{W}_{\Omega_{111}}" in text
        marks = "This holds where the eigenvalues" in text, "These are not all cases." in text
        assert text.count(REST) == any(marks)
        kinds.append(marks)
        chosen = sr.derive(net, dt=1, regions=["111"])
        assert (sr.latex(chosen).count(REST) == 0) == (chosen["111"].unlisted == "")
    states = list(dict.fromkeys(kinds))
    assert [states[0], states[-1]] == [(True, False), (False, False)]
    assert set(states) <= {(True, False), (False, True), (False, False)}


def test_cases_that_are_too_long_to_be_read_are_not_printed(tmp_path, monkeypatch):
    """The closed form in terms of M stands for them; where E2 holds for no values there is none, and words say so."""
    real = sr.PLRNN(["a", "b"], [[0, "c"], ["d", 0]], [1, 0], parameters=["a", "b", "c", "d"], dt=1)
    never = sr.PLRNN(["-a", "-b"], [[0, 0], ["c", 0]], [1, 0], parameters=dict.fromkeys("abc", "positive"), dt=1)
    monkeypatch.setattr(limits, "PAGE_CHARACTERS", 10)
    for net, shown, words in ((real, True, REST), (never, False, "For no values of the parameters there is a real principal")):
        ode = sr.derive(net, regions=["11"])
        assert ode["11"].shown
        for value in (ode["11"], ode):
            text = sr.latex(value)
            assert text.count(words) == 1
            assert (r"\sum_{p(\lambda) = 0} \frac{\log \lambda}{p'(\lambda)}" in text) == shown
            assert "Case 1" not in text
            compiled(document(text), tmp_path)
            assert overfull(tmp_path) == []
    assert r"\dot{\zeta} = \widetilde{W}_{\Omega_{11}}" not in sr.latex(sr.derive(never)["11"])  # it has extra coordinates
    monkeypatch.setattr(limits, "PAGE_CHARACTERS", 10_000)
    assert "For all other values the region has another system" in sr.latex(sr.derive(real)["11"])
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
