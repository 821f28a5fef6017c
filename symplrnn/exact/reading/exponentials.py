"""Exponentials exp(r) of rational numbers, and the one of which several are powers.

exp(r) is transcendental for r != 0 (Lindemann). With r_1 ... r_k written as integer multiples of 1/d, all exp(r_i) are powers of
E = exp(-1/d), and Q(E) is a field of rational functions: a rational function of E is 0 only if it is 0 identically. So one letter
with a known value is enough for any number of exponentials.

Reference: A. Baker, Transcendental Number Theory, CUP 1975, chapter 1 (theorem 1.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import sympy as sp

from symplrnn import limits
from symplrnn.errors import EntryError

__all__ = ["common_exponential", "exponent_of"]


def exponent_of(number: sp.Expr) -> sp.Rational | None:
    """Return r for the number exp(r) with a rational r, else None.

    >>> exponent_of(sp.exp(sp.Rational(-1, 10))), exponent_of(sp.E), exponent_of(sp.exp(sp.sqrt(2)))
    (-1/10, 1, None)
    """
    if number is sp.E:
        return sp.Integer(1)
    r = number.args[0] if isinstance(number, sp.exp) else None
    return r if isinstance(r, sp.Rational) else None


def common_exponential(exponents: Iterable[sp.Rational]) -> sp.Expr:
    """Return the E = exp(-1/d), or another one below 1, of which some exponentials exp(r) are integer powers.

    >>> common_exponential([sp.Rational(-1, 4), sp.Rational(1, 6)]), common_exponential([sp.Integer(2)])
    (exp(-1/12), exp(-2))

    Raises `EntryError` if the powers would be so high that exact arithmetic would take too long.
    """
    listed = sorted(exponents)
    common, largest = reduce(sp.gcd, map(abs, listed)), max(listed, key=abs)
    if abs(largest) > limits.EXPONENT_SIZE:
        raise EntryError(f"exp({largest}): accepted are exponents of up to {limits.EXPONENT_SIZE} in size")
    if abs(largest) / common > limits.EXPONENTIAL_POWER:
        names = ", ".join(f"exp({r})" for r in listed[:4]) + (", ..." if len(listed) > 4 else "")
        raise EntryError(
            f"{names} are powers of exp({-common}) of more than {limits.EXPONENTIAL_POWER} in size, the largest accepted; "
            "declare letters in their place, or give exponents with smaller denominators"
        )
    return sp.exp(-common)
