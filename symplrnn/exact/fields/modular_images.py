"""Polynomials over Q(theta)(parameters) from their images over finite fields.

Times its denominators, a polynomial has coefficients in Z[t][parameters], t integral with the minimal polynomial m. Modulo a
prime p where m has d distinct roots r, each of them gives a homomorphism t -> r to F_p, and FLINT computes there. Over F_p and
over Q(theta), the coefficient of the leading term (lexicographic, x first) is made 1. Interpolation at the roots gives the
coefficients of the powers of t modulo p; Chinese remainders and rational reconstruction give them over Q.

Let F be such a polynomial whose leading term does not vanish modulo p. The local ring of Z[t] at (p, t - r) is a discrete
valuation ring, so by Gauss's lemma the divisors G of F over the field can be scaled to have coefficients in it, and their images
divide that of F, with the same leading terms as G.

Arithmetic in the field would pass through fractions that are far longer than the results.

References: M. J. Encarnación, Computing gcds of polynomials over algebraic number fields, Journal of Symbolic Computation 20
(1995) 299-313; P. S. Wang, A p-adic algorithm for univariate partial fractions, SYMSAC 1981 (the reconstruction).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from math import isqrt

from flint import Ordering, fmpq, fmpz, fmpz_mpoly, fmpz_mpoly_ctx, nmod_mat, nmod_mpoly, nmod_mpoly_ctx, nmod_poly
from sympy.polys.densetools import dup_monic

from symplrnn.exact.fields.fractions import common_denominator
from symplrnn.exact.fields.irrational import Extension, Irrational
from symplrnn.exact.fields.work import spend

__all__ = ["Dense", "Lift", "cleared", "images", "leading", "split_primes"]

Dense = list[Irrational]  # the leading coefficient first
Monomial = tuple[int, ...]  # of x and the parameters
Residues = dict[Monomial, list[int]]  # of the coefficients of 1, t, ..., t^{d-1}

LARGEST = 2**31  # the primes are below it; python-flint does not sort factors with longer coefficients
SLACK = 20  # bits of a modulus that a rational number must not need: others are not taken for one by chance


def cleared(K: Extension, f: Sequence[Irrational]) -> fmpz_mpoly:
    """Return a polynomial times its denominators, in x, t and the parameters."""
    ring = fmpz_mpoly_ctx.get(["x", "t", *(f"x{k}" for k in range(len(K.symbols)))], Ordering.lex)
    common = common_denominator(K.unit, f)
    terms: dict[Monomial, int | fmpz] = {}
    for i, c in enumerate(reversed(f)):
        for k, n in enumerate(c.parts):
            terms |= {(i, k, *monomial): number for monomial, number in (n * (common / c.denom)).terms()}
    return ring.from_dict(terms)


def leading(F: fmpz_mpoly) -> Monomial:
    """Return the leading monomial in x and the parameters of a polynomial in x, t and the parameters that is not 0."""
    return max((int(i), *map(int, monomial)) for i, _, *monomial in F.monoms())


def images(F: fmpz_mpoly, ring: nmod_mpoly_ctx, roots: Sequence[int]) -> list[nmod_mpoly]:
    """Return a polynomial in x, t and the parameters modulo a prime at t = r, for some r."""
    p, d = ring.modulus(), len(roots)
    spend(2 * d * len(F))
    powers = [[pow(root, k, p) for k in range(d)] for root in roots]
    terms: list[dict[Monomial, int]] = [{} for _ in roots]
    for (i, k, *monomial), c in F.terms():
        key, residue = (i, *monomial), int(c % p)
        for values, at in zip(terms, powers, strict=True):
            values[key] = (values.get(key, 0) + residue * at[k]) % p
    return [ring.from_dict(values) for values in terms]


def split_primes(K: Extension) -> Iterator[tuple[nmod_mpoly_ctx, list[int]]]:
    """Yield rings of polynomials in x and the parameters modulo primes where m has d distinct roots, with the roots."""
    names = ["x", *(f"x{k}" for k in range(len(K.symbols)))]
    found = _primes_found(tuple(K.modulus))
    for number in count():
        if number == len(found):
            found.append(_next_prime(K.modulus, found[-1][0] if found else LARGEST))
        p, roots = found[number]
        yield nmod_mpoly_ctx.get(names, modulus=p, ordering=Ordering.lex), roots


@lru_cache(maxsize=64)
def _primes_found(modulus: tuple[fmpz, ...]) -> list[tuple[int, list[int]]]:
    """Return a list that keeps the primes found for a minimal polynomial."""
    return []


def _next_prime(modulus: Sequence[fmpz], above: int) -> tuple[int, list[int]]:
    """Return the largest prime below an odd or even number modulo which m has d distinct roots, with the roots."""
    for p in range(above - 1 - above % 2, 0, -2):
        if fmpz(p).is_prime():
            m, x = nmod_poly([int(c % p) for c in modulus] + [1], p), nmod_poly([0, 1], p)
            if m.degree() == 1 or x.pow_mod(p, m) == x:  # m divides x^p - x, the product of all x - r
                return p, sorted(int(-f[0] / f[1]) for f, _ in m.factor()[1])
    raise AssertionError  # m splits modulo one prime in |G| at least, G its Galois group


class Lift:
    """A polynomial over K whose images become known one prime after the other.

    Images with a leading monomial larger than the smallest one so far are left out (those of a common divisor may be too large).
    """

    def __init__(self, K: Extension) -> None:
        self._field = K
        self._residues: Residues = {}
        self._modulus = 1
        self._leading: Monomial | None = None

    def add(self, ring: nmod_mpoly_ctx, roots: Sequence[int], found: Sequence[nmod_mpoly]) -> Dense | None:
        """Take the images at the roots into account; return the monic polynomial if a short one has all of them."""
        first = found[0].monoms()[0]
        if any(image.monoms()[0] != first for image in found) or (self._leading is not None and first > self._leading):
            return None
        if first != self._leading:
            self._residues, self._modulus, self._leading = {}, 1, first
        p = ring.modulus()
        self._combine(_interpolated([image * pow(int(image.leading_coefficient()), -1, p) for image in found], roots, p), p)
        return self._reconstructed()

    def _combine(self, new: Residues, p: int) -> None:
        """Change the residues into those modulo one more prime."""
        old, modulus, zero = self._residues, self._modulus, [0] * self._field.rank
        inverse = pow(modulus, -1, p)
        self._residues = {
            monomial: [
                a + modulus * ((b - a) * inverse % p)
                for a, b in zip(old.get(monomial, zero), new.get(monomial, zero), strict=True)
            ]
            for monomial in old.keys() | new.keys()
        }
        self._modulus = modulus * p

    def _reconstructed(self) -> Dense | None:
        """Return the monic polynomial with these residues of its coefficients; None if they are of no short rational numbers."""
        K, bound = self._field, isqrt(self._modulus >> SLACK)
        rationals: dict[Monomial, list[fmpq]] = {}
        common = fmpz(1)
        for monomial, values in self._residues.items():
            rationals[monomial] = []
            for value in values:
                if (number := _rational(value, self._modulus, bound)) is None:
                    return None
                common = common.lcm(number.q)
                rationals[monomial].append(number)
        degree = max(monomial[0] for monomial in rationals)
        terms: list[list[dict[Monomial, fmpz]]] = [[{} for _ in range(K.rank)] for _ in range(degree + 1)]
        for (i, *rest), numbers in rationals.items():
            for k, number in enumerate(numbers):
                terms[-1 - i][k][tuple(rest)] = (number * common).p
        dense = [K.reduced(tuple(map(K.domain.context.from_dict, parts)), K.unit) for parts in terms]
        monic: Dense = dup_monic(dense, K)
        return monic


def _interpolated(found: Sequence[nmod_mpoly], roots: Sequence[int], p: int) -> Residues:
    """Return the coefficients of the powers of t, for each monomial."""
    values = [image.to_dict() for image in found]
    monomials = sorted({monomial for value in values for monomial in value})
    vandermonde = nmod_mat([[pow(root, k, p) for k in range(len(roots))] for root in roots], p)
    right = nmod_mat([[int(value.get(monomial, 0)) for monomial in monomials] for value in values], p)
    rows = [[int(c) for c in row] for row in vandermonde.solve(right).tolist()]
    return {tuple(map(int, monomial)): [row[column] for row in rows] for column, monomial in enumerate(monomials)}


def _rational(residue: int, modulus: int, bound: int) -> fmpq | None:
    """Return the rational number n/q = residue modulo the modulus with |n| and q within the bound; None if there is none."""
    (above, last), (n, q) = (modulus, 0), (residue, 1)
    while n > bound:
        quotient = above // n
        (above, last), (n, q) = (n, q), (above - quotient * n, last - quotient * q)
    return fmpq(n, q) if abs(q) <= bound else None
