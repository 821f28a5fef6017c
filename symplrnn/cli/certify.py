"""The commands ``certify`` and ``verify``: write a certificate, and check one."""

from __future__ import annotations

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

__all__ = ["certify_command", "verify_command"]


@click.command("certify", short_help="Write what is proved of a network, with evidence.")
@file_argument
@set_option
@dt_option
@region_options
@output_option("Write to a file instead of standard output.")
def certify_command(
    file: str, values: tuple[str, ...], dt: str | None, patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int |
    None, inputs: str | None, output: str | None,
) -> int:  # fmt: skip
    """Write a certificate: verdicts, kind, jump and closed form of each region, and what holds in all regions at once.

    The evidence is such that `symplrnn verify`, or the file symplrnn/certificate/check.py alone, which needs nothing but Python,
    can check every claim (with letters check_letters.py, with check.py beside it). Of a network with more than 256 regions choose
    regions with --visited or --region; else only what holds in all regions is certified. Accepted are rational numbers (floats
    are) and polynomials in letters.
    """
    from symplrnn.certificate.write import as_text
    from symplrnn.derivation import derive

    network = network_argument(file, values)
    with progress("certifying"):
        text = as_text(derive(network, dt, **selection(patterns, visited, z0, steps, inputs)).certificate())
    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(output, lambda stream: stream.write(text.encode()))
    return 0


@click.command("verify", short_help="Check a certificate.")
@click.argument("file", type=click.Path())
def verify_command(file: str) -> int:
    """Check a certificate with the standard library alone, and print what is proved; exit with status 1 if it is refused."""
    from symplrnn.certificate.check import main
    from symplrnn.certificate.check_letters import check

    if not Path(file).exists():  # a pipe will do
        raise click.UsageError(f"{file}: no such file")
    if Path(file).is_dir():
        raise click.UsageError(f"{file}: expected the file of a certificate, got a folder")
    status: int = main([file], check)
    return status
