"""The conditions on a spectrum that the theorems share, each decided once, with its evidence.

For a network with letters each condition is a formula in the parameters (`symplrnn.eigenvalues.symbolic_spectrum`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symplrnn.conditions.truth import FALSE, TRUE, Truth, conditional, truth_of, unless_too_large
from symplrnn.eigenvalues.repeated_blocks import has_letters, signs_of_roots
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.eigenvalues.symbolic_spectrum import SymbolicSpectrum
from symplrnn.errors import TooLarge
from symplrnn.exact.jordan import block_sizes

__all__ = [
    "AnySpectrum",
    "Decided",
    "decided",
    "invertible",
    "negative_blocks_paired",
    "no_negative_eigenvalue",
    "no_unit_eigenvalue",
]

AnySpectrum = Spectrum | SymbolicSpectrum
Decided = tuple[Truth, Mapping[str, Any]]


def decided(truth: Callable[[], Truth], evidence: Callable[[], Mapping[str, Any]]) -> Decided:
    """Return a truth with its evidence; UNKNOWN, or without evidence, where it is too large to be written out with letters.

    >>> decided(lambda: TRUE, lambda: {"determinant": 1})
    (TRUE, {'determinant': 1})
    """
    found = unless_too_large(truth)
    try:
        return found, evidence()
    except TooLarge:
        return found, {}


def invertible(spectrum: AnySpectrum) -> Decided:
    """0 is no eigenvalue: det M != 0."""
    if isinstance(spectrum, SymbolicSpectrum):
        return decided(lambda: conditional(spectrum.invertible), lambda: {"determinant": spectrum.determinant})
    return truth_of(spectrum.is_invertible), {"determinant": spectrum.determinant}


def no_negative_eigenvalue(spectrum: AnySpectrum) -> Decided:
    """No eigenvalue in (-inf, 0): Descartes' rule, then Sturm's theorem on the factors; with letters, sign conditions."""
    if isinstance(spectrum, SymbolicSpectrum):
        return decided(lambda: conditional(spectrum.no_negative), lambda: {"factors": spectrum.factors_in_sympy})
    count, bound = spectrum.negative_count, spectrum.descartes_bound
    evidence: dict[str, Any] = {"descartes_bound": bound, "count": count}
    if count:
        evidence["eigenvalues"] = spectrum.negative_eigenvalues
    elif bound:
        evidence["characteristic_polynomial"] = spectrum.characteristic_polynomial
    return truth_of(count == 0), evidence


def no_unit_eigenvalue(spectrum: AnySpectrum) -> Decided:
    """1 is no eigenvalue: chi(1) != 0."""
    if isinstance(spectrum, SymbolicSpectrum):
        return decided(lambda: conditional(spectrum.no_unit), lambda: {"value_at_1": spectrum.value_at(1)})
    algebraic = spectrum.unit_multiplicity
    evidence: dict[str, Any] = {"value_at_1": spectrum.value_at_1, "algebraic_multiplicity": algebraic}
    if algebraic:
        evidence["geometric_multiplicity"] = spectrum.unit_geometric_multiplicity
    return truth_of(algebraic == 0), evidence


def negative_blocks_paired(spectrum: AnySpectrum) -> Decided:
    """For every negative eigenvalue and every size, the number of Jordan blocks of that size is even."""
    if isinstance(spectrum, SymbolicSpectrum):
        letters = has_letters(spectrum.field, spectrum.matrix)
        found = (lambda: spectrum.paired) if letters else (lambda: _paired_in_numbers(spectrum))
        return decided(found, lambda: {"factors": spectrum.factors_in_sympy})
    if spectrum.negative_count == 0:
        return truth_of(True), {"count": 0}
    negative = spectrum.negative_eigenvalues
    unpaired = tuple(e for e in negative if not e.is_paired)
    evidence: dict[str, Any] = {"count": spectrum.negative_count, "eigenvalues": negative}
    if unpaired:
        evidence["unpaired"] = unpaired
    return truth_of(not unpaired), evidence


def _paired_in_numbers(spectrum: SymbolicSpectrum) -> Truth:
    """Return the same for a matrix of numbers, where all roots of an irreducible factor have blocks of the same sizes."""
    for f, m in spectrum.factors:
        signs = signs_of_roots(spectrum.field, f)
        if signs is None or signs[0]:
            sizes = block_sizes(spectrum.field, spectrum.matrix, f, m)
            if any(sizes.count(size) % 2 for size in set(sizes)):
                return FALSE
    return TRUE
