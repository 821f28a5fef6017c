"""Closed forms with letters as SymPy matrices, in real form, with names for what occurs again and again.

A factor x^2 - t x + d gets names for its trace t, its determinant d and its discriminant D = t^2 - 4 d. With E(l) = P + (l -
t/2) Q its two roots contribute, with Q' = D Q,

    log            P log d + Q' ell,    ell = log((t + sqrt D)/(t - sqrt D)) / (2 sqrt D)           for real roots,
                                        ell = atan2(sqrt(-D), t) / sqrt(-D)                         for a complex pair
    real roots     power:  P (l1^r + l2^r) + Q' (l1^r - l2^r) / (2 sqrt D),         l = (t +- sqrt D)/2
    complex pair   power:  2 d^(r/2) (P cos(r a) + Q' sin(r a) / (2 sqrt(-D))),     a = atan2(sqrt(-D), t)

so no imaginary unit appears, and the logarithm reads the same for both signs of D. Factors of degree 3 and more keep their sums
over the roots, one named weight a power of the root.

Negative roots have log l = log|l| + i pi and l^r = |l|^r (cos(pi r) + i sin(pi r)); `Weight` keeps the two parts apart, and
`symplrnn.logarithm.lifted_form` makes a real system of them.

Reference: docs/theory, section 5, formula (3), and E5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symplrnn import views
from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.logarithm.cases.cases import Case
from symplrnn.logarithm.closed_form import SpectralTerm
from symplrnn.logarithm.elementary import log_of
from symplrnn.logarithm.root_sum import root_sum

__all__ = [
    "NamedMatrix",
    "TermNames",
    "Weight",
    "bound_variable",
    "combined",
    "free_symbol",
    "logarithm_parts",
    "power_parts",
    "term_names",
]

ZERO = sp.Integer(0)


@dataclass(frozen=True, repr=False)
class NamedMatrix(views.Shown):
    """A SymPy matrix in which some symbols are defined by ``definitions``, pairs (symbol, expression) in the order of use."""

    matrix: sp.ImmutableDenseMatrix
    definitions: tuple[tuple[sp.Symbol, sp.Expr], ...]

    def expanded(self) -> sp.ImmutableDenseMatrix:
        """Return the matrix in the parameters alone."""
        known: dict[sp.Expr, sp.Expr] = {}
        for symbol, value in self.definitions:
            plain = value.xreplace(known)
            known[symbol] = min(plain, sp.expand(plain), key=sp.count_ops) if plain.is_polynomial() else plain
        return self.matrix.xreplace(known)


@dataclass(frozen=True)
class Weight:
    """A complex number that multiplies a matrix over K: real and imaginary part as expressions."""

    real: sp.Expr
    imaginary: sp.Expr
    matrix: Any


@dataclass(frozen=True)
class TermNames:
    """The names for one term, and where its roots are.

    Attributes
    ----------
    symbols : tuple
        Trace, determinant, discriminant and ell of a quadratic factor; beyond, the weights of the real parts, followed by those
        of the imaginary parts if there are any.
    real : bool
        Of a quadratic factor: whether its roots are real.
    negative : int
        Number of negative roots.
    """

    symbols: tuple[sp.Symbol, ...]
    real: bool = True
    negative: int = 0


def combined(K: Field, terms: Iterable[tuple[sp.Expr, Any]]) -> sp.Expr:
    """Return sum w c, with two logarithms of opposite coefficients as that of the quotient (both arguments are positive).

    >>> from symplrnn.exact.fields.rational import QQ
    >>> a = sp.Symbol("a", positive=True)
    >>> combined(QQ, [(sp.log(2 * a), QQ.element(3)), (sp.log(a + 1), QQ.element(-3))])
    3*log(2*a/(a + 1))
    """
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


def bound_variable(taken: Iterable[str]) -> sp.Symbol:
    """Return lambda for the roots of a polynomial, which need not be real.

    >>> bound_variable(["a"]).is_real, bound_variable(["lambda"])
    (None, lambda_1)
    """
    return sp.Symbol(str(free_symbol("lambda", taken)))


def term_names(
    case: Case, index: int, suffix: str, taken: set[str], r: sp.Expr | None
) -> tuple[TermNames, list[tuple[sp.Symbol, sp.Expr]]]:
    """Return the names of the quantities of a term of a case, for the logarithm or the power r, and their definitions."""
    term = case.logarithm.terms[index]
    negative = case.turning.negative.get(index, 0) if case.turning else 0
    c = coefficients_of(term.field, term.factor)
    if term.degree == 1:
        return TermNames((), negative=negative), []
    if term.degree > 2:
        return _weights(term, c, suffix, taken, negative, r)
    real = case.real_roots.get(index, True)
    symbols = tuple(free_symbol(name + suffix, taken) for name in ("tau", "delta", "Delta", "ell"))
    t, d, D, ell = symbols
    root = sp.sqrt(D if real else -D)
    ratio = (t + root) / (root - t if negative == 1 else t - root)
    value = sp.log(ratio) / (2 * root) if real else sp.atan2(root, t) / root
    definitions = [(t, -c[1]), (d, c[0]), (D, t**2 - 4 * d)] + ([(ell, value)] if r is None else [])
    return TermNames(symbols, real, negative), definitions


def _weights(
    term: SpectralTerm, c: list[sp.Expr], suffix: str, taken: set[str], negative: int, r: sp.Expr | None
) -> tuple[TermNames, list[tuple[sp.Symbol, sp.Expr]]]:
    """Return names for the sums over the roots of a factor of degree 3 and more."""
    x = bound_variable(taken)
    f = sp.Poly(sp.Add(*(a * x**k for k, a in enumerate(c))), x)
    denominator = sp.Add(*(a * x**k for k, a in enumerate(coefficients_of(term.field, term.denominator))))
    size = -x if negative == term.degree else x  # |l|, if all roots are negative
    value = log_of(size) if r is None else size**r
    summands = [x**k * value / denominator for k in range(term.degree)]
    names = [free_symbol(f"omega_{k}{suffix}", taken) for k in range(term.degree)]
    # Integer powers are real; their imaginary parts would be sums that no precision tells from 0.
    if negative in (0, term.degree) or (r is not None and r.is_Integer):
        return TermNames(tuple(names), negative=negative), [(w, root_sum(f, u)) for w, u in zip(names, summands, strict=True)]
    others = [free_symbol(f"nu_{k}{suffix}", taken) for k in range(term.degree)]
    parts = [root_sum(f, part(u)) for part in (sp.re, sp.im) for u in summands]
    return TermNames((*names, *others), negative=negative), list(zip((*names, *others), parts, strict=True))


def _pair(term: SpectralTerm) -> tuple[Any, Any]:
    """Return P and Q' = D Q of E(l) = P + (l - t/2) Q, for a quadratic factor."""
    K, f = term.field, term.factor
    low, high = term.matrices
    return low - high * (f[1] * (K.element(1) / K.element(2))), high * (f[1] * f[1] - f[0] * K.element(4))


def logarithm_parts(term: SpectralTerm, names: TermNames) -> Iterator[Weight]:
    """Yield the parts of sum log(l) E(l) over the roots of a term's factor."""
    if term.degree == 1:
        eigenvalue = term.field.to_sympy(-term.factor[0])
        if names.negative:
            yield Weight(log_of(-eigenvalue), sp.pi, term.matrices[0])
        elif eigenvalue != 1:
            yield Weight(log_of(eigenvalue), ZERO, term.matrices[0])
    elif term.degree == 2:
        _, d, D, ell = names.symbols
        P, Q = _pair(term)
        one_negative = names.negative == 1
        yield Weight(sp.log(-d if one_negative else d), names.negative * sp.pi, P)
        yield Weight(ell, -sp.pi / (2 * sp.sqrt(D)) if one_negative else ZERO, Q)
    elif names.negative == term.degree:
        yield from (Weight(w, ZERO, H) for w, H in zip(names.symbols, term.matrices, strict=True))
        yield Weight(ZERO, sp.pi, term.primary_projector)
    else:
        yield from _sums(term, names)


def _sums(term: SpectralTerm, names: TermNames) -> Iterator[Weight]:
    d = term.degree
    imaginary = names.symbols[d:] or (ZERO,) * d
    yield from (Weight(w, v, H) for w, v, H in zip(names.symbols[:d], imaginary, term.matrices, strict=True))


def power_parts(term: SpectralTerm, names: TermNames, r: sp.Expr) -> Iterator[Weight]:
    """Yield the parts of sum l^r E(l) over the roots of a term's factor, for a real exponent r."""
    turned = (sp.cos(sp.pi * r), sp.sin(sp.pi * r))
    if term.degree == 1:
        yield _turned(_power(term.field.to_sympy(-term.factor[0]), names.negative > 0, r), turned, names, term.matrices[0])
    elif term.degree == 2:
        t, d, D, _ = names.symbols
        P, Q = _pair(term)
        if not names.real:
            size, angle = 2 * d ** (r / 2), r * sp.atan2(sp.sqrt(-D), t)
            yield Weight(size * sp.cos(angle), ZERO, P)
            yield Weight(size * sp.sin(angle) / (2 * sp.sqrt(-D)), ZERO, Q)
            return
        first, second = (_power((t + s * sp.sqrt(D)) / 2, names.negative > k, r) for k, s in ((1, 1), (0, -1)))
        if names.negative == 1:
            cos, sin = turned
            yield Weight(first + cos * second, sin * second, P)
            yield Weight((first - cos * second) / (2 * sp.sqrt(D)), -sin * second / (2 * sp.sqrt(D)), Q)
        else:
            yield _turned(first + second, turned, names, P)
            yield _turned((first - second) / (2 * sp.sqrt(D)), turned, names, Q)
    elif names.negative == term.degree:
        yield from (_turned(w, turned, names, H) for w, H in zip(names.symbols, term.matrices, strict=True))
    else:
        yield from _sums(term, names)


def _power(root: sp.Expr, is_negative: bool, r: sp.Expr) -> sp.Expr:
    return (-root) ** r if is_negative else root**r


def _turned(size: sp.Expr, turned: tuple[sp.Expr, sp.Expr], names: TermNames, matrix: Any) -> Weight:
    """Return |l|^r times a matrix, with the half turn if the roots are negative."""
    return Weight(size * turned[0], size * turned[1], matrix) if names.negative else Weight(size, ZERO, matrix)
