"""The closed-form logarithm: the rational identities C0 to C5 of docs/theory, section 5, exponentials, SymPy, mpmath."""

from dataclasses import replace

import mpmath
import pytest
import sympy as sp
from flint import acb_mat, ctx, fmpq, fmpq_poly
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.exact.balls import contains, working_precision
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.jordan import jordan_chevalley
from symplrnn.logarithm.closed_form import Logarithm, logarithm
from symplrnn.logarithm.enclosure import logarithm_enclosure, power_enclosure
from symplrnn.logarithm.exact_entries import is_trivial_product, rational_entries
from symplrnn.logarithm.expressions import logarithm_matrix, power_matrix
from symplrnn.logarithm.verification import logarithm_verified
from tests.examples import examples
from tests.hard import Hard, principal, with_long_chains


def power_sums(f: fmpq_poly, count: int) -> list[fmpq]:
    """Return sum_{f(l)=0} l^k for k < count, by Newton's identities."""
    d = f.degree()
    e = [fmpq(f[d - k]) * (-1) ** k for k in range(d + 1)]  # elementary symmetric functions of the roots
    p = [fmpq(d)]
    for k in range(1, count):
        total = sum(((-1) ** (i - 1) * e[i] * p[k - i] for i in range(1, min(k, d + 1))), fmpq(0))
        p.append(total + ((-1) ** (k - 1) * k * e[k] if k <= d else 0))
        if k > d:
            p[-1] = sum(((-1) ** (i - 1) * e[i] * p[k - i] for i in range(1, d + 1)), fmpq(0))
    return p


def jordan_block(eigenvalue, size):
    return QQ.matrix([[fmpq(eigenvalue) if i == j else int(j == i + 1) for j in range(size)] for i in range(size)])


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6, 7])
def test_the_logarithm_of_a_jordan_block(size):
    """The k-th diagonal above the first is log^(k)(2)/k! = (-1)^(k-1)/(k 2^k)."""
    log = logarithm(QQ, jordan_block(2, size))
    expected = [[fmpq((-1) ** (j - i - 1), (j - i) * 2 ** (j - i)) if j > i else 0 for j in range(size)] for i in range(size)]
    assert log.rational_part == QQ.matrix(expected)
    assert logarithm_verified(log)


def altered(log, **values):
    """Return the closed form with other values of cached properties."""
    changed = replace(log)
    changed.__dict__.update(values)
    return changed


@pytest.mark.parametrize("size", [5, 7])
def test_an_altered_logarithm_is_not_verified(size):
    M = QQ.matrix([[2, 0], [0, 3]])
    log = logarithm(QQ, jordan_block(2, size))
    powers, one = log.unipotent_powers, QQ.identity(size)
    for k, power in enumerate(powers, 1):
        assert not logarithm_verified(altered(log, rational_part=log.rational_part + power * fmpq((-1) ** k, k) * 2)), k
    assert not logarithm_verified(altered(log, rational_part=log.rational_part + one))  # not nilpotent
    assert not logarithm_verified(replace(log, unipotent_powers=powers[:-1]))
    assert not logarithm_verified(replace(log, unipotent_powers=(powers[0], powers[1] * 2, *powers[2:])))
    assert not logarithm_verified(replace(log, unipotent_powers=powers[1:]))
    both = logarithm(QQ, M)
    assert logarithm_verified(both)
    assert not logarithm_verified(replace(both, terms=both.terms[:1]))  # C2
    assert not logarithm_verified(altered(both, rational_part=QQ.identity(2) * -2))  # 1 - 2 + 2 = 1, but it is not nilpotent
    assert not logarithm_verified(replace(both, terms=(*both.terms, both.terms[0])))


def test_verified_covers_the_rational_part(monkeypatch):
    """A wrong sign in the fourth term of R, for a Jordan block of size 5."""
    ode = sr.derive(sr.ReLURNN(jordan_block(2, 5), [[]] * 5, [0] * 5, V=[]).region(""), dt=1)
    assert ode.verified
    right = ode.logarithm.rational_part
    wrong = property(lambda log: right + log.unipotent_powers[3] * fmpq(1, 2))
    monkeypatch.setattr(Logarithm, "rational_part", wrong)
    assert not sr.derive(ode.region, dt=1).verified


@examples(60)
@given(with_long_chains)
def test_rational_certificate(hard: Hard):
    M = hard.region.affine.augmented()
    log, size = logarithm(QQ, M), M.nrows()
    split, one = jordan_chevalley(QQ, M, QQ.characteristic_polynomial(M)), QQ.identity(size)
    S, N = split.semisimple, split.nilpotent
    zero = one - one
    total, first_moment = zero, zero
    for term in log.terms:
        f, d = term.factor, term.degree
        assert len(f.factor()[1]) == 1  # C0, irreducible
        sums = power_sums(f, 2 * d + 1)
        total += sum((E * sums[k] for k, E in enumerate(term.projectors)), zero)
        first_moment += sum((E * sums[k + 1] for k, E in enumerate(term.projectors)), zero)
        # C1: E(x)^2 = E(x) mod f(x), as a matrix over Q[x]/f.
        square = [zero] * (2 * d - 1)
        for i, E in enumerate(term.projectors):
            for j, F in enumerate(term.projectors):
                square[i + j] += E * F
        for a in range(size):
            for b in range(size):
                entry = fmpq_poly([E[a, b] for E in square]) % f
                assert entry == fmpq_poly([E[a, b] for E in term.projectors])
    factors = [t.factor for t in log.terms]
    assert all(f.gcd(g).degree() == 0 for i, f in enumerate(factors) for g in factors[:i])  # C0
    assert total == one  # C2
    assert first_moment == S  # C3
    assert S + N == M  # C4
    assert S * N == N * S
    assert N**size == zero
    assert logarithm_verified(log)
    # C5: R is the logarithm of a unipotent matrix: its exponential series, finite, gives I + S^{-1} N back.
    R, series, power = log.rational_part, one, one
    for j in range(1, size + 1):
        power = power * R * fmpq(1, j)
        series += power
    assert series == one + S.inv() * N


@examples(40)
@given(with_long_chains)
def test_exponential_encloses_the_matrix_to_200_digits(hard: Hard):
    M = hard.region.affine.augmented()
    log = logarithm(QQ, M)
    with working_precision(1400):
        back = acb_mat(logarithm_enclosure(log, 1400)).exp()
        assert contains(back.real, M)
        assert all(float(x.real.rad()) < 1e-200 for x in back.entries())


@pytest.mark.slow
@settings(max_examples=300)
@given(with_long_chains)
def test_exponential_encloses_the_matrix_to_200_digits_with_many_examples(hard: Hard):
    test_exponential_encloses_the_matrix_to_200_digits.hypothesis.inner_test(hard)


def test_every_visited_van_der_pol_region_to_200_digits(van_der_pol):
    visited = {p for z in van_der_pol.initial_states for p in van_der_pol.orbit(z, 1000).patterns}
    assert len(visited) > 10
    for pattern in visited:
        M = van_der_pol.region(pattern).affine.augmented()
        log = logarithm(QQ, M)
        with working_precision(1600):
            back = acb_mat(logarithm_enclosure(log, 1600)).exp()
            assert contains(back.real, M)
            assert all(float(x.real.rad()) < 1e-200 for x in back.entries())


@examples(60)
@given(with_long_chains, st.sampled_from([fmpq(0), fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 3), fmpq(-3, 2)]))
def test_powers_agree_with_the_exponential_of_the_logarithm(hard: Hard, r):
    M = hard.region.affine.augmented()
    log = logarithm(QQ, M)
    power = power_enclosure(log, r, 1600)
    if r.q == 1:
        assert contains(power, M ** int(r.p))
    with working_precision(1600):
        other = acb_mat(logarithm_enclosure(log, 1600) * r).exp()
        assert all(p.overlaps(q.real) for p, q in zip(power.entries(), other.entries(), strict=True))
        assert all(float(p.rad()) < 1e-60 for p in power.entries())


@examples(25)
@given(principal)
def test_sympy_form_is_real_and_agrees_with_the_enclosure(hard: Hard):
    log = logarithm(QQ, hard.region.affine.augmented())
    r = sp.Symbol("r", real=True)
    X, P = logarithm_matrix(log), power_matrix(log, r)
    assert not X.has(sp.I)
    assert not P.has(sp.I)
    with working_precision(600):
        ball, half = logarithm_enclosure(log, 600), power_enclosure(log, fmpq(1, 2), 600)
    with mpmath.workdps(60):
        for i in range(X.rows):
            for j in range(X.cols):
                for expression, exact in ((X[i, j], ball[i, j]), (P[i, j].subs(r, sp.Rational(1, 2)), half[i, j])):
                    value = sp.N(expression, 60, maxn=2000)
                    expected = sp.Float(exact.mid().str(70, radius=False), 70)
                    assert abs(sp.re(value) - expected) < sp.Float("1e-45") * (1 + abs(expected))
                    assert abs(sp.im(value)) < sp.Float("1e-45")


rational = st.fractions(min_value=-3, max_value=3, max_denominator=4)


@settings(max_examples=3)
@given(st.lists(rational, min_size=4, max_size=4))
def test_two_by_two_agrees_with_sympys_matrix_log(entries):
    net = sr.ReLURNN([entries[:2], entries[2:]], [[], []], [0, 0], V=[])
    assume(sr.spectrum(net.region("")).avoids_nonpositive)
    try:
        theirs = sp.Matrix(net.A).log()
    except Exception:  # noqa: BLE001  (SymPy has no answer)
        reject()
    ours = logarithm_matrix(logarithm(QQ, net.exact.A))
    for a, b in zip(ours, theirs, strict=True):
        difference = sp.N(a, 60) - sp.N(b, 60, maxn=1000)
        assert abs(difference) < sp.Float("1e-50") * (1 + abs(sp.N(a, 60)))


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(rational, min_size=4, max_size=4))
def test_two_by_two_agrees_with_sympys_matrix_log_with_many_examples(entries):
    test_two_by_two_agrees_with_sympys_matrix_log.hypothesis.inner_test(entries)


def test_near_miss_eigenvalues_keep_full_relative_precision():
    near = sp.Rational(1, 10**30)
    net = sr.ReLURNN([[1 + near, 1], [0, 1]], [[], []], [0, 0], V=[])
    digits = sr.derive(net, 1)[""].digits(40)
    with mpmath.workdps(120):
        e = mpmath.mpf(10) ** -30
        assert digits.matrix[0][0] == "9.999999999999999999999999999995000000000e-31"
        assert abs(mpmath.mpf(digits.matrix[0][0]) - mpmath.log(1 + e)) < mpmath.mpf(10) ** -70
        assert abs(mpmath.mpf(digits.matrix[0][1]) - mpmath.log(1 + e) / e) < mpmath.mpf(10) ** -39
    assert digits.matrix[1] == ("0", "0")


def test_entries_that_are_rational_are_proved_so():
    # log [[5/4, 3/4], [3/4, 5/4]] = log 2 [[0, 1], [1, 0]]: eigenvalues 2 and 1/2.
    log = logarithm(QQ, QQ.matrix([[fmpq(5, 4), fmpq(3, 4)], [fmpq(3, 4), fmpq(5, 4)]]))
    assert rational_entries(log) == {(0, 0): 0, (1, 1): 0}
    # A rotation: log|l| = 0, so the diagonal vanishes.
    turn = logarithm(QQ, QQ.matrix([[fmpq(3, 5), fmpq(-4, 5)], [fmpq(4, 5), fmpq(3, 5)]]))
    assert rational_entries(turn) == {(0, 0): 0, (1, 1): 0}
    net = sr.ReLURNN([["3/5", "-4/5"], ["4/5", "3/5"]], [[], []], [1, 0], V=[])
    ode = sr.derive(net, 1)[""]
    assert ode.digits(20).matrix == (("0", "-0.92729521800161223243"), ("0.92729521800161223243", "0"))


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60), st.fractions(-3, 3, max_denominator=4)), max_size=4))
def test_trivial_products_agree_with_prime_factorisation(items):
    powers = [(fmpq(a, b), fmpq(e.numerator, e.denominator)) for a, b, e in items if a != b]
    exponents: dict[int, fmpq] = {}
    for x, e in powers:
        for part, sign in ((x.p, 1), (x.q, -1)):
            for prime, k in sp.factorint(int(part)).items():
                exponents[prime] = exponents.get(prime, fmpq(0)) + sign * k * e
    assert is_trivial_product(powers) == all(v == 0 for v in exponents.values())


def test_precision_of_the_caller_is_untouched():
    before = ctx.prec
    sr.derive(sr.example("complex"))["11"].digits(30)
    assert ctx.prec == before


def mixed(matrix: sp.Matrix, seed: int) -> sp.Matrix:
    """Conjugate by a fixed integer matrix of determinant 1 that mixes all blocks."""
    n = matrix.rows
    lower = sp.Matrix(n, n, lambda i, j: int(i == j) + (((seed + 3 * i + 5 * j) % 5) - 2 if i > j else 0))
    return lower * matrix * lower.inv()


ROTATION = sp.Matrix([[sp.Rational(3, 5), sp.Rational(-4, 5)], [sp.Rational(4, 5), sp.Rational(3, 5)]])
GOLDEN = sp.Matrix([[2, 1], [1, 1]])
# log ROTATION = arctan(4/3) TURN and log GOLDEN = log((3 + sqrt 5)/2)/sqrt 5 STRETCH, worked by hand.
TURN, STRETCH, NONE = sp.Matrix([[0, -1], [1, 0]]), sp.Matrix([[1, 2], [2, -1]]), sp.zeros(2)


@pytest.mark.parametrize(
    ("matrix", "logarithms"),
    [
        (sp.diag(ROTATION, ROTATION**2), [sp.diag(TURN, 2 * TURN)]),
        (sp.diag(GOLDEN, GOLDEN**3), [sp.diag(STRETCH, 3 * STRETCH)]),
        (sp.diag(ROTATION, GOLDEN, GOLDEN**2), [sp.diag(TURN, NONE, NONE), sp.diag(NONE, STRETCH, 2 * STRETCH)]),
        (sp.diag(2 * ROTATION, 8 * ROTATION**3), [sp.diag(TURN, 3 * TURN), sp.diag(sp.eye(2), 3 * sp.eye(2))]),
    ],
)
def test_relations_between_quadratic_eigenvalues_are_proved(matrix, logarithms):
    """A rational u with (X u)_n = 0 across factors of one quadratic field: the offset of c = (M - I) u is X u."""
    M, n = mixed(matrix, 1), matrix.rows
    rows = sp.Matrix.vstack(*(mixed(part, 1)[n - 1, :] for part in logarithms))
    u = sum(((k + 1) * v for k, v in enumerate(rows.nullspace())), sp.zeros(n, 1))
    ode = sr.derive(sr.ReLURNN(M, [[]] * n, (M - sp.eye(n)) * u, V=[]), 1)[""]
    assert ode.digits(20).offset[n - 1] == "0"
    shifted = u + sp.ones(n, 1) / 10**40
    nearly = sr.derive(sr.ReLURNN(M, [[]] * n, (M - sp.eye(n)) * shifted, V=[]), 1)[""]
    assert abs(float(nearly.digits(5).offset[n - 1])) < 1e-35
    assert nearly.digits(5).offset[n - 1] != "0"


def test_arguments_that_add_up_to_pi_do_not_cancel():
    """l = i: the argument of l^2 is pi, not 0, so 2 arg(i) is not a rational entry although l^2 is rational."""
    turn = logarithm(QQ, QQ.matrix([[0, -1], [1, 0]]))
    assert set(rational_entries(turn)) == {(0, 0), (1, 1)}
