"""E6, a jump and a flow: proofs/impulsive.md."""

from __future__ import annotations

import random

from flint import fmpq, fmpq_mat, fmpq_poly

from proofs.checks.tools import (
    blocks_at,
    check,
    conjugated,
    direct_sum,
    generic,
    identity,
    jordan_block,
    need,
    polynomial_at,
    random_matrix,
    scaled,
    times,
)


@check("E6", "letters")
def fitting_modulo_a_polynomial() -> None:
    """Modulo x^k q, q generic of degree 1 to 4 with q(0) = 1, k = 1, 2, 3, and v = 1/q modulo x^k: p = v q is idempotent; with
    J = (1 - p) + x p and F = x (1 - p) + p, F J = x; F is 1 modulo x^k and x modulo q.
    """
    for degree in (1, 2, 3, 4):
        x, *letters = generic(x=(1,), q=(degree,))
        x, letters = x[0], letters[0]
        q = 1 + sum(a * x ** (k + 1) for k, a in enumerate(letters))
        for k in (1, 2, 3):
            v = sum(((1 - q) ** j for j in range(k)), 0 * x)  # 1/q = 1/(1 - (1 - q))
            p = v * q
            J, F = 1 - p + x * p, x * (1 - p) + p
            for name, value, divisor in (
                ("p^2 = p", p * p - p, x**k * q),
                ("F J = x", F * J - x, x**k * q),
                ("F = 1 modulo x^k", F - 1, x**k),
                ("F = x modulo q", F - x, q),
            ):
                need(value.rem([divisor]) == 0, f"{name}, degree {degree}, k = {k}")


@check("E6", "letters")
def singular_two_by_two() -> None:
    """P0, J and F of a generic M of rank 1, M = u v, and generic c: with t = v u, t^2 F J = t^2 M^, t P0 = t - M on the states,
    and the last rows of J and F are (0, 1), n = 2, 3.
    """
    for n in (2, 3):
        u, v, c = generic(u=(n, 1), v=(1, n), c=(n, 1))
        M, t = times(u, v), times(v, u)[0][0]
        hat = [[*M[i], c[i][0]] for i in range(n)] + [[0] * n + [1]]
        # the characteristic polynomial of M^ is x^(n - 1) (x - t)(x - 1); M^ is semisimple at 0: P0 = (x - t)(x - 1)/t at M^
        P = polynomial_at([t, -t - 1, 1], hat)  # t P0
        need(times(P, P) == scaled(t, P), f"P0^2 = P0, n = {n}")
        Q = [[t * int(i == j) - P[i][j] for j in range(n + 1)] for i in range(n + 1)]
        J = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(Q, times(hat, P), strict=True)]
        F = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(times(hat, Q), P, strict=True)]
        need(times(F, J) == scaled(t * t, hat), f"F J = M^, n = {n}")
        need(J[n] == F[n] == [0] * n + [t], f"last rows, n = {n}")


@check("E6", "exact")
def random_instances() -> None:
    """F J = M^, F invertible, the last rows of J and F those of I, the blocks of F at other eigenvalues than 1 those of M: 40
    random singular M, n = 3 to 7, with blocks at 0 of sizes up to 3, at -2, 1 and 3, offsets and inputs.
    """
    rng = random.Random(11)
    for trial in range(40):
        zeros = [rng.randint(1, 3) for _ in range(1 + trial % 2)]
        J = direct_sum(*(jordan_block(0, m) for m in zeros), *rng.sample([[[3]], [[1]], [[-2]], jordan_block(-2, 2)], 2))
        n, m = len(J), 2
        M, B = conjugated(rng, J), random_matrix(rng, n, m)
        hat = fmpq_mat([[*row, *B.tolist()[i]] for i, row in enumerate(M.tolist())] + [[0] * n + row for row in identity(m)])
        N, one = n + m, fmpq_mat(identity(n + m))
        chi = hat.charpoly()
        k = next(i for i in range(N + 1) if chi[i] != 0)
        low, q = fmpq_poly([0] * k + [1]), fmpq_poly(chi.coeffs()[k:])
        g, _, v = low.xgcd(q)
        p = v * q / g[0]
        P = fmpq_mat(polynomial_at(p.coeffs(), hat.tolist()))
        jump, F = one - P + hat * P, hat * (one - P) + P
        need(P * P == P and P * hat == hat * P and P.rank() == k == sum(zeros), "the projector")
        need(F * jump == hat == jump * F and F.det() != 0, "F J = M^")
        need(all(X.tolist()[i] == one.tolist()[i] for X in (jump, F) for i in range(n, N)), "last rows")
        for root in (fmpq(-2), fmpq(3)):
            f = fmpq_poly([-root, 1])
            need(blocks_at(F, f) == blocks_at(M, f), f"blocks at {root}")
        need(M.charpoly() != fmpq_poly([0] * n + [1]) or one == F, "a nilpotent M needs no flow")
    for m in (1, 2, 3):
        M, c = fmpq_mat(jordan_block(0, m)), random_matrix(rng, m, 1)
        hat = fmpq_mat([[*row, c[i, 0]] for i, row in enumerate(M.tolist())] + [[0] * m + [1]])
        power = fmpq_mat(polynomial_at([0] * (m + 1) + [1], hat.tolist()))  # projects onto the fixed line
        one = fmpq_mat(identity(m + 1))
        need(hat * power + (one - power) == one and power + hat * (one - power) == hat, "nilpotent M: F = I and J = M^")
