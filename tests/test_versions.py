"""The dependencies: the versions that `make test-oldest` installs are the oldest that are declared."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OLDEST = ROOT / "constraints-oldest.txt"


def test_the_oldest_versions_are_those_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    declared = {
        line.replace(">=", "==")
        for line in (
            *project["dependencies"],
            *extras["jax"],
            *extras["plot"],
            *extras["io"],
            *(x for x in extras["test"] if x.startswith("scipy")),
        )
    }
    pinned = {line for line in OLDEST.read_text().splitlines() if not line.startswith("#")}
    assert pinned == declared
    assert {line.replace("==", ">=") for line in pinned if line.startswith(("scipy", "jax", "matplotlib"))} <= set(extras["test"])


def test_the_oldest_run_takes_paths_that_exist():
    makefile = (ROOT / "Makefile").read_text()
    [paths] = re.findall(r"^OLDEST_TESTS := (.*?)$", makefile.replace("\\\n", " "), re.MULTILINE)
    assert len(paths.split()) > 8
    for path in paths.split():
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("call", ["make run", "make test", "make docs", "make dist", "make test-oldest", "make test-slow"])
def test_ci_makes_everything(call):
    assert call in (ROOT / ".ci/run").read_text().splitlines()
