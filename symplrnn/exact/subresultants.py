"""Signed subresultants of polynomials with symbolic coefficients, and the root counts that their signs determine.

Principal signed subresultants are trailing minors of Bezout matrices, so they are polynomials in the coefficients and need no
division. They are computed once with a placeholder letter for each coefficient that is not a rational number; the actual
coefficients, however long, are put in afterwards without expanding. Coefficients are given here as elementary symmetric
functions e_0 = 1, e_1, ..., e_n of the roots: p = x^n - e_1 x^(n-1) + e_2 x^(n-2) - ...

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, sections 4.2 (subresultants, PmV), 4.3
(Hermite's form) and 9.1 (Bezout and Hankel matrices).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from math import comb, prod
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

__all__ = [
    "SignTree",
    "bezout_matrix",
    "circle_determinant",
    "common_factors",
    "determinant",
    "discriminant_sequence",
    "hurwitz_determinant",
    "in_letters",
    "left_half_plane",
    "number_of_negative_roots",
    "shifted_sequence",
    "sign_tree",
    "signature",
    "trace_polynomials",
]

# Elements of a SymPy domain have no common static type.
Ring = Any
Element = Any
Compute = Callable[[Ring, list[Element]], list[list[Element]]]

# True or False, or the position of a sign in the list with a subtree for each group of its values.
SignTree = bool | tuple[int, tuple[tuple[frozenset[int], Any], ...]]


def in_letters(values: Sequence[sp.Expr], compute: Compute) -> list[list[sp.Expr]]:
    """Return polynomials in given quantities, computed in placeholder letters and then filled in unexpanded.

    A rational number takes part in the computation as itself; every other quantity is a letter.

    >>> a, b = sp.symbols("a b")
    >>> in_letters([sp.Integer(1), (a + b) ** 2], lambda ring, e: [[e[0] + e[1], e[1] ** 2]])
    [[(a + b)**2 + 1, (a + b)**4]]
    """
    key = tuple(v if v.is_Rational else None for v in values)
    filling = {letter: v for letter, v in zip(_letters(len(values)), values, strict=True) if not v.is_Rational}
    return [[polynomial.xreplace(filling) for polynomial in row] for row in _computed(compute, key)]


@cache
def _letters(number: int) -> tuple[sp.Symbol, ...]:
    return tuple(sp.Dummy(f"e{k}") for k in range(number))


@cache
def _computed(compute: Compute, key: tuple[sp.Rational | None, ...]) -> list[list[sp.Expr]]:
    letters = _letters(len(key))
    free = [letter for letter, number in zip(letters, key, strict=True) if number is None]
    ring = sp.QQ[free] if free else sp.QQ
    values = [ring.from_sympy(letter if number is None else number) for letter, number in zip(letters, key, strict=True)]
    return [[ring.to_sympy(element) for element in row] for row in compute(ring, values)]


def bezout_matrix(p: Sequence[Element], q: Sequence[Element]) -> list[list[Element]]:
    """Return the Bezout matrix: the coefficients of x^i y^j in (p(x) q(y) - p(y) q(x)) / (x - y), where deg q <= deg p.

    Its trailing k by k minor is the principal signed subresultant of index n - k times a power of the leading coefficient
    of p, which is 1 here (Basu, Pollack, Roy, proposition 8.35 and section 9.1).

    >>> bezout_matrix([5, -3, 1], [-3, 2])  # discriminant 9 - 20
    [[-1, -3], [-3, 2]]
    """
    n = len(p) - 1
    padded = [*q, *([p[0] * 0] * (n + 1 - len(q)))]
    return [
        [
            sum((p[j + k + 1] * padded[i - k] - p[i - k] * padded[j + k + 1] for k in range(min(i, n - 1 - j) + 1)), p[0] * 0)
            for j in range(n)
        ]
        for i in range(n)
    ]


def determinant(rows: list[list[Element]], ring: Ring) -> Element:
    """Return the determinant of a matrix over a SymPy domain; 1 without rows.

    >>> determinant([[sp.QQ(1), sp.QQ(2)], [sp.QQ(3), sp.QQ(4)]], sp.QQ)
    -2
    """
    return DomainMatrix(rows, (len(rows), len(rows)), ring).det() if rows else ring.one


def _without_content(elements: list[Element], ring: Ring) -> list[Element]:
    """Divide a list of ring elements by the positive content of all their coefficients: signs and ratios do not change."""
    numbers = [c for e in elements if e for c in (e.coeffs() if hasattr(e, "coeffs") else [e])]
    content = sp.gcd_list([sp.Rational(int(c.numerator), int(c.denominator)) for c in numbers]) if numbers else sp.Integer(1)
    inverse = ring.from_sympy(1 / abs(content))
    return [e * inverse for e in elements]


def _minors(ring: Ring, p: list[Element], q: list[Element]) -> list[Element]:
    """Return the trailing minors of order 1 to n of the Bezout matrix."""
    n = len(p) - 1
    matrix = bezout_matrix(p, q)
    return [determinant([row[n - k :] for row in matrix[n - k :]], ring) for k in range(1, n + 1)]


def _polynomial(e: list[Element]) -> list[Element]:
    n = len(e) - 1
    return [(-1) ** (n - k) * e[n - k] for k in range(n + 1)]


def discriminant_sequence(ring: Ring, e: list[Element]) -> list[list[Element]]:
    """Return the principal signed subresultants D_1, ..., D_n of p and p', up to positive factors; D_n is the discriminant.

    D_k is the leading minor of order k of Hermite's form, the Hankel matrix of the power sums s_0, s_1, ... of the roots. The
    form has the number of distinct roots as its rank and the number of distinct real roots as its signature.

    >>> t, d = sp.symbols("t d")
    >>> in_letters([sp.Integer(1), t, d], discriminant_sequence)
    [[1, -4*d + t**2]]
    """
    p = _polynomial(e)
    minors = _minors(ring, p, [k * c for k, c in enumerate(p)][1:])
    return [[*(_without_content([m], ring)[0] for m in minors[:-1]), minors[-1]]]


def shifted_sequence(ring: Ring, e: list[Element]) -> list[list[Element]]:
    """Return the principal signed subresultants E_1, ..., E_{n-1} of p and the remainder of x p', up to positive factors.

    They are the leading minors of the Hankel matrix of the power sums s_1, s_2, ..., whose signature is the number of distinct
    positive roots minus the number of distinct negative roots. The last one, E_n = e_n D_n, is left out.

    >>> t, d = sp.symbols("t d")
    >>> in_letters([sp.Integer(1), t, d], shifted_sequence)
    [[t]]
    """
    p = _polynomial(e)
    n = len(e) - 1
    minors = _minors(ring, p, [(k - n) * c for k, c in enumerate(p)][:-1])
    return [[_without_content([m], ring)[0] for m in minors[:-1]]]


def circle_determinant(ring: Ring, e: list[Element]) -> list[list[Element]]:
    """Return the product of 1 - l_i l_j over all pairs i < j of roots, as a determinant of order n - 1.

    With p = sum c_k x^k, the matrix has the entries c_{n-j+i} - c_{n-2-i-j} for i, j = 0, ..., n - 2 (c_k = 0 for k < 0 or
    k > n). It is Jury's inner determinant, and 2^(-n(n-1)/2) times the last Hurwitz determinant but one of the polynomial in s,
    where x = (1 + s) / (1 - s); Orlando's formula for that determinant is the product.

    >>> t, d = sp.symbols("t d")
    >>> in_letters([sp.Integer(1), t, d], circle_determinant)
    [[1 - d]]
    """
    c = _polynomial(e)
    n = len(c) - 1
    zero = c[0] * 0

    def coefficient(k: int) -> Element:
        return c[k] if 0 <= k <= n else zero

    rows = [[coefficient(n - j + i) - coefficient(n - 2 - i - j) for j in range(n - 1)] for i in range(n - 1)]
    return [[determinant(rows, ring)]]


@cache
def hurwitz_determinant(n: int, order: int) -> Compute:
    """Return the computation of the Hurwitz determinant of an order for b_0 s^n + b_1 s^(n-1) + ... + b_n.

    >>> in_letters(sp.symbols("b0:4"), hurwitz_determinant(3, 2))
    [[-b0*b3 + b1*b2]]
    """

    def compute(ring: Ring, b: list[Element]) -> list[list[Element]]:
        index = [[2 * (j + 1) - (i + 1) for j in range(order)] for i in range(order)]
        return [[determinant([[b[k] if 0 <= k <= n else b[0] * 0 for k in row] for row in index], ring)]]

    return compute


def left_half_plane(coefficients: Sequence[sp.Expr]) -> list[sp.Expr]:
    """Return b_0, ..., b_n with (1 - s)^n p((1 + s) / (1 - s)) = b_0 s^n + b_1 s^(n-1) + ... + b_n.

    The roots with |x| < 1 become the roots with negative real part.

    >>> left_half_plane([*sp.symbols("c0:2"), sp.Integer(1)])
    [c0 - c1 + 1, 2 - 2*c0, c0 + c1 + 1]
    """
    n = len(coefficients) - 1
    return [sp.Add(*(_mixed(n, n - k, n - j) * c for k, c in enumerate(coefficients))) for j in range(n + 1)]


def trace_polynomials(c: Sequence[Element]) -> tuple[list[Element], list[Element]]:
    """Return A and B with p(x) = A(y) x + B(y) for y = x + 1/x, constant terms first, where p = sum c_k x^k.

    x^k = U_{k-1}(y) x - U_{k-2}(y) with U_{-1} = 0, U_0 = 1, U_{k+1} = y U_k - U_{k-1}. The real quadratic x^2 - y x + 1
    divides p exactly if A(y) = B(y) = 0, and g(y) divides A and B exactly if x^deg(g) g(x + 1/x) divides p.

    >>> trace_polynomials([5, 4, 3, 1])
    ([3, 3, 1], [2, -1])
    """
    n = len(c) - 1
    zero = c[0] * 0
    first, second = [zero] * n, [zero] * (n - 1)
    second[0] += c[0]
    before: list[int] = []
    now = [1]  # U_{k-2} and U_{k-1}
    for k in range(1, n + 1):
        for power, u in enumerate(now):
            first[power] += u * c[k]
        for power, u in enumerate(before):
            second[power] -= u * c[k]
        following = [0, *now]
        for power, u in enumerate(before):
            following[power] -= u
        before, now = now, following
    return first, second


def common_factors(ring: Ring, e: list[Element]) -> list[list[Element]]:
    """Return, for d = 1, ..., n // 2, the subresultant S_d of A and B (see `trace_polynomials`) up to sign, for n >= 3.

    A row is the leading coefficient sres_d of S_d, then the coefficients of T_d(u) = (1 + u)^d S_d(2 (1 - u) / (1 + u)), constant
    term first: the roots of S_d in (-2, 2) are the positive roots of T_d. If sres_0 = ... = sres_{d-1} = 0 != sres_d,
    then S_d is the greatest common divisor of A and B. Each row is divided by its positive content.

    >>> in_letters([sp.Integer(1), *sp.symbols("e1:4")], common_factors)
    [[-1, e1 - e3 - 2, e1 - e3 + 2]]
    """
    a, b = trace_polynomials(_polynomial(e))
    matrix = bezout_matrix(a, b)
    found = []
    for d in range(1, (len(e) - 1) // 2 + 1):
        s = [determinant([[row[i], *row[d + 1 :]] for row in matrix[d:]], ring) for i in range(d + 1)]
        t = [sum((s[j] * 2**j * _mixed(d, j, power) for j in range(d + 1)), s[0] * 0) for power in range(d + 1)]
        found.append(_without_content([s[d]], ring) + _without_content(t, ring))
    return found


def _mixed(d: int, j: int, power: int) -> int:
    """Return the coefficient of u^power in (1 - u)^j (1 + u)^(d - j)."""
    return sum((-1) ** i * comb(j, i) * comb(d - j, power - i) for i in range(min(j, power) + 1))


def signature(signs: Sequence[int]) -> int:
    """Return the signature of a real Hankel matrix from the signs of all its leading principal minors, zeros allowed.

    From one nonzero minor to the next one that is not zero, g places on, the signature grows by (-1)^(g(g-1)/2) times the
    product of their signs if g is odd, and not at all if g is even (Frobenius; Basu, Pollack, Roy, notation 4.30, PmV). The
    minors are to be those of power sums of the roots of a polynomial, so that after the last nonzero one the rank is full.

    >>> signature([1, 1, -1]), signature([1, 0, 0, 1])  # x^3 - 1; x^4 + 1
    (1, 0)
    """
    total, place, sign = 0, 0, 1
    for k, s in enumerate(signs, 1):
        if s:
            gap = k - place
            total += (-1) ** (gap * (gap - 1) // 2) * s * sign if gap % 2 else 0
            place, sign = k, s
    return total


def _possible(d: Sequence[int], e: Sequence[int]) -> bool:
    """Return whether signs of D_0 = 1, ..., D_n and E_0 = 1, ..., E_n obey three identities of Hankel minors.

    D_k = 0 gives D_{k-1} D_{k+1} <= 0, and E_k likewise (Jacobi). E_k = 0 gives D_k^2 E_{k+1} = -D_{k+1}^2 E_{k-1}: this is the
    three-term recurrence of the polynomials orthogonal for the power sums, at x = 0, where they are E_k up to sign. The same
    for a sequence with one more number t in front gives E_{k-1}^2 D_{k+1} = -E_k^2 D_{k-1} if D_k = 0, as t goes to infinity.
    """
    inner = range(1, len(d) - 1)
    return all(
        (d[k] or (d[k - 1] * d[k + 1] <= 0 and abs(e[k - 1]) * d[k + 1] == -abs(e[k]) * d[k - 1]))
        and (e[k] or (e[k - 1] * e[k + 1] <= 0 and abs(d[k]) * e[k + 1] == -abs(d[k + 1]) * e[k - 1]))
        for k in inner
    )


def _rank(signs: Sequence[int]) -> int:
    return max(k for k, s in enumerate(signs) if s)


def number_of_negative_roots(degree: int, signs: Sequence[int], last: int = 1) -> int | None:
    """Return the number of distinct negative roots for signs of D_n, ..., D_2, E_{n-1}, ..., E_1 and ``last`` = that of e_n.

    None for signs that cannot occur. With P positive and N negative roots, 0 being none, the signatures are P + N and P - N.

    >>> number_of_negative_roots(2, [1, -1]), number_of_negative_roots(2, [1, 1], -1)  # x^2 + 3 x + 2; x^2 - x - 2
    (2, 1)
    """
    d = [1, 1, *reversed(signs[: degree - 1])]
    e = [1, *reversed(signs[degree - 1 :]), last * d[-1]]
    if not _possible(d, e) or _rank(d) != _rank(e):
        return None
    real, difference = signature(d[1:]), signature(e[1:])
    if abs(difference) > real or (real - difference) % 2 or (last < 0 and real == difference):
        return None
    return (real - difference) // 2


@cache
def sign_tree(degree: int, choices: tuple[tuple[int, ...], ...], number: int = 0, last: int = 1) -> SignTree:
    """Return the decision tree over the signs of D_n, ..., D_2, E_{n-1}, ..., E_1 for so many negative roots.

    ``last`` is the sign of e_n. The choices are the signs that each polynomial may have. Signs that cannot occur are decided so
    that subtrees become equal.

    >>> sign_tree(2, ((-1, 0, 1), (-1, 0, 1)))
    (0, ((frozenset({-1}), True), (frozenset({0, 1}), (1, ((frozenset({0, -1}), False), (frozenset({1}), True))))))
    """
    table = (None if found is None else found == number for found in _table(degree, choices, last))
    return _tree(tuple(table), choices, 0)


@cache
def _table(degree: int, choices: tuple[tuple[int, ...], ...], last: int) -> tuple[int | None, ...]:
    return tuple(number_of_negative_roots(degree, signs, last) for signs in product(*choices))


def _agree(a: Sequence[bool | None], b: Sequence[bool | None]) -> bool:
    return all(x is None or y is None or x == y for x, y in zip(a, b, strict=True))


def _tree(table: tuple[bool | None, ...], choices: tuple[tuple[int, ...], ...], place: int) -> SignTree:
    """Return a tree for a truth table with gaps: the first sign in question is at the given place."""
    if False not in table:
        return True
    if True not in table:
        return False
    width = prod(len(c) for c in choices[place + 1 :])
    groups = [({s}, table[i * width : (i + 1) * width]) for i, s in enumerate(choices[place])]
    for i, j in [(0, 1), (0, 2), (1, 2), (0, 1)]:  # after a merger, the last pair is tried again
        if j < len(groups) and _agree(groups[i][1], groups[j][1]):
            joined = tuple(x if y is None else y for x, y in zip(groups[i][1], groups[j][1], strict=True))
            groups[i] = (groups[i][0] | groups[j][0], joined)
            del groups[j]
    if len(groups) == 1:
        return _tree(groups[0][1], choices, place + 1)
    return place, tuple((frozenset(signs), _tree(rest, choices, place + 1)) for signs, rest in groups)
