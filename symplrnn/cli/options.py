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


F = TypeVar("F", bound=Callable[..., Any])


def network_argument(name: str, values: Sequence[str]) -> ReLURNN:
    """Return the network of a file, or else the packaged network of that name, with values put in for parameters."""
    network = load(name) if Path(name).suffix or Path(name).exists() else example(name)
    pairs = [text.partition("=") for text in values]
    for key, equals, value in pairs:
        if not (key.strip() and equals and value.strip()):
            raise click.UsageError(f'--set: expected NAME=VALUE such as a=1/2, got "{key}{equals}{value}"')
    names = [key.strip() for key, _, _ in pairs]
    if len(set(names)) < len(names):
        raise click.UsageError(f"--set: a parameter is given twice among {', '.join(names)}")
    return network.subs({key.strip(): value for key, _, value in pairs}) if pairs else network


def set_option(command: F) -> F:
    """Add the option that gives parameters values."""
    text = "Put a number in for a parameter, such as a=1/2. May be repeated."
    return click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help=text)(command)


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
