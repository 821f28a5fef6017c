r"""LaTeX of conditions: the verdicts of a network with letters, region by region, and the facts of a fixed point.

Reference: THEORY sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Callable

from symplrnn.bifurcation import FixedPointFacts
from symplrnn.checking import CheckReport, RegionCheck
from symplrnn.emit.conditions import Names, formula_latex, formulas_of, invariant_names, solved_latex, truth_latex
from symplrnn.emit.notation import Notation
from symplrnn.errors import ShapeError
from symplrnn.symbolic_spectrum import SymbolicSpectrum
from symplrnn.truth import Truth

__all__ = ["fixed_point_latex", "parametric_report"]

MAX_REGIONS = 40
LIMIT = 55  # letters on a line, beside the names of the questions

QUESTIONS: tuple[tuple[str, Callable[[RegionCheck], Truth]], ...] = (
    ("E1", lambda check: check["E1"].truth),
    ("E2", lambda check: check["E2"].truth),
    ("E3", lambda check: check["E3"].truth),
    (r"\text{eigenvalue } 1", lambda check: check.unit_eigenvalue),
    (r"\text{diagonalisable}", lambda check: check.diagonalisable),
    (r"\text{stable}", lambda check: check.stable),
)


def parametric_report(report: CheckReport) -> str:
    """Return the conditions of a network with letters: G1 as a list of inequalities, then each region's hypotheses."""
    if report.checked > MAX_REGIONS:
        raise ShapeError(f"latex: conditions of more than {MAX_REGIONS} regions fill no page; check fewer, by patterns")
    whole = report.global_verdict.truth
    head = [] if whole.is_unknown else [rf"\text{{all regions (G1)}} &: {truth_latex(whole)}"]
    blocks = [_align(head)] if head else []
    return "\n".join(blocks + [_align(_region(pattern, check)) for pattern, check in report.verdicts.items()])


def _align(lines: list[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def _region(pattern: str, check: RegionCheck) -> list[str]:
    facts = check.spectrum
    names = invariant_names(facts) if isinstance(facts, SymbolicSpectrum) else Names((), {})
    answers = [(name, question(check)) for name, question in QUESTIONS]
    used = names.used(formulas_of([truth for _, truth in answers]))
    label = pattern or r"\emptyset"
    grouped: list[tuple[list[str], Truth]] = []
    for name, truth in answers:
        same = next((names_ for names_, other in grouped if other == truth), None)
        if same is None:
            grouped.append(([name], truth))
        else:
            same.append(name)
    lines = [rf"\Omega_{{{label}}} \quad {formula_latex(s)} &= {formula_latex(v)}" if k == 0 else
             rf"{formula_latex(s)} &= {formula_latex(v)}" for k, (s, v) in enumerate(used)]  # fmt: skip
    for k, (shared, truth) in enumerate(grouped):
        start = rf"\Omega_{{{label}}} \quad " if k == 0 and not used else ""
        lines.append(rf"{start}{', '.join(_word(x) for x in shared)} &: {truth_latex(truth, names, LIMIT)}")
    return lines


def _word(name: str) -> str:
    return rf"\text{{{name}}}" if name in ("E1", "E2", "E3") else name


def fixed_point_latex(facts: FixedPointFacts, notation: Notation) -> str:
    """Return a region's fixed point, where it is real, virtual and stable, and where it bifurcates."""
    spectrum = facts.spectrum
    names = invariant_names(spectrum) if isinstance(spectrum, SymbolicSpectrum) else Names((), {})
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
    lines = [rf"{formula_latex(s)} &= {formula_latex(v)}" for s, v in used]
    if facts.fixed_point is not None:
        region, affine = notation.name(notation.region, facts.region.pattern), facts.region.affine
        difference = affine.field.identity(affine.n) - affine.M
        value = affine.field.solve(difference, affine.c)
        text = solved_latex(affine.field, value, affine.field.determinant(difference), names)
        lines.append(rf"{notation.state}^*_{{{region}}} &= {text}")
    return _align(lines + [rf"{name} &: {truth_latex(truth, names, LIMIT)}" for name, truth in answers])
