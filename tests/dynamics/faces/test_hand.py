"""Faces worked out by hand, exact zeros, and calls that are refused."""

import json

import pytest
import sympy as sp
from flint import fmpq, fmpq_mat

import symplrnn as sr
from symplrnn import limits
from symplrnn.dynamics.faces import numbers
from symplrnn.dynamics.faces.intervals import kind_of_signs

z1, z2 = sp.symbols("z1 z2", real=True)
HALF = sp.Rational(1, 2)


def face(A, W, h, pattern, unit, dt=1, s=None, **options):
    return sr.face_field(sr.derive(sr.ReLURNN(A, W, h, **options), dt), pattern, unit, s)


def same(first, second) -> bool:
    return sp.simplify(sp.expand_log(first - second, force=True)) == 0


# One state


@pytest.mark.parametrize(("h", "kind"), [(1, "crossing up"), (-1, "crossing down"), (0, "tangent")])
def test_one_unit(h, kind):
    """log(1/2) z + 2 log(2) h below, log(3/4) z + 4 log(4/3) h above: phi(1/2) h and phi(3/4) h at z = 0."""
    f = face(["1/2"], [["1/4"]], [h], "0", 1)
    assert same(f.sigma_below, sp.log(2) * (2 * h - z1))
    assert same(f.sigma_above, sp.log(sp.Rational(4, 3)) * (4 * h - z1))
    assert same(f.jump[0], f.sigma_above - f.sigma_below)
    (piece,) = f.intervals
    assert piece.kind == f.classify([0]).kind == kind
    assert piece.lower is piece.upper
    assert piece.lower.point == sp.Matrix([0])
    assert f.pseudo_equilibria == ()
    assert [mark.causes for mark in f.tangents] == ([("sigma_below = 0", "sigma_above = 0", "equilibrium")] if h == 0 else [])
    assert f.classify([0]).signs == (h, h)


def test_one_state_two_thresholds():
    """relu(z) + relu(z - 1): at z = 1, M = 3/2 below and 2 above, F(1) - 1 = 1/2 + 1 + h - 1."""
    f = face(["1/2"], [[1, "1/2"]], ["1/4"], "11", 2, V=[[1], [1]], b=[0, -1])
    assert f.inequalities == (z1 > 0,)
    point = f.classify([1])
    d = sp.Rational(3, 4)
    assert same(point.sigma_below, d * sp.log(sp.Rational(3, 2)) / HALF)
    assert same(point.sigma_above, d * sp.log(2))
    assert (point.kind, point.corner, f.intervals[0].kind) == ("crossing up", (), "crossing up")


# Two states


@pytest.fixture(scope="module")
def worked():
    """Below M = [[1/2, 0], [1, 1/2]] (a Jordan block), above M' = [[1/2, -1], [1, 1/2]] (1/2 +- i)."""
    return face(["1/2", "1/2"], [[0, -1], [1, 0]], ["1/2", 0], "10", 2)


def test_two_units_in_closed_form(worked):
    angle, size = sp.atan(2), sp.log(sp.Rational(5, 4)) / 2
    below = 2 * (z1 - 1) - sp.log(2) * (z2 - 2)
    above = angle * (z1 - sp.Rational(1, 5)) + size * (z2 - sp.Rational(2, 5))
    assert same(worked.sigma_below, below)
    assert same(worked.sigma_above, above)
    assert same(worked.jump[1], above - below)
    assert same(worked.jump[0], size * (z1 - HALF * sp.Rational(2, 5)) - angle * (z2 - sp.Rational(2, 5)) + sp.log(2) * (z1 - 1))
    assert [p.kind for p in worked.intervals] == ["crossing down", "escaping", "crossing up"]
    first, second = worked.tangents
    assert same(first.parameter, sp.Rational(1, 5) + sp.Rational(2, 5) * size / angle)
    assert same(second.parameter, 1 - sp.log(2))
    assert first.causes, second.causes == (("sigma_above = 0",), ("sigma_below = 0",))
    assert second.digits(12) == (str(sp.N(1 - sp.log(2), 12)), "0")
    assert worked.intervals[0].lower.causes == ("unit 1",)
    assert not worked.intervals[0].lower.belongs  # unit 1 is on: z1 > 0
    assert worked.intervals[-1].parameters[1] == sp.oo


def test_sets_of_two_units(worked):
    up, down, low, high = sp.Gt, sp.Lt, worked.sigma_below, worked.sigma_above
    ground = (sp.Eq(z2, 0), z1 > 0)
    assert worked.equation == ground[0]
    assert worked.inequalities == ground[1:]
    assert set(worked.crossing_up.args) == {*ground, up(low, 0), up(high, 0)}
    assert set(worked.crossing_down.args) == {*ground, down(low, 0), down(high, 0)}
    assert set(worked.sliding.args) == {*ground, up(low, 0), down(high, 0)}
    assert set(worked.escaping.args) == {*ground, down(low, 0), up(high, 0)}
    assert set(worked.tangent.args) == {*ground, sp.Or(sp.Eq(low, 0), sp.Eq(high, 0))}
    at = {z1: sp.Rational(1, 4), z2: 0}
    assert [bool(getattr(worked, name).subs(at)) for name in ("crossing_up", "crossing_down", "sliding", "escaping")] == [
        False,
        False,
        False,
        True,
    ]


def test_sliding_field_is_the_tangent_convex_combination(worked):
    point = [sp.Rational(1, 4), 0]
    at = dict(zip((z1, z2), point, strict=True))
    value = worked.sliding_field.subs(at)
    assert same(value[1], 0)
    below, above = (field.subs(at) for field in worked.fields)
    share = sp.N((value[0] - below[0]) / (above[0] - below[0]), 30)
    assert 0 < share < 1
    balls = worked.sliding_enclosure(point, 200)
    for ball, entry in zip(balls.entries(), value, strict=True):
        assert abs(sp.Float(ball.mid().str(50, radius=False), 60) - sp.N(entry, 60)) < sp.Float("1e-45")
        assert ball.rad() < 1e-50


def test_components_that_vanish_on_the_whole_face():
    """The state z1 of the face z1 = 0 goes its own way, z1' = z1 / 2: both fields are tangent everywhere, though they differ."""
    f = face([["1/2", 0, 0], [0, "1/2", 0], ["1/5", 1, "1/3"]], [[0], [1], [0]], [0, 0, -1], "0", 1, V=[[1, 0, 0]])
    assert f.classify([0, 1, 5]).signs == (0, 0)
    assert f.sigma_above == f.sigma_below == -z1 * sp.log(2)
    f = face(["1/2", "1/3"], [[0], [1]], [0, 1], "0", 1, V=[[1, 0]])
    assert any(x != 0 for x in f.jump)
    assert [(p.kind, p.signs) for p in f.intervals] == [("tangent", (0, 0))]


def test_unit_without_effect_has_no_jump():
    f = face(["1/2", "1/3"], [[0, 0], [1, 0]], [1, "-1/5"], "10", 2)
    assert all(x == 0 for x in f.jump)
    assert [p.kind for p in f.intervals] == ["crossing down", "crossing up"]
    (mark,) = f.tangents
    assert mark.causes == ("sigma_above = 0", "sigma_below = 0") or mark.causes == ("sigma_below = 0", "sigma_above = 0")
    assert f.sliding.subs({z1: 1, z2: 0}) == sp.false


def test_border_collision_is_an_exact_tangent_point():
    """z* = (1, 0) is the fixed point of both regions: both components vanish there, which no ball proves."""
    A, W = ["1/2", "1/2"], [[0, "1/3"], [1, 1]]
    f = face(A, W, ["1/2", -1], "10", 2)
    point = f.classify([1, 0])
    assert (point.kind, point.signs) == ("tangent", (0, 0))
    (mark,) = f.tangents
    assert mark.exact == 1
    assert set(mark.causes) == {"sigma_below = 0", "sigma_above = 0", "equilibrium"}
    near = f.classify([1 + fmpq(1, 10**60), 0])
    assert near.kind == "crossing up"
    assert [p.kind for p in f.intervals] == ["crossing down", "crossing up"]


def test_equilibrium_with_an_irreducible_cubic():
    """The fixed point (0, 1, 2) of both regions: the components are 0 though no logarithm can be written out."""
    A = sp.Matrix([["5/8", "1/8", "1/16"], ["-1/8", "1/2", "1/8"], ["1/16", "1/4", "3/4"]])
    rest = sp.Matrix([0, 1, 2])
    f = face(A, [["1/8"], ["1/8"], ["1/4"]], rest - A * rest, "0", 1, V=[[1, 0, 0]])
    assert max(term.degree for side in (f.below, f.above) for term in side.logarithm.terms) == 3
    assert f.classify(rest).signs == (0, 0)
    assert 0 not in f.classify([0, 1 + fmpq(1, 10**40), 2]).signs


def test_tangent_at_an_end_of_the_face():
    """The fixed point (0, 0) is the end z1 = 0 of the half-line z2 = 0, z1 <= 0, and not a point of z2 = 0, z1 > 0."""
    A, W = [["1/2", 0], ["1/5", "1/3"]], [[0, "1/5"], ["1/4", 0]]
    closed, open_ = (face(A, W, [0, 0], pattern, 2) for pattern in ("00", "10"))
    assert [p.kind for p in closed.intervals] == ["crossing down"]
    (mark,) = closed.tangents
    assert closed.intervals[0].upper.causes == ("unit 1", "sigma_below = 0", "sigma_above = 0")
    assert mark.causes == (*closed.intervals[0].upper.causes, "equilibrium")
    assert closed.to_dict()["tangents"][0]["digits"] == ["0", "0"]
    assert [p.kind for p in open_.intervals] == ["crossing up"]
    assert open_.tangents == ()
    assert "sigma_below = 0" in open_.intervals[0].lower.causes
    corner = face(["1/2", "1/3"], [[0, 1], [1, 0]], [0, 0], "00", 2).classify([0, 0])
    assert (corner.kind, corner.corner) == ("tangent", (1,))


def test_segment_between_two_other_units():
    """V = [[0, 1], [1, 0], [-1, 0]], b = (0, 0, 2): with both on, 0 < z1 < 2 on the face z2 = 0."""
    f = face(["1/2", "1/2"], [[1, 0, 0], ["1/5", 0, 0]], [0, -1], "011", 1, V=[[0, 1], [1, 0], [-1, 0]], b=[0, 0, 2])
    assert f.intervals[0].parameters[0] == 0
    assert f.intervals[-1].parameters[1] == 2
    assert f.intervals[0].lower.causes[0] == "unit 2"
    assert f.intervals[-1].upper.causes[0] == "unit 3"
    off = face(["1/2", "1/2"], [[1, 0, 0], ["1/5", 0, 0]], [0, -1], "001", 1, V=[[0, 1], [1, 0], [-1, 0]], b=[0, 0, 2])
    assert off.intervals[0].parameters[0] == -sp.oo
    assert off.intervals[-1].upper.belongs


def test_inputs_shift_the_offset():
    A, W, h = ["1/2", "1/2"], [[0, -1], [1, 0]], ["1/4", -1]
    driven = face(A, W, h, "10", 2, C=[["1/4"], [1]], s=[1])
    free = face(A, W, ["1/2", 0], "10", 2)
    assert same(driven.sigma_below, free.sigma_below)
    assert same(driven.sigma_above, free.sigma_above)
    assert [p.kind for p in driven.intervals] == [p.kind for p in free.intervals]
    assert driven.inputs == (1,)
    assert face(A, W, h, "10", 2, C=[["1/4"], [1]]).inputs == (0,)
    assert [m.digits(20) for m in driven.tangents] == [m.digits(20) for m in free.tangents]


def test_an_equilibrium_that_the_input_makes():
    """h + C s = (1/2, -1) moves the fixed point of the border collision above to (1, 0) again."""
    f = face(["1/2", "1/2"], [[0, "1/3"], [1, 1]], [0, 0], "10", 2, C=[["1/4"], ["-1/2"]], s=[2])
    assert [m.exact for m in f.tangents if "equilibrium" in m.causes] == [1]


def test_constant_components_make_constant_conditions():
    """z1' = z1 + 1 has the field (1, ...): its sign needs no relation in z."""
    f = face([1, "1/2"], [[0, 0], [0, 0]], [1, 0], "00", 1)
    assert f.crossing_up == sp.And(sp.Eq(z1, 0), z2 <= 0, evaluate=False)
    assert f.crossing_down is f.sliding is f.escaping is f.tangent is sp.false
    still = face([1, "1/2"], [[0, 0], [0, 0]], [0, 0], "00", 1)
    assert still.tangent == sp.And(sp.Eq(z1, 0), z2 <= 0, evaluate=False)
    assert still.crossing_up is sp.false


def test_rational_root_that_is_no_equilibrium():
    """Below, M = [[2, 0], [-1/3, 1/2]] with logarithms of 2 alone: the root of the component below is rational."""
    f = face(["3/4", "1/2"], [["5/4", "5/4"], ["-1/3", "3/4"]], ["-3/4", "3/2"], "11", 2)
    assert [p.kind for p in f.intervals] == ["crossing up", "sliding", "crossing down"]
    above, below = f.tangents
    assert (above.exact, below.exact, below.causes) == (None, fmpq(51, 8), ("sigma_below = 0",))
    assert str(below) == "51/8"
    assert str(above).endswith("...")
    assert f.classify(["51/8", 0]).signs == (0, -1)


def test_ratios_of_pairs_are_proved():
    side = numbers.Side(sr.RegionODE(sr.PLRNN(["1/2", "1/3"], [[0, 0], [0, 0]], [1, 1]).region("00"), sp.Integer(1)))

    def entry(i, w):
        return numbers.Number((numbers.Part(side, fmpq_mat([[int(k == i) for k in range(3)]]), fmpq_mat([[x] for x in w])),))

    a, b = entry(0, [1, 0, 0]), entry(1, [0, 1, 0])  # -log 2, -log 3
    assert numbers.in_ratio((a * fmpq(2, 7), b * fmpq(2, 7)), (a, b)) == fmpq(2, 7)
    assert numbers.in_ratio((a * fmpq(2), b * fmpq(3)), (a, b)) is None
    assert numbers.in_ratio((a, a), (b, b)) is None
    assert numbers.in_ratio((a * (1 + fmpq(1, 10**70)), b), (a, b)) is None


def test_time_scales_both_components():
    slow, fast = (face(["1/2", "1/2"], [[0, -1], [1, 0]], ["1/2", 0], "10", 2, dt=dt) for dt in (1, "1/10"))
    assert same(fast.sigma_above, 10 * slow.sigma_above)
    assert [m.digits(20) for m in fast.tangents] == [m.digits(20) for m in slow.tangents]


# Limits


def test_undecided_at_the_precision_limit(worked, monkeypatch):
    """A rational within 1e-50 of the root 1 - log 2 needs more than 128 bits."""
    near = sp.Rational(str(sp.N(1 - sp.log(2), 50)))
    assert worked.classify([near, 0]).signs[0] in (1, -1)
    monkeypatch.setattr(limits, "FACE_BITS", 128)
    point = worked.classify([near, 0])
    assert (point.kind, point.signs) == ("undecided", (None, 1))
    assert "128 bits" in point.reason


def test_roots_that_are_not_told_apart(monkeypatch):
    """h is chosen so that the two roots nearly agree; at 128 bits the piece between them is undecided, the others are known."""
    monkeypatch.setattr(limits, "FACE_BITS", 128)
    shift = fmpq(1, 10**50)
    f = face(["1/2", "1/2"], [[0, "1/3"], [1, 1]], ["1/2", fmpq(-1) + shift], "10", 2)
    assert [p.kind for p in f.intervals] == ["crossing down", "undecided", "crossing up"]
    assert "two tangent points" in f.intervals[1].reason
    assert json.loads(json.dumps(f.to_dict(10)))["intervals"][1]["reason"] == f.intervals[1].reason
    monkeypatch.setattr(limits, "FACE_BITS", 4096)
    f = face(["1/2", "1/2"], [[0, "1/3"], [1, 1]], ["1/2", fmpq(-1) + shift], "10", 2)
    assert f.intervals[1].kind in ("sliding", "escaping")


def test_kinds():
    assert [kind_of_signs(a, b) for a in (1, -1) for b in (1, -1)] == ["crossing up", "sliding", "escaping", "crossing down"]
    assert {kind_of_signs(0, b) for b in (1, 0, -1, None)} | {kind_of_signs(None, 0)} == {"tangent"}


def test_dict(worked):
    entry = json.loads(json.dumps(worked.to_dict(20)))
    assert (entry["below"], entry["above"], entry["unit"]) == ("10", "11", 2)
    assert [p["kind"] for p in entry["intervals"]] == ["crossing down", "escaping", "crossing up"]
    assert entry["intervals"][-1]["upper"] is None
    assert entry["tangents"][1]["state"] == ["1 - log(2)", "0"]
    assert entry["tangents"][1]["digits"][0] == str(sp.N(1 - sp.log(2), 20))
    assert entry["sigma_below"] == str(worked.sigma_below)
    assert entry["normal_digits"]["below"] == ["2", str(-sp.log(2).n(20)), str((2 * sp.log(2) - 2).n(20))]
    assert entry["normal_digits"]["above"][0] == str(sp.atan(2).n(20))


def test_repr(worked):
    assert repr(worked).startswith("FaceField(unit=2, '10', '11', intervals=(FaceInterval('crossing down', 0, (log(5/4)")
    assert repr(worked.classify([1, 0])) == "FacePoint('crossing up', signs=(1, 1))"


# Refusals

NET = (["1/2", "1/2"], [[0, -1], [1, 0]], ["1/2", 0])


@pytest.mark.parametrize(
    ("z", "message"),
    [
        ([1, 1], r"z: not on the face of unit 2 between 10 and 11: \(V z \+ b\)_2 is 1, and 0 on the face"),
        ([-1, 0], r"\(V z \+ b\)_1 is -1, and > 0 on the face"),
        ([0, 0], r"\(V z \+ b\)_1 is 0, and > 0 on the face"),
    ],
)
def test_points_off_the_face(worked, z, message):
    with pytest.raises(sr.EntryError, match=message):
        worked.classify(z)
    with pytest.raises(sr.EntryError, match=message):
        worked.sliding_enclosure(z, 64)


@pytest.mark.parametrize(
    ("A", "kind", "eigenvalue", "hypothesis"),
    [
        (["1/2", "-1/4"], "lifted", "-1/4", "negative_blocks_paired"),
        (["1/2", 0], "impulsive", "0", "invertible"),
        ([0, "-1/4"], r"lifted\+impulsive", "0", "invertible"),
    ],
)
def test_regions_without_a_real_field(A, kind, eigenvalue, hypothesis):
    with pytest.raises(sr.NoRealODE, match=f"region 00 at the face of unit 1 is {kind} ") as caught:
        face(A, [[0, 0], [0, 0]], [0, 0], "10", 1)
    assert (caught.value.pattern, caught.value.eigenvalue, caught.value.hypothesis) == ("00", eigenvalue, hypothesis)
    assert "\n" not in str(caught.value)


def test_letters_and_irrational_dt():
    ode = sr.derive(sr.PLRNN(["a"], [["1/4"]], [1], parameters={"a": "positive"}), 1)
    with pytest.raises(sr.EntryError, match=r"the ODE has the letters a; give them rational values first, by ode\.subs"):
        sr.face_field(ode, "1", 1)
    assert sr.face_field(ode.subs({"a": "1/2"}), "1", 1).intervals[0].kind == "crossing up"
    timed = sr.derive(sr.PLRNN(["1/2"], [["1/4"]], [1]), sp.Symbol("tau", positive=True))
    with pytest.raises(sr.EntryError, match="the letters tau"):
        sr.face_field(timed, "1", 1)
    with pytest.raises(sr.EntryError, match="accepted is a rational dt"):
        sr.face_field(sr.derive(sr.PLRNN(["sqrt(2)"], [["1/4"]], [1]), sp.sqrt(2)), "1", 1)
    with pytest.raises(sr.EntryError, match="accepted is a rational dt"):
        sr.face_field(sr.derive(sr.PLRNN(["1/2"], [["1/4"]], [1]), sp.sqrt(2)), "1", 1)


def test_wrong_calls():
    ode = sr.derive(sr.PLRNN(*NET), 1)
    for unit in (0, 3, "2", True):
        with pytest.raises(sr.PatternError, match="unit: expected a whole number from 1 to 2"):
            sr.face_field(ode, "10", unit)
    with pytest.raises(sr.PatternError, match="is not a pattern"):
        sr.face_field(ode, "1", 1)
    with pytest.raises(sr.ShapeError, match=r"s: expected 0 numbers, got 1"):
        sr.face_field(ode, "10", 1, s=[1])
    with pytest.raises(sr.ShapeError, match="face_field: expected the ODE of a network"):
        sr.face_field(ode["10"], "10", 1)


def test_no_region_on_the_other_side():
    """relu(z1) and relu(z1 - 1): unit 1 cannot switch where unit 2 is on; relu(z1) and relu(-z1) share one face."""
    twice = sr.derive(sr.ReLURNN(["1/2", "1/2"], [[0, 0], [0, 0]], [0, 0], V=[[1, 0], [1, 0]], b=[0, -1]), 1)
    with pytest.raises(sr.PatternError, match="no face of unit 1 at region 11: region 01 is empty"):
        sr.face_field(twice, "11", 1)
    thin = sr.derive(sr.ReLURNN(["1/2", "1/2"], [[0, 0], [0, 0]], [0, 0], V=[[1, 0], [-1, 0]], b=[0, 0]), 1)
    with pytest.raises(sr.PatternError, match="region 00 has no inner points"):
        sr.face_field(thin, "10", 1)


def test_lines_need_two_states():
    f = face(["1/2"] * 3, [[0, "1/4", 0], [0, 0, 0], [0, 0, 0]], [1, 0, 0], "000", 1)
    assert "intervals" not in repr(f)
    assert "intervals" not in f.to_dict()
    for name in ("intervals", "tangents", "pseudo_equilibria"):
        with pytest.raises(sr.ShapeError, match="the network has 3 states"):
            getattr(f, name)
