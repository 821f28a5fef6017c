"""Divided differences as text, and the lines that explain them.

Reference: THEORY section 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

if TYPE_CHECKING:
    from symplrnn.functions.differences import Difference

__all__ = ["as_text", "legend"]


def as_text(value: Difference, printer: Any) -> str:
    """Return a divided difference as text: log[x, y], phi(x) for log[x, 1], phi[x, y] for log[x, y, 1], (x*log)[...]."""
    points, power, function = list(value.points), value.power, _function(value, printer)
    if power == 0 and function == "log" and sp.S.One in points:
        points.remove(sp.S.One)
        if len(points) == 1 and not isinstance(points[0], sp.Tuple):
            return f"phi({printer.doprint(points[0])})"
        function = "phi"
    if power:
        function = f"(x*{function})" if power == 1 else f"(x^{power}*{function})"
    return f"{function}[{', '.join(_point(p, printer) for p in points)}]"


def _function(value: Difference, printer: Any) -> str:
    if not value.parameters:
        return "log"
    exponent = printer.doprint(value.args[0])
    return f"x^{exponent}" if value.args[0].is_Atom and not value.args[0].is_negative else f"x^({exponent})"


def _point(point: Any, printer: Any) -> str:
    if isinstance(point, sp.Tuple):
        return f"roots({', '.join(printer.doprint(e) for e in point)})"
    return str(printer.doprint(point))


LINES = {
    "phi": "phi(x) = log(x)/(x - 1), phi(1) = 1",
    "difference": "f[x, y] = (f(x) - f(y))/(x - y), f[x, x] = f'(x); f[x, y, z] = (f[x, y] - f[y, z])/(x - z), and so on",
    "pair": "roots(t, d) are those of x^2 - t*x + d: with D = t^2 - 4*d, log[roots(t, d)] is "
    "log((t + sqrt(D))/(t - sqrt(D)))/sqrt(D) if D > 0, 2/t if D = 0, 2*atan2(sqrt(-D), t)/sqrt(-D) if D < 0",
    "roots": "roots(e1, ..., ed) are those of x^d - e1*x^(d-1) + e2*x^(d-2) - ...",
}


def legend(expressions: Any) -> list[str]:
    """Return the lines that explain the divided differences in a matrix or an expression; none if there are none.

    >>> from symplrnn.functions.differences import log_difference
    >>> x, y = sp.symbols("x y", positive=True)
    >>> legend(log_difference([x, 1]) + sp.log(y))
    ['phi(x) = log(x)/(x - 1), phi(1) = 1']
    """
    found = [f for f in expressions.atoms(sp.Function) if hasattr(f, "points")]
    logs = [f for f in found if not f.parameters]
    sizes = {len(p) for f in found for p in f.points if isinstance(p, sp.Tuple)}
    wanted = {
        "phi": any(sp.S.One in f.points for f in logs),
        "difference": any(len(f.points) > 1 + (sp.S.One in f.points) or f.parameters for f in found),
        "pair": 2 in sizes,
        "roots": any(d > 2 for d in sizes),
    }
    return [line for name, line in LINES.items() if wanted[name]]
