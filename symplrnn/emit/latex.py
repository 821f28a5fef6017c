r"""LaTeX of networks, regions, verdicts and ODEs, to paste into a paper that loads amsmath.

The default notation is that of the 2020 paper: z and W_Omega for the discrete map, zeta and a tilde for continuous time.
Entries are exact where they are short enough to read, else certified decimals; `digits` overrides the choice. Sums over the
roots of factors of degree 3 and more are printed once, as weights omega.

Reference: Z. Monfared, D. Durstewitz, ICML 2020, for the notation.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import sympy as sp

from symplrnn.bifurcation import FixedPointFacts
from symplrnn.checking import CheckReport
from symplrnn.closedform import logarithm_weights, polynomial_in, root_symbol
from symplrnn.derivation import NetworkODE
from symplrnn.emit.entries import decimal_latex, entries_latex, linear_latex, number_latex
from symplrnn.emit.layout import LINE, by_columns, by_rows, pmatrix, width
from symplrnn.emit.notation import Notation
from symplrnn.emit.parametric_latex import parametric_block, parametric_region
from symplrnn.emit.parametric_report import fixed_point_latex, parametric_report
from symplrnn.emit.readable import DEFAULT_DIGITS, is_readable_logarithm
from symplrnn.emit.verdicts import verdict_table
from symplrnn.errors import EntryError, NoPrincipalLogarithm, NoRealODE, ShapeError
from symplrnn.exact.numbers import positive_integer, to_sympy
from symplrnn.logarithm import Logarithm, SpectralTerm
from symplrnn.network import ReLURNN
from symplrnn.ode import Digits, RegionODE
from symplrnn.parametric import ParametricRegionODE
from symplrnn.region import Region

__all__ = ["document", "latex"]

MAX_ROWS = 40


def latex(
    value: Any,
    *,
    notation: Notation | None = None,
    digits: int | None = None,
    cse: bool = True,
    standalone: bool = False,
) -> str:
    r"""Return LaTeX for a network, a region, a report, a region ODE, a network ODE or the facts of a fixed point.

    Parameters
    ----------
    value : ReLURNN, Region, CheckReport, RegionODE, ParametricRegionODE, NetworkODE or FixedPointFacts
    notation : Notation, optional
        The symbols; those of the 2020 paper if absent.
    digits : int, optional
        Print certified decimals with so many significant digits instead of exact entries, for networks of numbers.
    cse : bool
        With letters: whether traces, determinants and discriminants are defined once, by name. Sums over the roots of a
        polynomial have names in any case.
    standalone : bool
        Return a document that compiles as it stands, on pages of its own; otherwise a fragment for a paper that loads amsmath.
        Long values fill lines of 475pt; ``\allowdisplaybreaks`` lets pages end between them.

    A table of verdicts is a table of words, which neither notation nor digits change.

    Raises
    ------
    EntryError
        For an argument that is none of these, and for digits with letters.
    ShapeError
        For a value of another type.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.derivation import derive
    >>> print(latex(derive(PLRNN(["1/2"], [[0]], [1]).region("1"), dt=1)))
    \begin{equation*}
    \dot{\zeta} = \widetilde{W}_{\Omega_{1}}\, \zeta + \tilde{h}_{\Omega_{1}}, \qquad
    \widetilde{W}_{\Omega_{1}} = \begin{pmatrix} - \log 2 \end{pmatrix}, \quad
    \tilde{h}_{\Omega_{1}} = \begin{pmatrix} 2 \log 2 \end{pmatrix}
    \end{equation*}
    """
    if not isinstance(notation, Notation | None):
        raise EntryError(f'latex: notation: expected a Notation such as Notation(continuous_state="x"), got {notation!r}')
    for name, flag in (("cse", cse), ("standalone", standalone)):
        if not isinstance(flag, bool):
            raise EntryError(f"latex: {name}: expected True or False, got {flag!r}")
    if digits is not None:
        positive_integer(digits, "latex: digits")
        _refuse_digits_of_letters(value)
    text = _fragment(value, notation or Notation(), digits, cse)
    return document(text) if standalone else text


def _refuse_digits_of_letters(value: Any) -> None:
    """Refuse decimals of what has letters: rounded coefficients in an exact condition would make it false."""
    owner = value.region if isinstance(value, RegionODE | ParametricRegionODE | FixedPointFacts) else value
    network = owner if isinstance(owner, ReLURNN) else getattr(owner, "network", None)
    if isinstance(network, ReLURNN):
        times = {value.dt} if isinstance(value, ParametricRegionODE | NetworkODE) else set()
        letters = {*network.field.parameters, *(s for dt in times for s in dt.free_symbols)}
        if letters:
            names = ", ".join(sorted(map(str, letters)))
            raise EntryError(
                f"latex: digits: there are the letters {names}; give them numbers first, by subs, or leave digits out"
            )


def _fragment(value: Any, symbols: Notation, digits: int | None, cse: bool) -> str:
    if isinstance(value, ReLURNN):
        return _network(value, symbols, digits)
    if isinstance(value, Region):
        return _region(value, symbols, digits)
    if isinstance(value, CheckReport):
        return verdict_table(value) if value.network.is_rational else parametric_report(value, symbols)
    if isinstance(value, NetworkODE):
        return _network_ode(value, symbols, digits, cse)
    if isinstance(value, ParametricRegionODE) and digits is None:
        return parametric_region(value, symbols, _inequalities(value.region, symbols.continuous_state, None), cse)
    if isinstance(value, RegionODE | ParametricRegionODE):
        return _region_ode(value, symbols, digits)
    if isinstance(value, FixedPointFacts):
        shown = None if digits is None or value.fixed_point is None else entries_latex(value.fixed_point, digits)
        return fixed_point_latex(value, symbols, shown)
    raise ShapeError(f"latex: a {type(value).__name__} has no LaTeX form; accepted are networks, regions, reports and ODEs")


def document(*fragments: str) -> str:
    """Return a LaTeX document with the fragments that compiles as it stands."""
    head = [
        r"\documentclass{article}",
        r"\usepackage{amsmath,amssymb}",
        r"\usepackage[margin=2cm]{geometry}",
        r"\setcounter{MaxMatrixCols}{60}",
        r"\allowdisplaybreaks",
    ]
    body = "\n\n\\bigskip\n\n".join(fragments)
    return "\n".join([*head, r"\begin{document}", body, r"\end{document}", ""])


# Networks and regions


def _affine_line(left: str, matrix: str, state: str, offset: str, drive: str | None) -> str:
    return f"{left} = {matrix}\\, {state} + {offset}" + (f" + {drive}" if drive else "")


def _network(net: ReLURNN, symbols: Notation, digits: int | None) -> str:
    z, plain = symbols.state, net.rectified_states == tuple(range(net.n))
    drive = f" + {symbols.input_matrix} {symbols.input}_t" if net.m else ""
    inputs = [(symbols.input_matrix, net.C)] if net.m else []
    if not net.p:  # one affine map
        equation = rf"{z}_{{t+1}} &= A {z}_t + h{drive}"
        values = [("A", net.A), ("h", net.h), *inputs]
    else:
        argument = rf"{symbols.relu}({z}_t)" if plain else rf"{symbols.relu}(V {z}_t + b)"
        equation = rf"{z}_{{t+1}} &= A {z}_t + W {argument} + h{drive}, \qquad {symbols.relu}(x) = \max(0, x)"
        values = [("A", net.A), ("W", net.W), ("h", net.h), *([] if plain else [("V", net.V), ("b", net.b)]), *inputs]
    return _align([equation, *_value_lines([(name, entries_latex(value, digits)) for name, value in values])])


def _align(lines: Sequence[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def _inequalities(region: Region, state: str, digits: int | None) -> str:
    """Return the inequalities of a region, in the components of a state symbol."""
    if not region.pattern:
        return f"{state} \\in \\mathbb{{R}}^{{{region.network.n}}}"
    net = region.network
    parts = [
        f"{linear_latex(net.V.row(i), net.b[i], state, digits)} {'>' if active == '1' else chr(92) + 'le'} 0"
        for i, active in enumerate(region.pattern)
    ]
    return r",\ ".join(parts)


def _region(region: Region, symbols: Notation, digits: int | None) -> str:
    z, pattern, net = symbols.state, region.pattern, region.network
    matrix, offset = symbols.name(symbols.matrix, pattern), symbols.name(symbols.offset, pattern)
    drive = f"{symbols.input_matrix}\\, {symbols.input}_t" if net.m else None
    lines = [
        rf"{symbols.name(symbols.region, pattern)} &= \{{ {z} : {_inequalities(region, z, digits)} \}}",
        _affine_line(f"{z}_{{t+1}}", matrix, f"{z}_t", offset, drive).replace(" = ", " &= ", 1),
    ]
    lines += _value_lines([(matrix, entries_latex(region.matrix, digits)), (offset, entries_latex(region.offset, digits))])
    lines += [f"{symbols.input_matrix} &= {entries_latex(region.input_matrix, digits)}"] if net.m else []
    return _align(lines)


# ODEs


def _named_closed_form(log: Logarithm, symbols: Notation, pattern: str) -> tuple[sp.Matrix, list[str]]:
    """Return the logarithm with weights of factors of degree >= 3 as symbols, and the definitions of those symbols."""
    size = log.matrix.nrows()
    total = sp.Matrix(size, size, [to_sympy(x) for x in log.rational_part.entries()])
    definitions = []
    for i, term in enumerate(log.terms, 1):
        if term.degree < 3:
            weights = logarithm_weights(term)
        else:
            label = f"{symbols.name(symbols.weight, pattern)}_{{{i},<k>}}"
            weights = [sp.Symbol(label.replace("<k>", str(k))) for k in range(term.degree)]
            definitions.append(_weight_definition(label, term))
        for w, H in zip(weights, term.matrices, strict=True):
            total += w * sp.Matrix(size, size, [to_sympy(x) for x in H.entries()])
    return total, definitions


def _weight_definition(label: str, term: SpectralTerm) -> str:
    p, q = (number_latex(polynomial_in(f, root_symbol).as_expr()) for f in (term.factor, term.denominator))
    total = r"\sum_{p(\lambda) = 0} \frac{\lambda^{k} \log \lambda}{q(\lambda)}"
    return rf"{label.replace('<k>', 'k')} = {total}, \quad p(\lambda) = {p}, \quad q(\lambda) = {q}"


def _matrices(
    ode: RegionODE | ParametricRegionODE, symbols: Notation, digits: int | None
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return (name, LaTeX) for X, y and Y, and the definitions that they use."""
    n, m, pattern = ode.n, ode.region.network.m, ode.region.pattern
    names = [symbols.continuous_matrix, symbols.continuous_offset, symbols.continuous_input_matrix][: 3 if m else 2]
    definitions: list[str] = []
    if isinstance(ode, RegionODE) and digits is None and is_readable_logarithm(ode.logarithm):
        total, definitions = _named_closed_form(ode.logarithm, symbols, pattern)
        total = total / ode.dt
        blocks = [total[:n, :n], total[:n, n : n + 1], total[:n, n + 1 :]]
        shown = [pmatrix(by_rows([number_latex(x) for x in block], block.cols)) for block in blocks]
    else:
        certified: Digits = ode.digits(digits or DEFAULT_DIGITS)
        tables = [certified.matrix, tuple((x,) for x in certified.offset), certified.input_matrix]
        shown = [pmatrix([[decimal_latex(x) for x in row] for row in table]) for table in tables]
    return [(symbols.name(name, pattern), text) for name, text in zip(names, shown, strict=False)], definitions


def _region_ode(ode: RegionODE | ParametricRegionODE, symbols: Notation, digits: int | None) -> str:
    named, definitions = _matrices(ode, symbols, digits)
    drive = f"{named[2][0]}\\, {symbols.input}" if len(named) > 2 else None
    x = symbols.continuous_state
    equation = _affine_line(rf"\dot{{{x}}}", named[0][0], x, named[1][0], drive)
    values = ", \\quad\n".join(f"{name} = {text}" for name, text in named)
    if not definitions and width(equation) + width(values) <= LINE:
        return f"\\begin{{equation*}}\n{equation}, \\qquad\n{values}\n\\end{{equation*}}"
    lines = [equation.replace(" = ", " &= ", 1), *_value_lines(named)]
    return _align(lines + [definition.replace(" = ", " &= ", 1) for definition in definitions])


def _value_lines(named: Sequence[tuple[str, str]]) -> list[str]:
    """Return named matrices on lines of an align environment, as many on each as fit."""
    lines: list[str] = []
    for name, text in named:
        beside = rf"{lines[-1]},\quad {name} = {text}" if lines else ""
        if lines and width(beside) <= LINE:
            lines[-1] = beside
        elif width(f"{name} = {text}") <= LINE:
            lines.append(f"{name} &= {text}")
        else:
            lines += _wide_matrix(name, text)
    return lines


def _wide_matrix(name: str, text: str) -> list[str]:
    """Return a matrix that is wider than a line as parts side by side, each on a line of its own."""
    parts = by_columns(text, LINE - width(rf"{name}^{{(1)}} = "))
    names = [rf"{name}^{{({k})}}" for k in range(1, len(parts) + 1)]
    if len(parts) == 1:
        return [f"{name} &= {text}"]
    whole = r"\ \ ".join(names)
    return [rf"{name} &= \bigl({whole}\bigr)", *(f"{part} &= {value}" for part, value in zip(names, parts, strict=True))]


def _network_ode(ode: NetworkODE, symbols: Notation, digits: int | None, cse: bool) -> str:
    """Return the piecewise ODE as cases, then the matrices of each region."""
    x = symbols.continuous_state
    rows, lines, blocks, printed = [], [], [], list[ParametricRegionODE]()
    for pattern in _few_patterns(ode):
        where = _inequalities(ode.network.region(pattern), x, digits)
        try:
            region_ode = ode[pattern]
        except (NoRealODE, NoPrincipalLogarithm) as reason:
            rows.append(rf"\text{{{_short_reason(reason)}}}, & {where}")
            continue
        if isinstance(region_ode, ParametricRegionODE) and digits is None:
            names = [symbols.continuous_matrix, symbols.continuous_offset, symbols.continuous_input_matrix]
            X, y, Y = (symbols.name(name, pattern) for name in names)
            drive = rf" + {Y}\, {symbols.input}" if ode.network.m else ""
            rows.append(rf"{X}\, {x} + {y}{drive}, & {where}")
            same = next((other for other in printed if other.region.affine.equals(region_ode.region.affine)), None)
            if same is None:
                blocks.append(parametric_block(region_ode, symbols, cse))
                printed.append(region_ode)
            else:  # the same map in another region
                first = [symbols.name(name, same.region.pattern) for name in names[: 3 if ode.network.m else 2]]
                equal = r",\quad ".join(f"{new} = {old}" for new, old in zip((X, y, Y), first, strict=False))
                blocks.append(f"\\begin{{equation*}}\n{equal}\n\\end{{equation*}}")
            continue
        named, definitions = _matrices(region_ode, symbols, digits)
        drive = f" + {named[2][0]}\\, {symbols.input}" if len(named) > 2 else ""
        rows.append(f"{named[0][0]}\\, {x} + {named[1][0]}{drive}, & {where}")
        lines += _value_lines(named)
        lines += [definition.replace(" = ", " &= ", 1) for definition in definitions]
    head, tail = f"\\begin{{equation*}}\n\\dot{{{x}}} = \\begin{{cases}}\n", "\n\\end{cases}\n\\end{equation*}"
    cases = head + " \\\\\n".join(rows) + tail
    return "\n".join([cases, *([_align(lines)] if lines else []), *blocks])


def _few_patterns(ode: NetworkODE) -> list[str]:
    """Return the patterns of a network ODE that fit a page; refuse more."""
    patterns = list(itertools.islice(ode, MAX_ROWS + 1))
    if len(patterns) > MAX_ROWS:
        raise ShapeError(
            f'latex: the ODE has more than {MAX_ROWS} regions; derive it with fewer, by patterns or regions="visited"'
        )
    return patterns


def _short_reason(reason: NoRealODE | NoPrincipalLogarithm) -> str:
    if isinstance(reason, NoPrincipalLogarithm):
        return "no principal real ODE: negative eigenvalues in paired Jordan blocks"
    return "no real ODE: singular" if reason.hypothesis == "invertible" else "no real ODE: unpaired negative eigenvalue"
