"""The command ``equilibria``: the fixed points of the network, region by region."""

from __future__ import annotations

import click

from symplrnn.cli.options import file_argument, network_argument, region_options, selection, set_option
from symplrnn.cli.output import printed, progress
from symplrnn.progress import counted
from symplrnn.views import dumps

__all__ = ["equilibria_command"]


@click.command("equilibria", short_help="Find the equilibria of the regions, with stability and type.")
@file_argument
@set_option
@region_options
@click.option("--real", is_flag=True, help="Only those that lie in their region: the fixed points of the network.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def equilibria_command(
    file: str, values: tuple[str, ...], patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int | None,
    inputs: str | None, real: bool, as_json: bool,
) -> int:  # fmt: skip
    """Find what solves z = M z + c in each region, exactly: one point, a line or more, or none. Inputs are 0.

    A point is real if it lies in its region, which makes it a fixed point of the network and an equilibrium of the ODE; on the
    boundary if it lies on a face; and virtual elsewhere. Its type is that of the map: a node, focus, saddle or centre, stable
    or not; alternating, if an eigenvalue is negative. For a network with letters see the command check.
    """
    from symplrnn.emit.equilibria import equilibria_to_dict, print_equilibria

    network = network_argument(file, values)
    options = selection(patterns, visited, z0, steps, inputs)
    with progress("solving"):
        found = [e for e in counted(network.equilibria(**options), "regions") if e.real or not real]
        if as_json:
            text = dumps(equilibria_to_dict(network, found)) + "\n"
        else:
            text = printed(lambda console: print_equilibria(console, network, found))
    click.echo(text, nl=False, color=True)
    return 0
