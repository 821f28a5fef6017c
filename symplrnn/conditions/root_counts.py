"""How many roots of a monic real polynomial with symbolic coefficients are negative, as formulas in signs of subresultants.

Hermite's forms of the power sums (s_{i+j}) and (s_{i+j+1}) of the roots have the signatures P + N and P - N, where P and N are
the numbers of distinct positive and negative roots. Both follow from the signs of 2 n - 2 subresultants, zeros included, and of
e_n. A formula is a decision tree over these signs, equal subtrees merged; signs ruled out by identities between the minors, by
the ranks or by P, N >= 0 count as equal to anything. It is exact: multiple roots and vanishing subresultants are included.

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, theorems 4.32 (PmV) and 4.57 (Hermite).
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symplrnn import limits
from symplrnn.conditions.formula import ALWAYS, NEVER, Formula, any_formulas, sign_condition
from symplrnn.errors import EntryError, TooLarge
from symplrnn.exact.signs import same_object
from symplrnn.exact.subresultants import SignTree, discriminant_sequence, in_letters, shifted_sequence, sign_tree

__all__ = ["check_degree", "elementary", "negative_roots"]


def elementary(coefficients: Sequence[sp.Expr]) -> list[sp.Expr]:
    """Return e_0 = 1, e_1, ..., e_n, after a check that the polynomial is monic of degree 1 or more.

    >>> elementary([sp.Symbol("d"), -sp.Symbol("t"), 1])
    [1, t, d]
    """
    if len(coefficients) < 2 or coefficients[-1] != 1:
        message = (
            f"the coefficients {list(coefficients)} are not those of a monic polynomial: [constant term, ..., 1] is accepted"
        )
        raise EntryError(message)
    return [(-1) ** k * sp.Add(c) for k, c in enumerate(reversed(coefficients))]


def check_degree(degree: int) -> None:
    """Raise `TooLarge` for a degree that is too large for letters.

    >>> check_degree(7)
    Traceback (most recent call last):
    ...
    symplrnn.errors.TooLarge: degree 7 with letters: the number of sign combinations grows like 3^(2 degree); letters are
    accepted up to degree 6, numbers instead of letters in any degree
    """
    if degree > limits.CONDITION_DEGREE:
        accepted = f"letters are accepted up to degree {limits.CONDITION_DEGREE}, numbers instead of letters in any degree"
        raise TooLarge(f"degree {degree} with letters: the number of sign combinations grows like 3^(2 degree); {accepted}")


def negative_roots(coefficients: Sequence[sp.Expr], number: int, simple: bool = False) -> Formula:
    """Return the formula for: 0 is no root, and exactly so many distinct roots are negative.

    ``simple`` roots are known to be different from each other; the formula is shorter then: N is even if e_n > 0, else odd.

    >>> t, d = sp.symbols("t d", real=True)
    >>> [negative_roots([d, -t, sp.Integer(1)], k, simple=True) for k in (1, 2)]
    [d < 0, (t <= 0) & (d > 0) & (4*d - t**2 < 0)]

    Raises `TooLarge` in degree 7 or more.

    Reference: Basu, Pollack, Roy, theorem 4.32 (PmV) and theorem 4.57 (Hermite).
    """
    e = elementary(coefficients)
    degree = len(e) - 1
    check_degree(degree)
    tested = [*in_letters(e, discriminant_sequence)[0][:0:-1], *in_letters(e, shifted_sequence)[0][::-1]]
    tested = [same_object(t) for t in tested]
    free = [(-1, 1) if simple and k == 0 else (-1, 0, 1) for k in range(len(tested))]
    choices = tuple((int(sp.sign(t)),) if t.is_Rational else some for t, some in zip(tested, free, strict=True))
    return any_formulas(
        sign_condition(e[-1], {last}) & _from_tree(sign_tree(degree, choices, number, last), tested, {}) for last in (1, -1)
    )


def _from_tree(tree: SignTree, tested: Sequence[sp.Expr], known: dict[SignTree, Formula]) -> Formula:
    """Return the formula of a decision tree: the paths to True, equal subtrees built once."""
    if isinstance(tree, bool):
        return ALWAYS if tree else NEVER
    if tree not in known:
        place, branches = tree
        known[tree] = any_formulas(
            sign_condition(tested[place], signs) & _from_tree(rest, tested, known) for signs, rest in branches
        )
    return known[tree]
