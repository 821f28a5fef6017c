"""Polynomials with letters put in, and in one letter, against SymPy."""

import random

import pytest
import sympy as sp

from symplrnn.conditions.equations import by_powers, decided, signed, terms, univariate, without_letters
from symplrnn.conditions.formula import negative, nonzero, positive, zero
from symplrnn.exact.fields.fractions import FlintFractions
from symplrnn.exact.quotients import added, as_quotient, multiplied, power
from symplrnn.exact.signs import program

A, B, R, S = sp.symbols("a b r s", real=True)


def random_polynomial(rng: random.Random, symbols, terms: int = 4) -> sp.Expr:
    return sp.Add(*(rng.randint(-3, 3) * sp.Mul(*(x ** rng.randint(0, 3) for x in symbols)) for _ in range(terms)))


@pytest.mark.parametrize("seed", range(30))
def test_letters_are_put_in(seed):
    """The result is 0 where the expression is, has its sign if asked for, and the letters are gone."""
    rng = random.Random(seed)
    definitions = [(R, (A + 1) / (B**2 - 3)), (S, R * A - B / 2)]
    shape = rng.choice(["polynomial", "product", "fraction"])
    e = random_polynomial(rng, (A, B, R, S), 3)
    if shape != "polynomial":
        e = (e * (R + S - A)) ** (1 + seed % 2)
    if shape == "fraction":
        e = e / (R + 2) + S / 3
    zeros, signs = without_letters(e, definitions), signed(e, definitions)
    for _ in range(6):
        point = {A: sp.Rational(rng.randint(-4, 4), 3), B: sp.Rational(rng.randint(-4, 4), 2)}
        value = e.subs(S, definitions[1][1]).subs(R, definitions[0][1]).subs(point)
        if value.is_finite:
            assert (zeros.subs(point) == 0) == (value == 0)
            assert sp.sign(signs.subs(point)) == sp.sign(value)
    assert not (zeros.free_symbols | signs.free_symbols) & {R, S}


@pytest.mark.parametrize("r", [A / B, (A + 1) / (B**2 + 1)])
def test_denominators_with_letters_that_cancel(r):
    """(r - 1)^2 / (1 - r) is 1 - r, and an irrational number below may be negative."""
    definitions = [(R, r)]
    expressions = [
        (R - 1) ** 2 / (1 - R) + 2 * R,
        (R - 1) ** 2 / (R - 1),
        R / (1 - sp.sqrt(2)),
        (1 - R) / (2 - sp.sqrt(5)) - 3 / R,
    ]
    for e in expressions:
        zeros, signs = without_letters(e, definitions), signed(e, definitions)
        for a, b in ((2, 3), (-2, 3), (5, -2), (1, 4), (-4, -3)):
            value = e.subs(R, r).subs({A: a, B: b})
            assert sp.sign(sp.N(signs.subs({A: a, B: b}), 30)) == sp.sign(sp.N(value, 30)), e
            assert (zeros.subs({A: a, B: b}) == 0) == (value == 0)
    with pytest.raises(ValueError, match="is no polynomial in r"):
        by_powers(A / (R + 1), [R])


@pytest.mark.parametrize("seed", range(40))
def test_quotients_are_those_of_sympy(seed):
    """Sums, products and powers of fractions, some with a factor that cancels, some with square roots."""
    rng = random.Random(seed)
    parts = [A, B, 2 * A + 2, 1 - A, sp.sqrt(2), A * B, A**2 - B, sp.Rational(2, 3), 3 * A - 3 * B]
    for _ in range(12):
        left, right = rng.choice(parts), rng.choice(parts)
        parts.append(
            rng.choice([left + right, left * right, 1 / left if left != 0 else left, left - 1 / (B**2 + 1), (left - right) ** 2])
        )
    e = parts[-1]
    above, below = as_quotient(e)
    assert not program(above).divides
    assert not program(below).divides
    assert sp.cancel(sp.expand(above) / sp.expand(below) - e) == 0


def test_factors_of_denominators_have_one_sign_and_cancel():
    assert as_quotient(1 / (1 - A) + 1 / (2 * A - 2)) == (sp.Rational(-1, 2), A - 1)
    assert as_quotient((A - 1) / (1 - A) ** 2 + B) == (B * (A - 1) + 1, A - 1)
    assert as_quotient((A - 1) ** 2 / (1 - A) + B) == (B - A + 1, 1)
    assert as_quotient(B / (1 - A) ** 3 + B) == (B * (A - 1) ** 3 - B, (A - 1) ** 3)


def test_parts_that_occur_often_are_worked_on_once():
    """Twenty squares of sums of each other: written out as a tree, there are some 2^20 parts."""
    e = 1 / A
    for k in range(20):
        e = e**2 + e + k
    above, below = as_quotient(e)
    assert below == A ** (2**20)
    assert sp.sign(above.subs(A, 1)) == 1
    assert len(program(above).steps) < 1000


@pytest.mark.parametrize("seed", range(60))
def test_products_and_powers_are_those_of_sympy(seed):
    rng = random.Random(seed)
    sums = [
        A + 1,
        A - B,
        2 * A + 4,
        sp.sqrt(2) * A + 1,
        A,
        B,
        1 / A,
        sp.sqrt(3),
        sp.Rational(-3, 2),
        1 + sp.sqrt(2),
        A * B,
        1 / (A + 1),
    ]
    factors = [rng.choice(sums) ** rng.randint(1, 3) for _ in range(rng.randint(0, 5))]
    assert multiplied(factors) == sp.Mul(*factors)
    assert multiplied([sp.Integer(2), A - B]) == 2 * A - 2 * B
    assert multiplied([sp.Integer(0), A - B, A]) == 0
    assert multiplied([sp.Integer(2), 1 + sp.sqrt(2), A]) == sp.Mul(2, 1 + sp.sqrt(2), A)
    for base in sums:
        assert power(base, seed % 5 - 1) == base ** (seed % 5 - 1)


@pytest.mark.parametrize("seed", range(60))
def test_sums_are_those_of_sympy(seed):
    """With equal terms, terms that cancel, sums inside and out, numbers alone and none at all."""
    rng = random.Random(seed)
    parts = [
        A,
        B,
        A * B,
        A - B,
        1 + sp.sqrt(2),
        sp.sqrt(2),
        (A + 1) ** 2,
        (A - B) ** 3 * B,
        1 / (A + 1),
        sp.Integer(1),
        sp.sqrt(2) * A,
    ]
    numbers = [sp.Integer(k) for k in (-2, -1, 0, 1, 3)] + [sp.Rational(1, 2)]
    terms = [multiplied([rng.choice(numbers), rng.choice(parts)]) for _ in range(rng.randint(0, 9))]
    found = added(terms)
    assert found == sp.Add(*terms)
    assert found.args == sp.Add(*terms).args
    assert added(-t for t in (found, -found)) == 0
    unevaluated = sp.Mul(2, A + B, evaluate=False)
    assert added([unevaluated, *terms]) == sp.Add(unevaluated, *terms)
    assert added([unevaluated, -A, -B]) == sp.Add(unevaluated, -A, -B)


def test_sums_do_not_ask_whether_powers_of_sums_are_infinite(monkeypatch):
    """SymPy would, wherever a number stands before the power of a sum."""
    terms = [multiplied([sp.Integer(k), power(A + B + k, 3)]) for k in range(2, 5)]
    monkeypatch.setattr(sp.Add, "_eval_power", lambda self, exponent: pytest.fail("the power is made anew"))
    assert len(added(terms).args) == 3


@pytest.mark.parametrize("seed", range(20))
def test_coefficients_of_powers(seed):
    rng = random.Random(seed)
    e = random_polynomial(rng, (A, B, R, S), 5) * (random_polynomial(rng, (A, R), 2) + S) ** rng.randint(0, 2) + R * S**2
    found = by_powers(e, [R, S])
    assert sp.expand(sum(c * R**i * S**j for (i, j), c in found.items()) - e) == 0
    assert not any(c.has(R, S) for c in found.values())


@pytest.mark.parametrize("seed", range(20))
def test_a_polynomial_in_one_letter(seed):
    rng = random.Random(seed)
    e = random_polynomial(rng, [A]) * (random_polynomial(rng, [A]) / 7 + 1) ** rng.randint(0, 3) - sp.Rational(1, 3)
    expected = [sp.Rational(x) for x in sp.Poly(e, A).all_coeffs()[::-1]]
    found = univariate(e, A)
    assert [sp.Rational(int(c.p), int(c.q)) for c in found.coeffs()] == expected


def test_what_is_no_rational_polynomial_in_the_letter():
    assert univariate(sp.sqrt(2) * A, A) is None
    assert univariate(A * B, A) is None
    assert univariate(A + (A + 2) ** -1, A) is None
    assert univariate(sp.Integer(3), A).coeffs() == [3]


def test_an_equation_decides_what_differs_by_a_number():
    equation = zero(A**2 - 2)
    assert decided(equation & positive((A - 1) * (A + 1))) == equation  # a^2 - 1 = 1
    assert decided(equation & negative((A - 1) * (A + 1))).is_false
    assert decided(equation & nonzero(2 - A**2)).is_false
    kept = equation & positive(A - 1)
    assert decided(kept) == kept


@pytest.mark.parametrize("seed", range(20))
def test_terms_are_at_most_as_many_as_counted(seed):
    rng = random.Random(seed)
    e = random_polynomial(rng, (A, B, R), 3) * (random_polynomial(rng, (A, B), 2) + R) ** rng.randint(0, 3) - B
    assert len(sp.Add.make_args(sp.expand(e))) <= terms(e) < 400
    assert terms(sp.Add(*(sp.Symbol(f"y{k}") for k in range(30))) ** 5) == 400


def test_large_products_are_not_expanded():
    """With 20 factors of 3 terms each, which have 3^20 products."""
    symbols = sp.symbols("x0:20", real=True)
    product = sp.Mul(*(x**2 + (-1) ** k * x - k - 2 for k, x in enumerate(symbols)))
    condition = zero(sp.Add(*symbols)) & positive(product)
    assert decided(condition) == condition


@pytest.mark.parametrize("seed", range(20))
def test_elements_as_expressions_are_what_sympy_makes(seed):
    rng, symbols = random.Random(seed), (A, B, R)
    K = FlintFractions(symbols)
    for _ in range(10):
        e = sp.expand(random_polynomial(rng, symbols, rng.randint(0, 5)) + rng.randint(-1, 1))
        assert K.to_sympy(K.from_sympy(e)) == e
        assert sp.srepr(K.to_sympy(K.from_sympy(e))) == sp.srepr(e)
