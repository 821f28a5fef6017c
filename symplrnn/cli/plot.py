"""The command ``plot``: a picture as PDF, SVG or PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import symplrnn
from symplrnn import limits
from symplrnn.cli.options import network_argument, set_option
from symplrnn.cli.output import progress, write_file
from symplrnn.derivation import derive
from symplrnn.network.network import ReLURNN
from symplrnn.theorems.check import check

__all__ = ["plot_command"]

ENDINGS = (".pdf", ".svg", ".png")
RUN = ("z0", "steps", "units", "per_step", "switching")
OPTIONS: dict[str, tuple[str, ...]] = {  # which go with which picture
    "orbit": (*RUN, "zoom"),
    "state-space": RUN,
    "portrait": ("units", "at", "box"),
    "eigenvalues": ("patterns", "visited", "z0", "steps", "of"),
    "kinds": ("patterns", "visited", "z0", "steps"),
    "transitions": ("z0", "steps"),
}
FLAGS = {"units": "--unit", "patterns": "--region", "per_step": "--per-step"}


@click.command("plot", short_help="Draw an orbit, a phase portrait, eigenvalues or regions.")
@click.argument("file")
@set_option
@click.option("--kind", type=click.Choice(list(OPTIONS)), default="orbit", show_default=True, help="What to draw.")
@click.option("-o", "--output", metavar="OUT", required=True, help="The picture: a name that ends in .pdf, .svg or .png.")
@click.option("--dt", help="Time of one step, such as 1/10 (default: the dt in the file).")
@click.option("--z0", help='Start state, such as "1,-1/2,0.3" (default: the first one in the file).')
@click.option(
    "--steps",
    type=click.IntRange(0, limits.ORBIT_STEPS),
    help="Number of steps (default 100; of transitions and --visited 1000).",
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
    network = network_argument(file, values)
    symplrnn.plot.canvas.library("matplotlib").use("Agg")  # no window
    with progress("drawing"):
        axes = _draw(network, kind, dt, options)
        write_file(output, lambda target: symplrnn.plot.save(axes, target, Path(output).suffix[1:]))
    return 0


def _draw(network: ReLURNN, kind: str, dt: str | None, options: dict[str, Any]) -> Any:
    """Return the axes of a picture."""
    pictures = symplrnn.plot
    start = {"z0": options["z0"].split(",")} if "z0" in options else {}
    chosen: dict[str, Any] = start | {name: options[name] for name in RUN[1:] if name in options}
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
    regions = _selection(options)
    if kind == "kinds":
        return pictures.kinds(check(network, **regions))
    of = options.get("of", "map")
    step = "1" if of == "map" and dt is None and network.dt is None else dt  # it plays no part for the map
    return pictures.eigenvalues(derive(network, step, **regions), of=of)


def _selection(options: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords of `check` and `derive` that choose regions."""
    if "patterns" in options and "visited" in options:
        raise click.UsageError("--region and --visited exclude each other")
    if "visited" in options:
        z0 = options["z0"].split(",") if "z0" in options else None
        return {"regions": "visited", "z0": z0, "steps": options.get("steps", 1000)}
    if "z0" in options or "steps" in options:
        raise click.UsageError("--z0 and --steps go with --visited")
    return {"regions": list(options.get("patterns", ())) or "all"}


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
