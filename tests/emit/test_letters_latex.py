"""LaTeX of networks with letters: it compiles, fits the page, and every symbol has one meaning."""

import re
import shutil
import subprocess

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.emit.latex import document


def three_units() -> sr.ReLURNN:
    a, h = sp.symbols("a1:4", positive=True), sp.symbols("h1:4", real=True)
    W = [[sp.Symbol(f"w{i}{j}", real=True) if i != j else 0 for j in (1, 2, 3)] for i in (1, 2, 3)]
    return sr.PLRNN(list(a), W, list(h), dt=1)


def clashing() -> sr.ReLURNN:
    """Letters with the names that closed forms give to discriminants and the like."""
    names = ["tau", "delta", "Delta", "ell", "rho", "mu_1", "u"]
    tau, delta, Delta, ell, rho, mu, u = (sp.Symbol(name, positive=True) for name in names)
    return sr.PLRNN([tau, delta], [[0, Delta], [ell, 0]], [rho, mu], C=[[u], [1]], dt=sp.Symbol("T", positive=True))


NETWORKS = {
    "two_units": lambda: sr.example("two_units"),
    "addition": lambda: sr.example("addition_letters"),
    "clashing": clashing,
    "one_unit": lambda: sr.PLRNN(["a"], [["w"]], ["h"], dt=1, parameters={"a": "positive", "w": "real", "h": "real"}),
    "sqrt": lambda: sr.PLRNN([sp.sqrt(2) / 2, sp.Symbol("a", positive=True)], [[0, 1], ["-1/2", 0]], [1, sp.sqrt(3)], dt=1),
    "general": lambda: sr.ReLURNN([["a"]], [["w", 1]], [0], V=[[1], ["v"]], b=[0, "1/3"], dt=1, parameters=["a", "w", "v"]),
}


def compiled(text: str, folder) -> str:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (Debian: texlive-latex-base)")
    (folder / "page.tex").write_text(text)
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"], cwd=folder, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout[-2000:]
    return run.stdout


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("cse", [True, False])
def test_everything_compiles(name, cse, tmp_path):
    net = NETWORKS[name]()
    ode = sr.derive(net)
    parts = [sr.latex(net), sr.latex(ode, cse=cse), sr.latex(sr.check(net))]
    for region in net.regions():
        parts += [sr.latex(region), sr.latex(ode[region.pattern], cse=cse), sr.latex(sr.fixed_point_facts(region))]
    log = compiled(document(*parts), tmp_path)
    assert cse is False or max([0.0, *map(float, re.findall(r"Overfull \\hbox \((\S+)pt too wide\)", log))]) < 60


def test_the_three_unit_region_compiles(tmp_path):
    net = three_units()
    text = sr.latex(sr.derive(net)["111"])
    assert r"\sum_{p(\lambda) = 0} \frac{\log \lambda}{p'(\lambda)} \operatorname{adj}(\lambda I - W_{\Omega_{111}})" in text
    assert r"\Delta &= \sigma^{2} \tau^{2} - 4 \delta \tau^{3} + 18 \delta \sigma \tau - 4 \sigma^{3} - 27 \delta^{2}" in text
    compiled(document(text, sr.latex(sr.check(net, ["111"]))), tmp_path)


def test_the_addition_problem_fits_on_one_page(tmp_path):
    net = sr.example("addition_letters")
    log = compiled(document(sr.latex(net), sr.latex(sr.derive(net))), tmp_path)
    assert "(1 page" in log
    assert "Overfull" not in log


def test_the_two_unit_network_has_no_overfull_line(tmp_path):
    net = sr.example("two_units")
    assert "Overfull" not in compiled(document(sr.latex(net), sr.latex(sr.derive(net)), sr.latex(sr.check(net))), tmp_path)


def definitions(text: str) -> list[str]:
    return re.findall(r"(?:^|\\\\\[1ex\]\n|,\\quad |\n)(\\?[A-Za-z]+(?:_\{\w+\})?) &?= ", text)


@pytest.mark.parametrize("make", [three_units, clashing, lambda: sr.example("two_units")])
def test_a_symbol_is_defined_once(make):
    net = make()
    for pattern in ("11", "111")[net.n - 2 : net.n - 1]:
        text = sr.latex(sr.derive(net)[pattern])
        found = [name for name in definitions(text) if not name.startswith((r"\widetilde", r"\tilde", r"\dot"))]
        assert len(found) == len(set(found)), found


def test_letters_keep_their_names_and_definitions_get_others():
    ode = sr.derive(clashing())["11"]
    for case in ode.cases:
        names = [str(symbol) for symbol, _ in case.named.definitions]
        assert not set(names) & {str(symbol) for symbol in ode.parameters}
        assert len(names) == len(set(names))


def test_conditions_use_the_names():
    text = sr.latex(sr.derive(sr.example("two_units"))["11"])
    assert r"\text{in } \Omega_{11} \text{ if } \delta > 0" in text
    assert r"\tau &= a_{1} + a_{2},\quad \delta = a_{1} a_{2} - w_{12} w_{21},\quad \Delta = \tau^{2} - 4 \delta" in text
    assert r"\ell \left(a_{1} - a_{2}\right) + \frac{\log{\left(\delta \right)}}{2} & 2 \ell w_{12}" in text
    plain = sr.latex(sr.derive(sr.example("two_units"))["11"], cse=False)
    assert r"\ell" not in plain
    assert r"\operatorname{atan}_{2}" in plain
