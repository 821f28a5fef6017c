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


@dataclass(frozen=True, eq=False)
class GridFlow:
    """The states between grid times: ``cells`` (steps, k, q) holds (z, 1, s), ``index`` (steps, k) which pattern each has."""

    tables: FlowTables
    cells: Floats
    names: list[str]
    index: Indices
    shape: tuple[int, ...]

    def __call__(self, x: float) -> Floats:
        """Return the state (n,) or (n, k) at a time x, counted in steps."""
        step = min(int(x), len(self.cells) - 1)
        columns = [self.tables.at(self.names[j], x - step, u) for j, u in zip(self.index[step], self.cells[step], strict=True)]
        return np.array(columns).T.reshape(self.shape)


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
        orbit, _ = self._orbit(start, steps, held)
        return run_with_events(self.tables, orbit[:, : self.n], per_step, held, self.ode.dt)

    def _orbit(self, start: Floats, steps: int, inputs: Floats) -> tuple[Floats, int]:
        """Return the rows of the network's orbit, see `RoundedNetwork.rows`, and how many steps are finite."""
        rows = self.rounded.rows(start, steps, inputs)
        finite = np.isfinite(rows[:, : self.n].reshape(steps + 1, -1)).all(axis=1)
        return rows, steps if finite.all() else int(np.argmin(finite)) - 1

    def _grid(self, start: Floats, steps: int, per_step: int, inputs: Floats) -> Trajectory:
        n, q = self.n, self.q
        rows, finite = self._orbit(start, steps, inputs)
        batch = start.shape[1:]
        width = batch[0] if batch else 1
        cells = np.moveaxis(rows[:finite].reshape(finite, rows.shape[1], width), 1, 2).reshape(finite * width, rows.shape[1])
        names, index = distinct_patterns(cells[:, q:] > 0)
        u = cells[:, :q]
        samples = np.empty((finite * width * per_step + width, n))
        found = samples[:-width].reshape(finite * width, per_step, n)
        found[:, 0] = u[:, :n]
        with np.errstate(all="ignore"):
            for j, name in enumerate(counted(names if per_step > 1 else [], "regions", len(names))):
                where = np.flatnonzero(index == j)
                table = self.tables.sampled(name, per_step).reshape(-1, q)
                found[where, 1:] = (u[where] @ table.T).reshape(len(where), per_step - 1, n)
        orbit = rows[: finite + 1, :n]
        states = samples
        if batch:
            states = np.empty((finite * per_step + 1, n, width))
            states[:-1] = np.moveaxis(found.reshape(finite, width, per_step, n), 1, 3).reshape(finite * per_step, n, width)
        states[-1] = orbit[-1]
        patterns: Any = tuple([names[j] for j in index])
        if batch:
            patterns = tuple(patterns[k * width : (k + 1) * width] for k in range(finite))
        status, message = "done", "all steps were simulated"
        if finite < steps:
            status, message = "overflow", _too_large(finite, self.ode.dt)
        return Trajectory(
            switching="grid",
            times=sample_times(len(states), self.ode.dt, per_step),
            states=states,
            grid_states=orbit,
            map_states=orbit,
            patterns=patterns,
            dt=float(self.ode.dt),
            flow=GridFlow(self.tables, u.reshape(finite, width, q), names, index.reshape(finite, width), (n, *batch)),
            status=status,
            message=message,
        )


views.simulator.register(NetworkODE, Simulator)


def _too_large(step: int, dt: Any) -> str:
    return f"the network leaves the range of double precision after step {step}, at time {float(dt) * step:.6g}"


def distinct_patterns(active: NDArray[np.bool_]) -> tuple[list[str], Indices]:
    """Return the distinct rows of an array (N, p) as patterns, and for each row which one it is.

    >>> distinct_patterns(np.array([[True, False], [False, False], [True, False]]))
    (['00', '10'], array([1, 0, 1]))
    """
    count, p = active.shape
    if count == 0 or p == 0:
        return [""] * bool(count), np.zeros(count, dtype=np.intp)
    packed = np.packbits(active, axis=1)
    keys = packed.view(np.dtype((np.void, packed.shape[1])))[:, 0].tolist()
    order = {key: j for j, key in enumerate(sorted(set(keys)))}
    index = np.array([order[key] for key in keys], dtype=np.intp)
    bits = np.unpackbits(np.frombuffer(b"".join(order), dtype=np.uint8).reshape(len(order), -1), axis=1, count=p)
    return ["".join("1" if bit else "0" for bit in row) for row in bits], index
