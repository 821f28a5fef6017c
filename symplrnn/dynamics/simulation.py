"""Simulation in double precision by closed-form flows: no step size, no discretisation error.

With grid switching the network itself gives the states at all grid times; between two of them the state is G(r) (z, 1, s) with
one matrix G(r) for all steps in the same region. So the work is one loop over the steps of the network, and one matrix product
for each region that is visited. Nothing enumerates regions.

Reference: THEORY section 3, E7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symplrnn import limits, views
from symplrnn.dynamics.doubles import Floats, floats, nearest_double, to_float
from symplrnn.dynamics.flow_table import FlowTables
from symplrnn.dynamics.state_switching import run_with_events
from symplrnn.dynamics.trajectory import Trajectory, sample_times
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.reading.numbers import positive_integer, rational_vector
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
        par = ode.network.exact
        self.map = np.hstack([to_float(part, ode.network.field) for part in (par.A, par.h, par.C, par.W)])
        self.rectifies_all = ode.network.rectified_states == tuple(range(self.n))

    def run(self, z0: Any, steps: Any, per_step: Any, switching: str, inputs: Any) -> Trajectory:
        """Return the trajectory; see `NetworkODE.simulate`."""
        if isinstance(steps, bool) or not isinstance(steps, int | np.integer) or steps < 0:
            raise ShapeError(f"steps: expected a whole number that is not negative, got {steps!r}")
        per_step = positive_integer(int(per_step) if isinstance(per_step, np.integer) else per_step, "per_step")
        start = self._start(z0)
        if (values := start.size * int(steps) * per_step) > limits.TRAJECTORY_VALUES:
            raise ShapeError(
                f"steps, per_step: {values} numbers are too many to hold; accepted are up to {limits.TRAJECTORY_VALUES}"
            )
        held = self._inputs(inputs, int(steps))
        if switching == "grid":
            return self._grid(start, int(steps), per_step, held)
        if switching != "state":
            raise ShapeError(f'switching: {switching!r} is unknown; accepted are "grid" and "state"')
        if start.ndim != 1:
            raise ShapeError(f'z0: switching="state" takes one start state ({self.n},), got a batch {start.shape}')
        orbit, _ = self._orbit(start, int(steps), held)
        return run_with_events(self.tables, orbit[:, : self.n], per_step, held, self.ode.dt)

    def _start(self, z0: Any) -> Floats:
        """Return the start state (n,), or a batch (n, k) for a two-dimensional NumPy array."""
        states = self.ode.network.initial_states
        if z0 is None and not states:
            raise ShapeError(f"z0: missing, and the network carries no start state; accepted is a vector of {self.n} numbers")
        given = states[0] if z0 is None else z0
        if not (isinstance(given, np.ndarray) and given.ndim == 2):
            return np.array([nearest_double(x, f"z0[{i}]") for i, x in enumerate(rational_vector(given, "z0", self.n), 1)])
        batch = floats(given, "z0")
        if batch.shape[0] != self.n or batch.shape[1] == 0:
            raise ShapeError(f"z0: expected numbers of shape ({self.n},) or ({self.n}, k), got shape {batch.shape}")
        if not np.isfinite(batch).all():
            raise EntryError("z0: expected finite numbers, got inf or nan")
        return batch

    def _inputs(self, inputs: Any, steps: int) -> Floats:
        """Return the inputs (steps, m); zeros if there are none."""
        m = self.ode.network.m
        if inputs is None:
            return np.zeros((steps, m))
        held = floats(inputs, "inputs")
        if held.ndim != 2 or held.shape[1] != m:
            raise ShapeError(f"inputs: expected shape (T, {m}), got {held.shape}")
        if len(held) < steps:
            raise ShapeError(f"inputs: expected a row for each of {steps} steps, got {len(held)}")
        if not np.isfinite(held).all():
            raise EntryError("inputs: expected finite numbers, got inf or nan")
        return held[:steps]

    def _orbit(self, start: Floats, steps: int, inputs: Floats) -> tuple[Floats, int]:
        """Return (z, 1, s, relu(V z + b)) (T + 1, q + p, ...) of the network's orbit, and how many steps are finite.

        In the last row only z and 1 are filled in.
        """
        n, q, p = self.n, self.q, self.ode.network.p
        rows = np.zeros((steps + 1, q + p, *start.shape[1:]))
        rows[0, :n], rows[:, n] = start, 1.0
        rows[:-1, n + 1 : q] = inputs if start.ndim == 1 else inputs[:, :, None]
        faces, step, zero = self.tables.faces, self.map, 0.0
        states, rectified = list(rows[:, :n]), list(rows[:, q:])
        with np.errstate(all="ignore"):
            if self.rectifies_all:
                for z, active, row, after in zip(states, rectified, rows, states[1:], strict=False):
                    np.maximum(z, zero, out=active)
                    step.dot(row, after)
            else:
                affine = list(rows[:, : n + 1])
                for z, active, row, after in zip(affine, rectified, rows, states[1:], strict=False):
                    faces.dot(z, active)
                    np.maximum(active, zero, out=active)
                    step.dot(row, after)
        finite = np.isfinite(rows[:, :n].reshape(steps + 1, -1)).all(axis=1)
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
            for j, name in enumerate(names if per_step > 1 else []):
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
