"""Products of matrices over a number field Q(theta), by FLINT's products of rational matrices.

A matrix is sum_k theta^k A_k with rational A_k, k < d, and theta^d, theta^(d+1), ... are rational combinations of lower powers.
So a product is d^2 products of rational matrices, instead of one product of polynomials for each triple of indices.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpz
from sympy.polys.domains.domain import Domain
from sympy.polys.matrices import DomainMatrix

__all__ = ["as_fmpq", "matrix_product", "minimal_polynomial"]


def as_fmpq(value: Any) -> fmpq:
    """Return an element of SymPy's QQ, whose type depends on what is installed."""
    return fmpq(value) if isinstance(value, fmpq | fmpz) else fmpq(int(value.numerator), int(value.denominator))


def minimal_polynomial(domain: Domain) -> tuple[fmpq, ...]:
    """Return the coefficients of the minimal polynomial of theta, leading one first."""
    return tuple(as_fmpq(c) for c in domain.mod.to_list())


def matrix_product(first: DomainMatrix, second: DomainMatrix) -> DomainMatrix:
    """Return the product of two matrices over the same field Q(theta).

    >>> K = sp.QQ.algebraic_field(sp.sqrt(2))
    >>> M = DomainMatrix([[K.from_sympy(sp.sqrt(2)), K.one]], (1, 2), K)
    >>> matrix_product(M, M.transpose()).to_Matrix()
    Matrix([[3]])
    """
    domain, (n, m) = first.domain, (first.shape[0], second.shape[1])
    higher = _higher_powers(minimal_polynomial(domain))
    d = len(higher) + 1
    left, right = _parts(first, d), _parts(second, d)
    products = [fmpq_mat(n, m) for _ in range(2 * d - 1)]
    for k, A in enumerate(left):
        for j, B in enumerate(right):
            if A is not None and B is not None:
                products[k + j] += A * B
    for product, combination in zip(products[d:], higher, strict=True):
        for k, c in enumerate(combination):
            if c:
                products[k] += product * c
    entries = zip(*(part.entries() for part in reversed(products[:d])), strict=True)
    elements = [domain([sp.QQ(int(x.p), int(x.q)) for x in entry]) for entry in entries]
    found = DomainMatrix([elements[i * m : (i + 1) * m] for i in range(n)], (n, m), domain)
    return found.to_sparse() if first.rep.fmt == "sparse" else found


def _parts(matrix: DomainMatrix, d: int) -> list[fmpq_mat | None]:
    """Return the matrices A_k; None for 0."""
    (n, m), zero = matrix.shape, fmpq()
    padded = []
    for row in matrix.to_list():
        for x in row:
            coefficients = [as_fmpq(c) for c in reversed(x.to_list())]
            padded.append(coefficients + [zero] * (d - len(coefficients)))
    parts = zip(*padded, strict=True)
    return [fmpq_mat(n, m, list(part)) if any(part) else None for part in parts]


@lru_cache(maxsize=64)
def _higher_powers(minimal: tuple[fmpq, ...]) -> list[Sequence[fmpq]]:
    """Return theta^d ... theta^(2d-2) in 1 ... theta^(d-1), for a minimal polynomial, leading coefficient first."""
    lower = [-c / minimal[0] for c in reversed(minimal[1:])]
    found: list[Sequence[fmpq]] = [lower]
    for _ in range(len(lower) - 2):
        *rest, last = found[-1]
        found.append([last * lower[0], *(a + last * b for a, b in zip(rest, lower[1:], strict=True))])
    return found[: len(lower) - 1]
