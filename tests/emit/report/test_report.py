"""Reports: their numbers are those of the API, they need nothing from outside, and what users name is text."""

import re
from hashlib import sha256
from itertools import pairwise

import pytest

import symplrnn as sr
from symplrnn.certificate import check as checker
from symplrnn.cli import main
from symplrnn.emit.plot import canvas
from symplrnn.emit.report import sections
from symplrnn.emit.report.page import table
from symplrnn.network.examples import descriptions
from tests.emit.report.page_reader import read, rows

HOSTILE = "</title><script>alert(1)</script>--><img src=x onerror=alert(1)>\"'&"
OUTSIDE = re.compile(
    r"""(?:src|href|action|data|poster|srcset)\s*=\s*["']?(?!["']?#)|url\((?!#)|@import|https?://(?!www\.w3\.org/)"""
)


@pytest.fixture(scope="module")
def kinds():
    return sr.report(sr.example("kinds"), steps=20, title="kinds")


@pytest.fixture(scope="module")
def page(kinds):
    return read(kinds)


@pytest.fixture
def no_pictures(monkeypatch):
    """For pages whose pictures are not looked at."""
    monkeypatch.setattr("symplrnn.emit.report.writer._pictures", lambda subject: {})


def without_script(text):
    return re.sub(r"<script>.*?</script>|<style>.*?</style>", "", text, flags=re.DOTALL)


def test_the_sentence_comes_first(page):
    report = sr.check(sr.example("kinds"))
    [first] = [p for p in page.all("p") if p.attributes.get("class") == "summary"]
    assert first.text == "Legitimate in 1 of 4 regions."
    assert report.summary.lower() == first.text.lower().rstrip(".")
    assert page.all("main")[0].all("p")
    assert first not in page.all("main")[0].all("p")


def test_sections_are_in_order_and_linked(page):
    titles = [h.text for h in page.all("h2")]
    assert titles == [
        "Equations",
        "Conditions",
        "Regions",
        "Eigenvalues",
        "Equilibria",
        "Orbit: discrete against continuous",
        "Crossings",
        "Certificate",
    ]
    names = {e.attributes["id"] for e in page.all() if "id" in e.attributes}
    assert {a.attributes["href"][1:] for a in page.all("a")} <= names
    assert {s.attributes["aria-labelledby"] for s in page.all("section")} <= names


def test_counts_are_those_of_check(page):
    counts = sr.check(sr.example("kinds")).counts
    found = {row[1] or row[0]: int(row[2]) for row in rows(page, "In how many of 4")}
    names = {
        "E2": "principal",
        "E3": "real",
        "E4": "unique",
        "E5": "lifted",
        "E6": "impulsive",
        "1 is an eigenvalue": "unit_eigenvalue",
    }
    assert {name: found[name] for name in names} == {name: counts[key] for name, key in names.items()}


def test_regions_are_those_of_check(page):
    net = sr.example("kinds")
    report, orbit = sr.check(net), net.orbit([0, 0], 20)
    found = rows(page, "The regions that were checked")
    assert [row[0] for row in found] == list(report.verdicts)
    for row in found:
        verdicts, ode = report.verdicts[row[0]], sr.derive(net)[row[0]]
        assert [cell == "yes" for cell in row[2:6]] == [verdicts[name].truth.is_true for name in ("E1", "E2", "E3", "E4")]
        assert row[1].split(",")[0] == ode.kind
        assert row[8] == verdicts.how_many
        assert int(row[9]) == orbit.patterns.count(row[0])


def test_eigenvalues_are_those_of_the_ode(page):
    ode = sr.derive(sr.example("kinds"))
    expected = [(pattern, each) for pattern in ode for each in ode[pattern].eigenvalues]
    found = rows(page, "Eigenvalues")
    assert [(row[0], row[1], int(row[2])) for row in found] == [
        (pattern, each.digits(5).replace("-", "−"), each.multiplicity) for pattern, each in expected
    ]
    for row, (_, each) in zip(found, expected, strict=True):
        if each.exact != 0:
            assert row[4] == each.rate_digits(5).replace("-", "−")
            assert float(row[5]) == pytest.approx(float(each.time_constant), rel=1e-4)
            assert float(row[6]) == pytest.approx(float(each.frequency), rel=1e-4)
        else:
            assert row[4:] == ["", "0", ""]


def test_eigenvalues_on_the_circle_never_decay(no_pictures):
    page = read(sr.report(sr.PLRNN([1, "1/2"], [[0, 0], [0, 0]], [0, 1], dt=1), steps=1))
    assert ["11", "1", "1", "1.0000", "0", "∞", "0"] in rows(page, "Eigenvalues")


def test_equilibria_are_those_of_the_network(page):
    expected = {e.pattern: e for e in sr.example("kinds").equilibria()}
    found = rows(page, "Equilibria")
    assert {row[0] for row in found} == set(expected)
    for pattern, location, kind, *state in found:
        assert (location, kind) == (expected[pattern].location, expected[pattern].type)
        assert [x.replace("−", "-") for x in state] == list(expected[pattern].digits(5))


def test_crossings_are_those_of_the_certificates(no_pictures):
    net = sr.example("cycle16")
    page = read(sr.report(net, z0=[1, 0], steps=30))
    report = sr.derive(net).crossings([1, 0], 30)
    leaving = [step for step in report.steps if step.outcome == "leaves"]
    assert [int(row[0]) for row in rows(page, "Steps in which the flow leaves")] == [step.step for step in leaving]
    section = next(s for s in page.all("section") if s.attributes["id"] == "crossings")
    assert f"Of 30 steps the flow stays in its region for the whole step in {report.counts['stays']} " in section.text
    states = {row[0]: row for row in rows(page, "Distance of the solution")}
    largest = sr.derive(net).simulate([1, 0], 30, 1, "state").departure.max()
    assert float(states["state switching"][1]) == pytest.approx(largest, rel=1e-2)


def test_the_same_network_gives_the_same_bytes(kinds):
    assert sr.report(sr.example("kinds"), steps=20, title="kinds") == kinds


def test_nothing_is_loaded_from_outside(kinds):
    assert not OUTSIDE.findall(without_script(kinds).replace('xmlns="http://www.w3.org/2000/svg"', ""))
    style = re.findall(r"<style>(.*?)</style>", kinds, re.DOTALL)
    assert len(style) == 1
    assert not OUTSIDE.findall(style[0])
    assert "default-src &#x27;none&#x27;" in kinds
    assert len(re.findall("<script", kinds)) == 1
    assert not re.findall(r"\son[a-z]+=", without_script(kinds))


def test_pictures_say_what_they_show(page):
    pictures = page.all("svg")
    assert len(pictures) == 7
    for svg in pictures:
        assert svg.attributes["role"] == "img"
        [title] = [e for e in svg.all("title") if e.attributes["id"] == svg.attributes["aria-labelledby"]]
        assert len(title.text) > 30
    used = {e.attributes["href"] for e in page.all("use")}
    assert used <= {f"#{e.attributes['id']}" for e in page.all() if "id" in e.attributes}


@pytest.mark.parametrize("name", ["kinds", "two_units"])
def test_headings_tables_and_language(name, page):
    page = page if name == "kinds" else read(sr.report(sr.example(name)))
    levels = [int(h.tag[1]) for h in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert page.all("html")[0].attributes["lang"] == "en"
    for table_ in page.all("table"):
        assert all(th.attributes["scope"] in ("col", "row") and th.text for th in table_.all("th"))
    for box in page.all("div"):
        if box.attributes.get("class", "").split()[:1] in (["display"], ["table"]):  # what scrolls is reached by the keyboard
            assert box.attributes["tabindex"] == "0"
            assert box.attributes["aria-label"]


def colours(style):
    light, dark = (
        dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    )
    return {"light": light, "dark": dark}


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    lower, upper = sorted((luminance(first), luminance(second)))
    return (upper + 0.05) / (lower + 0.05)


def test_contrast_is_enough_in_both_schemes(kinds):
    [style] = re.findall(r"<style>(.*?)</style>", kinds, re.DOTALL)
    schemes = colours(style)
    assert set(schemes["light"]) == set(schemes["dark"])
    for found in schemes.values():
        for text in ("ink", "soft", "link", "good", "bad", "maybe"):
            assert contrast(found[text], found["paper"]) >= 4.5, text
        for text in ("ink", "soft"):
            assert contrast(found[text], found["panel"]) >= 4.5, text
        for line in (canvas.BLUE, canvas.VERMILLION, canvas.GREY):
            assert contrast(line, found["paper"]) >= 2.7, line  # of lines and marks, which also differ in shape


def test_names_are_text():
    net = sr.PLRNN(["1/2", "1/3"], [[0, 1], [0, 0]], [1, 0], dt=1, names=[HOSTILE, "a$b^{2}"])
    text = sr.report(net, title=HOSTILE, steps=5)
    page = read(text)
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert page.all("h1")[0].text == HOSTILE
    heads = [th.text for table in page.all("table") for th in table.all("th")]
    assert {HOSTILE, "a$b^{2}"} <= set(heads)
    shown = [table(HOSTILE, [HOSTILE], [[HOSTILE], [(HOSTILE, HOSTILE)]])]
    assert not read(shown[0]).all("script", "img")


def test_names_of_files_and_letters_are_text(no_pictures, tmp_path):
    file = tmp_path / "<script>alert(1)<!--.json"
    file.write_text(
        '{"A": ["a", "1/2"], "W": [[0, "alphahat"], [0, 0]], "h": [1, 0], "dt": 1, "parameters": {"a": "positive", "alphahat": "real"}}'
    )
    page = read(sr.report(file))
    assert page.all("h1")[0].text == file.name
    assert len(page.all("script")) == 1


def test_a_network_with_letters_has_conditions_and_no_orbit():
    page = read(sr.report(sr.example("two_units")))
    assert [h.text for h in page.all("h2")] == ["Equations", "Conditions", "Regions", "Eigenvalues", "Equilibria", "Certificate"]
    assert not page.all("svg", "code.latex")
    assert "a1*a2 > w12*w21" in next(p.text for p in page.all("p") if p.attributes.get("class") == "summary")
    assert len(rows(page, "Eigenvalues")) == 8


def test_without_matplotlib_the_page_says_so(monkeypatch):
    def missing(name="matplotlib.pyplot"):
        raise sr.MissingExtra("plot: matplotlib is not installed")

    monkeypatch.setattr("symplrnn.emit.plot.canvas.library", missing)
    text = sr.report(sr.example("complex"), steps=3)
    assert "No pictures: plot: matplotlib is not installed" in text
    assert not read(text).all("svg")


def test_what_was_chosen_is_said(no_pictures):
    text = sr.report(sr.PLRNN(["1/2"], [["1/4"]], [1]), steps=3)
    assert "time is counted in steps of the network (dt = 1)" in text
    assert "the orbit starts at 0" in text
    text = sr.report(sr.PLRNN(["1/2"], [["1/4"]], [1]), dt="1/10", z0=[1], steps=3)
    assert "is counted in steps" not in text
    assert "the orbit starts at 0" not in text
    assert "From the state (1), 3 steps." in text


def test_of_many_regions_the_visited_ones_are_checked(no_pictures):
    net = sr.ReLURNN([["1/2"]], [["1/64"] * 11], [1], V=[[1]] * 11, b=range(-5, 6), dt=1)
    with pytest.raises(sr.PatternError, match=r"report: a network of 11 units has too many regions for a page; give a start"):
        sr.report(net)
    page = read(sr.report(net, z0=[-8], steps=6))
    patterns = set(net.orbit([-8], 6).patterns)
    assert len(patterns) > 3
    assert {row[0] for row in rows(page, "The regions that were checked")} == patterns
    assert "those that the orbit visits in 6 steps were checked" in page.text
    with pytest.raises(sr.PatternError, match="with parameters has too many regions for a page; give regions"):
        sr.report(sr.PLRNN(["a"] * 6, [[0] * 6] * 6, [1] * 6, parameters=["a"], dt=1))


def test_chosen_regions_and_inputs(no_pictures):
    page = read(sr.report(sr.example("addition"), regions=["11", "01"], z0=[1, 1], steps=4, inputs=[[1, 0]] * 4))
    assert [row[0] for row in rows(page, "The regions that were checked")] == ["11", "01"]
    assert "From the state (1, 1), 4 steps." in page.text
    assert "without inputs" not in page.text


def test_what_is_no_network_is_refused():
    with pytest.raises(sr.SymplrnnError, match="report: expected a network"):
        sr.report(3)
    with pytest.raises(sr.FormatError, match="no such file"):
        sr.report("missing.json")


def test_long_tables_are_cut_with_where_the_rest_is(no_pictures, monkeypatch):
    monkeypatch.setattr(sections, "CROSSINGS", 1)
    page = read(sr.report(sr.example("cycle16"), z0=[1, 0], steps=30))
    assert len(rows(page, "Steps in which the flow leaves")) == 1
    assert "All steps: symplrnn simulate FILE --certify --json." in page.text


@pytest.mark.slow
@pytest.mark.parametrize("name", descriptions())
def test_reports_of_packaged_networks_are_complete(name):
    text = sr.report(sr.example(name))
    page = read(text)
    assert len(text) < 1_000_000
    assert 'class="latex"' not in text
    assert not [p.text for p in page.all("p") if p.text.startswith("Not shown") or "no picture" in p.text]


@pytest.mark.slow
def test_the_report_on_the_van_der_pol_network_is_small(van_der_pol):
    text = sr.report(van_der_pol, title="van der Pol")
    page = read(text)
    assert len(text.encode()) < 3_000_000
    assert "Legitimate in all 1024 regions." in page.text
    assert len(rows(page, "The regions that the orbit visits")) == len(
        set(van_der_pol.orbit(van_der_pol.initial_states[0], 1000).patterns)
    )
    assert len(rows(page, "The regions that were checked")) == 1024
    real = [row for row in rows(page, "Equilibria") if row[1] == "real"]
    assert len(real) == 1


def test_the_certificate_on_the_page_is_the_one_that_certify_writes(tmp_path):
    text = sr.report(sr.example("kinds"), dt="1/2", steps=5)
    command, digest = re.search(
        r"<code>(symplrnn certify FILE[^<]*)</code>. Its SHA-256 hash is <code>(\w+)</code>", text
    ).groups()
    arguments = command.split()[1:]
    arguments[1], arguments[-1] = "kinds", str(tmp_path / "certificate.json")
    assert main(arguments) == 0
    assert sha256((tmp_path / "certificate.json").read_bytes()).hexdigest() == digest
    for pattern, kind in (("01", "lifted"), ("10", "impulsive")):
        assert re.search(rf"<code>{pattern}</code></th>(<td[^>]*>no</td>){{3}}<td>{kind}</td><td>none</td>", text)
    assert "E2 holds in every region (G1): where a1*a2 - w12*w21 &gt; 0" in sr.report(sr.example("two_units"), steps=5)
    assert "SHA-256" not in sr.report(sr.PLRNN(["sqrt(2)/2"], [[0]], [1]), steps=5)


def test_a_certificate_that_is_refused_is_not_passed_over(monkeypatch):
    monkeypatch.setattr(checker, "WORK", 1)
    text = sr.report(sr.example("kinds"), dt="1/2", steps=5)
    assert "The checker has not accepted the certificate: network: A: the certificate would take too long to check." in text
    assert "SHA-256" not in text
