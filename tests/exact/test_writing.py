"""Numbers of more than 4300 digits, which Python does not write, in all that is printed."""

import json
import random

import pytest
import sympy as sp
from flint import fmpz

import symplrnn as sr
from symplrnn.conditions.formula import nonnegative
from symplrnn.emit.latex.expressions import formula_latex
from symplrnn.exact.writing import text_of

x, y, N = sp.symbols("x y N", real=True)
LONG, ROOT = 10**5000 + 7, 10**2200 + 1
DIGITS = str(fmpz(LONG))


@pytest.mark.parametrize(
    "expression",
    [
        sp.Integer(0), sp.Integer(-3), sp.Rational(-3, 7), -x / 2, x ** sp.Rational(-2, 3), 3 * x**2 / (4 * y) - sp.Rational(1, 2),
        sp.sqrt(2) * sp.log(x / 3) + sp.pi, sp.Ge(2 * x - 3, 0), sp.And(x > 1, sp.Ne(y, -2)),
        sp.Piecewise((x / 2, x > 3), (-1, True)), sp.CRootOf(x**5 - x - 1, 0) / 2, sp.Float(0.25) * x,
    ],
)  # fmt: skip
def test_short_numbers_are_written_as_sympy_does(expression):
    assert text_of(expression) == str(expression)


@pytest.mark.parametrize(
    "form", [lambda n: n * x - y, lambda n: -y / (x + n), lambda n: sp.log(x) ** 2 + n, lambda n: y >= x + n]
)
def test_long_numbers_are_written_with_every_digit(form):
    assert text_of(form(sp.Integer(LONG))).replace(DIGITS, "3") == text_of(form(sp.Integer(3)))


def test_rational_numbers():
    assert text_of(-sp.Rational(LONG, 3) * x) == f"-{DIGITS}*x/3"
    assert text_of(sp.Rational(-2, LONG)) == f"-2/{DIGITS}"
    assert formula_latex(x / LONG).replace(DIGITS, "3") == formula_latex(x / 3)
    assert formula_latex(sp.Rational(-2, LONG)) == rf"- \frac{{2}}{{{DIGITS}}}"


def test_conditions():
    condition = nonnegative(x - LONG)
    assert str(condition) == f"x >= {DIGITS}"
    assert repr(condition).startswith("x >= 1000")
    assert len(repr(condition)) < 2000
    with pytest.raises(sr.UndecidedError, match=r"the condition 'x >= 1000.*characters\) depends on parameters"):
        bool(condition)
    with pytest.raises(sr.UndecidedError, match=r"depends on the parameters: 'x >= 1000.*characters\); give them"):
        bool(sr.Truth(None, formula=condition))


@pytest.fixture(scope="module")
def network():
    """Entries of 2201 digits: the determinant of region 11 is (a + ROOT) ROOT - b^2."""
    return sr.PLRNN(["a", 0], [[ROOT, "b"], ["b", ROOT]], [1, 1], dt=1, parameters=["a", "b"])


def test_reports(network):
    report = sr.check(network)
    square = str(fmpz(ROOT) ** 2)
    [found] = [v for v in json.loads(report.to_json())["verdicts"] if v["pattern"] == "11"]
    assert square in found["verdicts"]["E2"]["condition"]
    assert square in str(report.verdicts["11"]["E2"].truth)
    assert square in sr.latex(report)


@pytest.mark.slow
def test_systems(network):
    ode, square = sr.derive(network)["11"], str(fmpz(ROOT) ** 2)
    assert square in json.dumps(ode.to_dict())
    assert square in str(ode.condition)
    assert square in sr.latex(ode)


def test_polynomials_in_one_letter_are_written_as_sympy_does():
    rng = random.Random(3)
    for _ in range(80):
        numbers = [sp.Rational(rng.randint(-4, 4), rng.randint(1, 4)) for _ in range(rng.randint(1, 6))]
        total = sp.Add(*(c * x ** rng.randint(0, 12) for c in numbers))
        for expression in (total, total * y + 3, (total + 1) * (x - 1) ** 2 / 3, sp.sqrt(2) * x + total, 1 / (total + y)):
            assert text_of(expression) == str(expression)
