"""Series and limits of divided differences, where points coincide and where they do not."""

import pytest
import sympy as sp

from symplrnn.functions import log_difference, phi, power_difference

R = sp.Rational
x, y = sp.symbols("x y", positive=True)
tau, delta, s, h = sp.symbols("tau delta s h", real=True)


def test_series_where_points_coincide():
    assert phi(x).series(x, 1, 4).removeO().equals(1 - (x - 1) / 2 + (x - 1) ** 2 / 3 - (x - 1) ** 3 / 4)
    assert log_difference([x, y]).series(x, y, 3).removeO().equals(1 / y - (x - y) / (2 * y**2) + (x - y) ** 2 / (3 * y**3))
    found = log_difference([(tau, delta)]).series(delta, tau**2 / 4, 2).removeO()
    assert found.equals(2 / tau + R(1, 3) * (2 / tau) ** 3 * (tau**2 / 4 - delta))
    assert (phi(x) * sp.exp(x)).series(x, 1, 2).removeO().equals(sp.E + sp.E * (x - 1) / 2)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (log_difference([(2 + h, 1 + h**2)]), 0),
        (log_difference([(2 + h, 1 + h**2), 1]), 0),
        (log_difference([1 + h, sp.sqrt(1 + h), 1]), 0),
        (log_difference([(1 + h, 3 - h), 2]), 0),
        (power_difference(R(1, 3), [(2 + h, 1 + h**2)]), 0),
        (power_difference(h, [2, 3, (2, 1)]), 0),
        (power_difference(R(1, 2), [h, 2]), 2),
        (log_difference([h, 5]), 2),
    ],
    ids=str,
)
def test_series_are_close_to_the_value(value, at):
    found = value.series(h, at, 4)
    small = R(1, 10**8)
    error = sp.N(found.removeO().subs(h, at + small) - value.subs(h, at + small), 50)
    assert abs(error) < 100 * sp.Float(small) ** 4
    assert found.getn() == 4


def test_series_at_singular_points():
    assert phi(x).series(x, 0, 2).removeO().expand() == (-sp.log(x) - x * sp.log(x))
    assert log_difference([x, 2 * x]).series(x, 0, 3).removeO() == sp.log(2) / x
    with pytest.raises(sp.PoleError):
        log_difference([(x, x, x), x]).series(x, 0, 2)


def test_leading_terms_and_limits():
    assert phi(1 + x).as_leading_term(x) == 1
    assert power_difference(x, [2, y]).as_leading_term(x) == x * log_difference([2, y])
    assert sp.limit(phi(x), x, 0) == sp.oo
    assert sp.limit(phi(x), x, sp.oo) == 0
    assert sp.limit(log_difference([x, y]), x, y) == 1 / y
    assert sp.limit((phi(x) - 1) / (x - 1), x, 1) == -R(1, 2)
    assert sp.limit(x * phi(x) / sp.log(x), x, sp.oo) == 1
    assert sp.limit(log_difference([x, y, 1]), x, 1) == log_difference([1, 1, y])


def test_a_double_root_is_seen():
    assert log_difference([(tau, tau**2 / 4)]) == 2 / tau
    assert log_difference([(tau, delta), 1]).subs(delta, tau**2 / 4) == log_difference([tau / 2, tau / 2, 1])
