"""E4, how many real ODEs there are: proofs/uniqueness.md."""

from __future__ import annotations

import random
from itertools import pairwise, product

from flint import fmpq_mat

from proofs.checks.tools import (
    check,
    companion,
    conjugated,
    determinant,
    direct_sum,
    generic,
    identity,
    jordan_block,
    kronecker,
    minus,
    need,
    partitions,
    plus,
    polynomial_at,
    power,
    scaled,
    times,
    zero,
)


@check("E4", "letters")
def a_continuum_of_planes() -> None:
    """Lemma 1 (b): K = [[0, -1/r], [r, 0]] has K^2 = -I and different K for different r; I x K commutes with any Z x I, Z
    generic of size 1, 2, 3, so Log(J) x I + 2 pi I x K is a logarithm of J x I for each r.
    """
    for n in (1, 2, 3):
        Z, K = generic(Z=(n, n), K=(2, 2))
        X, Y = kronecker(Z, identity(2)), kronecker(identity(n), K)
        need(times(X, Y) == times(Y, X), f"they commute, n = {n}")
    r, s = generic(r=(1,), s=(1,))  # s for 1/r: K^2 = -r s I
    K = [[0, -s[0]], [r[0], 0]]
    need(times(K, K) == scaled(-r[0] * s[0], identity(2)), "K^2 = -I")


@check("E4", "letters")
def blocks_that_shear() -> None:
    """Lemma 1 (d): T commutes with M, T^2 = 0, and (I + r T) L (I - r T) = L + r w T with the letter w for 2 pi i, for blocks
    of all sizes m1, m2 up to 4, L = Log M, plus w on the second block.
    """
    for m1 in range(1, 5):
        for m2 in range(1, m1 + 1):
            n = m1 + m2
            r, w, p = generic(r=(1,), w=(1,), p=(4,))
            M = direct_sum(jordan_block(0, m1), jordan_block(0, m2))  # M - l; jordan_block(0, m) e_j = e_{j-1}
            T = zero(n, n)
            for j in range(m2):  # e of the second chain at depth j to the first chain at the same height over its end
                T[j][m1 + j] = 1
            Lambda = polynomial_at(p, M)  # the principal logarithm is a polynomial in M
            L = plus(Lambda, direct_sum(zero(m1, m1), scaled(w[0], identity(m2))))
            need(times(T, M) == times(M, T) and times(T, T) == zero(n, n), f"T, sizes {m1}, {m2}")
            P, Q = plus(identity(n), scaled(r[0], T)), plus(identity(n), scaled(-r[0], T))
            need(times(P, Q) == identity(n), "inverse")
            need(times(P, L, Q) == plus(L, scaled(r[0] * w[0], T)), f"L_r, sizes {m1}, {m2}")


@check("E4", "exact")
def sizes_without_repetition() -> None:
    """Proposition 7 (ii): two blocks have one size iff N = 0 (m = 2, 3), iff N^2 = 0 (m = 4): all partitions of m."""
    for m, exponent in ((2, 1), (3, 1), (4, 2)):
        for sizes in partitions(m):
            N = direct_sum(*(jordan_block(0, size) for size in sizes))
            need((len(set(sizes)) < len(sizes)) == (power(N, exponent) == zero(m, m)), f"{sizes}")


def larger_blocks(N: fmpq_mat) -> list[int]:
    """Return the numbers of blocks of size > j of a nilpotent matrix, j = 0, 1, ..., its size."""
    ranks = [fmpq_mat(power(N.tolist(), k)).rank() for k in range(N.nrows() + 2)]
    return [a - b for a, b in pairwise(ranks)]


@check("E4", "exact")
def lengthened_blocks() -> None:
    """Lemma 4 (i) and Proposition 7 (iii): beta_j, by the blocks of [[M, B], [0, I]] at 1 and by ranks, is 1 for the largest of
    the blocks whose generators are in B, and else 0: all partitions up to 5, all sets of generators, plus a random part in N V.
    """
    rng = random.Random(7)
    for total in range(1, 6):
        for sizes in partitions(total):
            N = fmpq_mat(direct_sum(*(jordan_block(0, m) for m in sizes)))
            ends = [sum(sizes[: k + 1]) - 1 for k in range(len(sizes))]  # the last vector of a block generates its chain
            ranks = [fmpq_mat(power(N.tolist(), j)).rank() for j in range(total + 2)]
            for chosen in product((0, 1), repeat=len(sizes)):
                B = N * fmpq_mat(total, 1, [rng.randint(-2, 2) for _ in range(total)])
                for on, end in zip(chosen, ends, strict=True):
                    B[end, 0] += on * rng.choice([1, 2, -1])
                hat = fmpq_mat([[*row, B[i, 0]] for i, row in enumerate(N.tolist())] + [[0] * (total + 1)])
                beta = [a - b for a, b in zip(larger_blocks(hat), [*larger_blocks(N), 0], strict=True)]
                r = [0]
                for j in range(1, total + 2):
                    left, right = power(N.tolist(), j), times(power(N.tolist(), j - 1), B.tolist())
                    joined = [[*row, *other] for row, other in zip(left, right, strict=True)]
                    r.append(fmpq_mat(joined).rank() - ranks[j])
                largest = max((m for m, on in zip(sizes, chosen, strict=True) if on), default=0)
                for j in range(1, total + 1):
                    need(beta[j] == int(j == largest), f"beta_{j} of {sizes}, {chosen}")
                    need(beta[j] == r[j] - r[j + 1], f"ranks of {sizes}, {chosen}")


@check("E4", "exact")
def offsets_of_rotations() -> None:
    """Lemma 3 at M = I: L = 2 pi k K has Psi(L) = 0, because L Psi(L) = exp(L) - I = 0 and L is invertible, so an offset c != 0
    leaves L = 0 alone in dimension 2, and rotations around c in dimension 3: exact, with w for 2 pi k.
    """
    (w,) = generic(w=(1,))[0]
    L = [[0, -w], [w, 0]]
    need(determinant(L) == w**2, "L is invertible in the plane")
    axis = direct_sum(L, [[0]])
    need(times(axis, [[0], [0], [1]]) == zero(3, 1), "c on the axis is kept: Psi(L) c = c")


@check("E4", "letters")
def aliases() -> None:
    """Proposition 6: with E(l) - E(l') = Q/sqrt(D) on a pair with t = l + l', D = (l - l')^2, Q commutes with M and Q^2 is D
    times the projector E(l) + E(l'), so R = i (E(l) - E(l')) has R^3 = -R: M generic of size 2, and the companion of (x^2 - t x
    + d)(x - a).
    """
    (M,) = generic(M=(2, 2))
    trace = M[0][0] + M[1][1]
    Q = minus(scaled(2, M), scaled(trace, identity(2)))
    need(times(Q, Q) == scaled(trace**2 - 4 * determinant(M), identity(2)), "n = 2")
    t, d, a = (letter[0] for letter in generic(t=(1,), d=(1,), a=(1,)))
    C, one = companion([-a * d, d + a * t, -t - a, 1]), identity(3)
    value = a * a - t * a + d  # (x - a)(t - a - x) = value modulo x^2 - t x + d
    E = times(minus(C, scaled(a, one)), minus(scaled(t - a, one), C))
    need(times(E, E) == scaled(value, E), "E/value is a projector")
    Q = times(E, minus(scaled(2, C), scaled(t, one)))
    need(times(Q, Q) == scaled((t * t - 4 * d) * value, E), "Q^2 = D on the pair")
    need(times(Q, C) == times(C, Q), "Q commutes with M")


@check("E4", "exact")
def complex_blocks() -> None:
    """Proposition 7 (i): a quadratic factor without real roots has two blocks iff (chi/f)(M) = 0: 12 random M of size 4 and 5."""
    rng = random.Random(8)
    rotation = [[1, -2], [2, 1]]  # x^2 - 2x + 5
    coupled = plus(kronecker(identity(2), rotation), kronecker(jordan_block(0, 2), identity(2)))
    for trial in range(12):
        rest = [[[3]]] * (trial % 2)
        two = trial % 4 < 2
        M = conjugated(rng, direct_sum(*([rotation, rotation] if two else [coupled]), *rest))
        reduced = polynomial_at([5, -2, 1], M.tolist())
        for block in rest:
            reduced = times(reduced, minus(M.tolist(), scaled(block[0][0], identity(5))))
        need((fmpq_mat(reduced) == fmpq_mat(M.nrows(), M.nrows())) == two, f"instance {trial}")
