"""The closed form of a logarithm as exact data: a rational part and spectral terms.

    log M = R + sum_i sum_{f_i(l) = 0} log(l) E_i(l),      E_i(l) = sum_k l^k H_ik / d_i(l)                           (3)

The f_i are squarefree and pairwise coprime, over a field of numbers the irreducible factors of the squarefree part s of the
characteristic polynomial; R and all H_ik are matrices over the field, d_i is a polynomial. With the weights w_ik = sum_{f_i(l)=0}
l^k log(l)/d_i(l), which are real numbers, log M = R + sum_ik w_ik H_ik: deg s numbers carry all that is not rational. Powers M^r
have the same form with l^r for log(l) and a polynomial in r for R.

Reference: docs/theory, section 5, "Closed-form logarithm"; N. J. Higham, Functions of Matrices, SIAM 2008, chapters 1 and 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import acb

from symplrnn import views
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.real import RealField, real_field
from symplrnn.exact.real_roots import Interval
from symplrnn.exact.roots import enclosed_roots_over, negative_roots_over

__all__ = ["Logarithm", "SpectralTerm"]


@dataclass(frozen=True, eq=False, repr=False)
class SpectralTerm(views.Shown):
    """One irreducible factor f of degree d with its projectors E(l) = sum_k l^k H_k / d(l), k < d, for f(l) = 0.

    Attributes
    ----------
    factor : polynomial f over K
    matrices : tuple of K matrices H_0 ... H_{d-1}
    denominator : polynomial d over K of degree less than that of f; the constant 1 if f has degree 1 or 2
    """

    field: Field
    factor: Any
    matrices: tuple[Any, ...]
    denominator: Any

    @property
    def degree(self) -> int:
        """Degree of the factor."""
        return int(self.factor.degree())

    @cached_property
    def real(self) -> RealField:
        """The field with its order, if its elements are numbers."""
        return real_field(self.field)

    def roots(self, bits: int) -> list[acb]:
        """Return certified enclosures of the roots; see `enclosed_roots_over`. They are kept."""
        if bits not in self._roots:
            self._roots[bits] = enclosed_roots_over(self.real, self.factor, bits)
        return self._roots[bits]

    @cached_property
    def _roots(self) -> dict[int, list[acb]]:
        return {}

    @cached_property
    def negative_roots(self) -> list[Interval]:
        """The negative roots in isolating intervals, in increasing order."""
        return negative_roots_over(self.real, self.factor)

    @cached_property
    def projectors(self) -> tuple[Any, ...]:
        """E_0 ... E_{d-1} with E(l) = sum_k l^k E_k: the division by d(l) carried out modulo f."""
        inverse = self.field.inverse_modulo(self.denominator, self.factor)
        return _times(self.field, self.matrices, inverse, self.factor)

    @cached_property
    def primary_projector(self) -> Any:
        """sum_{f(l) = 0} E(l), the projector onto the generalised eigenspaces of all roots, over K.

        The sum of v(l) over the roots is the coefficient of x^(d - 1) in v f' modulo the monic f (Euler).
        """
        K, f = self.field, self.factor
        x, weight = K.polynomial([K.element(0), K.element(1)]), K.inverse_modulo(self.denominator, f) * f.derivative()
        total = self.matrices[0] - self.matrices[0]
        for H in self.matrices:
            weight = K.remainder(weight, f)
            total = total + H * weight[self.degree - 1]
            weight = weight * x
        return total

    def entry(self, i: int, j: int) -> Any:
        """Return the polynomial sum_k x^k H_k[i, j]; entry (i, j) of E(l) is 0 iff it is 0."""
        return self.field.polynomial([H[i, j] for H in self.matrices])


@dataclass(frozen=True, eq=False, repr=False)
class Logarithm(views.Shown):
    """The principal logarithm (3) of an invertible matrix over a field K, in exact form.

    Attributes
    ----------
    matrix : K matrix (n, n)
        The matrix M whose logarithm this is.
    unipotent_powers : tuple of K matrices
        U, U^2, ... as long as they are not zero, for the nilpotent U = S^{-1} N; M = S + N = S (I + U).
    terms : tuple of SpectralTerm
        One for each irreducible factor of the squarefree part.
    """

    field: Field
    matrix: Any
    unipotent_powers: tuple[Any, ...]
    terms: tuple[SpectralTerm, ...]

    @cached_property
    def rational_part(self) -> Any:
        """R = log(I + U) = sum_{j >= 1} (-1)^{j-1} U^j / j, a finite sum."""
        total = self.matrix - self.matrix
        for j, power in enumerate(self.unipotent_powers, 1):
            total = total + power * (self.field.element((-1) ** (j - 1)) / self.field.element(j))
        return total


def _times(field: Field, matrices: tuple[Any, ...], factor: Any, modulus: Any) -> tuple[Any, ...]:
    """Return the coefficients of (sum_k x^k H_k) factor(x) modulo a polynomial."""
    n, degree = matrices[0].nrows(), modulus.degree()
    entries = [
        [field.remainder(field.polynomial([H[i, j] for H in matrices]) * factor, modulus) for j in range(n)] for i in range(n)
    ]
    return tuple(field.matrix([[entry[k] for entry in row] for row in entries]) for k in range(degree))
