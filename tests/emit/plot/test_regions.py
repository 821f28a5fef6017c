from collections import Counter
from itertools import pairwise

import pytest

import symplrnn as sr


def bars(ax):
    return {label.get_text(): int(bar.get_width()) for label, bar in zip(ax.get_yticklabels(), ax.patches, strict=True)}


def test_kinds_are_those_of_the_systems():
    for name in ("complex", "kinds", "negative", "paired", "singular"):
        ode = sr.derive(sr.example(name))
        expected = Counter("principal" if ode[p].is_principal and ode[p].kind == "real" else ode[p].kind for p in ode)
        expected["real, not principal"] = expected.pop("real", 0)
        found = bars(sr.plot.kinds(ode))
        assert {name: number for name, number in found.items() if number} == {
            name: number for name, number in expected.items() if number
        }
        assert bars(sr.plot.kinds(sr.check(sr.example(name)))) == found


def test_kinds_of_chosen_regions_and_of_letters(oscillator):
    assert bars(sr.plot.kinds(sr.derive(sr.example("kinds"), regions=["00", "01"])))["lifted"] == 1
    assert sum(bars(sr.plot.kinds(sr.derive(sr.example("kinds"), regions=["00", "01"]))).values()) == 2
    assert bars(sr.plot.kinds(sr.check(oscillator))) == {
        "principal": 6,
        "real, not principal": 0,
        "lifted": 2,
        "impulsive": 0,
        "lifted+impulsive": 0,
    }
    letters = bars(sr.plot.kinds(sr.check(sr.example("two_units"))))
    assert (letters["principal"], letters["conditional"]) == (3, 1)
    ax = sr.plot.kinds(sr.check(sr.example("kinds")))
    assert [text.get_text() for text in ax.texts] == ["1", "0", "1", "1", "1"]


def test_transitions_are_those_of_the_exact_orbit(labelled):
    net = sr.example("cycle16")
    ax = sr.plot.transitions(sr.derive(net), ["1/10", "1/5"], 60)
    patterns = net.orbit(["1/10", "1/5"], 60).patterns
    assert [line.get_label() for line in ax.lines] == list(dict.fromkeys(patterns))
    counts = Counter(pairwise(patterns))
    moved = {pair: number for pair, number in counts.items() if pair[0] != pair[1]}
    arrows = {text.get_label(): text.arrow_patch for text in ax.texts if getattr(text, "arrow_patch", None)}
    assert set(arrows) == {f"{a} to {b}" for a, b in moved}
    for (a, b), number in moved.items():
        assert arrows[f"{a} to {b}"].get_linewidth() == pytest.approx(0.5 + 2 * number / max(moved.values()))
    texts = {text.get_text() for text in ax.texts}
    assert {f"{p}\n{counts[p, p]} stay" for p in set(patterns)} <= texts
    assert {str(number) for number in moved.values()} <= texts


def test_the_trained_network_visits_13_regions(van_der_pol):
    ax = sr.plot.transitions(van_der_pol, None, 1000)
    assert len(ax.lines) == 13
    stays = sum(int(text.get_text().split("\n")[1].split()[0]) for text in ax.texts if "stay" in text.get_text())
    patterns = van_der_pol.orbit(van_der_pol.initial_states[0], 1000).patterns
    assert stays == sum(a == b for a, b in pairwise(patterns))


def test_inputs_drive_the_orbit():
    ax = sr.plot.transitions(sr.example("addition"), ["1/2", "1/2"], 2, inputs=[[0, 9], [0, -9]])
    assert [line.get_label() for line in ax.lines] == list(
        dict.fromkeys(sr.example("addition").orbit(["1/2", "1/2"], 2, [[0, 9], [0, -9]]).patterns)
    )


def test_one_region_stands_in_the_middle():
    ax = sr.plot.transitions(sr.PLRNN(["1/2"], [[0]], [1]), [1], 5)
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[0, 0]]]
    assert [text.get_text() for text in ax.texts] == ["1\n5 stay"]


def test_wrong_calls_say_what_is_accepted():
    with pytest.raises(sr.ShapeError, match="z0: missing, and the network carries no start state"):
        sr.plot.transitions(sr.example("complex"))
    with pytest.raises(sr.ShapeError, match="expected a network, or its ODE"):
        sr.plot.transitions(3)
    with pytest.raises(sr.ShapeError, match="expected a report"):
        sr.plot.kinds(sr.example("complex"))
