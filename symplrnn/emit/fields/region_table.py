"""The fields of all regions of a network as one finite table, for code that cannot derive a region when it is entered.

Compiled functions and source text need every region beforehand: the chosen patterns of the `NetworkODE`, or all regions, if they
are few. A state in no region of the table gets NaN, which integrators report, rather than the field of another region.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from symplrnn import limits
from symplrnn.dynamics.doubles import Floats, real_field, to_float
from symplrnn.errors import ShapeError
from symplrnn.progress import counted
from symplrnn.systems.piecewise import NetworkODE

__all__ = ["RegionTable", "real_regions", "region_table"]


@dataclass(frozen=True, eq=False)
class RegionTable:
    """V (p, n) and b (p,) that decide the region, and for each of R regions its active units (R, p) and [X, y, Y] (R, n, q)."""

    V: Floats
    b: Floats
    active: NDArray[np.bool_]
    values: Floats
    patterns: tuple[str, ...]

    @property
    def n(self) -> int:
        """Number of states."""
        return int(self.values.shape[1])

    @property
    def m(self) -> int:
        """Number of inputs."""
        return int(self.values.shape[2]) - self.n - 1


def real_regions(ode: NetworkODE, target: str) -> tuple[RegionTable, dict[str, str]]:
    """Return the table of those regions that have a real ODE, and the kinds of the others; refuse if there is none."""
    patterns = _patterns(ode, target)
    kinds = {pattern: ode[pattern].kind for pattern in counted(patterns, "regions", len(patterns))}
    missing = {pattern: kind for pattern, kind in kinds.items() if kind != "real"}
    if len(missing) == len(patterns):
        raise ShapeError(
            f"{target}: none of the {len(patterns)} regions has an ODE in the states alone (kinds: "
            f'{", ".join(sorted(set(missing.values())))}); simulate(..., switching="grid") covers every kind'
        )
    return _table(ode, tuple(pattern for pattern in patterns if pattern not in missing)), missing


def region_table(ode: NetworkODE, backend: str) -> RegionTable:
    """Return the table of the chosen regions, or of all; raise `ShapeError` if these are more than ``limits.TABLE_REGIONS``.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> region_table(derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1), "c").values.round(4).tolist()
    [[[-0.6931, 1.3863]], [[-0.2877, 1.1507]]]
    """
    return _table(ode, _patterns(ode, backend))


def _table(ode: NetworkODE, patterns: tuple[str, ...]) -> RegionTable:
    par, K = ode.network.exact, ode.network.field
    active = [[d == "1" for d in pattern] for pattern in patterns]
    return RegionTable(
        to_float(par.V, K),
        to_float(par.b, K)[:, 0],
        np.array(active, dtype=np.bool_).reshape(len(patterns), ode.network.p),
        np.array([real_field(ode[pattern]) for pattern in counted(patterns, "regions", len(patterns))]),
        patterns,
    )


def _patterns(ode: NetworkODE, target: str) -> tuple[str, ...]:
    """Return the chosen regions, or all of them."""
    patterns = tuple(islice(ode, limits.TABLE_REGIONS + 1)) if ode.patterns is None else ode.patterns
    if ode.patterns is None and len(patterns) > limits.TABLE_REGIONS:
        raise ShapeError(
            f'"{target}" needs a table of regions, and the network has more than {limits.TABLE_REGIONS}; choose some, '
            'such as derive(..., regions="visited", z0=..., steps=...)'
        )
    if not patterns:
        raise ShapeError(f'"{target}" needs at least one region, but none is chosen')
    return patterns
