"""The regions of a network: how many are of which kind, and which follows which on an orbit.

Reference: docs/theory, section 3, E2 to E7.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from symplrnn.emit.plot.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    TICK_POINTS,
    VERMILLION,
    dress,
    library,
    new_axes,
)
from symplrnn.errors import EntryError, require_kind
from symplrnn.network.network import ReLURNN
from symplrnn.network.orbit import orbit_patterns
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.theorems.check import CheckReport, RegionCheck, check

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["kinds", "transitions"]

KINDS = {
    "principal": BLUE,
    "real, not principal": SKY,
    "lifted": ORANGE,
    "impulsive": GREEN,
    "lifted+impulsive": PURPLE,
    "conditional": GREY,
    "undecided": BLACK,
}
ALWAYS_SHOWN = 5  # of the kinds
REGIONS_IN_A_CIRCLE = 64


def kinds(report_or_ode: CheckReport | NetworkODE, ax: Any = None) -> Axes:
    """Draw how many regions are of each kind, as bars.

    A region is "principal" if it meets E2; "real, not principal" if it has a real ODE that makes half turns (E3); else it needs
    extra coordinates (lifted, E5), a jump (impulsive, E6) or both. "conditional" (it depends on parameters) and "undecided" are
    shown if there are any.

    Parameters
    ----------
    report_or_ode : CheckReport or NetworkODE
        For an ODE its regions are checked first.
    ax : Axes, optional
        A new figure if absent.

    Examples
    --------
    >>> import symplrnn as sr
    >>> ax = sr.plot.kinds(sr.check(sr.example("kinds")))
    >>> [(label.get_text(), int(bar.get_width())) for label, bar in zip(ax.get_yticklabels(), ax.patches)]
    [('principal', 1), ('real, not principal', 0), ('lifted', 1), ('impulsive', 1), ('lifted+impulsive', 1)]

    Reference: docs/theory, section 3, E2 to E6.
    """
    require_kind(report_or_ode, CheckReport | NetworkODE, "plot.kinds", "a report, made by check, or the ODE of a network")
    report = report_or_ode
    if isinstance(report, NetworkODE):
        report = check(report.network, "all" if report.patterns is None else report.patterns)
    counts = Counter(map(_kind, report.verdicts.values()))
    names = [name for k, name in enumerate(KINDS) if k < ALWAYS_SHOWN or counts[name]]
    drawn: Axes = new_axes(0.55 + 0.2 * len(names))[0, 0] if ax is None else ax
    numbers = [counts[name] for name in names]
    bars = drawn.barh(range(len(names)), numbers, color=[KINDS[name] for name in names], height=0.7)
    drawn.bar_label(bars, [str(number) for number in numbers], fontsize=TICK_POINTS, padding=2)
    drawn.set_yticks(range(len(names)), names)
    drawn.invert_yaxis()
    drawn.set_xlim(0, 1.12 * max([*numbers, 1]))
    drawn.xaxis.set_major_locator(library("matplotlib.ticker").MaxNLocator(nbins=5, integer=True))
    dress(drawn, "regions", "")
    return drawn


def _kind(found: RegionCheck) -> str:
    if found.principal.is_true:
        return "principal"
    truths = [found.principal, found.real, found.needs_lift, found.needs_jump]
    if any(truth.is_conditional for truth in truths):
        return "conditional"
    if any(truth.is_unknown for truth in truths):
        return "undecided"
    if found.real.is_true:
        return "real, not principal"
    needed = [name for name, truth in (("lifted", found.needs_lift), ("impulsive", found.needs_jump)) if truth.is_true]
    return "+".join(needed)


def transitions(
    network_or_ode: ReLURNN | NetworkODE, z0: Any = None, steps: int = 1000, ax: Any = None, inputs: Any = None
) -> Axes:
    r"""Draw which region follows which on the exact orbit, as a graph: regions on a circle in the order of their first visit.

    Arrows from one region to another one are wider the more often they are taken, and the most frequent ones have their number
    beside them. A disc is larger the more steps stay in its region; that number stands below the pattern. The first region has a
    ring.

    Parameters
    ----------
    network_or_ode : ReLURNN or NetworkODE
        Of numbers.
    z0 : vector (n,), optional
        Start state; the first one that the network carries if absent.
    steps : int
        Number of steps.
    ax : Axes, optional
        A new figure if absent.
    inputs : sequence of vectors (m,), optional
        One a step; see `ReLURNN.orbit`.

    Examples
    --------
    >>> import symplrnn as sr
    >>> ax = sr.plot.transitions(sr.example("complex"), [2, -1], steps=20)
    >>> [text.get_text() for text in ax.texts if text.get_text()]
    ['10', '11\n19 stay', '1']

    Reference: docs/theory, section 1.
    """
    require_kind(network_or_ode, ReLURNN | NetworkODE, "plot.transitions", "a network, or its ODE")
    network = network_or_ode.network if isinstance(network_or_ode, NetworkODE) else network_or_ode
    patterns = list(orbit_patterns(network, z0, steps, inputs))
    names = list(dict.fromkeys(patterns))
    if len(names) > REGIONS_IN_A_CIRCLE:
        raise EntryError(
            f"plot.transitions: steps: the orbit visits {len(names)} regions; up to {REGIONS_IN_A_CIRCLE} fit: take fewer steps"
        )
    counts = Counter(pairwise(patterns))
    drawn: Axes = new_axes(3.0)[0, 0] if ax is None else ax
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / len(names)
    circle = np.column_stack([np.cos(angles), np.sin(angles)]) * (len(names) > 1)
    places = dict(zip(names, circle, strict=True))
    sizes = {name: 3.0 + 9.0 * np.sqrt(counts[name, name] / max(1, steps)) for name in names}  # points
    for name in names:
        first = name == names[0]
        drawn.plot(
            *places[name],
            "o",
            color=BLUE,
            markersize=sizes[name],
            markeredgecolor=BLACK if first else BLUE,
            markeredgewidth=1.2,
            label=name,
            zorder=3,
        )
        drawn.annotate(
            _label(name, counts[name, name]),
            places[name],
            np.array(places[name]) * (sizes[name] / 2 + 3) + (0, 0 if len(names) > 1 else sizes[name] + 6),
            textcoords="offset points",
            fontsize=TICK_POINTS,
            ha=_beside(places[name][0]),
            va=_above(places[name][1]),
            zorder=4,
        )
    most = max((number for (a, b), number in counts.items() if a != b), default=1)
    arrows = sorted((pair for pair in counts if pair[0] != pair[1]), key=lambda pair: (counts[pair], pair))
    labelled = arrows[-6:] if len(arrows) > 12 else arrows
    for pair in arrows:
        _draw_arrow(drawn, places, sizes, pair, counts[pair], most, pair in labelled)
    drawn.set(xlim=(-1.65, 1.65), ylim=(-1.4, 1.4), aspect="equal")
    drawn.set_axis_off()
    return drawn


def _label(name: str, number: int) -> str:
    return f"{name}\n{number} stay{'s' * (number == 1)}" if number else name


def _beside(x: float) -> str:
    return "center" if abs(x) < 0.05 else "left" if x > 0 else "right"


def _above(y: float) -> str:
    return "center" if abs(y) < 0.3 else "bottom" if y > 0 else "top"


def _draw_arrow(ax: Axes, places: Any, sizes: Any, pair: tuple[str, str], number: int, most: int, labelled: bool) -> None:
    """Draw an arrow that bends to its left, so that the one back lies beside it."""
    a, b = (places[name] for name in pair)
    share = number / most
    arrow = ax.annotate(
        "",
        b,
        a,
        arrowprops={
            "arrowstyle": f"-|>,head_length={0.25 + 0.15 * share:.3f},head_width={0.12 + 0.1 * share:.3f}",
            "connectionstyle": "arc3,rad=0.18",
            "linewidth": 0.5 + 2.0 * share,
            "color": VERMILLION,
            "shrinkA": sizes[pair[0]] / 2 + 1,
            "shrinkB": sizes[pair[1]] / 2 + 1,
        },
        zorder=2,
    )
    arrow.set_label(f"{pair[0]} to {pair[1]}")
    if labelled:  # at the middle of the arc, on its outer side
        along = np.array(b) - np.array(a)
        normal = np.array([along[1], -along[0]])
        middle = (np.array(a) + np.array(b)) / 2 + 0.09 * normal
        text = ax.text(middle[0], middle[1], str(number), fontsize=TICK_POINTS, ha="center", va="center", zorder=5)
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.6})
