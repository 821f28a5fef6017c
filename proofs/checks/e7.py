"""E7, the whole network at grid times: proofs/switching.md."""

from __future__ import annotations

import random

from flint import fmpq, fmpq_mat, fmpq_poly

from proofs.checks.tools import check, identity, need, polynomial_at, random_matrix


def region_of(V: fmpq_mat, b: fmpq_mat, z: fmpq_mat) -> tuple[int, ...]:
    """Return the pattern of a state."""
    u = V * z + b
    return tuple(int(u[i, 0] > 0) for i in range(u.nrows()))


def representation(hat: fmpq_mat) -> tuple[fmpq_mat, fmpq_mat]:
    """Return the jump and the invertible map after it (E6) of an augmented matrix."""
    chi, n = hat.charpoly(), hat.nrows()
    k = next(i for i in range(n + 1) if chi[i] != 0)
    one = fmpq_mat(identity(n))
    if k == 0:
        return one, hat
    g, _, v = fmpq_poly([0] * k + [1]).xgcd(fmpq_poly(chi.coeffs()[k:]))
    P = fmpq_mat(polynomial_at((v * fmpq_poly(chi.coeffs()[k:]) / g[0]).coeffs(), hat.tolist()))
    return one - P + hat * P, hat * (one - P) + P


@check("E7", "exact")
def orbits() -> None:
    """Jump, then the time-dt map of the flow, with the pattern of each grid time: equal to z' = A z + W relu(V z + b) + h + C s
    at 12 grid times, for 40 random networks of 2 to 4 states and units, a third of them with singular regions, and random
    inputs.
    """
    rng, patterns, jumps = random.Random(12), set(), 0
    for trial in range(40):
        n, p = 2 + trial % 3, 2 + (trial // 3) % 3
        A, W, V = random_matrix(rng, n), random_matrix(rng, n, p), random_matrix(rng, p, n)
        h, b, C = random_matrix(rng, n, 1), random_matrix(rng, p, 1), random_matrix(rng, n, 1)
        if trial % 3 == 0:
            A, W = A * fmpq_mat([[int(i == j and i > 0) for j in range(n)] for i in range(n)]), W * 0
            W[0, 0] = fmpq(1)
        A, W = A / 8, W / 8
        z = x = random_matrix(rng, n, 1)
        for _ in range(12):
            s = fmpq(rng.randint(-3, 3))
            u = V * z + b
            relu = fmpq_mat(p, 1, [max(u[i, 0], fmpq(0)) for i in range(p)])
            z = A * z + W * relu + h + C * s
            d = region_of(V, b, x)
            D = fmpq_mat([[int(i == j) * d[i] for j in range(p)] for i in range(p)])
            M, c = A + W * D * V, h + W * D * b
            hat = [[*row, c[i, 0], C[i, 0]] for i, row in enumerate(M.tolist())] + [[0] * n + [1, 0], [0] * n + [0, 1]]
            jump, F = representation(fmpq_mat(hat))
            need(F.det() != 0, "the map after the jump is invertible")
            state = F * (jump * fmpq_mat([*x.tolist(), [1], [s]]))
            need(state[n, 0] == 1 and state[n + 1, 0] == s, "the constant and the input are kept")
            x = fmpq_mat(state.tolist()[:n])
            need(x == z, f"network {trial}")
            patterns.add((trial, d))
            jumps += jump != fmpq_mat(identity(n + 2))
    need(len(patterns) > 60 and jumps > 50, "several regions are visited, and some need jumps")
