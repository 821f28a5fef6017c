"""Facts about all eigenvalues of a matrix with letters, as conditions that are stated instead of written out.

Where all are real, where all are inside the unit circle, or where none is multiple: with letters in a large matrix the conditions
on them are pages long. Then a `Signed` function of the entries stands for the fact: it is 1 where it holds and -1 where it does
not, and is decided exactly at values of the letters, where it is a count of roots.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 2.2 (counts of roots).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.number_roots import NumberPolynomial, RationalPolynomial
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.exact.signs import Signed, program, run

__all__ = ["AllInside", "AllReal", "AllSimple", "NoPairOnCircle", "SpectralFact", "Stated", "elements_of",
           "matrix_polynomial", "over"]  # fmt: skip


class Stated(Signed):
    """1 where something holds and -1 where it does not, decided from the values of all arguments."""

    @classmethod
    def eval(cls, *args: sp.Expr) -> sp.Integer | None:
        """Return the value at numbers."""
        return sp.Integer(cls._sign(args)) if not any(x.free_symbols for x in args) else None

    def sign_at(self, values: Mapping[sp.Symbol, fmpq | sp.Expr]) -> int:
        """Return the value at rational or real algebraic values of the letters, exactly."""
        steps = [program(x) for x in self.args]
        if all(isinstance(x, fmpq) for x in values.values()) and not any(s.algebraic for s in steps):
            return self._sign([run(s, lambda c: c, lambda c: c, values.__getitem__)[-1] for s in steps])
        numbers = {s: to_sympy(v) if isinstance(v, fmpq) else v for s, v in values.items()}
        return self._sign([x.xreplace(numbers) for x in self.args])

    def words(self, holds: bool, path: str = "", t: str = "t") -> str:
        """Return in words that it holds, or that it does not; ``path`` names what it is said of, a function of t."""
        raise NotImplementedError

    @classmethod
    def _sign(cls, args: Sequence[Any]) -> int:
        """Return the value at numbers: rationals of FLINT, or of SymPy."""
        raise NotImplementedError


class SpectralFact(Stated):
    """A fact about the eigenvalues of a matrix M; arguments are its size and its entries by rows.

    ``text`` and ``otherwise`` say in words that it holds and that it does not; M stands for the matrix.
    """

    text: str
    otherwise: str

    def words(self, holds: bool, path: str = "", t: str = "t") -> str:
        """See `Stated`."""
        return self.text if holds else self.otherwise

    @classmethod
    def _sign(cls, args: Sequence[Any]) -> int:
        return 1 if cls._holds(matrix_polynomial(args)) else -1

    @classmethod
    def _holds(cls, polynomial: NumberPolynomial) -> bool:
        """Return whether it holds for a characteristic polynomial."""
        raise NotImplementedError


class AllReal(SpectralFact):
    """All eigenvalues are real.

    >>> a = sp.Symbol("a", real=True)
    >>> AllReal(2, 0, a, 1, 0).subs(a, 4), AllReal(2, 0, a, 1, 0).subs(a, -4), AllReal(2, 0, 0, 1, 0)
    (1, -1, 1)
    """

    text = "all eigenvalues of M are real"
    otherwise = "some eigenvalue of M is not real"

    @classmethod
    def _holds(cls, polynomial: NumberPolynomial) -> bool:
        return polynomial.all_roots_real


class AllInside(SpectralFact):
    """All eigenvalues are inside the unit circle.

    >>> a = sp.Symbol("a", real=True)
    >>> AllInside(2, 0, a, 1, 0).subs(a, sp.Rational(1, 2)), AllInside(2, 0, a, 1, 0).subs(a, -1)
    (1, -1)
    """

    text = "all eigenvalues of M are inside the unit circle"
    otherwise = "some eigenvalue of M is on or outside the unit circle"

    @classmethod
    def _holds(cls, polynomial: NumberPolynomial) -> bool:
        return polynomial.all_roots_inside


class NoPairOnCircle(SpectralFact):
    """No pair of eigenvalues that are not real is on the unit circle.

    >>> a = sp.Symbol("a", real=True)
    >>> NoPairOnCircle(2, 0, a, 1, 0).subs(a, -1), NoPairOnCircle(2, 0, a, 1, 0).subs(a, 1)
    (-1, 1)
    """

    text = "no complex pair of eigenvalues of M is on the unit circle"
    otherwise = "a complex pair of eigenvalues of M is on the unit circle"

    @classmethod
    def _holds(cls, polynomial: NumberPolynomial) -> bool:
        return polynomial.complex_pairs_on_circle == 0


class AllSimple(SpectralFact):
    """No eigenvalue is a multiple root of the characteristic polynomial.

    >>> a = sp.Symbol("a", real=True)
    >>> AllSimple(2, 0, a, 1, 0).subs(a, 0), AllSimple(2, 0, a, 1, 0).subs(a, 1)
    (-1, 1)
    """

    text = "M has no multiple eigenvalue"
    otherwise = "M has a multiple eigenvalue"

    @classmethod
    def _holds(cls, polynomial: NumberPolynomial) -> bool:
        f = polynomial.polynomial
        return bool(polynomial.field.gcd(f, f.derivative()).degree() == 0)


def matrix_polynomial(args: Sequence[Any]) -> NumberPolynomial:
    """Return the characteristic polynomial of a matrix of numbers, given by its size and its entries by rows."""
    size = int(args[0].p) if isinstance(args[0], fmpq) else int(args[0])
    K, elements = elements_of(args[1:])
    matrix = fmpq_mat(size, size, elements) if K is QQ else K.fill(size, size, elements)
    return over(K, K.characteristic_polynomial(matrix))


def elements_of(numbers: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Return the field that some numbers generate, and the numbers in it."""
    if all(isinstance(x, fmpq) or x.is_Rational for x in numbers):
        return QQ, [QQ.element(x) for x in numbers]
    K = field_of([sp.expand(x) for x in numbers])
    return K, [K.element(sp.expand(x)) for x in numbers]


def over(K: Any, polynomial: Any) -> NumberPolynomial:
    """Return a polynomial over a field with the questions that can be asked about its roots."""
    return RationalPolynomial(polynomial) if K is QQ else NumberPolynomial(K, polynomial.coeffs())
