"""The dendritic piecewise-linear RNN: each state goes through a sum of ReLUs with thresholds of its own, plain or clipped.

Reference: M. Brenner, F. Hess, J. M. Mikhaeil, L. Bereska, Z. Monfared, P.-C. Kuo, D. Durstewitz, Tractable dendritic RNNs for
reconstructing nonlinear dynamical systems, ICML 2022.
"""

from __future__ import annotations

from typing import Any

from symplrnn import limits
from symplrnn.errors import ShapeError
from symplrnn.exact.reading.numbers import matrix_parts, rows_of, vector_of, vector_parts
from symplrnn.network.entries import check_states, product, reader, total
from symplrnn.network.in_files import Choices, InFiles
from symplrnn.network.network import ReLURNN

__all__ = ["IN_FILES", "DendriticPLRNN"]

SIGNS = {"add": 1, "subtract": -1}


def DendriticPLRNN(  # noqa: N802  (a kind of network)
    A: Any, W: Any, h: Any, alphas: Any, thetas: Any, thresholds: str, clipped: bool = False, C: Any = None, **options: Any
) -> ReLURNN:
    """Return the dendritic PLRNN  z -> A z + W f(z) + h + C s,  f_j(z) = sum_b alpha_b relu(z_j - theta_jb),  with B bases.

    The paper and the Julia code subtract the thresholds, the Python code of the paper adds them: f_j(z) = sum_b alpha_b
    relu(z_j + theta_jb). So ``thresholds`` is "subtract" or "add"; there is no default. If the network is ``clipped``, each
    term has relu(z_j) subtracted: alpha_b (relu(z_j - theta_jb) - relu(z_j)).

    A is a matrix (n, n) or the vector of its diagonal, W is (n, n), h has length n, ``alphas`` length B, ``thetas`` is (n, B).
    The units of the network are those of state 1 with bases 1 to B, then those of state 2, and so on; a clipped one has n more,
    the relu(z_j). Further keywords (dt, names, initial_states, parameters) are those of `ReLURNN`.

    >>> net = DendriticPLRNN([0], [[1]], [0], alphas=[1, -2], thetas=[[1, 2]], thresholds="subtract")
    >>> net.step([4]), net.p
    (Matrix([[-1]]), 2)

    Reference: M. Brenner et al., ICML 2022, eqs. (4) and (6).
    """
    if thresholds not in SIGNS:
        raise ShapeError(f'thresholds: expected "add" or "subtract", got {thresholds!r}')
    read = reader(options.get("parameters"))
    n, bases = len(vector_parts(h, "h")), len(vector_parts(alphas, "alphas"))
    check_states(A, n, "h")
    weights, shifts = matrix_parts(W, "W", rows=n, columns=n), matrix_parts(thetas, "thetas", rows=n, columns=bases)
    units = n * (bases + int(clipped))
    if 2 * n * units > limits.NETWORK_ENTRIES:
        raise ShapeError(
            f"a dendritic network of {n} states and {bases} bases has {2 * n * units} entries; "
            f"accepted are up to {limits.NETWORK_ENTRIES}"
        )
    weights, factors = rows_of(weights, "W", read), vector_of(vector_parts(alphas, "alphas"), "alphas", read)
    W_all = [[product(x, factor) for x in row for factor in factors] for row in weights]
    V = [[int(i == j) for i in range(n)] for j in range(n) for _ in factors]
    b = [SIGNS[thresholds] * x for row in rows_of(shifts, "thetas", read) for x in row]
    if clipped:
        minus = -total(*factors)
        W_all = [[*made, *(product(x, minus) for x in row)] for made, row in zip(W_all, weights, strict=True)]
        V += [[int(i == j) for i in range(n)] for j in range(n)]
        b += [0] * n
    return ReLURNN(A, W_all, h, V=V, b=b, C=C, **options)


def _build(parts: dict[str, Any], choices: Choices, **options: Any) -> ReLURNN:
    choices.ask("a dendritic PLRNN", "thresholds", "clipped")
    return DendriticPLRNN(**parts, thresholds=str(choices.thresholds), clipped=bool(choices.clipped), **options)


IN_FILES = InFiles(
    "dendritic",
    "a dendritic PLRNN",
    {"A": ("A",), "W": ("W",), "h": ("h",), "alphas": ("alphas", "alpha", "\u03b1"), "thetas": ("thetas", "theta", "H")},
    {"C": ("C",)},
    ("thresholds", "clipped"),
    _build,
)
