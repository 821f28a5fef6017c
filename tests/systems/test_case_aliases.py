"""Aliases with letters: at numbers those of the rational network; their time-dt map is the network's, to 40 digits."""

import random
from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from tests.network.test_substitution import boundary_values, letters, random_values


def linear(M, c=None, C=None, **parameters):
    n = len(M)
    return sr.ReLURNN(M, [[] for _ in range(n)], c or [0] * n, V=[], C=C, parameters=parameters or None)


def number(matrix, values=None):
    """A matrix in 40 digits at values of its letters."""
    put = {s: sp.Rational(str(values[s.name])) for s in matrix.free_symbols} if values else {}
    return mpmath.matrix(matrix.xreplace(put).evalf(50).tolist())


def apart(A, B):
    return max(abs(x) for x in A - B)


def augmented(region, values=None):
    n, m = region.network.n, region.network.m
    whole = sp.eye(n + 1 + m)
    whole[:n, :n], whole[:n, n : n + 1] = region.matrix, region.offset
    if m:
        whole[:n, n + 1 :] = region.input_matrix
    return number(whole, values)


def check_map(alias, region, values=None):
    with mpmath.workdps(50):
        X = number(alias.augmented, values)
        assert apart(mpmath.expm(X), augmented(region, values)) < mpmath.mpf(10) ** -38
        return X


@pytest.mark.parametrize(
    ("n", "pattern", "count"),
    [
        (2, "11", 8),
        pytest.param(2, "11", 25, marks=pytest.mark.slow),
        pytest.param(3, "011", 8, marks=pytest.mark.slow),
        pytest.param(3, "110", 8, marks=pytest.mark.slow),
    ],
)
def test_at_numbers_it_is_the_alias_of_the_numbers(n, pattern, count):
    net, rng, seen = letters(n), random.Random(n), 0
    ode = sr.derive(net, dt=1)[pattern]
    for step in range(400):
        values = random_values(net, rng) if step % 2 else boundary_values(net, rng)
        region = net.subs(values).region(pattern)
        found = sr.derive(region, 1)
        if found.kind != "real" or not found.is_principal or not any(t.degree == 2 for t in found.logarithm.terms):
            continue
        case = ode.case_at(values)
        if not sr.check(net.subs(values), regions=[pattern]).verdicts[pattern]["E4"]["no_complex_eigenvalue"].truth.is_false:
            with pytest.raises(sr.EntryError, match="no complex pair"):
                case.aliases(1)
            continue
        k = rng.choice([-2, -1, 0, 1, 3])
        ours, theirs = case.aliases(k), found.aliases(k)
        assert ours.verified
        with mpmath.workdps(50):
            X = check_map(ours, region, values)
            assert apart(X, number(theirs.augmented)) < mpmath.mpf(10) ** -38
            frequency = number(sp.Matrix([ours.frequencies[0]]), values)[0]
            assert abs(frequency - theirs.frequencies[0].evalf(50)) < mpmath.mpf(10) ** -38
            assert k == 0 or apart(X, number(case.augmented, values)) > 1
        seen += 1
        if seen == count:
            break
    assert seen >= count // 2


@pytest.mark.slow
def test_where_an_equation_cannot_be_solved():
    """chi(1) = 0 for three units with all entries free: a pair beside the eigenvalue 1, and identities modulo the equation."""
    net, rng, seen = letters(3), random.Random(11), 0
    ode = sr.derive(net, dt=1)["111"]
    while seen < 3:
        values = {str(p): Fraction(rng.randint(-4, 4), 2) for p in net.parameters}
        M = net.subs(values | {"a1": Fraction(0)}).region("111").matrix
        x = sp.Symbol("x")
        solved = sp.solve((sp.eye(3) - M - sp.diag(x, 0, 0)).det(), x)
        if not solved:
            continue
        values["a1"] = Fraction(str(solved[0]))
        region = net.subs(values).region("111")
        found = sr.derive(region, 1)
        if (
            found.kind != "real"
            or not found.is_principal
            or sr.check(net.subs(values), ["111"]).verdicts["111"].how_many != "countable"
        ):
            continue
        alias = ode.case_at(values).aliases(1)
        assert alias.verified
        check_map(alias, region, values)
        seen += 1


TWO_PAIRS = [[0, "-d", "x", 0], [1, "t", 0, "x"], [0, 0, 0, "-e"], [0, 0, 1, "s"]]


@pytest.mark.slow
def test_several_pairs_and_inputs():
    names = dict.fromkeys("dtxesh", "real")
    net = linear(TWO_PAIRS, ["h", 0, 1, 0], [[1, 0], [0, "h"], [0, 2], [0, 0]], **names)
    values = {"d": "5/4", "t": 1, "x": 2, "e": 2, "s": "-1/2", "h": 3}
    ode = sr.derive(net, dt="1/2")[""]
    case = ode.case_at(values)
    region = net.subs(values).region("")
    theirs = sr.derive(region, "1/2")
    for k in ([1, -2], [0, 3], 1):
        alias = case.aliases(k)
        assert alias.verified
        assert alias.input_matrix.shape == (4, 2)
        with mpmath.workdps(50):
            X = number(alias.augmented, values)
            both = [theirs.aliases(order) for order in ((k, k[::-1]) if isinstance(k, list) else (k,))]
            assert min(apart(X, number(other.augmented)) for other in both) < mpmath.mpf(10) ** -38
            assert apart(mpmath.expm(X / 2), augmented(region)) < mpmath.mpf(10) ** -38
    with pytest.raises(sr.ShapeError, match=r"or 2 for the complex pairs of the case where .*, got 1"):
        case.aliases([1])
    with pytest.raises(sr.ShapeError, match=r"got 0\.5"):
        case.aliases(0.5)
    with pytest.raises(sr.ShapeError, match="got 'ab'"):
        case.aliases("ab")


def test_without_letters():
    root = sp.sqrt(2)
    net = linear([[1, -root], [root, 1]], [root, 1])
    [case] = sr.derive(net, dt=1)[""].cases
    alias = case.aliases(2)
    assert alias.verified
    assert alias.k == (2,)
    check_map(alias, net.region(""))
    assert sp.N(alias.frequencies[0] - sp.atan(root) - 4 * sp.pi, 30) == pytest.approx(0, abs=1e-25)


def test_beside_negative_eigenvalues_in_pairs():
    net = linear([[1, -1, 0, 0], [1, 1, 0, 0], [0, 0, "-a", 0], [0, 0, 0, "-a"]], [1, 2, 3, 4], a="positive")
    [case] = [c for c in sr.derive(net, dt=1)[""].other_cases if c.kind == "real"]
    assert not case.is_principal
    alias = case.aliases(1)
    assert alias.verified
    check_map(alias, net.subs({"a": "1/3"}).region(""), {"a": "1/3"})


def test_no_alias():
    a = {"a": "positive", "w": "real"}
    ode = sr.derive(sr.PLRNN(["a"], [["w"]], [1], parameters=a), dt=1)["1"]
    with pytest.raises(
        sr.EntryError, match=r"^k: the case of region 1 where .* has no complex pair of eigenvalues, so there is no alias$"
    ):
        ode.cases[0].aliases(1)
    with pytest.raises(sr.EntryError, match="is lifted; accepted are cases with a real ODE"):
        ode.other_cases[0].aliases(1)
    cubic = sr.derive(linear([[0, 0, "a"], [1, 0, 0], [0, 1, 0]], a="positive"), dt=1)[""].cases[0]
    with pytest.raises(sr.EntryError, match="a factor of degree 3, and its complex pairs, if any, have no names"):
        cubic.aliases(1)


def test_what_needs_numbers_is_refused():
    case = sr.derive(linear([[0, "-a"], ["a", 0]], a="positive"), dt=1)[""].cases[0]
    for call in (case.aliases(1).digits, case.aliases(1).enclosure, case.flow("1/2").digits, case.flow("1/2").enclosure):
        with pytest.raises(sr.EntryError, match="a case has closed forms only; accepted are systems of numbers"):
            call(20)


def test_wrong_projectors_are_not_verified():
    alias = sr.derive(linear([[0, "-a"], ["a", 0]], a="positive"), dt=1)[""].cases[0].aliases(1)
    log = alias.principal.logarithm
    wrong = replace(log, terms=tuple(replace(term, matrices=tuple(H + H for H in term.matrices)) for term in log.terms))
    case = replace(alias.principal, case=replace(alias.principal.case, logarithm=wrong))
    pairs = [replace(pair, term=wrong.terms[log.terms.index(pair.term)]) for pair in alias.pairs]
    assert alias.verified
    assert not replace(alias, principal=case, pairs=pairs).verified
