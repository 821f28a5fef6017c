"""The command line: one file for each command, which only reads options and prints.

Exit status: 0 done; 1 done, and with --strict some region does not meet the condition; 2 wrong input or call, with one line on
standard error; see also `symplrnn.__main__`. ``--json`` prints one JSON document on standard output and nothing else there.

A command imports what it works with when it runs, so that help and completion are there at once.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from difflib import get_close_matches

import click
from click.shell_completion import shell_complete

from symplrnn import __version__
from symplrnn.cli.certify import certify_command, verify_command
from symplrnn.cli.check import check_command
from symplrnn.cli.convert import convert_command
from symplrnn.cli.derive import derive_command
from symplrnn.cli.equilibria import equilibria_command
from symplrnn.cli.examples import examples_command
from symplrnn.cli.export import export_command
from symplrnn.cli.latex import latex_command
from symplrnn.cli.output import show_warning
from symplrnn.cli.plot import plot_command
from symplrnn.cli.report import report_command
from symplrnn.cli.simulate import simulate_command
from symplrnn.cli.transitions import transitions_command
from symplrnn.errors import SuspiciousNetwork, SymplrnnError

__all__ = ["cli", "main"]

FILE = (
    " Accepted is a network, such as .json, .npz, .mat or .pt, or the name of a packaged example such as addition "
    "(see: symplrnn examples)."
)
COMPLETE = "_SYMPLRNN_COMPLETE"  # set by the shell for completions


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
    "addition" (see: symplrnn examples). A network z -> A z + W relu(V z + b) + h is affine in each region of its state space; a
    region is named by its pattern, one letter a unit, 1 for active.

    Start with:  symplrnn check addition

    The shell completes commands, options and files after one of these lines in its start file:

    \b
      eval "$(_SYMPLRNN_COMPLETE=bash_source symplrnn)"    or zsh_source
      _SYMPLRNN_COMPLETE=fish_source symplrnn | source
    """  # noqa: D301  # the backspace tells click to keep the lines
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (
    check_command,
    derive_command,
    equilibria_command,
    transitions_command,
    latex_command,
    simulate_command,
    plot_command,
    report_command,
    export_command,
    certify_command,
    verify_command,
    convert_command,
    examples_command,
):
    cli.add_command(command)


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
            warnings.showwarning = show_warning
            with cli.make_context("symplrnn", sys.argv[1:] if arguments is None else list(arguments)) as context:
                status = cli.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _fail(_message(error))
    except SymplrnnError as error:
        return _fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return _fail(f"{'output' if error.filename is None else error.filename or repr('')}: {error.strerror}")
    except MemoryError:
        return _fail("the result does not fit into memory; ask for a smaller network, or fewer steps, samples or regions")
    return status if isinstance(status, int) else 0


def _message(error: click.ClickException) -> str:
    """Return what click says of a wrong call, with what would be accepted where it does not say so."""
    said = error.format_message()
    context = getattr(error, "ctx", None)
    if said.startswith("No such command"):
        name = said.split("'")[1]
        near = get_close_matches(name, cli.commands, 1)
        return f"No such command '{name}'. " + (
            f"Did you mean '{near[0]}'?" if near else f"Accepted are {', '.join(cli.commands)}."
        )
    if isinstance(error, click.MissingParameter):
        accepted = FILE if error.param is not None and error.param.name == "file" else ""
        return f"{said}{accepted}"
    kind = getattr(getattr(error, "param", None), "type", None)
    if isinstance(kind, click.IntRange) and "is not a valid" in said:
        most = "" if kind.max is None else f" to {kind.max}"
        return f"{said.split(' is not a valid')[0]} is not a whole number; accepted are whole numbers from {kind.min}{most}."
    if isinstance(error, click.NoSuchOption) and not error.possibilities and context is not None:
        return f"No such option '{error.option_name}'. See: {context.command_path} --help"
    return said


def _fail(message: str) -> int:
    click.echo("symplrnn: error: " + " ".join(message.split()), err=True)
    return 2
