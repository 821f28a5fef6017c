"""Crossing certificates in regions with jumps, extra coordinates and half turns, against scans of the certified read-out."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, arb_mat, fmpq
from hypothesis import given
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.exact.balls import working_precision
from tests.examples import examples

POINTS = 64


def outside(ode, z, s):
    """The points j/64 inside the step at which the read-out is certainly outside the region, with the units."""
    net, found = ode.region.network, []
    with working_precision(192):
        start = arb_mat(len(z) + 1 + len(s), 1, [arb(x) for x in [*z, fmpq(1), *s]])
        V, b = (arb_mat(m.nrows(), m.ncols(), [arb(x) for x in m.entries()]) for m in (net.exact.V, net.exact.b))
        for j in range(1, POINTS):
            values = (V * (ode.readout(fmpq(j, POINTS), 192) * start) + b).entries()
            units = [
                i for i, (x, d) in enumerate(zip(values, ode.region.pattern, strict=True), 1) if (x < 0 if d == "1" else x > 0)
            ]
            if units:
                found.append((sp.Rational(j, POINTS), units))
    return found


def agrees(certificate, scan):
    """Whether a certificate that is decided agrees with a scan."""
    if certificate.outcome == "stays":
        return not scan
    lower, upper = certificate.bracket
    if not scan:
        return upper > sp.Rational(POINTS - 1, POINTS) or upper - lower < sp.Rational(1, POINTS)
    at, units = scan[0]
    return lower <= at and (upper < at - sp.Rational(1, POINTS) or set(certificate.units) & set(units))


def test_a_lifted_unit_turns_through_its_face_in_the_middle():
    found = sr.certify_step(sr.derive(sr.PLRNN(["-1/4"], [[0]], [0]).region("1"), dt=1), [1])  # cos(pi r)/4^r
    assert found.outcome == "leaves"
    assert found.bracket[0] < sp.Rational(1, 2) < found.bracket[1]
    assert found.directions == ("deactivates",)


def test_a_jump_may_leave_the_region_at_the_grid_time():
    net = sr.PLRNN([0, "1/2"], [[0, 0], [0, 0]], [0, 1])
    found = sr.certify_step(sr.derive(net.region("11"), dt=1), [1, 1])  # unit 1 jumps to 0
    assert (found.outcome, found.units, found.bracket) == ("leaves", (1,), (0, 0))
    assert "jump" in found.reason
    assert sr.certify_step(sr.derive(net.region("01"), dt=1), [-1, 1]).outcome == "stays"


def test_a_jump_to_the_next_state_stays_if_that_is_in_the_region():
    net = sr.PLRNN([0, 0], [[0, 0], [0, 0]], [1, -1], C=[[1], [0]])
    ode = sr.derive(net, dt=1)
    report = sr.crossings(ode, [1, -1], 3, inputs=[["1/2"], [-3], [0]])  # 3/2, -2, 1
    assert [step.outcome for step in report.steps] == ["stays", "leaves", "leaves"]
    assert [step.bracket for step in report.steps] == [None, (0, 0), (0, 0)]


def test_half_turns_of_a_pair_move_a_unit_that_the_map_leaves_alone():
    net = sr.PLRNN(["-1/4", "-1/4"], [[0, 0], [0, 0]], [0, 0])
    ode = sr.derive(net, dt=1)["00"]
    assert sr.certify_step(ode, [0, 0]).outcome == "stays"  # identically 0, which is exact
    for z in ([0, -1], [-1, 0]):  # one unit starts on its face and turns away from it
        found = sr.certify_step(ode, z)
        state = [fmpq(x) for x in z]
        scan = outside(ode, state, [])
        assert found.outcome == "leaves"
        assert agrees(found, scan)
        assert (found.bracket == (0, 0)) == (scan[0][0] == sp.Rational(1, POINTS))


def test_half_turns_that_begin_like_0_are_not_0():
    # v F^k w = 0 for all k, and yet v x(r) = +-sin(pi r) (1/4^r - 1/9^r), whose first derivative is 0 too.
    net = sr.ReLURNN(["-1/4", "-1/4", "-1/9", "-1/9"], [[0]] * 4, [0] * 4, V=[[1, 0, 1, 0]])
    ode = sr.derive(net.region("0"), dt=1)
    found = [sr.certify_step(ode, [0, sign, 0, -sign], limit=128) for sign in (1, -1)]
    assert sorted(step.outcome for step in found) == ["leaves", "undecided"]
    [leaving] = [step for step in found if step.outcome == "leaves"]
    assert leaving.bracket[0] == 0


ENTRIES = st.sampled_from([0, 0, 1, -1, *map(Fraction, ["1/2", "-1/2", "-1/4", "-1/4", "1/3", "-2/3", "5/4"])])


@examples(40)
@given(st.data())
def test_small_networks_of_every_kind(data):
    n, m = data.draw(st.integers(1, 3)), data.draw(st.integers(0, 1))
    vector = st.lists(ENTRIES, min_size=n, max_size=n)
    A, h, z = data.draw(vector), data.draw(vector), data.draw(vector)
    W = [[0 if i == j else data.draw(ENTRIES) for j in range(n)] for i in range(n)]
    net = sr.PLRNN(A, W, h, C=[[data.draw(ENTRIES)] for _ in range(n)] if m else None)
    inputs = [[data.draw(ENTRIES)] * m for _ in range(2)]
    ode, orbit = sr.derive(net, dt=1), net.orbit(z, 2, inputs=inputs)
    for step in sr.crossings(ode, z, 2, inputs=inputs, limit=128).steps:
        if step.outcome == "undecided":
            assert "may touch its face" in step.reason
            continue
        s = [fmpq(Fraction(x).numerator, Fraction(x).denominator) for x in inputs[step.step]]
        assert agrees(step, outside(ode[step.pattern], orbit.exact(step.step).entries(), s))


@pytest.mark.parametrize(("sign", "b"), [(1, Fraction(5, 9)), (-1, Fraction(5, 9)), (1, Fraction(-2, 3)), (-1, Fraction(-2, 3))])
def test_a_half_turn_touches_the_face_only_at_its_ends(sign, b):
    """x = 1/18 + 11/18 cos(pi r) from 2/3 to -5/9: a face at either end is met with the slope 0, which balls do not show."""
    net = sr.ReLURNN([-1], [[0]], ["1/9"], V=[[sign]], b=[sign * b])
    region = net.region_of(["2/3"])
    found = sr.certify_step(sr.derive(region, dt=1), ["2/3"])
    leaves = b < 0 and sign < 0  # the unit is off at the start, on its face, and x falls
    assert (found.outcome, found.bracket) == (("leaves", (0, 0)) if leaves else ("stays", None))
