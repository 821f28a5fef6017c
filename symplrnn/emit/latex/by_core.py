r"""The closed forms of all regions of a PLRNN at once, by how many units are on: one set of formulas for each number.

In the region where the units of S are on, M is block triangular with the core B = (A + W)_SS, and unit j outside of S acts on no
other one. So the formulas for S = {i, k}, say, are the same for all pairs of units.

Reference: docs/theory, section 6, "Blocks".
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from symplrnn.emit.latex.conditions import Names
from symplrnn.emit.latex.expressions import formula_latex
from symplrnn.emit.latex.formula import Integral
from symplrnn.emit.latex.layout import align, line_width, side_by_side, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.scalars import Scalars, function_lines
from symplrnn.exact.coupling import blocks
from symplrnn.network.network import ReLURNN

__all__ = ["Core", "serves"]

MINIMUM = 3  # units from which regions are grouped


def serves(network: ReLURNN) -> bool:
    """Return whether the regions of a network are printed by how many units are on: those of free networks, and of large ones.

    A network of three units is free if its entries are letters, each another one, or if all units act on each other and no two
    of them are alike.

    >>> from symplrnn.network import PLRNN
    >>> serves(PLRNN(["a", "a", "a"], [[0, "w", 0], [0, 0, "w"], ["w", 0, 0]], [0] * 3, parameters=["a", "w"]))
    False
    """
    n = network.n
    if n < MINIMUM or not network.is_plrnn or any(network.W[i, i] != 0 for i in range(n)):
        return False
    if any(network.A[i, i].is_nonpositive for i in range(n)):
        return False
    couplings = network.exact.A + network.exact.W
    if max(map(len, blocks(couplings))) < 2:
        return False
    decays, weights = list(network.A.diagonal()), [network.W[i, j] for i in range(n) for j in range(n) if i != j]
    free = [*decays, *weights]
    if n > MINIMUM or (all(x.is_Symbol for x in free) and len(set(free)) == len(free)):
        return True
    return all(x != 0 for x in weights) and len(set(decays)) == n


class Core:
    """The names of entries, scalars and matrices on the page of a network that is printed by cores."""

    def __init__(self, network: ReLURNN, letters: Iterable[sp.Symbol], symbols: Notation) -> None:
        self.network, self.symbols, self.n = network, symbols, network.n
        self.letters = list(letters)
        stems = {str(s).rstrip("0123456789").rstrip("_") for s in self.letters}
        n = self.n
        self.canonical = all(
            formula_latex(x) == name
            for x, name in [
                *((network.A[i, i], f"a_{{{i + 1}}}") for i in range(n)),
                *((network.W[i, j], f"w_{{{i + 1}{j + 1}}}") for i in range(n) for j in range(n) if i != j),
                *((network.h[i], f"h_{{{i + 1}}}") for i in range(n)),
            ]
        )
        choices = (("a", "alpha", "A"), ("w", "omega", "W"), ("h", "eta", "H"))
        own = [next(s for s in names if s not in stems) for names in choices]
        self.a, self.w, self.h = ("a", "w", "h") if self.canonical else (formula_latex(sp.Symbol(s)) for s in own)
        self.positive = all(network.A[i, i].is_positive for i in range(n))
        self.scalars = Scalars(map(str, self.letters), Names((), {}))
        self.integral = Integral.apart(self.letters)
        a = sp.symbols("a1:4", positive=True if self.positive else None, real=True)
        w, v = sp.symbols("w12 w21", real=True)
        self.pair = self.scalars.pair(a[0] + a[1], a[0] * a[1] - w * v)
        self.last = a[2]

    def condition(self) -> str:
        """Return the condition for all regions (G1) in words and formulas."""
        a, w = self.a, self.w
        pairs = rf"{a}_i {a}_k > {w}_{{ik}} {w}_{{ki}}"
        head = "" if self.positive else rf"${a}_i > 0$, "
        if self.n == MINIMUM:
            return rf"{head}${pairs}$ $(i < k)$ and $\det(A + W) > 0$"
        return rf"{head}${pairs}$ $(i < k)$ and all larger principal minors of $A + W$ are positive, too"

    def sections(self) -> list[str]:
        """Return the formulas for no, one, two, and more units on, each as a paragraph."""
        a, w, h, X, y = self.a, self.w, self.h, *self._names()
        row = rf"({X})_{{ji}} = {w}_{{ji}} \log[{a}_j, {a}_i]"
        entry = rf"({y})_j = \varphi({a}_j)\, {h}_j + {w}_{{ji}}\, \varphi[{a}_j, {a}_i]\, {h}_i"
        one = f"\\begin{{equation*}}\n{row}, \\qquad {entry}\n\\end{{equation*}}"
        if width(row) + width(entry) > line_width() - 20:
            one = align([row.replace(" = ", " &= ", 1), entry.replace(" = ", " &= ", 1)])
        return [
            rf"\paragraph{{No unit on.}} ${X} = \operatorname{{diag}}(\log {a}_j)$, ${y} = (\varphi({a}_j)\, {h}_j)_j$. "
            rf"\textbf{{One unit on, $S = \{{i\}}$:}} besides, for $j \ne i$" + f"\n{one}",
            self._two(),
            self._all() if self.n == MINIMUM else self._more(),
        ]

    def _names(self) -> list[str]:
        return [template.replace("_{<pattern>}", "") for template in self.symbols.flow(0)]

    def _two(self) -> str:
        a, w, h, X, y = self.a, self.w, self.h, *self._names()
        names = self.pair.names
        t, d, D = names["tau"], names["delta"], names["Delta"]
        ell, k = (self.scalars.use(key, self.pair) for key in ("ell", "k"))
        self.scalars.use("m", self.pair, self.last)
        self.scalars.use("p", self.pair, self.last)
        m, p = (f"{names[key]}({a}_j)" for key in ("m", "p"))
        rest = rf"\bigl(B - ({t} - {a}_j) I\bigr)"
        pairs = [
            (
                rf"({X})_{{SS}} &= \tfrac{{1}}{{2}} \log {d}\, I + {ell} \bigl(B - \tfrac{{{t}}}{{2}} I\bigr)",
                rf"({y})_S &= {ell}\, c + {k} \bigl(({t} - 1) I - B\bigr) c",
            ),
            (
                rf"({X})_{{jS}} &= g \bigl({ell}\, I + {m}\, {rest}\bigr)",
                rf"({y})_j &= \varphi({a}_j)\, {h}_j - g \bigl({k}\, I - {p}\, {rest}\bigr) c",
            ),
        ]
        wide = width(pairs[1][0] + pairs[1][1]) + 40 < line_width()
        if wide:
            body = ",\\\\\n".join(f"{x},& {second}" for x, second in pairs)
        else:
            body = ",\\\\\n".join(x for row in pairs for x in row)
        lines = function_lines(self.scalars.functions(), line_width() - 20)
        vectors = rf"$g = ({w}_{{ji}}, {w}_{{jk}})$, $c = ({h}_i, {h}_k)^{{\mathsf T}}$"
        return "\n".join(
            [
                rf"\paragraph{{Two units on, $S = \{{i, k\}}$, $j \notin S$.}} With ${t} = {a}_i + {a}_k$, "
                rf"${d} = {a}_i {a}_k - {w}_{{ik}} {w}_{{ki}}$, ${D} = {t}^{{2}} - 4 {d}$, {vectors}",
                "\\begin{align*}\n" + body + "\n\\end{align*}",
                rf"and $({X})_{{jj}} = \log {a}_j$, where",
                "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}",
            ]
        )

    def _all(self) -> str:
        X, y = self._names()
        form = self.integral
        lines = form.lines(self.n, "A + W", line_width() - 40)
        values = rf"{X} &= {form.N}\, {form.Phi}, \quad {y} = {form.Phi}\, h"
        beside = rf"{values}, \quad {lines[0].replace(' &=', ' =', 1)}"
        shown = [beside, *lines[1:]] if width(beside) < line_width() - 40 else [values, *lines]
        return "\n".join([r"\paragraph{All units on.}", align(shown)])

    def _more(self) -> str:
        a, w, h, X, y = self.a, self.w, self.h, *self._names()
        form = self.integral
        N, q, t, Phi, iota, e = form.N, form.q, form.t, form.Phi, form.iota, form.e
        integral = rf"\int_{{0}}^{{1}} \frac{{{t}^{{r}}}}{{{q}({t})}} \, \mathrm{{d}} {t}"
        other = rf"\int_{{0}}^{{1}} \frac{{{t}^{{r}}}}{{(1 + ({a}_j - 1) {t})\, {q}({t})}} \, \mathrm{{d}} {t}"
        row, entry = rf"g \sum_{{r<s}} {iota}_{{j,r}} B_r", rf"- g \Bigl(\sum_{{r<s}} {iota}_{{j,r+1}} B_r\Bigr) c"
        named = [
            (rf"({X})_{{SS}}", [rf"{N}\, {Phi}"]),
            (rf"({y})_S", [rf"{Phi}\, c"]),
            (rf"({X})_{{jS}}", [row]),
            (rf"({y})_j", [rf"\varphi({a}_j)\, {h}_j", entry]),
            (rf"({X})_{{jj}}", [rf"\log {a}_j"]),
            (Phi, [rf"\sum_{{r<s}} {iota}_r B_r"]),
            ("B_0", ["I"]),
            ("B_r", [rf"{e}_r I - {N} B_{{r-1}}"]),
            (f"{q}({t})", [rf"\det(I + {t} {N}) = 1 + {e}_1 {t} + \dots + {e}_s {t}^s"]),
            (rf"{iota}_r", [integral]),
            (rf"{iota}_{{j,r}}", [other]),
        ]
        lines = side_by_side(named, line_width() - 20)
        head = (
            rf"\paragraph{{Three and more units on.}} With $s$ units in $S$, $j \notin S$, ${N} = B - I$, "
            rf"$g = ({w}_{{ji}})_{{i \in S}}$, $c = ({h}_i)_{{i \in S}}$"
        )
        return "\n".join([head, align(lines)])
