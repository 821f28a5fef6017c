r"""How divided differences are printed: log[x, y], phi(x), phi[x, y], and roots(tau, delta) for the roots of a polynomial.

If 1 is a point, log with it is phi without it. In LaTeX \ell(\tau, \delta) is log of the roots of x^2 - tau x + delta; in other
lists of points \tau; \delta stands for these roots. A power is written as a function of a variable that is no letter of the
points.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.pretty.stringpict import prettyForm, stringPict

__all__ = ["difference_form", "difference_latex", "difference_text"]

NAMES = {"phi": r"\varphi", "log": r"\log"}


def difference_text(difference: Any, printer: Any) -> str:
    """Return a divided difference as text, for SymPy's printer."""
    function, points = _shown(difference)
    name = function if isinstance(function, str) else f"({printer.doprint(function)})"
    texts = [f"roots{_listed(p, printer, '()')}" if isinstance(p, sp.Tuple) else printer.doprint(p) for p in points]
    ends = _ends(function, points)
    return f"{name}{ends[0]}{', '.join(texts)}{ends[1]}"


def difference_latex(difference: Any, printer: Any, exponent: str | None) -> str:
    """Return a divided difference, or a power of it, in LaTeX for SymPy's printer."""
    function, points = _shown(difference)
    name = NAMES[function] if isinstance(function, str) else rf"\left({printer.doprint(function)}\right)"
    ends = _ends(function, points)
    listed = ", ".join("; ".join(map(printer.doprint, p)) if isinstance(p, sp.Tuple) else printer.doprint(p) for p in points)
    if function == "log" and len(points) == 1 and len(points[0]) == 2:
        name, listed, ends = r"\ell", ", ".join(map(printer.doprint, points[0])), "()"
    tall = r"\frac" in listed or r"\left" in listed
    text = rf"{name}\left{ends[0]}{listed}\right{ends[1]}" if tall else f"{name}{ends[0]}{listed}{ends[1]}"
    return text if exponent is None else f"{text}^{{{exponent}}}"


def difference_form(difference: Any, printer: Any) -> prettyForm:
    """Return a divided difference laid out in two dimensions, for SymPy's pretty printer."""
    function, points = _shown(difference)
    forms = []
    for p in points:
        roots = isinstance(p, sp.Tuple)
        form = printer._print_seq(p, "(", ")") if roots else printer._print(p)
        forms.append(_Ready(prettyForm(*stringPict("roots").right(form)) if roots else form))
    listed = printer._print_seq(forms, *_ends(function, points))
    written = sp.Symbol(function) if isinstance(function, str) else function
    name = printer._print(written)
    if written is function:
        name = prettyForm(*name.parens())
    return prettyForm(*name.right(listed))


def _shown(difference: Any) -> tuple[sp.Expr | str, list[Any]]:
    """Return the function, or its name, and the points."""
    points, power = list(difference.points), difference.power + difference.exponent
    if (power, difference.logarithms) != (0, 1):
        names = {s.name for s in difference.free_symbols}
        t = sp.Symbol(next(name for name in ("t", "z", "u", *(f"t{k}" for k in range(len(names)))) if name not in names))
        return t**power * sp.log(t) ** difference.logarithms, points
    if 1 in points:
        points.remove(1)
        return "phi", points
    return "log", points


def _ends(function: sp.Expr | str, points: list[Any]) -> str:
    return "()" if function == "phi" and len(points) == 1 and not isinstance(points[0], sp.Tuple) else "[]"


def _listed(values: Any, printer: Any, ends: str) -> str:
    return f"{ends[0]}{', '.join(map(printer.doprint, values))}{ends[1]}"


class _Ready:
    """What is laid out already, for a printer that asks its items to lay themselves out."""

    def __init__(self, form: prettyForm) -> None:
        self.form = form

    def _pretty(self, _: Any) -> prettyForm:
        return self.form
