"""Jordan chains of a negative eigenvalue with letters, in pairs that turn into each other: the fewest extra coordinates.

Let l be a rational function of the letters, a negative eigenvalue of the augmented matrix M^ on a part of the parameter space, P
the projector onto its generalised eigenspace and N = (M^ - l) P. On the range of P chains g, N g, ..., N^(m-1) g are split off
one after another, the longest first:

    length     N^(m-1) P != 0, N^m P = 0
    generator  an entry (i, j) of N^(m-1) P that is not 0 gives g = P[:, j] and the linear form P[i, :]
    rest       P - [g, N g, ...] [coordinates on them]

(`symplrnn.exact.cyclic` over Q); here each choice is a condition on the letters. A chain a_k = N^k g of length m and the next
one, of length m - q, make a pair with q extra coordinates, as with numbers (`symplrnn.logarithm.half_turns.pair_blocks`).

Reference: docs/theory, section 3, E3 and E5; proofs/lift.md for the smallest number; proofs/beyond.md, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import sympy as sp

from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, nonzero, zero
from symplrnn.eigenvalues.parts import Part
from symplrnn.exact.coupling import block
from symplrnn.exact.cyclic import krylov_vectors
from symplrnn.exact.extra_coordinates import in_pairs
from symplrnn.exact.fields.field import Field
from symplrnn.logarithm.half_turns import pair_blocks

__all__ = ["Chain", "ChainPairs", "OnPart", "Points", "chain_pairs", "pair_up", "vanishes"]


class Points(Protocol):
    """A set of points at which elements of a field have values; ``n`` is the number of states."""

    @property
    def field(self) -> Field:
        """The field."""

    @property
    def n(self) -> int:
        """The number of states."""

    def zero(self, element: Any) -> Formula:
        """Return where an element is 0 at all points."""

    def nonzero(self, element: Any) -> Formula:
        """Return where an element is 0 at no point."""


@dataclass(frozen=True, eq=False)
class OnPart:
    """The points of a part of the parameter space."""

    part: Part

    @property
    def field(self) -> Field:
        """The field of the part."""
        return self.part.field

    @property
    def n(self) -> int:
        """The number of states."""
        return int(self.part.M.nrows())

    def zero(self, element: Any) -> Formula:
        """Return where an element is 0."""
        return zero(self.part.expand(self.field.to_sympy(element)))

    def nonzero(self, element: Any) -> Formula:
        """Return where an element is not 0."""
        return nonzero(self.part.expand(self.field.to_sympy(element)))


@dataclass(frozen=True, eq=False)
class Chain:
    """Vectors g, N g, ..., as columns (N, m), and the rows (m, N) that give the coordinates on them."""

    vectors: Any
    coordinates: Any

    @property
    def length(self) -> int:
        """Number of vectors."""
        return int(self.vectors.ncols())

    def within(self, K: Field, size: int) -> tuple[list[Any], list[Any]]:
        """Return the columns and the rows with zeros for further coordinates."""
        zeros = [K.element(0)] * (size - self.vectors.nrows())
        columns = [K.fill(size, 1, [*column, *zeros]) for column in zip(*self.vectors.tolist(), strict=True)]
        return columns, [K.fill(1, size, [*row, *zeros]) for row in self.coordinates.tolist()]


@dataclass(frozen=True, eq=False)
class ChainPairs:
    """The half turns of one negative root l of a term, with extra coordinates.

    Attributes
    ----------
    term : int
        Index of the term.
    extra : int
    columns : tuple of matrices (N + extra, extra) over K
        (N/l)^j on the extra coordinates, j = 0, 1, ...
    turns : tuple of matrices (N + extra, N + extra) over K
        (N/l)^j K, j = 0, 1, ...
    index, count : int
        Which of the negative roots of the term l is, and how many there are.
    letter, field : symbol, field
        Of a term of degree 2 and more: the letter that stands for l, and K with it.
    """

    term: int
    extra: int
    columns: tuple[Any, ...]
    turns: tuple[Any, ...]
    index: int = 0
    count: int = 1
    letter: sp.Symbol | None = None
    field: Field | None = None


def vanishes(points: Points, matrix: Any) -> Formula:
    """Return where a matrix is 0."""
    return all_formulas(points.zero(x) for x in matrix.entries())


def chain_pairs(points: Points, l: Any, P: Any, N: Any, rank: int, term: int) -> Iterator[tuple[Formula, ChainPairs]]:  # noqa: E741
    """Yield the half turns for the chains that N can have on the range of P, of dimension ``rank``, with their conditions.

    The conditions exclude each other, and one of them holds if the elements that occur are 0 at all points or at none.
    """
    for condition, chains in _decompositions(points, P, N, rank, rank):
        yield condition, pair_up(points.field, l, chains, term)


def _decompositions(points: Points, P: Any, N: Any, rank: int, longest: int) -> Iterator[tuple[Formula, list[Chain]]]:
    """Yield chains that span the range of P, none longer than ``longest``, with conditions that exclude each other."""
    if not rank:
        yield ALWAYS, []
        return
    socle, exists = P, ALWAYS
    for length in range(1, min(rank, longest) + 1):
        image = N * socle
        ends = ALWAYS if length == rank else vanishes(points, image)
        here = exists & ends
        if not here.is_false:
            # P P = P on the part, though perhaps not in K: with P in front these are the numbers that the chain is divided by.
            for where, i, j in _pivots(points, P * socle, diagonal=rank == 1):
                if (here & where).is_false:
                    continue
                chain = _chain(points.field, P, N, i, j, length)
                rest = P - chain.vectors * chain.coordinates
                for further, chains in _decompositions(points, rest, N, rank - length, length):
                    condition = here & where & further
                    if not condition.is_false:
                        yield condition, [chain, *chains]
        socle, exists = image, exists & ~ends


def _pivots(points: Points, socle: Any, diagonal: bool) -> Iterator[tuple[Formula, int, int]]:
    """Yield entries of a matrix that is not 0, each where it is the first that is not 0; of a projector of rank 1, diagonal ones.

    The trace of such a projector is 1.
    """
    K, n = points.field, points.n
    places = [(i, j) for j in range(n) for i in range(n) if i == j or not diagonal]
    listed = [(socle[i, j], i, j) for i, j in places if not K.is_zero(socle[i, j])]
    entries = [(points.nonzero(x), i, j) for x, i, j in listed]
    certain = [entry for entry in entries if entry[0].is_true]
    rest = ALWAYS
    for where, i, j in certain[:1] or entries:
        condition = rest & where
        rest = rest & ~where
        if not condition.is_false:
            yield condition, i, j


def _chain(K: Field, P: Any, N: Any, i: int, j: int, length: int) -> Chain:
    """Return the chain of the generator P[:, j], with coordinates by the form P[i, :]."""
    vectors, forms = krylov_vectors(K, N, P, (i, j), length)
    numbers = forms * vectors
    # entry (a, b) is the form on N^(a+b) g, which is 0 on the part from a + b = length on, though perhaps not in K
    kept = [numbers[a, b] if a + b < length else K.element(0) for a in range(length) for b in range(length)]
    return Chain(vectors, K.solve(K.fill(length, length, kept), forms))


def pair_up(K: Field, l: Any, chains: list[Chain], term: int) -> ChainPairs:  # noqa: E741
    """Return the half turns of chains, longest first."""
    pairs = in_pairs(chains, lambda chain: chain.length)
    extra, n, longest = sum(each for _, _, each in pairs), chains[0].vectors.nrows(), chains[0].length
    size, place, scales = n + extra, n, [K.element(1)]
    while len(scales) < longest:
        scales.append(scales[-1] / l)
    sums = [[K.fill(size, size, [K.element(0)] * size**2)] * longest for _ in range(2)]
    for first, second, own in pairs:

        def unit(k: int, row: bool, place: int = place) -> Any:
            return K.fill(1 if row else size, size if row else 1, [K.element(int(i == place + k)) for i in range(size)])

        for part in pair_blocks(first.within(K, size), second.within(K, size) if second else ([], []), unit):
            sums[part.turns][part.order] = sums[part.turns][part.order] + part.matrix * scales[part.order]
        place += own
    columns = (block(K, total, range(size), range(n, size)) for total in sums[False])
    return ChainPairs(term, extra, tuple(columns), tuple(sums[True]))
