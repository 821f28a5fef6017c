"""LaTeX of values that are wider than a page: estimated widths, what is broken keeps its value, nothing runs off a page."""

import random
import re

import pytest
import sympy as sp
from sympy.parsing.sympy_parser import implicit_multiplication, parse_expr, standard_transformations

import symplrnn as sr
from symplrnn.emit.latex.dispatch import document
from symplrnn.emit.latex.expressions import formula_latex, pieces
from symplrnn.emit.latex.layout import fill, width
from tests.emit.latex.test_letters_latex import compiled, overfull, three_units

a, b, c, d = sp.symbols("a b c d", positive=True)
LONG = sp.Add(*sp.symbols("a1:9", positive=True))
VALUES = {
    "sum": LONG,
    "product": LONG * (LONG - 2 * a) * sp.log(b) * (c - 7),
    "fraction": LONG * sp.log(LONG) / (a + b),
    "denominator": (a - b) / (LONG + 1) ** 3,
    "negative": a - b * (LONG - 2) / 3,
    "root": sp.sqrt(LONG + a * b) - sp.Rational(5, 7) * a**2 * LONG**2,
    "nested": sp.log((LONG + sp.sqrt(LONG)) / (LONG - a)) * (a + (b - LONG) * sp.log(c + LONG)),
    "twice negative": -(LONG * (a - b)) / (LONG + c) - (a - LONG) ** 3,
}


def value_of(latex: str) -> sp.Expr:
    """Read LaTeX as it is printed here; a multiplication sign before an opening bracket may be left out."""
    text = re.sub(r"\\log (\w(?:_\{\d+\})?)", r"\\log{\\left(\1 \\right)}", latex)
    while (found := re.search(r"\\frac\{", text)) is not None:
        above, after = group(text, found.end() - 1)
        below, end = group(text, after)
        text = f"{text[: found.start()]}(({above})/({below})){text[end:]}"
    text = re.sub(r"\\(left|right|[bB]igl|[bB]igr|[bB]ig)(?=[()/])", "", text)
    text = text.replace(r"\log{(", r"\log({").replace(r"\times", "*").replace(r"\cdot", "*")
    text = re.sub(r"([a-z])_\{(\d+)\}", r" \1\2 ", text).replace(r"\log", " log").replace(r"\sqrt", " sqrt")
    text = text.replace("^", "**").replace("{", "(").replace("}", ")")
    text = re.sub(r"([\w)])\s+(?=[\w(])", r"\1*", re.sub(r"\b(log|sqrt)\s*(?=\()", r"\1", text))
    text = re.sub(r"(?<=\))(?=\()", "*", text)
    names = {str(s): s for s in (a, b, c, d, *LONG.free_symbols)}
    return parse_expr(text, names, (*standard_transformations, implicit_multiplication))


def group(text: str, start: int) -> tuple[str, int]:
    depth = 0
    for k in range(start, len(text)):
        depth += (text[k] == "{") - (text[k] == "}")
        if depth == 0:
            return text[start + 1 : k], k + 1
    raise ValueError(text)


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("limit", [60, 100, 200, 1000])
def test_pieces_keep_the_value_and_the_limit(name, limit):
    value = VALUES[name]
    parts = pieces(value, limit)
    assert len(parts) > 1 or limit > 60
    assert all(width(part) <= limit for part in parts if limit > 60)
    shown = value_of(" ".join(parts))
    rng = random.Random(name)
    point = {s: sp.Rational(rng.randint(1, 99), 100) for s in value.free_symbols | shown.free_symbols}
    assert sp.N(value.subs(point) - shown.subs(point), 30, maxn=200, chop=1e-25) == 0


def test_widths_are_close_to_those_of_tex(tmp_path):
    texts = [formula_latex(x) for x in VALUES.values()] + [
        r"\widetilde{W}_{\Omega_{111}}^{2}\, \zeta + \tilde{h}_{\Omega_{111}}, \qquad \zeta_{1} > 0,\ \zeta_{2} \le 0",
        r"\text{in } \Omega_{10} \text{ if } \tau \ge 0, \ \sigma \ne 3\ \text{or} \ \bigl(\Delta < 0\bigr)",
        r"\begin{pmatrix} \ell \left(a_{1} - a_{2}\right) & \ell w_{12} \\ 0 & \frac{\log{\left(\delta \right)}}{2} \end{pmatrix}",
        r"\begin{cases} a_{1} + a, & b > 0 \\ \begin{aligned}[t] & a \\ & - a_{1} w_{12} w_{21} \end{aligned}, & b \le 0 \end{cases}",
        r"\sum_{p(\lambda) = 0} \frac{\log \lambda}{p'(\lambda)} \operatorname{adj}(\lambda I - W_{\Omega_{111}})",
    ]
    measured = [rf"\setbox0\hbox{{$\displaystyle {text}$}}\typeout{{WIDTH \the\wd0}}" for text in texts]
    compiled(document(*measured, "x"), tmp_path)
    found = [float(x) for x in re.findall(r"^WIDTH (\S+)pt", (tmp_path / "page.log").read_text(), re.MULTILINE)]
    for text, real in zip(texts, found, strict=True):
        assert 0.97 * real - 2 < width(text) < 1.2 * real + 10, (text, real, width(text))


def test_lines_are_filled_and_kept_in_order():
    parts = [f"+ a_{{{k}}}" for k in range(40)]
    lines = fill(parts, 200)
    assert " ".join(lines) == " ".join(parts)
    assert all(150 < width(line) <= 200 for line in lines[:-1])


@pytest.mark.parametrize(
    ("pattern", "cse"),
    [pytest.param("111", True, marks=pytest.mark.slow), pytest.param("011", True, marks=pytest.mark.slow), ("110", False)],
)
def test_a_region_of_three_units_stays_on_its_pages(pattern, cse, tmp_path):
    net = three_units()
    text = sr.latex(sr.derive(net)[pattern], cse=cse)
    compiled(document(text, sr.latex(sr.check(net, [pattern]))), tmp_path)
    assert overfull(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("cse", [True, False])
def test_all_pages_of_three_free_units(cse, tmp_path):
    letters, h = sp.symbols("a1:4", real=True), sp.symbols("h1:4", real=True)
    net = sr.PLRNN(list(letters), three_units().W, list(h), dt=1)
    facts = sr.latex(sr.fixed_point_facts(net.region("111")))
    compiled(document(sr.latex(sr.derive(net), cse=cse), sr.latex(sr.check(net)), facts), tmp_path)
    assert overfull(tmp_path) == []


def test_factors_of_degree_3_are_integrals(tmp_path):
    M = [["a", 1, 0, 1], [0, "1/3", 1, 0], [1, 0, "1/5", 0], [0, 0, 0, "1/2"]]
    net = sr.ReLURNN(M, [[]] * 4, [0, 0, 0, 1], V=[], b=[], dt=1, parameters={"a": "positive"})
    text = sr.latex(sr.derive(net)[""])
    assert r"\iota_{r} = \int_{0}^{1} \frac{t^{r}}{q(t)} \, \mathrm{d} t" in text
    assert r"e_{4} = - \frac{4 a}{15} - \frac{7}{30}" in text
    compiled(document(text), tmp_path)
    assert overfull(tmp_path) == []


def test_a_matrix_of_ten_units_is_printed_in_parts(tmp_path):
    rng, n = random.Random(1), 10
    A, W = [0.9 + rng.random() for _ in range(n)], [[rng.uniform(-0.1, 0.1) if i != j else 0 for j in range(n)] for i in range(n)]
    net = sr.PLRNN(A, W, [rng.random() for _ in range(n)], dt=1)
    ode = sr.derive(net.region("1" * n))
    text = sr.latex(ode, digits=6)
    parts = [re.split(r" \\\\ ", part) for part in re.findall(r"text\{--\}\d+\} &\\approx \\begin\{pmatrix\} (.*?) \\end", text)]
    rows = [" & ".join(row).split(" & ") for row in zip(*parts, strict=True)]
    assert len(parts) == 2
    assert [[float(re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", x)) for x in row] for row in rows] == [
        [float(x) for x in row] for row in ode.digits(6).matrix
    ]
    compiled(document(sr.latex(net, digits=5), sr.latex(net.region("1" * n), digits=6), text), tmp_path)
    assert overfull(tmp_path) == []


def test_a_long_number_is_as_wide_as_its_digits():
    for digits in ("123", "2" * 40):
        assert width(digits) == pytest.approx(len(digits) * width("1"))
        assert width(f"x^{{{digits}}}") - width("x^{1}") == pytest.approx((len(digits) - 1) * (width("x^{11}") - width("x^{1}")))
