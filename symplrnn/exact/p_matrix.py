"""Whether a rational matrix is a P-matrix: all its principal minors are positive.

Deciding it is co-NP-complete. So certificates are tried first, each of which covers all 2^n minors and is checked in polynomial
time; they are found in floating point, and only what is verified over the integers counts:

- `Dominance`: x > 0 with  b_ii x_i > sum_{j != i} |b_ij| x_j  (the comparison matrix is a nonsingular M-matrix; with x = 1,
  strict diagonal dominance);
- `Definiteness`: T nonsingular lower triangular with  T (B + B^T) T^T  strictly diagonally dominant with positive diagonal, so
  that B + B^T is positive definite.

Then comes recursion by Schur complements: B is a P-matrix iff b_11 > 0 and both B without its first row and column and the Schur
complement of b_11 in B are P-matrices. It visits the 2^n minors, as pivots. All matrices of one depth are one array of intervals
in double precision, rounded outwards, so a positive lower bound is proof. Where an interval holds 0, the matrix is computed anew
over Q. The first pivot that is not positive names a principal minor that is not.

Reference: docs/theory, section 4, G2; M. J. Tsatsomeros, L. Li, A recursive test for P-matrices, BIT 40 (2000) 410-414; M.
Fiedler, V. Ptak, On matrices with non-positive off-diagonal elements and positive principal minors, Czech. Math. J. 12 (1962)
382-400.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq, fmpq_mat, fmpz, fmpz_mat
from numpy.typing import NDArray

from symplrnn import limits
from symplrnn.exact.eigenvalue_discs import doubles

__all__ = ["AllMinors", "Definiteness", "Dominance", "FailingMinor", "Proof", "is_p_matrix"]

Array = NDArray[np.float64]
AT_ONCE = 1 << 14  # matrices of one depth
SCALE_BITS = 40  # of the numbers in a certificate, beyond those of the smallest one


@dataclass(frozen=True)
class Dominance:
    """x > 0 (integers) with  b_ii x_i > sum_{j != i} |b_ij| x_j  for all i: B is a P-matrix."""

    x: tuple[int, ...]


@dataclass(frozen=True)
class Definiteness:
    """T (integers, lower triangular, positive diagonal) with T (B + B^T) T^T strictly dominant: B is a P-matrix."""

    T: fmpz_mat = field(repr=False)


@dataclass(frozen=True)
class AllMinors:
    """All 2^n - 1 principal minors were shown to be positive, so many of them over Q."""

    exactly: int


@dataclass(frozen=True)
class FailingMinor:
    """A principal minor, on these units (counted from 0), that is not positive."""

    units: tuple[int, ...]
    minor: fmpq


Proof: TypeAlias = Dominance | Definiteness | AllMinors | FailingMinor


def is_p_matrix(B: fmpq_mat) -> Proof | None:
    """Return the proof that a square rational matrix is a P-matrix, or that it is none; None where neither was found.

    None is possible from ``limits.P_MATRIX_UNITS`` rows on, or where too many minors are near 0.

    >>> is_p_matrix(fmpq_mat(2, 2, [2, -1, 0, 1]))
    Dominance(x=(1, 1))
    >>> is_p_matrix(fmpq_mat(2, 2, [1, 3, 1, 1]))
    FailingMinor(units=(0, 1), minor=-2)
    >>> is_p_matrix(fmpq_mat(2, 2, [1, 3, -3, 1]))
    Definiteness()
    >>> is_p_matrix(fmpq_mat(2, 2, [1, 5, "-1/5", 1]))
    AllMinors(exactly=0)
    """
    for i in range(B.nrows()):
        if B[i, i] <= 0:
            return FailingMinor((i,), B[i, i])
    numerators = B.numer_denom()[0]
    certificate = _dominance(numerators) or _definiteness(numerators)
    if certificate is not None:
        return certificate
    if B.nrows() > limits.P_MATRIX_UNITS:
        return _failing_minor(B)
    return _all_minors(B)


def _dominance(Z: fmpz_mat) -> Dominance | None:
    """Return the certificate that a matrix of integers with positive diagonal has a comparison matrix that is an M-matrix."""
    n = Z.nrows()
    rows = [[-abs(x) for x in row] for row in Z.tolist()]
    for i in range(n):
        rows[i][i] = -rows[i][i]
    comparison = fmpz_mat(rows) if n else fmpz_mat(0, 0)
    ones = (1,) * n
    if _positive(comparison, ones):
        return Dominance(ones)
    try:
        found = np.linalg.solve(_scaled(comparison), np.ones(n))
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(found).all() or found.min() <= 0 or found.max() > found.min() * 2.0**500:
        return None
    x = tuple(int(value) for value in np.ldexp(found / found.min(), SCALE_BITS))
    return Dominance(x) if _positive(comparison, x) else None


def _positive(matrix: fmpz_mat, x: Sequence[int]) -> bool:
    """Return whether a matrix times a positive vector is positive."""
    return all(value > 0 for value in (matrix * fmpz_mat(len(x), 1, list(x))).entries())


def _scaled(Z: fmpz_mat) -> Array:
    """Return a matrix of integers in double precision, each row divided by a power of two near its diagonal entry."""
    rows = []
    for i, row in enumerate(Z.tolist()):
        shift = max(int(row[i]).bit_length(), 1)
        rows.append([_ratio(int(x), shift) for x in row])
    return np.array(rows).reshape(Z.nrows(), Z.ncols())


def _ratio(x: int, shift: int) -> float:
    """Return x / 2^shift in double precision; infinity where that is too large."""
    try:
        return x / (1 << shift)
    except OverflowError:
        return float("inf")


def _definiteness(Z: fmpz_mat) -> Definiteness | None:
    """Return the certificate that Z + Z^T is positive definite for a matrix of integers Z with positive diagonal."""
    n = Z.nrows()
    S = Z + Z.transpose()
    diagonal = [int(S[i, i]).bit_length() // 2 for i in range(n)]
    near = np.array([[_ratio(int(x), diagonal[i] + diagonal[j]) for j, x in enumerate(row)] for i, row in enumerate(S.tolist())])
    if not np.isfinite(near).all():
        return None
    try:
        inverse = np.linalg.inv(np.linalg.cholesky(near.reshape(n, n)))
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(inverse).all() or np.abs(inverse).max(initial=0.0) > 2.0**500:
        return None
    top = max(diagonal, default=0)
    entries = [
        int(np.ldexp(inverse[i, j], SCALE_BITS)) << (top - diagonal[j]) if j <= i else 0 for i in range(n) for j in range(n)
    ]
    T = fmpz_mat(n, n, entries)
    product = T * S * T.transpose()
    rows = product.tolist()
    for i, row in enumerate(rows):
        if T[i, i] <= 0 or 2 * row[i] <= sum((abs(x) for x in row), fmpz(0)):
            return None
    return Definiteness(T)


def _failing_minor(B: fmpq_mat) -> FailingMinor | None:
    """Look for a principal minor that is not positive: those of two units, and those that elimination meets in some orders."""
    n, rows = B.nrows(), B.tolist()
    for i in range(n):
        for j in range(i + 1, n):
            minor = rows[i][i] * rows[j][j] - rows[i][j] * rows[j][i]
            if minor <= 0:
                return FailingMinor((i, j), minor)
    near, generator = _scaled(B.numer_denom()[0]), np.random.default_rng(0)
    for _ in range(limits.P_MATRIX_ORDERS):
        order = generator.permutation(n)
        rest = near[np.ix_(order, order)]
        for k in range(n):
            if not rest[0, 0] > 0:
                units = tuple(sorted(map(int, order[: k + 1])))
                minor = _minor(B, units)
                if minor <= 0:
                    return FailingMinor(units, minor)
                break
            rest = rest[1:, 1:] - np.outer(rest[1:, 0], rest[0, 1:] / rest[0, 0])
    return None


def _all_minors(B: fmpq_mat) -> Proof | None:
    """Decide by recursion with Schur complements, many of one depth at a time.

    At depth k there is one matrix for each set of units below k: the Schur complement of those units in the rest, whose first
    entry is the quotient of the minors with and without unit k.
    """
    n, exactly = B.nrows(), 0
    if n == 0:
        return AllMinors(0)
    below, above = _enclosed(B)
    waiting = [(0, np.zeros(1, dtype=np.int64), below[None], above[None])]
    while waiting:
        k, sets, low, high = waiting.pop()
        doubtful = np.flatnonzero(~(low[:, 0, 0] > 0))  # NaN counts as doubtful
        exactly += len(doubtful)
        if exactly > limits.P_MATRIX_EXACT_MINORS:
            return None
        for index in doubtful.tolist():
            units = tuple(i for i in range(k) if int(sets[index]) >> i & 1)
            matrix = _schur_complement(B, units, range(k, n))
            if matrix[0, 0] <= 0:
                return FailingMinor((*units, k), _minor(B, (*units, k)))
            low[index], high[index] = _enclosed(matrix)
        if k == n - 1:
            continue
        with np.errstate(all="ignore"):
            low, high = _next_depth(low, high)
        sets = np.concatenate([sets, sets | 1 << k])
        for start in range(0, len(sets), AT_ONCE):  # few at once, so that memory stays small
            part = slice(start, start + AT_ONCE)
            waiting.append((k + 1, sets[part], low[part], high[part]))
    return AllMinors(exactly)


def _next_depth(low: Array, high: Array) -> tuple[Array, Array]:
    """Return the matrices without their first row and column, then the Schur complements of their first entries."""
    column = low[:, 1:, :1], high[:, 1:, :1]
    row = low[:, :1, 1:], high[:, :1, 1:]
    pivot = low[:, :1, :1], high[:, :1, :1]
    quotients = [a / b for a in column for b in pivot]  # the pivots are positive
    quotient = _down(np.minimum.reduce(quotients)), _up(np.maximum.reduce(quotients))
    products = [a * b for a in quotient for b in row]
    least, most = _down(np.minimum.reduce(products)), _up(np.maximum.reduce(products))
    rest = low[:, 1:, 1:], high[:, 1:, 1:]
    return np.concatenate([rest[0], _down(rest[0] - most)]), np.concatenate([rest[1], _up(rest[1] - least)])


def _down(x: Array) -> Array:
    return np.asarray(np.nextafter(x, -np.inf))


def _up(x: Array) -> Array:
    return np.asarray(np.nextafter(x, np.inf))


def _enclosed(matrix: fmpq_mat) -> tuple[Array, Array]:
    """Return lower and upper bounds of the entries in double precision."""
    near = doubles(matrix)  # NaN is enclosed by NaN, which is doubtful
    exact = near == np.round(near)  # of small integers there is no rounding
    exact &= np.abs(near) < 2.0**53
    exact &= np.array([x.q == 1 for x in matrix.entries()]).reshape(near.shape)
    return np.where(exact, near, _down(near)), np.where(exact, near, _up(near))


def _schur_complement(B: fmpq_mat, units: Sequence[int], rest: Sequence[int]) -> fmpq_mat:
    """Return B[rest, rest] - B[rest, units] B[units, units]^-1 B[units, rest]; the minor on the units is positive."""
    corner = _part(B, rest, rest)
    if not units:
        return corner
    return corner - _part(B, rest, units) * _part(B, units, units).solve(_part(B, units, rest))


def _minor(B: fmpq_mat, units: Sequence[int]) -> fmpq:
    return _part(B, units, units).det()


def _part(B: fmpq_mat, rows: Sequence[int], columns: Sequence[int]) -> fmpq_mat:
    entries: list[Any] = [B[i, j] for i in rows for j in columns]
    return fmpq_mat(len(rows), len(columns), entries)
