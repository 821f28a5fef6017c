"""Divided differences in elementary functions: one formula where points are known to be apart, or branches for letters.

Let p be the polynomial of one point and h the product of the other ones. If they have no common root, the part of f[points] that
belongs to p is (g f)[p] with g = 1/h modulo p (partial fractions). For p = x - a that is f(a)/h(a). For two roots and h = A + B x
modulo p it is made of f[p] and (x f)[p], since 1/h = (A + B tau - B x)/(A^2 + A B tau + B^2 delta). A point that stands there k
times is a derivative:

    f[p, ..., p, rest] = (-1)^((d+1)(k-1))/(k-1)! times the derivative of order k - 1 of f[p, rest] with respect to e_d.

Reference: docs/theory, section 6; proofs/oneformula.md, section 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symplrnn import limits

__all__ = ["alternatives", "apart", "known_alternative", "polynomial_value"]

Point = Any  # sp.Expr or sp.Tuple


@dataclass(frozen=True)
class Alternative:
    """What points are where equations hold: those that coincide put together, and a pair of roots split where they are known.

    ``sign`` is the sign of the discriminant of a pair that is left. What comes before it in a list does not hold.
    """

    points: tuple[Point, ...]
    equations: tuple[tuple[sp.Expr, sp.Expr], ...] = ()
    positive: sp.Expr | None = None
    sign: int = 1

    @property
    def condition(self) -> sp.Basic:
        """The condition under which this is so, for real letters."""
        inequality = [] if self.positive is None else [sp.Gt(self.positive, 0)]
        return sp.And(*(sp.Eq(*sides) for sides in self.equations), *inequality)

    @property
    def holds(self) -> bool | None:
        """Whether the condition is known to hold; None if it is not known whether."""
        known = [_sign(left - right) for left, right in self.equations]
        if any(sign is not None and sign != 0 for sign in known):
            return False
        further = 1 if self.positive is None else _sign(self.positive)
        if further in (0, -1):
            return False
        return None if None in known or further is None else True


def polynomial_value(point: Point, z: sp.Expr) -> sp.Expr:
    """Return the value of a point's monic polynomial.

    >>> x, tau, delta = sp.symbols("x tau delta")
    >>> polynomial_value(sp.Tuple(tau, delta), x)
    delta - tau*x + x**2
    """
    e = _symmetric(point)
    return sp.Add(z ** len(e), *((-1) ** k * c * z ** (len(e) - k) for k, c in enumerate(e, 1)))


def apart(difference: Any, sign: int) -> sp.Expr:
    """Return a divided difference in elementary functions if points that look different have no common root.

    The sign of the discriminants of pairs of roots is 1 or -1; 0 says that it is not known. Roots of polynomials of degree 3 and
    more stand in sums over roots.
    """
    if len(difference.points) == difference.degree == 2 and difference.points[0] != difference.points[1]:
        a, b = sorted(difference.points, key=lambda x: bool(x.is_number))
        return (a**difference.power * difference.function(a) - b**difference.power * difference.function(b)) / (a - b)
    unique = list(dict.fromkeys(difference.points))
    factor, steps = sp.S.One, []
    values: dict[sp.Symbol, sp.Expr] = {}
    for k, point in enumerate(unique):
        times = difference.points.count(point)
        if times == 1:
            continue
        e = _symmetric(point)
        moved = sp.symbols(f"e:{len(e)}", cls=sp.Dummy, real=True)
        factor *= (-1) ** ((len(e) + 1) * (times - 1)) / sp.factorial(times - 1)
        values.update(zip(moved, e, strict=True))
        steps.append((moved[-1], times - 1))
        unique[k] = sp.Tuple(*moved) if isinstance(point, sp.Tuple) else moved[0]
    total = sp.Add(*(_part(difference, p, [q for q in unique if q != p], sign) for p in unique))
    for step in steps:
        total = sp.diff(total, *step)
    return factor * total.subs(values)


def _symmetric(point: Point) -> tuple[sp.Expr, ...]:
    return tuple(point) if isinstance(point, sp.Tuple) else (point,)


def _part(difference: Any, point: Point, others: Sequence[Point], sign: int) -> sp.Expr:
    """Return the part of the divided difference that belongs to the roots of one point."""
    m, z = difference.power, sp.Dummy("z")
    if not isinstance(point, sp.Tuple):
        below = sp.Mul(*(polynomial_value(q, point) if isinstance(q, sp.Tuple) else point - q for q in others))
        return point**m * difference.function(point) / below
    if len(point) > 2:
        p = polynomial_value(point, z)
        below = sp.Mul(p.diff(z), *(polynomial_value(q, z) for q in others))
        return sp.RootSum(sp.Poly(p, z), sp.Lambda(z, z**m * difference.function(z) / below), auto=False)
    tau, delta = point
    other = sp.Mul(*(polynomial_value(q, z) for q in others))
    A, B = _modulo(other, z, tau, delta)
    c, b = _modulo(z**m * (A + B * tau - B * z), z, tau, delta)
    norm = sp.factor(A**2 + A * B * tau + B**2 * delta)
    return difference.on_pair(c, b, point, sign) / norm


def _modulo(expression: sp.Expr, z: sp.Symbol, tau: sp.Expr, delta: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return (c, b) such that a polynomial is c + b z modulo z^2 - tau z + delta."""
    c, b = sp.S.Zero, sp.S.Zero
    for coefficient in sp.Poly(expression, z).all_coeffs():
        c, b = sp.expand(coefficient - b * delta), sp.expand(c + b * tau)
    return sp.factor_terms(c), sp.factor_terms(b)


def known_alternative(difference: Any) -> Alternative | None:
    """Return what the points are if that is known; None if not."""
    for alternative in alternatives(difference.points) or ():
        holds = alternative.holds
        if holds is not False:
            return alternative if holds else None
    return None


def _sign(x: sp.Expr) -> int | None:
    """Return the sign of an expression, 2 if it is not real and not 0; None if it is not known."""
    if x.is_positive or x.is_negative:
        return 1 if x.is_positive else -1
    if x.is_zero or (x.is_zero is None and x.is_number and x.equals(0)):
        return 0
    return 2 if x.is_zero is False else None


def alternatives(points: Sequence[Point]) -> list[Alternative] | None:
    """Return what points may be, letters real: the first whose condition holds counts. None if they are too many for a list.

    >>> x, y = sp.symbols("x y")
    >>> [(a.points, a.condition) for a in alternatives([x, y])]
    [((x, x), Eq(x, y)), ((x, y), True)]
    """
    unique = list(dict.fromkeys(points))
    polynomials = [p for p in unique if isinstance(p, sp.Tuple)]
    if len(polynomials) > 1 or any(len(p) > 2 for p in polynomials) or len(unique) > limits.COINCIDING_POINTS:
        return None
    pair = polynomials[0] if polynomials else None
    found: list[Alternative] = []
    for merged, equations in _coincidences(points):
        if pair is None:
            found.append(Alternative(merged, equations))
            continue
        for roots, further in _known_roots(pair, [p for p in dict.fromkeys(merged) if p != pair]):
            split = tuple(x for p in merged for x in (roots if p == pair else [p]))
            found.append(Alternative(split, (*equations, *further)))
        found += [Alternative(merged, equations, _discriminant(pair), 1), Alternative(merged, equations, None, -1)]
    return [a for a in found if a.condition != sp.false]


def _discriminant(pair: sp.Tuple) -> sp.Expr:
    return sp.expand(pair[0] ** 2 - 4 * pair[1])


def _known_roots(pair: sp.Tuple, scalars: Sequence[sp.Expr]) -> Iterator[tuple[list[sp.Expr], list[tuple[sp.Expr, sp.Expr]]]]:
    """Yield the roots of a pair where they are equal, or one is a scalar, with the equations that say so."""
    tau, double = pair[0], (_discriminant(pair), sp.S.Zero)
    for a in scalars:
        yield [a, a], [double, (tau, 2 * a)]
    yield [tau / 2, tau / 2], [double]
    for k, a in enumerate(scalars):
        is_root = (polynomial_value(pair, a), sp.S.Zero)
        for b in scalars[k + 1 :]:
            yield [a, b], [is_root, (tau, a + b)]
        yield [a, tau - a], [is_root]


def _coincidences(points: Sequence[Point]) -> Iterator[tuple[tuple[Point, ...], tuple[tuple[sp.Expr, sp.Expr], ...]]]:
    """Yield the points with those put together that coincide, and the equations: those with the fewest different ones first."""
    scalars = [p for p in dict.fromkeys(points) if not isinstance(p, sp.Tuple)]
    scalars.sort(key=lambda p: (not p.is_number, sp.default_sort_key(p)))  # numbers stand for letters
    for blocks in sorted(_partitions(scalars), key=len):
        same = {p: block[0] for block in blocks for p in block}
        equations = tuple((p, block[0]) if block[0].is_number else (block[0], p) for block in blocks for p in block[1:])
        yield tuple(same.get(p, p) for p in points), equations


def _partitions(items: Sequence[sp.Expr]) -> Iterator[list[list[sp.Expr]]]:
    if not items:
        yield []
        return
    last = items[-1]
    for smaller in _partitions(items[:-1]):
        for k in range(len(smaller)):
            yield [*smaller[:k], [*smaller[k], last], *smaller[k + 1 :]]
        yield [*smaller, [last]]
