"""The facts about the eigenvalues of a region's matrix, by the implementation that its entries allow.

Reference: docs/theory, section 5, "Spectral facts without eigenvalues".
"""

from __future__ import annotations

from collections.abc import Sequence

from symplrnn.eigenvalues.base import Spectrum
from symplrnn.eigenvalues.counting import NumberSpectrum, RationalSpectrum
from symplrnn.eigenvalues.parametric import ParametricSpectrum
from symplrnn.eigenvalues.repeated_blocks import has_letters
from symplrnn.errors import require_kind
from symplrnn.network.region import Region

__all__ = ["Spectrum", "spectra", "spectrum"]

TOGETHER = 16  # regions from which those of few units are counted together faster than alone


def spectrum(region: Region) -> Spectrum:
    """Return the facts about the eigenvalues of a region's matrix M.

    Where M has no parameters they are a `NumberSpectrum`, which counts: all of its attributes are exact numbers. A rational M
    is looked at over Q, whatever else the network holds.

    >>> from symplrnn.network import PLRNN
    >>> facts = spectrum(PLRNN([1, "1/2"], [[0, 1], [-1, 0]], [0, 0]).region("10"))
    >>> facts.unit_multiplicity, facts.negative_count, facts.unit_circle.stability
    (1, 0, 'some on')

    Reference: docs/theory, section 5 and G1.
    """
    require_kind(region, Region, "spectrum", 'a region such as net.region("10")')
    if region.has_rational_matrix:
        return RationalSpectrum(region)
    return ParametricSpectrum(region) if has_letters(region.network.field, region.affine.M) else NumberSpectrum(region)


def spectra(regions: Sequence[Region]) -> list[Spectrum]:
    """Return the facts of several regions of one network, as `spectrum` does; what can be counted together has been.

    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN([1, "1/2"], [[0, 1], [-1, 0]], [0, 0])
    >>> [facts.unit_multiplicity for facts in spectra(list(net.regions()))]
    [1, 1, 1, 0]
    """
    found = [spectrum(region) for region in regions]
    if len(found) < TOGETHER:
        return found
    from symplrnn.eigenvalues.together import simple_eigenvalues  # NumPy: start-up time

    counted = simple_eigenvalues(regions[0].network, [region.pattern for region in regions])
    for facts, simple in zip(found, counted, strict=True):
        if isinstance(facts, RationalSpectrum):
            vars(facts)["simple"] = simple
    return found
