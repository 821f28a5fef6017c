"""Conditions on parameters as text and LaTeX, with names for traces, determinants and discriminants.

A condition that holds on the discriminant of a cubic in nine letters is a page long when it is written out; with the names

    tau, sigma, delta (sums of the eigenvalues' products, one, two, three at a time) and Delta (discriminant)

of a factor of the characteristic polynomial it is one line. Names are given for the factors of degree 2 and 3 of a region.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

import sympy as sp

from symplrnn.conditions.formula import Formula, positive, sides
from symplrnn.conditions.root_conditions import circle_polynomial, discriminant
from symplrnn.conditions.truth import Truth
from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.emit.latex.expressions import bracketed, formula_latex, if_short, is_value_at_1, matrix_latex, pieces
from symplrnn.emit.latex.layout import equation, line_width, packed, width
from symplrnn.errors import TooLarge
from symplrnn.exact.balls import certified_decimal, refine, working_precision
from symplrnn.exact.fields.field import Field
from symplrnn.exact.rays import OffRay, path_coefficients
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.signs import FIRST_BITS, ball_of
from symplrnn.exact.stated import SpectralFact, Stated
from symplrnn.exact.writing import text_of
from symplrnn.logarithm.named_form import free_symbol

__all__ = ["NO_NAMES", "ROOM", "TOO_LONG", "Names",
           "condition_latex", "condition_pieces", "condition_text", "definition_text", "formulas_of", "invariant_names",
           "over_one_denominator", "running_text", "solved", "solved_latex", "truth_equation", "truth_text"]  # fmt: skip

TEXT = {frozenset({1}): ">", frozenset({-1}): "<", frozenset({0, 1}): ">=", frozenset({-1, 0}): "<=", frozenset({0}): "=",
        frozenset({-1, 1}): "!="}  # fmt: skip
LATEX = {frozenset({1}): ">", frozenset({-1}): "<", frozenset({0, 1}): r"\ge", frozenset({-1, 0}): r"\le", frozenset({0}): "=",
         frozenset({-1, 1}): r"\ne"}  # fmt: skip

MIRRORED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}
ABOVE = (">", r"\ge")
WORDS = re.compile(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}")
TOO_LONG = r"\text{on a condition that is too long to be printed}"
DIGITS = 10  # of a number that has a name
LONG_NUMBER = 24  # characters of a number that gets a name
LONG_PATH = 60  # terms of the coefficients of a polynomial q(t) that are not written out
LONG_POLYNOMIAL = 200  # characters of a polynomial whose root is printed in digits only
ROOM = 35.0  # points of a relation's sign, a right hand side 0 and brackets


@dataclass(frozen=True)
class Names:
    """Symbols with their definitions, and which atom polynomial is which expression in them, up to its sign.

    ``ends`` has, for a letter minus a number that is long, the name of the number; ``paths``, for the arguments of a condition
    that is stated, that of the polynomial q(t) = det(I + t (M - I)), see `symplrnn.exact.rays`.
    """

    definitions: tuple[tuple[sp.Symbol, sp.Expr], ...]
    known: dict[sp.Expr, tuple[sp.Expr, int]]
    ends: dict[sp.Expr, sp.Symbol] = field(default_factory=dict)
    paths: dict[tuple[sp.Expr, ...], sp.Symbol] = field(default_factory=dict)

    def of(self, polynomial: sp.Expr) -> tuple[sp.Expr, int]:
        """Return the polynomial of an atom in names, also factor by factor, and the sign that this takes out.

        What compares a letter with a number needs no name.
        """
        if polynomial in self.known and sides(polynomial)[1] == 0:
            return self.known[polynomial]
        if polynomial in self.ends:
            return sides(polynomial)[0] - self.ends[polynomial], 1
        if isinstance(polynomial, OffRay):
            return self.paths.get(polynomial.args[1:], polynomial), 1
        if not polynomial.is_Mul:
            return polynomial, 1
        parts = [self.known.get(factor, (factor, 1)) for factor in polynomial.args]
        sign = 1
        for _, flip in parts:
            sign *= flip
        return sp.Mul(*(factor for factor, _ in parts)), sign

    def used(self, formulas: Iterable[Formula]) -> tuple[tuple[sp.Symbol, sp.Expr], ...]:
        """Return the definitions that some formulas need, and those that these need."""
        own = {symbol for symbol, _ in self.definitions}
        found = [self.of(a.polynomial)[0] for f in formulas for a in f.atoms]
        wanted = set().union(*(expression.free_symbols & own for expression in found))
        for symbol, value in reversed(self.definitions):
            if symbol in wanted:
                wanted |= value.free_symbols
        return tuple((symbol, value) for symbol, value in self.definitions if symbol in wanted)

    def for_formulas(self, formulas: Iterable[Formula], taken: Iterable[str]) -> Names:
        """Return the names with those of long numbers that letters are compared with, and of polynomials q(t) that are stated.

        >>> from symplrnn.conditions.formula import compared
        >>> w, x = sp.symbols("w x", real=True)
        >>> below = compared(w, sp.CRootOf(x**3 - x - 1, 0), {-1})
        >>> names = NO_NAMES.for_formulas([below], ["w"])
        >>> condition_text(below, names), definition_text(*names.definitions[0])
        ('w < w_1', 'w_1 = root of x**3 - x - 1, about 1.324717957')
        """
        polynomials = {a.polynomial for f in formulas for a in f.atoms}
        long = {p: sides(p) for p in polynomials if _is_long(sides(p)[1])}
        used, ends, found = {*taken, *(str(s) for s, _ in self.definitions)}, {}, []
        for p, (letter, number) in sorted(long.items(), key=lambda item: (str(item[1][0]), item[1][1].evalf(30))):
            name = next(s for k in count(1) if (s := sp.Symbol(f"{letter}_{k}", real=True)) == free_symbol(s.name, used))
            used.add(name.name)
            ends[p] = name
            found.append((name, number))
        stated = sorted((p for p in polynomials if isinstance(p, OffRay)), key=_length)
        paths: dict[tuple[sp.Expr, ...], sp.Symbol] = {}
        for p in stated:
            if p.args[1:] not in paths:
                paths[p.args[1:]], definitions = _named_path(p, used)
                found += definitions
        return Names((*self.definitions, *found), self.known, ends, paths)


def invariant_names(facts: Spectrum) -> Names:
    """Return names for the coefficients and discriminants of the factors of degree 2 and 3 of a characteristic polynomial.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> net = PLRNN(["a", "b"], [[0, "w"], [1, 0]], [0, 0], parameters=["a", "b", "w"])
    >>> invariant_names(spectrum(net.region("11"))).definitions
    ((tau, a + b), (delta, a*b - w), (Delta, -4*delta + tau**2))
    """
    K, taken = facts.field, {str(s) for s in facts.region.network.field.parameters}
    try:
        large = [f for f, _ in facts.factors if f.degree() in (2, 3)]
    except TooLarge:
        large = []
    definitions: list[tuple[sp.Symbol, sp.Expr]] = []
    known: dict[sp.Expr, tuple[sp.Expr, int]] = {}
    for index, f in enumerate(large, 1):
        c = coefficients_of(K, f)
        if any(x.free_symbols for x in c):
            suffix = f"_{index}" if len(large) > 1 else ""
            definitions += _named_factor(c, suffix, taken, known)
    return Names(tuple(definitions), known)


def _named_factor(
    c: list[sp.Expr], suffix: str, taken: set[str], known: dict[sp.Expr, tuple[sp.Expr, int]]
) -> list[tuple[sp.Symbol, sp.Expr]]:
    """Return the definitions for one factor, and enter into ``known`` what the conditions ask of it in terms of them."""
    stems = ("tau", "sigma", "delta") if len(c) == 4 else ("tau", "delta")
    values = [(-1) ** (k + 1) * c[-2 - k] for k in range(len(stems))]
    symbols = [v if v.is_Symbol else free_symbol(stem + suffix, taken) for stem, v in zip(stems, values, strict=True)]
    D = free_symbol("Delta" + suffix, taken)
    signed = [*reversed([(-1) ** k * s for k, s in enumerate(symbols, 1)]), sp.Integer(1)]
    short = [*symbols, sum(signed), sum((-1) ** k * s for k, s in enumerate(signed)), circle_polynomial(signed), symbols[0] - 2]
    for expression in short:
        _enter(known, expression, expression.xreplace(dict(zip(symbols, values, strict=True))))
    _enter(known, sp.expand(sum(signed)), sp.expand(sum(c)))
    _enter(known, circle_polynomial(signed), circle_polynomial(c))
    if len(symbols) == 3:  # what the double root r of a cubic, 1 - r and the simple root ask
        t, s, d = symbols
        further = [t**2 - 3 * s, t * s - 9 * d, t**3 - 4 * t * s + 9 * d, t * s - 9 * d - 2 * t**2 + 6 * s, t - 3]
        for expression in further:
            _enter(known, expression, expression.xreplace(dict(zip(symbols, values, strict=True))))
    _enter(known, D, discriminant(c))
    defined = [(symbol, value) for symbol, value in zip(symbols, values, strict=True) if symbol != value]
    return [*defined, (D, sp.expand(discriminant(signed)))]


def _enter(known: dict[sp.Expr, tuple[sp.Expr, int]], expression: sp.Expr, value: sp.Expr) -> None:
    """Note that a value, as it appears in atoms, is an expression in names."""
    atom = positive(value)
    if atom.kind == "atom" and len(atom.signs) == 1 and not atom.polynomial.is_Symbol:
        known.setdefault(atom.polynomial, (expression, max(atom.signs)))


NO_NAMES = Names((), {})


@lru_cache(maxsize=256)
def _length(stated: OffRay) -> int:
    return len(str(stated))


@lru_cache(maxsize=256)
def _path_of(stated: OffRay) -> Sequence[sp.Expr] | None:
    """Return the coefficients of q(t); None if they are not written out."""
    return None if stated.coefficients is None else path_coefficients(stated.coefficients)


def _named_path(stated: OffRay, used: set[str]) -> tuple[sp.Symbol, list[tuple[sp.Symbol, sp.Expr]]]:
    """Return a symbol for q(t), and the definitions of its coefficients, if they are short, and of itself."""
    t = free_symbol("t", used)
    number = next(k for k in count() if not {f"q_{k}" if k else "q", f"e_{k}1" if k else "e_1"} & used)
    name, stem = (f"q_{number}", f"e_{number}") if number else ("q", "e_")
    q = sp.Symbol(f"{name}({t})", real=True)
    e = _path_of(stated)
    if e is None or sum(len(sp.Add.make_args(x)) for x in e) > LONG_PATH:
        used.add(name)
        return q, [(q, sp.Symbol(f"det(I + {t}*(M - I))"))]
    names = [x if x.is_number else free_symbol(f"{stem}{k}", used) for k, x in enumerate(e)]
    used |= {name, *(str(x) for x in names)}
    definitions = [(symbol, x) for symbol, x in zip(names, e, strict=True) if not x.is_number]
    return q, [*definitions, (q, sp.Add(*(x * t**k for k, x in enumerate(names))))]


def _is_long(number: sp.Expr) -> bool:
    """Return whether a number that a letter is compared with gets a name."""
    return isinstance(number, sp.CRootOf) or len(text_of(number)) > LONG_NUMBER


def definition_text(symbol: sp.Symbol, value: sp.Expr) -> str:
    """Return the definition of a name as text; that of a number with its value."""
    if not value.is_number or not _is_long(value):
        return f"{symbol} = {text_of(value)}"
    about = _about(value)
    if not isinstance(value, sp.CRootOf):
        exact = text_of(value)
        return f"{symbol} = {exact}, about {about}" if len(exact) <= LONG_POLYNOMIAL else f"{symbol} = {about} and more digits"
    polynomial = text_of(value.poly.as_expr())
    if len(polynomial) > LONG_POLYNOMIAL:
        return f"{symbol} = {about} and more digits, root of a polynomial of degree {value.poly.degree()}"
    return f"{symbol} = root of {polynomial}, about {about}"


def _about(number: sp.Expr) -> str:
    """Return some certified digits of a number."""
    return refine(lambda bits: _decimal(number, bits), FIRST_BITS, f"the value of {shorten(text_of(number))}")


def _decimal(number: sp.Expr, bits: int) -> str | None:
    with working_precision(bits):
        return certified_decimal(ball_of(number), DIGITS)


def _related(atom: Formula, names: Names, words: dict[frozenset[int], str]) -> tuple[sp.Expr, str, sp.Expr]:
    """Return the sides of an atom and the word between them."""
    polynomial, sign = names.of(atom.polynomial)
    left, right = _sides(polynomial)
    if left.could_extract_minus_sign() if not is_value_at_1(left) else left.as_coeff_Add()[0] < 0:
        left, right, sign = -left, -right, -sign
    return left, words[frozenset(sign * s for s in atom.signs)], right


def _sides(polynomial: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return the sides of a relation: a letter and a number; of two terms, a constant or a negative one goes to the right.

    So does the constant of a linear form, a + w < 1, but 1 - tau + delta stays the value of a polynomial at 1.
    """
    left, right = sides(polynomial)
    if right != 0:
        return left, right
    terms = sp.Add.make_args(polynomial)
    if len(terms) != 2:
        constant, rest = polynomial.as_coeff_Add()
        linear = all(x.as_coeff_Mul()[1].is_Symbol for x in sp.Add.make_args(rest))
        return (rest, -constant) if linear and not is_value_at_1(polynomial) else (polynomial, sp.Integer(0))
    first, second = sorted(terms, key=lambda t: (bool(t.is_number), bool(t.could_extract_minus_sign())))
    opposite = first.could_extract_minus_sign() != second.could_extract_minus_sign()
    return (first, -second) if second.is_number or opposite else (polynomial, sp.Integer(0))


def _join(formula: Formula, names: Names) -> str:
    if isinstance(formula.polynomial, Stated):
        q = names.of(formula.polynomial)[0]
        return formula.polynomial.words(formula.signs == {1}, q.name if q.is_Symbol else "det(I + t*(M - I))")
    if formula.kind == "atom":
        left, word, right = _related(formula, names, TEXT)
        return f"{text_of(left)} {word} {text_of(right)}"
    parts = [_join(part, names) if part.kind == "atom" else f"({_join(part, names)})" for part in formula.args]
    return f" {formula.kind} ".join(parts)


def condition_text(formula: Formula, names: Names = NO_NAMES) -> str:
    """Return a condition as text.

    >>> a, b = sp.symbols("a b", real=True)
    >>> condition_text(positive(a - b) & (positive(a - 1) | positive(b)))
    'a > b and (b > 0 or a > 1)'
    """
    if formula.is_constant:
        return "always" if formula.is_true else "never"
    return _join(formula, names)


def condition_latex(formula: Formula, names: Names = NO_NAMES, limit: float | None = None) -> str:
    r"""Return a condition in LaTeX, in a block of several lines if it is wider than the limit.

    >>> a = sp.Symbol("a", real=True)
    >>> condition_latex(positive(a) & positive(1 - a))
    '0 < a < 1'
    """
    limit = limit or line_width()
    return packed(condition_pieces(formula, names, limit), limit)


def condition_pieces(formula: Formula, names: Names, limit: float) -> list[str]:
    """Return a condition in pieces between which a line may end: relations, or parts of long ones, with words and brackets."""
    if formula.is_constant:
        return [r"\text{always}" if formula.is_true else r"\text{never}"]
    if formula.kind == "atom":
        return _relation_pieces(formula, names, limit - ROOM)
    found: list[str] = []
    listed = _in_chains(formula, names) if formula.kind == "and" else [(part, None) for part in formula.args]
    for k, (part, chain) in enumerate(listed):
        inner = condition_pieces(part, names, limit) if chain is None else [chain]
        if part.kind != "atom" and len(inner) > 1:
            inner = bracketed(inner)
        if k:
            found[-1] += "," if formula.kind == "and" else r"\ \text{or}"
        found += [(r"\ " if k else "") + inner[0], *inner[1:]]
    return found


def running_text(parts: Sequence[str]) -> str:
    r"""Return the pieces of a condition for running text, in which lines may end between them and between words.

    >>> print(running_text(["a > 0,", r"\ b > 0"]), running_text([r"\text{all eigenvalues of $M$ are positive}"]))
    $a > 0$, $b > 0$ all eigenvalues of $M$ are positive
    """

    def shown(part: str) -> str:
        inner = part.strip().removeprefix("\\ ").removesuffix(",")
        words = WORDS.fullmatch(inner)
        return (words[1] if words else f"${inner}$") + "," * part.endswith(",")

    return " ".join(map(shown, parts))


def _in_chains(formula: Formula, names: Names) -> list[tuple[Formula, str | None]]:
    """Return the parts of a conjunction; two that bound one expression by numbers are one part, with LaTeX such as -1 < a < 1."""
    pending: dict[sp.Expr, tuple[int, str, sp.Expr]] = {}
    found: list[tuple[Formula, str | None]] = []
    for part in formula.args:
        if part.kind == "atom" and not isinstance(part.polynomial, OffRay):
            left, word, right = _related(part, names, LATEX)
            other = pending.get(left)
            if right.is_number and other is not None and word in MIRRORED and (word in ABOVE) != (other[1] in ABOVE):
                place, before, bound = other
                low, first, last, high = (right, word, before, bound) if word in ABOVE else (bound, before, word, right)
                text = f"{_end(low)} {MIRRORED[first]} {formula_latex(left)} {last} {_end(high)}"
                found[place] = part, text
                continue
            if right.is_number and word in MIRRORED:
                pending[left] = len(found), word, right
        found.append((part, None))
    return found


def _has_long_digits(number: sp.Expr) -> bool:
    """Return whether a number is a root of a polynomial, or has integers of more than 20 digits: it is rounded on a page."""
    return isinstance(number, sp.CRootOf) or any(max(abs(x.p), x.q) >= 10**20 for x in number.atoms(sp.Rational))


def _end(number: sp.Expr) -> str:
    """Return a number that bounds a letter."""
    return rf"{_about(number)}\ldots" if _has_long_digits(number) else formula_latex(number)


def _relation_pieces(atom: Formula, names: Names, limit: float) -> list[str]:
    if isinstance(atom.polynomial, OffRay):
        return _stated_pieces(atom.polynomial, atom.signs == {1})
    if isinstance(atom.polynomial, SpectralFact):
        words = atom.polynomial.words(atom.signs == {1}).split()
        return [(r"\ " if k else "") + (r"W_\Omega" if word == "M" else rf"\text{{{word}}}") for k, word in enumerate(words)]
    left, word, right = _related(atom, names, LATEX)
    first = pieces(left, limit)
    second = [_end(right)] if _has_long_digits(right) else pieces(right, limit)
    joined = f"{first[-1]} {word} {second[0]}"
    middle = [joined] if width(joined) <= limit else [first[-1], f"{word} {second[0]}"]
    return [*first[:-1], *middle, *second[1:]]


def _stated_pieces(stated: OffRay, positive_there: bool) -> list[str]:
    """Return a condition that is stated in LaTeX."""
    q = r"\det\left(I + t (W_\Omega - I)\right)"
    if positive_there:
        return [f"{q} > 0", r"\ \text{for}\ 0 \le t " + (r"\le 1" if stated.closed else "< 1")]
    return [rf"{q} \le 0", rf"\ \text{{for some}}\ t \in [0, 1{']' if stated.closed else ')'}"]


def solved(K: Field, value: Any, determinant: Any, names: Names) -> tuple[sp.Expr, sp.Matrix]:
    """Return the solution of a linear system as a matrix over a common denominator: the determinant if that is long, else 1."""
    rows, columns = value.nrows(), value.ncols()
    plain = sp.Matrix(rows, columns, [K.to_sympy(x) for x in value.entries()])
    if all(len(sp.Add.make_args(sp.fraction(x)[1])) <= 2 for x in plain):
        return sp.Integer(1), plain
    scaled = sp.Matrix(rows, columns, [K.to_sympy(x * determinant) for x in value.entries()])
    factor = K.to_sympy(determinant)
    for name, _ in names.known.values():
        expanded = sp.expand(name.xreplace(dict(names.definitions)))
        if expanded - factor == 0:
            factor = name
        elif expanded + factor == 0:
            factor, scaled = name, -scaled
    return factor, scaled


def over_one_denominator(below: sp.Expr, matrix: sp.MatrixBase) -> tuple[sp.Expr, sp.MatrixBase]:
    """Return a matrix over a denominator with that of its entries taken out, if they have the same one but for numbers.

    >>> m = sp.Symbol("m")
    >>> over_one_denominator(sp.Integer(1), sp.Matrix([1 / (12 * m - 18), (8 * m - 11) / (12 * m - 18)]))[0]
    6*(2*m - 3)
    """
    found = [sp.fraction(sp.together(x))[1] for x in matrix if x != 0]
    common = sp.Integer(1) if below != 1 or not found else sp.lcm_list(found)
    if not common.free_symbols or any((common / x).simplify().free_symbols for x in found):
        return below, matrix
    return sp.factor_terms(common), (matrix * common).applyfunc(sp.cancel)


def solved_latex(K: Field, value: Any, determinant: Any, names: Names) -> str:
    """Return the solution of a linear system in LaTeX, with a common denominator in front if it has one."""
    below, matrix = solved(K, value, determinant, names)
    return ("" if below == 1 else rf"\frac{{1}}{{{formula_latex(below)}}} ") + matrix_latex(matrix)


def truth_text(truth: Truth, names: Names = NO_NAMES) -> str:
    """Return a truth value as yes, no, unknown or a condition."""
    if truth.formula is not None:
        return condition_text(truth.formula, names)
    return "unknown" if truth.is_unknown else "yes" if truth.is_true else "no"


def truth_equation(left: str, truth: Truth, names: Names = NO_NAMES, limit: float | None = None) -> str:
    """Return a line of an align environment: ``left``, with its sign of alignment, and a truth value, or that it is too long."""
    limit = limit or line_width()
    if truth.formula is None:
        return equation(left, [rf"\text{{{truth_text(truth)}}}"], limit)
    formula = truth.formula
    return equation(left, if_short(lambda: condition_pieces(formula, names, limit)) or [TOO_LONG], limit)


def formulas_of(values: Sequence[Any]) -> list[Formula]:
    """Return the formulas among truth values and formulas."""
    found = [v.formula if isinstance(v, Truth) else v for v in values]
    return [f for f in found if f is not None]
