"""The cases of a closed form with letters: which formula for the region ODE holds where in the parameter space.

The formula for an open part of the parameter space is continuous wherever its denominators do not vanish, and so is the principal
logarithm wherever no eigenvalue is in (-inf, 0]: it therefore holds on the whole part except where a denominator vanishes. Those
places are coincidences of eigenvalues (of M, or with 1), and each becomes a case of its own with another formula. Coincidences
that no denominator shows are no case there; on a part given by equations that cannot be solved for a parameter they all are.
Quadratic factors are written out for real and for complex roots, by the sign of the discriminant.
Where 1 is an eigenvalue the part is divided once more, by whether the ODE has equilibria (`symplrnn.eigenvalues.equilibria`);
the closed form is the same on both sides.
The cases do not overlap and cover the set where E2 holds. Where they would be too many, or too much work (counted, see
`symplrnn.exact.fields.work`), those without coincidences are listed, and the reason.

The cases where E2 fails are found in the same way, by another `Rule` (`symplrnn.logarithm.cases.where_e2_fails`).

Reference: docs/theory, section 5; N. J. Higham, Functions of Matrices, SIAM 2008, Theorem 1.31 (continuity of the principal
logarithm).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, product
from typing import Any

import sympy as sp

from symplrnn import limits, views
from symplrnn.conditions.emptiness import is_met_somewhere
from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, negative, nonnegative, nonzero, positive, zero
from symplrnn.eigenvalues.equilibria import equilibria_of
from symplrnn.eigenvalues.parts import Coincidence, Part, coefficients_of, coincidences, eliminated, text_of
from symplrnn.errors import TooLarge
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.work import within
from symplrnn.logarithm.closed_form import Logarithm, logarithm
from symplrnn.logarithm.turning import Turning

__all__ = ["Case", "Listing", "Rule", "cases", "explored"]


@dataclass(frozen=True, eq=False, repr=False)
class Case(views.Shown):
    """One case: where it holds, and the closed form of log [[M, B], [0, I]] there.

    Attributes
    ----------
    condition : Formula
    logarithm : Logarithm
    real_roots : mapping of int to bool
        For the index of each term of degree 2, whether its roots are real.
    definitions : pairs (symbol, expression)
        Letters besides the parameters that the closed form uses.
    factors : pairs (polynomial, int)
        The characteristic polynomial of M there, as a product of powers.
    domain : Formula
        Where this closed form holds: ``condition``, without what it says about the first column c of B.
    equilibria : str
        What the solutions z of z = M z + c are; empty if B has no columns, or E2 fails.
    turning : Turning or None
        The half turns of negative eigenvalues; None where E2 holds.
    jump : matrix or None
        J, of the size of the augmented matrix, where 0 is an eigenvalue; the closed form is then that of the flow after it.
    """

    condition: Formula
    logarithm: Logarithm
    real_roots: dict[int, bool]
    definitions: tuple[tuple[sp.Symbol, sp.Expr], ...] = ()
    factors: tuple[tuple[Any, int], ...] = ()
    domain: Formula = ALWAYS
    equilibria: str = ""
    turning: Turning | None = None
    jump: Any = None

    @property
    def extra(self) -> int:
        """Number of extra coordinates."""
        return self.turning.extra if self.turning else 0


@dataclass(frozen=True)
class Rule:
    """What a search for cases is about.

    Attributes
    ----------
    leaves : function of a part and the logarithm on it
        The cases of a part without further coincidences.
    matters : function of a part and a coincidence
        Whether a coincidence is a case even if no denominator shows it.
    with_zero : bool
        Whether 0 may be an eigenvalue.
    """

    leaves: Callable[[Part, Logarithm], Iterator[Case]]
    matters: Callable[[Part, Coincidence], bool]
    with_zero: bool = False


@dataclass(frozen=True, eq=False)
class _Formula:
    """The closed form on a part, and what its denominators are."""

    part: Part

    @cached_property
    def logarithm(self) -> Logarithm:
        return logarithm(self.part.field, self.part.M, self.part.B, self.part.factors)

    @cached_property
    def denominators(self) -> list[Any] | None:
        """The denominators of all entries, as polynomials; None if they cannot be told apart from others by a gcd."""
        if self.part.field is QQ:
            return []
        if not isinstance(self.part.field, FunctionField):
            return None
        matrices = [H for term in self.logarithm.terms for H in term.matrices] + list(self.logarithm.unipotent_powers)
        found: list[Any] = []
        for x in (x for matrix in matrices for x in matrix.entries()):
            if not x.denom.is_constant() and x.denom not in found:
                found.append(x.denom)
        return found

    def relevant(self, coincidence: Coincidence) -> tuple[sp.Expr, bool] | None:
        """Return the factor of a coincidence's expression for which a denominator vanishes, and whether it is all of it."""
        if coincidence.element is None or self.denominators is None or self._has_lazy_terms(coincidence):
            return coincidence.expression, True
        if not self.denominators or not isinstance(self.part.field, FunctionField):
            return None
        K = self.part.field.domain
        rest, shared = coincidence.element.numer, K.unit
        for d in self.denominators:
            common = coincidence.element.numer.gcd(d)
            shared = shared * (common / shared.gcd(common))
        if shared.is_constant():
            return None
        while not (common := rest.gcd(shared)).is_constant():
            rest = rest / common
        return K.expression(shared), bool(rest.is_constant())

    def _has_lazy_terms(self, coincidence: Coincidence) -> bool:
        """Return whether the coincidence concerns a term of degree 3 or more, where the sum over the roots divides."""
        return any(term.degree > 2 and text_of(term.factor) in coincidence.key for term in self.logarithm.terms)


@dataclass(frozen=True, eq=False, repr=False)
class Listing(views.Shown):
    """Cases that do not overlap.

    Attributes
    ----------
    cases : tuple of Case
    unlisted : str
        Why they are not all that there are; empty if they are.
    """

    cases: tuple[Case, ...] = ()
    unlisted: str = ""


def cases(field: Field, M: Any, B: Any, factors: Sequence[tuple[Any, int]], principal: Formula) -> Listing:
    """Return the cases of log [[M, B], [0, I]] (of log M without B) for M with the given factors, where E2 holds.

    ``principal`` is E2 as a formula, and what is known of the letters besides: no case that this excludes is listed.

    >>> from symplrnn.exact.fields.letters import field_of
    >>> a = sp.Symbol("a", positive=True)
    >>> K = field_of([a])
    >>> M, B = K.fill(1, 1, [K.element(a)]), K.fill(1, 1, [K.element(1)])
    >>> [case.condition for case in cases(K, M, B, K.factor(K.characteristic_polynomial(M)), positive(a)).cases]
    [Ne(a, 1), Eq(a, 1)]

    With a letter in B the second one is two cases, with one closed form.
    """
    return explored(Part(field, M, B, tuple(factors), principal), Rule(_by_sign, lambda part, coincidence: False))


def explored(whole: Part, rule: Rule) -> Listing:
    """Return the cases of a part under a rule: all, or, if they are too many or too much work, some without coincidences.

    A network of numbers has one case, which is found whatever it takes.
    """
    if not _letters(whole.entries()):
        return Listing(tuple(_explore(whole, rule)))
    try:
        with within(limits.CASE_STEPS):
            unlisted = _too_many(whole, rule)
            if not unlisted:
                return Listing(tuple(_explore(whole, rule)))
    except TooLarge as limit:
        unlisted = str(limit)
    return Listing(tuple(_without_coincidences(whole, rule)), unlisted)


def _without_coincidences(part: Part, rule: Rule) -> Iterator[Case]:
    """Yield the cases of a part without its coincidences, up to ``limits.CASES_LISTED``, or fewer if they are much work."""
    formula = _Formula(part)
    with suppress(TooLarge), within(limits.CASE_STEPS // 4):
        generic, _ = _divided(part, rule, formula, with_children=False)
        yield from islice(rule.leaves(generic, formula.logarithm), limits.CASES_LISTED)


def _too_many(part: Part, rule: Rule) -> str:
    """Return why there are too many cases: many groups of eigenvalues with letters whose coincidences change the closed form."""
    K = part.field
    groups = sum(map(bool, (_letters(coefficients_of(K, g)) for g, _ in part.factors)))
    if groups <= limits.CASE_GROUPS:
        return ""
    formula = _Formula(part)
    listed = [c for c in coincidences(part, part.B.ncols() > 0, rule.with_zero) if not c.expression.is_number]
    listed = [c for c in listed if is_met_somewhere(part.condition & zero(part.expand(c.expression)))]
    shown = sum(rule.matters(part, found) or formula.relevant(found) is not None for found in listed)
    if shown <= limits.FEW_COINCIDENCES and (not shown or groups <= limits.CASE_GROUPS_OF_FEW):
        return ""
    places = "1 coincidence" if shown == 1 else f"{shown} coincidences"
    return (
        f"the eigenvalues are {groups} groups that depend on the parameters, and the closed form is another one at each of "
        f"{places} (one is 0 or 1, or two are equal): these are too many cases to list them all"
    )


def _letters(expressions: Iterable[sp.Expr]) -> set[sp.Symbol]:
    return set[sp.Symbol]().union(*(x.free_symbols for x in expressions))


def _explore(part: Part, rule: Rule) -> Iterator[Case]:
    formula = _Formula(part)
    rest, children = _divided(part, rule, formula)
    if is_met_somewhere(rest.condition):
        yield from rule.leaves(rest, formula.logarithm)
    for child in children:
        yield from _explore(child, rule)


def _divided(part: Part, rule: Rule, formula: _Formula, with_children: bool = True) -> tuple[Part, list[Part]]:
    """Return the part without the coincidences that are cases of their own, and the parts of these."""
    children = []
    for found in coincidences(part, part.B.ncols() > 0, rule.with_zero):
        # Continuity (see above) needs points without the coincidence nearby, which only an open set is sure to have.
        whole = not part.is_open or rule.matters(part, found)
        relevant = (sp.fraction(found.expression)[0], True) if whole else formula.relevant(found)
        if relevant is None:
            continue
        shared, whole = relevant
        expression = part.expand(shared)
        equation = zero(expression)
        if not is_met_somewhere(part.condition & equation):
            part = replace(part, apart=part.apart | {found.key}) if whole else part
            continue
        for child in found.parts(part) if with_children else ():
            condition = child.condition & equation
            if not condition.is_false:
                kept = replace(child, condition=condition)
                smaller = replace(kept, is_open=False) if found.element is None else eliminated(kept, shared)
                children += [smaller] if is_met_somewhere(smaller.condition) else []
        apart = part.apart | {found.key} if whole else part.apart
        part = replace(part, condition=part.condition & nonzero(expression), apart=apart)
    return part, children


def _by_sign(part: Part, log: Logarithm) -> Iterator[Case]:
    """Yield the case, once for each combination of signs that the discriminants of quadratic factors can have."""
    options = []
    for index, term in enumerate(log.terms):
        if term.degree == 2:
            K, f = term.field, term.factor
            discriminant = part.signed(K.to_sympy(f[1] * f[1] - f[0] * K.element(4)))
            real = positive(discriminant) if frozenset((text_of(f),)) in part.apart else nonnegative(discriminant)
            signs = ((part.condition & real, True), (part.condition & negative(discriminant), False))
            options.append([(condition, index, value) for condition, value in signs if not condition.is_false])
    split = equilibria_of(part) if part.B.ncols() else [(ALWAYS, "")]
    for chosen in product(*options):
        domain = all_formulas([part.condition, *(condition for condition, _, _ in chosen)])
        if is_met_somewhere(domain):
            roots = {index: value for _, index, value in chosen}
            case = Case(domain, log, roots, part.definitions, factors=part.factors, domain=domain)
            found = (replace(case, condition=domain & where, equilibria=what) for where, what in split)
            yield from (case for case in found if is_met_somewhere(case.condition))
