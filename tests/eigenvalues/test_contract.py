"""One contract for every implementation: the same questions have the same answers, counted over Q or a number field, or as formulas."""

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.eigenvalues.counting import NumberSpectrum, RationalSpectrum
from symplrnn.eigenvalues.parametric import ParametricSpectrum
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.number_roots import NumberPolynomial, RationalPolynomial, number_polynomial
from symplrnn.theorems.e5 import smallest_lift
from tests.examples import examples
from tests.hard import Hard, anything, hard_matrices, turning

FACTS = [
    "invertible",
    "singular",
    "no_negative",
    "principal",
    "no_unit",
    "no_minus_one",
    "no_complex_pair_on_circle",
    "stable",
    "diagonalisable",
    "paired",
    "no_complex",
    "complex_blocks_single",
    "positive_blocks_distinct",
]
# Of repeated eigenvalues and of a polynomial of degree 2 or more the formulas do not say all.
MAY_BE_UNKNOWN = {"diagonalisable", "paired", "complex_blocks_single", "positive_blocks_distinct"}


def answers_agree(hard: Hard) -> int:
    """Compare all answers, and return how many the formulas leave open."""
    region, unknown = hard.region, 0
    counted, generic, formulas = RationalSpectrum(region), NumberSpectrum(region), ParametricSpectrum(region)
    assert type(sr.spectrum(region)) is RationalSpectrum
    for name in FACTS:
        expected, found = getattr(counted, name), getattr(formulas, name)
        assert expected.value is not None
        assert getattr(generic, name).value == expected.value, name
        if found.is_unknown and name in MAY_BE_UNKNOWN:
            unknown += 1
        else:
            assert found.value == expected.value, name
    assert formulas.where_principal == counted.where_principal
    assert QQ.element(formulas.determinant) == counted.determinant == generic.determinant
    assert QQ.element(formulas.core_determinant) == counted.core_determinant == generic.core_determinant
    assert sorted((str(f), m) for f, m in formulas.factors) == sorted((str(f), m) for f, m in counted.factors)
    if hard.n <= 4:
        assert formulas.unit_multiplicities == counted.unit_multiplicities
    for name in ("negative_count", "unit_multiplicity", "unit_geometric_multiplicity", "unit_circle"):
        assert getattr(generic, name) == getattr(counted, name), name
    for bound in (generic.descartes_bound, counted.descartes_bound):  # which differ where one polynomial is taken apart further
        assert bound >= counted.negative_count
        assert (bound - counted.negative_count) % 2 == 0
    assert sorted(e.blocks for e in generic.negative_eigenvalues) == sorted(e.blocks for e in counted.negative_eigenvalues)
    return unknown


some = hard_matrices([Fraction(k) for k in (-2, -1, 0, 1, 1, 2)], max_n=4)


@examples(25)
@given(some)
def test_counts_and_formulas_agree(hard: Hard):
    answers_agree(hard)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.one_of(anything, turning))
def test_counts_and_formulas_agree_on_hard_matrices(hard: Hard):
    answers_agree(hard)


def test_formulas_decide_nearly_everything_of_numbers():
    unknown = []

    @settings(max_examples=40, database=None)
    @given(some)
    def sweep(hard: Hard):
        unknown.append(answers_agree(hard))

    sweep()
    assert sum(map(bool, unknown)) <= len(unknown) // 10


def turned(hard: Hard) -> sr.Region:
    """The same map in coordinates that are turned by an irrational matrix: P M P^{-1}, P = 1 + sqrt(2) E with E^2 = 0."""
    n = hard.n
    E = sp.zeros(n)
    if n > 1:
        E[0, n - 1] = sp.sqrt(2)
    P, inverse = sp.eye(n) + E, sp.eye(n) - E
    M = (P * hard.sympy * inverse).applyfunc(sp.expand)
    c = P * sp.Matrix([sp.Rational(str(x)) for x in hard.offset])
    return sr.ReLURNN(M, [[] for _ in range(n)], list(c), V=[]).region("")


def irrational_agrees(hard: Hard) -> None:
    region, expected = turned(hard), RationalSpectrum(hard.region)
    facts = sr.spectrum(region)
    assert type(facts) is (NumberSpectrum if region.rational_matrix is None else RationalSpectrum)
    for name in FACTS:
        assert getattr(facts, name).value == getattr(expected, name).value, name
    for name in ("negative_count", "unit_multiplicity", "unit_geometric_multiplicity", "unit_circle"):
        assert getattr(facts, name) == getattr(expected, name), name
    assert smallest_lift(facts) == smallest_lift(expected)
    middles = [
        sorted((float((e.interval.lower + e.interval.upper) / 2), e.blocks) for e in each.negative_eigenvalues)
        for each in (facts, expected)
    ]
    for (x, sizes), (y, others) in zip(*middles, strict=True):
        assert (sizes, abs(x - y) <= 1e-5 * abs(y)) == (others, True)


@settings(max_examples=15)
@given(hard_matrices([Fraction(k) for k in (-2, -1, 0, 1, 1, 2)], max_n=4, factors=[(-2, 0, 1), (1, 3, 1), (1, -1, 1)]))
def test_irrational_numbers_are_counted_as_rational_ones(hard: Hard):
    """x^2 - 2 splits over Q(sqrt(2)), the other factors do not."""
    irrational_agrees(hard)


@pytest.mark.slow
@settings(max_examples=60)
@given(turning)
def test_irrational_numbers_are_counted_as_rational_ones_on_hard_matrices(hard: Hard):
    irrational_agrees(hard)


ROOTS = sp.sqrt(2), sp.sqrt(3)


@pytest.mark.parametrize(
    "c",
    [
        [1, 1, 1],  # two sign variations, no negative root
        [ROOTS[0], 1],  # -sqrt(2)
        [-1 - ROOTS[1] / 10**20, 1],
        [1, ROOTS[0] / 2, 1],  # on the unit circle, irreducible
        [1, 3 * ROOTS[0], 1],  # two negative roots x and 1/x
        [1 + ROOTS[0] / 10**12, 1, 1],  # just outside
        [-ROOTS[0], 0, 0, 1],
        [ROOTS[0], -5, 1, 1],
        [ROOTS[1], ROOTS[0], 0, -1, 1],
    ],
)
def test_places_of_roots(c):
    """Against mpmath at 60 digits: how many are inside, on and outside the unit circle, and where the negative ones are."""
    found = number_polynomial([sp.sympify(x) for x in c])
    with mpmath.workdps(60):
        roots = mpmath.polyroots([mpmath.mpf(sp.N(x, 60)) for x in c[::-1]], maxsteps=300, extraprec=300)
        near = mpmath.mpf(10) ** -40
        sizes = [abs(r) - 1 for r in roots]
        assert found.by_circle() == (
            sum(s < -near for s in sizes),
            sum(abs(s) <= near for s in sizes),
            sum(s > near for s in sizes),
        )
        negative = sorted(r.real for r in roots if abs(r.imag) < near and r.real < 0)
        assert found.negative_roots == len(negative)
        assert found.positive_roots == sum(abs(r.imag) < near and r.real > 0 for r in roots)
        intervals = found.negative_intervals()
        assert len(intervals) == len(negative)
        for interval, root in zip(intervals, negative, strict=True):
            lower, upper = (mpmath.mpf(int(x.p)) / int(x.q) for x in (interval.lower, interval.upper))
            assert lower < root <= upper < 0
            assert upper - lower <= mpmath.mpf(2) ** -20 * abs(root)


@examples(40)
@given(turning)
def test_flint_and_the_general_counts_agree(hard: Hard):
    for f, _ in RationalSpectrum(hard.region).factors:
        fast = RationalPolynomial(f)
        general = NumberPolynomial(QQ, fast.c)
        for name in ("descartes_bound", "negative_roots", "positive_roots", "has_zero_root", "real_roots", "all_roots_real"):
            assert getattr(fast, name) == getattr(general, name), name
        assert fast.by_circle() == general.by_circle()


def test_parameters_in_the_offset_alone():
    """The eigenvalues are counted; what c lengthens at the eigenvalue 1 is a formula."""
    net = sr.ReLURNN([[1, 0, 0], [0, 1, 0], [0, 0, "-1/2"]], [[], [], []], ["h", 0, 0], V=[], parameters=["h"])
    facts = sr.spectrum(net.region(""))
    assert type(facts) is RationalSpectrum
    assert (facts.unit_multiplicity, facts.negative_count, smallest_lift(facts)) == (2, 1, 1)
    assert str(facts.positive_blocks_distinct) == "IF(Ne(h, 0))"
    for h, distinct in ((0, False), (1, True)):
        assert sr.spectrum(net.subs({"h": h}).region("")).positive_blocks_distinct.value == distinct


def test_evidence_of_irrational_numbers_reads_as_that_of_rational_ones():
    root = sp.sqrt(2)
    found = sr.check(sr.PLRNN([-root, -root, 1], [[0] * 3] * 3, [0] * 3), ["000"])
    verdict = found.verdicts["000"]
    assert verdict["E3"]["negative_blocks_paired"].evidence["count"] == 2
    [eigenvalue] = verdict.spectrum.negative_eigenvalues
    assert (str(eigenvalue), eigenvalue.blocks, eigenvalue.is_paired) == ("-sqrt(2)", (1, 1), True)
    [region] = found.to_dict()["verdicts"]
    assert region["spectrum"]["unit_eigenvalue"] == {"algebraic_multiplicity": 1, "geometric_multiplicity": 1}
    assert region["spectrum"]["unit_circle"] == {"inside": 0, "on": 1, "outside": 2, "stability": "some outside"}
    assert region["spectrum"]["jordan_blocks"][0] == {"factor": ["sqrt(2)", "1"], "sizes": [1, 1]}
    assert found.grid_verdict["every_region_represented"].evidence == {"real": 1}


def test_the_former_name_warns():
    with pytest.warns(DeprecationWarning, match="SymbolicSpectrum"):
        assert sr.SymbolicSpectrum is sr.Spectrum
    assert "SymbolicSpectrum" not in sr.__all__


def test_a_rational_matrix_is_counted_over_q_whatever_c_holds():
    """Letters in h and in the columns of units that are off do not matter; the verdicts are those at values of the letters."""
    net = sr.PLRNN([1, 1, "1/2"], [[0, 0, "w"], [0, 0, 1], [2, -1, 0]], ["h", 1, "sqrt(2)*h"], parameters=["w", "h"])
    for pattern in ("000", "110", "001", "111"):
        facts = sr.spectrum(net.region(pattern))
        assert isinstance(facts, RationalSpectrum) == (pattern[2] == "0")
        for h in ("0", "1/3"):
            values = {"w": "1/7", "h": h}
            expected = sr.spectrum(net.subs(values).region(pattern))
            for name in FACTS:
                assert getattr(facts, name).at(values).value == getattr(expected, name).value, (pattern, name, h)
