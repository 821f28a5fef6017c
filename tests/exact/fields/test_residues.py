"""Irreducible modulo a prime is irreducible: against SymPy's factoring over number fields."""

import random

import pytest
import sympy as sp
from sympy.polys.factortools import dup_factor_list

from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.residues import is_irreducible_modulo_a_prime

FIELDS = [(sp.sqrt(2),), (sp.sqrt(2), sp.sqrt(3)), (sp.CRootOf(sp.Symbol("x") ** 3 - sp.Symbol("x") - 1, 0),), (sp.sqrt(5) / 3,)]


@pytest.mark.parametrize("numbers", FIELDS, ids=str)
def test_what_is_called_irreducible_has_no_factors(numbers):
    K, rng, shown, irreducible = field_of(numbers), random.Random(3), 0, 0
    theta = [K.element(x) for x in numbers]

    def number():
        return sum(
            (K.element(sp.Rational(rng.randint(-3, 3), rng.choice([1, 2, 101]))) * t for t in theta),
            K.element(rng.randint(-3, 3)),
        )

    for k in range(14):
        f = K.polynomial([*(number() for _ in range(rng.choice([2, 2, 3]))), K.element(1)])
        if k % 3 == 0:
            f = f * K.polynomial([number(), K.element(1)])
        _, factors = dup_factor_list(list(f.dense), K.domain)
        alone = [(len(g), e) for g, e in factors] == [(f.degree() + 1, 1)]
        found = is_irreducible_modulo_a_prime(K.domain, f.dense)
        assert alone or not found, f
        assert [(g.dense, e) for g, e in K.factor(f)] == [(g.dense, e) for g, e in sorted_factors(K, factors)]
        shown, irreducible = shown + found, irreducible + alone
    assert 0 < 0.6 * irreducible < shown <= irreducible


def sorted_factors(K, factors):
    product = [(K.polynomial(list(reversed([c / g[0] for c in g]))), e) for g, e in factors]
    return sorted(product, key=lambda item: (item[0].degree(), str(item[0])))


def test_the_factor_of_an_augmented_matrix_is_split_off():
    K = field_of([sp.sqrt(2)])
    one, root = K.polynomial([K.element(-1), K.element(1)]), K.polynomial([K.element(-3), K.element(0), K.element(1)])
    assert K.factor(one * one * root) == [(one, 2), (root, 1)]
    assert K.factor(one * one) == [(one, 2)]
    assert K.factor(K.polynomial([K.element(2)])) == []
    split = K.factor(one * K.polynomial([K.element(-2), K.element(0), K.element(1)]))
    assert [(f.degree(), e) for f, e in split] == [(1, 1), (1, 1), (1, 1)]
