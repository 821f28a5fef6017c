"""The command ``latex``: what goes into a paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from symplrnn import __version__
from symplrnn.cli.derive import few_patterns
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

if TYPE_CHECKING:
    from symplrnn.emit.latex.notation import Notation
    from symplrnn.systems.region_ode import RegionODE

__all__ = ["latex_command"]


def _print_bibtex(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from symplrnn.emit.latex.appendix import BIBTEX

        click.echo(BIBTEX.replace("<version>", __version__))
        context.exit()


def _notation(pairs: Sequence[str]) -> Notation:
    """Return the symbols of the paper with others for some names."""
    from dataclasses import fields

    from symplrnn.emit.latex.notation import Notation

    names = [part.name for part in fields(Notation)]
    found = {}
    for text in pairs:
        name, equals, symbol = text.partition("=")
        if name not in names or not equals:
            raise click.UsageError(f'--notation: expected NAME=LATEX with a name among {", ".join(names)}; got "{text}"')
        found[name] = symbol
    return Notation(**found)


def _other_cases(ode: RegionODE) -> Sequence[Any]:
    """Return the systems of a region with letters where E2 fails."""
    return ode.other_cases if ode.has_parameters and ode.by_columns is None else ()


@click.command("latex", short_help="Print LaTeX to paste into a paper.")
@file_argument
@set_option
@dt_option
@region_options
@click.option(
    "--digits",
    type=click.IntRange(1, 1000),
    help="Print certified decimals with so many significant digits instead of exact entries.",
)
@click.option(
    "--part",
    type=click.Choice(["all", "network", "verdicts", "ode"]),
    default="all",
    show_default=True,
    help="What to print. Of a network with letters, ode is a page that says all.",
)
@click.option("--standalone", is_flag=True, help="Print a whole document that compiles, not a fragment.")
@click.option("--columns", type=click.IntRange(1, 2), default=1, show_default=True, help="Columns of the page.")
@click.option("--width", type=click.FloatRange(min=150), help="Width of a line in points (default: 475; 230 in two columns).")
@click.option(
    "--notation",
    "symbols",
    multiple=True,
    metavar="NAME=LATEX",
    help="Another symbol, such as continuous_state=x. May be repeated.",
)
@click.option("--table", is_flag=True, help="Also a table of all regions, for an appendix; it needs booktabs and longtable.")
@click.option("--certificate", is_flag=True, help="Also a sentence with the hash of the certificate that `certify` writes.")
@click.option("--others", is_flag=True, help="With letters: also the systems of each region where E2 fails, case by case.")
@click.option("--bibtex", is_flag=True, is_eager=True, expose_value=False, callback=_print_bibtex, help="Print BibTeX entries.")
@output_option("Write to a file instead of standard output.")
def latex_command(
    file: str, values: tuple[str, ...], dt: str | None, patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int |
    None, inputs: str | None, digits: int | None, part: str, standalone: bool, columns: int, width: float | None,
    symbols: tuple[str, ...], table: bool, certificate: bool, others: bool, output: str | None,
) -> int:  # fmt: skip
    """Print LaTeX to paste into a paper: the network, the verdict table, the piecewise ODE.

    Of a network with letters it is one page on the network, where it has an ODE, and the formula of each region.
    """
    from symplrnn.derivation import derive
    from symplrnn.emit.latex.appendix import latex_certificate, latex_table
    from symplrnn.emit.latex.dispatch import document, has_page, latex
    from symplrnn.theorems.check import check

    network = network_argument(file, values)
    options = selection(patterns, visited, z0, steps, inputs)
    shown: dict[str, Any] = {"digits": digits, "columns": columns, "width": width, "notation": _notation(symbols)}
    fragments = []
    with progress("writing"):
        ode = derive(network, dt, **options)
        whole = part == "all" and has_page(ode)  # that stands alone
        if part == "network" or (part == "all" and not whole):
            fragments.append(latex(network, **shown))
        if part == "verdicts" or (part == "all" and not whole):
            fragments.append(latex(check(network, **options), **{**shown, "digits": None}))
        if part in ("all", "ode"):
            if not has_page(ode):
                few_patterns(ode, patterns, visited)
            fragments.append(latex(ode, **shown))
        if others:
            fragments += [latex(case, **shown) for p in few_patterns(ode, patterns, visited) for case in _other_cases(ode[p])]
        if table:
            fragments.append(("\\onecolumn\n" if columns == 2 else "") + latex_table(ode, options))  # longtable needs one column
        if certificate:
            fragments.append(latex_certificate(ode))
    text = document(*fragments, columns=columns) if standalone else "\n\n".join(fragments)
    if output is None:
        click.echo(text)
    else:
        write_file(output, lambda stream: stream.write(text.encode() + b"\n"))
    return 0
