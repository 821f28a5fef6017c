"""Fitting's decomposition: a singular matrix as an invertible one after a jump.

For a square matrix M over a field, let P be the projector onto the generalised kernel (the kernel of M^n) along the complementary
invariant subspace (the range of M^n). P is a polynomial in M, so it has entries in the field and commutes with M. With

    J = (I - P) + M P,        F = M (I - P) + P,

F J = J F = M, F is invertible, and J is the identity on the range of M^n and nilpotent on the generalised kernel.

Reference: docs/theory, section 3, E6; N. Jacobson, Basic Algebra II, 1989, section 3.4 (Fitting's lemma).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symplrnn import views
from symplrnn.exact.fields.field import Field

__all__ = ["Fitting", "fitting", "primary_projector"]


@dataclass(frozen=True, repr=False)
class Fitting(views.Shown):
    """M = F J with F invertible.

    Attributes
    ----------
    projector : matrix
        P, onto the generalised kernel.
    jump : matrix
        J = (I - P) + M P.
    flow : matrix
        F = M (I - P) + P.
    """

    projector: Any
    jump: Any
    flow: Any


def primary_projector(field: Field, matrix: Any, power: Any, characteristic: Any) -> Any:
    """Return the projector onto the kernel of p(M), along the other primary subspaces, for a factor p of chi coprime to chi/p.

    It is q(M) for the q of least degree with q = 1 modulo p and q = 0 modulo chi/p.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> M = QQ.matrix([[2, 1], [0, 3]])
    >>> primary_projector(QQ, M, QQ.polynomial([-2, 1]), QQ.characteristic_polynomial(M))
    [1, -1]
    [0,  0]
    """
    rest = field.quotient(characteristic, power)
    return field.evaluate(rest * field.inverse_modulo(rest, power), matrix)


def fitting(field: Field, matrix: Any) -> Fitting | None:
    """Return Fitting's decomposition of a square matrix; None if it is invertible.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> found = fitting(QQ, QQ.matrix([[0, 1], [0, 2]]))
    >>> found.jump, found.flow
    ([0, 1/2]
    [0,   1], [1, 1/2]
    [0,   2])
    """
    characteristic = field.characteristic_polynomial(matrix)
    order = next(k for k in range(characteristic.degree() + 1) if not field.is_zero(characteristic[k]))
    if order == 0:
        return None
    n, one = matrix.nrows(), field.element(1)
    power = field.polynomial([*[field.element(0)] * order, one])
    P = primary_projector(field, matrix, power, characteristic)
    identity = field.identity(n)
    return Fitting(P, identity - P + matrix * P, matrix * (identity - P) + P)
