"""Divided differences of functions on numbers and on the roots of polynomials: the scalars of which closed forms are made.

For a function f, points x_1, ..., x_r and polynomials with given coefficients, f[x_1, ..., x_r, roots of the polynomials] is

    (1 / 2 pi i) * the integral of f(z) / ((z - x_1) ... (z - x_r) p_1(z) ...) dz  around all of them.

It is symmetric in the points and analytic in them and in the coefficients: that points coincide is no exception. So an entry of
f(M) is a sum of products of such scalars with polynomials in the entries of M, and nothing is divided by what may vanish.

Reference: docs/theory, section 6; C. de Boor, Divided differences, Surveys in Approximation Theory 1 (2005) 46-69.
"""

from symplrnn.functions.differences import (
    LogDifference,
    PowerDifference,
    PowerLogDifference,
    log_difference,
    phi,
    power_difference,
)
from symplrnn.functions.legend import legend

__all__ = ["LogDifference", "PowerDifference", "PowerLogDifference", "legend", "log_difference", "phi", "power_difference"]
