"""Crossing certificates of networks with irrational entries.

They are compared with hand-worked crossing times, with mpmath at 60 digits at 1000 points a step, and with rational networks in
irrational coordinates, which cross at the same times.
"""

from __future__ import annotations

import pickle
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.dynamics.taylor_model import exact_flow
from symplrnn.errors import PrecisionLimit
from tests.conjugation import WIDE, in_other_coordinates, moved

R2, R3 = sp.sqrt(2), sp.sqrt(3)
WIDTH = sp.Rational(1, 2**20)


def one_unit(a, h, z, dt="1/10"):
    net = sr.PLRNN([a], [[0]], [h])
    return sr.certify_step(sr.derive(net.region_of([z]), dt=dt), [z])


def two_powers(V, b, **options):
    """Unit i is V_i1 2^r + V_i2 4^r + b_i."""
    net = sr.ReLURNN([2, 4], [[0] * len(V)] * 2, [0, 0], V=V, b=b)
    return sr.certify_step(sr.derive(net.region_of([1, 1]), dt=1), [1, 1], **options)


def crosses(certificate, r, width=WIDTH):
    """Whether the bracket is as narrow as asked and holds r, compared at 60 digits."""
    lower, upper = certificate.bracket
    with mpmath.workdps(60):
        low, high = (mpmath.mpf(x.p) / x.q for x in (lower, upper))
        return certificate.outcome == "leaves" and low < r() < high and upper - lower <= width


# --- worked by hand


@pytest.mark.parametrize(("h", "z", "direction"), [(1 - R2 / 2, 1 - R2, "activates"), (R2 / 2 - 1, R2 - 1, "deactivates")])
def test_a_unit_that_reaches_its_face_at_a_grid_time(h, z, direction):
    """x' = x/sqrt 2 + 1 - 1/sqrt 2 has the flow 1 - sqrt(2) 2^(-r/2) from 1 - sqrt 2, which is 0 at r = 1."""
    found = one_unit(R2 / 2, h, z)
    assert (found.outcome, found.bracket) == ("stays", None)
    later = sr.crossings(sr.derive(sr.PLRNN([R2 / 2], [[0]], [h]), dt=1), [z], 3).steps
    assert [step.outcome for step in later] == (["stays", "leaves", "stays"] if direction == "activates" else ["stays"] * 3)
    if direction == "activates":
        assert (later[1].bracket, later[1].directions) == ((0, 0), (direction,))


@pytest.mark.parametrize(("sign", "direction"), [(1, "activates"), (-1, "deactivates")])
def test_one_unit_crosses_where_a_logarithm_says(sign, direction):
    """x' = x/sqrt 3 + 1 - 1/sqrt 3 has the fixed point 1; from -1/2 it is 0 where 3^(r/2) = 3/2."""
    found = one_unit(R3 / 3, sign * (1 - R3 / 3), -sign * sp.Rational(1, 2))
    assert crosses(found, lambda: 2 * mpmath.log(mpmath.mpf(3) / 2, 3))
    assert (found.units, found.directions, found.reason) == ((1,), (direction,), "")
    assert found.time == tuple(r / 10 for r in found.bracket)


def test_an_irrational_dt():
    """The same parts of the step, in other times; for rational networks, too."""
    for a, h, z in ((R3 / 3, 1 - R3 / 3, "-1/2"), ("1/2", 1, -1)):
        net = sr.PLRNN([a], [[0]], [h])
        plain, timed = (sr.crossings(sr.derive(net, dt=dt), [z], 2) for dt in (1, R2 / 10))
        assert [(s.outcome, s.bracket) for s in plain.steps] == [(s.outcome, s.bracket) for s in timed.steps]
        assert timed.steps[0].time == tuple(r * R2 / 10 for r in timed.steps[0].bracket)
        assert timed.to_dict()["dt"] == "sqrt(2)/10"
        alone = one_unit(a, h, z, dt=R2 / 10)
        assert (alone.bracket, alone.time) == (timed.steps[0].bracket, timed.steps[0].time)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_tangency_is_undecided_with_the_reason(sign):
    found = two_powers([[-2 * sign * R2, sign]], [2 * sign], limit=128)  # +-(2^r - sqrt 2)^2
    assert (found.outcome, found.units, found.bracket) == ("undecided", (), None)
    assert "unit 1 is not certain from r = 0.49999999 on at 128 bits" in found.reason


@pytest.mark.parametrize("digits", [10, 30])
def test_near_tangencies_are_decided(digits):
    gap = sp.Rational(1, 10**digits)
    assert two_powers([[-2 * R2, 1]], [2 + gap]).outcome == "stays"
    found = two_powers([[-2 * R2, 1]], [2 - gap])
    assert crosses(found, lambda: mpmath.log(mpmath.sqrt(2) - mpmath.sqrt(mpmath.mpf(10) ** -digits), 2))


def test_the_first_of_two_close_crossings_is_found():
    shift = R3 / 10**30
    for sign, first in ((1, 1), (-1, 2)):
        found = two_powers([[R2, 0], [0, R3]], [-2, -2 * R3 - sign * shift])  # at r = 1/2, and near it
        assert (found.units, found.reason) == ((first,), "")


def test_the_same_face_with_irrational_factors():
    found = two_powers([[1, 0], [-R2, 0], [R3, 0]], ["-3/2", R2 * 3 / 2, -R3 * 3 / 2])
    assert (found.units, found.directions, found.reason) == ((1, 2, 3), ("activates", "deactivates", "activates"), "")
    assert crosses(found, lambda: mpmath.log(mpmath.mpf(3) / 2, 2))


# --- states on faces, exactly and nearly


def test_a_state_on_an_irrational_face():
    """z1 - sqrt(2) z2 at (sqrt 2, 1), with the slope of either sign, or none."""
    for A, outcome in ((["1/2", "1/3"], "leaves"), (["1/3", "1/2"], "stays"), (["1/2", "1/2"], "stays")):
        net = sr.ReLURNN(A, [[0], [0]], [0, 0], V=[[1, -R2]])
        found = sr.certify_step(sr.derive(net.region("0"), dt=1), [R2, 1])
        assert found.outcome == outcome
        assert found.bracket == ((0, 0) if outcome == "leaves" else None)


@pytest.mark.parametrize("sign", [1, -1])
def test_states_that_miss_a_face_by_1e_30(sign):
    """p - q sqrt 2 for a convergent p/q is about sign 1e-30: the pattern, the orbit and the time of the crossing know."""
    p, q, k = 1, 1, 0
    while q < 10**29 or (p * p > 2 * q * q) != (sign > 0):
        p, q, k = p + 2 * q, p + q, k + 1
    net = sr.ReLURNN(["1/3", "1/2"], [[0], [0]], [0, 0], V=[[1, -R2]])
    z = [sp.Integer(p), sp.Integer(q)]
    assert net.region_of(z).pattern == ("1" if sign > 0 else "0")
    report = sr.crossings(sr.derive(net, dt=1), z, 2)
    assert report.steps[0].pattern == ("1" if sign > 0 else "0")
    if sign < 0:  # it moves away
        assert report.counts["stays"] == 2
    else:  # p 3^-r = q sqrt(2) 2^-r
        root = lambda: mpmath.log(mpmath.mpf(p) / q / mpmath.sqrt(2)) / mpmath.log(mpmath.mpf(3) / 2)  # noqa: E731
        assert report.steps[0].outcome == "leaves"
        lower, upper = report.steps[0].bracket
        with mpmath.workdps(90):
            assert mpmath.mpf(lower.p) / lower.q <= root() < mpmath.mpf(upper.p) / upper.q
            assert 0 < root() < 1e-55


def test_a_unit_that_stays_on_its_face_for_ever_is_recognised():
    net = sr.ReLURNN([[R2 / 2, "1/4"], ["1/4", R2 / 2]], [[0, 0]] * 2, [R3, R3], V=[[1, -1], [0, 0]])
    report = sr.crossings(sr.derive(net, dt=1), [2, 2], 5)
    assert [step.outcome for step in report.steps] == ["stays"] * 5


JORDAN = [[1, 1, "1/2"], [0, 1, 1], [0, 0, 1]]
T = sp.Rational(1, 3)


@pytest.mark.parametrize(
    ("V", "z", "pattern", "bracket"),
    [
        ([1, 0, 0], (0, 0, 1), "0", (0, 0)),  # r^2/2
        ([1, 0, 0], (0, 0, -1), "0", None),  # -r^2/2
        ([1, 0, 0], ("1/2", -1, 1), "1", None),  # (1 - r)^2/2
        ([1, 1, 0], (-T, T, 0), "0", (0, 0)),  # r/3
        ([1, 1, 0], (T, -T, 0), "0", None),  # -r/3
        ([1, 1, 0], (-T, T, -T), "0", None),  # -r^2/6
        ([1, 1, 0], (T, -T, T), "0", (0, 0)),  # r^2/6
        ([1, 1, 0], (2 * T, -T, 0), "1", None),  # (1 - r)/3
        ([1, 1, 0], ("5/6", -2 * T, T), "1", None),  # (1 - r)^2/6
    ],
)
def test_zeros_at_the_ends_are_exact(V, z, pattern, bracket):
    other, D = in_other_coordinates(sr.ReLURNN(JORDAN, [[0]] * 3, [0] * 3, V=[V]), WIDE)
    assert other.field.name.startswith("QQ<")
    found = sr.certify_step(sr.derive(other.region(pattern), dt=1), moved(D, z))
    assert (found.outcome, found.bracket) == ("leaves" if bracket else "stays", bracket)


# --- other kinds of regions


def test_a_lifted_unit_turns_through_its_face_in_the_middle():
    found = sr.certify_step(sr.derive(sr.PLRNN([-R2 / 4], [[0]], [0]).region("1"), dt=1), [1])  # cos(pi r)/8^(r/2)
    assert crosses(found, lambda: mpmath.mpf(1) / 2)
    assert found.directions == ("deactivates",)


def test_jumps():
    net = sr.PLRNN([0, R2 / 2], [[0, 0], [0, 0]], [0, 1])
    found = sr.certify_step(sr.derive(net.region("11"), dt=1), [1, 1])  # unit 1 jumps to 0
    assert (found.outcome, found.units, found.bracket) == ("leaves", (1,), (0, 0))
    assert "jump" in found.reason
    assert sr.certify_step(sr.derive(net.region("01"), dt=1), [-1, 1]).outcome == "stays"
    net = sr.PLRNN([0, 0], [[0, 0], [0, 0]], [R2, -R2], C=[[R2], [0]])
    report = sr.crossings(sr.derive(net, dt=1), [1, -1], 3, inputs=[["1/2"], [-3], [-1]])
    assert [step.outcome for step in report.steps] == ["stays", "leaves", "stays"]  # to 3 sqrt(2)/2, -2 sqrt 2, 0


def test_half_turns_of_a_pair_from_0():
    net = sr.PLRNN([-R2 / 4, -R2 / 4], [[0, 0], [0, 0]], [0, 0])
    ode = sr.derive(net, dt=1)["00"]
    assert ode.kind == "real"
    assert exact_flow(ode).turning
    assert sr.certify_step(ode, [0, 0]).outcome == "stays"  # identically 0, which is exact
    assert sr.certify_step(ode, [0, -1]).outcome == "leaves"


# --- rational networks in irrational coordinates

ENTRIES = st.sampled_from([0, 0, 1, -1, *map(Fraction, ["1/2", "-1/2", "-1/4", "1/3", "-2/3", "5/4", "2"])])


@st.composite
def networks(draw):
    n, m = draw(st.integers(1, 3)), draw(st.integers(0, 1))
    rows = lambda k, j: draw(st.lists(st.lists(ENTRIES, min_size=j, max_size=j), min_size=k, max_size=k))  # noqa: E731
    [h], [z] = rows(1, n), rows(1, n)
    C = rows(n, m) if m else None
    inputs = rows(3, m)
    if draw(st.booleans()):
        return sr.PLRNN(draw(st.lists(ENTRIES, min_size=n, max_size=n)), rows(n, n), h, C=C), z, inputs
    p = draw(st.integers(1, 3))
    [b] = rows(1, p)
    return sr.ReLURNN(rows(n, n), rows(n, p), h, V=rows(p, n), b=b, C=C), z, inputs


@settings(max_examples=15)
@given(networks())
def test_the_same_crossings_in_other_coordinates(drawn):
    net, z, inputs = drawn
    other, D = in_other_coordinates(net)
    assume(not other.is_rational)
    ode, conjugate = sr.derive(net, dt=1), sr.derive(other, dt=1)
    report = sr.crossings(ode, z, 3, inputs=inputs, limit=128)
    found = sr.crossings(conjugate, moved(D, z), 3, inputs=inputs, limit=128)
    for first, second in zip(report.steps, found.steps, strict=True):
        assert second.pattern == first.pattern
        if exact_flow(ode[first.pattern]).turning:
            continue  # pairs of negative eigenvalues turn in a plane that may be chosen in many ways
        assert (second.outcome, second.units) == (first.outcome, first.units)
        assert bool(second.reason) == bool(first.reason)
        if first.bracket:
            (a, b), (c, d) = first.bracket, second.bracket
            assert max(a, c) <= min(b, d)
            assert (a == b == 0) == (c == d == 0)


@pytest.mark.slow
@settings(max_examples=60)
@given(networks())
def test_the_same_crossings_in_other_coordinates_with_many_examples(drawn):
    test_the_same_crossings_in_other_coordinates.hypothesis.inner_test(drawn)


@pytest.mark.parametrize("steps", [4, pytest.param(12, marks=pytest.mark.slow)])
def test_a_trained_network_in_other_coordinates(van_der_pol, steps):
    """The first steps of the ten-unit network, with all scales square roots."""
    other, D = in_other_coordinates(van_der_pol)
    z = van_der_pol.initial_states[0]
    report = sr.crossings(sr.derive(van_der_pol, dt="1/10"), z, steps)
    found = sr.crossings(sr.derive(other, dt="1/10"), list(D * z), steps)
    assert [(s.pattern, s.outcome, s.units) for s in found.steps] == [(s.pattern, s.outcome, s.units) for s in report.steps]
    for first, second in zip(report.steps, found.steps, strict=True):
        if first.bracket:
            assert max(first.bracket[0], second.bracket[0]) <= min(first.bracket[1], second.bracket[1])


# --- mpmath at 60 digits

NETWORKS = {
    "spiral": ([R2 / 2, "1/3"], [[0, 1], [-R3, 0]], [1, 0], None, None, [1, 1]),
    "three units": (
        [R2 / 2, R3 / 3, "1/2"],
        [[0, "1/3", -R2 / 5], ["1/2", 0, "-1/7"], [R3 / 4, "-2/3", 0]],
        ["1/2", "-1/3", 1],
        None,
        None,
        [1, -1, "1/2"],
    ),
    "faces of both signs": ([[R2 / 2, "1/2"], ["-1/2", R2 / 2]], [[0, 0]] * 2, [0, 0], [[1, R3], [R2, -1]], [0, "1/3"], [1, -1]),
    "cube root": ([sp.cbrt(2) / 2, "1/2"], [[0, "-3/4"], ["3/4", 0]], ["1/10", "-1/10"], None, None, [1, 1]),
}


def mp(matrix):
    return mpmath.matrix([[mpmath.mpf(str(sp.N(x, 70))) for x in matrix.row(i)] for i in range(matrix.rows)])


@pytest.mark.parametrize("name", NETWORKS)
def test_against_a_scan_at_60_digits(name):
    """1000 points a step, by the exponential of mpmath's own logarithm, from mpmath's own orbit."""
    A, W, h, V, b, z = NETWORKS[name]
    net = sr.ReLURNN(A, W, h, V=V, b=b)
    steps, points = 8, 1000
    report = sr.crossings(sr.derive(net, dt=1), z, steps)
    assert report.counts["leaves"] > 0
    assert report.counts["undecided"] == 0
    with mpmath.workdps(60):
        faces, flows = mp(net.V.row_join(net.b)), {}
        state = mpmath.matrix([mpmath.mpf(sp.Rational(x).p) / sp.Rational(x).q for x in z] + [1])
        for k in range(steps):
            step = report.steps[k]
            pattern = "".join("1" if x > 0 else "0" for x in faces * state)
            assert step.pattern == pattern
            if pattern not in flows:
                region = net.region(pattern)
                M = mp(region.matrix.row_join(region.offset).col_join(sp.Matrix([[0] * net.n + [1]])))
                flows[pattern] = mpmath.expm(mpmath.logm(M).apply(mpmath.re) / points), M
            E, M = flows[pattern]
            x, seen = state, None
            for j in range(1, points):
                x = E * x
                wrong = [i for i, (v, d) in enumerate(zip(faces * x, pattern, strict=True), 1) if (v > 0) != (d == "1")]
                if wrong:
                    seen = sp.Rational(j, points), wrong
                    break
            if seen is not None:
                at, wrong = seen
                assert step.outcome == "leaves"
                assert at - sp.Rational(1, points) <= step.bracket[1]
                assert step.bracket[0] <= at
                assert set(step.units) <= set(wrong)
            else:
                assert step.outcome == "stays" or step.bracket[0] > sp.Rational(points - 1, points)
            state = M * state


# --- orbits, and what is refused


def test_orbits_are_exact():
    """Against SymPy's own arithmetic, with inputs; and they can be pickled."""
    net = sr.PLRNN([R2 / 2, "1/3"], [[0, 1], [-R3, 0]], [1, 0], C=[[R2], [1]])
    inputs = [[sp.Rational(1, 2)], [R3], [-1], [0]]
    orbit = net.orbit([1, R2], 4, inputs=inputs)
    z = sp.Matrix([1, R2])
    for k, [s] in enumerate(inputs):
        rectified = z.applyfunc(lambda x: x if x > 0 else sp.Integer(0))
        z = (net.A * z + net.W * rectified + net.h + net.C * s).expand()
        assert (orbit[k + 1] - z).expand() == sp.zeros(2, 1)
        assert net.region_of(orbit[k + 1]).pattern == orbit.patterns[k + 1]
    again = pickle.loads(pickle.dumps(orbit))
    assert (again[:], again.patterns) == (orbit[:], orbit.patterns)
    assert net.step([1, R2], inputs[0]) == orbit[1]


def test_long_orbits_stay_short():
    """Coordinates over Q grow by a fixed number of bits a step, though conjugates of the states may grow."""
    A, W, h, _, _, z = NETWORKS["three units"]
    orbit = sr.PLRNN(A, W, h).orbit(z, 200)
    lengths = [max(int(x).bit_length() for x in Z.entries()) for Z in orbit.numerators]
    assert lengths[200] < 2.1 * lengths[100] < 200 * 12


def test_numbers_outside_the_field_are_refused():
    ode = sr.derive(sr.PLRNN([R2 / 2], [[0]], [1], C=[[1]]), dt=1)
    for call in (
        lambda: sr.crossings(ode, [R3], 1),
        lambda: sr.crossings(ode, [1], 1, inputs=[[R3]]),
        lambda: sr.certify_step(ode["1"], [R3]),
        lambda: ode.network.region_of([R3]),
    ):
        with pytest.raises(
            sr.EntryError, match=r"sqrt\(3\)' is not an element of QQ<sqrt\(2\)>; accepted are numbers of"
        ) as caught:
            call()
        assert "\n" not in str(caught.value)


def test_a_closed_form_without_certified_values_is_undecided(monkeypatch):
    ode = sr.derive(sr.PLRNN([R2 / 2], [[0]], [1]), dt=1)

    def refuse(self, bits):
        raise PrecisionLimit("no certified value")

    monkeypatch.setattr(type(ode["1"]), "enclosure", refuse)
    [step] = sr.crossings(ode, [1], 1).steps
    assert (step.outcome, step.reason) == ("undecided", "no certified value")
