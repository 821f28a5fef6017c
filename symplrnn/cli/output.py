"""Where the command line writes: the terminal, a line on what takes long, and files that are complete or not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any, BinaryIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

__all__ = ["printed", "progress", "write_file"]

DELAY = 1.0  # seconds; what is done sooner shows no progress


def printed(show: Callable[[Console], None]) -> str:
    """Return the text that a function prints to a console like standard output; print it by `click.echo` with ``color=True``."""
    console = Console()
    if console.width < 1:  # as by COLUMNS=0: 80 columns, as in other programs
        console = Console(width=80)
    with console.capture() as text:
        show(console)
    return text.get()


@contextmanager
def progress(doing: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show a line on standard error while something takes more than a second, if that is a terminal.

    The line says what is done, and for how long. The function that is yielded takes the number of regions that are done and the
    number of all, or None; with it the line says also how many are left and how fast it goes.
    """
    terminal = Console(stderr=True)
    if not terminal.is_interactive:
        yield lambda done, total: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    # Nothing is redirected: results on standard output stay there.
    line = Progress(*columns, console=terminal, transient=True, redirect_stdout=False, redirect_stderr=False)
    task = line.add_task(doing, total=None)
    start = monotonic()

    def update(done: int, total: int | None) -> None:
        rate = done / max(monotonic() - start, 1e-3)
        left = "" if total is None else f" of {total}, {total - done} left"
        line.update(task, description=f"{doing}: {done}{left}, {rate:.{0 if rate >= 10 else 1}f} regions a second")

    timer = Timer(DELAY, line.start)
    timer.daemon = True
    timer.start()
    try:
        yield update
    finally:
        timer.cancel()
        timer.join()
        if line.live.is_started:
            line.stop()


def write_file(path: str, write: Callable[[BinaryIO], Any]) -> None:
    """Write a file as a whole: beside its place first, then under its name, so that a write that fails leaves the old file.

    A file that exists keeps its permissions, and a link its target, which is replaced. Pipes and devices are written to directly.
    """
    target = Path(os.path.realpath(path))
    try:
        # A directory, and what is protected, is refused by the system; pipes and devices are not.
        if target.exists() and (not target.is_file() or not os.access(target, os.W_OK)):
            with target.open("wb") as file:
                write(file)
            return
        beside = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
        try:
            with beside.open("xb") as file:
                write(file)
            if target.exists():
                beside.chmod(target.stat().st_mode)
            beside.replace(target)
        except BaseException:  # also when interrupted, no part is left behind
            beside.unlink(missing_ok=True)
            raise
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
