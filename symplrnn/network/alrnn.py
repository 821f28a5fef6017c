"""The almost-linear RNN: only the last P states are rectified, so that V is made of rows of the identity and b = 0.

Reference: docs/theory, section 1.
"""

from __future__ import annotations

from typing import Any

from symplrnn.errors import ShapeError
from symplrnn.exact.reading.numbers import rows_of
from symplrnn.network.entries import reader, total
from symplrnn.network.in_files import Choices, InFiles
from symplrnn.network.network import ReLURNN, parts_of, square

__all__ = ["ALRNN", "IN_FILES"]


def ALRNN(A: Any, W: Any, h: Any, P: int, C: Any = None, **options: Any) -> ReLURNN:  # noqa: N802  (a kind of network)
    """Return the almost-linear RNN  z -> A z + W f(z) + h + C s, where f rectifies only the last P of the n states.

    The columns of W that belong to linear units go into A; V is the last P rows of the identity.

    >>> net = ALRNN(["1/2", "1/3"], [[0, 1], [2, 0]], [0, 0], P=1)
    >>> net.A, net.W
    (Matrix([
    [1/2,   0],
    [  2, 1/3]]), Matrix([
    [1],
    [0]]))

    Reference: docs/theory, section 1.
    """
    read = reader(options.get("parameters"))
    parts = parts_of(A, W, h)
    diagonal, weights, n = square(parts["A"], read), rows_of(parts["W"], "W", read), len(parts["A"])
    if isinstance(P, bool) or not isinstance(P, int) or not 0 <= P <= n:
        raise ShapeError(f"P: expected a whole number of rectified units from 0 to {n}, got {P!r}")
    linear = [[total(diagonal[i][j], weights[i][j]) if j < n - P else diagonal[i][j] for j in range(n)] for i in range(n)]
    rectified = [row[n - P :] for row in weights]
    V = [[int(j == n - P + i) for j in range(n)] for i in range(P)]
    return ReLURNN(linear, rectified, h, V=V, C=C, **options)


def _build(parts: dict[str, Any], choices: Choices, **options: Any) -> ReLURNN:
    choices.ask("an AL-RNN", "P")
    return ALRNN(**parts, P=choices.P, **options)  # type: ignore[arg-type]  # asked for


IN_FILES = InFiles("alrnn", "an AL-RNN", {name: (name,) for name in ("A", "W", "h")}, {"C": ("C",)}, ("P",), _build)
