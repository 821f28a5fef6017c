"""Discs that hold one eigenvalue each, proved, for many matrices at once in double precision.

LAPACK's eigenvalues z and eigenvectors V of a matrix A are only hints. With W near V^-1, E = I - W V and R = A V - V diag(z),

    V^-1 A V = diag(z) + (I - E)^-1 W R          if the norm e of E is below 1,

so by Gershgorin the discs around z_i of radius q_i + e/(1 - e) max q hold all eigenvalues of A, where q_i is the sum of row i of
|W| |R|, and a disc that meets no other one holds exactly one. All sums are bounded with the rounding errors of the products, by
the usual bounds c u |X| |Y| for a product X Y with unit roundoff u, in any order of summation; what underflows is below TINY. The
entries of A are known up to given errors, so the discs are those of the exact matrix.

This needs no characteristic polynomial, whose coefficients have hundreds of digits.

Reference: R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd edition, Cambridge 2013, theorem 6.1.1; N. J. Higham, Accuracy and
Stability of Numerical Algorithms, SIAM 2002, chapter 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

__all__ = ["ROOM", "TINY", "UNIT", "are_apart", "discs", "double", "doubles"]

Array = NDArray[np.float64]
UNIT = 2.0**-53  # half the distance from 1 to the next double
ROOM = 1e-9  # relative, for what is computed of nonnegative numbers and right to 1e-12
TINY = 2.0**-1000  # more than what all underflows of one matrix add up to


def double(x: fmpq) -> float:
    """Return the nearest double; NaN of a number that is too large."""
    try:
        return int(x.p) / int(x.q)  # Python rounds this quotient of integers correctly
    except OverflowError:
        return float("nan")


def doubles(matrix: fmpq_mat) -> Array:
    """Return a matrix in double precision, each entry the nearest one; NaN where it is too large.

    >>> doubles(fmpq_mat([[fmpq(1, 2), fmpq(1, 3)]])).tolist()
    [[0.5, 0.3333333333333333]]
    """
    return np.array([double(x) for x in matrix.entries()], dtype=float).reshape(matrix.nrows(), matrix.ncols())


def discs(matrices: Array, errors: Array) -> tuple[NDArray[np.complex128], Array]:
    """Return the centers (m, k) and radii (m, k) of discs that together hold the eigenvalues of m matrices of k rows.

    A disc that meets no other one of its matrix holds exactly one of them. Radii are infinite where nothing is known.

    Parameters
    ----------
    matrices : array (m, k, k)
    errors : array (m, k, k)
        Bounds of the distances of the entries from the exact ones.

    >>> centers, radii = discs(np.array([[[2.0, 1.0], [1.0, 2.0]]]), np.zeros((1, 2, 2)))
    >>> centers.real.round(9).tolist(), bool((radii < 1e-13).all())
    ([[3.0, 1.0]], True)
    """
    m, k, _ = matrices.shape
    centers, radii = np.zeros((m, k), dtype=np.complex128), np.full((m, k), np.inf)
    finite = np.isfinite(matrices).all(axis=(1, 2)) & np.isfinite(errors).all(axis=(1, 2))
    if k:
        with np.errstate(all="ignore"):
            _fill(np.flatnonzero(finite), matrices, errors, centers, radii)
    radii[~(radii >= 0)] = np.inf  # NaN
    return centers, radii


def _fill(which: NDArray[np.intp], matrices: Array, errors: Array, centers: Any, radii: Array) -> None:
    """Write the discs of some matrices; NumPy refuses all of them for one that it cannot do, so they are parted then."""
    if not len(which):
        return
    A = matrices[which]
    try:
        z, V = (np.asarray(part, dtype=np.complex128) for part in np.linalg.eig(A))
        W = np.linalg.inv(V)
    except np.linalg.LinAlgError:
        if len(which) > 1:
            for part in np.array_split(which, 2):
                _fill(part, matrices, errors, centers, radii)
        return
    k = A.shape[1]
    c = (4 * k + 20) * UNIT
    size_of_V, size_of_W, size_of_z = _sizes(V), _sizes(W), _sizes(z)
    sums = size_of_V.sum(axis=2, keepdims=True)
    scale = np.abs(A) @ sums + size_of_V @ size_of_z[:, :, None]
    R = _sizes(A @ V - V * z[:, None, :]).sum(axis=2, keepdims=True) + c * scale + errors[which] @ sums + TINY
    E = _sizes(np.eye(k) - W @ V).sum(axis=2, keepdims=True) + c * (size_of_W @ sums) + TINY
    q = (size_of_W @ R)[:, :, 0]
    e = E.max(axis=1) * (1 + ROOM)
    found = (q + e / (1 - e) * q.max(axis=1, keepdims=True)) * (1 + ROOM) + TINY
    centers[which], radii[which] = z, np.where(e < 0.5, found, np.inf)


def _sizes(X: NDArray[np.complexfloating[Any, Any]]) -> Array:
    """Return |Re x| + |Im x|, at least |x|: unlike the root of a sum of squares it is not rounded where it is below 2^-1022."""
    return np.asarray(np.abs(X.real) + np.abs(X.imag))


def are_apart(centers: NDArray[np.complex128], radii: Array) -> NDArray[np.bool_]:
    """Return for each row whether its discs do not meet.

    >>> are_apart(np.array([[0j, 1 + 0j], [0j, 1j]]), np.array([[0.6, 0.6], [0.3, 0.6]])).tolist()
    [False, True]
    """
    with np.errstate(over="ignore", invalid="ignore"):  # inf > inf is false, and so is what NaN is compared with
        distances = np.abs(centers[:, :, None] - centers[:, None, :]) * (1 - ROOM)
        apart = distances > radii[:, :, None] + radii[:, None, :]
    own = np.arange(centers.shape[1])
    apart[:, own, own] = True
    return np.asarray(apart.all(axis=(1, 2)))
