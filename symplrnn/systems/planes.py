"""Rotation planes: pairs of equal Jordan chains of a real eigenvalue, in which a real ODE may turn more often.

For two chains of the same length of a real eigenvalue l of the augmented map M^, K with K a_i = b_i, K b_i = -a_i (see
`symplrnn.logarithm.half_turns`) is real, commutes with M^ and satisfies K^3 = -K. So exp(2 pi k K) = I for an integer k, and X^
+ (2 pi k/dt) K has the same time-dt map as X^. For a negative l the ODE makes half a turn already, for a positive one none. An
eigenvalue 1 has such a plane only if K maps into the states: the last rows of X^ are 0.

These planes are one choice out of a continuum (E4): other chains give others.

Reference: docs/theory, section 3, E3 and E4; proofs/uniqueness.md, Lemma 1 (b).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from flint import acb, acb_poly, arb, arb_mat

from symplrnn import views
from symplrnn.exact.balls import working_precision
from symplrnn.exact.cyclic import CyclicSubspace, cyclic_subspaces
from symplrnn.exact.root_matrix import RootMatrix, polynomial_value
from symplrnn.exact.roots import ball_coefficients, real_roots_over
from symplrnn.logarithm.expressions import real_root
from symplrnn.logarithm.half_turns import ChainPair, HalfTurn, multiplicity
from symplrnn.systems.region_ode import RegionODE

__all__ = ["RotationPlane", "rotation_planes"]


@dataclass(frozen=True, eq=False, repr=False)
class RotationPlane(views.Shown):
    """The planes that two Jordan chains of a real eigenvalue span, with the matrix K(l)/d(l) that turns them by a right angle.

    ``turn`` is the pair of chains; ``dt`` the time of a step.
    """

    turn: HalfTurn
    dt: sp.Rational

    @property
    def factor(self) -> Any:
        """The minimal polynomial of the eigenvalue over the network's field."""
        return self.turn.pair.term.factor

    @property
    def frequency(self) -> sp.Expr:
        """pi/dt for a negative eigenvalue, 0 for a positive one: how fast the ODE that `derive` gives turns in the planes."""
        return sp.pi / self.dt if self.turn.interval.upper < 0 else sp.Integer(0)

    @cached_property
    def numerator(self) -> RootMatrix:
        """d(l) K(l)."""
        first, *others = [block.matrix for block in self.turn.pair.blocks if block.turns and block.order == 0]
        total: RootMatrix = sum(others, first)
        return total

    @cached_property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """K as a SymPy matrix of size n + 1 + m."""
        root = real_root(self.turn)
        return self.numerator.sympy(root) / polynomial_value(self.turn.pair.field, self.turn.pair.divisor, root)

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains K, computed with this many bits."""
        root, pair = self.turn.root(bits), self.turn.pair
        with working_precision(bits):
            divisor: arb = acb_poly(ball_coefficients(pair.term.real, pair.divisor))(acb(root)).real
            return self.numerator.ball(root) * (1 / divisor)

    def keeps_last_rows(self, n: int) -> bool:
        """Return whether K has no entries below row n, so that X^ + K is the augmented matrix of an ODE, too."""
        size = self.turn.pair.matrix.nrows()
        return all(not self.numerator.entry(i, j) for i in range(n, size) for j in range(size))

    @property
    def verified(self) -> bool:
        """Whether K commutes with M^ and K^3 = -K, as identities in K[l]/f."""
        K, d, M = self.numerator, self.turn.pair.divisor, self.turn.pair.matrix
        commutes = all(M * part == part * M for part in K.coefficients)
        return commutes and (K * K * K + K.scaled(d).scaled(d)).is_zero


def rotation_planes(ode: RegionODE) -> tuple[RotationPlane, ...]:
    """Return rotation planes of a region's real ODE, with chains paired in order of length; none if it is not of that kind.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import ReLURNN
    >>> net = ReLURNN([[2, 0, 0], [0, 2, 0], [0, 0, 1]], [[]] * 3, [0] * 3, V=[])
    >>> [plane.matrix for plane in rotation_planes(derive(net, dt=1)[""])][:1]
    [Matrix([
    [0, -1, 0, 0],
    [1,  0, 0, 0],
    [0,  0, 0, 0],
    [0,  0, 0, 0]])]
    """
    if ode.kind != "real":
        return ()
    turns = [*ode.real_logarithm.turns, *_positive_turns(ode)]
    planes = [RotationPlane(turn, ode.dt) for turn in turns]
    return tuple(plane for plane in planes if plane.keeps_last_rows(ode.n))


def _positive_turns(ode: RegionODE) -> list[HalfTurn]:
    """Return the pairs of chains of equal length of positive eigenvalues."""
    M, found = ode.logarithm.matrix, list[HalfTurn]()
    K = ode.logarithm.field
    characteristic = K.characteristic_polynomial(M)
    for term in ode.logarithm.terms:
        times = multiplicity(characteristic, term.factor)
        if times < 2 or (term.degree > 2 and not term.real.is_rational):  # such roots have no names over Q(theta)
            continue
        real = list(enumerate(real_roots_over(term.real, term.factor)))
        positive = real[len(term.negative_roots) :]
        chains = cyclic_subspaces(K, M, term.factor, times, term.primary_projector) if positive else []
        pairs = [ChainPair(M, term, a, b, extra=0) for a, b in _equal_pairs(chains)]
        found += [HalfTurn(pair, index, interval, 0) for index, interval in positive for pair in pairs]
    return found


def _equal_pairs(chains: list[CyclicSubspace]) -> list[tuple[CyclicSubspace, CyclicSubspace]]:
    """Return disjoint pairs of chains of the same length."""
    waiting: dict[int, CyclicSubspace] = {}
    found = []
    for chain in chains:
        if chain.length in waiting:
            found.append((waiting.pop(chain.length), chain))
        else:
            waiting[chain.length] = chain
    return found
