"""Arithmetic expressions in text, by a small whitelist grammar over the rationals.

    sum     := product (('+' | '-') product)*
    product := sign (('*' | '/') sign)*
    sign    := ('+' | '-') sign | power
    power   := atom (('^' | '**') sign)?          the exponent is an integer
    atom    := NUMBER | '(' sum ')'

Nothing is evaluated by Python or SymPy: the parser knows digits, these operators and parentheses, and its cost is bounded by
the limits below, so text from outside is safe to read. A decimal is the rational that it is written as: 0.1 is 1/10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flint import fmpq, fmpz

from symplrnn.errors import EntryError

__all__ = ["parse_rational"]

MAX_LENGTH = 10_000
MAX_DEPTH = 50
MAX_EXPONENT = 10_000
MAX_BITS = 1_000_000

ACCEPTED = 'a number, or text such as "3/7", "0.25", "1e-3" or "2*(1/3 + 1)^2"'

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<operator>\*\*|[-+*/^()]))", re.ASCII
)


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
    if len(text) > MAX_LENGTH:
        raise EntryError(f"{where}: the expression {shorten(text)} is longer than {MAX_LENGTH} characters")
    return _Parser(text, where).parse()


class _Parser:
    """Recursive descent over the grammar above, one method a rule."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where
        self.tokens: Iterator[tuple[str, str]] = self._tokenize()
        self.depth = 0
        self._advance()

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

    def parse(self) -> fmpq:
        value = self._sum()
        if self.kind != "end":
            raise self._fail(f"has an unexpected {self.token!r}; accepted is {ACCEPTED}")
        return value

    def _bounded(self, value: fmpq) -> fmpq:
        if max(value.p.bit_length(), value.q.bit_length()) > MAX_BITS:
            raise self._fail(f"is a number of more than {MAX_BITS} bits")
        return value

    def _sum(self) -> fmpq:
        value = self._product()
        while self.token in ("+", "-"):
            plus = self.token == "+"
            self._advance()
            term = self._product()
            value = self._bounded(value + term if plus else value - term)
        return value

    def _product(self) -> fmpq:
        value = self._sign()
        while self.token in ("*", "/"):
            times = self.token == "*"
            self._advance()
            factor = self._sign()
            if not times and factor == 0:
                raise self._fail("divides by zero")
            value = self._bounded(value * factor if times else value / factor)
        return value

    def _sign(self) -> fmpq:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._fail(f"is nested more than {MAX_DEPTH} deep")
        if self.token in ("+", "-"):
            minus = self.token == "-"
            self._advance()
            value = self._sign()
            value = -value if minus else value
        else:
            value = self._power()
        self.depth -= 1
        return value

    def _power(self) -> fmpq:
        base = self._atom()
        if self.token not in ("^", "**"):
            return base
        self._advance()
        exponent = self._sign()
        if exponent.q != 1 or abs(exponent) > MAX_EXPONENT:
            raise self._fail(f"has the exponent {shorten(str(exponent))}; accepted are integers up to {MAX_EXPONENT} in size")
        if base == 0 and exponent < 0:
            raise self._fail("divides by zero")
        if max(base.p.bit_length(), base.q.bit_length()) * abs(int(exponent.p)) > MAX_BITS:
            raise self._fail(f"is a number of more than {MAX_BITS} bits")
        return base ** int(exponent.p)

    def _atom(self) -> fmpq:
        kind, token = self.kind, self.token
        if kind == "number":
            self._advance()
            return self._bounded(self._number(token))
        if token == "(":
            self._advance()
            value = self._sum()
            if self.token != ")":
                raise self._fail("has an unclosed parenthesis")
            self._advance()
            return value
        if kind == "name":
            raise self._fail(f"uses the unknown parameter {shorten(token)}; accepted is {ACCEPTED}")
        found = "ends too early" if kind == "end" else f"has an unexpected {token!r}"
        raise self._fail(f"{found}; accepted is {ACCEPTED}")

    def _number(self, token: str) -> fmpq:
        mantissa, _, exponent = token.lower().partition("e")
        whole, _, decimals = mantissa.partition(".")
        # Long exponents are refused by their length, before any big integer is built.
        if len(exponent.lstrip("+-")) > 6 or abs(int(exponent or 0)) > MAX_EXPONENT:
            raise self._fail(f"has the exponent {shorten(exponent)}; accepted are exponents up to {MAX_EXPONENT} in size")
        shift = int(exponent or 0) - len(decimals)
        digits = fmpz(whole + decimals) if whole + decimals else fmpz(0)
        scale = fmpz(10) ** abs(shift)
        return fmpq(digits * scale, 1) if shift >= 0 else fmpq(digits, scale)
