"""Sums and products of entries while a class of network is brought into the general form: exact numbers or expressions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sympy as sp
from flint import fmpq

from symplrnn.conditions.assumptions import declared_with
from symplrnn.errors import ShapeError
from symplrnn.exact.reading.entries import exact_entry
from symplrnn.exact.reading.numbers import matrix_parts, to_sympy, vector_parts

__all__ = ["check_states", "product", "reader", "total"]


def reader(parameters: Any) -> Callable[[Any, str], Any]:
    """Return the function that reads an entry of a network with these parameters, as ``ReLURNN`` takes them.

    >>> reader({"a": "positive"})("2*a - a", "A[1]"), reader(None)(0.5, "A[1]")
    (a, 1/2)
    """
    return partial(exact_entry, symbols=None if parameters is None else declared_with(parameters)[0])


def check_states(A: Any, n: int, name: str) -> None:
    """Raise `ShapeError` unless A is a matrix or a diagonal of as many states as the vector of this name has entries.

    >>> check_states([1, 2], 3, "h1")
    Traceback (most recent call last):
    ...
    symplrnn.errors.ShapeError: A: expected 3 states, as h1 has entries, got 2
    """
    try:
        given = len(vector_parts(A, "A"))
    except ShapeError:
        given = len(matrix_parts(A, "A"))
    if given != n:
        raise ShapeError(f"A: expected {n} states, as {name} has entries, got {given}")


def total(*terms: Any) -> Any:
    """Return the sum of entries, each a rational number or a SymPy expression.

    >>> total(fmpq(1, 2), fmpq(1, 3)), total(fmpq(1, 2), sp.Symbol("a"))
    (5/6, a + 1/2)
    """
    if all(isinstance(x, fmpq) for x in terms):
        return sum(terms, fmpq(0))
    return sp.Add(*(to_sympy(x) if isinstance(x, fmpq) else x for x in terms))


def product(first: Any, second: Any) -> Any:
    """Return the product of two entries, each a rational number or a SymPy expression.

    >>> product(fmpq(1, 2), fmpq(1, 3)), product(fmpq(1, 2), sp.Symbol("a"))
    (1/6, a/2)
    """
    if isinstance(first, fmpq) and isinstance(second, fmpq):
        return first * second
    return sp.Mul(*(to_sympy(x) if isinstance(x, fmpq) else x for x in (first, second)))
