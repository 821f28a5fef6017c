"""A rational network in irrational coordinates: z = D x and activations scaled by E, for positive diagonal matrices D and E.

It has the same patterns, the same regions' spectra and the same crossing times as the network that it is made from, so that
everything decided about one is decided about the other in the same way.
"""

from __future__ import annotations

import sympy as sp

import symplrnn as sr

SCALES = (sp.sqrt(2), 2 - sp.sqrt(2), sp.Rational(3, 7), 1 + 3 * sp.sqrt(2))
WIDE = (sp.sqrt(2), 2 - sp.sqrt(3), sp.sqrt(6) / 5, sp.sqrt(3) - sp.sqrt(2))


def scaled(matrix: sp.MatrixBase) -> sp.Matrix:
    return matrix.applyfunc(lambda x: sp.expand(sp.radsimp(x)))


def in_other_coordinates(net: sr.ReLURNN, scales=SCALES, units=None) -> tuple[sr.ReLURNN, sp.Matrix]:
    """The network in the coordinates D x, and D; ``units`` is the diagonal of E (D itself for V = I and b = 0)."""
    D = sp.diag(*[scales[i % len(scales)] for i in range(net.n)])
    if net.is_plrnn and units is None:
        parts = (net.A, scaled(D * net.W * D**-1), D * net.h)
        return sr.PLRNN(*parts, C=D * net.C if net.m else None), D
    E = sp.diag(*[(units or scales[1:] + scales[:1])[i % len(scales)] for i in range(net.p)])
    A, W, V = scaled(D * net.A * D**-1), scaled(D * net.W * E**-1), scaled(E * net.V * D**-1)
    return sr.ReLURNN(A, W, D * net.h, V=V.tolist(), b=E * net.b, C=D * net.C if net.m else None), D


def moved(D: sp.Matrix, z) -> list[sp.Expr]:
    """D z."""
    return list(D * sp.Matrix([sp.Rational(str(x)) for x in z]))
