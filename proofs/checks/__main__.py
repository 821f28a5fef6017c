"""Run the checks and print a line for each: ``python -m proofs.checks [theorem ...]``."""

from __future__ import annotations

import sys
import time
from importlib import import_module

from proofs.checks.tools import CHECKS, Failed

MODULES = ("e1", "e2", "e3", "e4", "e5", "e6", "e7", "g1", "g2", "c1", "one_formula", "checker", "letters")


def main(names: list[str]) -> int:
    """Run the checks of some theorems, or all; return 1 if one fails."""
    modules = [name.lower() for name in names] or list(MODULES)
    unknown = sorted(set(modules) - set(MODULES))
    if unknown:
        print(f"no checks of {', '.join(unknown)}; there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    for module in modules:
        import_module(f"proofs.checks.{module}")
    chosen = [item for item in CHECKS if item.theorem.lower().replace(" ", "_") in modules]
    failed, start = 0, time.process_time()
    for item in chosen:
        before = time.process_time()
        try:
            item.run()
            outcome = "proved"
        except Failed as reason:
            outcome, failed = f"FAILED ({reason})", failed + 1
        print(f"{item.theorem:12}{item.by:8}{outcome}: {item.text} [{time.process_time() - before:.2f} s]", flush=True)
    print(f"{len(chosen) - failed} of {len(chosen)} checks passed in {time.process_time() - start:.1f} s of CPU.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
