"""What a phase portrait shows, as numbers: cells, faces by kind, nullclines, equilibria, the field.

A plane of states z(x, y) = o + x e_i + y e_j cuts the regions in convex polygons. A box is divided by the line of one unit after
the other, and every edge keeps the unit that it came from, so that each edge is a piece of one face between two known regions.

Reference: docs/theory, section 3; A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988, section
4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from symplrnn.dynamics.doubles import Floats, augmented_floats, floats, to_float
from symplrnn.dynamics.faces import FaceField, FaceMark
from symplrnn.dynamics.faces.intervals import kind_of_signs
from symplrnn.errors import EntryError, NoRealODE, PatternError, ShapeError
from symplrnn.exact.reading.numbers import rational_vector, to_sympy
from symplrnn.systems.equilibria import Equilibrium, equilibrium
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE

__all__ = ["Cell", "Piece", "Section", "section_of"]

BITS = 128
FLAT = 1e-12  # part of the box, or of the size of a number, below which nothing is drawn
OF_THE_BOX = None  # the unit of an edge that is none of a face


@dataclass(frozen=True, eq=False)
class Cell:
    """The part of a region in the box: a convex polygon (k, 2), and for each corner the unit whose face starts there, from 0."""

    pattern: str
    corners: Floats
    units: tuple[int | None, ...]


@dataclass(frozen=True, eq=False)
class Piece:
    """A piece of the face of a unit (from 1) between two points: crossing, sliding, escaping, tangent, undecided or no field."""

    unit: int
    pattern: str
    kind: str
    ends: Floats


@dataclass(frozen=True, eq=False)
class Section:
    """A box in a plane of states of a network's ODE.

    Attributes
    ----------
    ode : NetworkODE
    shown : pair of int
        The states i and j along the axes, from 0.
    origin : tuple of SymPy numbers
        The state o, with 0 for i and j.
    box : array (2, 2)
        The least and the greatest value of each axis.
    """

    ode: NetworkODE
    shown: tuple[int, int]
    origin: tuple[Any, ...]
    box: Floats

    @cached_property
    def _origin(self) -> Floats:
        return np.array([float(x) for x in self.origin])

    @cached_property
    def lines(self) -> Floats:
        """(V z + b)_k as a x + b y + c: an array (p, 3)."""
        network = self.ode.network
        V, b = (to_float(part, network.field) for part in (network.exact.V, network.exact.b))
        return np.column_stack([V[:, self.shown], V @ self._origin + b[:, 0]])

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The regions in the box."""
        (left, right), (low, high) = self.box
        start = [(left, low), (right, low), (right, high), (left, high)]
        polygons: list[tuple[Floats, list[int | None]]] = [(np.array(start), [OF_THE_BOX] * 4)]
        for k, line in enumerate(self.lines):
            if np.any(line[:2]):
                parts = (cut(corners, units, sign * line, k) for corners, units in polygons for sign in (1.0, -1.0))
                polygons = [(corners, units) for corners, units in parts if _area(corners) > FLAT * _area(np.array(start))]
        return tuple(Cell(self._pattern(corners.mean(axis=0)), corners, tuple(units)) for corners, units in polygons)

    def _pattern(self, point: Floats) -> str:
        return self.ode.network.region_of(self.state(*point.tolist())).pattern

    def state(self, x: float, y: float) -> list[Any]:
        """Return the state at a point, exactly."""
        found = list(self.origin)
        for i, value in zip(self.shown, (x, y), strict=True):
            found[i] = value
        return found

    def field_of(self, pattern: str) -> Floats | None:
        """Return (f_i, f_j) of a region as rows a, b, c of a x + b y + c: an array (2, 3); None if it has no field of z."""
        found = self._region(pattern)
        if found is None or found.kind != "real":
            return None
        augmented = augmented_floats(found)
        n = self.ode.network.n
        rows = augmented[list(self.shown)]
        return np.column_stack([rows[:, self.shown], rows[:, :n] @ self._origin + rows[:, n]])

    def _region(self, pattern: str) -> RegionODE | None:
        if pattern not in self.ode:  # of the regions that were chosen in derive
            return None
        return self.ode[pattern]

    def field(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return the state-switched field along both axes on a grid, NaN where there is none: two arrays (len(y), len(x))."""
        points = np.stack([*np.meshgrid(x, y), np.ones((len(y), len(x)))], axis=-1)
        active = points @ self.lines.T > 0
        values = np.full((len(y), len(x), 2), np.nan)
        for pattern in dict.fromkeys(cell.pattern for cell in self.cells):
            rows = self.field_of(pattern)
            if rows is not None:
                inside = (active == [d == "1" for d in pattern]).all(axis=-1)
                values[inside] = points[inside] @ rows.T
        return values[..., 0], values[..., 1]

    @cached_property
    def faces(self) -> tuple[Piece, ...]:
        """The faces between the cells, in pieces of one kind."""
        found: list[Piece] = []
        for cell in self.cells:
            for j, k in enumerate(cell.units):
                if k is not OF_THE_BOX and cell.pattern[k] == "1":  # each face once, from its upper side
                    ends = cell.corners[[j, (j + 1) % len(cell.corners)]]
                    found += [Piece(k + 1, cell.pattern, kind, part) for kind, part in self._pieces(cell.pattern, k + 1, ends)]
        return tuple(found)

    def _pieces(self, pattern: str, unit: int, ends: Floats) -> list[tuple[str, Floats]]:
        try:
            face = self.ode.face(pattern, unit)
        except (NoRealODE, PatternError):  # a jump or extra coordinates on one side; or two faces in one line
            return [("no field", ends)]
        return _by_intervals(face, ends) if self.ode.network.n == 2 else self._by_signs(face, ends)

    def _by_signs(self, face: FaceField, ends: Floats) -> list[tuple[str, Floats]]:
        """Return the pieces of a segment, in a plane of more states, from the signs of both normal components at its ends."""
        normals = np.array([[float(x.mid()) for x in row] for row in face.normal_enclosure(BITS).tolist()])
        states = np.tile(self._origin, (2, 1))
        states[:, self.shown] = ends
        values = normals @ np.column_stack([states, np.ones(2)]).T  # of sigma_below and sigma_above, at both ends
        size = np.abs(normals) @ np.column_stack([np.abs(states), np.ones(2)]).T
        cuts = [float(a / (a - b)) for a, b in values if a * b < 0]
        places = sorted({0.0, 1.0, *cuts})
        found = []
        for r, s in pairwise(places):
            if s - r > FLAT:
                middle = values @ [1 - (r + s) / 2, (r + s) / 2]
                small = np.abs(middle) <= FLAT * size.max(axis=1)
                signs = np.where(small, 0, np.sign(middle)).astype(int).tolist()
                found.append((kind_of_signs(*signs).split()[0], ends[0] + np.outer([r, s], ends[1] - ends[0])))
        return found

    @cached_property
    def nullclines(self) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
        """The segments (2, 2) where the field along the first axis is 0, and those along the second."""
        found: tuple[list[Floats], list[Floats]] = ([], [])
        for cell in self.cells:
            rows = self.field_of(cell.pattern)
            for place in range(2) if rows is not None else ():
                segment = chord(cell.corners, rows[place])  # type: ignore[index]
                if segment is not None:
                    found[place].append(segment)
        return tuple(found[0]), tuple(found[1])

    @cached_property
    def equilibria(self) -> tuple[tuple[Equilibrium, Floats], ...]:
        """The equilibria of the regions in the box that are in the box, and in the plane as far as can be seen.

        Each with its state (n,) in double precision.
        """
        found = placed_equilibria(self.ode, dict.fromkeys(cell.pattern for cell in self.cells))
        size = float(np.ptp(self.box, axis=1).max())
        others = [i for i in range(self.ode.network.n) if i not in self.shown]
        kept = []
        for each, state in found:
            place = state[list(self.shown)]
            near = np.abs(state - self._origin)[others].max(initial=0.0) <= 1e-9 * size
            if near and (self.box[:, 0] <= place).all() and (place <= self.box[:, 1]).all():
                kept.append((each, state))
        return tuple(kept)

    @cached_property
    def equilibrium_lines(self) -> tuple[Floats, ...]:
        """The segments (2, 2) of equilibria of a network of two states, in regions with the eigenvalue 1."""
        found = []
        for cell in self.cells if self.ode.network.n == 2 else ():
            region = self._region(cell.pattern)
            if region is not None and region.equilibria == "an affine subspace":
                affine = region.region.affine
                M, c = to_float(affine.M, affine.field), to_float(affine.c, affine.field)
                rows = np.hstack([M - np.eye(2), c])[:, [*self.shown, 2]]
                segment = chord(cell.corners, rows[int(np.argmax(np.abs(rows[:, :2]).sum(axis=1)))])
                found += [] if segment is None else [segment]
        return tuple(found)


def section_of(ode: NetworkODE, units: tuple[int, int], at: Any, box: Any) -> Section:
    """Return the section of two states (from 0), with the others at given values."""
    n = ode.network.n
    others = [i for i in range(n) if i not in units]
    if isinstance(at, Mapping):
        missing = [i + 1 for i in others if i + 1 not in at]
        unknown = [key for key in at if key not in {i + 1 for i in others}]
        if missing or unknown:
            raise ShapeError(f"at: expected values of the states {', '.join(str(i + 1) for i in others)}, got {dict(at)!r}")
        values = rational_vector([at.get(i + 1, 0) for i in range(n)], "at", n)
    elif at is None and others:
        raise ShapeError(f"at: missing; a plane of {n} states needs values of the states {', '.join(str(i + 1) for i in others)}")
    else:
        values = rational_vector([0] * n if at is None else at, "at", n)
    origin = tuple(to_sympy(x) if i in others else to_sympy(x * 0) for i, x in enumerate(values))
    if box is None:
        return Section(ode, units, origin, _suitable_box(ode, units, origin))
    given = floats(box, "box")
    if given.shape != (2, 2) or not np.isfinite(given).all() or not (given[:, 0] < given[:, 1]).all():
        raise EntryError(f"box: expected two pairs of numbers, the first of each less, such as ((-1, 1), (0, 2)), got {box!r}")
    return Section(ode, units, origin, given)


def _suitable_box(ode: NetworkODE, units: tuple[int, int], origin: tuple[Any, ...]) -> Floats:
    """Return a box around the real equilibria and the corners of the regions, and virtual equilibria that are near."""
    lines = Section(ode, units, origin, np.zeros((2, 2))).lines
    lines = lines[np.abs(lines[:, :2]).max(axis=1) > 0]
    nearest = [-line[:2] * line[2] / (line[:2] @ line[:2]) for line in lines]  # to the origin of the plane
    corners = []
    for j, first in enumerate(lines):
        for second in lines[:j]:
            if abs(np.linalg.det([first[:2], second[:2]])) > FLAT * np.abs(first[:2]).max() * np.abs(second[:2]).max():
                corners.append(np.linalg.solve([first[:2], second[:2]], [-first[2], -second[2]]))
    found = placed_equilibria(ode, ode) if ode.network.n == 2 else []
    places = [(state[list(units)], each.real) for each, state in found]
    core = np.array([*(corners or nearest), *(place for place, real in places if real)]).reshape(-1, 2)
    core = core if len(core) else np.zeros((1, 2))
    middle, spans = (core.min(axis=0) + core.max(axis=0)) / 2, np.ptp(core, axis=0)
    least = 0.5 * spans.max() or max(np.abs(core).max(), 2 * max(abs(float(x)) for x in origin), 1.0)
    spans = np.maximum(spans, least)
    core = np.array([*core, *(place for place, _ in places if (np.abs(place - middle) <= 1.5 * spans).all())])
    middle, wide = (core.min(axis=0) + core.max(axis=0)) / 2, np.maximum(np.ptp(core, axis=0), spans)
    return np.column_stack([middle - 0.8 * wide, middle + 0.8 * wide])


def placed_equilibria(ode: NetworkODE, patterns: Iterable[str]) -> list[tuple[Equilibrium, Floats]]:
    """Return the equilibria of regions that have exactly one, each with its state in double precision.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.examples import example
    >>> [(e.pattern, z.tolist(), e.real, e.type) for e, z in placed_equilibria(derive(example("complex")), ["11", "00"])]
    [('11', [1.0, 1.0], True, 'stable focus'), ('00', [2.0, 0.0], False, 'stable node')]
    """
    found = (equilibrium(ode[pattern].region) for pattern in patterns if pattern in ode)
    return [(each, to_float(each.point, ode.network.field)[:, 0]) for each in found if each.dimension == 0]


def _by_intervals(face: FaceField, ends: Floats) -> list[tuple[str, Floats]]:
    """Return the pieces of a segment of a face between two states, with certified ends."""
    k = face.line.coordinate
    first, last = (0, 1) if ends[0, k] < ends[1, k] else (1, 0)
    start, stop = ends[first], ends[last]
    found = []
    for interval in face.intervals:
        r, s = (_part(mark, k, start, stop, away) for mark, away in ((interval.lower, 0.0), (interval.upper, 1.0)))
        r, s = max(r, 0.0), min(s, 1.0)
        if s - r > FLAT:
            found.append((interval.kind.split()[0], start + np.outer([r, s], stop - start)))
    return found


def _part(mark: FaceMark | None, k: Any, start: Floats, stop: Floats, away: float) -> float:
    """Return how far along a segment the end of an interval lies; 0 or 1 where it has none."""
    return away if mark is None else float((float(mark.ball(BITS).mid()) - start[k]) / (stop[k] - start[k]))


def cut(corners: Floats, units: Sequence[int | None], line: Floats, unit: int) -> tuple[Floats, list[int | None]]:
    """Return the part of a convex polygon where a x + b y + c >= 0; its new edge is one of the unit.

    >>> square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    >>> cut(square, [None] * 4, np.array([1.0, 0.0, -1.0]), 7)[1]
    [None, None, None, 7]
    """
    values = corners @ line[:2] + line[2]
    found: list[Floats] = []
    kept: list[int | None] = []
    for j, (point, value) in enumerate(zip(corners, values, strict=True)):
        following, after = corners[(j + 1) % len(corners)], values[(j + 1) % len(corners)]
        if value >= 0:
            found.append(point)
            kept.append(unit if value == 0 and after < 0 else units[j])
        if value * after < 0:
            found.append(point + (following - point) * value / (value - after))
            kept.append(unit if value > 0 else units[j])
    return np.array(found).reshape(-1, 2), kept


def chord(corners: Floats, line: Floats) -> Floats | None:
    """Return the ends (2, 2) of the part of a line a x + b y + c = 0 in a convex polygon; None if there is none."""
    values = corners @ line[:2] + line[2]
    found = []
    for j, (point, value) in enumerate(zip(corners, values, strict=True)):
        following, after = corners[(j + 1) % len(corners)], values[(j + 1) % len(corners)]
        if value == 0 and np.any(line[:2]):
            found.append(point)
        elif value * after < 0:
            found.append(point + (following - point) * value / (value - after))
    return np.array(found[:2]) if len(found) >= 2 else None


def _area(corners: Floats) -> float:
    if len(corners) < 3:
        return 0.0
    x, y = corners.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
