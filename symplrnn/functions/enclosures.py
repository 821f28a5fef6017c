"""Certified values of divided differences: balls that contain f[points] for f = x^m x^s log(x)^k.

Where the points are seen to be apart, the recursion f[x_1, ..., x_r] = (f[x_2, ...] - f[x_1, ..., x_(r-1)])/(x_r - x_1) is
evaluated, with Taylor coefficients for points that are the same expression. What cancels in it is seen in the radius of the ball,
and the precision is raised. Points that no precision tells apart take a way that divides by nothing which vanishes:

    (x^m log)[points] = (-1)^d * the integral of (t - 1)^m t^(d - m - 2)/q(t) over 0 <= t <= 1

with q(t) the product of 1 + t (l - 1) over the roots l, d of them, d >= m + 2. For powers f[points] is an entry of f(C), where C
is the companion matrix of the points, f(C) = log(C)^k exp(s log C), and log C is C - I times the integral of the inverse of
I + t (C - I) over 0 <= t <= 1.

Reference: docs/theory, section 6; proofs/oneformula.md, sections 1, 2 and 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import frexp

from flint import acb, acb_mat, acb_series, arb, ctx

from symplrnn import limits
from symplrnn.exact.balls import isolated_roots, working_precision

__all__ = ["BallPoint", "Integrand", "difference_enclosure"]

GUARD_BITS = 32
SLACK_BITS = 8  # bits of the working precision that a value may lack
SCALE_BITS = 4096  # bits of the size of points beyond which they are not scaled


@dataclass(frozen=True)
class Integrand:
    """The function x^m x^s log(x)^k; None for s stands for 0."""

    power: int
    exponent: acb | None = None
    logarithms: int = 0

    def taylor(self, point: acb, terms: int) -> list[acb]:
        """Return Taylor coefficients at a point."""
        before, ctx.cap = ctx.cap, terms
        try:
            x = acb_series([point, 1], prec=terms)
            log = x.log() if self.exponent is not None or self.logarithms else x
            value = acb_series([1], prec=terms)
            for factor, times in ((x, self.power), (log, self.logarithms)):
                for _ in range(times):
                    value *= factor
            if self.exponent is not None:
                value *= (self.exponent * log).exp()
            return [value[k] for k in range(terms)]
        finally:
            ctx.cap = before

    @property
    def is_real(self) -> bool:
        """Whether the function is known to take conjugate values at conjugate numbers."""
        return self.exponent is None or bool(self.exponent.imag.is_zero())


@dataclass(frozen=True)
class BallPoint:
    """The roots of x^d - e_1 x^(d-1) + e_2 x^(d-2) - ...; equal labels mark the same point."""

    label: int
    symmetric: tuple[acb, ...]

    def factor(self, t: acb, u: acb) -> acb:
        """Return the product of u + t l over the roots l."""
        total, power = acb(1), t
        for e in self.symmetric:
            total = total * u + e * power
            power *= t
        return total

    @property
    def is_real(self) -> bool:
        """Whether the coefficients are known to be real."""
        return all(e.imag.is_zero() for e in self.symmetric)

    @property
    def may_be_negative(self) -> bool:
        """Whether a root is not known to be off (-oo, 0]; for more than two roots, whether one is known to be there."""
        if not self.is_real:
            return False
        if len(self.symmetric) > 2:
            return not all(map(_is_off_negative_axis, self.roots() or ()))
        first, last = self.symmetric[0].real, self.symmetric[-1].real
        return not ((first > 0 and last > 0) or (len(self.symmetric) == 2 and first * first < 4 * last))

    def roots(self) -> list[acb] | None:
        """Return disjoint enclosures of the roots; None if the precision does not tell them apart."""
        if len(self.symmetric) == 1:
            return list(self.symmetric)
        if not self.is_real:
            return None
        e = [x.real for x in self.symmetric]
        if len(e) > 2:
            return isolated_roots(
                [x if k % 2 == 0 else -x for k, x in zip(range(len(e), -1, -1), [*e[::-1], arb(1)], strict=True)]
            )
        discriminant = e[0] * e[0] - 4 * e[1]
        if discriminant < 0:
            root = acb(e[0], (-discriminant).sqrt()) / 2
            return [root, root.conjugate()]
        if discriminant > 0 and e[0] != 0:
            larger = (e[0] + (discriminant.sqrt() if e[0] > 0 else -discriminant.sqrt())) / 2
            return [acb(larger), acb(e[1] / larger)]
        return None


def difference_enclosure(points: Callable[[], Sequence[BallPoint]], function: Callable[[], Integrand]) -> acb:
    """Return a ball that contains a divided difference, at the working precision.

    Points and function are enclosed again at each precision that is tried. Not a number where no way leads to a value, such as
    for a pair of roots on the negative real axis.

    >>> two = [BallPoint(0, (acb(2),)), BallPoint(1, (acb(2) + acb(2) ** -200,))]
    >>> difference_enclosure(lambda: two, lambda: Integrand(0, logarithms=1)).real.str(10, radius=False)
    '0.5000000000'
    """
    goal, best = ctx.prec - SLACK_BITS, acb(arb.nan())
    ways: tuple[tuple[Callable[[Sequence[BallPoint], Integrand], acb], tuple[int, ...]], ...] = (
        (_recursion, (1, 2, 5)),
        (_without_division, (1, 2, 5)),
    )
    for way, factors in ways:
        for factor in factors:
            with working_precision(factor * ctx.prec + GUARD_BITS):
                value = way(points(), function())
            if not best.is_finite() or value.rel_accuracy_bits() > best.rel_accuracy_bits():
                best = value
            if best.is_finite() and best.rel_accuracy_bits() >= goal:
                return best
    return best


def _recursion(points: Sequence[BallPoint], function: Integrand) -> acb:
    """Return the divided difference by the recursion; not a number unless the points are seen to be apart."""
    nodes: list[tuple[tuple[int, int], acb]] = []
    real = function.is_real
    for point in points:
        roots = point.roots()
        if roots is None or (function.exponent is None and len(roots) > 1 and not all(map(_is_off_negative_axis, roots))):
            return acb(arb.nan())
        real = real and point.is_real and all(map(_is_off_negative_axis, roots))
        nodes += [((point.label, k), x) for k, x in enumerate(roots)]
    nodes.sort(key=lambda node: node[0])
    taylor = {}
    for name, x in nodes:
        if name not in taylor:
            taylor[name] = function.taylor(x, sum(other == name for other, _ in nodes))
    table = [taylor[name][0] for name, _ in nodes]
    for k in range(1, len(nodes)):
        for j in range(len(nodes) - k):
            (first, x), (last, y) = nodes[j], nodes[j + k]
            table[j] = taylor[first][k] if first == last else (table[j + 1] - table[j]) / (y - x)
    return acb(table[0].real) if real else table[0]


def _is_off_negative_axis(x: acb) -> bool:
    return not x.imag.contains(arb(0)) or bool(x.imag.is_zero() and x.real > 0)


def _without_division(points: Sequence[BallPoint], function: Integrand) -> acb:
    """Return the divided difference by integrals; not a number where a point is not known to be off the negative axis."""
    if any(p.may_be_negative for p in points):
        return acb(arb.nan())
    degree, real = sum(len(p.symmetric) for p in points), function.is_real and all(p.is_real for p in points)
    if function.exponent is None and function.logarithms == 1 and degree >= function.power + 2:
        scale = _scale(points)
        near = [BallPoint(p.label, tuple(e * scale**k for k, e in enumerate(p.symmetric, 1))) for p in points]
        integral = _integral(near, function.power, degree - function.power - 2)
        value = integral * scale ** (degree - function.power - 1) * (-1) ** (degree + function.power)
    else:
        value = _companion_entry(points, degree, function)
    return acb(value.real) if real else value


def _scale(points: Sequence[BallPoint]) -> acb:
    """Return a power of 2 near one over the geometric mean of the sizes of the roots."""
    bits, roots = 0, 0
    for p in points:
        size = abs(p.symmetric[-1].mid())
        if not 0 < size < arb(2) ** SCALE_BITS:
            return acb(1)
        bits += frexp(float(size.mid()))[1]
        roots += len(p.symmetric)
    return acb(2) ** round(-bits / roots)


def _integral(points: Sequence[BallPoint], below: int, above: int) -> acb:
    """Return the integral of (1 - t)^below t^above/q(t) over 0 <= t <= 1."""

    def integrand(t: acb, _: bool) -> acb:
        u = 1 - t
        value = acb(1)
        for p in points:
            value *= p.factor(t, u)
        return u**below * t**above / value

    known = max(8, min(ctx.prec, *(e.rel_accuracy_bits() for p in points for e in p.symmetric)))  # more cannot be had
    relative, absolute, values = arb(2) ** -known, arb(2) ** (-8 * ctx.prec), limits.INTEGRAND_VALUES * ctx.prec
    return acb.integral(integrand, 0, 1, rel_tol=relative, abs_tol=absolute, eval_limit=values)


def _companion_entry(points: Sequence[BallPoint], degree: int, function: Integrand) -> acb:
    """Return entry (d, 1) of f(C) for the companion matrix C of the points, which is f[points]."""
    polynomial = [acb(1)]  # the coefficients of x^d, x^(d-1), ...
    for p in points:
        own = [acb(1), *((-1) ** k * e for k, e in enumerate(p.symmetric, 1))]
        product = [acb(0)] * (len(polynomial) + len(own) - 1)
        for i, a in enumerate(polynomial):
            for j, b in enumerate(own):
                product[i + j] += a * b
        polynomial = product
    C = acb_mat(degree, degree)
    for k in range(degree):
        if k + 1 < degree:
            C[k + 1, k] = acb(1)
        C[k, degree - 1] = -polynomial[degree - k]
    log = _logarithm(C, points)
    value = (log * (function.exponent or acb(0))).exp()
    for _ in range(function.logarithms):
        value = log * value
    for _ in range(function.power):
        value = C * value
    entry: acb = value[degree - 1, 0]
    return entry


def _logarithm(C: acb_mat, points: Sequence[BallPoint]) -> acb_mat:
    """Return log C = N times the sum of iota_k B_k, B_k = e_k I - N B_(k-1), e_k the symmetric functions of N = C - I."""
    n = C.nrows()
    unit = acb_mat(n, n, [acb(int(i == j)) for i in range(n) for j in range(n)])
    N, B, total = C - unit, unit, acb_mat(n, n)
    for k in range(n):
        if k:
            product = N * B
            B = unit * (product.trace() / k) - product
        total += B * _integral(points, 0, k)
    return N * total
