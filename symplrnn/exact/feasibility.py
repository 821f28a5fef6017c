"""Is a system of linear inequalities solvable? Decided exactly, by the simplex method over Q or another field of real numbers.

The system v_i.z + b_i > 0 (i in P), v_j.z + b_j <= 0 (j in Q) is made homogeneous with a variable t > 0, and its strict
inequalities get a common slack e: it has a solution iff the maximum of e subject to

    t >= e,   v_i.z + b_i t >= e  (i in P),   v_j.z + b_j t <= 0  (j in Q),   e <= 1

is positive (it is then 1, by scaling). The origin is feasible, so the simplex method needs one phase only; Bland's rule keeps it
from cycling. A solution is checked against the inequalities before it is believed.

If the maximum is 0, the prices of the inequalities prove it: they are y >= 0 such that the sum of y_i (v_i.z + b_i) over P minus
that over Q does not depend on z, and is negative, or is 0 with some y_i > 0 in P. A solution z would make that sum >= 0, and > 0
in the second case. (Farkas's lemma in the form of Motzkin's transposition theorem.) This too is checked before it is believed.

Why not a library: the exact solver that is at hand (`sympy.solvers.simplex.linprog`, SymPy 1.14) reports the optimum 0 for
"minimise -e, x + e <= 0, 0 <= e <= 1, x free", whose optimum is -1.

Reference: R. G. Bland, New finite pivoting rules for the simplex method, Math. Oper. Res. 2 (1977) 103-107; A. Schrijver, Theory
of Linear and Integer Programming, Wiley 1986, section 7.8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.real import RealField, real_field

__all__ = ["is_feasible", "proves_emptiness", "solve_inequalities"]

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
    return not normals or isinstance(solve_inequalities(normals, constants, positive, real), list)


def solve_inequalities(
    normals: Sequence[Sequence[Any]], constants: Sequence[Any], positive: Sequence[bool], real: RealField = RATIONALS
) -> list[Any] | dict[int, Any]:
    """Return some z with v.z + b > 0 where ``positive`` is true and v.z + b <= 0 elsewhere, or a proof that there is none.

    The proof is multipliers: positive numbers by the index of an inequality, from 0; see `proves_emptiness`. At least one
    inequality is given.

    >>> from flint import fmpq
    >>> solve_inequalities([[fmpq(1)], [fmpq(1)]], [fmpq(0), fmpq(-1)], [False, True])
    {0: 1/2, 1: 1/2}
    """
    n, zero, one = len(normals[0]), real.field.element(0), real.field.element(1)
    # Variables >= 0: z+ (n), z- (n), t, e.
    rows: list[Row] = [[zero] * (2 * n) + [-one, one]]
    for v, b, above in zip(normals, constants, positive, strict=True):
        signed, other = ([-x for x in v], v) if above else (v, [-x for x in v])
        rows.append([*signed, *other, -b if above else b, one if above else zero])
    rows.append([zero] * (2 * n + 1) + [one])
    bounds = [zero] * (len(rows) - 1) + [one]
    (*point, t, e), (_, *prices, _) = _maximise_last(rows, bounds, real)
    if real.field.is_zero(e):
        multipliers = {i: y for i, y in enumerate(prices) if not real.field.is_zero(y)}
        if not proves_emptiness(normals, constants, positive, multipliers, real):
            raise ArithmeticError("the simplex method returned prices that prove nothing")
        return multipliers
    z = [(point[j] - point[n + j]) / t for j in range(n)]
    values = [sum((x * y for x, y in zip(v, z, strict=True)), b) for v, b in zip(normals, constants, strict=True)]
    if any((real.sign_of(value) > 0) != above for value, above in zip(values, positive, strict=True)):
        raise ArithmeticError("the simplex method returned a point that violates the inequalities")
    return z


def proves_emptiness(
    normals: Sequence[Sequence[Any]],
    constants: Sequence[Any],
    positive: Sequence[bool],
    multipliers: Mapping[int, Any],
    real: RealField = RATIONALS,
) -> bool:
    """Return whether multipliers y > 0 of some inequalities prove that no z meets all of them.

    They do if the sum of y_i (v_i.z + b_i) over the strict ones minus that over the others does not depend on z and is negative,
    or 0 with a strict one among them.

    >>> from flint import fmpq
    >>> proves_emptiness([[fmpq(1)], [fmpq(1)]], [fmpq(0), fmpq(-1)], [False, True], {0: fmpq(1), 1: fmpq(1)})
    True
    """
    if not multipliers or any(real.sign_of(y) <= 0 for y in multipliers.values()):
        return False
    signed, zero = [(i, y if positive[i] else -y) for i, y in multipliers.items()], real.field.element(0)
    if any(not real.field.is_zero(sum((y * normals[i][j] for i, y in signed), zero)) for j in range(len(normals[0]))):
        return False
    sign = real.sign_of(sum((y * constants[i] for i, y in signed), zero))
    return sign < 0 or (sign == 0 and any(positive[i] for i in multipliers))


def _maximise_last(rows: Sequence[Row], bounds: Row, real: RealField) -> tuple[Row, Row]:
    """Return a point x >= 0 with the largest last component for which rows.x <= bounds (>= 0), and the prices of the rows."""
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
    return [values.get(j, zero) for j in range(size)], table[-1][size : size + count]
