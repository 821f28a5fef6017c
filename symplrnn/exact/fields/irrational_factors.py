"""Common divisors and factors of polynomials over Q(theta)(parameters), by way of finite fields and of one point.

A squarefree polynomial f is first factored at a point of the parameters, by its norm N over Q: a product of h_1, ..., h_k, the
norms of the irreducible factors of f(x - s t) there; N is squarefree for a suitable s. Modulo a prime, at t = r, FLINT factors f
as a polynomial in all variables. Such a factor belongs to one irreducible factor of f over the field, and so do all the h_j with
which it has a common divisor (at the point, shifted): these are joined. When the products of the parts, lifted to the field, give
f, there are as many of them as parts; and there are no fewer parts than irreducible factors of f. So they are irreducible.

References: B. M. Trager, Algebraic factoring and rational function integration, SYMSAC 1976 (norms); P. S. Wang, Factoring
multivariate polynomials over algebraic number fields, Mathematics of Computation 30 (1976) 324-336 (a point, and lifting).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import count
from math import prod
from random import Random

from flint import fmpz, fmpz_mpoly, fmpz_poly, nmod_mpoly, nmod_poly
from sympy.polys.densearith import dup_div, dup_mul, dup_quo, dup_rem
from sympy.polys.densetools import dup_diff, dup_monic

from symplrnn.exact.fields.irrational import Extension, Irrational
from symplrnn.exact.fields.modular_images import Dense, Lift, cleared, images, leading, split_primes

__all__ = ["common_divisor", "factors_over"]

Part = frozenset[int]  # of the numbers of the h_j

PLACES = 3  # points that are looked at


def common_divisor(K: Extension, first: Sequence[Irrational], second: Sequence[Irrational]) -> Dense:
    """Return the monic greatest common divisor of two polynomials that are not 0."""
    F, G = cleared(K, first), cleared(K, second)
    top, lift = leading(F), Lift(K)
    for ring, roots in split_primes(K):
        found = []
        for f, g in zip(images(F, ring, roots), images(G, ring, roots), strict=True):
            if f.is_zero() or f.monoms()[0] != top:
                break
            found.append(f.gcd(g))
            if found[-1].degrees()[0] == 0:  # the divisor over K has an image that divides it
                return [K.one]
        else:
            divisor = lift.add(ring, roots, found)
            if divisor is not None and not any(dup_rem(list(f), divisor, K) for f in (first, second)):
                return divisor
    raise AssertionError  # there are always more primes


def factors_over(K: Extension, polynomial: Sequence[Irrational]) -> list[tuple[Dense, int]]:
    """Return the monic irreducible factors with multiplicities."""
    rest: Dense = dup_monic(list(polynomial), K)
    if len(rest) <= 2:
        return [(rest, 1)] if len(rest) == 2 else []
    found = []
    for factor in _of_squarefree(K, dup_quo(rest, common_divisor(K, rest, dup_diff(rest, 1, K)), K)):
        multiplicity = 0
        while not (divided := dup_div(rest, factor, K))[1]:
            rest, multiplicity = divided[0], multiplicity + 1
        found.append((factor, multiplicity))
    return found


def _of_squarefree(K: Extension, f: Dense) -> list[Dense]:
    """Return the irreducible factors of a squarefree monic polynomial."""
    F = cleared(K, f)
    top, place = leading(F), _place(K, F)
    lifts = {frozenset([j]): Lift(K) for j in range(len(place.norms))}
    for ring, roots in split_primes(K):
        if len(lifts) == 1:
            return [f]
        p = ring.modulus()
        found = images(F, ring, roots)
        if any(image.is_zero() or image.monoms()[0] != top for image in found) or not place.is_good(p):
            continue
        factors = [[(place.divided(g, root), g) for g in _factors(image)] for image, root in zip(found, roots, strict=True)]
        lifts = {part: lifts.get(part, Lift(K)) for part in _joined(lifts, (part for row in factors for part, _ in row))}
        lifted = [
            lift.add(ring, roots, [prod((g for part, g in row if part <= whole), start=ring.constant(1)) for row in factors])
            for whole, lift in lifts.items()
        ]
        divisors = [g for g in lifted if g is not None]
        if len(divisors) == len(lifts) and reduce(partial(dup_mul, K=K), divisors) == f:
            return divisors
    raise AssertionError  # there are always more primes


def _factors(image: nmod_mpoly) -> list[nmod_mpoly]:
    """Return the irreducible factors of positive degree in x."""
    return [g for g, _ in image.factor()[1] if g.degrees()[0] > 0]


def _joined(parts: Iterable[Part], bonds: Iterable[Part]) -> list[Part]:
    """Return the finest partition, coarser than a given one, where each bond lies in one part."""
    joined = list(parts)
    for bond in bonds:
        touched = [part for part in joined if part & bond]
        joined = [part for part in joined if not part & bond] + [frozenset().union(*touched)]
    return joined


@dataclass(frozen=True)
class _Place:
    """A point of the parameters where the norm of f(x - s t) is squarefree of full degree, with the factors of the norm."""

    point: tuple[int, ...]
    s: int
    norms: tuple[fmpz_poly, ...]
    constant: fmpz

    def is_good(self, p: int) -> bool:
        """Return whether the norm keeps its degree and stays squarefree modulo p."""
        if any(part % p == 0 for part in (self.constant, *(h.leading_coefficient() for h in self.norms))):
            return False
        norm = prod((_modulo(h, p) for h in self.norms), start=nmod_poly([1], p))
        return bool(norm.gcd(norm.derivative()).degree() == 0)

    def divided(self, g: nmod_mpoly, root: int) -> Part:
        """Return which factors of the norm have a common divisor with g(x - s r) at the point."""
        p = g.context().modulus()
        coefficients = [0] * (int(g.degrees()[0]) + 1)
        for (i, *monomial), c in g.terms():
            power = prod(pow(value, int(e), p) for value, e in zip(self.point, monomial, strict=True))
            coefficients[i] = (coefficients[i] + int(c) * power) % p
        shifted = nmod_poly(coefficients, p)(nmod_poly([-self.s * root % p, 1], p))
        return frozenset(j for j, h in enumerate(self.norms) if shifted.gcd(_modulo(h, p)).degree() > 0)


def _modulo(h: fmpz_poly, p: int) -> nmod_poly:
    return nmod_poly([int(c % p) for c in h.coeffs()], p)


def _place(K: Extension, F: fmpz_mpoly) -> _Place:
    """Return the one of a few points where f has fewest factors."""
    found: list[_Place] = []
    for trial in count():
        random = Random(trial)  # noqa: S311  (the same points in every run)
        point = tuple(random.randint(-20 - trial, 20 + trial) for _ in K.symbols)
        norm = _norm(K, F, point, trial)
        if norm.degree() == F.degrees()[0] * K.rank and norm.gcd(norm.derivative()).degree() == 0:
            constant, factors = norm.factor()
            found.append(_Place(point, trial, tuple(h for h, _ in factors), constant))
            if len(factors) == 1 or len(found) == PLACES:
                return min(found, key=lambda place: len(place.norms))
    raise AssertionError  # only finitely many s are not suitable, and then the points of a hypersurface


def _norm(K: Extension, F: fmpz_mpoly, point: Sequence[int], s: int) -> fmpz_poly:
    """Return the norm of f(x - s t) at a point, a resultant with the minimal polynomial of t."""
    ring = F.context()
    x, t, *_ = ring.gens()
    zero = (0,) * len(point)
    modulus = ring.from_dict({(0, k, *zero): c for k, c in enumerate([*K.modulus, fmpz(1)]) if c != 0})
    norm = F.compose(x - s * t, t, *map(ring.constant, point)).resultant(modulus, 1)
    coefficients = {int(monomial[0]): c for monomial, c in norm.terms()}
    return fmpz_poly([coefficients.get(i, 0) for i in range(max(coefficients, default=-1) + 1)])
