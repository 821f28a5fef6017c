"""MathML is read back by a reader of its own, and is the expression that was printed as LaTeX."""

import random
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import sympy as sp
from sympy.parsing.sympy_parser import implicit_multiplication_application, parse_expr, standard_transformations

import symplrnn as sr
from symplrnn.emit.latex.expressions import formula_latex
from symplrnn.emit.report.mathml import UnknownLatex, mathml
from symplrnn.emit.report.prose import formula, page_html
from symplrnn.network.examples import descriptions
from tests.emit.latex.networks import random_network

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
READ = (*standard_transformations, implicit_multiplication_application)
SIGNS = {"−": "-", "⋅": "*", "×": "*", "π": "pi", "arctan": "atan"}


def linear(node):
    """Return presentation MathML as text that SymPy reads."""
    tag = node.tag
    if tag == "mspace":
        return " "
    if tag in ("mi", "mn", "mo"):
        return f" {SIGNS.get(node.text, node.text)} "
    if tag in ("math", "mrow", "mstyle", "mtd", "msqrt"):
        inside = in_a_row([child for child in node if child.tag != "mspace"])
        return f" sqrt({inside})" if tag == "msqrt" else inside
    parts = [linear(child) for child in node]
    if tag == "mfrac":
        return f"(({parts[0]})/({parts[1]}))"
    if tag == "msup":
        return f"({parts[0]})**({parts[1]})"
    if tag in ("msub", "msubsup"):
        name = f" {parts[0].strip()}_{parts[1].replace(' ', '')} "
        return name if tag == "msub" else f"({name})**({parts[2]})"
    assert tag == "mroot", tag
    return f"(({parts[0]})**(1/({parts[1]})))"


def in_a_row(nodes):
    """Return siblings as text; the power of a function is that of its value."""
    found = []
    while nodes:
        first, *nodes = nodes
        if first.tag == "msup" and first[0].text in ("log", "arctan", "atan"):
            found.append(f"({linear(first[0])}({linear(nodes.pop(0))}))**({linear(first[1])})")
        else:
            found.append(linear(first))
    return " ".join(found)


def random_expression(draw, letters, depth):
    if depth == 0:
        return draw.choice([*letters, sp.Rational(draw.randint(1, 9), draw.randint(1, 9)), sp.pi])
    first, second = (random_expression(draw, letters, depth - 1) for _ in range(2))
    return draw.choice(
        [
            lambda: first + second,
            lambda: first - second,
            lambda: first * second,
            lambda: first / second,
            lambda: first ** draw.choice([2, 3, -1, sp.Rational(1, 2)]),
            lambda: sp.log(first),
            lambda: sp.atan(first),
        ]
    )()


@pytest.mark.parametrize("seed", range(25))
def test_expressions_are_read_back(seed):
    draw = random.Random(seed)
    letters = sp.symbols("a b w_12 tau Delta", positive=True)
    names = dict(zip("abτΔ", [letters[0], letters[1], letters[3], letters[4]], strict=True)) | {"w_12": letters[2]}
    expression = random_expression(draw, letters, draw.choice([2, 3, 4]))
    found = parse_expr(linear(ET.fromstring(mathml(formula_latex(expression)))), names, READ)
    at = dict(zip(letters, (sp.Rational(7, 3), sp.Rational(5, 4), sp.Rational(11, 10), sp.Rational(13, 5), 3), strict=True))
    value, expected = (sp.N(x.subs(at), 30) for x in (found, expression))
    if expected.is_finite:
        assert abs(value - expected) < sp.Float(10) ** -20


def cells(matrix):
    return [[linear(cell).strip() for cell in row] for row in matrix.iter("mtr")]


def test_matrices_have_their_entries_and_lines():
    [table] = ET.fromstring(mathml(r"\begin{pmatrix} 1 & - \frac{1}{2} \\[1.5ex] a & b \end{pmatrix}")).iter("mtable")
    assert [[sp.sympify(x) for x in row] for row in cells(table)] == [[1, -sp.Rational(1, 2)], list(sp.symbols("a b"))]
    parted = ET.fromstring(
        mathml(r"\left(\begin{array}{cc|c} 1 & 2 & 3 \\ \hline 4 & 5 & 6 \rule{0pt}{3.5ex} \end{array}\right)")
    )
    styles = [[cell.get("class") for cell in row] for row in parted.iter("mtr")]
    assert styles == [[None, None, "rule-left"], ["rule-top", "rule-top", "rule-left rule-top"]]
    assert [node.text for node in parted.iter("mo")] == ["(", ")"]


def test_rows_of_aligned_equations_begin_with_their_relation():
    found = ET.fromstring(mathml("\\begin{align*}\na &= -1 \\\\*[1ex]\nb &= c, \\quad d = 2\n\\end{align*}", display=True))
    assert found.get("display") == "block"
    [table] = found.iter("mtable")
    assert table.get("class") == "aligned"
    assert [[" ".join(linear(cell).split()) for cell in row] for row in table] == [["a", "= - 1"], ["b", "= c , d = 2"]]
    minus = next(node for node in table.iter("mo") if node.text == "−")
    assert minus.get("form") == "prefix"


def test_a_minus_between_two_terms_is_no_sign():
    form = [node.get("form") for node in ET.fromstring(mathml("-a - b, -c")).iter("mo") if node.text == "−"]
    assert form == ["prefix", "infix", "prefix"]


@pytest.mark.parametrize(
    "latex",
    [
        r"\input{/etc/passwd}",
        r"\href{x}{y}",
        r"\begin{tikzpicture}\end{tikzpicture}",
        r"\frac{1}",
        r"a}",
        "{a",
        r"\left( a",
        r"\begin{pmatrix} a",
        r"\text{\emph{a}}",
        r"\mathbb{x}",
        "#",
        "é{",
    ],
)
def test_what_is_not_known_is_refused_and_shown_as_its_source(latex):
    with pytest.raises(UnknownLatex, match="MathML: "):
        mathml(latex)
    assert formula(latex).startswith('<code class="latex">')


@pytest.mark.parametrize(
    "text", [r"\text{<script>alert(1)</script>}", r"\operatorname{<b>}", r"\mathrm{<b>}", "a < b & c", "<!--"]
)
def test_all_text_is_escaped(text):
    shown = formula(text)
    assert not re.search(r"<(?!/?(math|mrow|mi|mo|mtext|code|mspace)[ >/])", shown), shown


def values():
    for name in descriptions():
        yield name, sr.example(name)
    for path in sorted(CASES.glob("*.json")):
        yield path.name, sr.load(path)


SLOW = {"three.json", "one3.json", "chain.json", "ring.json"}  # whose pages take a second or more
VALUES = [pytest.param(name, net, id=name, marks=[pytest.mark.slow] * (name in SLOW)) for name, net in values()]


@pytest.mark.parametrize(("name", "net"), VALUES)
def test_all_that_is_printed_of_networks_becomes_mathml(name, net):
    shown = "".join(page_html(sr.latex(value, width=330)) for value in (net, sr.check(net), sr.derive(net, net.dt or 1)))
    assert "<math" in shown
    assert 'class="latex"' not in shown
    assert "\\" not in shown
    ET.fromstring(f"<div>{shown}</div>")


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 120, 20))
def test_pages_of_random_networks_become_mathml(start):
    for seed in range(start, start + 20):
        net = random_network(seed)
        for value in (net, sr.check(net), sr.derive(net)):
            try:
                text = sr.latex(value)
            except sr.TooLarge:
                continue
            shown = page_html(text)
            assert 'class="latex"' not in shown, seed
            assert "\\" not in shown, seed


def test_a_table_of_words_has_a_head_and_its_cells():
    shown = page_html(
        "\\begin{center}\n\\begin{tabular}{@{}ll@{}}\n\\hline\nregion & E2 \\\\\n\\hline\n$1$ & always \\\\\n\\hline\n\\end{tabular}\n\\end{center}"
    )
    found = ET.fromstring(shown)
    assert [th.text for th in found.iter("th")] == ["region", "E2"]
    assert [td.text for td in found.iter("td")] == [None, "always"]
