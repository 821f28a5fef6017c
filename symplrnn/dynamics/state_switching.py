"""Simulation with state switching: the closed-form flow of one region until the first face, then that of the next region.

Inside a region the state over the rest of a step is G(r) (z, 1, s), so every activation (V z + b)_i is a known function of r, a
Chebyshev sum  c_0 + c_1 T_1 + ... . Where |c_0| > |c_1| + |c_2| + ... it has no zero. Else all its real zeros are computed, as
eigenvalues of the colleague matrix, and the first one behind which the sign has changed is polished: no crossing is passed by
between sample points, down to visits as short as rounding. At a face the normal velocities of both fields decide what follows.

Steps do not go beyond grid times, so that inputs held from grid time to grid time switch exactly.

Reference: docs/theory, section 3, E7; A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988;
L. N. Trefethen, Approximation Theory and Approximation Practice, SIAM 2013, chapter 18.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev

from symplrnn import limits
from symplrnn.dynamics.doubles import Floats
from symplrnn.dynamics.flow_table import FlowTables
from symplrnn.dynamics.trajectory import Event, Trajectory, sample_times
from symplrnn.errors import PatternError
from symplrnn.progress import counted

__all__ = ["first_exit", "run_with_events"]

EPS = np.finfo(float).eps
SAME_TIME = 1e-12  # faces that are met within this part of a step are met at once


@dataclass(frozen=True)
class End:
    """Why a trajectory ends before its last step."""

    status: str
    message: str


@dataclass
class Run:
    """A trajectory in the making. Times are counted in steps; ``pattern`` is the region whose field holds now."""

    tables: FlowTables
    z: Floats
    pattern: str
    dt: float
    at_face: frozenset[int] = frozenset()
    starts: list[float] = field(default_factory=list)
    segments: list[tuple[str, Floats]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def flow(self, x: float) -> Floats:
        """Return the state at a time between grid times."""
        k = max(0, bisect_right(self.starts, x) - 1)
        pattern, u = self.segments[k]
        return self.tables.at(pattern, x - self.starts[k], u)


def run_with_events(tables: FlowTables, orbit: Floats, per_step: int, inputs: Floats, dt: Any) -> Trajectory:
    """Return the trajectory with state switching from orbit[0], beside the network's own orbit (T + 1, n)."""
    n, steps = tables.n, len(inputs)
    values = tables.faces[:, :n] @ orbit[0] + tables.faces[:, n]
    run = Run(tables, orbit[0].copy(), "".join("1" if x > 0 else "0" for x in values), float(dt))
    rows, patterns, end = [orbit[0][None]], [run.pattern], _unusable(run, run.pattern, 0.0)
    for k in counted(range(steps if end is None else 0), "steps", steps):
        with np.errstate(over="ignore", invalid="ignore"):
            samples, end = _step(run, k, per_step, inputs[k])
        rows.append(samples)
        if end is not None:
            break
        patterns.append(run.pattern)
    states = np.concatenate(rows)
    times = sample_times(len(states), dt, per_step)
    if end is not None and len(rows) > 1:
        times[-1] = run.events[-1].time if run.events and end.status != "overflow" else times[-1]
    return Trajectory(
        switching="state",
        times=times,
        states=states,
        grid_states=states[::per_step][: len(patterns)],
        map_states=orbit,
        visited=tuple(patterns[: len(patterns) - (end is None)]),
        events=tuple(run.events),
        dt=run.dt,
        flow=run.flow,
        **({} if end is None else {"status": end.status, "message": end.message}),
    )


def _unusable(run: Run, pattern: str, x: float) -> End | None:
    """Return why the field of a region cannot be followed, or None."""
    where = f"at time {x * run.dt:.12g}"
    try:
        kind = run.tables.region(pattern).kind
    except PatternError as error:
        return End("region", f"{where}: {error}")
    if kind == "real":
        return None
    reason = f"region {pattern} is {kind}: its states move with a jump or extra coordinates at grid times"
    return End("region", f'{where}: {reason}; switching="state" needs real ODEs, switching="grid" does not')


def _step(run: Run, k: int, per_step: int, s: Floats) -> tuple[Floats, End | None]:
    """Follow a run through step k; return the states at its sample times (per_step, n), or those up to its end."""
    tables, n = run.tables, run.tables.n
    samples, done, tau, immediate, count = np.empty((per_step, n)), 0, 0.0, 0, 0
    parts = np.arange(1, per_step + 1) / per_step
    while True:
        u = np.concatenate([run.z, [1.0], s])
        run.starts.append(k + tau)
        run.segments.append((run.pattern, u))
        pieces = tables.pieces(run.pattern)
        last = (1 - tau) * pieces <= 1  # the step ends in this piece
        r, units = first_exit(tables, run.pattern, u, (1 - tau) * pieces if last else 1.0, run.at_face)
        stop = tau + r / pieces
        ends = last and not units
        until = per_step if ends else int(np.searchsorted(parts, stop, side="left"))
        terms = tables.coefficients(run.pattern) @ u
        if until > done:
            samples[done:until] = chebyshev.chebvander(2 * (parts[done:until] - tau) * pieces - 1, len(terms) - 1) @ terms
            done = until
        run.z = samples[-1] if ends else chebyshev.chebval(2 * r - 1, terms)
        if not np.isfinite(run.z).all():
            finite = int(np.isfinite(samples[:done]).all(axis=1).sum())
            return samples[:finite], End("overflow", f"the state leaves the range of double precision in step {k + 1}")
        if r > SAME_TIME:
            run.at_face, immediate = frozenset(), 0
        if ends:
            return samples, None
        tau = stop
        if not units:
            continue
        count, immediate = count + 1, immediate + 1
        end = _cross(run, k + tau, units, s)
        if end is None and (count > limits.EVENTS_IN_A_STEP or immediate > limits.IMMEDIATE_EVENTS + tables.faces.shape[0]):
            end = _zeno(run, k, count)
        if end is not None:  # at the start of the step its state is there already
            return np.concatenate([samples[:done], run.z[None]]) if tau > SAME_TIME else samples[:0], end


def _zeno(run: Run, k: int, count: int) -> End:
    last = run.events.pop()
    run.events.append(Event(last.time, last.units, "zeno", last.before, last.after, last.state))
    return End("zeno", f"{count} events in step {k + 1}, the last at time {last.time:.12g}: they do not come to an end")


def _cross(run: Run, x: float, units: tuple[int, ...], s: Floats) -> End | None:
    """Pass to the region beyond the faces of some units, or return why that is not possible."""
    before, numbers = run.pattern, tuple(i + 1 for i in units)
    beyond = _flipped(before, units)
    if len(units) > 1:
        beyond, end = _through_corner(run, x, units, s)
    else:
        end = _unusable(run, beyond, x)
        where = f"at time {x * run.dt:.12g}, on the face of unit {numbers[0]}"
        inward, doubtful = _inward(run, beyond, units, s) if end is None else (True, False)
        if doubtful:
            end = End("tangent", f"{where}: the field of region {beyond} runs along it, as far as double precision tells")
        elif not inward:
            end = End("sliding", f"{where}: the fields of the regions {before} and {beyond} both point to it")
    run.pattern = beyond
    run.at_face |= {*units}
    kind = "crossing" if end is None else end.status
    run.events.append(Event(x * run.dt, numbers, kind, before, beyond, run.z.copy()))
    return end


def _flipped(pattern: str, units: Sequence[int]) -> str:
    """Return a pattern with some units changed."""
    return "".join("10"[int(d)] if i in units else d for i, d in enumerate(pattern))


def _through_corner(run: Run, x: float, units: tuple[int, ...], s: Floats) -> tuple[str, End | None]:
    """Return the only region at a corner whose field leads into it; if there is none, or more than one, why that ends the run.

    With more than ``limits.UNITS_AT_A_CORNER`` units only the region beyond all of their faces is looked at.
    """
    beyond = _flipped(run.pattern, units)
    subsets = (
        [c for k in range(len(units), 0, -1) for c in combinations(units, k)]
        if len(units) <= limits.UNITS_AT_A_CORNER
        else [units]
    )
    ends = {name: _unusable(run, name, x) for name in (_flipped(run.pattern, c) for c in subsets)}
    entered = []
    for name in (name for name, end in ends.items() if end is None):
        inward, doubtful = _inward(run, name, units, s)
        if inward and not doubtful:
            entered.append(name)
    if len(entered) == 1:
        return entered[0], None
    where = f"at time {x * run.dt:.12g}, on the faces of units {', '.join(str(i + 1) for i in units)}"
    if entered:
        return beyond, End(
            "corner", f"{where}: the fields of the regions {', '.join(entered)} all lead away, each into its region"
        )
    return beyond, ends[beyond] or End("corner", f"{where}: the field of region {beyond} beyond does not lead into it")


def _inward(run: Run, pattern: str, units: Sequence[int], s: Floats) -> tuple[bool, bool]:
    """Return whether the field of a region leads from the faces of some units into it, and whether that is in doubt."""
    field, normals = run.tables.velocity(pattern), run.tables.faces[[*units], : run.tables.n]
    u = np.concatenate([run.z, [1.0], s])
    speed = normals @ (field @ u) * [1 if pattern[i] == "1" else -1 for i in units]
    rounding = 64 * EPS * (np.abs(normals) @ (np.abs(field) @ np.abs(u)))
    return bool((speed > 0).all()), bool((np.abs(speed) <= rounding).any())


def first_exit(
    tables: FlowTables, pattern: str, u: Floats, span: float, at_face: frozenset[int] = frozenset()
) -> tuple[float, tuple[int, ...]]:
    """Return the first time r <= span at which the flow from u = (z, 1, s) leaves its region, and the units (counted from 0).

    Times are counted in pieces of a step (`FlowTables.pieces`); the span is at most 1.

    Units in ``at_face`` are on their faces at r = 0. Without an exit the result is the span and no units.
    """
    inside = np.array([1.0 if d == "1" else -1.0 for d in pattern])
    terms = (tables.activations(pattern) @ u) * inside
    sizes = np.abs(terms[1:]).sum(axis=0)
    near = np.flatnonzero(terms[0] <= sizes)
    if not len(near):
        return span, ()
    rounding = 16 * EPS * (np.abs(tables.activations(pattern)[:, near]) @ np.abs(u)).sum(axis=0)
    exits = [
        (_exit(terms[:, i], span, int(i) in at_face), int(i))
        for i, noise in zip(near, rounding, strict=True)
        if np.abs(terms[:, i]).sum() > noise  # else the flow runs along the face
    ]
    first = min((r for r, _ in exits), default=np.inf)
    if first > span:
        return span, ()
    return first, tuple(i for r, i in exits if r <= first + SAME_TIME)


def _exit(terms: Floats, span: float, at_face: bool) -> float:
    """Return the first r <= span after which a Chebyshev sum over 0 <= r <= 1 is negative; infinity if there is none."""
    signs = np.where(np.arange(len(terms)) % 2, -1.0, 1.0)
    start = float(signs @ terms)
    if start > 0 and not at_face:
        return _first_negative(terms, span)
    slope = float(-signs @ (terms * np.arange(len(terms)) ** 2))  # the derivative by 2 r - 1 at r = 0
    return 0.0 if slope < 0 else _first_negative(_without_zero_at_start(terms, start), span)


def _without_zero_at_start(terms: Floats, start: float) -> Floats:
    """Return (g - g(0)) / (x + 1) for a Chebyshev sum g in x = 2 r - 1, which has the sign of g - g(0) for r > 0."""
    shifted = terms.copy()
    shifted[0] -= start
    return np.asarray(chebyshev.chebdiv(shifted, [1.0, 1.0])[0])


def _first_negative(terms: Floats, span: float) -> float:
    """Return the first r <= span at which a Chebyshev sum that starts positive becomes negative; infinity if it does not."""
    size = np.abs(terms).sum()
    kept = np.flatnonzero(np.abs(terms) > EPS * size / 4)
    terms = terms[: kept[-1] + 1] if len(kept) else terms[:1]
    if len(terms) == 1 or terms[0] > np.abs(terms[1:]).sum():
        return np.inf
    zeros = chebyshev.chebroots(terms)
    last = 2 * span - 1
    real = np.sort(zeros.real[zeros.imag == 0])
    points = np.concatenate([[-1.0], real[(real > -1) & (real < last)], [last]])
    middles = (points[:-1] + points[1:]) / 2
    values = chebyshev.chebval(middles, terms)
    negative = np.flatnonzero(values < 0)
    if not len(negative):
        return np.inf if chebyshev.chebval(last, terms) >= 0 else span
    j = int(negative[0])
    low = middles[j - 1] if j else -1.0
    return float((_polished(terms, low, middles[j], points[j]) + 1) / 2)


def _polished(terms: Floats, low: float, high: float, x: float) -> float:
    """Return the zero between low (positive) and high (negative) by Newton steps from x, or bisection where they leave it."""
    derivative = chebyshev.chebder(terms)
    for _ in range(60):
        value = float(chebyshev.chebval(x, terms))
        if value == 0:
            break
        low, high = (x, high) if value > 0 else (low, x)
        slope = float(chebyshev.chebval(x, derivative))
        new = x - value / slope if slope != 0 else low
        if not low < new < high:
            new = (low + high) / 2
        if abs(new - x) <= 2 * EPS:
            break
        x = new
    return x
