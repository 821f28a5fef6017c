"""The piecewise-linear RNN: V is the identity and b = 0, so that the regions are the orthants and none is empty.

Reference: Z. Monfared, D. Durstewitz, ICML 2020, eq. (1).
"""

from __future__ import annotations

from typing import Any

from symplrnn.network.in_files import Choices, InFiles
from symplrnn.network.network import ReLURNN
from symplrnn.network.suspicious import suspicion, warn

__all__ = ["IN_FILES", "PLRNN"]


def PLRNN(A: Any, W: Any, h: Any, C: Any = None, **options: Any) -> ReLURNN:  # noqa: N802  (a kind of network)
    """Return the piecewise-linear RNN  z -> A z + W relu(z) + h + C s  (V = I, b = 0, p = n).

    A is diagonal in the literature and may be given as a vector; W may have a diagonal. A network that looks as if matrices
    were mixed up, such as one with an A that is not diagonal, is accepted with a warning `SuspiciousNetwork`; `ReLURNN` takes
    any A without one. Further keywords (dt, names, initial_states) are those of `ReLURNN`.

    >>> PLRNN(A=[1, "1/100"], W=[[0, 1], [0, 0]], h=[0, "-0.995"], C=[[0, 0], [1, 1]])
    ReLURNN(n=2, p=2, m=2)

    Reference: Z. Monfared, D. Durstewitz, ICML 2020, eq. (1).
    """
    network = ReLURNN(A, W, h, C=C, **options)
    problem = suspicion(network)
    if problem is not None:
        warn(problem)
    return network


def _build(parts: dict[str, Any], choices: Choices, **options: Any) -> ReLURNN:
    return PLRNN(**parts, **options)


IN_FILES = InFiles("plrnn", "a PLRNN", {name: (name,) for name in ("A", "W", "h")}, {"C": ("C",)}, (), _build)
