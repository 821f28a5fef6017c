"""The equivalent ordinary differential equation of one region, in closed form, with its flow and its certified digits.

With M^ the augmented matrix of the region's affine map, X^ = log(M^)/dt holds the matrix X, the offset y and the input matrix of

    dz/dt = X z + y + Y s,

whose time-dt flow is the affine map, for inputs held constant over a step (zero-order hold). Every region of every network of
numbers has such a system, of one of four kinds:

    real              the ODE above, of the network's own dimension; principal where no eigenvalue is in (-inf, 0]
    lifted            an ODE for (z, u) with extra coordinates u that are 0 at each grid time
    impulsive         a jump at each grid time, then the ODE
    lifted+impulsive  both

Reference: docs/theory, section 2, identity (2), and E1 to E6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from warnings import warn

import sympy as sp
from flint import acb, arb, arb_mat, fmpq

from symplrnn import limits, views
from symplrnn.conditions.truth import TRUE, UNKNOWN, Truth, conditional
from symplrnn.eigenvalues.counting import RationalSpectrum
from symplrnn.eigenvalues.parametric import ParametricSpectrum
from symplrnn.eigenvalues.repeated_blocks import has_letters
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.errors import EntryError, ShapeError, TooLarge, require_kind
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.fitting import Fitting, fitting
from symplrnn.exact.reading.exponentials import spelled
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.numbers import LARGEST, positive_integer, rational
from symplrnn.exact.writing import text_of
from symplrnn.logarithm.ball_powers import BallPowers
from symplrnn.logarithm.cases.cases import Listing, cases
from symplrnn.logarithm.cases.where_e2_fails import cases_beyond
from symplrnn.logarithm.closed_form import Logarithm
from symplrnn.logarithm.digits import Digits, as_digits, exact_step, step_ball
from symplrnn.logarithm.enclosure import certified_digits, real_logarithm_enclosure, real_power_enclosure
from symplrnn.logarithm.expressions import real_logarithm_matrix, real_power_matrix
from symplrnn.logarithm.lazy_entries import is_long, logarithm_entries
from symplrnn.logarithm.named_form import NamedMatrix
from symplrnn.logarithm.one_formula import matrix_logarithm, matrix_power
from symplrnn.logarithm.real_logarithm import RealLogarithm, real_logarithm
from symplrnn.logarithm.verification import half_turns_verified, logarithm_verified
from symplrnn.network.affine import AffineMap
from symplrnn.network.augmented import Blocks
from symplrnn.network.region import Region
from symplrnn.network.substitution import parameter_values, with_values
from symplrnn.systems.case_ode import CaseODE, by_form
from symplrnn.systems.columns import columns_of_numbers
from symplrnn.systems.eigenvalues import Eigenvalue, eigenvalues_of
from symplrnn.systems.flow import Flow, flow, require_short
from symplrnn.theorems.e5 import smallest_lift
from symplrnn.theorems.reasons import KINDS, PRINCIPAL, Negative, Reason, kind_of

if TYPE_CHECKING:
    from symplrnn.emit.fields.numpy_ import VectorField
    from symplrnn.systems.aliases import AliasODE

__all__ = ["INTEGRAL_FORM", "RegionODE"]

# docs/theory, section 6, formula (6)
INTEGRAL_FORM = "X = N Phi/dt, y = Phi c/dt, Y = Phi C/dt with N = M - I and Phi = int_0^1 (I + t N)^(-1) dt"


@dataclass(frozen=True, eq=False)
class RegionODE(Blocks, views.AsJSON, views.Shown):
    """The continuous-time system of one region of a network; made by `derive`.

    In the coordinates x = (z, u), with ``extra`` coordinates u, it is  dx/dt = X x + y + Y s. A step begins at a grid time with
    the network's state z and u = 0; if there is a ``jump``, z is first replaced by its image. After dt, x is the network's next
    state and u = 0 again. The number of extra coordinates is the smallest possible.

    For a network with parameters it is the principal ODE, which holds where ``condition`` (E2) does: one formula, made of divided
    differences, for which it does not matter whether eigenvalues coincide or are 1 (`symplrnn.functions`). Its expansions into
    elementary functions are listed in ``cases``, and what the region has elsewhere in ``other_cases``. Whatever needs numbers
    (decimals, enclosures, simulation) is there once the parameters have values: `subs`.

    Attributes
    ----------
    region : Region
    dt : SymPy expression
        The time that one step of the network stands for; with letters or an irrational number closed forms only, no decimals.

    Examples
    --------
    >>> from symplrnn.functions import phi
    >>> from symplrnn.network import PLRNN
    >>> ode = RegionODE(PLRNN(["1/2"], [["1/4"]], [1]).region("1"), sp.Integer(1))
    >>> ode.kind, ode.matrix, ode.offset
    ('real', Matrix([[log(3/4)]]), Matrix([[-4*log(3/4)]]))
    >>> ode.digits(20).matrix
    (('-0.28768207245178092744',),)
    >>> lifted = RegionODE(PLRNN(["-1/4"], [[0]], [1]).region("1"), sp.Integer(1))
    >>> lifted.kind, lifted.extra, lifted.matrix
    ('lifted', 1, Matrix([
    [-log(4),    -pi],
    [     pi, -log(4)]]))
    >>> net = PLRNN(["a"], [["w"]], ["h"], parameters={"a": "positive", "w": "real", "h": "real"})
    >>> ode = RegionODE(net.region("1"), sp.Integer(1))
    >>> ode.condition
    IF(a + w > 0)
    >>> ode.offset[0] == net.h[0] * phi(net.A[0] + net.W[0])
    True
    >>> for case in ode.cases:
    ...     print(case.condition, case.offset, case.equilibria)
    (a + w > 0) & Ne(a + w - 1, 0) Matrix([[h*log(a + w)/(a + w - 1)]]) one point
    Eq(h, 0) & Eq(a + w - 1, 0) Matrix([[h]]) an affine subspace
    Ne(h, 0) & Eq(a + w - 1, 0) Matrix([[h]]) none
    >>> ode.subs({"a": "1/2", "w": "1/4", "h": 1}).matrix
    Matrix([[log(3/4)]])

    Reference: docs/theory, section 3, E1 to E6, and section 5, formula (3).
    """

    region: Region
    dt: sp.Expr

    def __post_init__(self) -> None:
        require_kind(self.region, Region, "RegionODE", 'a region such as net.region("10")')
        require_kind(self.dt, sp.Expr, "RegionODE: dt", "a SymPy number or expression; derive takes any kind of number")
        if not self.dt.is_positive:
            raise EntryError(
                f"RegionODE: dt: {self.dt} is not positive; accepted is a number > 0, such as 1/10, or a positive letter"
            )

    def __repr__(self) -> str:
        return f"RegionODE({self.region.pattern!r}, kind={self.kind!r}, dt={self.dt})"

    # What is the same with and without parameters

    @property
    def n(self) -> int:
        """Number of states."""
        return self.region.network.n

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters of the network, and those of dt."""
        own = self.region.network.parameters
        return (*own, *sorted(self.dt.free_symbols - set(own), key=str))

    @property
    def has_parameters(self) -> bool:
        """Whether the network has parameters, so that the closed form comes in cases."""
        return bool(self.region.network.parameters)

    @cached_property
    def condition(self) -> Truth:
        """Where `matrix` and the others hold: E2 for a network with parameters in M, else TRUE."""
        return spectrum(self.region).principal if self.has_parameters and self.by_columns is None else TRUE

    @property
    def has_formula(self) -> bool:
        """Whether there is one formula for all parameter values that meet ``condition``, because some do (or may)."""
        return self.has_parameters and not self.condition.is_false

    @cached_property
    def by_columns(self) -> tuple[RegionODE, sp.ImmutableDenseMatrix] | None:
        """The system of numbers with inputs, and the matrix that its inputs are multiplied by, if only c and C have parameters.

        See `symplrnn.systems.columns`; None for other networks.
        """
        found = columns_of_numbers(self.region) if self.has_parameters else None
        return None if found is None else (RegionODE(found[0], self.dt), found[1])

    @property
    def kind(self) -> str:
        """``"real"``, ``"lifted"``, ``"impulsive"`` or ``"lifted+impulsive"``.

        With parameters, ``"real"`` where there is a principal ODE for some values; else the kinds of the cases, joined by "or".
        If not all cases are listed, any kind is possible.
        """
        if not self.has_parameters:
            return kind_of(self.extra, self.jump is not None)
        if self.by_columns is not None:
            return self.by_columns[0].kind
        if self.has_formula:
            return kind_of(0, False)
        found = {case.kind for case in self.shown} if self.shows_all_kinds else set(KINDS)
        return " or ".join(kind for kind in KINDS if kind in found)

    @cached_property
    def why(self) -> str:
        """Why the system is of this kind, and why no simpler one exists; with parameters what the cases say, joined by "or".

        >>> from symplrnn.network import PLRNN
        >>> RegionODE(PLRNN([0, "1/2"], [[0, 0], [0, 0]], [0, 0]).region("11"), sp.Integer(1)).why
        '0 is an eigenvalue, and flows are invertible, so a jump at each grid time is needed (E6)'
        >>> RegionODE(PLRNN(["-a"], [[0]], [0], parameters={"a": "nonnegative"}).region("1"), sp.Integer(1)).why
        'the eigenvalue -a is negative, and its Jordan blocks do not pair up, so there is no real ODE of dimension 1 (E3), not
        even a time-dependent linear one, because det M < 0; 1 extra coordinate is the fewest that do (E5), or 0 is an
        eigenvalue, and flows are invertible, so a jump at each grid time is needed (E6)'
        """
        if not self.has_parameters:
            return str(self.reason)
        if self.by_columns is not None:
            return self.by_columns[0].why
        if self.has_formula:
            return PRINCIPAL
        found = list(dict.fromkeys(case.why for case in self.shown))
        if not found or not self.shows_all_kinds:
            found.append(f"that depends on the values of the parameters: {self._limit}")
        return ", or ".join(found)

    @property
    def reason(self) -> Reason:
        """The facts that `why` is about, for a network of numbers."""
        negative = tuple(
            Negative(f"the eigenvalue {turn}", 1, sum(sizes), sizes) for turn, sizes in self.real_logarithm.negative_eigenvalues
        )
        return Reason(self.n, negative, self.extra, self.jump is not None)

    @cached_property
    def named(self) -> NamedMatrix:
        """X^ of a network with parameters where ``condition`` holds, with names for traces, determinants and the like.

        >>> from symplrnn.network import PLRNN
        >>> letters = ["a1", "a2", "w12", "w21"]
        >>> net = PLRNN(letters[:2], [[0, "w12"], ["w21", 0]], [0, 0], parameters=letters)
        >>> RegionODE(net.region("11"), sp.Integer(1)).named.definitions
        ((tau, a1 + a2), (delta, a1*a2 - w12*w21))

        Raises `TooLarge` if there would be too many terms.
        """
        if not self.has_formula:
            raise ShapeError(
                f"region {self.region.pattern}: no values of the parameters have a principal ODE; see matrix and other_cases"
            )
        if self.by_columns is not None:
            numbers, factors = self.by_columns
            return NamedMatrix(_with_columns(numbers.augmented, numbers.dimension, factors), ())
        affine = self.region.affine
        try:
            found = matrix_logarithm(affine.field, affine.augmented(), map(str, self.parameters))
        except TooLarge as limit:
            raise TooLarge(f"region {self.region.pattern}: {limit}; {INTEGRAL_FORM}; give parameters values by subs") from limit
        return NamedMatrix(found.matrix / self.dt, found.definitions)

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """X^ = [[X, y, Y], [0, 0, 0]] as a SymPy matrix of size n + extra + 1 + m.

        With parameters it is one formula where ``condition`` holds. Where E2 fails for all values it is that of the cases, with
        piecewise entries if there are several.
        """
        if self.has_formula:
            return spelled(self.named.expanded())
        if self.has_parameters:
            return self.by_cases(lambda case: case.augmented)
        if is_long(self.real_logarithm):
            return logarithm_entries(self.real_logarithm, self.dt).extract(self._order, self._order)
        return real_logarithm_matrix(self.real_logarithm).extract(self._order, self._order) / self.dt

    @cached_property
    def eigenvalues(self) -> tuple[Eigenvalue, ...]:
        """The distinct eigenvalues of M, each with what it is in continuous time; see `symplrnn.systems.eigenvalues.Eigenvalue`.

        The largest in absolute value is first. With parameters in M they stand in the order of the factors of det(l I - M), and
        one of a factor of degree 3 or more stands for all of its roots.

        >>> from symplrnn.network import PLRNN
        >>> ode = RegionODE(PLRNN(["1/2", "-1/4"], [[0, 1], [0, 0]], [1, 1]).region("11"), sp.Rational(1, 10))
        >>> [(l.exact, l.rate, l.time_constant, l.frequency) for l in ode.eigenvalues]
        [(1/2, -10*log(2), 1/(10*log(2)), 0), (-1/4, -10*log(4) + 10*I*pi, 1/(10*log(4)), 5)]
        """
        facts = spectrum(self.region)
        return eigenvalues_of(facts, self.dt, has_letters(facts.field, facts.matrix))

    def flow(self, t: Any) -> Flow:
        """Return the flow over a time t: a number, or a rational function of real symbols, also of the parameters.

        >>> from symplrnn.network import PLRNN
        >>> ode = RegionODE(PLRNN(["1/2"], [[0]], [1]).region("1"), sp.Integer(1))
        >>> flow = ode.flow(sp.Symbol("t", real=True))
        >>> flow.matrix, flow.offset
        (Matrix([[(1/2)**t]]), Matrix([[2 - 2/2**t]]))
        >>> net = PLRNN(["a"], [[0]], [1], parameters={"a": "positive"})
        >>> RegionODE(net.region("0"), sp.Integer(1)).flow(sp.Symbol("t", real=True)).matrix
        Matrix([[a**t]])
        """
        return flow(self, t)

    def power(self, r: sp.Expr) -> sp.ImmutableDenseMatrix:
        """Return exp(r dt X^), the flow over r steps, as a SymPy matrix of size n + extra + 1 + m.

        Raises `EntryError` for so many steps that the numbers in it would be too long.
        """
        if self.by_columns is not None:
            numbers, factors = self.by_columns
            return _with_columns(numbers.power(r), numbers.dimension, factors)
        if self.has_formula:
            affine = self.region.affine
            names = map(str, {*self.parameters, *r.free_symbols})
            return spelled(matrix_power(affine.field, affine.augmented(), r, names).expanded())
        if self.has_parameters:
            return self.by_cases(lambda case: case.power(r))
        if isinstance(r, sp.Rational):
            require_short(self.real_logarithm, rational(r, "t"), LARGEST.bit_length())
        return real_power_matrix(self.real_logarithm, r).extract(self._order, self._order)

    def subs(self, values: Mapping[Any, Any]) -> RegionODE:
        """Return the system of the region with parameters replaced by numbers, derived anew.

        Raises `EntryError` for an unknown parameter or a value against its assumptions.

        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN(["a"], [["w"]], [0], parameters={"a": "positive", "w": "real"})
        >>> RegionODE(net.region("1"), sp.Integer(1)).subs({"a": 1, "w": 2}).matrix
        Matrix([[log(3)]])
        """
        network, dt = with_values(self.region.network, self.dt, values)
        return RegionODE(network.region(self.region.pattern), dt)

    # Networks of numbers

    def require_numbers(self, what: str, with_dt: bool = False) -> RegionODE:
        """Return the system; raise `EntryError` if the network, or dt, has parameters: ``what`` needs numbers."""
        if self.has_parameters or (with_dt and self.parameters):
            names = ", ".join(map(str, self.parameters))
            raise EntryError(f"{what}: the ODE has the parameters {names}; give them values first, by ode.subs")
        return self

    @cached_property
    def step(self) -> fmpq:
        """dt as an exact rational; raise `EntryError` if it is none."""
        return exact_step(self.dt)

    def step_ball(self) -> arb:
        """Return an enclosure of dt at the working precision; raise `EntryError` if it is no number."""
        return step_ball(self.dt)

    @cached_property
    def fitting(self) -> Fitting | None:
        """The augmented matrix as an invertible matrix after a jump (E6); None if it is invertible itself."""
        self.require_numbers("jump")
        return fitting(self.region.network.field, self.region.affine.augmented())

    @property
    def jump(self) -> Any:
        """The matrix (n + 1 + m, n + 1 + m) over the network's field that is applied to (z, 1, s) at each grid time, or None."""
        return None if self.fitting is None else self.fitting.jump

    @property
    def jump_map(self) -> AffineMap | None:
        """The map of z at each grid time, before the flow, with the input that acts during the step; None if there is no jump."""
        if self.by_columns is not None:
            return self._jump_by_columns(*self.by_columns)
        if self.has_formula:
            return None
        J, n, K = self.jump, self.n, self.region.network.field
        if J is None:
            return None
        cuts = [(0, n), (n, n + 1), (n + 1, J.nrows())]
        M, c, C = (K.fill(n, b - a, [J[i, j] for i in range(n) for j in range(a, b)]) for a, b in cuts)
        return AffineMap(M, c, C, K)

    def _jump_by_columns(self, numbers: RegionODE, factors: sp.ImmutableDenseMatrix) -> AffineMap | None:
        found, K = numbers.jump_map, self.region.network.field
        if found is None:
            return None
        right = found.input_matrix * factors
        cuts = (found.matrix, right[:, :1], right[:, 1:])
        M, c, C = (K.fill(part.rows, part.cols, [K.element(x) for x in part]) for part in cuts)
        return AffineMap(M, c, C, K)

    @cached_property
    def real_logarithm(self) -> RealLogarithm:
        """The closed form of dt X^ in the coordinates (z, 1, s, u)."""
        self.require_numbers("the closed form over a field of numbers")
        return real_logarithm(
            self.region.network.field, self.region.affine.augmented() if self.fitting is None else self.fitting.flow
        )

    @property
    def logarithm(self) -> Logarithm:
        """The principal logarithm of the augmented matrix (after the jump), in closed form; complex with negative eigenvalues."""
        return self.real_logarithm.principal

    @property
    def extra(self) -> int:
        """Number of coordinates beyond the network's own states: 0 for a real ODE."""
        if self.by_columns is not None:
            return self.by_columns[0].extra
        if self.has_formula:
            return 0
        if self.has_parameters:
            return self._common_case.extra
        return self.real_logarithm.extra if self._lift is None else self._lift

    @cached_property
    def _lift(self) -> int | None:
        """The number of extra coordinates by E5, where that takes less than the closed form."""
        return None if self.region.rational_matrix is None else smallest_lift(spectrum(self.region))

    @property
    def dimension(self) -> int:
        """Number of coordinates of the ODE, n + extra."""
        return self.n + self.extra

    @property
    def is_principal(self) -> bool:
        """Whether the logarithm is the principal one: no eigenvalue of the map after the jump is in (-inf, 0]."""
        if self.by_columns is not None:
            return self.by_columns[0].is_principal
        return self.has_formula or not self.real_logarithm.turns

    @property
    def is_smallest(self) -> bool:
        """Whether no system has fewer extra coordinates: always for numbers; see `CaseODE.is_smallest`."""
        return True

    @cached_property
    def equilibria(self) -> str:
        """What the equilibria of a real ODE are: "one point", "an affine subspace" (of fixed points) or "none".

        X z + y = 0 has the solutions of (I - M) z = c. Empty for systems of other kinds. Inputs are 0.

        >>> from symplrnn.network import PLRNN
        >>> [RegionODE(PLRNN([1], [[0]], [h]).region("1"), sp.Integer(1)).equilibria for h in (0, 1)]
        ['an affine subspace', 'none']
        """
        if self.kind != "real":
            return ""
        K, n, affine = self.region.network.field, self.n, self.region.affine
        difference, c = K.identity(n) - affine.M, affine.c.entries()
        rank = K.rank(difference)
        if rank == n:
            return "one point"
        rows = difference.tolist()
        wider = K.fill(n, n + 1, [x for row, constant in zip(rows, c, strict=True) for x in (*row, constant)])
        return "an affine subspace" if K.rank(wider) == rank else "none"

    def certificate(self) -> dict[str, Any]:
        """Return what is proved of the region, with evidence, as a JSON-ready dict; see `NetworkODE.certificate`."""
        found: dict[str, Any] = views.certificate(self)
        return found

    @property
    def verified(self) -> bool:
        """Whether the identities hold that make a step lead to the network's next state and to u = 0, in exact arithmetic.

        They are: the flow's map after the jump is the region's map, the exponential of the principal logarithm is that map, by
        its projectors and its rational part, and the half turns are half turns (`symplrnn.logarithm.verification`).
        """
        F, M = self.logarithm.matrix, self.region.affine.augmented()
        split = (F if self.jump is None else F * self.jump) == M
        log = self.real_logarithm
        return split and logarithm_verified(log.principal) and half_turns_verified(log.turns)

    @cached_property
    def _order(self) -> list[int]:
        """The coordinates (z, u, 1, s), as places in (z, 1, s, u)."""
        n, size = self.n, self.real_logarithm.size
        return [*range(n), *range(size - self.extra, size), *range(n, size - self.extra)]

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains X^, computed with this many bits."""
        self.require_numbers("enclosure")
        bits = positive_integer(bits, "bits")
        scaled = self._enclosed_logarithm(bits)
        if scaled is None:
            scaled = self.reordered(real_logarithm_enclosure(self.real_logarithm, bits))
        with working_precision(bits):
            return scaled * (1 / self.step_ball())

    def _enclosed_logarithm(self, bits: int) -> arb_mat | None:
        """Return a ball matrix that contains dt X^, by enclosed eigenvalues; None where the closed form is to be used."""
        if self._ball_powers is None or self.extra or bits > limits.BALL_POWER_BITS:
            return None
        rows = self._ball_powers.logarithm(bits)
        if rows is None:
            return None
        size = rows.ncols()
        return arb_mat(size, size, rows.entries() + [arb(0)] * (size * (size - rows.nrows())))

    def enclosed_logarithms(self, bits: int) -> list[acb] | None:
        """Return balls that contain the logarithms of the eigenvalues; None where they are found by way of the closed form."""
        return None if self._ball_powers is None else self._ball_powers.logarithms(bits)

    def reordered(self, balls: arb_mat) -> arb_mat:
        """Return a ball matrix in the coordinates (z, u, 1, s)."""
        size = len(self._order)
        return arb_mat(size, size, [balls[i, j] for i in self._order for j in self._order])

    def places(self, exact: dict[tuple[int, int], fmpq]) -> dict[tuple[int, int], fmpq]:
        """Return exact entries by their places in the coordinates (z, u, 1, s)."""
        at = {old: new for new, old in enumerate(self._order)}
        return {(at[i], at[j]): value for (i, j), value in exact.items()}

    def digits(self, digits: int) -> Digits:
        """Return X, y and Y to so many significant decimal digits, each certified by ball arithmetic.

        An entry that can neither be separated from 0 nor be proved rational is an `EnclosedNumber`.
        """
        self.require_numbers("digits")
        digits = positive_integer(digits, "digits")
        log, size, order = self.real_logarithm, len(self._order), self._order

        def decide(places: list[tuple[int, int]]) -> dict[tuple[int, int], fmpq]:
            return self._scaled(log.proved_entries([(order[i], order[j]) for i, j in places]))

        exact = self._scaled(log.exact_entries) | {(i, j): fmpq(0) for i in range(self.dimension, size) for j in range(size)}
        found = certified_digits(self.enclosure, exact, digits, f"region {self.region.pattern}", decide)
        return as_digits(found, self.dimension)

    def _scaled(self, exact: dict[tuple[int, int], fmpq]) -> dict[tuple[int, int], fmpq]:
        """Return exact entries of X^ from those of dt X^, by their places in the coordinates (z, u, 1, s).

        Where dt is irrational these are only the zeros.
        """
        places = self.places(exact)
        if self.dt.is_Rational:
            return {place: value / self.step for place, value in places.items()}
        return {place: value for place, value in places.items() if value == 0}

    def readout(self, r: fmpq, bits: int) -> arb_mat:
        """Return a ball matrix G (n, n + 1 + m): after the part 0 < r <= 1 of a step from z, the state is G (z, 1, s).

        It begins with the jump, if there is one, and with u = 0. At r = 1 it is the network's map, M z + c + C s.

        >>> from symplrnn.network import PLRNN
        >>> G = RegionODE(PLRNN(["-1/4"], [[0]], [0]).region("1"), sp.Integer(1)).readout(fmpq(1, 3), 64)
        >>> G[0, 0].str(12, radius=False)  # (1/4)^(1/3) cos(pi/3)
        '0.314980262474'
        """
        bits, n, size = positive_integer(bits, "bits"), self.n, self.region.affine.n + 1 + self.region.affine.m
        real = real_field(self.region.network.field)
        if r == 1:
            with working_precision(bits):
                rows = real.balls(self.region.affine.augmented()).tolist()[:n]
            return arb_mat(n, size, [x for row in rows for x in row])
        if self._ball_powers is not None and bits <= limits.BALL_POWER_BITS:
            found = self._ball_powers.enclosure(r, bits)
            if found is not None:
                return found
        balls = real_power_enclosure(self.real_logarithm, r, bits)
        with working_precision(bits):
            flow = arb_mat(n, size, [balls[i, j] for i in range(n) for j in range(size)])
            return flow if self.jump is None else flow * real.balls(self.jump)

    @cached_property
    def _ball_powers(self) -> BallPowers | None:
        """Powers of the map in balls, of many states with simple eigenvalues, none 0 or 1: faster than the closed form."""
        if self.n < limits.EXACT_POWER_STATES or self.region.network.field is not QQ:
            return None
        facts = spectrum(self.region)
        if not isinstance(facts, RationalSpectrum) or not facts.has_simple_eigenvalues:
            return None
        if not facts.is_invertible or facts.unit_multiplicity:
            return None
        return BallPowers(facts.matrix, facts.columns, facts.read_off)

    def vanishes(self, element: Any) -> bool:
        """Return whether an element of the network's field is 0."""
        return self.region.network.field.is_zero(element)

    def aliases(self, k: int | Sequence[int]) -> AliasODE:
        """Return the real ODE that turns k times more per step, with the same time-dt map (E4); see `alias`.

        Its frequencies are those of this ODE plus 2 pi k/dt. The principal ODE is the one whose frequencies are all below the
        Nyquist frequency pi/dt: the states at grid times cannot tell them from the others.

        >>> from symplrnn.network.network import ReLURNN
        >>> net = ReLURNN([[0, -1], [1, 0]], [[], []], [0, 0], V=[])
        >>> RegionODE(net.region(""), sp.Integer(1)).aliases(1).matrix
        Matrix([
        [     0, -5*pi/2],
        [5*pi/2,       0]])
        """
        found: AliasODE = views.aliases(self, k)
        return found

    def decimals(self, digits: int) -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
        """Return X, y and Y as text with so many certified digits, with the parameters kept, if only c and C have parameters.

        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN(["1/2"], [["1/4"]], ["2*h + 1"], parameters=["h"])
        >>> RegionODE(net.region("1"), sp.Integer(1)).decimals(5)
        ([['-0.28768']], [['1.1507 + 2.3015*h']], [[]])

        Raises `EntryError` for other networks with parameters.
        """
        if self.by_columns is None:
            self.require_numbers("decimals")
            found = self.digits(digits)
            return [list(row) for row in found.matrix], [[x] for x in found.offset], [list(row) for row in found.input_matrix]
        numbers, factors = self.by_columns
        found = numbers.digits(digits)

        def combined(row: Sequence[str], j: int) -> str:
            parts = [_times(x, factors[k, j]) for k, x in enumerate(row) if factors[k, j] != 0 and x != "0"]
            return " + ".join(parts).replace("+ -", "- ") or "0"

        sums = [[combined(row, j) for j in range(factors.cols)] for row in found.input_matrix]
        return [list(row) for row in found.matrix], [row[:1] for row in sums], [row[1:] for row in sums]

    def to_dict(
        self,
        digits: int = 17,
        by_cases: bool = False,
        other_cases: bool = False,
        *,
        full: bool = False,
        beyond: bool | None = None,
    ) -> dict[str, Any]:
        """Return a JSON-ready dict: so many certified digits of X, y and Y, and the exact closed form of dt X^.

        The closed form of more than 10 states, which is up to megabytes long, is there only if ``full``.

        With parameters, the condition and the one formula as text. ``by_cases`` adds its expansions into elementary functions,
        ``other_cases`` the cases where E2 fails, which are there anyway if E2 holds for no values; ``beyond`` is its old name.
        """
        if beyond is not None:
            warn("to_dict(beyond=...) is now to_dict(other_cases=...)", DeprecationWarning, stacklevel=2)
        return views.to_dict(self, digits, by_cases, other_cases or bool(beyond), full)

    def lambdify(self) -> VectorField:
        """Return f(t, z) in double precision for this region alone, for z (n,) or a batch (n, k); see `NetworkODE.lambdify`."""
        self.require_numbers("lambdify", with_dt=True)
        found: VectorField = views.lambdify(self)
        return found

    # Networks with parameters: lists of cases

    @cached_property
    def _principal(self) -> tuple[Truth, Listing]:
        """E2 as a truth in the parameters, and the cases where it holds."""
        facts = ParametricSpectrum(self.region)
        try:
            principal = facts.where_principal
        except TooLarge as limit:
            return UNKNOWN(str(limit)), Listing((), str(limit))
        found = Listing()
        if not principal.is_false:
            known = principal & self.region.network.assumptions
            found = cases(facts.field, self.region.affine.M, facts.columns, facts.factors, known)
        return conditional(principal), found

    @cached_property
    def cases(self) -> tuple[Any, ...]:
        """The cases of the principal ODE; they do not overlap and together make up ``condition``.

        A network of numbers has one, the ODE itself, if E2 holds, and none if not.
        """
        if not self.has_parameters:
            return (self,) if self.jump is None and self.is_principal else ()
        return tuple(CaseODE(self.region, self.dt, case) for case in self._principal[1].cases)

    @property
    def unlisted(self) -> str:
        """Why ``cases`` does not hold all cases where E2 holds; empty if it does.

        There may be too many, or closed forms with too many terms. The system for any values is found by `subs` all the same.
        """
        return self._principal[1].unlisted if self.has_parameters else ""

    @cached_property
    def other_cases(self) -> tuple[Any, ...]:
        """The cases where E2 fails: lifted and impulsive systems (E5, E6) and real ODEs that are not principal (E3).

        They do not overlap and together make up the complement of ``condition``. They are derived when they are asked for.
        A network of numbers has one, the system itself, if E2 fails.

        >>> from symplrnn.network import PLRNN
        >>> net = PLRNN(["a"], [["w"]], [0], parameters={"a": "positive", "w": "real"})
        >>> for case in RegionODE(net.region("1"), sp.Integer(1)).other_cases:
        ...     print(case.condition, case.kind, case.matrix)
        a + w < 0 lifted Matrix([[log(-a - w), -pi], [pi, log(-a - w)]])
        Eq(a + w, 0) impulsive Matrix([[0]])
        """
        if not self.has_parameters:
            return () if self.cases else (self,)
        return tuple(CaseODE(self.region, self.dt, case) for case in self._others.cases)

    @property
    def beyond(self) -> tuple[Any, ...]:
        """The old name of `other_cases`."""
        warn("RegionODE.beyond is now RegionODE.other_cases", DeprecationWarning, stacklevel=2)
        return self.other_cases

    @property
    def unlisted_beyond(self) -> str:
        """The old name of `unlisted_others`."""
        warn("RegionODE.unlisted_beyond is now RegionODE.unlisted_others", DeprecationWarning, stacklevel=2)
        return self.unlisted_others

    @property
    def unlisted_others(self) -> str:
        """Why ``other_cases`` does not hold all cases where E2 fails; empty if it does.

        >>> from symplrnn.network import PLRNN
        >>> letters = ["a", "b", "c", "d", "e"]
        >>> ode = RegionODE(PLRNN(letters, [[0] * 5] * 5, [1] * 5, parameters=letters).region("00000"), sp.Integer(1))
        >>> ode.unlisted_others
        'the eigenvalues are 5 groups that depend on the parameters, and the closed form is another one at each of 20 coincidences
        (one is 0 or 1, or two are equal): these are too many cases to list them all'
        >>> ode.case_at({"a": "-1/2", "b": "-1/2", "c": 0, "d": 1, "e": 2}).kind
        'impulsive'
        """
        return self._others.unlisted

    @cached_property
    def _others(self) -> Listing:
        if not self.has_parameters or (self.condition.is_true and self.kind == "real" and self.is_principal):
            return Listing()
        facts = ParametricSpectrum(self.region)
        try:
            factors = facts.factors
        except TooLarge as limit:
            return Listing((), str(limit))
        return cases_beyond(facts.field, self.region.affine.M, facts.columns, factors, self.region.network.assumptions)

    @property
    def _limit(self) -> str:
        """Why not all cases that `shown` is about are listed."""
        return self.unlisted if self.cases else self.unlisted_others or self.unlisted

    @property
    def shown(self) -> tuple[CaseODE, ...]:
        """The cases of the principal ODE, or, if there is none for any values, all cases."""
        return self.cases or self.other_cases

    @property
    def shows_all_kinds(self) -> bool:
        """Whether no system of another kind than those of `shown` is possible for the values that `kind` is about."""
        return bool(self.cases) or not self._limit

    def by_cases(self, part: Callable[[CaseODE], sp.ImmutableDenseMatrix]) -> sp.ImmutableDenseMatrix:
        """Return a matrix that the cases have, with piecewise entries if there is more than one case.

        Where not all cases of the principal ODE are listed, all entries are piecewise, and undefined in the others.

        Raises `ShapeError` if there is no principal ODE for any values and the cases have systems of several kinds, or not all
        are listed.
        """
        self._common_case  # noqa: B018  # raises if there is none
        found = [same[0] for same in by_form(self.shown)]
        parts = [(part(case), case.domain.expression) for case in found]
        if len(parts) == 1 and not self._limit:
            return parts[0][0]
        rows, columns = parts[0][0].shape
        entries = [
            _piecewise([(part[i, j], where) for part, where in parts], joined=not self._limit)
            for i in range(rows)
            for j in range(columns)
        ]
        return sp.ImmutableDenseMatrix(rows, columns, entries)

    def case_at(self, values: Mapping[Any, Any]) -> CaseODE | RegionODE:
        """Return the listed case that holds at parameter values: one of ``cases``, or one of ``other_cases``.

        If it is not listed, or is not known to have the fewest extra coordinates (`CaseODE.is_smallest`), the result is the
        system of the network with these values.
        """
        found = parameter_values(self.parameters, values)
        known = self.region.network.assumptions
        if known.subs({symbol: value for symbol, value in found.items() if not value.free_symbols}).is_false:
            raise EntryError(f"case_at: values that the assumptions on the parameters exclude: {shorten(str(known))}")
        case = next((case for case in self._listed() if case.condition.at(found)), None)
        if case is not None and case.is_smallest:
            return case
        needed = self.region.network.parameters
        missing = [str(symbol) for symbol in needed if symbol not in found or found[symbol].free_symbols]
        if missing:
            raise EntryError(f"the parameter {missing[0]} has no value; needed are {', '.join(map(str, needed))}")
        return self.subs(values)

    @property
    def _common_case(self) -> CaseODE:
        """A case that is shown, if all of them have systems of one kind and dimension; else `ShapeError`."""
        if not self.shown or not self.shows_all_kinds:
            raise ShapeError(
                f"region {self.region.pattern}: the system is derived when the parameters have values, by ode.subs or "
                f"ode.case_at; {self._limit}"
            )
        if len({(case.kind, case.dimension) for case in self.shown}) > 1:
            raise ShapeError(
                f"region {self.region.pattern}: the cases have systems of several kinds or dimensions, so that their matrices "
                "are no piecewise matrix; accepted is one case, such as ode.other_cases[0].matrix"
            )
        return self.shown[0]

    def _listed(self) -> Iterator[CaseODE]:
        """Yield the cases among which that of some values is looked for; those where E2 fails are derived when reached."""
        yield from self.cases
        if not self.unlisted_others:
            yield from self.other_cases


def _times(number: str, factor: sp.Expr) -> str:
    """Return a product as text."""
    if factor == 1:
        return number
    return f"{number}*({text_of(factor)})" if factor.is_Add else f"{number}*{text_of(factor)}"


def _with_columns(numbers: sp.MatrixBase, d: int, factors: sp.ImmutableDenseMatrix) -> sp.ImmutableDenseMatrix:
    """Return the augmented matrix of a system of numbers, of dimension d, whose inputs are multiplied by a matrix (k, 1 + m)."""
    right = numbers[:d, d + 1 :] * factors
    below = sp.zeros(right.cols, d).row_join(numbers[-1, -1] * sp.eye(right.cols))
    return sp.ImmutableDenseMatrix(numbers[:d, :d].row_join(right).col_join(below))


def _piecewise(branches: list[tuple[sp.Expr, sp.Basic]], joined: bool) -> sp.Expr:
    """Return a piecewise expression, or, if that is wanted, the one expression that all branches share."""
    if joined and all(value == branches[0][0] for value, _ in branches):
        return branches[0][0]
    return sp.Piecewise(*branches, (sp.nan, True), evaluate=False)
