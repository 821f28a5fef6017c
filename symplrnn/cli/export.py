"""The command ``export``: a file that simulates the ODE in another language."""

from __future__ import annotations

import re
from pathlib import Path

import click

from symplrnn.cli.options import (
    dt_option,
    file_argument,
    network_argument,
    output_option,
    region_options,
    selection,
    set_option,
)
from symplrnn.cli.output import progress, write_file

__all__ = ["export_command"]


@click.command("export", short_help="Write a file that simulates the ODE in another language.")
@file_argument
@set_option
@dt_option
@region_options
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Choice(["python", "matlab", "jax", "julia", "c"]),
    help="Python (NumPy, SciPy), MATLAB or Octave, JAX (diffrax), Julia (OrdinaryDiffEq), C99.",
)
@click.option("--name", help="Name of the model in the file (default: that of the output file, or of the network).")
@output_option("Write to a file instead of standard output.")
def export_command(
    file: str, values: tuple[str, ...], dt: str | None, patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int |
    None, inputs: str | None, target: str, name: str | None, output: str | None,
) -> int:  # fmt: skip
    """Write one file that simulates the ODE in another language and needs nothing of this package.

    It holds all regions (at most 1024; else choose with --visited or --region), both switching rules, inputs, and the faces as
    events. Regions without an ODE in the states alone are named in its head.
    """
    from symplrnn.derivation import derive

    network = network_argument(file, values)
    if name is None:
        name = _name(output or file)
    with progress("deriving"):
        text = derive(network, dt, **selection(patterns, visited, z0, steps, inputs)).export(target, name)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(output, lambda stream: stream.write(text.encode()))
    return 0


def _name(path: str) -> str:
    """Return the name of a file as the name of a model."""
    found = re.sub(r"\W+", "_", Path(path).stem, flags=re.ASCII).strip("_")[:50]
    return found if found[:1].isalpha() else f"model_{found}".rstrip("_")
