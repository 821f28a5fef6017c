"""A real logarithm of an invertible matrix F, or of a lifted matrix F^ that has F in its first block.

Without negative eigenvalues it is the principal logarithm. Otherwise it is

    Re(Log F)  +  pi sum K        on F's own coordinates, with more entries from and to the extra coordinates,

one half turn K for each pair of Jordan chains of each negative eigenvalue (`symplrnn.logarithm.half_turns`). If all chains pair
up there are no extra coordinates, and it is a real logarithm of F itself (E3); if not, F^ is the smallest matrix that has one
(E5). With u = 0 at the start, exp(r log F^) leads from x to Re(F^r) x + (turning part), and after a whole step to F x and u = 0.

Reference: docs/theory, section 3, E3 and E5; proofs/lift.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import fmpq, fmpq_poly

from symplrnn import views
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.real import real_field
from symplrnn.logarithm.closed_form import Logarithm, logarithm
from symplrnn.logarithm.exact_entries import rational_entries
from symplrnn.logarithm.half_turns import Block, HalfTurn, half_turns
from symplrnn.logarithm.linear_forms import Roots, RootTerm, roots_of, vanishes

__all__ = ["RealLogarithm", "real_logarithm"]

Places = dict[tuple[int, int], fmpq]


@dataclass(frozen=True, eq=False, repr=False)
class RealLogarithm(views.Shown):
    """A real logarithm of a matrix (N, N), or of its lift of size N + extra, in exact form.

    Attributes
    ----------
    principal : Logarithm
        The principal logarithm of F in closed form; with negative eigenvalues it is complex, and its real part is meant.
    turns : tuple of HalfTurn
    """

    principal: Logarithm
    turns: tuple[HalfTurn, ...]

    @property
    def field(self) -> Field:
        """The field K that the entries of F are in."""
        return self.principal.field

    @property
    def matrix(self) -> Any:
        """F."""
        return self.principal.matrix

    @property
    def extra(self) -> int:
        """Number of extra coordinates."""
        return sum(turn.pair.extra for turn in self.turns)

    @property
    def size(self) -> int:
        """Size of the lifted matrix."""
        return int(self.matrix.nrows()) + self.extra

    @property
    def negative_eigenvalues(self) -> list[tuple[HalfTurn, tuple[int, ...]]]:
        """The negative eigenvalues, each by one of its half turns, with the sizes of their Jordan blocks."""
        found: dict[tuple[int, int], tuple[HalfTurn, tuple[int, ...]]] = {}
        for turn in self.turns:
            key = (id(turn.pair.term), turn.index)
            found[key] = turn, (*(found[key][1] if key in found else ()), *turn.pair.sizes)
        return list(found.values())

    def corner(self, turn: HalfTurn, block: Block) -> tuple[int, int]:
        """Return the row and the column of the lifted matrix at which a block begins."""
        extra = self.matrix.nrows() + turn.offset
        return (extra if block.to_extra else 0), (extra if block.from_extra else 0)

    @cached_property
    def exact_entries(self) -> Places:
        """The entries that are proved to be rational, with their values."""
        N, size = self.matrix.nrows(), self.size
        turned, irrational = self._multiples_of_pi()
        found = dict(rational_entries(self.principal, turned))
        found |= {(i, j): self.field.element(0) for i in range(size) for j in range(size) if max(i, j) >= N}
        for place, value in self._contributions():
            if value is None:
                irrational.add(place)
            elif place in found:
                found[place] += value
        real = real_field(self.field)
        values = {place: real.rational(value) for place, value in found.items() if place not in irrational}
        return {place: value for place, value in values.items() if value is not None}

    def proved_entries(
        self,
        places: Iterable[tuple[int, int]],
        turns: Callable[[Roots], tuple[int, ...]] = lambda roots: (0,) * roots.above,
        planes: Iterable[tuple[HalfTurn, int]] = (),
    ) -> Places:
        """Return those of some entries that are proved to be rational by relations between logarithms, with their values.

        ``exact_entries`` are found by simpler identities, for all entries at once. ``turns`` says how often an alias turns more
        at the roots above the real axis of a factor, and ``planes`` how many half turns more in the planes of a real root. None
        are found over fields other than Q.

        >>> from symplrnn.exact.fields.rational import QQ
        >>> log = real_logarithm(QQ, QQ.matrix([[0, 0, 0, 2], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]))
        >>> log.proved_entries([(0, 2), (0, 3)])
        {(0, 2): 0}
        """
        if self.field is not QQ:
            return {}
        half_turns = [
            (turn, QQ.inverse_modulo(turn.pair.divisor, turn.pair.term.factor) * number)
            for turn, number in (*((turn, 1) for turn in self.turns), *planes)
        ]
        weights = [(QQ.inverse_modulo(term.denominator, term.factor), roots_of(term.factor)) for term in self.principal.terms]
        N, found = self.matrix.nrows(), Places()
        for i, j in (place for place in places if max(place) < N):
            terms = []
            for term, (inverse, roots) in zip(self.principal.terms, weights, strict=True):
                f, pi = term.factor, dict[int, fmpq_poly]()
                for turn, factor in half_turns:
                    if turn.pair.term is term:
                        added = sum((b.matrix.entry(i, j) for b in turn.pair.blocks if _is_inner(b) and not b.order), fmpq_poly())
                        pi[turn.index] = pi.get(turn.index, fmpq_poly()) + added * factor % f
                weight = term.entry(i, j) * inverse % f
                if weight or any(pi.values()):
                    terms.append(RootTerm(roots, weight, turns(roots), pi))
            if vanishes(terms):
                found[i, j] = self.principal.rational_part[i, j]
        return found

    def _contributions(self) -> Iterator[tuple[tuple[int, int], Any]]:
        """Yield the places of extra coordinates to which the half turns add, with what they add if it is visibly in K."""
        K = self.field
        for turn in self.turns:
            minus_1 = turn.pair.term.factor == K.polynomial([K.element(1), K.element(1)])  # its log|l| is 0
            for block in turn.pair.blocks:
                if _is_inner(block) or (block.order if block.turns else minus_1 and not block.order):
                    continue  # beta_t = 0 for t > 0
                first, corner = block.matrix.coefficients[0], self.corner(turn, block)
                # The projector of a rational root has d = 1.
                rational = block.order > 0 and turn.pair.term.degree == 1
                scale = K.element(fmpq((-1) ** (block.order - 1), block.order)) if rational else K.element(0)
                for i in range(first.nrows()):
                    for j in range(first.ncols()):
                        if block.matrix.entry(i, j):
                            yield (corner[0] + i, corner[1] + j), first[i, j] * scale if rational else None

    def _multiples_of_pi(self) -> tuple[dict[tuple[int, int], Any], set[tuple[int, int]]]:
        """Return the multiples of pi by numbers in K that the half turns add on F's own coordinates, and the places of others.

        For one root the sum over its pairs of chains is a polynomial in the root, which is 0 if it is 0 modulo f. If all roots of
        f are negative, the sum over them is in K, the trace, so that such factors can cancel each other.
        """
        K, sums = self.field, dict[tuple[int, int], Any]()
        found: set[tuple[int, int]] = set()
        for term in {id(turn.pair.term): turn.pair.term for turn in self.turns}.values():
            turns = [turn for turn in self.turns if turn.pair.term is term]
            blocks = [b for turn in turns if turn.index == 0 for b in turn.pair.blocks if _is_inner(b) and b.order == 0]
            if not blocks:
                continue
            total = sum((block.matrix for block in blocks[1:]), blocks[0].matrix)
            all_negative = len({turn.index for turn in turns}) == term.degree
            f = term.factor
            to_trace = f.derivative() * K.inverse_modulo(term.denominator, f) if all_negative else K.polynomial([])
            for place in ((i, j) for i in range(self.matrix.nrows()) for j in range(self.matrix.nrows())):
                entry = total.entry(*place)
                if entry and all_negative:
                    # The sum of v(l) over the roots of f is the coefficient of x^(deg f - 1) in v f' modulo f (Euler).
                    trace = K.element(K.remainder(entry * to_trace, f)[term.degree - 1])
                    sums[place] = sums.get(place, K.element(0)) + trace
                elif entry:
                    found.add(place)
        return sums, found


def _is_inner(block: Block) -> bool:
    """Whether a block is a half turn of F's own coordinates."""
    return block.turns and not block.from_extra and not block.to_extra


def real_logarithm(field: Field, matrix: Any) -> RealLogarithm:
    """Return the closed form of a real logarithm of an invertible matrix of real numbers, with the fewest extra coordinates.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> real_logarithm(QQ, QQ.matrix([[fmpq(-1, 4)]])).extra
    1

    Raises ZeroDivisionError if the matrix is singular.
    """
    log = logarithm(field, matrix)
    return RealLogarithm(log, half_turns(matrix, log.terms))
