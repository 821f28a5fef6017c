"""G1, the whole network at once: every region has a real ODE iff A + W is a P-matrix."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flint import fmpq

from symplrnn.conditions.formula import all_formulas, positive
from symplrnn.conditions.truth import UNKNOWN, conditional, truth_of, unless_too_large
from symplrnn.eigenvalues.symbolic_spectrum import SymbolicSpectrum
from symplrnn.errors import TooLarge
from symplrnn.network.network import ReLURNN
from symplrnn.theorems.base import Theorem, Verdict, verdict
from symplrnn.theorems.conditions import AnySpectrum, Decided

__all__ = ["G1", "check_g1"]

G1 = Theorem(
    identifier="G1",
    name="global equivalence",
    statement=(
        "For a PLRNN with positive diagonal A: E2 applies in all 2^n regions iff every region has a real ODE iff A + W is a "
        "P-matrix iff the network map is a homeomorphism."
    ),
    hypotheses={
        "positive_diagonal": "A is diagonal with positive diagonal, V = I, b = 0",
        "p_matrix": "every principal minor of A + W is positive",
    },
    reference="M. Fiedler, V. Ptak, Czech. Math. J. 12 (1962) 382-400; Samelson, Thrall, Wesler, Proc. AMS 9 (1958) 805-807",
)


def check_g1(network: ReLURNN, spectra: Mapping[str, AnySpectrum]) -> Verdict:
    """Return whether G1 applies, from the principal minors of A + W that the checked regions have computed.

    The minor on a set of units is the determinant of the core in the region where exactly those units are active.
    It is decided when a minor is not positive, or when all are positive; otherwise unknown.
    """
    A = network.exact.A
    if not network.is_plrnn:
        reason = "the network is no PLRNN with diagonal A"
        return verdict(
            G1,
            "",
            {"positive_diagonal": (truth_of(False), {"reason": reason}), "p_matrix": (UNKNOWN(reason), {})},
        )
    diagonal = [A[i, i] for i in range(network.n)]
    if not network.is_rational:
        return _with_letters(network, diagonal, spectra)
    positive = truth_of(all(a > 0 for a in diagonal)), {"smallest": min(diagonal)}
    return verdict(G1, "", {"positive_diagonal": positive, "p_matrix": _p_matrix(network.n, spectra)})


def _p_matrix(n: int, spectra: Mapping[str, AnySpectrum]) -> Decided:
    smallest: tuple[fmpq, str] | None = None
    for pattern, spectrum in spectra.items():
        if isinstance(spectrum, SymbolicSpectrum):  # a network without letters has none
            continue
        minor = fmpq(spectrum.core_polynomial[0] * (-1) ** spectrum.core.nrows())
        if pattern.count("1") and (smallest is None or minor < smallest[0]):
            smallest = minor, pattern
    if smallest is not None and smallest[0] <= 0:
        return truth_of(False), {"minor": smallest[0], "units": smallest[1]}
    computed = sum("1" in pattern for pattern in spectra)
    if computed < 2**n - 1:
        return UNKNOWN(f"only {computed} of {2**n - 1} principal minors were computed"), {}
    evidence: dict[str, Any] = {"minors": 2**n - 1}
    if smallest is not None:
        evidence |= {"smallest_minor": smallest[0], "units": smallest[1]}
    return truth_of(True), evidence


def _with_letters(network: ReLURNN, diagonal: list[Any], spectra: Mapping[str, AnySpectrum]) -> Verdict:
    """Return G1 as the list of polynomial inequalities in the parameters; all spectra have letters then."""
    K = network.field
    positive_diagonal: Decided = conditional(all_formulas(positive(K.to_sympy(a)) for a in diagonal)), {}
    minors = {}
    for pattern, spectrum in spectra.items():
        if "1" in pattern and isinstance(spectrum, SymbolicSpectrum):
            with suppress(TooLarge):
                minors[pattern] = spectrum.core_determinant
    found = unless_too_large(lambda: conditional(all_formulas(positive(minor) for minor in minors.values())))
    if len(minors) < 2**network.n - 1 and not found.is_false:
        found = UNKNOWN(f"only {len(minors)} of {2**network.n - 1} principal minors were computed")
    return verdict(G1, "", {"positive_diagonal": positive_diagonal, "p_matrix": (found, {"minors": minors})})
