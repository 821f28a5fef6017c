"""What a report is about: a network with a time step, the regions that were checked, and an orbit, each found once.

Reference: docs/theory, sections 3 and 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from symplrnn import limits
from symplrnn.errors import PatternError
from symplrnn.network.network import ReLURNN, step_time
from symplrnn.network.orbit import orbit_patterns
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.theorems.check import CheckReport, check

__all__ = ["STEPS", "Subject", "subject_of"]

STEPS = 1000
FEW = 2  # regions whose formulas are shown of a network with many states: exact logarithms of 18 states take seconds


@dataclass(frozen=True, eq=False)
class Subject:
    """What a report is about.

    Attributes
    ----------
    name : str
    network : ReLURNN
    ode : NetworkODE
        Of all regions.
    report : CheckReport
    shown : NetworkODE
        Of the few regions whose formulas and evidence are shown: those that the orbit visits most, or all.
    start, inputs
        Of the orbit; the start is None for a network with letters.
    steps : int
    visits : mapping of str to int
        How often the orbit is in a region at a grid time, regions in the order of the first visit.
    notes : tuple of str
        What was chosen because it was not given.
    """

    name: str
    network: ReLURNN
    ode: NetworkODE
    report: CheckReport
    shown: NetworkODE
    start: Any
    steps: int
    inputs: Any
    visits: Mapping[str, int]
    notes: tuple[str, ...]

    @property
    def has_letters(self) -> bool:
        """Whether the network or its time step has parameters."""
        return bool(self.network.parameters or self.ode.dt.free_symbols)


def subject_of(
    network: ReLURNN,
    name: str,
    dt: Any,
    regions: str | Iterable[str] | None,
    z0: Any,
    steps: int | None,
    inputs: Any,
) -> Subject:
    """Choose what was not given, check, and derive."""
    notes = []
    if dt is None and network.dt is None:
        notes.append("No time step is known, so that time is counted in steps of the network (dt = 1).")
        dt = 1
    ode = NetworkODE(network, step_time(network, dt))
    letters = bool(network.parameters or ode.dt.free_symbols)
    count = steps if steps is not None else STEPS if inputs is None else len(inputs)
    most = limits.REPORT_REGIONS if letters else limits.TABLE_ROWS
    small = 2**network.p <= most
    start = network.initial_states[0] if z0 is None and network.initial_states else z0
    if regions is None:
        regions = "all" if small else "visited"
        if not small and (letters or start is None):
            remedy = "regions (--region)" if letters else "a start state z0 (--z0), or regions (--region)"
            kind = f"a network of {network.p} units{' with parameters' * letters}"
            raise PatternError(f"report: {kind} has too many regions for a page; give {remedy}")
        if not small:
            notes.append(f"There are too many regions for a page: those that the orbit visits in {count} steps were checked.")
    if start is None and not letters:
        start = [0] * network.n
        notes.append("The network carries no start state, so that the orbit starts at 0.")
    visited = regions == "visited"
    chosen = {"z0": start, "steps": count, "inputs": inputs} if visited else {}
    report = check(network, regions, **chosen)
    visits = {} if letters else Counter(orbit_patterns(network, start, count, inputs))
    patterns = list(report.verdicts)
    first = sorted((p for p in visits if p in report.verdicts), key=lambda p: -visits[p])
    most = limits.REGIONS_PRINTED if network.n <= limits.NOTEBOOK_STATES else FEW
    few = patterns if letters or len(patterns) <= most else (first or patterns)[:most]
    return Subject(
        name, network, ode, report, NetworkODE(network, ode.dt, tuple(few)), start, count, inputs, visits, tuple(notes)
    )
