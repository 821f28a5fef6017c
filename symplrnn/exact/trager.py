"""Factors of polynomials over Q(theta)(parameters), by their norms, which FLINT factors.

The norm of f is the product of its conjugates over Q(parameters): a resultant with the minimal polynomial of t. Where it is
squarefree, its irreducible factors are the norms of those of f, each of which is a greatest common divisor; it is squarefree for
all but finitely many of the polynomials f(x - s t), s = 0, 1, 2, ... of a squarefree f.

Reference: B. M. Trager, Algebraic factoring and rational function integration, SYMSAC 1976, algorithm "alg_factor".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

from flint import Ordering, fmpz, fmpz_mpoly, fmpz_mpoly_ctx
from sympy.polys.densearith import dup_div, dup_quo
from sympy.polys.densetools import dup_diff, dup_monic, dup_shift
from sympy.polys.euclidtools import dup_gcd

from symplrnn.exact.flintfractions import Fraction, irreducible_factors

if TYPE_CHECKING:
    from symplrnn.exact.extension import Extension, Irrational

__all__ = ["factors_over"]

Dense = list["Irrational"]  # the leading coefficient first


def factors_over(K: Extension, polynomial: Sequence[Irrational]) -> list[tuple[Dense, int]]:
    """Return the monic irreducible factors with multiplicities."""
    rest: Dense = dup_monic(list(polynomial), K)
    found = []
    for factor in _of_squarefree(K, dup_quo(rest, dup_gcd(rest, dup_diff(rest, 1, K), K), K)):
        multiplicity = 0
        while not (divided := dup_div(rest, factor, K))[1]:
            rest, multiplicity = divided[0], multiplicity + 1
        found.append((factor, multiplicity))
    return found


def _of_squarefree(K: Extension, f: Dense) -> list[Dense]:
    """Return the monic irreducible factors of a squarefree polynomial."""
    if len(f) <= 2:
        return [f] if len(f) == 2 else []
    for s in count():
        shift = K.convert(s) * K.primitive
        norm = _norm(K, dup_shift(f, -shift, K))
        if norm.gcd(norm.derivative(0)).degrees()[0] == 0:
            break
    parts = [h for h, _ in irreducible_factors(norm) if h.degrees()[0] > 0]
    if len(parts) == 1:
        return [f]
    return [dup_gcd(f, dup_shift(_dense(K, h), shift, K), K) for h in parts]


def _norm(K: Extension, f: Dense) -> fmpz_mpoly:
    """Return the norm of a polynomial times its denominators, in x, t (which is gone) and the parameters."""
    ring = fmpz_mpoly_ctx.get(["x", "t", *(f"x{k}" for k in range(len(K.symbols)))], Ordering.lex)
    common = K.unit
    for c in f:
        common = common * (c.denom / common.gcd(c.denom))
    terms: dict[tuple[int, ...], int | fmpz] = {}
    for i, c in enumerate(reversed(f)):
        for k, n in enumerate(c.parts):
            terms |= {(i, k, *monomial): number for monomial, number in (n * (common / c.denom)).terms()}
    zero = (0,) * len(K.symbols)
    modulus: dict[tuple[int, ...], int | fmpz] = {(0, k, *zero): c for k, c in enumerate([*K.modulus, fmpz(1)]) if c != 0}
    norm: fmpz_mpoly = ring.from_dict(terms).resultant(ring.from_dict(modulus), 1)
    return norm


def _dense(K: Extension, polynomial: fmpz_mpoly) -> Dense:
    """Return a polynomial in x and the parameters as a polynomial over K."""
    coefficients: list[dict[tuple[int, ...], int | fmpz]] = [{} for _ in range(polynomial.degrees()[0] + 1)]
    for (i, _, *monomial), c in polynomial.terms():
        coefficients[-1 - i][tuple(monomial)] = c
    return [K.convert(Fraction(K.domain.context.from_dict(terms), K.unit, K.domain)) for terms in coefficients]
