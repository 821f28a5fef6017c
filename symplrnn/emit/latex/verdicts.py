"""LaTeX of the verdicts of a network of numbers: a table with a row a region."""

from __future__ import annotations

import sympy as sp

from symplrnn import limits
from symplrnn.conditions.truth import Truth
from symplrnn.emit.latex.layout import line_width
from symplrnn.theorems.check import CheckReport, RegionCheck

__all__ = ["verdict_table"]


TABLE = 330.0  # points of the table
NARROW = r"llll*{3}{>{\raggedright\arraybackslash}p{42pt}}"


def _mark(truth: Truth) -> str:
    return r"?" if truth.is_unknown else "yes" if truth.is_true else "no"


def _why_not(check: RegionCheck) -> str:
    """Return the eigenvalues that stand in the way, for the last column of the table."""
    parts = ["$0$"] if check.needs_jump.is_true else []
    for e in check.spectrum.negative_eigenvalues or ():
        parts.append(rf"$\in {e.interval}$" if e.value is None else f"${sp.latex(e.value)}$")
    return ", ".join(parts) or "--"


def verdict_table(report: CheckReport) -> str:
    """Return the verdicts of a network of numbers: a row a region up to 40 regions, else the counts."""
    counts = report.counts
    if report.checked > limits.VERDICT_ROWS:
        rows = [("regions checked", report.checked)] + [(name.replace("_", " "), k) for name, k in counts.items()]
        body = "".join(f"{name} & {k} \\\\\n" for name, k in rows)
        return f"\\begin{{tabular}}{{lr}}\n\\toprule\n{body}\\bottomrule\n\\end{{tabular}}"
    head = r"region & E1 & E2 & E3 & eigenvalue 1 & published formula & in $(-\infty, 0]$ \\"
    lines = []
    for pattern, found in report.verdicts.items():
        marks = [found[name].truth for name in ("E1", "E2", "E3")] + [found.unit_eigenvalue, found.published_formula]
        lines.append(" & ".join([pattern or r"$\emptyset$", *map(_mark, marks), _why_not(found)]) + r" \\")
    shape, small = ("lllllll", []) if line_width() >= TABLE else (NARROW, [r"{\footnotesize\setlength{\tabcolsep}{3pt}"])
    table = [rf"\begin{{tabular}}{{{shape}}}", r"\toprule", head, r"\midrule", *lines, r"\bottomrule", r"\end{tabular}"]
    return "\n".join([*small, *table, *("}" for _ in small)])
