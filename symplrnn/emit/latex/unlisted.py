r"""LaTeX of regions with letters whose cases are too many to be listed, or whose characteristic polynomial is too large.

Where nothing is listed the closed form is printed in terms of the matrix M itself: with p(x) = det(x I - M), where the roots of p
are simple, none is 1 and none is in (-inf, 0],

    X = 1/dt sum_{p(l) = 0} log(l)/p'(l) adj(l I - M),        y = X (M - I)^{-1} c,

because adj(l I - M)/p'(l) is the spectral projector of a simple root l. What holds elsewhere follows in words.

Reference: THEORY section 3, E1, and section 5, formula (3); N. J. Higham, Functions of Matrices, SIAM 2008, section 1.2.
"""

from __future__ import annotations

from symplrnn.emit.latex.entries import entry_texts
from symplrnn.emit.latex.equations import plain_equation
from symplrnn.emit.latex.expressions import formula_latex
from symplrnn.emit.latex.layout import align, by_rows, column_parts, value_lines
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.page import Page
from symplrnn.systems.region_ode import RegionODE

__all__ = ["NOT_ALL", "REST", "unlisted_block", "unlisted_region"]

NEVER = (
    r"\noindent For no values of the parameters there is a real principal logarithm (E2). For all values there is a system in "
    "continuous time, which is derived when the parameters have them."
)
REST = "there is a system in continuous time, too, which is derived when the parameters have values."
NOT_ALL = rf"\noindent These are not all cases. For all other values {REST}"


def unlisted_region(ode: RegionODE, notation: Notation, inequalities: str) -> str:
    """Return the ODE of a region without cases, or without short ones: the equation with its region, then `unlisted_block`."""
    line = inequalities if ode.condition.is_false else rf"{plain_equation(ode.region, notation)}, \qquad {inequalities}"
    return "\n".join([r"\begin{equation*}", line, r"\end{equation*}", unlisted_block(ode, notation)])


def unlisted_block(ode: RegionODE, notation: Notation) -> str:
    """Return M and c, the closed form for simple eigenvalues where there is one, and the words for all other values."""
    page, affine = Page(ode.region, ode.dt, notation, cse=True), ode.region.affine
    M, X = page.name(notation.matrix), page.name(notation.continuous_matrix)
    p, l = page.letter("p"), page.letter("lambda")  # noqa: E741
    scale = "" if ode.dt == 1 else f"{formula_latex(1 / ode.dt)} "
    values = [(M, affine.matrix), (page.name(notation.offset), affine.offset)]
    values += [(notation.input_matrix, affine.input_matrix)] if page.m else []
    named = [part for name, matrix in values for part in column_parts(name, by_rows(entry_texts(matrix, None), matrix.cols))]
    if ode.condition.is_false:
        return "\n".join([align(value_lines(named)), NEVER])
    forms = [
        rf"{X} &= {scale}\sum_{{{p}({l}) = 0}} \frac{{\log {l}}}{{{p}'({l})}} \operatorname{{adj}}({l} I - {M}), \qquad "
        rf"{p}({l}) = \det({l} I - {M})",
        rf"{page.offset_name} &= {X}\, ({M} - I)^{{-1}} {page.right}",
    ]
    where = (
        rf"\noindent This holds where the eigenvalues of ${M}$ are simple, none is $1$ and none is in $(-\infty, 0]$. "
        f"For all other values {REST}"
    )
    return "\n".join([align([*value_lines(named), *forms]), where])
