"""Aliases against matrix exponentials at 60 digits and numerical eigenvalues."""

import re
from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import fmpq, fmpq_mat
from hypothesis import assume, given
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.logarithm.real_logarithm import RealLogarithm
from symplrnn.logarithm.verification import projectors_verified
from symplrnn.systems.aliases import alias
from symplrnn.systems.frequencies import complex_pairs, nyquist, uniqueness
from symplrnn.systems.planes import rotation_planes
from tests.examples import examples
from tests.hard import NEAR, Hard, principal

J = [[0, -1], [1, 0]]
TINY = mpmath.mpf(10) ** -50


def derived(M, c=None, C=None, dt="1/10"):
    n = len(M)
    return sr.derive(sr.ReLURNN(M, [[] for _ in range(n)], c or [0] * n, V=[], C=C), dt=dt)[""]


def companion(*coefficients):
    """Return a matrix with the characteristic polynomial with these coefficients, constant term first, and 1."""
    n = len(coefficients)
    return [[int(i == j + 1) for j in range(n - 1)] + [-coefficients[i]] for i in range(n)]


TWO_PAIRS = companion(3, -2, 3, -1)  # irreducible of degree 4
MIXED = companion(1, -2, 3, -4, 5, -6)  # two pairs and two positive roots
CASES = [
    (J, [1, 2], [3]),
    (J, [1, 2], [-2]),
    (companion(-2, 5, -5), [1, 2, 3], [1]),
    (TWO_PAIRS, [1, 2, 3, 4], [1, 1]),
    (TWO_PAIRS, [1, 2, 3, 4], [0, -2]),
    (MIXED, [1, 2, 3, 4, 5, 6], [2, -1]),
    (sp.diag(sp.Matrix(J), sp.Matrix([[1, -1], [1, 1]]), 1).tolist(), [1, 2, 3, 4, 5], [-1, 2]),
    ([[0, -1, 1, 0], [1, 0, 0, 1], [0, 0, 0, -1], [0, 0, 1, 0]], [1, 2, 3, 4], [1]),  # blocks of size 2
    ([[1, -NEAR], [NEAR, 1]], [1, 2], [1]),
]


def number(x):
    return mpmath.mpf(int(x.p)) / int(x.q)


def middles(balls):
    return mpmath.matrix([[mpmath.mpf(x.mid().str(140, radius=False)) for x in row] for row in balls.tolist()])


def assert_same_step(ode, X):
    whole = ode.region.affine.augmented()
    expected = mpmath.matrix([[number(x) for x in row] for row in whole.tolist()])
    assert mpmath.norm(mpmath.expm(X * number(ode.dt)) - expected, mpmath.inf) < TINY * (1 + mpmath.norm(expected, mpmath.inf))


@pytest.mark.parametrize(("M", "c", "k"), CASES)
def test_aliases_have_the_same_step_and_the_frequencies_asked_for(M, c, k):
    ode = derived(M, c)
    found = alias(ode, k)
    with mpmath.workdps(110):  # the near-miss by 1e-30 loses digits
        X = middles(found.enclosure(600))
        assert_same_step(ode, X)
        exact = found.augmented.evalf(62)
        assert all(
            abs(mpmath.mpf(str(exact[i, j])) - X[i, j]) < TINY * (1 + abs(X[i, j])) for i in range(X.rows) for j in range(X.cols)
        )
        principal_logarithms = [mpmath.arg(e) for e in mpmath.eig(mpmath.matrix(sp.Matrix(ode.region.matrix).tolist()))[0]]
        angles = sorted(a for a in principal_logarithms if a > mpmath.mpf(10) ** -40)
        angles = [a for i, a in enumerate(angles) if i == 0 or a - angles[i - 1] > mpmath.mpf(10) ** -20]  # each pair once
        expected = [10 * (a + 2 * mpmath.pi * turns) for a, turns in zip(angles, k, strict=True)]
        found_frequencies = [mpmath.mpf(str(f.evalf(40))) for f in found.frequencies]
        assert all(abs(f - e) < 1e-19 for f, e in zip(found_frequencies, expected, strict=True))
        rates = [abs(mpmath.im(e)) for e in mpmath.eig(X)[0]]
        assert all(any(abs(rate - abs(e)) < 1e-19 for rate in rates) for e in expected)
        for pair, a in zip(found.pairs, angles, strict=True):
            assert abs(mpmath.mpf(pair.digits(30)) - 10 * a) < 1e-19
            assert abs(mpmath.mpf(str(pair.frequency.evalf(30))) - 10 * a) < 1e-19


@examples(25)
@given(principal, st.integers(-3, 3), st.data())
def test_aliases_of_hard_matrices(hard: Hard, k: int, data: st.DataObject):
    ode = sr.derive(hard.region, dt=Fraction(2, 7))
    count = len(complex_pairs(ode)) + len(rotation_planes(ode))
    assume(count)
    numbers = data.draw(st.lists(st.integers(-3, 3), min_size=count, max_size=count))
    for given_k in (k, numbers):
        found = alias(ode, given_k)
        assert found.verified
        with mpmath.workdps(150):  # near-misses by 1e-30 lose digits
            assert_same_step(ode, middles(found.enclosure(700)))


def test_offsets_inputs_and_digits():
    ode = derived(TWO_PAIRS, [1, 2, 3, 4], [[1, 0], [0, 1], [1, 1], [0, 0]])
    found = alias(ode, [1, -1])
    assert (found.matrix.shape, found.offset.shape, found.input_matrix.shape) == ((4, 4), (4, 1), (4, 2))
    digits = found.digits(25)
    with mpmath.workdps(60):
        X = middles(found.enclosure(400))
        for i in range(4):
            row = [*digits.matrix[i], digits.offset[i], *digits.input_matrix[i]]
            assert all(abs(mpmath.mpf(text) - X[i, j]) <= abs(X[i, j]) * mpmath.mpf(10) ** -24 for j, text in enumerate(row))
    assert alias(derived(sp.diag(sp.Matrix(J), 1).tolist(), [0, 0, 2]), 1).digits(8).matrix[2] == ("0", "0", "0")
    assert (found.region, found.dt, found.n) == (ode.region, sp.Rational(1, 10), 4)


def test_zeros_are_proved_for_the_alias_itself():
    """An entry where log M vanishes, -2 (pi/4) + pi/2, is -2 (pi/4 + 2 pi k_1) + (pi/2 + 2 pi k_2) in an alias."""
    P = sp.Matrix([[1, 0, 1, 0], [0, 0, 0, -1], [0, 1, 0, 2], [0, 0, 1, 0]])
    M = P * sp.diag(sp.Matrix([[1, -1], [1, 1]]), sp.Matrix(J)) * P.inv()
    ode = derived(M.tolist(), dt=1)
    assert [pair.frequency for pair in complex_pairs(ode)] == [sp.pi / 4, sp.pi / 2]
    assert [alias(ode, k).digits(10).matrix[0][1] for k in ((0, 0), (1, 1), (1, 2), (0, 3))] == [
        "0",
        "-6.283185307",
        "0",
        "18.84955592",
    ]


def test_k_0_is_principal_and_k_are_different():
    ode = derived(MIXED, [1, 2, 3, 4, 5, 6])
    assert alias(ode, 0).augmented == ode.augmented
    assert alias(ode, [0, 0]).enclosure(200).overlaps(ode.enclosure(200))
    seen = [alias(ode, k).enclosure(200) for k in ([0, 0], [1, 0], [0, 1], [1, 1], [-1, 0])]
    assert not any(a.overlaps(b) for i, a in enumerate(seen) for b in seen[:i])
    assert alias(ode, 1).enclosure(200).overlaps(alias(ode, (1, 1)).enclosure(200))
    assert alias(ode, np.array([1, -1])).k == (1, -1)


def test_aliases_agree_on_the_grid_only():
    ode = derived(J, [1, 2], dt=1)
    with mpmath.workdps(60):
        principal_half, alias_half = (mpmath.expm(middles(o.enclosure(400)) / 2) for o in (ode, alias(ode, 1)))
        assert mpmath.norm(principal_half - alias_half, mpmath.inf) > 1


def test_frequencies_are_ordered_and_below_nyquist(van_der_pol):
    ode = sr.derive(van_der_pol, "1/10")["1" * 10]
    pairs = complex_pairs(ode)
    theirs = np.linalg.eigvals(np.array(ode.region.matrix, dtype=float))
    expected = sorted(10 * np.angle(e) for e in theirs if e.imag > 1e-9)
    assert np.allclose([float(pair.digits(17)) for pair in pairs], expected, rtol=1e-9)
    assert all(0 < pair.enclosure(100) < pair.enclosure(100) * 0 + 31.5 for pair in pairs)
    assert nyquist(ode) == 10 * sp.pi
    found = alias(ode, [1, 0, -2])
    with mpmath.workdps(70):
        assert_same_step(ode, middles(found.enclosure(500)))


def test_pairs_with_one_frequency_are_told_apart():
    """(2 +- sqrt 2)(1 + i): one irreducible factor, two pairs with the argument pi/4."""
    x = sp.Symbol("x")
    f = sp.Poly(
        sp.resultant(
            x**2 - 2 * sp.Symbol("r") * x + 2 * sp.Symbol("r") ** 2, sp.Symbol("r") ** 2 - 4 * sp.Symbol("r") + 2, sp.Symbol("r")
        ),
        x,
    )
    coefficients = [Fraction(int(a)) / int(f.LC()) for a in reversed(f.all_coeffs())]
    ode = derived(companion(*coefficients[:-1]), [1, 2, 3, 4])
    pairs = complex_pairs(ode)
    assert [pair.digits(12) for pair in pairs] == ["7.85398163397"] * 2
    assert not pairs[0].eigenvalue(100).overlaps(pairs[1].eigenvalue(100))
    found = alias(ode, [1, 0])
    with mpmath.workdps(70):
        assert_same_step(ode, middles(found.enclosure(500)))
        sizes = {mpmath.nstr(abs(mpmath.im(e)), 8) for e in mpmath.eig(middles(found.enclosure(500)))[0]}
        assert sizes >= {"7.8539816", "70.685835"}
        exact = found.augmented.evalf(40)
        assert all(abs(mpmath.mpf(str(exact[i, 0])) - middles(found.enclosure(500))[i, 0]) < 1e-30 for i in range(4))


def test_the_identities_are_looked_at():
    log = derived(MIXED, [1, 2, 3, 4, 5, 6]).logarithm
    assert projectors_verified(log, log.terms)
    for term in log.terms:
        for m in range(term.degree):
            H = list(term.matrices)
            changed = H[m] + H[m] * fmpq(0)
            changed[0, 0] = changed[0, 0] + fmpq(1, 10**30)
            H[m] = changed
            assert not projectors_verified(log, [replace(term, matrices=tuple(H))])
        doubled = tuple(h * fmpq(2) for h in term.matrices)  # commutes and has the right eigenvalues, but is no projector
        assert not projectors_verified(log, [replace(term, matrices=doubled)])
    other = derived(companion(1, -2, 3, -4, 5, -7), [1, 2, 3, 4, 5, 6]).logarithm
    assert not projectors_verified(log, other.terms)
    ode = derived(J)
    wrong = tuple(replace(term, matrices=tuple(h * fmpq(2) for h in term.matrices)) for term in ode.logarithm.terms)
    ode.__dict__["real_logarithm"] = RealLogarithm(replace(ode.logarithm, terms=wrong), ())
    with pytest.raises(sr.SymplrnnError, match="do not satisfy their identities"):
        alias(ode, 1)


def test_each_identity_is_needed():
    """Projectors that satisfy all identities but one: they commute with S only, belong to the conjugate root, or S is wrong."""
    M = [[0, -1, 1, 0], [1, 0, 0, 1], [0, 0, 0, -1], [0, 0, 1, 0]]  # blocks of size 2, S = diag(J, J)
    log = derived(M).logarithm
    term = next(t for t in log.terms if t.degree == 2)
    first = fmpq_mat(5, 5, [int(i == j < 2) for i in range(5) for j in range(5)])
    assert not projectors_verified(log, [replace(term, matrices=tuple(H * first for H in term.matrices))])
    H0, H1 = term.matrices  # the roots are +-i, so E(conj l) = H0 - l H1
    assert not projectors_verified(log, [replace(term, matrices=(H0, -H1))])
    nothing = fmpq_mat(5, 5)
    assert not projectors_verified(replace(log, unipotent_powers=(first * log.unipotent_powers[0] + first,)), [term])
    assert projectors_verified(log, [replace(term, matrices=(nothing, nothing))])  # adds nothing, so it is no alias but harmless


def test_enclosures_contain_each_other():
    found = alias(derived(J, [1, 2], dt=1), 1)
    wide, narrow = found.enclosure(60), found.enclosure(300)
    assert wide.contains(narrow)


@pytest.mark.parametrize(
    ("k", "message"),
    [
        ([1, 2, 3], r"k: expected one integer, or 2 for the complex pairs and rotation planes of region \(no units\), got 3"),
        (1.5, r"k: expected one integer, or 2 .*, got 1.5"),
        ("ab", r"k: expected one integer, or 2 .*, got 'ab'"),
        ([1, None], r"k: expected one integer, or 2 .*, got \[1, None\]"),
        (None, r"k: expected one integer, or 2 .*, got None"),
    ],
)
def test_bad_k(k, message):
    with pytest.raises(sr.ShapeError, match=message):
        alias(derived(TWO_PAIRS), k)


PLANES = [
    ([["-1/4", 0], [0, "-1/4"]], [1, 0], [(-1,), (2,)]),  # half a turn, then -1/2 and 5/2 turns
    ([[2, 0], [0, 2]], [1, 3], [(1,), (-2,)]),
    ([[2, 1, 0, 0], [0, 2, 0, 0], [0, 0, 2, 1], [0, 0, 0, 2]], [0, 0, 0, 1], [(1,)]),
    ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 2], [(3,)]),  # eigenvalue 1, and an offset out of the plane
    ([[0, 2, 0, 0], [1, 0, 0, 0], [0, 0, 0, 2], [0, 0, 1, 0]], [1, 1, 0, 2], [(1, 0), (0, 1), (-2, 3)]),  # sqrt 2 and -sqrt 2
]


@pytest.mark.parametrize(("M", "c", "turns"), PLANES)
def test_planes_of_repeated_real_eigenvalues_turn_further(M, c, turns):
    ode = derived(M, c, dt=1)
    for k in turns:
        found = alias(ode, k)
        assert found.verified
        assert ode.aliases(k).augmented == found.augmented
        with mpmath.workdps(80):
            X = middles(found.enclosure(500))
            assert_same_step(ode, X)
            exact = found.augmented.evalf(50)
            assert all(abs(mpmath.mpf(str(exact[i, j])) - X[i, j]) < 1e-40 for i in range(X.rows) for j in range(X.cols))
            rates = [mpmath.im(e) for e in mpmath.eig(X)[0]]
            assert all(min(abs(rate - mpmath.mpf(str(f.evalf(40)))) for rate in rates) < 1e-19 for f in found.frequencies)
        digits = found.digits(20)
        assert abs(sp.Float(digits.matrix[0][1], 25) - found.matrix[0, 1].evalf(25)) < 1e-17


def test_a_plane_at_eigenvalue_1_keeps_the_last_rows():
    """With c out of every plane but one, only the planes without c may turn; the identity with c != 0 in two states has none."""
    assert rotation_planes(derived([[1, 0], [0, 1]], [1, 0])) == ()
    assert len(rotation_planes(derived([[1, 0], [0, 1]], [0, 0]))) == 1
    assert rotation_planes(derived([["-1/4"]])) == ()  # lifted


def test_an_altered_plane_is_not_verified():
    (plane,) = rotation_planes(derived([[2, 0], [0, 2]], [1, 3]))
    assert plane.verified
    changed = replace(plane)
    changed.__dict__["numerator"] = plane.numerator + plane.numerator
    assert not changed.verified


@pytest.mark.parametrize(
    ("M", "words"),
    [
        ([["1/2"]], "the only real ODE with this map"),
        ([["-1/2"]], "no real ODE of dimension 1 has this map"),
        (TWO_PAIRS, r"the frequencies [\d.]+, [\d.]+ may be raised by 2 pi k/dt .* they are below .* = 31.4159"),
        ([["1/2", 0], [0, "1/2"]], "uncountably many .*: a positive eigenvalue has Jordan blocks of one size"),
        ([["-1/2", 0], [0, "-1/2"]], "uncountably many .*: the planes in which negative eigenvalues turn"),
        (sp.diag(sp.Matrix(J), sp.Matrix(J)).tolist(), "uncountably many .*: a complex eigenvalue has several Jordan blocks"),
    ],
)
def test_how_many_real_odes_in_words(M, words):
    assert re.search(words, uniqueness(derived(M)))


def test_regions_without_aliases():
    with pytest.raises(sr.ShapeError, match="is lifted; accepted are regions with a real ODE"):
        alias(derived([["-1/4"]]), 1)
    with pytest.raises(sr.ShapeError, match="has neither complex nor repeated eigenvalues that can turn"):
        alias(derived([[2]]), 1)
    with pytest.raises(sr.ShapeError, match="complex_pairs: expected the real ODE of a region of a network of numbers"):
        alias(derived([["1/2"]]).region, 1)


def test_frequencies_with_a_step_that_is_not_rational():
    net = sr.ReLURNN([[0, -1], [1, 0]], [[], []], [0, 0], V=[])
    irrational = sr.derive(net, dt="sqrt(2)")[""]
    [pair] = sr.complex_pairs(irrational)
    assert pair.digits(12) == str(sp.N(sp.pi / 2 / sp.sqrt(2), 12))
    assert f"the frequency {sp.N(sp.pi / 2 / sp.sqrt(2), 6)} may be raised" in irrational.to_dict()["uniqueness"]
    lettered = sr.derive(net, dt=sp.Symbol("T", positive=True))[""]
    assert lettered.to_dict()["uniqueness"].startswith("one of countably many real ODEs with this map")
    assert [each["value"] for each in lettered.to_dict(5)["eigenvalues"]] == ["0 + 1i", "0 - 1i"]
