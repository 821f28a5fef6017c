"""E6, the jump: a region needs one iff its matrix is singular.

Flows are invertible, in any number of coordinates. With P0 the rational projector onto the generalised kernel of the augmented
matrix M^ along its complement, J = (I - P0) + M^ P0 and F = M^ (I - P0) + P0 satisfy F J = M^; F is invertible and both keep the
last row. So "jump by J at each grid time, then flow for dt with exp(dt X^) = F" is the region's map.

Reference: docs/theory, section 3, E6; proofs/impulsive.md.
"""

from __future__ import annotations

from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.theorems.base import Theorem, Verdict, region_check, verdict

__all__ = ["E6", "check_e6"]

E6 = Theorem(
    identifier="E6",
    name="jump",
    statement=(
        "No flow, in any number of coordinates, equals the region's map at all grid times. Jumping by J = (I - P0) + M^ P0 at "
        "each grid time and then flowing for dt with exp(dt X^) = M^ (I - P0) + P0 does, where P0 projects onto the generalised "
        "kernel of M^ along its complement."
    ),
    hypotheses={"singular": "0 is an eigenvalue of M"},
    reference="Fitting's lemma; P. R. Halmos, Finite-Dimensional Vector Spaces, 1958, section 58; proofs/impulsive.md",
    by_counts=True,
)


@region_check(E6)
def check_e6(spectrum: Spectrum) -> Verdict:
    """Return whether the region of a spectrum needs a jump; the evidence has the Jordan blocks of the eigenvalue 0.

    With letters it is a formula in them, and the evidence the determinant.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> found = check_e6(spectrum(PLRNN([0, "1/2"], [[0, 0], [0, 0]], [0, 0]).region("00")))
    >>> found.truth, found["singular"].evidence["jordan_blocks"]
    (TRUE, (1,))
    >>> check_e6(spectrum(PLRNN(["a"], [["w"]], [0], parameters={"a": "real", "w": "real"}).region("1"))).truth
    IF(Eq(a + w, 0))
    """
    return verdict(E6, spectrum.region.pattern, {"singular": spectrum.singular})
