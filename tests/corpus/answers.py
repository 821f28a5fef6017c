"""The answers to a network, as plain JSON: what holds in each region, and the systems in decimals.

With letters they are given at chosen values. Where there is no answer, it says why: {"none": reason}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

import symplrnn as sr
from symplrnn.conditions.truth import Truth
from tests.corpus import adapter
from tests.corpus.compare import differences
from tests.corpus.networks import Network, values_of

THEOREMS = ("E1", "E2", "E3", "E4", "E5", "E6")
POINT_FACTS = ("real", "stable", "eigenvalue_at_1", "eigenvalue_at_minus_1", "complex_pair_on_circle", "fixed_points_at_1")


def answers(network: Network, values: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Return the answers to a network; with letters at the given values, by default at those of `values_of`."""
    net = network.net
    if network.verdicts_only:
        report = adapter.check(net, None)
        regions = {pattern: {"verdicts": _verdicts(found)} for pattern, found in report.verdicts.items()}
        return {"counts": dict(report.counts), "global": _truth(report.global_verdict.truth), "regions": regions}
    if net.parameters:
        return _with_letters(network, values_of(network) if values is None else values)
    report = adapter.check(net, None)
    ode = adapter.derive(net, network.dt)
    regions = {pattern: _region(report.verdicts[pattern], ode[pattern]) for pattern in network.patterns or report.verdicts}
    return {"counts": dict(report.counts), "global": _truth(report.global_verdict.truth), "regions": regions}


def _region(found: sr.RegionCheck, ode: Any) -> dict[str, Any]:
    facts = sr.fixed_point_facts(found.region)
    point = {name: attempt(lambda name=name: _truth(getattr(facts, name))) for name in POINT_FACTS}
    point["point"] = attempt(lambda: None if facts.unique.is_false else _exact(facts.fixed_point))
    return {
        "verdicts": _verdicts(found),
        "number of ODEs": attempt(lambda: found.how_many),
        "fixed point": point,
        "system": attempt(lambda: _system(adapter.system(ode))),
    }


def _with_letters(network: Network, values: list[dict[str, str]]) -> dict[str, Any]:
    net = network.net
    ode = adapter.derive(net, network.dt)
    report = adapter.check(net, network.patterns)
    regions = {}
    for pattern, found in report.verdicts.items():
        one = ode[pattern]
        regions[pattern] = {
            "kinds": attempt(lambda one=one: adapter.listed_kinds(one)),
            "lists all": attempt(lambda one=one: adapter.lists_all(one)),
            "at": {text(point): _at(found, one, point) for point in values},
        }
    whole = attempt(lambda: adapter.check(net, None).global_verdict.truth)
    return {"global": {text(point): _truth_at(whole, net, point) for point in values}, "regions": regions}


def _at(found: sr.RegionCheck, ode: Any, values: Mapping[str, str]) -> dict[str, Any]:
    own = {str(s): values[str(s)] for s in found.region.network.parameters}
    system = attempt(lambda: _system(adapter.system_at(ode, values)))
    case = attempt(lambda: _system(adapter.case_at(ode, values)))
    same = not differences(system, case) and "none" not in system
    return {
        "verdicts": _verdicts(found, own),
        "fixed points": _fixed_points(found.region, own),
        "system": system,
        "closed form": "the same" if same else case,
    }


def _truth_at(truth: Any, net: sr.ReLURNN, values: Mapping[str, str]) -> Any:
    """Return a truth at values; what is no truth is the reason why there is none."""
    return (
        truth if isinstance(truth, dict) else attempt(lambda: _truth(truth.at({str(s): values[str(s)] for s in net.parameters})))
    )


def _verdicts(found: sr.RegionCheck, values: Mapping[str, str] | None = None) -> dict[str, Any]:
    def at(name: str) -> Any:
        truth = found[name].truth
        return _truth(truth if values is None else truth.at(values))

    return {name: attempt(lambda name=name: at(name)) for name in THEOREMS}


def _truth(truth: Truth) -> Any:
    return {"none": truth.reason} if truth.is_unknown else truth.is_true


def _system(found: adapter.System) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "extra": found.extra,
        "principal": found.is_principal,
        "jump": None if found.jump is None else _exact(found.jump),
        "X": attempt(found.X),
        "flow": attempt(found.flow),
    }


def _exact(matrix: sp.MatrixBase | None) -> list[list[str]] | None:
    return None if matrix is None else [[str(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)]


def _fixed_points(region: sr.Region, values: Mapping[str, str]) -> str:
    """Return what the fixed points are at values, by ranks."""
    point = {s: sp.Rational(values[str(s)]) for s in region.network.parameters}
    N = sp.eye(region.network.n) - region.matrix.xreplace(point)
    if N.row_join(region.offset.xreplace(point)).rank() > N.rank():
        return "none"
    dimension = N.cols - N.rank()
    return f"of dimension {dimension}" if dimension else "one"


def attempt(find: Callable[[], Any]) -> Any:
    """Return what a function finds, or why it finds nothing."""
    try:
        return find()
    except Exception as error:  # noqa: BLE001  (an answer, too)
        return {"none": f"{type(error).__name__}: {error}"[:160]}


def text(values: Mapping[str, str]) -> str:
    """Return values as text, such as "a=1/2 w=-1".

    >>> text({"a": "1/2", "w": "-1"})
    'a=1/2 w=-1'
    """
    return " ".join(f"{name}={value}" for name, value in values.items())


def values_in(known: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the values of the letters that answers are for."""
    points = next(iter(known["regions"].values()), {}).get("at", {})
    return [dict(part.split("=") for part in point.split()) for point in points]
