from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from symplrnn.errors import EntryError
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.real_roots import (
    count_negative_roots,
    count_real_roots,
    is_self_reciprocal,
    isolate_real_roots,
    roots_on_unit_circle,
    sign_variations_negative,
)

x = sp.Symbol("x")
small = st.fractions(min_value=-4, max_value=4, max_denominator=5)
NEAR = Fraction(1, 10**30)


def flint(value) -> fmpq:
    value = Fraction(value)
    return fmpq(value.numerator, value.denominator)


def poly(coefficients) -> fmpq_poly:
    return fmpq_poly([flint(c) for c in coefficients])


def from_roots(roots) -> fmpq_poly:
    product = fmpq_poly([1])
    for r in roots:
        product *= fmpq_poly([-flint(r), 1])
    return product


polynomials = st.lists(small, min_size=2, max_size=7).filter(lambda c: c[-1] != 0)


@given(polynomials, small, small)
def test_sturm_counts_agree_with_sympy(coefficients, a, b):
    a, b = min(a, b), max(a, b)
    expression = sp.Poly([sp.Rational(c.numerator, c.denominator) for c in reversed(coefficients)], x)
    roots = sp.polys.polytools.real_roots(expression, multiple=False)
    lower, upper = sp.Rational(a.numerator, a.denominator), sp.Rational(b.numerator, b.denominator)
    inside = sum(bool(lower < r) and bool(r <= upper) for r, _ in roots)
    assert count_real_roots(poly(coefficients), flint(a), flint(b)) == inside
    assert count_real_roots(poly(coefficients)) == len(roots)


@given(st.lists(st.sampled_from([-2, -1, -NEAR, 0, NEAR, 1, 1 + NEAR, Fraction(1, 3)]), min_size=1, max_size=6))
def test_known_roots_are_counted_and_isolated(roots):
    p, distinct = from_roots(roots), sorted(set(map(Fraction, roots)))
    negative = [r for r in distinct if r < 0]
    assert count_real_roots(p, None, fmpq(0)) == len([r for r in distinct if r <= 0])
    intervals = isolate_real_roots(p)
    assert len(intervals) == len(distinct)
    for r, interval in zip(distinct, intervals, strict=True):
        assert interval.lower <= flint(r) <= interval.upper
        assert interval.is_point or interval.lower < flint(r)
    assert len(isolate_real_roots(p, None, flint(-NEAR / 2))) == len(negative)


def test_isolating_intervals_exclude_zero_and_print_outwards():
    p = poly([2, -(10**12), 1])  # a root near 2e-12
    first, _ = isolate_real_roots(p)
    assert 0 < first.lower < first.upper
    low, high = (Fraction(s) for s in str(first).strip("(]").split(", "))
    assert low <= Fraction(int(first.lower.p), int(first.lower.q))
    assert Fraction(int(first.upper.p), int(first.upper.q)) <= high


@given(polynomials)
def test_descartes_bounds_the_negative_roots_with_the_same_parity(coefficients):
    p = poly(coefficients)
    expression = sp.Poly([sp.Rational(c.numerator, c.denominator) for c in reversed(coefficients)], x)
    negative = sum(m for r, m in sp.polys.polytools.real_roots(expression, multiple=False) if r < 0)
    variations = sign_variations_negative(p)
    assert variations >= negative
    assert (variations - negative) % 2 == 0


@pytest.mark.parametrize(
    ("coefficients", "on"),
    [
        ([-1, 1], 1),
        ([1, 1], 1),
        ([-2, 1], 0),
        ([1, Fraction(-6, 5), 1], 2),
        ([1, -3, 1], 0),
        ([1, 0, 1], 2),
        ([1, 1, 1, 1, 1], 4),  # cyclotomic
        ([1, 1, 0, -1, -1, -1, -1, -1, 0, 1, 1], 8),  # Lehmer's polynomial: two real roots, eight on the circle
        ([2, -2, 1], 0),
        ([1, -2, -5, -2, 1], 2),
    ],
)
def test_roots_on_the_unit_circle(coefficients, on):
    p = poly(coefficients)
    assert roots_on_unit_circle(p) == on
    numeric = np.roots([float(c) for c in reversed(coefficients)])
    assert sum(abs(abs(r) - 1) < 1e-9 for r in numeric) == on
    assert is_self_reciprocal(p) == (len(coefficients) > 2 and coefficients == coefficients[::-1])


def test_constants_have_no_roots():
    assert count_real_roots(fmpq_poly([3])) == 0
    assert isolate_real_roots(fmpq_poly([3])) == []


ROOTS_2_3 = field_of([sp.sqrt(2), sp.sqrt(3)])


@given(polynomials)
def test_negative_roots_agree_with_sympy(coefficients):
    """Over Q and over a number field; multiple roots count once, 0 not at all."""
    listed = [sp.Rational(c.numerator, c.denominator) for c in coefficients]
    squarefree = sp.Poly(listed[::-1], x).sqf_part()
    expected = squarefree.count_roots(None, 0) - (listed[0] == 0)
    assert count_negative_roots(QQ, listed) == expected
    assert count_negative_roots(ROOTS_2_3, listed) == expected


SQUARE = sp.sqrt(2)
BELOW = sp.Rational(1414213562373095048801688724209, 10**30)  # sqrt 2 - 7e-31
PLACES = {
    0: 0,
    SQUARE: 1,
    -SQUARE: -1,
    -BELOW: -1,
    BELOW - SQUARE: -1,
    SQUARE - BELOW: 1,
    SQUARE - sp.sqrt(3): -1,
    sp.Integer(-2): -1,
}


@given(st.sets(st.sampled_from(list(PLACES)), max_size=4), st.sets(st.sampled_from(list(PLACES)), max_size=1), st.booleans())
def test_negative_roots_that_lie_close_to_each_other_and_to_zero(real, pairs, near):
    K, one = ROOTS_2_3, ROOTS_2_3.element(1)
    distance = SQUARE - BELOW if near else sp.Integer(1)
    product = K.polynomial([one])
    for root in real:
        product = product * K.polynomial([K.element(sp.sympify(-root)), one])
    for place in pairs:  # (x - p)^2 + d^2 has no real root
        linear = K.polynomial([K.element(sp.sympify(-place)), one])
        product = product * (linear * linear + K.polynomial([K.element(distance) * K.element(distance)]))
    coefficients = [K.to_sympy(c) for c in product.coeffs()]
    assert count_negative_roots(K, coefficients) == sum(PLACES[root] < 0 for root in real)


numbers = st.tuples(small, small, small).map(
    lambda t: sum(sp.Rational(c.numerator, c.denominator) * r for c, r in zip(t, (1, sp.sqrt(2), sp.sqrt(3)), strict=True))
)


@given(st.lists(numbers, min_size=1, max_size=5))
def test_negative_roots_of_irrational_polynomials_agree_with_mpmath(lower):
    coefficients = [*lower, sp.Integer(1)]
    with mpmath.workdps(60):
        try:
            found = mpmath.polyroots([mpmath.mpf(str(sp.N(c, 60))) for c in reversed(coefficients)], maxsteps=500, extraprec=600)
        except mpmath.libmp.NoConvergence:
            return  # a multiple root
        distances = [abs(a - b) for k, a in enumerate(found) for b in found[:k]]
        if distances and min(distances) < 1e-15:
            return
        expected = sum(abs(z.imag) < 1e-40 and z.real < -(mpmath.mpf(10) ** -40) for z in found)
    assert count_negative_roots(ROOTS_2_3, coefficients) == expected


def test_what_has_no_negative_roots_and_what_is_no_number_of_the_field():
    assert count_negative_roots(ROOTS_2_3, [SQUARE]) == 0
    assert count_negative_roots(ROOTS_2_3, [sp.Integer(0), sp.Integer(0), SQUARE]) == 0
    assert count_negative_roots(ROOTS_2_3, [SQUARE, sp.Integer(1)]) == 1
    multiple = sp.Poly((x + 1) ** 2 * (x + SQUARE) ** 3 * (x - 1) ** 2 * x**2, x)
    assert count_negative_roots(ROOTS_2_3, multiple.all_coeffs()[::-1]) == 2
    with pytest.raises(EntryError, match="is not an element of"):
        count_negative_roots(ROOTS_2_3, [sp.sqrt(5), sp.Integer(1)])
