"""The orbit of a network on the solution of its ODE: against time, and in state space.

The solution is drawn as one line that is broken where a region jumps at a grid time. The break is drawn as a dotted line from the
state before the jump, which is the network's, to the one after it.

Reference: Z. Monfared, D. Durstewitz, ICML 2020, figure 1; docs/theory, section 3, E7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from symplrnn.dynamics.doubles import Floats, floats, to_float
from symplrnn.dynamics.trajectory import Trajectory
from symplrnn.emit.plot.canvas import (
    BLACK,
    GREY,
    VERMILLION,
    WITH_WINDOW,
    chosen_states,
    dress,
    legend_above,
    new_axes,
    state_names,
)
from symplrnn.errors import EntryError, ShapeError, require_kind
from symplrnn.systems.piecewise import NetworkODE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["orbit", "solution", "state_space"]

ROWS = 4  # states that are shown if none are chosen
ROOM = 40  # steps between which dots can be told apart at column width
WINDOW = 12  # steps in a window that is chosen


@dataclass(frozen=True, eq=False)
class Solution:
    """What is drawn of a simulation.

    Attributes
    ----------
    dots : array (T + 1, n)
        The network's orbit, at the times ``dot_times``.
    line : array (N, n)
        The solution at the times ``line_times``; a row is NaN where the line is broken.
    jumps : array (J, 2, n)
        The states before and after each jump, at the times ``jump_times``.
    """

    found: Trajectory
    dot_times: Floats
    dots: Floats
    line_times: Floats
    line: Floats
    jump_times: Floats
    jumps: Floats

    @property
    def end(self) -> str:
        """Why the solution ends before the orbit does, as a label; empty if it does not."""
        status = self.found.status
        return "" if self.found.success else "ends: no vector field" if status == "region" else f"ends: {status}"


def solution(ode: NetworkODE, z0: Any, steps: int, per_step: int, switching: str, inputs: Any = None) -> Solution:
    """Simulate, and return what is to be drawn."""
    found = ode.simulate(z0, steps, per_step, switching, inputs)
    if found.states.ndim != 2:
        raise ShapeError(f"z0: expected one start state ({ode.network.n},), got a batch")
    times, line = found.times, found.states
    breaks: list[tuple[int, Floats]] = []
    if switching == "grid":
        breaks = _jumps(ode, found, None if inputs is None else floats(inputs, "inputs"))
    else:  # the corners of the line are at the faces that it crosses
        inner = [e for e in found.events if e.time < times[-1]]
        times = np.concatenate([times, [e.time for e in inner]])
        order = np.argsort(times, kind="stable")
        times = times[order]
        line = np.concatenate([line, np.array([e.state for e in inner]).reshape(-1, ode.network.n)])[order]
    moments = floats(found.dt * np.arange(len(found.map_states)), "t")
    at = np.array([k for k, _ in breaks], dtype=int)
    after = np.array([z for _, z in breaks]).reshape(-1, ode.network.n)
    places = at * per_step + 1
    gaps = np.full_like(after, np.nan)
    return Solution(
        found,
        moments,
        found.map_states,
        np.insert(times, np.repeat(places, 2), np.repeat(found.times[at * per_step], 2)),
        np.insert(line, np.repeat(places, 2), np.stack([gaps, after], 1).reshape(-1, ode.network.n), axis=0),
        found.times[at * per_step],
        np.stack([found.grid_states[at], after], 1),
    )


def _jumps(ode: NetworkODE, found: Trajectory, inputs: Floats | None) -> list[tuple[int, Floats]]:
    """Return the steps that begin with a jump, and the state after each."""
    maps: dict[str, tuple[Floats, Floats, Floats] | None] = {}
    breaks = []
    for k, pattern in enumerate(found.patterns):
        if pattern not in maps:
            exact, K = ode[pattern].jump_map, ode.network.field
            maps[pattern] = None if exact is None else (to_float(exact.M, K), to_float(exact.c, K)[:, 0], to_float(exact.C, K))
        jump = maps[pattern]
        if jump is not None:
            M, c, C = jump
            drift = c if inputs is None else c + C @ inputs[k]
            breaks.append((k, M @ found.grid_states[k] + drift))
    return breaks


def orbit(
    ode: NetworkODE,
    z0: Any = None,
    steps: int = 100,
    units: Any = None,
    per_step: int = 10,
    switching: str = "grid",
    zoom: Any = None,
    ax: Any = None,
    inputs: Any = None,
) -> Any:
    """Draw the network's orbit (dots) on the continuous solution (line) against time, one row for each state.

    Where a region jumps at a grid time, the line is broken and a dotted line leads from the state before to the one after. With
    state switching the line has its corners at faces, and departs from the dots.

    Parameters
    ----------
    ode : NetworkODE
        Of a network of numbers.
    z0 : vector (n,), optional
        Start state; the first one that the network carries if absent.
    steps, per_step, switching, inputs
        See `NetworkODE.simulate`.
    units : number or sequence of numbers, optional
        The states to show, counted from 1; all if absent, or the first four.
    zoom : pair of times, or False, optional
        The window that is shown beside each row. If absent, one of a few steps is chosen where there are so many that dots
        cannot be told apart; False for none.
    ax : Axes, or sequence of Axes, optional
        One for each state; a new figure if absent.

    Returns
    -------
    Axes, or tuple of Axes if several states are shown

    Raises
    ------
    MissingExtra
        If matplotlib is not installed.

    Examples
    --------
    >>> import symplrnn as sr
    >>> ax = sr.plot.orbit(sr.derive(sr.example("complex")), [2, -1], steps=20, units=1)
    >>> [line.get_label() for line in ax.lines]
    ['continuous', 'network']
    >>> sr.plot.save(ax, "orbit.pdf")  # doctest: +SKIP

    Reference: Z. Monfared, D. Durstewitz, ICML 2020, figure 1.
    """
    require_kind(ode, NetworkODE, "plot.orbit", "the ODE of a network, made by derive(net, dt)")
    n = ode.network.n
    shown = chosen_states(tuple(range(1, min(n, ROWS) + 1)) if units is None else units, n, range(1, n + 1), "plot.orbit")
    drawn = solution(ode, z0, steps, per_step, switching, inputs)
    window = _window(drawn, shown, zoom)
    if ax is None:
        grid = new_axes(0.55 + 1.05 * max(len(shown), 1.3), len(shown), window is not None)
        rows, windows = tuple(grid[:, 0]), tuple(grid[:, -1])
    else:
        rows = tuple(ax) if isinstance(ax, Sequence | np.ndarray) else (ax,)
        if len(rows) != len(shown):
            raise ShapeError(f"plot.orbit: ax: expected {len(shown)} axes, one for each state that is shown, got {len(rows)}")
        windows = rows if window is None else tuple(map(_divided, rows))
    names = state_names(ode.network)
    for row, beside, i in zip(rows, windows, shown, strict=True):
        _draw_in_time(row, drawn, i, *_sizes(len(drawn.dots)))
        dress(row, "time $t$" if row is rows[-1] else "", names[i])
        if window is not None:
            _draw_window(row, beside, drawn, i, window)
    if len(rows) > 1:
        rows[0].figure.align_ylabels(rows)
    legend_above(rows[0])
    return rows if len(rows) > 1 else rows[0]


def _sizes(count: int) -> tuple[float, float]:
    """Return the size of dots and the width of the line: that many dots can be told apart, or else lie inside the line."""
    return (3.5, 1.0) if count <= ROOM + 1 else (2.2, 1.0) if count <= 4 * ROOM else (0.8, 1.4)


def _draw_in_time(ax: Axes, drawn: Solution, i: int, size: float, width: float) -> None:
    ax.plot(drawn.line_times, drawn.line[:, i], color=VERMILLION, linewidth=width, label="continuous", zorder=2)
    if len(drawn.jumps):
        times = np.repeat(drawn.jump_times, 3)
        states = np.insert(drawn.jumps[:, :, i], 2, np.nan, axis=1).ravel()
        ax.plot(times, states, color=VERMILLION, linewidth=0.8, linestyle=(0, (1, 1.2)), label="jump", zorder=1)
    ax.plot(drawn.dot_times, drawn.dots[:, i], "o", color=BLACK, markersize=size, markeredgewidth=0, label="network", zorder=3)
    if drawn.end:
        end = drawn.found
        ax.plot(end.times[-1:], end.states[-1:, i], "x", color=VERMILLION, markersize=5, label=drawn.end, zorder=4)


def _window(drawn: Solution, shown: Sequence[int], zoom: Any) -> tuple[float, float] | None:
    """Return the times between which the window lies, or None for no window."""
    steps = len(drawn.dots) - 1
    if zoom is False or (zoom is None and steps <= ROOM):
        return None
    if zoom is None:  # where the states that are shown move most, without the first steps if there is movement after them
        scaled = drawn.dots[:, shown] / np.maximum(np.ptp(drawn.dots[:, shown], axis=0), np.finfo(float).tiny)
        length = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(scaled, axis=0)).sum(axis=1))])
        moved = (length[WINDOW:] - length[:-WINDOW]).round(9)
        start = steps // 5
        later = moved[start:].max(initial=0.0) > 0.05 * moved.max()
        first = start + int(np.argmax(moved[start:])) if later else int(np.argmax(moved))
        return float(drawn.dot_times[first]), float(drawn.dot_times[first + WINDOW])
    window = floats(zoom, "zoom")
    last = float(drawn.dot_times[-1])
    if window.shape != (2,) or not 0 <= window[0] < window[1] <= last * (1 + 1e-12):
        raise EntryError(f"zoom: expected a pair of times, the first one less, from 0 to {last!r}, got {zoom!r}")
    return float(window[0]), float(window[1])


def _divided(ax: Axes) -> Axes:
    """Return new axes for a window in the right third of the place of some axes, which keep the rest."""
    place = ax.get_subplotspec()
    if place is None:
        raise ShapeError("plot.orbit: ax: a window needs axes that are made by subplots; zoom=False goes with others")
    parts = place.subgridspec(1, 2, width_ratios=WITH_WINDOW)
    ax.set_subplotspec(parts[0])
    return ax.figure.add_subplot(parts[1])


def _draw_window(ax: Axes, beside: Axes, drawn: Solution, i: int, window: tuple[float, float]) -> None:
    """Draw a part of the time, joined to where it is taken from."""
    _draw_in_time(beside, drawn, i, *_sizes(WINDOW))
    dress(beside, "", "")
    low, high = window
    inside = [
        part[(times >= low) & (times <= high)]
        for times, part in ((drawn.line_times, drawn.line[:, i]), (drawn.dot_times, drawn.dots[:, i]))
    ]
    values = np.concatenate(inside)
    values = values[np.isfinite(values)]
    margin = 0.04 * (high - low)
    beside.set_xlim(low - margin, high + margin)
    if len(values):
        margin = 0.06 * (np.ptp(values) or max(abs(values[0]), 1.0))
        beside.set_ylim(values.min() - margin, values.max() + margin)
    beside.yaxis.tick_right()
    for spine in beside.spines.values():
        spine.set(visible=True, color=GREY)
    beside.locator_params(nbins=3)
    ax.indicate_inset_zoom(beside, edgecolor=GREY, linewidth=0.6, alpha=1.0)


def state_space(
    ode: NetworkODE,
    z0: Any = None,
    steps: int = 100,
    units: Any = None,
    per_step: int = 10,
    switching: str = "grid",
    ax: Any = None,
    inputs: Any = None,
) -> Axes:
    """Draw the network's orbit (dots) on the continuous solution (line) in the space of two or three states.

    Faces z_i = 0 of rectified states are thin lines (in the plane).

    Parameters
    ----------
    ode, z0, steps, per_step, switching, inputs
        See `orbit`.
    units : sequence of two or three numbers, optional
        The states, counted from 1; the first two if absent.
    ax : Axes, optional
        For three states one with ``projection="3d"``; a new figure if absent.

    Examples
    --------
    >>> import symplrnn as sr
    >>> ax = sr.plot.state_space(sr.derive(sr.example("complex")), [2, -1], steps=20)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('$z_{1}$', '$z_{2}$')

    Reference: Z. Monfared, D. Durstewitz, ICML 2020.
    """
    require_kind(ode, NetworkODE, "plot.state_space", "the ODE of a network, made by derive(net, dt)")
    network = ode.network
    shown = chosen_states((1, 2) if units is None else units, network.n, (2, 3), "plot.state_space")
    deep = len(shown) == 3
    drawn = solution(ode, z0, steps, per_step, switching, inputs)
    if ax is None:
        ax = new_axes(3.0 if deep else 2.7, projection="3d" if deep else None)[0, 0]
    elif (ax.name == "3d") != deep:
        raise ShapeError(f'plot.state_space: ax: expected axes {"with" if deep else "without"} projection="3d"')
    if not deep:
        for place, i in enumerate(shown):
            if i in (network.rectified_states or ()):
                _face(ax, place, drawn, i)
    size, width = _sizes(len(drawn.dots))
    ax.plot(*drawn.line[:, shown].T, color=VERMILLION, linewidth=width, label="continuous", zorder=2)
    if len(drawn.jumps):
        gap = np.full((len(drawn.jumps), 1, network.n), np.nan)
        states = np.concatenate([drawn.jumps, gap], axis=1).reshape(-1, network.n)
        ax.plot(*states[:, shown].T, color=VERMILLION, linewidth=0.8, linestyle=(0, (1, 1.2)), label="jump", zorder=1)
    ax.plot(*drawn.dots[:, shown].T, "o", color=BLACK, markersize=size, markeredgewidth=0, label="network", zorder=3)
    ax.plot(*drawn.dots[:1, shown].T, "o", color=BLACK, markersize=5, fillstyle="none", label="start", zorder=3)
    if drawn.end:
        end = drawn.found
        ax.plot(*end.states[-1:, shown].T, "x", color=VERMILLION, markersize=5, label=drawn.end, zorder=4)
    names = state_names(network)
    dress(ax, names[shown[0]], names[shown[1]])
    if deep:
        ax.set_zlabel(names[shown[2]], fontsize=ax.xaxis.label.get_size())
        ax.locator_params(nbins=4)
        ax.set_box_aspect(None, zoom=0.85)  # the layout leaves no room for the labels
        for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
            axis.set_pane_color((1.0, 1.0, 1.0))
            axis.labelpad = -3.0
            axis.set_tick_params(pad=-2.0)
    return legend_above(ax, columns=4)


def _face(ax: Axes, place: int, drawn: Solution, i: int) -> None:
    """Draw the face z_i = 0 if the solution comes near it."""
    values = drawn.line[:, i][np.isfinite(drawn.line[:, i])]
    if values.min() <= 0.1 * np.ptp(values) and values.max() >= -0.1 * np.ptp(values):
        (ax.axhline if place else ax.axvline)(0.0, color=GREY, linewidth=0.6, zorder=0)
