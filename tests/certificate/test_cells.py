"""The list of regions in a certificate: complete by evidence, and no change of it that is not true is accepted."""

import copy
import json
from functools import cache
from itertools import product
from random import Random

import pytest
from flint import fmpq

import symplrnn as sr
from symplrnn.certificate.cells import list_of_regions
from symplrnn.certificate.check import Refused, check
from symplrnn.exact.feasibility import is_feasible
from tests.certificate.test_certificate import changed, leaves


@cache
def network(kind):
    rng = Random(kind)
    if kind == "degenerate":  # through 0, parallel, twice, a row of 0, an equation
        V, b = [[1, 0], [0, 1], [-1, 0], [0, 0], [1, 0], [1, 1]], [0, 0, 0, 0, -1, 0]
    else:
        V, b = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(5)], [rng.gauss(0, 1) for _ in range(5)]
    p = len(V)
    return sr.ReLURNN([["1/2", 0], [0, "1/3"]], [[1] * p, [0] * p], [0, 1], V=V, b=b)


@cache
def certificate(kind):
    document = sr.derive(network(kind), dt=1, regions=[next(network(kind).regions()).pattern]).certificate()
    return json.loads(json.dumps({**document, "global": {"regions": list_of_regions(network(kind))}}))


def nonempty(V, b):
    V, b = [[fmpq(x) for x in row] for row in V], [fmpq(x) for x in b]
    return {"".join(d) for d in product("01", repeat=len(b)) if is_feasible(V, b, [x == "1" for x in d])}


@pytest.mark.parametrize("kind", ["general", "degenerate"])
def test_the_list_is_proved_complete(kind):
    document = certificate(kind)
    proved = dict(check(document))
    found = set(document["global"]["regions"]["nonempty"])
    assert proved["the list of regions"] == {"complete": True, "nonempty": len(found)}
    net = network(kind)
    assert found == nonempty(*([[fmpq(int(x.p), int(x.q)) for x in row] for row in net.V.tolist()],
                               [fmpq(int(x.p), int(x.q)) for x in net.b]))  # fmt: skip


def test_a_list_goes_with_what_is_proved_of_a_plrnn():
    document = sr.derive(sr.example("addition"), dt=1).certificate()
    document["global"]["regions"] = {
        "nonempty": {d: [1 if x == "1" else 0 for x in d] for d in ("00", "01", "10", "11")},
        "empty": {},
    }
    document["global"]["regions"]["nonempty"] = {
        d: [str(x) for x in state] for d, state in document["global"]["regions"]["nonempty"].items()
    }
    assert [name for name, _ in check(document)][-2:] == ["the list of regions", "all 2^2 regions"]


def test_networks_without_a_list():
    assert list_of_regions(sr.example("addition")) is None  # all patterns have states
    assert list_of_regions(sr.ReLURNN([1], [[1, 1]], [0], V=[["v"], [1]], parameters=["v"])) is None


def change(document, rng):
    """Change one thing in the list of regions, or in V or b."""
    claim = document["global"]["regions"]
    kind = rng.choice(["drop", "rename", "move", "number", "number", "number", "network"])
    part = claim[rng.choice(["nonempty", "empty"])]
    key = rng.choice(sorted(part))
    if kind == "drop":
        del part[key]
    elif kind == "rename":
        k = rng.randrange(len(key))
        other = rng.choice([key[:k] + ("0" if key[k] == "1" else "1") + key[k + 1 :], key[:-1], key + "0"])
        part[other] = part.pop(key)
    elif kind == "move":
        claim["empty"][key] = {"1": "1"}
        claim["nonempty"].pop(key, None)
    elif kind == "number":
        *front, last = rng.choice(list(leaves(part[key])))
        holder = part[key]
        for k in front:
            holder = holder[k]
        holder[last] = changed(holder[last], rng) if len(set(holder[last]) - {"0", "1"}) else rng.choice(["-1", "0", "3", "1/7"])
    else:
        rows = document["network"][rng.choice("Vb")]
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice(["0", "1", "-1", "1/2", "-3"])


@pytest.mark.parametrize("seeds", [range(60), pytest.param(range(60, 2060), marks=pytest.mark.slow)], ids=["few", "many"])
def test_what_is_accepted_is_true(seeds):
    accepted = 0
    for seed in seeds:
        rng = Random(seed)
        document = copy.deepcopy(certificate(rng.choice(["general", "degenerate"])))
        change(document, rng)
        try:
            proved = dict(check(document))
        except Refused:
            continue
        accepted += 1
        data = document["network"]
        V, b = (
            [[fmpq(*map(int, x.split("/"))) for x in row] for row in data["V"]],
            [fmpq(*map(int, x.split("/"))) for (x,) in data["b"]],
        )
        assert set(document["global"]["regions"]["nonempty"]) == nonempty(V, b)
        assert proved["the list of regions"]["nonempty"] == len(nonempty(V, b))
    assert len(seeds) / 50 < accepted < len(seeds) / 2


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ([], "nonempty, empty are expected"),
        ({"nonempty": {}, "empty": []}, "malformed"),
        ({"nonempty": {}, "empty": {}}, "the list is not complete"),
        ({"nonempty": {}, "empty": {"": {"1": "1"}}}, "a multiplier is of none of its units"),
        ({"nonempty": {}, "empty": {"0": {}, "1": {}}}, "or there is none"),
        ({"nonempty": {}, "empty": {"0": {"1": "0"}}}, "a multiplier is not positive"),
        ({"nonempty": {}, "empty": {"0": {"1": "1"}}}, "the sum depends on the state"),
        ({"nonempty": {}, "empty": {"001": {"1": "1", "3": "1"}}}, "the sum depends on the state"),
        ({"nonempty": {}, "empty": {"000": {"1": "1", "3": "1"}}}, "the sum contradicts nothing"),
        ({"nonempty": {"00": ["0", "0"]}, "empty": {}}, "a pattern has a digit for each unit"),
        ({"nonempty": {"100000": ["0", "0"]}, "empty": {}}, "the state has another pattern"),
        ({"nonempty": {"0000000": ["0", "0"]}, "empty": {}}, "a pattern has digits 0 and 1"),
        ({"nonempty": {"000000": ["0"]}, "empty": {}}, "rows of 2 numbers"),
        ({"nonempty": {"000000": ["0", "0"]}, "empty": {"0001": {"4": "1"}, "000": {"4": "1"}}}, "a multiplier is of none"),
        ({"nonempty": {"000000": ["0", "0"]}, "empty": {"0001": {"4": "1"}, "00011": {"4": "1"}}}, "begins with another one"),
    ],
)
def test_what_is_refused(claim, reason):
    document = copy.deepcopy(certificate("degenerate"))
    document["global"]["regions"] = claim
    with pytest.raises(Refused, match=reason):
        check(document)


def test_all_regions_of_a_network_with_many_units_and_few_regions():
    net = sr.ReLURNN([["1/2"]], [[1] * 12], [0], V=[[1]] * 12, b=[*range(12)])
    document = json.loads(json.dumps(sr.derive(net, dt=1).certificate()))
    proved = dict(check(document))
    assert proved["the list of regions"] == {"complete": True, "nonempty": 13}
    assert {f"region {pattern}" for pattern in document["global"]["regions"]["nonempty"]} < set(proved)
