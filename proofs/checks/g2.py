"""G2, sufficient conditions and the recursion: proofs/global.md, section 3."""

from __future__ import annotations

import random

from flint import fmpq, fmpq_mat

from proofs.checks.tools import check, determinant, generic, identity, need, random_matrix, sub, subsets, times, transposed


def p_matrix(B: fmpq_mat) -> bool:
    """Return whether all principal minors are positive, each by itself."""
    return all(fmpq_mat(sub(B.tolist(), on)).det() > 0 for on in subsets(B.nrows()) if on)


def dominant(B: fmpq_mat, x: list[fmpq]) -> bool:
    """Return whether b_ii x_i > sum |b_ij| x_j."""
    n = B.nrows()
    return all(B[i, i] * x[i] > sum((abs(B[i, j]) * x[j] for j in range(n) if j != i), fmpq(0)) for i in range(n))


@check("G2", "letters")
def schur_complements() -> None:
    """Proposition 4: det B[1 and beta] b_11^(|beta| - 1) = det of b_11 B' - b_21 b_12 on beta, all sets beta of the other
    units, B generic, n = 2, 3, 4.
    """
    for n in (2, 3, 4):
        (B,) = generic(B=(n, n))
        for beta in subsets(n - 1):
            units = [i + 1 for i in beta]
            complement = [[B[0][0] * B[i][j] - B[i][0] * B[0][j] for j in units] for i in units]
            if units:
                need(
                    determinant(sub(B, [0, *units])) * B[0][0] ** (len(units) - 1) == determinant(complement), f"n = {n}, {units}"
                )


@check("G2", "letters")
def symmetric_parts() -> None:
    """2 x^T B x = x^T (B + B^T) x, and det(B X) = det B times the product of x, B and x generic, n = 1, 2, 3, 4."""
    for n in (1, 2, 3, 4):
        B, x = generic(B=(n, n), x=(n, 1))
        symmetric = [[B[i][j] + B[j][i] for j in range(n)] for i in range(n)]
        row = transposed(x)
        need(2 * times(row, B, x)[0][0] == times(row, symmetric, x)[0][0], f"the form, n = {n}")
        product = x[0][0]
        for i in range(1, n):
            product *= x[i][0]
        need(
            determinant([[B[i][j] * x[j][0] for j in range(n)] for i in range(n)]) == determinant(B) * product,
            f"scaling, n = {n}",
        )


@check("G2", "exact")
def dominance() -> None:
    """If x > 0 makes B dominant, all minors are positive and the comparison matrix has an inverse >= 0; if it has, x = C^-1 1
    makes B dominant: 300 random B with positive diagonal, n = 2 to 6.
    """
    rng, answers = random.Random(15), {True: 0, False: 0}
    for k in range(300):
        n = 2 + k % 5
        B = random_matrix(rng, n, size=3)
        for i in range(n):
            B[i, i] = fmpq(rng.randint(1, 3 * n), rng.randint(1, 2))
        C = fmpq_mat([[B[i, j] if i == j else -abs(B[i, j]) for j in range(n)] for i in range(n)])
        if C.det() == 0:
            continue
        inverse = C.inv()
        monotone = all(entry >= 0 for entry in inverse.entries())
        x = inverse * fmpq_mat(n, 1, [1] * n)
        scaling = [x[i, 0] for i in range(n)]
        need(monotone == (all(value > 0 for value in scaling) and dominant(B, scaling)), "1 iff 2")
        need(not monotone or p_matrix(B), "1 implies P")
        answers[monotone] += 1
    need(min(answers.values()) > 50, f"both answers: {answers}")


@check("G2", "exact")
def definite_parts() -> None:
    """B + B^T is positive definite iff L^-1 (B + B^T) L^-T is diagonal and positive, and then all minors of B are positive: 200
    random B, n = 2 to 5.
    """
    rng, answers = random.Random(16), {True: 0, False: 0}
    for k in range(200):
        n = 2 + k % 4
        R, K = random_matrix(rng, n, size=3), random_matrix(rng, n)
        B = R * R.transpose() * fmpq(1, 2) + (K - K.transpose()) - fmpq_mat(identity(n)) * fmpq(k % 3, 2)
        S, T = B + B.transpose(), fmpq_mat(identity(n))
        for j in range(n):  # elimination without exchanges, T S T^T
            D = T * S * T.transpose()
            if D[j, j] == 0:
                break
            step = fmpq_mat(identity(n))
            for i in range(j + 1, n):
                step[i, j] = -D[i, j] / D[j, j]
            T = step * T
        D = T * S * T.transpose()
        diagonal = all(D[i, j] == 0 for i in range(n) for j in range(n) if i != j)
        definite = all(fmpq_mat(sub(S.tolist(), range(m))).det() > 0 for m in range(1, n + 1))
        need(definite == (diagonal and all(D[i, i] > 0 for i in range(n))), "the criterion")
        need(all(T[i, i] == 1 and all(T[i, j] == 0 for j in range(i + 1, n)) for i in range(n)), "T is lower triangular")
        need(not definite or p_matrix(B), "definite implies P")
        answers[definite] += 1
    need(min(answers.values()) > 40, f"both answers: {answers}")


def by_recursion(B: fmpq_mat) -> bool:
    """Return whether B is a P-matrix by Proposition 4."""
    n = B.nrows()
    if n == 0:
        return True
    if B[0, 0] <= 0:
        return False
    rest = range(1, n)
    without = fmpq_mat(n - 1, n - 1, [B[i, j] for i in rest for j in rest])
    complement = fmpq_mat(n - 1, n - 1, [B[i, j] - B[i, 0] * B[0, j] / B[0, 0] for i in rest for j in rest])
    return by_recursion(without) and by_recursion(complement)


@check("G2", "exact")
def recursion() -> None:
    """The recursion agrees with all minors: 300 random B, n = 2 to 6, a third of them with one minor made 0."""
    rng, answers = random.Random(17), {True: 0, False: 0}
    for k in range(300):
        n = 2 + k % 5
        B = random_matrix(rng, n, size=2) + fmpq_mat(identity(n)) * rng.randint(1, 5)
        if k % 3 == 0 and B[0, 0] != 0 and B[0, 1] != 0:
            B[1, 0] = B[0, 0] * B[1, 1] / B[0, 1]
        found = p_matrix(B)
        need(by_recursion(B) == found, f"instance {k}")
        answers[found] += 1
    need(min(answers.values()) > 40, f"both answers: {answers}")
