"""The logarithm of an augmented matrix of units that do not all act on each other, one connected component at a time.

For M = M_1 + ... + M_q (direct sum) a function of M^ = [[M, B], [0, I]] has in the rows of the k-th component those of the same
function of [[M_k, B_k], [0, I]], so that nothing is computed with polynomials of a higher degree than each M_k has: with letters
the coefficients of their product would have 2^q terms.

A component takes the factors of the characteristic polynomial of M that divide its own, so that the spectral terms of one factor
are added up over the components.

Reference: N. J. Higham, Functions of Matrices, SIAM 2008, Theorem 1.13 (g) (block diagonal matrices).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symplrnn.eigenvalues.parts import text_of
from symplrnn.exact.coupling import block, blocks
from symplrnn.exact.fields.field import Field
from symplrnn.logarithm.spectral_form import Factor, augmented_logarithm
from symplrnn.logarithm.spectral_terms import Logarithm, SpectralTerm

__all__ = ["componentwise_logarithm"]

Component = tuple[list[int], list[Factor]]


def componentwise_logarithm(field: Field, M: Any, B: Any, factors: Sequence[Factor]) -> Logarithm:
    """Return what `augmented_logarithm` does, component by component where the factors can be shared out.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> M, B = QQ.matrix([[2, 0], [0, 3]]), QQ.matrix([[1], [0]])
    >>> log = componentwise_logarithm(QQ, M, B, QQ.factor(QQ.characteristic_polynomial(M)))
    >>> [(str(term.factor), term.matrices[0].tolist()[0]) for term in log.terms[:2]]
    [('x + (-3)', [0, 0, 0]), ('x + (-2)', [1, 0, 1])]
    """
    components = _components(field, M, factors)
    if len(components) < 2:
        return augmented_logarithm(field, M, B, factors)
    size, every = M.nrows() + B.ncols(), range(B.ncols())
    places = [[*units, *range(M.nrows(), size)] for units, _ in components]
    parts = [
        augmented_logarithm(field, block(field, M, units, units), block(field, B, units, every), shared)
        for units, shared in components
    ]
    total = _Sum(field, M.nrows(), size)
    # The rows below M are those of the identity in M^ and in the projector for the eigenvalue 1, and of 0 elsewhere.
    matrix = total.of([(part.matrix, at) for part, at in zip(parts, places, strict=True)], below=True)
    longest = max(len(part.unipotent_powers) for part in parts)
    powers = tuple(
        total.of([(p.unipotent_powers[j], at) for p, at in zip(parts, places, strict=True) if j < len(p.unipotent_powers)])
        for j in range(longest)
    )
    return Logarithm(field, matrix, powers, _terms(total, factors, components, parts, places))


class _Sum:
    """Sums of matrices of components in the coordinates of all units."""

    def __init__(self, field: Field, n: int, size: int) -> None:
        self.field, self.n, self.size = field, n, size

    def of(self, parts: Sequence[tuple[Any, list[int]]], below: bool = False) -> Any:
        K = self.field
        entries = [[K.element(int(below and i == j >= self.n)) for j in range(self.size)] for i in range(self.size)]
        for matrix, at in parts:
            for i, row in enumerate(at):
                if row < self.n:
                    for j, column in enumerate(at):
                        entries[row][column] = matrix[i, j]
        return K.fill(self.size, self.size, [x for row in entries for x in row])


def _terms(
    total: _Sum, factors: Sequence[Factor], components: Sequence[Component], parts: Sequence[Logarithm], places: list[list[int]]
) -> tuple[SpectralTerm, ...]:
    """Return the terms in the order of the factors, then the one of the eigenvalue 1 of the rows below, then the kernel's."""
    K, one = total.field, total.field.element(1)
    x, unit = K.polynomial([K.element(0), one]), K.polynomial([-one, one])
    regular: dict[str, list[tuple[SpectralTerm, list[int]]]] = {}
    kernel: list[tuple[Any, list[int]]] = []
    for (_, shared), part, at in zip(components, parts, places, strict=True):
        singular = any(g == x for g, _ in shared)
        for term in part.terms[:-1] if singular else part.terms:
            regular.setdefault(text_of(term.factor), []).append((term, at))
        kernel += [(part.terms[-1].matrices[0], at)] if singular else []
    listed = [g for g, _ in factors if g != x]
    listed += [unit] if text_of(unit) in regular and unit not in listed else []
    found = []
    for g in listed:
        members = regular[text_of(g)]
        first = members[0][0]
        matrices = [
            total.of([(term.matrices[k], at) for term, at in members], below=g == unit) for k in range(len(first.matrices))
        ]
        found.append(SpectralTerm(K, g, tuple(matrices), first.denominator))
    return (*found, *([SpectralTerm(K, unit, (total.of(kernel),), K.polynomial([one]))] if kernel else []))


def _components(K: Field, M: Any, factors: Sequence[Factor]) -> list[Component]:
    """Return the components with their factors; one alone if the factors cannot be shared out.

    That is so where a factor divides the polynomial of a component only on a part of the parameter space, and for factors of
    degree 3 and more of several components: their terms are divided by different polynomials.
    """
    everything = [(list(range(M.nrows())), list(factors))]
    components: list[Component] = []
    left = [m for _, m in factors]
    for units in blocks(M, directed=False):
        rest, shared = K.characteristic_polynomial(block(K, M, units, units)), []
        for k, (g, _) in enumerate(factors):
            m = 0
            while m < left[k] and rest.degree() >= g.degree() and K.remainder(rest, g).degree() < 0:
                rest, m = K.quotient(rest, g), m + 1
            if m:
                left[k] -= m
                shared.append((g, m))
        components.append((units, shared))
    large = [text_of(g) for _, shared in components for g, _ in shared if g.degree() > 2]
    return everything if any(left) or len(set(large)) < len(large) else components
