"""One point of a face, classified."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from flint import arb

from symplrnn import views
from symplrnn.dynamics.faces.numbers import Number
from symplrnn.exact.reading.numbers import positive_integer

__all__ = ["FacePoint"]


@dataclass(frozen=True, eq=False)
class FacePoint(views.Shown):
    """The kind of one point of a face, decided.

    Attributes
    ----------
    kind : str
        "crossing up", "crossing down", "sliding", "escaping", "tangent" or "undecided".
    signs : pair of 1, 0, -1 or None
        The signs of sigma_below and sigma_above; None where the precision limit is reached.
    corner : tuple of int
        Other units whose face passes through the point as well: more than two regions meet there, and the kind compares only the
        two of this face.
    reason : str
        Why an undecided point is undecided.
    """

    kind: str
    signs: tuple[int | None, int | None]
    corner: tuple[int, ...]
    reason: str
    components: tuple[Number, Number]

    def __repr__(self) -> str:
        corner = f", corner={self.corner}" if self.corner else ""
        return f"FacePoint({self.kind!r}, signs={self.signs}{corner})"

    @property
    def sigma_below(self) -> sp.Expr:
        """V_i (X z + y) at the point, in closed form."""
        return self.components[0].expression

    @property
    def sigma_above(self) -> sp.Expr:
        """V_i (X' z + y') at the point, in closed form."""
        return self.components[1].expression

    def enclosures(self, bits: int) -> tuple[arb, arb]:
        """Return balls that contain sigma_below and sigma_above, computed with this many bits."""
        bits = positive_integer(bits, "bits")
        return self.components[0].ball(bits), self.components[1].ball(bits)
