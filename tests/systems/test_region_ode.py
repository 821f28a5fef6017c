import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, arb_mat, fmpq, fmpq_mat
from hypothesis import given, settings

import symplrnn as sr
from symplrnn.exact.balls import contains, working_precision
from tests.examples import examples
from tests.hard import Hard, principal


def network(M, c, C=None):
    return sr.ReLURNN(M, [[] for _ in c], c, V=[], C=C)


def mp(x) -> mpmath.mpf:
    return mpmath.mpf(int(x.p)) / int(x.q)


def test_offset_is_that_of_the_integral_identity():
    """int_0^dt exp(s X) ds y = c for [[3/4,1/4],[1/4,3/4]], where the published formula is wrong."""
    net = network([["3/4", "1/4"], ["1/4", "3/4"]], ["3/10", 1])
    assert sr.check(net).verdicts[""].published_formula.is_false
    for dt in (1, sp.Rational(1, 10)):
        digits = sr.derive(net, dt)[""].digits(35)
        with mpmath.workdps(45):
            X = mpmath.matrix([[mpmath.mpf(x) for x in row] for row in digits.matrix])
            y = mpmath.matrix([mpmath.mpf(x) for x in digits.offset])
            step = mp(sp.Rational(dt))
            for i, c in enumerate([mpmath.mpf("0.3"), mpmath.mpf(1)]):
                value = mpmath.quad(lambda s, i=i, X=X, y=y: (mpmath.expm(s * X) * y)[i], [0, step])
                assert abs(value - c) < mpmath.mpf(10) ** -30


@examples(40)
@given(principal)
def test_flow_over_dt_is_the_map(hard: Hard):
    ode = sr.derive(hard.region, "1/7")
    assert contains(ode.flow("1/7").enclosure(400), hard.region.affine.augmented())
    assert contains(ode.flow(0).enclosure(400), fmpq_mat([[int(i == j) for j in range(hard.n + 1)] for i in range(hard.n + 1)]))
    digits = ode.flow("1/7").digits(25)
    matrix = [sp.N(x, 25) for x in hard.region.matrix]
    assert all(
        abs(sp.Float(d, 30) - x) <= abs(x) * sp.Float("1e-24") for d, x in zip(sum(digits.matrix, ()), matrix, strict=True)
    )


@examples(20)
@given(principal)
def test_digits_exponentiate_to_the_map_in_mpmath_and_are_principal(hard: Hard):
    digits = sr.derive(hard.region, 1).digits(110)
    n = hard.n
    with mpmath.workdps(130):
        rows = [[mpmath.mpf(x) for x in (*row, y)] for row, y in zip(digits.matrix, digits.offset, strict=True)]
        X = mpmath.matrix([*rows, [0] * (n + 1)])
        M = mpmath.matrix([[mp(x) for x in row] for row in hard.region.affine.augmented().tolist()])
        assert mpmath.norm(mpmath.expm(X) - M) < mpmath.mpf(10) ** -60
    eigenvalues = np.linalg.eigvals(np.array(digits.matrix, dtype=float))
    assert np.abs(eigenvalues.imag).max() < 3.1415


@pytest.mark.slow
@settings(max_examples=50)
@given(principal)
def test_digits_exponentiate_to_the_map_in_mpmath_and_are_principal_with_many_examples(hard: Hard):
    test_digits_exponentiate_to_the_map_in_mpmath_and_are_principal.hypothesis.inner_test(hard)


def test_written_out_answers():
    t = sp.Symbol("t", real=True)
    jordan = sr.derive(network([["1/2", 1], [0, "1/2"]], [0, 0]), 1)[""]
    assert jordan.matrix == sp.ImmutableMatrix([[-sp.log(2), 2], [0, -sp.log(2)]])
    # exp(t X) = 2^-t [[1, 2t], [0, 1]]
    expected = sp.Matrix([[1, 2 * t], [0, 1]]) * sp.Rational(1, 2) ** t
    assert sp.simplify(jordan.flow(t).matrix - expected) == sp.zeros(2)
    rotation = sr.derive(network([[0, -1], [1, 0]], [1, 0]), 2)[""]
    assert rotation.matrix == sp.ImmutableMatrix([[0, -sp.pi / 4], [sp.pi / 4, 0]])
    # y = X (M - I)^{-1} c with (M - I)^{-1} = [[-1, 1], [-1, -1]]/2
    assert rotation.offset == sp.ImmutableMatrix([sp.pi / 8, -sp.pi / 8])
    identity = sr.derive(network([[1, 0], [0, 1]], [3, 4]), "1/2")[""]
    assert (identity.matrix, identity.offset) == (sp.zeros(2), sp.ImmutableMatrix([6, 8]))
    shear = sr.derive(network([[1, 1], [0, 1]], [0, 1]), 1)[""]
    assert (shear.matrix, shear.offset) == (sp.ImmutableMatrix([[0, 1], [0, 0]]), sp.ImmutableMatrix([sp.Rational(-1, 2), 1]))
    fibonacci = sr.derive(network([[2, 1], [1, 1]], [0, 0]), 1)[""]
    root = (3 + sp.sqrt(5)) / 2
    assert abs(sp.N(fibonacci.matrix[0, 1] - 2 * sp.log(root) / sp.sqrt(5), 50)) < 1e-49


def test_addition_problem_by_hand():
    """X = log(1/100) [[0, -100/99], [0, 1]] and y = phi(M) c, worked by hand; the input matrix is phi(M) C."""
    ode = sr.derive(sr.example("addition"))["01"]
    L = sp.log(100)
    assert ode.matrix == sp.ImmutableMatrix([[0, sp.Rational(100, 99) * L], [0, -L]])
    phi = sp.Matrix([[1, (1 - sp.Rational(100, 99) * L) * sp.Rational(100, 99)], [0, sp.Rational(100, 99) * L]])
    assert sp.simplify(ode.offset - phi * sp.Matrix([0, sp.Rational(-199, 200)])) == sp.zeros(2, 1)
    assert sp.simplify(ode.input_matrix - phi * sp.Matrix([[0, 0], [1, 1]])) == sp.zeros(2)
    assert ode.kind == "real"


def test_irreducible_cubic_keeps_a_sum_over_roots():
    net = network([[0, 0, 2], [1, 0, -5], [0, 1, 5]], [1, 0, 0])
    ode = sr.derive(net, 1)[""]
    assert ode.matrix.has(sp.RootSum)
    with mpmath.workdps(50):
        M = mpmath.matrix(sp.Matrix(net.A).tolist())
        theirs = mpmath.logm(M)
        for i in range(3):
            for j in range(3):
                assert abs(mpmath.mpf(ode.digits(45).matrix[i][j]) - mpmath.re(theirs[i, j])) < mpmath.mpf(10) ** -40
                assert abs(sp.re(sp.N(ode.matrix[i, j], 40)) - sp.Float(ode.digits(40).matrix[i][j], 40)) < 1e-35


def test_grid_agreement_over_1000_van_der_pol_steps(van_der_pol, van_der_pol_orbit):
    """E7: with the pattern held over each step, the flow's enclosure contains the exact next state every time."""
    ode = sr.derive(van_der_pol, "1/10")
    flows: dict[str, arb_mat] = {}
    for t in range(1000):
        pattern = van_der_pol_orbit.patterns[t]
        if pattern not in flows:
            flows[pattern] = ode[pattern].flow("1/10").enclosure(400)
        now, after = van_der_pol_orbit.exact(t), van_der_pol_orbit.exact(t + 1)
        with working_precision(400):
            image = flows[pattern] * arb_mat(11, 1, [*(arb(x) for x in now.entries()), 1])
        assert contains(arb_mat(image.tolist()[:10]), after)
        assert all(float(x.rad()) < 1e-80 for x in image.entries())


def test_digits_are_certified_at_every_length():
    ode = sr.derive(sr.example("cycle16"))["11"]
    longest = ode.digits(300).matrix
    for digits in (1, 2, 17, 100):
        for short, long in zip(sum(ode.digits(digits).matrix, ()), sum(longest, ()), strict=True):
            assert abs(sp.Float(short, 320) - sp.Float(long, 320)) <= abs(sp.Float(long, 320)) * sp.Rational(1, 2) * sp.Float(
                10, 320
            ) ** (1 - digits)


def test_network_odes_are_mappings_that_derive_on_demand(oscillator):
    ode = sr.derive(oscillator, "1/10")
    assert list(ode) == [r.pattern for r in oscillator.regions()]
    assert len(ode) == 8
    assert not ode.derived
    assert ode["000"] is ode["000"]
    assert list(ode.derived) == ["000"]
    assert "011" in ode
    assert "0110" not in ode
    few = sr.derive(oscillator, "1/10", regions=["000", "001"])
    assert list(few) == ["000", "001"]
    with pytest.raises(sr.PatternError, match="not among the derived regions"):
        few["111"]
    visited = sr.derive(oscillator, "1/10", regions="visited", steps=20)
    assert list(visited) == list(dict.fromkeys(oscillator.orbit(oscillator.initial_states[0], 20).patterns))
    assert ode == ode
    assert list(ode.derived) == ["000"]


def test_dt():
    net = sr.example("complex")
    assert sr.derive(net).dt == sp.Rational(1, 10)
    assert sr.derive(net, 0.5).dt == sp.Rational(1, 2)
    assert sr.derive(net, 2)["11"].matrix == sr.derive(net, 1)["11"].matrix / 2
    for bad, problem in [
        (0, "0 is not positive"),
        (-1, "-1 is not positive"),
        ("x", "unknown parameter"),
        (float("nan"), "not a finite"),
    ]:
        with pytest.raises(sr.EntryError, match=f"dt: .*{problem}"):
            sr.derive(net, bad)
    with pytest.raises(sr.EntryError, match="dt: missing"):
        sr.derive(sr.PLRNN([1], [[0]], [0]))


def test_bad_calls():
    ode = sr.derive(sr.example("complex"))["11"]
    for bad in (0, -1, 2.5, True):
        with pytest.raises(sr.EntryError, match="digits: expected a whole number"):
            ode.digits(bad)
    with pytest.raises(sr.EntryError, match="is not a number"):
        ode.flow(sp.Symbol("t")).digits(5)


def test_flow_digits_name_exact_zeros_and_ones():
    ode = sr.derive(sr.example("addition"))["01"]
    half = ode.flow("1/2").digits(10)
    assert half.matrix == (("1", "0.9090909091"), ("0", "0.1"))
    whole = ode.flow(1).digits(10)
    assert whole.matrix == (("1", "1"), ("0", "0.01"))
    assert whole.offset == ("0", "-0.995")
    assert whole.input_matrix == (("0", "0"), ("1", "1"))
    assert ode.flow(2).digits(10).matrix == (("1", "1.01"), ("0", "0.0001"))


def test_input_matrix_is_that_of_the_zero_order_hold():
    net = network([["1/2", 1], [0, "1/3"]], [1, 2], C=[[1, 0], [0, 3]])
    ode = sr.derive(net, 1)[""]
    assert contains(ode.flow(1).enclosure(300), net.region("").affine.augmented())
    assert ode.input_matrix.shape == (2, 2)
    assert fmpq(1, 2) == net.exact.A[0, 0]


def test_sympy_evaluates_sums_over_roots_to_the_certified_digits(van_der_pol):
    """SymPy's own RootSum gets only the first 9 of 15 digits of entry (1, 1) right, because the sum cancels."""
    ode = sr.derive(van_der_pol, "1/10")["1" * 10]
    for digits in (15, 40):
        expected = ode.digits(digits)
        for i, j in ((0, 0), (3, 7), (9, 2)):
            assert abs(sp.N(ode.matrix[i, j], digits) / sp.Float(expected.matrix[i][j], digits + 5) - 1) < sp.Float(10) ** (
                2 - digits
            )
        assert abs(sp.N(ode.offset[4], digits) / sp.Float(expected.offset[4], digits + 5) - 1) < sp.Float(10) ** (2 - digits)
    half = ode.flow("1/20")
    assert abs(sp.N(half.matrix[1, 2], 30) / sp.Float(half.digits(30).matrix[1][2], 35) - 1) < 1e-27
    t = sp.Symbol("t", real=True)
    assert sp.N(ode.flow(t).matrix[1, 2].subs(t, sp.Rational(1, 20)), 30) == sp.N(half.matrix[1, 2], 30)


def test_rational_entries_are_divided_by_dt():
    ode = sr.derive(network([[1, 1], [0, 1]], [0, 1]), "1/3")[""]
    assert ode.digits(10).matrix == (("0", "3"), ("0", "0"))
    assert ode.digits(10).offset == ("-1.5", "3")


def test_flows_over_tiny_huge_and_awkward_times():
    ode = sr.derive(network([["1/2"]], [1]), 1)[""]
    assert ode.flow(1e-4).digits(8).matrix == (("0.99993069",),)
    assert ode.flow("1e-30").digits(8).matrix == (("1.0000000",),)
    assert ode.flow(0).digits(8).matrix == (("1",),)
    cubic = sr.derive(network([[1, 1, 0], [0, 1, 1], ["1/5", 0, 1]], [1, 0, 0]), 1)[""]
    assert cubic.flow(0).matrix == sp.eye(3)
    assert cubic.flow(2).matrix == sp.ImmutableMatrix(cubic.region.matrix**2)
    for bad in (sp.pi, sp.oo, sp.nan, sp.I, "x", [1]):
        with pytest.raises(sr.EntryError, match="t: "):
            ode.flow(bad)


def test_membership_does_not_enumerate():
    n = 40
    ode = sr.derive(sr.PLRNN(["1/2"] * n, [[0] * n] * n, [0] * n), 1)
    assert "1" * n in ode
    assert "1" not in ode
    assert 7 not in ode
    assert ode


def test_relations_with_long_coefficients_are_reduced():
    q, r = 5003, 7
    A = sp.Matrix([[1, 1], [1, 2]])
    P = sp.eye(4)
    P[:2, 2:] = sp.Matrix([[4 * q - 2 * r, q], [r, 1]])
    M = P * sp.diag(A, A**2) * P.inv()
    assert sr.derive(network(M, [0] * 4), 1)[""].digits(10).matrix[0][2] == "0"
