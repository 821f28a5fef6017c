"""Options of LaTeX in Python and on the command line: columns, width, digits, notation, tables, files, what to cite."""

import re

import mpmath as mp
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.emit.latex.appendix import latex_table
from symplrnn.emit.latex.dispatch import document
from tests.emit.latex.reader import Page
from tests.emit.latex.test_letters_latex import compiled, overfull

PATTERN = "1101111110"


@pytest.fixture(scope="module")
def trained(van_der_pol) -> sr.ReLURNN:
    """The van der Pol network with a letter for its first bias."""
    net = van_der_pol
    h = [sp.Symbol("h1", real=True), *list(net.h)[1:]]
    return sr.PLRNN(net.A, net.W, h, dt="1/100")


@pytest.mark.parametrize("columns", [1, 2])
def test_a_letter_in_h_of_a_trained_network_is_kept(trained, columns, tmp_path):
    ode = sr.derive(trained, regions=[PATTERN])
    text = sr.latex(ode, digits=6, columns=columns, standalone=True)
    assert "(1 page" in compiled(text, tmp_path)
    assert overfull(tmp_path) == []
    assert not re.search(r"\d{8}", text.replace(PATTERN, ""))


def test_its_decimals_are_those_of_the_system_at_a_value(trained):
    ode = sr.derive(trained, regions=[PATTERN])[PATTERN]
    [scope] = Page(sr.latex(ode, digits=12)).at({"h_{1}": mp.mpf(3) / 7}, 10, {})
    expected = ode.subs({"h1": "3/7"}).digits(20)
    X, y = scope.lookup(rf"\widetilde{{W}}_{{\Omega_{{{PATTERN}}}}}"), scope.lookup(rf"\tilde{{h}}_{{\Omega_{{{PATTERN}}}}}")
    for i in range(10):
        assert abs(y[i] - mp.mpf(expected.offset[i])) < 1e-8
        assert all(abs(X[i, j] - mp.mpf(expected.matrix[i][j])) < 1e-9 for j in range(10))


def test_long_numbers_beside_letters_are_rounded(trained):
    text = sr.latex(trained)
    assert r"h &\approx \begin{pmatrix} h_{1} \\ -0.319021 \\" in text
    assert r"\operatorname{diag}(0.761899, 0.580099" in text
    W = trained.W.as_mutable()
    W[0, 1] = sp.Symbol("w", real=True) - W[0, 1]
    ode = sr.derive(sr.PLRNN(trained.A, W, list(trained.h), dt="1/100"), regions=[PATTERN])
    text = sr.latex(ode[PATTERN])
    assert "w - 0.0317148" in text
    assert r"\text{ if } q(t) > 0 \text{ for } 0 \le t \le 1" in text
    assert not re.search(r"\d{10}", text.replace(PATTERN, ""))


def test_a_letter_in_w_of_a_trained_network_fits(trained, tmp_path):
    W = trained.W.as_mutable()
    W[0, 1] = sp.Symbol("w", real=True)
    ode = sr.derive(sr.PLRNN(trained.A, W, list(trained.h), dt="1/100"), regions=[PATTERN])
    compiled(sr.latex(ode[PATTERN], standalone=True), tmp_path)
    assert overfull(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": 3}, "latex: columns: expected 1 or 2, got 3"),
        ({"columns": True}, "latex: columns: expected 1 or 2, got True"),
        ({"width": 10}, "latex: width: expected at least 150 points, got 10"),
    ],
)
def test_options_that_are_not_accepted(options, message):
    with pytest.raises(sr.EntryError, match=message):
        sr.latex(sr.example("two_units"), **options)


def test_the_table_has_the_eigenvalues_and_verdicts(tmp_path):
    net = sr.PLRNN(["1/2", "-1/4"], [[0, 1], [-1, 0]], [1, 0], dt=1)
    ode = sr.derive(net)
    text = latex_table(ode)
    row = next(line for line in text.splitlines() if line.startswith("00 "))
    logarithms = r"$-0.6931$, $-1.386 \pm 3.142 i$"
    assert row == rf"00 & lifted & $0.5000$, $-0.2500$ & {logarithms} & ($2$, $0$) & no & no & no & no &  \\"
    pair = next(line for line in text.splitlines() if line.startswith("11 "))
    with mp.workdps(20):
        M = mp.matrix([[0.5, 1], [-1, -0.25]])
        root = max(mp.eig(M)[0], key=lambda x: x.imag)
        for number in (root.real, root.imag, mp.log(root).real, mp.log(root).imag):
            assert f"{float(number):.4g}" in pair
    compiled(document(text), tmp_path)
    assert overfull(tmp_path) == []


def test_the_table_counts_visits():
    net = sr.PLRNN(["1/2"], [[0]], [-1], dt=1, initial_states=[[4]])
    ode = sr.derive(net, regions="visited", steps=5)
    rows = [line for line in latex_table(ode, {"regions": "visited", "steps": 5}).splitlines() if line[0] in "01"]
    counts = {row.split(" & ")[0]: row.split(" & ")[-1].removesuffix(r" \\") for row in rows}
    patterns = net.orbit([4], 5).patterns
    assert counts == {p: str(patterns.count(p)) for p in set(patterns)}


def test_the_table_is_of_numbers():
    with pytest.raises(sr.EntryError, match="the table of regions needs a network of rational numbers"):
        latex_table(sr.derive(sr.example("two_units"), dt=1))


def test_the_command_line(tmp_path, capsys):
    out = tmp_path / "page.tex"
    assert main(["latex", "two_units", "--standalone", "--notation", "continuous_state=x", "-o", str(out)]) == 0
    text = out.read_text()
    assert r"\dot{x} = \widetilde{W}_{\Omega_{d}}\, x" in text
    assert text.count(r"\paragraph{Network.}") == 1
    assert "(1 page" in compiled(text, tmp_path)
    assert main(["latex", "addition", "--table", "--standalone", "--columns", "1", "-o", str(out)]) == 0
    assert r"\begin{longtable}" in out.read_text()
    assert main(["latex", "two_units", "--region", "11", "--others", "--width", "300"]) == 0
    assert "where } a_{1} a_{2}" in capsys.readouterr().out.replace(r"\delta", "a_{1} a_{2}")
    assert main(["latex", "--bibtex"]) == 0
    assert f"version = {{{sr.__version__}}}" in capsys.readouterr().out
    assert main(["latex", "two_units", "--notation", "states=x"]) == 2
    assert "--notation: expected NAME=LATEX with a name among state, continuous_state" in capsys.readouterr().err
