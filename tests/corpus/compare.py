"""How two answers differ: exactly in words and exact numbers, and to the last digit but one unit in decimals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

import sympy as sp

from tests.corpus.adapter import DIGITS, FLOW_DIGITS

DECIMALS = {"X": DIGITS, "flow": FLOW_DIGITS}  # keys of answers in decimals, and to how many digits
EXACT = {"jump", "point"}  # keys of exact answers
DIFFERS, COORDINATES, TURNS = "differs", "other coordinates", "other half turns"
BETTER, WORDS = "better", "other words"


@dataclass(frozen=True)
class Difference:
    """A difference of two answers; ``path`` leads to it, ``sort`` is one of five.

    "differs"; "other coordinates" (of a lifted system: kind, jump, number of coordinates and the flow of the states are the
    same); "other half turns" (kind, jump and number of coordinates of a system that is not principal are the same, but X and the
    flow within a step are not); "better" (there was no answer); "other words" (no answer, for another reason).
    """

    sort: str
    path: tuple[str, ...]
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.sort}: {' / '.join(self.path)}\n    old {self.old}\n    new {self.new}"


def differences(old: Any, new: Any) -> list[Difference]:
    """Return all differences.

    >>> [found.sort for found in differences({"E1": True, "E2": {"none": "work"}}, {"E1": False, "E2": True})]
    ['differs', 'better']
    >>> differences({"X": [["0.5", "0"]]}, {"X": [["0.500000000000000000000000000000", "0"]]})
    []
    """
    return list(_differences((), old, new))


def _differences(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
    if _is_none(old) or _is_none(new):
        if old != new:
            yield Difference(WORDS if _is_none(old) and _is_none(new) else BETTER if _is_none(old) else DIFFERS, path, old, new)
    elif isinstance(old, dict) and isinstance(new, dict):
        found = []
        for key in [*old, *(key for key in new if key not in old)]:
            if key not in old or key not in new:
                yield Difference(DIFFERS, (*path, key), old.get(key), new.get(key))
            else:
                found += _differences((*path, key), old[key], new[key])
        yield from _sorted_out(old, found)
    elif path and path[-1] == "lists all" and old is False and new is True:
        yield Difference(BETTER, path, old, new)
    elif not _equal(path[-1] if path else "", old, new):
        yield Difference(DIFFERS, path, old, new)


def _sorted_out(old: Mapping[str, Any], found: list[Difference]) -> Iterator[Difference]:
    """Yield differences within a dict; a system that is not principal has matrices that are a matter of choice."""
    keys, no_answer = {d.path[-1] for d in found}, any(_is_none(d.new) for d in found)
    chosen = old.get("principal") is False and not no_answer and keys <= {"X", "flow"}
    sort = DIFFERS if not chosen else TURNS if "flow" in keys or not old["extra"] else COORDINATES
    for d in found:
        yield Difference(sort, d.path, d.old, d.new) if d.sort == DIFFERS else d


def _is_none(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"none"}


def _equal(key: str, old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_equal(key, x, y) for x, y in zip(old, new, strict=True))
    if old == new:
        return True
    if not (isinstance(old, str) and isinstance(new, str)):
        return False
    if key in DECIMALS:
        return equal_decimals(old, new, DECIMALS[key])
    return key in EXACT and equal_numbers(old, new)


def equal_decimals(old: str, new: str, digits: int) -> bool:
    """Return whether two decimals are equal to so many significant digits, but for one unit of the last.

    >>> equal_decimals("0.25", "0.250001", 6), equal_decimals("0.25", "0.250002", 6), equal_decimals("0", "1e-40", 6)
    (True, False, False)
    """
    with localcontext() as context:
        context.prec = 3 * digits
        try:
            x, y = Decimal(old), Decimal(new)
        except InvalidOperation:
            return False
        return x == y or abs(x - y) <= Decimal(10) ** (min(x.adjusted(), y.adjusted()) - digits + 1) * (x != 0) * (y != 0)


def equal_numbers(old: str, new: str) -> bool:
    """Return whether two real algebraic numbers, as SymPy prints them, are equal.

    >>> equal_numbers("1/(1 + sqrt(2))", "sqrt(2) - 1"), equal_numbers("1/2", "1/3")
    (True, False)
    """
    difference = sp.sympify(old) - sp.sympify(new)
    if difference.is_Rational:
        return bool(difference == 0)
    return bool(sp.minimal_polynomial(difference, sp.Symbol("x")) == sp.Symbol("x"))
