"""Exact orbits of a network, in integers over one common denominator.

The state after t steps is Z_t / Q_t with Z_t integer and Q_t = Q_0 q^t, so a step is a product of an integer matrix and an
integer vector: no fraction is ever reduced. For float networks q is a power of two. With irrational entries Z_t / Q_t holds the d
coordinates of each state over Q (`symplrnn.exact.fields.real`), and the signs of activations are those of the real numbers. With
exponentials Z_t holds the states themselves, in lowest terms, and Q_t is 1. They are rational functions whose degree grows with
every step, so that patterns alone come from balls, and states are only computed where a ball does not tell a sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from dataclasses import dataclass, field
from numbers import Integral
from typing import TYPE_CHECKING, Any, overload

import sympy as sp
from flint import arb, arb_mat, fmpq_mat, fmpz

from symplrnn import views
from symplrnn.errors import ShapeError, require_kind
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.real import RealField, combination, real_field
from symplrnn.exact.reading.entries import in_sympy
from symplrnn.progress import counted

if TYPE_CHECKING:
    from symplrnn.network.network import ReLURNN

__all__ = ["Orbit", "exact_orbit", "exact_states", "number_of_steps", "orbit_patterns", "start_state"]

FIRST_BITS = 256
DOUBTFUL_BITS = 1024  # of balls that leave a sign open before the state is computed


@dataclass(frozen=True, eq=False, repr=False)
class Orbit(Sequence[sp.ImmutableDenseMatrix], views.Shown):
    """The states z_0, z_1, ... of an orbit, each an exact SymPy column that is built when it is asked for.

    Attributes
    ----------
    patterns : tuple of str
        The activation pattern of each state.
    real : RealField
        The field of the states.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> orbit = PLRNN(["1/2"], [["-1/4"]], [1]).orbit([-1], 2)
    >>> len(orbit), orbit[2], orbit.patterns
    (3, Matrix([[9/8]]), ('0', '1', '1'))
    """

    numerators: tuple[Any, ...] = field(repr=False)
    denominators: tuple[fmpz, ...] = field(repr=False)
    patterns: tuple[str, ...] = field(repr=False)
    real: RealField = field(repr=False)

    @property
    def basis(self) -> tuple[sp.Expr, ...]:
        """The real numbers w_1 ... w_d whose combinations the states are: 1 if all entries of the network are rational."""
        return self.real.basis

    def __repr__(self) -> str:
        n, visited = self.numerators[0].nrows() // len(self.basis), len(set(self.patterns))
        return f"<Orbit of {len(self) - 1} steps: {len(self)} states of size {n}, regions visited: {visited}>"

    def __len__(self) -> int:
        return len(self.numerators)

    @overload
    def __getitem__(self, index: int) -> sp.ImmutableDenseMatrix: ...
    @overload
    def __getitem__(self, index: slice) -> list[sp.ImmutableDenseMatrix]: ...
    def __getitem__(self, index: int | slice) -> sp.ImmutableDenseMatrix | list[sp.ImmutableDenseMatrix]:
        if isinstance(index, slice):
            return [self._state(t) for t in range(*index.indices(len(self)))]
        return self._state(index)

    def _state(self, t: int) -> sp.ImmutableDenseMatrix:
        if self.real.has_exponential:
            return in_sympy(self.real.field, self.exact(t))
        return sp.ImmutableDenseMatrix([combination(row, self.basis) for row in self.exact(t).tolist()])

    def exact(self, t: int) -> Any:
        """Return state t as a rational column (n, 1); with irrational entries as its coordinates (n, d), one row a state."""
        Z, d = self.numerators[t], len(self.basis)
        if self.real.has_exponential:
            return Z
        return fmpq_mat(Z.nrows() // d, d, Z.entries()) / self.denominators[t]


def exact_orbit(network: ReLURNN, z0: Any, steps: Any, inputs: Sequence[Any] | None) -> Orbit:
    """Return the exact orbit of a network; see `ReLURNN.orbit`."""
    states, scales, patterns = zip(*exact_states(network, z0, steps, inputs), strict=True)
    return Orbit(states, scales, patterns, real_field(network.field))


def exact_states(network: ReLURNN, z0: Any, steps: Any, inputs: Sequence[Any] | None) -> Iterator[tuple[Any, fmpz, str]]:
    """Yield Z_t, Q_t with the coordinates Z_t / Q_t of state z_t, without denominators, and its pattern, for t = 0 ... steps.

    Nothing is kept: the numbers grow by the length of q with every step, so a long orbit is large as a whole.
    """
    steps, start, drives = _given(network, z0, steps, inputs)
    par, real = network.exact, real_field(network.field)
    d = real.degree
    (A, W, *held), q = real.over_common_denominator([*map(real.regular, (par.A, par.W)), *map(real.column, drives)])
    (V, b), r = real.over_common_denominator([real.regular(par.V), real.column(par.b)])
    (Z,), Q = real.over_common_denominator([real.column(start)])
    for t in counted(range(steps + 1), "steps", steps + 1):
        activation = V * Z + b * Q  # times 1 / (r Q)
        active = [sign > 0 for sign in real.signs(activation)]
        yield Z, Q, "".join("1" if on else "0" for on in active)
        if t < steps:
            rectified = real.whole([x if active[i // d] else 0 for i, x in enumerate(activation.entries())])
            Z = (A * Z) * r + W * rectified + held[t if inputs is not None else 0] * (Q * r)
            Q = Q * q * r


def orbit_patterns(network: ReLURNN, z0: Any, steps: Any, inputs: Sequence[Any] | None) -> Iterator[str]:
    """Yield the patterns of the states z_0 ... z_steps.

    >>> from symplrnn.network import PLRNN
    >>> list(orbit_patterns(PLRNN(["exp(-1/2)"], [["-2"]], [1]), [1], 4, None))
    ['1', '0', '1', '0', '1']
    """
    if real_field(network.field).has_exponential:
        yield from _patterns_in_balls(network, *_given(network, z0, steps, inputs))
    else:
        yield from (pattern for _, _, pattern in exact_states(network, z0, steps, inputs))


def _patterns_in_balls(network: ReLURNN, steps: int, state: Any, drives: list[Any]) -> Iterator[str]:
    """Yield the patterns by balls, again with more bits where they do not tell a sign, and then from the exact state there."""
    par, real, zero = network.exact, real_field(network.field), network.field.element(0)
    bits, first, done = FIRST_BITS, 0, 0  # the state is that of step ``first``; the patterns of ``done`` steps are known
    while done <= steps:
        with working_precision(bits):
            found = _certain_patterns(network, state, drives, first, steps)
        yield from found[done - first :]
        done = max(done, first + len(found))
        if done > steps or (found and bits < DOUBTFUL_BITS):
            bits *= 2
            continue
        while True:  # exactly, up to the first step whose pattern is not known
            known, activation = first < done, par.V * state + par.b
            pattern = found[first - done] if known else "".join("1" if sign > 0 else "0" for sign in real.signs(activation))
            rectified = [x if active == "1" else zero for x, active in zip(activation.entries(), pattern, strict=True)]
            state = par.A * state + par.W * network.field.fill(network.p, 1, rectified) + drives[min(first, len(drives) - 1)]
            first += 1
            if not known:
                break
        yield pattern
        bits, done = FIRST_BITS, first


def _certain_patterns(network: ReLURNN, state: Any, drives: list[Any], first: int, steps: int) -> list[str]:
    """Return the patterns from an exact state on up to the first one that balls at the working precision do not tell."""
    par, balls = network.exact, real_field(network.field).balls
    A, W, V, b, z = map(balls, (par.A, par.W, par.V, par.b, state))
    held = [balls(drive) for drive in drives]
    found: list[str] = []
    for t in range(first, steps + 1):
        activation = (V * z + b).entries()
        if any(x.contains(arb(0)) and not x.is_zero() for x in activation):
            break
        found.append("".join("1" if x > 0 else "0" for x in activation))
        rectified = arb_mat(network.p, 1, [x if x > 0 else arb(0) for x in activation])
        z = A * z + W * rectified + held[min(t, len(held) - 1)]
    return found


def _given(network: ReLURNN, z0: Any, steps: Any, inputs: Sequence[Any] | None) -> tuple[int, Any, list[Any]]:
    """Return the number of steps, the start as a column, and h + C s for each step, or one for all if there are no inputs."""
    count = number_of_steps(steps)
    network.require_numbers("orbit")
    par, real = network.exact, real_field(network.field)
    start = network.field.fill(network.n, 1, real.vector(start_state(network, z0), "z0", network.n))
    drives = [par.h + par.C * s for s in _inputs(network, real, count, inputs)] if inputs is not None else [par.h]
    return count, start, drives


def number_of_steps(steps: Any) -> int:
    """Return a number of steps, of any whole kind such as NumPy's; raise `ShapeError` for others."""
    if isinstance(steps, bool) or not isinstance(steps, Integral) or steps < 0:
        raise ShapeError(f"steps: expected a whole number that is not negative, got {steps!r}")
    return int(steps)


def start_state(network: ReLURNN, z0: Any) -> Any:
    """Return the start state that is given, or else the first one that the network carries.

    >>> from symplrnn.network import PLRNN
    >>> start_state(PLRNN(["1/2"], [[0]], [1], initial_states=[[3], [4]]), None)
    Matrix([[3]])
    """
    if z0 is not None:
        return z0
    if not network.initial_states:
        raise ShapeError(f"z0: missing, and the network carries no start state; accepted is a vector of {network.n} numbers")
    return network.initial_states[0]


def _inputs(network: ReLURNN, real: RealField, steps: int, inputs: Sequence[Any]) -> list[Any]:
    require_kind(inputs, Sized, "inputs", f"one input for each of {steps} steps")
    if len(inputs) < steps:
        raise ShapeError(f"inputs: expected one input for each of {steps} steps, got {len(inputs)}")
    return [network.field.fill(network.m, 1, real.vector(s, f"inputs[{t}]", network.m)) for t, s in enumerate(inputs[:steps])]
