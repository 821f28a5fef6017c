from collections import Counter
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import given

import symplrnn as sr
from symplrnn import limits
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.theorems import E1, E2, E3, G1, PUBLISHED, check_e1, check_e2, check_e3, check_g1, check_published
from tests.hard import Hard, anything, principal


def network(M, c):
    n = len(c)
    return sr.ReLURNN(M, [[] for _ in range(n)], c, V=[])


@given(anything)
def test_e1_e2_e3_hold_exactly_where_the_construction_says(hard: Hard):
    facts = sr.spectrum(hard.region)
    eigenvalues = {b.eigenvalue for b in hard.blocks if b.eigenvalue is not None}
    avoids = all(e > 0 for e in eigenvalues)
    paired = all(count % 2 == 0 for e in eigenvalues if e < 0 for count in Counter(hard.sizes(e)).values())
    assert check_e1(facts).truth.value == (avoids and 1 not in eigenvalues)
    assert check_e2(facts).truth.value == avoids
    assert check_e3(facts).truth.value == (0 not in eigenvalues and paired)
    e3 = check_e3(facts)
    assert e3["invertible"].truth.value == (0 not in eigenvalues)
    assert e3["negative_blocks_paired"].truth.value == paired
    assert to_sympy(e3["invertible"].evidence["determinant"]) == hard.sympy.det()
    assert not (check_e2(facts).truth.is_true and check_e3(facts).truth.is_false)


def test_evidence_names_the_eigenvalues():
    verdict = check_e3(sr.spectrum(network([[Fraction(-1, 4), 0], [0, 2]], [0, 0]).region("")))
    (bad,) = verdict["negative_blocks_paired"].evidence["unpaired"]
    assert (str(bad), bad.blocks) == ("-1/4", (1,))
    assert verdict.failed[0].name == "negative_blocks_paired"
    irrational = check_e2(sr.spectrum(network([[0, 2], [1, 0]], [0, 0]).region("")))["no_negative_eigenvalue"]
    assert irrational.evidence["count"] == 1
    interval = irrational.evidence["eigenvalues"][0].interval
    assert to_sympy(interval.lower) < -sp.sqrt(2) <= to_sympy(interval.upper)
    unit = check_e1(sr.spectrum(network([[1, 1], [0, 1]], [0, 0]).region("")))["no_unit_eigenvalue"]
    assert unit.evidence == {"value_at_1": 0, "algebraic_multiplicity": 2, "geometric_multiplicity": 1}
    with pytest.raises(KeyError, match="no hypothesis 'x'"):
        verdict["x"]


def test_sturm_decides_where_descartes_does_not():
    # x^2 + x + 1: two sign variations of chi(-x), but no real root.
    hypothesis = check_e2(sr.spectrum(network([[0, -1], [1, -1]], [0, 0]).region("")))["no_negative_eigenvalue"]
    assert hypothesis.truth.is_true
    assert (hypothesis.evidence["descartes_bound"], hypothesis.evidence["count"]) == (2, 0)


def phi(M: sp.Matrix) -> mpmath.matrix:
    """phi(M) = integral_0^1 (I + s (M - I))^{-1} ds, since log(x)/(x-1) = int_0^1 ds/(1 + s(x-1)); by quadrature."""
    n = M.rows
    A = mpmath.matrix([[mpmath.mpf(int(x.p)) / int(x.q) for x in M.row(i)] for i in range(n)])
    eye = mpmath.eye(n)
    entry = {}
    for i in range(n):
        for j in range(n):
            entry[i, j] = mpmath.quad(lambda s, i=i, j=j: mpmath.inverse(eye + s * (A - eye))[i, j], [0, 0.1, 0.5, 1])
    return mpmath.matrix(n, n) + mpmath.matrix([[entry[i, j] for j in range(n)] for i in range(n)])


def published_offset(M: sp.Matrix, c: sp.Matrix, k: int) -> mpmath.matrix | None:
    """Return the published formula in floating point, with dt = 1, or None if its inverse does not exist."""
    n = M.rows
    J = sp.diag(sp.eye(k), sp.zeros(n - k))
    inner = sp.eye(n) - J - M
    if inner.det() == 0:
        return None
    u = inner.LUsolve(c)
    L = phi(M) * mpmath.matrix((M - sp.eye(n)).tolist())
    return -(mpmath.matrix(J.tolist()) + L) * mpmath.matrix([[mpmath.mpf(int(x.p)) / int(x.q)] for x in u])


CASES = [
    ([["3/4", "1/4"], ["1/4", "3/4"]], ["3/10", 1], False),
    ([["3/4", "1/4"], ["1/4", "3/4"]], [0, 0], True),
    ([["3/4", "1/4"], ["1/4", "3/4"]], [1, -1], None),
    ([[1, 1], [0, "1/100"]], [0, "-0.995"], True),
    ([["1/100", 0], [0, 1]], [1, 1], False),
    ([[1, 0], [0, 1]], [1, 2], True),
    ([[1, 1], [0, 1]], [1, 1], None),
    ([["1/2", 0], [0, "1/3"]], [1, 1], True),
    ([[1, 0, "1/2"], [0, 1, "1/3"], [0, 0, "1/4"]], [1, 2, 3], True),
    pytest.param([[1, 0, 0], [0, 1, 0], ["1/2", "1/3", "1/4"]], [1, 2, 3], False, marks=pytest.mark.slow),
    pytest.param([[2, -1, 0], [1, 0, 0], [0, 0, "1/2"]], [1, 2, 3], None, marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("M", "c", "expected"), CASES)
def test_published_formula_agrees_exactly_where_the_numbers_say(M, c, expected):
    net = network(M, c)
    facts = sr.spectrum(net.region(""))
    verdict = check_published(facts)
    with mpmath.workdps(40):
        theirs = published_offset(sp.Matrix(net.A), sp.Matrix(net.h), facts.unit_multiplicity)
        h = mpmath.matrix([[mpmath.mpf(int(x.p)) / int(x.q)] for x in net.h])
        agrees = theirs is not None and mpmath.norm(theirs - phi(sp.Matrix(net.A)) * h) < mpmath.mpf(10) ** -25
    assert verdict["inverse_exists"].truth.value == (theirs is not None)
    assert verdict.truth.value == agrees
    assert expected in (None, agrees)


@given(principal)
def test_published_formula_is_right_when_the_first_column_is_e1(hard: Hard):
    """The sufficient condition of docs/theory, section 3, E2: bordered by e_1, a matrix without further unit eigenvalues."""
    if sr.spectrum(hard.region).unit_multiplicity:
        return
    rows = [[1, *range(1, hard.n + 1)]] + [[0, *row] for row in hard.matrix.tolist()]
    facts = sr.spectrum(network(rows, [1] * (hard.n + 1)).region(""))
    assert facts.unit_multiplicity == 1
    assert check_published(facts).truth.is_true


def test_without_a_real_principal_logarithm_the_published_formula_is_wrong():
    verdict = check_published(sr.spectrum(network([[Fraction(-1, 2)]], [1]).region("")))
    assert verdict.truth.is_false
    assert verdict["principal_logarithm"].truth.is_false
    assert verdict["inverse_exists"].truth.is_true


@pytest.mark.parametrize("theorem", [E1, E2, E3, G1, PUBLISHED])
def test_theorems_are_complete_data(theorem):
    assert theorem.identifier
    assert theorem.statement.endswith(".")
    assert theorem.hypotheses
    assert any(char.isdigit() for char in theorem.reference)


def test_the_published_formula_with_letters_is_given_up_after_so_much_work(monkeypatch):
    """It solves with I - J - M, which may take minutes: then it is not known, and says why."""
    net = sr.ReLURNN([["a", "b"], ["c", "sqrt(2)"]], [[], []], ["a", 1], V=[], parameters=["a", "b", "c"])
    names = ("principal_logarithm", "inverse_exists", "offset_agrees")
    unknown = lambda: [name for name in names if check_published(sr.spectrum(net.region("")))[name].truth.is_unknown]  # noqa: E731
    assert unknown() == []
    monkeypatch.setattr(limits, "CONDITION_STEPS", 100)
    assert unknown() == list(names)[1:]
    assert "more than 100 steps" in check_published(sr.spectrum(net.region("")))["offset_agrees"].truth.reason


def test_g1_with_letters_is_given_up_after_so_much_work(monkeypatch):
    net = sr.PLRNN(["a", "b"], [[0, "c"], ["d", 0]], [0, 0], parameters=["a", "b", "c", "d"])
    spectra = {pattern: sr.spectrum(net.region(pattern)) for pattern in ("00", "01", "10", "11")}
    assert not check_g1(net, spectra.items())["p_matrix"].truth.is_unknown
    monkeypatch.setattr(limits, "CONDITION_STEPS", 1)
    assert "more than 1 steps" in check_g1(net, spectra.items())["p_matrix"].truth.reason
