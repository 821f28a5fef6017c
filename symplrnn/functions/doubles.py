"""Divided differences in double precision, of arrays: right to 1e-14 wherever points lie, also where they coincide.

Three ways:

* Two points, or a pair of roots: formulas of log1p, atanh and atan2 in the difference, or the discriminant, which is computed as
  if in twice the precision.
* The integral of v^(s + m)/(v^d + e_1 v^(d-1) + ... + e_d) over v > 0, which is f[points] up to a factor: its integrand is
  positive, so nothing cancels. With v = e^w the trapezoidal rule converges like exp(-2 pi a/h), a = pi minus the greatest
  argument of the roots, and the nodes v are the same for all elements. It needs e_j >= 0: then a >= pi/D for degrees D.
* What is left, roots of negative real part and powers of great exponent, is taken from balls, one by one: 30 microseconds each.

Reference: docs/theory, section 6; proofs/oneformula.md, section 7; L. N. Trefethen, J. A. C. Weideman, The exponentially
convergent trapezoidal rule, SIAM Review 56 (2014) 385-458; T. J. Dekker, Numer. Math. 18 (1971) 224-242 (products without error).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from flint import acb, arb
from mpmath import mp

from symplrnn.exact.balls import working_precision
from symplrnn.functions.enclosures import BallPoint, Integrand, difference_enclosure

__all__ = ["numerical_difference"]

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
Points: TypeAlias = "list[list[Array]]"  # for each point the elementary symmetric functions of its roots

DECAY = 42.0  # exp(-42) is what the ends of an integral may lack
NODES = 1 << 14  # of an integral: beyond, balls are as fast
ROWS = 512  # elements that are integrated at once: memory
LOG2 = float(np.log(2.0))
BITS = 96  # of balls of which a double is the middle


def numerical_difference(points: Sequence[Any], power: int, exponent: Any = 0, logarithms: int = 0) -> Any:
    """Return (x^m x^s log(x)^k)[points] for numbers or arrays, which are broadcast; the result is not a number off the domain.

    A point that is a tuple holds the elementary symmetric functions of the roots of a polynomial. Numbers of mpmath give a number
    of mpmath at its working precision.

    >>> numerical_difference((2.0, np.array([2.0, 3.0])), 0, logarithms=1)
    array([0.5       , 0.40546511])
    """
    symmetric = [list(p) if isinstance(p, tuple) else [p] for p in points]
    flat = [*(x for p in symmetric for x in p), exponent]
    if any(hasattr(x, "_mpf_") or hasattr(x, "_mpc_") for x in flat):
        return _by_mpmath(symmetric, power, exponent, logarithms)
    if any(np.iscomplexobj(x) for x in flat):
        raise TypeError("divided differences in double precision: the arguments are real numbers")
    arrays = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in flat))
    shape, listed = arrays[0].shape, iter([np.ascontiguousarray(a).reshape(-1) for a in arrays])
    grouped = [[next(listed) for _ in p] for p in symmetric]
    with np.errstate(all="ignore"):
        value = _values(grouped, power, next(listed), logarithms)
    return value.reshape(shape)[()]


def _values(points: Points, power: int, exponent: Array, logarithms: int) -> Array:
    """Return the values for arrays of one dimension."""
    degree, total = sum(map(len, points)), exponent + power
    value = np.full(total.shape, np.nan)
    open_ = _in_domain(points)
    only_log = logarithms == 1 and not exponent.any()
    if only_log and degree == 2 and power == 0:
        found = _of_two(points[0][0], points[1][0]) if len(points) == 2 else _of_pair(*points[0])
        return np.where(open_, found, _at_zero(points))
    rows = np.flatnonzero(open_)
    if rows.size:
        found, known = _by_integral([[e[rows] for e in p] for p in points], total[rows], logarithms)
        value[rows[known]] = found[known]
        open_[rows[known]] = False
    for row in np.flatnonzero(open_):
        value[row] = _by_balls([[e[row] for e in p] for p in points], power, exponent[row], logarithms)
    return np.where(np.isnan(value) & only_log & (power == 0), _at_zero(points), value)


def _in_domain(points: Points) -> Array:
    """Return where the roots are finite and not known to meet (-oo, 0]: for more than two, only where all signs say so."""
    inside = np.ones(points[0][0].shape, dtype=bool)
    for p in points:
        for e in p:
            inside &= np.isfinite(e)
        inside &= p[-1] > 0
        if len(p) == 2:
            inside &= (p[0] > 0) | (_discriminant(*_scaled(*p)[:2]) < 0)
    return inside


def _at_zero(points: Points) -> Array:
    """Return a divided difference of log off the domain: an infinity where a root is 0 and the others are positive."""
    sign = 1.0 if sum(map(len, points)) % 2 == 0 else -1.0
    edge, zero = np.ones(points[0][0].shape, dtype=bool), np.zeros(points[0][0].shape, dtype=bool)
    for p in points:
        edge &= np.logical_and.reduce([e > 0 for e in p[:-1]] + [p[-1] >= 0])
        zero |= p[-1] == 0
    return np.where(edge & zero, sign * np.inf, np.nan)


# Two points, or a pair of roots


def _of_two(x: Array, y: Array) -> Array:
    """Return log[x, y]: log1p(r)/(x - y) with r = (x - y)/y where x - y is computed without an error."""
    gap = x - y
    close = np.abs(gap) <= 0.5 * np.minimum(x, y)
    ratio = x / y
    extreme = ~((ratio > 1e-290) & (ratio < 1e290))
    far = np.where(extreme, np.log(x) - np.log(y), np.log(ratio)) / gap
    return np.where(gap == 0, 1 / y, np.where(close, np.log1p(gap / y) / gap, far))


def _discriminant(tau: Array, delta: Array) -> Array:
    """Return tau^2 - 4 delta, with a relative error of some eps; numbers of moderate size."""
    product = tau * tau
    big = 134217729.0 * tau
    high = big - (big - tau)
    low = tau - high
    rest = ((high * high - product) + 2 * high * low) + low * low
    total: Array = (product - 4 * delta) + rest
    return total


def _scaled(tau: Array, delta: Array) -> tuple[Array, Array, Array]:
    """Return tau 2^-k, delta 2^-2k and k, so that the greater root has a size near 1."""
    k = np.frexp(np.maximum(np.abs(tau), np.sqrt(delta)))[1]
    return np.ldexp(tau, -k), np.ldexp(np.ldexp(delta, -k), -k), k


def _of_pair(tau: Array, delta: Array) -> Array:
    """Return log[p] for a pair of roots: (2/w) atanh(w/tau), or (2/w) atan2(w, tau), with w = sqrt |tau^2 - 4 delta|."""
    t, d, k = _scaled(tau, delta)
    D = _discriminant(t, d)
    w = np.sqrt(np.abs(D))
    size = np.ldexp(np.sqrt(delta), -k)
    turn = np.where(D < 0, np.arctan2(w, t), np.where(w < 0.8 * t, np.arctanh(w / t), np.log((t + w) / (2 * size))))
    return np.ldexp(np.where(w == 0, 2 / t, 2 * turn / w), -k)


# The integral


def _by_integral(points: Points, exponent: Array, logarithms: int) -> tuple[Array, Array]:
    """Return values by the trapezoidal rule, and where they are known to be accurate; exponents are s + m."""
    degree, most = sum(map(len, points)), max(map(len, points))
    left, right = exponent + 1, degree - 1 - exponent
    usable = np.logical_and.reduce([e >= 0 for p in points for e in p])
    if logarithms == 1 and not (exponent != np.round(exponent)).any():
        factor = np.where((exponent + degree) % 2 == 0, 1.0, -1.0)
    elif logarithms == 0:
        near = np.round(exponent)
        factor = np.where((near + degree) % 2 == 0, 1.0, -1.0) * np.sin(np.pi * (exponent - near)) / np.pi
    else:
        return exponent, np.zeros(exponent.shape, dtype=bool)
    usable &= (left >= 0.25) & (right >= 0.25)
    shift = np.round(np.sum([np.log2(p[-1]) for p in points], axis=0) / degree)
    usable &= np.isfinite(shift)
    shift = np.where(usable, shift, 0).astype(int)
    scaled = [[np.ldexp(e, -j * shift) for j, e in enumerate(p, 1)] for p in points]
    low = np.min([_smallest(p) for p in scaled], axis=0) - DECAY / left
    high = np.max([_greatest(p) for p in scaled], axis=0) + DECAY / right
    usable &= (np.maximum(-low, high) * degree < 680) & ((high - low) / LOG2 * 2 * most < NODES)
    steps = 2 * most * (1 + degree // 8)  # nodes for each factor 2
    value = np.full(exponent.shape, np.nan)
    rows = np.flatnonzero(usable)
    rows = rows[np.argsort(low[rows])]
    for start in range(0, rows.size, ROWS):
        part = rows[start : start + ROWS]
        first, last = np.floor(low[part].min() / LOG2 * steps), np.ceil(high[part].max() / LOG2 * steps)
        number = np.arange(first, last + 1)
        whole = np.floor(number / steps)
        v = np.ldexp(np.exp2(number / steps - whole), whole.astype(int))[None, :]
        terms = v * v ** exponent[part][:, None]
        for p in scaled:
            below = v + p[0][part][:, None]
            for e in p[1:]:
                below *= v
                below += e[part][:, None]
            terms /= below
        value[part] = terms.sum(axis=1) * (LOG2 / steps)
    value = np.ldexp(factor * value * np.ldexp(1.0, shift) ** exponent, shift * (1 - degree))
    return value, usable & np.isfinite(value) & ((value != 0) | (factor == 0))


def _greatest(symmetric: Sequence[Array]) -> Array:
    """Return the logarithm of a bound of the roots (Fujiwara)."""
    if len(symmetric) == 1:
        return np.log(symmetric[0])
    bound: Array = LOG2 + np.max([np.log(e) / j for j, e in enumerate(symmetric, 1)], axis=0)
    return bound


def _smallest(symmetric: Sequence[Array]) -> Array:
    """Return the logarithm of a lower bound of the roots: one over a bound of the reciprocals."""
    return -_greatest([*(e / symmetric[-1] for e in symmetric[-2::-1]), 1 / symmetric[-1]])


# Balls


def _by_balls(points: Sequence[Sequence[float]], power: int, exponent: float, logarithms: int) -> float:
    numbers = [tuple(float(x) for x in p) for p in points]
    value = _enclosed(numbers, [[acb(x) for x in p] for p in numbers], power, acb(float(exponent)), logarithms, BITS)
    return float(value.real.mid()) if value.is_finite() and value.imag.contains(arb(0)) else float("nan")


def _enclosed(
    numbers: Sequence[Any], balls: Sequence[Sequence[acb]], power: int, exponent: acb, logarithms: int, bits: int
) -> acb:
    points = [BallPoint(numbers.index(x), tuple(p)) for x, p in zip(numbers, balls, strict=True)]
    with working_precision(bits):
        return difference_enclosure(lambda: points, lambda: Integrand(power, None if exponent == 0 else exponent, logarithms))


def _by_mpmath(points: Sequence[Sequence[Any]], power: int, exponent: Any, logarithms: int) -> Any:
    bits = mp.prec + 16
    with working_precision(4 * bits):
        balls, s = [[_ball(x) for x in p] for p in points], _ball(exponent)
    value = _enclosed(points, balls, power, s, logarithms, bits)
    parts = [mp.ldexp(*map(int, x.mid().man_exp())) if x.is_finite() else mp.nan for x in (value.real, value.imag)]
    return parts[0] if value.imag.is_zero() else mp.mpc(*parts)


def _ball(x: Any) -> acb:
    number = mp.mpmathify(x)
    parts = [part._mpf_[:3] for part in (number.real, number.imag)]
    return acb(*(arb(-int(m) if negative else int(m)) * arb(2) ** int(e) for negative, m, e in parts))
