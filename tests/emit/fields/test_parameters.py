"""A vector field with values for parameters as arguments."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import symplrnn as sr

NET = sr.PLRNN(["a", "1/2"], [[0, "w"], ["1/3", 0]], ["h", 1], dt=1, parameters={"a": "positive", "w": "real", "h": "real"})
ODE = sr.derive(NET)


@pytest.mark.parametrize("values", [(0.5, -0.25, 1.0), (1.0, 0.0, 0.0), (0.5, 0.0, 2.0)])
def test_it_is_the_field_of_the_network_with_these_numbers(values):
    f = ODE.lambdify(parameters=["a", "w", "h"])
    a, w, h = values
    expected = ODE.subs({"a": a, "w": w, "h": h}).lambdify()
    for z in ([1.0, 2.0], [-1.0, 0.5], [1.0, -3.0]):
        assert np.array_equal(f(0.0, z, *values), expected(0.0, z))


def test_scipy_passes_the_values():
    f = ODE.lambdify("grid", z0=[1.0, 1.0], parameters=["h", "a", "w"])
    values = (0.5, 0.25, -0.125)
    found = solve_ivp(f, (0, 1), [1.0, 1.0], args=values, rtol=1e-10, atol=1e-12)
    step = NET.subs(dict(zip(("h", "a", "w"), values, strict=True))).step([1, 1])
    assert np.allclose(found.y[:, -1], [float(x) for x in step], atol=1e-8)


def test_bad_calls():
    with pytest.raises(sr.EntryError, match=r"parameters: needed is each of a, h, w once, in any order; got \['a', 'w'\]"):
        ODE.lambdify(parameters=["a", "w"])
    with pytest.raises(sr.ShapeError, match="expected 3 values after t and z, for a, w, h; got 1"):
        ODE.lambdify(parameters=["a", "w", "h"])(0.0, [1.0, 1.0], 0.5)
    with pytest.raises(sr.EntryError, match="a: -1 is not positive, as declared"):
        ODE.lambdify(parameters=["a", "w", "h"])(0.0, [1.0, 1.0], -1.0, 0.0, 0.0)
    with pytest.raises(sr.ShapeError, match='go with backend="numpy"'):
        ODE.lambdify(backend="c", parameters=["a", "w", "h"])
