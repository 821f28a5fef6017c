"""Generic functions that are attached from above: found at the first call, refused for what they are not for."""

import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

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
    "symplrnn.systems.aliases": lambda: cases["11"].cases[0].aliases(1).verified,
    "symplrnn.dynamics.crossing": lambda: sum(ode.crossings([1, 1], 2).counts.values()) == 2,
    "symplrnn.emit.faces_json": lambda: ode.face("11", 1).to_dict(5)["unit"] == 1,
    "symplrnn.dynamics.simulation": lambda: ode.simulate([1, 1], 2).success,
    "symplrnn.emit.fields.backends": lambda: ode.lambdify()(0, [1, 1]).shape == ode["11"].lambdify()(0, [1, 1]).shape,
    "symplrnn.emit.latex.dispatch": lambda: sr.check(net).to_latex().count("11") > 0,
    "symplrnn.emit.notebook": lambda: "principal logarithm" in sr.check(net).verdicts["11"]._repr_html_(),
}
for home, call in steps.items():
    before = loaded(home)
    print(home, before, call(), loaded(home))
"""


def test_each_view_is_found_at_its_first_call():
    done = subprocess.run([sys.executable, "-c", FIRST_CALLS], capture_output=True, text=True, check=True)
    found = [line.split() for line in done.stdout.splitlines()]
    assert len(found) == 8
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


@pytest.mark.parametrize(("old", "new"), [("ParametricRegionODE", "RegionODE"), ("ParametricFlow", "Flow"), ("CaseFlow", "Flow")])
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


def reached(value, depth, seen):
    """Yield the objects of the package that a value leads to, by its public attributes and items."""
    if isinstance(value, tuple | list):
        for item in value[:3]:
            yield from reached(item, depth, seen)
    elif isinstance(value, Mapping) and not isinstance(value, sr.NetworkODE):
        for item in list(value.values())[:3]:
            yield from reached(item, depth, seen)
    if not type(value).__module__.startswith("symplrnn.") or isinstance(value, sp.Basic) or id(value) in seen:
        return
    seen[id(value)] = value
    yield value
    for name in dir(value) if depth else ():
        if not name.startswith("_") and name not in {"beyond", "unlisted_beyond"}:  # old names, which warn
            try:
                part = getattr(value, name)
            except (sr.SymplrnnError, AttributeError):
                continue
            if not callable(part):
                yield from reached(part, depth - 1, seen)


def trained(n, seed):
    """A network of doubles with inputs."""
    rng = np.random.default_rng(seed)
    return sr.PLRNN(rng.uniform(0.2, 0.9, n), rng.normal(size=(n, n)) / n, rng.normal(size=n), rng.normal(size=(n, 1)), dt=0.1)


def objects():
    free = ["a", "b", "c", *"uvwxyz", "h"]
    letters = sr.PLRNN(free[:3], [[0, "u", "v"], ["w", 0, "x"], ["y", "z", 0]], ["h"] * 3, parameters=free, dt=1)
    yield [repr(sr.check(letters)), sr.derive(letters)["111"].condition, sr.derive(letters)["111"].named]
    few = sr.PLRNN(["a", "1/2"], [[0, "w"], [1, 0]], [1, 0], parameters={"a": "positive", "w": "real"}, dt=1)
    for net in (trained(4, 1), few, sr.example("kinds"), sr.PLRNN(["sqrt(2)", "1/3"], [[0, 1], [-1, 0]], [1, 1], dt=1)):
        ode = sr.derive(net, dt=1)
        yield from (net, sr.check(net), ode)
        for pattern in ["1" * net.n, "0" * net.n]:
            yield from (ode[pattern], sr.fixed_point_facts(net.region(pattern)), sr.spectrum(net.region(pattern)))
            yield from (ode[pattern].flow("1/2"), ode[pattern].cases, net.region(pattern).faces)
            if not net.parameters:
                yield from (sr.complex_pairs(ode[pattern]), ode[pattern].digits(60))
    net = trained(2, 5)
    ode = sr.derive(net)
    yield from (net.orbit([1, 1], 300), ode.simulate([1, 1], 300), ode.simulate([1, 1], 300, switching="state"))
    yield from (net.transitions(), *net.equilibria())
    yield from (ode.crossings([1, 1], 30), ode.face("11", 1), ode.face("11", 1).classify([0, 1]), sr.Notation())
    yield from (sr.derive(sr.PLRNN([1, 1], [[0, -1], [1, 0]], [0, 0], dt=1))["11"].aliases(1), sr.UNKNOWN("x" * 9000))


@pytest.mark.slow
def test_every_object_shows_itself_in_a_few_characters():
    seen, kinds = {}, {}
    for value in objects():
        for part in reached(value, 2, seen):
            assert len(repr(part)) < 2000, type(part)
            shown = [part._repr_html_(), part._repr_latex_()] if isinstance(part, views.Shown) else [""]
            assert sum(text is not None for text in shown) == 1, type(part)
            assert len(shown[0] or shown[-1] or "") < 30_000, type(part)
            assert " at 0x" not in repr(part) or type(part).__name__ not in sr.__all__, type(part)
            kinds[type(part).__name__] = part
    public = {name: getattr(sr, name) for name in sr.__all__}
    classes = {name for name, c in public.items() if isinstance(c, type) and not issubclass(c, Exception | sp.Basic)}
    assert all(issubclass(public[name], views.Shown) for name in classes)
    shown = {name for name in classes if any(isinstance(part, getattr(sr, name)) for part in kinds.values())}
    assert classes == shown
    assert repr(sr.derive(trained(2, 5))["11"].cases[0].flow(1)).startswith("Flow(")
