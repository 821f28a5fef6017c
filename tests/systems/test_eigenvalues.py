"""Eigenvalues of regions, their rates, time constants and frequencies, against mpmath and NumPy."""

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
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
