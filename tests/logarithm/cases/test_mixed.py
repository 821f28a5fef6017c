"""Networks with letters and irrational numbers together: polynomials that mix both are not factored, and every answer stays right."""

import itertools
from fractions import Fraction

import pytest
import sympy as sp

import symplrnn as sr
from tests.logarithm.cases.test_unlisted import check_values
from tests.logarithm.cases.test_where_e2_fails import check_at

ROOT = sp.sqrt(2)
a, w = sp.symbols("a w", real=True)
VALUES = [Fraction(0), Fraction(1), Fraction(-1, 2), Fraction(2)]
r = a + ROOT * w
CUBE = [1, 3 * r, sp.expand(-3 * r**2), sp.expand(r**3)]
NETWORKS = {
    "a + and - sqrt(2) w": sr.PLRNN([a, a], [[0, ROOT * w], [ROOT * w, 0]], [1, 0], dt=1),
    "a square, and a again": sr.PLRNN([a, a, a], [[0, ROOT * w, 0], [ROOT * w, 0, 0], [1, 0, 0]], [1, 0, 1], dt=1),
    "a cube (x - r)^3 that is not seen": sr.ReLURNN(
        [[0, 0, CUBE[3]], [1, 0, CUBE[2]], [0, 1, CUBE[1]]], [[]] * 3, [1, 0, 0], V=[], dt=1
    ),
    "two roots: (x - sqrt(2) w)^2 (x - a)": sr.ReLURNN(
        [[0, 0, 2 * w**2 * a], [1, 0, -2 * w**2 - 2 * ROOT * w * a], [0, 1, 2 * ROOT * w + a]], [[]] * 3, [1, 0, 0], V=[], dt=1
    ),
    "(x - sqrt(2) w) (x - a) of one block, x - a of another": sr.PLRNN(
        [ROOT * w, a, a], [[0, 0, 1], [1, 0, 0], [0, 0, 0]], [1, 0, 1], dt=1
    ),
}


@pytest.mark.parametrize("net", NETWORKS.values(), ids=NETWORKS)
def test_verdicts_at_values(net):
    """At values, coincidences of eigenvalues among them, the verdicts are those of the network of these values."""
    pattern = "1" * net.p
    verdicts, names = sr.check(net, [pattern]).verdicts[pattern], [str(s) for s in net.parameters]
    for values in (dict(zip(names, row, strict=True)) for row in itertools.product(VALUES, repeat=len(names))):
        expected = sr.check(net.subs(values), [pattern]).verdicts[pattern]
        for theorem in ("E1", "E2", "E3", "E4"):
            assert verdicts[theorem].truth.at(values) == expected[theorem].truth, (theorem, values)


@pytest.mark.parametrize("value", [Fraction(0), Fraction(-1, 2)])
@pytest.mark.parametrize("name", [name for name in NETWORKS if "two roots" not in name])
def test_systems_at_values(name, value):
    """So is the system, where the first letter is 1; and one of the listed cases holds, whose system it is."""
    net, pattern = NETWORKS[name], "1" * NETWORKS[name].p
    values, ode = {str(s): value if k else Fraction(1) for k, s in enumerate(net.parameters)}, sr.derive(net)
    check_values(net, ode[pattern], values)
    check_at(net, ode, pattern, values)


def test_the_formula_is_there():
    """Two units with eigenvalues a +- sqrt(2) w: the cases are listed, and cover where E2 holds."""
    ode = sr.derive(NETWORKS["a + and - sqrt(2) w"])["11"]
    assert ode.cases
    assert ode.unlisted == ""
    assert ode.condition.at({"a": 2, "w": 1}).is_true
    assert ode.condition.at({"a": Fraction(7, 5), "w": 1}).is_false
    values = {"a": sp.Integer(2), "w": sp.Integer(1)}
    expected = sp.Matrix([[2, ROOT], [ROOT, 2]]).evalf(40)
    [case] = [case for case in ode.cases if case.condition.at(values)]
    X = case.matrix.subs({s: values[str(s)] for s in ode.parameters}).evalf(40)
    assert (X.exp() - expected).norm() < 1e-30
