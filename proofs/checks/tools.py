"""What the checks share: the list of checks, matrices with letters, random rational matrices, enclosures.

A matrix is a list of rows. Its entries may be letters (elements of a polynomial ring of SymPy), fractions of FLINT, or both.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import combinations, pairwise
from math import prod
from typing import Any

from flint import acb, arb, arb_mat, ctx, fmpq, fmpq_mat, fmpq_poly
from sympy import QQ, ring

__all__ = [
    "CHECKS",
    "Failed",
    "Matrix",
    "adjugate",
    "blocks_at",
    "check",
    "companion",
    "conjugated",
    "determinant",
    "difference",
    "direct_sum",
    "encloses",
    "generic",
    "identity",
    "jordan_block",
    "kronecker",
    "minus",
    "need",
    "partitions",
    "phi_in_balls",
    "plus",
    "polynomial_at",
    "power",
    "random_matrix",
    "real_roots_between",
    "scaled",
    "sub",
    "subsets",
    "times",
    "transposed",
    "zero",
]

Matrix = list[list[Any]]


class Failed(Exception):
    """A statement of a proof is not what the check finds."""


@dataclass(frozen=True)
class Check:
    """A function that raises `Failed`, the theorem it belongs to, and how it argues: letters, exact or balls."""

    theorem: str
    by: str
    run: Callable[[], None]

    @property
    def text(self) -> str:
        """Return what is proved when the check passes."""
        return " ".join((self.run.__doc__ or "").split())


CHECKS: list[Check] = []


def check(theorem: str, by: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Put a function on the list of checks; its docstring says what it proves."""

    def listed(run: Callable[[], None]) -> Callable[[], None]:
        @wraps(run)
        def precisely() -> None:
            with ctx.workprec(200):
                run()

        CHECKS.append(Check(theorem, by, precisely))
        return precisely

    return listed


def need(condition: bool, text: str) -> None:
    """Fail unless a condition holds."""
    if not condition:
        raise Failed(text)


# Matrices over any ring


def generic(**shapes: tuple[int, ...]) -> list[Any]:
    """Return matrices (n, m) and lists (k,) of letters, all in one ring, and its generators in their shapes."""
    names = [f"{name}{i}" for name, shape in shapes.items() for i in range(prod(shape))]
    letters: Iterator[Any] = iter(ring(names, QQ)[1:])
    found: list[Any] = []
    for shape in shapes.values():
        entries = [next(letters) for _ in range(prod(shape))]
        found.append(entries if len(shape) == 1 else [entries[i * shape[1] : (i + 1) * shape[1]] for i in range(shape[0])])
    return found


def identity(n: int) -> Matrix:
    """Return the identity matrix."""
    return [[int(i == j) for j in range(n)] for i in range(n)]


def zero(n: int, m: int) -> Matrix:
    """Return the matrix of zeros."""
    return [[0] * m for _ in range(n)]


def times(*factors: Matrix) -> Matrix:
    """Return a product of matrices."""
    X, *rest = factors
    for Y in rest:
        columns = list(zip(*Y, strict=True))
        X = [[sum((x * y for x, y in zip(row, column, strict=True)), 0) for column in columns] for row in X]
    return X


def plus(*terms: Matrix) -> Matrix:
    """Return a sum of matrices."""
    return [[sum(entries, 0) for entries in zip(*rows, strict=True)] for rows in zip(*terms, strict=True)]


def scaled(x: Any, X: Matrix) -> Matrix:
    """Return a multiple of a matrix."""
    return [[x * entry for entry in row] for row in X]


def minus(X: Matrix, Y: Matrix) -> Matrix:
    """Return a difference of matrices."""
    return plus(X, scaled(-1, Y))


def transposed(X: Matrix) -> Matrix:
    """Return the transposed matrix."""
    return [list(column) for column in zip(*X, strict=True)]


def power(X: Matrix, k: int) -> Matrix:
    """Return a power of a matrix."""
    return times(X, power(X, k - 1)) if k else identity(len(X))


def polynomial_at(p: Sequence[Any], X: Matrix) -> Matrix:
    """Return sum_k p_k X^k."""
    found = zero(len(X), len(X))
    for coefficient in reversed(p):
        found = plus(times(found, X), scaled(coefficient, identity(len(X))))
    return found


def determinant(X: Matrix) -> Any:
    """Return the determinant, expanded by the first column."""
    if not X:
        return 1
    terms = (
        (-1) ** i * row[0] * determinant([other[1:] for j, other in enumerate(X) if j != i])
        for i, row in enumerate(X)
        if row[0] != 0
    )
    return sum(terms, 0)


def adjugate(X: Matrix) -> Matrix:
    """Return the matrix of cofactors, transposed."""
    n = len(X)
    return [
        [(-1) ** (i + j) * determinant([[X[r][c] for c in range(n) if c != i] for r in range(n) if r != j]) for j in range(n)]
        for i in range(n)
    ]


def sub(X: Matrix, rows: Sequence[int], columns: Sequence[int] | None = None) -> Matrix:
    """Return a submatrix, a principal one if only the rows are given."""
    return [[X[i][j] for j in (rows if columns is None else columns)] for i in rows]


def direct_sum(*blocks: Matrix) -> Matrix:
    """Return the block diagonal matrix."""
    n, at = sum(map(len, blocks)), 0
    found = zero(n, n)
    for X in blocks:
        for i, row in enumerate(X):
            found[at + i][at : at + len(row)] = row
        at += len(X)
    return found


def kronecker(X: Matrix, Y: Matrix) -> Matrix:
    """Return the Kronecker product."""
    return [[x * y for x in row for y in other] for row in X for other in Y]


def jordan_block(eigenvalue: Any, size: int) -> Matrix:
    """Return an upper Jordan block."""
    return [[eigenvalue if i == j else int(j == i + 1) for j in range(size)] for i in range(size)]


def companion(p: Sequence[Any]) -> Matrix:
    """Return the companion matrix of a monic polynomial, lowest power first: C e_i = e_{i+1}."""
    d = len(p) - 1
    return [[-p[i] if j == d - 1 else int(i == j + 1) for j in range(d)] for i in range(d)]


def subsets(n: int) -> list[tuple[int, ...]]:
    """Return all sets of numbers below n."""
    return [chosen for k in range(n + 1) for chosen in combinations(range(n), k)]


def partitions(n: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    """Return the partitions of n in decreasing order."""
    if n == 0:
        yield ()
    for first in range(min(n, largest or n), 0, -1):
        for rest in partitions(n - first, first):
            yield (first, *rest)


def difference(p: list[Any], *points: Any) -> Any:
    """Return the divided difference of sum_k p_k x^k: p_k times the complete homogeneous polynomial of degree k - d + 1."""

    def homogeneous(degree: int, count: int) -> Any:
        if degree < 0:
            return 0
        if count == 1:
            return points[0] ** degree
        return sum((points[count - 1] ** k * homogeneous(degree - k, count - 1) for k in range(degree + 1)), 0)

    return sum((c * homogeneous(k - len(points) + 1, len(points)) for k, c in enumerate(p)), 0)


# Rational instances


def random_matrix(rng: random.Random, n: int, m: int | None = None, size: int = 4, denominator: int = 3) -> fmpq_mat:
    """Return a matrix of random rational numbers."""
    m = n if m is None else m
    return fmpq_mat(n, m, [fmpq(rng.randint(-size, size), rng.randint(1, denominator)) for _ in range(n * m)])


def conjugated(rng: random.Random, X: Matrix) -> fmpq_mat:
    """Return P X P^-1 for a random rational P."""
    n = len(X)
    while True:
        P = random_matrix(rng, n, size=2, denominator=1)
        if P.det() != 0:
            return P * fmpq_mat(X) * P.inv()


def blocks_at(M: fmpq_mat, f: fmpq_poly) -> tuple[int, ...]:
    """Return the sizes of the Jordan blocks at each root of an irreducible factor f, by the ranks of f(M)^j."""
    n = M.nrows()
    fM = fmpq_mat(polynomial_at(f.coeffs(), M.tolist()))
    ranks, P = [n], fM
    while True:
        ranks.append(P.rank())
        if ranks[-1] == ranks[-2]:
            break
        P = P * fM
    at_least = [(a - b) // f.degree() for a, b in pairwise(ranks)]
    return tuple(sorted((j for j, a in enumerate(at_least, 1) for _ in range(a - [*at_least, 0][j])), reverse=True))


def real_roots_between(p: fmpq_poly, low: fmpq | None, high: fmpq) -> int:
    """Return the number of distinct real roots in [low, high], or (-inf, high]: isolated by FLINT's complex roots."""
    found = 0
    for factor, _ in p.factor()[1]:
        if factor.degree() == 1:
            root = -fmpq(factor[0]) / fmpq(factor[1])
            found += root <= high and (low is None or root >= low)
            continue
        roots: Any = factor.complex_roots()
        for ball, _ in roots:  # imaginary parts of real roots are exactly 0
            if ball.imag == 0:
                found += bool(ball.real < arb(high)) and (low is None or bool(ball.real > arb(low)))
    return found


# Enclosures


def encloses(ball: arb, number: fmpq, digits: int = 30) -> bool:
    """Return whether a ball has a rational number in it and shows so many digits of it."""
    return (ball * int(number.q) - int(number.p)).contains(0) and bool(ball.rad() < 10.0**-digits)


def phi_in_balls(M: fmpq_mat) -> arb_mat:
    """Return phi(M) = int_0^1 (I + t (M - I))^{-1} dt by its adjugate and rigorous quadrature; E2 must hold."""
    n = M.nrows()
    N = M - fmpq_mat(identity(n))
    B, e = [fmpq_mat(identity(n))], [fmpq(1)]
    for k in range(1, n + 1):
        NB = N * B[-1]
        e.append(sum((NB[i, i] for i in range(n)), fmpq(0)) / k)
        B.append(fmpq_mat(scaled(e[k], identity(n))) - NB)

    def integrand(k: int) -> Callable[[acb, bool], acb]:
        def value(t: acb, analytic: bool) -> acb:
            q = acb(0)
            for coefficient in reversed(e):
                q = q * t + acb(arb(coefficient))
            return t**k / q

        return value

    found = arb_mat(n, n)
    for k in range(n):
        iota = acb.integral(integrand(k), 0, 1).real
        found += arb_mat(B[k]) * iota
    return found
