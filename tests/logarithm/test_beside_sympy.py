"""The one formula beside SymPy's Matrix.log: at values, and where SymPy's formula divides by 0, beside its logarithm there."""

import random

import pytest
import sympy as sp

import symplrnn as sr

MATRICES = {
    "one unit": [["a"]],
    "triangular": [["a", "w"], [0, "b"]],
    "triangular below": [["a", 0], ["w", "b"]],
    "a Jordan block": [["a", "w"], [0, "a"]],
    "symmetric": [["a", "w"], ["w", "a"]],
    "a turn": [["a", "w"], ["-w", "a"]],
    "two free units": [["a", "w"], ["v", "b"]],
    "a triangle": [["a", "w", "v"], [0, "b", "u"], [0, 0, "c"]],
    "a chain": [["a", "w", 0], [0, "a", "w"], [0, 0, "a"]],
    "all alike": [["a", "w", "w"], ["w", "a", "w"], ["w", "w", "a"]],
    "a ring": [["a", "w", 0], [0, "a", "w"], ["w", 0, "a"]],
}
MEETING = {  # eigenvalues that coincide: SymPy's formula has no value there
    "triangular": ("a=1/2", "b=1/2", "w=3"),
    "two free units": ("a=1", "b=3", "w=-1", "v=1"),
    "a triangle": ("a=2", "b=2", "c=2", "w=1", "v=3", "u=5"),
}


def network(rows):
    n = len(rows)
    letters = sorted({x.removeprefix("-") for row in rows for x in map(str, row) if x != "0"})
    W = [[0 if i == j else rows[i][j] for j in range(n)] for i in range(n)]
    return sr.PLRNN(
        [rows[i][i] for i in range(n)], W, [0] * n, dt=1, parameters=dict.fromkeys(letters, "real") | {"a": "positive"}
    )


def distance(first, second):
    return max(abs(x) for x in (first.evalf(40) - second.evalf(40)))


SLOW = {"a ring", "two free units"}  # SymPy takes seconds


@pytest.mark.parametrize("name", [pytest.param(x, marks=pytest.mark.slow if x in SLOW else ()) for x in MATRICES])
def test_the_formula_is_that_of_sympy(name):
    net, draw = network(MATRICES[name]), random.Random(name)
    region = net.region("1" * net.n)
    ode, theirs, met = sr.derive(region), region.matrix.log(), 0
    for _ in range(8):
        ranges = {s: (8, 40) if s.name in "abc" else (1, 9) for s in net.parameters}
        values = {s: sp.Rational(draw.randint(*ends), 16) for s, ends in ranges.items()}
        if ode.condition.at(values):
            at = theirs.subs(values)
            if not at.has(sp.nan, sp.zoo):
                assert distance(ode.matrix.subs(values), at) < sp.Rational(1, 10**25)
                met += 1
    assert met >= 3


@pytest.mark.parametrize("name", MEETING)
def test_it_holds_where_that_of_sympy_has_no_value(name):
    net = network(MATRICES[name])
    given = dict(pair.split("=") for pair in MEETING[name])
    values = {s: sp.Rational(given[s.name]) for s in net.parameters}
    region = net.region("1" * net.n)
    assert region.matrix.log().subs(values).has(sp.nan, sp.zoo)
    there = region.matrix.subs(values).log()
    assert distance(sr.derive(region).matrix.subs(values), there) < sp.Rational(1, 10**25)
