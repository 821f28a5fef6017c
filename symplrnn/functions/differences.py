"""The divided differences of x^m log x and of x^m x^s as SymPy functions.

A point is an expression; the roots of a monic polynomial x^d - e_1 x^(d-1) + e_2 x^(d-2) - ... are given by the tuple
(e_1, ..., e_d) of their elementary symmetric functions: (tau, delta), trace and determinant, for two of them. Two identities keep
the power m small:

    (x^(m+1) f)[a, rest] = (x^m f)[rest] + a (x^m f)[a, rest],
    (x^d f)[p, rest]     = f[rest] + (e_1 x^(d-1) f - e_2 x^(d-2) f + ...)[p, rest],

where f[] = 0. That phi(x) = log(x)/(x - 1) is log[x, 1] makes divided differences of phi such of log with one point more.

Reference: THEORY section 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeAlias

import sympy as sp

from symplrnn.functions.printing import as_text

__all__ = ["LogDifference", "PowerDifference", "log_difference", "phi", "power_difference"]

Point: TypeAlias = Any  # sp.Expr or sp.Tuple


class Difference(sp.Function):  # type: ignore[misc]
    """A divided difference of x^m f(x): the common part of `LogDifference` and `PowerDifference`.

    Arguments are a Tuple of points and the power m, after those that f has.
    """

    parameters: ClassVar[int] = 0

    @property
    def points(self) -> tuple[Point, ...]:
        """The points: expressions, and for the roots of a polynomial the tuples of their elementary symmetric functions."""
        return tuple(self.args[self.parameters])

    @property
    def power(self) -> int:
        """The power m of x before the function."""
        return int(self.args[self.parameters + 1])

    def _sympystr(self, printer: Any) -> str:
        return as_text(self, printer)


class LogDifference(Difference):
    """(x^m log x)[points], made by `log_difference`."""

    @classmethod
    def eval(cls, points: sp.Tuple, power: sp.Integer) -> sp.Expr | None:
        """Return what is simpler than a divided difference; None if nothing is."""
        return None


class PowerDifference(Difference):
    """(x^m x^s)[points], made by `power_difference`; the first argument is s."""

    parameters: ClassVar[int] = 1

    @classmethod
    def eval(cls, exponent: sp.Expr, points: sp.Tuple, power: sp.Integer) -> sp.Expr | None:
        """Return what is simpler than a divided difference; None if nothing is."""
        return None


def log_difference(points: Iterable[Any], power: int = 0) -> sp.Expr:
    """Return (x^m log x)[points] for the power m.

    >>> x, y = sp.symbols("x y", positive=True)
    >>> log_difference([x])
    log(x)
    """
    return _reduced(LogDifference, (), _sorted(points), power)


def power_difference(exponent: Any, points: Iterable[Any], power: int = 0) -> sp.Expr:
    """Return (x^m x^s)[points] for the exponent s and the power m.

    >>> x, s = sp.symbols("x s", positive=True)
    >>> power_difference(s, [x])
    x**s
    """
    return _reduced(PowerDifference, (sp.Tuple(exponent)[0],), _sorted(points), power)


def phi(x: Any) -> sp.Expr:
    """Return phi(x) = log(x)/(x - 1), continued by phi(1) = 1: the divided difference log[x, 1].

    >>> x = sp.Symbol("x", positive=True)
    >>> phi(x) == log_difference([1, x])
    True
    """
    return log_difference([x, 1])


def _sorted(points: Iterable[Any]) -> list[Point]:
    found = sp.Tuple(*points)  # ints become SymPy's
    flat = [p[0] if isinstance(p, sp.Tuple) and len(p) == 1 else p for p in found]
    return sorted(flat, key=lambda p: (isinstance(p, sp.Tuple), sp.default_sort_key(p)))


def _reduced(kind: type[Difference], own: tuple[sp.Expr, ...], points: list[Point], power: int) -> sp.Expr:
    """Return a divided difference with the power made small by the identities above."""
    if not points:
        return sp.S.Zero
    scalars = [p for p in points if not isinstance(p, sp.Tuple)]
    if power and scalars:
        a = scalars[0]
        rest = [*points]
        rest.remove(a)
        return _reduced(kind, own, rest, power - 1) + a * _reduced(kind, own, points, power - 1)
    if power and power >= len(points[0]):
        p = points[0]
        lower = sum(((-1) ** (k + 1) * e * _reduced(kind, own, points, power - k) for k, e in enumerate(p, 1)), start=sp.S.Zero)
        return _reduced(kind, own, points[1:], power - len(p)) + lower
    if kind is LogDifference and len(points) == 1 and isinstance(points[0], sp.Tuple) and power == len(points[0]) - 1:
        return _top_of_log(points[0])
    if len(points) == 1 and scalars:
        return sp.log(points[0]) if kind is LogDifference else points[0] ** own[0]
    return kind(*own, sp.Tuple(*points), sp.Integer(power))


def _top_of_log(p: sp.Tuple) -> sp.Expr:
    """Return (x^(d-1) log x)[p] from log det: the sum of the logarithms of the roots is the integral of log z p'(z)/p(z)."""
    d = len(p)
    others = sum(
        ((-1) ** k * (d - k) * p[k - 1] * _reduced(LogDifference, (), [p], d - 1 - k) for k in range(1, d)), start=sp.S.Zero
    )
    return (sp.log(p[-1]) - others) / d
