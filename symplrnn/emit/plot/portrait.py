"""The phase portrait of the state-switched ODE of a network, in a plane of two states.

Reference: A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988, section 4;
M. di Bernardo et al., Piecewise-smooth Dynamical Systems, Springer 2008.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symplrnn.dynamics.doubles import Floats
from symplrnn.emit.plot.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    TICK_POINTS,
    VERMILLION,
    chosen_states,
    dress,
    legend_above,
    new_axes,
    state_names,
)
from symplrnn.emit.plot.section import Section, section_of
from symplrnn.errors import require_kind
from symplrnn.systems.piecewise import NetworkODE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["phase_portrait"]

GRID = 120  # points of the field along each axis
FACES: dict[str, dict[str, Any]] = {
    "crossing": {"color": BLACK, "linewidth": 0.7},
    "sliding": {"color": VERMILLION, "linewidth": 2.4},
    "escaping": {"color": ORANGE, "linewidth": 2.4, "linestyle": (0, (2.0, 0.8))},
    "tangent": {"color": BLACK, "linewidth": 1.6},
    "undecided": {"color": GREY, "linewidth": 1.6, "linestyle": (0, (1, 1))},
    "no field": {"color": BLACK, "linewidth": 0.7, "linestyle": (0, (1, 1.5))},
}
MARKS = {"node": "o", "focus": "s", "saddle": "D", "centre": "p", "not hyperbolic": "*"}
COLOURS = {"stable": BLUE, "unstable": VERMILLION, "neutral": BLACK}
NULLCLINES = ((GREEN, (0, (5, 1.5))), (PURPLE, (0, (3, 1, 1, 1))))


def phase_portrait(ode: NetworkODE, box: Any = None, units: Any = None, at: Any = None, ax: Any = None) -> Axes:
    """Draw the state-switched ODE in a plane of two states: regions, faces by kind, equilibria, nullclines, stream lines.

    Neighbouring regions are shaded and white. Hatched ones are lifted or impulsive: they have no vector field of the states
    alone. The parts of faces that solutions cross, slide along or escape from have certified ends in networks of two states. An
    equilibrium is drawn filled if it lies in its region (real) or on its boundary, and hollow if elsewhere (virtual).

    Parameters
    ----------
    ode : NetworkODE
        Of a network of numbers, with a rational dt.
    box : pair of pairs of numbers, optional
        The least and the greatest value of each of the two states; around equilibria and corners if absent.
    units : pair of numbers, optional
        The two states, counted from 1; the first two if absent.
    at : mapping of numbers of states to values, or vector (n,), optional
        The values of the other states, for a section of a network with more than two.
    ax : Axes, optional
        A new figure if absent.

    Raises
    ------
    EntryError
        If the network or dt has parameters.

    Examples
    --------
    >>> import symplrnn as sr
    >>> net = sr.PLRNN(["1/3", "3/4"], [[0, 1], [-2, "3/2"]], [2, "-1/2"])
    >>> ax = sr.plot.phase_portrait(sr.derive(net, dt=1))
    >>> [line.get_xydata().round(6).tolist() for line in ax.lines if line.get_label() == "sliding"]
    [[[0.649469, 0.0], [1.078407, 0.0]]]

    Reference: A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988, section 4.
    """
    require_kind(ode, NetworkODE, "plot.phase_portrait", "the ODE of a network, made by derive(net, dt)")
    ode.network.require_numbers("plot.phase_portrait")
    first, second = chosen_states((1, 2) if units is None else units, ode.network.n, (2,), "plot.phase_portrait")
    section = section_of(ode, (first, second), at, box)
    drawn: Axes = new_axes(3.3)[0, 0] if ax is None else ax
    _draw_cells(drawn, section)
    _draw_stream(drawn, section)
    names = state_names(ode.network)
    for place, (colour, dashes) in enumerate(NULLCLINES):
        label = f"d{names[(first, second)[place]]}/d$t$ = 0"
        _segments(drawn, section.nullclines[place], label, color=colour, linewidth=1.1, linestyle=dashes, zorder=3)
    for kind, style in FACES.items():
        _segments(drawn, [piece.ends for piece in section.faces if piece.kind == kind], kind, zorder=4, **style)
    _segments(drawn, section.equilibrium_lines, "equilibria", color=BLUE, linewidth=2.4, zorder=5)
    _draw_equilibria(drawn, section)
    drawn.set(xlim=tuple(section.box[0]), ylim=tuple(section.box[1]))
    dress(drawn, names[first], names[second])
    _draw_patterns(drawn, section)
    return legend_above(drawn)


def _segments(ax: Axes, segments: Any, label: str, **style: Any) -> None:
    """Draw segments as one line with gaps, so that they have one label."""
    if len(segments):
        gap = np.full((1, 2), np.nan)
        points = np.concatenate([part for segment in segments for part in (segment, gap)][:-1])
        ax.plot(*points.T, label=label, solid_capstyle="butt", **style)


def _draw_cells(ax: Axes, section: Section) -> None:
    hatched = set()
    for cell in section.cells:
        shaded = cell.pattern.count("1") % 2 == 0
        ax.fill(*cell.corners.T, facecolor=PALE if shaded else "white", linewidth=0, label=f"_{cell.pattern}", zorder=0)
        if section.field_of(cell.pattern) is None:
            kind = section.ode[cell.pattern].kind if cell.pattern in section.ode else "not derived"
            label = "_" if kind in hatched else kind
            hatched.add(kind)
            pattern = {"lifted": "///", "impulsive": "\\\\\\", "lifted+impulsive": "xxx"}.get(kind, "...")
            ax.fill(*cell.corners.T, fill=False, hatch=pattern, edgecolor="#BBBBBB", linewidth=0, label=label, zorder=0.5)


def _draw_stream(ax: Axes, section: Section) -> None:
    x, y = (np.linspace(low, high, GRID) for low, high in section.box)
    across, up = section.field(x, y)
    if np.nanmax(np.hypot(across, up), initial=0.0) > 0:
        masked = np.ma.masked_invalid(across), np.ma.masked_invalid(up)
        ax.streamplot(x, y, *masked, density=0.8, color=GREY, linewidth=0.5, arrowsize=0.6, zorder=1)


def _draw_equilibria(ax: Axes, section: Section) -> None:
    labelled = set()
    for each, state in sorted(section.equilibria, key=lambda found: found[0].real):
        label = each.type if each.location == "real" else f"{each.type} ({each.location})"
        colour = COLOURS[each.stability]
        ax.plot(
            *state[list(section.shown)],
            MARKS[each.kind],
            color=colour,
            markersize=5.5,
            markerfacecolor=colour if each.location != "virtual" else "none",
            markeredgewidth=1.1,
            label="_" if label in labelled else label,
            zorder=6,
        )
        labelled.add(label)


def _draw_patterns(ax: Axes, section: Section) -> None:
    """Write its pattern into each region, as far from all that is drawn there as possible."""
    low, size = section.box[:, 0], np.ptp(section.box, axis=1)
    marks = [state[list(section.shown)] for _, state in section.equilibria]
    lines = [s for part in section.nullclines for s in part]
    for cell in section.cells:
        edges = [cell.corners[[j, (j + 1) % len(cell.corners)]] for j in range(len(cell.corners))]
        spots = _inside(cell.corners)
        if not len(spots):
            continue
        room = np.full(len(spots), np.inf)
        for ends, weight in [*((e, 1.2) for e in edges), *((s, 1.0) for s in lines), *((np.array([m, m]), 0.7) for m in marks)]:
            room = np.minimum(room, weight * _distance((spots - low) / size, (ends - low) / size))
        best = spots[int(np.argmax(room.round(9)))]
        text = ax.text(best[0], best[1], cell.pattern, fontsize=TICK_POINTS, ha="center", va="center", zorder=7)
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.8})


def _inside(corners: Floats) -> Floats:
    """Return points inside a convex polygon, on a grid."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    steps = (np.arange(24) + 0.5) / 24
    points: Floats = low + (high - low) * np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    following = np.roll(corners, -1, axis=0) - corners
    offsets = points[:, None] - corners[None]
    turns = following[:, 0] * offsets[..., 1] - following[:, 1] * offsets[..., 0]
    return points[(turns > 0).all(axis=1) | (turns < 0).all(axis=1)]


def _distance(points: Floats, ends: Floats) -> Floats:
    """Return the distances of points from a segment."""
    along = ends[1] - ends[0]
    parts = np.clip((points - ends[0]) @ along / max(along @ along, np.finfo(float).tiny), 0, 1)
    return np.asarray(np.hypot(*(points - ends[0] - parts[:, None] * along).T))
