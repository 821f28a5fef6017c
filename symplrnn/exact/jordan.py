"""Jordan-Chevalley decomposition and Jordan block sizes over any exact field, without eigenvalues.

S is found by Newton's iteration on the squarefree part s of the characteristic polynomial: S <- S - s(S) s'(S)^{-1}. It
stays inside K[M], converges in about log2(n) steps and needs no roots of s. Block sizes come from ranks of powers of f(M).

Reference: docs/theory, section 5; N. J. Higham, Functions of Matrices, SIAM 2008, chapter 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symplrnn.exact.fields.field import Field

__all__ = ["JordanChevalley", "block_sizes", "is_diagonalisable", "jordan_chevalley"]


@dataclass(frozen=True)
class JordanChevalley:
    """M = S + N with S diagonalisable over the algebraic closure, N nilpotent and SN = NS.

    ``squarefree`` is the monic squarefree polynomial that annihilates S.
    """

    semisimple: Any
    nilpotent: Any
    squarefree: Any


def jordan_chevalley(field: Field, matrix: Any, characteristic: Any) -> JordanChevalley:
    """Return the Jordan-Chevalley decomposition of a square matrix with the given characteristic polynomial.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> M = QQ.matrix([[2, 1], [0, 2]])
    >>> split = jordan_chevalley(QQ, M, QQ.characteristic_polynomial(M))
    >>> split.semisimple
    [2, 0]
    [0, 2]
    """
    squarefree = field.squarefree_part(characteristic)
    zero = matrix - matrix
    if squarefree.degree() == characteristic.degree():  # then s(M) = 0 by Cayley-Hamilton
        return JordanChevalley(matrix, zero, squarefree)
    derivative = squarefree.derivative()
    semisimple = matrix
    value = field.evaluate(squarefree, semisimple)
    while value != zero:
        semisimple = semisimple - value * field.inverse(field.evaluate(derivative, semisimple))
        value = field.evaluate(squarefree, semisimple)
    return JordanChevalley(semisimple, matrix - semisimple, squarefree)


def is_diagonalisable(field: Field, matrix: Any, characteristic: Any) -> bool:
    """Return whether a matrix is diagonalisable over the algebraic closure: whether the squarefree part annihilates it."""
    squarefree = field.squarefree_part(characteristic)
    if squarefree.degree() == characteristic.degree():
        return True
    value = field.evaluate(squarefree, matrix)
    return bool(value == value - value)


def block_sizes(field: Field, matrix: Any, factor: Any, multiplicity: int) -> tuple[int, ...]:
    """Return the sizes of the Jordan blocks of each root of an irreducible factor, largest first.

    With r_j = rank f(M)^j and d = deg f, the number of blocks of size at least j is (r_{j-1} - r_j) / d, the same for every
    root of f.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> M = QQ.matrix([[2, 1, 0], [0, 2, 0], [0, 0, 2]])
    >>> block_sizes(QQ, M, QQ.polynomial([-2, 1]), 3)
    (2, 1)
    """
    if multiplicity == 1:
        return (1,)
    n, degree = matrix.nrows(), factor.degree()
    value = field.evaluate(factor, matrix)
    power, ranks = value, [n]
    while ranks[-1] > n - degree * multiplicity:
        ranks.append(field.rank(power))
        power = power * value
    at_least = [(ranks[j - 1] - ranks[j]) // degree for j in range(1, len(ranks))] + [0]
    return tuple(j for j in range(len(at_least) - 1, 0, -1) for _ in range(at_least[j - 1] - at_least[j]))
