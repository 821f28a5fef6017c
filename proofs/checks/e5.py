"""E5, the smallest lift: proofs/lift.md."""

from __future__ import annotations

import random
from functools import cache

from flint import fmpq, fmpq_mat, fmpq_poly

from proofs.checks.tools import (
    blocks_at,
    check,
    conjugated,
    determinant,
    direct_sum,
    generic,
    identity,
    jordan_block,
    need,
    partitions,
    random_matrix,
    sub,
    times,
)


def delta(sizes: tuple[int, ...]) -> int:
    """Return (m_1 - m_2) + (m_3 - m_4) + ..."""
    return sum(sizes[::2]) - sum(sizes[1::2])


def paired(sizes: tuple[int, ...]) -> bool:
    """Return whether each size occurs an even number of times."""
    return all(sizes.count(m) % 2 == 0 for m in sizes)


def longer(sizes: tuple[int, ...]) -> set[tuple[int, ...]]:
    """Return what becomes of blocks when one is made longer by one, or a new one starts."""
    every = [*(tuple(m + (k == at) for k, m in enumerate(sizes)) for at in range(len(sizes))), (*sizes, 1)]
    return {tuple(sorted(found, reverse=True)) for found in every}


@cache
def fewest_steps(sizes: tuple[int, ...]) -> int:
    """Return the fewest steps to paired sizes, by breadth-first search."""
    reached, steps = {sizes}, 0
    while not any(map(paired, reached)):
        reached, steps = {other for found in reached for other in longer(found)}, steps + 1
    return steps


@check("E5", "exact")
def fewest_unit_steps() -> None:
    """Lemma 3: delta changes by 1 in each step, and the fewest steps to paired sizes, by exhaustive search, are delta: all
    partitions up to 9.
    """
    for total in range(10):
        for sizes in partitions(total):
            need(fewest_steps(sizes) == delta(sizes), f"{sizes}")
            need(all(abs(delta(other) - delta(sizes)) == 1 for other in longer(sizes)), f"steps from {sizes}")


def row_basis(rows: list[list[fmpq]]) -> list[list[fmpq]]:
    """Return a basis of the span of some rows."""
    reduced, rank = fmpq_mat(rows).rref()
    return [list(row) for row in reduced.tolist()[:rank]]


@check("E5", "exact")
def inside_the_larger_map() -> None:
    """Lemma 1: where G P^k E = F^k for all k, P on U/K is similar to F, U the sum of the images of P^k E, K the part of U that
    no G P^k sees: 20 random P of dimension 5 to 9 with random U and K, F of dimension 3 and 4 with a block of size 2.
    """
    rng, f = random.Random(26), fmpq_poly([1, 2])
    for trial in range(20):
        n, hidden, unreached = 3 + trial % 2, 1 + trial % 3, 1 + trial % 2
        total = n + hidden + unreached
        F = conjugated(rng, direct_sum(jordan_block(fmpq(-1, 2), 2), *[[[fmpq(k)]] for k in range(1, n - 1)]))
        big = random_matrix(rng, total).tolist()  # block triangular: hidden, F, unreached
        for i in range(total):
            for j in range(total):
                if hidden <= i < hidden + n and hidden <= j < hidden + n:
                    big[i][j] = F[i - hidden, j - hidden]
                elif (i >= hidden and j < hidden) or (i >= hidden + n and j < hidden + n):
                    big[i][j] = fmpq(0)
        T = conjugated(rng, direct_sum(*([[[k + 1]] for k in range(total)])))
        start = fmpq_mat([*random_matrix(rng, hidden, n).tolist(), *identity(n), *[[0] * n] * unreached])
        seen_too = random_matrix(rng, n, unreached).tolist()
        read = fmpq_mat([[fmpq(0)] * hidden + [fmpq(int(i == j)) for j in range(n)] + seen_too[i] for i in range(n)])
        P, E, G = T * fmpq_mat(big) * T.inv(), T * start, read * T.inv()
        images, views = [], []
        image, view, Fk = E, G, fmpq_mat(identity(n))
        for _ in range(total + 1):
            need(G * image == Fk, "G P^k E = F^k")
            images += image.transpose().tolist()
            views += view.tolist()
            image, view, Fk = P * image, view * P, F * Fk
        U = row_basis(images)
        # on U: coordinates in its basis; K is what all views annihilate, U/K what they see
        seen = row_basis([list(row) for row in (fmpq_mat(views) * fmpq_mat(U).transpose()).tolist()])
        need(len(seen) == n, "U/K has the dimension of F")
        # the rows of seen are coordinates of U/K: seen u -> seen (P u)
        left = fmpq_mat(seen)
        basis = fmpq_mat(U).transpose()
        onto = (left * left.transpose()).inv() * left  # a right inverse of seen, transposed
        quotient = left * coordinates(basis, P * basis * onto.transpose())
        need(quotient.charpoly() == F.charpoly() and blocks_at(quotient, f) == (2,), "similar to F")


def coordinates(basis: fmpq_mat, columns: fmpq_mat) -> fmpq_mat:
    """Return the coordinates of some columns in a basis of a space that has them."""
    square = basis.transpose() * basis
    return square.inv() * basis.transpose() * columns


@check("E5", "exact")
def one_dimension_less() -> None:
    """Lemma 2: on an invariant hyperplane, and on the quotient by an invariant line, one Jordan block is shorter by one and the
    others are as before: all partitions up to 6, three random hyperplanes and lines each.
    """
    rng, x = random.Random(9), fmpq_poly([0, 1])
    for total in range(2, 7):
        for sizes in partitions(total):
            N = direct_sum(*(jordan_block(0, m) for m in sizes))
            ends = [sum(sizes[: k + 1]) - 1 for k in range(len(sizes))]
            for _ in range(3):
                w = [fmpq(0)] * total  # a row with w N = 0
                v = [fmpq(0)] * total  # a column with N v = 0
                for end, m in zip(ends, sizes, strict=True):
                    w[end], v[end - m + 1] = fmpq(rng.randint(0, 2)), fmpq(rng.randint(-1, 2))
                w[ends[0]] = v[ends[-1] - sizes[-1] + 1] = fmpq(1)
                p = ends[0]
                others = [j for j in range(total) if j != p]
                # ker w has the basis e_j - w_j e_p, j != p
                basis = [[-w[j] if i == p else fmpq(int(i == j)) for j in others] for i in range(total)]
                found = blocks_at(fmpq_mat(sub(times(N, basis), others, range(total - 1))), x)
                need(times([w], N) == [[0] * total] and sizes in longer(found), f"hyperplane: {sizes} from {found}")
                p = ends[-1] - sizes[-1] + 1
                others = [j for j in range(total) if j != p]
                # modulo v, e_p is - sum v_i e_i
                found = blocks_at(fmpq_mat([[N[i][j] - N[p][j] * v[i] for j in others] for i in others]), x)
                need(times(N, [[a] for a in v]) == [[0]] * total and sizes in longer(found), f"line: {sizes} from {found}")


@check("E5", "exact")
def lengthened_matrices() -> None:
    """The theorem's M' = [[M, A], [0, D]] has paired blocks, and delta(M) more rows than M; M'^k (z, 0) = (M^k z, 0): all block
    sizes up to 5 at -1/2 beside blocks at -2 and 3, in a random basis.
    """
    rng, half = random.Random(10), fmpq(-1, 2)
    for total in range(1, 6):
        for sizes in partitions(total):
            rest = direct_sum([[-2]], jordan_block(3, 2))
            J = direct_sum(*(jordan_block(half, m) for m in sizes), rest)
            # the states are the first vectors of the longer blocks, the extra coordinates their last ones
            even = [*sizes, 0] if len(sizes) % 2 else list(sizes)
            target = [max(even[k - k % 2 : k - k % 2 + 2]) for k in range(len(even))]
            long = direct_sum(*(jordan_block(half, m) for m in target), jordan_block(-2, 1), [[-2]], jordan_block(3, 2))
            states: list[int] = []
            extra: list[int] = []
            at = 0
            for old, new in zip(even, target, strict=True):
                states += range(at, at + old)
                extra += range(at + old, at + new)
                at += new
            states, extra = [*states, at, at + 2, at + 3], [*extra, at + 1]
            n = len(states)
            need(len(extra) == delta(sizes) + 1 and sub(long, states) == J, f"{sizes}: the states")
            need(not any(x for row in sub(long, extra, states) for x in row), f"{sizes}: the states are invariant")
            P = random_matrix(rng, n, size=2, denominator=1)
            while P.det() == 0:
                P = random_matrix(rng, n, size=2, denominator=1)
            basis = direct_sum(P.tolist(), identity(len(extra)))
            lifted = fmpq_mat(basis) * fmpq_mat(sub(long, [*states, *extra])) * fmpq_mat(basis).inv()
            need(
                paired(blocks_at(lifted, fmpq_poly([1, 2]))) and paired(blocks_at(lifted, fmpq_poly([2, 1]))), f"{sizes}: paired"
            )
            M, z = P * fmpq_mat(J) * P.inv(), random_matrix(rng, n, 1)
            state = fmpq_mat([*z.tolist(), *[[0]] * len(extra)])
            for _ in range(4):
                z, state = M * z, lifted * state
                need(state.tolist() == [*z.tolist(), *[[0]] * len(extra)], f"{sizes}: grid times")


@check("E5", "letters")
def half_turn_of_one_unit() -> None:
    """M = -a, a > 0, is lifted by X = [[log a, -pi], [pi, log a]]: exp(t X) = a^t (cos(pi t) I + sin(pi t) K) solves E' = X E,
    with letters for log a, cos, sin, a^t and pi, and maps (z, 0) to (-a z, 0) at t = 1.
    """
    log, c, s, g, pi = (letter[0] for letter in generic(l=(1,), c=(1,), s=(1,), g=(1,), p=(1,)))
    X, E = [[log, -pi], [pi, log]], [[g * c, -g * s], [g * s, g * c]]
    # g' = log g, c' = -pi s, s' = pi c
    derivative = [[log * g * c - pi * g * s, -log * g * s - pi * g * c], [log * g * s + pi * g * c, log * g * c - pi * g * s]]
    need(times(X, E) == derivative, "E' = X E")
    at_one = [[entry.subs([(c, -1), (s, 0)]) for entry in row] for row in E]
    need([row[0] for row in at_one] == [-g, 0], "t = 1")


@check("E5", "letters")
def liouville() -> None:
    """Liouville: the derivative of det Z along Z' = X Z is tr(X) det Z, X and Z generic, n = 1, 2, 3; so a flow keeps det > 0."""
    for n in (1, 2, 3):
        X, Z = generic(X=(n, n), Z=(n, n))
        det, velocity = determinant(Z), times(X, Z)
        derivative = sum(det.diff(Z[i][j]) * velocity[i][j] for i in range(n) for j in range(n))
        need(derivative == sum(X[i][i] for i in range(n)) * det, f"n = {n}")
