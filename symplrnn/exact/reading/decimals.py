"""Rational numbers as decimals: rounded to nearest, rounded outwards, or exact."""

from __future__ import annotations

from flint import fmpq, fmpz

__all__ = ["decimal", "exact_decimal", "outward", "rounded_digits"]


def rounded_digits(value: fmpq, digits: int) -> tuple[fmpz, int]:
    """Return (m, e) such that m 10^e is the value rounded to so many significant digits, half to even.

    >>> rounded_digits(fmpq(2, 3), 4)
    (6667, -4)
    """
    if value == 0:
        return fmpz(0), 0
    above, below, ten, limit = abs(value.p), value.q, fmpz(10), fmpz(10) ** digits
    exponent = len(str(above)) - len(str(below)) - digits
    while True:  # in integers: fractions would be reduced at each step
        scaled, by = (above * ten**-exponent, below) if exponent <= 0 else (above, below * ten**exponent)
        whole, rest = divmod(scaled, by)
        if 2 * rest > by or (2 * rest == by and whole % 2 == 1):
            whole += 1
        if whole < limit:
            break
        exponent += 1
    return (whole if value > 0 else -whole), exponent


def decimal(mantissa: fmpz, exponent: int) -> str:
    """Return m 10^e as a decimal string, in scientific notation where that is shorter to read.

    >>> decimal(fmpz(-6667), -4), decimal(fmpz(1234), -12)
    ('-0.6667', '1.234e-9')
    """
    sign, text = ("-" if mantissa < 0 else ""), str(abs(mantissa))
    point = len(text) + exponent  # digits before the decimal point
    if -5 < point <= len(text):
        padded = text.rjust(len(text) - min(point, 1) + 1, "0") if point < 1 else text
        cut = max(point, 1)
        return sign + padded[:cut] + ("." + padded[cut:] if padded[cut:] else "")
    return f"{sign}{text[0]}{'.' + text[1:] if text[1:] else ''}e{point - 1}"


def exact_decimal(value: fmpq, digits: int) -> str:
    """Return a rational number to so many significant digits, without trailing zeros if it is exactly the decimal shown."""
    mantissa, exponent = rounded_digits(value, digits)
    if fmpq(mantissa) * fmpq(10) ** exponent == value:
        while mantissa != 0 and mantissa % 10 == 0:
            mantissa, exponent = mantissa // 10, exponent + 1
        if exponent > 0 and exponent + len(str(mantissa)) <= digits:
            mantissa, exponent = mantissa * fmpz(10) ** exponent, 0
    return decimal(mantissa, exponent)


def outward(value: fmpq, digits: int, direction: int) -> str:
    """Return a decimal of so many digits that is not above the value (direction -1) or not below it (direction 1).

    >>> outward(fmpq(2, 3), 3, -1), outward(fmpq(2, 3), 3, 1), outward(fmpq(1, 2), 3, 1)
    ('0.666', '0.667', '0.5')
    """
    mantissa, exponent = rounded_digits(value, digits)
    error = (fmpq(mantissa) * fmpq(10) ** exponent - value) * direction
    return exact_decimal(fmpq(mantissa + (direction if error < 0 else 0)) * fmpq(10) ** exponent, digits)
