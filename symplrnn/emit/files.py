"""Files that are complete or not there: what is interrupted, or does not fit on the disk, leaves nothing half written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["write_file"]


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
