"""The eigenvalues of regions in the complex plane: of the network's map, or of the ODE.

The principal logarithm takes the plane without the half-line (-inf, 0] to the open band |Im| < pi/dt below the Nyquist frequency,
and the unit circle to the imaginary axis. A negative eigenvalue is at both edges of the band; 0 is nowhere in it.

Reference: docs/theory, section 3, E1 to E6.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from symplrnn import limits
from symplrnn.emit.plot.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    TICK_POINTS,
    VERMILLION,
    dress,
    legend_above,
    new_axes,
)
from symplrnn.errors import PatternError, ShapeError, require_kind
from symplrnn.progress import counted
from symplrnn.systems.eigenvalues import Eigenvalue
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["eigenvalues"]

BITS = 64
STYLES = [(BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PURPLE, "D"), (SKY, "v"), (BLACK, "P")]  # of regions that are told apart


def eigenvalues(
    ode: NetworkODE | RegionODE, patterns: str | Iterable[str] | None = None, of: str = "map", ax: Any = None
) -> Axes:
    """Draw the eigenvalues of chosen regions in the complex plane, with what is forbidden there.

    A number beside a mark is a multiplicity above 1. Up to six regions have colours and marks of their own.

    Parameters
    ----------
    ode : NetworkODE or RegionODE
        Of a network of numbers.
    patterns : pattern or iterable of patterns, optional
        The regions; all of a network with at most 64 of them if absent.
    of : "map" or "ode"
        ``"map"``: the eigenvalues l of M, with the unit circle and the half-line (-inf, 0], on which there is no principal
        logarithm (E2). ``"ode"``: the rates log(l)/dt, with the imaginary axis and the band |Im| < pi/dt below the Nyquist
        frequency; negative eigenvalues are at both of its edges, and 0, which has no logarithm, is left out.
    ax : Axes, optional
        A new figure if absent.

    Raises
    ------
    EntryError
        If the network has parameters.
    PatternError
        If there are too many regions to show them all.

    Examples
    --------
    >>> import symplrnn as sr
    >>> ax = sr.plot.eigenvalues(sr.derive(sr.example("negative")), ["11"])
    >>> [line for line in ax.lines if line.get_label() == "11"][0].get_xydata().tolist()
    [[1.5, 0.0], [-0.5, 0.0]]

    Reference: docs/theory, section 3, E1 to E6.
    """
    require_kind(ode, NetworkODE | RegionODE, "plot.eigenvalues", "an ODE, made by derive")
    if of not in ("map", "ode"):
        raise ShapeError(f'plot.eigenvalues: of: {of!r} is unknown; accepted are "map" and "ode"')
    network = ode.network if isinstance(ode, NetworkODE) else ode.region.network
    network.require_numbers("plot.eigenvalues")
    chosen = _chosen(ode, patterns)
    for each in chosen:
        each.require_numbers("plot.eigenvalues", with_dt=True)
    if ax is None:
        ax = new_axes(2.9)[0, 0]
    named = len(chosen) <= len(STYLES)
    numbers: dict[tuple[float, float], dict[str, str]] = {}  # multiplicities above 1 and their colours, by places
    points = [_points(each.eigenvalues, of) for each in counted(chosen, "regions", len(chosen))]
    for k, (each, (places, multiplicities)) in enumerate(zip(chosen, points, strict=True)):
        colour, mark = STYLES[k] if named else (BLUE, "o")
        label = each.region.pattern or "all states"
        if not named:
            label = "_" if k else f"{len(chosen)} regions"
        # Marks of regions that have an eigenvalue in common lie in each other.
        size = 4 + 1.5 * (len(chosen) - 1 - k) if named else 3
        ax.plot(*places.T, mark, color=colour, markersize=size, fillstyle="none", markeredgewidth=1.0, label=label, zorder=4)
        for place, many in zip(places.tolist(), multiplicities, strict=True):
            if many > 1:
                found = numbers.setdefault(tuple(place), {})
                found[str(many)] = BLACK if str(many) in found else colour
    for at, found in numbers.items():
        colour = BLACK if len(found) > 1 else next(iter(found.values()))
        ax.annotate(", ".join(sorted(found)), at, (6, 4), textcoords="offset points", fontsize=TICK_POINTS, color=colour)
    everything = np.concatenate([places for places, _ in points])
    (_draw_map_plane if of == "map" else _draw_ode_plane)(ax, everything, float(chosen[0].dt))
    return legend_above(ax, columns=4)


def _chosen(ode: NetworkODE | RegionODE, patterns: str | Iterable[str] | None) -> list[RegionODE]:
    if isinstance(ode, RegionODE):
        if patterns is not None:
            raise ShapeError("plot.eigenvalues: patterns: go with the ODE of a network, not with that of a region")
        return [ode]
    if patterns is not None:
        return [ode[pattern] for pattern in dict.fromkeys([patterns] if isinstance(patterns, str) else patterns)]
    found = []
    for pattern in ode:
        found.append(ode[pattern])
        if len(found) > limits.TERMINAL_ROWS:
            raise PatternError(
                f"plot.eigenvalues: patterns: there are more than {limits.TERMINAL_ROWS} regions; choose some, or those that "
                'an orbit visits, by derive(net, regions="visited", ...) or --visited'
            )
    return found


def _points(found: Iterable[Eigenvalue], of: str) -> tuple[Any, list[int]]:
    """Return the points (k, 2) that stand for eigenvalues, and their multiplicities."""
    points, multiplicities = [], []
    for each in found:
        root = each.enclosure(BITS)
        if of == "map":
            places = [root]
        elif each.exact == 0:
            continue
        else:
            rate = each.rate_enclosure(BITS)
            places = [rate, rate.conjugate()] if root.imag == 0 and root.real < 0 else [rate]
        points += [(float(z.real.mid()), float(z.imag.mid())) for z in places]
        multiplicities += [each.multiplicity] * len(places)
    return np.array(points).reshape(-1, 2), multiplicities


def _draw_map_plane(ax: Axes, points: Any, dt: float) -> None:
    circle = np.exp(1j * np.linspace(0, 2 * np.pi, 361))
    ax.plot(circle.real, circle.imag, color=GREY, linewidth=0.8, label="|λ| = 1", zorder=1)
    low, high, top = min(-1.0, points[:, 0].min()), max(1.0, points[:, 0].max()), max(1.0, points[:, 1].max())
    margin = 0.08 * max(high - low, 2 * top)
    left = low - margin
    ax.plot([left, 0], [0, 0], color=VERMILLION, linewidth=2.2, solid_capstyle="butt", label="$(-\\infty, 0]$", zorder=2)
    ax.plot([0], [0], "o", color=VERMILLION, markersize=3, label="_", zorder=2)
    ax.set(xlim=(left, high + margin), ylim=(-top - margin, top + margin), aspect="equal")
    dress(ax, "Re λ", "Im λ")


def _draw_ode_plane(ax: Axes, points: Any, dt: float) -> None:
    edge = np.pi / dt
    ax.axhspan(-edge, edge, color=PALE, linewidth=0, label="|Im| < π/dt", zorder=0)
    for y in (-edge, edge):
        ax.axhline(y, color=VERMILLION, linewidth=1.2, linestyle=(0, (4, 2)), zorder=1)
    ax.axvline(0, color=GREY, linewidth=0.8, label="Re = 0", zorder=1)
    ax.set_ylim(-1.25 * edge, 1.25 * edge)
    ax.margins(x=0.15)
    dress(ax, "Re log(λ)/dt", "Im log(λ)/dt")
