import pickle

import mpmath
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.rootsum import CertifiedRootSum, root_sum

x, r = sp.Symbol("x"), sp.Symbol("r", real=True)
CUBIC = sp.Poly(x**3 - 5 * x**2 + 5 * x - 2, x)


@given(st.integers(-4, 6), st.integers(1, 40))
def test_sums_of_logarithms_agree_with_mpmath(k, digits):
    with mpmath.workdps(80):
        roots = mpmath.polyroots([1, -5, 5, -2], maxsteps=200, extraprec=400)
        expected = mpmath.re(sum(z**k * mpmath.log(z) / (3 * z**2 - 10 * z + 5) for z in roots))
        found = root_sum(CUBIC, x**k * sp.log(x) / CUBIC.diff(x).as_expr()).evalf(digits)
        assert abs(mpmath.mpf(str(sp.Float(found, 60))) - expected) <= abs(expected) * mpmath.mpf(10) ** (1 - digits)


@given(st.integers(-3, 5))
def test_rational_sums_are_exact_even_when_they_vanish(k):
    value = root_sum(CUBIC, x**k / CUBIC.diff(x).as_expr())
    theirs = sp.RootSum(CUBIC, sp.Lambda(x, x**k / CUBIC.diff(x).as_expr()), auto=True).doit()
    assert theirs.is_Rational
    assert value.evalf(30) == sp.N(theirs, 30)
    if k in (0, 1):  # Euler: sum l^k / f'(l) = 0 for k < deg f - 1
        assert theirs == 0


def test_digits_that_cannot_be_certified_raise():
    reciprocal = sp.Poly(x**4 - 2 * x**3 + x**2 - 2 * x + 1, x)  # the product of the roots is 1: the sum is exactly 0
    with pytest.raises(sr.PrecisionLimit, match="a sum over the roots of a polynomial of degree 4 is not certain"):
        root_sum(reciprocal, sp.log(x)).evalf(2)
    close = sp.Poly((x - 2) ** 3 - 2 * sp.Rational(1, 10**60), x)
    value = root_sum(close, sp.log(x) / close.diff(x).as_expr())  # a second divided difference: log''(2)/2 = -1/8
    assert abs(value.evalf(15) + sp.Rational(1, 8)) < 1e-14


def test_symbols_stay_and_substitute():
    value = root_sum(CUBIC, x**r)
    assert value.evalf() == value
    assert value.subs(r, 2).evalf(20) == sp.Float(15, 20)  # 5^2 - 2 * 5
    half = value.subs(r, sp.Rational(1, 2)).evalf(30)
    with mpmath.workdps(40):
        expected = mpmath.re(sum(mpmath.sqrt(z) for z in mpmath.polyroots([1, -5, 5, -2], extraprec=300)))
        assert abs(mpmath.mpf(str(half)) - expected) < mpmath.mpf(10) ** -28


def test_parts_signs_and_cases_at_roots():
    """Summands that are not analytic: each root's value by mpmath, chosen by hand."""
    upper = sp.sign(sp.im(x))
    near = sp.And(sp.re(x) > sp.Rational(1, 2), sp.Abs(sp.im(x)) < 1)
    summand = {
        "odd": (sp.I * upper * x**2, lambda z: 1j * mpmath.sign(z.imag) * z**2),
        "argument": (sp.Piecewise((sp.arg(x), sp.im(x) > 0), (0, True)), lambda z: mpmath.arg(z) if z.imag > 0 else 0),
        "rectangle": (
            sp.Piecewise((sp.re(x) + sp.pi * sp.Abs(x), near), (x, True)),
            lambda z: z.real + mpmath.pi * abs(z) if z.real > 0.5 and abs(z.imag) < 1 else z,
        ),
        "nowhere": (
            sp.Piecewise((7 * x**2, sp.And(sp.re(x) > 1, sp.Abs(sp.im(x)) > 0)), (sp.log(x), True)),
            mpmath.log,  # each root meets one of the two inequalities, none meets both
        ),
        "boundary": (
            sp.Piecewise((1, sp.im(x) >= 0), (0, True)) * sp.re(sp.log(x + 9)),
            lambda z: mpmath.re(mpmath.log(z + 9)) * (z.imag >= 0),
        ),
    }
    with mpmath.workdps(60):
        roots = [
            mpmath.mpc(z.real, 0 if abs(z.imag) < 1e-40 else z.imag) for z in mpmath.polyroots([1, -5, 5, -2], extraprec=300)
        ]
        for name, (ours, theirs) in summand.items():
            expected = mpmath.re(sum(theirs(z) for z in roots))
            assert abs(mpmath.mpf(str(root_sum(CUBIC, ours).evalf(30))) - expected) < mpmath.mpf(10) ** -27 * (
                1 + abs(expected)
            ), name


def test_a_weight_that_stands_in_many_entries_is_evaluated_once(monkeypatch):
    M = [[2, 1, 0], [1, 3, 1], [0, 1, 5]]
    X = sr.derive(sr.ReLURNN(M, [[], [], []], [0, 0, 0], V=[]), dt=1)[""].matrix
    sums, calls = X.atoms(CertifiedRootSum), []
    value = CertifiedRootSum._value
    monkeypatch.setattr(CertifiedRootSum, "_value", lambda self, prec: calls.append((self, prec)) or value(self, prec))
    found = X.evalf(30)
    assert len(sums) == 3
    assert len(calls) == len(set(calls))
    with mpmath.workdps(40):
        difference = mpmath.expm(mpmath.matrix(found.tolist())) - mpmath.matrix(M)
        assert mpmath.mnorm(difference) < 1e-27


def test_pickled_sums_are_the_same_sums():
    a = sp.Symbol("a", positive=True)
    for polynomial in (sp.Poly(x**3 - 5 * x**2 + 5 * x - sp.Rational(5, 3), x), sp.Poly(x**3 + a * x / 2 + a / (a + 1), x)):
        value = root_sum(polynomial, x * sp.log(x))
        copy = pickle.loads(pickle.dumps(value))
        assert (copy, hash(copy), type(copy)) == (value, hash(value), type(value))
    rows = [["9/10", "1/7", 0], ["1/5", "4/5", "1/9"], ["1/3", 0, "7/10"]]
    matrix = sr.derive(sr.ReLURNN(rows, [[]] * 3, [1, 0, 2], V=[]), dt=1)[""].augmented
    assert matrix.atoms(CertifiedRootSum)
    assert pickle.loads(pickle.dumps(matrix)) == matrix
