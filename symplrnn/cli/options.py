"""What several commands of the command line share: the network that FILE names, and values for its parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from symplrnn.network.examples import example
from symplrnn.network.files import load
from symplrnn.network.network import ReLURNN

__all__ = ["network_argument", "set_option"]


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
