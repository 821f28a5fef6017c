"""Networks from named arrays, as binary files hold them. Floats are taken exactly, as dyadic rationals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symplrnn.errors import FormatError
from symplrnn.network.files.near_misses import listed, near_miss
from symplrnn.network.network import ReLURNN
from symplrnn.network.plrnn import PLRNN
from symplrnn.network.suspicious import warn

__all__ = ["NAMES", "Unread", "network_from_arrays", "shape_text"]

REQUIRED = ("A", "W", "h")
NAMES = (*REQUIRED, "V", "b", "C", "dt", "mu0")


class Unread(NamedTuple):
    """A variable that is no array of real numbers, or is not asked for: what it is, in words."""

    text: str


def shape_text(shape: Sequence[int]) -> str:
    """Return a shape in words.

    >>> shape_text((2, 3)), shape_text((3,)), shape_text(())
    ('2 x 3', 'length 3', 'a number')
    """
    return " x ".join(map(str, shape)) if len(shape) > 1 else f"length {shape[0]}" if shape else "a number"


def network_from_arrays(arrays: Mapping[str, Any]) -> ReLURNN:
    """Return the network with these arrays; other variables of the file are `Unread`.

    A is a matrix, or a vector of any orientation for a diagonal one; an all-zero C means no inputs; optional variables may be
    MATLAB's empty ``[]``; mu0 holds start states: a vector, the columns of a matrix, or a list (a cell) of vectors.

    >>> network_from_arrays({"A": np.array([[0.5, 0.25]]), "W": np.zeros((2, 2)), "h": np.zeros(2)}).A
    Matrix([
    [1/2,   0],
    [  0, 1/4]])
    >>> network_from_arrays({"A": np.ones(1), "W1": Unread("1 x 1"), "h1": Unread("1 x 1")})
    Traceback (most recent call last):
    ...
    symplrnn.errors.FormatError: the variable W is missing; the file holds A (length 1), W1 (1 x 1), h1 (1 x 1); a network has ...
    """
    for key in REQUIRED:
        if key not in arrays:
            found = listed(f"{name} ({_text(value)})" for name, value in arrays.items())
            raise FormatError(
                f"the variable {key} is missing; the file holds {found}{near_miss(key, arrays)}; "
                f"a network has {', '.join(REQUIRED)} and optionally {', '.join(NAMES[3:])}"
            )
    given = {key: _dense(arrays[key], key) for key in NAMES[:-1] if key in arrays}
    for key in ("V", "b", "C", "dt"):
        # A network without units has an empty V, which says something.
        if key in given and given[key].size == 0 and not (key in ("V", "b") and given["W"].size == 0):
            del given[key]
    if "C" in given and not given["C"].any():
        del given["C"]
    if "dt" in given:
        if given["dt"].size != 1:
            raise FormatError(f"dt: expected one number, got an array of shape {shape_text(given['dt'].shape)}")
        given["dt"] = given["dt"].ravel()[0]
    elif miss := near_miss("dt", arrays):
        warn(f"the file has no dt{miss}")
    states = _start_states(arrays["mu0"]) if "mu0" in arrays else ()
    return (ReLURNN if "V" in given else PLRNN)(**given, initial_states=states)


def _text(value: Any) -> str:
    if isinstance(value, Unread):
        return value.text
    return f"a cell of {len(value)}" if isinstance(value, list) else shape_text(value.shape)


def _dense(value: Any, name: str) -> Any:
    """Return a variable as a numeric array of at most two dimensions."""
    if not isinstance(value, np.ndarray):
        raise FormatError(f"{name}: expected an array of real numbers, got {_text(value)}")
    if value.dtype.kind not in "iufb":
        raise FormatError(f"{name}: expected an array of real numbers, got an array of type {value.dtype}")
    if value.ndim > 2:
        raise FormatError(f"{name}: expected a vector or a matrix, got an array of shape {shape_text(value.shape)}")
    return value.astype(np.uint8) if value.dtype.kind == "b" else value


def _start_states(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [_dense(cell, "mu0").ravel() for cell in value]
    dense = _dense(value, "mu0")
    if dense.size == 0:
        return []
    return [dense.ravel()] if dense.ndim < 2 or 1 in dense.shape else list(dense.T)
