"""The command ``transitions``: which region can follow which."""

from __future__ import annotations

import click

from symplrnn.cli.options import file_argument, network_argument, region_options, selection, set_option
from symplrnn.cli.output import printed, progress

__all__ = ["transitions_command"]


@click.command("transitions", short_help="Find which region can follow which, exactly.")
@file_argument
@set_option
@region_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with a state for each transition.")
@click.option("--dot", is_flag=True, help="Print the graph for Graphviz.")
def transitions_command(
    file: str, values: tuple[str, ...], patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int | None,
    inputs: str | None, as_json: bool, dot: bool,
) -> int:  # fmt: skip
    """Find the graph of transitions: from a region to each region in which some of its states have their next state.

    It is exact: each transition has a state that makes it, and no other is possible. Inputs are 0. Of many regions choose some
    with --visited or --region; then transitions lead from these to these, and it is said which of them have states that go to
    others.
    """
    from symplrnn.emit.transitions import print_transitions

    if as_json and dot:
        raise click.UsageError("--json and --dot exclude each other")
    network = network_argument(file, values)
    options = selection(patterns, visited, z0, steps, inputs)
    with progress("finding transitions"):
        graph = network.transitions(**options)
        if dot:
            text = graph.to_dot() + "\n"
        else:
            text = graph.to_json() + "\n" if as_json else printed(lambda console: print_transitions(console, graph))
    click.echo(text, nl=False, color=True)
    return 0
