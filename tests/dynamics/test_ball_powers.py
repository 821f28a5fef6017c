"""Flows of regions with many states by enclosed eigenvalues: the same doubles as by the exact closed form."""

import random

import numpy as np
import pytest
from flint import fmpq

import symplrnn as sr
from symplrnn import limits
from symplrnn.dynamics.flow_table import FlowTables
from symplrnn.logarithm.ball_powers import BallPowers
from symplrnn.theorems.reasons import kind_of

R = (fmpq(1, 10), fmpq(1, 3), fmpq(7, 8))


def tables_by(net, states, monkeypatch) -> FlowTables:
    monkeypatch.setattr(limits, "EXACT_POWER_STATES", states)
    return FlowTables(sr.derive(net, "1/10"))


def entry(rng) -> str:
    return f"{rng.randint(-90, 90)}/100"


def networks(rng):
    n = 4
    W = [[entry(rng) if i != j else 0 for j in range(n)] for i in range(n)]
    C = [[entry(rng), entry(rng)] for _ in range(n)]
    h = [entry(rng) for _ in range(n)]
    decays = [f"{10 * k + rng.randint(1, 9)}/50" for k in range(1, n + 1)]
    yield "positive", sr.PLRNN(decays, W, h, C=C)
    yield "negative", sr.PLRNN([f"-{a}" for a in decays[:2]] + decays[2:], W, h)
    yield "almost linear", sr.ALRNN(decays, W, h, P=2)
    yield (
        "general",
        sr.ReLURNN([[a if i == j else 0 for j in range(n)] for i, a in enumerate(decays)], [[x] for x in h], h, V=[h]),
    )
    yield "equal decays", sr.PLRNN(["1/2"] * n, W, h)
    yield "unit eigenvalue", sr.PLRNN([1, *decays[1:]], W, h)
    yield "singular", sr.PLRNN([0, *decays[1:]], W, h)
    yield "zeros", sr.PLRNN(decays, [[0] * n for _ in range(n)], [1, 0, 0, 0])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_doubles_are_those_of_the_closed_form(seed, monkeypatch):
    rng = random.Random(seed)
    used = set()
    for name, net in networks(rng):
        patterns = [region.pattern for region in net.regions()]
        for pattern in rng.sample(patterns, min(3, len(patterns))):
            exact = tables_by(net, 10**9, monkeypatch)
            wanted = [exact.matrix(pattern, r) for r in R]
            balls = tables_by(net, 1, monkeypatch)
            for r, expected in zip(R, wanted, strict=True):
                assert np.array_equal(balls.matrix(pattern, r), expected), (name, pattern, r)
            assert balls.region(pattern).kind == kind_of(
                exact.region(pattern).real_logarithm.extra, exact.region(pattern).jump is not None
            )
            assert balls.pieces(pattern) == exact.pieces(pattern)
            if balls.region(pattern).kind == "real":
                assert np.array_equal(balls.velocity(pattern), exact.velocity(pattern)), (name, pattern)
            if balls.region(pattern)._ball_powers is not None:
                used.add(name)
                assert "real_logarithm" not in vars(balls.region(pattern)), name
    assert {"positive", "negative", "almost linear", "general", "zeros"} <= used


def test_eigenvalues_that_are_not_told_apart_give_no_enclosure():
    M = sr.PLRNN(["1/2", "1/2"], [[0, 0], [0, 0]], [1, 1]).region("11")
    assert BallPowers(M.rational_matrix, M.affine.c, ()).enclosure(fmpq(1, 2), 64) is None


def test_a_network_of_many_units_is_simulated(monkeypatch):
    rng = random.Random(5)
    n = 14
    A = [f"{rng.randint(30, 95)}/100" for _ in range(n)]
    W = [[f"{rng.randint(-20, 20)}/100" if i != j else 0 for j in range(n)] for i in range(n)]
    net = sr.PLRNN(A, W, [entry(rng) for _ in range(n)])
    z0 = [entry(rng) for _ in range(n)]
    found = sr.derive(net, 1).simulate(z0, 3, per_step=2).states
    monkeypatch.setattr(limits, "EXACT_POWER_STATES", 10**9)
    assert np.array_equal(found, sr.derive(net, 1).simulate(z0, 3, per_step=2).states)
