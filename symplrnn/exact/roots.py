"""The roots of a polynomial over a field of real numbers: certified enclosures, and the real roots in order.

Over Q FLINT isolates them. Over Q(theta) the coefficients are balls, and the precision rises until the roots are told apart,
which ends because they are simple.
"""

from __future__ import annotations

from typing import Any

from flint import acb, arb, fmpq

from symplrnn.exact.balls import endpoints, isolated_roots, refine, root_enclosures, working_precision
from symplrnn.exact.fields.real import RealField
from symplrnn.exact.real_roots import Interval, isolate_real_roots, sign_variations_negative

__all__ = ["ball_coefficients", "enclosed_roots_over", "negative_roots_over", "real_roots_over"]

FIRST_BITS = 128


def ball_coefficients(real: RealField, polynomial: Any) -> list[arb]:
    """Return enclosures of the coefficients at the working precision, constant term first."""
    return [real.ball(real.coordinates(polynomial[k])) for k in range(polynomial.degree() + 1)]


def enclosed_roots_over(real: RealField, irreducible: Any, bits: int) -> list[acb]:
    """Return disjoint balls, each with exactly one root; the imaginary part of a real root is exactly 0.

    >>> import sympy as sp
    >>> from symplrnn.exact.fields.letters import field_of
    >>> from symplrnn.exact.fields.real import real_field
    >>> K = field_of([sp.sqrt(2)])
    >>> f = K.polynomial([K.element(-sp.sqrt(2)), K.element(0), K.element(0), K.element(1)])
    >>> [root.imag == 0 for root in enclosed_roots_over(real_field(K), f, 100)]
    [True, False, False]
    """
    if real.is_rational:
        return root_enclosures(irreducible, bits)
    if irreducible.degree() == 1:
        with working_precision(bits):
            return [acb(real.ball(real.coordinates(-irreducible[0] / irreducible[1])))]

    def attempt(working: int) -> list[acb] | None:
        with working_precision(working):
            return isolated_roots(ball_coefficients(real, irreducible))

    return refine(attempt, bits, f"where the roots of {irreducible} are")


def real_roots_over(real: RealField, irreducible: Any) -> list[Interval]:
    """Return intervals with rational ends that isolate the real roots, in increasing order."""
    if real.is_rational:
        return isolate_real_roots(irreducible)
    return _intervals(enclosed_roots_over(real, irreducible, FIRST_BITS))


def negative_roots_over(real: RealField, irreducible: Any) -> list[Interval]:
    """Return the intervals of the roots in (-inf, 0), for a polynomial other than x; the smallest comes first.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.exact.fields.real import real_field
    >>> [str(interval) for interval in negative_roots_over(real_field(QQ), QQ.polynomial([fmpq(1, 4), 1]))]
    ['-1/4']
    """
    if real.is_rational:
        # Descartes' rule is far quicker than Sturm's chain, and decides most factors.
        return isolate_real_roots(irreducible, None, fmpq(0)) if sign_variations_negative(irreducible) else []

    def attempt(bits: int) -> list[Interval] | None:
        found = _intervals(enclosed_roots_over(real, irreducible, bits))
        return None if any(x.lower < 0 <= x.upper for x in found) else [x for x in found if x.upper < 0]

    return refine(attempt, FIRST_BITS, f"which roots of {irreducible} are negative")


def _intervals(roots: list[acb]) -> list[Interval]:
    return sorted((Interval(*endpoints(x.real)) for x in roots if x.imag == 0), key=lambda interval: interval.lower)
