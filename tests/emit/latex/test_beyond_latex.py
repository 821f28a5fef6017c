"""LaTeX of regions with letters or irrational entries where E2 fails: what it says, that it fits the page, and is right."""

import random
import re
from fractions import Fraction
from functools import cache

import mpmath
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.emit.latex.cases import _roots, _simplified
from symplrnn.emit.latex.dispatch import document
from symplrnn.emit.latex.layout import LINE, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.offset import _no_unit
from symplrnn.emit.latex.page import Page
from tests.emit.latex.test_letters_latex import compiled, overfull
from tests.network.test_substitution import letters

W, H = r"\widetilde{W}_{\Omega_{1}}", r"\tilde{h}_{\Omega_{1}}"
REAL = {"a": "real", "w": "real", "h": "real"}


def companion(last: list, c: list, **parameters) -> sr.ReLURNN:
    """The network without units whose map has the companion matrix with this last column."""
    n = len(last)
    M = [[last[i] if j == n - 1 else int(i == j + 1) for j in range(n)] for i in range(n)]
    return sr.ReLURNN(M, [[] for _ in c], c, V=[], dt=1, parameters=parameters)


def one_unit() -> sr.ReLURNN:
    return sr.PLRNN(["a"], [["w"]], ["h"], dt=1, parameters=REAL)


def negative_unit(**options) -> sr.ReLURNN:
    return sr.PLRNN(["-a"], [[0]], ["h"], dt=1, parameters={"a": "positive", "h": "real"}, **options)


def with_zero() -> sr.ReLURNN:
    return sr.PLRNN([0, "a"], [[0, 0], [0, 0]], ["h", 1], dt="1/10", parameters={"a": "real", "h": "real"})


def with_inputs() -> sr.ReLURNN:
    names = {"a": "positive", "h": "real", "w": "real", "c": "real"}
    return sr.PLRNN([0, "-a"], [[0, "w"], [0, 0]], ["h", 1], C=[["c"], [1]], dt="1/10", parameters=names)


def root() -> sr.ReLURNN:
    return sr.PLRNN([-sp.sqrt(2), "1/3"], [[0, 1], [0, 0]], [1, sp.sqrt(3)], dt="1/10")


def pair() -> sr.ReLURNN:
    return sr.PLRNN([-sp.sqrt(2), -sp.sqrt(2)], [[0, 0], [0, 0]], [1, 2], C=[[1], [0]], dt="1/10")


def singular() -> sr.ReLURNN:
    return sr.PLRNN([0, sp.sqrt(2)], [[0, 0], [0, 0]], [1, sp.sqrt(3)], C=[[1], [0]], dt=1)


def chains() -> sr.ReLURNN:
    """Where w is not 0, Jordan blocks of sizes 2 and 1."""
    W = [[0, "w", 0], [0, 0, 0], [0, 0, 0]]
    return sr.PLRNN(["-a"] * 3, W, ["h", 1, 2], C=[[1], [0], ["h"]], dt=1, parameters={"a": "positive", "w": "real", "h": "real"})


def clashing() -> sr.ReLURNN:
    """Letters with the names that closed forms give to discriminants, roots and extra coordinates."""
    tau, delta, Delta, ell, mu, v, u = (sp.Symbol(x, real=True) for x in ("tau", "delta", "Delta", "ell", "mu", "v", "u"))
    return sr.PLRNN([tau, delta], [[0, Delta], [ell, 0]], [v, mu], C=[[u], [1]], dt=sp.Symbol("T", positive=True))


def repeated(c: list, diagonal: int) -> sr.ReLURNN:
    """[[C, C + diagonal], [0, C]] with C the companion matrix with this last column."""
    n = len(c)
    C = sp.Matrix(n, n, lambda i, j: c[i] if j == n - 1 else int(i == j + 1))
    M = sp.Matrix(sp.BlockMatrix([[C, C + diagonal * sp.eye(n)], [sp.zeros(n), C]]))
    return sr.ReLURNN(M, [[]] * (2 * n), [1] * (2 * n), V=[], dt=1)


NETWORKS = {
    "one unit": one_unit,
    "negative unit": negative_unit,
    "two units": lambda: letters(2),
    "with zero": with_zero,
    "with inputs": with_inputs,
    "root": root,
    "pair": pair,
    "singular": singular,
    "cubic": lambda: companion([-sp.sqrt(2), 2, 1], [1, 0, 0]),
    "cubic with a letter": lambda: companion(["a", 2, 1], [1, 0, 0], a="negative"),
    "quartic": lambda: companion([sp.sqrt(2), 0, -3, 0], [1, 0, 0, 0]),
    "pure cubic": lambda: companion(["a", 0, 0], [1, 0, 0], a="negative"),
    "quintic": lambda: companion(["a", 2, 0, 0, 0], [1, 0, 0, 0, 0], a="negative"),
    "repeated quadratic": lambda: repeated([-sp.Symbol("a", real=True), -3], 1),
    "repeated cubic": lambda: repeated([sp.Symbol("a", real=True), 0, -3], 1),
    "thin set": lambda: sr.ReLURNN([[-1, "a", 0], [0, 0, 1], ["a", 1, 1]], [[]] * 3, [1, 0, 0], V=[], parameters={"a": "real"}),
    "chains": chains,
    "clashing": clashing,
}


def everywhere(net: sr.ReLURNN) -> sr.RegionODE:
    """Return the ODE of the region where all units are active."""
    return sr.derive(net, net.dt if net.dt is not None else 1)["1" * net.p]


@cache
def ode_of(name: str) -> sr.RegionODE:
    """Return that of a network in the table, derived once."""
    return everywhere(NETWORKS[name]())


LARGE = {"quintic", "clashing", "thin set"}
SMALL = {"one unit", "with inputs", "pair", "cubic", "pure cubic", "chains"}


@pytest.mark.parametrize(
    ("name", "cse"),
    [
        *(
            pytest.param(name, True, marks=pytest.mark.slow if name.startswith("repeated") or name in LARGE else ())
            for name in NETWORKS
        ),
        *(pytest.param(name, False, marks=() if name in SMALL else pytest.mark.slow) for name in NETWORKS),
    ],
)
def test_every_case_compiles_and_fits_the_page(name, cse, tmp_path):
    ode = ode_of(name)
    net = ode.region.network
    more = (
        (*ode.cases[:2], *ode.other_cases) if ode.cases else ode.other_cases[:2]
    )  # without principal cases all are printed already
    parts = [sr.latex(ode, cse=cse), *(sr.latex(case, cse=cse) for case in more)]
    parts += [sr.latex(sr.derive(net, ode.dt), cse=cse)]
    parts += [] if ode.parameters else [sr.latex(ode, digits=5), sr.latex(sr.derive(net), digits=9)]
    compiled(document(*parts), tmp_path)
    assert overfull(tmp_path) == []
    text = "".join(parts)
    assert "RootSum" not in text
    assert "RootOf" not in text


def test_one_unit_by_hand():
    """z' = (a + w) z + h: log|a + w| and pi where a + w < 0, and a jump to h where a + w = 0."""
    negative, zero = ode_of("one unit").other_cases
    both = r"\begin{pmatrix} \zeta \\ u \end{pmatrix}"
    text = sr.latex(negative)
    assert r"\text{In } \Omega_{1} = \{ \zeta : \zeta_{1} > 0 \} \text{, where } a + w < 0{:}" in text
    assert rf"\frac{{d}}{{dt}} {both} &= {W}\, {both} + {H}" in text
    log = r"\log{\left(- a - w \right)}"
    assert rf"{log} & - \pi \\[0.5ex] \hline \pi & {log}" in text
    assert r"\frac{h \log{\left(- a - w \right)}}{a + w - 1} \\[1.5ex] \hline \frac{\pi h}{a + w - 1}" in text
    assert r"Here $u \in \mathbb{R}^{1}$ stands for 1 extra coordinate, with $u = 0$ at each grid time; after each step" in text
    assert (
        "There is no real ODE of dimension $1$, not even a time-dependent linear one, because the Jordan blocks of the eigenvalue "
        "$a + w$ do not pair up, and the determinant is negative; one extra coordinate suffices."
    ) in text
    text = sr.latex(zero)
    assert r"\text{, where } a + w = 0{:}" in text
    assert r"\zeta &\leftarrow J_{\Omega_{1}}\, \zeta + j_{\Omega_{1}} \quad \text{first, at each grid time,}" in text
    assert r"\dot{\zeta} &= 0 \quad \text{then, for a step of length $1$}" in text
    assert r"J_{\Omega_{1}} &= \begin{pmatrix} 0 \end{pmatrix},\quad j_{\Omega_{1}} = \begin{pmatrix} h \end{pmatrix}" in text
    assert "The jump is needed because $0$ is an eigenvalue of the map, and flows are invertible." in text
    assert "widetilde" not in text


def test_a_region_without_a_principal_ode_prints_its_cases():
    text = sr.latex(ode_of("with zero"))
    assert re.findall(r"\\text\{Case (\d), where \}", text) == ["1", "2", "3", "4"]
    assert r"J_{\Omega_{11}} &= \begin{pmatrix} 0 & 0 \\ 0 & 1 \end{pmatrix}" in text
    assert "In cases 1, 3, 4: the jump is needed" in text
    assert "In case 2: the jump is needed" in text
    assert "the eigenvalue $a$ do not pair up; one extra coordinate suffices." in text
    assert r"$u$ stands for one extra coordinate" in text
    single = sr.latex(ode_of("negative unit"))
    assert "Case" not in single
    assert r"& \text{In } \Omega_{1} = \{ \zeta : \zeta_{1} > 0 \}{:}" in single
    assert r"\log a & - \pi" in single


def test_a_region_with_a_principal_ode_says_that_there_is_more():
    ode = ode_of("one unit")
    assert sr.latex(ode).count("For all other values the region has another system in continuous time") == 1
    always = sr.PLRNN(["a"], [[0]], ["h"], dt=1, parameters={"a": "positive", "h": "real"})
    assert "other values" not in sr.latex(everywhere(always))
    first = sr.latex(ode.cases[0])  # a case of the principal ODE
    assert r"\text{equilibria} &: \text{one point}" in first
    assert "extra" not in first


def test_regions_without_an_ode_on_the_page_of_a_network():
    text = sr.latex(sr.derive(negative_unit()))
    assert r"In $\Omega_{0}$, $\Omega_{1}$ some eigenvalue is in $(-\infty, 0]$ for all values of the letters" in text
    assert r"\frac{d}{dt} \begin{pmatrix} \zeta \\ u \end{pmatrix} &= \widetilde{W}_{\Omega_{0}}" in text
    assert rf"{W} = \widetilde{{W}}_{{\Omega_{{0}}}},\quad {H} = \tilde{{h}}_{{\Omega_{{0}}}}" in text
    assert r"In $\Omega_{0}$, $\Omega_{1}$: there is no real ODE of dimension $1$" in text
    assert "The region is held from grid time to grid time" in text
    cases = sr.latex(sr.derive(with_zero()))
    assert r"In $\Omega_{00}$ (cases 1, 3, 4), $\Omega_{01}$ (cases 1, 3, 4)" in cases
    jumps = sr.latex(sr.derive(with_inputs()))
    assert r"\zeta &\leftarrow J_{\Omega_{00}}\, \zeta + j_{\Omega_{00}} + J^{\text{in}}_{\Omega_{00}}\, s" in jumps
    same = r"J_{\Omega_{10}} = J_{\Omega_{00}},\quad j_{\Omega_{10}} = j_{\Omega_{00}},\quad J^{\text{in}}_{\Omega_{10}}"
    assert same in jumps
    mixed = sr.PLRNN(["a"], [["-2*a"]], [1], dt=1, parameters={"a": "positive"})  # a, and -a where the unit is active
    text = sr.latex(sr.derive(mixed))
    assert r"\widetilde{W}_{\Omega_{0}} &= \begin{pmatrix} \log a \end{pmatrix}" in text
    assert r"In $\Omega_{1}$ some eigenvalue is in $(-\infty, 0]$" in text
    assert r"Each of the regions below" in text


def test_irrational_numbers_have_exact_entries_and_decimals():
    text = sr.latex(ode_of("root"))
    assert r"the eigenvalue $- \sqrt{2}$ do not pair up, and the determinant is negative" in text
    assert r"10 \log{\left(\sqrt{2} \right)}" in text
    decimals = sr.latex(ode_of("root"), digits=12)
    with mpmath.workdps(40):
        assert mpmath.nstr(5 * mpmath.log(2), 12) in decimals
        assert mpmath.nstr(-10 * mpmath.pi, 12) in decimals
        assert mpmath.nstr(-10 * mpmath.log(3), 12) in decimals
    assert r"\begin{array}{cc|c}" in decimals
    assert r"\log" not in decimals
    assert decimals == sr.latex(ode_of("root").other_cases[0], digits=12)
    assert "one extra coordinate suffices" in decimals
    jump = sr.latex(ode_of("singular"), digits=8)
    assert "0.34657359" in jump  # log(2)/2
    assert r"J_{\Omega_{11}} &= \begin{pmatrix} 0 & 0 \\ 0 & 1 \end{pmatrix}" in jump
    assert r"\text{first, at each grid time,}" in jump
    network = sr.latex(sr.derive(singular()), digits=8)
    assert r"\zeta \leftarrow J_{\Omega_{11}}\, \zeta" in network
    assert "In $\\Omega_{00}$, $\\Omega_{01}$, $\\Omega_{10}$, $\\Omega_{11}$: the jump is needed" in network


def test_a_real_logarithm_that_is_not_principal_says_so():
    ode = ode_of("pair")
    assert ode.kind == "real"
    words = (
        "The matrix of the ODE is a real logarithm, but no principal one exists: the eigenvalue $- \\sqrt{2}$ is negative, in "
        "paired Jordan blocks."
    )
    for text in (sr.latex(ode), sr.latex(ode, digits=6)):
        assert words in text
        assert "extra" not in text
    assert r"& - 10 \pi \\ 10 \pi &" in sr.latex(ode)


def test_a_negative_root_of_a_cubic_is_defined_by_its_polynomial():
    text = sr.latex(ode_of("cubic"))
    assert r"p(\lambda) = \lambda^{3} - \lambda^{2} - 2 \lambda + \sqrt{2}" in text.replace("&", "")
    assert r"p(\lambda_{\emptyset,1}) &= 0, \quad -2 < \lambda_{\emptyset,1} < -1" in text
    assert r"the Jordan blocks of the eigenvalue in $[-1.323,\, -1.322]$ do not pair up" in text
    pure = sr.latex(ode_of("pure cubic"))
    assert r"p(\lambda) &= \lambda^{3} - a" in pure  # a determinant that is itself a letter keeps its name
    assert r"\operatorname{Re} \sum_{p(\lambda) = 0}" in pure


def test_sums_over_all_roots_say_which_part_of_the_logarithm_is_meant():
    """x^5 - 2 x - a, a < 0, has one negative root."""
    quintic = ode_of("quintic")
    text = sr.latex(quintic.other_cases[0])
    assert r"\operatorname{Re} \sum_{p(\lambda) = 0} \frac{\lambda \log \lambda}{q(\lambda)}" in text
    assert r"p(\mu) &= 0, \quad \mu < 0" in text
    copied = sr.latex(next(c for c in ode_of("repeated cubic").other_cases if not c.case.turning.smallest))
    assert r"\nu_{1} = \operatorname{Im} \sum_{p(\lambda) = 0} \frac{\lambda \log \lambda}{q(\lambda)}" in copied.replace(
        "&", ""
    ).replace("  =", " =")
    assert "2 roots of $p$ are negative: 6 extra coordinates suffice" in copied


def test_only_a_number_that_is_the_smallest_is_said_to_be():
    found = [case for case in ode_of("repeated cubic").other_cases if case.extra and case.jump_map is None]
    assert {case.case.turning.smallest for case in found} == {True, False}
    for case in found:
        text = sr.latex(case)
        assert ("for which values fewer do is decided when" in text) != case.case.turning.smallest
        assert ("There is no real ODE of dimension $6$" in text) == case.case.turning.smallest


def test_letters_that_look_like_printed_names_are_kept_apart():
    ode = ode_of("clashing")
    lifted = next(case for case in ode.other_cases if case.extra)
    text = sr.latex(lifted)
    assert r"\begin{pmatrix} \zeta \\ u_{1} \end{pmatrix}" in text
    assert r"Here $u_{1} \in \mathbb{R}" in text
    assert r"\mu_{1} = " in text
    for name in (r"\tau", r"\delta", r"\Delta", r"\ell", r"\mu", "v", "u"):
        assert re.search(rf"(^|\n|quad ){re.escape(name)} &?= ", text) is None, name


@pytest.mark.parametrize("name", ["two units", "with zero", "with inputs", "one unit", "chains"])
def test_the_offset_in_terms_of_the_fixed_point_has_its_value(name):
    """Where (y, Y) = X (v, 0) may be printed, with v = (M - I)^{-1} (c, C), at random points of each case."""
    net = NETWORKS[name]()
    ode, rng, seen = everywhere(net), random.Random(1), set()
    for _ in range(400):
        values = {str(s): Fraction(rng.randint(-6, 6), rng.choice([1, 2, 3])) for s in net.parameters}
        values |= {str(s): abs(values[str(s)]) or 1 for s in net.parameters if s.is_positive}
        case = ode.case_at(values)
        if case in ode.cases or case in seen or not _no_unit(case):
            continue
        seen.add(case)
        table = {s: sp.Rational(values[str(s)]) for s in net.parameters}
        M, B = ode.region.matrix.subs(table), ode.region.offset.row_join(ode.region.input_matrix).subs(table)
        v = (M - sp.eye(net.n)).inv() * B
        X, y = (part.xreplace(table).evalf(30) for part in (case.matrix, case.offset.row_join(case.input_matrix)))
        assert (X[:, : net.n] * v - y).applyfunc(lambda x: sp.N(x, 25, chop=1e-20)).norm() < 1e-20
    assert len(seen) >= {"two units": 4, "with zero": 2, "with inputs": 1, "one unit": 2, "chains": 2}[name]


def test_entries_without_fractions_in_fractions_have_the_same_value():
    checked, rng = 0, random.Random(2)
    for ode in (ode_of(name) for name in ("two units", "cubic with a letter", "clashing")):
        page = Page(ode.region, ode.dt, sr.Notation(), cse=True, lifted=True)
        for case in ode.other_cases[:3]:
            roots = set(_roots(case))
            for value in case.named.matrix:
                shown = _simplified(page, value, roots)
                checked += shown != value
                shown, entry = (x.subs(page.names.definitions[::-1]) for x in (shown, value))
                point = {s: sp.Rational(rng.randint(1, 99), 10) for s in (entry.free_symbols | shown.free_symbols)}
                assert abs(sp.N((entry - shown).subs(point), 30)) < 1e-20
    assert checked > 20


def test_long_offsets_are_printed_by_the_fixed_point():
    case = ode_of("two units").other_cases[0]
    text = sr.latex(case)
    assert r"\tilde{h}_{\Omega_{11}} = \widetilde{W}_{\Omega_{11}}\, \begin{pmatrix} v \\ 0 \end{pmatrix}" in text
    assert r"v &= (W_{\Omega_{11}} - I)^{-1} h_{\Omega_{11}} = \frac{1}{1 - \tau + \delta}" in text
    assert r"\mu = \frac{\tau}{2} - \frac{\sqrt{\Delta}}{2}" in text
    both = next(c for c in ode_of("two units").other_cases if c.extra == 2 and c.named.definitions)
    assert r"\begin{pmatrix} v \\ 0 \end{pmatrix}" in sr.latex(both)  # its offset would fit the line, in small fractions
    unit = next(c for c in ode_of("two units").other_cases if c.extra and not _no_unit(c))
    assert "(W_{" not in sr.latex(unit)  # 1 is an eigenvalue: there is no such v


def test_a_wide_matrix_is_printed_in_blocks():
    double = [case for case in ode_of("clashing").other_cases if case.extra == 2 and not case.named.definitions]
    [text] = map(sr.latex, double)  # one chain of length 2
    name = r"\bigl[\widetilde{W}_{\Omega_{11}}\bigr]_"
    for block in (
        r"{\zeta \zeta} &= \begin{pmatrix}",
        r"{\zeta u_{1}} &= ",
        r"{u_{1} \zeta} = \begin{pmatrix} \frac{\pi}{T} & 0",
    ):
        assert text.count(name + block) == 1
    assert rf"{name}{{u_{{1}} u_{{1}}}} = {name}{{\zeta \zeta}}" in text  # not twice
    assert r"\bigr]_{\zeta u_{1}} &= \begin{pmatrix} - \frac{\pi}{T} & 0 \\[1.5ex] 0 & - \frac{\pi}{T} \end{pmatrix}" in text
    copied = next(c for c in ode_of("repeated cubic").other_cases if not c.case.turning.smallest)
    name = r"\bigl[\widetilde{W}_{\Omega_{\emptyset}}\bigr]_"
    assert re.search(re.escape(rf"{name}{{u \zeta}}") + " &?= - " + re.escape(rf"{name}{{\zeta u}}"), sr.latex(copied))
    entries = sr.latex(ode_of("cubic with a letter"))
    for i in (1, 2, 3):
        for j in (1, 2, 3):
            assert rf"\bigl(\widetilde{{W}}_{{\Omega_{{\emptyset}}}}\bigr)_{{{i}{j}}}" in entries


def test_shared_definitions_are_printed_once():
    text = sr.latex(ode_of("cubic with a letter"))
    assert r"\delta = a" not in text  # a determinant that is itself a letter keeps its name
    assert text.count(r"p(\lambda) &= ") == 1
    assert r"p(\lambda) &= \lambda^{3} - \lambda^{2} - 2 \lambda - a" in text  # numbers have no names
    double = sr.latex(everywhere(companion(["a", "b", 1], [1, 0, 0], a="negative", b="real")))
    assert double.count(r"\rho = ") == 1
    assert double.index(r"\rho = ") < double.index("Case 1")
    assert text.index(r"p(\lambda) &= ") > text.index("Case 1")


def test_without_cse_only_sums_and_roots_have_names():
    text = sr.latex(ode_of("cubic with a letter"), cse=False)
    assert r"\omega_{0}" in text
    assert r"p(\mu) &= 0" in text
    assert r"\rho" not in text  # a double eigenvalue, also in the words
    assert r"\tau" not in text


def test_every_symbol_of_a_case_is_defined():
    """A double eigenvalue 0 with a letter of its own in the jump, and names in X."""
    names = (r"\tau", r"\sigma", r"\delta", r"\Delta", r"\ell", r"\rho", r"\mu", r"\omega_{0}", r"\nu_{0}")
    for name in ("cubic with a letter", "two units", "quintic", "quartic"):
        for case in ode_of(name).other_cases:
            text = sr.latex(case)
            for symbol in names:
                stem = re.escape(symbol) + ("" if symbol.endswith("}") else r"(?!\w|_)")
                if re.search(stem, text):
                    defined = rf"{stem} &?= |p\(({stem})\) &?= 0"
                    assert re.search(defined, text), (name, symbol, case)


def test_lines_have_room_for_the_longest_name():
    ode = ode_of("clashing")
    page = Page(ode.region, ode.dt, sr.Notation(), cse=True, lifted=True)
    for name in (page.offset_name, page.block("u", "u"), page.entry(page.notation.continuous_matrix, "22")):
        assert page.limit + width(f"{name} = ") <= LINE


def test_digits_of_a_case_with_letters_are_refused():
    with pytest.raises(sr.EntryError, match="latex: digits: there are the letters a; give them numbers first"):
        sr.latex(ode_of("negative unit").other_cases[0], digits=4)


def test_the_notation_of_extra_coordinates_and_jumps():
    notation = sr.Notation(extra_state="q", jump="A_{<pattern>}", continuous_state="x", state="y")
    text = sr.latex(ode_of("with zero"), notation=notation)
    assert r"\begin{pmatrix} x \\ q \end{pmatrix}" in text
    assert r"x &\leftarrow A_{11}\, x" in text
    assert "zeta" not in text
    assert "$q$ stands for one extra coordinate" in text


def test_entries_with_long_numbers_are_not_simplified():
    """They come from floats: that takes long, and they are no shorter afterwards."""
    r, a = sp.symbols("r a", real=True)
    short, long = r / (a + 1 / r), r / (a + sp.Rational(1, 10**40 + 1) / r)
    page = Page(sr.PLRNN(["a"], [[0]], [0], parameters=["a"]).region("1"), sp.Integer(1), Notation(), cse=True)
    assert _simplified(page, short, {r}) != short
    assert _simplified(page, long, {r}) == long
