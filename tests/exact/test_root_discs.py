"""Roots counted by discs around approximations: against roots that are put in, against Sturm, and with bad approximations."""

import random
from functools import reduce
from operator import mul

import numpy as np
import pytest
from flint import fmpq, fmpq_mat, fmpq_poly

from symplrnn.exact.real_roots import count_real_roots
from symplrnn.exact.root_discs import RootCounts, approximate_eigenvalues, counted_by_discs

x = fmpq_poly([0, 1])


def product(factors) -> fmpq_poly:
    return reduce(mul, factors, fmpq_poly([1]))


def doubles(polynomial) -> list[complex]:
    return [
        complex(z)
        for z in np.roots([int(c.p) / int(c.q) for c in reversed([polynomial[k] for k in range(polynomial.degree() + 1)])])
    ]


def test_roots_that_are_put_in_are_counted():
    rng = random.Random(1)
    decided = 0
    for _ in range(100):
        real = rng.sample([fmpq(k, rng.randint(1, 3)) for k in range(-7, 8) if k], rng.randint(0, 4))
        pairs = rng.sample([(fmpq(u, 2), fmpq(v, 3)) for u in range(-4, 5) for v in range(1, 5)], rng.randint(0, 3))
        p = product([*(x - r for r in real), *((x - u) * (x - u) + v * v for u, v in pairs)])
        if p.degree() < 1:
            continue
        found = counted_by_discs(p, doubles(p))
        expected = RootCounts(sum(r < 0 for r in real), sum(r > 0 for r in real), len(pairs))
        simple = p.gcd(p.derivative()).degree() == 0
        assert found == expected if found is not None else True
        assert simple or found is None
        decided += found is not None
    assert decided > 80


def test_what_discs_do_not_decide_is_left_open():
    double, near = (x - 1) * (x - 1) * (x + 2), (x - 1) * (x - 1 - fmpq(1, 10**20)) * (x + 2)
    for p in (double, near, x * (x - 1)):
        assert counted_by_discs(p, doubles(p)) is None
    p = (x - 1) * (x - 2) * (x - 3)
    good = [1.0, 2.0, 3.0]
    assert counted_by_discs(p, good) == RootCounts(0, 3, 0)
    for bad in (
        [1.0, 1.0, 3.0],
        [1.0, 2.0],
        [0.5, 2.0, 3.0],
        [1.0, 2.0, float("nan")],
        [1.0, 2.0, float("inf")],
        [5.0, 6.0, 7.0],
    ):
        assert counted_by_discs(p, bad) is None
    assert counted_by_discs(p, [1.0 + 1e-13j, 2.0, 3.0]) is None  # the disc meets the real line, and the root is real


def test_roots_near_the_ends_of_doubles():
    tiny = fmpq(1, 2**300)
    p = (x - tiny) * (x + tiny) * (x - 2**200)
    assert counted_by_discs(p, [2.0**-300, -(2.0**-300), 2.0**200]) == RootCounts(1, 2, 0)
    assert approximate_eigenvalues(fmpq_mat([[fmpq(2**2000)]])) is None
    assert approximate_eigenvalues(fmpq_mat([[fmpq(2**2000 + 1, 2**2000)]])) == [1.0]


@pytest.mark.parametrize("n", [8, 15, 30])
def test_eigenvalues_of_random_matrices_are_counted_as_by_sturm(n):
    rng = np.random.default_rng(n)
    for _ in range(3):
        entries = [fmpq(int(v), 2**20) for v in (rng.normal(size=n * n) * 2**20).round()]
        M = fmpq_mat(n, n, entries)
        chi = M.charpoly()
        found = counted_by_discs(chi, approximate_eigenvalues(M))
        negative = count_real_roots(chi, None, fmpq(0))
        real = count_real_roots(chi)
        assert found == RootCounts(negative, real - negative, (n - real) // 2)
