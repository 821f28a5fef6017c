"""Jordan chains of a negative eigenvalue with letters, in pairs that turn into each other: the fewest extra coordinates.

Let l be a rational function of the letters, a negative eigenvalue of the augmented matrix M^ on a part of the parameter space, P
the projector onto its generalised eigenspace and N = (M^ - l) P. On the range of P chains g, N g, ..., N^(m-1) g are split off
one after another, the longest first:

    length     N^(m-1) P != 0, N^m P = 0
    generator  an entry (i, j) of N^(m-1) P that is not 0 gives g = P[:, j] and the linear form P[i, :]
    rest       P - [g, N g, ...] [coordinates on them]

(`symplrnn.exact.cyclic` over Q); here each choice is a condition on the letters. A chain a_k = N^k g of length m and the next
one, of length m - q, make a pair with b_k = N^k u, where q extra coordinates continue the second chain: b_0 ... b_(q-1) are their
unit vectors, b_k = N^(k-q) g' beyond. The half turn is K a_k = b_k, K b_k = -a_k, and

    log M^ on the pair:   log|l| + sum_j (-1)^(j-1)/j (N/l)^j + pi K
    power r:              |l|^r sum_j binomial(r, j) (N/l)^j (cos(pi r) + sin(pi r) K).

Reference: THEORY E3 and E5; proofs/lift.md for the smallest number; proofs/beyond.md, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import sympy as sp

from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, nonzero, zero
from symplrnn.eigenvalues.parts import Part
from symplrnn.exact.fields.field import Field

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
    size = P.nrows()
    columns = [K.fill(size, 1, [P[k, j] for k in range(size)])]
    rows = [K.fill(1, size, [P[i, k] for k in range(size)])]
    for _ in range(length - 1):
        columns.append(N * columns[-1])
        rows.append(rows[-1] * N)
    # entry (a, b) is the form on N^(a+b) g, which is 0 on the part from a + b = length on, though perhaps not in K
    numbers = [(rows[a + b] * columns[0])[0, 0] if a + b < length else K.element(0) for a in range(length) for b in range(length)]
    forms = K.fill(length, size, [row[0, k] for row in rows for k in range(size)])
    vectors = K.fill(size, length, [column[k, 0] for k in range(size) for column in columns])
    return Chain(vectors, K.solve(K.fill(length, length, numbers), forms))


def pair_up(K: Field, l: Any, chains: list[Chain], term: int) -> ChainPairs:  # noqa: E741
    """Return the half turns of chains, longest first: the first with the second, the third with the fourth and so on."""
    pairs = [(first, second) for first, second in zip(chains[::2], [*chains[1::2], None], strict=False)]
    extra = sum(first.length - (second.length if second else 0) for first, second in pairs)
    size, longest = chains[0].vectors.nrows() + extra, chains[0].length
    columns = [K.fill(size, extra, [K.element(0)] * (size * extra)) for _ in range(longest)]
    turns = [K.fill(size, size, [K.element(0)] * size**2) for _ in range(longest)]
    place, scales = chains[0].vectors.nrows(), [K.element(1)]
    for _ in range(longest):
        scales.append(scales[-1] / l)
    for first, second in pairs:
        a, p, b, y = _bases(K, first, second, place, size)
        for j in range(first.length):
            for k in range(first.length - j):
                turns[j] = turns[j] + (b[k + j] * p[k] - a[k + j] * y[k]) * scales[j]
                if k < first.length - (second.length if second else 0):
                    units = [K.element(int(place + k == size - extra + e)) for e in range(extra)]
                    columns[j] = columns[j] + b[k + j] * K.fill(1, extra, units) * scales[j]
        place += first.length - (second.length if second else 0)
    return ChainPairs(term, extra, tuple(columns), tuple(turns))


def _bases(K: Field, first: Chain, second: Chain | None, place: int, size: int) -> tuple[list[Any], ...]:
    """Return the vectors a_k and b_k of a pair, and the rows p_k and y_k of the coordinates on them, in all coordinates."""
    n, q = first.vectors.nrows(), first.length - (second.length if second else 0)

    def column(chain: Chain, k: int) -> Any:
        return K.fill(size, 1, [chain.vectors[i, k] if i < n else K.element(0) for i in range(size)])

    def row(chain: Chain, k: int) -> Any:
        return K.fill(1, size, [chain.coordinates[k, i] if i < n else K.element(0) for i in range(size)])

    units = [[K.element(int(i == place + k)) for i in range(size)] for k in range(q)]
    a, p = ([part(first, k) for k in range(first.length)] for part in (column, row))
    b, y = [K.fill(size, 1, unit) for unit in units], [K.fill(1, size, unit) for unit in units]
    if second:
        b += [column(second, k) for k in range(second.length)]
        y += [row(second, k) for k in range(second.length)]
    return a, p, b, y
