"""Crossing certificates: for each step, whether the flow inside it stays in its region up to the next grid time.

With grid switching (the pattern of z_k is held on [k dt, (k+1) dt)) the piecewise flow equals the network at all grid times. With
state switching (the pattern is that of the current state) the same is guaranteed only for steps whose flow stays in the region up
to the grid time. Which case holds is certified step by step from the exact orbit: no verdict rests on a float or a tolerance.

Reference: THEORY section 3, E7, and section 5, "Crossing certificate".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from symplrnn.departure import START_BITS, ExactState, RegionFlow
from symplrnn.derivation import NetworkODE
from symplrnn.errors import EntryError, PatternError, require_kind
from symplrnn.exact.numbers import column, positive_integer, rational, rational_vector, to_sympy
from symplrnn.ode import RegionODE
from symplrnn.orbit import exact_states
from symplrnn.region import pattern_of_state

__all__ = ["CrossingReport", "StepCertificate", "certify_step", "crossings"]

STAYS, LEAVES, UNDECIDED = "stays", "leaves", "undecided"
WIDTH = "1/1048576"
LIMIT = 512
MAX_LIMIT = 1 << 14

Ends = tuple[sp.Rational, sp.Rational]


@dataclass(frozen=True)
class StepCertificate:
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
    time : (lower, upper), SymPy rationals, optional
        The bracket in time, (k + r) dt.
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


@dataclass(frozen=True)
class CrossingReport:
    """The crossing certificates of an orbit, made by `crossings`.

    Attributes
    ----------
    dt : SymPy rational
    steps : tuple of StepCertificate
        One for each step of the orbit, in order.
    """

    dt: sp.Rational
    steps: tuple[StepCertificate, ...]

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

    def to_json(self) -> str:
        """Return `to_dict` as a JSON document."""
        from symplrnn.emit.json_ import dumps

        return dumps(self.to_dict())


def crossings(
    ode: NetworkODE, z0: Any, steps: int, inputs: Sequence[Any] | None = None, width: Any = WIDTH, limit: int = LIMIT
) -> CrossingReport:
    """Certify for each step of an orbit whether the flow inside it stays in its region, from the exact state at its grid time.

    The orbit is that of the network, so of grid switching. A step that leaves its region says where state switching departs from
    it; after the first such step the state-switched solution is another one, and the certificates are about the network's states.

    Parameters
    ----------
    ode : NetworkODE of a network with rational entries, with a rational dt
    z0 : start state (n,), taken exactly
    steps : int
    inputs : s_0 ... s_{steps-1}, each of length m, optional
        Held constant over their steps; zero if absent.
    width : number from 2^(-limit/4) to 1
        Brackets of crossings are at most so wide, in steps (2^-20 unless told).
    limit : int
        The working precision starts with 64 bits and doubles up to this while a sign is not certain (512 unless told).

    Raises
    ------
    EntryError
        If the network has letters, or dt is not rational, or width or limit are out of range.
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

    Reference: THEORY section 3, E7, and section 5.
    """
    require_kind(ode, NetworkODE, "crossings", "a NetworkODE, such as derive(net, dt)")
    network = ode.network
    network.require_rational("crossings")
    if not isinstance(ode.dt, sp.Rational):
        raise EntryError(f"crossings: dt = {ode.dt} is not rational; accepted is a rational dt, such as 1/10")
    exact_width, bits = _options(width, limit)
    flows: dict[str, RegionFlow] = {}
    states = exact_states(network, z0, steps, inputs)
    Z, Q, pattern = next(states)
    found = []
    for k, (Z_next, Q_next, pattern_next) in enumerate(states):
        s = column([fmpq(0)] * network.m if inputs is None else rational_vector(inputs[k], f"inputs[{k}]", network.m))
        if pattern not in flows:
            flows[pattern] = _region_flow(ode, pattern, exact_width, bits)
        found.append(_certificate(k, pattern, flows[pattern], ode.dt, _extended(Z, Q, s), _extended(Z_next, Q_next, s)))
        Z, Q, pattern = Z_next, Q_next, pattern_next
    return CrossingReport(ode.dt, tuple(found))


def certify_step(ode: RegionODE, z: Any, s: Any = None, width: Any = WIDTH, limit: int = LIMIT) -> StepCertificate:
    """Certify whether the flow of a region ODE from one of the region's states stays in the region for one step.

    Parameters
    ----------
    ode : RegionODE
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
    require_kind(ode, RegionODE, "certify_step", "a RegionODE, such as derive(net.region(pattern), dt)")
    network, affine = ode.region.network, ode.region.affine
    exact_width, bits = _options(width, limit)
    state = column(rational_vector(z, "z", network.n))
    drive = column([fmpq(0)] * network.m if s is None else rational_vector(s, "s", network.m))
    found = pattern_of_state(network, state)
    if found != ode.region.pattern:
        raise PatternError(f"z: the state is in region {found}; accepted are states of region {ode.region.pattern}")
    (Z, Q), (Z_next, Q_next) = state.numer_denom(), (affine.M * state + affine.c + affine.C * drive).numer_denom()
    flow = RegionFlow(ode, exact_width, bits)
    return _certificate(0, found, flow, ode.dt, _extended(Z, Q, drive), _extended(Z_next, Q_next, drive))


def _options(width: Any, limit: Any) -> tuple[fmpq, int]:
    """Return width and limit, checked."""
    bits = positive_integer(limit, "limit")
    if not START_BITS <= bits <= MAX_LIMIT:
        raise EntryError(f"limit: {bits} bits are out of range; accepted are {START_BITS} to {MAX_LIMIT}")
    exact = rational(width, "width")
    if not fmpq(1, 1 << (bits // 4)) <= exact <= 1:
        raise EntryError(f"width: accepted are numbers from 2^-{bits // 4} to 1 for a limit of {bits} bits")
    return exact, bits


def _region_flow(ode: NetworkODE, pattern: str, width: fmpq, limit: int) -> RegionFlow:
    """Return what certifies the steps of a region."""
    region_ode = ode[pattern]
    require_kind(region_ode, RegionODE, f"region {pattern}", "a RegionODE")
    return RegionFlow(region_ode, width, limit)  # type: ignore[arg-type]  # checked in the line above


def _extended(numerators: fmpz_mat, denominator: fmpz, s: fmpq_mat) -> ExactState:
    """Return (z, 1, s) over one denominator."""
    drive, q = s.numer_denom()
    entries = [*(numerators * q).entries(), denominator * q, *(drive * denominator).entries()]
    return ExactState(fmpz_mat(len(entries), 1, entries), denominator * q)


def _certificate(
    k: int, pattern: str, flow: RegionFlow, dt: sp.Rational, before: ExactState, after: ExactState
) -> StepCertificate:
    """Return the certificate of step k."""
    found = flow.departure(before, after)
    if found.bracket is None:
        return StepCertificate(k, pattern, UNDECIDED if found.reason else STAYS, reason=found.reason)
    lower, upper = map(to_sympy, found.bracket)
    time = ((k + lower) * dt, (k + upper) * dt)
    return StepCertificate(k, pattern, LEAVES, found.units, (lower, upper), time, found.reason)
