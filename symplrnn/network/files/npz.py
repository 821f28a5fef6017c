"""Networks in NumPy's NPZ files, read without pickle: the headers first, then no more bytes than they announce."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from math import prod
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.lib import format as npy

from symplrnn import limits
from symplrnn.errors import FormatError
from symplrnn.network.files.arrays import Unread, shape_text
from symplrnn.network.files.recognition import is_wanted, network_from_arrays
from symplrnn.network.in_files import NOTHING_SAID, Choices
from symplrnn.network.network import ReLURNN

__all__ = ["network_from_npz"]

HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}

# What NumPy and zipfile raise on damaged files: the header of an array is read as Python's text, before it is checked.
DAMAGED = (
    ValueError,
    TypeError,
    LookupError,
    OSError,
    EOFError,
    ArithmeticError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    TokenError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def network_from_npz(content: bytes, choices: Choices = NOTHING_SAID) -> ReLURNN:
    """Return the network in the bytes of an NPZ file, such as one with the arrays A, W, h and optionally V, b, C, dt, mu0.

    >>> buffer = io.BytesIO()
    >>> np.savez(buffer, A=np.array([0.5]), W=np.zeros((1, 1)), h=np.ones(1))
    >>> network_from_npz(buffer.getvalue()).h
    Matrix([[1]])
    """
    if content.startswith(npy.MAGIC_PREFIX):
        raise FormatError("not an NPZ file: it holds a single array (NPY); accepted is what numpy.savez writes")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # A damaged length in the directory can hide arrays; the end of the file says how many there are.
            (count,) = struct.unpack_from("<H", content, content.rindex(b"PK\x05\x06") + 10)
            if count != len(archive.infolist()):
                raise zipfile.BadZipFile(f"{count} arrays announced, {len(archive.infolist())} found")
            arrays = dict(_arrays(archive))
    except FormatError:
        raise
    except DAMAGED as error:
        detail = str(error).splitlines()[0][:120] if str(error) else "damaged"
        raise FormatError(f"not a readable NPZ file, perhaps damaged: {detail}") from error
    return network_from_arrays(arrays, choices)


def _arrays(archive: zipfile.ZipFile) -> Iterator[tuple[str, Any]]:
    """Yield the names and arrays of an archive, those of other names without their numbers."""
    left = limits.ARRAY_BYTES
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        with archive.open(info) as stream:  # which compares the two names that the archive has for it
            if name == info.filename:
                yield name, Unread("no array")
                continue
            version = npy.read_magic(stream)
            if version not in HEADERS:
                yield name, Unread("an array of named fields")
                continue
            shape, fortran, dtype = HEADERS[version](stream)
            if dtype.hasobject:
                yield name, Unread("Python objects such as None, which are never unpickled; leave out what is absent")
            elif not is_wanted(name):
                yield name, Unread(shape_text(shape))
            else:
                size = prod(shape) * dtype.itemsize
                left -= size
                if left < 0:
                    raise FormatError(f"{name}: shape {shape_text(shape)}: more than {limits.ARRAY_BYTES} bytes of arrays")
                stored = stream.read(size + 1)
                if len(stored) != size:
                    raise FormatError(f"{name}: an array of shape {shape_text(shape)} has {size} bytes, not those in the file")
                yield name, np.frombuffer(stored, dtype).reshape(shape, order="F" if fortran else "C")
