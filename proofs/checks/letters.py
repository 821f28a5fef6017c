"""The soundness of symplrnn/certificate/check_letters.py: proofs/checker.md, section 9."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import fmpq, fmpq_poly

from proofs.checks.tools import (
    blocks_at,
    check,
    conjugated,
    difference,
    direct_sum,
    generic,
    jordan_block,
    need,
    partitions,
    random_matrix,
)
from symplrnn.certificate import check_letters as module

NAME = "letters"
checker: Any = module  # plain Python without types


def as_dict(p: Any) -> dict[tuple[int, ...], Fraction]:
    """Return a polynomial of a ring as the checker has it."""
    return {tuple(k): Fraction(int(x.numerator), int(x.denominator)) for k, x in p.terms()} if p else {}


def number(x: Any) -> dict[tuple[int, ...], Fraction]:
    """Return a number as a polynomial in one letter."""
    return {(0,): Fraction(int(x.p), int(x.q))} if x != 0 else {}


@check(NAME, "letters")
def divided_differences() -> None:
    """Section 9, entries: the residue of x^k modulo a polynomial with letters for its roots is the divided difference of x^k on
    them, and with its derivative the sum of the k-th powers: 1 to 4 roots, k up to 6.
    """
    for d in (1, 2, 3, 4):
        (roots,) = generic(l=(d,))
        one = roots[0] ** 0
        f = [one]
        for root in roots:
            f = [(f[k - 1] if k else 0 * one) - root * (f[k] if k < len(f) else 0) for k in range(len(f) + 1)]
        polynomial, unit = [as_dict(x) for x in f], as_dict(one)
        for power in (0, 1, 2):
            found = checker.values_of_difference(polynomial, power, 5, unit)
            wanted = [as_dict(difference([0] * (k + power) + [one], *roots) * one) for k in range(5)]
            need(found == wanted, f"{d} roots, x^{power}")
        sums = checker.values_of_difference(polynomial, "sum", 5, unit)
        need(sums == [as_dict(sum((root**k for root in roots), 0 * one)) for k in range(5)], f"sums over {d} roots")


@check(NAME, "letters")
def resultants() -> None:
    """Section 9, a leaf: the resultant of two quadratic polynomials with letters for their roots is the product of the
    differences of these.
    """
    a, b = generic(a=(2,), b=(2,))
    (d1, t1), (d2, t2) = ((x * y, -(x + y)) for x, y in (a, b))
    product = (a[0] - b[0]) * (a[0] - b[1]) * (a[1] - b[0]) * (a[1] - b[1])
    D, T = as_dict(d1 - d2), as_dict(t1 - t2)
    inner = checker.difference(as_dict(t2), as_dict(d1), as_dict(t1), as_dict(d2))
    need(checker.difference(D, D, T, inner) == as_dict(product), "the resultant")
    value = checker.discriminant([as_dict(d1), as_dict(t1), as_dict(a[0] ** 0)])
    need(value == as_dict((a[0] - a[1]) ** 2), "the discriminant")


@check(NAME, "exact")
def blocks_by_ranks() -> None:
    """Section 9, a leaf: sizes of Jordan blocks by ranks against those that were put in: all partitions up to 5, beside
    another eigenvalue.
    """
    rng, case, unit = random.Random(1), checker.Case(), {(0,): Fraction(1)}
    for m in (1, 2, 3, 4, 5):
        for sizes in partitions(m):
            M = conjugated(rng, direct_sum(*(jordan_block(fmpq(3, 2), size) for size in sizes), [[fmpq(-1)]]))
            Z = [[number(x) for x in row] for row in M.tolist()]
            found = checker.sizes_of_blocks(case, Z, [number(fmpq(-3, 2)), unit], m, unit)
            need(found == sizes == blocks_at(M, fmpq_poly([-3, 2])), f"sizes {sizes}")


@check(NAME, "exact")
def facts_of_numbers() -> None:
    """Section 9, a leaf: without letters the facts of 200 matrices of small numbers, n = 1 and 2, against FLINT's roots."""
    rng, case, unit = random.Random(2), checker.Case(), {(0,): Fraction(1)}
    for trial in range(200):
        n = rng.randint(1, 2)
        M = random_matrix(rng, n, size=2, denominator=2)
        Z = [[number(x) for x in row] for row in M.tolist()]
        chi = M.charpoly()
        factors = [([number(x / f[f.degree()]) for x in f.coeffs()], m) for f, m in chi.factor()[1]]
        F = [[*row, {}] for row in Z] + [[*([{}] * n), unit]]
        facts = checker.facts_in_case(case, (Z, F, factors), unit)
        negative, zero, one = 0, chi(fmpq(0)) == 0, chi(fmpq(1)) == 0
        for f, _ in chi.factor()[1]:
            roots: Any = f.complex_roots()
            for ball, _ in roots:
                if ball.imag == 0 and f(fmpq(0)) != 0:
                    need(ball.real > 0 or ball.real < 0, "a root is separated from 0")
                    negative += ball.real < 0
        need((facts["negative"], facts["zero"], facts["one"]) == (negative, zero, one), f"instance {trial}")
        eigenvalues: Any = chi.complex_roots()
        inside = all(abs(ball) < 1 for ball, _ in eigenvalues)
        on = any(f.degree() == 1 and abs(f[0] / f[1]) == 1 for f, _ in chi.factor()[1]) or (
            n == 2 and chi[0] == 1 and abs(chi[1]) <= 2
        )
        stable = checker.is_stable(case, [f for f, _ in factors], unit)
        need(stable == (inside and not on), f"stability, instance {trial}")


@check(NAME, "exact")
def signs_in_cases() -> None:
    """Section 9, cases: what a case says of the sign of a product of its polynomials, and of the remainder by one that is 0,
    is true at points of the case: 300 random cases of two letters.
    """
    rng = random.Random(3)

    def polynomial() -> dict[tuple[int, ...], Fraction]:
        found = {(rng.randint(0, 2), rng.randint(0, 2)): Fraction(rng.randint(-3, 3)) for _ in range(3)}
        return {k: x for k, x in found.items() if x} or {(1, 0): Fraction(1)}

    def at(p: dict[tuple[int, ...], Fraction], z: tuple[Fraction, Fraction]) -> Fraction:
        return sum((x * z[0] ** k[0] * z[1] ** k[1] for k, x in p.items()), Fraction(0))

    decided = 0
    for trial in range(300):
        z = Fraction(rng.randint(-2, 2)), Fraction(rng.randint(-2, 2))
        case, known = checker.Case(), [polynomial() for _ in range(3)]
        for p in known:
            case = case.extended(p, (at(p, z) > 0) - (at(p, z) < 0))
        targets = [checker.sum_of_products([(p, q)]) for p, q in pairwise(known)]
        targets += [checker.sum_in_letters((1, p), (2, q)) for p, q in pairwise(known)] + [polynomial()]
        for p in targets:
            need(at(case.rest(p), z) == at(p, z), f"the rest, instance {trial}")
            try:
                sign = case.sign(p)
            except checker.Open:
                continue
            decided += 1
            need(sign == (at(p, z) > 0) - (at(p, z) < 0), f"the sign, instance {trial}")
    need(decided > 500, "few signs were decided")
