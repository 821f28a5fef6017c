"""Parameters: real letters that a network is declared with, each with what is assumed of its sign.

A parameter is a SymPy symbol with assumptions. What matters of them is the set of signs that values can have: hypotheses are
decided for every admitted value, and a number put in for a parameter must have an admitted sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from flint import fmpq
from sympy.core.facts import InconsistentAssumptions

from symplrnn import limits
from symplrnn.errors import EntryError
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.names import SIGNS, check_letter, check_name
from symplrnn.exact.reading.numbers import to_sympy

__all__ = ["check_value", "declare", "sign_set"]


def declare(parameters: Mapping[Any, Any] | Iterable[Any]) -> dict[str, sp.Symbol]:
    """Return the symbols of declared parameters by name, in the order given.

    Accepted are a mapping from names to assumptions (text of words separated by commas or spaces, or a list of such texts), or
    a list of names, which are then real. The words are real, positive, negative, nonzero, nonnegative and nonpositive. A SymPy
    symbol in place of a name brings its own assumptions.

    >>> declared = declare({"a": "positive", "w": "real, nonzero"})
    >>> declared, declared["a"].is_positive, declared["w"].is_zero
    ({'a': a, 'w': w}, True, False)
    >>> declare({"a": "positive, negative"})
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: a: no number is positive, negative

    Raises `EntryError` for what is no name, for unknown words and for words that leave no value or only 0.
    """
    if isinstance(parameters, str | bytes) or not isinstance(parameters, Iterable):
        raise EntryError(
            f"parameters: expected a mapping from names to assumptions or a list of names, got {shorten(str(parameters))}"
        )
    pairs = list(parameters.items()) if isinstance(parameters, Mapping) else [(key, "") for key in parameters]
    if len(pairs) > limits.PARAMETERS:
        raise EntryError(f"parameters: {len(pairs)} are declared; accepted are up to {limits.PARAMETERS}")
    declared: dict[str, sp.Symbol] = {}
    for key, assumptions in pairs:
        name = _name(key)
        if name in declared:
            raise EntryError(f"{name}: declared twice")
        declared[name] = _symbol(key, name, _words(assumptions, name))
    return declared


def _name(key: Any) -> str:
    if not isinstance(key, str | sp.Symbol):
        raise EntryError(f"parameters: {shorten(str(key))} of type {type(key).__name__} is no name; accepted is text or a Symbol")
    name = str(key)
    check_name(name, "parameters")
    return name


def _words(assumptions: Any, name: str) -> list[str]:
    texts = [assumptions] if isinstance(assumptions, str) else assumptions
    if not isinstance(texts, list | tuple | set | frozenset) or not all(isinstance(text, str) for text in texts):
        raise EntryError(
            f"{name}: expected assumptions as text or a list of texts, got {shorten(str(assumptions))}; "
            f"accepted words are {', '.join(SIGNS)}"
        )
    words = [word for text in texts for word in text.replace(",", " ").split()]
    for word in words:
        if word not in SIGNS:
            raise EntryError(f"{name}: unknown assumption {shorten(word)}; accepted words are {', '.join(SIGNS)}")
    return words


def _symbol(key: str | sp.Symbol, name: str, words: list[str]) -> sp.Symbol:
    signs = SIGNS["real"].intersection(*(SIGNS[word] for word in words))
    if not signs:
        raise EntryError(f"{name}: no number is {', '.join(words)}")
    if signs == {0}:
        raise EntryError(f"{name}: {', '.join(words)} leaves only 0: write the number 0")
    if isinstance(key, sp.Symbol) and key != sp.Symbol(name):
        check_letter(key, "parameters")
        if not sign_set(key) <= signs:
            raise EntryError(f"{name}: declared as {', '.join(words)}, but the symbol has other assumptions")
        return key
    if isinstance(key, sp.Symbol) and not words:
        return key
    try:
        return sp.Symbol(name, **dict.fromkeys(["real", *words], True))
    except InconsistentAssumptions as error:  # for words that the signs do not know of
        raise EntryError(f"{name}: no number is {', '.join(words)}") from error


def sign_set(symbol: sp.Symbol) -> frozenset[int]:
    """Return the signs that the values of a parameter can have, by its assumptions.

    >>> sorted(sign_set(sp.Symbol("a", nonnegative=True))), sorted(sign_set(sp.Symbol("w")))
    ([0, 1], [-1, 0, 1])
    """
    possible = {-1: symbol.is_negative, 0: symbol.is_zero, 1: symbol.is_positive}
    return frozenset(sign for sign, known in possible.items() if known is not False)


def check_value(symbol: sp.Symbol, value: fmpq, where: str | None = None) -> None:
    """Raise `EntryError` if a rational number is no value for a parameter, by the assumptions on it.

    >>> check_value(sp.Symbol("a", positive=True), fmpq(1, 2))
    >>> check_value(sp.Symbol("a", positive=True), fmpq(-1))
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: a: -1 is not positive, as declared
    """
    place, signs = where or symbol.name, sign_set(symbol)
    if (value > 0) - (value < 0) not in signs:
        broken = next((word for word, admitted in SIGNS.items() if admitted == signs), "of an admitted sign")
        raise EntryError(f"{place}: {shorten(str(value))[1:-1]} is not {broken}, as declared")
    number = to_sympy(value)
    for word, wanted in symbol.assumptions0.items():  # such as integer, which a SymPy symbol can bring
        found = getattr(number, f"is_{word}", None)
        if found is not None and found != wanted:
            raise EntryError(f"{place}: {value} is {'not ' if wanted else ''}{word}, unlike declared")
