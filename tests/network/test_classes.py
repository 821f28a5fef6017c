"""Each class of network against its published equation, in NumPy or SymPy."""

import numpy as np
import pytest
import sympy as sp

import symplrnn as sr


def relu(x):
    return np.maximum(x, 0)


def rounded(numbers, *shape):
    """Random numbers with few binary digits, so that doubles compute sums of products without an error."""
    return np.round(numbers.normal(size=shape) * 16) / 16


def agree(net, step, numbers, inputs=0):
    for _ in range(20):
        z, s = rounded(numbers, net.n), rounded(numbers, inputs)
        found = net.step(z, s) if net.m else net.step(z)
        assert [float(x) for x in found] == step(z, s).tolist()


@pytest.mark.parametrize("clipped", [False, True])
def test_shallow(clipped):
    numbers = np.random.default_rng(0)
    for n, units, m in ((1, 1, 0), (3, 2, 0), (2, 5, 3)):
        A, W1, W2, h1, h2, C = (rounded(numbers, *x) for x in ((n,), (n, units), (units, n), (n,), (units,), (n, m)))
        net = sr.ShallowPLRNN(A, W1, W2, h1, h2, clipped=clipped, C=C if m else None)
        assert (net.n, net.p, net.m) == (n, units * (1 + clipped), m)
        agree(net, lambda z, s: A * z + W1 @ (relu(W2 @ z + h2) - clipped * relu(W2 @ z)) + h1 + C @ s, numbers, m)  # noqa: B023


@pytest.mark.parametrize("clipped", [False, True])
@pytest.mark.parametrize(("thresholds", "sign"), [("add", 1), ("subtract", -1)])
def test_dendritic(thresholds, sign, clipped):
    numbers = np.random.default_rng(1)
    for n, bases, m in ((1, 1, 0), (3, 2, 0), (2, 4, 1)):
        A, W, h, alphas, thetas, C = (rounded(numbers, *x) for x in ((n, n), (n, n), (n,), (bases,), (n, bases), (n, m)))
        net = sr.DendriticPLRNN(A, W, h, alphas, thetas, thresholds, clipped=clipped, C=C if m else None)
        assert (net.n, net.p, net.m) == (n, n * (bases + clipped), m)

        def step(z, s):
            f = ((relu(z[:, None] + sign * thetas) - clipped * relu(z[:, None])) * alphas).sum(1)  # noqa: B023
            return A @ z + W @ f + h + C @ s  # noqa: B023

        agree(net, step, numbers, m)


def test_rate_networks():
    numbers, k = np.random.default_rng(2), 0.25
    for n, m in ((1, 0), (3, 2)):
        W, b, C = rounded(numbers, n, n), rounded(numbers, n), rounded(numbers, n, m)
        given = {"C": C} if m else {}
        agree(sr.RateRNN(W, b, k, "state", **given), lambda z, s: (1 - k) * z + k * (W @ relu(z) + b + C @ s), numbers, m)  # noqa: B023
        held = rounded(numbers, m)
        options = given | ({"hold_inputs": held} if m else {})
        drive, together = (sr.RateRNN(W, b, k, relu, **options) for relu in ("drive", "sum"))
        assert (drive.m, together.m) == (0, 0)
        agree(drive, lambda z, s: (1 - k) * z + k * relu(W @ z + b + C @ held), numbers)  # noqa: B023
        agree(together, lambda z, s: relu((1 - k) * z + k * (W @ z + b + C @ held)), numbers)  # noqa: B023
        zero = sr.RateRNN(W, b, k, **given, hold_inputs=0)
        agree(zero, lambda z, s: (1 - k) * z + k * relu(W @ z + b), numbers)  # noqa: B023


@pytest.mark.parametrize("relu_of", ["drive", "sum"])
@pytest.mark.parametrize("k", [1, 0.25])
def test_states_that_are_what_the_relu_takes(relu_of, k):
    """An orbit of the network is, step by step, what the ReLU takes in an orbit with inputs inside of the ReLU."""
    numbers = np.random.default_rng(3)
    W, b, C = rounded(numbers, 3, 3), rounded(numbers, 3), rounded(numbers, 3, 2)
    net = sr.RateRNN(W, b, k, relu_of, C=C, hold_inputs=False)
    assert net.rectified_states == (0, 1, 2)
    s = rounded(numbers, 4, 2)

    def argument(z, u):
        drive = W @ z + b + C @ u
        return drive if relu_of == "drive" else (1 - k) * z + k * drive

    z = rounded(numbers, 3)
    y = argument(z, s[0])
    for t in range(3):
        z = (1 - k) * z + k * relu(y) if relu_of == "drive" else relu(y)
        u = s[t + 1] - (1 - k) * s[t] if relu_of == "drive" else s[t + 1]
        after = argument(z, s[t + 1])
        assert [float(x) for x in net.step(y, u)] == after.tolist()
        y = after


def test_letters_go_through():
    p = {"a": "positive", "w": "real", "k": "positive"}
    shallow = sr.ShallowPLRNN(["a"], [["w"]], [[1]], [0], ["a"], clipped=True, parameters=p)
    a, w, k = (sp.Symbol(x, **{p[x]: True}) for x in "awk")
    assert (list(shallow.W), list(shallow.b)) == ([w, -w], [a, 0])
    dendritic = sr.DendriticPLRNN(["a"], [["w"]], [0], [2, "a"], [["w", 1]], "subtract", clipped=True, parameters=p)
    assert (list(dendritic.W), list(dendritic.b)) == ([2 * w, a * w, sp.expand(-w * (a + 2))], [-w, -1, 0])
    rate = sr.RateRNN([["w"]], ["a"], k="k", relu="state", parameters=p)
    assert (rate.A[0], rate.W[0], rate.h[0]) == (1 - k, k * w, a * k)


def test_numbers_that_floats_cannot_say():
    """Sums and products are exact: one third of an alpha, and biases that float32 would round."""
    net = sr.DendriticPLRNN([0], [["1/3"]], [0], ["1/7", "sqrt(2)"], [[1, 2]], "add")
    assert list(net.W) == [sp.Rational(1, 21), sp.sqrt(2) / 3]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: sr.ShallowPLRNN([1], [[1, 2]], [[1]], [0], [0, 0]), "W2: expected shape 2 x 1, got 1 x 1"),
        (lambda: sr.ShallowPLRNN([1], [[1]], [[1]], [0], [0, 0]), "W1: expected shape 1 x 2, got 1 x 1"),
        (lambda: sr.ShallowPLRNN([1, 2], [[1]], [[1]], [0], [0]), "A: expected 1 states, as h1 has entries, got 2"),
        (lambda: sr.DendriticPLRNN([1], [[1]], [0], [1], [[1]], "plus"), 'thresholds: expected "add" or "subtract", got \'plus\''),
        (lambda: sr.DendriticPLRNN([1], [[1]], [0], [1, 2], [[1]], "add"), "thetas: expected shape 1 x 2, got 1 x 1"),
        (
            lambda: sr.DendriticPLRNN(np.ones(900), np.ones((900, 900)), np.ones(900), np.ones(9), np.ones((900, 9)), "add"),
            "a dendritic network of 900 states and 9 bases has 14580000 entries; accepted are up to 4000000",
        ),
        (lambda: sr.RateRNN([[1]], [0], 1, "all"), "relu: expected one of state, drive, sum, got 'all'"),
        (lambda: sr.RateRNN([[1]], [0], 1, C=[[1]]), "hold_inputs: the inputs are inside of the ReLU; give a vector or 0"),
        (lambda: sr.RateRNN([[1]], [0], 1, C=[[1]], hold_inputs=[1, 2]), "hold_inputs: expected 1 numbers, got 2"),
        (lambda: sr.RateRNN([[1]], [0], 1, hold_inputs=[1]), "hold_inputs: expected 0 numbers, got 1"),
        (lambda: sr.RateRNN([[1]], [0], 1, "state", C=[[1]], hold_inputs=0), "hold_inputs: only for relu=\"drive\""),
    ],
)  # fmt: skip
def test_what_does_not_fit(make, problem):
    with pytest.raises(sr.ShapeError) as caught:
        make()
    assert problem in str(caught.value)
