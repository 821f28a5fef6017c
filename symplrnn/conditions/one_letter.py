"""A condition on one letter is a union of intervals: found exactly, by the real roots of its polynomials.

Between two neighbouring roots no sign changes, so one number between them, and the roots themselves, are all that has to be
tried. A polynomial is 0 at a root if the root's minimal polynomial divides it; else its sign is that beside the root.

The union is written with the fewest ends: where the letter has no admitted values a condition may say anything. Ends are rational
numbers, radicals, or real roots of polynomials (`CRootOf`).

Reference: S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006, section 10.2 (sample points).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_poly, fmpz_poly

from symplrnn import limits
from symplrnn.conditions.equations import univariate
from symplrnn.conditions.formula import ALWAYS, NEVER, Formula, all_formulas, any_formulas, compared
from symplrnn.conditions.ray_intervals import Ray, ray_of
from symplrnn.exact.balls import endpoints, root_enclosures
from symplrnn.exact.fields.rational import integer_part
from symplrnn.exact.fields.work import spend
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.exact.signs import FIRST_BITS, possible_signs, sign_of

__all__ = ["End", "Line", "Piece", "as_set", "in_intervals", "is_met_by_a_number", "on_the_line", "where_signs"]

Coefficients = tuple[int, ...]


@dataclass(frozen=True)
class End:
    """A real algebraic number: the real root of a number, counted from 0 in order, of an irreducible integer polynomial.

    ``coefficients`` are those of the polynomial, constant term first; ``lower`` and ``upper`` enclose this root and no other.
    """

    coefficients: Coefficients
    index: int
    lower: fmpq
    upper: fmpq

    @cached_property
    def value(self) -> sp.Expr | None:
        """The number in SymPy: a rational one, a radical or a `CRootOf`; None if that is too long to be used."""
        *lower, leading = self.coefficients
        degree, c = len(lower), self.coefficients
        if degree == 1:
            return -sp.Rational(c[0], c[1])
        if degree == 2:
            root = sp.sqrt(c[1] ** 2 - 4 * c[0] * c[2])
            return sp.expand((-c[1] + (2 * self.index - 1) * root) / (2 * leading))
        short = max(map(abs, c)).bit_length() <= limits.RADICAND_BITS
        if short and not any(lower[1:]):  # the one of largest index is positive, or the only one of odd degree
            radicand = -sp.Rational(c[0], leading)
            sign = -1 if self.upper <= 0 else 1
            return sign * sp.Pow(sign**degree * radicand, sp.Rational(1, degree))
        return sp.CRootOf(sp.Poly(c[::-1], sp.Symbol("x")), self.index) if degree <= limits.END_DEGREE else None


@dataclass(frozen=True)
class Piece:
    """An interval without some points of it, or a single point; an end None is infinite."""

    lower: End | None
    upper: End | None
    closed: tuple[bool, bool]
    without: tuple[End, ...] = ()

    @property
    def ends(self) -> tuple[End, ...]:
        """All numbers that are named."""
        return tuple(e for e in (self.lower, *self.without, self.upper) if e is not None)


@dataclass(frozen=True, eq=False)
class Line:
    """The real line, cut at the roots of some polynomials in one letter, and where a condition holds on it.

    ``values`` are the truths between the roots and at them, in order, None where the letter has no admitted values.
    """

    letter: sp.Symbol
    roots: tuple[End, ...]
    values: tuple[bool | None, ...]

    @property
    def is_met(self) -> bool:
        """Whether an admitted value meets the condition."""
        return True in self.values

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Where the condition holds, with the fewest ends: what is said of values that are not admitted does not matter."""
        found = list(self.values)
        for place in range(1, len(found)):
            if found[place] is None:
                found[place] = found[place - 1]
        for place in range(len(found) - 2, -1, -1):
            if found[place] is None:
                found[place] = found[place + 1]
        return tuple(_pieces([bool(x) for x in found], self.roots))

    @cached_property
    def admitted_pieces(self) -> tuple[Piece, ...]:
        """Where the condition holds for admitted values."""
        return tuple(_pieces([x is True for x in self.values], self.roots))

    @cached_property
    def formula(self) -> Formula | None:
        """The condition as a formula in the letter and the ends of the pieces; None if an end is too long."""
        if not self.is_met:
            return NEVER
        if any(end.value is None for piece in self.pieces for end in piece.ends):
            return None
        return any_formulas(_piece_formula(self.letter, piece) for piece in self.pieces)


def _pieces(values: Sequence[bool], roots: Sequence[End]) -> Iterator[Piece]:
    """Yield the pieces on which the truths between some roots and at them are true."""
    place = 0
    while place < len(values):
        if not values[place]:
            place += 1
            continue
        first, without = place, []
        while place + 1 < len(values):
            if values[place + 1]:
                place += 1
            elif place % 2 == 0 and place + 2 < len(values) and values[place + 2]:
                without.append(roots[place // 2])
                place += 2
            else:
                break
        at_root = first % 2 == 1, place % 2 == 1
        lower = roots[(first - 1) // 2] if first else None
        upper = roots[place // 2] if place < len(values) - 1 else None
        yield Piece(lower, upper, at_root, tuple(without))
        place += 1


def _piece_formula(v: sp.Symbol, piece: Piece) -> Formula:
    if piece.lower is not None and piece.lower == piece.upper:
        return compared(v, piece.lower.value, {0})
    parts = [compared(v, e.value, {-1, 1}) for e in piece.without]
    if piece.lower is not None:
        parts.append(compared(v, piece.lower.value, {0, 1} if piece.closed[0] else {1}))
    if piece.upper is not None:
        parts.append(compared(v, piece.upper.value, {-1, 0} if piece.closed[1] else {-1}))
    return all_formulas(parts)


@lru_cache(maxsize=1 << 12)
def on_the_line(condition: Formula, known: Formula = ALWAYS) -> Line | None:
    """Return where a condition on one letter holds, given what is known of the letter; None if that is not decided.

    It is decided for polynomials with rational coefficients that are not too long, and for v - e with an algebraic number e.

    >>> from symplrnn.conditions.formula import negative, positive, zero
    >>> a = sp.Symbol("a", real=True)
    >>> on_the_line((positive(a**2 - 2) & positive(a)) | zero(a - 1)).formula
    Eq(a, 1) | (a > sqrt(2))
    """
    letters = {*condition.symbols, *known.symbols}
    if len(letters) != 1:
        return None
    [v] = letters
    polynomials = {atom.polynomial for atom in (condition.atoms | known.atoms)} | {v}
    rational: dict[sp.Expr, fmpq_poly] = {}
    numbers: dict[sp.Expr, tuple[Coefficients, int]] = {}
    rays: dict[sp.Expr, Ray] = {}
    for p in polynomials:
        ray = ray_of(p, v)
        if ray is not None:
            rays[p] = ray
            continue
        f = univariate(p, v)
        number = None if f is not None else _algebraic(sp.expand(v - p), v)
        if f is not None:
            rational[p] = f
        elif number is not None:
            numbers[p] = number
        else:
            return None
    cells = _cells(rational, numbers, rays)
    if cells is None:
        return None
    roots, signs = cells
    allowed = possible_signs(v)
    values = [_holds(condition, cell) if cell[v] in allowed and _holds(known, cell) else None for cell in signs]
    return Line(v, tuple(roots), tuple(values))


def _cells(
    rational: Mapping[Any, fmpq_poly],
    numbers: Mapping[Any, tuple[Coefficients, int]],
    rays: Mapping[Any, Ray],
) -> tuple[list[End], list[dict[Any, int]]] | None:
    """Return the roots of polynomials, and the signs between the roots and at them; None if the polynomials are long.

    ``numbers`` are algebraic numbers e, for the polynomials v - e; ``rays`` are conditions that are stated.
    """
    size = sum(map(_bits, rational.values())) * sum(f.degree() for f in rational.values())
    if size > limits.ONE_LETTER_BITS:
        return None
    spend(50 * (len(rational) + len(numbers)) + size // 100)
    factors = {p: set(_keys(f)) for p, f in rational.items()}
    ends = [key for ray in rays.values() for f in (ray.constant, ray.discriminant) for key in _keys(f)]
    roots = _real_roots(set[Coefficients]().union(*factors.values(), ends, (key for key, _ in numbers.values())))
    places = {(e.coefficients, e.index): k for k, e in enumerate(roots)}
    gaps = [
        {p: sign_of(f(point)) for p, f in rational.items()}
        | {p: -1 if k <= places[number] else 1 for p, number in numbers.items()}
        | {p: ray.sign(point) for p, ray in rays.items()}
        for k, point in enumerate(_samples(roots))
    ]
    at_roots = [
        {p: 0 if e.coefficients in keys else left[p] for p, keys in factors.items()}
        | {p: 0 if (e.coefficients, e.index) == number else left[p] for p, number in numbers.items()}
        for e, left in zip(roots, gaps, strict=False)
    ]
    for e, found, left, right in zip(roots, at_roots, gaps, gaps[1:], strict=False):
        for p, ray in rays.items():
            sign = ray.sign_at_root(fmpq_poly(list(e.coefficients)), left[p], right[p])
            if sign is None:
                return None
            found[p] = sign
    return roots, [gaps[0], *(cell for pair in zip(at_roots, gaps[1:], strict=True) for cell in pair)]


def where_signs(v: sp.Symbol, quotients: Sequence[tuple[fmpq_poly, fmpq_poly, Collection[int]]]) -> Formula | None:
    """Return where quotients of polynomials in a letter have given signs, as a union of intervals; None if they are too long.

    Nothing is said of the zeros of denominators.

    >>> a, x = sp.Symbol("a", real=True), fmpq_poly([0, 1])
    >>> where_signs(a, [(x - 1, x + 1, {1}), (x - 2, fmpq_poly([1]), {-1, 1})])
    (a <= -1) | ((a > 1) & Ne(a, 2))
    """
    if len(quotients) == 1 and quotients[0][0].degree() == 1 and set(quotients[0][2]) == {0}:
        numerator = quotients[0][0]
        return compared(v, to_sympy(-numerator[0] / numerator[1]), {0})
    polynomials = {(k, j): p for k, (top, below, _) in enumerate(quotients) for j, p in enumerate((top, below))}
    found = _cells({None: fmpq_poly([0, 1]), **polynomials}, {}, {})
    if found is None:
        return None
    roots, cells = found
    allowed = possible_signs(v)

    def value(signs: Mapping[Any, int]) -> bool | None:
        if signs[None] not in allowed or any(signs[k, 1] == 0 for k in range(len(quotients))):
            return None
        return all(signs[k, 0] * signs[k, 1] in wanted for k, (_, _, wanted) in enumerate(quotients))

    return Line(v, tuple(roots), tuple(map(value, cells))).formula


def in_intervals(condition: Formula, known: Formula = ALWAYS) -> Formula:
    """Return a condition on one letter as a union of intervals; one that is not decided so, or on several letters, as it is.

    >>> from symplrnn.conditions.formula import negative, nonzero, zero
    >>> w = sp.Symbol("w", real=True)
    >>> in_intervals(zero(50 * w - 693) & zero(460 * w + 77)), in_intervals(negative(w**3 - w - 1) & nonzero(w))
    (False, Ne(w, 0) & (w < CRootOf(x**3 - x - 1, 0)))
    """
    if condition.is_constant or (condition.kind == "atom" and known.is_true and _is_end(condition.polynomial)):
        return condition
    if len(condition.symbols) != 1:
        return condition
    line = on_the_line(condition, known)
    found = None if line is None else line.formula
    return condition if found is None else found


def _is_end(polynomial: sp.Expr) -> bool:
    """Return whether a polynomial is a letter, or a multiple of one minus a rational number: it has one interval already."""
    if polynomial.is_Symbol:
        return True
    if not polynomial.is_Add or len(polynomial.args) != 2 or not polynomial.args[0].is_Rational:
        return False
    factor, rest = polynomial.args[1].as_coeff_Mul()
    return bool(factor.is_Rational and rest.is_Symbol)


def as_set(condition: Formula, known: Formula = ALWAYS) -> sp.Set:
    """Return the values of the one letter that meet a condition, and are admitted by what is known, as a set of SymPy.

    >>> from symplrnn.conditions.formula import positive
    >>> as_set(positive(1 - sp.Symbol("a", positive=True) ** 2))
    Interval.open(0, 1)

    Raises ValueError for a condition that is not decided so.
    """
    listed = known.args if known.kind == "and" else (known,)
    line = on_the_line(condition, all_formulas(c for c in listed if c.symbols == condition.symbols))
    if line is None or any(e.value is None for piece in line.admitted_pieces for e in piece.ends):
        raise ValueError("the condition is not one on one letter with short rational coefficients")
    found = []
    for piece in line.admitted_pieces:
        lower, upper = (end if end is None else end.value for end in (piece.lower, piece.upper))
        whole = sp.Interval(
            -sp.oo if lower is None else lower, sp.oo if upper is None else upper, not piece.closed[0], not piece.closed[1]
        )
        found.append(whole - sp.FiniteSet(*(e.value for e in piece.without)))
    return sp.Union(*found)


def is_met_by_a_number(condition: Formula) -> bool:
    """Return False if no value of its one letter meets a condition; True if one does, or where that is not decided.

    >>> from symplrnn.conditions.formula import negative, positive, zero
    >>> a = sp.Symbol("a", real=True)
    >>> is_met_by_a_number(zero(a**2 - 2) & positive(a - 1)), is_met_by_a_number(zero(a**2 - 2) & positive(a - 2))
    (True, False)
    """
    if condition.is_constant:
        return not condition.is_false
    line = on_the_line(condition)
    return line is None or line.is_met


def _algebraic(number: sp.Expr, v: sp.Symbol) -> tuple[Coefficients, int] | None:
    """Return the minimal polynomial of a real number and which of its real roots it is: of a `CRootOf` or a radical."""
    if number.has(v):
        return None
    if isinstance(number, sp.CRootOf):
        c = fmpq_poly([fmpq(int(x.p), int(x.q)) for x in reversed(number.poly.all_coeffs())])
        return _key(integer_part(c)), int(number.index)
    radicals = [x for x in number.atoms(sp.Pow) if x.exp.is_Rational and not x.exp.is_Integer]
    if len(radicals) != 1:
        return None
    [radical] = radicals
    factor = (number - number.xreplace({radical: sp.S.Zero})) / radical
    shift, degree, power = number.xreplace({radical: sp.S.Zero}), int(radical.exp.q), int(radical.exp.p)
    if not (shift.is_Rational and factor.is_Rational and radical.base.is_Rational and radical.base > 0):
        return None
    x = fmpq_poly([0, 1])
    scaled = (x - fmpq(int(shift.p), int(shift.q))) / fmpq(int(factor.p), int(factor.q))
    base = radical.base**power
    f = integer_part(scaled**degree - fmpq(int(base.p), int(base.q)))
    [(irreducible, _), *others] = f.factor()[1]
    if others:
        return None
    # x^n = b has one real root if n is odd; if it is even, two, and the positive one is the larger if the factor is positive
    return _key(irreducible), int(degree % 2 == 0 and bool(factor > 0))


def _bits(polynomial: fmpq_poly) -> int:
    """Return about how long the coefficients are together."""
    return sum(int(x).bit_length() for x in (*polynomial.numer().coeffs(), polynomial.denom()))


def _keys(polynomial: fmpq_poly) -> list[Coefficients]:
    """Return the irreducible factors; none of a constant."""
    if polynomial.degree() < 2:
        return [_key(integer_part(polynomial))] if polynomial.degree() == 1 else []
    return [_key(factor) for factor, _ in polynomial.numer().factor()[1]]


def _key(irreducible: fmpz_poly) -> Coefficients:
    """Return the coefficients of the polynomial with a positive leading one."""
    c = [int(x) for x in irreducible.coeffs()]
    return tuple(c) if c[-1] > 0 else tuple(-x for x in c)


def _real_roots(polynomials: set[Coefficients]) -> list[End]:
    """Return the real roots of different irreducible polynomials, in order, in intervals that do not touch."""
    rational = [End(c, 0, r, r) for c in polynomials if len(c) == 2 for r in [fmpq(-c[0], c[1])]]
    others, bits = [c for c in polynomials if len(c) > 2], FIRST_BITS
    while True:
        found = list(rational)
        for c in others:
            balls = [root.real for root in root_enclosures(fmpq_poly(list(c)), bits) if root.imag.is_zero()]
            found += [End(c, k, *ends) for k, ends in enumerate(sorted(map(endpoints, balls)))]
        found.sort(key=lambda e: (e.lower, e.upper))
        if all(first.upper < second.lower for first, second in pairwise(found)):
            return found
        bits *= 2


def _samples(roots: Sequence[End]) -> list[fmpq]:
    """Return a number before all roots, between neighbouring ones and after all."""
    if not roots:
        return [fmpq(0)]
    return [
        roots[0].lower - 1,
        *((first.upper + second.lower) / 2 for first, second in pairwise(roots)),
        roots[-1].upper + 1,
    ]


def _holds(condition: Formula, signs: Mapping[sp.Expr, int]) -> bool:
    if condition.is_constant:
        return condition.is_true
    if condition.kind == "atom":
        return signs[condition.polynomial] in condition.signs
    parts = (_holds(part, signs) for part in condition.args)
    return all(parts) if condition.kind == "and" else any(parts)
