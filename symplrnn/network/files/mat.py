"""Networks in MATLAB's MAT files (version 4 to 7.2), read with SciPy."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from symplrnn.errors import FormatError
from symplrnn.network.files.arrays import NAMES, network_from_arrays
from symplrnn.network.network import ReLURNN

__all__ = ["network_from_mat"]


def network_from_mat(content: bytes) -> ReLURNN:
    """Return the network in the bytes of a MAT file with the variables A, W, h and optionally V, b, C, dt, mu0."""
    try:
        from scipy.io import loadmat
        from scipy.io.matlab import MatReadError
    except ImportError as error:
        raise FormatError('MAT files need SciPy; install it with: pip install "symplrnn[io]"') from error
    # What SciPy raises on damaged files, besides its own error: it reads headers and sizes before it checks them.
    damaged = (
        MatReadError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        OSError,
        OverflowError,
        MemoryError,
        zlib.error,
        struct.error,
    )
    arrays: dict[str, Any]
    try:
        arrays = loadmat(io.BytesIO(content), variable_names=NAMES)
    except NotImplementedError as error:
        raise FormatError("a MAT file of version 7.3 (HDF5); accepted are versions up to 7.2: save with -v7") from error
    except damaged as error:
        detail = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise FormatError(f"not a readable MAT file, perhaps damaged or truncated: {detail}") from error
    return network_from_arrays(arrays)
