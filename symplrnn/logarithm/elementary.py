"""The numbers that are not algebraic in a closed form, each with its matrix over K, collected as a person would write them.

A factor of degree 1 or 2 with the root l, or the roots a +- i b with c = a^2 + b^2, or real roots l1, l2, adds to entry (i, j) of
the logarithm and of the power r, with the projector E(l) = H_0 + l H_1,

    H_0 log|l|,                                             H_0 l^r
    (H_0 + a H_1) log c - 2 b H_1 arg(l),                   2 c^(r/2) ((H_0 + a H_1) cos(r arg l) - b H_1 sin(r arg l))
    (H_0 + a H_1) log|c| + (l1 - l2)/2 H_1 log|l1/l2|,      (H_0 + l1 H_1) l1^r + (H_0 + l2 H_1) l2^r

- Logarithms of numbers x, y in K with x^q = y^p are multiples of one of them, and a root of a rational number is written by it.
- arg(l) is a rational multiple of pi iff l^2/c is a root of unity, 2 cos(2 arg l) = 4 a^2/c - 2. If K has degree d over Q, its
  order m has phi(m) <= 2 d. Enclosures say which m it may be; v_m = 2, with v_0 = 2, v_1 = 4 a^2/c - 2, v_(k+1) = v_1 v_k -
  v_(k-1), decides it: v_k = 2 cos(2 k arg l).

Reference: I. Niven, Irrational Numbers, 1956, chapter 3 (cosines of rational multiples of pi).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq, fmpz

from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.real import RealField, real_field
from symplrnn.exact.reading.exponentials import Exponential, exponent_of
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.exact_entries import square_root

__all__ = [
    "Part",
    "argument",
    "imaginary_part",
    "joined_logarithms",
    "log_of",
    "logarithm_parts",
    "power_parts",
    "quadratic",
    "rational_power",
]

BITS = 256  # of the enclosures that say which relations there may be
EXPONENT = 48  # in a relation x^q = y^p
JOINED = 128  # bits of a number in a logarithm that is joined with others
LONG = 400  # bits of a number for which no relations are looked for


def log_of(x: sp.Expr) -> sp.Expr:
    """Return the logarithm of a positive number or function, that of a factor exp(r) as r.

    >>> log_of(sp.exp(sp.Rational(-1, 10)) / 2), log_of(sp.sqrt(2))
    (-log(2) - 1/10, log(sqrt(2)))
    """
    rest, total = sp.Integer(1), sp.Integer(0)
    for factor in sp.Mul.make_args(x):
        base, power = factor.as_base_exp()
        r = exponent_of(factor)
        if r is not None:
            total += r
        elif isinstance(base, Exponential):
            total += base.exponent * power
        else:
            rest *= factor
    return sp.log(rest) + total


def joined_logarithms(total: sp.Expr) -> sp.Expr:
    """Return a sum with one logarithm for those of positive rational numbers whose coefficients are equal, or opposite.

    >>> joined_logarithms(5 * sp.log(2) + 5 * sp.log(sp.Rational(3, 2))), joined_logarithms(2 * sp.log(3) - 2 * sp.log(2) + 1)
    (5*log(3), 2*log(3/2) + 1)
    """
    if not total.is_Add:
        return total
    found: dict[sp.Rational, sp.Rational] = {}
    rest = []
    for term in total.args:
        c, x = term.as_coeff_Mul()
        if isinstance(x, sp.log) and x.args[0].is_Rational and _bits(x.args[0]) < JOINED:
            found[abs(c)] = found.get(abs(c), sp.Integer(1)) * x.args[0] ** sp.sign(c)
        else:
            rest.append(term)
    if len(found) + len(rest) == len(total.args):
        return total
    return sp.Add(*rest, *(c * sp.log(x) if x >= 1 else -c * sp.log(1 / x) for c, x in found.items()))


def _bits(x: sp.Rational) -> int:
    return int(x.p).bit_length() + int(x.q).bit_length()


def quadratic(term: SpectralTerm) -> tuple[sp.Expr, sp.Expr, sp.Expr, bool]:
    """Return a, c, q and whether the roots are real, for f = x^2 - 2 a x + c with roots a +- q, or a +- i q."""
    K, f = term.field, term.factor
    a = -f[1] / K.element(2)
    D = a * a - f[0]
    real = term.real.sign_of(D) > 0
    return K.to_sympy(a), K.to_sympy(f[0]), sp.sqrt(K.to_sympy(D if real else -D)), real


# Angles


def argument(term: SpectralTerm) -> sp.Expr:
    """Return arg(l), between 0 and pi, for the complex roots of a factor of degree 2: a multiple of pi if it is a rational one.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> K = field_of([sp.cos(sp.pi / 5)])
    >>> f = K.polynomial([K.element(1), K.element(-2 * sp.cos(sp.pi / 5)), K.element(1)])
    >>> argument(SpectralTerm(K, f, (), K.polynomial([K.element(1)])))
    pi/5
    """
    a, _, q, _ = quadratic(term)
    turn = _rational_turn(term)
    return sp.atan2(q, a) if turn is None else sp.pi * turn


def _rational_turn(term: SpectralTerm) -> sp.Rational | None:
    """Return arg(l)/pi if it is rational."""
    K, f, real = term.field, term.factor, term.real
    a = -f[1] / K.element(2)
    first = K.element(4) * a * a / f[0] - K.element(2)
    with working_precision(BITS):
        x, y = real.ball(real.coordinates(a)), real.ball(real.coordinates(f[0] - a * a)).sqrt()
        turn = acb(x, y).arg() / arb.pi()
        found = _multiple(turn, 2 * real.degree)
    if found is None:
        return None
    k, m = found
    before, value = K.element(2), first
    for _ in range(m - 1):
        before, value = value, first * value - before
    return sp.Rational(k, m) if K.is_zero(value - K.element(2)) else None


def _multiple(turn: arb, degree: int) -> tuple[int, int] | None:
    """Return the one k/m with a totient of m of at most ``degree`` that a ball in (0, 1) may be; None if there is none."""
    for m in range(2, 2 * degree * degree + 1):  # phi(m) >= sqrt(m/2)
        k = (turn * m).unique_fmpz()
        if k is not None and gcd(int(k), m) == 1 and int(fmpz(m).euler_phi()) <= degree:
            return int(k), m
    return None


# Logarithms


@dataclass(frozen=True, eq=False)
class Part:
    """A number w times a matrix E + q F, with E and F over K.

    Attributes
    ----------
    weight : SymPy expression
        w.
    matrix : K matrix
        E.
    root : SymPy expression
        q; 0 if there is no F.
    other : K matrix or None
        F.
    """

    weight: sp.Expr
    matrix: Any
    root: sp.Expr = sp.S.Zero
    other: Any = None

    def coefficient(self, K: Field, i: int, j: int) -> sp.Expr:
        """Return entry (i, j) of E + q F."""
        first = K.to_sympy(self.matrix[i, j])
        return first if self.other is None else first + self.root * K.to_sympy(self.other[i, j])

    def adds_to(self, K: Field, i: int, j: int) -> bool:
        """Return whether entry (i, j) of E or F is not 0."""
        return any(part is not None and not K.is_zero(part[i, j]) for part in (self.matrix, self.other))

    def times(self, factor: sp.Expr, power: Any) -> Part:
        """Return the part with w factor and (E + q F) power."""
        return Part(self.weight * factor, self.matrix * power, self.root, None if self.other is None else self.other * power)


@dataclass
class _Base:
    """A positive number x of K, not 1, with log x and pairs (ratio, E), whose sum of ratio E belongs to log x."""

    number: Any
    log: arb
    matrices: list[tuple[fmpq, Any]]


def _of_one_base(real: RealField, logs: Sequence[tuple[Any, Any]]) -> list[Part]:
    """Return the sum of log(x) E over pairs (x, E), with as few different logarithms as relations x^q = y^p allow.

    Over Q numbers stay as they are where no entry has the logarithms of both. That of exp(r) x is r and the logarithm of x.
    """
    K, bases, linear = real.field, list[_Base](), list[Part]()
    with working_precision(BITS):
        for whole, E in logs:
            exponent, x = real.without_exponential(whole)
            if exponent != 0:
                linear.append(Part(to_sympy(exponent), E))
            if K.is_zero(x - K.element(1)):
                continue
            number, root = rational_power(real, x)
            log = real.ball(real.coordinates(number)).log()
            for base in bases:
                ratio = _ratio(real, number, log, base)
                if ratio is not None and (not real.is_rational or any(_meet(K, E, other) for _, other in base.matrices)):
                    base.matrices.append((ratio * root, E))
                    break
            else:
                bases.append(_Base(number, log, [(root, E)]))
    return linear + [_part(real, base) for base in bases]


def _meet(K: Field, E: Any, F: Any) -> bool:
    """Return whether two matrices have an entry that is 0 in neither."""
    return any(not K.is_zero(x) and not K.is_zero(y) for x, y in zip(E.entries(), F.entries(), strict=True))


def _part(real: RealField, base: _Base) -> Part:
    """Return the logarithm of a base with its matrix; if it is shared, of a number that is no power of another one."""
    K, number, scale = real.field, base.number, fmpq(1)
    value = real.rational(number)
    if value is not None and (len(base.matrices) > 1 or base.matrices[0][0] != 1):
        value, exponent = _no_power(value)
        number, scale = K.element(value), fmpq(exponent)
    parts = [E * K.element(ratio * scale) for ratio, E in base.matrices]
    return Part(log_of(K.to_sympy(number)), sum(parts[1:], parts[0]))


def _no_power(x: fmpq) -> tuple[fmpq, int]:
    """Return y and the k of largest size with x = y^k, for a positive rational x; k < 0 if 1/x is an integer.

    >>> _no_power(fmpq(8, 27)), _no_power(fmpq(1, 9))
    ((2/3, 3), (3, -2))
    """
    if x.p == 1 < x.q:
        y, k = _no_power(1 / x)
        return y, -k
    for k in range(max(x.p.bit_length(), x.q.bit_length()), 1, -1):
        y = fmpq(x.p.root(k), x.q.root(k))
        if y**k == x:
            return y, k
    return x, 1


def rational_power(real: RealField, x: Any) -> tuple[Any, fmpq]:
    """Return y and 1/k with x = y^(1/k) for the least k that makes y rational; x and 1 if there is none.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> K = field_of([sp.sqrt(2)])
    >>> y, root = rational_power(real_field(K), K.element(sp.sqrt(2) / 2))
    >>> K.to_sympy(y), root
    (1/2, 1/2)
    """
    power = x
    for k in range(1, real.degree + 1):
        power = power * x if k > 1 else power
        if real.rational(power) is not None:
            return power, fmpq(1, k)
    return x, fmpq(1)


def _ratio(real: RealField, x: Any, log: arb, base: _Base) -> fmpq | None:
    """Return log x / log y if it is p/q with small p and q: x^q = y^p."""
    K, ratio = real.field, log / base.log
    if max(map(real.bits, (x, base.number))) > LONG:
        return None
    for q in range(1, EXPONENT + 1):
        p = (ratio * q).unique_fmpz()
        if p is not None:
            left, right = x**q, base.number ** abs(int(p))
            same = abs(int(p)) <= EXPONENT and K.is_zero(left - right if p > 0 else left * right - K.element(1))
            return fmpq(p, q) if same else None
    return None


Weights = Callable[[SpectralTerm], Sequence[sp.Expr]]


def logarithm_parts(log: Logarithm, large: Weights) -> list[Part]:
    """Return the parts of log M - R, or of its real part; ``large`` gives the weights of factors of degree 3 and more.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> log = logarithm(QQ, QQ.matrix([[2, 1], [0, 8]]))
    >>> [(part.weight, part.matrix.tolist()) for part in logarithm_parts(log, lambda term: ())]
    [(log(2), [[1, 1/3], [0, 3]])]
    """
    K, logs, others = log.field, list[tuple[Any, Any]](), list[Part]()
    for term in log.terms:
        size = term.factor[0] if term.real.sign_of(term.factor[0]) > 0 else -term.factor[0]
        if term.degree > 2:
            others += [Part(w, H) for w, H in zip(large(term), term.matrices, strict=True)]
        elif term.degree == 1:
            logs.append((size, term.matrices[0]))
        else:
            (middle, H), (a, _, q, real) = _around_the_middle(term), quadratic(term)
            logs.append((size, middle))
            if not real:
                q, H = imaginary_part(term)
                others.append(Part(q * argument(term), H * K.element(-2)))
            elif not K.is_zero(size - K.element(1)):
                others.append(Part(q * (sp.log(abs(a + q)) - sp.log(abs(a - q))), H))
            else:  # |l2| = 1/|l1|; the larger one
                others.append(Part(2 * q * sp.log(a + q) if a > 0 else -2 * q * sp.log(q - a), H))
    return _of_one_base(real_field(K), logs) + others


def _around_the_middle(term: SpectralTerm) -> tuple[Any, Any]:
    """Return H_0 + a H_1 and H_1, with E(l) = (H_0 + a H_1) + (l - a) H_1."""
    first, second = term.matrices
    return first + second * (-term.factor[1] / term.field.element(2)), second


def imaginary_part(term: SpectralTerm) -> tuple[sp.Expr, Any]:
    """Return q and H with the imaginary part q H of E(l) at a + i q, for the complex roots of a factor of degree 2.

    If q is in K, it is put into H.
    """
    K, H = term.field, term.matrices[1]
    a = -term.factor[1] / K.element(2)
    root = square_root(term.real, term.factor[0] - a * a)
    return (quadratic(term)[2], H) if root is None else (sp.Integer(1), H * K.element(root))


def power_parts(log: Logarithm, r: sp.Expr, large: Weights) -> list[Part]:
    """Return the parts of S^r, or of its real part, for a real exponent r and the semisimple part S of M; see `logarithm_parts`.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> log = logarithm(QQ, QQ.matrix([[1, -1], [1, 1]]))
    >>> [(part.weight, part.matrix.tolist()) for part in power_parts(log, sp.Symbol("r"), lambda term: ())]
    [(2**(r/2)*cos(pi*r/4), [[1, 0], [0, 1]]), (2**(r/2)*sin(pi*r/4), [[0, -1], [1, 0]])]
    """
    K, found = log.field, list[Part]()
    for term in log.terms:
        if term.degree > 2:
            found += [Part(w, H) for w, H in zip(large(term), term.matrices, strict=True)]
        elif term.degree == 1:
            found.append(Part(_power_of(term, -term.factor[0], r), term.matrices[0]))
        else:
            (middle, H), (a, _, q, real) = _around_the_middle(term), quadratic(term)
            if real:
                found += [Part(real_power(a + s * q, r), middle, s * q, H) for s in (1, -1)]
            else:
                size, angle, (q, H) = _power_of(term, term.factor[0], r / 2), argument(term) * r, imaginary_part(term)
                found.append(Part(size * sp.cos(angle), middle * K.element(2)))
                found.append(Part(size * q * sp.sin(angle), H * K.element(-2)))
    return found


def _power_of(term: SpectralTerm, x: Any, r: sp.Expr) -> sp.Expr:
    """Return the real part of x^r for a number x of K, by the rational number whose root |x| is, if it is one."""
    real, K = term.real, term.field
    positive = real.sign_of(x) > 0
    number, root = rational_power(real, x if positive else -x)
    value = real.rational(number)
    if value is not None and (term.degree == 2 or root != 1):  # (1/2048)^(r/2) is 2^(-11 r/2)
        value, exponent = _no_power(value)
        number, root = K.element(value), root * exponent
    size = K.to_sympy(number) ** (to_sympy(root) * r)
    return size if positive else size * sp.cos(sp.pi * r)


def real_power(x: sp.Expr, r: sp.Expr) -> sp.Expr:
    """Return the real part of x^r for a real number x that is not 0.

    >>> real_power(sp.Integer(-2), sp.Symbol("r"))
    2**r*cos(pi*r)
    """
    return x**r if x > 0 else (-x) ** r * sp.cos(sp.pi * r)
