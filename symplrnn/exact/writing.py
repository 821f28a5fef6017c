"""Exact expressions as text, whatever the lengths of their numbers.

Python refuses to write an integer of more than 4300 digits, SymPy writes by Python, and products of entries may be longer than
they are. FLINT writes integers of any length, and in less time.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpz
from sympy.printing.str import StrPrinter

__all__ = ["text_of"]


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy has no types
    """SymPy's printer, with the numbers by FLINT."""

    def _print_Integer(self, number: sp.Integer) -> str:  # noqa: N802  # SymPy's names
        return str(fmpz(int(number.p)))

    def _print_Rational(self, number: sp.Rational) -> str:  # noqa: N802
        return f"{fmpz(int(number.p))}/{fmpz(int(number.q))}"

    def _print_Add(self, total: sp.Add, order: Any = None) -> str:  # noqa: N802
        found = _of_one_letter(total)
        return found if found is not None else str(super()._print_Add(total, order))

    def _print_Exp1(self, number: sp.Expr) -> str:  # noqa: N802
        return "exp(1)"  # a letter may be called E


def _of_one_letter(total: sp.Add) -> str | None:
    """Return a polynomial in one letter with rational coefficients as SymPy writes it, who is slow at it; None for other sums."""
    terms: dict[int, sp.Rational] = {}
    letter = None
    for term in total.args:
        c, rest = term.as_coeff_Mul()
        base, power = (rest.base, rest.exp) if rest.is_Pow else (rest, sp.S.One)
        if not c.is_Rational:
            return None
        if rest is sp.S.One:
            terms[0] = c
        elif not base.is_Symbol or not power.is_Integer or power < 1 or (letter is not None and letter != base):
            return None
        else:
            letter, terms[int(power)] = base, c
    powers = sorted(terms, reverse=True)
    if len(terms) == 2 and powers[1] == 0 and terms[0] > 0 > terms[powers[0]]:  # 1 - x
        powers.reverse()
    text = ""
    for k in powers:
        c = terms[k]
        above, below = str(fmpz(abs(int(c.p)))), "" if c.q == 1 else f"/{fmpz(int(c.q))}"
        symbol = f"{letter}**{k}" if k > 1 else f"{letter}" if k else ""
        above = symbol if symbol and above == "1" else f"{above}*{symbol}" if symbol else above
        sign = (" - " if c < 0 else " + ") if text else "-" if c < 0 else ""
        text += sign + above + below
    return text


def text_of(value: Any) -> str:
    """Return a SymPy expression or Boolean as text: what ``str`` gives, but for numbers of any length.

    >>> x = sp.Symbol("x")
    >>> text_of(sp.Rational(-1, 2) * x**2 - 3), len(text_of(x + sp.Integer(10) ** 5000))
    ('-x**2/2 - 3', 5005)
    >>> text_of(sp.E / 2)
    'exp(1)/2'
    """
    return str(_Printer({"order": None}).doprint(value))
