"""What a report says, in one sentence.

A region is called legitimate where its principal ODE exists (E2), so that the network and the ODE may stand for each other. With
letters that is a condition; it is written out where it is short.
"""

from __future__ import annotations

from dataclasses import dataclass

from symplrnn import limits, views
from symplrnn.conditions.truth import Truth, all_of, unless_too_large
from symplrnn.emit.latex.conditions import truth_text
from symplrnn.theorems.check import CheckReport, Counted

__all__ = ["number_of_regions", "summary"]


@views.summary.register(CheckReport)
def summary(report: CheckReport) -> str:
    """Return in how many regions the ODE is legitimate, and with letters under which condition; see `CheckReport.summary`.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.theorems.check import check
    >>> net = PLRNN(["1/2", "-1/3"], [[0, 0], [0, "4/3"]], [1, 0])
    >>> check(net).summary
    'legitimate in 2 of 4 regions'
    >>> check(net, "visited", z0=[1, 1], steps=5).summary
    'the orbit visits 1 of 4 regions, which is legitimate'
    >>> net = PLRNN(["a1", "a2"], [[0, "w"], ["w", 0]], [1, 0], parameters={"a1": "positive", "a2": "positive", "w": "real"})
    >>> check(net).summary
    'legitimate in all 4 regions where a1*a2 > w**2'
    """
    return _sentence(report) + (
        "; the network is itself a continuous piecewise linear ODE (C1)" if report.continuity_verdict.truth.is_true else ""
    )


@dataclass(frozen=True)
class Principal:
    """In how many of ``n`` regions E2 holds, in how many that is unknown; where letters matter also the single answers."""

    n: int
    legitimate: int
    unknown: int
    truths: tuple[Truth, ...] = ()

    @property
    def conditional(self) -> int:
        """In how many regions it depends on the parameters."""
        return sum(t.is_conditional for t in self.truths)

    @property
    def jointly(self) -> Truth:
        """Whether E2 holds in all of them."""
        return unless_too_large(lambda: all_of(self.truths))

    @property
    def undecided(self) -> str:
        """The end of a sentence that says in how many regions it is undecided."""
        return f", undecided in {self.unknown}" if self.unknown else ""


def _principal(report: CheckReport) -> Principal:
    if isinstance(report.verdicts, Counted):
        tally = report.verdicts.tally
        return Principal(tally.regions, tally.true["principal"], tally.undecided["principal"])
    found = [check.principal for check in report.verdicts.values()]
    depends = any(t.is_conditional for t in found)
    always, unknown = sum(t.is_true for t in found), sum(t.is_unknown for t in found)
    return Principal(len(found), always, unknown, tuple(found) if depends else ())


def _sentence(report: CheckReport) -> str:
    found = _principal(report)
    if not found.n:
        return _whole(report)
    if report.selection == "all":
        return _of_all(report, found)
    how_many = f"{found.n}{'' if report.total is None else f' of {number_of_regions(report.total)}'}"
    regions = "region" if how_many == "1" else "regions"
    first = f"the orbit visits {how_many} {regions}" if report.selection == "visited" else f"{how_many} {regions} checked"
    others = ", as are all others (G1)" if not report.network.field.parameters and report.global_verdict.truth.is_true else ""
    return f"{first}, {_of_some(found)}{others}"


def number_of_regions(count: int) -> str:
    """Return a number in digits, or a large power of 2 as that.

    >>> number_of_regions(1024), number_of_regions(2**200)
    ('1024', '2^200')
    """
    return str(count) if count < 2**24 or count & (count - 1) else f"2^{count.bit_length() - 1}"


def _whole(report: CheckReport) -> str:
    """Return what G1 says of a network with too many regions to check."""
    whole, regions = report.global_verdict, number_of_regions(2**report.network.p)
    if whole.truth.is_true:
        return f"legitimate in all {regions} regions, since A + W is a P-matrix (G1)"
    if whole["p_matrix"].truth.is_false:
        return f"not legitimate in all {regions} regions: not in {_named(whole['p_matrix'].evidence['units'])} (G1)"
    return f"whether all {regions} regions are legitimate is undecided; no region was checked"


def _named(pattern: str) -> str:
    """Return which region a pattern means, in few words."""
    units = [str(i) for i, digit in enumerate(pattern, 1) if digit == "1"]
    if len(units) > 1:
        shown = ", ".join(units[:12]) + (f" and {len(units) - 12} more" if len(units) > 12 else "")
        return f"the region where only units {shown} are active"
    return f"the region where only unit {units[0]} is active"


def _of_all(report: CheckReport, found: Principal) -> str:
    always = _count(found.legitimate, found.n)
    if not found.truths:
        return f"legitimate in {always}{found.undecided}"
    # Where A + W is a P-matrix is said in fewer words than E2 in each region, and is the same (G1).
    whole = report.global_verdict.truth
    text = _short_condition(whole if whole.is_conditional else found.jointly)
    if text:
        return f"legitimate in {_count(found.n, found.n)} where {text}"
    return f"legitimate in {always} for all values of the parameters, in {found.conditional} depending on them{found.undecided}"


def _of_some(found: Principal) -> str:
    """Return how many of the regions that were checked are legitimate, as the end of a sentence."""
    if found.truths:
        text = _short_condition(found.jointly)
        if text:
            return f"legitimate where {text}"
        return (
            f"{found.legitimate} legitimate for all values of the parameters, {found.conditional} depending on "
            f"them{found.undecided}"
        )
    if found.n == 1:
        return "which is undecided" if found.unknown else f"which is {'' if found.legitimate else 'not '}legitimate"
    counted = "all" if found.legitimate == found.n else f"{found.legitimate} of them" if found.legitimate else "none"
    return f"{counted} legitimate{found.undecided}"


def _short_condition(joint: Truth) -> str:
    """Return a condition in words if it is one, and short; else nothing."""
    text = truth_text(joint)
    return text if joint.is_conditional and len(text) <= limits.CONDITION_CHARACTERS else ""


def _count(k: int, n: int) -> str:
    return f"all {n} regions" if k == n > 1 else f"{k} of {n} region{'s' if n > 1 else ''}"
