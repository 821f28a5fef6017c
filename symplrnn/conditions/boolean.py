"""What SymPy takes for a Boolean of its own, so that conditions stand where SymPy expects one.

`sympy.Piecewise` and others look at the class of what they are given before they convert it. A `Statement` has the right class,
and is converted all the same by whatever uses it: what SymPy keeps is the relation, `And` or `Or` that it stands for.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

__all__ = ["Statement"]


class Statement(Boolean):  # type: ignore[misc]  # SymPy has no types
    """A condition with a Boolean of SymPy, by ``_sympy_``, that stands for it in all that SymPy makes of it.

    >>> from symplrnn.conditions.formula import positive
    >>> a = sp.Symbol("a", real=True)
    >>> condition = positive(a - 1)
    >>> sp.Piecewise((a, condition), (1, True)), condition & (a < 2), isinstance(condition, sp.logic.boolalg.Boolean)
    (Piecewise((a, a > 1), (1, True)), (a > 1) & (a < 2), True)
    """

    __sympy__ = None  # not an object that SymPy keeps as it is

    def __new__(cls, *args: Any, **options: Any) -> Any:  # SymPy has no types
        """Return a plain object: what SymPy would keep with it is asked of the Boolean."""
        return object.__new__(cls)

    @abstractmethod
    def _sympy_(self) -> Boolean:
        """Return the Boolean; raise `SympifyError` if there is none."""

    @property
    def func(self) -> Any:
        """What makes the Boolean again."""
        return lambda *args: self._sympy_()

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments of the Boolean."""
        return tuple(self._sympy_().args)

    @property
    def free_symbols(self) -> set[sp.Symbol]:
        """The letters."""
        found: set[sp.Symbol] = self._sympy_().free_symbols
        return found

    def has(self, *patterns: Any) -> bool:
        """Return whether something occurs in the Boolean."""
        return bool(self._sympy_().has(*patterns))

    def xreplace(self, rule: Any) -> Any:
        """Return the Boolean with replacements."""
        return self._sympy_().xreplace(rule)

    def _sympystr(self, printer: Any) -> Any:
        return printer._print(self._sympy_())

    _latex = _pretty = _sympystr

    def as_set(self) -> sp.Set:
        """Return the values of the one letter that meet the condition, by SymPy."""
        return self._sympy_().as_set()

    def equals_boolean(self, other: Any) -> bool:
        """Return whether this stands for a Boolean of SymPy; an unknown truth value stands for none."""
        try:
            return isinstance(other, Boolean) and bool(self._sympy_() == other)
        except sp.SympifyError:
            return False

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.__reduce__()

    def __getstate__(self) -> Any:
        return self.__dict__
