"""Real algebraic numbers as polynomials in one of them, theta, and as combinations of the radicals that they are made of.

theta is the primitive element of SymPy's algebraic field. Between its powers and the radicals a rational matrix translates.
Where there are real roots of polynomials or cosines, the radicals are products of powers of the generators, of which the first
ones are taken that are linearly independent; the powers of cos(pi/N) are cos(pi k/N), as short to print as to multiply.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from math import lcm, prod
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat
from sympy.polys.domains.domain import Domain

from symplrnn import limits
from symplrnn.errors import EntryError
from symplrnn.exact.reading.algebraic import is_generator, turn_of
from symplrnn.exact.reading.bounded import Functions, Refused, as_expression
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.numbers import rational, to_sympy

__all__ = ["element_of_numbers", "expression_of_numbers", "number_generators", "radicals"]

# Degrees of the fields that real roots, or cosines, generate with other numbers; beyond them factoring takes minutes.


def number_generators(numbers: Iterable[sp.Expr]) -> list[sp.Expr]:
    """Return numbers that generate the same field: one cosine instead of several.

    >>> number_generators([sp.sqrt(2), sp.cos(sp.pi / 7), sp.cos(5 * sp.pi / 14)])
    [sqrt(2), cos(pi/14)]

    Raises `EntryError` if real roots and cosines are of so high a degree that exact arithmetic would take too long.
    """
    listed = sorted(numbers, key=str)
    found = [x for x in listed if turn_of(x) is None]
    turns = [turn for x in listed if (turn := turn_of(x)) is not None]
    if turns:
        found.append(sp.cos(sp.pi / lcm(*(int(turn.q) for turn in turns))))
    degree = prod(_degree(x) for x in found) if any(x.has(sp.CRootOf, sp.cos) for x in found) else 1
    limit = limits.FIELD_DEGREE if any(x.has(sp.CRootOf) for x in found) else limits.COSINE_DEGREE
    if degree > limit:
        names = shorten(", ".join(map(str, listed)))
        raise EntryError(f"{names} may generate a field of a degree above {limit}, the largest accepted with such numbers")
    return found


def _degree(number: sp.Expr) -> int:
    """Return the degree of a generator over Q; that of a radical, at most."""
    if isinstance(number, sp.CRootOf):
        return int(number.poly.degree())
    turn = turn_of(number)
    if turn is not None:
        if turn.q >= limits.COSINE_PARTS:
            return limits.COSINE_PARTS  # not factored, as it is too high anyway
        return int(sp.totient(2 * turn.q)) // 2
    inner = {x for x in sp.preorder_traversal(number.base) if is_generator(x)}
    return int(number.exp.q) * prod(_degree(x) for x in inner)


@lru_cache(maxsize=64)
def radicals(numbers: Domain) -> tuple[tuple[sp.Expr, ...], fmpq_mat]:
    """Return what the powers of theta expand into, and the matrix of the expansions, one row a power.

    >>> radicals(sp.QQ.algebraic_field(1 + sp.sqrt(2)))
    ((1, sqrt(2)), [1, 0]
    [1, 1])
    """
    if any(not x.is_Pow for x in numbers.orig_ext) and numbers.ext.as_expr().has(sp.CRootOf, sp.cos):
        return _products(numbers)
    expanded = [dict(term.as_coeff_Mul()[::-1] for term in sp.Add.make_args(power)) for power in _powers(numbers)]
    found = tuple(sorted({radical for terms in expanded for radical in terms}, key=sp.default_sort_key))
    zero = sp.Integer(0)
    entries = [rational(terms.get(radical, zero), "coefficient") for terms in expanded for radical in found]
    return found, fmpq_mat(len(expanded), len(found), entries)


def _products(numbers: Domain) -> tuple[tuple[sp.Expr, ...], fmpq_mat]:
    """Return the first independent ones of the products of powers of the generators, and the powers of theta in them."""
    degree = numbers.mod.degree()
    generators = [(x, _multiples(numbers, x)) for x in dict.fromkeys(numbers.orig_ext)]
    found: list[sp.Expr] = []
    rows: list[list[fmpq]] = []
    for factors in product(*(powers for _, powers in generators)):
        element = prod((value for _, value in factors), start=numbers.one)
        row = [rational(sp.QQ.to_sympy(c), "coefficient") for c in reversed(element.to_list())]
        row += [fmpq(0)] * (degree - len(row))
        if fmpq_mat(len(rows) + 1, degree, [x for other in (*rows, row) for x in other]).rank() > len(rows):
            rows.append(row)
            found.append(sp.Mul(*(expression for expression, _ in factors)))
    return tuple(found), fmpq_mat(rows).inv()


def _multiples(numbers: Domain, generator: sp.Expr) -> list[tuple[sp.Expr, Any]]:
    """Return 1, x, x^2, ... for a generator x as expressions and elements; 1, cos a, cos 2a, ... for cos a."""
    degree, turn, value = _degree(generator), turn_of(generator), numbers.from_sympy(generator)
    found = [(sp.Integer(1), numbers.one), (generator, value)]
    while len(found) < degree:
        if turn is None:
            found.append((generator ** len(found), found[-1][1] * value))
        else:  # cos (k+1)a = 2 cos a cos ka - cos (k-1)a
            found.append((sp.cos(sp.pi * turn * len(found)), 2 * value * found[-1][1] - found[-2][1]))
    return found


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
