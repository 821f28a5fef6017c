"""The shallow piecewise-linear RNN: a linear part and a network of one hidden layer, plain or clipped.

Reference: F. Hess, Z. Monfared, M. Brenner, D. Durstewitz, Generalized teacher forcing for learning chaotic dynamics, ICML 2023.
"""

from __future__ import annotations

from typing import Any

from symplrnn.exact.reading.numbers import matrix_parts, rows_of, vector_of, vector_parts
from symplrnn.network.entries import check_states, reader
from symplrnn.network.in_files import Choices, InFiles
from symplrnn.network.network import ReLURNN

__all__ = ["IN_FILES", "ShallowPLRNN"]


def ShallowPLRNN(  # noqa: N802  (a kind of network)
    A: Any, W1: Any, W2: Any, h1: Any, h2: Any, clipped: bool = False, C: Any = None, **options: Any
) -> ReLURNN:
    """Return the shallow PLRNN  z -> A z + W1 relu(W2 z + h2) + h1 + C s  with n states and a hidden layer of L units.

    If it is ``clipped``, relu(W2 z + h2) - relu(W2 z) takes the place of relu(W2 z + h2), and the network has 2 L units: those
    with h2 first, then those without. A is a matrix (n, n) or the vector of its diagonal, W1 is (n, L), W2 is (L, n), h1 has
    length n and h2 length L. Further keywords (dt, names, initial_states, parameters) are those of `ReLURNN`.

    >>> net = ShallowPLRNN(["1/2"], [[1, 2]], [[1], [-1]], h1=[0], h2=[1, "1/2"])
    >>> net.step([2]), net.p
    (Matrix([[4]]), 2)
    >>> ShallowPLRNN(["1/2"], [[1, 2]], [[1], [-1]], h1=[0], h2=[1, "1/2"], clipped=True).step([2])
    Matrix([[2]])

    Reference: F. Hess et al., ICML 2023, eqs. (2) and (4).
    """
    n, units = len(vector_parts(h1, "h1")), len(vector_parts(h2, "h2"))
    check_states(A, n, "h1")
    outer, inner = matrix_parts(W1, "W1", rows=n, columns=units), matrix_parts(W2, "W2", rows=units, columns=n)
    shifts = vector_parts(h2, "h2")
    if clipped:
        read = reader(options.get("parameters"))
        outer, shifts = rows_of(outer, "W1", read), [*vector_of(shifts, "h2", read), *[0] * units]
        outer = [[*row, *(-x for x in row)] for row in outer]
        inner = inner * 2
    return ReLURNN(A, outer, h1, V=inner, b=shifts, C=C, **options)


def _build(parts: dict[str, Any], choices: Choices, **options: Any) -> ReLURNN:
    choices.ask("a shallow PLRNN", "clipped")
    return ShallowPLRNN(**parts, clipped=bool(choices.clipped), **options)


IN_FILES = InFiles(
    "shallow",
    "a shallow PLRNN",
    {"A": ("A",), "W1": ("W1", "W₁"), "W2": ("W2", "W₂"), "h1": ("h1", "h₁"), "h2": ("h2", "h₂")},
    {"C": ("C",)},
    ("clipped",),
    _build,
)
