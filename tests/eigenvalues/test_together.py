"""Regions whose eigenvalues are counted together have the facts, and all verdicts, that each has alone, exactly."""

import random
from itertools import product

import numpy as np
import pytest
from flint import fmpq, fmpq_mat, fmpz_poly

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


def counted_by_isolation(network: sr.ReLURNN, pattern: str) -> SimpleEigenvalues | None:
    """Return the counts by FLINT's isolation of the roots of chi of A + W D V, in which nothing is read off."""
    A, W, V, _ = network.rational_linear_part
    D = fmpq_mat(network.p, network.p, [fmpq(i == j and d == "1") for i, d in enumerate(pattern) for j in range(network.p)])
    chi = (A + W * D * V).charpoly()
    f = fmpz_poly([int(x) for x in (chi * chi.denom()).coeffs()])
    roots = f.complex_roots()  # disjoint balls; those of real roots are real
    if any(times > 1 for _, times in roots):
        return None
    real = [z.real for z, _ in roots if z.imag == 0]
    return SimpleEigenvalues(sum(x < 0 for x in real), (len(roots) - len(real)) // 2, zero=f[0] == 0, unit=f(1) == 0)


SPREAD = [-330, -320, -300, -160, -30, -12, 0, 0, 12, 160, 300]


def number(rng: random.Random, kind: int) -> fmpq:
    """Return a small number, a long one, one of any magnitude, or one near to -2, ..., 2."""
    if kind == 0:
        return fmpq(rng.randint(-9, 9), rng.choice([1, 2, 3, 7]))
    if kind == 1:
        return fmpq(rng.randint(-(10**300), 10**300), rng.randint(10 ** rng.choice([0, 299]), 10**300))
    if kind == 2:
        return rng.randint(-3, 3) * fmpq(10) ** rng.choice(SPREAD)
    return rng.randint(-2, 2) + rng.randint(-2, 2) * fmpq(10) ** -rng.choice([10, 12, 14, 15, 16, 17, 20, 30])


def square(rng: random.Random, n: int) -> list[list[fmpq]]:
    """Return a Hilbert, companion, perturbed Jordan or badly scaled matrix, or one of nearly real pairs or of given eigenvalues."""
    tiny, kind, S = rng.choice([1, -1]) * fmpq(10) ** -rng.choice([8, 12, 14, 15, 16, 20, 30]), rng.randrange(6), range(n)
    if kind == 0:
        return [[fmpq(1, i + j + 1) for j in S] for i in S]
    if kind == 1:
        p = fmpz_poly([1])
        for k in S:
            p *= fmpz_poly([n // 2 - k, 1])
        return [[fmpq(-int(p[i])) if j == n - 1 else fmpq(i == j + 1) for j in S] for i in S]
    if kind == 2:
        M = [[rng.choice([fmpq(0), fmpq(1), fmpq(-1)]) if i == j else fmpq(j == i + 1) for j in S] for i in S]
        M[-1][0] += tiny
        return M
    if kind == 3:
        scales = [fmpq(10) ** rng.randint(-60, 60) for _ in S]
        return [[number(rng, 0) * scales[i] / scales[j] for j in S] for i in S]
    if kind == 4:
        M = [[fmpq(0)] * n for _ in S]
        for i in range(0, n - 1, 2):
            M[i][i] = M[i + 1][i + 1] = fmpq(rng.randint(-5, 5), 3) + i
            M[i][i + 1], M[i + 1][i] = fmpq(1), tiny
        return M
    L = fmpq_mat(n, n, [fmpq(rng.randint(-2, 2)) if i > j else fmpq(i == j) for i in S for j in S])
    values = fmpq_mat(n, n, [rng.randint(-2, 2) + rng.randint(-2, 2) * tiny if i == j else fmpq(0) for i in S for j in S])
    P = L * L.transpose()
    return (P * values * P.inv()).tolist()


def hard_network(rng: random.Random) -> sr.ReLURNN:
    """Return a network of one of the classes with entries, or a matrix, that are hard in double precision."""
    n, kind, p, which = rng.randint(1, 5), rng.randrange(4), rng.randint(1, 3), rng.randrange(6)

    def some(rows: int, columns: int, kind: int = kind) -> list[list[str]]:
        return text([[number(rng, kind) for _ in range(columns)] for _ in range(rows)])

    diagonal, h, none = some(1, n)[0], ["1/3"] * n, [["0"] * n] * n
    if which == 0:
        return sr.PLRNN(diagonal, [["0" if i == j else x for j, x in enumerate(row)] for i, row in enumerate(some(n, n))], h)
    if which == 1:
        return sr.ALRNN(diagonal, some(n, n), h, P=rng.randint(1, n))
    if which == 2:
        return sr.ShallowPLRNN(diagonal, some(n, p, 2), some(p, n, 2), h, ["1"] * p)
    if which == 3:
        return sr.ReLURNN(none, text(square(rng, n)), h)
    if which == 4:
        return sr.ReLURNN(text(square(rng, n)), some(n, p), h, V=some(p, n))
    return sr.ReLURNN(none, text(square(rng, n)), h, V=[["2" if i == j else "0" for j in range(n)] for i in range(n)])


def wrong(network: sr.ReLURNN) -> tuple[int, int]:
    """Return how many regions are counted together, and how many of them are counted wrong."""
    patterns = every(network.p)
    counted = [(p, c) for p, c in zip(patterns, simple_eigenvalues(network, patterns), strict=True) if c is not None]
    return len(counted), sum(c != counted_by_isolation(network, p) for p, c in counted)


@pytest.mark.parametrize("networks", [60, pytest.param(1200, marks=pytest.mark.slow)])
def test_hard_networks_against_isolated_roots(networks):
    rng = random.Random(11)
    counted, false = np.sum([wrong(hard_network(rng)) for _ in range(networks)], axis=0)
    assert counted > networks
    assert not false


@pytest.mark.parametrize(("W", "V"), [(-330, 300), (300, -330)])
def test_an_entry_that_underflows_counts_where_its_product_does_not(W, V):
    """M is 1e-31 - 1e-30 < 0, but 1e-31 in doubles."""
    net = sr.ReLURNN([["1e-31"]], [[str(-(fmpq(10) ** W))]], [0], V=[[str(fmpq(10) ** V)]])
    assert simple_eigenvalues(net, ["0", "1"])[1] is None
    assert counted_by_isolation(net, "1") == SimpleEigenvalues(1, 0, zero=False, unit=False)


def test_overflows_are_refused_without_a_warning():
    """Warnings are errors here."""
    for entry in ("1e160", "1e200", "1e308", "-1e308"):
        net = sr.ReLURNN([[entry, 0], [0, "-1e308"]], [[entry], ["3"]], [0, 0], V=[[entry, "2"]])
        assert None in simple_eigenvalues(net, ["0", "1"])
        assert wrong(net)[1] == wrong(sr.PLRNN(["1e308", entry], [[0, 1], [3, 0]], [0, 0]))[1] == 0


def lies(rng: np.random.Generator, eig, inv):
    """Return replacements of `numpy.linalg.eig` and `inv` that give other eigenvalues, eigenvectors and inverses."""

    def eigenpairs(A):
        kind, small, size = rng.integers(10), 10.0 ** -rng.integers(18), np.abs(A).max(initial=0)
        if kind == 0:  # those of a matrix near by
            return eig(A + small * size * rng.standard_normal(A.shape))
        z, V = (np.array(part, dtype=complex) for part in eig(A))
        if kind in (1, 2):
            z += (1, 1j)[kind - 1] * small * size * rng.standard_normal(z.shape)
        elif kind == 3:
            z.imag = 0
        elif kind == 4:
            z = z[:, ::-1]
        elif kind == 5:
            V += small * rng.standard_normal(V.shape)
        elif kind == 6:  # one eigenpair twice
            z[:, 0], V[:, :, 0] = z[:, -1], V[:, :, -1] * (1 + small)
        elif kind == 7:
            V = rng.standard_normal(V.shape) + 1j * rng.standard_normal(V.shape)
        elif kind == 8:
            V *= 10.0 ** rng.integers(-300, 300, V[:, :1].shape)
        else:
            V[rng.random(V.shape) < 0.1] = rng.choice([np.nan, np.inf, 0, 1e308, 5e-324])
        return z, V

    def inverse(V):
        W, kind, noise = inv(V), rng.integers(6), rng.standard_normal(V.shape)
        small = 10.0 ** -rng.integers(18)
        return (W * (1 + small * noise), W + small * noise, noise + 0j, W, W, W)[kind]

    return eigenpairs, inverse


@pytest.mark.parametrize("networks", [40, pytest.param(300, marks=pytest.mark.slow)])
def test_a_wrong_lapack_gives_no_wrong_count(networks, monkeypatch):
    rng, total = random.Random(12), np.zeros(2, dtype=int)
    eigenpairs, inverse = lies(np.random.default_rng(13), np.linalg.eig, np.linalg.inv)
    monkeypatch.setattr(np.linalg, "eig", eigenpairs)
    monkeypatch.setattr(np.linalg, "inv", inverse)
    for _ in range(networks):
        net = hard_network(rng)
        total += np.sum([wrong(net) for _ in range(4)], axis=0)
    assert total[0] > networks
    assert not total[1]
