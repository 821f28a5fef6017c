"""A network as a JSON document that `load` reads back to the same network, entry for entry."""

from __future__ import annotations

import json
from typing import Any

import sympy as sp

from symplrnn.conditions.parameters import sign_set
from symplrnn.errors import EntryError, SymplrnnError
from symplrnn.exact.reading.names import SIGNS
from symplrnn.network.files.json_ import build
from symplrnn.network.network import ReLURNN

__all__ = ["document_of", "network_text"]

LINE = 100  # characters of a matrix that is written in one line


def document_of(network: ReLURNN) -> dict[str, Any]:
    """Return a network as a JSON-ready dict; numbers are text such as "3/7", so that nothing is rounded.

    It is read back and compared. Raises `EntryError` if it is not the same network, as with entries that text cannot say.

    >>> from symplrnn.network.plrnn import PLRNN
    >>> document_of(PLRNN([0.1], [["1/3"]], [0], dt="1/10"))
    {'A': ['3602879701896397/36028797018963968'], 'W': [['1/3']], 'h': ['0'], 'dt': '1/10'}
    """
    zero = network.field.element(0)
    found: dict[str, Any] = {"A": _rows(network.A), "W": _rows(network.W), "h": _column(network.h)}
    A = network.exact.A.tolist()
    if all(A[i][j] == zero for i in range(network.n) for j in range(network.n) if i != j):
        found["A"] = [row[i] for i, row in enumerate(found["A"])]
    if not network.is_plrnn:
        found["V"] = _rows(network.V)
    if any(x != zero for x in network.exact.b.entries()):
        found["b"] = _column(network.b)
    if network.m:
        found["C"] = _rows(network.C)
    if network.dt is not None:
        found["dt"] = str(network.dt)
    if network.names is not None:
        found["names"] = list(network.names)
    if network.initial_states:
        found["initial_states"] = [_column(z) for z in network.initial_states]
    if network.parameters:
        found["parameters"] = {str(symbol): [_word(symbol)] for symbol in network.parameters}
        if not network.assumptions.is_true:
            relations = sp.And.make_args(network.assumptions.expression)
            found["parameters"][str(network.parameters[0])] += [str(x) for x in relations]
    try:
        again = build(found)
    except SymplrnnError as error:
        raise EntryError(f"JSON cannot hold this network, as text: {error}") from error
    if _all(again) != _all(network):
        raise EntryError("JSON cannot hold this network: text does not say its entries")
    return found


def network_text(network: ReLURNN) -> str:
    """Return `document_of` as text, with a line for each key, and for each row of a large matrix.

    >>> from symplrnn.network.plrnn import PLRNN
    >>> print(network_text(PLRNN(["1/2", "1/3"], [[0, 1], [1, 0]], [0, 0])))
    {
      "A": ["1/2", "1/3"],
      "W": [["0", "1"], ["1", "0"]],
      "h": ["0", "0"]
    }
    """
    lines = []
    for key, value in document_of(network).items():
        text = json.dumps(value)
        if len(text) > LINE and isinstance(value, list) and value and isinstance(value[0], list):
            text = "[\n" + ",\n".join(f"    {json.dumps(row)}" for row in value) + "\n  ]"
        lines.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _word(symbol: sp.Symbol) -> str:
    """Return what is assumed of the sign of a parameter, in the words of a declaration."""
    return next(word for word, signs in SIGNS.items() if signs == sign_set(symbol))


def _rows(matrix: sp.MatrixBase) -> list[list[str]]:
    return [[str(x) for x in row] for row in matrix.tolist()]


def _column(vector: sp.MatrixBase) -> list[str]:
    return [str(x) for x in vector]


def _all(network: ReLURNN) -> tuple[Any, ...]:
    """Return all that makes a network; a symbol without assumptions is a real parameter as well as one that is declared real."""
    n, plain = network, {symbol: sp.Symbol(symbol.name) for symbol in network.parameters}
    parts = [*(x.xreplace(plain) for x in (n.A, n.W, n.h, n.V, n.b, n.C)), None if n.dt is None else n.dt.xreplace(plain)]
    signs = {symbol.name: sign_set(symbol) for symbol in n.parameters}
    return (*parts, n.names, n.initial_states, signs, str(n.assumptions))
