"""One suite for every exact field: what `symplrnn.exact.fields.field.Field` promises, checked on SymPy and on known structure."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from symplrnn.errors import EntryError
from symplrnn.exact.fields.domain import DomainField, field_of
from symplrnn.exact.fields.fractions import FlintFractions
from symplrnn.exact.fields.irrational import Extension
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.fields.rational import QQ, integer_part
from symplrnn.exact.fitting import fitting
from symplrnn.exact.jordan import block_sizes, is_diagonalisable, jordan_chevalley
from symplrnn.logarithm.closed_form import logarithm
from symplrnn.logarithm.spectral_form import augmented_matrix
from tests.examples import examples
from tests.hard import FACTORS, NEGATIVE, POSITIVE, Block, Hard, hard_matrices

a, b = sp.symbols("a b", positive=True)
x = sp.Symbol("x")
ROOT = sp.QQ.algebraic_field(sp.sqrt(2))
GENERATORS = {
    QQ: sp.Rational(1, 3),
    DomainField(sp.QQ.frac_field(a, b)): a / (b + 1),
    FunctionField(FlintFractions((a, b))): a / (b + 1),
    DomainField(ROOT): sp.sqrt(2),
    field_of([sp.sqrt(2), a]): a / 2 + sp.sqrt(2),
    FunctionField(FlintFractions((sp.exp(sp.Rational(-1, 12)),))): sp.exp(sp.Rational(-1, 4)) + 1,
    field_of([sp.sqrt(2), sp.exp(sp.Rational(-1, 6))]): sp.exp(sp.Rational(1, 3)) - sp.sqrt(2),
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
@examples(25)
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
@examples(25)
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
    assert moment == jordan_chevalley(field, M, field.characteristic_polynomial(M)).semisimple


ONE, TWO, MINUS = (Fraction(-1), 1), (Fraction(-2), 1), (Fraction(1, 2), 1)
SPECTRA = [
    [Block(TWO, 7)],
    [Block(ONE, 3), Block(MINUS, 2), Block(MINUS, 2)],
    [Block(ONE, 1), Block(TWO, 2), Block(FACTORS[0], 2)],
    [Block(ONE, 2), Block(FACTORS[4], 1)],
    [Block((0, 1), 3), Block((0, 1), 1), Block(ONE, 1), Block(TWO, 2)],
]


@over_every_field
@pytest.mark.parametrize("blocks", SPECTRA, ids=lambda blocks: "+".join(f"{len(b.factor) - 1}^{b.size}" for b in blocks))
def test_the_two_constructions_of_the_logarithm_agree(field, blocks):
    """By matrices alone, and by polynomials in M with its factors given; with 0 as an eigenvalue, that of the flow after the jump."""
    whole = sp.diag(*(sp.Matrix(block.rows()) for block in blocks))
    M = lift(field, Hard(fmpq_mat([[fmpq(int(x.p), int(x.q)) for x in row] for row in whole.tolist()]), (), tuple(blocks)))
    n, t = M.nrows(), field.element(GENERATORS[field])
    B = field.fill(n, 1, [t if k == 0 else field.element(k % 3) for k in range(n)])
    second = logarithm(field, M, B, field.factor(field.characteristic_polynomial(M)))
    jump = fitting(field, augmented_matrix(field, M, B))
    first = logarithm(field, M, B) if jump is None else logarithm(field, jump.flow)
    assert first.matrix == second.matrix
    assert first.rational_part == second.rational_part
    ours, theirs = projectors_by_factor(field, first), projectors_by_factor(field, second)
    assert ours.keys() == theirs.keys()
    for factor, projectors in ours.items():
        assert all(E == F for E, F in zip(projectors, theirs[factor], strict=True)), factor


def projectors_by_factor(field, log):
    """The coefficients of E(l) for each factor; terms of one factor, as that of the kernel and the one of the eigenvalue 1, added."""
    found = {}
    for term in log.terms:
        key = str(polynomial_in_sympy(field, term.factor))
        before = found.get(key)
        found[key] = term.projectors if before is None else [E + F for E, F in zip(before, term.projectors, strict=True)]
    return found


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


def small_elements(field):
    """Elements of the field a + b t + c t^2, t the generator."""
    t = field.element(GENERATORS[field])
    return [
        field.element(k) + field.element(m) * t + field.element(n) * t * t for k in (-1, 0, 2) for m in (0, 1, -2) for n in (0, 1)
    ]


@over_every_field
@examples(20)
@given(data=st.data(), n=st.integers(0, 3), columns=st.integers(0, 2))
def test_solving_filling_and_determinants(field, data, n, columns):
    drawn = st.sampled_from(small_elements(field))
    entries = data.draw(st.lists(drawn, min_size=n * n, max_size=n * n))
    M = field.fill(n, n, entries)
    B = field.fill(n, columns, data.draw(st.lists(drawn, min_size=n * columns, max_size=n * columns)))
    assert (M.nrows(), M.ncols(), B.nrows(), B.ncols()) == (n, n, n, columns)
    assert M.entries() == entries
    determinant = field.determinant(M)
    assert sp.expand(sp.simplify(rows_in_sympy(field, M).det() - field.to_sympy(determinant))) == 0
    if field.is_zero(determinant):
        assert field.rank(M) < n
        with pytest.raises(ZeroDivisionError, match="singular"):
            field.solve(M, B)
        with pytest.raises(ZeroDivisionError):
            field.inverse(M)
    else:
        X = field.solve(M, B)
        assert (X.nrows(), X.ncols()) == (n, columns)
        assert M * X == B
        assert field.inverse(M) * B == X
    assert field.fill(2, 0, []) * field.fill(0, 3, []) == field.fill(2, 3, [field.element(0)] * 6)


@over_every_field
def test_zero_is_seen_and_fields_are_values(field):
    t = field.element(GENERATORS[field])
    assert field.is_zero(t - t)
    assert field.is_zero((t + field.element(1)) * (t - field.element(1)) - t * t + field.element(1))
    assert not field.is_zero(t)
    assert {field: 1}[field] == 1
    singular = field.matrix([[t, t * t], [field.element(1), t]])
    assert field.is_zero(field.determinant(singular))
    for calculate in (lambda: field.solve(singular, field.identity(2)), lambda: field.inverse(singular)):
        with pytest.raises(ZeroDivisionError, match="singular"):
            calculate()


def test_equal_fields_are_equal_and_the_embedding_counts():
    first, second = (field_of([sp.sqrt(2) * a]) for _ in range(2))
    assert (first, hash(first)) == (second, hash(second))
    assert first.element(sp.sqrt(2)) == second.element(sp.sqrt(2))
    assert first != field_of([sp.sqrt(3) * a])
    assert first != field_of([sp.sqrt(2) * b])
    negative = DomainField(Extension(sp.QQ.algebraic_field(-sp.sqrt(2)), (a,)))
    assert negative != first
    assert negative.to_sympy(negative.element(sp.sqrt(2))) == sp.sqrt(2)
    assert first.to_sympy(first.domain.generator) == sp.sqrt(2)
    assert negative.to_sympy(negative.domain.generator) == -sp.sqrt(2)


ALGEBRAIC = [
    [sp.sqrt(2), sp.sqrt(3), sp.sqrt(6)],
    [sp.sqrt(6), sp.sqrt(10), sp.sqrt(15)],
    [sp.cbrt(2), sp.sqrt(3)],
    [sp.sqrt(1 + sp.sqrt(2)), sp.sqrt(2)],
    [sp.CRootOf(x**3 - x - 1, 0)],
    [sp.sqrt(sp.Rational(2, 3))],
    [sp.CRootOf(2 * x**3 - x - 3, 0)],  # not integral
]


@pytest.mark.parametrize("numbers", ALGEBRAIC, ids=str)
@pytest.mark.parametrize("letters", [[], [a, b]], ids=["numbers", "letters"])
def test_algebraic_numbers_go_in_and_come_out(numbers, letters):
    field = field_of([*numbers, *letters])
    total = sum(numbers, sp.Rational(1, 3))
    for wanted in [*numbers, total, sp.expand(total**2), *(n * s for n in numbers for s in letters)]:
        element = field.element(wanted)
        assert abs(sp.N((field.to_sympy(element) - wanted).subs({a: 3, b: 5}), 40)) < 1e-30
        assert field.element(field.to_sympy(element)) == element
        assert field.is_zero(element / element - field.element(1))


@pytest.mark.parametrize("numbers", ALGEBRAIC, ids=str)
def test_inverses_of_irrational_numbers_with_letters(numbers):
    """x y = 1 for elements and modulo a polynomial; and values at numbers, against SymPy's at 40 digits."""
    field = field_of([*numbers, a, b])
    one, first = field.element(1), field.element(numbers[0])
    element = first * field.element(a) + field.element(numbers[-1]) * field.element(b / 2) + field.element(1 / (a + b))
    inverse = one / element
    assert inverse * element == one
    wanted = 1 / (numbers[0] * a + numbers[-1] * b / 2 + 1 / (a + b))
    assert abs(sp.N((field.to_sympy(inverse) - wanted).subs({a: sp.Rational(3, 7), b: 5}), 40)) < 1e-30
    modulus = field.polynomial([first * field.element(a), field.element(b), one, first])
    value = field.polynomial([element, first, field.element(2)])
    assert field.remainder(field.inverse_modulo(value, modulus) * value, modulus) == field.polynomial([one])
    with pytest.raises(ZeroDivisionError):
        field.inverse_modulo(field.polynomial([element, one]), field.polynomial([element, one]) * value)
    assert field.determinant(field.fill(2, 2, [element, first, first, one])) == element - first * first


def test_radicals_inside_radicals_are_not_adjoined_again():
    assert field_of([sp.sqrt(1 + sp.sqrt(2))]).domain.orig_ext == (sp.sqrt(1 + sp.sqrt(2)),)


def test_four_square_roots_are_fast_enough_to_use():
    field = field_of([a, *map(sp.sqrt, (2, 3, 5, 7))])
    assert field.to_sympy(field.element(sp.sqrt(2) * sp.sqrt(105) * a)) == sp.sqrt(210) * a


def test_floats_are_taken_exactly_in_expressions():
    field = field_of([a])
    assert field.element(0.1 * a) == field.element(sp.Rational(0.1) * a)
    assert field.element(0.1 * a) != field.element(a / 10)


values = st.fractions(min_value=-5, max_value=5, max_denominator=7)


@given(values, values)
def test_values_and_denominators_of_elements(p, q):
    field = field_of([a, b])
    point = {a: fmpq(p.numerator, p.denominator), b: fmpq(q.numerator, q.denominator)}
    numbers = {a: sp.Rational(p.numerator, p.denominator), b: sp.Rational(q.numerator, q.denominator)}
    for expression in (
        sp.Rational(2, 3),
        a / 3 - b**2,
        (a**3 * b - 1) / (2 * a - 3 * b),
        (a - b) / (a**2 - b**2),
        1 / (4 * a * b),
    ):
        element = field.element(expression)
        reduced = sp.cancel(expression)
        below = sp.fraction(reduced)[1].subs(numbers)
        assert (field.denominator(element).subs(numbers) == 0) == (below == 0)
        if below == 0:
            with pytest.raises(ZeroDivisionError, match="denominator vanishes"):
                field.at(element, point)
        else:
            value = field.at(element, point)
            assert isinstance(value, fmpq)
            assert sp.Rational(int(value.p), int(value.q)) == reduced.subs(numbers)


def test_denominators_and_values_at_the_edges():
    field, mixed = field_of([a, b]), field_of([a, b, sp.sqrt(2)])
    assert field.denominator(field.element(a / (6 * b - 4 * a))) in (3 * b - 2 * a, 2 * a - 3 * b)
    assert field.denominator(field.element(a / 2)) == QQ.denominator(fmpq(1, 2)) == 1
    assert mixed.denominator(mixed.element(sp.sqrt(2) / a + 1 / (a * b))) == a * b
    assert sp.expand(mixed.denominator(mixed.element(sp.sqrt(2) / (a * b) + 1 / (a + 1))) - a * b * (a + 1)) == 0
    assert mixed.denominator(mixed.element(0)) == mixed.denominator(mixed.element(sp.sqrt(2) / 3)) == 1
    assert QQ.at(fmpq(1, 2), {}) == field_of([sp.Integer(1)]).at(field_of([sp.Integer(1)]).element("1/2"), {}) == fmpq(1, 2)
    with pytest.raises(EntryError, match="no rational values"):
        mixed.at(mixed.element(a), {a: fmpq(1), b: fmpq(1)})
    with pytest.raises(EntryError, match="b: no value is given"):
        field.at(field.element(a), {a: fmpq(1)})
    assert QQ.parameters == field_of([sp.sqrt(2)]).parameters == ()


@settings(max_examples=15)
@given(
    st.lists(
        st.sampled_from([sp.Integer(0), sp.Integer(1), a, -a, sp.sqrt(2), 2 * a, sp.sqrt(2) * a, a**2, 1 / (a + 1)]),
        min_size=4,
        max_size=9,
    )
)
def test_factors_over_numbers_and_parameters_multiply_back(entries):
    """Nothing is lost, and a polynomial without letters, or without irrational numbers, splits as it does for SymPy."""
    field, n = field_of([sp.sqrt(2), a]), 2 if len(entries) < 9 else 3
    chi = field.characteristic_polynomial(field.fill(n, n, [field.element(e) for e in entries[: n * n]]))
    product = field.polynomial([field.element(1)])
    for f, e in field.factor(chi):
        for _ in range(e):
            product = product * f
    assert product == chi
    expression = sp.numer(sp.together(polynomial_in_sympy(field, chi)))
    if expression.has(a) and expression.has(sp.sqrt(2)):
        return
    extension = {} if expression.has(a) else {"extension": sp.sqrt(2)}
    _, factors = sp.factor_list(expression, x, a, **extension)
    theirs = sorted((sp.Poly(f, x).degree(), e) for f, e in factors if f.has(x))
    assert sorted((f.degree(), e) for f, e in field.factor(chi)) == theirs


def test_factors_with_denominators_are_found():
    """(x - 1/(a + 38))(x^2 + b/(a^2 + 1)), whatever point is tried, and no factor where a root is irrational over K."""
    for K in (DomainField(sp.QQ.frac_field(a, b)), field_of([sp.sqrt(2), a, b])):
        one = K.element(1)
        g = K.polynomial([K.element(-1 / (a + 38)), one])
        h = K.polynomial([K.element(b / (a**2 + 1)), K.element(0), one])
        assert K.factor(g * h) == [(g, 1), (h, 1)]


def test_which_factors_are_found_over_numbers_and_parameters():
    """Those of polynomials without letters, or without irrational numbers; others are left whole."""
    K = field_of([sp.sqrt(2), sp.sqrt(3), a])
    of = lambda *c: K.polynomial([K.element(k) for k in c])  # noqa: E731
    roots = [s * sp.sqrt(2) + t * sp.sqrt(3) for s in (1, -1) for t in (1, -1)]
    found = K.factor(of(1, 0, -10, 0, 1))
    assert sorted(str(f) for f, _ in found) == sorted(str(of(-r, 1)) for r in roots)
    assert K.factor(of(a**2, 0, -2 * a, 0, 1)) == [(of(-a, 0, 1), 2)]
    assert K.factor(of(sp.sqrt(2), 2 * sp.sqrt(2), sp.sqrt(2))) == [(of(1, 1), 2)]
    assert K.factor(of(1 / a**2, -2 / a, 1)) == [(of(-1 / a, 1), 2)]
    mixed = of(-sp.sqrt(2) * a, 1) * of(sp.sqrt(3) + a, 1)
    assert K.factor(mixed) == [(mixed, 1)]
    assert K.factor(of(sp.sqrt(2) * a, 1)) == [(of(sp.sqrt(2) * a, 1), 1)]
    assert K.factor(of(a, a)) == [(of(1, 1), 1)]
    assert K.factor(of(1)) == []


@examples(30)
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
    assert field_of([b, a, sp.sqrt(2) * b]).name == "QQ<sqrt(2)>(a,b)"
    assert field_of([b, a, sp.sqrt(2) * b]).parameters == (a, b)
    with pytest.raises(EntryError, match="a is used with two kinds of assumptions"):
        field_of([a, sp.Symbol("a")])
    for bad in (sp.pi, sp.I, sp.sin(a), sp.sqrt(a), sp.sqrt(-2), a**b):
        with pytest.raises(EntryError, match="not"):
            field_of([bad])


def test_integer_part_is_primitive_with_positive_leading_coefficient():
    assert integer_part(QQ.polynomial([QQ.element("-1/2"), QQ.element("-1/3")])).coeffs() == [3, 2]
    assert integer_part(QQ.polynomial([QQ.element(6), QQ.element(4)])).coeffs() == [3, 2]
