"""Time networks that are large, or have a letter among trained numbers, each job beside its peer and limit, in seconds of CPU.

Run with  python -m benchmarks.scale  or, for some groups only,  python -m benchmarks.scale batches units enumeration almost letters

The letters take two minutes, the enumeration one, everything else some seconds.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq_mat

import symplrnn as sr
from benchmarks.__main__ import cpu, network

LETTER = "q"


def row(name: str, ours: float, peer: str, theirs: float, limit: str) -> None:
    """Print one comparison."""
    print(f"{name:<66} {ours:8.2f} s   {peer}: {theirs:8.2f} s   times {ours / theirs:8.1f}   limit {limit}", flush=True)


def with_letter(net: sr.ReLURNN, where: str) -> sr.ReLURNN:
    """Return a network with a letter in place of its first number of a kind."""
    A, W, h = [net.A[i, i] for i in range(net.n)], net.W.tolist(), list(net.h)
    if where == "h":
        h[0] = LETTER
    elif where == "A":
        A[0] = LETTER
    else:
        W[0][1] = LETTER
    return sr.PLRNN(A, W, h, parameters=[LETTER])


def whole_check(net: sr.ReLURNN) -> sr.CheckReport:
    """Return the report on all regions, with its counts and its whole document."""
    report = sr.check(net)
    report.to_dict()
    return report


def letters() -> None:
    """Check all regions of the trained network with a letter in h, A or W beside that of numbers."""
    net, title = network()
    numbers = cpu(lambda: whole_check(net), 1)
    for where, limit in (("h", "3 times"), ("A", "60 s"), ("W", "60 s")):
        lettered, found = with_letter(net, where), []
        ours = cpu(lambda net=lettered, found=found: found.append(whole_check(net)), 1)
        row(f"check, counts and JSON with a letter in {where} ({title})", ours, "numbers", numbers, limit)
        print(f"    unknown in {found[0].counts['unknown']} of {found[0].checked} regions", flush=True)


def almost_linear(n: int = 30, units: int = 10) -> sr.ReLURNN:
    """Return an AL-RNN with random weights."""
    rng = np.random.default_rng(0)
    A, W = rng.uniform(0.2, 0.95, n), 0.15 * rng.normal(size=(n, n))
    np.fill_diagonal(W, 0)
    return sr.ALRNN(A.tolist(), W.tolist(), rng.normal(size=n).tolist(), P=units)


def polynomials(net: sr.ReLURNN) -> None:
    """Find the characteristic polynomial of each region with FLINT, of the whole matrix."""
    for region in net.regions():
        if region.rational_matrix is not None:
            region.rational_matrix.charpoly()


def sturm(matrix: fmpq_mat) -> None:
    """Isolate the roots of the characteristic polynomial with FLINT."""
    matrix.charpoly().numer().complex_roots()


def many_units(n: int = 50) -> tuple[sr.ReLURNN, list[float]]:
    """Return a PLRNN with random weights of single precision, and a state."""
    rng = np.random.default_rng(1)

    def single(values: Any) -> Any:
        return values.astype(np.float32).astype(float).tolist()

    A, W = rng.uniform(0.3, 0.95, n), 0.08 * rng.normal(size=(n, n))
    np.fill_diagonal(W, 0)
    net = sr.PLRNN(single(A), single(W), single(0.3 * rng.normal(size=n)))
    return net, single(rng.normal(size=n))


COUNTS = """
import resource, sys, symplrnn as sr
from benchmarks.scale import many_units
print(sr.check(many_units(int(sys.argv[1]))[0], keep=False).checked)
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def enumeration() -> None:
    """Go through all regions of networks with many: the cost of a file, the memory of counts, the length of closed forms."""
    net, _ = many_units(12)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "verdicts.jsonl"
        row("12 units: a line of a file for each of 4096 regions", cpu(lambda: sr.check_to_file(net, path), 1), "verdicts, held",
            cpu(lambda: sr.check(net), 1), "1.3 times")  # fmt: skip
    command = [sys.executable, "-c", COUNTS, "16"]
    regions, used = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    seconds, megabytes = map(float, used.split())
    print(f"16 units: counts of {regions} regions: {seconds:.1f} s of CPU, {megabytes:.0f} MB   limits 40 s, 300 MB")
    ode = sr.derive(many_units(18)[0], "1/10")["1" * 18]
    default, full = len(ode.to_json()) / 1e6, len(ode.to_json(full=True)) / 1e6
    print(f"18 units: JSON of one region: {default:.3f} MB, with the exact closed form {full:.3f} MB   limit 0.1 MB")


def batches() -> None:
    """Simulate 1000 states at once beside a loop over the steps of the network in NumPy, which has no states in between."""
    net, title = network()
    ode, start = sr.derive(net, "1/10"), np.random.default_rng(0).normal(size=(net.n, 1000))
    A, W, h = (np.array(part.tolist(), dtype=float) for part in (net.A, net.W, net.h))

    def plain(steps: int) -> np.ndarray:
        states = [start]
        for _ in range(steps):
            states.append(A @ states[-1] + W @ np.maximum(states[-1], 0) + h)
        return np.array(states)

    for per_step in (1, 10):
        ode.simulate(start, 100, per_step)
        row(f"100 steps of 1000 states, {per_step} points a step ({title})", cpu(lambda k=per_step: ode.simulate(start, 100, k)),
            "NumPy loop, as many states", cpu(lambda k=per_step: plain(100 * k)), "2 times")  # fmt: skip


def almost() -> None:
    """Check all regions of an AL-RNN of many states."""
    net = almost_linear()
    row("AL-RNN, 30 states and 10 units: all verdicts of 1024 regions", cpu(lambda: sr.check(net), 1), "FLINT's polynomials",
        cpu(lambda: polynomials(net), 1), "4 s")  # fmt: skip


def units() -> None:
    """Check, derive and simulate a network of 50 units, from a cold start each."""
    large, z0 = many_units()
    region = large.region("1" * large.n)
    matrix = region.rational_matrix
    if matrix is not None:
        theirs = cpu(lambda: sturm(matrix), 1)
        row("50 units: one region checked", cpu(lambda: sr.check(large, [region.pattern]), 1), "FLINT's polynomial and roots",
            theirs, "polynomial + 0.1 s")  # fmt: skip
        row("50 units: closed form of one region", cpu(lambda: sr.derive(region, 1).logarithm, 1), "FLINT's polynomial and roots",
            theirs, "2 s")  # fmt: skip
    row("50 units: 100 steps, 10 points a step, from a cold start", cpu(lambda: sr.derive(large, 1).simulate(z0, 100, 10), 1),
        "exact orbit", cpu(lambda: large.orbit(z0, 100), 1), "5 s")  # fmt: skip


GROUPS: dict[str, Callable[[], None]] = {
    "batches": batches,
    "units": units,
    "enumeration": enumeration,
    "almost": almost,
    "letters": letters,
}


def main(names: list[str]) -> None:
    """Print the table, or some groups of its rows, each row as it is found."""
    for name in names or GROUPS:
        GROUPS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
