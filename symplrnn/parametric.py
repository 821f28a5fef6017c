"""The equivalent ODE of one region of a network with letters: closed forms by cases, each with its condition.

The matrix X, the offset y and the input matrix Y of

    dz/dt = X z + y + Y s

are kept as spectral terms over the field of the network and written out as SymPy expressions when they are asked for.

Reference: THEORY section 2, identity (2), section 3, E1 and E2, and section 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import arb_mat, fmpq

from symplrnn.blocks import Blocks
from symplrnn.cases import Case, cases
from symplrnn.enclosure import certified_digits
from symplrnn.errors import EntryError, NoPrincipalLogarithm, NoRealODE, SymplrnnError
from symplrnn.evaluation import expression_enclosure
from symplrnn.exact.numbers import exact_entry, positive_integer, to_sympy
from symplrnn.formula import Formula
from symplrnn.namedform import NamedMatrix, named_logarithm, named_power
from symplrnn.ode import Digits, as_digits
from symplrnn.region import Region
from symplrnn.substitution import parameter_values
from symplrnn.symbolic_spectrum import SymbolicSpectrum
from symplrnn.truth import Truth, all_of, conditional

if TYPE_CHECKING:
    from symplrnn.emit.numeric import VectorField

__all__ = ["CaseFlow", "CaseODE", "ParametricFlow", "ParametricRegionODE", "by_form", "parametric_ode"]

NUMBERS = "with rational numbers for its entries it has a system with a jump or extra coordinates"


@dataclass(frozen=True, eq=False)
class CaseODE(Blocks):
    """The ODE of a region on a part of the parameter space,  dz/dt = X z + y + Y s.

    Attributes
    ----------
    region : Region
    dt : SymPy expression
    case : Case
        The condition and the closed form as spectral terms.
    """

    region: Region
    dt: sp.Expr
    case: Case

    def __repr__(self) -> str:
        return f"CaseODE({self.region.pattern!r}, where {self.condition})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _case_where, (self.region, self.dt, self.condition)  # FLINT's polynomials cannot be pickled

    @property
    def n(self) -> int:
        """Number of states."""
        return self.region.network.n

    @property
    def condition(self) -> Formula:
        """Where in the parameter space this case holds."""
        return self.case.condition

    @property
    def equilibria(self) -> str:
        """What the equilibria of the ODE are: "one point", "an affine subspace" (of fixed points) or "none".

        X z + y = 0 has the solutions of (I - M) z = c: X = phi(M)(M - I)/dt and y = phi(M) c/dt with phi(x) = log(x)/(x - 1),
        and phi(M) is invertible on the principal branch. Where 1 is an eigenvalue of M, there are some iff c is in the range of
        I - M.

        "one point, or an affine subspace" where the closed form does not depend on whether 1 is an eigenvalue (there always is an
        equilibrium then), "an affine subspace, or none" where the range is not described (more than 4 states); empty without a
        closed form. Inputs are 0.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN(["a"], [[0]], ["h"], parameters={"a": "positive", "h": "real"})
        >>> for case in derive(net, dt=1)["0"].cases:
        ...     print(case.condition, "|", case.equilibria)
        Ne(a - 1, 0) | one point
        Eq(h, 0) & Eq(a - 1, 0) | an affine subspace
        Ne(h, 0) & Eq(a - 1, 0) | none
        """
        return self.case.equilibria

    @cached_property
    def named(self) -> NamedMatrix:
        """X^ = [[X, y, Y], [0, 0, 0]] with names for discriminants, traces and the like, and their definitions."""
        found = named_logarithm(self.case)
        return NamedMatrix(found.matrix / self.dt, found.definitions)

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """X^ = [[X, y, Y], [0, 0, 0]] in the parameters alone."""
        return self.named.expanded()

    def flow(self, t: Any) -> CaseFlow:
        """Return the flow over a time t: a number, or a SymPy expression in real symbols, also in the parameters.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> ode = derive(PLRNN(["a"], [[0]], [0], parameters={"a": "positive"}).region("1"), dt=1)
        >>> ode.cases[0].flow(sp.Symbol("t", real=True)).matrix
        Matrix([[a**t]])
        """
        return CaseFlow(self, _time(t, {*self.region.network.parameters, *self.dt.free_symbols}))


def _case_where(region: Region, dt: sp.Expr, condition: Formula) -> CaseODE:
    """Return the case of a region that has a condition."""
    from symplrnn.derivation import derive

    found: CaseODE = next(case for case in derive(region, dt).cases if case.condition == condition)
    return found


def _time(t: Any, parameters: Iterable[sp.Symbol]) -> sp.Expr:
    """Return the time of a flow as a SymPy number or expression."""
    exact = exact_entry(t, "t", {str(s): s for s in parameters}, closed=False)
    return exact if isinstance(exact, sp.Expr) else to_sympy(exact)


@dataclass(frozen=True, eq=False)
class CaseFlow(Blocks):
    """The flow  z -> Phi z + gamma + Gamma s  of a case over a time t; at t = dt the network's M, c and C."""

    ode: CaseODE
    t: sp.Expr

    @property
    def n(self) -> int:
        """Number of states."""
        return self.ode.n

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """exp(t X^) as a SymPy matrix of size n + 1 + m."""
        return named_power(self.ode.case, self.t / self.ode.dt).expanded()


@dataclass(frozen=True, eq=False)
class ParametricRegionODE:
    """The real principal ODE of one region of a network with letters, by cases.

    Attributes
    ----------
    region : Region
    dt : SymPy expression
    condition : Truth
        Where the region has a principal ODE (E2): a formula in the parameters.
    cases : tuple of CaseODE
        They do not overlap and together make up ``condition``.
    kind : str
        ``"real"``: a real ODE of the network's own dimension.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN(["a"], [["w"]], ["h"], parameters={"a": "positive", "w": "real", "h": "real"})
    >>> ode = derive(net, dt=1)["1"]
    >>> ode.condition
    IF(a + w > 0)
    >>> for case in ode.cases:
    ...     print(case.condition, case.offset, case.equilibria)
    (a + w > 0) & Ne(a + w - 1, 0) Matrix([[h*log(a + w)/(a + w - 1)]]) one point
    Eq(h, 0) & Eq(a + w - 1, 0) Matrix([[h]]) an affine subspace
    Ne(h, 0) & Eq(a + w - 1, 0) Matrix([[h]]) none
    >>> ode.subs({"a": "1/2", "w": "1/4", "h": 1}).matrix
    Matrix([[log(3/4)]])

    Reference: THEORY section 3, E1 and E2.
    """

    region: Region
    dt: sp.Expr
    condition: Truth
    cases: tuple[CaseODE, ...]
    kind: str = field(default="real", init=False)

    def __repr__(self) -> str:
        return f"ParametricRegionODE({self.region.pattern!r}, {len(self.cases)} cases, condition={self.condition})"

    @property
    def n(self) -> int:
        """Number of states."""
        return self.region.network.n

    def __reduce__(self) -> tuple[Any, ...]:
        from symplrnn.derivation import derive

        return derive, (self.region, self.dt)  # FLINT's polynomials cannot be pickled

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters of the network, and those of dt."""
        own = self.region.network.parameters
        return (*own, *sorted(self.dt.free_symbols - set(own), key=str))

    def by_cases(self, part: Callable[[CaseODE], sp.ImmutableDenseMatrix]) -> sp.ImmutableDenseMatrix:
        """Return a matrix that the cases have, with piecewise entries if there is more than one case."""
        found = [same[0] for same in by_form(self.cases)]
        parts = [(part(case), case.case.domain.expression) for case in found if not case.case.unresolved]
        if len(parts) == 1 and len(found) == 1:
            return parts[0][0]
        rows, columns = parts[0][0].shape
        entries = [_piecewise([(part[i, j], where) for part, where in parts]) for i in range(rows) for j in range(columns)]
        return sp.ImmutableDenseMatrix(rows, columns, entries)

    @cached_property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """X as a SymPy matrix (n, n), piecewise if there are several cases; outside of them undefined."""
        return self.by_cases(lambda case: case.matrix)

    @cached_property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """y as a SymPy column (n, 1), piecewise if there are several cases."""
        return self.by_cases(lambda case: case.offset)

    @cached_property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """Y as a SymPy matrix (n, m), piecewise if there are several cases."""
        return self.by_cases(lambda case: case.input_matrix)

    def flow(self, t: Any) -> ParametricFlow:
        """Return the flow over a time t, a number or an expression in real symbols, with piecewise entries as in `matrix`.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN(["a"], [[0]], [1], dt=1, parameters={"a": "positive"})
        >>> derive(net)["0"].flow(sp.Symbol("t", real=True)).offset[0]
        Piecewise((a**t/(a - 1) - 1/(a - 1), Ne(a - 1, 0)), (t, Eq(a - 1, 0)), (nan, True))
        """
        return ParametricFlow(self, _time(t, self.parameters))

    def digits(self, digits: int) -> Digits:
        """Return X, y and Y to so many certified significant digits, for a network of numbers without letters.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> derive(PLRNN([sp.sqrt(2)], [[0]], [1]), dt=1)["0"].digits(12).matrix
        (('0.346573590280',),)

        Raises `EntryError` if there are letters, `PrecisionLimit` if an entry has no certified value or can neither be separated
        from 0 nor is 0 as it stands.
        """
        digits = positive_integer(digits, "digits")
        case = self._only_case("digits")
        size = case.augmented.rows
        exact = {(i, j): fmpq(0) for i in range(size) for j in range(size) if case.augmented[i, j] == 0}
        exact |= {(i, j): fmpq(int(x.p), int(x.q)) for (i, j), x in _entries(case.augmented) if isinstance(x, sp.Rational)}
        return as_digits(certified_digits(self.enclosure, exact, digits, f"region {self.region.pattern}"), self.n)

    def _only_case(self, what: str) -> CaseODE:
        """Return the one case of an ODE without letters; ``what`` names the computation that needs it."""
        if self.parameters:
            names = ", ".join(map(str, self.parameters))
            raise EntryError(f"{what}: the ODE has the parameters {names}; give them values first, by ode.subs")
        [case] = self.cases
        return case

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains X^, computed with this many bits, for a network of numbers without letters."""
        return expression_enclosure(self._only_case("enclosure").augmented, positive_integer(bits, "bits"))

    def lambdify(self) -> VectorField:
        """Return f(t, z) in double precision, for a network of numbers without letters; see `RegionODE.lambdify`.

        Raises `EntryError` if there are letters.
        """
        from symplrnn.emit.numeric import region_field

        self._only_case("lambdify")
        return region_field(self)

    def case_at(self, values: Mapping[Any, Any]) -> CaseODE | None:
        """Return the case that holds at parameter values; None if there is no principal ODE there."""
        found = parameter_values(self.parameters, values)
        return next((case for case in self.cases if case.condition.at(found)), None)

    def subs(self, values: Mapping[Any, Any]) -> Any:
        """Return the ODE with parameters replaced by numbers, from the case that holds there.

        With a rational value for every parameter the result is a `RegionODE`. With fewer, or with irrational values, it is the
        `ParametricRegionODE` of the network with these values.

        Raises `EntryError` for an unknown parameter or a value against its assumptions, `NoRealODE` or `NoPrincipalLogarithm`
        where there is no principal ODE.
        """
        from symplrnn.derivation import substituted_ode

        return substituted_ode(self, values)

    def to_dict(self, digits: int = 17) -> dict[str, Any]:
        """Return a JSON-ready dict: the condition, and for each case its condition and the entries as text."""
        from symplrnn.emit.json_ import parametric_ode_to_dict

        return parametric_ode_to_dict(self)

    def to_json(self) -> str:
        """Return `to_dict` as a JSON document."""
        from symplrnn.emit.json_ import dumps

        return dumps(self.to_dict())


@dataclass(frozen=True, eq=False)
class ParametricFlow:
    """The flow  z -> Phi z + gamma + Gamma s  of a region with letters over a time t, with piecewise entries."""

    ode: ParametricRegionODE
    t: sp.Expr

    @cached_property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """Phi as a SymPy matrix (n, n)."""
        return self.ode.by_cases(lambda case: CaseFlow(case, self.t).matrix)

    @cached_property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """gamma as a SymPy column (n, 1)."""
        return self.ode.by_cases(lambda case: CaseFlow(case, self.t).offset)

    @cached_property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """Gamma as a SymPy matrix (n, m)."""
        return self.ode.by_cases(lambda case: CaseFlow(case, self.t).input_matrix)


def by_form(cases: Iterable[CaseODE]) -> list[list[CaseODE]]:
    """Return the cases in groups that share a closed form and differ in what they say about c alone."""
    found: dict[tuple[int, Formula], list[CaseODE]] = {}
    for case in cases:
        found.setdefault((id(case.case.logarithm), case.case.domain), []).append(case)
    return list(found.values())


def _entries(matrix: sp.MatrixBase) -> list[tuple[tuple[int, int], sp.Expr]]:
    return [((i, j), matrix[i, j]) for i in range(matrix.rows) for j in range(matrix.cols)]


def _piecewise(branches: list[tuple[sp.Expr, sp.Basic]]) -> sp.Expr:
    """Return a piecewise expression, or the one expression that all branches share."""
    if all(value == branches[0][0] for value, _ in branches):
        return branches[0][0]
    return sp.Piecewise(*branches, (sp.nan, True), evaluate=False)


def parametric_ode(facts: SymbolicSpectrum, dt: sp.Expr) -> ParametricRegionODE:
    """Return the principal ODE of a region with letters; raise the reason if there is none for any values of the parameters."""
    region, affine = facts.region, facts.region.affine
    principal = facts.principal
    if principal.is_false:
        raise _no_ode(facts)
    K, n = facts.field, affine.n
    B = K.fill(n, 1 + affine.m, [x for i in range(n) for x in (affine.c[i, 0], *(affine.C[i, j] for j in range(affine.m)))])
    found = cases(K, affine.M, B, facts.factors, principal)
    return ParametricRegionODE(region, dt, conditional(principal), tuple(CaseODE(region, dt, case) for case in found))


def _no_ode(facts: SymbolicSpectrum) -> SymplrnnError:
    """Return why there is no principal ODE whatever the parameters are."""
    pattern, n = facts.region.pattern, facts.region.network.n
    every = " for any values of the parameters" if facts.field.parameters else ""
    if facts.invertible.is_false:
        text = f"region {pattern} has no real ODE of dimension {n}: 0 is an eigenvalue, and flows are invertible"
        text += f' (E3, hypothesis "invertible"); {NUMBERS}'
        return NoRealODE(text, pattern=pattern, hypothesis="invertible", eigenvalue="0")
    eigenvalue = next((str(-f[0]) for f, _ in facts.factors if f.degree() == 1), "of a factor of the characteristic polynomial")
    text = f"region {pattern} has no principal ODE{every}: an eigenvalue is in (-inf, 0]; {NUMBERS}"
    if all_of((conditional(facts.invertible), facts.paired)).is_false:  # E3
        return NoRealODE(text, pattern=pattern, hypothesis="negative_blocks_paired", eigenvalue=eigenvalue)
    return NoPrincipalLogarithm(text, pattern=pattern, eigenvalue=eigenvalue)
