"""G1, every region at once: proofs/global.md, sections 1 and 2."""

from __future__ import annotations

import random
from itertools import product

from flint import fmpq, fmpq_mat

from proofs.checks.tools import (
    check,
    determinant,
    generic,
    identity,
    need,
    plus,
    random_matrix,
    real_roots_between,
    scaled,
    sub,
    subsets,
)


@check("G1", "letters")
def spectra_of_regions() -> None:
    """Lemma 1: det(x - M_d) is det(x - B[on]) times the product of x - a_j over the units that are off: all regions, A, W and x
    generic, n = 1, 2, 3, 4.
    """
    for n in (1, 2, 3, 4):
        a, W, x = generic(a=(n,), W=(n, n), x=(1,))
        for on in subsets(n):
            M = [[W[i][j] * (j in on) + a[i] * (i == j) for j in range(n)] for i in range(n)]
            B = [[W[i][j] + a[i] * (i == j) for j in on] for i in on]
            rest = 1 + 0 * x[0]
            for j in set(range(n)) - set(on):
                rest *= x[0] - a[j]
            left = determinant(plus(scaled(x[0], identity(n)), scaled(-1, M)))
            core = determinant(plus(scaled(x[0], identity(len(on))), scaled(-1, B))) if on else 1
            need(left == core * rest, f"n = {n}, on = {on}")


@check("G1", "letters")
def minors_of_a_sum() -> None:
    """Lemma 2: det(B + diag(t)) is the sum of det B[rest] times the product of the t_i over all sets of units: B and t generic,
    n = 1 to 4; with t_i = x it has the sums of principal minors as its coefficients.
    """
    for n in (1, 2, 3, 4):
        B, t, x = generic(B=(n, n), t=(n,), x=(1,))
        total = coefficients = 0 * x[0]
        for chosen in subsets(n):
            minor = determinant(sub(B, [i for i in range(n) if i not in chosen]))
            term = minor + 0 * x[0]
            for i in chosen:
                term *= t[i]
            total += term
            coefficients += minor * x[0] ** len(chosen)
        need(determinant(plus(B, [[t[i] * (i == j) for j in range(n)] for i in range(n)])) == total, f"n = {n}")
        need(determinant(plus(B, scaled(x[0], identity(n)))) == coefficients, f"coefficients, n = {n}")


@check("G1", "letters")
def one_sign() -> None:
    """(c) => (d): (z+ - w+)(z- - w-) = - z+ w- - w+ z- where z+ z- = w+ w- = 0; (d) => (c): the determinants of neighbouring
    regions are the values at their columns i of one linear form that vanishes on the other columns, A and W generic, n = 1, 2,
    3.
    """
    p, m, q, o = (letter[0] for letter in generic(p=(1,), m=(1,), q=(1,), o=(1,)))
    need((p - q) * (m - o) - p * m - q * o == -p * o - q * m, "one coordinate")
    for n in (1, 2, 3):
        a, W, y = generic(a=(n,), W=(n, n), y=(n,))
        for pattern in product((0, 1), repeat=n):
            for i in range(n):
                M = [[W[r][c] * pattern[c] + a[r] * (r == c) for c in range(n)] for r in range(n)]
                with_y = [[y[r] if c == i else M[r][c] for c in range(n)] for r in range(n)]
                form = determinant(with_y)
                for c in range(n):
                    value = form.compose([(y[r], M[r][c] + 0 * y[r]) for r in range(n)])
                    need(value == (determinant(M) if c == i else 0), f"n = {n}, column {c}")


def matrices(rng: random.Random, count: int) -> list[tuple[fmpq_mat, list[fmpq]]]:
    """Return random B = A + W with A > 0, n = 1 to 4."""
    found = []
    for k in range(count):
        n = 1 + k % 4
        a = [fmpq(rng.randint(1, 5), rng.randint(1, 3)) for _ in range(n)]
        found.append(
            (random_matrix(rng, n, size=3) * fmpq(1, 2) + fmpq_mat([[a[i] * (i == j) for j in range(n)] for i in range(n)]), a)
        )
    return found


def region(B: fmpq_mat, a: list[fmpq], on: tuple[int, ...]) -> fmpq_mat:
    """Return M_d."""
    n = B.nrows()
    return fmpq_mat([[B[i, j] if j in on else a[i] * (i == j) for j in range(n)] for i in range(n)])


@check("G1", "exact")
def equivalences() -> None:
    """(a), (c) and (d) agree, and (b) fails with them by a determinant that is not positive: 200 random networks of 1 to 4
    units; roots by isolation in all regions; preimages, by all orthants, of points near each face of each region: one each iff
    (c).
    """
    rng, answers = random.Random(13), {True: 0, False: 0}
    for B, a in matrices(rng, 200):
        n = B.nrows()
        regions = {on: region(B, a, on) for on in subsets(n)}
        c = all(fmpq_mat(sub(B.tolist(), on)).det() > 0 for on in subsets(n) if on)
        spectra = all(real_roots_between(M.charpoly(), None, fmpq(0)) == 0 for M in regions.values())
        need(spectra == c, "(a) iff (c)")
        need(all(M.det() > 0 for M in regions.values()) == c, "(b) implies (c)")
        counts = set()
        for on, M in regions.items():
            if M.det() == 0:
                counts.add(0)  # a line in an orthant has one image: not injective
                continue
            for i in range(n):
                # the image of a point near the face of unit i, inside and outside of this orthant
                z = [fmpq(rng.randint(1, 4)) * (1 if j in on else -1) for j in range(n)]
                z[i] *= fmpq(1, 10**6)
                w = M * fmpq_mat(n, 1, z)
                counts.add(preimages(regions, w))
        need((counts == {1}) == c, f"(d) iff (c): {counts}")
        answers[c] += 1
    need(min(answers.values()) > 30, f"both answers: {answers}")


def preimages(regions: dict[tuple[int, ...], fmpq_mat], w: fmpq_mat) -> int:
    """Return the number of solutions of F(z) = w + h, none of them on a face (one region each)."""
    found = set()
    for on, M in regions.items():
        if M.det() != 0:
            z = M.inv() * w
            if all((z[i, 0] > 0) == (i in on) for i in range(z.nrows())):
                found.add(tuple(str(z[i, 0]) for i in range(z.nrows())))
    return len(found)


@check("G1", "exact")
def sign_reversal() -> None:
    """Lemma 3: of a P-matrix none of 200 random x has x_i (B x)_i <= 0 for all i; of any other B a principal submatrix has an
    eigenvalue in (-inf, 0]: 60 random B, n = 2, 3, 4.
    """
    rng = random.Random(14)
    for k in range(60):
        n = 2 + k % 3
        B = random_matrix(rng, n, size=3) * fmpq(1, 2) + fmpq_mat(identity(n)) * 2
        p_matrix = all(fmpq_mat(sub(B.tolist(), on)).det() > 0 for on in subsets(n) if on)
        reversed_sign = False
        for _ in range(200 if p_matrix else 0):
            x = random_matrix(rng, n, 1)
            y = B * x
            reversed_sign |= any(x[i, 0] != 0 for i in range(n)) and all(x[i, 0] * y[i, 0] <= 0 for i in range(n))
        need(not reversed_sign, "a P-matrix reverses no sign")
        cores = (fmpq_mat(sub(B.tolist(), on)) for on in subsets(n) if on)
        need(p_matrix != any(real_roots_between(core.charpoly(), None, fmpq(0)) for core in cores), "2 iff 1")
