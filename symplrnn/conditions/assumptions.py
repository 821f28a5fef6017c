"""What is assumed of parameters besides their signs: ranges and other relations, and conditions under these assumptions.

Words such as "positive" are assumptions on the symbol of a parameter, which all of SymPy knows of. A range "0 < a < 1" gives the
symbol its signs, too; all relations together are one formula of the network, which conditions are simplified by and values of the
parameters are checked by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.assumptions import AppliedPredicate

from symplrnn.conditions.emptiness import is_met_somewhere
from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, sign_condition
from symplrnn.conditions.one_letter import in_intervals
from symplrnn.conditions.parameters import declare
from symplrnn.errors import EntryError
from symplrnn.exact.reading.grammar import parse_expression, shorten
from symplrnn.exact.reading.names import SIGNS, letters_of
from symplrnn.exact.reading.numbers import to_sympy

__all__ = ["declared_with"]

RELATIONS = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}, "!=": {-1, 1}}
PREDICATES = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "ne": "!="}
SPLIT = re.compile(r"(<=|>=|!=|==|=|<|>)")
Relation = tuple[Any, str, Any]


def declared_with(parameters: Mapping[Any, Any] | Iterable[Any]) -> tuple[dict[str, sp.Symbol], Formula]:
    """Return the symbols of declared parameters by name, see `declare`, and what else is assumed of them.

    Besides words an assumption may be a relation, in text or of SymPy: "0 < a < 1", ``a < b``, ``And(a > 0, a < 1)``,
    ``Q.positive(a)``. Text may join several by commas or "and".

    >>> declared_with({"a": "0 < a < 1", "w": "real, w < 2*a"})
    ({'a': a, 'w': w}, (a < 1) & (2*a - w > 0))
    >>> declared_with({"a": "a < 0 and a > 1"})
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: a: no number is a < 0 and a > 1

    Raises `EntryError` as `declare` does, and for relations that no values satisfy.
    """
    if not isinstance(parameters, Mapping):
        return declare(parameters), ALWAYS
    words: dict[Any, Any] = {}
    relations: dict[str, list[Relation]] = {}
    for key, assumptions in parameters.items():
        name = str(key)
        words[key], relations[name] = _split(assumptions, name)
        if relations[name] and isinstance(key, str):
            words[key] = [*words[key], _sign_word(relations[name], name, assumptions)]
    symbols = declare(words)
    known = all_formulas(_formula(relation, name, symbols) for name, listed in relations.items() for relation in listed)
    if not is_met_somewhere(known):
        raise EntryError("parameters: no values satisfy all assumptions")
    return symbols, known


def _split(assumptions: Any, name: str) -> tuple[Any, list[Relation]]:
    """Return the words of some assumptions, or what is none, and the relations."""
    items = list(assumptions) if isinstance(assumptions, list | tuple | set | frozenset) else [assumptions]
    words: list[Any] = []
    relations: list[Relation] = []
    while items:
        item = items.pop(0)
        if isinstance(item, str):
            found = _split_text(item, name)
            words += found[0]
            relations += found[1]
        elif isinstance(item, sp.And):
            items = [*sp.ordered(item.args), *items]
        elif isinstance(item, sp.Rel):
            relations.append((item.lhs, item.rel_op, item.rhs))
        elif isinstance(item, AppliedPredicate):
            predicate = str(item.function.name)
            if predicate in PREDICATES:
                relations.append((item.arguments[0], PREDICATES[predicate], item.arguments[1]))
            elif str(item.arguments[0]) == name:
                words.append(predicate)
            else:
                raise EntryError(f"{name}: {shorten(str(item))} is an assumption on something else")
        elif item is not sp.true:
            return assumptions, []
    return words, relations


def _split_text(text: str, name: str) -> tuple[list[str], list[Relation]]:
    """Return the words and the relations of a text."""
    words: list[str] = []
    relations: list[Relation] = []
    for part in re.split(r",|\band\b", text):
        sides = [side.strip() for side in SPLIT.split(part)]
        if len(sides) == 1:
            words.append(part)
        elif all(sides[::2]):
            relations += [(sides[k], sides[k + 1], sides[k + 2]) for k in range(0, len(sides) - 2, 2)]
        else:
            raise EntryError(f'{name}: {shorten(part)} is no relation; accepted is text such as "0 < {name} < 1"')
    return words, relations


def _sign_word(relations: Sequence[Relation], name: str, given_as: Any) -> str:
    """Return the word for the signs that relations between a letter and numbers leave."""
    letter = sp.Symbol(name, real=True)
    alone = [r for r in relations if all(not isinstance(x, sp.Expr) or {str(s) for s in x.free_symbols} <= {name} for x in r)]
    formulas = []
    for relation in alone:
        try:
            formulas.append(_formula(relation, name, {name: letter}))
        except EntryError:
            continue  # of other letters, too: it is read when all are known
    known = in_intervals(all_formulas(formulas))
    signs = frozenset(s for s in (-1, 0, 1) if not in_intervals(known & sign_condition(letter, {s})).is_false)
    if not signs:
        raise EntryError(f"{name}: no number is {given_as}")
    return next((word for word, admitted in SIGNS.items() if admitted == signs), "real")


def _formula(relation: Relation, name: str, symbols: Mapping[str, sp.Symbol]) -> Formula:
    left, word, right = relation
    if word not in RELATIONS:
        raise EntryError(f"{name}: an equation is no range: put the value in instead; accepted are {', '.join(RELATIONS)}")
    sides = [_side(x, name, symbols) for x in (left, right)]
    return sign_condition(sides[0] - sides[1], RELATIONS[word])


def _side(side: Any, name: str, symbols: Mapping[str, sp.Symbol]) -> sp.Expr:
    if isinstance(side, str):
        value = parse_expression(side, name, symbols)
        return value if isinstance(value, sp.Expr) else to_sympy(value)
    return side.xreplace(letters_of(side, name, symbols))
