"""Options of LaTeX in Python and on the command line: columns, width, digits, notation, tables, files, what to cite."""

import re
from hashlib import sha256

import mpmath as mp
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.certificate import check as checker
from symplrnn.cli import main
from symplrnn.emit.latex.appendix import latex_certificate, latex_table
from symplrnn.emit.latex.dispatch import document
from symplrnn.errors import EntryError
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
    assert re.search(r"-?[0-9.]+\\ldots < w < [0-9.]+\\ldots", text)
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
    assert row == rf"00 & lifted & $0.5$, $-0.25$ & {logarithms} & ($2$, $0$) & no & no & no & no &  \\"
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


LEAKY = {"dt": "positive", "tau": "positive", "w": "real", "h": "real"}


def test_the_table_of_letters_has_conditions(tmp_path):
    text = latex_table(sr.derive(sr.example("two_units"), dt=1))
    rows = {line[:2]: line.removesuffix(r" \\").split(" & ") for line in text.splitlines() if line[:2].isdecimal()}
    assert rows["00"][:4] == ["00", "real", "$a_{1}$, $a_{2}$", r"($\frac{h_{1}}{1 - a_{1}}$, $\frac{h_{2}}{1 - a_{2}}$)"]
    assert rows["11"][2] == r"$\lambda^{2} - (a_{1} + a_{2}) \lambda + a_{1} a_{2} - w_{12} w_{21} = 0$"
    assert rows["11"][5] == "$a_{1} a_{2} > w_{12} w_{21}$"
    assert rows["00"][4:7] == [r"$a_{1} \ne 1$, $a_{2} \ne 1$", "yes", "yes"]
    one = sr.PLRNN(["9/10", "4/5"], [[0, "w"], ["1/3", 0]], [1, "1/2"], parameters=["w"])
    leaky = sr.PLRNN(["exp(-dt/tau)"] * 2, [[0, "w"], ["w", 0]], ["h", "h"], dt="dt", parameters=LEAKY)
    tables = [text, latex_table(sr.derive(one, dt=1)), latex_table(sr.derive(leaky))]
    compiled(document(*tables), tmp_path)
    assert overfull(tmp_path) == []


def test_the_table_is_not_of_irrational_numbers():
    net = sr.PLRNN(["sqrt(2)/2"], [["1/4"]], [1], dt=1)
    with pytest.raises(sr.EntryError, match="has eigenvalues of rational numbers; this network has irrational ones"):
        latex_table(sr.derive(net))


def test_the_command_line(tmp_path, capsys):
    out = tmp_path / "page.tex"
    assert main(["latex", "two_units", "--standalone", "--notation", "continuous_state=x", "-o", str(out)]) == 0
    text = out.read_text()
    assert r"\dot{x} = \widetilde{W}_{\Omega_{d}}\, x" in text
    assert text.count(r"\paragraph{Network.}") == 1
    assert "(1 page" in compiled(text, tmp_path)
    assert main(["latex", "addition", "--table", "--standalone", "--columns", "1", "-o", str(out)]) == 0
    assert r"\begin{longtable}" in out.read_text()
    assert main(["latex", "two_units", "--table", "--standalone", "--columns", "2", "-o", str(out)]) == 0
    assert "Overfull" not in compiled(out.read_text(), tmp_path)
    assert main(["latex", "two_units", "--region", "11", "--others", "--width", "300"]) == 0
    assert "where } a_{1} a_{2}" in capsys.readouterr().out.replace(r"\delta", "a_{1} a_{2}")
    assert main(["latex", "--bibtex"]) == 0
    assert f"version = {{{sr.__version__}}}" in capsys.readouterr().out
    assert main(["latex", "two_units", "--notation", "states=x"]) == 2
    assert "--notation: expected NAME=LATEX with a name among state, continuous_state" in capsys.readouterr().err


def test_a_letter_in_h_beside_irrational_numbers(tmp_path):
    net = sr.PLRNN(["exp(-1/10)", "sqrt(2)/2"], [[0, "1/2"], ["-1/3", 0]], ["h", 1], parameters=["h"])
    for entries in (net.A, sp.diag(sp.exp(-sp.Rational(1, 10)), sp.exp(-sp.Rational(1, 5)))):
        ode = sr.derive(sr.PLRNN(entries, net.W, net.h), dt=1)
        compiled(document(sr.latex(ode), sr.latex(ode["11"])), tmp_path)
        assert overfull(tmp_path) == []


def test_the_certificate_is_named_by_its_hash(capsys, tmp_path, monkeypatch):
    assert main(["latex", "kinds", "--dt", "1/2", "--part", "network", "--certificate", "--standalone", "--columns", "2"]) == 0
    text = capsys.readouterr().out
    assert main(["certify", "kinds", "--dt", "1/2", "-o", str(tmp_path / "kinds.json")]) == 0
    [digits] = re.findall(r"\\texttt\{(.*)\}", text)
    assert digits.replace(r"\allowbreak ", "") == sha256((tmp_path / "kinds.json").read_bytes()).hexdigest()
    assert "closed forms of 4 regions are proved" in text
    compiled(text, tmp_path)
    assert overfull(tmp_path) == []
    assert main(["latex", "two_units", "--certificate", "--part", "network"]) == 0
    assert "The conditions E1 to E4 and closed forms of 4 regions are proved" in capsys.readouterr().out
    with pytest.raises(EntryError, match="accepted are networks of rational numbers"):
        latex_certificate(sr.derive(sr.PLRNN(["sqrt(2)"], [[0]], [0]), dt=1))
    monkeypatch.setattr(checker, "WORK", 1)
    with pytest.raises(EntryError, match="too long to check; leave the certificate out"):
        latex_certificate(sr.derive(sr.example("kinds"), dt=1))
