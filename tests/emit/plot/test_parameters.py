import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.conditions.formula import ALWAYS, negative, nonzero, positive, zero
from symplrnn.emit.plot.parameters import boundary

X, Y = ("w12", -2, 2), ("w21", -2, 2)
AT = {"a1": "1/2", "a2": "1/3", "h1": 1, "h2": "-1/4"}


@pytest.fixture(scope="module")
def two_units():
    net = sr.example("two_units")
    return sr.check(net, ["11"]).verdicts["11"], sr.fixed_point_facts(net.region("11"))


def curve(ax, label):
    [line] = [line for line in ax.lines if line.get_label() == label]
    points = line.get_xydata()
    return points[~np.isnan(points).any(axis=1)]


def test_the_boundary_of_e2_is_a_hyperbola(two_units):
    points = curve(sr.plot.parameter_plane({"E2": two_units[0].principal}, X, Y, AT), "E2")
    assert len(points) > 100
    # No eigenvalue of [[1/2, w12], [w21, 1/3]] in (-inf, 0] iff its determinant is positive: real eigenvalues have a positive sum.
    assert np.allclose(points[:, 0] * points[:, 1], 1 / 6, atol=1e-12)


def test_on_the_boundary_of_stability_an_eigenvalue_is_on_the_unit_circle(two_units):
    points = curve(sr.plot.parameter_plane({"stable": two_units[0].stable}, X, Y, AT), "stable")
    sizes = [np.abs(np.linalg.eigvals([[1 / 2, a], [b, 1 / 3]])).max() for a, b in points]
    assert len(points) > 100
    assert np.allclose(sizes, 1, atol=1e-9)


def test_a_border_collision_is_a_line_alone(two_units):
    ax = sr.plot.parameter_plane({"collision": dict(two_units[1].collision)[2]}, X, Y, AT)
    points = curve(ax, "collision")
    assert not ax.images[0].get_array()[..., 3].any()
    for a, b in points[::20]:
        z = np.linalg.solve([[1 / 2, -a], [-b, 2 / 3]], [1, -1 / 4])
        assert abs(z[1]) < 1e-9


def test_the_shade_is_where_the_condition_holds(two_units):
    ax = sr.plot.parameter_plane(two_units[0].stable, X, Y, AT)
    shade = ax.images[0].get_array()[..., 3] > 0
    size = len(shade)
    for i, j in ((0, 0), (size // 2, size // 2), (size - 1, size // 3), (size // 4, size - 1)):
        at = {**AT, "w12": sp.Rational(4 * (2 * j + 1), 2 * size) - 2, "w21": sp.Rational(4 * (2 * i + 1), 2 * size) - 2}
        assert shade[i, j] == two_units[0].stable.at(at).is_true
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$w_{12}$", "$w_{21}$")


def test_only_what_bounds_the_condition_is_drawn():
    a, b = sp.symbols("a b")
    box = np.array([[-1.0, 1.0], [-1.0, 1.0]])
    found = np.concatenate(boundary(positive(a) & positive(b), "a", "b", box, {}))
    assert (found >= -1e-12).all()
    assert np.allclose(found.min(axis=1), 0, atol=1e-12)
    assert boundary(positive(a) | positive(a - 5), "a", "b", box, {})[0][:, 0] == pytest.approx(0)
    hole = np.concatenate(boundary(nonzero(a), "a", "b", box, {}))  # a line on which it does not hold
    assert np.allclose(hole[:, 0], 0)
    circle = np.concatenate(boundary(negative(a**2 + b**2 - sp.Rational(1, 4)), "a", "b", box, {}))
    assert np.allclose(np.hypot(*circle.T), 0.5, atol=1e-13)
    point = boundary(zero(a - b) & positive(a - sp.Rational(1, 2)), "a", "b", box, {})
    assert np.concatenate(point).min() > 0.49


def test_a_statement_about_a_ray_is_bounded_where_an_eigenvalue_meets_it():
    W = [[0, "v", 1, 0], [-1, 0, "1/2", "1/3"], ["w", 1, 0, -1], [1, "-1/2", "1/4", 0]]
    net = sr.PLRNN(["1/2", "1/4", "1/3", "2/3"], W, [1, 0, 1, 0], dt=1, parameters=["v", "w"])
    formula = sr.check(net, ["1111"]).verdicts["1111"].principal.as_formula()
    assert "for 0 <= t <= 1" in str(formula)
    points = np.concatenate(boundary(formula, "v", "w", np.array([[-2.0, 2.0], [-2.0, 2.0]]), {}))
    assert len(points) > 50
    for v, w in points[::9]:
        M = np.array(net.region("1111").matrix.subs(dict(zip(net.parameters, (v, w), strict=True))), dtype=float)
        roots = np.linalg.eigvals(M)
        zero, double = (
            abs(np.linalg.det(M)),
            min((abs(a - b) for i, a in enumerate(roots) for b in roots[:i] if a.real < 0), default=9),
        )
        assert min(zero, double) < 1e-2  # 0 is an eigenvalue, or two meet on the ray; the square root of a small distance


def test_exponentials_of_letters_are_followed():
    letters = {"dt": "positive", "tau": "positive", "w": "real"}
    net = sr.PLRNN(["exp(-dt/tau)"], [["w"]], [1], dt=1, parameters=letters)
    formula = sr.check(net, ["1"]).verdicts["1"].principal.as_formula()
    points = np.concatenate(boundary(formula, "tau", "w", np.array([[0.5, 2.0], [-1.0, 1.0]]), {"dt": 1}))
    assert len(points) > 50
    assert np.allclose(points[:, 1], -np.exp(-1 / points[:, 0]), atol=1e-12)


def test_what_assumptions_exclude_is_left_out():
    a = sp.Symbol("a", positive=True)
    w = sp.Symbol("w", real=True)
    points = curve(sr.plot.parameter_plane({"": positive(a + w), "x": positive(a + w)}, ("a", -1, 1), ("w", -1, 1)), "x")
    assert points[:, 0].min() > 0
    assert np.allclose(points.sum(axis=1), 0)


def test_constants_fill_the_plane_or_nothing():
    ax = sr.plot.parameter_plane({"always": ALWAYS, "never": ~ALWAYS, "true": sr.TRUE}, ("a", 0, 1), ("b", 0, 1))
    assert [bool(image.get_array()[..., 3].any()) for image in ax.images] == [True, False, True]
    assert all(len(curve(ax, label)) == 0 for label in ("always", "never", "true"))


def test_wrong_calls_say_what_is_accepted(two_units):
    e2 = two_units[0].principal
    with pytest.raises(sr.EntryError, match="the parameter a1 has no value"):
        sr.plot.parameter_plane(e2, X, Y)
    with pytest.raises(sr.EntryError, match=r"x: expected .parameter, least value, greatest value"):
        sr.plot.parameter_plane(e2, ("w12", [1, 2]), Y, AT)
    with pytest.raises(sr.EntryError, match="the least value has to be less"):
        sr.plot.parameter_plane(e2, X, ("w21", 2, -2), AT)
    with pytest.raises(sr.EntryError, match="E4 is unknown: too many"):
        sr.plot.parameter_plane({"E4": sr.UNKNOWN("too many")}, X, Y, AT)
    with pytest.raises(sr.EntryError, match="8 conditions; accepted are up to 7"):
        sr.plot.parameter_plane({str(k): e2 for k in range(8)}, X, Y, AT)
    with pytest.raises(sr.ShapeError, match="expected a condition"):
        sr.plot.parameter_plane("a > 0", X, Y)
