"""Which units act on each other: the blocks of a matrix whose eigenvalues, or whose functions, are found one by one.

Reference: docs/theory, section 4, G1 (block structure).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy.utilities.iterables import strongly_connected_components

from symplrnn.exact.fields.field import Field

__all__ = ["block", "blocks"]


def blocks(matrix: Any, directed: bool = True) -> list[list[int]]:
    """Return the units in groups that act on each other: strongly connected components, or connected ones if not ``directed``.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> blocks(QQ.matrix([[1, 1], [0, 1]])), blocks(QQ.matrix([[1, 1], [0, 1]]), directed=False)
    ([[1], [0]], [[0, 1]])
    """
    n = matrix.nrows()
    edges = [(i, j) for i in range(n) for j in range(n) if i != j and (matrix[i, j] != 0 or (not directed and matrix[j, i] != 0))]
    return [sorted(units) for units in strongly_connected_components((list(range(n)), edges))]


def block(K: Field, matrix: Any, rows: Sequence[int], columns: Sequence[int]) -> Any:
    """Return the part of a matrix in some rows and columns.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> block(QQ, QQ.matrix([[1, 2], [3, 4]]), [1], [0, 1])
    [3, 4]
    """
    return K.fill(len(rows), len(columns), [matrix[i, j] for i in rows for j in columns])
