"""Simulation and vector fields of networks with irrational entries, against mpmath at 50 digits."""

import mpmath
import numpy as np
import pytest
import sympy as sp

import symplrnn as sr

R = sp.sqrt(2)
NETWORKS = {
    "lifted": ([-R / 2, "1/2"], [[0, "1/3"], ["1/4", 0]], [1, -R]),
    "impulsive": ([0, R / 2], [[0, 1], ["-1/2", 0]], [1, "1/10"]),
    "real": ([R / 2, "3/4"], [[0, "-1/2"], ["1/2", 0]], ["1/5", "1/7"]),
}


def mp(matrix):
    return mpmath.matrix([[mpmath.mpf(str(sp.N(x, 50))) for x in matrix.row(i)] for i in range(matrix.rows)])


def network(name: str, C=None) -> sr.ReLURNN:
    A, W, h = NETWORKS[name]
    return sr.PLRNN(A, W, h, C=C, dt="1/10")


def orbit(net, z, steps, inputs=None):
    """The network's map at 50 digits."""
    A, W, h = mp(net.A), mp(net.W), mp(net.h)
    states = [mpmath.matrix(z)]
    for k in range(steps):
        z = states[-1]
        drive = mp(net.C) * mpmath.matrix(inputs[k]) if inputs is not None else 0 * h
        states.append(A * z + W * mpmath.matrix([max(x, 0) for x in z]) + h + drive)
    return states


@pytest.mark.parametrize("name", NETWORKS)
def test_grid_switching_is_the_orbit_of_the_network(name):
    """At grid times, for 200 steps with inputs; in between, the jump and the exponential of the printed X^ of the region."""
    net = network(name, C=[[1], [R]])
    inputs = np.sin(np.arange(200.0))[:, None]
    ode = sr.derive(net)
    found = ode.simulate([1, -1], steps=200, per_step=4, inputs=inputs)
    with mpmath.workdps(50):
        exact = orbit(net, [1, -1], 200, inputs)
        error = max(abs(found.grid_states[k][i] - exact[k][i]) for k in range(201) for i in range(2))
        assert error < 1e-12
        for k in (0, 3, 57):
            pattern = "".join("1" if x > 0 else "0" for x in exact[k])
            case = ode[pattern].case_at({})
            start = [*exact[k], *[0] * case.extra, 1, mpmath.mpf(float(inputs[k][0]))]
            if case.jump_map is not None:
                J, j, K = (mp(part) for part in (case.jump_map.matrix, case.jump_map.offset, case.jump_map.input_matrix))
                image = J * exact[k] + j + K * start[-1]
                start[:2] = list(image)
            state = mpmath.expm(mp(case.augmented) * mpmath.mpf("0.05")) * mpmath.matrix(start)
            assert max(abs(found.states[4 * k + 2][i] - state[i]) for i in range(2)) < 1e-12
            assert np.allclose(found((k + 0.5) / 10), found.states[4 * k + 2], atol=1e-13)
    assert {ode[pattern].kind for pattern in ode} <= {name, "real"}


def test_state_switching_follows_the_field():
    """Against a fine integration of the vector field, which is that of mpmath's logarithm."""
    integrate = pytest.importorskip("scipy.integrate")
    net = network("real")
    ode = sr.derive(net)
    f, found = ode.lambdify(), ode.simulate([1, -1], steps=20, per_step=2, switching="state")
    with mpmath.workdps(50):
        M = mp(net.region("10").matrix.row_join(net.region("10").offset).col_join(sp.Matrix([[0, 0, 1]])))
        expected = 10 * mpmath.logm(M) * mpmath.matrix([1, -1, 1])
        assert np.allclose(f(0.0, [1.0, -1.0]), [float(mpmath.re(x)) for x in expected[:2]], rtol=1e-14)
    solution = integrate.solve_ivp(f, (0, 2), [1.0, -1.0], rtol=1e-11, atol=1e-12, max_step=0.002, t_eval=found.times)
    assert found.status == "done"
    assert np.abs(solution.y.T - found.states).max() < 1e-4  # the integrator steps across faces


def test_what_is_no_vector_field_is_refused():
    ode = sr.derive(network("lifted"))
    with pytest.raises(sr.ShapeError, match="region 10 is lifted, so it is no vector field"):
        ode.lambdify()(0.0, [1.0, -1.0])
    assert ode.simulate([1, -1], 5, switching="state").status == "region"


def test_an_irrational_step():
    """The states at grid times do not depend on dt, and those between are the same at the same part of the step."""
    net = network("lifted")
    first, second = (sr.derive(net, dt).simulate([1, -1], 7, per_step=3) for dt in ("1/10", R))
    assert np.allclose(first.states, second.states, atol=1e-14)
    assert np.isclose(second.times[-1], 7 * np.sqrt(2))
