"""When is an exact entry short enough to read? Otherwise LaTeX and the terminal print certified decimals."""

from __future__ import annotations

from collections.abc import Iterable

from flint import fmpq

from symplrnn.exact.fields.rational import coefficients
from symplrnn.logarithm.real_logarithm import RealLogarithm

__all__ = ["DEFAULT_DIGITS", "is_readable", "is_readable_logarithm"]

READABLE_BITS = 40  # about 12 decimal digits
DEFAULT_DIGITS = 6


def is_readable(values: Iterable[fmpq]) -> bool:
    """Return whether every numerator and denominator has at most 40 bits."""
    return all(max(x.p.bit_length(), x.q.bit_length()) <= READABLE_BITS for x in values)


def is_readable_logarithm(log: RealLogarithm) -> bool:
    """Return whether all rational numbers in a closed form are readable, those of its half turns included."""
    terms = log.principal.terms
    return is_readable(
        [x for term in terms for H in term.matrices for x in H.entries()]
        + [c for term in terms for c in coefficients(term.factor) + coefficients(term.denominator)]
        + list(log.principal.rational_part.entries())
        + [x for turn in log.turns for block in turn.pair.blocks for A in block.matrix.coefficients for x in A.entries()]
    )
