"""Time networks of irrational numbers beside rational ones of the same size: the same engine over another field.

python -m benchmarks.irrational
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

import symplrnn as sr
from benchmarks.__main__ import cpu

STEPS = 100


def networks() -> tuple[sr.ReLURNN, sr.ReLURNN]:
    """Return a network of 4 units over Q, and the same with entries in Q(sqrt(2))."""
    A = [["9/10", "4/5", "7/10", "3/5"], ["9/10", "4/5", sp.sqrt(2) / 2, "3/5"]]
    W = [[0, "-1/2", "1/4", 0], ["1/3", 0, "-1/5", "1/7"], [0, "1/2", 0, "-1/3"], ["1/6", 0, "1/5", 0]]
    rational, irrational = (sr.PLRNN(a, W, ["1/10", "-1/5", "1/3", "1/7"], dt="1/10") for a in A)
    return rational, irrational


def main() -> None:
    """Print the ratios."""
    start = [1, -1, "1/2", "1/3"]
    work: dict[str, Callable[[sr.ReLURNN], Any]] = {
        "all verdicts": lambda net: sr.check(net).counts,
        "closed form of all regions": lambda net: [ode.logarithm for ode in sr.derive(net).values()],
        "30 digits of all regions": lambda net: [ode.digits(30) for ode in sr.derive(net).values()],
        f"simulation, {STEPS} steps x 10": lambda net: sr.derive(net).simulate([1, -1, 0.5, 0.25], STEPS),
        f"crossing certificates, {STEPS} steps": lambda net: sr.derive(net).crossings(start, STEPS),
    }
    rational, irrational = networks()
    for name, run in work.items():
        first, second = (cpu(lambda net=net, run=run: run(net)) for net in (rational, irrational))  # type: ignore[misc]
        print(f"{name:<40} rational {first * 1000:9.1f} ms   irrational {second * 1000:9.1f} ms   ratio {second / first:6.1f}")


if __name__ == "__main__":
    main()
