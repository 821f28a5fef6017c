"""FLINT's numbers, polynomials and matrices in pickles, and SymPy's algebraic fields: each type says once how it is made again.

Registered with `copyreg`, so that whatever holds them can be pickled and copied, and sent to other processes.
"""

from __future__ import annotations

import copyreg
from typing import Any

from flint import Ordering, acb, arb, arb_mat, fmpq, fmpq_mat, fmpq_poly, fmpz, fmpz_mat, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly
from sympy import AlgebraicField

__all__: list[str] = []

Made = tuple[Any, tuple[Any, ...]]


def _integer(x: fmpz) -> Made:
    return fmpz, (int(x),)


def _rational(x: fmpq) -> Made:
    return fmpq, (x.p, x.q)


def _polynomial(f: fmpq_poly) -> Made:
    return fmpq_poly, (f.coeffs(),)


def _integer_polynomial(f: fmpz_poly) -> Made:
    return fmpz_poly, (f.coeffs(),)


def _matrix(M: fmpq_mat | fmpz_mat | arb_mat) -> Made:
    return type(M), (M.nrows(), M.ncols(), M.entries())


def _ball(x: arb) -> Made:
    if not x.is_finite():
        return arb, (x.str(20, radius=False) if not x.is_nan() else "nan",)
    return _arb, (*map(int, x.mid().man_exp()), *map(int, x.rad().man_exp()))


def _arb(mantissa: int, exponent: int, radius: int, scale: int) -> arb:
    middle = arb((mantissa, exponent))
    return arb(middle, (radius, scale)) if radius else middle


def _complex_ball(x: acb) -> Made:
    return acb, (x.real, x.imag)


def _ring(context: fmpz_mpoly_ctx) -> Made:
    return _context, (context.names(), context.ordering().name)


def _context(names: tuple[str, ...], ordering: str) -> fmpz_mpoly_ctx:
    return fmpz_mpoly_ctx.get(list(names), Ordering[ordering])


def _multivariate(f: fmpz_mpoly) -> Made:
    return _from_dict, (f.context(), f.to_dict())


def _from_dict(context: fmpz_mpoly_ctx, terms: dict[tuple[int, ...], fmpz]) -> fmpz_mpoly:
    return context.from_dict(terms)


def _algebraic_field(domain: AlgebraicField) -> tuple[Any, ...]:
    # The function by which SymPy writes elements is local to another one, and no part of a pickle; it is made again when needed.
    state = {name: value for name, value in domain.__dict__.items() if name != "_converter"}
    return object.__new__, (AlgebraicField,), state


for _type, _reduce in (
    (fmpz, _integer),
    (fmpq, _rational),
    (fmpq_poly, _polynomial),
    (fmpz_poly, _integer_polynomial),
    (fmpq_mat, _matrix),
    (fmpz_mat, _matrix),
    (arb_mat, _matrix),
    (arb, _ball),
    (acb, _complex_ball),
    (fmpz_mpoly, _multivariate),
    (fmpz_mpoly_ctx, _ring),
    (AlgebraicField, _algebraic_field),
):
    copyreg.pickle(_type, _reduce)
