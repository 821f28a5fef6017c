"""Regions with letters whose cases are too many to be listed: every value still has its system, and nothing is refused."""

import itertools
import pickle
import random
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn import limits
from symplrnn.exact.coupling import block
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.logarithm.componentwise import componentwise_logarithm
from symplrnn.logarithm.lifted_form import named_logarithm
from symplrnn.logarithm.spectral_form import augmented_logarithm
from tests.logarithm.cases.test_where_e2_fails import check_step
from tests.network.test_substitution import letters, random_values


def uncoupled(n: int) -> sr.ReLURNN:
    """n units that do not act on each other, with letters for diagonal and bias: 2 n letters, 6 groups of eigenvalues for n = 6."""
    names = [f"a{i}" for i in range(n)], [f"h{i}" for i in range(n)]
    return sr.PLRNN(names[0], [[0] * n] * n, names[1], parameters=[*names[0], *names[1]], dt="1/2")


def ring(n: int) -> sr.ReLURNN:
    """A ring of n units: the characteristic polynomial is x^n - a."""
    W = [["a" if (i, j) == (0, n - 1) else int(i == j + 1) for j in range(n)] for i in range(n)]
    return sr.ReLURNN(W, [[]] * n, ["h", *[0] * (n - 1)], V=[], parameters=["a", "h"], dt=1)


def companion(column: list[str]) -> sr.ReLURNN:
    """Without units, with the characteristic polynomial x^n - (last entry) x^(n-1) - ... - (first entry)."""
    n = len(column)
    M = [[column[i] if j == n - 1 else int(i == j + 1) for j in range(n)] for i in range(n)]
    return sr.ReLURNN(M, [[]] * n, [1, *[0] * (n - 1)], V=[], parameters=[x for x in column if x.isalpha()])


def check_values(net: sr.ReLURNN, ode, values) -> sr.CaseODE:
    """The case at values is the system that the engine over Q derives for them, and one step is the map, by mpmath."""
    case, pattern = ode.case_at(values), ode.region.pattern
    region = net.subs(values).region(pattern)
    expected = sr.derive(region, ode.dt)
    assert (case.kind, case.extra, case.is_principal) == (expected.kind, expected.extra, expected.is_principal), values
    assert case.condition.at(values)
    assert isinstance(ode.subs(values), sr.RegionODE)
    assert ode.subs(values).kind == expected.kind
    check_step(case, region, {s: sp.Rational(str(values[str(s)])) for s in net.parameters})
    return case


@cache
def six_units() -> sr.RegionODE:
    """The region of six uncoupled units that several tests look at."""
    return sr.derive(uncoupled(6))["111111"]


@pytest.mark.slow
def test_four_coupled_units_with_all_entries_free():
    net, rng = letters(4), random.Random(7)
    ode = sr.derive(net, dt="1/3")["1111"]
    assert (ode.cases, ode.other_cases, ode.shown, ode.kind) == ((), (), (), "real")  # the one formula is that of E2
    assert "4 coupled units with 16 letters" in ode.unlisted
    assert ode.unlisted_others == ode.unlisted
    kinds = set()
    for k in range(7):
        values = random_values(net, rng)
        if k % 3 == 0:
            values |= {str(s): Fraction(0) for s in net.parameters if str(s).startswith("w")}
            values |= {f"a{i}": Fraction(max(i - 3, -k), 2) for i in range(1, 5)} if k < 6 else {}
        kinds.add(check_values(net, ode, values).kind)
    assert kinds == {"real", "lifted", "impulsive", "lifted+impulsive"}


@pytest.mark.slow
def test_many_uncoupled_units():
    net, rng = uncoupled(6), random.Random(2)
    ode = six_units()
    assert ode.condition.formula is not None
    assert ode.condition.at({f"a{i}": 1 for i in range(6)}).is_true
    assert ode.kind == "real"
    assert "6 groups that depend on the parameters" in ode.unlisted
    [generic] = ode.cases
    assert ode.why == generic.why
    assert generic.equilibria == "one point"
    a, h = sp.symbols("a0 h0", real=True)
    assert (generic.matrix[0, 0], generic.offset[0]) == (2 * sp.log(a), 2 * h * sp.log(a) / (a - 1))
    pool, kinds = [Fraction(x) for x in (-1, 0, 1, 2)] + [Fraction(-1, 3), Fraction(1, 2)], set()
    for _ in range(6):
        values = {str(s): rng.choice(pool) for s in net.parameters}
        kinds.add(check_values(net, ode, values).kind)
    assert {"lifted+impulsive", "impulsive"} <= kinds
    apart = {f"a{i}": Fraction(i + 2, 3 * i + 1) for i in range(6)} | {f"h{i}": Fraction(1) for i in range(6)}
    assert check_values(net, ode, apart) is generic
    ones = {f"a{i}": Fraction(1) for i in range(6)} | {f"h{i}": Fraction(i) for i in range(6)}
    assert check_values(net, ode, ones).equilibria == "none"
    lifted = {**apart, "a5": Fraction(-1, 3)}
    alone, [listed] = check_values(net, ode, lifted), [case for case in ode.other_cases if case.condition.at(lifted)]
    assert (alone.kind, alone.extra) == (listed.kind, listed.extra)


def test_cases_without_coincidences_are_listed_up_to_a_limit():
    ode = six_units()
    assert len(ode.other_cases) == 16
    assert "at each of 27 coincidences" in ode.unlisted_others  # 15 pairs, 6 zeros, 6 ones
    assert {case.kind for case in ode.other_cases} == {"lifted"}
    values = {str(s): Fraction(k + 2, 3 * k + 7) for k, s in enumerate(ode.parameters)}
    assert [case for case in (*ode.cases, *ode.other_cases) if case.condition.at(values)] == list(ode.cases)


def test_a_polynomial_of_high_degree():
    net = ring(7)
    ode = sr.derive(net)[""]
    assert "degree 7 with letters" in ode.unlisted
    for a, kind in ((2, "real"), (-2, "lifted"), (0, "impulsive")):
        assert check_values(net, ode, {"a": Fraction(a), "h": Fraction(1, 3)}).kind == kind
    found = sr.check(net).verdicts[""]
    for a in (2, -2, 0):  # stated as a polynomial in t without a zero on [0, 1], and decided at values
        assert found["E2"].truth.at({"a": a, "h": 1}).is_true == (a > 0)
    assert found.unit_eigenvalue.at({"a": 1}).is_true
    assert found.needs_jump.at({"a": 0}).is_true


@pytest.mark.slow
@pytest.mark.parametrize(
    ("net", "pattern"),
    [(companion(["a", "b", "c", "0"]), ""), (letters(4), "1100")],
    ids=["quartic", "coupled"],
)
def test_cases_beyond_with_long_chains_are_not_listed(net, pattern):
    """Those of E2 are; where it fails the system comes from the values."""
    ode, rng, kinds = sr.derive(net, dt=1)[pattern], random.Random(4), set()
    assert not ode.unlisted
    assert ode.unlisted_others == "that takes more than 24000000 steps of work on polynomials"
    assert all(case.kind == "lifted" for case in ode.other_cases)
    for _ in range(6):
        values = random_values(net, rng)
        case = check_values(net, ode, values)
        assert (case in ode.cases) == (ode.condition.at(values).is_true)
        kinds.add(case.kind)
    assert len(kinds) > 1


def random_network(rng: random.Random) -> tuple[sr.ReLURNN, str]:
    """A PLRNN of 1 to 7 units with up to 20 letters, products of two of them, numbers, and sometimes roots; and a pattern."""
    n, names = rng.randint(1, 7), [f"x{i}" for i in range(rng.randint(1, 20))]
    pool = [0] * rng.randint(1, 6) + [
        1,
        -1,
        "1/2",
        "-1/3",
        2,
        *names,
        *(f"{a}*{b}" for a, b in itertools.pairwise(names)),
    ]
    pool += [sp.sqrt(2), -sp.sqrt(3)] if rng.random() < 0.2 else []
    A, h = ([rng.choice(pool) for _ in range(n)] for _ in range(2))
    W = [[rng.choice(pool) for _ in range(n)] for _ in range(n)]
    return sr.PLRNN(A, W, h, parameters=names, dt=1), "".join(rng.choice("01") for _ in range(n))


def network_of_floats(rng: random.Random) -> tuple[sr.ReLURNN, str]:
    """A PLRNN of 2 to 8 units with entries as training leaves them, up to 6 of which are letters; and a pattern."""
    n = rng.randint(2, 8)
    A, h = ([rng.uniform(-1, 1) for _ in range(n)] for _ in range(2))
    W = [[rng.gauss(0, 0.5) if i != j else 0 for j in range(n)] for i in range(n)]
    names = [f"x{i}" for i in range(rng.randint(1, 6))]
    for name in names:
        i, j = rng.randrange(n), rng.randrange(n)
        row, place = rng.choice([(A, i), (h, i), (W[i], j), (W[i], j)])
        row[place if row is not W[i] or i != j else j - 1] = name
    return sr.PLRNN(A, W, h, parameters=names, dt=1), "".join(rng.choice("0111") for _ in range(n))


def general_network(rng: random.Random) -> tuple[sr.ReLURNN, str]:
    """A general network of 1 to 6 units and up to 3 ReLUs, inputs and 6 letters, also in denominators, with roots; and a pattern."""
    n, p, m = rng.randint(1, 6), rng.randint(0, 3), rng.randint(0, 2)
    names = [f"x{i}" for i in range(rng.randint(1, 6))]
    numbers = [1, -1, "1/2", "-1/3", 2, *([sp.sqrt(2), -sp.sqrt(3) / 2] if rng.random() < 0.4 else [])]
    pool = [0] * rng.randint(1, 6) + [*numbers, *names, f"1/({names[0]}**2+1)", f"{names[-1]}-{names[0]}"]

    def matrix(rows: int, columns: int) -> list:
        return [[rng.choice(pool) for _ in range(columns)] for _ in range(rows)]

    net = sr.ReLURNN(
        matrix(n, n),
        matrix(n, p),
        [rng.choice(pool) for _ in range(n)],
        V=matrix(p, n),
        b=[rng.choice(pool) for _ in range(p)],
        C=matrix(n, m) if m else None,
        parameters=names,
        dt=rng.choice([1, "1/10", sp.sqrt(2)]),
    )
    return net, rng.choice([region.pattern for region in net.regions()])


@pytest.mark.slow
@pytest.mark.parametrize("make", [random_network, network_of_floats, general_network])
@pytest.mark.parametrize("seed", range(16))
def test_every_region_of_random_networks_has_its_system(seed, make):
    """None is refused, all end, and the case at values is the system that is derived from the values."""
    rng = random.Random(seed)
    net, pattern = make(rng)
    ode = sr.derive(net)[pattern]
    kinds = ode.kind.split(" or ")
    values = {
        str(x): rng.choice([Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(-2, 3)]) for x in net.parameters
    }
    if not ode.has_parameters:
        return  # no letter is left in this region
    case, other = ode.case_at(values), sr.derive(net.subs(values))[pattern]
    assert case.condition.at(values)
    assert (case.kind, case.extra, case.why != "") == (other.kind, other.extra, other.why != "")
    assert case.kind in kinds or (kinds == ["real"] and not ode.condition.at(values).is_true)
    verdict = sr.check(net, [pattern]).verdicts[pattern].principal.at(values)
    assert verdict.is_unknown or verdict.is_true == (case.kind == "real" and case.is_principal)
    assert (ode.subs(values).kind, ode.subs(values).extra) == (other.kind, other.extra)
    check_step(case, net.subs(values).region(pattern), {s: sp.Rational(str(values[str(s)])) for s in net.parameters})


def test_check_says_unknown_of_a_region_that_is_too_large():
    names = [[f"m{i}{j}" for j in range(4)] for i in range(4)]
    report = sr.check(sr.ReLURNN(names, [[]] * 4, [0] * 4, V=[], parameters=[x for row in names for x in row]), [""])
    verdict = report.verdicts[""]
    entries = {f"m{i}{j}": int(i == j) for i in range(4) for j in range(4)}
    assert verdict.principal.at(entries).is_true  # E2 is always a formula
    assert verdict.principal.at(entries | {"m33": -1}).is_false
    assert str(verdict.stable) == "IF(all eigenvalues of M are inside the unit circle)"  # stated, and decided at values
    assert verdict.stable.at(entries).is_false
    assert verdict.stable.at({name: value if isinstance(value, str) else f"{value}/2" for name, value in entries.items()}).is_true
    for truth in (verdict.real, verdict.unique, verdict.diagonalisable, verdict.unit_eigenvalue):
        assert truth.is_unknown
        assert "4 coupled units with 16 letters" in truth.reason
    assert (verdict.lift, report.counts["unknown"], report.counts["principal"]) == (None, 1, 0)
    [found] = report.to_dict()["verdicts"]
    assert (found["spectrum"]["factors"], found["fixed_point"]["state"]) == (None, None)
    assert "unknown" in report.to_latex()
    point = sr.fixed_point_facts(report.network.region(""))
    assert (point.fixed_point, point.real.is_unknown, point.virtual.is_unknown) == (None, True, True)
    collision = sr.fixed_point_facts(letters(4).region("1111")).collision
    assert [(unit, truth.is_unknown) for unit, truth in collision] == [(unit, True) for unit in range(1, 5)]


def test_g1_is_unknown_where_a_minor_is_too_large():
    net = letters(4, positive=True)
    assert sr.check(net, ["1111", "1110"]).global_verdict.truth.is_unknown


def test_a_formula_with_too_many_terms_says_what_it_is():
    ode = sr.derive(letters(7), dt=1)["1111111"]
    for ask in (lambda: ode.matrix, lambda: ode.offset):
        with pytest.raises(sr.TooLarge, match=r"region 1111111: .* steps .*; X = N Phi/dt, .*; give parameters values by subs"):
            ask()
    with pytest.raises(sr.EntryError, match="the parameter a1 has no value; needed are a1, a2"):
        ode.case_at({})


def test_fewer_letters_by_subs():
    net = letters(4)
    values = {str(s): 0 for s in net.parameters if str(s) not in ("a1", "a2", "h1", "h2")}
    rest = sr.derive(net, dt=1)["1111"].subs(values)
    assert not rest.unlisted
    assert rest.case_at({"a1": 0, "a2": 0, "h1": 1, "h2": 1}).kind == "impulsive"
    assert {str(s) for s in rest.parameters} == {"a1", "a2", "h1", "h2"}


def test_values_where_entries_are_irrational():
    """The network with a letter and sqrt(2) at a rational value of the letter: its closed form is over Q(sqrt(2))."""
    net = sr.ReLURNN([["a", 0], [sp.sqrt(2), "1/2"]], [[], []], [0, 1], V=[], parameters=["a"], dt=1)
    ode, expected = sr.derive(net)[""], sp.Matrix([[sp.Rational(1, 3), 0], [sp.sqrt(2), sp.Rational(1, 2)]])
    for found in (ode.subs({"a": "1/3"}), sr.derive(net).subs({"a": "1/3"})[""]):
        assert found.kind == "real"
        assert max(abs(x) for x in (found.matrix.evalf(40).exp() - expected).evalf(30)) < 1e-25
    lifted = ode.subs({"a": "-1/3"})
    assert (lifted.kind, lifted.extra) == ("lifted", 1)
    # Without irrational entries it is the certified closed form over Q.
    net = sr.ReLURNN([["a", 0], [0, "1/2"]], [[], []], ["a", 1], V=[], parameters=["a"], dt=1)
    assert isinstance(sr.derive(net)[""].subs({"a": "1/3"}), sr.RegionODE)


@pytest.mark.slow
def test_irrational_values():
    ode = six_units()
    values = {f"a{i}": -sp.sqrt(i + 2) for i in range(6)} | {f"h{i}": 1 for i in range(6)}
    values["a1"] = values["a0"]
    case = ode.case_at(values)
    assert (case.kind, case.extra) == ("lifted", 4)  # two of them are equal and turn into each other
    check_step(case, uncoupled(6).subs(values).region("111111"), {})


def test_cases_of_points_pickle():
    ode = sr.derive(letters(4), dt=1)["1111"]
    case = ode.case_at({str(s): Fraction(k, 7) for k, s in enumerate(ode.parameters)})
    again = pickle.loads(pickle.dumps(case))
    assert (again.condition, again.matrix, again.kind) == (case.condition, case.matrix, case.kind)
    assert pickle.loads(pickle.dumps(ode)).unlisted == ode.unlisted


def test_letters_of_dt_stay():
    net = uncoupled(6)
    ode = sr.derive(net, dt=sp.Symbol("T", positive=True))["111111"]
    values = {str(s): Fraction(1, 2) if str(s).startswith("h") else Fraction(-1, 3) for s in net.parameters}
    T = sp.Symbol("T", positive=True)
    assert ode.case_at({**values, "T": 2}).matrix[0, 0] == -sp.log(3) / 2
    assert ode.case_at(values).matrix[0, 0] == -sp.log(3) / T
    assert ode.subs({**values, "T": 2}).matrix[0, 0] == -sp.log(3) / 2


# The logarithm component by component


def test_componentwise_is_the_logarithm_of_the_whole():
    a, b, c = sp.symbols("a b c", real=True)
    K = field_of([a, b, c])
    rows = [[a, 0, b, 0, 0], [0, c, 0, 0, 0], [1, 0, a, 0, 0], [0, 0, 0, 1, 1], [0, 0, 0, 0, 1]]
    M = K.matrix([[K.element(x) for x in row] for row in rows])
    for B in (K.fill(5, 0, []), K.fill(5, 2, [K.element(x) for x in (a, 1, b, 0, c, 1, 1, 0, 0, 1)])):
        factors = K.factor(K.characteristic_polynomial(M))
        same_logarithm(K, componentwise_logarithm(K, M, B, factors), augmented_logarithm(K, M, B, factors))


@pytest.mark.parametrize("seed", range(12))
def test_componentwise_over_q(seed):
    rng = random.Random(seed)
    sizes = [rng.randint(1, 3) for _ in range(3)]
    n = sum(sizes)
    M, place = [[0] * n for _ in range(n)], 0
    for size in sizes:
        for i in range(size):
            for j in range(size):
                M[place + i][place + j] = rng.choice([0, 1, 1, -1, 2])
        place += size
    order = rng.sample(range(n), n)  # the components need not stand side by side
    matrix = block(QQ, QQ.matrix(M), order, order)
    B = QQ.fill(n, 1, [rng.randint(-2, 2) for _ in range(n)])
    factors = QQ.factor(QQ.characteristic_polynomial(matrix))
    same_logarithm(QQ, componentwise_logarithm(QQ, matrix, B, factors), augmented_logarithm(QQ, matrix, B, factors))


def same_logarithm(K, first, second) -> None:
    assert first.matrix == second.matrix
    zero = first.matrix - first.matrix  # a power may vanish though the polynomial in M that it is does not
    powers = [[power for power in log.unipotent_powers if power != zero] for log in (first, second)]
    assert powers[0] == powers[1]
    assert [term.factor for term in first.terms] == [term.factor for term in second.terms]
    for ours, theirs in zip(first.terms, second.terms, strict=True):
        assert ours.projectors == theirs.projectors


def test_components_that_share_a_cubic_are_not_separated():
    """The terms of x^3 - x - 1 are divided by different polynomials, so that the sum is not a term of this form."""
    C = sp.Matrix([[0, 0, 1], [1, 0, 1], [0, 1, 0]])
    coupled = sp.Matrix.vstack(sp.Matrix.hstack(C, sp.Matrix([1, 0, 0])), sp.Matrix([[0, 0, 0, 2]]))
    M = QQ.matrix([[int(x) for x in row] for row in sp.diag(C, coupled).tolist()])
    B = QQ.fill(7, 1, [1, 0, 2, 0, -1, 0, 1])
    factors = QQ.factor(QQ.characteristic_polynomial(M))
    log = componentwise_logarithm(QQ, M, B, factors)
    same_logarithm(QQ, log, augmented_logarithm(QQ, M, B, factors))
    [cubic] = [term for term in log.terms if term.degree == 3]
    assert cubic.denominator.degree() == 2


def test_twenty_uncoupled_units_are_no_more_work_than_they_are():
    names = [f"a{i}" for i in range(20)]
    net = sr.PLRNN(names, [[0] * 20] * 20, [0] * 20, parameters=dict.fromkeys(names, "positive"), dt=1)
    [case] = sr.derive(net)["1" * 20].cases
    assert not sr.derive(net)["1" * 20].unlisted
    assert case.matrix == sp.diag(*(sp.log(s) for s in net.parameters))
    assert named_logarithm(case.case).definitions == ()


def test_conditions_that_are_too_much_work_are_unknown(monkeypatch):
    """With the reason; and a condition is not known or unknown by what was asked before."""
    net = letters(2)
    known = sr.check(net, ["11"]).verdicts["11"]
    assert not any(truth.is_unknown for truth in (known.principal, known.real, known.diagonalisable, known.stable))
    monkeypatch.setattr(limits, "CONDITION_STEPS", 100)
    verdict = sr.check(net, ["11"]).verdicts["11"]
    for truth in (verdict.real, verdict.unique, verdict.diagonalisable, verdict.stable):
        assert truth.is_unknown
        assert "that takes more than 100 steps of work on polynomials" in truth.reason
    facts = sr.spectrum(net.region("11"))
    assert facts.paired.is_unknown
    [part] = facts.compared_parts
    assert part.unresolved == "that takes more than 100 steps of work on polynomials"


def test_conditions_of_numbers_are_decided_whatever_they_take(monkeypatch):
    net = sr.PLRNN([sp.sqrt(2), -1], [[0, 1], [1, 0]], [1, 0])
    before = sr.check(net).to_dict()
    monkeypatch.setattr(limits, "CONDITION_STEPS", 1000)
    assert sr.check(net).to_dict() == before


def partly(net: sr.ReLURNN, cases=slice(0), unlisted="too much work") -> sr.RegionODE:
    """The region of a network of one unit, as if only some cases where E2 holds were listed."""
    ode = sr.derive(net, dt=1)["1"]
    truth, listing = ode._principal
    ode.__dict__["_principal"] = truth, replace(listing, cases=listing.cases[cases], unlisted=unlisted)
    return ode


def test_the_formula_does_not_depend_on_the_list_of_cases():
    """It is there, with its kind, also where no case is listed, or only some are."""
    ode = partly(sr.PLRNN(["a"], [["w"]], [1], parameters=["a", "w"]))
    assert (ode.unlisted_others, {case.kind for case in ode.shown}) == ("", {"lifted", "impulsive"})
    assert (ode.kind, ode.extra) == ("real", 0)
    assert ode.matrix[0] == sp.log(sum(ode.parameters))
    assert ode.case_at({"a": 1, "w": 1}).kind == "real"
    net = sr.PLRNN(["a"], [["w"]], [1], parameters={"a": "positive", "w": "positive"})
    ode, (a, w) = partly(net, slice(1)), net.parameters
    half = sp.Rational(1, 2)
    assert (ode.matrix[0].subs({a: half, w: half}), ode.offset[0].subs({a: half, w: half})) == (
        0,
        1,
    )  # the case that is not listed
    assert ode.flow(1).matrix[0] == a + w
