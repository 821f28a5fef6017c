"""Lists of clauses of a conjunction or disjunction: flattened, without superfluous ones, in a reproducible order.

What a conjunction says of its clauses, a disjunction says of their negations; hence one function for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sympy as sp

from symplrnn import limits
from symplrnn.exact.fields.work import spend
from symplrnn.exact.signs import ANY_SIGN, SignSet, possible_signs, program

if TYPE_CHECKING:
    from symplrnn.conditions.formula import Formula

__all__ = ["facts_of", "flat", "ordered", "without_absorbed"]


def flat(kind: str, formulas: Iterable[Formula]) -> list[Formula]:
    """Return the clauses, those of nested formulas of the same kind included, neutral constants left out."""
    neutral = "true" if kind == "and" else "false"
    return [c for f in formulas if f.kind != neutral for c in (f.args if f.kind == kind else (f,))]


def facts_of(kind: str, clauses: Iterable[Formula]) -> dict[sp.Expr, SignSet]:
    """Return the signs that the literals leave to polynomials wherever the other clauses matter."""
    facts: dict[sp.Expr, SignSet] = {}
    for c in clauses:
        if c.kind == "atom":
            signs = c.signs if kind == "and" else possible_signs(c.polynomial) - c.signs
            facts[c.polynomial] = SignSet(facts.get(c.polynomial, ANY_SIGN) & signs)
    return facts


def _implies(first: Formula, second: Formula) -> bool:
    same = first.kind == second.kind == "atom" and first.polynomial == second.polynomial
    return first == second or (same and first.signs <= second.signs)


def without_absorbed(kind: str, clauses: Iterable[Formula]) -> list[Formula]:
    """Return the clauses without those that another one makes superfluous: A & (A | B) = A, dually A | (A & B) = A."""

    def superfluous(c: Formula, other: Formula) -> bool:
        if kind == "and":  # the other one implies c
            return all(any(_implies(x, y) for y in c.args) for x in other.args)
        return all(any(_implies(x, y) for x in c.args) for y in other.args)

    kept: list[Formula] = []
    for c in clauses:
        if c.kind == "atom":
            kept.append(c)
        elif not any(superfluous(c, k) for k in kept if k.kind != "atom"):
            kept = [k for k in kept if k.kind == "atom" or not superfluous(k, c)] + [c]
    return kept


def ordered(clauses: Iterable[Formula]) -> list[Formula]:
    """Return the clauses in a reproducible order, literals and short ones first."""

    def size(f: Formula) -> tuple[int, int]:
        return f.kind != "atom", sum(len(program(x.polynomial).steps) for x in f.atoms)

    clauses = list(clauses)
    spend(10 * sum(size(c)[1] for c in clauses))
    return list(sp.ordered(clauses, keys=[size, _text_key], default=False))


def _text_key(f: Formula) -> Any:
    return f.kind, _polynomial_key(f.polynomial), tuple(sorted(f.signs)), tuple(_text_key(x) for x in f.args)


def _polynomial_key(polynomial: sp.Expr) -> Any:
    """Return what polynomials are ordered by: for short ones SymPy's order, which goes through all parts of all parts."""
    steps = program(polynomial).steps
    return (True, str(steps)) if len(steps) > limits.CLAUSE_PARTS else (False, sp.default_sort_key(polynomial))
