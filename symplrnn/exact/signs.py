"""Signs of rational functions of real parameters: those that assumptions allow, and the exact one at a point.

An expression is compiled once into a list of sums, products and powers, in which equal parts occur once; that list is then run
over whatever has these three operations: sets of signs, rationals (FLINT), real balls (Arb), elements of a number field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy.polys.polyerrors import NotInvertible

from symplrnn.errors import EntryError
from symplrnn.exact.balls import power, refine, working_precision
from symplrnn.exact.evaluation import real_root
from symplrnn.exact.fields.domain import DomainField
from symplrnn.exact.fields.fractions import FlintFractions
from symplrnn.exact.fields.irrational import Extension
from symplrnn.exact.fields.radicals import number_generators
from symplrnn.exact.reading.algebraic import in_generators, is_generator, turn_of
from symplrnn.exact.reading.exponentials import Exponential, common_exponential, exponent_of, letters_in
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.names import keys_by_name
from symplrnn.exact.reading.numbers import rational, to_sympy

__all__ = [
    "ANY_SIGN",
    "Program",
    "SignSet",
    "Signed",
    "ball_of",
    "exact_sign",
    "exact_values",
    "number_element",
    "number_field",
    "poles",
    "possible_signs",
    "program",
    "replaced",
    "run",
    "sign_at",
    "sign_of",
]

FIRST_BITS = 64


class Signed(sp.Function):  # type: ignore[misc]  # SymPy has no types
    """A function of real numbers with the values -1 and 1, which says whether something holds and evaluates itself."""

    is_real = True

    def sign_at(self, values: Mapping[sp.Symbol, fmpq | sp.Expr]) -> int:
        """Return the value at rational or real algebraic values of the letters, exactly."""
        raise NotImplementedError


@dataclass(frozen=True)
class Program:
    """The distinct parts of an expression, each after its own parts; the last one is the expression.

    A step is ("constant", rational), ("algebraic", radical), ("symbol", symbol), ("add" or "mul", indices of steps),
    ("power", (index of a step, integer)) or ("signed", indices of steps).
    """

    steps: tuple[tuple[str, Any], ...]

    @property
    def algebraic(self) -> tuple[sp.Expr, ...]:
        """The irrational numbers."""
        return tuple(data for kind, data in self.steps if kind == "algebraic")

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """The symbols, by name."""
        return tuple(sorted((data for kind, data in self.steps if kind == "symbol"), key=lambda s: s.name))

    @property
    def signed(self) -> bool:
        """Whether there is a `Signed` function."""
        return any(kind == "signed" for kind, _ in self.steps)

    @property
    def divides(self) -> bool:
        """Whether there are denominators."""
        return any(kind == "power" and data[1] < 0 for kind, data in self.steps)


@lru_cache(maxsize=4096)
def same_object(expression: sp.Expr) -> sp.Expr:
    """Return one object for all equal expressions: they are compared very often, and SymPy looks at every node of two objects.

    >>> a = sp.Symbol("a")
    >>> same_object(a + 1) is same_object(1 + a)
    True
    """
    return expression


@lru_cache(maxsize=4096)
def program(expression: sp.Expr) -> Program:
    """Return the steps that evaluate a rational function of real symbols with real algebraic coefficients.

    >>> a = sp.Symbol("a")
    >>> program(a**2 - 2).steps
    (('symbol', a), ('power', (0, 2)), ('constant', -2), ('add', (2, 1)))

    Raises `EntryError` for anything else: other functions, symbols in exponents, numbers that are not real and algebraic.
    """
    steps: list[tuple[str, Any]] = []
    found: dict[sp.Basic, int] = {}
    pending = [expression]
    while pending:  # no recursion: sums and products may be nested deeply
        part = pending[-1]
        if part not in found:
            inner = () if part.is_number and not (part.is_Add or part.is_Mul) else part.args
            if part.is_Pow and part.exp.is_Integer:
                inner = part.args[:1]
            missing = [x for x in inner if x not in found]
            if missing:
                pending += missing
                continue
            steps.append(_step(part, [found[x] for x in inner]))
            found[part] = len(steps) - 1
        pending.pop()
    return Program(tuple(steps))


def _step(part: sp.Expr, inner: list[int]) -> tuple[str, Any]:
    if part.is_Symbol and part.is_real is not False:
        return "symbol", part
    if part.is_Add or part.is_Mul:
        return ("add" if part.is_Add else "mul"), tuple(inner)
    if isinstance(part, Signed):
        return "signed", tuple(inner)
    if part.is_Pow and part.exp.is_Integer:
        return "power", (inner[0], int(part.exp))
    if part.is_Rational or part.is_Float or (part.is_number and part.is_finite is not True):
        return "constant", rational(part, "condition")
    if not is_generator(part):
        raise EntryError(
            f"condition: {shorten(str(part))} is no rational function of real parameters with algebraic coefficients"
        )
    if part.is_real is not True:
        raise EntryError(f"condition: {shorten(str(part))} is not a real number")
    return "algebraic", part


Leaf = Callable[[Any], Any]


def _refuse(step: Any) -> Any:
    raise EntryError("a condition that is only stated is a part of an expression; accepted is one by itself")


def run(steps: Program, constant: Leaf, algebraic: Leaf, symbol: Leaf, signed: Leaf = _refuse) -> list[Any]:
    """Return the value of each step, given what constants, irrational numbers, symbols and `Signed` functions stand for."""
    leaf = {"constant": constant, "algebraic": algebraic, "symbol": symbol, "signed": signed}
    values: list[Any] = []
    for kind, data in steps.steps:
        if kind == "power":
            base = values[data[0]]
            values.append(power(base, data[1]) if isinstance(base, arb) else base ** data[1])
        elif kind in leaf:
            values.append(leaf[kind](data))
        else:
            value = values[data[0]]
            for index in data[1:]:
                value = value + values[index] if kind == "add" else value * values[index]
            values.append(value)
    return values


class SignSet(frozenset[int]):
    """The signs that a number may have; sums, products and powers have the signs that these may have.

    >>> sorted(SignSet({0, 1}) + SignSet({1})), sorted(SignSet({-1, 0, 1}) ** 2)
    ([1], [0, 1])
    """

    def __add__(self, other: SignSet) -> SignSet:
        both = self | other
        if -1 in both and 1 in both:
            return ANY_SIGN
        return SignSet(both) if 0 in self and 0 in other else SignSet(both - {0})

    def __mul__(self, other: SignSet) -> SignSet:
        return SignSet(s * t for s in self for t in other)

    def __pow__(self, exponent: int) -> SignSet:
        return SignSet(s ** (abs(exponent) % 2 or 2) for s in self if s or exponent >= 0)


ANY_SIGN = SignSet({-1, 0, 1})


def sign_of(value: Any) -> int:
    """Return -1, 0 or 1."""
    return int(value > 0) - int(value < 0)


def _signs_of_symbol(symbol: sp.Symbol) -> SignSet:
    excluded = {
        1: symbol.is_nonpositive is True or symbol.is_zero is True,
        0: symbol.is_zero is False,
        -1: symbol.is_nonnegative is True or symbol.is_zero is True,
    }
    return SignSet(s for s, out in excluded.items() if not out)


def _sign_beside_one(expression: sp.Expr) -> SignSet | None:
    """Return the signs of exp(x) - r or r - exp(x) for r = 1, which are those of x; None for other expressions."""
    letters = [x for x in expression.free_symbols if isinstance(x, Exponential)]
    for sign in (1, -1):
        if len(letters) == 1 and expression == sign * (letters[0] - 1):
            return possible_signs(letters[0].exponent) * SignSet({sign})
    return None


@lru_cache(maxsize=4096)
def possible_signs(expression: sp.Expr) -> SignSet:
    """Return signs outside of which an expression never is, by the assumptions on its symbols.

    A symbol without assumptions is a real parameter.

    >>> a, x = sp.Symbol("a", positive=True), sp.Symbol("x")
    >>> sorted(possible_signs(a + x**2)), sorted(possible_signs(a - x))
    ([1], [-1, 0, 1])
    """
    if isinstance(expression, Signed):
        return SignSet({-1, 1})
    steps = program(expression)
    if not steps.symbols:
        return SignSet({exact_sign(expression, {})})
    known = _sign_beside_one(expression)
    if known is not None:
        return known
    number = lambda c: SignSet({sign_of(c)})  # noqa: E731
    signs = run(steps, number, lambda c: SignSet({exact_sign(c, {})}), _signs_of_symbol, lambda _: SignSet({-1, 1}))
    return signs[-1]  # type: ignore[no-any-return]


def exact_sign(expression: sp.Expr, values: Mapping[sp.Symbol, fmpq | sp.Expr]) -> int:
    """Return the sign of an expression where its symbols are rational or real algebraic numbers.

    >>> exact_sign(sp.Symbol("a") ** 2 - 2, {sp.Symbol("a"): sp.sqrt(2)})
    0

    Raises ZeroDivisionError if a denominator vanishes.
    """
    if isinstance(expression, Signed):
        return expression.sign_at(values)
    steps = program(expression)
    radicals = frozenset((*steps.algebraic, *(v for v in (values[s] for s in steps.symbols) if not isinstance(v, fmpq))))
    if not radicals:
        return sign_of(run(steps, lambda c: c, lambda c: c, values.__getitem__)[-1])
    found = _sign_in_balls(steps, values, FIRST_BITS)
    if found is None:  # zero, near zero, or at a pole: the number field decides which
        if _is_zero(steps, values, radicals):
            return 0
        found = refine(lambda bits: _sign_in_balls(steps, values, bits), 2 * FIRST_BITS, "the sign of an expression")
    return found


def _sign_in_balls(steps: Program, values: Mapping[sp.Symbol, fmpq | sp.Expr], bits: int) -> int | None:
    with working_precision(bits):
        ball = run(steps, arb, ball_of, lambda s: ball_of(values[s]))[-1]
        return sign_of(ball) if ball.is_finite() and not ball.contains(arb(0)) else None


def ball_of(number: fmpq | sp.Expr) -> arb:
    """Return an enclosure of a real number, made of generators, at the current precision."""
    if isinstance(number, fmpq) or number.is_Rational:
        return arb(rational(number, "number"))
    if number.is_Add or number.is_Mul:
        ball = ball_of(number.args[0])
        for part in number.args[1:]:
            ball = ball + ball_of(part) if number.is_Add else ball * ball_of(part)
        return ball
    if isinstance(number, sp.CRootOf):
        return real_root(number)
    turn, exponent = turn_of(number), exponent_of(number)
    if turn is not None:
        return arb.cos_pi_fmpq(rational(turn, "turn"))
    if exponent is not None:
        return arb(rational(exponent, "exponent")).exp()
    base: arb = ball_of(number.base)
    return (base if number.exp.q == 1 else base.root(int(number.exp.q))) ** int(number.exp.p)


@lru_cache(maxsize=64)
def number_field(radicals: frozenset[sp.Expr]) -> Any:
    """Return the field that some real numbers, roots of rational numbers and exponentials among them, generate, as a domain."""
    parts = {p for x in radicals for p in sp.preorder_traversal(x) if is_generator(p)}
    exponents = {r for p in parts if (r := exponent_of(p)) is not None}
    numbers = number_generators(p for p in parts if exponent_of(p) is None)
    if not exponents:
        return sp.QQ.algebraic_field(*numbers)
    if any(not x.is_algebraic for x in numbers):
        listed = ", ".join(sorted(map(str, numbers)))
        raise EntryError(f"{shorten(listed)}: roots of numbers with exponentials are not compared with other numbers")
    E = (common_exponential(exponents),)
    return Extension(sp.QQ.algebraic_field(*numbers), E) if numbers else FlintFractions(E)


@lru_cache(maxsize=1024)
def number_element(radicals: frozenset[sp.Expr], number: sp.Expr) -> Any:
    """Return a real number as an element of the field that some numbers, itself among them, generate."""
    domain = number_field(radicals)
    return domain.from_sympy(number) if domain.is_Algebraic else DomainField(domain).element(number)


def _is_zero(steps: Program, values: Mapping[sp.Symbol, fmpq | sp.Expr], radicals: frozenset[sp.Expr]) -> bool:
    """Return whether the value is 0 in the number field of some radicals; raise ZeroDivisionError at a pole."""
    field = number_field(radicals)

    def element(number: fmpq | sp.Expr) -> Any:
        return (
            field.convert(sp.QQ(int(number.p), int(number.q))) if isinstance(number, fmpq) else number_element(radicals, number)
        )

    try:
        return not run(steps, element, element, lambda s: element(values[s]))[-1]
    except NotInvertible as error:
        raise ZeroDivisionError("a denominator vanishes") from error


def exact_values(values: Mapping[Any, Any], symbols: Iterable[sp.Symbol]) -> dict[sp.Symbol, fmpq | sp.Expr]:
    """Return the values of the symbols that have one, as exact numbers that satisfy the symbols' assumptions."""
    given = {name: _number(value, name) for name, value in keys_by_name(values, "values").items()}
    symbols = list(symbols)
    found = {s: given[s.name] for s in letters_in(symbols) if s.name in given}
    for s in [*found, *(key for key in values if isinstance(key, sp.Symbol))]:
        number = given[str(s)]
        if (sign_of(number) if isinstance(number, fmpq) else exact_sign(number, {})) not in possible_signs(s):
            relation = {1: "positive", -1: "negative", 0: "zero"}
            allowed = " or ".join(relation[k] for k in sorted(possible_signs(s), reverse=True))
            raise EntryError(f"{s}: {number} does not satisfy the assumptions on {s}, which is {allowed}")
    exponentials = [x for x in symbols if isinstance(x, Exponential) and x.letters <= found.keys()]
    return found | {x: _exponential_at(x, found) for x in exponentials}


def _exponential_at(x: Exponential, found: Mapping[sp.Symbol, fmpq | sp.Expr]) -> fmpq | sp.Expr:
    """Return the value of an exponential at those of the letters in its exponent."""
    values = {s: found[s] for s in x.letters}
    if not all(isinstance(v, fmpq) for v in values.values()):
        listed = ", ".join(f"{s} = {v}" for s, v in values.items())
        raise EntryError(f"{x} at {listed}: accepted in an exponent are rational values")
    number = sp.exp(replaced(x.exponent, values))
    return fmpq(1) if number == 1 else number


def _number(value: Any, name: str) -> fmpq | sp.Expr:
    if not isinstance(value, sp.Expr) or value.is_Rational or value.is_Float or value.free_symbols:
        return rational(value, name)
    value = in_generators(value)
    try:
        program(value)
    except EntryError as error:
        raise EntryError(f"{name}: {shorten(str(value))} is not a real algebraic number") from error
    return value


def sign_at(polynomial: sp.Expr, values: Mapping[sp.Symbol, fmpq | sp.Expr]) -> int:
    """Return the sign as `exact_sign` does; raise `EntryError` if a denominator vanishes."""
    try:
        return exact_sign(polynomial, values)
    except ZeroDivisionError as error:
        point = ", ".join(f"{s} = {v}" for s, v in values.items())
        raise EntryError(f"a denominator of {shorten(str(polynomial))} vanishes at {point}") from error


def poles(expression: sp.Expr) -> list[sp.Expr]:
    """Return the bases of negative powers, short ones first: what must not vanish."""
    return list(sp.ordered({p.base for p in expression.atoms(sp.Pow) if p.exp.is_negative}))


def replaced(expression: sp.Expr, values: Mapping[sp.Symbol, fmpq | sp.Expr]) -> sp.Expr:
    """Return an expression with some symbols replaced by values; raise `EntryError` if these make a denominator vanish."""
    for pole in poles(expression):
        if pole.free_symbols <= values.keys():
            sign_at(1 / pole, values)
    new = {s: to_sympy(v) if isinstance(v, fmpq) else v for s, v in values.items()}
    left = [x for x in expression.atoms(Exponential) if x not in values and x.letters & new.keys()]
    partly = {x: Exponential(x.exponent.xreplace(new)) for x in left}
    return expression.xreplace(new | partly)
