"""The plane of two parameters: where conditions hold, and the curves that bound them.

Whether a condition holds is certified at each point of a grid (`Formula.grid`). Its boundary lies on the zeros of the polynomials
of its atoms, which are followed on a grid and polished by Newton steps; where an atom is a statement about a polynomial on a ray
(`Signed`), by exact bisection. Such a curve is a boundary where the condition changes with the sign of that polynomial, given
the signs of the others.

Reference: docs/theory, section 5, "Spectral facts".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from flint import fmpq

from symplrnn.conditions.formula import Formula
from symplrnn.conditions.truth import Truth
from symplrnn.dynamics.doubles import Floats, nearest_double
from symplrnn.emit.plot.canvas import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    dress,
    legend_above,
    library,
    new_axes,
)
from symplrnn.errors import EntryError, require_kind
from symplrnn.exact.reading.exponentials import letters_in, spelled
from symplrnn.exact.reading.numbers import rational
from symplrnn.exact.signs import Signed, exact_values, possible_signs, program, sign_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["boundary", "parameter_plane"]

CELLS = 160  # along each axis: of the grid on which conditions are decided
NODES = 241  # along each axis: of the grid on which curves are followed
NODES_OF_SIGNS = 81  # the same for a statement, each of whose signs is found exactly
BISECTIONS = 20
STYLES = [
    (BLUE, "-"),
    (VERMILLION, (0, (5, 1.5))),
    (GREEN, (0, (3, 1, 1, 1))),
    (PURPLE, (0, (1, 1))),
    (ORANGE, (0, (5, 1, 1, 1, 1, 1))),
    (SKY, (0, (8, 2))),
    (BLACK, (0, (2, 2))),
]


def parameter_plane(
    conditions: Formula | Truth | Mapping[str, Formula | Truth],
    x: tuple[Any, Any, Any],
    y: tuple[Any, Any, Any],
    at: Mapping[Any, Any] | None = None,
    ax: Any = None,
) -> Axes:
    """Draw where conditions on parameters hold in the plane of two of them, with their exact boundaries.

    Parameters
    ----------
    conditions : Formula or Truth, or mapping of labels to them
        Such as ``check(net).verdicts["11"].principal``. Each has a colour: areas are shaded where it holds, lines are its
        boundary. An equation, such as that of a border collision, is a line alone.
    x, y : triples (parameter, least value, greatest value)
    at : mapping of parameters to values, optional
        For all other parameters.
    ax : Axes, optional
        A new figure if absent.

    Raises
    ------
    EntryError
        For a condition that is unknown, a parameter without a value, or more conditions than there are colours.

    Examples
    --------
    >>> import symplrnn as sr
    >>> check = sr.check(sr.example("two_units"), ["11"]).verdicts["11"]
    >>> at = {"a1": "1/2", "a2": "1/2"}
    >>> ax = sr.plot.parameter_plane({"E2": check.principal, "stable": check.stable}, ("w12", -2, 2), ("w21", -2, 2), at)
    >>> ax.get_legend_handles_labels()[1]
    ['E2', 'stable']

    Reference: docs/theory, section 5.
    """
    named = conditions if isinstance(conditions, Mapping) else {"": conditions}
    if len(named) > len(STYLES):
        raise EntryError(f"plot.parameter_plane: {len(named)} conditions; accepted are up to {len(STYLES)}")
    axes = [_axis(axis, name) for axis, name in ((x, "x"), (y, "y"))]
    formulas = {label: _formula(condition, label) for label, condition in named.items()}
    drawn: Axes = new_axes(3.1)[0, 0] if ax is None else ax
    (across, left, right), (up, low, high) = axes
    box = nearest_double(left), nearest_double(right), nearest_double(low), nearest_double(high)
    cells = [(name, [a + (b - a) * fmpq(2 * k + 1, 2 * CELLS) for k in range(CELLS)]) for name, a, b in axes]
    for (label, formula), (colour, dashes) in zip(formulas.items(), STYLES, strict=False):
        holds = formula.grid(cells[0], cells[1], at) if not formula.is_constant else np.full((CELLS, CELLS), formula.is_true)
        holds = np.broadcast_to(holds, (CELLS, CELLS))
        shade = np.zeros((CELLS, CELLS, 4))
        shade[..., :3], shade[..., 3] = library("matplotlib.colors").to_rgb(colour), np.where(holds, 0.2, 0.0)
        drawn.imshow(shade, origin="lower", extent=box, aspect="auto", interpolation="nearest", label="_", zorder=0)
        curves = boundary(formula, across, up, np.array(box).reshape(2, 2), at or {})
        points = [part for curve in curves for part in (curve, np.full((1, 2), np.nan))]
        line = np.concatenate(points) if points else np.full((1, 2), np.nan)
        drawn.plot(*line.T, color=colour, linestyle=dashes, linewidth=1.2, label=label or "_", zorder=2)
    drawn.set(xlim=box[:2], ylim=box[2:])
    dress(drawn, _symbol(across), _symbol(up))
    return legend_above(drawn)


def _axis(axis: Any, name: str) -> tuple[str, fmpq, fmpq]:
    if not (isinstance(axis, tuple | list) and len(axis) == 3 and isinstance(axis[0], str | sp.Symbol)):
        raise EntryError(f"plot.parameter_plane: {name}: expected (parameter, least value, greatest value), got {axis!r}")
    low, high = (rational(end, f"plot.parameter_plane: {name}") for end in axis[1:])
    if not low < high:
        raise EntryError(f"plot.parameter_plane: {name}: the least value has to be less than the greatest, got {axis!r}")
    return str(axis[0]), low, high


def _formula(condition: Formula | Truth, label: str) -> Formula:
    require_kind(condition, Formula | Truth, "plot.parameter_plane", "a condition (Formula or Truth)")
    found = condition.as_formula() if isinstance(condition, Truth) else condition
    if found is None:
        raise EntryError(f"plot.parameter_plane: {label or 'the condition'} is unknown: {condition.reason}")
    return found


def _symbol(name: str) -> str:
    """Return a parameter as a label."""
    return f"${sp.latex(sp.Symbol(name))}$"


def boundary(formula: Formula, across: str, up: str, box: Floats, at: Mapping[Any, Any]) -> list[Floats]:
    """Return the curves, each an array (k, 2), on which a condition changes, or holds and does not beside them.

    >>> a, b = sp.symbols("a b")
    >>> from symplrnn.conditions.formula import positive
    >>> [curve] = boundary(positive(a - b) & positive(a), "a", "b", np.array([[-1.0, 1.0], [-2.0, -1.0]]), {})
    >>> sorted(set(curve[:, 0].round(12).tolist()))
    [0.0]
    """
    rest = formula.subs(at)
    letters = letters_in(rest.symbols)
    symbols = tuple(next((s for s in letters if s.name == name), sp.Symbol(name)) for name in (across, up))
    missing = sorted((s for s in letters if s not in symbols), key=str)
    if missing:
        raise EntryError(f"plot.parameter_plane: the parameter {missing[0]} has no value; give it in at={{...}}")
    polynomials = {atom.polynomial: spelled(atom.polynomial) for atom in rest.atoms}
    values = {p: _signs(p, symbols) if q.has(Signed) else sp.lambdify(symbols, q, "numpy") for p, q in polynomials.items()}
    found = []
    with np.errstate(all="ignore"):
        for p, q in polynomials.items():
            nodes = NODES_OF_SIGNS if q.has(Signed) else NODES
            cell = np.ptp(box, axis=1) / (nodes - 1)
            x, y = (np.linspace(low, high, nodes) for low, high in box)
            grid = np.broadcast_to(np.asarray(values[p](*np.meshgrid(x, y)), dtype=float), (nodes, nodes))
            for line in library("contourpy").contour_generator(x, y, np.ascontiguousarray(grid)).lines(0.0):
                if q.has(Signed):
                    curve = _bisected(line, values[p], (x, y), cell)
                else:
                    slopes = [sp.lambdify(symbols, sp.diff(q, s), "numpy") for s in symbols]
                    curve = _polished(line, values[p], slopes, cell)
                kept = _changes(rest, p, values, curve)
                for place, symbol in enumerate(symbols):
                    kept &= np.isin(np.sign(curve[:, place]), sorted(possible_signs(symbol)))
                cuts = np.flatnonzero(np.diff(kept.astype(int))) + 1
                runs = zip(np.split(curve, cuts), np.split(kept, cuts), strict=True)
                found += [run for run, inside in runs if inside[0] and len(run) > 1]
    return found


def _signs(p: sp.Expr, symbols: Sequence[sp.Symbol]) -> Any:
    """Return the function of two arrays that gives the exact sign of an expression at each point, NaN where there is none."""

    def sign(*point: float) -> float:
        if not all(np.sign(x) in possible_signs(s) for x, s in zip(point, symbols, strict=True)):
            return float("nan")
        exact = exact_values(
            {s: fmpq(*float(x).as_integer_ratio()) for s, x in zip(symbols, point, strict=True)}, program(p).symbols
        )
        return float(sign_at(p, exact))

    return np.vectorize(sign, otypes=[float])


def _bisected(curve: Floats, value: Any, axes: tuple[Floats, Floats], cell: Floats) -> Floats:
    """Return the points of a curve, each in the middle between two neighbours on a grid, moved to where the sign changes."""
    away = np.column_stack([np.abs(part[:, None] - axis).min(axis=1) for part, axis in zip(curve.T, axes, strict=True)]) / cell
    half = np.where(away == away.max(axis=1, keepdims=True), cell / 2, 0.0)
    low, high = curve - half, curve + half
    start = value(*low.T)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        same = (value(*middle.T) == start)[:, None]
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.asarray((low + high) / 2)


def _polished(curve: Floats, value: Any, slopes: Any, cell: Floats) -> Floats:
    """Return the points of a curve moved to the zeros beside them by Newton steps, none farther than a cell of the grid."""
    points = curve.copy()
    for _ in range(4):
        size = value(*points.T)
        slope = np.column_stack([np.broadcast_to(f(*points.T), size.shape) for f in slopes])
        moved = points - slope * (size / (slope**2).sum(axis=1))[:, None]
        near = (np.abs(moved - curve) <= cell).all(axis=1)  # not where it is nan
        points[near] = moved[near]
    return points


def _changes(formula: Formula, p: sp.Expr, values: Mapping[sp.Expr, Any], curve: Floats) -> Any:
    """Return at which points of a zero of p the condition depends on the sign of p."""
    signs = {q: np.sign(np.broadcast_to(value(*curve.T), len(curve))) for q, value in values.items()}

    def holds(sign: int) -> Any:
        signs[p] = np.full(len(curve), sign)
        return np.broadcast_to(formula._evaluate(lambda atom: np.isin(signs[atom.polynomial], sorted(atom.signs))), len(curve))

    below, on, above = (holds(sign) for sign in (-1, 0, 1))
    return (below != on) | (on != above)
