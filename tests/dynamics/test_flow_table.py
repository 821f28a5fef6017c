"""Tables of flows in double precision, against mpmath at 60 digits and against ties worked by hand."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, arb_mat
from numpy.polynomial import chebyshev

import symplrnn as sr
from symplrnn.dynamics.doubles import doubles
from symplrnn.dynamics.flow_table import FlowTables


def power(region, r):
    """The first n rows of (augmented matrix)^r by mpmath, as doubles."""
    with mpmath.workdps(60):
        rows = [[mpmath.mpf(int(x.p)) / int(x.q) for x in row] for row in region.affine.augmented().tolist()]
        found = mpmath.expm(mpmath.logm(mpmath.matrix(rows)) * mpmath.mpf(r.numerator) / r.denominator)
        n = region.network.n
        return np.array([[float(mpmath.re(found[i, j])) for j in range(len(rows))] for i in range(n)])


@pytest.mark.parametrize("name", ["addition", "complex", "jordan", "cycle16"])
def test_samples_are_the_nearest_doubles(name):
    net = sr.example(name)
    tables = FlowTables(sr.derive(net))
    for region in list(net.regions())[:3]:
        if not sr.check(net, [region.pattern]).counts["principal"]:
            continue
        for j, found in enumerate(tables.sampled(region.pattern, 3), 1):
            assert np.allclose(found, power(region, Fraction(j, 3)), rtol=2e-16, atol=1e-25)


def test_half_way_values_become_even():
    """sqrt((1 + u)^2) = 1 + u with u = 2^-53 lies half-way between 1 and its neighbour, 1 + 3u between odd and even."""
    for factor, expected in ((1, 1.0), (3, 1 + 2.0**-51), (-1, 1 - 2.0**-53)):
        root = sp.Integer(1) + factor * sp.Rational(1, 2**53)
        net = sr.ReLURNN([[root**2]], [[]], [0], V=[])
        assert FlowTables(sr.derive(net, 1)).sampled("", 2)[0, 0, 0] == expected


def test_ties_are_no_excuse_for_wide_enclosures():
    for radius in (1e-10, 3e-16):  # the second reaches from 1 over the next double but one
        with pytest.raises(sr.PrecisionLimit, match="x: a double-precision value"):
            doubles(lambda bits, r=radius: arb_mat([[arb(1 + 2.0**-52, r)]]), "x")
    assert doubles(lambda bits: arb_mat([[arb(1, 1e-17)]]), "x")[0, 0] == 1


def test_chebyshev_tables_have_double_precision(van_der_pol):
    tables = FlowTables(sr.derive(van_der_pol, "1/10"))
    pattern = van_der_pol.region_of(van_der_pol.initial_states[0]).pattern
    table = tables.coefficients(pattern)
    assert len(table) < 20
    region = van_der_pol.region(pattern)
    exact_map = np.hstack([np.array(part.tolist(), dtype=float) for part in (region.matrix, region.offset)])
    for r, exact in ((0.0, np.eye(10, 11)), (0.3, power(region, Fraction(0.3))), (1.0, exact_map)):
        assert np.abs(chebyshev.chebval(2 * r - 1, table) - exact).max() < 3e-15


@pytest.mark.parametrize("factor", ["1e-6", "1e-60", "1e-280", "1e5", "1e60"])
def test_stiff_regions(factor):
    """l^r for l far from 1, to relative accuracy at every r."""
    net = sr.ReLURNN([factor], [[]], [1], V=[])
    tables = FlowTables(sr.derive(net, 1))
    with mpmath.workdps(30):
        for r in (0.001, 0.1, 0.5, 0.9, 1.0):
            exact = mpmath.mpf(factor) ** mpmath.mpf(r)
            found = tables.at("", r, np.array([1.0, 0.0]))[0]
            assert abs(found - exact) < 1e-11 * exact


def test_entries_of_different_sizes_have_their_own_accuracy():
    """An offset of 1e12 in one state leaves the other as accurate as without."""
    tables = FlowTables(sr.derive(sr.ReLURNN(["1/1000", "1/2"], [[], []], [0, "1e12"], V=[]), 1))
    for r in (0.05, 0.33, 0.77):
        found = tables.at("", r, np.array([1.0, 0.0, 1.0]))
        assert found[0] == pytest.approx(0.001**r, rel=1e-12)
        assert found[1] == pytest.approx(2e12 * (1 - 0.5**r), rel=1e-13)


def test_pieces_do_not_depend_on_the_unit_of_time():
    net = sr.ReLURNN([["1e-20", "1e300"], [0, "1/2"]], [[], []], [0, 0], V=[])
    for dt in (1, "1e-300", "1e300"):
        assert FlowTables(sr.derive(net, dt)).pieces("") == 8
    assert FlowTables(sr.derive(sr.ReLURNN([["1/2", "1e400"], [0, "1/2"]], [[], []], [0, 0], V=[]), 1)).pieces("") == 1


def test_an_irrational_time_step_counts_in_steps():
    net = sr.PLRNN(["1/2"], [["-1/4"]], [1])
    found = sr.derive(net, sp.sqrt(2)).simulate([-1], 3, 2)
    plain = sr.derive(net, 1).simulate([-1], 3, 2)
    assert np.array_equal(found.states, plain.states)
    assert np.allclose(found.times, plain.times * np.sqrt(2))
    assert np.allclose(found(found.times), plain.states)


def test_letters_are_refused():
    net = sr.PLRNN(["a"], [[0]], [1], parameters={"a": "positive"})
    with pytest.raises(ValueError, match="simulate: the network has the parameters a"):
        sr.derive(net, 1).simulate([1], 2)
    dt = sp.Symbol("tau", positive=True)
    with pytest.raises(ValueError, match="simulate: dt has the parameters tau"):
        sr.derive(sr.PLRNN([1], [[0]], [1]), dt).simulate([1], 2)
