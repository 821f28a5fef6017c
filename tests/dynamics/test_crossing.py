"""Crossing certificates against hand-worked crossing times, mpmath at 60 digits, and scans of the flow in floats."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
import scipy.linalg
import sympy as sp
from flint import arb, arb_mat, fmpq_mat
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.dynamics.taylor_model import flow_model
from symplrnn.exact.balls import endpoints, working_precision

WIDTH = sp.Rational(1, 2**20)
LOG = mpmath.log(mpmath.mpf(3) / 2, 2)  # where 2^r = 3/2


def one_unit(a, h, z):
    """The certificate of a step of z' = a z + h."""
    net = sr.PLRNN([a], [[0]], [h])
    return sr.certify_step(sr.derive(net.region_of([z]), dt="1/10"), [z])


def two_powers(V, b, z=(1, 1), **options):
    """The certificate of a step in which unit i is V_i1 2^r + V_i2 4^r + b_i."""
    net = sr.ReLURNN([2, 4], [[0] * len(V)] * 2, [0, 0], V=V, b=b)
    return sr.certify_step(sr.derive(net.region_of(z), dt=1), z, **options)


def brackets(certificate, r, width=WIDTH):
    lower, upper = certificate.bracket
    return certificate.outcome == "leaves" and lower < r < upper and upper - lower <= width


@pytest.mark.parametrize(
    ("h", "z", "direction"),
    [(1, -1, "activates"), (-1, 1, "deactivates")],  # x = 2 - 3/2^r and its negative
)
def test_one_unit_crosses_where_a_logarithm_says(h, z, direction):
    found = one_unit("1/2", h, z)
    assert brackets(found, LOG)
    assert (found.units, found.directions, found.reason) == ((1,), (direction,), "")
    assert found.time == tuple(r / 10 for r in found.bracket)


@pytest.mark.parametrize(("h", "bracket"), [(1, (0, 0)), (-1, None)])
def test_a_state_on_the_face_leaves_at_once_or_not_at_all(h, bracket):
    found = one_unit("1/2", h, 0)
    assert (found.outcome, found.bracket) == ("leaves" if bracket else "stays", bracket)


@pytest.mark.parametrize(("z", "bracket"), [((0, 0, 1), (0, 0)), ((0, 0, -1), None)])
def test_a_derivative_that_vanishes_on_the_face_is_exactly_0(z, bracket):
    net = sr.ReLURNN([[1, 1, "1/2"], [0, 1, 1], [0, 0, 1]], [[0]] * 3, [0] * 3, V=[[1, 0, 0]])  # x1 = z3 r^2 / 2
    found = sr.certify_step(sr.derive(net.region("0"), dt=1), z)
    assert (found.outcome, found.bracket) == ("leaves" if bracket else "stays", bracket)


@pytest.mark.parametrize(("z", "outcome"), [((4, 2, 0), "stays"), ((4, -2, 0), "leaves")])
def test_a_derivative_that_vanishes_at_the_end(z, outcome):
    # x1 = z1 + z2 r + z3 r^2 / 2: (1 - r)^2 / 2 comes down on the face at r = 1, (1 - r)(1 - 3 r)/2 passes it before.
    net = sr.ReLURNN([[1, 1, "1/2"], [0, 1, 1], [0, 0, 1]], [[0]] * 3, [0] * 3, V=[[1, 0, 0]])
    state = ["1/2", -1, 1] if outcome == "stays" else ["1/2", -2, 3]
    found = sr.certify_step(sr.derive(net.region("1"), dt=1), state)
    assert found.outcome == outcome
    assert outcome == "stays" or brackets(found, sp.Rational(1, 3))


THIRD = sp.Rational(1, 3)


@pytest.mark.parametrize(
    ("z", "pattern", "bracket"),
    [
        ((-THIRD, THIRD, 0), "0", (0, 0)),  # r/3
        ((THIRD, -THIRD, 0), "0", None),  # -r/3
        ((-THIRD, THIRD, -THIRD), "0", None),  # -r^2/6
        ((THIRD, -THIRD, THIRD), "0", (0, 0)),  # r^2/6
        ((2 * THIRD, -THIRD, 0), "1", None),  # (1 - r)/3
        ((sp.Rational(5, 6), -2 * THIRD, THIRD), "1", None),  # (1 - r)^2/6
    ],
)
def test_zeros_at_the_ends_are_exact_where_balls_are_not(z, pattern, bracket):
    net = sr.ReLURNN([[1, 1, "1/2"], [0, 1, 1], [0, 0, 1]], [[0]] * 3, [0] * 3, V=[[1, 1, 0]])
    found = sr.certify_step(sr.derive(net.region(pattern), dt=1), z)
    assert (found.outcome, found.bracket) == ("leaves" if bracket else "stays", bracket)


def test_a_unit_that_stays_on_its_face_for_ever_is_recognised():
    net = sr.ReLURNN([["3/4", "1/4"], ["1/4", "3/4"]], [[0, 0]] * 2, [1, 1], V=[[1, -1], [0, 0]])
    report = sr.crossings(sr.derive(net, dt=1), [2, 2], 5)
    assert [step.outcome for step in report.steps] == ["stays"] * 5


@pytest.mark.parametrize("sign", [1, -1])
def test_a_step_that_ends_on_the_face_stays(sign):
    found = one_unit("1/2", sp.Rational(-sign, 2), sign)  # x = sign (2/2^r - 1)
    assert (found.outcome, found.units, found.bracket) == ("stays", (), None)


def test_a_step_may_cross_before_it_ends_on_the_face():
    assert brackets(two_powers([["-7/2", 1]], [3]), LOG)  # (2^r - 3/2)(2^r - 2)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_tangency_is_undecided_with_the_reason(sign):
    found = two_powers([[-3 * sign, sign]], [sp.Rational(9 * sign, 4)], limit=128)  # +-(2^r - 3/2)^2
    assert (found.outcome, found.units, found.bracket) == ("undecided", (), None)
    assert "unit 1 is not certain from r = 0.5849625 on at 128 bits" in found.reason


@pytest.mark.parametrize("digits", [10, 30])
def test_near_tangencies_are_decided(digits):
    gap = sp.Rational(1, 10**digits)
    assert two_powers([[-3, 1]], [sp.Rational(9, 4) + gap]).outcome == "stays"
    root = mpmath.log(mpmath.mpf(3) / 2 - mpmath.mpf(10) ** (-digits / 2), 2)
    with mpmath.workdps(60):
        root = mpmath.log(mpmath.mpf(3) / 2 - mpmath.sqrt(mpmath.mpf(10) ** -digits), 2)
        assert brackets(two_powers([[-3, 1]], [sp.Rational(9, 4) - gap]), root)


def test_what_crosses_for_certain_after_a_tangency_has_a_wide_bracket():
    # (2^r - 5/4)^2 (...) touches at log2(5/4); the other unit crosses at log2(3/2).
    found = two_powers([["-5/2", 1], [1, 0]], ["25/16", "-3/2"], limit=128)
    assert (found.outcome, found.units) == ("leaves", (1, 2))
    assert found.bracket[0] < mpmath.log(1.25, 2) < LOG < found.bracket[1]
    assert "unit 1 is not certain" in found.reason
    earlier = two_powers([["-7/2", 1], [1, 0]], ["49/16", "-3/2"], limit=128)  # touches at log2(7/4), after the crossing
    assert (earlier.units, earlier.reason) == ((2,), "")


def test_the_first_of_two_close_crossings_is_found():
    shift = sp.Rational(1, 10**30)
    for sign, first in ((1, 1), (-1, 2)):
        found = two_powers([[1, 0], [0, 1]], ["-3/2", -sp.Rational(9, 4) - sign * shift])
        assert (found.units, found.reason) == ((first,), "")


def test_crossings_that_no_bracket_separates_name_both_units():
    found = two_powers([[1, 0], [0, 1]], ["-3/2", "-9/4"])
    assert found.units == (1, 2)
    assert "order is not certain" in found.reason
    same = two_powers([[1, 0], [-2, 0]], ["-3/2", 3])  # the same face, from opposite sides
    assert (same.units, same.directions, same.reason) == ((1, 2), ("activates", "deactivates"), "")


def test_a_crossing_in_the_middle_is_bracketed():
    assert brackets(two_powers([[0, 1]], [-2]), sp.Rational(1, 2))


@pytest.mark.parametrize("width", [1, "1/3", sp.Rational(1, 2**90)])
def test_brackets_are_as_narrow_as_asked(width):
    found = two_powers([[1, 0]], ["-3/2"], width=width)
    with mpmath.workdps(60):
        assert brackets(found, mpmath.log(mpmath.mpf(3) / 2, 2), sp.Rational(width))


@pytest.mark.parametrize(("limit", "finest"), [(64, 16), (100, 25), (512, 128)])
def test_the_narrowest_bracket_that_may_be_asked_for(limit, finest):
    width = sp.Rational(1, 2**finest)
    found = two_powers([[1, 0]], ["-3/2"], width=width, limit=limit)
    with mpmath.workdps(60):
        assert brackets(found, mpmath.log(mpmath.mpf(3) / 2, 2), width)
    with pytest.raises(sr.EntryError, match=rf"width: accepted are numbers from 2\^-{finest} to 1 for a limit of {limit} bits"):
        two_powers([[1, 0]], ["-3/2"], width=width * sp.Rational(4095, 4096), limit=limit)


def test_a_network_without_faces_stays():
    for net in (sr.ReLURNN(["1/2"], [[]], [1], V=[]), sr.ReLURNN(["1/2"], [[1]], [1], V=[[0]], b=[3])):
        assert sr.crossings(sr.derive(net, dt=1), [3], 2).counts["stays"] == 2


def test_inputs_act_in_their_own_step():
    net = sr.PLRNN(["1/2"], [[0]], [0], C=[[1]])
    report = sr.crossings(sr.derive(net, dt=1), [-1], 3, inputs=[[0], [1], [-1]])  # -1, -1/2, 3/4, -5/8
    first, second, third = report.steps
    assert first.outcome == "stays"
    assert brackets(second, mpmath.log(1.25, 2))  # 2 - (5/2)/2^r
    assert brackets(third, mpmath.log(1.375, 2))  # -2 + (11/4)/2^r
    assert (report.coincide, report.first_crossing, report.first_undecided) == (1, second, None)
    assert third.time == tuple(2 + r for r in third.bracket)
    one = sr.certify_step(sr.derive(net.region("0"), dt=1), ["-1/2"], [1])
    assert (one.units, one.bracket) == (second.units, second.bracket)


def test_inputs_are_zero_if_absent():
    net = sr.PLRNN(["1/2"], [[0]], [1], C=[[1]])
    ode = sr.derive(net, dt=1)
    assert sr.crossings(ode, [-1], 2) == sr.crossings(ode, [-1], 2, inputs=[[0], [0]])


def test_stiff_regions_need_few_pieces():
    net = sr.PLRNN([["1/10^30", 0], [0, "1/10^20"]], [[0, 1], [0, 0]], [1, -1])
    ode = sr.derive(net.region("11"), dt=1)
    assert flow_model(ode, fmpq_mat([[1, 0, 0]]), 64).pieces <= 256
    found = sr.certify_step(ode, [1, 1])  # unit 2 is -1 + 2/10^(20 r), about
    with mpmath.workdps(40):
        fixed = -1 / (1 - mpmath.mpf(10) ** -20)
        assert found.units == (2,)
        assert brackets(found, mpmath.log(fixed / (fixed - 1)) / mpmath.log(mpmath.mpf(10) ** -20))


def test_reports_as_json():
    report = sr.crossings(sr.derive(sr.PLRNN(["1/2"], [[0]], [1]), dt="1/10"), [-1], 2, width="1/1024")
    assert json.loads(report.to_json()) == report.to_dict()
    assert report.to_dict() == {
        "dt": "1/10",
        "counts": {"stays": 1, "leaves": 1, "undecided": 0},
        "coincide_steps": 0,
        "first_crossing": 0,
        "first_undecided": None,
        "steps": [
            {
                "step": 0,
                "pattern": "0",
                "outcome": "leaves",
                "units": [1],
                "directions": ["activates"],
                "bracket": ["599/1024", "75/128"],
                "time": ["599/10240", "15/256"],
            },
            {"step": 1, "pattern": "1", "outcome": "stays"},
        ],
    }


def test_no_steps_make_an_empty_report():
    report = sr.crossings(sr.derive(sr.PLRNN(["1/2"], [[0]], [1]), dt=1), [1], 0)
    assert (report.steps, report.coincide, report.first_crossing) == ((), 0, None)


NET = sr.PLRNN(["1/2"], [[0]], [1])
ODE = sr.derive(NET, dt=1)
TAU = sp.Symbol("tau", positive=True)
LETTERS = sr.derive(sr.PLRNN(["a"], [[0]], [1], parameters={"a": "positive"}), dt=1)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: sr.crossings(NET, [1], 1), sr.ShapeError, "crossings: expected a NetworkODE"),
        (lambda: sr.crossings(LETTERS, [1], 1), sr.EntryError, "has the parameters a; give them rational values"),
        (
            lambda: sr.crossings(sr.derive(NET, dt=TAU), [1], 1),
            sr.EntryError,
            "crossings: dt = tau has letters; accepted is a number",
        ),
        (lambda: sr.certify_step(sr.derive(NET, dt=TAU)["1"], [1]), sr.EntryError, "certify_step: dt = tau has letters"),
        (lambda: sr.certify_step(LETTERS["1"], [1]), sr.EntryError, "certify_step: the network has the parameters a"),
        (lambda: sr.crossings(ODE, [1, 2], 1), sr.ShapeError, "z0: expected 1 numbers, got 2"),
        (lambda: sr.crossings(ODE, [1], -1), sr.ShapeError, "steps: expected a whole number"),
        (lambda: sr.crossings(ODE, [1], 1, width=0), sr.EntryError, r"width: accepted are numbers from 2\^-128 to 1"),
        (lambda: sr.crossings(ODE, [1], 1, width=2), sr.EntryError, "width: accepted"),
        (lambda: sr.crossings(ODE, [1], 1, limit=32), sr.EntryError, "limit: 32 bits are out of range; accepted are 64 to"),
        (lambda: sr.crossings(ODE, [1], 1, limit="x"), sr.EntryError, "limit: expected a whole number"),
        (lambda: sr.crossings(sr.derive(NET, 1, regions=["1"]), [-1], 1), sr.PatternError, "not among the derived regions 1"),
        (lambda: sr.certify_step(ODE, [1]), sr.ShapeError, "certify_step: expected a RegionODE"),
        (lambda: sr.certify_step(ODE["0"], [1]), sr.PatternError, "z: the state is in region 1; accepted are states of region 0"),
        (lambda: sr.certify_step(ODE["1"], [1], [1]), sr.ShapeError, "s: expected 0 numbers, got 1"),
    ],
)
def test_bad_input_is_named(call, error, text):
    with pytest.raises(error, match=text) as raised:
        call()
    assert "\n" not in str(raised.value)


# --- the trained network


def test_van_der_pol_agrees_with_a_scan_in_floats(van_der_pol, van_der_pol_orbit):
    report = sr.crossings(sr.derive(van_der_pol, dt="1/10"), van_der_pol.initial_states[0], 1000)
    flows, leaving = {}, []
    for k in range(1000):
        pattern = van_der_pol_orbit.patterns[k]
        if pattern not in flows:
            M = np.array(van_der_pol.region(pattern).affine.augmented().tolist(), dtype=object)
            E = scipy.linalg.expm(scipy.linalg.logm(np.vectorize(lambda x: int(x.p) / int(x.q))(M)).real / 1000)
            powers = [E]
            while len(powers) < 1000:
                powers.append(E @ powers[-1])
            flows[pattern] = np.array(powers)[:, :10]
        z = [int(x.p) / int(x.q) for x in van_der_pol_orbit.exact(k).entries()]
        outside = (flows[pattern] @ [*z, 1.0] > 0) != [d == "1" for d in pattern]
        step = report.steps[k]
        if outside.any():
            at = int(np.argmax(outside.any(axis=1)))  # the scan is at r = (at + 1)/1000
            assert at / 1000 <= step.bracket[1]
            assert step.bracket[0] <= (at + 1) / 1000
            assert set(step.units) <= set(np.flatnonzero(outside[at]) + 1)
            leaving.append(k)
    assert [step.step for step in report.steps if step.outcome == "leaves"] == leaving
    assert report.counts == {"stays": 1000 - len(leaving), "leaves": len(leaving), "undecided": 0}
    assert report.coincide == leaving[0] == report.first_crossing.step


# --- small random networks, against mpmath at 60 digits

ENTRIES = st.fractions(min_value=-2, max_value=2, max_denominator=6)


@st.composite
def small_networks(draw):
    n, p, m = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(0, 1))
    rows = lambda k, j: draw(st.lists(st.lists(ENTRIES, min_size=j, max_size=j), min_size=k, max_size=k))  # noqa: E731
    [h], [b] = rows(1, n), rows(1, p)
    net = sr.ReLURNN(rows(n, n), rows(n, p), h, V=rows(p, n), b=b, C=rows(n, m) if m else None)
    return net, rows(1, n)[0], rows(1, m)[0]


def mp(matrix):
    return mpmath.matrix([[mpmath.mpf(int(x.p)) / int(x.q) for x in row] for row in matrix.tolist()])


@settings(max_examples=12, phases=[Phase.generate])  # networks that fail are small enough as they are
@given(small_networks())
def test_small_networks_against_mpmath(drawn):
    net, z, s = drawn
    region = net.region_of(z)
    assume(sr.check(net, regions=[region.pattern]).verdicts[region.pattern]["E2"].truth.is_true)
    found = sr.certify_step(sr.derive(region, dt=1), z, s)
    with mpmath.workdps(80):
        values, Q = mpmath.eig(mp(region.affine.augmented()))
        assume(abs(mpmath.det(Q)) > 1e-10)  # else there may be a Jordan block
        start = Q**-1 * mpmath.matrix([mpmath.mpf(x.numerator) / x.denominator for x in [*z, Fraction(1), *s]])
        V, b = mp(net.exact.V), mp(net.exact.b)

        def margins(r):  # how far inside the region, by unit
            x = (Q * mpmath.matrix([value**r * c for value, c in zip(values, start, strict=True)])).apply(mpmath.re)
            return [v if d == "1" else -v for d, v in zip(region.pattern, V * x[: net.n] + b, strict=True)]

        lower, upper = (mpmath.mpf(int(r.p)) / int(r.q) for r in found.bracket or (sp.Integer(1), sp.Integer(1)))
        assert all(value > -1e-50 for j in range(32) if j <= 32 * lower for value in margins(mpmath.mpf(j) / 32))
        if found.outcome == "stays":
            return
        assert found.outcome == "leaves"
        if upper == 0:
            assert all(margins(mpmath.mpf(10) ** -9)[unit - 1] < 0 for unit in found.units)
            return
        [unit] = found.units
        assert margins(lower)[unit - 1] > 0 > margins(upper)[unit - 1]
        root = mpmath.findroot(lambda r: margins(r)[unit - 1], (lower, upper), solver="anderson", tol=1e-60)
        assert lower < root < upper


@pytest.mark.slow
@settings(max_examples=40, phases=[Phase.generate])
@given(small_networks())
def test_small_networks_against_mpmath_with_many_examples(drawn):
    test_small_networks_against_mpmath.hypothesis.inner_test(drawn)


# --- the parts


@pytest.mark.parametrize("degree", [2, 5, 21])
@pytest.mark.parametrize(
    "matrix",
    [
        [["1/2", "-3/4"], ["3/4", "1/2"]],
        [[1, 1000], [0, 1]],
        [["1/10^9", 1], [0, "1/2"]],
        [[60, "7/3"], [0, "1/50"]],
    ],
)
def test_taylor_models_contain_the_flow(matrix, degree, monkeypatch):
    monkeypatch.setattr("symplrnn.dynamics.taylor_model._degree", lambda bits: degree)  # low: then the remainder is what counts
    region = sr.ReLURNN(matrix, [[0]] * 2, ["1/3", -2], V=[[1, -2]], b=[5]).region("1")
    model = flow_model(sr.derive(region, dt=1), fmpq_mat([[1, -2, 5], [-3, 0, 1]]), 64)
    F, w = region.affine.augmented(), fmpq_mat([[3], [-1], [1]])
    with working_precision(64):
        start, end = (arb_mat(3, 1, [arb(x) for x in state.entries()]) for state in (w, F * w))
        found = model.polynomials(start, end)
    with mpmath.workdps(60):
        L = mpmath.logm(mp(F)).apply(mpmath.re)
        state = cache(lambda p, q: mpmath.expm(L * p / q) * mp(w))
        for pieces, row in zip(found, [[1, -2, 5], [-3, 0, 1]], strict=True):
            assert [piece.lower for piece in pieces[1:]] == [piece.upper for piece in pieces[:-1]]
            assert (pieces[0].lower, pieces[-1].upper) == (0, 1)
            for piece in {id(piece): piece for piece in [*pieces[:: max(1, len(pieces) // 4)], pieces[-1]]}.values():
                quarters = [quarter for half in piece.halves() for quarter in half.halves()]
                for quarter, at in [(quarters[0], 0), *((quarter, -1) for quarter in quarters)]:
                    r = quarter.lower if at == 0 else quarter.upper
                    exact = sum(v * x for v, x in zip(row, state(int(r.p), int(r.q)), strict=True))
                    lower, upper = (mp(fmpq_mat([[end]]))[0] for end in endpoints(quarter.coefficients[at]))
                    assert lower - mpmath.mpf(10) ** -45 <= exact <= upper + mpmath.mpf(10) ** -45
