"""One letter in a larger network: facts as formulas against the facts of the numbers put in, at exceptional values, too.

Where each eigenvalue has one Jordan block the powers of the matrix are independent: that is asked of SymPy.
"""

import random

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.conditions.truth import all_of
from symplrnn.eigenvalues.single_blocks import exceptional_values
from symplrnn.eigenvalues.spectrum import spectrum

FACTS = (
    "invertible",
    "principal",
    "no_negative",
    "no_unit",
    "no_minus_one",
    "no_complex",
    "no_complex_pair_on_circle",
    "stable",
    "paired",
    "positive_blocks_distinct",
    "complex_blocks_single",
    "diagonalisable",
)
VALUES = [sp.Rational(k, 2) for k in (-4, -2, -1, 0, 1, 2, 3, 4)]


def random_network(rng: random.Random) -> sr.ReLURNN:
    """Four or five units, few different entries, so that eigenvalues coincide; the letter q in one row."""
    n, density = rng.choice([4, 4, 5]), rng.choice([0.2, 0.4, 0.8])
    A = [rng.choice([-1, 1, 1, 2, "1/2", 0]) for _ in range(n)]
    W = [[rng.choice([-2, -1, 1, 1, "1/2"]) if rng.random() < density else 0 for _ in range(n)] for _ in range(n)]
    i, j = rng.sample(range(n), 2)
    kind = rng.choice("AAWWR")
    if kind in "AR":
        A[i] = rng.choice(["q", "2*q - 1"])
    if kind in "WR":
        W[i][j] = "q"
    return sr.PLRNN(A, W, [rng.choice([0, 1, -1]) for _ in range(n)], parameters={"q": "real"})


def compare(net: sr.ReLURNN, pattern: str, values: list) -> None:
    found = spectrum(net.region(pattern))
    truths = {name: getattr(found, name) for name in FACTS}
    for value in values:
        numbers = spectrum(net.subs({"q": value}).region(pattern))
        for name, truth in truths.items():
            if not truth.is_unknown:
                assert truth.at({"q": value}).value == getattr(numbers, name).value, (name, value, pattern, net.A, net.W)


def test_facts_with_a_letter_are_those_of_the_numbers():
    rng = random.Random(5)
    for _ in range(3):
        net = random_network(rng)
        compare(net, "".join(rng.choice("01") for _ in range(net.n)), [*VALUES, sp.Rational(rng.randint(-30, 30), 7)])


@pytest.mark.slow
def test_facts_with_a_letter_are_those_of_the_numbers_in_many_networks():
    rng = random.Random(6)
    for _ in range(15):
        net = random_network(rng)
        for pattern in {"1" * net.n, *("".join(rng.choice("01") for _ in range(net.n)) for _ in range(3))}:
            compare(net, pattern, [*VALUES, sp.Rational(rng.randint(-30, 30), 7)])


def powers_are_independent(M: sp.Matrix) -> bool:
    powers = [sp.eye(M.rows)]
    while len(powers) < M.rows:
        powers.append(powers[-1] * M)
    return sp.Matrix([list(power) for power in powers]).rank() == M.rows


def test_each_eigenvalue_has_one_block_but_at_the_exceptional_values():
    rng, known, met = random.Random(1), 0, 0
    for _ in range(25):
        net = random_network(rng)
        region = net.region("".join(rng.choice("01") for _ in range(net.n)))
        q = net.parameters[0]
        found = exceptional_values(net.field, region.affine.M)
        if found is None:
            continue
        exceptions = {sp.Rational(int(value.p), int(value.q)) for _, value in found}
        known += 1
        for value in {*VALUES, sp.Rational(rng.randint(-30, 30), 7)} - exceptions:
            assert powers_are_independent(region.matrix.subs(q, value)), (region.matrix, value)
        met += any(not powers_are_independent(region.matrix.subs(q, value)) for value in exceptions)
    assert known > 10
    assert met > 0


def test_a_unit_that_meets_an_irrational_eigenvalue():
    """Unit 5 is off with decay q: at an eigenvalue of the others there are two blocks if and only if they do not drive it."""
    chain = [[0, 1, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 0]]
    for row, expected in (([1, 0, 0, 0, 0], True), ([0, 0, 0, 0, 0], None)):
        net = sr.PLRNN(["1/2"] * 4 + ["q"], [*chain, row], [0] * 5, parameters=["q"])
        region = net.region("11110")
        found = exceptional_values(net.field, region.affine.M)
        assert (found == ()) is (expected is True)
        root = sp.Rational(1, 2) + (1 + sp.sqrt(5)) / 2  # of the path of four units
        truth = spectrum(region).positive_blocks_distinct
        if expected:
            assert truth.is_true
        else:
            assert truth.is_unknown or not truth.at({"q": root}).is_true


def test_a_letter_in_a_network_of_ten_units_leaves_nothing_unknown():
    rng = random.Random(3)
    n = 10
    A = [f"{rng.randint(300, 900)}/1000" for _ in range(n)]
    W = [[f"{rng.randint(-200, 200)}/1000" if i != j else 0 for j in range(n)] for i in range(n)]
    W[2][5] = "q"
    net = sr.PLRNN(A, W, [1] * n, parameters=["q"])
    patterns = ["1" * n, "0010010011", "1101101111"]
    report = sr.check(net, patterns)
    assert report.counts["unknown"] == 0
    for value in ("1/5", "-3", "11/4"):
        numbers = sr.check(net.subs({"q": value}), patterns)
        for pattern in patterns:
            with_letter, plain = report.verdicts[pattern], numbers.verdicts[pattern]
            for name in ("E1", "E2", "E3", "E4", "E5", "E6"):
                assert with_letter[name].truth.at({"q": value}) == plain[name].truth, (name, pattern, value)
            cases = with_letter.number_of_odes
            assert [word for word, where in cases.items() if where.at({"q": value}).is_true] == [plain.how_many]
            assert all_of(cases.values()).is_false or all_of(cases.values()).is_conditional
