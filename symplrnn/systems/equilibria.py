"""The equilibria of a network: in each region the fixed points of its map, where they lie, and of which type they are.

z = M z + c has one solution unless 1 is an eigenvalue of M; then it has none, or an affine subspace. In a region with a real ODE
they are the points with X z + y = 0, so that they are equilibria of the ODE. Inputs are 0.

Everything is decided exactly. The type comes from counts of eigenvalues inside, on and outside of the unit circle, of negative
and of real ones (`symplrnn.eigenvalues.counting`), where a solution lies from the signs of (V z + b)_i.

Reference: M. di Bernardo et al., Piecewise-smooth Dynamical Systems, Springer 2008, chapters 2 and 3; docs/theory, section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from symplrnn import limits, views
from symplrnn.eigenvalues.counting import NumberSpectrum
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.errors import require_kind
from symplrnn.exact.feasibility import is_feasible
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.real import RealField, real_field
from symplrnn.exact.jordan import block_sizes
from symplrnn.exact.reading.entries import in_sympy
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.exact.writing import text_of
from symplrnn.logarithm.enclosure import certified_digits
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region, most_regions, too_many_regions
from symplrnn.theorems.check import select_regions

__all__ = ["Equilibrium", "equilibria", "equilibrium"]

SUBSPACES = {0: "one point", 1: "a line", 2: "a plane"}


@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium(views.AsJSON, views.Shown):
    """What solves z = M z + c in a region: one point, a line or plane and so on of points, or none.

    Attributes
    ----------
    region : Region
    point : column (n, 1) over the network's field, or None
        A solution, if there are several any of them; None if there is none.
    kernel : matrix (n, k) over the network's field
        Its columns span the kernel of I - M: the directions of the subspace of solutions, if there are any.

    Examples
    --------
    >>> from symplrnn.network.examples import example
    >>> for e in equilibria(example("complex")):
    ...     print(e.pattern, e.state.T, e.location, e.type)
    00 Matrix([[2, 0]]) virtual stable node
    01 Matrix([[2, 0]]) virtual stable node
    10 Matrix([[2, 2]]) virtual stable node
    11 Matrix([[1, 1]]) real stable focus
    >>> e
    <Equilibrium of region 11: one point, real, stable focus: (1, 1)>
    """

    region: Region
    point: Any
    kernel: Any

    def __repr__(self) -> str:
        where = f", {self.location}, {self.type}: ({', '.join(self.digits(6))})" if self.exists else ""
        return views.cut(f"<Equilibrium of region {self.pattern}: {self.solutions}{where}>")

    @property
    def pattern(self) -> str:
        """The pattern of the region."""
        return self.region.pattern

    @property
    def exists(self) -> bool:
        """Whether there is a solution."""
        return self.point is not None

    @property
    def dimension(self) -> int | None:
        """The dimension of the set of solutions: 0 for one point; None if there are none."""
        return int(self.kernel.ncols()) if self.exists else None

    @property
    def solutions(self) -> str:
        """``"one point"``, ``"a line"``, ``"a plane"``, ``"an affine subspace of dimension 3"`` and so on, or ``"none"``."""
        k = self.dimension
        return "none" if k is None else SUBSPACES.get(k, f"an affine subspace of dimension {k}")

    @cached_property
    def state(self) -> sp.ImmutableDenseMatrix | None:
        """The point, exactly, as a SymPy column (n, 1)."""
        return None if self.point is None else in_sympy(self._field, self.point)

    @cached_property
    def directions(self) -> sp.ImmutableDenseMatrix:
        """The directions of the set of solutions, exactly, as a SymPy matrix (n, k) with independent columns."""
        return in_sympy(self._field, self.kernel)

    def digits(self, digits: int) -> tuple[str, ...]:
        """Return the point to so many certified significant decimal digits; empty if there is none."""
        if self.point is None:
            return ()
        real, entries = self._real, self.point.entries()
        known = {(i, 0): value for i, x in enumerate(entries) if (value := real.rational(x)) is not None}
        what = f"the equilibrium of region {self.pattern}"
        found = certified_digits(lambda bits: real.balls(self.point), known, positive_integer(digits, "digits"), what)
        return tuple(row[0] for row in found)

    # Where it lies

    @property
    def real(self) -> bool:
        """Whether a solution lies in the region: then it is a fixed point of the network.

        A fixed point of the network lies in exactly one region. One on faces is in the region where their units are inactive.
        """
        return self._placed[0]

    @property
    def faces(self) -> tuple[int, ...]:
        """The units, counted from 1, on whose faces (V z + b)_i = 0 the point lies, if it is the only solution."""
        if self.dimension != 0:
            return ()
        return tuple(i for i, sign in enumerate(self._signs, 1) if sign == 0)

    @property
    def location(self) -> str:
        """``"real"``: in the region and on none of its faces; ``"boundary"``: on a face of it; ``"virtual"``: elsewhere.

        A point on a face is a fixed point of the network, and a solution in the regions on both sides of the face; `real` says
        which of them it belongs to. Of a line or larger set of points it is asked whether one of them is such. Empty if there is
        no solution.
        """
        if not self.exists:
            return ""
        inside, touching = self._placed
        if inside and not self.faces:
            return "real"
        return "boundary" if touching else "virtual"

    @cached_property
    def _placed(self) -> tuple[bool, bool]:
        """Whether a solution lies in the region, and whether one lies in the region or on its boundary."""
        if self.point is None:
            return False, False
        active = [d == "1" for d in self.pattern]
        if self.dimension == 0:
            inside = all((sign > 0) == on for sign, on in zip(self._signs, active, strict=True))
            return inside, all(sign * (1 if on else -1) >= 0 for sign, on in zip(self._signs, active, strict=True))
        rows, constants = (self._normals * self.kernel).tolist(), self._activation
        if is_feasible(rows, constants, active, self._real):
            return True, True
        signed = [([-x for x in row], -b) if on else (row, b) for row, b, on in zip(rows, constants, active, strict=True)]
        return False, is_feasible([row for row, _ in signed], [b for _, b in signed], [False] * len(active), self._real)

    @cached_property
    def _signs(self) -> list[int]:
        return [self._real.sign_of(x) for x in self._activation]

    @cached_property
    def _activation(self) -> list[Any]:
        """(V z + b)_i at the point."""
        found: list[Any] = (self._normals * self.point + self.region.network.exact.b).entries()
        return found

    @property
    def _normals(self) -> Any:
        return self.region.network.exact.V

    @property
    def _field(self) -> Field:
        return self.region.network.field

    @property
    def _real(self) -> RealField:
        return real_field(self._field)

    # Of which type it is

    @cached_property
    def unit_circle(self) -> tuple[int, int, int]:
        """How many eigenvalues of M lie inside, on and outside of the unit circle, with algebraic multiplicity."""
        circle = self._facts.unit_circle
        return circle.inside, circle.on, circle.outside

    @cached_property
    def stability(self) -> str:
        """``"stable"``, ``"neutral"`` or ``"unstable"``, of the region's map; empty if there is no solution.

        ``"stable"``: all eigenvalues of M are inside the unit circle, and states nearby tend to the point. ``"unstable"``: one is
        outside, or has a Jordan block of size 2 or more on the circle, and some states nearby move away. ``"neutral"``: neither;
        states nearby stay near, and do not all come nearer. For a point on a face this says nothing of the network, which has
        another map beside it.
        """
        if not self.exists:
            return ""
        _, on, outside = self.unit_circle
        if outside:
            return "unstable"
        if not on:
            return "stable"
        return "neutral" if self._is_semisimple_on_circle else "unstable"

    @cached_property
    def kind(self) -> str:
        """``"node"``, ``"focus"``, ``"saddle"``, ``"centre"`` or ``"not hyperbolic"``; empty if there is no solution.

        By the eigenvalues of M, of which log(l)/dt are those of the ODE. A saddle has some inside and some outside of the unit
        circle; a focus, all on one side, has complex ones, a node none. With an eigenvalue on the circle the point is a centre if
        all are complex, on it and in Jordan blocks of size 1, else not hyperbolic.
        """
        if not self.exists:
            return ""
        inside, on, outside = self.unit_circle
        real = sum(f.multiplicity * f.roots.real_roots for f in self._facts.counted_factors)
        if on:
            whole = not inside and not outside and not real and self._is_semisimple_on_circle
            return "centre" if whole else "not hyperbolic"
        if inside and outside:
            return "saddle"
        return "node" if real == self.region.network.n else "focus"

    @property
    def alternating(self) -> bool:
        """Whether M has a negative eigenvalue: states change sides with each step, in the ODE by half a turn."""
        return self.exists and self._facts.negative_count > 0

    @property
    def type(self) -> str:
        """Stability and kind in words, such as "stable node", "saddle, alternating" or "line, neutral".

        >>> from symplrnn.network import PLRNN
        >>> [e.type for e in equilibria(PLRNN([2, "1/2"], [[0, 0], [0, "-1"]], [1, 1]), ["00", "01"])]
        ['saddle', 'saddle, alternating']
        """
        if not self.exists:
            return "none"
        if self.dimension:
            words = f"{self.solutions.split(' ', 1)[1]}, {self.stability}"
        elif self.kind in ("saddle", "centre"):
            words = self.kind
        elif self.kind == "not hyperbolic":
            words = f"{self.kind}, {self.stability}"
        else:
            words = f"{self.stability} {self.kind}"
        return f"{words}, alternating" if self.alternating else words

    @cached_property
    def _facts(self) -> NumberSpectrum:
        found = spectrum(self.region)
        require_kind(found, NumberSpectrum, "equilibria", "a network of numbers")
        return found  # type: ignore[return-value]  # as was just asked

    @cached_property
    def _is_semisimple_on_circle(self) -> bool:
        """Whether the eigenvalues on the unit circle have Jordan blocks of size 1 only."""
        facts = self._facts
        on_circle = [f for f in facts.counted_factors if f.roots.by_circle()[1]]
        return all(set(block_sizes(facts.field, facts.matrix, f.polynomial, f.multiplicity)) == {1} for f in on_circle)

    def to_dict(self, digits: int = 17) -> dict[str, Any]:
        """Return a JSON-ready dict; exact numbers are text, and ``decimals`` has so many certified digits of the point."""
        inside, on, outside = self.unit_circle
        return {
            "pattern": self.pattern,
            "solutions": self.solutions,
            "state": None if self.state is None else [text_of(x) for x in self.state],
            "decimals": list(map(str, self.digits(digits))),
            "directions": [[text_of(x) for x in self.directions.col(k)] for k in range(self.directions.cols)],
            "location": self.location,
            "real": self.real,
            "faces": list(self.faces),
            "type": self.type,
            "kind": self.kind,
            "stability": self.stability,
            "alternating": self.alternating,
            "unit_circle": {"inside": inside, "on": on, "outside": outside},
        }


def equilibrium(region: Region) -> Equilibrium:
    """Return what solves z = M z + c in a region of a network of numbers.

    >>> from symplrnn.network import PLRNN
    >>> e = equilibrium(PLRNN([1, "1/2"], [[0, 0], [0, 0]], [0, 1]).region("01"))
    >>> e.solutions, e.state.T, e.directions.T, e.location, e.type
    ('a line', Matrix([[0, 2]]), Matrix([[1, 0]]), 'real', 'line, neutral')

    Raises `EntryError` if the network has parameters; `symplrnn.fixed_point_facts` has the conditions on them.
    """
    require_kind(region, Region, "equilibrium", 'a region such as net.region("10")')
    region.network.require_numbers("equilibria")
    K, n, affine = region.network.field, region.network.n, region.affine
    difference = K.identity(n) - affine.M
    try:
        return Equilibrium(region, K.solve(difference, affine.c), K.fill(n, 0, []))
    except ZeroDivisionError:
        return Equilibrium(region, *_all_solutions(K, difference, affine.c))


def equilibria(
    network: ReLURNN, regions: str | Iterable[str] = "all", z0: Any = None, steps: int | None = None, inputs: Any = None
) -> Iterator[Equilibrium]:
    """Yield the equilibria of the regions of a network, one entry a region; see `ReLURNN.equilibria`."""
    require_kind(network, ReLURNN, "equilibria", "a network")
    network.require_numbers("equilibria")
    if regions == "all" and most_regions(network) > limits.REGIONS_FOR_ALL:
        raise too_many_regions(network)
    _, chosen, _ = select_regions(network, regions, z0, steps, inputs)
    return map(equilibrium, chosen)


def _all_solutions(K: Field, N: Any, c: Any) -> tuple[Any, Any]:
    """Return a solution of N z = c, or None, and the kernel of N as a matrix (n, k): by elimination, with free unknowns 0."""
    n, zero, one = N.nrows(), K.element(0), K.element(1)
    rows = [[*row, right] for row, right in zip(N.tolist(), c.entries(), strict=True)]
    pivots: list[int] = []
    for j in range(n):
        k = len(pivots)
        found = next((i for i in range(k, n) if not K.is_zero(rows[i][j])), None)
        if found is None:
            continue
        rows[k], rows[found] = rows[found], rows[k]
        rows[k] = [x / rows[k][j] for x in rows[k]]
        for i in range(n):
            if i != k and not K.is_zero(rows[i][j]):
                factor = rows[i][j]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
        pivots.append(j)
    at = {j: rows[k] for k, j in enumerate(pivots)}
    free = [j for j in range(n) if j not in at]
    kernel = K.fill(n, len(free), [-at[i][j] if i in at else one if i == j else zero for i in range(n) for j in free])
    if any(not K.is_zero(row[n]) for row in rows[len(pivots) :]):
        return None, kernel
    return K.fill(n, 1, [at[i][n] if i in at else zero for i in range(n)]), kernel


views.equilibria.register(ReLURNN, equilibria)
