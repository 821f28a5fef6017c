"""The floats of binary files (MAT, NPZ, HDF5, torch, safetensors) made exact.

A float is the dyadic rational that it stores: 0.1 in double precision is 3602879701896397/36028797018963968. Where decimals are
asked for it is the shortest decimal that rounds to it in its own precision: 1/10, in single precision as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symplrnn.exact.reading.numbers import rational

__all__ = ["exact_floats"]


def exact_floats(array: Any, decimal: bool) -> Any:
    """Return the entries of an array of floats as rationals, in lists; an array of integers as it is.

    >>> exact_floats(np.array([[0.1, 3.0]]), decimal=False)
    [[3602879701896397/36028797018963968, 3]]
    >>> exact_floats(np.array([0.1, 3.0], dtype=np.float32), decimal=True)
    [1/10, 3]
    """
    if array.dtype.kind != "f":
        return array
    found = np.empty(array.shape, dtype=object)
    # What is not finite stays a float: messages say at which place of which matrix it is.
    found.ravel()[:] = [rational(str(x) if decimal else x, "") if np.isfinite(x) else float(x) for x in array.ravel()]
    return found.tolist()
