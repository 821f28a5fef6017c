"""E3, every real logarithm: proofs/existence.md, Lemma 3 and section 3."""

from __future__ import annotations

import random
from itertools import product
from math import factorial

from flint import arb, arb_mat, fmpq, fmpq_mat, fmpq_poly
from sympy import QQ

from proofs.checks.tools import (
    blocks_at,
    check,
    conjugated,
    direct_sum,
    encloses,
    generic,
    identity,
    jordan_block,
    kronecker,
    need,
    partitions,
    plus,
    polynomial_at,
    power,
    random_matrix,
    scaled,
    times,
    zero,
)

TURN = [[0, -1], [1, 0]]


@check("E3", "letters")
def functions_of_a_jordan_block() -> None:
    """Lemma 3: f(J) - f(l) has the power m - 1 equal to f'(l)^(m - 1) N^(m - 1) and the power m equal to 0, for blocks J = l +
    N of size m = 1 to 5 and generic f of degree 4.
    """
    for m in range(1, 6):
        (taylor,) = generic(f=(5,))  # f(l), f'(l), f''(l)/2, ...
        N = jordan_block(0, m)
        rest = plus(zero(m, m), *(scaled(taylor[k], power(N, k)) for k in range(1, 5)))
        need(power(rest, m - 1) == scaled(taylor[1] ** (m - 1), power(N, m - 1)), f"power m - 1, m = {m}")
        need(power(rest, m) == zero(m, m), f"power m, m = {m}")


@check("E3", "letters")
def a_pair_of_negative_blocks() -> None:
    """Log(-J) x I and I x K commute, and exp(Log(-J) - log a) = -J/a, for one Jordan block J at -a, a = 1/b a letter, sizes 1
    to 4; exp(u K) = cos u + K sin u solves E' = K E and is -I at u = pi.
    """
    for m in range(1, 5):
        (b,) = generic(b=(1,))[0]
        N = jordan_block(0, m)
        minus_J = plus(identity(m), scaled(-b, N))  # -J/a
        L = plus(zero(m, m), *(scaled(QQ(-1, k) * b**k, power(N, k)) for k in range(1, m)))
        exp = plus(zero(m, m), *(scaled(QQ(1, factorial(k)), power(L, k)) for k in range(m)))
        need(exp == minus_J, f"exp, m = {m}")
        X, Y = kronecker(L, identity(2)), kronecker(identity(m), TURN)
        need(times(X, Y) == times(Y, X), f"the terms commute, m = {m}")
    c, s = generic(c=(1,), s=(1,))
    rotation, derivative = [[c[0], -s[0]], [s[0], c[0]]], [[-s[0], -c[0]], [c[0], -s[0]]]
    need(times(TURN, rotation) == derivative, "E' = K E")
    need(
        [[entry.subs([(c[0], -1), (s[0], 0)]) for entry in row] for row in rotation] == scaled(-1, identity(2)), "exp(pi K) = -I"
    )


@check("E3", "exact")
def blocks_by_ranks() -> None:
    """The ranks of f(M)^j give the Jordan blocks that M was built with: all partitions up to 4 at -1/2 beside blocks at 2, and
    at the roots of x^2 + 3x + 1 and x^2 + 1.
    """
    rng = random.Random(4)
    for total in range(1, 5):
        for sizes in partitions(total):
            M = conjugated(rng, direct_sum(*(jordan_block(fmpq(-1, 2), m) for m in sizes), jordan_block(2, 2)))
            need(blocks_at(M, fmpq_poly([1, 2])) == sizes, f"{sizes} at -1/2")
    for f, sizes in product(([1, 3, 1], [1, 0, 1]), ((1,), (1, 1), (2,), (2, 1))):
        C = [[0, -f[0]], [1, -f[1]]]
        blocks = [plus(kronecker(identity(m), C), kronecker(jordan_block(0, m), identity(2))) for m in sizes]
        need(blocks_at(conjugated(rng, direct_sum(*blocks, [[3]])), fmpq_poly(f)) == sizes, f"{sizes} at the roots of {f}")


@check("E3", "exact")
def real_matrices_have_paired_blocks() -> None:
    """A rational Y with blocks at m_1, m_2, ... above u + i v has as many below, so sizes over one number come in pairs: all
    partitions up to 3, with a polynomial that sends both to one number in place of exp.
    """
    rng = random.Random(5)
    for total in range(1, 4):
        for sizes in partitions(total):
            rotation = [[1, -3], [3, 1]]
            Y = direct_sum(*(plus(kronecker(identity(m), rotation), kronecker(jordan_block(0, m), identity(2))) for m in sizes))
            # as exp sends u +- i pi to one number, with a derivative that is not 0, so does x^2 - 2x + 10
            M = conjugated(rng, polynomial_at([10, -2, 1], Y))
            found = blocks_at(M, fmpq_poly([0, 1]))
            need(found == tuple(sorted((*sizes, *sizes), reverse=True)), f"{sizes} twice")


@check("E3", "balls")
def constructed_logarithms() -> None:
    """exp [[Y, b], [0, 0]] = [[M, c], [0, 1]] to 30 digits with proved errors, Y real by pairs, b = Psi(Y)^-1 c: 20 random M
    with paired negative blocks beside a block at 1 and a positive one, n = 4 to 8.
    """
    rng = random.Random(6)
    for trial in range(20):
        m, a = 1 + trial % 3, fmpq(rng.randint(1, 5), rng.randint(1, 5))
        n = 2 * m + 2
        J = direct_sum(kronecker(jordan_block(-a, m), identity(2)), [[1, 1], [0, 1]])
        while True:
            P = random_matrix(rng, n, size=2, denominator=1)
            if P.det() != 0:
                break
        N = jordan_block(0, m)
        L = plus(zero(m, m), *(scaled(fmpq(-1, k) / a**k, power(N, k)) for k in range(1, m)))
        rational = arb_mat(fmpq_mat(direct_sum(kronecker(L, identity(2)), [[0, 1], [0, 0]])))
        logs = arb_mat(fmpq_mat(direct_sum(identity(2 * m), zero(2, 2)))) * arb(a).log()
        turns = arb_mat(fmpq_mat(direct_sum(kronecker(identity(m), TURN), zero(2, 2)))) * arb.pi()
        Y = arb_mat(P) * (rational + logs + turns) * arb_mat(P.inv())
        c = random_matrix(rng, n, 1)
        # Psi(Y) = int_0^1 exp(s Y) ds is the corner of exp [[Y, I], [0, 0]]
        doubled = arb_mat([[*row, *identity(n)[i]] for i, row in enumerate(Y.tolist())] + [[0] * (2 * n)] * n).exp()
        Psi = arb_mat([[doubled[i, n + j] for j in range(n)] for i in range(n)])
        b = Psi.solve(arb_mat(c))
        E = arb_mat([[*row, b[i, 0]] for i, row in enumerate(Y.tolist())] + [[0] * (n + 1)]).exp()
        target = P * fmpq_mat(J) * P.inv()
        for i in range(n):
            for j in range(n + 1):
                entry = target[i, j] if j < n else c[i, 0]
                need(encloses(E[i, j], entry), f"entry {i}, {j} of instance {trial}")
