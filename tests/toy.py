"""A stand-in for the tables of a network: two units, V = I, b = 0, and a constant velocity in each quadrant, chosen by the test."""

from types import SimpleNamespace

import numpy as np
import sympy as sp

from symplrnn.dynamics.flow_table import FlowTables
from symplrnn.dynamics.state_switching import run_with_events


class Quadrants(FlowTables):
    def __init__(self, velocities, kinds=()):
        self.velocities, self.kinds = velocities, dict(kinds)
        self.n, self.q, self._tables = 2, 3, {}
        self.faces = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])

    def region(self, pattern):
        return SimpleNamespace(kind=self.kinds.get(pattern, "real" if pattern in self.velocities else "unknown"))

    def velocity(self, pattern):
        return np.column_stack([np.zeros((2, 2)), self.velocities[pattern]])

    def pieces(self, pattern):
        return 1

    def _interpolated(self, pattern, piece):
        """z(r) = z + r v = (z + v/2) + (v/2) T_1(2 r - 1)."""
        half = np.array(self.velocities[pattern], dtype=float) / 2
        return np.array([np.column_stack([np.eye(2), half]), np.column_stack([np.zeros((2, 2)), half])])


def run(velocities, z0, steps=1, per_step=4, dt=1, kinds=()):
    orbit = np.array([z0] * (steps + 1), dtype=float)
    return run_with_events(Quadrants(velocities, kinds), orbit, per_step, np.zeros((steps, 0)), sp.Rational(dt))
