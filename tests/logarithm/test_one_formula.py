"""The one formula with letters against the systems at values, also at coincidences; divided differences by mpmath alone."""

import random
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.exact.balls import working_precision
from symplrnn.functions.differences import Difference
from symplrnn.network.examples import descriptions
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


def slope(net, pattern, values, name):
    """The derivative of X^ with respect to a letter, and central differences of certified numbers, both as lists of 20 digits."""
    ode = sr.derive(net.region(pattern), 1)
    [letter] = [s for s in ode.parameters if str(s) == name]
    step = Fraction(1, 10**15)
    ends = [ode.subs({**values, name: values[name] + sign * step}).enclosure(400) for sign in (1, -1)]
    ours = ode.augmented.diff(letter).xreplace({s: sp.Rational(str(values[str(s)])) for s in ode.parameters})
    size = ours.rows
    with working_precision(400):
        slopes = [(ends[0][i, j] - ends[1][i, j]) / 2 * 10**15 for i in range(size) for j in range(size)]
        return [(sp.N(x, 30), sp.Float(y.str(40, radius=False), 40)) for x, y in zip(ours, slopes, strict=True)]


PAIR = sr.PLRNN(
    ["a", "b"],
    [[0, "v"], ["w", 0]],
    ["h", 1],
    parameters={"a": "positive", "b": "positive", "v": "real", "w": "real", "h": "real"},
)
CHAIN = sr.PLRNN(
    ["a", "b", "1/2"],
    [[0, "v", 0], [0, 0, "w"], [0, 0, 0]],
    ["h", 1, 2],
    parameters={"a": "positive", "b": "positive"} | dict.fromkeys("vwh", "real"),
)
HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("net", "values"),
    [
        (PAIR, {"a": 2, "b": 1, "v": HALF, "w": -HALF, "h": 3}),  # discriminant 0
        (PAIR, {"a": 1, "b": HALF, "v": 0, "w": 1, "h": 3}),  # eigenvalue 1
        (PAIR, {"a": 2, "b": 0 + HALF, "v": HALF, "w": -1, "h": 1}),  # eigenvalue 1 and another
        (PAIR, {"a": 1, "b": 1, "v": 0, "w": 0, "h": 1}),  # the identity: discriminant 0 and eigenvalue 1
        (PAIR, {"a": 1, "b": 1, "v": HALF, "w": -HALF, "h": 1}),  # complex
        (CHAIN, {"a": HALF, "b": HALF, "v": 1, "w": 1, "h": 1}),  # all three equal
        (CHAIN, {"a": 1, "b": 1, "v": 1, "w": -1, "h": 1}),  # 1 twice
    ],
)
def test_derivatives_with_respect_to_parameters(net, values):
    for name in ("a", "v"):
        for ours, theirs in slope(net, "1" * net.n, values, name):
            assert abs(ours - theirs) <= 1e-20 * (1 + abs(theirs)), (name, ours, theirs)


def test_sympy_evaluates_the_formula_with_certainty():
    """At a near-coincidence of 1e-40 naive formulas lose all digits."""
    near = Fraction(1, 2) + Fraction(1, 10**40)
    values = {"a": HALF, "b": near, "v": 1, "w": 1, "h": 1}
    ode = sr.derive(CHAIN.region("111"), 1)
    exact = {s: sp.Rational(str(values[str(s)])) for s in ode.parameters}
    numbers = ode.subs(exact).digits(40)
    for x, text in zip([*ode.matrix, *ode.offset], [*flat(numbers.matrix), *numbers.offset], strict=True):
        assert sp.N(x.subs(exact), 40) == sp.Float(text, 40) or close(sp.N(x.subs(exact), 50), text)


def test_random_networks():
    assert sweep(range(5)) > 3


@pytest.mark.slow
def test_many_random_networks():
    assert sweep(range(5, 510)) > 500


def drawn(net, rng):
    """Values of the letters that meet their assumptions; a few of them, so that coincidences are drawn often."""
    values = {}
    for s in net.parameters:
        pool = [v for v in (1, HALF, 2, Fraction(3, 2), Fraction(1, 3), -1, -HALF, 0) if allows(s, v)]
        values[str(s)] = rng.choice(pool)
    return values


def allows(symbol, value):
    number = sp.Rational(str(value))
    return not any(
        getattr(symbol, f"is_{name}") and not getattr(number, f"is_{name}")
        for name in ("positive", "negative", "nonnegative", "nonpositive", "nonzero")
    )


def with_letters():
    for name in sorted(descriptions()):
        if sr.example(name).parameters:
            yield name, sr.example(name)
    for network in networks():
        if network.name.startswith("small") and network.net.parameters:
            yield network.name, network.net


LARGE = ("three", "one3", "chain")


def marked(name, net):
    return pytest.param(name, net, marks=pytest.mark.slow if name.split()[-1] in LARGE else ())


@pytest.mark.parametrize(
    ("name", "net"), [marked(*found) for found in with_letters()], ids=lambda x: x if isinstance(x, str) else ""
)
def test_packaged_networks_and_small_inputs(name, net):
    """Also derivatives, at values where E2 holds."""
    rng, compared = random.Random(name), 0
    for region in net.regions():
        for trial in range(2):
            values = drawn(net, rng)
            found = agree(net, region.pattern, values, 1, Fraction(1, 3) if trial == 0 else None)
            assert found is not False, (region.pattern, values)
            compared += bool(found)
            if found and trial == 1:
                letter = rng.choice(sorted(values))
                for ours, theirs in slope(net, region.pattern, values, letter):
                    assert abs(ours - theirs) <= 1e-18 * (1 + abs(theirs)), (region.pattern, values, letter)
    assert compared >= 1


@pytest.mark.slow
def test_many_derivatives():
    compared = 0
    for seed in range(120):
        rng = random.Random(seed)
        net, values = free(2 + seed % 2, rng)
        pattern = rng.choice([region.pattern for region in net.regions()])
        ode = sr.derive(net.region(pattern), 1)
        inner = {name: v + Fraction(1, 7) if name[0] == "a" and v == 0 else v for name, v in values.items()}
        exact = {s: sp.Rational(str(inner[str(s)])) for s in ode.parameters}
        if ode.condition.at(exact):
            for ours, theirs in slope(net, pattern, inner, rng.choice(sorted(inner))):
                assert abs(ours - theirs) <= 1e-18 * (1 + abs(theirs)), (seed, pattern)
            compared += 1
    assert compared > 60


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


@pytest.mark.parametrize(
    "values", [(2.0, 1.0, 0.5, -0.5, 3.0), (1.0, 1.0, 0.0, 0.0, 1.0), (1.0, 0.5, 0.25, 0.75, -2.0), (0.5, 2.0, 1.0, 0.5, 1.0)]
)
def test_numpy_evaluates_the_formula_without_warnings(values):
    """Also where the discriminant is 0, or 1 is an eigenvalue (item 7 of the small inputs that went wrong)."""
    ode = sr.derive(PAIR.region("11"), 1)
    letters = [sp.Symbol(name, positive=True) if name in "ab" else sp.Symbol(name, real=True) for name in "abvwh"]
    numbers = ode.subs(dict(zip("abvwh", values, strict=True))).digits(17)
    for part, texts in ((ode.matrix, flat(numbers.matrix)), (ode.offset, numbers.offset)):
        found = sp.lambdify(letters, part, "numpy")(*values).ravel()
        assert found == pytest.approx([float(x) for x in texts], rel=1e-13, abs=1e-14)
