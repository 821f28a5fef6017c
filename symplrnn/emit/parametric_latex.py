r"""LaTeX of region ODEs with letters: the definitions, X by its cases, y as X u or by its cases, where E2 holds.

What is printed once is named once: trace, determinant and discriminant of a quadratic factor, and its ell (see
`symplrnn.namedform`). Where 1 is no eigenvalue y = X u with u = (M - I)^{-1} c (E1), so only the cases with eigenvalue 1 have
offsets of their own. An irreducible characteristic polynomial p of degree 3 and more gives

    X = 1/dt sum_{p(lambda) = 0} log(lambda)/p'(lambda) adj(lambda I - M),

and a matrix that is too wide for a page is printed as a polynomial in M.

Reference: THEORY section 3, E1 and E2, and section 5, formula (3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from symplrnn.bifurcation import fixed_point_facts
from symplrnn.caseode import CaseODE, by_form
from symplrnn.cases import Case, cases
from symplrnn.coincidence import coefficients_of
from symplrnn.emit.branches import Branch, branch_lines, matrix_branch
from symplrnn.emit.conditions import Names, formulas_of, invariant_names, solved_latex, truth_equation
from symplrnn.emit.equilibrium_lines import equilibria_latex
from symplrnn.emit.expressions import bracketed, formula_latex, matrix_latex, pieces
from symplrnn.emit.glossary import Glossary, clauses, relative, sign_part
from symplrnn.emit.layout import LINE, equation, width
from symplrnn.emit.notation import Notation
from symplrnn.emit.powers import power_form
from symplrnn.formula import ALWAYS, Formula, all_formulas, any_formulas
from symplrnn.liftedform import named_logarithm
from symplrnn.namedform import NamedMatrix, free_symbol
from symplrnn.parametric import ParametricRegionODE
from symplrnn.rootsum import CertifiedRootSum
from symplrnn.symbolic_spectrum import SymbolicSpectrum, symbolic_spectrum

__all__ = ["parametric_block", "parametric_region"]


@dataclass(frozen=True, eq=False)
class _Page:
    """What is printed of one region."""

    ode: ParametricRegionODE
    notation: Notation
    cse: bool
    glossary: Glossary = field(default_factory=Glossary)
    functions: dict[tuple[sp.Expr, ...], str] = field(default_factory=dict)

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

    @cached_property
    def limit(self) -> float:
        """The room right of the longest name, in points."""
        n = self.ode.n
        return LINE - width(self.entry(self.notation.continuous_matrix, f"{n}{n}") + " = ")

    def entry(self, template: str, index: str) -> str:
        return rf"\bigl({self.name(template)}\bigr)_{{{index}}}"

    def labels(self, template: str, rows: int, columns: int = 0) -> list[str]:
        """Return the names of the entries of a matrix, or of a column if it has no columns."""
        comma = "," if max(rows, columns) > 9 else ""
        pairs = [f"{i}{comma}{j}" for i in range(1, rows + 1) for j in range(1, columns + 1)]
        return [self.entry(template, index) for index in (pairs if columns else map(str, range(1, rows + 1)))]

    def named(self, case: Case) -> NamedMatrix:
        """Return the closed form of a case; without cse with names for sums over roots alone."""
        found = named_logarithm(case)
        if self.cse:
            return found
        sums = tuple(pair for pair in found.definitions if pair[1].has(CertifiedRootSum))
        others = tuple(pair for pair in found.definitions if pair not in sums)
        return NamedMatrix(NamedMatrix(found.matrix, others).expanded(), sums)

    def function(self, stem: str, coefficients: Sequence[sp.Expr]) -> str:
        """Return the letter of a polynomial in lambda, given from the constant up; it is defined with the other symbols."""
        key = tuple(sp.expand(c) for c in coefficients)
        if key not in self.functions:
            self.functions[key] = formula_latex(free_symbol(stem, {*self.glossary.taken, *self.functions.values()}))
        return self.functions[key]


def parametric_region(ode: ParametricRegionODE, notation: Notation, inequalities: str, cse: bool) -> str:
    """Return the ODE of one region: the equation with its region, then `parametric_block`."""
    x, pattern = notation.continuous_state, ode.region.pattern
    templates = (notation.continuous_matrix, notation.continuous_offset, notation.continuous_input_matrix)
    X, y, Y = (notation.name(template, pattern) for template in templates)
    drive = rf" + {Y}\, {notation.input}" if ode.region.network.m else ""
    line = rf"\dot{{{x}}} = {X}\, {x} + {y}{drive}, \qquad {inequalities}"
    return "\n".join([r"\begin{equation*}", line, r"\end{equation*}", parametric_block(ode, notation, cse)])


def parametric_block(ode: ParametricRegionODE, notation: Notation, cse: bool) -> str:
    """Return an align environment for one region: where it has an ODE, definitions, X, y and Y."""
    page = _Page(ode, notation, cse)
    page.glossary.taken.update(str(s) for s in ode.parameters)
    page.glossary.entries.update(page.names.definitions)
    branches = _matrix_branches(page)
    offsets, definition_of_u = _offset_branches(page)
    facts = fixed_point_facts(ode.region)
    formulas = [branch.condition for branch in branches + offsets]
    formulas += formulas_of([ode.condition, facts.unique, facts.fixed_points_at_1])
    region = rf"& \text{{in }} {page.name(notation.region)} \text{{ if }}"
    lines = [] if ode.condition.is_true else [truth_equation(region, ode.condition, page.names, page.limit - width(region))]
    lines += _definition_lines(page, formulas)
    lines += branch_lines(branches, page.names, page.limit)
    lines += [*branch_lines(offsets, page.names, page.limit), *definition_of_u, _equilibria(page)]
    first, *rest = lines
    keep = "*" if not ode.condition.is_true else ""  # the heading stays on the page of what follows
    return "\\begin{align*}\n" + first + f" \\\\{keep}[1ex]\n" + " \\\\[1ex]\n".join(rest) + "\n\\end{align*}"


# The definitions


def _definition_lines(page: _Page, formulas: Sequence[Formula]) -> list[str]:
    """Return the lines that define the symbols: short ones side by side, polynomials, sums over roots, those by cases."""
    entries = page.glossary.entries.items()
    sums = [(formula_latex(s), [_sum_latex(page, v)]) for s, v in entries if isinstance(v, CertifiedRootSum)]
    polynomials = [_in_invariants(page, coefficients) for coefficients in page.functions]
    wanted = _wanted(page, formulas, polynomials)
    plain: list[tuple[str, list[str]]] = []
    by_cases: list[str] = []
    for symbol, value in entries:
        if symbol not in wanted or isinstance(value, CertifiedRootSum):
            continue
        name = formula_latex(symbol)
        if isinstance(value, list):
            branches = [Branch(((name, tuple(pieces(v, page.limit))),), where) for v, where in value]
            by_cases += branch_lines(branches, page.names, page.limit)
        else:
            plain.append((name, pieces(_in_names(page, value), page.limit)))
    functions = [_polynomial_line(page, letter, c) for letter, c in zip(page.functions.values(), polynomials, strict=True)]
    return _side_by_side(plain, page.limit) + functions + _side_by_side(sums, page.limit) + by_cases


def _side_by_side(named: Sequence[tuple[str, Sequence[str]]], limit: float) -> list[str]:
    """Return definitions, given in pieces, on lines of an align environment, as many on each as fit."""
    lines: list[str] = []
    for name, parts in named:
        beside = rf",\quad {name} = {parts[0]}"
        if lines and len(parts) == 1 and "\n" not in lines[-1] and width(lines[-1] + beside) < limit:
            lines[-1] += beside
        else:
            lines.append(equation(f"{name} &=", parts, limit))
    return lines


def _wanted(page: _Page, formulas: Sequence[Formula], polynomials: Sequence[Sequence[sp.Expr]]) -> set[sp.Symbol]:
    """Return the symbols to define: the page's own names only where something that is printed uses them."""
    own = {symbol for symbol, _ in page.names.definitions}
    others = {symbol: value for symbol, value in page.glossary.entries.items() if symbol not in own}
    by_cases = [pair for value in others.values() if isinstance(value, list) for pair in value]
    plain = [_in_names(page, value) for value in others.values() if not isinstance(value, list | CertifiedRootSum)]
    printed = [x for c in polynomials for x in c] + plain + [value for value, _ in by_cases]
    wanted = {symbol for symbol, _ in page.names.used([*formulas, *(where for _, where in by_cases)])}
    wanted |= page.glossary.used | {s for x in printed for s in x.free_symbols}
    for symbol, value in page.names.definitions[::-1]:
        wanted |= value.free_symbols if symbol in wanted else set()
    return wanted | set(others)


def _in_invariants(page: _Page, coefficients: Sequence[sp.Expr]) -> list[sp.Expr]:
    """Return the coefficients of a polynomial, in the names that they have."""
    table = {value: symbol for symbol, value in page.names.definitions}
    return [table.get(c, -table[-c] if -c in table else c) for c in coefficients]


def _polynomial_line(page: _Page, letter: str, coefficients: Sequence[sp.Expr]) -> str:
    """Return the definition of a polynomial in lambda, in falling powers."""
    x = page.letter("lambda")
    found: list[str] = []
    for k, c in reversed(list(enumerate(coefficients))):
        power = "" if k == 0 else x if k == 1 else f"{x}^{{{k}}}"
        negative = c.could_extract_minus_sign()
        value = -c if negative else c
        if value == 0:
            continue
        parts = [power] if value == 1 and power else pieces(value, page.limit - width(power) - 30)
        if value.is_Add and power:
            parts = bracketed(parts)
        if power and value != 1:
            parts = [*parts[:-1], rf"{parts[-1]} {power}"]
        sign = "- " if negative else "+ " if found else ""
        found += [sign + parts[0], *parts[1:]]
    return equation(f"{letter}({x}) &=", found, page.limit)


def _sum_latex(page: _Page, value: CertifiedRootSum) -> str:
    """Return a sum over the roots of a polynomial, which is defined by name."""
    [x] = value.fun.variables
    above, below = sp.fraction(value.fun.expr)
    leading, *others = value.poly.all_coeffs()
    f = [sp.cancel(c / leading) for c in others[::-1]] + [sp.Integer(1)]
    derivative = [k * c for k, c in enumerate(f)][1:]
    divisor = sp.Poly(below, x).all_coeffs()[::-1]
    same = len(divisor) == len(derivative) and all(sp.expand(c - d) == 0 for c, d in zip(divisor, derivative, strict=True))
    p, variable = page.function("p", f), formula_latex(x)
    name = f"{p}'" if same else page.function("q", divisor)
    powers = above / sp.log(x)
    shown = rf"\log {variable}" if powers == 1 else rf"{formula_latex(powers)} \log {variable}"
    return rf"\sum_{{{p}({variable}) = 0}} \frac{{{shown}}}{{{name}({variable})}}"


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
    """Return X for each case of X; cases with equal matrices are joined."""
    groups: list[tuple[sp.Matrix, list[tuple[Case, NamedMatrix]]]] = []
    for case in page.matrix_cases:
        if case.logarithm is not None:
            named = page.named(case)
            same = next((members for matrix, members in groups if matrix == named.matrix), None)
            if same is None:
                groups.append((named.matrix, [(case, named)]))
            else:
                same.append((case, named))
    name = page.name(page.notation.continuous_matrix)
    branches = [_group_branch(page, name, members) for _, members in groups]
    return branches + [
        Branch(((name, _words(f"unresolved: {c.unresolved}")),), c.condition) for c in page.matrix_cases if c.logarithm is None
    ]


def _words(text: str) -> tuple[str, ...]:
    """Return words in pieces of LaTeX between which a line may end."""
    escaped = re.sub(r"[\\{}$&#_%^~]", lambda found: rf"\char{ord(found.group())} ", text)
    return tuple(rf"\text{{{word}}}\ " for word in escaped.split(" "))


def _group_branch(page: _Page, name: str, members: Sequence[tuple[Case, NamedMatrix]]) -> Branch:
    """Return X for cases that share a matrix: its entries, or the adjugate form, or a polynomial in M."""
    (case, named), n, dt = members[0], page.ode.n, page.ode.dt
    condition = _union([c.condition for c, _ in members])
    if page.cse and _is_adjugate(page, case):
        scale = "" if dt == 1 else rf"\frac{{1}}{{{formula_latex(dt)}}} "
        [(f, _)] = page.facts.factors
        p, x = page.function("p", coefficients_of(page.facts.field, f)), page.letter("lambda")
        total = rf"{scale}\sum_{{{p}({x}) = 0}} \frac{{\log {x}}}{{{p}'({x})}}"
        return Branch(((name, (rf"{total} \operatorname{{adj}}({x} I - {page.name(page.notation.matrix)})",)),), condition)
    if page.cse and width(matrix_latex(named.matrix)) > page.limit:
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


def _polynomial_pieces(page: _Page, coefficients: Sequence[sp.Expr]) -> tuple[str, ...]:
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


def _is_adjugate(page: _Page, case: Case) -> bool:
    terms = case.logarithm.terms if case.logarithm is not None else ()
    return len(terms) == 1 and terms[0].degree > 2 and terms[0].degree == page.ode.n


# The offset and the input matrix


def _offset_name(page: _Page) -> str:
    """Return the name of y, or of y and Y side by side."""
    y, Y = page.name(page.notation.continuous_offset), page.name(page.notation.continuous_input_matrix)
    return rf"\left({y},\ {Y}\right)" if page.ode.region.network.m else y


def _offset_labels(page: _Page) -> list[str]:
    """Return the names of the entries of (y, Y), row by row."""
    n, m, notation = page.ode.n, page.ode.region.network.m, page.notation
    first, others = page.labels(notation.continuous_offset, n), page.labels(notation.continuous_input_matrix, n, m)
    return [label for i in range(n) for label in (first[i], *others[i * m : (i + 1) * m if m else 0])]


def _offset_branches(page: _Page) -> tuple[list[Branch], list[str]]:
    """Return the cases of (y, Y): X u where 1 is no eigenvalue, written out where it is; and the line that defines u."""
    ode, facts, name = page.ode, page.facts, _offset_name(page)
    K, affine = facts.field, ode.region.affine
    n, m = affine.n, affine.m
    B = K.fill(n, 1 + m, [x for i in range(n) for x in (affine.c[i, 0], *(affine.C[i, j] for j in range(m)))])
    if all(K.is_zero(x) for x in B.entries()):
        return [Branch(((name, (matrix_latex(sp.zeros(n, 1 + m)),)),))], []
    h, matrix = page.name(page.notation.offset), page.name(page.notation.matrix)
    right = rf"\left({h},\ {page.notation.input_matrix}\right)" if m else h
    branches: list[Branch] = []
    lines: list[str] = []
    if not facts.no_unit.is_false:
        u, difference = page.letter("U" if m else "u"), affine.M - K.identity(n)
        branches.append(Branch(((name, (rf"{page.name(page.notation.continuous_matrix)}\, {u}",)),), facts.no_unit))
        solution = solved_latex(K, K.solve(difference, B), K.determinant(difference), page.names)
        value = rf"({matrix} - I)^{{-1}} {right}"
        lines.append(rf"{u} &= {value}" + (rf" = {solution}" if width(rf"{value} = {solution}") < page.limit else ""))
    for case, *_ in by_form(ode.cases):
        if _meets_unit(case.case, n):
            branches.append(_unit_branch(page, case, right))
    return branches, lines


def _equilibria(page: _Page) -> str:
    notation = page.notation
    names = (notation.continuous_state, page.name(notation.matrix), page.name(notation.offset))
    return equilibria_latex(fixed_point_facts(page.ode.region), *names, page.names, page.limit)


def _unit_branch(page: _Page, case: CaseODE, right: str) -> Branch:
    """Return (y, Y) of a case with eigenvalue 1: its entries, or phi(M) as a polynomial if they are wide."""
    n, dt, name = page.ode.n, page.ode.dt, _offset_name(page)
    condition = relative(case.case.domain, page.ode.condition.formula)
    named = page.named(case.case)
    matrix = named.matrix[:n, n:] / dt
    if page.cse and width(matrix_latex(matrix)) > page.limit:
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
    log: Any = case.logarithm
    if log is None:
        return False
    K = log.field
    unit = K.polynomial([-K.element(1), K.element(1)])
    corners = [(term.matrices[0], i, j) for term in log.terms if term.factor == unit for i in range(n) for j in range(n)]
    return any(not K.is_zero(H[i, j]) for H, i, j in corners)
