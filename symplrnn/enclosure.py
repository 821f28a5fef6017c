"""Certified enclosures of the closed-form logarithm and of powers, and decimal digits that are all right.

Only the weights w_k = sum_{f(l)=0} l^k u(l)/d(l) are enclosed, from certified root enclosures; the rest of the closed form is
rational. Digits are printed when the ball decides them. An entry whose ball keeps containing 0 is either proved rational, by a
multiplicative identity between rationals, or reported as undecided: a small ball alone never makes it 0.

Reference: THEORY section 5, "Certified numbers".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from flint import acb, acb_poly, arb, arb_mat, fmpq, fmpq_poly, fmpz

from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import ball_matrix, certified_decimal, root_enclosures, working_precision
from symplrnn.exact.decimals import exact_decimal
from symplrnn.logarithm import Logarithm, SpectralTerm

__all__ = ["certified_digits", "exact_entries", "exact_power_entries", "logarithm_enclosure", "power_enclosure"]

GUARD_BITS = 64
MAX_DOUBLINGS = 7


def _weights(term: SpectralTerm, bits: int, u: Callable[[acb], acb]) -> list[arb]:
    """Return enclosures of sum_{f(l)=0} l^k u(l)/d(l), which are real because the roots come in conjugate pairs."""
    sums = [arb(0)] * term.degree
    denominator = acb_poly(term.denominator)
    for root in root_enclosures(term.factor, bits):
        if root.imag < 0:
            continue
        value = u(root) / denominator(root)
        for k in range(term.degree):
            sums[k] += value.real if root.imag == 0 else 2 * value.real
            value *= root
    return sums


def logarithm_enclosure(log: Logarithm, bits: int) -> arb_mat:
    """Return a ball matrix that contains log M, computed with this many bits.

    >>> from symplrnn.exact.rational import QQ
    >>> from symplrnn.logarithm import logarithm
    >>> logarithm_enclosure(logarithm(QQ, QQ.matrix([[2]])), 64)[0, 0].str(12, radius=False)
    '0.693147180560'
    """
    with working_precision(bits):
        total = ball_matrix(log.rational_part)
        for term in log.terms:
            for w, H in zip(_weights(term, bits, acb.log), term.matrices, strict=True):
                total += ball_matrix(H) * w
        return total


def power_enclosure(log: Logarithm, r: fmpq, bits: int) -> arb_mat:
    """Return a ball matrix that contains M^r = exp(r log M) for a rational r, computed with this many bits."""
    size = log.matrix.nrows()
    with working_precision(bits):
        exponent = acb(r)
        total = arb_mat(size, size)
        for term in log.terms:
            for w, H in zip(_weights(term, bits, lambda root: (root.log() * exponent).exp()), term.matrices, strict=True):
                total += ball_matrix(H) * w
        powers = (log.field.identity(size), *log.unipotent_powers)
        series = sum((power * b for power, b in zip(powers, binomials(r), strict=False)), log.matrix - log.matrix)
        return total * ball_matrix(series)


def exact_entries(log: Logarithm) -> dict[tuple[int, int], fmpq]:
    """Return the entries of log M that are rational, with their values, as far as that can be proved.

    The part of entry (i, j) that is not visibly rational is sum_f sum_{f(l)=0} log(l) e_f(l), with that entry e_f(l) of E_f(l).
    Where every e_f is a rational constant it is sum_f e_f log|N_f| with the norms N_f = |f(0)|, which is 0 iff
    prod_f N_f^{e_f} = 1.
    """
    size, one = log.matrix.nrows(), fmpq(1)
    terms = [term for term in log.terms if not (term.degree == 1 and term.factor(one) == 0)]
    found = {}
    for i in range(size):
        for j in range(size):
            constants = [constant_entry(term, i, j) for term in terms]
            powers = [(norm(term.factor), e) for term, e in zip(terms, constants, strict=True) if e is not None and e != 0]
            if None not in constants and is_trivial_product([(n, e) for n, e in powers if n != 1]):
                found[i, j] = log.rational_part[i, j]
    return found


def constant_entry(term: SpectralTerm, i: int, j: int) -> fmpq | None:
    """Return entry (i, j) of the projectors E(l) if it is the same rational number for all roots l, else None."""
    numerator, denominator = term.entry(i, j), term.denominator
    constant = fmpq(numerator[denominator.degree()]) / denominator[denominator.degree()]
    return constant if numerator == denominator * constant else None


def exact_power_entries(log: Logarithm, r: fmpq) -> dict[tuple[int, int], fmpq]:
    """Return the entries of M^r that are rational, with their values, as far as that is visible.

    An entry is a sum over the factors; it is rational where only factors with a rational root l contribute for which l^r is
    rational too. An integer power is rational altogether.
    """
    size = log.matrix.nrows()
    everywhere = [(i, j) for i in range(size) for j in range(size)]
    if r.q == 1:
        power = log.matrix ** int(r.p)
        return {(i, j): power[i, j] for i, j in everywhere}
    total, irrational = log.matrix - log.matrix, set()
    for term in log.terms:
        value = rational_power(-term.factor[0], r) if term.degree == 1 else None
        for H in term.matrices:
            parts = [H, *(H * power for power in log.unipotent_powers)]
            if value is None:
                irrational |= {(i, j) for i, j in everywhere if any(part[i, j] != 0 for part in parts)}
            else:
                total += sum((part * b for part, b in zip(parts, binomials(r), strict=False)), total - total) * value
    return {(i, j): total[i, j] for i, j in everywhere if (i, j) not in irrational}


def binomials(r: fmpq) -> Iterator[fmpq]:
    """Yield binomial(r, j) for j = 0, 1, 2, ..."""
    value = fmpq(1)
    for j in count(1):
        yield value
        value = value * (r - j + 1) / j


def rational_power(x: fmpq, r: fmpq) -> fmpq | None:
    """Return x^r for a positive rational x if it is rational, else None.

    >>> rational_power(fmpq(4, 9), fmpq(-1, 2)), rational_power(fmpq(2), fmpq(1, 2))
    (3/2, None)
    """
    degree = int(r.q)
    root = fmpq(x.p.root(degree), x.q.root(degree))
    return root ** int(r.p) if root**degree == x else None


def norm(factor: fmpq_poly) -> fmpq:
    """Return the absolute value of the product of the roots of a monic polynomial."""
    return abs(factor[0])


def is_trivial_product(powers: list[tuple[fmpq, fmpq]]) -> bool:
    """Return whether prod x^e = 1 for positive rationals x and rational exponents e, by a base of coprime integers.

    >>> is_trivial_product([(fmpq(4), fmpq(1)), (fmpq(8), fmpq(-2, 3))])
    True
    """
    base = _coprime_base([part for x, _ in powers for part in (x.p, x.q)])
    return all(sum((e * _exponent(x, b) for x, e in powers), fmpq(0)) == 0 for b in base)


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


def certified_digits(
    enclose: Callable[[int], arb_mat], exact: dict[tuple[int, int], fmpq], digits: int, what: str
) -> list[list[str]]:
    """Return every entry of a matrix to so many significant digits, each correctly rounded.

    ``enclose(bits)`` returns an enclosure; ``exact`` holds the entries that are known as rationals. The precision is doubled
    until all other entries are decided.

    Raises `PrecisionLimit` naming an entry that is not decided at the last precision.
    """
    bits = int(digits * 3.33) + GUARD_BITS
    for _ in range(MAX_DOUBLINGS):
        balls = enclose(bits)
        rows, columns = balls.nrows(), balls.ncols()
        texts = [
            [
                exact_decimal(exact[i, j], digits) if (i, j) in exact else certified_decimal(balls[i, j], digits)
                for j in range(columns)
            ]
            for i in range(rows)
        ]
        undecided = [(i, j) for i in range(rows) for j in range(columns) if texts[i][j] is None]
        if not undecided:
            return [[str(text) for text in row] for row in texts]
        bits *= 2
    i, j = undecided[0]
    raise PrecisionLimit(
        f"{what}: entry ({i + 1}, {j + 1}) is {balls[i, j].str(5)} at {bits // 2} bits, which does not decide its digits; "
        "it may be exactly 0, but that is not proved"
    )
