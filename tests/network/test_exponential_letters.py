"""Leaky units with letters: exp(-dt/tau) comes back as -1/tau, and conditions and closed forms agree with those of numbers."""

import json
import pickle
import random

import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.exact.reading.exponentials import Exponential

R = sp.Rational
LETTERS = {"dt": "positive", "tau": "positive", "tau1": "positive", "tau2": "positive", "w": "real", "h": "real"}
dt, tau = (sp.Symbol(name, real=True, positive=True) for name in ("dt", "tau"))
t = sp.Symbol("t", real=True)

# A, W, h as text, and the letters.
LEAKY = {
    "one unit": (["exp(-dt/tau)"], [["0"]], ["1-exp(-dt/tau)"], "dt tau"),
    "a weight through the leak": (["exp(-dt/tau)"], [["(1-exp(-dt/tau))*w"]], ["(1-exp(-dt/tau))*h"], "dt tau w h"),
    "a weight beside the leak": (["exp(-dt/tau)"], [["w"]], ["1"], "dt tau w"),
    "two time constants": (["exp(-dt/tau1)", "exp(-dt/tau2)"], [["0", "1"], ["-1/2", "0"]], ["0", "1"], "dt tau1 tau2"),
    "one of two": (["exp(-dt/tau)", "1/2"], [["0", "1/3"], ["-1/4", "0"]], ["1", "h"], "dt tau h"),
    "twice as fast": (["exp(-dt/tau)", "exp(-2*dt/tau)"], [["0", "w"], ["0", "0"]], ["1", "1"], "dt tau w"),
    "a number beside it": (["exp(-dt/tau)", "exp(-1/10)"], [["0", "1"], ["0", "0"]], ["1", "0"], "dt tau"),
    "a sum in the exponent": (["exp(-dt/tau-1/10)"], [["w"]], ["1"], "dt tau w"),
    "symmetric": (
        ["exp(-dt/tau)", "exp(-dt/tau)"],
        [["0", "w*(1-exp(-dt/tau))"], ["w*(1-exp(-dt/tau))", "0"]],
        ["0", "1"],
        "dt tau w",
    ),
}


def network(A, W, h, names):
    return sr.PLRNN(A, W, h, parameters={name: LETTERS[name] for name in names.split()})


def points(names, count=6):
    """Values of the letters, coincidences among them."""
    source = random.Random(17)
    values = {"w": [0, 1, -1, "1/2", -3, "7/3"], "h": [0, 1, "-2/3"]}
    return [{name: source.choice(values.get(name, ["1/10", 1, 2, "7/3"])) for name in names.split()} for _ in range(count)]


LONG = {"two time constants", "one of two"}


@pytest.mark.parametrize(
    "given", [pytest.param(x, id=name, marks=pytest.mark.slow if name in LONG else ()) for name, x in LEAKY.items()]
)
def test_conditions_and_closed_forms_at_values(given):
    """At values the letters say what the network of these numbers does."""
    net = network(*given)
    assert [str(s) for s in net.parameters] == given[-1].split()
    report, ode = sr.check(net), sr.derive(net, dt="dt")
    for values in points(given[-1]):
        numbers = net.subs(values)
        step = R(values["dt"])
        assert not numbers.parameters
        exact, derived = sr.check(numbers), sr.derive(numbers, dt=step)
        for pattern, check in report.verdicts.items():
            for name in ("E1", "E2", "E3", "E4", "E5", "E6"):
                found, truth = check[name].truth.at(values), exact.verdicts[pattern][name].truth
                assert found.is_true is truth.is_true, (values, pattern, name)
                assert found.is_false is truth.is_false
            theirs, case = derived[pattern], ode[pattern].case_at(values)
            assert case.kind == theirs.kind
            if theirs.kind == "real":
                at = {s: sp.sympify(values[s.name]) for s in ode[pattern].parameters}
                for ours, other in ((case.matrix, theirs.matrix), (case.offset, theirs.offset)):
                    assert not ours.has(Exponential)
                    assert max(abs(x) for x in (ours.subs(at, simultaneous=True) - other).evalf(40)) < R(1, 10**30)


def test_time_constants_come_back():
    ode = sr.derive(network(*LEAKY["one unit"]), dt="dt")
    assert (ode["1"].matrix, ode["1"].offset) == (sp.Matrix([[-1 / tau]]), sp.Matrix([[1 / tau]]))
    assert ode["1"].flow(t).matrix == sp.Matrix([[sp.exp(-t / tau)]])
    assert ode["1"].condition.is_true
    two = sr.derive(network(*LEAKY["two time constants"]), dt="dt")["00"]
    assert two.matrix == sp.diag(*(-1 / s for s in two.parameters[1:]))
    assert two.matrix.diff(two.parameters[1])[0, 0] == 1 / two.parameters[1] ** 2


def test_signs_beside_one_are_known():
    """0 < exp(-dt/tau) < 1 for positive letters: 1 is no eigenvalue."""
    report = sr.check(network(*LEAKY["one unit"]))
    assert all(check["E1"].truth.is_true for check in report.verdicts.values())
    free = sr.check(sr.PLRNN(["exp(x)"], [["0"]], ["1"], parameters=["x"])).verdicts["0"]["E1"].truth.formula
    assert free.at({"x": 1})
    assert not free.at({"x": 0})


def test_some_values_at_a_time():
    net = network(*LEAKY["a weight through the leak"])
    assert sp.Matrix([[sp.exp(-dt / 2)]]) == net.subs({"tau": 2}).A
    assert sp.Matrix([[sp.exp(R(-1, 5))]]) == net.subs({"tau": "5*dt"}).A
    condition = sr.check(net).verdicts["1"]["E2"].truth.formula
    half = condition.subs({"tau": 10})
    assert [half.at({"dt": 1, "w": w}) for w in (-20, -3)] == [condition.at({"dt": 1, "tau": 10, "w": w}) for w in (-20, -3)]
    grid = condition.grid(x=("w", [-30, -20, -3, 0]), y=("tau", [1, 2, 10]), at={"dt": 1})
    assert grid.tolist() == [[condition.at({"dt": 1, "tau": y, "w": x}) for x in (-30, -20, -3, 0)] for y in (1, 2, 10)]
    assert np.any(grid)
    with pytest.raises(sr.EntryError, match="at: the parameter tau has no value; needed are dt, tau, w"):
        condition.at({"dt": 1, "w": 1})
    with pytest.raises(sr.EntryError, match="tau: -1 does not satisfy the assumptions on tau"):
        condition.at({"dt": 1, "w": 1, "tau": -1})
    with pytest.raises(sr.EntryError, match="accepted in an exponent are rational values"):
        condition.at({"dt": 1, "w": 1, "tau": sp.sqrt(2)})


@pytest.mark.parametrize("given", LEAKY.values(), ids=LEAKY)
def test_print_and_files(given, tmp_path, capsys):
    net = network(*given)
    report, ode = sr.check(net), sr.derive(net, dt="dt")
    for page in (sr.latex(net), sr.latex(report), sr.latex(ode)):
        assert "_{" in page
        assert "exp" not in page.replace(r"\expandafter", "")
    assert json.dumps(report.to_json())
    again = pickle.loads(pickle.dumps(net))
    assert (again.A, again.W, again.field) == (net.A, net.W, net.field)
    document = {name: [[str(x) for x in row] for row in getattr(net, name).tolist()] for name in ("A", "W")}
    document |= {"h": [str(x) for x in net.h], "dt": "dt", "parameters": {name: LETTERS[name] for name in given[-1].split()}}
    path = tmp_path / "leaky.json"
    path.write_text(json.dumps(document))
    loaded = sr.load(path)
    assert (loaded.A, loaded.W, loaded.h, loaded.field) == (net.A, net.W, net.h, net.field)
    assert main(["derive", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["regions"]


def test_exponents_that_are_refused():
    for text in ("exp(w/(1+w))", "exp(sqrt(2)*w)", "exp(exp(w))"):
        with pytest.raises(sr.EntryError, match=r"A\[1\]: .*accepted are"):
            sr.PLRNN([text], [[0]], [0], parameters=["w"])
    with pytest.raises(sr.EntryError, match="accepted are exponents that are rational numbers, products"):
        sr.PLRNN([sp.exp(sp.sqrt(2) * sp.Symbol("w"))], [[0]], [0])


def test_the_letter_is_the_exponential():
    x = Exponential(-dt / tau)
    assert x == Exponential(-dt / tau) != Exponential(-2 * dt / tau)
    assert x != Exponential(-sp.Symbol("dt") / sp.Symbol("tau"))
    assert (x + 1).subs({tau: 2, dt: 1}) == 1 + sp.exp(R(-1, 2))
    assert pickle.loads(pickle.dumps(x)) == x
    assert (str(x), sp.latex(2 * x)) == ("exp(-dt/tau)", r"2 e^{- \frac{dt}{\tau}}")
