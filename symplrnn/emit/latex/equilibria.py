r"""Equilibria of region ODEs with letters in LaTeX and as text: a point, an affine subspace or none.

The conditions are written out where they are short, else by the determinant and the range of I - M.

Reference: proofs/letters.md, section 2.
"""

from __future__ import annotations

from symplrnn.conditions.formula import Formula
from symplrnn.conditions.truth import Truth
from symplrnn.eigenvalues.fixed_points import FixedPointFacts
from symplrnn.emit.latex.conditions import Names, condition_latex, condition_text, truth_text
from symplrnn.emit.latex.glossary import relative
from symplrnn.emit.latex.layout import width
from symplrnn.systems.case_ode import CaseODE

__all__ = ["equilibria_by_cases", "equilibria_latex", "equilibria_text"]

MANY = 6  # relations in a condition


def equilibria_latex(facts: FixedPointFacts, state: str, matrix: str, offset: str, names: Names, limit: float) -> str:
    """Return a line of an align environment that says what the equilibria of a region's ODE are; E2 is taken for granted."""
    point, at_1, inside = facts.unique, facts.eigenvalue_at_1, facts.fixed_points_at_1
    rows = []
    if not point.is_false:
        rows.append((rf"(I - {matrix})^{{-1}} {offset}", _where(point, rf"\det(I - {matrix}) \ne 0", names, limit)))
    if not inside.is_false:
        first = "" if at_1.is_true else rf"\det(I - {matrix}) = 0,\ "
        condition = _where(inside, rf"{first}{offset} \in \operatorname{{range}}(I - {matrix})", names, limit)
        rows.append((rf"\{{ {state} : (I - {matrix}) {state} = {offset} \}}", condition))
    if not (at_1 & ~inside).is_false:
        rows.append((r"\text{none}", r"\text{otherwise}"))
    name = r"\text{equilibria} &="
    if len(rows) == 1:
        return f"{name} {rows[0][0]}"
    return rf"{name} \begin{{cases}} " + r" \\ ".join(f"{value}, & {where}" for value, where in rows) + r" \end{cases}"


def _where(truth: Truth, short: str, names: Names, limit: float) -> str:
    """Return a condition in LaTeX, in short form if it is long."""
    if truth.formula is None or len(truth.formula.atoms) > MANY:
        return short
    text = condition_latex(truth.formula, names, limit)
    return text if width(text) <= limit / 2 and r"\\" not in text else short


def equilibria_text(facts: FixedPointFacts) -> str:
    """Return what the equilibria of a region's ODE are, for a terminal; E2 is taken for granted.

    >>> from symplrnn.eigenvalues.fixed_points import fixed_point_facts
    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN(["a"], [[0]], ["h"], parameters={"a": "positive", "h": "real"})
    >>> equilibria_text(fixed_point_facts(net.region("0")))
    'one point if a != 1, an affine subspace if h = 0 and a = 1, else none'
    """
    point, inside = facts.unique, facts.fixed_points_at_1
    if point.is_true:
        return "one point"
    found = [] if point.is_false else [f"one point if {_in_words(point, 'det(I - M) is not 0')}"]
    if not inside.is_false:
        found.append(f"an affine subspace if {_in_words(inside, 'det(I - M) = 0 and c is in the range of I - M')}")
    if not (facts.eigenvalue_at_1 & ~inside).is_false:
        found.append("else none" if found else "none")
    return ", ".join(found)


def _in_words(truth: Truth, otherwise: str) -> str:
    """Return a condition, or what it means if it is unknown or long."""
    long = truth.formula is None or len(truth.formula.atoms) > MANY
    return otherwise if long and not truth.is_true else truth_text(truth)


def equilibria_by_cases(cases: list[CaseODE]) -> str:
    """Return what the equilibria are in cases that share a closed form, for a terminal."""
    if len(cases) == 1:
        return cases[0].equilibria
    found = [(case.equilibria, relative(case.condition, case.domain)) for case in cases]
    first, *others = sorted(found, key=lambda pair: _size(pair[1]))
    return f"{first[0]} if {condition_text(first[1])}, else " + ", ".join(what for what, _ in others)


def _size(condition: Formula) -> int:
    return len(condition.atoms)
