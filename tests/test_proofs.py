"""The runner of the executable proofs, and a small part of them; `make proofs` runs all."""

from pathlib import Path

import pytest

from proofs.checks import __main__ as runner
from proofs.checks.tools import CHECKS, check, need
from symplrnn import theorems

ROOT = Path(__file__).parents[1]


def test_each_check_that_passes_prints_a_line(capsys):
    assert runner.main(["e5", "e6"]) == 0
    *lines, summary = capsys.readouterr().out.splitlines()
    assert len(lines) > 7
    assert all(line.split()[0] in ("E5", "E6") and "proved: " in line for line in lines)
    assert summary.startswith(f"{len(lines)} of {len(lines)} checks passed")


def test_a_false_statement_fails(capsys):
    @check("E6", "exact")
    def one_is_two() -> None:
        """1 = 2."""
        need(1 == 2, "1 is not 2")

    try:
        assert runner.main(["e6"]) == 1
    finally:
        CHECKS.pop()
    assert "E6          exact   FAILED (1 is not 2): 1 = 2." in capsys.readouterr().out


def test_an_unknown_theorem_is_named(capsys):
    assert runner.main(["e9"]) == 2
    assert "e9" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "G1", "G2", "C1"])
def test_each_theorem_has_a_proof_and_checks(name):
    table = (ROOT / "proofs/README.md").read_text()
    assert getattr(theorems, name).identifier == name
    assert f"| {name} " in table
    assert f"`{name.lower()}.py`" in table
    assert (ROOT / f"proofs/checks/{name.lower()}.py").exists()
    assert name.lower() in runner.MODULES
