"""Equilibria of the ODE by cases: ranks of numbers (SymPy's), solutions of X z + y = 0 at 60 digits, and by hand."""

import random
from fractions import Fraction

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.eigenvalues.equilibria import in_range
from symplrnn.exact.fields.letters import field_of
from tests.network.test_substitution import boundary_values, equilibria_at, letters, with_fixed_points

KINDS = {"one point", "an affine subspace", "none"}


def number(x: sp.Expr) -> mpmath.mpf:
    return mpmath.mpf(str(sp.re(x.evalf(60))))


def test_the_equilibria_solve_the_ode():
    """X z + y = 0 at 60 digits: solvable iff the case says so; singular X iff it says there is no single point."""
    net, rng, met = letters(2, positive=True), random.Random(3), set()
    ode = sr.derive(net, dt="1/3")
    for k in range(40):
        values = boundary_values(net, rng)
        values |= {name: abs(v) or Fraction(1, 3) for name, v in values.items() if name.startswith("a")}
        values = with_fixed_points(net, values, rng) if k % 2 else values
        exact = {s: sp.Rational(str(values[str(s)])) for s in net.parameters}
        for pattern in ode:
            if not ode[pattern].condition.at(values):
                continue
            case = ode[pattern].case_at(values)
            with mpmath.workdps(60):
                X = mpmath.matrix(2, 2)
                y = mpmath.matrix(2, 1)
                for i in range(2):
                    y[i, 0] = number(case.offset.xreplace(exact)[i])
                    for j in range(2):
                        X[i, j] = number(case.matrix.xreplace(exact)[i, j])
                single = abs(X[0, 0] * X[1, 1] - X[0, 1] * X[1, 0]) > mpmath.mpf(10) ** -40
                # y is in the span of the columns of a singular X iff [X, y] has no minor but 0
                minors = [X[0, j] * y[1, 0] - X[1, j] * y[0, 0] for j in range(2)]
                zero = all(abs(x) < mpmath.mpf(10) ** -40 for x in X)
                solvable = (
                    max(map(abs, list(y))) < mpmath.mpf(10) ** -40 if zero else max(map(abs, minors)) < mpmath.mpf(10) ** -40
                )
            expected = "one point" if single else "an affine subspace" if solvable else "none"
            assert case.equilibria == expected, (pattern, values)
            met.add(expected)
    assert met == KINDS


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_the_range_of_a_matrix_of_letters_by_ranks(rank):
    """Minors against ranks of random matrices of each rank, with c inside and outside of the range."""
    N_names, c_names = sp.symbols("n:9", real=True), sp.symbols("c:3", real=True)
    K = field_of([*N_names, *c_names])
    formula = in_range(K, K.fill(3, 3, [K.element(x) for x in N_names]), K.fill(3, 1, [K.element(x) for x in c_names]))
    rng, met = random.Random(rank), set()
    for k in range(40):
        left = sp.Matrix(3, rank, lambda *_: rng.randint(-2, 2))
        N = left * sp.Matrix(rank, 3, lambda *_: rng.randint(-2, 2)) if rank else sp.zeros(3)
        c = N * sp.Matrix([rng.randint(-2, 2) for _ in range(3)]) if k % 2 else sp.Matrix([rng.randint(-1, 1) for _ in range(3)])
        values = dict(zip(map(str, [*N_names, *c_names]), [*N, *c], strict=True))
        expected = N.row_join(c).rank() == N.rank()
        assert formula.at(values) == expected, (N, c)
        met.add(expected)
    assert met == {True, False}


def test_more_states_with_letters_in_the_offset_alone():
    """Six decoupled units with numbers for eigenvalues: the range needs no minors."""
    net = sr.PLRNN(
        [1, 1, "1/2", "1/3", 2, 3], [[0] * 6] * 6, [f"h{i}" for i in range(1, 7)], parameters=[f"h{i}" for i in range(1, 7)]
    )
    found = {case.equilibria: str(case.condition) for case in sr.derive(net.region("000000"), 1).cases}
    assert found == {"an affine subspace": "Eq(h1, 0) & Eq(h2, 0)", "none": "Ne(h1, 0) | Ne(h2, 0)"}


@pytest.mark.parametrize("ones", [1, 2])
def test_more_states_with_letters_in_the_matrix(ones):
    """Five units: one eigenvalue 1 is decided by a polynomial in M; two that may have one Jordan block are not, and say so."""
    a = [1, sp.Symbol("p0", positive=True) if ones == 1 else 1, "1/2", "1/3", "1/4"]
    W = [[0] * 5 for _ in range(5)]
    W[0][2 if ones == 1 else 1] = w = sp.Symbol("w", real=True)
    net = sr.PLRNN(a, W, [sp.Symbol("h", real=True), 0, 1, 1, 1])
    ode = sr.derive(net.region("11111"), 1)
    kinds = {case.equilibria for case in ode.cases}
    if ones == 2:
        assert kinds == {"an affine subspace, or none"}
        return
    assert kinds >= {"an affine subspace", "none"}
    for h, value in [(0, 0), (1, 0), (0, 1), (-2, 1), (2, -1), (-1, "1/2")]:
        values = {"h": h, "w": value, "p0": "1/7"}
        assert w in ode.parameters
        assert ode.case_at(values).equilibria == equilibria_at(net.subs(values), "11111"), values


def test_more_states_with_a_semisimple_eigenvalue_1():
    """Five decoupled units with two eigenvalues 1 in the same place of the parameter space."""
    names = ["a", "h1", "h2"]
    net = sr.PLRNN(["a", "a", "b", "c", "d"], [[0] * 5] * 5, ["h1", "h2", 0, 0, 0], parameters=[*names, "b", "c", "d"])
    ode = sr.derive(net.region("00000"), 1)
    found = [case for case in ode.cases if "Eq(a, 1)" in str(case.case.domain)]
    assert {case.equilibria for case in found} == {"an affine subspace", "none"}
    for h1, h2, expected in [(0, 0, "an affine subspace"), (1, 0, "none"), (0, 1, "none")]:
        values = {"a": 1, "b": "1/2", "c": "1/3", "d": "1/4", "h1": h1, "h2": h2}
        assert ode.case_at(values).equilibria == expected == equilibria_at(net.subs(values), "00000")


def test_where_nothing_depends_on_the_eigenvalue_1_it_is_not_split():
    ode = sr.derive(sr.PLRNN(["a"], [[0]], [0], parameters={"a": "positive"}), 1)["0"]
    assert [case.equilibria for case in ode.cases] == ["one point, or an affine subspace"]


def test_the_addition_problem_has_no_equilibria_with_a_bias():
    ode = sr.derive(sr.example("addition_letters"))["01"]
    a, b, w = ode.parameters
    assert {s.name for s in (a, b, w)} == {"a", "b", "w"}
    for values in ({"a": "1/2", "b": 1, "w": 1}, {"a": 1, "b": 1, "w": 2}):
        assert ode.case_at(values).equilibria == "none"
    assert ode.case_at({"a": "1/2", "b": 0, "w": 1}).equilibria == "an affine subspace"


def test_both_cases_of_a_pair_have_one_closed_form_and_print_once():
    ode = sr.derive(sr.PLRNN(["a"], [[0]], ["h"], parameters={"a": "positive", "h": "real"}), 1)["0"]
    _, inside, outside = ode.cases
    assert inside.case.logarithm is outside.case.logarithm
    assert inside.case.domain == outside.case.domain


def test_the_equilibria_are_printed(capsys):
    assert main(["derive", "two_units", "--region", "11", "--cases"]) == 0
    text = capsys.readouterr().out
    assert "equilibria: one point\n" in text
    text = " ".join(text.split())
    assert "equilibria: an affine subspace if -a1*h2 + h1*w21 + h2 = 0 and -a2*h1 + h1 + h2*w12 = 0, else none" in text
    assert main(["derive", "two_units", "--region", "11"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    where = (
        "one point if -a1*a2 + a1 + a2 + w12*w21 - 1 != 0, an affine subspace if det(I - M) = 0 and c is in the range of I - M"
    )
    assert f"equilibria: {where}, else none" in text
    cases = sr.derive(sr.example("two_units"))["11"].to_dict(by_cases=True)["cases"]
    assert {case["equilibria"] for case in cases} == KINDS
    latex = sr.latex(sr.derive(sr.example("two_units"))["11"])
    assert r"\text{none}, & \text{otherwise}" in latex
    assert r"\det(I - W_{\Omega_{11}}) = 0,\ h_{\Omega_{11}} \in \operatorname{range}(I - W_{\Omega_{11}})" in latex
