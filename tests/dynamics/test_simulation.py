"""Simulation with grid switching, against exact orbits, exact flows, SciPy, and the published shortcut that fails."""

import pickle
import tracemalloc

import numpy as np
import pytest
import sympy as sp
from flint import fmpq
from scipy.linalg import expm, logm

import symplrnn as sr
from symplrnn.dynamics import simulation
from symplrnn.dynamics.simulation import distinct_patterns


def floats(matrix):
    return np.array(matrix.tolist(), dtype=float)


def in_floats(orbit):
    """The states of an exact orbit (T + 1, n); Python rounds a quotient of integers correctly."""
    return np.array([[int(x) / int(q) for x in Z.entries()] for Z, q in zip(orbit.numerators, orbit.denominators, strict=True)])


def augmented(region):
    n, m = region.network.n, region.network.m
    M = np.eye(n + 1 + m)
    M[:n] = np.hstack([floats(region.matrix), floats(region.offset), floats(region.input_matrix).reshape(n, m)])
    return M


def test_van_der_pol_meets_the_exact_map_at_all_grid_times(van_der_pol, van_der_pol_orbit):
    found = sr.derive(van_der_pol, "1/10").simulate(van_der_pol.initial_states[0], 1000, per_step=10, switching="grid")
    exact = in_floats(van_der_pol_orbit)
    assert found.states.shape == (10001, 10)
    assert np.abs(found.states[::10] - exact).max() < 1e-9
    assert np.array_equal(found.states[::10], found.grid_states)
    assert found.patterns == van_der_pol_orbit.patterns[:-1]
    assert (found.status, found.success, found.events) == ("done", True, ())
    assert np.array_equal(found.times, np.arange(10001) / 100)


def test_between_grid_times_the_flow_is_scipys_exponential(van_der_pol):
    ode = sr.derive(van_der_pol, "1/10")
    found = ode.simulate(None, 40, per_step=4)
    for k in (0, 17, 31):
        log = logm(augmented(van_der_pol.region(found.patterns[k]))).real
        u = np.append(found.grid_states[k], 1)
        for j in range(4):
            assert np.allclose(found.states[4 * k + j], (expm(log * j / 4) @ u)[:10], rtol=1e-9, atol=1e-9)
        assert np.allclose(expm(log) @ u, np.append(found.grid_states[k + 1], 1), rtol=1e-9, atol=1e-9)
    moments = np.array([0.0, 0.0125, 0.1, 0.31, 3.999, 4.0])
    dense = found(moments)
    assert dense.shape == (6, 10)
    assert np.array_equal(found(0.31), dense[3])
    assert np.array_equal(dense[[0, 2, 5]], found.grid_states[[0, 1, 40]])
    log = logm(augmented(van_der_pol.region(found.patterns[3]))).real
    assert np.allclose(dense[3], (expm(log * 0.1) @ np.append(found.grid_states[3], 1))[:10], rtol=1e-9, atol=1e-9)
    assert np.allclose(found(found.times), found.states, rtol=0, atol=1e-13)


def test_dense_output_at_grid_times_whatever_the_rounding(van_der_pol):
    found = sr.derive(van_der_pol, "1/10").simulate(None, 60, per_step=1)
    for k in range(61):
        for t in (0.1 * k, k / 10, np.nextafter(k / 10, 0)):
            assert np.array_equal(found(t), found.grid_states[k])
    for bad in (-0.1, 6.1, [[1.0]], float("nan")):
        with pytest.raises(ValueError, match=r"t: expected a time, or a list of times, from 0 to 6\.0"):
            found(bad)


def test_general_networks_and_batches():
    net = sr.ReLURNN(
        [["1/2", "1/5"], [0, "3/4"]], [[1, "-1/3"], ["-1/4", "1/2"]], ["1/10", "-1/5"], V=[[1, 1], [0, 1]], b=["-1/2", "1/3"]
    )
    states = np.array([[1.0, -0.25, 0.125], [0.5, 0.75, -2.0]])
    ode = sr.derive(net, "1/3")
    batch = ode.simulate(states, 7, 5)
    assert batch.states.shape == (36, 2, 3)
    assert len({name for row in batch.patterns for name in row}) > 2
    for k in range(3):
        one = ode.simulate(states[:, k].tolist(), 7, 5)
        orbit = net.orbit(states[:, k], 7)
        assert one.patterns == orbit.patterns[:-1] == tuple(row[k] for row in batch.patterns)
        assert np.allclose(one.grid_states, in_floats(orbit), rtol=0, atol=1e-14)
        assert np.allclose(batch.states[:, :, k], one.states, rtol=0, atol=1e-14)
        assert np.allclose(batch(one.times)[:, :, k], one.states, rtol=0, atol=1e-13)


def test_a_batch_is_simulated_in_pieces_whatever_their_size(monkeypatch):
    """The pieces end inside of a step, with it, or hold several; the states at grid times are the same, the others to rounding."""
    net = sr.example("addition")
    start = np.random.default_rng(3).normal(size=(2, 37))
    inputs = np.random.default_rng(4).normal(size=(11, 2))
    ode = sr.derive(net, 1)
    whole = ode.simulate(start, 11, 4, inputs=inputs)
    for chunk in (60, 37 * 6, 37 * 6 * 3):
        monkeypatch.setattr(simulation, "CHUNK", chunk)
        monkeypatch.setattr(simulation, "FEWEST_COLUMNS", 1)
        found = ode.simulate(start, 11, 4, inputs=inputs)
        assert np.array_equal(found.states[::4], whole.states[::4])
        assert np.allclose(found.states, whole.states, rtol=1e-15, atol=1e-15)
        assert found.patterns == whole.patterns
    for k in range(37):
        assert np.allclose(whole.states[:, :, k], ode.simulate(start[:, k].tolist(), 11, 4, inputs=inputs).states, atol=1e-13)


@pytest.mark.parametrize("per_step", [1, 10])
def test_a_batch_takes_hardly_more_memory_than_its_states(van_der_pol, per_step):
    ode = sr.derive(van_der_pol, "1/10")
    start = np.array(van_der_pol.initial_states[0], dtype=float).reshape(-1, 1) + np.random.default_rng(0).normal(size=1000) / 1e6
    ode.simulate(start, 10, per_step)
    tracemalloc.start()
    found = ode.simulate(start, 100, per_step)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.3 * found.states.nbytes


def test_start_states_of_every_kind():
    ode = sr.derive(sr.example("complex"))
    expected = ode.simulate([0.5, -0.25], 3).states
    for z0 in (["1/2", "-1/4"], sp.Matrix(["1/2", "-1/4"]), np.array([0.5, -0.25]), (sp.Rational(1, 2), -0.25)):
        assert np.array_equal(ode.simulate(z0, 3).states, expected)
    assert ode.simulate(np.array([[0.5], [-0.25]]), 3).states.shape == (*expected.shape, 1)


def test_no_steps_no_units_one_sample():
    ode = sr.derive(sr.example("complex"))
    assert ode.simulate([1, 2], 0).states.tolist() == [[1, 2]]
    assert ode.simulate([1, 2], 0)(0).tolist() == [1, 2]
    assert ode.simulate([1, 2], 0, switching="state").states.tolist() == [[1, 2]]
    assert ode.simulate([1, 2], 4, per_step=1).states.shape == (5, 2)
    linear = sr.derive(sr.ReLURNN([["1/2"]], [[]], [0], V=[]), 1)
    for switching in ("grid", "state"):
        assert np.allclose(linear.simulate([1], 2, 2, switching).states.ravel(), 0.5 ** np.array([0, 0.5, 1, 1.5, 2]))


def test_regions_are_derived_on_demand_and_kept(van_der_pol):
    ode = sr.derive(van_der_pol, "1/10")
    found = ode.simulate(None, 50)
    assert set(ode.derived) == set(found.patterns)
    kept = ode.simulator.tables.sampled(found.patterns[0], 10)
    ode.simulate(None, 20)
    assert ode.simulator.tables.sampled(found.patterns[0], 10) is kept


def test_nothing_enumerates_the_patterns_of_many_units():
    """40 units on 2 states: 2^40 patterns, of which only those that are visited are looked at."""
    rng = np.random.default_rng(8)
    eighths = lambda *shape: [[sp.Rational(int(x), 64) for x in row] for row in rng.integers(-6, 7, shape)]  # noqa: E731
    net = sr.ReLURNN(["1/2", "3/4"], eighths(2, 40), eighths(1, 2)[0], V=eighths(40, 2), b=eighths(1, 40)[0])
    ode, orbit = sr.derive(net, 1), net.orbit([3, -2], 12)
    found = ode.simulate([3, -2], 12, 3)
    assert np.abs(found.grid_states - in_floats(orbit)).max() < 1e-12
    assert set(ode.derived) == set(found.patterns) == set(orbit.patterns[:-1])
    assert ode.simulate([3, -2], 2, 3, "state").status == "done"


def test_a_network_ode_can_be_pickled_after_a_simulation():
    ode = sr.derive(sr.example("complex"))
    found = ode.simulate([1, 2], 5)
    copy = pickle.loads(pickle.dumps(ode))
    assert np.array_equal(copy.simulate([1, 2], 5).states, found.states)
    assert np.array_equal(pickle.loads(pickle.dumps(found))(0.05), found(0.05))


def test_patterns_of_many_units():
    rng = np.random.default_rng(0)
    active = rng.integers(0, 2, size=(200, 70)).astype(bool)[rng.integers(0, 9, 200)]
    names, order, ends = distinct_patterns(active)
    found = {int(k): name for name, group in zip(names, np.split(order, ends[:-1]), strict=True) for k in group}
    assert [found[k] for k in range(200)] == ["".join("1" if x else "0" for x in row) for row in active]
    assert len(names) == len(set(names)) <= 9
    assert distinct_patterns(active[:0]) == ([], pytest.approx([]), [])
    assert distinct_patterns(active[:3, :0])[::2] == ([""], [3])


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"z0": [1]}, "z0: expected 2 numbers, got 1"),
        ({"z0": None}, "z0: missing, and the network carries no start state"),
        ({"z0": np.ones((3, 2))}, r"z0: expected numbers of shape \(2,\) or \(2, k\)"),
        ({"z0": np.ones((2, 0))}, r"z0: expected numbers of shape \(2,\) or \(2, k\)"),
        ({"z0": [1, float("nan")]}, r"z0\[2\]"),
        ({"z0": np.array([[1, 2], [3, np.nan]])}, "z0: expected finite numbers, got inf or nan"),
        ({"inputs": [[10**400, 1]] * 3}, "inputs: expected real numbers, got"),
        ({"z0": [1, "1e400"]}, r"z0\[2\] is too large for double precision; accepted are numbers up to"),
        ({"steps": -1}, "steps: expected a whole number that is not negative, got -1"),
        ({"steps": 2.5}, "steps: expected a whole number"),
        (
            {"steps": 10**7, "per_step": 10**5},
            r"steps, per_step: 2000000000000 numbers are too many to hold; accepted are up to 107",
        ),
        ({"per_step": 0}, "per_step: expected a whole number of at least 1"),
        ({"switching": "both"}, 'accepted are "grid" and "state"'),
        ({"inputs": [[1, 2]]}, "inputs: expected a row for each of 3 steps, got 1"),
        ({"inputs": [[1], [2], [3]]}, r"inputs: expected shape \(T, 2\), got \(3, 1\)"),
        ({"inputs": [[1, 2], [3, 4], [5, float("inf")]]}, "inputs: expected finite numbers"),
    ],
)
def test_bad_calls(arguments, problem):
    with pytest.raises(ValueError, match=problem):
        sr.derive(sr.example("addition")).simulate(**({"z0": [0, 1], "steps": 3} | arguments))


# Every kind of region


def fraction(rng, low, high):
    return sp.Rational(int(rng.integers(low, high)), 8)


def network_of_any_kind(rng, singular):
    """A network whose regions are real, lifted, impulsive, or both, with 0 to 2 inputs and in general faces beside the axes."""
    n, p, m = (int(rng.integers(*ends)) for ends in ((1, 4), (0, 4), (0, 3)))
    entries = lambda *shape: sp.Matrix(*shape, lambda i, j: fraction(rng, -7, 8))  # noqa: E731
    A, W, h, V, b, C = (entries(*shape) for shape in ((n, n), (n, p), (n, 1), (p, n), (p, 1), (n, m)))
    if singular:
        A[:, 0], V[:, 0] = sp.zeros(n, 1), sp.zeros(p, 1)
    return sr.ReLURNN(A, W, h, V=V, b=b, C=C)


def test_every_kind_of_region_is_followed():
    """Grid times: the exact orbit. Between: `RegionODE.readout`, certified, at the samples, in dense output, and in batches."""
    rng, kinds = np.random.default_rng(77), set()
    for trial in range(48):
        net = network_of_any_kind(rng, trial % 2)
        ode, per_step = sr.derive(net, sp.Rational(int(rng.integers(1, 9)), 6)), int(rng.integers(1, 4))
        states, inputs = rng.integers(-40, 41, (net.n, 2)) / 16 + 1 / 64, rng.integers(-8, 9, (4, net.m)) / 8
        orbit = net.orbit(states[:, 0].tolist(), 4, inputs=inputs.tolist())
        found, batch = (ode.simulate(z0, 4, per_step, inputs=inputs) for z0 in (states[:, 0], states))
        scale = 1 + np.abs(found.states).max()
        assert found.patterns == orbit.patterns[:-1]
        assert np.abs(found.grid_states - in_floats(orbit)).max() < 1e-14 * scale
        assert np.array_equal(found.states[::per_step], found.grid_states)
        assert np.abs(batch.states[:, :, 0] - found.states).max() < 1e-14 * scale
        for k, pattern in enumerate(found.patterns):
            region, u = ode[pattern], np.concatenate([found.grid_states[k], [1], inputs[k]])
            kinds.add(region.kind)
            for r in (*(fmpq(j, per_step) for j in range(1, per_step)), fmpq(1, 1000), fmpq(2, 3), fmpq(999, 1000)):
                t, expected = (k + float(r.p) / float(r.q)) * found.dt, midpoints(region.readout(r, 128)) @ u
                assert np.abs(found(t) - expected).max() < 2e-12 * scale  # (a time of this size has few more digits)
                assert np.abs(batch(t)[:, 0] - expected).max() < 2e-12 * scale
                if per_step % int(r.q) == 0:
                    assert np.abs(found.states[per_step * k + per_step * int(r.p) // int(r.q)] - expected).max() < 1e-14 * scale
    assert kinds == {"real", "lifted", "impulsive", "lifted+impulsive"}


def midpoints(balls):
    return np.array([[float(x.mid()) for x in row] for row in balls.tolist()])


def test_dense_output_at_a_jump_is_the_state_before_it():
    """z1' = z2 + s, z2' = z2/2 + 1: at each grid time z1 jumps to a function of z2 and s, and then both follow a flow."""
    ode = sr.derive(sr.ReLURNN([[0, 1], [0, "1/2"]], [[], []], [0, 1], V=[], C=[[1], [0]]), "1/10")
    assert ode[""].kind == "impulsive"
    found = ode.simulate([5, 1], 3, 2, inputs=[[1], [-1], [1]])
    assert np.allclose(found.grid_states, [[5, 1], [2, 1.5], [0.5, 1.75], [2.75, 1.875]])
    J = ode[""].jump_map
    for k in range(3):
        before = found.grid_states[k]
        after = floats(J.matrix) @ before + floats(J.offset).ravel() + floats(J.input_matrix).ravel() * [1, -1, 1][k]
        for t in (0.1 * k, np.nextafter(0.1 * k, 0), np.nextafter(0.1 * k, 1)):
            assert np.array_equal(found(t), before)
        assert np.allclose(found(0.1 * k + 1e-11), after, atol=1e-8)  # to the right: after the jump
        assert np.allclose(found(0.1 * (k + 1) - 1e-11), found.grid_states[k + 1], atol=1e-8)  # to the left: before the next
        assert abs(after[0] - before[0]) > 0.1


# Inputs, held from grid time to grid time


def test_the_flow_with_inputs_is_the_map_exactly():
    """The addition problem: exp(dt X^) (z, 1, s) = (F(z, s), 1, s) in exact arithmetic, for random rational states and inputs."""
    rng = np.random.default_rng(5)
    net = sr.example("addition")
    ode = sr.derive(net, "1/7")
    fraction = lambda: sp.Rational(int(rng.integers(-99, 100)), int(rng.integers(1, 50)))  # noqa: E731
    seen = set()
    for _ in range(40):
        z, s = [fraction(), fraction()], [fraction(), fraction()]
        pattern = net.region_of(z).pattern
        flow = ode[pattern].flow("1/7")
        assert flow.matrix * sp.Matrix(z) + flow.offset + flow.input_matrix * sp.Matrix(s) == net.step(z, s)
        halves = ode[pattern].flow("1/14").augmented  # rational-plus-power entries: twice half a step is a step, exactly
        assert (halves * halves).applyfunc(lambda x: sp.nsimplify(sp.expand(x))) == flow.augmented
        seen.add(pattern)
    assert len(seen) == 4


def test_simulated_inputs_act_during_their_step():
    net = sr.example("addition")
    rng = np.random.default_rng(2)
    inputs = rng.uniform(0, 1, size=(30, 2))
    found = sr.derive(net).simulate(["0", "1/2"], 30, 4, inputs=inputs)
    orbit = net.orbit([0, "1/2"], 30, inputs=inputs.tolist())
    assert np.abs(found.grid_states - in_floats(orbit)).max() < 1e-12
    assert found.patterns == orbit.patterns[:-1]
    for k in (0, 7, 29):  # the flow up to the end of the step leads to the next state
        assert np.allclose(found(k + 1 - 1e-9), found.grid_states[k + 1], atol=1e-7)
        log = logm(augmented(net.region(found.patterns[k]))).real
        u = np.concatenate([found.grid_states[k], [1], inputs[k]])
        assert np.allclose(found.states[4 * k + 1], (expm(log / 4) @ u)[:2], atol=1e-11)
    states = np.array([[0.0, 1.0], [0.5, -1.0]])
    batch = sr.derive(net).simulate(states, 30, 4, inputs=inputs)
    assert np.allclose(batch.states[:, :, 0], found.states, rtol=0, atol=1e-13)


# The real part of the complex logarithm


def test_the_real_part_of_the_logarithm_is_another_map():
    """z' = -z/4 + 1: log(-1/4) = log(1/4) + i pi, and exp of its real part is +1/4; so is SciPy's."""
    assert sp.exp(sp.re(sp.log(sp.Rational(-1, 4)))) == sp.Rational(1, 4)
    M = np.array([[-0.25, 1.0], [0.0, 1.0]])
    shortcut = expm(logm(M).real)
    assert shortcut[0, 0] == pytest.approx(0.25)
    assert np.abs(shortcut - M).max() == pytest.approx(0.5)


def test_the_real_part_of_the_logarithm_fails_on_the_oscillator(oscillator):
    report = sr.check(oscillator)
    failing = [pattern for pattern, check in report.verdicts.items() if not check["E2"].truth.is_true]
    assert len(failing) == 2
    for region in oscillator.regions():
        M = augmented(region)
        difference = np.abs(expm(logm(M).real) - M).max()
        assert difference > 1e-3 if region.pattern in failing else difference < 1e-10
