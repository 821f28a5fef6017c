"""What several commands of the command line share: the network that FILE names, start states, inputs, the choice of regions."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from errno import ENOENT
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from symplrnn import limits
from symplrnn.cli.loading import load_option, loading
from symplrnn.errors import FormatError

if TYPE_CHECKING:
    from symplrnn.network.network import ReLURNN

__all__ = [
    "dt_option",
    "file_argument",
    "inputs_option",
    "network_argument",
    "output_option",
    "read_inputs",
    "region_options",
    "selection",
    "set_option",
    "start_option",
    "start_state",
    "steps_of",
    "strict_options",
]

F = TypeVar("F", bound=Callable[..., Any])
EXAMPLES = Path(__file__).parent.parent / "network" / "examples"


def _complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete files, or, where no file begins like this, the names of packaged examples."""
    beside = Path(f"{incomplete}x").parent
    files = beside.is_dir() and any(str(path).startswith(str(Path(incomplete))) for path in beside.iterdir())
    names = [] if files or not incomplete else [p.stem for p in EXAMPLES.glob("*.json") if p.stem.startswith(incomplete)]
    return [CompletionItem(name) for name in sorted(names)] or [CompletionItem(incomplete, type="file")]


def file_argument(command: F) -> F:
    """Add FILE, the network."""
    return click.argument("file", shell_complete=_complete)(command)


def network_argument(name: str, values: Sequence[str]) -> ReLURNN:
    """Return the network of a file, or else the packaged network of that name, with values put in for parameters."""
    from symplrnn.network.examples import example
    from symplrnn.network.files import load

    is_file = Path(name).suffix or Path(name).exists()
    if loading() and not is_file:
        raise click.UsageError("--load: only for files, not for packaged networks")
    network = load(name, **loading()) if is_file else example(name)
    pairs = [text.partition("=") for text in values]
    for key, equals, value in pairs:
        if not (key.strip() and equals and value.strip()):
            raise click.UsageError(f'--set: expected NAME=VALUE such as a=1/2, got "{key}{equals}{value}"')
    names = [key.strip() for key, _, _ in pairs]
    if len(set(names)) < len(names):
        raise click.UsageError(f"--set: a parameter is given twice among {', '.join(names)}")
    return network.subs({key.strip(): value for key, _, value in pairs}) if pairs else network


def set_option(command: F) -> F:
    """Add the option that gives parameters values, and that which says what the file does not."""
    text = "Put a number in for a parameter, such as a=1/2. May be repeated."
    return click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help=text)(load_option(command))


def dt_option(command: F) -> F:
    """Add the time of one step."""
    text = "Time of one step, such as 1/10 (default: the dt in the file)."
    return click.option("--dt", metavar="NUMBER", help=text)(command)


def start_option(text: str) -> Callable[[F], F]:
    """Add the start state; what it is for goes before its form."""
    form = f'{text}, such as "1,-1/2,0.3" (default: the first one in the file).'
    return click.option("--z0", metavar="NUMBERS", help=form)


def start_state(z0: str | None) -> list[str] | None:
    """Return the numbers of --z0; None for the start state that the network carries."""
    if z0 is None:
        return None
    numbers = [text.strip() for text in z0.split(",")]
    if any(not text or ";" in text or len(text.split()) > 1 for text in numbers):
        raise click.UsageError(f'--z0: expected numbers separated by commas, such as "1,-1/2,0.3", got "{z0}"')
    return numbers


def inputs_option(text: str) -> Callable[[F], F]:
    """Add the file of inputs."""
    form = f"{text}: a CSV file with one row a step and no header, or an array in a .npy file."
    return click.option("--inputs", metavar="FILE", type=click.Path(), help=form)


def output_option(text: str, required: bool = False) -> Callable[[F], F]:
    """Add the file that is written; a folder that is not there is refused before anything is computed."""
    kind = click.Path()
    return click.option("-o", "--output", metavar="OUT", type=kind, required=required, callback=_in_a_folder, help=text)


def _in_a_folder(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    if path is not None and not context.resilient_parsing and not Path(path).absolute().parent.is_dir():
        raise OSError(ENOENT, strerror(ENOENT), path)
    return path


def region_options(command: F) -> F:
    """Add the options that choose regions."""
    for option in (
        inputs_option("Inputs for --visited"),
        click.option(
            "--steps",
            type=click.IntRange(0, limits.ORBIT_STEPS),
            help="Number of steps for --visited (default 1000, or the rows of --inputs).",
        ),
        start_option("Start state for --visited"),
        click.option("--visited", is_flag=True, help="Only the regions that the exact orbit from --z0 visits."),
        click.option(
            "--region",
            "patterns",
            multiple=True,
            metavar="PATTERN",
            help="A region such as 10: unit 1 active, unit 2 not. May be repeated.",
        ),
    ):
        command = option(command)
    return command


def selection(
    patterns: Sequence[str], visited: bool, z0: str | None, steps: int | None, inputs: str | None = None
) -> dict[str, Any]:
    """Return the keywords of `check` and `derive` for the options that choose regions."""
    if patterns and visited:
        raise click.UsageError("--region and --visited exclude each other")
    if not visited and (z0 is not None or steps is not None or inputs is not None):
        raise click.UsageError("--z0, --steps and --inputs go with --visited")
    if not visited:
        return {"regions": list(patterns) if patterns else "all"}
    held = None if inputs is None else read_inputs(inputs)
    return {"regions": "visited", "z0": start_state(z0), "steps": steps_of(steps, held, 1000), "inputs": held}


def steps_of(steps: int | None, inputs: list[Any] | None, default: int) -> int:
    """Return the number of steps: unless it is given as many as there are inputs, or without inputs the default."""
    if steps is not None:
        return steps
    return default if inputs is None else len(inputs)


def read_inputs(path: str) -> list[list[Any]]:
    """Return the rows of a file of inputs: of CSV as rational numbers, exactly as they are written."""
    file = Path(path)
    if not file.is_file():
        raise FormatError(f"{path}: no such file")
    if file.stat().st_size > limits.INPUT_BYTES:
        raise FormatError(f"{path}: larger than {limits.INPUT_BYTES} bytes")
    return _npy_rows(path) if file.suffix == ".npy" else _csv_rows(path)


def _npy_rows(path: str) -> list[list[Any]]:
    import numpy as np

    try:
        found = np.load(path, allow_pickle=False)
    except (ValueError, EOFError):
        raise FormatError(f"{path}: not an array of numbers in NPY format; accepted is one with a row a step") from None
    if found.ndim != 2 or found.dtype.kind not in "iuf":
        raise FormatError(f"{path}: expected an array of real numbers (steps, inputs), got {found.dtype} of shape {found.shape}")
    rows: list[list[Any]] = found.tolist()
    return rows


def _csv_rows(path: str) -> list[list[Any]]:
    from fractions import Fraction

    from symplrnn.errors import EntryError
    from symplrnn.exact.reading.numbers import rational

    def number(text: str, where: str) -> Fraction:
        try:
            exact = rational(text.strip(), where)
        except EntryError:
            accepted = "rows of numbers such as 0.25, -1e-3 or 3/7, separated by commas, without a header"
            raise FormatError(f'{path}: {where}: "{text.strip()[:40]}" is not a number; accepted are {accepted}') from None
        return Fraction(int(exact.p), int(exact.q))

    try:
        lines = list(csv.reader(Path(path).read_text(encoding="utf-8").splitlines()))
    except (ValueError, csv.Error) as error:
        raise FormatError(f"{path}: not a text of rows of numbers separated by commas: {error}") from None
    rows = [[number(x, f"row {i}, column {j}") for j, x in enumerate(row, 1)] for i, row in enumerate(lines, 1) if row]
    for i, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise FormatError(f"{path}: row {i} has {len(row)} numbers, but the first has {len(rows[0])}")
    return rows


def strict_options(text: str) -> Callable[[F], F]:
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
