"""Is a system of linear inequalities solvable? Decided exactly, by the simplex method over the rationals.

The system v_i.z + b_i > 0 (i in P), v_j.z + b_j <= 0 (j in Q) is made homogeneous with a variable t > 0, and its strict
inequalities get a common slack e: it has a solution iff the maximum of e subject to

    t >= e,   v_i.z + b_i t >= e  (i in P),   v_j.z + b_j t <= 0  (j in Q),   e <= 1

is positive (it is then 1, by scaling). The origin is feasible, so the simplex method needs one phase only; Bland's rule keeps it
from cycling. A solution is checked against the inequalities before it is believed.

Why not a library: the exact solver that is at hand (`sympy.solvers.simplex.linprog`, SymPy 1.14) reports the optimum 0 for
"minimise -e, x + e <= 0, 0 <= e <= 1, x free", whose optimum is -1.

Reference: R. G. Bland, New finite pivoting rules for the simplex method, Math. Oper. Res. 2 (1977) 103-107.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

__all__ = ["is_feasible"]

Row = list[fmpq]


def is_feasible(normals: Sequence[Sequence[fmpq]], constants: Sequence[fmpq], positive: Sequence[bool]) -> bool:
    """Return whether some z has v.z + b > 0 where ``positive`` is true and v.z + b <= 0 elsewhere.

    >>> is_feasible([[fmpq(1)], [fmpq(1)]], [fmpq(0), fmpq(-1)], [False, True])
    False
    >>> is_feasible([[fmpq(1)], [fmpq(1)]], [fmpq(0), fmpq(-1)], [True, False])
    True
    """
    if not normals:
        return True
    n = len(normals[0])
    # Variables >= 0: z+ (n), z- (n), t, e.
    rows: list[Row] = [[fmpq(0)] * (2 * n) + [fmpq(-1), fmpq(1)]]
    for v, b, above in zip(normals, constants, positive, strict=True):
        sign = -1 if above else 1
        rows.append([sign * x for x in v] + [-sign * x for x in v] + [sign * b, fmpq(int(above))])
    rows.append([fmpq(0)] * (2 * n + 1) + [fmpq(1)])
    bounds = [fmpq(0)] * (len(rows) - 1) + [fmpq(1)]
    *point, t, e = _maximise_last(rows, bounds)
    if e == 0:
        return False
    z = [(point[j] - point[n + j]) / t for j in range(n)]
    values = [sum((x * y for x, y in zip(v, z, strict=True)), b) for v, b in zip(normals, constants, strict=True)]
    if any((value > 0) != above for value, above in zip(values, positive, strict=True)):
        raise ArithmeticError("the simplex method returned a point that violates the inequalities")
    return True


def _maximise_last(rows: Sequence[Row], bounds: Sequence[fmpq]) -> Row:
    """Return a point x >= 0 that maximises its last component subject to rows.x <= bounds, where bounds >= 0."""
    size, count = len(rows[0]), len(rows)
    # Tableau with slack variables; the last row holds the negative reduced costs.
    table = [
        [*row, *(fmpq(int(i == k)) for k in range(count)), bound] for i, (row, bound) in enumerate(zip(rows, bounds, strict=True))
    ]
    table.append([fmpq(0)] * (size - 1) + [fmpq(-1)] + [fmpq(0)] * (count + 1))
    basis = list(range(size, size + count))
    while True:
        entering = next((j for j in range(size + count) if table[-1][j] < 0), None)
        if entering is None:
            break
        ratios = [(table[i][-1] / table[i][entering], basis[i], i) for i in range(count) if table[i][entering] > 0]
        _, _, pivot = min(ratios)  # never empty: e <= 1 bounds the objective
        basis[pivot] = entering
        scale = table[pivot][entering]
        table[pivot] = [x / scale for x in table[pivot]]
        for i, row in enumerate(table):
            factor = row[entering]
            if i != pivot and factor != 0:
                table[i] = [x - factor * y for x, y in zip(row, table[pivot], strict=True)]
    values = {variable: table[i][-1] for i, variable in enumerate(basis)}
    return [values.get(j, fmpq(0)) for j in range(size)]
