"""Proofs that linear forms in logarithms of algebraic numbers, and in pi, with algebraic coefficients are 0.

An entry of a closed form is a rational number plus

    sum_f sum_{f(l)=0} ( w_f(l) (log|l| + i arg l + 2 pi i k(l)) + pi p_l(l) )        (arg l = 0 for real l, negative ones too)

with irreducible f and polynomials w_f and p_l over Q: p_l from half turns, integers k(l) = -k(conj l) from aliases. Over the
reals it is a sum of  2 Re w(l) log|l| - 2 Im w(l) (arg l + 2 pi k(l))  over the roots above the real axis, and likewise over the
real roots. By Baker's theorem it is 0 only if it becomes 0 by relations between the log|l|, and between the arg l and pi, with
integer coefficients. These are found by lattice reduction, and then proved,

    sum n log|l| = 0  iff  prod |l|^(2 n) = 1,        sum n arg l in pi Z  iff  prod (l / conj l)^n = 1.

They express the logarithms and arguments by fewer ones, whose coefficients must all be 0. All of these are questions whether an
algebraic number alpha is 0, with alpha a polynomial in the roots, and perhaps in i. A conjugate of it is the same polynomial with
the roots of each f permuted, and perhaps -i for i. So if G bounds the number of distinct values among these, D alpha is an
algebraic integer, and B >= 1 bounds all its conjugates, then alpha = 0 or |D alpha| >= B^(1-G), because the norm of D alpha is a
whole number: a small enough enclosure is a proof. Where G is 1, alpha is rational. Products
are raised to the power K first if f(x) = g(x^k), k a divisor of K: with l^k in place of l there are fewer roots to permute.

What is not proved is left open: more roots or larger exponents than the limits below, or a proof that takes too many bits.

Reference: A. Baker, Transcendental Number Theory, CUP 1975, theorem 2.1; D. W. Masser, Linear relations on algebraic groups, in
New Advances in Transcendence Theory, CUP 1988, on relations with small exponents; M. Mignotte, Mathematics for Computer Algebra,
Springer 1992, chapter 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import factorial, gcd, lcm, prod

from flint import acb, acb_poly, arb, fmpq, fmpq_mat, fmpq_poly, fmpz, fmpz_mat

from symplrnn import limits
from symplrnn.exact.balls import endpoints, root_enclosures, working_precision
from symplrnn.exact.fields.rational import coefficients

__all__ = ["RootTerm", "Roots", "bits_of_proof", "roots_of", "vanishes"]

GUARD_BITS = 64
Place = tuple["Roots", int]  # a root
Label = tuple[fmpq_poly, fmpq_poly]  # p and q, for p(l) + i q(l)
NOTHING = fmpq_poly([0])


class Roots:
    """The roots of an irreducible polynomial over Q in a fixed order: the real ones, those above the real axis, their conjugates.

    The real ones increase.

    >>> roots = Roots(fmpq_poly([-2, 0, 0, 1]))
    >>> roots.real, roots.above, roots.conjugate(1)
    (1, 1, 2)
    """

    def __init__(self, factor: fmpq_poly) -> None:
        self.factor = factor
        found = root_enclosures(factor, GUARD_BITS)
        real = sorted((x for x in found if x.imag == 0), key=lambda x: endpoints(x.real)[0])
        above = [x for x in found if x.imag > 0]
        self.real, self.above = len(real), len(above)
        self._upper = [*real, *above]

    def __len__(self) -> int:
        return self.real + 2 * self.above

    def conjugate(self, k: int) -> int:
        """Return the place of the conjugate of root k."""
        return k if k < self.real else k + self.above if k < self.real + self.above else k - self.above

    @lru_cache(maxsize=64)  # noqa: B019  # polynomials are few and cached themselves
    def balls(self, bits: int) -> list[acb]:
        """Return enclosures of the roots with about so many bits."""
        finer = root_enclosures(self.factor, max(bits, GUARD_BITS))
        matches = [[x for x in finer if x.overlaps(known)] for known in self._upper]
        upper = [found[0] if len(found) == 1 else known for found, known in zip(matches, self._upper, strict=True)]
        return upper + [x.conjugate() for x in upper[self.real :]]

    @cached_property
    def power(self) -> int:
        """The largest k with f(x) = g(x^k)."""
        return gcd(*(k for k, c in enumerate(coefficients(self.factor)) if c != 0))

    @cached_property
    def base(self) -> Roots:
        """The roots of g."""
        return roots_of(fmpq_poly(coefficients(self.factor)[:: self.power])) if self.power > 1 else self

    @cached_property
    def places_in_base(self) -> list[int] | None:
        """For each root l the place of l^k among the roots of g; None if the enclosures do not tell."""
        found, base = [], self.base.balls(GUARD_BITS)
        with working_precision(GUARD_BITS):
            for x in self.balls(GUARD_BITS):
                places = [k for k, y in enumerate(base) if y.overlaps(x**self.power)]
                if len(places) != 1:
                    return None
                found += places
        return found

    @property
    def embeddings(self) -> int:
        """At least the number of permutations of the roots that extend to their field.

        Such a permutation is known from that of the roots m of g, the image of one k-th root of each m, and of one root of unity.
        """
        of_base, k = len(self.base), self.power
        return int(factorial(of_base) * k**of_base * (k if k > 2 else 1))

    @property
    def denominator(self) -> fmpz:
        """A number that makes the roots algebraic integers when they are multiplied by it."""
        found = fmpz(1)
        for c in coefficients(self.factor / self.factor[int(self.factor.degree())]):
            found = found.lcm(c.q)
        return found


def roots_of(factor: fmpq_poly) -> Roots:
    """Return the roots of an irreducible polynomial over Q, once for each."""
    return _roots(tuple(coefficients(factor)))


@lru_cache(maxsize=64)
def _roots(listed: tuple[fmpq, ...]) -> Roots:
    return Roots(fmpq_poly(list(listed)))


@dataclass(frozen=True)
class RootTerm:
    """What the roots l of one factor add: the sum of  w(l) (log|l| + i arg l + 2 pi i k(l)) + pi p_l(l).

    Attributes
    ----------
    roots : Roots
    weight : fmpq_poly
        w.
    turns : tuple of int
        k(l) for the roots above the real axis.
    pi : dict
        p_l by the place of the root l.
    """

    roots: Roots
    weight: fmpq_poly
    turns: tuple[int, ...]
    pi: dict[int, fmpq_poly]


def vanishes(terms: Sequence[RootTerm]) -> bool:
    """Return whether the sum of some terms, of different factors, is proved to be 0.

    For the fourth roots of 2, sum l^k log|l| = log(2)/4 sum l^k, and the arguments of +-2^(1/4) i cancel if k is even:

    >>> f = roots_of(fmpq_poly([-2, 0, 0, 0, 1]))
    >>> [vanishes([RootTerm(f, fmpq_poly([0] * k + [1]), (0,), {})]) for k in range(4)]
    [False, False, True, False]
    """
    weighted = tuple((t.roots, k) for t in terms if t.weight for k in range(t.roots.real + t.roots.above))
    if len(weighted) > limits.RELATION_ROOTS:
        return False
    turning = tuple((roots, k) for roots, k in weighted if k >= roots.real)
    *arguments, pi = _arguments(turning)
    return (
        all(_is_zero(terms, _of_modulus(terms, weighted, column)) for column in _moduli(weighted))
        and all(_is_zero(terms, _of_argument(terms, turning, column)) for column in arguments)
        and _is_zero(terms, _of_pi(terms, turning, pi))
    )


def _of_modulus(terms: Sequence[RootTerm], used: Sequence[Place], column: Sequence[fmpq]) -> list[list[Label]]:
    """Return the labels of all roots that make up the coefficient of a logarithm, for log|l| that are multiples of it."""
    found = [[(NOTHING, NOTHING)] * len(term.roots) for term in terms]
    for term, labels in zip(terms, found, strict=True):
        for (roots, k), x in zip(used, column, strict=True):
            if roots is term.roots:
                labels[k] = labels[roots.conjugate(k)] = (term.weight * x, NOTHING)
    return found


def _of_argument(terms: Sequence[RootTerm], used: Sequence[Place], column: Sequence[fmpq]) -> list[list[Label]]:
    """Return the labels that make up the coefficient of an argument, for arg l that are multiples of it, or of pi in them."""
    found = [[(NOTHING, NOTHING)] * len(term.roots) for term in terms]
    for term, labels in zip(terms, found, strict=True):
        for (roots, k), x in zip(used, column, strict=False):  # the last number belongs to pi
            if roots is term.roots:
                labels[k], labels[roots.conjugate(k)] = (NOTHING, term.weight * x), (NOTHING, term.weight * -x)
    return found


def _of_pi(terms: Sequence[RootTerm], used: Sequence[Place], column: Sequence[fmpq]) -> list[list[Label]]:
    """Return the labels that make up the coefficient of pi: from arguments, turns and polynomials."""
    turns = {(term.roots, term.roots.real + k): 2 * number for term in terms for k, number in enumerate(term.turns)}
    found = _of_argument(terms, used, [x + turns[place] for place, x in zip(used, column, strict=False)])
    for term, labels in zip(terms, found, strict=True):
        for k, p in term.pi.items():
            labels[k] = (labels[k][0] + p, labels[k][1])
    return found


# Algebraic numbers


def _is_zero(terms: Sequence[RootTerm], number: list[list[Label]]) -> bool:
    """Return whether the sum of p(l) + i q(l) over the roots l of all terms, with their labels p and q, is proved to be 0."""

    def value(bits: int) -> acb:
        total = acb(0)
        for term, labels in zip(terms, number, strict=True):
            for x, (p, q) in zip(term.roots.balls(bits), labels, strict=True):
                total += acb_poly(p)(x) + acb_poly(q)(x) * acb(0, 1)
        return total

    with working_precision(GUARD_BITS):  # what follows takes longer
        if not value(GUARD_BITS).contains(acb(0)):
            return False
    kinds = [{_name(label): label for label in labels} for labels in number]
    polynomials = [[part for label in found.values() for part in label] for found in kinds]
    with_i = all(any(label[part] for found in kinds for label in found.values()) for part in (0, 1))
    conjugates = 2 if with_i else 1
    for term, labels in zip(terms, number, strict=True):
        conjugates *= min(_arrangements([_name(label) for label in labels]), term.roots.embeddings)
    D = fmpz(1)
    for term, listed in zip(terms, polynomials, strict=True):
        top = max(int(p.degree()) for p in listed)
        for c in (c for p in listed for c in coefficients(p)):
            D = D.lcm(c.q * term.roots.denominator ** max(top, 0))

    def bound() -> arb:
        balls = [x for term in terms for x in term.roots.balls(GUARD_BITS)]
        return sum((abs(acb_poly(p)(x)) for listed in polynomials for p in listed for x in balls), arb(0))

    return _is_proved_zero(value, conjugates, D, bound)


def _is_one(given: dict[Roots, list[int]]) -> bool:
    """Return whether the K-th power of a product of powers of roots is proved to be 1, with K of `_common_power`.

    It is so if the product over exponents > 0 minus that over those < 0 is 0.
    """
    common, powers = _common_power(given), dict[Roots, list[int]]()
    for roots, exponents in given.items():
        if roots.places_in_base is None:
            return False
        sums = powers.setdefault(roots.base, [0] * len(roots.base))
        for place, n in zip(roots.places_in_base, exponents, strict=True):
            sums[place] += n * common // roots.power
    sides = [[(roots, [max(way * n, 0) for n in exponents]) for roots, exponents in powers.items()] for way in (1, -1)]
    conjugates, D = prod(_arrangements(exponents) for exponents in powers.values()), fmpz(1)
    for roots, exponents in powers.items():
        D *= roots.denominator ** max(sum(max(way * n, 0) for n in exponents) for way in (1, -1))

    def value(bits: int) -> acb:
        balls = {roots: roots.balls(bits) for roots in powers}
        first, second = (
            prod((x**n for roots, exponents in side for x, n in zip(balls[roots], exponents, strict=True)), start=acb(1))
            for side in sides
        )
        return first - second

    def bound() -> arb:
        total = arb(0)
        for side in sides:
            factors = [max(map(_upper, roots.balls(GUARD_BITS))) ** sum(exponents) for roots, exponents in side]
            total += arb(prod(factors, start=fmpq(1)))
        return total

    return _is_proved_zero(value, conjugates, D, bound)


def _common_power(used: Iterable[Roots]) -> int:
    """Return K such that K-th powers of the roots are powers of the roots of the polynomials g, with f(x) = g(x^k)."""
    return lcm(*(roots.power for roots in used))


def _is_proved_zero(value: Callable[[int], acb], conjugates: int, D: fmpz, bound: Callable[[], arb]) -> bool:
    """Return whether a number is 0: D times it is an algebraic integer with so many conjugates; ``bound`` is one of them all."""
    with working_precision(GUARD_BITS):
        if not value(GUARD_BITS).contains(acb(0)):
            return False
        largest = bound() * arb(D)
    bits = bits_of_proof(conjugates, D, largest)
    if bits is None:
        return False
    precision = bits + _bit_length(largest) + GUARD_BITS
    with working_precision(precision):
        return bool(abs(value(precision)).upper() < arb(2) ** -bits)


def bits_of_proof(conjugates: int, D: fmpz, bound: arb) -> int | None:
    """Return b such that a number alpha is 0 if |alpha| < 2^-b; None if that is more than ``limits.PROOF_BITS``.

    D alpha is an algebraic integer with at most so many conjugates, all at most ``bound`` in absolute value.
    """
    if conjugates > limits.PROOF_BITS or not bound.is_finite():
        return None
    bits = (conjugates - 1) * max(1, _bit_length(bound)) + int(D).bit_length()
    return bits if bits <= limits.PROOF_BITS else None


def _bit_length(ball: arb) -> int:
    """Return how many bits whole numbers have that are not above a ball."""
    return int(endpoints(ball)[1].ceil()).bit_length()


def _upper(x: acb) -> fmpq:
    return endpoints(abs(x))[1]


def _arrangements(labels: Sequence[Hashable]) -> int:
    """Return the number of distinct orders of a sequence."""
    found = factorial(len(labels))
    for times in Counter(labels).values():
        found //= factorial(times)
    return found


def _name(label: Label) -> tuple[str, str]:
    return str(label[0]), str(label[1])


# Relations


@lru_cache(maxsize=64)
def _moduli(used: tuple[Place, ...]) -> list[list[fmpq]]:
    """Return log|l| of the given roots as combinations of some of them: a column for each of these."""
    bits = GUARD_BITS + 32 * len(used)
    with working_precision(bits):
        values = [abs(x).log() for x in _balls(used, bits)]
    return _independent(values, bits, lambda relation: _is_one(_powers(used, relation, 1)))


@lru_cache(maxsize=64)
def _arguments(used: tuple[Place, ...]) -> list[list[fmpq]]:
    """Return arg l of the given roots above the real axis, and pi, as combinations of some of them and pi, which comes last."""
    bits = GUARD_BITS + 32 * len(used)
    with working_precision(bits):
        values = [*(x.arg() for x in _balls(used, bits)), arb.pi()]

    def proved(relation: Sequence[int]) -> bool:
        # The product says that the sum is a multiple of pi/K.
        powers = _powers(used, relation[:-1], -1)
        with working_precision(bits):
            total = sum((x * n for x, n in zip(values, relation, strict=True)), arb(0)) * _common_power(powers)
            return bool(abs(total) < 1) and _is_one(powers)

    return _independent(values, bits, proved)


def _balls(used: Iterable[Place], bits: int) -> list[acb]:
    return [roots.balls(bits)[k] for roots, k in used]


def _powers(used: Sequence[Place], relation: Sequence[int], sign: int) -> dict[Roots, list[int]]:
    """Return the exponents of prod (l conj(l)^sign)^n."""
    found = {roots: [0] * len(roots) for roots, _ in used}
    for (roots, k), n in zip(used, relation, strict=True):
        found[roots][k] += n
        found[roots][roots.conjugate(k)] += sign * n
    return found


def _independent(values: Sequence[arb], bits: int, proved: Callable[[Sequence[int]], bool]) -> list[list[fmpq]]:
    """Return numbers as rational combinations of some of them, by proved relations: a column for each of these.

    The last number stays, unless it is 0.
    """
    size = len(values)
    relations = [relation for relation in _likely_relations(values, bits) if proved(relation)]
    reduced, rank = fmpq_mat(fmpz_mat(len(relations), size, [n for relation in relations for n in relation])).rref()
    pivots = [next(j for j in range(size) if reduced[i, j] != 0) for i in range(rank)]
    columns = []
    for free in (j for j in range(size) if j not in pivots):
        column = [fmpq(int(j == free)) for j in range(size)]
        for i, pivot in enumerate(pivots):
            column[pivot] = -reduced[i, free]
        columns.append(column)
    return columns


def _likely_relations(values: Sequence[arb], bits: int) -> list[list[int]]:
    """Return small integers n with sum n x about 0, by lattice reduction."""
    size, scale = len(values), fmpz(2) ** (bits - GUARD_BITS // 2)
    rows = fmpz_mat(size, size + 1)
    for i, x in enumerate(values):
        rows[i, i], rows[i, size] = 1, (endpoints(x.mid())[0] * scale).floor()
    found = [[int(x) for x in row] for row in rows.lll().tolist()]
    return [row[:-1] for row in found if max(map(abs, row)) <= limits.RELATION_EXPONENT]
