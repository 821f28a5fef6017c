"""Products of matrices over number fields: against SymPy's arithmetic of single elements."""

import random

import pytest
import sympy as sp

from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.wrappers import Matrix

x = sp.Symbol("x")
FIELDS = [
    (sp.sqrt(2),),
    (sp.sqrt(5) / 3,),
    (sp.sqrt(2), sp.sqrt(3)),
    (sp.CRootOf(x**3 - x - 1, 0),),
    (sp.CRootOf(2 * x**3 - 3 * x + 5, 0),),
]


@pytest.mark.parametrize("numbers", FIELDS, ids=str)
def test_products_are_those_of_single_elements(numbers):
    K, rng = field_of(numbers), random.Random(1)
    theta = [K.element(number) for number in numbers]

    def number():
        sums = sum(
            (K.element(sp.Rational(rng.randint(-3, 3), rng.randint(1, 5))) * t for t in theta), K.element(rng.randint(-2, 2))
        )
        return sums * (sums + theta[0])

    for rows, inner, columns in ((2, 3, 4), (1, 1, 1), (3, 3, 3), (2, 0, 2), (0, 2, 1)):
        A = K.fill(rows, inner, [number() for _ in range(rows * inner)])
        B = K.fill(inner, columns, [number() for _ in range(inner * columns)])
        found, expected = A * B, Matrix(A.value.matmul(B.value))
        assert found == expected
        assert found.value.rep.fmt == expected.value.rep.fmt
        assert found + expected - found == expected
