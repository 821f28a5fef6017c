"""Whether and where the flow inside one step leaves its region, from exact states at both ends and certified signs between.

For unit i let f_i(r) be (V x(r) + b)_i if the unit is active in the region, and its negative if not. The flow stays in the region
as long as f_i > 0 for the active units and f_i >= 0 for the others. The values at r = 0 and r = 1 are numbers of the network's
field, so their signs are exact; between them f_i > 0 is certified by `symplrnn.dynamics.first_exit`, or its first exit is
bracketed. What needs more than enclosures is decided exactly: f_i = 0 identically, and derivatives that vanish at an end where
f_i is 0.

Units with the same face (up to a factor) leave at the same time and are treated as one.

Reference: docs/theory, section 5, "Crossing certificate".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import arb, arb_mat, fmpq, fmpz

from symplrnn import limits
from symplrnn.dynamics.first_exit import FINER, Piece, Scan, first_exit
from symplrnn.dynamics.taylor_model import ExactFlow, FlowModel, exact_flow, flow_model
from symplrnn.errors import PrecisionLimit
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.real import RealField, real_field
from symplrnn.exact.reading.decimals import outward
from symplrnn.systems.region_ode import RegionODE

__all__ = ["Departure", "ExactState", "RegionFlow"]

START_BITS = 64
TIE_WIDTH = fmpq(1, 1 << 128)


@dataclass(frozen=True)
class ExactState:
    """The column (z, 1, s), or a product of a matrix with it: coordinates without denominators over one positive integer."""

    entries: Any
    scale: fmpz
    real: RealField

    def values(self) -> list[arb]:
        """Return the numbers in balls with about as many good bits as the working precision."""
        scale, real = arb(self.scale), self.real
        numbers = map(arb, self.entries.entries()) if real.is_rational else map(real.ball, real.split(self.entries))
        return [x / scale for x in numbers]

    def balls(self, n: int, extra: int) -> arb_mat:
        """Return (z, u, 1, s) with u = 0 in balls at the current precision."""
        values = self.values()
        return arb_mat(len(values) + extra, 1, [*values[:n], *[arb(0)] * extra, *values[n:]])

    def signs(self) -> list[int]:
        """Return the signs of the numbers."""
        return self.real.signs(self.entries)

    def times(self, matrix: Any) -> ExactState:
        """Return the product with a matrix, given by what it does to coordinates."""
        [numerators], denominator = self.real.over_common_denominator([matrix])
        return ExactState(numerators * self.entries, self.scale * denominator, self.real)


@dataclass(frozen=True)
class Departure:
    """The answer for one step: no units and no reason if the flow stays.

    Attributes
    ----------
    units : tuple of int
        The units, counted from 1, of which the first exit is; empty if the flow stays or nothing is certain.
    bracket : (fmpq, fmpq), optional
        The flow is in the region on (0, lower] and leaves it for the first time by ``upper``.
    reason : str
        What is not certain, or what is special.
    """

    units: tuple[int, ...] = ()
    bracket: tuple[fmpq, fmpq] | None = None
    reason: str = ""


@dataclass(frozen=True)
class _Face:
    """A row v over the network's field with f(r) = v (x(r), 1, s), and the units that have it, counted from 1."""

    row: Any
    regular: Any
    units: tuple[int, ...]


class RegionFlow:
    """The flow of one region with its faces; Taylor models are kept for each precision.

    Parameters
    ----------
    ode : RegionODE of a network of numbers
    width : fmpq
        Brackets are at most so wide, in steps.
    limit : int
        The last precision in bits.
    """

    def __init__(self, ode: RegionODE, width: fmpq, limit: int) -> None:
        self.ode, self.width, self.limit = ode, width, limit
        self.field = ode.region.network.field
        self.real = real_field(self.field)
        self.models: dict[int, FlowModel | None] = {}

    @cached_property
    def faces(self) -> tuple[_Face, ...]:
        """The faces of the region; a unit with a zero row of V never leaves and has none."""
        par, m, K = self.ode.region.network.exact, self.ode.region.network.m, self.field
        found: dict[tuple[fmpq, ...], tuple[list[Any], list[int]]] = {}
        for i, active in enumerate(self.ode.region.pattern):
            normal = par.V.tolist()[i]
            first = next((x for x in normal if not K.is_zero(x)), None)
            if first is not None:
                factor = K.element(self.real.sign_of(first) * (1 if active == "1" else -1)) / first
                row = [*(x * factor for x in [*normal, par.b[i, 0]]), *[K.element(0)] * m]
                key = tuple(c for x in row for c in self.real.coordinates(x))
                found.setdefault(key, (row, []))[1].append(i + 1)
        rows = [(K.fill(1, len(row), row), units) for row, units in found.values()]
        return tuple(_Face(row, self.real.regular(row), tuple(units)) for row, units in rows)

    @cached_property
    def rows(self) -> Any:
        """The rows of all faces (g, n + 1 + m)."""
        columns = self.ode.n + 1 + self.ode.region.network.m
        return self.field.fill(len(self.faces), columns, [x for face in self.faces for x in face.row.entries()])

    @cached_property
    def regular_rows(self) -> Any:
        """What the rows do to coordinates."""
        return self.real.regular(self.rows)

    @cached_property
    def exact(self) -> ExactFlow:
        """The flow in exact terms."""
        return exact_flow(self.ode)

    def model(self, bits: int) -> FlowModel | None:
        """Return the Taylor models of all faces at a precision."""
        if bits not in self.models:
            self.models[bits] = flow_model(self.ode, self.rows, bits)
        return self.models[bits]

    def departure(self, before: ExactState, after: ExactState) -> Departure:
        """Return whether and where the flow from a state of the region leaves it before the next grid time.

        ``before`` and ``after`` hold the network's states at both ends with the input of the step.
        """
        start = before
        if self.ode.jump is not None:
            start = before.times(self.real.regular(self.ode.jump))
            units = self._outside(start)
            if units:
                return Departure(units, (fmpq(0), fmpq(0)), "the jump at the grid time leaves the region")
        bits = START_BITS
        while True:
            found = self._attempt(start, after, bits, final=2 * bits > self.limit)
            if found is not None:
                return found
            bits *= 2

    def _outside(self, state: ExactState) -> tuple[int, ...]:
        """Return the units that are not as in the region's pattern at a state."""
        signs = state.times(self.regular_rows).signs()
        pattern = self.ode.region.pattern
        return tuple(
            sorted(
                unit
                for sign, face in zip(signs, self.faces, strict=True)
                for unit in face.units
                if sign < 0 or (sign == 0 and pattern[unit - 1] == "1")
            )
        )

    def _attempt(self, start: ExactState, end: ExactState, bits: int, final: bool) -> Departure | None:
        """Return the answer at a precision, or None if more bits may say more; at the final precision what is certain."""
        try:
            model = self.model(bits)
        except PrecisionLimit as error:  # of a closed form without certified values, at any precision
            return Departure(reason=str(error))
        if model is None:
            text = f"the flow has no finite enclosure in {limits.TAYLOR_PIECES} pieces at {bits} bits"
            return Departure(reason=text) if final else None
        n, extra, floor = self.ode.n, self.ode.extra, fmpq(1, 1 << (bits // 2))
        with working_precision(bits):
            polynomials = model.polynomials(start.balls(n, extra), end.balls(n, extra))
            left = {
                i: pieces
                for i, pieces in enumerate(polynomials)
                if not self._exact_ends(i, pieces, start, end) and not all(piece.is_positive for piece in pieces)
            }
            scans: dict[int, Scan] = {}
            width = self.width
            while True:
                scans |= {i: first_exit(pieces, width, floor) for i, pieces in left.items()}
                first, doubtful = _first(scans)
                if doubtful or len(first) <= 1 or width <= TIE_WIDTH:
                    break
                width /= FINER
                if width < 4 * floor:
                    break
                left = {i: scans[i].rest for i in first}
        if not final and (doubtful or (len(first) > 1 and width > TIE_WIDTH)):
            return None
        return self._answer(scans, first, doubtful, bits)

    def _exact_ends(self, i: int, pieces: list[Piece], start: ExactState, end: ExactState) -> bool:
        """Make what is exactly known at r = 0 and r = 1 exact in the coefficients; return whether f is 0 identically."""
        face, first, last = self.faces[i], pieces[0].coefficients, pieces[-1].coefficients
        zero = arb(0)
        if first[0].contains(zero):
            [first[0]] = start.times(face.regular).values()
            if first[0] == 0 and first[1].contains(zero):
                state = self.real.elements(start.entries)
                if self.exact.holds(state):
                    if self.exact.vanishes(face.row, state):
                        return True
                    for k in range(self.exact.vanishing_order(face.row, state, len(first) - 2)):
                        first[k + 1] = zero
        if last[-1].contains(zero):
            [last[-1]] = end.times(face.regular).values()
            if last[-1] == 0 and last[-2].contains(zero):
                state = self.real.elements(end.entries)
                if self.exact.holds(state):
                    for k in range(self.exact.vanishing_order(face.row, state, len(last) - 2)):
                        last[-k - 2] = zero
        return False

    def _answer(self, scans: Mapping[int, Scan], first: list[int], doubtful: list[int], bits: int) -> Departure:
        """Return what the scans of the faces say together."""
        upper = _upper(scans)
        units = tuple(sorted(unit for i in first for unit in self.faces[i].units))
        reason = ""
        if doubtful:
            i = min(doubtful, key=lambda i: scans[i].clear)
            names = _names(self.faces[i].units)
            reason = (
                f"the sign of {names} is not certain from r = {outward(scans[i].clear, 8, -1)} on at {bits} bits: "
                "it may touch its face without crossing it"
            )
        elif len(first) > 1:
            reason = f"{_names(units)} cross so close together that their order is not certain"
        if upper is None:
            return Departure(reason=reason)
        return Departure(units, (min(scans[i].clear for i in first), upper), reason)


def _upper(scans: Mapping[int, Scan]) -> fmpq | None:
    """Return by when the flow has left the region for certain."""
    return min((scan.below for scan in scans.values() if scan.below is not None), default=None)


def _first(scans: Mapping[int, Scan]) -> tuple[list[int], list[int]]:
    """Return the faces of which one is crossed first, and those before whose certain part ends in doubt."""
    upper = _upper(scans)
    if upper is None:
        return [], [i for i, scan in scans.items() if scan.in_doubt]
    first = [i for i, scan in scans.items() if scan.clear < upper or scan.clear == scan.below == upper]
    return first, [i for i in first if scans[i].in_doubt]


def _names(units: tuple[int, ...]) -> str:
    """Return units in words."""
    *others, last = map(str, units)
    return f"units {', '.join(others)} and {last}" if others else f"unit {last}"
