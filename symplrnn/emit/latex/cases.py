r"""LaTeX of regions with letters where E2 fails: lifted and impulsive systems, and other real logarithms, case by case.

A case has its condition, the jump if there is one, the differential equation for zeta or (zeta, u), and their
matrices. What several cases use is defined once, before them. A matrix X that is wider than a line is printed in its blocks for
zeta and u, and a block that is wider than that entry by entry.

Where 1 is no eigenvalue of M, the whole system is that of (M, 0) moved to its fixed point, so that

    (y, Y) = X (v, 0),        v = (M - I)^{-1} (c, C)

with 0 for the extra coordinates: this is printed where the entries of (y, Y) are long. (Blocks of X are f(M), V or w times a
function of M, and the last columns of f([[M, c], [0, 1]]) are (f(M) - f(1)) (M - I)^{-1} c with f(1) = 0.) Elsewhere the
entries are printed.

Reference: docs/theory, section 3, E1 to E6, and section 5, formula (3); N. J. Higham, Functions of Matrices, SIAM 2008, section
1.2; proofs/beyond.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sympy as sp

from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.emit.latex.conditions import Names, condition_pieces
from symplrnn.emit.latex.equations import aligned, equation_lines, is_constant
from symplrnn.emit.latex.expressions import formula_latex, matrix_latex, overlong, pieces, rows_latex, wide
from symplrnn.emit.latex.layout import align, equation, parted, side_by_side, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.offset import SHORT, case_offsets, is_moved, moved_offset
from symplrnn.emit.latex.page import (
    Page,
    defined,
    in_invariants,
    particular_line,
    polynomial_pieces,
    wanted,
)
from symplrnn.emit.latex.region_page import given_lines
from symplrnn.emit.latex.words import Remark, case_reasons, collected, how_many, paragraph
from symplrnn.logarithm.chain_pairs import ChainPairs
from symplrnn.logarithm.turning import SingleRoot
from symplrnn.network.region import Region
from symplrnn.systems.case_ode import CaseODE
from symplrnn.systems.region_ode import RegionODE

__all__ = [
    "NOT_ALL",
    "beyond_block",
    "beyond_region",
    "case_system",
    "unlisted_block",
    "unlisted_region",
]

NEVER = (
    r"\noindent For no values of the parameters there is a real principal logarithm (E2). For all values there is a system in "
    "continuous time, which is derived when the parameters have them."
)
NOT_ALL = (
    r"\noindent These are not all cases. For all other values there is a system in continuous time, too, which is derived when "
    "the parameters have values."
)
LONG = 600  # operations in an entry that is not simplified any more
LONG_NUMBER = 10**30  # nor is one with longer numbers: they come from floats, and nothing cancels
Named = list[tuple[str, Sequence[str]]]
Roots = dict[sp.Symbol, SingleRoot | ChainPairs]


# Without cases


def unlisted_region(ode: RegionODE, notation: Notation, inequalities: str) -> str:
    """Return the page of a region without a principal ODE, and without a short list of its systems."""
    return "\n".join([r"\begin{equation*}", inequalities, r"\end{equation*}", unlisted_block(ode, notation)])


def unlisted_block(ode: RegionODE, notation: Notation) -> str:
    """Return M and c, and the words that there is a system for all values."""
    return "\n".join([align(given_lines(ode, notation)), NEVER])


# The other systems


def case_system(case: CaseODE, notation: Notation, inequalities: str, cse: bool) -> str:
    """Return the system of one case: where it holds, the equations, definitions and matrices, and the words."""
    symbols = notation.apart({*case.region.network.parameters, *case.dt.free_symbols})
    text, [remark] = _blocks(case.region, [case], symbols, cse, inequalities)
    return text + paragraph(remark, symbols)


def beyond_region(ode: RegionODE, notation: Notation, inequalities: str, cse: bool) -> str:
    """Return all systems of a region for which E2 holds for no values, with the words."""
    symbols = notation.apart(ode.parameters)
    text, remarks = _blocks(ode.region, ode.other_cases, symbols, cse, inequalities)
    rest = [NOT_ALL] if ode.unlisted_others else []
    if len(remarks) == 1:
        return "\n".join([text + paragraph(remarks[0], symbols), *rest])
    return "\n".join([text, *collected(remarks, symbols), *rest])


def beyond_block(ode: RegionODE, symbols: Notation, cse: bool, with_equations: bool) -> tuple[str, list[Remark]]:
    """Return the systems of a region in a network, with their equations or without, and what there is to say about them."""
    return _blocks(ode.region, ode.other_cases, symbols, cse, "", with_equations)


@dataclass(eq=False)
class _Body:
    """What is printed of one case: equations, named values in pieces, and which symbols they use."""

    case: CaseODE
    equations: list[str] = field(default_factory=list)
    values: Named = field(default_factory=list)
    symbols: set[sp.Symbol] = field(default_factory=set)
    eigenvalues: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    moved: bool = False


def _blocks(
    region: Region, listed: Sequence[CaseODE], symbols: Notation, cse: bool, inequalities: str, with_equations: bool = True
) -> tuple[str, list[Remark]]:
    """Return an align environment for one case, or one for what several cases share and one for each, and the remarks."""
    page = Page(region, listed[0].dt, symbols, cse, lifted=True)
    bodies = [_body(page, case) for case in listed]
    particular = [particular_line(page)] if any(body.moved for body in bodies) else []
    needed = wanted(page, [case.condition for case in listed])
    own = {symbol for symbol, _ in page.names.definitions}
    several = {s for body in bodies for s in body.symbols if sum(s in other.symbols for other in bodies) > 1}
    shared = needed & (own | several if len(bodies) > 1 else needed)
    heading, single = _heading(page, inequalities), len(bodies) == 1
    top = defined(page, shared) + particular
    texts = []
    for k, body in enumerate(bodies, 1):
        first = _where(page, body.case, heading if single else [rf"\text{{Case {k}"])
        definitions = top if single else defined(page, body.symbols - shared)
        equilibria = rf"\text{{equilibria}} &: \text{{{body.case.equilibria}}}" if body.case.equilibria else ""
        equations = body.equations if with_equations else []
        lines = [*equations, *definitions, *side_by_side(body.values, page.limit), *([equilibria] if equilibria else [])]
        bare = single and not with_equations and body.case.condition.is_true
        texts.append(_align(lines if bare else [first, *lines]))
    if not single:
        texts.insert(0, _align([equation("&", [*heading[:-1], heading[-1] + "{:}"], page.limit), *top]))
    labels = [None] if single else list(range(1, len(bodies) + 1))
    name = f"${page.name(symbols.region)}$" if not inequalities else ""
    remarks = [
        Remark(body.case, case_reasons(body.case, body.eigenvalues, body.others), name, label)
        for body, label in zip(bodies, labels, strict=True)
    ]
    return "\n".join(texts), remarks


def _align(lines: Sequence[str]) -> str:
    """Return lines as a display whose first one is a heading."""
    first, *rest = lines
    body = first + (" \\\\*[1ex]\n" if rest else "") + " \\\\[1ex]\n".join(rest)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def _heading(page: Page, inequalities: str) -> list[str]:
    """Return which region is meant, in pieces."""
    name = rf"\text{{In }} {page.name(page.notation.region)}"
    if not inequalities:
        return [name]
    if not page.region.pattern:
        return [rf"{name} = \mathbb{{R}}^{{{page.n}}}"]
    listed = inequalities.split(r",\ ")
    return [rf"{name} = \{{ {page.notation.continuous_state} :", *(f"{x}," + r"\ " for x in listed[:-1]), listed[-1] + r" \}"]


def _where(page: Page, case: CaseODE, heading: Sequence[str]) -> str:
    """Return the first line of a case: the region or the number of the case, and the condition."""
    *before, last = heading
    in_text = last.startswith(r"\text{Case")
    if case.condition.is_true:
        return equation("&", [*before, (last + "}" if in_text else last) + "{:}"], page.limit)
    *parts, end = condition_pieces(case.condition, page.names, page.limit - width(last))
    first, *rest = [*parts, end + "{:}"]
    joined = rf"{last}, where }} {first}" if in_text else rf"{last} \text{{, where }} {first}"
    return equation("&", [*before, joined, *rest], page.limit)


# One case


def _body(page: Page, case: CaseODE) -> _Body:
    """Return what is printed of one case, and enter what it needs into the glossary."""
    n, d = case.n, case.dimension
    body, jump = _Body(case, aligned(equation_lines(case, page.notation))), _jump(page, case)
    form, roots = page.named(case.named), _roots(case)
    in_jump = [x for _, part in jump for x in part]
    if is_constant(case):
        renamed = dict(page.glossary.enter(form.definitions, in_jump))
        body.symbols |= set(renamed.values())
        body.values += _jump_values(page, jump, renamed)
        return body
    matrix = form.matrix.applyfunc(lambda x: _simplified(page, x, set(roots)))
    body.moved = is_moved(page, case, matrix[:d, d:])
    printed = [*in_jump, *(matrix[:d, :d] if body.moved else matrix[:d, :])]
    renamed = dict(page.glossary.enter(form.definitions, printed))
    matrix = matrix.xreplace(renamed)
    body.symbols |= set(renamed.values())
    _enter_roots(page, case, roots, renamed)
    body.values += _jump_values(page, jump, renamed)
    body.values += _square_values(page, page.notation.continuous_matrix, matrix[:d, :d], n)
    body.values += moved_offset(page, case) if body.moved else case_offsets(page, case, matrix[:d, d:])
    _enter_words(page, body, roots, renamed)
    return body


def _roots(case: CaseODE) -> Roots:
    """Return the symbols of single negative roots: they are the last that a closed form defines, choices of rows left out."""
    turning = case.case.turning
    groups = turning.groups if turning else ()
    single = [g for g in groups if isinstance(g, SingleRoot) or (isinstance(g, ChainPairs) and g.letter is not None)]
    named = [s for s, value in case.named.definitions if not value.has(sp.Piecewise)][-len(single) :] if single else []
    return dict(zip(named, single, strict=True))


def _enter_roots(page: Page, case: CaseODE, roots: Roots, renamed: dict[sp.Symbol, sp.Symbol]) -> None:
    """Note which symbols are roots that their polynomial defines: those of degree 3 and more."""
    log = case.case.logarithm
    for symbol, group in roots.items():
        if log is not None and symbol in renamed and log.terms[group.term].degree > 2:
            c = coefficients_of(log.field, log.terms[group.term].factor)
            together = tuple(renamed[s] for s, other in roots.items() if other.term == group.term)
            page.roots[renamed[symbol]] = tuple(sp.expand(x.xreplace(renamed)) for x in c), together


def _simplified(page: Page, entry: sp.Expr, roots: set[sp.Symbol]) -> sp.Expr:
    """Return an entry with one fraction in the place of fractions in fractions, which those of negative roots have."""
    long = entry.count_ops() > LONG or any(max(abs(x.p), x.q) > LONG_NUMBER for x in entry.atoms(sp.Rational))
    if long or not entry.free_symbols & roots or entry.has(sp.log):
        return entry
    above, below = sp.fraction(sp.factor(entry))
    content, factors = sp.factor_list(below)
    for factor, power in factors:
        content *= _in_names(page.names, factor) ** power
    return above / content


def _in_names(names: Names, factor: sp.Expr) -> sp.Expr:
    """Return a factor of a denominator in the names of the page; a name in conditions stands for a multiple of an expression."""
    if factor not in names.known and -factor not in names.known:
        return factor
    name, _ = names.known[factor] if factor in names.known else names.known[-factor]
    meaning = name
    for symbol, value in reversed(names.definitions):
        meaning = meaning.xreplace({symbol: value})
    ratio = sp.cancel(factor / meaning)
    return ratio * name if ratio.is_number else factor


# Values


def _jump(page: Page, case: CaseODE) -> list[tuple[str, sp.MatrixBase]]:
    """Return the matrix, the offset and the input matrix of the jump, each after the template of its name."""
    jump, notation = case.jump_map, page.notation
    if jump is None:
        return []
    parts = zip(notation.jumps(1), (jump.matrix, jump.offset, jump.input_matrix), strict=True)
    return [(template, matrix.applyfunc(lambda x: _shown(page, case, x))) for template, matrix in parts if matrix.cols]


def _jump_values(page: Page, jump: Sequence[tuple[str, sp.MatrixBase]], renamed: Mapping[sp.Symbol, sp.Symbol]) -> Named:
    found: Named = []
    for template, matrix in jump:
        labels = page.labels(template, page.n, 0 if template == page.notation.jump_offset else matrix.cols)
        found += _whole_or_entries(page, page.name(template), labels, matrix.xreplace(renamed))
    return found


def _whole_or_entries(page: Page, name: str, labels: Sequence[str], matrix: sp.MatrixBase) -> Named:
    if not wide(matrix, page.limit):
        return [(name, [matrix_latex(matrix)])]
    return [(label, pieces(x, page.limit)) for label, x in zip(labels, matrix, strict=True)]


def _square_values(page: Page, template: str, matrix: sp.MatrixBase, n: int) -> Named:
    """Return X as a whole, or in its blocks for zeta and u, or a block entry by entry."""
    d, name = matrix.rows, page.name(template)
    labels = page.labels(template, d, d)
    if d == n:
        return _whole_or_entries(page, name, labels, matrix)
    if not overlong(matrix, page.limit):
        text = parted(rows_latex(matrix), n, n)
        if width(text) <= page.limit:
            return [(name, [text])]
    found: Named = []
    ranges = [(page.notation.continuous_state, range(n)), (page.notation.extra_state, range(n, d))]
    earlier: list[tuple[str, sp.MatrixBase]] = []
    for first, rows in ranges:
        for second, columns in ranges:
            block, label = matrix.extract(list(rows), list(columns)), page.block(first, second)
            same = next(
                (sign + other for other, value in earlier for sign in ("", "- ") if block == (-value if sign else value)), ""
            )
            if same and wide(block, SHORT):
                found.append((label, [same]))
            else:
                found += _whole_or_entries(page, label, [labels[i * d + j] for i in rows for j in columns], block)
            earlier.append((label, block))
    return found


# Words


def _enter_words(page: Page, body: _Body, roots: Roots, renamed: dict[sp.Symbol, sp.Symbol]) -> None:
    """Enter what the negative eigenvalues of a case are called."""
    turning, log = body.case.case.turning, body.case.case.logarithm
    if turning is None or log is None:
        return
    for index, count in turning.negative.items():
        term = log.terms[index]
        single = [symbol for symbol, group in roots.items() if group.term == index]
        c = [_shown(page, body.case, x).xreplace(renamed) for x in coefficients_of(log.field, term.factor)]
        if term.degree == 1:
            body.eigenvalues.append(formula_latex(-c[0]))
        elif single and all(symbol in renamed for symbol in single):
            body.eigenvalues += [formula_latex(renamed[symbol]) for symbol in single]
        else:
            body.others.append(f"{how_many(count, term.degree)} ${_polynomial(page, c)}$")


def _shown(page: Page, case: CaseODE, value: sp.Expr) -> sp.Expr:
    """Return a coefficient in the letters that are printed: without cse those of a case are not."""
    for symbol, definition in () if page.cse else case.case.definitions[::-1]:
        value = value.xreplace({symbol: definition})
    return value


def _polynomial(page: Page, coefficients: list[sp.Expr]) -> str:
    """Return the letter of a polynomial of degree 3 and more; a quadratic polynomial as it is, in names."""
    if len(coefficients) > 3:
        return page.function("p", coefficients)
    named = in_invariants(page, coefficients)
    page.glossary.used.update(s for c in named for s in c.free_symbols)
    return " ".join(polynomial_pieces(page, named))
