"""Fixed points and their bifurcations: conditions with letters against the numbers put in, and against SymPy and mpmath."""

import random
from fractions import Fraction as Q

import mpmath as mp
import pytest
import sympy as sp

import symplrnn as sr

X = sp.Symbol("x")
TRUTHS = ("unique", "real", "virtual", "stable", "eigenvalue_at_1", "eigenvalue_at_minus_1")
TRUTHS = (*TRUTHS, "complex_pair_on_circle", "fixed_points_at_1")
POOL = [Q(-2), Q(-1), Q(-1, 2), Q(0), Q(1, 3), Q(1, 2), Q(1), Q(3, 2), Q(2)]


def expected(net, pattern) -> dict:
    """All facts of a region of a network of rational numbers: exact but for the moduli of the roots, which have 60 digits."""
    n, D = net.n, sp.diag(*[int(d) for d in pattern]) if pattern else sp.zeros(0, 0)
    A, W, V, h, b = (sp.Matrix(x) for x in (net.A, net.W, net.V, net.h, net.b))
    M, c = A + W * D * V, h + W * D * b
    chi = sp.Poly((X * sp.eye(n) - M).det(method="berkowitz"), X, domain="QQ")
    roots = []
    with mp.workdps(60):
        for f, _ in chi.factor_list()[1]:
            roots += mp.polyroots([mp.mpf(int(k.p)) / int(k.q) for k in f.all_coeffs()], maxsteps=300, extraprec=300)
        small = mp.mpf(10) ** -40
        stable = all(abs(r) < 1 - small for r in roots)
        pair = any(abs(abs(r) - 1) < small and abs(mp.im(r)) > small for r in roots)
    unit, difference = chi.eval(1) == 0, sp.eye(n) - M
    facts = {
        "unique": not unit,
        "stable": stable,
        "eigenvalue_at_1": unit,
        "eigenvalue_at_minus_1": chi.eval(-1) == 0,
        "complex_pair_on_circle": pair,
        "fixed_points_at_1": unit and difference.row_join(c).rank() == difference.rank(),
    }
    if unit:
        return {**facts, "real": False, "virtual": False, "z": None, "collision": (False,) * net.p}
    z = difference.LUsolve(c)
    units = list(V * z + b)
    inside = all((u > 0) == (d == "1") for u, d in zip(units, pattern, strict=True))
    assert M * z + c == z
    return {**facts, "real": inside, "virtual": not inside, "z": z, "collision": tuple(u == 0 for u in units)}


def compare(net, facts, values) -> set[str]:
    """Hold the facts with letters, and those of the numeric path, against the oracle; return what was met."""
    numbers, met = net.subs(values), set()
    nonempty = {region.pattern for region in numbers.regions()}  # with letters in V no pattern is called empty
    for pattern, symbolic in facts.items():
        if pattern not in nonempty:
            continue
        want, where = expected(numbers, pattern), (pattern, values)
        numeric = sr.fixed_point_facts(numbers.region(pattern))
        for name in TRUTHS:
            truth = sr.TRUE if want[name] else sr.FALSE
            assert getattr(symbolic, name).at(values) == truth, (name, where)
            assert getattr(numeric, name) == truth, (name, where, "numeric")
        for found in (symbolic, numeric):
            assert found.collision == () or [i for i, _ in found.collision] == list(range(1, net.p + 1))
            assert not any(want["collision"]) or found.collision, where
            assert all(t.at(values).is_true == hit for (_, t), hit in zip(found.collision, want["collision"], strict=False)), (
                where
            )
        if want["z"] is not None:
            point = {s: sp.Rational(str(values[str(s)])) for s in net.parameters}
            assert sp.Matrix(symbolic.fixed_point.subs(point)) == want["z"] == sp.Matrix(numeric.fixed_point), where
        names = ("real", "virtual", "eigenvalue_at_1")
        assert sum(getattr(symbolic, name).at(values).is_true for name in names) == 1, where  # a partition
        met |= {name for name in TRUTHS if want[name]} | ({"collision"} if any(want["collision"]) else set())
        met |= {"no fixed point"} if want["eigenvalue_at_1"] and not want["fixed_points_at_1"] else set()
    return met


def facts_of(net, patterns=None):
    return {r.pattern: sr.fixed_point_facts(r) for r in net.regions() if patterns is None or r.pattern in patterns}


def plane():
    names = dict.fromkeys(["a", "b", "w", "v", "h", "g"], "real")
    return sr.PLRNN(["a", "b"], [[0, "w"], ["v", 0]], ["h", "g"], parameters=names)


def test_one_unit_on_a_grid():
    net, met = sr.PLRNN(["a"], [["w"]], ["h"], parameters=["a", "w", "h"]), set()
    facts = facts_of(net)
    for a in (Q(-2), Q(-1), Q(0), Q(1, 2), Q(1), Q(2)):
        for w in (1 - a, -1 - a, Q(0), Q(1, 2)):
            for h in (Q(-1), Q(0), Q(1)):
                met |= compare(net, facts, {"a": a, "w": w, "h": h})
    assert met == (set(TRUTHS) | {"collision", "no fixed point"}) - {"complex_pair_on_circle"}


def boundary(kind, rng):
    """Values at which the region 11 is on the boundary of some condition."""
    v = {name: rng.choice(POOL) for name in "abwvhg"}
    a, b, w = v["a"], v["b"], v["w"] or Q(1)
    v["w"] = w
    if kind == "eigenvalue 1":
        v["v"] = (1 - a) * (1 - b) / w
    elif kind == "line":  # of fixed points: g makes c parallel to the columns of I - M
        v["b"], v["v"] = (b := Q(1, 2)), (1 - a) * (1 - Q(1, 2)) / w
        v["g"] = v["h"] * (1 - b) / -w
    elif kind == "eigenvalue -1":
        v["v"] = (1 + a) * (1 + b) / w
    elif kind == "pair":  # determinant 1, trace in (-2, 2)
        v["a"], v["b"] = Q(3, 2), rng.choice([Q(-1), Q(0), Q(1, 4), Q(-7, 2), Q(1, 2)])
        v["v"] = (v["a"] * v["b"] - 1) / w
    elif kind == "face":  # z = (0, s)
        s = rng.choice([Q(1), Q(-1), Q(0)])
        v["h"], v["g"] = -w * s, (1 - b) * s
    elif kind == "identity":
        v |= {"a": Q(1), "b": Q(1), "w": Q(0), "v": Q(0), "h": rng.choice([Q(0), Q(1)]), "g": Q(0)}
    elif kind == "shear":
        v |= {"a": Q(1), "b": Q(1), "w": Q(1), "v": Q(0), "g": rng.choice([Q(0), Q(1)])}
    return v


KINDS = ["eigenvalue 1", "line", "eigenvalue -1", "pair", "face", "identity", "shear", "random"]


@pytest.mark.parametrize("kind", KINDS)
def test_two_units_on_boundaries(kind):
    net, rng, met = plane(), random.Random(kind), set()
    facts = facts_of(net)
    for _ in range(12):
        met |= compare(net, facts, boundary(kind, rng))
    wanted = {
        "eigenvalue 1": {"eigenvalue_at_1", "no fixed point"},
        "line": {"fixed_points_at_1"},
        "eigenvalue -1": {"eigenvalue_at_minus_1"},
        "pair": {"complex_pair_on_circle"},
        "face": {"collision", "real", "virtual"},
        "identity": {"fixed_points_at_1", "no fixed point"},
        "shear": {"fixed_points_at_1", "no fixed point"},
        "random": {"stable", "real", "virtual"},
    }
    assert met >= wanted[kind]


@pytest.mark.parametrize("kind", ["pair and 1", "pair and -1", "all of it", "identity", "jordan", "reciprocal", "random"])
def test_three_units(kind):
    """A block with two states and a third state that it drives."""
    A, W = ["a", "b", "c"], [[0, "w", 0], [1, 0, 0], ["u", 0, 0]]
    net = sr.PLRNN(A, W, ["h", 0, "g"], parameters=["a", "b", "c", "w", "u", "h", "g"])
    facts, rng, met = facts_of(net, ["111", "101"]), random.Random(kind), set()
    for k in range(4):
        v = {name: rng.choice(POOL) for name in "abcwuhg"}
        if kind.startswith("pair"):
            v |= {"b": (b := rng.choice([Q(0), Q(1, 2), Q(-1)])), "w": v["a"] * b - 1, "c": Q(kind.split()[-1])}
        elif kind == "all of it":
            v |= {"a": Q(1), "b": Q(1), "w": Q(0), "c": Q(-1), "h": Q(k % 2)}
        elif kind == "identity":
            v |= {"a": Q(1), "b": Q(1), "w": Q(0), "c": Q(1), "u": Q(0), "h": Q(k % 2), "g": Q(k // 2)}
        elif kind == "jordan":
            v |= {"a": Q(1), "b": Q(1, 2), "w": Q(0), "c": Q(1), "u": Q(k % 2), "h": Q(k // 2)}
        elif kind == "reciprocal":  # 2 and 1/2 are no pair on the circle, though their product is 1
            v |= {"a": Q(2), "b": Q(1, 2), "w": Q(0), "c": Q(1, 3)}
        met |= compare(net, facts, v)
    wanted = {"pair and 1": "complex_pair_on_circle", "pair and -1": "eigenvalue_at_minus_1", "identity": "fixed_points_at_1"}
    wanted |= {"all of it": "eigenvalue_at_minus_1", "jordan": "no fixed point"}
    assert wanted.get(kind, "virtual") in met


def test_a_full_matrix_of_three_units():
    """The cubic is irreducible: its own conditions, at roots made to measure by a companion matrix."""
    net = sr.PLRNN(["a", 0, 0], [[0, "p", "q"], [1, 0, 0], [0, 1, 0]], ["h", 0, 0], parameters=["a", "p", "q", "h"])
    facts, met = facts_of(net, ["111"]), set()
    half, pair = [(X - Q(1, 2)), (X + Q(1, 3))], X**2 - sp.Rational(6, 5) * X + 1
    unit, minus = X - 1, X + 1
    products = [pair * half[0], pair * unit, pair * minus, unit**3, minus**2 * half[1], unit * minus * half[0], X**3]
    products += [half[0] ** 2 * half[1], (X - 2) * (X - Q(1, 2)) * half[1], (X**2 + 1) * unit, (X - 3) * (X**2 + 1), X**3 - 1]
    for product in products:
        _, e1, e2, e3 = sp.Poly(sp.nsimplify(sp.expand(product)), X).all_coeffs()
        for h in (Q(0), Q(1), Q(-1)):
            met |= compare(net, facts, {"a": -Q(e1.p, e1.q), "p": -Q(e2.p, e2.q), "q": -Q(e3.p, e3.q), "h": h})
    assert met == {*TRUTHS, "collision", "no fixed point"}


def test_faces_that_do_not_pass_through_the_origin():
    V, b = [["v", 1], [1, -1]], ["k", "1/2"]
    net = sr.ReLURNN([["a", 0], [0, "1/2"]], [[1, "w"], ["1/3", 0]], ["h", 1], V=V, b=b, parameters=["a", "w", "h", "v", "k"])
    facts, rng, met = facts_of(net), random.Random(1), set()
    for k in range(12):
        values = {name: rng.choice(POOL) for name in "awhvk"}
        if k % 2:  # put the fixed point of 00, (h/(1 - a), 2), on the first face
            values["a"] = Q(1, 3)
            values["k"] = -values["v"] * values["h"] * Q(3, 2) - 2
        met |= compare(net, facts, values)
    assert met >= {"real", "virtual", "collision", "stable"}


def test_no_units_at_all():
    net = sr.ReLURNN([["a", "b"], [1, "1/2"]], [[], []], ["h", 1], V=[], parameters=["a", "b", "h"])
    facts, rng, met = facts_of(net), random.Random(2), set()
    for k in range(20):
        values = {name: rng.choice(POOL) for name in "abh"}
        if k % 2:
            values["b"] = (1 - values["a"]) / 2  # eigenvalue 1
        met |= compare(net, facts, values)
    assert met >= {"real", "fixed_points_at_1", "no fixed point", "stable"}
    assert "virtual" not in met  # the one region is everything


def test_the_fixed_point_is_never_unique():
    """1 is an eigenvalue whatever the letters are."""
    net = sr.PLRNN([1, "a"], [[0, "w"], [0, 0]], ["h", "g"], parameters=["a", "w", "h", "g"])
    facts, rng = facts_of(net), random.Random(3)
    for found in facts.values():
        assert found.fixed_point is None
        assert found.unique.is_false
        assert found.real.is_false
        assert found.virtual.is_false
    met = set()
    for k in range(24):
        values = {name: rng.choice(POOL) for name in "awhg"}
        if k % 3 == 0:
            values["h"] = Q(0)
        elif k % 3 == 1 and values["a"] != 1:
            values["h"] = -values["w"] * values["g"] / (1 - values["a"])
        met |= compare(net, facts, values)
    assert met >= {"fixed_points_at_1", "no fixed point"}


def test_assumptions_are_used():
    net = sr.PLRNN(["a"], [["w"]], ["h"], parameters={"a": "nonnegative", "w": "negative", "h": "positive"})
    on, off = sr.fixed_point_facts(net.region("1")), sr.fixed_point_facts(net.region("0"))
    for a in (Q(0), Q(1, 2), Q(1), Q(2), Q(3)):
        for w in (Q(-3), Q(-1), Q(-1, 2)):
            compare(net, {"1": on, "0": off}, {"a": a, "w": w, "h": Q(2)})


def test_irrational_values_and_entries():
    net = sr.PLRNN(["a"], [["w"]], ["h - sqrt(2)"], parameters=["a", "w", "h"])
    facts, r = sr.fixed_point_facts(net.region("1")), sp.sqrt(2)
    for a, w, h in [(r, 1 - r, 1), (r, 1 - r, r), (r, -1 - r, 2), (r / 2, 0, r), (r / 2, 0, 2), (1, -r, 1), (r - 1, 2 - r, r)]:
        values, m, c = {"a": a, "w": w, "h": h}, sp.nsimplify(a + w), h - r
        assert facts.eigenvalue_at_1.at(values) == (sr.TRUE if sp.expand(m - 1) == 0 else sr.FALSE)
        assert facts.eigenvalue_at_minus_1.at(values) == (sr.TRUE if sp.expand(m + 1) == 0 else sr.FALSE)
        assert facts.stable.at(values) == (sr.TRUE if abs(sp.N(sp.expand(m), 60)) < 1 - sp.Float("1e-40", 60) else sr.FALSE)
        assert facts.fixed_points_at_1.at(values) == (sr.TRUE if sp.expand(m - 1) == 0 and c == 0 else sr.FALSE)
        unique = sp.expand(m - 1) != 0
        assert facts.real.at(values) == (sr.TRUE if unique and sp.N(c / (1 - m), 60) > 0 else sr.FALSE)
        assert facts.collision[0][1].at(values) == (sr.TRUE if unique and c == 0 else sr.FALSE)
        numbers = sr.fixed_point_facts(net.subs(values).region("1"))
        for name in TRUTHS:
            assert getattr(numbers, name) == getattr(facts, name).at(values), (name, values)


@pytest.mark.parametrize(
    ("matrix", "true"),
    [
        ([["sqrt(2)/2", "-sqrt(2)/2"], ["sqrt(2)/2", "sqrt(2)/2"]], {"complex_pair_on_circle", "unique"}),
        ([["sqrt(2)", 1], [-1, 0]], {"complex_pair_on_circle", "unique"}),
        ([["2*sqrt(2)", 1], [-1, 0]], {"unique"}),  # reciprocal real roots
        ([["sqrt(2)", "sqrt(2) - 1"], [-1, 0]], {"eigenvalue_at_1"}),
        ([["-sqrt(2)", "sqrt(2) - 1"], [-1, 0]], {"eigenvalue_at_minus_1", "unique"}),
        ([["sqrt(2)/2", "1/10"], ["1/10", "-sqrt(2)/2"]], {"stable", "unique"}),
    ],
)
def test_irrational_matrices(matrix, true):
    net = sr.ReLURNN(matrix, [[], []], [1, 0], V=[])
    facts = sr.fixed_point_facts(net.region(""))
    for name in ("complex_pair_on_circle", "unique", "eigenvalue_at_1", "eigenvalue_at_minus_1", "stable"):
        assert getattr(facts, name) == (sr.TRUE if name in true else sr.FALSE), name
    assert facts.real == facts.unique


def test_many_states_with_letters_are_decided_or_unknown():
    """With letters, the range of I - M in five dimensions is not described: it says so, and is right once there are numbers."""
    net = sr.PLRNN([1, 1, "1/2", "1/2", "a"], [[0] * 5] * 5, ["h", 0, 1, 1, 1], parameters=["a", "h"])
    facts = sr.fixed_point_facts(net.region("11111"))
    assert facts.fixed_points_at_1.is_unknown
    assert "up to 4 states" in facts.fixed_points_at_1.reason
    assert facts.eigenvalue_at_1.is_true
    for a, h in [(Q(1, 3), Q(0)), (Q(1, 3), Q(1)), (Q(1), Q(0))]:
        numbers = net.subs({"a": a, "h": h})
        want = expected(numbers, "11111")["fixed_points_at_1"]
        assert sr.fixed_point_facts(numbers.region("11111")).fixed_points_at_1 == (sr.TRUE if want else sr.FALSE)


def test_four_states_pair_on_circle_from_two_blocks():
    W = [[0, -1, 0, 0], [1, 0, 0, 0], ["k", 0, 0, "-u"], [0, 0, 1, 0]]
    net = sr.PLRNN(["a", "a", "b", "b"], W, [1, 0, 0, "h"], parameters=["a", "b", "u", "k", "h"])
    facts, met = facts_of(net, ["1111"]), set()
    for a, b, u in [(0, 0, Q(1, 2)), (Q(1, 2), Q(3, 5), Q(16, 25)), (Q(1, 2), 1, 0), (Q(1, 2), Q(1, 2), Q(1, 4)), (0, 0, 1)]:
        met |= compare(net, facts, {"a": Q(a), "b": Q(b), "u": Q(u), "k": Q(1), "h": Q(1)})
    assert met >= {"complex_pair_on_circle", "eigenvalue_at_1", "virtual"}
