"""Benchmarks: each number beside the alternative in the same run, as a ratio. Run with ``make bench``."""
