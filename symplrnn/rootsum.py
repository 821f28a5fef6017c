"""Sums over the roots of a polynomial, as SymPy expressions whose numerical value is certified.

SymPy's own `RootSum` evaluates its summand at roots of the working precision and trusts the result. Where the summand cancels, as
l^k log(l)/d(l) does for eigenvalues that lie close together, that gives wrong digits without a warning (6 of 15 for one entry of
a trained network of 10 units). Here the summand is evaluated in ball arithmetic, and the precision is raised until the digits
are right.
"""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import sympy as sp
from flint import acb, acb_poly, fmpq, fmpq_poly, fmpz

from symplrnn.exact.balls import MAX_PRECISION, root_enclosures, working_precision

__all__ = ["CertifiedRootSum", "root_sum"]

GUARD_BITS = 16


class CertifiedRootSum(sp.RootSum):  # type: ignore[misc]  # SymPy has no types
    """sum_{f(l) = 0} u(l), unevaluated, for an irreducible rational f and u made of rationals, powers and logarithms.

    >>> x = sp.Symbol("x")
    >>> value = root_sum(sp.Poly(x**3 - 5*x**2 + 5*x - 2, x), sp.log(x) / (x - 1))
    >>> value.evalf(20)
    2.7514231249755267900
    """

    def _eval_evalf(self, prec: int) -> sp.Expr:
        variable, summand = self.fun.variables[0], self.fun.expr
        if self.free_symbols:
            return self
        f = fmpq_poly([_rational(c) for c in reversed(self.poly.all_coeffs())])
        bits = prec + GUARD_BITS
        while True:
            with working_precision(bits):
                total = sum((_ball(summand, variable, root) for root in root_enclosures(f, bits)), acb(0))
            sharp = total.real.is_finite() and total.real.rel_accuracy_bits() >= prec
            if sharp or bits > min(64 * prec, MAX_PRECISION):
                return _to_float(total, prec)
            bits *= 2


def root_sum(polynomial: sp.Poly, summand: sp.Expr) -> sp.Expr:
    """Return the sum of an expression in the polynomial's variable over the polynomial's roots, unevaluated."""
    return CertifiedRootSum(polynomial, sp.Lambda(polynomial.gen, summand), auto=False, quadratic=False)


def _rational(value: sp.Rational) -> fmpq:
    return fmpq(int(value.p), int(value.q))


def _ball(expression: sp.Expr, variable: sp.Symbol, root: acb) -> acb:
    """Return an enclosure of an expression at a root, at the current precision."""
    if expression == variable:
        return root
    if isinstance(expression, sp.Rational):
        return acb(_rational(expression))
    polynomial = expression.as_poly(variable, domain="QQ") if expression.is_polynomial(variable) else None
    if polynomial is not None:
        return acb_poly(fmpq_poly([_rational(c) for c in reversed(polynomial.all_coeffs())]))(root)
    parts = [_ball(part, variable, root) for part in expression.args]
    rules: dict[type, Callable[[], acb]] = {
        sp.Add: lambda: sum(parts, acb(0)),
        sp.Mul: lambda: _product(parts),
        sp.Pow: lambda: parts[0] ** fmpz(int(expression.exp)) if expression.exp.is_Integer else (parts[0].log() * parts[1]).exp(),
        sp.log: lambda: acb.log(parts[0]),
    }
    return rules[expression.func]()


def _product(parts: list[acb]) -> acb:
    total = acb(1)
    for part in parts:
        total *= part
    return total


def _to_float(value: acb, prec: int) -> sp.Float:
    """Return the midpoint of the real part: the sum is real, because its terms come in conjugate pairs."""
    mantissa, exponent = value.real.mid().man_exp()
    with mpmath.workprec(prec):
        return sp.Float(mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent)), precision=prec)
