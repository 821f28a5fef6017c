"""Closed forms are collected: exact answers written by hand, and values against mpmath's matrix logarithm and exponential."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import fmpq

import symplrnn as sr
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.real import real_field
from symplrnn.logarithm.elementary import rational_power

t = sp.Symbol("t", real=True)


def system(A, h=None):
    """The ODE of the affine map A z + h with dt = 1."""
    n = len(A)
    return sr.derive(sr.ReLURNN(A, [[]] * n, h or [0] * n, V=[]), dt=1)[""]


def rotation(angle, size=1):
    c, s = size * sp.cos(angle), size * sp.sin(angle)
    return [[c, -s], [s, c]]


def values(matrix):
    with mpmath.workdps(50):
        return mpmath.matrix([[mpmath.mpf(sp.re(sp.N(x, 50))) for x in matrix.row(i)] for i in range(matrix.rows)])


@pytest.mark.parametrize("turn", ["1/5", "2/5", "1/8", "3/8", "1/12", "7/12", "1/6", "3/4", "1/7", "4/5", "-2/5"])
def test_rational_multiples_of_pi_are_recognised(turn):
    angle = sp.pi * sp.Rational(turn)
    found = system(rotation(angle))
    assert found.matrix == sp.Matrix([[0, -angle], [angle, 0]])
    assert found.flow(t).matrix == sp.Matrix([[sp.cos(angle * t), -sp.sin(angle * t)], [sp.sin(angle * t), sp.cos(angle * t)]])
    assert sr.complex_pairs(found)[0].frequency == abs(angle)


@pytest.mark.parametrize(
    "A",
    [
        [["3/5", "-4/5"], ["4/5", "3/5"]],
        [[sp.sqrt(2) / 3, -sp.sqrt(7) / 3], [sp.sqrt(7) / 3, sp.sqrt(2) / 3]],
        rotation(sp.atan(sp.Rational(100, 101))),  # nearly pi/4
        [["809016994374947424102293417182819/1000000000000000000000000000000000", -1], ["1/3", "4/5"]],
    ],
)
def test_other_angles_are_not(A):
    found = system(A)
    assert not found.matrix.has(sp.pi)
    with mpmath.workdps(50):
        M = mpmath.matrix([[sp.N(sp.Rational(x) if isinstance(x, str) else x, 50) for x in row] for row in A])
        assert mpmath.mnorm(values(found.matrix) - mpmath.logm(M)) < mpmath.mpf(10) ** -40


def test_a_size_beside_a_turn():
    found = system(rotation(sp.pi / 4, sp.Rational(1, 32)))  # the eigenvalues are (1 +- i)/(32 sqrt 2)
    assert found.matrix == sp.Matrix([[-sp.log(1024) / 2, -sp.pi / 4], [sp.pi / 4, -sp.log(1024) / 2]])
    assert found.flow(t).matrix[0, :] == sp.Matrix(
        [[sp.cos(sp.pi * t / 4) / 2 ** (5 * t), -sp.sin(sp.pi * t / 4) / 2 ** (5 * t)]]
    )


def test_logarithms_of_one_base():
    net = sr.PLRNN(["sqrt(2)/2", "1/2"], [[0, "-sqrt(2)"], [0, 0]], [0, 1], dt=1)
    found = sr.derive(net)["01"].matrix
    assert found.expand() == sp.Matrix([[-sp.log(2) / 2, -(2 + sp.sqrt(2)) * sp.log(2)], [0, -sp.log(2)]]).expand()
    assert str(found[0, 1]) == "-(sqrt(2) + 2)*log(2)"
    assert sr.derive(net)["01"].flow(t).matrix[0, 0] == 2 ** (-t / 2)
    assert system([[2, 1], [0, 8]]).matrix == sp.Matrix([[sp.log(2), sp.log(2) / 3], [0, 3 * sp.log(2)]])
    assert system([["4/9", 1], [0, "27/8"]]).matrix[0, 1] == sp.Rational(72, 211) * 5 * sp.log(sp.Rational(3, 2))
    assert system([[2, 0], [0, 4]]).matrix == sp.Matrix([[sp.log(2), 0], [0, sp.log(4)]])  # they do not meet
    assert system([[2, 1], [0, 3]]).matrix[0, 1] == sp.log(sp.Rational(3, 2))
    assert system([["3/2", 0], [0, "1/2"]]).matrix[0, 0] == sp.log(sp.Rational(3, 2))
    assert str(sr.derive(sr.example("negative"))["11"].matrix[0, :2]) == "Matrix([[-5*log(4/3), 5*log(3)]])"


def test_reciprocal_roots_have_one_logarithm():
    r5 = sp.sqrt(5)
    assert system([[2, 1], [1, 1]]).matrix[0, 0] == r5 * sp.log((3 + r5) / 2) / 5
    assert system([[2, 1], [1, 1]]).matrix.atoms(sp.log) == {sp.log(sp.Rational(3, 2) + r5 / 2)}


def test_a_root_of_a_rational_number():
    K = field_of([sp.sqrt(2), sp.sqrt(3)])
    R = real_field(K)
    for x, expected in (
        (sp.sqrt(2) / 2, (sp.Rational(1, 2), 2)),
        (sp.sqrt(6), (sp.Integer(6), 2)),
        (sp.Integer(5), (sp.Integer(5), 1)),
    ):
        number, root = rational_power(R, K.element(x))
        assert (K.to_sympy(number), root) == (expected[0], fmpq(1, expected[1]))
    number, root = rational_power(R, K.element(1 + sp.sqrt(2)))
    assert (K.to_sympy(number), root) == (1 + sp.sqrt(2), 1)


def matrices():
    rng = np.random.default_rng(11)
    for k in range(24):
        n = 2 + k % 2
        A = [[sp.Rational(int(x), 4) for x in row] for row in rng.integers(-4, 9, (n, n))]
        if k % 3 == 1:
            A[0][n - 1] += sp.sqrt(2) / 2
        if k % 3 == 2:  # the same matrix twice: Jordan blocks, powers of one number
            A = [[A[0][0] ** 2, 1, 0], [0, A[0][0], 1], [0, 0, A[0][0]]]
        yield A


@pytest.mark.parametrize("A", list(matrices()), ids=str)
def test_values_are_those_of_the_logarithm(A):
    """After a step from (z, u = 0) the flow is at the map's image and u = 0, with inputs and lifts; after 2/7 of it as in between."""
    found, n = system(A, [1] * len(A)), len(A)
    if found.jump is not None:
        return
    with mpmath.workdps(50):
        X, d = values(found.augmented), found.dimension
        step = mpmath.expm(X)
        from_z = [*range(n), d]
        image = values(found.region.matrix.row_join(found.region.offset))
        assert max(abs(step[i, j] - image[i, k]) for i in range(n) for k, j in enumerate(from_z)) < mpmath.mpf(10) ** -35
        assert max([abs(step[i, j]) for i in range(n, d) for j in from_z], default=0) < mpmath.mpf(10) ** -35
        at = found.flow(t).augmented.subs(t, sp.Rational(2, 7))
        assert mpmath.mnorm(mpmath.expm(X * 2 / 7) - values(at)) < mpmath.mpf(10) ** -35


def test_an_alias_of_a_turn():
    found = system(rotation(sp.pi / 5))
    assert found.aliases(1).matrix == sp.Matrix([[0, -11 * sp.pi / 5], [11 * sp.pi / 5, 0]])
