"""The graph of transitions between regions as a table for a terminal, and as a JSON-ready dict."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from symplrnn import limits, views
from symplrnn.dynamics.transitions import TransitionGraph
from symplrnn.emit.json_ import network_to_json
from symplrnn.exact.writing import text_of

__all__ = ["print_transitions", "transitions_to_dict"]


@views.to_dict.register(TransitionGraph)
def transitions_to_dict(graph: TransitionGraph) -> dict[str, Any]:
    """Return a graph as a dict: its regions, its edges with a state each, its components.

    >>> from symplrnn.network import PLRNN
    >>> transitions_to_dict(PLRNN(["1/2"], [[0]], [1]).transitions())["edges"][1]
    {'from': '0', 'to': '1', 'state': ['0']}
    """
    edges = [
        {"from": source, "to": target, "state": [text_of(x) for x in graph.witness(source, target)]}
        for source, target in graph.edges
    ]
    return {
        "network": network_to_json(graph.network),
        "selection": graph.selection,
        "regions": list(graph.patterns),
        "closed": graph.is_closed,
        "exits": list(graph.exits),
        "edges": edges,
        "components": [list(part) for part in graph.components],
        "recurrent": [list(part) for part in graph.recurrent],
    }


def print_transitions(console: Console, graph: TransitionGraph) -> None:
    """Print how many transitions there are, and a row for each region."""
    count, edges = len(graph.patterns), len(graph.edges)
    console.print(f"{edges} transition{'s' * (edges != 1)} between {count} region{'s' * (count != 1)}")
    if graph.selection != "all" and graph.is_closed:
        console.print("closed: no state of these regions has its next state in another one")
    parts = graph.recurrent
    longest = max((len(part) for part in parts), default=0)
    console.print(f"recurrent components: {len(parts)}" + (f", the largest of {longest} regions" if longest > 1 else ""))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, collapse_padding=True)
    for name in ("region", "component", "next"):
        table.add_column(name, overflow="fold")
    component = {pattern: k for k, part in enumerate(graph.components, 1) for pattern in part}
    for pattern in graph.patterns[: limits.TERMINAL_ROWS]:
        following = graph.successors(pattern)
        shown = list(following[: limits.REGIONS_PRINTED])
        if len(following) > limits.REGIONS_PRINTED:
            shown.append(f"... ({len(following)})")
        if pattern in graph.exits:
            shown.append("others")
        table.add_row(pattern or "(no units)", str(component[pattern]), " ".join(shown) or "-")
    if count > limits.TERMINAL_ROWS:
        console.print(f"the first {limits.TERMINAL_ROWS} of {count} regions; --json lists all:")
    console.print(table)
    if longest > 1:
        console.print("component: between two regions of one there are paths both ways")
    if graph.exits:
        console.print("others: some states go to regions that are not listed")
