"""Formulas for the number of negative roots of polynomials with letters, against exact counting."""

import random

import pytest
import sympy as sp
from flint import fmpq, fmpq_poly

from symplrnn.conditions.root_counts import negative_roots
from symplrnn.exact.real_roots import count_real_roots
from symplrnn.logarithm.cases.negative_counts import most_negative_roots


def drawn(degree: int, rng: random.Random) -> fmpq_poly:
    """A monic polynomial without the root 0: random, sparse, or with prescribed real, double and complex roots."""
    kind = rng.randrange(5)
    if kind == 0:
        found = fmpq_poly([*(fmpq(rng.randint(-9, 9), rng.randint(1, 3)) for _ in range(degree)), 1])
    elif kind == 1:
        found = fmpq_poly([*(rng.choice([0, 0, 1, -1, 2, -3]) for _ in range(degree)), 1])
    else:
        found = fmpq_poly([1])
        while found.degree() < degree:
            left = degree - found.degree()
            a, b = fmpq(rng.randint(-4, 4), rng.randint(1, 2)), rng.choice([0, 1, 2])
            a = fmpq(-rng.randint(1, 40), 3) if kind == 4 else a
            factor = fmpq_poly([-a, 1]) if left == 1 or kind == 4 or rng.random() < 0.6 else fmpq_poly([a * a + b * b, -2 * a, 1])
            found *= factor
    return found if found[0] else drawn(degree, rng)


@pytest.mark.parametrize(
    ("degree", "count"), [(2, 200), (3, 200), (4, 300), (5, 150), pytest.param(6, 250, marks=pytest.mark.slow)]
)
def test_each_polynomial_has_one_number_of_negative_roots(degree, count):
    """Of all coefficients as letters: of the formulas for 0, 1, ..., n negative roots the one for Sturm's number holds."""
    letters = sp.symbols(f"c:{degree}", real=True)
    formulas = {
        simple: [negative_roots([*letters, sp.Integer(1)], k, simple) for k in range(degree + 1)] for simple in (False, True)
    }
    rng, seen = random.Random(degree), set()
    for _ in range(count):
        f = drawn(degree, rng)
        squarefree = f.gcd(f.derivative()).degree() == 0
        values = {s: sp.Rational(int(f[k].p), int(f[k].q)) for k, s in enumerate(letters)}
        expected = count_real_roots(f, None, fmpq(0))
        for simple in (False, True) if squarefree else (False,):
            assert [k for k, where in enumerate(formulas[simple]) if where.at(values)] == [expected], (f, simple)
        assert expected <= most_negative_roots([*values.values(), sp.Integer(1)])
        seen.add((expected, squarefree))
    assert {k for k, _ in seen} == set(range(degree + 1))
    assert {squarefree for _, squarefree in seen} == {True, False}


@pytest.mark.parametrize(
    "last", [1, pytest.param(-1, marks=pytest.mark.slow), pytest.param(sp.Rational(-1, 3), marks=pytest.mark.slow)]
)
def test_some_coefficients_are_numbers(last):
    a, b = sp.symbols("a b", real=True)
    c = [sp.Integer(1) * last, a, sp.Integer(0), b, sp.Integer(1)]
    for p in range(-6, 7, 2):
        for q in range(-5, 6):
            f = fmpq_poly([fmpq(int(sp.Rational(last).p), int(sp.Rational(last).q)), p, 0, q, 1])
            expected = count_real_roots(f, None, fmpq(0))
            assert [k for k in range(5) if negative_roots(c, k).at({a: p, b: q})] == [expected]


def test_formulas_are_short():
    """Atoms of a quartic and a quintic with simple roots: fewer than twice those of no negative root together."""

    def size(formula):
        return sum(map(size, formula.args)) or 1

    for degree, most in ((4, 60), (5, 230)):
        c = [*sp.symbols(f"c:{degree}", real=True), sp.Integer(1)]
        assert sum(size(negative_roots(c, k, simple=True)) for k in range(degree + 1)) < most
        assert "c0 > 0" in str(negative_roots(c, degree % 2, simple=True)) or degree % 2
