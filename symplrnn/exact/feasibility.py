"""Is a system of linear inequalities solvable? Decided exactly, by linear programming over the rationals.

The strict inequalities get a common slack e: the system L_i(z) > 0 (i in P), L_j(z) <= 0 (j in Q) has a solution iff the
maximum of e subject to L_i(z) >= e, L_j(z) <= 0, e <= 1 is positive.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from flint import fmpq
from sympy.solvers.simplex import linprog

from symplrnn.exact.numbers import to_sympy

__all__ = ["is_feasible"]


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
    rows, bounds = [], []
    for normal, constant, above in zip(normals, constants, positive, strict=True):
        sign = -1 if above else 1  # written as sign (v.z) + (slack) <= -sign b
        rows.append([sign * to_sympy(x) for x in normal] + [sp.Integer(int(above))])
        bounds.append(-sign * to_sympy(constant))
    ranges = [(None, None)] * n + [(0, 1)]
    try:
        least, _ = linprog([0] * n + [-1], rows, bounds, bounds=ranges)
    except sp.solvers.simplex.InfeasibleLPError:  # even with slack 0
        return False
    return bool(least < 0)
