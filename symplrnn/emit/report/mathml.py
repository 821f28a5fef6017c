r"""MathML from the LaTeX that this package prints, so that formulas have one source.

The dialect is small: what `symplrnn.emit.latex` and SymPy's printer write. A command outside of it is refused, so that nothing is
left out or shown as it stands without a word. All text is escaped.

Reference: W3C, MathML Core.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import escape

__all__ = ["UnknownLatex", "balanced", "mathml"]

TOKEN = re.compile(r"\\begin\{[a-z]+\*?\}|\\end\{[a-z]+\*?\}|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "epsilon": "ϵ", "varepsilon": "ε", "phi": "ϕ", "varphi": "φ", "vartheta": "ϑ", "varrho": "ϱ",
    "varsigma": "ς", "varpi": "ϖ", "varkappa": "ϰ", "digamma": "ϝ", "ell": "ℓ",
}  # fmt: skip
UPRIGHT = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "infty": "∞", "emptyset": "∅", "ldots": "…", "dots": "…",
}  # fmt: skip
FUNCTIONS = {"log", "max", "min", "det", "exp", "arctan", "arccos", "arcsin", "cos", "sin", "tan", "cosh", "sinh", "tanh"}
BINARY = {"+": "+", "-": "−", "*": "∗", "/": "/", r"\cdot": "⋅", r"\times": "×", r"\pm": "±", r"\wedge": "∧", r"\vee": "∨"}
RELATIONS = {"=": "=", "<": "<", ">": ">", r"\le": "≤", r"\ge": "≥", r"\ne": "≠", r"\leq": "≤", r"\geq": "≥"}
RELATIONS |= {r"\neq": "≠", r"\in": "∈", r"\notin": "∉", r"\to": "→", r"\mapsto": "↦", r"\leftarrow": "←", r"\approx": "≈"}
OPEN = {"(": "(", "[": "[", r"\{": "{", r"\langle": "⟨"}
CLOSE = {")": ")", "]": "]", r"\}": "}", r"\rangle": "⟩"}
BARS = {"|": "|", r"\vert": "|", r"\|": "‖"}
DELIMITERS = {**OPEN, **CLOSE, **BARS, "/": "/", ".": ""}
SPACES = {r"\,": 0.167, r"\:": 0.222, r"\;": 0.278, r"\!": -0.167, r"\ ": 0.333, "~": 0.333, r"\quad": 1.0, r"\qquad": 2.0}
THIN = SPACES[r"\,"]
ALONE = re.compile(r"[(\[^_,;)\]}&]|\\(?:left|right|[bB]igg?[lr]|quad|qquad|end|[\\,:; }])")  # after a function without a space
SIZES = {"big": 1.2, "Big": 1.8, "bigg": 2.4, "Bigg": 3.0}  # em
ACCENTS = {"dot": "˙", "ddot": "¨", "hat": "^", "widehat": "^", "tilde": "˜", "widetilde": "˜", "bar": "¯", "overline": "¯"}
ACCENTS |= {"vec": "→", "check": "ˇ", "breve": "˘", "acute": "´", "grave": "`", "mathring": "˚"}
DOUBLE_STRUCK = {"R": "ℝ", "C": "ℂ", "N": "ℕ", "Q": "ℚ", "Z": "ℤ"}
STYLES = {"displaystyle": "true", "textstyle": "false"}
PAIRS = {"aligned", "align*"}  # environments whose columns are left and right sides
TABLES = {"pmatrix": ("(", ")"), "cases": ("{", "")} | dict.fromkeys(("array", "gather*", *PAIRS), ("", ""))  # with brackets


class UnknownLatex(ValueError):
    """LaTeX that is not in the dialect."""


@dataclass(frozen=True)
class _Node:
    """A piece of MathML, and what it is for the space around it: ord, function, binary, relation, open, close, space."""

    kind: str
    text: str


def mathml(latex: str, display: bool = False) -> str:
    r"""Return a formula as MathML; ``display`` for one on a line of its own.

    Raises `UnknownLatex` for LaTeX that is not in the dialect.

    >>> print(mathml(r"-\tfrac{1}{2} \log a"))
    <math><mo form="prefix">−</mo><mstyle displaystyle="false"><mfrac><mn>1</mn><mn>2</mn></mfrac></mstyle><mspace
    width="0.167em"/><mi>log</mi><mspace width="0.167em"/><mi>a</mi></math>
    >>> mathml(r"\input{x}")
    Traceback (most recent call last):
    ...
    symplrnn.emit.report.mathml.UnknownLatex: MathML: \input is not among the commands that are known
    """
    reader = _Reader(latex)
    nodes = reader.row(())
    if reader.peek():
        raise UnknownLatex(f"MathML: {reader.peek()} has no partner")
    kind = ' display="block"' if display else ""
    return f"<math{kind}>{_joined(nodes)}</math>"


def balanced(text: str, start: int) -> tuple[str, int]:
    """Return what is in the braces that begin at a place of a text, and the place after them.

    >>> balanced("a{b{c}}d", 1)
    ('b{c}', 7)
    """
    depth = 0
    for k in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[k], 0) * (k == 0 or text[k - 1] != "\\")
        if depth == 0:
            return text[start + 1 : k], k + 1
    raise UnknownLatex("MathML: a brace is not closed")


def _joined(nodes: list[_Node]) -> str:
    return "".join(node.text for node in nodes)


def _row(nodes: list[_Node]) -> str:
    """Return nodes as one element."""
    return nodes[0].text if len(nodes) == 1 else f"<mrow>{_joined(nodes)}</mrow>"


def _space(width: float) -> _Node:
    return _Node("space", f'<mspace width="{width:.3g}em"/>')


def _fence(text: str, form: str) -> str:
    return f'<mo stretchy="true" fence="true" form="{form}">{escape(text)}</mo>' if text else ""


class _Reader:
    """Reads LaTeX token by token."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = TOKEN.findall(text)
        self.at = 0

    def peek(self) -> str:
        """Return the next token that is no white space; empty at the end."""
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def expect(self, wanted: str) -> None:
        found = self.next()
        if found != wanted:
            raise UnknownLatex(f"MathML: expected {wanted}, got {found or 'the end'}")

    def verbatim(self) -> str:
        """Return the text in the braces that come next."""
        self.expect("{")
        rest = "".join(self.tokens[self.at - 1 :])
        inside, _ = balanced(rest, 0)
        length = 0
        while length < len(inside) + 1:
            length += len(self.tokens[self.at])
            self.at += 1
        return inside

    def group(self) -> list[_Node]:
        """Return an argument: what is in braces, or one token."""
        if self.peek() == "{":
            self.at += 1
            found = self.row(("}",))
            self.expect("}")
            return found
        if self.peek()[:1].isdigit() and len(self.peek()) > 1:  # x^12 is x^1 2
            number = self.next()
            self.at -= 1
            self.tokens[self.at : self.at + 1] = [number[0], number[1:]]
        found = []
        self.atom(found, False)
        return found

    def argument(self) -> str:
        return _row(self.group())

    def optional(self) -> str | None:
        """Return what is in square brackets, if they come next without a space."""
        if self.at >= len(self.tokens) or self.tokens[self.at] != "[":
            return None
        end = self.tokens.index("]", self.at)
        found = "".join(self.tokens[self.at + 1 : end])
        self.at = end + 1
        return found

    def row(self, ends: Collection[str], after: str = "") -> list[_Node]:
        """Return the nodes up to one of the tokens; ``after`` is the kind of what stands before them."""
        nodes: list[_Node] = []
        while (token := self.peek()) and token not in ends:
            if token in STYLES or token[1:] in STYLES:
                self.at += 1
                inside = self.row(ends)
                nodes.append(_Node("ord", f'<mstyle displaystyle="{STYLES[token[1:]]}">{_joined(inside)}</mstyle>'))
                break
            before = next((node.kind for node in reversed(nodes) if node.kind != "space"), after)
            self.atom(nodes, before in ("", "binary", "relation", "open"))
        return nodes

    def atom(self, nodes: list[_Node], starts: bool) -> None:
        """Read one atom, or the scripts of the last one; ``starts`` says that a sign is that of what follows it."""
        token = self.next()
        if token in ("^", "_", "'"):
            self._scripts(nodes, token)
        elif token == "{":
            inside = self.row(("}",))
            self.expect("}")
            if inside:
                kind = inside[0].kind if len(inside) == 1 else "ord"
                nodes.append(_Node(kind, _row(inside)))
        elif token.startswith(r"\begin{"):
            nodes.append(_Node("ord", self._table(token[7:-1])))
        elif token[:1].isdigit():
            nodes.append(_Node("ord", f"<mn>{token}</mn>"))
        elif token.isalpha():
            nodes.append(_Node("ord", f"<mi>{escape(token)}</mi>"))
        elif not self._symbol(nodes, token, starts) and not (token[:1] == "\\" and self._command(nodes, token[1:], starts)):
            raise UnknownLatex(f"MathML: {token or 'the end'} is not among the commands that are known")

    def _symbol(self, nodes: list[_Node], token: str, starts: bool) -> bool:
        """Add an operator, a bracket, a mark or a space; return whether the token is one."""
        if token in SPACES:
            nodes.append(_space(SPACES[token]))
        elif token in BINARY:
            form = ' form="prefix"' if starts else ' form="infix"'
            nodes.append(_Node("binary", f"<mo{form}>{BINARY[token]}</mo>"))
        elif token in RELATIONS:
            nodes.append(_Node("relation", f"<mo>{escape(RELATIONS[token])}</mo>"))
        elif token == ":":  # with its own space, since browsers leave it out beside text
            space = _space(SPACES[r"\;"]).text
            nodes.append(_Node("relation", f'{space}<mo lspace="0" rspace="0">:</mo>{space}'))
        elif token in OPEN:
            nodes.append(_Node("open", f'<mo stretchy="false" form="prefix">{OPEN[token]}</mo>'))
        elif token in CLOSE:
            nodes.append(_Node("close", f'<mo stretchy="false" form="postfix">{CLOSE[token]}</mo>'))
        elif token in BARS:
            nodes.append(_Node("ord", f'<mo stretchy="false">{BARS[token]}</mo>'))
        elif token in (",", ";"):
            nodes.append(_Node("open", f'<mo separator="true">{token}</mo>'))
        elif token in (".", "!"):
            nodes.append(_Node("ord", f"<mtext>{token}</mtext>"))
        elif token in (r"\%", r"\_", r"\&", r"\#", r"\$"):
            nodes.append(_Node("ord", f"<mtext>{escape(token[1])}</mtext>"))
        else:
            return False
        return True

    def _command(self, nodes: list[_Node], name: str, starts: bool) -> bool:
        """Add what a command prints; return whether it is known."""
        if name in GREEK or name in UPRIGHT:
            variant = ' mathvariant="normal"' if name in UPRIGHT else ""
            nodes.append(_Node("ord", f"<mi{variant}>{(GREEK | UPRIGHT)[name]}</mi>"))
        elif name in FUNCTIONS or name == "operatorname":
            self._function(nodes, self.verbatim() if name == "operatorname" else name, starts)
        elif name in ("frac", "tfrac", "dfrac"):
            text = f"<mfrac>{self.argument()}{self.argument()}</mfrac>"
            style = {"tfrac": "false", "dfrac": "true"}.get(name)
            nodes.append(_Node("ord", text if style is None else f'<mstyle displaystyle="{style}">{text}</mstyle>'))
        elif name == "sqrt":
            degree = self.optional()
            inside = self.argument()
            root = f"<msqrt>{inside}</msqrt>" if degree is None else f"<mroot>{inside}{_row(_Reader(degree).row(()))}</mroot>"
            nodes.append(_Node("ord", root))
        elif name in ("int", "sum", "prod"):
            nodes.append(_Node("function", f"<mo>{ {'int': '∫', 'sum': '∑', 'prod': '∏'}[name] }</mo>"))
        elif name in ACCENTS:
            stretch = "true" if name.startswith(("wide", "over")) else "false"
            nodes.append(
                _Node("ord", f'<mover accent="true">{self.argument()}<mo stretchy="{stretch}">{ACCENTS[name]}</mo></mover>')
            )
        elif name == "left":
            nodes.append(self._fenced())
        elif name.rstrip("lr") in SIZES:
            self._sized(nodes, name)
        elif name in ("text", "mathrm", "mathsf", "mathbf", "boldsymbol", "mathbb", "mathcal"):
            nodes.append(self._lettered(name))
        elif name == "rule":  # space above a row
            self.verbatim(), self.verbatim()
        else:
            return False
        return True

    def _function(self, nodes: list[_Node], name: str, starts: bool) -> None:
        """Add a function with the space around it that TeX puts there."""
        if not starts and nodes and nodes[-1].kind in ("ord", "close"):
            nodes.append(_space(THIN))
        following = "".join(self.tokens[self.at : self.at + 6]).replace(" ", "").lstrip("{")
        nodes.append(_Node("function", f"<mi>{escape(name)}</mi>"))
        if following and not ALONE.match(following):
            nodes.append(_space(THIN))

    def _fenced(self) -> _Node:
        left = self._delimiter()
        inside = self.row((r"\right",))
        self.expect(r"\right")
        right = self._delimiter()
        return _Node("open", f"<mrow>{_fence(left, 'prefix')}{_joined(inside)}{_fence(right, 'postfix')}</mrow>")

    def _delimiter(self) -> str:
        token = self.next()
        if token not in DELIMITERS:
            raise UnknownLatex(f"MathML: {token or 'the end'} is no delimiter")
        return DELIMITERS[token]

    def _sized(self, nodes: list[_Node], name: str) -> None:
        size, symbol = SIZES[name.rstrip("lr")], self._delimiter()
        kind = {"l": "open", "r": "close"}.get(name[-1], "ord")
        form = {"open": "prefix", "close": "postfix"}.get(kind, "infix")
        nodes.append(
            _Node(kind, f'<mo stretchy="true" symmetric="true" form="{form}" minsize="{size}em" maxsize="{size}em">{symbol}</mo>')
        )

    def _lettered(self, name: str) -> _Node:
        if name == "text":
            return _text(self.verbatim())
        inside = self.verbatim() if self.peek() == "{" else self.next()
        if name == "mathbb":
            inside = DOUBLE_STRUCK.get(inside, "")
        if not inside.isalnum():
            raise UnknownLatex(f"MathML: \\{name} of {inside or 'this'} is not among the commands that are known")
        weight = ' style="font-weight:bold"' if name in ("mathbf", "boldsymbol") else ""
        return _Node("ord", f'<mi mathvariant="normal"{weight}>{escape(inside)}</mi>')

    def _scripts(self, nodes: list[_Node], token: str) -> None:
        """Put the scripts that follow on the last node."""
        below, primes = "", ""
        above: list[str] = []
        while token in ("^", "_", "'"):
            if token == "_":
                below = self.argument()
            elif token == "^":
                above.append(self.argument())
            else:
                primes += "′"
            token = self.peek()
            if token in ("^", "_", "'"):
                self.at += 1
        if primes:
            above.insert(0, f"<mo>{primes}</mo>")
        upper = above[0] if len(above) == 1 else f"<mrow>{''.join(above)}</mrow>" if above else ""
        base = nodes.pop() if nodes and nodes[-1].kind != "space" else _Node("ord", "<mrow></mrow>")
        limits = base.text in ("<mo>∑</mo>", "<mo>∏</mo>", "<mi>max</mi>", "<mi>min</mi>")
        both, low, high = ("munderover", "munder", "mover") if limits else ("msubsup", "msub", "msup")
        tag = both if below and upper else low if below else high
        nodes.append(_Node("ord", f"<{tag}>{base.text}{below}{upper}</{tag}>"))
        if base.kind == "function":
            nodes.append(_space(THIN))

    # Tables

    def _table(self, name: str) -> str:
        """Return the table of an environment up to its end."""
        if name not in TABLES:
            raise UnknownLatex(f"MathML: the environment {name} is not known")
        ruled = _ruled_columns(self.verbatim()) if name == "array" else set()
        if name == "aligned":
            self.optional()
        paired, end = name in PAIRS, rf"\end{{{name}}}"
        rows: list[list[str]] = [[]]
        below_line: list[bool] = [self._line()]
        while True:
            second = paired and len(rows[-1]) % 2  # begins with a relation
            rows[-1].append(_joined(self.row(("&", r"\\", end), "ord" if second else "")))
            token = self.next()
            if token == end:
                break
            if token == r"\\":
                if self.at < len(self.tokens) and self.tokens[self.at] == "*":
                    self.at += 1
                self.optional()
                rows.append([])
                below_line.append(self._line())
            elif token != "&":
                raise UnknownLatex(f"MathML: {end} is missing")
        if not any(rows[-1]):  # after the last line break
            rows.pop()
        text = "".join(_table_row(cells, ruled, line) for cells, line in zip(rows, below_line, strict=False))
        left, right = TABLES[name]
        kind = ' class="aligned" columnalign="right left" displaystyle="true"' if paired else ""
        kind = {"gather*": ' displaystyle="true"', "cases": ' class="cases" columnalign="left"'}.get(name, kind)
        table = f"<mtable{kind}>{text}</mtable>"
        return f"<mrow>{_fence(left, 'prefix')}{table}{_fence(right, 'postfix')}</mrow>" if left else table

    def _line(self) -> bool:
        """Pass over a horizontal line; return whether there is one."""
        found = self.peek() == r"\hline"
        self.at += found
        return found


def _ruled_columns(shape: str) -> set[int]:
    """Return the columns of an array that have a line to their left."""
    found, columns = set(), 0
    for letter in re.sub(r"@\{[^{}]*\}", "", shape):
        if letter == "|":
            found.add(columns)
        else:
            columns += 1
    return found


def _table_row(cells: list[str], ruled: set[int], line: bool) -> str:
    found = []
    for k, cell in enumerate(cells):
        style = " ".join(["rule-left"] * (k in ruled) + ["rule-top"] * line)
        found.append(f'<mtd class="{style}">{cell}</mtd>' if style else f"<mtd>{cell}</mtd>")
    return f"<mtr>{''.join(found)}</mtr>"


def _text(content: str) -> _Node:
    """Return text with formulas between dollar signs."""
    parts = []
    for k, part in enumerate(content.split("$")):
        if k % 2:
            parts.append(_row(_Reader(part).row(())))
        elif part:
            words = re.sub(r"\\([ %_&#])|~", lambda found: found[1] or " ", part)
            if "\\" in words or "{" in words:
                raise UnknownLatex(f"MathML: the text {part!r} has commands that are not known")
            parts.append(f"<mtext>{escape(words).replace(' ', chr(160))}</mtext>")
    return _Node("ord", parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>")
