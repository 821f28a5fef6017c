"""What a simulation returns: states at sample times, events, the outcome, and the closed-form solution at any other time.

Outcomes are values, not exceptions: a trajectory that slides along a face or grows beyond double precision is a result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symplrnn import views
from symplrnn.dynamics.doubles import Floats, floats
from symplrnn.errors import EntryError

__all__ = ["Event", "Trajectory", "sample_times"]

SNAP = 8 * np.finfo(float).eps  # a time so close to a grid time, relatively, is that grid time


@dataclass(frozen=True, repr=False)
class Event(views.Shown):
    """A trajectory with state switching meets a face, or several at once.

    Attributes
    ----------
    time : float
    units : tuple of int
        The units i with (V z + b)_i = 0, counted from 1.
    kind : str
        ``"crossing"``, or what ended the trajectory: ``"sliding"``, ``"corner"``, ``"tangent"``, ``"zeno"``, ``"region"``.
    before, after : str
        The patterns on both sides of the faces.
    state : array (n,)

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> derive(PLRNN(["1/4"], [["1/4"]], [1]), dt=1).simulate([-2], 1, switching="state").events
    (Event(time=0.660964047..., units=(1,), kind='crossing', before='0', after='1'),)
    """

    time: float
    units: tuple[int, ...]
    kind: str
    before: str
    after: str
    state: Floats = field(repr=False, compare=False)


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory(views.Shown):
    """The states of a network's ODE in double precision; made by `NetworkODE.simulate`.

    Attributes
    ----------
    switching : str
        ``"grid"`` or ``"state"``.
    times : array (K,)
        Sample times, from 0: all grid times k dt, and per_step - 1 times between neighbours. A trajectory that ends early ends
        with the time of its last event.
    states : array (K, n), or (K, n, k) for a batch of k start states
        The states at the sample times; where a region jumps at a grid time, the state before the jump.
    grid_states : array (steps + 1, n) or (steps + 1, n, k)
        The states at the grid times that were reached.
    map_states : array (steps + 1, n) or (steps + 1, n, k)
        The network's own orbit in double precision.
    patterns : tuple
        For each step the pattern of the state at its grid time; for a batch a tuple of k patterns.
    status : str
        ``"done"``, or why the trajectory ends early: ``"overflow"`` (beyond double precision), and with state switching
        ``"sliding"`` (the fields on both sides of a face point to it, so no solution goes on beside it), ``"corner"`` (several
        faces at once, and of the regions that meet there not exactly one is entered), ``"tangent"`` (a field runs along the
        face as far as double precision tells), ``"zeno"`` (events without end in a finite time), ``"region"`` (a region without
        a real ODE).
    message : str
        The same in words, with time, unit and region.
    events : tuple of Event
        The faces that were met, with state switching.
    dt : float
        The time of one step.
    flow : function
        The state as a function of time in steps, between grid times.
    visited : tuple or function
        The patterns, or what finds them when they are asked for: those of a batch are many.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> found = derive(PLRNN(["1/4"], [["1/4"]], [1]), dt=1).simulate([-2], 1, per_step=2, switching="state")
    >>> found.status, found.states.ravel().round(4).tolist(), found.departure.round(4).tolist()
    ('done', [-2.0, -0.3333, 0.4189], [0.0, 0.0811])
    >>> found([0.0, 0.25]).ravel().round(4).tolist()
    [-2.0, -1.0237]

    Reference: docs/theory, section 3, E7.
    """

    switching: str
    times: Floats
    states: Floats
    grid_states: Floats
    map_states: Floats = field(repr=False)
    visited: tuple[Any, ...] | Callable[[], tuple[Any, ...]] = field(repr=False)
    status: str = "done"
    message: str = "all steps were simulated"
    events: tuple[Event, ...] = ()
    dt: float = 1.0
    flow: Callable[[float], Floats] | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        sizes = f"times={self.times.shape} up to {float(self.times[-1])!r}, states={self.states.shape}"
        events = f", {len(self.events)} events" if self.events else ""
        return views.cut(f"Trajectory(switching={self.switching!r}, {sizes}{events}, status={self.status!r})")

    @cached_property
    def patterns(self) -> tuple[Any, ...]:
        """For each step the pattern of the state at its grid time; for a batch a tuple of k patterns."""
        return self.visited() if callable(self.visited) else self.visited

    @property
    def success(self) -> bool:
        """Whether all steps were simulated."""
        return self.status == "done"

    @property
    def departure(self) -> Floats:
        """The largest absolute difference from the network's own orbit at each grid time that was reached, an array.

        It is infinite where that orbit is beyond double precision.
        """
        orbit = self.map_states[: len(self.grid_states)]
        difference = np.abs(self.grid_states - np.where(np.isfinite(orbit), orbit, np.inf))
        found: Floats = difference.reshape(len(difference), -1).max(axis=1)
        return found

    def __call__(self, t: ArrayLike) -> Floats:
        """Return the state at a time t, or the states (len(t), n) at an array of times, by the closed-form flow.

        At a grid time with a jump that is the state before the jump. Raises `EntryError` for times outside the trajectory.
        """
        moments = floats(t, "t")
        last = float(self.times[-1])
        inside = (moments >= 0) & (moments <= last * (1 + SNAP))
        if moments.ndim > 1 or not np.all(inside):
            raise EntryError(f"t: expected a time, or a list of times, from 0 to {last!r}")
        found = np.array([self._at(float(x) / self.dt) for x in moments.ravel()])
        return found.reshape(moments.shape + self.states.shape[1:])

    def _at(self, x: float) -> Floats:
        """Return the state at a time counted in steps."""
        nearest = round(x)
        if abs(x - nearest) <= SNAP * max(1.0, x) and nearest < len(self.grid_states):
            return np.asarray(self.grid_states[nearest])
        return np.asarray(self.states[-1] if self.flow is None else self.flow(x))


def sample_times(count: int, dt: Any, per_step: int) -> Floats:
    """Return j dt / per_step for j < count, rounded once where that is possible (0.3, not 0.30000000000000004)."""
    j: NDArray[np.float64] = np.arange(count, dtype=np.float64)
    if dt.is_Rational and int(dt.p) * count < 2**53 and int(dt.q) * per_step < 2**53:
        return j * float(dt.p) / (float(dt.q) * per_step)
    return j * float(dt) / per_step
