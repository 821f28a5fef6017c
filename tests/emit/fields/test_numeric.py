import numpy as np
import pytest
import scipy.linalg
from scipy.integrate import solve_ivp

import symplrnn as sr


def floats(matrix):
    return np.array(matrix.tolist(), dtype=float)


def start(net):
    return floats(net.initial_states[0]).ravel()


def test_values_agree_with_scipys_logarithm(van_der_pol, van_der_pol_orbit):
    ode = sr.derive(van_der_pol, "1/10")
    f = ode.lambdify(switching="state")
    for t in range(0, 1000, 100):
        z = floats(van_der_pol_orbit[t]).ravel()
        region = van_der_pol.region_of(van_der_pol_orbit[t])
        augmented = np.zeros((11, 11))
        augmented[:10, :10], augmented[:10, 10], augmented[10, 10] = floats(region.matrix), floats(region.offset).ravel(), 1
        theirs = (scipy.linalg.logm(augmented) / 0.1)[:10] @ np.append(z, 1)
        assert np.allclose(f(0.0, z), theirs, rtol=1e-8, atol=1e-8)
        assert np.allclose(ode[region.pattern].lambdify()(0.0, z), f(0.0, z), rtol=1e-14)


def test_batches_are_columns(van_der_pol):
    f = sr.derive(van_der_pol, "1/10").lambdify()
    states = np.array([floats(z).ravel() for z in van_der_pol.initial_states]).T
    batch = f(0.0, states)
    assert batch.shape == (10, 6)
    for k in range(6):
        assert np.allclose(batch[:, k], f(0.0, states[:, k]), rtol=1e-13, atol=1e-13)


def test_grid_switching_meets_the_network_at_grid_times(van_der_pol, van_der_pol_orbit):
    f = sr.derive(van_der_pol, "1/10").lambdify(switching="grid", z0=start(van_der_pol))
    expected = np.array([floats(van_der_pol_orbit[t]).ravel() for t in range(31)]).T
    z, worst = expected[:, 0], 0.0
    for k in range(30):  # step by step, so that the integrator never straddles a switch
        z = solve_ivp(f, (k / 10, (k + 1) / 10 - 1e-9), z, rtol=1e-11, atol=1e-12).y[:, -1]
        worst = max(worst, np.abs(z - expected[:, k + 1]).max())
    assert worst < 1e-6
    whole = solve_ivp(f, (0, 3), expected[:, 0], rtol=1e-9, atol=1e-10, t_eval=np.arange(31) / 10)
    assert np.abs(whole.y - expected).max() < 1e-5


def test_state_switching_departs_from_the_network(van_der_pol, van_der_pol_orbit, data):
    """As in the published run: the two semantics differ, because steps cross faces between grid times."""
    f = sr.derive(van_der_pol, "1/10").lambdify(switching="state")
    found = solve_ivp(f, (0, 10), start(van_der_pol), rtol=1e-9, atol=1e-10, t_eval=np.arange(101) / 10).y
    exact = np.array([floats(van_der_pol_orbit[t]).ravel() for t in range(101)]).T
    reference = np.load(data / "vdP_reference_trajectory.npz")
    published = reference["continuous"][:, ::10][:, :101]
    departure = np.abs(found - exact).max()
    assert 0.01 < departure < 0.2
    assert np.abs(found - published).max() < departure / 3


def test_grid_switching_takes_its_start_from_the_first_call(van_der_pol, van_der_pol_orbit):
    ode = sr.derive(van_der_pol, "1/10")
    z0 = start(van_der_pol)
    given, taken = ode.lambdify(switching="grid", z0=z0), ode.lambdify(switching="grid")
    rng = np.random.default_rng(0)
    taken(0.0, z0)
    for t in np.linspace(0, 3, 40)[1:]:
        z = rng.normal(size=10)
        assert np.array_equal(given(t, z), taken(t, z))
    other = floats(van_der_pol.initial_states[1]).ravel()
    with pytest.raises(ValueError, match="call lambdify again"):
        taken(0.0, other)
    taken(0.0, z0 + 1e-7)  # an implicit solver's probe does not move the start
    assert np.array_equal(taken.states[0], z0)
    later = ode.lambdify(switching="grid")
    later(0.3, floats(van_der_pol_orbit[3]).ravel())
    assert np.array_equal(later(0.77, z0), given(0.77, z0))
    with pytest.raises(ValueError, match="start at a grid time"):
        ode.lambdify(switching="grid")(0.05, z0)
    with pytest.raises(ValueError, match="before the start"):
        given(-0.2, z0)


def test_grid_switching_of_a_batch(van_der_pol):
    ode = sr.derive(van_der_pol, "1/10")
    states = np.array([floats(z).ravel() for z in van_der_pol.initial_states[:3]]).T
    batch = ode.lambdify(switching="grid", z0=states)
    single = [ode.lambdify(switching="grid", z0=states[:, k]) for k in range(3)]
    z = np.arange(30.0).reshape(10, 3) / 7 - 2
    for t in (0.0, 0.35, 1.2):
        assert np.allclose(batch(t, z), np.array([f(t, z[:, k]) for k, f in enumerate(single)]).T, rtol=1e-13, atol=1e-13)
    one = ode.lambdify(switching="grid", z0=states[:, 0])  # one start state, many evaluation points: one region for all
    assert np.allclose(one(0.35, z)[:, 2], one(0.35, z[:, 2]), rtol=1e-13, atol=1e-13)
    with pytest.raises(ValueError, match="as in the start states"):
        batch(0.0, z[:, :2])


def test_implicit_solvers_work():
    net = sr.example("complex")
    f = sr.derive(net).lambdify(switching="grid", z0=[1.0, 2.0])
    explicit = solve_ivp(f, (0, 1), [1.0, 2.0], rtol=1e-10, atol=1e-12)
    implicit = solve_ivp(f, (0, 1), [1.0, 2.0], rtol=1e-10, atol=1e-12, method="Radau", vectorized=True)
    own = sr.derive(net).lambdify(switching="grid")
    probing = solve_ivp(own, (0, 1), [1.0, 2.0], rtol=1e-10, atol=1e-12, method="Radau", vectorized=True)
    assert np.array_equal(own.states[0], [1.0, 2.0])
    assert np.array_equal(probing.y, implicit.y)
    assert np.allclose(explicit.y[:, -1], implicit.y[:, -1], atol=1e-7)
    assert np.allclose(explicit.y[:, -1], floats(net.orbit([1, 2], 10)[10]).ravel(), atol=1e-7)


def test_inputs_are_held_over_each_step():
    net = sr.example("addition")
    rng = np.random.default_rng(1)
    inputs = rng.uniform(0, 1, size=(8, 2))
    exact = net.orbit([0, "1/2"], 8, inputs=inputs.tolist())
    for switching in ("grid", "state"):
        z0 = {"z0": [0.0, 0.5]} if switching == "grid" else {}
        f = sr.derive(net).lambdify(switching=switching, inputs=inputs, **z0)
        z = np.array([0.0, 0.5])
        for k in range(8 if switching == "grid" else 1):
            z = solve_ivp(f, (k, k + 1 - 1e-8), z, rtol=1e-11, atol=1e-12).y[:, -1]
            assert np.allclose(z, floats(exact[k + 1]).ravel(), atol=1e-6)
    with pytest.raises(ValueError, match="step 8 is asked for"):
        f(8.5, z)
    with pytest.raises(ValueError, match=r"inputs: expected shape \(T, 2\)"):
        sr.derive(net).lambdify(inputs=[[1.0]])


def test_exact_zeros_are_zero_and_tiny_entries_keep_relative_precision():
    turn = sr.ReLURNN([["3/5", "-4/5"], ["4/5", "3/5"]], [[], []], [0, 0], V=[])
    assert np.allclose(sr.derive(turn, 1)[""].lambdify()(0.0, [1.0, 0.0]), [0.0, np.arctan2(4, 3)], rtol=1e-15, atol=1e-40)
    near = sr.ReLURNN([["1 + 1e-30"]], [[]], [0], V=[])
    assert sr.derive(near, 1)[""].lambdify()(0.0, [1.0])[0] == 1e-30


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"switching": "both"}, 'accepted are "state" and "grid"'),
        ({"backend": "fortran"}, 'accepted are "numpy", "jax", "torch", "c" and "julia"'),
        ({"z0": [1.0, 1.0]}, 'goes with switching="grid"'),
        ({"switching": "grid", "z0": [1.0]}, r"z0: expected shape \(2,\)"),
    ],
)
def test_bad_options(options, problem):
    with pytest.raises(ValueError, match=problem):
        sr.derive(sr.example("complex")).lambdify(**options)


def test_bad_states():
    f = sr.derive(sr.example("complex")).lambdify()
    for bad in ([1.0], [[[1.0]]], [1.0, 2.0, 3.0], 1.0):
        with pytest.raises(ValueError, match="z: expected shape"):
            f(0.0, bad)


def test_a_region_without_an_ode_raises_when_it_is_entered():
    f = sr.derive(sr.example("negative")).lambdify()
    assert f(0.0, [-1.0, -1.0]).shape == (2,)
    with pytest.raises(sr.SymplrnnError, match="region 11"):
        f(0.0, [1.0, 1.0])


def test_grid_switching_of_the_general_form():
    """Faces off the origin: V and b matter for the regions and for the map that fixes them."""
    net = sr.ReLURNN(
        [["1/2", "1/5"], [0, "3/4"]], [[1, "-1/3"], ["-1/4", "1/2"]], ["1/10", "-1/5"], V=[[1, 1], [0, 1]], b=["-1/2", "1/3"]
    )
    states = np.array([[1.0, -0.25, 0.1], [0.5, 0.75, -2.0]])
    f = sr.derive(net, 1).lambdify(switching="grid", z0=states)
    z, patterns = states, set()
    for k in range(5):
        flat = solve_ivp(lambda t, y: f(t, y.reshape(2, 3)).ravel(), (k, k + 1 - 1e-8), z.ravel(), rtol=1e-11, atol=1e-12)
        z = flat.y[:, -1].reshape(2, 3)
        for column in range(3):
            orbit = net.orbit(states[:, column], k + 1)
            patterns.add(orbit.patterns[k])
            assert np.allclose(z[:, column], floats(orbit[k + 1]).ravel(), atol=1e-6)
    assert len(patterns) > 2


def test_doubles_are_nearest_whatever_the_time_scale():
    for power, dt in ((88, "10^45"), (100, "10^60"), (3, "1/1000")):
        net = sr.ReLURNN([[2, 1, 0], [0, 2, 1], [f"2*10^-{power}", 0, 2]], [[]] * 3, [1, 0, 0], V=[])
        ode = sr.derive(net, dt)[""]
        expected = np.array([[float(x) for x in row] for row in ode.digits(25).matrix])
        assert np.array_equal(ode.lambdify().X, expected)


def test_numbers_that_are_no_doubles_are_refused():
    with pytest.raises(ValueError, match="too large for double precision"):
        sr.derive(sr.PLRNN(["10^400"], [[0]], ["10^400"]), 1).lambdify(switching="grid")(0.0, [1.0])
    with pytest.raises(ValueError, match="t: nan is not a finite number"):
        sr.derive(sr.example("complex")).lambdify()(float("nan"), [1.0, 1.0])
    with pytest.raises(ValueError, match="z: expected real numbers"):
        sr.derive(sr.example("complex")).lambdify()(0.0, [1.0, 1j])
