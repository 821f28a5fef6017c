"""Is a system of linear inequalities solvable? Decided exactly, by the simplex method over Q or another field of real numbers.

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
from typing import Any

from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.real import RealField, real_field

__all__ = ["is_feasible"]

Row = list[Any]
RATIONALS = real_field(QQ)


def is_feasible(
    normals: Sequence[Sequence[Any]], constants: Sequence[Any], positive: Sequence[bool], real: RealField = RATIONALS
) -> bool:
    """Return whether some z has v.z + b > 0 where ``positive`` is true and v.z + b <= 0 elsewhere, for numbers of a real field.

    >>> from flint import fmpq
    >>> is_feasible([[fmpq(1)], [fmpq(1)]], [fmpq(0), fmpq(-1)], [False, True])
    False
    >>> is_feasible([[fmpq(1)], [fmpq(1)]], [fmpq(0), fmpq(-1)], [True, False])
    True
    """
    if not normals:
        return True
    n, zero, one = len(normals[0]), real.field.element(0), real.field.element(1)
    # Variables >= 0: z+ (n), z- (n), t, e.
    rows: list[Row] = [[zero] * (2 * n) + [-one, one]]
    for v, b, above in zip(normals, constants, positive, strict=True):
        signed, other = ([-x for x in v], v) if above else (v, [-x for x in v])
        rows.append([*signed, *other, -b if above else b, one if above else zero])
    rows.append([zero] * (2 * n + 1) + [one])
    bounds = [zero] * (len(rows) - 1) + [one]
    *point, t, e = _maximise_last(rows, bounds, real)
    if real.field.is_zero(e):
        return False
    z = [(point[j] - point[n + j]) / t for j in range(n)]
    values = [sum((x * y for x, y in zip(v, z, strict=True)), b) for v, b in zip(normals, constants, strict=True)]
    if any((real.sign_of(value) > 0) != above for value, above in zip(values, positive, strict=True)):
        raise ArithmeticError("the simplex method returned a point that violates the inequalities")
    return True


def _maximise_last(rows: Sequence[Row], bounds: Row, real: RealField) -> Row:
    """Return a point x >= 0 that maximises its last component subject to rows.x <= bounds, where bounds >= 0."""
    size, count, sign = len(rows[0]), len(rows), real.sign_of
    zero, one = real.field.element(0), real.field.element(1)
    # Tableau with slack variables; the last row holds the negative reduced costs.
    slack = [[one if i == k else zero for k in range(count)] for i in range(count)]
    table = [[*row, *extra, bound] for row, extra, bound in zip(rows, slack, bounds, strict=True)]
    table.append([zero] * (size - 1) + [-one] + [zero] * (count + 1))
    basis = list(range(size, size + count))
    while True:
        entering = next((j for j in range(size + count) if sign(table[-1][j]) < 0), None)
        if entering is None:
            break
        pivot, least = -1, None  # there is one: e <= 1 bounds the objective
        for i in range(count):
            if sign(table[i][entering]) > 0:
                ratio = table[i][-1] / table[i][entering]
                order = -1 if least is None else sign(ratio - least)
                if order < 0 or (order == 0 and basis[i] < basis[pivot]):
                    pivot, least = i, ratio
        basis[pivot] = entering
        scale = table[pivot][entering]
        table[pivot] = [x / scale for x in table[pivot]]
        for i, row in enumerate(table):
            factor = row[entering]
            if i != pivot and not real.field.is_zero(factor):
                table[i] = [x - factor * y for x, y in zip(row, table[pivot], strict=True)]
    values = {variable: table[i][-1] for i, variable in enumerate(basis)}
    return [values.get(j, zero) for j in range(size)]
