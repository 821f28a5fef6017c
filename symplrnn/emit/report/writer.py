"""Write a report on a network: one page of HTML that needs nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from symplrnn.emit import plot
from symplrnn.emit.report.certificate import certificate_part
from symplrnn.emit.report.page import Markup, Section, element, page
from symplrnn.emit.report.pictures import Pictures
from symplrnn.emit.report.sections import (
    conditions_part,
    crossings_part,
    eigenvalues_part,
    equations_part,
    equilibria_part,
    facts,
    orbit_words,
    regions_part,
)
from symplrnn.emit.report.subject import Subject, subject_of
from symplrnn.errors import MissingExtra, SymplrnnError, require_kind
from symplrnn.network.files import load
from symplrnn.network.network import ReLURNN

__all__ = ["page_of", "report"]

UNITS_SHOWN = 4  # states in the picture of an orbit
LEGITIMATE = (
    "A region is legitimate where the principal logarithm of its map is real (E2): its ODE is then equivalent to the network at "
    "all grid times."
)
PLANES = {"map": "the map, with the unit circle and the half-line (−∞, 0]", "ode": "the ODE, with the imaginary axis"}


def report(
    network: ReLURNN | str | os.PathLike[str],
    dt: Any = None,
    regions: str | Iterable[str] | None = None,
    z0: Any = None,
    steps: int | None = None,
    inputs: Sequence[Any] | None = None,
    title: str | None = None,
) -> str:
    """Return a report on a network as one page of HTML that needs no other file, no network access and no script to be read.

    It holds the verdict in a sentence, the equations, the conditions, the regions with the evidence, eigenvalues, equilibria,
    an orbit in discrete and in continuous time, and where the solution leaves its region within a step. Pictures need
    matplotlib (the extra ``plot``); without it the page says so. The same network gives the same page.

    Parameters
    ----------
    network : ReLURNN, or path of a file with one
    dt : positive number, optional
        The time of a step; the network's own if absent. If there is none, time is counted in steps, which the page says.
    regions : "all", "visited" or patterns, optional
        The regions to check; all if absent, or of a network with more than 1024 of them those that the orbit visits.
    z0 : vector (n,), optional
        Start state of the orbit; the first one that the network carries if absent, else 0.
    steps : int, optional
        Number of steps of the orbit (1000 unless told, or as many as there are inputs).
    inputs : sequence of vectors (m,), optional
        One a step; zero if absent.
    title : str, optional
        The name of the network on the page; that of the file if absent.

    Raises
    ------
    PatternError
        If there are too many regions for a page and nothing says which ones to take.
    FormatError
        If a file cannot be read.

    Examples
    --------
    >>> import symplrnn as sr
    >>> text = sr.report(sr.example("kinds"), steps=20)
    >>> "legitimate in 1 of 4 regions" in text
    True
    >>> from pathlib import Path
    >>> Path("report.html").write_text(text, encoding="utf-8")  # doctest: +SKIP
    """
    require_kind(network, ReLURNN | str | os.PathLike, "report", "a network, or the path of a file with one")
    name = title or ("Network" if isinstance(network, ReLURNN) else Path(network).name)
    loaded = network if isinstance(network, ReLURNN) else load(network)
    return page_of(subject_of(loaded, name, dt, regions, z0, steps, inputs))


def page_of(subject: Subject) -> str:
    """Return the page on what a report is about."""
    summary = subject.report.summary
    head = [
        element("p", "Which ODE is equivalent to this network?", class_="kind"),
        element("h1", subject.name),
        element("p", f"{summary[:1].upper()}{summary[1:]}.", class_="summary"),
        element("p", LEGITIMATE),
        facts(subject),
        *(element("p", note, class_="note") for note in subject.notes),
    ]
    pictures = _pictures(subject)
    parts = [
        ("equations", "Equations", equations_part(subject)),
        ("conditions", "Conditions", conditions_part(subject) + pictures.get("conditions", [])),
        ("regions", "Regions", regions_part(subject)),
        ("eigenvalues", "Eigenvalues", eigenvalues_part(subject) + pictures.get("eigenvalues", [])),
        ("equilibria", "Equilibria", equilibria_part(subject) + pictures.get("equilibria", [])),
    ]
    if not subject.has_letters:
        parts.append(("orbit", "Orbit: discrete against continuous", _orbit(subject, pictures.get("orbit", []))))
        parts.append(("crossings", "Crossings", _unless_refused(lambda: crossings_part(subject))))
    parts.append(("certificate", "Certificate", certificate_part(subject)))
    foot = Markup("Made by symplrnn from exact arithmetic. Numbers in tables are rounded.")
    return page(f"{subject.name}: {summary}", head, [Section(*part) for part in parts if part[2]], foot)


def _unless_refused(write: Callable[[], list[Markup]]) -> list[Markup]:
    """Return the parts of a section, or the reason why there are none."""
    try:
        return write()
    except SymplrnnError as reason:
        return [element("p", f"Not shown: {reason}", class_="note")]


def _orbit(subject: Subject, pictures: list[Markup]) -> list[Markup]:
    first, *others = _unless_refused(lambda: list(orbit_words(subject)))
    return [first, *pictures, *others]


def _pictures(subject: Subject) -> dict[str, list[Markup]]:
    """Return the pictures by section; without matplotlib a note in the place of each."""
    if subject.has_letters:
        return {}
    try:
        return {key: [element("div", *figures, class_="figures")] for key, figures in _drawn(subject).items() if figures}
    except MissingExtra as reason:
        return {"orbit": [element("p", f"No pictures: {reason}", class_="note")]}


def _drawn(subject: Subject) -> dict[str, list[Markup]]:
    """Return the figures by section."""
    figure, network, ode, shown, checked = Pictures().figure, subject.network, subject.ode, subject.shown, subject.report.checked
    run = {"z0": subject.start, "steps": subject.steps, "inputs": subject.inputs}
    found: dict[str, list[Markup]] = {"conditions": [], "eigenvalues": [], "equilibria": [], "orbit": []}
    if checked > 1:
        words = f"How many of {checked} regions are of which kind"
        found["conditions"].append(figure(words, f"Bars: {words}.", lambda: plot.kinds(subject.report)))
    for of, what in PLANES.items():
        words = f"Eigenvalues of {what}, in {'the regions that are shown' if len(shown) < checked else 'all regions'}"
        draw = partial(plot.eigenvalues, shown, list(shown), of)
        found["eigenvalues"].append(figure(words, f"The complex plane: {words}.", draw))
    if network.n == 2 and subject.report.selection == "all":
        words = "Phase portrait with state switching: regions, faces, equilibria and nullclines"
        found["equilibria"].append(figure(words, f"A plane of the two states. {words}.", lambda: plot.phase_portrait(ode)))
    units = list(range(1, min(network.n, UNITS_SHOWN) + 1))
    some = f" (the first {UNITS_SHOWN} of {network.n} states)" if network.n > UNITS_SHOWN else ""
    words = f"The network (dots) on the solution in continuous time (line){some}"
    orbits = [figure(words, f"States against time: {words}.", lambda: plot.orbit(ode, units=units, **run))]
    if network.n > 1:
        words = f"The same in the space of {'the first ' * (network.n > 3)}{min(network.n, 3)} states"
        draw = partial(plot.state_space, ode, units=units[:3], **run)
        orbits.append(figure(words, f"A line through dots. {words}.", draw))
    if len(subject.visits) > 1:
        words = "Which region follows which on the orbit, and how often"
        many = f"A graph of {len(subject.visits)} regions. {words}."
        orbits.append(figure(words, many, lambda: plot.transitions(network, **run)))
    return found | {"orbit": orbits}
