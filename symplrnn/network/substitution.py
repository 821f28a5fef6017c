"""Values for parameters: a network with letters becomes one with fewer letters, or with numbers.

Values are checked against the assumptions on the letters, and no denominator may vanish: what is derived for the letters holds
for their values only then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import fmpq

from symplrnn.conditions.emptiness import clauses, is_met_somewhere
from symplrnn.conditions.formula import Formula, all_formulas, any_formulas, sign_condition
from symplrnn.conditions.parameters import check_value, sign_set
from symplrnn.errors import EntryError
from symplrnn.exact.reading.entries import exact_entry
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.names import check_distinct, keys_by_name, unique_symbols
from symplrnn.exact.reading.numbers import to_sympy

if TYPE_CHECKING:
    from symplrnn.network.network import ReLURNN

__all__ = ["parameter_values", "substituted", "with_values"]


def parameter_values(parameters: Iterable[sp.Symbol], values: Mapping[Any, Any]) -> dict[sp.Symbol, sp.Expr]:
    """Return values by symbol, each exact; keys may be symbols or names.

    Raises `EntryError` for an unknown parameter, for one that is given twice, as name and as symbol, for a number that
    contradicts the assumptions on its letter, and for symbols of a parameter's name with other assumptions.

    >>> a = sp.Symbol("a", positive=True)
    >>> parameter_values([a], {"a": 0.5})
    {a: 1/2}
    >>> parameter_values([a], {"a": -1})
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: a: -1 is not positive, as declared
    """
    named = keys_by_name(values, "values")
    known = {str(symbol): symbol for symbol in parameters}
    left = {name: symbol for name, symbol in known.items() if name not in named}
    found: dict[sp.Symbol, sp.Expr] = {}
    for key, (name, value) in zip(values, named.items(), strict=True):
        if name not in known:
            listed = ", ".join(known) or "none"
            raise EntryError(f"{shorten(name)[1:-1]} is no parameter of the network; its parameters are: {listed}")
        symbol = known[name]
        if isinstance(key, sp.Symbol) and key not in (symbol, sp.Symbol(name)):
            raise EntryError(
                f"{name}: the symbol has other assumptions than the parameter; accepted are the name and the parameter itself"
            )
        if isinstance(value, sp.Basic):
            value = value.xreplace({sp.Symbol(k): s for k, s in known.items()})  # noqa: PLW2901
        # A symbol may take the place of one of the same name, with other assumptions, but not stand beside it.
        exact = exact_entry(value, name, known) if isinstance(value, str) else exact_entry(value, name, left, closed=False)
        if isinstance(exact, fmpq):
            check_value(symbol, exact)
        elif not _signs(exact) & sign_set(symbol):
            raise EntryError(f"{name}: {shorten(str(exact))} has not the sign that is declared")
        found[symbol] = to_sympy(exact) if isinstance(exact, fmpq) else exact
    unique_symbols({*left.values(), *set[sp.Symbol]().union(*(value.free_symbols for value in found.values()))}, "values")
    return found


def _signs(expression: sp.Expr) -> set[int]:
    """Return the signs that the values of an expression can have, as far as SymPy knows."""
    known = {-1: expression.is_negative, 0: expression.is_zero, 1: expression.is_positive}
    return {sign for sign, truth in known.items() if truth is not False}


def replaced(expression: sp.Expr, values: Mapping[sp.Symbol, sp.Expr], where: str) -> sp.Expr:
    """Return an expression with symbols replaced; raise `EntryError` if a denominator vanishes."""
    result = expression.subs(values, simultaneous=True)
    if result.has(sp.zoo, sp.nan, sp.oo):
        raise EntryError(f"{where}: {expression} divides by zero at these values")
    return result


def substituted(network: ReLURNN, values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the arguments of the network with parameters replaced; see `ReLURNN.subs`."""
    found = parameter_values(network.parameters, values)

    def matrix(name: str) -> list[list[sp.Expr]]:
        value: sp.MatrixBase = getattr(network, name)
        return [[replaced(value[i, j], found, f"{name}[{i + 1}][{j + 1}]") for j in range(value.cols)] for i in range(value.rows)]

    left = {symbol for symbol in network.parameters if symbol not in found}
    left |= set().union(*(value.free_symbols for value in found.values())) if found else set()
    return {
        **{name: matrix(name) for name in ("A", "W", "h", "V", "b", "C")},
        "dt": None if network.dt is None else replaced(network.dt, found, "dt"),
        "names": network.names,
        "initial_states": network.initial_states,
        "parameters": with_relations(sorted(left, key=str), assumptions_at(network.assumptions, found)) or None,
    }


def assumptions_at(assumptions: Formula, values: Mapping[sp.Symbol, sp.Expr]) -> Formula:
    """Return the assumptions with values of some parameters put in; raise `EntryError` if these do not satisfy them."""
    kept = []
    for clause in clauses(assumptions):
        atoms = clause.args or (clause,)
        found = (
            clause
            if clause.is_constant
            else any_formulas(sign_condition(atom.polynomial.xreplace(values), atom.signs) for atom in atoms)
        )
        if not is_met_somewhere(found):
            listed = ", ".join(f"{s} = {values[s]}" for s in clause.symbols if s in values)
            raise EntryError(f"{listed} does not satisfy {clause}, as declared")
        kept.append(found)
    return all_formulas(kept)


def with_relations(symbols: Sequence[sp.Symbol], assumptions: Formula) -> dict[sp.Symbol, Any] | tuple[sp.Symbol, ...]:
    """Return parameters as they are declared, with assumptions besides those of the symbols."""
    if assumptions.is_true:
        return tuple(symbols)
    return {symbol: [] if k else [assumptions.expression] for k, symbol in enumerate(symbols)}


def with_values(network: ReLURNN, dt: sp.Expr, values: Mapping[Any, Any]) -> tuple[ReLURNN, sp.Expr]:
    """Return a network and the time of its step with parameters replaced; dt may have parameters of its own."""
    found = parameter_values(sorted({*network.parameters, *dt.free_symbols}, key=str), values)
    numbers = network.subs({symbol: value for symbol, value in found.items() if symbol in network.parameters})
    time = replaced(dt, found, "dt")
    check_distinct({*numbers.parameters, *time.free_symbols}, network.n)
    return numbers, time
