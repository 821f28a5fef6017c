r"""For an appendix: a table of the regions of a network of numbers, and what to cite.

The table has the pattern of each region, the kind of its system, the eigenvalues of M and of X = log(M)/dt, the fixed point,
whether E1 to E4 hold, and how often an orbit visits it. Eigenvalues are roots of the exact characteristic polynomial in balls,
with as many digits as are printed.

Reference: THEORY section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import acb, arb, ctx

from symplrnn import limits
from symplrnn.conditions.truth import Truth
from symplrnn.emit.latex.entries import decimal_latex, entry_texts
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.rational import QQ
from symplrnn.network.orbit import orbit_patterns
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.check import check

__all__ = ["BIBTEX", "latex_table"]

DIGITS = 4
BITS = 200
HEAD = r"region & kind & eigenvalues of $M$ & of $X$ & fixed point & E1 & E2 & E3 & E4 & visits \\"
CAPTION = (
    r"\caption{The regions of the network. E1: no eigenvalue of $M$ is in $(-\infty, 0]$, and none is $1$; E2: none is in "
    r"$(-\infty, 0]$, so that the principal logarithm is a real ODE; E3: there is a real ODE; E4: there is exactly one.} \\"
)
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


def latex_table(ode: NetworkODE, selection: Mapping[str, Any] | None = None) -> str:
    r"""Return a table of the regions of an ODE, for a document that loads booktabs and longtable.

    ``selection`` are the keywords of `check` with which regions were chosen; if an orbit chose them, its visits are counted.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> text = latex_table(derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1))
    >>> print(text.splitlines()[-4])
    1 & real & $0.7500$ & $-0.2877$ & ($4$) & yes & yes & yes & yes &  \\

    Raises `EntryError` for a network with parameters, or irrational numbers, and `ShapeError` for too many regions.
    """
    if ode.network.field is not QQ:
        raise EntryError("latex: the table of regions needs a network of rational numbers; give parameters values by subs")
    patterns = []
    for pattern in ode:
        patterns.append(pattern)
        if len(patterns) > limits.TABLE_ROWS:
            raise ShapeError(f"latex: the table has more than {limits.TABLE_ROWS} regions; choose fewer, by patterns or visited")
    visits = _visits(ode, selection or {})
    verdicts = check(ode.network, patterns).verdicts
    rows = []
    for pattern in patterns:
        found = verdicts[pattern]
        marks = [_mark(found[name].truth) for name in ("E1", "E2", "E3", "E4")]
        of_M, of_X = _eigenvalues(ode[pattern])
        fixed = found.region.affine.fixed_point()
        point = "--" if fixed is None else "(" + ", ".join(f"${x}$" for x in entry_texts(fixed, DIGITS)) + ")"
        cells = [pattern or r"$\emptyset$", ode[pattern].kind, of_M, of_X, point, *marks, visits.get(pattern, "")]
        rows.append(" & ".join(map(str, cells)) + r" \\")
    shape = r"ll*{3}{>{\raggedright\arraybackslash}p{3.2cm}}llllr"
    lines = [r"{\footnotesize\setlength{\tabcolsep}{3pt}", rf"\begin{{longtable}}{{{shape}}}", CAPTION, r"\toprule", HEAD]
    lines += [r"\midrule", r"\endhead", *rows, r"\bottomrule", r"\end{longtable}", "}"]
    return "\n".join(lines)


def _visits(ode: NetworkODE, selection: Mapping[str, Any]) -> Mapping[str, int]:
    """Return how often an orbit is in each region at a grid time; empty if none chose them."""
    if selection.get("regions") != "visited":
        return {}
    return Counter(orbit_patterns(ode.network, selection.get("z0"), selection.get("steps"), selection.get("inputs")))


def _mark(truth: Truth) -> str:
    return "?" if truth.is_unknown else "yes" if truth.is_true else "no"


def _eigenvalues(ode: RegionODE) -> tuple[str, str]:
    """Return the eigenvalues of M and their logarithms over dt, in decimals; 0 has none."""
    with working_precision(BITS):
        dt = ode.step_ball()
        chi = QQ.characteristic_polynomial(ode.region.affine.M)
        found: list[Any] = chi.complex_roots()  # with multiplicities
        roots = [(root, k) for root, k in found if not root.imag < 0]
        roots.sort(key=lambda pair: -float(abs(pair[0]).mid()))
        of_M = [_number(root) + _power(k) for root, k in roots]
        of_X = ["--" if root == 0 else _logarithm(root, dt) + _power(k) for root, k in roots]
    return ", ".join(of_M), ", ".join(of_X)


def _power(multiplicity: int) -> str:
    return "" if multiplicity == 1 else rf" ($\times {multiplicity}$)"


def _logarithm(root: acb, dt: arb) -> str:
    """Return log(root)/dt; of a negative root log|root|/dt with a half turn a step, of both signs."""
    if root.imag == 0 and root.real < 0:
        return f"${_decimal((-root.real).log() / dt)} \\pm {_decimal(arb.pi() / dt)} i$"
    return _number(root.log() / dt)


def _number(z: acb) -> str:
    """Return a number, or a pair of conjugate ones."""
    if z.imag == 0:
        return f"${_decimal(z.real)}$"
    return f"${_decimal(z.real)} \\pm {_decimal(abs(z.imag))} i$"


def _decimal(x: arb) -> str:
    if x == 0 or (x.contains(0) and float(x.rad()) < 2.0 ** (8 - ctx.prec // 2)):
        return "0"
    return decimal_latex(sp.Float(str(x.mid().str(30, radius=False)), 40)._eval_evalf(60).__format__(f".{DIGITS}g"))
