r"""LaTeX of the continuous-time system of a region, of every kind, and of the piecewise system of a network.

A real ODE is d zeta/dt = X zeta + y; a lifted one is for (zeta, u), with lines in the matrix between the two; an impulsive one
begins with zeta <- J zeta + j at each grid time. What is not seen from the equations follows in words.

Reference: THEORY section 3, E2 to E7.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from symplrnn.derivation import NetworkODE
from symplrnn.emit.closed_latex import named_closed_form
from symplrnn.emit.entries import decimal_latex, entry_texts, inequalities, number_latex
from symplrnn.emit.layout import LINE, align, by_rows, column_parts, fits, value_lines, width
from symplrnn.emit.notation import Notation
from symplrnn.emit.parametric_latex import parametric_block
from symplrnn.emit.readable import DEFAULT_DIGITS, is_readable_logarithm
from symplrnn.emit.words_latex import reasons, state_sentence
from symplrnn.errors import NoPrincipalLogarithm, NoRealODE, ShapeError
from symplrnn.exact.numbers import to_sympy_matrix
from symplrnn.ode import Digits, RegionODE
from symplrnn.parametric import ParametricRegionODE

__all__ = ["network_system", "region_system"]

MAX_ROWS = 40
MAX_EXACT_PARTS = 2
AnyODE = RegionODE | ParametricRegionODE
Rows = list[list[str]]


def region_system(ode: AnyODE, symbols: Notation, digits: int | None) -> str:
    """Return the system of one region: the equations, the values of their matrices, and the words."""
    named, definitions = _values(ode, symbols, digits)
    equations, words = _equations(ode, symbols), _words(ode, symbols)
    values = ", \\quad\n".join(f"{name} = {text}" for name, text in named)
    if len(equations) == 1 and not definitions and width(equations[0]) + width(values) <= LINE:
        joint = f"{equations[0]}, \\qquad\n{values}" if values else equations[0]
        return f"\\begin{{equation*}}\n{joint}\n\\end{{equation*}}{words}"
    lines = [text.replace(mark, f" &{mark[1:]}", 1) for text, mark in zip(equations, _marks(equations), strict=True)]
    return align([*lines, *value_lines(named), *definitions]) + words


def _marks(equations: Sequence[str]) -> list[str]:
    """Return the relation sign of each equation."""
    return [r" \leftarrow " if r"\leftarrow" in text else " = " for text in equations]


def _words(ode: AnyODE, symbols: Notation) -> str:
    """Return the paragraph after the equations, if there is something to say."""
    if not isinstance(ode, RegionODE):
        return ""
    sentences = [text for text in (state_sentence(ode, symbols), *reasons(ode)) if text]
    return "\n\\noindent " + "\n".join(sentences) if sentences else ""


# Equations


def _is_constant(ode: AnyODE) -> bool:
    """Whether nothing is left to flow after the jump."""
    return isinstance(ode, RegionODE) and ode.fitting is not None and ode.fitting.flow == ode.fitting.flow**0


def _right_side(ode: AnyODE, symbols: Notation, state: str) -> str:
    name, m = ode.region.pattern, ode.region.network.m
    X, y, Y = (symbols.name(t, name) for t in _templates(symbols))
    return f"{X}\\, {state} + {y}" + (f" + {Y}\\, {symbols.input}" if m else "")


def _templates(symbols: Notation) -> tuple[str, str, str]:
    return symbols.continuous_matrix, symbols.continuous_offset, symbols.continuous_input_matrix


def _time(ode: AnyODE | NetworkODE) -> str:
    """Return the length of a step, for running text."""
    return number_latex(ode.dt).replace(r"\frac", r"\tfrac")


def _jump_line(ode: RegionODE, symbols: Notation) -> str:
    x, name = symbols.continuous_state, ode.region.pattern
    J, j, K = (symbols.name(t, name) for t in (symbols.jump, symbols.jump_offset, symbols.jump_input_matrix))
    drive = f" + {K}\\, {symbols.input}" if ode.region.network.m else ""
    return rf"{x} \leftarrow {J}\, {x} + {j}{drive}"


def _flow_line(ode: AnyODE, symbols: Notation, column: bool) -> str:
    """Return the differential equation; (zeta, u) as a column or as a row."""
    x, u = symbols.continuous_state, symbols.extra_state
    if _is_constant(ode):
        return rf"\dot{{{x}}} = 0"
    if not isinstance(ode, RegionODE) or not ode.extra:
        return rf"\dot{{{x}}} = {_right_side(ode, symbols, x)}"
    if column:
        both = rf"\begin{{pmatrix}} {x} \\ {u} \end{{pmatrix}}"
        return rf"\frac{{d}}{{dt}} {both} = {_right_side(ode, symbols, both)}"
    return rf"(\dot{{{x}}}, \dot{{{u}}}) = {_right_side(ode, symbols, f'({x}, {u})')}"


def _equations(ode: AnyODE, symbols: Notation) -> list[str]:
    """Return the jump, if there is one, and the differential equation."""
    flow = _flow_line(ode, symbols, column=True)
    if not isinstance(ode, RegionODE) or ode.jump is None:
        return [flow]
    jump = rf"{_jump_line(ode, symbols)} \quad \text{{first, at each grid time,}}"
    return [jump, rf"{flow} \quad \text{{then, for a step of length ${_time(ode)}$}}"]


# Values


def _values(ode: AnyODE, symbols: Notation, digits: int | None) -> tuple[list[tuple[str, str]], list[str]]:
    """Return (name, LaTeX) for the jump's J and j and for X, y and Y, and the definitions that they use."""
    pattern = ode.region.pattern
    named = _jump_values(ode, symbols, digits) if isinstance(ode, RegionODE) else []
    if _is_constant(ode):
        return named, []
    cut = ode.n if isinstance(ode, RegionODE) and ode.extra else None
    names = [symbols.name(t, pattern) for t in _templates(symbols)]
    if isinstance(ode, RegionODE) and digits is None and is_readable_logarithm(ode.real_logarithm):
        total, definitions = named_closed_form(ode, symbols)
        size = ode.dimension
        blocks = [total[:size, :size], total[:size, size : size + 1], total[:size, size + 1 :]]
        tables = [by_rows([number_latex(x) for x in block], block.cols) for block in blocks]
        shown = [column_parts(name, table, cut) for name, table in zip(names, tables, strict=True)]
        # Where exact entries fill more lines than that, decimals are the better reading.
        if all(len(parts) <= MAX_EXACT_PARTS for parts in shown) and all(fits(*pair) for parts in shown for pair in parts):
            return named + [pair for parts in shown for pair in parts], definitions
    certified: Digits = ode.digits(digits or DEFAULT_DIGITS)
    columns = [certified.matrix, tuple((x,) for x in certified.offset), certified.input_matrix]
    decimals = [[[decimal_latex(x) for x in row] for row in table] for table in columns]
    return named + [pair for name, table in zip(names, decimals, strict=True) for pair in column_parts(name, table, cut)], []


def _jump_values(ode: RegionODE, symbols: Notation, digits: int | None) -> list[tuple[str, str]]:
    """Return (name, LaTeX) for the matrix, the offset and the input matrix of the jump."""
    jump, named = ode.jump_map, list[tuple[str, str]]()
    if jump is None:
        return named
    templates = (symbols.jump, symbols.jump_offset, symbols.jump_input_matrix)
    for template, matrix in zip(templates, (jump.M, jump.c, jump.C), strict=True):
        values = to_sympy_matrix(matrix)
        if values.cols:
            named += column_parts(symbols.name(template, ode.region.pattern), by_rows(entry_texts(values, digits), values.cols))
    return named


# Networks


def network_system(ode: NetworkODE, symbols: Notation, digits: int | None, cse: bool) -> str:
    """Return the piecewise system as cases, then the matrices of each region, then the words."""
    found = {pattern: _derived(ode, pattern) for pattern in _few_patterns(ode)}
    lines: list[str] = []
    blocks: list[str] = []
    printed: list[ParametricRegionODE] = []
    for region_ode in found.values():
        if isinstance(region_ode, ParametricRegionODE) and digits is None:
            blocks.append(_parametric_values(region_ode, printed, symbols, cse))
        elif isinstance(region_ode, AnyODE):
            named, definitions = _values(region_ode, symbols, digits)
            lines += value_lines(named) + definitions
    parts = [_cases(ode, found, symbols, digits), *([align(lines)] if lines else []), *blocks]
    return "\n".join([*parts, *_network_words(ode, found, symbols)])


def _derived(ode: NetworkODE, pattern: str) -> AnyODE | str:
    """Return the system of a region, or why it has none with letters."""
    try:
        return ode[pattern]
    except NoPrincipalLogarithm:
        return "no principal real ODE: negative eigenvalues in paired Jordan blocks"
    except NoRealODE as reason:
        return "no real ODE: singular" if reason.hypothesis == "invertible" else "no real ODE: unpaired negative eigenvalue"


def _is_plain(ode: AnyODE | str) -> bool:
    """Whether a row of the cases is d zeta/dt = X zeta + y."""
    return not isinstance(ode, RegionODE) or ode.kind == "real"


def _cases(ode: NetworkODE, found: dict[str, AnyODE | str], symbols: Notation, digits: int | None) -> str:
    x = symbols.continuous_state
    plain = all(map(_is_plain, found.values()))
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


def _row(ode: AnyODE | str, symbols: Notation, plain: bool) -> str:
    """Return a row of the cases: the right side alone if all rows have one left side, else the equations."""
    if isinstance(ode, str):
        return rf"\text{{{ode}}},"
    if plain:
        return _right_side(ode, symbols, symbols.continuous_state) + ","
    flow = _flow_line(ode, symbols, column=False) + ","
    if not isinstance(ode, RegionODE) or ode.jump is None:
        return flow
    return f"{_jump_line(ode, symbols)} " + r"\text{ first, then} & \\" + f"\n{flow}"


def _parametric_values(ode: ParametricRegionODE, printed: list[ParametricRegionODE], symbols: Notation, cse: bool) -> str:
    """Return the cases of a region with letters; of a map that was printed in another region, only the equality of names."""
    same = next((other for other in printed if other.region.affine.equals(ode.region.affine)), None)
    if same is None:
        printed.append(ode)
        return parametric_block(ode, symbols, cse)
    templates = _templates(symbols)[: 3 if ode.region.network.m else 2]
    pairs = [[symbols.name(t, each.region.pattern) for each in (ode, same)] for t in templates]
    return "\\begin{equation*}\n" + r",\quad ".join(f"{new} = {old}" for new, old in pairs) + "\n\\end{equation*}"


def _network_words(ode: NetworkODE, found: dict[str, AnyODE | str], symbols: Notation) -> list[str]:
    """Return the paragraph about grid times, extra coordinates and jumps, and the reasons region by region."""
    special = [each for each in found.values() if isinstance(each, RegionODE) and (each.kind != "real" or not each.is_principal)]
    x, u = symbols.continuous_state, symbols.extra_state
    general = []
    if any(each.kind != "real" for each in special):
        general.append(
            rf"The region is that of ${x}$ at each grid time, and is held for the step of length "
            f"${_time(ode)}$ that begins there; ${x}$ is then the network's state at every grid time."
        )
    if extra := {each.extra for each in special if each.extra}:
        count = "one extra coordinate" if extra == {1} else f"{'up to ' * (len(extra) > 1)}{max(extra)} extra coordinates"
        general.append(f"Where it appears, ${u}$ stands for {count}, and ${u} = 0$ at each grid time, before and after a step.")
    by_reason: dict[str, list[str]] = {}
    for each in special:
        by_reason.setdefault(" ".join(reasons(each)), []).append(f"${symbols.name(symbols.region, each.region.pattern)}$")
    general += [f"In {', '.join(regions)}: {text[0].lower()}{text[1:]}" for text, regions in by_reason.items()]
    return ["\\noindent " + "\n".join(general)] if general else []


def _few_patterns(ode: NetworkODE) -> list[str]:
    """Return the patterns of a network ODE that fit a page; refuse more."""
    patterns = list(itertools.islice(ode, MAX_ROWS + 1))
    if len(patterns) > MAX_ROWS:
        raise ShapeError(
            f'latex: the ODE has more than {MAX_ROWS} regions; derive it with fewer, by patterns or regions="visited"'
        )
    return patterns
