"""Conditions that are stated, not written out: q(t) > 0 for 0 <= t <= 1, against the numbers and against q itself."""

import pickle
import random

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.conditions.formula import negative, positive, sign_condition
from symplrnn.conditions.truth import conditional
from symplrnn.errors import EntryError
from symplrnn.exact.rays import MatrixOffRay, PolynomialOffRay, path_coefficients


def network(n: int, rng: random.Random, letters: int) -> sr.ReLURNN:
    """A network of n coupled units with so many letters."""
    places = [(i, j) for i in range(n) for j in range(n)]
    chosen = {place: f"p{k}" for k, place in enumerate(rng.sample(places, letters))}
    rows = [[chosen.get((i, j), f"{rng.choice([-2, -1, 1, 2, 3])}/{rng.randint(1, 4)}") for j in range(n)] for i in range(n)]
    A = [rows[i][i] for i in range(n)]
    W = [["0" if i == j else rows[i][j] for j in range(n)] for i in range(n)]
    return sr.PLRNN(A, W, [1] * n, parameters=list(chosen.values()))


@pytest.mark.parametrize(
    ("n", "letters"), [(4, 2), (4, 16), (5, 3), (6, 2), (7, 1), (7, 5), pytest.param(8, 20, marks=pytest.mark.slow)]
)
def test_e2_is_a_formula_for_any_size_and_right_at_values(n, letters):
    rng = random.Random(100 * n + letters)
    net = network(n, rng, letters)
    pattern = "1" * n
    found = sr.check(net, [pattern]).verdicts[pattern]["E2"].truth
    assert not found.is_unknown
    for scale in (1, 1, 2, 2, 5, 5, 20, 20):
        values = {s: f"{rng.randint(-10, 20)}/{rng.randint(1, 9)}" for s in net.parameters}
        values |= {s: f"{scale}/2" for s in net.parameters if net.A.has(s)}
        expected = sr.check(net.subs(values), [pattern]).verdicts[pattern]["E2"].truth
        assert found.at(values) == expected
        assert (~found).at(values) == ~expected


def test_all_regions_of_a_network_with_all_entries_free_are_checked():
    n = 5
    A, W = [f"a{i}" for i in range(n)], [[f"w{i}{j}" if i != j else 0 for j in range(n)] for i in range(n)]
    net = sr.PLRNN(A, W, [0] * n, parameters=[*A, *(x for row in W for x in row if x)])
    report = sr.check(net)
    assert len(report.verdicts) == 32
    assert not any(found["E2"].truth.is_unknown for found in report.verdicts.values())
    assert report.verdicts["11111"]["E3"].truth.is_unknown


def test_q_is_the_determinant_on_the_path():
    """det(I + t N) with N = M - I, and the sign, with mpmath at 60 digits."""
    rng = random.Random(7)
    t, x = sp.symbols("t x")
    for _ in range(10):
        M = sp.Matrix(4, 4, lambda i, j: sp.Rational(rng.randint(-5, 9), rng.randint(1, 4)))
        chi = M.charpoly(x).all_coeffs()[::-1]
        e = path_coefficients(chi[:-1])
        assert sp.expand((sp.eye(4) + t * (M - sp.eye(4))).det() - sum(c * t**k for k, c in enumerate(e))) == 0
        with mpmath.workdps(60):
            roots = mpmath.polyroots([mpmath.mpf(c.p) / c.q for c in reversed(chi)], maxsteps=500, extraprec=500)
            holds = not any(abs(r.imag) < mpmath.mpf(10) ** -30 and r.real <= 0 for r in map(mpmath.mpc, roots))
        assert PolynomialOffRay(1, *chi[:-1]) == MatrixOffRay(1, 4, *M) == (1 if holds else -1)


def test_the_root_0_counts_or_not():
    a = sp.Symbol("a", real=True)
    c = [a, sp.Integer(-1), sp.Integer(2), sp.Integer(-3)]  # x^4 - 3 x^3 + 2 x^2 - x + a
    closed, half_open = (positive(PolynomialOffRay(k, *c)) for k in (1, 0))
    assert [(f.at({a: 0}), f.at({a: 1}), f.at({a: -1})) for f in (closed, half_open)] == [
        (False, True, False),
        (True, True, False),
    ]


def test_values_that_are_algebraic_and_coefficients_that_are():
    a, b = sp.symbols("a b", real=True)
    entries = [0, 0, 0, -a, 1, 0, 0, b, 0, 1, 0, 0, 0, 0, 1, sp.sqrt(2)]
    condition = positive(MatrixOffRay(1, 4, *entries))
    for values in ({a: 1, b: sp.sqrt(3)}, {a: sp.sqrt(2), b: "1/2"}, {a: -1, b: 0}):
        M = sp.Matrix(4, 4, entries).subs(values)
        roots = sp.Poly(M.charpoly().as_expr(), sp.Symbol("lambda")).nroots(n=40, maxsteps=300)
        expected = not any(abs(sp.im(r)) < 1e-25 and sp.re(r) <= 0 for r in roots)
        assert condition.at(values) == expected, values


def test_they_are_formulas_like_others():
    a, b = sp.symbols("a b", real=True)
    stated = PolynomialOffRay(1, a, b, 0, -2)
    condition = positive(stated)
    assert condition == sign_condition(stated, {1}) == ~negative(stated)
    assert (condition & ~condition).is_false
    assert (condition | ~condition).is_true
    assert ((condition | positive(a)) & ~condition) == positive(a) & ~condition
    assert condition.symbols == (a, b)
    assert pickle.loads(pickle.dumps(condition)) == condition
    assert condition.subs({b: 1}).symbols == (a,)
    assert condition.subs({b: 1}).at({a: 1}) == condition.at({a: 1, b: 1}) == condition.subs({a: 1, b: 1}).is_true
    grid = condition.grid((a, [-1, 0, 1, "1/3"]), ("b", [0, "-1/3"]))
    assert grid.tolist() == [[condition.at({a: x, b: y}) for x in (-1, 0, 1, "1/3")] for y in (0, "-1/3")]
    boolean = sp.sympify(conditional(condition))
    assert boolean.free_symbols == {a, b}
    assert bool(boolean.subs({a: sp.Rational(1, 3), b: 0})) == condition.at({a: "1/3", b: 0})
    with pytest.raises(EntryError, match="by itself"):
        positive(stated + a).at({a: 1, b: 1})


@pytest.mark.slow
def test_the_condition_and_its_polynomial_are_printed(tmp_path, capsys):
    path = tmp_path / "net.json"
    path.write_text(
        '{"A": ["a", "b", "1/2", "1/3"], "W": [[0, 1, "1/2", 1], ["q", 0, 1, 1], [1, "-1/2", 0, "1/4"], [1, 1, "q", 0]],'
        ' "h": [1, 1, 1, 1], "dt": 1, "parameters": ["a", "b", "q"]}'
    )
    assert main(["check", str(path), "--region", "1111"]) == 0
    text = capsys.readouterr().out
    assert "E2: q_1(t) > 0 for 0 <= t <= 1\n" in text
    assert "e_11 = a + b - 19/6\n" in text
    assert "q_1(t) = e_11*t + e_12*t**2 + e_13*t**3 + e_14*t**4 + 1\n" in text
    entry = sr.check(sr.load(path), ["1111"]).to_dict()["verdicts"][0]["verdicts"]["E2"]
    assert entry["condition"] == "q_1(t) > 0 for 0 <= t <= 1"
    assert entry["where"]["e_11"] == "a + b - 19/6"
    assert r"\det\left(I + t (W_\Omega - I)\right) > 0" in sr.latex(sr.check(sr.load(path), ["1111"]))
