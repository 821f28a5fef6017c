"""C1, continuous fields: proofs/continuity.md."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import sympy as sp
from flint import arb_mat, fmpq, fmpq_mat

from proofs.checks.tools import (
    Matrix,
    check,
    difference,
    generic,
    identity,
    minus,
    need,
    phi_in_balls,
    polynomial_at,
    sub,
    subsets,
)


@check("C1", "letters")
def sufficiency() -> None:
    """Where no unit that matters is driven, switching unit i changes column i of f(M_d) alone, and f(M_d) h not at all if h_i =
    0: f generic of degree 4, n = 2 and 3, each set of units that matter, all regions.
    """
    for n in (2, 3):
        a, w, h, f = generic(a=(n,), w=(n, n), h=(n,), f=(5,))
        for matter in subsets(n):
            W = [[w[i][j] if j in matter and (i not in matter or i == j) else 0 for j in range(n)] for i in range(n)]
            column = [[0 if i in matter else h[i]] for i in range(n)]
            for pattern in product((0, 1), repeat=n):
                for i in range(n):
                    if not pattern[i]:
                        other = [d or k == i for k, d in enumerate(pattern)]
                        change = minus(value(f, a, W, other), value(f, a, W, pattern))
                        need(all(change[r][c] == 0 for r in range(n) for c in range(n) if c != i), f"{matter}, {pattern}, {i}")
                        need(all(sum(x * y[0] for x, y in zip(row, column, strict=True)) == 0 for row in change), "offset")


def value(f: list[Any], a: list[Any], W: Matrix, pattern: Any) -> Matrix:
    """Return f(M_d)."""
    n = len(a)
    return polynomial_at(f, [[W[i][j] * int(pattern[j]) + a[i] * (i == j) for j in range(n)] for i in range(n)])


@check("C1", "letters")
def necessity_of_no_driver() -> None:
    """Cases (a) and (b): X_ik = W_ik f[a_i, l_k] becomes W_ik f[l_i, l_k]; X_jk gains W_ji W_ik f[a_j, a_i, l_k]; f generic of
    degree 4, n = 2 and 3. The rest of a region does not matter: a unit that is off, n = 3, leaves f(M) on the others as it is.
    """
    a, W, f = generic(a=(3,), W=(3, 3), f=(5,))
    k, i, j = 0, 1, 2
    lam = [a[r] + W[r][r] for r in range(3)]
    free = [[W[r][c] if (r, c) not in ((k, i),) else 0 for c in range(3)] for r in range(3)]
    off, on = value(f, a, free, (1, 0, 0)), value(f, a, free, (1, 1, 0))
    need(off[i][k] == W[i][k] * difference(f, a[i], lam[k]), "(a), off")
    need(on[i][k] == W[i][k] * difference(f, lam[i], lam[k]), "(a), on")
    still = [[free[r][c] if (r, c) != (i, i) else 0 for c in range(3)] for r in range(3)]
    off, on = value(f, a, still, (1, 0, 0)), value(f, a, still, (1, 1, 0))
    need(off[j][k] == W[j][k] * difference(f, a[j], lam[k]), "(b), off")
    need(on[j][k] - off[j][k] == W[j][i] * W[i][k] * difference(f, a[j], a[i], lam[k]), "(b), on")
    for d in ((1, 0, 0), (1, 1, 0)):
        alone = value(f, a[:2], sub(W, (k, i)), d[:2])
        need(sub(value(f, a, W, d), (k, i)) == alone, "a unit that is off")


@check("C1", "letters")
def necessity_of_no_offset() -> None:
    """Entry j of f(M) g changes by W_ji f[a_j, l_i] g_i, entry i by (f(l_i) - f(a_i)) g_i, when unit i alone is switched on: f
    generic of degree 4, n = 2, 3.
    """
    for n in (2, 3):
        a, W, g, f = generic(a=(n,), W=(n, n), g=(n,), f=(5,))
        off, on = value(f, a, W, [0] * n), value(f, a, W, [1] + [0] * (n - 1))
        change = [sum(x * y for x, y in zip(row, g, strict=True)) for row in minus(on, off)]
        lam = a[0] + W[0][0]
        need(change[0] == (difference(f, lam) - difference(f, a[0])) * g[0], f"entry i, n = {n}")
        for j in range(1, n):
            # column 0 is the only one with couplings: W_j0 f[a_j, l_0]
            need(change[j] == W[j][0] * difference(f, a[j], lam) * g[0], f"entry {j}, n = {n}")


@check("C1", "letters")
def line_and_exponential() -> None:
    """Case (c): t g'(t) = -(t/sin t - cos t)^2 - sin^2 t for g = t cot t + log(sin t/t), g(0+) = 1, and min of e^x - E x - F is
    at log E with the value E (1 - log E) - F.
    """
    t, E, F, x = sp.symbols("t E F x", positive=True)
    g = t * sp.cot(t) + sp.log(sp.sin(t) / t)
    right = -((t / sp.sin(t) - sp.cos(t)) ** 2) - sp.sin(t) ** 2
    need(sp.simplify((t * g.diff(t) - right).rewrite(sp.cos)) == 0, "g'")
    need(sp.limit(g, t, 0, "+") == 1, "g(0+)")
    gap = sp.exp(x) - E * x - F
    need(sp.simplify(gap.diff(x).subs(x, sp.log(E))) == 0, "the minimum")
    need(sp.expand(gap.subs(x, sp.log(E)) - (E * (1 - sp.log(E)) - F)) == 0, "its value")
    # it is <= 0 iff log E + F/E >= 1
    need(sp.simplify(sp.log(E * sp.exp(F / E)) - sp.log(E) - F / E) == 0, "E e^(F/E) >= e")


@check("C1", "letters")
def faces_that_the_maps_keep() -> None:
    """The proposition on faces, in coordinates with v = (1, 0, ...): if the first row of M is a v and M' = M + w v, p(M') -
    p(M) has its first column alone: M, a, w generic, p generic of degree 4, n = 2, 3.
    """
    for n in (2, 3):
        M, w, p = generic(M=(n, n), w=(n, 1), p=(5,))
        M[0][1:] = [0] * (n - 1)
        other = [[row[0] + w[i][0], *row[1:]] for i, row in enumerate(M)]
        change = minus(polynomial_at(p, other), polynomial_at(p, M))
        need(all(change[i][j] == 0 for i in range(n) for j in range(1, n)), f"n = {n}")
        need(any(change[i][0] != 0 for i in range(n)), f"the first column, n = {n}")


@check("C1", "balls")
def random_networks() -> None:
    """C1 against the fields of 150 random networks of 2 to 4 units with G1, zeros, self-couplings, offsets and an input: where
    C1 says no, some jump at a face is not 0 (proved); where it says yes, each enclosure of a jump, to 30 digits, has 0 in it.
    """
    rng, answers = random.Random(18), {True: 0, False: 0}
    while min(answers.values()) < 40 or sum(answers.values()) < 150:
        n = rng.randint(2, 4)
        density = rng.choice([0.15, 0.3, 0.6])
        W = fmpq_mat([[fmpq(rng.randint(-3, 3), 4) if rng.random() < density else fmpq(0) for _ in range(n)] for _ in range(n)])
        a = [fmpq(rng.randint(1, 6), 4) for _ in range(n)]
        A = fmpq_mat([[a[i] * (i == j) for j in range(n)] for i in range(n)])
        if not all(fmpq_mat(sub((A + W).tolist(), on)).det() > 0 for on in subsets(n) if on):
            continue
        G = fmpq_mat([[fmpq(rng.randint(-2, 2)) if rng.random() < density else fmpq(0) for _ in range(2)] for _ in range(n)])
        matters = [i for i in range(n) if any(W[j, i] != 0 for j in range(n))]
        expected = all(W[i, k] == 0 for i in matters for k in range(n) if k != i) and all(
            G[i, m] == 0 for i in matters for m in range(2)
        )
        if answers[expected] > 110:
            continue
        answers[expected] += 1
        fields = {}
        for pattern in product((0, 1), repeat=n):
            M = A + W * fmpq_mat([[int(i == j) * pattern[j] for j in range(n)] for i in range(n)])
            phi = phi_in_balls(M)
            fields[pattern] = (phi * arb_mat(M - fmpq_mat(identity(n))), phi * arb_mat(G))
        jumps = []
        for pattern, (X, Y) in fields.items():
            for i in range(n):
                if not pattern[i]:
                    X2, Y2 = fields[(*pattern[:i], 1, *pattern[i + 1 :])]
                    jumps += [(X2 - X)[r, c] for r in range(n) for c in range(n) if c != i]
                    jumps += (Y2 - Y).entries()
        need(all(bool(jump.rad() < 1e-30) for jump in jumps), "the enclosures are narrow")
        need(all(jump.contains(0) for jump in jumps) == expected, f"{W.tolist()}, {a}, {G.tolist()}")
