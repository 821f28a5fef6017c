"""Time the verdicts of all regions of large networks beside FLINT and limits, in seconds of CPU; the memory they take.

Run with  python -m benchmarks.verdicts
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

import symplrnn as sr
from benchmarks.__main__ import flint_verdicts, network
from benchmarks.scale import almost_linear, many_units

UNITS = 16
SAMPLE = 1024


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU time of a call, and its value."""
    start = time.process_time()
    value = work()
    return time.process_time() - start, value


def row(name: str, taken: float, limit: str) -> None:
    """Print one time beside its limit."""
    print(f"{name:<70} {taken:8.3f} s   limit {limit}", flush=True)


def random_network(scale: float, n: int = UNITS) -> sr.ReLURNN:
    """Return a PLRNN with random weights; with small ones A + W is a P-matrix."""
    rng = np.random.default_rng(1)
    A, W, h = rng.uniform(0.3, 0.95, n), scale * rng.normal(size=(n, n)), rng.normal(size=n)
    np.fill_diagonal(W, 0)
    return sr.PLRNN(A.tolist(), W.tolist(), h.tolist())


def all_truths(net: sr.ReLURNN, regions: Any = "all") -> sr.CheckReport:
    """Decide every theorem in each region, and count."""
    report = sr.check(net, regions)
    for checked in report.verdicts.values():
        _ = [found.truth for found in checked.verdicts.values()]
    _ = report.counts
    return report


def main() -> None:
    """Print the table."""
    net, title = network()
    alone, _ = seconds(lambda: flint_verdicts(net))
    ours, _ = seconds(lambda: all_truths(net))
    row(f"all verdicts of all {2**net.p} regions ({title})", ours, f"2 times FLINT's polynomials and roots, {2 * alone:.3f} s")
    for kind, scale in (("P-matrix", 0.05), ("generic", 0.3)):
        net = random_network(scale)
        ours, report = seconds(lambda net=net: sr.check(net, keep=False))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        row(f"E1 to E6 with counts, 2^{UNITS} regions, {kind}: {report.summary}", ours, f"40 s; memory {peak:.0f} of 300 MB")
    for kind, scale in (("P-matrix", 0.05), ("generic", 0.3)):
        net = random_network(scale)
        ours, found = seconds(lambda net=net: sum(c.principal.is_true for c in sr.check(net).verdicts.values()))
        row(f"E2 of 2^{UNITS} regions, {kind}: true in {found}", ours, "5 s")
    sample = [region.pattern for region in islice(random_network(0.3).regions(), 0, None, 2**UNITS // SAMPLE)]
    ours, _ = seconds(lambda: all_truths(random_network(0.3), sample))
    row(f"all verdicts of {SAMPLE} of these regions", ours, f"{0.6 * SAMPLE / 1000:.2f} s")
    ours, _ = seconds(lambda: all_truths(almost_linear()))
    row("AL-RNN, 30 states and 10 units: all verdicts of 1024 regions", ours, "4 s")
    large, _ = many_units()
    pattern = "1" * large.n
    matrix = large.region(pattern).rational_matrix
    alone = 0.0 if matrix is None else seconds(matrix.charpoly)[0]
    ours, _ = seconds(lambda: all_truths(large, [pattern]))
    row("50 units: all verdicts of one region", ours, f"polynomial + 0.1 s, {alone + 0.1:.3f} s")


if __name__ == "__main__":
    main()
