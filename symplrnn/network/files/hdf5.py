"""The variables of MATLAB's MAT files of version 7.3, which are HDF5 files, read by h5py.

Only what is in the file itself is read: links to other files, data that is stored elsewhere and virtual data sets are refused.
The sizes in the headers are compared with what is allowed before anything is unpacked.

Reference: The MathWorks, MAT-File Versions; The HDF Group, HDF5 File Format Specification.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib import import_module
from math import prod
from typing import Any

import numpy as np

from symplrnn import limits
from symplrnn.errors import FormatError, MissingExtra
from symplrnn.network.files.arrays import Unread, shape_text
from symplrnn.network.files.recognition import is_wanted

__all__ = ["hdf5_variables"]

# What h5py raises on damaged files.
DAMAGED = (OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, OverflowError, MemoryError)


def hdf5_variables(content: bytes) -> dict[str, Any]:
    """Return the arrays of a MAT file of version 7.3 by their names; the fields of structs have those of the structs before."""
    try:
        h5py = import_module("h5py")
    except ImportError as error:
        raise MissingExtra(
            'a MAT file of version 7.3 (HDF5), for which h5py is needed: pip install "symplrnn[io]"; or save it with "-v7"'
        ) from error
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            return dict(_Group(h5py, file).variables(file, "", 0))
    except FormatError:
        raise
    except DAMAGED as error:
        detail = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise FormatError(f"not a readable HDF5 file, perhaps damaged: {detail}") from error


class _Group:
    """The variables of a file."""

    def __init__(self, h5py: Any, file: Any) -> None:
        self.h5py, self.file, self.left, self.count = h5py, file, limits.ARRAY_BYTES, 0

    def variables(self, group: Any, prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
        """Yield the names and arrays in a group, which is the file or a struct."""
        if depth > limits.STRUCT_DEPTH:
            raise FormatError(f"{prefix}: more than {limits.STRUCT_DEPTH} structs inside of each other")
        for name in group:
            self.count += 1
            if self.count > limits.STATE_VARIABLES:
                raise FormatError(f"the file holds more than {limits.STATE_VARIABLES} variables")
            if name.startswith("#"):  # what MATLAB refers to
                continue
            if not isinstance(group.get(name, getlink=True), self.h5py.HardLink):
                raise FormatError(f"{prefix}{name}: a link; accepted is what is in the file itself")
            item = group[name]
            if "OCTAVE_NEW_FORMAT" in item.attrs:
                raise FormatError('a file in Octave\'s HDF5 format; accepted is version 7: save("-v7", "net.mat", ...)')
            if isinstance(item, self.h5py.Group):
                yield from self.variables(item, f"{prefix}{name}.", depth + 1)
            elif isinstance(item, self.h5py.Dataset):
                yield f"{prefix}{name}", self.value(f"{prefix}{name}", item)

    def value(self, name: str, item: Any) -> Any:
        """Return the array in a data set, with MATLAB's order of axes, or the list of those in a cell."""
        kind = item.attrs.get("MATLAB_class", b"")
        kind = kind.decode("latin-1") if isinstance(kind, bytes) else str(kind)
        shape = item.shape
        if shape is None or item.attrs.get("MATLAB_empty", 0):
            return [] if kind == "cell" else np.zeros((0, 0))
        if item.dtype == self.h5py.ref_dtype:
            if name.rsplit(".", maxsplit=1)[-1] != "mu0" or prod(shape) > limits.STATE_VARIABLES:
                return Unread(f"a cell, {shape_text(shape[::-1])}")
            cells = [self.file[reference] for reference in item[()].T.ravel()]
            return [Unread("a cell") if x.dtype == self.h5py.ref_dtype else self.value(name, x) for x in cells]
        if kind == "char":
            return Unread("text")
        if item.dtype.kind not in "iufb":
            return Unread("complex numbers" if item.dtype.names == ("real", "imag") else f"of type {item.dtype}")
        if not is_wanted(name):
            return Unread(shape_text(shape[::-1]))
        if item.external or item.is_virtual:
            raise FormatError(f"{name}: its numbers are in another file; accepted is what is in the file itself")
        self.left -= 8 * prod(shape)
        if self.left < 0:
            raise FormatError(f"{name}: shape {shape_text(shape[::-1])}: more than {limits.ARRAY_BYTES} bytes of arrays")
        return item[()].T
