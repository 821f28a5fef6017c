"""Networks from named arrays, as binary files hold them. Floats are taken exactly, as dyadic rationals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symplrnn.errors import FormatError
from symplrnn.network.network import ReLURNN

__all__ = ["NAMES", "network_from_arrays"]

NAMES = ("A", "W", "h", "V", "b", "C", "dt", "mu0")


def network_from_arrays(arrays: Mapping[str, Any]) -> ReLURNN:
    """Return the network with these arrays.

    A is a matrix, or a vector of any orientation for a diagonal one; an all-zero C means no inputs; mu0 holds start states: a
    vector, the columns of a matrix, or a cell of vectors.

    >>> network_from_arrays({"A": np.array([[0.5, 0.25]]), "W": np.zeros((2, 2)), "h": np.zeros(2)}).A
    Matrix([
    [1/2,   0],
    [  0, 1/4]])
    """
    for key in ("A", "W", "h"):
        if key not in arrays:
            raise FormatError(f"the variable {key} is missing; a network has A, W, h and optionally V, b, C, dt, mu0")
    given = {key: _dense(arrays[key], key) for key in NAMES[:-1] if key in arrays}
    if given["A"].size > 1 and 1 in given["A"].shape:
        given["A"] = given["A"].ravel()
    if "C" in given and not given["C"].any():
        del given["C"]
    if "dt" in given:
        if given["dt"].size != 1:
            raise FormatError(f"dt: expected one number, got an array of shape {given['dt'].shape}")
        given["dt"] = given["dt"].ravel()[0]
    return ReLURNN(**given, initial_states=_start_states(arrays["mu0"]) if "mu0" in arrays else ())


def _dense(value: Any, name: str) -> Any:
    """Return a variable as a numeric array."""
    array = np.asarray(value.toarray() if hasattr(value, "toarray") else value)
    if array.dtype.kind not in "iufb":
        raise FormatError(f"{name}: expected an array of real numbers, got an array of type {array.dtype}")
    return array.astype(np.uint8) if array.dtype.kind == "b" else array


def _start_states(value: Any) -> list[Any]:
    array = np.asarray(value)
    if array.dtype == object:
        return [_dense(cell, "mu0").ravel() for cell in array.ravel()]
    dense = _dense(array, "mu0")
    return [dense.ravel()] if dense.ndim < 2 or 1 in dense.shape else list(dense.T)
