"""The closed form of a case as one real matrix, with the half turns of negative eigenvalues and their extra coordinates.

With complex weights w = a + i b of matrices H, the logarithm is the sum of w H. On x + i V u, and with T in place of i where
coordinates turn into each other (`symplrnn.logarithm.turning`), it is the sum of the real matrices

    [[a H + b H T,   -b H V],
     [b w H,        a w H V]]

in the coordinates (z, 1, s, u): a principal logarithm where no weight has an imaginary part.
A single negative root l has the part E(l) = V w, with V and w functions of l, and weights a = log|l|, b = pi; pairs of longer
chains have the parts in `symplrnn.logarithm.chain_pairs`.

Reference: docs/theory, section 5, formula (3), and E3, E5 and E6; proofs/beyond.md, sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.logarithm.cases.cases import Case
from symplrnn.logarithm.cases.negative_counts import rational_polynomial
from symplrnn.logarithm.chain_pairs import ChainPairs
from symplrnn.logarithm.closed_form import SpectralTerm
from symplrnn.logarithm.expressions import logarithm_numbers, power_numbers
from symplrnn.logarithm.named_form import (
    NamedMatrix,
    TermNames,
    Weight,
    bound_variable,
    combined,
    free_symbol,
    logarithm_parts,
    power_parts,
    term_names,
)
from symplrnn.logarithm.negative_root import NegativeRoot
from symplrnn.logarithm.turning import Copy, Planes, SingleRoot

__all__ = ["named_logarithm", "named_power"]

ZERO = sp.Integer(0)


def named_logarithm(case: Case) -> NamedMatrix:
    """Return log [[M, B], [0, I]] of a case, in named form; after the jump, if there is one, and extra coordinates last.

    >>> from symplrnn.logarithm.cases.cases import cases
    >>> from symplrnn.exact.fields.letters import field_of
    >>> from symplrnn.conditions.formula import positive
    >>> a = sp.Symbol("a", positive=True)
    >>> K = field_of([a])
    >>> M, B = K.fill(1, 1, [K.element(a)]), K.fill(1, 1, [K.element(1)])
    >>> found = cases(K, M, B, K.factor(K.characteristic_polynomial(M)), positive(a)).cases
    >>> [named_logarithm(case).matrix for case in found]
    [Matrix([
    [log(a), log(a)/(a - 1)],
    [     0,              0]]), Matrix([
    [0, 1],
    [0, 0]])]
    """
    log = case.logarithm
    form = _Form(case, None)
    form.add(Weight(sp.Integer(1), ZERO, log.rational_part), -1)
    for index, term in enumerate(log.terms):
        for weight in logarithm_parts(term, form.names[index]):
            form.add(weight, index)
    return form.matrix(logarithm_numbers)


def named_power(case: Case, r: sp.Expr) -> NamedMatrix:
    """Return [[M, B], [0, I]]^r of a case, in named form, for a real exponent r; see `named_logarithm`."""
    log = case.logarithm
    form = _Form(case, r)
    for index, term in enumerate(log.terms):
        for weight in power_parts(term, form.names[index], r):
            form.add(weight, index)
            for j, power in enumerate(log.unipotent_powers, 1):
                scale = sp.expand_func(sp.binomial(r, j))
                form.add(Weight(weight.real * scale, weight.imaginary * scale, weight.matrix * power), index)
    return form.matrix(lambda root, order: power_numbers(root, order, r))


Numbers = Callable[[sp.Expr, int], tuple[sp.Expr, sp.Expr]]
Entries = dict[tuple[int, int], list[tuple[sp.Expr, Any]]]


@dataclass(eq=False)
class _Form:
    """A sum of weights times matrices, entry by entry, in the coordinates (z, 1, s, u); ``r`` is None for the logarithm."""

    case: Case
    r: sp.Expr | None
    names: list[TermNames] = field(default_factory=list)
    definitions: list[tuple[sp.Symbol, sp.Expr]] = field(default_factory=list)
    entries: Entries = field(default_factory=dict)
    of_roots: dict[tuple[int, int], list[sp.Expr]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        log = self.case.logarithm
        self.definitions += self.case.definitions
        several = sum(term.degree > 1 for term in log.terms) > 1
        for index in range(len(log.terms)):
            names, added = term_names(self.case, index, f"_{index + 1}" if several else "", self.taken, self.r)
            self.names.append(names)
            self.definitions += added

    @property
    def taken(self) -> set[str]:
        """The names that are in use."""
        return {str(s) for s in self.case.logarithm.field.parameters} | {str(s) for s, _ in self.definitions}

    @property
    def groups(self) -> Iterator[tuple[int, Any]]:
        """The half turns with the places at which their extra coordinates begin."""
        place = self.case.logarithm.matrix.nrows()
        for group in self.case.turning.groups if self.case.turning else ():
            yield place, group
            place += group.extra

    def add(self, weight: Weight, index: int) -> None:
        """Add a weight times a matrix that belongs to a term, or to all of them (index -1)."""
        self._put((0, 0), weight.real, weight.matrix)
        for place, group in self.groups:
            if isinstance(group, Copy) or (isinstance(group, Planes) and index in (group.term, -1)):
                from_extra, to_extra, among_extra, turned = self._images(group, weight.matrix)
                self._put((place, place), weight.real, among_extra)
                self._put((place, 0), weight.imaginary, to_extra)
                self._put((0, place), -weight.imaginary, from_extra)
                self._put((0, 0), weight.imaginary, turned)

    def _images(self, group: Planes | Copy, H: Any) -> tuple[Any, Any, Any, Any]:
        """Return H V, w H, w H V and H T, if there is a T."""
        log, e = self.case.logarithm, group.extra
        K, N = log.field, H.nrows()
        if isinstance(group, Copy):  # V and w are the identity, with zeros below it or beside it
            columns = K.fill(N, e, [H[i, j] for i in range(N) for j in range(e)])
            rows = K.fill(e, N, [H[i, j] for i in range(e) for j in range(N)])
            return columns, rows, K.fill(e, e, [H[i, j] for i in range(e) for j in range(e)]), None
        V, w, turn = group.V, group.w, group.turn
        if H is log.terms[group.term].matrices[0] and log.terms[group.term].degree == 1:  # H = V w, with the pairs
            return V, w, K.identity(e), turn
        return H * V, w * H, w * H * V, None if turn is None else H * turn

    def _put(self, corner: tuple[int, int], weight: sp.Expr, matrix: Any) -> None:
        if weight == 0 or matrix is None:
            return
        for i in range(matrix.nrows()):
            for j in range(matrix.ncols()):
                self._put_entry((corner[0] + i, corner[1] + j), [(weight, matrix[i, j])])

    def _put_entry(self, place: tuple[int, int], parts: list[tuple[sp.Expr, Any]]) -> None:
        K = self.case.logarithm.field
        found = [(weight, x) for weight, x in parts if weight != 0 and not K.is_zero(x)]
        if found:
            self.entries.setdefault(place, []).extend(found)

    def _add_chains(self, group: ChainPairs, place: int, numbers: Numbers) -> None:
        """Add what pairs of chains have besides the real part on the states."""
        log = self.case.logarithm
        N = log.matrix.nrows()
        root = log.field.to_sympy(-log.terms[group.term].factor[0]) if group.letter is None else self._root(group)
        at = [*range(N), *range(place, place + group.extra)]
        for order, (columns, turn) in enumerate(zip(group.columns, group.turns, strict=True)):
            real, imaginary = numbers(root, order)
            for i, row in enumerate(at):
                for j, column in enumerate(at):
                    parts = [(imaginary, turn[i, j])] + ([(real, columns[i, j - N])] if j >= N else [])
                    if group.letter is None or group.field is None:
                        self._put_entry((row, column), parts)
                    else:
                        found = combined(group.field, [(weight, x) for weight, x in parts if weight != 0])
                        self.of_roots.setdefault((row, column), []).append(found.xreplace({group.letter: root}))

    def matrix(self, numbers: Numbers) -> NamedMatrix:
        """Return the sum; ``numbers`` are the coefficients that belong to a negative root on its chains."""
        log = self.case.logarithm
        for place, group in self.groups:
            if isinstance(group, ChainPairs):
                self._add_chains(group, place, numbers)
        size = log.matrix.nrows() + self.case.extra
        total = sp.zeros(size)
        for (i, j), parts in self.entries.items():
            total[i, j] = combined(log.field, parts)
        for (i, j), values in self.of_roots.items():
            total[i, j] = sp.Add(total[i, j], *values)
        for place, group in self.groups:
            if isinstance(group, SingleRoot):
                root = self._root(group)
                real, imaginary = numbers(root, 0)
                V, w = self._vectors(group, root)
                total[place, place] = real
                for i in range(log.matrix.nrows()):
                    total[i, place] = -imaginary * V[i]
                    total[place, i] = imaginary * w[i]
        return NamedMatrix(sp.ImmutableDenseMatrix(total), tuple(self.definitions))

    def _root(self, group: SingleRoot | ChainPairs) -> sp.Symbol:
        """Return the name of a negative root, and define it."""
        name = f"mu_{group.index + 1}" if group.count > 1 else "mu"
        symbol = free_symbol(name, self.taken)
        term, names = self.case.logarithm.terms[group.term], self.names[group.term]
        self.definitions.append((symbol, _negative_root(term, names, group.index)))
        return symbol

    def _vectors(self, group: SingleRoot, root: sp.Expr) -> tuple[list[sp.Expr], list[sp.Expr]]:
        """Return the column V and the row w of E(l) = V w, from d(l) E(l) and one of its diagonal entries that is not 0."""
        term = self.case.logarithm.terms[group.term]
        K, size = term.field, range(term.matrices[0].nrows())

        def value(i: int, j: int) -> sp.Expr:
            return _polynomial(K, term.entry(i, j), root)

        divisor = _polynomial(K, term.denominator, root)
        if group.row is not None:
            chosen = {group.row: sp.Integer(1)}
        else:
            chosen = self._first_large(group, {r: value(r, r) / divisor for r in size if value(r, r) != 0})
        corner = sp.Add(*(x * value(r, r) for r, x in chosen.items()))
        column = [sp.Add(*(x * value(i, r) for r, x in chosen.items())) / corner for i in size]
        return column, [sp.Add(*(x * value(r, j) for r, x in chosen.items())) / divisor for j in size]

    def _first_large(self, group: SingleRoot, diagonal: dict[int, sp.Expr]) -> dict[int, sp.Expr]:
        """Return numbers 0 and 1 by name, that are 1 for the first of the entries of E(l) that is more than 1/(pi n).

        E(l) is real with trace 1, so that one of n entries is 1/n or more. Where the letters are algebraic numbers the entries
        are, too, and none of them is the transcendental bound: balls decide which entry it is.
        """
        bound, found = 1 / (sp.pi * len(diagonal)), dict[int, sp.Expr]()
        before: list[sp.Basic] = []
        for r, entry in diagonal.items():
            symbol = free_symbol(f"chi_{group.index + 1}_{r + 1}", self.taken)
            here = [] if len(before) == len(diagonal) - 1 else [entry > bound]
            self.definitions.append((symbol, sp.Piecewise((1, sp.And(*before, *here)), (0, True))))
            before.append(entry <= bound)
            found[r] = symbol
        return found


def _polynomial(K: Any, polynomial: Any, x: sp.Expr) -> sp.Expr:
    return sp.Add(*(c * x**k for k, c in enumerate(coefficients_of(K, polynomial))))


def _negative_root(term: SpectralTerm, names: TermNames, index: int) -> sp.Expr:
    """Return a negative root of a factor: by the square root, or as a root of its polynomial."""
    if term.degree == 2:
        t, _, D, _ = names.symbols
        return (t + (1 if index else -1) * sp.sqrt(D)) / 2
    c = coefficients_of(term.field, term.factor)
    if rational_polynomial(c) is not None:
        return sp.CRootOf(sp.Poly(c[::-1], bound_variable([])), index)
    return NegativeRoot(c, index)
