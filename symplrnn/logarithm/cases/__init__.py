"""Closed forms with parameters as lists of cases that do not overlap: where E2 holds, and where it fails."""
