"""The command ``report``: one page of HTML on a network, or a PDF."""

from __future__ import annotations

from pathlib import Path

import click

from symplrnn import limits
from symplrnn.cli.options import (
    dt_option,
    file_argument,
    inputs_option,
    network_argument,
    output_option,
    read_inputs,
    set_option,
    start_option,
    start_state,
)
from symplrnn.cli.output import progress, write_file

__all__ = ["report_command"]


@click.command("report", short_help="Write a report as one page of HTML, or as PDF.")
@file_argument
@set_option
@output_option("The report: a name that ends in .html, or with --pdf in .pdf.", required=True)
@click.option("--pdf", is_flag=True, help="Write a PDF through LaTeX (pdflatex), without pictures.")
@dt_option
@start_option("Start state of the orbit")
@click.option(
    "--steps",
    type=click.IntRange(0, limits.ORBIT_STEPS),
    help="Number of steps of the orbit (default 1000, or the rows of --inputs).",
)
@inputs_option("Inputs")
@click.option("--region", "patterns", multiple=True, metavar="PATTERN", help="Only this region, such as 10. May be repeated.")
@click.option("--visited", is_flag=True, help="Only the regions that the orbit visits.")
@click.option("--title", help="The name of the network on the page (default: the name of the file).")
def report_command(
    file: str, values: tuple[str, ...], output: str, pdf: bool, dt: str | None, z0: str | None, steps: int | None,
    inputs: str | None, patterns: tuple[str, ...], visited: bool, title: str | None,
) -> int:  # fmt: skip
    """Write a report on a network that needs no other file and no network access.

    It holds the verdict in a sentence, the equations, the conditions, the regions with the evidence, eigenvalues, equilibria, an
    orbit in discrete and in continuous time, and where the solution leaves its region. All regions are checked, or of a network
    with more than 1024 of them those that the orbit visits. Pictures need matplotlib:  pip install "symplrnn[plot]"
    """
    ending = ".pdf" if pdf else ".html"
    if Path(output).suffix.lower() != ending:
        raise click.UsageError(f'-o: expected a name that ends in {ending}{" (without --pdf in .html)" * pdf}, got "{output}"')
    if patterns and visited:
        raise click.UsageError("--region and --visited exclude each other")
    from symplrnn.emit.report.pdf import pdf_of
    from symplrnn.emit.report.subject import subject_of
    from symplrnn.emit.report.writer import page_of

    network = network_argument(file, values)
    held = None if inputs is None else read_inputs(inputs)
    regions = "visited" if visited else list(patterns) or None
    with progress("checking"):
        subject = subject_of(network, title or Path(file).name, dt, regions, start_state(z0), steps, held)
    with progress("writing"):
        text = pdf_of(subject) if pdf else page_of(subject).encode()
    write_file(output, lambda stream: stream.write(text))
    return 0
