"""The command ``simulate``: a trajectory as CSV or NPZ, or a summary in JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, BinaryIO

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
    steps_of,
)
from symplrnn.cli.output import progress, write_file
from symplrnn.progress import counted
from symplrnn.views import dumps

if TYPE_CHECKING:
    from symplrnn.dynamics.trajectory import Trajectory

__all__ = ["simulate_command"]


@click.command("simulate", short_help="Follow the equivalent ODE in double precision.")
@file_argument
@set_option
@dt_option
@start_option("Start state")
@click.option(
    "--steps",
    type=click.IntRange(0, limits.ORBIT_STEPS),
    help="Number of steps of the network (default 1000, or the rows of --inputs).",
)
@click.option(
    "--per-step", type=click.IntRange(1, 10**5), default=10, show_default=True, help="Number of sample times in each step."
)
@click.option(
    "--switching",
    type=click.Choice(["grid", "state"]),
    default="grid",
    show_default=True,
    help="The region that holds: that of the state at the last grid time, or that of the state itself.",
)
@inputs_option("Inputs")
@output_option("Write the trajectory to OUT.csv or OUT.npz instead of standard output.")
@click.option(
    "--certify",
    is_flag=True,
    help="With --json: certify for each step of the exact orbit whether its flow stays in its region up to the next grid time.",
)
@click.option("--strict", is_flag=True, help="Exit with status 1 if the trajectory ends before the last step.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document with the outcome instead of the trajectory.")
def simulate_command(
    file: str, values: tuple[str, ...], dt: str | None, z0: str | None, steps: int | None, per_step: int, switching: str,
    inputs: str | None, output: str | None, certify: bool, strict: bool, as_json: bool,
) -> int:  # fmt: skip
    """Follow the equivalent ODE in double precision by the closed-form flow of each region.

    Prints times and states as CSV. With grid switching the states at grid times are those of the network. With state switching
    the trajectory goes on from face to face; where it has to end (such as sliding along a face), the reason is on standard error.
    """
    if output is not None and not output.endswith((".csv", ".npz")):
        raise click.UsageError(f'-o: expected a name that ends in .csv or .npz, got "{output}"')
    if certify and not as_json:
        raise click.UsageError("--certify goes with --json")
    from symplrnn.derivation import derive

    network = network_argument(file, values)
    held = None if inputs is None else read_inputs(inputs)
    ode, start, steps = derive(network, dt), start_state(z0), steps_of(steps, held, 1000)
    with progress("simulating"):
        found = ode.simulate(start, steps, per_step, switching, held)
    names = network.names or tuple(f"z{i}" for i in range(1, network.n + 1))
    with progress("writing"):
        if output is not None and output.endswith(".npz"):
            write_file(output, lambda file: _write_npz(file, found))
        elif output is not None:
            write_file(output, lambda file: file.write(_csv_text(found, names).encode()))
    if as_json:
        outcome = _summary(found, steps)
        if certify:
            with progress("certifying"):
                outcome["crossings"] = ode.crossings(start, steps, held).to_dict()
        click.echo(dumps(outcome))
    elif output is None:
        click.echo(_csv_text(found, names), nl=False)
    if not found.success and not as_json:
        click.echo(f"symplrnn: the trajectory ends early ({found.status}): {found.message}", err=True)
    return int(strict and not found.success)


def _csv_text(found: Trajectory, names: Sequence[str]) -> str:
    """Return times and states as CSV; each number is read back as the same double."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["t", *names])
    rows = zip(found.times.tolist(), found.states.tolist(), strict=True)
    writer.writerows([t, *z] for t, z in counted(rows, "rows", len(found.times)))
    return text.getvalue()


def _write_npz(file: BinaryIO, found: Trajectory) -> None:
    import numpy as np

    np.savez(
        file,
        times=found.times,
        states=found.states,
        grid_states=found.grid_states,
        map_states=found.map_states,
        patterns=np.array(found.patterns, dtype=np.str_),
        event_times=np.array([event.time for event in found.events]),
        status=np.array(found.status),
    )


def _summary(found: Trajectory, steps: int) -> dict[str, Any]:
    """Return the outcome of a simulation, ready for JSON."""
    departure = found.departure
    largest = float(departure.max())  # null in JSON, which has no infinity, where the network's own orbit overflows first
    passed = {pattern for e in found.events if e.kind == "crossing" for pattern in (e.before, e.after)}
    return {
        "switching": found.switching,
        "status": found.status,
        "message": found.message,
        "steps": {"asked": steps, "done": len(found.grid_states) - 1},
        "end": {"time": float(found.times[-1]), "state": found.states[-1].tolist()},
        "regions": sorted({*found.patterns, *passed}),
        "events": [
            {
                "time": e.time,
                "units": list(e.units),
                "kind": e.kind,
                "before": e.before,
                "after": e.after,
                "state": e.state.tolist(),
            }
            for e in found.events
        ],
        "departure": {"largest": largest if isfinite(largest) else None, "step": int(departure.argmax())},
    }
