import pickle

import mpmath
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.exact.balls import working_precision
from symplrnn.logarithm.root_sum import CertifiedRootSum, root_sum

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


S2 = sp.sqrt(2)
# over Q, over Q(sqrt 2) and over Q(2^(1/3), sqrt 3), with positive roots, complex pairs and up to three negative roots
POLYNOMIALS = [
    CUBIC,
    sp.Poly(x**3 + x + 1, x),
    sp.Poly(x**3 - 5 * x**2 + 5 * x - S2, x),
    sp.Poly(x**3 - 5 * x**2 + 5 * x - 2 * S2, x),
    sp.Poly(x**3 - S2 * x / 2 + 1, x),
    sp.Poly(x**3 - S2 * x / 2 + 1, x, domain=sp.QQ.algebraic_field(S2)),
    sp.Poly(x**3 + 5 * x**2 + 4 * S2 * x + 1, x),
    sp.Poly(x**5 - sp.cbrt(2) * x**4 + (sp.sqrt(3) - 1) * x + sp.sqrt(3) / 7, x),
]


def roots_of(polynomial):
    """Roots by mpmath, those near the real line put on it."""
    coefficients = [mpmath.mpf(str(sp.N(c, 90))) for c in polynomial.all_coeffs()]
    found = mpmath.polyroots(coefficients, maxsteps=300, extraprec=600)
    return [mpmath.mpc(z.real, 0 if abs(z.imag) < 1e-60 else z.imag) for z in found]


def close(found, expected, digits):
    real, imaginary = (mpmath.mpf(str(sp.N(part(found), 80))) for part in (sp.re, sp.im))
    return abs(mpmath.mpc(real, imaginary) - expected) <= abs(expected) * mpmath.mpf(10) ** -digits


@pytest.mark.parametrize("polynomial", POLYNOMIALS, ids=str)
def test_sums_with_irrational_coefficients_and_negative_roots(polynomial):
    summands = {
        x * sp.log(x): lambda z: z * mpmath.log(z),  # log l = log|l| + i pi for a negative root l
        sp.log(-x) / (x + S2): lambda z: mpmath.log(-z) / (z + mpmath.sqrt(2)),
        (2 + sp.I * S2) * sp.log(x): lambda z: (2 + 1j * mpmath.sqrt(2)) * mpmath.log(z),
        x**S2: lambda z: z ** mpmath.sqrt(2),
        sp.cos(sp.pi * S2) * (-x) ** sp.Rational(1, 3): lambda z: (
            mpmath.cos(mpmath.pi * mpmath.sqrt(2)) * (-z) ** (mpmath.mpf(1) / 3)
        ),
        sp.I * sp.sign(sp.im(x)) * sp.log(x + 9): lambda z: 1j * mpmath.sign(z.imag) * mpmath.log(z + 9),
    }
    with mpmath.workdps(80):
        roots = roots_of(polynomial)
        for summand, value in summands.items():
            expected = sum(value(z) for z in roots)
            expected = mpmath.mpc(expected.real, 0 if abs(expected.imag) < 1e-50 else expected.imag)
            if expected == 0:  # without a proof that it is
                continue
            assert close(root_sum(polynomial, summand).evalf(40), expected, 38), summand


@pytest.mark.parametrize("polynomial", POLYNOMIALS, ids=str)
def test_what_is_known_to_be_real(polynomial):
    with mpmath.workdps(80):
        negative = sum(z.imag == 0 and z.real < 0 for z in roots_of(polynomial))
    with working_precision(300):
        for summand in (x * sp.log(x), x**S2 / (x - 3), sp.log(x) ** 2):
            assert root_sum(polynomial, summand).enclosure().imag.is_zero() == (negative == 0)
        assert root_sum(polynomial, x**2 / (x - S2)).enclosure().imag.is_zero()
        assert not root_sum(polynomial, sp.log(x) * sp.I).enclosure().imag.is_zero()


def test_small_imaginary_parts_are_not_dropped():
    """At 69 bits the imaginary part is not told from 0, but may be as large as 1e-6 of the real part."""
    small = 10**15 * (S2 - sp.Rational(int(sp.floor(S2 * 10**25)), 10**25))
    found = root_sum(CUBIC, x + sp.I * small).evalf(15)
    assert abs(sp.im(found) - 3 * small.evalf(30)) < 1e-24


def test_conjugate_roots_on_a_branch_cut():
    """log(l^2) = i pi at both roots of x^2 + 1: not conjugate, so the sum is not real though the polynomial and u are."""
    pair = sp.Poly(x**2 + 1, x)
    for summand in (sp.log(x**2), sp.log(sp.re(x) - 1)):
        found = root_sum(pair, summand)
        assert not found.enclosure().imag.contains(0)
        assert abs(found.evalf(20) - 2 * sp.pi * sp.I) < 1e-18


@pytest.mark.parametrize("polynomial", POLYNOMIALS[2:], ids=str)
def test_rational_sums_over_number_fields_are_exact(polynomial):
    slope, degree = polynomial.diff(x).as_expr(), polynomial.degree()
    for k in range(degree):  # Euler
        assert root_sum(polynomial, x**k / slope).evalf(30) == sp.Integer(k == degree - 1).evalf(30)
    _, first, second, *_ = polynomial.all_coeffs()
    with mpmath.workdps(80):
        assert close(root_sum(polynomial, S2 * x**2).evalf(50), mpmath.mpf(str(sp.N(S2 * (first**2 - 2 * second), 80))), 48)
        expected = sum(1 / (z**3 * (z - mpmath.sqrt(3))) for z in roots_of(polynomial)).real
        assert close(root_sum(polynomial, 1 / (x**3 * (x - sp.sqrt(3)))).evalf(40), expected, 38)


def test_polynomials_without_a_value_are_refused():
    square = sp.Poly((x - S2) ** 2 * (x - 3), x)
    with pytest.raises(sr.PrecisionLimit, match="a sum over the roots of a polynomial of degree 3 is not certain"):
        root_sum(square, sp.log(x)).evalf(5)
    with pytest.raises(sr.PrecisionLimit, match="a sum over the roots of a polynomial of degree 2 is not certain"):
        root_sum(sp.Poly(x**2 - 3 * x + 2 + sp.I, x), sp.log(x)).evalf(5)
    with pytest.raises(sr.PrecisionLimit, match="a gamma has no certified value"):
        root_sum(CUBIC, sp.gamma(x)).evalf(5)


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


def test_doit_leaves_the_sum_as_it_is():
    """SymPy's own radicals of this quartic give other numbers."""
    value = root_sum(sp.Poly(x**4 + 4 * x**3 + 5 * x**2 + 1, x), x * sp.log(x) / (4 * x**3 + 12 * x**2 + 10 * x))
    assert value.doit() is value
