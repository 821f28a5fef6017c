"""Zeros of the flow that no enclosure shows: proved where they are zeros, and nowhere else."""

import mpmath
import pytest
import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.exact.balls import endpoints
from symplrnn.logarithm.enclosure import real_power_enclosure
from symplrnn.logarithm.exact_powers import exact_real_power_entries
from tests.examples import examples
from tests.hard import Hard, turning


def linear(M):
    return sr.derive(sr.ReLURNN(M, [[] for _ in M], [0] * len(M), V=[]), dt=1)[""]


ROOT = "0.70710678118654752440"


@pytest.mark.parametrize(
    ("M", "t", "expected"),
    [
        ([[1, -2], [1, -1]], "1/2", ((f"1.{'41421356237309504880'}", "-1.4142135623730950488"), (ROOT, "0"))),  # (I + M)/sqrt 2
        ([[0, -1], [1, -1]], "1/2", (("1", "-1"), ("1", "0"))),  # of order 3: the root is I + M
        ([[0, -1], [1, -1]], "-7/2", (("0", "1"), ("-1", "1"))),
        ([[-4, 12], [-6, 14]], "1/2", (("0", "2.8284271247461900976"), ("-1.4142135623730950488", "4.2426406871192851464"))),
    ],
)
def test_zeros_in_the_middle_of_a_step(M, t, expected):
    found = linear(M).flow(t).digits(20).matrix
    for row, wanted in zip(found, expected, strict=True):
        for x, y in zip(row, wanted, strict=True):
            assert abs(mpmath.mpf(x) - mpmath.mpf(y)) < 1e-14
            assert (x == "0") == (y == "0")


def test_a_root_of_order_five_has_rational_square_roots():
    M = [[0, 0, 0, -1], [1, 0, 0, -1], [0, 1, 0, -1], [0, 0, 1, -1]]
    found = linear(M).flow("1/2").digits(15)
    # exp(i pi/5) is -l^3 for l = exp(2 pi i/5) and its conjugates; for l = exp(4 pi i/5) too: exp(2 pi i/5) = l^3, with sign +.
    with mpmath.workdps(40):
        values, vectors = mpmath.eig(mpmath.matrix(M))
        root = vectors * mpmath.diag([mpmath.sqrt(x) for x in values]) * vectors**-1
        for i in range(4):
            for j in range(4):
                assert abs(mpmath.mpf(found.matrix[i][j]) - root[i, j].real) < 1e-14
                assert (found.matrix[i][j] == "0") == (abs(root[i, j]) < 1e-30)


def test_what_is_almost_zero_is_not_zero():
    tiny = fmpq(1, 10**200)  # smaller than the first enclosures tell from 0
    E = fmpq_mat([[2 + tiny, -2], [(2 + tiny) * (1 + tiny) / 2, -1 - tiny]])  # a projector
    assert E * E == E
    M = fmpq_mat([[8, 0], [0, 8]]) - E * 6
    assert linear(M.tolist()).flow("1/2").digits(8).matrix[0][0] == "-1.4142136e-200"


@pytest.mark.parametrize("root", [-1, -4, "-1/3"])
def test_the_flow_of_no_time_is_the_identity(root):
    for M in ([[root, 1], [0, root]], [[root, 1, 0], [0, root, 1], [0, 0, root]]):
        ode = linear(M)
        size = ode.dimension
        assert ode.extra == len(M)
        assert ode.flow(0).digits(10).matrix == tuple(tuple(str(int(i == j)) for j in range(size)) for i in range(size))


def test_a_rational_entry_between_two_decimals_is_rounded():
    ode = linear([["-1/4", 1], [0, "-1/4"]])
    assert ode.flow(1).digits(1).matrix[2][2] == "-0.2"  # of extra coordinates: half to even
    assert ode.flow(1).digits(2).matrix[2][2] == "-0.25"


@examples(40)
@given(turning, st.fractions(min_value=-3, max_value=3, max_denominator=4))
def test_exact_entries_are_in_narrow_enclosures(hard: Hard, time):
    ode, r = sr.derive(hard.region, 1), fmpq(time.numerator, time.denominator)
    log = ode.real_logarithm
    balls = real_power_enclosure(log, r, 3000)
    for (i, j), value in exact_real_power_entries(log, r, lambda bits: real_power_enclosure(log, r, bits)).items():
        lower, upper = endpoints(balls[i, j])
        assert lower <= value <= upper


def test_zeros_of_the_printed_flow():
    flow = linear([[1, -2], [1, -1]]).flow(sp.Rational(1, 2))
    assert sp.simplify(flow.matrix[1, 1]) == 0


def test_times_of_many_steps():
    ode = linear([["1/2", "1/4"], [0, -3]])
    with mpmath.workdps(30):
        expected = mpmath.nstr(mpmath.mpf(2) ** -(10**4), 12)
    assert ode.flow(10**4).digits(12).matrix[0][0] == expected
    assert ode.flow(10**4).digits(12).matrix[1][0] == "0"
    for time in (10**7, "1e30", -(10**9)):
        with pytest.raises(sr.EntryError, match=r"^t: .* steps are so many that .* accepted are shorter times"):
            ode.flow(time).matrix  # noqa: B018
        with pytest.raises(sr.EntryError, match=r"^t: .* steps are so many that .* accepted are shorter times"):
            ode.flow(time).digits(5)


@pytest.mark.parametrize("dt", [0, -1])
def test_a_step_that_takes_no_time_is_refused(dt):
    region = sr.PLRNN(["1/2"], [[0]], [1]).region("1")
    with pytest.raises(sr.EntryError, match=r"RegionODE: dt: .* is not positive"):
        sr.RegionODE(region, sp.Integer(dt))


@pytest.mark.parametrize("power", [4, 5, 30, 60, 90])
def test_a_small_unit_is_not_zero(power):
    """Entry (1, 1) of the flow over a quarter of a step is (2^(1/4) - 1)^k / s: small, but three of its conjugates are not."""
    unit = fmpq_poly([-1, 1]) ** power % fmpq_poly([-2, 0, 0, 0, 1])
    w = [fmpq(unit[k]) for k in range(4)]
    s = sum(w, fmpq(0))
    w = [x / s for x in w]  # so that the projectors' entries add up to 1
    kernel = [[-w[j] if i == 0 else w[0] if i == j else fmpq(0) for j in range(1, 4)] for i in range(4)]
    inverse = fmpq_mat([[fmpq(1), *row] for row in kernel])
    diagonal = fmpq_mat([[fmpq(2) ** i if i == j else fmpq(0) for j in range(4)] for i in range(4)])
    net = sr.ReLURNN(inverse.inv() * diagonal * inverse, [[]] * 4, [0] * 4, V=[])
    entry = sr.derive(net, dt=1)[""].flow("1/4").digits(12).matrix[0][0]
    with mpmath.workdps(200):
        exact = (mpmath.root(2, 4) - 1) ** power / (mpmath.mpf(int(s.p)) / int(s.q))
        assert abs(mpmath.mpf(entry) / exact - 1) < 1e-11
