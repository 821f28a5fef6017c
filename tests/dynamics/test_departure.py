"""One step: precisions are tried one after the other, faces of the same row are one, what is not certain is said."""

import pytest
from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

import symplrnn as sr
from symplrnn.dynamics.departure import START_BITS, Departure, ExactState, RegionFlow, _first
from symplrnn.dynamics.first_exit import Scan
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.real import real_field

LIMIT = 300


def flow_of(net=None, pattern="1"):
    net = net or sr.PLRNN(["1/2"], [[0]], [1])
    return RegionFlow(sr.derive(net.region(pattern), dt=1), fmpq(1, 1000), LIMIT)


def state(*entries, scale=1):
    return ExactState(fmpz_mat(len(entries), 1, list(entries)), fmpz(scale), real_field(QQ))


def test_a_matrix_times_a_state():
    real = real_field(QQ)
    found = state(3, 1, scale=2).times(real.regular(fmpq_mat([[fmpq(1, 3), fmpq(1, 5)], [0, -1]])))
    assert [float(x) for x in found.values()] == pytest.approx([0.6, -0.5], rel=1e-14)
    assert found.signs() == [1, -1]


def test_precision_is_doubled_up_to_the_limit(monkeypatch):
    tried, answer = [], Departure(reason="any")

    def attempt(self, start, end, bits, final):
        assert len(tried) < 5
        tried.append((bits, final))
        return answer if final else None

    monkeypatch.setattr(RegionFlow, "_attempt", attempt)
    assert flow_of().departure(state(1, 1), state(1, 1)) is answer
    assert tried == [(START_BITS, False), (2 * START_BITS, False), (4 * START_BITS, True)]  # of 300 bits


def test_a_flow_without_an_enclosure_is_said_to_have_none_at_the_last_precision(monkeypatch):
    monkeypatch.setattr(RegionFlow, "model", lambda self, bits: None)
    found = flow_of().departure(state(1, 1), state(1, 1))
    assert (found.units, found.bracket) == ((), None)
    assert "no finite enclosure" in found.reason
    assert "at 256 bits" in found.reason


def test_models_are_kept(monkeypatch):
    made = []
    monkeypatch.setattr("symplrnn.dynamics.departure.flow_model", lambda ode, rows, bits: made.append(bits))
    flow = flow_of()
    assert [flow.model(64), flow.model(128), flow.model(64)] == [None] * 3
    assert made == [64, 128]


def test_faces_with_the_same_row_up_to_a_factor_are_one():
    """The first and the third unit have one face, the second looks at it from the other side, the fourth has none."""
    V, b = [[1, 2], [-2, -4], [3, 6], [0, 0], [1, 3]], [1, -2, 3, 1, 1]
    net = sr.ReLURNN(["1/2", "1/3"], [[0] * 5] * 2, [0, 0], V=V, b=b)
    for pattern, sign in (("10111", 1), ("01011", -1)):
        faces = {face.units: [float(x) for x in face.row.entries()] for face in flow_of(net, pattern).faces}
        assert faces == {(1, 2, 3): [sign, 2 * sign, sign], (5,): [1, 3, 1]}


def step_of(flow, *z):
    """Return what is said of the step from a state of a region without inputs."""
    M, c = flow.ode.region.affine.M, flow.ode.region.affine.c
    before = fmpq_mat(len(z), 1, [fmpq(x) for x in z])
    ends = []
    for column in (before, M * before + c):
        numerators, denominator = fmpq_mat([*column.tolist(), [1]]).numer_denom()
        ends.append(ExactState(numerators, denominator, flow.real))
    return flow.departure(*ends)


def linear(M, V, b=None):
    """The flow of the region of all units of a network with W = 0."""
    n, p = len(M), len(V)
    net = sr.ReLURNN(M, [[0] * p] * n, [0] * n, V=V, b=b or [0] * p)
    return flow_of(net, "1" * p)


def two_at_once():
    """Two units that leave at r = 1/2, with faces that are not multiples of each other."""
    return linear([["1/4", 0], [0, "1/16"]], [[1, 0], [0, 1]], ["-1/2", "-1/4"])


AT_ONCE = "units 1 and 2 cross so close together that their order is not certain"


def test_no_more_precision_than_a_crossing_needs():
    flow = linear([["1/4"]], [[1]], ["-1/2"])  # 4^-r = 1/2
    found = step_of(flow, 1)
    assert (found.units, found.reason) == ((1,), "")
    assert found.bracket[0] < fmpq(1, 2) < found.bracket[1]
    assert set(flow.models) == {START_BITS}


def test_units_are_told_apart_down_to_a_narrow_bracket_and_no_further():
    flow = two_at_once()
    flow.limit = 1 << 14
    found = step_of(flow, 1, 1)
    assert (found.units, found.reason) == ((1, 2), AT_ONCE)
    assert max(flow.models) == 256


def test_at_the_last_precision_brackets_are_as_narrow_as_it_bears():
    flow = two_at_once()
    flow.limit = START_BITS
    found = step_of(flow, 1, 1)
    assert (found.units, found.reason) == ((1, 2), AT_ONCE)
    assert fmpq(0) < found.bracket[1] - found.bracket[0] < fmpq(1, 10**5)


def test_a_face_that_is_met_at_the_end_with_vanishing_derivatives():
    """f = (1 - r)^3 / 6, with its derivatives beside it as states, in coordinates in which no zero is one of floats."""
    M = fmpq_mat(4, 4, [1, 1, fmpq(1, 2), fmpq(1, 6), 0, 1, 1, fmpq(1, 2), 0, 0, 1, 1, 0, 0, 0, 1])
    T = fmpq_mat(4, 4, [fmpq(int(i == j)) + fmpq(1, 3 + i + 2 * j) for i in range(4) for j in range(4)])
    flow = linear((T * M * T.inv()).tolist(), (fmpq_mat(1, 4, [1, 0, 0, 0]) * T.inv()).tolist())
    z = T * fmpq_mat(4, 1, [fmpq(1, 6), fmpq(-1, 2), 1, -1])
    assert step_of(flow, *z.entries()) == Departure()
    assert set(flow.models) == {START_BITS}


@pytest.mark.parametrize("tiny", [fmpq(1, 1 << 100), fmpq(-1, 1 << 100)])
def test_a_small_derivative_at_the_end_of_a_half_turn_is_not_taken_for_0(tiny):
    """M = -I turns the plane by half a turn, in one sense or the other: f = (1 + cos(pi r)) (z1 + z2) +- sin(pi r) tiny."""
    z = fmpq(1, 3), fmpq(1, 3) - tiny
    flow = linear([[-1, 0], [0, -1]], [[1, 1]], [str(z[0] + z[1])])
    found = step_of(flow, *z)
    assert found.reason == ""
    if (flow.ode.matrix[0, 1] > 0) != (tiny > 0):  # f' = +- pi tiny at the end
        assert found == Departure()
    else:
        assert found.units == (1,)
        assert 1 - fmpq(1, 1 << 90) < found.bracket[1] <= 1


def scan(clear, below=None, in_doubt=False):
    return Scan(fmpq(*clear), None if below is None else fmpq(*below), in_doubt, [])


POSITIVE = scan((1, 1))
FIRST, LATER = scan((1, 8), (1, 4)), scan((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("scans", "units", "bracket", "reason"),
    [
        ([POSITIVE, POSITIVE], (), None, ""),
        ([FIRST, POSITIVE], (1,), ((1, 8), (1, 4)), ""),
        ([LATER, FIRST], (2,), ((1, 8), (1, 4)), ""),
        ([FIRST, scan((1, 5), (1, 3))], (1, 2), ((1, 8), (1, 4)), "units 1 and 2 cross so close together"),
        ([FIRST, scan((1, 4), (1, 3))], (1,), ((1, 8), (1, 4)), ""),
        ([scan((0, 1), (0, 1)), FIRST], (1,), ((0, 1), (0, 1)), ""),
        ([scan((0, 1), (0, 1)), scan((0, 1), (0, 1))], (1, 2), ((0, 1), (0, 1)), "units 1 and 2 cross so close together"),
        ([scan((1, 5), None, True), POSITIVE], (), None, "the sign of unit 1 is not certain from r = 0.2 on"),
        ([scan((1, 5), None, True), FIRST], (1, 2), ((1, 8), (1, 4)), "the sign of unit 1 is not certain from r = 0.2 on"),
        ([LATER, scan((7, 8), None, True)], (1,), ((1, 2), (3, 4)), ""),
        ([scan((1, 2), None, True), scan((1, 4), None, True)], (), None, "the sign of unit 2 is not certain from r = 0.25 on"),
    ],
)  # fmt: skip
def test_the_answer_from_what_is_certain_of_each_face(scans, units, bracket, reason):
    net = sr.ReLURNN(["1/2", "1/3"], [[0, 0]] * 2, [0, 0], V=[[1, 0], [0, 1]], b=[0, 0])
    flow = flow_of(net, "11")
    listed = dict(enumerate(scans))
    found = flow._answer(listed, *_first(listed), 64)
    assert found.units == units
    assert found.bracket == (None if bracket is None else tuple(fmpq(*end) for end in bracket))
    assert found.reason.startswith(reason) if reason else found.reason == ""
