"""Where divided differences of log and of powers have no real value: polynomials with a root in (-inf, 0].

There log has a cut. A pair of negative roots would lose multiples of pi i where logarithms are collected to that of the product
of the roots, and what is left would look like a real number. So such divided differences are not a number.

Reference: docs/theory, section 6: q > 0 on [0, 1].
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpq, fmpq_poly

from symplrnn.exact.reading.numbers import rational
from symplrnn.exact.real_roots import isolate_real_roots

__all__ = ["meets_the_cut"]


def meets_the_cut(point: Any) -> bool:
    """Return whether a polynomial of numbers, given by its elementary symmetric functions, has a root in (-inf, 0].

    >>> [meets_the_cut(sp.Tuple(*e)) for e in ((-3, 1), (3, 1), (-1, 1), (0, 1), (1, -1))]
    [True, False, False, False, True]
    """
    if not isinstance(point, sp.Tuple) or len(point) < 2 or not all(e.is_Rational or e.is_Float for e in point):
        return False
    symmetric = [rational(e, "coefficient") for e in point]
    if symmetric[-1] == 0:
        return True
    if all(e > 0 for e in symmetric):
        return False
    if len(point) == 2:
        t, d = symmetric
        return bool(d < 0 or (t <= 0 and t * t >= 4 * d))
    signed = [fmpq(1), *(e if k % 2 == 0 else -e for k, e in enumerate(symmetric, 1))]
    polynomial = fmpq_poly(list(reversed(signed)))
    squarefree = polynomial // polynomial.gcd(polynomial.derivative())
    return bool(isolate_real_roots(squarefree, None, fmpq(0)))
