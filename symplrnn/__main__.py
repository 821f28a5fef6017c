"""``python -m symplrnn``."""

from symplrnn.cli import run

run()
