"""Networks in NumPy's NPZ files, read without pickle."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from tokenize import TokenError

import numpy as np

from symplrnn.errors import FormatError
from symplrnn.network.files.arrays import NAMES, network_from_arrays
from symplrnn.network.network import ReLURNN

__all__ = ["network_from_npz"]


def network_from_npz(content: bytes) -> ReLURNN:
    """Return the network in the bytes of an NPZ file with the arrays A, W, h and optionally V, b, C, dt, mu0.

    >>> buffer = io.BytesIO()
    >>> np.savez(buffer, A=np.array([0.5]), W=np.zeros((1, 1)), h=np.ones(1))
    >>> network_from_npz(buffer.getvalue()).h
    Matrix([[1]])
    """
    # What NumPy and zipfile raise on damaged files: the header of an array is read as Python's text, before it is checked.
    damaged = (
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
    try:
        archive = np.load(io.BytesIO(content), allow_pickle=False)
        arrays = {name: archive[name] for name in getattr(archive, "files", ()) if name in NAMES}
    except damaged as error:
        detail = str(error).splitlines()[0][:120] if str(error) else "damaged"
        raise FormatError(f"not a readable NPZ file, perhaps damaged: {detail}") from error
    if not hasattr(archive, "files"):
        raise FormatError("not an NPZ file: it holds a single array")
    return network_from_arrays(arrays)
