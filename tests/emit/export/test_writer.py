"""Each exported file, run by its own tool, gives the states of `NetworkODE.simulate`, whose flows are certified."""

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from functools import cache
from random import Random

import numpy as np
import pytest

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.errors import EntryError, ShapeError

STEPS, PER_STEP = 100, 2


@cache
def case(name):
    """Return an ODE, a start state and inputs: networks whose solutions meet many faces, and one that slides."""
    if name == "no inputs":  # a spiral around the origin, where both activations change sign
        net = sr.PLRNN(["4/5", "4/5"], [[0, "-3/5"], ["3/5", 0]], ["1/10", "-1/5"])
        return sr.derive(net, dt="1/10"), [1, -1], None
    rng = Random(name)
    n, m = rng.choice([2, 3]), rng.choice([0, 1])
    rng.choice([1, 2, 3])
    A = [Fraction(rng.randint(3, 9), 10) for _ in range(n)]
    W = [[0 if i == j else Fraction(rng.randint(-6, 6), 5) for j in range(n)] for i in range(n)]
    h = [Fraction(rng.randint(-6, 6), 5) for _ in range(n)]
    assert m == 1
    C = [[Fraction(rng.randint(-4, 4), 2)] for _ in range(n)]
    return (
        sr.derive(sr.PLRNN(A, W, h, C), dt="1/10"),
        [1, 2, -1][:n] if n == 3 else [1, 1],
        np.sin(np.arange(STEPS) / 3)[:, None] * 2,
    )


CASES = [6, 27, 16, "no inputs"]  # 32 and 33 crossings; sliding after 8; none of the faces needs an input
RUNS = [(name, switching) for name in CASES for switching in ("grid", "state")]
QUICK_RUNS = [pytest.param(*run, marks=pytest.mark.slow if run in {(27, "state"), (16, "state")} else ()) for run in RUNS]


@cache
def expected(name, switching):
    ode, z0, inputs = case(name)
    return ode.simulate(z0, STEPS, PER_STEP, switching, inputs)


def test_the_cases_meet_faces():
    assert [expected(name, "state").status for name in CASES] == ["done", "done", "sliding", "done"]
    assert all(len(expected(name, "state").events) >= 5 for name in CASES[:3])


def compare(name, switching, times, states, status):
    want = expected(name, switching)
    assert status == want.status
    # A trajectory of simulate that ends early has its last event as its last row.
    rows = len(want.states) - (want.status != "done")
    assert len(states) == len(times) == rows
    np.testing.assert_allclose(times, want.times[:rows], rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(states, want.states[:rows], rtol=1e-8, atol=1e-8)


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.parametrize(("name", "switching"), QUICK_RUNS)
def test_python(name, switching, tmp_path):
    ode, z0, inputs = case(name)
    (tmp_path / "model.py").write_text(ode.export("python"))
    model = module(tmp_path / "model.py")
    found = model.simulate(z0, STEPS, PER_STEP, switching, inputs)
    compare(name, switching, found.t, found.z, found.status)
    if switching == "state":
        want = expected(name, switching).events
        assert [i + 1 for _, i in found.events] == [event.units[0] for event in want]
        np.testing.assert_allclose([time for time, _ in found.events], [event.time for event in want], rtol=1e-8)
    s = None if inputs is None else inputs[3]
    f = ode.lambdify(switching, inputs=None if inputs is None else inputs[3:])
    np.testing.assert_allclose(model.field(0.0, z0, None if switching == "state" else z0, s), f(0.0, z0), rtol=1e-13)


def test_the_example_of_a_python_file_runs(tmp_path):
    (tmp_path / "model.py").write_text(case(6)[0].export("python"))
    done = subprocess.run([sys.executable, "-I", tmp_path / "model.py"], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 21


C_MAIN = """
#include <stdio.h>
int main(void)
{
    static double inputs[] = {%s}, z0[] = {%s}, states[100000];
    int samples, status = symplrnn_simulate(z0, %d, %d, %d, %s, states, &samples);
    printf("%%d\\n", status);
    for (int k = 0; k < samples; k++) {
        for (int i = 0; i < N; i++) printf("%%.17g ", states[k * N + i]);
        printf("\\n");
    }
    return 0;
}
"""


@pytest.mark.parametrize(("name", "switching"), QUICK_RUNS)
def test_c(name, switching, tmp_path):
    ode, z0, inputs = case(name)
    listed = "0" if inputs is None else ", ".join(map(repr, inputs.ravel().tolist()))
    start = ", ".join(map(str, map(float, z0)))
    grid, given = int(switching == "grid"), "NULL" if inputs is None else "inputs"
    text = ode.export("c") + C_MAIN % (listed, start, STEPS, PER_STEP, grid, given)
    (tmp_path / "model.c").write_text(text)
    flags = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-variable"]
    subprocess.run(["cc", *flags, "model.c", "-lm", "-o", "model"], cwd=tmp_path, check=True)
    lines = subprocess.run([tmp_path / "model"], capture_output=True, text=True, check=True).stdout.splitlines()
    status = ["done", "sliding", "corner", "region"][int(lines[0])]
    states = np.array([line.split() for line in lines[1:]], dtype=float)
    compare(name, switching, expected(name, switching).times[: len(states)], states, status)


def test_the_program_of_a_c_file_runs(tmp_path):
    (tmp_path / "spiral.c").write_text(case("no inputs")[0].export("c", "spiral"))
    command = ["cc", "-std=c99", "-Wall", "-Werror", "-DSYMPLRNN_MAIN", "spiral.c", "-lm", "-o", "spiral"]
    subprocess.run(command, cwd=tmp_path, check=True)
    run = [tmp_path / "spiral", str(STEPS), str(PER_STEP), "state", "1", "-1"]
    rows = subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()
    found = np.array([row.split(",") for row in rows], dtype=float)
    compare("no inputs", "state", found[:, 0], found[:, 1:], "done")


@pytest.mark.slow
def test_matlab_in_octave(tmp_path):
    octave = shutil.which("octave-cli")
    assert octave, "this test needs octave-cli, which .ci/run installs"
    script = ["format long e"]
    for k, (name, switching) in enumerate(RUNS):
        ode, z0, inputs = case(name)
        (tmp_path / f"model{k}.m").write_text(ode.export("matlab", f"model{k}"))
        held = "[]" if inputs is None else f"[{'; '.join(map(repr, inputs.ravel().tolist()))}]"
        script += [
            f"m = model{k}(); [t, z, e, s] = m.simulate({[float(x) for x in z0]}', {STEPS}, {PER_STEP}, '{switching}', {held});",
            f"dlmwrite('t{k}.csv', t, 'precision', 17); dlmwrite('z{k}.csv', z, 'precision', 17);",
            f"disp(s); f = m.field(0, z(1, :)'); assert(size(f), [{ode.network.n}, 1]);",
            f"[v, stop, way] = m.events(0, z(1, :)'); assert(numel(v) == {ode.network.p} && all(stop == 0) && all(way == 0));",
        ]
    (tmp_path / "run_all.m").write_text("\n".join(script) + "\n")
    done = subprocess.run([octave, "-q", "run_all.m"], cwd=tmp_path, capture_output=True, text=True, check=True)
    for k, ((name, switching), status) in enumerate(zip(RUNS, done.stdout.split(), strict=True)):
        t, z = (np.loadtxt(tmp_path / f"{what}{k}.csv", delimiter=",", ndmin=1) for what in "tz")
        compare(name, switching, t, z, status)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "switching"), RUNS)
@pytest.mark.filterwarnings("ignore")  # those of JAX and its libraries
def test_jax_with_diffrax(name, switching, tmp_path):
    ode, z0, inputs = case(name)
    (tmp_path / "model.py").write_text(ode.export("jax"))
    model = module(tmp_path / "model.py")
    times, states, status = model.simulate(z0, STEPS, PER_STEP, switching, inputs)
    compare(name, switching, times, states, status)


@pytest.mark.parametrize("name", [6, "no inputs"])
def test_julia_has_the_numbers_and_the_parts(name):
    """There is no Julia here: the text is compared by structure, and its head says that it was not run."""
    ode = case(name)[0]
    text = ode.export("julia", "spiral")
    code = re.sub(r"#.*", "", text)
    blocks = re.findall(r"^\s*(?:mutable struct|module|function|for|if)\b", code, re.M)
    assert len(blocks) == len(re.findall(r"^\s*end\s*$", code, re.M))
    assert "no Julia" in text
    assert "module Spiral" in text
    n, p, m = ode.network.n, ode.network.p, ode.network.m
    assert f"const N, P, M, R = {n}, {p}, {m}, {2**p}" in text
    table = re.search(r"const fields = reshape\(Float64\[\s*\n(.*?)\n\]", code, re.S)[1]
    values = np.array(ast.literal_eval("[" + table + "]")).reshape(2**p, n, n + 1 + m)
    for matrix, pattern in zip(values, ode, strict=True):
        want = [[float(x) for x in row] for row in ode[pattern].digits(30).matrix]
        np.testing.assert_allclose(matrix[:, :n], want, rtol=1e-15, atol=1e-300)


@pytest.mark.parametrize("target", ["python", "matlab", "jax", "julia", "c"])
def test_regions_without_a_real_ode_are_named(target):
    net = sr.example("kinds")
    text = sr.derive(net, dt=1).export(target)
    assert "<<" not in text.replace("<<=", "")
    ode = sr.derive(net, dt=1)
    for pattern in ode:
        named = f"{pattern} ({ode[pattern].kind})"
        assert (named in re.sub(r"\s[\s#%]*", " ", text)) == (ode[pattern].kind != "real")


def test_a_run_ends_in_a_region_that_is_missing():
    model = {}
    net = sr.example("kinds")
    ode = sr.derive(net, dt=1)
    missing = next(pattern for pattern in ode if ode[pattern].kind != "real")
    start = [1.0 if d == "1" else -1.0 for d in missing]
    exec(ode.export("python"), model)
    assert model["pattern"](np.array(start)) == missing
    assert model["simulate"](start, 3).status == "region"
    assert np.isnan(model["field"](0.0, start)).all()


def test_what_cannot_be_exported_is_refused():
    ode = case("no inputs")[0]
    with pytest.raises(ShapeError, match='"fortran" is unknown; accepted are "python", "matlab", "jax", "julia", "c"'):
        ode.export("fortran")
    with pytest.raises(ShapeError, match="name: expected letters"):
        ode.export("c", "a b")
    letters = sr.derive(sr.example("two_units"), dt=1)
    with pytest.raises((ShapeError, EntryError), match="a1"):
        letters.export("c")
    only = sr.derive(sr.PLRNN([-2], [[0]], [1]), dt=1)
    with pytest.raises(ShapeError, match="none of the 2 regions"):
        only.export("python")
    large = sr.PLRNN(["1/2"] * 11, [[0] * 11 for _ in range(11)], [0] * 11)
    with pytest.raises(ShapeError, match="more than 1024"):
        sr.derive(large, dt=1).export("c")


def test_the_command_writes_a_file_named_as_asked(tmp_path, capsys):
    assert main(["export", "complex", "--to", "matlab", "-o", str(tmp_path / "my-spiral.m")]) == 0
    assert (tmp_path / "my-spiral.m").read_text().startswith("function model = my_spiral()")
    assert main(["export", "complex", "--to", "c", "--name", "spiral"]) == 0
    assert "spiral.c -lm -o spiral" in capsys.readouterr().out
    assert main(["export", "complex", "--to", "fortran"]) == 2
