"""When is an exact entry short enough to read? Otherwise LaTeX and the terminal print certified decimals."""

from __future__ import annotations

from collections.abc import Iterable

from flint import fmpq

from symplrnn.exact.fields.real import real_field
from symplrnn.logarithm.real_logarithm import RealLogarithm

__all__ = ["DEFAULT_DIGITS", "is_readable", "is_readable_logarithm"]

READABLE_BITS = 40  # about 12 decimal digits
FLOAT_BITS = 44  # of a dyadic fraction, both parts together: random weights of single precision have some 50
DEFAULT_DIGITS = 6


def is_readable(values: Iterable[fmpq]) -> bool:
    """Return whether every numerator and denominator has at most 40 bits, and none is a float of single precision.

    >>> is_readable([fmpq(1, 3), fmpq(3, 1024), fmpq(123456789, 10**9)])
    True
    >>> is_readable([fmpq(13421773, 1 << 27)])  # the float 0.1 of single precision
    False
    """
    return all(max(x.p.bit_length(), x.q.bit_length()) <= READABLE_BITS and not _is_long_float(x) for x in values)


def _is_long_float(x: fmpq) -> bool:
    """Return whether a number is a fraction as only floats are, which is no shorter than their decimals."""
    is_dyadic = x.q > 1 and x.q & (x.q - 1) == 0
    return bool(is_dyadic and x.p.bit_length() + x.q.bit_length() > FLOAT_BITS)


def is_readable_logarithm(log: RealLogarithm) -> bool:
    """Return whether all numbers in a closed form are readable, those of its half turns included."""
    terms, real = log.principal.terms, real_field(log.field)
    numbers = [x for term in terms for H in term.matrices for x in H.entries()]
    numbers += [c for term in terms for f in (term.factor, term.denominator) for c in f.coeffs()]
    numbers += log.principal.rational_part.entries()
    numbers += [x for turn in log.turns for block in turn.pair.blocks for A in block.matrix.coefficients for x in A.entries()]
    return is_readable(fmpq(c) for x in numbers for c in real.rationals(log.field.element(x)))
