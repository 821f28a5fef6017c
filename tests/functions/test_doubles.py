"""Divided differences of doubles and arrays against mpmath: to 1e-14 wherever the points lie."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from mpmath import mp

from symplrnn.functions import doubles, log_difference, phi, power_difference
from symplrnn.functions.doubles import numerical_difference
from tests.functions import oracle

x, y, z = sp.symbols("x y z", positive=True)
tau, delta, s = sp.symbols("tau delta s", real=True)
rng = np.random.default_rng(17)


def wide(n, decades):
    return 10.0 ** rng.uniform(-decades, decades, n)


def near(values):
    """Return the same numbers, or some that differ by one ulp up to a factor 2."""
    return values * (1 + rng.choice([0, 1, -1], values.shape) * 10.0 ** rng.uniform(-17, -0.31, values.shape))


def worst(points, power=0, exponent=0.0, logarithms=1):
    """Return the greatest relative error."""
    found = numerical_difference(tuple(points), power, exponent, logarithms)
    errors = []
    for row, value in enumerate(found):
        at = [tuple(e[row] for e in p) if isinstance(p, tuple) else p[row] for p in points]
        own = exponent[row] if np.ndim(exponent) else exponent
        expected = oracle.difference(at, power, own, logarithms, digits=300, gap=45)
        with mpmath.workdps(30):
            error = abs(mp.mpf(float(value)) - expected)
            errors.append(float(error / abs(expected)) if expected else float(error))
    assert np.all(np.isfinite(errors))
    return max(errors)


def families(n, decades):
    """Yield lists of points by name."""
    a, b, c, one = wide(n, decades), wide(n, decades), wide(n, decades), np.ones(n)
    t = wide(n, min(decades, 10))
    double, any_, turning = t**2 / 4 * near(one), t**2 * wide(n, 3), t**2 / 4 * (1 + 10.0 ** rng.uniform(-15, 6, n))
    yield "phi", [near(one), one]
    yield "two", [a, b]
    yield "two close", [a, near(a)]
    yield "three", [a, b, c]
    yield "three close", [a, near(a), near(a)]
    yield "many", [a, near(a), b, one, one]
    yield "pair", [(t, any_)]
    yield "pair nearly double", [(t, double)]
    yield "pair of negative real part", [(-t, turning)]
    yield "pair and 1", [(near(2 * one), near(one)), one]
    yield "pair and its root", [(t, double), near(t / 2)]
    yield "pair, root, 1", [(t, any_), near(t / 2), one]
    yield "pair of negative real part and 1", [(-t, turning), one]
    yield "two pairs", [(t, any_), (near(t), near(any_))]
    yield "three roots", [(t, t**2 * wide(n, 0.5), t**3 * wide(n, 0.5))]


@pytest.mark.parametrize("decades", [0.3, 6, 20])
def test_logarithms_are_accurate_everywhere(decades):
    for name, points in families(12, decades):
        if name != "three roots":
            assert worst(points) < 1e-15, name
    assert worst([wide(30, 150), wide(30, 150)]) < 1e-15


def test_three_roots():
    points = [(np.array([3.0, 3.0, 1.0, 0.1]), np.array([3.0, 2.9, 2.0, 5.0]), np.array([1.0, 1.0, 3.0, 0.2]))]
    assert worst(points) < 1e-15
    assert worst([*points, np.array([1.0, 1.0, 2.0, 0.5])], 1) < 1e-15
    assert worst([(np.array([-0.5]), np.array([2.0]), np.array([3.0]))]) < 1e-15  # a negative e_1


@pytest.mark.parametrize("bounds", [(-0.7, 0.7), (-3, 3), (0, 60), (-1e-12, 1e-12)])
def test_powers_are_accurate_everywhere(bounds):
    n = 8
    for name, points in families(n, 0.5):
        if name != "three roots":
            exponent = rng.uniform(*bounds, n)
            assert worst(points, 0, exponent, 0) < 1e-15, name
            assert worst(points, 0, exponent, 1) < 1e-15, name


def test_integrals_and_balls_agree(monkeypatch):
    points = [p for _, p in families(20, 3)]
    by_integral = [numerical_difference(tuple(p), 0, 0, 1) for p in points]
    monkeypatch.setattr(doubles, "_by_integral", lambda p, e, k: (e, np.zeros(e.shape, dtype=bool)))
    for p, found in zip(points, by_integral, strict=True):
        assert np.allclose(numerical_difference(tuple(p), 0, 0, 1), found, rtol=1e-15, atol=0)


@pytest.mark.slow
def test_ten_thousand_numbers_of_each_kind():
    for decades in (1, 8, 20):
        for name, points in families(700, decades):
            if name != "three roots":
                assert worst(points) < 2e-15, name
    for bounds in ((-1, 1), (0, 3), (0, 100)):
        for name, points in families(300, 1):
            if name != "three roots":
                assert worst(points, 0, rng.uniform(*bounds, 300), 0) < 2e-15, name


def test_off_the_domain():
    """No exceptions and no warnings, which are errors in tests."""
    f = sp.lambdify((x, y), log_difference([x, y]), "numpy")
    assert np.isnan(f(-1.0, 2.0))
    assert f(0.0, 2.0) == np.inf
    assert np.isnan(f(np.nan, 2.0))
    assert np.isnan(f(np.inf, 2.0)) or f(np.inf, 2.0) == 0
    assert numerical_difference((0.0, 1.0, 2.0), 0, 0, 1) == -np.inf
    assert np.isnan(numerical_difference(((-2.0, 1.0),), 0, 0, 1))
    assert np.isnan(numerical_difference(((-2.0, 1.0), 1.0), 0, 0, 1))
    assert np.isnan(numerical_difference(((-2.0, 3.0, -1.0), 1.0), 0, 0, 1))
    with pytest.raises(TypeError, match="real numbers"):
        numerical_difference((1j, 2.0), 0, 0, 1)


def test_lambdify_and_broadcasting():
    value = sp.Matrix(
        [[phi(x), log_difference([x, y, 1])], [log_difference([(tau, delta)]), power_difference(s, [(tau, delta), x])]]
    )
    at = (0.75, 1.25, 1.5, 0.5625, 0.3)
    letters = (x, y, tau, delta, s)
    expected = [float(e) for e in value.subs(dict(zip(letters, map(sp.Rational, map(str, at)), strict=True))).evalf(20)]
    for modules in ("numpy", "math", "mpmath", "scipy", None, ["numpy"]):
        f = sp.lambdify(letters, list(value), *([modules] if modules else []))
        assert np.allclose(f(*at), expected, rtol=1e-15, atol=0)
    assert np.allclose(sp.lambdify(letters, value, "numpy", cse=True)(*at), np.reshape(expected, (2, 2)), rtol=1e-15, atol=0)
    f = sp.lambdify((x, y), log_difference([x, y]), "numpy")
    grid = f(np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0]))
    assert grid.shape == (3, 2)
    assert grid[0, 0] == 1.0
    assert grid[1, 1] == 0.5
    assert isinstance(f(1.0, 1.0), float)
    assert f(1, 1) == 1.0
    assert f(np.empty((0, 3)), 1.0).shape == (0, 3)


def test_derivatives_are_evaluated_where_points_coincide():
    f = sp.lambdify((x, y), log_difference([x, y]).diff(x, 2), "numpy")
    assert np.isclose(f(2.0, 2.0), 2 / (3 * 2.0**3), rtol=1e-15)


def test_numbers_of_mpmath_keep_their_precision():
    f = sp.lambdify((x, y, s), [log_difference([x, y]), power_difference(s, [x, y, 1])], "mpmath")
    with mpmath.workdps(50):
        at = mp.mpf(2) / 3, mp.mpf(2) / 3 + mp.mpf(10) ** -45, mp.pi
        found = f(*at)
        assert mp.almosteq(found[0], oracle.difference(at[:2]), mp.mpf(10) ** -49)
        assert mp.almosteq(found[1], oracle.difference([*at[:2], 1], 0, at[2], 0), mp.mpf(10) ** -48)
        assert mp.almosteq(f(mp.mpf(-1), mp.mpf(3), 1)[0], mp.log(3) / 4 - mp.pi * 1j / 4, mp.mpf(10) ** -49)
