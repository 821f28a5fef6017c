"""Certificates of networks with letters: against the systems at values, by quadrature, and against changes."""

import json
from fractions import Fraction
from random import Random

import mpmath as mp
import pytest

import symplrnn as sr
from symplrnn.certificate.check import Refused, check

from .documents import as_read

NETWORKS = {
    "two_units": sr.example("two_units"),
    "addition_letters": sr.example("addition_letters"),
    "inputs": sr.PLRNN(["a", "1/2"], [[0, "w"], ["1/3", 0]], ["h", 1], C=[[1], ["g"]], parameters=["a", "w", "h", "g"]),
    "general": sr.ReLURNN(
        [["a", 1], [0, "1/2"]], [["a"], ["w - 1"]], [1, "h"], V=[["w/2", 1]], b=["h"], parameters=["a", "w", "h"]
    ),
    "three": sr.PLRNN(["a", "b", "1/3"], [[0, "w", 1], ["v", 0, "1/5"], [1, "w", 0]], [0, 1, 0], parameters=["a", "b", "w", "v"]),
}


@pytest.fixture(scope="module")
def documents():
    return {name: as_read(sr.derive(net, dt="1/10").certificate()) for name, net in NETWORKS.items()}


def polynomial(data, values):
    """Return the value of a polynomial that is written as in a certificate."""
    if isinstance(data, str):
        return mp.mpf(Fraction(data).numerator) / Fraction(data).denominator
    total = mp.mpf(0)
    for name, text in data.items():
        x = Fraction(text)
        total += mp.mpf(x.numerator) / x.denominator * mp.fprod(v**k for v, k in zip(values, map(int, name.split()), strict=True))
    return total


@pytest.mark.parametrize("name", NETWORKS)
def test_the_integral_is_the_ode(documents, name):
    document, net, rng = documents[name], NETWORKS[name], Random(name)
    assert len(check(document)) == 2**net.p + (document["global"] is not None)
    numbers = {letter: Fraction(rng.randint(1, 9), 40) for letter in document["letters"]}
    with mp.workdps(30):
        values = [mp.mpf(x.numerator) / x.denominator for x in numbers.values()]
        for region in document["regions"]:
            ode = sr.derive(net.subs(numbers).region(region["pattern"]), dt="1/10")
            q = [polynomial(x, values) for x in region["determinant"]]

            def at(t, q=q):
                return mp.polyval(q[::-1], t)

            principal = all(at(mp.mpf(k) / 200) > 0 for k in range(201))
            assert principal == (ode.kind == "real")
            if not principal:
                continue
            total = mp.zeros(net.n)
            for k, B in enumerate(region["matrices"]):
                weight = mp.quad(lambda t, k=k: t**k / at(t), [0, mp.mpf(1) / 2, 1])
                total += weight * mp.matrix([[polynomial(x, values) for x in row] for row in B])
            M, c = (
                mp.matrix([[mp.mpf(x.p) / x.q for x in row] for row in part.tolist()])
                for part in (ode.region.matrix, ode.region.offset)
            )
            digits = ode.digits(20)
            found = [(M - mp.eye(net.n)) * total * 10, total * c * 10]
            for mine, theirs in zip(found, (digits.matrix, digits.offset), strict=True):
                assert mp.norm(mine - mp.matrix(theirs)) < mp.mpf(10) ** -14


def test_the_minors_are_those_of_g1(documents):
    minors = documents["two_units"]["global"]["minors"]
    assert documents["two_units"]["letters"] == ["a1", "a2", "h1", "h2", "w12", "w21"]
    assert minors["1 2"] == {"1 1 0 0 0 0": "1", "0 0 0 0 1 1": "-1"}
    assert set(minors) == {"1", "2", "1 2"}


def places(data, found, path=()):
    """List the texts of a document with their places."""
    if isinstance(data, str):
        found.append(path)
    elif isinstance(data, (list, dict)):
        for key in range(len(data)) if isinstance(data, list) else data:
            places(data[key], found, (*path, key))
    return found


def test_changes_are_refused(documents):
    rng, refused = Random(1), 0
    for _ in range(300):
        document = json.loads(json.dumps(documents[rng.choice(list(documents))]))
        claims = {name: document[name] for name in ("regions", "global") if document[name]}
        *path, last = rng.choice(places(claims, []))
        if last == "pattern":
            continue
        target = claims
        for key in path:
            target = target[key]
        target[last] = rng.choice([str(Fraction(target[last]) + 1), {"0": "1"}, "x", [], None])
        with pytest.raises(Refused):
            check(document)
        refused += 1
    assert refused > 250


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["letters"].append(d["letters"][0]), "different names"),
        (lambda d: d["network"]["A"][0].pop(), "rows of 2 entries"),
        (lambda d: d["network"]["A"][0].__setitem__(0, {"1": "1"}), "6 exponents"),
        (lambda d: d["network"]["A"][0].__setitem__(0, {"01 0 0 0 0 0": "1"}), "6 exponents"),
        (lambda d: d["network"]["A"][0].__setitem__(1, {"1 0 0 0 0 0": "1"}), "A is not diagonal|q\\(t\\)"),
        (lambda d: d["regions"].append(d["regions"][0]), "twice"),
        (lambda d: d["regions"][0].update(E3=True), "are expected"),
        (lambda d: d["global"]["minors"].pop("1"), "each set of units"),
        (lambda d: d["global"]["minors"].update({"2 1": d["global"]["minors"].pop("1 2")}), "units in their order"),
        (lambda d: d.update(dt="-1"), "dt is positive"),
        (lambda d: d.pop("letters"), "as text"),
    ],
)
def test_what_is_malformed_is_refused(documents, change, message):
    document = json.loads(json.dumps(documents["two_units"]))
    change(document)
    with pytest.raises(Refused, match=message):
        check(document)


def test_what_cannot_be_certified_is_said():
    irrational = sr.PLRNN(["sqrt(2)", "a"], [[0, 0], [0, 0]], [0, 0], parameters=["a"])
    with pytest.raises(sr.EntryError, match="polynomials in letters"):
        sr.derive(irrational, dt=1).certificate()
    quotient = sr.PLRNN(["1/a", "a"], [[0, 0], [0, 0]], [0, 0], parameters={"a": "positive"})
    with pytest.raises(sr.EntryError, match="1/a is a quotient"):
        sr.derive(quotient, dt=1).certificate()
    with pytest.raises(sr.EntryError, match="dt is sqrt"):
        sr.derive(sr.example("two_units"), dt="sqrt(2)").certificate()
