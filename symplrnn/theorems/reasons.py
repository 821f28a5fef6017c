"""Why a region has the representation that it has: real, lifted, impulsive or both, and why no simpler one exists.

Reference: THEORY section 3, E2, E3, E5 and E6.
"""

from __future__ import annotations

from symplrnn.eigenvalues.spectrum import Spectrum

__all__ = ["KINDS", "PRINCIPAL", "SINGULAR", "explanation", "kind_of"]

KINDS = ("real", "lifted", "impulsive", "lifted+impulsive")
PRINCIPAL = "no eigenvalue is in (-inf, 0]: the principal logarithm is real (E2)"
SINGULAR = "0 is an eigenvalue, and flows are invertible, so a jump at each grid time is needed (E6)"


def kind_of(extra: int, jumps: bool) -> str:
    """Return "real", "lifted", "impulsive" or "lifted+impulsive".

    >>> kind_of(0, False), kind_of(1, True)
    ('real', 'lifted+impulsive')
    """
    return "+".join(name for name, holds in (("lifted", extra > 0), ("impulsive", jumps)) if holds) or "real"


def explanation(facts: Spectrum, extra: int) -> str:
    """Return in words why a region has a real ODE or needs extra coordinates or a jump, and why nothing simpler will do.

    >>> from symplrnn.network.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> print(explanation(spectrum(PLRNN(["-1/4"], [[0]], [1]).region("1")), 1))
    the eigenvalue -1/4 has Jordan blocks of sizes (1), which do not pair up, so there is no real ODE of dimension 1 (E3), not
    even a time-dependent linear one, because det M < 0; 1 extra coordinate is the fewest that do (E5)
    """
    n, reasons = facts.region.network.n, []
    if facts.singular.is_true:
        reasons.append(SINGULAR)
    negative = facts.negative_eigenvalues or ()
    unpaired = [e for e in negative if not e.is_paired]
    if unpaired:
        which = "; ".join(
            f"the eigenvalue {e} has Jordan blocks of sizes ({', '.join(map(str, e.blocks))}), which do not pair up"
            for e in unpaired
        )
        lifeless = ", not even a time-dependent linear one, because det M < 0" if facts.determinant < 0 else ""
        count = "1 extra coordinate is the fewest that do" if extra == 1 else f"{extra} extra coordinates are the fewest that do"
        reasons.append(f"{which}, so there is no real ODE of dimension {n} (E3){lifeless}; {count} (E5)")
    elif negative:
        reasons.append(
            f"the eigenvalue {negative[0]} is negative, in paired Jordan blocks: real ODEs exist, but no principal one (E3)"
        )
    return "; ".join(reasons) or PRINCIPAL
