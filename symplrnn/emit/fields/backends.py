"""The vector field of a network or a region for what is asked for: NumPy, JAX, torch, or source text in C or Julia."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from numpy.typing import ArrayLike

from symplrnn import views
from symplrnn.dynamics.doubles import Floats
from symplrnn.emit.fields.numpy_ import GridField, RegionField, StateField, VectorField
from symplrnn.emit.fields.source import source_text
from symplrnn.emit.fields.tensors import tensor_field
from symplrnn.errors import EntryError, ShapeError
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE

__all__ = []

views.lambdify.register(RegionODE, RegionField)


class ParameterField:
    """A vector field f(t, z, *values) with values for the parameters of a network: that of the network with these numbers.

    It is exact in the values, so coincidences of eigenvalues and regions without a principal ODE are met as for any network of
    numbers. The fields of the last values are kept.
    """

    def __init__(self, ode: NetworkODE, parameters: Sequence[Any], make: Callable[[NetworkODE], VectorField]) -> None:
        needed = {str(s): s for s in {*ode.network.parameters, *ode.dt.free_symbols}}
        self.names = [str(name) for name in parameters]
        if sorted(self.names) != sorted(needed):
            raise EntryError(f"parameters: needed is each of {', '.join(sorted(needed))} once, in any order; got {self.names}")
        self._field = lru_cache(maxsize=16)(lambda *values: make(ode.subs(dict(zip(self.names, values, strict=True)))))

    def __call__(self, t: float, z: ArrayLike, *values: float) -> Floats:
        """Return dz/dt at time t and state z for values of the parameters, in the order of ``names``."""
        if len(values) != len(self.names):
            raise ShapeError(f"expected {len(self.names)} values after t and z, for {', '.join(self.names)}; got {len(values)}")
        return self.at(*values)(t, z)

    def at(self, *values: float) -> VectorField:
        """Return f(t, z) for values of the parameters, with its ``events``."""
        return self._field(*map(_hashable, values))


def _hashable(value: Any) -> Any:
    """Return a number as one that can be looked up: NumPy's are taken as Python's."""
    return value.item() if hasattr(value, "item") else value


@views.lambdify.register(NetworkODE)
def network_field(
    ode: NetworkODE,
    switching: str,
    backend: str,
    z0: Any = None,
    t0: float = 0.0,
    inputs: Any = None,
    parameters: Sequence[Any] | None = None,
) -> Any:
    """Return f(t, z) of a network, or its source text; see `NetworkODE.lambdify`."""
    if parameters is not None:
        if backend != "numpy":
            raise ShapeError(f'parameters: values as arguments go with backend="numpy", not {backend!r}')
        return ParameterField(ode, parameters, lambda found: network_field(found, switching, backend, z0, t0, inputs))
    ode.network.require_numbers("lambdify")
    if ode.dt.free_symbols:
        names = ", ".join(sorted(map(str, ode.dt.free_symbols)))
        raise EntryError(f"lambdify: dt has the parameters {names}; give them values first, by ode.subs")
    if switching not in ("state", "grid"):
        raise ShapeError(f'switching: {switching!r} is unknown; accepted are "state" and "grid"')
    if backend in ("jax", "torch"):
        return tensor_field(ode, switching, backend, z0, t0, inputs)
    if backend in ("c", "julia"):
        return source_text(ode, switching, backend, z0, t0, inputs)
    if backend != "numpy":
        raise ShapeError(f'backend: {backend!r} is unknown; accepted are "numpy", "jax", "torch", "c" and "julia"')
    if switching == "state":
        if z0 is not None:
            raise ShapeError('z0: goes with switching="grid"')
        return StateField(ode, t0, inputs)
    return GridField(ode, t0, inputs, z0)
