"""E2, the principal logarithm with unit eigenvalues allowed.

Reference: docs/theory, section 3, E2; proofs/existence.md, section 2.
"""

from __future__ import annotations

from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.theorems.base import Theorem, Verdict, region_check, verdict

__all__ = ["E2", "check_e2"]

E2 = Theorem(
    identifier="E2",
    name="principal logarithm",
    statement=(
        "The region ODE is X = Log(M)/dt, y = phi(M) c/dt, with the principal logarithm and phi(x) = log(x)/(x - 1), phi(1) = 1."
    ),
    hypotheses={
        "invertible": "0 is not an eigenvalue of M",
        "no_negative_eigenvalue": "no eigenvalue of M is in (-inf, 0)",
    },
    reference="N. J. Higham, Functions of Matrices, 2008, Theorem 1.31; the offset is the last column of the augmented logarithm",
    by_counts=True,
)


@region_check(E2)
def check_e2(spectrum: Spectrum) -> Verdict:
    """Return whether E2 applies to the region of a spectrum.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> check_e2(spectrum(PLRNN(["-1/2"], [["3/2"]], [1]).region("1"))).truth
    TRUE
    >>> check_e2(spectrum(PLRNN(["-1/2"], [["3/2"]], [1]).region("0"))).failed[0].name
    'no_negative_eigenvalue'
    """
    return verdict(
        E2,
        spectrum.region.pattern,
        {"invertible": spectrum.invertible, "no_negative_eigenvalue": spectrum.no_negative},
        spectrum.principal,
    )
