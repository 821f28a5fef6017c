import mpmath
import pytest
import sympy as sp
from flint import acb, arb

import symplrnn as sr
from symplrnn.exact.balls import endpoints, working_precision
from symplrnn.exact.evaluation import Evaluation, expression_enclosure
from symplrnn.logarithm.root_sum import root_sum

x = sp.Symbol("x")
S2, S3 = sp.sqrt(2), sp.sqrt(3)
PAIR = sp.Poly(x**3 - S2 * x / 2 + 1, x)  # a negative root and a complex pair
POSITIVE = sp.Poly(x**3 - 5 * x**2 + 5 * x - S2, x)
MIXED = sp.Poly(x**3 - 5 * x**2 + 5 * x - 2 * S2, x)  # a positive root and a complex pair
QUINTIC = x**5 - 5 * x + 1  # three real roots


def value(expression: sp.Expr) -> mpmath.mpf:
    return mpmath.mpf(str(sp.N(expression, 70)))


def ball_contains(ball: arb, expected: mpmath.mpf) -> bool:
    low, high = (mpmath.mpf(int(end.p)) / int(end.q) for end in endpoints(ball))
    slack = abs(expected) * mpmath.mpf(10) ** -60
    return bool(low - slack <= expected <= high + slack)


@pytest.mark.parametrize(
    "expression",
    [
        sp.Float("0.1", 20) + sp.Rational(1, 3) * S2,
        sp.sin(S2) * sp.cos(3 * S3) - sp.exp(-S2) + sp.E,
        sp.Abs(S2 - S3) ** sp.Rational(3, 2) / sp.Abs(sp.sin(3)),
        sp.cbrt(7) ** S2 + (S2 - 1) ** sp.Rational(-2, 3),
        sp.atan(S2) + sp.atan2(S2, -1) + sp.log(S3 - 1),
        sp.re((1 + S2 * sp.I) ** sp.Rational(1, 3)) * sp.im(sp.log(-1 - S3 * sp.I)),
        sp.re(sp.sqrt(sp.Mul(-1, S2 + 1, evaluate=False))) + sp.im(sp.sqrt(-S2 - 1)),
        sp.arg(S2 - 1 - sp.I * S3) * sp.sign(1 - S3),
        *(sp.CRootOf(QUINTIC, k) ** 3 for k in range(3)),
        sp.log(-sp.CRootOf(QUINTIC, 0)) * sp.pi,
    ],
    ids=str,
)
def test_values_of_real_expressions_agree_with_sympy(expression):
    with mpmath.workdps(65):
        for bits in (64, 200):
            ball = expression_enclosure(sp.Matrix([[expression]]), bits)[0, 0]
            assert ball_contains(ball, value(expression))
            assert ball.rel_accuracy_bits() >= bits - 16


def test_values_of_sums_over_roots():
    with mpmath.workdps(65):
        for polynomial in (PAIR, POSITIVE, MIXED):
            roots = mpmath.polyroots([value(c) for c in polynomial.all_coeffs()], maxsteps=200, extraprec=400)
            roots = [mpmath.mpc(z.real, 0 if abs(z.imag) < 1e-50 else z.imag) for z in roots]
            total = sum(z * mpmath.log(z) for z in roots)
            assert len([z for z in roots if z.imag == 0 and z.real > 0]) == {PAIR: 0, POSITIVE: 3, MIXED: 1}[polynomial]
            written = root_sum(polynomial, x * sp.log(x))
            expected = {
                sp.re(written): total.real,
                sp.im(written) + 1: total.imag + 1,
                sp.Abs(written): abs(total),
                S2 * sp.cos(sp.re(written)) + root_sum(polynomial, x**2): mpmath.sqrt(2) * mpmath.cos(total.real)
                + sum(z**2 for z in roots).real,
            }
            for expression, number in expected.items():
                ball = expression_enclosure(sp.Matrix([[expression]]), 180)[0, 0]
                assert ball_contains(ball, number)
                assert ball.rel_accuracy_bits() >= 160
            vanishing = root_sum(polynomial, x / polynomial.diff(x).as_expr())  # Euler
            assert expression_enclosure(sp.Matrix([[vanishing]]), 64)[0, 0].is_zero()
            assert bool(abs(total.imag) < 1e-50) == (polynomial is not PAIR)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (sp.log(1 - S2), "the imaginary part of 'log.*' is not known to be 0"),
        (root_sum(PAIR, sp.log(x)), "the imaginary part of 'RootSum.* is not known to be 0"),
        # real, but not seen to be
        (root_sum(PAIR, sp.I * sp.sign(sp.im(x)) * sp.log(x + 9)), "the imaginary part of 'RootSum.* is not known to be 0"),
        (sp.I * S2, "is not known to be 0"),
        (sp.CRootOf(QUINTIC, 3), "CRootOf.* is not real"),
        (sp.gamma(S2), "a gamma has no certified value in 'gamma"),
        (sp.Symbol("a") * S2, "a Symbol has no certified value in 'a'"),
        (sp.Piecewise((S2, sp.Ne(sp.Symbol("a"), 0)), (1, True)), "no certified value tells whether"),
    ],
    ids=lambda p: str(p)[:30],
)
def test_what_is_not_known_to_be_real_or_has_no_value_is_refused(expression, reason):
    with pytest.raises(sr.PrecisionLimit, match=reason):
        expression_enclosure(sp.Matrix([[expression]]), 100)


def test_signs_that_the_precision_does_not_tell_are_no_numbers():
    small = S2 - sp.Rational(int(sp.floor(S2 * 10**60)), 10**60)
    for expression in (sp.log(small), sp.sqrt(small), small ** sp.Rational(1, 3), small**S2):
        low, high = (expression_enclosure(sp.Matrix([[expression]]), bits)[0, 0] for bits in (64, 400))
        assert not low.is_finite()
        with mpmath.workdps(65):
            assert ball_contains(high, value(sp.N(expression, 70)))
    negative = sp.log(-small)
    assert not expression_enclosure(sp.Matrix([[negative]]), 64)[0, 0].is_finite()
    with pytest.raises(sr.PrecisionLimit, match="imaginary part"):
        expression_enclosure(sp.Matrix([[negative]]), 400)


def test_functions_of_real_numbers_are_not_used_at_others():
    z = acb(1, arb(0, "1e-30"))  # may be real or not
    with working_precision(100):
        for expression in (sp.atan(x), sp.sign(x), sp.atan2(x, 1), sp.Piecewise((1, x > 0), (2, True))):
            assert not Evaluation(x, z)(expression).is_finite()
            assert Evaluation(x, acb(1))(expression).is_finite()


@pytest.mark.parametrize(
    "rows",
    [
        [["1/2", "1/5", S2 / 4], [S2 / 3, 1, "1/7"], ["1/9", S2 / 5, "4/5"]],  # three real eigenvalues
        [["1/2", "1/5", S2 / 4], [-S2 / 3, 1, "1/7"], ["1/9", -S2 / 5, "4/5"]],  # a complex pair
        [["1/2", "1/5", S2 / 4], [-S2 / 3, 1, "1/7"], ["1/9", -S2 / 5, S3 / 2]],
        [["1/2", "1/5", sp.cbrt(2)], [-sp.cbrt(2) / 3, 1, "1/7"], ["1/9", 0, "1/2"]],
    ],
    ids=str,
)
def test_digits_of_networks_with_irrational_entries(rows):
    """Networks whose characteristic cubic is irreducible over the field of the entries, against mpmath's logarithm."""
    bias = [1, 0, S2]
    ode = sr.derive(sr.ReLURNN(rows, [[]] * 3, bias, V=[]), dt=1)[""]
    assert ode.cases[0].augmented.atoms(sp.RootSum)
    for digits in (5, 17, 50):
        found = ode.digits(digits)
        with mpmath.workdps(80):
            augmented = [[*row, h] for row, h in zip(rows, bias, strict=True)] + [[0, 0, 0, 1]]
            numbers = [[value(sp.nsimplify(entry)) for entry in row] for row in augmented]
            logarithm = mpmath.logm(mpmath.matrix(numbers))
            for i in range(3):
                for j, text in enumerate([*found.matrix[i], found.offset[i]]):
                    expected = mpmath.re(logarithm[i, j])
                    # correctly rounded: off by half a unit of the last digit at most
                    unit = mpmath.mpf(10) ** (mpmath.floor(mpmath.log10(abs(expected))) - digits + 1)
                    assert abs(mpmath.mpf(text) - expected) <= unit * (mpmath.mpf("0.5") + mpmath.mpf(10) ** -5)


HALF_TURNS = [
    [[-2, "1/3"], ["1/3", "1/2"]],
    [["-1/2", 1, 0], [1, "1/5", "1/3"], ["2/7", 0, -3]],
    [[1, 2, 0], [2, "-1/5", "1/3"], ["-2/7", 1, "1/4"]],
    [["1/2", "1/5", 1, 0], ["-2/3", 1, "1/7", 1], ["1/9", "-1/5", "4/5", 0], [0, "1/3", 1, "-1/2"]],
]


@pytest.mark.parametrize("rows", HALF_TURNS, ids=str)
@pytest.mark.parametrize("t", [None, "1/3"])
def test_closed_forms_over_the_rationals_agree_with_their_spectral_enclosure(rows, t):
    """Two independent ways to the numbers of a network: its printed form, and its spectral terms."""
    ode = sr.derive(sr.ReLURNN(rows, [[]] * len(rows), [1, 2, 0, 1][: len(rows)], V=[]), dt=1)[""]
    found = ode if t is None else ode.flow(t)
    printed, spectral = expression_enclosure(found.augmented, 300), found.enclosure(300)
    for first, second in zip(printed.entries(), spectral.entries(), strict=True):
        assert first.overlaps(second)
        assert first.rad() < 1e-60
    assert ode.kind == "lifted"
