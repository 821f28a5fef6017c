r"""The offset y of a system in LaTeX, and its input matrix Y, which is printed alike; all of the ways, one behind the other.

    region of numbers      decimals, each with its letters of h and C behind it      `decimal_offsets`
    formula with letters   f(M) c, by the functions of the formula                   `offsets_of_c`
                           entries, with components of h behind what multiplies them `behind_factors`, `multiple_of_c`
    case with letters      whole columns, X (M - I)^{-1} c, or single entries        `case_offsets`

Reference: docs/theory, section 3, E1 and E2, and section 6; N. J. Higham, Functions of Matrices, SIAM 2008, section 1.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import sympy as sp

from symplrnn.conditions.emptiness import is_met_somewhere
from symplrnn.conditions.formula import zero
from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.emit.latex.entries import decimal_latex, rounded_latex
from symplrnn.emit.latex.expressions import Trailing, formula_latex, matrix_latex, overlong, pieces, rows_latex
from symplrnn.emit.latex.layout import like, parted, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.page import Page
from symplrnn.logarithm.digits import Digits
from symplrnn.systems.case_ode import CaseODE
from symplrnn.systems.region_ode import RegionODE

__all__ = [
    "SHORT",
    "behind_factors",
    "by_components",
    "case_offsets",
    "components_of",
    "decimal_offsets",
    "is_moved",
    "moved_offset",
    "multiple_of_c",
    "offsets_of_c",
]

SHORT = 160.0  # points of an offset or a block that is printed as it is, though there is another way
Named = list[tuple[str, Sequence[str]]]


# Numbers


def decimal_offsets(certified: Digits, ode: RegionODE) -> list[list[list[str]]]:
    """Return y and Y in certified decimals; letters in h, b and C multiply columns of them."""
    if ode.by_columns is None:
        columns = [tuple((x,) for x in certified.offset), certified.input_matrix]
        return [[[rounded_latex(x) for x in row] for row in table] for table in columns]
    factors = ode.by_columns[1]
    right = [[_combination(row, factors.col(j)) for j in range(factors.cols)] for row in certified.input_matrix]
    return [[row[:1] for row in right], [row[1:] for row in right]]


def _combination(numbers: Sequence[str], factors: sp.MatrixBase) -> str:
    """Return a sum of decimals times products of letters in LaTeX."""
    terms = []
    for text, factor in zip(numbers, factors, strict=True):
        if text == "0" or factor == 0:
            continue
        number, letters = decimal_latex(text), formula_latex(factor)
        bracketed = rf"\left({letters}\right)" if factor.is_Add else letters
        terms.append(number if factor == 1 else bracketed if text == "1" else rf"{number}\, {bracketed}")
    return like(" + ".join(terms).replace("+ -", "- ") or "0", map(rounded_latex, numbers))


# The formula with letters


def offsets_of_c(ode: RegionODE, symbols: Notation, label: str, image: Callable[[str, object], Sequence[str]]) -> Named:
    """Return y and Y as what ``image`` prints of c and C, given their names and values, in pieces; 0 if these are 0."""
    affine, m = ode.region.affine, ode.region.network.m
    given = [(symbols.name(symbols.offset, label), affine.c), (symbols.input_matrix, affine.C)]
    return [
        (symbols.name(template, label), ["0"] if all(map(affine.field.is_zero, c.entries())) else image(name, c))
        for template, (name, c) in zip(symbols.flow(m)[1:], given, strict=False)
    ]


def multiple_of_c(ode: RegionODE, y: sp.MatrixBase, name: str) -> str | None:
    """Return y in LaTeX if it is c, called by a name, times one term; None else."""
    K, n = ode.region.affine.field, ode.n
    c = sp.Matrix(n, 1, [K.to_sympy(x) for x in ode.region.affine.c.entries()]).xreplace(_behind(components_of(ode)))
    first = next((i for i in range(n) if c[i] != 0), None)
    if n == 1 or first is None:
        return None
    factor = y[first] / c[first]
    if factor.is_Add or any(sp.expand(y[i] - factor * c[i]) != 0 for i in range(n)):
        return None
    return rf"{formula_latex(factor)}\, {name}"


def components_of(ode: RegionODE) -> set[sp.Symbol]:
    """Return the letters that are in the offset and the input matrix of a region alone."""
    K, affine = ode.region.affine.field, ode.region.affine
    columns = [*affine.c.entries(), *(affine.C.entries() if affine.m else [])]
    found: set[sp.Symbol] = {s for x in columns for s in K.to_sympy(x).free_symbols}
    return found - set(ode.dt.free_symbols) - {s for x in affine.M.entries() for s in K.to_sympy(x).free_symbols}


def _behind(components: Iterable[sp.Symbol]) -> dict[sp.Expr, sp.Expr]:
    return {s: Trailing(sp.Symbol(formula_latex(s)), sp.Integer(0)) for s in components}


def behind_factors(matrix: sp.MatrixBase, components: set[sp.Symbol]) -> sp.MatrixBase:
    """Return entries with components of h behind what multiplies them; one that all terms of a sum have is taken out."""
    behind = _behind(components)

    def entry(x: sp.Expr) -> sp.Expr:
        terms = sp.Add.make_args(x)
        for s in sorted(components, key=str):
            if len(terms) > 1 and all(s in sp.Mul.make_args(term) for term in terms):
                return sp.Mul(sp.Add(*(term / s for term in terms)).xreplace(behind), behind[s], evaluate=False)
        return x.xreplace(behind)

    return matrix.applyfunc(entry)


def by_components(entry: sp.Expr, components: Iterable[sp.Symbol]) -> sp.Expr:
    r"""Return a linear form in components of h as a sum of multiples of them; others as they are.

    >>> a, w, h1, h2 = sp.symbols("a w h1 h2")
    >>> print(formula_latex(by_components(h2 * w - a * h1 + h1, [h1, h2])))
    \left(1 - a\right) h_{1} + w h_{2}
    """
    letters = sorted(components, key=str)
    rest = entry.xreplace(dict.fromkeys(letters, sp.Integer(0)))
    if not letters or rest != 0:
        return entry
    coefficients = {s: sp.diff(entry, s) for s in letters}
    if any(x.has(*letters) for x in coefficients.values()):
        return entry
    behind = _behind(letters)
    return sp.Add(*(sp.Mul(x, behind[s], evaluate=False) for s, x in coefficients.items() if x != 0))


# Cases


def is_moved(page: Page, case: CaseODE, columns: sp.MatrixBase) -> bool:
    """Return whether (y, Y) is printed as X (v, 0) with v = (M - I)^{-1} (c, C): 1 is no eigenvalue, and entries are long."""
    return _no_unit(case) and _whole(page, case, columns, SHORT) is None


def moved_offset(page: Page, case: CaseODE) -> Named:
    """Return (y, Y) as X (v, 0)."""
    v = page.particular
    column = rf"\begin{{pmatrix}} {v} \\ 0 \end{{pmatrix}}" if case.extra else v
    return [(page.offset_name, [rf"{page.name(page.notation.continuous_matrix)}\, {column}"])]


def case_offsets(page: Page, case: CaseODE, columns: sp.MatrixBase) -> Named:
    """Return y and Y as wholes, or their entries if one of them is too wide."""
    whole = _whole(page, case, columns, page.limit)
    return _entries(page, columns) if whole is None else whole


def _columns(page: Page, columns: sp.MatrixBase) -> list[tuple[str, sp.MatrixBase]]:
    """Return y and Y with the templates of their names."""
    return list(zip(page.notation.flow(page.m)[1:], (columns[:, :1], columns[:, 1:]), strict=False))


def _whole(page: Page, case: CaseODE, columns: sp.MatrixBase, limit: float) -> Named | None:
    """Return y and Y as wholes; None if one of them is too wide."""
    found: Named = []
    for template, block in _columns(page, columns):
        if overlong(block, limit):
            return None
        text = parted(rows_latex(block), case.n, 0) if case.extra else matrix_latex(block)
        if width(text) > limit:
            return None
        found.append((page.name(template), [text]))
    return found


def _entries(page: Page, columns: sp.MatrixBase) -> Named:
    """Return the entries of y and Y."""
    found: Named = []
    for template, block in _columns(page, columns):
        labels = page.labels(template, block.rows, 0 if template == page.notation.continuous_offset else block.cols)
        found += [(label, pieces(x, page.limit)) for label, x in zip(labels, block, strict=True)]
    return found


def _no_unit(case: CaseODE) -> bool:
    """Return whether 1 is no eigenvalue of M anywhere in a case, as far as its condition shows."""
    log = case.case.logarithm
    if log is None or case.case.definitions:
        return False
    values = [sp.Add(*coefficients_of(log.field, g)) for g, _ in case.case.factors]
    return not any(is_met_somewhere(case.condition & zero(value)) for value in values)
