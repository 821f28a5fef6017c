"""Which eigenvalues coincide? The parts of the parameter space on which the algebra of a matrix with letters is of one kind.

A `Part` is given by a condition on the parameters under which the characteristic polynomial of M is prod g_k^{m_k}. Eigenvalues
coincide where a g_k has a repeated root (its discriminant vanishes) or two of them have a common root (their resultant does);
there the part splits off a smaller one with other g_k and m_k:

    discriminant of x^2 - t x + d is 0       (x - t/2)^2
    discriminant of a cubic is 0             (x - r)^2 (x - u), r a rational function of the coefficients; or (x - r)^3
    discriminant is 0, degree 4 or more      prod f_k^k, one part for each pattern of multiplicities (`common_roots`)
    a root l of x - l is one of g            (x - l) and g / (x - l)
    g and h have a common root               d = gcd(g, h), g / d and h / d, one part for each degree of d

A condition v = (expression without v) is put into the matrix at once, and a polynomial of degree 4 or more, or two of degree 2 or
more, are then factored anew, so that there is no pattern without a point. Coefficients of repeated factors that are long, such
as a double root of a quartic, become letters with a definition: the closed form is short in them.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 4.2 (discriminants, resultants).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import count
from typing import Any

import sympy as sp

from symplrnn import limits
from symplrnn.conditions.equations import decided, put_in, signed, solution_of, terms, with_one_equation, without_letters
from symplrnn.conditions.formula import ALWAYS, NEVER, Formula, all_formulas, nonzero, zero
from symplrnn.conditions.root_conditions import discriminant
from symplrnn.conditions.root_counts import check_degree
from symplrnn.eigenvalues.common_roots import Split, common_divisors, repeated_roots, resultant
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.fractions import Fraction
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ

__all__ = ["Coincidence", "Part", "coefficients_of", "coincidences", "eliminated", "merged", "structures", "text_of"]

ROOT = "rho"
SHORT = 3  # terms of the coefficients of a repeated factor that get no letters


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
        Why the part has not been divided by coincidences; empty if it has.
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

    def entries(self) -> list[sp.Expr]:
        """Return all elements of the matrices and the factors as expressions."""
        found = [self.field.to_sympy(x) for matrix in (self.M, self.B) for x in matrix.entries()]
        return found + [c for g, _ in self.factors for c in coefficients_of(self.field, g)]

    def expand(self, expression: sp.Expr) -> sp.Expr:
        """Return the numerator of an expression with the definitions put in: a polynomial in the parameters, not expanded."""
        return without_letters(expression, self.definitions)

    def signed(self, expression: sp.Expr) -> sp.Expr:
        """Return a polynomial in the parameters that has the sign of an expression on the part."""
        return signed(expression, self.definitions)


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
    # In placeholder letters for the coefficients it is short to write, but has ever more terms to be computed.
    expression = discriminant(c) if g.degree() <= limits.CONDITION_DEGREE else K.to_sympy(resultant(K, g, g.derivative()))
    if g.degree() == 3:
        return Coincidence(_key(g), expression, None, lambda now: _repeated_root_of_cubic(now, g, m))

    def parts(now: Part) -> list[Part]:
        return _solved(now, expression, lambda rest: _repeated_roots(rest, g, m, expression))

    return Coincidence(_key(g), expression, None, parts)


def _repeated_roots(part: Part, g: Any, m: int, expression: sp.Expr) -> list[Part]:
    """Return one part for each pattern of multiplicities of the roots of g, of degree 4 or more.

    Raises `TooLarge` in degree 7 or more, where there are too many patterns.
    """
    check_degree(g.degree())
    K, found = part.field, []
    for split in repeated_roots(K, g):
        changed = _restricted(part, split, expression)
        if not changed.condition.is_false:
            found.append(_with_factors(changed, g, m, split.factors))
    return found


def _restricted(part: Part, split: Split, equation: sp.Expr) -> Part:
    """Return the part with the condition of a split, where an expression is 0."""
    vanishing = all_formulas(zero(part.expand(x)) for x in split.vanishing) & zero(part.expand(equation))
    different = all_formulas(nonzero(part.expand(x)) for x in split.different)
    return replace(part, condition=with_one_equation(part.condition & vanishing & different))


def _solved(part: Part, expression: sp.Expr, otherwise: Callable[[Part], list[Part]]) -> list[Part]:
    """Return the parts where an expression vanishes: v = e is put in and the factors are factored anew, else ``otherwise``.

    On the part where one of several factors of the expression vanishes another equation may hold, too, so it is not an open one.
    """
    if part.definitions:
        return otherwise(part)
    equation = zero(part.expand(expression))
    atoms, found = [equation] if equation.kind == "atom" else equation.args, []
    for atom in atoms:
        if solution_of(atom.polynomial) is None:
            continue
        child = eliminated(part, atom.polynomial)
        if not child.condition.is_false:
            found.append(replace(_factored(child), is_open=part.is_open and len(atoms) == 1))
        part = replace(part, condition=part.condition & nonzero(atom.polynomial))
    return found + otherwise(part) if not (part.condition & equation).is_false else found


def _factored(part: Part) -> Part:
    """Return the part with irreducible factors."""
    K, apart, changes = part.field, set[frozenset[str]](), []
    for g, m in part.factors:
        factors = K.factor(g)
        changes.append((g, [(f, e * m) for f, e in factors]))
        if _key(g) in part.apart:
            apart |= {_key(f, h) for f, _ in factors for h, _ in factors}
    changed = _with(part, *changes)
    return replace(changed, apart=changed.apart | apart)


def _repeated_root_of_cubic(part: Part, g: Any, m: int) -> list[Part]:
    """Return the parts with one double root r and a simple one, and with a triple root, of x^3 - e1 x^2 + e2 x - e3."""
    K = part.field
    c = coefficients_of(K, g)
    e1, e2, e3 = -c[2], c[1], -c[0]
    p = e1**2 - 3 * e2
    triple = K.polynomial([g[2] * (K.element(1) / K.element(3)), K.element(1)])
    double = [((-(e1 * e2 - 9 * e3) / (2 * p),), 2)]
    other = replace(_with(part, (g, [(triple, 3 * m)])), condition=part.condition & zero(p))
    if p.is_number:  # then p is not 0, or the double root would be triple for all values
        return [other] if p == 0 else [_with_factors(part, g, m, double)]
    simple = _with_factors(part, g, m, double)
    return [replace(simple, condition=simple.condition & nonzero(p)), other]


def _with_factors(part: Part, g: Any, m: int, factors: Sequence[tuple[Sequence[sp.Expr], int]]) -> Part:
    """Return the part where g is the product of powers of the factors and of a rest with simple roots.

    The factors are given by coefficients; those that are long become letters, and the rest is a quotient.
    """
    taken = {str(s) for s in (*part.field.parameters, *part.condition.symbols)}
    names = (name for k in count() if (name := f"{ROOT}_{k}" if k else ROOT) not in taken)
    definitions: list[tuple[sp.Symbol, sp.Expr]] = []
    polynomials: list[tuple[Sequence[Any], int]] = []
    for coefficients, k in factors:
        values = [(-c, -1) if len(coefficients) == 1 else (c, 1) for c in coefficients]  # of a linear factor, its root
        if sum(_length(value) for value, _ in values) > SHORT:
            letters = [sp.Symbol(next(names), real=True) for _ in values]
            definitions += list(zip(letters, (value for value, _ in values), strict=True))
            polynomials.append(([sign * letter for letter, (_, sign) in zip(letters, values, strict=True)], k))
        else:
            polynomials.append((coefficients, k))
    wider, h = part, g
    if definitions:
        symbols = [*(letter for letter, _ in definitions), *part.field.parameters]
        wider = _moved(part, field_of([*symbols, *part.entries()]), lambda e: e)
        h = next(new for new, (old, _) in zip((f for f, _ in wider.factors), part.factors, strict=True) if old is g)
    L = wider.field
    found = [(L.polynomial([*(L.element(c) for c in coefficients), L.element(1)]), k) for coefficients, k in polynomials]
    rest = reduce(L.quotient, [f for f, k in found for _ in range(k)], h)
    found += [(rest, 1)] if rest.degree() > 0 else []
    apart = frozenset(_key(f, p) for f, _ in found for p, _ in found)
    changed = _with(wider, (h, [(f, m * k) for f, k in found]))
    return replace(changed, apart=changed.apart | apart, definitions=(*part.definitions, *definitions), is_open=False)


def _length(expression: sp.Expr) -> int:
    """Return the number of terms of a polynomial, and a large one for what is none, or would be long to expand."""
    is_long = not sp.fraction(expression)[1].is_number or terms(expression) > limits.COEFFICIENT_TERMS
    return SHORT + 1 if is_long else len(sp.Add.make_args(sp.expand(expression)))


def _common_root(part: Part, first: tuple[Any, int], second: tuple[Any, int]) -> Coincidence:
    K, g, h = part.field, first[0], second[0]
    if g.degree() > 1 and h.degree() > 1:
        element = resultant(K, g, h)
        expression = K.to_sympy(element)

        def divided(now: Part) -> list[Part]:
            return _solved(now, expression, lambda rest: _common_divisors(rest, first, second, expression))

        return Coincidence(_key(g, h), expression, element, divided)
    # Of two linear factors the shorter one stands for both.
    (linear, times), (f, multiplicity) = sorted((first, second), key=lambda each: (each[0].degree(), len(text_of(each[0]))))
    element = f(-linear[0])
    rest = [(K.quotient(f, linear), multiplicity)] if f.degree() > 1 else []

    def parts(now: Part) -> list[Part]:
        found = _with(now, (f, rest), (linear, [(linear, times + multiplicity)]), heir=linear)
        if rest and _key(f) in now.apart:  # f has simple roots
            found = replace(found, apart=found.apart | {_key(linear, rest[0][0])})
        return [found]

    return Coincidence(_key(g, h), K.to_sympy(element), element, parts)


def _common_divisors(part: Part, first: tuple[Any, int], second: tuple[Any, int], expression: sp.Expr) -> list[Part]:
    """Return one part for each degree of the gcd of two factors."""
    K, (g, m), (h, k), found = part.field, first, second, []
    for split in common_divisors(K, g, h):
        changed = _restricted(part, split, expression)
        if changed.condition.is_false:
            continue
        [(coefficients, _)] = split.factors
        d = K.polynomial([*(K.element(c) for c in coefficients), K.element(1)])
        left, right = K.quotient(g, d), K.quotient(h, d)
        rests = [[(f, e)] if f.degree() > 0 else [] for f, e in ((left, m), (right, k))]
        changed = _with(changed, (g, rests[0]), (h, [(d, m + k), *rests[1]]), heir=d)
        apart = {_key(left, right)} | {_key(d, f) for p, f in ((g, left), (h, right)) if _key(p) in part.apart}
        is_open = changed.is_open and not split.vanishing  # there is more than one equation
        found.append(replace(changed, apart=changed.apart | apart, is_open=is_open))
    return found


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
    solution = solution_of(equation, part.definitions)
    if solution is None:
        return replace(part, is_open=False, condition=with_one_equation(part.condition))
    v, value = solution

    def change(e: sp.Expr) -> sp.Expr:
        return e.xreplace({v: value})  # leaves the letters of exponents alone

    changed = [change(e) for e in part.entries()]
    if any(e.has(sp.zoo, sp.nan) for e in changed):  # the network has no entries there
        return replace(part, condition=NEVER)
    own = [symbol for symbol, _ in part.definitions]
    symbolic = [e for e in changed if not isinstance(e, sp.Rational)]
    moved = _moved(part, field_of([*symbolic, *own]) if symbolic or own else QQ, change)
    return replace(moved, condition=decided(zero(v - value) & put_in(part.condition, v, value)))


def structures(K: Field, M: Any, factors: Sequence[tuple[Any, int]], B: Any) -> Iterator[Part]:
    """Yield parts that cover the parameter space and do not overlap, each with one pattern of equal eigenvalues of M.

    ``B`` are further columns in which equations are put in, too.

    >>> a, b = sp.symbols("a b", real=True)
    >>> field = field_of([a, b])
    >>> M = field.matrix([[field.element(a), field.element(0)], [field.element(0), field.element(b)]])
    >>> factors = field.factor(field.characteristic_polynomial(M))
    >>> [(part.condition, [m for _, m in part.factors]) for part in structures(field, M, factors, B=M)]
    [(Ne(a - b, 0), [1, 1]), (Eq(a - b, 0), [2])]
    """
    pending = [Part(K, M, B, tuple(factors))]
    while pending:
        part = pending.pop(0)
        children = []
        for found in coincidences(part, with_unit=False):
            expression = part.expand(found.expression)
            if zero(expression).is_false:
                continue
            for child in found.parts(part):
                condition = with_one_equation(child.condition & zero(expression))
                if not condition.is_false:
                    children.append(replace(child, condition=condition))
            part = replace(part, condition=part.condition & nonzero(expression), apart=part.apart | {found.key})
        if not part.condition.is_false:
            yield part
        pending += children
