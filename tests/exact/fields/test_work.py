"""Work is counted, so that what is listed does not depend on the machine or on what was asked before."""

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn import limits
from symplrnn.conditions import formula as formulas
from symplrnn.eigenvalues.parts import Part
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.errors import TooLarge
from symplrnn.exact.fields.domain import field_of
from symplrnn.exact.fields.fractions import FlintFractions
from symplrnn.exact.fields.irrational import Extension
from symplrnn.exact.fields.work import spend, within
from symplrnn.exact.stated import Stated
from symplrnn.logarithm.cases import cases as case_search
from symplrnn.logarithm.cases.cases import cases
from symplrnn.logarithm.cases.where_e2_fails import cases_beyond
from tests.network.test_substitution import letters

A, B = sp.symbols("a b", real=True)


def test_a_limit_ends_with_its_block():
    with within(10) as limit:
        spend(10)
        assert limit.left == 0
        with pytest.raises(TooLarge, match="more than 10 steps of work"):
            spend(1)
    spend(10**9)
    with pytest.raises(ZeroDivisionError), within(1):
        raise ZeroDivisionError
    spend(10**9)


def test_an_inner_limit_has_steps_of_its_own():
    with within(10) as outer:
        with within(100):
            spend(50)
        assert outer.left == 10
        with pytest.raises(TooLarge, match="more than 10 steps"):
            spend(11)


def test_inverses_are_counted():
    """The inverse of one of rank 8 has the product of 7 conjugates above."""
    a, b, *roots = A, B, sp.sqrt(2), sp.sqrt(3), sp.sqrt(5)
    field = field_of([a, b, *roots])
    value = field.element(a * roots[0] + b * roots[1] + roots[2] + a * b)
    with within(10**7) as limit:
        inverse = value.inverse()
    assert value * inverse == field.element(1)
    assert 1000 < limit.total - limit.left < 10**5


@pytest.mark.parametrize("K", [FlintFractions((A, B)), Extension(sp.QQ.algebraic_field(sp.sqrt(2)), (A, B))], ids=str)
def test_operations_on_long_fractions_are_counted(K):
    """In proportion to the products of terms."""
    counts = []
    for k in (4, 16):
        x, y = ((K.from_sympy(A) + K.from_sympy(B) + c) ** k for c in (1, 2))
        for operate in (lambda x, y: x + y, lambda x, y: x * y, lambda x, y: x / y):
            with within(10**9) as limit:
                operate(x, y)
            counts.append(10**9 - limit.left)
    assert all(1 <= c < 500 for c in counts[:3]), counts
    assert counts[4] > 20 * counts[1]
    assert counts[5] > 5 * counts[2]


def test_expressions_and_conditions_are_counted():
    K = FlintFractions((A, B))
    x = (K.from_sympy(A) + K.from_sympy(B)) ** 30
    with pytest.raises(TooLarge), within(30):
        K.to_sympy(x)
    with pytest.raises(TooLarge), within(30):
        formulas.positive(A**2 - 2 * B + 1)


@pytest.mark.parametrize("pattern", ["11", "10"])
def test_the_same_question_takes_the_same_steps_again(pattern):
    facts = spectrum(letters(2).region(pattern))
    found = []
    for _ in range(3):
        part = Part(facts.field, facts.region.affine.M, facts.columns, tuple(facts.factors))
        with within(10**9) as limit:
            list(case_search._explore(part, case_search.Rule(case_search._by_sign, lambda part, coincidence: False)))
        found.append(10**9 - limit.left)
    assert found[0] == found[1] == found[2] > 1000


def test_cases_end_where_they_take_too_much_work(monkeypatch):
    names = ["a", "b", "c"]
    facts = spectrum(sr.PLRNN(names, [[0] * 3] * 3, ["h"] * 3, parameters=[*names, "h"]).region("111"))

    def listed():
        return cases_beyond(facts.field, facts.region.affine.M, facts.columns, facts.factors)

    whole = listed()
    assert whole.unlisted == ""
    conditions = {str(case.condition) for case in whole.cases}
    counts = []
    for k in range(8, 24, 3):
        monkeypatch.setattr(limits, "CASE_STEPS", 2**k)
        found = listed()
        assert found.unlisted in ("", f"that takes more than {2**k} steps of work on polynomials")
        assert {str(case.condition) for case in found.cases} <= conditions
        assert (found.unlisted == "") == (len(found.cases) == len(conditions))
        counts.append(len(found.cases))
    assert counts == sorted(counts)
    assert {0, len(conditions)} < set(counts)  # and some in between


def test_a_network_of_numbers_has_its_case_whatever_it_takes(monkeypatch):
    monkeypatch.setattr(limits, "CASE_STEPS", 0)
    ode = sr.derive(sr.PLRNN([sp.sqrt(2), 1], [[0, 1], [1, 0]], [1, 0]), dt=1)["11"]
    assert (ode.unlisted, ode.unlisted_others, len(ode.shown)) == ("", "", 1)
    symbolic = sr.derive(sr.PLRNN(["a"], [[0]], [1], parameters=["a"]), dt=1)["1"]
    assert (symbolic.cases, symbolic.other_cases) == ((), ())
    assert symbolic.case_at({"a": 2}).matrix[0] == sp.log(2)


def test_work_that_is_given_up_is_no_fault_of_an_entry():
    """Reading a value answers bad ones with an `EntryError`; the limit passes through."""
    x = sp.Symbol("x", real=True)
    field = field_of([x, sp.sqrt(2)])
    with pytest.raises(TooLarge, match="more than 1 steps"), within(1):
        field.element((x + sp.sqrt(2)) * (x - 3))
    with pytest.raises(sr.EntryError, match="not an element"):
        field.element(sp.sqrt(x))
    assert not issubclass(TooLarge, ValueError)


def nets_with_chains() -> list[sr.ReLURNN]:
    """Repeated factors, chains whose lengths depend on letters, and a cubic: with rational and with irrational entries."""
    root = sp.sqrt(2)
    twice = [[[0, "a", "C", 1], [1, trace, 0, 0], [0, 0, 0, "a"], [0, 0, 1, trace]] for trace in (-3, root)]
    chain = [["a", root, 0, 0], [0, "a", 0, 0], [0, 0, "a", "C"], [0, 0, 0, "a"]]
    cubic = [[0, 0, "a"], [1, 0, root], [0, 1, "C"]]
    found = [(M, ["h", 0, 0, 1]) for M in (*twice, chain)] + [(cubic, [1, 0, 0])]
    return [sr.ReLURNN(M, [[]] * len(M), h, V=[], parameters=["a", "C", "h"]) for M, h in found]


@pytest.mark.slow
@pytest.mark.parametrize("k", range(4))
def test_giving_up_at_any_place_leaves_a_shorter_list(monkeypatch, k):
    """Wherever the limit is met, what is listed is part of the whole list."""
    region = nets_with_chains()[k].region("")
    facts = spectrum(region)
    listings = {
        "cases": lambda: cases(facts.field, region.affine.M, facts.columns, facts.factors, facts.where_principal),
        "beyond": lambda: cases_beyond(facts.field, region.affine.M, facts.columns, facts.factors),
    }
    whole = {name: listing() for name, listing in listings.items()}
    assert not any(found.unlisted for found in whole.values())
    counts = set()
    for i in range(40):
        monkeypatch.setattr(limits, "CASE_STEPS", int(16 * 1.4**i))
        for name, listing in listings.items():
            found = listing()
            assert {str(case.condition) for case in found.cases} <= {str(case.condition) for case in whole[name].cases}
            assert (found.unlisted == "") == (len(found.cases) == len(whole[name].cases))
            counts.add((name, len(found.cases)))
    assert {(name, 0) for name in whole} | {(name, len(found.cases)) for name, found in whole.items()} <= counts


POINTS = [{"a": a, "C": C, "h": 1} for a in ("-3/2", "-1/2", "0", "1/3", "2") for C in ("-1", "0", "3/4", "3")]


@pytest.mark.slow
@pytest.mark.parametrize("k", range(4))
def test_a_verdict_that_is_given_up_is_unknown_and_no_other_one(monkeypatch, k):
    network = nets_with_chains()[k]
    names = ["principal", "real", "unique", "diagonalisable", "stable", "unit_eigenvalue", "needs_jump"]

    def verdicts():
        found = sr.check(network, [""]).verdicts[""]
        return {name: getattr(found, name) for name in names}

    whole, unknown = verdicts(), set()
    for i in range(20):
        monkeypatch.setattr(limits, "CONDITION_STEPS", int(8 * 2**i))
        found = verdicts()
        for name in names:
            if not found[name].is_unknown and str(found[name]) != str(whole[name]):
                # What is not solved in time may be stated in words instead, which is decided at values.
                assert any(isinstance(atom.polynomial, Stated) for atom in found[name].formula.atoms), name
                for values in POINTS:
                    assert found[name].at(values) == whole[name].at(values), (name, values)
        unknown |= {name for name in names if found[name].is_unknown and not whole[name].is_unknown}
    assert {"real", "diagonalisable"} <= unknown  # E2 is always a formula
