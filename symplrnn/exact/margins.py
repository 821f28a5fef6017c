"""Where in a cell to look, in floating point: a state with the largest margin from all faces, or the faces that leave none.

For g_i(z) = G_i.z + c_i (rows of G of length 1) the linear program

    maximise s   subject to   G_i.z + c_i t >= s,   t >= s,   |z_j| <= 1,   t <= 1

has a positive value iff some z/t has all g_i > 0, and its maximum keeps away from all faces. It is solved by the simplex method
on the dual program

    minimise u_1 + ... + u_n + w_1 + ... + w_n + a   subject to
    sum_i y_i G_i = u - w,    sum_i y_i c_i + y_0 = a,    sum_i y_i + y_0 = 1,    all variables >= 0,

which has few rows and a starting point: z = 0, t = s = 1 meets all inequalities but some g_i, and these enter one by one. If the
value is 0, the y_i > 0 are the faces whose inequalities contradict each other.

Nothing here is proof. What is found is rounded, or solved for anew, and checked over the field of the numbers.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "largest_margin"]

Floats: TypeAlias = NDArray[np.float64]
ZERO = 1e-11  # reduced costs and pivots below it count as 0
PERTURBED = 1e-10  # right-hand sides in place of 0, with which the simplex method does not turn in circles
SMALLEST = 1e-9  # margins and multipliers below it count as 0


def largest_margin(G: Floats, c: Floats) -> tuple[Floats, float] | list[int] | None:
    """Return the z with the largest margin, and that margin, or the indices that contradict each other; None where it fails.

    >>> z, margin = largest_margin(np.array([[1.0], [-1.0]]), np.array([-1.0, 3.0]))
    >>> z.round(6), round(margin, 6)
    (array([2.]), 1.0)
    >>> largest_margin(np.array([[1.0], [-1.0]]), np.array([-3.0, 1.0]))
    [0, 1]
    """
    (k, n), rows = G.shape, G.shape[1] + 2
    # Columns: y_1 ... y_k, y_0, u, w, a, and the right-hand side; rows: z, t, s, and the reduced costs.
    table = np.zeros((rows + 1, k + 2 * n + 3))
    table[:n, :k], table[n, :k], table[n + 1, :k] = -G.T, -c, 1
    u, a = slice(k + 1, k + 1 + n), k + 1 + 2 * n
    table[:n, u], table[:n, k + 1 + n : a] = np.eye(n), -np.eye(n)
    table[n, k], table[n + 1, k], table[n, a], table[n + 1, -1] = -1, 1, 1, 1
    table[rows, k + 1 : a + 1] = 1
    table[:n, -1] = np.linspace(1 / n, 1, n) * (PERTURBED / n)
    table[n] += table[n + 1]  # the basis u, a, y_0
    table[rows] -= table[:n].sum(axis=0) + table[n]
    basis = [*range(k + 1, k + 1 + n), a, k]
    for _ in range(20 + 10 * (k + n)):
        costs = table[rows, :-1]
        entering = int(costs.argmin())
        if costs[entering] > -ZERO:
            break
        column = table[:rows, entering]
        ratios = np.full(rows, np.inf)
        allowed = column > ZERO
        np.divide(table[:rows, -1], column, out=ratios, where=allowed)
        if not allowed.any():
            return None
        pivot = int(ratios.argmin())
        table[pivot] /= table[pivot, entering]
        factors = table[:, entering].copy()
        factors[pivot] = 0
        table -= np.outer(factors, table[pivot])
        basis[pivot] = entering
    else:
        return None
    if not np.isfinite(table).all():
        return None
    t = 1 - float(table[rows, a])
    margin = t - float(table[rows, k])
    if margin > SMALLEST:
        return (1 - table[rows, u]) / t, margin / t
    return sorted(j for j, y in zip(basis, table[:rows, -1], strict=True) if j < k and y > SMALLEST)
