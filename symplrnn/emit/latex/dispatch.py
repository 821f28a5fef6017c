r"""LaTeX of networks, regions, verdicts and ODEs, to paste into a paper that loads amsmath.

The default notation is that of the 2020 paper: z and W_Omega for the discrete map, zeta and a tilde for continuous time.
Entries are exact where they are short enough to read, else certified decimals; `digits` overrides the choice. Sums over the
roots of factors of degree 3 and more are printed once, as weights omega. The systems of regions and networks are in
`symplrnn.emit.latex.systems`.

Reference: Z. Monfared, D. Durstewitz, ICML 2020, for the notation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from symplrnn import views
from symplrnn.eigenvalues.fixed_points import FixedPointFacts
from symplrnn.emit.latex.cases import beyond_region, case_system, unlisted_region
from symplrnn.emit.latex.entries import diagonal_latex, entries_latex, entry_texts, inequalities
from symplrnn.emit.latex.expressions import if_short
from symplrnn.emit.latex.layout import COLUMN, LINE, align, by_rows, column_parts, lines_of, value_lines
from symplrnn.emit.latex.network_page import network_page
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.region_page import region_page
from symplrnn.emit.latex.reports import fixed_point_latex, parametric_report
from symplrnn.emit.latex.systems import network_system, region_system
from symplrnn.emit.latex.verdicts import verdict_table
from symplrnn.errors import EntryError
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region
from symplrnn.systems.case_ode import CaseODE
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.check import CheckReport

__all__ = ["document", "has_page", "latex"]

PAPER = Notation()
NARROW = 150


def latex(
    value: Any,
    *,
    notation: Notation | None = None,
    digits: int | None = None,
    cse: bool = True,
    standalone: bool = False,
    columns: int = 1,
    width: float | None = None,
) -> str:
    r"""Return LaTeX for a network, a region, a report, a region ODE or one of its cases, a network ODE or facts of a fixed point.

    Parameters
    ----------
    value : ReLURNN, Region, CheckReport, RegionODE, CaseODE, NetworkODE or FixedPointFacts
    notation : Notation, optional
        The symbols; those of the 2020 paper if absent.
    digits : int, optional
        Print certified decimals with so many significant digits instead of exact entries, for networks with letters in h and C
        at most; these stay.
    cse : bool
        With letters: whether traces, determinants and discriminants are defined once, by name. Sums over the roots of a
        polynomial have names in any case.
    standalone : bool
        Return a document that compiles as it stands, on pages of its own; otherwise a fragment for a paper that loads amsmath,
        and array and booktabs for tables.
        Long values fill lines of 475pt; ``\allowdisplaybreaks`` lets pages end between them.
    columns : 1 or 2
        Number of columns of the page; lines of two columns are filled to 230pt.
    width : number, optional
        How wide lines are filled, in points; at least 150.

    A system with extra coordinates or a jump, and a real logarithm that is not principal, is followed by a paragraph that says
    what they are and why. A table of verdicts is a table of words, which neither notation nor digits change.

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
    if columns not in (1, 2) or isinstance(columns, bool):
        raise EntryError(f"latex: columns: expected 1 or 2, got {columns!r}")
    if width is not None and not (isinstance(width, int | float) and width >= NARROW):
        raise EntryError(f"latex: width: expected at least {NARROW} points, got {width!r}")
    with lines_of(width or (COLUMN if columns == 2 else LINE)):
        text = views.latex(value, notation or PAPER, digits, cse)
    return document(text, columns=columns) if standalone else text


def _refuse_digits_of_letters(value: Any) -> None:
    """Refuse decimals of what has letters in more than h and C: an exact condition would be false with rounded numbers."""
    owner = value.region if isinstance(value, RegionODE | CaseODE | FixedPointFacts) else value
    network = owner if isinstance(owner, ReLURNN) else getattr(owner, "network", None)
    if isinstance(network, ReLURNN):
        times = {value.dt} if isinstance(value, CaseODE | RegionODE | NetworkODE) else set()
        parts = (network.A, network.W, network.V, network.b, *times)
        letters = {s for part in parts for s in part.free_symbols}
        if letters:
            names = ", ".join(sorted(map(str, letters)))
            raise EntryError(
                f"latex: digits: there are the letters {names}; give them numbers first, by subs, or leave digits out"
            )


@views.latex.register(CheckReport)
def _report(report: CheckReport, symbols: Notation = PAPER, digits: int | None = None, cse: bool = True) -> str:
    return parametric_report(report, symbols) if report.network.parameters else verdict_table(report)


def has_page(ode: NetworkODE) -> bool:
    """Return whether the ODE of a network is printed as a page that stands alone: with letters in A, W or V.

    Letters in h, b and C alone are inputs of a network of rational numbers; of other numbers there is a page, too.
    """
    network = ode.network
    if any(part.free_symbols for part in (network.A, network.W, network.V)):
        return True
    first = next((ode[pattern] for pattern in ode), None)
    return first is not None and first.has_parameters and first.by_columns is None


@views.latex.register(NetworkODE)
def _network_ode(ode: NetworkODE, symbols: Notation, digits: int | None, cse: bool) -> str:
    return network_page(ode, symbols, cse) if has_page(ode) else network_system(ode, symbols, digits)


@views.latex.register(RegionODE)
def _system(ode: RegionODE, symbols: Notation, digits: int | None, cse: bool) -> str:
    if not ode.has_parameters or ode.by_columns is not None:
        return region_system(ode, symbols, digits)
    where = inequalities(ode.region, symbols.continuous_state, None)
    if ode.has_formula:
        return region_page(ode, symbols, where)
    found = if_short(lambda: beyond_region(ode, symbols, where, cse)) if ode.shown else None
    return unlisted_region(ode, symbols, where) if found is None else found


@views.latex.register(CaseODE)
def _case(case: CaseODE, symbols: Notation, digits: int | None, cse: bool) -> str:
    return case_system(case, symbols, inequalities(case.region, symbols.continuous_state, None), cse)


@views.latex.register(FixedPointFacts)
def _fixed_point(facts: FixedPointFacts, symbols: Notation, digits: int | None, cse: bool) -> str:
    shown = None if digits is None or facts.fixed_point is None else entries_latex(facts.fixed_point, digits)
    return fixed_point_latex(facts, symbols, shown)


def document(*fragments: str, columns: int = 1) -> str:
    """Return a LaTeX document with the fragments that compiles as it stands."""
    head = [
        r"\documentclass[twocolumn]{article}" if columns == 2 else r"\documentclass{article}",
        r"\usepackage{amsmath,amssymb,array,booktabs,longtable}",
        r"\usepackage[hmargin=2cm,vmargin=1.6cm]{geometry}",
        r"\setcounter{MaxMatrixCols}{60}",
        r"\allowdisplaybreaks",
    ]
    body = "\n\n\\bigskip\n\n".join(fragments)
    return "\n".join([*head, r"\begin{document}", body, r"\end{document}", ""])


# Networks and regions


def _affine_line(left: str, matrix: str, state: str, offset: str, drive: str | None) -> str:
    return f"{left} = {matrix}\\, {state} + {offset}" + (f" + {drive}" if drive else "")


def _parts(values: Sequence[tuple[str, sp.MatrixBase]], digits: int | None) -> list[tuple[str, str]]:
    """Return named matrices in LaTeX, wide ones in blocks of columns."""
    tables = [(name, by_rows(entry_texts(value, digits), value.cols)) for name, value in values if value.cols]
    return [pair for name, rows in tables for pair in column_parts(name, rows)]


@views.latex.register(ReLURNN)
def _network(net: ReLURNN, symbols: Notation, digits: int | None, cse: bool) -> str:
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
    whole = net.n > 1 and net.A.is_diagonal()
    first = [("A", diagonal_latex(net.A, digits))] if whole else _parts(values[:1], digits)
    return align([equation, *value_lines([*first, *_parts(values[1:], digits)])])


@views.latex.register(Region)
def _region(region: Region, symbols: Notation, digits: int | None, cse: bool) -> str:
    z, pattern, net = symbols.state, region.pattern, region.network
    matrix, offset = symbols.name(symbols.matrix, pattern), symbols.name(symbols.offset, pattern)
    drive = f"{symbols.input_matrix}\\, {symbols.input}_t" if net.m else None
    lines = [
        rf"{symbols.name(symbols.region, pattern)} &= \{{ {z} : {inequalities(region, z, digits)} \}}",
        _affine_line(f"{z}_{{t+1}}", matrix, f"{z}_t", offset, drive).replace(" = ", " &= ", 1),
        *value_lines(_parts([(matrix, region.matrix), (offset, region.offset)], digits)),
        *value_lines(_parts([(symbols.input_matrix, region.input_matrix)] if net.m else [], digits)),
    ]
    return align(lines)
