"""Eigenvalues of regions in a few words: rows of a table for a derived system, and a line for a region that is checked.

Rational eigenvalues are printed exactly where they are short, all others in certified decimals; two conjugate ones share a row.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symplrnn.eigenvalues.counting import NumberSpectrum
from symplrnn.systems.eigenvalues import Eigenvalue, eigenvalues_of

__all__ = ["HEADS", "eigenvalue_rows", "eigenvalues_in_words", "eigenvalues_of_map"]

HEADS = ("eigenvalue l", "times", "log(l)/dt", "time constant", "turns/time")
SHORT = 12  # characters of a rational number that is printed exactly
BITS = 64


def eigenvalues_of_map(spectrum: NumberSpectrum) -> tuple[Eigenvalue, ...]:
    """Return the eigenvalues of a map of numbers, where no time of a step is known."""
    return eigenvalues_of(spectrum, sp.Integer(1), False)


def eigenvalue_rows(found: Sequence[Eigenvalue], digits: int) -> list[list[str]]:
    """Return a row of texts under `HEADS` for each real eigenvalue and each pair; the last three are empty if dt has parameters.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import ReLURNN
    >>> ode = derive(ReLURNN([["1/2", "-1/2", 0], ["1/2", "1/2", 0], [0, 0, 0]], [[]] * 3, [0] * 3, V=[]), dt="1/10")[""]
    >>> eigenvalue_rows(ode.eigenvalues, 6)
    [['0.5 +/- 0.5i', '1', '-3.46574 +/- 7.85398i', '0.288539', '1.25'], ['0', '1', '-', '0', '-']]
    """
    rows = []
    for each in found:
        near = each.enclosure(BITS)
        if near.imag < 0:
            continue
        row = [_value(each, digits), str(each.multiplicity)]
        if each.dt.free_symbols:
            row += [""] * 3
        elif each.is_zero:
            row += ["-", "0", "-"]
        else:
            row += [_paired(each.rate_digits(digits)), each.time_constant_digits(digits), each.frequency_digits(digits)]
        rows.append(row)
    return rows


def eigenvalues_in_words(found: Sequence[Eigenvalue], digits: int) -> str:
    """Return eigenvalues with their multiplicities in a line.

    >>> from symplrnn.network.examples import example
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> eigenvalues_in_words(eigenvalues_of_map(spectrum(example("kinds").region("00"))), 4)
    '1/2 (2 times)'
    """
    shown = [each for each in found if not each.enclosure(BITS).imag < 0]
    times = ("" if each.multiplicity == 1 else f" ({each.multiplicity} times)" for each in shown)
    return ", ".join(f"{_value(each, digits)}{many}" for each, many in zip(shown, times, strict=True))


def _value(each: Eigenvalue, digits: int) -> str:
    if each.exact is not None and each.exact.is_Rational and len(str(each.exact)) <= SHORT:
        return str(each.exact)
    return _paired(each.digits(digits))


def _paired(number: str) -> str:
    """Return a complex number with its conjugate; a real one as it is."""
    return number.replace(" + ", " +/- ", 1) if number.endswith("i") else number
