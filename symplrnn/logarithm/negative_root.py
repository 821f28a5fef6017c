"""Negative roots of polynomials with letters, as SymPy expressions whose numerical value is certified.

Of a polynomial with letters there are no radicals to write a root down with, and which of its roots is meant has to hold for all
values of the letters: the real roots are in order. Here it is the i-th smallest negative one. Once the letters have values, the
roots are enclosed in balls that are disjoint, which puts them in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import acb, arb, ctx

from symplrnn import limits
from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import endpoints, refine, working_precision
from symplrnn.exact.evaluation import Evaluation, number_of
from symplrnn.logarithm.root_sum import GUARD_BITS, enclosed_roots

__all__ = ["NegativeRoot"]


class NegativeRoot(sp.Expr):  # type: ignore[misc]  # SymPy has no types
    """The ``index``-th smallest negative root, from 0 on, of a polynomial with simple real roots, by its coefficients.

    Coefficients are listed constant term first: numbers, and expressions in letters.

    >>> a = sp.Symbol("a", real=True)
    >>> [smaller, larger] = [NegativeRoot([a, 2, 0, 0, 1], k) for k in (0, 1)]
    >>> smaller
    NegativeRoot(a + lambda**4 + 2*lambda, 0)
    >>> smaller.subs(a, sp.Rational(1, 2)).evalf(20), larger.xreplace({a: sp.Rational(1, 2)}).evalf(20)
    (-1.1621966417487748657, -0.25201692062432018310)

    Raises `PrecisionLimit` when its value is asked for where there are fewer negative roots.
    """

    is_negative = True

    def __new__(cls, coefficients: Iterable[sp.Expr], index: int) -> NegativeRoot:
        """Return the root; see the class."""
        found: NegativeRoot = super().__new__(cls, sp.Tuple(*coefficients), sp.Integer(index))
        return found

    @property
    def coefficients(self) -> tuple[sp.Expr, ...]:
        """The coefficients of the polynomial, constant term first."""
        return tuple(self.args[0])

    @property
    def index(self) -> int:
        """Which negative root it is, the smallest being number 0."""
        return int(self.args[1])

    @property
    def is_number(self) -> bool:
        """Whether there are no letters."""
        return not self.free_symbols

    def enclosure(self, _: Evaluation | None = None) -> acb:
        """Return a ball that contains the root, at the working precision; not a number where that is too low."""
        roots = enclosed_roots(self.coefficients[::-1], ctx.prec)
        if roots is None:
            return acb(arb.nan())
        real = [root.real for root in roots if root.imag.is_zero()]
        if any(root.contains(arb(0)) for root in real):
            return acb(arb.nan())
        negative = sorted((root for root in real if root < 0), key=lambda root: endpoints(root)[0])
        if self.index >= len(negative):
            raise PrecisionLimit(f"digits: {self} has no value: there are fewer negative roots")
        return acb(negative[self.index])

    def _eval_evalf(self, prec: int) -> sp.Expr:
        return self if self.free_symbols else _value(self, prec)

    def _sympystr(self, printer: Any) -> str:
        return f"NegativeRoot({printer.doprint(self._polynomial)}, {self.index})"

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{root}}^{{-}}_{{{self.index + 1}}}\left({printer.doprint(self._polynomial)}\right)"

    @property
    def _polynomial(self) -> sp.Expr:
        names = {str(s) for s in self.free_symbols}
        x = sp.Symbol("lambda" if "lambda" not in names else "lambda_1")
        return sp.Add(*(c * x**k for k, c in enumerate(self.coefficients)))


@lru_cache(maxsize=256)
def _value(root: NegativeRoot, prec: int) -> sp.Expr:
    def attempt(bits: int) -> sp.Expr | None:
        with working_precision(bits):
            return number_of(root.enclosure(), prec)

    return refine(attempt, prec + GUARD_BITS, "a negative root of a polynomial", limits.ROOT_SUM_BITS)
