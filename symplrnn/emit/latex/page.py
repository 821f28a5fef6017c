r"""One page of LaTeX about a region with letters: its names, and the lines that define the symbols that the page uses.

Every symbol is defined once. Sums over the roots of a polynomial and negative roots of one refer to it by a name, such as p, that
is defined with them: omega = Re sum_{p(lambda) = 0} log(lambda)/p'(lambda), and p(mu) = 0, mu < 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from symplrnn.conditions.formula import Formula
from symplrnn.eigenvalues.parametric import ParametricSpectrum
from symplrnn.eigenvalues.spectrum import Spectrum, spectrum
from symplrnn.emit.latex.conditions import Names, invariant_names, solved
from symplrnn.emit.latex.expressions import bracketed, formula_latex, matrix_latex, pieces
from symplrnn.emit.latex.glossary import Glossary
from symplrnn.emit.latex.layout import equation, line_width, side_by_side, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.logarithm.named_form import NamedMatrix, free_symbol
from symplrnn.logarithm.negative_root import NegativeRoot
from symplrnn.logarithm.root_sum import CertifiedRootSum
from symplrnn.network.region import Region

__all__ = [
    "Page",
    "defined",
    "in_invariants",
    "particular_line",
    "polynomial_pieces",
    "wanted",
]

Polynomial = tuple[sp.Expr, ...]


@dataclass(frozen=True, eq=False)
class Page:
    """What is printed of one region.

    Attributes
    ----------
    region : Region
    dt : SymPy expression
    notation : Notation
    cse : bool
        Whether there are names for traces, determinants and discriminants.
    lifted : bool
        Whether the page has extra coordinates.
    """

    region: Region
    dt: sp.Expr
    notation: Notation
    cse: bool
    lifted: bool = False
    glossary: Glossary = field(default_factory=Glossary)
    functions: dict[Polynomial, str] = field(default_factory=dict)
    printed: set[Polynomial] = field(default_factory=set)
    roots: dict[sp.Symbol, tuple[Polynomial, tuple[sp.Symbol, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.glossary.taken.update(map(str, self.parameters))
        self.glossary.entries.update(self.names.definitions)

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters of the network, and those of dt."""
        own = self.region.network.parameters
        return (*own, *sorted(self.dt.free_symbols - set(own), key=str))

    @property
    def n(self) -> int:
        """Number of states."""
        return self.region.network.n

    @property
    def m(self) -> int:
        """Number of inputs."""
        return self.region.network.m

    def name(self, template: str) -> str:
        """Return a name of the notation, for the region."""
        return self.notation.name(template, self.region.pattern)

    def letter(self, name: str) -> str:
        """Return a name in LaTeX, or another one if a parameter or the extra coordinates are printed like it."""
        taken = {*map(str, self.parameters), *({self.notation.extra_state} if self.lifted else ())}
        return formula_latex(free_symbol(name, taken))

    @property
    def particular(self) -> str:
        """The letter of (M - I)^{-1} (c, C)."""
        return self.letter("U" if self.m else "v" if self.lifted else "u")

    @property
    def right(self) -> str:
        """c, or (c, C), in LaTeX."""
        h = self.name(self.notation.offset)
        return rf"\left({h},\ {self.notation.input_matrix}\right)" if self.m else h

    @cached_property
    def columns(self) -> Any:
        """(c, C) over the field of the network."""
        K, affine = self.facts.field, self.region.affine
        n, m = affine.n, affine.m
        return K.fill(n, 1 + m, [x for i in range(n) for x in (affine.c[i, 0], *(affine.C[i, j] for j in range(m)))])

    @cached_property
    def facts(self) -> Spectrum:
        """The eigenvalues of the region's map, over the field of the network."""
        return ParametricSpectrum(self.region) if self.region.network.field.parameters else spectrum(self.region)

    @cached_property
    def names(self) -> Names:
        """The names for the coefficients and discriminants of the factors of the characteristic polynomial."""
        return invariant_names(self.facts) if self.cse else Names((), {})

    @cached_property
    def limit(self) -> float:
        """The room right of the longest name, in points."""
        names = [self.entry(self.notation.continuous_matrix, f"{self.n}{self.n}")]
        if self.lifted:
            names += [self.block(self.notation.extra_state, self.notation.extra_state), self.offset_name]
        return line_width() - max(width(f"{name} = ") for name in names)

    @property
    def offset_name(self) -> str:
        """The name of y, or of y and Y side by side."""
        y, Y = self.name(self.notation.continuous_offset), self.name(self.notation.continuous_input_matrix)
        return rf"\left({y},\ {Y}\right)" if self.m else y

    def block(self, rows: str, columns: str) -> str:
        """Return the name of a block of X."""
        return rf"\bigl[{self.name(self.notation.continuous_matrix)}\bigr]_{{{rows} {columns}}}"

    def entry(self, template: str, index: str) -> str:
        """Return the name of an entry of a matrix."""
        return rf"\bigl({self.name(template)}\bigr)_{{{index}}}"

    def labels(self, template: str, rows: int, columns: int = 0) -> list[str]:
        """Return the names of the entries of a matrix, or of a column if it has no columns."""
        comma = "," if max(rows, columns) > 9 else ""
        pairs = [f"{i}{comma}{j}" for i in range(1, rows + 1) for j in range(1, columns + 1)]
        return [self.entry(template, index) for index in (pairs if columns else map(str, range(1, rows + 1)))]

    def named(self, form: NamedMatrix) -> NamedMatrix:
        """Return a closed form as it is printed: without cse with names for sums over roots, roots and choices alone."""
        if self.cse:
            return form
        kept = tuple(pair for pair in form.definitions if pair[1].has(CertifiedRootSum, NegativeRoot, sp.CRootOf, sp.Piecewise))
        others = tuple(pair for pair in form.definitions if pair not in kept)
        return NamedMatrix(NamedMatrix(form.matrix, others).expanded(), kept)

    def function(self, stem: str, coefficients: Sequence[sp.Expr]) -> str:
        """Return the letter of a polynomial in lambda, given from the constant up; it is defined with the other symbols."""
        key = _key(coefficients)
        if key not in self.functions:
            self.functions[key] = formula_latex(free_symbol(stem, {*self.glossary.taken, *self.functions.values()}))
        return self.functions[key]


# The definitions


def defined(page: Page, symbols: Collection[sp.Symbol], all_functions: bool = False) -> list[str]:
    """Return the lines that define some symbols, and the polynomials that they refer to, or all, if they are not printed yet."""
    entries = [(symbol, value) for symbol, value in page.glossary.entries.items() if symbol in symbols]
    sums = [
        (formula_latex(s), [_sum_latex(page, v)]) for s, v in entries if isinstance(v, CertifiedRootSum) and s not in page.roots
    ]
    roots = _root_lines(page, [symbol for symbol, _ in entries])
    plain: list[tuple[str, list[str]]] = []
    for symbol, value in entries:
        if isinstance(value, CertifiedRootSum) or symbol in page.roots:
            continue
        name = formula_latex(symbol)
        plain.append((name, pieces(_in_names(page, value), page.limit)))
    used = page.functions if all_functions else set().union(*(_functions_of(page, symbol) for symbol, _ in entries))
    new = [c for c in page.functions if c in used and c not in page.printed]
    page.printed.update(new)
    functions = [_polynomial_line(page, page.functions[c], in_invariants(page, c)) for c in new]
    return side_by_side(plain, page.limit) + functions + side_by_side(sums, page.limit) + roots


def _functions_of(page: Page, symbol: sp.Symbol) -> set[Polynomial]:
    """Return the polynomials that the definition of a symbol refers to by name."""
    value = page.glossary.entries[symbol]
    if symbol in page.roots:
        polynomial, _ = page.roots[symbol]
        page.function("p", polynomial)
        return {polynomial}
    return set(_summand(page, value)[1]) if isinstance(value, CertifiedRootSum) else set()


def _root_lines(page: Page, symbols: Sequence[sp.Symbol]) -> list[str]:
    """Return the lines that say which roots of a polynomial some symbols are: its negative ones, in rising order."""
    lines: dict[tuple[sp.Symbol, ...], str] = {}
    for symbol in symbols:
        if symbol in page.roots:
            polynomial, together = page.roots[symbol]
            names, p = [formula_latex(s) for s in together], page.function("p", polynomial)
            first, *others = [f"{p}({name})" for name in names]
            equal = " = ".join([*others, "0"])
            lines[together] = rf"{first} &= {equal}, \quad {' < '.join(names)} < 0"
    return list(lines.values())


def wanted(page: Page, formulas: Sequence[Formula]) -> set[sp.Symbol]:
    """Return the symbols to define: the page's own names only where something that is printed uses them."""
    for symbol in page.glossary.entries:
        _functions_of(page, symbol)
    polynomials = [in_invariants(page, coefficients) for coefficients in page.functions]
    own = {symbol for symbol, _ in page.names.definitions}
    others = {symbol: value for symbol, value in page.glossary.entries.items() if symbol not in own}
    values = [value for symbol, value in others.items() if symbol not in page.roots]
    printed = [x for c in polynomials for x in c]
    printed += [_in_names(page, value) for value in values if not isinstance(value, CertifiedRootSum)]
    found = {symbol for symbol, _ in page.names.used(formulas)}
    found |= page.glossary.used | {s for x in printed for s in x.free_symbols}
    for symbol, value in page.names.definitions[::-1]:
        found |= value.free_symbols if symbol in found else set()
    return found | set(others)


def in_invariants(page: Page, coefficients: Sequence[sp.Expr]) -> list[sp.Expr]:
    """Return the coefficients of a polynomial, in the names that they have; numbers as they are."""
    table = {value: symbol for symbol, value in page.names.definitions if not value.is_number}
    return [table.get(c, -table[-c] if -c in table else c) for c in coefficients]


def _polynomial_line(page: Page, letter: str, coefficients: Sequence[sp.Expr]) -> str:
    """Return the definition of a polynomial in lambda."""
    return equation(f"{letter}({page.letter('lambda')}) &=", polynomial_pieces(page, coefficients), page.limit)


def polynomial_pieces(page: Page, coefficients: Sequence[sp.Expr]) -> list[str]:
    """Return a polynomial in lambda, given from the constant up, in falling powers."""
    x = page.letter("lambda")
    found: list[str] = []
    for k, c in reversed(list(enumerate(coefficients))):
        power = "" if k == 0 else x if k == 1 else f"{x}^{{{k}}}"
        negative = c.could_extract_minus_sign()
        value = -c if negative else c
        if value == 0:
            continue
        if not power and c.is_Add:
            first, *rest = pieces(c, page.limit - 30)
            found += [first if first.startswith("-") or not found else f"+ {first}", *rest]
            continue
        parts = [power] if value == 1 and power else pieces(value, page.limit - width(power) - 30)
        if value.is_Add:
            parts = bracketed(parts)
        if power and value != 1:
            parts = [*parts[:-1], rf"{parts[-1]} {power}"]
        sign = "- " if negative else "+ " if found else ""
        found += [sign + parts[0], *parts[1:]]
    return found


def _summand(page: Page, value: CertifiedRootSum) -> tuple[str, list[Polynomial]]:
    """Return a sum over the roots of a polynomial in LaTeX, and the polynomials that it refers to by name."""
    [x] = value.fun.variables
    part, summand = _part(value.fun.expr)
    above, below = sp.fraction(summand)
    leading, *others = value.poly.all_coeffs()
    f = [sp.cancel(c / leading) for c in others[::-1]] + [sp.Integer(1)]
    derivative = [k * c for k, c in enumerate(f)][1:]
    divisor = sp.Poly(below, x).all_coeffs()[::-1]
    same = len(divisor) == len(derivative) and all(sp.expand(c - d) == 0 for c, d in zip(divisor, derivative, strict=True))
    p, variable = page.function("p", f), formula_latex(x)
    [log] = above.atoms(sp.log)
    size = variable if log.args[0] == x else rf"(-{variable})"
    powers = above / log
    shown = rf"\log {size}" if powers == 1 else rf"{formula_latex(powers)} \log {size}"
    head = rf"{part}\sum_{{{p}({variable}) = 0}} "
    if below == 1:
        return f"{head}{shown}", [_key(f)]
    if not same and not below.has(sp.Add):
        return rf"{head}\frac{{{shown}}}{{{formula_latex(below)}}}", [_key(f)]
    name = f"{p}'" if same else page.function("q", divisor)
    return rf"{head}\frac{{{shown}}}{{{name}({variable})}}", [_key(f)] if same else [_key(f), _key(divisor)]


def _part(summand: sp.Expr) -> tuple[str, sp.Expr]:
    """Return which part of a sum is meant, in LaTeX, and the summand as a whole; SymPy takes real factors out of parts."""
    for function, name in ((sp.re, r"\operatorname{Re} "), (sp.im, r"\operatorname{Im} ")):
        for node in summand.atoms(function):
            return name, summand / node * node.args[0]
    return "", summand


def _sum_latex(page: Page, value: CertifiedRootSum) -> str:
    return _summand(page, value)[0]


def _key(coefficients: Iterable[sp.Expr]) -> Polynomial:
    return tuple(sp.expand(c) for c in coefficients)


def _in_names(page: Page, value: sp.Expr) -> sp.Expr:
    """Return a double eigenvalue of a cubic in the names of its coefficients; any other value as it is."""
    names = {str(symbol): symbol for symbol, _ in page.names.definitions}
    K = page.facts.field
    if value.is_Add or not {"tau", "sigma", "delta"} <= set(names) or not value.free_symbols <= set(K.parameters):
        return value
    t, s, d = (names[key] for key in ("tau", "sigma", "delta"))
    table = dict(page.names.definitions)
    if sp.expand((t**2 - 3 * s).xreplace(table)) == 0:  # the eigenvalue is a triple one, if it is double
        return value
    candidate = (t * s - 9 * d) / (2 * (t**2 - 3 * s))
    same = K.element(candidate.xreplace(table)) == K.element(value)
    return candidate if same else value


def particular_line(page: Page) -> str:
    """Return the line that defines (M - I)^{-1} (c, C), where 1 is no eigenvalue."""
    K, affine = page.facts.field, page.region.affine
    difference = affine.M - K.identity(affine.n)
    below, matrix = solved(K, K.solve(difference, page.columns), K.determinant(difference), page.names)
    solution = ("" if below == 1 else rf"\frac{{1}}{{{formula_latex(below)}}} ") + matrix_latex(matrix)
    value = rf"({page.name(page.notation.matrix)} - I)^{{-1}} {page.right}"
    if width(rf"{value} = {solution}") >= page.limit:
        return rf"{page.particular} &= {value}"
    page.glossary.used.update(below.free_symbols)
    return rf"{page.particular} &= {value} = {solution}"
