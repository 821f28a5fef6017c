import random
from fractions import Fraction

import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.eigenvalues import counting
from symplrnn.exact.fields.rational import coefficients
from symplrnn.exact.reading.numbers import to_sympy
from tests.hard import FACTORS, NEGATIVE, Block, Hard, anything, hard_matrices

x = sp.Symbol("x")


def test_the_irreducible_factors_of_the_test_matrices_are_irreducible():
    for factor in FACTORS:
        assert sp.Poly([sp.Rational(str(c)) for c in reversed(factor)], x).is_irreducible


def modulus_counts(block: Block) -> tuple[int, int, int]:
    """Inside, on, outside the unit circle, from 40 digits of the roots; the constructed ones are far from it or on it."""
    roots = sp.Poly([sp.Rational(str(Fraction(c))) for c in reversed(block.factor)], x).nroots(n=40, maxsteps=200)
    sizes = [abs(r) for r in roots]
    on = sum(bool(abs(s - 1) < sp.Float("1e-35", 40)) for s in sizes)
    inside = sum(bool(s < 1 - sp.Float("1e-35", 40)) for s in sizes)
    return inside, on, len(sizes) - on - inside


@given(anything)
def test_facts_are_those_of_the_construction(hard: Hard):
    facts = sr.spectrum(hard.region)
    eigenvalues = [b.eigenvalue for b in hard.blocks for _ in range(b.size) if b.eigenvalue is not None]
    assert facts.is_invertible == (0 not in eigenvalues)
    assert facts.determinant == fmpq(*map(int, hard.sympy.det().as_numer_denom()))
    assert facts.unit_multiplicity == eigenvalues.count(1)
    assert to_sympy(facts.value_at_1) == (sp.eye(hard.n) - hard.sympy).det()
    assert facts.unit_geometric_multiplicity == len(hard.sizes(Fraction(1)))
    assert facts.negative_count == sum(e < 0 for e in eigenvalues)
    assert facts.avoids_nonpositive == all(e > 0 for e in eigenvalues)
    assert facts.is_diagonalisable == all(b.size == 1 for b in hard.blocks)
    negative = sorted({e for e in eigenvalues if e < 0})
    found = sorted((Fraction(int(e.interval.lower.p), int(e.interval.lower.q)), e.blocks) for e in facts.negative_eigenvalues)
    assert found == [(e, tuple(hard.sizes(e))) for e in negative]
    for e in facts.negative_eigenvalues:
        sizes = list(e.blocks)
        assert e.is_paired == all(sizes.count(s) % 2 == 0 for s in sizes)


@pytest.mark.parametrize(
    ("diagonal", "invertible", "negative", "unit"),
    [
        ([0], False, 0, 0),
        ([0, 2], False, 0, 0),
        ([0, -2, 1], False, 1, 1),
        ([1, 1, 1], True, 0, 3),
        ([-1, -1], True, 2, 0),
        ([Fraction(1, 10**30)], True, 0, 0),
        ([-Fraction(1, 10**30)], True, 1, 0),
        ([1 + Fraction(1, 10**30)], True, 0, 0),
    ],
)
def test_diagonal_matrices(diagonal, invertible, negative, unit):
    n = len(diagonal)
    matrix = [[diagonal[i] if i == j else 0 for j in range(n)] for i in range(n)]
    for net in (sr.PLRNN(diagonal, [[0] * n] * n, [0] * n), sr.ReLURNN(matrix, [[]] * n, [0] * n, V=[])):
        facts = sr.spectrum(next(net.regions()))
        assert (facts.is_invertible, facts.negative_count, facts.unit_multiplicity) == (invertible, negative, unit)
        assert facts.avoids_nonpositive == (invertible and not negative)
        assert sum(f.degree() * sum(sizes) for f, sizes in facts.jordan_blocks) == n


@given(hard_matrices([Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(-2), Fraction(0), 1 + Fraction(1, 10**30)]))
def test_unit_circle_counts(hard: Hard):
    counts = [modulus_counts(b) for b in hard.blocks for _ in range(b.size)]
    expected = tuple(sum(column) for column in zip(*counts, strict=True))
    circle = sr.spectrum(hard.region).unit_circle
    assert (circle.inside, circle.on, circle.outside) == expected
    assert circle.stability == ("some outside" if expected[2] else "some on" if expected[1] else "all inside")


def test_near_misses_are_not_rounded():
    near = Fraction(1, 10**30)
    net = sr.PLRNN([1 - near, 1 + near, -near], [[0] * 3] * 3, [0] * 3)
    facts = sr.spectrum(net.region("000"))
    assert (facts.unit_multiplicity, facts.negative_count, facts.is_invertible) == (0, 1, True)
    circle = facts.unit_circle
    assert (circle.inside, circle.on, circle.outside) == (2, 0, 1)


small = st.fractions(min_value=-2, max_value=2, max_denominator=4)


@given(st.integers(1, 4).flatmap(lambda n: st.tuples(
    st.lists(small, min_size=n, max_size=n), st.lists(st.lists(small, min_size=n, max_size=n), min_size=n, max_size=n)
)), st.data())  # fmt: skip
def test_block_structure_changes_nothing(parts, data):
    A, W = parts
    pattern = "".join(data.draw(st.lists(st.sampled_from("01"), min_size=len(A), max_size=len(A))))
    region = sr.ReLURNN(A, W, [0] * len(A)).region(pattern)
    split = sr.spectrum(region)
    whole = sr.spectrum(sr.ReLURNN(region.matrix, [[] for _ in A], [0] * len(A), V=[]).region(""))
    assert split.core.nrows() == pattern.count("1")
    assert split.characteristic_polynomial == whole.characteristic_polynomial
    expected = sp.Matrix(region.matrix).charpoly(x).all_coeffs()
    assert [to_sympy(c) for c in reversed(coefficients(split.characteristic_polynomial))] == expected
    for fact in (
        "determinant",
        "unit_multiplicity",
        "negative_count",
        "descartes_bound",
        "unit_circle",
        "is_diagonalisable",
    ):
        if fact != "descartes_bound":
            assert getattr(split, fact) == getattr(whole, fact)
    assert split.descartes_bound >= split.negative_count


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(small, min_size=n, max_size=n), min_size=n, max_size=n)))
def test_negative_counts_of_generic_matrices_agree_with_sympy(rows):
    n = len(rows)
    net = sr.ReLURNN(rows, [[] for _ in range(n)], [0] * n, V=[])
    roots = sp.polys.polytools.real_roots(sp.Matrix(net.A).charpoly(x).as_expr(), multiple=True)
    facts = sr.spectrum(net.region(""))
    assert facts.negative_count == sum(bool(r < 0) for r in roots)
    for e in facts.negative_eigenvalues:
        assert any(to_sympy(e.interval.lower) <= r <= to_sympy(e.interval.upper) for r in roots)


def test_real_networks(van_der_pol, oscillator):
    facts = [sr.spectrum(region) for region in oscillator.regions()]
    assert [f.negative_count for f in facts] == [0, 0, 0, 1, 0, 0, 0, 1]
    full = sr.spectrum(van_der_pol.region("1" * 10))
    assert full.unit_circle.inside + full.unit_circle.outside == 10
    assert full.is_diagonalisable


@pytest.mark.parametrize("eigenvalue", NEGATIVE)
def test_pairs_of_negative_blocks(eigenvalue):
    for sizes, paired in [((1,), False), ((1, 1), True), ((2,), False), ((2, 2), True), ((2, 1), False), ((2, 2, 1, 1), True)]:
        blocks = [sp.jordan_cell(sp.Rational(str(eigenvalue)), s) for s in sizes]
        M = sp.diag(*blocks)
        region = sr.ReLURNN(M, [[] for _ in range(M.rows)], [0] * M.rows, V=[]).region("")
        (found,) = sr.spectrum(region).negative_eigenvalues
        assert found.blocks == sizes
        assert found.is_paired == paired


@pytest.mark.parametrize("few", [True, False])
def test_verdicts_are_the_same_with_discs_as_with_sturm_chains(few, monkeypatch):
    """Networks of 8 to 10 units, with few different entries (multiple and zero eigenvalues), and with many."""
    rng = random.Random(few)
    for kind in ("PLRNN", "ALRNN"):
        for _ in range(2):
            n = rng.randint(8, 10)
            A = [rng.choice(["1/2", "-1/2", 1]) if few else f"{rng.randint(-900, 900)}/1000" for _ in range(n)]
            W = [[rng.choice([0, 0, 0, 1, -1]) if few else f"{rng.randint(-99, 99)}/100" for _ in range(n)] for _ in range(n)]
            net = sr.PLRNN(A, W, [1] * n) if kind == "PLRNN" else sr.ALRNN(A, W, [1] * n, P=4)
            patterns = {"".join(rng.choice("01") for _ in range(net.p)) for _ in range(8)} | {"1" * net.p}
            found = []
            for least in (1, 100):
                monkeypatch.setattr(counting, "COUNTED_BY_DISCS", least)
                found.append(sr.check(net, sorted(patterns)).to_json())
            assert found[0] == found[1]
