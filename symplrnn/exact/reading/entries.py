"""Entries with letters or irrational numbers to exact expressions, and matrices over a field back to SymPy.

Reference: `symplrnn.exact.reading.bounded`, which keeps what is read within bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from symplrnn.errors import EntryError
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.reading.algebraic import in_generators, is_generator, why_no_entry
from symplrnn.exact.reading.bounded import Function, Functions, Refused, as_expression, power
from symplrnn.exact.reading.exponentials import exponential_generators, exponents_in, spelled
from symplrnn.exact.reading.grammar import parse_expression, shorten
from symplrnn.exact.reading.names import letters_of
from symplrnn.exact.reading.numbers import printable, rational, to_sympy_matrix

__all__ = ["exact_entry", "in_sympy"]


def exact_entry(value: Any, where: str, symbols: Mapping[str, sp.Symbol] | None = None, closed: bool = True) -> fmpq | sp.Expr:
    """Return a number or an expression exactly: an ``fmpq`` if it is rational, else a SymPy expression in normal form.

    Accepted is all that `rational` accepts, text with declared parameters and with ``sqrt(...)`` and ``exp(...)`` of rational
    numbers, and SymPy expressions that are rational functions of symbols and of exponentials of rational numbers, with real
    algebraic numbers as coefficients. A Float in an expression is the dyadic rational that it stores. ``symbols`` maps the
    names of declared parameters to their symbols; a plain symbol of such a name stands for the declared one. Without it, and
    beside it if not ``closed``, every symbol of an expression that is real or has no assumptions is a parameter.

    >>> a = sp.Symbol("a", real=True)
    >>> exact_entry("1/2", "A[1]"), exact_entry("2*(a - 1)", "A[2]", {"a": a}), exact_entry(a / (a * 2.0), "A[3]")
    (1/2, 2*a - 2, 1/2)
    >>> exact_entry(sp.sin(a), "A[1]")
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: A[1]: 'sin(a)' is no rational function of parameters with real algebraic coefficients

    Algebraic numbers may also be real roots of polynomials, the golden ratio, and sin, cos, tan of rational multiples of pi.

    >>> exact_entry(sp.sin(sp.pi / 7) / 2 + 1, "A[1]"), exact_entry(sp.GoldenRatio, "A[2]")
    (cos(5*pi/14)/2 + 1, 1/2 + sqrt(5)/2)

    Exponentials are those of leaky units, exp(-dt/tau), with numbers or letters. 0 is seen: exp(r) is transcendental for every
    rational r but 0.

    >>> exact_entry("(1 - exp(-1/10))*a", "W[1][1]", {"a": a}), exact_entry("exp(-1/2)*exp(-1/3) - exp(-5/6)", "W[1][2]")
    (-a*exp(-1/10) + a, 0)
    >>> exact_entry("exp(-a/2)^2 + 1", "W[1][1]", {"a": a})
    1 + exp(-a)

    Raises `EntryError` for all else.
    """
    if isinstance(value, str):
        return printable(parse_expression(value, where, symbols or {}), where)
    if not isinstance(value, sp.Expr) or isinstance(value, sp.Number) or (value.is_number and value.is_finite is False):
        return printable(rational(value, where), where)
    value = in_generators(spelled(value))
    names = letters_of(printable(value, where), where, symbols, closed)
    letters = sorted(set(names.values()), key=lambda symbol: symbol.name)
    try:
        exponentials, exponential = exponential_generators(e.xreplace(names) for e in exponents_in(value) if not _is_number(e))
    except EntryError as error:
        raise EntryError(f"{where}: {error}") from None
    ring = Functions([*letters, *exponentials], exponential)
    try:
        exact = as_expression(_read(value, where, names, ring))
        return printable(exact if isinstance(exact, fmpq) else spelled(exact), where)
    except _NoEntry as refused:
        inside = "" if refused.part == value else f" in {shorten(str(value))}"
        raise EntryError(f"{where}: {shorten(str(refused.part))}{inside} {refused}") from None
    except Refused as refused:
        raise EntryError(f"{where}: {shorten(str(value))} {refused}") from None
    except _BeyondSquareRoots:
        return printable(_algebraic(value.xreplace(names), where), where)


def in_sympy(field: Field, matrix: Any) -> sp.ImmutableDenseMatrix:
    """Return a matrix over a field as an immutable SymPy matrix."""
    if isinstance(matrix, fmpq_mat):
        return to_sympy_matrix(matrix)
    return sp.ImmutableDenseMatrix(matrix.nrows(), matrix.ncols(), [spelled(field.to_sympy(x)) for x in matrix.entries()])


class _NoEntry(Refused):
    """A part of an expression is no number or function that an entry may have."""

    def __init__(self, part: sp.Expr) -> None:
        super().__init__(why_no_entry(part))
        self.part = part


class _BeyondSquareRoots(Exception):
    """An expression has real algebraic numbers other than square roots of rational numbers."""


def _is_number(exponent: sp.Expr) -> bool:
    """Return whether an exponent is a number that is not rational: that of a transcendental number without a place here."""
    return bool(exponent.is_number and not exponent.is_Rational)


def _read(value: Any, where: str, names: Mapping[sp.Symbol, sp.Symbol], ring: Functions) -> fmpq | Function:
    """Return the value of a SymPy expression, from its leaves up."""
    if isinstance(value, sp.Symbol):
        return ring.symbol(names[value])
    if isinstance(value, sp.Number):
        return rational(value, where)
    if value is sp.E or (isinstance(value, sp.exp) and not _is_number(value.args[0])):
        return ring.exponential_of(sp.Integer(1) if value is sp.E else value.args[0].xreplace(names))
    if isinstance(value, sp.Add | sp.Mul):
        total: Any = fmpq(0) if value.is_Add else fmpq(1)
        for part in value.args:
            term = _read(part, where, names, ring)
            total = total + term if value.is_Add else total * term
        exact: fmpq | Function = total
        return exact
    if isinstance(value, sp.Pow) and isinstance(value.exp, sp.Rational) and value.exp.q <= 2:
        base: Any = _read(value.base, where, names, ring)
        if value.exp.q == 2 and isinstance(base, fmpq) and base >= 0:
            base = ring.square_root(base)
        elif value.exp.q == 2:
            base = None
        if base is not None:
            raised: fmpq | Function = power(base, int(value.exp.p))
            return raised
    if is_generator(value) and value.is_real and value.is_algebraic:
        raise _BeyondSquareRoots
    raise _NoEntry(value)


def _algebraic(value: sp.Expr, where: str) -> fmpq | sp.Expr:
    """Return an expression with other irrational numbers in the normal form of the field that it generates."""
    try:
        field = field_of([value])
        normal = field.to_sympy(field.element(value))
    except EntryError as error:
        raise EntryError(f"{where}: {error}") from error
    return rational(normal, where) if isinstance(normal, sp.Rational) else normal
