"""Matrices with at most one parameter, whose determinants are interpolated, against SymPy's elimination over the same field."""

import random

import pytest
import sympy as sp

from symplrnn.exact.fields.domain import DomainField
from symplrnn.exact.fields.letters import field_of

a, b = sp.symbols("a b")
K = field_of([a, b])


def number(rng):
    return sp.Rational(rng.randint(-3, 3), rng.randint(1, 3))


def matrix(rng, rows, columns, letters):
    entries = [[K.element(number(rng) + rng.choice([0, 0, *letters])) for _ in range(columns)] for _ in range(rows)]
    return K.matrix(entries)


@pytest.mark.parametrize(
    ("left", "right"),
    [([a, a**2 / 3], [a]), ([a], [0]), ([b], [b**2]), ([0], [a * b, 1 / b]), ([a], [b]), ([0], [0]), ([a, b], [a])],
)
def test_characteristic_polynomials_and_solutions(left, right):
    rng = random.Random(str((left, right)))
    singular = 0
    for _ in range(25):
        n = rng.randint(1, 4)
        M, B = matrix(rng, n, n, left), matrix(rng, n, rng.randint(1, 2), right)
        if rng.random() < 0.2 and n > 1:
            M = K.matrix([M.tolist()[0], *M.tolist()[:-1]])
        assert K.characteristic_polynomial(M) == DomainField.characteristic_polynomial(K, M)
        try:
            expected = DomainField.solve(K, M, B)
        except ZeroDivisionError:
            singular += 1
            with pytest.raises(ZeroDivisionError):
                K.solve(M, B)
        else:
            assert K.solve(M, B) == expected
    assert singular > 0


def test_elements_are_written_as_quotients_of_sympy():
    rng = random.Random(2)
    for _ in range(100):
        x = K.element(sum(number(rng) * a ** rng.randint(0, 2) * b ** rng.randint(0, 2) for _ in range(3)))
        plain = K.domain.expression(x.numer) / K.domain.expression(x.denom)
        assert (K.to_sympy(x), K.to_sympy(x).args) == (plain, plain.args)
