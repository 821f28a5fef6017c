"""Which entries of log M are in its field K? Decided by identities between algebraic numbers, for eigenvalues of degree 1 or 2.

No enclosure, however small, proves that a number is 0. Entry (i, j) of log M is R_ij + sum_f sum_{f(l)=0} log(l) e_f(l), with
that entry e_f(l) of the projector E_f(l). The sum is taken apart into logarithms of positive numbers in K and, for
f = x^2 - 2 a x + c with roots l = a +- sqrt(D), D = a^2 - c, and e_f(l) = e_0 + e_1 l,

    sum_{f(l)=0} log(l) e_f(l) = (e_0 + a e_1) log|c| + e_1 sqrt|D| L,     L = log|l_1/l_2|  or  L = -2 arg(l),

for the real part of the logarithm if a root is negative. It vanishes if prod N^e = 1 over the numbers N with their exponents
e, and if for each field K(sqrt D_0) the sum of the e_1 sqrt|D| L vanishes. With the integers n proportional to the e_1
sqrt(D/D_0) and p = prod l^n, that is so for real roots if p is in K or a multiple of sqrt D_0 by a number in K (then p over its
conjugate is 1 or -1), and for complex ones if p is in K and the arguments add up to 0, not to another multiple of pi.
Over Q the e are rational numbers. In another real field K they are rational combinations of a basis, and it is enough that the
sums vanish for each coordinate. Entries for which this is not enough are left undecided.

If K has an exponential, N = exp(r) N_0 with r as large as it can be, and r e is in K: only the log N_0 have to cancel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from flint import acb, arb, fmpq, fmpz

from symplrnn import limits
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.real import RealField, real_field
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm

__all__ = ["constant_entry", "is_trivial_product", "rational_entries", "square_root"]

ARGUMENT_BITS = 128


@dataclass(frozen=True)
class QuadraticPart:
    """e_1 times the irrational logarithm L of the roots a +- sqrt(D) of a factor, all in K."""

    a: Any
    discriminant: Any
    coefficient: Any


def rational_entries(log: Logarithm, turns: Mapping[tuple[int, int], Any] | None = None) -> dict[tuple[int, int], Any]:
    """Return the entries of log M, or of its real part, that are proved to be in its field, with their values.

    ``turns`` holds multiples of pi by numbers in the field that are to be added to entries.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> rational_entries(logarithm(QQ, QQ.matrix([[fmpq(5, 4), fmpq(3, 4)], [fmpq(3, 4), fmpq(5, 4)]])))
    {(0, 0): 0, (1, 1): 0}
    """
    K, size = log.field, log.matrix.nrows()
    unit, real = K.polynomial([K.element(-1), K.element(1)]), real_field(K)
    terms = [term for term in log.terms if term.factor != unit]  # log 1 = 0
    everywhere = [(i, j) for i in range(size) for j in range(size)]
    sums = {place: _sum_of_logarithms(real, terms, place, (turns or {}).get(place)) for place in everywhere}
    return {(i, j): log.rational_part[i, j] + total for (i, j), total in sums.items() if total is not None}


def _sum_of_logarithms(real: RealField, terms: Iterable[SpectralTerm], place: tuple[int, int], turn: Any) -> Any:
    """Return the sum of all logarithms in an entry, and of a multiple of pi, if it is proved to be in the field, else None."""
    K, (i, j) = real.field, place
    total = K.element(0)
    powers: list[tuple[Any, Any]] = []
    # pi = 2 arg(i), and i is a root of x^2 + 1.
    quadratic = [QuadraticPart(K.element(0), K.element(-1), K.element(-turn))] if turn else []
    for term in terms:
        norm = term.factor[0] if real.sign_of(term.factor[0]) > 0 else -term.factor[0]
        exponent = constant_entry(term, i, j)
        if exponent is None and term.degree == 2:
            entry, a = term.entry(i, j), -term.factor[1] / K.element(2)
            exponent = entry[0] + a * entry[1]
            quadratic.append(QuadraticPart(a, a * a - term.factor[0], K.element(entry[1])))
        if exponent is None:
            return None
        logarithm, rest = real.without_exponential(norm)
        total = total + exponent * logarithm
        powers.append((rest, exponent))
    cancel = _is_trivial(real, powers) and all(_field_part_is_zero(real, group) for group in _by_field(real, quadratic))
    return total if cancel else None


def constant_entry(term: SpectralTerm, i: int, j: int) -> Any:
    """Return entry (i, j) of the projectors E(l) if it is the same number in K for all roots l, else None."""
    numerator, denominator, K = term.entry(i, j), term.denominator, term.field
    constant = K.element(numerator[denominator.degree()]) / denominator[denominator.degree()]
    return constant if numerator == denominator * constant else None


def _is_trivial(real: RealField, powers: list[tuple[Any, Any]]) -> bool:
    """Return whether prod x^e = 1 is proved for positive x and exponents e in K, by each coordinate of the exponents."""
    found = [real.rational(x) for x, _ in powers]
    rational = [x for x in found if x is not None]
    for part in map(list, zip(*real.in_common_basis([e for _, e in powers]), strict=True)):
        if len(rational) == len(powers):
            if not is_trivial_product(list(zip(rational, part, strict=True))):
                return False
            continue
        integers = _proportional(part)
        if integers is None:
            return False
        above, below = ([x ** abs(n) for (x, _), n in zip(powers, integers, strict=True) if n * way > 0] for way in (1, -1))
        one = real.field.element(1)
        if reduce(lambda x, y: x * y, above, one) != reduce(lambda x, y: x * y, below, one):
            return False
    return True


def _proportional(rationals: list[fmpq]) -> list[int] | None:
    """Return integers without a common factor in the same ratio; None if they are large."""
    common = reduce(fmpz.lcm, (x.q for x in rationals), fmpz(1))
    integers = [(x * common).p for x in rationals]
    divisor = reduce(fmpz.gcd, integers, fmpz(0))
    found = [int(x // divisor) if divisor else 0 for x in integers]
    return found if max(map(abs, found), default=0) <= limits.RELATION_EXPONENT else None


# Quadratic fields


def _by_field(real: RealField, parts: list[QuadraticPart]) -> list[list[QuadraticPart]]:
    """Group parts whose discriminants differ by a square in K."""
    groups: list[list[QuadraticPart]] = []
    for part in (part for part in parts if not real.field.is_zero(part.coefficient)):
        home = next((g for g in groups if square_root(real, part.discriminant / g[0].discriminant) is not None), None)
        if home is None:
            groups.append([part])
        else:
            home.append(part)
    return groups


def square_root(real: RealField, x: Any) -> Any:
    """Return the positive square root of a number in K if it is in K, else None."""
    if real.sign_of(x) < 0:
        return None
    if isinstance(x, fmpq):
        return _rational_root(x)
    K, value = real.field, real.rational(x)
    of_value = None if value is None else _rational_root(value)
    if of_value is not None:
        return K.element(of_value)
    roots = [-f[0] for f, _ in K.factor(K.polynomial([-x, K.element(0), K.element(1)])) if f.degree() == 1]
    return next((root for root in roots if real.sign_of(root) > 0), None)


def _rational_root(x: fmpq) -> fmpq | None:
    """Return the square root of a positive rational number if it is rational."""
    root = fmpq(x.p.root(2), x.q.root(2))
    return root if root * root == x else None


def _field_part_is_zero(real: RealField, group: list[QuadraticPart]) -> bool:
    """Return whether sum e_1 sqrt|D| L over the factors of one quadratic field K(sqrt D_0) is proved to be 0."""
    base = group[0].discriminant
    scales = [square_root(real, part.discriminant / base) for part in group]
    weights = real.in_common_basis([part.coefficient * scale for part, scale in zip(group, scales, strict=True)])
    return all(_integers_add_up(real, group, scales, list(part)) for part in zip(*weights, strict=True))


def _integers_add_up(real: RealField, group: list[QuadraticPart], scales: list[Any], weights: list[fmpq]) -> bool:
    """Return whether sum w sqrt|D_0| L is proved to be 0, for rational weights w."""
    exponents, K, base = _proportional(weights), real.field, group[0].discriminant
    if exponents is None:
        return False
    u, v = K.element(1), K.element(0)
    for part, scale, exponent in zip(group, scales, exponents, strict=True):
        x, y = _power(K, (part.a, scale), exponent, base)
        u, v = u * x + v * y * base, u * y + v * x
    if real.sign_of(base) > 0:  # log|(u + v sqrt(base)) / (u - v sqrt(base))|
        return K.is_zero(u) or K.is_zero(v)
    return K.is_zero(v) and _arguments_add_up_to_zero(real, group, exponents)


def _power(K: Field, number: tuple[Any, Any], exponent: int, base: Any) -> tuple[Any, Any]:
    """Return (u + v sqrt(base))^exponent in the same form."""
    u, v = number
    if exponent < 0:
        norm = u * u - v * v * base
        u, v = u / norm, -v / norm
    x, y = K.element(1), K.element(0)
    for _ in range(abs(exponent)):
        x, y = x * u + y * v * base, x * v + y * u
    return x, y


def _arguments_add_up_to_zero(real: RealField, group: list[QuadraticPart], exponents: list[int]) -> bool:
    """Return whether a sum of arguments, known to be a multiple of pi, is 0."""
    with working_precision(ARGUMENT_BITS):
        pairs = [(real.ball(real.coordinates(part.a)), real.ball(real.coordinates(-part.discriminant))) for part in group]
        roots = [acb(a, square.sqrt()) for a, square in pairs]
        total = sum((root.arg() * exponent for root, exponent in zip(roots, exponents, strict=True)), arb(0))
        return bool(abs(total) < 1)


# Rational numbers


def is_trivial_product(powers: list[tuple[fmpq, fmpq]]) -> bool:
    """Return whether prod x^e = 1 for positive rationals x and rational exponents e, by a base of coprime integers.

    >>> is_trivial_product([(fmpq(4), fmpq(1)), (fmpq(8), fmpq(-2, 3))])
    True
    """
    used = [(x, e) for x, e in powers if x != 1 and e != 0]
    base = _coprime_base([part for x, _ in used for part in (x.p, x.q)])
    return all(sum((e * _exponent(x, b) for x, e in used), fmpq(0)) == 0 for b in base)


def _coprime_base(integers: list[fmpz]) -> list[fmpz]:
    """Return pairwise coprime integers > 1 such that each given one is a product of their powers."""
    base: list[fmpz] = []
    pending = [x for x in integers if x > 1]
    while pending:
        x = pending.pop()
        for k, b in enumerate(base):
            common = x.gcd(b)
            if common > 1:
                base.pop(k)
                pending += [y for y in (common, x // common, b // common) if y > 1]
                break
        else:
            base.append(x)
    return base


def _exponent(x: fmpq, b: fmpz) -> int:
    """Return the exponent of a base element in a rational number."""
    exponent, numerator, denominator = 0, x.p, x.q
    while numerator % b == 0:
        numerator, exponent = numerator // b, exponent + 1
    while denominator % b == 0:
        denominator, exponent = denominator // b, exponent - 1
    return exponent
