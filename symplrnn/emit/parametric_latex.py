r"""LaTeX of region ODEs with letters: the definitions, X by its cases, y as X u or by its cases, where E2 holds.

What is printed once is named once: trace, determinant and discriminant of a quadratic factor, and its ell (see
`symplrnn.namedform`). Where 1 is no eigenvalue y = X u with u = (M - I)^{-1} c (E1), so only the cases with eigenvalue 1 have
offsets of their own. An irreducible characteristic polynomial p of degree 3 and more gives

    X = 1/dt sum_{p(lambda) = 0} log(lambda)/p'(lambda) adj(lambda I - M),

and a matrix that is too wide for a page is printed as a polynomial in M.

Reference: THEORY section 3, E1 and E2, and section 5, formula (3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from symplrnn.cases import Case, cases
from symplrnn.coincidence import coefficients_of
from symplrnn.emit.conditions import (
    Names,
    condition_latex,
    formula_latex,
    invariant_names,
    matrix_latex,
    solved_latex,
    truth_latex,
)
from symplrnn.emit.glossary import Glossary, clauses, sign_part
from symplrnn.emit.layout import block_width, packed, split_sum, width
from symplrnn.emit.notation import Notation
from symplrnn.emit.powers import power_form
from symplrnn.formula import ALWAYS, Formula, all_formulas, any_formulas
from symplrnn.namedform import NamedMatrix, free_symbol, named_logarithm
from symplrnn.parametric import ParametricRegionODE
from symplrnn.symbolic_spectrum import SymbolicSpectrum, symbolic_spectrum

__all__ = ["parametric_block", "parametric_region"]

LINE = 70  # letters
PAGE = 80
LONG = 3000  # letters of LaTeX, beyond which cases are listed one below the other instead of in one brace
WIDE = 85  # letters of a matrix, beyond which it is printed as a polynomial in the region's matrix

Branch = tuple[str, Formula | None]


@dataclass(frozen=True, eq=False)
class _Page:
    """What is printed of one region."""

    ode: ParametricRegionODE
    notation: Notation
    cse: bool
    glossary: Glossary = field(default_factory=Glossary)

    def name(self, template: str) -> str:
        return self.notation.name(template, self.ode.region.pattern)

    def letter(self, name: str) -> str:
        """Return a name in LaTeX, or another one if a parameter is printed like it."""
        return formula_latex(free_symbol(name, map(str, self.ode.parameters)))

    @cached_property
    def facts(self) -> SymbolicSpectrum:
        return symbolic_spectrum(self.ode.region)

    @cached_property
    def names(self) -> Names:
        return invariant_names(self.facts) if self.cse else Names((), {})

    @cached_property
    def matrix_cases(self) -> list[Case]:
        """The cases of X alone, relative to E2."""
        facts, affine = self.facts, self.ode.region.affine
        return cases(facts.field, affine.M, facts.field.fill(affine.n, 0, []), facts.factors, ALWAYS)

    def named(self, case: Case) -> NamedMatrix:
        found = named_logarithm(case)
        return found if self.cse else NamedMatrix(found.expanded(), ())


def parametric_region(ode: ParametricRegionODE, notation: Notation, inequalities: str, cse: bool) -> str:
    """Return the ODE of one region: the equation with its region, then `parametric_block`."""
    x, pattern = notation.continuous_state, ode.region.pattern
    templates = (notation.continuous_matrix, notation.continuous_offset, notation.continuous_input_matrix)
    X, y, Y = (notation.name(template, pattern) for template in templates)
    drive = rf" + {Y}\, {notation.input}" if ode.region.network.m else ""
    equation = rf"\dot{{{x}}} = {X}\, {x} + {y}{drive}, \qquad {inequalities}"
    return "\n".join([r"\begin{equation*}", equation, r"\end{equation*}", parametric_block(ode, notation, cse)])


def parametric_block(ode: ParametricRegionODE, notation: Notation, cse: bool) -> str:
    """Return an align environment for one region: where it has an ODE, definitions, X, y and Y."""
    page = _Page(ode, notation, cse)
    page.glossary.taken.update(str(s) for s in ode.parameters)
    page.glossary.entries.update(page.names.definitions)
    branches = _matrix_branches(page)
    offsets, definition_of_u = _offset_branches(page)
    formulas = [condition for _, condition in branches + offsets if condition is not None]
    formulas += [ode.condition.formula] if ode.condition.formula is not None else []
    region = page.name(notation.region)
    lines = [] if ode.condition.is_true else [rf"& \text{{in }} {region} \text{{ if }} {truth_latex(ode.condition, page.names)}"]
    lines += _definition_lines(page, formulas, branches)
    lines.append(_cases_line(page, page.name(notation.continuous_matrix), branches))
    lines += [_cases_line(page, _offset_name(page), offsets), *definition_of_u]
    return "\\begin{align*}\n" + " \\\\[1ex]\n".join(lines) + "\n\\end{align*}"


def _cases_line(page: _Page, name: str, branches: Sequence[Branch]) -> str:
    """Return name = value, or name = cases."""
    if len(branches) == 1 and (branches[0][1] is None or branches[0][1].is_true):
        return rf"{name} &= {branches[0][0]}"
    if sum(len(text) for text, _ in branches) > LONG:  # a page may end between two of them
        listed = [(text, condition_latex(ALWAYS if where is None else where, page.names, LINE)) for text, where in branches]
        lines = [rf"{name} &= {text} \\ & \quad \text{{if }} {where}" for text, where in listed]
        return " \\\\[1ex]\n".join(lines)
    rows = [text if where is None else _row(text, condition_latex(where, page.names, LINE)) for text, where in branches]
    return rf"{name} &= \begin{{cases}} " + r" \\ \noalign{\vskip 1.2ex} ".join(rows) + r" \end{cases}"


def _row(text: str, condition: str) -> str:
    """Return a row of cases; a condition that does not fit beside its value is put below it."""
    if block_width(text) + block_width(condition) <= PAGE:
        return rf"{text}, & {condition}"
    return rf"\begin{{aligned}}[t] & {text} \\ & \quad \text{{if }} {condition} \end{{aligned}}"


def _definition_lines(page: _Page, formulas: Sequence[Formula], branches: Sequence[Branch]) -> list[str]:
    """Return the lines that define the symbols: short ones side by side, then one for each by cases."""
    own = {symbol for symbol, _ in page.names.definitions}
    wanted = {symbol for symbol, _ in page.names.used(formulas)} | _used_names(page, own)
    if any(r"\operatorname{adj}" in text for text, _ in branches):
        wanted |= own
    short, lines = [], []
    for symbol, value in page.glossary.entries.items():
        if symbol in own and symbol not in wanted:
            continue
        if isinstance(value, list):
            rows = [rf"{formula_latex(v)}, & {condition_latex(where, page.names)}" for v, where in value]
            lines.append(rf"{formula_latex(symbol)} &= \begin{{cases}} " + r" \\[1ex] ".join(rows) + r" \end{cases}")
        else:
            short.append(rf"{formula_latex(symbol)} = {formula_latex(_in_names(page, value))}")
    grouped: list[str] = []
    for text in short:
        if grouped and width(grouped[-1]) + width(text) < LINE:
            grouped[-1] += rf",\quad {text}"
        else:
            left, _, right = text.partition(" = ")
            grouped.append(f"{left} &= {packed(split_sum(right, LINE), LINE)}")
    if any(r"\operatorname{adj}" in text for text, _ in branches):
        grouped.append(_polynomial_line(page))
    return grouped + lines


def _used_names(page: _Page, own: set[sp.Symbol]) -> set[sp.Symbol]:
    """Return the page's own names that printed expressions and further definitions use, with what these need."""
    used = {s for s in own if s in page.glossary.used}
    for symbol, value in page.names.definitions[::-1]:
        used |= value.free_symbols & own if symbol in used else set()
    return used


def _in_names(page: _Page, value: sp.Expr) -> sp.Expr:
    """Return a double eigenvalue of a cubic in the names of its coefficients; any other value as it is."""
    names = {str(symbol): symbol for symbol, _ in page.names.definitions}
    K = page.facts.field
    if value.is_Add or not {"tau", "sigma", "delta"} <= set(names) or not value.free_symbols <= set(K.parameters):
        return value
    t, s, d = (names[key] for key in ("tau", "sigma", "delta"))
    candidate = (t * s - 9 * d) / (2 * (t**2 - 3 * s))
    same = K.element(candidate.xreplace(dict(page.names.definitions))) == K.element(value)
    return candidate if same else value


# The matrix


def _matrix_branches(page: _Page) -> list[Branch]:
    """Return (LaTeX of X, condition) for each case of X; cases with equal matrices are joined."""
    groups: list[tuple[sp.Matrix, list[tuple[Case, NamedMatrix]]]] = []
    for case in page.matrix_cases:
        if case.logarithm is not None:
            named = page.named(case)
            same = next((members for matrix, members in groups if matrix == named.matrix), None)
            if same is None:
                groups.append((named.matrix, [(case, named)]))
            else:
                same.append((case, named))
    branches = [(_group_latex(page, members), _union([case.condition for case, _ in members])) for _, members in groups]
    branches += [(rf"\text{{unresolved: {c.unresolved}}}", c.condition) for c in page.matrix_cases if c.logarithm is None]
    return list(branches)


def _group_latex(page: _Page, members: Sequence[tuple[Case, NamedMatrix]]) -> str:
    """Return X for cases that share a matrix: its entries, or the adjugate form, or a polynomial in M."""
    (case, named), n, dt = members[0], page.ode.n, page.ode.dt
    if page.cse and _is_adjugate(page, case):
        scale = "" if dt == 1 else rf"\frac{{1}}{{{formula_latex(dt)}}} "
        p, x = page.letter("p"), page.letter("lambda")
        total = rf"{scale}\sum_{{{p}({x}) = 0}} \frac{{\log {x}}}{{{p}'({x})}}"
        return rf"{total} \operatorname{{adj}}({x} I - {page.name(page.notation.matrix)})"
    if page.cse and width(matrix_latex(named.matrix)) > WIDE:
        forms = [(c.condition, power_form(c, n)) for c, _ in members]
        expressions = [c / dt for c in forms[0][1].logarithm]
        renamed = page.glossary.enter([(condition, form.definitions) for condition, form in forms], expressions)
        return _polynomial_latex(page, [e.xreplace(renamed) for e in expressions])
    matrix = named.matrix / dt
    renamed = page.glossary.enter([(c.condition, form.definitions) for c, form in members], list(matrix))
    return matrix_latex(matrix.xreplace(renamed))


def _union(conditions: Sequence[Formula]) -> Formula:
    """Return the disjunction, with the clauses that all have in common taken out."""
    shared = [c for c in clauses(conditions[0]) if all(c in clauses(other) for other in conditions)]
    return all_formulas(shared) & any_formulas(sign_part(c, conditions) for c in conditions)


def _polynomial_latex(page: _Page, coefficients: Sequence[sp.Expr]) -> str:
    """Return c_0 I + c_1 M + ... in LaTeX, on several lines if it is long."""
    matrix = page.name(page.notation.matrix)
    pieces: list[str] = []
    for k, c in enumerate(coefficients):
        power = "I" if k == 0 else matrix if k == 1 else f"{matrix}^{{{k}}}"
        if c == 0:
            continue
        text = formula_latex(c)
        parts = split_sum(text, LINE // 2) if c.is_Add else [text]
        if c.is_Add:
            parts = [rf"\Bigl({parts[0]}", *parts[1:]]
        sign = "" if not pieces or parts[0].startswith("-") else "+ "
        parts[0] = sign + parts[0]
        parts[-1] += rf"\Bigr) {power}" if c.is_Add else rf"\, {power}"
        pieces += [rf"{sign}{power}"] if c == 1 else parts
    return packed(pieces, LINE) or "0"


def _is_adjugate(page: _Page, case: Case) -> bool:
    terms = case.logarithm.terms if case.logarithm is not None else ()
    return len(terms) == 1 and terms[0].degree > 2 and terms[0].degree == page.ode.n


def _polynomial_line(page: _Page) -> str:
    """Return the definition of the characteristic polynomial p, in the names of its coefficients."""
    x = free_symbol("lambda", map(str, page.ode.parameters))
    [(f, _)] = page.facts.factors
    table = {value: symbol for symbol, value in page.names.definitions}
    c = coefficients_of(page.facts.field, f)
    named = [table.get(a, -table[-a] if -a in table else a) for a in c]
    terms = [a * x**k for k, a in enumerate(named)][::-1]
    return rf"{page.letter('p')}({formula_latex(x)}) &= " + " + ".join(formula_latex(t) for t in terms).replace("+ -", "-")


# The offset and the input matrix


def _offset_name(page: _Page) -> str:
    """Return the name of y, or of y and Y side by side."""
    y, Y = page.name(page.notation.continuous_offset), page.name(page.notation.continuous_input_matrix)
    return rf"\left({y},\ {Y}\right)" if page.ode.region.network.m else y


def _offset_branches(page: _Page) -> tuple[list[Branch], list[str]]:
    """Return the cases of (y, Y): X u where 1 is no eigenvalue, written out where it is; and the line that defines u."""
    ode, facts = page.ode, page.facts
    K, affine = facts.field, ode.region.affine
    n, m = affine.n, affine.m
    B = K.fill(n, 1 + m, [x for i in range(n) for x in (affine.c[i, 0], *(affine.C[i, j] for j in range(m)))])
    if all(K.is_zero(x) for x in B.entries()):
        return [(matrix_latex(sp.zeros(n, 1 + m)), None)], []
    h, matrix = page.name(page.notation.offset), page.name(page.notation.matrix)
    right = rf"\left({h},\ {page.notation.input_matrix}\right)" if m else h
    branches: list[Branch] = []
    lines: list[str] = []
    if not facts.no_unit.is_false:
        u, difference = page.letter("U" if m else "u"), affine.M - K.identity(n)
        branches.append((rf"{page.name(page.notation.continuous_matrix)}\, {u}", facts.no_unit))
        solved = solved_latex(K, K.solve(difference, B), K.determinant(difference), page.names)
        value = rf" = {solved}" if width(solved) < WIDE else ""
        lines.append(rf"{u} &= ({matrix} - I)^{{-1}} {right}{value}")
    for case in ode.cases:
        if _meets_unit(case.case, n):
            branches.append((_offset_latex(page, case.case, right), _relative(case.condition, ode.condition.formula)))
    return branches, lines


def _offset_latex(page: _Page, case: Case, right: str) -> str:
    """Return (y, Y) of a case with eigenvalue 1: its entries, or phi(M) as a polynomial if they are wide."""
    n, dt = page.ode.n, page.ode.dt
    named = page.named(case)
    matrix = named.matrix[:n, n:] / dt
    if page.cse and width(matrix_latex(matrix)) > WIDE:
        form = power_form(case, n)
        expressions = [q / dt for q in form.phi]
        renamed = page.glossary.enter([(None, form.definitions)], expressions)
        return rf"\Bigl({_polynomial_latex(page, [e.xreplace(renamed) for e in expressions])}\Bigr)\, {right}"
    renamed = page.glossary.enter([(None, named.definitions)], list(matrix))
    return matrix_latex(matrix.xreplace(renamed))


def _relative(condition: Formula, principal: Formula | None) -> Formula:
    """Return a condition without the clauses of E2, which stands above."""
    if principal is None:
        return condition
    return all_formulas(c for c in clauses(condition) if c not in clauses(principal))


def _meets_unit(case: Case, n: int) -> bool:
    """Return whether 1 is an eigenvalue of M in a case: the projector on it does not vanish on the n states."""
    log: Any = case.logarithm
    if log is None:
        return False
    K = log.field
    unit = K.polynomial([-K.element(1), K.element(1)])
    corners = [(term.matrices[0], i, j) for term in log.terms if term.factor == unit for i in range(n) for j in range(n)]
    return any(not K.is_zero(H[i, j]) for H, i, j in corners)
