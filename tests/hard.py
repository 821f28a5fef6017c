"""Matrices that are hard on purpose, with their Jordan structure known by construction.

A matrix is P J P^{-1} with an integer P of determinant 1 and J a direct sum of blocks: Jordan blocks of rational eigenvalues
(0, 1, near-misses by 1e-30, negative ones alone and in pairs) and blocks of irreducible factors of degree 2 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy as sp
from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

import symplrnn as sr

NEAR = Fraction(1, 10**30)
POSITIVE = [Fraction(1), 1 + NEAR, 1 - NEAR, Fraction(1, 2), Fraction(2), Fraction(1, 100), Fraction(3, 7), Fraction(4)]
NEGATIVE = [Fraction(-1, 4), Fraction(-1), Fraction(-2), -NEAR]
# Irreducible, with signs that alternate, so without a root in (-inf, 0]; constant term first.
FACTORS = [
    (Fraction(1, 2), -1, 1),  # (1 +- i)/2
    (1, Fraction(-6, 5), 1),  # on the unit circle, no root of unity
    (1, -3, 1),  # two real roots, reciprocal
    (2, -4, 1),
    (-1, 1, -2, 1),
    (-2, 5, -5, 1),
    (3, -2, 3, -1, 1),
]


@dataclass(frozen=True)
class Block:
    """A Jordan block: the minimal polynomial of its eigenvalues (constant term first) and its size."""

    factor: tuple[Fraction, ...]
    size: int

    @property
    def eigenvalue(self) -> Fraction | None:
        return -self.factor[0] if len(self.factor) == 2 else None

    @property
    def dimension(self) -> int:
        return self.size * (len(self.factor) - 1)

    def rows(self) -> list[list[Fraction]]:
        """Companion blocks on the diagonal, identities above."""
        d, n = len(self.factor) - 1, self.dimension
        rows = [[Fraction(0)] * n for _ in range(n)]
        for k in range(self.size):
            for i in range(d):
                rows[k * d + i][k * d + d - 1] = -Fraction(self.factor[i])
                if i:
                    rows[k * d + i][k * d + i - 1] = Fraction(1)
                if k + 1 < self.size:
                    rows[k * d + i][(k + 1) * d + i] = Fraction(1)
        return rows


@dataclass(frozen=True)
class Hard:
    """A matrix with its blocks, and an offset."""

    matrix: fmpq_mat
    offset: tuple[Fraction, ...]
    blocks: tuple[Block, ...]

    @property
    def n(self) -> int:
        return self.matrix.nrows()

    @property
    def network(self) -> sr.ReLURNN:
        return sr.ReLURNN(self.matrix, [[] for _ in range(self.n)], self.offset, V=[])

    @property
    def region(self) -> sr.Region:
        return self.network.region("")

    def sizes(self, eigenvalue: Fraction) -> list[int]:
        return sorted((b.size for b in self.blocks if b.eigenvalue == eigenvalue), reverse=True)

    @property
    def sympy(self) -> sp.Matrix:
        return sp.Matrix(self.region.matrix)


def linear(value: Fraction) -> tuple[Fraction, ...]:
    return (-Fraction(value), Fraction(1))


# Irreducible, with negative roots: one of two, both, one of three, three of three, one of four.
TURNING = [(-2, 0, 1), (1, 3, 1), (1, -3, 0, 1), (1, 6, 5, 1), (-3, 0, 0, 1, 1)]


def _block_strategy(eigenvalues: list[Fraction], factors: list[tuple], longest: int) -> st.SearchStrategy[Block]:
    sizes = st.integers(1, 3) if longest <= 3 else st.one_of(st.integers(1, 3), st.integers(4, longest))
    rational = st.builds(Block, st.sampled_from(eigenvalues).map(linear), sizes)
    beyond = st.builds(Block, st.sampled_from([tuple(map(Fraction, f)) for f in factors]), st.integers(1, 2))
    return st.one_of(rational, rational, beyond)


@st.composite
def hard_matrices(
    draw: st.DrawFn,
    eigenvalues: list[Fraction],
    max_n: int = 6,
    conjugate: bool = True,
    factors: list[tuple] = FACTORS,
    longest: int = 3,
) -> Hard:
    """Draw a matrix whose rational eigenvalues are among the given ones, and other eigenvalues roots of the given factors.

    Jordan blocks of rational eigenvalues have sizes up to ``longest``.
    """
    blocks: list[Block] = []
    palette = draw(st.lists(st.sampled_from(eigenvalues), min_size=1, max_size=3))  # few, so that eigenvalues repeat
    strategy = _block_strategy(palette, factors, longest)
    for block in draw(st.lists(strategy, min_size=draw(st.integers(1, min(4, max_n))), max_size=max_n)):
        if sum(b.dimension for b in blocks) + block.dimension <= max_n:
            blocks.append(block)
    if not blocks:
        blocks = [Block(linear(palette[0]), 1)]
    n = sum(b.dimension for b in blocks)
    J, at = [[Fraction(0)] * n for _ in range(n)], 0
    for block in blocks:
        for i, row in enumerate(block.rows()):
            J[at + i][at : at + block.dimension] = row
        at += block.dimension
    matrix = fmpq_mat([[fmpq(x.numerator, x.denominator) for x in row] for row in J])
    identity = [[int(i == j) for j in range(n)] for i in range(n)]
    P = fmpq_mat(identity)
    moves = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.sampled_from([-2, -1, 1, 2]))
    for i, j, factor in draw(st.lists(moves, max_size=4)) if conjugate else []:
        if i != j:
            step = [row[:] for row in identity]
            step[i][j] = factor
            P = P * fmpq_mat(step)
    small = st.fractions(min_value=-3, max_value=3, max_denominator=7)
    offset = tuple(draw(st.lists(small, min_size=n, max_size=n)))
    return Hard(P * matrix * P.inv(), offset, tuple(blocks))


principal = hard_matrices(POSITIVE)
with_long_chains = hard_matrices(POSITIVE, max_n=8, longest=7)
anything = hard_matrices([*POSITIVE, *NEGATIVE, *NEGATIVE, Fraction(0), Fraction(0), Fraction(0)])
turning = hard_matrices(
    [*NEGATIVE, *NEGATIVE, Fraction(1), Fraction(2), Fraction(0)], max_n=7, factors=[*TURNING, *TURNING, *FACTORS[:3]]
)
