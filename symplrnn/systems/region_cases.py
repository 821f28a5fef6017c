"""The equivalent ODE of one region of a network with letters: closed forms by cases, each with its condition.

The cases where E2 holds give the real principal ODE, and those beyond it lifted and impulsive systems, so that there is one for
all values of the letters.

Reference: THEORY section 2, identity (2), section 3, E1 to E6, and section 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import arb_mat, fmpq

from symplrnn.conditions.truth import UNKNOWN, Truth, conditional
from symplrnn.eigenvalues.parametric import ParametricSpectrum
from symplrnn.eigenvalues.spectrum import Spectrum
from symplrnn.errors import EntryError, ShapeError, TooLarge
from symplrnn.exact.balls import working_precision
from symplrnn.exact.evaluation import expression_enclosure
from symplrnn.exact.fitting import fitting
from symplrnn.exact.reading.numbers import positive_integer, to_sympy
from symplrnn.logarithm.cases.cases import Listing, cases
from symplrnn.logarithm.cases.where_e2_fails import cases_beyond
from symplrnn.network.region import Region
from symplrnn.network.substitution import parameter_values
from symplrnn.systems.case_ode import CaseODE, by_form, time_of
from symplrnn.systems.parametric_flow import ParametricFlow, certified_matrix
from symplrnn.systems.point_case import case_of
from symplrnn.systems.region_ode import Digits, exact_step
from symplrnn.theorems.reasons import KINDS

if TYPE_CHECKING:
    from symplrnn.emit.fields.numpy_ import VectorField

__all__ = ["ParametricRegionODE", "parametric_ode"]


@dataclass(frozen=True, eq=False)
class ParametricRegionODE:
    """The system of one region of a network with letters or irrational entries, by cases.

    Where E2 holds it is the real principal ODE.

    Attributes
    ----------
    region : Region
    dt : SymPy expression
    condition : Truth
        Where the region has a principal ODE (E2): a formula in the parameters.
    cases : tuple of CaseODE
        They do not overlap and together make up ``condition``: none if E2 holds for no values.

    unlisted : str
        Why these are not all cases where E2 holds; empty if they are. There may be too many, or closed forms with too many terms.
        The system for any values is then still found by `case_at` and `subs`.

    What the region has for all other values is in ``beyond``.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import PLRNN
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
    unlisted: str = ""

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

    @cached_property
    def beyond(self) -> tuple[CaseODE, ...]:
        """The cases where E2 fails: lifted and impulsive systems (E5, E6) and real ODEs that are not principal (E3).

        They do not overlap and together make up the complement of ``condition``. They are derived when they are asked for.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network.network import PLRNN
        >>> net = PLRNN(["a"], [["w"]], [0], parameters={"a": "positive", "w": "real"})
        >>> for case in derive(net, dt=1)["1"].beyond:
        ...     print(case.condition, case.kind, case.matrix)
        a + w < 0 lifted Matrix([[log(-a - w), -pi], [pi, log(-a - w)]])
        Eq(a + w, 0) impulsive Matrix([[0]])
        """
        return tuple(CaseODE(self.region, self.dt, case) for case in self._listed_beyond.cases)

    @property
    def unlisted_beyond(self) -> str:
        """Why ``beyond`` does not hold all cases where E2 fails; empty if it does.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network.network import PLRNN
        >>> letters = ["a", "b", "c", "d", "e"]
        >>> ode = derive(PLRNN(letters, [[0] * 5] * 5, [1] * 5, parameters=letters), dt=1)["00000"]
        >>> ode.unlisted_beyond
        'the eigenvalues are 5 groups that depend on the parameters, and the closed form is another one at each of 20 coincidences
        (one is 0 or 1, or two are equal): these are too many cases to list them all'
        >>> ode.case_at({"a": "-1/2", "b": "-1/2", "c": 0, "d": 1, "e": 2}).kind
        'impulsive'
        """
        return self._listed_beyond.unlisted

    @cached_property
    def _listed_beyond(self) -> Listing:
        if self.condition.is_true:
            return Listing()
        facts = ParametricSpectrum(self.region)
        try:
            factors = facts.factors
        except TooLarge as limit:
            return Listing((), str(limit))
        return cases_beyond(facts.field, self.region.affine.M, facts.columns, factors)

    @property
    def _limit(self) -> str:
        """Why not all cases that `shown` is about are listed."""
        return self.unlisted if self.cases else self.unlisted_beyond or self.unlisted

    @property
    def shown(self) -> tuple[CaseODE, ...]:
        """The cases of the principal ODE, or, if there is none for any values, all cases."""
        return self.cases or self.beyond

    @property
    def shows_all_kinds(self) -> bool:
        """Whether no system of another kind than those of `shown` is possible for the values that `kind` is about."""
        return bool(self.cases) or not self._limit

    @property
    def kind(self) -> str:
        """``"real"`` where there is a principal ODE for some values; else the kinds of the cases, joined by "or".

        If not all cases are listed, any kind is possible.
        """
        found = {case.kind for case in self.shown} if self.shows_all_kinds else set(KINDS)
        return " or ".join(kind for kind in KINDS if kind in found)

    @property
    def why(self) -> str:
        """Why the system is of this kind: what the cases that are shown say, joined by "or".

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network.network import PLRNN
        >>> derive(PLRNN(["-a"], [[0]], [0], parameters={"a": "nonnegative"}), dt=1)["1"].why
        'the eigenvalue -a is negative, and its Jordan blocks do not pair up, so there is no real ODE of dimension 1 (E3); 1 extra
        coordinate is the fewest that do (E5), or 0 is an eigenvalue, and flows are invertible, so a jump at each grid time is
        needed (E6)'
        """
        found = list(dict.fromkeys(case.why for case in self.shown))
        if not found or not self.shows_all_kinds:
            found.append(f"that depends on the values of the parameters: {self._limit}")
        return ", or ".join(found)

    def by_cases(self, part: Callable[[CaseODE], sp.ImmutableDenseMatrix]) -> sp.ImmutableDenseMatrix:
        """Return a matrix that the cases have, with piecewise entries if there is more than one case.

        Where not all cases of the principal ODE are listed, all entries are piecewise, and undefined in the others.

        Raises `ShapeError` if there is no principal ODE for any values and the cases have systems of several kinds, or not all
        are listed.
        """
        if not self.shown or not self.shows_all_kinds:
            raise ShapeError(
                f"region {self.region.pattern}: the system is derived when the parameters have values, by ode.subs or "
                f"ode.case_at; {self._limit}"
            )
        if len({(case.kind, case.dimension) for case in self.shown}) > 1:
            raise ShapeError(
                f"region {self.region.pattern}: the cases have systems of several kinds or dimensions, so that their matrices "
                "are no piecewise matrix; accepted is one case, such as ode.beyond[0].matrix"
            )
        found = [same[0] for same in by_form(self.shown)]
        parts = [(part(case), case.case.domain.expression) for case in found]
        if len(parts) == 1 and not self._limit:
            return parts[0][0]
        rows, columns = parts[0][0].shape
        entries = [
            _piecewise([(part[i, j], where) for part, where in parts], joined=not self._limit)
            for i in range(rows)
            for j in range(columns)
        ]
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
        >>> from symplrnn.network.network import PLRNN
        >>> net = PLRNN(["a"], [[0]], [1], dt=1, parameters={"a": "positive"})
        >>> derive(net)["0"].flow(sp.Symbol("t", real=True)).offset[0]
        Piecewise((a**t/(a - 1) - 1/(a - 1), Ne(a - 1, 0)), (t, Eq(a - 1, 0)), (nan, True))
        """
        return ParametricFlow(self, time_of(t, self.parameters))

    def digits(self, digits: int) -> Digits:
        """Return X, y and Y to so many certified significant digits, for a network of numbers without letters.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network.network import PLRNN
        >>> derive(PLRNN([sp.sqrt(2)], [[0]], [1]), dt=1)["0"].digits(12).matrix
        (('0.346573590280',),)

        Raises `EntryError` if there are letters, `PrecisionLimit` if an entry has no certified value or can neither be separated
        from 0 nor is 0 as it stands.
        """
        case = self.only_case("digits")
        return certified_matrix(case.augmented, digits, case.dimension, f"region {self.region.pattern}")

    def only_case(self, what: str) -> CaseODE:
        """Return the one case of an ODE without letters; ``what`` names the computation that needs it."""
        if self.parameters:
            names = ", ".join(map(str, self.parameters))
            raise EntryError(f"{what}: the ODE has the parameters {names}; give them values first, by ode.subs")
        [case] = self.shown
        return case

    @property
    def dimension(self) -> int:
        """Number of coordinates, n and the extra ones, for a network of numbers without letters."""
        return self.only_case("dimension").dimension

    @property
    def extra(self) -> int:
        """Number of extra coordinates, for a network of numbers without letters."""
        return self.only_case("extra").extra

    @cached_property
    def jump(self) -> Any:
        """The matrix over the network's field that is applied to (z, 1, s) at each grid time; None if there is no jump.

        The field of the case that `jump_map` belongs to may be larger.
        """
        self.only_case("jump")
        found = fitting(self.region.network.field, self.region.affine.augmented())
        return None if found is None else found.jump

    @property
    def step(self) -> fmpq:
        """dt as an exact rational; raise `EntryError` if it is none."""
        return exact_step(self.dt)

    def readout(self, r: fmpq, bits: int) -> arb_mat:
        """Return a ball matrix G (n, n + 1 + m): after the part 0 < r <= 1 of a step from z, the state is G (z, 1, s).

        It begins with the jump, if there is one, and with u = 0; see `RegionODE.readout`. For a network without letters.
        """
        case, affine = self.only_case("readout"), self.region.affine
        n, size = affine.n, affine.n + 1 + affine.m
        rows = sp.Matrix.hstack(affine.matrix, affine.offset, affine.input_matrix)
        if r == 1:
            return expression_enclosure(rows, positive_integer(bits, "bits"))
        flow = case.flow(to_sympy(r) * self.dt).augmented
        start = [*range(n), *range(case.dimension, flow.cols)]  # without u
        balls = expression_enclosure(flow.extract(list(range(n)), start), positive_integer(bits, "bits"))
        if case.jump_map is None:
            return balls
        jump = sp.Matrix.hstack(case.jump_map.matrix, case.jump_map.offset, case.jump_map.input_matrix)
        whole = jump.col_join(sp.zeros(size - n, n).row_join(sp.eye(size - n)))
        with working_precision(bits):
            return balls * expression_enclosure(whole, bits)

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains X^, computed with this many bits, for a network of numbers without letters."""
        return expression_enclosure(self.only_case("enclosure").augmented, positive_integer(bits, "bits"))

    def lambdify(self) -> VectorField:
        """Return f(t, z) in double precision, for a network of numbers without letters; see `RegionODE.lambdify`.

        Raises `EntryError` if there are letters.
        """
        from symplrnn.emit.fields.numpy_ import region_field

        self.only_case("lambdify")
        return region_field(self)

    def case_at(self, values: Mapping[Any, Any]) -> CaseODE:
        """Return the case that holds at parameter values: one of the principal ODE, or one beyond.

        If it is not listed (beyond E2: if not all are), or is not known to have the fewest extra coordinates
        (`CaseODE.is_smallest`), the result is the case of these values alone: its condition says that the parameters have them.
        """
        found = parameter_values(self.parameters, values)
        case = next((case for case in self._listed() if case.condition.at(found)), None)
        return case if case is not None and case.is_smallest else case_of(self.region, self.dt, found)

    def _listed(self) -> Iterator[CaseODE]:
        """Yield the cases among which that of some values is looked for; those beyond E2 are derived when they are reached."""
        yield from self.cases
        if not self.unlisted_beyond:
            yield from self.beyond

    def subs(self, values: Mapping[Any, Any]) -> Any:
        """Return the ODE with parameters replaced by numbers, from the case that holds there.

        With a rational value for every parameter the result is a `RegionODE`. With fewer, or with irrational values, it is the
        `ParametricRegionODE` of the network with these values.

        Raises `EntryError` for an unknown parameter or a value against its assumptions.
        """
        from symplrnn.derivation import substituted_ode

        return substituted_ode(self, values)

    def to_dict(self, digits: int = 17, beyond: bool = False) -> dict[str, Any]:
        """Return a JSON-ready dict: the condition, and for each case its condition and the entries as text.

        ``beyond`` adds the cases where E2 fails, which are there anyway if E2 holds for no values.
        """
        from symplrnn.emit.json_ import parametric_ode_to_dict

        return parametric_ode_to_dict(self, beyond)

    def to_json(self) -> str:
        """Return `to_dict` as a JSON document."""
        from symplrnn.emit.json_ import dumps

        return dumps(self.to_dict())


def _piecewise(branches: list[tuple[sp.Expr, sp.Basic]], joined: bool) -> sp.Expr:
    """Return a piecewise expression, or, if that is wanted, the one expression that all branches share."""
    if joined and all(value == branches[0][0] for value, _ in branches):
        return branches[0][0]
    return sp.Piecewise(*branches, (sp.nan, True), evaluate=False)


def parametric_ode(facts: Spectrum, dt: sp.Expr) -> ParametricRegionODE:
    """Return the system of a region with letters or irrational entries, with the cases of its principal ODE."""
    region = facts.region
    try:
        principal = facts.where_principal
    except TooLarge as limit:
        return ParametricRegionODE(region, dt, UNKNOWN(str(limit)), (), str(limit))
    found = Listing() if principal.is_false else cases(facts.field, region.affine.M, facts.columns, facts.factors, principal)
    listed = tuple(CaseODE(region, dt, case) for case in found.cases)
    return ParametricRegionODE(region, dt, conditional(principal), listed, found.unlisted)
