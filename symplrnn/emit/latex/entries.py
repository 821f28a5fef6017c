"""Numbers, matrices and linear forms in LaTeX: exactly where that is short enough to read, else in certified decimals."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from flint import fmpq

from symplrnn.emit.latex.expressions import Printer, formula_latex
from symplrnn.emit.latex.layout import Approximate, by_rows, like, line_width, packed, pmatrix
from symplrnn.emit.latex.readable import DEFAULT_DIGITS, is_readable
from symplrnn.exact.evaluation import expression_enclosure
from symplrnn.logarithm.enclosure import certified_digits
from symplrnn.network.region import Region

__all__ = [
    "decimal_latex",
    "diagonal_latex",
    "entries_latex",
    "entry_texts",
    "inequalities",
    "number_latex",
    "rounded_latex",
]


BESIDE = 60.0  # points of what stands before a matrix
NUMBERS = Printer({"long_frac_ratio": 1})  # coefficients in front of long numerators


def number_latex(expression: sp.Expr) -> str:
    r"""Return a closed form of numbers in LaTeX.

    >>> print(number_latex(100 * sp.log(100) / 99))
    \frac{100}{99} \log 100
    """
    return str(NUMBERS.doprint(expression))


def decimal_latex(text: str) -> str:
    r"""Return a decimal in LaTeX.

    >>> print(decimal_latex("1.25e-7"), decimal_latex("1e-7"))
    1.25 \cdot 10^{-7} 10^{-7}

    An enclosure of a number that is not decided stays one:

    >>> print(decimal_latex("[0.1250 +/- 2e-40]"), decimal_latex("[+/- 2e-40]"))
    0.1250 \pm 2 \cdot 10^{-40} \pm 2 \cdot 10^{-40}
    """
    middle, sign, radius = text.strip("[]").partition("+/-")
    if sign:
        return rf"{decimal_latex(middle.strip())} \pm {decimal_latex(radius.strip())}".strip()
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{exponent}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}")


def rounded_latex(text: str) -> str:
    """Return a decimal in LaTeX, as approximate unless it is a whole number."""
    return decimal_latex(text) if text.lstrip("-").isdecimal() else Approximate(decimal_latex(text))


def _decimals(matrix: sp.MatrixBase, digits: int) -> list[str]:
    """Return the entries of a matrix of real numbers to so many significant digits, row by row."""
    at = {(i, j): matrix[i, j] for i in range(matrix.rows) for j in range(matrix.cols)}
    exact = {place: fmpq(int(x.p), int(x.q)) for place, x in at.items() if isinstance(x, sp.Rational)}
    texts = certified_digits(lambda bits: expression_enclosure(matrix, bits), exact, digits, "latex")
    return [rounded_latex(text) for row in texts for text in row]


def _shown_exactly(values: Sequence[sp.Expr], digits: int | None) -> bool:
    """Return whether values are printed as they are: asked for no decimals, they are irrational or short."""
    if digits is not None:
        return False
    rational = [fmpq(int(x.p), int(x.q)) for x in values if isinstance(x, sp.Rational)]
    return len(rational) < len(values) or is_readable(rational)


def entries_latex(matrix: sp.MatrixBase, digits: int | None) -> str:
    r"""Return a matrix of numbers or letters; with digits, which letters do not have, in decimals.

    >>> print(entries_latex(sp.Matrix([[sp.sqrt(2), 1]]), 4))
    \begin{pmatrix} 1.414 & 1 \end{pmatrix}
    """
    return pmatrix(by_rows(entry_texts(matrix, digits), matrix.cols))


def diagonal_latex(matrix: sp.MatrixBase, digits: int | None) -> str:
    r"""Return a square matrix in LaTeX, as diag(...) if it is diagonal and larger than 1 x 1.

    >>> print(diagonal_latex(sp.diag(sp.Rational(1, 2), sp.Symbol("a")), None))
    \operatorname{diag}\bigl(\tfrac{1}{2}, a\bigr)
    """
    n = matrix.rows
    if n == 1 or not matrix.is_diagonal():
        return entries_latex(matrix, digits)
    texts = entry_texts(sp.Matrix([[matrix[i, i] for i in range(n)]]), digits)
    listed = ", ".join(texts).replace(r"\frac", r"\tfrac")
    brackets = (r"\bigl(", r"\bigr)") if r"\tfrac" in listed else ("(", ")")
    first, *others = [f"{text}," for text in listed.split(", ")]
    pieces = [rf"\operatorname{{diag}}{brackets[0]}{first}", *others]
    pieces[-1] = pieces[-1].removesuffix(",") + brackets[1]
    return like(packed(pieces, line_width() - BESIDE), texts)


def entry_texts(matrix: sp.MatrixBase, digits: int | None) -> list[str]:
    """Return the entries of a matrix in LaTeX, row by row; see `entries_latex`."""
    values = list(matrix)
    if any(x.free_symbols for x in values):
        numbers = [x for entry in values for x in entry.atoms(sp.Rational)]
        if digits is None and not is_readable(fmpq(int(x.p), int(x.q)) for x in numbers):
            digits = DEFAULT_DIGITS
        return [_with_letters(x, digits) if x.free_symbols else entry_texts(sp.Matrix([x]), digits)[0] for x in values]
    if not _shown_exactly(values, digits):
        return _decimals(matrix, digits or DEFAULT_DIGITS)
    if all(isinstance(x, sp.Rational) for x in values):
        return [number_latex(x) for x in values]
    return [formula_latex(x) for x in values]


def _with_letters(entry: sp.Expr, digits: int | None) -> str:
    """Return an entry with letters in LaTeX, exactly or with decimals in the place of numbers that are no integers."""
    if digits is None:
        return formula_latex(entry)
    numbers = [x for x in entry.atoms(sp.Rational) if not x.is_Integer]
    rounded = {x: sp.Symbol(_decimals(sp.Matrix([x]), digits)[0], positive=True) for x in numbers if x > 0}
    rounded |= {x: -sp.Symbol(_decimals(sp.Matrix([-x]), digits)[0], positive=True) for x in numbers if x < 0}
    text = formula_latex(entry.xreplace(rounded))
    return Approximate(text) if rounded else text


def linear_latex(weights: sp.MatrixBase, bias: sp.Expr, state: str, digits: int | None) -> str:
    r"""Return v.z + b, exactly if that is short enough, else with each coefficient rounded from its exact value.

    >>> print(linear_latex(sp.Matrix([[1, sp.Rational(1, 3)]]), sp.Integer(-2), "z", 3))
    z_{1} + 0.333\, z_{2} - 2
    """
    names = [f"{state}_{{{i}}}" for i in range(1, len(weights) + 1)]
    values = [*weights, bias]
    if _shown_exactly(values, digits):
        return number_latex(sp.Add(*(v * sp.Symbol(z) for v, z in zip(weights, names, strict=True)), bias))
    decimals = _decimals(sp.Matrix([values]), digits or DEFAULT_DIGITS)
    terms = [
        z if v == 1 else f"-{z}" if v == -1 else rf"{text}\, {z}" if z else text
        for v, text, z in zip(values, decimals, [*names, ""], strict=True)
        if v != 0
    ]
    return " + ".join(terms).replace("+ -", "- ") or "0"


def inequalities(region: Region, state: str, digits: int | None) -> str:
    """Return the inequalities of a region, in the components of a state symbol."""
    if not region.pattern:
        return f"{state} \\in \\mathbb{{R}}^{{{region.network.n}}}"
    net = region.network
    parts = [
        f"{linear_latex(net.V.row(i), net.b[i], state, digits)} {'>' if active == '1' else chr(92) + 'le'} 0"
        for i, active in enumerate(region.pattern)
    ]
    return r",\ ".join(parts)
