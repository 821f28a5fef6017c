"""Values for parameters: a network with letters becomes one with fewer letters, or with numbers.

Values are checked against the assumptions on the letters, and no denominator may vanish: what is derived for the letters holds
for their values only then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from flint import fmpq

from symplrnn.errors import EntryError
from symplrnn.exact.numbers import exact_entry, to_sympy
from symplrnn.exact.parameters import check_value, sign_set
from symplrnn.network import ReLURNN

__all__ = ["parameter_values", "rational_values", "substituted"]


def parameter_values(parameters: Iterable[sp.Symbol], values: Mapping[Any, Any]) -> dict[sp.Symbol, sp.Expr]:
    """Return values by symbol, each exact; keys may be symbols or names.

    Raises `EntryError` for an unknown parameter, or a number that contradicts the assumptions on its letter.

    >>> a = sp.Symbol("a", positive=True)
    >>> parameter_values([a], {"a": 0.5})
    {a: 1/2}
    >>> parameter_values([a], {"a": -1})
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: a: -1 is not positive, as declared
    """
    if not isinstance(values, Mapping):
        raise EntryError(f"subs: expected a mapping from parameters to values, got {type(values).__name__}")
    known = {str(symbol): symbol for symbol in parameters}
    found: dict[sp.Symbol, sp.Expr] = {}
    for key, value in values.items():
        if str(key) not in known:
            listed = ", ".join(known) or "none"
            raise EntryError(f"{key} is no parameter of the network; its parameters are: {listed}")
        symbol = known[str(key)]
        exact = exact_entry(value, str(key), known if isinstance(value, str) else None)
        if isinstance(exact, fmpq):
            check_value(symbol, exact)
        elif not _signs(exact) & sign_set(symbol):
            raise EntryError(f"{key}: {exact} has not the sign that is declared")
        found[symbol] = to_sympy(exact) if isinstance(exact, fmpq) else exact
    return found


def _signs(expression: sp.Expr) -> set[int]:
    """Return the signs that the values of an expression can have, as far as SymPy knows."""
    known = {-1: expression.is_negative, 0: expression.is_zero, 1: expression.is_positive}
    return {sign for sign, truth in known.items() if truth is not False}


def rational_values(parameters: Iterable[sp.Symbol], values: Mapping[Any, Any]) -> dict[sp.Symbol, fmpq] | None:
    """Return values as rationals, if every parameter has one and all are rational; else None."""
    listed = tuple(parameters)
    found = parameter_values(listed, values)
    if set(found) != set(listed) or not all(isinstance(x, sp.Rational) for x in found.values()):
        return None
    return {symbol: fmpq(int(x.p), int(x.q)) for symbol, x in found.items()}


def replaced(expression: sp.Expr, values: Mapping[sp.Symbol, sp.Expr], where: str) -> sp.Expr:
    """Return an expression with symbols replaced; raise `EntryError` if a denominator vanishes."""
    result = expression.subs(values, simultaneous=True)
    if result.has(sp.zoo, sp.nan, sp.oo):
        raise EntryError(f"{where}: {expression} divides by zero at these values")
    return result


def substituted(network: ReLURNN, values: Mapping[Any, Any]) -> ReLURNN:
    """Return the network with parameters replaced; see `ReLURNN.subs`."""
    found = parameter_values(network.parameters, values)

    def matrix(value: sp.MatrixBase, name: str) -> list[list[sp.Expr]]:
        return [[replaced(value[i, j], found, f"{name}[{i + 1}][{j + 1}]") for j in range(value.cols)] for i in range(value.rows)]

    left = {symbol for symbol in network.parameters if symbol not in found}
    left |= set().union(*(value.free_symbols for value in found.values())) if found else set()
    return ReLURNN(
        matrix(network.A, "A"),
        matrix(network.W, "W"),
        matrix(network.h, "h"),
        V=matrix(network.V, "V"),
        b=matrix(network.b, "b"),
        C=matrix(network.C, "C"),
        dt=None if network.dt is None else replaced(network.dt, found, "dt"),
        names=network.names,
        initial_states=network.initial_states,
        parameters=sorted(left, key=str) or None,
    )
