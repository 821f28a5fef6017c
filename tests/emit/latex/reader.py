r"""A reader of the LaTeX that regions are printed in: it evaluates a page at values of the letters, with mpmath.

It knows the subset of TeX that `symplrnn.emit.latex` prints and nothing of how it is made. A page is read into definitions, each with
the condition under which it stands; a name is evaluated where it is used. A name that no case defines at some values raises
`Uncovered`, one that two define raises `Ambiguous`, and a symbol that is not defined at all raises `Undefined`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import mpmath as mp

DIGITS = 60
ZERO = mp.mpf(10) ** -35
CERTAIN = mp.mpf(10) ** -29  # of integrals, which are finer where a pole is near
INNER = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*"
TOKEN = re.compile(rf"\\text\{{{INNER}\}}|\\[a-zA-Z]+|\\.|\d+\.\d+\\ldots|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
DISPLAY = re.compile(r"\\begin\{(align\*|equation\*)\}(.*?)\\end\{\1\}", re.DOTALL)
SPACES = {r"\ ", r"\,", r"\;", r"\:", r"\!", r"\quad", r"\qquad", r"\hline", r"\displaystyle"}
OPEN, CLOSE = {"{", "(", r"\{", "["}, {"}", ")", r"\}", "]"}
BRACKETS = {"(", ")", r"\{", r"\}", "[", "]"}
ALIASES = {
    r"\tfrac": r"\frac",
    r"\dfrac": r"\frac",
    r"\approx": "=",
    r"\leq": r"\le",
    r"\geq": r"\ge",
    r"\neq": r"\ne",
    r"\text{for}": r"\text{if }",
}  # SymPy's words
RELATIONS = {"<", ">", r"\le", r"\ge", r"\ne", "=", r"\in"}
SIZES = {r"\left", r"\right", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr"}
Tokens = list[str]


class Undefined(Exception):
    """A page uses a symbol that it does not define."""


class Uncovered(Exception):
    """No case of a page holds at some values."""


class Ambiguous(Exception):
    """Two cases of a page hold at the same values."""


def tokens_of(text: str) -> Tokens:
    """Return the tokens of a text, without spaces, heights of lines and sizes of brackets."""
    text = text.replace(r"{\Delta t}", r"{\mathrm{dt}}")  # one letter
    text = re.sub(r"\\(?:noalign|rule\{[^{}]*\})\{[^{}]*\}", " ", text)
    text = re.sub(r"\\\\\*?(?:\[[^\]]*\])?", lambda _: r" \\ ", text).replace(r"\begin{aligned}[t]", r"\begin{aligned}")
    found: Tokens = []
    blocks: list[bool] = []  # the environments around: whether they are lines of one expression
    listed = [ALIASES.get(t, t) for t in TOKEN.findall(text) if not t.isspace() and t not in SPACES and t not in SIZES]
    k = 0
    while k < len(listed):
        t, lines = listed[k], listed[k + 1 : k + 10] == ["{", *"aligned", "}"]
        if t == r"\begin":
            blocks.append(lines)
        elif t == r"\end":
            blocks.pop()
        if t in (r"\begin", r"\end") and lines:
            k += 10
            continue
        if not (blocks and blocks[-1] and t in ("&", r"\\")):
            found.append(t)
        k += 1
    return found


def split(tokens: Tokens, at: Callable[[str], bool], brackets: bool = True) -> list[Tokens]:
    """Return the parts between separators outside of all environments, and of all brackets, which may end on another line."""
    parts: list[Tokens] = [[]]
    depth = 0
    for t in tokens:
        if depth == 0 and at(t):
            parts.append([])
            continue
        if brackets or t not in BRACKETS:
            depth += (t in OPEN or t == r"\begin") - (t in CLOSE or t == r"\end")
        parts[-1].append(t)
    return parts


@dataclass
class Definition:
    """What a name is, where a condition holds (always without one); one equal sign may follow another."""

    values: list[Tokens]
    condition: Tokens | None


@dataclass
class Scope:
    """The definitions of one region."""

    condition: Tokens | None = None
    definitions: dict[str, list[Definition]] = field(default_factory=dict)
    functions: dict[str, tuple[str, Tokens, Tokens]] = field(default_factory=dict)
    roots: dict[str, tuple[str, int, Tokens]] = field(
        default_factory=dict
    )  # polynomial, place among the negative ones, all words
    equilibria: list[Definition] = field(default_factory=list)


class Page:
    """The definitions of a page, by regions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.scopes: list[Scope] = []
        for _, body in DISPLAY.findall(text):
            self._display(body)

    def _display(self, body: str) -> None:
        lines: list[Tokens] = []
        for line in split(tokens_of(body), lambda t: t == r"\\", brackets=False):
            heading = line[:1] == ["&"] and line[1:2] and re.match(r"\\text\{(in |In |Case |In all)", line[1])
            if line[:1] == ["&"] and not heading and lines:
                lines[-1] += line[1:]
            else:
                lines.append(line)
        case: Tokens | None = None
        if not (self.scopes and lines[0][1:2] and lines[0][1].startswith(r"\text{Case")):
            self.scopes.append(Scope())
        scope = self.scopes[-1]
        for line in lines:
            head = line[1] if line[:1] == ["&"] and len(line) > 1 else ""
            if head.startswith(r"\text{Case"):
                case = _after(line, "where")
            elif head.startswith(r"\text{In all cases"):
                case = None
            elif head.startswith((r"\text{in ", r"\text{In ")):
                scope.condition = _after(line, "where") or _after(line, "if ")
            else:
                self._definitions(scope, [t for t in line if t != "&"] if r"\begin" not in line else _unmarked(line), case)

    def _definitions(self, scope: Scope, line: Tokens, case: Tokens | None) -> None:
        if line[:1] == [r"\text{equilibria}"]:
            scope.equilibria.append(Definition([line[2:]], case))
            return
        items = split(line, lambda t: t == ",")
        for k, item in enumerate(items):
            left, *values = split(item, lambda t: t == "=")
            name = "".join(left)
            if not values or not left or left[0] in (r"\dot", r"\begin") or name.startswith((r"\frac{d}", r"(\dot")):
                continue
            if r"\leftarrow" in left or r"\in" in left:
                continue
            called = re.fullmatch(r"([a-z](?:_\{[^{}]*\})?)\((.*)\)", name)
            if called and not values[-1]:
                continue
            if called and values[-1] == ["0"]:
                names = ["".join(v)[len(called[1]) + 1 : -1] for v in [left, *values[:-1]]]
                for place, root in enumerate(names):
                    scope.roots[root] = called[1], place, items[k + 1]
            elif called:
                scope.functions[called[1]] = called[2], values[0], values[-1]
            else:
                scope.definitions.setdefault(name, []).append(Definition(values, case))

    def defines(self, name: str) -> bool:
        """Return whether a matrix is defined anywhere, as a whole or in parts."""
        return any(
            name in scope.definitions or any(f"({name})_" in k or f"[{name}]_" in k for k in scope.definitions)
            for scope in self.scopes
        )

    def at(self, values: Mapping[str, object], n: int, given: Mapping[str, object]) -> list[Values]:
        """Return the scopes at values of the letters; ``given`` are matrices that the page refers to without defining them."""
        letters = dict(values)
        found = [Values(self, scope, letters, n, given) for scope in self.scopes]
        for each in found:
            each.others = found
        return found


def _unmarked(line: Tokens) -> Tokens:
    """Return a line without its first mark of alignment; those of tables stay."""
    k = next((k for k, t in enumerate(line) if t in ("&", r"\begin")), None)
    return line if k is None or line[k] != "&" else line[:k] + line[k + 1 :]


def _after(line: Tokens, word: str) -> Tokens | None:
    """Return what follows a word in a heading, without the colon at its end; None without the word."""
    k = next((k for k, t in enumerate(line) if t.startswith(r"\text{") and word in t), None)
    if k is None:
        return None
    rest = line[k + 1 :]
    return rest[:-3] if rest[-3:] == ["{", ":", "}"] else rest


class Values:
    """A scope at values of the letters."""

    def __init__(self, page: Page, scope: Scope, letters: Mapping[str, object], n: int, given: Mapping[str, object]) -> None:
        self.page, self.scope, self.letters, self.n, self.given = page, scope, letters, n, given
        self.bound: dict[str, object] = {}
        self.known: dict[str, object] = {}
        self.others: list[Values] = [self]

    @property
    def holds(self) -> bool:
        """Whether the heading's condition holds."""
        return self.scope.condition is None or self.truth(self.scope.condition)

    def has(self, name: str) -> bool:
        """Return whether the scope defines a matrix at these values, as a whole or in parts."""
        return any(
            (key == name or f"({name})_" in key or f"[{name}]_" in key) and any(self._stands(d) for d in listed)
            for key, listed in self.scope.definitions.items()
        )

    def _stands(self, definition: Definition) -> bool:
        return definition.condition is None or self.truth(definition.condition)

    def lookup(self, name: str) -> object:
        """Return the value of a name."""
        if name in self.bound:
            return self.bound[name]
        if name not in self.known:
            self.known[name] = self._value(name)
        return self.known[name]

    def _value(self, name: str) -> object:
        if "r" in self.bound and (found := self._member(name)) is not None:
            return found
        if name in self.scope.definitions:
            listed = [d for d in self.scope.definitions[name] if self._stands(d)]
            if not listed and self._parts(name):
                return self._assembled(name)
            if len(listed) != 1:
                raise (Ambiguous if listed else Uncovered)(name)
            values = [self.value(v) for v in listed[0].values]
            if any(_distance(values[0], v) > ZERO for v in values[1:]):
                raise AssertionError(f"{name}: the two sides of an equation differ")
            return values[-1]
        if name in self.scope.roots:
            return self._root(name)
        if name in self.letters:
            return self.letters[name]
        if name == "I":
            return mp.eye(self.n)
        family = re.sub(r",\d+\}$", ",k}", name)
        if family in self.scope.definitions and family != name:
            return self.with_bound("k", int(re.search(r"(\d+)\}$", name)[1])).lookup(family)
        found = self._member(name)
        if found is not None:
            return found
        if self._parts(name):
            return self._assembled(name)
        if name in self.given:
            return self.given[name]
        if name.startswith("["):
            return self._block(*re.fullmatch(r"\[(.*)\]_\{(.*)\}", name).groups())
        if "Omega" not in name and self._shared(name):
            return self._evaluated(name)
        for other in self.others:
            if other is not self and (name in other.scope.definitions or other._parts(name)) and "_" in name:
                return other.lookup(name)
        raise Undefined(name)

    def _shared(self, name: str) -> list[Definition]:
        """Return the definitions of a name that several regions share: they are read with the values of this one."""
        found = [each.scope.definitions[name] for each in self.others if name in each.scope.definitions]
        return self.scope.definitions.get(name) or (found[0] if found else [])

    def _evaluated(self, name: str) -> object:
        listed = [d for d in self._shared(name) if self._stands(d)]
        if len(listed) != 1:
            raise (Ambiguous if listed else Uncovered)(name)
        return self.value(listed[0].values[-1])

    def _function(self, name: str) -> tuple[str, Tokens, Tokens] | None:
        found = [self.scope, *(each.scope for each in self.others)]
        return next((scope.functions[name] for scope in found if name in scope.functions), None)

    def _member(self, name: str) -> object | None:
        """Return a member of a family: iota_r by its definition for r, B_r by recursion, e_r from det(I + t N)."""
        member = re.fullmatch(r"(.*?)_(?:\{(?:j,)?([r\d+-]*)\}|([r\d]))", name)
        if not member or not (member[2] or member[3]):
            return None
        terms = re.findall(r"[+-]?(?:r|\d+)", member[2] or member[3])
        r = sum(int(x) if x.lstrip("+-").isdigit() else int(self.bound["r"]) for x in terms) if "r" in self.bound else None
        r = int(terms[0]) if r is None and terms[0].isdigit() else r
        stem = member[1]
        if r is None:
            return None
        if stem == "B" and r == 0 and self._shared("B_r") + self._shared("B_{r}"):
            return mp.eye(self.n)
        for family in (f"{stem}_{{r}}", f"{stem}_r", f"{stem}_{{j,r}}"):
            if self._shared(family) and ("j" in family) == ("j" in name):
                inner = self.with_bound("r", mp.mpf(r))
                listed = inner._shared(family)
                return inner.value(listed[0].values[-1])
        q = self._function("q")
        if q and any(x in "".join(q[2]) for x in (f"{stem}_{{{r}}}", f"{stem}_s")):
            return self._symmetric(r)
        return None

    def _symmetric(self, k: int) -> object:
        """Return the coefficient of t^k in det(I + t N), with the leading terms that the page writes out."""
        N = self.lookup("N")
        points = [mp.mpf(j) for j in range(N.rows + 1)]
        table = mp.matrix([[x**j for j in range(N.rows + 1)] for x in points])
        values = mp.matrix([determinant(mp.eye(N.rows) + x * N) for x in points])
        return mp.lu_solve(table, values)[k]

    def _parts(self, name: str) -> list[str]:
        return [key for key in self.scope.definitions if key.startswith((f"({name})_", f"[{name}]_"))]

    def _assembled(self, name: str) -> object:
        """Return a matrix that is given by blocks and entries."""
        places: dict[tuple[int, int], object] = {}
        n = self.n
        for key in self._parts(name):
            index = key.rsplit("_{", 1)[1][:-1]
            if not any(self._stands(d) for d in self.scope.definitions[key]):
                continue
            value = self.lookup(key)
            if key.startswith("("):
                i, j = (int(index[0]), int(index[1])) if len(index) == 2 else (int(index), 1)
                places[i - 1, j - 1] = value
                continue
            if index.startswith(r"\cdot"):
                first = int(re.search(r"\d+", index)[0]) - 1
                places |= {(i, first + j): value[i, j] for i in range(value.rows) for j in range(value.cols)}
                continue
            top, left = (n if part == "u" or part.startswith("u_") else 0 for part in re.findall(r"\\zeta|u(?:_\{\d\})?", index))
            block = value if isinstance(value, mp.matrix) else mp.matrix([[value]])
            places |= {(top + i, left + j): block[i, j] for i in range(block.rows) for j in range(block.cols)}
        if not places:
            raise Uncovered(name)
        rows, columns = (max(place[k] for place in places) + 1 for k in (0, 1))
        missing = [(i, j) for i in range(rows) for j in range(columns) if (i, j) not in places]
        if missing:
            raise Undefined(f"{name}: the entries {missing}")
        return mp.matrix([[places[i, j] for j in range(columns)] for i in range(rows)])

    def _block(self, name: str, index: str) -> object:
        """Return a block for zeta and u of a matrix, of which the entries are printed."""
        places = {
            (int(key[-3]) - 1, int(key[-2]) - 1): self.lookup(key)
            for key in self._parts(name)
            if key.startswith("(") and any(self._stands(d) for d in self.scope.definitions[key])
        }
        if not places:
            raise Undefined(f"[{name}]_{{{index}}}")
        size = max(max(place) for place in places) + 1
        rows, columns = (range(self.n, size) if part == "u" else range(self.n) for part in re.findall(r"\\zeta|u", index))
        return mp.matrix([[places[i, j] for j in columns] for i in rows])

    def _root(self, name: str) -> object:
        """Return a negative root of a polynomial, counted from the smallest one."""
        p, place, words = self.scope.roots[name]
        text = "".join(words)
        real = sorted(mp.re(r) for r in self.roots(p) if abs(mp.im(r)) < ZERO)
        if text.endswith("<0"):
            return [r for r in real if r < 0][place]
        low, high = (self.value(x) for x in (split(words, lambda t: t == "<")[k] for k in (0, -1)))
        [root] = [r for r in real if low < r < high]
        return root

    def coefficients(self, name: str) -> list[object]:
        """Return the coefficients of a polynomial from the leading one down."""
        if name not in self.scope.functions:
            raise Undefined(name)
        variable, tokens, _ = self.scope.functions[name]
        powers = re.findall(re.escape(variable) + r"\^\{(\d+)\}", "".join(tokens))
        degree = max([1, *map(int, powers)])
        points = [mp.mpf(k) for k in range(degree + 1)]
        values = [self.with_bound(variable, x).value(tokens) for x in points]
        table = mp.matrix([[x ** (degree - k) for k in range(degree + 1)] for x in points])
        return list(mp.lu_solve(table, mp.matrix(values)))

    def roots(self, name: str) -> list[object]:
        """Return the roots of a polynomial."""
        c = self.coefficients(name)
        while abs(c[0]) < ZERO:
            c = c[1:]
        return list(mp.polyroots(c, maxsteps=400, extraprec=400)) if len(c) > 1 else []

    def with_bound(self, name: str, value: object) -> Values:
        """Return the same scope with a value for a bound variable."""
        inner = Values(self.page, self.scope, self.letters, self.n, self.given)
        inner.bound, inner.others = {**self.bound, name: value}, self.others
        return inner

    def value(self, tokens: Tokens) -> object:
        """Return the value of an expression."""
        parser = _Parser(tokens, self)
        found = parser.sum()
        if parser.rest():
            raise AssertionError(f"not read: {' '.join(parser.rest()[:20])}")
        return found

    def truth(self, tokens: Tokens) -> bool:
        """Return whether a condition holds."""
        tokens = [t for t in tokens if t != "&"]
        for separator, joined in ((",", all), (r"\text{or}", any), (r"\vee", any), (r"\wedge", all)):
            parts = split(tokens, lambda t: t == separator)  # noqa: B023
            if len(parts) > 1:
                return bool(joined([self.truth(part) for part in parts]))
        if len(tokens) == 1:
            return {r"\text{always}": True, r"\text{never}": False}[tokens[0]]
        sides = split(tokens, lambda t: t in RELATIONS)
        if len(sides) == 3:  # -1 < a < 1
            first = len(sides[0]) + 1
            return self.truth(tokens[: first + len(sides[1])]) and self.truth(tokens[first:])
        if len(sides) == 1 and tokens[0] == "(":
            return self.truth(tokens[1:-1])
        [left, right] = sides
        relation = tokens[len(left)]
        if relation == r"\in":
            c, N = self.value(left), self.value(right[right.index("(") :])
            return rank(N) == rank(joined_columns(N, c))
        difference = self.value(left) - self.value(right)
        if abs(mp.im(difference)) > ZERO:
            raise AssertionError("a condition on a number that is not real")
        sign = 0 if abs(difference) < ZERO else 1 if mp.re(difference) > 0 else -1
        return sign in {"<": (-1,), ">": (1,), r"\le": (-1, 0), r"\ge": (0, 1), r"\ne": (-1, 1), "=": (0,)}[relation]

    def chosen(self, rows: list[Tokens]) -> Tokens:
        """Return the value of the one row of a brace that holds."""
        found, before = [], False
        for row in rows:
            if r"\text{if }" in row:
                value, where = split(row, lambda t: t == r"\text{if }")
            else:
                value, where = split(row, lambda t: t == "&")
            holds = not before if where == [r"\text{otherwise}"] else self.truth(where)
            before = before or holds
            if holds:
                found.append(value[:-1] if value[-1] == "," else value)
        if len(found) != 1:
            raise (Ambiguous if found else Uncovered)(f"{len(found)} of {len(rows)} rows of a brace hold")
        return found[0]

    @property
    def equilibria(self) -> Tokens:
        """What is said of the equilibria at these values."""
        listed = [d for d in self.scope.equilibria if self._stands(d)]
        if len(listed) != 1:
            raise (Ambiguous if listed else Uncovered)("equilibria")
        [tokens] = listed[0].values
        return self.chosen(_rows(tokens)[0]) if tokens[0] == r"\begin" else tokens


class _Parser:
    """Evaluates an expression from left to right."""

    def __init__(self, tokens: Tokens, values: Values) -> None:
        self.tokens, self.values, self.at = tokens, values, 0

    def peek(self) -> str:
        while self.at < len(self.tokens) and self.tokens[self.at] == "&":
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def rest(self) -> Tokens:
        self.peek()
        return self.tokens[self.at :]

    def next(self) -> str:
        self.peek()
        self.at += 1
        return self.tokens[self.at - 1]

    def group(self) -> Tokens:
        """Return what is inside the brackets that come next."""
        depth, start = 0, self.at
        while True:
            t = self.tokens[self.at]
            depth += (t in OPEN or t == r"\begin") - (t in CLOSE or t == r"\end")
            self.at += 1
            if depth == 0:
                return self.tokens[start + 1 : self.at - 1]

    def argument(self) -> object:
        self.peek()
        return self.values.value(self.group()) if self.peek() == "{" else self.base()

    def sum(self) -> object:
        total: object = None
        while self.peek() and (self.peek() in "+-" or total is None):
            sign = 1
            while self.peek() in ("+", "-"):
                sign *= -1 if self.next() == "-" else 1
            term = self.product()
            total = sign * term if total is None else total + sign * term
        return total

    def product(self) -> object:
        value = self.factor()
        while self.peek() and self.peek() not in {"+", "-", ",", "=", ")", "]"} | RELATIONS:
            if self.peek() in (r"\cdot", r"\times"):
                self.next()
            elif self.peek() == r"\big":
                self.at += 2
                value = value / self.factor()
            elif self.peek() == "/":
                self.next()
                value = value / self.factor()
            else:
                value = _times(value, self.factor())
        return value

    def factor(self) -> object:
        value = self.base()
        while self.peek() == "^":
            self.next()
            exponent = self.argument()
            value = value ** int(exponent) if isinstance(value, mp.matrix) else value**exponent
        return value

    def base(self) -> object:
        t = self.peek()
        if t == "{":
            return self.values.value(self.group())
        if t == "(":
            parts = [self.values.value(part) for part in split(self.group(), lambda t: t == ",")]
            return parts[0] if len(parts) == 1 else joined_columns(*parts)
        if t == "[":
            return self.values.lookup("[" + "".join(self.group()) + "]" + self.scripts())
        self.next()
        if t[0].isdigit():
            return mp.mpf(t.removesuffix(r"\ldots"))  # an algebraic end of an interval, by its certified digits
        if t == "|":
            end = self.tokens.index("|", self.at)
            inner, self.at = self.tokens[self.at : end], end + 1
            return abs(self.values.value(inner))
        if t == r"\pi":
            return +mp.pi
        if t == "e" and self.peek() == "^":
            return +mp.e
        if t == r"\frac":
            return self.argument() / self.argument()
        if t == r"\sqrt":
            degree = self.values.value(self.group()) if self.peek() == "[" else 2
            return self.argument() ** (mp.mpf(1) / degree)
        if t == r"\varphi" or (t == r"\log" and self.peek() == "["):
            return self.difference(t)
        if t in (r"\log", r"\cos", r"\sin"):
            return getattr(mp, t[1:])(self.argument())
        if t in (r"\arctan", r"\arccos"):
            return {r"\arctan": mp.atan, r"\arccos": mp.acos}[t](self.argument())
        if t == r"\int":
            return self.integral()
        if t == r"\det":
            return determinant(self.base())
        if t == r"\operatorname":
            return self.operator("".join(self.group()))
        if t == r"\sum":
            return self.total()
        if t == r"\begin":
            self.at -= 1
            return self.environment()
        return self.name(t)

    def difference(self, function: str) -> object:
        """Return phi(x), or a divided difference of log or phi by its integral, which holds where points coincide, too."""
        text = self.values.page.text
        primes = 0
        while self.peek() == "'":
            primes += self.next() == "'"
        bracket = self.peek()
        points = [self.values.value(part) for part in split(self.group(), lambda t: t == ",")]
        if function == r"\varphi" and r"\varphi(x) = \frac{\log x}{x - 1}, \quad \varphi(1) = 1" not in text:
            raise Undefined(function)
        if bracket == "[" and r"f[x, y] = \frac{f(x) - f(y)}{x - y}, \quad f[x, x] = f'(x)" not in text:
            raise Undefined("divided differences")
        if primes:  # a derivative is a divided difference at one point, times a factorial
            points *= primes + 1
        elif bracket == "(" and len(points) == 1:
            x = points[0]
            return mp.mpf(1) if abs(x - 1) < ZERO else mp.log(x) / (x - 1)
        k, m = len(points), len(points) - (2 if function == r"\log" else 1)
        sign = (-1) ** (k if function == r"\log" else k - 1) * mp.factorial(primes)
        return sign * integrated(lambda t: t**m / mp.fprod(1 + t * (x - 1) for x in points), mp.mpf(0), mp.mpf(1))

    def integral(self) -> object:
        """Return an integral over a variable that follows an upright d."""
        ends = []
        for _ in range(2):
            self.next()
            ends.append(self.argument())
        start, end = self.at, self.tokens.index(r"\mathrm", self.at)
        variable = self.tokens[end + 4]
        inside = self.tokens[start:end]
        self.at = end + 5
        return integrated(lambda t: self.values.with_bound(variable, t).value(inside), *ends)

    def operator(self, name: str) -> object:
        if self.peek() == "_":
            self.next()
            name += "".join(self.group())
        if name == "Re":
            return mp.re(self.product())
        self.peek()
        inner = self.group()
        if inner[0] == "(" and name.startswith("atan"):
            inner = inner[1:-1]
        parts = [self.values.value(part) for part in split(inner, lambda t: t == ",")]
        if name == "diag":
            return mp.diag(parts)
        if name == "adj":
            return adjugate(parts[0])
        return mp.atan2(*parts) if name == "atan2" else mp.atan(parts[0])

    def total(self) -> object:
        """Return a sum over the roots of a polynomial."""
        self.next()
        under = "".join(self.group())
        if under == "r<s":
            return self.sum_below(int(self.values.lookup("s")))
        p, variable = re.fullmatch(r"(.*)\((.*)\)=0", under).groups()
        start, outer, found = self.at, self.values, None
        for root in outer.roots(p):
            self.at, self.values = start, outer.with_bound(variable, root)
            term = self.product()
            found = term if found is None else found + term
        self.values = outer
        return found

    def sum_below(self, count: int) -> object:
        """Return the sum of what follows for r = 0 ... count - 1."""
        start, outer, found = self.at, self.values, None
        for r in range(count):
            self.at, self.values = start, outer.with_bound("r", mp.mpf(r))
            term = self.product()
            found = term if found is None else found + term
        self.values = outer
        return found

    def environment(self) -> object:
        rows, end, kind = _rows(self.tokens[self.at :])
        self.at += end
        if kind == "cases":
            return self.values.value(self.values.chosen(rows))
        cells = [[self.values.value(cell) for cell in split(row, lambda t: t == "&")] for row in rows]
        if isinstance(cells[0][0], mp.matrix):  # (v, 0) over (z, u)
            return _Padded(cells[0][0])
        return mp.matrix(cells)

    def scripts(self) -> str:
        text = ""
        while self.peek() == "_" or (self.peek() == "^" and self.tokens[self.at + 1 : self.at + 3][-1] in ("(", r"\text{in}")):
            text += self.next()
            text += "{" + "".join(self.group()) + "}" if self.peek() == "{" else self.next()
        return text

    def name(self, t: str) -> object:
        if t in (r"\widetilde", r"\tilde", r"\mathrm"):
            t += "{" + "".join(self.group()) + "}"
        t += self.scripts()
        prime = self.peek() == "'"
        if prime:
            self.next()
        known = self.values._function(t) if self.peek() == "(" else None
        if known is not None:
            [x] = [self.values.value(self.group())]
            if not prime:
                return self.values.with_bound(known[0], x).value(known[1])
            c = self.values.coefficients(t)
            return mp.polyval([a * (len(c) - 1 - k) for k, a in enumerate(c[:-1])], x)
        return self.values.lookup(t)


@dataclass
class _Padded:
    """A column of the states, with 0 for the extra coordinates."""

    top: object


def _times(left: object, right: object) -> object:
    if isinstance(right, _Padded):
        return left[:, : right.top.rows] * right.top
    return left * right


def _rows(tokens: Tokens) -> tuple[list[Tokens], int, str]:
    """Return the rows of the environment that comes first, where it ends, and its name."""
    depth, k = 1, 0
    while depth:
        k += 1
        depth += (tokens[k] == r"\begin") - (tokens[k] == r"\end")
    start = tokens.index("}") + 1
    kind = "".join(tokens[2 : start - 1])
    if kind == "array":
        start = tokens.index("}", start) + 1
    rows = split(tokens[start:k], lambda t: t == r"\\")
    end = k + 1
    while tokens[end] != "}":
        end += 1
    return rows, end + 1, kind


def integrated(f: Callable[[object], object], low: object, high: object) -> object:
    """Return an integral to 30 digits, in parts that become shorter towards the ends, near which a pole may be."""
    points = [low, (15 * low + high) / 16, (3 * low + high) / 4, (low + 3 * high) / 4, (low + 15 * high) / 16, high]
    with mp.workdps(34):
        value, error = mp.quad(f, points, method="gauss-legendre", maxdegree=5, error=True)
        return value if error < CERTAIN else mp.quad(f, points, method="gauss-legendre", maxdegree=8)


def joined_columns(*parts: object) -> object:
    """Return matrices side by side."""
    rows = parts[0].rows
    return mp.matrix([[part[i, j] for part in parts for j in range(part.cols)] for i in range(rows)])


def determinant(N: object) -> object:
    """Return a determinant, also of a singular matrix, by expansion along its first row."""
    n = N.rows
    if n == 1:
        return N[0, 0]
    minors = (mp.matrix([[N[i, k] for k in range(n) if k != j] for i in range(1, n)]) for j in range(n))
    return mp.fsum((-1) ** j * N[0, j] * determinant(minor) for j, minor in enumerate(minors))


def adjugate(N: object) -> object:
    """Return the adjugate of a matrix."""
    n = N.rows

    def minor(i: int, j: int) -> object:
        kept = [[N[r, c] for c in range(n) if c != j] for r in range(n) if r != i]
        return determinant(mp.matrix(kept)) if kept else mp.mpf(1)

    return mp.matrix([[(-1) ** (i + j) * minor(j, i) for j in range(n)] for i in range(n)])


def rank(N: object) -> int:
    """Return the rank of a matrix whose entries are exact to many more digits than `ZERO` has."""
    rows = [[N[i, j] for j in range(N.cols)] for i in range(N.rows)]
    found = 0
    for j in range(N.cols):
        pivot = max(range(found, len(rows)), key=lambda i: abs(rows[i][j]), default=None)
        if pivot is None or abs(rows[pivot][j]) < ZERO:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][j] / rows[found][j]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def _distance(first: object, second: object) -> object:
    if isinstance(first, mp.matrix) and isinstance(second, mp.matrix):
        return max(abs(first[i, j] - second[i, j]) for i in range(first.rows) for j in range(first.cols))
    return abs(first - second)


def equilibria_word(tokens: Tokens) -> str:
    """Return in a word what a row about the equilibria says."""
    text = "".join(tokens)
    words = {r"\text{none}": "none", r"\text{onepoint}": "one point"}
    return words.get(text, "an affine subspace" if text.startswith((r"\{", r"\text{an")) else "one point")
