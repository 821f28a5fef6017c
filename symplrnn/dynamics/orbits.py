"""Orbits of a network in double precision: the map with each entry rounded once, and one matrix product a step.

A column (z, 1, s, relu(V z + b)) is filled in for each step, so that the next state is the product of [A, h, C, W] with it. Exact
orbits (`symplrnn.network.orbit`) have numbers that grow with every step; these do not, and differ from them by what rounding does
to the orbit: little where it is stable, and everything after some time where it is chaotic.

Reference: docs/theory, section 1, eq. (1).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symplrnn import views
from symplrnn.dynamics.doubles import Floats, floats, nearest_double, to_float
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.reading.numbers import rational_vector
from symplrnn.network.network import ReLURNN
from symplrnn.network.orbit import number_of_steps, start_state
from symplrnn.progress import counted

__all__ = ["RoundedNetwork", "float_orbit"]


class RoundedNetwork:
    """The map of a network of numbers in double precision; n states, q = n + 1 + m columns, for (z, 1, s)."""

    def __init__(self, network: ReLURNN) -> None:
        network.require_numbers("orbit")
        self.network, self.n, self.q = network, network.n, network.n + 1 + network.m
        self.faces = np.hstack([to_float(part, network.field) for part in (network.exact.V, network.exact.b)])
        self.rectifies_all = network.rectified_states == tuple(range(self.n))

    @cached_property
    def map(self) -> Floats:
        """[A, h, C, W]."""
        par = self.network.exact
        return np.hstack([to_float(part, self.network.field) for part in (par.A, par.h, par.C, par.W)])

    def start(self, z0: Any) -> Floats:
        """Return the start state (n,), or a batch (n, k) for a two-dimensional NumPy array."""
        given = start_state(self.network, z0)
        if not (isinstance(given, np.ndarray) and given.ndim == 2):
            return np.array([nearest_double(x, f"z0[{i}]") for i, x in enumerate(rational_vector(given, "z0", self.n), 1)])
        batch = floats(given, "z0")
        if batch.shape[0] != self.n or batch.shape[1] == 0:
            raise ShapeError(f"z0: expected numbers of shape ({self.n},) or ({self.n}, k), got shape {batch.shape}")
        if not np.isfinite(batch).all():
            raise EntryError("z0: expected finite numbers, got inf or nan")
        return batch

    def inputs(self, inputs: Any, steps: int) -> Floats:
        """Return the inputs (steps, m); zeros if there are none."""
        m = self.network.m
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

    def orbit(self, start: Floats, steps: int, inputs: Floats, into: Floats | None = None) -> Floats:
        """Return the states (T + 1, n, ...) of the orbit; ``into`` is an array for them, with each state contiguous."""
        n, q = self.n, self.q
        states = np.empty((steps + 1, *start.shape)) if into is None else into
        states[0] = z = start
        column = np.zeros((q + self.network.p, *start.shape[1:]))
        column[n] = 1.0
        state, affine, held, rectified = column[:n], column[: n + 1], column[n + 1 : q], column[q:]
        faces, step, zero = self.faces, self.map, 0.0
        if start.ndim > 1:
            inputs = inputs[:, :, None]
        with np.errstate(all="ignore"):
            for after, s in counted(zip(states[1:], inputs, strict=True), "steps", steps):
                np.copyto(state, z)
                if q > n + 1:
                    np.copyto(held, s)
                if self.rectifies_all:
                    np.maximum(z, zero, out=rectified)
                else:
                    faces.dot(affine, rectified)
                    np.maximum(rectified, zero, out=rectified)
                step.dot(column, after)
                z = after
        return states

    def active(self, states: Floats) -> NDArray[np.bool_]:
        """Return which units are active (T, p, ...) at the states (T, n, ...) of an orbit, with the rounding of the orbit."""
        if self.rectifies_all:
            return states > 0
        affine = np.ones((self.n + 1, *states.shape[2:]))
        found = np.empty((len(states), self.network.p, *states.shape[2:]))
        for z, activations in zip(states, found, strict=True):
            np.copyto(affine[: self.n], z)
            self.faces.dot(affine, activations)
        return found > 0


def float_orbit(network: ReLURNN, z0: Any, steps: Any, inputs: Any) -> Floats:
    """Return the states (T + 1, n) of an orbit in double precision, or (T + 1, n, k) of a batch; see `ReLURNN.orbit`."""
    rounded, count = RoundedNetwork(network), number_of_steps(steps)
    return rounded.orbit(rounded.start(z0), count, rounded.inputs(inputs, count))


views.float_orbit.register(ReLURNN, float_orbit)
