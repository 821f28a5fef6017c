"""Exponentials of rational numbers and of products of letters, and those of which several are powers.

exp(r) is transcendental for r != 0 (Lindemann). With r_1 ... r_k written as integer multiples of 1/d, all exp(r_i) are powers of
E = exp(-1/d), and Q(E) is a field of rational functions: a rational function of E is 0 only if it is 0 identically. So one letter
with a known value is enough for any number of exponentials.

exp(r m) with a product m of powers of letters, such as exp(-dt/tau), is a letter, one for each m: exponentials of different
m != 1 are algebraically independent over the rational functions of the letters (Ax). What holds for all values of such a letter
holds for its own values, which follow from those of the letters in the exponent.

Reference: A. Baker, Transcendental Number Theory, CUP 1975, chapter 1 (theorem 1.4); J. Ax, On Schanuel's conjectures, Annals of
Mathematics 93 (1971) 252-268, theorem 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import sympy as sp

from symplrnn import limits
from symplrnn.errors import EntryError

__all__ = [
    "Exponential",
    "common_exponential",
    "exponent_of",
    "exponential_generators",
    "exponents_in",
    "in_powers",
    "lettered",
    "letters_in",
    "spelled",
]


class Exponential(sp.Symbol):  # type: ignore[misc]  # SymPy has no types
    """exp(r m) as a positive letter, for a rational r and a product m of powers of letters.

    It prints as what it is, takes values of the letters in its exponent by ``subs``, and is the exponential itself by ``doit``.

    >>> dt, tau = sp.symbols("dt tau", positive=True)
    >>> x = Exponential(-dt / tau)
    >>> x**2 + 1, x.subs(tau, 2 * dt), x.doit(), x.free_symbols == {x}
    (exp(-dt/tau)**2 + 1, exp(-1/2), exp(-dt/tau), True)
    """

    __slots__ = ("exponent",)

    def __new__(cls, exponent: sp.Expr) -> Exponential:  # noqa: D102  # the class says it
        made: Exponential = sp.Symbol.__xnew__(cls, f"exp({exponent})", positive=True)
        made.exponent = exponent
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[sp.Expr], dict[str, Any]]:
        return (self.exponent,), {}

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.exponent)

    def _eval_subs(self, old: sp.Expr, new: sp.Expr) -> sp.Expr | None:
        changed = self.exponent.subs(old, new)
        return None if changed == self.exponent else sp.exp(changed)

    def doit(self, **hints: Any) -> sp.Expr:
        """Return exp(r m) as SymPy writes it."""
        return sp.exp(self.exponent)

    def _latex(self, printer: Any) -> str:
        return str(printer._print(sp.exp(self.exponent)))

    @property
    def letters(self) -> set[sp.Symbol]:
        """The letters in the exponent."""
        found: set[sp.Symbol] = self.exponent.free_symbols
        return found


def spelled(expression: Any) -> Any:
    """Return an expression, a condition or a matrix with exponentials in place of letters that stand for them.

    >>> dt, tau = sp.symbols("dt tau", positive=True)
    >>> spelled(Exponential(-dt / tau) ** 2 - 1)
    -1 + exp(-2*dt/tau)
    """
    found = expression.atoms(Exponential)
    return expression.xreplace({x: x.doit() for x in found}) if found else expression


def exponent_of(number: sp.Expr) -> sp.Rational | None:
    """Return r for the number exp(r) with a rational r, else None.

    >>> exponent_of(sp.exp(sp.Rational(-1, 10))), exponent_of(sp.E), exponent_of(sp.exp(sp.sqrt(2)))
    (-1/10, 1, None)
    """
    if number is sp.E:
        return sp.Integer(1)
    r = number.args[0] if isinstance(number, sp.exp) else None
    return r if isinstance(r, sp.Rational) else None


def common_exponential(exponents: Iterable[sp.Rational]) -> sp.Expr:
    """Return the E = exp(-1/d), or another one below 1, of which some exponentials exp(r) are integer powers.

    >>> common_exponential([sp.Rational(-1, 4), sp.Rational(1, 6)]), common_exponential([sp.Integer(2)])
    (exp(-1/12), exp(-2))

    Raises `EntryError` if the powers would be so high that exact arithmetic would take too long.
    """
    listed = sorted(exponents)
    common, largest = reduce(sp.gcd, map(abs, listed)), max(listed, key=abs)
    if abs(largest) > limits.EXPONENT_SIZE:
        raise EntryError(f"exp({largest}): accepted are exponents of up to {limits.EXPONENT_SIZE} in size")
    if abs(largest) / common > limits.EXPONENTIAL_POWER:
        names = ", ".join(f"exp({r})" for r in listed[:4]) + (", ..." if len(listed) > 4 else "")
        raise EntryError(
            f"{names} are powers of exp({-common}) of more than {limits.EXPONENTIAL_POWER} in size, the largest accepted; "
            "declare letters in their place, or give exponents with smaller denominators"
        )
    return sp.exp(-common)


def lettered(expression: sp.Expr) -> sp.Expr:
    """Return an expression with letters in place of the exponentials of products of letters.

    >>> dt, tau = sp.symbols("dt tau", positive=True)
    >>> lettered(sp.exp(-2 * dt / tau) - 1).free_symbols == {Exponential(-2 * dt / tau)}
    True
    """
    found = [x for x in expression.atoms(sp.exp) if x.free_symbols]
    if not found:
        return expression
    letters, number = exponential_generators(exponents_in(expression))
    generators = [*letters, *([] if number is None else [number])]
    new = {}
    for x in (*found, *expression.atoms(Exponential)):
        powers = in_powers(x.exponent if isinstance(x, Exponential) else x.args[0], generators) or {}
        new[x] = sp.Mul(*(generators[place] ** power for place, power in powers.items()))
    return expression.xreplace(new)


def letters_in(symbols: Iterable[sp.Symbol]) -> set[sp.Symbol]:
    """Return symbols, with the letters in its exponent in place of each that stands for an exponential.

    >>> dt, tau = sp.symbols("dt tau", positive=True)
    >>> letters_in([dt, Exponential(-dt / tau)]) == {dt, tau}
    True
    """
    return {s for x in symbols for s in (x.letters if isinstance(x, Exponential) else (x,))}


def exponents_in(expression: sp.Expr) -> list[sp.Expr]:
    """Return the exponents of the exponentials in an expression, of letters that stand for them, too; for E the exponent 1.

    >>> x = sp.Symbol("x")
    >>> exponents_in(sp.exp(-x) + x**2 + sp.E)
    [1, -x]
    """
    found: set[sp.Expr] = set()
    parts = sp.preorder_traversal(expression)
    for part in parts:
        if part is sp.E:
            found.add(sp.Integer(1))
        elif isinstance(part, sp.exp):
            found.add(part.args[0])
            parts.skip()
        elif isinstance(part, Exponential):
            found.add(part.exponent)
    return sorted(found, key=sp.default_sort_key)


def _terms(exponent: sp.Expr) -> dict[sp.Expr, sp.Rational] | None:
    """Return the rational coefficients of products of powers of letters whose sum an exponent is, if it is one.

    >>> dt, tau = sp.symbols("dt tau")
    >>> _terms((dt - 1) / (2 * tau) + 3), _terms(1 / (dt + tau)), _terms(sp.sqrt(2) * dt)
    ({1: 3, 1/tau: -1/2, dt/tau: 1/2}, None, None)
    """
    found: dict[sp.Expr, sp.Rational] = {}
    for term in sp.Add.make_args(sp.expand(exponent)):
        coefficient, product = term.as_coeff_Mul()
        pairs = [part.as_base_exp() for part in sp.Mul.make_args(product) if part != 1]
        if not coefficient.is_Rational or not all(base.is_Symbol and power.is_Integer for base, power in pairs):
            return None
        found[product] = coefficient
    return {product: found[product] for product in sorted(found, key=sp.default_sort_key)}


def exponential_generators(exponents: Iterable[sp.Expr]) -> tuple[list[Exponential], sp.Expr | None]:
    """Return letters for exponentials, and one exponential of a number, of which exponentials are products of integer powers.

    >>> dt, tau = sp.symbols("dt tau", positive=True)
    >>> exponential_generators([-dt / (4 * tau), dt / (6 * tau) - sp.Rational(1, 10)])
    ([exp(-dt/(12*tau))], exp(-1/10))

    Raises `EntryError` for an exponent that is no sum of products of rational numbers and powers of letters.
    """
    found: dict[sp.Expr, list[sp.Rational]] = {}
    for exponent in exponents:
        terms = _terms(exponent)
        if terms is None:
            raise EntryError(
                f"exp({exponent}): accepted are exponents that are rational numbers, products of these and powers of letters "
                "such as -dt/tau, and sums of such products"
            )
        for product, coefficient in terms.items():
            found.setdefault(product, []).append(coefficient)
    numbers = [r for r in found.pop(sp.Integer(1), []) if r != 0]
    letters = [Exponential(-reduce(sp.gcd, map(abs, listed)) * product) for product, listed in found.items()]
    return sorted(letters, key=str), common_exponential(numbers) if numbers else None


def in_powers(exponent: sp.Expr, generators: Sequence[sp.Expr]) -> Mapping[int, int] | None:
    """Return the powers, by place, of generators of which an exponential is the product; None if it is none.

    >>> dt, tau = sp.symbols("dt tau", positive=True)
    >>> in_powers(1 - dt / tau, [dt, Exponential(-dt / (2 * tau)), sp.exp(sp.Rational(-1, 10))])
    {2: -10, 1: 2}
    """
    known: dict[sp.Expr, tuple[int, sp.Rational]] = {}
    for place, generator in enumerate(generators):
        own = generator.exponent if isinstance(generator, Exponential) else exponent_of(generator)
        if own is not None:
            coefficient, product = own.as_coeff_Mul()
            known[product] = place, coefficient
    found: dict[int, int] = {}
    for product, coefficient in (_terms(exponent) or {sp.nan: sp.nan}).items():
        place, own = known.get(product, (0, sp.nan))
        power = coefficient / own
        if coefficient != 0 and not power.is_Integer:
            return None
        if coefficient != 0:
            found[place] = int(power)
    return found
