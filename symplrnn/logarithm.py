"""The closed-form logarithm of a rational matrix, and its powers, as a rational part plus spectral terms.

    log M = R + sum_i sum_{f_i(l) = 0} log(l) E_i(l),      E_i(l) = sum_k l^k E_ik                                    (3)

The f_i are the irreducible factors of the squarefree part s of the characteristic polynomial; R and all E_ik are rational. With
the weights w_ik = sum_{f_i(l)=0} l^k log(l), which are real numbers, log M = R + sum_ik w_ik E_ik: deg s numbers carry
all that is not rational. Powers M^r have the same form with l^r for log(l) and a polynomial in r for R.

The spectral projectors come from E_i(l) = g_i(S) [f_i(x)/(x-l)](S) / (g_i(l) f_i'(l)) with g_i = s/f_i, reduced modulo f_i(l).

Reference: THEORY section 5, "Closed-form logarithm"; N. J. Higham, Functions of Matrices, SIAM 2008, chapters 1 and 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symplrnn.exact.field import Field
from symplrnn.exact.jordan import JordanChevalley, jordan_chevalley

__all__ = ["Logarithm", "SpectralTerm", "logarithm"]


@dataclass(frozen=True, eq=False)
class SpectralTerm:
    """One irreducible factor f of degree d with its projectors: the eigenvalue l with f(l) = 0 has sum_k l^k E_k, k < d."""

    factor: Any
    projectors: tuple[Any, ...]

    @property
    def degree(self) -> int:
        """Degree of the factor."""
        return int(self.factor.degree())


@dataclass(frozen=True, eq=False)
class Logarithm:
    """The principal logarithm (3) of an invertible matrix over a field K, in exact form.

    Attributes
    ----------
    matrix : K matrix (n, n)
        The matrix M whose logarithm this is.
    split : JordanChevalley
        M = S + N.
    unipotent : K matrix
        U = S^{-1} N, nilpotent; M = S (I + U).
    terms : tuple of SpectralTerm
        One for each irreducible factor of the squarefree part.
    """

    field: Field
    matrix: Any
    split: JordanChevalley
    unipotent: Any
    terms: tuple[SpectralTerm, ...]

    @cached_property
    def unipotent_powers(self) -> tuple[Any, ...]:
        """U, U^2, ... as long as they are not zero."""
        powers, zero = [], self.unipotent - self.unipotent
        power = self.unipotent
        while power != zero:
            powers.append(power)
            power = power * self.unipotent
        return tuple(powers)

    @cached_property
    def rational_part(self) -> Any:
        """R = log(I + U) = sum_{j >= 1} (-1)^{j-1} U^j / j, a finite sum."""
        total = self.unipotent - self.unipotent
        for j, power in enumerate(self.unipotent_powers, 1):
            total = total + power * (self.field.element((-1) ** (j - 1)) / self.field.element(j))
        return total


def logarithm(field: Field, matrix: Any) -> Logarithm:
    """Return the closed form of log M for an invertible matrix over an exact field.

    Whether the principal logarithm is real is decided elsewhere (E2); the closed form itself only needs det M != 0.

    >>> from symplrnn.exact.rational import QQ
    >>> log = logarithm(QQ, QQ.matrix([[2, 1], [0, 2]]))
    >>> log.rational_part
    [0, 1/2]
    [0,   0]

    Raises ZeroDivisionError if the matrix is singular.
    """
    split = jordan_chevalley(field, matrix, field.characteristic_polynomial(matrix))
    unipotent = field.inverse(split.semisimple) * split.nilpotent
    factors = [factor for factor, _ in field.factor(split.squarefree)]
    terms = tuple(_spectral_term(field, split, factor) for factor in factors)
    return Logarithm(field, matrix, split, unipotent, terms)


def _spectral_term(field: Field, split: JordanChevalley, f: Any) -> SpectralTerm:
    """Return the projectors E_k of the roots of f, from the formula at the head of this file."""
    S, n = split.semisimple, split.semisimple.nrows()
    g = field.quotient(split.squarefree, f)
    denominator = field.inverse_modulo(field.remainder(g * f.derivative(), f), f)
    # f(x)/(x - l) = sum_k l^k q_k(x) with q_{d-1} = 1 and q_{k-1} = x q_k + f_k (Horner).
    one = field.identity(n)
    quotients = [one]
    for k in range(f.degree() - 1, 0, -1):
        quotients.append(quotients[-1] * S + one * f[k])
    cofactor = field.evaluate(g, S)
    numerators = [cofactor * q for q in reversed(quotients)]
    entries = [
        [field.remainder(field.polynomial([numerator[i, j] for numerator in numerators]) * denominator, f) for j in range(n)]
        for i in range(n)
    ]
    return SpectralTerm(f, tuple(field.matrix([[entry[k] for entry in row] for row in entries]) for k in range(f.degree())))
