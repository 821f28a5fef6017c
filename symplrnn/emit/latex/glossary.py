"""What the symbols on a page stand for: each is defined once, and no symbol has two meanings.

Closed forms come with definitions of their own for traces, discriminants, eigenvalues. Two cases may use one name for two
values; the second then gets another name. A value that has a name already is not named again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symplrnn.conditions.emptiness import clauses
from symplrnn.conditions.formula import Formula, all_formulas
from symplrnn.conditions.simplification import given
from symplrnn.logarithm.named_form import free_symbol

__all__ = ["Glossary", "needed", "relative"]

Definitions = Sequence[tuple[sp.Symbol, sp.Expr]]


@dataclass
class Glossary:
    """The definitions of a page in the order of their entry.

    >>> D, a, b = sp.symbols("D a b")
    >>> page = Glossary()
    >>> page.enter([(D, a)], [D]), page.enter([(D, b)], [D]), page.enter([(D, b)], [D])
    ({D: D}, {D: D_1}, {D: D_1})
    """

    entries: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    used: set[sp.Symbol] = field(default_factory=set)

    def enter(self, definitions: Definitions, expressions: Iterable[sp.Expr]) -> Mapping[Any, Any]:
        """Enter those of some definitions that expressions need, and return the symbols to write in place of theirs."""
        renamed: dict[sp.Symbol, sp.Symbol] = {}
        for symbol, value in needed(list(expressions), definitions).items():
            known = value.xreplace(renamed)
            renamed[symbol] = self._symbol(symbol, known)
            self.entries.setdefault(renamed[symbol], known)
        self.used.update(renamed.values())
        return renamed

    def _symbol(self, symbol: sp.Symbol, value: sp.Expr) -> sp.Symbol:
        """Return the symbol for a value: one that has it, else the wanted one, else a new one."""
        same = next((s for s, known in self.entries.items() if known == value), None)
        if same is not None:
            return same
        return free_symbol(str(symbol), {*map(str, self.entries), *self.taken})


def needed(expressions: Sequence[sp.Expr], definitions: Definitions) -> dict[sp.Symbol, sp.Expr]:
    """Return the definitions that some expressions use, in their order."""
    used: set[sp.Symbol] = set().union(*(e.free_symbols for e in expressions))
    for symbol, value in reversed(definitions):
        used = used | value.free_symbols if symbol in used else used
    return {symbol: value for symbol, value in definitions if symbol in used}


def relative(condition: Formula, known: Formula | None) -> Formula:
    """Return a condition without the clauses that another one has, or implies: that is said elsewhere."""
    if known is None:
        return condition
    return given(all_formulas(c for c in clauses(condition) if c not in clauses(known)), known)
