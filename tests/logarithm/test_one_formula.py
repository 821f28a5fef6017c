"""The one formula with letters against the systems at values, also at coincidences; divided differences by mpmath alone."""

import random
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.functions.differences import Difference
from tests.corpus.networks import networks, values_of

DIGITS = 30


def roots_of(point):
    """The roots that a point of a divided difference stands for, at the working precision."""
    if not isinstance(point, sp.Tuple):
        return [mp.mpmathify(sp.N(point, mp.mp.dps))]
    x = sp.Symbol("x")
    chi = sp.Poly([1, *((-1) ** k * e for k, e in enumerate(point, 1))], x)
    return [
        mp.mpmathify(r)
        for part, multiplicity in chi.sqf_list()[1]
        for r in part.nroots(n=mp.mp.dps, maxsteps=500)
        for _ in range(multiplicity)
    ]


def difference(value, apart=90, digits=400):
    """(x^m f)[points] as a sum over roots, which are moved apart by 10^-apart where they are nearly equal."""
    with mp.workdps(digits):
        roots = [r for point in value.points for r in roots_of(point)]
        step = mp.mpf(10) ** -apart
        roots = [
            r + (k + 1) * step if any(abs(r - s) < step for s in roots[:k] + roots[k + 1 :]) else r for k, r in enumerate(roots)
        ]
        s = mp.mpmathify(sp.N(value.args[0], digits)) if value.parameters else None
        f = (lambda x: x**s) if value.parameters else mp.log
        total = sum(r**value.power * f(r) / mp.fprod(r - t for j, t in enumerate(roots) if j != k) for k, r in enumerate(roots))
        return sp.Float(mp.re(total), 60)


def decimal(expression, values):
    """An expression with divided differences at values of its letters."""
    at = expression.xreplace(values)
    return sp.N(at.xreplace({d: difference(d) for d in at.atoms(Difference)}), 50)


def agree(net, pattern, values, dt, t=None):
    """Whether the one formula of a region at values is the system of the network with these values; None if E2 fails there."""
    ode = sr.derive(net.region(pattern), dt)
    exact = {s: sp.Rational(str(values[str(s)])) for s in ode.parameters}
    if ode.condition.is_false or not ode.condition.at(exact):
        return None
    numbers = ode.subs(exact)
    assert numbers.kind == ode.kind
    pairs = [(ode, numbers.digits(DIGITS))]
    if t is not None:
        pairs.append((ode.flow(t), numbers.flow(t).digits(DIGITS)))
    return all(
        close(decimal(x, exact), text)
        for system, found in pairs
        for part, name in ((system.matrix, "matrix"), (system.offset, "offset"), (system.input_matrix, "input_matrix"))
        for x, text in zip(part, flat(getattr(found, name)), strict=True)
    )


def flat(rows):
    return [x for row in rows for x in (row if isinstance(row, tuple) else (row,))]


def close(value, text):
    if str(text).startswith("["):  # an enclosure of what may be 0
        return abs(value) < 1e-25
    exact = sp.Float(text, 50)
    return abs(value - exact) <= abs(exact) * sp.Float(10) ** (1 - DIGITS) + sp.Float(10) ** -45


def free(n, rng, zeros=0.3):
    """A PLRNN with letters, some of them equal or 0, and values at which eigenvalues often coincide."""
    A = [f"a{i if rng.random() < 0.8 else 1}" for i in range(1, n + 1)]
    names = [f"w{i}" for i in range(1, n + 1)]
    W = [[rng.choice(names) if i != j and rng.random() > zeros else 0 for j in range(n)] for i in range(n)]
    h = [rng.choice(("h1", "h2", 1)) for _ in range(n)]
    used = sorted({x for row in [A, h, *W] for x in row if isinstance(x, str)})
    net = sr.PLRNN(A, W, h, parameters={x: "positive" if x[0] == "a" else "real" for x in used})
    values = {
        x: rng.choice((1, 1, Fraction(1, 2), 2, Fraction(3, 2)) if x[0] == "a" else (1, -1, Fraction(1, 2), 0, 2)) for x in used
    }
    return net, values


def sweep(seeds):
    compared = 0
    for seed in seeds:
        rng = random.Random(seed)
        net, values = free(2 + seed % 3, rng)
        for region in rng.sample(list(net.regions()), 2):
            time = Fraction(1, 3) if seed % 4 == 0 else None
            found = agree(net, region.pattern, values, rng.choice((1, "1/10")), time)
            assert found is not False, (seed, region.pattern)
            compared += bool(found)
    return compared


def test_random_networks():
    assert sweep(range(24)) > 20


@pytest.mark.slow
def test_many_random_networks():
    assert sweep(range(24, 524)) > 500


@pytest.mark.slow
def test_the_corpus_at_coincidences():
    compared = 0
    for network in networks():
        if not network.name.startswith("letters") or (network.net.dt is not None and network.net.dt.free_symbols):
            continue
        for values in values_of(network):
            for region in network.net.regions():
                found = agree(network.net, region.pattern, values, network.dt)
                assert found is not False, (network.name, values, region.pattern)
                compared += bool(found)
    assert compared > 400
