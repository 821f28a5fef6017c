"""Roots of polynomials over Q(algebraic numbers) of any degree are counted, against products of known factors and mpmath."""

import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
import symplrnn.conditions.root_conditions as rc
from symplrnn.exact.number_roots import number_polynomial

X = sp.Symbol("x")
ROOT = sp.sqrt(2)


def facts(polynomial: sp.Expr) -> tuple[int, bool, bool, bool, bool]:
    found = number_polynomial([sp.expand(c) for c in sp.Poly(polynomial, X).all_coeffs()[::-1]])
    return (
        found.negative_roots,
        found.has_zero_root,
        found.all_roots_real,
        found.all_roots_inside,
        found.complex_pairs_on_circle > 0,
    )


@pytest.mark.parametrize("field", ["rational", "irrational"])
@pytest.mark.parametrize("seed", range(40))
def test_products_of_known_factors(seed, field):
    """Multiple roots, 0, roots at 1 and -1, and pairs on the circle, of moduli just inside and just outside, are drawn on purpose."""
    rng, near = random.Random(seed), sp.Rational(1, 10**30)
    unit = ROOT if field == "irrational" else sp.Integer(1)
    real = [-unit, unit / 3, -unit / 5, 0, 1, -1, 1 + near, -1 + near, -near]
    pairs = [
        (X**2 - unit / 2 * X + 1, True, False),
        (X**2 + unit * X + 1 + near, False, False),
        (X**2 + unit * X + 1 - near, False, True),
        (X**2 + sp.Rational(19, 10) * X + 1, True, False),
        (X**2 + 1, True, False),
        (X**2 + unit * X / 7 + sp.Rational(1, 2), False, True),
    ]
    roots = [rng.choice(real) for _ in range(rng.randint(2, 4))]
    chosen = [rng.choice(pairs) for _ in range(rng.randint(0, 2))]
    f = sp.prod([X - r for r in roots] + [p for p, _, _ in chosen])
    assert facts(f) == (
        len({r for r in roots if r < 0}),
        0 in roots,
        not chosen,
        all(abs(r) < 1 for r in roots) and all(inside for _, _, inside in chosen),
        any(on_circle for _, on_circle, _ in chosen),
    )


def test_conditions_in_degree_nine_are_decided():
    """They are no formulas where there are no letters; beyond degree 6 there used to be an error."""
    rng = random.Random(1)
    for k in range(12):
        c = [sp.Rational(rng.randint(-9, 9), 9) + ROOT * sp.Rational(rng.randint(-9, 9), 9 * 2**k) for _ in range(9)]
        c = [*c, sp.Integer(1)]
        with mpmath.workdps(60):
            found = mpmath.polyroots([mpmath.mpf(sp.N(x, 60)) for x in c[::-1]], maxsteps=500, extraprec=300)
            real = [z.real for z in found if abs(z.imag) < mpmath.mpf(10) ** -30]
            expected = (
                not any(x <= 0 for x in real),
                not any(x < 0 for x in real),
                len(real) == 9,
                all(abs(z) < 1 for z in found),
            )
        conditions = (rc.no_nonpositive_root, rc.no_real_root, rc.all_roots_real, rc.all_roots_inside)
        assert tuple(condition(c).is_true for condition in conditions) == expected
        assert all(condition(c).is_constant for condition in conditions)
        assert rc.complex_pair_on_circle(c).is_false


@pytest.mark.parametrize(("n", "seed"), [(7, 3), (8, 1), (10, 4)])
def test_trained_networks_with_an_irrational_entry(n, seed):
    """Of seven units and more: their kinds used to be unknown."""
    rng = random.Random(seed)
    A = [ROOT / 2, *(Fraction(rng.randint(-(2**20), 2**20), 2**20) for _ in range(n - 1))]
    W = [[0 if i == j else Fraction(rng.randint(-(2**19), 2**19), 2**20) for j in range(n)] for i in range(n)]
    net, pattern = sr.PLRNN(A, W, [1] * n, dt="1/10"), "1" * n
    ode, report = sr.derive(net, regions=[pattern])[pattern], sr.check(net, [pattern])
    values = np.linalg.eigvals(np.array(net.region(pattern).matrix.evalf(), dtype=float))
    negative = int(sum((abs(values.imag) < 1e-9) & (values.real < 0)))
    assert min(abs(values)) > 1e-6
    assert (ode.kind, ode.extra) == (("lifted", negative) if negative else ("real", 0))
    assert (ode.unlisted, ode.unlisted_others) == ("", "")
    verdict = report.verdicts[pattern]
    assert verdict.principal.is_true == (negative == 0)
    assert verdict.stable.is_true == bool(max(abs(values)) < 1)
    assert not any(truth.is_unknown for truth in (verdict.principal, verdict.real, verdict.unique, verdict.stable))
    with mpmath.workdps(50):
        step = mpmath.expm(mpmath.matrix(sp.Matrix(ode.digits(45).matrix).tolist()) / 10)
        M = net.region(pattern).matrix
        error = max(abs(step[i, j] - mpmath.mpf(sp.N(M[i, j], 50))) for i in range(n) for j in range(n))
        assert error < mpmath.mpf(10) ** -38


@pytest.mark.parametrize("seed", range(15))
def test_nothing_is_unknown_of_random_networks_of_irrational_numbers(seed):
    rng = random.Random(seed)
    n = rng.randint(1, 9)
    pool = [0] * rng.randint(1, 6) + [1, -1, "1/2", "-1/3", 2, ROOT, -sp.sqrt(3), ROOT / 3, 1 - ROOT]
    A, h = ([rng.choice(pool) for _ in range(n)] for _ in range(2))
    W = [[rng.choice(pool) if i != j else 0 for j in range(n)] for i in range(n)]
    net, pattern = sr.PLRNN(A, W, h, dt=1), "".join(rng.choice("0111") for _ in range(n))
    ode, verdict = sr.derive(net, regions=[pattern])[pattern], sr.check(net, [pattern]).verdicts[pattern]
    assert " or " not in ode.kind
    truths = (verdict.principal, verdict.real, verdict.unique, verdict.stable, verdict.diagonalisable, verdict.needs_jump)
    assert not any(truth.is_unknown for truth in truths)
    assert ("impulsive" in ode.kind) == verdict.needs_jump.is_true == (net.region(pattern).matrix.rank() < n)
    assert verdict.real.is_true == (ode.kind == "real")
