"""LaTeX of lifted, impulsive and not principal systems: it compiles, fits the page, says what u and the jump are."""

import random
import re

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.emit.latex.closed_form import named_closed_form
from symplrnn.emit.latex.dispatch import document
from symplrnn.emit.latex.entries import number_latex
from symplrnn.emit.latex.expressions import formula_latex
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.words import eigenvalue_latex, reasons
from symplrnn.logarithm.root_sum import root_sum
from tests.emit.latex.test_letters_latex import compiled, overfull


def affine(M, c, C=None):
    return sr.ReLURNN(M, [[] for _ in c], c, V=[], C=C, dt="1/10")


Q = "-1/4"
SYSTEMS = {
    "lifted 1": affine([[Q]], [1], [[1]]),
    "lifted jordan": affine([[Q, 1], [0, Q]], [1, 2], [[1, 0], [0, 1]]),
    "lifted quadratic": affine([[1, 1], [1, 0]], [1, 2]),
    "lifted cubic": affine([[0, 0, "-1/2"], [1, 0, 2], [0, 1, 1]], [1, 0, 0], [[1], [0], [1]]),
    "real paired": affine([[Q, 0, 0], [0, Q, 1], [0, 0, "1/3"]], [1, 0, 0]),
    "impulsive 1": affine([[0]], [1], [["1/3"]]),
    "impulsive": affine([[0, 1], [0, "1/2"]], [1, 2], [[1], [0]]),
    "impulsive nilpotent": affine([[0, 1, 0], [0, 0, 1], [0, 0, 0]], [1, 2, 3]),
    "lifted+impulsive": affine([[0, 1, 0], [0, Q, 1], [0, 0, Q]], [1, 0, 0], [[1], [2], [3]]),
}


def ten_units() -> sr.ReLURNN:
    r = random.Random(3)
    A = [r.randint(-90, 90) / 128 for _ in range(10)]
    W = [[0 if i == j else r.randint(-40, 40) / 128 for j in range(10)] for i in range(10)]
    return sr.PLRNN(A, W, [r.randint(-9, 9) / 64 for _ in range(10)], dt="1/10")


def test_every_kind_compiles_and_fits_the_page(tmp_path):
    odes = {name: sr.derive(net)[""] for name, net in SYSTEMS.items()}
    assert all(ode.kind == name.split()[0] for name, ode in odes.items())
    parts = [sr.latex(ode) for ode in odes.values()] + [sr.latex(ode, digits=9) for ode in odes.values()]
    parts += [sr.latex(sr.derive(sr.example(name))) for name in ("kinds", "paired", "negative", "singular")]
    compiled(document(*parts), tmp_path)
    assert overfull(tmp_path) == []


def test_ten_units_fit_the_page_in_blocks_of_columns(tmp_path):
    net = ten_units()
    ode = sr.derive(net, regions=["1" * 10, "1010101010"])
    text = sr.latex(ode["1" * 10])
    assert (ode["1" * 10].kind, ode["1" * 10].extra) == ("lifted", 2)
    assert r"\bigl[\widetilde{W}_{\Omega_{1111111111}}\bigr]_{\cdot,\, 1\text{--}6}" in text
    assert r"\begin{array}{cccc|cc}" in text  # columns 7 to 10 of zeta, and 2 of u
    assert r"\zeta \in \Omega_{1111111111}" in sr.latex(ode)
    assert r"In $\Omega_{d}$, $\zeta_i > 0$ where $d_i = 1$" in sr.latex(ode)
    digits = ode["1" * 10].digits(6)
    assert all(x in text for row in digits.matrix for x in row)
    compiled(document(sr.latex(net), text, sr.latex(ode), sr.latex(ode["1" * 10], digits=20)), tmp_path)
    assert overfull(tmp_path) == []


def test_a_lifted_system_by_hand():
    """z' = -z/4 + 1: log(1/4) on the diagonal, pi off it, and y = X (F - I)^-1 c with (F - I)^-1 c = (-4/5, 0)."""
    text = sr.latex(sr.derive(affine([[Q]], [1]), 1)[""])
    both = r"\begin{pmatrix} \zeta \\ u \end{pmatrix}"
    assert rf"\frac{{d}}{{dt}} {both} = \widetilde{{W}}_{{\Omega_{{\emptyset}}}}\, {both}" in text
    matrix = r"- \log 4 & - \pi \\[0.5ex] \hline \pi & - \log 4"
    assert matrix in text
    assert r"\frac{4}{5} \log 4" in text
    assert r"- \frac{4}{5} \pi" in text
    assert r"Here $u \in \mathbb{R}^{1}$ stands for 1 extra coordinate, with $u = 0$ at each grid time;" in text
    assert "each step of length $1$, $u$ is $0$ again and $\\zeta$ is the network's state." in text
    assert "no real ODE of dimension $1$, not even a time-dependent linear one, because the Jordan blocks of the" in text


def test_an_impulsive_system_by_hand():
    """diag(0, 1/2) jumps by diag(0, 1), and then flows with log(1/2) on the second state."""
    text = sr.latex(sr.derive(affine([[0, 0], [0, "1/2"]], [3, 0], [[5], [0]]), "1/10")[""])
    x, J = r"\zeta", r"J_{\Omega_{\emptyset}}"
    line = rf"{x} &\leftarrow {J}\, {x} + j_{{\Omega_{{\emptyset}}}} + J^{{\text{{in}}}}_{{\Omega_{{\emptyset}}}}\, s"
    assert line + r" \quad \text{first, at each grid time,}" in text
    assert r"\text{then, for a step of length $\tfrac{1}{10}$}" in text
    assert rf"{J} &= \begin{{pmatrix}} 0 & 0 \\ 0 & 1 \end{{pmatrix}}" in text
    assert r"j_{\Omega_{\emptyset}} = \begin{pmatrix} 3 \\ 0 \end{pmatrix}" in text
    assert r"= \begin{pmatrix} 5 \\ 0 \end{pmatrix}" in text
    assert r"\begin{pmatrix} 0 & 0 \\ 0 & - 10 \log 2 \end{pmatrix}" in text
    assert "because $0$ is an eigenvalue of the map" in text
    nilpotent = sr.latex(sr.derive(SYSTEMS["impulsive nilpotent"])[""])
    assert r"\dot{\zeta} &= 0" in nilpotent
    assert "widetilde" not in nilpotent


def test_a_real_logarithm_that_is_not_principal_says_so():
    text = sr.latex(sr.derive(sr.example("paired"))["11"])
    assert r"\dot{\zeta} = \widetilde{W}_{\Omega_{11}}\, \zeta" in text
    assert "The matrix of the ODE is a real logarithm, but no principal one exists: the eigenvalue $- \\frac{1}{4}$" in text
    assert "noindent" not in sr.latex(sr.derive(sr.example("paired"))["00"])


def test_rows_of_the_cases():
    text = sr.latex(sr.derive(sr.example("kinds")))
    assert r"\dot{\zeta} = \widetilde{W}_{\Omega_{00}}\, \zeta + \tilde{h}_{\Omega_{00}}, & \zeta_{1} \le 0" in text
    assert (
        r"(\dot{\zeta}, \dot{u}) = \widetilde{W}_{\Omega_{01}}\, (\zeta, u) + \tilde{h}_{\Omega_{01}}, & \zeta_{1} \le 0" in text
    )
    jump = r"\zeta \leftarrow J_{\Omega_{10}}\, \zeta + j_{\Omega_{10}} \text{ first, then} & \\"
    flow = (
        r"\dot{\zeta} = \widetilde{W}_{\Omega_{10}}\, \zeta + \tilde{h}_{\Omega_{10}}, & \zeta_{1} > 0,\ \zeta_{2} \le 0 \\[1ex]"
    )
    assert f"{jump}\n{flow}" in text
    assert r"held from grid time to grid time, in steps of $\tfrac{1}{10}$; $\zeta$ is then the network's state at each." in text
    assert "In $\\Omega_{10}$: the jump is needed" in text
    assert "$u$ stands for one extra coordinate" in text
    assert r"\dot{\zeta} = \begin{cases}" in sr.latex(sr.derive(sr.example("jordan")))  # all real: as in the 2020 paper


def test_roots_of_degree_3_and_more_have_names():
    text = sr.latex(sr.derive(SYSTEMS["lifted cubic"])[""])
    assert r"\omega^{(\emptyset)}_{2,k} &= \operatorname{Re} \sum_{p(\lambda) = 0} \frac{\lambda^{k} \log \lambda}" in text
    assert r"p(\lambda_{\emptyset,1}) &= 0, \quad -2 < \lambda_{\emptyset,1} < -1" in text
    assert "CRootOf" not in text
    assert "RootSum" not in text
    custom = sr.latex(sr.derive(SYSTEMS["lifted cubic"])[""], notation=sr.Notation(root="r_{<number>}", extra_state="v"))
    assert "p(r_{1}) &= 0" in custom
    assert r"$v \in \mathbb{R}^{1}$" in custom


def test_the_named_closed_form_has_the_right_values():
    """The symbols replaced by what their printed definitions say, in mpmath, give the certified digits."""
    ode = sr.derive(SYSTEMS["lifted cubic"])[""]
    matrix, _ = named_closed_form(ode, Notation())
    with mpmath.workdps(50):
        roots = mpmath.polyroots([1, -1, -2, mpmath.mpf(1) / 2], maxsteps=200, extraprec=200)
        q = lambda x: -2 * x**2 + 6 * x + mpmath.mpf(1) / 2  # noqa: E731  # as printed
        negative = next(mpmath.re(x) for x in roots if mpmath.re(x) < 0)
        values = {}
        for symbol in matrix.free_symbols:
            name = str(symbol)
            if name.startswith(r"\omega"):
                k = int(name[-2])
                values[symbol] = mpmath.re(sum(x**k * mpmath.log(x) / q(x) for x in roots))
            else:
                values[symbol] = q(negative) if name.startswith("q") else negative
        digits = ode.digits(40)
        rows = [[*row, y, *more] for row, y, more in zip(digits.matrix, digits.offset, digits.input_matrix, strict=True)]
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                assert abs(mpmath.mpmathify(matrix[i, j].evalf(45, subs=values)) - mpmath.mpf(text)) < mpmath.mpf(10) ** -35


def test_words_about_eigenvalues():
    one = sr.derive(affine([[-1, 1], [1, 0]], [0, 0]))[""]  # x^2 + x - 1
    assert eigenvalue_latex(one.real_logarithm.turns[0]) == r"$- \frac{\sqrt{5}}{2} - \frac{1}{2}$"
    both = sr.derive(affine([[-3, 1], [1, -1]], [0, 0]))[""]  # x^2 + 4 x + 2
    assert [eigenvalue_latex(turn) for turn in both.real_logarithm.turns] == [r"$-2 - \sqrt{2}$", r"$\sqrt{2} - 2$"]
    three = affine([[-1, 0, 0], [0, -2, 0], [0, 0, -3]], [0, 0, 0])
    assert (
        "because the Jordan blocks of 3 eigenvalues do not pair up, and the determinant is negative; 3 extra"
        in reasons(sr.derive(three)[""])[0]
    )
    cubic = reasons(sr.derive(SYSTEMS["lifted cubic"])[""])[0]
    low, high = map(float, re.search(r"in \$\[(.*?),\\, (.*?)\]\$", cubic).groups())
    assert low < -1.13970 < high


@pytest.mark.parametrize("digits", [None, 5])
@pytest.mark.parametrize("name", ["lifted 1", "lifted cubic", "impulsive", "lifted+impulsive"])
def test_inputs_have_a_matrix_in_every_kind(name, digits):
    text = sr.latex(sr.derive(SYSTEMS[name])[""], digits=digits)
    C = r"\widetilde{C}_{\Omega_{\emptyset}}"
    assert rf" + {C}\, s" in text
    assert len(re.findall(re.escape(C) + r" &?(?:=|\\approx) ", text)) == 1


def test_real_parts_and_sums_over_roots_in_expressions():
    x = sp.Symbol("lambda")
    value = sp.re(root_sum(sp.Poly(x**3 - x - 1, x), sp.log(x)))
    for show in (number_latex, formula_latex):
        text = show(3 * value)
        assert text.startswith(r"3 \operatorname{Re}{\left(\sum_{\lambda^{3} - \lambda - 1 = 0} \log")
        assert show(value**2).startswith(r"{\operatorname{Re}")
        assert show(value**2).endswith(r"}^{2}")
