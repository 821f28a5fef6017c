"""Where the roots of a monic real polynomial with symbolic coefficients lie, as a formula in signs of polynomials.

Each question about roots (none is negative, all are real, all are inside the unit circle, ...) is answered by an equivalent
quantifier-free formula in the coefficients: by hand in degrees 1 to 3, where it is short enough to print, and from the signs of
subresultants (Hermite, Sturm and Habicht) or of Hurwitz determinants (Schur, Cohn, Jury, Lienard and Chipart) in general. A
formula is exact: it holds for every value of the letters, multiple roots and vanishing coefficients included.

Coefficients are given constant term first and end with 1: ``[delta, -tau, 1]`` is x^2 - tau x + delta. Docstrings write
p = x^n - e_1 x^(n-1) + e_2 x^(n-2) - ..., so that e_k is the k-th elementary symmetric function of the roots l_1, ..., l_n.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, chapters 2, 4 and 9;
F. R. Gantmacher, The Theory of Matrices, volume 2, chapter XV.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symplrnn.conditions.formula import (
    ALWAYS,
    NEVER,
    Formula,
    all_formulas,
    negative,
    nonnegative,
    positive,
    zero,
)
from symplrnn.conditions.root_counts import check_degree, elementary, negative_roots
from symplrnn.exact.number_roots import number_polynomial
from symplrnn.exact.subresultants import (
    circle_determinant,
    common_factors,
    discriminant_sequence,
    hurwitz_determinant,
    in_letters,
    left_half_plane,
)

__all__ = [
    "all_roots_inside",
    "all_roots_real",
    "circle_polynomial",
    "complex_pair_on_circle",
    "discriminant",
    "has_root",
    "no_nonpositive_root",
    "no_real_root",
]


def _constant(value: bool) -> Formula:
    return ALWAYS if value else NEVER


def _cubic_discriminant(t: Sequence[sp.Expr]) -> sp.Expr:
    d, c, b, a = t
    return b**2 * c**2 - 4 * a * c**3 - 4 * b**3 * d - 27 * a**2 * d**2 + 18 * a * b * c * d


def discriminant(coefficients: Sequence[sp.Expr]) -> sp.Expr:
    """Return the discriminant, the product of (l_i - l_j)^2 over all pairs i < j of roots, unexpanded in the coefficients.

    In degree n >= 4 it is the determinant of the Bezout matrix of p and p', computed in placeholder letters.

    >>> tau, delta = sp.symbols("tau delta")
    >>> discriminant([delta, -tau, 1])
    -4*delta + tau**2

    Reference: Basu, Pollack, Roy, section 4.2.
    """
    e = elementary(coefficients)
    if len(e) == 2:
        return sp.Integer(1)
    if len(e) == 3:
        return e[1] ** 2 - 4 * e[2]
    if len(e) == 4:
        return _cubic_discriminant(e[::-1])
    return in_letters(e, discriminant_sequence)[0][-1]


def _no_positive_root(t: Sequence[sp.Expr]) -> Formula:
    """Return the formula for "no root in (0, inf)" of t_0 + t_1 x + ... + t_d x^d if 1 <= d <= 3, t_d != 0 and t_0 t_d >= 0.

    Write a = t_d. d = 2: the real roots have one sign, that of -t_1 a, or one is 0. d = 3 and t_0 a > 0: the product of the roots
    is negative, so with a complex pair the real root is negative; with real roots either all are negative, and then
    all coefficients have the sign of a, or two are positive, and then not all have it, by Descartes' rule. For t_0 = 0 the
    quadratic that remains has the discriminant t_2^2 - 4 t_1 a, and t_1^2 times this is the discriminant of the cubic.
    """
    a = t[-1]
    if len(t) == 2:
        return ALWAYS
    if len(t) == 3:
        return nonnegative(t[1] * a) | negative(t[1] ** 2 - 4 * t[0] * a)
    return negative(_cubic_discriminant(t)) | (nonnegative(t[2] * a) & nonnegative(t[1] * a))


def no_real_root(coefficients: Sequence[sp.Expr]) -> Formula:
    """Return the formula for: no root in (-inf, 0).

    Degree 1: e_1 >= 0. Degree 2: e_2 >= 0 and (e_1 >= 0 or e_1^2 < 4 e_2). Degree 3: e_3 >= 0 and (disc < 0 or (e_1 >= 0 and
    e_2 >= 0)). Proof: (-1)^n p(-x) = x^n + e_1 x^(n-1) + ... + e_n must have no positive root. It has one if e_n < 0, and none
    if all e_k >= 0. Degree 3, e_3 > 0: with disc < 0 the only real root of p has the sign of e_3; with disc >= 0 all
    roots are real, so they are to be positive, and then all e_k are. e_3 = 0: disc = e_2^2 (e_1^2 - 4 e_2) is
    negative exactly if e_1^2 < 4 e_2, so this is the case of degree 2. In degree n >= 4 a root 0 is split off, and the rest
    is `no_nonpositive_root`.

    Raises
    ------
    TooLarge
        In degree 7 or more, unless all coefficients are numbers.

    Examples
    --------
    >>> tau, delta = sp.symbols("tau delta", real=True)
    >>> condition = no_real_root([delta, -tau, 1])
    >>> condition.at({tau: -1, delta: 1}), condition.at({tau: -2, delta: 1})  # complex roots; -1 twice
    (True, False)

    Reference: Basu, Pollack, Roy, theorem 2.33 (Descartes) and theorem 4.32 (PmV).
    """
    e = elementary(coefficients)
    if (polynomial := number_polynomial(coefficients)) is not None:
        return _constant(polynomial.negative_roots == 0)
    if len(e) <= 4:
        return nonnegative(e[-1]) & _no_positive_root(e[::-1])
    return no_nonpositive_root(coefficients) | (zero(e[-1]) & no_real_root(coefficients[1:]))


def no_nonpositive_root(coefficients: Sequence[sp.Expr]) -> Formula:
    """Return the formula for: no root in (-inf, 0].

    Degrees 1 to 3: as in `no_real_root`, with e_n > 0. In degree n >= 4: `symplrnn.conditions.root_counts.negative_roots`.

    Raises
    ------
    TooLarge
        In degree 7 or more, unless all coefficients are numbers.

    Examples
    --------
    >>> tau, delta = sp.symbols("tau delta", real=True)
    >>> condition = no_nonpositive_root([delta, -tau, 1])
    >>> condition.at({tau: 1, delta: 1}), condition.at({tau: 1, delta: 0})
    (True, False)

    Reference: Basu, Pollack, Roy, theorem 4.32 (PmV) and theorem 4.57 (Hermite).
    """
    e = elementary(coefficients)
    if (polynomial := number_polynomial(coefficients)) is not None:
        return _constant(polynomial.negative_roots == 0 and not polynomial.has_zero_root)
    if len(e) <= 4:
        return positive(e[-1]) & _no_positive_root(e[::-1])
    return negative_roots(coefficients, 0)


def all_roots_real(coefficients: Sequence[sp.Expr]) -> Formula:
    """Return the formula for: all roots are real.

    Degrees 2 and 3: disc >= 0. Degree n >= 4: Hermite's form of rank r is positive semidefinite, that is its leading minors
    satisfy D_1, ..., D_r > 0 = D_{r+1} = ... = D_n for some r. Where D_{k-1} > 0 and D_k = 0, Jacobi's identity gives
    D_{k+1} <= 0, so that the last two steps are just D_{n-1} >= 0 and D_n >= 0.

    Raises
    ------
    TooLarge
        In degree 7 or more, unless all coefficients are numbers.

    Examples
    --------
    >>> p, q = sp.symbols("p q", real=True)
    >>> condition = all_roots_real([q, p, 0, 1])
    >>> condition.at({p: -3, q: 2}), condition.at({p: -3, q: 3})  # (x - 1)^2 (x + 2); a complex pair
    (True, False)

    Reference: Basu, Pollack, Roy, theorem 4.57 (Hermite).
    """
    e = elementary(coefficients)
    if (polynomial := number_polynomial(coefficients)) is not None:
        return _constant(polynomial.all_roots_real)
    if len(e) == 2:
        return ALWAYS
    if len(e) <= 4:
        return nonnegative(discriminant(coefficients))
    degree = len(e) - 1
    check_degree(degree)
    minors = in_letters(e, discriminant_sequence)[0][1:]
    condition = nonnegative(minors[-2]) & nonnegative(minors[-1])
    for k in range(degree - 4, -1, -1):
        condition = (positive(minors[k]) & condition) | all_formulas(zero(m) for m in minors[k:])
    return condition


def circle_polynomial(coefficients: Sequence[sp.Expr]) -> sp.Expr:
    """Return the product of 1 - l_i l_j over all pairs i < j of roots, unexpanded in the coefficients.

    Degree 1: 1. Degree 2: 1 - e_2. Degree 3: 1 - e_2 + e_1 e_3 - e_3^2. In general see
    `symplrnn.exact.subresultants.circle_determinant`. It vanishes if a complex pair is on the unit circle (but also if two other
    roots are reciprocal).

    >>> tau, delta = sp.symbols("tau delta")
    >>> circle_polynomial([delta, -tau, 1])
    1 - delta

    Reference: Gantmacher, volume 2, chapter XV, section 7 (Orlando's formula).
    """
    e = elementary(coefficients)
    if len(e) == 2:
        return sp.Integer(1)
    if len(e) == 3:
        return 1 - e[2]
    if len(e) == 4:
        return 1 - e[2] + e[1] * e[3] - e[3] ** 2
    return in_letters(e, circle_determinant)[0][0]


def all_roots_inside(coefficients: Sequence[sp.Expr]) -> Formula:
    """Return the formula for: all roots satisfy |x| < 1.

    x = (1 + s) / (1 - s) maps |x| < 1 to the left half-plane of b_0 s^n + ... + b_n, with b_0 = (-1)^n p(-1) and b_n = p(1). By
    Lienard and Chipart all s are in it exactly if b_0 > 0, b_n, b_{n-2}, ... > 0 and the Hurwitz determinants of order n - 1,
    n - 3, ... are positive; that of order n - 1 is 2^(n(n-1)/2) times `circle_polynomial`. (n odd: the orders are even;
    n even: they are odd, and that of order 1 is b_1.)

    Degree 1: 1 - e_1, 1 + e_1 > 0. Degree 2: 1 - e_1 + e_2, 1 + e_1 + e_2, 1 - e_2 > 0. Degree 3: 1 - e_1 + e_2 - e_3,
    1 + e_1 + e_2 + e_3, c = 1 - e_2 + e_1 e_3 - e_3^2 > 0 and e_2 < 3. Proof for degree 3: by Lienard and Chipart the first
    three and b_1 > 0. Here b_1 b_2 = b_0 b_3 + 8 c > 0, so b_1 and b_2 have one sign, that of b_1 + b_2 = 6 - 2 e_2. None of
    the four can be left out: (e_1, e_2, e_3) = (2, 0, 0), (-2, 0, 0), (0, 2, 0), (6, 8, 2) fail exactly the 1st, 2nd, 3rd, 4th.

    >>> tau, delta = sp.symbols("tau delta", real=True)
    >>> condition = all_roots_inside([delta, -tau, 1])
    >>> condition.at({tau: 1, delta: sp.Rational(1, 2)}), condition.at({tau: 1, delta: 0})
    (True, False)

    Reference: Gantmacher, volume 2, chapter XV, section 13 (Lienard and Chipart); E. I. Jury, Theory and Application of the
    z-Transform Method, chapter 3.
    """
    e = elementary(coefficients)
    if (polynomial := number_polynomial(coefficients)) is not None:
        return _constant(polynomial.all_roots_inside)
    n = len(e) - 1
    b = left_half_plane(coefficients)
    ends = positive(b[n]) & positive(b[0])
    if n == 1:
        return ends
    ends = ends & positive(circle_polynomial(coefficients))
    if n == 3:
        return ends & positive(3 - e[2])
    linear = all_formulas(positive(b[k]) for k in range(n - 2, 0, -2))
    determinants = (in_letters(b, hurwitz_determinant(n, order))[0][0] for order in range(n - 3, 0, -2))
    return ends & linear & all_formulas(positive(d) for d in determinants)


def has_root(coefficients: Sequence[sp.Expr], value: int) -> Formula:
    """Return the formula for: the value is a root, p(value) = 0.

    >>> tau, delta = sp.symbols("tau delta", real=True)
    >>> has_root([delta, -tau, 1], 1).at({tau: 3, delta: 2})
    True

    Reference: immediate from the definition of a root.
    """
    elementary(coefficients)
    return zero(sp.Add(*(value**k * c for k, c in enumerate(coefficients))))


def complex_pair_on_circle(coefficients: Sequence[sp.Expr]) -> Formula:
    """Return the formula for: some pair of roots that are not real has modulus 1.

    Degree 2: e_2 = 1 and e_1^2 < 4. Degree 3: 1 - e_2 + e_1 e_3 - e_3^2 = 0 and (e_1 - e_3)^2 < 4: the first says that two
    roots have the product 1; the third root is then e_3, and their sum is e_1 - e_3.

    Degree n >= 4: write p(x) = A(y) x + B(y) with y = x + 1/x. A pair exp(+-i t) is a common root y = 2 cos t of A and B in
    (-2, 2). Their resultant is `circle_polynomial` up to sign; where it vanishes, their greatest common divisor is the first
    subresultant S_d != 0, with a leading coefficient != 0, and d <= n / 2 because x^d S_d(x + 1/x) divides p. By the map
    y = 2 (1 - u) / (1 + u) from (0, inf) to (-2, 2), degrees d <= 3 are decided as in `no_real_root`.

    Raises
    ------
    TooLarge
        In degree 7 or more, unless all coefficients are numbers.

    Examples
    --------
    >>> tau, delta = sp.symbols("tau delta", real=True)
    >>> condition = complex_pair_on_circle([delta, -tau, 1])
    >>> condition.at({tau: 1, delta: 1}), condition.at({tau: 2, delta: 1})
    (True, False)

    Reference: Basu, Pollack, Roy, proposition 4.25 (greatest common divisors from subresultants).
    """
    e = elementary(coefficients)
    if (polynomial := number_polynomial(coefficients)) is not None:
        return _constant(polynomial.complex_pairs_on_circle > 0)
    if len(e) == 2:
        return NEVER
    if len(e) == 3:
        return zero(e[2] - 1) & negative(e[1] ** 2 - 4)
    if len(e) == 4:
        return zero(circle_polynomial(coefficients)) & negative((e[1] - e[3]) ** 2 - 4)
    check_degree(len(e) - 1)
    condition = NEVER
    for leading, *t in reversed(in_letters(e, common_factors)):
        condition = _some_positive_root(t) | (zero(leading) & condition)
    return zero(circle_polynomial(coefficients)) & condition


def _some_positive_root(t: Sequence[sp.Expr]) -> Formula:
    """Return the formula for "some root in (0, inf)" of a polynomial t of degree <= 3, not 0; leading terms may vanish."""
    if len(t) == 1:
        return NEVER
    opposite = negative(t[0] * t[-1])
    if len(t) == 2:  # also right if t[1] is 0
        return opposite
    # ~_no_positive_root(t) is false if t[-1] is 0
    return opposite | ~_no_positive_root(t) | (zero(t[-1]) & _some_positive_root(t[:-1]))
