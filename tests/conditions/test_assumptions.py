"""Ranges of parameters: how they are declared, that values are checked by them, and that conditions lose what they imply."""

import json
import pickle
import random

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.conditions.assumptions import declared_with
from symplrnn.errors import EntryError

a, b, w = sp.symbols("a b w")


@pytest.mark.parametrize(
    ("assumption", "text", "sign"),
    [
        ("0 < a < 1", "a < 1", True),
        ("a < 1, positive", "a < 1", True),
        ("positive and a <= 1/2", "a <= 1/2", True),
        (["real", "a >= 1/3", "2*a < 3"], "(a >= 1/3) & (a < 3/2)", True),
        ("-1 < a < 1", "(a > -1) & (a < 1)", None),
        ("a != 2", "Ne(a, 2)", None),
        (sp.And(a > 0, a < 1), "a < 1", True),
        (a > 0, "True", True),
        (sp.Q.positive(a), "True", True),
        ([sp.Q.positive(a), sp.Q.lt(a, 3)], "a < 3", True),
        ("1 > a > 0", "a < 1", True),
        ("a^2 < 2", "a**2 - 2 < 0", None),
        ("positive", "True", True),
    ],
)
def test_ranges_of_one_letter(assumption, text, sign):
    symbols, known = declared_with({"a": assumption})
    assert (str(known), symbols["a"].is_positive) == (text, sign)


def test_relations_between_letters_and_symbols_that_come_back():
    symbols, known = declared_with({"a": "positive, a < b", "b": "b < 1"})
    assert (str(known), [*symbols]) == ("(b < 1) & (a - b < 0)", ["a", "b"])
    plain = sp.Symbol("a")
    net = sr.PLRNN([plain], [["w"]], [1], parameters={plain: "0 < a < 1", "w": "real"})
    assert net.parameters[0] is plain
    assert net.region("1").matrix.free_symbols == {plain, net.parameters[1]}
    assert sr.check(net).verdicts["0"]["E2"].truth.is_true


@pytest.mark.parametrize(
    ("assumption", "message"),
    [
        ("a < 0, a > 1", "a: no number is a < 0, a > 1"),
        ("positive, a < 0", "no number is"),
        ("a = 1", "an equation is no range"),
        ("0 < < 1", "is no relation"),
        ("0 < c < 1", "undeclared parameter 'c'"),
        ("large", "unknown assumption 'large'"),
        (sp.Q.prime(a), "unknown assumption 'prime'"),
        (sp.Q.positive(b), "on something else"),
        (3, "expected assumptions as text"),
        ("a < sin(a)", "a:"),
    ],
)
def test_what_is_no_range(assumption, message):
    with pytest.raises(EntryError, match=message):
        declared_with({"a": assumption})


def test_relations_that_exclude_each_other():
    with pytest.raises(EntryError, match="no values satisfy all assumptions"):
        declared_with({"a": "a > b + 1", "b": "b > a"})


NET = sr.PLRNN(
    ["a", "b"],
    [[0, "w"], ["1/2", 0]],
    ["h", 1],
    parameters={"a": "0 < a < 1", "b": "0 < b < 1, b != a", "w": "-1 < w < 1", "h": "real"},
)


def test_values_outside_are_refused():
    with pytest.raises(EntryError, match=r"a = 2 does not satisfy a < 1, as declared"):
        NET.subs({"a": 2})
    with pytest.raises(EntryError, match="a: -1 is not positive, as declared"):
        NET.subs({"a": -1})
    with pytest.raises(EntryError, match=r"a = 1/2, b = 1/2 does not satisfy Ne\(a - b, 0\), as declared"):
        NET.subs({"a": "1/2", "b": "1/2"})
    some = NET.subs({"a": "1/2"})
    assert str(some.assumptions) == "(w > -1) & (b < 1) & (w < 1) & Ne(b, 1/2)"
    with pytest.raises(EntryError, match="b = 1/2 does not satisfy"):
        some.subs({"b": "1/2"})
    assert NET.subs({"a": "1/2", "b": "1/3", "w": 0, "h": 1}).assumptions.is_true


def test_networks_keep_their_assumptions():
    copy = pickle.loads(pickle.dumps(NET))
    assert (copy.assumptions, copy.parameters) == (NET.assumptions, NET.parameters)


def test_verdicts_of_a_network_with_ranges():
    """|w/2| < a b is not implied; the traces, the diagonal and what is beside the range are."""
    report = sr.check(NET)
    assert report.verdicts["00"]["E2"].truth.is_true
    assert report.verdicts["00"].unit_eigenvalue.is_false
    assert str(report.verdicts["11"]["E2"].truth) == "IF(2*a*b - w > 0)"
    rng = random.Random(3)
    for _ in range(10):
        values = {"a": f"{rng.randint(1, 9)}/10", "b": f"{rng.randint(1, 8)}/9", "w": f"{rng.randint(-9, 9)}/10", "h": "1/3"}
        numbers = sr.check(NET.subs(values))
        for pattern, found in report.verdicts.items():
            for name in ("E1", "E2", "E3", "E4", "E5", "E6"):
                assert found[name].truth.at(values).value == numbers.verdicts[pattern][name].truth.value, (pattern, name, values)
            assert found.stable.at(values).value == numbers.verdicts[pattern].stable.value
            assert found.diagonalisable.at(values).value == numbers.verdicts[pattern].diagonalisable.value


def test_the_assumptions_are_printed(tmp_path, capsys):
    path = tmp_path / "net.json"
    parameters = {"a": "0 < a < 1", "w": "real"}
    path.write_text(json.dumps({"A": ["a"], "W": [["w"]], "h": [1], "dt": 1, "parameters": parameters}))
    assert main(["check", str(path), "--region", "0"]) == 0
    text = capsys.readouterr().out
    assert "parameters: a, w; assumed: a < 1 " in " ".join(text.split())
    assert "E1: yes\n" in text
    assert main(["check", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["network"]["assumptions"] == "a < 1"
    assert main(["check", str(path), "--set", "a=2"]) == 2
    assert "a = 2 does not satisfy a < 1, as declared" in capsys.readouterr().err
