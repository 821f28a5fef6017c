"""The exception tree: every class also subclasses the built-in that a caller would expect.

Exceptions are for wrong input and for questions that have no answer (a region without a real ODE). Outcomes that are merely
unknown are values, see `symplrnn.conditions.truth`.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "EntryError",
    "FormatError",
    "MissingExtra",
    "NoRealODE",
    "PatternError",
    "PrecisionLimit",
    "ShapeError",
    "SuspiciousNetwork",
    "SymplrnnError",
    "TooLarge",
    "UndecidedError",
    "require_kind",
]


class SymplrnnError(Exception):
    """Base class of every exception that this package raises on purpose."""


class ShapeError(SymplrnnError, ValueError):
    """A matrix or vector is ragged or its shape does not fit the others."""


def require_kind(value: object, kind: Any, where: str, accepted: str) -> None:
    """Raise `ShapeError` if a value is not of the kind that a function works on.

    >>> require_kind(3, str, "load", "a path")
    Traceback (most recent call last):
    ...
    symplrnn.errors.ShapeError: load: expected a path, got a value of type int
    """
    if not isinstance(value, kind):
        raise ShapeError(f"{where}: expected {accepted}, got a value of type {type(value).__name__}")


class EntryError(SymplrnnError, ValueError):
    """A single entry is not an exact real number, or not a finite one."""


class TooLarge(SymplrnnError, ArithmeticError):
    """A condition or a closed form with letters has too many terms to be written out; with numbers in their place it has few.

    It is no `EntryError`: where a value is read that is none of a field, work that is given up is not the fault of the value.
    """


class PatternError(SymplrnnError, ValueError):
    """A pattern has the wrong length or letters, or no state has it."""


class FormatError(SymplrnnError, ValueError):
    """A file cannot be read as a network."""


class MissingExtra(SymplrnnError, ImportError):
    """A library that only some functions need is not installed; the message names the extra that brings it."""


class SuspiciousNetwork(UserWarning):
    """A warning: a network is valid, but looks as if its matrices were mixed up; the message says what to do if it is meant."""


class UndecidedError(SymplrnnError, ValueError):
    """A truth value that is UNKNOWN was used as if it were true or false."""


class PrecisionLimit(SymplrnnError, ArithmeticError):
    """The working precision reached its limit before the requested digits were certain."""


class NoRealODE(SymplrnnError, ArithmeticError):
    """The region has no real ODE of its own dimension: a hypothesis of E3 fails.

    Attributes
    ----------
    pattern : str
        The region.
    hypothesis : str
        Name of the hypothesis of E3 that fails, ``"invertible"`` or ``"negative_blocks_paired"``.
    eigenvalue : str
        The eigenvalue at fault, exactly if it is rational, else by an isolating interval.
    """

    def __init__(self, message: str, *, pattern: str, hypothesis: str, eigenvalue: str) -> None:
        super().__init__(message)
        self.pattern = pattern
        self.hypothesis = hypothesis
        self.eigenvalue = eigenvalue
