"""The sections of a report: equations, conditions, regions, eigenvalues, equilibria, orbit, crossings.

Each takes what the report is about and returns the parts of its section; none where there is nothing to say. Tables are bounded:
of many regions those that the orbit visits are shown, and the text says how to see the others.

Reference: docs/theory, sections 3 to 5.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sympy as sp
from flint import arb

from symplrnn import limits
from symplrnn.conditions.truth import Truth
from symplrnn.dynamics.crossing import StepCertificate
from symplrnn.eigenvalues.fixed_points import fixed_point_facts
from symplrnn.emit.json_ import plain
from symplrnn.emit.latex.conditions import truth_text
from symplrnn.emit.latex.dispatch import has_page, latex
from symplrnn.emit.latex.expressions import formula_latex, if_short
from symplrnn.emit.latex.layout import width
from symplrnn.emit.report.page import Markup, details, element, table
from symplrnn.emit.report.prose import formula, page_html
from symplrnn.emit.report.subject import Subject
from symplrnn.errors import SymplrnnError
from symplrnn.exact.balls import certified_decimal
from symplrnn.systems.eigenvalues import Eigenvalue
from symplrnn.systems.equilibria import Equilibrium
from symplrnn.theorems import Verdict
from symplrnn.theorems.base import Hypothesis
from symplrnn.theorems.check import RegionCheck
from symplrnn.views import cut

__all__ = ["conditions_part", "crossings_part", "eigenvalues_part", "equations_part", "equilibria_part", "facts", "regions_part"]

DIGITS = 5
BITS = 128
NARROW, MIDDLE, WIDE = 260, 330, 1000  # points of lines of formulas: of numbers, of letters, and where one scrolls
SMALL = 3  # states of a network whose matrices are narrow
FORMULA_POINTS = 600  # of an eigenvalue with letters
LONG = 20_000  # characters of LaTeX that are folded away
CELL = 160  # characters of a condition in a table
CROSSINGS = 60  # steps in the table of crossings
DEPENDS = "depends on the letters"


def name_of(pattern: str) -> str:
    """Return the pattern of a region, in words for a network without units."""
    return pattern or "(no units)"


def code(pattern: str) -> Markup:
    """Return the pattern of a region in letters of one width."""
    return element("code", name_of(pattern))


def mark(truth: Truth) -> Markup:
    """Return a truth value in its colour, or a condition if it is short."""
    text = truth_text(truth)
    kind = "unknown" if truth.is_unknown or truth.is_conditional else text
    return element("span", text if len(text) <= CELL else DEPENDS, class_=kind)


def number(value: float) -> str:
    """Return a double for a table.

    >>> number(0.125), number(float("inf"))
    ('0.125', '∞')
    """
    return _signed(f"{value:.5g}").replace("inf", "∞")


def facts(subject: Subject) -> Markup:
    """Return the sizes of the network and what was checked, as a list of terms."""
    network, report = subject.network, subject.report
    total = "an unknown number" if report.total is None else report.total
    pairs = [
        ("states", network.n),
        ("ReLU units", network.p),
        ("inputs", network.m),
        ("time of a step", subject.ode.dt),
        ("regions checked", f"{report.checked} of {total}"),
    ]
    letters = [*network.parameters, *sorted(subject.ode.dt.free_symbols - set(network.parameters), key=str)]
    if letters:
        pairs.append(("parameters", ", ".join(map(str, letters))))
    return element("dl", *(element("div", element("dt", name), element("dd", value)) for name, value in pairs), class_="facts")


# Equations and conditions


def equations_part(subject: Subject) -> list[Markup]:
    """Return the network and its ODE."""
    parts = []
    if not has_page(subject.shown):
        parts += [element("h3", "The network"), _latex(subject, subject.network)]
        few = len(subject.shown) < subject.report.checked
        which = f"The equivalent ODE, in {len(subject.shown)} of the regions" if few else "The equivalent ODE"
        parts.append(element("h3", which))
    parts.append(_latex(subject, subject.shown))
    if len(subject.shown) < subject.report.checked:
        parts.append(_note("The ODE of another region: symplrnn latex FILE --region PATTERN."))
    return parts


def _latex(subject: Subject, value: Any) -> Markup:
    """Return the LaTeX of a value in HTML, folded away if it is long; if it is refused, the reason."""
    points = MIDDLE if subject.has_letters else NARROW if subject.network.n <= SMALL else WIDE
    try:
        text = latex(value, width=points)
    except SymplrnnError as reason:
        return _note(f"Not shown: {reason}")
    shown = Markup(page_html(text))
    return details("The formulas, which are long", shown) if len(text) > LONG else shown


def _note(text: str) -> Markup:
    return element("p", text, class_="note")


def conditions_part(subject: Subject) -> list[Markup]:
    """Return for how many regions each theorem applies, or with letters where it does, and the evidence on the whole network."""
    report = subject.report
    parts = [_latex(subject, report) if subject.network.parameters else _theorems(subject)]
    whole = report.global_verdict
    sentence = f"A + W is a P-matrix, so that E2 applies in all regions (G1): {truth_text(whole.truth)}"
    if len(sentence) > limits.REPR_CHARACTERS:
        sentence = "E2 in all regions (G1)"
    parts.append(details(sentence, *_verdict(whole)))
    if report.grid_verdict is not None:
        answer = truth_text(report.grid_verdict.truth)
        parts.append(details(f"The ODE equals the network at all grid times (E7): {answer}", *_verdict(report.grid_verdict)))
    return parts


def _theorems(subject: Subject) -> Markup:
    report, counts = subject.report, subject.report.counts
    first = next(iter(report.verdicts.values()))
    rows = [
        ("no eigenvalue in (−∞, 0], none is 1 (hyperbolic)", "E1", report.hyperbolic),
        ("no eigenvalue in (−∞, 0]: the principal logarithm is the ODE", "E2", counts["principal"]),
        ("a real ODE exists", "E3", counts["real"]),
        ("the real ODE is the only one", "E4", counts["unique"]),
        ("no real ODE: extra coordinates are needed (lifted)", "E5", counts["lifted"]),
        ("no real ODE: a jump is needed (impulsive)", "E6", counts["impulsive"]),
        ("1 is an eigenvalue", "", counts["unit_eigenvalue"]),
        ("the published formula of the offset is right", "", counts["published_formula"]),
        ("something is undecided", "", counts["unknown"]),
    ]
    shown = table(f"In how many of {report.checked} regions it holds", ["what holds", "theorem", "regions"], rows, [2])
    texts = [
        element("p", element("strong", name), " ", found.theorem.statement, " ", element("small", found.theorem.reference))
        for name, found in first.verdicts.items()
    ]
    return Markup(shown + details("The theorems", *texts))


def _verdict(found: Verdict) -> list[Markup]:
    """Return what a verdict rests on: each hypothesis with its evidence."""
    rows = [(h.statement, mark(h.truth), h.truth.reason if h.truth.is_unknown else _evidence(h)) for h in found.hypotheses]
    return [
        element("p", found.theorem.statement),
        table(f"Hypotheses of {found.theorem.identifier}", ["hypothesis", "holds", "evidence"], rows),
    ]


def _evidence(hypothesis: Hypothesis) -> str:
    values = plain(hypothesis.evidence).items()
    text = "; ".join(f"{key.replace('_', ' ')}: {cut(x if isinstance(x, str) else json.dumps(x), CELL)}" for key, x in values)
    return cut(text, limits.CELL_CHARACTERS)


# Regions


def regions_part(subject: Subject) -> list[Markup]:
    """Return a table of the regions, and the evidence on the few that are shown."""
    parts, report = [], subject.report
    if not subject.has_letters:
        visited = [p for p in subject.visits if p in report.verdicts]
        many = report.checked > limits.REGIONS_PRINTED
        if many and visited:
            parts.append(_table_of(subject, "The regions that the orbit visits", visited))
        if not many or report.selection != "visited":
            whole = _table_of(subject, "The regions that were checked", list(report.verdicts))
            parts.append(details(f"All {report.checked} regions that were checked", whole) if many else whole)
    parts.append(element("h3", "Evidence"))
    parts += [_region(subject, pattern) for pattern in subject.shown]
    if len(subject.shown) < report.checked:
        parts.append(_note("The evidence on all regions, and numbers that are cut here: symplrnn check FILE --json."))
    return parts


HEADS = ["region", "system", "E1", "E2", "E3", "E4", "eigenvalue 1", "in (−∞, 0]", "real ODEs"]


def _table_of(subject: Subject, caption: str, patterns: Sequence[str]) -> Markup:
    rows = []
    for pattern in patterns:
        found = subject.report.verdicts[pattern]
        truths = [found[name].truth for name in ("E1", "E2", "E3", "E4")]
        marks = [truth_text(truths[0]), mark(truths[1]), mark(truths[2]), truth_text(truths[3])]
        obstacles = ["0"] * found.needs_jump.is_true + [str(e) for e in found.spectrum.negative_eigenvalues or ()]
        more = [subject.visits.get(pattern, 0)] if subject.visits else []
        unit, how_many = truth_text(found.unit_eigenvalue), found.how_many or "undecided"
        rows.append([code(pattern), system(found), *marks, unit, ", ".join(obstacles), how_many, *more])
    heads = [*HEADS, "visits"] if subject.visits else HEADS
    return table(caption, heads, rows, [9], sortable=True)


def system(found: RegionCheck) -> str:
    """Return the kind of the system of a region, in words."""
    if found.principal.is_true:
        return "real, principal"
    if found.real.is_true:
        return "real, not principal"
    needs = ["lifted"] * found.needs_lift.is_true + ["impulsive"] * found.needs_jump.is_true
    return "+".join(needs) or "undecided"


def _region(subject: Subject, pattern: str) -> Markup:
    """Return the map of a region, why its system is as it is, and its verdicts, folded away."""
    found, ode = subject.report.verdicts[pattern], subject.shown[pattern]
    parts = [_latex(subject, found.region)]
    if not ode.has_parameters:
        parts.append(element("p", element("strong", "Why: "), ode.why))
    for name, verdict in found.verdicts.items():
        parts.append(details(f"{name}, {verdict.theorem.name}: {_short(verdict.truth)}", *_verdict(verdict)))
    what = f"E2 {_short(found.principal)}" if subject.has_letters else system(found)
    return details(element("span", code(pattern), f": {what}"), *parts)


def _short(truth: Truth) -> str:
    text = truth_text(truth)
    return text if len(text) <= CELL else DEPENDS


# Eigenvalues


def eigenvalues_part(subject: Subject) -> list[Markup]:
    """Return the eigenvalues of the maps and their logarithms over dt, of the regions that are shown."""
    pairs = [(code(pattern), each) for pattern in subject.shown for each in subject.shown[pattern].eigenvalues]
    if not pairs:
        return []
    if subject.has_letters:
        cells = [
            (name, _with_letters(each, each.exact), each.multiplicity, _with_letters(each, each.rate)) for name, each in pairs
        ]
        return [table("Eigenvalues", ["region", "eigenvalue of M", "multiplicity", "of the ODE"], cells, [2])]
    words = (
        "An eigenvalue l of the map is log(l)/dt in the principal ODE. A deviation shrinks to 1/e in the time constant "
        "−dt/log|l|, which is negative where it grows; the frequency is in turns per unit of time. A negative eigenvalue makes "
        "half a turn a step, and 0 has no logarithm: the principal ODE does not exist there. Digits are certified."
    )
    heads = ["region", "eigenvalue l of M", "multiplicity", "|l|", "log(l)/dt", "time constant", "frequency"]
    rows = [[name, *eigenvalue_cells(each)] for name, each in pairs]
    return [element("p", words), table("Eigenvalues", heads, rows, range(1, 7), sortable=True)]


def _with_letters(each: Eigenvalue, value: sp.Expr | None) -> Markup:
    """Return an eigenvalue, or its logarithm, as a formula if that is short."""
    text = None if value is None else if_short(lambda: formula_latex(value))
    if text is not None and width(text) <= FORMULA_POINTS:
        return Markup(formula(rf"\displaystyle {text}"))
    return element("span", "0 has none" if each.exact == 0 else "long, or a root of a polynomial of degree 3 or more")


def eigenvalue_cells(each: Eigenvalue) -> list[Any]:
    """Return l, its multiplicity, |l|, log(l)/dt, the time constant and the frequency; of l = 0 what there is."""
    root = each.enclosure(BITS)
    size = float(abs(root).mid())
    shown = _signed(each.digits(DIGITS)), float(root.real.mid())
    if each.exact == 0:
        return [shown, each.multiplicity, ("0", "0"), "", ("0", "0"), ""]
    try:
        rate = each.rate_enclosure(BITS)
        text = _signed(each.rate_digits(DIGITS)), float(rate.real.mid())
    except SymplrnnError:  # dt is no rational number
        return [shown, each.multiplicity, (_decimal(abs(root)), size), "", "", ""]
    constant, turns = each.time_constant, each.frequency
    time = ("∞", "inf") if constant == sp.oo else _quotient(-1 / rate.real) if not rate.real.contains(0) else "undecided"
    frequency = ("0", 0) if turns == 0 or rate.imag == 0 else _quotient(rate.imag / (2 * arb.pi()))
    return [shown, each.multiplicity, (_decimal(abs(root)), size), text, time, frequency]


def _quotient(ball: arb) -> tuple[str, float]:
    return _decimal(ball), float(ball.mid())


def _decimal(ball: arb) -> str:
    """Return the digits of a ball that are certain."""
    return _signed(certified_decimal(ball, DIGITS) or ball.str(DIGITS))


def _signed(text: str) -> str:
    """Return a number with signs as they are printed."""
    return text.replace("-", "−")


# Equilibria


def equilibria_part(subject: Subject) -> list[Markup]:
    """Return the equilibria: of numbers all real ones and those of the regions that are shown, of letters where they are."""
    if subject.has_letters:
        facts_of = {pattern: fixed_point_facts(subject.network.region(pattern)) for pattern in subject.shown}
        return [details(element("span", "Region ", code(p)), _latex(subject, found)) for p, found in facts_of.items()]
    found = [e for e in subject.network.equilibria(list(subject.report.verdicts)) if e.exists]
    shown = sorted((e for e in found if e.real or e.pattern in subject.shown), key=lambda e: (not e.real, e.pattern))
    counts = Counter(e.location for e in found)
    words = (
        "An equilibrium of the ODE of a region is a fixed point of its map. It is real, one of the network, where it lies in its "
        f"region, and virtual where it does not. Of {subject.report.checked} regions that were checked {counts['real']} have a "
        f"real one, {counts['virtual']} a virtual one, and {counts['boundary']} one on a face"
    )
    names = subject.network.names or [f"z{i}" for i in range(1, subject.network.n + 1)]
    inputs = "; inputs are 0." if subject.network.m else "."
    parts = [element("p", words, inputs)]
    if shown:
        some = ": those that are real, and those of the regions that are shown" if len(shown) < len(found) else ""
        heads = ["region", "in its region", "type", *names]
        rows = map(_equilibrium, shown)
        parts.append(table(f"Equilibria{some}", heads, rows, range(3, 3 + len(names)), sortable=True))
    return parts


def _equilibrium(found: Equilibrium) -> list[Any]:
    points = "" if found.dimension == 0 else f" ({found.solutions})"
    return [code(found.pattern), found.location + points, found.type, *(_signed(str(x)) for x in found.digits(DIGITS))]


# Orbit and crossings


def orbit_words(subject: Subject) -> Iterator[Markup]:
    """Return how far the solution in continuous time is from the network at grid times."""
    start = ", ".join(number(float(x)) for x in subject.start)
    none = " without inputs" if subject.network.m and subject.inputs is None else ""
    yield element("p", f"From the state ({start}), {subject.steps} steps{none}.")
    rows = []
    for switching in ("grid", "state"):
        found = subject.ode.simulate(subject.start, subject.steps, 1, switching, subject.inputs)
        away = found.departure
        ends = "no" if found.success else f"at t = {number(float(found.times[-1]))} ({found.status})"
        rows.append((f"{switching} switching", f"{float(away.max()):.2e}", int(np.argmax(away)), len(found.events), ends))
    heads = ["the solution with", "largest distance", "at step", "faces crossed", "ends early"]
    yield table("Distance of the solution from the network at grid times, in double precision", heads, rows, [1, 2, 3])
    yield _note(
        "Grid switching holds the region of each grid time for a step; then the two are equal, up to rounding (E7). With state "
        "switching the region is that of the solution itself."
    )


def crossings_part(subject: Subject) -> list[Markup]:
    """Return for how many steps of the orbit the flow stays in its region, and those in which it leaves."""
    found = subject.ode.crossings(subject.start, subject.steps, subject.inputs)
    counts = found.counts
    words = (
        f"Of {len(found.steps)} steps the flow stays in its region for the whole step in {counts['stays']} and leaves it in "
        f"{counts['leaves']}; {counts['undecided']} are undecided. Up to step {found.coincide} state switching and grid "
        "switching have the same solution. All of this is certified from the exact orbit."
    )
    leaving = [step for step in found.steps if step.outcome != "stays"]
    rows = [_crossing(step) for step in leaving[:CROSSINGS]]
    parts = [element("p", words)]
    if rows:
        some = f"the first {CROSSINGS} of " if len(leaving) > CROSSINGS else ""
        caption = f"Steps in which the flow leaves its region or that are undecided: {some}{len(leaving)}"
        parts.append(table(caption, ["step", "region", "outcome", "unit", "at time"], rows, [4], sortable=True))
    if len(leaving) > CROSSINGS:
        parts.append(_note("All steps: symplrnn simulate FILE --certify --json."))
    return parts


def _crossing(step: StepCertificate) -> list[Any]:
    if step.time is None:
        return [step.step, code(step.pattern), step.outcome, step.reason, ""]
    units = ", ".join(f"{unit} {way}" for unit, way in zip(step.units, step.directions, strict=True))
    return [step.step, code(step.pattern), step.outcome, units, number(float(step.time[0]))]
