"""A closed form with letters at rational values of them: a closed form over Q, in the normal form of `closed_form`.

A factor that is irreducible with letters may split at their values: E(l) = sum_k l^k H_k / d(l) then holds for the roots of each
part, and is reduced modulo it. Factors that become equal (which no denominator forbids) are added up.

Reference: THEORY section 5, formula (3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly

from symplrnn.exact.fields.rational import QQ, coefficients
from symplrnn.logarithm.cases.cases import Case
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm

__all__ = ["specialised"]


def specialised(case: Case, values: Mapping[sp.Symbol, fmpq]) -> Logarithm:
    """Return the closed form of a case at parameter values that meet its condition."""
    log, known = case.logarithm, dict(values)
    for symbol, expression in case.definitions:
        number = sp.Rational(expression.subs({s: sp.Rational(int(x.p), int(x.q)) for s, x in known.items()}))
        known[symbol] = fmpq(int(number.p), int(number.q))
    parts: dict[str, SpectralTerm] = {}
    for term in log.terms:
        f, d = (_polynomial(log, p, known) for p in (term.factor, term.denominator))
        matrices = tuple(_matrix(log, H, known) for H in term.matrices)
        for factor, _ in QQ.factor(f):
            part = _reduced(SpectralTerm(QQ, f, matrices, d), factor)
            same = parts.get(str(factor))
            parts[str(factor)] = part if same is None else _sum(same, part)
    terms = sorted(parts.values(), key=lambda term: (term.degree, coefficients(term.factor)))
    powers = [_matrix(log, power, known) for power in log.unipotent_powers]
    return Logarithm(QQ, _matrix(log, log.matrix, known), tuple(p for p in powers if p != p * fmpq(0)), tuple(terms))


def _at(log: Logarithm, element: Any, values: Mapping[sp.Symbol, fmpq]) -> fmpq:
    value: fmpq = log.field.at(element, values)
    return value


def _matrix(log: Logarithm, matrix: Any, values: Mapping[sp.Symbol, fmpq]) -> fmpq_mat:
    return fmpq_mat(matrix.nrows(), matrix.ncols(), [_at(log, x, values) for x in matrix.entries()])


def _polynomial(log: Logarithm, polynomial: Any, values: Mapping[sp.Symbol, fmpq]) -> fmpq_poly:
    return fmpq_poly([_at(log, polynomial[k], values) for k in range(polynomial.degree() + 1)])


def _reduced(term: SpectralTerm, factor: fmpq_poly) -> SpectralTerm:
    """Return the term of a factor g of f: H_k and d modulo g; for degrees 1 and 2 divided by d."""
    if factor.degree() == term.degree and term.degree > 2:
        return term
    inverse = QQ.inverse_modulo(term.denominator, factor)
    rows, columns = term.matrices[0].nrows(), term.matrices[0].ncols()
    entries = [term.entry(i, j) * inverse % factor for i in range(rows) for j in range(columns)]
    matrices = tuple(fmpq_mat(rows, columns, [fmpq(e[k]) for e in entries]) for k in range(factor.degree()))
    return SpectralTerm(QQ, factor, matrices, fmpq_poly([1]))


def _sum(first: SpectralTerm, second: SpectralTerm) -> SpectralTerm:
    matrices = tuple(a + b for a, b in zip(first.projectors, second.projectors, strict=True))
    return SpectralTerm(QQ, first.factor, matrices, fmpq_poly([1]))
