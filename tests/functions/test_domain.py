"""Polynomials with a root on the cut of the logarithm: their divided differences are not a number."""

import random

import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.functions import log_difference, power_difference
from symplrnn.functions.domain import meets_the_cut


def symmetric(roots):
    x = sp.Symbol("x")
    coefficients = sp.Poly(sp.prod([x - r for r in roots]), x).all_coeffs()
    return sp.Tuple(*[(-1) ** k * sp.expand(c) for k, c in enumerate(coefficients)][1:])


@pytest.mark.parametrize("seed", range(40))
def test_random_roots(seed):
    rng = random.Random(seed)
    roots = [sp.Rational(rng.randint(-3, 6), rng.randint(1, 4)) for _ in range(rng.randint(0, 3))]
    a, b = sp.Rational(rng.randint(-4, 4), 2), sp.Rational(rng.randint(1, 4), 3)
    roots += [a + sp.I * b, a - sp.I * b] if rng.random() < 0.6 or len(roots) < 2 else []
    assert meets_the_cut(symmetric(roots)) == any(r.is_real and r <= 0 for r in roots)


def test_a_formula_has_no_value_where_e2_fails():
    """Both eigenvalues are negative: the entries would be real numbers, and wrong."""
    net = sr.PLRNN(["a", "b"], [[0, "w"], ["v", 0]], [1, 1], parameters=["a", "b", "v", "w"])
    ode = sr.derive(net, dt=1)["11"]
    values = {"a": -2, "b": -3, "v": 1, "w": 1}
    assert not ode.condition.at(values)
    at = {s: values[str(s)] for s in ode.parameters}
    assert all(x.subs(at) is sp.nan for x in [*ode.matrix, *ode.offset])
    assert all(np.isnan(sp.lambdify(list(at), x, "numpy")(*map(float, at.values()))) for x in [*ode.matrix, *ode.offset])
    flow = ode.flow(sp.Rational(1, 3))
    assert all(x.subs(at) is sp.nan for x in [*flow.matrix, *flow.offset])
    assert ode.flow(1).matrix.subs(at) == ode.region.matrix.subs(at)  # a power by an integer needs no logarithm


def test_floats_and_powers():
    assert log_difference([(sp.Float(-3), sp.Float(1))]) is sp.nan
    assert power_difference(sp.Rational(1, 2), [(-3, 1)]) is sp.nan
    assert power_difference(3, [(-3, 1)]) == 8
    t, d = sp.symbols("t d", real=True)
    assert log_difference([(t, d), 1]).subs({t: -3, d: 1}) is sp.nan
    assert log_difference([(t, d), 1]).subs({t: 3, d: 1}).is_negative
