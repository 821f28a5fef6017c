import json
from itertools import chain, combinations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.theorems.base import REGION_CHECKS, Theorem, verdict
from symplrnn.theorems.check import checked_rows


def test_van_der_pol(van_der_pol):
    seen = []
    report = sr.check(van_der_pol, progress=lambda done, total: seen.append((done, total)))
    document = report.to_dict(summary=True)
    assert document["regions"] == {"selection": "all", "total": 1024, "checked": 1024}
    assert document["counts"] == {
        "principal": 1024,
        "real": 1024,
        "lifted": 0,
        "impulsive": 0,
        "unit_eigenvalue": 0,
        "published_formula": 1024,
        "unknown": 0,
        "unique": 121,
        "countable": 903,
        "uncountable": 0,
    }
    assert document["global"]["p_matrix"] is True
    assert seen == [(k, 1024) for k in range(1, 1025)]


def test_oscillator(oscillator):
    report = sr.check(oscillator)
    assert [p for p, c in report.verdicts.items() if c.real.is_false] == ["011", "111"]
    assert (report.counts["principal"], report.counts["real"], report.counts["lifted"]) == (6, 6, 2)
    assert report.global_verdict["p_matrix"].truth.is_false


def test_addition_problem():
    report = sr.check(sr.example("addition"))
    assert report.counts["unit_eigenvalue"] == report.counts["principal"] == report.counts["published_formula"] == 4
    assert all(c["E1"].truth.is_false and c["E2"].truth.is_true for c in report.verdicts.values())


def test_almost_linear_lorenz_network(lorenz_entries):
    A, W, h = lorenz_entries
    net = sr.ALRNN(A, W, h, P=2)
    report = sr.check(net)
    numeric = [np.linalg.eigvals(np.array(region.matrix, dtype=float)) for region in net.regions()]
    negative = [int(sum((abs(e.imag) < 1e-12) & (e.real < 0))) for e in numeric]
    assert [c.spectrum.negative_count for c in report.verdicts.values()] == negative
    assert report.counts["principal"] == negative.count(0)
    assert report.total == 4
    state = np.linspace(-1, 1, 20)
    rectified = np.concatenate([state[:18], np.maximum(state[18:], 0)])
    expected = A.astype(float) * state + W.astype(float) @ rectified + h
    assert np.allclose(np.array(net.step(state), dtype=float).ravel(), expected, atol=1e-12)


small = st.fractions(min_value=-2, max_value=2, max_denominator=3)


@given(st.integers(1, 3).flatmap(lambda n: st.tuples(
    st.lists(st.fractions(min_value="1/4", max_value=2, max_denominator=4), min_size=n, max_size=n),
    st.lists(st.lists(small, min_size=n, max_size=n), min_size=n, max_size=n),
)))  # fmt: skip
def test_g1_all_equivalent_for_positive_diagonals(parts):
    """(a) E2 everywhere, (b) E3 everywhere, (c) A + W is a P-matrix by brute force over all minors."""
    A, W = parts
    net = sr.PLRNN(A, W, [0] * len(A))
    report = sr.check(net)
    B = sp.Matrix(net.A + net.W)
    n = net.n
    minors = [B.extract(list(c), list(c)).det() for k in range(1, n + 1) for c in combinations(range(n), k)]
    p_matrix = all(m > 0 for m in minors)
    assert (report.counts["principal"] == report.checked) == p_matrix
    assert (report.counts["real"] == report.checked) == p_matrix
    assert report.global_verdict.truth.value == p_matrix
    if not p_matrix:
        evidence = report.global_verdict["p_matrix"].evidence
        rows = [i for i, d in enumerate(evidence["units"]) if d == "1"]
        assert sp.Rational(str(evidence["minor"])) == B.extract(rows, rows).det() <= 0


def test_grid_verdict_counts_the_kinds_that_derive_gives(oscillator):
    for net in (oscillator, sr.example("kinds"), sr.example("paired"), sr.PLRNN([0, "-1/2"], [[0, 1], [1, 0]], [1, 1], dt=1)):
        report = sr.check(net)
        kinds = [ode.kind for ode in sr.derive(net, 1).values()]
        found = report.grid_verdict["every_region_represented"]
        assert report.grid_verdict.truth.is_true
        assert found.evidence == {kind: kinds.count(kind) for kind in kinds}
        grid = report.to_dict(summary=True)["grid"]
        assert grid["hypotheses"]["every_region_represented"]["evidence"] == found.evidence
    assert sr.check(sr.example("two_units")).grid_verdict is None


def test_the_global_verdict_needs_no_regions():
    net = sr.example("complex")
    for regions in (["10"], ["00"], ["01", "10", "11"]):
        assert sr.check(net, regions=regions).global_verdict.truth.is_true
    negative = sr.check(sr.example("negative"), regions=["00"])
    assert negative.to_dict()["global"]["p_matrix"] is False
    assert negative.global_verdict["p_matrix"].evidence["units"] == "11"


def test_global_verdict_is_unknown_where_it_is_not_decided():
    letters = sr.check(sr.example("two_units"), regions=["11"])
    assert "only 1 of 3" in letters.global_verdict["p_matrix"].truth.reason
    general = sr.check(sr.ReLURNN([[1]], [[1, 1]], [0], V=[[1], [1]], b=[0, -1]))
    assert general.to_dict()["global"]["p_matrix"] is None
    assert general.total == general.checked == 3
    assert sr.check(sr.ReLURNN([[1]], [[1, 1]], [0], V=[[1], [1]], b=[0, -1]), regions="00").total is None


def test_of_a_network_too_large_to_enumerate_g1_is_answered(capsys, tmp_path):
    n = 60
    rng = np.random.default_rng(3)
    A, W = rng.uniform(0.5, 1, n), rng.normal(size=(n, n)) * 0.002
    np.fill_diagonal(W, 0)
    report = sr.check(sr.PLRNN(A, W, [0] * n))
    assert (report.selection, report.checked, report.total) == ("none", 0, 2**n)
    assert report.summary == "legitimate in all 2^60 regions, since A + W is a P-matrix (G1)"
    assert report.global_verdict["p_matrix"].evidence == {"proof": "strictly diagonally dominant"}
    W[0, 2], W[2, 0] = 1, 1
    failing = sr.PLRNN(A, W, [0] * n)
    report = sr.check(failing)
    assert report.summary.endswith("not in the region where only units 1, 3 are active (G1)")
    assert report.global_verdict["p_matrix"].evidence["units"] == "101" + "0" * (n - 3)
    path = tmp_path / "large.json"
    path.write_text(json.dumps({"A": A.tolist(), "W": W.tolist(), "h": [0] * n}))
    assert main(["check", str(path), "--strict"]) == 1
    assert "0 of 2^60 regions checked\nA + W is a P-matrix (G1): no\n" in capsys.readouterr().out


def test_of_a_large_network_with_a_start_state_the_visited_regions_are_checked():
    n = 25
    net = sr.PLRNN(["1/2"] * n, [[0] * n] * n, [1] * n, initial_states=[[-1] * n])
    report = sr.check(net)
    assert (report.selection, list(report.verdicts)) == ("visited", ["0" * n, "1" * n])
    assert report.summary.startswith(f"the orbit visits 2 of 2^{n} regions, all legitimate, as are all others (G1); ")


def test_how_many_real_odes_and_what_is_needed_instead():
    report = sr.check(sr.example("negative"))
    assert {p: (c.how_many, c.lift, c.unique.value) for p, c in report.verdicts.items()} == {
        "00": ("uncountable", 0, False),
        "01": ("one", 0, True),
        "10": ("one", 0, True),
        "11": ("none", 1, False),
    }
    assert list(report.verdicts["11"].verdicts) == ["E1", "E2", "E3", "E4", "E5", "E6", "published formula"]
    both = sr.check(sr.ReLURNN([0, "-1/2", "-1/2", "-1/3"], [[]] * 4, [0] * 4, V=[])).verdicts[""]
    assert (both["E5"].truth.is_false, both["E6"].truth.is_true, both.lift, both.needs_lift.is_true) == (True, True, 1, True)
    document = sr.check(sr.example("complex")).to_dict()
    assert [(entry["real_odes"], entry["lift"]) for entry in document["verdicts"]] == [
        ("uncountable", 0),
        ("one", 0),
        ("one", 0),
        ("countable", 0),
    ]
    assert (document["counts"]["unique"], document["counts"]["countable"], document["counts"]["uncountable"]) == (2, 1, 1)


def test_with_letters_the_number_of_odes_is_a_condition():
    report = sr.check(sr.PLRNN(["a"], [["w"]], [1], parameters={"a": "positive", "w": "real"}))
    found = report.verdicts["1"]
    assert list(found.verdicts) == ["E1", "E2", "E3", "E4", "E5", "E6"]
    assert len(found.verdicts) == 6
    assert (found.how_many, found.lift) == (None, None)
    assert str(found.unique) == "IF(a + w > 0)"
    assert str(found["E5"].truth) == "IF(a + w < 0)"
    assert str(found["E6"].truth) == "IF(Eq(a + w, 0))"
    assert {number: str(truth) for number, truth in found.number_of_odes.items()} == {
        "none": "IF(a + w <= 0)",
        "one": "IF(a + w > 0)",
        "countable": "FALSE",
        "uncountable": "FALSE",
    }
    off = report.verdicts["0"]
    assert (off.how_many, off.lift, off.unique.is_true) == ("one", 0, True)
    assert {key: report.counts[key] for key in ("unique", "countable", "uncountable", "conditional", "unknown")} == {
        "unique": 1,
        "countable": 0,
        "uncountable": 0,
        "conditional": 2,
        "unknown": 0,
    }
    document = {entry["pattern"]: entry for entry in json.loads(report.to_json())["verdicts"]}
    assert (document["0"]["real_odes"], document["0"]["lift"]) == ("one", 0)
    assert (document["1"]["real_odes"], document["1"]["lift"]) == (None, None)
    assert document["1"]["real_odes_where"]["one"] == {"truth": None, "condition": "a + w > 0"}
    assert document["1"]["verdicts"]["E6"]["condition"] == "Eq(a + w, 0)"


def test_irrational_networks_have_all_answers():
    root = sp.sqrt(2)
    net = sr.PLRNN([root, -root, -root], [[0, 0, 0], [0, 0, 2 * root], [0, -2 * root, 0]], [1, 0, 0])
    report = sr.check(net)
    assert {p: (c.how_many, c.lift) for p, c in report.verdicts.items()} == {
        "000": ("uncountable", 0),
        "001": ("none", 2),
        "010": ("none", 2),
        "011": ("countable", 0),
        "100": ("uncountable", 0),
        "101": ("none", 2),
        "110": ("none", 2),
        "111": ("countable", 0),
    }
    assert {key: report.counts[key] for key in ("unique", "countable", "uncountable", "conditional", "unknown", "real")} == {
        "unique": 0,
        "countable": 2,
        "uncountable": 2,
        "conditional": 0,
        "unknown": 0,
        "real": 4,
    }
    singular = sr.check(sr.PLRNN([0, -root], [[0, 0], [0, 0]], [1, 0])).verdicts["00"]
    assert (singular["E6"].truth.is_true, singular["E5"].truth.is_false, singular.how_many, singular.lift) == (
        True,
        True,
        "none",
        1,
    )


def test_selections(van_der_pol, van_der_pol_orbit):
    report = sr.check(van_der_pol, regions="visited", steps=1000)
    assert list(report.verdicts) == list(dict.fromkeys(van_der_pol_orbit.patterns))
    assert report.selection == "visited"
    assert report.total == 1024
    chosen = sr.check(van_der_pol, regions=["1" * 10, "0" * 10, "1" * 10])
    assert list(chosen.verdicts) == ["1" * 10, "0" * 10]


def test_counts_of_regions_that_need_a_lift_a_jump_or_both():
    cases = {
        ("-1/4", "1/2"): (1, 0, 0),
        (0, "1/2"): (0, 1, 0),
        (0, "-1/2"): (1, 1, 0),
        ("-1/4", "-1/4"): (0, 0, 1),
        (1, 2): (0, 0, 1),
    }
    for diagonal, (lifted, impulsive, real) in cases.items():
        net = sr.ReLURNN(list(diagonal), [[], []], [0, 0], V=[])
        counts = sr.check(net).counts
        assert (counts["lifted"], counts["impulsive"], counts["real"]) == (lifted, impulsive, real)


def test_json_is_json_with_every_verdict():
    document = json.loads(sr.check(sr.example("negative")).to_json())
    by_pattern = {entry["pattern"]: entry for entry in document["verdicts"]}
    assert set(by_pattern) == {"00", "01", "10", "11"}
    e3 = by_pattern["11"]["verdicts"]["E3"]
    assert e3["truth"] is False
    (bad,) = e3["hypotheses"]["negative_blocks_paired"]["evidence"]["unpaired"]
    assert bad == {"minimal_polynomial": ["1/2", "1"], "interval": ["-1/2", "-1/2"], "jordan_blocks": [1]}
    assert by_pattern["11"]["spectrum"]["unit_circle"] == {"inside": 1, "on": 0, "outside": 1, "stability": "some outside"}
    assert by_pattern["11"]["spectrum"]["characteristic_polynomial"] == ["-3/4", "-1", "1"]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"regions": ["1"]}, "accepted are 2 letters"),
        ({"regions": "visited"}, "z0: missing, and the network carries no start state"),
        ({"regions": "visited", "z0": [1, 1]}, "needs the number of steps"),
        ({"z0": [1, 1]}, 'go with regions="visited"'),
    ],
)
def test_bad_selections(options, problem):
    with pytest.raises(ValueError, match=problem):
        sr.check(sr.example("complex"), **options)


def test_too_many_regions_are_refused():
    n = 30
    eye = [[int(i == j) for j in range(n)] for i in range(n)]
    with pytest.raises(sr.PatternError, match=r"2\^30 regions"):
        sr.check(sr.ReLURNN(eye, eye, [0] * n, V=eye, b=[1] * n))


def test_the_published_formula_with_letters_is_listed_on_request(capsys):
    net = sr.example("two_units")
    report, wanted = sr.check(net, ["11"]), sr.check(net, ["11"], published=True)
    assert "published formula" not in list(report.verdicts["11"].verdicts)
    assert report.verdicts["11"].published_formula == wanted.verdicts["11"].published_formula  # it is decided all the same
    assert "published_formula" not in report.counts
    assert wanted.counts["published_formula"] == 0
    assert list(wanted.to_dict()["verdicts"][0]["verdicts"])[-1] == "published formula"
    for options, printed in (([], False), (["--published"], True)):
        main(["check", "two_units", "--region", "11", *options])
        assert ("published formula:" in capsys.readouterr().out) == printed


def with_unit_eigenvalue():
    """Return a network with regions in which e1 or e2 has the simple eigenvalue 1: the published offset is right for e1."""
    W = [[0] * 6 for _ in range(6)]
    W[0][2] = W[2][0] = "1/4"
    W[1][2] = W[2][1] = "1/3"
    return sr.PLRNN([1, 1, "4/5", "2/7", "1/5", "1/3"], W, [1] * 6)


def with_signs(seed):
    """Return a network whose regions have negative, zero, complex and repeated eigenvalues."""
    rng = np.random.default_rng(seed)
    A = [0, "-1/3", *(f"{x}/1000" for x in rng.integers(-900, 900, 4))]
    return sr.PLRNN(A, [[0 if i == j else f"{rng.integers(-9, 9)}/5" for j in range(6)] for i in range(6)], [1] * 6)


@pytest.mark.parametrize("net", [with_unit_eigenvalue(), with_signs(0), with_signs(1)])
def test_regions_with_the_same_counts_are_answered_as_each_alone(net):
    rows = list(chain.from_iterable(checked_rows(net, net.regions(), None)))
    alone = [sr.check(net, [region.pattern]).verdicts[region.pattern] for region in net.regions()]
    assert rows == [found.row for found in alone]
    assert all(found.principal == found["E2"].truth for found in alone)
    assert len({(row.lift, *row.verdicts.values()) for row in rows}) > 1


def test_a_theorem_on_more_than_counts_is_held_against_each_region(monkeypatch):
    new = Theorem("E8", "stability", "The region is stable.", {"inside": "all eigenvalues are inside the unit circle"}, "none")
    check_new = lambda facts: verdict(new, facts.region.pattern, {"inside": facts.stable})  # noqa: E731
    monkeypatch.setitem(REGION_CHECKS, "E8", (new, check_new))
    net = with_signs(0)
    rows = list(chain.from_iterable(checked_rows(net, net.regions(), None)))
    stable = [max(abs(np.linalg.eigvals(np.array(region.matrix, dtype=float)))) < 1 for region in net.regions()]
    assert 0 < sum(stable) < 64
    assert [row.verdicts["E8"] for row in rows] == stable
