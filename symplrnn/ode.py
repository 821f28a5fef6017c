"""The equivalent ordinary differential equation of one region, in closed form, with its flow and its certified digits.

With M^ the augmented matrix of the region's affine map, X^ = log(M^)/dt holds the matrix X, the offset y and the input matrix of

    dz/dt = X z + y + Y s,

whose time-dt flow is the affine map, for inputs held constant over a step (zero-order hold).

Reference: THEORY section 2, identity (2), and E1, E2, E3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import arb, arb_mat, fmpq, fmpq_mat

from symplrnn.closedform import logarithm_matrix, power_matrix
from symplrnn.enclosure import certified_digits, exact_power_entries, logarithm_enclosure, power_enclosure
from symplrnn.errors import EntryError, require_kind
from symplrnn.exact.balls import working_precision
from symplrnn.exact.numbers import exact_entry, positive_integer, printable, rational, to_sympy, to_sympy_matrix
from symplrnn.exact.rational import QQ
from symplrnn.logarithm import Logarithm, logarithm
from symplrnn.rationality import rational_entries
from symplrnn.region import Region

if TYPE_CHECKING:
    from symplrnn.emit.numeric import VectorField

__all__ = ["Digits", "Flow", "RegionODE", "as_digits"]


@dataclass(frozen=True)
class Digits:
    """Matrix (n, n), offset (n) and input matrix (n, m) as decimal strings, every digit certified.

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


@dataclass(frozen=True, eq=False)
class RegionODE:
    """The real principal ODE of one region of a network with rational entries,  dz/dt = X z + y + Y s; made by `derive`.

    Attributes
    ----------
    region : Region
    dt : SymPy rational
        The time that one step of the network stands for.
    closed_form : Logarithm, optional
        The logarithm of the augmented matrix, if it is known already.
    kind : str
        ``"real"``: a real ODE of the network's own dimension.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> ode = RegionODE(PLRNN(["1/2"], [["1/4"]], [1]).region("1"), sp.Integer(1))
    >>> ode.matrix, ode.offset
    (Matrix([[log(3/4)]]), Matrix([[-4*log(3/4)]]))
    >>> ode.digits(20).matrix
    (('-0.28768207245178092744',),)

    Reference: THEORY section 3, E1 to E3, and section 5, formula (3).
    """

    region: Region
    dt: sp.Rational
    closed_form: Logarithm | None = field(default=None, repr=False)
    kind: str = field(default="real", init=False)

    def __post_init__(self) -> None:
        require_kind(self.region, Region, "RegionODE", 'a region such as net.region("10")')
        self.region.network.require_rational("RegionODE")
        require_kind(self.dt, sp.Rational, "RegionODE: dt", "a SymPy rational; derive takes any kind of number")

    def __reduce__(self) -> tuple[Any, ...]:
        return RegionODE, (self.region, self.dt)  # FLINT's matrices cannot be pickled

    @cached_property
    def step(self) -> fmpq:
        """dt as an exact rational."""
        return fmpq(int(self.dt.p), int(self.dt.q))

    @cached_property
    def logarithm(self) -> Logarithm:
        """The closed form of dt X^, the logarithm of the augmented matrix."""
        return self.closed_form or logarithm(QQ, self.region.affine.augmented())

    @property
    def n(self) -> int:
        """Number of states."""
        return self.region.network.n

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """X^ = [[X, y, Y], [0, 0, 0]] as a SymPy matrix of size n + 1 + m."""
        return logarithm_matrix(self.logarithm) / self.dt

    @property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """X as a SymPy matrix (n, n), in units of 1/dt."""
        return self.augmented[: self.n, : self.n]

    @property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """y as a SymPy column (n, 1)."""
        return self.augmented[: self.n, self.n : self.n + 1]

    @property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """Y as a SymPy matrix (n, m), for inputs held constant over each step."""
        return self.augmented[: self.n, self.n + 1 :]

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains X^, computed with this many bits."""
        scaled = logarithm_enclosure(self.logarithm, positive_integer(bits, "bits"))
        with working_precision(bits):
            return scaled * arb(1 / self.step)

    @property
    def extra(self) -> int:
        """Number of coordinates beyond the network's own states: 0 for a real ODE."""
        return 0

    @property
    def jump(self) -> fmpq_mat | None:
        """The rational matrix (n + 1 + m, n + 1 + m) that is applied to (z, 1, s) at each grid time; None if there is no jump."""
        return None

    def readout(self, r: fmpq, bits: int) -> arb_mat:
        """Return a ball matrix G (n, n + 1 + m): after the part 0 < r <= 1 of a step from z, the state is G (z, 1, s).

        At r = 1 that is the network's map, M z + c + C s.
        """
        balls = power_enclosure(self.logarithm, r, positive_integer(bits, "bits"))
        rows = balls.tolist()[: self.n]
        return arb_mat(self.n, balls.ncols(), [x for row in rows for x in row])

    def digits(self, digits: int) -> Digits:
        """Return X, y and Y to so many significant decimal digits, each certified by ball arithmetic.

        Raises `PrecisionLimit` if an entry can neither be separated from 0 nor be proved rational.
        """
        digits = positive_integer(digits, "digits")
        n, size = self.n, self.logarithm.matrix.nrows()
        exact = {key: value / self.step for key, value in rational_entries(self.logarithm).items()}
        exact |= {(i, j): fmpq(0) for i in range(n, size) for j in range(size)}
        return as_digits(certified_digits(self.enclosure, exact, digits, f"region {self.region.pattern}"), n)

    def flow(self, t: Any) -> Flow:
        """Return the flow over a time t: a rational number, or a rational function of real symbols.

        >>> from symplrnn.network import PLRNN
        >>> ode = RegionODE(PLRNN(["1/2"], [[0]], [1]).region("1"), sp.Integer(1))
        >>> flow = ode.flow(sp.Symbol("t", real=True))
        >>> flow.matrix, flow.offset
        (Matrix([[(1/2)**t]]), Matrix([[2 - 2/2**t]]))
        """
        symbolic = isinstance(t, sp.Expr) and bool(t.free_symbols)
        exact = exact_entry(t, "t") if symbolic else printable(rational(t, "t"), "t")
        return Flow(self, exact if isinstance(exact, sp.Expr) else to_sympy(exact))

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
        from symplrnn.emit.numeric import region_field

        return region_field(self)


@dataclass(frozen=True, eq=False)
class Flow:
    """The flow  z -> Phi z + gamma + Gamma s  of a region ODE over a time t.

    Phi (n, n), gamma (n, 1) and Gamma (n, m) are ``matrix``, ``offset`` and ``input_matrix``; at t = dt they are the network's
    M, c and C.

    Reference: THEORY section 5: formula (3) with l^(t/dt) for log(l).
    """

    ode: RegionODE
    t: sp.Expr

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """exp(t X^) as a SymPy matrix of size n + 1 + m."""
        steps = self.t / self.ode.dt
        if steps.is_Integer:
            return to_sympy_matrix(self.ode.logarithm.matrix ** int(steps))
        return power_matrix(self.ode.logarithm, steps)

    @property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """Phi as a SymPy matrix (n, n)."""
        return self.augmented[: self.ode.n, : self.ode.n]

    @property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """gamma as a SymPy column (n, 1)."""
        return self.augmented[: self.ode.n, self.ode.n : self.ode.n + 1]

    @property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """Gamma as a SymPy matrix (n, m)."""
        return self.augmented[: self.ode.n, self.ode.n + 1 :]

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains exp(t X^) for a rational t, computed with this many bits."""
        return power_enclosure(self.ode.logarithm, self._steps(), positive_integer(bits, "bits"))

    def digits(self, digits: int) -> Digits:
        """Return Phi, gamma and Gamma at a rational t to so many certified significant digits."""
        digits = positive_integer(digits, "digits")
        exact = exact_power_entries(self.ode.logarithm, self._steps())
        return as_digits(certified_digits(self.enclosure, exact, digits, f"flow over {self.t}"), self.ode.n)

    def _steps(self) -> fmpq:
        """Return t/dt as an exact rational."""
        if not isinstance(self.t, sp.Rational):
            raise EntryError(f"t: {self.t} is not a number; enclosures and digits need a rational time such as 1/20")
        return rational(self.t, "t") / self.ode.step
