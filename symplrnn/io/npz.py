"""Networks in NumPy's NPZ files, read without pickle."""

from __future__ import annotations

import io
import zipfile
import zlib

import numpy as np

from symplrnn.errors import FormatError
from symplrnn.io.arrays import NAMES, network_from_arrays
from symplrnn.network import ReLURNN

__all__ = ["network_from_npz"]


def network_from_npz(content: bytes) -> ReLURNN:
    """Return the network in the bytes of an NPZ file with the arrays A, W, h and optionally V, b, C, dt, mu0.

    >>> buffer = io.BytesIO()
    >>> np.savez(buffer, A=np.array([0.5]), W=np.zeros((1, 1)), h=np.ones(1))
    >>> network_from_npz(buffer.getvalue()).h
    Matrix([[1]])
    """
    try:
        archive = np.load(io.BytesIO(content), allow_pickle=False)
        arrays = {name: archive[name] for name in getattr(archive, "files", ()) if name in NAMES}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise FormatError(f"not a readable NPZ file: {str(error).splitlines()[0] if str(error) else 'damaged'}") from error
    if not hasattr(archive, "files"):
        raise FormatError("not an NPZ file: it holds a single array")
    return network_from_arrays(arrays)
