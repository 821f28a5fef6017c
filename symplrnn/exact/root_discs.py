"""How many roots of a rational polynomial are negative, positive and not real, from approximations of all of them.

For a polynomial p of degree n and any z there is a root of p within n |p(z)/p'(z)| of z. If n discs of these radii around n
approximations are disjoint, each has one root, and it is simple. A disc around a real number then has a real root, since it has
the root's conjugate, too; one that does not meet the real line has none. Radii are computed in balls and compared with room to
spare, so the counts are proved, however good the approximations are. This costs n values of p, while a Sturm chain of a
polynomial of degree 30 has members with hundreds of thousands of bits.

Reference: P. Henrici, Applied and Computational Complex Analysis, volume 1, Wiley 1974, theorem 6.4e; docs/theory, section 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from flint import acb, acb_poly, fmpq_mat, fmpq_poly

from symplrnn.exact.balls import working_precision

__all__ = ["RootCounts", "approximate_eigenvalues", "counted_by_discs"]

BITS = (128, 512)  # of the values of the polynomial: cancellation
ROOM = 1e-9  # relative, in comparisons of doubles that are right to 1e-15


@dataclass(frozen=True)
class RootCounts:
    """How many roots of a polynomial with simple roots, none of them 0, are negative and positive, and how many pairs complex."""

    negative: int
    positive: int
    pairs: int


def approximate_eigenvalues(matrix: fmpq_mat) -> list[complex] | None:
    """Return the eigenvalues in doubles; None if the entries are too large or the iteration does not end."""
    import numpy as np

    try:
        rows = [[int(x.p) / int(x.q) for x in row] for row in matrix.tolist()]
        return [complex(z) for z in np.linalg.eigvals(np.array(rows))]
    except (OverflowError, np.linalg.LinAlgError):
        return None


def counted_by_discs(polynomial: fmpq_poly, approximations: Sequence[complex]) -> RootCounts | None:
    """Return the counts, proved, if discs around approximations of all roots show them; else None.

    >>> counted_by_discs(fmpq_poly([-2, 0, 1]), [1.41421356, -1.41421356])
    RootCounts(negative=1, positive=1, pairs=0)
    >>> counted_by_discs(fmpq_poly([1, -2, 1]), [1.0, 1.0]) is None
    True
    """
    n = polynomial.degree()
    if n != len(approximations) or not all(isfinite(z.real) and isfinite(z.imag) for z in approximations):
        return None
    for bits in BITS:
        radii = _radii(polynomial, approximations, bits)
        found = None if radii is None else _counts(approximations, radii)
        if found is not None:
            return found
    return None


def _radii(polynomial: fmpq_poly, approximations: Sequence[complex], bits: int) -> list[float] | None:
    """Return radii, in doubles, of discs with a root each; None if one is not known."""
    n = polynomial.degree()
    with working_precision(bits):
        p = acb_poly(polynomial.numer())
        slope, found = p.derivative(), []
        for z in approximations:
            center = acb(z.real, z.imag)
            radius = float((n * abs(p(center) / slope(center))).upper()) * (1 + ROOM)
            if not isfinite(radius):
                return None
            found.append(radius)
    return found


def _counts(centers: Sequence[complex], radii: Sequence[float]) -> RootCounts | None:
    """Return the counts if the discs are disjoint, those around real numbers leave out 0 and the others the real line."""
    import numpy as np

    z, r = np.array(centers), np.array(radii)
    apart = np.abs(z[:, None] - z[None, :]) * (1 - ROOM) > r[:, None] + r[None, :]
    np.fill_diagonal(apart, True)
    real = z.imag == 0
    if not (apart.all() and (np.where(real, np.abs(z.real), np.abs(z.imag)) * (1 - ROOM) > r).all()):
        return None
    negative = int((real & (z.real < 0)).sum())
    return RootCounts(negative, int(real.sum()) - negative, int((~real).sum()) // 2)
