"""What a file does hold, and which of its names may be meant for a missing one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

__all__ = ["listed", "near_miss"]

MAX_LISTED = 8
MAX_TEXT = 80
OTHER_NAMES = {"dt": ("delta_t", "deltat", "d_t", "step_size")}


def listed(texts: Iterable[str]) -> str:
    """Return the first few of some texts, each cut to a length that fits a message and in one line.

    >>> listed(["A (2 x 2)", "W (2 x 2)"]), listed([])
    ('A (2 x 2), W (2 x 2)', 'nothing')
    """
    found = [x if x.isprintable() else repr(x)[1:-1] for x in islice(texts, MAX_LISTED + 1)]
    short = [x if len(x) <= MAX_TEXT else x[:MAX_TEXT] + "..." for x in found]
    if not short:
        return "nothing"
    return ", ".join(short[:MAX_LISTED]) + (", ..." if len(short) > MAX_LISTED else "")


def near_miss(key: str, names: Collection[str]) -> str:
    """Return the question whether another name is meant, to be put into a message; nothing if none is near.

    >>> near_miss("dt", ["A", "Dt"]), near_miss("W", ["A", "W1"])
    (' (did you mean dt by Dt?)', '')
    """
    near = [x for x in names if x != key and (x.lower() == key.lower() or x.lower() in OTHER_NAMES.get(key, ()))]
    return f" (did you mean {key} by {near[0][:MAX_TEXT]}?)" if near else ""
