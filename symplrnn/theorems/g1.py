"""G1, the whole network at once: every region has a real ODE iff A + W is a P-matrix.

Reference: docs/theory, section 4; proofs/global.md, section 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cmp_to_key
from typing import Any

from flint import fmpq

from symplrnn.conditions.formula import all_formulas, positive
from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, Truth, because, conditional, truth_of, unless_too_large
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.errors import TooLarge
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.exact.real_roots import sign_in
from symplrnn.network.network import ReLURNN
from symplrnn.theorems.base import Theorem, Verdict, verdict
from symplrnn.theorems.g2 import p_matrix_truth

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


def check_g1(network: ReLURNN, spectra: Mapping[str, Spectrum]) -> Verdict:
    """Return whether G1 applies.

    The principal minor of A + W on a set of units is the determinant of the core in the region where exactly those units are
    active, so the regions that were checked have computed some. Where these do not decide it, a rational A + W is decided by
    G2, or by the minors that are missing. With letters the answer is the list of inequalities in them.
    """
    if not network.is_plrnn:
        reason = "the network is no PLRNN with diagonal A"
        return verdict(G1, "", {"positive_diagonal": because(FALSE, {"reason": reason}), "p_matrix": UNKNOWN(reason)})
    minors = {}
    for pattern, spectrum in spectra.items():
        if "1" in pattern:
            with suppress(TooLarge):
                minors[pattern] = spectrum.core_determinant
    A = network.exact.A
    diagonal = {i: A[i, i] for i in range(network.n)}
    decide = _with_letters if network.field.parameters else _in_numbers
    positive_diagonal, p_matrix = decide(network, diagonal, minors)
    if p_matrix.value is not False and len(minors) < 2**network.n - 1:
        if network.field is QQ:
            p_matrix = p_matrix_truth(network.exact.A + network.exact.W)
        else:
            reason = f"only {len(minors)} of {2**network.n - 1} principal minors were computed"
            p_matrix = because(UNKNOWN(reason), p_matrix.evidence)
    return verdict(G1, "", {"positive_diagonal": positive_diagonal, "p_matrix": p_matrix})


def _in_numbers(network: ReLURNN, diagonal: Mapping[int, Any], minors: Mapping[str, Any]) -> tuple[Truth, Truth]:
    """Return whether the diagonal and the minors are positive, with the smallest of each."""
    K = network.field
    i, entry_sign = _smallest(K, diagonal)
    found = because(truth_of(entry_sign > 0), {"smallest": diagonal[i] if K is QQ else K.to_sympy(diagonal[i])})
    if not minors:
        return found, TRUE
    units, minor_sign = _smallest(K, minors)
    if minor_sign <= 0:
        return found, because(FALSE, {"minor": minors[units], "units": units})
    if len(minors) < 2**network.n - 1:
        return found, TRUE
    return found, because(TRUE, {"minors": len(minors), "smallest_minor": minors[units], "units": units})


def _smallest(K: Field, numbers: Mapping[Any, Any]) -> tuple[Any, int]:
    """Return the key of the smallest of some real numbers, and its sign."""
    elements = numbers if K is QQ else {key: K.element(x) for key, x in numbers.items()}
    key = min(elements, key=cmp_to_key(lambda p, q: sign_in(K, elements[p] - elements[q])))
    return key, sign_in(K, elements[key])


def _with_letters(network: ReLURNN, diagonal: Mapping[int, Any], minors: Mapping[str, Any]) -> tuple[Truth, Truth]:
    """Return the polynomial inequalities in the parameters."""
    K = network.field
    expressions = {units: to_sympy(minor) if isinstance(minor, fmpq) else minor for units, minor in minors.items()}
    found = unless_too_large(lambda: conditional(all_formulas(map(positive, expressions.values()))))
    return conditional(all_formulas(positive(K.to_sympy(a)) for a in diagonal.values())), because(found, {"minors": expressions})
