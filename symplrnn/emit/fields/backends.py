"""The vector field of a network or a region for what is asked for: NumPy, JAX, torch, or source text in C or Julia."""

from __future__ import annotations

from typing import Any

from symplrnn import views
from symplrnn.emit.fields.numpy_ import GridField, RegionField, StateField
from symplrnn.emit.fields.source import source_text
from symplrnn.emit.fields.tensors import tensor_field
from symplrnn.errors import EntryError, ShapeError
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE

__all__ = ["network_field"]

views.lambdify.register(RegionODE, RegionField)


@views.lambdify.register(NetworkODE)
def network_field(ode: NetworkODE, switching: str, backend: str, z0: Any = None, t0: float = 0.0, inputs: Any = None) -> Any:
    """Return f(t, z) of a network, or its source text; see `NetworkODE.lambdify`."""
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
