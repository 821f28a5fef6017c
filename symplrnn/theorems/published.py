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

from flint import fmpq, fmpq_mat

from symplrnn.conditions.formula import all_formulas, nonzero, zero
from symplrnn.conditions.truth import FALSE, MAX_STEPS, TRUE, UNKNOWN, conditional, truth_of, unless_too_large
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.eigenvalues.symbolic_spectrum import SymbolicSpectrum
from symplrnn.errors import TooLarge
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.work import within
from symplrnn.theorems.base import Theorem, Verdict, verdict
from symplrnn.theorems.conditions import AnySpectrum, Decided, no_unit_eigenvalue

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
)
MAX_STATES_WITH_LETTERS = 4


def check_published(spectrum: AnySpectrum) -> Verdict:
    """Return whether the published formula gives the right offset in the region of a spectrum.

    >>> from symplrnn.network.network import ReLURNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> net = ReLURNN([["3/4", "1/4"], ["1/4", "3/4"]], [[], []], ["3/10", 1], V=[])
    >>> [h.name for h in check_published(spectrum(net.region(""))).failed]
    ['offset_agrees']
    """
    if isinstance(spectrum, SymbolicSpectrum):
        return _with_letters(spectrum)
    principal = truth_of(spectrum.avoids_nonpositive)
    inverse, agrees = _decide(spectrum)
    if principal.is_false:
        agrees = FALSE, {"reason": "without a real principal logarithm the formula has no real value"}
    return verdict(
        PUBLISHED,
        spectrum.region.pattern,
        {"principal_logarithm": (principal, {}), "inverse_exists": inverse, "offset_agrees": agrees},
    )


def _decide(spectrum: Spectrum) -> tuple[Decided, Decided]:
    """Return whether the inverse exists and whether M v = v."""
    k = spectrum.unit_multiplicity
    if k == 0:  # then J = 0, I - M is invertible and v = 0
        return (TRUE, {"unit_eigenvalues": 0}), (TRUE, {"unit_eigenvalues": 0})
    M, c, n = spectrum.matrix, spectrum.region.affine.c, spectrum.matrix.nrows()
    J = fmpq_mat(n, n, [int(i == j and i < k) for i in range(n) for j in range(n)])
    inner = QQ.identity(n) - J - M
    determinant = inner.det()
    found = {"unit_eigenvalues": k, "determinant": determinant}
    if determinant == 0:
        return (FALSE, found), (FALSE, {"reason": "the inverse does not exist"})
    v = J * inner.solve(c)
    residual = M * v - v
    return (TRUE, found), (truth_of(residual == residual * fmpq(0)), {"residual": residual})


def _with_letters(spectrum: SymbolicSpectrum) -> Verdict:
    """Return the verdict as formulas: for each possible number k of unit eigenvalues, what the formula needs then."""
    principal: Decided = unless_too_large(lambda: conditional(spectrum.principal)), {}
    found: tuple[Decided, Decided, Decided]
    if no_unit_eigenvalue(spectrum)[0].is_true:
        found = principal, (TRUE, {"unit_eigenvalues": 0}), (TRUE, {"unit_eigenvalues": 0})
    elif spectrum.matrix.nrows() > MAX_STATES_WITH_LETTERS:
        reason = f"decided with letters up to {MAX_STATES_WITH_LETTERS} states only"
        found = principal, (UNKNOWN(reason), {}), (UNKNOWN(reason), {})
    else:
        try:
            with within(MAX_STEPS):
                found = principal, *_decide_with_letters(spectrum)
        except TooLarge as limit:
            found = principal, (UNKNOWN(str(limit)), {}), (UNKNOWN(str(limit)), {})
    names = ("principal_logarithm", "inverse_exists", "offset_agrees")
    return verdict(PUBLISHED, spectrum.region.pattern, dict(zip(names, found, strict=True)))


def _decide_with_letters(spectrum: SymbolicSpectrum) -> tuple[Decided, Decided]:
    K, M, c = spectrum.field, spectrum.matrix, spectrum.region.affine.c
    n, derivative, below = M.nrows(), spectrum.characteristic_polynomial, all_formulas([])
    exists, agrees = spectrum.no_unit, spectrum.no_unit
    for k in range(n + 1):
        value = K.to_sympy(derivative(K.element(1)))
        here, below, derivative = below & nonzero(value), below & zero(value), derivative.derivative()
        if k == 0 or here.is_false:
            continue
        J = K.fill(n, n, [K.element(int(i == j and i < k)) for i in range(n) for j in range(n)])
        inner = K.identity(n) - J - M
        determinant = K.to_sympy(K.determinant(inner))
        inverse = here & nonzero(determinant)
        exists = exists | inverse
        if not inverse.is_false:
            v = J * K.solve(inner, c)
            agrees = agrees | (inverse & all_formulas(zero(K.to_sympy(x)) for x in (M * v - v).entries()))
    return (conditional(exists), {}), (conditional(agrees), {})
