"""E4, uniqueness: how many real ODEs a region has - none, one, countably many or uncountably many.

The real logarithms of M are counted on one generalised eigenspace at a time: branches of the logarithm make them countable,
planes that can be chosen in a continuum of ways make them uncountable. What is counted is the whole right-hand side (X, y, Y).
That matters at the eigenvalue 1 alone: a logarithm dt X that rotates there has an eigenvalue 2 pi i k, k != 0, the integral of
exp(s X) over a step is singular, and the offset exists only if c and C have no part in the rotated planes. So a Jordan block that
c or C lengthens in M^ = [[M, c, C], [0, I]] cannot be rotated.

With letters each hypothesis is a formula in them (`symplrnn.eigenvalues.repeated_blocks`), and `cases_by_number` says where
there are how many.

Reference: W. J. Culver, Proc. AMS 17 (1966) 1146-1151, Theorem 2; proofs/uniqueness.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flint import fmpq, fmpq_poly

from symplrnn.conditions.formula import all_formulas
from symplrnn.conditions.truth import Truth, all_of, conditional, truth_of
from symplrnn.eigenvalues.repeated_blocks import all_real, complex_blocks_single, lengthened_blocks, positive_blocks_distinct
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.eigenvalues.symbolic_spectrum import SymbolicSpectrum
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.real_roots import count_real_roots, sign_variations_negative
from symplrnn.theorems.base import Theorem, Verdict, verdict
from symplrnn.theorems.conditions import AnySpectrum, Decided, decided, invertible, negative_blocks_paired, no_negative_eigenvalue

__all__ = ["E4", "cases_by_number", "check_e4", "how_many"]

E4 = Theorem(
    identifier="E4",
    name="uniqueness",
    statement=(
        "The region has exactly one real ODE if and only if the hypotheses hold. It has none if real_ode fails, countably many "
        "if no_complex_eigenvalue is the only hypothesis that fails, and uncountably many in every other case."
    ),
    hypotheses={
        "real_ode": "E3 holds: M is invertible and its negative eigenvalues have paired Jordan blocks",
        "no_complex_eigenvalue": "every eigenvalue of M is real",
        "complex_blocks_single": "no complex eigenvalue of M has two Jordan blocks",
        "no_negative_eigenvalue": "no eigenvalue of M is in (-inf, 0)",
        "positive_blocks_distinct": (
            "no positive eigenvalue of M has two Jordan blocks of one size; at the eigenvalue 1 those that c or C lengthens do "
            "not count"
        ),
    },
    reference="W. J. Culver, Proc. AMS 17 (1966) 1146-1151, Theorem 2; for the pair of matrix and offset proofs/uniqueness.md",
)
UNIT = fmpq_poly([-1, 1])


def check_e4(spectrum: AnySpectrum) -> Verdict:
    """Return whether the region of a spectrum has exactly one real ODE, with the reason if it has none or more.

    With letters, each hypothesis is a formula; it is unknown, with the reason, where equal eigenvalues are not compared.

    >>> from symplrnn.network.network import ReLURNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> def linear(M, c):
    ...     return spectrum(ReLURNN(M, [[] for _ in c], c, V=[]).region(""))
    >>> [how_many(check_e4(linear([[0, -1], [1, 0]], c))) for c in ([0, 0], [1, 0])]
    ['countable', 'countable']
    >>> [how_many(check_e4(linear([[1, 0], [0, 1]], c))) for c in ([0, 0], [1, 0])]
    ['uncountable', 'one']
    >>> [h.name for h in check_e4(linear([[0, -1], [1, 0]], [0, 0])).failed]
    ['no_complex_eigenvalue']
    """
    exists = _real_ode(spectrum)
    if isinstance(spectrum, SymbolicSpectrum):
        return _with_letters(spectrum, exists)
    facts = _block_facts(spectrum)
    pairs = sum(pairs for _, _, pairs, _ in facts)
    return verdict(
        E4,
        spectrum.region.pattern,
        {
            "real_ode": exists,
            "no_complex_eigenvalue": (truth_of(pairs == 0), {"complex_pairs": pairs}),
            "complex_blocks_single": _complex_blocks_single(facts),
            "no_negative_eigenvalue": no_negative_eigenvalue(spectrum),
            "positive_blocks_distinct": _positive_blocks_distinct(spectrum, facts),
        },
    )


def _with_letters(spectrum: SymbolicSpectrum, exists: Decided) -> Verdict:
    def real() -> Truth:
        return conditional(all_formulas(all_real(spectrum.field, f) for f, _ in spectrum.factors))

    def factors() -> Mapping[str, Any]:
        return {"factors": spectrum.factors_in_sympy}

    return verdict(
        E4,
        spectrum.region.pattern,
        {
            "real_ode": exists,
            "no_complex_eigenvalue": decided(real, factors),
            "complex_blocks_single": decided(lambda: complex_blocks_single(spectrum), factors),
            "no_negative_eigenvalue": no_negative_eigenvalue(spectrum),
            "positive_blocks_distinct": decided(lambda: positive_blocks_distinct(spectrum), factors),
        },
    )


CONTINUUM = ("complex_blocks_single", "no_negative_eigenvalue", "positive_blocks_distinct")


def how_many(found: Verdict) -> str | None:
    """Return how many real ODEs a verdict on E4 leaves: ``"none"``, ``"one"``, ``"countable"`` or ``"uncountable"``.

    None if that depends on letters (see `cases_by_number`), or is not known.
    """
    return next((number for number, where in cases_by_number(found).items() if where.is_true), None)


def cases_by_number(found: Verdict) -> Mapping[str, Truth]:
    """Return where there are no, one, countably many and uncountably many real ODEs; these exclude each other.

    >>> from symplrnn.network.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> net = PLRNN(["a"], [[0]], [0], parameters={"a": "real"})
    >>> cases_by_number(check_e4(spectrum(net.region("0"))))
    {'none': IF(a <= 0), 'one': IF(a > 0), 'countable': FALSE, 'uncountable': FALSE}
    """
    real_ode, real = found["real_ode"].truth, found["no_complex_eigenvalue"].truth
    discrete = all_of(found[name].truth for name in CONTINUUM)
    return {
        "none": ~real_ode,
        "one": found.truth,
        "countable": all_of([real_ode, discrete, ~real]),
        "uncountable": all_of([real_ode, ~discrete]),
    }


Facts = list[tuple[fmpq_poly, tuple[int, ...], int, bool]]


def _block_facts(spectrum: Spectrum) -> Facts:
    """Return polynomials with the block sizes of their roots, the number of their complex pairs, and whether a root is positive.

    If chi has no multiple root, that of the core will do: every eigenvalue has one block of size 1, and the others are real.
    """
    chi = spectrum.characteristic_polynomial
    if chi.gcd(chi.derivative()).degree() < 1:
        return [(chi, (1,), _complex_pairs(spectrum.core_polynomial), False)]
    return [(f, sizes, _complex_pairs(f), len(sizes) > 1 and _has_positive_root(f)) for f, sizes in spectrum.jordan_blocks]


def _complex_pairs(squarefree: fmpq_poly) -> int:
    return 0 if squarefree.degree() < 2 else (int(squarefree.degree()) - count_real_roots(squarefree)) // 2


def _has_positive_root(irreducible: fmpq_poly) -> bool:
    """Return whether a polynomial has a positive root: by Descartes' rule where it decides, else by Sturm."""
    reflected = irreducible(fmpq_poly([0, -1]))
    variations = sign_variations_negative(reflected)
    return variations % 2 == 1 or (variations > 0 and count_real_roots(irreducible, fmpq(0), None) > 0)


def _real_ode(spectrum: AnySpectrum) -> Decided:
    parts = {"invertible": invertible(spectrum)[0], "negative_blocks_paired": negative_blocks_paired(spectrum)[0]}
    return all_of(parts.values()), parts


def _named(f: fmpq_poly, sizes: Sequence[int]) -> dict[str, Any]:
    return {"minimal_polynomial": f, "jordan_blocks": tuple(sizes)}


def _complex_blocks_single(facts: Facts) -> Decided:
    several = tuple(_named(f, sizes) for f, sizes, pairs, _ in facts if pairs and len(sizes) > 1)
    return truth_of(not several), {"several_blocks": several} if several else {}


def _positive_blocks_distinct(spectrum: Spectrum, facts: Facts) -> Decided:
    repeated: list[dict[str, Any]] = []
    evidence: dict[str, Any] = {}
    for f, sizes, _, positive in facts:
        if not positive or len(set(sizes)) == len(sizes):
            continue
        free = sizes
        if f == UNIT:
            lengthened = lengthened_blocks(QQ, spectrum.region.affine, sizes)
            free = tuple((Counter(sizes) - Counter(lengthened)).elements())
            evidence["eigenvalue_1"] = {"jordan_blocks": sizes, "lengthened": lengthened}
        if len(set(free)) < len(free):
            repeated.append(_named(f, sizes))
    if repeated:
        evidence["repeated"] = tuple(repeated)
    return truth_of(not repeated), evidence
