"""Small random networks with letters, square roots and numbers, values of their letters, and what pages of LaTeX say at them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import mpmath as mp
import sympy as sp

import symplrnn as sr
from tests.emit.latex.reader import DIGITS, Ambiguous, Page, Uncovered, Undefined, Values, equilibria_word, tokens_of

CLOSE = mp.mpf(10) ** -25  # of flows, whose logarithms may have eigenvalues that nearly coincide
NUMBERS = ["0", "1", "-1", "1/2", "2", "-1/2", "3/2", "1/3"]
POOL = [sp.Rational(x) for x in ("-2", "-1", "-1/2", "0", "1/3", "1/2", "1", "3/2", "2", "3")]
LETTERS = ("a", "b", "w", "h")
SIGNS = {"a": ["positive", "real", "nonzero"], "b": ["positive", "real", "negative"], "w": ["real", "nonnegative"], "h": ["real"]}
POSSIBLE = {"positive": (1,), "real": (-1, 0, 1), "nonzero": (-1, 1), "negative": (-1,), "nonnegative": (0, 1)}


def random_network(seed: int) -> sr.PLRNN:
    """Return a network of one to three units: of letters, of square roots or of numbers."""
    draw = random.Random(seed)
    n = draw.choice([1, 2, 2, 2, 3])
    letters = draw.sample(LETTERS, draw.choice([0, 1, 2, 2, 3]) if n < 3 else draw.choice([0, 1, 1, 2]))
    roots = draw.random() < 0.2

    def entry(dense: float) -> str:
        if draw.random() > dense:
            return "0"
        if letters and draw.random() < 0.65:
            x = draw.choice(letters)
            return draw.choice([x, x, x, f"-{x}", f"{x}/2", f"1-{x}", f"2*{x}"])
        return draw.choice(["sqrt(2)", "-sqrt(2)/2", "2-sqrt(2)"]) if roots and draw.random() < 0.4 else draw.choice(NUMBERS)

    same = draw.random() < 0.35  # equal entries, so that eigenvalues coincide
    first = entry(0.9)
    A = [first if same else entry(0.9) for _ in range(n)]
    off = entry(0.9)
    W = [[("0" if i == j else off if same and draw.random() < 0.6 else entry(0.55)) for j in range(n)] for i in range(n)]
    side = entry(0.8)
    h = [side if same else entry(0.7) for _ in range(n)]
    used = "".join([*A, *h, *(x for row in W for x in row)]).replace("sqrt", "")
    return sr.PLRNN(A, W, h, dt=draw.choice([1, 1, "1/2"]), parameters={x: draw.choice(SIGNS[x]) for x in letters if x in used})


def values_of(net: sr.PLRNN, region: sr.Region, seed: int, many: int = 8) -> Iterator[dict[sp.Symbol, sp.Expr]]:
    """Yield values of the letters: of a small pool, random ones, and such that eigenvalues coincide with each other, 0 or 1."""
    draw, letters = random.Random(seed), net.parameters
    if not letters:
        yield {}
        return
    x = sp.Symbol("x")
    chi = (x * sp.eye(net.n) - region.matrix).det().expand()
    special = [chi.subs(x, 1), chi.subs(x, 0), sp.discriminant(chi, x), *(region.matrix[i, i] - 1 for i in range(net.n))]
    for k in range(many):
        if k % 2:
            values = {s: sp.Rational(draw.randint(-30, 30), draw.randint(1, 12)) for s in letters}
        else:
            values = {s: draw.choice(POOL) for s in letters}
        s, equation = draw.choice(letters), draw.choice(special)
        if k % 4 >= 2:
            rest = sp.factor(equation.subs({t: v for t, v in values.items() if t != s}))
            linear = [f for f, _ in sp.factor_list(rest)[1] if f.has(s) and sp.degree(f, s) <= 2] if rest.has(s) else []
            solutions = [r for f in linear for r in sp.roots(f, s) if r.is_real]
            if solutions:
                values[s] = draw.choice(solutions)
        if all(sp.sign(v) in _signs(t) for t, v in values.items()):
            yield values


def _signs(symbol: sp.Symbol) -> set[int]:
    possible = {-1: symbol.is_negative, 0: symbol.is_zero, 1: symbol.is_positive}
    return {sign for sign, known in possible.items() if known is not False}


@dataclass
class Expected:
    """What is true of a region at values of the letters, found without the package."""

    M: object
    c: object
    principal: bool
    equilibria: str

    def __init__(self, region: sr.Region, values: dict[sp.Symbol, sp.Expr]) -> None:
        M, c = (sp.Matrix(part).subs(values).applyfunc(sp.nsimplify) for part in (region.matrix, region.offset))
        self.M, self.c = _number(M), _number(c)
        x = sp.Symbol("x")
        chi = (x * sp.eye(M.rows) - M).det().expand()
        if all(v.is_Rational for v in M):
            self.principal = sp.Poly(chi, x, domain="QQ").count_roots(None, 0) == 0
        else:
            simple = sp.Poly(chi, x, extension=True).sqf_part()
            roots = mp.polyroots([_real(v) for v in simple.all_coeffs()], maxsteps=400, extraprec=400)
            self.principal = not any(abs(mp.im(r)) < 1e-15 and mp.re(r) < 1e-15 for r in roots)
        N = (sp.eye(M.rows) - M).applyfunc(sp.radsimp)
        full, wide = (part.rank(simplify=True) for part in (N, N.row_join(c)))
        self.equilibria = "one point" if full == M.rows else "an affine subspace" if wide == full else "none"


def _real(value: sp.Expr) -> object:
    return mp.mpf(value.p) / value.q if isinstance(value, sp.Rational) else mp.mpf(str(sp.N(value, DIGITS + 20)))


def _number(matrix: sp.Matrix) -> object:
    return mp.matrix([[_real(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)])


def opened(page: Page, region: sr.Region, values: dict[sp.Symbol, sp.Expr], expected: Expected) -> list[Values]:
    """Return the scopes of a page at values of the letters of its network."""
    given: dict[str, object] = {}
    for pattern in {"".join(bits) for bits in product("01", repeat=region.network.p)}:
        other = region.network.region(pattern)
        if rf"W_{{\Omega_{{{pattern}}}}}" in page.text:  # of a map that several regions share
            parts = ((f"{name}_{{\\Omega_{{{pattern}}}}}", part) for name, part in (("W", other.matrix), ("h", other.offset)))
            given |= {name: _number(sp.Matrix(part).subs(values)) for name, part in parts}
    return page.at({sp.latex(s): _real(v) for s, v in values.items()}, region.network.n, given)


def system_fault(found: Values, region: sr.Region, dt: sp.Expr, expected: Expected, close: object = CLOSE) -> str:
    """Return what is wrong with the system that a page gives for a region at values; empty if its flow is the network's map."""
    n = region.network.n
    W, h, J, j = (rf"{t}_{{\Omega_{{{region.pattern}}}}}" for t in (r"\widetilde{W}", r"\tilde{h}", "J", "j"))
    try:
        jump = (found.lookup(J), found.lookup(j)) if found.has(J) else None
        rest = jump is not None and not found.has(W)  # d zeta/dt = 0 after the jump
        X, y = (mp.zeros(n), mp.zeros(n, 1)) if rest else (found.lookup(W), found.lookup(h))
    except (Ambiguous, Uncovered, Undefined, ZeroDivisionError) as fault:
        return f"{type(fault).__name__}: {fault}"
    return flow_fault(X, y, jump, n, dt, expected, close)


def as_matrix(value: object, rows: int, columns: int) -> object:
    """Return what a page gives as a matrix: a 0 may stand for a zero matrix, and a number for one of size 1."""
    if isinstance(value, mp.matrix):
        return value
    if value != 0 and (rows, columns) != (1, 1):
        raise Undefined(f"a matrix of size {rows} x {columns} as a number")
    return mp.matrix([[value]]) if (rows, columns) == (1, 1) else mp.zeros(rows, columns)


def flow_fault(
    X: object, y: object, jump: tuple[object, object] | None, n: int, dt: sp.Expr, expected: Expected, close: object
) -> str:
    """Return whether exp(dt X^), after the jump and between grid times with u = 0, is not the map."""
    X = as_matrix(X, n, n)
    N = X.rows
    y = as_matrix(y, N, 1)
    if not all(mp.isfinite(x) for x in (*X, *y)):
        return "an entry is not finite"
    generator = mp.zeros(N + 1)
    generator[:N, :N], generator[:N, N] = X, y
    flow = mp.expm(_real(sp.sympify(dt)) * generator)
    start = mp.zeros(N + 1, n + 1)
    start[N, n] = 1
    J, j = jump or (mp.eye(n), mp.zeros(n, 1))
    start[:n, :n], start[:n, n] = J, j
    end = flow * start
    wanted = mp.zeros(N + 1, n + 1)
    wanted[:n, :n], wanted[:n, n], wanted[N, n] = expected.M, expected.c, 1
    error = max(abs(end[i, k] - wanted[i, k]) for i in range(N + 1) for k in range(n + 1))
    return "" if error < close else f"the flow is off by {mp.nstr(error, 3)}"


def faults(net: sr.PLRNN, pattern: str, seed: int, cse: bool) -> Iterator[tuple[str, str]]:
    """Yield (kind, what) for values at which the pages of a region were read: "right", "withheld" or "wrong"."""
    region, ode = net.region(pattern), sr.derive(net)[pattern]
    page = Page(sr.latex(ode, cse=cse))
    others: list[tuple[sr.CaseODE, Page]] | None = None
    plain = not ode.has_parameters or ode.by_columns is not None
    formula = ode.has_formula and not plain
    for values in values_of(net, region, seed):
        with mp.workdps(DIGITS):
            expected = Expected(region, values)
            where = f"cse={cse} at {values}: "
            found = opened(page, region, values, expected)[-1]
            if plain or expected.principal:
                close = mp.mpf("1e-3") if "." in page.text else CLOSE
                try:
                    fault = "" if found.holds else "the condition of the page does not hold"
                    fault = fault or ("no formula is printed" if not plain and not formula else "")
                    fault = fault or system_fault(found, region, ode.dt, expected, close)
                    if not fault and formula:
                        said = equilibria_word(found.equilibria)
                        fault = "" if said == expected.equilibria else f"equilibria: {said}, right is {expected.equilibria}"
                except (Ambiguous, Uncovered, Undefined, ZeroDivisionError) as error:
                    fault = f"{type(error).__name__}: {error}"
                yield ("wrong" if fault else "right"), where + fault
                continue
            if formula and found.holds:
                yield "wrong", where + "E2 is said to hold"
            if others is None:
                others = [(case, Page(sr.latex(case, cse=cse))) for case in ode.other_cases]
            met = [(case, opened(p, region, values, expected)[-1]) for case, p in others]
            met = [(case, each) for case, each in met if each.holds]
            if len(met) != 1:
                yield ("wrong" if not ode.unlisted_others or len(met) > 1 else "withheld"), where + f"{len(met)} other cases hold"
                continue
            [(case, each)] = met
            fault = "" if case.condition.at(values) else "the condition in Python does not hold"
            fault = fault or system_fault(each, region, ode.dt, expected)
            yield ("wrong" if fault else "right"), where + f"[{case.condition}] {fault}"


def network_matrices(text: str, region: sr.Region, values: dict[sp.Symbol, sp.Expr]) -> tuple[object, object]:
    """Return X and y that the page of a network gives for a region at values of the letters."""
    page, net, pattern = Page(text), region.network, region.pattern
    if "\\paragraph{Two units on" in text:
        return _by_core(page, net, pattern, values)
    letters = {sp.latex(s).replace("dt", r"\mathrm{dt}"): _real(v) for s, v in values.items()}
    given: dict[str, object] = {"h": _number(net.h.subs(values))}
    indicators = re.search(r"\\paragraph\{All regions\.\} With \$(\w)_i = 1\$", text)
    pattern, renaming = (indicators[1], None) if indicators else _renamed(text, pattern)
    source = region if indicators else net.region(pattern)
    letters |= {f"{pattern}_{{{i}}}": mp.mpf(int(x)) for i, x in enumerate(region.pattern, 1)} if indicators else {}
    given[r"W_{\Omega}"] = _number(source.matrix.subs(values))
    for each in [source, *net.regions()]:  # whose maps are those of A, W and h
        label = pattern if each is source else each.pattern
        given[rf"W_{{\Omega_{{{label}}}}}"] = _number(each.matrix.subs(values))
        given[rf"h_{{\Omega_{{{label}}}}}"] = _number(each.offset.subs(values))
    scopes = page.at(letters, net.n, given)
    W, h = rf"\widetilde{{W}}_{{\Omega_{{{pattern}}}}}", rf"\tilde{{h}}_{{\Omega_{{{pattern}}}}}"
    found = next(each for each in scopes if each.has(W))
    X, y = found.lookup(W), found.lookup(h)
    if renaming is None:
        return X, y
    n = net.n
    moved, shifted = mp.zeros(n), mp.zeros(n, 1)
    for i in range(n):
        shifted[renaming[i]] = y[i]
        for j in range(n):
            moved[renaming[i], renaming[j]] = X[i, j]
    return moved, shifted


def _renamed(text: str, pattern: str) -> tuple[str, list[int] | None]:
    """Return the region that a page prints in the place of one, and what becomes of its units."""
    for source, others, images in re.findall(r"\$\\Omega_\{(\d+)\}\$ becomes (.*?) by \$(.*?)\$", text):
        if rf"\Omega_{{{pattern}}}" in others:
            moved = {int(a): int(b) for a, b in re.findall(r"(\d+) \\to (\d+)", images)}
            return source, [moved.get(i, i) - 1 for i in range(1, len(pattern) + 1)]
    return pattern, None


def _by_core(page: Page, net: sr.PLRNN, pattern: str, values: dict[sp.Symbol, sp.Expr]) -> tuple[object, object]:
    """Return X and y of a region from formulas for the number of its units that are on."""
    n = net.n
    A, W, h = (_number(part.subs(values)) for part in (net.A, net.W, net.h))
    S = [i for i in range(n) if pattern[i] == "1"]
    name, offset = r"\widetilde{W}_{\Omega}", r"\tilde{h}_{\Omega}"
    X, y = mp.zeros(n), mp.zeros(n, 1)
    if len(S) == n == 3:
        [found] = [each for each in page.at({}, n, {"A": A, "W": W, "h": h}) if name in each.scope.definitions]
        return found.lookup(name), found.lookup(offset)
    B = mp.matrix([[(A + W)[i, k] for k in S] for i in S]) if S else None
    for j in [i for i in range(n) if i not in S]:
        X[j, j] = mp.log(A[j, j])
        letters: dict[str, object] = {"a_j": A[j, j], "h_j": h[j]}
        if not S:
            y[j] = _phi(A[j, j]) * h[j]
            continue
        _core_row(page, j, S, (A, W, h, B), letters, X, y)
    if len(S) == 1:
        X[S[0], S[0]], y[S[0]] = mp.log(A[S[0], S[0]]), _phi(A[S[0], S[0]]) * h[S[0]]
    elif S:
        found = _core_values(page, S, (A, W, h, B), {}, f"({name})_{{SS}}")
        part = found.lookup(f"({name})_{{SS}}")
        column = found.lookup(f"({offset})_S")
        for r, i in enumerate(S):
            y[i] = column[r]
            for s, k in enumerate(S):
                X[i, k] = part[r, s]
    return X, y


def _core_row(page, j, S, parts, letters, X, y) -> None:
    """Enter the row of a unit that is off."""
    A, W, h, _ = parts
    name, offset = r"\widetilde{W}_{\Omega}", r"\tilde{h}_{\Omega}"
    if len(S) == 1:
        i = S[0]
        letters |= {"a_i": A[i, i], "h_i": h[i], f"{_weight(page)}_{{ji}}": W[j, i]}
        [found] = [each for each in page.at(letters, 1, {}) if f"({name})_{{ji}}" in each.scope.definitions]
        X[j, i] = found.lookup(f"({name})_{{ji}}")
        y[j] = found.lookup(f"({offset})_j")
        return
    g = mp.matrix([[W[j, i] for i in S]])
    found = _core_values(page, S, parts, {**letters, "g": g}, f"({name})_{{jS}}")
    row = found.lookup(f"({name})_{{jS}}")
    for s, k in enumerate(S):
        X[j, k] = row[0, s]
    y[j] = _scalar(found.lookup(f"({offset})_j"))


def _core_values(page, S, parts, letters, key) -> Values:
    A, W, h, B = parts
    letters = {**letters, "B": B, "c": mp.matrix([h[i] for i in S]), "s": len(S)}
    if len(S) == 2:
        i, k = S
        w = _weight(page)
        letters |= {"a_i": A[i, i], "a_k": A[k, k], f"{w}_{{ik}}": W[i, k], f"{w}_{{ki}}": W[k, i]}
        for name, text in re.findall(r"\$(\\tau|\\delta|\\Delta) = (.*?)\$", page.text):
            letters[name] = page.at(letters, 2, {})[0].value(tokens_of(text))
    else:
        letters["N"] = B - mp.eye(len(S))
        assert "$N = B - I$" in page.text
    found = [each for each in page.at(letters, len(S), {}) if key in each.scope.definitions]
    return found[0 if len(S) == 2 else 1]


def _weight(page: Page) -> str:
    """Return what a page that groups regions calls the entries of W."""
    other = re.search(r"We write \$a_i\$, \$(.*?)_\{ij\}\$, \$h_i\$ for the entries of \$A\$, \$W\$, \$h\$", page.text)
    return other[1] if other else "w"


def _scalar(value: object) -> object:
    return value[0, 0] if isinstance(value, mp.matrix) else value


def _phi(x: object) -> object:
    return mp.mpf(1) if x == 1 else mp.log(x) / (x - 1)
