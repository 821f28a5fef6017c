"""The system of a region with letters on a part of the parameter space: one case of a `RegionODE`.

The matrix X, the offset y and the input matrix Y of

    dx/dt = X x + y + Y s

are kept as spectral terms over the field of the network and written out as SymPy expressions when they are asked for.

Reference: docs/theory, section 2, identity (2), section 3, E2 to E6, and section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp

from symplrnn import views
from symplrnn.conditions.formula import Formula
from symplrnn.conditions.simplification import given
from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.errors import EntryError
from symplrnn.exact.fields.letters import FunctionField, field_of
from symplrnn.exact.quotients import as_quotient
from symplrnn.exact.reading.exponentials import spelled
from symplrnn.exact.writing import text_of
from symplrnn.logarithm.cases.cases import Case
from symplrnn.logarithm.closed_form import Logarithm
from symplrnn.logarithm.lifted_form import named_logarithm, named_power
from symplrnn.logarithm.named_form import NamedMatrix
from symplrnn.network.affine import AffineMap
from symplrnn.network.augmented import Blocks
from symplrnn.network.region import Region
from symplrnn.systems.flow import Flow, flow
from symplrnn.theorems.reasons import Negative, Reason, kind_of

if TYPE_CHECKING:
    from symplrnn.systems.aliases import AliasODE
    from symplrnn.systems.region_ode import RegionODE

__all__ = ["CaseODE", "by_form"]

READABLE = 120  # characters of an expression in a sentence


@dataclass(frozen=True, eq=False)
class CaseODE(Blocks, views.Shown):
    """The system of a region on a part of the parameter space,  dx/dt = X x + y + Y s  with x = (z, u).

    Where E2 holds, x is the state z. Elsewhere there may be ``extra`` coordinates u, which are 0 at each grid time, and a jump
    (``jump_map``), which replaces z by its image at each grid time before the flow; see `RegionODE`.

    Attributes
    ----------
    region : Region
    dt : SymPy expression
    case : Case
        The condition and the closed form as spectral terms.

    Examples
    --------
    >>> import symplrnn as sr
    >>> ode = sr.derive(sr.PLRNN(["a"], [[0]], ["h"], dt=1, parameters={"a": "positive", "h": "real"}))["0"]
    >>> ode.cases[0].condition, ode.cases[0].matrix, ode.cases[0].offset
    (Ne(a, 1), Matrix([[log(a)]]), Matrix([[h*log(a)/(a - 1)]]))
    """

    region: Region
    dt: sp.Expr
    case: Case

    def __repr__(self) -> str:
        return views.cut(f"CaseODE({self.region.pattern!r}, where {self.condition})")

    @property
    def n(self) -> int:
        """Number of states."""
        return self.region.network.n

    @cached_property
    def condition(self) -> Formula:
        """Where in the parameter space this case holds."""
        return given(self.case.condition, self.region.network.assumptions)

    @cached_property
    def domain(self) -> Formula:
        """Where its closed form holds, whatever the equilibria are."""
        return given(self.case.domain, self.region.network.assumptions)

    @property
    def extra(self) -> int:
        """Number of extra coordinates."""
        return self.case.extra

    @property
    def is_smallest(self) -> bool:
        """Whether there is no system with fewer extra coordinates for any values that meet the condition."""
        return self.case.turning is None or self.case.turning.smallest

    @property
    def dimension(self) -> int:
        """Number of coordinates, n + extra."""
        return self.n + self.extra

    @property
    def kind(self) -> str:
        """``"real"``, ``"lifted"``, ``"impulsive"`` or ``"lifted+impulsive"``."""
        return kind_of(self.extra, self.case.jump is not None)

    @property
    def is_principal(self) -> bool:
        """Whether the logarithm is the principal one: no eigenvalue of the map after the jump is in (-inf, 0]."""
        return not (self.case.turning and self.case.turning.negative)

    @property
    def why(self) -> str:
        """Why the system is of this kind.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN(["a"], [["w"]], [1], parameters={"a": "positive", "w": "real"})
        >>> for case in derive(net, dt=1)["1"].other_cases:
        ...     print(case.condition, "|", case.why)
        a + w < 0 | the eigenvalue a + w is negative, and its Jordan blocks do not pair up, so there is no real ODE of dimension 1
        (E3), not even a time-dependent linear one, because det M < 0; 1 extra coordinate is the fewest that do (E5)
        Eq(a + w, 0) | 0 is an eigenvalue, and flows are invertible, so a jump at each grid time is needed (E6)
        """
        return str(self.reason)

    @property
    def reason(self) -> Reason:
        """The facts that `why` is about."""
        case, turning = self.case, self.case.turning
        multiplicity = {text_of(g): m for g, m in case.factors}
        negative = tuple(
            Negative(_roots(case, index, count), count, multiplicity[text_of(case.logarithm.terms[index].factor)])
            for index, count in (turning.negative if turning else {}).items()
        )
        return Reason(self.n, negative, self.extra, case.jump is not None, self.is_smallest)

    @property
    def jump_map(self) -> AffineMap | None:
        """The map of z at each grid time, before the flow, with the input that acts during the step; None if there is no jump."""
        J, n = self.case.jump, self.n
        if J is None:
            return None
        K, size = self.case.logarithm.field, J.ncols()
        entries = sp.ImmutableDenseMatrix(n, size, [K.to_sympy(J[i, j]) for i in range(n) for j in range(size)])
        rows = NamedMatrix(entries, self.case.definitions).expanded()
        L = field_of([*rows, *self.region.network.field.parameters])
        cuts = [(0, n), (n, n + 1), (n + 1, size)]
        M, c, C = (L.fill(n, b - a, [L.element(x) for x in rows[:, a:b]]) for a, b in cuts)
        return AffineMap(M, c, C, L)

    @property
    def equilibria(self) -> str:
        """What the equilibria of the ODE are: "one point", "an affine subspace" (of fixed points) or "none".

        X z + y = 0 has the solutions of (I - M) z = c: X = phi(M)(M - I)/dt and y = phi(M) c/dt with phi(x) = log(x)/(x - 1),
        and phi(M) is invertible on the principal branch. Where 1 is an eigenvalue of M, there are some iff c is in the range of
        I - M.

        "one point, or an affine subspace" where the closed form does not depend on whether 1 is an eigenvalue (there always is an
        equilibrium then), "an affine subspace, or none" where the range is not described (more than 4 states); empty where
        E2 fails. Inputs are 0.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN(["a"], [[0]], ["h"], parameters={"a": "positive", "h": "real"})
        >>> for case in derive(net, dt=1)["0"].cases:
        ...     print(case.condition, "|", case.equilibria)
        Ne(a, 1) | one point
        Eq(a, 1) & Eq(h, 0) | an affine subspace
        Eq(a, 1) & Ne(h, 0) | none
        """
        return self.case.equilibria

    @cached_property
    def named(self) -> NamedMatrix:
        """X^ = [[X, y, Y], [0, 0, 0]] with names for discriminants, traces and the like, and their definitions."""
        found = named_logarithm(self.case)
        return NamedMatrix(self._reordered(found.matrix) / self.dt, found.definitions)

    def _reordered(self, matrix: sp.MatrixBase) -> sp.ImmutableDenseMatrix:
        """Return a matrix in the coordinates (z, u, 1, s), from one in (z, 1, s, u)."""
        size, n = matrix.rows, self.n
        order = [*range(n), *range(size - self.extra, size), *range(n, size - self.extra)]
        return matrix.extract(order, order)

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """X^ = [[X, y, Y], [0, 0, 0]] in the parameters alone."""
        return spelled(self.named.expanded())

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters of the network, and those of dt."""
        own = self.region.network.parameters
        return (*own, *sorted(self.dt.free_symbols - set(own), key=str))

    @property
    def logarithm(self) -> Logarithm:
        """The principal logarithm of the augmented matrix (after the jump), in closed form; complex with negative eigenvalues."""
        return self.case.logarithm

    def vanishes(self, element: Any) -> bool:
        """Return whether an element vanishes where the case holds, as far as division by the equations of its condition shows."""
        K, condition, definitions = self.logarithm.field, self.case.condition, self.case.definitions
        if K.is_zero(element):
            return True
        clauses = condition.args if condition.kind == "and" else (condition,)
        equations = [clause.polynomial for clause in clauses if clause.kind == "atom" and clause.signs == {0}]
        if isinstance(K, FunctionField) and not definitions:
            divisors = [K.element(equation).numer for equation in equations]
            if any(divmod(element.numer, divisor)[1] == 0 for divisor in divisors):
                return True
        value = K.to_sympy(element)
        for symbol, meaning in reversed(definitions):
            value = value.subs(symbol, meaning)
        numerator = sp.expand(as_quotient(value)[0])
        return numerator == 0 or bool(equations and sp.reduced(numerator, equations)[1] == 0)

    def require_numbers(self, what: str) -> RegionODE:
        """Raise `EntryError`: ``what`` is there for the system of numbers."""
        raise EntryError(f"{what}: a case has closed forms only; accepted are systems of numbers, by ode.subs")

    def power(self, r: sp.Expr) -> sp.ImmutableDenseMatrix:
        """Return exp(r dt X^), the flow over r steps, as a SymPy matrix of size n + extra + 1 + m."""
        return self._reordered(spelled(named_power(self.case, r).expanded()))

    def flow(self, t: Any) -> Flow:
        """Return the flow over a time t: a number, or a SymPy expression in real symbols, also in the parameters.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> ode = derive(PLRNN(["a"], [[0]], [0], parameters={"a": "positive"}).region("1"), dt=1)
        >>> ode.cases[0].flow(sp.Symbol("t", real=True)).matrix
        Matrix([[a**t]])
        """
        return flow(self, t)

    def aliases(self, k: int | Sequence[int]) -> AliasODE:
        """Return the real ODE that turns k times more per step, with the same time-dt map (E4); see `alias`.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network.network import ReLURNN
        >>> net = ReLURNN([[0, "-a"], ["a", 0]], [[], []], [0, 0], V=[], parameters={"a": "positive"})
        >>> derive(net, dt=1)[""].cases[0].aliases(-1).matrix[1, 0]
        -3*pi/2
        """
        found: AliasODE = views.aliases(self, k)
        return found


def by_form(cases: Iterable[CaseODE]) -> list[list[CaseODE]]:
    """Return the cases in groups that share a closed form and differ in what they say about c alone."""
    found: dict[tuple[int, Formula], list[CaseODE]] = {}
    for case in cases:
        found.setdefault((id(case.case.logarithm), case.case.domain), []).append(case)
    return list(found.values())


def _roots(case: Case, index: int, count: int) -> str:
    """Return the negative roots of a term of a case in words."""
    term = case.logarithm.terms[index]
    c = coefficients_of(term.field, term.factor)
    x = sp.Symbol("lambda")
    text = text_of(-c[0] if term.degree == 1 else sp.Add(*(a * x**k for k, a in enumerate(c))))
    if term.degree == 1:
        return f"the eigenvalue {text}" if len(text) <= READABLE else "an eigenvalue"
    number = "one root" if count == 1 else f"{count} roots"
    return f"{number} of {text if len(text) <= READABLE else f'the factor of degree {term.degree} of det(lambda I - M)'}"
