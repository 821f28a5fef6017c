"""The vector field as a function for JAX or PyTorch: pure, so that it can be compiled, differentiated and mapped over batches.

Reference: docs/theory, section 3, E7.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from symplrnn.dynamics.doubles import floats
from symplrnn.emit.fields.numpy_ import GRID_TOLERANCE
from symplrnn.emit.fields.region_table import RegionTable, region_table
from symplrnn.errors import MissingExtra, ShapeError
from symplrnn.systems.piecewise import NetworkODE

__all__ = ["tensor_field"]


class TensorEvent:
    """The function (t, z) -> (V z + b)_i of a unit on arrays of the library; direction and terminal as for `FaceEvent`."""

    def __init__(self, asarray: Any, normal: Any, offset: Any) -> None:
        self._asarray, self.normal, self.offset = asarray, normal, offset
        self.direction, self.terminal = 0.0, False

    def __call__(self, t: Any, z: Any) -> Any:
        """Return (V z + b)_i at a state (n,), or at each of a batch (n, k)."""
        return self.normal @ self._asarray(z) + self.offset


class TensorField:
    """f(t, z), or with grid switching f(t, z, held) with the state ``held`` at the last grid time, which decides the region.

    z and held have shape (n,) or (n, k), the same; the result has it too. States in no region of the table give NaN, and so do
    times without an input. The constants are made when the function is made: JAX holds them in double precision only if
    ``jax_enable_x64`` is on by then.
    """

    def __init__(self, xp: Any, table: RegionTable, grid: bool, t0: float, dt: float, inputs: Any) -> None:
        self.xp, self.n, self.grid, self.t0, self.dt = xp, table.n, grid, t0, dt
        self.patterns = table.patterns
        self.V, self.b, self.values = self._constant(table.V), self._constant(table.b), self._constant(table.values)
        self.active, self.order = xp.asarray(table.active), xp.asarray(np.arange(len(table.patterns)))
        self.inputs = None if inputs is None else self._constant(inputs)
        self.events = [TensorEvent(self._state, row, offset) for row, offset in zip(self.V, self.b, strict=True)]

    def _constant(self, value: Any) -> Any:
        return self.xp.asarray(np.ascontiguousarray(value))

    def _state(self, z: Any) -> Any:
        return self._constant(np.asarray(z, dtype=np.float64)) if isinstance(z, np.ndarray | list | tuple) else z

    def __call__(self, t: Any, z: Any, held: Any = None) -> Any:
        """Return dz/dt at time t and state z; ``held`` goes with grid switching."""
        state = self._state(z)
        if self.grid == (held is None):
            raise ShapeError('held: the state at the last grid time goes with switching="grid", and only with it')
        chosen = self._state(held) if self.grid else state
        if state.ndim not in (1, 2) or state.shape[0] != self.n or chosen.shape != state.shape:
            raise ShapeError(f"z: expected shape ({self.n},) or ({self.n}, k), and held of the same, got {tuple(state.shape)}")
        if state.ndim == 1:
            return self._batch(t, state[:, None], chosen[:, None])[:, 0]
        return self._batch(t, state, chosen)

    def _batch(self, t: Any, z: Any, held: Any) -> Any:
        n, active = self.n, self.V @ held + self.b[:, None] > 0
        same = (self.active[:, :, None] == active[None]).all(1)
        found, index = same.any(0), (same * self.order[:, None]).sum(0)
        values = self.values[index]
        result = self.xp.einsum("kij,jk->ik", values[:, :, :n], z) + values[:, :, n].T
        if self.inputs is not None:
            x, last = (self.xp.asarray(t) - self.t0) / self.dt, len(self.inputs)
            step = self.xp.floor(x + GRID_TOLERANCE)
            found = found & (step >= 0) & (x - last <= GRID_TOLERANCE)  # the last time counts as the end of the last step
            row = self.xp.asarray(self.xp.clip(step, 0, len(self.inputs) - 1), dtype=self.xp.int32)
            result = result + (values[:, :, n + 1 :] @ self.inputs[row]).T
        return self.xp.where(found, result, float("nan"))


def tensor_field(ode: NetworkODE, switching: str, backend: str, z0: Any, t0: Any, inputs: Any) -> TensorField:
    """Return the vector field of a network for "jax" or "torch"; see `NetworkODE.lambdify`."""
    if z0 is not None:
        raise ShapeError(f'z0: goes with backend="numpy"; for "{backend}" grid switching takes the held state: f(t, z, held)')
    try:
        library = import_module("jax.numpy" if backend == "jax" else "torch")
    except ImportError as error:
        extra = f'pip install "symplrnn[{backend}]"'
        raise MissingExtra(f'backend: "{backend}" is not installed; install it with: {extra}') from error
    start, held = float(floats(t0, "t0")), None if inputs is None else floats(inputs, "inputs")
    if held is not None and (held.ndim != 2 or held.shape[1] != ode.network.m or not len(held)):
        raise ShapeError(f"inputs: expected shape (T, {ode.network.m}), got {held.shape}")
    return TensorField(library, region_table(ode, backend), switching == "grid", start, float(ode.dt), held)
