"""Eigenvalues that coincide in degree 4 and more: against the numbers put in, at parameter values of every pattern."""

import random
from itertools import pairwise

import mpmath
import pytest
import sympy as sp
from sympy.utilities.iterables import partitions

import symplrnn as sr
from symplrnn.conditions.equations import with_one_equation
from symplrnn.conditions.formula import nonzero, positive, zero
from symplrnn.eigenvalues.common_roots import common_divisors, repeated_roots
from symplrnn.exact.fields.domain import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.work import within
from tests.eigenvalues.test_letters import Q, answers, expected, is_principal_logarithm
from tests.network.test_substitution import equilibria_at, same

x = sp.Symbol("x")


def polynomial(roots):
    """The monic polynomial with given roots, over Q, constant term first."""
    return QQ.polynomial([QQ.element(c) for c in reversed(sp.Poly(sp.prod(x - r for r in roots), x).all_coeffs())])


def with_multiplicities(counts, rng):
    """Different numbers, each as often as one of the counts says."""
    numbers = rng.sample([Q(k, 2) for k in range(-9, 10)], len(counts))
    return [r for r, k in zip(numbers, counts, strict=True) for _ in range(k)]


def in_powers(factors):
    return sp.prod(sp.Add(*(c * x**i for i, c in enumerate(f)), x ** len(f)) ** k for f, k in factors)


def expression(f):
    return sp.Add(*(QQ.to_sympy(c) * x**k for k, c in enumerate(f.coeffs())))


def holding(splits):
    return [split for split in splits if all(c == 0 for c in split.vanishing) and all(c != 0 for c in split.different)]


@pytest.mark.parametrize("n", [4, 5, 6, 7])
def test_exactly_one_pattern_of_multiplicities_holds(n):
    rng = random.Random(n)
    patterns = [[k for k, times in found.items() for _ in range(times)] for found in partitions(n)]
    for counts in patterns * 3:
        if max(counts) > 1:
            g = polynomial(with_multiplicities(counts, rng))
            [split] = holding(repeated_roots(QQ, g))
            rest, remainder = sp.div(expression(g), in_powers(split.factors), x)
            assert remainder == 0
            squarefree = sp.factor_list(rest, x)[1]
            assert sorted(counts) == sorted([k for f, k in split.factors for _ in f] + [e for _, e in squarefree])
            assert all(e == 1 for _, e in squarefree)
            assert sp.discriminant(rest * sp.prod(in_powers([(f, 1)]) for f, _ in split.factors), x) != 0


def test_exactly_one_common_divisor_holds():
    rng = random.Random(3)
    for n, m in ((2, 2), (3, 2), (2, 4), (3, 3), (4, 3)):
        for j in range(1, min(n, m) + 1):
            roots = with_multiplicities([1] * (n + m - j), rng)
            g, h = polynomial(roots[:n]), polynomial(roots[n - j :])
            [split] = holding(common_divisors(QQ, g, h))
            assert sp.expand(in_powers(split.factors) - sp.prod(x - r for r in roots[n - j : n])) == 0


def companion(*last):
    """The matrix with chi = x^n - last[0] - last[1] x - ... for a last entry 0."""
    n = len(last)
    return [[last[i] if j == n - 1 else int(i == j + 1) for j in range(n)] for i in range(n)]


def compare_region(net, ode, check, values):
    """Hold the region of all units against the numbers put in; return the multiplicities of the case's factors."""
    numbers, pattern = net.subs(values), "1" * net.n
    facts = expected(numbers, pattern)
    for name, truth in answers(check).items():
        assert truth.at(values) == (sr.TRUE if facts[name] else sr.FALSE), (name, values)
    holds = [case for case in ode.cases if case.condition.at(values)]
    assert len(holds) == int(facts["E2"]), values
    if not facts["E2"]:
        return None
    ours, theirs = ode.subs(values), sr.derive(numbers.region(pattern), dt=1)
    assert same(ours.logarithm, theirs.logarithm), values
    assert ours.augmented == theirs.augmented, values
    assert is_principal_logarithm(numbers, pattern, ours.augmented), values
    assert holds[0].equilibria == equilibria_at(numbers, pattern) or " or " in holds[0].equilibria
    return sorted(m for g, m in holds[0].case.factors for _ in range(g.degree()))


def from_roots(roots, names):
    """Values such that the shifted polynomial, without its second term, has these roots (which have the sum 0)."""
    coefficients = sp.Poly(sp.prod(x - r for r in roots), x).all_coeffs()[::-1]
    return {name: Q(int(c.p), int(c.q)) for name, c in zip(names, coefficients, strict=False)}


HALF, QUARTER = sp.Rational(1, 2), sp.Rational(1, 4)
QUARTICS = [
    ((QUARTER, QUARTER, -HALF, 0), [1, 1, 2]),
    ((QUARTER, QUARTER, -QUARTER / 2, -3 * QUARTER / 2), [1, 1, 2]),
    ((QUARTER, QUARTER, -QUARTER + sp.I, -QUARTER - sp.I), [1, 1, 2]),
    ((0, 0, HALF, -HALF), [1, 1, 2]),
    ((QUARTER, QUARTER, -QUARTER, -QUARTER), [2, 2]),
    ((sp.I, sp.I, -sp.I, -sp.I), [2, 2]),
    ((QUARTER, QUARTER, QUARTER, -3 * QUARTER), [1, 3]),
    ((0, 0, 0, 0), [4]),
    ((QUARTER, HALF, -HALF, -QUARTER), [1, 1, 1, 1]),
    ((-2, -2, 2, 2), None),
    ((-2, -2, -2, 6), None),
    ((3, 3, -4, -2), None),
]


@pytest.mark.parametrize("h", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_patterns_of_a_quartic(h):
    """x^4 + p x^2 + r x + q in x - 1: all patterns of equal eigenvalues, 1 among them or not."""
    net = sr.PLRNN([1] * 4, companion("-q", "-r", "-p", 0), [1, 0, 0, "h"], parameters=["p", "q", "r", "h"])
    ode, check = sr.derive(net.region("1111"), dt=1), sr.check(net, regions=["1111"]).verdicts["1111"]
    for roots, multiplicities in QUARTICS:
        values = from_roots(roots, ["q", "r", "p"]) | {"h": Q(h)}
        assert compare_region(net, ode, check, values) == multiplicities, roots


def test_one_letter_has_numbers_where_eigenvalues_coincide():
    """x^4 + p x^2 + p^2/4 - c^2 (...): the special values are rational, and put in the cases have no letters."""
    net = sr.PLRNN([1] * 4, companion("-w**2", 0, "-1/2", 0), [1, 0, 0, 0], parameters=["w"])
    ode, check = sr.derive(net.region("1111"), dt=1), sr.check(net, regions=["1111"]).verdicts["1111"]
    assert not any(case.case.definitions for case in ode.cases)
    for w in (Q(1, 4), Q(-1, 4), Q(0), Q(1, 3), Q(1)):
        found = compare_region(net, ode, check, {"w": w})
        assert found == ([2, 2] if abs(w) == Q(1, 4) else [1, 1, 2] if w == 0 else [1, 1, 1, 1])


def test_a_double_root_at_an_irrational_value():
    """x^4 + w x + 1/2 in x - 2 at 27 w^4 = 32: the closed form there is that of the matrix, to 40 digits."""
    net = sr.PLRNN([2] * 4, companion("-1/2", "-w", 0, 0), [1, 0, 0, 0], parameters=["w"])
    w, ode = net.parameters[0], sr.derive(net.region("1111"), dt=1)
    for special in (sp.root(sp.Rational(32, 27), 4), -sp.root(sp.Rational(32, 27), 4)):
        [case] = [case for case in ode.cases if case.condition.at({w: special})]
        assert sorted(m for _, m in case.case.factors) == [1, 2]
        region = net.region("1111")
        map_ = region.matrix.row_join(region.offset).col_join(sp.Matrix([[0, 0, 0, 0, 1]]))
        with mpmath.workdps(60):
            X, F = (
                mpmath.matrix([[mpmath.mpf(str(sp.re(sp.N(e.subs(w, special), 60)))) for e in m.row(i)] for i in range(5)])
                for m in (case.augmented, map_)
            )
            assert mpmath.mnorm(mpmath.expm(X) - F) < 1e-40


@pytest.mark.slow
def test_patterns_of_a_quartic_with_square_roots():
    net = sr.PLRNN([1] * 4, companion("-q*sqrt(2)", "-r", "-p*sqrt(2)", 0), [0] * 4, parameters=["p", "q", "r"])
    ode, check = sr.derive(net.region("1111"), dt=1), sr.check(net, regions=["1111"]).verdicts["1111"]
    for roots, multiplicities in QUARTICS[4:10:2] + QUARTICS[7:8]:
        rational = {name: sp.Rational(str(v)) for name, v in from_roots(roots, "qrp").items()}
        values = rational | {name: rational[name] / sp.sqrt(2) for name in "pq"}
        facts = expected(net.subs(values), "1111")
        for name, truth in answers(check).items():
            assert truth.at(values) == (sr.TRUE if facts[name] else sr.FALSE), (name, roots)
        holds = [case for case in ode.cases if case.condition.at(values)]
        assert len(holds) == int(facts["E2"])
        for case in holds:
            assert sorted(m for g, m in case.case.factors for _ in range(g.degree())) == multiplicities
            augmented = case.augmented.xreplace({s: values[str(s)] for s in net.parameters})
            assert is_principal_logarithm(net.subs(values), "1111", augmented)


QUINTICS = [
    ((1, 1, -2, -3, 3), [1, 1, 1, 2]),
    ((1, 1, -2, -2, 2), [1, 2, 2]),
    ((1 + sp.I, 1 + sp.I, 1 - sp.I, 1 - sp.I, -4), [1, 2, 2]),
    ((-1 + sp.I, -1 + sp.I, -1 - sp.I, -1 - sp.I, 4), [1, 2, 2]),
    ((2, 2, 2, -3, -3), [2, 3]),
    ((1, 1, 1, -2, -1), [1, 1, 3]),
    ((1, 1, 1, 1, -4), [1, 4]),
    ((0, 0, 0, 0, 0), [5]),
]


def test_a_root_is_not_freed_of_irrational_denominators_at_any_price():
    """Over Q(sqrt 2, sqrt 3, sqrt 5)(a, b, c, d) its denominator would be a product of 8 conjugates; (x - 1)^2 (x - 2) (x + 3)."""
    a, b, c, d = letters = sp.symbols("a b c d")
    entries = [a * sp.sqrt(2) + b, b * sp.sqrt(3) + c, c * sp.sqrt(5) - a, d + sp.sqrt(2) * b]
    K = field_of(entries)
    with within(2 * 10**6):
        splits = list(repeated_roots(K, K.polynomial([*map(K.element, entries), K.element(1)])))
    coefficients = reversed(sp.Poly((x - 1) ** 2 * (x - 2) * (x + 3), x).all_coeffs()[1:])
    values = sp.solve([entry - value for entry, value in zip(entries, coefficients, strict=True)], letters)
    held = []
    for split in splits:
        at = lambda e: sp.N(sp.sympify(e).subs(values), 40)  # noqa: E731
        if all(abs(at(e)) < 1e-30 for e in split.vanishing) and all(abs(at(e)) > 1e-9 for e in split.different):
            held.append([([at(k) for k in f], m) for f, m in split.factors])
    [[([constant], multiplicity)]] = held
    assert multiplicity == 2
    assert abs(constant + 1) < 1e-30


def test_no_pattern_of_a_quartic_whose_condition_is_never_met():
    """(x - a - b)^4 + c has no triple root, and no double one: what must not vanish does so wherever it is."""
    a, b, c = sp.symbols("a b c")
    for entries in ([a, b, c], [a, b, c, sp.sqrt(2)]):
        K = field_of(entries)
        shift = K.polynomial([K.element(-a - b), K.element(1)])
        splits = list(repeated_roots(K, shift * shift * shift * shift + K.polynomial([K.element(c)])))
        assert [k for split in splits for _, k in split.factors] == [2, 4]


@pytest.mark.slow
def test_patterns_of_a_quintic():
    net = sr.PLRNN([1] * 5, companion("-p", "-q", "-r", "-s", 0), [0] * 5, parameters=["p", "q", "r", "s"])
    ode = sr.derive(net.region("11111"), dt=1)
    for roots, multiplicities in QUINTICS:
        values = from_roots([r * sp.Rational(1, 6) for r in roots], "pqrs")
        ours, theirs = ode.subs(values), sr.derive(net.subs(values).region("11111"), dt=1)
        assert same(ours.logarithm, theirs.logarithm), roots
        [case] = [case for case in ode.cases if case.condition.at(values)]
        assert sorted(m for g, m in case.case.factors for _ in range(g.degree())) == multiplicities


def blocks(second, coupling):
    """Two blocks of two units, [[1, a], [1, 1/2]] and a second one, and what the second sends to the first."""
    (c, b), (one, d) = second
    W = [[0, "a", coupling, 0], [1, 0, 0, 0], [0, 0, 0, b], [0, 0, one, 0]]
    return [1, "1/2", c, d], W


@pytest.mark.parametrize("coupling", [0, *(pytest.param(c, marks=pytest.mark.slow) for c in (1, "k"))])
def test_common_roots_of_two_quadratics(coupling):
    A, W = blocks((("c", "b"), (1, "1/2")), coupling)
    names = ["a", "b", "c", *(["k"] if coupling == "k" else [])]
    net = sr.PLRNN(A, W, [1, 0, 0, 1], parameters=names)
    ode, check = sr.derive(net.region("1111"), dt=1), sr.check(net, regions=["1111"]).verdicts["1111"]
    met = set()
    for a, b, c in (
        *(((r - 1) * (r - HALF), (r - c) * (r - HALF), c) for r in (QUARTER, 3 * QUARTER, 1, -1) for c in (1, HALF / 3, 0)),
        (-(QUARTER**2), -(QUARTER**2), 1),  # both, and they are double
        (1, 1, 1),
        (-1, -1, 1),
        (-1, -2, HALF),
    ):
        values = {"a": sp.Rational(a), "b": sp.Rational(b), "c": sp.Rational(c)}
        values = {name: Q(int(v.p), int(v.q)) for name, v in values.items()} | ({"k": Q(0)} if coupling == "k" else {})
        met.add(str(compare_region(net, ode, check, values)))
        if coupling == "k":
            met.add(str(compare_region(net, ode, check, values | {"k": Q(2)})))
    if coupling:  # without one no denominator shows that the blocks share eigenvalues
        assert met == {"None", "[1, 1, 1, 1]", "[1, 1, 2]", "[1, 3]", "[2, 2]", "[4]"}


def test_blocks_that_share_a_negative_and_a_positive_eigenvalue():
    """[[B, Z], [0, B']] with x^2 - x - a: at a = a' = 2 z couples the eigenvectors of 2, and y those of -1: E3 needs y = 0."""
    W = [[0, "a", "z + 2*y", "2*z - 2*y"], [1, 0, "z - y", "2*z + y"], [0, 0, 0, "e"], [0, 0, 1, 0]]
    net = sr.PLRNN([0, 1, 0, 1], W, [0] * 4, parameters=["a", "e", "y", "z"])
    check = sr.check(net, regions=["1111"]).verdicts["1111"]
    assert check["E3"].truth.is_conditional
    for a, e in ((2, 2), (6, 6), (2, 6), (-1, -1), (0, 0)):
        for y, z in ((0, 0), (0, 1), (1, 0), (1, 1), (-1, 2)):
            values = {"a": Q(a), "e": Q(e), "y": Q(y), "z": Q(z)}
            facts = expected(net.subs(values), "1111")
            for name, truth in answers(check).items():
                assert truth.at(values) == (sr.TRUE if facts[name] else sr.FALSE), (name, values)
    assert check["E3"].truth.at({"a": 2, "e": 2, "y": 0, "z": 1}).is_true
    assert check["E3"].truth.at({"a": 2, "e": 2, "y": 1, "z": 0}).is_false


def test_a_negative_eigenvalue_four_times():
    """-a four times, with couplings: blocks (1,1,1,1), (2,2), (2,1,1), (3,1), (4)."""
    W = [[0, "r", 0, 0], [0, 0, "s", 0], [0, 0, 0, "t"], [0] * 4]
    net = sr.PLRNN(["-a"] * 4, W, [0] * 4, parameters=["a", "r", "s", "t"])
    found = set()
    check = sr.check(net, regions=["1111"]).verdicts["1111"]
    for a in (1, -1):
        for r, s, t in ((0, 0, 0), (1, 0, 2), (1, 0, 0), (1, 1, 0), (1, 1, 1)):
            values = {"a": Q(a), "r": Q(r), "s": Q(s), "t": Q(t)}
            facts = expected(net.subs(values), "1111")
            assert check["E3"].truth.at(values) == (sr.TRUE if facts["E3"] else sr.FALSE), values
            found.add((a, facts["E3"]))
    assert found == {(1, True), (1, False), (-1, True)}


def test_equations_in_one_parameter_are_joined_soundly():
    a, rng = sp.Symbol("a", real=True), random.Random(1)
    points = [Q(k, 2) for k in range(-6, 7)]
    for _ in range(60):
        atoms = [
            rng.choice([zero, nonzero, positive])(sp.prod(a - sp.Rational(str(rng.choice(points))) for _ in range(3)))
            for _ in range(3)
        ]
        condition = zero((a - 1) * (a + HALF) * (a**2 + a + 1)) & atoms[0] & (atoms[1] | atoms[2])
        joined = with_one_equation(condition)
        assert all(joined.at({"a": v}) == condition.at({"a": v}) for v in points)
    assert with_one_equation(zero(a**4 - a - 1) & zero(a**3 - 2)).is_false
    assert all(with_one_equation(zero(p) & zero(q)).is_false for p, q in pairwise([a**2 - 2, a**3 - 3, a**2 + a - 1]))
