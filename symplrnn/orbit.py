"""Exact orbits of a network, in integers over one common denominator.

The state after t steps is Z_t / Q_t with Z_t integer and Q_t = Q_0 q^t, so a step is a product of an integer matrix and an
integer vector: no fraction is ever reduced. For float networks q is a power of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from dataclasses import dataclass, field
from numbers import Integral
from typing import TYPE_CHECKING, Any, overload

import sympy as sp
from flint import fmpq_mat, fmpz, fmpz_mat

from symplrnn.errors import ShapeError, require_kind
from symplrnn.exact.numbers import column, rational_vector, to_sympy_matrix

if TYPE_CHECKING:
    from symplrnn.network import ReLURNN

__all__ = ["Orbit", "exact_orbit", "exact_states"]


@dataclass(frozen=True, eq=False)
class Orbit(Sequence[sp.ImmutableDenseMatrix]):
    """The states z_0, z_1, ... of an orbit, each an exact SymPy column that is built when it is asked for.

    Attributes
    ----------
    patterns : tuple of str
        The activation pattern of each state.
    """

    numerators: tuple[fmpz_mat, ...] = field(repr=False)
    denominators: tuple[fmpz, ...] = field(repr=False)
    patterns: tuple[str, ...] = field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:  # FLINT's matrices cannot be pickled
        return _orbit_of, (
            [[int(x) for x in Z.entries()] for Z in self.numerators],
            [*map(int, self.denominators)],
            self.patterns,
        )

    def __len__(self) -> int:
        return len(self.numerators)

    @overload
    def __getitem__(self, index: int) -> sp.ImmutableDenseMatrix: ...
    @overload
    def __getitem__(self, index: slice) -> list[sp.ImmutableDenseMatrix]: ...
    def __getitem__(self, index: int | slice) -> sp.ImmutableDenseMatrix | list[sp.ImmutableDenseMatrix]:
        if isinstance(index, slice):
            return [to_sympy_matrix(self.exact(t)) for t in range(*index.indices(len(self)))]
        return to_sympy_matrix(self.exact(index))

    def exact(self, t: int) -> fmpq_mat:
        """Return state t as a rational column (n, 1)."""
        return fmpq_mat(self.numerators[t]) / self.denominators[t]


def _orbit_of(columns: list[list[int]], denominators: list[int], patterns: tuple[str, ...]) -> Orbit:
    """Return an orbit from whole numbers."""
    numerators = tuple(fmpz_mat(len(entries), 1, entries) for entries in columns)
    return Orbit(numerators, tuple(map(fmpz, denominators)), patterns)


def exact_orbit(network: ReLURNN, z0: Any, steps: int, inputs: Sequence[Any] | None) -> Orbit:
    """Return the exact orbit of a network; see `ReLURNN.orbit`."""
    states, scales, patterns = zip(*exact_states(network, z0, steps, inputs), strict=True)
    return Orbit(states, scales, patterns)


def exact_states(network: ReLURNN, z0: Any, steps: int, inputs: Sequence[Any] | None) -> Iterator[tuple[fmpz_mat, fmpz, str]]:
    """Yield integers Z_t, Q_t with state z_t = Z_t / Q_t, and the pattern of z_t, for t = 0 ... steps.

    Nothing is kept: the numbers grow by the length of q with every step, so a long orbit is large as a whole.
    """
    if isinstance(steps, bool) or not isinstance(steps, Integral) or steps < 0:
        raise ShapeError(f"steps: expected a whole number that is not negative, got {steps!r}")
    steps = int(steps)  # of any whole kind, such as NumPy's
    network.require_rational("orbit")
    par = network.exact
    start = column(rational_vector(z0, "z0", network.n))
    drives = [par.h + par.C * s for s in _inputs(network, steps, inputs)] if inputs is not None else [par.h]
    (A, W, *held), q = _over_common_denominator([par.A, par.W, *drives])
    (V, b), r = _over_common_denominator([par.V, par.b])
    (Z,), Q = _over_common_denominator([start])
    for t in range(steps + 1):
        activation = (V * Z + b * Q).entries()  # times 1 / (r Q)
        yield Z, Q, "".join("1" if x > 0 else "0" for x in activation)
        if t < steps:
            rectified = fmpz_mat(network.p, 1, [max(x, fmpz(0)) for x in activation])
            Z = (A * Z) * r + W * rectified + held[t if inputs is not None else 0] * (Q * r)
            Q = Q * q * r


def _inputs(network: ReLURNN, steps: int, inputs: Sequence[Any]) -> list[fmpq_mat]:
    require_kind(inputs, Sized, "inputs", f"one input for each of {steps} steps")
    if len(inputs) < steps:
        raise ShapeError(f"inputs: expected one input for each of {steps} steps, got {len(inputs)}")
    return [column(rational_vector(s, f"inputs[{t}]", network.m)) for t, s in enumerate(inputs[:steps])]


def _over_common_denominator(matrices: list[fmpq_mat]) -> tuple[list[fmpz_mat], fmpz]:
    """Return integer matrices and one positive integer q such that each matrix is integer / q."""
    parts = [matrix.numer_denom() for matrix in matrices]
    q = fmpz(1)
    for _, denominator in parts:
        q = q.lcm(denominator)
    return [numerator * (q // denominator) for numerator, denominator in parts], q
