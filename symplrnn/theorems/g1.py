"""G1, the whole network at once: every region has a real ODE iff A + W is a P-matrix.

Reference: docs/theory, section 4; proofs/global.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
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


def check_g1(network: ReLURNN, spectra: Iterable[tuple[str, Spectrum]]) -> Verdict:
    """Return whether G1 applies.

    The principal minor of A + W on a set of units is the determinant of the core in the region where exactly those units are
    active, so the regions that were checked, given with their patterns, have computed some. Where these do not decide it, a
    rational A + W is decided by G2, or by the minors that are missing. With letters the answer is the list of inequalities in
    them. Of numbers only the smallest minor is held, so that the spectra may be made one after the other.
    """
    if not network.is_plrnn:
        reason = "the network is no PLRNN with diagonal A"
        return verdict(G1, "", {"positive_diagonal": because(FALSE, {"reason": reason}), "p_matrix": UNKNOWN(reason)})
    A = network.exact.A
    diagonal = {i: A[i, i] for i in range(network.n)}
    decide = _with_letters if network.field.parameters else _in_numbers
    positive_diagonal, p_matrix, count = decide(network, diagonal, _minors(spectra))
    if p_matrix.value is not False and count < 2**network.n - 1:
        if network.field is QQ:
            p_matrix = p_matrix_truth(network.exact.A + network.exact.W)
        else:
            reason = f"only {count} of {2**network.n - 1} principal minors were computed"
            p_matrix = because(UNKNOWN(reason), p_matrix.evidence)
    return verdict(G1, "", {"positive_diagonal": positive_diagonal, "p_matrix": p_matrix})


def _minors(spectra: Iterable[tuple[str, Spectrum]]) -> Iterator[tuple[str, Any]]:
    """Yield the principal minors of A + W, by the pattern of the units."""
    for pattern, spectrum in spectra:
        if "1" in pattern:
            with suppress(TooLarge):
                yield pattern, spectrum.core_determinant


def _in_numbers(network: ReLURNN, diagonal: Mapping[int, Any], minors: Iterable[tuple[str, Any]]) -> tuple[Truth, Truth, int]:
    """Return whether the diagonal and the minors are positive, with the smallest of each, and how many minors there are."""
    K = network.field
    _, entry, entry_sign, _ = _smallest(K, diagonal.items())
    found = because(truth_of(entry_sign > 0), {"smallest": entry if K is QQ else K.to_sympy(entry)})
    units, minor, minor_sign, count = _smallest(K, minors)
    if minor_sign <= 0:
        return found, because(FALSE, {"minor": minor, "units": units}), count
    if count < 2**network.n - 1:
        return found, TRUE, count
    return found, because(TRUE, {"minors": count, "smallest_minor": minor, "units": units}), count


def _smallest(K: Field, numbers: Iterable[tuple[Any, Any]]) -> tuple[Any, Any, int, int]:
    """Return the smallest of some real numbers, with its key before it and its sign after it, and how many there are.

    Of none the sign is 1.
    """
    key, number, least, count = None, None, None, 0
    for name, x in numbers:
        element, count = x if K is QQ else K.element(x), count + 1
        if least is None or sign_in(K, element - least) < 0:
            key, number, least = name, x, element
    return key, number, 1 if least is None else sign_in(K, least), count


def _with_letters(network: ReLURNN, diagonal: Mapping[int, Any], minors: Iterable[tuple[str, Any]]) -> tuple[Truth, Truth, int]:
    """Return the polynomial inequalities in the parameters, and how many minors there are."""
    K = network.field
    expressions = {units: to_sympy(minor) if isinstance(minor, fmpq) else minor for units, minor in minors}
    found = unless_too_large(lambda: conditional(all_formulas(map(positive, expressions.values()))))
    positive_diagonal = conditional(all_formulas(positive(K.to_sympy(a)) for a in diagonal.values()))
    return positive_diagonal, because(found, {"minors": expressions}), len(expressions)
