"""A report in one sentence: counts against verdicts, conditions against determinants at values."""

import json
import re

import pytest

import symplrnn as sr

ROUND = sr.PLRNN(["1/2", "-1/3"], [[0, 0], [0, "4/3"]], [1, 0], dt=1)  # region 0 of unit 2 has the eigenvalue -1/3


@pytest.mark.parametrize("name", ["kinds", "addition", "negative", "cycle16"])
def test_all_regions_of_numbers(name):
    report = sr.check(sr.example(name))
    n, k = len(report.verdicts), sum(v["E2"].truth.is_true for v in report.verdicts.values())
    assert report.summary == f"legitimate in {f'all {n}' if n == k > 1 else f'{k} of {n}'} region{'s' * (n > 1)}"


def test_visited_and_chosen_regions():
    def visited(z0):
        return sr.check(ROUND, "visited", z0=z0, steps=10).summary

    assert visited([1, 1]) == "the orbit visits 1 of 4 regions, which is legitimate"
    assert visited([1, -1]) == "the orbit visits 2 of 4 regions, 1 of them legitimate"
    assert visited([-9, 1]) == "the orbit visits 2 of 4 regions, all legitimate"
    assert sr.check(ROUND, ["00", "10"]).summary == "2 of 4 regions checked, none legitimate"
    assert sr.check(ROUND, "00").summary == "1 of 4 regions checked, which is not legitimate"
    assert sr.check(sr.ReLURNN([["1/2"]], [[]], [1], V=[])).summary == "legitimate in 1 of 1 region"


def test_a_condition_is_written_out_where_it_is_short():
    report = sr.check(sr.example("two_units"))
    assert report.summary == "legitimate in all 4 regions where a1*a2 > w12*w21"
    free = [*"abc", *"uvwxyz"]
    net = sr.PLRNN(free[:3], [[0, "u", "v"], ["w", 0, "x"], ["y", "z", 0]], [0] * 3, parameters=free)
    assert sr.check(net).summary == "legitimate in 0 of 8 regions for all values of the parameters, in 8 depending on them"
    some = sr.PLRNN([1, "1/3"], [["w", 0], [0, 0]], [1, 1], parameters=["w"])
    assert sr.check(some).summary == "legitimate in all 4 regions where w > -1"
    assert sr.check(some, ["00", "01"]).summary == "2 of 4 regions checked, all legitimate"
    assert sr.check(some, "10").summary == "1 of 4 regions checked, legitimate where w > -1"
    never = sr.PLRNN(["1/2", "-1/3"], [["w", 0], [0, 0]], [1, 1], parameters=["w"])
    assert sr.check(never).summary == "legitimate in 0 of 4 regions"
    mixed = sr.PLRNN(["1/2", "-1/3"], [["w", 0], [0, 1]], [1, 1], parameters=["w"])
    assert sr.check(mixed).summary == "legitimate in 1 of 4 regions for all values of the parameters, in 1 depending on them"
    assert sr.check(mixed, ["11", "00"]).summary == (
        "2 of 4 regions checked, 0 legitimate for all values of the parameters, 1 depending on them"
    )


def test_it_is_in_the_json_and_in_the_repr():
    report = sr.check(ROUND)
    assert json.loads(report.to_json(summary=True))["summary"] == report.summary == "legitimate in 2 of 4 regions"
    assert re.search(r"^CheckReport\(ReLURNN\(.*\), selection='all': legitimate in 2 of 4 regions\)$", repr(report))
