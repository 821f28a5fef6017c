"""Numbers of every kind to exact rationals, and exact rationals to SymPy.

A float is the dyadic rational that it stores (0.1 is 3602879701896397/36028797018963968); a decimal in text or a `Decimal` is
the decimal that is written. Nothing is rounded anywhere. Error messages count rows, columns and entries from 1, as
patterns count units.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import sympy as sp
from flint import fmpq, fmpq_mat, fmpz

from symplrnn import limits
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.reading.grammar import ACCEPTED, parse_rational, shorten

__all__ = [
    "column",
    "entry_vector",
    "matrix_parts",
    "positive_integer",
    "printable",
    "rational",
    "rational_matrix",
    "rational_vector",
    "rows_of",
    "to_sympy",
    "to_sympy_matrix",
    "vector_of",
    "vector_parts",
]


LARGEST = 10**limits.PRINTED_DIGITS

Exact = TypeVar("Exact", fmpq, sp.Expr, fmpq | sp.Expr)


def rational(value: Any, where: str) -> fmpq:
    """Return a number as an exact rational.

    Accepted are int, Fraction, Decimal, float (taken exactly, as a dyadic rational), SymPy rationals and Floats, NumPy
    scalars, FLINT integers and rationals, and text in the grammar of `symplrnn.exact.reading.grammar`.

    >>> rational("3/7", "h[1]"), rational(0.5, "h[2]"), rational(Decimal("0.1"), "h[3]")
    (3/7, 1/2, 1/10)
    >>> rational(float("nan"), "W[1][2]")
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: W[1][2]: nan is not a finite number
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, str):
        return parse_rational(value, where)
    if isinstance(value, sp.Basic):
        return _from_sympy(value, where)
    if isinstance(value, fmpz):
        return fmpq(value, 1)
    # A 0-dimensional array or a NumPy scalar holds one number: take that.
    if hasattr(value, "dtype") and getattr(value, "ndim", None) == 0 and not isinstance(value, numbers.Real):
        return rational(value.item(), where)
    if isinstance(value, bool) or not isinstance(value, numbers.Real | Decimal):
        text = " ".join(repr(value).split())[:40]
        raise EntryError(f"{where}: {text} of type {type(value).__name__} is no real number; accepted is {ACCEPTED}")
    if isinstance(value, numbers.Rational):
        return fmpq(int(value.numerator), int(value.denominator))
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) > limits.TEXT_EXPONENT:
        raise EntryError(f"{where}: {value} has a decimal exponent of more than {limits.TEXT_EXPONENT} in size")
    try:
        numerator, denominator = value.as_integer_ratio()  # type: ignore[union-attr]  # every float type has it
    except (OverflowError, ValueError) as error:
        raise EntryError(f"{where}: {value} is not a finite number") from error
    return fmpq(int(numerator), int(denominator))


def _from_sympy(value: sp.Basic, where: str) -> fmpq:
    if isinstance(value, sp.Rational) and value.is_finite:
        return fmpq(int(value.p), int(value.q))
    if isinstance(value, sp.Float) and value.is_finite:
        sign, mantissa, exponent, _ = value._mpf_
        if abs(exponent) > 4 * limits.TEXT_EXPONENT:
            raise EntryError(f"{where}: a number with a binary exponent of more than {4 * limits.TEXT_EXPONENT} in size")
        integer = fmpz(-int(mantissa) if sign else int(mantissa))
        power = fmpz(2) ** abs(int(exponent))
        return fmpq(integer * power, 1) if exponent >= 0 else fmpq(integer, power)
    if value.is_number and value.is_finite is not True:
        raise EntryError(f"{where}: {value} is not a finite number")
    raise EntryError(f"{where}: {shorten(str(value))} is no rational number; accepted is {ACCEPTED}")


def printable(value: Exact, where: str) -> Exact:
    """Return a number or an expression if Python can write its numbers in decimal; else raise `EntryError`.

    >>> printable(fmpq(1, 3), "A[1]")
    1/3
    >>> printable(fmpq(10) ** 5000, "A[1]")
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: A[1]: a number of more than 4000 digits; accepted are numbers of up to 4000 digits
    """
    numbers = [value] if isinstance(value, fmpq) else value.atoms(sp.Rational)
    if any(max(abs(int(x.p)), int(x.q)) >= LARGEST for x in numbers):
        raise EntryError(
            f"{where}: a number of more than {limits.PRINTED_DIGITS} digits; "
            f"accepted are numbers of up to {limits.PRINTED_DIGITS} digits"
        )
    return value


def _rows(value: Any, name: str) -> Any:
    """Return nested lists for anything that can list itself (NumPy, SymPy and FLINT matrices), else the value."""
    if isinstance(value, str | bytes | dict) or value is None:
        raise ShapeError(f"{name}: expected a list of numbers or of rows, got {shorten(str(value))}")
    shape = getattr(value, "shape", ())
    if isinstance(shape, tuple) and len(shape) > 2:
        raise ShapeError(f"{name}: expected a vector or a matrix, got an array of shape {' x '.join(map(str, shape))}")
    listed = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(listed, Sequence):
        raise ShapeError(f"{name}: expected a list of numbers or of rows, got {shorten(str(value))}")
    return listed


def _is_row(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def vector_parts(value: Any, name: str, length: int | None = None) -> list[Any]:
    """Return the entries of a vector, given flat, as one column or as one row, as they are; check a given length.

    >>> vector_parts([[1], ["1/2"]], "h", 2)
    [1, '1/2']
    """
    rows = _rows(value, name)
    if len(rows) == 1 and _is_row(rows[0]):
        rows = rows[0]
    elif rows and all(_is_row(row) and len(row) == 1 for row in rows):
        rows = [row[0] for row in rows]
    if any(_is_row(row) for row in rows):
        raise ShapeError(f"{name}: expected a vector, got rows; accepted is a flat list, one column or one row")
    if length is not None and len(rows) != length:
        raise ShapeError(f"{name}: expected {length} numbers, got {len(rows)}")
    return list(rows)


def matrix_parts(value: Any, name: str, *, rows: int | None = None, columns: int | None = None) -> list[list[Any]]:
    """Return a matrix of any kind as a list of rows with its entries as they are; check its shape where one is given.

    >>> matrix_parts([["a", 1]], "W", rows=2)
    Traceback (most recent call last):
    ...
    symplrnn.errors.ShapeError: W: expected shape 2 x any, got 1 x 2
    """
    listed = _rows(value, name)
    for i, row in enumerate(listed, 1):
        if not _is_row(row):
            raise ShapeError(f"{name}: expected a list of rows, but row {i} is {shorten(str(row))}")
        if len(row) != len(listed[0]):
            raise ShapeError(f"{name}: row {i} has {len(row)} entries, but row 1 has {len(listed[0])}")
    width = len(listed[0]) if listed else (columns or 0)
    if (rows is not None and len(listed) != rows) or (columns is not None and width != columns):
        wanted = f"{'any' if rows is None else rows} x {'any' if columns is None else columns}"
        raise ShapeError(f"{name}: expected shape {wanted}, got {f'{len(listed)} x {width}' if listed else 'an empty list'}")
    return [list(row) for row in listed]


def vector_of(parts: Sequence[Any], name: str, entry: Callable[[Any, str], Any]) -> list[Any]:
    """Return a vector with each entry read by ``entry``."""
    return [entry(x, f"{name}[{i}]") for i, x in enumerate(parts, 1)]


def rows_of(parts: Sequence[Sequence[Any]], name: str, entry: Callable[[Any, str], Any]) -> list[list[Any]]:
    """Return rows with each entry read by ``entry``."""
    return [[entry(x, f"{name}[{i}][{j}]") for j, x in enumerate(row, 1)] for i, row in enumerate(parts, 1)]


def entry_vector(value: Any, name: str, length: int | None = None, entry: Callable[[Any, str], Any] = rational) -> list[Any]:
    """Return a vector, given flat, as one column or as one row, with each entry read by ``entry``; check a given length.

    >>> entry_vector([[0.25], ["1/2"]], "h", 2)
    [1/4, 1/2]
    """
    return vector_of(vector_parts(value, name, length), name, entry)


def rational_vector(value: Any, name: str, length: int | None = None) -> list[fmpq]:
    """Return a vector, given flat, as one column or as one row, as a list of rationals; check its length if one is given.

    >>> rational_vector([[1], ["1/2"]], "h")
    [1, 1/2]
    >>> rational_vector([1, 2, 3], "h", 2)
    Traceback (most recent call last):
    ...
    symplrnn.errors.ShapeError: h: expected 2 numbers, got 3
    """
    return entry_vector(value, name, length)


def rational_matrix(value: Any, name: str, *, rows: int | None = None, columns: int | None = None) -> fmpq_mat:
    """Return a matrix given as nested lists, NumPy, SymPy or FLINT matrix; check its shape where one is given.

    >>> rational_matrix([[1, "1/2"], [0, 3]], "A")
    [1, 1/2]
    [0,   3]
    >>> rational_matrix([[1, 2], [3]], "W")
    Traceback (most recent call last):
    ...
    symplrnn.errors.ShapeError: W: row 2 has 1 entries, but row 1 has 2
    """
    listed = rows_of(matrix_parts(value, name, rows=rows, columns=columns), name, rational)
    width = len(listed[0]) if listed else (columns or 0)
    return fmpq_mat(len(listed), width, [x for row in listed for x in row])


def column(entries: Sequence[fmpq]) -> fmpq_mat:
    """Return the column matrix of a list of rationals."""
    return fmpq_mat(len(entries), 1, list(entries))


def to_sympy(value: fmpq) -> sp.Rational:
    """Return a rational as a SymPy number.

    >>> to_sympy(fmpq(3, 6))
    1/2
    """
    return sp.Rational(int(value.p), int(value.q))


def to_sympy_matrix(matrix: fmpq_mat) -> sp.ImmutableDenseMatrix:
    """Return a rational matrix as an immutable SymPy matrix.

    >>> to_sympy_matrix(fmpq_mat(1, 2, [1, fmpq(1, 2)]))
    Matrix([[1, 1/2]])
    """
    return sp.ImmutableDenseMatrix(matrix.nrows(), matrix.ncols(), [to_sympy(x) for x in matrix.entries()])


def positive_integer(value: Any, name: str) -> int:
    """Return a whole number of at least 1; raise `EntryError` for anything else."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
        raise EntryError(f"{name}: expected a whole number of at least 1, got {value!r}")
    return int(value)
