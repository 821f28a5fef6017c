r"""Values by cases in LaTeX: one beside its condition in a brace, or, where that is wide or tall, one case after another.

A brace is never broken by TeX, neither at the margin nor at the foot of a page; a list of cases may be, between any two lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy as sp

from symplrnn.conditions.formula import ALWAYS, Formula
from symplrnn.emit.latex.conditions import Names, condition_latex, condition_pieces
from symplrnn.emit.latex.expressions import matrix_latex, pieces
from symplrnn.emit.latex.layout import equation, packed, stacked, width

__all__ = ["Branch", "branch_lines", "matrix_branch"]

TALL = 14  # lines in a brace
IF = 30.0  # points of "if" and the indentation before it


@dataclass(frozen=True)
class Branch:
    """What some names are where a condition holds; each value in pieces between which a line may end."""

    parts: tuple[tuple[str, tuple[str, ...]], ...]
    condition: Formula = ALWAYS


def matrix_branch(name: str, labels: Iterable[str], matrix: sp.MatrixBase, condition: Formula, limit: float) -> Branch:
    """Return a matrix as a whole if it fits on a line, else entry by entry under the labels."""
    text = matrix_latex(matrix)
    if width(text) <= limit:
        return Branch(((name, (text,)),), condition)
    parts = [(label, tuple(pieces(x, limit))) for label, x in zip(labels, matrix, strict=True)]
    return Branch(tuple(parts), condition)


def branch_lines(branches: Sequence[Branch], names: Names, limit: float) -> list[str]:
    """Return the lines of an align environment for values by cases, no wider than the limit right of the names."""
    if len(branches) == 1 and branches[0].condition.is_true:
        return _equations(branches[0], limit)
    if all(len(branch.parts) == 1 for branch in branches):
        for row in (_beside, _below):
            rows = [row(branch, names, limit) for branch in branches]
            text = r"\begin{cases} " + r" \\ \noalign{\vskip 1.2ex} ".join(rows) + r" \end{cases}"
            if width(text) <= limit and text.count(r"\\") <= TALL:
                return [rf"{branches[0].parts[0][0]} &= {text}"]
    lines = []
    for k, branch in enumerate(branches, 1):
        *before, last = condition_pieces(branch.condition, names, limit - IF)
        where = [*before, last + "{:}"]
        head = equation("&", [rf"\text{{Case {k}, where }} {where[0]}", *where[1:]], limit)
        lines.append(" \\\\*\n".join([head, " \\\\\n".join(_equations(branch, limit))]))
    return lines


def _equations(branch: Branch, limit: float) -> list[str]:
    return [equation(f"{name} &=", parts, limit) for name, parts in branch.parts]


def _beside(branch: Branch, names: Names, limit: float) -> str:
    return rf"{packed(branch.parts[0][1], limit - IF)}, & {condition_latex(branch.condition, names, limit / 2)}"


def _below(branch: Branch, names: Names, limit: float) -> str:
    where = condition_latex(branch.condition, names, limit - 2 * IF)
    return stacked([packed(branch.parts[0][1], limit - IF), rf"\text{{if }} {where}"], r" \\ & \quad ")
