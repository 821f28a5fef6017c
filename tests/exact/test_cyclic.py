"""Fitting's decomposition, cyclic subspaces and matrices over Q(l): exact identities, and SymPy on small cases."""

import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from symplrnn.exact.cyclic import cyclic_subspaces
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fitting import fitting, primary_projector
from symplrnn.exact.jordan import block_sizes
from symplrnn.exact.root_matrix import RootMatrix
from tests.examples import examples
from tests.hard import Hard, anything, turning


@given(anything)
def test_fitting_splits_off_the_generalised_kernel(hard: Hard):
    M = hard.region.affine.augmented()
    found, n = fitting(QQ, M), M.nrows()
    one = QQ.identity(n)
    if M.det() != 0:
        assert found is None
        return
    P, J, F = found.projector, found.jump, found.flow
    assert P * P == P
    assert P * M == M * P
    assert P.rank() == n - (M**n).rank()  # the generalised kernel
    assert (M**n) * P == P * fmpq(0)
    assert F * J == J * F == M
    assert F.det() != 0
    assert J * (one - P) == one - P
    assert [J[n - 1, j] for j in range(n)] == [F[n - 1, j] for j in range(n)] == [fmpq(int(j == n - 1)) for j in range(n)]


@examples(100)
@given(turning)
def test_cyclic_subspaces_decompose_each_primary_subspace(hard: Hard):
    M = hard.matrix
    n, chi = M.nrows(), QQ.characteristic_polynomial(M)
    total = QQ.identity(n) * fmpq(0)
    for f, multiplicity in QQ.factor(chi):
        P = primary_projector(QQ, M, f**multiplicity, chi)
        found = cyclic_subspaces(QQ, M, f, multiplicity, P)
        assert tuple(c.length for c in found) == block_sizes(QQ, M, f, multiplicity)
        total += P
        parts = []
        for c in found:
            columns = [c.generator]
            while len(columns) < c.length * f.degree():
                columns.append(M * columns[-1])
            krylov = fmpq_mat(n, len(columns), [x[i, 0] for i in range(n) for x in columns])
            assert QQ.evaluate(f**c.length, M) * c.generator == c.generator * fmpq(0)
            assert QQ.evaluate(f ** (c.length - 1), M) * c.generator != c.generator * fmpq(0)
            parts.append(krylov * c.coordinates)
        assert sum(parts, P - P) == P
        for i, part in enumerate(parts):
            assert part * M == M * part
            assert all(part * other == (part if i == j else part - part) for j, other in enumerate(parts))
    assert total == QQ.identity(n)


FACTOR = fmpq_poly([1, 3, 0, 1])
small = st.lists(st.integers(-3, 3), min_size=12, max_size=12)


@given(small, small)
def test_matrices_over_q_of_l_are_those_of_sympy(first, second):
    x = sp.Symbol("x")
    f = sp.Poly(x**3 + 3 * x + 1, x)

    def matrices(entries):
        parts = [fmpq_mat(2, 2, entries[4 * k : 4 * k + 4]) for k in range(3)]
        expression = sp.Matrix(2, 2, lambda i, j: sum(entries[4 * k + 2 * i + j] * x**k for k in range(3)))
        return RootMatrix.of(QQ, FACTOR, parts), expression

    (a, A), (b, B) = matrices(first), matrices(second)
    square = fmpq_poly([1, 0, 1])
    for ours, theirs in ((a * b, A * B), (a + b, A + B), (a - b, A - B), (a.scaled(square), (x**2 + 1) * A)):
        for i in range(2):
            for j in range(2):
                rest = sp.Poly(sp.expand(theirs[i, j]), x).rem(f)
                assert [int(c) for c in reversed(rest.all_coeffs())] == [int(c.p) for c in ours.entry(i, j).coeffs()] or (
                    rest.is_zero and ours.entry(i, j) == fmpq_poly([])
                )
    assert a.is_zero == (set(first) == {0})
    root = sp.CRootOf(f, 0)
    assert (a * b).sympy(root)[0, 0].evalf(30) - (a.sympy(root) * b.sympy(root))[0, 0].evalf(30) < 1e-25
