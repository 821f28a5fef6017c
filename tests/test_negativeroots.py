"""Isolating discs of negative roots that lie close together, or close to 0."""

import pytest
import sympy as sp

from symplrnn.negativeroots import isolating_disc

x = sp.Symbol("x")
NEAR = sp.Rational(1, 10**20)


@pytest.mark.parametrize(
    "roots",
    [
        (-1 - NEAR, -1, -NEAR),
        (-2, -1 - NEAR, -1),
        (-NEAR - NEAR**2, -NEAR),
        (-1, -NEAR),
        (-1, -(NEAR**9)),
        (-1 - 2 * NEAR, -1 - NEAR, -1),
    ],
)
def test_each_root_has_a_disc_of_its_own(roots):
    """Closer than doubles tell apart: the smallest root is number 0, and no disc has another root."""
    f = sp.Poly(sp.expand(sp.prod(x - root for root in roots) * (x - sp.sqrt(2))), x)
    for index, root in enumerate(roots):
        middle, radius = isolating_disc(f.all_coeffs()[::-1], index)
        assert [abs(other - middle) < radius for other in roots] == [other == root for other in roots]
