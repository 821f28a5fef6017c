"""Expressions as quotients of polynomials that are not expanded.

A part that occurs several times is worked on once. Written out, conditions on the roots of polynomials with denominators
in their coefficients are a hundred times longer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import sympy as sp
from sympy.core.add import _addsort
from sympy.core.mul import _mulsort

from symplrnn.exact.fields.work import spend
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.exact.signs import program

__all__ = ["added", "as_quotient", "multiplied", "power"]

Quotient = tuple[sp.Expr, "Counter[sp.Expr]"]  # a numerator, and the exponents of the factors of the denominator


def as_quotient(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return an expression as a quotient of polynomials; without denominators inside it, as it stands.

    Numerator and denominator may have common factors.

    >>> a, b = sp.symbols("a b")
    >>> as_quotient(a / b + 1), as_quotient((a * b + b) / (a + 1))
    ((a + b, b), (a*b + b, a + 1))
    >>> as_quotient(1 / (2 * a + 2) - b / (3 * a + 3) ** 2)
    (a/2 - b/9 + 1/2, (a + 1)**2)
    """
    above, below = sp.fraction(expression)
    if not program(above).divides and not program(below).divides:
        return above, below
    values: list[Quotient] = []
    for kind, data in program(expression).steps:
        values.append(_value(kind, data, values))
    above, factors = values[-1]
    return above, _product(factors)


def power(base: sp.Expr, exponent: int) -> sp.Expr:
    """Return a power as SymPy does: of a sum with letters without looking whether its terms may be infinite, which is slow.

    >>> a = sp.Symbol("a")
    >>> power(a + 1, 2) == (a + 1) ** 2, power(a + 1, 1), power(2 * a, 3)
    (True, a + 1, 8*a**3)
    """
    if base.is_Add and exponent not in (0, 1) and not base.is_number:
        return sp.Pow(base, exponent, evaluate=False)
    return base**exponent


def multiplied(factors: Iterable[sp.Expr]) -> sp.Expr:
    """Return a product as SymPy does, with powers as `power` makes them.

    >>> a, b = sp.symbols("a b")
    >>> multiplied([2 * a, (a + 1) ** 2, a + 1, sp.sqrt(2) / a]) == 2 * sp.sqrt(2) * (a + 1) ** 3
    True
    """
    number, exponents = sp.Integer(1), dict[sp.Expr, int]()
    for factor in factors:
        for part in sp.Mul.make_args(factor):
            if part.is_number and not part.has(sp.Add):
                number *= part
                continue
            base, exponent = part.args if part.is_Pow and part.exp.is_Integer else (part, 1)
            exponents[base] = exponents.get(base, 0) + int(exponent)
    powers = [power(base, exponent) for base, exponent in exponents.items() if exponent]
    if number == 1 and len(powers) == 1:
        return powers[0]
    rational, irrational = number.as_coeff_Mul()
    radicals = [] if irrational == 1 else list(sp.Mul.make_args(irrational))
    distributes = len(powers) == 1 and powers[0].is_Add  # 2 (a + b) is 2 a + 2 b
    if number == 0 or not powers or distributes:
        return sp.Mul(number, *powers)
    listed = [*radicals, *powers]
    _mulsort(listed)
    return sp.Mul._from_args(([] if rational == 1 else [rational]) + listed, is_commutative=True)


def added(terms: Iterable[sp.Expr]) -> sp.Expr:
    """Return a sum as SymPy does, without making its products anew (of a number and a power of a sum, see `power`).

    >>> a, b = sp.symbols("a b")
    >>> added([a, 2 * (a + b) ** 3, 1 - a, (a + b) ** 3]) == 3 * (a + b) ** 3 + 1
    True
    """
    number, coefficients = sp.Integer(0), dict[sp.Expr, sp.Expr]()
    for part in (part for term in terms for part in sp.Add.make_args(term)):
        c, rest = part.as_coeff_Mul()
        if rest == 1:
            number += c
        else:
            coefficients[rest] = coefficients.get(rest, 0) + c
    found = [
        rest if c == 1 else sp.Mul._from_args((c, *sp.Mul.make_args(rest)), is_commutative=True)
        for rest, c in coefficients.items()
        if c != 0
    ]
    _addsort(found)
    return sp.Add._from_args(([number] if number != 0 else []) + found, is_commutative=True)


def _value(kind: str, data: Any, values: Sequence[Quotient]) -> Quotient:
    """Return the value of one step of a program."""
    if kind == "constant":
        return to_sympy(data), Counter()
    if kind == "power":
        base, exponent = data
        return _power(values[base], exponent)
    if kind not in ("add", "mul"):
        return data, Counter()
    spend(20 * len(data))
    parts = [values[index] for index in data]
    return _sum(parts) if kind == "add" else _cancelled(multiplied(top for top, _ in parts), _joined(parts))


def _sum(parts: Sequence[Quotient]) -> Quotient:
    common: Counter[sp.Expr] = Counter()
    for _, below in parts:
        common |= below
    return added(multiplied((top, _product(common - below))) if common != below else top for top, below in parts), common


def _joined(parts: Sequence[Quotient]) -> Counter[sp.Expr]:
    total: Counter[sp.Expr] = Counter()
    for _, below in parts:
        total += below
    return total


def _power(quotient: Quotient, exponent: int) -> Quotient:
    top, below = quotient
    if exponent > 0:
        return power(top, exponent), Counter({factor: k * exponent for factor, k in below.items()})
    number, factors = _factors(top)
    inverse = _cancelled(_product(below) / number, factors)
    return _power(inverse, -exponent) if exponent < -1 else inverse


def _factors(polynomial: sp.Expr) -> tuple[sp.Expr, Counter[sp.Expr]]:
    """Return a product as a number times powers of primitive factors with a fixed sign."""
    number, factors = sp.Integer(1), Counter[sp.Expr]()
    for part in sp.Mul.make_args(polynomial):
        base, exponent = part.as_base_exp() if part.is_Pow and part.exp.is_Integer else (part, sp.Integer(1))
        content, primitive = base.primitive()
        if primitive.is_Add and primitive.could_extract_minus_sign():
            content, primitive = -content, -primitive
        number *= content**exponent
        if primitive.is_number:
            number *= primitive**exponent
        else:
            factors[primitive] += int(exponent)
    return number, factors


def _cancelled(top: sp.Expr, below: Counter[sp.Expr]) -> Quotient:
    """Return a quotient without the factors of the denominator that the numerator has as it stands."""
    if not below or not (top.is_Mul or top.is_Pow or top in below):
        return top, below
    powers = top.as_powers_dict()
    shared = Counter({f: min(k, int(powers[f])) for f, k in below.items() if f in powers and powers[f].is_Integer})
    return (multiplied((top, *(1 / f**k for f, k in shared.items()))), below - shared) if shared else (top, below)


def _product(factors: Counter[sp.Expr]) -> sp.Expr:
    return multiplied(power(factor, k) for factor, k in factors.items())
