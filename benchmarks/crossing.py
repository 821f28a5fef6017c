"""Crossing certificates of 1000 steps beside a scan of the same steps in floats, which certifies nothing."""

from __future__ import annotations

import numpy as np
import scipy.linalg

import symplrnn as sr
from benchmarks.__main__ import cpu, line, network

STEPS = 1000
POINTS = 1000


def scan(net: sr.ReLURNN, orbit: sr.Orbit) -> list[int]:
    """Return the steps whose flow, computed in floats at 1000 points a step, is seen outside its region."""
    V, b = (np.array(matrix.tolist(), dtype=float) for matrix in (net.V, net.b))
    flows: dict[str, np.ndarray] = {}
    found = []
    for k, pattern in enumerate(orbit.patterns[:-1]):
        if pattern not in flows:
            entries = [[int(x.p) / int(x.q) for x in row] for row in net.region(pattern).affine.augmented().tolist()]
            one = scipy.linalg.expm(scipy.linalg.logm(np.array(entries)).real / POINTS)
            powers = [one]
            while len(powers) < POINTS:
                powers.append(one @ powers[-1])
            flows[pattern] = V @ np.array(powers)[:, : net.n]
        z = [int(x.p) / int(x.q) for x in orbit.exact(k).entries()]
        inside = (flows[pattern] @ [*z, 1.0] + b[:, 0] > 0) == [d == "1" for d in pattern]
        if not inside.all():
            found.append(k)
    return found


def crossings(net: sr.ReLURNN, title: str) -> None:
    """Certify 1000 steps from the first start state, with the closed forms of all visited regions, and scan the same steps."""
    start = net.initial_states[0] if net.initial_states else [1] * net.n
    report = sr.crossings(sr.derive(net, dt="1/10"), start, STEPS)
    orbit = net.orbit(start, STEPS)
    seen = scan(net, orbit)
    leaving = [step.step for step in report.steps if step.outcome == "leaves"]
    ours = cpu(lambda: sr.crossings(sr.derive(net, dt="1/10"), start, STEPS))
    theirs = cpu(lambda: scan(net, orbit))
    line(f"crossing certificates, {STEPS} steps ({title})", ours, f"scan in floats, {POINTS} points a step", theirs)
    same = "the same" if seen == leaving else "not the same"
    print(f"    certified: {report.counts}; the scan sees {len(seen)} steps leave, {same}")


def main() -> None:
    """Run on the trained network, or without it on a packaged one."""
    crossings(*network())


if __name__ == "__main__":
    main()
