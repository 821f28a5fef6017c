"""The package gives the answers that are written, and these are right as far as another computation can tell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import mpmath
import pytest
import sympy as sp

from tests.corpus.answers import values_in
from tests.corpus.compare import BETTER, WORDS, differences
from tests.corpus.networks import Network, networks
from tests.corpus.store import known, network_differences

CHUNKS = 30
CLOSE = mpmath.mpf("1e-12")
LARGE = mpmath.mpf("1e15")  # with larger entries 30 digits of X are too few for its exponential
written = cache(known)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_answer_differs(chunk):
    found = [
        f"{network.name}: {difference}"
        for network in networks()[chunk::CHUNKS]
        if network.is_there
        for difference in network_differences(network, written())
        if difference.sort not in {BETTER, WORDS}
    ]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_every_network_has_answers():
    assert set(written()) == {network.name for network in networks()}


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_written_systems_lead_to_the_next_state(chunk):
    """exp(dt X^) after the jump is the map, and exp(dt X^/3) is the flow, by mpmath's exponential."""
    wrong = [
        (network.name, *where)
        for network in networks()[chunk::CHUNKS]
        if network.is_there
        for *where, system, M, dt in written_systems(network)
        if not leads_to_the_next_state(system, M, dt)
    ]
    assert not wrong


def written_systems(network: Network) -> Iterator[tuple[Any, ...]]:
    """Yield pattern, values, written system, the map [M c C] and dt at the values."""
    net, answer = network.net, written()[network.name]
    dt = sp.sympify(network.dt)
    for pattern, found in answer["regions"].items():
        region = net.region(pattern)
        M = sp.Matrix.hstack(region.matrix, region.offset, region.input_matrix)
        if "system" in found:
            yield pattern, "", found["system"], M, dt
        for values, at in zip(values_in(answer), found.get("at", {}).values(), strict=False):
            point = {s: sp.Rational(values[str(s)]) for s in net.parameters}
            yield pattern, values, at["system"], M.xreplace(point), dt.xreplace(point)
            if at["closed form"] != "the same":
                yield pattern, values, at["closed form"], M.xreplace(point), dt.xreplace(point)


def leads_to_the_next_state(system: dict[str, Any], M: sp.MatrixBase, dt: sp.Expr) -> bool:
    if "none" in system or isinstance(system["X"], dict):
        return True
    n, extra, m = M.rows, system["extra"], M.cols - M.rows - 1
    d = n + extra
    with mpmath.workdps(60):
        X = mpmath.matrix(d + 1 + m, d + 1 + m)
        for i, row in enumerate(system["X"]):
            for j, x in enumerate(row):
                X[i, j] = mpmath.mpf(x)
        if mpmath.mnorm(X, mpmath.inf) > LARGE:
            return True
        jump = _numbers(sp.eye(n, n + 1 + m) if system["jump"] is None else sp.Matrix(system["jump"]))
        start = mpmath.matrix(d + 1 + m, n + 1 + m)  # (z, 1, s) after the jump as (z, u, 1, s)
        start[:n, :] = jump
        for i in range(1 + m):
            start[d + i, n + i] = 1
        end = mpmath.matrix(d, n + 1 + m)  # with u = 0
        end[:n, :] = _numbers(M)
        step = mpmath.mpf(str(sp.N(dt, 60)))
        if not _close((mpmath.expm(step * X, method="taylor") * start)[:d, :], end):
            return False
        if isinstance(system["flow"], dict):
            return True
        flow = mpmath.matrix([[mpmath.mpf(x) for x in row] for row in system["flow"]])
        columns = [*range(n), *range(d, d + 1 + m)]
        third = mpmath.expm(step * X / 3, method="taylor")
        return _close(mpmath.matrix([[third[i, j] for j in columns] for i in range(n)]), flow)


def _numbers(matrix: sp.MatrixBase) -> mpmath.matrix:
    return mpmath.matrix([[mpmath.mpf(str(sp.N(x, 60))) for x in matrix.row(i)] for i in range(matrix.rows)])


def _close(found: mpmath.matrix, expected: mpmath.matrix) -> bool:
    return mpmath.mnorm(found - expected, mpmath.inf) <= CLOSE * (1 + mpmath.mnorm(expected, mpmath.inf))


@pytest.mark.slow
def test_written_verdicts_and_systems_agree():
    """E2 is a principal logarithm without a jump, E3 a real ODE, and E1 is E2 without the eigenvalue 1."""
    wrong, count = [], 0
    for name, answer in written().items():
        for pattern, region in answer["regions"].items():
            for values, one in region.get("at", {"": region}).items():
                system, truths = one.get("system", {}), one["verdicts"]
                if "kind" not in system:
                    continue
                count += 1
                at_1 = one["fixed point"]["eigenvalue_at_1"] if "fixed point" in one else one["fixed points"] != "one"
                told = {"E2": system["principal"] and system["jump"] is None, "E3": system["kind"] == "real"}
                told["E1"] = told["E2"] and not at_1
                wrong += [
                    (name, pattern, values, key) for key in told if isinstance(truths[key], bool) and truths[key] != told[key]
                ]
    assert count > 1000
    assert not wrong


def test_differences_are_found():
    old = {
        "E2": True,
        "system": {"extra": 1, "kind": "lifted", "principal": False, "X": [["0.5", "1.25"]], "flow": [["2"]], "jump": [["1/2"]]},
    }
    assert not differences(old, old)

    def sorts(**change: Any) -> list[str]:
        return [d.sort for d in differences(old, {"E2": True, "system": {**old["system"], **change}})]

    assert sorts(X=[["0.5", "1.2500000000000000000000000001"]]) == ["other coordinates"]
    assert sorts(X=[["0.5", "1.25000000000000000000000000001"]]) == []
    assert sorts(X=[["0.5", "1.26"]], flow=[["2.1"]]) == ["other half turns", "other half turns"]
    assert sorts(principal=True, flow=[["2.1"]]) == ["differs", "differs"]
    assert sorts(jump=[["2/4"]]) == []
    assert sorts(jump=[["1/3"]], X={"none": "work"}) == ["differs", "differs"]
    assert [d.sort for d in differences({"E2": {"none": "work"}}, {"E2": False})] == ["better"]
    assert [d.sort for d in differences({"E2": {"none": "a"}}, {"E2": {"none": "b"}})] == ["other words"]
    assert [d.sort for d in differences({"E2": True}, {})] == ["differs"]
