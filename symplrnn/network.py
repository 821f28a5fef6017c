"""The ReLU recurrent network z' = A z + W relu(V z + b) + h + C s with exact rational parameters.

Parameters come in as any kind of number and stay exact from then on. `PLRNN` and `ALRNN` build the two kinds of network that
are trained most; both have V made of rows of the identity and b = 0, which the rest of the package uses: their regions are
orthants and none is empty.

Reference: THEORY section 1; Z. Monfared, D. Durstewitz, ICML 2020, eq. (1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import fmpq, fmpq_mat

from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.grammar import shorten
from symplrnn.exact.numbers import (
    column,
    is_vector,
    rational,
    rational_matrix,
    rational_vector,
    to_sympy,
    to_sympy_matrix,
)
from symplrnn.orbit import Orbit, exact_orbit

if TYPE_CHECKING:
    from symplrnn.region import Region

__all__ = ["ALRNN", "PLRNN", "ReLURNN"]


@dataclass(frozen=True)
class Parameters:
    """Exact parameters of a network: A (n, n), W (n, p), h (n, 1), V (p, n), b (p, 1), C (n, m)."""

    A: fmpq_mat
    W: fmpq_mat
    h: fmpq_mat
    V: fmpq_mat
    b: fmpq_mat
    C: fmpq_mat


@dataclass(frozen=True, eq=False)
class ReLURNN:
    """A ReLU recurrent network in discrete time,  z_{t+1} = A z_t + W relu(V z_t + b) + h + C s_t.

    Parameters
    ----------
    A : (n, n) matrix, or a vector of length n for a diagonal matrix
    W : (n, p) matrix
    h : vector of length n
    V : (p, n) matrix, optional
        The identity if absent (then p = n).
    b : vector of length p, optional
        Zero if absent.
    C : (n, m) matrix, optional
        Input matrix; no inputs if absent.
    dt : number, optional
        The time that one step stands for, if the network carries one.
    names : sequence of str, optional
        Names of the states.
    initial_states : sequence of vectors of length n, optional
        Start states that come with the network.

    Entries may be int, Fraction, Decimal, float (taken exactly), SymPy rationals, text such as "3/7", NumPy arrays.

    Raises
    ------
    ShapeError
        If shapes are ragged or do not fit.
    EntryError
        If an entry is no finite real number; the message names it.

    Examples
    --------
    >>> net = ReLURNN([["1/2"]], [[1, 1]], [0], V=[[1], [-1]], b=[0, 1])
    >>> net.n, net.p, net.m
    (1, 2, 0)
    >>> net.step([2])
    Matrix([[3]])

    Reference: THEORY section 1, eq. (1).
    """

    A: Any
    W: Any
    h: Any
    V: Any = None
    b: Any = None
    C: Any = None
    dt: Any = None
    names: Sequence[str] | None = None
    initial_states: Sequence[Any] = ()
    parameters: Parameters = field(init=False, repr=False)

    def __post_init__(self) -> None:
        A = _square_or_diagonal(self.A)
        n = A.nrows()
        W = rational_matrix(self.W, "W", rows=n, columns=n if self.V is None else None)
        p = W.ncols()
        h = column(rational_vector(self.h, "h", n))
        V = _identity(n) if self.V is None else rational_matrix(self.V, "V", rows=p, columns=n)
        b = column([fmpq(0)] * p if self.b is None else rational_vector(self.b, "b", p))
        C = fmpq_mat(n, 0) if self.C is None else rational_matrix(self.C, "C", rows=n)
        if self.names is not None and (isinstance(self.names, str) or len(self.names) != n):
            raise ShapeError(f"names: expected a list of {n} names")
        values = {
            "A": to_sympy_matrix(A),
            "W": to_sympy_matrix(W),
            "h": to_sympy_matrix(h),
            "V": to_sympy_matrix(V),
            "b": to_sympy_matrix(b),
            "C": to_sympy_matrix(C),
            "dt": None if self.dt is None else to_sympy(positive_time(self.dt)),
            "names": None if self.names is None else tuple(str(name) for name in self.names),
            "initial_states": tuple(
                to_sympy_matrix(column(rational_vector(z, f"initial state {k}", n))) for k, z in enumerate(self.initial_states, 1)
            ),
            "parameters": Parameters(A, W, h, V, b, C),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"ReLURNN(n={self.n}, p={self.p}, m={self.m})"

    @property
    def n(self) -> int:
        """Number of states."""
        return self.parameters.A.nrows()

    @property
    def p(self) -> int:
        """Number of ReLU units."""
        return self.parameters.W.ncols()

    @property
    def m(self) -> int:
        """Number of inputs."""
        return self.parameters.C.ncols()

    @cached_property
    def rectified_states(self) -> tuple[int, ...] | None:
        """Indices (from 0) of the states that the units rectify, if V has distinct rows of the identity and b = 0; else None."""
        rows = self.parameters.V.tolist()
        hits = [[j for j, x in enumerate(row) if x != 0] for row in rows]
        if any(len(hit) != 1 or row[hit[0]] != 1 for hit, row in zip(hits, rows, strict=True)):
            return None
        states = tuple(hit[0] for hit in hits)
        return states if len(set(states)) == len(states) and all(x == 0 for x in self.parameters.b.entries()) else None

    @cached_property
    def is_plrnn(self) -> bool:
        """Whether A is diagonal, V = I and b = 0: then spectra split as in G1."""
        A = self.parameters.A.tolist()
        diagonal = all(A[i][j] == 0 for i in range(self.n) for j in range(self.n) if i != j)
        return diagonal and self.rectified_states == tuple(range(self.n))

    def region(self, pattern: str) -> Region:
        """Return the region of an activation pattern, a string with unit 1 first and '1' for active.

        Raises `PatternError` if the pattern has the wrong length or letters, or if no state has it.

        >>> PLRNN([[1, 0], [0, "1/2"]], [[0, 1], [0, 0]], [0, 0]).region("01").matrix
        Matrix([
        [1,   1],
        [0, 1/2]])
        """
        from symplrnn.region import region_of_pattern

        return region_of_pattern(self, pattern)

    def region_of(self, z: Any) -> Region:
        """Return the region that contains a state: unit i is active iff (V z + b)_i > 0, decided exactly.

        >>> PLRNN([1, "1/2"], [[0, 1], [0, 0]], [0, 0]).region_of(["1e-30", 0]).pattern
        '10'
        """
        from symplrnn.region import region_of_state

        return region_of_state(self, z)

    def regions(self) -> Iterator[Region]:
        """Yield the nonempty regions lazily, in the order of their patterns as binary numbers.

        >>> [region.pattern for region in PLRNN([1, 2], [[0, 1], [0, 0]], [0, 0]).regions()]
        ['00', '01', '10', '11']
        """
        from symplrnn.region import nonempty_regions

        return nonempty_regions(self)

    def step(self, z: Any, s: Any = None) -> sp.ImmutableDenseMatrix:
        """Return the next state exactly, as a SymPy column; ``s`` is the input (length m), zero if absent."""
        return self.orbit(z, 1, inputs=None if s is None else [s])[1]

    def orbit(self, z0: Any, steps: int, inputs: Sequence[Any] | None = None) -> Orbit:
        """Return the exact states z_0 ... z_steps; ``inputs`` holds s_0 ... s_{steps-1} (each of length m), zero if absent.

        >>> orbit = PLRNN([["1/2"]], [[0]], [1]).orbit([0], 3)
        >>> list(orbit), orbit.patterns
        ([Matrix([[0]]), Matrix([[1]]), Matrix([[3/2]]), Matrix([[7/4]])], ('0', '1', '1', '1'))
        """
        return exact_orbit(self, z0, steps, inputs)


def positive_time(value: Any) -> fmpq:
    """Return dt as a rational; raise `EntryError` if it is not positive."""
    dt = rational(value, "dt")
    if dt <= 0:
        raise EntryError(f"dt: {shorten(str(dt))[1:-1]} is not positive; accepted is a number > 0, such as 1/10")
    if not fmpq(1, 10**300) <= dt <= 10**300:
        raise EntryError("dt: accepted are numbers from 1e-300 to 1e300")
    return dt


def _identity(n: int) -> fmpq_mat:
    return fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])


def _square_or_diagonal(value: Any) -> fmpq_mat:
    if not isinstance(value, fmpq_mat) and is_vector(value, "A"):
        entries = rational_vector(value, "A")
        n = len(entries)
        return fmpq_mat(n, n, [entries[i] if i == j else fmpq(0) for i in range(n) for j in range(n)])
    A = rational_matrix(value, "A")
    if A.nrows() != A.ncols() or A.nrows() == 0:
        raise ShapeError(
            f"A: expected a square matrix, or a vector for a diagonal one, with at least one state; got {A.nrows()} x {A.ncols()}"
        )
    return A


def PLRNN(A: Any, W: Any, h: Any, C: Any = None, **options: Any) -> ReLURNN:  # noqa: N802  (a kind of network)
    """Return the piecewise-linear RNN  z' = A z + W relu(z) + h + C s  (V = I, b = 0, p = n).

    A is diagonal in the literature and may be given as a vector; neither that nor a zero diagonal of W is required.
    Further keywords (dt, names, initial_states) are those of `ReLURNN`.

    >>> PLRNN(A=[1, "1/100"], W=[[0, 1], [0, 0]], h=[0, "-0.995"], C=[[0, 0], [1, 1]])
    ReLURNN(n=2, p=2, m=2)

    Reference: Z. Monfared, D. Durstewitz, ICML 2020, eq. (1).
    """
    return ReLURNN(A, W, h, C=C, **options)


def ALRNN(A: Any, W: Any, h: Any, P: int, C: Any = None, **options: Any) -> ReLURNN:  # noqa: N802  (a kind of network)
    """Return the almost-linear RNN  z' = A z + W f(z) + h + C s, where f rectifies only the last P of the n states.

    The columns of W that belong to linear units go into A; V is the last P rows of the identity.

    >>> net = ALRNN(["1/2", "1/3"], [[0, 1], [2, 0]], [0, 0], P=1)
    >>> net.A, net.W
    (Matrix([
    [1/2,   0],
    [  2, 1/3]]), Matrix([
    [1],
    [0]]))

    Reference: THEORY section 1.
    """
    diagonal = _square_or_diagonal(A)
    n = diagonal.nrows()
    weights = rational_matrix(W, "W", rows=n, columns=n)
    if isinstance(P, bool) or not isinstance(P, int) or not 0 <= P <= n:
        raise ShapeError(f"P: expected a whole number of rectified units from 0 to {n}, got {P!r}")
    linear = [[diagonal[i, j] + (weights[i, j] if j < n - P else 0) for j in range(n)] for i in range(n)]
    rectified = fmpq_mat(n, P, [weights[i, j] for i in range(n) for j in range(n - P, n)])
    V = fmpq_mat(P, n, [int(j == n - P + i) for i in range(P) for j in range(n)])
    return ReLURNN(fmpq_mat(linear), rectified, h, V=V, C=C, **options)
