"""E1, the hyperbolic case: proofs/existence.md, sections 2 and 4."""

from __future__ import annotations

import itertools
import random

from flint import arb, arb_mat, fmpq, fmpq_mat

from proofs.checks.tools import (
    adjugate,
    check,
    conjugated,
    determinant,
    generic,
    identity,
    minus,
    need,
    phi_in_balls,
    plus,
    polynomial_at,
    random_matrix,
    scaled,
    times,
)


@check("E1", "letters")
def offset_by_the_inverse() -> None:
    """p(M) adj(M - I) = det(M - I) q(M) for p = (x - 1) q, q generic of degree 3, M generic, n = 1, 2, 3."""
    for n in (1, 2, 3):
        M, q = generic(M=(n, n), q=(4,))
        p = [-q[0], *(a - b for a, b in itertools.pairwise(q)), q[3]]
        N = minus(M, identity(n))
        left = times(polynomial_at(p, M), adjugate(N))
        need(left == scaled(determinant(N), polynomial_at(q, M)), f"n = {n}")


@check("E1", "letters")
def published_offset() -> None:
    """The published offset differs from phi(M) c by (I - phi(M)) J u: phi generic of degree 3, n = 1, 2, 3, all k."""
    for n in (1, 2, 3):
        for k in range(n + 1):
            M, u, q = generic(M=(n, n), u=(n, 1), q=(4,))
            J = [[int(i == j < k) for j in range(n)] for i in range(n)]
            phi = polynomial_at(q, M)
            log = times(phi, minus(M, identity(n)))
            c = times(minus(minus(identity(n), J), M), u)
            difference = plus(times(phi, c), times(plus(J, log), u))
            need(difference == times(minus(identity(n), phi), J, u), f"n = {n}, k = {k}")


@check("E1", "exact")
def spectral_instances() -> None:
    """Psi X = M - I and Psi X (M - I)^-1 c = c for X = sum u_l E(l), Psi = sum (l - 1)/u_l E(l), whatever u_l = log l is: the
    projectors of 30 random M with rational eigenvalues, n = 4, 5, 6.
    """
    rng = random.Random(1)
    numbers = sorted({fmpq(a, b) for a in range(1, 8) for b in (2, 3, 5)} - {fmpq(1)})
    for trial in range(30):
        n = 4 + trial % 3
        values = rng.sample(numbers, n)
        M = conjugated(rng, [[value if i == j else 0 for j in range(n)] for i, value in enumerate(values)])
        one, none = fmpq_mat(identity(n)), fmpq_mat(n, n)
        E = []
        for value in values:  # Lagrange's polynomial of each eigenvalue
            E.append(one)
            for other in values:
                if other != value:
                    E[-1] = E[-1] * (M - one * other) / (value - other)
        need(all(E[i] * E[j] == (E[i] if i == j else none) for i in range(n) for j in range(n)), "projectors")
        # so Psi X = sum (l - 1) E(l)
        need(sum((E[i] * (values[i] - 1) for i in range(n)), none) == M - one, "Psi X = M - I")
        c = random_matrix(rng, n, 1)
        need(sum((E[i] * (values[i] - 1) for i in range(n)), none) * (M - one).inv() * c == c, "Psi y = c")


@check("E1", "balls")
def published_offset_fails() -> None:
    """For M = [[3/4, 1/4], [1/4, 3/4]], c = (3/10, 1) the published offset is not phi(M) c; for M = diag(1/100, 1) it does not
    exist.
    """
    M, c = fmpq_mat([[fmpq(3, 4), fmpq(1, 4)], [fmpq(1, 4), fmpq(3, 4)]]), fmpq_mat(2, 1, [fmpq(3, 10), fmpq(1)])
    J = fmpq_mat([[1, 0], [0, 0]])
    one = fmpq_mat(identity(2))
    phi = phi_in_balls(M)
    published = -(arb_mat(J) + phi * arb_mat(M - one)) * arb_mat((one - J - M).inv() * c)
    gap = phi * arb_mat(c) - published
    need(any(not gap[i, 0].contains(0) for i in range(2)), "the offsets differ")
    need(bool(abs(gap[0, 0]) + abs(gap[1, 0]) > arb("0.01")), "by more than 1/100")
    D = fmpq_mat([[fmpq(1, 100), 0], [0, 1]])
    need((one - J - D).det() == 0, "I - J - M is singular for diag(1/100, 1)")
