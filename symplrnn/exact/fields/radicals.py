"""Real algebraic numbers as polynomials in one of them, theta, and as combinations of the radicals that they are made of.

theta is the primitive element of SymPy's algebraic field. Between its powers and the radicals a rational matrix translates.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat
from sympy.polys.domains.domain import Domain

from symplrnn.exact.reading.bounded import Functions, Refused, as_expression
from symplrnn.exact.reading.numbers import rational, to_sympy

__all__ = ["element_of_numbers", "expression_of_numbers", "radicals"]


@lru_cache(maxsize=64)
def radicals(numbers: Domain) -> tuple[tuple[sp.Expr, ...], fmpq_mat]:
    """Return what the powers of theta expand into, and the matrix of the expansions, one row a power.

    >>> radicals(sp.QQ.algebraic_field(1 + sp.sqrt(2)))
    ((1, sqrt(2)), [1, 0]
    [1, 1])
    """
    expanded = [dict(term.as_coeff_Mul()[::-1] for term in sp.Add.make_args(power)) for power in _powers(numbers)]
    found = tuple(sorted({radical for terms in expanded for radical in terms}, key=sp.default_sort_key))
    zero = sp.Integer(0)
    entries = [rational(terms.get(radical, zero), "coefficient") for terms in expanded for radical in found]
    return found, fmpq_mat(len(expanded), len(found), entries)


def _powers(numbers: Domain) -> list[sp.Expr]:
    """Return 1, theta, theta^2, ... expanded; sums of square roots of rationals directly, which is far faster."""
    degree, terms = numbers.mod.degree(), numbers.ext.as_expr().as_coefficients_dict()
    ring = Functions(())
    try:
        theta: Any = fmpq(0)
        for radical, coefficient in terms.items():
            square = radical**2
            if not (square.is_Rational and radical.is_positive):
                raise Refused("is no sum of square roots")
            theta = ring.square_root(rational(square, "square")) * rational(coefficient, "coefficient") + theta
        powers: list[Any] = [fmpq(1)]
        while len(powers) < degree:
            powers.append(powers[-1] * theta)
        listed = [as_expression(power) for power in powers]
        return [to_sympy(power) if isinstance(power, fmpq) else power for power in listed]
    except Refused:
        return [numbers.to_sympy(numbers.unit**k).expand() for k in range(degree)]


@lru_cache(maxsize=64)
def _coordinates(numbers: Domain) -> dict[sp.Expr, list[fmpq]]:
    """Return the coefficients of the radicals as polynomials in theta, if there are as many of them as powers."""
    found, matrix = radicals(numbers)
    if matrix.nrows() != matrix.ncols() or matrix.rank() < matrix.nrows():
        return {}
    return dict(zip(found, matrix.inv().tolist(), strict=True))


def element_of_numbers(numbers: Domain, expression: sp.Expr) -> Any:
    """Return a real algebraic number as an element of Q(theta); raise `CoercionFailed` if it is none.

    >>> K = sp.QQ.algebraic_field(sp.sqrt(2), sp.sqrt(3))
    >>> element_of_numbers(K, 5 * sp.sqrt(6)) == K.from_sympy(5 * sp.sqrt(6))
    True
    """
    factor, radical = expression.as_coeff_Mul()
    known = _coordinates(numbers).get(radical) if factor.is_Rational else None
    if known is None:
        return numbers.from_sympy(expression)
    scale = rational(factor, "coefficient")
    return numbers([_ground(c * scale) for c in reversed(known)])


def expression_of_numbers(numbers: Domain, element: Any) -> sp.Expr:
    """Return an element of Q(theta) as a combination of radicals."""
    found, matrix = radicals(numbers)
    coefficients = [rational(sp.QQ.to_sympy(c), "coefficient") for c in reversed(element.to_list())]
    row = coefficients + [fmpq(0)] * (matrix.nrows() - len(coefficients))
    combined = fmpq_mat(1, len(row), row) * matrix
    return sp.Add(*(to_sympy(c) * radical for c, radical in zip(combined.entries(), found, strict=True)))


def _ground(value: fmpq) -> Any:
    return sp.QQ(int(value.p), int(value.q))
