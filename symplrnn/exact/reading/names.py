"""Which SymPy symbols may be parameters, and which parameter a symbol of an expression stands for.

A parameter is real and known by its name: text, command lines, JSON and printed pages have nothing else. So no two parameters
share a name or look alike in print, and a symbol of a parameter's name is that parameter or is refused.

A symbol without assumptions is a real parameter.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import sympy as sp

from symplrnn import limits
from symplrnn.errors import EntryError
from symplrnn.exact.reading.grammar import shorten, undeclared

__all__ = ["SIGNS", "check_distinct", "check_letter", "check_name", "keys_by_name", "letters_of", "unique_symbols"]

SIGNS = {
    "real": frozenset({-1, 0, 1}),
    "positive": frozenset({1}),
    "negative": frozenset({-1}),
    "nonzero": frozenset({-1, 1}),
    "nonnegative": frozenset({0, 1}),
    "nonpositive": frozenset({-1, 0}),
}
RESERVED = ("sqrt", "exp", "pi")  # pi is a number in closed forms, and would be printed alike


def check_name(name: str, where: str) -> None:
    """Raise `EntryError` if a text is no name for a parameter.

    >>> check_name("w_12", "A[1]")
    >>> check_name("x y", "A[1]")
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: A[1]: 'x y' is no name for a parameter; accepted are ASCII letters, digits and _, ...
    """
    # Names that begin with _ are those of helper symbols in closed forms, and LaTeX cannot print them.
    plain = name.isascii() and name.isidentifier() and not name.startswith("_") and len(name) <= limits.NAME_CHARACTERS
    if not plain or keyword.iskeyword(name) or name in RESERVED:
        raise EntryError(
            f"{where}: {shorten(name)} is no name for a parameter; accepted are ASCII letters, digits and _, beginning "
            f"with a letter, up to {limits.NAME_CHARACTERS}, other than the words of Python, sqrt, exp and pi"
        )


def check_letter(symbol: sp.Basic, where: str) -> None:
    """Raise `EntryError` unless a symbol has no assumptions or is known to be real, and can have other values than 0.

    >>> check_letter(sp.Symbol("a", positive=True), "A[1]")
    >>> check_letter(sp.Symbol("a", complex=True), "A[1]")
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: A[1]: by its assumptions the symbol 'a' is no real parameter; accepted are symbols without ...
    """
    name = shorten(str(symbol))
    if type(symbol) is not sp.Symbol:  # a Dummy or a Wild has not the name that it prints
        raise EntryError(f"{where}: {name} of type {type(symbol).__name__} is no real parameter; accepted is a Symbol")
    if symbol != sp.Symbol(symbol.name) and symbol.is_real is not True:
        raise EntryError(
            f"{where}: by its assumptions the symbol {name} is no real parameter; accepted are symbols without assumptions or "
            f"with {', '.join(SIGNS)}"
        )
    if symbol.is_zero:
        raise EntryError(f"{where}: the assumptions of the symbol {name} leave only 0: write the number 0")


def letters_of(
    value: sp.Expr, where: str, symbols: Mapping[str, sp.Symbol] | None, closed: bool = True
) -> dict[sp.Symbol, sp.Symbol]:
    """Return the parameter that each symbol of an expression stands for.

    ``symbols`` maps the names of known parameters to their symbols; a plain symbol of such a name stands for the known one. A
    ``closed`` expression has only these; without ``symbols``, each symbol is a parameter.

    >>> a = sp.Symbol("a", positive=True)
    >>> letters_of(sp.Symbol("a") + 1, "A[1]", {"a": a})[sp.Symbol("a")].is_positive
    True
    >>> letters_of(sp.Symbol("a", real=True) + 1, "A[1]", {"a": a})
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: A[1]: 'a + 1' uses 'a' with other assumptions than it is declared with; accepted is ...
    """
    found: dict[sp.Symbol, sp.Symbol] = {}
    for symbol in sorted(value.free_symbols, key=str):
        check_letter(symbol, where)
        name, known = symbol.name, (symbols or {}).get(symbol.name)
        if known is not None and symbol not in (known, sp.Symbol(name)):
            raise EntryError(
                f"{where}: {shorten(str(value))} uses {shorten(name)} with other assumptions than it is declared with; "
                f"accepted is the declared symbol or the plain Symbol({name!r})"
            )
        if known is None and symbols is not None and closed:
            raise EntryError(f"{where}: {shorten(str(value))} {undeclared(name, symbols)}")
        if known is None:
            check_name(name, where)
        found[symbol] = symbol if known is None else known
    unique_symbols(found.values(), where)
    return found


def unique_symbols(symbols: Iterable[sp.Symbol], where: str | None = None) -> tuple[sp.Symbol, ...]:
    """Return symbols sorted by name; raise `EntryError` if two of them have the same name.

    >>> unique_symbols({sp.Symbol("b"), sp.Symbol("a", real=True)})
    (a, b)
    """
    found: dict[str, sp.Symbol] = {}
    for symbol in symbols:
        if found.setdefault(symbol.name, symbol) != symbol:
            place = "" if where is None else f"{where}: "
            raise EntryError(
                f"{place}{symbol.name} is used with two kinds of assumptions; accepted is one Symbol for each parameter"
            )
    return tuple(found[name] for name in sorted(found))


def check_distinct(symbols: Iterable[sp.Symbol], states: int) -> None:
    """Raise `EntryError` if two parameters have one name or look alike in print, or one looks like a state z1, z2, ...

    >>> check_distinct(sp.symbols("a1 a2"), 2)
    >>> check_distinct(sp.symbols("a1 a_1"), 2)
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: parameters: a1 and a_1 look alike in print, as a_{1}; accepted are names that differ in print
    """
    letters = unique_symbols(symbols)
    if not letters:
        return
    printed = {_print(f"{state}{i}"): f"the state {state}{i}" for i in range(1, states + 1) for state in ("z", "zeta")}
    for symbol in letters:
        text = _print(symbol.name)
        if text in printed:
            raise EntryError(
                f"parameters: {printed[text]} and {symbol.name} look alike in print, as {text}; "
                "accepted are names that differ in print"
            )
        printed[text] = symbol.name
    for text, name in printed.items():  # a__2 looks like the square of a
        base = re.sub(r"\^\{\d+\}", "", text)
        if base != text and base in printed:
            raise EntryError(f"parameters: {name} looks like a power of {printed[base]} in print; accepted is a name without __")


@lru_cache(maxsize=1024)
def _print(name: str) -> str:
    """Return how a page shows a name, without indices that are empty."""
    return re.sub(r"[_^]\{\}", "", sp.latex(sp.Symbol(name)))


def keys_by_name(values: Any, what: str) -> dict[str, Any]:
    """Return values of parameters by name, from a mapping whose keys are names or symbols.

    >>> keys_by_name({sp.Symbol("a"): 1, "b": 2}, "at")
    {'a': 1, 'b': 2}
    >>> keys_by_name({sp.Symbol("a"): 1, "a": 2}, "at")
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: at: the parameter a is given twice
    """
    if not isinstance(values, Mapping):
        raise EntryError(f"{what}: expected a mapping from parameters to values such as {{'a': 1}}, got {shorten(str(values))}")
    found: dict[str, Any] = {}
    for key, value in values.items():
        if str(key) in found:
            raise EntryError(f"{what}: the parameter {shorten(str(key))[1:-1]} is given twice")
        found[str(key)] = value
    return found
