"""Time the enumeration of nonempty regions and transitions beside an exact linear program for each pattern, in seconds of CPU.

Run with  python -m benchmarks.regions
"""

from __future__ import annotations

from itertools import product
from random import Random

import symplrnn as sr
from benchmarks.__main__ import cpu, network
from benchmarks.scale import row
from symplrnn.certificate.cells import list_of_regions
from symplrnn.exact.feasibility import is_feasible


def shallow(n: int, units: int) -> sr.ReLURNN:
    """Return a network of the general form with random weights in double precision."""
    rng = Random(0)

    def entries(rows: int, columns: int) -> list[list[float]]:
        return [[rng.gauss(0, 1) for _ in range(columns)] for _ in range(rows)]

    return sr.ReLURNN(entries(n, n), entries(n, units), [0.1] * n, V=entries(units, n), b=[x for (x,) in entries(units, 1)])


def each_pattern(net: sr.ReLURNN, units: int) -> int:
    """Decide the patterns of the first units one by one."""
    rows, constants = net.exact.V.tolist()[:units], net.exact.b.entries()[:units]
    return sum(is_feasible(rows, constants, [d == "1" for d in digits]) for digits in product("01", repeat=units))


def main() -> None:
    """Print the table."""
    for n, units, limit in ((2, 10, "1 s"), (3, 12, "20 s")):
        net, found = shallow(n, units), []
        ours = cpu(lambda net=net, found=found: found.append(len(list(net.regions()))), 1)
        theirs = cpu(lambda net=net, units=units, found=found: found.append(each_pattern(net, units)), 1)
        title = f"{n} states, {units} units: {found[0]} regions ({'as many' if found[0] == found[1] else 'NOT AS MANY'})"
        row(title, ours, f"exact program for 2^{units} patterns", theirs, limit)
    for n, units in ((3, 20), (5, 14)):
        net, found = shallow(n, units), []
        ours = cpu(lambda net=net, found=found: found.append(len(list(net.regions()))), 1)
        few = cpu(lambda net=net: each_pattern(net, 6), 1) * 2 ** (units - 6)  # 64 patterns of 6 units, extrapolated
        row(f"{n} states, {units} units: {found[0]} regions", ours, "the same, extrapolated", few, "20 s")
    net = shallow(2, 10)
    row("2 states, 10 units: certificate of the list", cpu(lambda: list_of_regions(net), 1), "regions alone",
        cpu(lambda: list(net.regions()), 1), "1 s")  # fmt: skip
    net, title = network()
    steps = 1000
    row(f"transitions between the regions of {steps} steps ({title})", cpu(lambda: net.transitions("visited", steps=steps), 1),
        "their verdicts", cpu(lambda: sr.check(net, "visited", steps=steps), 1), "5 s")  # fmt: skip


if __name__ == "__main__":
    main()
