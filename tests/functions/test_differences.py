"""Divided differences as SymPy functions: reductions, derivatives, exact values, signs."""

import pickle

import mpmath
import pytest
import sympy as sp
from mpmath import mp

from symplrnn.functions import LogDifference, PowerDifference, PowerLogDifference, log_difference, phi, power_difference
from tests.functions.oracle import difference

R = sp.Rational
x, y, z = sp.symbols("x y z", positive=True)
a, tau, delta, s = sp.symbols("a tau delta s")


def number(value, digits=60):
    with mpmath.workdps(digits):
        return mp.mpmathify(str(sp.N(value, digits)).replace("*I", "j"))


def slope(function, at):
    """Return the derivative of a function of one number by central differences of order 4, right to 75 digits."""
    with mpmath.workdps(200):
        h = mp.mpf(10) ** -25
        return (8 * (function(at + h) - function(at - h)) - function(at + 2 * h) + function(at - 2 * h)) / (12 * h)


# Derivatives


@pytest.mark.parametrize("at", [(R(2), R(3)), (R(2), R(2)), (R(1), R(1)), (R(1, 3), R(1, 3) + R(1, 10**30))], ids=str)
def test_derivatives_with_respect_to_points(at):
    for m in (0, 1):
        first = log_difference([x, y, 1], m).diff(x)
        both = log_difference([x * y, x, 1], m).diff(x)
        p, q = map(number, at)
        assert mp.almosteq(
            number(first.subs({x: at[0], y: at[1]})), slope(lambda t, q=q, m=m: difference([t, q, 1], m), p), 1e-40
        )
        assert mp.almosteq(
            number(both.subs({x: at[0], y: at[1]})), slope(lambda t, q=q, m=m: difference([t * q, t, 1], m), p), 1e-40
        )


@pytest.mark.parametrize("at", [(3, 2), (2, 1), (1, 5), (R(5, 2), R(25, 16)), (4, 3)], ids=str)
def test_derivatives_with_respect_to_symmetric_functions(at):
    t, d = map(number, at)
    values = {tau: at[0], delta: at[1]}
    for rest in ([], [3], [(tau, delta)]):
        for m in (0, 3):
            with mpmath.workdps(200):
                cases = (log_difference, 0, 1), (lambda *p: power_difference(R(1, 3), *p), mp.mpf(1) / 3, 0)
            for kind, exponent, logarithms in cases:
                value = kind([(tau, delta), *rest], m)

                def moved(u, v, m=m, rest=rest, exponent=exponent, logarithms=logarithms):
                    points = [(u, v), *((u, v) if isinstance(p, tuple) else p for p in rest)]
                    return difference(points, m, exponent, logarithms)

                assert mp.almosteq(number(value.subs(values)), moved(t, d), 1e-45)
                assert mp.almosteq(number(value.diff(tau).subs(values)), slope(lambda u, f=moved: f(u, d), t), 1e-40)
                assert mp.almosteq(number(value.diff(delta).subs(values)), slope(lambda v, f=moved: f(t, v), d), 1e-40)


def test_derivatives_of_three_roots_and_chains():
    e = [number(k) for k in (6, 11, 7)]
    w = sp.Symbol("w")
    value = log_difference([(6, 11 + w, 7 - w**2)]).diff(w)

    with mpmath.workdps(200):
        at = mp.mpf(1) / 10
    assert mp.almosteq(number(value.subs(w, R(1, 10))), slope(lambda t: difference([(e[0], e[1] + t, e[2] - t**2)]), at), 1e-40)
    assert phi(x).diff(x, 2) == 2 * log_difference([1, x, x, x])
    assert phi(x).diff(x, 2).subs(x, 1) == R(2, 3)


def test_derivatives_with_respect_to_exponents():
    value = power_difference(2 * s, [x, x, (tau, delta)]).diff(s)
    assert value == 2 * PowerLogDifference(2 * s, sp.Tuple(x, x, sp.Tuple(tau, delta)), 0, 1)
    assert value.diff(s).args[0] == 4 or value.diff(s).has(PowerLogDifference)
    found = number(value.diff(s).subs({s: R(1, 4), x: 2, tau: 3, delta: 2}))
    with mpmath.workdps(200):
        assert mp.almosteq(found, 4 * difference([2, 2, (3, 2)], 0, mp.mpf(1) / 2, 2), 1e-45)
    assert PowerLogDifference(0, sp.Tuple(x, y), 0, 1) == log_difference([x, y])
    assert PowerLogDifference(s, sp.Tuple(x, y), 1, 0) == power_difference(s, [x, y], 1)
    assert power_difference(s, [x, y]).fdiff(1) == power_difference(s, [x, y]).diff(s)
    with pytest.raises(sp.core.function.ArgumentIndexError):
        log_difference([x, y]).fdiff(1)
    with pytest.raises(ValueError, match="accepted are 0, 1, 2"):
        PowerLogDifference(s, sp.Tuple(x, y), 0, s)


# Reductions


def test_the_power_is_kept_small():
    """The recursions, against the definition."""
    for points in ([2, 3], [2, 2, 5], [(3, 1)], [(3, 1), (3, 1)], [(3, 1), 4], [(4, 5, 3)], [(4, 5, 3), (3, 1)]):
        inside = [sp.Tuple(*p) if isinstance(p, tuple) else p for p in points]
        for m in (0, 1, 2, 3, 5):
            log, power = log_difference(points, m), power_difference(R(1, 2), points, m)
            assert mp.almosteq(number(log), difference(points, m), 1e-45), (points, m)
            assert mp.almosteq(number(power), difference(points, m, 0.5, 0), 1e-45), (points, m)
            for f in log.atoms(LogDifference) | power.atoms(PowerDifference):
                assert f.power == 0 or f.power < min(len(p) for p in f.points)
                assert all(p in inside for p in f.points)


def test_points_have_no_order():
    assert log_difference([y, x, (tau, delta)]) == log_difference([(tau, delta), x, y])
    assert log_difference([(x,), y]) == log_difference([x, y])
    assert LogDifference(sp.Tuple(y, x), 0) == log_difference([x, y])
    assert log_difference([x, y]).subs({x: y, y: x}, simultaneous=True) == log_difference([x, y])
    assert log_difference([]) == 0
    with pytest.raises(ValueError, match="a tuple of points"):
        LogDifference(x, 0)
    with pytest.raises(ValueError, match="a power 0, 1, 2"):
        log_difference([x, y], -1)


def test_values_where_all_points_are_equal():
    assert [log_difference([x] * k) for k in (1, 2, 3, 4)] == [sp.log(x), 1 / x, -1 / (2 * x**2), 1 / (3 * x**3)]
    assert phi(1) == 1
    assert phi(x).subs(x, 1) == 1
    assert log_difference([x, y]).subs(y, x) == 1 / x
    assert log_difference([x, y], 1).subs(y, x) == sp.log(x) + 1
    assert power_difference(s, [x, x, x]) == s * (s - 1) * x ** (s - 2) / 2
    assert power_difference(s, [x, x], 1).expand().equals(sp.expand((s + 1) * x**s))
    value = PowerLogDifference(s, sp.Tuple(x, x), 0, 1)
    assert sp.simplify(value - x ** (s - 1) * (1 + s * sp.log(x))) == 0
    assert log_difference([0, x]) is sp.zoo
    assert log_difference([0, x], 1) == sp.log(x)
    assert phi(sp.oo) == 0


def test_integer_powers_are_polynomials():
    assert power_difference(2, [x, y]) == x + y
    assert power_difference(0, [x, y]) == 0
    assert power_difference(-1, [x, y]) == -1 / (x * y)
    assert power_difference(s, [x, y], 1).subs(s, 1) == x + y
    for n in range(-4, 7):
        for m in range(3):
            value = power_difference(n, [x, y, (tau, delta)], m)
            assert value.is_rational_function()
            at = {x: 2, y: 3, tau: 4, delta: 7}
            assert mp.almosteq(number(value.subs(at)), difference([2, 3, (4, 7)], m, n, 0), 1e-45) or value.subs(at) == 0
    assert power_difference(100, [x, y]).has(PowerDifference)
    assert power_difference(100, [2, 3]) == 3**100 - 2**100


def test_rational_roots_are_points():
    assert log_difference([(tau, delta), 1]).subs({tau: 5, delta: 6}) == log_difference([1, 2, 3])
    assert log_difference([(x, 0)], 1) == sp.log(x)
    assert log_difference([(3, 3, 1), (2, 1)]) == log_difference([1] * 5)
    assert log_difference([(sp.Integer(3), 3, 2)]) == log_difference([2, (1, 1)])


def test_no_value_where_a_root_of_a_polynomial_is_negative():
    S2 = sp.sqrt(2)
    for pair in ((-3, 1), (-3, 2), (-2, 1), (1, -3), (1, -2), (-3.5, 1.5)):
        assert log_difference([(tau, delta), x]).subs({tau: pair[0], delta: pair[1]}) is sp.nan
    for value in (log_difference([(-2 * S2, 1)]), log_difference([(S2, -1), 1]), log_difference([(-3, 3 * S2, -1)])):
        assert value.n() == value  # no number
    assert log_difference([(0, 1), x]) is not sp.nan
    assert log_difference([(-1, 4, 3)]) is not sp.nan
    assert log_difference([-1, 2]) == sp.log(2) / 3 - sp.I * sp.pi / 3


# Signs


def test_signs():
    t, d = sp.symbols("t d", positive=True)
    assert log_difference([x, y]).is_positive
    assert log_difference([x, y, 1]).is_negative
    assert log_difference([x, (t, d)]).is_negative
    assert log_difference([(t, d), (t, d)], 1).is_negative
    assert log_difference([x, a]).is_real is None
    assert log_difference([(a, d)]).is_positive is None
    assert power_difference(R(1, 2), [x, y]).is_positive
    assert power_difference(R(1, 2), [x, y, 1]).is_negative
    assert power_difference(t, [x, y]).is_positive
    assert power_difference(t, [x, y, 1]).is_positive is None
    assert power_difference(t, [x, y, 1]).is_real
    assert power_difference(t, [x, (t, d)]).is_real
    assert phi(x).is_finite
    assert phi(sp.sqrt(2)).is_positive
    assert log_difference([(3, 3, sp.sqrt(2))]).is_negative
    assert log_difference([x, y]).is_commutative
    assert log_difference([(-sp.sqrt(2), 3), sp.sqrt(3)]).is_negative
    assert log_difference([(-2 * sp.sqrt(2), 1), 2]).is_real is None
    assert sp.Abs(phi(x)) == phi(x)
    assert sp.re(log_difference([x, y])) == log_difference([x, y])


# What else SymPy does with expressions


def test_round_trips_and_substitutions():
    for value in (phi(x), log_difference([x, y, (tau, delta)]), power_difference(s, [x, (tau, delta)], 1).diff(s)):
        names = {name: getattr(sp, name) for name in ("Add", "Mul", "Pow", "Symbol", "Integer", "Rational", "Tuple")}
        kinds = {kind.__name__: kind for kind in (LogDifference, PowerDifference, PowerLogDifference)}
        assert eval(sp.srepr(value), names | kinds) == value
        assert value.func(*value.args) == value if not value.is_Add else True
        assert value.xreplace({x: y}) == value.subs(x, y)
        assert pickle.loads(pickle.dumps(value)) == value
    assert log_difference([x, y]).has(x)
    assert log_difference([x, y]).free_symbols == {x, y}
    assert sp.cse([log_difference([x + y, z]) + x + y])[1][0].has(LogDifference)
    assert sp.simplify(log_difference([x, y]) - log_difference([y, x])) == 0
    assert sp.factor(phi(x) * y + phi(x) * z) == phi(x) * (y + z)
