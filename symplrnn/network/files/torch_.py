"""Networks in checkpoints of torch, read without torch: a zip archive with a pickle and the numbers of the tensors.

The pickle is never run. It is read instruction by instruction; what would call a function gives a description of the result, for
the few functions that checkpoints need (tensors, parameters, ordered dicts), and everything else is refused. So there is nothing
that a file could make Python do. Instructions, containers and sizes are counted. The numbers lie in the archive as they are;
torch does not compress them, so that nothing can become larger than the file, and names in the archive are never paths.

Reference: pickletools of Python's library; torch.serialization.
"""

from __future__ import annotations

import io
import pickletools
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from symplrnn import limits
from symplrnn.errors import FormatError
from symplrnn.network.files.arrays import Unread, shape_text
from symplrnn.network.files.recognition import is_wanted, network_from_state
from symplrnn.network.files.tensors import array_of, check_size, view_of
from symplrnn.network.in_files import NOTHING_SAID, Choices
from symplrnn.network.network import ReLURNN

__all__ = ["network_from_torch_file"]

REMEDY = 'torch.save(model.state_dict(), "net.pt")'
AGAIN = "read it with torch and save it again with a newer one"
STORAGES = {
    "DoubleStorage": "f8", "FloatStorage": "f4", "HalfStorage": "f2", "BFloat16Storage": "bfloat16", "LongStorage": "i8",
    "IntStorage": "i4", "ShortStorage": "i2", "CharStorage": "i1", "ByteStorage": "u1", "BoolStorage": "?",
}  # fmt: skip
ITEM_BYTES = {"bfloat16": 2, "?": 1}
TENSORS = {("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor")}
PARAMETERS = {("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state")}
TYPED = ("torch._tensor", "_rebuild_from_type_v2")
DICTS = {("collections", "OrderedDict"), ("collections", "defaultdict"), ("builtins", "dict"), ("__builtin__", "dict")}
TYPES = (
    "set", "frozenset", "slice", "complex", "bytearray", "bytes", "range", "xrange", "int", "long", "float", "bool", "str",
    "list", "tuple",
)  # fmt: skip
# What is beside the weights in common checkpoints: numbers, sizes, types and names, which are not looked at.
BESIDE = {
    ("argparse", "Namespace"), ("numpy", "dtype"), ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"),
    ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"), ("numpy", "ndarray"),
    ("torch", "Size"), ("torch", "device"), ("torch.serialization", "_get_layout"), ("_codecs", "encode"),
    *((module, name) for module in ("builtins", "__builtin__") for name in TYPES),
    ("torch.nn.parameter", "Parameter"), ("torch", "Tensor"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath"),
}  # fmt: skip
OF_TORCH = re.compile("q?u?int[0-9]+|b?float[0-9]+[a-z0-9_]*|complex[0-9]+|bool|per_[a-z_]+|strided|sparse_[a-z]+")  # its types
LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # the magic number that files of torch before 1.6 begin with

DAMAGED = (
    ValueError, TypeError, LookupError, ArithmeticError, OSError, EOFError, RuntimeError, AttributeError, struct.error,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def network_from_torch_file(content: bytes, choices: Choices = NOTHING_SAID) -> ReLURNN:
    """Return the network in the bytes of a checkpoint that holds a state dict, perhaps among other things."""
    if content[257:262] == b"ustar" or content.startswith(LEGACY):
        raise FormatError(f"a checkpoint in the format of torch before version 1.6, which is all pickle; {AGAIN}: {REMEDY}")
    if content[:1] == b"\x80":
        raise FormatError(f"a pickle, which may run any code and is not read; accepted is what {REMEDY} writes")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            state: dict[str, Any] = {}
            for name, value in _Checkpoint(archive, len(content)).variables():
                if name in state:  # a dot in a name may look like a dict in a dict
                    raise ValueError("a variable that is there twice")
                state[name] = value
    except FormatError:
        raise
    except DAMAGED as error:
        detail = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise FormatError(f"not a readable checkpoint of torch, perhaps damaged: {detail}") from error
    return network_from_state(state, choices)


class _Name(NamedTuple):
    """The name of a function or class in the pickle."""

    module: str
    name: str

    @property
    def rebuilds(self) -> bool:
        """Whether it makes a tensor."""
        return self.module == "torch._utils" and self.name.startswith("_rebuild_") and self.name.isidentifier()


class _Storage(NamedTuple):
    """The numbers of some tensors: their type, where they are in the archive, and how many."""

    kind: str
    key: str
    size: int


class _Tensor(NamedTuple):
    """A view of a storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Other:
    """A value that is not looked at."""


OTHER = _Other()
MARK = _Other()


class _Checkpoint:
    """The tensors of a checkpoint."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self.archive, self.left = archive, limits.ARRAY_BYTES
        self.read: dict[_Storage, Any] = {}
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if any(name.endswith("/constants.pkl") for name in names):
            raise FormatError(f"a TorchScript archive, which is a program; accepted is what {REMEDY} writes")
        if len(set(names)) < len(names):
            raise ValueError("a name is twice in the archive")
        if any(entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size for entry in entries):
            raise ValueError("compressed entries, which torch does not write")
        if sum(entry.file_size for entry in entries) > size:
            raise ValueError("entries that overlap")
        pickles = [name for name in names if name.count("/") == 1 and name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise ValueError("no data.pkl, or several")
        self.root = pickles[0].removesuffix("data.pkl")
        self.entries = dict(zip(names, entries, strict=True))
        order = self.archive.read(f"{self.root}byteorder") if f"{self.root}byteorder" in names else b"little"
        self.order = {b"little": "<", b"big": ">"}[order.strip()]

    def variables(self) -> Iterator[tuple[str, Any]]:
        """Yield the names and arrays of the tensors, those of other names without their numbers."""
        whole = _Pickle(self.archive.read(f"{self.root}data.pkl")).value()
        if isinstance(whole, _Tensor | _Storage):
            raise FormatError(f"the checkpoint holds a single tensor; accepted is what {REMEDY} writes")
        if not isinstance(whole, dict):
            raise FormatError(f"the checkpoint holds no state dict; accepted is what {REMEDY} writes")
        for name, value in _flat(whole):
            if not isinstance(value, _Tensor):
                yield name, Unread(f"{value.text}" if isinstance(value, Unread) else "no tensor")
            elif not is_wanted(name):
                yield name, Unread(shape_text(value.shape))
            else:
                self.left = check_size(name, value.shape, self.left)
                if value.storage not in self.read:
                    self.read[value.storage] = self.numbers(value.storage)
                yield name, view_of(self.read[value.storage], value.offset, value.shape, value.strides)

    def numbers(self, storage: _Storage) -> Any:
        """Return the numbers of a storage."""
        entry = self.entries.get(f"{self.root}data/{storage.key}")
        width = ITEM_BYTES.get(storage.kind) or int(storage.kind[1:])
        if entry is None or entry.file_size < storage.size * width:
            raise ValueError("a storage that is missing or too short")
        return array_of(self.archive.read(entry)[: storage.size * width], self.order + storage.kind)


def _flat(whole: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values in dicts inside of each other, named by the path to them."""
    left: list[tuple[str, Any, int]] = [("", whole, 0)]
    count = 0
    while left:
        name, value, depth = left.pop()
        if not isinstance(value, dict):
            yield name, value
        elif depth > limits.STRUCT_DEPTH:
            yield name, Unread("dicts inside of each other")
        else:
            count += len(value)
            if count > limits.STATE_VARIABLES:
                raise FormatError(f"the checkpoint holds more than {limits.STATE_VARIABLES} variables")
            path = f"{name}." if name else ""
            inside = [(f"{path}{key}", x, depth + 1) for key, x in value.items() if isinstance(key, str)]
            left.extend(reversed(inside))


class _Pickle:
    """A machine for the instructions of a pickle that has no functions: it knows what tensors and dicts are made of."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def value(self) -> Any:
        """Return what the pickle describes."""
        for count, (code, argument, _) in enumerate(pickletools.genops(self.content)):
            if count == limits.PICKLE_STEPS:
                raise FormatError(f"the pickle in it has more than {limits.PICKLE_STEPS} instructions")
            if code.name == "STOP":
                break
            self.do(code.name, argument)
        [found] = self.stack
        return found

    def do(self, name: str, argument: Any) -> None:
        """Do one instruction."""
        stack = self.stack
        if name in IGNORED:
            return
        if name in PLAIN:
            stack.append(argument)
        elif name in CONSTANTS:
            stack.append(CONSTANTS[name]())
        elif name in INSTRUCTIONS:
            INSTRUCTIONS[name](self, argument)
        else:
            raise FormatError(f"the pickle in it has the instruction {name}, which checkpoints of weights do not need")

    def since_mark(self) -> list[Any]:
        """Take what stands above the last mark from the stack."""
        place = len(self.stack) - 1
        while self.stack[place] is not MARK:
            place -= 1
            if place < 0:
                raise ValueError("a pickle without the mark that it goes back to")
        found = self.stack[place + 1 :]
        del self.stack[place:]
        return found

    def remember(self, place: int | None) -> None:
        self.memo[len(self.memo) if place is None else place] = self.stack[-1]

    def recall(self, place: int) -> None:
        self.stack.append(self.memo[place])

    def group(self, make: Callable[[list[Any]], Any]) -> None:
        self.stack.append(make(self.since_mark()))

    def tuple_of(self, count: int) -> None:
        found = tuple(self.stack[len(self.stack) - count :])
        if len(found) != count:
            raise ValueError("a pickle with too few values")
        del self.stack[len(self.stack) - count :]
        self.stack.append(found)

    def set_items(self, values: list[Any]) -> None:
        """Put keys and values into the dict below them; keys that are no text or number, and what is no dict, are dropped."""
        target = self.stack[-1]
        if isinstance(target, dict):
            pairs = zip(values[::2], values[1::2], strict=True)
            target.update((key, value) for key, value in pairs if isinstance(key, str | int))

    def add_items(self, values: list[Any]) -> None:
        if isinstance(self.stack[-1], list):
            self.stack[-1].extend(values)

    def named(self, module: str, name: str) -> None:
        """Put the name of a function or class on the stack; refuse what no checkpoint of weights has."""
        found = _Name(module, name)
        storage = module in ("torch", "torch.storage") and name.endswith("Storage") and name.isidentifier()
        known = found in TENSORS | PARAMETERS | DICTS | BESIDE or found == TYPED or storage
        known = known or (module == "torch" and OF_TORCH.fullmatch(name) is not None) or found.rebuilds
        if not known:
            text = f"{module}.{name}"
            raise FormatError(
                f"the file holds {text[:80]!r}, which only its code could make; nothing was run. Save the weights alone: {REMEDY}"
            )
        self.stack.append(found)

    def stack_named(self, _: Any) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        if not (isinstance(name, str) and isinstance(module, str)):
            raise ValueError("a name that is no text")
        self.named(module, name)

    def call(self, _: Any = None) -> None:
        """Describe the result of a function."""
        arguments, function = self.stack.pop(), self.stack.pop()
        self.stack.append(self.result(function, arguments))

    def result(self, function: Any, arguments: Any) -> Any:
        if not (isinstance(function, _Name) and isinstance(arguments, tuple)):
            return OTHER
        if function == TYPED:
            return self.result(arguments[0], arguments[2]) if arguments[0] != TYPED else OTHER
        if function in DICTS:  # with its items, where an old Python wrote it
            return dict(arguments[0]) if arguments and isinstance(arguments[0], list) else {}
        if function in PARAMETERS:
            return arguments[0]
        if function in TENSORS:
            storage, offset, shape, strides = arguments[:4]
            if isinstance(storage, Unread):
                return storage
            sizes = (offset, *shape, *strides)
            if not isinstance(storage, _Storage) or not all(type(x) is int and x < 1 << 62 for x in sizes):
                raise ValueError("a tensor with damaged sizes")
            return _Tensor(storage, offset, tuple(shape), tuple(strides))
        return Unread("a sparse or quantised tensor, or a rare type; save x.to_dense().float()") if function.rebuilds else OTHER

    def build(self, _: Any) -> None:
        """Drop the attributes of an object; those of a state dict are the versions of its modules."""
        self.stack.pop()
        if not self.stack:
            raise ValueError("a pickle with too few values")

    def stored(self, _: Any) -> None:
        """Describe the storage that a name in the archive stands for."""
        what, kind, key, _place, count = self.stack.pop()
        if what != "storage" or not isinstance(kind, _Name) or not isinstance(key, str) or type(count) is not int or count < 0:
            raise ValueError("a damaged reference to numbers")
        known = STORAGES.get(kind.name)
        text = kind.name.removesuffix("Storage").lower()
        self.stack.append(Unread(f"a tensor of {text} numbers") if known is None else _Storage(known, key, count))

    def item(self, _: Any) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.set_items([key, value])

    def append(self, _: Any) -> None:
        self.add_items([self.stack.pop()])

    def pop(self, _: Any) -> None:
        self.stack.pop()


IGNORED = {"PROTO", "FRAME"}
PLAIN = {
    "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
    "BINBYTES", "SHORT_BINBYTES", "BINSTRING", "SHORT_BINSTRING",
}  # fmt: skip
CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None, "NEWTRUE": lambda: True, "NEWFALSE": lambda: False,
    "EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple, "EMPTY_SET": _Other, "MARK": lambda: MARK,
}  # fmt: skip
INSTRUCTIONS: dict[str, Callable[[_Pickle, Any], None]] = {
    **dict.fromkeys(("BINPUT", "LONG_BINPUT", "MEMOIZE"), _Pickle.remember),
    **dict.fromkeys(("BINGET", "LONG_BINGET"), _Pickle.recall),
    "TUPLE": lambda machine, _: machine.group(tuple),
    "LIST": lambda machine, _: machine.group(list),
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "SETITEM": _Pickle.item,
    "SETITEMS": lambda machine, _: machine.set_items(machine.since_mark()),
    "APPEND": _Pickle.append,
    "APPENDS": lambda machine, _: machine.add_items(machine.since_mark()),
    "ADDITEMS": lambda machine, _: machine.add_items(machine.since_mark()),
    "GLOBAL": lambda machine, argument: machine.named(*argument.split(" ", 1)),
    "STACK_GLOBAL": _Pickle.stack_named,
    "REDUCE": _Pickle.call,
    "NEWOBJ": _Pickle.call,
    "BUILD": _Pickle.build,
    "BINPERSID": _Pickle.stored,
    "POP": _Pickle.pop,
}
