"""The flow of a system over a time t: in closed form for every system, with certified digits for those of numbers.

Reference: docs/theory, section 5: formula (3) with l^(t/dt) for log(l).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import arb_mat, fmpq

from symplrnn import limits, views
from symplrnn.errors import EntryError
from symplrnn.exact.reading.entries import exact_entry
from symplrnn.exact.reading.grammar import shorten
from symplrnn.exact.reading.numbers import positive_integer, printable, rational, to_sympy
from symplrnn.logarithm.digits import Digits, as_digits
from symplrnn.logarithm.enclosure import certified_digits, real_power_enclosure
from symplrnn.logarithm.exact_powers import exact_real_power_entries, power_bits
from symplrnn.logarithm.real_logarithm import RealLogarithm
from symplrnn.network.augmented import Blocks

if TYPE_CHECKING:
    from symplrnn.systems.case_ode import CaseODE
    from symplrnn.systems.region_ode import RegionODE

__all__ = ["Flow", "flow", "require_short"]


@dataclass(frozen=True, eq=False, repr=False)
class Flow(Blocks, views.Shown):
    """The flow  x -> Phi x + gamma + Gamma s  of the ODE of a region, or of a case of it, over a time t, without the jump.

    Phi (n + extra, n + extra), gamma (n + extra, 1) and Gamma (n + extra, m) are ``matrix``, ``offset`` and ``input_matrix``;
    for a real ODE they are the network's M, c and C at t = dt. With parameters they are one formula where those of the ODE are.

    Examples
    --------
    >>> import symplrnn as sr
    >>> flow = sr.derive(sr.PLRNN(["1/4"], [[0]], [3]), dt=1)["1"].flow("1/2")
    >>> flow.matrix, flow.offset
    (Matrix([[1/2]]), Matrix([[2]]))
    """

    ode: RegionODE | CaseODE
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
        return self.ode.power(self.t / self.ode.dt)

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains exp(t X^) for a rational t, computed with this many bits."""
        ode = self.ode.require_numbers("enclosure")
        return ode.reordered(real_power_enclosure(ode.real_logarithm, self._steps(ode), positive_integer(bits, "bits")))

    def digits(self, digits: int) -> Digits:
        """Return Phi, gamma and Gamma at a rational t to so many certified significant digits.

        An entry that can neither be separated from 0 nor be proved rational is an `EnclosedNumber`.

        Raises `EntryError` for a time so long that exact numbers would be too long.
        """
        ode, digits = self.ode.require_numbers("digits"), positive_integer(digits, "digits")
        log, steps = ode.real_logarithm, self._steps(ode)
        require_short(log, steps, limits.POWER_BITS)
        exact = ode.places(exact_real_power_entries(log, steps, lambda bits: real_power_enclosure(log, steps, bits)))
        return as_digits(certified_digits(self.enclosure, exact, digits, f"flow over {self.t}"), ode.dimension)

    def _steps(self, ode: RegionODE) -> fmpq:
        """Return t/dt as an exact rational."""
        if not isinstance(self.t, sp.Rational):
            raise EntryError(f"t: {self.t} is not a number; enclosures and digits need a rational time such as 1/20")
        return rational(self.t, "t") / ode.step


def flow(ode: RegionODE | CaseODE, t: Any) -> Flow:
    """Return the flow of a system over a time t: a number, or a rational function of real symbols, also of the parameters."""
    exact = exact_entry(t, "t", {str(s): s for s in ode.parameters}, closed=False)
    time = exact if isinstance(exact, sp.Expr) else to_sympy(exact)
    if isinstance(time, sp.Rational):
        printable(rational(time, "t"), "t")
    return Flow(ode, time)


def require_short(log: RealLogarithm, steps: fmpq, bits: int) -> None:
    """Raise if the numbers in the flow over so many steps are longer than so many bits, by a rough estimate."""
    if power_bits(log.field, log.matrix, steps) > bits:
        raise EntryError(
            f"t: {shorten(str(steps))} steps are so many that the numbers in the flow would be too long; accepted are shorter "
            "times, or a symbol for the closed form; enclosure takes any"
        )
