r"""LaTeX of region ODEs with letters: the definitions, X by its cases, y as X u or by its cases, where E2 holds.

What is printed once is named once: trace, determinant and discriminant of a quadratic factor, and its ell (see
`symplrnn.namedform`). Where 1 is no eigenvalue y = X u with u = (M - I)^{-1} c (E1), so only the cases with eigenvalue 1 have
offsets of their own. An irreducible characteristic polynomial p of degree 3 and more gives

    X = 1/dt sum_{p(lambda) = 0} log(lambda)/p'(lambda) adj(lambda I - M).

Reference: THEORY section 3, E1 and E2, and section 5, formula (3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from symplrnn.emit.notation import Notation
from symplrnn.formula import ALWAYS, Formula, all_formulas, any_formulas
from symplrnn.namedform import NamedMatrix, named_logarithm
from symplrnn.parametric import ParametricRegionODE
from symplrnn.symbolic_spectrum import SymbolicSpectrum, symbolic_spectrum

__all__ = ["parametric_block", "parametric_region"]


@dataclass(frozen=True, eq=False)
class _Page:
    """What is printed of one region."""

    ode: ParametricRegionODE
    notation: Notation
    cse: bool

    def name(self, template: str) -> str:
        return self.notation.name(template, self.ode.region.pattern)

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


def parametric_region(ode: ParametricRegionODE, notation: Notation, inequalities: str, cse: bool) -> str:
    """Return the ODE of one region: the equation with its region, then `parametric_block`."""
    x, names = (
        notation.continuous_state,
        (notation.continuous_matrix, notation.continuous_offset, notation.continuous_input_matrix),
    )
    X, y, Y = (notation.name(name, ode.region.pattern) for name in names)
    drive = rf" + {Y}\, {notation.input}" if ode.region.network.m else ""
    equation = rf"\dot{{{x}}} = {X}\, {x} + {y}{drive}"
    return f"\\begin{{equation*}}\n{equation}, \\qquad {inequalities}\n\\end{{equation*}}\n" + parametric_block(
        ode, notation, cse
    )


def parametric_block(ode: ParametricRegionODE, notation: Notation, cse: bool) -> str:
    """Return an align environment for one region: where it has an ODE, definitions, X, y and Y."""
    page = _Page(ode, notation, cse)
    branches, definitions = _matrix_branches(page)
    offsets, used = _offset_branches(page)
    formulas = [condition for _, condition in branches + offsets if condition is not None]
    formulas += [ode.condition.formula] if ode.condition.formula is not None else []
    own = {symbol for symbol, _ in page.names.definitions}
    wanted = {symbol for symbol, _ in page.names.used(formulas)} | {symbol for symbol, _ in definitions if symbol in own}
    named = [(symbol, value) for symbol, value in page.names.definitions if symbol in wanted]
    region = notation.name(notation.region, ode.region.pattern)
    lines = [] if ode.condition.is_true else [rf"& \text{{in }} {region} \text{{ if }} {truth_latex(ode.condition, page.names)}"]
    lines += _definition_lines(page, named, [(s, v) for s, v in definitions if s not in own])
    lines.append(_cases_line(page, page.name(notation.continuous_matrix), branches))
    lines += [_cases_line(page, left, offsets) for left in _offset_names(page)]
    lines += [rf"{left} = {text}" for left, text in used]
    return "\\begin{align*}\n" + " \\\\[1ex]\n".join(lines) + "\n\\end{align*}"


Branch = tuple[str, Formula | None]


def _cases_line(page: _Page, name: str, branches: Sequence[Branch]) -> str:
    """Return name = value, or name = cases."""
    if len(branches) == 1 and branches[0][1] is None:
        return rf"{name} &= {branches[0][0]}"
    rows = [
        f"{text}" + ("" if where is None or where.is_true else rf", & {condition_latex(where, page.names)}")
        for text, where in branches
    ]
    if len(rows) == 1:
        return rf"{name} &= " + rows[0].replace(", &", r" \quad \text{if}\ ")
    return rf"{name} &= \begin{{cases}} " + r" \\ \noalign{\vskip 1.2ex} ".join(rows) + r" \end{cases}"


def _definition_lines(
    page: _Page, names: Sequence[tuple[sp.Symbol, sp.Expr]], others: Sequence[tuple[sp.Symbol, Any]]
) -> list[str]:
    """Return one line for the traces and the like, and one for each further definition."""
    own = dict(page.names.definitions)
    short = [rf"{formula_latex(s)} = {formula_latex(own.get(s, v))}" for s, v in names]
    lines = [short[0].replace(" = ", " &= ", 1) + "".join(rf",\quad {x}" for x in short[1:])] if short else []
    if sum(map(len, short)) > 160:
        lines = [x.replace(" = ", " &= ", 1) for x in short]
    for symbol, value in others:
        if isinstance(value, list):  # by cases
            rows = [rf"{formula_latex(v)}, & {condition_latex(where, page.names)}" for v, where in value]
            lines.append(rf"{formula_latex(symbol)} &= \begin{{cases}} " + r" \\[1ex] ".join(rows) + r" \end{cases}")
        else:
            lines.append(rf"{formula_latex(symbol)} &= {formula_latex(value)}")
    return lines


# The matrix


def _matrix_branches(page: _Page) -> tuple[list[Branch], list[tuple[sp.Symbol, Any]]]:
    """Return (LaTeX of X, condition) for each case of X, equal ones joined, and the definitions that they use."""
    ode, found = page.ode, page.matrix_cases
    groups: list[tuple[sp.Matrix, list[tuple[Formula, NamedMatrix]], Case]] = []
    for case in found:
        if case.logarithm is None:
            continue
        named = named_logarithm(case) if page.cse else NamedMatrix(named_logarithm(case).expanded(), ())
        matrix = named.matrix / ode.dt
        same = next((group for group in groups if group[0] == matrix), None)
        if same is None:
            groups.append((matrix, [(case.condition, named)], case))
        else:
            same[1].append((case.condition, named))
    branches: list[Branch] = []
    definitions: dict[sp.Symbol, Any] = {}
    for matrix, members, case in groups:
        where = _union([condition for condition, _ in members])
        if page.cse and _is_adjugate(page, case):
            branches.append((_adjugate(page, case), where))
            continue
        branches.append((matrix_latex(matrix), where))
        _collect(definitions, members)
    for case in found:
        if case.logarithm is None:
            branches.append((rf"\text{{unresolved: {case.unresolved}}}", case.condition))
    if len(branches) == 1 and branches[0][1] is not None and branches[0][1].is_true:
        branches = [(branches[0][0], None)]
    return branches, list(definitions.items())


def _collect(definitions: dict[sp.Symbol, Any], members: Sequence[tuple[Formula, NamedMatrix]]) -> None:
    """Add the definitions of one matrix; one that differs between its cases becomes a list (value, condition)."""
    used = members[0][1].matrix.free_symbols
    for symbol, value in reversed(members[0][1].definitions):
        used = used | value.free_symbols if symbol in used else used
    for symbol, value in members[0][1].definitions:
        values = [(dict(named.definitions)[symbol], condition) for condition, named in members]
        if symbol in used and symbol not in definitions:
            different = any(v != value for v, _ in values)
            definitions[symbol] = (
                [(v, _sign_part(condition, [c for c, _ in members])) for v, condition in values] if different else value
            )


def _sign_part(condition: Formula, conditions: Sequence[Formula]) -> Formula:
    """Return what a condition says beyond what all of them say."""
    shared = set.intersection(*(set(_clauses(c)) for c in conditions))
    return all_formulas(c for c in _clauses(condition) if c not in shared)


def _clauses(formula: Formula) -> tuple[Formula, ...]:
    return formula.args if formula.kind == "and" else (formula,)


def _union(conditions: Sequence[Formula]) -> Formula:
    """Return the disjunction, with the clauses that all have in common taken out."""
    shared = [c for c in _clauses(conditions[0]) if all(c in _clauses(other) for other in conditions)]
    rest = any_formulas(_sign_part(c, conditions) for c in conditions)
    return all_formulas(shared) & rest


def _is_adjugate(page: _Page, case: Case) -> bool:
    terms = case.logarithm.terms if case.logarithm is not None else ()
    return len(terms) == 1 and terms[0].degree > 2 and terms[0].degree == page.ode.n


def _adjugate(page: _Page, case: Case) -> str:
    """Return X for an irreducible characteristic polynomial p, as a sum over its roots, with p in named coefficients."""
    x = sp.Symbol("lambda")
    term = case.logarithm.terms[0]  # type: ignore[union-attr]  # _is_adjugate has looked
    c = coefficients_of(term.field, term.factor)
    table = {value: symbol for symbol, value in page.names.definitions}
    short = [table.get(a) or (-table[-a] if -a in table else a) for a in c]
    p = sp.Add(*(a * x**k for k, a in enumerate(short)))
    n = term.matrices[0].nrows()
    entries = [
        sp.Add(*(term.field.to_sympy(H[i, j]) * x**k for k, H in enumerate(term.matrices))) for i in range(n) for j in range(n)
    ]
    collected = sp.Matrix(n, n, [sp.collect(e, x) for e in entries])
    scale = "" if page.ode.dt == 1 else rf"\frac{{1}}{{{formula_latex(page.ode.dt)}}} "
    total = rf"{scale}\sum_{{p(\lambda) = 0}} \frac{{\log \lambda}}{{p'(\lambda)}}"
    return rf"{total} {matrix_latex(collected)},\quad p(\lambda) = {formula_latex(sp.Poly(p, x).as_expr())}"


# The offset and the input matrix


def _offset_names(page: _Page) -> list[str]:
    """Return the name of y, or of y and Y side by side."""
    names = [page.name(page.notation.continuous_offset)]
    names += [page.name(page.notation.continuous_input_matrix)] if page.ode.region.network.m else []
    return [names[0] if len(names) == 1 else rf"\left({names[0]},\ {names[1]}\right)"]


def _offset_branches(page: _Page) -> tuple[list[Branch], list[tuple[str, str]]]:
    """Return the cases of (y, Y): X u where 1 is no eigenvalue, written out where it is; and the definition of u."""
    ode, facts = page.ode, page.facts
    K, affine = facts.field, ode.region.affine
    n, m = affine.n, affine.m
    B = K.fill(n, 1 + m, [x for i in range(n) for x in (affine.c[i, 0], *(affine.C[i, j] for j in range(m)))])
    if all(K.is_zero(x) for x in B.entries()):
        return [(matrix_latex(sp.zeros(n, 1 + m)), None)], []
    branches: list[Branch] = []
    used: list[tuple[str, str]] = []
    if not facts.no_unit.is_false:
        difference = affine.M - K.identity(n)
        u = "u" if m == 0 else "U"
        right = page.name(page.notation.offset)
        right = right if m == 0 else rf"\left({right},\ {page.notation.input_matrix}\right)"
        branches.append((rf"{page.name(page.notation.continuous_matrix)}\, {u}", facts.no_unit))
        left = rf"{u} = ({page.name(page.notation.matrix)} - I)^{{-1}} {right}"
        used.append(
            (left.replace(" = ", " &= ", 1), solved_latex(K, K.solve(difference, B), K.determinant(difference), page.names))
        )
    for case in ode.cases:
        where = _relative(case.condition, ode.condition.formula) & ~facts.no_unit
        if not where.is_false and _meets_unit(case.case, n):
            branches.append((matrix_latex(case.augmented[:n, n:]), where))
    if len(branches) == 1 and facts.no_unit.is_true:
        branches = [(branches[0][0], None)]
    return branches, used


def _relative(condition: Formula, principal: Formula | None) -> Formula:
    """Return a condition without the clauses of E2, which stands above."""
    if principal is None:
        return condition
    return all_formulas(c for c in _clauses(condition) if c not in _clauses(principal))


def _meets_unit(case: Case, n: int) -> bool:
    """Return whether 1 is an eigenvalue of M in a case: the projector on it does not vanish on the n states."""
    log = case.logarithm
    if log is None:
        return False
    K = log.field
    unit = K.polynomial([-K.element(1), K.element(1)])
    corners = [(term.matrices[0], i, j) for term in log.terms if term.factor == unit for i in range(n) for j in range(n)]
    return any(not K.is_zero(H[i, j]) for H, i, j in corners)
