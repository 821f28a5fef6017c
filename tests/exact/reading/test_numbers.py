from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import fmpq, fmpz
from hypothesis import given
from hypothesis import strategies as st

from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.reading.grammar import parse_rational
from symplrnn.exact.reading.numbers import rational, rational_matrix, rational_vector, to_sympy

fractions = st.fractions(max_denominator=10**40)


def as_flint(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_the_dyadic_rationals_that_they_store(x):
    expected = as_flint(Fraction(x))
    assert rational(x, "x") == expected
    assert rational(np.float64(x), "x") == expected
    assert rational(sp.Float(x, 17), "x") == as_flint(Fraction(*map(int, sp.Rational(sp.Float(x, 17)).as_numer_denom())))


@given(fractions)
def test_every_exact_type_keeps_its_value(x):
    expected = as_flint(x)
    same = [x, sp.Rational(x.numerator, x.denominator), expected, str(x), f"({x.numerator})/({x.denominator})"]
    assert [rational(value, "x") for value in same] == [expected] * len(same)
    assert to_sympy(expected) == sp.Rational(x.numerator, x.denominator)


@pytest.mark.parametrize("value", [np.float32(0.1), np.uint8(7), np.int64(-3), np.array(2.5), fmpz(5), Decimal("0.1"), 10**50])
def test_other_numbers(value):
    expected = Fraction(value.item()) if isinstance(value, np.ndarray | np.generic) else Fraction(str(value))
    assert rational(value, "x") == as_flint(expected)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (float("nan"), "nan is not a finite number"),
        (float("inf"), "inf is not a finite number"),
        (np.float32("-inf"), "not a finite number"),
        (Decimal("NaN"), "not a finite number"),
        (Decimal("sNaN"), "not a finite number"),
        (Decimal("-Infinity"), "not a finite number"),
        (Decimal("1e100000000"), "decimal exponent"),
        (sp.Float("1e50000"), "binary exponent"),
        (sp.oo, "not a finite number"),
        (sp.zoo, "not a finite number"),
        (sp.nan, "not a finite number"),
        (sp.sqrt(2), "no rational number"),
        (sp.Symbol("a"), "no rational number"),
        (1j, "no real number"),
        (True, "no real number"),
        (None, "no real number"),
        ("", "ends too early"),
        ("a", "unknown parameter 'a'"),
        ("__import__('os')", "unknown parameter '__import__'"),
        ("1/0", "divides by zero"),
        ("0^-1", "divides by zero"),
        ("1e999999999999", "exponent"),
        ("1e10001", "exponent"),
        ("2^99999", "exponent"),
        ("9^9^9", "exponent|bits"),
        ("2^(1/2)", "exponent"),
        ("(1", "unclosed"),
        ("1)", "unexpected"),
        ("1 2", "unexpected"),
        ("1;2", "unexpected character ';'"),
        ("0x10", "unexpected"),
        ("1_000", "unexpected"),
        ("(" * 60 + "1" + ")" * 60, "nested"),
        ("-" * 60 + "1", "nested"),
        ("1" * 10_001, "longer than 10000"),
        ("\u0661", "unexpected character"),
    ],
)
def test_bad_entries_have_one_clear_line(value, problem):
    with pytest.raises(EntryError, match=problem) as caught:
        rational(value, "W[1][2]")
    message = str(caught.value)
    assert message.startswith("W[1][2]: ")
    assert "\n" not in message
    assert len(message) < 250


expressions = st.recursive(
    st.integers(0, 50).map(str) | st.decimals(0, 9, places=2).map(str),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | inner.map(lambda s: f"-{s}")
        | st.tuples(inner, st.integers(0, 3)).map(lambda t: f"({t[0]})^{t[1]}")
    ),
    max_leaves=8,
)


@given(expressions)
def test_grammar_agrees_with_sympy(text):
    expected = sp.sympify(text.replace("^", "**"), rational=True)
    if expected.is_finite:
        assert to_sympy(parse_rational(text, "x")) == expected
    else:
        with pytest.raises(EntryError, match="divides by zero"):
            parse_rational(text, "x")


def test_finite_numbers_beyond_doubles_are_finite():
    assert rational(Decimal("1e400"), "x") == as_flint(Fraction(10**400))
    assert rational(sp.Float("1e400", 30), "x") == as_flint(Fraction(int(sp.Float("1e400", 30))))


def test_precedence():
    texts = ["2+3*4", "-2^2", "2^-1", "2**3", "2^3^2", "1-2-3", "8/4/2", "--1", "2*-3", ".5", "1.", "1.5e-2", " 1 "]
    values = [14, -4, Fraction(1, 2), 8, 512, -4, 1, 1, -6, Fraction(1, 2), 1, Fraction(3, 200), 1]
    assert [parse_rational(t, "x") for t in texts] == [as_flint(Fraction(v)) for v in values]


def test_matrices_from_every_kind_of_container():
    expected = rational_matrix([["1/2", 1], [0, 3]], "A")
    for value in [[(0.5, 1), (0, 3)], np.array([[0.5, 1], [0, 3]]), sp.Matrix([["1/2", 1], [0, 3]]), expected]:
        assert rational_matrix(value, "A") == expected
    assert rational_vector(np.array([[1], [2]]), "h") == rational_vector([[1, 2]], "h") == rational_vector((1, 2), "h")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([[1, 2], [3]], "row 2 has 1 entries, but row 1 has 2"),
        ([1, 2], "expected a list of rows"),
        ([[1, 2, 3], [1, 2, 3]], "expected shape 2 x 2, got 2 x 3"),
        ("12", "expected a list"),
        (None, "expected a list"),
        (7, "expected a list"),
        ({"a": 1}, "expected a list"),
        ([[1, [2]], [3, 4]], "no real number"),
        (np.zeros((2, 2, 2)), "W: expected a vector or a matrix, got an array of shape 2 x 2 x 2"),
    ],
)
def test_bad_shapes(value, problem):
    with pytest.raises((ShapeError, EntryError), match=problem):
        rational_matrix(value, "W", rows=2, columns=2)


def test_bad_vectors():
    with pytest.raises(ShapeError, match="h: expected 2 numbers, got 3"):
        rational_vector([1, 2, 3], "h", 2)
    with pytest.raises(ShapeError, match="expected a vector, got rows"):
        rational_vector([[1, 2], [3, 4]], "h", 2)
    with pytest.raises(EntryError, match=r"h\[2\]: nan"):
        rational_vector([1, float("nan")], "h")
    with pytest.raises(EntryError, match=r"h\[1\]: b'1' of type bytes is no real number"):
        rational_vector(np.array([b"1", b"2"]), "h")
