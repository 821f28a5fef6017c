"""Sums over the roots of a polynomial, as SymPy expressions whose numerical value is certified.

SymPy's own `RootSum` evaluates its summand at roots of the working precision and trusts the result. Where the summand cancels, as
l^k log(l)/d(l) does for eigenvalues that lie close together, that gives wrong digits without a warning (6 of 15 for one entry of
a trained network of 10 units). Here the summand is evaluated in ball arithmetic, and the precision is raised until the digits
are right; if they never are, `PrecisionLimit` is raised. Sums of rational functions are evaluated exactly, as traces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from flint import acb, acb_poly, arb, fmpq, fmpq_poly, fmpz
from mpmath.libmp import prec_to_dps

from symplrnn.exact.balls import refine, root_enclosures, working_precision
from symplrnn.exact.numbers import rational, to_sympy
from symplrnn.exact.rational import QQ

__all__ = ["CertifiedRootSum", "root_sum"]

GUARD_BITS = 16
MAX_BITS = 1 << 14


class CertifiedRootSum(sp.RootSum):  # type: ignore[misc]  # SymPy has no types
    """sum_{f(l) = 0} u(l), unevaluated, for an irreducible rational f.

    u is made of rationals, the imaginary unit, powers, logarithms, real and imaginary parts, moduli, arguments, signs, and cases
    (`sympy.Piecewise`) that inequalities between them tell apart.

    The sum is real unless u has its branch cut at a negative root; where no precision in use tells its imaginary part from 0,
    the value is a real number.

    >>> x = sp.Symbol("x")
    >>> value = root_sum(sp.Poly(x**3 - 5*x**2 + 5*x - 2, x), sp.log(x) / (x - 1))
    >>> value.evalf(20)
    2.7514231249755267900
    """

    def __new__(cls, polynomial: sp.Expr, function: sp.Lambda, x: sp.Symbol, *_: Any) -> CertifiedRootSum:
        """Return the sum with these arguments, as SymPy asks for it when it puts numbers in; not scaled and not factored.

        Of a factor alone the sum may be exactly 0, and no precision would tell it from 0.
        """
        return cls.new(sp.PurePoly(polynomial, x), function, auto=False)  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        x = self.fun.variables[0]
        return root_sum, (sp.Poly(self.poly.as_expr(x), x, domain=self.poly.domain), self.fun.expr)

    def _eval_evalf(self, prec: int) -> sp.Expr:
        if self.free_symbols:
            return self
        known = self.__dict__.setdefault("known", {})  # one weight stands in many entries of a matrix
        if prec not in known:
            known[prec] = self._value(prec)
        return known[prec]

    def _value(self, prec: int) -> sp.Expr:
        variable, summand = self.fun.variables[0], self.fun.expr
        f = _dense(self.poly)
        if summand.is_rational_function(variable):
            return to_sympy(_rational_sum(f, summand, variable)).evalf(prec_to_dps(prec) + 1)

        def attempt(bits: int) -> sp.Expr | None:
            with working_precision(bits):
                total = sum((_ball(summand, variable, root) for root in root_enclosures(f, bits)), acb(0))
                parts = [total.real] if total.imag.contains(arb(0)) else [total.real, total.imag]
                if not all(x.is_finite() and x.rel_accuracy_bits() >= prec for x in parts):
                    return None
                return sp.Add(*(_to_float(x, prec) * unit for x, unit in zip(parts, (1, sp.I), strict=False)))

        return refine(attempt, prec + GUARD_BITS, f"a sum over the roots of a polynomial of degree {f.degree()}", MAX_BITS)


def root_sum(polynomial: sp.Poly, summand: sp.Expr) -> sp.Expr:
    """Return the sum of an expression in the polynomial's variable over an irreducible polynomial's roots, unevaluated."""
    if not summand.has(polynomial.gen):
        return polynomial.degree() * summand
    # The constructor would factor the polynomial, which takes seconds with letters; it is irreducible already.
    return CertifiedRootSum.new(sp.PurePoly(polynomial), sp.Lambda(polynomial.gen, summand), auto=False)


def _dense(polynomial: sp.Poly) -> fmpq_poly:
    return fmpq_poly([rational(c, "coefficient") for c in reversed(polynomial.all_coeffs())])


def _rational_sum(f: fmpq_poly, summand: sp.Expr, variable: sp.Symbol) -> fmpq:
    """Return the sum of a rational function over the roots of f: the trace of its value in Q[x]/f, by Newton's power sums."""
    numerator, denominator = (_dense(sp.Poly(part, variable, domain="QQ")) for part in sp.fraction(sp.together(summand)))
    value = numerator * QQ.inverse_modulo(denominator, f) % f
    degree, leading = f.degree(), f[f.degree()]
    sums = [fmpq(degree)]
    for k in range(1, degree):
        known = sum((f[degree - i] * sums[k - i] for i in range(1, k)), f[degree - k] * fmpq(k))
        sums.append(-known / leading)
    return sum((value[k] * sums[k] for k in range(degree)), fmpq(0))


def _ball(expression: sp.Expr, variable: sp.Symbol, root: acb) -> acb:
    """Return an enclosure of an expression at a root, at the current precision."""
    if expression == variable:
        return root
    if isinstance(expression, sp.Rational | sp.Float):
        return acb(rational(expression, "number"))
    if isinstance(expression, sp.Piecewise):
        return _case(expression, variable, root)
    if expression.is_polynomial(variable) and expression.has(variable):
        return acb_poly(_dense(sp.Poly(expression, variable, domain="QQ")))(root)
    parts = [_ball(part, variable, root) for part in expression.args]
    rules: dict[type, Callable[[], acb]] = {
        sp.Add: lambda: sum(parts, acb(0)),
        sp.Mul: lambda: _product(parts),
        sp.Pow: lambda: parts[0] ** fmpz(int(expression.exp)) if expression.exp.is_Integer else (parts[0].log() * parts[1]).exp(),
        sp.log: lambda: acb.log(parts[0]),
        type(sp.I): lambda: acb(0, 1),
        type(sp.pi): lambda: acb(arb.pi()),
        sp.re: lambda: acb(parts[0].real),
        sp.im: lambda: acb(parts[0].imag),
        sp.arg: lambda: acb(parts[0].arg()),
        sp.Abs: lambda: acb(abs(parts[0])),
        sp.sign: lambda: _sign(parts[0].real),
    }
    return rules[expression.func]()


def _sign(value: arb) -> acb:
    """Return the sign of a real number; not a number where its ball does not decide it."""
    return acb(1) if value > 0 else acb(-1) if value < 0 else acb(0) if value == 0 else acb(arb.nan())


def _case(cases: sp.Piecewise, variable: sp.Symbol, root: acb) -> acb:
    """Return the value of the first case that holds at a root; not a number where the ball does not decide which one that is."""
    for value, condition in cases.args:
        holds = _holds(condition, variable, root)
        if holds is None:
            return acb(arb.nan())
        if holds:
            return _ball(value, variable, root)
    return acb(arb.nan())


def _holds(condition: sp.Basic, variable: sp.Symbol, root: acb) -> bool | None:
    """Return whether inequalities hold at a root; None if its ball does not decide it."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.And):
        found = [_holds(part, variable, root) for part in condition.args]
        return False if False in found else None if None in found else True
    left, right = (_ball(part, variable, root).real for part in (condition.gts, condition.lts))
    if isinstance(condition, sp.StrictGreaterThan | sp.StrictLessThan):
        return True if left > right else False if left <= right else None
    return True if left >= right else False if left < right else None


def _product(parts: list[acb]) -> acb:
    total = acb(1)
    for part in parts:
        total *= part
    return total


def _to_float(value: arb, prec: int) -> sp.Float:
    """Return the midpoint of a ball."""
    mantissa, exponent = value.mid().man_exp()
    with mpmath.workprec(prec):
        return sp.Float(mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent)), precision=prec)
