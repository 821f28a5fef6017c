"""The cyclic decomposition of a primary subspace, over the field itself: no eigenvalue is needed.

For an irreducible factor f of degree d of the characteristic polynomial of M, the kernel V of f(M)^n is a direct sum of cyclic
subspaces K[M] g_j, isomorphic to K[x]/f^(m_j). Over a root l of f each of them becomes one Jordan chain of length m_j,

    (M - l)^i E(l) g_j,   i = m_j - 1, ..., 0,      E(l) the projector onto the generalised eigenspace of l,

and the coordinates of a vector v with component p(M) g_j in it are the Taylor coefficients p^(i)(l)/i! of p at l. So the chains
and their coordinates are polynomials in l over K.

A generator is a vector g of largest order f^m; with a linear form psi that does not vanish on f(M)^(m-1) g, the form (p, q) ->
psi(p(M) q(M) g) on K[x]/f^m is not degenerate (its radical is an ideal, and each nonzero ideal contains f^(m-1)), so V is the
sum of K[M] g and of {v : psi(M^k v) = 0 for all k}, which is invariant and is decomposed in turn.

Reference: N. Jacobson, Basic Algebra I, 1985, section 3.10 (cyclic decomposition).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symplrnn import views
from symplrnn.exact.fields.field import Field

__all__ = ["CyclicSubspace", "cyclic_subspaces", "krylov_vectors"]


@dataclass(frozen=True, repr=False)
class CyclicSubspace(views.Shown):
    """The subspace K[M] g of dimension d m, for an irreducible factor of degree d.

    Attributes
    ----------
    generator : matrix (n, 1)
        g.
    length : int
        m, the length of the Jordan chain over each root.
    coordinates : matrix (d m, n)
        Row k maps a vector v to the coefficient of M^k g in the component of v in the subspace, along all other subspaces.
    """

    generator: Any
    length: int
    coordinates: Any


def cyclic_subspaces(field: Field, matrix: Any, factor: Any, multiplicity: int, projector: Any) -> list[CyclicSubspace]:
    """Return the cyclic subspaces of an irreducible factor of the characteristic polynomial, longest first.

    ``projector`` is that onto the kernel of f(M)^n, along the other primary subspaces.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> M = QQ.matrix([[2, 1, 0], [0, 2, 0], [0, 0, 2]])
    >>> found = cyclic_subspaces(QQ, M, QQ.polynomial([-2, 1]), 3, QQ.identity(3))
    >>> [(c.length, c.generator.entries()) for c in found]
    [(2, [0, 1, 0]), (1, [0, 0, 1])]
    """
    P, zero = projector, projector - projector
    value = field.evaluate(factor, matrix) if multiplicity > 1 else zero  # f(M) P = 0
    found = []
    while zero != P:
        socle, length = P, 1
        while (image := value * socle) != zero:
            socle, length = image, length + 1
        subspace, krylov = _cyclic_subspace(field, matrix, P, socle, length * factor.degree(), length)
        found.append(subspace)
        P = P - krylov * subspace.coordinates
    return found


def _cyclic_subspace(field: Field, M: Any, P: Any, socle: Any, dimension: int, length: int) -> tuple[CyclicSubspace, Any]:
    """Return a cyclic subspace of largest order in the range of the projector P, and the columns g, M g, M^2 g, ...

    ``socle`` is f(M)^(length - 1) P, which is not 0; any nonzero entry of it gives a generator and a linear form.
    """
    n = M.nrows()
    i, j = next((i, j) for j in range(n) for i in range(n) if not field.is_zero(socle[i, j]))
    krylov, forms = krylov_vectors(field, M, P, (i, j), dimension)
    generator = field.fill(n, 1, [P[k, j] for k in range(n)])
    return CyclicSubspace(generator, length, field.solve(forms * krylov, forms)), krylov


def krylov_vectors(field: Field, M: Any, P: Any, entry: tuple[int, int], dimension: int) -> tuple[Any, Any]:
    """Return the columns g, M g, M^2 g, ... and the rows psi, psi M, psi M^2, ... for g = P[:, j] and psi = P[i, :].

    >>> from symplrnn.exact.fields.rational import QQ
    >>> columns, rows = krylov_vectors(QQ, QQ.matrix([[2, 1], [0, 2]]), QQ.identity(2), (0, 1), 2)
    >>> columns.entries(), rows.entries()
    ([0, 1, 1, 2], [1, 0, 2, 1])
    """
    n, (i, j) = M.nrows(), entry
    columns, rows = [field.fill(n, 1, [P[k, j] for k in range(n)])], [field.fill(1, n, [P[i, k] for k in range(n)])]
    for _ in range(dimension - 1):
        columns.append(M * columns[-1])
        rows.append(rows[-1] * M)
    vectors = field.fill(n, dimension, [column[k, 0] for k in range(n) for column in columns])
    return vectors, field.fill(dimension, n, [row[0, k] for row in rows for k in range(n)])
