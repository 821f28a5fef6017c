"""The command ``derive``: the system of each region, as text or in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from symplrnn import limits
from symplrnn.cli.options import dt_option, file_argument, network_argument, region_options, selection, set_option, strict_options
from symplrnn.cli.output import printed, progress, show_warning
from symplrnn.errors import ShapeError
from symplrnn.progress import counted
from symplrnn.views import dumps

if TYPE_CHECKING:
    from symplrnn.network.network import ReLURNN
    from symplrnn.systems.piecewise import NetworkODE
    from symplrnn.systems.region_ode import RegionODE

__all__ = ["derive_command", "few_patterns"]

DECIMALS = 6  # digits of --decimals unless --digits says how many


def _refuse_digits(network: ReLURNN, digits: int | None, option: str) -> None:
    """Refuse decimals of a closed form with letters, unless only h, b and C have some."""
    from symplrnn.exact.fields.letters import FunctionField

    found = network.A.free_symbols | network.W.free_symbols | network.V.free_symbols
    if digits is not None and (found or (network.parameters and not isinstance(network.field, FunctionField))):
        names = ", ".join(map(str, network.parameters))
        raise click.UsageError(f"{option}: the network has the parameters {names}; give them numbers with --set NAME=VALUE")


@click.command("derive", short_help="Derive the system of each region in closed form.")
@file_argument
@set_option
@dt_option
@region_options
@click.option("--decimals", is_flag=True, help=f"Print certified decimals instead of exact entries, with {DECIMALS} digits.")
@click.option("--digits", type=click.IntRange(1, 10000), help="The same with so many significant digits.")
@strict_options("Exit with status 1 if some region has no real principal ODE (with --condition real: no real ODE).")
@click.option("--cases", "by_cases", is_flag=True, help="With letters: elementary functions, case by case.")
@click.option(
    "--other-cases", is_flag=True, help="With letters: also the cases where E2 fails (lifted, impulsive), which take longer."
)
@click.option("--beyond", is_flag=True, hidden=True)  # the old name
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document with digits and exact closed forms.")
@click.option("--full", is_flag=True, help="With --json: exact closed forms also of more than 10 states, which are long.")
def derive_command(
    file: str, values: tuple[str, ...], dt: str | None, patterns: tuple[str, ...], visited: bool, z0: str | None, steps: int |
    None, inputs: str | None, decimals: bool, digits: int | None, condition: str, strict: bool, by_cases: bool, other_cases: bool,
    beyond: bool, as_json: bool, full: bool,
) -> int:  # fmt: skip
    """Derive the continuous-time system of each region in closed form.

    A region has an ODE  dz/dt = X z + y, or one with extra coordinates u that are 0 at each grid time (lifted), or one that
    begins with a jump at each grid time (impulsive), or both. With letters the principal ODE is one formula, which holds where
    the condition beside it does; the other systems come in cases.

    Entries are printed exactly where they are short, else as certified decimals (every digit is right).
    """
    from symplrnn.derivation import derive
    from symplrnn.emit.json_ import network_to_json
    from symplrnn.emit.terminal import print_region_ode

    if beyond:
        show_warning("--beyond is now --other-cases")
        other_cases = True
    network = network_argument(file, values)
    option, digits = ("--decimals", DECIMALS) if decimals and digits is None else ("--digits", digits)
    _refuse_digits(network, digits, option)
    with progress("deriving"):
        ode = derive(network, dt, **selection(patterns, visited, z0, steps, inputs))
        chosen = few_patterns(ode, patterns, visited)
    regions: list[dict[str, Any]] = []
    complete = True
    with progress("deriving") as line:
        for pattern in counted(chosen, "regions", len(chosen)):
            found = ode[pattern]
            if not as_json:
                show = partial(print_region_ode, pattern=pattern, ode=found, digits=digits)
                text = printed(partial(show, by_cases=by_cases, other_cases=other_cases))
                with line.paused():  # text is printed region by region, as it is found
                    click.echo(text, nl=False, color=True)
            elif found.has_parameters:
                regions.append(found.to_dict(digits or 17, by_cases, other_cases))
            else:
                regions.append(found.to_dict(digits or 17, full=full))
            complete &= not strict or _meets(found, condition)
    if as_json:
        click.echo(dumps({"network": network_to_json(network), "dt": str(ode.dt), "regions": regions}))
    return int(strict and not complete)


def _meets(ode: RegionODE, condition: str) -> bool:
    """Return whether a region has a real ODE, or a real principal one, for all values of letters."""
    from symplrnn.theorems.check import check

    if not ode.has_parameters:
        return ode.kind == "real" and (ode.is_principal or condition == "real")
    if ode.condition.is_true or condition == "principal":
        return ode.condition.is_true
    if not ode.cases and not ode.unlisted_others:  # all cases are printed, so that they are at hand
        return all(case.kind == "real" for case in ode.other_cases)
    return bool(check(ode.region.network, [ode.region.pattern]).counts["real"])


def few_patterns(ode: NetworkODE, patterns: Sequence[str], visited: bool) -> list[str]:
    """Return the patterns to print; refuse to print very many that nobody chose."""
    if patterns or visited or (ode.network.p <= 20 and len(ode) <= limits.REGIONS_PRINTED):
        return list(ode)
    raise ShapeError(
        f"regions: the network has more than {limits.REGIONS_PRINTED} regions; "
        "choose some with --region PATTERN or with --visited"
    )
