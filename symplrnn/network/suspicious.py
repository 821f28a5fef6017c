"""Networks that are valid but look as if something was mixed up: matrices swapped, or one matrix given for another.

Only the kind of network that has one unit a state is looked at, where A is diagonal by convention: a network in general form
says itself what is meant.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from symplrnn.errors import SuspiciousNetwork

if TYPE_CHECKING:
    from symplrnn.network.network import ReLURNN

__all__ = ["suspicion", "warn"]


def suspicion(network: ReLURNN) -> str | None:
    """Return what looks wrong about a network z -> A z + W relu(z) + h, and what to do if it is meant; None if nothing does.

    >>> from symplrnn.network.network import ReLURNN
    >>> suspicion(ReLURNN(A=[[0, 1], [1, 0]], W=[["1/2", 0], [0, "1/3"]], h=[0, 0]))
    'A and W look swapped: W is diagonal and A is not; if it is meant, ...'
    """
    n, zero = network.n, network.field.element(0)
    if n < 2 or network.rectified_states != tuple(range(n)):
        return None
    A, W = network.exact.A.tolist(), network.exact.W.tolist()
    meant = "if it is meant, use ReLURNN(A, W, h), or give V (the identity) in the file"

    def diagonal(matrix: list[list[object]]) -> bool:
        return all(matrix[i][j] == zero for i in range(n) for j in range(n) if i != j)

    if diagonal(A):
        main = [A[i][i] for i in range(n)]
        if zero not in main and main == [W[i][i] for i in range(n)] and not diagonal(W):
            return f"W has the diagonal of A, as if it were A + W, which has to be W alone; {meant}"
        return None
    if diagonal(W) and any(W[i][i] != zero for i in range(n)):
        return f"A and W look swapped: W is diagonal and A is not; {meant}"
    return f"A is not diagonal, as it is in a PLRNN; {meant}"


def warn(message: str) -> None:
    """Warn of a network, at the line outside of this package that asked for it."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals["__name__"].split(".")[0] == __name__.split(".")[0]:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, SuspiciousNetwork, stacklevel=level)
