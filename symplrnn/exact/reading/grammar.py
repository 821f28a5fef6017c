"""Arithmetic expressions in text, by a small whitelist grammar over the rationals and declared parameters.

    sum     := product (('+' | '-') product)*
    product := sign (('*' | '/') sign)*
    sign    := ('+' | '-') sign | power
    power   := atom (('^' | '**') sign)?          the exponent is an integer
    atom    := NUMBER | '(' sum ')' | PARAMETER | 'sqrt' '(' sum ')' | 'exp' '(' sum ')'

The last three only where names are asked for; sqrt is of a rational number that is not negative, exp of a rational number or of
products of these and powers of parameters. Nothing is evaluated by Python or SymPy: the parser knows digits, these operators,
parentheses and declared names, and its cost is bounded by the limits below and in `symplrnn.exact.reading.bounded`, so text from
outside is safe to read. A decimal is the rational that it is written as: 0.1 is 1/10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import sympy as sp
from flint import fmpq, fmpz

from symplrnn import limits
from symplrnn.errors import EntryError
from symplrnn.exact.reading.bounded import Functions, Refused, as_expression, power
from symplrnn.exact.reading.exponentials import exponential_generators, spelled

__all__ = ["parse_expression", "parse_rational", "shorten", "undeclared"]

INSTEAD = "accepted in its place are a declared letter or a decimal"
TRANSCENDENTAL = {
    "pi": "pi is transcendental",
    "exp": "exp of a rational number other than 0 is transcendental",
    "log": "log of a rational number other than 1 is transcendental",
    "ln": "ln of a rational number other than 1 is transcendental",
}
NAMED = {"sqrt": ("a sqrt", "a rational number of at least 0"), "exp": ("an exp", "a rational number or a product of letters")}
FUNCTIONS = ("sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "abs", "max", "min", "CRootOf", "GoldenRatio", "cbrt", "root")
ACCEPTED = 'a number, or text such as "3/7", "0.25", "1e-3" or "2*(1/3 + 1)^2"'

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<operator>\*\*|[-+*/^()]))", re.ASCII
)

_NAME = re.compile(r"[^\W\d]\w*", re.ASCII)
_EXP = re.compile(r"(?<!\w)exp\s*\(", re.ASCII)


def shorten(text: str, limit: int = 40) -> str:
    """Return text quoted and cut to a length that fits an error message."""
    return repr(text) if len(text) <= limit else repr(text[:limit]) + f"... ({len(text)} characters)"


def parse_rational(text: str, where: str) -> fmpq:
    """Return the rational number that a text denotes; ``where`` names the entry in error messages.

    >>> parse_rational("2*(1/3 + 0.5)^2", "h[1]")
    25/18
    >>> parse_rational("1/(2-2)", "h[1]")
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: h[1]: '1/(2-2)' divides by zero
    """
    value: fmpq = _Parser(text, where, None).parse()
    return value


def parse_expression(text: str, where: str, symbols: Mapping[str, sp.Symbol]) -> fmpq | sp.Expr:
    """Return what a text with declared parameters denotes: a rational number, or else a SymPy expression in normal form.

    ``symbols`` maps the declared names to their symbols. The normal form is the expanded numerator over the expanded
    denominator, without common factors, with square roots in the numerator only; equal functions give equal expressions.

    >>> a = sp.Symbol("a", positive=True)
    >>> parse_expression("(a^2 - 1)/(a - 1) + sqrt(8)", "A[1]", {"a": a})
    a + 1 + 2*sqrt(2)
    >>> parse_expression("a/(2*a)", "A[1]", {"a": a})
    1/2
    >>> parse_expression("b - 1", "A[1]", {"a": a})
    Traceback (most recent call last):
    ...
    symplrnn.errors.EntryError: A[1]: 'b - 1' uses the undeclared parameter 'b'; declared are a
    """
    found: fmpq | sp.Expr = as_expression(_Parser(text, where, symbols).parse())
    return found if isinstance(found, fmpq) else spelled(found)


def _in_sympy(value: Any) -> sp.Expr:
    """Return a number or function that was read as a SymPy expression."""
    found = as_expression(value)
    return sp.Rational(int(found.p), int(found.q)) if isinstance(found, fmpq) else found


def undeclared(name: str, symbols: Mapping[str, sp.Symbol]) -> str:
    """Return the end of the message on a name that is not declared.

    >>> undeclared("pi", {})
    "uses 'pi': pi is transcendental; accepted in its place are a declared letter or a decimal"
    """
    if name in TRANSCENDENTAL:
        return f"uses {name!r}: {TRANSCENDENTAL[name]}; {INSTEAD}"
    if name in ("e", "E"):
        return f"uses {name!r}: if Euler's number is meant, write exp(1); a letter has to be declared"
    if name in FUNCTIONS:
        return f"uses {name!r}, which text cannot have; accepted are + - * / ^, sqrt and exp, or a SymPy expression in Python"
    if not symbols:
        return f"uses the unknown parameter {shorten(name)}; accepted is {ACCEPTED}"
    listed = ", ".join(list(symbols)[:8]) + (", ..." if len(symbols) > 8 else "")
    return f"uses the undeclared parameter {shorten(name)}; declared are {listed}"


class _Parser:
    """Recursive descent over the grammar above, one method a rule.

    A value is an ``fmpq`` or, once it depends on a parameter or an irrational square root, a `Function`; the rules are the same.
    """

    def __init__(self, text: str, where: str, symbols: Mapping[str, sp.Symbol] | None) -> None:
        self.text, self.where, self.symbols = text, where, symbols
        if len(text) > limits.TEXT_CHARACTERS:
            raise EntryError(f"{where}: the expression {shorten(text)} is longer than {limits.TEXT_CHARACTERS} characters")
        self.tokens: Iterator[tuple[str, str]] = self._tokenize()
        self.depth = 0
        self._advance()

    @cached_property
    def functions(self) -> Functions:
        """Where the functions of the parameters and the exponentials live that the text names."""
        symbols = self.symbols or {}
        try:
            exponentials, exponential = exponential_generators(map(self._exponent, self._arguments()))
        except EntryError as error:
            raise error if str(error).startswith(self.where) else EntryError(f"{self.where}: {error}") from None
        named = [symbols[name] for name in sorted(set(_NAME.findall(self.text)) & set(symbols))]
        return Functions([*named, *exponentials], exponential)

    def _arguments(self) -> Iterator[str]:
        """Yield what is in the brackets of each exp; what follows an open bracket that is not closed."""
        for match in _EXP.finditer(self.text):
            start = end = match.end()
            depth = 1
            while depth and end < len(self.text):
                depth += {"(": 1, ")": -1}.get(self.text[end], 0)
                end += 1
            yield self.text[start : end - 1] if depth == 0 else self.text[start:]

    def _exponent(self, argument: str) -> sp.Expr:
        """Return what the argument of an exp is."""
        if _EXP.search(argument):
            raise self._fail("has an exp inside an exp; accepted are rational numbers and products of letters")
        return _in_sympy(_Parser(argument, self.where, self.symbols).parse())

    def _fail(self, problem: str) -> EntryError:
        return EntryError(f"{self.where}: {shorten(self.text)} {problem}")

    def _tokenize(self) -> Iterator[tuple[str, str]]:
        position, end = 0, len(self.text.rstrip())
        while position < end:
            match = _TOKEN.match(self.text, position)
            if match is None:
                bad = self.text[position:].lstrip()[0]
                raise self._fail(f"has an unexpected character {bad!r}; accepted is {ACCEPTED}")
            position = match.end()
            yield str(match.lastgroup), match.group(str(match.lastgroup))
        yield "end", ""

    def _advance(self) -> None:
        self.kind, self.token = next(self.tokens)

    def parse(self) -> Any:
        try:
            value = self._sum()
        except Refused as refused:
            raise self._fail(str(refused)) from None
        if self.kind != "end":
            raise self._fail(f"has an unexpected {self.token!r}; accepted is {ACCEPTED}")
        return value

    def _bounded(self, value: Any) -> Any:
        if isinstance(value, fmpq) and max(value.p.bit_length(), value.q.bit_length()) > limits.TEXT_BITS:
            raise self._fail(f"is a number of more than {limits.TEXT_BITS} bits")
        return value

    def _sum(self) -> Any:
        value = self._product()
        while self.token in ("+", "-"):
            plus = self.token == "+"
            self._advance()
            term = self._product()
            value = self._bounded(value + term if plus else value - term)
        return value

    def _product(self) -> Any:
        value = self._sign()
        while self.token in ("*", "/"):
            times = self.token == "*"
            self._advance()
            factor = self._sign()
            if not times and factor == 0:
                raise self._fail("divides by zero")
            value = self._bounded(value * factor if times else value / factor)
        return value

    def _sign(self) -> Any:
        self.depth += 1
        if self.depth > limits.TEXT_DEPTH:
            raise self._fail(f"is nested more than {limits.TEXT_DEPTH} deep")
        if self.token in ("+", "-"):
            minus = self.token == "-"
            self._advance()
            value = self._sign()
            value = -value if minus else value
        else:
            value = self._power()
        self.depth -= 1
        return value

    def _power(self) -> Any:
        base = self._atom()
        if self.token not in ("^", "**"):
            return base
        self._advance()
        exponent = self._sign()
        if not isinstance(exponent, fmpq) or exponent.q != 1 or abs(exponent) > limits.TEXT_EXPONENT:
            raise self._fail(
                f"has the exponent {shorten(str(exponent))}; accepted are integers up to {limits.TEXT_EXPONENT} in size"
            )
        return power(base, int(exponent.p))

    def _atom(self) -> Any:
        kind, token = self.kind, self.token
        if kind == "number":
            self._advance()
            return self._bounded(self._number(token))
        if token == "(":
            return self._parenthesis()
        if kind == "name":
            return self._name(token)
        found = "ends too early" if kind == "end" else f"has an unexpected {token!r}"
        raise self._fail(f"{found}; accepted is {ACCEPTED}")

    def _parenthesis(self) -> Any:
        self._advance()
        value = self._sum()
        if self.token != ")":
            raise self._fail("has an unclosed parenthesis")
        self._advance()
        return value

    def _name(self, token: str) -> Any:
        symbols = self.symbols or {}
        if self.symbols is None or (token not in NAMED and token not in symbols):
            raise self._fail(undeclared(token, symbols))
        self._advance()
        if token not in NAMED:
            return self.functions.symbol(symbols[token])
        if self.token != "(":
            raise self._fail(f"has {NAMED[token][0]} without a parenthesis; accepted is {token}(...) of {NAMED[token][1]}")
        functions = self.functions  # before what is inside, which says where it lives
        value = self._parenthesis()
        return functions.square_root(value) if token == "sqrt" else functions.exponential_of(_in_sympy(value))

    def _number(self, token: str) -> fmpq:
        mantissa, _, exponent = token.lower().partition("e")
        whole, _, decimals = mantissa.partition(".")
        # Long exponents are refused by their length, before any big integer is built.
        if len(exponent.lstrip("+-")) > 6 or abs(int(exponent or 0)) > limits.TEXT_EXPONENT:
            raise self._fail(f"has the exponent {shorten(exponent)}; accepted are exponents up to {limits.TEXT_EXPONENT} in size")
        shift = int(exponent or 0) - len(decimals)
        digits = fmpz(whole + decimals) if whole + decimals else fmpz(0)
        scale = fmpz(10) ** abs(shift)
        return fmpq(digits * scale, 1) if shift >= 0 else fmpq(digits, scale)
