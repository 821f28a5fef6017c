"""A file of verdicts, one line of JSON a region, that grows while it is computed: what is killed is resumed, not begun again.

    {"format": "symplrnn verdicts 1", "version": ..., "network": {..., "sha256": ...}, "regions": {...}, "check": "..."}
    {"pattern": "00", "kind": "real", "lift": 0, "real_odes": "one", "unit_eigenvalue": false, "verdicts": {...}, "check": "..."}
    ...
    {"checked": 4, "counts": {...}, "check": "..."}

``check`` is the CRC-32 of what stands before it in its line and of all earlier lines, so that a line that was changed, lost or
moved is noticed. The last line says that nothing is missing. Lines are in the order of the regions and depend on the network and
the version alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedRandom
from stat import S_ISREG
from time import monotonic
from typing import Any
from zlib import crc32

from symplrnn import limits
from symplrnn.emit.json_ import network_to_json
from symplrnn.errors import FormatError, require_kind
from symplrnn.exact.reading.grammar import shorten
from symplrnn.network.files.writing import network_text
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region, too_many_regions
from symplrnn.theorems.check import CheckReport, checked_rows, counted_report, select_regions
from symplrnn.theorems.tally import Row
from symplrnn.version import __version__

try:
    import fcntl
except ImportError:  # Windows, where nothing keeps a second run away
    fcntl = None  # type: ignore[assignment]

__all__ = ["check_to_file"]

FORMAT = "symplrnn verdicts 1"
SYNCHRONISED = 1.0  # seconds after which what is written is on the disk, also if the machine fails
UNREADABLE = ValueError, KeyError, TypeError, RecursionError  # what a line ends in that is none of ours
LINE_BYTES = 1 << 16  # of a line that is read: a line of 64 kilobytes is none of ours


def check_to_file(
    network: ReLURNN,
    path: str | os.PathLike[str],
    regions: str | Iterable[str] = "all",
    z0: Any = None,
    steps: int | None = None,
    inputs: Any = None,
    progress: Callable[[int, int | None], None] | None = None,
    executor: Executor | None = None,
    resume: bool = False,
) -> CheckReport:
    """Decide E1 to E6 in each region of a network of numbers, write a line of JSON for each to a file, and count them.

    Lines are written as they are found, in the order of the regions. They depend on the network alone: what is resumed, or done
    by many machines, is the same file, byte for byte.

    Parameters
    ----------
    network : ReLURNN
    path : path
        The file. It must not exist, unless ``resume``.
    regions, z0, steps, inputs, progress
        As in `check`; ``"all"`` of up to 30 units.
    executor : concurrent.futures.Executor, optional
        What does the work, such as a ProcessPoolExecutor, or ``Client(...).get_executor()`` of Dask.
    resume : bool
        Go on with a file of the same network, regions and version that was not finished; begin it if there is none.

    Returns
    -------
    CheckReport
        With the counts; ``report.verdicts[pattern]`` decides a region again, with all evidence.

    Raises
    ------
    FormatError
        If the file exists, or cannot be resumed: it is of another network or version, or was changed.
    EntryError
        If the network has parameters.
    PatternError
        For a wrong or empty pattern, and for all regions of a network with more than 30 units.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN(["1/2"], [["-3/4"]], [1])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = check_to_file(net, Path(folder, "verdicts.jsonl"))
    ...     lines = Path(folder, "verdicts.jsonl").read_text().splitlines()
    >>> report.summary
    'legitimate in 1 of 2 regions'
    >>> json.loads(lines[2])["pattern"], json.loads(lines[2])["kind"]
    ('1', 'lifted')
    """
    require_kind(network, ReLURNN, "check_to_file", "a network")
    network.require_numbers("a file of verdicts")
    selection, chosen, total = select_regions(network, regions, z0, steps, inputs, limits.REGIONS_IN_FILES)
    if regions == "all" and selection != "all":
        raise too_many_regions(network, limits.REGIONS_IN_FILES)
    rest = iter(chosen)
    chunks = checked_rows(network, rest, executor)
    with VerdictFile(os.fspath(path), _header(network, selection, chosen), resume) as file:
        report = counted_report(network, selection, chosen, file.append(chunks), total, progress, file.read(rest))
        file.finish({"checked": report.checked, "counts": report.counts})
    return report


def _header(network: ReLURNN, selection: str, chosen: Iterable[Region]) -> dict[str, Any]:
    """Return what the first line says: which network, which regions, which version."""
    which: dict[str, Any] = {"selection": selection}
    if isinstance(chosen, list):
        which["sha256"] = sha256(" ".join(region.pattern for region in chosen).encode()).hexdigest()
    shown = {**network_to_json(network), "sha256": sha256(network_text(network).encode()).hexdigest()}
    return {"format": FORMAT, "version": __version__, "network": shown, "regions": which}


class VerdictFile:
    """A file of lines that is read up to where it ends, and then appended to."""

    def __init__(self, path: str, header: dict[str, Any], resume: bool) -> None:
        self.path, self.header, self.resume = path, header, resume
        self.sum, self.finished, self._synchronised = 0, False, monotonic()

    def __enter__(self) -> VerdictFile:
        self.file: BufferedRandom = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        try:
            self._take()
        except BaseException:
            self.file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with self._named():  # what was not written is tried again
            self.file.close()

    def _take(self) -> None:
        """Make sure that the file is ours to write to."""
        status = os.fstat(self.file.fileno())
        if not S_ISREG(status.st_mode):
            raise FormatError(f"{self.path}: expected the name of a file, which can be resumed")
        if status.st_size and not self.resume:
            raise FormatError(f"{self.path}: exists; accepted is a new name, or to resume it (--resume, resume=True)")
        if fcntl is not None:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FormatError(f"{self.path}: another run is writing to it") from None

    def read(self, regions: Iterator[Region]) -> Iterator[Row]:
        """Yield the rows that are there, of as many of the regions, and leave the file where to append to."""
        header, first = self._line(self.header), self._next()
        if not first.endswith(b"\n"):
            if not header.startswith(first):
                raise FormatError(f"{self.path}: not a file of verdicts")
            self.file.seek(0)
            self.file.truncate()
            self.file.write(header)
            return
        if first != header:
            raise FormatError(f"{self.path}: {self._difference(first)}")
        end, number = self.file.tell(), 1
        while (line := self._next()).endswith(b"\n"):
            number += 1
            found = self._content(line, number)
            if "checked" in found:
                self.finished = True
            else:
                yield self._row(found, next(regions, None), number)
            end = self.file.tell()
        if self.finished and (line or next(regions, None) is not None):
            raise FormatError(f"{self.path}, line {number}: not all regions are there, or there are others")
        self.file.seek(end)
        if line:  # half a line
            self.file.truncate()

    def _next(self) -> bytes:
        line = self.file.readline(LINE_BYTES)
        if not line.endswith(b"\n") and self.file.read(1):
            raise FormatError(f"{self.path}: not a file of verdicts: a line is longer than {LINE_BYTES} bytes")
        return line

    def _difference(self, first: bytes) -> str:
        """Return why a file with this first line cannot be resumed."""
        try:
            found = json.loads(first)
            named = {name: found[name] for name in self.header}
        except UNREADABLE:
            return "not a file of verdicts"
        if named["version"] != self.header["version"]:
            begun = shorten(str(named["version"]), 20)
            return f"was begun by version {begun}, and this is {self.header['version']}; begin a new file"
        if named["network"] != self.header["network"]:
            return "was begun for another network"
        return "was begun for other regions" if named["regions"] != self.header["regions"] else "line 1 was changed"

    def _content(self, line: bytes, number: int) -> dict[str, Any]:
        """Return what a line says, if it is as it was written and where it was written."""
        try:
            found: dict[str, Any] = json.loads(line)
            del found["check"]
            if self._line(found) == line and not self.finished:
                return found
        except UNREADABLE:
            pass
        raise FormatError(f"{self.path}, line {number}: was changed, or a line before it is missing; begin a new file")

    def _row(self, found: dict[str, Any], region: Region | None, number: int) -> Row:
        try:
            row = Row(**found)
            row.answers  # noqa: B018  (a row that has none is no row)
        except (TypeError, KeyError, AttributeError):
            raise FormatError(f"{self.path}, line {number}: no verdicts of a region") from None
        if region is None or region.pattern != row.pattern:
            raise FormatError(f"{self.path}, line {number}: not the region that comes next")
        return row

    def _line(self, content: dict[str, Any]) -> bytes:
        """Return a line, and remember its sum."""
        text = json.dumps(content)[:-1].encode()
        self.sum = crc32(text, self.sum)
        return text + f', "check": "{self.sum:08x}"}}\n'.encode()

    def append(self, chunks: Iterable[Sequence[Row]]) -> Iterator[Row]:
        """Write rows, some at a time, and yield them."""
        for rows in [] if self.finished else chunks:
            lines = b"".join(self._line(row.to_dict()) for row in rows)
            self._write(lines, monotonic() - self._synchronised > SYNCHRONISED)
            yield from rows

    def finish(self, content: dict[str, Any]) -> None:
        """Write the last line."""
        if not self.finished:
            self._write(self._line(content), to_disk=True)

    def _write(self, lines: bytes, to_disk: bool) -> None:
        with self._named():
            self.file.write(lines)
            self.file.flush()
            if to_disk:
                os.fsync(self.file.fileno())
                self._synchronised = monotonic()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the file in errors that do not."""
        try:
            yield
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.path) from None
