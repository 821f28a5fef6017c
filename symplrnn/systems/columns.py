"""Parameters in h, b and C alone: the region's map has numbers in M, and its system is one of numbers with more inputs.

With c = sum_k m_k(letters) c_k and the same for the columns of C, the columns c_k are inputs held at m_k. So X, the eigenvalues,
the jump and the extra coordinates are those of a network of numbers, and what letters multiply comes from its input matrix.

Reference: docs/theory, section 2, identity (2).
"""

from __future__ import annotations

import sympy as sp

from symplrnn.exact.fields.fractions import Fraction, content
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.reading.entries import in_sympy
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region

__all__ = ["columns_of_numbers"]


def columns_of_numbers(region: Region) -> tuple[Region, sp.ImmutableDenseMatrix] | None:
    """Return a region of numbers with inputs and the matrix (k, 1 + m) that its k inputs are multiplied by to give c and C.

    None if M has parameters, or the network irrational numbers.

    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN(["1/2"], [["1/4"]], ["2*h + g*h + 1"], parameters=["g", "h"])
    >>> numbers, factors = columns_of_numbers(net.region("1"))
    >>> numbers.matrix, numbers.input_matrix, factors
    (Matrix([[3/4]]), Matrix([[1, 2, 1]]), Matrix([
    [  1],
    [  h],
    [g*h]]))
    """
    affine, K = region.affine, region.network.field
    entries = affine.M.entries()
    if not isinstance(K, FunctionField) or any(x.numer.total_degree() > 0 or x.denom.total_degree() > 0 for x in entries):
        return None
    n, m = affine.n, affine.m
    given = [[affine.c[i, 0], *(affine.C[i, j] for j in range(m))] for i in range(n)]
    parts = [[_parts(K, x) for x in row] for row in given]
    found = list(dict.fromkeys(key for row in parts for cell in row for key in cell))
    keys = [(j, key) for j in range(1 + m) for key in found if any(key in row[j] for row in parts)]
    columns = [[row[j].get(key, sp.Integer(0)) for j, key in keys] for row in parts]
    factors = sp.zeros(len(keys), 1 + m)
    for k, (j, key) in enumerate(keys):
        factors[k, j] = key
    numbers = ReLURNN(in_sympy(K, affine.M), [[]] * n, [0] * n, V=[], C=columns if keys else None)
    return numbers.region(""), sp.ImmutableDenseMatrix(factors)


def _parts(K: FunctionField, element: Fraction) -> dict[sp.Expr, sp.Expr]:
    """Return an element as a sum of rational numbers times products of letters, over its denominator."""
    if not element:
        return {}
    numerator = K.domain.expression(element.numer) / int(content(element.denom))
    return {mono / K.denominator(element): c for mono, c in numerator.expand().as_coefficients_dict().items()}
