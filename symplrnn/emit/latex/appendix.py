r"""For an appendix: a table of the regions of a network, the hash of their certificate, and what to cite.

Of a network of rational numbers the table has the pattern of each region, the kind of its system, the eigenvalues of M and of
X = log(M)/dt, the fixed point, whether E1 to E4 hold, and how often an orbit visits it. Every digit of an eigenvalue is right.

With letters eigenvalues and fixed points are formulas, and E1 to E4 the conditions under which they hold. What would be too long
for its column is a dash; eigenvalues are then given by the factors of the characteristic polynomial, if these are short.

Reference: docs/theory, section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from symplrnn import limits, views
from symplrnn.certificate.check import Refused
from symplrnn.certificate.check_letters import check as recheck
from symplrnn.certificate.write import digest
from symplrnn.conditions.truth import Truth
from symplrnn.emit.latex.conditions import NO_NAMES, ROOM, TOO_LONG, condition_pieces, running_text
from symplrnn.emit.latex.entries import decimal_latex, entry_texts
from symplrnn.emit.latex.expressions import formula_latex, if_short
from symplrnn.emit.latex.formula import upright
from symplrnn.emit.latex.layout import width
from symplrnn.errors import EntryError, ShapeError, TooLarge
from symplrnn.exact.coupling import block, blocks
from symplrnn.exact.fields.rational import QQ
from symplrnn.network.orbit import orbit_patterns
from symplrnn.progress import counted
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.check import RegionCheck, check

__all__ = ["BIBTEX", "latex_certificate", "latex_table"]

DIGITS = 4
BITS = 64
HEAD = r"region & kind & eigenvalues of $M$ & of $X$ & fixed point & E1 & E2 & E3 & E4 & visits \\"
CAPTION = (
    r"\caption{The regions of the network. E1: no eigenvalue of $M$ is in $(-\infty, 0]$, and none is $1$; E2: none is in "
    r"$(-\infty, 0]$, so that the principal logarithm is a real ODE; E3: there is a real ODE; E4: there is exactly one.} \\"
)
HEAD_OF_LETTERS = r"region & kind & eigenvalues of $M$ & fixed point & E1 & E2 & E3 & E4 \\"
SHAPE_OF_LETTERS = r"ll>{\raggedright\arraybackslash}p{3cm}>{\raggedright\arraybackslash}p{3.1cm}" + (
    r"*{4}{>{\raggedright\arraybackslash}p{2cm}}"
)
NOTE = r" A dash stands for a formula that is too long, and $\lambda$ for the roots of a polynomial."
COLUMN = 70.0  # points of a column of letters, in the size of the text
CELL = 4 * 60.0  # points of a condition in four lines
BIBTEX = r"""@inproceedings{MonfaredDurstewitz2020,
  author    = {Monfared, Zahra and Durstewitz, Daniel},
  title     = {Transformation of {ReLU}-based recurrent neural networks from discrete-time to continuous-time},
  booktitle = {Proceedings of the 37th International Conference on Machine Learning},
  series    = {Proceedings of Machine Learning Research},
  volume    = {119},
  pages     = {6999--7009},
  year      = {2020}
}

@software{symplrnn,
  title   = {symplrnn: ordinary differential equations equivalent to {ReLU} recurrent networks},
  version = {<version>},
  year    = {2026}
}"""


def latex_certificate(ode: NetworkODE) -> str:
    r"""Return a sentence that names the certificate of an ODE by its hash, after the checker has accepted it.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> print(latex_certificate(derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1)).splitlines()[0])
    The verdicts and closed forms of 2 regions are proved by a certificate that can be checked without the

    Raises `EntryError` for irrational numbers and quotients of letters, and if the checker does not accept the certificate, and
    `ShapeError` for too many regions.
    """
    document = views.certificate(ode)
    try:
        recheck(document)
    except Refused as reason:
        raise EntryError(f"latex: the checker has not accepted the certificate: {reason}; leave the certificate out") from reason
    count, digits = len(document["regions"]), digest(document)
    pieces = r"\allowbreak ".join(digits[k : k + 8] for k in range(0, len(digits), 8))
    all_of_them = all("real_odes" in region.get("conditions", {}) for region in document["regions"])
    conditions = "conditions E1 to E4" if all_of_them else "conditions E2"
    verdicts = conditions if "letters" in document else "verdicts"
    regions = f"region{'s' * (count > 1)}"
    text = f"The {verdicts} and closed forms of {count} {regions}" if count else f"The {verdicts} on all regions at once"
    return (
        f"{text} are proved by a certificate that can be checked without the\n"
        rf"program that wrote it; its SHA-256 hash is \texttt{{{pieces}}}."
    )


def latex_table(ode: NetworkODE, selection: Mapping[str, Any] | None = None) -> str:
    r"""Return a table of the regions of an ODE, for a document that loads booktabs and longtable.

    ``selection`` are the keywords of `check` with which regions were chosen; if an orbit chose them, its visits are counted.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> text = latex_table(derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1))
    >>> print(text.splitlines()[-4])
    1 & real & $0.75$ & $-0.2877$ & ($4$) & yes & yes & yes & yes &  \\

    Raises `EntryError` for a network with irrational numbers and no parameters, and `ShapeError` for too many regions.
    """
    if ode.network.field is not QQ and not ode.network.parameters:
        raise EntryError("latex: the table of regions has eigenvalues of rational numbers; this network has irrational ones")
    patterns = []
    for pattern in ode:
        patterns.append(pattern)
        if len(patterns) > limits.TABLE_ROWS:
            raise ShapeError(f"latex: the table has more than {limits.TABLE_ROWS} regions; choose fewer, by patterns or visited")
    verdicts = check(ode.network, patterns).verdicts
    if ode.network.field is not QQ or ode.dt.free_symbols:
        rows = [_letters_row(ode[pattern], verdicts[pattern]) for pattern in patterns]
        return (
            r"{\renewcommand{\arraystretch}{1.3}%"
            + "\n"
            + _table(rows, SHAPE_OF_LETTERS, HEAD_OF_LETTERS, CAPTION.replace("exactly one.}", f"exactly one.{NOTE}}}"))
            + "}"
        )
    visits = _visits(ode, selection or {})
    rows = []
    for pattern in counted(patterns, "regions", len(patterns)):
        found = verdicts[pattern]
        marks = [_mark(found[name].truth) for name in ("E1", "E2", "E3", "E4")]
        of_M, of_X = _eigenvalues(ode[pattern])
        fixed = found.region.affine.fixed_point()
        point = "--" if fixed is None else "(" + ", ".join(f"${x}$" for x in entry_texts(fixed, DIGITS)) + ")"
        cells = [pattern or r"$\emptyset$", ode[pattern].kind, of_M, of_X, point, *marks, visits.get(pattern, "")]
        rows.append(" & ".join(map(str, cells)) + r" \\")
    return _table(rows, r"ll*{3}{>{\raggedright\arraybackslash}p{3.2cm}}llllr", HEAD, CAPTION)


def _table(rows: Sequence[str], shape: str, head: str, caption: str) -> str:
    lines = [r"{\footnotesize\setlength{\tabcolsep}{3pt}", rf"\begin{{longtable}}{{{shape}}}", caption, r"\toprule", head]
    lines += [r"\midrule", r"\endhead", *rows, r"\bottomrule", r"\end{longtable}", "}"]
    return "\n".join(lines)


# With letters


def _letters_row(ode: RegionODE, found: RegionCheck) -> str:
    """Return the row of a region of a network with letters."""
    marks = [_condition(found[name].truth) for name in ("E1", "E2", "E3", "E4")]
    cells = [ode.region.pattern or r"$\emptyset$", ode.kind, _eigenvalue_formulas(ode), _fixed_point_formulas(ode), *marks]
    return " & ".join(cells) + r" \\"


def _condition(truth: Truth) -> str:
    if truth.is_unknown:
        return "--"
    if truth.formula is None or truth.formula.is_constant:
        return _mark(truth)
    formula = truth.formula
    parts = if_short(lambda: condition_pieces(formula, NO_NAMES, COLUMN + ROOM)) or [TOO_LONG]
    return running_text(parts) if sum(map(width, parts)) <= CELL else "--"


def _point(text: str) -> str:
    return f"${text}$" if width(text) <= 1.5 * COLUMN else "--"


def _eigenvalue_formulas(ode: RegionODE) -> str:
    """Return the eigenvalues of M in letters: those in the field, and for others the factors of which they are roots."""
    K, M = ode.region.affine.field, ode.region.affine.M
    try:
        factors = [f for units in blocks(M) for f in K.factor(K.characteristic_polynomial(block(K, M, units, units)))]
    except TooLarge:
        return "--"
    count: dict[str, int] = {}
    for f, k in factors:
        if f.degree() == 1:
            text = formula_latex(K.as_product(-f[0] / f[1]))
        else:
            d = int(f.degree())
            coefficients = [K.as_product(f[j] / f[d]) for j in range(d + 1)]
            terms = [_term(c, j) for j, c in reversed(list(enumerate(coefficients))) if c != 0]
            text = " ".join(terms).removeprefix("+ ") + " = 0"
        count[text] = count.get(text, 0) + k
    return ", ".join((f"${text}$" if width(text) <= 3 * COLUMN else "--") + _power(k) for text, k in count.items())


def _term(coefficient: sp.Expr, power: int) -> str:
    """Return a term of a polynomial in lambda with its sign."""
    sign = "-" if coefficient.could_extract_minus_sign() else "+"
    c = -coefficient if sign == "-" else coefficient
    variable = "" if power == 0 else r"\lambda" if power == 1 else rf"\lambda^{{{power}}}"
    if c == 1 and power:
        return f"{sign} {variable}"
    text = formula_latex(c)
    return f"{sign} " + (rf"({text}) {variable}".strip() if c.is_Add and (power or sign == "-") else f"{text} {variable}".strip())


def _fixed_point_formulas(ode: RegionODE) -> str:
    """Return the fixed point in letters, where 1 is no eigenvalue."""
    found = ode.region.affine.fixed_point()
    if found is None:
        return "--"
    texts = [_point(formula_latex(upright(sp.factor(x), ode.dt))) for x in found]
    return "--" if "--" in texts else "(" + ", ".join(texts) + ")"


# Of numbers


def _visits(ode: NetworkODE, selection: Mapping[str, Any]) -> Mapping[str, int]:
    """Return how often an orbit is in each region at a grid time; empty if none chose them."""
    if selection.get("regions") != "visited":
        return {}
    return Counter(orbit_patterns(ode.network, selection.get("z0"), selection.get("steps"), selection.get("inputs")))


def _mark(truth: Truth) -> str:
    return "?" if truth.is_unknown else "yes" if truth.is_true else "no"


def _eigenvalues(ode: RegionODE) -> tuple[str, str]:
    """Return the eigenvalues of M and their logarithms over dt, in certified decimals; 0 has none."""
    shown = [each for each in ode.eigenvalues if not each.enclosure(BITS).imag < 0]
    of_M = [_number(each.digits(DIGITS)) + _power(each.multiplicity) for each in shown]
    of_X = ["--" if e.is_zero else _number(e.rate_digits(DIGITS)) + _power(e.multiplicity) for e in shown]
    return ", ".join(of_M), ", ".join(of_X)


def _power(multiplicity: int) -> str:
    return "" if multiplicity == 1 else rf" ($\times {multiplicity}$)"


def _number(digits: str) -> str:
    """Return a number, or a pair of conjugate ones, from its digits; a logarithm of a negative number stands for a pair, too."""
    if not digits.endswith("i"):
        return f"${decimal_latex(digits)}$"
    real, _, imaginary = digits[:-1].rsplit(" ", 2)
    return rf"${decimal_latex(real)} \pm {decimal_latex(imaginary)} i$"
