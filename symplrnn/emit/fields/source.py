"""The vector field as source text of one function, in C or in Julia, with the table of regions written out.

Numbers are printed so that they are read back as the same doubles.

Reference: docs/theory, section 3, E7.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill
from typing import Any

from symplrnn.emit.fields.region_table import RegionTable, region_table
from symplrnn.errors import ShapeError
from symplrnn.systems.piecewise import NetworkODE

__all__ = ["listed", "source_text"]

C = """\
/* The vector field of a ReLU network in continuous time: {n} states, {p} units, {regions} regions, a step takes {dt}.

   dz/dt = X z + y{drive}, with X and y chosen by the region of {chooser}.
   z, dz: arrays of {n} doubles{arguments}.
   Returns 0; or 1, with dz filled with NaN, if {chooser} is in none of the regions. */

#include <math.h>

int symplrnn_field(double t, const double *z{parameters}, double *dz)
{{
    enum {{ N = {n}, P = {p}, M = {m}, Q = N + 1 + M, R = {regions} }};
    static const double V[] = {{
{V}
    }};
    static const double b[] = {{
{b}
    }};
    static const unsigned char active[] = {{ /* one row for each region, one number for each unit */
{active}
    }};
    static const double field[] = {{ /* for each region the rows of (X, y{columns}) */
{values}
    }};
    unsigned char on[P + 1];
    int r, i, j;
    (void)t;
    for (i = 0; i < P; i++) {{
        double x = b[i];
        for (j = 0; j < N; j++) x += V[i * N + j] * {chooser}[j];
        on[i] = x > 0;
    }}
    for (r = 0; r < R; r++) {{
        for (i = 0; i < P && on[i] == active[r * P + i]; i++) {{}}
        if (i == P) break;
    }}
    for (i = 0; i < N; i++) {{
        if (r == R) {{ dz[i] = NAN; continue; }}
        const double *row = field + (r * N + i) * Q;
        double x = row[N];
        for (j = 0; j < N; j++) x += row[j] * z[j];
{inputs}        dz[i] = x;
    }}
    return r == R;
}}
"""

JULIA = """\
# The vector field of a ReLU network in continuous time: {n} states, {p} units, {regions} regions, a step takes {dt}.
#
# dz/dt = X z + y{drive}, with X and y chosen by the region of {chooser}.
# For ODEProblem(symplrnn_field!, z0, tspan, p){arguments}.
# If {chooser} is in none of the regions, dz is filled with NaN.

module SymplrnnField

export symplrnn_field!

const N, P, M, R = {n}, {p}, {m}, {regions}
const V = reshape(Float64[
{V}
], N, P)
const b = Float64[
{b}
]
const active = reshape(Bool[  # one column for each region
{active}
], P, R)
const field = reshape(Float64[  # for each region the rows of (X, y{columns})
{values}
], N + 1 + M, N, R)

function symplrnn_field!(dz, z, p, t)
    on = [b[i] + sum(V[j, i] * {chooser}[j] for j in 1:N) > 0 for i in 1:P]
    r = findfirst(k -> all(active[i, k] == on[i] for i in 1:P), 1:R)
    if r === nothing
        fill!(dz, NaN)
        return nothing
    end
    for i in 1:N
        x = field[N + 1, i, r]
        for j in 1:N
            x += field[j, i, r] * z[j]
        end
{inputs}        dz[i] = x
    end
    return nothing
end

end
"""


def source_text(ode: NetworkODE, switching: str, backend: str, z0: Any, t0: Any, inputs: Any) -> str:
    """Return the source text of the vector field for "c" or "julia"; see `NetworkODE.lambdify`.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> text = source_text(derive(PLRNN(["1/2"], [["1/4"]], [1]), dt=1), "state", "c", None, 0.0, None)
    >>> [line for line in text.splitlines() if "symplrnn_field" in line]
    ['int symplrnn_field(double t, const double *z, double *dz)']
    """
    if z0 is not None or inputs is not None or t0 != 0.0:
        raise ShapeError(
            f'z0, t0, inputs: go with backend="numpy"; the function for backend="{backend}" takes the held state and the '
            "input as arguments"
        )
    table = region_table(ode, backend)
    grid, m = switching == "grid", table.m
    common = {
        "n": table.n,
        "p": len(table.b),
        "m": m,
        "regions": len(table.patterns),
        "dt": ode.dt,
        "drive": " + Y s" if m else "",
        "columns": ", Y" if m else "",
    }
    return (_c if backend == "c" else _julia)(table, grid, common)


def _c(table: RegionTable, grid: bool, common: dict[str, Any]) -> str:
    m = table.m
    held = f"; held: the {table.n} states at the last grid time" if grid else ""
    return C.format(
        **common,
        **_numbers(table, "        ", "0"),
        chooser="held" if grid else "z",
        arguments=held + (f"; s: the {m} inputs that are held over the step" if m else ""),
        parameters=(", const double *held" if grid else "") + (", const double *s" if m else ""),
        inputs="        for (j = 0; j < M; j++) x += row[N + 1 + j] * s[j];\n" if m else "",
    )


def _julia(table: RegionTable, grid: bool, common: dict[str, Any]) -> str:
    m = table.m
    fields = [*(["p.held the state at the last grid time"] if grid else []), *([f"p.s the {m} inputs"] if m else [])]
    loop = "        for j in 1:M\n            x += field[N + 1 + j, i, r] * p.s[j]\n        end\n"
    return JULIA.format(
        **common,
        **_numbers(table, "    ", ""),
        chooser="p.held" if grid else "z",
        arguments=f", with {' and '.join(fields)}" if fields else "",
        inputs=loop if m else "",
    )


def _numbers(table: RegionTable, indent: str, empty: str) -> dict[str, str]:
    """Return the arrays in the order of C (the last index runs fastest), as text."""
    arrays = {"V": table.V, "b": table.b, "values": table.values}
    texts = {name: listed(map(repr, array.ravel().tolist()), indent, empty) for name, array in arrays.items()}
    return texts | {"active": listed(map(str, table.active.ravel().astype(int).tolist()), indent, empty)}


def listed(texts: Iterable[str], indent: str, empty: str) -> str:
    """Return numbers separated by commas, in lines."""
    joined = ", ".join(texts) or empty
    return fill(joined, 120, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
