"""The lines that explain the divided differences in a printed closed form."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symplrnn.functions.differences import Difference

__all__ = ["legend"]

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
    found = expressions.atoms(Difference)
    sizes = {len(p) for f in found for p in f.points if isinstance(p, sp.Tuple)}
    wanted = {
        "phi": any(_is_phi(f) for f in found),
        "difference": any(len(f.points) > 1 + _is_phi(f) or f.parameters for f in found),
        "pair": 2 in sizes,
        "roots": any(d > 2 for d in sizes),
    }
    return [line for name, line in LINES.items() if wanted[name]]


def _is_phi(f: Difference) -> bool:
    return not f.parameters and not f.power and sp.S.One in f.points
