"""Entries of a real logarithm that are too long to read, as SymPy numbers that are expanded when they are asked to.

The closed form of a trained network of 10 units has two million characters. Its entries are kept as what they are, entries of a
logarithm, so that the matrix is there at once, and printed as decimals that go on: -2.5946972... Their values are certified
(`symplrnn.logarithm.enclosure`); ``doit()`` gives the closed form. Entries that are proved to be rational are written as such.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import mpmath
import sympy as sp
from flint import acb, arb, arb_mat, ctx, fmpq
from sympy.printing.precedence import PRECEDENCE

from symplrnn import limits
from symplrnn.exact.balls import certified_decimal, refine, working_precision
from symplrnn.exact.evaluation import Evaluation, number_of
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.exact.writing import text_of
from symplrnn.logarithm.enclosure import real_logarithm_enclosure
from symplrnn.logarithm.expressions import real_logarithm_matrix
from symplrnn.logarithm.real_logarithm import RealLogarithm
from symplrnn.logarithm.root_sum import GUARD_BITS

__all__ = ["LogarithmEntry", "is_long", "logarithm_entries"]

DIGITS_SHOWN = 8
DECIDING_BITS = 128
MPMATH_DIGITS = 50  # in code for mpmath, whose precision may be raised when it runs
DIGITS_PER_BIT = 0.30103


class _Source:
    """A real logarithm with what has been computed of it: enclosures by their precision, the closed form."""

    def __init__(self, log: RealLogarithm) -> None:
        self.log = log
        self.known: dict[int, arb_mat] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return _Source, (self.log,)

    @cached_property
    def key(self) -> str:
        """The matrix whose logarithm it is, as text: entries of equal matrices at one place are equal."""
        return "; ".join(text_of(self.log.field.to_sympy(x)) for x in self.log.matrix.entries())

    def balls(self, bits: int) -> arb_mat:
        """Return an enclosure of the whole matrix."""
        if bits not in self.known:
            self.known[bits] = real_logarithm_enclosure(self.log, bits)
        return self.known[bits]

    @cached_property
    def expanded(self) -> sp.ImmutableDenseMatrix:
        """The closed form of the whole matrix."""
        return real_logarithm_matrix(self.log)


class LogarithmEntry(sp.AtomicExpr):  # type: ignore[misc]  # SymPy has no types
    """A rational multiple of an entry of a real logarithm: a real number that is printed in decimals and knows its closed form.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> value = LogarithmEntry(_Source(real_logarithm(QQ, QQ.matrix([[2, 1], [1, 3]]))), 0, 0, sp.Integer(10))
    >>> value, value.evalf(30)
    (5.8951448..., 5.89514485735048167855663050138)
    >>> value.doit().evalf(30) == value.evalf(30)
    True
    """

    is_real = True
    is_number = True
    is_commutative = True

    def __new__(cls, source: _Source, i: int, j: int, scale: sp.Rational) -> LogarithmEntry:
        """Return ``scale`` times entry (i, j)."""
        found: LogarithmEntry = super().__new__(cls)
        found.source, found.place, found.scale = source, (i, j), scale
        return found

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.source.key, *self.place, self.scale)

    def __reduce__(self) -> tuple[Any, ...]:
        return LogarithmEntry, (self.source, *self.place, self.scale)

    def doit(self, **hints: Any) -> sp.Expr:
        """Return the closed form, which may be long."""
        return self.source.expanded[self.place] * self.scale

    def enclosure(self, evaluation: Evaluation) -> acb:
        """Return a ball that contains the number, at the working precision."""
        return acb(self._ball(ctx.prec))

    def _ball(self, bits: int) -> arb:
        ball: arb = self.source.balls(bits)[self.place]
        with working_precision(bits):
            return ball * fmpq(int(self.scale.p), int(self.scale.q))

    def _eval_evalf(self, prec: int) -> sp.Expr:
        def attempt(bits: int) -> sp.Expr | None:
            ball = self._ball(bits)
            return number_of(acb(ball), prec)

        return refine(attempt, prec + GUARD_BITS, f"entry {self.place} of a logarithm", limits.ROOT_SUM_BITS)

    def _shown(self) -> tuple[str, str]:
        """Return the first digits, and the power of ten; an enclosure where they are not decided."""
        ball = self._ball(DECIDING_BITS)
        text = certified_decimal(ball, 2 * DIGITS_SHOWN)
        if text is None:
            return str(ball.str(DIGITS_SHOWN)), ""
        mantissa, _, exponent = text.partition("e")
        whole, _, decimals = mantissa.partition(".")
        zeros = 0 if whole.strip("-0") else len(decimals) - len(decimals.lstrip("0"))
        places = max(DIGITS_SHOWN + zeros - len(whole.lstrip("-0")), 0)
        return f"{whole}.{decimals[:places]}".rstrip("."), exponent

    @property
    def precedence(self) -> int:
        """How tightly it binds in print: like a number, whose sign is part of it."""
        return int(PRECEDENCE["Add" if self._ball(DECIDING_BITS) < 0 else "Atom"])

    def _sympystr(self, printer: Any) -> str:
        mantissa, exponent = self._shown()
        return f"{mantissa}...{'e' if exponent else ''}{exponent}"

    def _latex(self, printer: Any) -> str:
        mantissa, exponent = self._shown()
        return rf"{mantissa}\ldots" + (rf" \cdot 10^{{{int(exponent)}}}" if exponent else "")

    def _as_double(self, printer: Any) -> str:
        return str(printer.doprint(self.evalf(17)))

    _numpycode = _pythoncode = _lambdacode = _ccode = _juliacode = _as_double

    def _mpmathcode(self, printer: Any) -> str:
        return str(printer.doprint(self.evalf(max(mpmath.mp.dps, MPMATH_DIGITS))))


def is_long(log: RealLogarithm) -> bool:
    """Return whether the numbers in a closed form have so many digits together that nobody would read it."""
    real, size, left = real_field(log.field), log.matrix.nrows() ** 2, limits.CLOSED_FORM_DIGITS / DIGITS_PER_BIT
    for term in log.principal.terms:
        numbers = [x for H in term.matrices for x in H.entries()]
        if term.degree > 2:  # each weight has the polynomials in it
            numbers += [*term.factor.coeffs(), *term.denominator.coeffs()] * (size * term.degree)
        for x in numbers:
            left -= real.bits(log.field.element(x))
        if left < 0:
            return True
    return False


def logarithm_entries(log: RealLogarithm, dt: sp.Expr) -> sp.ImmutableDenseMatrix:
    """Return a real logarithm over dt, extra coordinates last, by entries that are expanded when they are asked to.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> logarithm_entries(real_logarithm(QQ, QQ.matrix([[2, 1], [0, 2]])), sp.Integer(2))
    Matrix([
    [0.3465735..., 1/4],
    [           0, 0.3465735...]])
    """
    source, size = _Source(log), log.size
    balls, known = source.balls(DECIDING_BITS), dict(log.exact_entries)
    known |= log.proved_entries(
        [(i, j) for i in range(size) for j in range(size) if (i, j) not in known and balls[i, j].contains(arb(0))]
    )
    scale, rest = (1 / dt, sp.Integer(1)) if dt.is_Rational else (sp.Integer(1), 1 / dt)

    def entry(i: int, j: int) -> sp.Expr:
        return to_sympy(known[i, j]) / dt if (i, j) in known else LogarithmEntry(source, i, j, scale) * rest

    return sp.ImmutableDenseMatrix(size, size, entry)
