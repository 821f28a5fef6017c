"""Every form of a real algebraic entry goes the whole way: verdicts, closed forms, digits, LaTeX, orbits, simulation, crossings."""

import pickle

import mpmath as mp
import pytest
import sympy as sp

import symplrnn as sr

X = sp.Symbol("x")
ROOT = sp.CRootOf(X**3 - X - 1, 0)
FORMS = [
    ROOT / 2,
    sp.CRootOf(X**5 - X - 1, 0) / 3,
    ROOT**2 / 9 - ROOT,
    sp.sqrt(ROOT) / 9,
    sp.sqrt(2) + ROOT / 3,
    ROOT * sp.CRootOf(X**2 - 2 * X - 5, 0) / 9,
    sp.GoldenRatio / 2,
    sp.TribonacciConstant / 3,
    sp.AlgebraicNumber(sp.sqrt(2), [1, 1]) / 3,
    sp.cos(sp.pi / 7),
    sp.cos(sp.pi / 5),
    sp.sin(sp.pi / 9),
    sp.tan(sp.pi / 7) / 5 + sp.sec(sp.pi / 7) / 4,
    sp.cot(3 * sp.pi / 7) / 5,
    sp.cos(sp.pi / 7) / sp.sqrt(2) / 2,
    sp.cbrt(2) / 2,
    sp.cbrt(1 + sp.sqrt(2)) / 3,
]


def of_digits(matrix):
    return mp.matrix([[mp.mpf(x) for x in row] for row in matrix])


def number(x):
    return mp.mpf(str(sp.sympify(x).evalf(60)))


@pytest.mark.parametrize(
    "entry", [pytest.param(x, marks=pytest.mark.slow if k % 3 else ()) for k, x in enumerate(FORMS)], ids=str
)
def test_the_whole_way(entry):
    net = sr.PLRNN([entry, "1/2"], [[0, "1/3"], ["-1/4", 0]], [1, "-1/2"], dt=1)
    report, ode = sr.check(net), sr.derive(net)
    with mp.workdps(60):
        assert abs(number(net.A[0, 0]) - number(entry)) < mp.mpf(10) ** -50
        for pattern, step in ode.items():
            M = mp.matrix([[number(entry), mp.mpf(int(pattern[1])) / 3], [-mp.mpf(int(pattern[0])) / 4, mp.mpf(1) / 2]])
            trace, determinant = M[0, 0] + M[1, 1], M[0, 0] * M[1, 1] - M[0, 1] * M[1, 0]
            negative = trace**2 >= 4 * determinant and min(trace, determinant) < 0
            assert report.verdicts[pattern]["E2"].truth.is_true is not negative
            if step.kind == "real":
                assert mp.norm(mp.expm(of_digits(step.digits(40).matrix)) - M) < mp.mpf(10) ** -37
                assert mp.norm(mp.expm(of_digits(sp.Matrix(step.matrix).evalf(50).tolist())) - M) < mp.mpf(10) ** -45
    assert report.to_json()
    assert sr.latex(net)
    assert sr.latex(report)
    assert sr.latex(ode)
    orbit = net.orbit([1, -1], 6)
    z = [1.0, -1.0]
    for state in orbit:
        assert [float(x) for x in state] == pytest.approx(z, abs=1e-12)
        z = [float(entry) * z[0] + max(z[1], 0) / 3 + 1, z[1] / 2 - max(z[0], 0) / 4 - 0.5]
    assert ode.crossings([1, -1], 3).steps
    if all(step.kind == "real" for step in ode.values()):
        assert ode.simulate([1, -1], 3).states.shape
    assert pickle.loads(pickle.dumps(net)).A == net.A


@pytest.mark.parametrize("q", [5, 7, 9, 16, pytest.param(21, marks=pytest.mark.slow)])
def test_rotations_have_one_cosine(q):
    """The logarithm of a rotation by pi/q is pi/q times the quarter turn, and the powers of the map come back to 1."""
    c, s = sp.cos(sp.pi / q), sp.sin(sp.pi / q)
    net = sr.ReLURNN([[c, -s], [s, c]], [[], []], [1, 0], V=[], dt=1)
    assert len(net.A.atoms(sp.CRootOf)) == 0
    found = sr.derive(net)[""].digits(30).matrix
    with mp.workdps(40):
        assert mp.norm(of_digits(found) - mp.matrix([[0, -mp.pi / q], [mp.pi / q, 0]])) < mp.mpf(10) ** -29
    first = net.orbit([1, 0], 2 * q)
    assert first[2 * q] == first[0]


def test_equal_numbers_are_equal_entries():
    c = [sp.cos(sp.pi * k / 7) for k in (1, 3, 5)]
    net = sr.ReLURNN([[sum(c), c[0] * c[1] * c[2]], [sp.sin(sp.pi / 7) ** 2, 1 - c[0] ** 2]], [[], []], [0, 0], V=[])
    assert net.A[0, :] == sp.Matrix([[sp.Rational(1, 2), sp.Rational(-1, 8)]])
    assert net.A[1, 0] == net.A[1, 1]
    one = sr.PLRNN([ROOT**3 - ROOT, ROOT**4], [[0, 0], [0, 0]], [0, 0])
    assert (one.A[0, 0], one.A[1, 1]) == (1, ROOT**2 + ROOT)
    assert one.field.name == "QQ<CRootOf(x**3 - x - 1, 0)>"


def test_such_numbers_beside_letters():
    a = sp.Symbol("a", positive=True)
    net = sr.PLRNN([a * sp.cos(sp.pi / 7), "1/2"], [[0, 1], [0, 0]], [0, 0], dt=1)
    condition = sr.derive(net)["11"].condition
    assert condition.is_true
    net = sr.PLRNN([ROOT - a, "1/2"], [[0, 1], [0, 0]], [0, 0], dt=1)
    condition = sr.check(net).verdicts["11"]["E2"].truth.formula
    assert condition.at({"a": "1.3247"})
    assert not condition.at({"a": "1.3248"})
    assert not condition.at({"a": ROOT})
    a_square = sr.PLRNN([a**2 - a, "1/2"], [[0, 1], [0, 0]], [0, 0], dt=1)  # 1 at the golden ratio
    unit = sr.check(a_square).verdicts["11"]["E1"].truth.formula
    assert not unit.at({"a": sp.GoldenRatio})
    assert unit.at({"a": sp.sin(sp.pi / 7) + 1})
    assert sr.check(a_square.subs({"a": sp.GoldenRatio})).verdicts["11"]["E1"].truth.is_false


def test_times_are_such_numbers():
    net = sr.PLRNN(["1/2"], [[0]], [1])
    assert sr.derive(net, dt=sp.GoldenRatio).dt == sp.Rational(1, 2) + sp.sqrt(5) / 2
    assert sr.derive(net, dt=ROOT)["0"].digits(12).matrix == sr.derive(net, dt=ROOT.evalf(40))["0"].digits(12).matrix
    with pytest.raises(
        sr.EntryError, match="dt: 'pi' is transcendental; accepted in its place are a declared letter or a decimal"
    ):
        sr.derive(net, dt=sp.pi)
