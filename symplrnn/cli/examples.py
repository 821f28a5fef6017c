"""The command ``examples``: the packaged networks."""

from __future__ import annotations

import shutil

import click

from symplrnn.cli.options import EXAMPLES
from symplrnn.views import dumps

__all__ = ["examples_command"]


def _names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    return sorted(path.stem for path in EXAMPLES.glob("*.json") if path.stem.startswith(incomplete))


@click.command("examples", short_help="List the packaged networks, or print one.")
@click.argument("name", required=False, shell_complete=_names)
@click.option("--json", "as_json", is_flag=True, help="Print the list as one JSON document.")
def examples_command(name: str | None, as_json: bool) -> int:
    """List the packaged networks, or print the JSON of the one named NAME."""
    from symplrnn.network.examples import descriptions, source

    if name is not None:
        click.echo(source(name).rstrip())
    elif as_json:
        click.echo(dumps(descriptions()))
    else:
        lines = click.HelpFormatter(width=min(shutil.get_terminal_size().columns or 80, 100))
        lines.write_dl(list(descriptions().items()))
        click.echo(lines.getvalue(), nl=False)
    return 0
