"""The state-switched ODE at the face between two regions: the jump of its field, and where orbits cross, slide or escape.

Below the face (unit i off, (V z + b)_i <= 0) the field is f_-(z) = X z + y, above it (unit on) f_+(z) = X' z + y'. Both regions
have the same map on the face, but in general not the same logarithm, so the field jumps there. With the normal components

    sigma_-(z) = V_i f_-(z),      sigma_+(z) = V_i f_+(z)

a point of the face is crossed upwards (both > 0) or downwards (both < 0); slid along (sigma_- > 0 > sigma_+: both fields point
at the face); escaped from (sigma_- < 0 < sigma_+); or tangent (one of them 0). The numbers come from
`symplrnn.dynamics.faces.numbers`.

Reference: A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988, section 4; docs/theory, section
3, E7.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from flint import arb_mat

from symplrnn import views
from symplrnn.dynamics.faces.intervals import (
    NAMES,
    Affine,
    FaceInterval,
    FaceMark,
    Line,
    Partition,
    end_mark,
    exact_mark,
    joined,
    kind_of_signs,
    partition,
    undecided,
)
from symplrnn.dynamics.faces.numbers import Number, Part, Side
from symplrnn.dynamics.faces.point import FacePoint
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.real import RealField
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.logarithm.enclosure import certified_digits
from symplrnn.network.region import activations, state_symbols
from symplrnn.systems.region_ode import RegionODE

__all__ = ["FaceField"]


@dataclass(frozen=True, eq=False)
class FaceField(views.AsJSON, views.Shown):
    """The two fields at the face of a unit between two regions with real ODEs; made by `face_field`.

    Attributes
    ----------
    below, above : RegionODE
        The ODEs of the regions with the unit off and on.
    unit : int
        The unit, counted from 1.
    inputs : tuple of fmpq, or of elements of the network's field
        The input s, held constant.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.dynamics.faces import face_field
    >>> from symplrnn.network import PLRNN
    >>> face = face_field(derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1), "1", unit=1)
    >>> face.sigma_below, face.sigma_above, face.classify([0])
    (-z1*log(2) + 2*log(2), z1*log(3/4) - 4*log(3/4), FacePoint('crossing up', signs=(1, 1)))
    >>> face.classify([1])
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: z: not on the face of unit 1 between 0 and 1: (V z + b)_1 is 1, and 0 on the face

    Reference: A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988, section 4.
    """

    below: RegionODE
    above: RegionODE
    unit: int
    inputs: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        patterns = f"{self.below.region.pattern!r}, {self.above.region.pattern!r}"
        kinds = f", intervals={self.intervals}" if self.n <= 2 else ""
        return views.cut(f"FaceField(unit={self.unit}, {patterns}{kinds})")

    @property
    def n(self) -> int:
        """Number of states."""
        return self.below.n

    @cached_property
    def _sides(self) -> tuple[Side, Side]:
        return Side(self.below), Side(self.above)

    @property
    def _real(self) -> RealField:
        return self._sides[0].real

    @cached_property
    def _faces(self) -> tuple[Any, Any]:
        par = self.below.region.network.exact
        return par.V, par.b

    @property
    def _normal(self) -> list[Any]:
        V: list[list[Any]] = self._faces[0].tolist()
        return V[self.unit - 1]

    def _column(self, entries: list[Any]) -> Any:
        return self._real.field.fill(len(entries), 1, entries)

    def _augmented(self, state: list[Any], constant: int = 1) -> Any:
        """Return the column (z, 1, s), or (z, 0, 0) for a direction."""
        c = self._real.field.element(constant)
        return self._column([*state, c, *(c * s for s in self.inputs)])

    def _number(self, side: Side, covector: list[Any], w: Any) -> Number:
        K = self._real.field
        row = K.fill(1, w.nrows(), [*covector, *[K.element(0)] * (w.nrows() - self.n)])
        return Number((Part(side, row, w),))

    @property
    def _origin(self) -> list[Any]:
        return [self._real.field.element(0)] * self.n

    def _unit_vector(self, k: int) -> list[Any]:
        return [self._real.field.element(int(j == k)) for j in range(self.n)]

    @property
    def _symbolic(self) -> sp.Matrix:
        """The column (z, 1, s) in z1 ... zn."""
        return sp.Matrix([*state_symbols(self.n), 1, *map(self._real.field.to_sympy, self.inputs)])

    # Closed forms

    @property
    def equation(self) -> sp.Eq:
        """(V z + b)_i = 0, in the symbols z1 ... zn."""
        return sp.Eq(activations(self.below.region.network)[self.unit - 1], 0)

    @property
    def inequalities(self) -> tuple[sp.Rel, ...]:
        """The inequalities of the other units, which both regions share."""
        relations = self.below.region.inequalities
        return tuple(relation for k, relation in enumerate(relations, 1) if k != self.unit)

    @cached_property
    def fields(self) -> tuple[sp.ImmutableDenseMatrix, sp.ImmutableDenseMatrix]:
        """f_- = X z + y (+ Y s) and f_+, as SymPy columns (n, 1) in z1 ... zn."""
        w = self._symbolic
        below, above = (sp.ImmutableDenseMatrix(side.augmented[: self.n, :] * w) for side in self._sides)
        return below, above

    @cached_property
    def jump(self) -> sp.ImmutableDenseMatrix:
        """f_+ - f_- = (X' - X) z + (y' - y), as a SymPy column (n, 1) in z1 ... zn."""
        X = self._sides[1].augmented - self._sides[0].augmented
        return sp.ImmutableDenseMatrix(X[: self.n, :] * self._symbolic)

    @cached_property
    def _coefficients(self) -> tuple[list[Number], list[Number]]:
        """The coefficients of z1 ... zn and the constant of sigma_below and sigma_above."""
        directions = [self._augmented(self._unit_vector(k), 0) for k in range(self.n)]
        columns = [*directions, self._augmented(self._origin)]
        below, above = ([self._number(side, self._normal, w) for w in columns] for side in self._sides)
        return below, above

    def _form(self, side: int) -> sp.Expr:
        terms = zip(self._coefficients[side], (*state_symbols(self.n), sp.Integer(1)), strict=True)
        return sp.Add(*(number.expression * z for number, z in terms))

    @cached_property
    def sigma_below(self) -> sp.Expr:
        """V_i (X z + y), linear in z1 ... zn; coefficients that are proved to be in the network's field are written so."""
        return self._form(0)

    @cached_property
    def sigma_above(self) -> sp.Expr:
        """V_i (X' z + y'), linear in z1 ... zn."""
        return self._form(1)

    def _relation(self, side: int, sign: int) -> Any:
        """Return sigma > 0, = 0 or < 0: a relation, or true or false if sigma is constant and its sign decided."""
        *slopes, constant = self._coefficients[side]
        if all(number.is_zero for number in slopes) and constant.sign is not None:
            return sp.true if constant.sign == sign else sp.false
        form = (self.sigma_below, self.sigma_above)[side]
        return {1: sp.Gt, 0: sp.Eq, -1: sp.Lt}[sign](form, 0, evaluate=False)

    def _where(self, *conditions: Any) -> Any:
        """Return the part of the face that meets conditions; nothing is decided by approximate values."""
        parts = [part for part in (self.equation, *self.inequalities, *conditions) if part is not sp.true]
        return sp.false if sp.false in parts else sp.And(*parts, evaluate=False)

    @property
    def crossing_up(self) -> Any:
        """The points that are crossed from below to above: sigma_below > 0 and sigma_above > 0, as SymPy relations."""
        return self._where(self._relation(0, 1), self._relation(1, 1))

    @property
    def crossing_down(self) -> Any:
        """The points that are crossed from above to below: sigma_below < 0 and sigma_above < 0."""
        return self._where(self._relation(0, -1), self._relation(1, -1))

    @property
    def sliding(self) -> Any:
        """The points where both fields point at the face: sigma_below > 0 and sigma_above < 0."""
        return self._where(self._relation(0, 1), self._relation(1, -1))

    @property
    def escaping(self) -> Any:
        """The points where both fields point away from the face: sigma_below < 0 and sigma_above > 0."""
        return self._where(self._relation(0, -1), self._relation(1, 1))

    @property
    def tangent(self) -> Any:
        """The points where a field is tangent to the face: sigma_below = 0 or sigma_above = 0."""
        relations = [part for part in (self._relation(0, 0), self._relation(1, 0)) if part is not sp.false]
        if not relations or sp.true in relations:
            return self._where(sp.true if relations else sp.false)
        return self._where(sp.Or(*relations, evaluate=False))

    @cached_property
    def sliding_field(self) -> sp.ImmutableDenseMatrix:
        """Filippov's field (sigma_- f_+ - sigma_+ f_-) / (sigma_- - sigma_+), as a SymPy column (n, 1).

        On the sliding and escaping parts it is the convex combination of f_- and f_+ that is tangent to the face.
        """
        (below, above), low, high = self.fields, self.sigma_below, self.sigma_above
        return sp.ImmutableDenseMatrix([(low * g - high * f) / (low - high) for f, g in zip(below, above, strict=True)])

    # Certified numbers

    def jump_enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix (n, n + 1) that contains [X' - X, y' - y], with the input's part in the last column."""
        bits = positive_integer(bits, "bits")
        with working_precision(bits):
            return self._columns(self._sides[1].balls(bits) - self._sides[0].balls(bits))

    def normal_enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix (2, n + 1) with the coefficients of z1 ... zn and 1 in sigma_below and sigma_above."""
        bits = positive_integer(bits, "bits")
        with working_precision(bits):
            normal = self._real.balls(self._real.field.fill(1, self.n, self._normal))
            rows = [(normal * self._columns(side.balls(bits))).entries() for side in self._sides]
            return arb_mat(rows)

    def normal_digits(self, digits: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the coefficients of z1 ... zn and 1 in sigma_below and sigma_above to so many certified significant digits.

        A coefficient that can neither be separated from 0 nor be proved rational is an `EnclosedNumber`.
        """
        digits = positive_integer(digits, "digits")
        exact = {
            (i, j): number.rational
            for i, row in enumerate(self._coefficients)
            for j, number in enumerate(row)
            if number.rational is not None
        }
        below, above = certified_digits(self.normal_enclosure, exact, digits, f"face of unit {self.unit}")
        return tuple(below), tuple(above)

    def sliding_enclosure(self, z: Any, bits: int) -> arb_mat:
        """Return a ball column (n, 1) that contains Filippov's field at a point of the face; see `classify`."""
        bits, (state, _) = positive_integer(bits, "bits"), self._located(z)
        w = self._augmented(state)
        with working_precision(bits):
            low, high = (self._number(side, self._normal, w).ball(bits) for side in self._sides)
            below, above = ((side.balls(bits) * self._real.balls(w)).entries()[: self.n] for side in self._sides)
            return arb_mat(self.n, 1, [(low * g - high * f) / (low - high) for f, g in zip(below, above, strict=True)])

    def _columns(self, X: arb_mat) -> arb_mat:
        """Return the rows of z of a matrix like X^, with the columns of the constant and of the inputs joined."""
        constant = X * self._real.balls(self._augmented(self._origin))
        return arb_mat([[*(X[i, j] for j in range(self.n)), constant[i, 0]] for i in range(self.n)])

    # Points

    def classify(self, z: Any) -> FacePoint:
        """Return the kind of a point of the face, given by rational numbers or by numbers in the network's field.

        The signs of sigma_below and sigma_above are decided by balls of rising precision; 0 only where it is proved, as at an
        equilibrium. Where neither decides, the kind is "undecided", with the reason.

        Raises `EntryError` if the point is not on the face.
        """
        state, corner = self._located(z)
        below, above = (self._number(side, self._normal, self._augmented(state)) for side in self._sides)
        signs = (below.sign, above.sign)
        kind = kind_of_signs(*signs)
        open_signs = [name for name, sign in zip(("sigma_below", "sigma_above"), signs, strict=True) if sign is None]
        reason = "; ".join(map(undecided, open_signs)) if kind == "undecided" else ""
        return FacePoint(kind, signs, corner, reason, (below, above))

    def _located(self, z: Any) -> tuple[list[Any], tuple[int, ...]]:
        """Return a point of the face, and the other units whose face it is on; or raise that it is not on this face."""
        real, state, pattern = self._real, self._real.vector(z, "z", self.n), self.below.region.pattern
        V, b = self._faces
        values = (V * self._column(state) + b).entries()
        signs = [real.sign_of(value) for value in values]
        where = f"z: not on the face of unit {self.unit} between {pattern} and {self.above.region.pattern}"
        for k, (sign, active) in enumerate(zip(signs, pattern, strict=True), 1):
            wanted = "0" if k == self.unit else "> 0" if active == "1" else "<= 0"
            if (sign != 0) if k == self.unit else (sign > 0) != (active == "1"):
                raise EntryError(f"{where}: (V z + b)_{k} is {real.field.to_sympy(values[k - 1])}, and {wanted} on the face")
        return state, tuple(k for k, sign in enumerate(signs, 1) if sign == 0 and k != self.unit)

    # The face as a line

    def _require_line(self) -> None:
        if self.n > 2:
            raise ShapeError(f"intervals: the network has {self.n} states; a face is a line or a point with 2 or 1")

    @cached_property
    def line(self) -> Line:
        """The line that the face is part of, with one of the states as its parameter (n = 2), or the face's point (n = 1)."""
        self._require_line()
        v, b, real = self._normal, self._faces[1][self.unit - 1, 0], self._real
        zero, one = real.field.element(0), real.field.element(1)
        if self.n == 1:
            return Line(real, (-b / v[0],), (zero,))
        if real.field.is_zero(v[0]):
            return Line(real, (zero, -b / v[1]), (one, zero))
        return Line(real, (-b / v[0], zero), (-v[1] / v[0], one))

    @cached_property
    def ends(self) -> tuple[FaceMark | None, FaceMark | None]:
        """The ends of the face that the other units set; None where it is unbounded (n = 2)."""
        line, (V, b) = self.line, self._faces
        start, along = V * self._column(list(line.base)) + b, V * self._column(list(line.direction))
        pattern, bounds = self.below.region.pattern, dict[bool, list[tuple[Any, int]]]({True: [], False: []})
        for k, (slope, active) in enumerate(zip(along.entries(), pattern, strict=True), 1):
            sign = self._real.sign_of(slope)
            if k != self.unit and sign != 0:
                bounds[(sign > 0) == (active == "1")].append((-start[k - 1, 0] / slope, k))
        return end_mark(line, pattern, bounds[True], 1), end_mark(line, pattern, bounds[False], -1)

    def _affine(self, covector: list[Any]) -> tuple[Affine, Affine]:
        """Return the product of a row with f_- and with f_+ along the line."""
        start, direction = self._augmented(list(self.line.base)), self._augmented(list(self.line.direction), 0)
        below, above = (
            Affine(self._number(side, covector, start), self._number(side, covector, direction)) for side in self._sides
        )
        return below, above

    @cached_property
    def partition(self) -> Partition:
        """The face cut into pieces of one kind, with its tangent points (n <= 2)."""
        if self.line.coordinate is not None:
            return partition(self.line, self._affine(self._normal), *self.ends)
        origin = self._real.field.element(0)
        point = self.classify([self._real.field.to_sympy(x) for x in self.line.base])
        causes = tuple(name for name, sign in zip(NAMES, point.signs, strict=True) if sign == 0)
        mark = exact_mark(self.line, origin, causes or (f"unit {self.unit}",), True)
        piece = FaceInterval(point.kind, mark, mark, point.signs, point.reason)
        return Partition((piece,), (mark,) if point.kind == "tangent" else ())

    @property
    def intervals(self) -> tuple[FaceInterval, ...]:
        """The maximal pieces of one kind, in order along the face (n <= 2): open intervals, or the one point (n = 1)."""
        return self.partition.intervals

    @cached_property
    def tangents(self) -> tuple[FaceMark, ...]:
        """The tangent points of a face with n <= 2: where a normal component vanishes, inside it or at an end that belongs to it.

        Where the map has a fixed point both fields vanish: such a point has the cause "equilibrium" as well.
        """
        marks = self.partition.tangents
        return tuple(joined(m, ("equilibrium",)) if m.exact is not None and self._rests(m.exact) else m for m in marks)

    def _rests(self, t: Any) -> bool:
        """Return whether the point with a parameter in the network's field is a fixed point of the map: of both regions then."""
        affine, state = self.below.region.affine, self._column(self.line.at(t))
        return bool(affine.apply(state) + affine.C * self._column(list(self.inputs)) == state)

    @property
    def pseudo_equilibria(self) -> tuple[FaceMark, ...]:
        """The points of sliding and escaping pieces where Filippov's field vanishes: none, if n <= 2.

        With phi(x) = log(x)/(x - 1) the fields are phi(M) d / dt and phi(M') d / dt for the same d = F(z) - z. For n = 2,
        phi(M) = A + B adj(M) with A, B > 0. So where a convex combination of the fields vanishes, one of M and M' has a
        negative eigenvalue. But M' - M has rank 1, so its characteristic polynomial is the convex combination of two that are
        positive on (-inf, 0]. For n = 1, phi > 0: the fields have the same sign, and no point slides.
        """
        self._require_line()
        return ()

    def to_dict(self, digits: int = 17) -> dict[str, Any]:
        """Return a JSON-ready dict: closed forms as text and certified digits; with n <= 2 also the pieces and tangent points."""
        return views.to_dict(self, digits)
