"""Certificates: the lone checker accepts what the package proves, and nothing else."""

import ast
import copy
import json
import subprocess
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import pytest
import sympy as sp
from flint import fmpq_poly

import symplrnn as sr
from symplrnn.certificate import check as checker
from symplrnn.certificate import write
from symplrnn.certificate.check import Refused, check
from symplrnn.cli import main
from symplrnn.errors import EntryError, ShapeError
from symplrnn.network.examples import descriptions

CHECKER = Path(checker.__file__)
EXAMPLES = [name for name in descriptions() if not sr.example(name).parameters]


def as_read(document):
    """Return a certificate as it is read from a file."""
    return json.loads(json.dumps(document))


@cache
def certificate(name):
    return as_read(sr.derive(sr.example(name), dt="1/10").certificate())


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_certified(name):
    document = certificate(name)
    proved = dict(check(document))
    report = sr.check(sr.example(name))
    for pattern, found in report.verdicts.items():
        claims = proved[f"region {pattern}"]
        for theorem in ("E1", "E2", "E3"):
            if theorem in claims:
                assert claims[theorem] == bool(found[theorem].truth)
        assert ("E3" in claims) or (found.region.network is not None and bool(found["E2"].truth) is False)
    assert proved["all 2^2 regions"]["principal"] == (report.counts["principal"] == 4)


def hard_network(seed):
    """Return a network whose regions have Jordan blocks, eigenvalues 0 and 1, negative ones, pairs and complex ones."""
    rng = Random(seed)
    n, m = rng.choice([1, 2, 3, 4]), rng.choice([0, 0, 1])
    value = [Fraction(1), Fraction(1, 2), Fraction(1, 2), Fraction(-1, 3), Fraction(2), Fraction(0), Fraction(3, 7)]
    A = [[rng.choice(value) if i == j else Fraction(0) for j in range(n)] for i in range(n)]
    if rng.random() < 0.4:  # coupled by a unit triangle: repeated eigenvalues with Jordan blocks
        A = [[rng.choice(value[:4]) if i == j else Fraction(int(j == i + 1)) for j in range(n)] for i in range(n)]
    W = [
        [Fraction(rng.randint(-3, 3), rng.choice([1, 2])) if rng.random() < 0.6 else Fraction(0) for _ in range(n)]
        for _ in range(n)
    ]
    h = [Fraction(rng.randint(-2, 2), 3) for _ in range(n)]
    return sr.ReLURNN(A, W, h, C=[[1]] * n if m else None)


def compare(seed):
    net = hard_network(seed)
    document = as_read(sr.derive(net, dt="1/4").certificate())
    proved = dict(check(document))
    for region in net.regions():
        M = region.matrix
        eigenvalues = {sp.nsimplify(e): k for e, k in M.eigenvals().items()} if net.n < 3 else None
        claims = proved[f"region {region.pattern}"]
        if eigenvalues is not None:
            real = [e for e in eigenvalues if e.is_real]
            assert claims["zero"] == (0 in eigenvalues)
            assert claims["one"] == (1 in eigenvalues)
            assert claims["negative"] == sum(bool(e < 0) for e in real)
        assert claims["E2"] == bool(sr.check(net, [region.pattern]).verdicts[region.pattern]["E2"].truth)
    return document


@pytest.mark.parametrize("seeds", [range(20), pytest.param(range(20, 320), marks=pytest.mark.slow)], ids=["few", "many"])
def test_hard_regions_are_certified(seeds):
    formulas = sum("formula" in region for seed in seeds for region in compare(seed)["regions"])
    assert formulas > len(seeds)


def leaves(value, path=()):
    """Yield the paths of all numbers, truth values and texts of a document."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for k, part in enumerate(value):
            yield from leaves(part, (*path, k))
    else:
        yield path


def changed(value, rng):
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.choice([1, -1])
    if set(value) <= {"0", "1"} and len(value) > 1:  # a pattern
        k = rng.randrange(len(value))
        return value[:k] + ("0" if value[k] == "1" else "1") + value[k + 1 :]
    number = Fraction(value)
    return str(
        rng.choice(
            [
                number + 1,
                -number if number else Fraction(1, 7),
                number * 2 if number else Fraction(-1),
                number + Fraction(1, 10**20),
            ]
        )
    )


def truth_of(document):
    """Return what the package says of the network of a certificate: its claims by place, without the evidence."""
    data = document["network"]
    C = data["C"] if data["C"][0] else None
    net = sr.ReLURNN(data["A"], data["W"], [row[0] for row in data["h"]], V=data["V"], b=[row[0] for row in data["b"]], C=C)
    fresh = as_read(
        sr.derive(net, dt=document["dt"], regions=[r["pattern"] for r in document["regions"]] or ["0" * net.p]).certificate()
    )
    claims = {}
    for region in fresh["regions"]:
        for name, claim in region.items():
            claims[region["pattern"], name] = claim if name != "formula" else None
    return claims, fresh["global"]


@pytest.mark.parametrize("seeds", [range(200), pytest.param(range(200, 2200), marks=pytest.mark.slow)], ids=["few", "many"])
def test_changes_of_the_meaning_are_refused(seeds):
    accepted = 0
    for k in seeds:
        rng = Random(k)
        document = copy.deepcopy(certificate(EXAMPLES[k % len(EXAMPLES)]))
        places = list(leaves(document))
        *front, last = rng.choice([p for p in places if p[0] != "network"] if k % 3 else places)
        holder = document
        for key in front:
            holder = holder[key]
        holder[last] = changed(holder[last], rng)
        try:
            check(document)
        except Refused:
            continue
        accepted += 1  # then the document is still true: another network or dt, or evidence that proves the same
        claims, whole = truth_of(document)
        for region in document["regions"]:
            for name, claim in region.items():
                assert (region["pattern"], name) in claims
                assert name == "formula" or claims[region["pattern"], name] == claim
        for name in ("p_matrix", "principal", "continuous"):
            if document["global"] and name in document["global"]:
                assert document["global"][name] == whole[name]
        if "formula" in front:
            assert set(_matrix_at(document, front)) == {"0"}, (front, last)  # 0 has any denominator
    assert accepted < len(seeds) / 10


def _matrix_at(document, front):
    """Return the entries of the matrix whose denominator was changed."""
    holder = document
    for key in front:
        holder = holder[key]
    assert isinstance(holder, dict)
    return [x for row in holder["rows"] for x in row]


def setattr_on(log, name, value):
    log.__dict__[name] = value
    return log


JORDAN = sr.ReLURNN([["1/2", 1, 0], [0, "1/2", 1], [0, 0, "1/2"]], [[0]] * 3, [1, 0, 1], V=[[1, 0, 0]], b=[0])


def bug(name, monkeypatch):
    """Put a one-line bug into what writes certificates."""
    original = write.logarithm
    term, region = write._term, write._region_claims
    first = write.SpectralTerm

    def with_terms(change):
        return lambda field, M: _replaced(original(field, M), terms=change(original(field, M).terms))

    def in_claims(change):
        return lambda r: change(region(r))

    bugs = {
        "wrong sign of R": ("logarithm", lambda K, M: setattr_on(original(K, M), "rational_part", -original(K, M).rational_part)),
        "R without its second term": (
            "logarithm",
            lambda K, M: setattr_on(original(K, M), "rational_part", sum(original(K, M).unipotent_powers[:1], 0 * M)),
        ),
        "a term left out": ("logarithm", with_terms(lambda terms: terms[1:])),
        "a term twice": ("logarithm", with_terms(lambda terms: (*terms, terms[0]))),
        "projector transposed": (
            "logarithm",
            with_terms(
                lambda terms: tuple(
                    first(t.field, t.factor, tuple(H.transpose() for H in t.matrices), t.denominator) for t in terms
                )
            ),
        ),
        "projector doubled": (
            "logarithm",
            with_terms(
                lambda terms: tuple(first(t.field, t.factor, tuple(H * 2 for H in t.matrices), t.denominator) for t in terms)
            ),
        ),
        "factor of another root": (
            "logarithm",
            with_terms(lambda terms: tuple(first(t.field, t.factor + fmpq_poly([1]), t.matrices, t.denominator) for t in terms)),
        ),
        "sums over roots without f'": ("_term", lambda log, t: {**term(log, t), "root_sums": ["1"] * t.degree}),
        "E1 without the eigenvalue 1": ("_region_claims", in_claims(lambda c: {**c, "E1": c["E2"], "one": False})),
        "E2 with zero counted as positive": ("_region_claims", in_claims(lambda c: {**c, "zero": False})),
        "negative eigenvalues with multiplicity": ("_region_claims", in_claims(lambda c: {**c, "negative": 2 * c["negative"]})),
        "E3 true for single negative ones": ("_region_claims", in_claims(lambda c: {**c, "E3": True})),
        "coefficients in the wrong order": (
            "_region_claims",
            in_claims(lambda c: {**c, "characteristic_polynomial": c["characteristic_polynomial"][::-1]}),
        ),
    }
    if name is None:
        return list(bugs)
    monkeypatch.setattr(write, *bugs[name])
    return None


def _replaced(log, **changes):
    return type(log)(log.field, log.matrix, log.unipotent_powers, changes["terms"])


@pytest.mark.parametrize("name", bug(None, None))
def test_bugs_in_the_producer_are_caught(name, monkeypatch):
    networks = [JORDAN, sr.example("kinds"), sr.example("addition"), sr.example("paired"), sr.example("complex")]
    for net in networks:
        check(as_read(sr.derive(net, dt=1).certificate()))
    bug(name, monkeypatch)
    caught = 0
    for net in networks:
        try:
            check(as_read(sr.derive(net, dt=1).certificate()))
        except Refused:
            caught += 1
    assert caught


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["global"].update(evidence={"dominant": ["1", "-1"]}), "x is positive"),
        (lambda d: d["global"].update(evidence={"dominant": ["1", "1000"]}), "row 1 is not"),
        (lambda d: d["global"].update(evidence={"definite": [["1", "1"], ["0", "1"]]}), "triangular"),
        (lambda d: d["global"].update(evidence={"failing": ["1", "2"]}), "positive"),
        (lambda d: d["global"].update(evidence={"failing": ["3"]}), "different units"),
        (lambda d: d["global"].update(evidence={"word": True}), "unknown"),
        (lambda d: d["global"].update(p_matrix=1), "p_matrix is True"),
        (lambda d: d["regions"].append(d["regions"][0]), "twice"),
        (lambda d: d["regions"][0].update(other=1), "unknown claims"),
        (lambda d: d["regions"][0].update(pattern="0"), "pattern"),
        (lambda d: d["regions"][0]["formula"]["terms"].clear(), "terms"),
        (lambda d: d.update(dt="0"), "dt"),
        (lambda d: d.update(dt="1/0"), "denominator"),
        (lambda d: d.update(extra=1), "expected"),
        (lambda d: d["network"].update(A=[["1"]]), "rows"),
        (lambda d: d["network"].update(A=[[1, 2], [3, 4]]), "as text"),
        (lambda d: d["network"].update(A=[["9" * 300_000, "0"], ["0", "1"]]), "whole number"),
        (lambda d: d["network"].update(A=[["0"] * 401] * 401), "up to 400"),
    ],
)
def test_wrong_certificates_are_refused_with_the_reason(change, message):
    document = copy.deepcopy(certificate("addition"))
    change(document)
    with pytest.raises(Refused, match=message):
        check(document)


def test_a_hostile_certificate_takes_bounded_time(monkeypatch):
    monkeypatch.setattr(checker, "WORK", 10**6)
    document = copy.deepcopy(certificate("addition"))
    document["network"]["A"] = [[f"1/{3**4000}", f"1/{5**4000}"], [f"1/{7**4000}", "1"]]
    with pytest.raises(Refused, match="too long"):
        check(document)


def test_all_minors_and_definiteness():
    net = sr.PLRNN(["1/2", "1/2", "1/2"], [["1/3", 5, 0], ["-1/6", "1/3", 0], [0, 0, 0]], [0, 0, 0])
    document = as_read(sr.derive(net, dt=1, regions=["000"]).certificate())
    assert document["global"]["evidence"] == {"minors": True}
    assert dict(check(document))["all 2^3 regions"]["principal"] is True
    net = sr.PLRNN(["1/2", "1/2"], [["1/3", 3], [-3, "1/3"]], [0, 0])
    document = as_read(sr.derive(net, dt=1, regions=["00"]).certificate())
    assert list(document["global"]["evidence"]) == ["definite"]
    check(document)
    document["global"]["evidence"]["definite"][1][0] = "1" + 40 * "0"
    with pytest.raises(Refused, match="not dominant"):
        check(document)


def test_the_trained_network(van_der_pol):
    document = as_read(sr.derive(van_der_pol, dt=1, regions="visited", steps=30).certificate())
    proved = check(document)
    assert proved[-1] == ("all 2^10 regions", {"continuous": False, "p_matrix": True, "principal": True})
    assert all("formula" in region for region in document["regions"])


def test_the_checker_stands_alone(tmp_path, capsys):
    tree = ast.parse(CHECKER.read_text())
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"json", "re", "sys", "fractions", "math"}
    alone = tmp_path / "alone.py"
    alone.write_text(CHECKER.read_text())
    assert main(["certify", "addition", "-o", str(tmp_path / "a.json")]) == 0

    def run(path):
        return subprocess.run([sys.executable, "-I", alone, path], capture_output=True, text=True, check=False)

    done = run(tmp_path / "a.json")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "proved, all 2^2 regions: continuous False, p_matrix True, principal True"
    assert main(["verify", str(tmp_path / "a.json")]) == 0
    assert capsys.readouterr().out == done.stdout
    document = json.loads((tmp_path / "a.json").read_text())
    document["regions"][0]["E1"] = True
    (tmp_path / "b.json").write_text(json.dumps(document))
    assert (run(tmp_path / "b.json").returncode, main(["verify", str(tmp_path / "b.json")])) == (1, 1)
    assert capsys.readouterr().out == "refused: region number 1: E1 is False, not True\n"
    (tmp_path / "c.json").write_text("[" * 100_000)
    assert run(tmp_path / "c.json").returncode in (1, 2)
    assert "Traceback" not in run(tmp_path / "c.json").stderr
    assert main(["verify", str(tmp_path / "d.json")]) == 2


def test_what_cannot_be_certified_is_refused():
    with pytest.raises(EntryError, match="rational"):
        sr.derive(sr.example("two_units"), dt=1).certificate()
    with pytest.raises(EntryError, match="rational"):
        sr.derive(sr.PLRNN(["sqrt(2)"], [[0]], [0]), dt=1).certificate()
    eye = [[int(i == j) for j in range(9)] for i in range(9)]
    with pytest.raises(ShapeError, match="regions"):
        sr.derive(sr.ReLURNN(eye, eye, [0] * 9, V=eye, b=[1] * 9), dt=1).certificate()
    single = sr.derive(sr.example("complex").region("11"), dt=1).certificate()
    assert [region["pattern"] for region in single["regions"]] == ["11"]
    assert single["global"] is None
    check(as_read(single))
