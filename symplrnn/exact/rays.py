"""Whether a real polynomial, or the characteristic polynomial of a matrix, has a root in (-inf, 0]: a condition that is stated.

With letters in many coefficients, or in a large matrix, the conditions on them are too long to be written out. Then a `Signed`
function of the coefficients, or of the entries, stands for them: it is 1 where there is no root and -1 where there is one, and is
decided exactly at values of the letters. With N = M - I there is no eigenvalue of M in (-inf, 0] exactly if

    q(t) = det(I + t N) = 1 + e_1 t + ... + e_n t^n > 0   for 0 <= t <= 1,

e_k being the elementary symmetric functions of the eigenvalues of N: q vanishes at t where 1 - 1/t is an eigenvalue of M.

Reference: docs/theory, section 6 (integral form).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

import sympy as sp

from symplrnn import limits
from symplrnn.exact.number_roots import NumberPolynomial
from symplrnn.exact.stated import Stated, elements_of, matrix_polynomial, over
from symplrnn.exact.writing import text_of

__all__ = ["MatrixOffRay", "OffRay", "PolynomialOffRay", "path_coefficients"]


class OffRay(Stated):
    """1 where a polynomial has no root in (-inf, 0], or in (-inf, 0) if the first argument is 0; else -1."""

    @property
    def closed(self) -> bool:
        """Whether the root 0 counts."""
        return bool(self.args[0] == 1)

    @property
    def coefficients(self) -> tuple[sp.Expr, ...] | None:
        """The coefficients of the polynomial, constant term first, without the leading 1; None if they are not written out."""
        raise NotImplementedError

    def words(self, holds: bool, path: str = "q(t)", t: str = "t") -> str:
        """See `Stated`.

        >>> t, d = sp.symbols("tau delta")
        >>> PolynomialOffRay(1, d, -t).words(True), PolynomialOffRay(0, d, -t).words(False)
        ('q(t) > 0 for 0 <= t <= 1', 'q(t) <= 0 for some 0 <= t < 1')
        """
        where = f"0 <= {t} {'<=' if self.closed else '<'} 1"
        return f"{path} > 0 for {where}" if holds else f"{path} <= 0 for some {where}"

    def path_text(self, t: str) -> str:
        """Return q(t) as text: written out, or as a determinant if that is long or not known.

        >>> tau, delta = sp.symbols("tau delta")
        >>> PolynomialOffRay(1, delta, -tau).path_text("t")
        'e_2*t**2 + e_1*t + 1 with e_1 = tau - 2, e_2 = delta - tau + 1'
        """
        if self.coefficients is not None:
            e = list(enumerate(path_coefficients(self.coefficients)))
            written = " + ".join(f"e_{k}*{t}**{k}" for k, _ in reversed(e[2:])) + f" + e_1*{t} + 1"
            named = ", ".join(f"e_{k} = {text_of(x)}" for k, x in e[1:])
            if len(named) <= limits.PATH_CHARACTERS:
                return f"{written} with {named}"
        return f"det(I + {t}*(M - I))"

    @classmethod
    def _sign(cls, args: Sequence[Any]) -> int:
        polynomial = cls._polynomial(args[1:])
        return 1 if polynomial.negative_roots == 0 and not (args[0] == 1 and polynomial.has_zero_root) else -1

    @classmethod
    def _polynomial(cls, args: Sequence[Any]) -> NumberPolynomial:
        raise NotImplementedError


class PolynomialOffRay(OffRay):
    """The same for a monic polynomial: arguments are whether 0 counts, and its other coefficients, constant term first.

    >>> t, d = sp.symbols("t d", real=True)
    >>> condition = PolynomialOffRay(1, d, -t)
    >>> condition.subs({t: -1, d: 1}), condition.subs({t: -2, d: 1}), PolynomialOffRay(0, 0, -1), PolynomialOffRay(1, 0, -1)
    (1, -1, 1, -1)
    """

    @property
    def coefficients(self) -> tuple[sp.Expr, ...] | None:
        """See `OffRay`."""
        return tuple(self.args[1:])

    @classmethod
    def _polynomial(cls, args: Sequence[Any]) -> NumberPolynomial:
        K, elements = elements_of(args)
        return over(K, K.polynomial([*elements, K.element(1)]))


class MatrixOffRay(OffRay):
    """The same for the eigenvalues of a matrix: arguments are whether 0 counts, the size, and the entries by rows.

    >>> a = sp.Symbol("a", real=True)
    >>> MatrixOffRay(1, 2, 0, a, -1, 0).subs(a, 2), MatrixOffRay(1, 2, 0, a, -1, 0).subs(a, -2)
    (1, -1)
    """

    @property
    def coefficients(self) -> tuple[sp.Expr, ...] | None:
        """None, see `OffRay`."""
        return None

    @classmethod
    def _polynomial(cls, args: Sequence[Any]) -> NumberPolynomial:
        return matrix_polynomial(args)


def path_coefficients(coefficients: Sequence[sp.Expr]) -> list[sp.Expr]:
    """Return e_0 = 1, e_1, ..., e_n with q(t) = e_0 + e_1 t + ... + e_n t^n, from a polynomial's coefficients but the leading 1.

    >>> t, d = sp.symbols("t d")
    >>> path_coefficients([d, -t])
    [1, t - 2, d - t + 1]
    """
    c = [*coefficients, sp.Integer(1)]
    n = len(c) - 1
    shifted = [sp.expand(sp.Add(*(comb(j, k) * c[j] for j in range(k, n + 1)))) for k in range(n + 1)]  # p(y + 1)
    return [(-1) ** k * shifted[n - k] for k in range(n + 1)]
