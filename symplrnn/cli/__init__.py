"""The command line: check, derive, latex, simulate, plot, convert, examples.

Exit status: 0 done; 1 done, and with --strict some region does not meet the condition; 2 wrong input or call, with one line on
standard error; see also `symplrnn.__main__`. ``--json`` prints one JSON document on standard output and nothing else there.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import fields
from functools import partial
from typing import Any

import click
from click.shell_completion import shell_complete

from symplrnn import __version__, limits
from symplrnn.cli.convert import convert_command
from symplrnn.cli.export import export_command
from symplrnn.cli.options import F, network_argument, region_options, selection, set_option
from symplrnn.cli.output import printed, progress, write_file
from symplrnn.cli.plot import plot_command
from symplrnn.cli.simulate import simulate_command
from symplrnn.derivation import derive
from symplrnn.emit.json_ import network_to_json
from symplrnn.emit.latex.appendix import BIBTEX, latex_table
from symplrnn.emit.latex.dispatch import document, has_page, latex
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.terminal import print_region_ode, print_report
from symplrnn.errors import ShapeError, SuspiciousNetwork, SymplrnnError
from symplrnn.exact.fields.letters import FunctionField
from symplrnn.network.examples import descriptions, source
from symplrnn.network.network import ReLURNN
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.check import RegionCheck, check
from symplrnn.views import dumps

__all__ = ["cli", "main"]

COMPLETE = "_SYMPLRNN_COMPLETE"  # set by the shell for completions


def _refuse_digits(network: ReLURNN, digits: int | None) -> None:
    """Refuse decimals of a closed form with letters, unless only h, b and C have some."""
    found = network.A.free_symbols | network.W.free_symbols | network.V.free_symbols
    if digits is not None and (found or (network.parameters and not isinstance(network.field, FunctionField))):
        names = ", ".join(map(str, network.parameters))
        raise click.UsageError(f"--digits: the network has the parameters {names}; give them numbers with --set NAME=VALUE")


def _strict_options(text: str) -> Callable[[F], F]:
    """Add --strict, with this help, and the condition for it."""

    def add(command: F) -> F:
        command = click.option("--strict", is_flag=True, help=text)(command)
        return click.option(
            "--condition",
            type=click.Choice(["principal", "real"]),
            default="principal",
            show_default=True,
            help="The condition for --strict: E2 or E3.",
        )(command)

    return add


@click.group(
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="symplrnn")
@click.pass_context
def cli(context: click.Context) -> None:
    """Find the ordinary differential equation that is equivalent to a ReLU recurrent network, exactly.

    FILE is a network: .json, .npz, .mat, a checkpoint of torch (.pt) or .safetensors, or the name of a packaged example such as
    "addition" (see: symplrnn examples). A network z' = A z + W relu(V z + b) + h is affine in each region of its state space; a
    region is named by its pattern, one letter a unit, 1 for active.

    Start with:  symplrnn check addition
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@cli.command("check", short_help="Decide exactly which regions have an equivalent ODE.")
@click.argument("file")
@set_option
@region_options
@_strict_options("Exit with status 1 if some checked region does not meet the condition.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--summary", is_flag=True, help="Counts only, no single regions.")
@click.option("--published", is_flag=True, help="With letters: also where the published offset formula is right.")
def check_command(
    file: str, values: tuple[str, ...], patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int | None,
    condition: str, strict: bool, as_json: bool, summary: bool, published: bool,
) -> int:  # fmt: skip
    """Decide, region by region and exactly, whether the network has an equivalent ODE.

    E1: no eigenvalue of the region's matrix is in (-inf, 0] and none is 1. E2: the same, with 1 allowed; the principal
    logarithm is the ODE. E3: necessary and sufficient for any real ODE. For a network with letters the answers are conditions
    on them.
    """
    network = network_argument(file, values)
    options = selection(patterns, visited, z0, steps)
    with progress("checking") as update:
        report = check(network, progress=update, published=published, **options)
        text = report.to_json(summary) + "\n" if as_json else printed(lambda console: print_report(console, report, summary))
    click.echo(text, nl=False, color=True)
    if not report.verdicts:  # too many to check: by G1 the conditions are the same for the whole network
        return int(strict and not report.global_verdict.truth.is_true)
    question = RegionCheck.principal if condition == "principal" else RegionCheck.real
    return int(strict and not all(question.__get__(found).is_true for found in report.verdicts.values()))


@cli.command("derive", short_help="Derive the system of each region in closed form.")
@click.argument("file")
@set_option
@click.option("--dt", help="Time of one step, such as 1/10 (default: the dt in the file).")
@region_options
@click.option(
    "--digits",
    type=click.IntRange(1, 10000),
    help="Print certified decimals with so many significant digits instead of exact entries.",
)
@_strict_options("Exit with status 1 if some region has no real principal ODE (with --condition real: no real ODE).")
@click.option("--cases", "by_cases", is_flag=True, help="With letters: elementary functions, case by case.")
@click.option(
    "--other-cases", is_flag=True, help="With letters: also the cases where E2 fails (lifted, impulsive), which take longer."
)
@click.option("--beyond", is_flag=True, hidden=True)  # the old name
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document with digits and exact closed forms.")
def derive_command(
    file: str, values: tuple[str, ...], dt: str | None, patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int |
    None, digits: int | None, condition: str, strict: bool, by_cases: bool, other_cases: bool, beyond: bool, as_json: bool,
) -> int:  # fmt: skip
    """Derive the continuous-time system of each region in closed form.

    A region has an ODE  dz/dt = X z + y, or one with extra coordinates u that are 0 at each grid time (lifted), or one that
    begins with a jump at each grid time (impulsive), or both. With letters the principal ODE is one formula, which holds where
    the condition beside it does; the other systems come in cases.

    Entries are printed exactly where they are short, else as certified decimals (every digit is right).
    """
    if beyond:
        _show_warning("--beyond is now --other-cases")
        other_cases = True
    network = network_argument(file, values)
    _refuse_digits(network, digits)
    ode = derive(network, dt, **selection(patterns, visited, z0, steps))
    chosen = _few_patterns(ode, patterns, visited)
    regions: list[dict[str, Any]] = []
    complete = True
    with progress("deriving") if as_json else nullcontext() as counted:
        for number, pattern in enumerate(chosen, 1):
            with nullcontext() if as_json else progress(f"deriving region {pattern}"):
                found = ode[pattern]
                if not as_json:
                    text = printed(
                        partial(
                            print_region_ode,
                            pattern=pattern,
                            ode=found,
                            digits=digits,
                            by_cases=by_cases,
                            other_cases=other_cases,
                        )
                    )
                elif found.has_parameters:
                    regions.append(found.to_dict(digits or 17, by_cases, other_cases))
                else:
                    regions.append(found.to_dict(digits or 17))
                complete &= not strict or _meets(found, condition)
            if counted is not None:
                counted(number, len(chosen))
            else:  # text is printed region by region, as it is found
                click.echo(text, nl=False, color=True)
    if as_json:
        click.echo(dumps({"network": network_to_json(network), "dt": str(ode.dt), "regions": regions}))
    return int(strict and not complete)


def _meets(ode: RegionODE, condition: str) -> bool:
    """Return whether a region has a real ODE, or a real principal one, for all values of letters."""
    if not ode.has_parameters:
        return ode.kind == "real" and (ode.is_principal or condition == "real")
    if ode.condition.is_true or condition == "principal":
        return ode.condition.is_true
    if not ode.cases and not ode.unlisted_others:  # all cases are printed, so that they are at hand
        return all(case.kind == "real" for case in ode.other_cases)
    return bool(check(ode.region.network, [ode.region.pattern]).counts["real"])


def _few_patterns(ode: NetworkODE, patterns: Sequence[str], visited: bool) -> list[str]:
    """Return the patterns to print; refuse to print very many that nobody chose."""
    if patterns or visited or (ode.network.p <= 20 and len(ode) <= limits.REGIONS_PRINTED):
        return list(ode)
    raise ShapeError(
        f"regions: the network has more than {limits.REGIONS_PRINTED} regions; "
        "choose some with --region PATTERN or with --visited"
    )


def _print_bibtex(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(BIBTEX.replace("<version>", __version__))
        context.exit()


def _notation(pairs: Sequence[str]) -> Notation:
    """Return the symbols of the paper with others for some names."""
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


@cli.command("latex", short_help="Print LaTeX to paste into a paper.")
@click.argument("file")
@set_option
@click.option("--dt", help="Time of one step, such as 1/10 (default: the dt in the file).")
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
@click.option("--others", is_flag=True, help="With letters: also the systems of each region where E2 fails, case by case.")
@click.option("--bibtex", is_flag=True, is_eager=True, expose_value=False, callback=_print_bibtex, help="Print BibTeX entries.")
@click.option("-o", "--output", metavar="OUT", help="Write to a file instead of standard output.")
def latex_command(
    file: str, values: tuple[str, ...], dt: str | None, patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int |
    None, digits: int | None, part: str, standalone: bool, columns: int, width: float | None, symbols: tuple[str, ...],
    table: bool, others: bool, output: str | None,
) -> int:  # fmt: skip
    """Print LaTeX to paste into a paper: the network, the verdict table, the piecewise ODE.

    Of a network with letters it is one page on the network, where it has an ODE, and the formula of each region.
    """
    network = network_argument(file, values)
    options = selection(patterns, visited, z0, steps)
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
                _few_patterns(ode, patterns, visited)
            fragments.append(latex(ode, **shown))
        if others:
            fragments += [latex(case, **shown) for p in _few_patterns(ode, patterns, visited) for case in _other_cases(ode[p])]
        if table:
            fragments.append(latex_table(ode, options))
    text = document(*fragments, columns=columns) if standalone else "\n\n".join(fragments)
    if output is None:
        click.echo(text)
    else:
        write_file(output, lambda stream: stream.write(text.encode() + b"\n"))
    return 0


cli.add_command(simulate_command)
cli.add_command(plot_command)
cli.add_command(convert_command)
cli.add_command(export_command)


@cli.command("examples", short_help="List the packaged networks, or print one.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the list as one JSON document.")
def examples_command(name: str | None, as_json: bool) -> int:
    """List the packaged networks, or print the JSON of the one named NAME."""
    if name is not None:
        click.echo(source(name).rstrip())
    elif as_json:
        click.echo(dumps(descriptions()))
    else:
        width = max(len(key) for key in descriptions())
        for key, text in descriptions().items():
            click.echo(f"{key:<{width}}  {text}")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status; input errors are one line on standard error, never a traceback.

    KeyboardInterrupt and BrokenPipeError are for the program to handle, see `symplrnn.__main__`.
    """
    complete = os.environ.get(COMPLETE)
    if complete:
        return shell_complete(cli, {}, "symplrnn", COMPLETE, complete)
    try:  # not cli.main, which takes a closed pipe for an error
        with warnings.catch_warnings():
            warnings.simplefilter("always", SuspiciousNetwork)
            warnings.showwarning = _show_warning
            with cli.make_context("symplrnn", sys.argv[1:] if arguments is None else list(arguments)) as context:
                status = cli.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _fail(error.format_message())
    except SymplrnnError as error:
        return _fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return _fail(f"{error.filename or 'output'}: {error.strerror}")
    except MemoryError:
        return _fail("the result does not fit into memory; ask for a smaller network, or fewer steps, samples or regions")
    return status if isinstance(status, int) else 0


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    click.echo("symplrnn: warning: " + " ".join(str(message).split()), err=True)


def _fail(message: str) -> int:
    click.echo("symplrnn: error: " + " ".join(message.split()), err=True)
    return 2
