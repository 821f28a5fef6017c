"""E5, the lift: how many extra coordinates a real ODE needs where E3 fails at a negative eigenvalue.

The time-dt map of a real ODE in more coordinates is a real exponential, so the Jordan blocks of its negative eigenvalues come
in pairs. It contains M as a quotient of a restriction, and each dimension taken away shortens one block by one. So the smallest
number of extra coordinates is the smallest number of unit steps that lengthen blocks, or start new ones, until all are paired
(`symplrnn.exact.extra_coordinates`).

Reference: docs/theory, section 3, E5; proofs/lift.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from symplrnn.conditions.truth import Evidence, because
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.exact.extra_coordinates import fewest_extra_coordinates
from symplrnn.theorems.base import Theorem, Verdict, region_check, verdict

__all__ = ["E5", "check_e5", "smallest_lift"]

E5 = Theorem(
    identifier="E5",
    name="lift",
    statement=(
        "The region has no real ODE of its own dimension, but one with extra coordinates that vanish at every grid time. The "
        "smallest number of them is the sum of (m_1 - m_2) + (m_3 - m_4) + ... over the distinct negative eigenvalues, with "
        "block sizes m_1 >= m_2 >= ... and 0 after the last."
    ),
    hypotheses={
        "invertible": "0 is not an eigenvalue of M",
        "negative_blocks_unpaired": (
            "for some negative eigenvalue of M and some size, the number of Jordan blocks of that size is odd"
        ),
    },
    reference="W. J. Culver, Proc. AMS 17 (1966) 1146-1151, Theorem 1, for the map in more coordinates; proofs/lift.md",
    with_letters="when read",
    by_counts=True,
)


def smallest_lift(spectrum: Spectrum) -> int | None:
    """Return the smallest number of extra coordinates of a real ODE that equals the region's map at all grid times.

    It is 0 iff the blocks of the negative eigenvalues are paired. For a singular M it is the number for the flow that follows
    the jump (E6), which has the same negative eigenvalues and blocks. None if it depends on letters in M, or may do so.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> smallest_lift(spectrum(PLRNN(["-1/4", "-1/4", "-1/2"], [[0] * 3] * 3, [0] * 3).region("000")))
    1
    """
    if spectrum.negative_blocks is None:
        return 0 if spectrum.paired.is_true else None
    return sum(map(fewest_extra_coordinates, spectrum.negative_blocks))


@region_check(E5)
def check_e5(spectrum: Spectrum) -> Verdict:
    """Return whether the region of a spectrum needs a lift and nothing else; the evidence says how large the smallest one is.

    Where M is singular too the verdict is false, because no lift is enough: the region needs a jump (E6), and the flow after it
    the lift in the evidence. With letters in M the hypotheses are formulas in them.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> found = check_e5(spectrum(PLRNN(["-1/4", 2], [[0, 0], [0, 0]], [0, 0]).region("00")))
    >>> found.truth, found["negative_blocks_unpaired"].evidence["lift"]
    (TRUE, 1)
    """
    evidence: Mapping[str, Any] = {"lift": smallest_lift(spectrum)}
    if spectrum.negative_blocks is None:
        evidence = {**evidence, **spectrum.paired.evidence}
    elif spectrum.negative_blocks:
        evidence = Evidence(evidence, {"eigenvalues": partial(_listed, spectrum)})
    return verdict(
        E5,
        spectrum.region.pattern,
        {"invertible": spectrum.invertible, "negative_blocks_unpaired": because(~spectrum.paired, evidence)},
    )


def _listed(spectrum: Spectrum) -> tuple[dict[str, Any], ...]:
    """Return the negative eigenvalues with their blocks and what each adds to the lift."""
    return tuple(
        {"eigenvalue": str(e), "jordan_blocks": e.blocks, "lift": fewest_extra_coordinates(e.blocks)}
        for e in spectrum.negative_eigenvalues or ()
    )
