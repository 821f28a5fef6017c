"""The command ``plot``: a picture as PDF, SVG or PNG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symplrnn import limits
from symplrnn.cli.options import (
    dt_option,
    file_argument,
    inputs_option,
    network_argument,
    output_option,
    read_inputs,
    selection,
    set_option,
    start_option,
    start_state,
)
from symplrnn.cli.output import progress

if TYPE_CHECKING:
    from symplrnn.network.network import ReLURNN

__all__ = ["plot_command"]

ENDINGS = (".pdf", ".svg", ".png")
RUN = ("z0", "inputs", "steps", "units", "per_step", "switching")
OPTIONS: dict[str, tuple[str, ...]] = {  # which go with which picture
    "orbit": (*RUN, "zoom"),
    "state-space": RUN,
    "portrait": ("units", "at", "box"),
    "eigenvalues": ("patterns", "visited", "z0", "inputs", "steps", "of"),
    "kinds": ("patterns", "visited", "z0", "inputs", "steps"),
    "transitions": ("z0", "inputs", "steps"),
}
WITH_ORBIT = ("orbit", "state-space", "transitions")
FLAGS = {"units": "--unit", "patterns": "--region", "per_step": "--per-step"}


@click.command("plot", short_help="Draw an orbit, a phase portrait, eigenvalues or regions.")
@file_argument
@set_option
@click.option("--kind", type=click.Choice(list(OPTIONS)), default="orbit", show_default=True, help="What to draw.")
@output_option("The picture: a name that ends in .pdf, .svg or .png.", required=True)
@dt_option
@start_option("Start state")
@inputs_option("Inputs")
@click.option(
    "--steps",
    type=click.IntRange(0, limits.ORBIT_STEPS),
    help="Number of steps (default 100; of transitions and --visited 1000; or the rows of --inputs).",
)
@click.option("--unit", "units", type=int, multiple=True, metavar="NUMBER", help="A state to show, from 1. May be repeated.")
@click.option("--per-step", type=click.IntRange(1, 10**5), help="Number of points of the line in each step (default 10).")
@click.option("--switching", type=click.Choice(["grid", "state"]), help="As for simulate (default: grid).")
@click.option("--zoom", help='Window of an orbit, such as "10,12"; "none" for none (default: chosen where there are many steps).')
@click.option("--at", multiple=True, metavar="NUMBER=VALUE", help="Of a portrait: another state, such as 3=1/2. May be repeated.")
@click.option("--box", help='Of a portrait: least and greatest value of both states, such as "-1,1,-2,2".')
@click.option(
    "--region", "patterns", multiple=True, metavar="PATTERN", help="Of eigenvalues and kinds: a region. May be repeated."
)
@click.option("--visited", is_flag=True, help="Of eigenvalues and kinds: only the regions that the orbit from --z0 visits.")
@click.option("--of", type=click.Choice(["map", "ode"]), help="Eigenvalues of the map (default) or of the ODE.")
def plot_command(file: str, values: tuple[str, ...], kind: str, output: str, dt: str | None, **given: Any) -> int:
    """Draw a picture of a network of numbers, of the width of a column in a paper.

    orbit: the network (dots) on the solution in continuous time (line), against time. state-space: the same for two or three
    states. portrait: the ODE with state switching in the plane of two states. eigenvalues: of chosen regions. kinds: how many
    regions are of which kind. transitions: which region follows which on an orbit.

    Needs matplotlib:  pip install "symplrnn[plot]"
    """
    if Path(output).suffix.lower() not in ENDINGS:
        raise click.UsageError(f'-o: expected a name that ends in .pdf, .svg or .png, got "{output}"')
    options = {name: value for name, value in given.items() if value not in (None, (), False)}
    for name in options:
        if name not in OPTIONS[kind]:
            kinds = [other for other in OPTIONS if name in OPTIONS[other]]
            raise click.UsageError(f"{FLAGS.get(name, '--' + name)} goes with --kind {', '.join(kinds)}, not with {kind}")
    from symplrnn.emit import plot

    network = network_argument(file, values)
    plot.canvas.library("matplotlib").use("Agg")  # no window
    with progress("drawing"):
        axes = _draw(network, kind, dt, options)
        plot.save(axes, output)
    return 0


def _draw(network: ReLURNN, kind: str, dt: str | None, options: dict[str, Any]) -> Any:
    """Return the axes of a picture."""
    from symplrnn.derivation import derive
    from symplrnn.emit import plot as pictures
    from symplrnn.theorems.check import check

    start: dict[str, Any] = {}
    if "z0" in options:
        start["z0"] = start_state(options["z0"])
    if "inputs" in options and kind in WITH_ORBIT:
        start["inputs"] = read_inputs(options["inputs"])
        options.setdefault("steps", len(start["inputs"]))
    chosen = start | {name: options[name] for name in RUN[2:] if name in options}
    if kind == "orbit":
        if "zoom" in options:
            chosen["zoom"] = options["zoom"] != "none" and _numbers(options["zoom"], "--zoom", 2)
        return pictures.orbit(derive(network, dt), **chosen)
    if kind == "state-space":
        return pictures.state_space(derive(network, dt), **chosen)
    if kind == "portrait":
        if "box" in options:
            ends = _numbers(options["box"], "--box", 4)
            chosen["box"] = ends[:2], ends[2:]
        if "at" in options:
            chosen["at"] = dict(map(_state, options["at"]))
        return pictures.phase_portrait(derive(network, dt), **chosen)
    if kind == "transitions":
        return pictures.transitions(network, **start, steps=options.get("steps", 1000))
    given = {name: options.get(name) for name in ("z0", "steps", "inputs")}
    regions = selection(options.get("patterns", ()), "visited" in options, **given)
    if kind == "kinds":
        return pictures.kinds(check(network, **regions))
    of = options.get("of", "map")
    step = "1" if of == "map" and dt is None and network.dt is None else dt  # it plays no part for the map
    return pictures.eigenvalues(derive(network, step, **regions), of=of)


def _numbers(text: str, option: str, count: int) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != count:
        raise click.UsageError(f'{option}: expected {count} numbers separated by commas, got "{text}"')
    return found


def _state(text: str) -> tuple[int, str]:
    number, equals, value = text.partition("=")
    if not (equals and number.strip().isdecimal() and value.strip()):
        raise click.UsageError(f'--at: expected NUMBER=VALUE such as 3=1/2, got "{text}"')
    return int(number), value
