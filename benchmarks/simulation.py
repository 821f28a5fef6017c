"""Time simulations of the trained van der Pol network (1000 steps, 10 points a step) beside Runge-Kutta methods.

All follow the same equation with grid switching: dz/dt = X z + y with the region of the state at the last grid time. The
Runge-Kutta baselines are written as tightly as NumPy allows: the cached one looks its matrices up once a step, from a dictionary.
Run with  python -m benchmarks.simulation
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import logm

import symplrnn as sr
from benchmarks.__main__ import network

STEPS, PER_STEP, DT = 1000, 10, "1/10"


def seconds(work: Callable[[], Any], repeat: int = 7) -> float:
    """Return the least wall time of some calls, which other work on the machine disturbs least."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def runge_kutta(field_of: Callable[[bytes], Any], z: np.ndarray, steps: int, h: float, fields: dict[bytes, Any]) -> np.ndarray:
    """RK4 with grid switching, the pattern and its matrices looked up once a step, PER_STEP substeps each."""
    n = len(z)
    out = np.empty((steps * PER_STEP + 1, n))
    out[0] = z
    row = 0
    for _ in range(steps):
        key = (z > 0).tobytes()
        if key not in fields:
            fields[key] = field_of(key)
        X, y = fields[key]
        for _ in range(PER_STEP):
            k1 = X.dot(z) + y
            k2 = X.dot(z + (h / 2) * k1) + y
            k3 = X.dot(z + (h / 2) * k2) + y
            k4 = X.dot(z + h * k3) + y
            z = z + (h / 6) * (k1 + 2 * (k2 + k3) + k4)
            row += 1
            out[row] = z
    return out


def runge_kutta_looking_up(f: Callable[[np.ndarray], np.ndarray], z: np.ndarray, steps: int, h: float) -> np.ndarray:
    """RK4 for a field f(z) that finds its region in every evaluation, as published code does."""
    out = [z]
    for _ in range(steps * PER_STEP):
        k1 = f(z)
        k2 = f(z + (h / 2) * k1)
        k3 = f(z + (h / 2) * k2)
        k4 = f(z + h * k3)
        z = z + (h / 6) * (k1 + 2 * (k2 + k3) + k4)
        out.append(z)
    return np.array(out)


def report(name: str, ours: float, theirs: float, note: str = "") -> None:
    """Print one comparison."""
    print(f"{name:<66} {theirs * 1000:12.2f} ms   {theirs / ours:10.1f} times ours{note}")


def main() -> None:
    """Print the table."""
    net, title = network()
    z0 = np.array([float(x) for x in net.initial_states[0]]) if net.initial_states else np.full(net.n, 0.5)
    dt = float(sr.derive(net, DT).dt)
    h = dt / PER_STEP

    def cold() -> None:
        sr.derive(net, DT).simulate(z0, STEPS, PER_STEP)

    ode = sr.derive(net, DT)
    found = ode.simulate(z0, STEPS, PER_STEP)
    ours = seconds(lambda: ode.simulate(z0, STEPS, PER_STEP), 50)
    orbit = net.orbit(z0, STEPS)
    exact = np.array([[int(x) / int(q) for x in Z.entries()] for Z, q in zip(orbit.numerators, orbit.denominators, strict=True)])
    print(f"{STEPS} steps, {PER_STEP} points a step, {title}; {len(set(found.patterns))} regions visited")
    print(f"{'closed-form flow, grid switching (ours)':<66} {ours * 1000:12.2f} ms")
    print(f"{'    difference from the exact map at grid times, at most':<66} {np.abs(found.grid_states - exact).max():12.1e}")
    report("    the first run, which derives the regions", ours, seconds(cold, 3))
    fields: dict[bytes, Any] = {}

    def field_of(key: bytes) -> Any:
        region_field = ode["".join("1" if on else "0" for on in np.frombuffer(key, dtype=bool))].lambdify()
        return region_field.X, region_field.y

    states = runge_kutta(field_of, z0, STEPS, h, fields)  # fills the cache
    report("RK4 at dt/10, matrices cached, region looked up once a step", ours,
           seconds(lambda: runge_kutta(field_of, z0, STEPS, h, fields)))  # fmt: skip
    print(f"{'    difference from the exact map at grid times, at most':<66} {np.abs(states[::PER_STEP] - exact).max():12.1e}")

    def cached(z: np.ndarray) -> np.ndarray:
        X, y = fields.get((z > 0).tobytes()) or fields.setdefault((z > 0).tobytes(), field_of((z > 0).tobytes()))
        return X.dot(z) + y

    runge_kutta_looking_up(cached, z0, STEPS, h)
    report("RK4 at dt/10, matrices cached, region looked up in every stage", ours,
           seconds(lambda: runge_kutta_looking_up(cached, z0, STEPS, h)))  # fmt: skip
    A, W, c = (np.array(part.tolist(), dtype=float) for part in (net.A, net.W, net.h))

    def published(z: np.ndarray) -> np.ndarray:
        M = A + W * (z > 0)
        X = logm(M).real / dt
        return X @ z + X @ np.linalg.solve(M - np.eye(net.n), c[:, 0])

    few = 5
    slow = seconds(lambda: runge_kutta_looking_up(published, z0, few, h), 1) * STEPS / few
    report("RK4 at dt/10, scipy.linalg.logm in every stage", ours, slow, f", measured on {few} steps")
    ode.simulate(z0, STEPS, PER_STEP, "state")
    events = seconds(lambda: ode.simulate(z0, STEPS, PER_STEP, "state"), 5)
    report("state switching, event-driven (ours)", ours, events)
    f = ode.lambdify()
    for face in f.events:
        face.terminal = False
    report("state switching, solve_ivp at rtol 1e-8, not restarted at faces", ours,
           seconds(lambda: solve_ivp(f, (0, 10), z0, rtol=1e-8, atol=1e-10), 1) * STEPS * dt / 10,
           f", measured on {10 / dt:.0f} steps")  # fmt: skip


if __name__ == "__main__":
    main()
