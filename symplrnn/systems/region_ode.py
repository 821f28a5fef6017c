"""The equivalent ordinary differential equation of one region, in closed form, with its flow and its certified digits.

With M^ the augmented matrix of the region's affine map, X^ = log(M^)/dt holds the matrix X, the offset y and the input matrix of

    dz/dt = X z + y + Y s,

whose time-dt flow is the affine map, for inputs held constant over a step (zero-order hold). Every region of every network with
rational entries has such a system, of one of four kinds:

    real              the ODE above, of the network's own dimension; principal where no eigenvalue is in (-inf, 0]
    lifted            an ODE for (z, u) with extra coordinates u that are 0 at each grid time
    impulsive         a jump at each grid time, then the ODE
    lifted+impulsive  both

Reference: THEORY section 2, identity (2), and E1 to E6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import arb, arb_mat, fmpq, fmpq_mat

from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.errors import EntryError, require_kind
from symplrnn.exact.balls import ball_matrix, working_precision
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fitting import Fitting, fitting
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.numbers import LARGEST, exact_entry, positive_integer, printable, rational, to_sympy
from symplrnn.logarithm.closed_form import Logarithm
from symplrnn.logarithm.enclosure import certified_digits, real_logarithm_enclosure, real_power_enclosure
from symplrnn.logarithm.exact_powers import LONGEST, exact_real_power_entries, power_bits
from symplrnn.logarithm.expressions import real_logarithm_matrix, real_power_matrix
from symplrnn.logarithm.real_logarithm import RealLogarithm, real_logarithm
from symplrnn.logarithm.verification import half_turns_verified, projectors_verified
from symplrnn.network.affine import AffineMap
from symplrnn.network.augmented import Blocks
from symplrnn.network.region import Region
from symplrnn.theorems.reasons import explanation, kind_of

if TYPE_CHECKING:
    from symplrnn.emit.fields.numpy_ import VectorField
    from symplrnn.logarithm.aliases import AliasODE

__all__ = ["Digits", "Flow", "RegionODE", "as_digits", "exact_step"]


@dataclass(frozen=True)
class Digits:
    """Matrix, offset and input matrix as decimal strings, every digit certified; their sizes are those of the ODE or flow.

    An entry that is known to be exactly the decimal shown has no trailing zeros.
    """

    matrix: tuple[tuple[str, ...], ...]
    offset: tuple[str, ...]
    input_matrix: tuple[tuple[str, ...], ...]


def as_digits(rows: list[list[str]], n: int) -> Digits:
    """Return the entries of X^, as text, as X, y and Y."""
    return Digits(
        tuple(tuple(row[:n]) for row in rows[:n]),
        tuple(row[n] for row in rows[:n]),
        tuple(tuple(row[n + 1 :]) for row in rows[:n]),
    )


def exact_step(dt: sp.Expr) -> fmpq:
    """Return dt as an exact rational; raise `EntryError` if it is none."""
    if not isinstance(dt, sp.Rational):
        raise EntryError(f"dt: {dt} is no rational number; decimals and enclosures need one, such as 1/10")
    return fmpq(int(dt.p), int(dt.q))


@dataclass(frozen=True, eq=False)
class RegionODE(Blocks):
    """The continuous-time system of one region of a network with rational entries; made by `derive`.

    In the coordinates x = (z, u), with ``extra`` coordinates u, it is  dx/dt = X x + y + Y s. A step begins at a grid time with
    the network's state z and u = 0; if there is a ``jump``, z is first replaced by its image. After dt, x is the network's next
    state and u = 0 again. The number of extra coordinates is the smallest possible.

    Attributes
    ----------
    region : Region
    dt : SymPy expression
        The time that one step of the network stands for; with letters or an irrational number closed forms only, no decimals.
    closed_form : Logarithm, optional
        The principal logarithm of the augmented matrix, if it is real and known already.

    Examples
    --------
    >>> from symplrnn.network.network import PLRNN
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

    Reference: THEORY section 3, E1 to E6, and section 5, formula (3).
    """

    region: Region
    dt: sp.Expr
    closed_form: Logarithm | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        require_kind(self.region, Region, "RegionODE", 'a region such as net.region("10")')
        self.region.network.require_rational("RegionODE")
        require_kind(self.dt, sp.Expr, "RegionODE: dt", "a SymPy number or expression; derive takes any kind of number")
        if not self.dt.is_positive:
            raise EntryError(
                f"RegionODE: dt: {self.dt} is not positive; accepted is a number > 0, such as 1/10, or a positive letter"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        return RegionODE, (self.region, self.dt)  # FLINT's matrices cannot be pickled

    def __repr__(self) -> str:
        return f"RegionODE({self.region.pattern!r}, kind={self.kind!r}, dt={self.dt})"

    @cached_property
    def step(self) -> fmpq:
        """dt as an exact rational; raise `EntryError` if it is none."""
        return exact_step(self.dt)

    @cached_property
    def fitting(self) -> Fitting | None:
        """The augmented matrix as an invertible matrix after a jump (E6); None if it is invertible itself."""
        return None if self.closed_form else fitting(QQ, self.region.affine.augmented())

    @property
    def jump(self) -> fmpq_mat | None:
        """The rational matrix (n + 1 + m, n + 1 + m) that is applied to (z, 1, s) at each grid time; None if there is no jump."""
        return None if self.fitting is None else self.fitting.jump

    @cached_property
    def real_logarithm(self) -> RealLogarithm:
        """The closed form of dt X^ in the coordinates (z, 1, s, u)."""
        if self.closed_form:
            return RealLogarithm(self.closed_form, ())
        return real_logarithm(self.region.affine.augmented() if self.fitting is None else self.fitting.flow)

    @property
    def logarithm(self) -> Logarithm:
        """The principal logarithm of the augmented matrix (after the jump), in closed form; complex with negative eigenvalues."""
        return self.real_logarithm.principal

    @property
    def n(self) -> int:
        """Number of states."""
        return self.region.network.n

    @property
    def extra(self) -> int:
        """Number of coordinates beyond the network's own states: 0 for a real ODE."""
        return self.real_logarithm.extra

    @property
    def dimension(self) -> int:
        """Number of coordinates of the ODE, n + extra."""
        return self.n + self.extra

    @property
    def kind(self) -> str:
        """``"real"``, ``"lifted"``, ``"impulsive"`` or ``"lifted+impulsive"``."""
        return kind_of(self.extra, self.jump is not None)

    @property
    def is_principal(self) -> bool:
        """Whether the logarithm is the principal one: no eigenvalue of the map after the jump is in (-inf, 0]."""
        return not self.real_logarithm.turns

    @cached_property
    def why(self) -> str:
        """Why the system is of this kind, and why no simpler one exists.

        >>> from symplrnn.network.network import PLRNN
        >>> RegionODE(PLRNN([0, "1/2"], [[0, 0], [0, 0]], [0, 0]).region("11"), sp.Integer(1)).why
        '0 is an eigenvalue, and flows are invertible, so a jump at each grid time is needed (E6)'
        """
        return explanation(spectrum(self.region), self.extra)

    @property
    def verified(self) -> bool:
        """Whether the identities hold that make a step lead to the network's next state and to u = 0, in rational arithmetic.

        They are: the flow's map after the jump is the region's map, the spectral projectors are projectors that commute with
        it, and the half turns are half turns (`symplrnn.logarithm.verification`).
        """
        F, M = self.logarithm.matrix, self.region.affine.augmented()
        split = (F if self.jump is None else F * self.jump) == M
        log = self.real_logarithm
        return split and projectors_verified(log.principal, log.principal.terms) and half_turns_verified(log.turns)

    @cached_property
    def _order(self) -> list[int]:
        """The coordinates (z, u, 1, s), as places in (z, 1, s, u)."""
        n, size = self.n, self.real_logarithm.size
        return [*range(n), *range(size - self.extra, size), *range(n, size - self.extra)]

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """X^ = [[X, y, Y], [0, 0, 0]] as a SymPy matrix of size n + extra + 1 + m."""
        return real_logarithm_matrix(self.real_logarithm).extract(self._order, self._order) / self.dt

    @property
    def jump_map(self) -> AffineMap | None:
        """The map of z at each grid time, before the flow, with the input that acts during the step; None if there is no jump."""
        J, n = self.jump, self.n
        if J is None:
            return None
        cuts = [(0, n), (n, n + 1), (n + 1, J.nrows())]
        M, c, C = (QQ.fill(n, b - a, [J[i, j] for i in range(n) for j in range(a, b)]) for a, b in cuts)
        return AffineMap(M, c, C)

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains X^, computed with this many bits."""
        scaled = real_logarithm_enclosure(self.real_logarithm, positive_integer(bits, "bits"))
        with working_precision(bits):
            return self._reordered(scaled) * arb(1 / self.step)

    def _reordered(self, balls: arb_mat) -> arb_mat:
        """Return a ball matrix in the coordinates (z, u, 1, s)."""
        size = len(self._order)
        return arb_mat(size, size, [balls[i, j] for i in self._order for j in self._order])

    def _places(self, exact: dict[tuple[int, int], fmpq]) -> dict[tuple[int, int], fmpq]:
        """Return exact entries by their places in the coordinates (z, u, 1, s)."""
        at = {old: new for new, old in enumerate(self._order)}
        return {(at[i], at[j]): value for (i, j), value in exact.items()}

    def digits(self, digits: int) -> Digits:
        """Return X, y and Y to so many significant decimal digits, each certified by ball arithmetic.

        Raises `PrecisionLimit` if an entry can neither be separated from 0 nor be proved rational.
        """
        digits = positive_integer(digits, "digits")
        size = len(self._order)
        exact = {key: value / self.step for key, value in self._places(self.real_logarithm.exact_entries).items()}
        exact |= {(i, j): fmpq(0) for i in range(self.dimension, size) for j in range(size)}
        return as_digits(certified_digits(self.enclosure, exact, digits, f"region {self.region.pattern}"), self.dimension)

    def readout(self, r: fmpq, bits: int) -> arb_mat:
        """Return a ball matrix G (n, n + 1 + m): after the part 0 < r <= 1 of a step from z, the state is G (z, 1, s).

        It begins with the jump, if there is one, and with u = 0. At r = 1 it is the network's map, M z + c + C s.

        >>> from symplrnn.network.network import PLRNN
        >>> G = RegionODE(PLRNN(["-1/4"], [[0]], [0]).region("1"), sp.Integer(1)).readout(fmpq(1, 3), 64)
        >>> G[0, 0].str(12, radius=False)  # (1/4)^(1/3) cos(pi/3)
        '0.314980262474'
        """
        bits, n, size = positive_integer(bits, "bits"), self.n, self.region.affine.n + 1 + self.region.affine.m
        if r == 1:
            with working_precision(bits):
                rows = ball_matrix(self.region.affine.augmented()).tolist()[:n]
            return arb_mat(n, size, [x for row in rows for x in row])
        balls = real_power_enclosure(self.real_logarithm, r, bits)
        with working_precision(bits):
            flow = arb_mat(n, size, [balls[i, j] for i in range(n) for j in range(size)])
            return flow if self.jump is None else flow * ball_matrix(self.jump)

    def flow(self, t: Any) -> Flow:
        """Return the flow over a time t: a rational number, or a rational function of real symbols.

        >>> from symplrnn.network.network import PLRNN
        >>> ode = RegionODE(PLRNN(["1/2"], [[0]], [1]).region("1"), sp.Integer(1))
        >>> flow = ode.flow(sp.Symbol("t", real=True))
        >>> flow.matrix, flow.offset
        (Matrix([[(1/2)**t]]), Matrix([[2 - 2/2**t]]))
        """
        symbolic = isinstance(t, sp.Expr) and bool(t.free_symbols)
        exact = exact_entry(t, "t") if symbolic else printable(rational(t, "t"), "t")
        return Flow(self, exact if isinstance(exact, sp.Expr) else to_sympy(exact))

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
        from symplrnn.logarithm.aliases import alias

        return alias(self, k)

    def to_dict(self, digits: int = 17) -> dict[str, Any]:
        """Return a JSON-ready dict: so many certified digits of X, y and Y, and the exact closed form of dt X^."""
        from symplrnn.emit.json_ import region_ode_to_dict

        return region_ode_to_dict(self, digits)

    def to_json(self, digits: int = 17) -> str:
        """Return `to_dict` as a JSON document."""
        from symplrnn.emit.json_ import dumps

        return dumps(self.to_dict(digits))

    def lambdify(self) -> VectorField:
        """Return f(t, z) in double precision for this region alone, for z (n,) or a batch (n, k); see `NetworkODE.lambdify`."""
        from symplrnn.emit.fields.numpy_ import region_field

        return region_field(self)


@dataclass(frozen=True, eq=False)
class Flow(Blocks):
    """The flow  x -> Phi x + gamma + Gamma s  of a region ODE over a time t, without the jump.

    Phi (n + extra, n + extra), gamma (n + extra, 1) and Gamma (n + extra, m) are ``matrix``, ``offset`` and ``input_matrix``;
    for a real ODE they are the network's M, c and C at t = dt.

    Reference: THEORY section 5: formula (3) with l^(t/dt) for log(l).
    """

    ode: RegionODE
    t: sp.Expr

    @property
    def n(self) -> int:
        """Number of states."""
        return self.ode.n

    @property
    def dimension(self) -> int:
        """Number of coordinates, n + extra."""
        return self.ode.dimension

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """exp(t X^) as a SymPy matrix of size n + extra + 1 + m.

        Raises `EntryError` for a time so long that the numbers in it would be too long.
        """
        order = self.ode._order
        if isinstance(self.t, sp.Rational) and isinstance(self.ode.dt, sp.Rational):
            self._require_at_most(LARGEST.bit_length())
        return real_power_matrix(self.ode.real_logarithm, self.t / self.ode.dt).extract(order, order)

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains exp(t X^) for a rational t, computed with this many bits."""
        balls = real_power_enclosure(self.ode.real_logarithm, self._steps(), positive_integer(bits, "bits"))
        return self.ode._reordered(balls)

    def digits(self, digits: int) -> Digits:
        """Return Phi, gamma and Gamma at a rational t to so many certified significant digits.

        Raises `EntryError` for a time so long that exact numbers would be too long, and `PrecisionLimit` if an entry can neither
        be separated from 0 nor be proved rational.
        """
        digits = positive_integer(digits, "digits")
        self._require_at_most(LONGEST)
        log, steps = self.ode.real_logarithm, self._steps()
        exact = self.ode._places(exact_real_power_entries(log, steps, lambda bits: real_power_enclosure(log, steps, bits)))
        return as_digits(certified_digits(self.enclosure, exact, digits, f"flow over {self.t}"), self.ode.dimension)

    def _require_at_most(self, bits: int) -> None:
        """Raise if the numbers in the flow are longer than so many bits, by a rough estimate."""
        if power_bits(self.ode.real_logarithm.matrix, self._steps()) > bits:
            raise EntryError(
                f"t: {shorten(str(self.t))} is so many steps of {self.ode.dt} that the numbers in the flow would be too long; "
                "accepted are shorter times, or a symbol for the closed form; enclosure takes any"
            )

    def _steps(self) -> fmpq:
        """Return t/dt as an exact rational."""
        if not isinstance(self.t, sp.Rational):
            raise EntryError(f"t: {self.t} is not a number; enclosures and digits need a rational time such as 1/20")
        return rational(self.t, "t") / self.ode.step
