"""Leaky units: entries with exponentials of rational numbers go the whole way as numbers, and come back as time constants."""

import json
import pickle

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.network.orbit import orbit_patterns

R = sp.Rational
a, b, c = sp.exp(R(-1, 10)), sp.exp(R(-1, 20)), sp.exp(R(-1, 7))
X = sp.Symbol("x")

# Names of networks, and their A, W, h.
LEAKY = {
    "one unit": ([a], [[0]], [1]),
    "input through the leak": ([a], [[(1 - a) * R(1, 3)]], [1 - a]),
    "an eigenvalue 1": ([a], [[1 - a]], [1 - a]),
    "a negative eigenvalue": ([a], [[-2 * a]], [1]),
    "an eigenvalue 0": ([a], [[-a]], [1]),
    "two units": ([a, b], [[0, 1 - a], [R(-1, 3) * (1 - b), 0]], [1 - a, 0]),
    "two time constants": ([a, c], [[0, R(1, 3)], [R(1, 5), 0]], [1, R(-1, 2)]),
    "a double eigenvalue": ([a, a], [[0, 1 - a], [0, 0]], [1, 0]),
    "two negative ones": ([a, a], [[-2 * a, 0], [0, -2 * a]], [1, 1]),
    "a Jordan block": ([a, a], [[-2 * a, 1], [0, -2 * a]], [1, 1]),
    "beside a square root": ([a * sp.sqrt(2) / 2, R(1, 2)], [[0, c], [R(-1, 4), 0]], [1, 0]),
    "beside a real root": ([a * sp.CRootOf(X**3 - X - 1, 0) / 2], [[R(1, 3)]], [1]),
    "three units": ([a, b, c], [[0, R(1, 3), 0], [R(-1, 5), 0, R(1, 2)], [R(1, 7), 0, 0]], [1, R(1, 7), 0]),
    "three in a chain": ([a, b, c], [[0, R(1, 3), 0], [0, 0, R(1, 2)], [0, 0, 0]], [1, R(1, 7), 0]),
    "growth": ([sp.E / 2, 1 / a], [[0, R(-1, 3)], [R(1, 5), 0]], [1, 1]),
}


def matrices(A, W, h, pattern):
    """M and c of a region."""
    n = len(A)
    M = mp.matrix(n, n)
    for i in range(n):
        M[i, i] = number(A[i])
        for j in range(n):
            M[i, j] += number(W[i][j]) * int(pattern[j])
    return M, mp.matrix([number(x) for x in h])


def number(x):
    return mp.mpf(str(sp.sympify(x).evalf(70)))


def of_digits(rows):
    return mp.matrix([[mp.mpf(x) for x in row] for row in rows])


@pytest.mark.parametrize("given", LEAKY.values(), ids=LEAKY)
def test_the_closed_form_has_the_map(given):
    """The digits and the printed formula: exp(dt [X y; 0 0]) = [M c; 0 1], 50 digits; and verdicts by the eigenvalues."""
    net = sr.PLRNN(*given, dt="1/10")
    report, ode, n = sr.check(net), sr.derive(net), net.n
    with mp.workdps(70):
        for pattern, step in ode.items():
            M, shift = matrices(*given, pattern)
            eigenvalues = mp.eig(M, left=False, right=False) if n > 1 else [M[0, 0]]
            real = [mp.re(x) for x in eigenvalues if abs(mp.im(x)) < mp.mpf(10) ** -25]
            verdicts = report.verdicts[pattern]
            assert verdicts["E2"].truth.is_true is not any(x < mp.mpf(10) ** -25 for x in real)
            assert verdicts["E6"].truth.is_true is any(abs(x) < mp.mpf(10) ** -25 for x in real)
            assert verdicts["E1"].truth.is_true is (
                verdicts["E2"].truth.is_true and not any(abs(x - 1) < mp.mpf(10) ** -25 for x in real)
            )
            digits, size = step.digits(50), n + step.extra
            exact = [[number(x) for x in row] for row in step.augmented.tolist()]
            certified = [[*row, y] for row, y in zip(digits.matrix, digits.offset, strict=True)] + [["0"] * (size + 1)]
            jump = mp.eye(size + 1)
            if step.jump_map is not None:
                J, j = step.jump_map.matrix, step.jump_map.offset
                for i in range(n):
                    jump[i, size] = number(j[i])
                    for k in range(n):
                        jump[i, k] = number(J[i, k])
            for generator, error in ((mp.matrix(exact), 55), (of_digits(certified), 45)):
                flow = mp.expm(generator / 10) * jump
                assert mp.norm(flow[:n, :n] - M) < mp.mpf(10) ** -error
                assert mp.norm(flow[:n, size] - shift) < mp.mpf(10) ** -error


@pytest.mark.parametrize("given", LEAKY.values(), ids=LEAKY)
def test_the_whole_way(given):
    net = sr.PLRNN(*given, dt="1/10")
    assert not net.parameters
    assert not net.is_rational
    report, ode = sr.check(net), sr.derive(net)
    assert json.dumps(report.to_json())
    assert sr.latex(net)
    assert sr.latex(report)
    assert sr.latex(ode)
    start = [1, R(-1, 2), R(1, 3)][: net.n]
    orbit, z = net.orbit(start, 12), np.array(start, dtype=float)
    A, W, h = (np.array(part.evalf().tolist(), dtype=float) for part in (net.A, net.W, net.h))
    for state, pattern in zip(orbit, orbit.patterns, strict=True):
        assert np.allclose([float(x) for x in state], z, rtol=1e-12, atol=1e-12)
        assert pattern == "".join("1" if x > 0 else "0" for x in z)
        z = A @ z + W @ np.maximum(z, 0) + h[:, 0]
    found = ode.simulate([float(x) for x in start], 12, per_step=2)
    assert np.allclose(found.grid_states[:, 0], [float(state[0]) for state in orbit], rtol=1e-12, atol=1e-12)
    assert len(ode.crossings(start, 4).steps) == 4
    assert tuple(orbit_patterns(net, start, 12, None)) == orbit.patterns
    assert pickle.loads(pickle.dumps(net)).A == net.A
    document = {name: [[str(x) for x in row] for row in getattr(net, name).tolist()] for name in ("A", "W", "h")}
    if "CRootOf" not in str(document):
        document = {name: [["exp(1)/2" if x == "E/2" else x for x in row] for row in rows] for name, rows in document.items()}
        again = sr.PLRNN(document["A"], document["W"], [x for [x] in document["h"]], dt="1/10")
        assert (again.A, again.W, again.h, again.field) == (net.A, net.W, net.h, net.field)


@pytest.mark.parametrize("given", LEAKY.values(), ids=LEAKY)
def test_flows_over_parts_of_a_step(given):
    """Half a step twice is a step, by certified digits and by the formula."""
    net = sr.PLRNN(*given, dt="1/10")
    with mp.workdps(60):
        for pattern, step in sr.derive(net).items():
            if step.kind == "real":
                M, _ = matrices(*given, pattern)
                half = step.flow(R(1, 20))
                assert mp.norm(of_digits(half.digits(40).matrix) ** 2 - M) < mp.mpf(10) ** -36
                assert mp.norm(mp.matrix([[number(x) for x in row] for row in half.matrix.tolist()]) ** 2 - M) < mp.mpf(10) ** -50
    x = sr.derive(sr.PLRNN([a, b], [[0, 0], [0, 0]], [0, 0], dt="1/10"))["00"].flow(sp.Symbol("t", real=True)).matrix
    assert x == sp.diag(sp.exp(-sp.Symbol("t", real=True)), sp.exp(-sp.Symbol("t", real=True) / 2))


def test_faces_and_aliases():
    """A tangent point, and a rotation with other turns, against the matrix logarithm at 60 digits."""
    given = [a, b], [[0, 1 - a], [R(-1, 3), 0]], [a - 1, R(1, 5)]
    ode = sr.derive(sr.PLRNN(*given, dt="1/10"))
    with mp.workdps(60):
        found = mp.expm(mp.matrix([[number(x) for x in row] for row in ode["11"].aliases(1).matrix.tolist()]) / 10)
        assert mp.norm(found - matrices(*given, "11")[0]) < mp.mpf(10) ** -50
        for pattern, unit in (("10", 2), ("01", 1)):
            face = ode.face(pattern, unit)
            for mark in face.tangents:
                side = face.below if "sigma_below = 0" in mark.causes else face.above
                M, shift = matrices(*given, side.region.pattern)
                whole = mp.eye(3)
                whole[:2, :2], whole[0, 2], whole[1, 2] = M, shift[0], shift[1]
                X, other = mp.logm(whole), 2 - unit
                assert abs(-X[unit - 1, 2] / X[unit - 1, other] - number(mark.parameter)) < mp.mpf(10) ** -40
    at_rest = sr.derive(sr.PLRNN([a, b], [[0, 0], [1 - b, 0]], [1 - a, b - 1], dt="1/10")).face("10", 2)
    assert at_rest.classify([1, 0]).signs == (0, 0)  # the fixed point of both regions
    assert [mark.parameter for mark in at_rest.tangents] == [1]


def test_time_constants_come_back():
    ode = sr.derive(sr.PLRNN(["exp(-1/10)"], [[0]], [1]), dt="1/10")
    assert ode["0"].matrix == sp.Matrix([[-1]])
    assert ode["0"].offset == sp.Matrix([[1 / (1 - a)]])
    assert ode["0"].digits(50).matrix == (("-1",),)
    ode = sr.derive(sr.PLRNN(["exp(-1/10)", "exp(-1/20)/2"], [[0, "1-exp(-1/10)"], [0, 0]], ["1-exp(-1/10)", 0]), dt="1/10")
    assert ode["10"].matrix == sp.diag(-1, -10 * sp.log(2) - R(1, 2))
    assert ode["10"].offset == sp.Matrix([1, 0])
    negative = sr.derive(sr.ReLURNN([["-exp(-1/10)"]], [[]], [0], V=[]), dt="1/10")[""]
    assert (negative.kind, negative.matrix) == ("lifted", sp.Matrix([[-1, -10 * sp.pi], [10 * sp.pi, -1]]))


def test_numbers_are_compared_exactly():
    """Products of exponentials are one exponential, so that what vanishes is 0."""
    net = sr.PLRNN(["exp(-1/10)*exp(-1/7) - exp(-17/70)", "exp(-1/3)^3 - exp(-1)"], [[0, 0], [0, 0]], [0, 0])
    assert net.is_rational
    assert sp.zeros(2, 2) == net.A
    # exp(-1/10) and its continued fraction to 40 digits differ.
    near = R(str(a.evalf(45)))
    report = sr.check(sr.PLRNN([1 + a - near, 1 + near - a], [[0, 0], [0, 0]], [0, 0], dt=1))
    assert report.verdicts["00"]["E1"].truth.is_true
    step = sr.derive(sr.ReLURNN([[near - a]], [[]], [0], V=[]), dt=1)[""]
    assert step.kind == ("real" if near > a else "lifted")


def test_units_that_meet_a_face():
    """At rest on the face: z = 0 stays there for ever, and the pattern is exact."""
    net = sr.PLRNN([a], [[c]], [0], dt=1)
    assert net.orbit([0], 5).patterns == ("0",) * 6
    assert net.region_of([1 - a]).pattern == "1"
    assert net.region_of([a - 1]).pattern == "0"
    step = sr.certify_step(sr.derive(net)["0"], [0])
    assert step.outcome == "stays"


def test_long_orbits_by_their_patterns():
    """Patterns come from balls; where a state stays on a face the exact state decides."""
    net = sr.PLRNN([a, b, c], [[0, -1, R(1, 7)], [R(1, 2), 0, -1], [-1, R(1, 9), 0]], [R(1, 3), R(-1, 2), R(1, 5)])
    A, W, h = (np.array(part.evalf().tolist(), dtype=float) for part in (net.A, net.W, net.h))
    z = np.array([1.0, 0.5, -1.0])
    for pattern in orbit_patterns(net, [1, R(1, 2), -1], 400, None):
        if min(abs(z)) > 1e-6:
            assert pattern == "".join("1" if x > 0 else "0" for x in z)
        z = A @ z + W @ np.maximum(z, 0) + h[:, 0]
    at_rest = sr.ReLURNN([[a]], [[0]], [1 - a], V=[[1]], b=[-1])
    assert set(orbit_patterns(at_rest, [1], 50, None)) == {"0"}
    assert list(sr.check(at_rest, regions="visited", z0=[1], steps=50).verdicts) == ["0"]
    meets = sr.ReLURNN([[a, 0], [0, a]], [[0], [1]], [0, 0], V=[[1, 0]], b=[-sp.exp(R(-2, 1))])  # e^{-t/10} - e^{-2}
    found = list(orbit_patterns(meets, [1, 0], 40, None))
    assert found == ["1"] * 20 + ["0"] * 21
    driven = sr.PLRNN([a], [[0]], [0], C=[[1]])
    assert list(orbit_patterns(driven, [0], 3, [[-1], [1], [5]])) == ["0", "0", "1", "1"]


def test_networks_whose_exponents_are_far_apart_are_refused():
    with pytest.raises(sr.EntryError, match=r"exp\(-1/3\), exp\(-1/10007\) are powers of exp\(-1/30021\)"):
        sr.PLRNN(["exp(-1/3)", "exp(-1/10007)"], [[0, 0], [0, 0]], [0, 0])
    with pytest.raises(sr.EntryError, match="'exp' is no name for a parameter"):
        sr.PLRNN(["exp"], [[0]], [0], parameters=["exp"])


def test_beside_letters():
    """Letters in the other entries: conditions hold for values as for the numbers."""
    net = sr.PLRNN(["exp(-1/10)", "1/2"], [["0", "w"], ["1/5", "0"]], ["1-exp(-1/10)", 0], dt="1/10", parameters=["w"])
    condition = sr.check(net).verdicts["11"]["E2"].truth.formula
    edge = 5 * a / 2  # det M = 0
    assert condition.at({"w": R(str(edge.evalf(20))) - R(1, 10**15)})
    assert not condition.at({"w": R(str(edge.evalf(20))) + R(1, 10**15)})
    assert not condition.at({"w": edge})
    ode = sr.derive(net)["11"]
    case = ode.case_at({"w": 1})
    numbers = sr.derive(net.subs({"w": 1}))["11"]
    assert (case.matrix.subs(sp.Symbol("w", real=True), 1) - numbers.matrix).evalf(40).norm() < R(1, 10**35)
    assert sr.latex(ode)


def test_on_the_command_line(tmp_path, capsys):
    path = tmp_path / "leaky.json"
    path.write_text('{"A": ["exp(-1/10)"], "W": [["(1-exp(-1/10))*w"]], "h": [1], "dt": "1/10", "parameters": ["w"]}')
    assert sr.load(path).W[0, 0] == sp.expand((1 - a) * sr.load(path).parameters[0])
    assert main(["derive", str(path), "--set", "w=0", "--json"]) == 0
    regions = json.loads(capsys.readouterr().out)["regions"]
    assert [region["digits"]["matrix"] for region in regions] == [[["-1"]], [["-1"]]]
    assert main(["check", str(path), "--set", "w=exp(-1/10)"]) == 0
    assert main(["latex", str(path), "--set", "w=0"]) == 0
    assert "e^{-1/10}" in capsys.readouterr().out
    path.write_text('{"A": ["exp(-pi)"], "W": [[0]], "h": [1]}')
    assert main(["check", str(path)]) == 2
    assert "pi is transcendental; accepted in its place are a declared letter or a decimal" in capsys.readouterr().err
