"""Exact checks of closed forms, by identities that need no logarithm: spectral projectors, Jordan chains, half turns.

Reference: docs/theory, section 5, "Certificate of (3)", and E5; proofs/lift.md, proofs/uniqueness.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from symplrnn.exact.root_matrix import RootMatrix
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.half_turns import ChainPair, HalfTurn, multiplicity

__all__ = ["half_turns_verified", "logarithm_verified", "projectors_verified"]


def logarithm_verified(log: Logarithm) -> bool:
    """Return whether exp(log M) = M follows from identities in rational arithmetic, for the closed form of log M.

    They are those of `projectors_verified` for all terms, and with M = S (I + U) and the rational part R of the closed form

        sum_l E(l) = I,    U^n = 0,    R^n = 0,    sum_(k<n) R^k/k! = I + U.

    So S = sum l E(l), which commutes with M, hence with U, and R = log(I + U), since a matrix has one nilpotent logarithm at
    most. How R was found does not matter.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> logarithm_verified(logarithm(QQ, QQ.matrix([[2, 1], [0, 2]])))
    True
    """
    one = log.field.identity(log.matrix.nrows())
    whole = sum((term.primary_projector for term in log.terms), one - one)
    return whole == one and _unipotent_part_verified(log) and projectors_verified(log, log.terms)


def _unipotent_part_verified(log: Logarithm) -> bool:
    M, n = log.matrix, log.matrix.nrows()
    one, zero = log.field.identity(n), M - M
    U = log.unipotent_powers[0] if log.unipotent_powers else zero
    powers = [one, *log.unipotent_powers, zero]
    if any(power * U != following for power, following in pairwise(powers)):
        return False
    series = term = one
    for k in range(1, n + 1):
        term = term * log.rational_part * (log.field.element(1) / log.field.element(k))
        series = series + term
    return bool(term == zero and series == one + U)


def projectors_verified(log: Logarithm, terms: Sequence[SpectralTerm], vanishes: Callable[[Any], bool] | None = None) -> bool:
    """Return whether the projectors of some terms of log M satisfy the identities that aliases rest on, in rational arithmetic.

    With H(x) = sum_m x^m H_m, d and f of a term, and M = S (I + U):

        H_m M = M H_m,   H_m S = S H_m,   S H(x) = x H(x) mod f,   H(x)^2 = d(x) H(x) mod f.

    Then E(l) = H(l)/d(l) are idempotents with S E(l) = l E(l) that commute with S, so they are mutually orthogonal, and they
    commute with every function of M. So exp(2 pi i sum k(l) E(l)) = I for integers k(l), and it commutes with log M.
    ``vanishes`` says which elements of K are 0, if they may be so for other reasons than that they are 0 in K.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.closed_form import logarithm
    >>> log = logarithm(QQ, QQ.matrix([[0, -1], [1, 0]]))
    >>> projectors_verified(log, log.terms)
    True
    """
    M, K = log.matrix, log.field
    one = K.identity(M.nrows())
    S = M * K.inverse(one + log.unipotent_powers[0]) if log.unipotent_powers else M
    return all(_term_verified(term, M, S, vanishes or K.is_zero) for term in terms)


def _term_verified(term: SpectralTerm, M: Any, S: Any, vanishes: Callable[[Any], bool]) -> bool:
    K, H, f, d, n = term.field, term.matrices, term.factor, term.degree, M.nrows()
    differences = [h * A - A * h for h in H for A in (M, S)]
    differences += [S * H[m] - ((H[m - 1] if m else H[0] - H[0]) - H[d - 1] * f[m]) for m in range(d)]
    if not all(vanishes(x) for difference in differences for x in difference.entries()):
        return False
    products = [
        sum((H[i] * H[m - i] for i in range(max(0, m - d + 1), min(m, d - 1) + 1)), H[0] - H[0]) for m in range(2 * d - 1)
    ]
    squares = (
        K.remainder(K.polynomial([p[i, j] for p in products]) - term.denominator * term.entry(i, j), f)
        for i in range(n)
        for j in range(n)
    )
    return all(vanishes(square[k]) for square in squares for k in range(d))


def half_turns_verified(turns: Sequence[HalfTurn]) -> bool:
    """Return whether the half turns of a matrix F do what they are for, in rational arithmetic.

    For each factor f with negative roots l, in Q[l]/f: with the columns a_i and rows c_i of all its chains, i = 0 ... m - 1,

        F a_i = l a_i + a_(i+1),    c_i F = l c_i + c_(i-1),    c_i a_i = d(l), all other c_i a_j = 0,

    and the chains are as many as the multiplicity of f says. So a_i c_i/d(l) add up to the projector of l, K = sum b_i c_i -
    a_i c'_i over pairs commutes with F, or with the lifted F^, and K^2 = -I there. Hence exp(pi K) = -I, and after a whole
    step, where sin(pi) = 0, nothing is left in the extra coordinates.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> from symplrnn.logarithm.real_logarithm import real_logarithm
    >>> half_turns_verified(real_logarithm(QQ, QQ.matrix([[-2, 1], [0, -2]])).turns)
    True
    """
    terms = {id(turn.pair.term): turn.pair.term for turn in turns}
    return all(_chains_verified([t.pair for t in turns if t.pair.term is term and t.index == 0]) for term in terms.values())


def _chains_verified(pairs: Sequence[ChainPair]) -> bool:
    """Check the chains of one factor, those of all its pairs together."""
    F, term, K, D = pairs[0].matrix, pairs[0].term, pairs[0].field, pairs[0].divisor
    x = K.polynomial([K.element(0), K.element(1)])
    divisor = RootMatrix.of(K, term.factor, [K.matrix([[D[k]]]) for k in range(D.degree() + 1)])
    chains = [chain for pair in pairs for chain in pair.chains]
    if sum(len(columns) for columns, _ in chains) != multiplicity(K.characteristic_polynomial(F), term.factor):
        return False
    for columns, rows in chains:
        for i, (column, row) in enumerate(zip(columns, rows, strict=True)):
            rest = column.applied(F) - column.scaled(x)
            left = row.followed_by(F) - row.scaled(x)
            if not (rest - columns[i + 1] if i + 1 < len(columns) else rest).is_zero:
                return False
            if not (left - rows[i - 1] if i else left).is_zero:
                return False
    numbered = [(c, r) for columns, rows in chains for c, r in zip(columns, rows, strict=True)]
    return all(
        (row * column - divisor if i == j else row * column).is_zero
        for i, (column, _) in enumerate(numbered)
        for j, (_, row) in enumerate(numbered)
    )
