"""Orbits in double precision against exact ones."""

import numpy as np
import pytest

import symplrnn as sr


def in_floats(orbit):
    return np.array([[float(x) for x in z] for z in orbit])


@pytest.mark.parametrize("seed", range(4))
def test_random_networks_with_inputs_against_the_exact_orbit(seed):
    rng = np.random.default_rng(seed)
    n, p, m, steps = 4, 3, 2, 60
    A, W, h = rng.normal(size=(n, n)) / 4, rng.normal(size=(n, p)) / 3, rng.normal(size=n)
    net = sr.ReLURNN(A, W, h, V=rng.normal(size=(p, n)) / 2, b=rng.normal(size=p), C=rng.normal(size=(n, m)))
    z0, s = rng.normal(size=n), rng.normal(size=(steps + 5, m))
    found = net.orbit(z0, steps, inputs=s, exact=False)
    assert (found.shape, found.dtype) == ((steps + 1, n), np.float64)
    assert np.allclose(found, in_floats(net.orbit(z0, steps, inputs=s)), rtol=0, atol=1e-12)
    assert not np.allclose(found, net.orbit(z0, steps, exact=False), atol=1e-2)
    assert np.array_equal(found, sr.derive(net, 1).simulate(z0, steps, 1, inputs=s[:steps]).grid_states)


def test_small_dyadic_numbers_are_exact():
    net = sr.ALRNN(["1/2", "1/4"], [[0, 1], [0, 0]], [1, -1], P=1)
    assert net.orbit([3, 2], 10, exact=False).tolist() == in_floats(net.orbit([3, 2], 10)).tolist()
    assert net.orbit([3, 2], 0, exact=False).tolist() == [[3, 2]]


def test_irrational_entries_and_batches():
    net = sr.PLRNN(["sqrt(2)/2", "exp(-1/2)"], [[0, "1/3"], ["-1/5", 0]], [1, "1/7"])
    exact = in_floats(net.orbit([1, -1], 12))
    starts = np.array([[1.0, 0.5], [-1.0, 2.0]])
    batch = net.orbit(starts, 12, exact=False)
    assert batch.shape == (13, 2, 2)
    assert np.allclose(batch[:, :, 0], exact, rtol=1e-13)
    assert np.allclose(batch[:, :, 1], net.orbit([0.5, 2.0], 12, exact=False), rtol=1e-14)


def test_a_trained_network(van_der_pol, van_der_pol_orbit):
    found = van_der_pol.orbit(None, 1000, exact=False)  # from the start in the file
    assert np.abs(found[:101] - in_floats(van_der_pol_orbit[:101])).max() < 1e-11


def test_states_beyond_doubles_are_infinite():
    found = sr.PLRNN([2**300], [[0]], [0]).orbit([-1], 5, exact=False)
    assert found.ravel().tolist() == [-1, -(2.0**300), -(2.0**600), -(2.0**900), -np.inf, -np.inf]


def test_the_stored_start_is_taken_everywhere(monkeypatch):
    given = sr.example("complex")
    net = sr.ReLURNN(given.A, given.W, given.h, dt=1, initial_states=[[2, -1], [0, 0]])
    ode = sr.derive(net)
    start = [2, -1]
    assert net.orbit(steps=5).patterns == net.orbit(start, 5).patterns
    assert np.array_equal(net.orbit(None, 5, exact=False), net.orbit(start, 5, exact=False))
    assert sr.check(net, "visited", steps=5).verdicts.keys() == sr.check(net, "visited", z0=start, steps=5).verdicts.keys()
    assert list(sr.derive(net, regions="visited", steps=5)) == list(sr.derive(net, regions="visited", z0=start, steps=5))
    assert [e.pattern for e in net.equilibria("visited", steps=5)] == list(dict.fromkeys(net.orbit(start, 5).patterns))
    assert np.array_equal(ode.simulate(None, 5).states, ode.simulate(start, 5).states)
    assert ode.crossings(None, 5).to_dict() == ode.crossings(start, 5).to_dict()
    assert sr.crossings(ode, None, 5).counts == ode.crossings(start, 5).counts


def test_wrong_calls():
    net = sr.PLRNN(["1/2", "1/3"], [[0, 1], [0, 0]], [1, 0], C=[[1], [0]])
    missing = "z0: missing, and the network carries no start state; accepted is a vector of 2 numbers"
    for call in (
        lambda: net.orbit(steps=3),
        lambda: net.orbit(steps=3, exact=False),
        lambda: sr.derive(net, 1).crossings(None, 3),
    ):
        with pytest.raises(sr.ShapeError, match=missing):
            call()
    with pytest.raises(sr.ShapeError, match="steps: expected a whole number that is not negative, got None"):
        net.orbit([1, 1], exact=False)
    with pytest.raises(sr.ShapeError, match=r"inputs: expected a row for each of 3 steps, got 1"):
        net.orbit([1, 1], 3, inputs=[[1]], exact=False)
    with pytest.raises(sr.EntryError, match="orbit: the network has the parameters"):
        sr.example("two_units").orbit([1, 1], 3, exact=False)
