"""Closed forms with letters, case by case: against the numeric engine, mpmath at 60 digits, and the definition of a flow."""

import random
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import given

import symplrnn as sr
from symplrnn.conditions.formula import ALWAYS
from symplrnn.eigenvalues.parts import Part, structures, text_of
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.logarithm.cases.cases import Rule, cases, explored
from symplrnn.logarithm.closed_form import logarithm
from symplrnn.logarithm.spectral_form import augmented_logarithm
from tests.examples import examples
from tests.hard import POSITIVE, Hard, hard_matrices
from tests.network.test_substitution import boundary_values, equilibria_at, letters, random_values, same, with_fixed_points

x = sp.Symbol("x")


@examples(60)
@given(hard=hard_matrices([*POSITIVE, 1, 1], max_n=4))
def test_polynomials_in_the_matrix_give_the_logarithm_of_the_augmented_matrix(hard: Hard):
    """The form by Hermite interpolation is that of the Jordan-Chevalley decomposition, Jordan blocks and eigenvalue 1 included."""
    both_forms_agree(hard.matrix)


CUBIC = [[0, 0, 2], [1, 0, -5], [0, 1, 5]]


@pytest.mark.parametrize(
    ("blocks", "couplings"),
    [([CUBIC, [[1]]], [(0, 3)]), ([CUBIC, [["1/2", 1], [0, "1/2"]]], [(2, 4)]), ([CUBIC, CUBIC], [(0, 3)]), ([CUBIC, CUBIC], [])],
    ids=["1 twice", "repeated", "cubic in Jordan blocks", "cubic twice"],
)
def test_a_cubic_beside_repeated_eigenvalues(blocks, couplings):
    """Degree 3 keeps its division lazy, with polynomials in the semisimple part of the whole matrix."""
    M = sp.diag(*(sp.Matrix([[sp.Rational(x) for x in row] for row in block]) for block in blocks))
    for i, j in couplings:
        M[i, j] = 1
    both_forms_agree(QQ.matrix([[QQ.element(x) for x in M.row(i)] for i in range(M.rows)]))


def both_forms_agree(M):
    n = M.nrows()
    B = QQ.fill(n, 2, [QQ.element(k * k - 3 * k + 1) for k in range(2 * n)])
    ours = augmented_logarithm(QQ, M, B, QQ.factor(QQ.characteristic_polynomial(M)))
    rows = [[*m, *b] for m, b in zip(M.tolist(), B.tolist(), strict=True)] + [
        [QQ.element(int(i == j)) for j in range(n + 2)] for i in range(n, n + 2)
    ]
    theirs = logarithm(QQ, QQ.matrix(rows))
    terms = sorted(ours.terms, key=lambda t: (t.degree, str(t.factor)))
    expected = sorted(theirs.terms, key=lambda t: (t.degree, str(t.factor)))
    assert ours.matrix == theirs.matrix
    assert ours.rational_part == theirs.rational_part
    assert [t.factor for t in terms] == [t.factor for t in expected]
    assert all(s.projectors == t.projectors for s, t in zip(terms, expected, strict=True))


def mp(matrix) -> mpmath.matrix:
    with mpmath.workdps(60):
        return mpmath.matrix([[mpmath.mpf(str(sp.re(e.evalf(60)))) for e in matrix.row(i)] for i in range(matrix.rows)])


def distance(first, second) -> float:
    return max(abs(e) for e in first - second)


@pytest.mark.parametrize(
    ("n", "count", "at_least"),
    [(2, 25, 10), pytest.param(2, 45, 14, marks=pytest.mark.slow), pytest.param(3, 8, 12, marks=pytest.mark.slow)],
)
def test_the_printed_closed_form_has_the_map_as_its_flow(n, count, at_least):
    """exp(X^) of the expressions, by mpmath's series, is the augmented matrix; and the flow over 1/3 composed three times is."""
    net, rng, used = letters(n), random.Random(5), set()
    ode = sr.derive(net, dt=1)
    for k in range(count):
        values = boundary_values(net, rng) if k % 2 == 0 else random_values(net, rng)
        exact = {s: sp.Rational(str(values[str(s)])) for s in net.parameters}
        for pattern in ode:
            if not ode[pattern].condition.at(values):
                continue
            case = ode[pattern].case_at(values)
            used.add((pattern, str(case.condition)))
            X = case.augmented.xreplace(exact)
            assert not X.has(sp.I)
            region = net.subs(values).region(pattern)
            expected = mp(
                sp.Matrix(n + 1, n + 1, lambda i, j, r=region: (r.matrix.row_join(r.offset))[i, j] if i < n else int(j == n))
            )
            with mpmath.workdps(60):
                assert distance(mpmath.expm(mp(X)), expected) < 1e-35 * (1 + mpmath.mnorm(expected)), (pattern, values)
                third = mp(case.flow(sp.Rational(1, 3)).augmented.xreplace(exact))
                assert distance(third * third * third, expected) < 1e-35 * (1 + mpmath.mnorm(expected)), (pattern, values)
    assert len(used) >= at_least


def test_the_cases_of_the_two_unit_network():
    ode = sr.derive(letters(2, positive=True), dt=1)
    assert [len(ode[p].cases) for p in ode] == [7, 8, 8, 7]
    assert [len({case.case.domain for case in ode[p].cases}) for p in ode] == [4, 5, 5, 5]
    eleven = ode["11"]
    assert str(eleven.condition) == "IF(a1*a2 - w12*w21 > 0)"
    real, pair, double, double_one, _, one, _ = eleven.cases
    assert [case.equilibria for case in eleven.cases] == ["one point"] * 3 + ["an affine subspace", "none"] * 2
    tau, delta, Delta, ell = (symbol for symbol, _ in real.named.definitions)
    a1, a2, w12, w21 = sp.symbols("a1 a2", positive=True) + sp.symbols("w12 w21", real=True)
    by_hand = sp.Matrix(
        [[sp.log(delta) / 2 + ell * (a1 - a2), 2 * w12 * ell], [2 * w21 * ell, sp.log(delta) / 2 - ell * (a1 - a2)]]
    )
    assert (sp.Matrix(real.named.matrix[:2, :2]) - by_hand).expand() == sp.zeros(2)
    assert real.named.matrix == pair.named.matrix
    root = sp.sqrt(Delta)
    assert dict(real.named.definitions)[ell] == sp.log((tau + root) / (tau - root)) / (2 * root)
    assert dict(pair.named.definitions)[ell] == sp.atan2(sp.sqrt(-Delta), tau) / sp.sqrt(-Delta)
    mean = (a1 + a2) / 2
    expected = sp.Matrix([[sp.log(mean) + (a1 - mean) / mean, w12 / mean], [w21 / mean, sp.log(mean) + (a2 - mean) / mean]])
    assert (double.matrix - expected).applyfunc(sp.simplify) == sp.zeros(2)
    assert double_one.matrix == sp.Matrix([[a1 - 1, w12], [w21, 1 - a1]])
    log = sp.log(a1 + a2 - 1) / (a1 + a2 - 2)
    assert (one.matrix - log * sp.Matrix([[a1 - 1, w12], [w21, a2 - 1]])).applyfunc(sp.simplify) == sp.zeros(2)


def test_square_roots_of_cases_are_expanded_where_that_is_shorter():
    net = sr.PLRNN(["mu", "1/2"], [[0, "-1/2"], ["1/2", 0]], ["1/4", "1/3"], dt=1, parameters={"mu": "positive"})
    first = sr.derive(net)["11"].cases[0].matrix
    [mu] = net.parameters
    assert {x.base for x in first.atoms(sp.Pow) if abs(x.exp) == sp.Rational(1, 2)} == {mu**2 - mu - sp.Rational(3, 4)}


def test_a_coincidence_that_no_denominator_shows_is_no_case():
    """diag(a, b) without offset: nothing happens at a = b or at 1."""
    ode = sr.derive(sr.PLRNN(["a", "b"], [[0, 0], [0, 0]], [0, 0], parameters={"a": "positive", "b": "positive"}), dt=1)
    assert [len(ode[p].cases) for p in ode] == [1, 1, 1, 1]
    assert ode["11"].matrix == sp.diag(*(sp.log(s) for s in ode.network.parameters))
    assert ode["11"].cases[0].condition == ALWAYS


@pytest.mark.parametrize(("n", "count"), [(2, 60), pytest.param(3, 60, marks=pytest.mark.slow)])
def test_cases_cover_where_e2_holds_and_nothing_else(n, count):
    net, rng = letters(n), random.Random(2)
    ode = sr.derive(net, dt=1)
    for k in range(count):
        values = boundary_values(net, rng) if k % 2 else random_values(net, rng)
        for pattern in ode:
            held = [case for case in ode[pattern].cases if case.condition.at(values)]
            assert len(held) == int(bool(ode[pattern].condition.at(values))), (pattern, values)


def test_no_case_is_vacuous_in_two_units():
    """Every case is met by some values (found by looking), so nothing that is printed is about nothing."""
    net, rng = letters(2, positive=True), random.Random(9)
    ode = sr.derive(net, dt=1)
    missing = {(p, i) for p in ode for i in range(len(ode[p].cases))}
    tries = 0
    while missing and tries < 4000:
        values = {k: abs(v) or sp.Rational(1, 3) if k.startswith("a") else v for k, v in boundary_values(net, rng).items()}
        a1, a2, w12 = values["a1"], values["a2"], values["w12"] or 1
        values |= rng.choice(
            [{}, {"w12": w12, "w21": (1 - a1) * (1 - a2) / w12}, {"w12": w12, "w21": -((a1 - a2) ** 2) / (4 * w12)}]
        )
        if rng.random() < 0.3:
            values |= {"a2": abs(2 - a1) or 1, "w12": w12, "w21": -((a1 - 1) ** 2) / w12}
        kind = rng.random()
        if kind < 0.2:
            values |= {"h1": Fraction(0), "h2": Fraction(0)}
        elif kind < 0.5:
            values = with_fixed_points(net, values, rng)
        elif kind < 0.7:  # in the range of I - M in the regions of one active unit
            pattern = rng.choice(["10", "01"])
            M, z = net.subs(values).region(pattern).matrix, sp.Matrix([rng.choice([1, 2]), rng.choice([-1, 3])])
            values |= dict(zip(("h1", "h2"), (sp.eye(2) - M) * z, strict=True))
        missing -= {(p, i) for p, i in missing if ode[p].cases[i].condition.at(values)}
        tries += 1
    assert not missing


def test_substituting_one_letter_after_the_other_is_the_same():
    net = letters(2)
    ode, values = sr.derive(net, dt=1), {"a1": "1/2", "a2": "3/4", "w12": "1/5", "w21": "-1/3", "h1": 1, "h2": "1/7"}
    first = {k: values[k] for k in ("a1", "w21")}
    rest = {k: values[k] for k in values if k not in first}
    at_once, in_steps = ode.subs(values), ode.subs(first).subs(rest)
    for pattern in ode:
        assert same(at_once[pattern].logarithm, in_steps[pattern].logarithm)
        assert at_once[pattern].offset == in_steps[pattern].offset
    partial = ode.subs(first)["11"]
    assert partial.has_parameters
    assert {str(s) for s in partial.parameters} == {"a2", "w12", "h1", "h2"}


def test_the_one_formula_has_the_values_of_the_cases():
    ode = sr.derive(sr.PLRNN(["a"], [["w"]], ["h"], parameters={"a": "positive", "w": "real", "h": "real"}), dt=1)["1"]
    a, w, h = ode.parameters
    assert ode.offset[0].subs({a: 1, w: 0, h: 3}) == 3
    assert ode.offset[0].subs({a: 2, w: 0, h: 3}) == 3 * sp.log(2)
    assert not ode.offset[0].subs({a: 1, w: -2, h: 3}).is_real  # no principal ODE there


def test_the_addition_problem_with_letters_is_that_of_numbers():
    net, numbers = sr.example("addition_letters"), sr.example("addition")
    ode, exact = sr.derive(net), sr.derive(numbers)
    substituted = ode.subs({"a": "1/100", "w": 1, "b": "199/200"})
    a, w, b = net.parameters
    for pattern in exact:
        ours, theirs = substituted[pattern], exact[pattern]
        assert same(ours.logarithm, theirs.logarithm)
        assert (ours.matrix, ours.offset, ours.input_matrix) == (theirs.matrix, theirs.offset, theirs.input_matrix)
        assert ours.digits(30) == theirs.digits(30)
        domains = dict.fromkeys(str(case.case.domain) for case in ode[pattern].cases)
        assert list(domains) == ["Ne(a, 1)", "Eq(a, 1)"]
    generic = ode["01"].cases[0]
    assert sp.simplify(generic.matrix - sp.Matrix([[0, w * sp.log(a) / (a - 1)], [0, sp.log(a)]])) == sp.zeros(2)
    by_hand = sp.Matrix([-b * w * (sp.log(a) / (a - 1) - 1) / (a - 1), -b * sp.log(a) / (a - 1)])
    assert sp.simplify(generic.offset - by_hand) == sp.zeros(2, 1)


def test_degree_four_is_resolved():
    """A 4-unit cycle with one letter: the repeated root of the quartic at w = 0 has a closed form; E2 fails at the irrational w."""
    net = sr.PLRNN(["1/2"] * 4, [[0, 0, 0, "w"], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, "w"]], [1, 0, 0, 0], parameters=["w"])
    ode = sr.derive(net, dt=1)["1111"]
    assert sorted(sorted(m for _, m in case.case.factors) for case in ode.cases) == [[1], [1, 1], [4]]
    irrational = -4 * sp.cbrt(4) / 3  # 27 w^3 + 256 = 0
    assert not ode.condition.at({"w": irrational})
    assert [sorted(m for _, m in case.case.factors) for case in ode.other_cases if case.condition.at({"w": irrational})] == [
        [1, 2]
    ]
    for w in ("0", "1/10", "1/18", "-1"):
        assert sum(case.condition.at({"w": w}) for case in ode.cases) == bool(ode.condition.at({"w": w}))
    assert same(ode.subs({"w": 0}).logarithm, sr.derive(net.subs({"w": 0}).region("1111"), dt=1).logarithm)


def test_floats_and_letters_mix_exactly():
    """0.1 is the dyadic rational that it stores; coefficients of many bits go through the factorisation."""
    w = sp.Symbol("w", real=True)
    net = sr.PLRNN([0.1, 0.7], [[0, w], [0.3, 0]], [0.2, w / 3])
    ode = sr.derive(net, dt=1)
    values = {w: 0.2}
    for pattern in ode:
        assert same(ode[pattern].subs(values).logarithm, sr.derive(net.subs(values), dt=1)[pattern].logarithm)
    exact = sp.Rational(0.1) * sp.Rational(0.7) / sp.Rational(0.3)
    assert not ode["11"].condition.at({w: exact})
    assert ode["11"].condition.at({w: exact - sp.Rational(1, 10**40)})


def test_a_trained_network_with_a_letter_in_its_bias(van_der_pol):
    """Ten units of floats and an input current s: the closed form holds for every s, and the fixed point is real for some."""
    s = sp.Symbol("s", real=True)
    h = list(van_der_pol.h)
    net = sr.PLRNN(van_der_pol.A, van_der_pol.W, [h[0] + s, *h[1:]])
    pattern = "1" * 10
    check = sr.check(net, [pattern]).verdicts[pattern]
    numbers = sr.check(van_der_pol, [pattern]).verdicts[pattern]
    assert (check["E2"].truth, check["E3"].truth, check.stable) == (numbers["E2"].truth, numbers["E3"].truth, numbers.stable)
    ode = sr.derive(net.region(pattern), "1/10")
    assert [str(case.condition) for case in ode.cases] == ["True"]
    direct = sr.derive(net.subs({s: "1/3"}).region(pattern), "1/10")
    assert ode.subs({s: "1/3"}).digits(12) == direct.digits(12)
    real = sr.fixed_point_facts(net.region(pattern)).real
    for value in (-3, 0, "1/2", 7):
        assert real.at({s: value}) == sr.fixed_point_facts(net.subs({s: value}).region(pattern)).real


def test_five_groups_of_eigenvalues_with_one_coincidence() -> None:
    """An offset in one of five decoupled units: the closed form is that of each unit on its own."""
    names = [f"a{i}" for i in range(5)]
    net = sr.PLRNN(names, [[0] * 5] * 5, ["h", 0, 0, 0, 0], parameters={**dict.fromkeys(names, "positive"), "h": "real"})
    ode = sr.derive(net.region("00000"), dt=1)
    h, a0 = sp.Symbol("h", real=True), sp.Symbol("a0", positive=True)
    assert [str(case.domain) for case in ode.cases] == ["Ne(a0, 1)", "Eq(a0, 1)", "Eq(a0, 1)"]
    assert [case.offset[0] for case in ode.cases] == [h * sp.log(a0) / (a0 - 1), h, h]
    for case in ode.cases:
        assert case.offset[1:, 0] == sp.zeros(4, 1)
        assert case.matrix[1:, 1:] == sp.diag(*(sp.log(sp.Symbol(name, positive=True)) for name in names[1:]))
    assert [case.equilibria for case in ode.cases] == ["one point, or an affine subspace", "an affine subspace", "none"]


def test_five_groups_with_five_coincidences_are_listed_and_seven_with_one_are_not() -> None:
    names = [f"{letter}{i}" for letter in "ah" for i in range(7)]
    five = sr.PLRNN(names[:5], [[0] * 5] * 5, names[7:12], parameters=[*names[:5], *names[7:12]])
    ode, rng = sr.derive(five.region("00000"), dt=1), random.Random(6)
    for _ in range(2):
        values = {f"a{i}": rng.choice([Fraction(1), Fraction(1, 2), Fraction(3)]) for i in range(5)}
        values |= {f"h{i}": Fraction(rng.randint(-1, 1)) for i in range(5)}
        ours, theirs = ode.subs(values), sr.derive(five.subs(values).region("00000"), dt=1)
        assert same(ours.logarithm, theirs.logarithm)
        assert ode.case_at(values).equilibria in (equilibria_at(five.subs(values), "00000"), "an affine subspace, or none")
    seven = sr.PLRNN(names[:7], [[0] * 7] * 7, ["h0", *[0] * 6], parameters=names[:8])
    assert "7 groups" in (found := sr.derive(seven.region("0" * 7), dt=1)).unlisted
    assert "at each of 1 coincidence (one is" in found.unlisted


@pytest.mark.parametrize("units", [6, 7])
def test_too_many_groups_of_eigenvalues_are_not_listed(units: int) -> None:
    names = [f"{letter}{i}" for letter in "ah" for i in range(units)]
    net = sr.PLRNN(names[:units], [[0] * units] * units, names[units:], parameters=names)
    ode = sr.derive(net.region("0" * units), dt=1)
    assert f"the eigenvalues are {units} groups" in ode.unlisted
    assert f"at each of {units} coincidences" in ode.unlisted
    values = {name: Fraction(k + 2, 20) for k, name in enumerate(names)}
    ours, theirs = ode.subs(values), sr.derive(net.subs(values).region("0" * units), dt=1)
    assert same(ours.logarithm, theirs.logarithm)


def test_many_groups_of_eigenvalues_that_never_matter_are_listed() -> None:
    names = [f"a{i}" for i in range(6)]
    net = sr.PLRNN(names, [[0] * 6] * 6, [0] * 6, parameters=names)  # without an offset the eigenvalue 1 needs no case
    [case] = sr.derive(net.region("000000"), dt=1).cases
    assert case.matrix == sp.diag(*(sp.log(symbol) for symbol in net.parameters))


def listed(entries, parameters, offset=(), *, search):
    """What a search finds for the matrices [M, B], given by expressions."""
    K, n = field_of(parameters), len(entries)
    M = K.fill(n, n, [K.element(sp.sympify(e)) for row in entries for e in row])
    B = K.fill(n, len(offset) // n, [K.element(sp.sympify(e)) for e in offset])
    return search(K, M, B, K.factor(K.characteristic_polynomial(M)))


def principal_cases(K, M, B, factors):
    return [str(case.condition) for case in cases(K, M, B, factors, ALWAYS).cases]


def test_the_search_goes_on_after_a_coincidence_that_is_no_case():
    """M = diag(a, b): where a = b nothing divides by 0, but a = 1 and b = 1 are cases; so are they for b > 0 > -b - 1."""
    a, b = sp.symbols("a b", positive=True)
    assert listed([[a, 0], [0, b]], [a, b], [1, 1], search=principal_cases) == [
        "Ne(a, 1) & Ne(b, 1)",
        "Eq(a, 1) & Ne(b, 1)",
        "Eq(a, 1) & Eq(b, 1)",
        "Eq(b, 1) & Ne(a, 1)",
    ]
    # A denominator b + 1, which is never 0.
    assert listed([[a, 1], [0, a + b + 1]], [a, b], [1, 1], search=principal_cases) == ["Ne(a, 1)", "Eq(a, 1)"]


def test_patterns_are_sought_after_a_coincidence_that_is_nowhere():
    r, s = sp.symbols("r s", real=True)
    K = field_of([r, s])
    M = K.fill(3, 3, [K.element(e) for e in (r, 0, 0, 0, r + 1, 0, 0, 0, s)])
    found = structures(K, M, K.factor(K.characteristic_polynomial(M)), M)
    assert [sorted(m for _, m in part.factors) for part in found] == [[1, 1, 1], [1, 2], [1, 2]]


def test_a_power_of_what_a_denominator_shows_is_excluded_with_it():
    """The discriminant of M is 4 r^3 s, and the denominators are r and r s: the roots are simple where these are not 0."""
    r, s = sp.symbols("r s", real=True)
    seen = []

    def look(part, log):
        seen.append((str(part.condition), any(frozenset((text_of(g),)) in part.apart for g, _ in part.factors)))
        return iter(())

    rule = Rule(look, lambda part, coincidence: False)
    listed([[2, r**2 * s], [r, 2]], [r, s], search=lambda K, M, B, factors: explored(Part(K, M, B, tuple(factors)), rule))
    assert ("Ne(r, 0) & Ne(s, 0)", True) in seen
