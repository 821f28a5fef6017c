r"""How wide is a piece of LaTeX in print, and how are pieces put on lines? And matrices, in the one style of this package.

Widths are in points for Computer Modern at 10pt, from a table of the usual letters; they are estimates, and lines are filled to
`line_width()` points, 475 where a page of `symplrnn.emit.latex.dispatch.document` has 500, and fewer in two columns.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

__all__ = [
    "COLUMN",
    "LINE",
    "Approximate",
    "align",
    "by_rows",
    "column_parts",
    "equation",
    "fill",
    "fits",
    "line_width",
    "lines_of",
    "packed",
    "parted",
    "pmatrix",
    "related",
    "side_by_side",
    "value_lines",
    "width",
]

LINE = 475.0
COLUMN = 230.0  # of two columns
WIDTH = ContextVar("WIDTH", default=LINE)

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|\d{3,}|.", re.DOTALL)  # long numbers are one token
BINARY = {"+", "-", "*", r"\cdot", r"\times"}
RELATIONS = {"=", "<", ">", r"\le", r"\ge", r"\ne", r"\in", r"\to", ":", r"\mapsto", r"\leftarrow", r"\approx"}
SPACES = {r"\,": 1.7, r"\ ": 3.3, r"\;": 2.8, r"\:": 2.2, r"\quad": 10.0, r"\qquad": 20.0, r"\!": -1.7}
LETTERS = dict.fromkeys("abcehknopqsuvxyz0123456789", 5.2) | dict.fromkeys("dgirtjfl", 4.8) | {"m": 8.8, "w": 7.2, ",": 4.5}
LETTERS |= dict.fromkeys("()", 3.9) | dict.fromkeys("[]|!.;", 2.8) | {"'": 3.0, "/": 5.0, "M": 10.8, "W": 11.0}
SIZES = (1.0, 1.0, 0.72, 0.55)  # display, text, script and scriptscript style


def line_width() -> float:
    """Return how wide lines are filled, in points."""
    return WIDTH.get()


@contextmanager
def lines_of(width: float) -> Iterator[None]:
    """Fill lines to a width in points.

    >>> with lines_of(230):
    ...     line_width()
    230
    """
    token = WIDTH.set(width)
    try:
        yield
    finally:
        WIDTH.reset(token)


class Approximate(str):
    """LaTeX of numbers that are rounded: the sign before it is that of approximate equality."""

    __slots__ = ()


def related(name: str, text: str) -> str:
    r"""Return an equation, approximate if a number in it is rounded.

    >>> related("x", "1"), related("x", Approximate("0.33"))
    ('x = 1', 'x \\approx 0.33')
    """
    return rf"{name} \approx {text}" if isinstance(text, Approximate) else f"{name} = {text}"


def like(text: str, cells: Iterable[str]) -> str:
    """Return a text as approximate if a cell that it was made of is."""
    return Approximate(text) if any(isinstance(cell, Approximate) for cell in cells) else text


class _Ruler:
    """Reads LaTeX token by token; a style is an index of SIZES."""

    def __init__(self, text: str) -> None:
        self.tokens = TOKEN.findall(text)
        self.at = 0

    def next(self) -> str:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        self.at += 1
        return str(self.tokens[self.at - 1]) if self.at <= len(self.tokens) else ""

    def peek(self) -> str:
        start = self.at
        token = self.next()
        self.at = start
        return token

    def verbatim(self) -> str:
        """Return the text of the group that comes next."""
        depth, found = 0, ""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            depth += (token == "{") - (token == "}")
            if depth == 0 and token == "}":
                break
            found += "" if token == "{" and depth == 1 else token
        return found

    def argument(self, style: int) -> float:
        token = self.next()
        return self.until("}", style) if token == "{" else self.atom(token, style)

    def until(self, end: str, style: int) -> float:
        """Return the width of what comes before a closing token: of several rows and cells, that of the table."""
        return _table(self.rows(end, style), 0.0)

    def rows(self, end: str, style: int) -> list[list[float]]:
        rows = [[0.0]]
        while (token := self.next()) and token != end:
            if token == "&":
                rows[-1].append(0.0)
            elif token == r"\\":
                rows.append([0.0])
                if self.peek() == "[":
                    while self.next() not in ("]", ""):
                        pass
            elif token in "^_":
                rows[-1][-1] += self.scripts(token, style)
            else:
                rows[-1][-1] += self.atom(token, style)
        return rows

    def scripts(self, token: str, style: int) -> float:
        """Return the width of a subscript and an exponent, which stand one above the other."""
        first = self.argument(max(2, min(style + 1, 3)))
        second = {"^": "_", "_": "^"}[token]
        if self.peek() != second:
            return first + 0.5
        self.next()
        return max(first, self.argument(max(2, min(style + 1, 3)))) + 0.5

    def atom(self, token: str, style: int) -> float:
        size = SIZES[style]
        if token == "{":
            return self.until("}", style)
        if token == r"\frac":
            return max(self.argument(min(style + 1, 3)), self.argument(min(style + 1, 3))) + 2.4
        if token == r"\sqrt":
            return self.argument(style) + 9.0 * size
        if token in (r"\left", r"\right"):
            self.next()
            return 7.0 * size
        if token in (r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\big", r"\Big"):
            self.next()
            return 6.0 * size
        if token in (r"\text", r"\operatorname", r"\mathrm", r"\mathbb"):
            return 5.0 * len(self.verbatim()) * size + 1.7
        if token in (r"\noalign", r"\begin"):
            name = self.verbatim()
            return 0.0 if token == r"\noalign" else self.environment(name, style)
        if token == r"\rule":
            self.verbatim()
            self.verbatim()
            return 0.0
        if token == r"\sum":
            self.next()
            return max(14.4, self.argument(2)) + 1.7
        return self.symbol(token, size)

    def environment(self, name: str, style: int) -> float:
        if self.peek() == "[":
            while self.next() not in ("]", ""):
                pass
        if name == "array":
            self.verbatim()
        rows = self.rows(r"\end", 0 if name == "aligned" else max(style, 1))
        self.verbatim()
        return _table(rows, 0.0 if name == "aligned" else 10.0) + {"pmatrix": 16.0, "cases": 12.0, "array": 10.0}.get(name, 0.0)

    @staticmethod
    def symbol(token: str, size: float) -> float:
        if token in BINARY:
            return 12.2 if size == 1 else 7.8 * size
        if token in RELATIONS:
            return 13.4 if size == 1 else 7.8 * size
        if token in SPACES:
            return SPACES[token]
        if token in (r"\log", r"\cos", r"\sin", r"\max", r"\exp"):
            return 16.5 * size
        if token in (r"\tilde", r"\widetilde", r"\dot", r"\hline", "}", r"\end"):
            return 0.0
        if token.isdecimal():
            return LETTERS["0"] * len(token) * size
        return LETTERS.get(token, 8.3 if token.isupper() or token[1:2].isupper() else 6.2) * size


def _table(rows: Sequence[Sequence[float]], gap: float) -> float:
    columns = max(map(len, rows))
    return sum(max((row[k] for row in rows if k < len(row)), default=0.0) for k in range(columns)) + gap * (columns - 1)


@lru_cache(maxsize=1000)
def width(text: str) -> float:
    r"""Estimate the printed width in points.

    >>> width("a + b") < width("a + b + c") < width(r"\begin{pmatrix} a + b & c \\ 1 & a \end{pmatrix}") < LINE / 5
    True
    """
    return _Ruler(text).until("", 0)


def fill(pieces: Sequence[str], limit: float) -> list[str]:
    """Return pieces one after another, on as many lines as it takes.

    >>> fill(["a", "+ b", "+ c"], 30)
    ['a + b', '+ c']
    """
    lines, used = [pieces[0]], width(pieces[0])
    for piece in pieces[1:]:
        more = width(piece)
        if used + more > limit:
            lines.append(piece)
            used = more
        else:
            lines[-1] += f" {piece}"
            used += more
    return lines


def packed(pieces: Sequence[str], limit: float) -> str:
    r"""Return pieces one after another, in an aligned block of several lines if they are wider than the limit.

    >>> packed(["a > 0,", "b > 0"], 80)
    'a > 0, b > 0'
    >>> packed(["a > 0,", "b > 0"], 40)
    '\\begin{aligned}[t] & a > 0, \\\\ & b > 0 \\end{aligned}'
    """
    return stacked(fill(pieces, limit), r" \\ & ")


def stacked(lines: Sequence[str], separator: str) -> str:
    """Return one line as it is, more in an aligned block; fractions get room around them."""
    if any(r"\frac" in line for line in lines):
        separator = separator.replace(r"\\", r"\\[1ex]", 1)
    return lines[0] if len(lines) == 1 else r"\begin{aligned}[t] & " + separator.join(lines) + r" \end{aligned}"


def equation(left: str, pieces: Sequence[str], limit: float) -> str:
    r"""Return a line of an align environment, ``left`` with its relation and what is right of it, broken where it is too wide.

    >>> print(equation("x &=", ["a", "+ b", "+ c"], 30))
    x &= a + b \\
    & \quad + c
    """
    first, *rest = fill(pieces, limit)
    return " \\\\\n& \\quad ".join([f"{left} {first}", *rest])


def by_rows(texts: Sequence[str], columns: int) -> list[Sequence[str]]:
    """Return entries, given row by row, as rows."""
    return [texts[k : k + columns] for k in range(0, len(texts), columns)] if columns else []


def pmatrix(rows: Iterable[Iterable[str]]) -> str:
    """Return a matrix of LaTeX entries in round brackets."""
    rows = [list(row) for row in rows]
    lines = [" & ".join(row) for row in rows]
    body = (r" \\[1.5ex] " if any(r"\frac" in line for line in lines) else r" \\ ").join(lines)
    return like(rf"\begin{{pmatrix}} {body} \end{{pmatrix}}", itertools.chain(*rows))


def parted(rows: Sequence[Sequence[str]], cut: int, column_cut: int) -> str:
    r"""Return a matrix in round brackets with lines after its first ``cut`` rows and its first ``column_cut`` columns.

    >>> print(parted([["1", "2"], ["3", "4"]], 1, 1))
    \left(\begin{array}{c|c} 1 & 2 \\[0.5ex] \hline 3 & 4 \rule{0pt}{2.6ex} \end{array}\right)
    """
    tall = any(r"\frac" in text or "^{(" in text for row in rows for text in row)
    gap, last, strut = (r" \\[1.5ex] ", "1.5ex", "3.5ex") if tall else (r" \\ ", "0.5ex", "2.6ex")
    lines = [" & ".join(row) for row in rows]
    # What makes room below the line stands at the end of a row: a minus sign after it would be taken for a difference.
    lines[cut] += rf" \rule{{0pt}}{{{strut}}}"
    body = gap.join(lines[:cut]) + rf" \\[{last}] \hline " + gap.join(lines[cut:])
    shape = "|".join("c" * k for k in (column_cut, len(rows[0]) - column_cut) if k > 0) if column_cut > 0 else "c" * len(rows[0])
    return like(rf"\left(\begin{{array}}{{{shape}}} {body} \end{{array}}\right)", itertools.chain(*rows))


def fits(name: str, matrix: str) -> bool:
    """Return whether a named matrix fits a line."""
    return width(f"{name} = {matrix}") <= line_width()


def column_parts(name: str, rows: Sequence[Sequence[str]], cut: int | None = None) -> list[tuple[str, str]]:
    r"""Return (name, LaTeX) of a matrix whole if it fits a line, else of as few blocks of columns as do, of one size if possible.

    With a cut, there are lines between its first rows and columns, so many, and the others.

    >>> column_parts("X", [["1", "2"]])
    [('X', '\\begin{pmatrix} 1 & 2 \\end{pmatrix}')]
    """
    columns = len(rows[0]) if rows else 0

    def block(start: int, end: int) -> tuple[str, str]:
        part = [list(row[start:end]) for row in rows]
        whole = end - start == columns
        which = str(end) if end == start + 1 else rf"{start + 1}\text{{--}}{end}"
        label = name if whole else rf"\bigl[{name}\bigr]_{{\cdot,\, {which}}}"
        return label, pmatrix(part) if cut is None else parted(part, cut, cut - start)

    ends = [0]
    while ends[-1] < columns:
        fitting = itertools.takewhile(lambda end: fits(*block(ends[-1], end)), range(ends[-1] + 1, columns + 1))
        ends.append(max(fitting, default=ends[-1] + 1))
    greedy = [block(a, b) for a, b in itertools.pairwise(ends)]
    step = -(-columns // max(len(greedy), 1))
    equal = [block(start, min(start + step, columns)) for start in range(0, columns, step or 1)]
    return equal if all(fits(*pair) for pair in equal) else greedy


def align(lines: Sequence[str]) -> str:
    """Return lines, each with one mark of alignment, as a display."""
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def value_lines(named: Sequence[tuple[str, str]]) -> list[str]:
    """Return named matrices on lines of an align environment, as many on each as fit."""
    lines: list[str] = []
    for name, text in named:
        beside = rf"{lines[-1]},\quad {related(name, text)}" if lines else ""
        if lines and width(beside) <= line_width():
            lines[-1] = beside
        else:
            lines.append(related(name + " &", text).replace(" & ", " &", 1))
    return lines


def side_by_side(named: Sequence[tuple[str, Sequence[str]]], limit: float) -> list[str]:
    """Return definitions, given in pieces, on lines of an align environment, as many on each as fit."""
    lines: list[str] = []
    for name, parts in named:
        beside = rf",\quad {related(name, parts[0])}"
        if lines and len(parts) == 1 and "\n" not in lines[-1] and width(lines[-1] + beside) < limit:
            lines[-1] += beside
        else:
            sign = r"\approx" if isinstance(parts[0], Approximate) else "="
            lines.append(equation(f"{name} &{sign}", parts, limit))
    return lines
