"""Text and SymPy expressions with letters, with SymPy's own arithmetic as the oracle."""

import re
import time
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from symplrnn import limits
from symplrnn.conditions.parameters import declare
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.reading.entries import exact_entry
from symplrnn.exact.reading.grammar import parse_expression, parse_rational
from symplrnn.exact.reading.numbers import (
    entry_vector,
    matrix_parts,
    rational,
    rational_matrix,
    rational_vector,
    rows_of,
    to_sympy,
)
from tests.examples import examples

DECLARED = declare({"a": "positive", "w": "real", "b_1": "nonzero"})
a, w, b_1 = DECLARED.values()


def parse(text):
    return parse_expression(text, "A[1]", DECLARED)


def in_sympy(value) -> sp.Expr:
    return to_sympy(value) if isinstance(value, fmpq) else value


def texts(atoms):
    return st.recursive(
        atoms,
        lambda inner: (
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
            | inner.map(lambda s: f"-{s}")
            | st.tuples(inner, st.integers(-2, 3)).map(lambda t: f"({t[0]})^{t[1]}")
        ),
        max_leaves=7,
    )


letters = st.sampled_from(["a", "w", "b_1", "2", "3", "0.25", "1"])
roots = st.sampled_from(["a", "sqrt(2)", "sqrt(3)", "sqrt(6)", "sqrt(8/9)", "sqrt(0.25)", "2", "w"])


def oracle(text):
    """The value by SymPy, or None if something in it is divided by zero (seen at exact points, never by simplification)."""
    value = sp.sympify(text.replace("^", "**"), locals=DECLARED, rational=True, evaluate=True)
    return None if value.has(sp.nan, sp.zoo, sp.oo) else value


POINTS = [
    {"a": Fraction(7, 3), "w": Fraction(-5, 11), "b_1": Fraction(9, 2)},
    {"a": Fraction(101, 13), "w": Fraction(17), "b_1": Fraction(-1, 23)},
]


def value_at(text, point):
    """The value at a rational point by Python's own parser, or None if something is divided by zero."""
    code = re.sub(r"(?<![\w.])\d+(\.\d+)?", r"F('\g<0>')", text.replace("^", "**"))
    try:
        return eval(code, {"F": Fraction, **point})
    except ZeroDivisionError:
        return None


@examples(200)
@given(texts(letters))
def test_rational_functions_agree_with_python_and_sympy(text):
    values = [value_at(text, point) for point in POINTS]
    try:
        found = parse(text)
    except EntryError as error:
        assert "divides by zero" in str(error)  # noqa: PT017
        assert values == [None] * len(values)
        return
    for value, point in zip(values, POINTS, strict=True):
        if value is not None:
            numbers = {DECLARED[name]: sp.Rational(x.numerator, x.denominator) for name, x in point.items()}
            assert in_sympy(found).subs(numbers) == sp.Rational(value.numerator, value.denominator)
    cancelled = sp.cancel(oracle(text))
    assert sp.cancel(in_sympy(found) - cancelled) == 0
    assert isinstance(found, fmpq) == bool(cancelled.is_Rational)
    if not isinstance(found, fmpq):
        above, below = sp.fraction(found)
        assert sp.gcd(above, below) in (1, -1)
        assert (above, below) == (sp.expand(above), sp.expand(below))


@examples(150)
@given(texts(roots))
def test_square_roots_agree_with_sympy_at_points(text):
    points = [{a: sp.Rational(7, 3), w: sp.Rational(-5, 11)}, {a: sp.Rational(1, 13), w: sp.Rational(17)}]
    try:
        found = parse(text)
    except EntryError as error:
        assert "divides by zero" in str(error)  # noqa: PT017
        expected = oracle(text)
        assert expected is None or not all(is_finite_at(expected, point) for point in points)
        return
    expected = oracle(text)
    assert expected is not None
    for point in points:
        assert sp.radsimp(sp.expand(in_sympy(found).subs(point))).equals(sp.radsimp(expected.subs(point)))


def is_finite_at(expression, point) -> bool:
    def zero(base):
        return sp.radsimp(sp.expand(base.subs(point))).equals(0)

    return not any(zero(part.base) for part in sp.preorder_traversal(expression) if part.is_Pow and part.exp.is_negative)


@given(texts(letters), st.sampled_from(["({0}) + a", "({0})*(a + w)/(a + w)", "({0})*1 - w + w", "w*({0})/w"]))
def test_equal_functions_give_equal_expressions(text, form):
    try:
        first = parse(text)
    except EntryError:
        return
    second = parse(form.format(text))
    expected = first if not form.endswith(") + a") else parse(f"a + ({text})")
    assert (second, type(second)) == (expected, type(expected))


def test_values_of_single_texts():
    cases = {
        "a": a,
        "2*b_1 - w/3": 2 * b_1 - w / 3,
        "(a^2 - 1)/(a - 1)": a + 1,
        "a**-1": 1 / a,
        "-a^2": -(a**2),
        "1e1*a": 10 * a,
        "0.1*a": a / 10,
        "a/(2*w + 2)": a / (2 * w + 2),
        "1/(a - sqrt(2))": (a + sp.sqrt(2)) / (a**2 - 2),
        "sqrt(12)": 2 * sp.sqrt(3),
        "sqrt(2)*sqrt(3)": sp.sqrt(6),
        "sqrt(2/3)": sp.sqrt(6) / 3,
        "1/(1 + sqrt(2))": sp.sqrt(2) - 1,
        "sqrt(a/a + 1)": sp.sqrt(2),
        "a^50": a**50,
        "(sqrt(2))^3": 2 * sp.sqrt(2),
    }
    for text, expected in cases.items():
        assert parse(text) == expected, text
    numbers = {
        "sqrt(4/9)": fmpq(2, 3),
        "sqrt(2)^2": fmpq(2),
        "sqrt(0)": fmpq(0),
        "a - a": fmpq(0),
        "a/a": fmpq(1),
        "7/2": fmpq(7, 2),
    }
    numbers |= {"sqrt(2)*sqrt(3) - sqrt(6)": fmpq(0), "(a*0)^0": fmpq(1), "sqrt(1" + "0" * 400 + ")": fmpq(10**200)}
    numbers |= {
        "a/(a + w) + w/(a + w)": fmpq(1),
        "(a + sqrt(2))*(a - sqrt(2))/(a^2 - 2)": fmpq(1),
        "a/(a - w) + a/(w - a)": fmpq(0),
    }
    for text, expected in numbers.items():
        found = parse(text)
        assert isinstance(found, fmpq), text
        assert found == expected, text


def test_one_form_whatever_the_signs():
    assert parse("1/(1 - a)") == parse("-1/(a - 1)") == -1 / (a - 1)
    assert parse("a/(1 - a)") == parse("-a/(a - 1)")
    assert parse("a/(sqrt(2) - a)") == parse("-a/(a - sqrt(2))")
    assert parse("(a^2 - a)/(w - a*w)") == parse("-a/w") == -a / w


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_square_roots_of_fractions_are_those_of_sympy(p, q):
    try:
        found = parse(f"sqrt({p}/{q})")
    except EntryError as error:
        assert "primes" in str(error)  # noqa: PT017
        return
    assert in_sympy(found) == sp.sqrt(sp.Rational(p, q))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("b - 1", r"^A\[1\]: 'b - 1' uses the undeclared parameter 'b'; declared are a, w, b_1$"),
        ("A", "undeclared parameter 'A'"),
        ("__import__('os').system('true')", "undeclared parameter '__import__'"),
        ("exec(a)", "undeclared parameter 'exec'"),
        ("lambda: 0", "undeclared parameter 'lambda'"),
        ("a.__class__", "unexpected character '.'"),
        ("a[0]", r"unexpected character '\['"),
        ("a if a else w", "unexpected 'if'"),
        ("a;w", "unexpected character ';'"),
        ("a=1", "unexpected character '='"),
        ("a\nw", "unexpected 'w'"),
        ("a(w)", r"unexpected '\('"),
        ("2a", "unexpected 'a'"),
        ("a w", "unexpected 'w'"),
        ("\u03b1", "unexpected character"),
        ("1/(a - a)", "divides by zero"),
        ("(a - a)^-1", "divides by zero"),
        ("w/((a + w)^2 - a^2 - 2*a*w - w^2)", "divides by zero"),
        ("1/(sqrt(2)*sqrt(3) - sqrt(6))", "divides by zero"),
        ("a^w", "exponent 'w'"),
        ("a^(1/2)", "exponent '1/2'"),
        ("2^a", "exponent 'a'"),
        ("2^sqrt(2)", r"exponent 'sqrt\(2\)'"),
        ("a^51", "exponent 51"),
        ("a^-51", "exponent -51"),
        ("a^1e9", "exponent '1000000000'"),
        ("sqrt(a)", "square root of what is no rational number of at least 0"),
        ("sqrt(-1)", "square root of what is no rational number of at least 0"),
        ("sqrt(1 + sqrt(2))", "square root of what is no rational"),
        ("sqrt", "sqrt without a parenthesis"),
        ("sqrt a", "sqrt without a parenthesis"),
        ("sqrt()", "unexpected"),
        ("sqrt(2", "unclosed"),
        ("sqrt(10^400 + 1)", "more than 64 bits"),
        ("sqrt(2) + sqrt(3) + sqrt(5) + sqrt(7) + sqrt(11)", "more than 4 different primes"),
        ("sqrt(" * 60 + "1" + ")" * 60, "nested"),
        ("a" * 10_001, "longer than 10000"),
    ],
)
def test_bad_texts_have_one_clear_line(text, problem):
    with pytest.raises(EntryError, match=problem) as caught:
        parse(text)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 250


LONG = {
    "(a+w)^50^50": "exponent",
    "((a+w)^40)^40": "total degree",
    "((a+w)^50)^50": "total degree",
    "(a+w)^26*(a-w)^26": "total degree",
    "*".join(["(a+w)"] * 1000): "total degree",
    "*".join(["(a+1)/(w+1)"] * 800): "total degree",
    "+".join(f"1/(a+{i})" for i in range(900)): "total degree",
    "(a+w+b_1+sqrt(2)+sqrt(3))^40": "terms|work|bits",
    "+".join(f"a^{i % 50}/(10^9999+{i})" for i in range(400)): "bits|work",
    "(10^9999*a+w)^50": "bits",
    "+".join(["(a+w+b_1)^40"] * 700): "work",
    "+".join(["1/((a+w+b_1)^9+1)", "1/((a-w+b_1)^9+w)"] * 250): "work|degree",
    "(" * 45 + "a" + "+1)^2" * 45: "total degree",
}


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:20])
def test_long_calculations_are_refused_before_they_are_done(text):
    start = time.process_time()
    with pytest.raises(EntryError, match=LONG[text]):
        parse(text)
    assert time.process_time() - start < 5  # each would take minutes, or all the memory, if it were done


def test_what_is_within_the_limits_is_calculated():
    expanded = parse(f"(a+w)^{limits.FUNCTION_DEGREE}")
    assert sp.Poly(expanded, a, w).coeff_monomial(a**25 * w**25) == sp.binomial(50, 25)
    assert len(parse("(a+w+b_1)^50").args) == 51 * 52 // 2 <= limits.FUNCTION_TERMS
    assert parse("(a+w)^50/(a+w)^49") == a + w


def test_without_declared_names_the_messages_stay():
    for symbols in ({}, None):
        with pytest.raises(EntryError, match=r"x: 'b - 1' uses the unknown parameter 'b'; accepted is a number"):
            exact_entry("b - 1", "x", symbols)
    with pytest.raises(EntryError, match="unknown parameter 'sqrt'"):
        parse_rational("sqrt(4)", "x")
    assert exact_entry("sqrt(4)", "x") == fmpq(2)


def test_names_beside_numbers_are_names():
    """A letter e that is declared is no exponent, and a name may begin with an underscore."""
    e, _x = sp.Symbol("e", real=True), sp.Symbol("_x", real=True)
    assert parse_expression("2*e + 1e2 + _x", "x", {"e": e, "_x": _x}) == 2 * e + 100 + _x
    assert parse_expression("e5", "x", {"e5": e}) == e


def test_sympy_entries():
    assert exact_entry(sp.Rational(1, 2) * a, "x") == a / 2
    assert exact_entry(0.1 * a, "x") == sp.Rational(0.1) * a != a / 10
    assert exact_entry(sp.sqrt(2) * a + w, "x", DECLARED) == sp.sqrt(2) * a + w
    assert exact_entry((a**2 - 1) / (a - 1), "x") == a + 1
    assert exact_entry(sp.Symbol("a") + sp.Symbol("w"), "x", DECLARED) == a + w
    assert exact_entry(sp.Symbol("c"), "x") == sp.Symbol("c")
    assert exact_entry(sp.Symbol("c", real=True) ** 2, "x").is_nonnegative
    assert exact_entry(1 / (a + sp.sqrt(2)), "x") == parse("1/(a + sqrt(2))")
    for number, value in [(sp.Pow(sp.sqrt(2), 2, evaluate=False), 2), ((a + a) / a, 2), (sp.Add(a, -a, evaluate=False), 0)]:
        found = exact_entry(number, "x")
        assert isinstance(found, fmpq)
        assert found == value
    for value in ("3/7", 0.5, np.float32(0.1), fmpq(1, 3), sp.Rational(2, 3), sp.Float(0.1), 10**40):
        found = exact_entry(value, "x", DECLARED)
        assert isinstance(found, fmpq)
        assert found == rational(value, "x")


def test_other_real_algebraic_numbers():
    third = sp.cbrt(2)
    assert exact_entry(third * a + third * a, "x", DECLARED) == 2 * third * a
    found = exact_entry(sp.Pow(third, 3, evaluate=False) + 1, "x")
    assert isinstance(found, fmpq)
    assert found == 3
    nested = sp.sqrt(1 + sp.sqrt(2))
    assert exact_entry(nested**2 - sp.sqrt(2), "x") == fmpq(1)
    assert exact_entry(sp.sqrt(3 + 2 * sp.sqrt(2)) - sp.sqrt(2), "x") == fmpq(1)
    root = sp.CRootOf(sp.Symbol("x") ** 5 - sp.Symbol("x") - 1, 0)
    assert exact_entry(root**5 - root, "x") == fmpq(1)
    assert exact_entry(sp.Symbol("a") * third, "x", DECLARED) == a * third


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (sp.sin(a), "no rational function"),
        (sp.exp(sp.sqrt(a)), "accepted are exponents that are rational numbers, products of these and powers of letters"),
        (sp.Abs(w), "no rational function"),
        (sp.Max(w, 0), "no rational function"),
        (sp.Piecewise((w, w > 0), (0, True)), "no rational function"),
        (sp.pi, "^A.1.: 'pi' is transcendental; accepted in its place are a declared letter or a decimal"),
        (sp.pi * a, "'pi' in 'pi[*]a' is transcendental"),
        (sp.exp(sp.sqrt(2)), "transcendental"),
        (sp.exp(sp.pi), "transcendental"),
        (sp.sqrt(sp.E + 1), "is transcendental"),
        (sp.exp(10**5), "exp.100000.: accepted are exponents of up to 10000"),
        (sp.exp(sp.Rational(1, 10**6 + 3)) + sp.E, "are powers of exp.-1/1000003. of more than 10000 in size"),
        ((sp.E + a) ** 51, "exponent 51"),
        ((sp.E + sp.sqrt(2)) ** 10**4, "terms|work|bits|powers"),
        (2 ** sp.sqrt(2), "transcendental"),
        (sp.log(2), "transcendental"),
        (sp.cos(1) / 2, "'cos.1.' in 'cos.1./2' is transcendental"),
        (
            sp.EulerGamma,
            "'EulerGamma' is not read; accepted irrational ones are roots, CRootOf, sin, cos, tan of",
        ),
        (sp.Max(1, sp.sqrt(2), evaluate=False), "is not read"),
        (sp.I, "'I' is not real"),
        (sp.I * a, "'I' in 'I[*]a' is not real"),
        (sp.sqrt(-2), "is not real"),
        (sp.root(-8, 3), "is not real"),
        (sp.CRootOf(sp.Symbol("x") ** 3 - sp.Symbol("x") - 1, 1), "is not real"),
        (sp.cos(sp.pi / 101), "degree above 12"),
        (sp.cos(sp.pi / (10**40 + 1)), "degree above 12"),
        (sp.CRootOf(sp.Symbol("x") ** 9 - sp.Symbol("x") - 1, 0), "degree above 8"),
        (a**w, "no rational function"),
        (2**a, "no rational function"),
        (sp.sqrt(a), "no rational function"),
        (a ** sp.Rational(2, 3), "no rational function"),
        (sp.oo, "not a finite number"),
        (sp.zoo, "not a finite number"),
        (sp.nan, "not a finite number"),
        (a + sp.oo, "not a finite number|unexpected"),
        (sp.Pow(sp.Add(a, -a, evaluate=False), -1, evaluate=False), "divides by zero"),
        (a**51, "exponent 51"),
        ((a + w) ** 5000, "exponent 5000"),
        (sp.Pow(2, 10**9, evaluate=False), "bits"),
        (sp.Symbol("c"), "undeclared parameter 'c'; declared are a, w, b_1"),
        (sp.Symbol("a", real=True), "'a' with other assumptions"),
        (sp.Dummy("a"), "'_a' of type Dummy is no real parameter; accepted is a Symbol"),
        (sp.Symbol("a", imaginary=True), "no real parameter"),
        (sp.MatrixSymbol("a", 1, 1)[0, 0], "no real parameter"),
        (sp.Eq(a, 1), "no rational number"),
        (True, "no real number"),
        (None, "no real number"),
        (1j, "no real number"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bad_sympy_entries_have_one_clear_line(value, problem):
    with pytest.raises(EntryError, match=problem) as caught:
        exact_entry(value, "A[1]", DECLARED)
    message = str(caught.value)
    assert message.startswith("A[1]: ")
    assert "\n" not in message
    assert len(message) < 250


@pytest.mark.parametrize("symbols", [{}, DECLARED])
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "exp(exp(1))",
            "has an exp inside an exp; accepted are rational numbers and products of letters",
        ),
        ("exp(sqrt(2))", "exp.sqrt.2..: accepted are exponents that are rational numbers, products"),
        ("exp", "has an exp without a parenthesis; accepted is exp.*of a rational number"),
        ("exp(1", "unclosed parenthesis"),
        ("exp(", "ends too early"),
        ("exp()", "ends too early"),
        ("exp(1)^9999*exp(2)", "has powers of exp.-1. above 10000"),
        ("exp(1e5)", "exp.100000.: accepted are exponents of up to 10000 in size"),
        ("1/(exp(1/5) - exp(1/10)^2)", "divides by zero"),
        ("pi/4", "'pi': pi is transcendental; accepted in its place are a declared letter or a decimal"),
        ("2*e", "'e': if Euler's number is meant, write exp.1."),
        ("log(2)", "'log': log of a rational number other than 1 is transcendental"),
        ("cos(pi/7)", "'cos', which text cannot have; accepted are .* and exp, or a SymPy expression"),
    ],
)
def test_text_with_other_numbers_says_what_they_are(text, problem, symbols):
    with pytest.raises(EntryError, match=problem):
        exact_entry(text, "A[1]", symbols)


def test_a_declared_letter_may_have_the_name_of_a_number():
    e = sp.Symbol("e", positive=True)
    assert exact_entry("2*e", "A[1]", {"e": e}) == 2 * e


@pytest.mark.parametrize("word", ["real", "positive", "negative", "nonzero", "nonnegative", "nonpositive", "integer"])
def test_symbols_that_are_real_are_parameters(word):
    symbol = sp.Symbol("c", **{word: True})
    assert exact_entry(symbol, "x") == symbol


@pytest.mark.parametrize(
    ("symbol", "problem"),
    [
        *((sp.Symbol("z", **{word: value}), "by its assumptions the symbol 'z' is no real parameter; accepted are symbols without")
          for word, value in [("imaginary", True), ("complex", True), ("real", False), ("extended_real", True), ("finite", True),
                              ("infinite", True), ("commutative", False), ("hermitian", True)]),
        (sp.Symbol("z", zero=True), "leave only 0: write the number 0"),
        (sp.Dummy("z", real=True), "'_z' of type Dummy is no real parameter"),
        (sp.Wild("z"), "'z_' of type Wild is no real parameter"),
        *((sp.Symbol(name), "is no name for a parameter; accepted are ASCII letters, digits and _, beginning with a letter")
          for name in ["x y", "%$&", "", "class", "sqrt", "x_{1}", "_c", "\u03bb", "2a", "x" * 61]),
        (sp.Symbol("a", real=True) + sp.Symbol("a"), "a is used with two kinds of assumptions"),
    ],
    ids=str,
)  # fmt: skip
def test_symbols_that_are_no_parameters_have_one_clear_line(symbol, problem):
    for value in (symbol, 2 * symbol + 1):
        with pytest.raises(EntryError, match=problem) as caught:
            exact_entry(value, "A[1]")
        assert str(caught.value).startswith("A[1]: ")
        assert "\n" not in str(caught.value)
    with pytest.raises(EntryError):
        exact_entry(symbol, "t", {"a": a}, closed=False)


def test_known_symbols_beside_others():
    known = {"a": a}
    found = exact_entry(sp.Symbol("a") * sp.Symbol("t", real=True), "t", known, closed=False)
    assert found == a * sp.Symbol("t", real=True)
    with pytest.raises(EntryError, match="t: 'a' uses 'a' with other assumptions than it is declared with"):
        exact_entry(sp.Symbol("a", real=True), "t", known, closed=False)
    with pytest.raises(EntryError, match="undeclared parameter 't'"):
        exact_entry(sp.Symbol("t", real=True), "t", known)


@pytest.mark.parametrize(
    "number",
    [
        10**4000,
        sp.Integer(10) ** 5000,
        Fraction(1, 10**4000),
        "1e-4000",
        "10^9000",
        Decimal("1e5000"),
        10**5000 * a,
        a + sp.Rational(1, 10**5000),
        "a/(10^5000 + 1)",
        sp.sqrt(2) * 10**5000,
    ],
    ids=range(10),
)
def test_numbers_that_python_cannot_print_are_refused(number):
    with pytest.raises(
        EntryError, match=r"^h\[1\]: a number of more than 4000 digits; accepted are numbers of up to 4000 digits$"
    ):
        exact_entry(number, "h[1]", DECLARED)


def test_numbers_that_python_can_print_are_read():
    for number in (10**3999, "1e-3999", 5e-324, 1.7e308, 10**3999 * a):
        assert str(exact_entry(number, "h[1]", DECLARED))


def test_rows_and_vectors_of_entries():
    def entry(value, where):
        return exact_entry(value, where, DECLARED)

    expected = [[a, fmpq(1, 2)], [fmpq(0), 2 * w]]
    for value in ([["a", 0.5], [0, "2*w"]], sp.Matrix([[a, "1/2"], [0, 2 * w]]), np.array([["a", "1/2"], ["0", "w+w"]])):
        assert rows_of(matrix_parts(value, "A", rows=2, columns=2), "A", entry) == expected
    assert entry_vector([["a"], ["w"]], "h", 2, entry) == entry_vector(sp.Matrix([a, w]), "h", 2, entry) == [a, w]
    assert matrix_parts([], "V", columns=3) == []
    assert matrix_parts([[], []], "V") == [[], []]
    assert rational_matrix([], "V", columns=3).ncols() == 3
    assert rational_matrix([["1/2", 1]], "A").tolist() == [[fmpq(1, 2), 1]]
    assert rational_vector(["1/2", 1], "h") == entry_vector(["1/2", 1], "h")
    with pytest.raises(EntryError, match=r"A\[2\]\[1\]: 'c' uses the undeclared parameter 'c'"):
        rows_of([[1, 2], ["c", 3]], "A", entry)
    with pytest.raises(EntryError, match=r"h\[2\]: 'c' uses the undeclared"):
        entry_vector([1, "c"], "h", entry=entry)
    with pytest.raises(ShapeError, match="A: expected shape 2 x 2, got 1 x 2"):
        matrix_parts([["a", "w"]], "A", rows=2, columns=2)
