"""Regions of a network: patterns, inequalities, faces, neighbours, enumeration, exact emptiness.

A pattern d is a string with unit 1 first and '1' for active. S_d = {z : (V z + b)_i > 0 if d_i = 1, <= 0 if d_i = 0}; the
nonempty S_d partition R^n. Where V has distinct rows of the identity and b = 0, or independent rows, every pattern has
states; otherwise the cells of the arrangement of the faces are found one by one (`symplrnn.exact.cells`), each with proof.

Reference: docs/theory, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import fmpq_mat

from symplrnn import limits, views
from symplrnn.errors import PatternError
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.real import RealField, real_field
from symplrnn.exact.reading.grammar import shorten
from symplrnn.network.affine import AffineMap

if TYPE_CHECKING:
    from symplrnn.network.network import ReLURNN

__all__ = ["Face", "Region"]


@dataclass(frozen=True, repr=False)
class Face(views.Shown):
    """The face (V z + b)_i = 0 between two regions that differ in unit i (counted from 1).

    >>> from symplrnn.network import PLRNN
    >>> [face.neighbour for face in PLRNN([1, "1/2"], [[0, 1], [0, 0]], [0, 3]).region("01").faces]
    ['11', '00']
    """

    unit: int
    pattern: str
    neighbour: str
    equation: sp.Eq


@dataclass(frozen=True, eq=False)
class Region(views.Shown):
    """One region of a network, with its affine map  z -> M z + c + C s,  M = A + W D V,  c = h + W D b.

    >>> from symplrnn.network import PLRNN
    >>> region = PLRNN([1, "1/2"], [[0, 1], [0, 0]], [0, 3]).region("01")
    >>> region.inequalities, region.offset.T
    ((z1 <= 0, z2 > 0), Matrix([[0, 3]]))
    """

    network: ReLURNN
    pattern: str

    def __repr__(self) -> str:
        return f"Region({self.pattern!r})"

    @cached_property
    def affine(self) -> AffineMap:
        """The affine map of the region, over the field of the network."""
        par, n, K = self.network.exact, self.network.n, self.network.field
        on = [i for i, d in enumerate(self.pattern) if d == "1"]
        states = self.network.rectified_states
        if states is not None and K is not QQ:  # the active columns of W stand in those of the states: no products
            of_unit = {states[k]: k for k in on}
            A, W = par.A.tolist(), par.W.tolist()
            M = [A[i][j] + W[i][of_unit[j]] if j in of_unit else A[i][j] for i in range(n) for j in range(n)]
            return AffineMap(K.fill(n, n, M), par.h, par.C, K)
        active = K.fill(n, len(on), [par.W[i, k] for i in range(n) for k in on])
        V = K.fill(len(on), n, [par.V[k, j] for k in on for j in range(n)])
        b = K.fill(len(on), 1, [par.b[k, 0] for k in on])
        return AffineMap(par.A + active * V, par.h + active * b, par.C, K)

    @property
    def has_rational_matrix(self) -> bool:
        """Whether M is rational: A, and W and V of the active units."""
        A, _, _, left_out = self.network.rational_linear_part
        return A is not None and not (left_out and any(self.pattern[k] == "1" for k in left_out))

    @cached_property
    def rational_matrix(self) -> fmpq_mat | None:
        """M = A + W D V in rationals; None if A, or W or V of an active unit, hold letters or irrational numbers.

        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN([1, 2], [[0, "w"], [1, 0]], ["h", 0], parameters=["w", "h"])
        >>> net.region("10").rational_matrix, net.region("01").rational_matrix
        ([1, 0]
        [1, 2], None)
        """
        A, W, V, _ = self.network.rational_linear_part
        if A is None or not self.has_rational_matrix:
            return None
        n, on = self.network.n, [k for k, d in enumerate(self.pattern) if d == "1"]
        states = self.network.rectified_states
        if self.network.rational_columns is not None and states is not None:  # no products
            columns, of_active = list(self.network.rational_columns[0]), self.network.rational_columns[1]
            for k in on:
                columns[states[k]] = of_active[states[k]]
            return fmpq_mat(n, n, [x for column in columns for x in column]).transpose()
        active = fmpq_mat(n, len(on), [W[i, k] for i in range(n) for k in on])
        return A + active * fmpq_mat(len(on), n, [V[k, j] for k in on for j in range(n)])

    @property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """M = A + W D V as a SymPy matrix (n, n)."""
        return self.affine.matrix

    @property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """c = h + W D b as a SymPy column (n, 1)."""
        return self.affine.offset

    @property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """C as a SymPy matrix (n, m)."""
        return self.affine.input_matrix

    @cached_property
    def inequalities(self) -> tuple[sp.Rel, ...]:
        """One SymPy relation a unit, in the symbols z1 ... zn; a relation without symbols is sp.true or sp.false."""
        return tuple(
            left > 0 if active == "1" else left <= 0 for left, active in zip(activations(self.network), self.pattern, strict=True)
        )

    def contains(self, z: Any) -> bool:
        """Return whether a state lies in the region, exactly."""
        return pattern_of_state(self.network, z) == self.pattern

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """The faces to nonempty regions that differ in one unit, by unit."""
        found = []
        for i, left in enumerate(activations(self.network)):
            flipped = self.pattern[:i] + ("0" if self.pattern[i] == "1" else "1") + self.pattern[i + 1 :]
            if not is_empty(self.network, flipped):
                found.append(Face(i + 1, self.pattern, flipped, sp.Eq(left, 0)))
        return tuple(found)

    @property
    def neighbours(self) -> tuple[Region, ...]:
        """The nonempty regions that differ in one unit."""
        return tuple(Region(self.network, face.neighbour) for face in self.faces)


def state_symbols(n: int) -> tuple[sp.Symbol, ...]:
    """Return the real symbols z1 ... zn."""
    return tuple(sp.Symbol(f"z{i}", real=True) for i in range(1, n + 1))


def activations(network: ReLURNN) -> list[sp.Expr]:
    """Return (V z + b)_i for each unit, as SymPy expressions in z1 ... zn."""
    z = state_symbols(network.n)
    return [sp.Add(*(v * x for v, x in zip(network.V.row(i), z, strict=True)), network.b[i]) for i in range(network.p)]


def is_nonempty_pattern(network: ReLURNN, pattern: str) -> bool:
    """Return whether a text is a pattern of the network that some state has."""
    return len(pattern) == network.p and not set(pattern) - {"0", "1"} and not is_empty(network, pattern)


def region_of_pattern(network: ReLURNN, pattern: str) -> Region:
    """Return the region of a pattern; see `ReLURNN.region`."""
    if not isinstance(pattern, str) or len(pattern) != network.p or set(pattern) - {"0", "1"}:
        raise PatternError(
            f"pattern: {shorten(str(pattern))} is not a pattern of this network; "
            f"accepted are {network.p} letters 0 or 1, one a ReLU unit, unit 1 first"
        )
    if is_empty(network, pattern):
        raise PatternError(f"pattern: {pattern!r} is empty: no state activates exactly these units")
    return Region(network, pattern)


def pattern_of_state(network: ReLURNN, z: Any) -> str:
    """Return the pattern of a state, exactly."""
    network.require_numbers("region_of")
    par, real = network.exact, real_field(network.field)
    state = network.field.fill(network.n, 1, real.vector(z, "z", network.n))
    return "".join("1" if real.sign_of(x) > 0 else "0" for x in (par.V * state + par.b).entries())


def region_of_state(network: ReLURNN, z: Any) -> Region:
    """Return the region of a state; see `ReLURNN.region_of`."""
    return Region(network, pattern_of_state(network, z))


def every_pattern_has_states(network: ReLURNN) -> bool:
    """Return whether no pattern is empty because V has independent rows (so that V z + b takes every value)."""
    if network.rectified_states is not None:
        return True
    if network.faces is None and network.field.parameters:
        return False
    V, _, real = inequalities(network)
    return real.field.rank(V) == network.p


def inequalities(network: ReLURNN) -> tuple[Any, Any, RealField]:
    """Return V and b, and the field that they are over: Q if they are rational."""
    if network.faces is not None:
        return *network.faces, real_field(QQ)
    return network.exact.V, network.exact.b, real_field(network.field)


def is_empty(network: ReLURNN, pattern: str) -> bool:
    """Return whether no state has the pattern, or for a shorter string, whether none has it on the first units.

    Where V or b hold letters no pattern is called empty: each has states for some values of the parameters, or may have.
    """
    if network.arrangement is None or every_pattern_has_states(network):
        return False
    return network.arrangement.is_empty(pattern)


def nonempty_regions(network: ReLURNN) -> Iterator[Region]:
    """Yield the nonempty regions, in the order of their patterns; with letters in V or b one for each pattern."""
    if network.arrangement is None or every_pattern_has_states(network):
        return (Region(network, "".join(digits)) for digits in product("01", repeat=network.p))
    return (Region(network, pattern) for pattern in network.arrangement.patterns())


def most_regions(network: ReLURNN) -> int:
    """Return how many nonempty regions there are at most: 2^p, or as many cells as p faces cut a space into."""
    if network.arrangement is None or every_pattern_has_states(network):
        return int(2**network.p)
    return network.arrangement.most_cells


def too_many_regions(network: ReLURNN, accepted: int = limits.REGIONS_FOR_ALL) -> PatternError:
    """Return what is said of a network whose regions are too many to be visited one by one."""
    most = most_regions(network)
    number = f"2^{network.p}" if most == 2**network.p else f"2^{(most - 1).bit_length()}" if most > 10**9 else str(most)
    return PatternError(
        f"regions: a network of {network.p} units has up to {number} regions, too many to visit one by one; "
        f'accepted are "all" up to {accepted} regions, "visited" with a start state, or a list of patterns'
    )
