"""Reports and ODEs as tables for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import sympy as sp
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from symplrnn import limits
from symplrnn.conditions.formula import Formula
from symplrnn.conditions.simplification import truth_given
from symplrnn.conditions.truth import Truth
from symplrnn.eigenvalues.counting import NumberSpectrum
from symplrnn.eigenvalues.fixed_points import fixed_point_facts
from symplrnn.emit.eigenvalues import HEADS, eigenvalue_rows, eigenvalues_in_words, eigenvalues_of_map
from symplrnn.emit.latex.conditions import Names, condition_text, definition_text, invariant_names, truth_text
from symplrnn.emit.latex.equilibria import equilibria_by_cases, equilibria_text
from symplrnn.emit.latex.readable import DEFAULT_DIGITS, is_readable_logarithm
from symplrnn.emit.summary import number_of_regions
from symplrnn.errors import PrecisionLimit, TooLarge
from symplrnn.exact.writing import text_of
from symplrnn.functions import legend
from symplrnn.logarithm.enclosure import EnclosedNumber
from symplrnn.logarithm.lazy_entries import is_long
from symplrnn.logarithm.named_form import free_symbol
from symplrnn.logarithm.one_formula import named_scalars
from symplrnn.network.network import ReLURNN
from symplrnn.systems.case_ode import CaseODE, by_form
from symplrnn.systems.frequencies import uniqueness
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems import Verdict
from symplrnn.theorems.check import CheckReport, RegionCheck

__all__ = ["print_region_ode", "print_report"]

ELSEWHERE = "a lifted or impulsive system, or a real ODE that is not principal; --other-cases prints it by cases"
OTHERWISE = "for any values of the parameters the system is derived when they are given"
IN_WORDS = "What is said in words of eigenvalues of M is decided by --set NAME=VALUE; --json prints it as a formula."
TOO_LONG = "on a condition that is too long to be read; --json prints it"
TABLE_DIGITS, LEAST_DIGITS = 8, 3  # of eigenvalues in a table
CHECK_DIGITS = 4
LONG_ENTRY = 36  # characters of an entry in a matrix that is printed in columns, if it is too wide as a whole
LONG_CONDITION = 1200  # characters
LONG_POINT = 600  # characters
LONG_VERDICT = 320  # characters of a verdict's condition that is printed as a formula; longer ones are stated by hypotheses,
LONG_HYPOTHESIS = 80  # and a hypothesis with a longer condition in words
Tables = list[tuple[str, list[list[str]]]]


def _mark(truth: Truth) -> Text:
    if truth.is_conditional:
        return Text(truth_text(truth), style="cyan")
    if truth.is_unknown:
        return Text("unknown", style="yellow")
    return Text("yes", style="green") if truth.is_true else Text("no", style="red")


def _notes(check: RegionCheck) -> str:
    notes = ["0 is an eigenvalue"] if check.needs_jump.is_true else []
    notes += [f"negative: {e}" for e in check.spectrum.negative_eigenvalues or ()]
    return "; ".join(notes)


def _instead(check: RegionCheck) -> str:
    """Return what a region without a real ODE needs."""
    needs = [f"lift by {check.lift}"] if check.lift else []
    return "no: " + ", ".join(needs + (["jump"] if check.needs_jump.is_true else []))


def print_report(console: Console, report: CheckReport, summary: bool) -> None:
    """Print the counts, and unless ``summary`` a row for each region (for the ones that fail E2, if there are many)."""
    network = report.network
    _print_sentence(console, report.summary, "")
    if network.field.parameters:
        _print_conditions(console, report, summary)
        return
    total = "an unknown number of" if report.total is None else number_of_regions(report.total)
    console.print(f"{_sizes(network)}; {report.checked} of {total} region{'s' * (report.total != 1)} checked")
    if report.verdicts:
        _print_counts(console, report)
    p_matrix = report.global_verdict["p_matrix"].truth
    word = "unknown" if p_matrix.is_unknown else "yes" if p_matrix.is_true else "no"
    proof = p_matrix.reason if p_matrix.is_unknown else p_matrix.evidence.get("proof", "")
    console.print(f"A + W is a P-matrix (G1): {word}{f' ({proof})' if proof else ''}")
    if report.grid_verdict is not None and report.verdicts:
        kinds = report.grid_verdict["every_region_represented"].evidence.items()
        found = ", ".join(f"{count} {kind}" for kind, count in kinds)
        _print_sentence(console, f"E7, exact at grid times: yes; regions by kind: {found}", "")
    if not summary:
        _print_regions(console, report)


def _print_counts(console: Console, report: CheckReport) -> None:
    """Print in how many of the checked regions each theorem applies."""
    counts = report.counts
    rows = [
        ("E1", "hyperbolic: no eigenvalue in (-inf, 0], none is 1", report.hyperbolic),
        ("E2", "principal logarithm: no eigenvalue in (-inf, 0]", counts["principal"]),
        ("E3", "a real ODE exists", counts["real"]),
        ("E4", "the real ODE is the only one", counts["unique"]),
        ("", "countably many real ODEs (aliases)", counts["countable"]),
        ("", "uncountably many real ODEs", counts["uncountable"]),
        ("", "1 is an eigenvalue", counts["unit_eigenvalue"]),
        ("", "published offset formula is right", counts["published_formula"]),
        ("E5", "no real ODE: unpaired negative eigenvalue", counts["lifted"]),
        ("E6", "no real ODE: singular", counts["impulsive"]),
        ("", "something unknown", counts["unknown"]),
    ]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name, justify in (("theorem", "left"), ("holds where", "left"), ("regions", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]  # rich's literal type
    for theorem, text, count in rows:
        table.add_row(theorem, text, str(count))
    console.print(table)


def _regions(report: CheckReport) -> str:
    """Return how many regions were checked, in words."""
    return "1 region" if report.checked == 1 else f"{report.checked} regions"


def _sizes(network: ReLURNN) -> str:
    """Return how many states, units and inputs a network has."""
    counts = {"state": network.n, "ReLU unit": network.p, "input": network.m}
    return ", ".join(f"{count} {name}{'s' * (count != 1)}" for name, count in counts.items())


QUESTIONS = ("E1", "E2", "E3", "E4")


def _print_conditions(console: Console, report: CheckReport, summary: bool) -> None:
    """Print the conditions of a network with letters: each region's verdicts and what its fixed point does."""
    network = report.network
    letters = ", ".join(map(str, network.parameters)) or "none"
    assumed = "" if network.assumptions.is_true else f"; assumed: {condition_text(network.assumptions)}"
    _print_sentence(console, f"{_sizes(network)}; {_regions(report)} checked; parameters: {letters}{assumed}", "")
    whole = report.global_verdict.truth
    reason = f" ({whole.reason})" if whole.is_unknown else ""
    _print_sentence(console, f"E2 in all regions, A + W a P-matrix (G1): {truth_text(whole)}{reason}", "")
    in_words = False
    for pattern, check in [] if summary else list(report.verdicts.items())[: limits.TERMINAL_ROWS]:
        point = fixed_point_facts(check.region)
        names = invariant_names(check.spectrum)
        questions = (*QUESTIONS, "published formula") if report.published else QUESTIONS
        rows = [(name, check[name].truth) for name in questions]
        rows += [("eigenvalue 1", check.unit_eigenvalue), ("diagonalisable", check.diagonalisable)]
        rows += [("fixed point real", point.real), ("stable", check.stable)]
        rows += [("eigenvalue -1", point.eigenvalue_at_minus_1), ("complex pair |l| = 1", point.complex_pair_on_circle)]
        console.print(Text(f"region {pattern or '(no units)'}", style="bold"))
        rows = [(name, truth_given(truth, network.assumptions)) for name, truth in rows]
        names = names.for_formulas(_formulas(truth for _, truth in rows), map(str, network.parameters))
        texts, printed = list[str](), list[Truth]()
        for name, truth in rows:
            text, truths = truth_text(truth, names), [truth]
            if name in questions and len(text) > LONG_VERDICT:
                text, truths, in_words = *_stated(check[name], names), True
            elif len(text) > LONG_CONDITION:
                text, truths = TOO_LONG, []
            texts.append(f"{name}: {text}")
            printed += truths
        for symbol, value in names.used(_formulas(printed)):
            _print_definition(console, definition_text(symbol, value), "  ")
        for line in texts:
            _print_definition(console, line, "  ")
        if point.fixed_point is not None:
            text = f"({', '.join(map(text_of, point.fixed_point))})"
            text = text if len(text) <= LONG_POINT else "(I - M)^-1 c; --json prints its entries"
            _print_definition(console, f"fixed point: {text}", "  ")
        console.print()
    if in_words:
        _print_sentence(console, IN_WORDS, "")


def _formulas(truths: Iterable[Truth]) -> list[Formula]:
    return [truth.formula for truth in truths if truth.formula is not None]


def _stated(verdict: Verdict, names: Names) -> tuple[str, list[Truth]]:
    """Return a verdict's condition by its hypotheses, those in words that are long or unknown; and the truths of the others."""
    parts, short = [], []
    for hypothesis in verdict.hypotheses:
        text = truth_text(hypothesis.truth, names)
        if hypothesis.truth.is_unknown or len(text) > LONG_HYPOTHESIS:
            parts.append(hypothesis.statement)
        elif not hypothesis.truth.is_true:
            parts.append(f"({text})" if " or " in text else text)
            short.append(hypothesis.truth)
    return "; and ".join(parts), short


def _print_regions(console: Console, report: CheckReport) -> None:
    if report.checked > limits.TERMINAL_ROWS:
        failing, patterns = report.checked - report.counts["principal"], report.not_principal
        more = f", the first {len(patterns)}" if failing > len(patterns) else ""
        console.print(f"regions that do not meet E2: {failing}{more}")
        shown = [(pattern, report.verdicts[pattern]) for pattern in patterns]
    else:
        shown = list(report.verdicts.items())
    if not shown:
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, collapse_padding=True)
    for name in ("region", "E1", "E2", "E3", "eigenvalue 1", "published formula", "real ODEs", "in (-inf, 0]"):
        width = {"eigenvalue 1": 10, "published formula": 9}.get(name)  # so that a row fits into 80 columns
        table.add_column(name, overflow="fold", no_wrap=name == "real ODEs", width=width)
    for pattern, c in shown:
        table.add_row(
            pattern or "(no units)",
            *(_mark(c[name].truth) for name in ("E1", "E2", "E3")),
            "yes" if c.unit_eigenvalue.is_true else "no",
            _mark(c.published_formula),
            c.how_many if c.how_many != "none" else _instead(c),
            _notes(c),
        )
    console.print(table)
    if len(shown) <= limits.REGIONS_PRINTED:
        console.print("eigenvalues of M:")
        for pattern, c in shown:
            if isinstance(c.spectrum, NumberSpectrum):
                words = eigenvalues_in_words(eigenvalues_of_map(c.spectrum), CHECK_DIGITS)
                _print_sentence(console, f"{pattern or '(no units)'}: {words}", "  ")


def print_region_ode(
    console: Console,
    pattern: str,
    ode: RegionODE,
    digits: int | None,
    by_cases: bool = False,
    other_cases: bool = False,
) -> None:
    """Print the system of one region: its kind, the jump if there is one, X, y and Y, and why it is no simpler one.

    With parameters it is one formula, if E2 holds for some values; ``by_cases`` expands it into elementary functions, case by
    case. ``other_cases`` adds the cases where E2 fails, which are printed anyway if it never holds.
    """
    name = pattern or "(no units)"
    if ode.has_formula:
        _print_formula(console, name, ode, digits, by_cases, other_cases)
        return
    if ode.has_parameters:
        _print_cases(console, name, ode, ode.other_cases)
        return
    heading = f"region {name}: {_equation(ode)},  dt = {ode.dt}{_extra_coordinates(ode)}"
    _print_sentence(console, heading, "", " " * 4, "bold")
    _print_jump(console, ode)
    exact = digits is None and (_is_readable(ode) or not ode.dt.is_Rational)  # decimals need a rational dt
    refused = []
    try:
        tables = _exact_tables(ode) if exact else _decimal_tables(ode, digits)
    except PrecisionLimit as reason:
        tables, refused = _exact_tables(ode), [f"no certified decimals: {reason}"]
    _print_tables(console, tables)
    _print_undecided(console, tables)
    _print_eigenvalues(console, ode, digits)
    words = [*refused, f"why: {ode.why}"] if ode.kind != "real" or not ode.is_principal else refused
    words += [uniqueness(ode)] if ode.kind == "real" else []
    for sentence in words:
        _print_sentence(console, sentence, "  ")
    console.print()


def _print_eigenvalues(console: Console, ode: RegionODE, digits: int | None) -> None:
    """Print the eigenvalues of M and what they are in continuous time, in the unit of dt: time constants, turns per unit.

    In as many digits as fit into the terminal, up to those that are asked for.
    """
    for shown in range(min(digits or DEFAULT_DIGITS, TABLE_DIGITS), LEAST_DIGITS - 1, -1):
        rows = [list(HEADS), *eigenvalue_rows(ode.eigenvalues, shown)]
        kept = [k for k, head in enumerate(HEADS) if any(row[k] not in ("", "1") for row in rows[1:])]
        table = [[row[k] for k in kept] for row in rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        if 2 + sum(widths) + 2 * (len(widths) - 1) <= console.width:
            break
    for row in table:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        console.print(Text(f"  {line.rstrip()}"), soft_wrap=True)


def _equation(system: RegionODE | CaseODE) -> str:
    """Return the kind of a system and its equation."""
    u, s = (_variable(system, name) for name in ("u", "s"))
    drive = f" + Y {s}" if system.region.network.m else ""
    if system.extra:
        return f"{system.kind} ODE  d(z, {u})/dt = X (z, {u}) + y{drive}"
    return f"{system.kind} ODE{'' if system.is_principal else ', not principal,'}  dz/dt = X z + y{drive}"


def _extra_coordinates(system: RegionODE | CaseODE) -> str:
    """Return what the extra coordinates of a system begin with; nothing if there are none."""
    if not system.extra:
        return ""
    count = "1 extra coordinate" if system.extra == 1 else f"{system.extra} extra coordinates"
    return f",  {count} {_variable(system, 'u')} = 0 at each grid time"


def _variable(system: RegionODE | CaseODE, name: str) -> str:
    """Return the name of the extra coordinates or of the input, or another one if a parameter has it."""
    return str(free_symbol(name, map(str, system.region.network.parameters)))


def _is_readable(ode: RegionODE) -> bool:
    """Whether exact entries can be read: short numbers, not too many, and no negative root that has no square-root form."""
    log = ode.real_logarithm
    return is_readable_logarithm(log) and not is_long(log) and all(turn.pair.term.degree < 3 for turn in log.turns)


def _print_jump(console: Console, system: RegionODE | CaseODE) -> None:
    """Print the map at each grid time of an impulsive system."""
    jump = system.jump_map
    if jump is None:
        return
    drive = f" + K {_variable(system, 's')}" if jump.m else ""
    console.print(Text(f"  first, at each grid time:  z <- J z + j{drive}"))
    blocks = [("J", jump.matrix), ("j", jump.offset)] + ([("K", jump.input_matrix)] if jump.m else [])
    _print_tables(console, [(label, _rows(block)) for label, block in blocks])


def _print_sentence(console: Console, sentence: str, indent: str, hang: str | None = None, style: str = "") -> None:
    """Print a sentence in lines as wide as the terminal, those after the first behind ``hang``; numbers are not broken."""
    lines = textwrap.fill(
        sentence, console.width, initial_indent=indent, subsequent_indent=indent if hang is None else hang,
        break_long_words=False, break_on_hyphens=False, replace_whitespace=False, drop_whitespace=True,
    )  # fmt: skip
    console.print(Text(lines, style=style), soft_wrap=True)


def _print_definition(console: Console, text: str, indent: str) -> None:
    """Print a definition such as ``tau = a1 + a2``, or another line of its kind, with what follows its first line further in."""
    _print_sentence(console, text, indent, indent + " " * 4)


def _print_formula(console: Console, name: str, ode: RegionODE, digits: int | None, by_cases: bool, other_cases: bool) -> None:
    """Print the one formula of a region with parameters, and its expansions if they are asked for; see `print_region_ode`."""
    where = f",  where {truth_text(ode.condition)}" if ode.condition.is_conditional else ""
    heading = f"region {name}: {_equation(ode)},  dt = {ode.dt}{_extra_coordinates(ode)}{where}"
    _print_sentence(console, heading, "", " " * 4, "bold")
    if ode.condition.is_unknown:
        _print_sentence(console, f"where E2 holds, which is not described: {ode.condition.reason}", "  ")
    _print_jump(console, ode)
    if by_cases:
        _print_listing(console, ode.cases, ode.unlisted)
    else:
        try:
            _print_formula_entries(console, ode, digits)
        except TooLarge as limit:
            _print_sentence(console, str(limit), "  ")
    if ode.kind != "real" or not ode.is_principal:
        _print_sentence(console, f"why: {ode.why}", "  ")
    elif not by_cases:
        _print_sentence(console, f"equilibria: {equilibria_text(fixed_point_facts(ode.region))}", "  ")
    if other_cases and ode.condition.is_conditional:
        _print_listing(console, ode.other_cases, ode.unlisted_others, with_equation=True)
    elif where:
        _print_sentence(console, f"where {truth_text(~ode.condition)}: {ELSEWHERE}", "  ")
    console.print()


def _print_formula_entries(console: Console, ode: RegionODE, digits: int | None) -> None:
    """Print X, y and Y of the one formula of a region, the names that they use, and what the functions in them are."""
    if ode.by_columns is not None and (digits or not _is_readable(ode.by_columns[0])):
        decimals = ode.decimals(digits or DEFAULT_DIGITS)
        _print_tables(console, [(label, rows) for label, rows in zip("XyY", decimals, strict=True) if rows[0]])
        return
    named, d = named_scalars(ode.named, map(str, ode.parameters)), ode.dimension
    for symbol, value in named.definitions:
        _print_definition(console, f"{symbol} = {text_of(value)}", "  ")
    blocks = [("X", named.matrix[:d, :d]), ("y", named.matrix[:d, d : d + 1])]
    blocks += [("Y", named.matrix[:d, d + 1 :])] if ode.region.network.m else []
    _print_tables(console, [(label, _rows(block)) for label, block in blocks])
    for line in legend(ode.named.matrix):
        _print_sentence(console, line, "  ")


def _print_cases(console: Console, name: str, ode: RegionODE, found: tuple[CaseODE, ...]) -> None:
    """Print the systems of a region with parameters for which E2 never holds, case by case."""
    kinds = {(_equation(case), _extra_coordinates(case)) for case in found}
    common = len(kinds) == 1 and ode.shows_all_kinds
    equation, extra = kinds.pop() if common else (f"{ode.kind} ODE, by cases" if found else "by values of the parameters", "")
    _print_sentence(console, f"region {name}: {equation},  dt = {ode.dt}{extra}", "", " " * 4, "bold")
    _print_listing(console, found, ode.unlisted_others, with_equation=not common)
    console.print()


def _print_listing(console: Console, found: tuple[CaseODE, ...], unlisted: str, with_equation: bool = False) -> None:
    """Print cases, and why there are others, if there are."""
    for same in by_form(found):
        _print_case(console, same, with_equation)
    if unlisted:
        _print_sentence(console, f"not all cases are listed: {unlisted}; {OTHERWISE}", "  ")


def _print_case(console: Console, same: list[CaseODE], with_equation: bool) -> None:
    """Print the system of cases that share a closed form: where, definitions, the jump, X, y and Y, and what is said of it."""
    case = same[0]
    if not case.domain.is_true:
        _print_definition(console, f"if {condition_text(case.domain)}:", "  ")
    if with_equation:
        _print_definition(console, f"{_equation(case)}{_extra_coordinates(case)}", "    ")
    for symbol, value in case.named.definitions:
        _print_definition(console, f"{symbol} = {text_of(value)}", "    ")
    _print_jump(console, case)
    _print_tables(console, _case_tables(case))
    if case.equilibria:
        _print_definition(console, f"equilibria: {equilibria_by_cases(same)}", "    ")
    else:
        _print_sentence(console, f"why: {case.why}", "    ")


def _print_tables(console: Console, tables: Tables) -> None:
    """Print matrices, columns aligned; wide ones in groups of columns, or, where an entry is long, entry by entry."""
    for label, rows in tables:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        room = console.width - 6
        if sum(widths) + 3 * (len(widths) - 1) <= room:
            _print_rows(console, rows, widths, f"  {label} = ")
        elif max(widths) > min(room, LONG_ENTRY):
            _print_entries(console, label, rows)
        else:
            for first, last in _groups(widths, room):
                numbers = f"column {last}" if last == first + 1 else f"columns {first + 1} to {last}"
                console.print(Text(f"  {label}, {numbers}:"))
                _print_rows(console, [row[first:last] for row in rows], widths[first:last], " " * 6)


def _print_rows(console: Console, rows: list[list[str]], widths: list[int], head: str) -> None:
    for i, row in enumerate(rows):
        cells = "   ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        console.print(Text(head if i == 0 else "      ").append(cells.rstrip()), soft_wrap=True)


def _groups(widths: list[int], room: int) -> list[tuple[int, int]]:
    """Return ranges of columns that fit into a number of characters."""
    found, first, used = [], 0, 0
    for k, width in enumerate(widths):
        if k > first and used + 3 + width > room:
            found.append((first, k))
            first, used = k, 0
        used += width + (3 if k > first else 0)
    return [*found, (first, len(widths))]


def _print_entries(console: Console, label: str, rows: list[list[str]]) -> None:
    """Print the entries of a matrix that are not 0, each in lines of its own."""
    for i, row in enumerate(rows, 1):
        for j, text in enumerate(row, 1):
            if text != "0":
                place = f"{i}" if len(row) == 1 else f"{i},{j}"
                _print_definition(console, f"{label}[{place}] = {text}", "  ")
    if any(text == "0" for row in rows for text in row):
        console.print(Text(f"  the other entries of {label} are 0"))


def _print_undecided(console: Console, tables: Tables) -> None:
    """Print why some entries are enclosures [m +/- r]."""
    for reason in dict.fromkeys(x.reason for _, rows in tables for row in rows for x in row if isinstance(x, EnclosedNumber)):
        _print_sentence(console, reason, "  ")


def _exact_tables(ode: RegionODE) -> Tables:
    blocks = [("X", ode.matrix), ("y", ode.offset)] + ([("Y", ode.input_matrix)] if ode.region.network.m else [])
    return [(label, _rows(block)) for label, block in blocks]


def _case_tables(case: CaseODE) -> Tables:
    """Return X, y and Y with the names that `CaseODE.named` defines."""
    matrix, d = case.named.matrix, case.dimension
    blocks = [("X", matrix[:d, :d]), ("y", matrix[:d, d : d + 1])]
    blocks += [("Y", matrix[:d, d + 1 :])] if case.region.network.m else []
    return [(label, _rows(block)) for label, block in blocks]


def _rows(block: sp.MatrixBase) -> list[list[str]]:
    return [[text_of(x) for x in block.row(i)] for i in range(block.rows)]


def _decimal_tables(ode: RegionODE, digits: int | None) -> Tables:
    found = ode.digits(digits or DEFAULT_DIGITS)
    blocks = [("X", [list(row) for row in found.matrix]), ("y", [[x] for x in found.offset])]
    return blocks + ([("Y", [list(row) for row in found.input_matrix])] if ode.region.network.m else [])
