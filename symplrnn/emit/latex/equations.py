r"""The equations of a system in continuous time in LaTeX: the jump, if there is one, and the differential equation.

A real ODE is d zeta/dt = X zeta + y; a lifted one is for (zeta, u); an impulsive one begins with zeta <- J zeta + j at each grid
time.

Reference: docs/theory, section 3, E2 to E6.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symplrnn.emit.latex.entries import number_latex
from symplrnn.emit.latex.expressions import formula_latex
from symplrnn.emit.latex.layout import fill, line_width, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.network.region import Region
from symplrnn.systems.case_ode import CaseODE
from symplrnn.systems.region_ode import RegionODE

__all__ = [
    "System",
    "aligned",
    "equation_lines",
    "flow_line",
    "is_constant",
    "is_plain",
    "jump_line",
    "over_dt",
    "plain_equation",
    "right_side",
    "step_length",
    "with_inequalities",
]

System = RegionODE | CaseODE
SEPARATOR = r",\ "


def is_constant(system: System) -> bool:
    """Return whether nothing is left to flow after the jump.

    >>> from symplrnn.network import PLRNN
    >>> is_constant(RegionODE(PLRNN([0], [[0]], [1]).region("1"), sp.Integer(1)))
    True
    """
    if isinstance(system, RegionODE):
        if system.by_columns is not None:
            return is_constant(system.by_columns[0])
        return system.fitting is not None and system.fitting.flow == system.fitting.flow**0
    return system.jump_map is not None and bool(system.named.matrix.is_zero_matrix)


def is_plain(system: System) -> bool:
    """Return whether the system is d zeta/dt = X zeta + y, without extra coordinates and jumps."""
    return not system.extra and system.jump_map is None


def step_length(dt: sp.Expr) -> str:
    r"""Return the length of a step, for running text.

    >>> print(step_length(sp.Rational(1, 10)))
    \tfrac{1}{10}
    """
    return number_latex(dt).replace(r"\frac", r"\tfrac")


def over_dt(dt: sp.Expr, terms: Sequence[str]) -> list[str]:
    r"""Return the terms of a sum in LaTeX divided by the length of a step.

    >>> print(*over_dt(sp.Rational(1, 10), ["a", "+ b"]))
    10 \Bigl(a + b\Bigr)
    """
    found = list(terms)
    if dt != 1:
        found[0] = rf"{formula_latex(1 / dt)} \Bigl({found[0]}"
        found[-1] += r"\Bigr)"
    return found


def right_side(region: Region, symbols: Notation, state: str) -> str:
    """Return X x + y + Y s for a state x."""
    name, m = region.pattern, region.network.m
    X, y, Y = (symbols.name(t, name) for t in symbols.flow(1))
    return f"{X}\\, {state} + {y}" + (f" + {Y}\\, {symbols.input}" if m else "")


def plain_equation(region: Region, symbols: Notation) -> str:
    """Return the differential equation of a region without extra coordinates."""
    x = symbols.continuous_state
    return rf"\dot{{{x}}} = {right_side(region, symbols, x)}"


def with_inequalities(equation: str, inequalities: str) -> str:
    """Return a differential equation and where it holds as a display, on several lines if they are wide."""
    if width(equation) + width(inequalities) < line_width() - 40:
        return f"\\begin{{equation*}}\n{equation}, \\qquad {inequalities}\n\\end{{equation*}}"
    pieces = inequalities.split(SEPARATOR)
    lines = fill([f"{x}{SEPARATOR}" for x in pieces[:-1]] + pieces[-1:], line_width())
    body = ",\\\\\n".join([equation, "\\\\\n".join(lines)])
    return f"\\begin{{gather*}}\n{body}\n\\end{{gather*}}"


def jump_line(system: System, symbols: Notation) -> str:
    """Return the jump at each grid time."""
    x, name = symbols.continuous_state, system.region.pattern
    J, j, K = (symbols.name(t, name) for t in symbols.jumps(1))
    drive = f" + {K}\\, {symbols.input}" if system.region.network.m else ""
    return rf"{x} \leftarrow {J}\, {x} + {j}{drive}"


def flow_line(system: System, symbols: Notation, column: bool) -> str:
    """Return the differential equation; (zeta, u) as a column or as a row."""
    x, u = symbols.continuous_state, symbols.extra_state
    if is_constant(system):
        return rf"\dot{{{x}}} = 0"
    if not system.extra:
        return plain_equation(system.region, symbols)
    if column:
        both = rf"\begin{{pmatrix}} {x} \\ {u} \end{{pmatrix}}"
        return rf"\frac{{d}}{{dt}} {both} = {right_side(system.region, symbols, both)}"
    return rf"(\dot{{{x}}}, \dot{{{u}}}) = {right_side(system.region, symbols, f'({x}, {u})')}"


def equation_lines(system: System, symbols: Notation) -> list[str]:
    r"""Return the jump, if there is one, and the differential equation.

    >>> from symplrnn.network import PLRNN
    >>> print(*equation_lines(RegionODE(PLRNN(["1/2"], [[0]], [1]).region("1"), sp.Integer(1)), Notation()))
    \dot{\zeta} = \widetilde{W}_{\Omega_{1}}\, \zeta + \tilde{h}_{\Omega_{1}}
    """
    flow = flow_line(system, symbols, column=True)
    if system.jump_map is None:
        return [flow]
    jump = rf"{jump_line(system, symbols)} \quad \text{{first, at each grid time,}}"
    return [jump, rf"{flow} \quad \text{{then, for a step of length ${step_length(system.dt)}$}}"]


def aligned(equations: Sequence[str]) -> list[str]:
    """Return equations with a mark of alignment at their relation sign."""
    marks = [r"\leftarrow " if r"\leftarrow" in text else "= " for text in equations]
    return [text.replace(f" {mark}", f" &{mark}", 1) for text, mark in zip(equations, marks, strict=True)]
