"""The ReLU recurrent network z -> A z + W relu(V z + b) + h + C s with exact entries: numbers, or letters for parameters.

Entries come in as any kind of number, or as rational functions of free real parameters, and stay exact from then on: they are
elements of one field, Q or Q(parameters) or Q(algebraic numbers) or both. This is the general form. A further class of network is
a function in a file of its own that brings its entries into it, such as `symplrnn.network.plrnn` and `symplrnn.network.alrnn`.

Reference: docs/theory, section 1; Z. Monfared, D. Durstewitz, ICML 2020, eq. (1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal, overload

import sympy as sp
from flint import fmpq, fmpq_mat

from symplrnn import limits, views
from symplrnn.conditions.assumptions import declared_with
from symplrnn.conditions.formula import ALWAYS, Formula
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.reading.entries import exact_entry, in_sympy
from symplrnn.exact.reading.exponentials import Exponential
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.names import check_distinct
from symplrnn.exact.reading.numbers import (
    column,
    entry_vector,
    matrix_parts,
    printable,
    rational,
    rows_of,
    to_sympy,
    to_sympy_matrix,
    vector_of,
    vector_parts,
)
from symplrnn.network.orbit import Orbit, exact_orbit
from symplrnn.network.region import Region, inequalities, nonempty_regions, region_of_pattern, region_of_state
from symplrnn.network.substitution import substituted, with_relations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from symplrnn.dynamics.transitions import TransitionGraph
    from symplrnn.exact.cells import Arrangement
    from symplrnn.systems.equilibria import Equilibrium

__all__ = ["ReLURNN", "exact_time", "parts_of", "square", "step_time"]


@dataclass(frozen=True, repr=False)
class Entries(views.Shown):
    """The entries of a network as matrices over its field: A (n, n), W (n, p), h (n, 1), V (p, n), b (p, 1), C (n, m)."""

    A: Any
    W: Any
    h: Any
    V: Any
    b: Any
    C: Any


@dataclass(frozen=True, eq=False)
class ReLURNN(views.Shown):
    """A ReLU recurrent network in discrete time,  z_{t+1} = A z_t + W relu(V z_t + b) + h + C s_t.

    Parameters
    ----------
    A : (n, n) matrix, or a vector of length n for a diagonal matrix
        Vectors may be flat, one column or one row; arrays of other shapes are refused, never reshaped.
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
    parameters : mapping of names to assumptions, or sequence of names, optional
        The free real parameters that text entries may use, such as ``{"a": "positive", "w": "real"}``. Assumptions are real,
        positive, negative, nonzero, nonnegative, nonpositive. Afterwards ``parameters`` holds them as SymPy symbols. SymPy
        entries need no declaration: their symbols are real parameters with the assumptions that they carry.

    Entries may be int, Fraction, Decimal, float (taken exactly), SymPy rationals, text such as "3/7", NumPy arrays; real
    algebraic numbers such as ``sqrt(2)``, ``CRootOf(...)``, ``cos(pi/7)``; rational functions of the parameters, as text or
    SymPy expressions. Also dt may have letters, if it is known to be positive.

    Raises
    ------
    ShapeError
        If shapes are ragged or do not fit.
    EntryError
        If an entry is no finite real number of up to 4000 digits and no rational function of declared parameters, or if two
        parameters look alike in print, such as a1 and a_1; the message names them.

    Examples
    --------
    >>> net = ReLURNN([["1/2"]], [[1, 1]], [0], V=[[1], [-1]], b=[0, 1])
    >>> net.n, net.p, net.m
    (1, 2, 0)
    >>> net.step([2])
    Matrix([[3]])

    >>> letters = ReLURNN(["a"], [["w"]], [1], parameters={"a": "positive", "w": "real"})
    >>> letters.region("1").matrix, letters.subs({"w": "1/3"}).region("1").matrix
    (Matrix([[a + w]]), Matrix([[a + 1/3]]))

    Reference: docs/theory, section 1, eq. (1).
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
    parameters: Any = None
    assumptions: Formula = field(init=False, repr=False)
    exact: Entries = field(init=False, repr=False)
    field: Field = field(init=False, repr=False)  # last: it hides the function of that name

    def __post_init__(self) -> None:
        declared, assumptions = (None, ALWAYS) if self.parameters is None else declared_with(self.parameters)
        read = partial(exact_entry, symbols=declared)
        parts = parts_of(self.A, self.W, self.h, self.V, self.b, self.C)
        n, p = len(parts["A"]), len(parts["W"][0])
        rows = {"A": square(parts["A"], read)} | {name: rows_of(parts[name], name, read) for name in ("W", "V", "C")}
        rows |= {name: [[x] for x in vector_of(parts[name], name, read)] for name in ("h", "b")}
        columns = {"A": n, "W": p, "h": 1, "V": n, "b": 1, "C": len(rows["C"][0])}
        symbolic = [x for part in rows.values() for row in part for x in row if not isinstance(x, fmpq)]
        K: Field = field_of(symbolic) if symbolic else QQ
        matrices = {
            name: K.fill(len(part), columns[name], [K.element(x) for row in part for x in row]) for name, part in rows.items()
        }
        if self.names is not None and not (isinstance(self.names, list | tuple) and len(self.names) == n):
            raise ShapeError(f"names: expected a list of {n} names")
        if self.names is not None and not all(str(name).isprintable() for name in self.names):
            raise ShapeError("names: a name has characters that cannot be printed in a line, such as line breaks")
        dt = None if self.dt is None else exact_time(self.dt, declared)
        used = {*(s for s in K.parameters if not isinstance(s, Exponential)), *(dt.free_symbols if dt is not None else ())}
        check_distinct(used if declared is None else declared.values(), n)
        values: dict[str, Any] = {name: in_sympy(K, matrix) for name, matrix in matrices.items()}
        values |= {
            "dt": dt,
            "names": None if self.names is None else tuple(str(name) for name in self.names),
            "initial_states": _start_states(self.initial_states, n),
            "parameters": tuple(sorted(used, key=str)) if declared is None else tuple(declared.values()),
            "assumptions": assumptions,
            "field": K,
            "exact": Entries(**matrices),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        # The exact entries make the same network again; its field keeps tables that would be most of the pickle.
        parts = (self.A, self.W, self.h, self.V, self.b, self.C, self.dt, self.names, self.initial_states)
        return ReLURNN, (*parts, with_relations(self.parameters, self.assumptions) or None)

    def __repr__(self) -> str:
        return f"ReLURNN(n={self.n}, p={self.p}, m={self.m})"

    @property
    def n(self) -> int:
        """Number of states."""
        return int(self.exact.A.nrows())

    @property
    def p(self) -> int:
        """Number of ReLU units."""
        return int(self.exact.W.ncols())

    @property
    def m(self) -> int:
        """Number of inputs."""
        return int(self.exact.C.ncols())

    @cached_property
    def rectified_states(self) -> tuple[int, ...] | None:
        """Indices (from 0) of the states that the units rectify, if V has distinct rows of the identity and b = 0; else None."""
        rows, zero, one = self.exact.V.tolist(), self.field.element(0), self.field.element(1)
        hits = [[j for j, x in enumerate(row) if x != zero] for row in rows]
        if any(len(hit) != 1 or row[hit[0]] != one for hit, row in zip(hits, rows, strict=True)):
            return None
        states = tuple(hit[0] for hit in hits)
        return states if len(set(states)) == len(states) and all(x == zero for x in self.exact.b.entries()) else None

    @cached_property
    def faces(self) -> tuple[fmpq_mat, fmpq_mat] | None:
        """V (p, n) and b (p, 1) in rationals; None if they hold letters or irrational numbers."""
        if isinstance(self.exact.V, fmpq_mat):
            return self.exact.V, self.exact.b
        numbers = [*self.V, *self.b]
        if not all(isinstance(x, sp.Rational) for x in numbers):
            return None
        exact = [fmpq(int(x.p), int(x.q)) for x in numbers]
        return fmpq_mat(self.p, self.n, exact[: self.p * self.n]), fmpq_mat(self.p, 1, exact[self.p * self.n :])

    @cached_property
    def arrangement(self) -> Arrangement | None:
        """The hyperplanes (V z + b)_i = 0, whose cells the regions are; None if V or b hold letters."""
        from symplrnn.exact.cells import Arrangement

        if self.faces is None and self.field.parameters:
            return None
        V, b, real = inequalities(self)
        return Arrangement(V, b, real)

    @cached_property
    def rational_linear_part(self) -> tuple[fmpq_mat | None, fmpq_mat, fmpq_mat, frozenset[int]]:
        """A, W and V in rationals, where they are: A or None, W and V with 0 for the units that are left out, and these units.

        A unit, from 0, is left out if its column of W or its row of V holds letters or irrational numbers.
        """
        (A, of_A), (W, of_W), (V, of_V) = (_rationals(matrix) for matrix in (self.A, self.W, self.V))
        left_out = frozenset({k for _, k in of_W} | {k for k, _ in of_V})
        for k in left_out:
            for i in range(self.n):
                W[i, k] = V[k, i] = fmpq(0)
        return None if of_A else A, W, V, left_out

    @cached_property
    def rational_columns(self) -> tuple[list[list[fmpq]], list[list[fmpq]]] | None:
        """The columns of M for the states that no active unit rectifies, and for those that one does.

        None if A is not rational, or units rectify other things than states.
        """
        A, W, _, _ = self.rational_linear_part
        if A is None or self.rectified_states is None:
            return None
        inactive, rectified = A.transpose().tolist(), W.transpose().tolist()
        active = list(inactive)
        for k, j in enumerate(self.rectified_states):
            active[j] = [a + w for a, w in zip(inactive[j], rectified[k], strict=True)]
        return inactive, active

    @property
    def is_rational(self) -> bool:
        """Whether all entries are rational numbers."""
        return self.field is QQ

    def subs(self, values: Mapping[Any, Any]) -> ReLURNN:
        """Return the network with parameters replaced by numbers, or by expressions in other parameters.

        ``values`` maps parameters, as symbols or names, to whatever an entry may be.

        Raises `EntryError` for an unknown parameter, a value against the declared assumptions, or a vanishing denominator.

        >>> from symplrnn.network import PLRNN
        >>> PLRNN(["a"], [[0]], ["1/a"], parameters={"a": "positive"}).subs({"a": 2}).h
        Matrix([[1/2]])
        """
        return ReLURNN(**substituted(self, values))

    def require_numbers(self, what: str) -> None:
        """Raise `EntryError` if there are letters in the entries; ``what`` names the computation that needs numbers."""
        if self.field.parameters:
            names = ", ".join(map(str, self.parameters))
            raise EntryError(
                f"{what}: the network has the parameters {names}; give them rational values first, by net.subs or --set"
            )

    @cached_property
    def is_plrnn(self) -> bool:
        """Whether A is diagonal, V = I and b = 0: then spectra split as in G1."""
        A, zero = self.exact.A.tolist(), self.field.element(0)
        diagonal = all(A[i][j] == zero for i in range(self.n) for j in range(self.n) if i != j)
        return diagonal and self.rectified_states == tuple(range(self.n))

    def region(self, pattern: str) -> Region:
        """Return the region of an activation pattern, a string with unit 1 first and '1' for active.

        Raises `PatternError` if the pattern has the wrong length or letters, or if no state has it.

        >>> from symplrnn.network import PLRNN
        >>> PLRNN([[1, 0], [0, "1/2"]], [[0, 1], [0, 0]], [0, 0]).region("01").matrix
        Matrix([
        [1,   1],
        [0, 1/2]])
        """
        return region_of_pattern(self, pattern)

    def region_of(self, z: Any) -> Region:
        """Return the region that contains a state: unit i is active iff (V z + b)_i > 0, decided exactly.

        >>> from symplrnn.network import PLRNN
        >>> PLRNN([1, "1/2"], [[0, 1], [0, 0]], [0, 0]).region_of(["1e-30", 0]).pattern
        '10'
        """
        return region_of_state(self, z)

    def regions(self) -> Iterator[Region]:
        """Yield the nonempty regions lazily, in the order of their patterns as binary numbers.

        Each step takes about as long as a region's answer, however many of the 2^p patterns are empty; see docs/regions.

        >>> from symplrnn.network import PLRNN
        >>> [region.pattern for region in PLRNN([1, 2], [[0, 1], [0, 0]], [0, 0]).regions()]
        ['00', '01', '10', '11']
        """
        return nonempty_regions(self)

    def equilibria(
        self, regions: str | Iterable[str] = "all", z0: Any = None, steps: int | None = None, inputs: Any = None
    ) -> Iterator[Equilibrium]:
        """Yield what solves z = M z + c in each region, exactly: where it lies, and of which type it is. Inputs are 0.

        There is one entry a region, in the order of the regions; what is virtual is no fixed point of the network.

        Parameters
        ----------
        regions : "all", "visited" or patterns
            ``"visited"`` takes the regions of the exact orbit from ``z0`` over ``steps`` steps.
        z0, steps, inputs
            Start state (the network's first initial state if absent), number of steps, inputs: see `orbit`.

        Yields
        ------
        Equilibrium

        Raises
        ------
        EntryError
            If the network has parameters; `symplrnn.fixed_point_facts` has the conditions on them.
        PatternError
            For a wrong or empty pattern, or if ``"all"`` may be more than 2^20 regions.

        Examples
        --------
        >>> from symplrnn.network.examples import example
        >>> [(e.pattern, e.state.T, e.type) for e in example("complex").equilibria() if e.real]
        [('11', Matrix([[1, 1]]), 'stable focus')]

        Reference: M. di Bernardo et al., Piecewise-smooth Dynamical Systems, Springer 2008, chapter 3.
        """
        found: Iterator[Equilibrium] = views.equilibria(self, regions, z0, steps, inputs)
        return found

    def transitions(
        self, regions: str | Iterable[str] = "all", z0: Any = None, steps: int | None = None, inputs: Any = None
    ) -> TransitionGraph:
        """Return which region can follow which, exactly.

        There is an edge from a region to another, or itself, if some state of it has its next state in the other. Inputs are 0 in
        the steps of the graph.

        Parameters
        ----------
        regions : "all", "visited" or patterns
            The regions of the graph. ``"visited"`` takes those of the exact orbit from ``z0`` over ``steps`` steps.
        z0, steps, inputs
            Start state (the network's first initial state if absent), number of steps, inputs of that orbit: see `orbit`.

        Returns
        -------
        TransitionGraph

        Raises
        ------
        EntryError
            If the network has parameters.
        PatternError
            For a wrong or empty pattern, or if ``"all"`` may be more than 2^12 regions.

        Examples
        --------
        >>> from symplrnn.network import PLRNN
        >>> graph = PLRNN([1, 1], [[0, 1], [0, 0]], [-1, 0]).transitions()
        >>> graph.successors("10"), graph.recurrent
        (('00', '10'), (('10',), ('01', '11'), ('00',)))

        Reference: docs/regions.
        """
        found: TransitionGraph = views.transitions(self, regions, z0, steps, inputs)
        return found

    def step(self, z: Any, s: Any = None) -> sp.ImmutableDenseMatrix:
        """Return the next state exactly, as a SymPy column; ``s`` is the input (length m), zero if absent."""
        return self.orbit(z, 1, inputs=None if s is None else [s])[1]

    @overload
    def orbit(self, z0: Any = ..., steps: Any = ..., inputs: Sequence[Any] | None = ..., exact: Literal[True] = ...) -> Orbit: ...

    @overload
    def orbit(self, z0: Any = ..., steps: Any = ..., inputs: Any = ..., *, exact: Literal[False]) -> NDArray[np.float64]: ...

    def orbit(self, z0: Any = None, steps: Any = None, inputs: Any = None, exact: bool = True) -> Any:
        """Return the states z_0 ... z_steps: exact ones, or an array of doubles.

        Parameters
        ----------
        z0 : vector of length n, optional
            The first start state that the network carries if absent. For an exact orbit rational numbers, or numbers in the field
            that the entries of the network generate. Doubles take a NumPy array (n, k) for a batch of k start states.
        steps : int
        inputs : sequence of vectors of length m, optional
            s_0 ... s_{steps-1}; zero if absent.
        exact : bool
            The numbers of an exact orbit grow with every step, and take long to convert. With ``exact=False`` the result is a
            NumPy array (steps + 1, n), or (steps + 1, n, k), with one rounding in each entry of the network and in each
            operation; where states are too large for doubles it has inf or nan.

        Returns
        -------
        Orbit, or array

        Examples
        --------
        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN([["1/2"]], [[0]], [1])
        >>> orbit = net.orbit([0], 3)
        >>> list(orbit), orbit.patterns
        ([Matrix([[0]]), Matrix([[1]]), Matrix([[3/2]]), Matrix([[7/4]])], ('0', '1', '1', '1'))
        >>> net.orbit([0], 3, exact=False).tolist()
        [[0.0], [1.0], [1.5], [1.75]]
        >>> PLRNN([["sqrt(2)"]], [[0]], [1]).orbit([1], 2)[2]
        Matrix([[sqrt(2) + 3]])
        """
        return exact_orbit(self, z0, steps, inputs) if exact else views.float_orbit(self, z0, steps, inputs)


def step_time(network: ReLURNN, dt: Any) -> sp.Expr:
    """Return the time of a step: dt, or the network's own if it is None; raise `EntryError` if there is none."""
    if dt is None and network.dt is None:
        raise EntryError("dt: missing, and the network carries none; accepted is a number > 0, such as 1/10")
    declared = {str(symbol): symbol for symbol in network.parameters}
    time = network.dt if dt is None else exact_time(dt, declared, closed=False)
    check_distinct({*network.parameters, *time.free_symbols}, network.n)
    return time


def exact_time(value: Any, symbols: Mapping[str, sp.Symbol] | None = None, closed: bool = True) -> sp.Expr:
    """Return dt as a SymPy number or expression, with symbols as in `exact_entry`; raise `EntryError` if it may be <= 0."""
    dt = exact_entry(value, "dt", symbols, closed)
    if not isinstance(dt, fmpq):
        if dt.is_positive is not True:
            raise EntryError(
                f"dt: {shorten(str(dt))[1:-1]} is not known to be positive; accepted are numbers and letters declared positive"
            )
        return dt
    if dt <= 0:
        raise EntryError(f"dt: {shorten(str(dt))[1:-1]} is not positive; accepted is a number > 0, such as 1/10")
    if not fmpq(1, 10**300) <= dt <= 10**300:
        raise EntryError("dt: accepted are numbers from 1e-300 to 1e300")
    return to_sympy(dt)


def _rationals(matrix: sp.MatrixBase) -> tuple[fmpq_mat, list[tuple[int, int]]]:
    """Return a matrix in rationals, with 0 for entries that are none, and the places of these."""
    numbers = [x if isinstance(x, sp.Rational) else None for x in matrix.flat()]
    found = fmpq_mat(matrix.rows, matrix.cols, [fmpq(0) if x is None else fmpq(int(x.p), int(x.q)) for x in numbers])
    return found, [divmod(k, matrix.cols) for k, x in enumerate(numbers) if x is None]


def _start_states(states: Any, n: int) -> tuple[sp.ImmutableDenseMatrix, ...]:
    if isinstance(states, str) or not isinstance(states, Iterable):
        raise ShapeError(f"initial_states: expected a list of states, got {shorten(str(states))}")
    read = [
        entry_vector(z, f"initial state {k}", n, entry=lambda x, where: printable(rational(x, where), where))
        for k, z in enumerate(states, 1)
    ]
    return tuple(to_sympy_matrix(column(z)) for z in read)


Entry = Callable[[Any, str], Any]


def _identity(n: int) -> list[list[fmpq]]:
    return [[fmpq(int(i == j)) for j in range(n)] for i in range(n)]


def parts_of(A: Any, W: Any, h: Any, V: Any = None, b: Any = None, C: Any = None) -> dict[str, list[Any]]:
    """Return the rows of W, V, C and A, or its diagonal, and the entries of h and b as they are given, of shapes that fit.

    All shapes are compared before the first entry is read or a diagonal is filled up, so that bad ones cost nothing.
    """
    try:
        given: list[Any] = vector_parts(A, "A")
    except ShapeError:
        given = matrix_parts(A, "A")
    n = len(given)
    if n == 0 or (isinstance(given[0], list) and len(given[0]) != n):
        columns = len(given[0]) if given else 0
        raise ShapeError(
            f"A: expected a square matrix, or a vector for a diagonal one, with at least one state; got {n} x {columns}"
        )
    weights = matrix_parts(W, "W", rows=n, columns=n if V is None else None)
    p = len(weights[0])
    parts: dict[str, list[Any]] = {"A": given, "W": weights, "h": vector_parts(h, "h", n)}
    if V is not None:
        parts["V"] = matrix_parts(V, "V", rows=p, columns=n)
    parts["b"] = [fmpq(0)] * p if b is None else vector_parts(b, "b", p)
    parts["C"] = [[]] * n if C is None else matrix_parts(C, "C", rows=n)
    entries = n * (n + p + p + len(parts["C"][0])) + n + p
    if entries > limits.NETWORK_ENTRIES:
        raise ShapeError(
            f"a network of {n} states and {p} units has {entries} entries; accepted are up to {limits.NETWORK_ENTRIES}"
        )
    if V is None:
        parts["V"] = _identity(n)
    return parts


def square(given: Sequence[Any], read: Entry) -> list[list[Any]]:
    """Return the matrix A from its rows, or from the entries of its diagonal."""
    if isinstance(given[0], list):
        return rows_of(given, "A", read)
    entries = vector_of(given, "A", read)
    return [[x if i == j else fmpq(0) for j in range(len(entries))] for i, x in enumerate(entries)]
