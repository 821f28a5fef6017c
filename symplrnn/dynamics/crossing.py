"""Crossing certificates: for each step, whether the flow inside it stays in its region up to the next grid time.

With grid switching (the pattern of z_k is held on [k dt, (k+1) dt)) the piecewise flow equals the network at all grid times. With
state switching (the pattern is that of the current state) the same is guaranteed only for steps whose flow stays in the region up
to the grid time. Which case holds is certified step by step from the exact orbit: no verdict rests on a float or a tolerance.

Reference: docs/theory, section 3, E7, and section 5, "Crossing certificate".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from flint import fmpq, fmpz

from symplrnn import limits, views
from symplrnn.dynamics.departure import START_BITS, ExactState, RegionFlow
from symplrnn.errors import EntryError, PatternError, require_kind
from symplrnn.exact.fields.real import RealField, real_field
from symplrnn.exact.reading.numbers import positive_integer, rational, to_sympy
from symplrnn.network.network import ReLURNN
from symplrnn.network.orbit import exact_states, number_of_steps
from symplrnn.network.region import pattern_of_state
from symplrnn.progress import counted
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE

__all__ = ["CrossingReport", "StepCertificate", "certify_step", "crossings"]

STAYS, LEAVES, UNDECIDED = "stays", "leaves", "undecided"
WIDTH = "1/1048576"
Ends = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True, repr=False)
class StepCertificate(views.AsJSON, views.Shown):
    """What is certain about the flow inside one step, x(r) for the part r of the step, 0 <= r < 1.

    x(0) is the state z_k, and in a region with a jump the state after the jump must be in the region too.

    Attributes
    ----------
    step : int
        k: the step from grid time k dt to (k + 1) dt.
    pattern : str
        The region of the state z_k.
    outcome : str
        ``"stays"``: x(r) is in the region for all r in [0, 1). ``"leaves"``: it is not. ``"undecided"``: at the precision limit
        neither is certain, or the region has no ODE.
    units : tuple of int
        If the flow leaves: the unit, counted from 1, whose face is crossed first. More than one if they cross together (they have
        the same face, or their order is not certain).
    bracket : (lower, upper), SymPy rationals, optional
        If the flow leaves: it is in the region for 0 < r <= lower, and has left it for the first time by r = upper. Both are 0 if
        it leaves at the grid time itself: from a state on the face, or by a jump.
    time : (lower, upper), SymPy numbers, optional
        The bracket in time, (k + r) dt; rational if dt is.
    reason : str
        Why a step is undecided, or why a bracket is wider or has more units than asked.
    """

    step: int
    pattern: str
    outcome: str
    units: tuple[int, ...] = ()
    bracket: Ends | None = None
    time: Ends | None = None
    reason: str = ""

    @property
    def directions(self) -> tuple[str, ...]:
        """For each of the units ``"activates"`` or ``"deactivates"``."""
        return tuple("deactivates" if self.pattern[unit - 1] == "1" else "activates" for unit in self.units)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict; rationals are text."""
        found: dict[str, Any] = {"step": self.step, "pattern": self.pattern, "outcome": self.outcome}
        if self.bracket is not None and self.time is not None:
            found |= {"units": list(self.units), "directions": list(self.directions)}
            found |= {"bracket": [str(x) for x in self.bracket], "time": [str(x) for x in self.time]}
        return found | ({"reason": self.reason} if self.reason else {})


@dataclass(frozen=True, repr=False)
class CrossingReport(views.AsJSON, views.Shown):
    """The crossing certificates of an orbit, made by `crossings`.

    Attributes
    ----------
    dt : SymPy number
    steps : tuple of StepCertificate
        One for each step of the orbit, in order.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> report = derive(PLRNN(["1/2"], [[0]], [1]), dt=1).crossings([-1], 3)
    >>> report.counts, report.coincide, report.first_crossing.directions
    ({'stays': 2, 'leaves': 1, 'undecided': 0}, 0, ('activates',))
    """

    dt: sp.Expr
    steps: tuple[StepCertificate, ...]

    def __repr__(self) -> str:
        counts = ", ".join(f"{outcome}: {count}" for outcome, count in self.counts.items())
        return f"CrossingReport(dt={self.dt}, steps={len(self.steps)}, {counts})"

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of steps by outcome: stays, leaves, undecided."""
        return {outcome: sum(step.outcome == outcome for step in self.steps) for outcome in (STAYS, LEAVES, UNDECIDED)}

    @property
    def first_crossing(self) -> StepCertificate | None:
        """The first step that is certain to leave its region; None if there is none."""
        return next((step for step in self.steps if step.outcome == LEAVES), None)

    @property
    def first_undecided(self) -> StepCertificate | None:
        """The first step that is undecided; None if there is none."""
        return next((step for step in self.steps if step.outcome == UNDECIDED), None)

    @property
    def coincide(self) -> int:
        """Number of first steps that stay: up to that grid time, state switching and grid switching have the same solution."""
        return next((k for k, step in enumerate(self.steps) if step.outcome != STAYS), len(self.steps))

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict: counts, how far the switchings coincide, and all certificates."""
        first, doubt = self.first_crossing, self.first_undecided
        return {
            "dt": str(self.dt),
            "counts": self.counts,
            "coincide_steps": self.coincide,
            "first_crossing": None if first is None else first.step,
            "first_undecided": None if doubt is None else doubt.step,
            "steps": [step.to_dict() for step in self.steps],
        }


def crossings(
    ode: NetworkODE,
    z0: Any,
    steps: int,
    inputs: Sequence[Any] | None = None,
    width: Any = WIDTH,
    limit: int = limits.CROSSING_BITS,
) -> CrossingReport:
    """Certify for each step of an orbit whether the flow inside it stays in its region, from the exact state at its grid time.

    The orbit is that of the network, so of grid switching. A step that leaves its region says where state switching departs from
    it; after the first such step the state-switched solution is another one, and the certificates are about the network's states.

    Parameters
    ----------
    ode : NetworkODE without letters
    z0, steps, inputs
        As in `ReLURNN.orbit`, with z0 None for the start that the network carries; inputs are held constant over their steps.
    width : number from 2^(-limit/4) to 1
        Brackets of crossings are at most so wide, in steps (2^-20 unless told).
    limit : int
        The working precision starts with 64 bits and doubles up to this while a sign is not certain (512 unless told).

    Raises
    ------
    EntryError
        If the network or dt has letters, or width or limit are out of range, or z0 or inputs are not in the network's field.
    ShapeError
        If z0, steps or inputs do not fit the network.
    PatternError
        If the orbit visits a region that the NetworkODE was not derived for.

    Examples
    --------
    The map z/2 + 1 has the flow x(r) = 2 - 3/2^r from -1, which is 0 at r = log2(3/2) = 0.585:

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> report = crossings(derive(PLRNN(["1/2"], [[0]], [1]), dt="1/10"), [-1], 3, width="1/1024")
    >>> report.counts, report.coincide
    ({'stays': 2, 'leaves': 1, 'undecided': 0}, 0)
    >>> report.steps[0].units, report.steps[0].directions, report.steps[0].bracket
    ((1,), ('activates',), (599/1024, 75/128))

    So do irrational entries: z/sqrt(2) + 1 - 1/sqrt(2) has the flow 1 - 2/2^(t/2) from -1, which is 0 at t = 2, a grid time:

    >>> net = PLRNN(["sqrt(2)/2"], [[0]], ["1 - sqrt(2)/2"], dt=1)
    >>> report = crossings(derive(net), [-1], 4)
    >>> [step.outcome for step in report.steps], report.first_crossing.bracket
    (['stays', 'stays', 'leaves', 'stays'], (0, 0))

    Reference: docs/theory, section 3, E7, and section 5.
    """
    require_kind(ode, NetworkODE, "crossings", "a NetworkODE, such as derive(net, dt)")
    _require_numbers(ode.network, ode.dt, "crossings")
    exact_width, bits = _options(width, limit)
    # Parts of a step do not depend on dt, so for an irrational dt the step itself is the unit of time.
    timed = ode if ode.dt.is_Rational else NetworkODE(ode.network, sp.Integer(1), ode.patterns)
    flows: dict[str, RegionFlow] = {}
    found = []
    for k, (pattern, before, after) in enumerate(counted(_ends(ode.network, z0, steps, inputs), "steps", number_of_steps(steps))):
        if pattern not in flows:
            flows[pattern] = RegionFlow(timed[pattern], exact_width, bits)
        found.append(_certificate(k, pattern, flows[pattern], ode.dt, before, after))
    return CrossingReport(ode.dt, tuple(found))


views.crossings.register(NetworkODE, crossings)


def _ends(network: ReLURNN, z0: Any, steps: int, inputs: Sequence[Any] | None) -> Iterator[tuple[str, ExactState, ExactState]]:
    """Yield for each step its pattern and (z, 1, s) at both ends, with the input of the step."""
    real, drive = real_field(network.field), _drive(network, None, "")
    states = exact_states(network, z0, steps, inputs)
    Z, Q, pattern = next(states)
    for k, (Z_next, Q_next, pattern_next) in enumerate(states):
        if inputs is not None:
            drive = _drive(network, inputs[k], f"inputs[{k}]")
        yield pattern, _extended(real, Z, Q, drive), _extended(real, Z_next, Q_next, drive)
        Z, Q, pattern = Z_next, Q_next, pattern_next


def certify_step(ode: RegionODE, z: Any, s: Any = None, width: Any = WIDTH, limit: int = limits.CROSSING_BITS) -> StepCertificate:
    """Certify whether the flow of a region ODE from one of the region's states stays in the region for one step.

    Parameters
    ----------
    ode : RegionODE of a network of numbers
    z : state (n,) of the region, taken exactly
    s : input of the step (m,), optional
        Zero if absent.
    width, limit
        As in `crossings`.

    Raises
    ------
    PatternError
        If the state is not in the region.
    ShapeError, EntryError
        If z or s do not fit the network, or width or limit are out of range.

    Examples
    --------
    From a state on its own face an inactive unit leaves at once, or not at all:

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> certify_step(derive(PLRNN(["1/2"], [[0]], [1]), dt=1)["0"], [0]).bracket
    (0, 0)
    >>> certify_step(derive(PLRNN(["1/2"], [[0]], [-1]), dt=1)["0"], [0]).outcome
    'stays'
    """
    kind = "a RegionODE, such as derive(net.region(pattern), dt)"
    require_kind(ode, RegionODE, "certify_step", kind)
    network, affine, K = ode.region.network, ode.region.affine, ode.region.network.field
    _require_numbers(network, ode.dt, "certify_step")
    exact_width, bits = _options(width, limit)
    real = real_field(K)
    state = K.fill(network.n, 1, real.vector(z, "z", network.n))
    drive = _drive(network, s, "s")
    found = pattern_of_state(network, z)
    if found != ode.region.pattern:
        raise PatternError(f"z: the state is in region {found}; accepted are states of region {ode.region.pattern}")
    following = affine.M * state + affine.c + affine.C * drive
    (Z, Z_next), Q = real.over_common_denominator([real.column(x) for x in (state, following)])
    before, after = _extended(real, Z, Q, drive), _extended(real, Z_next, Q, drive)
    timed = ode if ode.dt.is_Rational else RegionODE(ode.region, sp.Integer(1))
    return _certificate(0, found, RegionFlow(timed, exact_width, bits), ode.dt, before, after)


def _require_numbers(network: ReLURNN, dt: sp.Expr, what: str) -> None:
    """Raise `EntryError` if there are letters in a network or in dt."""
    network.require_numbers(what)
    if dt.free_symbols:
        raise EntryError(f"{what}: dt = {dt} has letters; accepted is a number, such as 1/10")


def _options(width: Any, limit: Any) -> tuple[fmpq, int]:
    """Return width and limit, checked."""
    bits = positive_integer(limit, "limit")
    if not START_BITS <= bits <= limits.CROSSING_BITS_AT_MOST:
        raise EntryError(f"limit: {bits} bits are out of range; accepted are {START_BITS} to {limits.CROSSING_BITS_AT_MOST}")
    exact, finest = rational(width, "width"), bits // 4
    if not fmpq(1, 1 << finest) <= exact <= 1:
        raise EntryError(f"width: accepted are numbers from 2^-{finest} to 1 for a limit of {bits} bits")
    return exact, bits


def _drive(network: ReLURNN, s: Any, name: str) -> Any:
    """Return an input as a column over the network's field; zero if absent."""
    real, m = real_field(network.field), network.m
    return real.zeros(m) if s is None else network.field.fill(m, 1, real.vector(s, name, m))


def _extended(real: RealField, numerators: Any, denominator: fmpz, s: Any) -> ExactState:
    """Return (z, 1, s) over one denominator, for a state z in coordinates and an input s."""
    [drive], q = real.over_common_denominator([real.column(s)])
    scale = denominator * q
    entries = [*(numerators * q).entries(), *(scale * x for x in real.one), *(drive * denominator).entries()]
    return ExactState(real.whole(entries), scale, real)


def _certificate(k: int, pattern: str, flow: RegionFlow, dt: sp.Expr, before: ExactState, after: ExactState) -> StepCertificate:
    """Return the certificate of step k."""
    found = flow.departure(before, after)
    if found.bracket is None:
        return StepCertificate(k, pattern, UNDECIDED if found.reason else STAYS, reason=found.reason)
    lower, upper = map(to_sympy, found.bracket)
    time = ((k + lower) * dt, (k + upper) * dt)
    return StepCertificate(k, pattern, LEAVES, found.units, (lower, upper), time, found.reason)
