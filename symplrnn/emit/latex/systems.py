r"""LaTeX of the continuous-time system of a region, of every kind, and of the piecewise system of a network.

A real ODE is d zeta/dt = X zeta + y; a lifted one is for (zeta, u), with lines in the matrix between the two; an impulsive one
begins with zeta <- J zeta + j at each grid time. What is not seen from the equations follows in words.

Reference: THEORY section 3, E2 to E7.
"""

from __future__ import annotations

import itertools

from symplrnn import limits
from symplrnn.emit.latex.cases import NOT_ALL, beyond_block, parametric_block, unlisted_block
from symplrnn.emit.latex.closed_form import named_closed_form
from symplrnn.emit.latex.entries import decimal_latex, entry_texts, inequalities, number_latex
from symplrnn.emit.latex.equations import (
    System,
    aligned,
    equation_lines,
    flow_line,
    is_constant,
    is_plain,
    jump_line,
    plain_equation,
    right_side,
)
from symplrnn.emit.latex.expressions import if_short
from symplrnn.emit.latex.layout import LINE, align, by_rows, column_parts, fits, value_lines, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.readable import DEFAULT_DIGITS, is_readable_logarithm
from symplrnn.emit.latex.words import Remark, collected, paragraph, reasons
from symplrnn.errors import ShapeError
from symplrnn.logarithm.digits import Digits
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE

__all__ = ["network_system", "region_system"]

MAX_EXACT_PARTS = 2


def region_system(ode: RegionODE, symbols: Notation, digits: int | None) -> str:
    """Return the system of one region of numbers: the equations, the values of their matrices, and the words."""
    named, definitions = _values(ode, symbols, digits)
    equations, words = equation_lines(ode, symbols), paragraph(Remark(ode, reasons(ode)), symbols)
    values = ", \\quad\n".join(f"{name} = {text}" for name, text in named)
    if len(equations) == 1 and not definitions and width(equations[0]) + width(values) <= LINE:
        joint = f"{equations[0]}, \\qquad\n{values}" if values else equations[0]
        return f"\\begin{{equation*}}\n{joint}\n\\end{{equation*}}{words}"
    return align([*aligned(equations), *value_lines(named), *definitions]) + words


# Values


def _templates(symbols: Notation) -> tuple[str, str, str]:
    return symbols.continuous_matrix, symbols.continuous_offset, symbols.continuous_input_matrix


def _values(ode: RegionODE, symbols: Notation, digits: int | None) -> tuple[list[tuple[str, str]], list[str]]:
    """Return (name, LaTeX) for the jump's J and j and for X, y and Y, and the definitions that they use."""
    named = _jump_values(ode, symbols, digits)
    if is_constant(ode):
        return named, []
    cut = ode.n if ode.extra else None
    names = [symbols.name(t, ode.region.pattern) for t in _templates(symbols)]
    if digits is None and (is_readable_logarithm(ode.real_logarithm) or not ode.dt.is_Rational):
        total, definitions = named_closed_form(ode, symbols)
        size = ode.dimension
        blocks = [total[:size, :size], total[:size, size : size + 1], total[:size, size + 1 :]]
        tables = [by_rows([number_latex(x) for x in block], block.cols) for block in blocks]
        shown = [column_parts(name, table, cut) for name, table in zip(names, tables, strict=True)]
        # Where exact entries fill more lines than that, decimals are the better reading.
        short = all(len(parts) <= MAX_EXACT_PARTS for parts in shown) and all(fits(*pair) for parts in shown for pair in parts)
        if short or not ode.dt.is_Rational:  # decimals need a number for dt
            return named + [pair for parts in shown for pair in parts], definitions
    certified: Digits = ode.digits(digits or DEFAULT_DIGITS)
    columns = [certified.matrix, tuple((x,) for x in certified.offset), certified.input_matrix]
    decimals = [[[decimal_latex(x) for x in row] for row in table] for table in columns]
    return named + [pair for name, table in zip(names, decimals, strict=True) for pair in column_parts(name, table, cut)], []


def _jump_values(system: System, symbols: Notation, digits: int | None) -> list[tuple[str, str]]:
    """Return (name, LaTeX) for the matrix, the offset and the input matrix of the jump."""
    jump, named = system.jump_map, list[tuple[str, str]]()
    if jump is None:
        return named
    templates = (symbols.jump, symbols.jump_offset, symbols.jump_input_matrix)
    for template, values in zip(templates, (jump.matrix, jump.offset, jump.input_matrix), strict=True):
        if values.cols:
            rows = by_rows(entry_texts(values, digits), values.cols)
            named += column_parts(symbols.name(template, system.region.pattern), rows)
    return named


# Networks


def network_system(ode: NetworkODE, symbols: Notation, digits: int | None, cse: bool) -> str:
    """Return the piecewise system as cases, then the matrices of each region, then the words."""
    symbols = symbols.apart({*ode.network.parameters, *ode.dt.free_symbols})
    found: dict[str, RegionODE] = {pattern: ode[pattern] for pattern in _few_patterns(ode)}
    lifted = any(system.extra for region_ode in found.values() for system in _systems(region_ode))
    lines: list[str] = []
    blocks: list[str] = []
    remarks: list[Remark] = []
    printed: list[tuple[RegionODE, list[Remark]]] = []
    for region_ode in found.values():
        name = f"${symbols.name(symbols.region, region_ode.region.pattern)}$"
        if region_ode.has_parameters:
            text, added = _parametric_values(region_ode, printed, symbols, cse, lifted)
            blocks.append(text)
            remarks += [Remark(each.system, each.reasons, name, each.case) for each in added]
        else:
            named, definitions = _values(region_ode, symbols, digits)
            lines += value_lines(named) + definitions
            remarks.append(Remark(region_ode, reasons(region_ode), name))
    parts = [_cases(ode, found, symbols, digits), *([align(lines)] if lines else []), *blocks]
    return "\n".join([*parts, *collected(remarks, symbols, ode.dt)])


def _systems(ode: RegionODE) -> list[System]:
    """Return the systems of a region that are printed."""
    return list(ode.shown) if ode.has_parameters else [ode]


def _shows_all_kinds(ode: RegionODE) -> bool:
    """Return whether the systems of a region that are printed leave no other kind possible."""
    return not ode.has_parameters or ode.shows_all_kinds


def _cases(ode: NetworkODE, found: dict[str, RegionODE], symbols: Notation, digits: int | None) -> str:
    x = symbols.continuous_state
    plain = all(_shows_all_kinds(region_ode) and all(map(is_plain, _systems(region_ode))) for region_ode in found.values())
    left = [_row(region_ode, symbols, plain) for region_ode in found.values()]
    where = [inequalities(ode.network.region(pattern), x, digits) for pattern in found]
    named = max(map(width, left)) + max(map(width, where)) > LINE - 40
    if named:  # the inequalities are too long
        where = [rf"{x} \in {symbols.name(symbols.region, pattern)}" for pattern in found]
    gap = r" \\[1ex]" if any(r"\leftarrow" in text for text in left) else r" \\"
    rows = f"{gap}\n".join(f"{text} & {condition}" for text, condition in zip(left, where, strict=True))
    head = rf"\dot{{{x}}} = " if plain else ""
    cases = f"\\begin{{equation*}}\n{head}\\begin{{cases}}\n{rows}\n\\end{{cases}}\n\\end{{equation*}}"
    if not named:
        return cases
    net, region = ode.network, symbols.name(symbols.region, "d")
    unit = f"{x}_i" if net.rectified_states == tuple(range(net.n)) else f"(V {x} + b)_i"
    return rf"{cases}" + "\n" + rf"\noindent In ${region}$, ${unit} > 0$ where $d_i = 1$, and ${unit} \le 0$ where $d_i = 0$."


def _row(ode: RegionODE, symbols: Notation, plain: bool) -> str:
    """Return a row of the cases: the right side alone if all rows have one left side, else the equations."""
    if plain:
        return right_side(ode.region, symbols, symbols.continuous_state) + ","
    if ode.has_parameters and not ode.shown:
        return plain_equation(ode.region, symbols) + ","
    return _common_row(ode, symbols) or r"\text{a system by cases, see below},"


def _common_row(ode: RegionODE, symbols: Notation) -> str | None:
    """Return the equations that all systems of a region have, if they have the same ones."""
    rows = {_row_of(system, symbols) for system in _systems(ode)}
    return rows.pop() if len(rows) == 1 and _shows_all_kinds(ode) else None


def _row_of(system: System, symbols: Notation) -> str:
    flow = flow_line(system, symbols, column=False) + ","
    if system.jump_map is None:
        return flow
    return f"{jump_line(system, symbols)} " + r"\text{ first, then} & \\" + f"\n{flow}"


def _parametric_values(
    ode: RegionODE, printed: list[tuple[RegionODE, list[Remark]]], symbols: Notation, cse: bool, lifted: bool
) -> tuple[str, list[Remark]]:
    """Return the cases of a region with letters; of a map that was printed in another region, only the equality of names."""
    same = next((pair for pair in printed if pair[0].region.affine.equals(ode.region.affine)), None)
    if same is not None:
        return _equal_names(ode, same[0], symbols), same[1]
    block = if_short(lambda: _cases_of(ode, symbols, cse, lifted)) if ode.shown else None
    if block is None:
        return unlisted_block(ode, symbols), []
    printed.append((ode, block[1]))
    return block


def _cases_of(ode: RegionODE, symbols: Notation, cse: bool, lifted: bool) -> tuple[str, list[Remark]]:
    """Return the cases of a region with letters, whether they are all, and what there is to say about them."""
    if ode.cases:
        return parametric_block(ode, symbols, cse, lifted), []
    text, remarks = beyond_block(ode, symbols, cse, with_equations=_common_row(ode, symbols) is None)
    return text if ode.shows_all_kinds else f"{text}\n{NOT_ALL}", remarks


def _equal_names(ode: RegionODE, same: RegionODE, symbols: Notation) -> str:
    count = 3 if ode.region.network.m else 2
    templates: tuple[str, ...] = ()
    if any(case.jump_map is not None for case in ode.shown):
        templates += (symbols.jump, symbols.jump_offset, symbols.jump_input_matrix)[:count]
    if not all(map(is_constant, ode.shown)):
        templates += _templates(symbols)[:count]
    pairs = [[symbols.name(t, each.region.pattern) for each in (ode, same)] for t in templates]
    return "\\begin{equation*}\n" + r",\quad ".join(f"{new} = {old}" for new, old in pairs) + "\n\\end{equation*}"


def _few_patterns(ode: NetworkODE) -> list[str]:
    """Return the patterns of a network ODE that fit a page; refuse more."""
    patterns = list(itertools.islice(ode, limits.PIECEWISE_ROWS + 1))
    if len(patterns) > limits.PIECEWISE_ROWS:
        raise ShapeError(
            f"latex: the ODE has more than {limits.PIECEWISE_ROWS} regions; derive it with fewer, "
            'by patterns or regions="visited"'
        )
    return patterns
