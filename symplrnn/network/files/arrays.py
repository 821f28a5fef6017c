"""Arrays as binary files hold them: their names and shapes, and what is not an array of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symplrnn.errors import FormatError
from symplrnn.network.files.floats import exact_floats
from symplrnn.network.files.near_misses import listed

__all__ = ["Unread", "contents", "dense", "shape_text", "start_states", "text_of_variable"]


class Unread(NamedTuple):
    """A variable that is no array of real numbers, or is not asked for: what it is, in words."""

    text: str


def shape_text(shape: Sequence[int]) -> str:
    """Return a shape in words.

    >>> shape_text((2, 3)), shape_text((3,)), shape_text(())
    ('2 x 3', 'length 3', 'a number')
    """
    return " x ".join(map(str, shape)) if len(shape) > 1 else f"length {shape[0]}" if shape else "a number"


def text_of_variable(value: Any) -> str:
    """Return what a variable is, in words."""
    if isinstance(value, Unread):
        return value.text
    return f"a cell of {len(value)}" if isinstance(value, list) else shape_text(value.shape)


def contents(arrays: Mapping[str, Any]) -> str:
    """Return the names and shapes of the variables of a file, in words.

    >>> contents({"A": np.eye(2), "t": Unread("text")})
    'A (2 x 2), t (text)'
    """
    return listed(f"{name} ({text_of_variable(value)})" for name, value in arrays.items())


def dense(value: Any, name: str) -> Any:
    """Return a variable as a numeric array of at most two dimensions; batch axes of length 1 are left out.

    >>> dense(np.zeros((1, 2, 3)), "W").shape
    (2, 3)
    >>> dense(np.zeros((5, 2, 3)), "W")
    Traceback (most recent call last):
    ...
    symplrnn.errors.FormatError: W: expected a vector or a matrix, got an array of shape 5 x 2 x 3; save one network of a batch
    """
    if not isinstance(value, np.ndarray):
        raise FormatError(f"{name}: expected an array of real numbers, got {text_of_variable(value)}")
    if value.dtype.kind not in "iufb":
        raise FormatError(f"{name}: expected an array of real numbers, got an array of type {value.dtype}")
    shape = value.shape
    while len(shape) > 2 and shape[0] == 1:
        shape = shape[1:]
    while len(shape) > 2 and shape[-1] == 1:
        shape = shape[:-1]
    if len(shape) > 2:
        raise FormatError(
            f"{name}: expected a vector or a matrix, got an array of shape {shape_text(value.shape)}; save one network of a batch"
        )
    value = value.reshape(shape)
    return value.astype(np.uint8) if value.dtype.kind == "b" else value


def start_states(value: Any, decimal: bool) -> list[Any]:
    """Return start states: a vector, the columns of a matrix, or a list (a cell) of vectors."""
    if isinstance(value, list):
        return [exact_floats(dense(cell, "mu0").ravel(), decimal) for cell in value]
    found = dense(value, "mu0")
    if found.size == 0:
        return []
    return [exact_floats(z, decimal) for z in ([found.ravel()] if found.ndim < 2 or 1 in found.shape else found.T)]
