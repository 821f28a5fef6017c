"""A tree of cases of the letters, in each of which a statement is decided by the signs of polynomials.

It is grown by the checker's own questions: where a leaf meets a polynomial whose sign is open, the case is divided by that sign.
That a sign follows from the others, or is impossible, is proved by a positive combination of products of positive polynomials,
which is found by exact linear programming.

Reference: docs/certificates.md, "Letters"; J.-L. Krivine, Anneaux preordonnes, J. Anal. Math. 12 (1964) 307-326.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, partial
from math import lcm
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq, fmpz, fmpz_mpoly_ctx
from numpy.typing import NDArray

from symplrnn import limits
from symplrnn.certificate.check import bounds
from symplrnn.certificate.check_letters import Case, Open, sum_in_letters, sum_of_products
from symplrnn.errors import TooLarge
from symplrnn.exact.feasibility import solve_inequalities

__all__ = ["grow", "polynomial_data"]

Polynomial = dict[tuple[int, ...], Any]
NAMES = {-1: "negative", 0: "zero", 1: "positive"}


@bounds()
def grow(leaf: Callable[[Case], Any], count: int, squares: Sequence[Polynomial] = ()) -> Any:
    """Return a tree of cases of some letters in each of which ``leaf`` is decided; raise `TooLarge` if it would be too large.

    The squares of some polynomials may be used, too, to show that cases are impossible.

    >>> def leaf(case):
    ...     return case.sign({(1,): 1}) * case.sign({(2,): 1})
    >>> grow(leaf, 1) == {"polynomial": {"1": "1"}, "negative": True, "zero": True, "positive": True}
    True
    """
    return _Grower(leaf, count, squares).start()


def polynomial_data(p: Polynomial) -> Any:
    """Return a polynomial in letters as it is written in a certificate."""
    return {" ".join(map(str, k)): str(x) for k, x in p.items()} if any(map(any, p)) else str(sum(p.values()))


class Product(NamedTuple):
    """A product of known polynomials: how it is written, its value in a case, whether it is positive (else at least 0)."""

    data: list[Any]
    value: Polynomial
    positive: bool


class _Grower:
    """Grows a tree. Points whose coordinates are few show which signs are possible: for those no proof is sought."""

    def __init__(self, leaf: Callable[[Case], Any], count: int, squares: Sequence[Polynomial]) -> None:
        self.leaf, self.count, self.squares, self.left = leaf, count, squares, limits.CERTIFIED_CASES

    def start(self) -> Any:
        """Return the tree."""
        return self.grown(Case(), _points(self.count), lambda: self._products(Case()))

    def grown(self, case: Case, points: NDArray[np.float64], products: Callable[[], list[Product]]) -> Any:
        """Return the tree of a case, of which some points are given, and products of known polynomials when they are needed."""
        self.left -= 1
        if self.left < 0:
            raise TooLarge(f"certificate: more than {limits.CERTIFIED_CASES} cases of the letters")
        try:
            self.leaf(case)
        except Open as unknown:
            p = _open_factor(case, unknown.polynomial)
        else:
            return True
        signs = np.sign(_values(p, points))
        open_signs = [sign for sign in NAMES if np.any(signs == sign)]
        if len(open_signs) == 1 and open_signs[0]:
            [sign] = open_signs
            found = _combination(case, sum_in_letters((sign, p)), products())
            if found is not None:
                then = self.grown(case.extended(p, sign), points, products)
                return {"polynomial": polynomial_data(p), "sign": sign, "products": found, "case": then}
        branches: dict[str, Any] = {}
        for sign, name in NAMES.items():
            part = case.extended(p, sign)
            more = cache(partial(self._more, part, products))
            found = None if sign in open_signs else _combination(part, {}, more())
            branches[name] = {"impossible": found} if found else self.grown(part, points[signs == sign], more)
        return {"polynomial": polynomial_data(p), **branches}

    def _more(self, case: Case, products: Callable[[], list[Product]]) -> list[Product]:
        """Return the products of a case, from those of the one that it is a part of."""
        return [*products(), *self._products_with_last(case)] if case.known[-1][1] else self._products(case)

    def _products(self, case: Case) -> list[Product]:
        """Return 1, the squares, and all other products that are tried in a case."""
        one = {(0,) * self.count: Fraction(1)}
        found = [Product([[]], one, True)]
        found += [Product([[], polynomial_data(p)], case.rest(sum_of_products([(p, p)])), False) for p in self.squares]
        part = Case()
        for p, sign in case.known:
            part = Case([*part.known, (p, sign)], case.zeros)
            found += self._products_with_last(part) if sign else []
        return found

    def _products_with_last(self, case: Case) -> list[Product]:
        """Return the last known polynomial of a case, its products with all others, and with the squares."""
        last = len(case.known) - 1
        signed = [sum_in_letters((sign, p)) if sign else None for p, sign in case.known]
        mine = signed[last]
        found = [Product([[last]], case.rest(mine), True)]
        for i, p in enumerate(signed):
            if p is not None:
                found.append(Product([[i, last]], case.rest(sum_of_products([(p, mine)])), True))
        for p in self.squares:
            square = sum_of_products([(p, p)])
            found.append(Product([[last], polynomial_data(p)], case.rest(sum_of_products([(square, mine)])), False))
        return found


def _points(count: int) -> NDArray[np.float64]:
    """Return points at which letters coincide, or are 0 or 1, often enough."""
    return np.random.default_rng(0).choice([-4, -2, -1, -0.5, 0, 0.25, 0.5, 1, 1.5, 2, 4], (20_000, count))


def _values(p: Polynomial, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of a polynomial, up to rounding."""
    total = np.zeros(len(points))
    for exponents, x in p.items():
        total += float(x) * np.prod(points ** np.array(exponents), axis=1)
    return total


def _open_factor(case: Case, p: Polynomial) -> Polynomial:
    """Return an irreducible factor of a polynomial whose sign is not known in a case, with 1 or -1 as its first coefficient."""
    context = fmpz_mpoly_ctx.get([f"x{i}" for i in range(len(max(p)))], "lex")
    divisor = lcm(*(x.denominator for x in p.values()))
    _, factors = context.from_dict({k: fmpz(int(x * divisor)) for k, x in p.items()}).factor()
    for factor, _ in sorted(factors, key=lambda item: len(item[0])):
        found = {tuple(map(int, k)): Fraction(int(x)) for k, x in factor.to_dict().items()}
        try:
            case.sign(found)
        except Open as unknown:
            q = unknown.polynomial
            return {k: x / abs(q[max(q)]) for k, x in q.items()}
    raise ArithmeticError("the signs of all factors of a polynomial are known, but not its own")


def _combination(case: Case, target: Polynomial, products: Sequence[Product]) -> list[Any] | None:
    """Return products with factors x > 0 whose sum is the target in a case, at least one of them positive; None if none is found.

    Those without and with one known polynomial are tried first, which mostly suffice.
    """
    rest, ordered = case.rest(target), sorted(products, key=lambda product: not product.positive)
    for longest in (1, 2):
        some = _useful([p for p in ordered if len(p.data[0]) < longest + (len(p.data) == 1)], rest)
        monomials = sorted({k for product in some for k in product.value} | set(rest))
        columns = [[product.value.get(k, 0) for k in monomials] for product in some]
        strict = sum(product.positive for product in some)
        weights = _nonnegative(columns, [rest.get(k, 0) for k in monomials], strict)
        if weights is not None:
            return [[str(x), *product.data] for product, x in zip(some, weights, strict=True) if x]
    return None


def _useful(products: list[Product], target: Polynomial) -> list[Product]:
    """Return the products without those of which a term cannot be cancelled by another one, nor is one of the target."""
    while True:
        signs: dict[tuple[int, ...], set[bool]] = {k: {x < 0} for k, x in target.items()}
        for product in products:
            for k, x in product.value.items():
                signs.setdefault(k, set()).add(x > 0)
        left = [product for product in products if all(len(signs[k]) == 2 or k in target for k in product.value)]
        if len(left) == len(products):
            return left
        products = left


def _nonnegative(columns: list[list[Any]], wanted: list[Any], strict: int) -> list[fmpq] | None:
    """Return x >= 0 with sum x_i column_i = wanted and some x_i > 0 among the first ones, or None.

    They are the prices (Farkas) of an inconsistent system: y . column > 0 for the first, >= 0 for the others, y . wanted <= 0.
    """

    def vector(column: list[Any], sign: int = 1) -> list[fmpq]:
        return [fmpq(sign * x.numerator, x.denominator) for x in column]

    count = len(columns)
    if not strict:
        return None
    if not wanted:  # no monomials: all are 0
        return [fmpq(1)] + [fmpq(0)] * (count - 1)
    normals = [vector(column, 1 if i < strict else -1) for i, column in enumerate(columns)] + [vector(wanted)]
    found = solve_inequalities(normals, [fmpq(0)] * (count + 1), [True] * strict + [False] * (count + 1 - strict))
    if isinstance(found, list):
        return None
    scale = found.get(count, fmpq(0)) if any(wanted) else fmpq(1)
    if not scale:
        return None  # the case is impossible, which is another question
    return [found.get(i, fmpq(0)) / scale for i in range(count)]
