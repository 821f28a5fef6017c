"""The face of a network with one or two states, cut into maximal pieces of one kind.

With two states the face (V z + b)_i = 0 is part of a line. Its parameter is t = z_k, for the state k that runs along it, so that
z(t) = p + t q with q_k = 1. The other units bound t by numbers in the network's field K. Along the line both normal components
are affine,

    sigma_-(t) = alpha_- + beta_- t,      sigma_+(t) = alpha_+ + beta_+ t,

with numbers alpha, beta that are combinations over K of entries of X^. A piece ends at a root t = -alpha/beta or at an end of
the face. Whether a root lies before a c in K is the sign of sigma(c), so it may be proved to be c itself. Two roots are
told apart by balls; they are equal if both are the same number in K, or if the two forms have a ratio in K.

Reference: A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988, section 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from flint import arb, arb_mat

from symplrnn import limits, views
from symplrnn.dynamics.faces import numbers
from symplrnn.dynamics.faces.numbers import Number, guess, in_ratio
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.real import RealField
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.exact.writing import text_of
from symplrnn.logarithm.enclosure import certified_digits

__all__ = [
    "Affine",
    "FaceInterval",
    "FaceMark",
    "Line",
    "Partition",
    "end_mark",
    "exact_mark",
    "kind_of_signs",
    "partition",
]

LONGEST_TEXT = 40


def kind_of_signs(below: int | None, above: int | None) -> str:
    """Return the kind of a point of a face from the signs of the normal components below and above it.

    >>> kind_of_signs(1, 1), kind_of_signs(1, -1), kind_of_signs(None, 0), kind_of_signs(None, 1)
    ('crossing up', 'sliding', 'tangent', 'undecided')
    """
    if 0 in (below, above):
        return "tangent"
    if below is None or above is None:
        return "undecided"
    return {(1, 1): "crossing up", (-1, -1): "crossing down", (1, -1): "sliding", (-1, 1): "escaping"}[below, above]


@dataclass(frozen=True, eq=False)
class Line:
    """The points p + t q (n = 2), or the one point p (n = 1, q = 0), over the network's field."""

    real: RealField
    base: tuple[Any, ...]
    direction: tuple[Any, ...]

    @property
    def coordinate(self) -> int | None:
        """The index (from 0) of the state that is the parameter; None for a single point."""
        K = self.real.field
        one = K.element(1)
        pairs = enumerate(zip(self.base, self.direction, strict=True))
        return next((k for k, (p, q) in pairs if q == one and K.is_zero(p)), None)

    def at(self, t: Any) -> list[Any]:
        """Return the point at a parameter in the field."""
        return [p + t * q for p, q in zip(self.base, self.direction, strict=True)]

    def ball(self, number: Any) -> arb:
        """Return an enclosure of a number in the field."""
        return self.real.ball(self.real.coordinates(number))


@dataclass(frozen=True, eq=False)
class FaceMark(views.Shown):
    """A point of the face line at which a piece ends.

    Attributes
    ----------
    causes : tuple of str
        What happens there: "unit 2" (the face of unit 2), "sigma_below = 0", "sigma_above = 0",
        "equilibrium" (both fields vanish).
    belongs : bool
        Whether the point belongs to the face.
    exact : fmpq, an element of the network's field if that is not Q, or None
        The parameter, if it is proved to be in the field.
    """

    line: Line
    causes: tuple[str, ...]
    belongs: bool
    exact: Any
    enclose: Callable[[int], arb]
    closed_form: Callable[[], sp.Expr]

    def __repr__(self) -> str:
        return f"FaceMark({self}, {', '.join(self.causes)})"

    def __str__(self) -> str:
        text, k = text_of(self.parameter), self.line.coordinate
        return text if len(text) <= LONGEST_TEXT or k is None else f"{self.digits(6)[k]}..."

    @cached_property
    def parameter(self) -> sp.Expr:
        """The parameter t = z_k in closed form."""
        return self.closed_form() if self.exact is None else self.line.real.field.to_sympy(self.exact)

    @property
    def point(self) -> sp.ImmutableDenseMatrix:
        """The state p + t q in closed form, as a SymPy column (n, 1)."""
        K, pairs = self.line.real.field, zip(self.line.base, self.line.direction, strict=True)
        return sp.ImmutableDenseMatrix([K.to_sympy(p) + K.to_sympy(q) * self.parameter for p, q in pairs])

    def ball(self, bits: int) -> arb:
        """Return a ball that contains the parameter."""
        with working_precision(bits):
            return self.enclose(bits) if self.exact is None else self.line.ball(self.exact)

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball column (n, 1) that contains the state, computed with this many bits."""
        bits = positive_integer(bits, "bits")
        with working_precision(bits):
            t, ball = self.ball(bits), self.line.ball
            states = [ball(p) + t * ball(q) for p, q in zip(self.line.base, self.line.direction, strict=True)]
            return arb_mat(len(states), 1, states)

    def digits(self, digits: int) -> tuple[str, ...]:
        """Return the state to so many significant decimal digits, each certified."""
        digits = positive_integer(digits, "digits")
        real, t = self.line.real, self.exact
        pairs = enumerate(zip(self.line.base, self.line.direction, strict=True))
        known = {(k, 0): p if t is None else p + t * q for k, (p, q) in pairs if t is not None or real.field.is_zero(q)}
        exact = {place: x for place, value in known.items() if (x := real.rational(value)) is not None}
        return tuple(row[0] for row in certified_digits(self.enclosure, exact, digits, "point of a face"))


@dataclass(frozen=True, eq=False)
class FaceInterval(views.Shown):
    """A maximal open piece of a face whose points have one kind; of a single point (n = 1), that point.

    Attributes
    ----------
    kind : str
        "crossing up", "crossing down", "sliding", "escaping", "tangent" or "undecided".
    lower, upper : FaceMark or None
        The ends; None where the piece is unbounded.
    signs : pair of 1, 0, -1 or None
        The signs of sigma_below and sigma_above on the piece.
    reason : str
        Why an undecided piece is undecided.
    """

    kind: str
    lower: FaceMark | None
    upper: FaceMark | None
    signs: tuple[int | None, int | None]
    reason: str = ""

    def __repr__(self) -> str:
        lower, upper = ("-oo" if self.lower is None else self.lower), ("oo" if self.upper is None else self.upper)
        return f"FaceInterval({self.kind!r}, {lower}, {upper})"

    @property
    def parameters(self) -> tuple[sp.Expr, sp.Expr]:
        """The parameters of the ends in closed form; -oo and oo where the piece is unbounded."""
        return (
            -sp.oo if self.lower is None else self.lower.parameter,
            sp.oo if self.upper is None else self.upper.parameter,
        )


@dataclass(frozen=True)
class Partition:
    """The pieces of a face in order, its tangent points, and the ends of the face itself."""

    intervals: tuple[FaceInterval, ...]
    tangents: tuple[FaceMark, ...]


@dataclass(frozen=True, eq=False)
class Affine:
    """The affine function alpha + beta t along the line."""

    alpha: Number
    beta: Number

    @property
    def real(self) -> RealField:
        """The field of the network."""
        return self.alpha.real

    def at(self, t: Any) -> Number:
        """Return the value at a parameter in the field."""
        value: Number = self.alpha + self.beta * t
        return value

    @cached_property
    def exact_root(self) -> Any:
        """The root, if it is proved to be in the field, else None."""
        if self.beta.sign in (0, None):
            return None
        found = guess(self.real, self.root_ball)
        return found if found is not None and self.at(found).is_zero else None

    def root_ball(self, bits: int) -> arb:
        """Return a ball that contains the root."""
        with working_precision(bits):
            return -self.alpha.ball(bits) / self.beta.ball(bits)

    def sign_at(self, t: Any) -> int | None:
        """Return the sign at a parameter in the field."""
        if self.exact_root is not None and self.beta.sign is not None:
            return self.beta.sign * self.real.sign_of(t - self.exact_root)
        return self.at(t).sign

    def root_against(self, t: Any) -> int | None:
        """Return the sign of (root - t) for a t in the field: sigma(t) = beta (t - root)."""
        sign, slope = self.sign_at(t), self.beta.sign
        return None if sign is None or slope is None else -sign * slope


def compare_roots(first: Affine, second: Affine) -> int | None:
    """Return the sign of the difference of two roots; 0 if they are proved to be equal."""
    if second.exact_root is not None:
        return first.root_against(second.exact_root)
    if first.exact_root is not None:
        other = second.root_against(first.exact_root)
        return None if other is None else -other
    return numbers.first_sign(
        lambda bits: first.root_ball(bits) - second.root_ball(bits),
        lambda: in_ratio((first.beta, first.alpha), (second.beta, second.alpha)) is not None,
    )


NAMES = ("sigma_below = 0", "sigma_above = 0")


@dataclass(frozen=True, eq=False)
class Component:
    """The sign of a normal component along the face: ``left`` before its root inside the face, ``right`` after it."""

    left: int | None
    right: int | None
    root: FaceMark | None = None
    ends: tuple[bool, bool] = (False, False)
    reason: str = ""


def _component(form: Affine, name: str, line: Line, lower: FaceMark | None, upper: FaceMark | None) -> Component:
    """Return where a normal component changes its sign inside the face."""
    slope, what = form.beta.sign, name.removesuffix(" = 0")
    if slope is None:
        return Component(None, None, reason=undecided(f"the slope of {what}"))
    if slope == 0:
        sign = form.alpha.sign
        return Component(sign, sign, reason="" if sign is not None else undecided(what))
    before = 1 if lower is None or lower.exact is None else form.root_against(lower.exact)
    after = -1 if upper is None or upper.exact is None else form.root_against(upper.exact)
    if before is None or after is None:
        return Component(None, None, reason=undecided(f"{what} at an end of the face"))
    if before <= 0:
        return Component(slope, slope, ends=(before == 0, False))
    if after >= 0:
        return Component(-slope, -slope, ends=(False, after == 0))
    root = FaceMark(line, (name,), True, form.exact_root, form.root_ball, lambda: -form.alpha.expression / form.beta.expression)
    return Component(-slope, slope, root)


def undecided(what: str) -> str:
    """Return why the sign of a number is not known."""
    return f"{what} is not told apart from 0 by {limits.FACE_BITS} bits, and not proved to be 0"


def exact_mark(line: Line, t: Any, causes: tuple[str, ...], belongs: bool) -> FaceMark:
    """Return the point with a parameter in the field."""
    return FaceMark(line, causes, belongs, t, lambda bits: line.ball(t), lambda: line.real.field.to_sympy(t))


def end_mark(line: Line, pattern: str, bounds: list[tuple[Any, int]], side: int) -> FaceMark | None:
    """Return the end that units (counted from 1) set by bounds on the parameter; it belongs to the face if they all are off.

    ``side`` is 1 for the largest of lower bounds, and -1 for the smallest of upper bounds.
    """
    if not bounds:
        return None
    t = bounds[0][0]
    for value, _ in bounds[1:]:
        if line.real.sign_of(value - t) == side:
            t = value
    units = [unit for value, unit in bounds if value == t]
    return exact_mark(line, t, tuple(f"unit {unit}" for unit in units), all(pattern[unit - 1] == "0" for unit in units))


def joined(mark: FaceMark, causes: tuple[str, ...]) -> FaceMark:
    """Return a mark with further causes."""
    return FaceMark(mark.line, mark.causes + causes, mark.belongs, mark.exact, mark.enclose, mark.closed_form)


def partition(line: Line, forms: Sequence[Affine], lower: FaceMark | None, upper: FaceMark | None) -> Partition:
    """Return the pieces of the face between two ends (None: unbounded), for sigma_below and sigma_above along it."""
    parts = [_component(form, name, line, lower, upper) for form, name in zip(forms, NAMES, strict=True)]
    ends = [
        end and joined(end, tuple(name for part, name in zip(parts, NAMES, strict=True) if part.ends[k]))
        for k, end in enumerate((lower, upper))
    ]
    reasons = "; ".join(part.reason for part in parts if part.reason)
    inside = [part.root for part in parts if part.root is not None]
    left, right = (parts[0].left, parts[1].left), (parts[0].right, parts[1].right)
    middle: tuple[int | None, int | None] = left
    if len(inside) == 2:
        order = compare_roots(*forms)
        if order == 0:
            inside = [joined(inside[0], inside[1].causes)]
        elif order is None:
            middle, reasons = (None, None), undecided("the distance of the two tangent points")
        else:
            middle = (parts[0].right, parts[1].left) if order < 0 else (parts[0].left, parts[1].right)
            inside = inside if order < 0 else inside[::-1]
    signs = {0: [left], 1: [left, right], 2: [left, middle, right]}[len(inside)]
    points = [ends[0], *inside, ends[1]]
    intervals = []
    for first, second, pair in zip(points[:-1], points[1:], signs, strict=True):
        kind = kind_of_signs(*pair)
        intervals.append(FaceInterval(kind, first, second, pair, reasons if kind == "undecided" else ""))
    tangents = [mark for mark in points if mark is not None and mark.belongs and set(mark.causes) & set(NAMES)]
    return Partition(tuple(intervals), tuple(tangents))
