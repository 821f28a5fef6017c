"""E3, the real logarithm: a necessary and sufficient condition for a real region ODE (Culver).

Reference: docs/theory, section 3, E3; proofs/existence.md, section 3.
"""

from __future__ import annotations

from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.theorems.base import Theorem, Verdict, region_check, verdict

__all__ = ["E3", "check_e3"]

E3 = Theorem(
    identifier="E3",
    name="real logarithm",
    statement="The region has a real ODE of its own dimension if and only if the hypotheses hold.",
    hypotheses={
        "invertible": "0 is not an eigenvalue of M",
        "negative_blocks_paired": (
            "for every negative eigenvalue of M and every size, the number of Jordan blocks of that size is even"
        ),
    },
    reference="W. J. Culver, Proc. AMS 17 (1966) 1146-1151, Theorem 1",
    with_letters="when read",
    by_counts=True,
)


@region_check(E3)
def check_e3(spectrum: Spectrum) -> Verdict:
    """Return whether E3 holds for the region of a spectrum.

    >>> from symplrnn.network.network import ReLURNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> twice = ReLURNN(["-1/4", "-1/4"], [[], []], [0, 0], V=[])
    >>> check_e3(spectrum(twice.region(""))).truth
    TRUE
    """
    return verdict(
        E3,
        spectrum.region.pattern,
        {"invertible": spectrum.invertible, "negative_blocks_paired": spectrum.paired},
    )
