"""What several commands of the command line share: the network that FILE names, values for its parameters, chosen regions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from symplrnn import limits
from symplrnn.network.examples import example
from symplrnn.network.files import load
from symplrnn.network.network import ReLURNN

__all__ = ["F", "network_argument", "region_options", "selection", "set_option"]


LOADING = "symplrnn.loading"  # where a command keeps what --load says
F = TypeVar("F", bound=Callable[..., Any])


def network_argument(name: str, values: Sequence[str]) -> ReLURNN:
    """Return the network of a file, or else the packaged network of that name, with values put in for parameters."""
    said = click.get_current_context().meta.get(LOADING, {})
    is_file = Path(name).suffix or Path(name).exists()
    if said and not is_file:
        raise click.UsageError("--load: only for files, not for packaged networks")
    network = load(name, **said) if is_file else example(name)
    pairs = [text.partition("=") for text in values]
    for key, equals, value in pairs:
        if not (key.strip() and equals and value.strip()):
            raise click.UsageError(f'--set: expected NAME=VALUE such as a=1/2, got "{key}{equals}{value}"')
    names = [key.strip() for key, _, _ in pairs]
    if len(set(names)) < len(names):
        raise click.UsageError(f"--set: a parameter is given twice among {', '.join(names)}")
    return network.subs({key.strip(): value for key, _, value in pairs}) if pairs else network


def set_option(command: F) -> F:
    """Add the options that give parameters values and that say what a file does not; the latter goes to `network_argument`."""
    text = "What FILE does not say, such as P=2; see: symplrnn convert --help. May be repeated."
    command = click.option("--load", multiple=True, metavar="NAME=VALUE", help=text, expose_value=False, callback=_read_loading)(
        command
    )
    text = "Put a number in for a parameter, such as a=1/2. May be repeated."
    return click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help=text)(command)


def _read_loading(context: click.Context, _: click.Parameter, pairs: Sequence[str]) -> None:
    """Keep what --load says for `network_argument`."""
    said: dict[str, Any] = {}
    for text in pairs:
        name, equals, value = (part.strip() for part in text.partition("="))
        if name not in READ or not equals or not value:
            raise click.UsageError(f'--load: expected NAME=VALUE with a name among {", ".join(READ)}; got "{text}"')
        if name in said:
            raise click.UsageError(f"--load: {name} is given twice")
        found = READ[name](value)
        if found is None:
            raise click.UsageError(f'--load: {name} is {ACCEPTED_VALUES[READ[name]]}; got "{value}"')
        said[name] = found
    context.meta[LOADING] = said


def _switch(text: str) -> bool | None:
    return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower())


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _held(text: str) -> Any:
    """Return the inputs to hold, "1,0" or "0" for zeros; False for "no"."""
    return False if _switch(text) is False else 0 if text == "0" else text.split(",")


READ: dict[str, Callable[[str], Any]] = {
    "kind": str, "P": _count, "clipped": _switch, "thresholds": str, "relu": str, "k": str, "activation": str,
    "hold_inputs": _held, "prefix": str, "decimal": _switch,
}  # fmt: skip
ACCEPTED_VALUES: dict[Callable[[str], Any], str] = {_count: "a whole number", _switch: "true or false"}


def region_options(command: F) -> F:
    """Add the options that choose regions."""
    for option in (
        click.option("--steps", type=click.IntRange(0, limits.ORBIT_STEPS), help="Number of steps for --visited (default 1000)."),
        click.option("--z0", help='Start state for --visited, such as "1,-1/2,0.3" (default: the first one in the file).'),
        click.option("--visited", is_flag=True, help="Only the regions that the exact orbit from --z0 visits."),
        click.option(
            "--region",
            "patterns",
            multiple=True,
            metavar="PATTERN",
            help="A region such as 10: unit 1 active, unit 2 not. May be repeated.",
        ),
    ):
        command = option(command)
    return command


def selection(patterns: Sequence[str], visited: bool, z0: str | None, steps: int | None) -> dict[str, Any]:
    """Return the keywords of `check` and `derive` for the options."""
    if patterns and visited:
        raise click.UsageError("--region and --visited exclude each other")
    if not visited and (z0 is not None or steps is not None):
        raise click.UsageError("--z0 and --steps go with --visited")
    if visited:
        return {"regions": "visited", "z0": None if z0 is None else z0.split(","), "steps": 1000 if steps is None else steps}
    return {"regions": list(patterns) if patterns else "all"}
