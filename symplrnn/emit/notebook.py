"""What objects show in a notebook: LaTeX where there is a formula that fits on a screen, else a table in HTML.

What is shown is bounded: of many rows the first ones, with the name of what holds the others. Whatever has neither a formula nor
a table of its own is shown as the table of its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from html import escape
from itertools import islice
from typing import Any

import sympy as sp

from symplrnn import limits, views
from symplrnn.conditions.formula import Formula
from symplrnn.conditions.truth import Truth
from symplrnn.dynamics.crossing import CrossingReport
from symplrnn.dynamics.trajectory import Trajectory
from symplrnn.eigenvalues.fixed_points import FixedPointFacts
from symplrnn.emit.latex.conditions import condition_latex, truth_text
from symplrnn.emit.latex.dispatch import latex
from symplrnn.errors import SymplrnnError
from symplrnn.logarithm.digits import Digits
from symplrnn.network.affine import AffineMap
from symplrnn.network.augmented import Blocks
from symplrnn.network.network import ReLURNN
from symplrnn.network.orbit import Orbit
from symplrnn.network.region import Region
from symplrnn.systems.case_ode import CaseODE
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.base import Verdict
from symplrnn.theorems.check import CheckReport, RegionCheck

__all__ = ["table"]

LATEX, HTML = "text/latex", "text/html"


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], more: str = "") -> dict[str, str]:
    """Return a table in HTML, with the first rows if there are many; ``more`` says where the others are.

    >>> table("two", ["k"], [[1], ["<2>"]])["text/html"]
    '<p>two</p><table><tr><th>k</th></tr><tr><td>1</td></tr><tr><td>&lt;2&gt;</td></tr></table>'
    """
    shown = list(islice(rows, limits.NOTEBOOK_ROWS + 1))
    parts = [f"<p>{escape(views.cut(title))}</p><table>"]
    if heads:
        parts.append(_row("th", heads))
    parts += [_row("td", row) for row in shown[: limits.NOTEBOOK_ROWS]]
    parts.append("</table>")
    if len(shown) > limits.NOTEBOOK_ROWS:
        parts.append(f"<p>... {escape(more)}</p>")
    return {HTML: "".join(parts)}


def _row(tag: str, cells: Sequence[Any]) -> str:
    texts = (escape(views.cut(str(x), limits.CELL_CHARACTERS)) for x in cells)
    return f"<tr>{''.join(f'<{tag}>{text}</{tag}>' for text in texts)}</tr>"


@views.notebook.register(views.Shown)
def _fields(value: Any) -> dict[str, str]:
    """Return the fields of a dataclass, or the ``repr`` if it has one of its own."""
    if type(value).__repr__ is not views.Shown.__repr__:  # type: ignore[comparison-overlap]
        return table(repr(value), [], [])
    rows = [(f.name, views.brief(getattr(value, f.name))) for f in fields(value) if f.repr]
    return table(type(value).__name__, [], rows)


def _formula_or_fields(value: Any) -> dict[str, str]:
    """Return what `symplrnn.latex` gives where that is short, else the ``repr`` with how to see more."""
    size = value.network.n if isinstance(value, Region) else value.n if isinstance(value, ReLURNN) else value.region.network.n
    network = value if isinstance(value, ReLURNN) else value.network if isinstance(value, Region) else value.region.network
    if size <= (limits.NOTEBOOK_STATES_WITH_LETTERS if network.field.parameters else limits.NOTEBOOK_STATES):
        try:
            text = latex(value)
        except SymplrnnError:  # too long for a page, or digits that are not decided
            text = ""
        if text and len(text) <= limits.NOTEBOOK_CHARACTERS:
            return {LATEX: text}
    return table(repr(value), [], [("to see more", "sr.latex(...), or its attributes such as .matrix, .offset and .digits(6)")])


for kind in (ReLURNN, Region, RegionODE, CaseODE, FixedPointFacts):
    views.notebook.register(kind, _formula_or_fields)


@views.notebook.register(Blocks)
def _blocks(value: Blocks) -> dict[str, str]:
    """Return the matrix and the offset of a flow or an alias."""
    if value.dimension > limits.NOTEBOOK_STATES:
        return table(repr(value), [], [("to see more", ".matrix, .offset and .digits(6)")])
    return _matrices(value, value.matrix, value.offset)


@views.notebook.register(AffineMap)
def _map(value: AffineMap) -> dict[str, str]:
    if value.n > limits.NOTEBOOK_STATES:
        return _fields(value)
    return _matrices(value, value.matrix, value.offset)


def _matrices(value: Any, matrix: sp.MatrixBase, offset: sp.MatrixBase) -> dict[str, str]:
    text = rf"$\displaystyle x \mapsto {sp.latex(matrix)}\, x + {sp.latex(offset)}$"
    if len(text) <= limits.NOTEBOOK_CHARACTERS:
        return {LATEX: text}
    return table(repr(value), [], [("to see more", ".matrix and .offset")])


@views.notebook.register(Formula)
def _condition(value: Formula) -> dict[str, str]:
    text = condition_latex(value)
    return {LATEX: rf"$\displaystyle {text}$"} if len(text) <= limits.NOTEBOOK_CHARACTERS else table(repr(value), [], [])


@views.notebook.register(Truth)
def _truth(value: Truth) -> dict[str, str]:
    return table(repr(value), [], []) if value.formula is None else _condition(value.formula)


@views.notebook.register(CheckReport)
def _report(report: CheckReport) -> dict[str, str]:
    names = ("E1", "E2", "E3")
    rows = ((pattern, *(truth_text(check[name].truth) for name in names)) for pattern, check in report.verdicts.items())
    return table(report.summary, ["region", *names], rows, "report.verdicts has all regions")


@views.notebook.register(RegionCheck)
def _check(check: RegionCheck) -> dict[str, str]:
    rows = ((name, verdict.theorem.name, truth_text(verdict.truth)) for name, verdict in check.verdicts.items())
    return table(f"region {check.region.pattern}", ["", "theorem", "holds"], rows)


@views.notebook.register(Verdict)
def _verdict(verdict: Verdict) -> dict[str, str]:
    rows = ((h.statement, truth_text(h.truth)) for h in verdict.hypotheses)
    title = f"{verdict.theorem.identifier}, {verdict.theorem.name}, region {verdict.pattern}: {truth_text(verdict.truth)}"
    return table(title, ["hypothesis", "holds"], rows)


@views.notebook.register(NetworkODE)
def _network(ode: NetworkODE) -> dict[str, str]:
    rows = ((pattern, ode[pattern].kind) for pattern in ode)
    return table(f"{ode!r}: ode[pattern] is the ODE of a region", ["region", "kind"], rows, "list(ode) has all patterns")


@views.notebook.register(Digits)
def _digits(digits: Digits) -> dict[str, str]:
    rows = ((*row, y, *inputs) for row, y, inputs in zip(digits.matrix, digits.offset, digits.input_matrix, strict=True))
    n, m = len(digits.matrix), len(digits.input_matrix[0]) if digits.input_matrix else 0
    if n + 1 + m > limits.NOTEBOOK_ROWS:
        return _fields(digits)
    heads = [*(f"X, column {j}" for j in range(1, n + 1)), "y", *(f"Y, column {j}" for j in range(1, m + 1))]
    return table("certified digits", heads, rows, ".matrix, .offset and .input_matrix have all rows")


@views.notebook.register(Orbit)
def _orbit(orbit: Orbit) -> dict[str, str]:
    rows = ((t, orbit.patterns[t], ", ".join(f"{float(x):.6g}" for x in orbit[t])) for t in range(len(orbit)))
    return table(repr(orbit), ["t", "region", "state, rounded"], rows, "orbit[t] is state t, exact")


@views.notebook.register(Trajectory)
def _trajectory(found: Trajectory) -> dict[str, str]:
    rows: list[tuple[str, Any]] = [("times", found.times.shape), ("states", found.states.shape), ("switching", found.switching)]
    rows += [("events", len(found.events)), ("status", f"{found.status}: {found.message}")]
    return table("Trajectory: found.times and found.states are arrays", [], rows)


@views.notebook.register(CrossingReport)
def _crossings(report: CrossingReport) -> dict[str, str]:
    rows = (
        (s.step, s.pattern, s.outcome, ", ".join(map(str, s.units)), "" if s.time is None else f"{float(s.time[0]):.6g}")
        for s in report.steps
    )
    return table(repr(report), ["step", "region", "outcome", "units", "from time"], rows, "report.steps has all steps")
