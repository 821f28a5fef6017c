"""Transitions between regions, against exact programs for all pairs, random states and hand-made networks."""

import json
from itertools import product
from random import Random

import pytest
import sympy as sp
from flint import fmpq

import symplrnn as sr
from symplrnn import limits
from symplrnn.cli import main
from symplrnn.exact.feasibility import is_feasible
from symplrnn.exact.fields.real import real_field


def network(seed):
    """Return a random network of one of four classes, with small numbers or floats."""
    rng = Random(seed)
    value = (lambda: rng.gauss(0, 1)) if seed % 2 else (lambda: rng.randint(-2, 2))
    n = rng.choice([1, 2, 3]) if seed % 4 < 2 else 2
    W = [[value() for _ in range(n)] for _ in range(n)]
    h, A = [value() for _ in range(n)], [value() for _ in range(n)]
    if seed % 4 < 2:
        return sr.PLRNN(A, W, h)
    p = rng.choice([3, 4])
    V, b = [[value() for _ in range(n)] for _ in range(p)], [value() for _ in range(p)]
    if seed % 3 == 0:
        V[1] = V[0]  # parallel
    W = [[value() for _ in range(p)] for _ in range(n)]
    return sr.ReLURNN([[value() for _ in range(n)] for _ in range(n)], W, h, V=V, b=b, C=[[1]] * n)


def edges_by_programs(net):
    """Decide each pair of patterns by an exact linear program."""
    par, K = net.exact, net.field
    found = set()
    for region in net.regions():
        M, c = region.affine.M, region.affine.c
        rows = [*par.V.tolist(), *(par.V * M).tolist()]
        constants = [*par.b.entries(), *(par.V * c + par.b).entries()]
        for digits in product("01", repeat=net.p):
            above = [d == "1" for d in (*region.pattern, *digits)]
            if is_feasible(rows, constants, above, real_field(K)):
                found.add((region.pattern, "".join(digits)))
    return found


def check_graph(net):
    graph = net.transitions()
    assert list(graph.patterns) == [region.pattern for region in net.regions()]
    assert list(graph.edges) == sorted(graph.edges)
    for source, target in graph.edges:
        z = graph.witness(source, target)
        assert net.region_of(z).pattern == source
        assert net.region_of(net.step(z)).pattern == target
    return graph


@pytest.mark.parametrize("seeds", [range(8), pytest.param(range(8, 80), marks=pytest.mark.slow)], ids=["few", "many"])
def test_edges_are_those_of_exact_programs(seeds):
    for seed in seeds:
        net = network(seed)
        assert set(check_graph(net).edges) == edges_by_programs(net)


def test_irrational_maps_and_faces():
    root = sp.sqrt(2)
    nets = [
        sr.PLRNN([root / 2, "1/2"], [[0, -1], [root, 0]], [-1, root]),
        sr.ReLURNN([["1/2"]], [[1, -root]], [0], V=[[1], [root]], b=[0, -1]),
    ]
    for net in nets:
        assert set(check_graph(net).edges) == edges_by_programs(net)


def test_random_states_follow_edges():
    for seed in range(100, 106):
        net, rng = network(seed), Random(seed)
        edges = set(net.transitions().edges)
        for _ in range(40):
            orbit = net.orbit([fmpq(*rng.gauss(0, 1.5).as_integer_ratio()) for _ in range(net.n)], 3)
            assert edges.issuperset(zip(orbit.patterns, orbit.patterns[1:], strict=False))


def test_components_are_those_of_reachability():
    for seed in range(12):
        rng = Random(seed)
        names = tuple(f"{k:03b}" for k in range(8))
        points = {(a, b): None for a in names for b in names if rng.random() < 0.18}
        graph = sr.TransitionGraph(sr.example("kinds"), "all", names, (), points)
        reach = {a: {a} for a in names}
        for _ in names:
            for a, b in points:
                for start in names:
                    if a in reach[start]:
                        reach[start] |= reach[b]
        assert {frozenset(part) for part in graph.components} == {
            frozenset(b for b in names if b in reach[a] and a in reach[b]) for a in names
        }
        place = {pattern: k for k, part in enumerate(graph.components) for pattern in part}
        assert all(place[a] <= place[b] for a, b in points)
        cycles = {a for a in names if any(a in reach[b] for c, b in points if c == a)}
        assert {pattern for part in graph.recurrent for pattern in part} == cycles
        sources, targets = graph.arrays()
        assert [(names[i], names[j]) for i, j in zip(sources, targets, strict=True)] == list(points)
        assert {(a, b) for a in names for b in graph.successors(a)} == set(points)
        assert {(a, b) for b in names for a in graph.predecessors(b)} == set(points)


def test_a_chosen_part_is_that_of_the_whole_graph():
    for seed in (1, 3, 5, 6):
        net, rng = network(seed), Random(seed)
        whole = net.transitions()
        chosen = sorted(rng.sample(whole.patterns, max(1, len(whole.patterns) // 2)))
        part = net.transitions(chosen)
        assert part.patterns == tuple(chosen)
        assert part.edges == tuple((a, b) for a, b in whole.edges if a in chosen and b in chosen)
        assert part.exits == tuple(a for a in chosen if set(whole.successors(a)) - set(chosen))
        assert whole.is_closed
        assert part.is_closed == (not part.exits)


def test_visited_regions_of_a_large_network_that_no_orbit_leaves():
    n = 40
    net = sr.PLRNN(["1/2"] * n, [["1/100" if j == i + 1 else 0 for j in range(n)] for i in range(n)], [1] * n, dt=1)
    graph = net.transitions("visited", z0=[1] * n, steps=10)
    assert (graph.selection, graph.edges, graph.is_closed) == ("visited", (("1" * n, "1" * n),), True)
    assert not net.transitions("visited", z0=[-8] * n, steps=10).is_closed


def test_a_tent_map_by_hand():
    # relu(V z + b) with V z + b = (z, z - 1): z -> 2 z up to 1, then 4 - 2 z
    tent = sr.ReLURNN([0], [[2, -4]], [0], V=[[1], [1]], b=[0, -1])
    graph = tent.transitions()
    assert graph.edges == (("00", "00"), ("10", "10"), ("10", "11"), ("11", "00"), ("11", "10"), ("11", "11"))
    assert graph.recurrent == (("10", "11"), ("00",))
    assert tent.transitions(["10", "11"]).exits == ("11",)


def test_a_network_without_units():
    graph = sr.ReLURNN([["1/2", 0], [0, 1]], [[], []], [1, 0], V=[]).transitions()
    assert (graph.patterns, graph.edges, graph.recurrent) == (("",), (("", ""),), (("",),))


def test_what_is_refused(monkeypatch):
    net = network(1)
    with pytest.raises(sr.EntryError, match="transitions: the network has the parameters a; give them rational values first"):
        sr.PLRNN(["a"], [[0]], [1], parameters=["a"]).transitions()
    with pytest.raises(sr.PatternError, match=r"20 units has up to 2\^20 regions, too many .* up to 4096 regions"):
        sr.PLRNN([1] * 20, [[0] * 20] * 20, [0] * 20).transitions()
    with pytest.raises(sr.PatternError, match="'xx' is not a pattern"):
        sr.example("kinds").transitions(["xx"])
    with pytest.raises(sr.PatternError, match="no transition from '0' to '1'"):
        sr.PLRNN(["1/2"], [[0]], [-1]).transitions().witness("0", "1")
    with pytest.raises(sr.PatternError, match="'1' is not among the 1 regions"):
        sr.PLRNN(["1/2"], [[0]], [-1]).transitions(["0"]).successors("1")
    monkeypatch.setattr(limits, "TRANSITION_EDGES", 1)
    with pytest.raises(sr.PatternError, match="more than 1 transitions"):
        net.transitions()


def test_the_command(capsys):
    assert main(["transitions", "complex", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["edges"][1] == {"from": "00", "to": "10", "state": ["0", "0"]}
    assert (document["closed"], document["recurrent"]) == (True, [["00"], ["10"], ["01", "11"]])
    assert main(["transitions", "complex", "--dot"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("digraph transitions {\n")
    assert '"10" -> "11";' in out
    assert main(["transitions", "complex", "--region", "10", "--region", "11"]) == 0
    out = capsys.readouterr().out
    assert "3 transitions between 2 regions" in out
    assert "others: some states go to regions that are not listed" in out
    assert main(["transitions", "complex", "--visited", "--z0", "1,1", "--steps", "3"]) == 0
    assert "1 transition between 1 region" in capsys.readouterr().out
    assert main(["transitions", "complex", "--json", "--dot"]) == 2
    assert "exclude each other" in capsys.readouterr().err
    assert main(["transitions", "two_units"]) == 2
    assert "has the parameters" in capsys.readouterr().err
