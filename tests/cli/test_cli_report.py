import shutil

import pytest

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.emit.report.pdf import latex_of
from symplrnn.emit.report.subject import subject_of


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch):
    monkeypatch.setattr("symplrnn.emit.report.writer._pictures", lambda subject: {})


def run(capsys, *arguments):
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_a_report_is_the_one_of_the_function(capsys, tmp_path):
    file, inputs = tmp_path / "report.html", tmp_path / "inputs.csv"
    inputs.write_text("1,0\n0,1\n1,0\n")
    options = ("--z0", "1,1", "--steps", "3", "--inputs", str(inputs), "--region", "11", "--dt", "1/10", "--title", "a <title>")
    assert run(capsys, "report", "addition", "-o", str(file), *options) == (0, "", "")
    expected = sr.report(
        sr.example("addition"), "1/10", ["11"], z0=["1", "1"], steps=3, inputs=[[1, 0], [0, 1], [1, 0]], title="a <title>"
    )
    assert file.read_text() == expected
    assert run(capsys, "report", "two_units", "-o", str(file)) == (0, "", "")
    assert "<h1>two_units</h1>" in file.read_text()
    assert run(capsys, "report", "complex", "-o", str(file), "--visited", "--steps", "5") == (0, "", "")
    assert "Network" not in file.read_text().split("</title>")[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("-o", "report.txt"), 'symplrnn: error: -o: expected a name that ends in .html, got "report.txt"'),
        (("-o", "report.html", "--pdf"), "-o: expected a name that ends in .pdf (without --pdf in .html)"),
        (("-o", "report.html", "--visited", "--region", "11"), "--region and --visited exclude each other"),
        (("-o", "report.html", "--region", "2"), "pattern"),
        ((), "Missing option '-o'"),
    ],
)
def test_wrong_calls_are_one_line(capsys, monkeypatch, tmp_path, options, message):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "report", "complex", *options)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_without_pdflatex_the_reason_is_said(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    status, _, err = run(capsys, "report", "complex", "-o", str(tmp_path / "report.pdf"), "--pdf")
    assert status == 2
    assert err.startswith("symplrnn: error: report: pdflatex is not installed, which --pdf needs;")
    assert not list(tmp_path.iterdir())


def test_latex_holds_the_sentence_the_equations_and_the_table_and_no_commands_of_others():
    net = sr.example("kinds")
    text = latex_of(subject_of(net, r"\input{/etc/passwd} 100% <é>", None, None, None, 3, None))
    assert r"\section*{\textbackslash{}input\{/etc/passwd\} 100\% $<$?$>$}" in text
    assert "Legitimate in 1 of 4 regions." in text
    for part in (sr.latex(net), sr.latex(sr.check(net)), sr.latex(sr.derive(net)), r"\begin{longtable}"):
        assert part in text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("name", ["kinds", "two_units", "addition_letters"])
def test_a_pdf_is_made(capsys, tmp_path, name):
    file = tmp_path / "report.pdf"
    assert run(capsys, "report", name, "--pdf", "-o", str(file), "--title", "a_1 & <b> ^ ~ \\ {") == (0, "", "")
    assert file.read_bytes().startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == [file]
