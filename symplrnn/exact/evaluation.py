"""Certified values of closed forms: expressions of numbers, evaluated in balls.

The closed forms of networks over Q are enclosed from their spectral terms (`symplrnn.logarithm.enclosure`). Over Q(sqrt 2, ...)
the printed expression itself is evaluated: its operations and functions have ball versions in Arb, so the result contains the
value. All are evaluated as complex numbers; a number is known to be real if the imaginary part of its ball is exactly 0.
Functions with a branch cut (logarithms, roots) take the value that SymPy gives them on the cut if their argument is known to be
real; where the sign of such an argument is not known, the result is not a number, and more precision is needed.

Reference: F. Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, IEEE Trans. Comput. 66 (2017).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import mpmath
import sympy as sp
from flint import acb, acb_poly, arb, arb_mat, ctx, fmpq_poly, fmpz

from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import endpoints, root_enclosures, working_precision
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.numbers import rational

__all__ = ["Evaluation", "dense_polynomial", "expression_enclosure", "number_of", "real_root"]


def expression_enclosure(matrix: sp.MatrixBase, bits: int) -> arb_mat:
    """Return a ball matrix that contains a matrix of real numbers, given as SymPy expressions.

    >>> expression_enclosure(sp.Matrix([[sp.log(sp.sqrt(2))]]), 64)[0, 0].str(12, radius=False)
    '0.346573590280'

    An entry that this precision does not decide, such as the root of a number whose sign it does not tell, is not a number.

    Raises `PrecisionLimit` for an expression that has no ball version here, or whose imaginary part is not known to be 0.
    """
    with working_precision(bits):
        ball = Evaluation()
        return arb_mat(matrix.rows, matrix.cols, [_real(x, ball(x)) for x in matrix])


def _real(expression: sp.Expr, value: acb) -> arb:
    if not value.is_finite():
        return arb.nan()
    if not value.imag.is_zero():
        # No precision changes that: what is left of an imaginary part is cancelled by proof (`CertifiedRootSum`), or not at all.
        raise PrecisionLimit(f"digits: the imaginary part of {shorten(str(expression))} is not known to be 0")
    return value.real


class Evaluation:
    """Enclosures of expressions of numbers, and of one variable at a point, at the working precision; each part once.

    An expression with a method ``enclosure`` evaluates itself; it is given the evaluation, for its arguments.

    >>> x = sp.Symbol("x")
    >>> with working_precision(64):
    ...     value = Evaluation(x, acb(-2))(sp.log(x) / sp.pi)
    >>> value.imag.str(5, radius=False), Evaluation()(sp.sqrt(2)).imag.is_zero()
    ('1.0000', True)
    """

    def __init__(self, variable: sp.Symbol | None = None, value: acb | None = None) -> None:
        self.variable = variable
        self.known: dict[sp.Expr, acb] = {} if value is None else {variable: value}

    def again(self) -> Evaluation:
        """Return an evaluation that knows nothing yet but the variable: for a working precision that is not the present one."""
        return Evaluation(self.variable, self.known.get(self.variable))

    def __call__(self, expression: sp.Expr) -> acb:
        """Return an enclosure; raise `PrecisionLimit` for a function that has no ball version here."""
        found = self.known.get(expression)
        if found is None:
            found = self.known[expression] = self._evaluate(expression)
        return found

    def _evaluate(self, e: sp.Expr) -> acb:
        if isinstance(e, sp.Rational | sp.Float):
            return acb(rational(e, "number"))
        if e in CONSTANTS:
            return CONSTANTS[e]()
        if hasattr(e, "enclosure"):
            own: acb = e.enclosure(self)
            return own
        if isinstance(e, sp.CRootOf):
            return acb(real_root(e))
        if isinstance(e, sp.Piecewise):
            return self._case(e)
        if e.is_Pow:
            return self._power(self(e.base), e.exp)
        if e.is_Add and self.variable in e.free_symbols and e.is_polynomial(self.variable):
            return acb_poly([self(c) for c in _coefficients(e, self.variable)])(self.known[self.variable])
        if e.func not in RULES:
            kind = type(e).__name__
            raise PrecisionLimit(f"digits: a {kind} has no certified value in {shorten(str(e))}")
        return RULES[e.func](*(self(x) for x in e.args))

    def _power(self, base: acb, exponent: sp.Expr) -> acb:
        """Return b^e, by its logarithm unless e is an integer or half of one."""
        if exponent.is_Integer:
            return base ** fmpz(int(exponent))
        if exponent.is_Rational and exponent.q == 2 and base.imag.is_zero():
            x = base.real
            root = acb(0, (-x).sqrt()) if x < 0 else acb(x.sqrt())  # not a number if the sign is not known
            return root ** fmpz(int(exponent.p))
        return (_log(base) * self(exponent)).exp()

    def _case(self, cases: sp.Piecewise) -> acb:
        """Return the value of the first case that holds; not a number where the balls do not decide which one that is."""
        for value, condition in cases.args:
            holds = self._holds(condition)
            if holds is None:
                return acb(arb.nan())
            if holds:
                return self(value)
        return acb(arb.nan())

    def _holds(self, condition: sp.Basic) -> bool | None:
        """Return whether inequalities hold; None if the balls do not decide it."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.And):
            found = [self._holds(part) for part in condition.args]
            return False if False in found else None if None in found else True
        if not isinstance(condition, INEQUALITIES):
            raise PrecisionLimit(f"digits: no certified value tells whether {shorten(str(condition))}")
        greater, less = self(condition.gts), self(condition.lts)
        if not (greater.imag.is_zero() and less.imag.is_zero()):
            return None
        left, right = greater.real, less.real
        if isinstance(condition, sp.StrictGreaterThan | sp.StrictLessThan):
            return True if left > right else False if left <= right else None
        return True if left >= right else False if left < right else None


INEQUALITIES = (sp.StrictGreaterThan, sp.StrictLessThan, sp.GreaterThan, sp.LessThan)


@lru_cache(maxsize=1024)
def _coefficients(expression: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    """Return the coefficients of a polynomial, constant term first."""
    return tuple(reversed(sp.Poly(expression, variable).all_coeffs()))


def dense_polynomial(polynomial: sp.Poly) -> fmpq_poly:
    """Return a SymPy polynomial in one variable with rational coefficients as FLINT's.

    >>> dense_polynomial(sp.Poly([1, 0, sp.Rational(1, 2)], sp.Symbol("x")))
    x^2 + 1/2
    """
    return fmpq_poly([rational(c, "coefficient") for c in reversed(polynomial.all_coeffs())])


def real_root(root: sp.CRootOf) -> arb:
    """Return an enclosure of a root of a polynomial; the real ones come first, in order."""
    found = root_enclosures(dense_polynomial(root.poly), ctx.prec)
    real = sorted((x for x in found if x.imag.is_zero()), key=lambda x: endpoints(x.real)[0])
    if root.index >= len(real):
        raise PrecisionLimit(f"digits: {shorten(str(root))} is not real; it has no certified value")
    enclosure: arb = real[root.index].real
    return enclosure


def number_of(value: acb, prec: int) -> sp.Expr | None:
    """Return a ball as a number of ``prec`` bits, all of them right; None if it is too wide.

    An imaginary part that may be 0, and is less than the last bit in any case, is left out.

    >>> number_of(acb(1) / 4, 53), number_of(acb(arb(1, 1e-9)), 53)
    (0.250000000000000, None)
    """
    parts = [value.real, value.imag]
    if value.imag.contains(arb(0)):
        if not abs(value.imag) <= abs(value.real) * arb(2) ** -prec:
            return None
        parts = [value.real]
    if not all(x.is_finite() and x.rel_accuracy_bits() >= prec for x in parts):
        return None
    return sp.Add(*(_float(x, prec) * unit for x, unit in zip(parts, (1, sp.I), strict=False)))


def _float(value: arb, prec: int) -> sp.Float:
    mantissa, exponent = value.mid().man_exp()
    with mpmath.workprec(prec):
        return sp.Float(mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent)), precision=prec)


def _product(*parts: acb) -> acb:
    total = acb(1)
    for part in parts:
        total *= part
    return total


def _log(value: acb) -> acb:
    """Return the principal logarithm; that of a negative number x is log(-x) + i pi."""
    if not value.imag.is_zero():
        return value.log()
    if value.real < 0:
        return acb((-value.real).log(), arb.pi())
    return acb(value.real.log())  # not a number if the sign is not known


def _sign(value: arb) -> arb:
    """Return the sign of a real number; not a number where its ball does not decide it."""
    return arb(1) if value > 0 else arb(-1) if value < 0 else arb(0) if value.is_zero() else arb.nan()


def _of_real(function: Callable[..., arb]) -> Callable[..., acb]:
    """Return a function that is not a number at numbers that are not known to be real."""

    def extended(*parts: acb) -> acb:
        return acb(function(*(x.real for x in parts))) if all(x.imag.is_zero() for x in parts) else acb(arb.nan())

    return extended


CONSTANTS: Mapping[sp.Expr, Callable[[], acb]] = {
    sp.pi: lambda: acb(arb.pi()),
    sp.E: lambda: acb(arb(1).exp()),
    sp.I: lambda: acb(0, 1),
    sp.nan: lambda: acb(arb.nan()),
}

RULES: Mapping[type, Callable[..., acb]] = {
    sp.Add: lambda *parts: sum(parts, acb(0)),
    sp.Mul: _product,
    sp.log: _log,
    sp.exp: acb.exp,
    sp.sin: acb.sin,
    sp.cos: acb.cos,
    sp.re: lambda x: acb(x.real),
    sp.im: lambda x: acb(x.imag),
    sp.arg: lambda x: acb(x.arg()),
    sp.Abs: lambda x: acb(abs(x)),
    sp.sign: _of_real(_sign),
    sp.atan: _of_real(arb.atan),
    sp.atan2: _of_real(arb.atan2),
}
