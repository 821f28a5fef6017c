"""Simulation with state switching, against SciPy's integrator with events, the published run, and answers worked by hand."""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.linalg import logm

import symplrnn as sr
from symplrnn.dynamics.state_switching import first_exit
from tests.toy import run


def floats(matrix):
    return np.array(matrix.tolist(), dtype=float)


def field(net, pattern, dt):
    """X and y by SciPy's logarithm, None if the region has an eigenvalue in (-inf, 0]."""
    region, n = net.region(pattern), net.n
    M = np.zeros((n + 1, n + 1))
    M[:n, :n], M[:n, n], M[n, n] = floats(region.matrix), floats(region.offset).ravel(), 1
    values = np.linalg.eigvals(M)
    if (np.abs(values.imag) < 1e-9)[values.real <= 1e-12].any():
        return None
    return logm(M).real[:n] / dt


def integrate(net, z0, dt, end, most=0.1):
    """Integrate region by region with events, and restart at each face; return status, end, crossings and a dense solution."""
    V, b, fields, pieces, events = floats(net.V), floats(net.b).ravel(), {}, [], []
    z, t = np.array(z0, dtype=float), 0.0
    pattern = "".join("1" if x > 0 else "0" for x in V @ z + b)
    while True:
        f = fields.setdefault(pattern, field(net, pattern, dt))
        if f is None:
            return "region", t, events, pieces
        faces = []
        for i in range(net.p):
            faces.append(lambda t, u, i=i: V[i] @ u + b[i])
            faces[-1].terminal, faces[-1].direction = True, -1 if pattern[i] == "1" else 1
        s = solve_ivp(
            lambda t, u, f=f: f[:, :-1] @ u + f[:, -1], (t, end), z, "DOP853", rtol=1e-12, atol=1e-13, events=faces,
            dense_output=True, max_step=most * dt,
        )  # fmt: skip
        pieces.append((s.t[-1], s.sol))
        t, z = s.t[-1], s.y[:, -1]
        if s.status != 1:
            return "done", t, events, pieces
        i = next(i for i, found in enumerate(s.t_events) if len(found))
        events.append((t, i + 1))
        pattern = pattern[:i] + "01"[pattern[i] == "0"] + pattern[i + 1 :]
        f = fields.setdefault(pattern, field(net, pattern, dt))
        if f is not None and V[i] @ (f[:, :-1] @ z + f[:, -1]) * (1 if pattern[i] == "1" else -1) <= 0:
            return "sliding", t, events, pieces


def compare(found, status, end, events, pieces, tolerance):
    """Hold a trajectory against an integration."""
    assert found.status == status
    assert found.times[-1] == pytest.approx(end, abs=1e-9)
    assert [e.units for e in found.events] == [(i,) for _, i in events]
    assert np.allclose([e.time for e in found.events], [t for t, _ in events], rtol=0, atol=1e-9)
    expected = [next(sol for last, sol in pieces if t <= last + 1e-9)(t) for t in found.times] if pieces else [found.states[0]]
    assert np.abs(np.array(expected) - found.states).max() < tolerance * max(1.0, np.abs(found.states).max())


def test_van_der_pol_agrees_with_an_integrator_over_100_steps(van_der_pol):
    found = sr.derive(van_der_pol, "1/10").simulate(None, 100, switching="state")
    z0 = floats(van_der_pol.initial_states[0]).ravel()
    compare(found, *integrate(van_der_pol, z0, 0.1, 10.0), tolerance=1e-8)
    assert len(found.events) > 5


def runge_kutta(f, z, step, count):
    states = [z]
    for _ in range(count):
        k1 = f(0, z)
        k2 = f(0, z + step / 2 * k1)
        k3 = f(0, z + step / 2 * k2)
        k4 = f(0, z + step * k3)
        z = z + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states.append(z)
    return np.array(states)


def test_van_der_pol_departs_from_the_map_as_published(van_der_pol, data):
    """The published run takes RK4 steps of 0.01 across the faces; with such steps our field gives that run, digit for digit."""
    reference = np.load(data / "vdP_reference_trajectory.npz")
    ode = sr.derive(van_der_pol, "1/10")
    found = ode.simulate(None, 1000, switching="state")
    assert np.abs(found.map_states - reference["discrete"].T).max() < 1e-9
    theirs = np.abs(reference["continuous"][:, ::10] - reference["discrete"]).max(axis=0)
    assert theirs.max() == pytest.approx(0.169, abs=5e-4)
    assert 0.15 < found.departure.max() < 0.2
    assert np.abs(found.departure - theirs).max() < 0.05
    assert np.corrcoef(found.departure, theirs)[0, 1] > 0.95
    steps = {int(e.time / 0.1) for e in found.events}
    assert 80 < len(steps) < 110
    coarse = runge_kutta(ode.lambdify(), found.states[0], 0.01, 300)
    assert np.abs(coarse - reference["continuous"][:, :301].T).max() < 1e-9
    errors = [
        np.abs(runge_kutta(ode.lambdify(), found.states[0], 0.1 / k, 30 * k)[::k] - found.grid_states[:31]).max()
        for k in (10, 100)
    ]
    assert errors[1] < errors[0] / 4  # those steps converge to our solution, slowly, because they straddle faces
    assert errors[1] < 1e-3


@pytest.mark.parametrize("seed", range(12))
def test_random_networks_agree_with_an_integrator(seed):
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(2, 4)), int(rng.integers(1, 5))
    eighths = lambda *shape: [[sp.Rational(int(x), 8) for x in row] for row in rng.integers(-6, 7, shape)]  # noqa: E731
    diagonal = [sp.Rational(int(x), 8) for x in rng.integers(2, 9, n)]
    if seed % 2:
        net = sr.PLRNN(diagonal, eighths(n, n), eighths(1, n)[0])
    else:
        net = sr.ReLURNN(diagonal, eighths(n, p), eighths(1, n)[0], V=eighths(p, n), b=eighths(1, p)[0])
    z0 = (rng.integers(-40, 41, n) / 16 + 1 / 64).tolist()
    found = sr.derive(net, "1/2").simulate(z0, 10, 4, "state")
    compare(found, *integrate(net, z0, 0.5, 5.0), tolerance=1e-9)


SLIDING = {"A": ["3/4", "1/4"], "W": [["3/4", "3/4"], ["-3/4", 0]], "h": ["-3/4", "1/4"]}


def test_sliding_ends_the_trajectory_and_says_where():
    net = sr.PLRNN(**SLIDING)
    found = sr.derive(net, 1).simulate([-1, 2], 10, 10, "state")
    # The last visit, to region 11, takes 0.011 of a step: an integrator with larger steps does not see that it ends.
    compare(found, *integrate(net, [-1, 2], 1.0, 1.5, most=0.002), tolerance=1e-9)
    last = found.events[-1]
    assert (found.status, last.kind, last.units, last.before, last.after) == ("sliding", "sliding", (1,), "11", "01")
    assert not found.success
    assert "the regions 11 and 01 both point to it" in found.message
    assert abs(last.state[0]) < 1e-14
    assert found.times[-1] == last.time
    assert np.array_equal(found.states[-1], last.state)
    before, after = (V[0] @ np.append(last.state, 1) for V in (field(net, p, 1.0) for p in ("11", "01")))
    assert before < 0 < after
    assert np.allclose(found(last.time), last.state, atol=1e-13)


def test_a_corner_that_is_not_left_is_reported():
    """From (1, -2) the region 10 leads to its corner (0, 0) at the very end of the step."""
    net = sr.PLRNN(["3/4", "1/4"], [[0, -1], ["1/2", 0]], ["-3/4", 0])
    assert list(net.step([1, -2])) == [0, 0]
    found = sr.derive(net, 1).simulate([1, -2], 5, 4, "state")
    assert found.status == "corner"
    assert found.events[-1].units == (1, 2)
    assert found.times[-1] == pytest.approx(1)


# By hand: constant velocities in the quadrants 11, 10, 00, 01.


def test_a_crossing_by_hand():
    found = run({"11": (-1, 0), "01": (-2, 1)}, [0.25, 1.0])
    assert (found.status, found.patterns) == ("done", ("11",))
    assert [(e.time, e.units, e.kind, e.before, e.after) for e in found.events] == [(0.25, (1,), "crossing", "11", "01")]
    assert np.allclose(found.states, [[0.25, 1], [0, 1], [-0.5, 1.25], [-1, 1.5], [-1.5, 1.75]], atol=1e-15)
    assert np.allclose(found([0.125, 0.625]), [[0.125, 1], [-0.75, 1.375]], atol=1e-15)
    assert np.allclose(found.departure, [0, 1.75])


def test_sliding_and_tangency_by_hand():
    found = run({"11": (-1, 0.5), "01": (1, 0.5)}, [0.3, 1.0], dt="1/2")
    assert (found.status, found.events[0].kind) == ("sliding", "sliding")
    assert np.allclose(found.times, [0, 0.125, 0.15])
    assert np.allclose(found.states[-1], [0, 1.15])
    assert run({"11": (-1, 0.5), "01": (0, 0.5)}, [0.3, 1.0]).status == "tangent"


def test_a_start_on_a_face():
    """It counts as inactive. Fields: leads away; leads across; leads back from both sides; runs along the face."""
    away, across = run({"01": (-1, 0)}, [0.0, 1.0]), run({"01": (1, 0), "11": (2, 0)}, [0.0, 1.0])
    assert (away.status, away.events, away.patterns) == ("done", (), ("01",))
    assert (across.status, across.events[0].units, across.events[0].time) == ("done", (1,), 0)
    assert np.allclose(across.states[-1], [2, 1])
    back = run({"01": (1, 0), "11": (-1, 0)}, [0.0, 1.0])
    assert (back.status, back.times.tolist(), back.states.tolist()) == ("sliding", [0.0], [[0.0, 1.0]])
    along = run({"01": (0, 1)}, [0.0, 1.0])
    assert (along.status, along.events) == ("done", ())
    assert np.allclose(along.states[-1], [0, 2])


def test_corners_by_hand():
    through = run({"11": (-1, -1), "00": (-1, -2)}, [0.5, 0.5])
    assert (through.status, through.events[0].units, through.events[0].after) == ("done", (1, 2), "00")
    assert np.allclose(through.states[-1], [-0.5, -1])
    assert run({"11": (-1, -1), "00": (-1, 2)}, [0.5, 0.5]).status == "corner"
    aside = run({"11": (-1, -1), "01": (-1, 1), "10": (-1, 1), "00": (1, -1)}, [0.5, 0.5])
    assert (aside.status, aside.events[0].after, len(aside.events)) == ("done", "01", 1)
    assert np.allclose(aside.states[-1], [-0.5, 0.5])
    choice = run({"11": (-1, -1), "01": (-1, 1), "10": (1, -1), "00": (1, 1)}, [0.5, 0.5])
    assert choice.status == "corner"
    assert "the fields of the regions 01, 10 all lead away" in choice.message


def test_a_corner_at_the_start_is_left_where_a_region_leads():
    """Region 000 leads to 101, which leads back by unit 3; 100 is the region that solutions enter."""
    net = sr.PLRNN(["1/4", "1/4", 1], [["3/4", "1/4", "5/4"], ["3/2", 2, "5/4"], ["3/4", "-3/4", "3/4"]], [2, "3/4", "1/4"])
    found = sr.derive(net, 1).simulate([0, -1, 0], 1, 4, "state")
    speed = {p: field(net, p, 1.0) @ [0, -1, 0, 1] for p in ("000", "100", "101")}
    assert speed["000"][2] > 0 > speed["101"][2]
    assert speed["100"][0] > 0 > speed["100"][2]
    assert [(e.units, e.before, e.after) for e in found.events] == [
        ((1, 3), "000", "100"), ((3,), "100", "101"), ((2,), "101", "111"),
    ]  # fmt: skip
    # From there the oracle follows the solution, started just inside region 100.
    nudged = integrate(net, np.array([0, -1, 0]) + 1e-9 * speed["100"], 1.0, 1.0)
    assert np.allclose([e.time for e in found.events[1:]], [t for t, _ in nudged[2]], atol=1e-7)
    assert np.allclose(found.states[-1], nudged[3][-1][1](1.0), atol=1e-7)


def test_units_that_share_a_face_cross_it_together():
    """relu(z) and relu(-z): from -2 the flow 4/3 - (10/3) 4^-t of region 01 meets 0 at 4^t = 5/2; 00 and 11 are empty or a point."""
    net = sr.ReLURNN([["1/2"]], [["1/8", "1/4"]], [1], V=[[1], [-1]])
    found = sr.derive(net, 1).simulate([-2], 1, 4, "state")
    assert [(e.units, e.kind, e.before, e.after) for e in found.events] == [((1, 2), "crossing", "01", "10")]
    assert (found.status, found.events[0].time) == ("done", pytest.approx(np.log(2.5) / np.log(4), abs=1e-14))


def test_events_that_accumulate_are_zeno():
    """Each quadrant is passed in half the time of the one before: the spiral ends in the corner at time 1/2."""
    velocities = {"11": (1, -2), "10": (-2, -1), "00": (-1, 2), "01": (2, 1)}
    found = run(velocities, [0.0, 0.5], per_step=10)
    assert found.status == "zeno"
    assert found.events[-1].kind == "zeno"
    assert found.times[-1] == pytest.approx(0.5, abs=1e-10)
    assert np.allclose([e.time for e in found.events[1:8]], [0.5 * (1 - 0.5**k) for k in range(1, 8)], atol=1e-14)
    assert 20 < len(found.events) < 100


def test_too_many_events_in_one_step_are_zeno():
    velocities = {"11": (3000, -3000), "10": (-3000, -3000), "00": (-3000, 3000), "01": (3000, 3000)}
    found = run(velocities, [1.0, 1.0])
    assert (found.status, len(found.events)) == ("zeno", 1001)


def test_a_region_of_another_kind_ends_the_trajectory():
    found = run({"11": (-1, 0), "01": (-1, 0)}, [0.25, 1.0], kinds={"01": "lifted"})
    assert (found.status, found.times[-1]) == ("region", 0.25)
    assert "region 01 is lifted" in found.message
    assert run({}, [0.25, 1.0], kinds={"11": "impulsive"}).status == "region"


def test_a_region_that_was_not_chosen_ends_the_trajectory():
    net = sr.PLRNN(["1/4"], [["1/4"]], [1])
    found = sr.derive(net, 1, regions=["0"]).simulate([-2], 1, switching="state")
    assert (found.status, found.times[-1]) == ("region", pytest.approx(0.660964047))
    assert found.message.endswith("pattern: '1' is not among the derived regions 0")


def test_short_visits_are_not_passed_by():
    """A parabola-like activation dips below 0 for 2e-4 of a step, and touches 0 in another case."""

    class Tables:
        def __init__(self, depth):
            # g(r) = (r - 1/2)^2 - depth = 1/8 - depth + T_2(2r - 1)/8
            self.terms = np.array([[[0.125 - depth]], [[0.0]], [[0.125]]])

        def activations(self, pattern):
            return self.terms

    u = np.array([1.0])
    r, units = first_exit(Tables(1e-8), "1", u, 1.0)
    assert (r, units) == (pytest.approx(0.5 - 1e-4, abs=1e-12), (0,))
    assert first_exit(Tables(0.3), "1", u, 1.0) == (0.0, (0,))  # just on the wrong side, and leading away
    assert first_exit(Tables(1e-15), "1", u, 1.0) == (pytest.approx(0.5, abs=1e-7), (0,))
    assert first_exit(Tables(1e-8), "1", u, 0.4999) == (0.4999, ())
    assert first_exit(Tables(-1e-8), "1", u, 1.0) == (1.0, ())
    assert first_exit(Tables(0.25 + 1e-14), "0", u, 1.0, frozenset({0}))[0] == pytest.approx(1.0)


@pytest.mark.parametrize("factor", ["1e-280", "1e-60", "1e-20", "1e16", "1e20", "1e40"])
def test_fast_growth_and_decay_have_no_false_events(factor):
    """z(t) = factor^t stays positive, to every digit: the noise of one polynomial for the whole step would not."""
    found = sr.derive(sr.PLRNN([factor], [[0]], [0]), 1).simulate([1], 1, 10, "state")
    assert (found.status, found.events) == ("done", ())
    exact = float(factor) ** found.times[:11]
    assert np.allclose(found.states[:11, 0], exact, rtol=1e-10, atol=0)
    moments = np.array([0.001, 0.0625, 0.33, 0.987654321])
    grid = sr.derive(sr.PLRNN([factor], [[0]], [0]), 1).simulate([1], 1, 2)
    for dense in (found, grid):
        assert np.allclose(dense(moments)[:, 0], float(factor) ** moments, rtol=1e-10, atol=0)


def test_crossings_in_every_piece_of_a_fast_step():
    """z1 = 1e-20^t passes 1e-9 at t = 9/20, and z2 = 1e20^t passes 1e13 at t = 13/20."""
    net = sr.ReLURNN(["1e-20", "1e20"], [[0, 0], [0, 0]], [0, 0], V=[[1, 0], [0, 1]], b=["-1e-9", "-1e13"])
    found = sr.derive(net, 1).simulate([1, 1], 1, 4, "state")
    assert [e.units for e in found.events] == [(1,), (2,)]
    assert np.allclose([e.time for e in found.events], [0.45, 0.65], rtol=0, atol=1e-13)


def test_overflow_is_a_status():
    net = sr.PLRNN([1000], [[0]], [1])
    for switching in ("grid", "state"):
        found = sr.derive(net, 1).simulate([1], 200, 3, switching)
        assert found.status == "overflow"
        assert np.isfinite(found.states).all()
        assert len(found.grid_states) in (102, 103, 104)
        assert len(found.times) == len(found.states)


def test_inputs_switch_at_grid_times():
    net = sr.example("addition")
    rng = np.random.default_rng(3)
    inputs = rng.uniform(0, 1, size=(6, 2))
    found = sr.derive(net).simulate([0.25, 0.5], 6, 5, "state", inputs)
    z, t = np.array([0.25, 0.5]), 0.0
    f = sr.derive(net).lambdify(inputs=inputs)
    for k in range(6):
        while t < k + 1 - 1e-12:
            pattern = f.active(z if t == k else z + 1e-9 * f(t + 1e-9, z))
            faces = [lambda t, u, i=i: u[i] for i in range(2)]
            for face, on in zip(faces, pattern, strict=True):
                face.terminal, face.direction = True, -1 if on else 1
            s = solve_ivp(lambda t, u, d=pattern, k=k: f.value(d, u, inputs[k]), (t, k + 1), z, "DOP853", rtol=1e-12, atol=1e-13,
                          events=faces)  # fmt: skip
            t, z = s.t[-1], s.y[:, -1]
        assert np.allclose(found.grid_states[k + 1], z, atol=1e-8)


def test_one_start_state_only(van_der_pol):
    with pytest.raises(ValueError, match="takes one start state"):
        sr.derive(van_der_pol, 1).simulate(np.ones((10, 2)), 1, switching="state")


@pytest.mark.parametrize("z0", [(0.3, 0.1), (0.9, 0.3), (2.1, 0.7), (3.3, 1.1)])
def test_rounding_along_a_face_is_no_event(z0):
    """All of the plane shrinks to 0, so the face z1 = 3 z2 is invariant; in doubles the states lie beside it by a rounding."""
    net = sr.ReLURNN(["1/2", "1/2"], [["1/3"], ["1/5"]], [0, 0], V=[[1, -3]])
    found = sr.derive(net, 1).simulate(z0, 20, 3, "state")
    assert (found.status, found.events) == ("done", ())
    assert np.allclose(found.states, np.outer(0.5**found.times, z0), atol=1e-14)
