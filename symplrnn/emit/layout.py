r"""How wide is a piece of LaTeX, and where can it be broken? And matrices, in the one style of this package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["block_width", "by_rows", "packed", "pmatrix", "split_sum", "width"]


def width(text: str) -> int:
    """Estimate the printed width in letters: of each matrix the longest row; a fraction counts as its longer half."""
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", lambda found: max(found.groups(), key=len), text)
    text = re.sub(r"\\(left|right|bigl|bigr|widetilde|tilde|dot|Omega|begin|end|text|,|quad|qquad)(?![a-z])", "", text)
    text = re.sub(r"\\([a-z]+)", r"\1", text)
    parts = [re.sub(r"\\\\(\[1ex\])?", "\n", part).split("\n") for part in text.split("{pmatrix}")]
    return sum(max(len(re.sub(r"[{}_^ ]", "", row)) for row in rows) for rows in parts)


def block_width(text: str) -> int:
    """Estimate the printed width of a piece that may be an aligned block of several lines."""
    return max(width(line) for line in text.split(r"\\ &"))


def split_sum(text: str, limit: int) -> list[str]:
    """Return a long sum, or a relation with one, in pieces at the signs that stand in no bracket.

    >>> split_sum("a + (b + c) - d > 0", 4)
    ['a', '+ (b + c)', '- d > 0']
    """
    if width(text) <= limit:
        return [text]
    pieces, start, depth = [], 0, 0
    for k, letter in enumerate(text):
        depth += (letter in "{(") - (letter in "})")
        if depth == 0 and k > start and text[k : k + 3] in (" + ", " - "):
            pieces.append(text[start:k])
            start = k + 1
    return [*pieces, text[start:]]


def packed(pieces: Sequence[str], limit: int) -> str:
    r"""Return pieces one after another, in an aligned block of several lines if they are wider than the limit.

    >>> packed(["a > 0,", "b > 0"], 40)
    'a > 0, b > 0'
    >>> packed(["a > 0,", "b > 0"], 5)
    '\\begin{aligned}[t] & a > 0, \\\\ & b > 0 \\end{aligned}'
    """
    lines = [""]
    for piece in pieces:
        longer = f"{lines[-1]} {piece}" if lines[-1] else piece
        if lines[-1] and width(longer) > limit:
            lines.append(piece)
        else:
            lines[-1] = longer
    if len(lines) == 1:
        return lines[0]
    return r"\begin{aligned}[t] & " + r" \\ & ".join(lines) + r" \end{aligned}"


def by_rows(texts: Sequence[str], columns: int) -> list[Sequence[str]]:
    """Return entries, given row by row, as rows."""
    return [texts[k : k + columns] for k in range(0, len(texts), columns)] if columns else []


def pmatrix(rows: Iterable[Iterable[str]]) -> str:
    """Return a matrix of LaTeX entries in round brackets."""
    lines = [" & ".join(row) for row in rows]
    body = (r" \\[1ex] " if any(r"\frac" in line for line in lines) else r" \\ ").join(lines)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"
