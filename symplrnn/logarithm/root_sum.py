"""Sums over the roots of a polynomial, as SymPy expressions whose numerical value is certified.

SymPy's own `RootSum` evaluates its summand at roots of the working precision and trusts the result. Where the summand cancels, as
l^k log(l)/d(l) does for eigenvalues that lie close together, that gives wrong digits without a warning (6 of 15 for one entry of
a trained network of 10 units). Here the summand is evaluated in ball arithmetic, and the precision is raised until the digits
are right; if they never are, `PrecisionLimit` is raised. Sums of rational functions are evaluated exactly, as traces.

The roots of a polynomial with irrational coefficients, such as sqrt(2), are enclosed from balls of its coefficients.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq_poly
from mpmath.libmp import prec_to_dps

from symplrnn import limits
from symplrnn.errors import EntryError
from symplrnn.exact.balls import isolated_roots, refine, root_enclosures, working_precision
from symplrnn.exact.evaluation import Evaluation, number_of
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.reading.numbers import rational

__all__ = ["GUARD_BITS", "CertifiedRootSum", "enclosed_roots", "root_sum"]

GUARD_BITS = 16


class CertifiedRootSum(sp.RootSum):  # type: ignore[misc]  # SymPy has no types
    """sum_{f(l) = 0} u(l), unevaluated, for a squarefree f with real algebraic coefficients.

    u is made of what `symplrnn.exact.evaluation.Evaluation` has balls for: algebraic numbers, the imaginary unit, powers,
    logarithms, real and imaginary parts, moduli, arguments, signs, and cases (`sympy.Piecewise`) that inequalities between them
    tell apart.

    The sum is real unless u has its branch cut at a negative root; where no precision in use tells its imaginary part from 0,
    the numerical value is a real number.

    >>> x = sp.Symbol("x")
    >>> value = root_sum(sp.Poly(x**3 - 5*x**2 + 5*x - 2, x), sp.log(x) / (x - 1))
    >>> value.evalf(20)
    2.7514231249755267900
    >>> root_sum(sp.Poly(x**3 - 5*x**2 + 5*x - sp.sqrt(2), x), sp.log(x) / (x - 1)).evalf(20)
    3.0099069035605951651
    """

    def __new__(cls, polynomial: sp.Expr, function: sp.Lambda, x: sp.Symbol, *_: Any) -> CertifiedRootSum:
        """Return the sum with these arguments, as SymPy asks for it when it puts numbers in; not scaled and not factored.

        Of a factor alone the sum may be exactly 0, and no precision would tell it from 0.
        """
        return cls.new(sp.PurePoly(polynomial, x), function, auto=False)  # type: ignore[no-any-return]

    def doit(self, **hints: Any) -> CertifiedRootSum:
        """Return the sum as it is: radicals of its roots, which SymPy would put in, have been seen to give other numbers."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        x = self.fun.variables[0]
        return root_sum, (sp.Poly(self.poly.as_expr(x), x, domain=self.poly.domain), self.fun.expr)

    def enclosure(self, _: Evaluation | None = None) -> acb:
        """Return a ball that contains the sum, at the working precision.

        Its imaginary part is exactly 0 if the sum is known to be real: the summand takes conjugate values at conjugate roots, as
        far as its form shows, and real ones at the real roots. Not a number where the working precision is too low.
        """
        variable, summand = self.fun.variables[0], self.fun.expr
        if self._trace is not None:
            return Evaluation()(self._trace)
        roots = enclosed_roots(tuple(self.poly.all_coeffs()), ctx.prec)
        if roots is None:
            return acb(arb.nan())
        symmetric, total = _is_symmetric(summand, variable), acb(0)
        for root in roots:
            if symmetric and root.imag < 0:
                continue
            value = Evaluation(variable, root)(summand)
            total += acb(2 * value.real) if symmetric and root.imag > 0 else value
        return total

    @cached_property
    def _trace(self) -> sp.Expr | None:
        """The exact sum of a rational function with algebraic coefficients; None for other summands."""
        variable, summand = self.fun.variables[0], self.fun.expr
        if not summand.is_rational_function(variable):
            return None
        parts = [self.poly, *(sp.Poly(part, variable) for part in sp.fraction(sp.together(summand)))]
        coefficients = [part.all_coeffs() for part in parts]
        listed = [c for part in coefficients for c in part]
        try:
            field = QQ if all(isinstance(c, sp.Rational | sp.Float) for c in listed) else field_of(listed)
        except EntryError:  # the summand has numbers that are not algebraic, or not real
            return None
        return _sum_over_roots(field, *coefficients)

    def _eval_evalf(self, prec: int) -> sp.Expr:
        if self.free_symbols:
            return self
        known = self.__dict__.setdefault("known", {})  # one weight stands in many entries of a matrix
        if prec not in known:
            known[prec] = self._value(prec)
        return known[prec]

    def _value(self, prec: int) -> sp.Expr:
        if self._trace is not None and self._trace.is_Rational:
            return self._trace.evalf(prec_to_dps(prec) + 1)

        def attempt(bits: int) -> sp.Expr | None:
            with working_precision(bits):
                return number_of(self.enclosure(), prec)

        what = f"a sum over the roots of a polynomial of degree {self.poly.degree()}"
        return refine(attempt, prec + GUARD_BITS, what, limits.ROOT_SUM_BITS)


def root_sum(polynomial: sp.Poly, summand: sp.Expr) -> sp.Expr:
    """Return the sum of an expression in the polynomial's variable over a squarefree polynomial's roots, unevaluated."""
    if not summand.has(polynomial.gen):
        return polynomial.degree() * summand
    # The constructor would factor the polynomial, which takes seconds with letters; it is irreducible already.
    return CertifiedRootSum.new(sp.PurePoly(polynomial), sp.Lambda(polynomial.gen, summand), auto=False)


@lru_cache(maxsize=32)
def enclosed_roots(coefficients: tuple[sp.Expr, ...], bits: int) -> tuple[acb, ...] | None:
    """Return disjoint enclosures of the roots, imaginary parts of real ones exactly 0; leading coefficient first.

    >>> [str(root.imag) for root in enclosed_roots((sp.Integer(1), sp.sqrt(2), -sp.Integer(1)), 53)]
    ['0', '0']

    None if this precision does not tell the roots apart, or the coefficients are not known to be real.
    """
    ascending = coefficients[::-1]
    if all(isinstance(c, sp.Rational | sp.Float) for c in ascending):
        return tuple(root_enclosures(fmpq_poly([rational(c, "coefficient") for c in ascending]), bits))
    with working_precision(bits):
        balls = [Evaluation()(c) for c in ascending]
        found = isolated_roots([c.real for c in balls]) if all(c.imag.is_zero() for c in balls) else None
        return None if found is None else tuple(found)


def _is_symmetric(expression: sp.Expr, variable: sp.Symbol) -> bool:
    """Return whether an expression is seen to take conjugate values at conjugate numbers, the real numbers left out.

    Logarithms and powers with real exponents are looked for at x and -x alone: then they are not on the branch cut.
    """
    if expression == variable:
        return True
    if not expression.has(variable):
        return expression.is_extended_real is True
    if expression.is_Add or expression.is_Mul or (expression.is_Pow and expression.exp.is_Integer):
        return all(_is_symmetric(part, variable) for part in expression.args)
    if expression.is_Pow and expression.exp.has(variable):
        return False
    whole = isinstance(expression, sp.log) or (expression.is_Pow and expression.exp.is_extended_real is True)
    return whole and expression.args[0] in (variable, -variable)


def _sum_over_roots(K: Field, f: list[sp.Expr], numerator: list[sp.Expr], denominator: list[sp.Expr]) -> sp.Expr:
    """Return the sum of a rational function over the roots of f: the trace of its value v in K[x]/f.

    It is the coefficient of x^(d - 1) in v f' modulo the monic f of degree d (Euler). Coefficients are given leading one first.
    """
    modulus, above, below = (K.polynomial([K.element(c) for c in reversed(p)]) for p in (f, numerator, denominator))
    modulus = modulus * (K.element(1) / K.element(f[0]))
    value = K.remainder(above * K.inverse_modulo(K.remainder(below, modulus), modulus), modulus)
    return K.to_sympy(K.remainder(value * modulus.derivative(), modulus)[len(f) - 2])
