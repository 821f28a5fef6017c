"""Half turns with letters: the planes in which negative eigenvalues turn, in coordinates that hold on a part.

Let P be the projector onto the generalised eigenspaces of some negative eigenvalues, of rank r. The sum of the principal minors
of size r of P is 1, so on each part of the parameter space one of them, P[I, I], is not 0. There

    P = V w,     V = P[:, I] P[I, I]^(-1),     w = P[I, :],     w V = identity,

and the complex logarithm L = L_r + i L_i, L_i = pi P, of a real x with extra coordinates u in R^r, x + i V u, is the real system

    x' = L_r x - pi V u,        u' = pi w x + w L_r V u,        u = (the coordinates I of the imaginary part)

with u = 0 at each grid time (E5). If M acts on the range of P as a number l (semisimple), two of the coordinates can turn into
each other instead, by T = v_2 w_1 - v_1 w_2 with T^2 = -(v_1 w_1 + v_2 w_2): a real logarithm L_r + pi T without them (E3).
Longer chains are paired in `symplrnn.logarithm.chain_pairs`, those of the roots of a factor of degree 2 and more in
`symplrnn.logarithm.root_chains`.

A single negative root l among others of its factor has P = E(l) of rank 1, so that one diagonal entry of E(l) is not 0. Where the
roots of a repeated factor with letters, of degree 3 and more, have chains of different lengths, u is a copy of all n coordinates;
this is exact as well, but perhaps not the smallest.

Reference: docs/theory, section 3, E3 and E5; proofs/beyond.md, sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import sympy as sp

from symplrnn import limits, views
from symplrnn.conditions.equations import in_parameters
from symplrnn.conditions.formula import ALWAYS, NEVER, Formula, all_formulas, nonzero, positive, zero
from symplrnn.eigenvalues.parts import Part, coefficients_of, text_of
from symplrnn.exact.coupling import block
from symplrnn.exact.fields.field import Field
from symplrnn.logarithm.cases.negative_counts import RootSigns
from symplrnn.logarithm.chain_pairs import ChainPairs, OnPart, chain_pairs, vanishes
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.root_chains import norm, pairs_at_roots
from symplrnn.logarithm.spectral_form import augmented_matrix

__all__ = ["Copy", "Planes", "SingleRoot", "Turning", "turnings"]


@dataclass(frozen=True, eq=False, repr=False)
class Planes(views.Shown):
    """The half turn of a term whose roots are all negative.

    Attributes
    ----------
    term : int
        Index of the term.
    V, w : matrices (N, e) and (e, N) over K
        Of the e extra coordinates.
    turn : matrix (N, N) over K, or None
        T, of the coordinates that turn into each other.
    """

    term: int
    V: Any
    w: Any
    turn: Any = None

    @property
    def extra(self) -> int:
        """Number of extra coordinates."""
        return int(self.V.ncols())


@dataclass(frozen=True, eq=False)
class SingleRoot:
    """The half turn of one negative root l of a term, with one extra coordinate: entry (row, row) of E(l) is not 0.

    ``index`` counts the ``count`` negative roots of the term, the smallest first. Without a row the closed form chooses one for
    each value of the letters: the first with E(l)[row, row] > 1/(pi n).
    """

    term: int
    index: int
    count: int
    row: int | None
    extra: int = 1


@dataclass(frozen=True, eq=False)
class Copy:
    """The half turns of all terms at once: x' = L_r x - L_i u, u' = L_i x + L_r u with u in R^n."""

    extra: int


Group = Planes | ChainPairs | SingleRoot | Copy


@dataclass(frozen=True, eq=False, repr=False)
class Turning(views.Shown):
    """The half turns of a case.

    Attributes
    ----------
    negative : dict of int to int
        For the index of each term with negative roots their number.
    groups : tuple of Planes, ChainPairs, SingleRoot, Copy
    smallest : bool
        Whether the number of extra coordinates is known to be the smallest.
    """

    negative: dict[int, int]
    groups: tuple[Group, ...]
    smallest: bool

    @property
    def extra(self) -> int:
        """Number of extra coordinates."""
        return sum(group.extra for group in self.groups)


@dataclass(frozen=True, eq=False)
class _Choice:
    condition: Formula
    groups: tuple[Group, ...] = ()
    smallest: bool = True


def turnings(part: Part, log: Logarithm, signs: dict[int, RootSigns]) -> Iterator[tuple[Formula, Turning]]:
    """Yield the half turns of a part where each term has so many negative roots, by conditions that exclude each other."""
    n = part.M.nrows()
    counts = {index: found.negative for index, found in signs.items() if found.negative != 0}
    choices = [_choices(part, log.terms[index], index, count) for index, count in counts.items()]
    for combined in product(*choices):
        condition = all_formulas(choice.condition for choice in combined)
        if condition.is_false:
            continue
        groups = tuple(group for choice in combined for group in choice.groups)
        copied = any(isinstance(group, Copy) for group in groups)
        smallest = all(choice.smallest for choice in combined)
        yield condition, Turning(counts, (Copy(n),) if copied else groups, smallest)


def _choices(part: Part, term: SpectralTerm, index: int, count: int) -> list[_Choice]:
    """Return the half turns of one term, by conditions."""
    multiplicity = next((m for g, m in part.factors if text_of(g) == text_of(term.factor)), 0)
    if multiplicity > 1 and term.degree > 1:
        return _of_chains(part, term, index, multiplicity, count)
    if count == term.degree:
        return _of_all_roots(part, term, index, multiplicity)
    return _of_single_roots(part, term, index, count)


def _of_chains(part: Part, term: SpectralTerm, index: int, multiplicity: int, count: int) -> list[_Choice]:
    """Return the half turns of the negative roots of a repeated factor of degree 2 and more."""
    found = [_Choice(where, pairs) for where, pairs in pairs_at_roots(part, term, index, multiplicity, count)]
    if term.degree > 2:  # the roots may have chains of different lengths
        rest = all_formulas(~choice.condition for choice in found)
        found += [] if rest.is_false else [_Choice(rest, (Copy(part.M.nrows()),), smallest=False)]
    return found


# All roots negative


def _of_all_roots(part: Part, term: SpectralTerm, index: int, multiplicity: int) -> list[_Choice]:
    K, P = term.field, term.primary_projector
    rank = multiplicity * term.degree
    bases = _bases(part, P, rank)
    if multiplicity == 1:
        return [_Choice(where, (_planes(K, P, rows, index, 0),)) for where, rows in bases]
    value = K.evaluate(term.factor, augmented_matrix(K, part.M, part.B)) * P
    longest, power = value, 1
    while power < multiplicity - 1:
        longest, power = longest * value, power + 1
    points = OnPart(part)
    semisimple, one_chain = vanishes(points, value), ~vanishes(points, longest)
    paired = rank - rank % 2
    found = [_Choice(where & semisimple, (_planes(K, P, rows, index, paired),)) for where, rows in bases]
    found += [_Choice(where & one_chain, (_planes(K, P, rows, index, 0),)) for where, rows in bases]
    between = ~semisimple & ~one_chain
    chains = () if between.is_false else chain_pairs(points, -term.factor[0], P, value, rank, index)
    found += [_Choice(where & between, (pairs,)) for where, pairs in chains]
    return [choice for choice in found if not choice.condition.is_false]


def _bases(part: Part, P: Any, rank: int) -> list[tuple[Formula, tuple[int, ...]]]:
    """Return rows I of the first n with P[I, I] invertible, by conditions; one of them holds, as the minors add up to 1."""
    K, n = part.field, part.M.nrows()
    listed = [(rows, K.determinant(block(K, P, rows, rows))) for rows in combinations(range(n), rank)]
    minors = [(rows, part.expand(K.to_sympy(minor))) for rows, minor in listed if not K.is_zero(minor)]
    certain = next((rows for rows, minor in minors if nonzero(minor).is_true), None)
    if certain is not None:
        return [(ALWAYS, certain)]
    found, rest = [], ALWAYS
    for k, (rows, minor) in enumerate(minors, 1):
        found.append((rest & nonzero(minor) if k < len(minors) else rest, rows))
        rest = rest & zero(minor)
    return [(where, rows) for where, rows in found if not where.is_false]


def _planes(K: Field, P: Any, rows: tuple[int, ...], index: int, paired: int) -> Planes:
    """Return V and w for the rows I, with the first ``paired`` coordinates turning into each other."""
    everything = range(P.nrows())
    w = block(K, P, rows, everything)
    V = block(K, P, everything, rows) * K.inverse(block(K, P, rows, rows))
    turn = None
    for a in range(0, paired, 2):
        v1, v2, w1, w2 = (
            *(block(K, V, everything, [a + s]) for s in (0, 1)),
            *(block(K, w, [a + s], everything) for s in (0, 1)),
        )
        added = v2 * w1 - v1 * w2
        turn = added if turn is None else turn + added
    rest = range(paired, len(rows))
    return Planes(index, block(K, V, everything, rest), block(K, w, rest, everything), turn)


# Some roots negative


def _of_single_roots(part: Part, term: SpectralTerm, index: int, count: int) -> list[_Choice]:
    """Return the half turns of the negative roots of a simple factor, each with one coordinate, by the row that it is read at.

    A row serves where its diagonal entry vanishes at no root, which is almost everywhere. On what is left the rows may differ
    from root to root, and the closed form chooses them.
    """
    n, rows = part.M.nrows(), list[tuple[int | None, Formula]]()
    for row in range(n):
        entry = term.entry(row, row)
        if term.degree > 3 and sum(map(_length, coefficients_of(part.field, entry))) > limits.NORM_TERMS:
            continue
        # The trace of E(l) is 1: where all other diagonal entries are 0 the last one is not.
        last = term.degree == 2 and row == n - 1
        rows.append((row, NEVER if last else _vanishes_at_a_root(part, term, row)))
        if rows[-1][1].is_false:
            rows = rows[-1:] if term.degree > 2 else rows
            break
    found, rest = list[_Choice](), ALWAYS
    for choice, fails in [*rows, (None, NEVER)]:
        found.append(_Choice(rest & ~fails, tuple(SingleRoot(index, k, count, choice) for k in range(count))))
        rest = rest & fails
    return [choice for choice in found if not choice.condition.is_false]


def _length(expression: sp.Expr) -> int:
    return sum(len(sp.Add.make_args(x)) for x in sp.fraction(expression))


def _vanishes_at_a_root(part: Part, term: SpectralTerm, row: int) -> Formula:
    """Return where entry (row, row) of E(l) is 0 at the one negative root l of a quadratic factor, or at some root in general."""
    K, f, entry = term.field, term.factor, term.entry(row, row)
    vanishing = zero(part.expand(K.to_sympy(norm(K, f, entry))))
    if f.degree() > 2:
        return vanishing
    low, high = (K.to_sympy(entry[k]) if k <= entry.degree() else sp.Integer(0) for k in (0, 1))
    # low + high x has the one root -low/high, which is the negative root of f if it is negative
    met, both = (in_parameters(where, part.definitions) for where in (positive(low * high), zero(low) & zero(high)))
    return (vanishing & met) | both
