"""C1, continuous fields: when the ODE with state switching is itself continuous.

Reference: docs/theory, section 7; proofs/continuity.md.
"""

from __future__ import annotations

from typing import Any

from symplrnn.conditions.formula import all_formulas, any_formulas, zero
from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, Truth, because, conditional
from symplrnn.network.network import ReLURNN
from symplrnn.theorems.base import Theorem, Verdict, verdict

__all__ = ["C1", "check_c1"]

C1 = Theorem(
    identifier="C1",
    name="continuous field",
    statement=(
        "Let a PLRNN have A > 0 diagonal and the principal ODE in every region (G1). Its field with state switching is "
        "continuous everywhere iff no unit that matters is driven by another, and h and C are 0 in the rows of all units that "
        "matter. Unit k drives unit i if W_ik is not 0; unit i matters if column i of W is not 0."
    ),
    hypotheses={
        "principal_everywhere": "A > 0 is diagonal, V = I, b = 0, and A + W is a P-matrix",
        "undriven": "no unit that matters is driven by another unit",
        "no_offset": "h_i and row i of C are 0 for every unit i that matters",
    },
    reference="proofs/continuity.md; docs/theory, section 7",
)


def check_c1(network: ReLURNN, everywhere: Truth) -> Verdict:
    """Return whether the field is continuous by C1, given whether G1 holds; with letters as equations in them.

    >>> from symplrnn.network import PLRNN
    >>> check_c1(PLRNN(["1/2", "1/3"], [[0, 0], [2, 0]], [0, 1]), TRUE).truth
    TRUE
    >>> found = check_c1(PLRNN(["1/2", "1/3"], [[0, 1], [2, 0]], [0, 1]), TRUE)
    >>> found.truth, found["undriven"].evidence
    (FALSE, {'driven': '1', 'by': '2'})
    """
    if not network.is_plrnn:
        unknown = UNKNOWN("the network is no PLRNN with diagonal A")
        return verdict(C1, "", {"principal_everywhere": unknown, "undriven": unknown, "no_offset": unknown})
    decide = _with_letters if network.field.parameters else _in_numbers
    undriven, no_offset = decide(network)
    return verdict(C1, "", {"principal_everywhere": everywhere, "undriven": undriven, "no_offset": no_offset})


def _in_numbers(network: ReLURNN) -> tuple[Truth, Truth]:
    par, n, K = network.exact, network.n, network.field
    matters = [i for i in range(n) if any(not K.is_zero(par.W[j, i]) for j in range(n))]
    driven = [(i, k) for i in matters for k in range(n) if k != i and not K.is_zero(par.W[i, k])]
    given = [i for i in matters if not (K.is_zero(par.h[i, 0]) and all(K.is_zero(par.C[i, j]) for j in range(network.m)))]
    undriven = because(FALSE, {"driven": str(driven[0][0] + 1), "by": str(driven[0][1] + 1)}) if driven else TRUE
    return undriven, because(FALSE, {"unit": str(given[0] + 1)}) if given else TRUE


def _with_letters(network: ReLURNN) -> tuple[Truth, Truth]:
    n, W = network.n, network.W
    undriven: list[Any] = []
    no_offset: list[Any] = []
    for i in range(n):
        idle = all_formulas(zero(W[j, i]) for j in range(n))
        undriven.append(any_formulas([idle, all_formulas(zero(W[i, k]) for k in range(n) if k != i)]))
        given = [network.h[i], *network.C.row(i)]
        no_offset.append(any_formulas([idle, all_formulas(map(zero, given))]))
    return conditional(all_formulas(undriven)), conditional(all_formulas(no_offset))
