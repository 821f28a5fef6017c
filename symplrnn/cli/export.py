"""The command ``export``: a file that simulates the ODE in another language."""

from __future__ import annotations

import re
from pathlib import Path

import click

from symplrnn.cli.options import network_argument, region_options, selection, set_option
from symplrnn.cli.output import progress, write_file
from symplrnn.derivation import derive

__all__ = ["export_command"]


@click.command("export", short_help="Write a file that simulates the ODE in another language.")
@click.argument("file")
@set_option
@click.option("--dt", help="Time of one step, such as 1/10 (default: the dt in the file).")
@region_options
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Choice(["python", "matlab", "jax", "julia", "c"]),
    help="Python (NumPy, SciPy), MATLAB or Octave, JAX (diffrax), Julia (OrdinaryDiffEq), C99.",
)
@click.option("--name", help="Name of the model in the file (default: that of the output file, or of the network).")
@click.option("-o", "--output", metavar="OUT", help="Write to a file instead of standard output.")
def export_command(
    file: str, values: tuple[str, ...], dt: str | None, patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int |
    None, target: str, name: str | None, output: str | None,
) -> int:  # fmt: skip
    """Write one file that simulates the ODE in another language and needs nothing of this package.

    It holds all regions (at most 1024; else choose with --visited or --region), both switching rules, inputs, and the faces as
    events. Regions without an ODE in the states alone are named in its head.
    """
    network = network_argument(file, values)
    if name is None:
        name = _name(output or file)
    with progress("deriving"):
        text = derive(network, dt, **selection(patterns, visited, z0, steps)).export(target, name)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(output, lambda stream: stream.write(text.encode()))
    return 0


def _name(path: str) -> str:
    """Return the name of a file as the name of a model."""
    found = re.sub(r"\W+", "_", Path(path).stem, flags=re.ASCII).strip("_")[:50]
    return found if found[:1].isalpha() else f"model_{found}".rstrip("_")
