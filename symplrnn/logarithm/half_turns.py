"""The half turns of negative eigenvalues, and the extra coordinates that they need.

A real flow multiplies by -1 only by turning: over one step, a pair of Jordan chains of a negative eigenvalue l makes half a
turn in the planes that they span. With two chains a_1 ... a_m and b_1 ... b_m of the invertible matrix F, (F - l) a_i =
a_(i-1), the map

    K a_i = b_i,      K b_i = -a_i

is real, commutes with F and has K^2 = -I on their span, so exp(pi K) = -I there: log|l| + log(I + (F - l)/l) + pi K is a real
logarithm. Where the second chain is shorter, or missing, it is continued by extra coordinates u_1 ... u_q, with
(F^ - l) u_1 = b_(m - q) and (F^ - l) u_i = u_(i-1): the lifted matrix F^ has F in its first block, and pairs.

Chains and their coordinates come from the cyclic subspaces of the factor f of l (`symplrnn.exact.cyclic`), in the pairs that make
the number of extra coordinates smallest (`symplrnn.exact.extra_coordinates`). All of them are polynomials in l over K, with the
denominator left out: d(l) of the spectral projector, or for simple eigenvectors a multiple D(l) of it. On one pair every
function of F^ that is needed has the form

    sum_t alpha_t ((F^ - l)/l)^t  +  sum_t beta_t ((F^ - l)/l)^t K

with numbers alpha_t, beta_t: for the logarithm alpha_0 = log|l|, alpha_t = (-1)^(t-1)/t, beta_0 = pi; for the power r,
alpha_t = cos(pi r) |l|^r binomial(r, t) and beta_t = sin(pi r) |l|^r binomial(r, t).

Reference: docs/theory, section 3, E3 and E5; W. J. Culver, Proc. AMS 17 (1966) 1146-1151; the number of extra coordinates:
proofs/lift.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import comb
from typing import Any

from flint import arb, fmpq

from symplrnn import limits, views
from symplrnn.exact.balls import endpoints
from symplrnn.exact.cyclic import CyclicSubspace, cyclic_subspaces
from symplrnn.exact.extra_coordinates import in_pairs
from symplrnn.exact.fields.field import Field
from symplrnn.exact.real_roots import Interval
from symplrnn.exact.root_matrix import RootMatrix
from symplrnn.logarithm.closed_form import SpectralTerm

__all__ = ["Block", "ChainPair", "HalfTurn", "half_turns", "pair_blocks"]


@dataclass(frozen=True, eq=False, repr=False)
class Block(views.Shown):
    """One part of the functions above on a pair: the coefficient of alpha_t or beta_t.

    Attributes
    ----------
    order : int
        t.
    turns : bool
        Whether it belongs to beta_t.
    from_extra, to_extra : bool
        Whether it acts on the extra coordinates, and whether it has values in them.
    matrix : RootMatrix, or matrix over K if l is in K
    divided : bool
        Whether it is to be divided by D(l), for a RootMatrix.
    """

    order: int
    turns: bool
    from_extra: bool
    to_extra: bool
    matrix: Any
    divided: bool


Chain = tuple[Sequence[Any], Sequence[Any]]


def pair_blocks(first: Chain, second: Chain, unit: Callable[[int, bool], Any]) -> Iterator[Block]:
    """Yield the parts of N^t K and of N^t on the extra coordinates, N = F^ - l, for a pair of chains; some may be 0.

    A chain is a pair of its vectors a_0, a_1 = N a_0, ... and the rows of the coordinates on them, which may be divided or not.
    The second one, no longer than the first, is continued to b_0, b_1, ... by its extra coordinates: b_k is ``unit(k, False)``
    for them, and ``unit(k, True)`` the row of its coordinate. Whatever matrices are made of, a field or polynomials in l, this
    is all that K a_k = b_k and K b_k = -a_k says; for the functions of F^ N^t is to be divided by l^t.
    """
    (a, p), (b, y) = first, second
    length, q = len(a), len(a) - len(b)
    for t in range(length):
        for k in range(length - t - 1, -1, -1):
            to_extra = k + t < q
            image = unit(k + t, False) if to_extra else b[k + t - q]
            yield Block(t, True, False, to_extra, image * p[k], not to_extra)
            yield Block(t, True, k < q, False, -(a[k + t] * (unit(k, True) if k < q else y[k - q])), True)
        for k in range(min(q, length - t) - 1, -1, -1):
            to_extra = k + t < q
            image = unit(k + t, False) if to_extra else b[k + t - q]
            yield Block(t, False, True, to_extra, image * unit(k, True), not to_extra)


@dataclass(frozen=True)
class Eigenvectors:
    """The eigenvectors of the roots of a simple factor: column j of d(l) E(l), with row i for the coordinate on it, by a scale.

    E(l) has rank 1, so d E is that column times that row over the entry (i, j). This spares the cyclic subspace, whose numbers
    are far longer in high degrees. A coordinate may be scaled by any number: a power of two makes the rows about 1 in size.
    """

    row: int
    column: int
    scale: fmpq
    length: int = 1


@dataclass(frozen=True, eq=False, repr=False)
class ChainPair(views.Shown):
    """Two Jordan chains of each root of a factor; the second may be shorter or missing and is continued by extra coordinates.

    Attributes
    ----------
    matrix : K matrix (N, N)
        F.
    term : SpectralTerm
        The projectors of the factor: E(l) = sum_k l^k H_k / d(l).
    first, second : CyclicSubspace
    extra : int
        Number of extra coordinates for each root.
    """

    matrix: Any
    term: SpectralTerm
    first: CyclicSubspace | Eigenvectors
    second: CyclicSubspace | None
    extra: int

    @property
    def field(self) -> Field:
        """K."""
        return self.term.field

    @property
    def sizes(self) -> tuple[int, ...]:
        """The lengths of the chains, without the extra coordinates."""
        return tuple(chain.length for chain in (self.first, self.second) if chain)

    @cached_property
    def divisor(self) -> Any:
        """D(l): d(l), or that times the entry of d(l) E(l) where an eigenvector's row and column meet."""
        d = self.term.denominator
        if isinstance(self.first, Eigenvectors):
            scaled = self.term.entry(self.first.row, self.first.column) * self.field.element(self.first.scale)
            d = self.field.remainder(d * scaled, self.term.factor)
        return d

    def _chain(self, subspace: CyclicSubspace | Eigenvectors) -> list[RootMatrix]:
        """Return D(l) (F - l)^i E(l) g as columns, for i = 0 ... m - 1; for an eigenvector, a column of d(l) E(l)."""
        K, f, x = self.field, self.term.factor, self._x
        if isinstance(subspace, Eigenvectors):
            n, j = self.matrix.nrows(), subspace.column
            return [RootMatrix(K, f, tuple(K.fill(n, 1, [H[i, j] for i in range(n)]) for H in self.term.matrices))]
        columns = [RootMatrix(K, f, tuple(H * subspace.generator for H in self.term.matrices))]
        while len(columns) < subspace.length:
            columns.append(columns[-1].applied(self.matrix) - columns[-1].scaled(x))
        return columns

    def _forms(self, subspace: CyclicSubspace | Eigenvectors) -> list[RootMatrix]:
        """Return the rows p^(i)(l)/i!, the coordinates of a vector on (F - l)^i E(l) g, for i = 0 ... m - 1."""
        K, f = self.field, self.term.factor
        if isinstance(subspace, Eigenvectors):
            n, i, scale = self.matrix.nrows(), subspace.row, K.element(subspace.scale)
            rows = [K.fill(1, n, [H[i, j] * scale for j in range(n)]) for H in self.term.matrices]
            return [RootMatrix(K, f, tuple(rows))]
        phi, size = subspace.coordinates, subspace.coordinates.nrows()
        rows = [K.fill(1, phi.ncols(), [phi[k, j] for j in range(phi.ncols())]) for k in range(size)]
        return [RootMatrix.of(K, f, [rows[k] * K.element(comb(k, i)) for k in range(i, size)]) for i in range(subspace.length)]

    @property
    def _x(self) -> Any:
        return self.field.polynomial([self.field.element(0), self.field.element(1)])

    @cached_property
    def chains(self) -> tuple[tuple[list[RootMatrix], list[RootMatrix]], ...]:
        """For each chain of F the columns d(l) (F - l)^i E(l) g and the rows that give the coordinates on them (without d(l))."""
        return tuple((self._chain(c), self._forms(c)) for c in (self.first, self.second) if c)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All parts that are not 0."""
        first, second = (*self.chains, ([], []))[:2]
        kept = [block for block in pair_blocks(first, second, self._unit) if not block.matrix.is_zero]
        return tuple(replace(block, matrix=self._over_power(block)) for block in kept)

    def _over_power(self, block: Block) -> RootMatrix:
        """Return the matrix divided by l^t."""
        f = self.term.factor
        matrix: RootMatrix = block.matrix
        if block.order:
            inverse = self.field.inverse_modulo(self._x, f)
            for _ in range(block.order):
                matrix = matrix.scaled(inverse)
        return matrix

    def _unit(self, k: int, row: bool = False) -> RootMatrix:
        """Return b_k, one of the extra coordinates, which are listed from the end of the chain on."""
        K = self.field
        entries = [K.element(int(i == self.extra - 1 - k)) for i in range(self.extra)]
        shape = (1, self.extra) if row else (self.extra, 1)
        return RootMatrix.of(K, self.term.factor, [K.fill(*shape, entries)])


@dataclass(frozen=True, eq=False, repr=False)
class HalfTurn(views.Shown):
    """A pair of chains of one negative eigenvalue, the ``index``-th root of its factor among the real roots in increasing order.

    ``offset`` is the number of extra coordinates that come before those of this pair.
    """

    pair: ChainPair
    index: int
    interval: Interval
    offset: int

    def __str__(self) -> str:
        """Return the eigenvalue as a number, or in an isolating interval."""
        term = self.pair.term
        return str(term.field.to_sympy(-term.factor[0])) if term.degree == 1 else f"in {self.interval}"

    def root(self, bits: int) -> arb:
        """Return an enclosure of the eigenvalue."""
        real = sorted((x.real for x in self.pair.term.roots(bits) if x.imag == 0), key=lambda x: endpoints(x)[0])
        return real[self.index]


def half_turns(matrix: Any, terms: Sequence[SpectralTerm]) -> tuple[HalfTurn, ...]:
    """Return the half turns of an invertible matrix of real numbers: for each negative eigenvalue, its Jordan chains in pairs.

    ``terms`` are the spectral terms of the matrix's logarithm.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> F = QQ.matrix([[fmpq(-1, 4), 0], [0, fmpq(-1, 4)]])
    >>> [(turn.pair.extra, str(turn.interval)) for turn in half_turns(F, logarithm(QQ, F).terms)]
    [(0, '-1/4')]
    """
    found: list[HalfTurn] = []
    offset = 0
    for term in terms:
        K, negative = term.field, term.negative_roots
        if not negative:
            continue
        times = multiplicity(K.characteristic_polynomial(matrix), term.factor)
        if times == 1 and term.degree > limits.CYCLIC_DEGREE:
            pairs = [ChainPair(matrix, term, _eigenvectors(term, negative[0].lower), None, extra=1)]
        else:
            chains = cyclic_subspaces(K, matrix, term.factor, times, term.primary_projector)
            pairs = [ChainPair(matrix, term, *found) for found in in_pairs(chains, lambda chain: chain.length)]
        for index, interval in enumerate(negative):
            for pair in pairs:
                found.append(HalfTurn(pair, index, interval, offset))
                offset += pair.extra
    return tuple(found)


def _eigenvectors(term: SpectralTerm, largest: fmpq) -> Eigenvectors:
    """Return where the eigenvectors of a simple factor are read off: at the first entry of d(l) E(l) that is not 0.

    ``largest`` is about the negative root that is largest in size.
    """
    order = range(term.matrices[0].nrows())
    i, j = next((i, j) for j in order for i in order if term.entry(i, j))
    row = [(power, abs(term.real.ball(term.real.coordinates(H[i, k])))) for power, H in enumerate(term.matrices) for k in order]
    sizes = [_bits(ball) + power * _bits(abs(arb(largest))) for power, ball in row if ball != 0]
    return Eigenvectors(i, j, fmpq(2) ** -max(sizes))


def _bits(x: arb) -> int:
    """Return about the logarithm to base 2 of a positive number."""
    mantissa, exponent = x.mid().man_exp()
    return int(mantissa).bit_length() + int(exponent)


def multiplicity(polynomial: Any, factor: Any) -> int:
    """Return how often a factor divides a polynomial.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> multiplicity(QQ.polynomial([1, -2, 1]), QQ.polynomial([-1, 1]))
    2
    """
    times, rest = 0, polynomial
    while not rest % factor:
        times, rest = times + 1, rest // factor
    return times
