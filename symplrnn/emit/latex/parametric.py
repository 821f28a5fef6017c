r"""LaTeX of region ODEs with letters: the definitions, X by its cases, y as X u or by its cases, where E2 holds.

What is printed once is named once: trace, determinant and discriminant of a quadratic factor, and its ell (see
`symplrnn.logarithm.named_form`). Where 1 is no eigenvalue y = X u with u = (M - I)^{-1} c (E1), so only the cases with
eigenvalue 1 have offsets of their own. An irreducible characteristic polynomial p of degree 3 and more gives

    X = 1/dt sum_{p(lambda) = 0} log(lambda)/p'(lambda) adj(lambda I - M),

and a matrix that is too wide for a page is printed as a polynomial in M.

Reference: THEORY section 3, E1 and E2, and section 5, formula (3).
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, any_formulas
from symplrnn.eigenvalues.fixed_points import fixed_point_facts
from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.emit.latex.branches import Branch, branch_lines, matrix_branch
from symplrnn.emit.latex.conditions import formulas_of, truth_equation
from symplrnn.emit.latex.equations import plain_equation
from symplrnn.emit.latex.equilibria import equilibria_latex
from symplrnn.emit.latex.expressions import bracketed, formula_latex, matrix_latex, pieces, wide
from symplrnn.emit.latex.glossary import clauses, relative, sign_part
from symplrnn.emit.latex.layout import width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.page import Page, definition_lines, particular_line
from symplrnn.emit.latex.powers import power_form
from symplrnn.emit.latex.unlisted import NOT_ALL, REST, unlisted_block
from symplrnn.errors import TooLarge
from symplrnn.logarithm.cases.cases import Case, cases
from symplrnn.logarithm.lifted_form import named_logarithm
from symplrnn.logarithm.named_form import NamedMatrix
from symplrnn.systems.case_ode import CaseODE, by_form
from symplrnn.systems.region_ode import RegionODE

__all__ = ["parametric_block", "parametric_region"]

ELSEWHERE = (
    r"\noindent For all other values the region has another system in continuous time: with extra coordinates, with a jump at "
    "each grid time, or with a real logarithm that is not principal."
)


def parametric_region(ode: RegionODE, notation: Notation, inequalities: str, cse: bool) -> str:
    """Return the ODE of one region: the equation with its region, then `parametric_block`."""
    line = rf"{plain_equation(ode.region, notation)}, \qquad {inequalities}"
    block = parametric_block(ode, notation, cse)
    words = [] if ode.condition.is_true or block.endswith(REST) else [ELSEWHERE]
    return "\n".join([r"\begin{equation*}", line, r"\end{equation*}", block, *words])


def parametric_block(ode: RegionODE, notation: Notation, cse: bool, lifted: bool = False) -> str:
    """Return an align environment for one region, and a sentence if cases are missing: where it has an ODE, definitions, X, y, Y.

    It may stand beside ``lifted`` ones.
    """
    page = Page(ode.region, ode.dt, notation, cse, lifted)
    facts, n = page.facts, page.n
    # relative to E2
    cases_of_matrix = cases(facts.field, facts.matrix, facts.field.fill(n, 0, []), facts.factors, ALWAYS)
    if not cases_of_matrix.cases:  # they may be more work than those of the ODE, as E2 excludes none
        return unlisted_block(ode, notation)
    branches = _matrix_branches(page, cases_of_matrix.cases)
    offsets, definition_of_u = _offset_branches(page, ode)
    points = fixed_point_facts(ode.region)
    formulas = [branch.condition for branch in branches + offsets]
    formulas += formulas_of([ode.condition, points.unique, points.fixed_points_at_1])
    region = rf"& \text{{in }} {page.name(notation.region)} \text{{ if }}"
    lines = [] if ode.condition.is_true else [truth_equation(region, ode.condition, page.names, page.limit - width(region))]
    lines += definition_lines(page, formulas)
    lines += branch_lines(branches, page.names, page.limit)
    lines += [*branch_lines(offsets, page.names, page.limit), *definition_of_u, _equilibria(page)]
    first, *rest = lines
    keep = "*" if not ode.condition.is_true else ""  # the heading stays on the page of what follows
    block = "\\begin{align*}\n" + first + f" \\\\{keep}[1ex]\n" + " \\\\[1ex]\n".join(rest) + "\n\\end{align*}"
    return f"{block}\n{NOT_ALL}" if ode.unlisted or cases_of_matrix.unlisted else block


# The matrix


def _matrix_branches(page: Page, cases_of_matrix: Sequence[Case]) -> list[Branch]:
    """Return X for each case of X; cases with equal matrices are joined."""
    groups: list[tuple[sp.Matrix, list[tuple[Case, NamedMatrix]]]] = []
    for case in cases_of_matrix:
        named = page.named(named_logarithm(case))
        same = next((members for matrix, members in groups if matrix == named.matrix), None)
        if same is None:
            groups.append((named.matrix, [(case, named)]))
        else:
            same.append((case, named))
    name = page.name(page.notation.continuous_matrix)
    return [_group_branch(page, name, members) for _, members in groups]


def _group_branch(page: Page, name: str, members: Sequence[tuple[Case, NamedMatrix]]) -> Branch:
    """Return X for cases that share a matrix: its entries, or the adjugate form, or a polynomial in M."""
    (case, named), n, dt = members[0], page.n, page.dt
    condition = _union([c.condition for c, _ in members])
    if page.cse and _is_adjugate(page, case):
        scale = "" if dt == 1 else f"{formula_latex(1 / dt)} "
        [(f, _)] = page.facts.factors
        p, x = page.function("p", coefficients_of(page.facts.field, f)), page.letter("lambda")
        total = rf"{scale}\sum_{{{p}({x}) = 0}} \frac{{\log {x}}}{{{p}'({x})}}"
        return Branch(((name, (rf"{total} \operatorname{{adj}}({x} I - {page.name(page.notation.matrix)})",)),), condition)
    if page.cse and wide(named.matrix, page.limit):
        forms = [(c.condition, power_form(c, n)) for c, _ in members]
        expressions = [c / dt for c in forms[0][1].logarithm]
        renamed = page.glossary.enter([(condition, form.definitions) for condition, form in forms], expressions)
        return Branch(((name, _polynomial_pieces(page, [e.xreplace(renamed) for e in expressions])),), condition)
    matrix = named.matrix / dt
    renamed = page.glossary.enter([(c.condition, form.definitions) for c, form in members], list(matrix))
    labels = page.labels(page.notation.continuous_matrix, n, n)
    return matrix_branch(name, labels, matrix.xreplace(renamed), condition, page.limit)


def _union(conditions: Sequence[Formula]) -> Formula:
    """Return the disjunction, with the clauses that all have in common taken out."""
    shared = [c for c in clauses(conditions[0]) if all(c in clauses(other) for other in conditions)]
    return all_formulas(shared) & any_formulas(sign_part(c, conditions) for c in conditions)


def _polynomial_pieces(page: Page, coefficients: Sequence[sp.Expr]) -> tuple[str, ...]:
    """Return c_0 I + c_1 M + ... in pieces of LaTeX."""
    matrix, room = page.name(page.notation.matrix), page.limit / 2
    found: list[str] = []
    for k, c in enumerate(coefficients):
        power = "I" if k == 0 else matrix if k == 1 else f"{matrix}^{{{k}}}"
        if c == 0:
            continue
        negative = not c.is_Add and c.could_extract_minus_sign()
        value = -c if negative else c
        parts = [power] if value == 1 else pieces(value, room)
        if c.is_Add:
            parts = bracketed(parts)
        if value != 1:
            parts = [*parts[:-1], rf"{parts[-1]}\, {power}"]
        sign = "- " if negative else "+ " if found else ""
        found += [sign + parts[0], *parts[1:]]
    return tuple(found) or ("0",)


def _is_adjugate(page: Page, case: Case) -> bool:
    terms = case.logarithm.terms
    return len(terms) == 1 and terms[0].degree > 2 and terms[0].degree == page.n


# The offset and the input matrix


def _offset_labels(page: Page) -> list[str]:
    """Return the names of the entries of (y, Y), row by row."""
    n, m, notation = page.n, page.m, page.notation
    first, others = page.labels(notation.continuous_offset, n), page.labels(notation.continuous_input_matrix, n, m)
    return [label for i in range(n) for label in (first[i], *others[i * m : (i + 1) * m if m else 0])]


def _offset_branches(page: Page, ode: RegionODE) -> tuple[list[Branch], list[str]]:
    """Return the cases of (y, Y): X u where 1 is no eigenvalue, written out where it is; and the line that defines u."""
    facts, name = page.facts, page.offset_name
    n = page.n
    if all(facts.field.is_zero(x) for x in page.columns.entries()):
        return [Branch(((name, (matrix_latex(sp.zeros(n, 1 + page.m)),)),))], []
    branches: list[Branch] = []
    lines: list[str] = []
    no_unit = facts.no_unit.as_formula()
    if no_unit is None:
        raise TooLarge(facts.no_unit.reason)
    if not no_unit.is_false:
        branches.append(Branch(((name, (rf"{page.name(page.notation.continuous_matrix)}\, {page.particular}",)),), no_unit))
        lines.append(particular_line(page))
    for case, *_ in by_form(ode.cases):
        if _meets_unit(case.case, n):
            branches.append(_unit_branch(page, case, page.right, ode.condition.formula))
    return branches, lines


def _equilibria(page: Page) -> str:
    notation = page.notation
    names = (notation.continuous_state, page.name(notation.matrix), page.name(notation.offset))
    return equilibria_latex(fixed_point_facts(page.region), *names, page.names, page.limit)


def _unit_branch(page: Page, case: CaseODE, right: str, known: Formula | None) -> Branch:
    """Return (y, Y) of a case with eigenvalue 1: its entries, or phi(M) as a polynomial if they are wide."""
    n, dt, name = page.n, page.dt, page.offset_name
    condition = relative(case.case.domain, known)
    named = page.named(named_logarithm(case.case))
    matrix = named.matrix[:n, n:] / dt
    if page.cse and wide(matrix, page.limit):
        form = power_form(case.case, n)
        expressions = [q / dt for q in form.phi]
        renamed = page.glossary.enter([(None, form.definitions)], expressions)
        first, *rest = _polynomial_pieces(page, [e.xreplace(renamed) for e in expressions])
        *before, last = [rf"\Bigl({first}", *rest]
        return Branch(((name, (*before, rf"{last}\Bigr)\, {right}")),), condition)
    renamed = page.glossary.enter([(None, named.definitions)], list(matrix))
    return matrix_branch(name, _offset_labels(page), matrix.xreplace(renamed), condition, page.limit)


def _meets_unit(case: Case, n: int) -> bool:
    """Return whether 1 is an eigenvalue of M in a case: the projector on it does not vanish on the n states."""
    log, K = case.logarithm, case.logarithm.field
    unit = K.polynomial([-K.element(1), K.element(1)])
    corners = [(term.matrices[0], i, j) for term in log.terms if term.factor == unit for i in range(n) for j in range(n)]
    return any(not K.is_zero(H[i, j]) for H, i, j in corners)
