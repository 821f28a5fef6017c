"""Is a column c in the range of a matrix N with letters? For N = I - M this says what the equilibria of a region's ODE are.

The ODE dz/dt = X z + y of a region with the map F(z) = M z + c has X = phi(M)(M - I)/dt and y = phi(M) c/dt with
phi(x) = log(x)/(x - 1), and phi(M) is invertible wherever the principal logarithm exists: phi has no zero there. So X z + y = 0
says (I - M) z = c, and the equilibria of the ODE are the fixed points of the map:

    one point                                     1 is no eigenvalue of M
    an affine subspace of dimension 1 or more     1 is an eigenvalue, and c is in the range of I - M
    none                                          1 is an eigenvalue, and c is not in the range of I - M

The range is described by minors: for some r the rank of N is at least r, and all minors of [N, c] of size r + 1 vanish (r = n
needs no minors of [N, c]). Where 1 is an eigenvalue of multiplicity m, and of no larger one for any values, the rank is at least
n - m and less than n.

Reference: docs/theory, section 3, E1 and E2; proofs/letters.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from symplrnn import limits
from symplrnn.conditions.emptiness import is_met_somewhere
from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, any_formulas, nonzero, zero
from symplrnn.eigenvalues.parts import Part, text_of
from symplrnn.exact.fields.field import Field

__all__ = ["equilibria_of", "in_range"]

POINT = "one point"
SUBSPACE = "an affine subspace"
NONE = "none"
POINT_OR_SUBSPACE = "one point, or an affine subspace"
SUBSPACE_OR_NONE = "an affine subspace, or none"


def in_range(K: Field, N: Any, c: Any, nullity: int | None = None) -> Formula | None:
    """Return whether the column c (n, 1) is in the range of the matrix N (n, n) over a field K.

    ``nullity`` says that the rank of N is known to be at least n - nullity, and less than n. None if N has letters and more than
    ``limits.RANGE_STATES`` states.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> a, h = sp.symbols("a h", real=True)
    >>> K = field_of([a, h])
    >>> N = K.matrix([[K.element(a), K.element(0)], [K.element(0), K.element(1)]])
    >>> in_range(K, N, K.matrix([[K.element(h)], [K.element(1)]]))
    Eq(h, 0) | Ne(a, 0)

    Reference: proofs/letters.md, section 2.
    """
    n = N.nrows()
    entries = [K.to_sympy(x) for x in N.entries()]
    if all(isinstance(x, sp.Rational) for x in entries):
        return _in_range_of_numbers(K, fmpq_mat(n, n, [fmpq(int(x.p), int(x.q)) for x in entries]), c)
    if n > limits.RANGE_STATES:
        return None
    wider = K.fill(n, n + 1, [x for i in range(n) for x in (*(N[i, j] for j in range(n)), c[i, 0])])
    options, least = [], 0 if nullity is None else n - nullity
    for r in range(least, n if nullity is not None else n + 1):
        with_c = [(*columns, n) for columns in combinations(range(n), r)]
        vanish = all_formulas(zero(x) for x in _minors(K, wider, r + 1, with_c)) if r < n else ALWAYS
        squares = list(combinations(range(n), r))
        options.append(vanish & (any_formulas(nonzero(x) for x in _minors(K, wider, r, squares)) if r > least else ALWAYS))
    return any_formulas(options)


def equilibria_of(part: Part) -> list[tuple[Formula, str]]:
    """Return what the equilibria are on a part where M = ``part.M`` and c is the first column of ``part.B``, by conditions.

    The conditions, to be joined to that of the part, exclude each other and together are always true. Where no denominator shows
    that 1 is an eigenvalue there is a fixed point by continuity (proofs/letters.md, section 2), and nothing is split.
    """
    K, M = part.field, part.M
    one = K.element(1)
    unit = K.polynomial([-one, one])
    nullity = sum(m for g, m in part.factors if g == unit)
    others = [(g, m) for g, m in part.factors if g != unit and frozenset((text_of(g), text_of(unit))) not in part.apart]
    more = [
        m for g, m in others if is_met_somewhere(part.condition & zero(part.expand(K.to_sympy(g(one)))))
    ]  # have the root 1, too
    if not nullity:
        return [(ALWAYS, POINT_OR_SUBSPACE if more else POINT)]
    n = M.nrows()
    c = K.fill(n, 1, [part.B[i, 0] for i in range(n)])
    inside = in_range(K, K.identity(n) - M, c, n if more else nullity)
    if inside is None and all(m == 1 for m in more):
        q, value = K.identity(n), one  # q(M)/q(1), q = chi(x)/(x - 1)^m, is the projector on the generalised eigenspace of 1
        for g, m in part.factors:
            for _ in range(0 if g == unit else m):
                q, value = K.evaluate(g, M) * q, value * g(one)
        # Where 1 is semisimple, the range of I - M is what the projector annihilates. Other factors with the root 1 somewhere
        # show in no denominator, so that their projectors annihilate c there (proofs/letters.md, section 2).
        if nullity == 1 or all(K.is_zero(x) for x in (q - q * M).entries()):
            inside = all_formulas(zero(part.expand(K.to_sympy(x / value))) for x in (q * c).entries())
    return [(ALWAYS, SUBSPACE_OR_NONE)] if inside is None else [(inside, SUBSPACE), (~inside, NONE)]


def _in_range_of_numbers(K: Field, N: fmpq_mat, c: Any) -> Formula:
    """Return whether every row that annihilates N annihilates c."""
    n = N.nrows()
    entries = [x for i in range(n) for x in (*(N[i, j] for j in range(n)), *(fmpq(int(i == j)) for j in range(n)))]
    reduced, _ = fmpq_mat(n, 2 * n, entries).rref()
    kernel = [row[n:] for row in reduced.tolist() if all(x == 0 for x in row[:n])]
    products = (K.fill(1, n, [K.element(x) for x in row]) * c for row in kernel)
    return all_formulas(zero(K.to_sympy(product[0, 0])) for product in products)


def _minors(K: Field, matrix: Any, size: int, columns: Sequence[tuple[int, ...]]) -> Iterator[sp.Expr]:
    """Yield the minors of a size in some sets of columns."""
    for rows in combinations(range(matrix.nrows()), size):
        for chosen in columns:
            yield K.to_sympy(K.determinant(K.fill(size, size, [matrix[i, j] for i in rows for j in chosen])))
