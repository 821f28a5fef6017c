"""Jordan chains at the negative roots of a factor of degree 2 and more that is repeated, in pairs: the fewest extra coordinates.

Let g^m be a factor of the characteristic polynomial, with g of degree d, and l a negative root of g. E(l), a polynomial in l over
K, is the projector onto its generalised eigenspace, of rank m, and N = (M^ - l) E(l) is nilpotent there. Chains are split off as
in `symplrnn.logarithm.chain_pairs`, over K with a further letter for l, and the conditions say whether a polynomial e(l) is 0:

    d = 2      e = e_0 + e_1 x is 0 at the smaller root of x^2 - t x + d iff its norm is 0 and e_1 = 0 or -e_0/e_1 < t/2;
               at the larger one, likewise with > : this is decided for each root on its own
    d > 2      at all roots iff all coefficients are 0, at none iff the norm is not 0

Over a field of numbers in which g is irreducible there is nothing between the two. With letters, the chains may differ from root
to root where some norm vanishes; for d > 2 these values are left over.

Reference: docs/theory, section 3, E3 and E5; proofs/beyond.md, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import sympy as sp

from symplrnn.conditions.equations import by_powers, in_parameters
from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, nonzero, positive, zero
from symplrnn.eigenvalues.parts import Part, coefficients_of
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.quotients import as_quotient
from symplrnn.logarithm.chain_pairs import ChainPairs, chain_pairs
from symplrnn.logarithm.closed_form import SpectralTerm
from symplrnn.logarithm.spectral_form import augmented_matrix

__all__ = ["norm", "pairs_at_roots"]


def norm(K: Field, f: Any, polynomial: Any) -> Any:
    """Return the product of the values of a polynomial at the roots of a monic f: its determinant at the companion matrix of f.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> norm(QQ, QQ.polynomial([2, -3, 1]), QQ.polynomial([1, 1]))
    6
    """
    d = f.degree()
    companion = [-f[i] if j == d - 1 else K.element(int(i == j + 1)) for i in range(d) for j in range(d)]
    return K.determinant(K.evaluate(polynomial, K.fill(d, d, companion)))


@dataclass(frozen=True, eq=False)
class _AtRoot:
    """Where polynomials in a root of f vanish: of a quadratic f the root ``index``; all roots, or none, beyond."""

    part: Part
    factor: Any
    letter: sp.Symbol
    field: Field
    index: int

    @property
    def n(self) -> int:
        return int(self.part.M.nrows())

    def _reduced(self, element: Any) -> Any:
        """Return the numerator of an element of the wider field as a polynomial in the root, of degree less than d."""
        K = self.part.field
        above, _ = as_quotient(self.field.to_sympy(element))
        found = {k: K.element(c) for (k,), c in by_powers(above, [self.letter]).items()}
        coefficients = [found.get(k, K.element(0)) for k in range(max(found, default=0) + 1)]
        return K.remainder(K.polynomial(coefficients), self.factor)

    def zero(self, element: Any) -> Formula:
        e = self._reduced(element)
        if e.degree() < 0:
            return ALWAYS
        if self.factor.degree() > 2:
            return all_formulas(self._where(zero, c) for c in coefficients_of(self.part.field, e))
        return self._norm(zero, e) & self._is_this_root(e)

    def nonzero(self, element: Any) -> Formula:
        e = self._reduced(element)
        if e.degree() < 0:
            return ~ALWAYS
        return self._norm(nonzero, e) if self.factor.degree() > 2 else ~self.zero(element)

    def _norm(self, kind: Any, e: Any) -> Formula:
        K = self.part.field
        return self._where(kind, K.to_sympy(norm(K, self.factor, e)))

    def _where(self, kind: Any, expression: sp.Expr) -> Formula:
        found: Formula = kind(self.part.expand(expression))
        return found

    def _is_this_root(self, e: Any) -> Formula:
        """Return where a root of f that e_0 + e_1 x has is the smaller (number 0) or the larger one, or e_1 = 0."""
        K = self.part.field
        low, high = (K.to_sympy(e[k]) if k <= e.degree() else sp.Integer(0) for k in (0, 1))
        side = (2 * low - K.to_sympy(self.factor[1]) * high) * high  # -e_0/e_1 < t/2
        return in_parameters(positive(-side if self.index else side), self.part.definitions) | self._where(zero, high)


def pairs_at_roots(
    part: Part, term: SpectralTerm, index: int, multiplicity: int, count: int
) -> list[tuple[Formula, tuple[ChainPairs, ...]]]:
    """Return the half turns of the ``count`` negative roots of a term, one for each root, by conditions that exclude each other.

    For degree 2 one of the conditions holds; beyond, none does where the roots have chains of different lengths.
    """
    K = part.field
    letter = sp.Symbol("_".join(["root", *map(str, (*K.parameters, *part.condition.symbols))]), real=True)  # a name of its own
    M = augmented_matrix(K, part.M, part.B)
    size = M.nrows()
    places = [(i, j) for i in range(size) for j in range(size)]
    x = K.polynomial([K.element(0), K.element(1)])
    E = [K.polynomial([H[i, j] for H in term.projectors]) for i, j in places]
    shifted = [
        K.remainder(sum((E[k * size + j] * M[i, k] for k in range(size)), K.polynomial([])) - E[i * size + j] * x, term.factor)
        for i, j in places
    ]
    P, N = ([_at(K, e, letter) for e in entries] for entries in (E, shifted))
    L = field_of([letter, *K.parameters, *P, *N, *(c for g, _ in part.factors for c in coefficients_of(K, g))])
    projector, nilpotent = (L.fill(size, size, [L.element(e) for e in entries]) for entries in (P, N))
    listed = []
    for k in range(count if term.degree == 2 else 1):
        root = _AtRoot(part, term.factor, letter, L, k)
        listed.append(list(chain_pairs(root, L.element(letter), projector, nilpotent, multiplicity, index)))
    found = []
    for combined in product(*listed):
        where = all_formulas(condition for condition, _ in combined)
        if where.is_false:
            continue
        pairs = [pairs for _, pairs in combined] if term.degree == 2 else [combined[0][1]] * count
        found.append((where, tuple(replace(p, letter=letter, field=L, index=k, count=count) for k, p in enumerate(pairs))))
    return found


def _at(K: Field, polynomial: Any, letter: sp.Symbol) -> sp.Expr:
    return sp.Add(*(c * letter**k for k, c in enumerate(coefficients_of(K, polynomial))))
