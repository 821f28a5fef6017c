"""The command ``check``: which regions have an equivalent ODE, as tables or in JSON, or as a file that may be resumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager
from itertools import chain

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
@click.option("--lines", metavar="OUT", type=click.Path(), help="Write a line of JSON a region to a file, and print the counts.")
@click.option("--resume", is_flag=True, help="Go on with the file of --lines, if it was begun.")
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="Processes for many regions (default: one a processor if it takes longer than some seconds).",
)
def check_command(
    file: str, values: tuple[str, ...], patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int | None,
    inputs: str | None, condition: str, strict: bool, as_json: bool, summary: bool, published: bool, lines: str | None,
    resume: bool, workers: int | None,
) -> int:  # fmt: skip
    """Decide, region by region and exactly, whether the network has an equivalent ODE.

    E1: no eigenvalue of the region's matrix is in (-inf, 0] and none is 1. E2: the same, with 1 allowed; the principal
    logarithm is the ODE. E3: necessary and sufficient for any real ODE. For a network with letters the answers are conditions
    on them.

    For a network with very many regions --lines writes the answers on each to a file as they are found. If the program is
    stopped, the same command with --resume goes on where it was.
    """
    from symplrnn import limits
    from symplrnn.emit.json_ import report_in_pieces
    from symplrnn.emit.terminal import print_report
    from symplrnn.emit.verdict_file import check_to_file
    from symplrnn.network.region import most_regions
    from symplrnn.theorems.check import RegionCheck, check

    if resume and lines is None:
        raise click.UsageError("--resume goes with --lines")
    network = network_argument(file, values)
    options = selection(patterns, visited, z0, steps, inputs)
    summary = summary or lines is not None
    many = options["regions"] == "all" and limits.REGIONS_KEPT < most_regions(network) <= limits.REGIONS_FOR_ALL
    with progress("checking") as line, _worker_processes(workers) as executor:
        if lines is not None:
            report = check_to_file(network, lines, **options, executor=executor, resume=resume)
        elif many and not network.field.parameters:
            report = check(network, **options, executor=executor)
        else:
            report = check(network, published=published, **options)
        pieces: Iterable[str]
        if not as_json:
            pieces = [printed(lambda console: print_report(console, report, summary))]
        elif summary:
            pieces = [report.to_json(summary=True), "\n"]
        else:
            pieces = chain(report_in_pieces(report, executor), ["\n"])
        for piece in pieces:
            with line.paused():
                click.echo(piece, nl=False, color=True)
    if not report.checked:  # too many to check: by G1 the conditions are the same for the whole network
        return int(strict and not report.global_verdict.truth.is_true)
    if not network.field.parameters:
        return int(strict and report.counts[condition] < report.checked)
    question = RegionCheck.principal if condition == "principal" else RegionCheck.real
    return int(strict and not all(question.__get__(found).is_true for found in report.verdicts.values()))


@contextmanager
def _worker_processes(count: int | None) -> Iterator[Executor]:
    """Provide an executor, and say in one line what is the matter if its processes are ended."""
    from symplrnn.parallel import WorkerProcesses

    try:
        with WorkerProcesses(count) as executor:
            yield executor
    except BrokenExecutor:
        raise click.ClickException("a worker process was ended from outside, perhaps for want of memory; see --workers") from None
