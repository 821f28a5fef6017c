"""P-matrices: the decision equals brute force over all principal minors, and each certificate is checked anew."""

from itertools import combinations
from random import Random

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from symplrnn import limits
from symplrnn.exact import p_matrix
from symplrnn.exact.p_matrix import AllMinors, Definiteness, Dominance, FailingMinor, is_p_matrix

SMALL = fmpq(1, 10**30)


def minor(B, units):
    return fmpq_mat(len(units), len(units), [B[i, j] for i in units for j in units]).det()


def all_positive(B):
    n = B.nrows()
    return all(minor(B, units) > 0 for k in range(1, n + 1) for units in combinations(range(n), k))


def random_matrix(seed):
    """Return a matrix: random, nearly skew-symmetric, or with a principal minor that is 0 or near it."""
    rng = Random(seed)
    n = rng.choice([1, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8])
    kind = rng.choice(["random", "skew", "near"])

    def number():
        return fmpq(rng.randint(-9, 9), rng.randint(1, 5))

    rows = [[number() for _ in range(n)] for _ in range(n)]
    for i in range(n):
        rows[i][i] = fmpq(rng.randint(3, 14), 2)
        for j in range(i if kind == "skew" else 0):
            rows[j][i] = -rows[i][j] * fmpq(rng.randint(1, 9), 3)
    if kind == "near" and n > 1:
        units = [i for i in range(n - 1) if rng.random() < 0.6] or [0]
        inner = minor(fmpq_mat(rows), units)
        if inner != 0:  # the minor on these units and the last one becomes 0, or next to it
            whole = minor(fmpq_mat(rows), [*units, n - 1])
            rows[n - 1][n - 1] += rng.choice([0, SMALL, -SMALL]) - whole / inner
    return fmpq_mat(rows)


def check_proof(B, found):
    n = B.nrows()
    if isinstance(found, Dominance):
        assert min(found.x) > 0
        for i in range(n):
            assert B[i, i] * found.x[i] > sum(abs(B[i, j]) * found.x[j] for j in range(n) if j != i)
    elif isinstance(found, Definiteness):
        product = fmpq_mat(found.T) * (B + B.transpose()) * fmpq_mat(found.T).transpose()
        for i in range(n):
            assert found.T[i, i] > 0
            assert all(found.T[i, j] == 0 for j in range(i + 1, n))
            assert product[i, i] > sum(abs(product[i, j]) for j in range(n) if j != i)
    elif isinstance(found, FailingMinor):
        assert minor(B, found.units) == found.minor <= 0
    return not isinstance(found, FailingMinor)


@pytest.mark.parametrize("part", range(5))
def test_the_decision_is_that_of_all_minors(part):
    kinds = set()
    for seed in range(100 * part, 100 * part + 100):
        B = random_matrix(seed)
        expected = all_positive(B)
        found = is_p_matrix(B)
        assert check_proof(B, found) == expected, seed
        kinds.add(type(found))
        if all(B[i, i] > 0 for i in range(B.nrows())):  # the recursion alone, also where a certificate is found before
            assert check_proof(B, p_matrix._all_minors(B)) == expected, seed
    assert kinds == {Dominance, Definiteness, AllMinors, FailingMinor}


@pytest.mark.parametrize("difference", [SMALL, 0, -SMALL])
def test_minors_next_to_0_are_computed_exactly(difference):
    B = fmpq_mat(3, 3, [1, 2, fmpq(1, 3), -1, 1, 0, 3, 0, 1 + difference])  # the minor on units 1 and 3 is the difference
    found = p_matrix._all_minors(B)
    assert check_proof(B, found) == all_positive(B) == (difference == SMALL)
    if difference == SMALL:
        assert found.exactly > 0
    else:
        assert found == FailingMinor((0, 2), fmpq(difference))


def scattered(seed, n, size):
    """Return a matrix of doubles whose comparison matrix is no M-matrix and whose symmetric part is indefinite."""
    rng = np.random.default_rng(seed)
    W = rng.normal(size=(n, n)) * size
    W -= np.triu(W.T) * 0.8
    np.fill_diagonal(W, 1)
    W[0, 1], W[1, 0] = 5, -0.2
    return fmpq_mat(n, n, [fmpq(*float(x).as_integer_ratio()) for x in W.ravel()])


def test_sixteen_units_by_all_minors():
    B = scattered(0, 16, 0.12)
    assert isinstance(is_p_matrix(B), AllMinors)
    numbers = np.array([[float(x.p) / float(x.q) for x in row] for row in B.tolist()])
    rng = np.random.default_rng(1)
    for _ in range(200):  # a random minor, in floating point
        units = np.flatnonzero(rng.random(16) < 0.5)
        assert np.linalg.det(numbers[np.ix_(units, units)]) > 0
    rows = B.tolist()
    rows[3][3] = fmpq(1, 2)
    rows[3][9], rows[9][3] = fmpq(1), fmpq(1)
    failing = is_p_matrix(fmpq_mat(rows))
    assert failing.minor <= 0
    assert minor(fmpq_mat(rows), failing.units) == failing.minor


def test_the_work_is_bounded(monkeypatch):
    B = scattered(0, 8, 0.12)
    assert isinstance(is_p_matrix(B), AllMinors)
    monkeypatch.setattr(limits, "P_MATRIX_UNITS", 7)
    assert is_p_matrix(B) is None
    monkeypatch.setattr(limits, "P_MATRIX_UNITS", 26)
    monkeypatch.setattr(limits, "P_MATRIX_EXACT_MINORS", 0)
    assert p_matrix._all_minors(fmpq_mat(2, 2, [1, 1, 1, 1 + SMALL])) is None


def test_a_large_matrix_that_fails_is_found_by_elimination():
    n = 40
    rng = np.random.default_rng(5)
    W = rng.normal(size=(n, n))
    np.fill_diagonal(W, 2)
    B = fmpq_mat(n, n, [fmpq(*float(x).as_integer_ratio()) for x in W.ravel()])
    failing = is_p_matrix(B)
    assert failing.minor <= 0
    assert minor(B, failing.units) == failing.minor


@pytest.mark.parametrize("power", [-400, 0, 400, 1100])
def test_the_scale_of_the_numbers_does_not_matter(power):
    scale = fmpq(2) ** power if power >= 0 else 1 / fmpq(2) ** -power
    for seed in range(12):
        B = random_matrix(seed)
        assert check_proof(B * scale, is_p_matrix(B * scale)) == all_positive(B)
