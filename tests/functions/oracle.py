"""Divided differences by mpmath at 700 digits: the recursion at points that are moved apart by 1e-100."""

import mpmath
from mpmath import mp

DIGITS = 700
GAP = 100


def roots_of(point, shift):
    """Return the roots of a point, moved a little: a number, or the tuple of its symmetric functions."""
    if not isinstance(point, tuple):
        return [mp.mpmathify(point) * (1 + shift)]
    e = [mp.mpmathify(x) for x in point]
    e[-1] *= 1 + shift
    if len(e) == 2:
        root = mp.sqrt(e[0] ** 2 - 4 * e[1])
        return [(e[0] + root) / 2, (e[0] - root) / 2]
    return mp.polyroots([1, *((-1) ** k * x for k, x in enumerate(e, 1))], maxsteps=500, extraprec=3 * DIGITS)


def difference(points, power=0, exponent=0, logarithms=1, digits=DIGITS, gap=GAP):
    """Return (x^m x^s log(x)^k)[points], right to 60 digits."""
    with mpmath.workdps(digits):
        x = [r for k, p in enumerate(points) for r in roots_of(p, mp.mpf(10) ** -gap * (k + 1))]
        table = [r ** (power + mp.mpmathify(exponent)) * mp.log(r) ** logarithms for r in x]
        for k in range(1, len(x)):
            table = [(table[j + 1] - table[j]) / (x[j + k] - x[j]) for j in range(len(x) - k)]
        value = table[0]
        return value.real if abs(value.imag) < abs(value.real) * mp.mpf(10) ** -(gap * 2 // 3) else value
