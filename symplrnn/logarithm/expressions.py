"""Closed forms as SymPy matrices: spectral terms written out for factors of degree 1 and 2, kept as sums over roots beyond.

A factor f of degree d contributes sum_k w_k H_k with the weights w_k = sum_{f(l)=0} l^k u(l)/d(l), where u(l) = log(l) for the
logarithm and u(l) = l^r for the power M^r; d = 1 for degrees 1 and 2. For a complex pair l = a +- i b with l conj(l) = c, and
for real roots l1 > l2,

    log:    w_0 = log c,          w_1 = a log c - 2 b arg(l)             or  a log c + (l1 - l2)/2 (log l1 - log l2)
    power:  w_0 = 2 c^(r/2) cos(r arg l),  w_1 = 2 c^(r/2) (a cos(r arg l) - b sin(r arg l))   or  l1^k l1^r + l2^k l2^r

so every closed form is real as it stands. Nothing is simplified: only the d weights of a factor are not rational.

With negative roots the real part of the principal logarithm and of its powers is meant: log|l| for log l, |l|^r cos(pi r) for
l^r. It is one part of a real logarithm of its own kind, to which the half turns add theirs (`symplrnn.logarithm.real_logarithm`).

Reference: THEORY section 5, formula (3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symplrnn.exact.fields.field import Field
from symplrnn.exact.reading.exponentials import Exponential, exponent_of
from symplrnn.exact.root_matrix import polynomial_value
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.half_turns import Block, HalfTurn
from symplrnn.logarithm.negative_root import NegativeRoot
from symplrnn.logarithm.real_logarithm import RealLogarithm
from symplrnn.logarithm.root_sum import root_sum

__all__ = [
    "logarithm_matrix",
    "logarithm_weights",
    "power_matrix",
    "power_weights",
    "real_logarithm_matrix",
    "real_power_matrix",
    "real_root",
    "root_symbol",
]

root_symbol = sp.Symbol("lambda")


def _quadratic(term: SpectralTerm) -> tuple[sp.Expr, sp.Expr, sp.Expr, bool]:
    """Return a, c, q and whether the roots are real, for f = x^2 - 2 a x + c with roots a +- q, or a +- i q."""
    K, f = term.field, term.factor
    a = -f[1] / K.element(2)
    D = a * a - f[0]
    real = term.real.sign_of(D) > 0
    return K.to_sympy(a), K.to_sympy(f[0]), sp.sqrt(K.to_sympy(D if real else -D)), real


def polynomial_in(field: Field, polynomial: Any, x: sp.Symbol) -> sp.Poly:
    """Return a polynomial over a field of numbers as a SymPy polynomial in x."""
    listed = [field.to_sympy(polynomial[k]) for k in range(polynomial.degree(), -1, -1)]
    return sp.Poly(listed, x, domain="QQ" if all(c.is_Rational for c in listed) else "EX")


def _root_sums(term: SpectralTerm, u: Callable[[sp.Expr], sp.Expr], turn: sp.Expr) -> list[sp.Expr]:
    """Return sum_{f(l)=0} l^k u(l)/d(l), k < deg f, unevaluated; its real part if a root is negative.

    ``turn`` u(-l) is the real part of u(l) for a negative l.
    """
    x, negative, K = root_symbol, len(term.negative_roots), term.field
    polynomial, denominator = polynomial_in(K, term.factor, x), polynomial_in(K, term.denominator, x).as_expr()
    if negative == term.degree:
        return [turn * root_sum(polynomial, x**k * u(-x) / denominator) for k in range(term.degree)]
    sums = [root_sum(polynomial, x**k * u(x) / denominator) for k in range(term.degree)]
    return [sp.re(value) for value in sums] if negative else sums


def _real_power(x: sp.Expr, r: sp.Expr) -> sp.Expr:
    """Return the real part of x^r for a real number x that is not 0."""
    return x**r if x > 0 else (-x) ** r * sp.cos(sp.pi * r)


def log_of(x: sp.Expr) -> sp.Expr:
    """Return the logarithm of a positive number or function, that of a factor exp(r) as r.

    >>> log_of(sp.exp(sp.Rational(-1, 10)) / 2), log_of(sp.sqrt(2))
    (-log(2) - 1/10, log(sqrt(2)))
    """
    rest, total = sp.Integer(1), sp.Integer(0)
    for factor in sp.Mul.make_args(x):
        base, power = factor.as_base_exp()
        r = exponent_of(factor)
        if r is not None:
            total += r
        elif isinstance(base, Exponential):
            total += base.exponent * power
        else:
            rest *= factor
    return sp.log(rest) + total


def logarithm_weights(term: SpectralTerm) -> list[sp.Expr]:
    """Return w_k, the real part of sum_{f(l)=0} l^k log(l)/d(l), for k < deg f, as real SymPy expressions.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> logarithm_weights(SpectralTerm(QQ, QQ.polynomial([-1, 2]) / 2, (), QQ.polynomial([1])))
    [-log(2)]
    """
    if term.degree == 1:
        return [log_of(_size(term))]
    if term.degree > 2:
        return _root_sums(term, sp.log, sp.Integer(1))
    a, c, q, real = _quadratic(term)
    if real:
        return [log_of(abs(c)), a * log_of(abs(c)) + q * (sp.log(abs(a + q)) - sp.log(abs(a - q)))]
    return [log_of(c), a * log_of(c) - 2 * q * sp.atan2(q, a)]


def power_weights(term: SpectralTerm, r: sp.Expr) -> list[sp.Expr]:
    """Return w_k, the real part of sum_{f(l)=0} l^k l^r/d(l), for k < deg f, as real SymPy expressions in the real exponent r.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> power_weights(SpectralTerm(QQ, QQ.polynomial([-1, 2]) / 2, (), QQ.polynomial([1])), sp.Symbol("r"))
    [(1/2)**r]
    """
    if term.degree == 1:
        return [_real_power(term.field.to_sympy(-term.factor[0]), r)]
    if term.degree > 2:
        return _root_sums(term, lambda x: x**r, sp.cos(sp.pi * r))
    a, c, q, real = _quadratic(term)
    if real:
        if a - q > 0:
            return [(a + q) ** (r + k) + (a - q) ** (r + k) for k in (0, 1)]
        return [sp.Add(*(x**k * _real_power(x, r) for x in (a + q, a - q))) for k in (0, 1)]
    angle, size = sp.atan2(q, a) * r, 2 * c ** (r / 2)
    return [size * sp.cos(angle), size * (a * sp.cos(angle) - q * sp.sin(angle))]


def _size(term: SpectralTerm) -> sp.Expr:
    """Return |l| for the root of a linear factor."""
    constant = term.factor[0]
    return term.field.to_sympy(constant if term.real.sign_of(constant) > 0 else -constant)


def _combine(K: Field, constant: list[list[sp.Expr]], weighted: list[tuple[sp.Expr, Any]]) -> sp.ImmutableDenseMatrix:
    """Return constant + sum of weight times matrix over K, entry by entry; zero coefficients leave no trace."""
    size = len(constant)
    entries = [
        sp.Add(constant[i][j], *(K.to_sympy(E[i, j]) * w for w, E in weighted if not K.is_zero(E[i, j])))
        for i in range(size)
        for j in range(size)
    ]
    return sp.ImmutableDenseMatrix(size, size, entries)


def logarithm_matrix(log: Logarithm) -> sp.ImmutableDenseMatrix:
    """Return log M, or its real part, as a SymPy matrix of real expressions.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> logarithm_matrix(logarithm(QQ, QQ.matrix([[2, 1], [0, 2]])))
    Matrix([
    [log(2),    1/2],
    [     0, log(2)]])
    """
    weighted = [
        (w, E)
        for term in log.terms
        for w, E in zip(logarithm_weights(term), term.matrices, strict=True)
        if w != 0  # structurally: log(1)
    ]
    return _combine(log.field, [[log.field.to_sympy(x) for x in row] for row in log.rational_part.tolist()], weighted)


def power_matrix(log: Logarithm, r: sp.Expr) -> sp.ImmutableDenseMatrix:
    """Return M^r = exp(r log M), or its real part, as a SymPy matrix of real expressions in r.

    M^r = (sum of w_k E_k) (I + U)^r with the finite binomial series (I + U)^r = sum_j binomial(r, j) U^j.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> power_matrix(logarithm(QQ, QQ.matrix([[2, 1], [0, 2]])), sp.Symbol("r"))
    Matrix([
    [2**r, 2**r*r/2],
    [   0,     2**r]])
    """
    size = log.matrix.nrows()
    weighted = []
    for term in log.terms:
        for w, E in zip(power_weights(term, r), term.matrices, strict=True):
            weighted.append((w, E))
            weighted += [(w * sp.expand_func(sp.binomial(r, j)), E * power) for j, power in enumerate(log.unipotent_powers, 1)]
    return _combine(log.field, [[sp.Integer(0)] * size for _ in range(size)], weighted)


def real_root(turn: HalfTurn) -> sp.Expr:
    """Return the real eigenvalue of a half turn: a rational number, with a square root, or as a root of its polynomial."""
    term, K = turn.pair.term, turn.pair.field
    if term.degree == 1:
        return K.to_sympy(-term.factor[0])
    if term.degree == 2:
        a, _, q, _ = _quadratic(term)
        return a + q if turn.index else a - q
    polynomial = polynomial_in(K, term.factor, root_symbol)
    if polynomial.domain.is_QQ:
        return sp.CRootOf(polynomial, turn.index)
    return NegativeRoot(polynomial.all_coeffs()[::-1], turn.index)


def _with_half_turns(
    log: RealLogarithm, first: sp.MatrixBase, numbers: Callable[[sp.Expr, Block], sp.Expr]
) -> sp.ImmutableDenseMatrix:
    """Return the lifted matrix: the first block, and alpha_t or beta_t times each block of each half turn."""
    total = sp.zeros(log.size)
    total[: first.rows, : first.cols] = first
    for turn in log.turns:
        root = real_root(turn)
        divisor = polynomial_value(turn.pair.field, turn.pair.divisor, root)
        for block in turn.pair.blocks:
            number = numbers(root, block) / divisor if block.divided else numbers(root, block)
            value, (row, column) = block.matrix.sympy(root), log.corner(turn, block)
            for i in range(value.rows):
                for j in range(value.cols):
                    total[row + i, column + j] += number * value[i, j]
    return sp.ImmutableDenseMatrix(total)


def real_logarithm_matrix(log: RealLogarithm) -> sp.ImmutableDenseMatrix:
    """Return a real logarithm as a SymPy matrix, extra coordinates last.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> real_logarithm_matrix(real_logarithm(QQ, QQ.matrix([[-2]])))
    Matrix([
    [log(2),    -pi],
    [    pi, log(2)]])
    """

    def number(root: sp.Expr, block: Block) -> sp.Expr:
        if block.turns:
            return sp.pi if block.order == 0 else sp.Integer(0)
        return log_of(-root) if block.order == 0 else sp.Rational((-1) ** (block.order - 1), block.order)

    return _with_half_turns(log, logarithm_matrix(log.principal), number)


def real_power_matrix(log: RealLogarithm, r: sp.Expr) -> sp.ImmutableDenseMatrix:
    """Return exp(r log F^) as a SymPy matrix in r, extra coordinates last.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> real_power_matrix(real_logarithm(QQ, QQ.matrix([[-2]])), sp.Symbol("r", real=True))[:, 0]
    Matrix([
    [2**r*cos(pi*r)],
    [2**r*sin(pi*r)]])
    """

    def number(root: sp.Expr, block: Block) -> sp.Expr:
        angle = sp.sin(sp.pi * r) if block.turns else sp.cos(sp.pi * r)
        return (-root) ** r * angle * sp.expand_func(sp.binomial(r, block.order))

    if not r.is_Integer:
        return _with_half_turns(log, power_matrix(log.principal, r), number)
    K, N = log.field, log.matrix.nrows()
    power = (log.matrix if r >= 0 else K.inverse(log.matrix)) ** abs(int(r)) if r else K.identity(N)
    return _with_half_turns(log, sp.Matrix(N, N, [K.to_sympy(x) for x in power.entries()]), number)
