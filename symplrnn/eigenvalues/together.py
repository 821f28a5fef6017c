"""The eigenvalues of many regions of one network together: where all are simple, how many are negative, not real, 0 and 1.

The matrices of a chunk of regions are written in double precision, with bounds of the rounding errors, and `discs` proves where
their eigenvalues are. What is read off, the diagonal of columns that are 0 elsewhere, is looked at exactly: inactive units of a
PLRNN and of an AL-RNN. Where all discs and these numbers are apart, every eigenvalue is simple, and the counts answer all that E1
to E6 ask. Elsewhere (repeated eigenvalues, or some that are near to each other, to 0, to 1 or to the real line) nothing is said,
and the region is looked at alone, exactly (`symplrnn.eigenvalues.counting`).

Reference: docs/theory, section 5; `symplrnn.exact.eigenvalue_discs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from symplrnn.exact.eigenvalue_discs import ROOM, TINY, UNIT, are_apart, discs, double, doubles
from symplrnn.network.network import ReLURNN

__all__ = ["SimpleEigenvalues", "simple_eigenvalues"]

CHUNK_ENTRIES = 1 << 19  # entries of the matrices that are held in memory at once


@dataclass(frozen=True, slots=True)
class SimpleEigenvalues:
    """Counts of the eigenvalues of a matrix, which are simple.

    Attributes
    ----------
    negative, pairs : int
        How many are in (-inf, 0), and how many pairs are not real.
    zero, unit : bool
        Whether 0 and 1 are among them.
    """

    negative: int
    pairs: int
    zero: bool
    unit: bool


def simple_eigenvalues(network: ReLURNN, patterns: Sequence[str]) -> list[SimpleEigenvalues | None]:
    """Return the counts for some regions of a network; None where M is not rational, or discs do not tell eigenvalues apart.

    >>> from symplrnn.network import PLRNN
    >>> simple_eigenvalues(PLRNN(["1/2", 1], [[0, -1], ["3/4", "1/5"]], [0, 0]), ["11"])
    [SimpleEigenvalues(negative=0, pairs=1, zero=False, unit=False)]
    """
    A, _, _, left_out = network.rational_linear_part
    if A is None:
        return [None] * len(patterns)
    chunk, parts = max(1, CHUNK_ENTRIES // max(1, network.n**2)), _Parts(network)
    found: list[SimpleEigenvalues | None] = []
    for start in range(0, len(patterns), chunk):
        found += parts.counted(patterns[start : start + chunk])
    if left_out:
        found = [None if any(p[k] == "1" for k in left_out) else each for p, each in zip(patterns, found, strict=True)]
    return found


class _Parts:
    """The columns of the matrices of all regions in doubles, with bounds of the errors, and what is read off of them."""

    def __init__(self, network: ReLURNN) -> None:
        self.network, self.n = network, network.n
        A, W, V, _ = network.rational_linear_part
        if A is None:
            raise ValueError("the matrix A is not rational")
        if network.rational_columns is None:  # M = A + W D V in doubles; nothing is read off
            self.A, self.W, self.V = doubles(A), doubles(W), doubles(V)
            W_size, V_size = np.abs(self.W), np.abs(self.V)
            with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused by `discs`
                # an entry of W below 2^-1022 is off by up to 2^-1075, which its entry of V may enlarge, and the other way round
                underflow = TINY * (1 + W_size.sum(axis=1, keepdims=True) + V_size.sum(axis=0, keepdims=True))
                self.error = (2 * network.p + 20) * UNIT * (np.abs(self.A) + W_size @ V_size) + underflow
            return
        self.states = np.array(network.rectified_states, dtype=np.intp)
        # by whether the state's unit is active, column and row
        self.columns = np.array([[[double(x) for x in column] for column in part] for part in network.rational_columns])
        self.columns = self.columns.reshape(2, self.n, self.n)
        self.alone = np.array([[_is_alone(column, j) for j, column in enumerate(part)] for part in network.rational_columns])
        numbers = [[column[j] for j, column in enumerate(part)] for part in network.rational_columns]
        names: dict[fmpq, int] = {}
        self.names = np.array([[names.setdefault(x, len(names)) for x in row] for row in numbers], dtype=np.int64)
        self.diagonal = np.array([[double(x) for x in row] for row in numbers])
        self.signs = np.array([[(x > 0) - (x < 0) for x in row] for row in numbers])
        self.are_1 = np.array([[bool(x == 1) for x in row] for row in numbers])

    def counted(self, patterns: Sequence[str]) -> list[SimpleEigenvalues | None]:
        """Return the counts for a chunk of regions."""
        text = np.frombuffer("".join(patterns).encode(), dtype=np.uint8).reshape(len(patterns), self.network.p)
        on = text == ord("1")
        if self.network.rectified_states is None:
            return self._counted_whole(on)
        active = np.zeros((len(patterns), self.n), dtype=np.intp)
        active[:, self.states] = on
        core = ~self.alone[active, np.arange(self.n)]
        sizes = core.sum(axis=1)
        found: list[SimpleEigenvalues | None] = [None] * len(patterns)
        for size in np.unique(sizes).tolist():
            which = np.flatnonzero(sizes == size)
            kept = np.nonzero(core[which])[1].reshape(len(which), size)
            rest = np.nonzero(~core[which])[1].reshape(len(which), self.n - size)
            rows = active[which]
            of_kept, of_rest = (np.take_along_axis(rows, part, axis=1) for part in (kept, rest))
            matrices = self.columns[of_kept[:, None, :], kept[:, None, :], kept[:, :, None]]
            errors = 2 * UNIT * np.abs(matrices) + TINY
            read_off = [part[of_rest, rest] for part in (self.diagonal, self.names, self.signs, self.are_1)]
            for place, counts in zip(which.tolist(), _counts(matrices, errors, *read_off), strict=True):
                found[place] = counts
        return found

    def _counted_whole(self, on: NDArray[np.bool_]) -> list[SimpleEigenvalues | None]:
        """Return the counts for a network whose matrices have no columns that are known before."""
        with np.errstate(all="ignore"):
            matrices = self.A + (self.W * on[:, None, :]) @ self.V
        none = np.zeros((len(on), 0))
        return _counts(matrices, np.broadcast_to(self.error, matrices.shape), none, none, none, none)


def _is_alone(column: Sequence[fmpq], j: int) -> bool:
    """Return whether a column is 0 but for its entry j."""
    return not any(x for i, x in enumerate(column) if i != j)


def _counts(matrices: Any, errors: Any, diagonal: Any, names: Any, signs: Any, are_1: Any) -> list[SimpleEigenvalues | None]:
    """Return the counts for matrices with the same number of rows, and the eigenvalues that are read off of each region."""
    z, r = discs(matrices, errors)
    real = z.imag == 0
    away = np.where(real, np.minimum(np.abs(z.real), np.abs(z.real - 1)), np.abs(z.imag)) * (1 - ROOM) > r
    with np.errstate(over="ignore", invalid="ignore"):  # as in `are_apart`
        distances = np.abs(z[:, :, None] - diagonal[:, None, :]) * (1 - ROOM)
    from_others = distances > r[:, :, None] + 2 * UNIT * np.abs(diagonal[:, None, :]) + TINY
    ordered = np.sort(names, axis=1)
    proved = are_apart(z, r) & away.all(axis=1) & from_others.all(axis=(1, 2)) & (ordered[:, 1:] != ordered[:, :-1]).all(axis=1)
    negative = (real & (z.real < 0)).sum(axis=1) + (signs < 0).sum(axis=1)
    pairs, zero, unit = (~real).sum(axis=1) // 2, (signs == 0).any(axis=1), are_1.any(axis=1)
    rows = zip(*(part.tolist() for part in (proved, negative, pairs, zero, unit)), strict=True)
    return [SimpleEigenvalues(*counts) if known else None for known, *counts in rows]
