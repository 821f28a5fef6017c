"""E1, the hyperbolic case: a principal logarithm exists and 1 is no eigenvalue.

Reference: docs/theory, section 3, E1; proofs/existence.md, section 2.
"""

from __future__ import annotations

from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.theorems.base import Theorem, Verdict, region_check, verdict

__all__ = ["E1", "check_e1"]

E1 = Theorem(
    identifier="E1",
    name="hyperbolic case",
    statement="The region ODE is X = Log(M)/dt, y = X (M - I)^{-1} c, with the principal logarithm.",
    hypotheses={
        "invertible": "0 is not an eigenvalue of M",
        "no_negative_eigenvalue": "no eigenvalue of M is in (-inf, 0)",
        "no_unit_eigenvalue": "1 is not an eigenvalue of M",
    },
    reference="Z. Monfared, D. Durstewitz, ICML 2020; N. J. Higham, Functions of Matrices, 2008, Theorem 1.31",
    by_counts=True,
)


@region_check(E1)
def check_e1(spectrum: Spectrum) -> Verdict:
    """Return whether E1 applies to the region of a spectrum.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> check_e1(spectrum(PLRNN(["1/2"], [[0]], [1]).region("1"))).truth
    TRUE
    """
    return verdict(
        E1,
        spectrum.region.pattern,
        {
            "invertible": spectrum.invertible,
            "no_negative_eigenvalue": spectrum.no_negative,
            "no_unit_eigenvalue": spectrum.no_unit,
        },
        spectrum.principal & spectrum.no_unit,
    )
