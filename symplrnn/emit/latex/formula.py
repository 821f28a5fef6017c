r"""The one formula of a region with letters in LaTeX: in divided differences, in functions of two roots, or as integrals.

A region whose map couples two units both ways is printed in matrix form,

    X = 1/2 log(delta) I + ell (M - tau/2 I),        y = ell c + k ((tau - 1) c - M c),

others by their entries, in divided differences of log and phi and in the functions of `symplrnn.emit.latex.scalars`. Where a
factor of the characteristic polynomial has degree 3 and more, or entries are long, it is the integral form with N = M - I:

    X = N Phi,   y = Phi c,   Phi = sum_r iota_r B_r,   B_0 = I,   B_r = e_r I - N B_{r-1},   iota_r = int_0^1 t^r / q(t) dt,

where q(t) = det(I + t N) = 1 + e_1 t + e_2 t^2 + ...

Reference: docs/theory, section 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq

from symplrnn import limits
from symplrnn.emit.latex.conditions import Names
from symplrnn.emit.latex.equations import over_dt
from symplrnn.emit.latex.expressions import formula_latex, matrix_latex, overlong, pieces, wide
from symplrnn.emit.latex.layout import equation, line_width, side_by_side, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.offset import behind_factors, components_of, multiple_of_c, offsets_of_c
from symplrnn.emit.latex.readable import is_readable
from symplrnn.emit.latex.scalars import Pair, Scalars
from symplrnn.errors import TooLarge
from symplrnn.exact.coupling import block, blocks
from symplrnn.exact.reading.exponentials import Exponential
from symplrnn.logarithm.named_form import free_symbol
from symplrnn.systems.region_ode import RegionODE

__all__ = ["Formula", "Integral", "coefficients_of_q", "region_formula", "upright"]

Named = list[tuple[str, Sequence[str]]]
SHORT = 4  # units up to which Phi is written out
MATRICES = 3  # X, y and Y
FEW = 4  # times that ell is in entries that are printed
LONG = 1500.0  # points of an entry, beyond which the integral form is the better reading


@dataclass(frozen=True)
class Formula:
    """The matrices X, y and Y of a region: their names with LaTeX in pieces, and the scalars that they use.

    ``integral`` are the names of the integral form if they are printed in it.
    """

    values: Named
    scalars: Scalars
    integral: Integral | None = None

    def lines(self, limit: float) -> list[str]:
        """Return the lines of an align environment that define the matrices."""
        return side_by_side(self.values, limit)


def region_formula(ode: RegionODE, symbols: Notation, names: Names, label: str | None = None) -> Formula:
    """Return the formula of a region that has one; ``label`` stands in names, else the pattern."""
    label = ode.region.pattern if label is None else label
    where = ode.condition.as_formula()

    def scalars() -> Scalars:
        return Scalars(map(str, ode.parameters), names, where)

    factors = _degrees(ode)
    if ode.n == 2 and factors == [2]:
        return _matrix_form(ode, symbols, scalars(), label)
    if max(factors, default=1) <= 2:
        found = None
        with suppress(TooLarge):
            found = _entries(ode, symbols, scalars(), label)
        if found is None or _is_heavy(found):
            found = _newton(ode, symbols, scalars(), label) or found
        if found is not None:
            return found
    form = Integral.apart(ode.parameters)
    return Formula(form.values(ode, symbols, label), scalars(), form)


def _is_heavy(formula: Formula) -> bool:
    """Return whether entries need more room than polynomials in M do: on lines of their own, or many with functions of roots."""
    many = sum(text.count(pair.names["ell"]) for _, [text, *_] in formula.values for pair in formula.scalars.pairs)
    return len(formula.values) > MATRICES or many > FEW


def _degrees(ode: RegionODE) -> list[int]:
    """Return the degrees of the irreducible factors of the characteristic polynomial, block by block."""
    affine = ode.region.affine
    K, M = affine.field, affine.M
    found: list[int] = []
    for units in blocks(M):
        if len(units) == 1:
            found.append(1)
        else:
            chi = K.characteristic_polynomial(block(K, M, units, units))
            found += [f.degree() for f, e in K.factor(chi) for _ in range(e)]
    return found


def _matrix_form(ode: RegionODE, symbols: Notation, scalars: Scalars, label: str) -> Formula:
    """Return X and y of a region of two units that act on each other."""
    K, M = ode.region.affine.field, ode.region.affine.M
    trace, determinant = K.as_product(M[0, 0] + M[1, 1]), K.as_product(K.determinant(M))
    pair: Pair = scalars.pair(trace, determinant)
    t, d = pair.names["tau"], pair.names["delta"]
    W, ell = symbols.name(symbols.matrix, label), scalars.use("ell", pair)
    first = rf"\tfrac{{1}}{{2}} \log {d}\, I + {ell} \bigl({W} - \tfrac{{{t}}}{{2}} I\bigr)"

    def image(c: str, column: Any) -> list[str]:
        return over_dt(ode.dt, [rf"{ell}\, {c} + {scalars.use('k', pair)} \bigl(({t} - 1)\, {c} - {W} {c}\bigr)"])

    X: Named = [(symbols.name(symbols.continuous_matrix, label), over_dt(ode.dt, [first]))]
    return Formula(X + offsets_of_c(ode, symbols, label, image), scalars)


def _entries(ode: RegionODE, symbols: Notation, scalars: Scalars, label: str) -> Formula | None:
    """Return X, y and Y by their entries; None if they are too long, or in too many of them are functions of two roots."""
    n = ode.n
    named = ode.named
    shown = scalars.symbols_in(list(named.matrix), dict(named.definitions))
    if shown is None:
        return None
    known = {sp.log(x): x.exponent for x in named.matrix.atoms(Exponential)}
    matrix = named.matrix.xreplace(known | shown).applyfunc(lambda x: upright(x, ode.dt))
    matrix = behind_factors(matrix, components_of(ode))
    if overlong(matrix, LONG):
        return None
    found: Named = []
    parts = (matrix[:n, :n], matrix[:n, n : n + 1], matrix[:n, n + 1 :])
    for template, part in zip(symbols.flow(ode.region.network.m), parts, strict=False):
        name = symbols.name(template, label)
        short = _diagonal(part) if template == symbols.continuous_matrix else None
        if template == symbols.continuous_offset:
            short = multiple_of_c(ode, part, symbols.name(symbols.offset, label))
        if short is not None:
            found.append((name, [short]))
            continue
        if not wide(part, line_width() - width(f"{name} = ")):
            found.append((name, [matrix_latex(part)]))
            continue
        room = line_width() - width(f"({name})_{{1,1}} = ")
        for i in range(part.rows):
            for j in range(part.cols):
                comma = "," if max(part.shape) > 9 else ""
                index = f"{i + 1}" if template == symbols.continuous_offset else f"{i + 1}{comma}{j + 1}"
                found.append((rf"\bigl({name}\bigr)_{{{index}}}", pieces(part[i, j], room)))
    return Formula(found, scalars)


def upright(entry: sp.Expr, dt: sp.Expr) -> sp.Expr:
    """Return an entry with 1/(1 - a) in place of -1/(a - 1), and with dt cancelled where a term of a sum has it.

    >>> a, h = sp.symbols("a h")
    >>> print(upright(-h / (a - 1), sp.Integer(1)))
    h/(1 - a)
    """
    factor, total = entry.as_independent(sp.Add, as_Add=False)
    if dt.is_Symbol and total.is_Add and any(dt in sp.Mul.make_args(term) for term in total.args):
        return sp.Add(*(upright(factor * term, dt) for term in total.args))
    if entry.is_Add:
        return sp.Add(*(upright(term, dt) for term in entry.args))
    if not entry.could_extract_minus_sign():
        return entry
    below = next((x for x in sp.Mul.make_args(entry) if x.is_Pow and x.exp == -1 and x.base.is_Add and -1 in x.base.args), None)
    return entry if below is None else -entry / below / (-below.base)


def _diagonal(X: sp.MatrixBase) -> str | None:
    """Return a diagonal matrix in LaTeX, as a multiple of I or as diag(...); None for others, and for 0."""
    n = X.rows
    if n == 1 or not X.is_diagonal() or X.is_zero_matrix:
        return None
    texts = [formula_latex(X[i, i]) for i in range(n)]
    if len(set(texts)) == 1:
        return (rf"({texts[0]})" if X[0, 0].has(sp.log) else texts[0]) + r"\, I"
    if sum(map(width, texts)) > line_width() / 2:
        return None
    sizes = (r"\Bigl(", r"\Bigr)") if any(r"\frac" in text for text in texts) else ("(", ")")
    return rf"\operatorname{{diag}}{sizes[0]}{', '.join(texts)}{sizes[1]}"


def _newton(ode: RegionODE, symbols: Notation, scalars: Scalars, label: str) -> Formula | None:
    """Return X, y and Y of three units as polynomials in M if two eigenvalues are a pair and the third is in the field.

    It is the interpolant of Newton: f(M) = f(l1) I + f[l1, l2] (M - l1 I) + f[l1, l2, l3] (M^2 - tau M + delta I).
    """
    K, M = ode.region.affine.field, ode.region.affine.M
    if ode.n != 3:
        return None
    factors = [f for f, e in K.factor(K.characteristic_polynomial(M)) for _ in range(e)]
    linear, *rest = sorted(factors, key=lambda f: int(f.degree()))
    if len(rest) != 1 or linear.degree() != 1:
        return None
    third, [square] = -linear[0] / linear[1], rest
    pair = scalars.pair(K.as_product(-square[1] / square[2]), K.as_product(square[0] / square[2]))
    point = K.as_product(third)
    t, d, W = pair.names["tau"], pair.names["delta"], symbols.name(symbols.matrix, label)
    last = rf"\bigl({W}^{{2}} - {t} {W} + {d} I\bigr)"
    ell, m = scalars.use("ell", pair), scalars.use("m", pair, point)
    terms = [rf"\tfrac{{1}}{{2}} \log {d}\, I", rf"+ {ell} \bigl({W} - \tfrac{{{t}}}{{2}} I\bigr)", f"+ {m} {last}"]

    def image(c: str, column: Any) -> list[str]:
        if all(K.is_zero(x) for x in (M * column - column * third).entries()):  # c is an eigenvector
            scalars.words.add("phi")
            return over_dt(ode.dt, [rf"\varphi({formula_latex(point)})\, {c}"])
        k, p = scalars.use("k", pair), scalars.use("p", pair, point)
        return over_dt(ode.dt, [rf"{ell}\, {c}", rf"+ {k} \bigl(({t} - 1)\, {c} - {W} {c}\bigr)", rf"+ {p} {last} {c}"])

    X: Named = [(symbols.name(symbols.continuous_matrix, label), over_dt(ode.dt, terms))]
    return Formula(X + offsets_of_c(ode, symbols, label, image), scalars)


# The integral form


@dataclass(frozen=True)
class Integral:
    """The names of the integral form, none of which is a letter's."""

    N: str
    q: str
    t: str
    Phi: str
    iota: str
    e: str

    @classmethod
    def apart(cls, letters: Iterable[sp.Symbol]) -> Integral:
        """Return names that are printed unlike some letters, also with an index."""
        taken = [str(s) for s in letters]
        stems = {x.rstrip("0123456789").rstrip("_") for x in taken}
        free = {key: formula_latex(free_symbol(key, taken)) for key in ("N", "q", "t", "Phi")}
        iota, e = (next(s for s in names if s not in stems) for names in (("iota", "kappa", "chi"), ("e", "c", "f", "g")))
        return cls(**free, iota=rf"\{iota}", e=e)

    def values(self, ode: RegionODE, symbols: Notation, label: str) -> Named:
        """Return X, y and Y as products with Phi."""
        scale = "" if ode.dt == 1 else rf"{formula_latex(1 / ode.dt)}\, "
        X: Named = [(symbols.name(symbols.continuous_matrix, label), [rf"{scale}{self.N}\, {self.Phi}"])]
        return X + offsets_of_c(ode, symbols, label, lambda c, _: [rf"{scale}{self.Phi}\, {c}"])

    def lines(self, n: int, W: str, limit: float, coefficients: Sequence[sp.Expr] | None = None) -> list[str]:
        """Return the lines that define N, q, iota and Phi for n units, given the coefficients e_1 ... e_n of q or not."""
        N, q, t, iota, e = self.N, self.q, self.t, self.iota, self.e
        terms = [rf"\det(I + {t} {N}) = 1", *(rf"+ {e}_{{{k}}} {t}" + ("" if k == 1 else f"^{{{k}}}") for k in range(1, n + 1))]
        polynomial = equation(f"{q}({t}) &=", terms, limit)
        integral = rf"\int_{{0}}^{{1}} \frac{{{t}^{{r}}}}{{{q}({t})}} \, \mathrm{{d}} {t}"
        lines = side_by_side([(N, [f"{W} - I"]), (rf"{iota}_{{r}}", [integral])], limit)
        lines.append(polynomial)
        if n <= SHORT:
            whole = [rf"{iota}_{{0}} I", *(self._summand(r) for r in range(1, n))]
            last = equation(rf"{self.Phi} &=", whole, limit)
            beside = rf"{lines[-1]},\quad {last.replace(' &=', ' =', 1)}"
            lines = [*lines[:-1], beside] if "\n" not in beside and width(beside) < limit else [*lines, last]
        else:
            B = [("B_{0}", ["I"]), ("B_{r}", [rf"{e}_{{r}} I - {N} B_{{r-1}}"])]
            total = rf"\sum_{{r=0}}^{{{n - 1}}} {iota}_{{r}} B_{{r}}"
            lines += side_by_side([(self.Phi, [total]), *B], limit)
        return lines if coefficients is None else [*lines, *self.coefficient_lines(coefficients, limit)]

    def coefficient_lines(self, coefficients: Sequence[sp.Expr], limit: float) -> list[str]:
        """Return the lines that define the coefficients e_1 ... e_n."""
        return side_by_side([(f"{self.e}_{{{k}}}", pieces(x, limit)) for k, x in enumerate(coefficients, 1)], limit)

    def _summand(self, r: int) -> str:
        """Return iota_r B_r, B_r = e_r I - e_(r-1) N + e_(r-2) N^2 - ..."""
        parts = [rf"{self.e}_{{{r}}} I"]
        for k in range(1, r + 1):
            power = self.N if k == 1 else f"{self.N}^{{{k}}}"
            factor = "" if k == r else rf"{self.e}_{{{r - k}}} "
            parts.append(f"{'-' if k % 2 else '+'} {factor}{power}")
        return rf"+ {self.iota}_{{{r}}} \bigl({' '.join(parts)}\bigr)"


def coefficients_of_q(ode: RegionODE) -> list[sp.Expr] | None:
    """Return the coefficients e_1 ... e_n of det(I + t N), N = M - I; None if they are long."""
    affine = ode.region.affine
    K, n = affine.field, affine.n
    chi = K.characteristic_polynomial(affine.M - K.identity(n))
    found = [K.as_product(chi[n - k] if k % 2 == 0 else -chi[n - k]) for k in range(1, n + 1)]
    numbers = [fmpq(int(r.p), int(r.q)) for x in found for r in x.atoms(sp.Rational)]
    return found if sum(x.count_ops() for x in found) <= limits.PAGE_OPERATIONS and is_readable(numbers) else None
