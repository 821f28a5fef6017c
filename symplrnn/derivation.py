"""Derive the equivalent ODE: of a region, or of a whole network region by region (NetworkODE).

Every region has a system: real, lifted, impulsive, or lifted and impulsive (E1 to E6). A region of a network with rational
entries gets a `RegionODE`, one of a network with letters or irrational entries a `ParametricRegionODE`, with cases.

Reference: THEORY section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import sympy as sp

from symplrnn.eigenvalues.parametric import ParametricSpectrum
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.errors import EntryError, PatternError, require_kind
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.exact.reading.names import check_distinct
from symplrnn.network.network import ReLURNN, exact_time
from symplrnn.network.region import Region, is_nonempty_pattern
from symplrnn.network.substitution import parameter_values, rational_values, replaced
from symplrnn.systems.region_cases import ParametricRegionODE, parametric_ode
from symplrnn.systems.region_ode import RegionODE
from symplrnn.systems.specialise import specialised
from symplrnn.theorems import check_e2
from symplrnn.theorems.check import select_regions

if TYPE_CHECKING:
    from symplrnn.dynamics.crossing import CrossingReport
    from symplrnn.dynamics.faces import FaceField
    from symplrnn.dynamics.simulation import Simulator
    from symplrnn.dynamics.trajectory import Trajectory

__all__ = ["NetworkODE", "derive"]

AnyRegionODE = RegionODE | ParametricRegionODE


@dataclass(frozen=True, eq=False)
class NetworkODE(Mapping[str, AnyRegionODE]):
    """The piecewise ODE of a network: ``ode["10"]`` is the ODE of a region, derived when it is first asked for.

    Iterating yields the patterns. If the pattern of the state at each grid time is held for a step (grid switching), the
    solution is the network's orbit at every grid time, for every start state and for ever, whatever the kinds of the regions'
    systems (E7).

    With letters or irrational entries it is a `ParametricRegionODE`, with cases: those of the principal ODE, and those beyond it.
    No region is refused: where the cases are too many to be listed they are derived by values (`ParametricRegionODE.case_at`).
    """

    network: ReLURNN
    dt: sp.Expr
    patterns: tuple[str, ...] | None = None
    origin: tuple[NetworkODE, Mapping[Any, Any]] | None = field(default=None, repr=False)
    derived: dict[str, AnyRegionODE] = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, pattern: str) -> AnyRegionODE:
        if pattern not in self.derived:
            region = self.network.region(pattern)
            if self.patterns is not None and pattern not in self.patterns:
                raise PatternError(f"pattern: {pattern!r} is not among the derived regions {', '.join(self.patterns)}")
            if self.origin is None:
                self.derived[pattern] = _derive_region(region, self.dt)
            else:
                self.derived[pattern] = self._substituted(region)
        return self.derived[pattern]

    def _substituted(self, region: Region) -> AnyRegionODE:
        """Return the ODE of a region from the one with letters."""
        letters, values = self.origin or (self, {})
        return _at(letters[region.pattern], values)

    def subs(self, values: Mapping[Any, Any]) -> NetworkODE:
        """Return the ODE of the network with parameters replaced by numbers, each region from the case that holds there.

        >>> from symplrnn.network.network import PLRNN
        >>> ode = derive(PLRNN(["a"], [["w"]], [1], parameters={"a": "positive", "w": "real"}), dt=1)
        >>> ode.subs({"a": "1/2", "w": "1/4"})["1"].matrix
        Matrix([[log(3/4)]])
        """
        network, dt, _ = _at_values(self.network, self.dt, values)
        return NetworkODE(network, dt, self.patterns, (self, dict(values)))

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
    ) -> Any:
        """Return the vector field f(t, z) in double precision, for `scipy.integrate.solve_ivp`.

        ``z`` has shape (n,) or (n, k) for a batch of k states; the result has the shape of z. The function has a list ``events``
        of p functions (t, z) -> (V z + b)_i, one a unit, for the argument of that name. Their attributes are 0 for ``direction``
        and False for ``terminal``; set ``direction`` to 1 or -1 for faces where the unit becomes active or inactive only, and
        ``terminal`` to True to end the integration there.

        Parameters
        ----------
        switching : "state" or "grid"
            ``"state"``: the region is that of z itself (autonomous, in general discontinuous on faces). ``"grid"``: the region is
            that of the state at the last grid time, so that the solution equals the network at every grid time (E7).
        backend : "numpy", "jax", "torch", "c" or "julia"
            ``"jax"`` and ``"torch"`` (extras of those names) give a pure function on arrays of the library; ``"c"`` and
            ``"julia"`` give the source text of a function ``symplrnn_field`` as a str. These four have a finite table of regions:
            those chosen in `derive`, or all if they are at most 1024; a state in no region of the table gives NaN. With grid
            switching they take the state at the last grid time as an argument: f(t, z, held).
        z0, t0 : start state (n,) or (n, k) and start time, for grid switching
            The function then knows the state at every grid time t0 + k dt from the network itself. Without z0 it takes its
            first call as the start, which has to be at a grid time; make a new function for every run.
        inputs : array (T, m), optional
            Row k acts during [t0 + k dt, t0 + (k + 1) dt) (zero-order hold), the last one also at t0 + T dt; no input if absent.

        Raises
        ------
        ValueError
            For an unknown switching or backend, inputs of the wrong shape, or a region whose ODE is no vector field on the n
            states (kinds other than "real"), when the function meets it or the table is made; `simulate` covers those.
        MissingExtra
            If the library of the backend is not installed.

        Examples
        --------
        >>> from symplrnn.network.network import PLRNN
        >>> f = derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1).lambdify()
        >>> f(0.0, [2.0]).round(6)
        array([0.575364])
        """
        from symplrnn.emit.fields.numpy_ import network_field

        return network_field(self, switching, backend, z0, t0, inputs)

    @cached_property
    def simulator(self) -> Simulator:
        """The tables of flows in double precision that `simulate` makes on demand and keeps."""
        from symplrnn.dynamics.simulation import Simulator

        return Simulator(self)

    def simulate(self, z0: Any, steps: int, per_step: int = 10, switching: str = "grid", inputs: Any = None) -> Trajectory:
        """Return the solution in double precision by the closed-form flow of each region, at ``per_step`` times a step.

        A region is derived when it is first entered; a second simulation finds its flow tabulated.

        Parameters
        ----------
        z0 : vector (n,), or NumPy array (n, k) for a batch of k start states (grid switching)
            The state at time 0; None for the first start state that the network carries.
        steps : int
            Number of steps of the network; the solution is computed up to the time steps * dt.
        per_step : int
            Number of sample times a step, the grid time included.
        switching : "grid" or "state"
            ``"grid"``: the region is that of the network's state at the last grid time, and the solution equals the network at
            every grid time, for ever (E7). ``"state"``: the region is that of the state itself; the solution follows the closed
            form from face to face. It needs regions with a real ODE, and ends where it would slide along a face.
        inputs : array (T, m), optional
            Row k acts during [k dt, (k + 1) dt), and in step k of the network; zero if absent.

        Returns
        -------
        Trajectory
            With times, states, events, the status, and as a function of time the states in between.

        Raises
        ------
        ValueError
            For arguments of the wrong shape or kind, and for parameters without values.

        Examples
        --------
        >>> from symplrnn.network.network import PLRNN
        >>> ode = derive(PLRNN(["1/2"], [["-1/4"]], [1]), dt="1/10")
        >>> found = ode.simulate([-1], steps=2, per_step=2)
        >>> found.times.tolist(), found.states.ravel().round(4).tolist(), found.patterns
        ([0.0, 0.05, 0.1, 0.15, 0.2], [-1.0, -0.1213, 0.5, 0.9167, 1.125], ('0', '1'))
        >>> found(0.025).round(4)
        array([-0.5227])

        Reference: THEORY section 3, E7.
        """
        return self.simulator.run(z0, steps, per_step, switching, inputs)

    def crossings(self, z0: Any, steps: int, inputs: Any = None) -> CrossingReport:
        """Certify for each step of the network's orbit whether the flow inside it stays in its region; see `symplrnn.crossings`.

        >>> from symplrnn.network.network import PLRNN
        >>> derive(PLRNN(["1/2"], [[0]], [1]), dt="1/10").crossings([-1], 3).counts
        {'stays': 2, 'leaves': 1, 'undecided': 0}
        """
        from symplrnn.dynamics.crossing import crossings

        return crossings(self, z0, steps, inputs)

    def face(self, pattern: str, unit: int, s: Any = None) -> FaceField:
        """Return the two fields at the face of a unit (counted from 1) of a region; see `symplrnn.face_field`.

        >>> from symplrnn.network.network import PLRNN
        >>> face = derive(PLRNN(["1/2", "1/3"], [[0, 1], [0, 0]], [1, 0]), dt=1).face("10", 2)
        >>> face.below.region, face.above.region
        (Region('10'), Region('11'))
        """
        from symplrnn.dynamics.faces import face_field

        return face_field(self, pattern, unit, s)


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
def derive(system: Region, dt: Any = None) -> Any: ...
def derive(
    system: ReLURNN | Region,
    dt: Any = None,
    regions: str | Iterable[str] = "all",
    z0: Any = None,
    steps: int | None = None,
    inputs: Any = None,
) -> Any:
    """Derive the equivalent ODE of a network (a `NetworkODE`, region by region on demand) or of one region (a `RegionODE`).

    A region of a network with letters gets a `ParametricRegionODE`, with cases.

    Parameters
    ----------
    system : ReLURNN or Region
    dt : positive number, or expression in letters that are known to be positive
        The time that one step stands for; the network's own dt if absent.
    regions : "all", "visited" or patterns
        Which regions the NetworkODE has; z0, steps and inputs as in `check`.

    Raises
    ------
    EntryError
        If dt is missing or not positive.

    Examples
    --------
    >>> from symplrnn.network.network import PLRNN
    >>> net = PLRNN([1, "-1/4"], [[0, 1], [0, 0]], [0, 1])
    >>> ode = derive(net, dt=1)
    >>> ode["00"].kind, ode["00"].extra
    ('lifted', 1)
    >>> print(ode["00"].why)
    the eigenvalue -1/4 has Jordan blocks of sizes (1), which do not pair up, so there is no real ODE of dimension 2 (E3), not
    even a time-dependent linear one, because det M < 0; 1 extra coordinate is the fewest that do (E5)

    Reference: THEORY section 3.
    """
    require_kind(system, ReLURNN | Region, "derive", "a network or a region")
    network = system.network if isinstance(system, Region) else system
    if dt is None and network.dt is None:
        raise EntryError("dt: missing, and the network carries none; accepted is a number > 0, such as 1/10")
    declared = {str(symbol): symbol for symbol in network.parameters}
    time = network.dt if dt is None else exact_time(dt, declared, closed=False)
    check_distinct({*network.parameters, *time.free_symbols}, network.n)
    if isinstance(system, Region):
        return _derive_region(system, time)
    if isinstance(regions, str) and regions == "all":
        return NetworkODE(network, time)
    _, chosen, _ = select_regions(network, regions, z0, steps, inputs)
    return NetworkODE(network, time, tuple(region.pattern for region in chosen))


def _at(ode: AnyRegionODE, values: Mapping[Any, Any]) -> AnyRegionODE:
    """Return a region ODE with parameters replaced; one without parameters may have some in dt."""
    if isinstance(ode, ParametricRegionODE):
        return substituted_ode(ode, values)
    return RegionODE(ode.region, replaced(ode.dt, parameter_values(sorted(ode.dt.free_symbols, key=str), values), "dt"))


def _at_values(network: ReLURNN, dt: sp.Expr, values: Mapping[Any, Any]) -> tuple[ReLURNN, sp.Expr, dict[sp.Symbol, sp.Expr]]:
    """Return a network and dt with parameters replaced, and the values that belong to the network (others belong to dt)."""
    found = parameter_values(sorted({*network.parameters, *dt.free_symbols}, key=str), values)
    own = {symbol: value for symbol, value in found.items() if symbol in network.parameters}
    numbers, time = network.subs(own), replaced(dt, found, "dt")
    check_distinct({*numbers.parameters, *time.free_symbols}, network.n)
    return numbers, time, own


def substituted_ode(ode: ParametricRegionODE, values: Mapping[Any, Any]) -> AnyRegionODE:
    """Return a region ODE with parameters replaced; see `ParametricRegionODE.subs`."""
    network = ode.region.network
    numbers, dt, own = _at_values(network, ode.dt, values)
    region = numbers.region(ode.region.pattern)
    rational = rational_values(network.parameters, own)
    if rational is None or not dt.is_Rational:
        return _derive_region(region, dt)
    case = next((case.case for case in ode.cases if case.condition.at(rational)), None)
    # The engine over Q certifies lifted and impulsive systems; with irrational entries there is no closed form over Q.
    if case is None or not isinstance(case.logarithm.field, FunctionField):
        return _derive_region(region, dt)
    return RegionODE(region, dt, specialised(case, rational))


def _derive_region(region: Region, dt: sp.Expr) -> AnyRegionODE:
    """Return the system of a region, by cases with letters or irrational entries."""
    facts = spectrum(region)
    if not region.network.is_rational:
        return parametric_ode(facts, dt)
    if dt.is_Rational or not check_e2(facts).truth:
        return RegionODE(region, dt)
    return parametric_ode(ParametricSpectrum(region), dt)
