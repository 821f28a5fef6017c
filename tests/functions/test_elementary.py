"""Elementary forms of divided differences: exact values, branches, integrals and sums over roots, against certified values."""

import pytest
import sympy as sp

from symplrnn.functions import LogDifference, log_difference, phi, power_difference
from symplrnn.functions.differences import Difference

R = sp.Rational
x, y, z = sp.symbols("x y z", positive=True)
tau, delta, s, t = sp.symbols("tau delta s t", real=True)
S2, S3 = sp.sqrt(2), sp.sqrt(3)


def equal(first, second, digits=25):
    a, b = (sp.N(value, digits + 10, maxn=1000) for value in (first, second))
    return bool(abs(a - b) <= abs(b) * sp.Float(10) ** -digits)


def test_short_rational_points_are_written_out():
    assert phi(R(1, 2)) == 2 * sp.log(2)
    assert log_difference([1, 1, 2]) == sp.log(2) - 1
    assert log_difference([2, 3]) == sp.log(R(3, 2))
    assert log_difference([(1, 1)]) == 2 * sp.sqrt(3) * sp.pi / 9
    assert log_difference([(0, 1)]) == sp.pi / 2
    assert log_difference([(2, 2), 1]) == -sp.log(2) / 2
    assert power_difference(s, [2, 3]) == 3**s - 2**s
    assert power_difference(R(1, 2), [(1, 1)]) == sp.sqrt(3) / 3
    assert log_difference([-1, 3]) == sp.log(3) / 4 - sp.I * sp.pi / 4
    assert log_difference([x, y]).subs({x: R(1, 2), y: 2}) == 4 * sp.log(2) / 3
    for points in ([1, 2, 3], [(2, 2), 1], [(3, 1), 1], [(3, 1), R(1, 2)], [1, 1, R(7, 3)]):
        value = log_difference(points)
        assert not value.has(Difference)
        assert equal(value, LogDifference(sp.Tuple(*points), 0, evaluate=False))


def test_long_points_stay_compact():
    assert log_difference([1, 2, 3, 5]).func is LogDifference
    assert log_difference([1, R(0.1)]).func is LogDifference
    assert log_difference([S2, S3]).func is LogDifference
    assert log_difference([(1, 3, 1)]).func is LogDifference


def test_doit_where_coincidences_are_known():
    assert log_difference([S2 + S3, sp.sqrt(5 + 2 * sp.sqrt(6))]).doit().equals(1 / (S2 + S3))
    for value in (
        log_difference([1, 2, 3, 5]),
        log_difference([S2, S3, 1]),
        log_difference([(2 * S2, 2), 1]),
        log_difference([(S2 + 1, S2), 1]),
        log_difference([(S2 + 1, S2), S2]),
        log_difference([(S2, 5), (S2, 5), 1]),
        log_difference([(S2, 5)] * 3, 1),
        log_difference([(5, S2), (5, S2), S3]),
        log_difference([S2, S2, S2, S3, 1]),
        power_difference(S3, [(S2, 5), 1, 1]),
        power_difference(s, [(S2, 5), S3]).diff(s, 2).subs(s, S2),
        power_difference(s, [(5, S2)]).diff(s).subs(s, S2),
    ):
        assert value.has(Difference)
        assert not value.doit().has(Difference)
        assert equal(value.doit(), value)
    for value in (log_difference([x, y]), log_difference([(tau, delta)]), log_difference([(1, 3, S2)]), phi(x)):
        assert value.doit() == value
    assert log_difference([x, x + 1]).doit() == sp.log(x + 1) - sp.log(x)
    assert log_difference([x, -y - 1]).doit() == (sp.log(x) - sp.log(-y - 1)) / (x + y + 1)
    assert log_difference([sp.Integral(t, (t, 0, 2)), x]).doit() == log_difference([2, x])


AT_SCALARS = [{x: a, y: b, z: c} for a in (1, 2) for b in (1, 2, 3) for c in (1, 2, 3, R(1, 2))]
PAIRS = [(2, 1), (4, 4), (3, 2), (4, 3), (5, 6), (5, 1), (1, 1), (-1, 1), (R(5, 2), 1), (6, 9)]


@pytest.mark.parametrize(
    "value",
    [log_difference([x, y]), phi(x), log_difference([1, x, y]), log_difference([x, y, y, z]), power_difference(s, [x, y, 1])],
    ids=str,
)
def test_branches_of_scalars(value):
    cases = value.rewrite(sp.Piecewise)
    assert not cases.has(Difference)
    for at in AT_SCALARS:
        exact = value.func(*value.args, evaluate=False).subs({**at, s: S2})
        assert equal(cases.subs({**at, s: S2}), exact)


@pytest.mark.parametrize("rest", [[], [1], [x], [x, 1], [x, y], [(tau, delta)], [x, x]], ids=str)
def test_branches_of_a_pair(rest):
    value, power = log_difference([(tau, delta), *rest]), power_difference(s, [(tau, delta), *rest])
    cases, of_power = value.rewrite(sp.Piecewise), power.rewrite(sp.Piecewise)
    assert not cases.has(Difference)
    for pair in PAIRS[:: 1 + len(rest) // 2]:
        for a, b in ((1, 2), (2, 2), (3, 1), (3, R(1, 2))):
            at = {tau: pair[0], delta: pair[1], x: a, y: b}
            assert equal(cases.subs(at), value.subs(at)), at
            assert equal(of_power.subs({**at, s: S2}), power.subs({**at, s: S2})), at


def test_branches_that_assumptions_exclude_are_not_there():
    assert len(log_difference([x, y]).rewrite(sp.Piecewise).args) == 2
    assert log_difference([x, -y]).rewrite(sp.Piecewise) == (sp.log(x) - sp.log(-y)) / (x + y)
    assert len(log_difference([1, 2, x]).rewrite(sp.Piecewise).args) == 3
    a = sp.Symbol("a", positive=True)
    assert len(log_difference([(sp.Integer(2), 1 + a)]).rewrite(sp.Piecewise).args) < 4


def test_logarithms_of_distinct_points():
    assert phi(x).rewrite(sp.log) == sp.log(x) / (x - 1)
    assert log_difference([x, y]).rewrite(sp.log) == (sp.log(x) - sp.log(y)) / (x - y)
    value = log_difference([(tau, delta), x])
    for pair in ((5, 1), (1, 1), (-1, 1)):
        at = {tau: pair[0], delta: pair[1], x: 3}
        assert abs(sp.N(value.rewrite(sp.log).subs(at) - value.subs(at), 30)) < 1e-25


def test_integrals():
    for points, m in (([S2, S2, 1], 0), ([(S2, 3), S3], 0), ([(1, 3, S2), (S2, 3)], 1)):
        for f in log_difference(points, m).atoms(LogDifference):
            written = f.rewrite(sp.Integral)
            assert isinstance(written, sp.Integral | sp.Mul)
            assert equal(written.n(15), f, 14)
    assert str(log_difference([x, y]).rewrite(sp.Integral)) == "Integral(1/((t*(x - 1) + 1)*(t*(y - 1) + 1)), (t, 0, 1))"
    assert log_difference([(x, y, z)]).rewrite(sp.Piecewise).has(sp.Integral)
    assert log_difference([t, y]).rewrite(sp.Integral).free_symbols == {t, y}


def test_sums_over_roots():
    for value in (log_difference([(1, 3, 1)]), log_difference([(1, 3, 1), 2]), power_difference(S2, [(1, 3, 1)])):
        written = value.rewrite(sp.RootSum)
        assert written.has(sp.RootSum)
        assert abs(sp.N(written - value, 20)) < 1e-17
