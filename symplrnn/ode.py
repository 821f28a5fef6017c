"""The equivalent ordinary differential equation: of one region (RegionODE) and of the whole network (NetworkODE).

With M^ the augmented matrix of the region's affine map, X^ = log(M^)/dt holds the matrix X, the offset y and the input matrix of

    dz/dt = X z + y + Y s,

whose time-dt flow is the affine map, for inputs held constant over a step (zero-order hold).

Reference: THEORY section 2, identity (2), and E1, E2, E3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import sympy as sp
from flint import arb, arb_mat, fmpq

from symplrnn.checking import select_regions
from symplrnn.closedform import logarithm_matrix, power_matrix
from symplrnn.enclosure import certified_digits, exact_power_entries, logarithm_enclosure, power_enclosure
from symplrnn.errors import EntryError, NoPrincipalLogarithm, NoRealODE, PatternError
from symplrnn.exact.balls import working_precision
from symplrnn.exact.numbers import positive_integer, rational, to_sympy, to_sympy_matrix
from symplrnn.exact.rational import QQ
from symplrnn.logarithm import Logarithm, logarithm
from symplrnn.network import ReLURNN, positive_time
from symplrnn.rationality import rational_entries
from symplrnn.region import Region, is_nonempty_pattern
from symplrnn.spectrum import spectrum
from symplrnn.theorems import check_e2, check_e3

if TYPE_CHECKING:
    from symplrnn.emit.numeric import VectorField

__all__ = ["Digits", "Flow", "NetworkODE", "RegionODE", "derive"]


@dataclass(frozen=True)
class Digits:
    """Matrix (n, n), offset (n) and input matrix (n, m) as decimal strings, every digit certified.

    An entry that is known to be exactly the decimal shown has no trailing zeros.
    """

    matrix: tuple[tuple[str, ...], ...]
    offset: tuple[str, ...]
    input_matrix: tuple[tuple[str, ...], ...]


def _as_digits(rows: list[list[str]], n: int) -> Digits:
    return Digits(
        tuple(tuple(row[:n]) for row in rows[:n]),
        tuple(row[n] for row in rows[:n]),
        tuple(tuple(row[n + 1 :]) for row in rows[:n]),
    )


@dataclass(frozen=True, eq=False)
class RegionODE:
    """The real principal ODE of one region,  dz/dt = X z + y + Y s.

    Attributes
    ----------
    region : Region
    dt : SymPy rational
        The time that one step of the network stands for.
    kind : str
        ``"real"``: a real ODE of the network's own dimension.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> ode = derive(PLRNN(["1/2"], [["1/4"]], [1]).region("1"), dt=1)
    >>> ode.matrix, ode.offset
    (Matrix([[log(3/4)]]), Matrix([[-4*log(3/4)]]))
    >>> ode.digits(20).matrix
    (('-0.28768207245178092744',),)

    Reference: THEORY section 3, E1 to E3, and section 5, formula (3).
    """

    region: Region
    dt: sp.Rational
    kind: str = field(default="real", init=False)

    @cached_property
    def step(self) -> fmpq:
        """dt as an exact rational."""
        return fmpq(int(self.dt.p), int(self.dt.q))

    @cached_property
    def logarithm(self) -> Logarithm:
        """The closed form of dt X^, the logarithm of the augmented matrix."""
        return logarithm(QQ, self.region.affine.augmented())

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
        scaled = logarithm_enclosure(self.logarithm, bits)
        with working_precision(bits):
            return scaled * arb(1 / self.step)

    def digits(self, digits: int) -> Digits:
        """Return X, y and Y to so many significant decimal digits, each certified by ball arithmetic.

        Raises `PrecisionLimit` if an entry can neither be separated from 0 nor be proved rational.
        """
        digits = positive_integer(digits, "digits")
        n, size = self.n, self.logarithm.matrix.nrows()
        exact = {key: value / self.step for key, value in rational_entries(self.logarithm).items()}
        exact |= {(i, j): fmpq(0) for i in range(n, size) for j in range(size)}
        return _as_digits(certified_digits(self.enclosure, exact, digits, f"region {self.region.pattern}"), n)

    def flow(self, t: Any) -> Flow:
        """Return the flow over a time t: a SymPy symbol or expression in symbols (real), or a rational number.

        >>> from symplrnn.network import PLRNN
        >>> ode = derive(PLRNN(["1/2"], [[0]], [1]).region("1"), dt=1)
        >>> flow = ode.flow(sp.Symbol("t", real=True))
        >>> flow.matrix, flow.offset
        (Matrix([[(1/2)**t]]), Matrix([[2 - 2/2**t]]))
        """
        symbolic = isinstance(t, sp.Expr) and bool(t.free_symbols)
        return Flow(self, t if symbolic else to_sympy(rational(t, "t")))

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
        return power_enclosure(self.ode.logarithm, self._steps(), bits)

    def digits(self, digits: int) -> Digits:
        """Return Phi, gamma and Gamma at a rational t to so many certified significant digits."""
        digits = positive_integer(digits, "digits")
        exact = exact_power_entries(self.ode.logarithm, self._steps())
        return _as_digits(certified_digits(self.enclosure, exact, digits, f"flow over {self.t}"), self.ode.n)

    def _steps(self) -> fmpq:
        """Return t/dt as an exact rational."""
        if not isinstance(self.t, sp.Rational):
            raise EntryError(f"t: {self.t} is not a number; enclosures and digits need a rational time such as 1/20")
        return rational(self.t, "t") / self.ode.step


@dataclass(frozen=True, eq=False)
class NetworkODE(Mapping[str, RegionODE]):
    """The piecewise ODE of a network: ``ode["10"]`` is the ODE of a region, derived when it is first asked for.

    Iterating yields the patterns. A region without a real principal ODE raises `NoRealODE` or `NoPrincipalLogarithm` when it is
    asked for.
    """

    network: ReLURNN
    dt: sp.Rational
    patterns: tuple[str, ...] | None = None
    derived: dict[str, RegionODE] = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, pattern: str) -> RegionODE:
        if pattern not in self.derived:
            region = self.network.region(pattern)
            if self.patterns is not None and pattern not in self.patterns:
                raise PatternError(f"pattern: {pattern!r} is not among the derived regions {', '.join(self.patterns)}")
            self.derived[pattern] = _derive_region(region, self.dt)
        return self.derived[pattern]

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __contains__(self, pattern: object) -> bool:
        if self.patterns is not None:
            return pattern in self.patterns
        return isinstance(pattern, str) and is_nonempty_pattern(self.network, pattern)

    def __bool__(self) -> bool:
        return self.patterns is None or bool(self.patterns)

    def __iter__(self) -> Iterator[str]:
        if self.patterns is not None:
            return iter(self.patterns)
        return (region.pattern for region in self.network.regions())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def lambdify(
        self, switching: str = "state", backend: str = "numpy", z0: Any = None, t0: float = 0.0, inputs: Any = None
    ) -> VectorField:
        """Return the vector field f(t, z) in double precision, for `scipy.integrate.solve_ivp`.

        ``z`` has shape (n,) or (n, k) for a batch of k states; the result has the shape of z.

        Parameters
        ----------
        switching : "state" or "grid"
            ``"state"``: the region is that of z itself (autonomous, in general discontinuous on faces). ``"grid"``: the region is
            that of the state at the last grid time, so that the solution equals the network at every grid time (E7).
        backend : "numpy"
        z0, t0 : start state (n,) or (n, k) and start time, for grid switching
            The function then knows the state at every grid time t0 + k dt from the network itself. Without z0 it takes its
            first call as the start, which has to be at a grid time; make a new function for every run.
        inputs : array (T, m), optional
            Row k acts during [k dt, (k + 1) dt) (zero-order hold); no input if absent.

        Raises
        ------
        ValueError
            For an unknown switching or backend, or inputs of the wrong shape.

        Examples
        --------
        >>> from symplrnn.network import PLRNN
        >>> f = derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1).lambdify()
        >>> f(0.0, [2.0]).round(6)
        array([0.575364])
        """
        from symplrnn.emit.numeric import network_field

        return network_field(self, switching, backend, z0, t0, inputs)


@overload
def derive(
    system: ReLURNN,
    dt: Any = None,
    regions: str | Iterable[str] = "all",
    z0: Any = None,
    steps: int | None = None,
    inputs: Any = None,
) -> NetworkODE: ...
@overload
def derive(system: Region, dt: Any = None) -> RegionODE: ...
def derive(
    system: ReLURNN | Region,
    dt: Any = None,
    regions: str | Iterable[str] = "all",
    z0: Any = None,
    steps: int | None = None,
    inputs: Any = None,
) -> NetworkODE | RegionODE:
    """Derive the equivalent ODE of a network (a `NetworkODE`, region by region on demand) or of one region (a `RegionODE`).

    Parameters
    ----------
    system : ReLURNN or Region
    dt : positive number
        The time that one step stands for; the network's own dt if absent.
    regions : "all", "visited" or patterns
        Which regions the NetworkODE has; z0, steps and inputs as in `check`.

    Raises
    ------
    NoRealODE
        If the region has no real ODE (of a network: when ``ode[pattern]`` asks for it): det M = 0, or a negative eigenvalue
        has unpaired Jordan blocks (E3).
    NoPrincipalLogarithm
        If the region has real ODEs but no principal one, because its negative eigenvalues come in paired blocks.
    EntryError
        If dt is missing or not positive.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN([1, "-1/4"], [[0, 1], [0, 0]], [0, 1])
    >>> ode = derive(net, dt="1/10")
    >>> ode["00"].matrix
    Traceback (most recent call last):
    ...
    symplrnn.errors.NoRealODE: region 00 has no real ODE of dimension 2: the eigenvalue -1/4 has Jordan blocks of sizes (1), ...

    Reference: THEORY section 3.
    """
    network = system.network if isinstance(system, Region) else system
    if dt is None and network.dt is None:
        raise EntryError("dt: missing, and the network carries none; accepted is a number > 0, such as 1/10")
    time = to_sympy(positive_time(network.dt if dt is None else dt))
    if isinstance(system, Region):
        return _derive_region(system, time)
    if isinstance(regions, str) and regions == "all":
        return NetworkODE(network, time)
    _, chosen, _ = select_regions(network, regions, z0, steps, inputs)
    return NetworkODE(network, time, tuple(region.pattern for region in chosen))


def _derive_region(region: Region, dt: sp.Rational) -> RegionODE:
    """Return the principal ODE of a region, or raise the reason why there is none."""
    facts = spectrum(region)
    if check_e2(facts).truth:
        return RegionODE(region, dt)
    n, pattern, e3 = region.network.n, region.pattern, check_e3(facts)
    if e3["invertible"].truth.is_false:
        raise NoRealODE(
            f"region {pattern} has no real ODE of dimension {n}: 0 is an eigenvalue, and flows are invertible "
            '(E3, hypothesis "invertible")',
            pattern=pattern,
            hypothesis="invertible",
            eigenvalue="0",
        )
    if e3.truth.is_false:
        eigenvalue = e3["negative_blocks_paired"].evidence["unpaired"][0]
        sizes = ", ".join(map(str, eigenvalue.blocks))
        raise NoRealODE(
            f"region {pattern} has no real ODE of dimension {n}: the eigenvalue {eigenvalue} has Jordan blocks of sizes "
            f'({sizes}), which do not pair up (E3, hypothesis "negative_blocks_paired")',
            pattern=pattern,
            hypothesis="negative_blocks_paired",
            eigenvalue=str(eigenvalue),
        )
    negative = facts.negative_eigenvalues[0]
    raise NoPrincipalLogarithm(
        f"region {pattern} has real ODEs (E3) but no principal one: the eigenvalue {negative} is negative, "
        "in paired Jordan blocks",
        pattern=pattern,
        eigenvalue=str(negative),
    )
