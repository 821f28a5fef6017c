"""Derive the equivalent ODE: of a region, or of a whole network region by region (`NetworkODE`).

Every region has a system: real, lifted, impulsive, or lifted and impulsive (E1 to E6). Each gets a `RegionODE`, whatever the
entries of the network are.

Reference: docs/theory, section 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, overload

from symplrnn.errors import require_kind
from symplrnn.network.network import ReLURNN, step_time
from symplrnn.network.region import Region
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.check import select_regions

__all__ = ["derive"]


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
) -> Any:
    """Derive the equivalent ODE of a network (a `NetworkODE`, region by region on demand) or of one region (a `RegionODE`).

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
    >>> from symplrnn.network import PLRNN
    >>> net = PLRNN([1, "-1/4"], [[0, 1], [0, 0]], [0, 1])
    >>> ode = derive(net, dt=1)
    >>> ode["00"].kind, ode["00"].extra
    ('lifted', 1)
    >>> print(ode["00"].why)
    the eigenvalue -1/4 is negative, and its Jordan blocks, of sizes (1), do not pair up, so there is no real ODE of dimension 2
    (E3), not even a time-dependent linear one, because det M < 0; 1 extra coordinate is the fewest that do (E5)

    Reference: docs/theory, section 3.
    """
    require_kind(system, ReLURNN | Region, "derive", "a network or a region")
    network = system.network if isinstance(system, Region) else system
    time = step_time(network, dt)
    if isinstance(system, Region):
        return RegionODE(system, time)
    if isinstance(regions, str) and regions == "all":
        return NetworkODE(network, time)
    _, chosen, _ = select_regions(network, regions, z0, steps, inputs)
    return NetworkODE(network, time, tuple(region.pattern for region in chosen))
