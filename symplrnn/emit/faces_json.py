"""A face as a JSON-ready dict: closed forms as text, certified decimal digits as text, undecided kinds with their reasons."""

from __future__ import annotations

from typing import Any

from symplrnn import views
from symplrnn.dynamics.faces.field import FaceField
from symplrnn.dynamics.faces.intervals import FaceInterval, FaceMark
from symplrnn.emit.json_ import decimals_to_json
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.exact.writing import text_of

__all__ = ["face_to_dict"]


@views.to_dict.register(FaceField)
def face_to_dict(face: FaceField, digits: int) -> dict[str, Any]:
    """Return a face as a dict, with so many certified digits; its pieces and tangent points if n <= 2.

    The sets are left out: they are the signs of sigma_below and sigma_above, whose coefficients of z1 ... zn and 1 are given.
    """
    digits = positive_integer(digits, "digits")
    entry: dict[str, Any] = {
        "unit": face.unit,
        "below": face.below.region.pattern,
        "above": face.above.region.pattern,
        "dt": str(face.below.dt),
        "inputs": [text_of(face.below.region.network.field.to_sympy(x)) for x in face.inputs],
        "equation": text_of(face.equation.lhs),
        "inequalities": [text_of(x) for x in face.inequalities],
        "jump": [text_of(x) for x in face.jump],
        "sigma_below": text_of(face.sigma_below),
        "sigma_above": text_of(face.sigma_above),
        "normal_digits": dict(zip(("below", "above"), map(decimals_to_json, face.normal_digits(digits)), strict=True)),
    }
    if face.n <= 2:
        entry["intervals"] = [_interval(piece, digits) for piece in face.intervals]
        entry["tangents"] = [_mark(mark, digits) for mark in face.tangents]
    return entry


def _mark(mark: FaceMark | None, digits: int) -> dict[str, Any] | None:
    if mark is None:
        return None
    return {
        "causes": list(mark.causes),
        "belongs": mark.belongs,
        "state": [text_of(x) for x in mark.point],
        "digits": decimals_to_json(mark.digits(digits)),
    }


def _interval(piece: FaceInterval, digits: int) -> dict[str, Any]:
    ends = {"lower": _mark(piece.lower, digits), "upper": _mark(piece.upper, digits)}
    reason = {"reason": piece.reason} if piece.reason else {}
    return {"kind": piece.kind, "signs": list(piece.signs), **ends, **reason}
