"""Reading networks from files: JSON, NPZ and MAT. Safe by construction: no eval, no pickle, bounded sizes.

Reference: DESIGN section 2.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from symplrnn import limits
from symplrnn.errors import FormatError, SymplrnnError, require_kind
from symplrnn.network.network import ReLURNN

__all__ = ["load"]

READERS = {".json": "json_", ".npz": "npz", ".mat": "mat"}


def load(path: str | os.PathLike[str]) -> ReLURNN:
    """Read a network from a ``.json``, ``.npz`` or ``.mat`` file.

    JSON: keys A, W, h and optionally V, b, C, dt, names; an entry is a JSON number, taken as the decimal that is written, or
    text such as "3/7" or "2*(1/3 + 1)^2". NPZ and MAT: variables of the same names and optionally mu0 (start states);
    floats are taken exactly; A may be a vector or a diagonal matrix; an all-zero C means no inputs. MAT files are those of
    versions 5 to 7.2. A network that looks as if matrices were mixed up gets a warning `SuspiciousNetwork`.

    Raises
    ------
    FormatError
        If the file is missing, too large, damaged or no network; the message says what and where in one line.

    Examples
    --------
    >>> load("missing.json")
    Traceback (most recent call last):
    ...
    symplrnn.errors.FormatError: missing.json: no such file
    """
    require_kind(path, str | os.PathLike, "load", "a path")
    file = Path(path)
    kind = READERS.get(file.suffix.lower())
    if kind is None:
        raise FormatError(f"{file}: unknown kind of file {file.suffix!r}; accepted are {', '.join(READERS)}")
    if not file.is_file():
        raise FormatError(f"{file}: no such file")
    if file.stat().st_size > limits.FILE_BYTES:
        raise FormatError(f"{file}: larger than {limits.FILE_BYTES} bytes")
    try:
        reader = getattr(import_module(f"symplrnn.network.files.{kind}"), f"network_from_{kind.strip('_')}")
        network: ReLURNN = reader(file.read_bytes())
        return network
    except OSError as error:
        raise FormatError(f"{file}: cannot be read: {error.strerror}") from error
    except SymplrnnError as error:
        raise FormatError(f"{file}: {error}") from error
