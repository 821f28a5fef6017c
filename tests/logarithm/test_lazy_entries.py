"""Entries that are expanded when they are asked to: values against mpmath's logarithm and the closed form, and what SymPy users do."""

import pickle

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq_mat

import symplrnn as sr
from symplrnn.exact.evaluation import expression_enclosure
from symplrnn.exact.fields.rational import QQ
from symplrnn.logarithm.lazy_entries import LogarithmEntry, is_long, logarithm_entries
from symplrnn.logarithm.real_logarithm import real_logarithm


def trained(n, seed):
    rng = np.random.default_rng(seed)
    return sr.PLRNN(rng.uniform(0.3, 0.9, n), rng.normal(size=(n, n)) / (3 * n), rng.normal(size=n), dt="1/10")


@pytest.fixture(scope="module")
def system():
    return sr.derive(trained(5, 1))["11011"]


def by_mpmath(system, digits):
    """X^ of a region with a principal ODE, by mpmath's matrix logarithm."""
    with mpmath.workdps(digits):
        M = system.region.affine.augmented()
        log = mpmath.logm(mpmath.matrix([[mpmath.mpf(int(x.p)) / int(x.q) for x in row] for row in M.tolist()]))
        return [[log[i, j].real / mpmath.mpf("0.1") for j in range(log.cols)] for i in range(log.rows)]


def test_values_are_those_of_the_logarithm(system):
    expected, X = by_mpmath(system, 60), system.augmented.evalf(40)
    assert (
        sum(isinstance(x, LogarithmEntry) for x in system.augmented) == 26
    )  # the states of unit 3, which is off, reach no other
    with mpmath.workdps(60):
        for i in range(6):
            for j in range(6):
                value = mpmath.mpf(X[i, j]._mpf_) if X[i, j] != 0 else 0
                assert abs(value - expected[i][j]) <= abs(expected[i][j]) * mpmath.mpf(10) ** -38
    assert system.augmented[:5, :5] == system.matrix
    assert [x for x in system.matrix[:, 2] if x != 0] == [system.matrix[2, 2]]


def test_the_closed_form_is_there_when_it_is_asked_for(system):
    expanded = system.matrix.doit()
    assert not expanded.has(LogarithmEntry)
    assert expanded.has(sp.log)
    assert max(abs(x) for x in (expanded - system.matrix).evalf(30)) < 1e-28


def test_what_is_printed_is_short(system):
    assert len(repr(system.matrix)) < 2000
    assert str(system.matrix[0, 0]).startswith(str(system.matrix[0, 0].evalf(30))[:9])
    assert str(system.matrix[0, 0]).endswith("...")
    with pytest.raises((SyntaxError, sp.SympifyError)):  # it cannot be taken for the exact value
        sp.sympify(str(system.matrix[0, 0]))
    big = sr.derive(trained(10, 2))["1" * 10]
    assert len(repr(big.matrix)) < 2000
    assert len(sp.latex(big.offset)) < 1000


@pytest.mark.parametrize(
    ("diagonal", "text", "latex"),
    [
        (["2e9", "3"], "21.416413...", r"21.416413\ldots"),
        ([f"{10**12 + 1}/{10**12}", 1], "9.9999999...e-13", r"9.9999999\ldots \cdot 10^{-13}"),
        (["999/1000", 3], "-0.0010005003...", r"-0.0010005003\ldots"),
        (["1/7", 3], "-1.9459101...", r"-1.9459101\ldots"),
    ],
)
def test_digits_are_cut_not_rounded(diagonal, text, latex):
    matrix = [[QQ.element(sp.Rational(x)) if i == j else 0 for j in range(2)] for i, x in enumerate(diagonal)]
    entry = logarithm_entries(real_logarithm(QQ, fmpq_mat(matrix)), sp.Integer(1))[0, 0]
    assert (str(entry), sp.latex(entry)) == (text, latex)
    assert sp.latex(2 * entry) == (rf"2 \left({latex}\right)" if text.startswith("-") else rf"2 \cdot {latex}")


def test_equal_networks_have_equal_matrices(system):
    again = sr.derive(trained(5, 1))["11011"]
    assert (again.matrix, hash(again.matrix)) == (system.matrix, hash(system.matrix))
    assert again.matrix - system.matrix == sp.zeros(5)
    assert pickle.loads(pickle.dumps(system.augmented)) == system.augmented
    assert sr.derive(trained(5, 2))["11011"].matrix != system.matrix
    assert sr.derive(trained(5, 1), dt=1)["11011"].matrix != system.matrix


def test_they_are_real_numbers(system):
    x = system.matrix[0, 0]
    value = x.evalf()
    assert (x < 0) == (value < 0) == x.is_negative
    assert x.is_real
    assert (x.is_zero, x.is_number, x.free_symbols) == (False, True, set())
    assert sp.Abs(x) == -x
    assert abs(float(x) - float(value)) < 1e-14
    assert sp.diff(x * sp.Symbol("t"), sp.Symbol("t")) == x
    assert sp.lambdify([], x, "math")() == sp.lambdify([], sp.Matrix([[x]]), "numpy")()[0, 0] == float(x)
    with mpmath.workdps(50):
        assert abs(sp.lambdify([], x, "mpmath")() - mpmath.mpf(x.evalf(50)._mpf_)) < mpmath.mpf(10) ** -45
    assert float(sp.ccode(x)) == float(sp.pycode(x)) == float(x)
    assert x.xreplace({x: sp.Integer(2)}) == 2


def test_expressions_of_them_are_enclosed(system):
    X = system.matrix
    product = X * X
    ball = expression_enclosure(product, 200)
    found = system.enclosure(200)
    assert all(
        ball[i, j].overlaps(sum((found[i, k] * found[k, j] for k in range(5)), start=arb(0))) for i in range(5) for j in range(5)
    )
    assert max(x.rad() for x in ball.entries()) < 1e-50


def test_rational_entries_are_written_as_such():
    """The companion matrix of x^4 - 2 has entries that are 0, and a Jordan block of 2 the entry 1/2."""
    log = real_logarithm(QQ, fmpq_mat([[0, 0, 0, 2], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]))
    entries = logarithm_entries(log, sp.Integer(1))
    assert {place for place, value in log.proved_entries([(0, 2), (0, 3)]).items() if value == 0} == {(0, 2)}
    assert entries[0, 2] == 0
    assert isinstance(entries[0, 3], LogarithmEntry)
    assert logarithm_entries(real_logarithm(QQ, fmpq_mat([[2, 1], [0, 2]])), sp.Rational(1, 3))[0, 1] == sp.Rational(3, 2)


def test_a_step_with_a_letter_stays_in_the_entries():
    dt = sp.Symbol("T", positive=True)
    log = real_logarithm(QQ, fmpq_mat([[2, 0], [0, 3]]))
    assert logarithm_entries(log, dt)[0, 0] == logarithm_entries(log, sp.Integer(1))[0, 0] / dt


def test_short_closed_forms_stay_as_they_are():
    for net in (sr.PLRNN(["1/2"], [["1/4"]], [1], dt=1), sr.example("addition"), trained(2, 3)):
        system = sr.derive(net, dt=1)["1" * net.p]
        assert not is_long(system.real_logarithm)
        assert not system.augmented.has(LogarithmEntry)


def test_json_has_digits_instead():
    """With a letter in h only, and integers that are short one by one."""
    rng = np.random.default_rng(3)
    W = [[int(x) for x in row] for row in rng.integers(-4, 5, (7, 7))]
    net = sr.PLRNN([1] * 7, W, ["h"] * 7, parameters=["h"], dt=1)
    ode = sr.derive(net)["1111111"]
    assert is_long(ode.by_columns[0].real_logarithm)
    assert ode.offset.has(sp.Symbol("h", real=True))
    found = ode.to_dict(9)
    assert (found["matrix"], found["definitions"]) == (None, {})
    assert "..." not in ode.to_json(9)
    assert found["digits"]["matrix"][0][0] == ode.by_columns[0].digits(9).matrix[0][0]
