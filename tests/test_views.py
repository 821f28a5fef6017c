"""Generic functions that are attached from above: found at the first call, refused for what they are not for."""

import subprocess
import sys
from fractions import Fraction

import pytest

import symplrnn as sr
from symplrnn import views

FIRST_CALLS = """
import sys
import symplrnn as sr

def loaded(name):
    return name in sys.modules

net = sr.PLRNN([[0, -1], [1, 0]], [[0, 0], [0, 0]], [1, 1], dt=1)
letters = sr.PLRNN([[0, "-a"], ["a", 0]], [[0, 0], [0, 0]], [1, 1], dt=1, parameters={"a": "positive"})
ode, cases = sr.derive(net), sr.derive(letters)
steps = {
    "symplrnn.emit.json_": lambda: ode["11"].to_dict(5)["kind"] == "real" == cases["11"].to_dict()["kind"],
    "symplrnn.systems.case_aliases": lambda: cases["11"].cases[0].aliases(1).verified,
    "symplrnn.dynamics.crossing": lambda: sum(ode.crossings([1, 1], 2).counts.values()) == 2,
    "symplrnn.emit.faces_json": lambda: ode.face("11", 1).to_dict(5)["unit"] == 1,
    "symplrnn.dynamics.simulation": lambda: ode.simulate([1, 1], 2).success,
    "symplrnn.emit.fields.backends": lambda: ode.lambdify()(0, [1, 1]).shape == ode["11"].lambdify()(0, [1, 1]).shape,
    "symplrnn.emit.latex.dispatch": lambda: sr.check(net).to_latex().count("11") > 0,
}
for home, call in steps.items():
    before = loaded(home)
    print(home, before, call(), loaded(home))
"""


def test_each_view_is_found_at_its_first_call():
    done = subprocess.run([sys.executable, "-c", FIRST_CALLS], capture_output=True, text=True, check=True)
    found = [line.split() for line in done.stdout.splitlines()]
    assert len(found) == 7
    for home, before, result, after in found:
        assert (home, before, result, after) == (home, "False", "True", "True")


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (views.to_dict, "to_dict: a Fraction has no JSON form; accepted are reports"),
        (views.latex, "latex: a Fraction has no LaTeX form; accepted are networks"),
        (views.lambdify, "lambdify: a Fraction is no vector field"),
        (views.aliases, "aliases: a Fraction has no aliases"),
        (views.simulator, "simulate: a Fraction cannot be simulated"),
        (views.crossings, "crossings: a Fraction has none"),
        (views.face, "face: a Fraction has no faces"),
    ],
)
def test_other_values_are_refused(view, message):
    with pytest.raises(sr.ShapeError, match=message):
        view(Fraction(1, 2))


def test_json_has_the_arguments_of_the_dict():
    ode = sr.derive(sr.example("addition"))["01"]
    assert ode.to_json(5) == ode.to_json(digits=5) == views.dumps(ode.to_dict(5)) != ode.to_json()
    report = sr.check(sr.example("addition"))
    assert report.to_json(summary=True) == views.dumps(report.to_dict(True)) != report.to_json()
    cases = sr.derive(sr.example("two_units"))["11"]
    assert cases.to_json(other_cases=True) == views.dumps(cases.to_dict(other_cases=True)) != cases.to_json()


def test_a_long_document_is_not_indented():
    assert "\n" in views.dumps({"a": 1})
    assert "\n" not in views.dumps({"a": "x" * views.LONG})


@pytest.mark.parametrize(("old", "new"), [("ParametricRegionODE", "RegionODE"), ("ParametricFlow", "Flow")])
def test_old_names_warn(old, new):
    with pytest.warns(DeprecationWarning, match=f"symplrnn.{old} is now symplrnn.{new}"):
        assert getattr(sr, old) is getattr(sr, new)


def test_old_names_of_cases_warn():
    ode = sr.derive(sr.PLRNN(["a"], [[0]], [0], parameters=["a"]).region("1"), dt=1)
    with pytest.warns(DeprecationWarning, match=r"is now RegionODE\.other_cases"):
        assert ode.beyond == ode.other_cases
    with pytest.warns(DeprecationWarning, match=r"is now RegionODE\.unlisted_others"):
        assert ode.unlisted_beyond == ""
    with pytest.warns(DeprecationWarning, match=r"is now to_dict\(other_cases"):
        assert ode.to_dict(beyond=True) == ode.to_dict(other_cases=True) != ode.to_dict()
