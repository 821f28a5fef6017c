"""Which region can follow which: the exact graph of transitions of a network.

There is an edge from d to e if some state z of S_d has its next state M_d z + c_d in S_e. Both are systems of linear inequalities
in z: d gives the signs of V z + b, and e those of V (M_d z + c_d) + b. So the successors of d are the cells, inside of S_d, of
the arrangement of the faces pulled back by the map of d, and `symplrnn.exact.cells` finds them all: each with a state that makes
the step, and with proof that there are no others. Inputs are 0.

An orbit follows edges, but not every path is that of an orbit: the graph is the coarsest picture of the symbolic dynamics. What
it shows to be impossible is impossible. Where it has no edge out of a set of regions, no orbit leaves the set; and the regions
that an orbit visits again and again lie in one strongly connected component.

Reference: docs/regions; R. E. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972) 146-160.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symplrnn import limits, views
from symplrnn.errors import PatternError, require_kind
from symplrnn.exact.cells import Arrangement, Cell
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.reading.entries import in_sympy
from symplrnn.exact.reading.grammar import shorten
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region, most_regions, too_many_regions
from symplrnn.progress import counted
from symplrnn.theorems.check import select_regions

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TransitionGraph", "transitions"]


@dataclass(frozen=True, eq=False, repr=False)
class TransitionGraph(views.Shown, views.AsJSON):
    """The graph of transitions between regions of a network: from `ReLURNN.transitions`.

    Attributes
    ----------
    network : ReLURNN
    selection : str
        ``"all"``, ``"visited"`` or ``"chosen"``.
    patterns : tuple of str
        The regions; edges lead from one of them to one of them.
    exits : tuple of str
        The regions from which some state goes to a region that was not chosen.

    Examples
    --------
    >>> from symplrnn.network.examples import example
    >>> graph = example("complex").transitions()
    >>> graph.successors("10"), graph.witness("00", "10").T
    (('10', '11'), Matrix([[0, 0]]))
    >>> graph.recurrent
    (('00',), ('10',), ('01', '11'))

    Reference: docs/regions.
    """

    network: ReLURNN
    selection: str
    patterns: tuple[str, ...]
    exits: tuple[str, ...]
    points: Mapping[tuple[str, str], Any] = field(repr=False)

    def __repr__(self) -> str:
        return f"<TransitionGraph of {len(self.patterns)} regions, {len(self.points)} transitions>"

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """The pairs (d, e) of regions such that some state of d has its next state in e, in the order of the regions."""
        return tuple(self.points)

    @property
    def is_closed(self) -> bool:
        """Whether no state of the regions has its next state outside of them: then no orbit without inputs leaves them."""
        return not self.exits

    def witness(self, source: str, target: str) -> sp.ImmutableDenseMatrix:
        """Return a state of the one region whose next state lies in the other, as a SymPy column.

        Raises `PatternError` if there is none, or if the regions are not in the graph.
        """
        if (source, target) not in self.points:
            raise PatternError(f"witness: there is no transition from {shorten(str(source))} to {shorten(str(target))}")
        return in_sympy(self.network.field, self.points[source, target])

    def successors(self, pattern: str) -> tuple[str, ...]:
        """Return the regions to which some state of a region goes; raise `PatternError` if it is not in the graph."""
        return self._neighbours(pattern)[0]

    def predecessors(self, pattern: str) -> tuple[str, ...]:
        """Return the regions from which some state goes to a region; raise `PatternError` if it is not in the graph."""
        return self._neighbours(pattern)[1]

    def _neighbours(self, pattern: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if pattern not in self._lists:
            raise PatternError(f"pattern: {shorten(str(pattern))} is not among the {len(self.patterns)} regions of the graph")
        after, before = self._lists[pattern]
        return tuple(after), tuple(before)

    @cached_property
    def _lists(self) -> dict[str, tuple[list[str], list[str]]]:
        found: dict[str, tuple[list[str], list[str]]] = {pattern: ([], []) for pattern in self.patterns}
        for source, target in self.points:
            found[source][0].append(target)
            found[target][1].append(source)
        return found

    def arrays(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the edges as two arrays of indices in ``patterns``: where they begin, and where they end.

        >>> from symplrnn.network import PLRNN
        >>> PLRNN(["1/2"], [[0]], [1]).transitions().arrays()
        (array([0, 0, 1]), array([0, 1, 1]))
        """
        index = {pattern: k for k, pattern in enumerate(self.patterns)}
        pairs = [(index[source], index[target]) for source, target in self.points]
        sources, targets = np.array(pairs, dtype=np.intp).reshape(len(pairs), 2).T
        return sources, targets

    @cached_property
    def components(self) -> tuple[tuple[str, ...], ...]:
        """The strongly connected components: between two regions of one there are paths both ways.

        No edge leads from a component to an earlier one.
        """
        found: list[tuple[str, ...]] = []
        number: dict[str, int] = {}  # in the order of discovery
        lowest: dict[str, int] = {}
        open_regions: list[str] = []
        is_open: set[str] = set()
        for root in self.patterns:
            path = [] if root in number else [(root, iter(self._lists[root][0]))]
            while path:
                pattern, rest = path[-1]
                if pattern not in number:
                    number[pattern] = lowest[pattern] = len(number)
                    open_regions.append(pattern)
                    is_open.add(pattern)
                following = next((x for x in rest if x not in number or x in is_open), None)
                if following is None:
                    path.pop()
                    if path:
                        above = path[-1][0]
                        lowest[above] = min(lowest[above], lowest[pattern])
                    if lowest[pattern] == number[pattern]:
                        k = open_regions.index(pattern)
                        found.append(tuple(sorted(open_regions[k:])))
                        is_open.difference_update(open_regions[k:])
                        del open_regions[k:]
                elif following in number:
                    lowest[pattern] = min(lowest[pattern], number[following])
                else:
                    path.append((following, iter(self._lists[following][0])))
        return tuple(reversed(found))

    @property
    def recurrent(self) -> tuple[tuple[str, ...], ...]:
        """The components with a cycle: an orbit that stays in the regions of the graph is in one of them from some step on."""
        return tuple(part for part in self.components if len(part) > 1 or (part[0], part[0]) in self.points)

    def to_dict(self) -> dict[str, Any]:
        """Return the graph as a JSON-ready dict, each edge with its state."""
        return views.to_dict(self)

    def to_dot(self) -> str:
        """Return the graph in the language of Graphviz, components together.

        >>> from symplrnn.network import PLRNN
        >>> print(PLRNN(["1/2"], [[0]], [1]).transitions().to_dot())
        digraph transitions {
          "0";
          "1";
          "0" -> "0";
          "0" -> "1";
          "1" -> "1";
        }
        """
        lines = []
        for k, part in enumerate(self.components):
            names = " ".join(f'"{pattern}";' for pattern in part)
            lines.append(f"  {names}" if len(part) == 1 else f"  subgraph cluster_{k} {{ {names} }}")
        lines += [f'  "{source}" -> "{target}";' for source, target in self.points]
        return "\n".join(["digraph transitions {", *lines, "}"])


@views.transitions.register(ReLURNN)
def transitions(
    network: ReLURNN, regions: str | Iterable[str] = "all", z0: Any = None, steps: int | None = None, inputs: Any = None
) -> TransitionGraph:
    """Return the graph of transitions between regions of a network; see `ReLURNN.transitions`."""
    require_kind(network, ReLURNN, "transitions", "a network")
    network.require_numbers("transitions")
    if regions == "all" and most_regions(network) > limits.TRANSITION_REGIONS:
        raise too_many_regions(network, limits.TRANSITION_REGIONS)
    selection, chosen, total = select_regions(network, regions, z0, steps, inputs)
    sources = sorted(chosen, key=lambda region: region.pattern)
    targets = None if selection == "all" else {region.pattern for region in sources}
    prefixes = None if targets is None else {pattern[:k] for pattern in targets for k in range(network.p + 1)}
    points: dict[tuple[str, str], Any] = {}
    exits = []
    for region in counted(sources, "regions", total):
        arrangement = pulled_back(region)
        for pattern, point in _successors(arrangement, region.pattern, prefixes):
            points[region.pattern, pattern] = point
        if len(points) > limits.TRANSITION_EDGES:
            raise PatternError(
                f"regions: more than {limits.TRANSITION_EDGES} transitions between {len(sources)} regions; accepted are fewer "
                'regions, by "visited" with a start state or by a list of patterns'
            )
        if prefixes is not None and _goes_elsewhere(arrangement, region.pattern, prefixes):
            exits.append(region.pattern)
    return TransitionGraph(network, selection, tuple(region.pattern for region in sources), tuple(exits), points)


def pulled_back(region: Region) -> Arrangement:
    """Return the faces of a network with their preimages under the map of a region: 2 p hyperplanes.

    The first p digits of a pattern are those of a state, the last p, for states of the region, those of the next state.
    """
    network, affine, K = region.network, region.affine, region.network.field
    V, b = network.exact.V, network.exact.b
    rows = [*V.tolist(), *(V * affine.M).tolist()]
    return Arrangement(
        K.fill(2 * network.p, network.n, [x for row in rows for x in row]),
        K.fill(2 * network.p, 1, [*b.entries(), *(V * affine.c + b).entries()]),
        real_field(K),
    )


def _successors(arrangement: Arrangement, pattern: str, prefixes: set[str] | None) -> Iterator[tuple[str, Any]]:
    """Yield the patterns of next states of a region's states, with such a state; only those with the given prefixes."""
    p = len(pattern)
    wanted = (lambda prefix: True) if prefixes is None else (lambda prefix: prefix[p:] in prefixes)
    for leaf in arrangement.leaves(pattern, wanted):
        if isinstance(leaf, Cell):
            yield leaf.pattern[p:], leaf.point


def _goes_elsewhere(arrangement: Arrangement, pattern: str, prefixes: set[str]) -> bool:
    """Return whether some state of a region has a next state with none of the given prefixes."""
    p = len(pattern)
    outside = (prefix + d for prefix in sorted(prefixes, key=len) if len(prefix) < p for d in "01" if prefix + d not in prefixes)
    return any(not arrangement.is_empty(pattern + prefix) for prefix in outside)
