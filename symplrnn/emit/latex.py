r"""LaTeX of networks, regions, verdicts and ODEs, to paste into a paper that loads amsmath.

The default notation is that of the 2020 paper: z and W_Omega for the discrete map, zeta and a tilde for continuous time.
Entries are exact where they are short enough to read, else certified decimals; `digits` overrides the choice. Sums over the
roots of factors of degree 3 and more are printed once, as weights omega.

Reference: Z. Monfared, D. Durstewitz, ICML 2020, for the notation.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import sympy as sp
from flint import fmpq
from sympy.printing.latex import LatexPrinter

from symplrnn.bifurcation import FixedPointFacts
from symplrnn.checking import CheckReport, RegionCheck
from symplrnn.closedform import logarithm_weights, polynomial_in, root_symbol
from symplrnn.derivation import NetworkODE
from symplrnn.emit.expressions import formula_latex
from symplrnn.emit.layout import LINE, by_rows, pmatrix, width
from symplrnn.emit.notation import Notation
from symplrnn.emit.parametric_latex import parametric_block, parametric_region
from symplrnn.emit.parametric_report import fixed_point_latex, parametric_report
from symplrnn.emit.readable import DEFAULT_DIGITS, is_readable, is_readable_logarithm
from symplrnn.errors import NoPrincipalLogarithm, NoRealODE, ShapeError
from symplrnn.exact.decimals import exact_decimal
from symplrnn.exact.numbers import to_sympy
from symplrnn.logarithm import Logarithm, SpectralTerm
from symplrnn.network import ReLURNN
from symplrnn.ode import Digits, RegionODE
from symplrnn.parametric import ParametricRegionODE
from symplrnn.region import Region
from symplrnn.symbolic_spectrum import SymbolicSpectrum
from symplrnn.truth import Truth

__all__ = ["document", "latex"]

MAX_ROWS = 40


def latex(
    value: Any,
    *,
    notation: Notation | None = None,
    digits: int | None = None,
    cse: bool = True,
) -> str:
    r"""Return LaTeX for a network, a region, a report, a region ODE, a network ODE or the facts of a fixed point.

    Parameters
    ----------
    value : ReLURNN, Region, CheckReport, RegionODE, ParametricRegionODE, NetworkODE or FixedPointFacts
    notation : Notation, optional
        The symbols; those of the 2020 paper if absent.
    digits : int, optional
        Print certified decimals with so many significant digits instead of exact entries; what has letters stays exact.
    cse : bool
        With letters: whether traces, determinants and discriminants are defined once, by name.

    A report is a table of words, which neither notation nor digits change.

    Raises
    ------
    ShapeError
        For a value of another type.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.derivation import derive
    >>> print(latex(derive(PLRNN(["1/2"], [[0]], [1]).region("1"), dt=1)))
    \begin{equation*}
    \dot{\zeta} = \widetilde{W}_{\Omega_{1}}\, \zeta + \tilde{h}_{\Omega_{1}}, \qquad
    \widetilde{W}_{\Omega_{1}} = \begin{pmatrix} - \log 2 \end{pmatrix}, \quad
    \tilde{h}_{\Omega_{1}} = \begin{pmatrix} 2 \log 2 \end{pmatrix}
    \end{equation*}
    """
    symbols = notation or Notation()
    if isinstance(value, ReLURNN):
        return _network(value, symbols, digits)
    if isinstance(value, Region):
        return _region(value, symbols, digits)
    if isinstance(value, CheckReport):
        return _report(value)
    if isinstance(value, RegionODE):
        return _region_ode(value, symbols, digits)
    if isinstance(value, NetworkODE):
        return _network_ode(value, symbols, digits, cse)
    if isinstance(value, ParametricRegionODE):
        return parametric_region(value, symbols, _inequalities(value.region, symbols.continuous_state, digits), cse)
    if isinstance(value, FixedPointFacts):
        return fixed_point_latex(value, symbols)
    raise ShapeError(f"latex: a {type(value).__name__} has no LaTeX form; accepted are networks, regions, reports and ODEs")


def document(*fragments: str) -> str:
    """Return a LaTeX document with the fragments that compiles as it stands."""
    head = [
        r"\documentclass{article}",
        r"\usepackage{amsmath,amssymb}",
        r"\usepackage[margin=2cm]{geometry}",
        r"\setcounter{MaxMatrixCols}{60}",
        r"\allowdisplaybreaks",
    ]
    body = "\n\n\\bigskip\n\n".join(fragments)
    return "\n".join([*head, r"\begin{document}", body, r"\end{document}", ""])


# Matrices and numbers


class _Printer(LatexPrinter):  # type: ignore[misc]  # SymPy has no types
    """SymPy's printer, with log 100 for log of an integer and coefficients in front of long numerators."""

    def _print_log(self, expression: sp.Expr, exp: str | None = None) -> str:
        if exp is None and expression.args[0].is_Integer:
            return rf"\log {self._print(expression.args[0])}"
        return str(super()._print_log(expression, exp))


def _formula(expression: sp.Expr) -> str:
    return str(_Printer({"long_frac_ratio": 1}).doprint(expression))


def _decimal_text(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa


def _exact_matrix(matrix: sp.MatrixBase, digits: int | None) -> str:
    """Return a rational matrix, exactly or in decimals."""
    if not all(isinstance(x, sp.Rational) for x in matrix):
        return pmatrix(by_rows([formula_latex(x) for x in matrix], matrix.cols))
    entries = [fmpq(int(x.p), int(x.q)) for x in matrix]
    if digits is None and is_readable(entries):
        texts = [_formula(x) for x in matrix]
    else:
        texts = [_decimal_text(exact_decimal(x, digits or DEFAULT_DIGITS)) for x in entries]
    return pmatrix(by_rows(texts, matrix.cols))


# Networks and regions


def _affine_line(left: str, matrix: str, state: str, offset: str, drive: str | None) -> str:
    return f"{left} = {matrix}\\, {state} + {offset}" + (f" + {drive}" if drive else "")


def _network(net: ReLURNN, symbols: Notation, digits: int | None) -> str:
    z, plain = symbols.state, net.rectified_states == tuple(range(net.n))
    if not net.p:
        return _linear_network(net, symbols, digits)
    argument = rf"{symbols.relu}({z}_t)" if plain else rf"{symbols.relu}(V {z}_t + b)"
    drive = f" + {symbols.input_matrix} {symbols.input}_t" if net.m else ""
    named = [("A", net.A), ("W", net.W), ("h", net.h)]
    named += [] if plain else [("V", net.V), ("b", net.b)]
    named += [(symbols.input_matrix, net.C)] if net.m else []
    lines = [rf"{z}_{{t+1}} &= A {z}_t + W {argument} + h{drive}, \qquad {symbols.relu}(x) = \max(0, x)"]
    lines += [f"{name} &= {_exact_matrix(value, digits)}" for name, value in named]
    return _align(lines)


def _linear_network(net: ReLURNN, symbols: Notation, digits: int | None) -> str:
    """Return a network without ReLU units: one affine map."""
    z, inputs = symbols.state, [(symbols.input_matrix, net.C)] if net.m else []
    drive = f" + {symbols.input_matrix} {symbols.input}_t" if net.m else ""
    values = [f"{name} &= {_exact_matrix(value, digits)}" for name, value in [("A", net.A), ("h", net.h), *inputs]]
    return _align([rf"{z}_{{t+1}} &= A {z}_t + h{drive}", *values])


def _align(lines: Sequence[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def _inequalities(region: Region, state: str, digits: int | None) -> str:
    """Return the inequalities of a region, in the components of a state symbol."""
    if not region.pattern:
        return f"{state} \\in \\mathbb{{R}}^{{{region.network.n}}}"
    net = region.network
    parts = [
        f"{_linear(net.V.row(i), net.b[i], state, digits)} {'>' if active == '1' else chr(92) + 'le'} 0"
        for i, active in enumerate(region.pattern)
    ]
    return r",\ ".join(parts)


def _linear(weights: sp.MatrixBase, bias: sp.Expr, state: str, digits: int | None) -> str:
    """Return v.z + b, exactly if that is short enough, else with each coefficient rounded from its exact value."""
    names = [f"{state}_{{{i}}}" for i in range(1, len(weights) + 1)]
    exact = [fmpq(int(x.p), int(x.q)) for x in (*weights, bias) if isinstance(x, sp.Rational)]
    if len(exact) <= len(weights) or (digits is None and is_readable(exact)):
        return _formula(sp.Add(*(v * sp.Symbol(z) for v, z in zip(weights, names, strict=True)), bias))
    *row, constant = exact
    terms = [(v, rf"\, {z}") for v, z in zip(row, names, strict=True)] + [(constant, "")]
    texts = [_decimal_text(exact_decimal(v, digits or DEFAULT_DIGITS)) + z for v, z in terms if v != 0]
    return " + ".join(texts).replace("+ -", "- ") or "0"


def _region(region: Region, symbols: Notation, digits: int | None) -> str:
    z, pattern, net = symbols.state, region.pattern, region.network
    matrix, offset = symbols.name(symbols.matrix, pattern), symbols.name(symbols.offset, pattern)
    drive = f"{symbols.input_matrix}\\, {symbols.input}_t" if net.m else None
    lines = [
        rf"{symbols.name(symbols.region, pattern)} &= \{{ {z} : {_inequalities(region, z, digits)} \}}",
        _affine_line(f"{z}_{{t+1}}", matrix, f"{z}_t", offset, drive).replace(" = ", " &= ", 1),
        f"{matrix} &= {_exact_matrix(region.matrix, digits)}, \\quad {offset} = {_exact_matrix(region.offset, digits)}",
    ]
    lines += [f"{symbols.input_matrix} &= {_exact_matrix(region.input_matrix, digits)}"] if net.m else []
    return _align(lines)


# ODEs


def _named_closed_form(log: Logarithm, symbols: Notation, pattern: str) -> tuple[sp.Matrix, list[str]]:
    """Return the logarithm with weights of factors of degree >= 3 as symbols, and the definitions of those symbols."""
    size = log.matrix.nrows()
    total = sp.Matrix(size, size, [to_sympy(x) for x in log.rational_part.entries()])
    definitions = []
    for i, term in enumerate(log.terms, 1):
        if term.degree < 3:
            weights = logarithm_weights(term)
        else:
            label = f"{symbols.name(symbols.weight, pattern)}_{{{i},<k>}}"
            weights = [sp.Symbol(label.replace("<k>", str(k))) for k in range(term.degree)]
            definitions.append(_weight_definition(label, term))
        for w, H in zip(weights, term.matrices, strict=True):
            total += w * sp.Matrix(size, size, [to_sympy(x) for x in H.entries()])
    return total, definitions


def _weight_definition(label: str, term: SpectralTerm) -> str:
    p, q = (_formula(polynomial_in(f, root_symbol).as_expr()) for f in (term.factor, term.denominator))
    total = r"\sum_{p(\lambda) = 0} \frac{\lambda^{k} \log \lambda}{q(\lambda)}"
    return rf"{label.replace('<k>', 'k')} = {total}, \quad p(\lambda) = {p}, \quad q(\lambda) = {q}"


def _matrices(ode: RegionODE, symbols: Notation, digits: int | None) -> tuple[list[tuple[str, str]], list[str]]:
    """Return (name, LaTeX) for X, y and Y, and the definitions that they use."""
    n, m, pattern = ode.n, ode.region.network.m, ode.region.pattern
    names = [symbols.continuous_matrix, symbols.continuous_offset, symbols.continuous_input_matrix][: 3 if m else 2]
    definitions: list[str] = []
    if digits is None and is_readable_logarithm(ode.logarithm):
        total, definitions = _named_closed_form(ode.logarithm, symbols, pattern)
        total = total / ode.dt
        blocks = [total[:n, :n], total[:n, n : n + 1], total[:n, n + 1 :]]
        shown = [pmatrix(by_rows([_formula(x) for x in block], block.cols)) for block in blocks]
    else:
        certified: Digits = ode.digits(digits or DEFAULT_DIGITS)
        tables = [certified.matrix, tuple((x,) for x in certified.offset), certified.input_matrix]
        shown = [pmatrix([[_decimal_text(x) for x in row] for row in table]) for table in tables]
    return [(symbols.name(name, pattern), text) for name, text in zip(names, shown, strict=False)], definitions


def _region_ode(ode: RegionODE, symbols: Notation, digits: int | None) -> str:
    named, definitions = _matrices(ode, symbols, digits)
    drive = f"{named[2][0]}\\, {symbols.input}" if len(named) > 2 else None
    x = symbols.continuous_state
    equation = _affine_line(rf"\dot{{{x}}}", named[0][0], x, named[1][0], drive)
    values = ", \\quad\n".join(f"{name} = {text}" for name, text in named)
    if not definitions and width(equation) + width(values) <= LINE:
        return f"\\begin{{equation*}}\n{equation}, \\qquad\n{values}\n\\end{{equation*}}"
    lines = [equation.replace(" = ", " &= ", 1), *_value_lines(named)]
    return _align(lines + [definition.replace(" = ", " &= ", 1) for definition in definitions])


def _value_lines(named: Sequence[tuple[str, str]]) -> list[str]:
    """Return X, y and Y on one line of an align environment if they fit, else on a line each."""
    line = ",\\quad ".join(f"{name} {'&=' if k == 0 else '='} {text}" for k, (name, text) in enumerate(named))
    return [line] if width(line) <= LINE else [f"{name} &= {text}" for name, text in named]


def _network_ode(ode: NetworkODE, symbols: Notation, digits: int | None, cse: bool) -> str:
    """Return the piecewise ODE as cases, then the matrices of each region."""
    x = symbols.continuous_state
    rows, lines, blocks, printed = [], [], [], list[ParametricRegionODE]()
    for pattern in _few_patterns(ode):
        where = _inequalities(ode.network.region(pattern), x, digits)
        try:
            region_ode = ode[pattern]
        except (NoRealODE, NoPrincipalLogarithm) as reason:
            rows.append(rf"\text{{{_short_reason(reason)}}}, & {where}")
            continue
        if isinstance(region_ode, ParametricRegionODE):
            names = [symbols.continuous_matrix, symbols.continuous_offset, symbols.continuous_input_matrix]
            X, y, Y = (symbols.name(name, pattern) for name in names)
            drive = rf" + {Y}\, {symbols.input}" if ode.network.m else ""
            rows.append(rf"{X}\, {x} + {y}{drive}, & {where}")
            same = next((other for other in printed if other.region.affine.equals(region_ode.region.affine)), None)
            if same is None:
                blocks.append(parametric_block(region_ode, symbols, cse))
                printed.append(region_ode)
            else:  # the same map in another region
                first = [symbols.name(name, same.region.pattern) for name in names[: 3 if ode.network.m else 2]]
                equal = r",\quad ".join(f"{new} = {old}" for new, old in zip((X, y, Y), first, strict=False))
                blocks.append(f"\\begin{{equation*}}\n{equal}\n\\end{{equation*}}")
            continue
        named, definitions = _matrices(region_ode, symbols, digits)
        drive = f" + {named[2][0]}\\, {symbols.input}" if len(named) > 2 else ""
        rows.append(f"{named[0][0]}\\, {x} + {named[1][0]}{drive}, & {where}")
        lines += _value_lines(named)
        lines += [definition.replace(" = ", " &= ", 1) for definition in definitions]
    head, tail = f"\\begin{{equation*}}\n\\dot{{{x}}} = \\begin{{cases}}\n", "\n\\end{cases}\n\\end{equation*}"
    cases = head + " \\\\\n".join(rows) + tail
    return "\n".join([cases, *([_align(lines)] if lines else []), *blocks])


def _few_patterns(ode: NetworkODE) -> list[str]:
    """Return the patterns of a network ODE that fit a page; refuse more."""
    patterns = list(itertools.islice(ode, MAX_ROWS + 1))
    if len(patterns) > MAX_ROWS:
        raise ShapeError(
            f'latex: the ODE has more than {MAX_ROWS} regions; derive it with fewer, by patterns or regions="visited"'
        )
    return patterns


def _short_reason(reason: NoRealODE | NoPrincipalLogarithm) -> str:
    if isinstance(reason, NoPrincipalLogarithm):
        return "no principal real ODE: negative eigenvalues in paired Jordan blocks"
    return "no real ODE: singular" if reason.hypothesis == "invertible" else "no real ODE: unpaired negative eigenvalue"


# Verdicts


def _mark(truth: Truth) -> str:
    return r"?" if truth.is_unknown else "yes" if truth.is_true else "no"


def _why_not(check: RegionCheck) -> str:
    """Return the eigenvalues that stand in the way, for the last column of the table."""
    facts = check.spectrum
    if isinstance(facts, SymbolicSpectrum):  # such reports have a page of their own
        return ""
    parts = [] if facts.is_invertible else ["$0$"]
    for e in facts.negative_eigenvalues:
        point = sp.latex(to_sympy(e.interval.lower)) if e.interval.is_point else rf"\in {e.interval}"
        parts.append(f"${point}$")
    return ", ".join(parts) or "--"


def _report(report: CheckReport) -> str:
    """Return the verdict table: a row a region up to 40 regions, else the counts; with letters, the conditions."""
    if not report.network.is_rational:
        return parametric_report(report)
    counts = report.counts
    if report.checked > MAX_ROWS:
        rows = [("regions checked", report.checked)] + [(name.replace("_", " "), k) for name, k in counts.items()]
        body = "".join(f"{name} & {k} \\\\\n" for name, k in rows)
        return f"\\begin{{tabular}}{{lr}}\n\\hline\n{body}\\hline\n\\end{{tabular}}"
    head = r"region & E1 & E2 & E3 & eigenvalue 1 & published formula & in $(-\infty, 0]$ \\"
    lines = []
    for pattern, found in report.verdicts.items():
        marks = [found[name].truth for name in ("E1", "E2", "E3")] + [found.unit_eigenvalue, found.published_formula]
        lines.append(" & ".join([pattern or r"$\emptyset$", *map(_mark, marks), _why_not(found)]) + r" \\")
    return "\n".join([r"\begin{tabular}{lllllll}", r"\hline", head, r"\hline", *lines, r"\hline", r"\end{tabular}"])
