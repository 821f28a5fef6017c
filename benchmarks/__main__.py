"""Time the main jobs on the trained van der Pol network (10 units, 1024 regions) beside SymPy, mpmath and SciPy.

SymPy is run in a process of its own with a time limit, because it does not always answer.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import mpmath
import sympy as sp
from flint import fmpq_mat

import symplrnn as sr

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "ReproVanDerPol.mat"
LIMIT = 60.0
LIMITS = {2: 0.15, 3: 1.0}  # seconds of CPU for all regions of so many free units


def cpu(work: Callable[[], Any], repeat: int = 3) -> float:
    """Return the median CPU time of a call, in seconds."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return median(times)


def limited(work: Callable[..., Any], *arguments: Any) -> float | None:
    """Return the wall time of a call in a process of its own, or None if it fails or takes longer than the limit."""
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    start = time.perf_counter()
    process.start()
    process.join(LIMIT)
    if process.is_alive():
        process.terminate()
        process.join()
        return None
    return time.perf_counter() - start if process.exitcode == 0 else None


def line(name: str, ours: float, other: str, theirs: float | None) -> None:
    """Print one comparison."""
    if theirs is None:
        print(f"{name:<58} {ours * 1000:10.1f} ms   {other}: no answer (an error, or {LIMIT:.0f} s are over)")
    else:
        print(f"{name:<58} {ours * 1000:10.1f} ms   {other}: {theirs * 1000:10.1f} ms   ratio {theirs / ours:8.1f}")


def network() -> tuple[sr.ReLURNN, str]:
    """Return the trained network, or without it a packaged one."""
    if DATA.is_file():
        return sr.load(DATA), "van der Pol, 10 units"
    return sr.example("cycle16"), "packaged cycle16, 2 units (the trained network is absent)"


def sympy_verdict(matrix: sp.Matrix) -> None:
    """Decide with SymPy what E1 to E3 need in a generic region: the real roots of the characteristic polynomial."""
    x = sp.Symbol("x")
    chi = sp.Poly(matrix.charpoly(x).as_expr(), x)
    chi.eval(0)
    chi.eval(1)
    chi.count_roots(None, 0)


def sympy_log(matrix: sp.Matrix) -> None:
    """Take SymPy's logarithm."""
    try:
        matrix.log()
    except Exception as error:  # noqa: BLE001  (whatever SymPy says counts as its answer)
        print(f"    (SymPy: {type(error).__name__})", flush=True)
        sys.exit(1)


def verdicts(net: sr.ReLURNN, title: str) -> None:
    """E1 to E3 in all regions, against SymPy on a sample, scaled."""
    sample = [sp.Matrix(region.matrix) for region in list(net.regions())[:: max(1, 2**net.p // 32)]]

    def decided() -> None:
        report = sr.check(net)
        _ = [found.truth for checked in report.verdicts.values() for found in checked.verdicts.values()], report.counts

    ours = cpu(decided)
    theirs = cpu(lambda: [sympy_verdict(m) for m in sample], 1) * 2**net.p / len(sample)
    alone = cpu(lambda: flint_verdicts(net))
    name = f"all verdicts, all {2**net.p} regions"
    print(f"{name:<58} {ours * 1000:10.1f} ms   FLINT alone: {alone * 1000:10.1f} ms   times {ours / alone:8.1f}   limit 2")
    line(f"all verdicts, all {2**net.p} regions ({title})", ours, f"SymPy, from {len(sample)} regions", theirs)


def flint_verdicts(net: sr.ReLURNN) -> None:
    """Find with FLINT what any check of all regions needs: each core's characteristic polynomial and its isolated roots."""
    entries = (net.exact.A + net.exact.W).tolist()
    for k in range(2**net.p):
        on = [i for i in range(net.p) if k >> i & 1]
        if on:
            fmpq_mat(len(on), len(on), [entries[i][j] for i in on for j in on]).charpoly().numer().complex_roots()


def closed_forms(net: sr.ReLURNN) -> None:
    """One region: closed form, then 50 certified digits, against SymPy and against mpmath (which certifies nothing)."""
    region = net.region("1" * net.p)
    line("closed form of the region of all units", cpu(lambda: sr.derive(region, "1/10").logarithm), "SymPy Matrix.log",
         limited(sympy_log, sp.Matrix(region.matrix)))  # fmt: skip
    ode = sr.derive(region, "1/10")
    _ = ode.logarithm
    rows = region.affine.augmented().tolist()

    def numerically() -> None:
        with mpmath.workdps(60):
            mpmath.logm(mpmath.matrix([[mpmath.mpf(int(x.p)) / int(x.q) for x in row] for row in rows]))

    line("50 certified digits of it", cpu(lambda: ode.digits(50)), "mpmath.logm, 60 digits", cpu(numerically, 1))
    cubic = sr.ReLURNN([[0, 0, 2], [1, 0, -5], [0, 1, 5]], [[], [], []], [0, 0, 0], V=[]).region("")
    line("closed form, 3 x 3 rational, irreducible cubic", cpu(lambda: sr.derive(cubic, 1).logarithm), "SymPy Matrix.log",
         limited(sympy_log, sp.Matrix(cubic.matrix)))  # fmt: skip
    small = sr.ReLURNN([["1/2", "1/3"], ["1/5", "3/4"]], [[], []], [0, 0], V=[]).region("")
    line("closed form, 2 x 2 rational, as SymPy matrix", cpu(lambda: sr.derive(small, 1).matrix), "SymPy Matrix.log",
         cpu(lambda: sp.Matrix(small.matrix).log()))  # fmt: skip


def orbits(net: sr.ReLURNN) -> None:
    """Exact steps against the same in Python fractions; 1000 steps would take those minutes."""
    from fractions import Fraction

    start = net.initial_states[0] if net.initial_states else [1] * net.n
    A, W, h = ([[Fraction(int(x.p), int(x.q)) for x in row] for row in m.tolist()] for m in (net.A, net.W, net.h))

    def fractions() -> None:
        z = [Fraction(int(x.p), int(x.q)) for x in map(sp.Rational, start)]
        for _ in range(100):
            r = [max(x, 0) for x in z]
            z = [sum((A[i][j] * z[j] + W[i][j] * r[j] for j in range(net.n)), h[i][0]) for i in range(net.n)]

    line("100 exact steps", cpu(lambda: net.orbit(start, 100)), "Python fractions", cpu(fractions, 1))
    print(f"{'1000 exact steps':<58} {cpu(lambda: net.orbit(start, 1000)) * 1000:10.1f} ms")


def symbolic(n: int) -> sr.ReLURNN:
    """Return the PLRNN of n units with all entries free."""
    a, h = sp.symbols(f"a1:{n + 1}", positive=True), sp.symbols(f"h1:{n + 1}", real=True)
    W = [[sp.Symbol(f"w{i}{j}", real=True) if i != j else 0 for j in range(1, n + 1)] for i in range(1, n + 1)]
    return sr.PLRNN(list(a), W, list(h))


def sympy_logs(matrices: list[sp.Matrix]) -> None:
    """Take SymPy's logarithm of each matrix."""
    for matrix in matrices:
        sympy_log(matrix)


def letters() -> None:
    """Conditions and closed forms of fully symbolic networks, against SymPy's logarithm of the same matrices; a validity grid."""
    for n in (2, 3):
        net = symbolic(n)

        def conditions(net: sr.ReLURNN = net) -> None:
            report = sr.check(net)
            for check in report.verdicts.values():
                _ = [check[name].truth for name in ("E1", "E2", "E3")], check.stable, check.diagonalisable
            _ = report.global_verdict

        def formulas(net: sr.ReLURNN = net) -> None:
            ode = sr.derive(net, 1)
            _ = [(ode[pattern].condition, ode[pattern].matrix, ode[pattern].offset) for pattern in ode]

        def page(net: sr.ReLURNN = net) -> None:
            sr.latex(sr.derive(net, 1))

        def forms(net: sr.ReLURNN = net) -> None:
            ode = sr.derive(net, 1)
            _ = [case.named for pattern in ode for case in ode[pattern].cases]

        def beyond(net: sr.ReLURNN = net) -> None:
            ode = sr.derive(net, 1)
            _ = [ode[pattern].other_cases for pattern in ode]

        matrices = [sp.Matrix(region.matrix) for region in net.regions()]
        print(f"{f'letters: all conditions, {2**n} regions of {n} units':<58} {cpu(conditions) * 1000:10.1f} ms")
        theirs = limited(sympy_logs, matrices)
        line(f"letters: the one formula of {2**n} regions", cpu(formulas), f"limit {LIMITS[n]} s; SymPy Matrix.log", theirs)
        line(f"letters: LaTeX of {2**n} regions", cpu(page), f"limit {LIMITS[n]} s; SymPy Matrix.log", theirs)
        line(f"letters: all closed forms by cases, {2**n} regions", cpu(forms), "SymPy Matrix.log", theirs)
        line(f"letters: all cases where E2 fails, {2**n} regions", cpu(beyond, 1), "SymPy Matrix.log", theirs)
    four = cpu(lambda: [sr.derive(region, 1).matrix for region in symbolic(4).regions()], 1)
    print(f"{'letters: the one formula of 16 regions of 4 units':<58} {four * 1000:10.1f} ms   limit 10 s")
    net = symbolic(2)
    formula = sr.check(net).verdicts["11"]["E1"].truth.as_formula()
    axis, rest = [k / 100 for k in range(-100, 100)], {"a1": "1/2", "a2": "1/3", "h1": 0, "h2": 0}
    points = [{"w12": x, "w21": y, **rest} for x in axis[::20] for y in axis[::20]]
    ours = cpu(lambda: formula.grid(x=("w12", axis), y=("w21", axis), at=rest))
    theirs = cpu(lambda: [formula.at(point) for point in points], 1) * 40000 / len(points)
    line("letters: E1 on 200 x 200 points, certified", ours, "one by one, from 100 points", theirs)


def processes() -> None:
    """Whole processes: the command, and the import beside SymPy's."""

    def wall(*command: str) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times.append(time.perf_counter() - start)
        return median(times)

    bare = wall(sys.executable, "-c", "import sympy")
    line("import symplrnn", wall(sys.executable, "-c", "import symplrnn"), "import sympy", bare)
    name = str(DATA) if DATA.is_file() else "cycle16"
    command = (sys.executable, "-m", "symplrnn", "check", name, "--json", "--summary")
    print(f"    check as a command: {json.loads(subprocess.run(command, check=True, capture_output=True).stdout)['counts']}")
    line("symplrnn check --json --summary", wall(*command), "import sympy", bare)


if __name__ == "__main__":
    net, title = network()
    print(f"{'ours':<58} {'CPU or wall':>13}   beside: the same job; ratio = theirs / ours")
    verdicts(net, title)
    closed_forms(net)
    orbits(net)
    letters()
    processes()
