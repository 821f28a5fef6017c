"""When is an exact entry short enough to read? Otherwise LaTeX and the terminal print certified decimals."""

from __future__ import annotations

from collections.abc import Iterable

from flint import fmpq

from symplrnn.exact.fields.real import real_field
from symplrnn.logarithm.real_logarithm import RealLogarithm

__all__ = ["DEFAULT_DIGITS", "is_readable", "is_readable_logarithm"]

READABLE_BITS = 40  # about 12 decimal digits
DEFAULT_DIGITS = 6


def is_readable(values: Iterable[fmpq]) -> bool:
    """Return whether every numerator and denominator has at most 40 bits."""
    return all(max(x.p.bit_length(), x.q.bit_length()) <= READABLE_BITS for x in values)


def is_readable_logarithm(log: RealLogarithm) -> bool:
    """Return whether all numbers in a closed form are readable, those of its half turns included."""
    terms, real = log.principal.terms, real_field(log.field)
    numbers = [x for term in terms for H in term.matrices for x in H.entries()]
    numbers += [c for term in terms for f in (term.factor, term.denominator) for c in f.coeffs()]
    numbers += log.principal.rational_part.entries()
    numbers += [x for turn in log.turns for block in turn.pair.blocks for A in block.matrix.coefficients for x in A.entries()]
    return is_readable(fmpq(c) for x in numbers for c in real.rationals(log.field.element(x)))
