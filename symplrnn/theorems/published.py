"""Is the published block formula for the offset right in a region? Decided exactly.

The formula of the 2020 paper's code takes, with k unit eigenvalues, J = I_k + 0_{n-k} (direct sum) and

    y = -(1/dt) (J + log M) u,    u = (I - J - M)^{-1} c.

Ours is y = phi(M) c / dt with c = (I - J - M) u. Since phi(M)(M - I) = log M, the difference of the two, times dt, is

    phi(M) (I - J - M) u + (J + log M) u = (I - phi(M)) J u,

so the formula is right iff (phi(M) - I) v = 0 for the rational vector v = J u. For an algebraic number x != 1 off
(-inf, 0], phi(x) != 1, because log x = x - 1 would make exp(x - 1) algebraic (Lindemann); and phi(x) - 1 has a simple zero at
x = 1. Hence ker(phi(M) - I) = ker(M - I), and the formula is right iff M v = v: a rational identity.
"""

from __future__ import annotations

from typing import Any

from symplrnn import limits
from symplrnn.conditions.formula import ALWAYS, NEVER, all_formulas, nonzero, zero
from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, Truth, because, conditional
from symplrnn.eigenvalues.base import as_number
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.errors import TooLarge
from symplrnn.exact.fields.work import within
from symplrnn.theorems.base import Theorem, Verdict, region_check, verdict

__all__ = ["PUBLISHED", "check_published"]

PUBLISHED = Theorem(
    identifier="published formula",
    name="offset by the published block formula",
    statement="The published block formula gives the offset of the region ODE.",
    hypotheses={
        "principal_logarithm": "the principal logarithm of M is real (E2)",
        "inverse_exists": "I - J - M is invertible, with J = I_k + 0_{n-k} for k unit eigenvalues",
        "offset_agrees": "M v = v for v = J (I - J - M)^{-1} c",
    },
    reference="Z. Monfared, D. Durstewitz, ICML 2020, published code; the criterion is this package's (proofs, section 4)",
    with_letters="on request",
    by_counts=True,
)


@region_check(PUBLISHED)
def check_published(spectrum: Spectrum) -> Verdict:
    """Return whether the published formula gives the right offset in the region of a spectrum.

    >>> from symplrnn.network.network import ReLURNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> net = ReLURNN([["3/4", "1/4"], ["1/4", "3/4"]], [[], []], ["3/10", 1], V=[])
    >>> [h.name for h in check_published(spectrum(net.region(""))).failed]
    ['offset_agrees']
    """
    try:
        with within(limits.CONDITION_STEPS):
            inverse, agrees = _decide(spectrum)
    except TooLarge as limit:
        inverse = agrees = UNKNOWN(str(limit))
    if spectrum.principal.is_false:
        agrees = because(FALSE, {"reason": "without a real principal logarithm the formula has no real value"})
    return verdict(
        PUBLISHED,
        spectrum.region.pattern,
        {"principal_logarithm": spectrum.principal, "inverse_exists": inverse, "offset_agrees": agrees},
    )


def _decide(spectrum: Spectrum) -> tuple[Truth, Truth]:
    """Return whether the inverse exists and whether M v = v, for each possible number k of unit eigenvalues."""
    exists = agrees = NEVER
    evidence: dict[str, Any] = {}
    reason: dict[str, Any] = {}
    possible = spectrum.unit_multiplicities
    if possible == [(0, ALWAYS)]:
        return because(TRUE, {"unit_eigenvalues": 0}), because(TRUE, {"unit_eigenvalues": 0})
    for k, here in possible:
        evidence = {"unit_eigenvalues": k}
        if k == 0:  # then J = 0, I - M is invertible and v = 0
            exists = agrees = here
            reason = evidence
            continue
        affine = spectrum.region.affine
        K, M, n = affine.field, affine.M, affine.n
        J = K.fill(n, n, [K.element(int(i == j and i < k)) for i in range(n) for j in range(n)])
        inner = K.identity(n) - J - M
        determinant = K.determinant(inner)
        evidence["determinant"] = as_number(K, determinant)
        reason = {"reason": "the inverse does not exist"}
        inverse = here & nonzero(K.to_sympy(determinant))
        exists = exists | inverse
        if not inverse.is_false:
            v = J * K.solve(inner, affine.c)
            residual = M * v - v
            reason = {"residual": tuple((as_number(K, x),) for x in residual.entries())}
            agrees = agrees | (inverse & all_formulas(zero(K.to_sympy(x)) for x in residual.entries()))
    if not possible[-1][1].is_true:  # there are several, with as many determinants
        evidence = reason = {}
    return because(conditional(exists), evidence), because(conditional(agrees), reason)
