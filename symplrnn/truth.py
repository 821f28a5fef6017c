"""Three-valued truth: TRUE, FALSE and UNKNOWN with a reason.

Kleene's strong logic. A value that is UNKNOWN refuses to be used as a condition, so that "not proved" can never pass for
"false" by accident; ask `is_true`, `is_false` or `is_unknown` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symplrnn.errors import UndecidedError

__all__ = ["FALSE", "TRUE", "UNKNOWN", "Truth", "all_of", "any_of", "truth_of"]


@dataclass(frozen=True)
class Truth:
    """A truth value of Kleene's three-valued logic.

    ``value`` is True, False or None (unknown); ``reason`` says why an unknown value is unknown.

    >>> TRUE & UNKNOWN("not checked")
    UNKNOWN('not checked')
    >>> FALSE & UNKNOWN("not checked")
    FALSE
    >>> bool(UNKNOWN("not checked"))
    Traceback (most recent call last):
    ...
    symplrnn.errors.UndecidedError: unknown truth value used as a condition: not checked

    Reference: S. C. Kleene, Introduction to Metamathematics, 1952, section 64.
    """

    value: bool | None
    reason: str = ""

    @property
    def is_true(self) -> bool:
        """Whether the value is TRUE."""
        return self.value is True

    @property
    def is_false(self) -> bool:
        """Whether the value is FALSE."""
        return self.value is False

    @property
    def is_unknown(self) -> bool:
        """Whether the value is UNKNOWN."""
        return self.value is None

    def __bool__(self) -> bool:
        if self.value is None:
            raise UndecidedError(f"unknown truth value used as a condition: {self.reason}")
        return self.value

    def __and__(self, other: Truth) -> Truth:
        return all_of((self, other))

    def __or__(self, other: Truth) -> Truth:
        return any_of((self, other))

    def __invert__(self) -> Truth:
        return self if self.value is None else truth_of(not self.value)

    def __repr__(self) -> str:
        if self.value is None:
            return f"UNKNOWN({self.reason!r})"
        return "TRUE" if self.value else "FALSE"


TRUE = Truth(True)
FALSE = Truth(False)


def UNKNOWN(reason: str) -> Truth:  # noqa: N802  (reads as the constant that it stands beside)
    """Return the unknown truth value, with the reason why it is unknown.

    >>> UNKNOWN("the interval contains 0").reason
    'the interval contains 0'
    """
    return Truth(None, reason)


def truth_of(value: bool) -> Truth:
    """Return TRUE or FALSE.

    >>> truth_of(1 > 0)
    TRUE
    """
    return TRUE if value else FALSE


def all_of(values: Iterable[Truth]) -> Truth:
    """Conjunction: FALSE if any is false, else UNKNOWN if any is unknown, else TRUE.

    >>> all_of([TRUE, UNKNOWN("a"), UNKNOWN("b")])
    UNKNOWN('a; b')
    """
    values = tuple(values)
    if any(v.is_false for v in values):
        return FALSE
    reasons = [v.reason for v in values if v.is_unknown]
    return UNKNOWN("; ".join(reasons)) if reasons else TRUE


def any_of(values: Iterable[Truth]) -> Truth:
    """Disjunction: TRUE if any is true, else UNKNOWN if any is unknown, else FALSE.

    >>> any_of([FALSE, TRUE, UNKNOWN("a")])
    TRUE
    """
    return ~all_of(~v for v in values)
