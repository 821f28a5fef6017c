"""The closed form in JSON, recomputed from its description by a reader that knows nothing of the package, in mpmath."""

import json
import random
from fractions import Fraction

import mpmath
import pytest

import symplrnn as sr
from symplrnn import limits
from symplrnn.cli import main


def affine(M, c, C=None):
    return sr.ReLURNN(M, [[] for _ in c], c, V=[], C=C, dt="1/10")


def blocks(*parts):
    """Return a block diagonal matrix."""
    n = sum(len(p) for p in parts)
    M, k = [[0] * n for _ in range(n)], 0
    for part in parts:
        for i, row in enumerate(part):
            M[k + i][k : k + len(row)] = row
        k += len(part)
    return M


def jordan(value, size):
    return [[value if i == j else int(j == i + 1) for j in range(size)] for i in range(size)]


def mixed(M, seed):
    """Return P M P^-1 with a unimodular integer P, so that nothing can be read off the entries."""
    r, n = random.Random(seed), len(M)
    M = [[Fraction(x) for x in row] for row in M]
    for _ in range(2 * n):
        i, j = r.sample(range(n), 2) if n > 1 else (0, 0)
        a = r.choice((-1, 1))
        if i != j:
            M[i] = [x + a * y for x, y in zip(M[i], M[j], strict=True)]
            for row in M:
                row[j] -= a * row[i]
    return [[str(x) for x in row] for row in M]


CUBIC = [[0, 0, "-1/2"], [1, 0, 2], [0, 1, 1]]  # one negative root
TWICE = [[0, 0, "1/2"], [1, 0, "5/2"], [0, 1, "-1/3"]]  # two negative roots
CASES = {
    "principal": affine([[2, 1], [1, 1]], [1, 2], [[1], [0]]),
    "lifted": affine([["-1/4"]], [1], [[2]]),
    "quadratic": affine([[1, 1], [1, 0]], [1, 2], [[1], [3]]),
    "both roots": affine([[-3, 1], [1, -1]], [1, 2]),
    "cubic": affine(CUBIC, [1, 0, 0], [[1], [0], [1]]),
    "cubic, two roots": affine(mixed(TWICE, 1), [1, 2, 0]),
    "cubic twice": affine(mixed(blocks(CUBIC, CUBIC), 2), [1, 0, 0, 2, 3, 1]),
    "jordan 3": affine(mixed(jordan("-1/4", 3), 3), [1, 2, 3]),
    "jordan 3 and 1": affine(mixed(blocks(jordan("-1/4", 3), [["-1/4"]]), 4), [1, 2, 3, 4]),
    "jordan 2 and 2": affine(mixed(blocks(jordan(-2, 2), jordan(-2, 2)), 5), [1, 2, 3, 4]),
    "quadratic twice": affine(mixed(blocks([[-3, 1], [1, -1]], [[-3, 1], [1, -1]]), 9), [1, 2, 3, 4]),
    "two pairs and more": affine(mixed(blocks([[-1]], [[-1]], [[-1]], [[-3]], [[-3]]), 6), [1, 2, 3, 4, 5]),
    # The half turn of -1, and arg(i) = pi/2, cancel in entry (2, 3).
    "pi against arg(i)": affine(mixed(blocks([[0, 1], [-1, 0]], [[-1]], [[-1]]), 4), [1, 2, 3, 4]),
    "singular": affine(mixed(blocks(jordan(0, 2), [["1/3"]]), 7), [1, 2, 3], [[1], [2], [0]]),
    "both": affine(mixed(blocks([[0]], jordan("-1/2", 2), [["3/2"]]), 8), [1, 2, 3, 4], [[1], [2], [0], [1]]),
}


def number(text):
    p, _, q = text.partition("/")
    return mpmath.mpf(int(p)) / int(q or 1)


def matrix(rows):
    return mpmath.matrix([[number(x) for x in row] for row in rows])


def value(polynomial, x):
    return sum(number(c) * x**k for k, c in enumerate(polynomial))


def roots(polynomial):
    if len(polynomial) == 2:
        return [-number(polynomial[0])]
    return mpmath.polyroots([number(c) for c in reversed(polynomial)], maxsteps=500, extraprec=400)


def logarithm(form, extra):
    """Return L in the coordinates (z, 1, s, u), as the description says."""
    N = len(form["rational_part"])
    L = mpmath.zeros(N + extra)
    total = matrix(form["rational_part"])
    for term in form["terms"]:
        for root in roots(term["factor"]):
            for k, H in enumerate(term["matrices"]):
                total = total + matrix(H) * (mpmath.log(root) / value(term["denominator"], root) * root**k)
    for i in range(N):
        for j in range(N):
            L[i, j] = mpmath.re(total[i, j])
    for turn in form["half_turns"]:
        low, high = map(number, turn["root"])
        tiny = mpmath.mpf(10) ** -40
        (root,) = [
            mpmath.re(x) for x in roots(turn["factor"]) if abs(mpmath.im(x)) < tiny and low - tiny <= mpmath.re(x) <= high + tiny
        ]
        for block in turn["blocks"]:
            t = block["order"]
            if block["turns"]:
                factor = mpmath.pi if t == 0 else mpmath.mpf(0)
            else:
                factor = mpmath.log(abs(root)) if t == 0 else mpmath.mpf((-1) ** (t - 1)) / t
            if block["divided"]:
                factor /= value(turn["denominator"], root)
            row, column = (N + turn["offset"] if block[side] else 0 for side in ("to_extra", "from_extra"))
            for k, A in enumerate(block["coefficients"]):
                for i, entries in enumerate(A):
                    for j, x in enumerate(entries):
                        L[row + i, column + j] += factor * number(x) * root**k
    return L


@pytest.mark.parametrize("name", CASES)
def test_the_digits_follow_from_the_closed_form(name):
    net = CASES[name]
    n, m = net.n, net.m
    document = json.loads(sr.derive(net)[""].to_json(40))
    extra = document["extra"]
    with mpmath.workdps(80):
        L = logarithm(document["closed_form"], extra) * 10
        order = [*range(n), *range(n + 1 + m, n + 1 + m + extra)]
        for a, i in enumerate(order):
            expected = [L[i, j] for j in (*order, *range(n, n + 1 + m))]
            texts = [document["digits"]["matrix"][a], [document["digits"]["offset"][a]], document["digits"]["input_matrix"][a]]
            for x, text in zip(expected, [t for part in texts for t in part], strict=True):
                assert abs(x - mpmath.mpf(text)) <= abs(x) * mpmath.mpf(10) ** -38 + mpmath.mpf(10) ** -60


@pytest.mark.parametrize("name", CASES)
def test_jump_and_flow_give_the_map(name):
    """exp(dt X^) with u = 0 before, after the jump, is the network's map, and u = 0 after it."""
    net = CASES[name]
    n, m = net.n, net.m
    document = sr.derive(net)[""].to_dict(60)
    with mpmath.workdps(80):
        flow = mpmath.expm(logarithm(document["closed_form"], document["extra"]), method="taylor")
        start = mpmath.eye(n + 1 + m)
        if document["jump"] is not None:
            parts = [matrix(document["jump"]["matrix"]), [number(x) for x in document["jump"]["offset"]]]
            for i in range(n):
                for j in range(n):
                    start[i, j] = parts[0][i, j]
                start[i, n] = parts[1][i]
                for j in range(m):
                    start[i, n + 1 + j] = number(document["jump"]["input_matrix"][i][j])
        extra = document["extra"]
        padded = mpmath.zeros(n + 1 + m + extra, n + 1 + m)
        padded[: n + 1 + m, :] = start
        image = flow * padded
        region = net.region("")
        for i in range(n):
            row = [*region.matrix.row(i), region.offset[i], *region.input_matrix.row(i)]
            for j, x in enumerate(row):
                assert abs(image[i, j] - mpmath.mpf(int(x.p)) / int(x.q)) < mpmath.mpf(10) ** -50
        for i in range(n + 1 + m, n + 1 + m + extra):
            assert all(abs(image[i, j]) < mpmath.mpf(10) ** -50 for j in range(n + 1 + m))


def test_no_key_is_lost_and_the_new_ones_are_there():
    document = sr.derive(sr.example("kinds"))["01"].to_dict()
    assert {"pattern", "kind", "dt", "digits", "closed_form"} <= set(document)
    assert {"rational_part", "terms", "half_turns"} == set(document["closed_form"])
    assert (document["kind"], document["extra"], document["is_principal"], document["jump"]) == ("lifted", 1, False, None)
    assert document["why"] == sr.derive(sr.example("kinds"))["01"].why
    impulsive = sr.derive(sr.example("kinds"))["10"].to_dict()
    assert impulsive["jump"] == {"matrix": [["0", "0"], ["0", "1"]], "offset": ["1", "0"], "input_matrix": [[], []]}
    assert impulsive["is_principal"]


def test_long_closed_forms_are_there_on_request(tmp_path, capsys):
    n = limits.CLOSED_FORM_STATES + 1
    for states, is_long in ((n - 1, False), (n, True)):
        region = sr.ReLURNN([f"1/{k + 2}" for k in range(states)], [[]] * states, [1] * states, V=[], dt=1).region("")
        short, full = sr.derive(region).to_dict(), sr.derive(region).to_dict(full=True)
        assert ("left_out" in short, short["closed_form"] is None) == (is_long, is_long)
        assert "left_out" not in full
        assert len(full["closed_form"]["terms"]) == states + 1
        assert {**short, "closed_form": 0, "left_out": 0} == {**full, "closed_form": 0, "left_out": 0}
        assert sr.derive(region).to_json() == json.dumps(short, indent=2)
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"A": [f"1/{k + 2}" for k in range(n)], "W": [[0] * n] * n, "h": [0] * n, "dt": 1}))
    for options, found in (([], False), (["--full"], True)):
        assert main(["derive", str(path), "--region", "0" * n, "--json", *options]) == 0
        (printed,) = json.loads(capsys.readouterr().out)["regions"]
        assert (printed["closed_form"] is not None, "--full" in printed.get("left_out", "")) == (found, not found)
