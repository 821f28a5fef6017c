"""Reports and ODEs as tables for a terminal."""

from __future__ import annotations

import sympy as sp
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from symplrnn.checking import CheckReport, RegionCheck
from symplrnn.emit.readable import DEFAULT_DIGITS, is_readable_logarithm
from symplrnn.errors import SymplrnnError
from symplrnn.ode import RegionODE
from symplrnn.truth import Truth

__all__ = ["print_region_ode", "print_report"]

MAX_ROWS = 64


def _mark(truth: Truth) -> Text:
    if truth.is_unknown:
        return Text("unknown", style="yellow")
    return Text("yes", style="green") if truth.is_true else Text("no", style="red")


def _notes(check: RegionCheck) -> str:
    facts = check.spectrum
    notes = ["0 is an eigenvalue"] if not facts.is_invertible else []
    notes += [f"negative: {e}" if e.interval.is_point else f"negative: in {e.interval}" for e in facts.negative_eigenvalues]
    return "; ".join(notes)


def print_report(console: Console, report: CheckReport, summary: bool) -> None:
    """Print the counts, and unless ``summary`` a row for each region (for the ones that fail E2, if there are many)."""
    network, counts = report.network, report.counts
    total = "an unknown number of" if report.total is None else str(report.total)
    console.print(f"{network.n} states, {network.p} ReLU units, {network.m} inputs; {report.checked} of {total} regions checked")
    rows = [
        ("E1", "hyperbolic: no eigenvalue in (-inf, 0], none is 1", sum(c["E1"].truth.is_true for c in report.verdicts.values())),
        ("E2", "principal logarithm: no eigenvalue in (-inf, 0]", counts["principal"]),
        ("E3", "a real ODE exists", counts["real"]),
        ("", "1 is an eigenvalue", counts["unit_eigenvalue"]),
        ("", "published offset formula is right", counts["published_formula"]),
        ("", "no real ODE: unpaired negative eigenvalue", counts["lifted"]),
        ("", "no real ODE: singular", counts["impulsive"]),
        ("", "something unknown", counts["unknown"]),
    ]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name, justify in (("theorem", "left"), ("holds where", "left"), ("regions", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]  # rich's literal type
    for theorem, text, count in rows:
        table.add_row(theorem, text, str(count))
    console.print(table)
    p_matrix = report.global_verdict["p_matrix"].truth
    word = "unknown" if p_matrix.is_unknown else "yes" if p_matrix.is_true else "no"
    reason = f" ({p_matrix.reason})" if p_matrix.is_unknown else ""
    console.print(f"A + W is a P-matrix (G1): {word}{reason}")
    if not summary:
        _print_regions(console, report)


def _print_regions(console: Console, report: CheckReport) -> None:
    shown = list(report.verdicts.items())
    if len(shown) > MAX_ROWS:
        failing = [(p, c) for p, c in shown if not c.principal.is_true]
        more = f", the first {MAX_ROWS}" if len(failing) > MAX_ROWS else ""
        console.print(f"regions that do not meet E2: {len(failing)}{more}")
        shown = failing[:MAX_ROWS]
    if not shown:
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name in ("region", "E1", "E2", "E3", "unit eigenvalue", "published formula", "eigenvalues in (-inf, 0]"):
        table.add_column(name, overflow="fold")
    for pattern, c in shown:
        table.add_row(
            pattern or "(no units)",
            *(_mark(c[name].truth) for name in ("E1", "E2", "E3")),
            "yes" if c.unit_eigenvalue.is_true else "no",
            _mark(c.published_formula),
            _notes(c),
        )
    console.print(table)


def print_region_ode(console: Console, pattern: str, ode: RegionODE | SymplrnnError, digits: int | None) -> None:
    """Print X, y and Y of one region, or why there is no ODE."""
    name = pattern or "(no units)"
    if isinstance(ode, SymplrnnError):
        console.print(Text(f"region {name}: no ODE", style="bold"))
        console.print(Text(f"  {ode}\n"))
        return
    facts = f"region {name}: real ODE  dz/dt = X z + y{' + Y s' if ode.region.network.m else ''},  dt = {ode.dt}"
    console.print(Text(facts, style="bold"))
    exact = digits is None and is_readable_logarithm(ode.logarithm)
    tables = _exact_tables(ode) if exact else _decimal_tables(ode, digits or DEFAULT_DIGITS)
    for label, rows in tables:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for i, row in enumerate(rows):
            cells = "   ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
            # Never cropped: a number with its end cut off would be a wrong number.
            console.print(Text(f"  {label} = " if i == 0 else "      ").append(cells.rstrip()), soft_wrap=True)
    console.print()


def _exact_tables(ode: RegionODE) -> list[tuple[str, list[list[str]]]]:
    blocks = [("X", ode.matrix), ("y", ode.offset)] + ([("Y", ode.input_matrix)] if ode.region.network.m else [])
    return [(label, [[sp.sstr(x) for x in block.row(i)] for i in range(block.rows)]) for label, block in blocks]


def _decimal_tables(ode: RegionODE, digits: int) -> list[tuple[str, list[list[str]]]]:
    found = ode.digits(digits)
    blocks = [("X", [list(row) for row in found.matrix]), ("y", [[x] for x in found.offset])]
    return blocks + ([("Y", [list(row) for row in found.input_matrix])] if ode.region.network.m else [])
