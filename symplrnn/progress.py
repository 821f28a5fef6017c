"""How far long loops are: the library counts what it goes through, and whoever called it may listen.

Only the outermost loop is told of, with its unit, such as regions or steps, and the number of all where it is known. Where nobody
listens a loop is what it would be without counting.

>>> with listening(print):
...     squares = [x * x for x in counted([1, 2], "numbers", 2)]
0 2 numbers
1 2 numbers
2 2 numbers
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["Listener", "counted", "listening"]

T = TypeVar("T")
Listener = Callable[[int, int | None, str], None]


@dataclass
class _Ear:
    """A listener, and whether a loop talks to it."""

    listener: Listener
    busy: bool = False


_current: ContextVar[_Ear | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call ``listener(done, total, unit)`` for loops that are counted; ``total`` is None while it is not known."""
    token = _current.set(_Ear(listener))
    try:
        yield
    finally:
        _current.reset(token)


def counted(items: Iterable[T], unit: str, total: int | None = None) -> Iterator[T]:
    """Yield items, and tell who listens how many are done."""
    ear = _current.get()
    return iter(items) if ear is None or ear.busy else _told(ear, items, unit, total)


def _told(ear: _Ear, items: Iterable[T], unit: str, total: int | None) -> Iterator[T]:
    ear.busy = True
    try:
        ear.listener(0, total, unit)
        for done, item in enumerate(items, 1):
            yield item
            ear.listener(done, total, unit)
    finally:
        ear.busy = False
