"""The text of a file that simulates a network's ODE in another language.

In a region the ODE is linear. So the files for Python, MATLAB and C move by matrix exponentials (or Taylor series to the last
bit), which need no step size; those for JAX and Julia hand the vector field and its events to the solvers of these languages.

Reference: docs/theory, section 3, E7.
"""

from __future__ import annotations

import re
from importlib.resources import files
from textwrap import fill
from typing import Any

from symplrnn import views
from symplrnn.dynamics.doubles import nearest_double
from symplrnn.emit.fields.region_table import RegionTable, real_regions
from symplrnn.emit.fields.source import listed
from symplrnn.errors import EntryError, ShapeError
from symplrnn.exact.reading.numbers import rational_vector
from symplrnn.systems.piecewise import NetworkODE

__all__ = ["export_text"]

TEMPLATES = {"python": "model.py", "matlab": "model.m", "jax": "model_jax.py", "julia": "model.jl", "c": "model.c"}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,50}")
# How a list of missing regions begins in the heads of the files, and how wide they are.
HEADS = {"python": "", "matlab": "% ", "jax": "", "julia": "# ", "c": "   "}
WIDTH = 120


@views.export.register(NetworkODE)
def export_text(ode: NetworkODE, target: str, name: str = "model") -> str:
    """Return the text of a file; see `NetworkODE.export`.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> text = export_text(derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1), "c")
    >>> [line for line in text.splitlines() if line.startswith("int symplrnn_")][0]
    'int symplrnn_region(const double *z)'
    """
    if target not in TEMPLATES:
        accepted = ", ".join(f'"{known}"' for known in TEMPLATES)
        raise ShapeError(f'export: "{target}" is unknown; accepted are {accepted}')
    if not NAME.fullmatch(name):
        raise ShapeError(f'name: expected letters, digits and underscores with a letter first, got "{name}"')
    ode.network.require_numbers("export")
    if ode.dt.free_symbols:
        names = ", ".join(sorted(map(str, ode.dt.free_symbols)))
        raise EntryError(f"export: dt has the parameters {names}; give them values first, by ode.subs")
    table, missing = real_regions(ode, target)
    template = files("symplrnn.emit.export").joinpath("templates", TEMPLATES[target] + ".txt").read_text(encoding="utf-8")
    values = _values(ode, table, target) | {"name": name, "NAME": name.upper(), "Name": name[0].upper() + name[1:]}
    values["missing"] = _missing(missing, HEADS[target])
    return re.sub("<<([A-Za-z_]+)>>", lambda found: values[found[1]], template)


def _values(ode: NetworkODE, table: RegionTable, target: str) -> dict[str, str]:
    """Return the text of each placeholder that all files have."""
    n, p, m = table.n, len(table.b), table.m
    start = _start(ode)
    numbers = ", ".join(map(repr, start))
    indent = "        " if target == "matlab" else "    "
    empty = "0" if target == "c" else ""

    def lines(texts: Any) -> str:
        text = listed(texts, indent, empty)
        return text.replace("\n", " ...\n") + " ..." if target == "matlab" else text

    return {
        "n": str(n),
        "p": str(p),
        "m": str(m),
        "regions": str(len(table.patterns)),
        "inputs_said": f", {m} input{'s' * (m > 1)}" if m else "",
        "dt": str(ode.dt),
        "step": repr(float(ode.dt)),
        "drive": " + Y s" if m else "",
        "columns": ", Y" if m else "",
        "start": f"[{numbers}]",
        "start_numbers": numbers,
        "patterns": fill(" ".join(table.patterns), WIDTH),
        "V": lines(map(repr, table.V.ravel().tolist())),
        "b": lines(map(repr, table.b.ravel().tolist())),
        "active": lines(map(str, table.active.ravel().astype(int).tolist())),
        "values": lines(map(repr, table.values.ravel().tolist())),
    }


def _start(ode: NetworkODE) -> list[float]:
    """Return the start state of the examples in a file: the one that the network carries, or 0."""
    network = ode.network
    if not network.initial_states:
        return [0.0] * network.n
    return [nearest_double(x) for x in rational_vector(network.initial_states[0], "z0", network.n)]


def _missing(missing: dict[str, str], head: str) -> str:
    """Return what the head of a file says about regions without a real ODE, which are not in its table."""
    if not missing:
        return head.rstrip()
    shown = ", ".join(f"{pattern} ({kind})" for pattern, kind in list(missing.items())[:20])
    more = f" and {len(missing) - 20} more" if len(missing) > 20 else ""
    text = f"Not in this file, since they are no ODE in the states alone: region{'s' * (len(missing) > 1)} {shown}{more}."
    return head.rstrip() + "\n" + fill(text, WIDTH, initial_indent=head, subsequent_indent=head) + "\n" + head.rstrip()
