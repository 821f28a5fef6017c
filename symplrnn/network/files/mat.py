"""Networks in MATLAB's MAT files of versions 5 to 7.2, by a reader of our own: every byte is checked before it is used.

A file is a header of 128 bytes and a list of elements, one a variable, each perhaps compressed by zlib. An element is a tag
(type, number of bytes), data, and padding to 8 bytes; up to 4 bytes of data fit into the tag itself. A variable is an element
that holds elements: flags with its class, dimensions, name, and the numbers, which are stored in any type that holds them, or,
in a struct, the names of fields and a variable for each. The fields of a struct ``net`` are the variables net.A, net.W and so on.
Only the variables of a network and structs are unpacked, and no more bytes than is allowed.

Reference: The MathWorks, MAT-File Format, 2023.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from symplrnn import limits
from symplrnn.errors import FormatError
from symplrnn.network.files.arrays import Unread, shape_text
from symplrnn.network.files.hdf5 import hdf5_variables
from symplrnn.network.files.near_misses import listed
from symplrnn.network.files.recognition import is_wanted, network_from_arrays
from symplrnn.network.in_files import NOTHING_SAID, Choices
from symplrnn.network.network import ReLURNN

__all__ = ["network_from_mat"]

HEADER = 128
HEAD = 4096  # bytes of a compressed variable that are unpacked to see what it is
CHUNK = 1 << 16
INT8, INT32, UINT32, MATRIX, COMPRESSED = 1, 5, 6, 14, 15
NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
CELL, STRUCT, CHAR, SPARSE, OPAQUE = 1, 2, 4, 5, 17
NUMERIC = {6: 9, 7: 7, 8: 1, 9: 2, 10: 3, 11: 4, 12: 5, 13: 6, 14: 12, 15: 13}  # classes, and the type of each
CLASSES = {3: "an object", CHAR: "text", SPARSE: "a sparse matrix; accepted is full(...)", 16: "a function"}
COMPLEX = 0x0800

HDF5 = (b"\x89HDF", b"MATLAB 7.3")
REMEDY = 'accepted is version 7: save("net.mat", ..., "-v7")'
OTHER_FORMATS = (
    (b"# Created by Octave", f"a file in Octave's text format; {REMEDY}"),
    (b"Octave-1", f"a file in Octave's binary format; {REMEDY}"),
    (b"PK\x03\x04", "not a MAT file but a zip archive, as NPZ files are"),
)


def network_from_mat(content: bytes, choices: Choices = NOTHING_SAID) -> ReLURNN:
    """Return the network in the bytes of a MAT file, whose variables may be in a struct."""
    if content.startswith(HDF5) or content[124:128] in (b"\x00\x02IM", b"\x02\x00MI"):
        return network_from_arrays(hdf5_variables(content), choices)
    for start, problem in OTHER_FORMATS:
        if content.startswith(start):
            raise FormatError(problem)
    return network_from_arrays(dict(_Reader(content).variables()), choices)


def _damaged(detail: str) -> FormatError:
    return FormatError(f"not a readable MAT file, perhaps damaged or truncated: {detail}")


class _Struct(Unread):
    """A struct that is not yet unpacked."""


class _Reader:
    """The variables of a file."""

    def __init__(self, content: bytes) -> None:
        self.content, self.left, self.skipped = content, limits.ARRAY_BYTES, limits.SKIPPED_BYTES
        mark = content[126:128]
        if len(content) >= 20 and 0 in content[:4] and mark not in (b"IM", b"MI"):
            raise FormatError(f"a MAT file of version 4, or none at all; {REMEDY}")
        if mark not in (b"IM", b"MI"):
            raise _damaged("it does not begin with the header of version 5")
        self.order = "<" if mark == b"IM" else ">"
        version = self.integer(content[124:126])
        if version != 0x0100:
            raise _damaged(f"the version 0x{version:04x} in its header is unknown")

    def integer(self, data: bytes) -> int:
        return int.from_bytes(data, "little" if self.order == "<" else "big")

    def element(self, data: bytes, start: int, whole: bool = True) -> tuple[int, bytes, int]:
        """Return the type and the bytes of the element at a place, and the place after it; if not ``whole``, perhaps cut off."""
        if start + 8 > len(data):
            raise _damaged("an element ends too early")
        kind = self.integer(data[start : start + 4])
        small = kind >> 16
        if small:
            if small > 4:
                raise _damaged(f"a small element of {small} bytes")
            return kind & 0xFFFF, data[start + 4 : start + 4 + small], start + 8
        size = self.integer(data[start + 4 : start + 8])
        if whole and start + 8 + size > len(data):
            raise _damaged(f"an element of {size} bytes does not fit")
        end = start + 8 + size
        return kind, data[start + 8 : end], end if kind == COMPRESSED else end + -size % 8

    def variables(self) -> Iterator[tuple[str, Any]]:
        """Yield names and arrays; what is no array of numbers, or of another name, is described only."""
        place, seen = HEADER, set()
        while place < len(self.content):
            kind, data, place = self.element(self.content, place)
            if kind not in (MATRIX, COMPRESSED):
                raise _damaged(f"a variable of the unknown type {kind}")
            for name, value in self.compressed(data) if kind == COMPRESSED else self.variable(data):
                if name in seen:
                    raise _damaged(f"the variable {name} is there twice")
                seen.add(name)
                if name:  # what MATLAB keeps for its objects has no name
                    yield name, value

    def compressed(self, data: bytes) -> list[tuple[str, Any]]:
        """Return the name and value of a compressed variable; the numbers of other names are not unpacked."""
        unpack = zlib.decompressobj()
        try:
            head = unpack.decompress(data, HEAD)
            kind, inside, _ = self.element(head, 0, whole=False)
            if kind != MATRIX:
                raise _damaged(f"a compressed element of the type {kind}")
            [(name, value)] = self.variable(inside, whole=False)
            wanted = is_wanted(name) or isinstance(value, _Struct)
            if wanted:
                head += unpack.decompress(unpack.unconsumed_tail, self.left + HEAD)
            else:  # only to see that nothing of another variable is in it
                while unpack.unconsumed_tail and self.skipped > 0:
                    self.skipped -= 1 + len(unpack.decompress(unpack.unconsumed_tail, CHUNK))
        except zlib.error as error:
            raise _damaged(str(error)) from error
        if unpack.unused_data:
            raise _damaged("a compressed variable is followed by other bytes")
        if not wanted:
            return [(name, value)]
        if not unpack.eof:  # the checksum at the end is compared there
            if isinstance(value, _Struct) and len(head) > self.left:
                return [(name, Unread(f"{value.text}, of more than {self.left} bytes"))]
            raise _damaged("a compressed variable ends too early or is too long")
        return self.variable(self.element(head, 0)[1])

    def variable(self, data: bytes, whole: bool = True, field: str = "", depth: int = 0) -> list[tuple[str, Any]]:
        """Return the name and value of a variable, or of each field of a struct; if not ``whole``, a description for the value.

        A ``field`` of a struct has no name of its own.
        """
        kind, flags, place = self.element(data, 0)
        if kind != UINT32 or len(flags) != 8:
            raise _damaged("a variable without flags")
        word = self.integer(flags[:4])
        group = word & 0xFF
        shape: tuple[int, ...] = ()
        if group != OPAQUE:
            kind, sizes, place = self.element(data, place)
            if kind != INT32 or len(sizes) % 4 or not 8 <= len(sizes) <= 4 * limits.ARRAY_DIMENSIONS:
                raise _damaged("a variable without dimensions")
            shape = tuple(np.frombuffer(sizes, self.order + "i4").tolist())
            if min(shape) < 0:
                raise _damaged(f"a variable of shape {shape_text(shape)}")
        kind, letters, place = self.element(data, place)
        name = field or letters.decode("latin-1")
        if kind != INT8 or not (name == "" or field or (name.isascii() and name.isidentifier())):
            raise _damaged("a variable without a name")
        if group in NUMERIC and not word & COMPLEX:
            wanted = is_wanted(name)
            if wanted and 8 * prod(shape) > self.left:
                raise FormatError(f"{name}: shape {shape_text(shape)}: more than {limits.ARRAY_BYTES} bytes of arrays")
            return [(name, self.numbers(name, group, shape, data, place) if whole and wanted else Unread(shape_text(shape)))]
        if group == CELL and name.split(".")[-1] == "mu0" and whole:
            return [(name, self.cells(shape, data, place))]
        if group == STRUCT:
            return self.struct(name, shape, data, place, whole, depth)
        return [(name, Unread(self.description(group, shape)))]

    def struct(
        self, name: str, shape: tuple[int, ...], data: bytes, place: int, whole: bool, depth: int
    ) -> list[tuple[str, Any]]:
        """Return the fields of a struct as variables; if not ``whole``, or if it is an array of structs, a description."""
        _, length, place = self.element(data, place)
        _, names, place = self.element(data, place, whole=whole)
        size = self.integer(length) or 1
        fields = [names[i : i + size].split(b"\0")[0].decode("latin-1") for i in range(0, len(names), size)]
        text = f"a struct with {listed(fields)}"
        if not whole:
            return [(name, _Struct(text))]
        if prod(shape) != 1:
            return [(name, Unread(f"an array of {prod(shape)} structs, of which one has to be saved, with {listed(fields)}"))]
        if depth == limits.STRUCT_DEPTH:
            raise FormatError(f"{name}: more than {limits.STRUCT_DEPTH} structs inside of each other")
        found: list[tuple[str, Any]] = []
        for field in fields:
            kind, inside, place = self.element(data, place)
            if kind != MATRIX or not (field.isascii() and field.isidentifier()):
                raise _damaged("a struct with a damaged field")
            empty = not inside  # as for [] in some writers
            found += (
                [(f"{name}.{field}", Unread("empty"))] if empty else self.variable(inside, True, f"{name}.{field}", depth + 1)
            )
        return found or [(name, Unread("a struct without fields"))]

    def description(self, group: int, shape: tuple[int, ...]) -> str:
        """Return what a variable is that is no array of real numbers."""
        if group == CELL:
            return f"a cell, {shape_text(shape)}"
        if group in NUMERIC:
            return f"complex numbers, {shape_text(shape)}"
        return CLASSES.get(group, "an object")

    def numbers(self, name: str, group: int, shape: tuple[int, ...], data: bytes, place: int) -> Any:
        """Return a numeric array, in the type that it is stored in: that of its class, or a shorter one."""
        kind, stored, _ = self.element(data, place)
        own, dtype = (np.dtype(self.order + NUMBERS.get(x, "V8")) for x in (NUMERIC[group], kind))
        if kind not in NUMBERS or (kind != NUMERIC[group] and dtype.itemsize >= own.itemsize):
            raise _damaged(f"{name} has numbers of the wrong type {kind}")
        self.left -= prod(shape) * 8
        if self.left < 0:
            raise FormatError(f"{name}: shape {shape_text(shape)}: more than {limits.ARRAY_BYTES} bytes of arrays")
        if prod(shape) * dtype.itemsize != len(stored):
            raise _damaged(f"{name} of shape {shape_text(shape)} has {len(stored)} bytes of numbers")
        return np.frombuffer(stored, dtype).reshape(shape, order="F")

    def cells(self, shape: tuple[int, ...], data: bytes, place: int) -> list[Any]:
        """Return the arrays in a cell."""
        if 8 * prod(shape) > len(data):
            raise _damaged(f"a cell of shape {shape_text(shape)} is not filled")
        found = []
        for _ in range(prod(shape)):
            kind, inside, place = self.element(data, place)
            if kind != MATRIX:
                raise _damaged(f"a cell with an element of the type {kind}")
            found.append(self.cell(inside))
        return found

    def cell(self, data: bytes) -> Any:
        """Return the array in one place of a cell, whose variables have no names."""
        _, flags, place = self.element(data, 0)
        word = self.integer(flags[:4])
        if word & 0xFF not in NUMERIC or word & COMPLEX:
            return Unread("a cell of other things than real numbers")
        _, sizes, place = self.element(data, place)
        shape = tuple(int(x) for x in np.frombuffer(sizes[: len(sizes) // 4 * 4], self.order + "i4"))
        _, _, place = self.element(data, place)
        if min(shape, default=0) < 0:
            raise _damaged(f"a cell with an array of shape {shape_text(shape)}")
        return self.numbers("mu0", word & 0xFF, shape, data, place)
