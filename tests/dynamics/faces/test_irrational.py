"""Faces of networks with irrational entries.

They are worked out by hand, compared with mpmath at 60 digits, and with rational networks in irrational coordinates, whose faces
have the same parts.
"""

from __future__ import annotations

import json

import mpmath
import pytest
import sympy as sp
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.dynamics.faces import numbers
from symplrnn.exact.balls import endpoints, working_precision
from symplrnn.exact.feasibility import is_feasible
from symplrnn.exact.fields.real import real_field
from tests.conjugation import SCALES, WIDE, in_other_coordinates
from tests.dynamics.faces.test_against_others import KINDS, SLIDING
from tests.dynamics.faces.test_hand import same
from tests.examples import examples

R2, R3 = sp.sqrt(2), sp.sqrt(3)
z1, z2 = sp.symbols("z1 z2", real=True)
HALF = sp.Rational(1, 2)


def face(A, W, h, pattern, unit, **options):
    return sr.face_field(sr.derive(sr.ReLURNN(A, W, h, **options), 1), pattern, unit)


# By hand


@pytest.mark.parametrize(("h", "kind"), [(R2, "crossing up"), (-1, "crossing down"), (0, "tangent")])
def test_one_unit(h, kind):
    """phi(1/sqrt 2) h and phi(sqrt(2)/4) h at z = 0: -log(2)/2 = log(1/sqrt 2), and 3 log(2)/2 = -log(sqrt(2)/4)."""
    f = face([R2 / 2], [[-R2 / 4]], [h], "0", 1)
    M, N = R2 / 2, R2 / 4
    assert same(sp.radsimp(f.sigma_below.subs(z1, 0)), sp.radsimp(sp.log(2) / 2 * h / (1 - M)))
    assert same(sp.radsimp(f.sigma_above.subs(z1, 0)), sp.radsimp(3 * sp.log(2) / 2 * h / (1 - N)))
    (piece,) = f.intervals
    assert piece.kind == f.classify([0]).kind == kind
    assert [mark.causes for mark in f.tangents] == ([("sigma_below = 0", "sigma_above = 0", "equilibrium")] if h == 0 else [])


def test_a_jordan_block():
    """Below M = [[m, 0], [1, m]], m = 1/sqrt 2: sigma_below = sqrt(2) (z1 - p1) - log(2)/2 (z2 - p2) with the fixed point p."""
    f = face([R2 / 2, R2 / 2], [[0, -1], [1, 0]], [1 - R2 / 2, 0], "10", 2)
    p1, p2 = 1, 1 / (1 - R2 / 2)
    assert sp.simplify(f.sigma_below - (R2 * (z1 - p1) - sp.log(2) / 2 * (z2 - p2))) == 0
    assert [p.kind for p in f.intervals] == ["crossing down", "escaping", "crossing up"]
    root = next(mark for mark in f.tangents if mark.causes == ("sigma_below = 0",))
    assert root.exact is None
    assert sp.simplify(root.parameter - (1 - p2 * sp.log(2) / 2 / R2)) == 0
    assert root.digits(30)[0] == str(sp.N(1 - p2 * sp.log(2) / 2 / R2, 30))


def test_logarithms_that_are_multiples_of_each_other():
    """log(1/2) = 2 log(1/sqrt 2), so sigma is log(1/sqrt 2) (z1 + 2 z2), which is 0 at z2 = -1 on z1 + z2 = 1, and exactly there."""
    f = face([R2 / 2, HALF], [[0], [0]], [0, 0], "0", 1, V=[[1, 1]], b=[-1])
    assert [str(mark.parameter) for mark in f.tangents] == ["-1"]
    assert [p.kind for p in f.intervals] == ["crossing down", "crossing up"][
        :: 1 if f.intervals[0].kind == "crossing down" else -1
    ]
    assert f.classify([2, -1]).signs == (0, 0)
    near = sp.Rational(1, 10**30)
    assert {f.classify([2 - sign * near, -1 + sign * near]).kind for sign in (1, -1)} == {"crossing up", "crossing down"}
    other = face([R2 / 2, sp.Rational(1, 3)], [[0], [0]], [0, 0], "0", 1, V=[[1, 1]], b=[-1])  # no such relation
    assert other.tangents[0].exact is None


def test_an_irrational_tangent_point_is_known_exactly():
    """At the fixed point (sqrt 2, 0) of both regions both fields vanish."""
    f = face([HALF, R2 / 2], [[0, -1], [0, "1/8"]], [R2 / 2, 0], "10", 2)
    assert f.tangents == ()  # sigma vanishes on all of the face: z2' = m z2
    g = face([[HALF, 0], [R3 / 3, R2 / 2]], [[0, -1], [0, "1/8"]], [R2 / 2, -R2 * R3 / 3], "10", 2, V=[[1, 0], [0, 1]])
    [mark] = g.tangents
    assert (mark.parameter, mark.causes) == (R2, ("sigma_below = 0", "sigma_above = 0", "equilibrium"))
    assert g.classify([R2, 0]).signs == (0, 0)
    assert mark.digits(20) == (str(sp.N(R2, 20)), "0")
    for sign in (1, -1):
        assert g.classify([R2 + sign * sp.Rational(1, 10**30), 0]).kind == {1: "crossing up", -1: "crossing down"}[sign]
    assert [p.kind for p in g.intervals] == ["crossing down", "crossing up"]


# Rational networks in irrational coordinates

numbers_ = st.integers(-16, 16).map(lambda k: sp.Rational(k, 8))
positive = st.integers(1, 12).map(lambda k: sp.Rational(k, 8))


@st.composite
def networks(draw, n: int):
    W = draw(st.lists(st.lists(numbers_, min_size=n, max_size=n), min_size=n, max_size=n))
    h = draw(st.lists(numbers_, min_size=n, max_size=n))
    if draw(st.booleans()):
        return sr.PLRNN(draw(st.lists(positive, min_size=n, max_size=n)), W, h)
    A = [[draw(positive) if i == j else draw(numbers_) / 8 for j in range(n)] for i in range(n)]
    W = [[x / 8 for x in row] for row in W]
    V = draw(st.lists(st.lists(st.integers(-2, 2), min_size=n, max_size=n), min_size=n, max_size=n))
    return sr.ReLURNN(A, W, h, V=V, b=draw(st.lists(st.integers(-2, 2), min_size=n, max_size=n)))


def found_or_refused(ode, pattern, unit):
    try:
        return sr.face_field(ode, pattern, unit)
    except sr.NoRealODE as error:
        return (sr.NoRealODE, error.pattern, error.hypothesis)
    except sr.PatternError as error:
        return (sr.PatternError, str(error))


def overlap(first, second, scale) -> bool:
    """Whether two enclosures of a number, the first one in other units, have a point in common."""
    with working_precision(300):
        moved = first * real_field(sr.PLRNN([R2], [[0]], [0]).field).ball(coordinates(scale))
        return bool(moved.overlaps(second))


def coordinates(number) -> list[fmpq]:
    R = real_field(sr.PLRNN([R2], [[0]], [0]).field)
    return R.coordinates(R.field.element(sp.sympify(number)))


def compare(net, scales=SCALES):
    """Compare all faces of a network of one or two states; return the kinds of pieces."""
    other, D = in_other_coordinates(net, scales)
    assert not other.is_rational
    ode, conjugate, seen = sr.derive(net, 1), sr.derive(other, 1), set()
    assert [r.pattern for r in net.regions()] == [r.pattern for r in other.regions()]
    for pattern in ode:
        for unit in range(1, net.p + 1):
            if pattern[unit - 1] == "1":
                continue
            first, second = (found_or_refused(x, pattern, unit) for x in (ode, conjugate))
            if isinstance(first, tuple):
                assert second == first
                continue
            assert [(p.kind, p.signs) for p in second.intervals] == [(p.kind, p.signs) for p in first.intervals]
            seen |= {p.kind for p in first.intervals}
            marks = [
                [m for p in face.intervals for m in (p.lower, p.upper) if m is not None] + list(face.tangents)
                for face in (first, second)
            ]
            scale = 1 if first.line.coordinate is None else D[first.line.coordinate, first.line.coordinate]
            for a, b in zip(*marks, strict=True):
                assert (a.causes, a.belongs, a.exact is None) == (b.causes, b.belongs, b.exact is None)
                assert overlap(a.ball(256), b.ball(256), scale)
                if a.exact is not None:
                    assert sp.expand(b.parameter - scale * a.parameter) == 0
            for t in (-3, sp.Rational(-1, 7), 0, 1, sp.Rational(9, 4)):
                z = first.line.at(fmpq(int(sp.Rational(t).p), int(sp.Rational(t).q)))
                z = [sp.Rational(int(x.p), int(x.q)) for x in z]
                try:
                    point = first.classify(z)
                except sr.EntryError:
                    with pytest.raises(sr.EntryError, match="not on the face"):
                        second.classify(list(D * sp.Matrix(z)))
                    continue
                moved = second.classify(list(D * sp.Matrix(z)))
                assert (moved.kind, moved.signs, moved.corner) == (point.kind, point.signs, point.corner)
    return seen


@settings(max_examples=5)
@given(networks(2))
def test_two_states_in_other_coordinates(net):
    assume(not in_other_coordinates(net)[0].is_rational)
    compare(net)


@pytest.mark.slow
@settings(max_examples=20)
@given(networks(2))
def test_two_states_in_other_coordinates_with_many_examples(net):
    test_two_states_in_other_coordinates.hypothesis.inner_test(net)


@examples(20)
@given(networks(1))
def test_one_state_in_other_coordinates(net):
    assume(not in_other_coordinates(net)[0].is_rational)
    compare(net)


@pytest.mark.parametrize(
    "parts",
    [
        (["1/2", "1/2"], [[0, -1], [1, 0]], ["1/2", 0]),  # a Jordan block, and a complex pair
        (["1/2", "1/4"], [[0, -1], [1, 0]], ["1/2", "-1/2"]),  # an equilibrium on a face
        ([["5/4", "3/4"], ["3/4", "5/4"]], [[0, "1/8"], [0, "-1/4"]], ["1/4", "1/3"]),  # log 2 and log 1/2
        (["1/3", "1/9"], [[0, 1], [0, "1/3"]], ["1/2", 0]),  # log 1/9 = 2 log 1/3
    ],
)
def test_exact_cases_in_other_coordinates(parts):
    assert compare(sr.ReLURNN(*parts))


def test_what_slides_slides_in_other_coordinates():
    assert {"sliding", "crossing up", "crossing down"} <= compare(SLIDING)


@pytest.mark.parametrize("block", [[["3/5", "-4/5"], ["4/5", "3/5"]], [[2, 1], [1, 1]], [[HALF, "-1/3"], [1, HALF]]])
def test_logarithms_of_a_matrix_and_of_its_square(block):
    """The states move by B and by B^2, with log B^2 = 2 log B: sigma = u log(B) (x + 2 y) is 0 for y = -x/2 and at no other x, y."""
    B = sp.Matrix([[sp.Rational(x) for x in row] for row in block])
    net = sr.ReLURNN(sp.diag(B, B**2), [[0]] * 4, [0] * 4, V=[[1, 0, 1, 0]])
    for network, D in ((net, sp.eye(4)), in_other_coordinates(net)):
        f = sr.face_field(sr.derive(network, 1), "0", 1)
        assert f.classify(list(D * sp.Matrix([0, 2, 0, -1]))).signs == (0, 0)
        near = [f.classify(list(D * sp.Matrix([0, 2, 0, -1 + s * sp.Rational(1, 10**30)]))).signs for s in (1, -1)]
        assert {*near} == {(1, 1), (-1, -1)}


def test_the_nearest_of_several_ends():
    """The face z2 = 0 between -1/sqrt 2 and 1/sqrt 2, the nearest ends that the other units set."""
    V, b = [[0, 1], [-1, 0], [-R2, 0], [R2, 0], [1, 0]], [0, 1, 1, 1, 1]
    f = face([HALF, HALF], [[0] * 5, [1, 0, 0, 0, 0]], [0, 1], "01111", 1, V=V, b=b)
    assert [(mark.parameter, mark.causes, mark.belongs) for mark in f.ends] == [
        (-R2 / 2, ("unit 4",), False),
        (R2 / 2, ("unit 3",), False),
    ]


# mpmath at 60 digits

NETWORKS = {
    "spiral": sr.PLRNN([R2 / 2, HALF], [[0, -1], [R3 / 2, 0]], [HALF, "1/10"]),
    "faces at an angle": sr.ReLURNN(
        [["5/8", R2 / 4], ["-1/4", R3 / 2]], [["1/4", "1/8"], [-R2 / 8, "1/4"]], ["1/8", R2 / 3], V=[[1, R2], [0, R3]], b=[-1, 1]
    ),
    "three states": sr.PLRNN(
        [R2 / 2, HALF, "2/3"], [[0, "1/4", -R2 / 4], ["-1/4", 0, "1/8"], [R2 / 8, "1/3", 0]], ["1/2", R2 / 5, "-1/3"]
    ),
}


def mp(matrix):
    return mpmath.matrix([[mpmath.mpf(str(sp.N(x, 80))) for x in matrix.row(i)] for i in range(matrix.rows)])


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n == "three states" else ()) for n in NETWORKS])
def test_against_mpmath(name):
    """Coefficients, enclosures and kinds from mpmath's own logarithm; the kinds also 1e-30 beside the tangent points."""
    net, seen = NETWORKS[name], set()
    with mpmath.workdps(60):
        for pattern in sr.derive(net, 1):
            for unit in range(1, net.p + 1):
                f = found_or_refused(sr.derive(net, 1), pattern, unit) if pattern[unit - 1] == "0" else ()
                if isinstance(f, tuple):
                    continue
                fields = []
                for side in (f.below, f.above):
                    region = side.region
                    M = mp(region.matrix.row_join(region.offset).col_join(sp.Matrix([[0] * net.n + [1]])))
                    fields.append(mpmath.logm(M).apply(mpmath.re))
                V = mp(net.V)[unit - 1, :]
                rows = [V * X[: net.n, :] for X in fields]
                balls, digits = f.normal_enclosure(256), f.normal_digits(30)
                for i in (0, 1):
                    for j in range(net.n + 1):
                        lower, upper = (mpmath.mpf(int(x.p)) / int(x.q) for x in endpoints(balls[i, j]))
                        assert lower - mpmath.mpf(10) ** -50 <= rows[i][j] <= upper + mpmath.mpf(10) ** -50
                        assert abs(mpmath.mpf(digits[i][j]) - rows[i][j]) <= abs(rows[i][j]) * mpmath.mpf(10) ** -29
                points = (
                    list(near_tangents(f)) if net.n == 2 else [[0 if k == unit - 1 else s for k in range(3)] for s in (1, -1)]
                )
                for z in points:
                    try:
                        found = f.classify(z)
                    except sr.EntryError:
                        continue
                    w = mpmath.matrix([*(mpmath.mpf(str(sp.N(x, 80))) for x in z), 1])
                    values = [(row * w)[0] for row in rows]
                    assert min(map(abs, values)) > mpmath.mpf(10) ** -45
                    assert found.kind == KINDS[tuple(int(mpmath.sign(x)) for x in values)]
                    seen.add(found.kind)
    assert len(seen) > 1


def near_tangents(f):
    """Points in the network's field next to each end of a piece, and far away."""
    marks = [mark for piece in f.intervals for mark in (piece.lower, piece.upper) if mark is not None]
    places = [sp.Rational(str(sp.N(mark.parameter, 60))) + s * sp.Rational(1, 10**30) for mark in marks for s in (1, -1)]
    K = f.below.region.network.field
    for t in [*places, sp.Integer(40), sp.Integer(-40)]:
        yield [K.to_sympy(x) for x in f.line.at(K.element(t))]


# Emptiness, undecided signs, text


def test_regions_of_irrational_faces_may_be_empty():
    """u = z1 + sqrt(2) z2: u > 0, sqrt(2) u + 1 > 0, sqrt(2) - u > 0."""
    net = sr.ReLURNN([HALF, HALF], [[R2, 0, 0], [0, 1, 1]], [1, 0], V=[[1, R2], [R2, 2], [-1, -R2]], b=[0, 1, R2])
    assert [region.pattern for region in net.regions()] == ["001", "011", "110", "111"]
    with pytest.raises(sr.PatternError, match="no face of unit 1 at region 001: region 101 is empty"):
        sr.face_field(sr.derive(net, 1), "001", 1)
    thin = sr.ReLURNN([HALF, HALF], [[0, 0]] * 2, [0, 0], V=[[1, R2], [-R2, -2]], b=[0, 0])
    with pytest.raises(sr.PatternError, match="region 00 has no inner points"):
        sr.face_field(sr.derive(thin, 1), "10", 1)


@pytest.mark.parametrize("sign", [1, -1])
def test_linear_programs_see_a_gap_of_1e_30(sign):
    """z <= p - q sqrt 2 and z > 0, where p/q is a convergent of sqrt 2 from above or below."""
    p, q = 1, 1
    while q < 10**29 or (p * p > 2 * q * q) != (sign > 0):
        p, q = p + 2 * q, p + q
    K = sr.PLRNN([R2], [[0]], [0]).field
    one, gap = K.element(1), K.element(p - q * R2)
    assert is_feasible([[one], [one]], [-gap, K.element(0)], [False, True], real_field(K)) == (sign > 0)


def test_undecided_kinds_have_a_reason(monkeypatch):
    monkeypatch.setattr(numbers.Number, "exact", None)
    f = face([R2 / 2], [[-R2 / 4]], [0], "0", 1)
    point = f.classify([0])
    assert point.kind == "undecided"
    assert "sigma_below is not told apart from 0 by 4096 bits, and not proved to be 0" in point.reason


def test_refusals_name_the_eigenvalue():
    for A, kind, eigenvalue in (([-R2, HALF], "lifted", "-sqrt(2)"), ([0, R2], "impulsive", "0")):
        with pytest.raises(sr.NoRealODE, match=f"region 00 at the face of unit 2 is {kind} ") as caught:
            face(A, [[0, 0], [0, 0]], [0, 0], "01", 2)
        assert caught.value.eigenvalue == eigenvalue
    f = face([-R2, -R2, HALF], [[0] * 3] * 3, [1, 0, R2], "000", 3)  # a pair has a real ODE, which is not principal
    assert f.classify([-1, -1, 0]).kind == "crossing up"


def test_inputs_and_json():
    net = sr.PLRNN([R2 / 2, HALF], [[0, -1], [R3 / 2, 0]], [HALF, 0], C=[[0], [R2]])
    f = sr.face_field(sr.derive(net, 1), "10", 2, [R3])
    same_offset = sr.PLRNN([R2 / 2, HALF], [[0, -1], [R3 / 2, 0]], [HALF, R2 * R3])
    g = sr.face_field(sr.derive(same_offset, 1), "10", 2)
    for a, b in zip(f.normal_digits(30), g.normal_digits(30), strict=True):
        assert a == b
    entry = f.to_dict()
    assert json.loads(json.dumps(entry))["unit"] == 2
    assert entry["inputs"] == ["sqrt(3)"]
    with pytest.raises(sr.EntryError, match=r"s\[1\]: .* is not an element of"):
        sr.face_field(sr.derive(net, 1), "10", 2, [sp.sqrt(5)])
    with pytest.raises(sr.EntryError, match=r"\(V z \+ b\)_2 is sqrt\(2\), and 0 on the face"):
        f.classify([1, R2])


def test_three_states_in_a_wide_field():
    """Kinds of points of three-state faces over Q(sqrt 2, sqrt 3), beside the rational network."""
    net = sr.PLRNN(["1/2", "2/3", "3/4"], [[0, "1/4", "-1/2"], ["-1/4", 0, "1/8"], ["1/8", "1/3", 0]], ["1/2", "1/5", "-1/3"])
    other, D = in_other_coordinates(net, WIDE)
    kinds = set()
    for unit in (1, 2, 3):
        f, g = (sr.face_field(sr.derive(x, 1), "000", unit) for x in (net, other))
        for drawn in ([-1, -2, -3], [-5, "-1/9", "-1/7"], ["-1/100", -7, "-1/3"]):
            z = [sp.Rational(x) if k != unit - 1 else sp.Integer(0) for k, x in enumerate(drawn)]
            a, b = f.classify(z), g.classify(list(D * sp.Matrix(z)))
            assert (a.kind, a.signs) == (b.kind, b.signs)
            kinds.add(a.kind)
    assert len(kinds) > 1
