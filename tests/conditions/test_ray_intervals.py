"""One letter in a large core: what is stated of q(t) is a union of intervals, and right at values beside and at its ends."""

import random
from fractions import Fraction

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.conditions.formula import positive
from symplrnn.conditions.one_letter import on_the_line
from symplrnn.exact.rays import OffRay, PolynomialOffRay

w, x = sp.Symbol("w", real=True), sp.Symbol("x")


def off_ray(polynomial: sp.Expr, value: sp.Expr, closed: int) -> bool:
    """Decide by SymPy whether a polynomial in x has no root in (-oo, 0], or in (-oo, 0), for a rational value of w."""
    roots = sp.Poly(polynomial.subs(w, value), x).real_roots()
    return not any(r < 0 or (closed and r == 0) for r in roots)


@pytest.mark.parametrize("closed", [0, 1])
@pytest.mark.parametrize("seed", range(8))
def test_the_intervals_are_right_everywhere(seed, closed):
    draw = random.Random(seed)
    c = [draw.randint(-3, 3) + draw.choice([0, 0, 1, -1, w, w - 1, w**2 - 2, 2 * w]) for _ in range(draw.randint(3, 5))]
    c[0] = c[0] or w
    polynomial = sum(sp.sympify(a) * x**k for k, a in enumerate([*c, 1]))
    condition = positive(PolynomialOffRay(closed, *c))
    line = None if condition.is_constant else on_the_line(condition)
    if line is None:
        return
    assert not any(isinstance(p.polynomial, OffRay) for p in line.formula.atoms)
    ends = [e.value for e in line.roots if e.value.is_Rational]
    for value in [*ends, *(sp.Rational(draw.randint(-400, 400), draw.choice([60, 97])) for _ in range(12))]:
        expected = off_ray(polynomial, value, closed)
        assert (line.formula.at({w: value}) if not line.formula.is_constant else line.formula.is_true) == expected, (
            polynomial,
            value,
        )


@pytest.mark.parametrize(
    ("coefficients", "text"),
    [
        ([w, 0, 0, -1], "w > 27/256"),  # x^4 - x^3 + w: two positive roots meet at 27/256; negative ones for w < 0
        ([(w - 1) ** 2 + 1, 0, 0, 0], "True"),  # x^4 + c, c > 0
        ([w, w + 1, 1], None),
    ],
)
def test_examples(coefficients, text):
    condition = positive(PolynomialOffRay(1, *coefficients))
    line = on_the_line(condition)
    polynomial = sum(sp.sympify(a) * x**k for k, a in enumerate([*coefficients, 1]))
    for k in range(-20, 21):
        value = sp.Rational(k, 7)
        assert (line.formula.is_true or (not line.formula.is_false and line.formula.at({w: value}))) == off_ray(
            polynomial, value, 1
        )


def test_a_letter_in_a_network_of_ten_units():
    draw = random.Random(5)
    A = [draw.uniform(0.3, 0.95) for _ in range(10)]
    W = [[0 if i == j else draw.gauss(0, 0.25) for j in range(10)] for i in range(10)]
    W[0][1] = "w"
    net = sr.PLRNN(A, W, [1] * 10, parameters=["w"])
    condition = sr.check(net, ["1111111111"]).verdicts["1111111111"].principal
    found = condition.as_set()
    assert isinstance(found, sp.Interval)
    assert found.start == -sp.oo
    end = Fraction(int(found.end.p), int(found.end.q)) if found.end.is_Rational else Fraction(str(found.end.evalf(40)))
    for value, holds in ((end - Fraction(1, 10**9), True), (end + Fraction(1, 10**9), False)):
        assert sr.check(net.subs({"w": value}), ["1111111111"]).verdicts["1111111111"].principal.is_true == holds
