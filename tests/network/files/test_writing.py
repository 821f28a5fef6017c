"""What is written as JSON and read again is the same network, entry for entry."""

import json
import warnings
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.network.examples import descriptions
from symplrnn.network.files.json_ import network_from_json
from symplrnn.network.files.writing import document_of, network_text


def everything(net):
    """All that makes a network; a symbol without assumptions is a real parameter."""
    real = {symbol: sp.Symbol(symbol.name, real=True) for symbol in net.parameters if symbol.is_real is None}
    parts = [x.xreplace(real) for x in (net.A, net.W, net.h, net.V, net.b, net.C)]
    parameters = {real.get(symbol, symbol) for symbol in net.parameters}
    return *parts, net.dt, net.names, net.initial_states, parameters, str(net.assumptions)


def same(net):
    text = network_text(net)
    with warnings.catch_warnings():
        warnings.simplefilter("error", sr.SuspiciousNetwork)
        again = network_from_json(text)
    assert everything(again) == everything(net)
    assert json.loads(text) == document_of(net)
    return json.loads(text)


@pytest.mark.parametrize("name", sorted(descriptions()))
def test_packaged_networks(name):
    same(sr.example(name))


def test_random_networks_of_each_form():
    numbers = np.random.default_rng(0)
    for n, p, m in ((1, 1, 0), (2, 3, 1), (4, 0, 2), (3, 2, 0)):
        A, W, h, V, b, C = (numbers.normal(size=x) for x in ((n, n), (n, p), n, (p, n), p, (n, m)))
        states = [numbers.normal(size=n) for _ in range(2)]
        written = same(sr.ReLURNN(A, W, h, V=V, b=b, C=C, dt=Fraction(1, 3), names=["x"] * n, initial_states=states))
        assert set(written) == {"A", "W", "h", "V", *("b" * (p > 0)), *("C" * (m > 0)), "dt", "names", "initial_states"}
    same(sr.ReLURNN(A, numbers.normal(size=(3, 3)), h))  # A is not diagonal: with V, so that nothing looks suspicious
    written = same(sr.PLRNN(numbers.normal(size=3), numbers.normal(size=(3, 3)), h))
    assert set(written) == {"A", "W", "h"}
    assert len(written["A"]) == 3


def test_extreme_doubles():
    same(sr.PLRNN([5e-324, 1.7976931348623157e308], [[0, -0.0], [2**-1022, 0.1]], [1e-300, 3]))


@pytest.mark.parametrize(
    "net",
    [
        lambda: sr.PLRNN(["sqrt(2)"], [["1/3 - sqrt(3)"]], ["exp(-1/10)"]),
        lambda: sr.PLRNN(["a"], [["w/(1 + a)"]], ["exp(-a)"], parameters={"a": "positive", "w": "real"}),
        lambda: sr.PLRNN(["a"], [["w"]], [0], parameters={"a": "0 < a < 1", "w": "nonzero, w < 2*a"}),
        lambda: sr.PLRNN([sp.Symbol("b")], [[sp.Symbol("c", negative=True)]], [0], dt=sp.Symbol("t", positive=True)),
    ],
)
def test_letters_and_irrational_numbers(net):
    same(net())


def test_what_text_cannot_say_is_refused():
    net = sr.PLRNN([sp.CRootOf(sp.Symbol("x") ** 3 - sp.Symbol("x") - 1, 0) / 2], [["1/3"]], [1])
    with pytest.raises(sr.EntryError, match="JSON cannot hold this network"):
        network_text(net)


def test_what_is_read_back_is_compared(monkeypatch):
    other = sr.PLRNN([2], [[0]], [1])
    monkeypatch.setattr("symplrnn.network.files.writing.build", lambda document: other)
    with pytest.raises(sr.EntryError, match="JSON cannot hold this network: text does not say its entries"):
        network_text(sr.PLRNN([1], [[0]], [1]))


def test_start_states_in_json():
    net = network_from_json('{"A": [1, 2], "W": [[0, 0], [0, 0]], "h": [0, 0], "initial_states": [[0.1, "1/3"], [1, 2]]}')
    assert net.initial_states == (sp.ImmutableMatrix([sp.Rational(1, 10), sp.Rational(1, 3)]), sp.ImmutableMatrix([1, 2]))
    assert network_from_json('{"A": [1], "W": [[0]], "h": [0], "initial_states": null}').initial_states == ()
    with pytest.raises(sr.ShapeError, match="initial state 1: expected 2 numbers, got 1"):
        network_from_json('{"A": [1, 2], "W": [[0, 0], [0, 0]], "h": [0, 0], "initial_states": [[1]]}')


def test_options_of_load_are_not_for_json(tmp_path):
    (tmp_path / "net.json").write_text('{"A": [1], "W": [[0]], "h": [0]}')
    assert sr.load(tmp_path / "net.json", decimal=True).n == 1
    with pytest.raises(sr.FormatError, match=r"net.json: P, clipped: not for JSON, which says all by itself"):
        sr.load(tmp_path / "net.json", P=1, clipped=False)


def test_real_networks(van_der_pol, oscillator, data):
    same(van_der_pol)
    same(oscillator)
    same(sr.load(data / "lorenz_m20_p2", P=2))
