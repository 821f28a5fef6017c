"""Where the fixed points of a region's map exist, are stable, and bifurcate, as conditions on the parameters.

The fixed point z* = (I - M)^{-1} c of a region's affine map is one of the network ("real") if it lies in the region, "virtual" if
it does not. In a piecewise linear map it is born, dies or changes its stability only where it meets a face (a border collision)
or where an eigenvalue crosses the unit circle: at 1 (a degenerate fold: no fixed point, or a line or plane of them), at -1
(a degenerate flip), or as a pair of complex conjugates.

Reference: docs/theory, section 5, "Spectral facts"; M. di Bernardo et al., Piecewise-smooth Dynamical Systems, Springer 2008,
chapter 3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from flint import fmpq_poly

from symplrnn import limits, views
from symplrnn.conditions.formula import NEVER, Formula, all_formulas, sign_condition
from symplrnn.conditions.one_letter import where_signs
from symplrnn.conditions.truth import UNKNOWN, Truth, conditional
from symplrnn.eigenvalues.equilibria import in_range
from symplrnn.eigenvalues.spectrum import Spectrum, spectrum
from symplrnn.errors import require_kind
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.reading.exponentials import spelled
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
        signs = [{1} if active == "1" else {-1, 0} for active in self.region.pattern]
        return NEVER if self.fixed_point is None else self._where(range(self.region.network.p), signs)

    @cached_property
    def _activation(self) -> list[Any]:
        """V z* + b, over the field of the network; empty without z*."""
        network, z = self.region.network, self.region.affine.fixed_state
        if z is None:
            return []
        if network.rectified_states is not None:
            return [z[i, 0] for i in network.rectified_states]
        return list((network.exact.V * z + network.exact.b).entries())

    @cached_property
    def _quotients(self) -> tuple[sp.Symbol, Sequence[tuple[fmpq_poly, fmpq_poly]]] | None:
        """The one letter in V z* + b, with numerators and denominators; None if there are more or fewer."""
        K = self.region.network.field
        return K.in_one_parameter(self._activation) if isinstance(K, FunctionField) else None

    def _where(self, units: Iterable[int], signs: Sequence[Collection[int]]) -> Formula:
        """Return where some of the V z* + b have given signs; nothing is said of where z* is not unique."""
        found = None
        if self._quotients is not None:
            letter, quotients = self._quotients
            found = where_signs(letter, [(*quotients[i], s) for i, s in zip(units, signs, strict=True)])
        if found is not None:
            return found
        K = self.region.network.field
        expressions = (spelled(K.to_sympy(self._activation[i])) for i in units)
        return all_formulas(sign_condition(x, s) for x, s in zip(expressions, signs, strict=True))

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
        p = self.region.network.p
        if self.fixed_point is None:
            return tuple((i, self.unique) for i in range(1, p + 1)) if self.unique.is_unknown else ()
        return tuple((i, self.unique & conditional(self._where([i - 1], [{0}]))) for i in range(1, p + 1))

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
