from fractions import Fraction
from itertools import product
from random import Random

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import symplrnn as sr
from symplrnn.network.region import is_empty, most_regions
from tests.examples import examples

small = st.integers(-2, 2)


@st.composite
def arrangements(draw):
    n, p = draw(st.integers(1, 2)), draw(st.integers(0, 4))
    V = [draw(st.lists(small, min_size=n, max_size=n)) for _ in range(p)]
    b = draw(st.lists(small, min_size=p, max_size=p))
    return n, p, V, b


def network(n, p, V, b):
    return sr.ReLURNN([[0] * n] * n, [[1] * p] * n, [0] * n, V=V, b=b)


def scipy_says_nonempty(V, b, pattern):
    """Maximise the slack of the strict inequalities in floats; the integers are small, so 1/1000 decides."""
    n = len(V[0])
    rows = [[*(-x if d == "1" else x for x in v), 1.0 if d == "1" else 0.0] for v, d in zip(V, pattern, strict=True)]
    right = [c if d == "1" else -c for c, d in zip(b, pattern, strict=True)]
    found = linprog([0] * n + [-1], A_ub=rows, b_ub=right, bounds=[(None, None)] * n + [(0, 1)])
    return found.status == 0 and -found.fun > 1e-3


@examples(40)
@given(arrangements())
def test_emptiness_agrees_with_a_float_linear_program(drawn):
    n, p, V, b = drawn
    net = network(n, p, V, b)
    patterns = ["".join(bits) for bits in product("01", repeat=p)]
    expected = [d for d in patterns if p == 0 or scipy_says_nonempty(V, b, d)]
    assert [region.pattern for region in net.regions()] == expected
    for d in patterns:
        if d in expected:
            assert net.region(d).pattern == d
        else:
            with pytest.raises(sr.PatternError, match="is empty"):
                net.region(d)


@given(arrangements(), st.data())
def test_regions_partition_the_space(drawn, data):
    n, _, V, b = drawn
    net = network(n, len(V), V, b)
    z = data.draw(st.lists(st.fractions(-3, 3, max_denominator=3), min_size=n, max_size=n))
    region = net.region_of(z)
    assert [r.pattern for r in net.regions() if r.contains(z)] == [region.pattern]
    values = {sp.Symbol(f"z{i}", real=True): sp.Rational(x.numerator, x.denominator) for i, x in enumerate(z, 1)}
    assert all(inequality.subs(values) == sp.true for inequality in region.inequalities)
    others = [r for r in net.regions() if r.pattern != region.pattern]
    assert all(any(i.subs(values) == sp.false for i in r.inequalities) for r in others)


def test_a_face_belongs_to_the_inactive_side_however_near():
    net = sr.PLRNN([1, 1], [[0, 1], [1, 0]], [0, 0])
    near = Fraction(1, 10**30)
    assert net.region_of([0, 0]).pattern == "00"
    assert net.region_of([near, -near]).pattern == "10"
    assert net.region_of([-near, near]).pattern == "01"


def test_matrix_and_offset_of_a_region_are_those_of_the_formula():
    A, W, V, b, h = [[1, 2], [3, 4]], [[1, 2, 3], [4, 5, 6]], [[1, 0], [0, 1], [1, 1]], [1, 2, 3], [7, 8]
    net = sr.ReLURNN(A, W, h, V=V, b=b)
    for region in net.regions():
        D = sp.diag(*[int(d) for d in region.pattern])
        assert region.matrix == sp.ImmutableMatrix(sp.Matrix(A) + sp.Matrix(W) * D * sp.Matrix(V))
        assert region.offset == sp.ImmutableMatrix(sp.Matrix(h) + sp.Matrix(W) * D * sp.Matrix(b))


def test_neighbours_and_faces():
    region = sr.PLRNN([1, 1], [[0, 1], [1, 0]], [0, 0]).region("10")
    assert [r.pattern for r in region.neighbours] == ["00", "11"]
    z1, z2 = sp.symbols("z1 z2", real=True)
    assert [(f.unit, f.equation) for f in region.faces] == [(1, sp.Eq(z1, 0)), (2, sp.Eq(z2, 0))]
    # Two parallel faces z = 0 and z = 1: three regions in a row, the pattern "01" is empty.
    row = sr.ReLURNN([1], [[1, 1]], [0], V=[[1], [1]], b=[0, -1])
    assert [r.pattern for r in row.regions()] == ["00", "10", "11"]
    assert [r.pattern for r in row.region("10").neighbours] == ["00", "11"]
    assert [r.pattern for r in row.region("00").neighbours] == ["10"]
    assert is_empty(row, "01")


def test_regions_are_lazy():
    n = 40
    net = sr.PLRNN([1] * n, [[0] * n] * n, [0] * n)
    first = net.regions()
    assert [next(first).pattern for _ in range(3)] == ["0" * n, "0" * (n - 1) + "1", "0" * (n - 2) + "10"]


@pytest.mark.parametrize("pattern", ["1", "111", "1a", "", " 1", 10, None, "१०"])
def test_bad_patterns(pattern):
    with pytest.raises(sr.PatternError, match="accepted are 2 letters 0 or 1"):
        sr.PLRNN([1, 1], [[0, 1], [1, 0]], [0, 0]).region(pattern)


def test_affine_maps_compose_and_have_fixed_points():
    net = sr.PLRNN(["1/2", "1/3"], [[0, 1], [-1, 0]], [1, 2])
    f, g = net.region("11").affine, net.region("01").affine
    z = sp.Matrix([3, -5])
    assert f.compose(g)(z) == f(g(z))
    star = f.fixed_point()
    assert f(star) == star
    assert sr.PLRNN([1], [[0]], [1]).region("0").affine.fixed_point() is None


def shallow(n, p, seed=0, twice=False):
    """Return a network of the general form with trained-like numbers; with V = [W; W], as a clipped shallow PLRNN has it."""
    rng = Random(seed)
    V = [[rng.gauss(0, 1) for _ in range(n)] for _ in range(p)]
    b = [rng.gauss(0, 1) for _ in range(p)]
    W = [[rng.gauss(0, 0.3) for _ in range(p)] for _ in range(n)]
    if twice:
        V, b, W = V + V, b + [0] * p, [[*row, *(-x for x in row)] for row in W]
    return sr.ReLURNN([[0.5 if i == j else 0 for j in range(n)] for i in range(n)], W, [0.1] * n, V=V, b=b)


def test_many_units_of_which_few_patterns_have_states():
    net = shallow(2, 24)
    patterns = [region.pattern for region in net.regions()]
    assert len(patterns) == 1 + 24 + 24 * 23 // 2 == most_regions(net)
    assert patterns == sorted(patterns)
    rng = Random(1)
    for _ in range(20):
        assert net.region_of([Fraction(rng.gauss(0, 2)) for _ in range(2)]).pattern in patterns
    assert next(shallow(3, 200).regions()).pattern.count("1") >= 0  # it streams


def test_parallel_faces_of_a_clipped_shallow_network():
    net = shallow(2, 4, twice=True)
    patterns = {region.pattern for region in net.regions()}
    # Unit i is active above its face; of two parallel ones the lower one is passed first.
    order = [net.b[i] > 0 for i in range(4)]
    for pattern in patterns:
        for i, first in enumerate(order):
            assert (pattern[i], pattern[i + 4]) != (("0", "1") if first else ("1", "0"))
    assert len(patterns) < most_regions(net)


def test_more_regions_than_can_be_listed_are_refused_by_their_number():
    assert len(sr.check(shallow(1, 30)).verdicts) == 31
    with pytest.raises(sr.PatternError, match=r"30 units has up to 2\^30 regions, too many"):
        sr.check(sr.ReLURNN([[0] * 30] * 30, [[0] * 30] * 30, [0] * 30, V=[[int(i <= j) for j in range(30)] for i in range(30)]))
    with pytest.raises(sr.PatternError, match=r"60 units has up to 5985198 regions, too many .* up to 1048576 regions"):
        list(shallow(5, 60).equilibria())
    assert next(shallow(5, 60).regions()).pattern  # one after the other they are to be had
