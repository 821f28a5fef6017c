"""Where has each eigenvalue of a matrix with letters one Jordan block? A proof that costs a rank, and compares no eigenvalues.

Every eigenvalue of M has one block exactly if rank (M - x) >= n - 1 for all numbers x. So it is, for all values of the letters,

    if all letters stand in one row i, and M with 0 for this row, M0, has a cyclic vector e_i: with rank [M0 - x, e_i] = n for all
    x (Popov, Belevitch, Hautus), M - x has the same columns as M0 - x up to multiples of e_i; or in one column, transposed;

    if the characteristic polynomial has neither letters nor multiple roots.

And let all letters stand in one entry (i, i), the only one of its column that is not 0: unit i acts on no other. With row and
column i removed M is a matrix R of numbers, g is what is left of row i, and chi = (x - a) det(x - R). Let R have no multiple
eigenvalue. Then two blocks can be only where a is a real eigenvalue r of R, and they are only if g annihilates its eigenvector:
for an irreducible factor f of det(x - R) = f h, for no root or for all, since h(R) has the eigenvectors of all of them as its
range. Where f is linear, M is a matrix of rational numbers, to be looked at.

Reference: T. Kailath, Linear Systems, Prentice-Hall 1980, section 2.4.3 (the test for a cyclic vector);
proofs/letters.md, section 5.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly

from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.fractions import content
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.real_roots import count_real_roots

__all__ = ["exceptional_values"]


def exceptional_values(K: Field, M: Any) -> tuple[tuple[sp.Symbol, fmpq], ...] | None:
    """Return values of a letter that include all where an eigenvalue of M has several Jordan blocks; None if that is not known.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> q = sp.Symbol("q", real=True)
    >>> K = field_of([q])
    >>> exceptional_values(K, K.matrix([[K.element(x) for x in row] for row in ([q, 1], [1, 2])]))
    ()
    >>> exceptional_values(K, K.matrix([[K.element(x) for x in row] for row in ([q, 0], [0, 2])]))
    ((q, 2),)
    """
    if not isinstance(K, FunctionField) or K.domain.exponential is not None:
        return None
    n, rows = int(M.nrows()), M.tolist()
    places = [(i, j) for i in range(n) for j in range(n) if _has_letters(rows[i][j])]
    numbers = [[fmpq(0) if (i, j) in places else _number(rows[i][j]) for j in range(n)] for i in range(n)]
    in_row, in_column = ({place[k] for place in places} for k in (0, 1))
    if len(in_row) == 1 and _is_cyclic(numbers, *in_row):
        return ()
    if len(in_column) == 1 and _is_cyclic([list(column) for column in zip(*numbers, strict=True)], *in_column):
        return ()
    if _has_simple_numbers(K, M):
        return ()
    return _of_one_eigenvalue(rows, numbers, *places) if len(places) == 1 and len({*places[0]}) == 1 else None


def _has_letters(element: Any) -> bool:
    return bool(element.numer.total_degree() > 0 or element.denom.total_degree() > 0)


def _number(element: Any) -> fmpq:
    zero = (0,) * len(element.domain.symbols)
    return fmpq(dict(element.numer.terms()).get(zero, 0), dict(element.denom.terms())[zero])


def _is_cyclic(rows: list[list[fmpq]], i: int) -> bool:
    """Return whether e_i is a cyclic vector of the matrix with row i replaced by 0: e_i, M e_i, ... are a basis."""
    n = len(rows)
    M = fmpq_mat(n, n, [fmpq(0) if k == i else x for k, row in enumerate(rows) for x in row])
    vectors = [fmpq_mat(n, 1, [int(k == i) for k in range(n)])]
    while len(vectors) < n:
        vectors.append(M * vectors[-1])
    return bool(fmpq_mat(n, n, [x for v in vectors for x in v.entries()]).det() != 0)


def _has_simple_numbers(K: Field, M: Any) -> bool:
    """Return whether the characteristic polynomial has no letters and no multiple root."""
    c = K.characteristic_polynomial(M).coeffs()
    if any(map(_has_letters, c)):
        return False
    f = fmpq_poly([_number(x) for x in c])
    return bool(f.gcd(f.derivative()).degree() == 0)


def _of_one_eigenvalue(
    rows: list[list[Any]], numbers: list[list[fmpq]], place: tuple[int, int]
) -> tuple[tuple[sp.Symbol, fmpq], ...] | None:
    """Return the values for a letter in the entry (i, i), which is the only one of its column that is not 0."""
    i, n = place[0], len(rows)
    a, others = rows[i][i], [k for k in range(n) if k != place[0]]
    if any(numbers[k][i] != 0 for k in others) or a.denom.total_degree() > 0 or a.numer.total_degree() != 1:
        return None
    letters = [k for k, degree in enumerate(a.numer.degrees()) if degree > 0]
    if len(letters) != 1:
        return None
    R = fmpq_mat(n - 1, n - 1, [numbers[k][j] for k in others for j in others])
    g = fmpq_mat(1, n - 1, [numbers[i][j] for j in others])
    factors = QQ.factor(R.charpoly())
    if any(m > 1 for _, m in factors):
        return None
    values = []
    for f, _ in factors:
        if f.degree() == 1:
            values.append((a.domain.symbols[letters[0]], _solution(a, letters[0], -f[0])))
        elif count_real_roots(f) > 0:
            rest = reduce(lambda p, q: p * q, (h for h, _ in factors if h != f), fmpq_poly([1]))
            if all(x == 0 for x in (g * QQ.evaluate(rest, R)).entries()):
                return None
    return tuple(values)


def _solution(a: Any, letter: int, value: fmpq) -> fmpq:
    """Return where a polynomial of degree 1 in one letter, over a number, has a value."""
    terms = {monomial[letter]: c for monomial, c in a.numer.terms()}
    return fmpq((value * content(a.denom) - terms.get(0, 0)) / terms[1])
