"""The program: ``symplrnn`` and ``python -m symplrnn``.

Exit status: that of `symplrnn.cli.main`; 130 if it is interrupted (Ctrl-C), with one line on standard error; 141 if the reader of
its output has left, as `head` does, with nothing. These are what a shell says of a program that a signal ends.
"""

from __future__ import annotations

import os
import sys

__all__ = ["run"]

INTERRUPTED = 128 + 2  # SIGINT
READER_LEFT = 128 + 13  # SIGPIPE


def run() -> None:
    """Run the command line as a program."""
    try:
        from symplrnn.cli import main  # here, since it takes half a second, in which one may press Ctrl-C

        status = main()
    except KeyboardInterrupt:
        sys.stderr.write("\nsymplrnn: interrupted\n" if sys.stderr.isatty() else "symplrnn: interrupted\n")
        status = INTERRUPTED
    except BrokenPipeError:
        status = READER_LEFT
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except OSError:  # said already; Python would say it again when it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


if __name__ == "__main__":
    run()
