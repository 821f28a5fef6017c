"""Counting and isolating real roots of rational polynomials, and roots on the unit circle, exactly.

Descartes' rule decides most questions from the signs of the coefficients alone; Sturm's theorem decides the rest. Signs of
numbers are the only thing that is ever looked at: of rational numbers, and of real algebraic ones where negative roots of
polynomials over a number field are counted.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, chapter 2 (Descartes, Sturm).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flint import arb, fmpq, fmpq_poly, fmpz, fmpz_poly

from symplrnn.exact.balls import refine, working_precision
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.rational import coefficients
from symplrnn.exact.reading.decimals import outward
from symplrnn.exact.signs import FIRST_BITS, ball_of, sign_of

__all__ = [
    "Interval",
    "bisected",
    "count_negative_roots",
    "count_real_roots",
    "isolate_real_roots",
    "roots_on_unit_circle",
    "sign_in",
    "sign_variations_negative",
    "sturm_chain",
    "variations",
    "variations_in",
]

ISOLATION_WIDTH = fmpq(1, 2**20)


@dataclass(frozen=True)
class Interval:
    """A half-open rational interval (lower, upper], or the single point lower = upper.

    As text, the ends of an interval are rounded outwards to 8 digits.
    """

    lower: fmpq
    upper: fmpq

    @property
    def is_point(self) -> bool:
        """Whether the interval is one rational number."""
        return self.lower == self.upper

    def __str__(self) -> str:
        return str(self.lower) if self.is_point else f"({outward(self.lower, 8, -1)}, {outward(self.upper, 8, 1)}]"


def _sign(value: fmpz | fmpq) -> int:
    return (value > 0) - (value < 0)


def variations(signs: list[int]) -> int:
    """Return the number of sign changes, zeros left out."""
    nonzero = [s for s in signs if s]
    return sum(a != b for a, b in pairwise(nonzero))


def sign_variations_negative(polynomial: fmpq_poly) -> int:
    """Return the sign variations of p(-x): by Descartes' rule, p has at most so many negative roots, and as many modulo 2.

    Zero variations prove that there is no negative root; an odd number proves that there is one. Multiple roots count
    with their multiplicity.

    >>> sign_variations_negative(fmpq_poly([6, 5, 1]))
    2
    """
    numerator = polynomial.numer()
    return variations([_sign(c) * (-1) ** k for k, c in enumerate(numerator.coeffs())])


def _sturm_chain(polynomial: fmpq_poly) -> list[fmpz_poly]:
    """Return the Sturm chain of the squarefree part, each member scaled by a positive number to a primitive one."""
    squarefree = polynomial // polynomial.gcd(polynomial.derivative())
    chain = [squarefree.numer(), squarefree.derivative().numer()]
    while chain[-1].degree() > 0:
        remainder = -(fmpq_poly(chain[-2]) % fmpq_poly(chain[-1])).numer()
        chain.append(remainder // remainder.content())
    return chain


def _variations_at(chain: list[fmpz_poly], point: fmpq | None, side: int) -> int:
    """Return the sign variations of a Sturm chain at a point, or at infinity on the given side if the point is None."""
    if point is None:
        return variations([_sign(p[p.degree()]) * side ** p.degree() for p in chain])
    return variations([_sign(fmpq_poly(p)(point)) for p in chain])


def _count(chain: list[fmpz_poly], lower: fmpq | None, upper: fmpq | None) -> int:
    return _variations_at(chain, lower, -1) - _variations_at(chain, upper, 1)


def count_real_roots(polynomial: fmpq_poly, lower: fmpq | None = None, upper: fmpq | None = None) -> int:
    """Return the number of distinct real roots in (lower, upper]; None stands for an infinite end.

    >>> count_real_roots(fmpq_poly([-2, 0, 1]), fmpq(0), None)
    1
    >>> count_real_roots(fmpq_poly([1, -2, 1]), fmpq(0), fmpq(1))
    1
    """
    return 0 if polynomial.degree() < 1 else _count(_sturm_chain(polynomial), lower, upper)


def count_negative_roots(field: Field, polynomial: Sequence[Any]) -> int:
    """Return the number of distinct roots in (-infinity, 0) of a polynomial over a field of real algebraic numbers.

    ``polynomial`` lists its coefficients, constant term first, the leading one not 0, as radical expressions or as
    elements.

    >>> import sympy as sp
    >>> from symplrnn.exact.fields.letters import field_of
    >>> c = [0, -sp.sqrt(2), 1 - sp.sqrt(2), 1]  # x (x + 1) (x - sqrt(2))
    >>> count_negative_roots(field_of([sp.sqrt(2)]), c)
    1

    Raises `EntryError` for a coefficient that is not in the field.
    """
    elements = [field.element(c) for c in polynomial]
    while len(elements) > 1 and field.is_zero(elements[0]):  # the root 0
        del elements[0]
    if len(elements) == 1:
        return 0
    chain = sturm_chain(field, elements)
    ends = [sign_in(field, p[p.degree()]) * (-1) ** p.degree() for p in chain]
    return variations(ends) - variations([sign_in(field, p[0]) for p in chain])


def sturm_chain(field: Field, elements: Sequence[Any]) -> list[Any]:
    """Return a Sturm chain of a polynomial, not constant, over real numbers; it counts between ends that are no roots."""
    chain = [field.polynomial(elements)]
    chain.append(chain[0].derivative())
    while chain[-1].degree() > 0:
        remainder = field.remainder(chain[-2], chain[-1])
        if remainder.degree() < 0:  # the last one is the common factor of p and p'
            break
        leading = remainder[remainder.degree()]
        chain.append(remainder * (field.element(-sign_in(field, leading)) / leading))  # divided by a positive number
    return chain


def variations_in(field: Field, chain: Sequence[Any], point: fmpq) -> int:
    """Return the sign variations of a Sturm chain over a field of real numbers at a rational point."""
    x = field.element(point)
    return variations([sign_in(field, p(x)) for p in chain])


def sign_in(field: Field, element: Any) -> int:
    """Return the sign of an element of a field of real numbers: if it is not 0, that of its ball, as soon as it leaves out 0."""
    if isinstance(element, fmpq):
        return _sign(element)
    if field.is_zero(element):
        return 0
    expression = field.to_sympy(element)

    def attempt(bits: int) -> int | None:
        with working_precision(bits):
            ball = ball_of(expression)
            return None if ball.contains(arb(0)) else sign_of(ball)

    return refine(attempt, FIRST_BITS, "the sign of a number in a Sturm chain")


def isolate_real_roots(polynomial: fmpq_poly, lower: fmpq | None = None, upper: fmpq | None = None) -> list[Interval]:
    """Return disjoint rational intervals, in order, each with exactly one of the real roots in (lower, upper].

    An interval is at most 2^-20 wide, relative to its distance from 0, so it does not contain 0; a rational root that is met
    is returned as a point. Bisection on Sturm counts.

    >>> [str(i) for i in isolate_real_roots(fmpq_poly([fmpq(1, 4), 1]))]
    ['-1/4']
    >>> [str(i) for i in isolate_real_roots(fmpq_poly([-2, 0, 1]), fmpq(0))]
    ['(1.4142131, 1.4142142]']
    """
    if polynomial.degree() < 1:
        return []
    if polynomial.degree() == 1:
        root = -polynomial[0] / polynomial[1]
        inside = (lower is None or root > lower) and (upper is None or root <= upper)
        return [Interval(root, root)] if inside else []
    chain = _sturm_chain(polynomial)
    bound = _cauchy_bound(polynomial)
    ends = [-bound if lower is None else lower, bound if upper is None else upper]
    if ends[0] < 0 < ends[1]:  # so that no interval straddles 0 and relative widths make sense
        ends.insert(1, fmpq(0))
    return bisected(ends, lambda a, b: _count(chain, a, b), lambda b: bool(polynomial(b) == 0))


def bisected(ends: Sequence[fmpq], count: Callable[[fmpq, fmpq], int], is_root: Callable[[fmpq], bool]) -> list[Interval]:
    """Return the intervals of `isolate_real_roots` between given ends, by halving; ``count`` says how many are in (a, b]."""
    pending = list(pairwise(ends))[::-1]
    found: list[Interval] = []
    while pending:
        a, b = pending.pop()
        number = count(a, b)
        if number == 0:
            continue
        if number == 1 and is_root(b):
            found.append(Interval(b, b))
            continue
        if number == 1 and b - a <= ISOLATION_WIDTH * min(abs(a), abs(b)):
            found.append(Interval(a, b))
            continue
        middle = (a + b) / 2
        pending += [(middle, b), (a, middle)]
    return found


def _cauchy_bound(polynomial: fmpq_poly) -> fmpq:
    """Return a power of two that is larger than the modulus of every root (Cauchy's bound)."""
    *lower, leading = coefficients(polynomial)
    largest = max(abs(c / leading) for c in lower) + 1
    return fmpq(2) ** int((largest.p // largest.q).bit_length())


def _in_reciprocal_sum(palindrome: fmpq_poly) -> fmpq_poly:
    """Return g with f(x) = x^m g(x + 1/x) for a palindromic f of degree 2m."""
    half = palindrome.degree() // 2
    y = fmpq_poly([0, 1])
    previous, current = fmpq_poly([2]), y  # x^k + x^-k as polynomials in y = x + 1/x
    total = fmpq_poly([palindrome[half]])
    for k in range(1, half + 1):
        total += palindrome[half + k] * current
        previous, current = current, y * current - previous
    return total


def roots_on_unit_circle(irreducible: fmpq_poly) -> int:
    """Return the number of roots of modulus 1 of an irreducible polynomial.

    1 and -1 aside, such a root forces f to be palindromic of even degree; the pairs x, 1/x on the circle are then the real
    roots of f(x) = x^m g(x + 1/x) for y = x + 1/x in (-2, 2).

    >>> roots_on_unit_circle(fmpq_poly([1, fmpq(-6, 5), 1])), roots_on_unit_circle(fmpq_poly([1, -3, 1]))
    (2, 0)
    """
    given = coefficients(irreducible)
    if irreducible.degree() == 1:
        return int(abs(given[0]) == abs(given[1]))
    if given != given[::-1]:
        return 0
    return 2 * count_real_roots(_in_reciprocal_sum(irreducible), fmpq(-2), fmpq(2))


def is_self_reciprocal(irreducible: fmpq_poly) -> bool:
    """Return whether the roots of an irreducible polynomial of degree 2 or more come in pairs x, 1/x."""
    given = coefficients(irreducible)
    return irreducible.degree() > 1 and given == given[::-1]
