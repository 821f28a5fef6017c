"""Eigenvalues of regions, their rates, time constants and frequencies, against mpmath and NumPy."""

from decimal import Context, Decimal
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.emit.eigenvalues import eigenvalues_of_map
from symplrnn.exact import number_roots
from symplrnn.exact.balls import root_enclosures
from tests.corpus.networks import networks


def number(text):
    return complex(text.replace(" ", "").replace("i", "j"))


def linear(M):
    n = len(M)
    return sr.ReLURNN(M, [[]] * n, [0] * n, V=[])


def test_a_trained_network_against_numpy(van_der_pol):
    ode = sr.derive(van_der_pol, dt="1/10")["1101111110"]
    M = np.array(ode.region.matrix.tolist(), dtype=float)
    expected = sorted(np.linalg.eigvals(M), key=lambda x: (round(-abs(x), 9), -x.imag))
    found = ode.eigenvalues
    assert [each.multiplicity for each in found] == [1] * 10
    assert np.allclose([number(each.digits(15)) for each in found], expected, atol=1e-9)
    assert np.allclose(
        [number(each.rate_digits(15)) for each in found], 10 * np.log(np.array(expected, dtype=complex)), atol=1e-8
    )


@pytest.mark.parametrize("name", ["random plrnn 0", "random plrnn 3", "random hard 7", "irrational 5", "random hard 29"])
def test_the_corpus_against_mpmath(name):
    chosen = [network for network in networks() if name.split()[-2] in network.name][int(name.split()[-1])]
    for region in list(chosen.net.regions())[:4]:
        ode = sr.derive(region, 1)
        with mp.workdps(60):
            M = mp.matrix([[mp.mpmathify(sp.N(x, 60)) for x in row] for row in region.matrix.tolist()])
            expected = mp.eig(M, left=False, right=False)
            for each in ode.eigenvalues:
                value = mp.mpmathify(sp.N(sp.sympify(each.digits(20).replace("i", "*I")), 30))
                near = sum(abs(value - x) < 1e-8 * (1 + abs(x)) for x in expected)  # repeated ones are found to few digits
                assert near == each.multiplicity
        assert sum(each.multiplicity for each in ode.eigenvalues) == chosen.net.n


def test_exact_ones_by_hand():
    ode = sr.derive(linear([[0, -4, 0], [1, 0, 0], [0, 0, 0]]), dt="1/2")[""]
    up, down, zero = ode.eigenvalues
    assert (up.exact, down.exact, zero.exact) == (2 * sp.I, -2 * sp.I, 0)
    assert (up.digits(5), up.rate_digits(6)) == ("0 + 2i", "1.38629 + 3.14159i")
    assert sp.simplify(up.rate - 2 * (sp.log(2) + sp.I * sp.pi / 2)) == 0
    assert (up.frequency, down.frequency) == (sp.Rational(1, 2), -sp.Rational(1, 2))
    assert sp.simplify(up.time_constant + 1 / (2 * sp.log(2))) == 0  # negative: it grows
    assert (zero.rate, zero.time_constant, zero.frequency) == (None, 0, None)
    with pytest.raises(sr.EntryError, match="0 has no logarithm"):
        zero.rate_digits(5)


def test_two_real_roots_of_a_quadratic():
    large, small = sr.derive(linear([["1/2", "1/2"], ["1/4", "1/2"]]), dt=1)[""].eigenvalues
    assert (large.exact, small.exact) == (sp.Rational(1, 2) + sp.sqrt(2) / 4, sp.Rational(1, 2) - sp.sqrt(2) / 4)
    assert large.digits(10) == "0.8535533906"
    assert small.time_constant.equals(-1 / sp.log(sp.Rational(1, 2) - sp.sqrt(2) / 4))


def test_two_roots_nearer_than_doubles_can_tell():
    near = sp.Rational(2, 10**60)
    large, small = sr.derive(linear([[1, near], [1, 1]]), dt=1)[""].eigenvalues  # 1 +- sqrt(2)/10^30
    assert {sp.simplify((x.exact - 1) * 10**30) for x in (large, small)} == {sp.sqrt(2), -sp.sqrt(2)}
    for x in (large, small):
        assert abs(sp.N(x.exact - 1, 20) - sp.Float(x.digits(60), 60) + 1) < sp.Float("1e-45")


def test_letters():
    net = sr.PLRNN(
        ["a", "b"], [[0, "w"], ["w", 0]], ["h", 0], parameters={"a": "positive", "b": "positive", "w": "real", "h": "real"}
    )
    ode = sr.derive(net, dt=1)
    a, b = sp.symbols("a b", positive=True)
    assert [each.exact for each in ode["01"].eigenvalues] == [b, a]  # the core's come first
    assert ode["01"].eigenvalues[1].time_constant == -1 / sp.log(a)
    x = sp.Symbol("x")
    for each in ode["11"].eigenvalues:
        assert sp.expand(ode["11"].region.matrix.charpoly(x).as_expr().subs(x, each.exact)) == 0
    assert sp.simplify(ode["11"].eigenvalues[0].exact - ode["11"].eigenvalues[1].exact) != 0
    with pytest.raises(sr.EntryError, match="depends on parameters"):
        ode["11"].eigenvalues[0].digits(5)
    only_h = sr.derive(sr.PLRNN(["1/2"], [["1/4"]], ["h"], parameters=["h"]), dt=1)["1"].eigenvalues
    assert [each.digits(5) for each in only_h] == ["0.75"]


def test_time_constants_and_frequencies_against_mpmath(van_der_pol):
    for pattern in ("1101111110", "0000000000", "1000111011"):
        ode = sr.derive(van_der_pol, dt="1/10")[pattern]
        for each in ode.eigenvalues:
            with mp.workdps(40):
                z = mp.mpmathify(sp.N(sp.sympify(each.digits(30).replace("i", "*I")), 35))
                rate = mp.log(z) * 10
                assert abs(mp.mpf(each.time_constant_digits(12)) * rate.real + 1) < 1e-11
                assert abs(mp.mpf(each.frequency_digits(12)) - rate.imag / (2 * mp.pi)) < 1e-11


SALEM = [[1, 1, 1, -1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]  # l^4 - l^3 - l^2 - l + 1: two roots on the unit circle


@pytest.mark.parametrize(
    ("M", "on"),
    [
        (SALEM, 2),
        ([["3/5", "-4/5"], ["4/5", "3/5"]], 2),
        ([["sqrt(2)/2", "-sqrt(2)/2"], ["sqrt(2)/2", "sqrt(2)/2"]], 2),
        ([[1, 1], [0, 1]], 1),
        ([[-1, 0], [0, "1/2"]], 1),
        ([["1/2", f"-{3**30}/{2**48}"], [1, "1/2"]], 0),  # a determinant of 0.9815
        ([[0, f"-(1 - 1/{10**100})"], [1, "1"]], 0),  # nearer to the circle than the first balls can tell
    ],
)
def test_what_is_on_the_unit_circle_is_decided_exactly(M, on):
    ode = sr.derive(linear(M), dt="1/2")[""]
    found = [each for each in ode.eigenvalues if each.on_unit_circle]
    assert len(found) == on
    for each in found:
        assert each.time_constant_digits(6) == "inf"
        assert each.rate_digits(6).startswith("0")
        assert each.rate_enclosure(64).real == 0
    for each in set(ode.eigenvalues) - set(found):
        assert each.is_zero or abs(float(each.time_constant_digits(6))) < 1e101


def test_frequencies_that_are_rational_are_exact():
    ode = sr.derive(linear([[0, -1], [1, 1]]), dt="1/10")[""]
    assert [each.frequency_digits(2) for each in ode.eigenvalues] == ["1.7", "-1.7"]  # 5/3
    eighth = sr.derive(linear([[1, -1], [1, 1]]), dt=1)[""].eigenvalues
    assert [each.frequency_digits(2) for each in eighth] == ["0.12", "-0.12"]  # 1/8, half-way between 0.12 and 0.13
    assert [each.frequency_digits(5) for each in eighth] == ["0.125", "-0.125"]


def test_an_irrational_step():
    [one] = sr.derive(linear([["1/2"]]), dt="sqrt(2)")[""].eigenvalues
    assert one.rate_digits(12) == str(sp.N(-sp.log(2) / sp.sqrt(2), 12))
    assert one.time_constant_digits(12) == str(sp.N(sp.sqrt(2) / sp.log(2), 12))


def test_json():
    up, down, zero = (each.to_dict(6) for each in sr.derive(linear([[0, -4, 0], [1, 0, 0], [0, 0, 0]]), dt="1/2")[""].eigenvalues)
    assert up == {
        "exact": "2*I", "value": "0 + 2i", "multiplicity": 1, "rate": "1.38629 + 3.14159i",
        "time_constant": "-0.721348", "frequency": "0.5",
    }  # fmt: skip
    assert (down["frequency"], zero["rate"], zero["time_constant"], zero["frequency"]) == ("-0.5", None, "0", None)
    letters = sr.derive(sr.PLRNN(["a"], [["w"]], [1], dt=1, parameters={"a": "positive", "w": "real"}))["1"]
    assert letters.eigenvalues[0].to_dict() == {
        "exact": "a + w", "value": None, "multiplicity": 1, "rate": None, "time_constant": None, "frequency": None,
    }  # fmt: skip
    step = sr.derive(sr.PLRNN(["1/2"], [[0]], [1]), dt=sp.Symbol("T", positive=True))["1"].eigenvalues[0].to_dict(5)
    assert (step["value"], step["rate"], step["time_constant"]) == ("0.5", None, None)


def test_they_are_in_reports_and_systems():
    net = sr.example("kinds")
    report = {entry["pattern"]: entry["spectrum"]["eigenvalues"] for entry in sr.check(net).to_dict()["verdicts"]}
    for pattern, region in sr.derive(net).items():
        assert region.to_dict(9)["eigenvalues"] == [each.to_dict(9) for each in region.eigenvalues]
        assert report[pattern] == [each.value_to_dict() for each in region.eigenvalues]


def test_each_root_of_a_region_is_enclosed_once(van_der_pol, monkeypatch):
    enclosed = []
    monkeypatch.setattr(number_roots, "root_enclosures", lambda f, bits: enclosed.append(f) or root_enclosures(f, bits))
    region = van_der_pol.region("1010110101")
    facts = spectrum(region)
    values = [each.value_to_dict() for each in eigenvalues_of_map(facts)]
    circle = facts.unit_circle
    assert len(enclosed) == len(facts.factors)
    numeric = np.abs(np.linalg.eigvals(np.array(region.matrix.tolist(), dtype=float)))
    assert (circle.inside, circle.outside) == ((numeric < 1).sum(), (numeric > 1).sum())
    assert len(values) == sum(f.degree() for f, _ in facts.factors)


@pytest.mark.parametrize("text", ["0", "1", "-1", "1/3", "-2/3", "3/2", "-7", "12345678901234567890123/1000000007"])
def test_rational_eigenvalues_are_compared_and_written_exactly(text):
    x = Fraction(text)
    facts = spectrum(linear([[text]]).region(""))
    circle = facts.unit_circle
    assert (circle.inside, circle.on, circle.outside) == (abs(x) < 1, abs(x) == 1, abs(x) > 1)
    [found] = [each.value_to_dict() for each in eigenvalues_of_map(facts)]
    written = Context(prec=17).divide(Decimal(x.numerator), Decimal(x.denominator))
    assert (found["exact"], Decimal(found["value"])) == (str(x), written)
