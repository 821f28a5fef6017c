"""Where the command line writes: the terminal, a line on what takes long, and files that are complete or not there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from symplrnn.emit.files import write_file
from symplrnn.progress import listening

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

__all__ = ["Line", "printed", "progress", "show_warning", "write_file"]

DELAY = 1.0  # seconds; what is done sooner shows no progress
REFRESH = 0.1  # seconds between two changes of the line


def show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Print a warning as one line on standard error."""
    click.echo("symplrnn: warning: " + " ".join(str(message).split()), err=True)


def printed(show: Callable[[Console], None]) -> str:
    """Return the text that a function prints to a console like standard output; print it by `click.echo` with ``color=True``."""
    from rich.console import Console

    console = Console()
    if console.width < 1:  # as by COLUMNS=0: 80 columns, as in other programs
        console = Console(width=80)
    with console.capture() as text:
        show(console)
    return text.get()


class Line:
    """A line on standard error that says what is done, how fast it goes, and how long it will take; None for no terminal."""

    def __init__(self, doing: str, shown: Progress | None) -> None:
        self.doing, self.shown, self.began = doing, shown, monotonic()
        self._last, self._waiting = 0.0, True
        if shown is not None:
            self._task = shown.add_task(doing, total=None)
            self._timer = Timer(DELAY, self._start)
            self._timer.daemon = True
            self._timer.start()

    def _start(self) -> None:
        self._waiting = False
        if self.shown is not None:
            self.shown.start()

    def __call__(self, done: int, total: int | None, unit: str) -> None:
        """Show how many of all are done."""
        now = monotonic()
        if done == 0:
            self.began = now
        if self.shown is None or (now - self._last < REFRESH and 0 < done != total):
            return
        self._last = now
        self.shown.update(self._task, description=f"{self.doing}: {said(done, total, unit, now - self.began)}")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the line away while something else is printed on the same terminal."""
        if self.shown is None or self._waiting or not sys.stdout.isatty():
            yield
            return
        self.shown.stop()
        try:
            yield
        finally:
            self.shown.start()

    def close(self) -> None:
        """Take the line away."""
        if self.shown is not None:
            self._timer.cancel()
            self._timer.join()
            if self.shown.live.is_started:
                self.shown.stop()


def said(done: int, total: int | None, unit: str, seconds: float) -> str:
    """Return how many are done, at which rate, and how long the others take.

    >>> said(6, 100, "regions", 3.0)
    '6 of 100 regions, 2.0 a second, 47 s left'
    >>> said(6, None, "steps", 0.1), said(0, 4, "regions", 0.0), said(1, 500, "steps", 20.0)
    ('6 steps, 60 a second', '0 of 4 regions', '1 of 500 steps, 20 s each, 2 h 46 min left')
    """
    unit = unit[:-1] if (done if total is None else total) == 1 else unit
    words = [f"{done} {unit}" if total is None else f"{done} of {total} {unit}"]
    if done and seconds > 0:
        rate = done / seconds
        words.append(f"{rate:.{0 if rate >= 10 else 1}f} a second" if rate >= 0.1 else f"{1 / rate:.0f} s each")
        if total is not None and total > done:
            words.append(f"{_duration((total - done) / rate)} left")
    return ", ".join(words)


def _duration(seconds: float) -> str:
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"


@contextmanager
def progress(doing: str) -> Iterator[Line]:
    """Show a line on standard error while something takes more than a second, if that is a terminal.

    It says what is done, and for how long; of loops that are counted (`symplrnn.progress`) also how far they are.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    terminal = Console(stderr=True)
    if not terminal.is_interactive:
        yield Line(doing, None)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    # Nothing is redirected: results on standard output stay there.
    line = Line(doing, Progress(*columns, console=terminal, transient=True, redirect_stdout=False, redirect_stderr=False))
    try:
        with listening(line):
            yield line
    finally:
        line.close()
