import re
import shutil
import subprocess

import numpy as np
import pytest

import symplrnn as sr
from symplrnn.emit.latex.dispatch import document


def everything(net: sr.ReLURNN, dt, digits=None) -> str:
    ode = sr.derive(net, dt)
    parts = [sr.latex(net, digits=digits), *(sr.latex(r, digits=digits) for r in net.regions()), sr.latex(sr.check(net))]
    return document(
        *parts,
        sr.latex(ode, digits=digits),
        *(sr.latex(ode[p], digits=digits) for p in ode),
    )


GENERAL = sr.ReLURNN(
    [["1/2", 0, "1/4"], [0, "1/3", 0], ["1/5", 0, "1/2"]],
    [[1], [0], ["1/2"]],
    [1, 0, 2],
    V=[[1, -1, 2]],
    b=["1/3"],
    C=[[1], [0], [2]],
)
CUBIC = sr.ReLURNN([[0, 0, 2], [1, 0, -5], [0, 1, 5]], [[], [], []], [1, 0, 0], V=[])


@pytest.mark.parametrize(
    "name", ["addition", "complex", "cycle16", "jordan", "kinds", "negative", "paired", "singular", "general", "cubic"]
)
def test_everything_compiles(name, tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (Debian: texlive-latex-base)")
    net = {"general": GENERAL, "cubic": CUBIC}.get(name) or sr.example(name)
    (tmp_path / "page.tex").write_text(everything(net, "1/10"))
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout[-2000:]
    assert (tmp_path / "page.pdf").stat().st_size > 1000


def balanced(text: str) -> bool:
    return text.count("{") == text.count("}") and sorted(re.findall(r"\\begin\{(.*?)\}", text)) == sorted(
        re.findall(r"\\end\{(.*?)\}", text)
    )


def test_addition_problem_is_exact_with_cases():
    net = sr.example("addition")
    text = sr.latex(sr.derive(net))
    assert balanced(text)
    assert r"\begin{cases}" in text
    assert r"\zeta_{1} \le 0,\ \zeta_{2} > 0" in text
    assert r"\frac{100}{99} \log 100" in text
    assert text.count(r"\widetilde{W}_{\Omega_{01}} &= \begin{pmatrix}") == 1
    equal = [rf"{name}_{{\Omega_{{11}}}} {sign} {name}_{{\Omega_{{01}}}}" for name, sign in
             ((r"\widetilde{W}", "&="), (r"\tilde{h}", "="), (r"\widetilde{C}", "="))]  # fmt: skip
    assert r",\quad ".join(equal) in text
    assert r"\widetilde{C}_{\Omega_{01}}\, s" in text


def test_long_entries_become_certified_decimals(oscillator):
    text = sr.latex(sr.derive(oscillator, "1/10"))
    digits = sr.derive(oscillator, "1/10")["000"].digits(6)
    assert digits.matrix[0][0] in text
    lifted = r"(\dot{\zeta}, \dot{u}) = \widetilde{W}_{\Omega_{011}}\, (\zeta, u) + \tilde{h}_{\Omega_{011}},"
    assert lifted + r" & \zeta_{1} \le 0,\ \zeta_{2} > 0,\ \zeta_{3} > 0" in text
    assert balanced(text)
    twelve = sr.latex(sr.derive(sr.example("addition"))["01"], digits=12)
    assert "4.65168705655" in twelve
    assert r"\log" not in twelve


def test_cubic_factors_print_weights_once():
    text = sr.latex(sr.derive(CUBIC, 1)[""])
    definition = r"\omega^{(\emptyset)}_{2,k} &= \sum_{p(\lambda) = 0} \frac{\lambda^{k} \log \lambda}{q(\lambda)}"
    assert definition + r", \quad p(\lambda) = \lambda^{3} - 5 \lambda^{2} + 5 \lambda - 2, \quad q(\lambda) = " in text
    assert "RootSum" not in text
    assert balanced(text)


def test_long_coefficients_of_faces_are_rounded_from_their_exact_values():
    net = sr.ReLURNN([["1/2"]], [[1]], [0], V=[["6968534999999999/10^16"]], b=["-1/3"])
    assert r"0.696853\, z_{1} - 0.333333 > 0" in sr.latex(net.region("1"))


def test_notation_is_configurable():
    notation = sr.Notation(continuous_state="x", continuous_matrix="B_{<pattern>}", continuous_offset="g_{<pattern>}")
    text = sr.latex(sr.derive(sr.example("complex"))["11"], notation=notation)
    assert r"\dot{x} = B_{11}\, x + g_{11}" in text
    assert "zeta" not in text
    assert "Omega" not in text


def test_verdict_table():
    table = sr.check(sr.example("negative")).to_latex()
    assert "11 & no & no & no & no & no & $- \\frac{1}{2}$ \\\\" in table
    assert "00 & yes & yes & yes & no & yes & -- \\\\" in table
    assert "$0$" in sr.latex(sr.check(sr.example("singular")))


def test_many_regions_give_counts_and_refuse_a_page_of_cases(van_der_pol):
    table = sr.latex(sr.check(van_der_pol))
    assert "principal & 1024" in table
    assert table.count(r"\\") < 20
    with pytest.raises(sr.ShapeError, match="more than 40 regions"):
        sr.latex(sr.derive(van_der_pol, "1/10"))
    with pytest.raises(sr.ShapeError, match="a int has no LaTeX form"):
        sr.latex(3)


def test_weights_of_single_precision_are_printed_as_those_of_double_precision():
    weights = {"A": [0.1, 0.3], "W": [[0, 0.7], [0.2, 0]], "h": [0.5, 1.0]}
    double = sr.latex(sr.PLRNN(**weights))
    single = sr.latex(sr.PLRNN(**{name: np.array(values, dtype=np.float32) for name, values in weights.items()}))
    assert single == double
    assert r"\approx" in single
    assert r"\frac{1}{2}" in single
    assert r"A &= \operatorname{diag}\bigl(\tfrac{3}{1024}" in sr.latex(sr.PLRNN(["3/1024", "1/7"], [[0, 1], [1, 0]], [0, 0]))
