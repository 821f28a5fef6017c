"""The cells of an arrangement of hyperplanes: all sign patterns that points have, and proofs that no point has another one.

Hyperplane i is v_i.z + b_i = 0. The pattern of a point has '1' for v_i.z + b_i > 0 and '0' for <= 0, and the cell of a pattern is
the set of points that have it. A cell may be thinner than the space: its faces on the side '0' belong to it.

The patterns are the leaves of a binary tree, whose nodes are prefixes: the signs at the first hyperplanes. The tree is walked
depth first, '0' before '1', so that patterns come in the order of binary numbers. Each node that has points carries one, the
witness. Its child on the witness's side of the next hyperplane has points, by the same witness. Only of the other child is it
asked whether it has some, and if it has none everything below is left out. So the work is that of the cells and not of the 2^p
patterns: each node on the way to a cell asks one question at most, and r hyperplanes in general position in dimension n have
sum_{k <= n} (r choose k) cells.

Why the list is complete: the leaves that are found and the prefixes that are empty cover the tree, since each node has either
both children in the walk, or a proof that it is empty. A point proves that a leaf belongs to the list, and multipliers (Farkas)
prove that nothing below a prefix does; `symplrnn.certificate` writes both down.

A linear program in floating point (`symplrnn.exact.margins`) guesses the answer: a point, which is rounded to few digits, or the
hyperplanes that contradict each other, whose multipliers are then solved for exactly. Either counts only after an exact check;
where the check fails, as for cells without inner points, the exact simplex method (`symplrnn.exact.feasibility`) decides. Over
fields other than Q it decides alone.

Reference: R. C. Buck, Partition of space, Amer. Math. Monthly 50 (1943) 541-544; N. H. Sleumer, Output-sensitive cell enumeration
in hyperplane arrangements, Nordic J. Comput. 6 (1999) 137-147; A. Schrijver, Theory of Linear and Integer Programming, section
7.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import comb, frexp, gcd
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpz_mat

from symplrnn.exact.feasibility import RATIONALS, proves_emptiness, solve_inequalities
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.real import RealField
from symplrnn.exact.margins import Floats, largest_margin

__all__ = ["Arrangement", "Cell", "EmptyPrefix", "everything"]

SPARE_BITS = 1  # of rounded points, beyond those that their margin needs
MORE_BITS = 16  # for a second attempt
SMALLEST, LARGEST = 1e-100, 1e100  # lengths and distances that floating point is used for


@dataclass(frozen=True)
class Cell:
    """A pattern, or a prefix of patterns, and a point (n, 1) that has it."""

    pattern: str
    point: Any


@dataclass(frozen=True)
class EmptyPrefix:
    """A prefix that no point has, and the multipliers by hyperplane, from 0, that prove it."""

    pattern: str
    multipliers: dict[int, Any]


def everything(prefix: str) -> bool:
    """Want what begins with any prefix."""
    return True


@dataclass(frozen=True, eq=False)
class Arrangement:
    """The hyperplanes v_i.z + b_i = 0 with the rows v_i of ``normals`` (p, n) and the entries b_i of ``constants`` (p, 1).

    >>> line = Arrangement(fmpq_mat([[1], [1], [-1]]), fmpq_mat([[0], [-1], [2]]))  # z > 0, z > 1, z < 2
    >>> [(leaf.pattern, leaf.point[0, 0]) for leaf in line.leaves() if isinstance(leaf, Cell)]
    [('001', 0), ('101', 1), ('110', 2), ('111', 3/2)]
    >>> [(leaf.pattern, leaf.multipliers) for leaf in line.leaves() if isinstance(leaf, EmptyPrefix)]
    [('000', {0: 1, 2: 1}), ('01', {0: 1, 1: 1}), ('100', {1: 1, 2: 1})]
    """

    normals: Any
    constants: Any
    real: RealField = RATIONALS

    @property
    def p(self) -> int:
        """Number of hyperplanes."""
        return int(self.normals.nrows())

    @property
    def n(self) -> int:
        """Dimension of the space."""
        return int(self.normals.ncols())

    @cached_property
    def most_cells(self) -> int:
        """How many cells there are at most: the number for hyperplanes in general position.

        Move each hyperplane a little to its side '1': each pattern that had points still has some, now inner ones. So there are
        at most as many patterns as full-dimensional cells of p hyperplanes whose normals have the same rank.
        """
        return sum(comb(self.p, k) for k in range(self.real.field.rank(self.normals) + 1))

    def pattern_of(self, point: Any) -> str:
        """Return the pattern of a point (n, 1)."""
        return _pattern([self.real.sign_of(x) for x in self._values(point)])

    def patterns(self) -> Iterator[str]:
        """Yield the patterns that some point has, in the order of binary numbers."""
        return (leaf.pattern for leaf in self.leaves() if isinstance(leaf, Cell))

    def is_empty(self, prefix: str) -> bool:
        """Return whether no point has a prefix."""
        return isinstance(self.decide(prefix), EmptyPrefix)

    def leaves(self, prefix: str = "", wanted: Callable[[str], bool] = everything) -> Iterator[Cell | EmptyPrefix]:
        """Yield the cells whose patterns begin with a prefix, and the shortest prefixes of all others, in the order of patterns.

        Where ``wanted`` is false of a prefix, nothing below it is looked at.
        """
        first = self.decide(prefix)
        if isinstance(first, EmptyPrefix):
            yield first
            return
        pending: list[tuple[str, Any, str | None]] = [(prefix, first.point, None)]
        while pending:
            # A point near the prefix's cell, and its pattern; no pattern if it is not known whether the prefix has points.
            prefix, point, pattern = pending.pop()
            if not wanted(prefix):
                continue
            if pattern is None:
                found = self.decide(prefix, point)
                if isinstance(found, EmptyPrefix):
                    yield found
                    continue
                point, pattern = found.point, self.pattern_of(found.point)
            k = len(prefix)
            if k == self.p:
                yield Cell(prefix, point)
                continue
            pending += [(prefix + d, point, pattern if pattern[k] == d else None) for d in "10"]

    def decide(self, prefix: str, near: Any = None) -> Cell | EmptyPrefix:
        """Return a point that has a prefix, or the proof that there is none; ``near`` is a point (n, 1) to begin at."""
        if near is None:
            near = self.real.zeros(self.n)
        values = self._values(near)[: len(prefix)]
        if _pattern([self.real.sign_of(x) for x in values]) == prefix:
            return Cell(prefix, near)
        for i in sorted(self._zero_rows):
            if i < len(prefix) and (self.real.sign_of(values[i]) > 0) != (prefix[i] == "1"):
                return EmptyPrefix(prefix, {i: self.real.field.element(1)})
        guess = self._guess(prefix, near, values) if self.real.field is QQ else None
        if guess is not None:
            return guess
        k = len(prefix)
        found = solve_inequalities(self._rows[:k], self._constants[:k], [d == "1" for d in prefix], self.real)
        if isinstance(found, dict):
            return EmptyPrefix(prefix, found)
        return Cell(prefix, self.real.field.fill(self.n, 1, found))

    def _guess(self, prefix: str, near: fmpq_mat, values: list[fmpq]) -> Cell | EmptyPrefix | None:
        """Return what floating point finds, if it is right."""
        rows = [i for i in range(len(prefix)) if i not in self._zero_rows]
        signs = np.array([1.0 if prefix[i] == "1" else -1.0 for i in rows])
        try:
            directions, lengths = self._directions
            heights = signs * np.array([float(values[i]) for i in rows]) / lengths[rows]
            start = [float(x) for x in near.entries()]
        except OverflowError:
            return None
        scale = float(np.abs(heights).max()) or 1.0
        if not SMALLEST < scale < LARGEST:
            return None
        found = largest_margin(directions[rows] * signs[:, None], heights / scale)
        if found is None:
            return None
        if isinstance(found, list):
            multipliers = self._multipliers(prefix, [rows[i] for i in found])
            return None if multipliers is None else EmptyPrefix(prefix, multipliers)
        z, margin = found
        state = [x + scale * y for x, y in zip(start, z.tolist(), strict=True)]
        bits = SPARE_BITS + self.n.bit_length() - frexp(scale * margin)[1]
        for places in (bits, bits + MORE_BITS):
            point = fmpq_mat(self.n, 1, [_rounded(x, places) for x in state])
            if self.pattern_of(point).startswith(prefix):
                return Cell(prefix, point)
        return None

    def _multipliers(self, prefix: str, rows: list[int]) -> dict[int, fmpq] | None:
        """Return multipliers of some rows alone that prove a prefix empty, if they are found.

        The sum of all n + 2 rows may be 0 in many ways; then one of them can be left out, and the sum is still not positive.
        """
        above, k = [d == "1" for d in prefix], len(prefix)
        for chosen in (rows, *([i for i in rows if i != left_out] for left_out in rows)):
            for weights in self._kernels(prefix, chosen):
                multipliers = {i: y for i, y in zip(chosen, weights, strict=True) if y}
                if proves_emptiness(self._rows[:k], self._constants[:k], above, multipliers):
                    return multipliers
        return None

    def _kernels(self, prefix: str, rows: list[int]) -> Iterator[list[fmpq]]:
        """Yield the weights with which the normals of some rows add up to 0, and those where also the constants do, if unique."""
        if not rows:
            return
        signed = [[x if prefix[i] == "1" else -x for x in (*self._rows[i], self._constants[i])] for i in rows]
        columns = fmpq_mat(signed).transpose().numer_denom()[0].tolist()
        for height in (self.n, self.n + 1):
            kernel, nullity = fmpz_mat(columns[:height]).nullspace()
            if nullity == 1:
                weights = [int(kernel[i, 0]) for i in range(len(rows))]
                content = gcd(*weights) * (-1 if min(weights) < 0 else 1)
                yield [fmpq(y // content) for y in weights]

    def _values(self, point: Any) -> list[Any]:
        found: list[Any] = (self.normals * point + self.constants).entries()
        return found

    @cached_property
    def _rows(self) -> list[list[Any]]:
        found: list[list[Any]] = self.normals.tolist()
        return found

    @cached_property
    def _constants(self) -> list[Any]:
        found: list[Any] = self.constants.entries()
        return found

    @cached_property
    def _zero_rows(self) -> frozenset[int]:
        """The hyperplanes that are none: v_i = 0, so that all points are on one side."""
        return frozenset(i for i, row in enumerate(self._rows) if all(self.real.field.is_zero(x) for x in row))

    @cached_property
    def _directions(self) -> tuple[Floats, Floats]:
        """The normals divided by their lengths, and these; 1 for those that are 0."""
        rows = np.array([[float(x) for x in row] for row in self._rows]).reshape(self.p, self.n)
        with np.errstate(over="ignore"):
            lengths = np.linalg.norm(rows, axis=1)
        lengths[sorted(self._zero_rows)] = 1
        if not ((lengths > SMALLEST) & (lengths < LARGEST)).all():
            raise OverflowError("a normal is too long or too short for double precision")
        return rows / lengths[:, None], lengths


def _pattern(signs: list[int]) -> str:
    return "".join("1" if sign > 0 else "0" for sign in signs)


def _rounded(x: float, bits: int) -> fmpq:
    """Return the multiple of 2^-bits that is nearest to a double, or the whole number if there are none."""
    p, q = x.as_integer_ratio()
    if bits <= 0:
        return fmpq(round(x))
    return fmpq((2 * p * 2**bits + q) // (2 * q), 2**bits)
