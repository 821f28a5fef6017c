"""Closed forms as SymPy matrices: spectral terms written out for factors of degree 1 and 2, kept as sums over roots beyond.

A factor f of degree d contributes sum_k w_k H_k with the weights w_k = sum_{f(l)=0} l^k u(l)/d(l), where u(l) = log(l) for the
logarithm and u(l) = l^r for the power M^r; d = 1 for degrees 1 and 2, which are collected in `symplrnn.logarithm.elementary`. So
every closed form is real as it stands.

With negative roots the real part of the principal logarithm and of its powers is meant: log|l| for log l, |l|^r cos(pi r) for
l^r. It is one part of a real logarithm of its own kind, to which the half turns add theirs (`symplrnn.logarithm.real_logarithm`).

Reference: docs/theory, section 5, formula (3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symplrnn.exact.fields.field import Field
from symplrnn.exact.root_matrix import polynomial_value
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.elementary import Part, joined_logarithms, log_of, logarithm_parts, power_parts, quadratic
from symplrnn.logarithm.half_turns import HalfTurn
from symplrnn.logarithm.negative_root import NegativeRoot
from symplrnn.logarithm.real_logarithm import RealLogarithm
from symplrnn.logarithm.root_sum import root_sum

__all__ = [
    "combined",
    "logarithm_matrix",
    "logarithm_numbers",
    "power_matrix",
    "power_numbers",
    "real_logarithm_matrix",
    "real_power_matrix",
    "real_root",
    "root_symbol",
]

root_symbol = sp.Symbol("lambda")


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


def combined(K: Field, parts: list[Part], size: int) -> sp.ImmutableDenseMatrix:
    """Return the sum of parts, entry by entry; zero coefficients leave no trace."""

    def entry(i: int, j: int) -> sp.Expr:
        total = sp.Add(*(_times(part.coefficient(K, i, j), part.weight) for part in parts if part.adds_to(K, i, j)))
        return joined_logarithms(total)

    return sp.ImmutableDenseMatrix(size, size, entry)


def _times(coefficient: sp.Expr, weight: sp.Expr) -> sp.Expr:
    """Return a product; that of a negative sum as the negative of one."""
    if coefficient.is_Add and coefficient.could_extract_minus_sign():
        return sp.Mul(-1, -coefficient, weight)
    return coefficient * weight


def logarithm_matrix(log: Logarithm) -> sp.ImmutableDenseMatrix:
    """Return log M, or its real part, as a SymPy matrix of real expressions.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> logarithm_matrix(logarithm(QQ, QQ.matrix([[2, 1], [0, 2]])))
    Matrix([
    [log(2),    1/2],
    [     0, log(2)]])
    """
    parts = logarithm_parts(log, lambda term: _root_sums(term, sp.log, sp.Integer(1)))
    return combined(log.field, [Part(sp.Integer(1), log.rational_part), *parts], log.matrix.nrows())


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
    parts = power_parts(log, r, lambda term: _root_sums(term, lambda x: x**r, sp.cos(sp.pi * r)))
    binomials = [(sp.expand_func(sp.binomial(r, j)), power) for j, power in enumerate(log.unipotent_powers, 1)]
    more = [part.times(factor, power) for factor, power in binomials for part in parts]
    return combined(log.field, parts + more, log.matrix.nrows())


def logarithm_numbers(root: sp.Expr, order: int) -> tuple[sp.Expr, sp.Expr]:
    """Return alpha_t and beta_t of the logarithm on the chains of a negative root l, t = order; see `half_turns`.

    >>> logarithm_numbers(sp.Integer(-2), 0), logarithm_numbers(sp.Integer(-2), 2)
    ((log(2), pi), (-1/2, 0))
    """
    return (log_of(-root), sp.pi) if order == 0 else (sp.Rational((-1) ** (order - 1), order), sp.Integer(0))


def power_numbers(root: sp.Expr, order: int, r: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return alpha_t and beta_t of the power r on the chains of a negative root l, t = order."""
    size = (-root) ** r * sp.expand_func(sp.binomial(r, order))
    return size * sp.cos(sp.pi * r), size * sp.sin(sp.pi * r)


def real_root(turn: HalfTurn) -> sp.Expr:
    """Return the real eigenvalue of a half turn: a rational number, with a square root, or as a root of its polynomial."""
    term, K = turn.pair.term, turn.pair.field
    if term.degree == 1:
        return K.to_sympy(-term.factor[0])
    if term.degree == 2:
        a, _, q, _ = quadratic(term)
        return a + q if turn.index else a - q
    polynomial = polynomial_in(K, term.factor, root_symbol)
    if polynomial.domain.is_QQ:
        return sp.CRootOf(polynomial, turn.index)
    return NegativeRoot(polynomial.all_coeffs()[::-1], turn.index)


def _with_half_turns(
    log: RealLogarithm, first: sp.MatrixBase, numbers: Callable[[sp.Expr, int], tuple[sp.Expr, sp.Expr]]
) -> sp.ImmutableDenseMatrix:
    """Return the lifted matrix: the first block, and alpha_t or beta_t times each block of each half turn."""
    if not log.turns:
        return sp.ImmutableDenseMatrix(first)
    total = sp.zeros(log.size)
    total[: first.rows, : first.cols] = first
    for turn in log.turns:
        root = real_root(turn)
        divisor = polynomial_value(turn.pair.field, turn.pair.divisor, root)
        for block in turn.pair.blocks:
            number = numbers(root, block.order)[block.turns] / (divisor if block.divided else 1)
            value, (row, column) = block.matrix.sympy(root), log.corner(turn, block)
            for i in range(value.rows):
                for j in range(value.cols):
                    total[row + i, column + j] += number * value[i, j]
    return sp.ImmutableDenseMatrix(total.applyfunc(joined_logarithms))


def real_logarithm_matrix(log: RealLogarithm) -> sp.ImmutableDenseMatrix:
    """Return a real logarithm as a SymPy matrix, extra coordinates last.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> real_logarithm_matrix(real_logarithm(QQ, QQ.matrix([[-2]])))
    Matrix([
    [log(2),    -pi],
    [    pi, log(2)]])
    """
    return _with_half_turns(log, logarithm_matrix(log.principal), logarithm_numbers)


def real_power_matrix(log: RealLogarithm, r: sp.Expr) -> sp.ImmutableDenseMatrix:
    """Return exp(r log F^) as a SymPy matrix in r, extra coordinates last.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> real_power_matrix(real_logarithm(QQ, QQ.matrix([[-2]])), sp.Symbol("r", real=True))[:, 0]
    Matrix([
    [2**r*cos(pi*r)],
    [2**r*sin(pi*r)]])
    """

    def number(root: sp.Expr, order: int) -> tuple[sp.Expr, sp.Expr]:
        return power_numbers(root, order, r)

    if not r.is_Integer:
        return _with_half_turns(log, power_matrix(log.principal, r), number)
    K, N = log.field, log.matrix.nrows()
    power = (log.matrix if r >= 0 else K.inverse(log.matrix)) ** abs(int(r)) if r else K.identity(N)
    return _with_half_turns(log, sp.Matrix(N, N, [K.to_sympy(x) for x in power.entries()]), number)
