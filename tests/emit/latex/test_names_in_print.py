"""Letters with names of several characters: tL has an index, dt is one symbol, and lambda is a letter like others."""

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.emit.latex.expressions import formula_latex


def test_names():
    printed = {name: formula_latex(sp.Symbol(name)) for name in ("tL", "dt", "w12", "mu", "lambda", "a", "a_1", "tau2")}
    assert printed == {
        "tL": "t_{L}", "dt": r"\mathrm{dt}", "w12": "w_{12}", "mu": r"\mu", "lambda": r"\lambda", "a": "a", "a_1": "a_{1}", "tau2": r"\tau_{2}",
    }  # fmt: skip


def test_letters_that_look_alike_are_refused():
    with pytest.raises(sr.EntryError, match=r"look alike in print, as t_\{L\}"):
        sr.PLRNN(["tL"], [["t_L"]], [1], parameters=["tL", "t_L"])


def test_a_letter_called_lambda():
    net = sr.PLRNN(["lambda", "tau"], [[0, "delta"], ["w", 0]], ["tL", 1], dt=1, parameters=["lambda", "tau", "delta", "w", "tL"])
    ode = sr.derive(net)["11"]
    assert [str(symbol) for symbol, _ in ode.named.definitions] == ["tau_1", "delta_1"]
    values = {"lambda": "1/2", "tau": 1, "delta": "1/4", "w": -1, "tL": 2}
    assert ode.condition.at(values)
    at = {s: sp.Rational(str(values[str(s)])) for s in ode.parameters}
    for x, text in zip(ode.matrix, [y for row in ode.subs(values).digits(20).matrix for y in row], strict=True):
        assert abs(sp.N(x.subs(at), 30) - sp.Float(text, 30)) < 1e-18
    assert r"\lambda" in sr.latex(net)
    assert "t_{L}" in sr.latex(ode)
