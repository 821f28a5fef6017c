"""Write the answers, compare with those that are written, or show which networks take long.

python -m tests.corpus write      writes the file of answers
python -m tests.corpus compare    prints each difference; exit status 1 if an answer differs
python -m tests.corpus time       prints the seconds that the slowest networks take
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.corpus.answers import answers
from tests.corpus.compare import BETTER, WORDS
from tests.corpus.networks import networks
from tests.corpus.store import known, line, network_differences, write

SLOWEST = 25


def main(what: str) -> int:
    """Do what is asked, and return the exit status."""
    if what == "write":
        write(line(network, answers(network)) for network in networks())
    elif what == "compare":
        return _compare()
    elif what == "time":
        _time()
    else:
        print(__doc__)
        return 2
    return 0


def _compare() -> int:
    old, sorts = known(), Counter[str]()
    for network in networks():
        if not network.is_there:
            print(f"{network.name}: not there, not compared")
            continue
        for found in network_differences(network, old):
            print(f"{network.name}: {found}")
            sorts[found.sort] += 1
    print(", ".join(f"{count} {sort}" for sort, count in sorts.items()) or "no difference")
    return int(bool(set(sorts) - {BETTER, WORDS}))


def _time() -> None:
    seconds = {}
    for network in networks():
        start = time.perf_counter()
        answers(network)
        seconds[network.name] = time.perf_counter() - start
    for name in sorted(seconds, key=seconds.__getitem__, reverse=True)[:SLOWEST]:
        print(f"{seconds[name]:8.2f} {name}")
    print(f"{sum(seconds.values()):8.2f} all {len(seconds)}")


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:2] or ["help"])))
