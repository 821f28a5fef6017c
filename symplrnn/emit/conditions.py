"""Conditions on parameters as text and LaTeX, with names for traces, determinants and discriminants.

A condition that holds on the discriminant of a cubic in nine letters is a page long when it is written out; with the names

    tau, sigma, delta (sums of the eigenvalues' products, one, two, three at a time) and Delta (discriminant)

of a factor of the characteristic polynomial it is one line. Names are given for the factors of degree 2 and 3 of a region.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from symplrnn.coincidence import coefficients_of
from symplrnn.emit.layout import by_rows, packed, pmatrix, split_sum
from symplrnn.exact.field import Field
from symplrnn.formula import Formula, positive
from symplrnn.namedform import free_symbol
from symplrnn.rootconditions import circle_polynomial, discriminant
from symplrnn.symbolic_spectrum import SymbolicSpectrum
from symplrnn.truth import Truth

__all__ = ["Names", "condition_latex", "condition_text", "formula_latex", "invariant_names", "truth_latex", "truth_text"]

TEXT = {frozenset({1}): ">", frozenset({-1}): "<", frozenset({0, 1}): ">=", frozenset({-1, 0}): "<=", frozenset({0}): "=",
        frozenset({-1, 1}): "!="}  # fmt: skip
LATEX = {frozenset({1}): ">", frozenset({-1}): "<", frozenset({0, 1}): r"\ge", frozenset({-1, 0}): r"\le", frozenset({0}): "=",
         frozenset({-1, 1}): r"\ne"}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Symbols with their definitions, and which atom polynomial is which expression in them, up to its sign."""

    definitions: tuple[tuple[sp.Symbol, sp.Expr], ...]
    known: dict[sp.Expr, tuple[sp.Expr, int]]

    def of(self, polynomial: sp.Expr) -> tuple[sp.Expr, int]:
        """Return the polynomial of an atom in names, also factor by factor, and the sign that this takes out."""
        if polynomial in self.known:
            return self.known[polynomial]
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


def invariant_names(facts: SymbolicSpectrum) -> Names:
    """Return names for the coefficients and discriminants of the factors of degree 2 and 3 of a characteristic polynomial.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.symbolic_spectrum import symbolic_spectrum
    >>> net = PLRNN(["a", "b"], [[0, "w"], [1, 0]], [0, 0], parameters=["a", "b", "w"])
    >>> invariant_names(symbolic_spectrum(net.region("11"))).definitions
    ((tau, a + b), (delta, a*b - w), (Delta, -4*delta + tau**2))
    """
    K, taken = facts.field, {str(s) for s in facts.field.parameters}
    large = [f for f, _ in facts.factors if f.degree() in (2, 3)]
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
    symbols = [free_symbol(stem + suffix, taken) for stem in stems]
    values = [(-1) ** (k + 1) * c[-2 - k] for k in range(len(symbols))]
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
    return [*zip(symbols, values, strict=True), (D, sp.expand(discriminant(signed)))]


def _enter(known: dict[sp.Expr, tuple[sp.Expr, int]], expression: sp.Expr, value: sp.Expr) -> None:
    """Note that a value, as it appears in atoms, is an expression in names."""
    atom = positive(value)
    if atom.kind == "atom" and len(atom.signs) == 1 and not atom.polynomial.is_Symbol:
        known.setdefault(atom.polynomial, (expression, max(atom.signs)))


NO_NAMES = Names((), {})


def _relation(atom: Formula, names: Names, words: dict[frozenset[int], str], show: Callable[[sp.Expr], str]) -> str:
    polynomial, sign = names.of(atom.polynomial)
    left, right = _sides(polynomial)
    if left.could_extract_minus_sign():
        left, right, sign = -left, -right, -sign
    return f"{show(left)} {words[frozenset(sign * s for s in atom.signs)]} {show(right)}"


def _sides(polynomial: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return the sides of a relation: of two terms, a constant or a negative one goes to the right."""
    terms = sp.Add.make_args(polynomial)
    if len(terms) != 2:
        return polynomial, sp.Integer(0)
    first, second = sorted(terms, key=lambda t: (bool(t.is_number), bool(t.could_extract_minus_sign())))
    opposite = first.could_extract_minus_sign() != second.could_extract_minus_sign()
    return (first, -second) if second.is_number or opposite else (polynomial, sp.Integer(0))


def _join(formula: Formula, relation: Callable[[Formula], str], both: str, either: str, brackets: tuple[str, str]) -> str:
    if formula.kind == "atom":
        return relation(formula)
    parts = []
    for part in formula.args:
        text = _join(part, relation, both, either, brackets)
        parts.append(text if part.kind == "atom" else brackets[0] + text + brackets[1])
    return (both if formula.kind == "and" else either).join(parts)


def condition_text(formula: Formula, names: Names = NO_NAMES) -> str:
    """Return a condition as text.

    >>> a, b = sp.symbols("a b", real=True)
    >>> condition_text(positive(a - b) & (positive(a - 1) | positive(b)))
    'a > b and (b > 0 or a > 1)'
    """
    if formula.is_constant:
        return "always" if formula.is_true else "never"
    return _join(formula, lambda f: _relation(f, names, TEXT, sp.sstr), " and ", " or ", ("(", ")"))


class _Printer(LatexPrinter):  # type: ignore[misc]  # SymPy has no types
    """SymPy's printer, with long numerators in fractions, and sums that do not begin with a minus sign if they need not."""

    def _as_ordered_terms(self, expression: sp.Expr, order: str | None = None) -> list[sp.Expr]:
        terms = list(super()._as_ordered_terms(expression, order=order or "grlex"))
        first = next((k for k, term in enumerate(terms) if not term.could_extract_minus_sign()), 0)
        return [terms[first], *terms[:first], *terms[first + 1 :]]


def formula_latex(expression: sp.Expr) -> str:
    r"""Return a SymPy expression in LaTeX, in the style of this package.

    >>> x, y = sp.symbols("x y")
    >>> formula_latex(x - y**2)
    'x - y^{2}'
    """
    return str(_Printer({"long_frac_ratio": 8}).doprint(expression))


def condition_latex(formula: Formula, names: Names = NO_NAMES, limit: int = 75) -> str:
    r"""Return a condition in LaTeX, broken into lines that are no wider than the limit, in letters.

    >>> a = sp.Symbol("a", real=True)
    >>> condition_latex(positive(a) & positive(1 - a))
    'a > 0, \\ a < 1'
    """
    if formula.is_constant:
        return r"\text{always}" if formula.is_true else r"\text{never}"
    return packed([part for piece in _pieces(formula, names) for part in split_sum(piece, limit)], limit)


def _pieces(formula: Formula, names: Names) -> list[str]:
    """Return the relations of a condition with the words and brackets between them, each a piece that is not broken."""
    if formula.kind == "atom":
        return [_relation(formula, names, LATEX, formula_latex)]
    pieces: list[str] = []
    for k, part in enumerate(formula.args):
        found = _pieces(part, names)
        if part.kind != "atom":
            found = [r"\bigl(" + found[0], *found[1:-1], found[-1] + r"\bigr)"] if len(found) > 1 else found
        if k:
            separator = "," if formula.kind == "and" else r"\ \text{or}"
            pieces[-1] += separator
        pieces += [(r"\ " if k else "") + found[0], *found[1:]]
    return pieces


def matrix_latex(matrix: sp.MatrixBase) -> str:
    """Return a matrix of expressions in LaTeX."""
    return pmatrix(by_rows([formula_latex(x) for x in matrix], matrix.cols))


def solved_latex(K: Field, value: Any, determinant: Any, names: Names) -> str:
    """Return the solution of a linear system; with the determinant as a common denominator in front, if that is long."""
    rows, columns = value.nrows(), value.ncols()
    plain = sp.Matrix(rows, columns, [K.to_sympy(x) for x in value.entries()])
    if all(len(sp.Add.make_args(sp.fraction(x)[1])) <= 2 for x in plain):
        return matrix_latex(plain)
    scaled = sp.Matrix(rows, columns, [K.to_sympy(x * determinant) for x in value.entries()])
    factor = K.to_sympy(determinant)
    for name, _ in names.known.values():
        expanded = sp.expand(name.xreplace(dict(names.definitions)))
        if expanded - factor == 0:
            factor = name
        elif expanded + factor == 0:
            factor, scaled = name, -scaled
    return rf"\frac{{1}}{{{formula_latex(factor)}}} {matrix_latex(scaled)}"


def truth_text(truth: Truth, names: Names = NO_NAMES) -> str:
    """Return a truth value as yes, no, unknown or a condition."""
    if truth.formula is not None:
        return condition_text(truth.formula, names)
    return "unknown" if truth.is_unknown else "yes" if truth.is_true else "no"


def truth_latex(truth: Truth, names: Names = NO_NAMES, limit: int = 75) -> str:
    """Return a truth value in LaTeX for math mode."""
    if truth.formula is not None:
        return condition_latex(truth.formula, names, limit)
    return rf"\text{{{truth_text(truth)}}}"


def formulas_of(values: Sequence[Any]) -> list[Formula]:
    """Return the formulas among truth values and formulas."""
    found = [v.formula if isinstance(v, Truth) else v for v in values]
    return [f for f in found if f is not None]
