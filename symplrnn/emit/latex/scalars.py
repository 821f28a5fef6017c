r"""The scalar functions of which closed forms with letters are made, in LaTeX: as symbols in matrices, and their definitions.

Divided differences of log are printed as such, \log[a, b], and as \varphi[a, b] if 1 is among the points. Those that belong to
the roots lambda_1, lambda_2 of a quadratic factor x^2 - tau x + delta have names:

    ell  = log[lambda_1, lambda_2]           m(x) = log[x, lambda_1, lambda_2]
    k    = -phi[lambda_1, lambda_2]          p(x) = phi[x, lambda_1, lambda_2]

Their branches stand in their definitions and nowhere else. A branch that no values of the letters meet is left out.

Reference: docs/theory, section 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy as sp

from symplrnn.conditions.emptiness import is_met_somewhere
from symplrnn.conditions.formula import ALWAYS, Formula, negative, nonzero, positive, zero
from symplrnn.emit.latex.conditions import Names
from symplrnn.emit.latex.expressions import Shown, formula_latex, pieces
from symplrnn.emit.latex.layout import side_by_side, width
from symplrnn.errors import TooLarge
from symplrnn.functions.differences import LogDifference
from symplrnn.logarithm.named_form import free_symbol

__all__ = ["Function", "Pair", "Scalars", "function_lines", "joined"]

PHI = r"\varphi(x) = \frac{\log x}{x - 1}, \quad \varphi(1) = 1"
DIVIDED = r"f[x, y] = \frac{f(x) - f(y)}{x - y}, \quad f[x, x] = f'(x)"
MARGIN = 10.0
PRIMES = 3  # points of phi[a, ..., a] up to which it is a derivative with primes
NEWLINE = "\n"
KEYS = ("ell", "k", "m", "p", "lambda")
DISPLAYED = r"\displaystyle"
FURTHER = r"f[x, y, z] = \frac{f[x, y] - f[y, z]}{x - z}"


Branches = tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Pair:
    """The two roots of a quadratic factor of a characteristic polynomial: trace and determinant, and what they are called.

    ``names`` are the LaTeX of tau, delta, Delta, ell, k, m, p and lambda.
    """

    trace: sp.Expr
    determinant: sp.Expr
    names: dict[str, str]

    @property
    def discriminant(self) -> sp.Expr:
        """tau^2 - 4 delta in the parameters."""
        return self.trace**2 - 4 * self.determinant

    @property
    def at_1(self) -> sp.Expr:
        """1 - tau + delta in the parameters: the value of the factor at 1."""
        return 1 - self.trace + self.determinant


@dataclass(frozen=True)
class Function:
    """The definition of a function in LaTeX: its name and, for each branch, value, condition and whether some values meet it."""

    name: str
    branches: Branches

    def value(self) -> str:
        """Return the value, in a brace if it has branches."""
        rows = [(value, where) for value, where, possible in self.branches if possible]
        if len(rows) == 1:
            return rows[0][0]
        body = r" \\[2ex] ".join(rf"{DISPLAYED} {value}, & {where}" for value, where in rows)
        return rf"\begin{{cases}} {body} \end{{cases}}"


def function_lines(functions: Iterable[Function], limit: float) -> list[str]:
    """Return definitions on lines of an align environment, as many on each as fit."""
    lines: list[str] = []
    for function in functions:
        value = function.value()
        if width(f"{function.name} = {value}") <= limit + MARGIN:
            lines += side_by_side([(function.name, [value])], limit)
            if len(lines) > 1 and "\n" not in lines[-2] and width(f"{lines[-2]}, {lines[-1]}") < limit:
                lines[-2:] = [rf"{lines[-2]},\quad {lines[-1].replace(' &=', ' =', 1)}"]
        else:  # a brace is never broken
            rows = [row for row in function.branches if row[2]]
            listed = [rf"{text} \\{NEWLINE}& \quad \text{{if }} {where}" for text, where, _ in rows]
            lines.append(f"{function.name} &= " + f" \\\\{NEWLINE}&= ".join(listed))
    return lines


def joined(functions: Iterable[Function]) -> list[Function]:
    """Return one definition for functions that several regions share, with the branches of all.

    Of arctan and arccos, which is right for both signs of its argument, arccos stays.
    """
    found: dict[str, Function] = {}
    for function in functions:
        other = found.setdefault(function.name, function)
        if other is not function:
            branches = tuple(
                (max(x, y, key=lambda text: "arccos" in text), where, p or q)
                for (x, where, p), (y, _, q) in zip(other.branches, function.branches, strict=True)
            )
            found[function.name] = Function(function.name, branches)
    return list(found.values())


class Scalars:
    """What scalar functions a page uses, with names that no letter has.

    ``given`` are the names that conditions of the page have for traces, determinants and discriminants, and ``where`` is what
    the page takes for granted.
    """

    def __init__(self, taken: Iterable[str], given: Names, where: Formula | None = None) -> None:
        self.taken = set(taken)
        self.given = given
        self.where = ALWAYS if where is None else where
        self.pairs: list[Pair] = []
        self.used: set[tuple[str, int]] = set()  # names of functions, each with the place of its pair
        self.points: dict[int, list[sp.Expr]] = {}  # at which m and p of a pair are used
        self.words: set[str] = set()  # what the notation has to explain
        self.variable = self.free("x")

    def free(self, name: str) -> str:
        """Return a name in LaTeX that is no letter's, and take it."""
        symbol = free_symbol(name, self.taken)
        self.taken.add(str(symbol))
        return formula_latex(symbol)

    def pair(self, trace: sp.Expr, determinant: sp.Expr, several: bool = False) -> Pair:
        """Return the names for a quadratic factor, those of conditions if they have some; ``several`` adds a number."""
        for pair in self.pairs:
            if pair.trace == trace and pair.determinant == determinant:
                return pair
        end = f"_{len(self.pairs) + 1}" if several or self.pairs else ""
        own = [symbol for symbol, _ in self.given.definitions]
        names = {}
        for k, (_, value) in enumerate(self.given.definitions[:-2]):
            if sp.expand(value - trace) == 0 and sp.expand(self.given.definitions[k + 1][1] - determinant) == 0:
                names = {key: formula_latex(s) for key, s in zip(("tau", "delta", "Delta"), own[k : k + 3], strict=True)}
                break
        for key in ("tau", "delta", "Delta", "ell", "k", "m", "p"):
            if key not in names:
                names[key] = self.free(key + end)
        names["lambda"] = self.free(("lambda", "mu", "nu", "rho", "sigma")[min(len(self.pairs), 4)])
        self.pairs.append(Pair(trace, determinant, names))
        return self.pairs[-1]

    def use(self, function: str, pair: Pair, at: sp.Expr | None = None) -> str:
        """Note that a function of a pair is used, at a point if it is m or p, and return it in LaTeX."""
        place = self.pairs.index(pair)
        self.used.add((function, place))
        if function == "k":
            self.used.add(("ell", place))
        if at is None:
            return pair.names[function]
        self.used.add(("ell", place))
        self.words.add("further")
        if function == "p":
            self.used.add(("k", place))
            self.words.add("phi")
        self.points.setdefault(place, []).append(at)
        return rf"{pair.names[function]}({formula_latex(at)})"

    def symbols_in(self, entries: Sequence[sp.Expr], table: dict[sp.Symbol, sp.Expr]) -> dict[sp.Expr, sp.Expr] | None:
        """Return for each divided difference in some entries what is printed for it; None if one has no short name.

        ``table`` are the definitions of names in their points.
        """
        found = sorted({d for x in entries for d in x.atoms(LogDifference)}, key=sp.default_sort_key)
        factors = list(dict.fromkeys(p for d in found for p in d.points if isinstance(p, sp.Tuple)))
        if any(d.power for d in found) or any(len(p) > 2 for p in factors):
            return None
        quadratic = {p: self.pair(p[0].xreplace(table), p[1].xreplace(table), len(factors) > 1) for p in factors}
        shown: dict[sp.Expr, sp.Expr] = {}
        for d in found:
            factor, text = self._difference([quadratic.get(p, p) for p in d.points])
            shown[d] = factor * Shown(sp.Symbol(text), d.degree)
        for p, pair in quadratic.items():
            for symbol, key in zip(p, ("tau", "delta"), strict=True):
                if symbol.is_Symbol and symbol in table:
                    shown[symbol] = sp.Symbol(pair.names[key], positive=symbol.is_positive, real=True)
        return shown

    def _difference(self, points: list[Pair | sp.Expr]) -> tuple[sp.Rational, str]:
        """Return a factor and what is printed for a divided difference of log at points and pairs of roots."""
        pairs = [p for p in points if isinstance(p, Pair)]
        plain = [p for p in points if not isinstance(p, Pair)]
        unit = 1 in plain
        if unit:
            plain.remove(1)
        if len(pairs) == 1 and len(plain) == 0:
            return (sp.S.NegativeOne, self.use("k", pairs[0])) if unit else (sp.S.One, self.use("ell", pairs[0]))
        if len(pairs) == 1 and len(plain) == 1:
            return sp.S.One, self.use("p" if unit else "m", pairs[0], plain[0])
        texts = [formula_latex(p) for p in plain]
        for pair in pairs:
            self.use("lambda", pair)
            texts += [rf"{pair.names['lambda']}_{{{i}}}" for i in (1, 2)]
        if unit:
            self.words.add("phi")
            if len(set(texts)) == 1 and not pairs and len(texts) <= PRIMES:  # phi[a, a, a] = phi''(a)/2
                order = len(texts) - 1
                return 1 / sp.factorial(order), _with_brackets(r"\varphi" + "'" * order, texts[:1], "()")
        self.words.add("further" if len(texts) > 2 else "divided")
        return sp.S.One, _with_brackets(r"\varphi" if unit else r"\log", texts, "[]")

    # Definitions

    def named_lines(self, limit: float) -> list[str]:
        """Return the lines of an align environment that define traces, determinants and discriminants."""
        return side_by_side([(name, pieces_of(value, limit)) for pair in self.pairs for name, value in self._named(pair)], limit)

    def _named(self, pair: Pair) -> list[tuple[str, sp.Expr | str]]:
        t, d, D = (pair.names[key] for key in ("tau", "delta", "Delta"))
        return [(t, pair.trace), (d, pair.determinant), (D, rf"{t}^{{2}} - 4 {d}")]

    def functions(self) -> list[Function]:
        """Return the definitions of the functions that are used, by the branches that some values meet."""
        found = []
        for place, pair in enumerate(self.pairs):
            own = [self._function(key, pair, self.points.get(place, [])) for key in KEYS if (key, place) in self.used]
            found += own
        return found

    def _function(self, key: str, pair: Pair, points: Sequence[sp.Expr]) -> Function:
        t, d, D, ell, k = (pair.names[name] for name in ("tau", "delta", "Delta", "ell", "k"))
        name = pair.names[key]
        if key == "lambda":
            roots = rf"\frac{{{t} + \sqrt{{{D}}}}}{{2}}, \quad {name}_{{2}} = \frac{{{t} - \sqrt{{{D}}}}}{{2}}"
            return Function(f"{name}_{{1}}", ((roots, "", True),))
        if key == "ell":
            return Function(name, self._ell(pair))
        if key == "k":
            off, one = nonzero(pair.at_1), zero(pair.at_1)
            value = rf"\frac{{\log {d} - ({t} - 2) {ell}}}{{2 (1 - {t} + {d})}}"
            special = rf"\frac{{{d} - 1 - \log {d}}}{{({d} - 1)^{{2}}}}"
            return Function(
                name,
                (
                    (value, rf"1 - {t} + {d} \ne 0", self.possible(off)),
                    (special, rf"1 - {t} + {d} = 0,\ {d} \ne 1", self.possible(one & nonzero(pair.determinant - 1))),
                    (r"\frac{1}{2}", rf"{t} = 2,\ {d} = 1", self.possible(one & zero(pair.determinant - 1))),
                ),
            )
        below = rf"x^{{2}} - {t} x + {d}".replace("x", self.variable)
        if key == "m":
            value, double = rf"\log x - \frac{{1}}{{2}} \log {d} - \bigl(x - \frac{{{t}}}{{2}}\bigr) {ell}", r"\log"
        else:
            value, double = rf"\varphi(x) - {ell} - {k} ({t} - 1 - x)", r"\varphi"
        value = re.sub(r"(?<![a-z\\])x(?![a-z])", self.variable, value)
        double += f"[{self.variable}, {self.variable}, {t} - {self.variable}]"  # the roots are x and tau - x
        values = [a**2 - pair.trace * a + pair.determinant for a in points]
        branches = (
            (rf"\frac{{{value}}}{{{below}}}", rf"{below} \ne 0", any(self.possible(nonzero(v)) for v in values)),
            (double, rf"{below} = 0", any(self.possible(zero(v)) for v in values)),
        )
        return Function(f"{name}({self.variable})", branches)

    def _ell(self, pair: Pair) -> Branches:
        t, d, D = (pair.names[name] for name in ("tau", "delta", "Delta"))
        real = rf"\frac{{1}}{{\sqrt{{{D}}}}} \log \frac{{{t} + \sqrt{{{D}}}}}{{{t} - \sqrt{{{D}}}}}"
        complex_pair, right = negative(pair.discriminant), positive(pair.trace)
        arctan = rf"\frac{{2}}{{\sqrt{{-{D}}}}} \arctan \frac{{\sqrt{{-{D}}}}}{{{t}}}"
        arccos = rf"\frac{{2}}{{\sqrt{{-{D}}}}} \arccos \frac{{{t}}}{{2 \sqrt{{{d}}}}}"  # in (0, pi) for both signs of tau
        left = self.possible(complex_pair & ~right)
        return (
            (real, f"{D} > 0", self.possible(positive(pair.discriminant))),
            (arccos if left else arctan, f"{D} < 0", left or self.possible(complex_pair)),
            (rf"\frac{{2}}{{{t}}}", f"{D} = 0", self.possible(zero(pair.discriminant))),
        )

    def possible(self, condition: Formula) -> bool:
        """Return whether some values may meet a condition where the page holds."""
        try:
            return is_met_somewhere(self.where & condition)
        except TooLarge:
            return True

    def notation(self) -> list[str]:
        """Return the formulas that explain phi and the brackets, as far as they are used."""
        further = [FURTHER] if "further" in self.words else []
        divided = [DIVIDED] if self.words & {"divided", "further"} else []
        return [*([PHI] if "phi" in self.words else []), *divided, *further]


def _with_brackets(function: str, texts: Sequence[str], brackets: str) -> str:
    listed = ", ".join(texts)
    if r"\frac" in listed:
        return rf"{function}\Bigl{brackets[0]}{listed}\Bigr{brackets[1]}"
    return f"{function}{brackets[0]}{listed}{brackets[1]}"


def pieces_of(value: sp.Expr | str, limit: float) -> list[str]:
    """Return an expression in pieces; LaTeX as it is."""
    return [value] if isinstance(value, str) else pieces(value, limit)
