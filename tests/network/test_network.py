from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import symplrnn as sr
from tests.examples import examples

small = st.fractions(min_value=-2, max_value=2, max_denominator=6)


@st.composite
def networks(draw, max_n=3, max_p=3):
    n, p, m = draw(st.integers(1, max_n)), draw(st.integers(0, max_p)), draw(st.integers(0, 2))

    def matrix(rows, columns):
        return [draw(st.lists(small, min_size=columns, max_size=columns)) for _ in range(rows)]

    shapes = {"A": (n, n), "W": (n, p), "V": (p, n), "C": (n, m)}
    parts = {name: matrix(*shape) for name, shape in shapes.items()}
    parts |= {"h": matrix(1, n)[0], "b": matrix(1, p)[0]}
    inputs = matrix(4, m)
    return parts, draw(st.lists(small, min_size=n, max_size=n)), inputs


def brute_step(parts, z, s):
    """One step of equation (1) in Python fractions, written out."""
    n, p = len(parts["A"]), len(parts["V"])
    r = [max(Fraction(0), sum((parts["V"][k][j] * z[j] for j in range(n)), parts["b"][k])) for k in range(p)]
    return [
        sum((parts["A"][i][j] * z[j] for j in range(n)), parts["h"][i])
        + sum(parts["W"][i][k] * r[k] for k in range(p))
        + sum(parts["C"][i][k] * s[k] for k in range(len(s)))
        for i in range(n)
    ]


def exact(vector):
    return sp.Matrix([sp.Rational(x.numerator, x.denominator) for x in vector])


@examples(30)
@given(networks())
def test_orbits_agree_with_the_equation_written_out(drawn):
    parts, z, inputs = drawn
    net = sr.ReLURNN(**parts)
    orbit = net.orbit(z, 4, inputs=inputs)
    assert len(orbit) == 5
    for t in range(5):
        assert orbit[t] == exact(z)
        active = [sum((a * b for a, b in zip(v, z, strict=True)), c) > 0 for v, c in zip(parts["V"], parts["b"], strict=True)]
        assert orbit.patterns[t] == "".join("1" if a else "0" for a in active)
        assert net.region_of(orbit[t]).pattern == orbit.patterns[t]
        if t < 4:
            region = net.region_of(z)
            s = exact(inputs[t]) if inputs[t] else sp.zeros(0, 1)
            assert net.step(z, inputs[t]) == sp.ImmutableMatrix(
                region.matrix * exact(z) + region.offset + region.input_matrix * s
            )
            z = brute_step(parts, z, inputs[t])


@pytest.mark.slow
@settings(max_examples=100)
@given(networks())
def test_orbits_agree_with_the_equation_written_out_with_many_examples(drawn):
    test_orbits_agree_with_the_equation_written_out.hypothesis.inner_test(drawn)


@examples(20)
@given(networks())
def test_orbit_without_inputs_is_iterated_step(drawn):
    parts, z, _ = drawn
    net = sr.ReLURNN(**parts)
    orbit = net.orbit(z, 3)
    assert orbit[-1] == net.step(net.step(net.step(z)))
    assert list(orbit[1:3]) == [orbit[1], orbit[2]]


@pytest.mark.slow
@settings(max_examples=100)
@given(networks())
def test_orbit_without_inputs_is_iterated_step_with_many_examples(drawn):
    test_orbit_without_inputs_is_iterated_step.hypothesis.inner_test(drawn)


def test_float_orbits_are_exact_dyadics(van_der_pol, van_der_pol_orbit):
    par = [np.array(m.tolist(), dtype=float) for m in (van_der_pol.A, van_der_pol.W, van_der_pol.h)]
    z = [Fraction(float(x)) for x in van_der_pol.initial_states[0]]
    A, W, h = ([[Fraction(x) for x in row] for row in m.tolist()] for m in par)
    for t in range(1, 4):
        z = [sum(A[i][j] * z[j] + W[i][j] * max(z[j], 0) for j in range(10)) + h[i][0] for i in range(10)]
        assert van_der_pol_orbit[t] == exact(z)
    denominator = van_der_pol_orbit[1000][0].q
    assert denominator & (denominator - 1) == 0
    assert denominator.bit_length() > 40_000


def test_float_orbit_agrees_with_the_published_trajectory(data, van_der_pol_orbit):
    discrete = np.load(data / "vdP_reference_trajectory.npz")["discrete"]
    ours = np.array([[float(x) for x in van_der_pol_orbit[t]] for t in range(0, 1001, 50)]).T
    assert np.abs(ours - discrete[:, ::50]).max() < 1e-8


def test_constructors_agree_with_the_general_form():
    A, W, h, C = [[1, 0], [0, 2]], [[0, 3], [4, 0]], [5, 6], [[7], [8]]
    plain = sr.PLRNN(A, W, h, C)
    assert (plain.V, plain.b) == (sp.eye(2), sp.zeros(2, 1))
    assert (plain.n, plain.p, plain.m) == (2, 2, 1)
    assert sr.PLRNN([1, 2], W, h).A == plain.A
    general = sr.ReLURNN(A, W, h, V=[[1, 0], [0, 1]], b=[0, 0], C=C)
    assert general.is_plrnn
    assert general.step([1, -1], [2]) == plain.step([1, -1], [2])
    assert not sr.ReLURNN([[1, 1], [0, 1]], W, h).is_plrnn
    assert sr.ReLURNN(A, W, h, b=[0, 1]).rectified_states is None
    assert sr.ReLURNN(A, W, h, V=[[1, 0], [1, 0]]).rectified_states is None
    assert sr.ReLURNN(A, W, h, V=[[2, 0], [0, 1]]).rectified_states is None
    assert sr.ReLURNN(A, W, h, V=[[0, 1], [1, 0]]).rectified_states == (1, 0)


@given(st.lists(small, min_size=3, max_size=3), st.integers(0, 3))
def test_alrnn_rectifies_the_last_units(z, P):
    A, W, h = [1, 2, 3], [[0, 1, 2], [3, 0, 4], [5, 6, 0]], [1, 0, -1]
    f = [x if i < 3 - P else max(x, 0) for i, x in enumerate(z)]
    expected = [A[i] * z[i] + sum(W[i][j] * f[j] for j in range(3)) + h[i] for i in range(3)]
    net = sr.ALRNN(A, W, h, P=P)
    assert net.p == P
    assert net.step(z) == exact(map(Fraction, expected))
    assert len(list(net.regions())) == 2**P


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"A": [[1, 2], [3, 4], [5, 6]]}, "A: expected a square matrix, .* got 3 x 2"),
        ({"A": np.ones((1, 2, 2))}, "A: expected a vector or a matrix, got an array of shape 1 x 2 x 2"),
        ({"h": np.ones((2, 1, 1))}, "h: expected a vector or a matrix, got an array of shape 2 x 1 x 1"),
        ({"A": [[[1, 0], [0, 1]]]}, "A: expected"),
        ({"A": []}, "A: expected a square matrix"),
        ({"names": ["a", "b\nc"]}, "names: a name has characters that cannot be printed"),
        ({"names": ["a", "\ud800"]}, "names: a name has characters that cannot be printed"),
        ({"A": [[1, 2], [3]]}, "A: row 2 has 1 entries"),
        ({"W": [[1]]}, "W: expected shape 2 x 2, got 1 x 1"),
        ({"h": [1]}, "h: expected 2 numbers, got 1"),
        ({"C": [[1]]}, "C: expected shape 2 x any, got 1 x 1"),
        ({"V": [[1, 0]]}, "V: expected shape 2 x 2, got 1 x 2"),
        ({"b": [1]}, "b: expected 2 numbers, got 1"),
        ({"W": [[1, float("nan")], [0, 0]]}, r"W\[1\]\[2\]: nan is not a finite number"),
        ({"dt": 0}, "dt: 0 is not positive"),
        ({"dt": "-1/10"}, "dt: -1/10 is not positive"),
        ({"names": ["a"]}, "names: expected a list of 2 names"),
        ({"initial_states": [[1]]}, "initial state 1: expected 2 numbers, got 1"),
    ],
)
def test_bad_parameters(arguments, problem):
    good = {"A": [1, 2], "W": [[0, 1], [1, 0]], "h": [0, 0]}
    sr.ReLURNN(**good)
    with pytest.raises(ValueError, match=problem):
        sr.ReLURNN(**(good | arguments))


def test_bad_calls():
    net = sr.PLRNN([1, 2], [[0, 1], [1, 0]], [0, 0], C=[[1], [0]])
    with pytest.raises(sr.ShapeError, match="z0: expected 2 numbers"):
        net.orbit([1], 3)
    with pytest.raises(sr.ShapeError, match="steps: expected a whole number"):
        net.orbit([1, 2], -1)
    with pytest.raises(sr.ShapeError, match="inputs: expected one input for each of 3 steps, got 1"):
        net.orbit([1, 2], 3, inputs=[[1]])
    with pytest.raises(sr.ShapeError, match=r"inputs\[0\]: expected 1 numbers, got 2"):
        net.step([1, 2], [1, 2])
    with pytest.raises(sr.ShapeError, match="P: expected a whole number"):
        sr.ALRNN([1], [[0]], [0], P=2)


def test_whole_numbers_of_numpy():
    net = sr.example("complex")
    assert net.orbit([1, 1], np.int64(3)).patterns == net.orbit([1, 1], 3).patterns
    ode = sr.derive(net)
    assert ode.crossings([2, -1], np.int32(4)).counts == ode.crossings([2, -1], 4).counts
    assert ode["11"].digits(np.int64(5)) == ode["11"].digits(5)
    assert ode.face("10", np.int64(2)).unit == 2
    for wrong in (2.0, True, np.float64(2), np.bool_(True)):
        with pytest.raises(sr.ShapeError, match="steps: expected a whole number"):
            net.orbit([1, 1], wrong)
