"""Where the fixed points of a region's map exist, are stable, and bifurcate, as conditions on the parameters.

The fixed point z* = (I - M)^{-1} c of a region's affine map is one of the network ("real") if it lies in the region, "virtual" if
it does not. In a piecewise linear map it is born, dies or changes its stability only where it meets a face (a border collision)
or where an eigenvalue crosses the unit circle: at 1 (a degenerate fold: no fixed point, or a line or plane of them), at -1
(a degenerate flip), or as a pair of complex conjugates.

Reference: THEORY section 5, "Spectral facts"; M. di Bernardo et al., Piecewise-smooth Dynamical Systems, Springer 2008, chapter
3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from symplrnn import limits, views
from symplrnn.conditions.formula import NEVER, Formula, all_formulas, nonpositive, positive, zero
from symplrnn.conditions.truth import UNKNOWN, Truth, conditional
from symplrnn.eigenvalues.equilibria import in_range
from symplrnn.eigenvalues.spectrum import Spectrum, spectrum
from symplrnn.errors import require_kind
from symplrnn.network.region import Region

__all__ = ["FixedPointFacts", "fixed_point_facts"]


@dataclass(frozen=True, eq=False, repr=False)
class FixedPointFacts(views.Shown):
    """The fixed point of a region's map and its bifurcations; each condition is a `Truth`, with letters a formula.

    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN(["a"], [["w"]], ["h"], parameters={"a": "positive", "w": "real", "h": "positive"})
    >>> facts = fixed_point_facts(net.region("1"))
    >>> facts.fixed_point
    Matrix([[-h/(a + w - 1)]])
    >>> facts.real, facts.stable
    (IF(a + w - 1 < 0), IF((a + w + 1 > 0) & (a + w - 1 < 0)))

    Reference: M. di Bernardo et al., Piecewise-smooth Dynamical Systems, Springer 2008, chapter 3.
    """

    region: Region
    spectrum: Spectrum

    @cached_property
    def fixed_point(self) -> sp.ImmutableDenseMatrix | None:
        """z* = (I - M)^{-1} c as rational functions of the parameters; None if det(I - M) is 0 for all, or too large."""
        return None if self.eigenvalue_at_1.is_unknown else self.region.affine.fixed_point()

    @cached_property
    def unique(self) -> Truth:
        """Whether the map has exactly one fixed point: 1 is no eigenvalue."""
        return ~self.eigenvalue_at_1

    @cached_property
    def _inside(self) -> Formula:
        """Whether z* satisfies the inequalities of the region."""
        z = self.fixed_point
        if z is None:
            return NEVER
        network = self.region.network
        activation = list(network.V * z + network.b)
        return all_formulas(
            positive(x) if active == "1" else nonpositive(x) for x, active in zip(activation, self.region.pattern, strict=True)
        )

    @cached_property
    def real(self) -> Truth:
        """Whether z* is unique and lies in the region: then it is a fixed point of the network."""
        return self.unique if self.unique.is_unknown else self.unique & conditional(self._inside)

    @cached_property
    def virtual(self) -> Truth:
        """Whether z* is unique and lies outside of the region."""
        return self.unique if self.unique.is_unknown else self.unique & conditional(~self._inside)

    @cached_property
    def collision(self) -> tuple[tuple[int, Truth], ...]:
        """For each unit, whether z* lies on its face (V z + b)_i = 0: border collisions."""
        z, network = self.fixed_point, self.region.network
        if z is None:
            return tuple((i, self.unique) for i in range(1, network.p + 1)) if self.unique.is_unknown else ()
        activation = list(network.V * z + network.b)
        return tuple((i, self.unique & conditional(zero(x))) for i, x in enumerate(activation, 1))

    @cached_property
    def stable(self) -> Truth:
        """Whether all eigenvalues of M are inside the unit circle (Jury, Schur-Cohn)."""
        return self.spectrum.stable

    @cached_property
    def eigenvalue_at_1(self) -> Truth:
        """Whether 1 is an eigenvalue."""
        return ~self.spectrum.no_unit

    @cached_property
    def eigenvalue_at_minus_1(self) -> Truth:
        """Whether -1 is an eigenvalue."""
        return ~self.spectrum.no_minus_one

    @cached_property
    def complex_pair_on_circle(self) -> Truth:
        """Whether a pair of complex conjugate eigenvalues has modulus 1."""
        return ~self.spectrum.no_complex_pair_on_circle

    @cached_property
    def fixed_points_at_1(self) -> Truth:
        """Whether 1 is an eigenvalue and c is in the range of I - M: then there is a line (or plane ...) of fixed points."""
        if self.eigenvalue_at_1.is_false:
            return self.eigenvalue_at_1
        affine = self.region.affine
        inside = in_range(affine.field, affine.field.identity(affine.n) - affine.M, affine.c, affine.n)  # where 1 is one
        if inside is None:
            return UNKNOWN(f"the range of I - M is described with letters up to {limits.RANGE_STATES} states")
        return self.eigenvalue_at_1 & conditional(inside)


def fixed_point_facts(region: Region) -> FixedPointFacts:
    """Return the fixed point of a region's map, whether it is real or virtual, its stability, and where it bifurcates.

    >>> from symplrnn.network import PLRNN
    >>> facts = fixed_point_facts(PLRNN(["1/2"], [[0]], [1]).region("1"))
    >>> facts.fixed_point, facts.real, facts.stable
    (Matrix([[2]]), TRUE, TRUE)

    Reference: M. di Bernardo et al., Piecewise-smooth Dynamical Systems, Springer 2008, chapter 3.
    """
    require_kind(region, Region, "fixed_point_facts", 'a region such as net.region("10")')
    return FixedPointFacts(region, spectrum(region))
