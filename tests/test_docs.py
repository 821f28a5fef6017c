"""README.md and docs/: what they show runs as it stands, and nothing public is left out. Their examples are doctests."""

import importlib
import inspect
import operator
import re
from pathlib import Path

import pytest

import symplrnn as sr
from symplrnn.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"^(?:    |\$ )symplrnn (.*?)(?:\s+#.*)?$", re.MULTILINE)
COMMANDS = sorted({command for page in PAGES for command in COMMAND.findall(page.read_text())})


def test_there_are_commands():
    assert len(COMMANDS) > 20


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    Path("pulses.csv").write_text("0.5,1\n0.25,0\n0,0\n")
    arguments = command.split()
    status = main(arguments)
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    assert out or Path(arguments[arguments.index("-o") + 1]).stat().st_size


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


def test_every_public_name_is_in_the_reference_once():
    text = "".join(page.read_text() for page in (ROOT / "docs/api").glob("*.md"))
    documented = re.findall(r"^\.\. auto(?:class|function|data):: (\w+)$", text, re.MULTILINE)
    assert sorted(documented) == sorted(set(sr.__all__) - {"plot"})
    listed = re.findall(r"`(\w+)`", (ROOT / "docs/api/index.md").read_text())
    assert set(sr.__all__) - set(listed) <= set(re.findall(r"autoclass:: (\w+)", (ROOT / "docs/api/errors.md").read_text()))
    assert set(re.findall(r"symplrnn\.emit\.plot\.(\w+)", text)) == set(sr.plot.__all__)


def test_public_docstrings_have_an_example():
    made = {"FaceInterval", "FaceMark", "FacePoint", "StepCertificate", "LogDifference", "PowerDifference"}  # by other functions
    public = {name: getattr(sr, name) for name in set(sr.__all__) - made}
    shown = {
        name: value
        for name, value in public.items()
        if callable(value) and not (isinstance(value, type) and issubclass(value, Warning | Exception))
    }
    assert len(shown) > 30
    assert [name for name, value in shown.items() if ">>>" not in value.__doc__] == []


def test_every_proof_is_a_page():
    pages = {page.name for page in (ROOT / "docs/proofs").glob("*.md")}
    assert {page.name for page in (ROOT / "proofs").glob("*.md")} - {"README.md"} == pages - {"index.md"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text())
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_the_citation_has_the_version():
    assert f"\nversion: {sr.__version__}\n" in (ROOT / "CITATION.cff").read_text()


def test_contributing_says_where_things_are():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    folders = (ROOT, ROOT / "symplrnn", ROOT / "symplrnn/network", ROOT / "symplrnn/eigenvalues")
    for file in set(re.findall(r"`(\w[\w/]*\.py)`", text)):
        assert any((folder / file).exists() for folder in folders), file
    answers, file = [], ""
    for name in re.findall(r"`([^`]*)`", "".join(row for row in re.findall(r"^\| .*\? (\| .*) \|$", text, re.MULTILINE))):
        if "/" in name or name.endswith(".py"):
            file = name
        else:
            answers.append((file, name))
    assert len(answers) > 10
    for file, name in answers:
        module = importlib.import_module("symplrnn." + file.removesuffix(".py").replace("/", "."))
        found = operator.attrgetter(name)(module)
        assert inspect.getmodule(getattr(found, "fget", found)) in (module, None), (file, name)  # defined there, not imported


def test_docstrings_refer_to_what_is_there():
    sections = {page.name[0]: page.read_text() for page in (ROOT / "docs/theory").glob("[1-9]-*.md")}
    found = 0
    for file in sorted((ROOT / "symplrnn").rglob("*.py")):
        text = " ".join(file.read_text().split())
        for number, name in re.findall(r'docs/theory, sections? (\d)(?:, "(.*?)")?', text):
            found += 1
            assert number in sections, file
            assert not name or f"\n## {name}" in sections[number], (file, name)
        for proof in re.findall(r"proofs/\w+\.md", text):
            assert (ROOT / proof).exists(), (file, proof)
    assert found > 80
