"""E4, uniqueness: how many real ODEs a region has - none, one, countably many or uncountably many.

The real logarithms of M are counted on one generalised eigenspace at a time: branches of the logarithm make them countable,
planes that can be chosen in a continuum of ways make them uncountable. What is counted is the whole right-hand side (X, y, Y).
That matters at the eigenvalue 1 alone: a logarithm dt X that rotates there has an eigenvalue 2 pi i k, k != 0, the integral of
exp(s X) over a step is singular, and the offset exists only if c and C have no part in the rotated planes. So a Jordan block that
c or C lengthens in M^ = [[M, c, C], [0, I]] cannot be rotated.

With letters each hypothesis is a formula in them, and `cases_by_number` says where there are how many.

Reference: W. J. Culver, Proc. AMS 17 (1966) 1146-1151, Theorem 2; proofs/uniqueness.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from symplrnn.conditions.truth import Truth, all_of, because
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.theorems.base import Theorem, Verdict, region_check, verdict

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
    with_letters="when read",
    by_counts=True,
)


@region_check(E4)
def check_e4(spectrum: Spectrum) -> Verdict:
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
    parts = {"invertible": spectrum.invertible, "negative_blocks_paired": spectrum.paired}
    return verdict(
        E4,
        spectrum.region.pattern,
        {
            "real_ode": because(all_of(parts.values()), parts),
            "no_complex_eigenvalue": spectrum.no_complex,
            "complex_blocks_single": spectrum.complex_blocks_single,
            "no_negative_eigenvalue": spectrum.no_negative,
            "positive_blocks_distinct": spectrum.positive_blocks_distinct,
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

    >>> from symplrnn.network import PLRNN
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
