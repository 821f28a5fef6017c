"""A closed form as a polynomial in the region's matrix, for entries that are too wide to print.

Every function of M is a polynomial in M of degree less than n, with coefficients that depend on the eigenvalues alone:

    log M = c_0 I + c_1 M + ... + c_{n-1} M^{n-1},      phi(M) = q_0 I + ... + q_{n-1} M^{n-1}.

The coefficients are those of the companion matrix of the characteristic polynomial, whose closed form has one letter for each
eigenvalue or coefficient: p(C) e_1 holds the coefficients of p.

Reference: N. J. Higham, Functions of Matrices, SIAM 2008, Definition 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp

from symplrnn.conditions.formula import ALWAYS
from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.logarithm.cases.cases import Case
from symplrnn.logarithm.lifted_form import named_logarithm
from symplrnn.logarithm.spectral_form import augmented_logarithm

__all__ = ["PowerForm", "power_form"]

Definitions = tuple[tuple[sp.Symbol, sp.Expr], ...]

SHORT = 3  # terms of an eigenvalue that is printed in place of a letter


@dataclass(frozen=True)
class PowerForm:
    """log M = sum c_k M^k and phi(M) = sum q_k M^k, with definitions of the symbols in them."""

    logarithm: tuple[sp.Expr, ...]
    phi: tuple[sp.Expr, ...]
    definitions: Definitions


def power_form(case: Case, n: int) -> PowerForm:
    """Return the closed form of a case with n states as polynomials in M.

    >>> from symplrnn.logarithm.cases.cases import cases
    >>> from symplrnn.exact.fields.rational import QQ
    >>> M = QQ.matrix([[2, 1], [0, 2]])
    >>> [case] = cases(QQ, M, QQ.fill(2, 0, []), [(QQ.polynomial([-2, 1]), 2)], ALWAYS).cases
    >>> power_form(case, 2).logarithm
    (-1 + log(2), 1/2)
    """
    K = case.logarithm.field
    values: dict[sp.Symbol, sp.Expr] = {}
    monic: list[tuple[list[sp.Expr], int]] = []
    for index, (g, m) in enumerate(case.factors, 1):
        c = coefficients_of(K, g)
        letters = [
            x if x.is_number or x == 1 else sp.Symbol(f"mu_{index}" if len(c) == 2 else f"_c{index}{k}") for k, x in enumerate(c)
        ]
        if len(c) == 2 and not c[0].is_number:
            values[letters[0]] = -c[0]
            letters[0] = -letters[0]
        else:
            values |= {s: x for s, x in zip(letters, c, strict=True) if s.is_Symbol}
        monic.append((letters, m))
    symbolic = [x for c, _ in monic for x in c if not isinstance(x, sp.Rational)]
    L: Field = field_of(symbolic) if symbolic else QQ
    factors = [(L.polynomial([L.element(x) for x in c]), m) for c, m in monic]
    log = augmented_logarithm(L, _companion(L, factors, n), L.fill(n, 1, [L.element(int(i == 0)) for i in range(n)]), factors)
    named = named_logarithm(Case(ALWAYS, log, case.real_roots))
    short = {s: x for s, x in values.items() if str(s).startswith("_c") or len(sp.Add.make_args(x)) < SHORT}
    matrix = named.matrix.xreplace(_invariants(named.definitions, short)).xreplace(short)
    kept = [(s, x) for s, x in values.items() if s not in short]
    definitions = (*case.definitions, *kept, *((s, x.xreplace(short)) for s, x in named.definitions))
    return PowerForm(tuple(matrix[k, 0] for k in range(n)), tuple(matrix[k, n] for k in range(n)), definitions)


def _invariants(definitions: Definitions, values: dict[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, sp.Expr]:
    """Return the names, up to sign, that closed forms have for coefficients that are sums."""
    found = {}
    for symbol, value in definitions:
        letter, sign = (-value, -1) if (-value).is_Symbol else (value, 1)
        if letter in values and values[letter].is_Add:
            found[letter] = sign * symbol
    return found


def _companion(L: Field, factors: list[tuple[Any, int]], n: int) -> Any:
    """Return the matrix that takes e_k to e_{k+1} and is annihilated by the product of the factors' powers."""
    chi = reduce(lambda p, q: p * q, [g for g, m in factors for _ in range(m)])
    zero, one = L.element(0), L.element(1)
    return L.fill(n, n, [-chi[i] if j == n - 1 else (one if i == j + 1 else zero) for i in range(n) for j in range(n)])
