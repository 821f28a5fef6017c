"""The command ``report``: one page of HTML on a network, or a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from symplrnn import limits
from symplrnn.cli.options import network_argument, set_option
from symplrnn.cli.output import progress, write_file
from symplrnn.cli.simulate import read_inputs
from symplrnn.emit.report.pdf import pdf_of
from symplrnn.emit.report.subject import STEPS, subject_of

__all__ = ["report_command"]


@click.command("report", short_help="Write a report as one page of HTML, or as PDF.")
@click.argument("file")
@set_option
@click.option("-o", "--output", metavar="OUT", required=True, help="The report: a name in .html, or with --pdf in .pdf.")
@click.option("--pdf", is_flag=True, help="Write a PDF through LaTeX (pdflatex), without pictures.")
@click.option("--dt", help="Time of one step, such as 1/10 (default: the dt in the file, else 1).")
@click.option("--z0", help='Start state of the orbit, such as "1,-1/2,0.3" (default: the first one in the file, else 0).')
@click.option(
    "--steps", type=click.IntRange(0, limits.ORBIT_STEPS), default=STEPS, show_default=True, help="Number of steps of the orbit."
)
@click.option("--inputs", metavar="CSV", help="File with one row of inputs a step, no header.")
@click.option("--region", "patterns", multiple=True, metavar="PATTERN", help="Only this region, such as 10. May be repeated.")
@click.option("--visited", is_flag=True, help="Only the regions that the orbit visits.")
@click.option("--title", help="The name of the network on the page (default: the name of the file).")
def report_command(
    file: str, values: tuple[str, ...], output: str, pdf: bool, dt: str | None, z0: str | None, steps: int, inputs: str | None,
    patterns: tuple[str, ...], visited: bool, title: str | None,
) -> int:  # fmt: skip
    """Write a report on a network that needs no other file and no network access.

    It holds the verdict in a sentence, the equations, the conditions, the regions with the evidence, eigenvalues, equilibria, an
    orbit in discrete and in continuous time, and where the solution leaves its region. All regions are checked, or of a network
    with more than 1024 of them those that the orbit visits.
    """
    from symplrnn.emit.report.writer import page_of  # NumPy, which help does not wait for

    ending = ".pdf" if pdf else ".html"
    if Path(output).suffix.lower() != ending:
        raise click.UsageError(f'-o: expected a name that ends in {ending}{" (without --pdf in .html)" * pdf}, got "{output}"')
    if patterns and visited:
        raise click.UsageError("--region and --visited exclude each other")
    network = network_argument(file, values)
    held: Any = None if inputs is None else read_inputs(inputs)
    regions = "visited" if visited else list(patterns) or None
    start = None if z0 is None else z0.split(",")
    with progress("checking") as update:
        subject = subject_of(network, title or Path(file).name, dt, regions, start, steps, held, update)
    with progress("writing"):
        text = pdf_of(subject) if pdf else page_of(subject).encode()
    write_file(output, lambda stream: stream.write(text))
    return 0
