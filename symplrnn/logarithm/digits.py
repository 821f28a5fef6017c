"""Certified decimal digits of a system: its matrix, offset and input matrix as text; and the rational step that they need."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from flint import arb, ctx, fmpq

from symplrnn import views
from symplrnn.errors import EntryError
from symplrnn.exact.evaluation import expression_enclosure

__all__ = ["Digits", "as_digits", "exact_step", "step_ball"]


@dataclass(frozen=True, repr=False)
class Digits(views.Shown):
    """Matrix, offset and input matrix as decimal strings, every digit certified; their sizes are those of the ODE or flow.

    An entry that is known to be exactly the decimal shown has no trailing zeros. An entry that is not decided, since it may be
    exactly 0 or half-way between two decimals and neither is proved, is an enclosure in the notation of Arb, such as
    ``"[+/- 1.2e-40]"``: an `EnclosedNumber`, a string with ``ends`` and a ``reason``.

    Examples
    --------
    >>> import symplrnn as sr
    >>> sr.derive(sr.example("addition"))["01"].digits(8)
    Digits(matrix=(('0', '4.6516871'), ('0', '-4.6051702')), offset=('3.6701299', '-4.6284286'), ...)
    """

    matrix: tuple[tuple[str, ...], ...]
    offset: tuple[str, ...]
    input_matrix: tuple[tuple[str, ...], ...]


def as_digits(rows: list[list[str]], n: int) -> Digits:
    """Return the entries of X^, as text, as X, y and Y."""
    return Digits(
        tuple(tuple(row[:n]) for row in rows[:n]),
        tuple(row[n] for row in rows[:n]),
        tuple(tuple(row[n + 1 :]) for row in rows[:n]),
    )


def exact_step(dt: sp.Expr) -> fmpq:
    """Return dt as an exact rational; raise `EntryError` if it is none."""
    if not isinstance(dt, sp.Rational):
        raise EntryError(f"dt: {dt} is no rational number; decimals and enclosures need one, such as 1/10")
    return fmpq(int(dt.p), int(dt.q))


def step_ball(dt: sp.Expr) -> arb:
    """Return an enclosure of dt at the working precision; raise `EntryError` if it is no number.

    >>> step_ball(sp.Rational(1, 8))
    0.125000000000000
    """
    if dt.free_symbols or dt.is_Rational:
        return arb(exact_step(dt))
    return expression_enclosure(sp.Matrix([dt]), ctx.prec)[0, 0]
