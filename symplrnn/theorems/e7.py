"""E7, grid equivalence: the piecewise flow of the whole network agrees with the network at every grid time, for ever.

Hold the pattern of the state at each grid time until the next one ("grid switching"). In each region that is visited one of
E2, E3, E5 and E6 gives a representation - a real ODE, a lifted one, a jump and a flow, or a jump and a lifted flow - so the
hypothesis always holds: what a check adds is which representation each region needs.

Reference: docs/theory, section 3, E7; proofs/switching.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from symplrnn.conditions.truth import TRUE, because
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.theorems.base import Theorem, Verdict, verdict
from symplrnn.theorems.e5 import smallest_lift
from symplrnn.theorems.reasons import kind_of

__all__ = ["E7", "check_e7", "representation"]

E7 = Theorem(
    identifier="E7",
    name="grid equivalence",
    statement=(
        "With the pattern held from each grid time to the next, and inputs held over each step, the piecewise flow equals the "
        "network at every grid time, from every initial state and for ever."
    ),
    hypotheses={"every_region_represented": "every visited region has a representation: real, lifted, impulsive or both"},
    reference="docs/theory, section 3, E1 to E6, region by region and step by step",
)


def representation(spectrum: Spectrum) -> str | None:
    """Return the simplest representation of a region: ``"real"``, ``"lifted"``, ``"impulsive"`` or ``"lifted+impulsive"``.

    None if it depends on parameters.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> net = PLRNN([0, "1/2"], [[0, 0], [0, -1]], [0, 0])
    >>> representation(spectrum(net.region("00"))), representation(spectrum(net.region("01")))
    ('impulsive', 'lifted+impulsive')
    """
    extra, jumps = smallest_lift(spectrum), spectrum.singular
    return None if extra is None or jumps.value is None else kind_of(extra, jumps.value)


def check_e7(spectra: Mapping[str, Spectrum]) -> Verdict:
    """Return the verdict on E7 for the visited regions, by pattern: true, with how many need which representation.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> net = PLRNN([0, "1/2"], [[0, 0], [0, -1]], [0, 0])
    >>> found = check_e7({pattern: spectrum(net.region(pattern)) for pattern in ("00", "01")})
    >>> found.truth, found["every_region_represented"].evidence["lifted+impulsive"]
    (TRUE, 1)
    """
    kinds = Counter(filter(None, map(representation, spectra.values())))
    return verdict(E7, "", {"every_region_represented": because(TRUE, dict(kinds))})
