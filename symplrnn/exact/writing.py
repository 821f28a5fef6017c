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

    def _print_Exp1(self, number: sp.Expr) -> str:  # noqa: N802
        return "exp(1)"  # a letter may be called E


def text_of(value: Any) -> str:
    """Return a SymPy expression or Boolean as text: what ``str`` gives, but for numbers of any length.

    >>> x = sp.Symbol("x")
    >>> text_of(sp.Rational(-1, 2) * x**2 - 3), len(text_of(x + sp.Integer(10) ** 5000))
    ('-x**2/2 - 3', 5005)
    >>> text_of(sp.E / 2)
    'exp(1)/2'
    """
    return str(_Printer({"order": None}).doprint(value))
