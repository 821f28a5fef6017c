"""The evidence that the list of a network's nonempty regions is complete.

Each pattern has a state, each shortest empty prefix the multipliers that prove it empty (`symplrnn.exact.cells`). Together they
stand for all 2^p patterns. Where V has independent rows all patterns have states, and there is no list.

Reference: docs/certificates.md, "The list of regions".
"""

from __future__ import annotations

from typing import Any

from symplrnn import limits
from symplrnn.exact.cells import Cell
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import every_pattern_has_states, most_regions

__all__ = ["list_of_regions"]


def list_of_regions(network: ReLURNN) -> dict[str, Any] | None:
    """Return the nonempty patterns with states and the empty prefixes with multipliers, by unit from 1; None if they are many.

    >>> net = ReLURNN([1], [[1, 1]], [0], V=[[1], [1]], b=[0, -1])
    >>> list_of_regions(net)
    {'nonempty': {'00': ['0'], '10': ['1'], '11': ['2']}, 'empty': {'01': {'1': '1', '2': '1'}}}
    """
    if network.arrangement is None or every_pattern_has_states(network) or most_regions(network) > limits.CERTIFIED_REGIONS:
        return None
    nonempty, empty = {}, {}
    for leaf in network.arrangement.leaves():
        if isinstance(leaf, Cell):
            nonempty[leaf.pattern] = [str(x) for x in leaf.point.entries()]
        else:
            empty[leaf.pattern] = {str(i + 1): str(y) for i, y in leaf.multipliers.items()}
    return {"nonempty": nonempty, "empty": empty}
