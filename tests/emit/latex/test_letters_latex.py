"""LaTeX of networks with letters: it compiles, fits the page, and every symbol has one meaning."""

import re
import shutil
import subprocess

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.emit.latex.dispatch import document


def three_units() -> sr.ReLURNN:
    a, h = sp.symbols("a1:4", positive=True), sp.symbols("h1:4", real=True)
    W = [[sp.Symbol(f"w{i}{j}", real=True) if i != j else 0 for j in (1, 2, 3)] for i in (1, 2, 3)]
    return sr.PLRNN(list(a), W, list(h), dt=1)


def clashing() -> sr.ReLURNN:
    """Letters with the names that closed forms give to discriminants and the like."""
    names = ["tau", "delta", "Delta", "ell", "rho", "mu_1", "u"]
    tau, delta, Delta, ell, rho, mu, u = (sp.Symbol(name, positive=True) for name in names)
    return sr.PLRNN([tau, delta], [[0, Delta], [ell, 0]], [rho, mu], C=[[u], [1]], dt=sp.Symbol("T", positive=True))


def chain() -> sr.ReLURNN:
    W = [[0, "w12", 0], [0, 0, "w23"], [0, 0, 0]]
    parameters = dict.fromkeys(["a1", "a2", "a3"], "positive") | dict.fromkeys(["w12", "w23", "h1", "h2", "h3"], "real")
    return sr.PLRNN(["a1", "a2", "a3"], W, ["h1", "h2", "h3"], parameters=parameters)


POSITIVE_A = {"a": "positive", "w": "real", "h": "real"}
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


def overfull(folder) -> list[str]:
    """Return the complaints of TeX about boxes that are too wide by more than 3pt, or too high."""
    log = (folder / "page.log").read_text(errors="replace")
    found = re.findall(r"Overfull \\([hv])box \((\S+)pt too", log)
    return [f"{kind}: {size}pt" for kind, size in found if kind == "v" or float(size) > 3]


@pytest.mark.parametrize(
    ("name", "cse"),
    [
        *((name, True) for name in NETWORKS),
        *(pytest.param(name, False, marks=() if name in {"addition", "one_unit"} else pytest.mark.slow) for name in NETWORKS),
    ],
)
def test_everything_compiles(name, cse, tmp_path):
    net = NETWORKS[name]()
    ode = sr.derive(net)
    parts = [sr.latex(net), sr.latex(ode, cse=cse), sr.latex(sr.check(net))]
    for region in net.regions():
        parts += [sr.latex(region), sr.latex(ode[region.pattern], cse=cse), sr.latex(sr.fixed_point_facts(region))]
    compiled(document(*parts), tmp_path)
    assert overfull(tmp_path) == []


def test_the_three_unit_region_compiles(tmp_path):
    net = three_units()
    text = sr.latex(sr.derive(net)["111"])
    assert r"\Phi &= \iota_{0} I + \iota_{1} \bigl(e_{1} I - N\bigr) + \iota_{2} \bigl(e_{2} I - e_{1} N + N^{2}\bigr)" in text
    compiled(document(text, sr.latex(sr.check(net, ["111"]))), tmp_path)


def test_the_addition_problem_fits_on_one_page(tmp_path):
    net = sr.example("addition_letters")
    log = compiled(document(sr.latex(net), sr.latex(sr.derive(net))), tmp_path)
    assert "(1 page" in log
    assert "Overfull" not in log


def leaky():
    signs = {"dt": "positive", "tau1": "positive", "tau2": "positive", "w12": "real", "w21": "real", "h1": "real", "h2": "real"}
    decays = ["exp(-dt/tau1)", "exp(-dt/tau2)"]
    return sr.PLRNN(decays, [[0, "w12"], ["w21", 0]], ["h1", "h2"], dt="dt", parameters=signs)


def one_letter():
    W = [[0, "w", "-1/2"], ["1/3", 0, "1/4"], ["-1/5", "1/2", 0]]
    return sr.PLRNN(["9/10", "4/5", "1/2"], W, ["1/10", "1/5", "-1/3"], parameters=["w"])


PAGES = {
    "two free units": lambda: sr.example("two_units"),
    "three free units": three_units,
    "symmetric": lambda: sr.PLRNN(["a", "a"], [[0, "w"], ["w", 0]], ["h", "h"], parameters=POSITIVE_A),
    "ring": lambda: sr.PLRNN(["a"] * 3, [[0, "w", 0], [0, 0, "w"], ["w", 0, 0]], ["h"] * 3, parameters=POSITIVE_A),
    "chain": chain,
    "one letter in A": lambda: sr.PLRNN(["mu", "1/2"], [[0, "-1/2"], ["1/2", 0]], ["1/4", "1/3"], parameters={"mu": "positive"}),
    "one letter in W": one_letter,
    "leaky": leaky,
}


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_networks_fit(name, columns, tmp_path):
    net = PAGES[name]()
    ode = sr.derive(net) if net.dt is not None else sr.derive(net, dt=1)
    log = compiled(sr.latex(ode, standalone=True, columns=columns), tmp_path)
    assert overfull(tmp_path) == []
    assert "(1 page" in log


def test_pages_are_written_as_an_author_would():
    free = sr.latex(sr.derive(sr.example("two_units"), dt=1))
    assert r"\varphi(a_{1}) h_{1} + w_{12} \varphi[a_{1}, a_{2}] h_{2}" in free
    assert r"\zeta^* = \frac{1}{1 - \tau + \delta} \begin{pmatrix} \left(1 - a_{2}\right) h_{1} + w_{12} h_{2}" in free
    assert r"$\delta < 1$, $1 - \tau + \delta > 0$" in free  # where E2 holds: what it implies is not said again
    assert r"\caption{For which values a region has the ODE (E2)" in free
    ring = sr.latex(sr.derive(PAGES["ring"](), dt=1))
    assert r"\left(\varphi(a) + w \varphi'(a) + \frac{1}{2} w^{2} \varphi''(a)\right) h" in ring
    assert r"\tilde{h}_{\Omega_{111}} &= \varphi(a + w)\, h_{\Omega_{111}}" in ring
    assert r"+ m(a + w) \bigl(W_{\Omega_{111}}^{2} - \tau W_{\Omega_{111}} + \delta I\bigr)" in ring
    assert r"\widetilde{W}_{\Omega_{000}} &= (\log a)\, I" in ring
    symmetric = sr.latex(sr.derive(PAGES["symmetric"](), dt=1))
    assert r"$a + w = 1\ \text{or}$ $a - w = 1$" in symmetric
    decays = sr.latex(sr.derive(leaky()))
    assert r"a_{2} = e^{- {\Delta t}/\tau_{2}}" in decays
    assert r"\frac{h_{1}}{\tau_{1} \left(1 - a_{1}\right)} + \frac{w_{12} \varphi[a_{1}, a_{2}] h_{2}}{{\Delta t}}" in decays
    narrow = sr.latex(sr.derive(one_letter(), dt=1), columns=2)
    assert r"$\Omega_{110}$: E2 where $w < \frac{54}{25}$; $1$ is an eigenvalue where $w = \frac{3}{50}$" in narrow
    assert r"stable where $- \frac{21}{25} < w < \frac{3}{50}$" in narrow


def test_regions_of_two_units_fit(tmp_path):
    ode = sr.derive(sr.example("two_units"))
    for pattern in ode:
        assert "(1 page" in compiled(sr.latex(ode[pattern], standalone=True), tmp_path)
        assert overfull(tmp_path) == []


def definitions(text: str) -> list[str]:
    return re.findall(r"(?:^|\\\\\[1ex\]\n|,\\quad |\n)(\\?[A-Za-z]+(?:_\{\w+\})?) &?= ", text)


@pytest.mark.parametrize("make", [pytest.param(three_units, marks=pytest.mark.slow), clashing, lambda: sr.example("two_units")])
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


def test_a_region_of_two_coupled_units_is_two_lines():
    text = sr.latex(sr.derive(sr.example("two_units"))["11"])
    assert r"\text{in } \Omega_{11} \text{ if } \delta > 0" in text
    assert r"\tau &= a_{1} + a_{2},\quad \delta = a_{1} a_{2} - w_{12} w_{21},\quad \Delta = \tau^{2} - 4 \delta" in text
    assert r"&= \tfrac{1}{2} \log \delta\, I + \ell \bigl(W_{\Omega_{11}} - \tfrac{\tau}{2} I\bigr)" in text
    assert r"\arctan \frac{\sqrt{-\Delta}}{\tau}" in text  # tau > 0, since a1 and a2 are
    free = sr.PLRNN(["a", "b"], [[0, 1], [-1, 0]], [0, 0], parameters=["a", "b"])
    assert r"\arccos \frac{\tau}{2 \sqrt{\delta}}" in sr.latex(sr.derive(free, dt=1)["11"])


@pytest.mark.parametrize("value", [0, -1, "3", 2.5, True])
def test_digits_are_a_positive_whole_number(value):
    with pytest.raises(sr.EntryError, match="latex: digits: expected a whole number of at least 1, got"):
        sr.latex(sr.example("addition"), digits=value)


def printable_values(net):
    """Return one value of each kind that `latex` prints, for a network of two units."""
    region = net.region("11")
    ode = sr.derive(net)
    return [net, region, ode, ode["11"], sr.check(net), sr.fixed_point_facts(region)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"notation": "x"}, r"latex: notation: expected a Notation such as Notation\(continuous_state=\"x\"\), got 'x'"),
        ({"notation": {"state": "x"}}, r"latex: notation: expected a Notation .* got \{'state': 'x'\}"),
        ({"cse": "no"}, "latex: cse: expected True or False, got 'no'"),
        ({"standalone": 1}, "latex: standalone: expected True or False, got 1"),
    ],
)
def test_arguments_that_are_not_accepted(options, message):
    net = sr.example("two_units")
    for value in printable_values(net):
        with pytest.raises(sr.EntryError, match=message):
            sr.latex(value, **options)


def test_a_symbol_of_a_notation_is_text():
    with pytest.raises(sr.EntryError, match="Notation: state: expected LaTeX as text, got 3"):
        sr.Notation(state=3)


def test_digits_of_letters_are_refused():
    net = sr.example("addition_letters")
    for value in printable_values(net):
        with pytest.raises(sr.EntryError, match="digits: there are the letters a, w; give them numbers first, by subs"):
            sr.latex(value, digits=4)
    ode = sr.derive(sr.PLRNN(["1/2"], [[0]], [1]), dt=sp.Symbol("T", positive=True))
    with pytest.raises(sr.EntryError, match="there are the letters T;"):
        sr.latex(ode, digits=4)


def test_digits_of_irrational_numbers_are_certified_decimals():
    net = sr.PLRNN([sp.sqrt(2) / 2, "1/3"], [[0, 1], ["-1/2", 0]], [1, sp.sqrt(3)], dt=1)
    text = sr.latex(sr.derive(net)["11"], digits=12)
    X = sp.Matrix([[sp.sqrt(2) / 2, 1], [sp.Rational(-1, 2), sp.Rational(1, 3)]]).evalf(40)
    with mpmath.workdps(40):
        log = mpmath.logm(mpmath.matrix([[mpmath.mpmathify(x) for x in X.row(i)] for i in (0, 1)]))
        for i in (0, 1):
            for j in (0, 1):
                assert mpmath.nstr(log[i, j].real, 12) in text
    assert r"A &\approx \operatorname{diag}(0.7071, 0.3333)" in sr.latex(net, digits=4)
    assert r"\begin{cases}" in sr.latex(sr.derive(net), digits=4)
    assert "3.4501" in sr.latex(sr.fixed_point_facts(net.region("11")), digits=5)


def test_a_coefficient_1_is_not_printed():
    net = sr.ReLURNN([["1/2", 0], [0, "1/3"]], [[1], [1]], [0, 0], V=[[1, -1]], b=["1/3"])
    text = sr.latex(net.region("1"), digits=4)
    assert r"z_{1} - z_{2} + 0.3333 > 0" in text
    assert r"1\, z" not in text
    assert r"\zeta_{1} \le 0" in sr.latex(sr.derive(sr.example("addition")), digits=4)


def test_reports_of_letters_use_the_notation():
    net = sr.example("two_units")
    assert r"R_{11} \quad" in sr.latex(sr.check(net), notation=sr.Notation(region="R_{<pattern>}"))
