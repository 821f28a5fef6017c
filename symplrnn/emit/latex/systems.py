r"""LaTeX of the continuous-time system of a region, of every kind, and of the piecewise system of a network.

A real ODE is d zeta/dt = X zeta + y; a lifted one is for (zeta, u), with lines in the matrix between the two; an impulsive one
begins with zeta <- J zeta + j at each grid time. What is not seen from the equations follows in words.

Reference: docs/theory, section 3, E2 to E7.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from symplrnn import limits
from symplrnn.emit.latex.closed_form import named_closed_form
from symplrnn.emit.latex.entries import entry_texts, inequalities, number_latex, rounded_latex
from symplrnn.emit.latex.equations import (
    System,
    aligned,
    equation_lines,
    flow_line,
    is_constant,
    is_plain,
    jump_line,
    right_side,
    with_inequalities,
)
from symplrnn.emit.latex.layout import (
    align,
    by_rows,
    column_parts,
    fits,
    line_width,
    related,
    side_by_side,
    value_lines,
    width,
)
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.offset import decimal_offsets
from symplrnn.emit.latex.readable import DEFAULT_DIGITS, is_readable_logarithm
from symplrnn.emit.latex.words import Remark, collected, continuity_sentence, paragraph, reasons
from symplrnn.errors import ShapeError
from symplrnn.logarithm.digits import Digits
from symplrnn.progress import counted
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE

__all__ = ["few_patterns", "network_system", "numbers_of", "region_system", "region_values"]

MAX_EXACT_PARTS = 2


def region_system(ode: RegionODE, symbols: Notation, digits: int | None) -> str:
    """Return the system of one region of numbers: the equations, the values of their matrices, and the words."""
    named, definitions = region_values(ode, symbols, digits)
    numbers = numbers_of(ode)
    equations, words = equation_lines(ode, symbols), paragraph(Remark(ode, reasons(numbers)), symbols)
    values = ", \\quad\n".join(related(name, text) for name, text in named)
    if len(equations) == 1 and not definitions and width(equations[0]) + width(values) <= line_width():
        joint = f"{equations[0]}, \\qquad\n{values}" if values else equations[0]
        return f"\\begin{{equation*}}\n{joint}\n\\end{{equation*}}{words}"
    return align([*aligned(equations), *value_lines(named), *definitions]) + words


# Values


def numbers_of(ode: RegionODE) -> RegionODE:
    """Return the system of numbers, with inputs in the place of letters, for a region with letters in h, b and C alone."""
    return ode if ode.by_columns is None else ode.by_columns[0]


def region_values(ode: RegionODE, symbols: Notation, digits: int | None) -> tuple[list[tuple[str, str]], list[str]]:
    """Return (name, LaTeX) for the jump's J and j and for X, y and Y, and the definitions that they use."""
    named, numbers, label = _jump_values(ode, symbols, digits), numbers_of(ode), ode.region.pattern
    if is_constant(numbers):
        return named, []
    cut = ode.n if ode.extra else None
    names = [symbols.name(t, label) for t in symbols.flow(1)]
    if digits is None and (is_readable_logarithm(numbers.real_logarithm) or not ode.dt.is_Rational):
        own = replace(symbols, weight=symbols.name(symbols.weight, label), root=symbols.name(symbols.root, label))
        total, definitions = named_closed_form(numbers, own)
        size = ode.dimension
        right = total[:size, size:] if ode.by_columns is None else total[:size, size + 1 :] * ode.by_columns[1]
        blocks = [total[:size, :size], right[:, :1], right[:, 1:]]
        exact = [by_rows([number_latex(x) for x in block], block.cols) for block in blocks]
        shown = [column_parts(name, table, cut) for name, table in zip(names, exact, strict=True)]
        # Where exact entries fill more lines than that, decimals are the better reading.
        short = all(len(parts) <= MAX_EXACT_PARTS for parts in shown) and all(fits(*pair) for parts in shown for pair in parts)
        if short or not ode.dt.is_Rational:  # decimals need a number for dt
            return named + [pair for parts in shown for pair in parts], definitions
    tables = _decimal_tables(ode, digits or DEFAULT_DIGITS)
    return named + [pair for name, table in zip(names, tables, strict=True) for pair in column_parts(name, table, cut)], []


def _decimal_tables(ode: RegionODE, digits: int) -> list[list[list[str]]]:
    """Return X, y and Y in certified decimals."""
    certified: Digits = numbers_of(ode).digits(digits)
    matrix = [[rounded_latex(x) for x in row] for row in certified.matrix]
    return [matrix, *decimal_offsets(certified, ode)]


def _jump_values(system: System, symbols: Notation, digits: int | None) -> list[tuple[str, str]]:
    """Return (name, LaTeX) for the matrix, the offset and the input matrix of the jump."""
    jump, named = system.jump_map, list[tuple[str, str]]()
    if jump is None:
        return named
    for template, values in zip(symbols.jumps(1), (jump.matrix, jump.offset, jump.input_matrix), strict=True):
        if values.cols:
            rows = by_rows(entry_texts(values, digits), values.cols)
            named += column_parts(symbols.name(template, system.region.pattern), rows)
    return named


# Networks


def network_system(ode: NetworkODE, symbols: Notation, digits: int | None) -> str:
    """Return the piecewise system as cases, then the matrices of each region, then the words."""
    symbols = symbols.apart({*ode.network.parameters, *ode.dt.free_symbols})
    found: dict[str, RegionODE] = {pattern: ode[pattern] for pattern in few_patterns(ode)}
    lines: list[str] = []
    remarks: list[Remark] = []
    printed: list[RegionODE] = []
    for region_ode in counted(found.values(), "regions", len(found)):
        name = f"${symbols.name(symbols.region, region_ode.region.pattern)}$"
        same = next((other for other in printed if other.region.affine.equals(region_ode.region.affine)), None)
        if same is None:
            named, definitions = region_values(region_ode, symbols, digits)
            lines += value_lines(named) + definitions
            printed.append(region_ode)
        else:
            pairs = zip(_names(region_ode, symbols), _names(same, symbols), strict=True)
            lines += side_by_side([(new, [old]) for new, old in pairs], line_width())
        remarks.append(Remark(region_ode, reasons(numbers_of(region_ode)), name))
    parts = [_cases(ode, found, symbols, digits), *([align(lines)] if lines else [])]
    return "\n".join([*parts, *collected(remarks, symbols, ode.dt, continuity_sentence(ode, symbols))])


def _names(ode: RegionODE, symbols: Notation) -> list[str]:
    """Return the names of the matrices of a region: of its jump, if there is one, and of its differential equation."""
    m = ode.region.network.m
    templates = [*(symbols.jumps(m) if ode.jump_map is not None else ()), *(() if is_constant(ode) else symbols.flow(m))]
    return [symbols.name(t, ode.region.pattern) for t in templates]


def _cases(ode: NetworkODE, found: dict[str, RegionODE], symbols: Notation, digits: int | None) -> str:
    x = symbols.continuous_state
    plain = all(map(is_plain, found.values()))
    left = [_row(region_ode, symbols, plain) for region_ode in found.values()]
    where = [inequalities(ode.network.region(pattern), x, digits) for pattern in found]
    if plain and len(found) == 1:
        return with_inequalities(rf"\dot{{{x}}} = {left[0].removesuffix(',')}", where[0])
    named = max(map(width, left)) + max(map(width, where)) > line_width() - 40
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
    flow = flow_line(ode, symbols, column=False) + ","
    if ode.jump_map is None:
        return flow
    return f"{jump_line(ode, symbols)} " + r"\text{ first, then} & \\" + f"\n{flow}"


def few_patterns(ode: NetworkODE) -> list[str]:
    """Return the patterns of a network ODE that fit a page; refuse more."""
    patterns = list(itertools.islice(ode, limits.PIECEWISE_ROWS + 1))
    if len(patterns) > limits.PIECEWISE_ROWS:
        raise ShapeError(
            f"latex: the ODE has more than {limits.PIECEWISE_ROWS} regions; derive it with fewer, "
            'by patterns or regions="visited"'
        )
    return patterns
