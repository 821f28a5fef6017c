"""The piecewise ODE of a network, a mapping of its regions' systems that derives each when it is first asked for.

What it does besides (simulation, certificates, faces, vector fields) is attached from above, see `symplrnn.views`.

Reference: docs/theory, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp

from symplrnn import views
from symplrnn.errors import PatternError
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import is_nonempty_pattern
from symplrnn.network.substitution import with_values
from symplrnn.systems.region_ode import RegionODE

if TYPE_CHECKING:
    from symplrnn.conditions.truth import Truth
    from symplrnn.dynamics.crossing import CrossingReport
    from symplrnn.dynamics.faces import FaceField
    from symplrnn.dynamics.simulation import Simulator
    from symplrnn.dynamics.trajectory import Trajectory

__all__ = ["NetworkODE"]


@dataclass(frozen=True, eq=False, repr=False)
class NetworkODE(Mapping[str, RegionODE], views.Shown):
    """The piecewise ODE of a network: ``ode["10"]`` is the ODE of a region, derived when it is first asked for.

    Iterating yields the patterns. If the pattern of the state at each grid time is held for a step (grid switching), the
    solution is the network's orbit at every grid time, for every start state and for ever, whatever the kinds of the regions'
    systems (E7).

    With parameters a region has one formula, which holds where E2 does; the systems for other values come in cases. No region
    is refused: where the cases are too many to be listed, `RegionODE.subs` derives the system at values.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> ode = derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1)
    >>> list(ode), ode["0"].matrix, ode["1"].matrix
    (['0', '1'], Matrix([[-log(2)]]), Matrix([[log(3/4)]]))
    """

    network: ReLURNN
    dt: sp.Expr
    patterns: tuple[str, ...] | None = None
    derived: dict[str, RegionODE] = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, pattern: str) -> RegionODE:
        if pattern not in self.derived:
            region = self.network.region(pattern)
            if self.patterns is not None and pattern not in self.patterns:
                raise PatternError(f"pattern: {pattern!r} is not among the derived regions {', '.join(self.patterns)}")
            self.derived[pattern] = RegionODE(region, self.dt)
        return self.derived[pattern]

    def subs(self, values: Mapping[Any, Any]) -> NetworkODE:
        """Return the ODE of the network with parameters replaced by numbers, derived anew.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> ode = derive(PLRNN(["a"], [["w"]], [1], parameters={"a": "positive", "w": "real"}), dt=1)
        >>> ode.subs({"a": "1/2", "w": "1/4"})["1"].matrix
        Matrix([[log(3/4)]])
        """
        return NetworkODE(*with_values(self.network, self.dt, values), self.patterns)

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
        self,
        switching: str = "state",
        backend: str = "numpy",
        z0: Any = None,
        t0: float = 0.0,
        inputs: Any = None,
        parameters: Sequence[Any] | None = None,
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
        parameters : sequence of names or symbols, optional
            The parameters of the network in any order: the function is then f(t, z, *values), as SciPy calls it with
            ``args=values``. A value is taken exactly, so a region is derived anew for it; f.at(*values) is f(t, z).

        Raises
        ------
        ValueError
            For an unknown switching or backend, inputs of the wrong shape, or a region whose ODE is no vector field on the n
            states (kinds other than "real"), when the function meets it or the table is made; `simulate` covers those.
        MissingExtra
            If the library of the backend is not installed.

        Examples
        --------
        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> f = derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1).lambdify()
        >>> f(0.0, [2.0]).round(6)
        array([0.575364])
        >>> f = derive(PLRNN(["a"], [["1/4"]], [1], parameters=["a"]), dt=1).lambdify(parameters=["a"])
        >>> f(0.0, [2.0], 0.5).round(6)
        array([0.575364])
        """
        return views.lambdify(self, switching, backend, z0, t0, inputs, parameters)

    def export(self, target: str, name: str = "model") -> str:
        """Return one file that simulates the ODE in another language and needs nothing of this package.

        It holds the table of the regions (those chosen in `derive`, or all if they are at most 1024), the vector field for both
        switching rules with inputs, the faces as events, and a function that simulates. Regions without an ODE in the states
        alone (kinds other than "real") are left out, and the head of the file names them; a run that meets one ends there.

        Parameters
        ----------
        target : "python", "matlab", "jax", "julia" or "c"
            Python with NumPy and SciPy; MATLAB or Octave without toolboxes; JAX with diffrax; Julia with OrdinaryDiffEq and
            callbacks; C99 with its mathematical library.
        name : str
            The name of the function (MATLAB: of the file, too), the module (Julia) or the program (C).

        Returns
        -------
        str
            The text of the file.

        Raises
        ------
        ValueError
            For an unknown target or a name that is none; for parameters without values, too many regions, or no real one.

        Examples
        --------
        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> text = derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1).export("python")
        >>> model = {}
        >>> exec(text, model)
        >>> model["simulate"]([0.0], steps=2, per_step=1).z.ravel().round(12).tolist()
        [0.0, 1.0, 1.75]

        Reference: docs/theory, section 3, E7.
        """
        text: str = views.export(self, target, name)
        return text

    def certificate(self) -> dict[str, Any]:
        """Return what is proved of the regions and of the whole network, with evidence, as a JSON-ready dict.

        `symplrnn.certificate.check`, a program of the standard library alone, re-checks it: the characteristic polynomial, E1 to
        E6, the kind, stability, the jump and the closed form of the chosen regions (all of up to 256, if none are chosen),
        the list of regions where some patterns are empty, and G1 and C1 of the whole network. With letters
        `symplrnn.certificate.check_letters` re-checks the closed form where E2 holds, and of up to two states the conditions
        under which E1 to E4 hold, a jump or a lift is needed, or all eigenvalues are inside the unit circle.

        Raises `EntryError` if entries or dt are irrational or quotients of letters, and `ShapeError` if there are too many
        regions and nothing is proved of all of them at once.

        >>> from symplrnn.certificate.check import check
        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> document = derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1).certificate()
        >>> check(document)[-1]
        ('all 2^1 regions', {'continuous': False, 'p_matrix': True, 'principal': True})

        Reference: docs/theory, section 5, "Certificate of (3)".
        """
        found: dict[str, Any] = views.certificate(self)
        return found

    @cached_property
    def is_continuous(self) -> Truth:
        """Whether the field with state switching is continuous: TRUE, FALSE or UNKNOWN, with letters a condition on them.

        If it is, the ODE is itself a continuous piecewise linear system: solutions are unique, nothing slides along a face.
        C1 decides it for a PLRNN with the principal ODE in every region; with letters the condition includes that. For other
        networks of up to 8 units the fields on both sides of each face are compared: a difference is certain, agreement beyond a
        trivial one is not, and is UNKNOWN. FALSE also where a region has no ODE in the states alone. ``evidence`` says where it
        fails.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> derive(PLRNN(["1/2", "1/3"], [[0, 0], [2, 0]], [0, 1]), dt=1).is_continuous
        TRUE
        >>> found = derive(PLRNN(["1/2", "1/3"], [[0, 0], [2, 0]], [1, 1]), dt=1).is_continuous
        >>> found, found.evidence
        (FALSE, {'unit': '1', 'theorem': 'C1'})

        Reference: docs/theory, section 7, C1.
        """
        found: Truth = views.continuity(self)
        return found

    @cached_property
    def simulator(self) -> Simulator:
        """The tables of flows in double precision that `simulate` makes on demand and keeps."""
        found: Simulator = views.simulator(self)
        return found

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
        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> ode = derive(PLRNN(["1/2"], [["-1/4"]], [1]), dt="1/10")
        >>> found = ode.simulate([-1], steps=2, per_step=2)
        >>> found.times.tolist(), found.states.ravel().round(4).tolist(), found.patterns
        ([0.0, 0.05, 0.1, 0.15, 0.2], [-1.0, -0.1213, 0.5, 0.9167, 1.125], ('0', '1'))
        >>> found(0.025).round(4)
        array([-0.5227])

        Reference: docs/theory, section 3, E7.
        """
        return self.simulator.run(z0, steps, per_step, switching, inputs)

    def crossings(self, z0: Any, steps: int, inputs: Any = None) -> CrossingReport:
        """Certify for each step of the network's orbit whether the flow inside it stays in its region; see `symplrnn.crossings`.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> derive(PLRNN(["1/2"], [[0]], [1]), dt="1/10").crossings([-1], 3).counts
        {'stays': 2, 'leaves': 1, 'undecided': 0}
        """
        found: CrossingReport = views.crossings(self, z0, steps, inputs)
        return found

    def face(self, pattern: str, unit: int, s: Any = None) -> FaceField:
        """Return the two fields at the face of a unit (counted from 1) of a region; see `symplrnn.face_field`.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> face = derive(PLRNN(["1/2", "1/3"], [[0, 1], [0, 0]], [1, 0]), dt=1).face("10", 2)
        >>> face.below.region, face.above.region
        (Region('10'), Region('11'))
        """
        found: FaceField = views.face(self, pattern, unit, s)
        return found
