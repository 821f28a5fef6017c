"""Time the lone checker beside the program that writes certificates, in seconds of CPU: it must not take longer.

Run with  python -m benchmarks.certificates
"""

from __future__ import annotations

import json
from typing import Any

import symplrnn as sr
from benchmarks.__main__ import cpu, network
from benchmarks.scale import row
from symplrnn.certificate.check_letters import check
from symplrnn.network.examples import descriptions


def compared(title: str, *odes: sr.NetworkODE) -> None:
    """Print a line: the time of the checker, and that of the producer, which is the limit."""
    documents: list[Any] = []

    def produce() -> None:
        documents[:] = [ode.certificate() for ode in odes]

    produced = cpu(produce, 1)
    read = [json.loads(json.dumps(document)) for document in documents]
    row(f"{title}: checked alone", cpu(lambda: [check(document) for document in read], 1), "produced", produced, "that")


def main() -> None:
    """Print the table."""
    examples = {name: sr.example(name) for name in descriptions()}
    compared("packaged examples of numbers", *(sr.derive(net, dt=1) for net in examples.values() if not net.parameters))
    for name, net in examples.items():
        if net.parameters:
            compared(f"{name} (letters)", sr.derive(net, dt=1))
    net, title = network()
    compared(f"regions of 300 steps ({title})", sr.derive(net, dt=1, regions="visited", steps=300))


if __name__ == "__main__":
    main()
