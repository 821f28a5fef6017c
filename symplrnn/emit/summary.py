"""What a report says, in one sentence.

A region is called legitimate where its principal ODE exists (E2), so that the network and the ODE may stand for each other. With
letters that is a condition; it is written out where it is short.
"""

from __future__ import annotations

from symplrnn import limits, views
from symplrnn.conditions.truth import Truth, all_of, unless_too_large
from symplrnn.emit.latex.conditions import truth_text
from symplrnn.theorems.check import CheckReport

__all__ = ["summary"]


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
    found = [check.principal for check in report.verdicts.values()]
    if not found:
        return "no regions were checked"
    if report.selection == "all":
        return _of_all(report, found)
    how_many = f"{len(found)}{'' if report.total is None else f' of {report.total}'}"
    regions = "region" if how_many == "1" else "regions"
    first = f"the orbit visits {how_many} {regions}" if report.selection == "visited" else f"{how_many} {regions} checked"
    return f"{first}, {_of_some(found)}"


def _of_all(report: CheckReport, found: list[Truth]) -> str:
    conditional, n = sum(t.is_conditional for t in found), len(found)
    if not conditional:
        return f"legitimate in {_count(sum(t.is_true for t in found), n)}{_undecided(found)}"
    # Where A + W is a P-matrix is said in fewer words than E2 in each region, and is the same (G1).
    whole = report.global_verdict.truth
    joint = whole if whole.is_conditional else unless_too_large(lambda: all_of(found))
    text = truth_text(joint)
    if joint.is_conditional and len(text) <= limits.CONDITION_CHARACTERS:
        return f"legitimate in {_count(n, n)} where {text}"
    always = _count(sum(t.is_true for t in found), n)
    return f"legitimate in {always} for all values of the parameters, in {conditional} depending on them{_undecided(found)}"


def _of_some(found: list[Truth]) -> str:
    """Return how many of the regions that were checked are legitimate, as the end of a sentence."""
    legitimate, conditional = sum(t.is_true for t in found), sum(t.is_conditional for t in found)
    if conditional:
        joint = unless_too_large(lambda: all_of(found))
        text = truth_text(joint)
        if joint.is_conditional and len(text) <= limits.CONDITION_CHARACTERS:
            return f"legitimate where {text}"
        return f"{legitimate} legitimate for all values of the parameters, {conditional} depending on them{_undecided(found)}"
    if len(found) == 1:
        return "which is undecided" if found[0].is_unknown else f"which is {'' if legitimate else 'not '}legitimate"
    counted = "all" if legitimate == len(found) else f"{legitimate} of them" if legitimate else "none"
    return f"{counted} legitimate{_undecided(found)}"


def _count(k: int, n: int) -> str:
    return f"all {n} regions" if k == n > 1 else f"{k} of {n} region{'s' if n > 1 else ''}"


def _undecided(found: list[Truth]) -> str:
    unknown = sum(t.is_unknown for t in found)
    return f", undecided in {unknown}" if unknown else ""
