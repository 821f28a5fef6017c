"""Conditions as a person would state them: without what is known, and without what their own clauses imply of each other.

A clause is looked at where it matters: in a conjunction where the other clauses hold, in a disjunction where they do not, and
everywhere where what is known of the letters holds. There an atom that always or never holds is put in, factors of definite sign
are dropped, and a letter that has one value gets it. Each step is proved by `is_met`; what that does not decide stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, reduce
from operator import and_

import sympy as sp

from symplrnn import limits
from symplrnn.conditions.emptiness import clauses, is_met, is_short
from symplrnn.conditions.equations import put_in
from symplrnn.conditions.formula import ALWAYS, NEVER, Formula, all_formulas, any_formulas, given_signs, sides, sign_condition
from symplrnn.conditions.one_letter import in_intervals
from symplrnn.conditions.samples import samples_of
from symplrnn.conditions.truth import Truth, conditional
from symplrnn.errors import TooLarge
from symplrnn.exact.fields.work import within
from symplrnn.exact.signs import SignSet, possible_signs, program

__all__ = ["given", "truth_given"]


@lru_cache(maxsize=1 << 12)
def given(condition: Formula, known: Formula = ALWAYS) -> Formula:
    """Return a condition that says the same where what is known holds: without what that implies or excludes.

    >>> from symplrnn.conditions.formula import negative, nonzero, positive, zero
    >>> a, w = sp.Symbol("a", positive=True), sp.Symbol("w", real=True)
    >>> given(positive(a + w) & positive(a**2 - a * w + w**2)), given(positive(w) | (negative(w) & nonzero(a - 1)) | zero(w))
    (a + w > 0, (w >= 0) | Ne(a, 1))
    >>> known = negative(a - 1)
    >>> given(negative(a - 2) & positive(a - w), known), given(positive(w) | (positive(a - 1) & negative(w - a)), known)
    (a - w > 0, w > 0)
    """
    if condition.is_constant or sum(len(program(atom.polynomial).steps) for atom in condition.atoms) > limits.SIMPLIFIED_PARTS:
        return condition
    about = [*clauses(known)] if not known.is_true else []
    try:
        with within(limits.SIMPLIFICATION_STEPS):
            for _ in range(limits.SIMPLIFICATIONS):
                found = _simpler(condition, about)
                if found == condition:
                    break
                condition = found
    except TooLarge:
        pass
    return _in_one_letter(condition, about)


def truth_given(truth: Truth, known: Formula = ALWAYS) -> Truth:
    """Return a truth under what is known; its evidence stays."""
    if truth.formula is None:
        return truth
    return replace(conditional(given(truth.formula, known)), evidence=truth.evidence, known=known)


def _simpler(condition: Formula, known: Sequence[Formula]) -> Formula:
    """Return a condition that is equivalent where some known clauses hold."""
    if condition.is_constant:
        return condition
    if condition.kind == "atom":
        return _simpler_atom(condition, known)
    join = all_formulas if condition.kind == "and" else any_formulas
    parts = list(condition.args)
    for place in sorted(range(len(parts)), key=lambda k: _strength(parts[k])):
        others = [p for k, p in enumerate(parts) if k != place]
        if condition.kind == "or":
            others = [~p for p in others]
        parts[place] = _simpler(parts[place], [*known, *(c for p in others for c in clauses(p))])
    return _in_one_letter(join(parts), known)


def _strength(clause: Formula) -> int:
    """Return how much a clause says: what says less is looked at first."""
    return 0 if clause.kind == "or" else 3 - len(possible_signs(clause.polynomial) & clause.signs) + (clause.signs == {0})


def _simpler_atom(atom: Formula, known: Sequence[Formula]) -> Formula:
    if not is_short(atom.polynomial):
        return atom
    for c in known:
        letter, number = sides(c.polynomial)
        if c.signs == {0} and number.is_Rational and letter.is_Symbol and letter in atom.symbols:
            return _simpler(put_in(atom, letter, number), known)
    listed = [c for c in known if set(c.symbols) & set(atom.symbols)]
    if not _holds_with(listed, ~atom):
        return ALWAYS
    if not _holds_with(listed, atom):
        return NEVER
    if not atom.polynomial.is_Mul:
        return atom
    facts = {
        f: SignSet(s for s in possible_signs(f) if _holds_with(listed, sign_condition(f, {s}))) for f in atom.polynomial.args
    }
    return given_signs(atom, {f: signs for f, signs in facts.items() if len(signs) < 3})


def _holds_with(known: Sequence[Formula], condition: Formula) -> bool:
    """Return False if a condition never holds where known clauses hold."""
    return bool(reduce(and_, map(samples_of, known), samples_of(condition))) or is_met(all_formulas([*known, condition]))


def _in_one_letter(condition: Formula, known: Sequence[Formula]) -> Formula:
    """Return a condition with the clauses on each letter alone as a union of intervals."""
    if condition.is_constant:
        return condition
    alone: dict[sp.Symbol, list[Formula]] = {}
    for clause in clauses(condition):
        if len(clause.symbols) == 1:
            alone.setdefault(clause.symbols[0], []).append(clause)
    found = condition
    for letter, listed in alone.items():
        about = all_formulas(c for c in known if c.symbols == (letter,))
        rest = [c for c in clauses(found) if c not in listed]
        found = all_formulas([in_intervals(all_formulas(listed), about), *rest])
    return found
