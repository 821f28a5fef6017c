"""E2, the principal logarithm: proofs/existence.md, sections 1 and 2."""

from __future__ import annotations

import random
from math import factorial

from flint import acb_mat, arb, arb_mat, fmpq, fmpq_mat
from sympy import QQ

from proofs.checks.tools import (
    check,
    conjugated,
    encloses,
    generic,
    identity,
    need,
    phi_in_balls,
    plus,
    polynomial_at,
    power,
    random_matrix,
    real_roots_between,
    scaled,
    times,
    zero,
)


@check("E2", "letters")
def polynomials_of_the_augmented_matrix() -> None:
    """p([[M, c], [0, 1]]) = [[p(M), q(M) c], [0, p(1)]] for q = (p - p(1))/(x - 1), p generic of degree 4, M and c generic, n =
    1, 2, 3.
    """
    for n in (1, 2, 3):
        M, c, p = generic(M=(n, n), c=(n, 1), p=(5,))
        q = [sum(p[k + 1 :], 0) for k in range(4)]
        augmented = [[*M[i], c[i][0]] for i in range(n)] + [[0] * n + [1]]
        column = times(polynomial_at(q, M), c)
        expected = [[*row, column[i][0]] for i, row in enumerate(polynomial_at(p, M))] + [[0] * n + [sum(p, 0)]]
        need(polynomial_at(p, augmented) == expected, f"n = {n}")


@check("E2", "letters")
def unipotent() -> None:
    """exp(log(I + N)) = I + N and Psi(log(I + N)) phi(I + N) = I for generic strictly triangular N, n = 1, 2, 3, 4."""
    for n in (1, 2, 3, 4):
        (entries,) = generic(N=(n, n))
        N = [[entries[i][j] if j > i else 0 for j in range(n)] for i in range(n)]
        L = plus(zero(n, n), *(scaled(QQ((-1) ** (k - 1), k), power(N, k)) for k in range(1, n)))
        phi = plus(zero(n, n), *(scaled(QQ((-1) ** k, k + 1), power(N, k)) for k in range(n)))
        exp = plus(zero(n, n), *(scaled(QQ(1, factorial(k)), power(L, k)) for k in range(n)))
        psi = plus(zero(n, n), *(scaled(QQ(1, factorial(k + 1)), power(L, k)) for k in range(n)))
        need(exp == plus(identity(n), N), f"exp, n = {n}")
        need(times(psi, phi) == identity(n), f"Psi phi = I, n = {n}")
        need(times(phi, N) == L, f"phi(M) (M - I) = log M, n = {n}")


@check("E2", "exact")
def unipotent_instances() -> None:
    """exp [[log M, phi(M) B], [0, 0]] = [[M, B], [0, I]] exactly for 30 random unipotent M with offset and input, n = 4 to 7."""
    rng = random.Random(2)
    for trial in range(30):
        n = 4 + trial % 4
        triangular = [[int(i == j) if j <= i else rng.randint(-2, 2) for j in range(n)] for i in range(n)]
        M, B = conjugated(rng, triangular), random_matrix(rng, n, 2)
        N = M - fmpq_mat(identity(n))
        L, phi, P = fmpq_mat(n, n), fmpq_mat(n, n), fmpq_mat(identity(n))
        for k in range(n):
            phi += P * fmpq((-1) ** k, k + 1)
            P = P * N
            L += P * fmpq((-1) ** k, k + 1)
        columns = phi * B
        X = fmpq_mat([[*L.tolist()[i], columns[i, 0], columns[i, 1]] for i in range(n)] + [[0] * (n + 2)] * 2)
        target = [[*M.tolist()[i], B[i, 0], B[i, 1]] for i in range(n)] + [[0] * n + [1, 0], [0] * n + [0, 1]]
        E, P = fmpq_mat(identity(n + 2)), fmpq_mat(identity(n + 2))
        for k in range(1, n + 2):
            P = P * X / k
            E += P
        need(fmpq_mat(target) == E, f"instance {trial}")


@check("E2", "balls")
def random_instances() -> None:
    """exp [[log M, phi(M) c], [0, 0]] = [[M, c], [0, 1]] to 30 digits with proved errors, and the spectrum of log M is in the
    strip: 15 random M, n = 2 to 6.
    """
    rng, found = random.Random(3), 0
    while found < 15:
        n = 2 + found % 5
        M, c = random_matrix(rng, n) / 3 + fmpq_mat(identity(n)), random_matrix(rng, n, 1)
        if real_roots_between(M.charpoly(), None, fmpq(0)):
            continue
        found += 1
        phi = phi_in_balls(M)
        X, y = phi * arb_mat(M - fmpq_mat(identity(n))), phi * arb_mat(c)
        E = arb_mat([[*X.tolist()[i], y[i, 0]] for i in range(n)] + [[0] * (n + 1)]).exp()
        for i in range(n):
            for j in range(n + 1):
                entry = M[i, j] if j < n else c[i, 0]
                need(encloses(E[i, j], entry), f"exp, entry {i}, {j} of instance {found}")
        need(all(bool(abs(value.imag) < arb.pi()) for value in acb_mat(X).eig()), "the strip")
