import re
import shutil
import subprocess
from functools import cache

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.emit.latex import document


def real(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "real")


def full(n: int) -> sr.ReLURNN:
    """The PLRNN of n units with all entries free."""
    W = [[sp.Symbol(f"w{i}{j}", real=True) if i != j else 0 for j in range(1, n + 1)] for i in range(1, n + 1)]
    return sr.PLRNN(list(sp.symbols(f"a1:{n + 1}", positive=True)), W, list(sp.symbols(f"h1:{n + 1}", real=True)), dt=1)


TAKEN = ("tau", "delta", "Delta", "ell", "lambda", "rho", "u", "mu", "sigma", "omega", "p", "q")


def taken(*names: str) -> list[sp.Symbol]:
    return [sp.Symbol(name, real=True) for name in names]


def with_taken_names() -> sr.ReLURNN:
    tau, delta, ell, rho, u, Delta = taken("tau", "delta", "ell", "rho", "u", "Delta")
    return sr.PLRNN([tau, delta], [[0, ell], [rho, 0]], [u, Delta], dt=1)


def with_underscores() -> sr.ReLURNN:
    tau, delta, ell, lam, u, Delta = taken("tau", "tau_", "ell", "lambda", "u", "Delta_")
    return sr.PLRNN([tau, delta], [[0, ell], [lam, 0]], [u, Delta], dt=1)


def cubic() -> sr.ReLURNN:
    p, lam, w = taken("p", "lambda", "w")
    return sr.PLRNN(["1/2", "1/3", "1/5"], [[0, p, 0], [0, 0, lam], [w, 0, 0]], [1, 0, 0], dt=1)


NETWORKS = {
    "two_units": lambda: sr.example("two_units"),
    "addition_letters": lambda: sr.example("addition_letters"),
    "one unit": lambda: sr.PLRNN(["a"], [["w"]], ["h"], parameters={"a": "positive", **real("w", "h")}, dt=1),
    "inputs": lambda: sr.PLRNN(
        ["a", "b"], [[0, "w"], ["v", 0]], ["h", "k"], C=[["c", "d"], [1, "e"]],
        parameters={"a": "positive", "b": "positive", **real(*"wvhkcde")}, dt=1,
    ),
    "square roots": lambda: sr.PLRNN(
        ["sqrt(2)/2", "1/2"], [[0, "sqrt(2)"], ["1/3", 0]], [1, "sqrt(3)"], C=[["sqrt(2)"], [0]], dt=1, parameters=[]
    ),
    "square roots and letters": lambda: sr.PLRNN(["sqrt(2)*a"], [["w"]], ["sqrt(3)"], parameters=["a", "w"], dt=1),
    "dt": lambda: sr.PLRNN(
        ["a", "b"], [[0, "w"], [1, 0]], ["h", 1], dt="T",
        parameters={"a": "positive", "b": "positive", "T": "positive", **real("w", "h")},
    ),
    "taken names": with_taken_names,
    "underscores": with_underscores,
    "cubic": cubic,
}  # fmt: skip

OTHER = sr.Notation(
    state="y",
    continuous_state="x",
    continuous_matrix="B_{<pattern>}",
    continuous_offset="g_{<pattern>}",
    continuous_input_matrix="K_{<pattern>}",
)


@cache
def network(name: str) -> sr.ReLURNN:
    return NETWORKS[name]()


@cache
def derived(name: str) -> sr.NetworkODE:
    return sr.derive(network(name))


def everything(name: str) -> str:
    net, ode = network(name), derived(name)
    parts = [sr.latex(net), sr.latex(sr.check(net)), sr.latex(ode)]
    for region in net.regions():
        parts += [sr.latex(region), sr.latex(sr.fixed_point_facts(region))]
        if name != "square roots" or region.pattern != "11":  # where no ODE is
            parts.append(sr.latex(ode[region.pattern]))
    return document(*parts)


def compiled(text: str, folder) -> str:
    """Return the log of pdflatex."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (Debian: texlive-latex-base)")
    (folder / "page.tex").write_text(text)
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"], cwd=folder, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout[-2000:]
    return run.stdout


def widest_overflow(log: str) -> float:
    return max((float(x) for x in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)), default=0.0)


NARROW = ("two_units", "addition_letters", "one unit", "dt", "inputs")


@pytest.mark.parametrize("name", NETWORKS)
def test_everything_compiles(name, tmp_path):
    text = everything(name)
    assert text.count(r"\left(") == text.count(r"\right)")
    log = compiled(text, tmp_path)
    assert "undefined" not in log.lower()
    assert widest_overflow(log) <= 20 or name not in NARROW


@pytest.mark.parametrize("name", NETWORKS)
def test_written_out_in_other_notation_everything_compiles(name, tmp_path):
    net, ode = network(name), sr.latex(derived(name), cse=False, notation=OTHER)
    parts = [sr.latex(net, notation=OTHER), ode]
    parts += [sr.latex(sr.fixed_point_facts(region), notation=OTHER) for region in net.regions()]
    text = "\n".join(parts)
    assert r"B_{0" in text
    assert "zeta" not in text
    assert r"\widetilde" not in text
    letters = looks(net)
    assert not {r"\tau", r"\delta", r"\Delta"} - letters & {x for b in blocks(ode) for x in defined(b)}
    compiled(document(*parts), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("cse", [True, False])
def test_three_units_with_all_entries_free_compile(cse, tmp_path):
    net = full(3)
    text = document(sr.latex(sr.check(net)), sr.latex(sr.derive(net), cse=cse))
    assert widest_overflow(compiled(text, tmp_path)) <= 20 or not cse


def test_closed_forms_of_the_addition_problem_fit_on_one_page(tmp_path):
    text = sr.latex(derived("addition_letters"))
    assert "(1 page," in compiled(document(text), tmp_path).replace("\n", " ")
    assert all(rf"\Omega_{{{pattern}}}" in text for pattern in ("00", "01", "10", "11"))


# Names on the page


def blocks(text: str) -> list[str]:
    return re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, flags=re.DOTALL)


def defined(block: str) -> list[str]:
    """Return the symbols that a block defines, as they look: an empty subscript is not seen."""
    found = re.findall(r"(?:^|quad )(\\?[A-Za-z]+(?:_\{\w*\})?'*) (?:&= |= )", block, flags=re.MULTILINE)
    return [symbol.replace("_{}", "") for symbol in found]


def looks(net: sr.ReLURNN) -> set[str]:
    return {sp.latex(symbol).replace("_{}", "") for symbol in net.parameters}


def test_definitions_are_found_in_blocks():
    [block] = [b for b in blocks(sr.latex(derived("two_units"))) if "text{in }" in b]
    assert defined(block) == [r"\tau", r"\delta", r"\Delta", r"\ell", "u"]


@pytest.mark.parametrize("name", ["taken names", "underscores"])
def test_symbols_that_the_page_introduces_do_not_look_like_letters(name):
    text = sr.latex(sr.check(network(name))) + "\n" + sr.latex(derived(name))
    for block in blocks(text):
        assert not set(defined(block)) & looks(network(name)), block


def test_the_polynomial_of_a_cubic_does_not_look_like_letters():
    text = sr.latex(derived("cubic")["111"])
    assert r"p(\lambda)" not in text
    assert r"\lambda I" not in text


def test_two_letters_that_look_the_same_are_refused_or_told_apart():
    try:
        text = sr.latex(sr.PLRNN(["a1", "a_1"], [[0, "w"], ["v", 0]], [0, 0], parameters=["a1", "a_1", "w", "v"]))
    except sr.EntryError:
        return
    assert r"\begin{pmatrix} a_{1} & 0 \\ 0 & a_{1} \end{pmatrix}" not in text


def blockwise() -> sr.ReLURNN:
    """Five states without units: an eigenvalue and two quadratic factors, all different."""
    A = [["1/2", 0, 0, 0, 0], [0, "a", 1, 0, 0], [0, -1, 1, 0, 0], [0, 0, 0, "a", 1], [0, 0, 0, -2, 2]]
    return sr.ReLURNN(A, [[]] * 5, [1, 0, 0, 0, 0], V=[], dt=1, parameters={"a": "positive"})


@pytest.mark.slow
def test_no_symbol_is_defined_twice_and_two_factors_have_their_own_names():
    text = sr.latex(sr.derive(blockwise())[""])
    [block] = blocks(text)
    names = defined(block)
    assert len(names) == len(set(names))
    values = {"a + 2": None, "a + 1": None}
    for value in values:
        [values[value]] = {
            symbol for symbol, found in re.findall(r"(\\tau_\{\d\}) &?= (.*?)(?:,| \\\\)", block) if found == value
        }
    assert len(set(values.values())) == 2


@pytest.mark.parametrize("name", ["two_units", "inputs", "dt"])
def test_no_symbol_is_defined_twice(name):
    for block in blocks(sr.latex(derived(name))):
        names = defined(block)
        assert len(names) == len(set(names)), block


# What is printed, in numbers

TWO = {"a1": "1/2", "a2": "1/3", "w12": "1/5", "w21": "1/7", "h1": 1, "h2": -2}
POINTS = [  # values of two_units; what happens in region 11
    TWO,  # two real eigenvalues
    {**TWO, "w21": "-7"},  # a complex pair
    {**TWO, "a1": "1/3", "w12": 0, "w21": 0},  # a scalar matrix
    {**TWO, "a1": "1/3", "w12": 0},  # a Jordan block
    {**TWO, "a1": "3/4", "a2": "1/4", "w12": "1/4", "w21": "-1/4"},  # a Jordan block, both couplings
    {**TWO, "a1": 1, "a2": 1, "w12": 0, "w21": 0},  # the identity
    {**TWO, "a1": 1, "a2": 1, "w12": 0, "w21": 2},  # a unipotent matrix
    {**TWO, "a1": "3/2", "a2": "1/2", "w12": "1/2", "w21": "-1/2"},  # double eigenvalue 1
    {**TWO, "a1": "1/2", "a2": "1/2", "w12": "1/2", "w21": "1/2", "h2": 3},  # singular
    {**TWO, "a1": "1/2", "a2": "1/2", "w12": "1/4", "w21": "1/4"},
    {**TWO, "a1": "1/2", "a2": "3/4", "w12": "1/2", "w21": "1/4"},  # eigenvalue 1
    {**TWO, "a1": 1, "a2": "1/2", "w12": 0},  # eigenvalue 1, triangular
]


def substituted(ode, case: sr.CaseODE, values: dict[str, object]) -> mpmath.matrix:
    """Return the printed matrix with the printed definitions and values put in, to 60 digits."""
    known = {symbol: sp.Rational(str(values[str(symbol)])) for symbol in ode.parameters}
    for symbol, value in case.named.definitions:
        assert not value.free_symbols - set(known)  # in the order of use
        assert symbol not in known
        known[symbol] = value.subs(known, simultaneous=True)
    named = case.named.matrix
    assert not named.free_symbols - set(known)
    entries = [sp.N(x.subs(known, simultaneous=True), 60) for x in named]
    numbers = [mpmath.mpc(*(str(part) for part in x.as_real_imag())) for x in entries]
    assert all(abs(x.imag) < mpmath.mpf(10) ** -50 for x in numbers)
    return mpmath.matrix([[numbers[i * named.cols + j].real for j in range(named.cols)] for i in range(named.rows)])


def check_printed(name: str, values: dict[str, object]) -> set[str]:
    """Compare each region with the numbers, and with the discrete map by an exponential; return the patterns with an ODE."""
    net, ode = network(name), derived(name)
    numbers, found = net.subs(values), set()
    direct = sr.derive(numbers)
    for pattern in ode:
        try:
            expected = direct[pattern].digits(40)
        except (sr.NoRealODE, sr.NoPrincipalLogarithm):
            assert ode[pattern].case_at(values) is None
            continue
        found.add(pattern)
        [case] = [case for case in ode[pattern].cases if case.condition.at(values)]
        with mpmath.workdps(60):
            X = substituted(ode[pattern], case, values)
            n, m = net.n, net.m
            wanted = [[*expected.matrix[i], expected.offset[i], *(expected.input_matrix[i] if m else ())] for i in range(n)]
            wanted = mpmath.matrix([[mpmath.mpf(x) for x in row] for row in wanted])
            assert mpmath.norm(X[:n, :] - wanted, mpmath.inf) < mpmath.mpf(10) ** -35 * (1 + mpmath.norm(wanted, mpmath.inf))
            step, region = mpmath.expm(X * mpmath.mpf(str(sp.N(numbers.dt, 60)))), numbers.region(pattern)
            discrete = region.matrix.row_join(region.offset).row_join(region.input_matrix)
            for i in range(n):
                for j in range(n + 1 + m):
                    x = discrete[i, j]
                    assert abs(step[i, j] - mpmath.mpf(x.p) / x.q) < mpmath.mpf(10) ** -35
    return found


@pytest.mark.parametrize("values", POINTS)
def test_printed_formulas_of_two_units_are_right(values):
    assert {"00", "01", "10"} <= check_printed("two_units", values)


def test_points_reach_every_case_of_two_units():
    ode = derived("two_units")
    reached = {(pattern, k) for v in POINTS for pattern in ode for k, c in enumerate(ode[pattern].cases) if c.condition.at(v)}
    assert {k for pattern, k in reached if pattern == "11"} == set(range(len(ode["11"].cases)))


@pytest.mark.parametrize("a", ["1/2", "1", "2"])
def test_printed_formulas_of_the_addition_problem_are_right(a):
    assert len(check_printed("addition_letters", {"a": a, "w": "-3/2", "b": "2/7"})) == 4


def test_printed_formulas_with_taken_names_inputs_and_time_are_right():
    tau = {"tau": "1/2", "delta": "1/3", "ell": "1/5", "rho": "-7", "u": 2, "Delta": -1}
    assert len(check_printed("taken names", tau)) == 4
    under = {"tau": "1/2", "tau_": "1/3", "ell": "1/5", "lambda": "-7", "u": 2, "Delta_": -1}
    assert len(check_printed("underscores", under)) == 4
    inputs = {"a": "1/2", "b": "1/3", "w": "1/5", "v": "-7", "h": 1, "k": 2, "c": 3, "d": 4, "e": 5}
    assert len(check_printed("inputs", inputs)) == 4
    assert len(check_printed("inputs", {**inputs, "a": 1, "v": 0})) == 4
    assert len(check_printed("dt", {"a": "1/2", "b": "1/3", "w": "1/7", "h": 1, "T": "1/4"})) == 4


def test_printed_formulas_with_a_cubic_factor_are_right():
    assert "111" in check_printed("cubic", {"p": "1/4", "lambda": 1, "w": "1/3"})


@pytest.mark.parametrize("pattern", ["00", "01", "10", "11"])
def test_conditions_stand_on_the_page(pattern):
    ode = derived("two_units")[pattern]
    text = sr.latex(ode, cse=False)
    assert len(re.findall(r"\\begin\{cases\}", text)) == text.count(r"\end{cases}") > 0
    for name in ("a_{1}", "a_{2}"):
        assert name in text
    assert (r"\text{in } \Omega_{11} \text{ if } a_{1} a_{2} > w_{12} w_{21}" in text) == (pattern == "11")
