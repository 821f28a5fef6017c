from fractions import Fraction

import mpmath
import pytest
from flint import acb, acb_poly, arb, ctx, fmpq, fmpq_mat, fmpq_poly, fmpz
from hypothesis import given
from hypothesis import strategies as st

from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import (
    ball_matrix,
    certified_decimal,
    contains,
    endpoints,
    isolated_roots,
    real_roots_marked,
    refine,
    root_enclosures,
    working_precision,
)
from symplrnn.exact.reading.decimals import decimal, exact_decimal, outward, rounded_digits

rationals = st.fractions(max_denominator=10**12).filter(bool) | st.floats(
    allow_nan=False, allow_infinity=False, min_value=1e-300
).map(Fraction)


def flint(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


@given(rationals, st.integers(1, 40))
def test_rounding_is_to_nearest(x, digits):
    mantissa, exponent = rounded_digits(flint(x), digits)
    assert 10 ** (digits - 1) <= abs(mantissa) <= 10**digits
    unit = Fraction(10) ** exponent
    assert abs(int(mantissa) * unit - x) <= unit / 2


@given(rationals, st.integers(1, 30))
def test_printed_decimals_read_back(x, digits):
    mantissa, exponent = rounded_digits(flint(x), digits)
    printed = Fraction(decimal(mantissa, exponent))
    assert printed == int(mantissa) * Fraction(10) ** exponent
    assert Fraction(exact_decimal(flint(x), digits)) == printed
    assert Fraction(outward(flint(x), digits, -1)) <= x <= Fraction(outward(flint(x), digits, 1))


def test_forms_of_decimals():
    cases = {(15, -1): "1.5", (-15, -3): "-0.015", (1, 0): "1", (12345, -12): "1.2345e-8", (1, 30): "1e30", (123, 2): "1.23e4"}
    assert [decimal(fmpz(m), e) for m, e in cases] == list(cases.values())
    assert exact_decimal(fmpq(1, 2), 30) == "0.5"
    assert exact_decimal(fmpq(0), 30) == "0"
    assert exact_decimal(fmpq(100), 30) == "100"
    assert exact_decimal(fmpq(1, 3), 3) == "0.333"
    assert exact_decimal(fmpq(999_999, 1_000_000), 3) == "1.00"
    assert exact_decimal(fmpq(5, 2), 1) == "2"  # half to even
    assert exact_decimal(fmpq(7, 2), 1) == "4"


def test_a_ball_that_straddles_a_rounding_boundary_is_not_printed():
    assert certified_decimal(arb("0.25", "1e-10"), 1) is None
    assert certified_decimal(arb("0.2500000002", "1e-10"), 1) == "0.3"
    assert certified_decimal(arb(0, "1e-100"), 5) is None
    assert certified_decimal(arb("nan"), 5) is None
    assert certified_decimal(arb("inf"), 5) is None


@pytest.mark.parametrize("ball", [arb(2) ** (10**15), arb(2) ** (-(10**15)), arb(3) ** (10**15)], ids=["large", "small", "wide"])
def test_endpoints_that_do_not_fit_into_memory_are_refused(ball):
    """FLINT would end the process: it asks for 125 terabytes."""
    assert ball.is_finite()
    with pytest.raises(PrecisionLimit, match="the ends of a ball have more than"):
        endpoints(ball)


def test_endpoints_are_exact():
    low, high = endpoints(arb("0.1", "1e-5"))
    assert low < fmpq(1, 10) < high
    assert high - low < fmpq(3, 10**5)


def test_precision_is_restored_even_after_an_error():
    before = ctx.prec
    with pytest.raises(ZeroDivisionError), working_precision(999):
        assert ctx.prec == 999
        raise ZeroDivisionError
    assert ctx.prec == before


def test_root_enclosures_contain_the_roots_of_mpmath():
    coefficients = [-3, 1, -2, 0, 1]
    with mpmath.workdps(60):
        expected = mpmath.polyroots(list(reversed(coefficients)), maxsteps=200, extraprec=400)
        found = root_enclosures(fmpq_poly(coefficients), 400)
        for z in expected:
            assert min(abs(z - mpmath.mpc(str(r.real.mid().str(60, radius=False)), str(r.imag.mid().str(60, radius=False)))) for r in found) < 1e-55  # fmt: skip
    assert sum(r.imag == 0 for r in found) == 2
    assert all(float(r.real.rad()) < 1e-100 for r in found)


NEAR = fmpq(1, 10**30)
PLACES = {"0": (0, 0), "1": (1, 0), "1+": (1 + NEAR, 0), "s": (0, 1), "-s": (0, -1), "s+": (NEAR, 1), "big": (10**9, 1)}


@given(st.sets(st.sampled_from(sorted(PLACES)), max_size=3), st.sets(st.sampled_from(sorted(PLACES)), max_size=1))
def test_roots_of_polynomials_with_irrational_coefficients(real, pairs):
    """Roots a + b sqrt 2, and pairs so near to the real line that they pass for real ones at low precision."""

    def polynomial():
        s = arb(2).sqrt()
        simple = [a + b * s for a, b in map(PLACES.get, sorted(real))]
        double = [acb(a + b * s, sign * arb(NEAR)) for a, b in map(PLACES.get, sorted(pairs)) for sign in (1, -1)]
        product = acb_poly.from_roots([*map(acb, simple), *double])
        return simple, double, [c.real for c in product.coeffs()]

    for bits in (64, 128, 256, 512, 1024, 2048, 4096, 8192):
        with working_precision(bits):
            found = isolated_roots(polynomial()[2])
        if found is None:
            assert bits < 8192
            continue
        with working_precision(16384):
            simple, double, _ = polynomial()
            for known, balls in (
                (simple, [x for x in found if x.imag.is_zero()]),
                (double, [x for x in found if not x.imag.is_zero()]),
            ):
                assert len(known) == len(balls)
                assert all(sum(bool(ball.contains(acb(root).mid())) for ball in balls) == 1 for root in known)
            if bits > 512:
                assert all(abs(ball.rad()) < arb(2) ** (500 - bits) for ball in found)


def test_real_roots_are_told_from_pairs_in_balls_that_meet_the_real_line():
    pair = [acb(1, arb("-0.6", "0.4")), acb(1, arb("0.45", "0.55"))]  # a root 1 + 0.9i would fit in the second
    assert real_roots_marked(pair) is None
    far = [acb(3, arb("0.45", "0.55")), acb(1, -2), acb(1, 2)]
    assert [ball.imag.is_zero() for ball in real_roots_marked(far)] == [True, False, False]


def test_a_double_root_is_never_isolated():
    for bits in (64, 512, 4096):
        with working_precision(bits):
            s = arb(2).sqrt()
            assert isolated_roots([s * s, -2 * s, arb(1)]) is None


def test_containment_is_exact():
    third = fmpq_mat([[fmpq(1, 3)]])
    with working_precision(200):
        ball = ball_matrix(third)
    assert contains(ball, third)
    assert not contains(ball, fmpq_mat([[fmpq(1, 3) + fmpq(1, 10**50)]]))


def test_refine_doubles_until_it_has_a_result_and_stops_at_the_limit():
    seen = []
    assert refine(lambda bits: seen.append(bits) or (bits if bits >= 256 else None), 64, "it") == 256
    assert seen == [64, 128, 256]
    with pytest.raises(PrecisionLimit, match="it is not certain"):
        refine(lambda _: None, 1 << 19, "it")
