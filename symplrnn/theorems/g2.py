"""G2, sufficient conditions for the whole network: certificates in polynomial time that A + W is a P-matrix.

Reference: docs/theory, section 4; proofs/global.md, section 3.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq_mat

from symplrnn import limits
from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, Truth, because
from symplrnn.theorems.base import Theorem

__all__ = ["G2", "p_matrix_truth"]

G2 = Theorem(
    identifier="G2",
    name="sufficient global conditions",
    statement=(
        "A matrix with positive diagonal is a P-matrix if it is strictly diagonally dominant after a positive scaling of its "
        "columns (an H-matrix), or if its symmetric part is positive definite."
    ),
    hypotheses={
        "dominant": "x > 0 with b_ii x_i > sum over j != i of |b_ij| x_j",
        "definite": "B + B^T is positive definite",
    },
    reference="M. Fiedler, V. Ptak, Czech. Math. J. 12 (1962) 382-400",
)


def p_matrix_truth(B: fmpq_mat) -> Truth:
    """Return whether a rational matrix is a P-matrix, with what proves it: first by G2, then by all principal minors.

    >>> p_matrix_truth(fmpq_mat(2, 2, [2, -1, 0, 1])).evidence["proof"]
    'strictly diagonally dominant'
    >>> found = p_matrix_truth(fmpq_mat(2, 2, [1, 3, 1, 1]))
    >>> found, found.evidence["units"]
    (FALSE, '11')
    """
    from symplrnn.exact.p_matrix import AllMinors, Definiteness, Dominance, FailingMinor, is_p_matrix  # NumPy: start-up time

    match is_p_matrix(B):
        case Dominance(x):
            if set(x) <= {1}:
                return because(TRUE, {"proof": "strictly diagonally dominant"})
            return because(TRUE, {"proof": "strictly diagonally dominant after scaling of the columns", "scaling": x})
        case Definiteness():
            return because(TRUE, {"proof": "symmetric part positive definite"})
        case AllMinors():
            return because(TRUE, {"proof": "all principal minors", "minors": 2 ** B.nrows() - 1})
        case FailingMinor(units, minor):
            evidence: dict[str, Any] = {"minor": minor, "units": "".join("1" if i in units else "0" for i in range(B.nrows()))}
            return because(FALSE, evidence)
    return UNKNOWN(
        f"no certificate was found, and all principal minors are looked at for up to {limits.P_MATRIX_UNITS} units with few of "
        "them near 0"
    )
