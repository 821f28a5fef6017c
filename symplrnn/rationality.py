"""Which entries of log M are rational? Decided by identities between algebraic numbers, where eigenvalues have degree 1 or 2.

No enclosure, however small, proves that a number is 0. Entry (i, j) of log M is R_ij + sum_f sum_{f(l)=0} log(l) e_f(l), with
that entry e_f(l) of the projector E_f(l). The sum is taken apart into logarithms of positive rationals and, for
f = x^2 - 2 a x + c with roots l = a +- sqrt(D), D = a^2 - c, and e_f(l) = e_0 + e_1 l,

    sum_{f(l)=0} log(l) e_f(l) = (e_0 + a e_1) log|c| + e_1 sqrt|D| L,     L = log|l_1/l_2|  or  L = -2 arg(l),

for the real part of the logarithm if a root is negative. It vanishes if prod N^e = 1 over the rationals N with their exponents
e, and if for each field Q(sqrt D_0) the sum of the e_1 sqrt|D| L vanishes. With the integers n proportional to the e_1
sqrt(D/D_0) and p = prod l^n, that is so for real roots if p is rational or a rational multiple of sqrt D_0 (then p over its
conjugate is 1 or -1), and for complex ones if p is rational and the arguments add up to 0, not to another multiple of pi.
Entries for which this is not enough are left undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from flint import acb, arb, fmpq, fmpz

from symplrnn.exact.balls import working_precision
from symplrnn.logarithm import Logarithm, SpectralTerm

__all__ = ["is_trivial_product", "rational_entries"]

MAX_EXPONENT = 1000
ARGUMENT_BITS = 128


@dataclass(frozen=True)
class QuadraticPart:
    """e_1 times the irrational logarithm L of the roots a +- sqrt(D) of a factor."""

    a: fmpq
    discriminant: fmpq
    coefficient: fmpq


def rational_entries(log: Logarithm, turns: Mapping[tuple[int, int], fmpq] | None = None) -> dict[tuple[int, int], fmpq]:
    """Return the entries of log M, or of its real part, that are proved to be rational, with their values.

    ``turns`` holds rational multiples of pi that are to be added to entries.

    >>> from symplrnn.exact.rational import QQ
    >>> from symplrnn.logarithm import logarithm
    >>> rational_entries(logarithm(QQ, QQ.matrix([[fmpq(5, 4), fmpq(3, 4)], [fmpq(3, 4), fmpq(5, 4)]])))
    {(0, 0): 0, (1, 1): 0}
    """
    size, one = log.matrix.nrows(), fmpq(1)
    terms = [term for term in log.terms if not (term.degree == 1 and term.factor(one) == 0)]  # log 1 = 0
    everywhere = [(i, j) for i in range(size) for j in range(size)]
    return {(i, j): log.rational_part[i, j] for i, j in everywhere if _logarithms_cancel(terms, i, j, (turns or {}).get((i, j)))}


def _logarithms_cancel(terms: Iterable[SpectralTerm], i: int, j: int, turn: fmpq | None) -> bool:
    """Return whether the sum of all logarithms in entry (i, j), and of a multiple of pi, is proved to be 0."""
    powers: list[tuple[fmpq, fmpq]] = []
    # pi = 2 arg(i), and i is a root of x^2 + 1.
    quadratic = [QuadraticPart(fmpq(0), fmpq(-1), -turn)] if turn else []
    for term in terms:
        norm = abs(term.factor[0])
        constant = constant_entry(term, i, j)
        if constant is not None:
            powers.append((norm, constant))
        elif term.degree == 2:
            entry, a = term.entry(i, j), -term.factor[1] / 2
            powers.append((norm, entry[0] + a * entry[1]))
            quadratic.append(QuadraticPart(a, a * a - term.factor[0], fmpq(entry[1])))
        else:
            return False
    return is_trivial_product(powers) and all(_field_part_is_zero(group) for group in _by_field(quadratic))


def constant_entry(term: SpectralTerm, i: int, j: int) -> fmpq | None:
    """Return entry (i, j) of the projectors E(l) if it is the same rational number for all roots l, else None."""
    numerator, denominator = term.entry(i, j), term.denominator
    constant = fmpq(numerator[denominator.degree()]) / denominator[denominator.degree()]
    return constant if numerator == denominator * constant else None


# Quadratic fields


def _by_field(parts: list[QuadraticPart]) -> list[list[QuadraticPart]]:
    """Group parts whose discriminants differ by a rational square."""
    groups: list[list[QuadraticPart]] = []
    for part in (part for part in parts if part.coefficient != 0):
        home = next((g for g in groups if _square_root(part.discriminant / g[0].discriminant) is not None), None)
        if home is None:
            groups.append([part])
        else:
            home.append(part)
    return groups


def _square_root(x: fmpq) -> fmpq | None:
    """Return the positive square root of a rational number if it is rational, else None."""
    if x < 0:
        return None
    root = fmpq(x.p.root(2), x.q.root(2))
    return root if root * root == x else None


def _field_part_is_zero(group: list[QuadraticPart]) -> bool:
    """Return whether sum e_1 sqrt|D| L over the factors of one quadratic field Q(sqrt D_0) is proved to be 0."""
    base = group[0].discriminant
    scales = [_square_root(part.discriminant / base) or fmpq(0) for part in group]
    weights = [part.coefficient * scale for part, scale in zip(group, scales, strict=True)]
    common = fmpz(1)
    for weight in weights:
        common = common.lcm(weight.q)
    integers = [(weight * common).p for weight in weights]
    divisor = reduce(fmpz.gcd, integers, fmpz(0))
    exponents = [int(x // divisor) for x in integers]
    if max(map(abs, exponents)) > MAX_EXPONENT:
        return False
    u, v = fmpq(1), fmpq(0)
    for part, scale, exponent in zip(group, scales, exponents, strict=True):
        x, y = _power(part.a, scale, exponent, base)
        u, v = u * x + v * y * base, u * y + v * x
    if base > 0:  # log|(u + v sqrt(base)) / (u - v sqrt(base))|
        return u == 0 or v == 0
    return v == 0 and _arguments_add_up_to_zero(group, exponents)


def _power(u: fmpq, v: fmpq, exponent: int, base: fmpq) -> tuple[fmpq, fmpq]:
    """Return (u + v sqrt(base))^exponent in the same form."""
    if exponent < 0:
        norm = u * u - v * v * base
        u, v = u / norm, -v / norm
    x, y = fmpq(1), fmpq(0)
    for _ in range(abs(exponent)):
        x, y = x * u + y * v * base, x * v + y * u
    return x, y


def _arguments_add_up_to_zero(group: list[QuadraticPart], exponents: list[int]) -> bool:
    """Return whether a sum of arguments, known to be a multiple of pi, is 0."""
    with working_precision(ARGUMENT_BITS):
        roots = [acb(arb(part.a), arb(-part.discriminant).sqrt()) for part in group]
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
