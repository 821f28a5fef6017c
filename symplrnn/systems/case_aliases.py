"""The other real ODEs of a region with letters, on a part of the parameter space: aliases, which turn faster.

For a complex pair l = t/2 +- i b, b = sqrt(-D)/2, of a factor x^2 - t x + d with D = t^2 - 4 d < 0 and the spectral projectors
E(l) = P + (l - t/2) Q of the augmented map M^,

    R = i (E(l) - E(conj l)) = -sqrt(-D) Q

is real and commutes with M^, and R^3 = -R: so its eigenvalues are 0, i and -i, exp(2 pi k R) = I for an integer k, and

    X_k^ = X^ + (2 pi / dt) sum_j k_j R_j

has the same time-dt map as X^. The frequency of pair j, arg(l_j)/dt, becomes (arg(l_j) + 2 pi k_j)/dt.

Reference: THEORY E4; proofs/uniqueness.md, Proposition 6. `symplrnn.systems.aliases` is the same for networks of rational
numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import index
from typing import Any

import sympy as sp

from symplrnn import views
from symplrnn.conditions.formula import Formula
from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.quotients import as_quotient
from symplrnn.logarithm.closed_form import Logarithm, SpectralTerm
from symplrnn.logarithm.named_form import NamedMatrix, combined
from symplrnn.network.augmented import Blocks
from symplrnn.systems.case_ode import CaseODE

__all__ = ["CaseAlias", "case_alias"]


@dataclass(frozen=True, eq=False, repr=False)
class CaseAlias(Blocks, views.Shown):
    """Another real ODE  dz/dt = X z + y + Y s  with the time-dt map of a case; made by `case_alias`.

    Attributes
    ----------
    principal : CaseODE
        The case that `derive` gives.
    k : tuple of int
        For each complex pair, by how many times 2 pi/dt its frequency is raised.
    terms : tuple of SpectralTerm
        The quadratic factors with the pairs, and their projectors.

    Reference: THEORY E4.
    """

    principal: CaseODE
    k: tuple[int, ...]
    terms: tuple[SpectralTerm, ...] = field(repr=False)

    @property
    def n(self) -> int:
        """Number of states."""
        return self.principal.n

    @property
    def dt(self) -> sp.Expr:
        """The time that one step of the network stands for."""
        return self.principal.dt

    @property
    def condition(self) -> Formula:
        """Where in the parameter space this holds."""
        return self.principal.condition

    @cached_property
    def named(self) -> NamedMatrix:
        """X_k^ = [[X, y, Y], [0, 0, 0]] with the names of `CaseODE.named`."""
        base, added = self.principal.named, []
        for term, k in zip(self.terms, self.k, strict=True):
            _, discriminant = _names(term, base.definitions)
            weight = -2 * sp.pi * k * sp.sqrt(-discriminant) / self.dt
            Q, size = term.matrices[1], base.matrix.rows
            entries = [
                (weight, Q[i, j]) if k and not term.field.is_zero(Q[i, j]) else None for i in range(size) for j in range(size)
            ]
            added.append([0 if entry is None else combined(term.field, [entry]) for entry in entries])
        whole = sum((sp.Matrix(*base.matrix.shape, entries) for entries in added), sp.Matrix(base.matrix))
        return NamedMatrix(sp.ImmutableDenseMatrix(whole), base.definitions)

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """X_k^ in the parameters alone."""
        return self.named.expanded()

    @property
    def frequencies(self) -> tuple[sp.Expr, ...]:
        """(arg(l_j) + 2 pi k_j)/dt for each pair, in radians per unit of time; negative if it turns the other way."""
        definitions, found = self.principal.named.definitions, []
        for term, k in zip(self.terms, self.k, strict=True):
            trace, discriminant = _names(term, definitions)
            angle = NamedMatrix(sp.ImmutableDenseMatrix([[sp.atan2(sp.sqrt(-discriminant), trace)]]), definitions).expanded()[0]
            found.append((angle + 2 * sp.pi * k) / self.dt)
        return tuple(found)

    @cached_property
    def verified(self) -> bool:
        """Whether the rational identities hold that make the time-dt map the same: R^3 = -R, R M^ = M^ R, R_i R_j = 0.

        With R = -sqrt(-D) Q these say D Q^3 = Q, Q M^ = M^ Q and Q_i Q_j = 0. They hold as identities in the parameters, or
        because of the equations in the condition; False if that is not seen by dividing by these.
        """
        log = self.principal.case.logarithm
        if log is None:
            return False
        found: list[Any] = []
        for place, term in enumerate(self.terms):
            K, f, Q = term.field, term.factor, term.matrices[1]
            found += [Q * Q * Q * (f[1] * f[1] - f[0] * K.element(4)) - Q, Q * log.matrix - log.matrix * Q]
            found += [Q * other.matrices[1] for other in self.terms[:place]]
        return all(_is_zero(self.principal, log, x) for matrix in found for x in matrix.entries())


def _names(term: SpectralTerm, definitions: Sequence[tuple[sp.Symbol, sp.Expr]]) -> tuple[sp.Symbol, sp.Symbol]:
    """Return the names of the trace and of the discriminant of a quadratic factor: they are defined as -f_1, f_0, t^2 - 4 d."""
    c = coefficients_of(term.field, term.factor)
    triples = zip(definitions, definitions[1:], definitions[2:], strict=False)
    return next((t, D) for (t, trace), (_, d), (D, _) in triples if (trace, d) == (-c[1], c[0]))


def _is_zero(case: CaseODE, log: Logarithm, element: Any) -> bool:
    """Return whether an element vanishes where the case holds, as far as division by the equations of its condition shows it."""
    if log.field.is_zero(element):
        return True
    condition = case.case.condition
    clauses = condition.args if condition.kind == "and" else (condition,)
    equations = [clause.polynomial for clause in clauses if clause.kind == "atom" and clause.signs == {0}]
    if isinstance(log.field, FunctionField) and not case.case.definitions:
        divisors = [log.field.element(equation).numer for equation in equations]
        if any(divmod(element.numer, divisor)[1] == 0 for divisor in divisors):
            return True
    value = log.field.to_sympy(element)
    for symbol, meaning in reversed(case.case.definitions):
        value = value.subs(symbol, meaning)
    numerator = sp.expand(as_quotient(value)[0])
    return numerator == 0 or bool(equations and sp.reduced(numerator, equations)[1] == 0)


def case_alias(case: CaseODE, k: int | Sequence[int]) -> CaseAlias:
    """Return the real ODE of a case that turns k times more per step than the one that `derive` gives.

    Parameters
    ----------
    case : CaseODE
    k : int or sequence of int
        One integer for all complex pairs of quadratic factors, or one for each, in the order of the terms of the closed form. The
        frequency of a pair, for the eigenvalue with positive imaginary part, becomes (arg(l) + 2 pi k)/dt.

    Returns
    -------
    CaseAlias

    Raises
    ------
    EntryError
        If the case has no real ODE, or no complex pair of a quadratic factor: complex roots of factors of degree 3 and more have
        no names in a closed form with letters, so that they cannot be turned one by one.
    ShapeError
        If k is no integer and not one integer for each pair.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import ReLURNN
    >>> net = ReLURNN([[0, "-a"], ["a", 0]], [[], []], [0, 0], V=[], parameters={"a": "positive"})
    >>> case = derive(net, dt=1)[""].cases[0]
    >>> case_alias(case, 1).matrix
    Matrix([
    [log(a**2)/2,     -5*pi/2],
    [     5*pi/2, log(a**2)/2]])
    >>> case_alias(case, 1).verified, case_alias(case, -1).frequencies
    (True, (-3*pi/2,))

    Reference: THEORY E4; proofs/uniqueness.md, Proposition 6.
    """
    terms = _pairs(case)
    expected = f"k: expected one integer, or {len(terms)} for the complex pairs of the case where {case.condition}"
    try:
        numbers = tuple(map(index, k)) if isinstance(k, Iterable) else (index(k),) * len(terms)
    except TypeError:
        raise ShapeError(f"{expected}, got {k!r}") from None
    if len(numbers) != len(terms):
        raise ShapeError(f"{expected}, got {len(numbers)}")
    return CaseAlias(case, numbers, terms)


views.aliases.register(CaseODE, case_alias)


def _pairs(case: CaseODE) -> tuple[SpectralTerm, ...]:
    """Return the terms of a case that hold a complex pair each; raise `EntryError` if there are none."""
    where = f"the case of region {case.region.pattern or '(no units)'} where {case.condition}"
    log = case.case.logarithm
    if log is None:
        raise EntryError(f"k: no closed form is known in {where}: {case.case.unresolved}")
    if case.kind != "real":
        raise EntryError(f"k: {where} is {case.kind}; accepted are cases with a real ODE")
    found = tuple(term for place, term in enumerate(log.terms) if not case.case.real_roots.get(place, True))
    if found:
        return found
    large = [term.degree for term in log.terms if term.degree > 2]
    if large:
        raise EntryError(
            f"k: {where} has a factor of degree {large[0]}, and its complex pairs, if any, have no names with letters and "
            "cannot be turned one by one; accepted are quadratic factors, or numbers for the letters, by ode.subs"
        )
    raise EntryError(f"k: {where} has no complex pair of eigenvalues, so there is no alias")
