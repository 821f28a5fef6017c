"""What can be pickled: the values of FLINT, and everything that the package returns, after its facts have been computed."""

import copy
import pickle
from functools import cached_property
from typing import Any

import pytest
import sympy as sp
from flint import Ordering, acb, arb, arb_mat, fmpq, fmpq_mat, fmpq_poly, fmpz, fmpz_mat, fmpz_mpoly_ctx, fmpz_poly

import symplrnn as sr
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ

X, Y = fmpz_mpoly_ctx.get(["x", "y"], Ordering.lex).gens()
NETWORKS = {
    "rational": sr.PLRNN([1, "1/100"], [[0, 1], [0, 0]], [0, "-0.995"]),
    "irrational": sr.PLRNN(["sqrt(2)", "1/3"], [[0, 1], [-1, 0]], [1, "sqrt(3)"]),
    "letters": sr.PLRNN(["a", "1/2"], [[0, "w"], [1, 0]], [1, 0], parameters={"a": "positive", "w": "real"}),
    "letters and roots": sr.PLRNN(["a", "1/2"], [[0, "sqrt(2)"], [0, 0]], [1, 0], parameters={"a": "positive"}),
}


def copied(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


def touched(value: Any) -> Any:
    """Return a value after everything that it keeps has been computed, as far as it can be."""
    for name in dir(type(value)):
        if isinstance(getattr(type(value), name, None), cached_property):
            try:
                getattr(value, name)
            except sr.SymplrnnError:
                continue
    return value


@pytest.mark.parametrize(
    "value",
    [
        fmpz(-5),
        fmpz(10) ** 9000,
        fmpq(-3, 7),
        fmpz_poly([1, -2, 3]),
        fmpq_poly([fmpq(1, 2), 3]),
        fmpz_mat(2, 2, [1, 2, 3, 10**40]),
        fmpq_mat(1, 2, [fmpq(1, 3), 2]),
        fmpq_mat(0, 3, []),
        3 * X**2 * Y - Y + 10**30,
        X * 0,
        fmpz_mpoly_ctx.get(["a", "b", "c"], Ordering.degrevlex),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_of_flint(value):
    assert type(copied(value)) is type(value)
    assert copied(value) == value == copy.deepcopy(value)


@pytest.mark.parametrize("value", [arb(2).sqrt(), arb(3), arb("1e-300"), arb(1, 3), arb("inf"), arb("-inf"), arb("nan")], ids=str)
def test_balls(value):
    """They are as wide as they were, up to the rounding of the radius, and contain what they did."""
    again = copied(value)
    assert again.is_nan() == value.is_nan()
    assert again.is_finite() == value.is_finite()
    assert again.contains(value)
    if value.is_finite():
        assert again.mid() == value.mid()
        assert again.rad() <= value.rad() * (1 + arb(2) ** -28)


def test_complex_balls_and_matrices_of_balls():
    z, M = acb(arb(2).sqrt(), arb(3).sqrt()), arb_mat(1, 2, [arb(2).sqrt(), arb(1)])
    assert copied(z).real.mid() == z.real.mid()
    assert copied(z).imag.rad() == z.imag.rad()
    assert [x.str() for x in copied(M).entries()] == [x.str() for x in M.entries()]


def test_the_rationals_stay_one_field():
    assert copied(QQ) is QQ is copy.deepcopy(QQ)


def test_elements_of_fields():
    a = sp.Symbol("a", positive=True)
    for expressions in ([sp.sqrt(2)], [a], [a, sp.sqrt(2)], [sp.cbrt(2), sp.sqrt(3)]):
        K = field_of(expressions)
        x = K.element(sum(expressions) + 1)
        assert copied(K) == K
        assert K.to_sympy(copied(x)) == K.to_sympy(x)  # after the field has written an element, too
        assert K.to_sympy(copied(x) * x) == K.to_sympy(x * x)
        assert copied(K).to_sympy(x) == K.to_sympy(x)


@pytest.mark.parametrize("net", NETWORKS.values(), ids=NETWORKS)
def test_networks_regions_and_facts(net):
    region = touched(net.region("11"))
    again = copied(region)
    assert (again.matrix, again.offset, again.inequalities) == (region.matrix, region.offset, region.inequalities)
    assert copied(net).field == net.field
    assert sr.check(copied(net)).to_json() == sr.check(net).to_json()
    for facts in (sr.spectrum(region), sr.fixed_point_facts(region)):
        before, after = copied(facts), copied(touched(facts))
        assert type(after) is type(facts)
        for name in ("stable", "eigenvalue_at_1") if isinstance(facts, sr.FixedPointFacts) else ("stable", "no_unit", "factors"):
            assert str(getattr(before, name)) == str(getattr(after, name)) == str(getattr(facts, name)), name


@pytest.mark.parametrize("net", NETWORKS.values(), ids=NETWORKS)
def test_reports(net):
    report = touched(sr.check(net))
    again = copied(report)
    assert again.to_json() == report.to_json()
    for pattern, check in report.verdicts.items():
        assert str(dict(again.verdicts[pattern].verdicts)) == str(dict(check.verdicts))
        assert copied(check.verdicts["E3"].truth) == check.verdicts["E3"].truth


@pytest.mark.parametrize("net", NETWORKS.values(), ids=NETWORKS)
def test_odes(net):
    network_ode = sr.derive(net, dt=1)
    values = dict.fromkeys(net.field.parameters, "1/3")
    at = network_ode.subs(values)["11"] if values else network_ode["11"]
    assert (copied(network_ode).subs(values) if values else copied(network_ode))["11"].matrix == at.matrix
    ode = touched(sr.derive(net.region("11"), dt=1))
    again = copied(ode)
    assert again.kind == ode.kind
    # SymPy writes the conditions of a Piecewise anew, so that those are compared at a point.
    point = {symbol: sp.Rational(1, 3) for symbol in net.field.parameters}
    assert again.matrix.subs(point) == ode.matrix.subs(point) == copied(sr.derive(net.region("11"), dt=1)).matrix.subs(point)
    for case in ode.cases or ():
        assert (copied(touched(case)).condition, copied(case).augmented) == (case.condition, case.augmented)
    if not net.field.parameters:
        assert again.digits(12) == ode.digits(12)
        flow = ode.flow("1/2")
        assert copied(flow).matrix == flow.matrix


def test_the_real_logarithm_stays_over_the_rationals():
    ode = touched(sr.derive(NETWORKS["rational"].region("01"), dt=1))
    assert copied(ode).real_logarithm.principal.field is QQ


@pytest.mark.parametrize("name", ["rational", "irrational"])
def test_orbits(name):
    orbit = NETWORKS[name].orbit([1, "1/3"], 6)
    again = copied(orbit)
    assert (list(again), again.patterns, again.basis) == (list(orbit), orbit.patterns, orbit.basis)
