"""Certificates for tests: of the packaged examples and of hard random networks."""

import json
from fractions import Fraction
from functools import cache
from random import Random

import symplrnn as sr
from symplrnn.network.examples import descriptions

EXAMPLES = [name for name in descriptions() if not sr.example(name).parameters]
JORDAN = sr.ReLURNN([["1/2", 1, 0], [0, "1/2", 1], [0, 0, "1/2"]], [[0]] * 3, [1, 0, 1], V=[[1, 0, 0]], b=[0])


def linear(rows, offset=None):
    """Return a network without units: one affine map."""
    return sr.ReLURNN(rows, [[] for _ in rows], offset or [1] + [0] * (len(rows) - 1), V=[])


SPECIAL = {
    "lifted chain": linear([[-2, 1, 0], [0, -2, 0], [0, 0, 3]]),
    "unequal chains": linear([[-2, 1, 0, 0, 0], [0, -2, 1, 0, 0], [0, 0, -2, 0, 0], [0, 0, 0, -2, 1], [0, 0, 0, 0, -2]]),
    "paired chains": linear([[-2, 1, 0, 0], [0, -2, 0, 0], [0, 0, -2, 1], [0, 0, 0, -2]]),
    "paired roots": linear([[0, 2, 0, 0], [1, 0, 0, 0], [0, 0, 0, 2], [0, 0, 1, 0]]),
    "one of three roots": linear([[0, 0, -2], [1, 0, 0], [0, 1, 0]]),
    "jump and lift": linear([[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, -1, 1], [0, 0, 0, -1]], [0, 0, 1, 2]),
    "on the circle": linear([[0, -1, 1, 0], [1, 0, 0, 1], [0, 0, 0, -1], [0, 0, 1, 0]]),
    "rotated line": linear([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, 0, 0]),
    "shifted line": linear([[1, 0], [0, 1]], [1, 0]),
}


def as_read(document):
    """Return a certificate as it is read from a file."""
    return json.loads(json.dumps(document))


def certified(net, dt=1, **selection):
    return as_read(sr.derive(net, dt=dt, **selection).certificate())


@cache
def certificate(name):
    return certified(SPECIAL[name] if name in SPECIAL else sr.example(name), dt="1/10")


def hard_network(seed):
    """Return a network whose regions have Jordan blocks, eigenvalues 0 and 1, negative ones, pairs and complex ones."""
    rng = Random(seed)
    n, m = rng.choice([1, 2, 3, 4]), rng.choice([0, 0, 1])
    value = [Fraction(1), Fraction(1, 2), Fraction(1, 2), Fraction(-1, 3), Fraction(2), Fraction(0), Fraction(3, 7)]
    A = [[rng.choice(value) if i == j else Fraction(0) for j in range(n)] for i in range(n)]
    if rng.random() < 0.4:  # coupled by a unit triangle: repeated eigenvalues with Jordan blocks
        A = [[rng.choice(value[:4]) if i == j else Fraction(int(j == i + 1)) for j in range(n)] for i in range(n)]
    W = [
        [Fraction(rng.randint(-3, 3), rng.choice([1, 2])) if rng.random() < 0.6 else Fraction(0) for _ in range(n)]
        for _ in range(n)
    ]
    h = [Fraction(rng.randint(-2, 2), 3) for _ in range(n)]
    return sr.ReLURNN(A, W, h, C=[[1]] * n if m else None)
