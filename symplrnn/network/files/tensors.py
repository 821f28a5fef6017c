"""Types of tensors that NumPy does not have, and the views that tensors are."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from symplrnn import limits
from symplrnn.errors import FormatError
from symplrnn.network.files.arrays import shape_text

__all__ = ["array_of", "check_size", "view_of"]


def array_of(data: bytes, kind: str) -> Any:
    """Return numbers of a type that is named as in NumPy, or is bfloat16, which becomes float32 (exactly).

    >>> array_of(bytes([128, 63]), "<bfloat16").tolist()
    [1.0]
    """
    order, name = kind[0], kind[1:]
    if name == "bfloat16":
        return (np.frombuffer(data, f"{order}u2").astype(np.uint32) << 16).view(np.float32)
    return np.frombuffer(data, order + name)


def check_size(name: str, shape: Sequence[int], left: int) -> int:
    """Return how many bytes of arrays may still be read after one of this shape; refuse one that is too large."""
    left -= 8 * prod(shape)
    if left < 0:
        raise FormatError(f"{name}: shape {shape_text(shape)}: more than {limits.ARRAY_BYTES} bytes of arrays")
    return left


def view_of(numbers: Any, offset: int, shape: Sequence[int], strides: Sequence[int]) -> Any:
    """Return the array whose entry (i, j, ...) is the number at offset + i strides[0] + j strides[1] + ..., as a copy.

    Raises `ValueError` if an entry would lie outside of the numbers.

    >>> view_of(np.arange(6), 0, (2, 2), (3, 2)).tolist()
    [[0, 2], [3, 5]]
    """
    if len(shape) != len(strides) or len(shape) > limits.ARRAY_DIMENSIONS or min((offset, *shape, *strides)) < 0:
        raise ValueError("a tensor with damaged sizes")
    if 0 in shape:
        return np.zeros(shape, numbers.dtype)
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    if last >= len(numbers):
        raise ValueError("a tensor that does not fit into its numbers")
    # An axis of length 1 may have any stride, however large.
    steps = [stride * numbers.itemsize if size > 1 else 0 for size, stride in zip(shape, strides, strict=True)]
    return np.lib.stride_tricks.as_strided(numbers[offset:], shape, steps).copy()
