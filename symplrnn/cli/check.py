"""The command ``check``: which regions have an equivalent ODE, as tables or in JSON."""

from __future__ import annotations

import click

from symplrnn.cli.options import file_argument, network_argument, region_options, selection, set_option, strict_options
from symplrnn.cli.output import printed, progress

__all__ = ["check_command"]


@click.command("check", short_help="Decide exactly which regions have an equivalent ODE.")
@file_argument
@set_option
@region_options
@strict_options("Exit with status 1 if some checked region does not meet the condition.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--summary", is_flag=True, help="Counts only, no single regions.")
@click.option("--published", is_flag=True, help="With letters: also where the published offset formula is right.")
def check_command(
    file: str, values: tuple[str, ...], patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int | None,
    inputs: str | None, condition: str, strict: bool, as_json: bool, summary: bool, published: bool,
) -> int:  # fmt: skip
    """Decide, region by region and exactly, whether the network has an equivalent ODE.

    E1: no eigenvalue of the region's matrix is in (-inf, 0] and none is 1. E2: the same, with 1 allowed; the principal
    logarithm is the ODE. E3: necessary and sufficient for any real ODE. For a network with letters the answers are conditions
    on them.
    """
    from symplrnn.emit.terminal import print_report
    from symplrnn.theorems.check import RegionCheck, check

    network = network_argument(file, values)
    options = selection(patterns, visited, z0, steps, inputs)
    with progress("checking"):
        report = check(network, published=published, **options)
        text = report.to_json(summary) + "\n" if as_json else printed(lambda console: print_report(console, report, summary))
    click.echo(text, nl=False, color=True)
    if not report.verdicts:  # too many to check: by G1 the conditions are the same for the whole network
        return int(strict and not report.global_verdict.truth.is_true)
    question = RegionCheck.principal if condition == "principal" else RegionCheck.real
    return int(strict and not all(question.__get__(found).is_true for found in report.verdicts.values()))
