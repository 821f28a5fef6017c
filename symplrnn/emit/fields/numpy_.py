"""The ODE as NumPy functions f(t, z) in double precision, ready for `scipy.integrate.solve_ivp`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symplrnn.dynamics.doubles import Floats, floats, real_field, to_float
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.reading.grammar import shorten
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE

__all__ = ["GridField", "RegionField", "StateField", "VectorField"]

START_TOLERANCE = 1e-3  # states at the start time that differ by more, relatively, belong to another run
GRID_TOLERANCE = 1e-9  # a time this close below a grid time, in steps, counts as the grid time


class VectorField:
    """A function f(t, z) with z of shape (n,) or (n, k); the result has the shape of z. Its subclasses choose the region."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __call__(self, t: float, z: ArrayLike) -> Floats:
        """Return dz/dt at time t and state z."""
        state, time = floats(z, "z"), floats(t, "t")
        if state.ndim not in (1, 2) or state.shape[0] != self.n:
            raise ShapeError(f"z: expected shape ({self.n},) or ({self.n}, k), got {state.shape}")
        if time.shape or not np.isfinite(time):
            raise EntryError(f"t: {shorten(str(t))[1:-1]} is not a finite number")
        return self._evaluate(float(time), state)

    def _evaluate(self, t: float, z: Floats) -> Floats:
        raise TypeError("a VectorField is made by lambdify()")


class RegionField(VectorField):
    """X z + y of one region ODE, wherever z is; inputs are zero."""

    def __init__(self, ode: RegionODE) -> None:
        super().__init__(ode.n)
        values = real_field(ode)
        self.X, self.y = values[:, : ode.n], values[:, ode.n]

    def _evaluate(self, t: float, z: Floats) -> Floats:
        return self.X @ z + (self.y if z.ndim == 1 else self.y[:, None])


class FaceEvent:
    """The function (t, z) -> (V z + b)_i of a unit, for the argument ``events`` of `scipy.integrate.solve_ivp`.

    Attributes
    ----------
    direction : float
        0: a zero in either direction is an event. 1: only where the unit becomes active, -1: only where it becomes inactive.
    terminal : bool
        Whether integration stops at an event; False until set.
    """

    def __init__(self, normal: Floats, offset: float) -> None:
        self.normal, self.offset = normal, offset
        self.direction, self.terminal = 0.0, False

    def __call__(self, t: float, z: ArrayLike) -> Any:
        """Return (V z + b)_i at a state (n,), or at each of a batch (n, k)."""
        return self.normal @ np.asarray(z, dtype=np.float64) + self.offset


class NetworkField(VectorField):
    """What state and grid switching share: the region ODEs in double precision, each derived at its first use, and the inputs.

    ``events`` holds one `FaceEvent` a unit.
    """

    def __init__(self, ode: NetworkODE, t0: float, inputs: ArrayLike | None) -> None:
        network = ode.network
        super().__init__(network.n)
        start = floats(t0, "t0")
        if start.shape or not np.isfinite(start):
            raise EntryError(f"t0: {shorten(str(t0))[1:-1]} is not a finite number")
        self.ode, self.t0, self.dt = ode, float(start), float(ode.dt)
        self.V, self.b = to_float(network.exact.V, network.field), to_float(network.exact.b, network.field)[:, 0]
        self.events = [FaceEvent(row, float(offset)) for row, offset in zip(self.V, self.b, strict=True)]
        self.cache: dict[bytes, Floats] = {}
        self.inputs = None if inputs is None else floats(inputs, "inputs")
        if self.inputs is not None and (self.inputs.ndim != 2 or self.inputs.shape[1] != network.m):
            raise ShapeError(f"inputs: expected shape (T, {network.m}), got {self.inputs.shape}")

    def step_index(self, t: float) -> int:
        """Return k such that t is in [t0 + k dt, t0 + (k + 1) dt).

        With T rows of inputs the time t0 + T dt counts as the end of the last step, so that integrators can reach it.
        """
        x = (t - self.t0) / self.dt
        k = int(np.floor(x + GRID_TOLERANCE))
        at_end = self.inputs is not None and k == len(self.inputs) and x - k <= GRID_TOLERANCE
        return k - 1 if at_end else k

    def input_at(self, k: int) -> Floats | None:
        """Return the input (m,) that is held during step k, or None without inputs."""
        if self.inputs is None:
            return None
        if not 0 <= k < len(self.inputs):
            raise ShapeError(f"inputs: there are rows for steps 0 to {len(self.inputs) - 1}, but step {k} is asked for")
        return np.asarray(self.inputs[k])

    def active(self, z: Floats) -> NDArray[np.bool_]:
        """Return which units are active, (p,) or (p, k)."""
        return np.asarray(self.V @ z + (self.b if z.ndim == 1 else self.b[:, None]) > 0)

    def value(self, active: NDArray[np.bool_], z: Floats, s: Floats | None) -> Floats:
        """Return X z + y + Y s with the region of each column given by its active units."""
        if z.ndim == 2 and active.ndim == 1:
            active = np.broadcast_to(active[:, None], (len(active), z.shape[1]))
        if z.ndim == 1:
            return self._in_region(active, z, s)
        result = np.empty_like(z)
        patterns, which = np.unique(active, axis=1, return_inverse=True)
        for j in range(patterns.shape[1]):
            columns = np.flatnonzero(which.ravel() == j)
            result[:, columns] = self._in_region(patterns[:, j], z[:, columns], s)
        return result

    def _in_region(self, active: NDArray[np.bool_], z: Floats, s: Floats | None) -> Floats:
        n, key = self.n, active.tobytes()
        if key not in self.cache:
            self.cache[key] = real_field(self.ode["".join("1" if on else "0" for on in active)])
        values = self.cache[key]
        drift = values[:, n] if s is None else values[:, n] + values[:, n + 1 :] @ s
        return np.asarray(values[:, :n] @ z + (drift if z.ndim == 1 else drift[:, None]))


class StateField(NetworkField):
    """State switching: the region is that of z."""

    def _evaluate(self, t: float, z: Floats) -> Floats:
        return self.value(self.active(z), z, self.input_at(self.step_index(t)))


class GridField(NetworkField):
    """Grid switching: the region is that of the network's state at the last grid time t0 + k dt."""

    def __init__(self, ode: NetworkODE, t0: float, inputs: ArrayLike | None, z0: ArrayLike | None) -> None:
        super().__init__(ode, t0, inputs)
        par, K = ode.network.exact, ode.network.field
        self.A, self.W, self.h, self.C = to_float(par.A, K), to_float(par.W, K), to_float(par.h, K)[:, 0], to_float(par.C, K)
        self.starts_at_first_call = z0 is None
        self.first = 0
        self.states: list[Floats] = []
        if z0 is not None:
            start = floats(z0, "z0")
            if start.ndim not in (1, 2) or start.shape[0] != self.n:
                raise ShapeError(f"z0: expected shape ({self.n},) or ({self.n}, k), got {start.shape}")
            self.states = [start]

    def _evaluate(self, t: float, z: Floats) -> Floats:
        k = self.step_index(t)
        if self.starts_at_first_call:
            self._start(t, k, z)
        if k < self.first:
            raise ShapeError(f"t: {t!r} is before the start of this function at t = {self.t0 + self.first * self.dt!r}")
        held = self._grid_state(k)
        if held.ndim == 2 and held.shape != z.shape:
            raise ShapeError(f"z: expected shape {held.shape} as in the start states, got {z.shape}")
        return self.value(self.active(held), z, self.input_at(k))

    def _start(self, t: float, k: int, z: Floats) -> None:
        """Take the first call as the start; refuse a later call at the start time that cannot belong to the same run."""
        if not self.states:
            if abs((t - self.t0) / self.dt - k) > 2 * GRID_TOLERANCE:
                raise ShapeError(
                    f"t: grid switching has to start at a grid time t0 + k dt, but the first call was at t = {t!r}; or pass z0"
                )
            # solve_ivp(vectorized=True) passes one state as a batch of one, and then its neighbours as a batch of several.
            self.first, self.states = k, [z[:, 0].copy() if z.ndim == 2 and z.shape[1] == 1 else z.copy()]
        elif t <= self.t0 + self.first * self.dt and z.ndim == self.states[0].ndim == 1:
            start = self.states[0]
            if np.any(np.abs(z - start) > START_TOLERANCE * (1 + np.abs(start))):
                raise ShapeError("z: this function was started from another state; call lambdify again for a new run, or pass z0")

    def _grid_state(self, k: int) -> Floats:
        """Return the network's state at grid time k, stepping on from the last known one."""
        while len(self.states) <= k - self.first:
            z, s = self.states[-1], self.input_at(self.first + len(self.states) - 1)
            drift = self.h if s is None else self.h + self.C @ s
            bias, drift = (self.b, drift) if z.ndim == 1 else (self.b[:, None], drift[:, None])
            self.states.append(self.A @ z + self.W @ np.maximum(self.V @ z + bias, 0.0) + drift)
        return self.states[k - self.first]
