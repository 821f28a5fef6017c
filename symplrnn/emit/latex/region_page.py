r"""The page of one region with letters: the ODE, where it holds, the one formula of its matrices, and what its symbols mean."""

from __future__ import annotations

from collections.abc import Sequence

from symplrnn.conditions.formula import Formula as Condition
from symplrnn.conditions.truth import Truth
from symplrnn.eigenvalues.fixed_points import fixed_point_facts
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.emit.latex.conditions import Names, condition_pieces, formulas_of, invariant_names, truth_equation
from symplrnn.emit.latex.entries import entry_texts
from symplrnn.emit.latex.equations import plain_equation, with_inequalities
from symplrnn.emit.latex.equilibria import equilibria_latex
from symplrnn.emit.latex.expressions import formula_latex, if_short, pieces
from symplrnn.emit.latex.formula import Formula, coefficients_of_q, region_formula
from symplrnn.emit.latex.layout import by_rows, column_parts, line_width, side_by_side, value_lines, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.scalars import Scalars, function_lines
from symplrnn.systems.region_ode import RegionODE

__all__ = ["given_lines", "name_lines", "notation_text", "region_page", "spaced"]

MARGIN = 15.0
ELSEWHERE = (
    r"\noindent For all other values the region has another system in continuous time: with extra coordinates, with a jump at "
    "each grid time, or with a real logarithm that is not principal."
)


def region_page(ode: RegionODE, symbols: Notation, inequalities: str) -> str:
    """Return the ODE of one region: its equation and inequalities, where it holds, its matrices, and the words."""
    pattern, limit = ode.region.pattern, line_width()
    names = invariant_names(spectrum(ode.region))
    formula = region_formula(ode, symbols, names)
    facts = fixed_point_facts(ode.region)
    W, h = symbols.name(symbols.matrix, pattern), symbols.name(symbols.offset, pattern)
    room = limit - width(rf"\bigl({symbols.name(symbols.continuous_matrix, pattern)}\bigr)_{{11}} = ")
    region = rf"& \text{{in }} {symbols.name(symbols.region, pattern)} \text{{ if }}"
    lines = [] if ode.condition.is_true else [truth_equation(region, ode.condition, names, room - width(region))]
    if formula.integral is not None and not ode.condition.is_true and not _is_short(ode.condition, names):
        q, t = formula.integral.q, formula.integral.t
        lines = [rf"{region} {q}({t}) > 0 \text{{ for }} 0 \le {t} \le 1"]
    given = given_lines(ode, symbols)
    room = min(room, limit - max(width(text.split(" &")[0]) for text in given) - MARGIN)
    lines += [*given, *formula.lines(room)]
    conditions = formulas_of([ode.condition, facts.unique, facts.fixed_points_at_1])
    lines += [*name_lines(formula, names, conditions, room), *function_lines(formula.scalars.functions(), room)]
    if formula.integral is not None:
        lines += formula.integral.lines(ode.n, W, room, coefficients_of_q(ode))
    equilibria = equilibria_latex(facts, symbols.continuous_state, W, h, names, room)
    if width(equilibria) > limit:
        x = symbols.continuous_state
        equilibria = rf"{x}^* &= (I - {W})^{{-1}} {h} \quad \text{{where }} \det(I - {W}) \ne 0"
    lines.append(equilibria)
    equation = plain_equation(ode.region, symbols)
    words = [rf"\noindent Here {text}" for text in notation_text([formula.scalars])]
    if not ode.condition.is_true:
        words.append(ELSEWHERE)
    first = with_inequalities(equation, inequalities)
    return "\n".join([first, spaced(lines), *words])


def _is_short(truth: Truth, names: Names) -> bool:
    """Return whether a condition is known and is read at a glance."""
    formula = truth.formula
    if formula is None:
        return False
    parts = if_short(lambda: condition_pieces(formula, names, line_width()))
    return parts is not None and sum(map(width, parts)) <= 2 * line_width()


def notation_text(scalars: Sequence[Scalars]) -> list[str]:
    """Return the sentence that explains phi and divided differences; none if they are not used."""
    found = list(dict.fromkeys(text for each in scalars for text in each.notation()))
    if not found:
        return []
    further = " and so on" if len(found) > 2 else ""
    more = f"{further}, continued where arguments coincide" if any(text.startswith("f[") for text in found) else ""
    return [f"${'$; $'.join(found)}${more}."]


def spaced(lines: Sequence[str]) -> str:
    """Return lines, each with one mark of alignment, as a display with room between them."""
    return "\\begin{align*}\n" + " \\\\[1ex]\n".join(lines) + "\n\\end{align*}"


def given_lines(ode: RegionODE, symbols: Notation) -> list[str]:
    """Return the matrix, the offset and the input matrix of the region's map on lines of an align environment."""
    affine, pattern = ode.region.affine, ode.region.pattern
    values = [(symbols.name(symbols.matrix, pattern), affine.matrix), (symbols.name(symbols.offset, pattern), affine.offset)]
    values += [(symbols.input_matrix, affine.input_matrix)] if affine.m else []
    return value_lines(
        [part for name, matrix in values for part in column_parts(name, by_rows(entry_texts(matrix, None), matrix.cols))]
    )


def name_lines(formula: Formula, names: Names, conditions: Sequence[Condition], limit: float) -> list[str]:
    """Return the lines that define traces, determinants and discriminants, of the formula and of conditions."""
    printed = {pair.names[key] for pair in formula.scalars.pairs for key in ("tau", "delta", "Delta")}
    others = [(formula_latex(s), pieces(v, limit)) for s, v in names.used(conditions) if formula_latex(s) not in printed]
    return [*formula.scalars.named_lines(limit), *side_by_side(others, limit)]
