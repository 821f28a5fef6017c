"""Fields with an exponential: factors against FLINT's, values and signs against mpmath, and the exponentials that generate them."""

import random

import mpmath as mp
import pytest
import sympy as sp
from flint import fmpq

from symplrnn.errors import EntryError
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.letters import FunctionField, field_of
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.reading.exponentials import Exponential, exponential_generators, in_powers, lettered, spelled

R = sp.Rational
a, b = sp.exp(R(-1, 10)), sp.exp(R(-1, 7))
dt, tau = sp.symbols("dt tau", positive=True)


@pytest.mark.parametrize("seed", range(12))
def test_factors_by_digits_are_those_of_flint(seed):
    source, K = random.Random(seed), field_of([a, b])
    assert isinstance(K, FunctionField)

    def element():
        return K.element(
            sp.Add(*(source.randint(-3, 3) * a**i * b**j / source.randint(1, 3) for i in (0, 1, -1) for j in (0, 1)))
        )

    product = K.polynomial([K.element(1)])
    for degree in source.choices([1, 1, 2, 3], k=source.randint(1, 3)):
        factor = K.polynomial([*(element() for _ in range(degree)), K.element(1)])
        for _ in range(source.choice([1, 1, 2])):
            product = product * factor
    found, theirs = K.factor(product), sorted(K._factors(product), key=lambda item: (item[0].degree(), str(item[0])))
    assert [(str(f), e) for f, e in found] == [(str(f), e) for f, e in theirs]
    again = K.polynomial([K.element(1)])
    for f, e in found:
        for _ in range(e):
            again = again * f
    assert again == product


@pytest.mark.parametrize(
    "x", [a - b, 1 - a, a**3 * b / (1 - a * b), (a * sp.sqrt(2) - b) / (sp.sqrt(2) + a), a**70 - b**49 + a**90, sp.E**3 / 7 - a]
)
def test_values_and_signs(x):
    K = field_of([x])
    real, element = real_field(K), K.element(x)
    with mp.workdps(60), working_precision(220):
        value = mp.mpf(str(sp.sympify(x).evalf(60)))
        ball = real.ball(real.coordinates(element))
        assert abs(mp.mpf(ball.mid().str(55, radius=False)) - value) < abs(value) * mp.mpf(10) ** -50
        assert real.sign_of(element) == (value > 0) - (value < 0)
    assert real.sign_of(element - element) == 0
    assert sp.simplify(K.to_sympy(element) - x) == 0


def test_numbers_in_the_field_are_recognised():
    K = field_of([a, b])
    real = real_field(K)
    assert real.rational(K.element(a * sp.exp(R(1, 10)) / 3)) == fmpq(1, 3)
    assert real.rational(K.element(a)) is None
    r, rest = real.without_exponential(K.element((a**2 - a * b) / 5))
    assert (r, K.to_sympy(rest)) == (fmpq(-1, 5), R(1, 5) - b / a / 5)
    assert [row[:2] for row in real.in_common_basis([K.element(a), K.element(2 * a)])] == [[fmpq(1)], [fmpq(2)]]


def test_generators():
    letters, number = exponential_generators([-dt / (4 * tau), dt / (6 * tau) - R(1, 10), R(1, 4)])
    assert (letters, number) == ([Exponential(-dt / (12 * tau))], sp.exp(R(-1, 20)))
    assert in_powers(-dt / (4 * tau) + R(3, 20), [*letters, number]) == {0: 3, 1: -3}
    assert in_powers(-dt / (5 * tau), [*letters, number]) is None
    x = lettered(sp.exp(-dt / tau) + sp.exp(-2 * dt / tau))
    assert (x.free_symbols, spelled(x)) == ({Exponential(-dt / tau)}, sp.exp(-dt / tau) + sp.exp(-2 * dt / tau))
    with pytest.raises(EntryError, match="accepted are exponents that are rational numbers, products"):
        exponential_generators([1 / (dt + tau)])
