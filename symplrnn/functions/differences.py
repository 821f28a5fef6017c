"""The divided differences of x^m log x and of x^m x^s as SymPy functions.

A point is an expression; the roots of a monic polynomial x^d - e_1 x^(d-1) + e_2 x^(d-2) - ... are given by the tuple
(e_1, ..., e_d) of their elementary symmetric functions: (tau, delta), trace and determinant, for two of them. Two identities keep
the power m small:

    (x^(m+1) f)[a, rest] = (x^m f)[rest] + a (x^m f)[a, rest],
    (x^d f)[p, rest]     = f[rest] + (e_1 x^(d-1) f - e_2 x^(d-2) f + ...)[p, rest],

where f[] = 0. That phi(x) = log(x)/(x - 1) is log[x, 1] makes divided differences of phi such of log with one point more.
Derivatives are divided differences again, so they are right where points coincide:

    d/da f[a, rest] = f[a, a, rest],      d/de_j (x^m f)[p, rest] = (-1)^(j+1) (x^(m+d-j) f)[p, p, rest].

Reference: docs/theory, section 6; proofs/oneformula.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeAlias

import sympy as sp
from flint import acb, ctx
from sympy.core.function import ArgumentIndexError

from symplrnn import limits
from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import refine, working_precision
from symplrnn.exact.evaluation import Evaluation, number_of
from symplrnn.functions.domain import meets_the_cut
from symplrnn.functions.elementary import alternatives, apart, known_alternative
from symplrnn.functions.enclosures import BallPoint, Integrand, difference_enclosure
from symplrnn.functions.printing import difference_form, difference_latex, difference_text

__all__ = ["Difference", "LogDifference", "PowerDifference", "PowerLogDifference", "log_difference", "phi", "power_difference"]

Point: TypeAlias = Any  # sp.Expr or sp.Tuple
GUARD_BITS = 16
POLES = (sp.oo, -sp.oo, sp.zoo, sp.nan)


class Difference(sp.Function):  # type: ignore[misc]
    """A divided difference of x^m f(x): the common part of `LogDifference`, `PowerDifference` and `PowerLogDifference`.

    Arguments are a Tuple of points and the power m, between those that f has: s before, k behind.
    """

    parameters: ClassVar[int] = 0

    @property
    def points(self) -> tuple[Point, ...]:
        """The points: expressions, and for the roots of a polynomial the tuples of their elementary symmetric functions."""
        return tuple(self.args[self.parameters])

    @property
    def power(self) -> int:
        """The power m of x before the function."""
        return int(self.args[self.parameters + 1])

    @property
    def exponent(self) -> sp.Expr:
        """The exponent s of x^s in the function."""
        return self.args[0] if self.parameters else sp.S.Zero

    @property
    def logarithms(self) -> int:
        """The exponent k of log(x)^k in the function."""
        return 0

    @property
    def degree(self) -> int:
        """The number of points and roots."""
        return _degree(self.points)

    def at(self, points: Iterable[Point], power: int = 0) -> sp.Expr:
        """Return the divided difference of the same f at other points, with another power."""
        p = self.parameters
        return self.func(*self.args[:p], sp.Tuple(*points), sp.Integer(power), *self.args[p + 2 :])

    def function(self, x: sp.Expr) -> sp.Expr:
        """Return f(x)."""
        return x**self.exponent * sp.log(x) ** self.logarithms

    # Elementary functions

    def doit(self, **hints: Any) -> sp.Expr:
        """Return elementary functions if it is known which points coincide, and at most two roots have no name of their own."""
        if hints.get("deep", True):
            value = self.func(*(x.doit(**hints) for x in self.args))
            return value.doit(deep=False) if isinstance(value, Difference) else value.doit(**hints)
        known = known_alternative(self)
        if known is None:
            return self
        return _elementary(self if known.points == self.points else self.at(known.points, self.power), known.sign)

    def _eval_rewrite_as_Piecewise(self, *args: sp.Basic, **_: Any) -> sp.Expr:  # noqa: N802  # SymPy's name
        value = self.func(*args)
        if not isinstance(value, Difference):
            return value
        found = alternatives(value.points)
        if found is None:
            return value.rewrite(sp.Integral)
        return sp.Piecewise(*((_elementary(value.at(a.points, value.power), a.sign), a.condition) for a in found))

    def _eval_rewrite_as_log(self, *args: sp.Basic, **_: Any) -> sp.Expr:
        return _elementary(self.func(*args), 0)

    def _eval_rewrite_as_RootSum(self, *args: sp.Basic, **_: Any) -> sp.Expr:  # noqa: N802  # SymPy's name
        return _elementary(self.func(*args), 0)

    def on_pair(self, c: sp.Expr, b: sp.Expr, pair: sp.Tuple, sign: int) -> sp.Expr:
        """Return ((c + b x) f)[pair] for two roots, whose discriminant has a sign; 0 says that it is not known."""
        s = sp.Dummy("s", real=True)
        value = c * _power_on_pair(s, pair, sign) + b * _power_on_pair(s + 1, pair, sign)
        return sp.diff(value, s, self.logarithms).subs(s, self.exponent)

    # Numbers

    def enclosure(self, evaluation: Evaluation) -> acb:
        """Return a ball that contains the value, at the working precision; points may coincide."""
        bits = ctx.prec
        labels = {p: k for k, p in enumerate(self.points)}

        def known() -> Evaluation:
            return evaluation if ctx.prec == bits else evaluation.again()

        def points() -> list[BallPoint]:
            ball = known()
            return [BallPoint(labels[p], tuple(map(ball, p if isinstance(p, sp.Tuple) else (p,)))) for p in self.points]

        def function() -> Integrand:
            exponent = known()(self.exponent) if self.parameters else None
            return Integrand(self.power, exponent, self.logarithms)

        return difference_enclosure(points, function)

    @property
    def is_number(self) -> bool:
        """Whether there are no letters."""
        return not self.free_symbols

    def _eval_evalf(self, prec: int) -> sp.Expr | None:
        if self.free_symbols:
            return self.func(*(_evaluated(x, prec) for x in self.args))

        def attempt(bits: int) -> sp.Expr | None:
            with working_precision(bits):
                return number_of(self.enclosure(Evaluation()), prec)

        try:
            return refine(attempt, prec + GUARD_BITS, "a divided difference", (prec + GUARD_BITS) * 4)
        except PrecisionLimit:
            if _have_balls(self.args):
                return None  # there is no value, as for a double root on the negative axis
        # A part has no ball version, gamma(1/3) say: the value is as right as SymPy's numbers.
        numbers = [_evaluated(x, 2 * prec + GUARD_BITS) for x in self.args]
        value = self.func(*numbers) if _have_balls(numbers) else self
        return None if isinstance(value, Difference) else value._evalf(prec)

    # Derivatives

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        points, total = self.points, sp.S.Zero
        if self.parameters and self.exponent.has(symbol):
            total = self.exponent.diff(symbol) * self._derivative_of_power()
        for point in points:  # each as often as it stands there
            if not isinstance(point, sp.Tuple):
                change = point.diff(symbol)
                total += change * self.at([*points, point], self.power) if change != 0 else 0
                continue
            for j, e in enumerate(point, 1):
                change = e.diff(symbol)
                if change != 0:
                    total += (-1) ** (j + 1) * change * self.at([*points, point], self.power + len(point) - j)
        return total

    def _derivative_of_power(self) -> sp.Expr:
        return PowerLogDifference(self.exponent, *self.args[1:3], sp.Integer(self.logarithms + 1))

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Return the derivative with respect to the exponent; points are a tuple and have no derivative as a whole."""
        if self.parameters and argindex == 1:
            return self._derivative_of_power()
        raise ArgumentIndexError(self, argindex)

    # Series

    def _eval_nseries(self, x: sp.Symbol, n: int, logx: sp.Expr | None, cdir: Any = 0) -> sp.Expr:
        """Return the Taylor series at 0, by derivatives; at a pole the series of elementary functions."""
        found, term = [], self
        for k in range(n):
            value = term.subs(x, 0)
            if value.has(*POLES):
                return self._away_from_coincidences(x)._eval_nseries(x, n=n, logx=logx, cdir=cdir)
            found.append(value * x**k / sp.factorial(k))
            term = term.diff(x)
        return sp.Add(*found) + sp.Order(x**n, x)

    def _eval_as_leading_term(self, x: sp.Symbol, logx: sp.Expr | None = None, cdir: Any = 0) -> sp.Expr:
        value = self.subs(x, 0)
        if value.has(*POLES):
            return self._away_from_coincidences(x).as_leading_term(x, logx=logx, cdir=cdir)
        term, k = self, 0
        while value == 0 and term != 0:
            term, k = term.diff(x), k + 1
            value = term.subs(x, 0)
        return value * x**k / sp.factorial(k)

    def _eval_is_meromorphic(self, x: sp.Symbol, a: sp.Expr) -> bool | None:
        parts = [e for p in self.points for e in (p if isinstance(p, sp.Tuple) else (p,))] + [self.exponent]
        at = [e.subs(x, a) for e in parts]
        return True if all(e.is_meromorphic(x, a) for e in parts) and all(e.is_positive for e in at) else None

    def _eval_rewrite_as_tractable(self, *args: sp.Basic, **_: Any) -> sp.Expr:
        """Return what SymPy knows limits of: points that look different are so along the way."""
        return self.func(*args).rewrite(sp.log)

    def _away_from_coincidences(self, x: sp.Symbol) -> sp.Expr:
        value = self.rewrite(sp.log)
        if value.has(sp.RootSum):
            raise sp.PoleError(f"{self} has no series in {x} around 0")
        return value

    # Signs

    def _eval_is_extended_real(self) -> bool | None:
        return True if _off_negative_axis(self.points) and self.exponent.is_extended_real else None

    def _eval_is_finite(self) -> bool | None:
        return True if _off_negative_axis(self.points) and self.exponent.is_finite else None

    def _eval_is_extended_positive(self) -> bool | None:
        sign = self._sign() if _off_negative_axis(self.points) else None
        return None if sign is None else sign > 0

    def _eval_is_extended_negative(self) -> bool | None:
        sign = self._sign() if _off_negative_axis(self.points) else None
        return None if sign is None else sign < 0

    def _sign(self) -> int | None:
        return None

    # Print

    def _sympystr(self, printer: Any) -> str:
        return difference_text(self, printer)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return difference_latex(self, printer, exp)

    def _pretty(self, printer: Any) -> Any:
        return difference_form(self, printer)

    # What is simpler than a divided difference

    @classmethod
    def _simpler(cls, whole: Difference) -> sp.Expr | None:
        points, power = whole.points, whole.power
        if not points:
            return sp.S.Zero
        scalars = [p for p in points if not isinstance(p, sp.Tuple)]
        if power and scalars:
            a = scalars[0]
            rest = [*points]
            rest.remove(a)
            shorter = whole.at(rest, power - 1)
            return shorter if a == 0 else shorter + a * whole.at(points, power - 1)
        if power and power >= len(points[0]):
            p = points[0]
            lower = [(-1) ** (k + 1) * e * whole.at(points, power - k) for k, e in enumerate(p, 1)]
            return sp.Add(whole.at(points[1:], power - len(p)), *lower)
        if len(scalars) == len(points) and len(set(points)) == 1:
            return whole._taylor(points[0], len(points) - 1)
        return whole.doit(deep=False) if _are_short(points) else None

    def _taylor(self, point: sp.Expr, order: int) -> sp.Expr:
        """Return the Taylor coefficient of f at a point."""
        x = sp.Dummy("x", positive=True)
        return (sp.diff(self.function(x), x, order) / sp.factorial(order)).subs(x, point)


class LogDifference(Difference):
    """(x^m log x)[points], made by `log_difference`.

    Not a number if a root of a polynomial among the points is known to be negative. A negative point has SymPy's logarithm.
    """

    @staticmethod
    def _imp_(points: Any, power: Any) -> Any:
        return _in_doubles(points, power, 0, 1)

    @property
    def logarithms(self) -> int:
        """The exponent of the logarithm in the function, 1."""
        return 1

    @classmethod
    def eval(cls, points: sp.Tuple, power: sp.Integer) -> sp.Expr | None:
        """Return what is simpler than a divided difference; None if nothing is."""
        return _evaluated_function(cls, (), points, power, ())

    @classmethod
    def _simpler(cls, whole: Difference) -> sp.Expr | None:
        points, power = whole.points, whole.power
        if sp.S.Zero in points and not power:
            return sp.zoo
        if sp.oo in points and len(points) > 1 and not power:
            return sp.S.Zero
        if len(points) == 1 and isinstance(points[0], sp.Tuple) and power == len(points[0]) - 1:
            return _top_of_log(whole)
        if len(points) == 2 and points[0] != points[1] and not power and _are_short(points) and whole.degree == 2:
            b, a = sorted(points)
            if b > 0:  # one logarithm, of the smallest base
                base, times = sp.perfect_power(a / b) or (a / b, 1)
                return times * sp.log(base) / (a - b)
        return super()._simpler(whole)

    def _taylor(self, point: sp.Expr, order: int) -> sp.Expr:
        return sp.log(point) if order == 0 else (-1) ** (order + 1) / (order * point**order)

    def on_pair(self, c: sp.Expr, b: sp.Expr, pair: sp.Tuple, sign: int) -> sp.Expr:
        """Return ((c + b x) log)[pair] for two roots, whose discriminant has a sign; 0 says that it is not known."""
        tau, delta = pair
        root = sp.sqrt(sp.expand(tau**2 - 4 * delta) * (sign or 1))
        if sign == 0:
            turn = sp.log((tau + root) / 2) - sp.log((tau - root) / 2)
        else:
            turn = sp.log((tau + root) / (tau - root)) if sign > 0 else 2 * sp.atan2(root, tau)
        return sp.factor_terms(c + b * tau / 2) * turn / root + b / 2 * sp.log(delta)

    def _eval_rewrite_as_Integral(self, *args: sp.Basic, **_: Any) -> sp.Expr:  # noqa: N802  # SymPy's name
        value = self.func(*args)
        if not isinstance(value, LogDifference) or value.degree < value.power + 2:
            return value
        t = sp.Dummy("t") if any(x.name == "t" for x in value.free_symbols) else sp.Symbol("t")
        below = sp.Mul(*(_from_one(p, t) for p in value.points))
        above = (t - 1) ** value.power * t ** (value.degree - value.power - 2)
        return (-1) ** value.degree * sp.Integral(above / below, (t, 0, 1))

    def _sign(self) -> int:
        return 1 if (self.degree + self.power) % 2 == 0 else -1


class PowerDifference(Difference):
    """(x^m x^s)[points], made by `power_difference`; the first argument is s."""

    parameters: ClassVar[int] = 1

    @staticmethod
    def _imp_(exponent: Any, points: Any, power: Any) -> Any:
        return _in_doubles(points, power, exponent, 0)

    @classmethod
    def eval(cls, exponent: sp.Expr, points: sp.Tuple, power: sp.Integer) -> sp.Expr | None:
        """Return what is simpler than a divided difference; None if nothing is."""
        return _evaluated_function(cls, (exponent,), points, power, ())

    @classmethod
    def _simpler(cls, whole: Difference) -> sp.Expr | None:
        total = whole.exponent + whole.power
        letters = sp.Tuple(*whole.points).free_symbols
        if total.is_Integer and abs(total) <= (limits.EXPANDED_POWER if letters else limits.EXPANDED_POWER_OF_NUMBERS):
            return _integer_power(whole.points, int(total))
        return super()._simpler(whole)

    def _taylor(self, point: sp.Expr, order: int) -> sp.Expr:
        s = self.exponent
        return sp.Mul(*(s - k for k in range(order)), point ** (s - order)) / sp.factorial(order)

    def _sign(self) -> int | None:
        if any(isinstance(p, sp.Tuple) for p in self.points):
            return None
        factors = [self.exponent - k for k in range(self.degree - 1)]
        if not all(f.is_positive or f.is_negative for f in factors):
            return None
        return -1 if sum(bool(f.is_negative) for f in factors) % 2 else 1


class PowerLogDifference(Difference):
    """(x^m x^s log(x)^k)[points]: the derivative of order k of a `PowerDifference` with respect to its exponent s.

    >>> s, x = sp.symbols("s x", positive=True)
    >>> power_difference(s, [1, x]).diff(s)
    (t**s*log(t))[1, x]
    """

    parameters: ClassVar[int] = 1

    @staticmethod
    def _imp_(exponent: Any, points: Any, power: Any, logarithms: Any) -> Any:
        return _in_doubles(points, power, exponent, logarithms)

    @property
    def logarithms(self) -> int:
        """The exponent k of log(x)^k in the function."""
        return int(self.args[3])

    @classmethod
    def eval(cls, exponent: sp.Expr, points: sp.Tuple, power: sp.Integer, logarithms: sp.Integer) -> sp.Expr | None:
        """Return what is simpler than a divided difference; None if nothing is."""
        if not (logarithms.is_Integer and logarithms.is_nonnegative):
            raise ValueError(f"PowerLogDifference: the exponent of the logarithm is {logarithms}; accepted are 0, 1, 2, ...")
        if logarithms == 0:
            return PowerDifference(exponent, points, power)
        if logarithms == 1 and exponent.is_Integer and exponent.is_nonnegative:
            return LogDifference(points, power + exponent)
        return _evaluated_function(cls, (exponent,), points, power, (logarithms,))


def log_difference(points: Iterable[Any], power: int = 0) -> sp.Expr:
    """Return (x^m log x)[points] for the power m.

    >>> x, y = sp.symbols("x y", positive=True)
    >>> log_difference([x]), log_difference([x, x]), log_difference([y, x])
    (log(x), 1/x, log[x, y])
    """
    return LogDifference(sp.Tuple(*points), sp.Integer(power))


def power_difference(exponent: Any, points: Iterable[Any], power: int = 0) -> sp.Expr:
    """Return (x^m x^s)[points] for the exponent s and the power m.

    >>> x, s = sp.symbols("x s", positive=True)
    >>> power_difference(s, [x]), power_difference(s, [x, x])
    (x**s, s*x**(s - 1))
    """
    return PowerDifference(sp.Tuple(exponent)[0], sp.Tuple(*points), sp.Integer(power))


def phi(x: Any) -> sp.Expr:
    """Return phi(x) = log(x)/(x - 1), continued by phi(1) = 1: the divided difference log[x, 1].

    >>> x = sp.Symbol("x", positive=True)
    >>> phi(x) == log_difference([1, x]), phi(1), phi(x).diff(x).subs(x, 1)
    (True, 1, -1/2)
    """
    return log_difference([x, 1])


def _in_doubles(points: Any, power: Any, exponent: Any, logarithms: Any) -> Any:
    """Return values for numbers or arrays: what `sympy.lambdify` calls."""
    from symplrnn.functions.doubles import numerical_difference

    return numerical_difference(points, int(power), exponent, int(logarithms))


def _evaluated(x: sp.Basic, prec: int) -> sp.Basic:
    if isinstance(x, sp.Tuple):
        return sp.Tuple(*(_evaluated(part, prec) for part in x))
    return x if x.is_Integer else x._evalf(prec)


def _elementary(value: sp.Expr, sign: int) -> sp.Expr:
    """Return an expression with its divided differences in elementary functions: points that look different are different."""
    return value.replace(lambda e: isinstance(e, Difference), lambda e: apart(e, sign))


def _power_on_pair(s: sp.Expr, pair: sp.Tuple, sign: int) -> sp.Expr:
    """Return x^s[pair] for two roots, whose discriminant has a sign; 0 says that it is not known."""
    tau, delta = pair
    root = sp.sqrt(sp.expand(tau**2 - 4 * delta) * (sign or 1))
    if sign < 0:
        return 2 * delta ** (s / 2) * sp.sin(s * sp.atan2(root, tau)) / root
    return (((tau + root) / 2) ** s - ((tau - root) / 2) ** s) / root


def _from_one(point: Point, t: sp.Symbol) -> sp.Expr:
    """Return the product of 1 + t (l - 1) over the roots l."""
    if not isinstance(point, sp.Tuple):
        return 1 + t * (point - 1)
    d = len(point)
    homogeneous = sp.Add((1 - t) ** d, *(e * t**k * (1 - t) ** (d - k) for k, e in enumerate(point, 1)))
    return sp.collect(sp.expand(homogeneous), t)


def _have_balls(values: Iterable[sp.Basic]) -> bool:
    ball = Evaluation()
    try:
        for x in values:
            for part in x if isinstance(x, sp.Tuple) else (x,):
                if isinstance(part, sp.Tuple):
                    list(map(ball, part))
                else:
                    ball(part)
    except PrecisionLimit:
        return False
    return True


def _are_short(points: Sequence[Point]) -> bool:
    """Return whether points are rational numbers of which elementary functions are short."""
    numbers = [x for p in points for x in (p if isinstance(p, sp.Tuple) else (p,))]
    if not all(x.is_Rational and max(abs(x.p), x.q) < 1 << limits.SHORT_BITS for x in numbers):
        return False
    return _degree(points) <= limits.SHORT_DEGREE and all(len(p) <= 2 for p in points if isinstance(p, sp.Tuple))


def _degree(points: Iterable[Point]) -> int:
    return sum(len(p) if isinstance(p, sp.Tuple) else 1 for p in points)


def _evaluated_function(
    kind: type[Difference], before: tuple[sp.Expr, ...], points: sp.Tuple, power: sp.Integer, behind: tuple[sp.Expr, ...]
) -> sp.Expr | None:
    """Return the divided difference with its points in order, or what is simpler; None if it is that already."""
    if not (isinstance(points, sp.Tuple) and power.is_Integer and power.is_nonnegative):
        raise ValueError(f"{kind.__name__}: the arguments are a tuple of points and a power 0, 1, 2, ..., not {points}, {power}")
    is_polynomial = kind is not LogDifference and bool(before) and before[0].is_Integer and not behind
    if not is_polynomial and any(map(meets_the_cut, points)):
        return sp.nan
    ordered = sp.Tuple(*_ordered(points))
    whole = kind(*before, ordered, power, *behind, evaluate=False)
    simpler = kind._simpler(whole)
    if simpler is not None:
        return simpler
    floats = whole.atoms(sp.Float)
    if floats and not whole.free_symbols:
        return whole._evalf(max(x._prec for x in floats))
    return None if ordered == points else whole


def _ordered(points: Iterable[Point]) -> list[Point]:
    """Return the points in their order: expressions before polynomials, which are split where their roots are rational."""
    found = [part for p in points for part in _split(p)]
    return sorted(
        found, key=lambda p: (isinstance(p, sp.Tuple), len(p) if isinstance(p, sp.Tuple) else 1, sp.default_sort_key(p))
    )


def _split(point: Point) -> Sequence[Point]:
    if not isinstance(point, sp.Tuple):
        return [point]
    if len(point) == 1:
        return list(point)
    if point[-1] == 0:
        return [*_split(point[:-1]), sp.S.Zero]
    if len(point) == 2 and point[1] == point[0] ** 2 / 4:
        return [point[0] / 2] * 2
    if not all(e.is_Rational for e in point):
        return [point]
    x = sp.Dummy("x")
    polynomial = sp.Poly([1, *((-1) ** k * e for k, e in enumerate(point, 1))], x)
    found: list[Point] = []
    for factor, times in polynomial.factor_list()[1]:
        own = [(-1) ** k * c for k, c in enumerate(factor.monic().all_coeffs())][1:]
        found += [own[0] if len(own) == 1 else sp.Tuple(*own)] * times
    return found


def _off_negative_axis(points: Iterable[Point]) -> bool:
    """Return whether it is seen that all points and roots lie off (-oo, 0], and come in conjugate pairs.

    With all e_j >= 0 and e_d > 0 the polynomial has one sign on (-oo, 0].
    """
    return all(_is_off_negative_axis(p) if isinstance(p, sp.Tuple) else p.is_positive for p in points)


def _is_off_negative_axis(p: sp.Tuple) -> bool:
    if p[-1].is_positive and all(e.is_nonnegative for e in p[:-1]):
        return True
    return len(p) == 2 and not p.free_symbols and bool((p[0] ** 2 - 4 * p[1]).is_negative)


def _integer_power(points: Sequence[Point], n: int) -> sp.Expr:
    """Return x^n[points]: a complete homogeneous symmetric polynomial of the roots l, or of the 1/l."""
    d = _degree(points)
    product = [sp.S.One]  # the coefficients of the product of 1 - l z
    for p in points:
        own = [sp.S.One, *((-1) ** k * e for k, e in enumerate(p if isinstance(p, sp.Tuple) else (p,), 1))]
        product = [
            sp.Add(*(product[i] * own[k - i] for i in range(len(product)) if 0 <= k - i < len(own)))
            for k in range(len(product) + len(own) - 1)
        ]
    if n < 0:  # x^n[points] = (-1)^(d-1)/e_d times the polynomial of degree -n - 1 of the 1/l
        last = product[-1]
        return -_homogeneous([c / last for c in reversed(product)], -n - 1) / last
    return _homogeneous(product, n - d + 1)


def _homogeneous(denominator: Sequence[sp.Expr], order: int) -> sp.Expr:
    """Return a coefficient of the power series 1/(1 + c_1 z + c_2 z^2 + ...)."""
    if order < 0:
        return sp.S.Zero
    found = [sp.S.One]
    for n in range(1, order + 1):
        terms = (-denominator[k] * found[n - k] for k in range(1, min(n, len(denominator) - 1) + 1))
        found.append(sp.expand(sp.Add(*terms)))
    return found[-1]


def _top_of_log(whole: Difference) -> sp.Expr:
    """Return (x^(d-1) log x)[p] from log det: the sum of the logarithms of the roots is the integral of log z p'(z)/p(z)."""
    p = whole.points[0]
    d = len(p)
    others = sp.Add(*((-1) ** k * (d - k) * p[k - 1] * whole.at([p], d - 1 - k) for k in range(1, d)))
    return (sp.log(p[-1]) - others) / d
