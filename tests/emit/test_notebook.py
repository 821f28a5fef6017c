"""What a notebook shows: a formula or a table, bounded, and what is in it."""

from html.parser import HTMLParser

import numpy as np
import pytest
import sympy as sp

import symplrnn as sr


class Table(HTMLParser):
    """The cells of a table."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data):
        self.text += data
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def trained():
    rng = np.random.default_rng(2)
    return sr.PLRNN(rng.uniform(0.3, 0.9, 5), rng.normal(size=(5, 5)) / 15, rng.normal(size=5), dt="1/10")


@pytest.fixture(scope="module")
def small():
    return sr.example("addition")


def test_a_report_is_a_table_with_its_first_regions(trained):
    report = sr.check(trained)
    found = Table(report._repr_html_())
    assert found.text.startswith(report.summary)
    assert found.rows[0] == ["region", "E1", "E2", "E3"]
    assert [row[0] for row in found.rows[1:]] == list(report.verdicts)[:16]
    assert all(row[2] == ("yes" if report.verdicts[row[0]].principal.is_true else "no") for row in found.rows[1:])
    assert "report.verdicts has all regions" in found.text
    assert report._repr_latex_() is None


def test_systems_are_formulas(small):
    ode = sr.derive(small)
    assert ode["01"]._repr_latex_() == sr.latex(ode["01"])
    assert ode["01"]._repr_html_() is None
    assert small._repr_latex_() == sr.latex(small)
    assert ode["01"].flow("1/2")._repr_latex_().count(r"\mapsto") == 1
    letters = sr.example("two_units")
    condition = sr.derive(letters, dt=1)["11"].condition
    assert condition._repr_latex_() == r"$\displaystyle a_{1} a_{2} > w_{12} w_{21}$"
    assert condition._repr_html_() is None


def test_large_systems_say_where_to_look(trained):
    rng = np.random.default_rng(3)
    wide = sr.derive(sr.PLRNN(rng.uniform(0.3, 0.9, 20), np.zeros((20, 20)), rng.normal(size=20)), dt=1)["0" * 20]
    assert wide._repr_latex_() is None
    assert "sr.latex" in Table(wide._repr_html_()).text
    assert Table(sr.derive(trained)._repr_html_()).rows[1] == ["00000", "real"]


def test_digits_orbits_and_certificates(small):
    ode = sr.derive(small)
    digits = ode["01"].digits(12)
    rows = Table(digits._repr_html_()).rows
    assert [row[: small.n] for row in rows[1:]] == [list(row) for row in digits.matrix]
    net = sr.PLRNN(["1/2"], [["-1/4"]], [1], dt="1/10")
    orbit = net.orbit([-1], 3)
    assert Table(orbit._repr_html_()).rows[2] == ["1", orbit.patterns[1], f"{float(orbit[1][0]):.6g}"]
    report = sr.derive(net).crossings([-1], 3)
    assert [row[2] for row in Table(report._repr_html_()).rows[1:]] == [step.outcome for step in report.steps]
    assert "status" in Table(sr.derive(net).simulate([-1], 3)._repr_html_()).text


def test_text_is_escaped_and_cut():
    unknown = sr.UNKNOWN("<b>" + "x" * 5000)
    assert "<b>" not in unknown._repr_html_()
    assert len(unknown._repr_html_()) < 3000
    a = sp.Symbol("a", real=True)
    assert sr.check(sr.PLRNN([a], [[0]], [1], parameters=[a])).verdicts["0"].principal._repr_latex_() == r"$\displaystyle a > 0$"
