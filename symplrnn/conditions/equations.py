"""Conditions that hold equations: what the equations decide about the other clauses.

An equation v = e is put in; one on p decides the clauses on p + constant; and equations in one and the same parameter, with the
inequations, are one equation for their greatest common divisor, or contradict each other. This is done where parts of the
parameter space are given by equations (`symplrnn.eigenvalues.parts`), not for every formula.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 1.1 (conditions in one variable).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import product
from math import comb, prod
from operator import add

import sympy as sp
from flint import fmpq_poly

from symplrnn import limits
from symplrnn.conditions.formula import NEVER, Formula, all_formulas, any_formulas, sign_condition, zero
from symplrnn.exact.fields.work import spend
from symplrnn.exact.quotients import added, as_quotient, multiplied, power
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.real_roots import count_real_roots
from symplrnn.exact.signs import program, run

__all__ = [
    "by_powers",
    "decided",
    "in_parameters",
    "put_in",
    "signed",
    "solution_of",
    "terms",
    "univariate",
    "with_one_equation",
    "without_letters",
]


def decided(condition: Formula) -> Formula:
    """Return a conjunction without the clauses that an equation p = 0 in it decides because they are on p + constant.

    >>> from symplrnn.conditions.formula import nonzero
    >>> a, b = sp.symbols("a b")
    >>> decided(zero(a + b - 1) & nonzero(a + b - 2))
    Eq(a + b - 1, 0)
    """
    if condition.kind != "and":
        return condition
    equations = [
        a.polynomial for a in condition.args if a.kind == "atom" and a.signs == {0} and a.polynomial.is_Add and _is_short(a)
    ]
    kept = []
    for clause in condition.args:
        if clause.kind == "atom" and clause.signs != {0} and _is_short(clause):
            for p in equations:
                rest = [d for d in (sp.expand(clause.polynomial - p), sp.expand(clause.polynomial + p)) if d.is_number]
                if rest:
                    clause = sign_condition(rest[0], clause.signs)  # noqa: PLW2901
                    break
        kept.append(clause)
    return all_formulas(kept)


def _is_short(atom: Formula) -> bool:
    """Return whether the polynomial has few terms when it is expanded; a large one may be kept as a product of sums."""
    return terms(atom.polynomial) < limits.EQUATION_TERMS


def terms(expression: sp.Expr) -> int:
    """Return how many terms a polynomial has at most when it is expanded, counted up to about `SHORT`.

    >>> a, b = sp.symbols("a b")
    >>> terms((a + b + 1) ** 2 * (a - b) + 1)
    13
    """
    found: list[int] = []
    for kind, data in program(expression).steps:
        count = 1
        if kind in ("add", "mul"):
            count = (sum if kind == "add" else prod)(found[index] for index in data)
        elif kind == "power" and data[1] > 0 and found[data[0]] > 1:
            base, exponent = found[data[0]], min(data[1], limits.EQUATION_TERMS)
            count = comb(base + exponent - 1, base - 1)
        found.append(min(count, limits.EQUATION_TERMS))
    return found[-1]


def solution_of(equation: sp.Expr, letters: Sequence[tuple[sp.Symbol, sp.Expr]] = ()) -> tuple[sp.Symbol, sp.Expr] | None:
    """Return v and an e without v such that an expanded equation says v = e; None if there is none, or a letter in it.

    >>> a, b = sp.symbols("a b")
    >>> solution_of(a**2 - 2 * b + 4), solution_of(a * b - 1)
    ((b, a**2/2 + 2), None)
    """
    if equation.free_symbols & {symbol for symbol, _ in letters}:
        return None
    terms = sp.Add.make_args(equation)
    for v in sorted(equation.free_symbols, key=str, reverse=True):
        [first, *others] = [term for term in terms if term.has(v)]
        if not others and (first / v).is_number:
            return v, sp.expand((first - equation) * v / first)
    return None


def put_in(formula: Formula, v: sp.Symbol, value: sp.Expr) -> Formula:
    """Return a condition with an expression in place of a parameter.

    >>> a, b = sp.symbols("a b")
    >>> put_in(zero(a - b), a, 2 * b + 1)
    Eq(b, -1)
    """
    if formula.is_constant:
        return formula
    if formula.kind == "atom":
        return sign_condition(formula.polynomial.xreplace({v: value}), formula.signs)
    join = all_formulas if formula.kind == "and" else any_formulas
    return join(put_in(part, v, value) for part in formula.args)


def with_one_equation(condition: Formula) -> Formula:
    """Return a condition on one parameter with one equation in place of all its equations and inequations, if it has equations.

    >>> from symplrnn.conditions.formula import nonzero
    >>> a = sp.Symbol("a")
    >>> with_one_equation(zero(a**3 - 2 * a) & zero(a**4 - 4)), with_one_equation(zero(a**2 - 2) & zero(a - 1))
    (Eq(a**2 - 2, 0), False)
    """
    clauses = condition.args if condition.kind == "and" else (condition,)
    equations = [polynomials for clause in clauses if (polynomials := _equation(clause))]
    if not equations or len(condition.symbols) != 1:
        return condition
    [v] = condition.symbols
    inequations = [clause for clause in clauses if clause.kind == "atom" and clause.signs == {-1, 1}]
    products = [univariate(sp.Mul(*polynomials), v) for polynomials in equations]
    excluded = [univariate(clause.polynomial, v) for clause in inequations]
    given = [p for p in products if p is not None]
    if len(given) < len(equations) or any(p is None for p in excluded):  # irrational coefficients
        return condition
    common = reduce(lambda p, q: p.gcd(q), given)
    _, factors = common.numer().factor()
    kept = [
        f
        for f in (fmpq_poly(f) for f, _ in factors)
        if count_real_roots(f, None, None) and all(p is not None and f.gcd(p).degree() == 0 for p in excluded)
    ]
    one = any_formulas(zero(sp.Add(*(sp.Rational(int(c.p), int(c.q)) * v**k for k, c in enumerate(f.coeffs())))) for f in kept)
    if one.is_false:
        return NEVER
    return all_formulas([one, *(clause for clause in clauses if clause not in inequations and not _equation(clause))])


def _equation(clause: Formula) -> Sequence[sp.Expr]:
    """Return the polynomials one of which is 0, if a clause says nothing else; else none."""
    atoms = clause.args if clause.kind == "or" else (clause,)
    return [a.polynomial for a in atoms] if all(a.kind == "atom" and a.signs == {0} for a in atoms) else []


def univariate(expression: sp.Expr, v: sp.Symbol) -> fmpq_poly | None:
    """Return a polynomial in one letter, which need not be expanded, over Q; None if it has denominators or irrational numbers.

    >>> a = sp.Symbol("a")
    >>> univariate((a - 1) * (a / 2 + 1), a), univariate(a - sp.sqrt(2), a), univariate(1 / (a + 1), a)
    (1/2*x^2 + 1/2*x + (-1), None, None)
    """
    steps = program(expression)
    if steps.divides or steps.algebraic or steps.signed or set(steps.symbols) - {v}:
        return None
    found: fmpq_poly = run(steps, lambda c: fmpq_poly([c]), lambda c: c, lambda s: fmpq_poly([0, 1]))[-1]
    return found


def without_letters(expression: sp.Expr, definitions: Sequence[tuple[sp.Symbol, sp.Expr]]) -> sp.Expr:
    """Return the numerator of an expression with the definitions of some letters put in, not expanded.

    >>> a, b, r = sp.symbols("a b r")
    >>> without_letters(r**2 - b, [(r, a / b)])
    a**2 - b**3
    """
    while letters := [(symbol, value) for symbol, value in definitions if expression.has(symbol)]:
        _count(expression)
        expression = _homogenised(as_quotient(expression)[0], letters)
    return sp.fraction(expression)[0]


def signed(expression: sp.Expr, definitions: Sequence[tuple[sp.Symbol, sp.Expr]]) -> sp.Expr:
    """Return a polynomial with the sign of an expression with the definitions put in, where no denominator vanishes.

    >>> a, b, r = sp.symbols("a b r")
    >>> signed(r - 1, [(r, a / b)])
    a*b - b**2
    """
    while True:
        _count(expression)
        if program(expression).divides:
            p, q = as_quotient(expression)
            expression = p * q
        letters = [(symbol, value) for symbol, value in definitions if expression.has(symbol)]
        if not letters:
            return expression
        expression = _homogenised(expression, letters, even=True)


def _count(expression: sp.Expr) -> None:
    """Count the work of SymPy on an expression, see `symplrnn.exact.fields.work`."""
    spend(50 * len(program(expression).steps))


def in_parameters(formula: Formula, definitions: Sequence[tuple[sp.Symbol, sp.Expr]]) -> Formula:
    """Return a condition with the definitions of letters put in, where no denominator vanishes.

    >>> from symplrnn.conditions.formula import positive
    >>> a, b, r = sp.symbols("a b r")
    >>> in_parameters(positive(r) | zero(r - b), [(r, a / b)])
    (a*b > 0) | Eq(a - b**2, 0)
    """
    if formula.is_constant:
        return formula
    if formula.kind == "atom":
        find = without_letters if formula.signs in ({0}, {-1, 1}) else signed
        return sign_condition(find(formula.polynomial, definitions), formula.signs)
    join = all_formulas if formula.kind == "and" else any_formulas
    return join(in_parameters(part, definitions) for part in formula.args)


def _homogenised(polynomial: sp.Expr, letters: Sequence[tuple[sp.Symbol, sp.Expr]], even: bool = False) -> sp.Expr:
    """Return sums of c p^j q^(k - j), for letters x = p/q, k the degree in x or the next even number: q^k times the value."""
    found = by_powers(polynomial, [symbol for symbol, _ in letters])
    fractions = [sp.fraction(value) for _, value in letters]
    degrees = [max(column) for column in zip(*found, strict=True)]
    degrees = [k + k % 2 if even else k for k in degrees]
    return added(
        multiplied(
            [
                c,
                *(power(x, i) for j, k, (p, q) in zip(powers, degrees, fractions, strict=True) for x, i in ((p, j), (q, k - j))),
            ]
        )
        for powers, c in found.items()
    )


def by_powers(polynomial: sp.Expr, symbols: Sequence[sp.Symbol]) -> dict[tuple[int, ...], sp.Expr]:
    """Return the coefficients of the products of powers of some symbols in a polynomial; they are not expanded.

    >>> a, x = sp.symbols("a x")
    >>> sorted(by_powers((a + 1) * (x + a) * x, [x]).items())
    [((1,), a*(a + 1)), ((2,), a + 1)]
    """
    if polynomial.is_Add:
        spend(30 * len(polynomial.args))
        return _collected(item for term in polynomial.args for item in by_powers(term, symbols).items())
    exponents, plain, factors = [0] * len(symbols), [], []
    for part in sp.Mul.make_args(polynomial):
        base, exponent = part.args if part.is_Pow and part.exp.is_Integer else (part, 1)
        if base in symbols:
            exponents[symbols.index(base)] += int(exponent)
        elif base.is_Atom or not base.has(*symbols):
            plain.append(part)
        elif exponent > 0:
            factors += [base] * int(exponent)
        else:
            raise ValueError(f"{shorten(str(part))} is no polynomial in {', '.join(map(str, symbols))}")
    found = {tuple(exponents): multiplied(plain)}
    for factor in factors:
        right = by_powers(factor, symbols)
        spend(20 * len(found) * len(right))
        pairs = product(found.items(), right.items())
        found = _collected((tuple(map(add, m, n)), multiplied((c, d))) for (m, c), (n, d) in pairs)
    return found


def _collected(items: Iterable[tuple[tuple[int, ...], sp.Expr]]) -> dict[tuple[int, ...], sp.Expr]:
    """Return the sums of the coefficients with the same powers."""
    found: dict[tuple[int, ...], list[sp.Expr]] = {}
    for powers, coefficient in items:
        found.setdefault(powers, []).append(coefficient)
    return {powers: added(coefficients) for powers, coefficients in found.items()}
