"""Certificates: the lone checker accepts what the package proves, and nothing else."""

import ast
import copy
import json
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import mpmath as mp
import pytest
from flint import fmpq_mat, fmpq_poly
from hypothesis import given

import symplrnn as sr
from symplrnn.certificate import check as checker
from symplrnn.certificate import write
from symplrnn.certificate.check import Refused, check
from symplrnn.cli import main
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.errors import EntryError, ShapeError
from symplrnn.theorems.e4 import check_e4, how_many
from tests.certificate.documents import EXAMPLES, JORDAN, SPECIAL, as_read, certificate, certified, hard_network
from tests.certificate.formula_reader import is_right
from tests.examples import examples
from tests.hard import Hard, anything, turning

CHECKER = Path(checker.__file__)


def facts_of(net, pattern):
    """Return what the package says of a region, in the words of a certificate."""
    facts, ode = spectrum(net.region(pattern)), sr.derive(net.region(pattern), dt=1)
    verdicts, circle = sr.check(net, [pattern]).verdicts[pattern], facts.unit_circle
    return (
        {name: bool(verdicts[name].truth) for name in ("E1", "E2", "E3")}
        | {
            "zero": not facts.is_invertible,
            "one": facts.unit_multiplicity > 0,
            "negative": len(facts.negative_eigenvalues),
            "unit_circle": [circle.inside, circle.on, circle.outside],
            "stable": circle.inside == net.n,
            "real_odes": how_many(check_e4(facts)),
            "extra": ode.extra,
            "kind": "principal" if ode.kind == "real" and ode.is_principal else ode.kind,
            "formula": True,
        }
        | ({"jump": True} if ode.jump is not None else {})
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_certified(name):
    document, net = certificate(name), sr.example(name)
    proved = dict(check(document))
    for region in net.regions():
        assert proved[f"region {region.pattern}"] == facts_of(net, region.pattern)
    assert proved["all 2^2 regions"]["principal"] == (sr.check(net).counts["principal"] == 4)


@pytest.mark.parametrize("name", SPECIAL)
def test_formulas_are_logarithms(name):
    document = certificate(name)
    (_, claims), *_ = check(document)
    assert claims == facts_of(SPECIAL[name], "")
    assert is_right(document, document["regions"][0])


def test_formulas_of_the_oscillator(oscillator):
    document = certified(oscillator)
    proved = dict(check(document))
    assert {claims["kind"] for claims in proved.values() if "kind" in claims} == {"principal", "lifted"}
    for region in document["regions"]:
        assert proved[f"region {region['pattern']}"] == facts_of(oscillator, region["pattern"])
        assert is_right(document, region)


@pytest.mark.parametrize("seeds", [range(4, 14), pytest.param(range(14, 320), marks=pytest.mark.slow)], ids=["few", "many"])
def test_hard_regions_are_certified(seeds):
    kinds, repeated = set(), 0
    for seed in seeds:
        net = hard_network(seed)
        document = certified(net, dt="1/4")
        proved = dict(check(document))
        for number, region in enumerate(document["regions"]):
            claims = proved[f"region {region['pattern']}"]
            kinds.add(claims["kind"])
            repeated += any("sizes" in factor for factor in region["factors"])
            if number < 4:
                assert claims == facts_of(net, region["pattern"])
                assert is_right(document, region)
    assert kinds == {"principal", "real", "lifted", "impulsive", "lifted+impulsive"}
    assert repeated >= len(seeds) / 4


def known_facts(hard):
    """Return E3, the fewest extra coordinates and the number of real ODEs from the blocks that a matrix is made of.

    The number is left out where the eigenvalue 1 has blocks of one size, because they may be lengthened.
    """
    blocks = {}  # of the roots of a factor
    for block in hard.blocks:
        blocks.setdefault(block.factor, []).append(block.size)
    paired, several, extra, complex_, negative, unclear = True, False, 0, False, 0, False
    for factor, sizes in blocks.items():
        sizes.sort(reverse=True)
        roots = [-factor[0]] if len(factor) == 2 else [mp.chop(x) for x in mp.polyroots([float(x) for x in factor[::-1]])]
        below, above = (sum(mp.im(x) == 0 and sign * mp.re(x) > 0 for x in roots) for sign in (-1, 1))
        alternating = sum(sizes[::2]) - sum(sizes[1::2])
        extra, negative = extra + below * alternating, negative + below
        paired &= not below or sizes[::2] == sizes[1::2]
        repeated = above > 0 and len(set(sizes)) < len(sizes)
        unclear |= repeated and factor == (-1, 1)
        several |= (repeated and factor != (-1, 1)) or (any(mp.im(x) != 0 for x in roots) and len(sizes) > 1)
        complex_ |= any(mp.im(x) != 0 for x in roots)
    E3 = paired and (0, 1) not in blocks
    number = "none" if not E3 else "uncountable" if negative or several else "countable" if complex_ else "one"
    found = {"E3": E3, "extra": extra, "negative": negative, "zero": (0, 1) in blocks, "one": (-1, 1) in blocks}
    return found if E3 and unclear and number != "uncountable" else {**found, "real_odes": number}


@given(turning)
@examples(45)
def test_blocks_of_negative_eigenvalues(hard: Hard):
    claims = check(certified(hard.network))[0][1]
    assert {name: claims[name] for name in known_facts(hard)} == known_facts(hard)


@given(anything)
@examples(45)
def test_blocks_of_all_eigenvalues(hard: Hard):
    claims = check(certified(hard.network))[0][1]
    assert {name: claims[name] for name in known_facts(hard)} == known_facts(hard)


def leaves(value, path=()):
    """Yield the paths of all numbers, truth values and texts of a document."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for k, part in enumerate(value):
            yield from leaves(part, (*path, k))
    elif value not in (None, ""):  # the pattern of no units
        yield path


WORDS = [
    ["none", "one", "countable", "uncountable"],
    ["principal", "real", "lifted", "impulsive", "lifted+impulsive"],
]


def changed(value, rng):
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.choice([1, -1])
    for words in WORDS:
        if value in words:
            return rng.choice([word for word in words if word != value])
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
    patterns = [r["pattern"] for r in document["regions"]] or ["0" * net.p]
    fresh = certified(net, dt=document["dt"], regions=patterns)
    return {region["pattern"]: region for region in fresh["regions"]}, fresh["global"]


EVIDENCE = {"factors", "lengthened", "jump", "formula"}


@pytest.mark.parametrize("seeds", [range(200), pytest.param(range(200, 2200), marks=pytest.mark.slow)], ids=["few", "many"])
def test_changes_of_the_meaning_are_refused(seeds):
    accepted, names = 0, [*EXAMPLES, *SPECIAL]
    for k in seeds:
        rng = Random(k)
        document = copy.deepcopy(certificate(names[k % len(names)]))
        places = list(leaves(document))
        *front, last = rng.choice([p for p in places if p[0] != "network"] if k % 5 else places)
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
            here = claims[region["pattern"]]
            assert all(here[name] == claim for name, claim in region.items() if name not in EVIDENCE)
            if {"formula", "jump"} & {*front}:
                assert is_right(document, region)
        for name in ("p_matrix", "principal", "continuous"):
            if document["global"] and name in document["global"]:
                assert document["global"][name] == whole[name]
    assert 0 < accepted < len(seeds) / 10


def with_log(change):
    """Return the formula of a real logarithm whose principal part is changed."""
    original = write._formula

    def formula(real):
        found = change(real.principal)
        terms = {id(old): new for old, new in zip(real.principal.terms, found.terms, strict=False)}
        turns = [replace(t, pair=replace(t.pair, term=terms.get(id(t.pair.term), t.pair.term))) for t in real.turns]
        return original(type(real)(found, tuple(turns)))

    return formula


def with_rational_part(log, R):
    log = type(log)(log.field, log.matrix, log.unipotent_powers, log.terms)
    log.__dict__["rational_part"] = R
    return log


def with_terms(change):
    return with_log(lambda log: type(log)(log.field, log.matrix, log.unipotent_powers, change(log.terms)))


def each(change):
    return with_terms(lambda terms: tuple(change(t) for t in terms))


def in_claims(change):
    region = write._region_claims
    return lambda r: change(region(r))


def in_jump(change):
    return in_claims(lambda c: {**c, "jump": change(c["jump"])} if "jump" in c else c)


def in_blocks(change):
    generators = write._generators
    return lambda matrix, factor: change(generators(matrix, factor))


def transposed(shared):
    return {**shared, "rows": [list(row) for row in zip(*shared["rows"], strict=True)]}


def in_pairs(change):
    pair = write._pair
    return lambda p: change(pair(p))


def in_terms(change):
    term = write._term
    return lambda t, pairs: change(term(t, pairs))


def in_vectors(change):
    vector = write._vector
    return lambda v: change(vector(v))


def half_of(first):
    return {name: part[: (len(part) + 1) // 2] for name, part in first.items()}


BUGS = {
    "wrong sign of R": lambda: ("_formula", with_log(lambda log: with_rational_part(log, -log.rational_part))),
    "R without its second term": lambda: (
        "_formula",
        with_log(lambda log: with_rational_part(log, sum(log.unipotent_powers[:1], 0 * log.matrix))),
    ),
    "a term left out": lambda: ("_formula", with_terms(lambda terms: terms[1:])),
    "a term twice": lambda: ("_formula", with_terms(lambda terms: (*terms, terms[0]))),
    "projector transposed": lambda: ("_formula", each(lambda t: replace(t, matrices=tuple(H.transpose() for H in t.matrices)))),
    "projector doubled": lambda: ("_formula", each(lambda t: replace(t, matrices=tuple(H * 2 for H in t.matrices)))),
    "factor of another root": lambda: ("_formula", each(lambda t: replace(t, factor=t.factor + fmpq_poly([1])))),
    "weights without f'": lambda: (
        "_term",
        in_terms(lambda t: {**t, "weight": ["1"] + ["0"] * (len(t["weight"]) - 1)} if len(t["weight"]) > 1 else t),
    ),
    "E1 without the eigenvalue 1": lambda: ("_region_claims", in_claims(lambda c: {**c, "E1": c["E2"], "one": False})),
    "E2 with zero counted as positive": lambda: ("_region_claims", in_claims(lambda c: {**c, "zero": False})),
    "negative eigenvalues with multiplicity": lambda: (
        "_region_claims",
        in_claims(lambda c: {**c, "negative": 2 * c["negative"]}),
    ),
    "E3 true for single negative ones": lambda: ("_region_claims", in_claims(lambda c: {**c, "E3": True})),
    "coefficients in the wrong order": lambda: (
        "_region_claims",
        in_claims(lambda c: {**c, "characteristic_polynomial": c["characteristic_polynomial"][::-1]}),
    ),
    "E3 by the determinant": lambda: (
        "_region_claims",
        in_claims(lambda c: {**c, "E3": Fraction(c["characteristic_polynomial"][0]) * (-1) ** (len(c) % 2) > 0}),
    ),
    "as many extra coordinates as unpaired blocks": lambda: (
        "smallest_lift",
        lambda facts: sum(sum(size for size in b if b.count(size) % 2) for b in facts.negative_blocks),
    ),
    "repeated blocks at 1 that the offset lengthens": lambda: (
        "_region_claims",
        in_claims(lambda c: {**c, "real_odes": "uncountable"} if "lengthened" in c else c),
    ),
    "countable for two complex blocks": lambda: (
        "how_many",
        lambda found: "countable" if found["no_complex_eigenvalue"].truth.is_false else how_many(found),
    ),
    "lifted systems called real": lambda: ("kind_of", lambda extra, jumps: "impulsive" if jumps else "real"),
    "on the circle counted as inside": lambda: (
        "_region_claims",
        in_claims(lambda c: {**c, "stable": c["unit_circle"][2] == 0}),
    ),
    "inside counted without multiplicity": lambda: (
        "_region_claims",
        in_claims(lambda c: {**c, "unit_circle": [min(c["unit_circle"][0], 1), *c["unit_circle"][1:]]}),
    ),
    "jump projector transposed": lambda: ("_region_claims", in_jump(lambda j: {**j, "projector": transposed(j["projector"])})),
    "jump without the projector": lambda: ("_region_claims", in_jump(lambda j: {**j, "map": j["projector"]})),
    "no jump": lambda: ("_region_claims", in_claims(lambda c: {name: c[name] for name in c if name != "jump"})),
    "blocks of other sizes": lambda: ("_generators", in_blocks(lambda g: {**g, "sizes": sorted(g["sizes"])})),
    "one generator for all blocks": lambda: (
        "_generators",
        in_blocks(lambda g: {**g, "generators": [g["generators"][0] for _ in g["generators"]]}),
    ),
    "chains without their ends": lambda: ("_pair", in_pairs(lambda pair: [half_of(chain) for chain in pair])),
    "rows in the order of the columns": lambda: (
        "_pair",
        in_pairs(lambda pair: [{**chain, "rows": chain["rows"][::-1]} for chain in pair]),
    ),
    "a pair of chains lifted all the same": lambda: ("_pair", in_pairs(lambda pair: pair[:1])),
    "coefficients of vectors reversed": lambda: ("_vector", in_vectors(lambda v: {**v, "rows": v["rows"][::-1]})),
}
CAUGHT_BY = {name: sr.example(name) for name in ("kinds", "addition", "paired", "complex")} | {"chain": JORDAN} | SPECIAL


@pytest.mark.parametrize("name", BUGS)
def test_bugs_in_the_producer_are_caught(name, monkeypatch):
    monkeypatch.setattr(write, *BUGS[name]())
    caught = 0
    for net in CAUGHT_BY.values():
        try:
            check(certified(net))
        except Refused:
            caught += 1
    assert caught


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["global"].update(evidence={"dominant": ["1", "-1"]}), "x is positive"),
        (lambda d: d["global"].update(evidence={"dominant": ["1", "1000"]}), "too small"),
        (lambda d: d["global"].update(evidence={"definite": [["1", "1"], ["0", "1"]]}), "triangular"),
        (lambda d: d["global"].update(evidence={"failing": ["1", "2"]}), "<= 0 fails"),
        (lambda d: d["global"].update(evidence={"failing": ["3"]}), "1 rows of 2"),
        (lambda d: d["global"].update(evidence={"failing": ["0", "0"]}), "x is not 0"),
        (lambda d: d["global"].update(evidence={"word": True}), "unknown"),
        (lambda d: d["global"].update(evidence={}), "one kind"),
        (lambda d: [d.update(regions=[]), d["network"].update(b=[["1"], ["0"]])], "no PLRNN"),
        (lambda d: [d.update(regions=[]), d["network"].update(A=[["1/2", "1"], ["0", "1/2"]])], "no PLRNN"),
        (lambda d: d["regions"][0]["formula"]["terms"][0]["matrices"].pop(), "as many matrices"),
        (lambda d: d["global"].update(p_matrix=1), "p_matrix is True"),
        (lambda d: d["regions"].append(d["regions"][0]), "twice"),
        (lambda d: d["regions"][0].update(other=1), "unknown claims"),
        (lambda d: d["regions"][0].update(pattern="0"), "pattern"),
        (lambda d: d["regions"][0]["formula"]["terms"].clear(), "factors are not those"),
        (lambda d: d.update(dt="0"), "dt"),
        (lambda d: d.update(dt="1/0"), "denominator"),
        (lambda d: d.update(extra=1), "expected"),
        (lambda d: d.update({"symplrnn certificate": 2}), "version 3 is expected; write it anew"),
        (lambda d: d["network"].update(C=[]), "malformed"),
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


LONG = [str(prime**4000) for prime in (3, 5, 7)]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("addition", lambda d: d["network"].update(A=[[f"1/{LONG[0]}", f"1/{LONG[1]}"], [f"1/{LONG[2]}", "1"]])),
        ("shifted line", lambda d: d["network"].update(A=[["0", "0"], ["0", "0"]], h=[[f"1/{x}"] for x in LONG[:2]])),
        ("one of three roots", lambda d: d["regions"][0]["formula"]["terms"][0].update(weight=[f"1/{x}" for x in LONG])),
        ("one of three roots", lambda d: d["regions"][0]["factors"][0].update(factor=[*LONG, LONG[0]])),
    ],
)
def test_a_hostile_certificate_takes_bounded_time(name, change, monkeypatch):
    monkeypatch.setattr(checker, "WORK", 2 * 10**4)
    document = copy.deepcopy(certificate(name))
    del document["regions"][0]["characteristic_polynomial"]
    check(document)
    change(document)
    with pytest.raises(Refused, match="too long"):
        check(document)


ODD = [None, True, 0, -1, 3, 10**30, 1.5, "", "x", "0", "1/0", "7/3", [], [[]], {}, [0], [1, 1], [None], {"a": 1}, "9" * 30]


def nodes(value, path=()):
    """Yield the paths of all parts of a document."""
    yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from nodes(part, (*path, key))


@pytest.mark.parametrize("seeds", [range(150), pytest.param(range(150, 6000), marks=pytest.mark.slow)], ids=["few", "many"])
def test_what_is_no_certificate_is_refused_and_nothing_else_happens(seeds):
    names = [*EXAMPLES, *SPECIAL]
    for seed in seeds:
        rng, document = Random(seed), copy.deepcopy(certificate(names[seed % len(names)]))
        groups = {}  # so that rare parts are changed as often as frequent ones
        for path in list(nodes(document))[1:]:
            groups.setdefault(tuple(key if isinstance(key, str) else "" for key in path), []).append(path)
        *front, last = rng.choice(groups[rng.choice(sorted(groups))])
        holder = document
        for key in front:
            holder = holder[key]
        if rng.random() < 0.7:
            holder[last] = rng.choice(ODD)
        else:
            del holder[last]
        try:
            check(document)
        except Refused:
            continue


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
    *proved, whole = check(certified(van_der_pol, regions="visited", steps=30))
    assert whole == ("all 2^10 regions", {"continuous": False, "p_matrix": True, "principal": True})
    assert dict(proved) == {where: facts_of(van_der_pol, where.removeprefix("region ")) for where, _ in proved}
    assert check(certified(van_der_pol)) == [whole]  # one certificate for all 1024 regions


def test_the_checker_stands_alone(tmp_path, capsys):
    tree = ast.parse(CHECKER.read_text())
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"contextlib", "json", "re", "sys", "fractions", "math"}
    alone = tmp_path / "alone.py"
    alone.write_text(CHECKER.read_text())
    assert main(["certify", "addition", "-o", str(tmp_path / "a.json")]) == 0

    def run(path):
        return subprocess.run([sys.executable, "-I", alone, path], capture_output=True, text=True, check=False)

    done = run(tmp_path / "a.json")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "proved, all 2^2 regions: continuous False; p_matrix True; principal True"
    assert main(["verify", str(tmp_path / "a.json")]) == 0
    assert capsys.readouterr().out == done.stdout
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run([sys.executable, "-I", alone, tmp_path / "a.json"], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert ended.stderr == b""
    document = json.loads((tmp_path / "a.json").read_text())
    document["regions"][0]["E1"] = True
    (tmp_path / "b.json").write_text(json.dumps(document))
    assert (run(tmp_path / "b.json").returncode, main(["verify", str(tmp_path / "b.json")])) == (1, 1)
    assert capsys.readouterr().out == "refused: region number 1: E1 is False, not True\n"
    (tmp_path / "c.json").write_text("[" * 100_000)
    assert run(tmp_path / "c.json").returncode in (1, 2)
    assert "Traceback" not in run(tmp_path / "c.json").stderr
    assert main(["verify", str(tmp_path / "d.json")]) == 2


@pytest.mark.parametrize("claim", ["\ud800", "\x1b[2Jreal\nproved, region 00", "z" * 10**5, [["\u202e"] * 10**5]], ids=range(4))
def test_a_refusal_is_one_short_line_whatever_is_claimed(claim, tmp_path, capsys):
    document = certified(sr.example("kinds"))
    document["regions"][0]["kind"] = claim
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(document))
    assert main(["verify", str(path)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("refused: region number 1: kind is principal, not ")
    assert out.isascii()
    assert out[:-1].isprintable()
    assert len(out) < 400


def test_what_is_open_is_not_claimed():
    document = certified(sr.example("kinds"))
    document["global"]["continuous"] = None
    with pytest.raises(Refused, match="continuous is open"):
        check(document)


def test_verify_reads_pipes_but_no_folders(tmp_path, capsys):
    text = write.as_text(certified(sr.example("addition")))
    reader, writer = os.pipe()
    os.write(writer, text.encode())
    os.close(writer)
    assert main(["verify", f"/dev/fd/{reader}"]) == 0
    os.close(reader)
    assert main(["verify", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"symplrnn: error: {tmp_path}: expected the file of a certificate, got a folder\n"


@pytest.mark.parametrize("n", range(1, 6))
def test_a_failing_vector_comes_from_any_minor_that_is_not_positive(n):
    """Not only from a minimal one."""
    rng, seen = Random(n), 0
    for _ in range(40):
        rows = [[rng.randint(-3, 3) + 2 * (i == j) for j in range(n)] for i in range(n)]
        B = fmpq_mat(rows)
        for units in (u for size in range(1, n + 1) for u in combinations(range(n), size)):
            if fmpq_mat([[B[i, j] for j in units] for i in units]).det() <= 0:
                x = [Fraction(text) for text in write._failing_vector(B, units)]
                assert any(x)
                assert all(x[i] * sum(a * b for a, b in zip(rows[i], x, strict=True)) <= 0 for i in range(n))
                seen += 1
    assert seen > 10


def test_eigenvalues_that_are_equal_modulo_the_prime_are_refused():
    with pytest.raises(EntryError, match="equal modulo 2305843009213693951"):
        certified(sr.ReLURNN([[2, 0], [0, 2**61 + 1]], [[], []], [0, 0], V=[]))


def test_what_cannot_be_certified_is_refused():
    with pytest.raises(EntryError, match="rational"):
        sr.derive(sr.PLRNN(["sqrt(2)"], [[0]], [0]), dt=1).certificate()
    eye = [[int(i == j) for j in range(9)] for i in range(9)]
    with pytest.raises(ShapeError, match="regions"):
        sr.derive(sr.ReLURNN(eye, eye, [0] * 9, V=eye, b=[1] * 9), dt=1).certificate()
    single = sr.derive(sr.example("complex").region("11"), dt=1).certificate()
    assert [region["pattern"] for region in single["regions"]] == ["11"]
    assert single["global"] is None
    check(as_read(single))
