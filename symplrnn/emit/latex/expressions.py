r"""Expressions in LaTeX, whole or in pieces between which a line may end.

A sum is broken at its signs, a product between its factors (the next line begins with a multiplication sign), and what is in
brackets inside them is broken likewise. A numerator, a denominator or the argument of a function that is wider than a line is
written with brackets, \log\bigl(...\bigr), \big/ \bigl(...\bigr), \bigl(...\bigr)^{1/2}, and broken in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import TypeVar

import sympy as sp
from flint import fmpz
from sympy.printing.latex import LatexPrinter

from symplrnn import limits
from symplrnn.emit.latex.layout import by_rows, pmatrix, width
from symplrnn.errors import TooLarge
from symplrnn.exact.fields.work import Meter
from symplrnn.exact.reading.exponentials import spelled
from symplrnn.exact.reading.names import INDEXED

__all__ = [
    "STEP",
    "Printer",
    "Shown",
    "Trailing",
    "bracketed",
    "formula_latex",
    "if_short",
    "is_value_at_1",
    "matrix_latex",
    "overlong",
    "pieces",
    "printed_as",
    "rows_latex",
    "wide",
]

T = TypeVar("T")

INVARIANTS = ("1", "tau", "sigma", "delta")  # in the order of 1 - tau + sigma - delta
ROOT_DIGITS = 9  # characters of a real root without a name
SIGN = 14.0  # points of a sign
STEP = sp.Symbol(r"{\Delta t}")  # the length of a step that is a letter
NAMED = ContextVar[tuple[tuple[sp.Expr, sp.Expr], ...]]("NAMED", default=())
LENGTH = Meter("characters of LaTeX")


class Decay(sp.Function):  # type: ignore[misc]  # SymPy has no types
    """An exponential that SymPy's printer does not take for a denominator."""

    def _latex(self, printer: LatexPrinter) -> str:
        return str(printer._print(sp.exp(*self.args)))


class Shown(sp.Function):  # type: ignore[misc]  # SymPy has no types
    """What is printed for a scalar function, given as a symbol; a function, so that it stands after letters in products.

    Its second argument is the number of points of the divided difference that it is: sums begin with the fewest.
    """

    def _latex(self, printer: object, exp: str | None = None) -> str:
        text = str(self.args[0])
        return text if exp is None else f"{text}^{{{exp}}}"


class Trailing(Shown):
    """A component of h, which stands after what multiplies it: w phi(a) h."""


class Printer(LatexPrinter):  # type: ignore[misc]  # SymPy has no types
    """SymPy's printer, with long numerators in fractions, sums that begin with a plus sign if they can, log 2 and log a."""

    def _print_Rational(self, number: sp.Rational) -> str:  # noqa: N802  # numbers of any length, see symplrnn.exact.writing
        p, q = fmpz(int(number.p)), fmpz(int(number.q))
        return str(p) if q == 1 else rf"{'- ' if p < 0 else ''}\frac{{{abs(p)}}}{{{q}}}"

    def _print_Symbol(self, symbol: sp.Symbol, style: str = "plain") -> str:  # noqa: N802  # SymPy's name
        """Return a letter: tL with an index, and a name of several letters such as dt as one symbol."""
        index = INDEXED.fullmatch(symbol.name)
        if index and type(symbol) is sp.Symbol:
            return f"{index[1]}_{{{index[2]}}}"
        text = str(super()._print_Symbol(symbol, style))
        return rf"\mathrm{{{text}}}" if len(text) > 1 and text.isalpha() else text

    def _print_log(self, expression: sp.Expr, exp: str | None = None) -> str:
        if exp is None and (expression.args[0].is_Integer or expression.args[0].is_Symbol):
            return rf"\log {self._print(expression.args[0])}"
        return str(super()._print_log(expression, exp))

    def _print_ExpBase(self, expression: sp.Expr, exp: str | None = None) -> str:  # noqa: N802  # SymPy's name
        above, below = sp.fraction(expression.args[0])
        power, divisor = self._print(above), self._print(below)
        if below != 1:  # on one line
            power = f"({power})" if above.is_Add else power
            power += f"/({divisor})" if below.is_Add or below.is_Mul else f"/{divisor}"
        text = f"e^{{{power}}}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _print_Mul(self, expression: sp.Expr) -> str:  # noqa: N802  # e^{-1/10} stays where it is, and is no denominator
        decays = {x: Decay(*x.args) for x in expression.args if isinstance(x, sp.exp)}
        number, rest = expression.as_coeff_Mul()
        if number.is_Rational and number.q != 1 and not rest.is_Add and rest.has(sp.log, Shown) and sp.fraction(rest)[1] == 1:
            return f"{self._print(number)} {self._print(rest)}"  # 1/2 log a, not (log a)/2
        return str(super()._print_Mul(expression.xreplace(decays)))

    def _as_ordered_terms(self, expression: sp.Expr, order: str | None = None) -> list[sp.Expr]:
        terms = list(super()._as_ordered_terms(expression, order=order or "grlex"))
        if expression.has(Shown):
            terms.sort(key=_weight)
        elif is_value_at_1(expression):
            terms.sort(key=lambda term: INVARIANTS.index(_name(term)))
        first = next((k for k, term in enumerate(terms) if not term.could_extract_minus_sign()), 0)
        return [terms[first], *terms[:first], *terms[first + 1 :]]

    def _print_re(self, expression: sp.Expr, exp: str | None = None) -> str:
        text = rf"\operatorname{{Re}}{{\left({self._print(expression.args[0])} \right)}}"
        return text if exp is None else rf"{{{text}}}^{{{exp}}}"

    def _print_ComplexRootOf(self, root: sp.CRootOf) -> str:  # noqa: N802  # SymPy's name
        text = str(sp.N(root, 20))
        return text if "e" in text else rf"{text[:ROOT_DIGITS]}\ldots"

    def _print_RootSum(self, expression: sp.RootSum) -> str:  # noqa: N802  # SymPy's name
        polynomial = expression.poly.as_expr(*expression.fun.variables)
        return rf"\sum_{{{self._print(polynomial)} = 0}} {self._print(expression.fun.expr)}"


def _weight(term: sp.Expr) -> tuple[int, str]:
    """Return by what terms with functions or components of h are ordered: points, then the name of the component."""
    found = term.atoms(Shown)
    return max((int(x.args[1]) for x in found), default=0), "".join(
        sorted(str(x.args[0]) for x in found if isinstance(x, Trailing))
    )


def is_value_at_1(expression: sp.Expr) -> bool:
    """Return whether a sum is the value of a polynomial at 1 or -1, in the names of its coefficients.

    >>> is_value_at_1(sp.sympify("delta - tau + 1")), is_value_at_1(sp.sympify("delta - tau"))
    (True, False)
    """
    found = [_name(term) for term in expression.args]
    return "1" in found and len(set(found)) == len(found) > 2 and set(found) <= set(INVARIANTS)


def _name(term: sp.Expr) -> str:
    return str(term.as_coeff_Mul()[1]).partition("_")[0]


PRINTER = Printer({"long_frac_ratio": 8})


def formula_latex(expression: sp.Expr) -> str:
    r"""Return a SymPy expression in LaTeX, in the style of this package.

    >>> x, y = sp.symbols("x y")
    >>> formula_latex(x - y**2)
    'x - y^{2}'
    >>> print(formula_latex(x * sp.log(2) + sp.log(y)))
    x \log 2 + \log y
    >>> print(formula_latex((1 - sp.exp(sp.Rational(-1, 10))) * x + sp.exp(-y) / 2))
    x \left(1 - e^{-1/10}\right) + \frac{e^{- y}}{2}
    >>> print(formula_latex(sp.exp(-x / (2 * y))))
    e^{- x/(2 y)}
    """
    return _printed(expression, NAMED.get())


@lru_cache(maxsize=1000)  # a long expression is printed as a whole and then again in the pieces around it
def _printed(expression: sp.Expr, named: tuple[tuple[sp.Expr, sp.Expr], ...]) -> str:
    return str(PRINTER.doprint(spelled(expression.xreplace(dict(named)) if named else expression)))


@contextmanager
def printed_as(named: Mapping[sp.Expr, sp.Expr]) -> Iterator[None]:
    r"""Print some symbols and exponentials in formulas as other ones.

    >>> with printed_as({sp.Symbol("dt"): STEP}):
    ...     print(formula_latex(1 / sp.Symbol("dt")))
    \frac{1}{{\Delta t}}
    """
    token = NAMED.set(tuple(named.items()))
    try:
        yield
    finally:
        NAMED.reset(token)


def rows_latex(matrix: sp.MatrixBase) -> list[Sequence[str]]:
    """Return the entries of a matrix in LaTeX, row by row."""
    entries = [formula_latex(x) for x in matrix]
    LENGTH.spend(sum(map(len, entries)))
    return by_rows(entries, matrix.cols)


def matrix_latex(matrix: sp.MatrixBase) -> str:
    """Return a matrix of expressions in LaTeX."""
    return pmatrix(rows_latex(matrix))


def overlong(matrix: sp.MatrixBase, limit: float) -> bool:
    """Return whether an entry is surely wider than a limit in points: it is not printed to see that."""
    return any(entry.count_ops() > limit for entry in matrix)


def wide(matrix: sp.MatrixBase, limit: float) -> bool:
    """Return whether a matrix is wider than a limit in points.

    >>> x = sp.Symbol("x")
    >>> wide(sp.Matrix([[x, x + 1]]), 40), wide(sp.Matrix([[x, x + 1]]), 100)
    (True, False)
    """
    return overlong(matrix, limit) or width(matrix_latex(matrix)) > limit


def pieces(expression: sp.Expr, limit: float) -> list[str]:
    r"""Return an expression in pieces of LaTeX, none wider than the limit unless it is one symbol or number.

    >>> x, y, z = sp.symbols("x y z")
    >>> pieces(x * (x + y + z), 40)
    ['x', '\\times \\bigl(x', '+ y', '+ z\\bigr)']
    >>> pieces(x + sp.log(x + y + z), 60)
    ['x', '+ \\log\\bigl(x', '+ y', '+ z\\bigr)']
    """
    text = formula_latex(expression)
    LENGTH.spend(len(text))
    if width(text) <= limit or not expression.args:
        return [text]
    if expression.is_Add:
        return _sum(expression, limit)
    if expression.could_extract_minus_sign() and not (-expression).is_Add:
        first, *rest = pieces(-expression, limit - SIGN)
        return [f"- {first}", *rest]
    numerator, denominator = sp.fraction(expression)
    if expression.is_Mul or denominator != 1:
        return _product(numerator, denominator, limit)
    if expression.is_Pow and expression.exp.is_Rational:
        return bracketed(pieces(expression.base, limit - SIGN), after=f"^{{{expression.exp}}}")
    head, bracket, _ = text.partition(r"{\left(")
    if bracket and expression.is_Function:
        inner = [pieces(x, limit - width(head) - SIGN) for x in expression.args]
        listed = [[*part[:-1], part[-1] + ","] for part in inner[:-1]] + [inner[-1]]
        return bracketed([x for part in listed for x in part], before=head)
    return [text]


def _sum(expression: sp.Expr, limit: float) -> list[str]:
    found: list[str] = []
    for term in PRINTER._as_ordered_terms(expression):
        negative = term.could_extract_minus_sign()
        parts = pieces(-term if negative else term, limit - SIGN)
        if negative and (-term).is_Add:
            parts = bracketed(parts)
        sign = "- " if negative else "+ " if found else ""
        found += [sign + parts[0], *parts[1:]]
    return found


def _product(numerator: sp.Expr, denominator: sp.Expr, limit: float) -> list[str]:
    """Return a quotient in pieces: its factors, with as many as fit in each piece, and a long denominator last."""
    below = formula_latex(denominator)
    short = denominator != 1 and width(below) <= limit / 2
    chunks: list[list[str]] = [[rf"\frac{{1}}{{{below}}}"]] if short else []
    for factor in numerator.as_ordered_factors():
        text = formula_latex(factor)
        single = rf"\left({text}\right)" if factor.is_Add else text
        if chunks and len(chunks[-1]) == 1 and width(chunks[-1][0]) + width(single) <= limit - SIGN:
            chunks[-1][0] += f" {single}" if not single[0].isdigit() else rf" \cdot {single}"
        elif width(single) <= limit - SIGN:
            chunks.append([single])
        else:
            parts = pieces(factor, limit - 2 * SIGN)
            chunks.append(bracketed(parts) if factor.is_Add else parts)
    found = list(chunks[0])
    for first, *rest in chunks[1:]:
        found += [rf"\times {first}", *rest]
    if denominator != 1 and not short:
        parts = bracketed(pieces(denominator, limit - 2 * SIGN))
        found += [rf"\big/ {parts[0]}", *parts[1:]]
    return found


def bracketed(parts: Sequence[str], before: str = "", after: str = "") -> list[str]:
    r"""Return pieces with brackets around them.

    >>> bracketed(["a", "+ b"], after="^{2}")
    ['\\bigl(a', '+ b\\bigr)^{2}']
    """
    size = "Big" if any(r"\frac" in part for part in parts) else "big"
    closed = [*parts[:-1], rf"{parts[-1]}\{size}r){after}"]
    return [rf"{before}\{size}l({closed[0]}", *closed[1:]]


def if_short(printed: Callable[[], T]) -> T | None:
    """Return what a function prints, or None if its expressions are too long to be read.

    >>> if_short(lambda: pieces(sp.Symbol("x"), 40))
    ['x']
    """
    with suppress(TooLarge), LENGTH.within(limits.PAGE_CHARACTERS):
        return printed()
    return None
