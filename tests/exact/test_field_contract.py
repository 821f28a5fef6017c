"""One suite for every exact field: what `symplrnn.exact.field.Field` promises, checked on SymPy."""

import pytest
import sympy as sp
from hypothesis import given

from symplrnn.exact.jordan import block_sizes, is_diagonalisable, jordan_chevalley
from symplrnn.exact.numbers import to_sympy, to_sympy_matrix
from symplrnn.exact.rational import QQ, coefficients, integer_part
from tests.hard import Hard, anything

FIELDS = [QQ]
x = sp.Symbol("x")


def as_sympy(polynomial):
    return sp.Poly([to_sympy(c) for c in reversed(coefficients(polynomial))], x, domain="QQ")


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.name)
@given(hard=anything)
def test_characteristic_polynomial_factors_and_ranks(field, hard: Hard):
    M = hard.matrix
    chi = field.characteristic_polynomial(M)
    expected = hard.sympy.charpoly(x)
    assert as_sympy(chi) == sp.Poly(expected.as_expr(), x, domain="QQ")
    _, theirs = sp.factor_list(expected)
    ours = [(as_sympy(f), e) for f, e in field.factor(chi)]
    assert sorted((f.as_expr().sort_key(), e) for f, e in ours) == sorted(
        (sp.Poly(f.monic(), x, domain="QQ").as_expr().sort_key(), e) for f, e in theirs
    )
    assert as_sympy(field.squarefree_part(chi)) == sp.Poly(sp.prod(f.as_expr() for f, _ in ours), x, domain="QQ")
    assert field.rank(M) == hard.sympy.rank()
    zero = M - M
    assert field.evaluate(chi, M) == zero  # Cayley-Hamilton
    if hard.sympy.det() != 0:
        assert field.inverse(M) * M == field.identity(hard.n)
    else:
        with pytest.raises(ZeroDivisionError):
            field.inverse(M)


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.name)
@given(hard=anything)
def test_jordan_chevalley_and_block_sizes(field, hard: Hard):
    M = hard.matrix
    chi = field.characteristic_polynomial(M)
    split = jordan_chevalley(field, M, chi)
    S, N, zero = split.semisimple, split.nilpotent, M - M
    assert S + N == M
    assert S * N == N * S
    assert N**hard.n == zero
    assert field.evaluate(split.squarefree, S) == zero
    assert field.gcd(split.squarefree, split.squarefree.derivative()).degree() == 0
    expected: dict = {}
    for block in hard.blocks:
        expected.setdefault(tuple(block.factor), []).append(block.size)
    assert is_diagonalisable(field, M, chi) == all(b.size == 1 for b in hard.blocks)
    for f, e in field.factor(chi):
        key = tuple(sp.Rational(int(c.p), int(c.q)) for c in coefficients(f))
        sizes = next(v for k, v in expected.items() if tuple(sp.Rational(c.numerator, c.denominator) for c in k) == key)
        assert block_sizes(field, M, f, e) == tuple(sorted(sizes, reverse=True))


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.name)
def test_polynomial_arithmetic(field):
    p, q = field.polynomial([field.element(c) for c in (1, 0, 1)]), field.polynomial([field.element(c) for c in (-2, 1)])
    inverse = field.inverse_modulo(q, p)
    assert field.remainder(inverse * q, p) == field.polynomial([field.element(1)])
    assert field.quotient(p * q, q) == p
    assert field.gcd(p * q, q * q) == q
    with pytest.raises(ZeroDivisionError):
        field.inverse_modulo(p * q, q)
    assert field.rank(field.matrix([[1, 2], [2, 4]])) == 1
    assert to_sympy_matrix(field.identity(2)) == sp.eye(2)


def test_integer_part_is_primitive_with_positive_leading_coefficient():
    assert integer_part(QQ.polynomial([QQ.element("-1/2"), QQ.element("-1/3")])).coeffs() == [3, 2]
    assert integer_part(QQ.polynomial([QQ.element(6), QQ.element(4)])).coeffs() == [3, 2]
