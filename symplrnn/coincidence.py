"""Which eigenvalues coincide? The parts of the parameter space on which the algebra of a matrix with letters is of one kind.

A `Part` is given by a condition on the parameters under which the characteristic polynomial of M is prod g_k^{m_k}. Eigenvalues
coincide where a g_k has a repeated root (its discriminant vanishes) or two of them have a common root (their resultant does);
there the part splits off a smaller one with other g_k and m_k:

    discriminant of x^2 - t x + d is 0       (x - t/2)^2
    discriminant of a cubic is 0             (x - r)^2 (x - u), r a rational function of the coefficients; or (x - r)^3
    a root l of x - l is one of g            (x - l) and g / (x - l)

A condition v = (expression without v) is put into the matrix at once. Coincidences that leave no formula in the parameters
(repeated roots of factors of degree 4 and more, common roots of two factors of degree 2 and more) give a part that is marked as
unresolved, with the reason.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 4.2 (discriminants, resultants).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from symplrnn.exact.field import Field
from symplrnn.exact.flintfractions import Fraction
from symplrnn.exact.functionfield import field_of
from symplrnn.exact.rational import QQ
from symplrnn.formula import ALWAYS, NEVER, Formula, all_formulas, any_formulas, nonzero, sign_condition, zero
from symplrnn.rootconditions import discriminant

__all__ = ["Coincidence", "Part", "coefficients_of", "coincidences", "eliminated", "merged", "structures", "text_of"]

DOUBLE_ROOT = "rho"
SHORT = 40  # terms of a polynomial that is compared with an equation


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the parameter space on which the characteristic polynomial of M is prod g^m.

    Attributes
    ----------
    field, M, B : the field and the matrices [M, B], with equations of the form v = ... put in
    factors : pairs (g, m)
    condition : Formula
        Where the part is, as far as it does not say that the g are squarefree and coprime.
    apart : set of sets of texts
        The factors {g} that are known to be squarefree, the pairs {g, h} that are known to be coprime.
    definitions : pairs (symbol, expression)
        Letters that the field has besides the parameters, such as a double eigenvalue.
    unresolved : str
        Why the part has no closed form; empty if it has one.
    is_open : bool
        Whether the part is an open set of the parameters that are left, because all its equations have been put in.
    """

    field: Field
    M: Any
    B: Any
    factors: tuple[tuple[Any, int], ...]
    condition: Formula = ALWAYS
    apart: frozenset[frozenset[str]] = frozenset()
    definitions: tuple[tuple[sp.Symbol, sp.Expr], ...] = ()
    unresolved: str = ""
    is_open: bool = True

    def expand(self, expression: sp.Expr) -> sp.Expr:
        """Return the numerator of an expression with the definitions put in: a polynomial in the parameters, not expanded."""
        for symbol, value in self.definitions:
            if expression.has(symbol):
                expression = _homogenised(sp.fraction(sp.together(expression))[0], symbol, value)
        return expression


@dataclass(frozen=True, eq=False)
class Coincidence:
    """An expression that vanishes where eigenvalues coincide, and the parts that there are then."""

    key: frozenset[str]
    expression: sp.Expr
    element: Any = None
    parts: Callable[[Part], list[Part]] = field(default=lambda part: [part])


def coefficients_of(K: Field, polynomial: Any) -> list[sp.Expr]:
    """Return the coefficients as SymPy expressions, constant term first."""
    return [K.to_sympy(polynomial[k]) for k in range(polynomial.degree() + 1)]


def text_of(polynomial: Any) -> str:
    """Return a text that tells a polynomial from others over the same field; made without SymPy, which is slow at it."""
    parts = [f"{c.numer}/{c.denom}" if isinstance(c, Fraction) else str(c) for c in polynomial.coeffs()]
    return "; ".join(parts)


def _key(*polynomials: Any) -> frozenset[str]:
    return frozenset(text_of(p) for p in polynomials)


def _homogenised(polynomial: sp.Expr, symbol: sp.Symbol, value: sp.Expr) -> sp.Expr:
    """Return the numerator of a polynomial at symbol = p/q: sum_j c_j p^j q^(k - j)."""
    p, q = sp.fraction(value)
    coefficients = sp.Poly(polynomial, symbol).all_coeffs()
    k = len(coefficients) - 1
    return sp.Add(*(c * p ** (k - j) * q**j for j, c in enumerate(coefficients)))


def coincidences(part: Part, with_unit: bool, with_zero: bool = False) -> Iterator[Coincidence]:
    """Yield the coincidences that a part has not excluded: repeated roots first, then common roots of two factors.

    ``with_unit`` adds x - 1, the eigenvalue that the augmented matrix has besides those of M; ``with_zero`` adds x.
    """
    K, one = part.field, part.field.element(1)
    unit, x = K.polynomial([-one, one]), K.polynomial([K.element(0), one])
    listed = list(part.factors)
    listed += [(f, 0) for f, added in ((unit, with_unit), (x, with_zero)) if added and all(g != f for g, _ in part.factors)]
    for g, m in part.factors:
        if g.degree() >= 2 and _key(g) not in part.apart:
            yield _repeated_root(part, g, m)
    for i, (g, m) in enumerate(listed):
        for h, k in listed[:i]:
            if _key(g, h) not in part.apart:
                yield _common_root(part, (h, k), (g, m))


def _repeated_root(part: Part, g: Any, m: int) -> Coincidence:
    K, c = part.field, coefficients_of(part.field, g)
    if g.degree() == 2:
        element = g[1] * g[1] - g[0] * K.element(4)
        half = g[1] * (K.element(1) / K.element(2))
        double = K.polynomial([half, K.element(1)])
        return Coincidence(_key(g), K.to_sympy(element), element, lambda now: [_with(now, (g, [(double, 2 * m)]))])
    if g.degree() == 3:
        return Coincidence(_key(g), discriminant(c), None, lambda now: _repeated_root_of_cubic(now, g, m))
    reason = f"repeated roots of a polynomial of degree {g.degree()} with letters"
    return Coincidence(_key(g), discriminant(c), None, lambda now: [replace(now, unresolved=reason)])


def _repeated_root_of_cubic(part: Part, g: Any, m: int) -> list[Part]:
    """Return the parts with one double root r and a simple one, and with a triple root, of x^3 - e1 x^2 + e2 x - e3."""
    K = part.field
    c = coefficients_of(K, g)
    e1, e2, e3 = -c[2], c[1], -c[0]
    p = e1**2 - 3 * e2
    triple = K.polynomial([g[2] * (K.element(1) / K.element(3)), K.element(1)])
    other = replace(_with(part, (g, [(triple, 3 * m)])), condition=part.condition & zero(p))
    if p.is_number:  # then p is not 0, or the double root would be triple for all values
        return [other] if p == 0 else [_with_double_root(part, g, m, (e1 * e2 - 9 * e3) / (2 * p))]
    double = _with_double_root(part, g, m, (e1 * e2 - 9 * e3) / (2 * p))
    return [replace(double, condition=double.condition & nonzero(p)), other]


def _with_double_root(part: Part, g: Any, m: int, value: sp.Expr) -> Part:
    """Return the part where g = (x - r)^2 (x - u), with a letter for r."""
    taken = {str(s) for s in part.field.parameters}
    r = sp.Symbol(next(name for name in _names(DOUBLE_ROOT) if name not in taken), real=True)
    wider = _moved(part, field_of([r, *part.field.parameters, *_everything(part)]), lambda e: e)
    L = wider.field
    h = next(new for new, (old, _) in zip((f for f, _ in wider.factors), part.factors, strict=True) if old is g)
    one, double = L.element(1), L.element(r)
    roots = [(L.polynomial([-double, one]), 2 * m), (L.polynomial([h[2] + double + double, one]), m)]
    found = replace(_with(wider, (h, roots)), definitions=(*wider.definitions, (r, value)))
    return replace(found, apart=found.apart | {_key(roots[0][0], roots[1][0])})


def _names(stem: str) -> Iterator[str]:
    yield stem
    k = 1
    while True:
        yield f"{stem}_{k}"
        k += 1


def _common_root(part: Part, first: tuple[Any, int], second: tuple[Any, int]) -> Coincidence:
    K, (g, m), (h, k) = part.field, first, second
    if g.degree() > 1 and h.degree() > 1:
        element = K.determinant(K.evaluate(h, _companion(K, g)))
        reason = "common roots of two polynomials of degree 2 and more with letters"
        return Coincidence(_key(g, h), K.to_sympy(element), element, lambda now: [replace(now, unresolved=reason)])
    linear, times, f, multiplicity = (g, m, h, k) if g.degree() == 1 else (h, k, g, m)
    if f.degree() == 1 and len(text_of(f)) < len(text_of(linear)):
        linear, times, f, multiplicity = f, multiplicity, linear, times
    element = f(-linear[0])
    rest = [(K.quotient(f, linear), multiplicity)] if f.degree() > 1 else []

    def parts(now: Part) -> list[Part]:
        found = _with(now, (f, rest), (linear, [(linear, times + multiplicity)]), heir=linear)
        if rest and _key(f) in now.apart:  # f has simple roots
            found = replace(found, apart=found.apart | {_key(linear, rest[0][0])})
        return [found]

    return Coincidence(_key(g, h), K.to_sympy(element), element, parts)


def _companion(K: Field, g: Any) -> Any:
    d = g.degree()
    zero_, one = K.element(0), K.element(1)
    return K.fill(d, d, [-g[i] if j == d - 1 else (one if i == j + 1 else zero_) for i in range(d) for j in range(d)])


def _with(part: Part, *changes: tuple[Any, list[tuple[Any, int]]], heir: Any = None) -> Part:
    """Return the part with some factors replaced by others; what is known of a factor is known of what it becomes.

    ``heir`` is a further factor that has a root of the first one that is replaced.
    """
    table = {text_of(old): new for old, new in changes}
    present = {text_of(g) for g, _ in part.factors}
    factors = [entry for g, m in part.factors for entry in table.get(text_of(g), [(g, m)])]
    factors += [entry for name, new in table.items() if name not in present for entry in new]
    heirs = {name: [text_of(g) for g, _ in new] for name, new in table.items()}
    if heir is not None:
        heirs[text_of(changes[0][0])].append(text_of(heir))
    apart = set()
    for known in part.apart:
        names = [heirs.get(name, [name]) for name in sorted(known)]
        pairs = [(x, y) for x in names[0] for y in names[-1] if x != y] if len(names) == 2 else [(x, x) for x in names[0]]
        apart |= {frozenset(pair) for pair in pairs}
    return replace(part, factors=merged(factors), apart=frozenset(apart))


def merged(factors: Sequence[tuple[Any, int]]) -> tuple[tuple[Any, int], ...]:
    """Return the factors with those that are the same polynomial as one, multiplicities added."""
    found: dict[str, tuple[Any, int]] = {}
    for g, m in factors:
        name = text_of(g)
        found[name] = (g, m + found[name][1]) if name in found else (g, m)
    return tuple(found.values())


def _everything(part: Part) -> list[sp.Expr]:
    """Return all elements of a part as expressions."""
    K = part.field
    found = [K.to_sympy(x) for matrix in (part.M, part.B) for x in matrix.entries()]
    return found + [c for g, _ in part.factors for c in coefficients_of(K, g)]


def _moved(part: Part, L: Field, change: Callable[[sp.Expr], sp.Expr]) -> Part:
    """Return the part over another field, with every element changed as an expression."""
    K = part.field

    def matrix(value: Any) -> Any:
        return L.fill(value.nrows(), value.ncols(), [L.element(change(K.to_sympy(x))) for x in value.entries()])

    pairs = [(g, L.polynomial([L.element(change(c)) for c in coefficients_of(K, g)]), m) for g, m in part.factors]
    names = {text_of(old): text_of(new) for old, new, _ in pairs}
    for c in (-1, 0):  # x - 1 and x, which need not be among the factors
        names[text_of(K.polynomial([K.element(c), K.element(1)]))] = text_of(L.polynomial([L.element(c), L.element(1)]))
    moved = ((frozenset(names.get(name, name) for name in known), len(known)) for known in part.apart)
    apart = frozenset(known for known, size in moved if len(known) == size)
    definitions = tuple((symbol, change(value)) for symbol, value in part.definitions)
    return replace(
        part, field=L, M=matrix(part.M), B=matrix(part.B), factors=merged([(new, m) for _, new, m in pairs]), apart=apart,
        definitions=definitions,
    )  # fmt: skip


def eliminated(part: Part, equation: sp.Expr) -> Part:
    """Return the part with an equation v = e put in, if the equation is one, with v a parameter that e does not have.

    Otherwise the part is no longer an open set of its parameters, and is marked so.
    """
    own = {symbol for symbol, _ in part.definitions}
    for v in sorted(equation.free_symbols - own, key=str, reverse=True):
        polynomial = sp.Poly(equation, v)
        if polynomial.degree() == 1 and polynomial.LC().is_number and not (equation.free_symbols & own):
            value = sp.expand(-polynomial.nth(0) / polynomial.LC())

            def change(e: sp.Expr, v: sp.Symbol = v, value: sp.Expr = value) -> sp.Expr:
                return e.subs(v, value)

            changed = [change(e) for e in _everything(part)]
            if any(e.has(sp.zoo, sp.nan) for e in changed):  # the network has no entries there
                return replace(part, condition=NEVER)
            symbolic = [e for e in changed if not isinstance(e, sp.Rational)]
            moved = _moved(part, field_of([*symbolic, *own]) if symbolic or own else QQ, change)
            return replace(moved, condition=decided(zero(v - value) & _put_in(part.condition, v, value)))
    return replace(part, is_open=False)


def decided(condition: Formula) -> Formula:
    """Return a conjunction without the clauses that an equation p = 0 in it decides because they are on p + constant."""
    if condition.kind != "and":
        return condition
    equations = [a.polynomial for a in condition.args if a.kind == "atom" and a.signs == {0} and a.polynomial.is_Add]
    kept = []
    for clause in condition.args:
        if clause.kind == "atom" and clause.signs != {0}:
            for p in equations:
                rest = [d for d in (sp.expand(clause.polynomial - p), sp.expand(clause.polynomial + p)) if d.is_number]
                if rest and len(sp.Add.make_args(clause.polynomial)) <= SHORT:
                    clause = sign_condition(rest[0], clause.signs)  # noqa: PLW2901
                    break
        kept.append(clause)
    return all_formulas(kept)


def _put_in(formula: Formula, v: sp.Symbol, value: sp.Expr) -> Formula:
    """Return a condition with an expression in place of a parameter."""
    if formula.is_constant:
        return formula
    if formula.kind == "atom":
        return sign_condition(formula.polynomial.xreplace({v: value}), formula.signs)
    join = all_formulas if formula.kind == "and" else any_formulas
    return join(_put_in(part, v, value) for part in formula.args)


def structures(K: Field, M: Any, factors: Sequence[tuple[Any, int]]) -> Iterator[Part]:
    """Yield parts that cover the parameter space and do not overlap, each with one pattern of equal eigenvalues of M.

    >>> a, b = sp.symbols("a b", real=True)
    >>> field = field_of([a, b])
    >>> M = field.matrix([[field.element(a), field.element(0)], [field.element(0), field.element(b)]])
    >>> chi = field.characteristic_polynomial(M)
    >>> [(part.condition, [m for _, m in part.factors]) for part in structures(field, M, field.factor(chi))]
    [(Ne(a - b, 0), [1, 1]), (Eq(a - b, 0), [2])]
    """
    pending = [Part(K, M, K.fill(M.nrows(), 0, []), tuple(factors))]
    while pending:
        part = pending.pop(0)
        if part.unresolved:
            yield part
            continue
        children = []
        for found in coincidences(part, with_unit=False):
            expression = part.expand(found.expression)
            if zero(expression).is_false:
                continue
            for child in found.parts(part):
                condition = child.condition & part.condition & zero(expression)
                if not condition.is_false:
                    children.append(replace(child, condition=condition))
            part = replace(part, condition=part.condition & nonzero(expression), apart=part.apart | {found.key})
        if not part.condition.is_false:
            yield part
        pending += children
