"""One formula for the entries of f(M^), without cases: products of entries with divided differences of f.

By Cauchy's integral f(M^) = 1/(2 pi i) int f(z) (z I - M^)^{-1} dz, and the entries of the resolvent are rational functions of z
whose denominators are products of irreducible factors p of det(z I - M^). So each entry of f(M^) is a sum of

    a (x^m f)[roots of p_1, roots of p_2, ...],   a in K,

with divided differences that are analytic in the coefficients of the p_i: that eigenvalues coincide is no exception.

The resolvent is built block by block, a block being a set of units that act on each other: on the diagonal adj(z I - B)/chi_B by
Faddeev and LeVerrier, and from block I to block J

    R_JI = R_J (sum over the blocks K from which J is driven of M_JK R_KI).

Common factors are cancelled path by path. What is left of the numerator is divided by a linear factor as long as there is one,
z/(z - a) = 1 + a/(z - a), so that a power m > 0 of x is only needed where all factors are nonlinear.

Reference: docs/theory, section 6; P. I. Davies, N. J. Higham, A Schur-Parlett algorithm for computing matrix functions, SIAM J.
Matrix Anal. Appl. 25 (2003) 464-485.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy as sp
from flint import fmpq

from symplrnn import limits
from symplrnn.conditions.formula import zero
from symplrnn.errors import TooLarge
from symplrnn.exact.coupling import block, blocks
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.work import within
from symplrnn.exact.reading.exponentials import Exponential
from symplrnn.functions.differences import Difference, log_difference, power_difference
from symplrnn.logarithm.elementary import log_of
from symplrnn.logarithm.named_form import NamedMatrix, free_symbol

__all__ = ["Term", "logarithm_terms", "matrix_logarithm", "matrix_power", "named_scalars", "terms"]

Factors: TypeAlias = tuple[int, ...]  # places of irreducible factors in a table, in order, with repetitions
Resolvent: TypeAlias = dict[Factors, list[list[Any]]]  # numerators (polynomials in z) over products of factors


@dataclass(frozen=True)
class Term:
    """a (x^m f)[roots of the factors]: ``coefficient`` a in K, monic ``factors`` over K, ``power`` m.

    The power is None in a multiple of the sum of f over the roots of the one factor, for f = log the logarithm of a determinant.
    """

    coefficient: Any
    factors: tuple[Any, ...]
    power: int | None


def matrix_logarithm(K: Field, M: Any, taken: Iterable[str] = ()) -> NamedMatrix:
    """Return log M for a square matrix over K, with names for the coefficients of factors; ``taken`` are names to avoid.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> a, b, w = sp.symbols("a b w", positive=True)
    >>> K = field_of([a, b, w])
    >>> matrix = K.matrix([[K.element(x) for x in row] for row in ([a, w], [0, b])])
    >>> matrix_logarithm(K, matrix).matrix[0, 1] == w * log_difference([a, b])
    True
    """

    def value(term: Term, points: list[Any]) -> sp.Expr:
        return log_of(_last(points[0])) if term.power is None else log_difference(points, term.power)

    return _written(K, logarithm_terms(K, M), value, taken)


def logarithm_terms(K: Field, M: Any) -> list[list[list[Term]]]:
    """Return the entries of log M, each as a list of terms, in the form in which they are printed."""
    return [[_without_top(K, _beside_one(K, entry)) for entry in row] for row in terms(K, M)]


def matrix_power(K: Field, M: Any, s: sp.Expr, taken: Iterable[str] = ()) -> NamedMatrix:
    """Return M^s for a square matrix over K, with names for the coefficients of factors; see `matrix_logarithm`."""

    def value(term: Term, points: list[Any]) -> sp.Expr:
        return power_difference(s, points, term.power or 0)

    return _written(K, terms(K, M), value, taken)


def named_scalars(named: NamedMatrix, taken: Iterable[str] = ()) -> NamedMatrix:
    """Return a matrix with names for the divided differences on the roots of polynomials, too.

    They are called l and k for log[p] and phi[p] = log[p, 1] on the roots of p, m and p for those with more points.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> a, w = sp.symbols("a w", positive=True)
    >>> K = field_of([a, w])
    >>> matrix = K.matrix([[K.element(x) for x in row] for row in ([a, -w], [w, a + 1])])
    >>> named_scalars(matrix_logarithm(K, matrix)).matrix[0, 1]
    -l*w
    """
    names = {*taken, *(str(x) for x in named.matrix.free_symbols), *(str(symbol) for symbol, _ in named.definitions)}
    found, definitions = {}, list(named.definitions)
    differences = [f for f in named.matrix.atoms(Difference) if any(isinstance(p, sp.Tuple) for p in f.points)]
    for value in sorted(differences, key=lambda f: (len(f.points), f.power, sp.default_sort_key(f))):
        is_phi = not value.power and sp.S.One in value.points
        several = len(value.points) > 1 + is_phi
        symbol = sp.Symbol(str(free_symbol(("m", "p")[is_phi] if several else ("l", "k")[is_phi], names)), real=True)
        names.add(str(symbol))
        found[value] = symbol
        definitions.append((symbol, value))
    return NamedMatrix(named.matrix.xreplace(found), tuple(definitions))


def _last(point: Any) -> sp.Expr:
    """Return the product of the roots that a point stands for."""
    return point[-1] if isinstance(point, sp.Tuple) else point


def _beside_one(K: Field, entry: list[Term]) -> list[Term]:
    """Return terms of a logarithm with log[g, 1] = log(g)/(g - 1) for an exponential g that is not 1, whose logarithm is known.

    So the offset (1 - exp(-dt/tau)) h of a leaky unit comes back as h/tau.
    """
    found = []
    for term in entry:
        roots = [-p[0] for p in term.factors if p.degree() == 1]
        others = [x for x in roots if x != K.element(1)]
        if len(roots) == len(term.factors) == 2 and len(others) == 1 and not term.power and _is_decay(K.to_sympy(others[0])):
            [factor] = [p for p in term.factors if -p[0] == others[0]]
            found.append(Term(term.coefficient * (K.element(1) / (others[0] - K.element(1))), (factor,), 0))
        else:
            found.append(term)
    return found


def _is_decay(root: sp.Expr) -> bool:
    """Return whether an expression is an exponential that is 1 nowhere."""
    return bool(root.atoms(sp.exp, Exponential)) and not log_of(root).has(sp.log) and zero(root - 1).is_constant


def _without_top(K: Field, entry: list[Term]) -> list[Term]:
    """Return terms of a logarithm without (x^(d-1) log x)[p]: d times it is log det - sum_k (d - k) p_(d-k) (x^(d-1-k) log x)[p].

    That is because the sum of f over the roots of p is f p' [p].
    """
    found: dict[tuple[Any, ...], Term] = {}

    def add(coefficient: Any, factors: tuple[Any, ...], power: int | None) -> None:
        key = (*map(id, factors), power)
        total = found[key].coefficient + coefficient if key in found else coefficient
        found[key] = Term(total, factors, power)

    for term in entry:
        p, d = term.factors[0], term.factors[0].degree()
        if len(term.factors) > 1 or d == 1 or term.power != d - 1:
            add(term.coefficient, term.factors, term.power)
            continue
        share = term.coefficient * K.element(fmpq(1, d))
        add(share, term.factors, None)
        for k in range(1, d):
            add(-share * p[d - k] * K.element(d - k), term.factors, d - 1 - k)
    return [term for term in found.values() if not K.is_zero(term.coefficient)]


def _written(
    K: Field, entries: list[list[list[Term]]], value: Callable[[Term, list[Any]], sp.Expr], taken: Iterable[str]
) -> NamedMatrix:
    """Return a matrix of terms as SymPy expressions."""
    points = _Points(K, [f for row in entries for entry in row for term in entry for f in term.factors], taken)
    known: dict[tuple[Any, ...], sp.Expr] = {}

    def scalar(term: Term) -> sp.Expr:
        key = (*map(id, term.factors), term.power)
        if key not in known:
            known[key] = value(term, [points(f) for f in term.factors])
        return known[key]

    found = [sp.Add(*(K.as_product(t.coefficient) * scalar(t) for t in entry)) for row in entries for entry in row]
    matrix = sp.ImmutableDenseMatrix(len(entries), len(entries), found)
    return NamedMatrix(matrix, tuple(points.definitions))


class _Points:
    """The roots of factors as points of divided differences; coefficients of factors of degree 2 and more are given names.

    All terms of a matrix share their factors, so a factor is known by its identity.
    """

    def __init__(self, K: Field, factors: Iterable[Any], taken: Iterable[str]) -> None:
        self.field, self.taken = K, {*taken, *map(str, K.parameters)}
        self.known: dict[int, Any] = {}
        self.definitions: list[tuple[sp.Symbol, sp.Expr]] = []
        distinct = {id(f): f for f in factors}
        several = sum(f.degree() > 1 and self._depends(f) for f in distinct.values()) > 1
        count = 0
        for key, f in distinct.items():
            d = f.degree()
            symmetric = [K.as_product(f[d - k] if k % 2 == 0 else -f[d - k]) for k in range(1, d + 1)]
            if d > 1 and self._depends(f):
                count += 1
                end = str(count) if several else ""
                names = ["tau", *(f"sigma{k}" for k in range(2, d)), "delta"]
                symmetric = [self._named(f"{name}{end}", e) for name, e in zip(names, symmetric, strict=True)]
            self.known[key] = symmetric[0] if d == 1 else sp.Tuple(*symmetric)

    def _depends(self, factor: Any) -> bool:
        """Return whether a factor has letters."""
        return any(self.field.to_sympy(factor[k]).free_symbols for k in range(factor.degree()))

    def _named(self, name: str, value: sp.Expr) -> sp.Expr:
        """Return a new symbol for a coefficient, unless it is a letter or a number itself."""
        if value.is_Symbol or value.is_number:
            return value
        free = free_symbol(name, self.taken)
        positive = True if name.startswith("delta") else value.is_positive  # a determinant is positive where E2 holds
        symbol = sp.Symbol(str(free), real=True, positive=positive)
        self.taken.add(str(symbol))
        self.definitions.append((symbol, value))
        return symbol

    def __call__(self, factor: Any) -> Any:
        """Return the root of a linear factor, or the elementary symmetric functions of the roots of another one."""
        return self.known[id(factor)]


def terms(K: Field, M: Any) -> list[list[list[Term]]]:
    """Return the entries of f(M) for a square matrix over K, each as a list of terms; f is any function analytic at the roots.

    Raises `TooLarge` if there would be too many.
    """
    with within(limits.FORMULA_STEPS):
        return _Resolvents(K, M).entries()


class _Resolvents:
    """The resolvent of a matrix, block by block."""

    def __init__(self, K: Field, M: Any) -> None:
        self.field, self.matrix = K, M
        self.units = blocks(M)  # from the end of each chain to its start: a unit acts on those before it
        self.factors: list[Any] = []
        self.within = [self._diagonal(units) for units in self.units]

    def entries(self) -> list[list[list[Term]]]:
        """Return the terms of all entries."""
        n = int(self.matrix.nrows())
        found: list[list[list[Term]]] = [[[] for _ in range(n)] for _ in range(n)]
        for start in range(len(self.units)):
            for end, resolvent in self._column(start).items():
                for i, row in enumerate(self.units[end]):
                    for j, column in enumerate(self.units[start]):
                        found[row][column] = self._entry(resolvent, i, j)
        return found

    def _place(self, factor: Any) -> int:
        """Return the place of a monic factor in the table."""
        for place, known in enumerate(self.factors):
            if known == factor:
                return place
        self.factors.append(factor)
        return len(self.factors) - 1

    def _diagonal(self, units: list[int]) -> Resolvent:
        """Return adj(z I - B)/chi_B for a block B: adj(z I - B) = sum_k z^(d-1-k) B_k, with B_0 = I, B_k = B B_{k-1} + c_k I."""
        K, d = self.field, len(units)
        B = block(K, self.matrix, units, units)
        chi = K.characteristic_polynomial(B)
        powers = [K.identity(d)]
        for k in range(1, d):
            powers.append(B * powers[-1] + K.identity(d) * chi[d - k])
        numerators = [[K.polynomial([powers[d - 1 - k][i, j] for k in range(d)]) for j in range(d)] for i in range(d)]
        factors = K.factor(chi) if d > 1 else [(chi, 1)]
        return {tuple(sorted(self._place(f) for f, e in factors for _ in range(e))): numerators}

    def _column(self, start: int) -> dict[int, Resolvent]:
        """Return the resolvent from one block to all that it drives, directly or through others."""
        K = self.field
        found = {start: self.within[start]}
        size = len(self.units[start])
        for end in self._after(start):
            driven: Resolvent = {}
            for middle, resolvent in found.items():
                coupling = block(K, self.matrix, self.units[end], self.units[middle])
                if any(not K.is_zero(x) for row in coupling.tolist() for x in row):
                    for factors, numerators in resolvent.items():
                        _add(driven, factors, _product(K, _constant(K, coupling), numerators, size))
            total: Resolvent = {}
            for own, adjoint in self.within[end].items():
                for factors, numerators in driven.items():
                    _add(total, tuple(sorted((*own, *factors))), _product(K, adjoint, numerators, size))
            if total:
                found[end] = total
                if sum(map(len, found.values())) > limits.RESOLVENT_PATHS:
                    raise TooLarge(f"the closed form has more than {limits.RESOLVENT_PATHS} chains of coupled units")
        return found

    def _after(self, start: int) -> list[int]:
        """Return the blocks that may be driven by one, in an order in which each comes after those that drive it."""
        place = {unit: k for k, units in enumerate(self.units) for unit in units}
        n = int(self.matrix.nrows())
        drives: dict[int, set[int]] = {k: set() for k in range(len(self.units))}
        for i in range(n):
            for j in range(n):
                if place[i] != place[j] and not self.field.is_zero(self.matrix[i, j]):
                    drives[place[j]].add(place[i])
        order: list[int] = []

        def visit(k: int) -> None:
            for after in sorted(drives[k]):
                if after not in order and after != k:
                    visit(after)
            order.append(k)

        visit(start)
        return order[-2::-1]

    def _entry(self, resolvent: Resolvent, i: int, j: int) -> list[Term]:
        """Return the terms of one entry, those with the same divided difference together."""
        K = self.field
        found: dict[tuple[Factors, int], Any] = {}
        for factors, numerators in resolvent.items():
            for key, value in self._split(numerators[i][j], factors):
                found[key] = found[key] + value if key in found else value
        return [
            Term(value, tuple(self.factors[k] for k in factors), power)
            for (factors, power), value in sorted(found.items(), key=lambda item: (item[0][0], item[0][1]))
            if not K.is_zero(value)
        ]

    def _split(self, numerator: Any, factors: Factors) -> list[tuple[tuple[Factors, int], Any]]:
        """Return numerator/(product of the factors) as a sum of a z^m/(product of some of them), without the entire part."""
        K = self.field
        found: list[tuple[tuple[Factors, int], Any]] = []
        while factors and numerator.degree() >= 0:
            divisor, quotient, rest = self._division(numerator, factors)
            found += [((factors, m), rest[m]) for m in range(rest.degree() + 1) if not K.is_zero(rest[m])]
            numerator, factors = quotient, tuple(_without(factors, divisor))
        return found

    def _division(self, numerator: Any, factors: Factors) -> tuple[int, Any, Any]:
        """Return a factor, and the quotient and remainder by it: one that cancels if there is one, then a linear one."""
        K = self.field
        distinct = sorted(set(factors), key=lambda k: (self.factors[k].degree(), K.is_zero(self.factors[k](K.element(1))), k))
        first = None
        for k in distinct:
            p = self.factors[k]
            if p.degree() > numerator.degree():
                continue
            rest = K.remainder(numerator, p)
            if rest.degree() < 0:
                return k, K.quotient(numerator, p), rest
            first = first or (k, p, rest)
        if first is None or numerator.degree() == 0:  # nothing cancels
            return distinct[0], K.polynomial([]), numerator
        k, p, rest = first
        return k, K.quotient(numerator - rest, p), rest


def _without(factors: Factors, one: int) -> list[int]:
    rest = list(factors)
    rest.remove(one)
    return rest


def _constant(K: Field, matrix: Any) -> list[list[Any]]:
    return [[K.polynomial([x]) for x in row] for row in matrix.tolist()]


def _product(K: Field, left: Sequence[Sequence[Any]], right: Sequence[Sequence[Any]], columns: int) -> list[list[Any]]:
    """Return the product of two matrices of polynomials."""
    found = []
    for row in left:
        line = []
        for j in range(columns):
            total = K.polynomial([])
            for x, others in zip(row, right, strict=True):
                total = total + x * others[j]
            line.append(total)
        found.append(line)
    return found


def _add(resolvent: Resolvent, factors: Factors, numerators: list[list[Any]]) -> None:
    """Add a part with its denominator to a resolvent."""
    if factors in resolvent:
        known = resolvent[factors]
        numerators = [[x + y for x, y in zip(*rows, strict=True)] for rows in zip(known, numerators, strict=True)]
    resolvent[factors] = numerators
