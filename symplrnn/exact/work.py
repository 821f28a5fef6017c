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

__all__ = ["limited", "spend", "within"]


class _Limit:
    """The steps that are left."""

    __slots__ = ("left", "total")

    def __init__(self, total: int) -> None:
        self.total = self.left = total


_limit: ContextVar[_Limit | None] = ContextVar("limit", default=None)


def spend(steps: int) -> None:
    """Count some steps; raise `TooLarge` if they are more than are left. Without a limit nothing happens."""
    limit = _limit.get()
    if limit is not None:
        limit.left -= steps
        if limit.left < 0:
            raise TooLarge(f"that takes more than {limit.total} steps of work on polynomials")


def limited() -> bool:
    """Return whether steps are counted: what is only needed to count them need not be computed otherwise.

    >>> limited()
    False
    """
    return _limit.get() is not None


@contextmanager
def within(steps: int) -> Iterator[_Limit]:
    """Allow so many steps in a block of code; those of an inner block do not count in an outer one.

    >>> with within(10):
    ...     spend(7)
    ...     spend(7)
    Traceback (most recent call last):
    ...
    symplrnn.errors.TooLarge: that takes more than 10 steps of work on polynomials
    """
    limit = _Limit(steps)
    token = _limit.set(limit)
    try:
        yield limit
    finally:
        _limit.reset(token)
