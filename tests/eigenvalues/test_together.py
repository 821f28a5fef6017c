"""Regions whose eigenvalues are counted together have the facts, and all verdicts, that each has alone, exactly."""

import random
from itertools import product

import pytest
from flint import fmpq

import symplrnn as sr
from symplrnn.eigenvalues import spectrum as spectrum_file
from symplrnn.eigenvalues.counting import RationalSpectrum
from symplrnn.eigenvalues.together import SimpleEigenvalues, simple_eigenvalues
from symplrnn.theorems.base import REGION_CHECKS


def alone(region: sr.Region) -> RationalSpectrum:
    """Return the facts by exact arithmetic, without discs."""
    facts = RationalSpectrum(region)
    vars(facts)["simple"] = None
    return facts


def agree(network: sr.ReLURNN, patterns: list[str]) -> int:
    """Compare facts and verdicts of regions, and return how many were counted together."""
    counted = simple_eigenvalues(network, patterns)
    for pattern, simple in zip(patterns, counted, strict=True):
        if simple is None:
            continue
        exact, known = alone(network.region(pattern)), RationalSpectrum(network.region(pattern))
        vars(known)["simple"] = simple
        assert exact.has_simple_eigenvalues, pattern
        facts = exact.negative_count, exact.core_pairs, not exact.is_invertible, exact.unit_multiplicity > 0
        assert simple == SimpleEigenvalues(*facts), pattern
        for name, (_, check) in REGION_CHECKS.items():
            one, other = check(exact), check(known)
            assert (one.truth, [h.truth for h in one.hypotheses]) == (other.truth, [h.truth for h in other.hypotheses]), name
    return sum(simple is not None for simple in counted)


def entries(rng: random.Random, n: int, m: int, size: int = 3) -> list[list[fmpq]]:
    return [[fmpq(rng.randint(-9, 9), rng.choice([2, 3, 7])) * fmpq(size, 9) for _ in range(m)] for _ in range(n)]


def every(units: int) -> list[str]:
    return ["".join(p) for p in product("01", repeat=units)]


def text(rows):
    return [[str(x) for x in row] for row in rows]


NASTY = [
    "0",
    "1",
    "-1",
    "1/2",
    "1/2",
    "-1/2",
    "1/1000000000000000000000000000000",
    "1000000000000000000000000000001/1000000000000000000000000000000",
]


FEW_AND_MANY = [8, pytest.param(200, marks=pytest.mark.slow)]


@pytest.mark.parametrize("networks", FEW_AND_MANY)
def test_random_networks_of_every_class(networks):
    rng, counted, total = random.Random(5), 0, 0
    for k in range(networks):
        n = rng.randint(2, 4)
        W = text(entries(rng, n, n))
        A = [str(fmpq(rng.randint(1, 99), 100)) for _ in range(n)]
        h = ["1/3"] * n
        if k % 4 == 0:
            net = sr.PLRNN(A, W, h)
        elif k % 4 == 1:
            net = sr.ALRNN(A, W, h, P=n - 1)
        elif k % 4 == 2:
            net = sr.ShallowPLRNN(A, text(entries(rng, n, 3)), text(entries(rng, 3, n)), h, [0, 1, "1/2"])
        else:
            net = sr.ReLURNN(text(entries(rng, n, n)), W, h)
        patterns = [region.pattern for region in net.regions()]
        counted, total = counted + agree(net, patterns), total + len(patterns)
    assert counted > 0.7 * total


@pytest.mark.parametrize("networks", FEW_AND_MANY)
def test_eigenvalues_that_repeat_or_are_near_to_each_other_to_0_and_to_1(networks):
    rng, counted, total = random.Random(6), 0, 0
    for _ in range(networks):
        n = rng.randint(2, 4)
        W = [[rng.choice(["0", "0", "1", "-1", "1/2"]) if i != j else "0" for j in range(n)] for i in range(n)]
        net = sr.PLRNN([rng.choice(NASTY) for _ in range(n)], W, ["1/3"] * n)
        counted, total = counted + agree(net, every(n)), total + 2**n
    assert 0.1 * total < counted < 0.7 * total


@pytest.mark.parametrize(
    ("A", "W"),
    [
        (["1/2", "1/3"], [["0", "1"], ["1/6", "0"]]),  # 0
        (["1/2", "1/3"], [["0", "1"], ["1/3", "0"]]),  # 1
        (["1/2", "1/2"], [["0", "1"], ["0", "0"]]),  # a block of size 2
        (["1/2", "1/2"], [["0", "1"], ["1/1" + 60 * "0", "0"]]),  # 1/2 +- 1e-30, and below a pair
        (["1/2", "1/2"], [["0", "1"], ["-1/1" + 60 * "0", "0"]]),
        (["1/2", "1/2"], [["0", "1"], [str(fmpq(1, 4) + fmpq(1, 10**30)), "0"]]),  # near 0
        (["1/2", "1/2"], [["0", "1"], [str(fmpq(1, 4) - fmpq(1, 10**30)), "0"]]),
    ],
)
def test_what_is_too_near_is_looked_at_alone(A, W):
    net = sr.PLRNN(A, W, ["1/3", "1"])
    assert simple_eigenvalues(net, ["11"]) == [None]
    agree(net, every(2))


def test_wide_numbers_are_counted_too():
    net = sr.PLRNN(["1/" + "3" * 300, "1/2", "7"], [["0", "1e40", "1e-40"], ["0", "0", "1/7"], ["1e-200", "-1", "0"]], [0, 0, 0])
    agree(net, every(3))
    huge = sr.PLRNN(["1" + 400 * "0", "1/2"], [["0", "1"], ["1", "0"]], [0, 0])
    assert simple_eigenvalues(huge, ["11"]) == [None]
    agree(huge, every(2))


def test_reports_are_the_same(monkeypatch):
    rng = random.Random(8)
    net = sr.PLRNN(["1/2", "1", "-1/3", "1/2"], text(entries(rng, 4, 4, 2)), ["1/3", "0", "1", "2"])
    found = []
    for together in (1, 10**9):
        monkeypatch.setattr(spectrum_file, "TOGETHER", together)
        report = sr.check(net)
        found.append((report.counts, report.to_dict()))
    assert found[0] == found[1]
    simple = [c.spectrum.simple for c in report.verdicts.values()]
    assert simple == [None] * 16  # the last one, alone and exactly


def test_regions_with_irrational_or_free_entries_are_left_out():
    net = sr.PLRNN(["1/2", "1/3"], [[0, "w"], ["1/7", 0]], [0, 0], parameters=["w"])
    assert [each is None for each in simple_eigenvalues(net, every(2))] == [False, True, False, True]
    assert simple_eigenvalues(sr.PLRNN(["a"], [[0]], [0], parameters=["a"]), ["0", "1"]) == [None, None]
    no_units = sr.ReLURNN([["1/2", 1], [0, "1/3"]], [[], []], [0, 0], V=[])
    assert simple_eigenvalues(no_units, [""]) == [SimpleEigenvalues(0, 0, zero=False, unit=False)]
