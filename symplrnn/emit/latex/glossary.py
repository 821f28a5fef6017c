"""What the symbols on a page stand for: each is defined once, and no symbol has two meanings.

Closed forms come with definitions of their own for traces, discriminants, eigenvalues. Two cases may use one name for two
values; the second then gets another name. A value that has a name already is not named again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symplrnn.conditions.emptiness import clauses, without_implied
from symplrnn.conditions.formula import Formula, all_formulas
from symplrnn.logarithm.named_form import free_symbol

__all__ = ["Glossary", "needed", "relative", "sign_part"]

Definitions = Sequence[tuple[sp.Symbol, sp.Expr]]


@dataclass
class Glossary:
    """The definitions of a page in the order of their entry; a value is an expression, or a list of (expression, condition).

    >>> D, a, b = sp.symbols("D a b")
    >>> page = Glossary()
    >>> page.enter([(None, [(D, a)])], [D]), page.enter([(None, [(D, b)])], [D]), page.enter([(None, [(D, b)])], [D])
    ({D: D}, {D: D_1}, {D: D_1})
    """

    entries: dict[sp.Symbol, Any] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    used: set[sp.Symbol] = field(default_factory=set)

    def enter(self, members: Sequence[tuple[Formula | None, Definitions]], expressions: Iterable[sp.Expr]) -> Mapping[Any, Any]:
        """Enter what some expressions need, and return the symbols to write in place of theirs.

        ``members`` are the cases that share the expressions, each with its condition and its definitions; a definition
        that differs between them is entered with the parts of the conditions in which they differ.
        """
        renamed: dict[sp.Symbol, sp.Symbol] = {}
        conditions = [condition for condition, _ in members if condition is not None]
        for symbol in needed(list(expressions), members[0][1]):
            values = [dict(definitions)[symbol].xreplace(renamed) for _, definitions in members]
            value: Any = values[0]
            if any(v != values[0] for v in values):
                value = [(v, sign_part(c, conditions)) for v, (c, _) in zip(values, members, strict=True) if c is not None]
            renamed[symbol] = self._symbol(symbol, value)
            self.entries.setdefault(renamed[symbol], value)
        self.used.update(renamed.values())
        return renamed

    def _symbol(self, symbol: sp.Symbol, value: Any) -> sp.Symbol:
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
    return without_implied(all_formulas(c for c in clauses(condition) if c not in clauses(known)), known)


def sign_part(condition: Formula, conditions: Sequence[Formula]) -> Formula:
    """Return what a condition says beyond what all of them say."""
    shared = set.intersection(*(set(clauses(c)) for c in conditions))
    return all_formulas(c for c in clauses(condition) if c not in shared)
