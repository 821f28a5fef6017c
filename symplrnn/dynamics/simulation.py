"""Simulation in double precision by closed-form flows: no step size, no discretisation error.

With grid switching the network itself gives the states at all grid times; between two of them the state is G(r) (z, 1, s) with
one matrix G(r) for all steps in the same region. So the work is one loop over the steps of the network, and one matrix product
for each region that is visited. Nothing enumerates regions.

Reference: docs/theory, section 3, E7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symplrnn import limits, views
from symplrnn.dynamics.doubles import Floats
from symplrnn.dynamics.flow_table import FlowTables
from symplrnn.dynamics.state_switching import run_with_events
from symplrnn.dynamics.trajectory import Trajectory, sample_times
from symplrnn.errors import ShapeError
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.network.orbit import number_of_steps
from symplrnn.progress import counted
from symplrnn.systems.piecewise import NetworkODE

__all__ = ["Simulator"]

Indices = NDArray[np.intp]
CHUNK = 1 << 15  # numbers in a temporary array: they fit in a cache
FEWEST_COLUMNS = 256  # in such an array, if there are many: those of one region share a product
KEY_BITS = 32  # units in one key of a pattern


@dataclass(frozen=True, eq=False)
class GridFlow:
    """The states between grid times, from ``orbit`` (steps + 1, n, k), those at grid times, and ``inputs`` (steps, m)."""

    tables: FlowTables
    orbit: Floats
    inputs: Floats
    shape: tuple[int, ...]

    def __call__(self, x: float) -> Floats:
        """Return the state (n,) or (n, k) at a time x, counted in steps."""
        step = min(int(x), len(self.inputs) - 1)
        columns = self._columns(step, step + 1, slice(None))
        names, order, ends = distinct_patterns(self._active(step, step + 1, slice(None)))
        found = np.empty((len(columns), self.tables.n))
        for name, where in zip(names, np.split(order, ends[:-1]), strict=True):
            found[where] = self.tables.at(name, x - step, columns[where].T).T
        return np.ascontiguousarray(found.T).reshape(self.shape)

    def patterns(self) -> tuple[Any, ...]:
        """Return the patterns of the steps; of a batch, for each step a tuple."""
        steps, width = len(self.inputs), self.orbit.shape[2]
        found: list[Any] = []
        for k, end in ranges(steps, max(1, CHUNK // (width * max(1, self.tables.q)))):
            names, order, ends = distinct_patterns(self._active(k, end, slice(None)))
            each = np.empty(len(order), dtype=np.intp)
            each[order] = np.repeat(np.arange(len(names)), np.diff(ends, prepend=0))
            found += [names[j] for j in each.tolist()]
        return tuple(found) if len(self.shape) == 1 else tuple(tuple(found[k * width : (k + 1) * width]) for k in range(steps))

    def fill(self, states: Floats) -> None:
        """Fill in the states (steps, per_step, n, k) between grid times, in pieces whose temporary arrays are small."""
        steps, per_step, n, width = states.shape
        between = (per_step - 1) * n
        size = max(1, CHUNK // between, min(FEWEST_COLUMNS, steps * width // 16))
        chunks = [(k, end, slice(*c)) for k, end in ranges(steps, max(1, size // width)) for c in ranges(width, size)]
        groups = [distinct_patterns(self._active(*chunk)) for chunk in chunks]  # a few numbers for each state of the orbit
        visited = dict.fromkeys(name for names, _, _ in groups for name in names)
        tables = {
            name: self.tables.sampled(name, per_step).reshape(between, -1).T for name in counted(visited, "regions", len(visited))
        }
        memory = np.empty((min(size, steps * width), between))
        with np.errstate(all="ignore"):
            for (k, end, part), (names, order, ends) in zip(chunks, groups, strict=True):
                columns = self._columns(k, end, part)
                found = memory[: len(columns)]
                for name, where in zip(names, np.split(order, ends[:-1]), strict=True):
                    found[where] = columns[where] @ tables[name]
                states[k:end, 1:, :, part] = found.reshape(end - k, -1, per_step - 1, n).transpose(0, 2, 3, 1)

    def _active(self, k: int, end: int, batch: slice) -> NDArray[np.bool_]:
        """Return which units are active (N, p) in some steps and some states of the batch, a row for each of both."""
        active = self.tables.rounded.active(self.orbit[k:end, :, batch])
        return active.transpose(0, 2, 1).reshape(active.shape[0] * active.shape[2], active.shape[1])

    def _columns(self, k: int, end: int, batch: slice) -> Floats:
        """Return the rows (z, 1, s) (N, q) of some steps and some states of the batch."""
        n, z = self.tables.n, self.orbit[k:end, :, batch].transpose(0, 2, 1)
        columns = np.ones((*z.shape[:2], self.tables.q))
        columns[:, :, :n] = z
        columns[:, :, n + 1 :] = self.inputs[k:end, None]
        return columns.reshape(-1, self.tables.q)


class Simulator:
    """Simulates one `NetworkODE`, and keeps the tables of the regions that its trajectories have visited."""

    def __init__(self, ode: NetworkODE) -> None:
        self.ode, self.tables = ode, FlowTables(ode)
        self.n, self.q = self.tables.n, self.tables.q
        self.rounded = self.tables.rounded

    def run(self, z0: Any, steps: Any, per_step: Any, switching: str, inputs: Any) -> Trajectory:
        """Return the trajectory; see `NetworkODE.simulate`."""
        steps = number_of_steps(steps)
        per_step = positive_integer(int(per_step) if isinstance(per_step, np.integer) else per_step, "per_step")
        start = self.rounded.start(z0)
        if (values := start.size * steps * per_step) > limits.TRAJECTORY_VALUES:
            raise ShapeError(
                f"steps, per_step: {values} numbers are too many to hold; accepted are up to {limits.TRAJECTORY_VALUES}"
            )
        held = self.rounded.inputs(inputs, steps)
        if switching == "grid":
            return self._grid(start, steps, per_step, held)
        if switching != "state":
            raise ShapeError(f'switching: {switching!r} is unknown; accepted are "grid" and "state"')
        if start.ndim != 1:
            raise ShapeError(f'z0: switching="state" takes one start state ({self.n},), got a batch {start.shape}')
        return run_with_events(self.tables, self.rounded.orbit(start, steps, held), per_step, held, self.ode.dt)

    def _grid(self, start: Floats, steps: int, per_step: int, inputs: Floats) -> Trajectory:
        """Write the orbit to its places among the states, and then the states between them."""
        n = self.n
        states = np.empty((steps * per_step + 1, *start.shape))
        orbit = self.rounded.orbit(start, steps, inputs, states[::per_step])
        done = finite_steps(orbit)
        width = start.size // n
        states, orbit = states[: done * per_step + 1], orbit[: done + 1]
        flow = GridFlow(self.tables, orbit.reshape(done + 1, n, width), inputs[:done], start.shape)
        if per_step > 1:
            flow.fill(states[:-1].reshape(done, per_step, n, width))
        status, message = "done", "all steps were simulated"
        if done < steps:
            status, message = "overflow", _too_large(done, self.ode.dt)
        return Trajectory(
            switching="grid",
            times=sample_times(len(states), self.ode.dt, per_step),
            states=states,
            grid_states=orbit,
            map_states=orbit,
            visited=flow.patterns,
            dt=float(self.ode.dt),
            flow=flow,
            status=status,
            message=message,
        )


views.simulator.register(NetworkODE, Simulator)


def _too_large(step: int, dt: Any) -> str:
    return f"the network leaves the range of double precision after step {step}, at time {float(dt) * step:.6g}"


def finite_steps(orbit: Floats) -> int:
    """Return how many steps of an orbit (T + 1, n, ...) end with a finite state."""
    with np.errstate(all="ignore"):
        if np.isfinite(orbit.sum()):  # so are all its numbers
            return len(orbit) - 1
    finite = np.isfinite(orbit).reshape(len(orbit), -1).all(axis=1)
    return len(orbit) - 1 if finite.all() else int(np.argmin(finite)) - 1


def ranges(count: int, size: int) -> list[tuple[int, int]]:
    """Return the ends of pieces of at most so many of ``count`` things.

    >>> ranges(5, 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    return [(k, min(k + size, count)) for k in range(0, count, size)]


def distinct_patterns(active: NDArray[np.bool_]) -> tuple[list[str], Indices, list[int]]:
    """Return the distinct rows of an array (N, p) as patterns, an order that puts equal rows together, and where each group ends.

    >>> distinct_patterns(np.array([[True, False], [False, False], [True, False]]))
    (['00', '10'], array([1, 0, 2]), [1, 3])
    """
    count, p = active.shape
    keys = np.zeros(count, dtype=np.int64)
    for i in range(0, p, KEY_BITS):
        bits = active[:, i : i + KEY_BITS]
        if i:
            keys = np.unique(keys, return_inverse=True)[1] << KEY_BITS
        keys += (bits @ 2.0 ** np.arange(bits.shape[1])[::-1]).astype(np.int64)  # floats, for the sake of the product
    order = np.argsort(keys, kind="stable")
    ends = [*(np.flatnonzero(np.diff(keys[order])) + 1).tolist(), *([count] if count else [])]
    first = active[order[[0, *ends[:-1]] if count else []]]
    names = (first + np.uint8(ord("0"))).view(f"S{p}")[:, 0].astype(np.str_).tolist() if p else [""] * len(ends)
    return names, order, ends
