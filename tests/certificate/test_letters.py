"""Certificates of networks with letters: against the systems at values, by quadrature, and against changes."""

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from math import prod
from pathlib import Path
from random import Random

import mpmath as mp
import pytest

import symplrnn as sr
from symplrnn.certificate import check as checker
from symplrnn.certificate import check_letters as letters
from symplrnn.certificate.check import Meter, Refused
from symplrnn.certificate.check_letters import check
from symplrnn.cli import main

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
OTHERS = {"negative": sr.PLRNN(["a"], [["w"]], ["h"], C=[[1]], parameters=["a", "w", "h"])}


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


def holds(formula, values):
    """Return whether a formula of a certificate holds at values of the letters, a list of fractions."""
    if isinstance(formula, bool):
        return formula
    name, *parts = formula
    if name in ("and", "or"):
        return (all if name == "and" else any)([holds(part, values) for part in parts])
    x = exact(parts[0], values)
    return {">": x > 0, "<": x < 0, "=": x == 0, ">=": x >= 0, "<=": x <= 0, "!=": x != 0}[name]


def exact(data, values):
    """Return the exact value of a polynomial of a certificate."""
    if isinstance(data, str):
        return Fraction(data)
    return sum(Fraction(x) * prod(v ** int(k) for v, k in zip(values, name.split(), strict=True)) for name, x in data.items())


@pytest.mark.parametrize("name", ["two_units", "addition_letters", "inputs", "general"])
def test_the_conditions_are_the_verdicts_at_values(documents, name):
    document, net, rng = documents[name], NETWORKS[name], Random(name)
    assert all("conditions" in region and "entries" in region for region in document["regions"])
    choices, seen = [Fraction(x) for x in ("0", "1", "1/2", "1/2", "1", "2", "-1", "3/2", "-1/2", "1/4")], set()
    for _ in range(60):
        values = [rng.choice(choices) for _ in document["letters"]]
        if not all(holds(formula, values) for formula in document["assumptions"]):
            continue
        report = sr.check(net.subs(dict(zip(document["letters"], values, strict=True))))
        for region in document["regions"]:
            conditions, found = region["conditions"], report.verdicts[region["pattern"]]
            truths = {
                "E1": found["E1"].truth,
                "E2": found["E2"].truth,
                "E3": found["E3"].truth,
                "zero": found.needs_jump,
                "one": found.unit_eigenvalue,
                "lift": found.needs_lift,
                "stable": found.stable,
            }
            assert {name: holds(conditions[name], values) for name in truths} == {k: bool(x) for k, x in truths.items()}
            numbers = [number for number, formula in conditions["real_odes"].items() if holds(formula, values)]
            assert numbers == [found.how_many]
            seen.add(found.how_many)
        if document["global"]:
            assert holds(document["global"]["principal"], values) == report.global_verdict.truth.is_true
    assert len(seen) > 1 or name == "addition_letters"


@pytest.mark.parametrize("name", NETWORKS)
def test_the_entries_are_the_logarithm(documents, name):
    document, net, rng = documents[name], NETWORKS[name], Random(name)
    numbers = {letter: Fraction(rng.randint(1, 9), 40) + Fraction(rng.randint(0, 99), 1001) for letter in document["letters"]}
    values, seen = list(numbers.values()), 0
    with mp.workdps(40):
        for region in document["regions"]:
            affine = net.subs(numbers).region(region["pattern"])
            M, c, C = (
                mp.matrix([[mp.mpf(x.p) / x.q for x in r] for r in part.tolist()]) if part.cols else None
                for part in (affine.matrix, affine.offset, affine.input_matrix)
            )
            n, m = net.n, net.m
            roots = mp.eig(M, left=False, right=False)
            if any(abs(mp.im(x)) < 1e-20 and mp.re(x) <= 0 for x in roots):
                continue
            F = mp.eye(n + 1 + m)
            F[:n, :n], F[:n, n] = M, c
            if m:
                F[:n, n + 1 :] = C
            factors = [
                [mp.mpf(x.numerator) / x.denominator for x in (exact(y, values) for y in f["polynomial"])]
                for f in region["factors"]
            ]
            points = [list(mp.polyroots(f[::-1], maxsteps=200, extraprec=200)) for f in factors] + [[mp.mpf(1)]]
            wanted = mp.logm(F)
            for i, row in enumerate(region["entries"]):
                for j, terms in enumerate(row):
                    total = mp.mpf(0)
                    for term in terms:
                        coefficient = exact(term["coefficient"], values)
                        where = [x for k in term["points"] for x in points[k]]
                        total += mp.mpf(coefficient.numerator) / coefficient.denominator * value(where, term["power"])
                    assert abs(total - wanted[i, j]) < mp.mpf(10) ** -15
                    seen += 1
    assert seen


def value(points, power):
    """Return the divided difference of x^power log x: an entry of a function of a bidiagonal matrix; or the sum of the logarithms."""
    if power == "sum":
        return mp.fsum(mp.log(x) for x in points)
    Z = mp.diag(points)
    for k in range(len(points) - 1):
        Z[k, k + 1] = 1
    return (Z**power * mp.logm(Z))[0, len(points) - 1]


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


SLOW = {"cases", "conditions", "principal", "other_cases"}  # changes of these have tests of their own


@pytest.mark.parametrize("count", [40, pytest.param(500, marks=pytest.mark.slow)])
def test_changes_are_refused(documents, count):
    rng, refused = Random(count), 0
    for _ in range(count):
        document = json.loads(json.dumps(documents[rng.choice(list(documents))]))
        claims = {name: document[name] for name in ("regions", "global") if document[name]}
        *path, last = rng.choice([place for place in places(claims, []) if not SLOW & {*place}])
        if last == "pattern":
            continue
        target = claims
        for key in path:
            target = target[key]
        other = "x" if target[last] == "sum" else str(Fraction(target[last]) + 1)
        target[last] = rng.choice([other, {"0": "1"}, "x", [], None])
        with pytest.raises(Refused):
            check(document)
        refused += 1
    assert refused > count / 2


@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_other_conditions_are_refused_unless_they_say_the_same(documents, count):
    rng, refused, same = Random(count), 0, 0
    for _ in range(count):
        name = rng.choice(["two_units", "addition_letters", "general"])
        document = json.loads(json.dumps(documents[name]))
        region = rng.choice(document["regions"])
        before = json.loads(json.dumps(region["conditions"]))
        formulas = [*region["conditions"], *region["conditions"]["real_odes"]]
        formulas.remove("real_odes")
        claim = rng.choice(formulas)
        holder = region["conditions"] if claim in region["conditions"] else region["conditions"]["real_odes"]
        old = holder[claim]
        holder[claim] = changed(old, rng)
        try:
            check(document)
        except Refused:
            refused += 1
            continue
        same += 1
        for _ in range(200):
            values = [Fraction(rng.randint(-6, 6), rng.choice([1, 2])) for _ in document["letters"]]
            if all(holds(formula, values) for formula in document["assumptions"]):
                assert holds(old, values) == holds(holder[claim], values), (name, claim, old, holder[claim], before)
    assert refused > count / 2 > same


def changed(formula, rng):
    """Return a formula with one change."""
    if isinstance(formula, bool):
        return not formula
    name, *parts = formula
    if name in ("and", "or"):
        k = rng.randrange(len(parts))
        choice = rng.randrange(4)
        if choice == 0:
            return [{"and": "or", "or": "and"}[name], *parts]
        if choice == 1:
            return [name, *parts[:k], *parts[k + 1 :]]
        return [name, *parts[:k], changed(parts[k], rng), *parts[k + 1 :]]
    (p,) = parts
    if isinstance(p, dict) and rng.random() < 0.5:
        monomial = rng.choice(list(p))
        return [name, {**p, monomial: str(Fraction(p[monomial]) + rng.choice([1, -1, Fraction(1, 10**30)]))}]
    return [rng.choice([x for x in (">", "<", "=", ">=", "<=", "!=") if x != name]), p]


def leaves(node, found):
    """List the nodes of a tree of cases which are impossible, or follow."""
    if isinstance(node, dict):
        if "impossible" in node or "products" in node:
            found.append(node)
        for value in node.values():
            leaves(value, found)
    return found


@pytest.mark.parametrize("count", [25, pytest.param(200, marks=pytest.mark.slow)])
def test_proofs_of_cases_are_needed(documents, count):
    rng, refused = Random(count), 0
    for _ in range(count):
        document = json.loads(json.dumps(documents[rng.choice(["two_units", "general", "inputs"])]))
        nodes = [node for item in rng.choice(document["regions"])["cases"] for node in leaves(item["tree"], [])]
        if not nodes:
            continue
        node = rng.choice(nodes)
        proof = node["impossible" if "impossible" in node else "products"]
        change = rng.randrange(5)
        if change == 0:
            proof.clear()
        elif change == 1:
            proof[0][0] = str(-Fraction(proof[0][0]))
        elif change == 2:
            proof[0][0] = "0"
        elif change == 3:
            proof[0][1] = [10**6]
        else:
            proof.append(["1", [-1]])
        with pytest.raises(Refused):
            check(document)
        refused += 1
    assert refused > count / 2


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
        (lambda d: d.pop("letters"), "the certificate: .* are expected"),
        (lambda d: d["regions"][0].pop("factors"), "factors are missing"),
        (lambda d: d["regions"][0].pop("cases"), "belong together"),
        (lambda d: d["regions"][0]["cases"].pop(), "each condition belongs to one tree"),
        (lambda d: d["regions"][0]["cases"][0].update(tree=True), "sign of a polynomial is open"),
        (lambda d: d["regions"][0]["conditions"].update(E7=True), "unknown claims"),
        (lambda d: d["regions"][0]["conditions"].update(E1=["~", "1"]), "a formula is expected"),
        (lambda d: d["regions"][0]["entries"].pop(), "entries: 2 rows"),
        (lambda d: d["regions"][0]["entries"][0][0][0].update(points=[0, 0, 0]), "points are roots"),
        (lambda d: d["assumptions"].pop(), "sign of a polynomial is open|fails in a case"),
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


def matrix_at(data, values):
    """Return a matrix of quotients at values of the letters."""
    q = exact(data["denominator"], values)
    return mp.matrix(
        [[mp.mpf((x := exact(entry, values) / q).numerator) / x.denominator for entry in row] for row in data["rows"]]
    )


def logarithm_at(system, values):
    """Return the matrix of a system in the coordinates (z, 1, s, u), as docs/certificates.md says."""
    L, roots = matrix_at(system["rational_part"], values), {}
    for k, term in enumerate(system["terms"]):
        f = [exact(x, values) for x in term["factor"]]
        roots[k] = mp.polyroots([mp.mpf(x.numerator) / x.denominator for x in f[::-1]], extraprec=200)
        for root in roots[k]:
            L += mp.log(abs(root)) * sum(
                (matrix_at(H, values) * root**j for j, H in enumerate(term["matrices"])), mp.zeros(L.rows)
            )
    turn = system["turn"]
    if turn is None:
        return L
    if "row" in turn:
        [root] = [x for x in roots[turn["term"]] if mp.re(x) < 0]
        E = sum(
            (matrix_at(H, values) * root**j for j, H in enumerate(system["terms"][turn["term"]]["matrices"])), mp.zeros(L.rows)
        )
        V, w = E[:, turn["row"]] / E[turn["row"], turn["row"]], E[turn["row"], :]
    else:
        V, w = matrix_at(turn["V"], values), matrix_at(turn["w"], values)
    n, e = L.rows, V.cols
    found = mp.zeros(n + e)
    found[:n, :n], found[:n, n:], found[n:, :n], found[n:, n:] = L, -mp.pi * V, mp.pi * w, w * L * V
    return found


@pytest.mark.parametrize("name", ["two_units", "inputs", "general", "negative"])
def test_the_other_cases_are_the_systems_at_values(documents, name):
    net = OTHERS.get(name) or NETWORKS[name]
    document = documents[name] if name in documents else as_read(sr.derive(net, dt="1/10").certificate())
    rng, kinds = Random(name), set()
    choices = [Fraction(x) for x in ("1", "1/2", "2", "-1", "1/4", "-2")]
    with mp.workdps(30):
        for _ in range(60):
            values = [rng.choice(choices) for _ in document["letters"]]
            numbers = dict(zip(document["letters"], values, strict=True))
            if not all(holds(formula, values) for formula in document["assumptions"]):
                continue
            for region in document["regions"]:
                if "other_cases" not in region or holds(region["conditions"]["E2"], values):
                    continue
                k = next(k for k, x in enumerate(region["other_cases"]["systems"]) if holds(x["condition"], values))
                system, case = region["other_cases"]["systems"][k], sr.derive(net, dt=1)[region["pattern"]].other_cases[k]
                L = logarithm_at(system, values)
                size, e = L.rows - system["extra"], system["extra"]
                affine = net.subs(numbers).region(region["pattern"])
                F = mp.eye(size)
                parts = affine.matrix.row_join(affine.offset).row_join(affine.input_matrix)
                F[: net.n, :] = mp.matrix([[mp.mpf(x.p) / x.q for x in row] for row in parts.tolist()])
                J = mp.eye(size) if system["jump"] is None else matrix_at(system["jump"], values)
                flow = mp.expm(L)
                assert mp.norm(flow[:size, :size] * J - F) < mp.mpf(10) ** -20
                assert not e or mp.norm(flow[size:, :size] * J) < mp.mpf(10) ** -20
                printed = case.augmented.subs({x: numbers[str(x)] for x in case.augmented.free_symbols})
                order = [*range(net.n), *range(size, size + e), *range(net.n, size)]
                for i, row in enumerate(order):
                    for j, column in enumerate(order):
                        assert abs(mp.mpf(printed[i, j].evalf(25)) - L[row, column]) < mp.mpf(10) ** -18
                kinds.add(case.kind)
    assert kinds >= {"two_units": {"lifted", "impulsive"}, "negative": {"lifted", "impulsive"}}.get(name, set())


@pytest.mark.parametrize("count", [3, pytest.param(200, marks=pytest.mark.slow)])
def test_changed_systems_are_refused(documents, count):
    rng, refused = Random(count), 0
    for _ in range(count):
        document = json.loads(json.dumps(documents["two_units"]))
        systems = document["regions"][3]["other_cases"]["systems"]
        *path, last = rng.choice([place for place in places(systems, []) if "condition" not in place])
        target = systems
        for key in path:
            target = target[key]
        if last == "denominator" and all(x == "0" for row in target["rows"] for x in row):
            continue  # this means the same
        target[last] = str(Fraction(target[last]) + rng.choice([1, -1, Fraction(1, 10**40)]))
        with pytest.raises(Refused):
            check(document)
        refused += 1
    changes = (
        lambda s: s[0].update(extra=0),
        lambda s: s[0].update(turn=None),
        lambda s: s[0]["turn"].update(row=2),
        lambda s: s[0]["turn"].update(term=1),
        lambda s: s[1].update(turn=None, extra=0),
        lambda s: s[2].update(jump=None),
        lambda s: s.pop(),
        lambda s: s[0].update(condition=True),
        lambda s: s[3]["terms"].pop(),
    )
    for change in changes[:: 1 if count > 3 else 3]:
        document = json.loads(json.dumps(documents["two_units"]))
        change(document["regions"][3]["other_cases"]["systems"])
        with pytest.raises(Refused):
            check(document)
    assert refused > 0.8 * count


def test_what_is_certified_does_not_depend_on_earlier_checks(documents, monkeypatch):
    monkeypatch.setattr(Meter, "left", 0)
    assert as_read(sr.derive(NETWORKS["addition_letters"], dt="1/10").certificate()) == documents["addition_letters"]
    assert Meter.left > 0


def test_the_two_checkers_stand_alone(tmp_path, capsys):
    for program in ("check.py", "check_letters.py"):
        shutil.copy(Path(checker.__file__).with_name(program), tmp_path)
    path = tmp_path / "certificate.json"
    assert main(["certify", "addition_letters", "-o", str(path)]) == 0

    def run(program):
        command = [sys.executable, "-I", str(tmp_path / program), str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = run("check_letters.py")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "proved, all 2^2 regions: E2 always"
    assert main(["verify", str(path)]) == 0
    assert capsys.readouterr().out == done.stdout
    refused = run("check.py")
    assert (refused.returncode, refused.stdout) == (1, "refused: a network with letters: check_letters.py checks it\n")


def test_names_that_are_no_names_and_real_roots_with_unequal_blocks_are_refused(documents):
    document = json.loads(json.dumps(documents["addition_letters"]))
    document["letters"][0] = "a > 0 or a"
    with pytest.raises(Refused, match="different names"):
        check(document)
    unit, M = {(0,): 1}, [[{}] * 8 for _ in range(8)]
    for i, root in enumerate([1, 1, 1, 1, 2, 2, 2, 2]):  # at 1 four blocks, at 2 two
        M[i][i] = {(0,): root}
    M[4][5] = M[6][7] = unit
    F = [[*row, {}] for row in M] + [[*([{}] * 8), unit]]
    with pytest.raises(Refused, match="its real roots may have different blocks"):
        letters.facts_in_case(letters.Case(), (M, F, [([{(0,): 6}, {(0,): -5}, unit], 4)]), unit)
