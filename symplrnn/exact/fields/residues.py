"""A proof that a polynomial over a number field is irreducible: it is so modulo a prime.

Let f be the minimal polynomial of theta and t a simple root of f modulo a prime p that divides no denominator. Then theta -> t
maps the numbers of Q(theta) without p in their denominators to the field of p elements, and the ring of all whose image is
defined is a discrete valuation ring (p does not ramify at t). By Gauss's lemma the factors of a monic polynomial over that ring
are over it, too, so a polynomial whose image has no factors has none. Factoring over Q(theta) itself takes norms, which are of
far higher degree.

Reference: H. Cohen, A Course in Computational Algebraic Number Theory, Springer 1993, theorem 4.8.13 and section 3.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flint import fmpq, fmpz, fmpz_poly, nmod_poly
from sympy.polys.domains.domain import Domain

from symplrnn.exact.fields.number_matrices import as_fmpq, minimal_polynomial

__all__ = ["is_irreducible_modulo_a_prime"]

PLACES = 8  # pairs of a prime and a root: a quadratic polynomial that is irreducible is so at half of them
LARGEST_PRIME = 4000  # up to which they are sought: some fields have one for each 40 primes
FIRST_PRIME = 100


def is_irreducible_modulo_a_prime(domain: Domain, dense: Sequence[Any]) -> bool:
    """Return True if a monic polynomial over a number field Q(theta), leading coefficient first, is shown to be irreducible.

    False says nothing.

    >>> import sympy as sp
    >>> K = sp.QQ.algebraic_field(sp.sqrt(2))
    >>> is_irreducible_modulo_a_prime(K, [K.one, K.zero, K(-3)]), is_irreducible_modulo_a_prime(K, [K.one, K.zero, K(-2)])
    (True, False)
    """
    coefficients = [[as_fmpq(x) for x in c.to_list()] for c in dense]
    for p, root in _places(minimal_polynomial(domain)):
        image = [value for c in reversed(coefficients) if (value := _at(c, root, p)) is not None]
        if len(image) == len(dense):
            factors = nmod_poly(image, p).factor()[1]
            if len(factors) == 1 and factors[0][1] == 1:
                return True
    return False


@lru_cache(maxsize=256)
def _places(minimal: tuple[fmpq, ...]) -> list[tuple[int, int]]:
    """Return primes with a simple root of a polynomial, leading coefficient first, modulo each."""
    common = fmpz(1)
    for c in minimal:
        common = common.lcm(c.q)
    f = fmpz_poly([(c * common).p for c in reversed(minimal)])
    found: list[tuple[int, int]] = []
    for p in range(FIRST_PRIME + 1, LARGEST_PRIME, 2):
        if not fmpz(p).is_prime() or f[f.degree()] % p == 0:
            continue
        roots = [int(root) for root, times in nmod_poly([int(c % p) for c in f.coeffs()], p).roots() if times == 1]
        found += [(p, root) for root in roots[:1]]
        if len(found) == PLACES:
            break
    return found


def _at(coefficients: Sequence[fmpq], root: int, p: int) -> int | None:
    """Return the value modulo p of a polynomial, leading coefficient first; None if p divides a denominator."""
    value = 0
    for c in coefficients:
        if c.q % p == 0:
            return None
        value = (value * root + int(c.p) * pow(int(c.q), -1, p)) % p
    return value
