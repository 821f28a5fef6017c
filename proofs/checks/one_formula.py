"""One formula a region: proofs/oneformula.md, sections 1 to 6."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from flint import acb, arb, arb_mat, fmpq, fmpq_mat
from sympy import QQ

from proofs.checks.tools import (
    check,
    companion,
    determinant,
    difference,
    encloses,
    generic,
    identity,
    minus,
    need,
    phi_in_balls,
    plus,
    polynomial_at,
    power,
    random_matrix,
    real_roots_between,
    scaled,
    times,
    zero,
)

NAME = "one formula"


@check(NAME, "letters")
def faddeev_leverrier() -> None:
    """(7): (I + t N) (B_0 + t B_1 + ...) = det(I + t N) I, e_k = tr(N B_(k-1))/k, and d det(I + t N)/dt = sum k e_k t^(k-1): N
    and t generic, n = 1, 2, 3, 4.
    """
    for n in (1, 2, 3, 4):
        N, t = generic(N=(n, n), t=(1,))
        q = determinant(plus(identity(n), scaled(t[0], N)))
        B, e = [identity(n)], [1 + 0 * t[0]]
        for k in range(1, n + 1):
            NB = times(N, B[-1])
            e.append(sum(NB[i][i] for i in range(n)) * QQ(1, k))
            B.append(minus(scaled(e[k], identity(n)), NB))
        need(B[n] == zero(n, n), f"B_n = 0, n = {n}")
        series = plus(zero(n, n), *(scaled(t[0] ** k, B[k]) for k in range(n)))
        need(times(plus(identity(n), scaled(t[0], N)), series) == scaled(q, identity(n)), f"adjugate, n = {n}")
        need(sum(e[k] * t[0] ** k for k in range(n + 1)) == q, f"q, n = {n}")
        need(q.diff(t[0]) == sum(k * e[k] * t[0] ** (k - 1) for k in range(1, n + 1)), f"q', n = {n}")


def leading(r: Any, z: Any, d: int) -> Any:
    """Return f[p] for a polynomial f that is r modulo p of degree d: the coefficient of z^(d - 1) (Lemma 1)."""
    return r.coeff_wrt(z, d - 1) if d > 1 else r


@check(NAME, "letters")
def interpolation() -> None:
    """Lemma 2: f(M) = sum_j (p_j f)[p] M^j for the companion matrix M of a generic p of degree 1, 2, 3, 4 and f = x^m, m up to
    7: with g[p] the coefficient of z^(d-1) in g modulo p; and the corollary: f[p] is the last entry of f(M) e_1.
    """
    for d in (1, 2, 3, 4):
        z, c = generic(z=(1,), c=(d,))
        z, p = z[0], [*c, 1 + 0 * c[0]]
        M, polynomial = companion(p), sum(x * z**k for k, x in enumerate(p))
        for m in range(8):
            total = zero(d, d)
            for j in range(d):
                p_j = sum(p[k] * z ** (k - 1 - j) for k in range(j + 1, d + 1))
                remainder = reduced(p_j * z**m, polynomial, z, d)
                total = plus(total, scaled(leading(remainder, z, d), power(M, j)))
            need(total == power(M, m), f"degree {d}, x^{m}")
            need(power(M, m)[d - 1][0] == leading(reduced(z**m, polynomial, z, d), z, d), f"corollary, degree {d}, x^{m}")


def reduced(f: Any, p: Any, z: Any, d: int) -> Any:
    """Return f modulo a polynomial p that is monic of degree d in z."""
    while (top := f.degree(z)) >= d and f != 0:
        f -= f.coeff_wrt(z, top) * z ** (top - d) * p
    return f


@check(NAME, "letters")
def divided_differences() -> None:
    """Lemma 1 (b), (f), Lemma 4 and Lemma 6: (a - b) f[a, r, b] = f[a, r] - f[r, b]; f[p] = 0 for degree <= d - 2; (x f)[a, r]
    = f[r] + a f[a, r]; f generic of degree 4, up to 4 points.
    """
    for r in (1, 2):
        a, b, points, f = generic(a=(1,), b=(1,), r=(r,), f=(5,))
        a, b = a[0], b[0]
        need(
            (a - b) * difference(f, a, *points, b) == difference(f, a, *points) - difference(f, *points, b),
            f"(b), {r + 2} points",
        )
        need(
            difference([0, *f], a, *points) == difference(f, *points) + a * difference(f, a, *points), f"Lemma 4, {r + 1} points"
        )
        need(difference(f[: r + 1], a, *points, b) == 0, f"(f), {r + 2} points")


@check(NAME, "letters")
def blocks() -> None:
    """Theorem 3: f([[B, 0], [g, a]]) = [[f(B), 0], [g f[a; B], f(a)]], f[a; B] (B - a) = f(B) - f(a): B, g, a generic, f
    generic of degree 4, cores of 1, 2, 3 units.
    """
    for n in (1, 2, 3):
        B, g, a, f = generic(B=(n, n), g=(1, n), a=(1,), f=(5,))
        a = a[0]
        M = [[*row, 0] for row in B] + [[*g[0], a]]
        # f[a; x] as a polynomial in x: sum_k f_k (x^(k-1) + a x^(k-2) + ...)
        coefficients = [sum(f[k] * a ** (k - 1 - j) for k in range(j + 1, 5)) for j in range(4)]
        divided = polynomial_at(coefficients, B)
        fB, fa = polynomial_at(f, B), sum(c * a**k for k, c in enumerate(f))
        need(times(divided, minus(B, scaled(a, identity(n)))) == minus(fB, scaled(fa, identity(n))), f"f[a; B], n = {n}")
        need(polynomial_at(f, M) == [[*row, 0] for row in fB] + [[*times(g, divided)[0], fa]], f"f(M), n = {n}")


@check(NAME, "letters")
def two_units() -> None:
    """Two units, both on: with letters u, v for log l_1, log l_2 and l = (u - v)/(l_1 - l_2), (u + v)/2 + l (M - t/2) is u and
    v on the eigenspaces; l + k (t - 1 - M) is phi there; and the row of an off unit with m, p has log[a; B], phi[a; B]: M
    generic with its eigenvalues.
    """
    x, y, u, v, a, w = (s[0] for s in generic(x=(1,), y=(1,), u=(1,), v=(1,), a=(1,), w=(1,)))
    # functions of B with the eigenvalues x, y: it is enough to compare them at x, as (x, u) and (y, v) stand alike; w is log a
    t, d = x + y, x * y
    D = x - y  # times l: u - v
    need(D * (u + v) + 2 * (u - v) * (x - t * QQ(1, 2)) == 2 * D * u, "log at x")
    # k = (u + v - (t - 2) l)/(2 (1 - t + d)), phi(x) = u/(x - 1); 1 - t + d = (x - 1)(y - 1)
    one = (x - 1) * (y - 1)
    need(1 - t + d == one, "1 - t + d")
    k_times = (u + v) * D - (t - 2) * (u - v)  # k times 2 D one
    need(2 * one * (u - v) * (x - 1) + k_times * (t - 1 - x) * (x - 1) == 2 * D * one * u, "phi at x")
    chi = (a - x) * (a - y)
    need(a * a - t * a + d == chi, "chi")
    m_times = (w - (u + v) * QQ(1, 2)) * D - (a - t * QQ(1, 2)) * (u - v)  # m times D chi
    # log[a, x] (a - x) = w - u; the row is l + m (x - (t - a))
    need(((u - v) * chi + m_times * (x - t + a)) * (a - x) == (w - u) * D * chi, "log[a; B] at x")
    # p = (phi(a) - l - k (t - 1 - a))/chi, the row is -k + p (x - (t - a)); phi(a) = w/(a - 1): all times 2 D one (a - 1) chi
    p_times = 2 * D * one * w - 2 * one * (a - 1) * (u - v) - k_times * (t - 1 - a) * (a - 1)
    left = (-k_times * (a - 1) * chi + p_times * (x - t + a)) * (a - x) * (x - 1)
    right = 2 * D * one * chi * (w * (x - 1) - u * (a - 1))
    need(left == right, "phi[a; B] at x")


@check(NAME, "exact")
def where_e2_holds() -> None:
    """Theorem 1: det(I + t (M - I)) > 0 on [0, 1] iff M has no eigenvalue in (-inf, 0]: 300 random M, n = 1 to 5, roots
    isolated on both sides.
    """
    rng, answers = random.Random(19), {True: 0, False: 0}
    for k in range(300):
        n = 1 + k % 5
        M = random_matrix(rng, n, size=3) * fmpq(1, 2) + fmpq_mat(identity(n))
        N = M - fmpq_mat(identity(n))
        chi = N.charpoly()  # q(t) = t^n chi_(-N)(1/t): reversed with signs
        q = type(chi)([(-1) ** j * chi[n - j] for j in range(n + 1)])
        no_root = real_roots_between(q, fmpq(0), fmpq(1)) == 0
        need(no_root == (real_roots_between(M.charpoly(), None, fmpq(0)) == 0), f"instance {k}")
        answers[no_root] += 1
    need(min(answers.values()) > 60, f"both answers: {answers}")


@check(NAME, "balls")
def integral_form() -> None:
    """(6): exp((M - I) Phi) = M to 30 digits with proved errors: random M and such with coinciding eigenvalues, the eigenvalue
    1, and complex ones, n = 1 to 5; and sum k e_k iota_(k-1) = log det M as the trace of log M.
    """
    rng = random.Random(20)
    special: list[list[list[int]]] = [
        [[2, 1], [0, 2]],
        [[1, 1, 0], [0, 1, 1], [0, 0, 1]],
        [[1, 3, 1], [0, 2, 1], [0, 0, 2]],
        [[0, -1], [1, 0]],
        [[5]],
    ]
    found = [fmpq_mat(M) for M in special]
    while len(found) < 25:
        n = 1 + len(found) % 5
        M = random_matrix(rng, n, size=3) * fmpq(1, 2) + fmpq_mat(identity(n))
        if real_roots_between(M.charpoly(), None, fmpq(0)) == 0:
            found.append(M)
    for M in found:
        n = M.nrows()
        X = phi_in_balls(M) * arb_mat(M - fmpq_mat(identity(n)))
        E = X.exp()
        need(all(encloses(E[i, j], M[i, j]) for i in range(n) for j in range(n)), f"{M.tolist()}")
        trace = X.trace()
        need(trace.overlaps(arb(M.det()).log()) and bool(trace.rad() < 1e-30), f"log det: {M.tolist()}")


def divided_logarithm(roots: list[fmpq], m: int) -> arb:
    """Return (x^m log)[p] for distinct positive roots."""
    total = arb(0)
    for a in roots:
        weight = fmpq(1)
        for b in roots:
            weight *= 1 if a == b else a - b
        total += arb(a**m / weight) * arb(a).log()
    return total


@check(NAME, "balls")
def signs() -> None:
    """Theorem 4 and its corollary: (x^m log)[p] is (-1)^d int_0^1 (t - 1)^m t^(d-m-2)/q and has the sign (-1)^(d+m), for 30 p
    with distinct positive roots, d = 2 to 5, all m <= d - 2; for d = 2, m = 1 both signs occur.
    """
    rng = random.Random(21)
    for k in range(30):
        d = 2 + k % 4
        roots = rng.sample([fmpq(i, 4) for i in range(1, 20)], d)
        for m in range(d - 1):
            integral = acb.integral(quotient(roots, d, m), 0, 1).real * (-1) ** d
            value = divided_logarithm(roots, m)
            need(value.overlaps(integral) and bool(value.rad() < 1e-30) and bool(integral.rad() < 1e-30), f"{roots}, m = {m}")
            need(bool(value * (-1) ** (d + m) > 0), f"the sign, {roots}, m = {m}")
    need(bool(divided_logarithm([fmpq(1), fmpq(2)], 1) > 0), "m = d - 1, one sign")
    need(bool(divided_logarithm([fmpq(1, 10), fmpq(1, 20)], 1) < 0), "m = d - 1, the other sign")


def quotient(roots: list[fmpq], d: int, m: int) -> Callable[[acb, bool], acb]:
    """Return (t - 1)^m t^(d-m-2) / product of 1 + t (l - 1)."""

    def value(t: acb, analytic: bool) -> acb:
        q = acb(1)
        for a in roots:
            q *= 1 + t * acb(arb(a - 1))
        return (t - 1) ** m * t ** (d - m - 2) / q

    return value
