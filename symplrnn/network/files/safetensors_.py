"""Networks in safetensors files: the length of a header, the header in JSON, and the numbers, with nothing between them.

Reference: Hugging Face, the format of safetensors files.
"""

from __future__ import annotations

import json
from typing import Any

from symplrnn import limits
from symplrnn.errors import FormatError
from symplrnn.network.files.arrays import Unread, shape_text
from symplrnn.network.files.recognition import is_wanted, network_from_state
from symplrnn.network.files.tensors import array_of, check_size
from symplrnn.network.in_files import NOTHING_SAID, Choices
from symplrnn.network.network import ReLURNN

__all__ = ["network_from_safetensors"]

HEADER_BYTES = 4_000_000
TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<bfloat16", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "<u1", "BOOL": "<?",
}  # fmt: skip


def network_from_safetensors(content: bytes, choices: Choices = NOTHING_SAID) -> ReLURNN:
    """Return the network in the bytes of a safetensors file."""
    try:
        return network_from_state(_variables(content), choices)
    except FormatError:
        raise
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        detail = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise FormatError(f"not a readable safetensors file, perhaps damaged: {detail}") from error


def _variables(content: bytes) -> dict[str, Any]:
    """Return the tensors by their names."""
    size = int.from_bytes(content[:8], "little")
    if len(content) < 8 or size > min(len(content) - 8, HEADER_BYTES):
        raise ValueError(f"a header of {size} bytes")
    header = json.loads(content[8 : 8 + size], object_pairs_hook=_once)
    data, left, found = content[8 + size :], limits.ARRAY_BYTES, {}
    if not isinstance(header, dict):
        raise ValueError("a header that is no object")
    header.pop("__metadata__", None)
    for name, entry in header.items():
        shape, (start, end) = entry["shape"], entry["data_offsets"]
        if not all(type(x) is int and x >= 0 for x in (*shape, start, end)) or not start <= end <= len(data):
            raise ValueError(f"{name[:40]!a} with damaged sizes")
        if len(shape) > limits.ARRAY_DIMENSIONS:
            raise ValueError(f"{name[:40]!a} with {len(shape)} dimensions")
        kind = TYPES.get(entry["dtype"])
        if kind is None:
            found[name] = Unread(f"numbers of type {str(entry['dtype'])[:20]!a}")
        elif not is_wanted(name):
            found[name] = Unread(shape_text(shape))
        else:
            left = check_size(name, shape, left)
            found[name] = array_of(data[start:end], kind).reshape(shape)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object as a dict; refuse a name that is given twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name that is given twice in the header")
    return found
