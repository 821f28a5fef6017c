"""Reads the closed form out of a certificate as docs/certificates.md says, at 60 digits, and makes a step with it.

It shares nothing with the package: mpmath finds the roots and the exponential.
"""

from fractions import Fraction

import mpmath as mp

DIGITS = 60


def number(text):
    value = Fraction(text)
    return mp.mpf(value.numerator) / value.denominator


def matrix(shared):
    return mp.matrix([[number(x) for x in row] for row in shared["rows"]]) / number(shared["denominator"])


def polynomial(texts, x):
    return mp.polyval([number(text) for text in texts[::-1]], x)


def at_root(matrices, x):
    return sum((x**k * matrix(Z) for k, Z in enumerate(matrices[1:], 1)), matrix(matrices[0]))


def vectors(shared_vectors, x):
    """Return lists of numbers from vectors that depend on a root."""
    return [[mp.polyval([row[j] for row in rows][::-1], x) for j in range(len(rows[0]))] for rows in map(_rows, shared_vectors)]


def _rows(shared):
    Z = matrix(shared)
    return [[Z[i, j] for j in range(Z.cols)] for i in range(Z.rows)]


def region_matrix(document, pattern):
    """Return F, the map of a region on (z, 1, s)."""
    A, W, h, C, V, b = ([[number(x) for x in row] for row in document["network"][name]] for name in "AWhCVb")
    n, m, on = len(A), len(C[0]), [i for i, digit in enumerate(pattern) if digit == "1"]
    F = mp.eye(n + 1 + m)
    for i in range(n):
        for j in range(n):
            F[i, j] = A[i][j] + sum(W[i][k] * V[k][j] for k in on)
        F[i, n] = h[i][0] + sum(W[i][k] * b[k][0] for k in on)
        for j in range(m):
            F[i, n + 1 + j] = C[i][j]
    return F


def step_of(region):
    """Return exp(L), for the logarithm L that a region's formula says, and the number of extra coordinates."""
    with mp.workdps(DIGITS + 40):  # roots are simple, but may be close
        L, extra = logarithm_of(region["formula"])
        assert max(abs(mp.im(x)) for x in L) < mp.mpf(10) ** -DIGITS
        return mp.expm(L), extra


def logarithm_of(formula):
    real = matrix(formula["rational_part"])
    N, turning = real.rows, []
    for term in formula["terms"]:
        coefficients = [number(text) for text in term["factor"][::-1]]
        for x in mp.polyroots(coefficients, maxsteps=500, extraprec=400):
            E = at_root(term["matrices"], x) / polynomial(term["denominator"], x)
            negative = abs(mp.im(x)) < mp.mpf(10) ** -DIGITS and mp.re(x) < 0
            real += E * mp.log(-mp.re(x) if negative else x)
            if negative:
                turning += [(mp.re(x), pair) for pair in term["half_turns"]]
    extra = sum(len(pair[0]["columns"]) - sum(len(c["columns"]) for c in pair[1:]) for _, pair in turning)
    L, place = mp.zeros(N + extra), N
    L[:N, :N] = real
    for x, (first, *second) in turning:
        wide = [0] * extra
        a, p = ([v + wide for v in vectors(first[name], x)] for name in ("columns", "rows"))
        b, y = ([v + wide for v in vectors(second[0][name], x)] if second else [] for name in ("columns", "rows"))
        q = len(a) - len(b)
        units = [[int(i == place + k) for i in range(N + extra)] for k in range(q)]
        place += q
        b, y = [*units, *b], [*units, *y]
        for k in range(len(a)):
            L += mp.pi * (outer(b[k], p[k]) - outer(a[k], y[k]))
        for k in range(q):
            L += mp.log(-x) * outer(b[k], y[k])
            for t in range(1, len(a) - k):
                L += (-1) ** (t - 1) / (t * x**t) * outer(b[k + t], y[k])
    return L, extra


def outer(column, row):
    return mp.matrix([[x * y for y in row] for x in column])


def is_right(document, region):
    """Return whether the jump, if there is one, and the flow after it make a step of the network, with 0 in the extra coordinates."""
    with mp.workdps(DIGITS + 40):
        F = region_matrix(document, region["pattern"])
        step, extra = step_of(region)
        N = F.rows
        start = matrix(region["jump"]["map"]) if "jump" in region else mp.eye(N)
        wanted = mp.zeros(N + extra, N)
        wanted[:N, :] = F
        found = step[:, :N] * start
        size = 1 + max(abs(x) for x in F)
        return max(abs(x) for x in found - wanted) < size * mp.mpf(10) ** -(DIGITS // 2)
