"""The Jordan blocks of a matrix with letters, as conditions on them, where the multiplicities of its eigenvalues are known.

On a part where the characteristic polynomial of M is prod g_k^{m_k}, a product of powers of the g_k(M) shows the blocks of the
roots of one of them: it is nilpotent on their invariant subspace and 0 on the others. Ranks are described by sums of squares of
minors, for real entries: N^T N has the sums of its principal minors of size r not 0 exactly if N has rank r or more.

Reference: docs/theory, section 4; W. J. Culver, Proc. AMS 17 (1966) 1146-1151; proofs/letters.md, section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sympy as sp
from sympy.utilities.iterables import partitions

from symplrnn.conditions.equations import in_parameters
from symplrnn.conditions.formula import Formula, all_formulas, any_formulas, nonzero, zero
from symplrnn.conditions.root_conditions import no_real_root
from symplrnn.eigenvalues.parts import Part
from symplrnn.exact.fields.field import Field

__all__ = ["annihilates", "even_blocks", "interpolated", "no_negative_in_range", "no_negative_root", "product_of_factors"]


def annihilates(part: Part, powers: dict[int, int]) -> Formula:
    """Return whether prod g_k(M)^{powers[k]} = 0 (first powers where none is given)."""
    return _vanishes(part, product_of_factors(part, [powers.get(k, 1) for k in range(len(part.factors))]))


def product_of_factors(part: Part, powers: Sequence[int]) -> Any:
    """Return prod g_k(M)^{powers[k]}."""
    value = part.field.identity(part.M.nrows())
    for (g, _), power in zip(part.factors, powers, strict=True):
        value = value * part.field.evaluate(g, part.M) ** power
    return value


def _vanishes(part: Part, matrix: Any) -> Formula:
    return all_formulas(zero(part.expand(part.field.to_sympy(x))) for x in _distinct(matrix.entries()))


def _distinct(entries: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for x in entries:
        if x not in found:
            found.append(x)
    return found


def even_blocks(part: Part, N: Any, m: int) -> Formula:
    """Return whether N, nilpotent on a subspace of dimension m and 0 on another one, has pairs of equal Jordan blocks there.

    Sizes mu_1, mu_1, mu_2, mu_2, ... with sum m are seen from the ranks of the powers: rank N^i = 2 sum_k max(mu_k - i, 0).
    """
    powers = [N]
    for _ in range(m // 2 - 1):
        powers.append(powers[-1] * N)
    options = []
    for mu in partitions(m // 2):
        clauses = [_vanishes(part, powers[max(mu) - 1])]
        for i in range(1, max(mu)):
            clauses += _has_rank(part, powers[i - 1], 2 * sum(max(size - i, 0) * times for size, times in mu.items()), m)
        options.append(all_formulas(clauses))
    return any_formulas(options)


def no_negative_in_range(part: Part, N: Any, degree: int) -> Formula:
    """Return whether M, diagonalisable on the range of N, has no negative eigenvalue there, and rank N < ``degree``.

    With an orthonormal basis Q of the range, N = Q R and M Q = Q C, the sum of the principal minors of size r, the rank, of
    x N^T N - N^T M N = R^T (x - C) R is det(x - C) times that of N^T N (Cauchy and Binet).
    """
    K, options = part.field, [_vanishes(part, N)]
    transposed = _transposed(K, N)
    gram, other = transposed * N, transposed * part.M * N
    for r in range(1, degree):
        values = [_sum_of_minors(K, gram * K.element(x) - other, r) for x in range(r + 1)]
        c = interpolated(K, values).coeffs()
        if len(c) == r + 1:
            monic = [K.to_sympy(x / c[r]) for x in c]
            options.append(all_formulas([*_has_rank(part, N, r, 2 * r + 2), no_negative_root(part, monic)]))
    return any_formulas(options)


def _transposed(K: Field, N: Any) -> Any:
    n = N.nrows()
    return K.fill(n, n, [N[j, i] for i in range(n) for j in range(n)])


def _has_rank(part: Part, N: Any, r: int, m: int) -> list[Formula]:
    """Return the condition that N has the rank r, where a rank larger than m/2 is known not to occur: N^T N has real minors."""
    K = part.field
    gram = _transposed(K, N) * N
    clauses = [nonzero(part.expand(K.to_sympy(_sum_of_minors(K, gram, r))))]
    return clauses if 2 * r == m else [*clauses, zero(part.expand(K.to_sympy(_sum_of_minors(K, gram, r + 1))))]


def _sum_of_minors(K: Field, N: Any, r: int) -> Any:
    """Return the sum of the principal minors of size r."""
    return K.characteristic_polynomial(N)[N.nrows() - r] * K.element((-1) ** r)


def interpolated(K: Field, values: Sequence[Any]) -> Any:
    """Return the polynomial that has given values at 0, 1, 2, ...

    >>> from flint import fmpq
    >>> from symplrnn.exact.fields.rational import QQ
    >>> interpolated(QQ, [fmpq(1), fmpq(2), fmpq(5)])
    x^2 + 1
    """
    found, basis = K.polynomial([]), K.polynomial([K.element(1)])
    for x, value in enumerate(values):
        found = found + basis * ((value - found(K.element(x))) * (K.element(1) / basis(K.element(x))))
        basis = basis * K.polynomial([K.element(-x), K.element(1)])
    return found


def no_negative_root(part: Part, coefficients: Sequence[sp.Expr]) -> Formula:
    """Return whether a monic polynomial, constant term first, has no negative root on a part.

    Fractions are put in last, so that no clause has a denominator, which may vanish elsewhere.
    """
    letters = {symbol for symbol, _ in part.definitions}
    if all(sp.fraction(c)[1].is_number and not c.free_symbols & letters for c in coefficients):
        return no_real_root(coefficients)
    names = [sp.Dummy(f"c{k}", real=True) for k in range(len(coefficients) - 1)]
    definitions = [*zip(names, coefficients[:-1], strict=True), *part.definitions]
    return in_parameters(no_real_root([*names, sp.Integer(1)]), definitions)
