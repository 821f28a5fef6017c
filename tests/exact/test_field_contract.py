"""One suite for every exact field: what `symplrnn.exact.field.Field` promises, checked on SymPy and on known structure."""

import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symplrnn.errors import EntryError
from symplrnn.exact.domain import DomainField, field_of
from symplrnn.exact.jordan import block_sizes, is_diagonalisable, jordan_chevalley
from symplrnn.exact.rational import QQ, integer_part
from symplrnn.logarithm import logarithm
from tests.hard import NEGATIVE, POSITIVE, Hard, hard_matrices

a, b = sp.symbols("a b", positive=True)
x = sp.Symbol("x")
ROOT = sp.QQ.algebraic_field(sp.sqrt(2))
GENERATORS = {
    QQ: sp.Rational(1, 3),
    DomainField(sp.QQ.frac_field(a, b)): a / (b + 1),
    DomainField(ROOT): sp.sqrt(2),
}
FIELDS = list(GENERATORS)
over_every_field = pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.name)

matrices = hard_matrices([*POSITIVE, *NEGATIVE, 0, 0], max_n=4)


def lift(field, hard: Hard):
    """The hard matrix over a field, conjugated by I + t e_1 e_n^T with a generator t of the field."""
    n = hard.n
    M = field.matrix([[field.element(sp.Rational(int(c.p), int(c.q))) for c in row] for row in hard.matrix.tolist()])
    if n == 1:
        return M
    t = field.element(GENERATORS[field])
    rows = field.identity(n).tolist()
    rows[0][n - 1] = t
    P = field.matrix(rows)
    return P * M * field.inverse(P)


def rows_in_sympy(field, M) -> sp.Matrix:
    return sp.Matrix(M.nrows(), M.ncols(), [field.to_sympy(c) for c in M.entries()])


def polynomial_in_sympy(field, p) -> sp.Expr:
    return sp.Add(*(field.to_sympy(p[k]) * x**k for k in range(p.degree() + 1)))


@over_every_field
@settings(max_examples=25)
@given(hard=matrices)
def test_characteristic_polynomial_factors_and_ranks(field, hard: Hard):
    M = lift(field, hard)
    chi = field.characteristic_polynomial(M)
    # Similarity keeps the polynomial, so SymPy's for the rational matrix is the expected one.
    assert sp.expand(polynomial_in_sympy(field, chi) - hard.sympy.charpoly(x).as_expr()) == 0
    product = field.polynomial([field.element(1)])
    for f, e in field.factor(chi):
        assert f[f.degree()] == field.element(1)
        assert len(field.factor(f)) == 1
        for _ in range(e):
            product = product * f
    assert product == chi
    theirs = sum(
        sp.Poly(f, x).degree()
        for f, _ in sp.factor_list(polynomial_in_sympy(QQ, QQ.characteristic_polynomial(hard.matrix)), x)[1]
    )
    assert field.squarefree_part(chi).degree() == theirs
    assert field.rank(M) == hard.sympy.rank()
    assert field.evaluate(chi, M) == M - M  # Cayley-Hamilton
    if hard.sympy.det() != 0:
        assert field.inverse(M) * M == field.identity(hard.n)
    else:
        with pytest.raises(ZeroDivisionError):
            field.inverse(M)


@over_every_field
@settings(max_examples=25)
@given(hard=matrices)
def test_jordan_chevalley_and_block_sizes(field, hard: Hard):
    M = lift(field, hard)
    chi = field.characteristic_polynomial(M)
    split = jordan_chevalley(field, M, chi)
    S, N, zero = split.semisimple, split.nilpotent, M - M
    assert S + N == M
    assert S * N == N * S
    assert N**hard.n == zero
    assert field.evaluate(split.squarefree, S) == zero
    assert field.gcd(split.squarefree, split.squarefree.derivative()).degree() == 0
    assert is_diagonalisable(field, M, chi) == all(block.size == 1 for block in hard.blocks)
    for f, e in field.factor(chi):
        sizes = [block.size for block in hard.blocks if field.remainder(of_block(field, block), f).degree() < 0]
        assert block_sizes(field, M, f, e) == tuple(sorted(sizes, reverse=True))


def of_block(field, block):
    return field.polynomial([field.element(sp.Rational(str(c))) for c in block.factor])


@over_every_field
@settings(max_examples=15)
@given(hard=hard_matrices(POSITIVE, max_n=3))
def test_the_closed_form_logarithm_has_projectors_over_every_field(field, hard: Hard):
    """Sums over rational roots and traces over the others: sum_l E(l) = I and sum_l l E(l) = S, with E^2 = E modulo f."""
    M = lift(field, hard)
    log = logarithm(field, M)
    zero = M - M
    total, moment = zero, zero
    for term in log.terms:
        f, E = term.factor, term.projectors
        sums = [field.element(term.degree)]
        for k in range(1, term.degree + 1):  # power sums of the roots, by Newton's identities
            sums.append(-sum((f[term.degree - i] * sums[k - i] for i in range(1, k)), f[term.degree - k] * field.element(k)))
        for k, part in enumerate(E):
            total, moment = total + part * sums[k], moment + part * sums[k + 1]
        for i in range(hard.n):
            for j in range(hard.n):
                square = field.polynomial([])
                for k in range(hard.n):
                    square = square + field.polynomial([p[i, k] for p in E]) * field.polynomial([p[k, j] for p in E])
                assert field.remainder(square, f) == field.polynomial([p[i, j] for p in E])
    assert total == field.identity(hard.n)
    assert moment == log.split.semisimple


@over_every_field
def test_polynomial_arithmetic(field):
    t = field.element(GENERATORS[field])
    p, q = field.polynomial([field.element(1), field.element(0), field.element(1)]), field.polynomial([t, field.element(1)])
    inverse = field.inverse_modulo(q, p)
    assert field.remainder(inverse * q, p) == field.polynomial([field.element(1)])
    assert field.quotient(p * q, q) == p
    assert field.gcd(p * q, q * q) == q
    assert (p * q).derivative() == p.derivative() * q + p * q.derivative()
    assert (p - p).degree() == -1
    assert q(-t) == field.element(0)
    assert (p * t)[0] == t
    assert p[5] == field.element(0)
    with pytest.raises(ZeroDivisionError):
        field.inverse_modulo(p * q, q)
    assert field.rank(field.matrix([[t, t * t], [field.element(1), t]])) == 1
    assert rows_in_sympy(field, field.identity(2)) == sp.eye(2)


@over_every_field
def test_elements(field):
    generator = GENERATORS[field]
    t = field.element(generator)
    assert sp.simplify(field.to_sympy(t) - generator) == 0
    assert field.element("3/7") == field.element(sp.Rational(3, 7)) == field.element(fmpq(3, 7))
    assert field.to_sympy(field.element(0.5)) == sp.Rational(1, 2)
    assert (
        field.to_sympy(t * t - t / t) == sp.simplify(generator**2 - 1)
        or sp.simplify(field.to_sympy(t * t - t / t) - generator**2 + 1) == 0
    )
    for bad in (sp.Symbol("unknown"), sp.sqrt(3), sp.pi, "w", float("nan")):
        with pytest.raises(EntryError):
            field.element(bad)


@settings(max_examples=30)
@given(st.lists(st.sampled_from([sp.Integer(0), sp.Integer(1), -a, a, b, a * b, a + b, a / b, 2 * a]), min_size=9, max_size=9))
def test_factors_over_parameters_agree_with_sympy(entries):
    """The short cut through rational points must not change the factors."""
    field = DomainField(sp.QQ.frac_field(a, b))
    M = field.matrix([[field.element(e) for e in entries[3 * i : 3 * i + 3]] for i in range(3)])
    chi = field.characteristic_polynomial(M)
    ours = sorted((f.degree(), e) for f, e in field.factor(chi))
    theirs = sorted((sp.Poly(f, x).degree(), e) for f, e in sp.factor_list(polynomial_in_sympy(field, chi), x)[1] if f.has(x))
    assert ours == theirs


def test_the_field_of_some_expressions():
    assert field_of([sp.Rational(1, 2)]).name == "QQ"
    assert field_of([sp.sqrt(2), sp.sqrt(3)]).domain.is_Algebraic
    assert field_of([a, b / (a + 1)]).parameters == (a, b)
    with pytest.raises(EntryError, match="together"):
        field_of([sp.sqrt(2) * a])
    for bad in (sp.pi, sp.I, sp.sin(a), sp.sqrt(a), sp.sqrt(-2), a**b):
        with pytest.raises(EntryError, match="not"):
            field_of([bad])


def test_integer_part_is_primitive_with_positive_leading_coefficient():
    assert integer_part(QQ.polynomial([QQ.element("-1/2"), QQ.element("-1/3")])).coeffs() == [3, 2]
    assert integer_part(QQ.polynomial([QQ.element(6), QQ.element(4)])).coeffs() == [3, 2]
