"""Values of divided differences against mpmath: apart, together, and where only a proof shows that points are equal."""

import random

import mpmath
import pytest
import sympy as sp
from flint import acb, arb
from mpmath import mp

from symplrnn.exact.balls import endpoints, working_precision
from symplrnn.exact.evaluation import Evaluation, expression_enclosure
from symplrnn.functions import log_difference, phi, power_difference
from symplrnn.functions.enclosures import BallPoint, Integrand, difference_enclosure
from tests.functions.oracle import difference

R = sp.Rational
TINY = R(1, 10**40)
S2, S3 = sp.sqrt(2), sp.sqrt(3)
X, S = sp.symbols("x s")


def numeric(point):
    with mpmath.workdps(400):
        return tuple(map(numeric, point)) if isinstance(point, tuple) else mp.mpmathify(str(sp.N(point, 400)).replace("*I", "j"))


def close(found, expected, digits=49):
    with mpmath.workdps(70):
        found = mp.mpmathify(str(sp.re(found))) + mp.mpc(0, 1) * mp.mpmathify(str(sp.im(found)))
        return bool(abs(found - expected) <= abs(expected) * mp.mpf(10) ** -digits)


POINTS = {
    "apart": [S2, S3, sp.pi],
    "close": [S2, S2 + TINY, S2 - TINY],
    "equal": [S2, S2, sp.pi],
    "equal by a proof": [S2 + S3, sp.sqrt(5 + 2 * sp.sqrt(6)), 2],
    "wide and equal by a proof": [S2 + S3, sp.sqrt(5 + 2 * sp.sqrt(6)), sp.pi * 10**8],
    "wide": [sp.pi / 10**12, 1, sp.pi * 10**12],
    "a pair, complex": [(S2, 3)],
    "a pair, real": [(5, 1 + S2), 1],
    "a pair, nearly double": [(2 * S2, 2 + TINY), 1],
    "a pair, double by a proof": [(2 * (S2 + S3), 5 + 2 * sp.sqrt(6)), 1],
    "a pair at a point": [(S2 + 3, 3 * S2), 3],
    "a pair near the negative axis": [(-R(19, 10), 1), S2],
    "a pair twice": [(S2, 3), (S2, 3)],
    "pairs close together": [(S2, 3), (S2, 3 + TINY)],
    "a pair and 1": [(2 + TINY, 1 + TINY), 1, 1],
    "three roots": [(S2, 3, 1), S3],
    "three close roots": [(3 * S2 + TINY, 6, 2 * S2)],
    "negative, apart": [-S2, S3],
}


@pytest.mark.parametrize("name", POINTS)
def test_values_agree_with_mpmath(name):
    points, at = POINTS[name], [numeric(p) for p in POINTS[name]]
    assert close(log_difference(points).n(50), difference(at))
    for s in (S2, -R(7, 3)):
        assert close(power_difference(s, points).n(50), difference(at, 0, numeric(s), 0))
        assert close(power_difference(X, points).diff(X).subs(X, s).n(50), difference(at, 0, numeric(s), 1))
    for power in (1, 2):
        assert close(log_difference(points, power).n(50), difference(at, power))
        assert close(power_difference(S2, points, power).n(50), difference(at, power, numeric(S2), 0))


def test_many_digits_and_few():
    value = log_difference([(3 * S2, 4), 1])
    expected = difference([numeric((3 * S2, 4)), 1])
    for digits in (5, 15, 80):
        with mpmath.workdps(digits + 10):
            assert abs(mp.mpf(str(value.n(digits))) - expected) < abs(expected) * mp.mpf(10) ** (1 - digits)


def test_random_points_in_balls():
    """The ball contains the value and lacks a few bits at most, whichever points coincide."""
    rng = random.Random(1)
    for _ in range(60):
        pool = [R(rng.randint(1, 400), rng.randint(1, 40)) * S2 for _ in range(2)]
        pool += [x + S3 / 2 ** rng.randint(1, 200) for x in pool]
        points = [rng.choice(pool) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.5:
            a, b = rng.choice(pool), rng.choice(pool)
            points.append(sp.Tuple(sp.expand(a + b), sp.expand(a * b) + rng.choice([0, TINY, -TINY, R(1, 3)])))
        for value, logarithms, exponent in ((log_difference(points), 1, 0), (power_difference(S3, points), 0, numeric(S3))):
            ball = expression_enclosure(sp.Matrix([[value]]), 64)[0, 0]
            expected = difference([numeric(tuple(p) if isinstance(p, sp.Tuple) else p) for p in points], 0, exponent, logarithms)
            assert ball.rel_accuracy_bits() >= 50
            with mpmath.workdps(60):
                low, high = (mp.mpf(int(end.p)) / int(end.q) for end in endpoints(ball))
                slack = abs(expected) * mp.mpf(10) ** -55
                assert low - slack <= expected <= high + slack


def test_numbers_whose_parts_have_no_balls():
    value = log_difference([sp.gamma(R(1, 3)), 1, 1])
    at = numeric(sp.gamma(R(1, 3)))
    assert close(value.n(40), difference([at, 1, 1]), 39)


def test_no_value_on_the_negative_axis():
    double = (-2 * (S2 + S3), 5 + 2 * sp.sqrt(6))
    negative = (-3, 3 * S2, -1)
    for value in (power_difference(S3, [double, S2]), log_difference([negative]), log_difference([negative, S2])):
        assert value.n(20) == value
        with working_precision(64):
            assert not Evaluation()(value).is_finite()
    assert not expression_enclosure(sp.Matrix([log_difference([double])]), 64)[0, 0].is_finite()


def test_floats_are_evaluated_at_once():
    assert phi(2.5) == sp.Float(phi(R(5, 2)).n(17), 15)
    assert phi(X).subs(X, 1.0) == 1.0
    assert log_difference([X, 1, 1]).subs(X, sp.Float("1.000000000000001", 30)).is_Float
    assert log_difference([X, 2.0]).has(X)
    assert log_difference([X, S2]).n(20) == log_difference([X, S2.n(20)])


def test_an_expression_in_a_variable_of_an_evaluation():
    with working_precision(64):
        found = Evaluation(X, acb(arb(2), arb(1)))(phi(X + 1))
    expected = mp.log(mp.mpc(3, 1)) / mp.mpc(2, 1)
    assert abs(complex(found.mid()) - complex(expected)) < 1e-15


def test_the_way_without_division_alone(monkeypatch):
    """The recursion is not asked: the integral and the companion matrix have the same values."""
    from symplrnn.functions import enclosures

    monkeypatch.setattr(enclosures, "_recursion", lambda *_: acb(arb.nan()))
    for name, points in POINTS.items():
        if name != "negative, apart":
            at = [numeric(p) for p in points]
            assert close(log_difference(points).n(50), difference(at))
            assert close(power_difference(S2, points, 1).n(50), difference(at, 1, numeric(S2), 0))
    for points in ([(S2, 3, 1)], [(S2, 3), (S2, 3)]):
        at = [numeric(p) for p in points]
        assert close(log_difference(points, 1).n(50), difference(at, 1))


def test_ball_points_given_by_wide_balls():
    wide = BallPoint(0, (acb(arb(2, 1e-10)),))
    with working_precision(64):
        ball = difference_enclosure(lambda: [wide, BallPoint(1, (acb(2),))], lambda: Integrand(0, None, 1)).real
    assert ball.contains(arb(1) / 2)
    assert ball.rel_accuracy_bits() > 25
