"""Equilibria of regions and of networks, against SymPy and NumPy, and against Jordan forms that are known beforehand."""

from itertools import product

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.systems.equilibria import equilibrium

HALF, THIRD = sp.Rational(1, 2), sp.Rational(1, 3)
TURN = sp.Matrix([[sp.Rational(3, 5), -sp.Rational(4, 5)], [sp.Rational(4, 5), sp.Rational(3, 5)]])  # on the unit circle


def linear(M, c):
    M = sp.Matrix(M)
    return sr.ReLURNN(M.tolist(), [[]] * M.rows, list(c), V=[]).region("")


def disguised(*blocks):
    """Return a matrix with these diagonal blocks in other coordinates."""
    J = sp.diag(*blocks)
    P = sp.Matrix(J.rows, J.rows, lambda i, j: (i + 2) ** j % 5 + int(i == j))
    assert P.det() != 0
    return P * J * P.inv()


def jordan(root, size):
    return sp.Matrix(size, size, lambda i, j: root if i == j else int(j == i + 1))


def turning_block():
    """Two Jordan blocks of size 2, of a pair on the unit circle."""
    return sp.Matrix(sp.BlockMatrix([[TURN, sp.eye(2)], [sp.zeros(2), TURN]]))


@pytest.mark.parametrize(
    ("blocks", "kind", "stability", "alternating", "circle"),
    [
        ([HALF, THIRD], "node", "stable", False, (2, 0, 0)),
        ([2, 3], "node", "unstable", False, (0, 0, 2)),
        ([jordan(HALF, 2)], "node", "stable", False, (2, 0, 0)),
        ([0, HALF], "node", "stable", False, (2, 0, 0)),
        ([-HALF, THIRD], "node", "stable", True, (2, 0, 0)),
        ([-2, -2], "node", "unstable", True, (0, 0, 2)),
        ([HALF * TURN], "focus", "stable", False, (2, 0, 0)),
        ([HALF * TURN, -HALF], "focus", "stable", True, (3, 0, 0)),
        ([2 * TURN, 3], "focus", "unstable", False, (0, 0, 3)),
        ([HALF, 2], "saddle", "unstable", False, (1, 0, 1)),
        ([-HALF, 2], "saddle", "unstable", True, (1, 0, 1)),
        ([2 * TURN, HALF], "saddle", "unstable", False, (1, 0, 2)),
        ([TURN], "centre", "neutral", False, (0, 2, 0)),
        ([TURN, TURN], "centre", "neutral", False, (0, 4, 0)),
        ([turning_block()], "not hyperbolic", "unstable", False, (0, 4, 0)),
        ([TURN, HALF], "not hyperbolic", "neutral", False, (1, 2, 0)),
        ([TURN, 2], "not hyperbolic", "unstable", False, (0, 2, 1)),
        ([TURN, -1], "not hyperbolic", "neutral", True, (0, 3, 0)),
        ([-1, HALF], "not hyperbolic", "neutral", True, (1, 1, 0)),
        ([jordan(-1, 2)], "not hyperbolic", "unstable", True, (0, 2, 0)),
        ([-1, HALF, 2], "not hyperbolic", "unstable", True, (1, 1, 1)),
    ],
)
def test_the_type_of_known_jordan_forms(blocks, kind, stability, alternating, circle):
    M = disguised(*blocks)
    c = sp.Matrix(range(1, M.rows + 1))
    found = equilibrium(linear(M, c))
    assert (found.kind, found.stability, found.alternating, found.unit_circle) == (kind, stability, alternating, circle)
    assert (found.solutions, found.dimension, found.location, found.real) == ("one point", 0, "real", True)
    assert M * found.state + c == found.state


@pytest.mark.parametrize(
    ("blocks", "solutions", "type_"),
    [
        ([1, HALF], "a line", "line, neutral"),
        ([1, 2, HALF], "a line", "line, unstable"),
        ([1, -HALF], "a line", "line, neutral, alternating"),
        ([1, 1, HALF], "a plane", "plane, neutral"),
        ([1, 1, 1], "an affine subspace of dimension 3", "affine subspace of dimension 3, neutral"),
        ([jordan(1, 2), HALF], "a line", "line, unstable"),
        ([jordan(1, 2), 1], "a plane", "plane, unstable"),
    ],
)
def test_an_eigenvalue_1_gives_a_line_or_none(blocks, solutions, type_):
    M = disguised(*blocks)
    n = M.rows
    c = (sp.eye(n) - M) * sp.Matrix(range(1, n + 1))
    found = equilibrium(linear(M, c))
    assert (found.solutions, found.type, found.location) == (solutions, type_, "real")
    assert M * found.state + c == found.state
    assert found.directions.rank() == found.dimension == n - (sp.eye(n) - M).rank()
    assert (sp.eye(n) - M) * found.directions == sp.zeros(n, found.dimension)
    left = (sp.eye(n) - M).T.nullspace()[0]  # no column of I - M has a part along it
    none = equilibrium(linear(M, c + left))
    assert (none.solutions, none.type, none.location, none.real, none.state) == ("none", "none", "", False, None)
    assert (none.digits(5), none.stability, none.kind, none.alternating) == ((), "", "", False)


def brute(region):
    """Return the point, whether it is in the region, and on which faces it is, by SymPy."""
    z = sp.symbols(f"z1:{region.network.n + 1}")
    found = sp.linsolve(list(region.matrix * sp.Matrix(z) + region.offset - sp.Matrix(z)), *z)
    if not found or next(iter(found)).free_symbols:
        return None
    state = sp.Matrix(next(iter(found)))
    values = region.network.V * state + region.network.b
    inside = "".join("1" if x > 0 else "0" for x in values) == region.pattern
    return state, inside, tuple(i for i, x in enumerate(values, 1) if x == 0)


entries = st.sampled_from([sp.Rational(k, 2) for k in range(-3, 4)])


@settings(max_examples=40)
@given(st.integers(2, 3).flatmap(lambda n: st.tuples(*(st.lists(entries, min_size=k, max_size=k) for k in (n, n * n, n)))))
def test_small_networks_against_sympy(parts):
    A, W, h = parts
    n = len(A)
    net = sr.PLRNN(A, [[0 if i == j else W[i * n + j] for j in range(n)] for i in range(n)], h)
    points = {}
    for found in net.equilibria():
        region = net.region(found.pattern)
        expected = brute(region)
        if expected is None:
            assert found.dimension != 0
            rows = (sp.eye(n) - region.matrix).row_join(region.offset)
            assert found.exists == (rows.rank() == (sp.eye(n) - region.matrix).rank())
            continue
        assert (found.state, found.real, found.faces) == expected
        assert (found.location == "virtual") == (not found.real and not (found.faces and touches(region, found.state)))
        if found.real:
            points[tuple(found.state)] = found
            assert net.step(found.state) == found.state
        roots = np.linalg.eigvals(np.array(region.matrix, dtype=float))
        if np.abs(np.abs(roots) - 1).min() > 1e-4:  # a repeated one is off by the root of the precision
            sizes = np.abs(roots)
            assert found.stability == ("stable" if sizes.max() < 1 else "unstable")
            assert (found.kind == "saddle") == (sizes.min() < 1 < sizes.max())
    # A point on faces is listed by the regions on both sides, and belongs to one of them.
    for found in net.equilibria():
        if found.location == "boundary" and found.dimension == 0:
            assert tuple(found.state) in points


def touches(region, state):
    values = region.network.V * state + region.network.b
    return all(x >= 0 if d == "1" else x <= 0 for x, d in zip(values, region.pattern, strict=True))


def test_a_point_exactly_on_a_face():
    net = sr.PLRNN(["1/2", "1/3"], [[0, 1], [0, 0]], [0, "2/3"])  # z2 = 1; z1 = z1/2 + 1 in both: z1 = 2
    shifted = sr.PLRNN(["1/2", "1/3"], [[0, 1], [0, 0]], [-1, "2/3"])  # z1 = 0
    assert [(e.pattern, e.location, e.real) for e in net.equilibria() if e.location != "virtual"] == [("11", "real", True)]
    found = [(e.pattern, e.location, e.real, e.faces) for e in shifted.equilibria() if e.location != "virtual"]
    assert found == [("01", "boundary", True, (1,)), ("11", "boundary", False, (1,))]
    assert shifted.region_of([0, 1]).pattern == "01"


def test_lines_that_are_in_a_region_on_its_boundary_or_elsewhere():
    def places(h2):
        """z1' = z1, z2' = z2/2 + h2: the line z2 = 2 h2 in all four regions."""
        return {e.pattern: e.location for e in sr.PLRNN([1, "1/2"], [[0, 0], [0, 0]], [0, h2]).equilibria()}

    assert places(1) == {"00": "virtual", "01": "real", "10": "virtual", "11": "real"}
    assert places(0) == {"00": "real", "01": "boundary", "10": "real", "11": "boundary"}


def test_irrational_entries():
    turn = sr.ReLURNN([["sqrt(2)/2", "-sqrt(2)/2"], ["sqrt(2)/2", "sqrt(2)/2"]], [[], []], ["1 - sqrt(2)/2", "-sqrt(2)/2"], V=[])
    [found] = turn.equilibria()
    assert (found.type, found.digits(5)) == ("centre", ("1", "0"))
    leaky = sr.PLRNN(["exp(-1/2)", "exp(-1)"], [[0, 1], [0, 0]], ["-1/(1 - exp(-1))", 1])
    location = {e.pattern: (e.location, e.faces) for e in leaky.equilibria()}
    assert location["01"] == ("boundary", (1,))  # z2 = 1/(1 - 1/e), z1 = 0
    assert leaky.region("01").affine.fixed_point()[0] == 0
    e = next(leaky.equilibria(["11"]))
    assert (e.type, e.digits(12)) == ("stable node", ("0", "1.58197670687"))


@pytest.mark.parametrize("name", ["complex", "negative", "cycle16", "kinds", "paired", "singular", "jordan"])
def test_examples_agree_with_what_regions_say(name):
    net = sr.example(name)
    ode = sr.derive(net, 1)
    for e in net.equilibria():
        if ode[e.pattern].kind == "real":
            words = {"one point": "one point", "none": "none"}.get(e.solutions, "an affine subspace")
            assert ode[e.pattern].equilibria == words
            if e.exists:  # an equilibrium of the ODE
                assert (ode[e.pattern].matrix * e.state + ode[e.pattern].offset).applyfunc(sp.simplify) == sp.zeros(net.n, 1)


def test_a_trained_network_against_numpy(van_der_pol):
    patterns = ["".join(bits) for bits in product("01", repeat=10)][::97]
    for found in van_der_pol.equilibria(patterns):
        M, c = (
            np.array(x, dtype=float) for x in (van_der_pol.region(found.pattern).matrix, van_der_pol.region(found.pattern).offset)
        )
        assert np.allclose([float(x) for x in found.digits(12)], np.linalg.solve(np.eye(10) - M, c)[:, 0], rtol=1e-7)
        sizes = np.abs(np.linalg.eigvals(M))
        assert found.unit_circle == ((sizes < 1).sum(), 0, (sizes > 1).sum())


def test_selection_and_refusals():
    net = sr.example("complex")
    assert [e.pattern for e in net.equilibria("visited", z0=[2, -1], steps=20)] == ["10", "11"]
    assert [e.pattern for e in net.equilibria(["01"])] == ["01"]
    many = sr.PLRNN(["1/2"] * 40, [[0] * 40] * 40, [1] * 40)
    assert next(many.equilibria(["1" * 40])).real
    with pytest.raises(sr.PatternError, match=r"up to 2\^40 regions"):  # at once, not at the first entry
        many.equilibria()
    started = sr.PLRNN(["1/2"] * 40, [[0] * 40] * 40, [1] * 40, initial_states=[[1] * 40])
    with pytest.raises(sr.PatternError, match="too many to visit one by one"):  # not only those that an orbit visits
        started.equilibria()
    assert len(list(started.equilibria("visited", steps=5))) == 1
    with pytest.raises(sr.EntryError, match="equilibria: the network has the parameters a1"):
        sr.example("two_units").equilibria()


def test_json():
    [line] = sr.PLRNN([1, "1/2"], [[0, 0], [0, 0]], [0, 1]).equilibria(["01"])
    found = line.to_dict(5)
    assert found["directions"] == [["1", "0"]]
    assert (found["state"], found["decimals"], found["faces"]) == (["0", "2"], ["0", "2"], [])
    assert found["unit_circle"] == {"inside": 1, "on": 1, "outside": 0}
