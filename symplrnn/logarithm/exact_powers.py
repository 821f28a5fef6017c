"""Which entries of the flow over a rational time are rational, and which are 0? Decided by identities, and over Q by norms.

Entry (i, j) of the flow over r steps is a sum over the irreducible factors f of the characteristic polynomial,

    alpha = sum_f ( sum_{f(l)=0} e_f(l) Re l^r  +  sum_{f(l)=0, l<0} v_f(l) Im l^r ),

with l^r for its real part at roots that are not real, polynomials e_f over K from the spectral projectors, and v_f from the half
turns. With r = p/q, 0 <= p < q (whole powers go into e_f and v_f), a conjugate of alpha is the same sum with other q-th roots of
the l^p, another q-th root of unity between l^r and its conjugate, another set of as many roots in the place of the negative ones,
and another sign of the imaginary unit. So there are at most

    G = prod_f q^(deg f),    and, if there are negative roots,  2 q prod_f binomial(deg f, number of negative roots)  times that.

If D alpha is an algebraic integer, D a natural number, and B >= 1 is not below D times the absolute value of a conjugate, then
alpha = 0 or |D alpha| >= B^(1-G), because the norm of D alpha is a whole number. So an enclosure that is small enough proves that
alpha is 0.

Reference: docs/theory, section 5, formula (3); on bounds of this kind M. Mignotte, Mathematics for Computer Algebra, Springer
1992, chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import count, islice
from math import comb
from typing import Any

from flint import acb_poly, arb, arb_mat, fmpq, fmpq_poly, fmpz

from symplrnn import limits
from symplrnn.exact.balls import root_enclosures, working_precision
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.rational import QQ, coefficients
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.real_roots import count_real_roots
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.linear_forms import bits_of_proof
from symplrnn.logarithm.real_logarithm import RealLogarithm

__all__ = ["binomials", "exact_real_power_entries", "power_bits", "rational_power", "real_rational_power"]

GUARD_BITS = 64
FIRST_BITS = 256  # at which an entry may be 0

Place = tuple[int, int]
Polynomials = dict[Place, Any]


def binomials(r: fmpq) -> Iterator[fmpq]:
    """Yield binomial(r, j) for j = 0, 1, 2, ..."""
    value = fmpq(1)
    for j in count(1):
        yield value
        value = value * (r - j + 1) / j


def rational_power(x: fmpq, r: fmpq) -> fmpq | None:
    """Return x^r for a positive rational x if it is rational and not too long to be computed, else None.

    >>> rational_power(fmpq(4, 9), fmpq(-1, 2)), rational_power(fmpq(2), fmpq(1, 2))
    (3/2, None)
    """
    if x == 1:
        return x
    if r.q > max(x.p.bit_length(), x.q.bit_length()):  # then no root but that of 1 is rational
        return None
    if abs(int(r.p)) * x.height_bits() > limits.POWER_BITS:
        return None
    degree = int(r.q)
    root = fmpq(x.p.root(degree), x.q.root(degree))
    return root ** int(r.p) if root**degree == x else None


def real_rational_power(x: fmpq, r: fmpq) -> fmpq | None:
    """Return the real part of x^r for a rational x that is not 0, if it is rational, else None.

    >>> real_rational_power(fmpq(-8), fmpq(1, 3)), real_rational_power(fmpq(-4), fmpq(1, 4))
    (1, 1)
    """
    if x > 0:
        return rational_power(x, r)
    # The square of cos(pi r) is rational for these denominators of r (Niven), and then that of the product may be.
    cos_squared = {1: fmpq(1), 2: fmpq(0), 3: fmpq(1, 4), 4: fmpq(1, 2), 6: fmpq(3, 4)}.get(int(r.q))
    size_squared = None if cos_squared is None else rational_power(-x, 2 * r)
    if not cos_squared or size_squared is None:
        return cos_squared if cos_squared == 0 else None
    root = rational_power(size_squared * cos_squared, fmpq(1, 2))
    with working_precision(GUARD_BITS):
        return root if root is None or arb.cos_pi_fmpq(r) > 0 else -root


def exact_power_entries(log: Logarithm, r: fmpq) -> dict[Place, fmpq]:
    """Return the entries of M^r, or of its real part, that are rational, with their values, as far as that is visible.

    An entry is a sum over the factors; it is rational where only factors contribute for whose roots the real part of l^r is
    rational too. An integer power is rational altogether, and computed unless its numbers are too long.
    """
    size, K, real = log.matrix.nrows(), log.field, real_field(log.field)
    everywhere = [(i, j) for i in range(size) for j in range(size)]
    irrational: set[Place] = set()
    if r.q == 1 and power_bits(K, log.matrix, r) <= limits.POWER_BITS:
        base = log.matrix if r.p >= 0 else K.inverse(log.matrix)
        total = base ** abs(int(r.p)) if r else K.identity(size)
    else:
        total = log.matrix - log.matrix
        for term in log.terms:
            value = _rational_real_power(term, r)
            for H in _times_series(log, term.matrices, r):
                if value is None:
                    irrational |= {(i, j) for i, j in everywhere if not K.is_zero(H[i, j])}
                else:
                    total = total + H * K.element(value)
    values = {(i, j): real.rational(total[i, j]) for i, j in everywhere if (i, j) not in irrational}
    return {place: value for place, value in values.items() if value is not None}


def power_bits(field: Field, matrix: Any, r: fmpq) -> int:
    """Return about how long the numbers in a power of a matrix are, in bits, for |r| at least 1.

    >>> power_bits(QQ, QQ.matrix([[fmpq(1, 4), 0], [0, 2]]), fmpq(1000))
    4000
    """
    return int(abs(r).ceil()) * real_field(field).power_bits(matrix)


def unipotent_power(log: Logarithm, r: fmpq) -> Any:
    """Return (I + U)^r = sum_j binomial(r, j) U^j."""
    K, powers = log.field, (log.field.identity(log.matrix.nrows()), *log.unipotent_powers)
    terms = (power * K.element(b) for power, b in zip(powers, binomials(r), strict=False))
    return reduce(lambda total, term: total + term, terms)


def _times_series(log: Logarithm, matrices: Iterable[Any], r: fmpq) -> list[Any]:
    """Return matrices times (I + U)^r."""
    series = unipotent_power(log, r)
    return [matrix * series for matrix in matrices]


def _rational_real_power(term: SpectralTerm, r: fmpq) -> fmpq | None:
    """Return the real part of l^r if it is one rational number for all roots of a factor, and that is visible; else None."""
    if r.q == 2 and len(term.negative_roots) == term.degree:
        return fmpq(0)  # cos(pi r) = 0
    return _root_power(term, r)


def _root_power(term: SpectralTerm, r: fmpq) -> fmpq | None:
    """Return the real part of l^r for a rational root l of a linear factor, if it is rational and that is visible; else None."""
    root = term.real.rational(-term.factor[0]) if term.degree == 1 else None
    return None if root is None else real_rational_power(root, r)


def exact_real_power_entries(log: RealLogarithm, r: fmpq, enclose: Callable[[int], arb_mat] | None = None) -> dict[Place, fmpq]:
    """Return the entries of exp(r log F^) that are proved to be rational, with their values.

    With ``enclose``, which returns an enclosure of the whole matrix for a number of bits, zeros that are not visible are found by
    their norms over Q, as long as that does not take too many bits.

    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> jordan = real_logarithm(QQ, QQ.matrix([[-2, 1], [0, -2]]))
    >>> exact_real_power_entries(jordan, fmpq(0)) == {(i, j): fmpq(int(i == j)) for i in range(4) for j in range(4)}
    True
    """
    found = exact_power_entries(log.principal, r)
    turned = _inner_turns(log, r)
    for places in turned.values():
        for place in places:
            found.pop(place, None)
    found |= _extra_entries(log, r)
    if enclose is not None and log.field is QQ:
        found |= _zeros(log, r, turned, found, enclose)
    return found


Turned = dict[int, Polynomials]


def _inner_turns(log: RealLogarithm, r: fmpq) -> Turned:
    """Return for each term, by its place among the terms, the v_f of the entries where the half turns do not cancel."""
    sums: Turned = {}
    if r.q == 1:  # sin(pi r) = 0
        return sums
    factors = list(islice(binomials(r), log.size))
    for index, term in enumerate(log.principal.terms):
        places: Polynomials = {}
        for turn in log.turns:
            if turn.pair.term is not term or turn.index:
                continue
            for block in turn.pair.blocks:
                if block.turns and not (block.from_extra or block.to_extra):
                    _add(log.field, places, block.matrix.coefficients, factors[block.order], (0, 0))
        K = log.field
        inverse = K.inverse_modulo(term.denominator, term.factor)
        kept = {place: K.remainder(v * inverse, term.factor) for place, v in places.items() if v}
        if kept:
            sums[index] = kept
    return sums


def _add(K: Field, places: Polynomials, matrices: tuple[Any, ...], factor: fmpq, corner: Place) -> None:
    """Add the entries of factor sum_k x^k A_k to polynomials by their places."""
    first = matrices[0]
    for i in range(first.nrows()):
        for j in range(first.ncols()):
            entry = K.polynomial([A[i, j] * K.element(factor) for A in matrices])
            if entry:
                place = (corner[0] + i, corner[1] + j)
                places[place] = places.get(place, K.polynomial([])) + entry


def _extra_entries(log: RealLogarithm, r: fmpq) -> dict[Place, fmpq]:
    """Return the rational entries in rows and columns of extra coordinates, as far as that is visible.

    Each belongs to one root: it is |l|^r (cos(pi r) c(l) + sin(pi r) s(l)).
    """
    N, size = log.matrix.nrows(), log.size
    found = {(i, j): fmpq(0) for i in range(size) for j in range(size) if max(i, j) >= N}
    factors = list(islice(binomials(r), size))
    for turn in log.turns:
        term, straight, turning = turn.pair.term, Polynomials(), Polynomials()
        for block in turn.pair.blocks:
            if not (block.from_extra or block.to_extra) or (r.q == 1 and block.turns) or (r.q == 2 and not block.turns):
                continue  # sin(pi r) = 0, cos(pi r) = 0
            matrices = block.matrix.coefficients
            if not block.divided:
                matrices = block.matrix.scaled(turn.pair.divisor).coefficients
            _add(log.field, turning if block.turns else straight, matrices, factors[block.order], log.corner(turn, block))
        power = _root_power(term, r)
        for place in {*straight, *turning}:
            c, turned = straight.get(place), turning.get(place)
            # The projector of a rational root has d = 1.
            factor = None if turned or not c or power is None else term.real.rational(log.field.element(c[0]))
            if not turned and not c:
                found[place] = fmpq(0)
            elif factor is not None and power is not None:
                found[place] = factor * power
            else:
                found.pop(place, None)
    return found


# Zeros by their norms


@dataclass(frozen=True)
class _Part:
    """What one factor f adds to an entry: the polynomials e_f and v_f."""

    factor: fmpq_poly
    e: fmpq_poly
    v: fmpq_poly

    @cached_property
    def negative(self) -> int:
        """Number of negative roots."""
        found: int = count_real_roots(self.factor, None, fmpq(0))
        return found

    @property
    def denominator(self) -> fmpz:
        """A number D such that 2 D times the part is an algebraic integer."""
        root = fmpz(1)  # times a root of f it is one
        for c in coefficients(self.factor):
            root = root.lcm(c.q)
        found = fmpz(1)
        for polynomial in (self.e, self.v):
            for c in coefficients(polynomial):
                found = found.lcm(c.q)
        return found * root ** int(self.factor.degree())

    def size(self, r: fmpq, bits: int) -> arb:
        """Return an enclosure of sum_{f(l)=0} (|e(l)| + |v(l)|) |l|^r."""
        e, v = acb_poly(self.e), acb_poly(self.v)
        return sum(((abs(e(x)) + abs(v(x))) * (abs(x).log() * arb(r)).exp() for x in root_enclosures(self.factor, bits)), arb(0))


def _zeros(
    log: RealLogarithm, r: fmpq, turned: Turned, known: dict[Place, fmpq], enclose: Callable[[int], arb_mat]
) -> dict[Place, fmpq]:
    """Return the entries of F^r that are proved to be 0 by their norms."""
    N = log.matrix.nrows()
    balls, zero = enclose(FIRST_BITS), arb(0)
    candidates = [(i, j) for i in range(N) for j in range(N) if (i, j) not in known and balls[i, j].contains(zero)]
    whole, part = r.floor(), r - r.floor()
    needed = {}
    if candidates and power_bits(QQ, log.matrix, fmpq(whole)) <= limits.POWER_BITS:
        projectors = [_times_series(log.principal, term.projectors, r) for term in log.principal.terms]
        for place in candidates:
            bits = _bits_of_proof(_parts(log, projectors, turned, place, int(whole)), part)
            if bits is not None:
                needed[place] = bits
    found: dict[Place, fmpq] = {}
    if needed:
        balls = enclose(max(needed.values()) + GUARD_BITS)
        with working_precision(GUARD_BITS):
            found = {place: fmpq(0) for place, bits in needed.items() if abs(balls[place]).upper() < arb(2) ** -bits}
    return found


def _parts(log: RealLogarithm, projectors: list[list[Any]], turned: Turned, place: Place, whole: int) -> list[_Part]:
    """Return what the factors add to an entry, with the whole power in the polynomials."""
    i, j = place
    found = []
    for index, term in enumerate(log.principal.terms):
        f = term.factor
        e, v = fmpq_poly([E[i, j] for E in projectors[index]]), turned.get(index, {}).get(place, fmpq_poly([0]))
        if e or v:
            x = fmpq_poly([0, 1]) if whole >= 0 else QQ.inverse_modulo(fmpq_poly([0, 1]), f)
            power = _power_modulo(x, abs(whole), f)
            found.append(_Part(f, e * power % f, v * power % f))
    return found


def _power_modulo(x: fmpq_poly, exponent: int, f: fmpq_poly) -> fmpq_poly:
    """Return x^exponent modulo f."""
    value, base = fmpq_poly([1]) % f, x % f
    while exponent:
        if exponent & 1:
            value = value * base % f
        base, exponent = base * base % f, exponent >> 1
    return value


def _bits_of_proof(parts: list[_Part], r: fmpq) -> int | None:
    """Return b such that the entry is 0 if its absolute value is below 2^-b, from the bound at the head of this file."""
    q = int(r.q)
    if q > limits.PROOF_BITS:
        return None
    conjugates, D = 1, fmpz(1)
    for part in parts:
        conjugates *= q ** int(part.factor.degree()) * comb(int(part.factor.degree()), part.negative)
        D = D.lcm(part.denominator)
    if any(part.negative for part in parts):
        conjugates *= 2 * q
    with working_precision(GUARD_BITS):
        size = sum((part.size(r, GUARD_BITS) for part in parts), arb(0)) * arb(2 * D)
    return bits_of_proof(conjugates, 2 * D, size)
