"""The statements of proofs/oneformula.md at random matrices, against matrix functions of mpmath."""

import random

import mpmath
import pytest
import sympy as sp
from mpmath import mp

from symplrnn.functions import log_difference, phi, power_difference
from tests.functions.oracle import difference

R = sp.Rational
t, x, v = sp.symbols("t x v")


def random_matrix(rng, n):
    return sp.Matrix(n, n, lambda i, j: R(rng.randint(-6, 6), 4) + int(i == j))


def off_axis(M):
    """Return whether E2 holds."""
    return sp.Poly(M.charpoly(x).as_expr(), x).count_roots(None, 0) == 0


MATRICES = [M for k in range(40) for M in [random_matrix(random.Random(k), 2 + k % 3)]]
GOOD = [M for M in MATRICES if off_axis(M)][:8]
# with coinciding eigenvalues, and the eigenvalue 1
GOOD += [sp.Matrix([[2, 1], [0, 2]]), sp.Matrix([[1, 1, 0], [0, 1, 1], [0, 0, 1]]), sp.Matrix([[1, 3, 1], [0, 2, 1], [0, 0, 2]])]


def numeric(M):
    return mp.matrix([[mp.mpf(int(a.p)) / int(a.q) for a in M.row(i)] for i in range(M.rows)])


def function_of(f, M):
    """Return f(M) by distinct eigenvalues: M is moved by 1e-60."""
    with mpmath.workdps(400):
        moved = numeric(M) + mp.diag([mp.mpf(10) ** -60 * (k + 1) for k in range(M.rows)])
        values, vectors = mp.eig(moved)
        return vectors * mp.diag([f(z) for z in values]) * vectors**-1


def agree(found, expected, digits=30):
    with mpmath.workdps(60):
        size = max(1, mp.mnorm(expected))
        return mp.mnorm(mp.matrix(found) - expected) < size * mp.mpf(10) ** -digits


def number(e):
    with mpmath.workdps(60):
        return mp.mpf(str(sp.N(e, 50)))


def symmetric(M):
    """Return the symmetric functions of the eigenvalues."""
    return [(-1) ** k * c for k, c in enumerate(M.charpoly(x).all_coeffs())][1:]


def test_e2_holds_where_q_is_positive():
    assert 8 < len([M for M in MATRICES if off_axis(M)]) < 32
    for M in MATRICES:
        q = sp.Poly((sp.eye(M.rows) + t * (M - sp.eye(M.rows))).det(), t)
        assert (q.count_roots(0, 1) == 0) == off_axis(M)


@pytest.mark.parametrize("M", GOOD, ids=lambda M: str(M.tolist()))
def test_functions_of_matrices_without_cases(M):
    """Theorem 2 with certified scalars: iota_k is a sum of differences of x^m log; Lemma 2 for powers."""
    n, one = M.rows, sp.eye(M.rows)
    N, e = M - one, symmetric(M)
    epsilon = [1, *symmetric(N)]
    # t^k = (t - 1)^m t^(n - m - 2) summed with binomials; t^(n-1) by the logarithm of the determinant
    differences = [(-1) ** n * log_difference([tuple(e)], m) for m in range(n - 1)]
    iota = [sum(sp.binomial(n - 2 - k, m) * (-1) ** m * differences[m] for m in range(n - 1 - k)) for k in range(n - 1)]
    rest = sp.log(M.det()) - sum(k * epsilon[k] * iota[k - 1] for k in range(1, n))
    if epsilon[n] != 0:
        iota.append(rest / (n * epsilon[n]))
    else:
        iota.append(sp.Integral(t ** (n - 1) / sum(c * t**k for k, c in enumerate(epsilon)), (t, 0, 1)))
    B = [one]
    for k in range(1, n):
        B.append(epsilon[k] * one - N * B[-1])
    powers = [
        sum((-1) ** k * [1, *e][k] * power_difference(R(1, 3), [tuple(e)], n - 1 - j - k) for k in range(n - j)) for j in range(n)
    ]
    with mpmath.workdps(60):
        Phi = sum((number(i) * numeric(b) for i, b in zip(iota, B, strict=True)), mp.zeros(n))
        power = sum((number(c) * numeric(M**j) for j, c in enumerate(powers)), mp.zeros(n))
    assert agree(Phi, function_of(lambda z: mp.log(z) / (z - 1), M))
    assert agree(power, function_of(mp.cbrt, M))


@pytest.mark.parametrize("a", [R(1), R(2), R(1, 2)])
def test_blocks(a):
    """Theorem 3: row of the logarithm and of phi for an off unit that is driven by a pair."""
    for B in (sp.Matrix([[2, 1], [-1, 1]]), sp.Matrix([[2, 1], [0, 1]]), sp.Matrix([[R(5, 2), 1], [1, R(3, 2)]])):
        g = sp.Matrix([[3, -2]])
        M = sp.Matrix([[B[0, 0], B[0, 1], 0], [B[1, 0], B[1, 1], 0], [3, -2, a]])
        pair, tau = tuple(symmetric(B)), B.trace()
        ell, k = log_difference([pair]), -log_difference([pair, 1])
        m, p = log_difference([pair, a]), log_difference([pair, a, 1])
        turned = B - (tau - a) * sp.eye(2)
        for f, row in (
            (mp.log, g * (ell * sp.eye(2) + m * turned)),
            (lambda z: mp.log(z) / (z - 1), g * (p * turned - k * sp.eye(2))),
        ):
            expected = function_of(f, M)
            assert agree([[number(row[0]), number(row[1])]], mp.matrix([[expected[2, 0], expected[2, 1]]]))


def test_integrals_over_the_half_line():
    """Theorems 4 and 5."""
    with mpmath.workdps(30):
        for points, m, s in (
            ([2, 3, 5], 0, 0),
            ([2, (1, 3)], 1, 0),
            ([(1, 3), (1, 3)], 2, 0),
            ([2, 2, 3], 0, 1.25),
            ([(1, 3)], 0, -0.5),
        ):
            factors = [
                (lambda u, p=p: u * u + p[0] * u + p[1]) if isinstance(p, tuple) else (lambda u, p=p: u + p) for p in points
            ]
            d = sum(len(p) if isinstance(p, tuple) else 1 for p in points)

            def integrand(u, m=m, s=s, factors=factors):
                return u ** (m + s) / mp.fprod(f(u) for f in factors)

            value = mp.quad(integrand, [0, 1, 10, mp.inf])
            expected = difference(points, m, s, 0) if s else difference(points, m)
            value *= (-1) ** d * mp.sin(mp.pi * s) / mp.pi if s else (-1) ** (d + m)
            assert abs(value - expected) < 1e-12 * abs(expected)


def test_phi_is_the_integral_from_1():
    assert phi(x).rewrite(sp.Integral) == sp.Integral(1 / (t * (x - 1) + 1), (t, 0, 1))
