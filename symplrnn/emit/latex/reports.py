r"""LaTeX of conditions: the verdicts of a network with letters, region by region, and the facts of a fixed point.

Reference: docs/theory, sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Callable

from symplrnn import limits
from symplrnn.conditions.truth import Truth
from symplrnn.eigenvalues.fixed_points import FixedPointFacts
from symplrnn.emit.latex.conditions import Names, formulas_of, invariant_names, solved, solved_latex, truth_equation
from symplrnn.emit.latex.expressions import formula_latex, pieces
from symplrnn.emit.latex.layout import equation, line_width, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.errors import ShapeError
from symplrnn.theorems.check import CheckReport, RegionCheck

__all__ = ["fixed_point_latex", "parametric_report"]

RELATION = 15.0  # points of the sign between a question and its answer

QUESTIONS: tuple[tuple[str, Callable[[RegionCheck], Truth]], ...] = (
    ("E1", lambda check: check["E1"].truth),
    ("E2", lambda check: check["E2"].truth),
    ("E3", lambda check: check["E3"].truth),
    ("E4", lambda check: check["E4"].truth),
    (r"\text{eigenvalue } 1", lambda check: check.unit_eigenvalue),
    (r"\text{diagonalisable}", lambda check: check.diagonalisable),
    (r"\text{stable}", lambda check: check.stable),
)


def parametric_report(report: CheckReport, notation: Notation) -> str:
    """Return the conditions of a network with letters: G1 as a list of inequalities, then each region's hypotheses."""
    if report.checked > limits.REPORT_REGIONS:
        raise ShapeError(f"latex: conditions of more than {limits.REPORT_REGIONS} regions fill no page; check fewer, by patterns")
    whole = report.global_verdict.truth
    question = r"\text{all regions (G1)}"
    limit = line_width() - width(question) - RELATION
    blocks = [] if whole.is_unknown else [_align([truth_equation(f"{question} &:", whole, limit=limit)])]
    groups: dict[tuple[str, ...], list[tuple[str, RegionCheck]]] = {}  # regions with the same answers share a block
    for pattern, check in report.verdicts.items():
        groups.setdefault(tuple(_region("", check)), []).append((notation.name(notation.region, pattern), check))
    for members in groups.values():
        blocks.append(_align(_region(r",\ ".join(name for name, _ in members), members[0][1])))
    return "\n".join(blocks)


def _align(lines: list[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def _region(region: str, check: RegionCheck) -> list[str]:
    names = invariant_names(check.spectrum)
    answers = [(name, question(check)) for name, question in QUESTIONS]
    used = names.used(formulas_of([truth for _, truth in answers]))
    grouped: list[tuple[list[str], Truth]] = []
    for name, truth in answers:
        same = next((names_ for names_, other in grouped if other == truth), None)
        if same is None:
            grouped.append(([name], truth))
        else:
            same.append(name)
    lefts = [formula_latex(s) for s, _ in used] + [r",\ ".join(map(_word, shared)) for shared, _ in grouped]
    lefts[0] = rf"{region} \quad {lefts[0]}"
    limit = line_width() - max(map(width, lefts)) - RELATION
    lines = [equation(f"{left} &=", pieces(v, limit), limit) for left, (_, v) in zip(lefts, used, strict=False)]
    answered = zip(lefts[len(used) :], grouped, strict=True)
    return lines + [truth_equation(f"{left} &:", truth, names, limit) for left, (_, truth) in answered]


def _word(name: str) -> str:
    return rf"\text{{{name}}}" if name in ("E1", "E2", "E3", "E4") else name


def fixed_point_latex(facts: FixedPointFacts, notation: Notation, shown: str | None) -> str:
    """Return a region's fixed point, or what is shown in its place, where it is real and stable, and where it bifurcates."""
    names = invariant_names(facts.spectrum)
    answers: list[tuple[str, Truth]] = [
        (r"\text{unique}", facts.unique),
        (r"\text{in the region (real)}", facts.real),
        (r"\text{stable}", facts.stable),
        (r"\text{eigenvalue } 1", facts.eigenvalue_at_1),
        (r"\text{eigenvalue } 1 \text{ and fixed points}", facts.fixed_points_at_1),
        (r"\text{eigenvalue } {-1}", facts.eigenvalue_at_minus_1),
        (r"\text{complex pair on the unit circle}", facts.complex_pair_on_circle),
    ]
    used = names.used(formulas_of([truth for _, truth in answers]))
    limit = line_width() - max(width(name) for name, _ in answers) - RELATION
    lines = [equation(f"{formula_latex(s)} &=", pieces(v, limit), limit) for s, v in used]
    if facts.fixed_point is not None:
        lines += _fixed_point_lines(facts, notation, names, limit, shown)
    return _align(lines + [truth_equation(f"{name} &:", truth, names, limit) for name, truth in answers])


def _fixed_point_lines(facts: FixedPointFacts, notation: Notation, names: Names, limit: float, shown: str | None) -> list[str]:
    """Return the fixed point, as a whole if that fits on a line, else entry by entry."""
    affine = facts.region.affine
    name = rf"{notation.state}^*_{{{notation.name(notation.region, facts.region.pattern)}}}"
    difference = affine.field.identity(affine.n) - affine.M
    value, determinant = affine.field.solve(difference, affine.c), affine.field.determinant(difference)
    text = shown or solved_latex(affine.field, value, determinant, names)
    if width(text) <= limit:
        return [f"{name} &= {text}"]
    below, matrix = solved(affine.field, value, determinant, names)
    entries = enumerate((x / below for x in matrix), 1)
    return [equation(rf"\bigl({name}\bigr)_{{{i}}} &=", pieces(x, limit), limit) for i, x in entries]
