"""The fewest extra coordinates: the Jordan chains of a negative eigenvalue in pairs, each with the coordinates that it lacks.

A real flow turns two chains of a negative eigenvalue into each other, so they have to be of one length; a shorter one, or none,
is continued by extra coordinates. Sorted by length m_1 >= m_2 >= ..., the first with the second, the third with the fourth and
so on lack (m_1 - m_2) + (m_3 - m_4) + ... coordinates, with 0 after the last, and no other way needs fewer.

How many they are is the question of E5 (`symplrnn.theorems.e5`), which they are that of the half turns
(`symplrnn.logarithm.half_turns`); both ask here.

Reference: docs/theory, section 3, E5; proofs/lift.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["fewest_extra_coordinates", "in_pairs"]

C = TypeVar("C")


def in_pairs(chains: Iterable[C], length: Callable[[C], int]) -> list[tuple[C, C | None, int]]:
    """Return chains in pairs, the longest with the next longest, each with its number of extra coordinates.

    >>> in_pairs(["abc", "x", "xyz", "ab", "u"], len)
    [('abc', 'xyz', 0), ('ab', 'x', 1), ('u', None, 1)]
    """
    ordered: list[C | None] = [*sorted(chains, key=length, reverse=True), None]
    found: list[tuple[C, C | None, int]] = []
    for first, second in zip(ordered[::2], ordered[1::2], strict=False):
        if first is not None:
            found.append((first, second, length(first) - (0 if second is None else length(second))))
    return found


def fewest_extra_coordinates(sizes: Iterable[int]) -> int:
    """Return how many extra coordinates pair the Jordan blocks of one negative eigenvalue: (m_1 - m_2) + (m_3 - m_4) + ...

    >>> fewest_extra_coordinates((3, 2)), fewest_extra_coordinates((1,)), fewest_extra_coordinates((2, 2, 1))
    (1, 1, 1)
    """
    return sum(extra for _, _, extra in in_pairs(sizes, int))
