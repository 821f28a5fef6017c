"""Common and repeated roots of polynomials with letters: on which conditions how many there are, and the factors that then exist.

Let p be monic of degree n and q of degree at most n. The Bezout matrix of p and q, the coefficients of x^i y^k in
(p(x) q(y) - p(y) q(x)) / (x - y), has the rank n - j where gcd(p, q) has the degree j. With its rows from j on put

    s_i = the determinant of the columns i, j + 1, ..., n - 1     (i = 0, ..., j)

so that s_j is its trailing minor of size n - j. Then gcd(p, q) has degree j exactly where the trailing minors of larger size
vanish and s_j does not, and there it is (s_0 + s_1 x + ... + s_j x^j) / s_j, with coefficients in K. A quotient by it is formed
in K[x] without the remainder, which is 0 at each point in question though not in K[x]. So two polynomials are divided into their
gcd and the rest, and one with repeated roots into factors that are squarefree and coprime: for d = gcd(g, g') = prod f_k^(k - 1),
with the f_k found from d in the same way, g = prod f_k^k with f_1 = (g/d) / (f_2 f_3 ...). There is one `Split` for each pattern
of multiplicities; powers g = f^k are seen by comparing coefficients, and a triple root of a quartic by its invariants.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, sections 4.2 and 9.1; D. R. Musser,
Multivariate polynomial factorization, J. ACM 22 (1975) (squarefree factors); proofs/letters.md, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp

from symplrnn.errors import TooLarge
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.work import within
from symplrnn.exact.subresultants import bezout_matrix, determinant, in_letters

__all__ = ["Split", "common_divisors", "repeated_roots", "resultant"]

SMALL = 40  # terms of the coefficients of a polynomial up to which a root is written in lowest terms,
STEPS = 200_000  # if that takes no more work


Pattern = tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...], tuple[tuple[Any, int], ...]]  # as in `Split`, with polynomials over K
Coefficients = tuple[sp.Expr, ...]  # of a monic polynomial, constant term first, without the leading one


@dataclass(frozen=True)
class Split:
    """A condition, as expressions that vanish and expressions that do not, and monic factors that there are on it.

    What is left of a polynomial when it is divided by the powers of the factors is squarefree and coprime to them.
    """

    vanishing: tuple[sp.Expr, ...]
    different: tuple[sp.Expr, ...]
    factors: tuple[tuple[Coefficients, int], ...]


def common_divisors(K: Field, g: Any, h: Any) -> Iterator[Split]:
    """Yield the possible gcds of two monic polynomials that have a common root, each as the one factor of a `Split`, once.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> a, b = sp.symbols("a b")
    >>> K = field_of([a, b])
    >>> g, h = (K.polynomial([K.element(c) for c in p]) for p in ([-a, 0, 1], [b, -1, 1]))
    >>> [split.factors for split in common_divisors(K, g, h)]
    [(((-a - b,), 1),)]
    """
    p, q = (g, h) if g.degree() >= h.degree() else (h, g)
    vanishing: list[sp.Expr] = []
    for j in range(1, q.degree()):
        s = _subresultant(K, p, q, j)
        if not K.is_zero(s[j]):
            last = _numerator(K, s[j])
            yield Split(tuple(vanishing), (last,), ((_coefficients(K, _monic(K, s)), 1),))
            vanishing.append(last)
            if last.is_number:
                return
    rest = _numerators(K, K.remainder(p, q))
    if not any(c.is_number for c in rest):
        yield Split(rest, (), ((_coefficients(K, q), 1),))


def repeated_roots(K: Field, g: Any) -> Iterator[Split]:
    """Yield the patterns of multiplicities of the roots of a monic polynomial whose discriminant is 0.

    The conditions exclude each other and, together with the discriminant, say exactly where the pattern is the one of the
    factors; these are squarefree and coprime there, and have the multiplicities 2 and more.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> a, b = sp.symbols("a b")
    >>> K = field_of([a, b])
    >>> g = K.polynomial([K.element(c) for c in (b, 0, a, 0, 1)])
    >>> [split.factors for split in repeated_roots(K, g)]
    [(((a/2, 0), 2),), (((0,), 4),), (((0,), 3),), (((0,), 2),)]
    """
    if g.degree() == 4:
        yield from _of_quartic(K, g)
    else:
        for vanishing, different, factors in _patterns(K, g, 1):
            yield Split(vanishing, different, tuple((_coefficients(K, f), k) for f, k in factors))


def _of_quartic(K: Field, g: Any) -> Iterator[Split]:
    """Yield (2,2), (4), (3,1) and (2,1,1), the conditions unexpanded in the coefficients, which may be long."""
    for k in (2, 4):
        vanishing, different, [(f, _)] = _power(K, g, k)
        yield Split(vanishing, different, ((_coefficients(K, f), k),))
    e = [K.to_sympy(g[k]) for k in range(5)]
    short = _read if sum(len(sp.Add.make_args(x)) for x in e) <= SMALL else lambda K, x: x
    (invariant, spread, above), (s0, s1) = in_letters(e, _invariants_of_quartic)
    for conditions, below, over, k in (((invariant,), spread, -above, 3), ((), s1, s0, 2)):
        if below != 0 and short(K, below) != 0:
            yield Split(conditions, (below,), (((short(K, over / below),), k),))


def _read(K: Field, expression: sp.Expr) -> sp.Expr:
    """Return an expression in lowest terms, or as it is if that takes long: denominators with irrational numbers become norms."""
    try:
        with within(STEPS):
            return K.to_sympy(K.element(expression))
    except TooLarge:
        return expression


def _invariants_of_quartic(ring: Any, c: list[Any]) -> list[list[Any]]:
    """Return, for roots r, r, r, u: 12 e4 - 3 e1 e3 + e2^2 = 0, 3 e1^2 - 8 e2 = 3 (r - u)^2 and 3 r (r - u)^2; and s_0, s_1."""
    e1, e2, e3, e4 = -c[3], c[2], -c[1], c[0]
    matrix = bezout_matrix(c, [c[1], c[2] * 2, c[3] * 3, c[4] * 4])
    s = [determinant([[row[i], *row[2:]] for row in matrix[1:]], ring) for i in range(2)]
    return [[e4 * 12 - e1 * e3 * 3 + e2**2, e1**2 * 3 - e2 * 8, e1 * e2 - e3 * 6], s]


def _patterns(K: Field, g: Any, least: int) -> Iterator[Pattern]:
    """Yield the patterns of a polynomial, where gcd(g, g') is known to have degree ``least`` or more: its repeated factors."""
    n, vanishing = g.degree(), list[sp.Expr]()
    for j in range(least, n):
        if n % (n - j) == 0:
            yield _power(K, g, n // (n - j))
        s = _subresultant(K, g, g.derivative(), j)
        if j == n - 1 or K.is_zero(s[j]):
            continue
        last = _numerator(K, s[j])
        for more, different, factors in _with_divisor(K, _monic(K, s), n) if j else ():
            yield (*vanishing, *more), (last, *different), factors
        vanishing.append(last)
        if last.is_number:
            return


def _with_divisor(K: Field, d: Any, n: int) -> Iterator[Pattern]:
    """Yield the patterns of a g of degree n that is no power, from those of d = gcd(g, g'), which has at most n - deg d roots."""
    j = d.degree()
    for vanishing, different, factors in _patterns(K, d, max(0, 2 * j - n)):
        rest = reduce(K.quotient, [f for f, k in factors for _ in range(k)], d)
        found = [(f, k + 1) for f, k in ([(rest, 1)] if rest.degree() > 0 else []) + list(factors)]
        roots = sum(f.degree() for f, _ in found)
        if roots < n - j or (roots == n - j and len(found) > 1):
            yield vanishing, different, tuple(found)


def _power(K: Field, g: Any, k: int) -> Pattern:
    """Return where g = f^k with f squarefree; the coefficients of f follow from the leading ones of g, one after the other."""
    degree = g.degree() // k
    f = K.polynomial([K.element(0)] * degree + [K.element(1)])
    for i in range(1, degree + 1):
        missing = (g - _product([f] * k))[g.degree() - i] * (K.element(1) / K.element(k))
        f = f + K.polynomial([K.element(0)] * (degree - i) + [missing])
    different = (_numerator(K, _subresultant(K, f, f.derivative(), 0)[0]),) if degree > 1 else ()
    return _numerators(K, g - _product([f] * k)), different, ((f, k),)


def resultant(K: Field, g: Any, h: Any) -> Any:
    """Return the resultant of two monic polynomials: det h(C), C the companion matrix of g.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> resultant(QQ, QQ.polynomial([-4, 0, 1]), QQ.polynomial([-3, 1]))
    5
    """
    d, zero, one = g.degree(), K.element(0), K.element(1)
    companion = [-g[i] if j == d - 1 else (one if i == j + 1 else zero) for i in range(d) for j in range(d)]
    return K.determinant(K.evaluate(h, K.fill(d, d, companion)))


def _subresultant(K: Field, p: Any, q: Any, j: int) -> list[Any]:
    """Return s_0, ..., s_j for a monic p and a q whose degree is not larger."""
    matrix = bezout_matrix(*([f[k] for k in range(f.degree() + 1)] for f in (p, q)))
    n = p.degree()
    return [K.determinant(K.fill(n - j, n - j, [x for row in matrix[j:] for x in (row[i], *row[j + 1 :])])) for i in range(j + 1)]


def _monic(K: Field, coefficients: Sequence[Any]) -> Any:
    inverse = K.element(1) / coefficients[-1]
    return K.polynomial([*(c * inverse for c in coefficients[:-1]), K.element(1)])


def _product(polynomials: Sequence[Any]) -> Any:
    return reduce(lambda p, q: p * q, polynomials)


def _numerator(K: Field, element: Any) -> sp.Expr:
    """Return an expression that vanishes where an element does: every denominator is different from 0 where it is used."""
    return sp.fraction(K.to_sympy(element))[0]


def _numerators(K: Field, polynomial: Any) -> tuple[sp.Expr, ...]:
    return tuple(_numerator(K, c) for c in polynomial.coeffs() if not K.is_zero(c))


def _coefficients(K: Field, polynomial: Any) -> Coefficients:
    return tuple(K.to_sympy(polynomial[k]) for k in range(polynomial.degree()))
