"""The equilibria of a network as a table for a terminal, and as a JSON-ready dict.

Of many regions the table has those where something is in the region, or on its boundary, and those without exactly one solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from symplrnn import limits
from symplrnn.emit.json_ import network_to_json
from symplrnn.exact.writing import text_of
from symplrnn.network.network import ReLURNN
from symplrnn.systems.equilibria import Equilibrium

__all__ = ["equilibria_to_dict", "print_equilibria"]

DIGITS = 6
WORDS = {
    "boundary": "on a face, a fixed point of the network; the type is that of one side",
    "virtual": "outside of its region, so no fixed point of the network",
}
SHORT = 14  # characters of an entry that is printed exactly


def equilibria_to_dict(network: ReLURNN, found: Sequence[Equilibrium]) -> dict[str, Any]:
    """Return the equilibria of regions with how many there are of each kind.

    >>> from symplrnn.network.examples import example
    >>> equilibria_to_dict(example("complex"), list(example("complex").equilibria()))["counts"]
    {'real': 1, 'boundary': 0, 'virtual': 3, 'none': 0}
    """
    places = [e.location or "none" for e in found]
    counts = {place: places.count(place) for place in ("real", "boundary", "virtual", "none")}
    return {"network": network_to_json(network), "counts": counts, "equilibria": [e.to_dict() for e in found]}


def print_equilibria(console: Console, network: ReLURNN, found: Sequence[Equilibrium]) -> None:
    """Print how many equilibria the network has, and a row for each region."""
    points = sum(e.real and e.dimension == 0 for e in found)
    sets = sum(e.real and e.dimension != 0 for e in found)
    regions = f"{len(found)} region{'s' * (len(found) != 1)}"
    lines = f", and {sets} region{'s' * (sets != 1)} with a line of them or more" if sets else ""
    console.print(f"{points} equilibri{'um' if points == 1 else 'a'} of the network in {regions}{lines}")
    shown = sorted(found, key=lambda e: (not e.real, e.location == "virtual"))
    if len(shown) > limits.TERMINAL_ROWS:
        shown = [e for e in shown if e.location != "virtual"]
        console.print(f"virtual: {len(found) - len(shown)}, which --json lists")
        if len(shown) > limits.TERMINAL_ROWS:
            console.print(f"the first {limits.TERMINAL_ROWS} of {len(shown)} others:")
            shown = shown[: limits.TERMINAL_ROWS]
    if not shown:
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, collapse_padding=True)
    for name in ("region", "where", "type", "z = M z + c"):
        table.add_column(name, overflow="fold")
    for e in shown:
        table.add_row(e.pattern or "(no units)", _place(e), e.type, _solutions(e))
    console.print(table)
    for place, meaning in WORDS.items():
        if any(e.location == place for e in shown):
            console.print(f"{place}: {meaning}")


def _place(e: Equilibrium) -> str:
    if not e.faces or e.location != "boundary":
        return e.location
    return f"boundary (unit{'s' * (len(e.faces) > 1)} {', '.join(map(str, e.faces))})"


def _solutions(e: Equilibrium) -> str:
    """Return the point, or the line and so on, with short entries exactly and the others in certified decimals."""
    if e.state is None:
        return "none: 1 is an eigenvalue"
    exact = [text_of(x) for x in e.state]
    entries = exact if max(map(len, exact)) <= SHORT else list(map(str, e.digits(DIGITS)))
    parts = [f"({', '.join(entries)})"]
    columns = e.directions.cols
    for k in range(columns):
        name = "t" if columns == 1 else f"t{k + 1}"
        direction = [text_of(x) for x in e.directions.col(k)]
        if max(map(len, direction)) > SHORT:
            direction = [str(x.evalf(DIGITS)) for x in e.directions.col(k)]
        parts.append(f"{name} ({', '.join(direction)})")
    return " + ".join(parts)
