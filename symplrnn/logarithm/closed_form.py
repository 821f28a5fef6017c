"""The closed-form logarithm of a matrix over a field: the door to its two constructions, and the faster one.

The spectral projectors come from E_i(l) = g_i(S) [f_i(x)/(x-l)](S) / (g_i(l) f_i'(l)) with g_i = s/f_i. For factors of degree
1 and 2 the division is carried out modulo f_i, so that d_i = 1. Beyond, it is left to the weights, d_i = g_i f_i' modulo f_i: the
quotient would have numbers about twice deg f_i times as long. `SpectralTerm.projectors` carries it out for those who want it.

Reference: docs/theory, section 5, "Closed-form logarithm"; N. J. Higham, Functions of Matrices, SIAM 2008, chapters 1 and 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symplrnn.exact.fields.field import Field
from symplrnn.exact.jordan import JordanChevalley, jordan_chevalley
from symplrnn.logarithm.componentwise import componentwise_logarithm
from symplrnn.logarithm.spectral_form import Factor, augmented_matrix
from symplrnn.logarithm.spectral_terms import Logarithm, SpectralTerm

__all__ = ["Logarithm", "SpectralTerm", "logarithm"]


def logarithm(field: Field, matrix: Any, columns: Any = None, factors: Sequence[Factor] = ()) -> Logarithm:
    """Return the closed form of log M for an invertible matrix over an exact field; of log [[M, B], [0, I]] with columns B.

    Whether the principal logarithm is real is decided elsewhere (E2); the closed form itself only needs det M != 0.

    There are two constructions, which agree. Without ``factors`` an element of the field that is not 0 has an inverse wherever
    the result is used: M = S + N is split by Newton's iteration with matrices, which over Q is two to three times as fast.
    ``factors``, pairs (g, m) of a monic polynomial and a multiplicity, are those of the characteristic polynomial of M on a part
    of the parameter space. There elements may be 0 that are not 0 in the field, so that no matrix over it tells where the
    iteration ends: polynomials in M do (`symplrnn.logarithm.spectral_form`). Then M may be singular, too.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> log = logarithm(QQ, QQ.matrix([[2, 1], [0, 2]]))
    >>> log.rational_part
    [0, 1/2]
    [0,   0]

    >>> M, B = QQ.matrix([[2]]), QQ.matrix([[3]])
    >>> logarithm(QQ, M, B).terms[0].factor, logarithm(QQ, M, B, [(QQ.polynomial([-2, 1]), 1)]).terms[0].factor
    (x + (-2), x + (-2))

    Raises ZeroDivisionError if the matrix is singular and has no factors given.
    """
    if factors:
        return componentwise_logarithm(field, matrix, field.fill(matrix.nrows(), 0, []) if columns is None else columns, factors)
    if columns is not None:
        matrix = augmented_matrix(field, matrix, columns)
    split = jordan_chevalley(field, matrix, field.characteristic_polynomial(matrix))
    unipotent = field.inverse(split.semisimple) * split.nilpotent
    factors = [factor for factor, _ in field.factor(split.squarefree)]
    terms = tuple(_spectral_term(field, split, factor) for factor in factors)
    return Logarithm(field, matrix, _powers(unipotent), terms)


def _powers(nilpotent: Any) -> tuple[Any, ...]:
    """Return N, N^2, ... as long as they are not zero."""
    powers, power, zero = [], nilpotent, nilpotent - nilpotent
    while power != zero:
        powers.append(power)
        power = power * nilpotent
    return tuple(powers)


def _spectral_term(field: Field, split: JordanChevalley, f: Any) -> SpectralTerm:
    """Return the projectors of the roots of f, from the formula at the head of this file."""
    S, n = split.semisimple, split.semisimple.nrows()
    g = field.quotient(split.squarefree, f)
    # f(x)/(x - l) = sum_k l^k q_k(x) with q_{d-1} = 1 and q_{k-1} = x q_k + f_k (Horner).
    one = field.identity(n)
    quotients = [one]
    for k in range(f.degree() - 1, 0, -1):
        quotients.append(quotients[-1] * S + one * f[k])
    cofactor = field.evaluate(g, S)
    term = SpectralTerm(field, f, tuple(cofactor * q for q in reversed(quotients)), field.remainder(g * f.derivative(), f))
    if term.degree > 2:
        return term
    return SpectralTerm(field, f, term.projectors, field.polynomial([field.element(1)]))
