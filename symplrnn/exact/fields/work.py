"""How much work a computation with letters may take, counted as it is done.

What a closed form or a condition with letters costs is not known before: common factors of polynomials cancel, or they do not.
So the operations that grow count what they do (`spend`), and a computation that may have to be given up is done within a limit
(`within`), where it raises `TooLarge`. The unit is about a microsecond. Nothing is measured by a clock: the same question has the
same answer on every machine, and again when it is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from symplrnn.errors import TooLarge

__all__ = ["Meter", "limited", "spend", "within"]


class _Limit:
    """The steps that are left."""

    __slots__ = ("left", "total")

    def __init__(self, total: int) -> None:
        self.total = self.left = total


class Meter:
    """Counts steps of one kind.

    >>> pages = Meter("pages")
    >>> with pages.within(10):
    ...     pages.spend(7)
    ...     pages.spend(7)
    Traceback (most recent call last):
    ...
    symplrnn.errors.TooLarge: that takes more than 10 pages
    """

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._limit: ContextVar[_Limit | None] = ContextVar(unit, default=None)

    def spend(self, steps: int) -> None:
        """Count some steps; raise `TooLarge` if they are more than are left. Without a limit nothing happens."""
        limit = self._limit.get()
        if limit is not None:
            limit.left -= steps
            if limit.left < 0:
                raise TooLarge(f"that takes more than {limit.total} {self._unit}")

    def limited(self) -> bool:
        """Return whether steps are counted: what is only needed to count them need not be computed otherwise."""
        return self._limit.get() is not None

    @contextmanager
    def within(self, steps: int) -> Iterator[_Limit]:
        """Allow so many steps in a block of code; those of an inner block do not count in an outer one."""
        limit = _Limit(steps)
        token = self._limit.set(limit)
        try:
            yield limit
        finally:
            self._limit.reset(token)


_work = Meter("steps of work on polynomials")
spend, limited, within = _work.spend, _work.limited, _work.within
