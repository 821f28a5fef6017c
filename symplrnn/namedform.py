"""Closed forms with letters as SymPy matrices, in real form, with names for what occurs again and again.

A factor x^2 - t x + d gets names for its trace t, its determinant d and its discriminant D = t^2 - 4 d. With E(l) = P + (l -
t/2) Q its two roots contribute, with Q' = D Q,

    log            P log d + Q' ell,    ell = log((t + sqrt D)/(t - sqrt D)) / (2 sqrt D)           for real roots,
                                        ell = atan2(sqrt(-D), t) / sqrt(-D)                         for a complex pair
    real roots     power:  P (l1^r + l2^r) + Q' (l1^r - l2^r) / (2 sqrt D),         l = (t +- sqrt D)/2
    complex pair   power:  2 d^(r/2) (P cos(r a) + Q' sin(r a) / (2 sqrt(-D))),     a = atan2(sqrt(-D), t)

so no imaginary unit appears, and the logarithm reads the same for both signs of D. Factors of degree 3 and more keep their sums
over the roots, one named weight a power of the root.

Reference: THEORY section 5, formula (3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symplrnn.cases import Case
from symplrnn.coincidence import coefficients_of
from symplrnn.errors import UndecidedError
from symplrnn.exact.field import Field
from symplrnn.exact.functionfield import FunctionField
from symplrnn.logarithm import Logarithm, SpectralTerm
from symplrnn.rootsum import root_sum

__all__ = ["NamedMatrix", "free_symbol", "named_logarithm", "named_power"]


@dataclass(frozen=True)
class NamedMatrix:
    """A SymPy matrix in which some symbols are defined by ``definitions``, pairs (symbol, expression) in the order of use."""

    matrix: sp.ImmutableDenseMatrix
    definitions: tuple[tuple[sp.Symbol, sp.Expr], ...]

    def expanded(self) -> sp.ImmutableDenseMatrix:
        """Return the matrix in the parameters alone."""
        matrix = self.matrix
        for symbol, value in reversed(self.definitions):
            matrix = matrix.xreplace({symbol: value})
        return matrix


def named_logarithm(case: Case) -> NamedMatrix:
    """Return log [[M, B], [0, I]] of a case, in named form.

    >>> from symplrnn.cases import cases
    >>> from symplrnn.exact.functionfield import field_of
    >>> from symplrnn.formula import positive
    >>> a = sp.Symbol("a", positive=True)
    >>> K = field_of([a])
    >>> M, B = K.fill(1, 1, [K.element(a)]), K.fill(1, 1, [K.element(1)])
    >>> found = cases(K, M, B, K.factor(K.characteristic_polynomial(M)), positive(a))
    >>> [named_logarithm(case).matrix for case in found]
    [Matrix([
    [log(a), log(a)/(a - 1)],
    [     0,              0]]), Matrix([
    [0, 1],
    [0, 0]])]
    """
    return _named(case, _logarithm_parts, lambda log: [(sp.Integer(1), log.rational_part)])


def named_power(case: Case, r: sp.Expr) -> NamedMatrix:
    """Return [[M, B], [0, I]]^r of a case, in named form, for a real exponent r."""
    return _named(case, lambda term, names: _power_parts(term, names, r), lambda log: [], r)


Parts = Iterator[tuple[sp.Expr, Any]]


@dataclass(frozen=True)
class _Names:
    """The names for one term: trace, determinant, discriminant and whether the roots are real, or weights."""

    symbols: tuple[sp.Symbol, ...]
    real: bool = True


def _named(
    case: Case,
    parts: Callable[[SpectralTerm, _Names], Parts],
    rest: Callable[[Logarithm], list[tuple[sp.Expr, Any]]],
    r: sp.Expr | None = None,
) -> NamedMatrix:
    if case.logarithm is None:
        raise UndecidedError(f"no closed form is known where {case.condition}: {case.unresolved}")
    log, definitions = case.logarithm, list(case.definitions)
    taken = {str(s) for s in log.field.parameters} | {str(s) for s, _ in definitions}
    weighted = rest(log)
    several = sum(term.degree > 1 for term in log.terms) > 1
    for index, term in enumerate(log.terms):
        suffix = f"_{index + 1}" if several else ""
        names, added = _names_of(term, suffix, taken, case.real_roots.get(index, True), r)
        definitions += added
        found = list(parts(term, names))
        weighted += found
        if r is not None:
            for j, power in enumerate(log.unipotent_powers, 1):
                weighted += [(w * sp.expand_func(sp.binomial(r, j)), H * power) for w, H in found]
    size, K = log.matrix.nrows(), log.field
    zero = K.element(0)
    entries = [_combined(K, [(w, H[i, j]) for w, H in weighted if H[i, j] != zero]) for i in range(size) for j in range(size)]
    return NamedMatrix(sp.ImmutableDenseMatrix(size, size, entries), tuple(definitions))


def _combined(K: Field, terms: list[tuple[sp.Expr, Any]]) -> sp.Expr:
    """Return sum w c, with two logarithms of opposite coefficients as that of the quotient (both arguments are positive)."""
    total, pending = [], list(terms)
    while pending:
        w, c = pending.pop(0)
        partner = next((k for k, (v, d) in enumerate(pending) if w.func is v.func is sp.log and d == -c), None)
        if partner is not None:
            v, d = pending.pop(partner)
            if K.to_sympy(c).could_extract_minus_sign():
                w, v, c = v, w, d
            w = sp.log(w.args[0] / v.args[0])
        total.append(_readable(K, c) * w)
    return sp.Add(*total)


def _readable(K: Field, element: Any) -> sp.Expr:
    """Return an element as an expression, with a factored denominator if there are letters."""
    return K.factored(element) if isinstance(K, FunctionField) else K.to_sympy(element)


def free_symbol(name: str, taken: Iterable[str]) -> sp.Symbol:
    """Return a real symbol of a name that is not taken, nor printed like one that is; with a number after it if it has to be.

    >>> free_symbol("mu", ["a"]), free_symbol("mu_1", ["mu1"])
    (mu, mu_1_1)
    """
    printed = {sp.latex(sp.Symbol(other)) for other in taken}
    candidate, k = name, 0
    while sp.latex(sp.Symbol(candidate)) in printed:
        k += 1
        candidate = f"{name}_{k}"
    return sp.Symbol(candidate, real=True)


def _names_of(
    term: SpectralTerm, suffix: str, taken: set[str], real: bool, r: sp.Expr | None
) -> tuple[_Names, list[tuple[sp.Symbol, sp.Expr]]]:
    """Return the names of a term's quantities and their definitions."""
    c = coefficients_of(term.field, term.factor)
    if term.degree == 1:
        return _Names(()), []
    if term.degree == 2:
        symbols = tuple(free_symbol(name + suffix, taken) for name in ("tau", "delta", "Delta", "ell"))
        t, d, D, ell = symbols
        root = sp.sqrt(D if real else -D)
        value = sp.log((t + root) / (t - root)) / (2 * root) if real else sp.atan2(root, t) / root
        return _Names(symbols, real), [(t, -c[1]), (d, c[0]), (D, t**2 - 4 * d)] + ([(ell, value)] if r is None else [])
    x = free_symbol("lambda", taken)
    f = sp.Poly(sp.Add(*(a * x**k for k, a in enumerate(c))), x)
    denominator = sp.Add(*(a * x**k for k, a in enumerate(coefficients_of(term.field, term.denominator))))
    value = sp.log(x) if r is None else x**r
    weights = tuple(free_symbol(f"omega_{k}{suffix}", taken) for k in range(term.degree))
    return _Names(weights), [(w, root_sum(f, x**k * value / denominator)) for k, w in enumerate(weights)]


def _pair(term: SpectralTerm) -> tuple[Any, Any]:
    """Return P and Q' = D Q of E(l) = P + (l - t/2) Q, for a quadratic factor."""
    K, f = term.field, term.factor
    low, high = term.matrices
    return low - high * (f[1] * (K.element(1) / K.element(2))), high * (f[1] * f[1] - f[0] * K.element(4))


def _logarithm_parts(term: SpectralTerm, names: _Names) -> Parts:
    if term.degree == 1:
        eigenvalue = term.field.to_sympy(-term.factor[0])
        if eigenvalue != 1:
            yield sp.log(eigenvalue), term.matrices[0]
    elif term.degree == 2:
        _, d, _, ell = names.symbols
        P, Q = _pair(term)
        yield sp.log(d), P
        yield ell, Q
    else:
        yield from zip(names.symbols, term.matrices, strict=True)


def _power_parts(term: SpectralTerm, names: _Names, r: sp.Expr) -> Parts:
    if term.degree == 1:
        yield term.field.to_sympy(-term.factor[0]) ** r, term.matrices[0]
    elif term.degree == 2:
        t, d, D, _ = names.symbols
        P, Q = _pair(term)
        if names.real:
            first, second = (((t + s * sp.sqrt(D)) / 2) ** r for s in (1, -1))
            yield first + second, P
            yield (first - second) / (2 * sp.sqrt(D)), Q
        else:
            size, angle = 2 * d ** (r / 2), r * sp.atan2(sp.sqrt(-D), t)
            yield size * sp.cos(angle), P
            yield size * sp.sin(angle) / (2 * sp.sqrt(-D)), Q
    else:
        yield from zip(names.symbols, term.matrices, strict=True)
