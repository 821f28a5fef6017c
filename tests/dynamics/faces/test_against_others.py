"""Faces against logarithms by mpmath and SciPy, sampled points, the trained networks, and simulation."""

import itertools

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import logm

import symplrnn as sr
from symplrnn.exact.balls import endpoints, working_precision

DIGITS = 60
KINDS = {(1, 1): "crossing up", (-1, -1): "crossing down", (1, -1): "sliding", (-1, 1): "escaping"}
SETS = {"crossing up": "crossing_up", "crossing down": "crossing_down", "sliding": "sliding", "escaping": "escaping"}


def mp(x) -> mpmath.mpf:
    x = sp.Rational(str(x))
    return mpmath.mpf(int(x.p)) / int(x.q)


def mp_field(region: sr.Region, dt) -> mpmath.matrix:
    """[X, y] from mpmath's own logarithm of the augmented matrix."""
    M = mpmath.matrix([[mp(x) for x in row] for row in region.affine.augmented().tolist()])
    return mpmath.logm(M) / mp(dt)


def mp_normals(face, fields, point) -> list[mpmath.mpf]:
    """V_i f(z) below and above."""
    V = [mp(x) for x in face.below.region.network.V.row(face.unit - 1)]
    w = mpmath.matrix([*map(mp, point), 1])
    return [mpmath.re(sum(v * (X * w)[k] for k, v in enumerate(V))) for X in fields]


def faces_of(net, patterns, dt=1):
    ode = sr.derive(net, dt)
    for pattern in patterns:
        for unit in range(1, net.p + 1):
            try:
                yield sr.face_field(ode, pattern, unit)
            except (sr.NoRealODE, sr.PatternError):
                continue


def inside(ball, value) -> bool:
    """Return whether an enclosure contains a number that is known to about 50 digits."""
    lower, upper = (mpmath.mpf(int(x.p)) / int(x.q) for x in endpoints(ball))
    slack = mpmath.mpf(10) ** -45 * (1 + abs(value))
    return lower - slack <= value <= upper + slack and upper - lower < slack


def agrees(face, points, fields) -> int:
    """Compare the kind, the sets and the enclosures of points of a face with the given fields; return how many were compared."""
    normal, count = face.normal_enclosure(256), 0
    jump = face.jump_enclosure(256)
    for i, j in itertools.product(range(face.n), range(face.n + 1)):
        assert inside(jump[i, j], mpmath.re(fields[1][i, j] - fields[0][i, j]))
    for point in points:
        found, values = face.classify(point), mp_normals(face, fields, point)
        assert min(map(abs, values)) > mpmath.mpf(10) ** -40
        kind = KINDS[tuple(int(mpmath.sign(x)) for x in values)]
        assert found.kind == kind
        at = dict(zip(sp.symbols(f"z1:{face.n + 1}", real=True), map(sp.Rational, map(str, point)), strict=True))
        assert [name for name, key in SETS.items() if holds(getattr(face, key), at)] == [kind]
        for row, ball, value in zip(normal.tolist(), found.enclosures(256), values, strict=True):
            assert inside(ball, value)
            with working_precision(256):
                form = sum((x * y for x, y in zip(row, map(fmpq_of, point), strict=False)), row[-1])
            assert inside(form, value)
        count += 1
    return count


def holds(region, at) -> bool:
    """Return whether a point meets each of some relations, by the value of both sides to 30 digits."""
    if region is sp.false:
        return False
    for relation in region.args if isinstance(region, sp.And) else [region]:
        value = (relation.lhs - relation.rhs).subs(at).evalf(30)
        if not {">": value > 0, "<": value < 0, "<=": value <= 0, "==": value == 0}[relation.rel_op]:
            return False
    return True


def fmpq_of(x) -> fmpq:
    x = sp.Rational(str(x))
    return fmpq(int(x.p), int(x.q))


numbers = st.integers(-16, 16).map(lambda k: sp.Rational(k, 8))
positive = st.integers(1, 12).map(lambda k: sp.Rational(k, 8))


@st.composite
def networks(draw, n: int):
    """PLRNNs and networks with faces at an angle, n states, n units."""
    W = draw(st.lists(st.lists(numbers, min_size=n, max_size=n), min_size=n, max_size=n))
    h = draw(st.lists(numbers, min_size=n, max_size=n))
    if draw(st.booleans()):
        return sr.PLRNN(draw(st.lists(positive, min_size=n, max_size=n)), W, h)
    A = [[draw(positive) if i == j else draw(numbers) / 8 for j in range(n)] for i in range(n)]
    W = [[x / 8 for x in row] for row in W]
    V = draw(st.lists(st.lists(st.integers(-2, 2), min_size=n, max_size=n), min_size=n, max_size=n))
    return sr.ReLURNN(A, W, h, V=V, b=draw(st.lists(st.integers(-2, 2), min_size=n, max_size=n)))


@settings(max_examples=4)
@given(networks(2), st.lists(st.fractions(min_value=-8, max_value=8, max_denominator=50), min_size=4, max_size=4))
def test_two_states_against_mpmath(net, parameters):
    """Every point that is drawn lies in the piece of its kind; the pieces cover the face and nothing else."""
    with mpmath.workdps(DIGITS + 20):
        for face in faces_of(net, ["00", "11"]):
            fields = [mp_field(ode.region, 1) for ode in (face.below, face.above)]
            for t in parameters:
                point = face.line.at(fmpq(t.numerator, t.denominator))
                values = mp_normals(face, fields, point)
                assert (
                    sum(v * sp.Rational(str(x)) for v, x in zip(net.V.row(face.unit - 1), point, strict=True))
                    == -net.b[face.unit - 1]
                )
                pattern = net.region_of(point).pattern
                belongs = all(
                    a == b for k, (a, b) in enumerate(zip(pattern, face.below.region.pattern, strict=True), 1) if k != face.unit
                )
                pieces = [p for p in face.intervals if p.parameters[0] < sp.Rational(str(t)) < p.parameters[1]]
                if not belongs or min(map(abs, values)) < mpmath.mpf(10) ** -40:
                    continue
                if pieces:
                    assert [p.kind for p in pieces] == [KINDS[tuple(int(mpmath.sign(x)) for x in values)]]
                else:
                    assert any(
                        m is not None and m.exact == fmpq(t.numerator, t.denominator)
                        for p in face.intervals
                        for m in (p.lower, p.upper)
                    )


@pytest.mark.slow
@settings(max_examples=12)
@given(networks(2), st.lists(st.fractions(min_value=-8, max_value=8, max_denominator=50), min_size=4, max_size=4))
def test_two_states_against_mpmath_with_many_examples(net, parameters):
    test_two_states_against_mpmath.hypothesis.inner_test(net, parameters)


@settings(max_examples=3)
@given(networks(2))
def test_ends_of_pieces_and_no_rest_on_sliding_pieces(net):
    """At a tangent point the named component vanishes; on sliding and escaping pieces det [f_-, f_+] keeps its sign."""
    for face in faces_of(net, ["00", "01", "11"]):
        with mpmath.workdps(DIGITS + 20):
            fields = [mp_field(ode.region, 1) for ode in (face.below, face.above)]
            for mark in face.tangents:
                point = [mpmath.mpf(x) for x in mark.digits(50)]
                values = mp_normals_at(face, fields, point)
                for name, value in zip(("sigma_below = 0", "sigma_above = 0"), values, strict=True):
                    assert (abs(value) < mpmath.mpf(10) ** -40) == (name in mark.causes)
        for piece in face.intervals:
            if piece.kind in ("sliding", "escaping"):
                assert face.pseudo_equilibria == ()
                lower, upper = (float(x) for x in piece.parameters)
                lower, upper = (
                    max(lower, upper - 100 if np.isfinite(upper) else -100),
                    min(upper, lower + 100 if np.isfinite(lower) else 100),
                )
                X = [np.array(f.tolist(), dtype=complex).real for f in fields]
                base, along = (np.array([float(x.p) / float(x.q) for x in v]) for v in (face.line.base, face.line.direction))
                signs = set()
                for t in np.linspace(lower, upper, 42)[1:-1]:
                    f, g = (Y[:2] @ np.append(base + t * along, 1) for Y in X)
                    signs.add(np.sign(f[0] * g[1] - f[1] * g[0]))
                assert len(signs) == 1
                assert signs != {0}


@pytest.mark.slow
@settings(max_examples=10)
@given(networks(2))
def test_ends_of_pieces_and_no_rest_on_sliding_pieces_with_many_examples(net):
    test_ends_of_pieces_and_no_rest_on_sliding_pieces.hypothesis.inner_test(net)


@pytest.mark.parametrize(("unit", "base", "direction"), [(1, (1, 0), (-1, 1)), (2, (0, fmpq(-1, 2)), (1, 0))])
def test_faces_at_an_angle(unit, base, direction):
    """V z + b = (z1 + z2 - 1, 2 z2 + 1): the lines, and the kinds next to each tangent point, against mpmath."""
    net = sr.ReLURNN(
        [["5/8", "1/4"], ["-1/4", "3/4"]], [["1/4", "1/8"], ["-1/8", "1/4"]], ["1/8", "1/3"], V=[[1, 1], [0, 2]], b=[-1, 1]
    )
    found = set()
    for face in faces_of(net, ["00", "01", "10", "11"]):
        if face.unit != unit:
            continue
        assert (face.line.base, face.line.direction) == (base, direction)
        with mpmath.workdps(DIGITS + 20):
            fields = [mp_field(ode.region, 1) for ode in (face.below, face.above)]
            for piece in face.intervals:
                lower, upper = (sp.Rational(str(sp.N(x, 20))) if x.is_finite else x for x in piece.parameters)
                lower, upper = max(lower, min(upper, 0) - 50), min(upper, max(lower, 0) + 50)
                points = [face.line.at(fmpq_of(lower + (upper - lower) * sp.Rational(k, 100))) for k in (1, 37, 99)]
                assert agrees(face, points, fields) == 3
                assert {face.classify(z).kind for z in points} == {piece.kind}
                found.add((piece.kind, *piece.signs))
    assert len(found) >= 2


def mp_normals_at(face, fields, point) -> list[mpmath.mpf]:
    V = [mp(x) for x in face.below.region.network.V.row(face.unit - 1)]
    w = mpmath.matrix([*point, 1])
    return [mpmath.re(sum(v * (X * w)[k] for k, v in enumerate(V))) for X in fields]


@settings(max_examples=2)
@given(networks(3), st.randoms(use_true_random=False))
def test_three_states_against_mpmath(net, random):
    with mpmath.workdps(DIGITS + 20):
        for face in itertools.islice(faces_of(net, ["000", "111"], sp.Rational(1, 10)), 1):
            fields = [mp_field(ode.region, sp.Rational(1, 10)) for ode in (face.below, face.above)]
            points = [p for p in sampled(face, random, 6) if min(map(abs, mp_normals(face, fields, p))) > mpmath.mpf(10) ** -30]
            agrees(face, points, fields)


def sampled(face, random, count):
    """Rational points of the face, by solving its equation for one state and keeping those of the right pattern."""
    net = face.below.region.network
    v, b = list(net.V.row(face.unit - 1)), net.b[face.unit - 1]
    pivot = next(k for k, x in enumerate(v) if x != 0)
    found = []
    for _ in range(40 * count):
        z = [sp.Rational(random.randint(-300, 300), 50) for _ in range(net.n)]
        z[pivot] = -(b + sum(x * y for k, (x, y) in enumerate(zip(v, z, strict=True)) if k != pivot)) / v[pivot]
        pattern = net.region_of(z).pattern
        if all(a == c for k, (a, c) in enumerate(zip(pattern, face.below.region.pattern, strict=True), 1) if k != face.unit):
            found.append(z)
    return found[:count]


def test_oscillator(oscillator):
    """Every face between two regions with real ODEs, at sampled points; the refused ones touch the two lifted regions."""
    import random

    ode, rng, kinds, refused = sr.derive(oscillator, 1), random.Random(3), set(), set()
    done = 0
    for pattern in itertools.product("01", repeat=3):
        for unit in (1, 2, 3):
            if pattern[unit - 1] == "1":
                continue
            try:
                face = sr.face_field(ode, "".join(pattern), unit)
            except sr.NoRealODE as error:
                refused.add(error.pattern)
                continue
            with mpmath.workdps(DIGITS + 40):
                fields = [mp_field(side.region, 1) for side in (face.below, face.above)]
                points = sampled(face, rng, 8)
                done += agrees(face, points, fields)
            kinds |= {face.classify(z).kind for z in points}
    assert len(refused) == 2
    assert done >= 8
    assert {"crossing up", "crossing down"} <= kinds


def test_van_der_pol(van_der_pol, van_der_pol_orbit):
    """Faces that the orbit passes, at points of the orbit moved onto them, against SciPy's logarithm; balls at 40 digits."""
    ode = sr.derive(van_der_pol, "1/10")
    done = set()
    for t in range(300):
        first, second = van_der_pol_orbit.patterns[t : t + 2]
        changed = [k for k, (a, b) in enumerate(zip(first, second, strict=True), 1) if a != b]
        if len(changed) != 1 or (first, changed[0]) in done or len(done) == 4:
            continue
        done.add((first, changed[0]))
        face = sr.face_field(ode, first, changed[0])
        z = [sp.Rational(round(float(x) * 1000), 1000) for x in van_der_pol_orbit[t]]
        z[changed[0] - 1] = sp.Integer(0)
        point = face.classify(z)
        w = np.array([*map(float, z), 1.0])
        for ball, side in zip(point.enclosures(200), (face.below, face.above), strict=True):
            augmented = np.array([[float(x.p) / float(x.q) for x in row] for row in side.region.affine.augmented().tolist()])
            value = (logm(augmented).real @ w)[changed[0] - 1] / 0.1
            assert abs(float(ball) - value) < 1e-7
            assert ball.rad() < 1e-40
        assert point.kind == KINDS[tuple(int(np.sign(float(ball))) for ball in point.enclosures(200))]
    assert len(done) == 4


# A network that slides: found by a search over small rational entries.
SLIDING = sr.PLRNN(["1/3", "3/4"], [[0, 1], [-2, "3/2"]], [2, "-1/2"])


@pytest.fixture(scope="module")
def sliding():
    return sr.face_field(sr.derive(SLIDING, 1), "11", 2)


def test_sliding_network_slides(sliding):
    assert [p.kind for p in sliding.intervals] == ["crossing up", "sliding", "crossing down"]
    lower, upper = (float(x) for x in sliding.intervals[1].parameters)
    assert (round(lower, 3), round(upper, 3)) == (0.649, 1.078)


def test_simulation_follows_the_sliding_field(sliding):
    """The switch smoothed over a width of 1e-4, with SciPy's logarithms, against Filippov's field on the face."""
    X = [_float_log(side) for side in (sliding.below, sliding.above)]
    width = 1e-4

    def smoothed(_, z):
        share = (1 + np.tanh(z[1] / width)) / 2
        w = np.append(z, 1.0)
        return ((1 - share) * (X[0] @ w) + share * (X[1] @ w))[:2]

    z = sp.symbols("z1 z2", real=True)
    field = sp.lambdify(z, list(sliding.sliding_field))
    lower, upper = (float(x) for x in sliding.intervals[1].parameters)
    direction = np.sign(field((lower + upper) / 2, 0)[0])
    start = lower + 0.2 * (upper - lower) if direction > 0 else upper - 0.2 * (upper - lower)
    speed = abs(field((lower + upper) / 2, 0)[0])
    end = 0.4 * (upper - lower) / speed
    exact = solve_ivp(lambda _, x: [field(x[0], 0)[0]], (0, end), [start], rtol=1e-10, atol=1e-12)
    assert lower < exact.y[0, -1] < upper
    for offset in (0.0, 1e-3, -1e-3):  # from either side the orbit reaches the face and stays on it
        run = solve_ivp(smoothed, (0, end), [start, offset], method="Radau", rtol=1e-8, atol=1e-10)
        assert abs(run.y[1, -1]) < 10 * width
        assert abs(run.y[0, -1] - exact.y[0, -1]) < 5e-3
    assert abs(field(start, 0)[1]) < 1e-12


def _float_log(side) -> np.ndarray:
    augmented = [[float(x.p) / float(x.q) for x in row] for row in side.region.affine.augmented().tolist()]
    return logm(np.array(augmented)).real
