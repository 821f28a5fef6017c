"""Networks whose letters have ranges: conditions and cases are those that can happen, and are right where they are."""

import itertools
import random

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.errors import EntryError

UNIT = ["1/3", "1/2", "2/3", "9/10"]


def network(draw: random.Random):
    """Return a network of one or two units with one to three letters, and values that they may have."""
    letters = {
        "a": ("0 < a < 1", UNIT),
        "w": draw.choice([("-1 < w < 0", [f"-{x}" for x in UNIT]), ("real", ["-2", "-1/2", "0", "1/4", "1"])]),
    }
    if draw.random() < 0.5:
        letters["b"] = draw.choice([("0 < b <= 1", [*UNIT, "1"]), ("b > 1", ["3/2", "2"]), ("0 < b, b < a", UNIT)])
    names = list(letters)
    entry = lambda: draw.choice([*names, "w", "0", "1/2", "a*w", "-w"])  # noqa: E731
    A = [draw.choice([x for x in names if x != "w"]), draw.choice(["a", "1/2", *names])]
    W = [[0, entry()], [entry(), draw.choice(["0", "0", "w"])]]
    h = [draw.choice(["1", "a", "0", "w"]), draw.choice(["1", "0"])]
    return sr.PLRNN(A, W, h, dt=1, parameters={k: assumed for k, (assumed, _) in letters.items()}), {
        k: v for k, (_, v) in letters.items()
    }


def points(net, values):
    """Yield the values that the assumptions admit, those at coincidences among them."""
    for chosen in itertools.product(*values.values()):
        point = dict(zip(values, map(sp.Rational, chosen), strict=True))
        if net.assumptions.at(point):
            yield point


@pytest.mark.parametrize("seed", [pytest.param(k, marks=pytest.mark.slow if k >= 6 else ()) for k in range(12)])
def test_conditions_and_cases_are_those_of_the_numbers(seed):
    draw = random.Random(seed)
    net, values = network(draw)
    report = sr.check(net)
    for pattern in ("01", "11"):
        ode, check = sr.derive(net)[pattern], report.verdicts[pattern]
        names = {"E1", "E2", "E3", "E5", "E6"}
        for point in points(net, values):
            numbers = sr.check(net.subs(point), [pattern]).verdicts[pattern]
            for name in names:
                assert check[name].truth.at(point) == numbers[name].truth, (net, name, point)
            found = [case for case in (*ode.cases, *ode.other_cases) if case.condition.at(point)]
            assert len(found) == 1, (net, pattern, point, [case.condition for case in found])
            exact = ode.subs(point)
            assert (found[0].kind, found[0].is_principal) == (exact.kind, exact.is_principal)
            if exact.kind == "real" and exact.is_principal:
                letters = {x: point[x.name] for x in net.parameters}
                difference = (found[0].augmented.subs(letters) - exact.augmented).evalf(30)
                assert max(map(abs, difference)) < 1e-20, (net, pattern, point)


NET = sr.PLRNN(
    ["a", "b"], [[0, "w"], ["v", 0]], ["h", 0], dt=1,
    parameters={"a": "0 < a < 1", "b": "0 < b < 1", "w": "real", "v": "real", "h": "h > 0"},
)  # fmt: skip


def test_no_case_that_the_ranges_exclude_is_listed():
    """Neither a = 1 nor h = 0; a double eigenvalue is not 1, and is a case of its own."""
    ode = sr.derive(NET)
    assert [str(case.condition) for case in ode["00"].cases] == ["True"]
    assert [str(case.condition) for case in ode["01"].cases] == ["Ne(a - b, 0)", "Eq(a - b, 0)"]
    assert not ode["00"].other_cases
    assert [case.equilibria for case in ode["11"].cases] == ["one point", "one point", "one point", "none"]
    symmetric = sr.PLRNN(
        ["a", "a"], [[0, "w"], ["w", 0]], ["h", "h"], dt=1, parameters={"a": "0 < a < 1", "w": "-1 < w < 0", "h": "h > 0"}
    )
    assert [str(case.condition) for case in sr.derive(symmetric)["11"].cases] == ["a + w > 0"]
    assert [str(case.condition) for case in sr.derive(symmetric)["11"].other_cases] == ["a + w < 0", "Eq(a + w, 0)"]


def test_values_outside_of_the_ranges_are_refused():
    ode = sr.derive(NET)["11"]
    inside = {"a": "1/2", "b": "1/2", "w": 0, "v": 0, "h": 1}
    assert ode.condition.at(inside).is_true
    for refused in (ode.condition.at, ode.condition.subs, ode.case_at, ode.subs):
        with pytest.raises(EntryError, match=r"assum|declared"):
            refused(inside | {"a": 2})
    assert (~ode.condition).at(inside).is_false


def test_the_set_of_the_admitted_values():
    net = sr.PLRNN(["1/2", "1/3"], [[0, "w"], [1, 0]], [1, 0], dt=1, parameters={"w": "-1 < w < 1"})
    condition = sr.derive(net)["11"].condition
    assert (str(condition), condition.as_set()) == ("IF(w < 1/6)", sp.Interval.open(-1, sp.Rational(1, 6)))


def test_letters_called_as_the_named_quantities_and_letters_of_sympy():
    names = {"lambda": "0 < lambda < 1", "tau": sp.Q.positive(sp.Symbol("tau")), "delta": "real", "tL": "tL > 0"}
    ode = sr.derive(sr.PLRNN(["lambda", "tau"], [[0, "delta"], ["tL", 0]], [1, 0], dt=1, parameters=names))["11"]
    assert str(ode.condition) == "IF(delta*tL - lambda*tau < 0)"
    assert ode.condition.at({"lambda": "1/2", "tau": 1, "delta": 0, "tL": 1}).is_true
    x, y, z = sp.Symbol("x", positive=True), sp.Symbol("y", positive=True), sp.Symbol("z", negative=True)
    net = sr.PLRNN([x, y], [[0, z], [z, 0]], [1, 0], dt=1, parameters=[x, y, z])
    condition = sr.derive(net)["11"].condition
    assert (net.parameters, condition.free_symbols) == ((x, y, z), {x, y, z})
    assert condition == (x * y - z**2 > 0)
