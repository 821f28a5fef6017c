"""Root conditions against polynomials with prescribed rational roots, and against exact root counts over small integers."""

from fractions import Fraction
from functools import cache
from itertools import combinations, product

import pytest
import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

import symplrnn.conditions.root_conditions as rc
from symplrnn.conditions.formula import ALWAYS, NEVER
from symplrnn.errors import EntryError, TooLarge
from symplrnn.exact.real_roots import count_real_roots, roots_on_unit_circle
from symplrnn.exact.subresultants import discriminant_sequence, in_letters, number_of_negative_roots, shifted_sequence, signature
from tests.examples import examples

C = sp.symbols("c0:7", real=True)
CONDITIONS = [
    rc.no_real_root,
    rc.no_nonpositive_root,
    rc.all_roots_real,
    rc.all_roots_inside,
    rc.complex_pair_on_circle,
]

# A root is (real part, imaginary part); roots that are not real come with their conjugates. Few values, so that roots repeat, and
# most of them where an answer changes: 0, 1, -1, on the circle, pairs x, 1/x, and pure imaginary.
REAL = [Fraction(v) for v in ("0", "1", "-1", "1/2", "2", "-1/2", "-2", "-1/3", "3")]
PAIRS = [
    (Fraction(a), Fraction(b))
    for a, b in [
        ("0", "1"), ("3/5", "4/5"), ("-3/5", "4/5"), ("5/13", "12/13"), ("0", "1/2"), ("0", "2"), ("1", "1"), ("1/2", "1/2"),
        ("-1", "1"), ("-1/2", "1/2"), ("1/2", "4/5"), ("-2", "1/3"), ("-1/3", "1/3"), ("3", "2"),
    ]
]  # fmt: skip


def times(x, y):
    return x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]


def with_conjugates(items):
    return [root for re, im in items for root in ([(re, im), (re, -im)] if im else [(re, im)])]


def expand(roots):
    """Return the coefficients of the monic polynomial, constant term first."""
    c = [(Fraction(1), Fraction(0))]
    for re, im in roots:
        shifted, scaled = [(Fraction(0), Fraction(0)), *c], [times(x, (-re, -im)) for x in c]
        c = [(s[0] + t[0], s[1] + t[1]) for s, t in zip(shifted, [*scaled, (Fraction(0), Fraction(0))], strict=True)]
    assert all(im == 0 for _, im in c)
    return [sp.Rational(re.numerator, re.denominator) for re, _ in c]


items = st.one_of(st.sampled_from(REAL).map(lambda r: (r, Fraction(0))), st.sampled_from(PAIRS))


@st.composite
def prescribed(draw, degrees):
    degree = draw(st.sampled_from(degrees))
    pool = draw(st.lists(items, min_size=1, max_size=degree))
    chosen = []
    while (size := len(with_conjugates(chosen))) < degree:
        fitting = [i for i in pool if size + (2 if i[1] else 1) <= degree]
        chosen.append(draw(st.sampled_from(fitting)) if fitting else (draw(st.sampled_from(REAL)), Fraction(0)))
    return with_conjugates(chosen)


def truth(roots):
    real = [re for re, im in roots if im == 0]
    return {
        rc.no_real_root: not any(r < 0 for r in real),
        rc.no_nonpositive_root: not any(r <= 0 for r in real),
        rc.all_roots_real: len(real) == len(roots),
        rc.all_roots_inside: all(re**2 + im**2 < 1 for re, im in roots),
        rc.complex_pair_on_circle: any(im != 0 and re**2 + im**2 == 1 for re, im in roots),
    }


@cache
def general(condition, degree):
    return condition([*C[:degree], sp.Integer(1)])


def answer(condition, coefficients):
    degree = len(coefficients) - 1
    formula = general(condition, degree)
    return formula.at(dict(zip(C[:degree], coefficients, strict=False)))


@examples(120)
@given(prescribed([1, 2, 3]))
def test_small_degrees_against_prescribed_roots(roots):
    coefficients = expand(roots)
    for condition, expected in truth(roots).items():
        assert answer(condition, coefficients) is expected, condition.__name__


@pytest.mark.slow
@settings(max_examples=600)
@given(prescribed([1, 2, 3]))
def test_small_degrees_against_prescribed_roots_with_many_examples(roots):
    test_small_degrees_against_prescribed_roots.hypothesis.inner_test(roots)


@examples(80)
@given(prescribed([4, 5]))
def test_subresultants_against_prescribed_roots(roots):
    coefficients = expand(roots)
    for condition, expected in truth(roots).items():
        assert answer(condition, coefficients) is expected, condition.__name__


@pytest.mark.slow
@settings(max_examples=500)
@given(prescribed([4, 5]))
def test_subresultants_against_prescribed_roots_with_many_examples(roots):
    test_subresultants_against_prescribed_roots.hypothesis.inner_test(roots)


@examples(100)
@given(prescribed([1, 2, 3, 4, 5, 7, 9]))
def test_numbers_instead_of_letters(roots):
    coefficients = expand(roots)
    for condition, expected in truth(roots).items():
        assert condition(coefficients) == (ALWAYS if expected else NEVER), condition.__name__


@pytest.mark.slow
@settings(max_examples=400)
@given(prescribed([1, 2, 3, 4, 5, 7, 9]))
def test_numbers_instead_of_letters_with_many_examples(roots):
    test_numbers_instead_of_letters.hypothesis.inner_test(roots)


@settings(max_examples=15)
@given(prescribed([2, 3, 4, 5]), st.sets(st.integers(0, 4), max_size=4))
def test_some_numbers_some_letters(roots, numbers):
    numbers |= {0} if len(numbers) % 2 else {1, 3}
    coefficients = expand(roots)
    given_ = [c if k in numbers or k == len(roots) else C[k] for k, c in enumerate(coefficients)]
    for condition, expected in truth(roots).items():
        assert condition(given_).at(dict(zip(C, coefficients[:-1], strict=False))) is expected, condition.__name__


@pytest.mark.slow
@settings(max_examples=80)
@given(prescribed([2, 3, 4, 5]), st.sets(st.integers(0, 4), max_size=4))
def test_some_numbers_some_letters_with_many_examples(roots, numbers):
    test_some_numbers_some_letters.hypothesis.inner_test(roots, numbers)


@given(prescribed([1, 2, 3, 4, 5]))
def test_values_at_1_and_minus_1(roots):
    coefficients = expand(roots)
    values = dict(zip(C, coefficients[:-1], strict=False))
    for value in (1, -1):
        formula = rc.has_root([*C[: len(roots)], sp.Integer(1)], value)
        assert formula.at(values) is ((Fraction(value), Fraction(0)) in roots)


@given(prescribed([1, 2, 3, 4, 5]))
def test_discriminant_and_circle_polynomial_are_the_products_over_pairs(roots):
    coefficients = expand(roots)
    discriminant = circle = (Fraction(1), Fraction(0))
    for x, y in combinations(roots, 2):
        difference = (x[0] - y[0], x[1] - y[1])
        discriminant = times(discriminant, times(difference, difference))
        xy = times(x, y)
        circle = times(circle, (1 - xy[0], -xy[1]))
    values = dict(zip(C, coefficients[:-1], strict=False))
    letters = [*C[: len(roots)], sp.Integer(1)]
    assert rc.discriminant(letters).xreplace(values) == sp.Rational(str(discriminant[0])) == rc.discriminant(coefficients)
    assert rc.circle_polynomial(letters).xreplace(values) == sp.Rational(str(circle[0])) == rc.circle_polynomial(coefficients)
    assert rc.circle_polynomial(letters).xreplace(dict.fromkeys(C, sp.Integer(0))) == 1


@given(prescribed([2, 3, 4, 5]))
def test_signatures_count_distinct_real_roots(roots):
    e = [(-1) ** k * c for k, c in enumerate(reversed(expand(roots)))]
    d_signs = [sp.sign(v) for v in in_letters(e, discriminant_sequence)[0]]
    e_signs = [sp.sign(v) for v in in_letters(e, shifted_sequence)[0]]
    real = {re for re, im in roots if im == 0}
    assert signature(d_signs) == len(real)
    assert signature([*e_signs, sp.sign(e[-1]) * d_signs[-1]]) == sum(r > 0 for r in real) - sum(r < 0 for r in real)


def counted(coefficients):
    """Return the answers from Sturm counts, factors and certified enclosures of the roots of an integer polynomial."""
    polynomial = fmpq_poly(coefficients)
    _, factors = fmpz_poly(coefficients).factor()
    on_circle = {str(f): roots_on_unit_circle(fmpq_poly(f)) for f, _ in factors}
    inside = all(on_circle[str(f)] == 0 and all(abs(z) < 1 for z, _ in f.complex_roots()) for f, _ in factors)
    real = sum(m * count_real_roots(fmpq_poly(f)) for f, m in factors)
    nonpositive = count_real_roots(polynomial, None, fmpq(0))
    return {
        rc.no_real_root: nonpositive == int(coefficients[0] == 0),
        rc.no_nonpositive_root: nonpositive == 0,
        rc.all_roots_real: real == polynomial.degree(),
        rc.all_roots_inside: inside,
        rc.complex_pair_on_circle: any(on_circle[str(f)] for f, _ in factors if f.degree() > 1),
    }


def sweep(degree, values, step=1):
    for lower in list(product(values, repeat=degree))[::step]:
        for condition, expected in counted([*lower, 1]).items():
            assert answer(condition, [*map(sp.Integer, lower), sp.Integer(1)]) is expected, (condition.__name__, lower)


@pytest.mark.parametrize(
    ("degree", "values", "step"),
    [(2, range(-6, 7), 1), (3, range(-3, 4), 1), (4, range(-1, 2), 1), (4, range(-3, 4), 13), (5, range(-1, 2), 2)],
)
def test_small_integer_coefficients(degree, values, step):
    sweep(degree, values, step)


@pytest.mark.slow
@pytest.mark.parametrize(("degree", "values"), [(3, range(-8, 9)), (4, range(-2, 4)), (5, range(-1, 3)), (6, range(-1, 2))])
def test_larger_sweeps(degree, values):
    sweep(degree, values)


@pytest.mark.parametrize(
    "roots",
    [
        [(0, 1), (0, 1), (3, 0), (3, 0)],
        [(1, 1), (-1, 1), (2, 0), (-2, 0)],
        [(Fraction(3, 5), Fraction(4, 5))] * 2 + [(Fraction(1, 2), 0), (2, 0)],
        [(Fraction(3, 5), Fraction(4, 5)), (0, 1), (0, 2)],
        [(0, 2), (0, Fraction(1, 2)), (1, 0), (-1, 0)],
        [(0, 0), (0, 0), (1, 1), (1, -1 + 2)],
        [(0, 0)] * 5 + [(-1, 0)],
    ],
)
def test_degree_6(roots):
    roots = with_conjugates([(Fraction(re), Fraction(im)) for re, im in roots])
    assert len(roots) == 6
    for condition, expected in truth(roots).items():
        assert answer(condition, expand(roots)) is expected, condition.__name__


def test_none_of_the_four_conditions_of_degree_3_can_be_left_out():
    epsilon = sp.Rational(1, 1000)
    barely = (3 + 3 * epsilon / 4 - 3 * epsilon**2 / 64, 3 + epsilon, 1 + epsilon / 4 - epsilon**2 / 64)
    for e1, e2, e3 in [(2, 0, 0), (-2, 0, 0), (0, 2, 0), (6, 8, 2), barely]:
        values = [1 - e1 + e2 - e3, 1 + e1 + e2 + e3, 1 - e2 + e1 * e3 - e3**2, 3 - e2]
        assert sum(bool(v <= 0) for v in values) == 1
        assert answer(rc.all_roots_inside, [sp.Integer(1) * v for v in (-e3, e2, -e1, 1)]) is False


def check_inside(b):
    """Compare for the image of b_0 s^n + b_1 s^(n-1) + ... under x = (1 + s) / (1 - s)."""
    degree = len(b) - 1
    image = fmpz_poly([0])
    for k, value in enumerate(b):
        image += value * fmpz_poly([-1, 1]) ** (degree - k) * fmpz_poly([1, 1]) ** k
    coefficients = [sp.Rational(int(c), int(image[degree])) for c in image.coeffs()]
    expected = counted([int(c) for c in image.coeffs()])[rc.all_roots_inside]
    assert answer(rc.all_roots_inside, coefficients) is expected, b
    return expected


@pytest.mark.parametrize(("degree", "values", "step"), [(3, range(-3, 4), 1), (4, range(-3, 4), 3), (5, range(-2, 4), 17)])
def test_inside_against_the_left_half_plane(degree, values, step):
    for lower in list(product(values, repeat=degree))[::step]:
        if 1 + sum(lower) != 0:  # else s = 1 is a root, which is x = infinity
            check_inside([1, *lower])


@pytest.mark.parametrize(
    "b",
    [
        [1, 200, -80, -8, 2],
        [1, -20, -80, 200, 100, 8],
        [10, 3, 300, -20, -50, 1],
        [1, 10, 80, 1, -80, -2, 8],
        [1, 1, -10, -3, 1, -3, 20],
    ],
)
def test_each_linear_condition_of_lienard_and_chipart_is_needed(b):
    n = len(b) - 1
    minors = [_hurwitz(b, order) for order in range(n - 1, 0, -2)]
    assert all(m > 0 for m in minors)
    assert b[0] > 0
    assert [b[k] > 0 for k in range(n, 0, -2)].count(False) == 1
    assert check_inside(b) is False


def _hurwitz(b, order):
    entry = [[2 * (j + 1) - (i + 1) for j in range(order)] for i in range(order)]
    return fmpq_mat([[b[k] if 0 <= k < len(b) else 0 for k in row] for row in entry]).det()


@examples(80)
@given(prescribed([4, 5, 6]))
def test_the_sign_table_knows_every_sign_vector_that_occurs(roots):
    check_sign_table(expand(roots), len({re for re, im in roots if im == 0 and re < 0}))


@pytest.mark.slow
@settings(max_examples=400)
@given(prescribed([4, 5, 6]))
def test_the_sign_table_knows_every_sign_vector_that_occurs_with_many_examples(roots):
    test_the_sign_table_knows_every_sign_vector_that_occurs.hypothesis.inner_test(roots)


@pytest.mark.parametrize(("degree", "values"), [(4, range(-2, 3)), (5, range(-1, 2)), (6, range(-1, 2))])
def test_the_sign_table_on_small_integers(degree, values):
    for lower in product(values, repeat=degree):
        if lower[0]:
            c = [*lower, 1]
            check_sign_table([sp.Integer(v) for v in c], count_real_roots(fmpq_poly(c), None, fmpq(0)))


def check_sign_table(coefficients, expected):
    """Compare the table itself, so that a sign vector cannot count as impossible and still be decided rightly by luck."""
    e = [(-1) ** k * c for k, c in enumerate(reversed(coefficients))]
    if e[-1] != 0:
        tested = in_letters(e, discriminant_sequence)[0][:0:-1] + in_letters(e, shifted_sequence)[0][::-1]
        signs = [int(sp.sign(v)) for v in tested]
        assert number_of_negative_roots(len(e) - 1, signs, int(sp.sign(e[-1]))) == expected


def test_large_coefficients_stay_unexpanded():
    a, b, t = sp.symbols("a b t", real=True)
    big = (a + b) ** 30
    assert rc.discriminant([big, -t, 1]) == t**2 - 4 * big
    assert rc.discriminant([big, t, 0, 1]) == -4 * t**3 - 27 * (a + b) ** 60
    assert rc.discriminant([big, 0, 0, 0, 1]) == 256 * (a + b) ** 90
    assert rc.circle_polynomial([big, 0, 0, 0, sp.Integer(1)]).count_ops() < 20
    assert rc.no_nonpositive_root([big, -t, sp.Integer(1)]).at({a: 1, b: 0, t: 3}) is True


@pytest.mark.parametrize("condition", [c for c in CONDITIONS if c is not rc.all_roots_inside])
def test_degree_7_with_letters_is_refused_with_a_reason(condition):
    with pytest.raises(
        TooLarge, match=r"degree 7 with letters: the number of sign combinations grows .* numbers instead of letters"
    ):
        condition([C[0], *[sp.Integer(0)] * 6, sp.Integer(1)])


def test_inside_has_no_limit():
    formula = rc.all_roots_inside([C[0], *[sp.Integer(0)] * 7, sp.Integer(1)])
    assert [formula.at({C[0]: sp.Rational(v, 10)}) for v in (-11, -10, -9, 0, 9, 10)] == [False, False, True, True, True, False]


@pytest.mark.parametrize("coefficients", [[], [sp.Integer(1)], [C[0], C[1]], [C[0], sp.Integer(2)]])
@pytest.mark.parametrize("function", [*CONDITIONS, rc.discriminant, rc.circle_polynomial, lambda c: rc.has_root(c, 1)])
def test_only_monic_polynomials_are_accepted(function, coefficients):
    with pytest.raises(EntryError, match=r"not those of a monic polynomial"):
        function(coefficients)
