"""Wrong input from Python: an exception of the package with one clear line, never another exception and never a wrong answer."""

import copy
import pickle

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.conditions.formula import positive
from tests.logarithm.test_one_formula import decimal

PARAMETERS = {"a": "positive", "w": "real"}
NET = sr.PLRNN(["a", 1], [[0, "w"], [0, 0]], [0, "1/2"], dt=1, parameters=PARAMETERS)
NUMBERS = sr.PLRNN(["1/2", 1], [[0, 1], [0, 0]], [0, "1/2"], dt=1)
A, W = NET.parameters
ODE = sr.derive(NET)
FORMULA = positive(A - W)


def symbol(name, *words):
    return sp.Symbol(name, **dict.fromkeys(words, True))


def refused(work, problem):
    with pytest.raises(sr.SymplrnnError, match=problem) as caught:
        work()
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300


# A letter of a parameter's name is that parameter, or refused.

OTHER = symbol("a", "positive", "integer")


@pytest.mark.parametrize(
    "work",
    [
        lambda: sr.derive(NET, dt=OTHER),
        lambda: sr.derive(NET.region("01"), dt=1 / OTHER),
        lambda: ODE["01"].flow(OTHER),
        lambda: ODE["01"].cases[0].flow(symbol("t", "real") + symbol("a", "real")),
        lambda: NET.subs({"w": OTHER}),
        lambda: ODE.subs({"w": OTHER}),
        lambda: NET.region("01").affine([OTHER, 1]),
    ],
)
def test_a_letter_of_the_same_name_with_other_assumptions_is_refused(work):
    refused(work, "uses 'a' with other assumptions than it is declared with; accepted is the declared symbol or the plain")


def test_a_plain_symbol_is_the_parameter_of_its_name():
    plain = sp.Symbol("a")
    assert sr.derive(NET, dt=plain).dt == A
    assert ODE["01"].flow(plain).t == A
    assert NET.subs({"w": 2 * plain}).W[0, 1] == 2 * A
    assert NET.subs({"a": sp.Symbol("w") ** 2 + 1, "w": plain}).A[0, 0] == W**2 + 1
    assert NET.subs({"a": plain}).parameters == (A, W)
    assert NET.subs({"a": OTHER}).parameters == (OTHER, W)  # takes its place


def test_letters_of_dt_and_of_values():
    tau = symbol("tau", "positive")
    ode = sr.derive(NET, dt=tau)
    for work in (
        lambda: ode.subs({"w": symbol("tau", "real")}),
        lambda: ode["01"].subs({"w": symbol("tau", "real")}),
    ):
        refused(work, "uses 'tau' with other assumptions")
    refused(lambda: NET.subs({"a": symbol("c", "positive"), "w": symbol("c", "real")}), "values: c is used with two kinds")
    merged = ode.subs({"w": tau})
    assert merged.network.W[0, 1] == merged.dt == tau
    assert ode.subs({"w": "tau"}).network.W[0, 1] == tau


@pytest.mark.parametrize("bad", [symbol("t", "imaginary"), symbol("t", "complex"), sp.I * sp.Symbol("t"), sp.sin(sp.Symbol("t"))])
def test_times_that_are_not_real_are_refused(bad):
    for ode in (ODE["01"], ODE["01"].cases[0], sr.derive(NUMBERS)["01"]):
        refused(lambda ode=ode: ode.flow(bad), "^t: ")
    refused(lambda: sr.derive(NUMBERS)["01"].flow(sp.Symbol("t") + symbol("t", "real")), "t: t is used with two kinds")


def test_a_flow_with_letters_is_that_of_the_cases():
    t = symbol("t", "real")
    flow = ODE["01"].flow(t)
    for a in (sp.Rational(1, 2), sp.Integer(1)):
        values = {"a": a, "w": 3}
        exact = ODE.subs(values)["01"].flow(t)
        point = {A: a, W: 3, t: sp.Rational(1, 3)}
        for ours, theirs in ((flow.matrix, exact.matrix), (flow.offset, exact.offset)):
            assert all(abs(decimal(x, point) - sp.N(y.subs(point), 50)) < 1e-40 for x, y in zip(ours, theirs, strict=True))


# Names.


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("a1", "a_1"), "parameters: a1 and a_1 look alike in print, as a_{1}; accepted are names that differ in print"),
        (("tau", "tau_"), "parameters: tau and tau_ look alike in print"),
        (("Lambda", "Lamda"), "look alike in print"),
        (("o", "omicron"), "look alike in print"),
        (("a", "a__2"), "parameters: a__2 looks like a power of a in print"),
        (("z1", "b"), "parameters: the state z1 and z1 look alike in print"),
        (("b", "z_1"), "parameters: the state z1 and z_1 look alike in print"),
        (("b", "zeta1"), "parameters: the state zeta1 and zeta1 look alike in print"),
    ],
)
def test_names_that_look_alike_in_print_are_refused(names, problem):
    problem = problem.replace("{", r"\{")
    refused(lambda: sr.PLRNN([names[0]], [[names[1]]], [0], parameters=list(names)), problem)
    refused(lambda: sr.PLRNN([symbol(names[0], "real")], [[symbol(names[1], "real")]], [0]), problem)
    refused(lambda: sr.PLRNN([symbol(names[0], "real")], [[0]], [0], dt=symbol(names[1], "positive")), problem)
    if not names[0].startswith("z"):
        net = sr.PLRNN([symbol(names[0], "real")], [[0]], [0])
        refused(lambda: sr.derive(net, dt=symbol(names[1], "positive")), problem)
        refused(
            lambda: sr.PLRNN([names[0]], [["w"]], [0], parameters=[names[0], "w"]).subs({"w": symbol(names[1], "real")}), problem
        )


def test_names_that_differ_in_print_are_taken():
    names = ["a1", "a2", "a_12", "a", "A", "alpha", "z", "z2", "zeta", "lamda", "Alpha", "b_1_2"]
    assert len(sr.PLRNN(["a1"], [[0]], [0], parameters=names).parameters) == len(names)


@pytest.mark.parametrize("kind", [{"zero": True}, {"complex": True}, {"imaginary": True}, {"real": False}])
def test_symbols_that_are_no_parameters(kind):
    bad = sp.Symbol("c", **kind)
    for where, work in {
        r"A\[1\]": lambda: sr.PLRNN([bad], [[0]], [0]),
        r"h\[1\]": lambda: sr.PLRNN([1], [[0]], [1 - bad]),
        "dt": lambda: sr.derive(NET, dt=bad),
        "w": lambda: NET.subs({"w": bad}),
        "parameters": lambda: sr.PLRNN(["c"], [[0]], [0], parameters=[bad]),
    }.items():
        refused(work, f"^{where}: .*'c' (is no real parameter|leave only 0)")


# Values.


@pytest.mark.parametrize(
    "work",
    [
        NET.subs,
        ODE.subs,
        ODE["01"].subs,
        ODE["01"].case_at,
        FORMULA.at,
        FORMULA.subs,
        sr.TRUE.at,
        sr.FALSE.subs,
        sr.check(NET).verdicts["01"]["E2"].truth.at,
        lambda values: FORMULA.grid(x=("b", [1]), y=("c", [1]), at=values),
    ],
)
def test_values_have_to_be_one_for_each_parameter(work):
    for values in ({"a": 1, A: 2}, {"a": 1, A: 1}, {sp.Symbol("a"): 1, A: 1}):
        refused(lambda values=values: work({"w": 0, **values}), "the parameter a is given twice")
    for values in (5, [("a", 1)], "a=1"):
        refused(lambda values=values: work(values), "expected a mapping from parameters to values such as")


@pytest.mark.parametrize("work", [NET.subs, ODE.subs, ODE["01"].subs, ODE["01"].case_at])
def test_values_are_held_against_the_parameters(work):
    refused(lambda: work({"a": 1, "w": 0, "q": 1}), "q is no parameter of the network; its parameters are: a, w")
    refused(lambda: work({"a": -1, "w": 0}), "a: -1 is not positive, as declared")
    refused(lambda: work({"a": -sp.sqrt(2), "w": 0}), r"a: '-sqrt\(2\)' has not the sign that is declared")
    refused(lambda: work({symbol("a", "negative"): 1, "w": 0}), "a: the symbol has other assumptions than the parameter")
    refused(lambda: work({"a": "1/0", "w": 0}), "a: '1/0' divides by zero")
    refused(lambda: work({"a": 10**5000, "w": 0}), "a: a number of more than 4000 digits")


def test_axes_of_a_grid():
    for x in (5, "ab", ("a",), (1, [1]), ["a", [1], 2]):
        refused(lambda x=x: FORMULA.grid(x=x, y=("w", [1])), "grid: x: expected a pair")
    refused(lambda: FORMULA.grid(x=("a", 1), y=("w", [1])), "grid: a: expected a list of numbers")
    refused(lambda: FORMULA.grid(x=("a", [1]), y=(A, [1])), "grid: a parameter is given twice among a, a")
    refused(lambda: FORMULA.grid(x=("a", [1]), y=("b", [1])), "grid: the parameter w has no value")


def test_truths_and_formulas_combine_with_their_own_kind_only():
    for value in (sr.TRUE, sr.FALSE, FORMULA):
        for work in (lambda v: v & True, lambda v: v | 5):
            with pytest.raises(TypeError, match="unsupported operand"):
                work(value)


# The wrong kind of thing.

KINDS = {
    "fixed_point_facts: expected a region such as": sr.fixed_point_facts,
    "spectrum: expected a region such as": sr.spectrum,
    "check: expected a network": sr.check,
    "derive: expected a network or a region": lambda x: sr.derive(x, dt=1),
    "RegionODE: expected a region such as": lambda x: sr.RegionODE(x, sp.Integer(1)),
    "latex: a .* has no LaTeX form": sr.latex,
    "load: expected a path": sr.load,
    "example: expected the name of a packaged network": sr.example,
    "regions: expected patterns": lambda x: sr.check(NUMBERS, regions=x),
    "inputs: expected one input for each of 2 steps": lambda x: NUMBERS.orbit([1, 1], 2, inputs=x),
    "initial_states: expected a list of states": lambda x: sr.PLRNN([1], [[0]], [0], initial_states=x),
    "names: expected a list of 1 names": lambda x: sr.PLRNN([1], [[0]], [0], names=x),
    "progress: expected a function": lambda x: sr.check(NUMBERS, progress=x),
    "bits: expected a whole number": sr.derive(NUMBERS)["01"].enclosure,
    "digits: expected a whole number": lambda x: sr.derive(NUMBERS)["01"].flow(1).digits(x),
}


@pytest.mark.parametrize("problem", KINDS)
def test_the_wrong_kind_of_argument(problem):
    refused(lambda: KINDS[problem](3.5), problem)


def test_networks_are_no_regions_and_regions_no_networks():
    for work in (sr.fixed_point_facts, sr.spectrum):
        refused(lambda work=work: work(NET), "got a value of type ReLURNN")
    refused(lambda: sr.check(NET.region("01")), "got a value of type Region")
    refused(lambda: sr.derive(ODE), "got a value of type NetworkODE")
    refused(lambda: sr.PLRNN([sp.Matrix([A, 1])], [[0]], [0]), r"A\[1\]: Matrix\(\[ \[a\], \[1\]\]\) of type")


# Functions in double precision.


def test_lambdify_with_letters_names_them():
    tau = symbol("tau", "positive")
    refused(ODE["01"].lambdify, "lambdify: the ODE has the parameters a, w; give them values first, by ode.subs")
    refused(lambda: ODE["01"].enclosure(64), "enclosure: the ODE has the parameters a, w")
    refused(ODE.lambdify, "lambdify: the network has the parameters a, w; give them rational values first, by net.subs or --set")
    refused(sr.derive(NUMBERS, dt=tau)["01"].lambdify, "lambdify: the ODE has the parameters tau")
    refused(sr.derive(NUMBERS, dt=tau).lambdify, "lambdify: dt has the parameters tau; give them values first, by ode.subs")


def test_lambdify_with_irrational_numbers():
    net = sr.PLRNN([sp.sqrt(2), "1/3"], [[0, 1], [0, 0]], [1, sp.sqrt(3)], dt=1)
    f, z = sr.derive(net)["01"].lambdify(), [0.5, 2.0]
    with mp.workdps(30):
        M = mp.matrix([[mp.sqrt(2), 1, 1], [0, mp.mpf(1) / 3, mp.sqrt(3)], [0, 0, 1]])
        expected = (mp.logm(M) * mp.matrix([*z, 1]))[:2]
    assert np.allclose(f(0.0, z), [float(x.real) for x in expected], rtol=1e-14)
    ode, half = sr.derive(NUMBERS, dt=sp.sqrt(2)), sr.derive(NUMBERS, dt=1)
    assert np.allclose(ode.lambdify()(0.0, z) * np.sqrt(2), half.lambdify()(0.0, z), rtol=1e-14)


def test_floats_have_to_be_numbers():
    f = sr.derive(NUMBERS).lambdify()
    for work, name in (
        (lambda x: f(0.0, [x, 1]), "z"),
        (lambda x: f(x, [1, 1]), "t"),
        (lambda x: sr.derive(NUMBERS).lambdify(t0=x), "t0"),
        (lambda x: sr.derive(NUMBERS).lambdify(switching="grid", z0=[x, 1]), "z0"),
        (lambda x: sr.derive(NUMBERS).lambdify(inputs=[[x]]), "inputs"),
        (lambda x: sr.derive(NUMBERS)["01"].lambdify()(0.0, [x, 1]), "z"),
    ):
        for bad in ("x", 1j, A):
            refused(lambda work=work, bad=bad: work(bad), f"^{name}: expected real numbers, got ")
    for bad in (float("nan"), float("inf"), [1.0]):
        refused(lambda bad=bad: f(bad, [1, 1]), "is not a finite number")


# Numbers that Python cannot print.


@pytest.mark.parametrize(
    ("work", "where"),
    [
        (lambda x: sr.PLRNN([x], [[0]], [0]), "A[1]"),
        (lambda x: sr.PLRNN([1], [[0]], [x * A]), "h[1]"),
        (lambda x: sr.PLRNN([1], [[0]], [0], initial_states=[[x]]), "initial state 1[1]"),
        (lambda x: sr.derive(NUMBERS, dt=x), "dt"),
        (sr.derive(NUMBERS)["01"].flow, "t"),
        (ODE["01"].flow, "t"),
    ],
)
def test_numbers_of_too_many_digits(work, where):
    for number in (sp.Integer(10) ** 4000, sp.Rational(1, 10**4300)):
        with pytest.raises(sr.EntryError) as caught:
            work(number)
        assert str(caught.value) == f"{where}: a number of more than 4000 digits; accepted are numbers of up to 4000 digits"


def test_states_of_long_orbits_may_have_more_digits():
    net = sr.PLRNN([sp.Rational(1, 10**9 + 7)], [[0]], [1])
    state = net.orbit([1], 600)[600]
    assert state[0].q > 10**5000
    assert net.region_of(state).pattern == "1"


# Pickling.


@pytest.mark.parametrize(
    "net",
    [
        NET,
        NUMBERS,
        sr.PLRNN([sp.sqrt(2)], [[0]], [0]),
        sr.PLRNN([sp.Symbol("a")], [[symbol("w", "nonzero")]], [0], C=[[1]], dt="1/10", names=["x"], initial_states=[["1/3"]]),
        sr.PLRNN(["a"], [[0]], [0], dt="tau", parameters={"a": "real", "b": "negative", "tau": "positive"}),
        sr.ALRNN(["1/2", 1], [[0, 1], [1, 0]], [0, 0.1], P=1),
        sr.ReLURNN([["a", "b"], [1, "1/2"]], [[], []], ["h", 1], V=[], parameters=["a", "b", "h"]),
    ],
    ids=range(7),
)
def test_networks_can_be_pickled_and_copied(net):
    for other in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net), copy.copy(net)):
        for name in ("A", "W", "h", "V", "b", "C", "dt", "names", "initial_states", "parameters"):
            assert getattr(other, name) == getattr(net, name), name
        assert other.field.name == net.field.name
        assert other.exact.A.tolist() == [[other.field.element(x) for x in row] for row in net.A.tolist()]


def test_regions_odes_and_formulas_can_be_pickled():
    region, formula = NET.region("01"), FORMULA & positive(W)
    assert region.affine is not None
    assert formula.atoms
    assert pickle.loads(pickle.dumps(region)).matrix == region.matrix
    assert pickle.loads(pickle.dumps(formula)) == formula
    truth = sr.check(NET).verdicts["11"]["E1"].truth
    assert pickle.loads(pickle.dumps(truth)) == truth
    numbers = sr.derive(NUMBERS)["01"]
    augmented = numbers.augmented
    assert pickle.loads(pickle.dumps(numbers)).augmented == augmented
    assert pickle.loads(pickle.dumps(ODE["01"])).matrix == ODE["01"].matrix
    half = ODE.subs({"a": "1/2"})
    matrix = half["01"].matrix
    assert pickle.loads(pickle.dumps(sr.derive(NUMBERS)))["01"].augmented == augmented
    assert pickle.loads(pickle.dumps(half))["01"].matrix == matrix


def test_reports_spectra_orbits_and_cases_can_be_pickled():
    def copied(value):
        return pickle.loads(pickle.dumps(value))

    for net in (NUMBERS, sr.example("addition_letters")):
        report = sr.check(net)
        _ = report.global_verdict, report.counts
        assert copied(report).to_json() == report.to_json()
        assert copied(report.verdicts["01"]).stable == report.verdicts["01"].stable
        facts = sr.spectrum(net.region("01"))
        assert copied(facts).factors == facts.factors or str(copied(facts).factors) == str(facts.factors)
        assert copied(sr.fixed_point_facts(net.region("01"))).real == sr.fixed_point_facts(net.region("01")).real
    orbit = sr.example("cycle16").orbit([1, "1/3"], 5)
    assert list(copied(orbit)) == list(orbit)
    assert copied(orbit).patterns == orbit.patterns
    ode = sr.derive(sr.example("addition_letters"))["01"]
    for case in ode.cases:
        assert (copied(case).condition, copied(case).augmented) == (case.condition, case.augmented)
    flow = ode.cases[0].flow("1/2")
    assert copied(flow).matrix == flow.matrix
