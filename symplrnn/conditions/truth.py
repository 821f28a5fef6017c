"""Three-valued truth: TRUE, FALSE and UNKNOWN with a reason; with free parameters, a formula in them instead.

Kleene's strong logic. A value that is UNKNOWN, or that depends on parameters, refuses to be used as a condition, so that "not
proved" can never pass for "false" by accident; ask `is_true`, `is_false`, `is_unknown` or `is_conditional` instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy as sp

from symplrnn import limits, views
from symplrnn.conditions.boolean import Statement
from symplrnn.conditions.formula import ALWAYS, NEVER, Formula, all_formulas
from symplrnn.conditions.one_letter import as_set, in_intervals
from symplrnn.errors import EntryError, TooLarge, UndecidedError
from symplrnn.exact.fields.work import within
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.signs import exact_values

__all__ = ["FALSE", "TRUE", "UNKNOWN", "Evidence", "Later", "Truth", "all_of", "any_of", "because", "conditional", "truth_of",
           "unless_too_large"]  # fmt: skip


@dataclass(frozen=True, repr=False)
class Truth(views.Shown, Statement):
    """A truth value of Kleene's three-valued logic, or a formula that decides it for each value of the parameters.

    ``value`` is True, False or None; ``reason`` says why an unknown value is unknown; ``formula`` is the condition on the
    parameters under which the statement is true, and None if there are no parameters. ``evidence`` maps short names to what
    proves the value: numbers, polynomials, counts, intervals, text. ``known`` is what is assumed of the parameters besides their
    signs: the formula says nothing elsewhere. Truth values are equal whatever their evidence.

    >>> TRUE & UNKNOWN("not checked")
    UNKNOWN('not checked')
    >>> FALSE & UNKNOWN("not checked")
    FALSE
    >>> import sympy as sp
    >>> sp.sympify(TRUE & ~FALSE)
    True
    >>> bool(UNKNOWN("not checked"))
    Traceback (most recent call last):
    ...
    symplrnn.errors.UndecidedError: unknown truth value used as a condition: not checked

    Reference: S. C. Kleene, Introduction to Metamathematics, 1952, section 64.
    """

    value: bool | None
    reason: str = ""
    formula: Formula | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict, compare=False)
    known: Formula = field(default_factory=lambda: ALWAYS, compare=False)

    @property
    def is_true(self) -> bool:
        """Whether the value is TRUE."""
        return self.value is True

    @property
    def is_false(self) -> bool:
        """Whether the value is FALSE."""
        return self.value is False

    @property
    def is_unknown(self) -> bool:
        """Whether the value is UNKNOWN."""
        return self.value is None and self.formula is None

    @property
    def is_conditional(self) -> bool:
        """Whether the value depends on parameters."""
        return self.formula is not None

    def as_formula(self) -> Formula | None:
        """Return the formula; for TRUE and FALSE the constant one, for UNKNOWN None."""
        if self.value is None:
            return self.formula
        return ALWAYS if self.value else NEVER

    def at(self, values: Mapping[Any, Any]) -> Truth:
        """Return the truth value at parameter values, exactly: TRUE or FALSE; UNKNOWN stays as it is.

        >>> import sympy as sp
        >>> from symplrnn.conditions.formula import positive
        >>> a = sp.Symbol("a", real=True)
        >>> conditional(positive(a - 1)).at({a: "3/2"})
        TRUE
        """
        exact_values(values, ())
        if self.formula is None:
            return self
        self._check(self.known.subs(values))
        return truth_of(self.formula.at(values))

    def subs(self, values: Mapping[Any, Any]) -> Truth:
        """Return the truth value with some parameters replaced by numbers."""
        exact_values(values, ())
        if self.formula is None:
            return self
        known = self.known.subs(values)
        self._check(known)
        return replace(conditional(self.formula.subs(values)), known=known)

    def _check(self, known: Formula) -> None:
        """Refuse values that what is known, with these values put in, excludes."""
        if known.is_false:
            raise EntryError(f"values of the parameters: excluded by the assumptions on them, {shorten(str(self.known))}")

    def as_set(self) -> sp.Set:
        """Return the admitted values of the one parameter for which the statement is true, as a set of SymPy.

        >>> from symplrnn.conditions.formula import positive
        >>> conditional(positive(sp.Symbol("w", real=True) ** 2 - 2)).as_set()
        Union(Interval.open(-oo, -sqrt(2)), Interval.open(sqrt(2), oo))

        Raises ValueError for a condition on several parameters, and for one that is not described by intervals.
        """
        if self.formula is None:
            raise ValueError("TRUE, FALSE and UNKNOWN are no conditions on a parameter")
        return as_set(self.formula, self.known)

    def _sympy_(self) -> sp.logic.boolalg.Boolean:
        """Return the statement for `sympy.sympify`."""
        found = self.as_formula()
        if found is None:
            raise sp.SympifyError(f"an unknown truth value: {self.reason}")
        return found.expression

    def __bool__(self) -> bool:
        if self.formula is not None:
            raise UndecidedError(f"the truth depends on the parameters: {shorten(str(self.formula))}; give them values by .at")
        if self.value is None:
            raise UndecidedError(f"unknown truth value used as a condition: {self.reason}")
        return self.value

    def __and__(self, other: Truth) -> Truth:
        return all_of((self, other)) if isinstance(other, Truth) else NotImplemented

    def __or__(self, other: Truth) -> Truth:
        return any_of((self, other)) if isinstance(other, Truth) else NotImplemented

    def __invert__(self) -> Truth:
        if self.formula is not None:
            return replace(conditional(~self.formula), known=self.known)
        return self if self.value is None else truth_of(not self.value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Truth):
            return self.equals_boolean(other)
        return (self.value, self.reason, self.formula) == (other.value, other.reason, other.formula)

    def __hash__(self) -> int:
        return hash((self.value, self.reason, self.formula))

    def __reduce__(self) -> tuple[Any, ...]:
        return Truth, (self.value, self.reason, self.formula, self.evidence, self.known)

    def __repr__(self) -> str:
        return views.cut(str(self))

    def __str__(self) -> str:
        if self.formula is not None:
            return f"IF({self.formula})"
        if self.value is None:
            return f"UNKNOWN({self.reason!r})"
        return "TRUE" if self.value else "FALSE"


class Evidence(Mapping[str, Any]):
    """Evidence of which some parts are only computed when they are looked at.

    >>> found = Evidence({"count": 2}, {"eigenvalues": lambda: (-1, -2)})
    >>> list(found), found["eigenvalues"]
    (['count', 'eigenvalues'], (-1, -2))
    """

    def __init__(self, known: Mapping[str, Any], later: Mapping[str, Callable[[], Any]]) -> None:
        self._known, self._later = dict(known), dict(later)

    def __getitem__(self, name: str) -> Any:
        if name in self._later:
            self._known[name] = self._later.pop(name)()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._known, *self._later])

    def __len__(self) -> int:
        return len(self._known) + len(self._later)

    def __repr__(self) -> str:
        return repr(dict(self))


class Later(Mapping[str, Any]):
    """Evidence that is computed as a whole when it is looked at.

    >>> found = Later(lambda: {"determinant": 2})
    >>> found["determinant"], len(found)
    (2, 1)
    """

    def __init__(self, find: Callable[[], Mapping[str, Any]]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> Mapping[str, Any]:
        return self._find()

    def __getitem__(self, name: str) -> Any:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return repr(self._found)


TRUE = Truth(True)
FALSE = Truth(False)


def because(truth: Truth, evidence: Mapping[str, Any]) -> Truth:
    """Return a truth value with evidence.

    >>> because(TRUE, {"determinant": 2}).evidence
    {'determinant': 2}
    """
    return Truth(truth.value, truth.reason, truth.formula, evidence, truth.known)


def UNKNOWN(reason: str) -> Truth:  # noqa: N802  (reads as the constant that it stands beside)
    """Return the unknown truth value, with the reason why it is unknown.

    >>> UNKNOWN("the interval contains 0").reason
    'the interval contains 0'
    """
    return Truth(None, reason)


def truth_of(value: bool) -> Truth:
    """Return TRUE or FALSE.

    >>> truth_of(1 > 0)
    TRUE
    """
    return TRUE if value else FALSE


def conditional(formula: Formula) -> Truth:
    """Return the truth value that a formula in the parameters decides; TRUE or FALSE if it is constant.

    A formula in one parameter becomes a union of intervals.

    >>> import sympy as sp
    >>> from symplrnn.conditions.formula import positive
    >>> a, b = sp.Symbol("a", positive=True), sp.Symbol("b", real=True)
    >>> conditional(positive(a)), conditional(positive(a * b))
    (TRUE, IF(b > 0))
    """
    formula = in_intervals(formula)
    return truth_of(formula.is_true) if formula.is_constant else Truth(None, formula=formula)


def unless_too_large(find: Callable[[], Truth]) -> Truth:
    """Return the truth that a function finds, or UNKNOWN with the reason where it is too large or too much work with letters.

    >>> from symplrnn.conditions.root_conditions import no_real_root
    >>> import sympy as sp
    >>> a = sp.Symbol("a", real=True)
    >>> unless_too_large(lambda: conditional(no_real_root([a, 0, 0, 0, 0, 0, 0, 1]))).is_unknown
    True
    """
    try:
        with within(limits.CONDITION_STEPS):
            return find()
    except TooLarge as limit:
        return UNKNOWN(str(limit))


def all_of(values: Iterable[Truth]) -> Truth:
    """Conjunction: FALSE if any is false, else UNKNOWN if any is unknown, else TRUE; formulas are joined.

    >>> all_of([TRUE, UNKNOWN("a"), UNKNOWN("b")])
    UNKNOWN('a; b')
    """
    values = tuple(values)
    if False in (found := [v.value for v in values]):
        return FALSE
    if None not in found:
        return TRUE
    formulas = [v.formula for v in values if v.formula is not None]
    joined = TRUE
    if formulas:
        joined = conditional(formulas[0] if len(formulas) == 1 else all_formulas(formulas))
        joined = replace(joined, known=next((v.known for v in values if not v.known.is_true), ALWAYS))
    reasons = [v.reason for v in values if v.is_unknown]
    return UNKNOWN("; ".join(reasons)) if reasons and not joined.is_false else joined


def any_of(values: Iterable[Truth]) -> Truth:
    """Disjunction: TRUE if any is true, else UNKNOWN if any is unknown, else FALSE.

    >>> any_of([FALSE, TRUE, UNKNOWN("a")])
    TRUE
    """
    return ~all_of(~v for v in values)
