"""Vector fields for other libraries and as source text, against the NumPy function; events."""

import ctypes
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import symplrnn as sr
from symplrnn.emit.fields.numpy_ import RegionField
from symplrnn.emit.fields.region_table import region_table

GENERAL = sr.ReLURNN(
    [["1/2", "1/5"], [0, "3/4"]], [[1, "-1/3", "1/7"], ["-1/4", "1/2", 0]], ["1/10", "-1/5"],
    V=[[1, 1], [0, 1], [1, 1]], b=["-1/2", "1/3", "1/4"], C=[[1], ["-1/2"]],
)  # fmt: skip


def states(n, count=40, seed=0):
    return np.random.default_rng(seed).normal(size=(n, count))


# Events


def test_events_are_the_faces():
    f = sr.derive(GENERAL, 1).lambdify()
    z = states(2)
    assert [(e.direction, e.terminal) for e in f.events] == [(0, False)] * 3
    assert np.allclose([e(0.0, z) for e in f.events], f.V @ z + f.b[:, None])
    assert np.allclose([e(0.0, z[:, 0].tolist()) for e in f.events], f.V @ z[:, 0] + f.b)


def test_events_stop_an_integration_at_a_face():
    """z' = z/2 + 1 above 0 and z/4 + 1 below: from -2 the lower branch log(1/4) (z - 4/3) meets 0 at t = log(5/2)/log 4."""
    f = sr.derive(sr.PLRNN(["1/4"], [["1/4"]], [1]), 1).lambdify()
    f.events[0].terminal, f.events[0].direction = True, 1
    found = solve_ivp(f, (0, 5), [-2.0], events=f.events, rtol=1e-10, atol=1e-12)
    assert found.status == 1
    assert found.t[-1] == pytest.approx(np.log(2.5) / np.log(4), abs=1e-8)
    f.events[0].direction = -1
    assert solve_ivp(f, (0, 5), [-2.0], events=f.events).status == 0


@pytest.mark.parametrize("method", ["RK45", "DOP853", "Radau", "LSODA"])
def test_integrators_reach_the_end_of_the_last_input(method):
    net = sr.PLRNN(["1/2", "3/4"], [[0, "1/3"], ["-1/2", 0]], ["-1/5", "1/10"], C=[[1], [0]])
    ode, inputs = sr.derive(net, "1/2"), np.array([[1.0], [-1.0], [0.5], [2.0], [0.0]])
    last = ode.simulate([2, 1], 5, inputs=inputs).grid_states[-1]
    f = ode.lambdify("grid", z0=[2.0, 1.0], t0=3.0, inputs=inputs)
    found = solve_ivp(f, (3.0, 5.5), [2.0, 1.0], method=method, rtol=1e-9, atol=1e-11, max_step=0.05)
    assert found.status == 0
    assert np.allclose(found.y[:, -1], last, atol=1e-6)
    state = ode.lambdify("state", inputs=inputs)
    assert solve_ivp(state, (0, 2.5), [2.0, 1.0], method=method, events=state.events).status == 0
    with pytest.raises(ValueError, match="rows for steps 0 to 4, but step 5 is asked for"):
        f(5.6, [2.0, 1.0])


# JAX and PyTorch


def library(name):
    if name == "jax":
        jax = pytest.importorskip("jax", reason='JAX is not installed; the extra "test" brings it')
        jax.config.update("jax_enable_x64", True)
        return np.asarray
    pytest.importorskip("torch", reason='PyTorch is not installed; the extra "torch" brings it')
    return lambda x: x.detach().numpy()


@pytest.mark.parametrize("name", ["jax", "torch"])
def test_tensor_fields_agree_with_numpy(name):
    back = library(name)
    inputs = np.random.default_rng(1).normal(size=(4, 1))
    for switching in ("state", "grid"):
        ode = sr.derive(GENERAL, "1/3")
        f = ode.lambdify(switching, name, t0=0.5, inputs=inputs)
        plain = ode.lambdify("state", t0=0.5, inputs=inputs)
        z, held = states(2), states(2, seed=5)
        for t in (0.5, 0.9, 1.8):
            if switching == "state":
                assert np.allclose(back(f(t, z)), plain(t, z), rtol=1e-13, atol=1e-13)
                assert np.allclose(back(f(t, z[:, 3])), plain(t, z[:, 3]), rtol=1e-13, atol=1e-13)
            else:
                expected = plain.value(plain.active(held), z, plain.input_at(plain.step_index(t)))
                assert np.allclose(back(f(t, z, held)), expected, rtol=1e-13, atol=1e-13)
                assert np.allclose(back(f(t, z[:, 0], held[:, 0])), expected[:, 0], rtol=1e-13, atol=1e-13)
        late = (z, held) if switching == "grid" else (z,)
        assert np.isnan(back(f(2.0, *late))).all()
        end = 0.5 + 4 / 3  # the end of the last step
        assert np.allclose(back(f(end, *late)), back(f(end - 1e-3, *late)), rtol=1e-13, atol=1e-13)
        assert np.isnan(back(f(0.4, *late))).all()
        assert np.allclose([back(e(0.0, z)) for e in f.events], [e(0.0, z) for e in plain.events])
        with pytest.raises(ValueError, match="held: the state at the last grid time"):
            f(0.5, *((z,) if switching == "grid" else (z, held)))
        with pytest.raises(ValueError, match=r"z: expected shape \(2,\) or \(2, k\)"):
            f(0.5, *((np.ones(3),) * len(late)))


@pytest.mark.parametrize("name", ["jax", "torch"])
def test_tensor_fields_integrate_and_differentiate(name):
    back = library(name)
    ode = sr.derive(sr.example("complex"))
    f, plain = ode.lambdify("state", name), ode.lambdify()
    quick = sys.modules["jax"].jit(f) if name == "jax" else f
    theirs = solve_ivp(quick, (0, 1), [1.0, 2.0], events=f.events, rtol=1e-9)
    ours = solve_ivp(plain, (0, 1), [1.0, 2.0], events=plain.events, rtol=1e-9)
    assert np.allclose(theirs.y[:, -1], ours.y[:, -1], rtol=1e-12)
    z = np.array([1.0, 2.0])
    if name == "jax":
        import jax

        jacobian = jax.jit(jax.jacfwd(lambda z: f(0.0, z)))(z)
        batch = jax.vmap(lambda z: f(0.0, z))(states(2).T)
    else:
        import torch

        jacobian = torch.func.jacrev(lambda z: f(0.0, z))(torch.tensor(z))
        batch = torch.func.vmap(lambda z: f(0.0, z))(torch.tensor(states(2).T))
    pattern = sr.example("complex").region_of(z).pattern
    assert np.allclose(back(jacobian), np.array(ode[pattern].matrix.tolist(), dtype=float), rtol=1e-13)
    assert np.allclose(back(batch).T, plain(0.0, states(2)), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", ["jax", "torch"])
def test_a_state_outside_the_table_is_nan(name):
    back = library(name)
    f = sr.derive(sr.example("complex"), regions=["11"]).lambdify("state", name)
    found = back(f(0.0, np.array([[1.0, -1.0], [1.0, 1.0]])))
    assert np.isfinite(found[:, 0]).all()
    assert np.isnan(found[:, 1]).all()


@pytest.mark.parametrize("name", ["jax", "torch"])
def test_a_missing_library_names_its_extra(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "jax.numpy" if name == "jax" else "torch", None)
    with pytest.raises(sr.MissingExtra, match=rf'backend: "{name}" is not installed; .*pip install "symplrnn\[{name}\]"'):
        sr.derive(sr.example("complex")).lambdify("state", name)
    assert issubclass(sr.MissingExtra, ImportError)


# Source text


def compiled(text, tmp_path):
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler cc")
    (tmp_path / "field.c").write_text(text)
    library = tmp_path / "field.so"
    command = ["cc", "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([*command, str(tmp_path / "field.c")], check=True, capture_output=True)
    return ctypes.CDLL(str(library)).symplrnn_field


def call(function, n, *arrays):
    pointers = [np.ascontiguousarray(a, dtype=float) for a in arrays]
    out = np.zeros(n)
    as_pointer = lambda a: a.ctypes.data_as(ctypes.POINTER(ctypes.c_double))  # noqa: E731
    status = function(ctypes.c_double(0.0), *map(as_pointer, pointers), as_pointer(out))
    return status, out


def test_compiled_c_agrees_with_numpy(tmp_path):
    ode = sr.derive(GENERAL, "1/3")
    s, z, held = np.array([0.75]), states(2), states(2, seed=5)
    plain = ode.lambdify("state", inputs=[s])
    state = compiled(ode.lambdify("state", "c"), tmp_path)
    for k in range(40):
        status, found = call(state, 2, z[:, k], s)
        assert status == 0
        assert np.allclose(found, plain(0.0, z[:, k]), rtol=1e-13, atol=1e-13)
    (tmp_path / "grid").mkdir()
    grid = compiled(ode.lambdify("grid", "c"), tmp_path / "grid")
    for k in range(40):
        found = call(grid, 2, z[:, k], held[:, k], s)[1]
        assert np.allclose(found, plain.value(plain.active(held[:, k]), z[:, k], s), rtol=1e-13, atol=1e-13)


def test_compiled_c_of_a_trained_network(tmp_path, van_der_pol, van_der_pol_orbit):
    ode = sr.derive(van_der_pol, "1/10", regions="visited", steps=200)
    function, plain = compiled(ode.lambdify("state", "c"), tmp_path), ode.lambdify()
    found = ode.simulate(None, 200)
    for z in found.grid_states[:-1:20]:
        assert np.allclose(call(function, 10, z)[1], plain(0.0, z), rtol=1e-12, atol=1e-12)
    status, out = call(function, 10, -100 * np.ones(10))
    assert status == 1
    assert np.isnan(out).all()


def test_c_without_units(tmp_path):
    ode = sr.derive(sr.ReLURNN([["1/2"]], [[]], [1], V=[]), 1)
    assert np.allclose(call(compiled(ode.lambdify("state", "c"), tmp_path), 1, [3.0])[1], ode.lambdify()(0.0, [3.0]))


def arrays(text, name):
    """The numbers of a Julia array."""
    inner = re.search(rf"const {name} = (?:reshape\()?(?:Float64|Bool)\[[^\n]*\n(.*?)\n\]", text, re.DOTALL)[1]
    return [float(x) for x in inner.replace("\n", " ").split(",")]


@pytest.mark.parametrize("switching", ["state", "grid"])
def test_julia_text_has_the_table_in_julias_order(switching):
    """Julia is not run: the numbers, their order, the arguments and the blocks of the text are checked."""
    ode = sr.derive(GENERAL, "1/3")
    table, text = region_table(ode, "julia"), ode.lambdify(switching, "julia")
    sizes = [int(x) for x in re.search(r"const N, P, M, R = (.*)", text)[1].split(",")]
    assert sizes == [2, 3, 1, len(table.patterns)]
    N, P, M, R = sizes
    order = {"V": (N, P), "active": (P, R), "field": (N + 1 + M, N, R)}
    julia = {name: np.array(arrays(text, name)).reshape(shape, order="F") for name, shape in order.items()}
    for name, shape in (("V", "N, P"), ("active", "P, R"), ("field", "N + 1 + M, N, R")):
        assert re.search(rf"const {name} = reshape\(.*?\n\], {re.escape(shape)}\)", text, re.DOTALL)
    z, held, s = states(2)[:, 0], states(2, seed=5)[:, 0], np.array([0.75])
    chooser = held if switching == "grid" else z
    on = julia["V"].T @ chooser + arrays(text, "b") > 0
    r = next(k for k in range(R) if (julia["active"][:, k] == on).all())
    found = np.concatenate([z, [1], s]) @ julia["field"][:, :, r]
    plain = ode.lambdify("state", inputs=[s])
    assert np.allclose(found, plain.value(plain.active(chooser), z, s), rtol=1e-13)
    assert "function symplrnn_field!(dz, z, p, t)" in text
    assert ("p.held[j]" in text) == (switching == "grid")
    assert "field[N + 1 + j, i, r] * p.s[j]" in text
    code = re.sub(r"#.*", "", text)
    openers = len(re.findall(r"^\s*(?:module|function|if|for)\b", code, re.MULTILINE))
    assert openers == len(re.findall(r"^\s*end$", code, re.MULTILINE))
    assert all(code.count(a) == code.count(b) for a, b in ("()", "[]"))


@pytest.mark.parametrize("backend", ["jax", "torch", "c", "julia"])
def test_tables_are_finite(backend):
    if backend in ("jax", "torch"):
        library(backend)
    wide = sr.PLRNN(["1/2"] * 11, [["1/100" if i != j else 0 for j in range(11)] for i in range(11)], [1] * 11)
    with pytest.raises(ValueError, match="the network has more than 1024; choose some"):
        sr.derive(wide, 1).lambdify("state", backend)
    assert sr.derive(wide, 1, regions=["1" * 11]).lambdify("state", backend)
    with pytest.raises(ValueError, match=r'go(es)? with backend="numpy"'):
        sr.derive(GENERAL, 1).lambdify("grid", backend, z0=[1, 2])


@pytest.mark.parametrize("backend", ["numpy", "c", "julia"])
def test_regions_that_are_no_fields_on_the_states_are_refused(backend):
    ode = sr.derive(sr.example("complex"))
    ode.derived["11"] = SimpleNamespace(kind="lifted", n=2, region=ode.network.region("11"))
    with pytest.raises(ValueError, match=r'region 11 is lifted, .*simulate\(\.\.\., switching="grid"\)'):
        ode.lambdify("state", backend)(0.0, [1.0, 1.0])
    with pytest.raises(ValueError, match="region 11 is lifted"):
        RegionField(ode["11"])
