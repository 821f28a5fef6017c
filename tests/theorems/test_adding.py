"""A theorem is added by one file: every check holds the regions against it, and reports and JSON have its verdict."""

import importlib
import sys

import symplrnn as sr
from symplrnn import theorems
from symplrnn.theorems.base import REGION_CHECKS

FILE = """
from symplrnn.theorems.base import Theorem, region_check, verdict

NEW = Theorem("{name}", "volume", "The region keeps volume.", {{"invertible": "0 is no eigenvalue"}}, "none", with_letters="{when}")


@region_check(NEW)
def check_new(spectrum):
    return verdict(NEW, spectrum.region.pattern, {{"invertible": spectrum.invertible}})
"""


def test_a_file_is_enough(tmp_path, monkeypatch):
    before = [*REGION_CHECKS]
    assert before == ["E1", "E2", "E3", "E4", "E5", "E6", "published formula"]
    monkeypatch.setattr(theorems, "__path__", [*theorems.__path__, str(tmp_path)])
    for name, when in (("E8", "at once"), ("E9", "on request")):
        (tmp_path / f"{name.lower()}.py").write_text(FILE.format(name=name, when=when))
    importlib.invalidate_caches()
    try:
        theorems.__spec__.loader.exec_module(theorems)
        report = sr.check(sr.PLRNN(["1/2"], [["-1/2"]], [1]))
        assert [check["E8"].truth.value for check in report.verdicts.values()] == [True, False]
        assert report.to_dict()["verdicts"][1]["verdicts"]["E9"]["truth"] is False
        with_letters = sr.check(sr.PLRNN(["a"], [[0]], [1], parameters={"a": "real"})).verdicts["0"]
        assert str(with_letters["E9"].truth) == "IF(Ne(a, 0))"
        assert list(with_letters.verdicts) == [*before[:-1], "E8"]
    finally:
        for name in ("E8", "E9"):
            del REGION_CHECKS[name], sys.modules[f"symplrnn.theorems.{name.lower()}"]
