"""Conditions on real parameters: Boolean combinations of signs of polynomials in them.

A `Formula` is in negation normal form: atoms say that the sign of a polynomial lies in a set of signs, so a negated atom is an
atom. Polynomials are brought to one form on entry (`sign_condition`): factors of known sign are dropped, squares too, and the
rest is a primitive integer polynomial with positive leading coefficient; so equal conditions are seen to be equal. Polynomials
too large for that are kept as they are given. Connectives only do what is cheap: they merge atoms on the same polynomial,
use an atom to simplify the other clauses (unit propagation), and drop clauses that another one implies.

Formulas are equivalent to the conditions that they are made from wherever the symbols satisfy their assumptions and the
denominators, which are assumed not to vanish, do not. Truth at a point is exact, see `symplrnn.conditions.grid`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import sympy as sp

from symplrnn import views
from symplrnn.conditions.boolean import Statement
from symplrnn.conditions.clauses import facts_of, flat, ordered, without_absorbed
from symplrnn.conditions.grid import allowed_on_grid, grid_axes, signs_on_grid
from symplrnn.conditions.sign_factors import sign_factors
from symplrnn.errors import EntryError, UndecidedError
from symplrnn.exact.rays import OffRay
from symplrnn.exact.reading.exponentials import lettered, letters_in, spelled
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.numbers import rational, to_sympy
from symplrnn.exact.signs import ANY_SIGN, SignSet, exact_values, poles, possible_signs, program, replaced, same_object, sign_at
from symplrnn.exact.stated import Stated
from symplrnn.exact.writing import text_of

__all__ = [
    "ALWAYS",
    "NEVER",
    "Formula",
    "all_formulas",
    "any_formulas",
    "compared",
    "given_signs",
    "negative",
    "nonnegative",
    "nonpositive",
    "nonzero",
    "positive",
    "sides",
    "sign_condition",
    "zero",
]

RELATIONS = {
    frozenset({1}): sp.StrictGreaterThan,
    frozenset({-1}): sp.StrictLessThan,
    frozenset({0, 1}): sp.GreaterThan,
    frozenset({-1, 0}): sp.LessThan,
    frozenset({0}): sp.Equality,
    frozenset({-1, 1}): sp.Unequality,
}
UNEQUAL = SignSet({-1, 1})

Facts = Mapping[sp.Expr, SignSet]


@dataclass(frozen=True, repr=False)
class Formula(views.Shown, Statement):
    """A condition on real parameters; make one with `positive`, `zero`, ..., `sign_condition` and ``&``, ``|``, ``~``.

    ``kind`` is "atom", "and", "or", "true" or "false". An atom says that the sign of its ``polynomial`` is one of its ``signs``;
    ``args`` are the clauses of a conjunction or disjunction. Formulas compare by structure.

    >>> a, b = sp.symbols("a b")
    >>> positive(a * b - 1) & ~zero(a)
    Ne(a, 0) & (a*b - 1 > 0)
    >>> positive(a) & nonpositive(a) == NEVER
    True
    >>> "yes" if positive(a) else "no"
    Traceback (most recent call last):
    ...
    symplrnn.errors.UndecidedError: the condition 'a > 0' depends on parameters; give them values with .at(...)
    """

    kind: str
    polynomial: sp.Expr = sp.S.Zero
    signs: frozenset[int] = frozenset()
    args: tuple[Formula, ...] = ()

    @property
    def is_true(self) -> bool:
        """Whether this is `ALWAYS`."""
        return self.kind == "true"

    @property
    def is_false(self) -> bool:
        """Whether this is `NEVER`."""
        return self.kind == "false"

    @property
    def is_constant(self) -> bool:
        """Whether this is `ALWAYS` or `NEVER`."""
        return self.is_true or self.is_false

    def __bool__(self) -> bool:
        if not self.is_constant:
            raise UndecidedError(f"the condition {shorten(str(self))} depends on parameters; give them values with .at(...)")
        return self.is_true

    def __and__(self, other: Formula) -> Formula:
        return all_formulas((self, other)) if isinstance(other, Formula) else NotImplemented

    def __or__(self, other: Formula) -> Formula:
        return any_formulas((self, other)) if isinstance(other, Formula) else NotImplemented

    def __invert__(self) -> Formula:
        if self.is_constant:
            return _constant(self.is_false)
        if self.kind == "atom":
            return _atom(self.polynomial, ANY_SIGN - self.signs)
        return _combine(DUAL[self.kind], (~x for x in self.args))

    def __reduce__(self) -> tuple[Any, ...]:
        return Formula, (self.kind, self.polynomial, self.signs, self.args)  # the atoms that it keeps have itself among them

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Formula):
            return self.equals_boolean(other)
        mine, others = ((f.kind, f.polynomial, f.signs, f.args) for f in (self, other))
        return self is other or mine == others

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.kind, self.polynomial, self.signs, self.args))

    @cached_property
    def expression(self) -> sp.Basic:
        """The condition as a Boolean of SymPy, made of relations of a letter to a number, or with right side 0.

        >>> nonnegative(sp.Symbol("a") / 2 - 1).expression, nonnegative(sp.Symbol("a") ** 2 - 2).expression
        (a >= 2, a**2 - 2 >= 0)
        """
        if self.is_constant:
            return sp.true if self.is_true else sp.false
        if self.kind == "atom":
            return RELATIONS[self.signs](*map(spelled, sides(self.polynomial)), evaluate=False)
        return (sp.And if self.kind == "and" else sp.Or)(*(x.expression for x in self.args), evaluate=False)

    def _sympy_(self) -> sp.Basic:
        """Return the condition for `sympy.sympify`, which all of SymPy's functions apply to what they are given."""
        return self.expression

    def __repr__(self) -> str:
        return views.cut(str(self))

    def __str__(self) -> str:
        return _in_words(self) if any(isinstance(x.polynomial, Stated) for x in self.atoms) else text_of(self.expression)

    @cached_property
    def atoms(self) -> frozenset[Formula]:
        """The distinct atoms, each of which is a formula."""
        return frozenset({self}) if self.kind == "atom" else frozenset().union(*(x.atoms for x in self.args))

    @cached_property
    def _parts(self) -> frozenset[sp.Expr]:
        """The polynomials of the atoms, and the factors of those that are products."""
        polynomials = {x.polynomial for x in self.atoms}
        return frozenset(polynomials.union(*(p.args for p in polynomials if p.is_Mul)))

    @cached_property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """The parameters that occur, by name."""
        return tuple(sorted({s for x in self.atoms for s in program(x.polynomial).symbols}, key=lambda s: s.name))

    def at(self, values: Mapping[Any, Any]) -> bool:
        """Return whether the condition holds at rational or real algebraic values of the parameters, exactly.

        ``values`` maps symbols or their names to numbers; floats are taken exactly, and further names are ignored. Raises
        `EntryError` if a parameter has no value or one that its assumptions exclude, or if a denominator vanishes.

        >>> positive(sp.Symbol("a") ** 2 - 2).at({"a": "1.414"}), zero(sp.Symbol("a") ** 2 - 2).at({"a": sp.sqrt(2)})
        (False, True)
        """
        given = exact_values(values, self.symbols)
        for symbol in self.symbols:
            if symbol not in given:
                needed = sorted(letters_in(self.symbols), key=str)
                missing = next(s for s in needed if s in letters_in([symbol]) and s not in given)
                raise EntryError(f"at: the parameter {missing} has no value; needed are {', '.join(map(str, needed))}")
        signs = {p: sign_at(p, given) for p in {x.polynomial for x in self.atoms}}
        return bool(self._evaluate(lambda atom: signs[atom.polynomial] in atom.signs))

    def _evaluate(self, atom: Callable[[Formula], Any]) -> Any:
        """Return the truth of the whole from the truth of its atoms: bools, or arrays of them."""
        if self.kind == "atom":
            return atom(self)
        truth: Any = self.kind in {"true", "and"}
        for part in self.args:
            truth = truth & part._evaluate(atom) if self.kind == "and" else truth | part._evaluate(atom)
        return truth

    def subs(self, values: Mapping[Any, Any]) -> Formula:
        """Return the condition that remains on the other parameters when some have values, as in `at`.

        >>> a, b = sp.symbols("a b")
        >>> positive(a * b - b).subs({a: 3})
        b > 0
        """
        given = exact_values(values, self.symbols)

        def atom(x: Formula) -> Formula:
            p = x.polynomial
            if p.free_symbols <= given.keys():
                return _constant(sign_at(p, given) in x.signs)
            return sign_condition(replaced(p, given), x.signs)

        return self._map(atom)

    def _map(self, atom: Callable[[Formula], Formula]) -> Formula:
        if self.is_constant:
            return self
        return atom(self) if self.kind == "atom" else _combine(self.kind, (x._map(atom) for x in self.args))

    def grid(self, x: tuple[Any, Any], y: tuple[Any, Any], at: Mapping[Any, Any] | None = None) -> Any:
        """Return where the condition holds on a grid of values of two parameters, as a Boolean array.

        ``x`` and ``y`` are pairs (symbol or name, list of rational values), ``at`` gives the other parameters; entry [i, j] is
        the truth at the i-th value of y and the j-th value of x. Each entry is certain: signs come from floats with error
        bounds, and exactly where these do not decide. Points where a denominator vanishes or that the assumptions on the
        symbols exclude are False.

        >>> a, b = sp.symbols("a b")
        >>> nonnegative(a - b).grid(x=(a, [0.0, 0.5]), y=("b", ["1/2", 1])).tolist()
        [[False, True], [False, False]]
        """
        import numpy as np

        letters = tuple(sorted(letters_in(self.symbols), key=str))
        names, axes = grid_axes(x, y, {} if at is None else at, letters)
        fixed = exact_values(at or {}, self.symbols)
        across, down = ({s: axis for s in letters if s.name == name} for axis, name in zip(axes, names, strict=True))
        keys = tuple(key for key in (x[0], y[0]) if isinstance(key, sp.Symbol))
        allowed = allowed_on_grid(letters + keys, (names[0], axes[0]), (names[1], axes[1]))
        for p in {f.polynomial for f in self.atoms}:
            if poles(p):
                allowed = allowed & ~signs_on_grid(replaced(p, fixed), across, down)[1]
        rest = self.subs(at or {})  # fewer operations, and common factors are seen
        found = {p: signs_on_grid(p, across, down)[0] for p in {f.polynomial for f in rest.atoms}}
        return allowed & rest._evaluate(lambda f: np.isin(found[f.polynomial], sorted(f.signs)))


def _in_words(formula: Formula) -> str:
    """Return a condition with parts that are stated as text, and what they are stated of.

    >>> from symplrnn.exact.rays import PolynomialOffRay
    >>> a, b = sp.symbols("a b")
    >>> print(_in_words(positive(a) & positive(PolynomialOffRay(1, b, 0, 0, 0))))
    (a > 0) & (q(t) > 0 for 0 <= t <= 1), where q(t) = e_4*t**4 + e_3*t**3 + e_2*t**2 + e_1*t + 1 with e_1 = -4, e_2 = 6,
    e_3 = -4, e_4 = b + 1
    """
    letters = {s.name for s in formula.symbols}
    t = next(name for k in count() if (name := f"t{k or ''}") not in letters)
    stated = sorted((x.polynomial for x in formula.atoms if isinstance(x.polynomial, OffRay)), key=sp.default_sort_key)
    paths = {p.args[1:]: p for p in stated}
    names = {key: f"q{k if len(paths) > 1 else ''}({t})" for k, key in enumerate(paths, 1)}
    where = "; ".join(f"{names[key]} = {p.path_text(t)}" for key, p in paths.items())
    return _joined(formula, names, t) + (f", where {where}" if where else "")


def _joined(formula: Formula, names: Mapping[Any, str], t: str) -> str:
    p = formula.polynomial
    if isinstance(p, Stated):
        return p.words(formula.signs == {1}, names.get(p.args[1:], ""), t)
    if formula.kind == "atom":
        return text_of(formula.expression)
    return (" & " if formula.kind == "and" else " | ").join(f"({_joined(part, names, t)})" for part in formula.args)


def sides(polynomial: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return the sides of a relation that says of the sign of a polynomial: a letter and a number, or the polynomial and 0.

    >>> a, b = sp.symbols("a b")
    >>> sides(3 * a - 2), sides(a - b)
    ((a, 2/3), (a - b, 0))
    """
    if polynomial.is_Add and len(polynomial.free_symbols) == 1:
        [letter] = polynomial.free_symbols
        numbers = [x for x in polynomial.args if x.is_number]
        factors = [x / letter for x in polynomial.args if not x.is_number]
        if len(factors) == 1 and factors[0].is_Rational and factors[0] > 0:
            return letter, -sp.Add(*(x / factors[0] for x in numbers))
    return polynomial, sp.Integer(0)


ALWAYS = Formula("true")
NEVER = Formula("false")
DUAL = {"and": "or", "or": "and"}


def _constant(value: bool) -> Formula:
    return ALWAYS if value else NEVER


def _atom(polynomial: sp.Expr, signs: Collection[int], possible: SignSet | None = None) -> Formula:
    """Return the atom for a normalised polynomial, of which only the possible signs are known."""
    possible = possible_signs(polynomial) if possible is None else possible
    left = possible & frozenset(signs)
    return Formula("atom", same_object(polynomial), left) if left and left != possible else _constant(bool(left))


def sign_condition(expression: Any, signs: Iterable[int], known: Formula = ALWAYS) -> Formula:
    """Return the condition that the sign of a rational function of real parameters is one of some signs.

    The result is equivalent for all real values of the parameters that satisfy the assumptions on their symbols, let no
    denominator vanish, and fulfil the formula ``known``.

    >>> a, b = sp.Symbol("a", positive=True), sp.Symbol("b")
    >>> sign_condition(a * b, {1}), sign_condition((1 - b) ** 3 / a, {0, 1}), sign_condition(a + b**2, {1})
    (b > 0, b <= 1, True)
    >>> sign_condition(a * b - b, {0})
    Eq(a, 1) | Eq(b, 0)
    >>> sign_condition(b, {0, 1}, known=nonzero(b))
    b > 0

    Raises `EntryError` if the expression is no rational function of real symbols with real algebraic coefficients.
    """
    wanted = frozenset(signs)
    if not wanted <= ANY_SIGN:
        raise EntryError(f"signs: {sorted(wanted)} is not a set of the signs -1, 0 and 1")
    if not isinstance(expression, sp.Expr):
        expression = to_sympy(rational(expression, "condition"))
    try:
        found = sign_factors(expression)
    except EntryError:
        found = sign_factors(lettered(expression))
    if found.sign == 0:
        return _constant(0 in wanted)
    facts = {f: possible_signs(f) - {0} for f in found.poles}
    condition = _from_factors(found.sign, found.powers, wanted, {f: SignSet(k) for f, k in facts.items()})
    return (
        condition
        if known.is_constant
        else given_signs(condition, facts_of("and", known.args if known.kind == "and" else (known,)))
    )


def compared(v: sp.Symbol, number: sp.Expr, signs: Iterable[int]) -> Formula:
    """Return the condition that a letter minus a real algebraic number, which is not taken apart, has one of some signs.

    >>> compared(sp.Symbol("w"), sp.sqrt(2), {-1})
    w < sqrt(2)
    """
    polynomial = v - number
    if number.is_Rational:  # as it is brought to one form, without looking for factors
        polynomial = v * number.q - number.p
    return _atom(polynomial, frozenset(signs))


def _from_factors(sign: int, powers: Mapping[sp.Expr, int], wanted: Collection[int], facts: Facts) -> Formula:
    """Return the condition that sign * product of factors ** powers has a wanted sign; some signs of factors are facts."""
    maybe: list[sp.Expr] = []  # factors that change sign
    never_negative: list[sp.Expr] = []
    product = SignSet({1})
    for factor, power in powers.items():
        possible = SignSet(facts.get(factor, ANY_SIGN) & possible_signs(factor)) ** (power % 2 or 2)
        if 1 not in possible:
            sign, possible = -sign, possible * SignSet({-1})
        if not possible - {0}:
            return _constant(0 in wanted)
        if -1 in possible:
            maybe.append(factor)
            product = product * possible
        elif 0 in possible:
            never_negative.append(factor)
    signs = {sign * s for s in wanted}
    if signs in ({0}, {-1, 1}):
        vanishing = [f for f in maybe if 0 in facts.get(f, ANY_SIGN)] + never_negative
        condition = any_formulas(_atom(f, {0}) for f in vanishing)
        return condition if 0 in signs else ~condition
    core = _atom(sp.Mul(*maybe), signs, product) if maybe else _constant(1 in signs)
    if 0 in signs:
        return any_formulas([core, *(_atom(f, {0}) for f in never_negative)])
    return all_formulas([core, *(_atom(f, UNEQUAL) for f in never_negative)])


def all_formulas(formulas: Iterable[Formula]) -> Formula:
    """Return the conjunction; of nothing, `ALWAYS`.

    >>> d, t = sp.symbols("d t")
    >>> all_formulas([nonzero(d), nonnegative(d) | positive(t)])
    Ne(d, 0) & ((d > 0) | (t > 0))
    """
    return _combine("and", formulas)


def any_formulas(formulas: Iterable[Formula]) -> Formula:
    """Return the disjunction; of nothing, `NEVER`.

    >>> d, t = sp.symbols("d t")
    >>> any_formulas([positive(d), zero(d), negative(d) & positive(t)])
    (d >= 0) | (t > 0)
    """
    return _combine("or", formulas)


def _combine(kind: str, formulas: Iterable[Formula]) -> Formula:
    """Return the simplified conjunction or disjunction.

    A disjunction is treated as the dual of a conjunction: there, the facts that the other clauses may use are the negations of
    the literals. Each pass replaces clauses by ones that are equivalent given clauses that the same pass does not touch.
    """
    neutral, absorbing = (ALWAYS, NEVER) if kind == "and" else (NEVER, ALWAYS)
    clauses = flat(kind, formulas)
    while True:
        if absorbing in clauses:
            return absorbing
        facts = facts_of(kind, clauses)
        if not all(facts.values()):
            return absorbing
        literals = [_atom(p, s if kind == "and" else ANY_SIGN - s) for p, s in facts.items()]
        clauses = literals + [c for c in dict.fromkeys(clauses) if c.kind != "atom"]
        changed = next((new for new in _passes(clauses, facts) if new != clauses), None)
        if changed is None:
            break
        clauses = flat(kind, changed)
    clauses = ordered(without_absorbed(kind, clauses))
    if len(clauses) < 2:
        return clauses[0] if clauses else neutral
    return Formula(kind, args=tuple(clauses))


def _passes(clauses: Sequence[Formula], facts: Facts) -> Iterator[list[Formula]]:
    """Yield the clauses after each way to use facts: factors in products, all in nested formulas, products for factors."""
    factors = {p: s for p, s in facts.items() if not p.is_Mul}
    yield [given_signs(c, factors) if c.polynomial.is_Mul else c for c in clauses]
    nonzero_factors = {f: UNEQUAL for p, s in facts.items() if p.is_Mul and 0 not in s for f in p.args}
    everything = {**nonzero_factors, **facts}
    yield [c if c.kind == "atom" else given_signs(c, everything) for c in clauses]
    yield [given_signs(c, nonzero_factors) if c.kind == "atom" and not c.polynomial.is_Mul else c for c in clauses]


def given_signs(formula: Formula, facts: Facts) -> Formula:
    """Return a simpler formula that is equivalent where polynomials have the signs that are facts.

    >>> a, b = sp.symbols("a b")
    >>> given_signs(positive(a * b), {a: SignSet({-1})})
    b < 0
    """
    if not formula._parts & facts.keys():
        return formula
    if formula.kind != "atom":
        return _combine(formula.kind, [given_signs(x, facts) for x in formula.args])
    p = formula.polynomial
    if p not in facts:
        return _from_factors(1, dict.fromkeys(p.args, 1), formula.signs, facts)
    return _atom(p, formula.signs, SignSet(facts[p] & possible_signs(p)))


def positive(expression: Any) -> Formula:
    """Return the condition that an expression is > 0, as `sign_condition` does."""
    return sign_condition(expression, {1})


def negative(expression: Any) -> Formula:
    """Return the condition that an expression is < 0, as `sign_condition` does."""
    return sign_condition(expression, {-1})


def nonnegative(expression: Any) -> Formula:
    """Return the condition that an expression is >= 0, as `sign_condition` does."""
    return sign_condition(expression, {0, 1})


def nonpositive(expression: Any) -> Formula:
    """Return the condition that an expression is <= 0, as `sign_condition` does."""
    return sign_condition(expression, {-1, 0})


def zero(expression: Any) -> Formula:
    """Return the condition that an expression is = 0, as `sign_condition` does."""
    return sign_condition(expression, {0})


def nonzero(expression: Any) -> Formula:
    """Return the condition that an expression is != 0, as `sign_condition` does."""
    return sign_condition(expression, {-1, 1})
