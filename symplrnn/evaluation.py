"""Certified values of closed forms with irrational algebraic entries: expressions of numbers, evaluated in balls.

The closed forms of networks over Q are enclosed from their spectral terms (`symplrnn.enclosure`). Over Q(sqrt 2, ...) the printed
expression itself is evaluated: rationals, sums, products, roots, logarithms and atan2 have ball versions in Arb, so the
result contains the value. Sums over the roots of polynomials with irrational coefficients have none here.

Reference: F. Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, IEEE Trans. Comput. 66 (2017).
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import arb, arb_mat, fmpq

from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import working_precision

__all__ = ["expression_enclosure"]


def expression_enclosure(matrix: sp.MatrixBase, bits: int) -> arb_mat:
    """Return a ball matrix that contains a matrix of real numbers, given as SymPy expressions.

    >>> expression_enclosure(sp.Matrix([[sp.log(sp.sqrt(2))]]), 64)[0, 0].str(12, radius=False)
    '0.346573590280'

    Raises `PrecisionLimit` for an expression that has no ball version here.
    """
    with working_precision(bits):
        return arb_mat(matrix.rows, matrix.cols, [_ball(x) for x in matrix])


def _ball(expression: sp.Expr) -> arb:
    if isinstance(expression, sp.Rational):
        return arb(fmpq(int(expression.p), int(expression.q)))
    if expression == sp.pi:
        return arb.pi()
    if expression.func in RULES:
        return RULES[expression.func]([_ball(x) for x in expression.args])
    kind = type(expression).__name__
    raise PrecisionLimit(f"digits: a {kind} with irrational coefficients has no certified value; accepted are rational entries")


def _sum(parts: list[arb]) -> arb:
    return sum(parts, arb(0))


def _product(parts: list[arb]) -> arb:
    total = arb(1)
    for part in parts:
        total *= part
    return total


def _power(parts: list[arb]) -> arb:
    """Return b^e; square roots of b >= 0, other roots of b > 0."""
    base, exponent = parts
    if exponent.is_integer():
        return base**exponent
    return base.sqrt() ** (2 * exponent) if (2 * exponent).is_integer() else (base.log() * exponent).exp()


RULES: dict[type, Callable[[list[arb]], arb]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Pow: _power,
    sp.atan: lambda parts: parts[0].atan(),
    sp.log: lambda parts: parts[0].log(),
    sp.atan2: lambda parts: arb.atan2(parts[0], parts[1]),
}
