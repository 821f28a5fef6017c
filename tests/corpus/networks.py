"""The networks of the corpus, each with a name: packaged, trained, and made by a generator of random numbers from fixed seeds.

A random network is a dict of entries as in a JSON file, so that its text tells whether it is still the same network.
"""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp

import symplrnn as sr
from symplrnn.examples import descriptions

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SMALL_INPUTS = json.loads(Path(__file__).with_name("small_inputs.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Network:
    """A network with a name; ``spec`` holds its entries, or ``load`` reads it.

    ``patterns`` are the regions that are answered in full: all if None. ``verdicts_only``: these have verdicts, but no systems.
    """

    name: str
    spec: Mapping[str, Any] | None = None
    load: Callable[[], sr.ReLURNN] | None = None
    patterns: tuple[str, ...] | None = None
    verdicts_only: bool = False

    @property
    def is_there(self) -> bool:
        """Whether the file of a trained network is there."""
        return not self.name.startswith("trained") or DATA.is_dir()

    @property
    def digest(self) -> str:
        """A short text that another network does not have; empty for one that is loaded."""
        return "" if self.spec is None else hashlib.sha256(json.dumps(self.spec, sort_keys=True).encode()).hexdigest()[:12]

    @cached_property
    def net(self) -> sr.ReLURNN:
        return build(self.spec) if self.load is None else self.load()

    @property
    def dt(self) -> Any:
        return 1 if self.net.dt is None else self.net.dt


def build(spec: Mapping[str, Any]) -> sr.ReLURNN:
    """Make a network of a dict; text with cube roots, which the package does not read, goes through SymPy."""
    options = {key: _read(value) for key, value in spec.items() if key not in {"parameters", "P", "dt"}}
    options |= {"parameters": spec["parameters"]} if "parameters" in spec else {}
    A, W, h = (options.pop(key) for key in "AWh")
    dt = spec.get("dt", 1)
    return sr.ALRNN(A, W, h, spec["P"], dt=dt, **options) if "P" in spec else sr.ReLURNN(A, W, h, dt=dt, **options)


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(x) for x in value]
    return sp.sympify(value) if isinstance(value, str) and "**(" in value else value


# Matrices over Q with a known Jordan structure.

NEAR = Fraction(1, 10**30)
POSITIVE = [Fraction(x) for x in ("1", "1/2", "2", "1/100", "3/7", "4")] + [1 + NEAR, 1 - NEAR]
NEGATIVE = [Fraction(x) for x in ("-1/4", "-1", "-2")] + [-NEAR]
FACTORS = [
    (Fraction(1, 2), -1),
    (1, Fraction(-6, 5)),
    (1, -3),
    (2, -4),
    (-1, 1, -2),
    (-2, 5, -5),
    (-2, 0, 0),
]  # monic, without the 1
TURNING = [(-2, 0), (1, 3), (1, -3, 0), (1, 6, 5), (2, 0, 0)]  # with negative roots
KINDS = {
    "principal": (POSITIVE, FACTORS),
    "singular": ([Fraction(0), Fraction(0), Fraction(1), Fraction(2)], FACTORS[:3]),
    "negative": ([*NEGATIVE, *NEGATIVE, Fraction(1), Fraction(2), Fraction(0)], [*TURNING, *FACTORS[:2]]),
    "anything": ([*POSITIVE, *NEGATIVE, Fraction(0), Fraction(0)], [*FACTORS, *TURNING]),
}


def _blocks(rng: random.Random, kind: str, n: int) -> list[tuple[tuple, int]]:
    """Return (constant term and further coefficients of a monic polynomial, size) of Jordan blocks, of dimension n in all."""
    values, factors = KINDS[kind]
    palette, found, left = [rng.choice(values) for _ in range(rng.randint(1, 3))], [], n
    while left:
        if rng.random() < 0.3:
            factor, size = rng.choice(factors), rng.randint(1, 2)
        else:
            factor, size = (-rng.choice(palette),), rng.choice((1, 1, 1, 2, 2, 3, 5))
        if len(factor) * size <= left:
            found.append((factor, size))
            left -= len(factor) * size
    return found


def _conjugated(rng: random.Random, blocks: list[tuple[tuple, int]], moves: int) -> list[list[Fraction]]:
    n = sum(len(factor) * size for factor, size in blocks)
    M, at = [[Fraction(0)] * n for _ in range(n)], 0
    for factor, size in blocks:
        d = len(factor)
        for k in range(size):
            for i in range(d):
                M[at + i][at + d - 1] -= factor[i]
                if i:
                    M[at + i][at + i - 1] += 1
                if k + 1 < size:
                    M[at + i][at + d + i] += 1
            at += d
    for _ in range(moves if n > 1 else 0):
        i, j = rng.sample(range(n), 2)
        f = rng.choice((-2, -1, 1, 2))
        M[i] = [x + f * y for x, y in zip(M[i], M[j], strict=True)]
        for row in M:
            row[j] -= f * row[i]
    return M


def _fraction(rng: random.Random) -> Fraction:
    return Fraction(rng.randint(-9, 9), rng.randint(1, 5))


def _text(value: Any) -> Any:
    return [_text(x) for x in value] if isinstance(value, list) else str(value)


def _rows(rng: random.Random, rows: int, columns: int, draw: Callable[[random.Random], Any] = _fraction) -> list[list[Any]]:
    return [[draw(rng) for _ in range(columns)] for _ in range(rows)]


def linear(rng: random.Random, M: list[list[Any]], h: list[Any], **more: Any) -> dict[str, Any]:
    """A network without units: one region, with the map z -> M z + h."""
    return {"A": _text(M), "W": [[] for _ in M], "h": _text(h), "V": [], "dt": _time(rng), **more}


def _time(rng: random.Random) -> str:
    return rng.choice(("1", "1", "1/10", "3/2", "1/3"))


def _inputs(rng: random.Random, n: int) -> dict[str, Any]:
    return {"C": _text(_rows(rng, n, rng.randint(1, 2)))} if rng.random() < 0.3 else {}


def hard(rng: random.Random, k: int) -> dict[str, Any]:
    """One region with a hard spectrum."""
    kind = list(KINDS)[k % 4]
    blocks = _blocks(rng, kind, rng.randint(1, 6))
    if k % 10 == 9:
        value = rng.choice([Fraction(x) for x in ("1", "0", "-1/4", "2", "1/2", "-1")])
        blocks = [((-value,), rng.choice((4, 5)))] + ([((-value,), rng.choice((1, 2)))] if rng.random() < 0.5 else [])
    M = _conjugated(rng, blocks, rng.randint(0, 4))
    return linear(rng, M, [_fraction(rng) * rng.choice((0, 1, 1)) for _ in M], **_inputs(rng, len(M)))


SIMPLE = [Fraction(x) for x in ("0", "0", "1", "1/2", "-1/2", "1/4", "-1", "2", "-3/4")]


def _simple(rng: random.Random) -> Fraction:
    return rng.choice(SIMPLE)


def plrnn(rng: random.Random, k: int) -> dict[str, Any]:
    n = 2 + k % 2
    A = [rng.choice(SIMPLE[2:]) for _ in range(n)] if k % 3 else [abs(rng.choice(SIMPLE[2:])) for _ in range(n)]
    W = _rows(rng, n, n, _simple)
    return {"A": _text(A), "W": _text(W), "h": _text([_fraction(rng) for _ in A]), "dt": _time(rng), **_inputs(rng, n)}


def general(rng: random.Random, k: int) -> dict[str, Any]:
    n, p = 1 + k % 3, 2 + k % 2
    return {
        "A": _text(_rows(rng, n, n, _simple)),
        "W": _text(_rows(rng, n, p, _simple)),
        "h": _text([_simple(rng) for _ in range(n)]),
        "V": _text(_rows(rng, p, n, _simple)),
        "b": _text([_simple(rng) for _ in range(p)]),
        "dt": _time(rng),
        **_inputs(rng, n),
    }


def almost_linear(rng: random.Random, k: int) -> dict[str, Any]:
    n = 3 + k % 2
    A, W = [rng.choice(SIMPLE[2:]) for _ in range(n)], _rows(rng, n, n, _simple)
    return {
        "A": _text(A),
        "W": _text(W),
        "h": _text([_simple(rng) for _ in A]),
        "P": 1 + k % 2,
        "dt": _time(rng),
        **_inputs(rng, n),
    }


# Irrational entries.

ROOTS = ["sqrt(2)", "(1 + sqrt(5))/2", "2**(1/3)", "sqrt(3)", "sqrt(2)", "(1 - sqrt(5))/2", "3**(1/3)/2"]


def irrational(rng: random.Random, k: int) -> dict[str, Any]:
    """Entries in one field of degree 2 or 3, in every eighth network in one of degree 4, in forms with coincidences."""
    g = ROOTS[k % len(ROOTS)]
    pool = [g, f"-({g})", f"({g})/2", f"1 - ({g})/2", "1/2", "-1", "1", "0", "2"]
    x, y, z = g, rng.choice(pool), rng.choice(pool)
    if k % 8 == 7:
        y = "sqrt(7)/2" if "sqrt" in g else "1/3"
    minus = f"-({x})"
    forms = [
        [[x]],
        [[minus]],
        [[x, y], ["0", z]],
        [[x, "1"], ["0", x]],
        [[minus, "1"], ["0", minus]],
        [[minus, "0"], ["0", minus]],
        [[x, f"-({y})"], [y, x]],
        [["0", x], ["1", "0"]],
        [["1", y], ["0", "1"]],
        [["0", x], ["0", y]],
        [[x, x], [x, x]],
        [["1/2", y], [z, "1/2"]],
        [["0", "0", x], ["1", "0", "0"], ["0", "1", "0"]],
        [[x, "1", "0"], ["0", x, y], ["0", "0", "1"]],
        [[minus, "0", "0"], ["0", y, "0"], ["0", "0", z]],
    ]
    M = forms[k % len(forms)]
    n = len(M)
    if k % 4 == 3 and n < 3:  # a PLRNN with that map where all units are active
        A = [M[i][i] for i in range(n)] if k % 8 == 3 else [rng.choice(("1/2", "2", g)) for _ in range(n)]
        W = [[M[i][j] if i != j else f"({M[i][i]}) - ({A[i]})" for j in range(n)] for i in range(n)]
        return {"A": A, "W": W, "h": [rng.choice(pool) for _ in M], "dt": _time(rng)}
    return linear(rng, M, [rng.choice(pool) for _ in M], **({"C": [["1"], [g], ["0"]][:n]} if k % 5 == 2 else {}))


# Letters.


def letters(rng: random.Random, k: int) -> dict[str, Any]:
    """One to three letters in forms that make coincidences: equal eigenvalues, 1, 0, or negative ones for some values."""
    q = lambda: rng.choice(("1", "1/2", "-1/2", "2", "-1", "1/3"))  # noqa: E731
    forms: list[tuple[list[list[str]], list[str]]] = [
        ([["a + w"]], ["h"]),
        ([["a", "w"], ["0", "b"]], ["1", q()]),
        ([["a", "w"], ["w", "a"]], ["h", "h"]),
        ([["a", "-w"], ["w", "a"]], ["1", q()]),
        ([["0", "a"], ["1", "b"]], [q(), "0"]),
        ([["a", "w"], ["w", "a"]], [q(), q()]),
        ([["a", q()], ["0", "a"]], ["h", q()]),
        ([["a", "a"], ["a", "a"]], ["h", q()]),
        ([["a", "w", "0"], ["0", "a", "w"], ["w", "0", "a"]], ["1", "1", "1"]),
        ([["a", "w", "0"], ["0", "b", q()], ["0", "0", "1/2"]], ["1", "0", q()]),
        ([["1/2", q()], [q(), "w"]], ["1", "h"]),
        ([["1", q()], ["0", "1/2"]], ["h1", "h2"]),
        ([["-1/2", "0"], [q(), "2"]], ["h1", "h2"]),
        ([["a", "0"], ["0", "-a"]], ["1", "h"]),
        ([["a", "w"], ["0", "a + w"]], ["h", "0"]),
        ([["a + w", "0"], [q(), "a - w"]], ["1", "h"]),
        ([["0", "1", "0"], ["0", "0", "1"], ["a", "0", "0"]], ["1", "0", "0"]),
        ([["a", "1", "0"], ["0", "a", "1"], ["0", "0", "a"]], ["h", "0", q()]),
        ([["a", "0", "0"], ["0", "b", "0"], ["0", "0", "1"]], ["1", "h", q()]),
        ([["w", q()], [q(), q()]], [q(), q()]),
        ([["a", "0", q()], ["0", "a", "0"], ["0", "0", "w"]], ["1", "1", "0"]),
        ([["0", "a"], ["-1", "0"]], ["h", "1"]),
        ([["a*b", "0"], ["1", "a"]], ["1", "1"]),
        ([["1/2", "0"], ["w", "a"]], ["h", "1"]),
        ([["a", "w", "w"], ["w", "a", "w"], ["w", "w", "a"]], ["h", "h", "h"]),
        ([["a", "0", "w"], ["0", "a", "w"], ["0", "0", "b"]], ["1", q(), "1"]),
        ([["0", "1", "0"], ["0", "0", "1"], ["a", "b", "0"]], ["0", "1", q()]),
        ([["a", "-w", "0"], ["w", "a", "0"], ["0", "0", "b"]], ["1", "1", q()]),
        ([["1", "w", "0"], ["0", "1", "a"], ["0", "0", "1"]], ["1", "h", "0"]),
        ([["-a", "1"], ["0", "-a"]], [q(), "h"]),
        ([["-a", "w"], ["0", "-b"]], ["1", q()]),
        ([["-a", "0", "0"], ["0", "-b", "0"], ["0", "0", q()]], ["1", "h", "1"]),
        ([["a**2 - 2", "1"], ["0", "a"]], ["h", q()]),
        ([["a", "-1"], ["w**2", "a"]], ["1", "h"]),
        ([["1/(1 + a**2)", "w"], ["0", "1/2"]], ["1", "a"]),
        ([["a", "1"], ["0", "sqrt(2)*w"]], ["1", "w"]),
    ]
    M, h = forms[k % len(forms)]
    n, used = len(M), sorted({x for part in (*M, h) for text in part for x in _names(text)})
    signs = {x: rng.choice(("real", "positive", "real")) if x in "ab" else "real" for x in used}
    if "a" in signs and k % 17 == 5:
        signs["a"] = rng.choice(("negative", "nonnegative"))
    more: dict[str, Any] = {"parameters": signs}
    if k % 11 == 4:
        more["C"] = [["1"], [used[0]], ["0"]][:n]
    if k % 5 in (1, 3) and n < 3:
        A = [M[i][i] for i in range(n)] if k % 2 else [rng.choice(("1/2", "1", "2")) for _ in range(n)]
        W = [[M[i][j] if i != j else f"({M[i][i]}) - ({A[i]})" for j in range(n)] for i in range(n)]
        return {"A": A, "W": W, "h": h, "dt": _time(rng), **more}
    if k % 23 == 10:
        more["parameters"] = {**signs, "tau": "positive"}
        return linear(rng, M, h, **more) | {"dt": "tau"}
    if k % 7 == 6:  # the last unit alone is rectified
        A = ["0"] * n
        return {"A": A, "W": M, "h": h, "P": 1, "dt": _time(rng), **more}
    return linear(rng, M, h, **more)


def faces_with_letters(rng: random.Random, k: int) -> dict[str, Any]:
    """Networks of two states whose faces have letters."""
    return {
        "A": [["a", "0"], [rng.choice(("0", "1", "w")), rng.choice(("1/2", "1", "a"))]],
        "W": [["w"], [rng.choice(("0", "1"))]],
        "h": ["1", rng.choice(("0", "h"))],
        "V": [["1", rng.choice(("b", "0", "-1"))]],
        "b": ["h"],
        "dt": _time(rng),
        "parameters": ["a", "b", "h", "w"],
    }


def many_letters(rng: random.Random, k: int) -> dict[str, Any]:
    """Networks whose cases are too many, or too much work, to be listed."""
    if k == 0:
        names = [f"a{i}" for i in range(6)], [f"h{i}" for i in range(6)]
        return linear(rng, [[x if i == j else 0 for j in range(6)] for i, x in enumerate(names[0])], names[1]) | {
            "parameters": [*names[0], *names[1]]
        }
    if k == 1:
        return linear(
            rng, [["a" if (i, j) == (0, 6) else int(i == j + 1) for j in range(7)] for i in range(7)], ["h", *[0] * 6]
        ) | {"parameters": ["a", "h"]}
    n = k + 1  # all entries free
    names = [[f"m{i}{j}" for j in range(n)] for i in range(n)]
    return linear(rng, names, [1, *[0] * (n - 1)]) | {"parameters": [x for row in names for x in row]}


def _names(text: str) -> set[str]:
    return {str(s) for s in sp.sympify(text).free_symbols}


# All of them.


def _lorenz() -> sr.ReLURNN:
    with zipfile.ZipFile(DATA / "lorenz_m20_p2") as archive:
        A, W, h = (np.frombuffer(archive.read(f"lorenz_m20_p2/data/{k}"), dtype="<f4") for k in range(3))
    return sr.ALRNN(A[::21], W.reshape(20, 20), h, P=2)


def _van_der_pol_patterns() -> tuple[str, ...]:
    rng = random.Random("van der Pol")
    return ("1" * 10, "0" * 10, "1101111110", *("".join(rng.choice("01") for _ in range(10)) for _ in range(9)))


def _random(group: str, count: int, make: Callable[[random.Random, int], dict[str, Any]]) -> list[Network]:
    found = []
    for k in range(count):
        spec = make(random.Random(f"{group} {k}"), k)
        patterns = None
        if "parameters" in spec and "V" not in spec and "P" not in spec:
            n = len(spec["A"])
            patterns = ("1" * n, "0" * (n - 1) + "1")[: 2 if n > 1 else 1]
        found.append(Network(f"{group} {k}", spec, patterns=patterns))
    return found


def networks() -> list[Network]:
    """Return all networks, in the order of the file of answers."""
    few = {
        "two_units": ("11", "01"),
        "chain": ("111", "011"),
        "ring": ("111", "000"),
        "one3": ("111", "101"),
        "three": ("001", "011"),
    }
    found = [
        Network(f"example {name}", load=lambda name=name: sr.example(name), patterns=few.get(name))
        for name in sorted(descriptions())
    ]
    found += [Network(f"small input {name}", spec, patterns=few.get(name)) for name, spec in sorted(SMALL_INPUTS.items())]
    found += [
        Network("trained oscillator", load=lambda: sr.load(DATA / "PLRNNoscParam.mat")),
        Network("trained van der Pol", load=lambda: sr.load(DATA / "ReproVanDerPol.mat"), patterns=_van_der_pol_patterns()),
        Network("trained Lorenz", load=_lorenz, verdicts_only=True),
    ]
    found += _random("hard", 70, hard) + _random("plrnn", 25, plrnn) + _random("general", 15, general)
    found += _random("almost linear", 10, almost_linear)
    found += _random("irrational", 60, irrational) + _random("letters", 144, letters)
    found += _random("faces with letters", 6, faces_with_letters) + _random("many letters", 4, many_letters)
    return found


# Values for the letters.

POOL = [sp.Rational(x) for x in ("1", "1/2", "2", "-1", "-1/2", "0", "1/3", "3", "-2", "3/4", "5/4", "-1/3")]
PLACES = {
    "positive": (1,),
    "negative": (-1,),
    "nonnegative": (0, 1),
    "nonpositive": (-1, 0),
    "nonzero": (-1, 1),
    "real": (-1, 0, 1),
}


def values_of(network: Network, count: int = 5) -> list[dict[str, str]]:
    """Return values of the letters: generic ones first, then coincidences of the region where all units are active.

    These are: equal eigenvalues, 1 or 0 as an eigenvalue, negative eigenvalues, and several at a time. Values are sorted by
    which of these they are, and one of each sort is taken, then a second.
    """
    net, rng = network.net, random.Random(f"values {network.name}")
    symbols = list(net.parameters)
    M, x = net.region("1" * net.p).matrix, sp.Symbol("x")
    chi = sp.Poly((x * sp.eye(net.n) - M).det(method="berkowitz"), x)
    special = [sp.Poly(sp.numer(sp.together(p)), *symbols) for p in _special(chi)]
    sorts: dict[tuple, list[dict[sp.Symbol, sp.Rational]]] = {}
    for trial in range(48):
        point = _random_point(rng, symbols)
        if trial % 2:
            point = _on(rng, special[trial // 2 % 3], point)
        sort = tuple(p.eval(tuple(point.values())) == 0 for p in special)
        at = sp.Poly(chi.as_expr().xreplace(point), x)
        sort += (_has_negative_root(at), _has_fixed_point(net, M, point) if sort[1] else None)
        if point not in sorts.setdefault(sort, []):
            sorts[sort].append(point)
    turns = [[points[k] for _, points in sorted(sorts.items(), key=lambda s: str(s[0])) if k < len(points)] for k in range(count)]
    return [{str(s): str(v) for s, v in point.items()} for turn in turns for point in turn][:count]


def _special(chi: sp.Poly) -> list[sp.Expr]:
    """Return what is 0 where an eigenvalue is 0, where one is 1, and where two are equal."""
    return [chi.eval(0), chi.eval(1), chi.discriminant() if chi.degree() < 4 else sp.Integer(1)]


def _has_negative_root(chi: sp.Poly) -> bool | None:
    return chi.count_roots(None, 0) > chi.count_roots(0, 0) if chi.domain.is_QQ or chi.domain.is_ZZ else None


def _random_point(rng: random.Random, symbols: list[sp.Symbol]) -> dict[sp.Symbol, sp.Rational]:
    shared, point = rng.choice(POOL), {}
    for symbol in symbols:
        allowed = [value for value in POOL if _allows(symbol, value)]
        same = rng.random() < 0.3 and _allows(symbol, shared)
        zero = str(symbol).startswith("h") and rng.random() < 0.4
        point[symbol] = sp.Integer(0) if zero else shared if same else rng.choice(allowed)
    return point


def _allows(symbol: sp.Symbol, value: sp.Rational) -> bool:
    signs = {1: symbol.is_positive, 0: symbol.is_zero, -1: symbol.is_negative}
    return signs[int(sp.sign(value))] is not False


def _on(rng: random.Random, polynomial: sp.Poly, point: dict[sp.Symbol, sp.Rational]) -> dict[sp.Symbol, sp.Rational]:
    """Return a point where a polynomial vanishes, by moving one letter, if there is a rational one."""
    for symbol in rng.sample(list(point), len(point)):
        rest = {s: v for s, v in point.items() if s != symbol}
        line = sp.Poly(polynomial.as_expr().xreplace(rest), symbol)
        rational = line.domain.is_QQ or line.domain.is_ZZ
        roots = (
            []
            if line.is_zero or line.degree() == 0 or not rational
            else sorted(r for r in line.ground_roots() if _allows(symbol, r))
        )
        if roots:
            return {**point, symbol: rng.choice(roots)}
    return point


def _has_fixed_point(net: sr.ReLURNN, M: sp.MatrixBase, point: dict[sp.Symbol, sp.Rational]) -> bool:
    c = net.region("1" * net.p).offset.xreplace(point)
    N = sp.eye(net.n) - M.xreplace(point)
    return N.row_join(c).rank() == N.rank()
