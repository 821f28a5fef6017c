"""Checkpoints that torch and safetensors wrote (data/write.py), read without them, and files that mean harm."""

import io
import json
import os
import pickle
import random
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

import symplrnn as sr
from symplrnn.network.files.recognition import network_from_state
from symplrnn.network.files.safetensors_ import network_from_safetensors
from symplrnn.network.files.torch_ import _Pickle, network_from_torch_file
from symplrnn.network.in_files import Choices

DATA = Path(__file__).parent / "data"
STEPS = json.loads((DATA / "steps.json").read_text())
TYPES = {
    f"{kind}.{suffix}": {"clipped": False} for kind in ("float64", "float16", "bfloat16") for suffix in ("pt", "safetensors")
}
SAID = {
    "plrnn.ckpt": {},
    "alrnn.pt": {"P": 2}, "beside.pt": {"P": 1}, "parameters.pt": {"P": 1},
    "shallow.pt": {"clipped": False}, "shallow.safetensors": {"clipped": False},
    "shallow_clipped.pt": {"clipped": True}, "shallow_clipped.safetensors": {"clipped": True},
    "dendritic.pt": {"thresholds": "add", "clipped": False},
    "dendritic_clipped.pt": {"thresholds": "subtract", "clipped": True},
    "ctrnn.pt": {"relu": "drive", "k": "1/4", "hold_inputs": None},
    "rates.pt": {"relu": "state", "k": "1/4"},
    "rnn.pt": {"activation": "relu", "hold_inputs": None},
    **TYPES,
}  # fmt: skip


def test_every_checkpoint_is_tried():
    assert set(SAID) == set(STEPS)


@pytest.mark.parametrize("name", SAID)
def test_a_step_is_that_of_torch(name):
    """Torch computed the steps in doubles, of the weights as they are in the file."""
    for k, (z, after) in enumerate(zip(STEPS[name]["z"], STEPS[name]["next"], strict=True)):
        s = STEPS[name]["s"] and STEPS[name]["s"][k]
        said = {key: s if key == "hold_inputs" else value for key, value in SAID[name].items()}
        net = sr.load(DATA / name, **said)
        found = net.step(z, s if net.m else None)
        assert np.allclose([float(x) for x in found], after, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", ["rnn.pt", "ctrnn.pt"])
def test_states_that_the_relu_takes_follow_the_orbit_of_torch(name):
    """From y = W z + b + C s the network goes to that of the next state and input; the next state is that of torch."""
    k = 1 if name == "rnn.pt" else 0.25
    said = {**SAID[name], "hold_inputs": False}
    net, held = sr.load(DATA / name, **said), sr.load(DATA / name, **{**said, "hold_inputs": 0})
    W, b, C = (np.array(x.tolist(), float) for x in (held.V, held.b, net.C))
    z, s, after = (np.array(STEPS[name][key]) for key in ("z", "s", "next"))
    y = W @ z[0] + b.ravel() + C @ s[0]
    found = net.step(y.tolist(), (s[1] - (1 - k) * s[0]).tolist())
    assert np.allclose([float(x) for x in found], W @ after[0] + b.ravel() + C @ s[1], atol=1e-13)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("alrnn.pt", ['kind="plrnn"', "P (the number"]),
        ("shallow.pt", ["clipped=..."]),
        ("dendritic.pt", ["thresholds=...", "clipped=..."]),
        ("ctrnn.pt", ["relu=...", "k=...", "hold_inputs=..."]),
        ("rates.pt", ["relu=...", "k=..."]),
        ("rnn.pt", ["activation=...", "hold_inputs=..."]),
    ],
)
def test_what_the_file_does_not_say_is_asked_for(name, asked):
    with pytest.raises(sr.FormatError) as caught:
        sr.load(DATA / name)
    assert all(x in str(caught.value) for x in asked)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("module.pt", "the file holds '__main__.AL_RNN', which only its code could make; nothing was run. Save the weights alone: torch.save"),
        ("legacy.pt", "a checkpoint in the format of torch before version 1.6, which is all pickle; read it with torch and save it again"),
        ("script.pt", "a TorchScript archive, which is a program; accepted is what torch.save"),
        ("layers.pt", "a torch.nn.RNN of several layers or of two directions: the ReLU of one layer is inside of that of the next"),
        ("kinds.pt", "A: expected an array of real numbers, got a sparse or quantised tensor, or a rare type; save x.to_dense().float()"),
        ("lstm.pt", "an LSTM multiplies by sigmoids; it is not piecewise linear"),
    ],
)  # fmt: skip
def test_what_is_no_state_dict_of_a_relu_network_is_refused_with_the_reason(name, problem):
    with pytest.raises(sr.FormatError) as caught:
        sr.load(DATA / name, **({"kind": "plrnn"} if name == "kinds.pt" else {}))
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("activation", "problem"),
    [
        ("tanh", "'tanh' is not piecewise linear"),
        ("leaky_relu", r"use ReLURNN\(A \+ a\*W\*V, \(1-a\)\*W, h \+ a\*W\*b, V=V, b=b\)"),
        ("mean_centring", "use ReLURNN.* with V = I - 1/n"),
        ("layer_norm", "divides by a standard deviation"),
    ],
)
def test_other_activations_are_refused_with_the_reason(activation, problem):
    with pytest.raises(sr.FormatError, match=problem):
        sr.load(DATA / "rnn.pt", activation=activation, hold_inputs=0)


def test_views_are_those_of_torch():
    """A diagonal, a transposed part, an expanded number and a column, all in one storage."""
    net = sr.load(DATA / "views.pt", kind="plrnn")
    views = json.loads((DATA / "views.json").read_text())
    assert [float(net.A[i, i]) for i in range(3)] == views["A"]
    assert [[float(x) for x in row] for row in net.W.tolist()] == views["W"]
    assert [float(x) for x in net.h] == views["h"]
    assert [[float(x) for x in row] for row in net.C.tolist()] == views["C"]


def test_the_published_almost_linear_network(data):
    net = sr.load(data / "lorenz_m20_p2", P=2)
    assert (net.n, net.p) == (20, 2)
    assert sr.check(net).counts["principal"] == 4
    with zipfile.ZipFile(data / "lorenz_m20_p2") as archive:
        raw = {k: np.frombuffer(archive.read(f"lorenz_m20_p2/data/{k}"), "<f4") for k in range(4)}
    A, W, h = raw[0][::21], raw[1].reshape(20, 20), raw[2]
    z = np.random.default_rng(0).normal(size=20)
    x = np.concatenate([z[:-2], np.maximum(z[-2:], 0)])
    assert np.allclose([float(x) for x in net.step(z)], A.astype(float) * z + W.astype(float) @ x + h, atol=1e-12)


def test_decimals():
    net = sr.load(DATA / "alrnn.pt", P=2, decimal=True)
    assert all(len(str(x)) < 30 for x in net.h)
    exact = sr.load(DATA / "alrnn.pt", P=2)
    assert [np.float32(float(x)) for x in net.h] == [np.float32(float(x)) for x in exact.h]
    assert net.h != exact.h


def checkpoint(data_pkl, entries=(), compress=zipfile.ZIP_STORED, root="net"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compress) as archive:
        archive.writestr(f"{root}/data.pkl", data_pkl)
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


class Harm:
    """An object whose pickle calls a function."""

    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call[0], tuple(self.call[1:])


def tensor(size=(1,), stride=(1,), offset=0, storage="FloatStorage", key="0", count=1):
    """The pickle of {"A": tensor}."""

    def text(x):
        return b"X" + struct.pack("<I", len(x)) + x.encode()

    def number(x):
        return b"\x8a" + bytes([len(b := x.to_bytes(16, "little", signed=True))]) + b

    numbers = lambda xs: b"(" + b"".join(map(number, xs)) + b"t"  # noqa: E731
    what = b"(" + text("storage") + f"ctorch\n{storage}\n".encode() + text(key) + text("cpu") + number(count) + b"tQ"
    made = b"ctorch._utils\n_rebuild_tensor_v2\n(" + what + number(offset) + numbers(size) + numbers(stride) + b"\x89}tR"
    return b"\x80\x02}" + text("A") + made + b"s."


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_nothing_is_run(tmp_path, protocol):
    flag = tmp_path / "flag"
    for call in (
        (os.system, f"touch {flag}"),
        (eval, f"open({str(flag)!r}, 'w')"),
        (exec, f"open({str(flag)!r}, 'w')"),
        (open, str(flag), "w"),
        (getattr, flag, "touch"),
        (flag.touch,),
    ):
        for whole in ({"A": Harm(*call)}, Harm(*call), [Harm(*call)]):
            content = checkpoint(pickle.dumps(whole, protocol=protocol))
            with pytest.raises(sr.FormatError, match=r"nothing was run|the instruction|holds no state dict"):
                network_from_torch_file(content)
            assert not flag.exists()
            with pytest.raises(sr.FormatError, match=r"a pickle, which may run any code|not a readable checkpoint"):
                network_from_torch_file(pickle.dumps(whole, protocol=protocol))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (checkpoint(b"\x80\x02" + b"(" * 100_000 + b"."), "perhaps damaged"),
        (checkpoint(b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b"."), "no state dict"),
        (checkpoint(b"\x80\x02" + b"}X\x01\x00\x00\x00a" * 50_000 + b"}" + b"s" * 50_000 + b"."), "a network is not found"),
        (checkpoint(b"\x80\x02" + b"N0" * 200_000 + b"}."), "more than 300000 instructions"),
        (checkpoint(b"\x80\x02}r\xff\xff\xff\xff."), "a network is not found"),  # a place in the memo that would take 64 GiB
        (checkpoint(b"\x80\x02}q\x00h\x00h\x00."), "perhaps damaged"),
        (checkpoint(b"\x80\x02\x8b\xff\xff\xff\x7f1234."), "perhaps damaged"),
        (checkpoint(b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f."), "perhaps damaged"),
        (checkpoint(b""), "perhaps damaged"),
        (checkpoint(b"\x80\x02."), "perhaps damaged"),
        (checkpoint(b"\x80\x02N."), "holds no state dict"),
        (checkpoint(tensor(count=1 << 60, size=(1 << 60,))), "A: shape length .*: more than 32000000 bytes"),
        (checkpoint(tensor(size=(1 << 31, 1 << 31), stride=(0, 0))), "A: shape .*: more than 32000000 bytes"),
        (checkpoint(tensor(size=(2,), stride=(1,)), [("net/data/0", b"1234")]), "does not fit into its numbers"),
        (checkpoint(tensor(size=(1,), offset=1), [("net/data/0", b"1234")]), "does not fit into its numbers"),
        (checkpoint(tensor(stride=(-1,)), [("net/data/0", b"1234")]), "damaged sizes"),
        (checkpoint(tensor(size=(1,), offset=-1), [("net/data/0", b"1234")]), "damaged sizes"),
        (checkpoint(tensor(count=2), [("net/data/0", b"1234")]), "missing or too short"),
        (checkpoint(tensor(key="../../../../etc/passwd")), "missing or too short"),
        (checkpoint(tensor(key="/etc/passwd"), [("/etc/passwd", b"1234")]), "missing or too short"),
        (checkpoint(tensor(size=(1,) * 40, stride=(1,) * 40), [("net/data/0", b"1234")]), "damaged sizes"),
        (checkpoint(tensor(), [("net/data/0", bytes(50_000_000))], compress=zipfile.ZIP_DEFLATED), "compressed entries"),
        (checkpoint(tensor(), [("other/data.pkl", b"}.")]), "no data.pkl, or several"),
        (b"PK\x03\x04", "perhaps damaged"),
        (b"", "perhaps damaged"),
        (b"\x00" * 257 + b"ustar\x00", "before version 1.6"),
    ],
)  # fmt: skip
def test_files_that_mean_harm(content, problem):
    tracemalloc.start()
    try:
        with pytest.raises(sr.FormatError, match=problem) as caught:
            network_from_torch_file(content)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600


def test_dicts_that_hold_each_other_many_times():
    """Eight dicts, of which each holds the next under 200 names: 200^8 paths."""
    text = b"}q\x00X\x01\x00\x00\x00xNs"
    for k in range(8):
        text += b"}q" + bytes([k + 1]) + b"(" + b"".join(b"X\x04\x00\x00\x00%04dh%c" % (j, k) for j in range(200)) + b"u"
        text = text.replace(b"}q" + bytes([k + 1]), b"0}q" + bytes([k + 1]))
    with pytest.raises(sr.FormatError, match="more than 100000 variables"):
        network_from_torch_file(checkpoint(b"\x80\x02" + text + b"."))


def test_a_variable_that_is_there_twice():
    """As ("x.A") and as ("A") in ("x"): which one is meant is not said."""
    inside = b"}X\x01\x00\x00\x00ANs"
    text = b"\x80\x02}X\x03\x00\x00\x00x.ANsX\x01\x00\x00\x00x" + inside + b"s."
    with pytest.raises(sr.FormatError, match="a variable that is there twice"):
        network_from_torch_file(checkpoint(text))


def test_entries_that_overlap():
    """Many names of one large entry: the archive would unpack to more than it is."""
    whole = bytearray(checkpoint(tensor(), [("net/data/0", bytes(10_000))]))
    start = whole.index(b"PK\x01\x02", 1)
    second = whole.index(b"PK\x01\x02", start + 1)
    end = whole.index(b"PK\x05\x06")
    entry = whole[second:end]
    copies = b"".join(entry.replace(b"net/data/0", b"net/data/%c" % (65 + k)) for k in range(20))
    tail = bytearray(whole[end:])
    tail[8:12] = struct.pack("<HH", 22, 22)
    tail[12:16] = struct.pack("<I", end - start + len(copies))
    with pytest.raises(sr.FormatError, match="entries that overlap"):
        network_from_torch_file(bytes(whole[:end] + copies + tail))


def test_the_machine_agrees_with_pickle():
    """What it makes of plain containers is what Python makes of them."""
    for value in (
        {"a": [1, 2.5, None, True], "b": {"c": ("x", (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4))}, "d": 10**30},
        {},
        {"e": -1},
    ):
        for protocol in (2, 3, 4, 5):
            assert _Pickle(pickle.dumps(value, protocol=protocol)).value() == value


def safetensors(header, data=b"", size=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + data


def entry(dtype="F32", shape=(1,), offsets=(0, 4)):
    return {"A": {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "a header of 0 bytes"),
        (safetensors({}, size=1 << 63), "a header of 9223372036854775808 bytes"),
        (safetensors(b"[" * 100_000), "perhaps damaged"),
        (safetensors(b"[]"), "a header that is no object"),
        (safetensors(b'{"A": 1}'), "perhaps damaged"),
        (safetensors(b'{"A": {}}'), "perhaps damaged"),
        (safetensors(b'{"A": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "A": 1}'), "given twice"),
        (safetensors(entry(), b"123"), "'A' with damaged sizes"),
        (safetensors(entry(offsets=(4, 0)), b"1234"), "'A' with damaged sizes"),
        (safetensors(entry(offsets=(-4, 0)), b"1234"), "'A' with damaged sizes"),
        (safetensors(entry(shape=(1.5,)), b"1234"), "'A' with damaged sizes"),
        (safetensors(entry(shape=(True,)), b"1234"), "'A' with damaged sizes"),
        (safetensors(entry(shape=(2,)), b"1234"), "perhaps damaged"),
        (safetensors(entry(shape=(1 << 40,)), b"1234"), "A: shape length 1099511627776: more than 32000000 bytes"),
        (safetensors(entry(shape=(1,) * 40), b"1234"), "'A' with 40 dimensions"),
        (safetensors(entry("F8_E4M3"), b"1234"), "a network is not found; the file holds A .numbers of type 'F8_E4M3'."),
        (safetensors(entry(), b"1234"), "a network is not found; the file holds A .length 1.; accepted are A, W, h"),
    ],
)  # fmt: skip
def test_damaged_safetensors(content, problem):
    with pytest.raises(sr.FormatError, match=problem) as caught:
        network_from_safetensors(content)
    assert str(caught.value).isprintable()


def everything(net):
    return net.A, net.W, net.h, net.V, net.b, net.C


def change_bytes(rounds, seed):
    chance = random.Random(seed)
    files = []
    for name in ("alrnn.pt", "plrnn.ckpt", "float16.pt", "rnn.pt", "shallow.safetensors", "bfloat16.safetensors"):
        reader = network_from_safetensors if name.endswith("s") else network_from_torch_file
        said = Choices(**{key: 0 if key == "hold_inputs" else value for key, value in SAID[name].items()})
        files.append((reader, (DATA / name).read_bytes(), said))
    taken = 0
    for k in range(rounds):
        reader, content, said = files[k % len(files)]
        changed = bytearray(content)
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", sr.SuspiciousNetwork)
                found = reader(bytes(changed), said)
        except sr.SymplrnnError as error:
            assert str(error).isprintable()  # noqa: PT017
            assert len(str(error)) < 700  # noqa: PT017
            continue
        taken += 1
        if reader is network_from_torch_file:  # the numbers are protected by checksums
            assert everything(found) == everything(reader(content, said))
    assert rounds // 20 < taken < rounds


def test_any_changed_byte():
    change_bytes(300, 0)


@pytest.mark.slow
def test_any_changed_byte_many_times():
    change_bytes(10_000, 1)


def test_a_cut_file():
    for name in ("alrnn.pt", "shallow.safetensors"):
        reader = network_from_safetensors if name.endswith("s") else network_from_torch_file
        content = (DATA / name).read_bytes()
        for k in range(0, len(content) - 1, 37):
            with pytest.raises(sr.FormatError):
                reader(content[:k])


STATE = {"A": np.ones(2), "W": np.ones((2, 2)), "h": np.ones(2)}


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"gain": np.ones(2)}, r"a PLRNN, but the file also holds gain \(length 2\), which may change the step"),
        ({"norm.weight": np.ones(2)}, r"also holds norm.weight \(length 2\)"),
        ({"b": np.ones(2)}, r"also holds b \(length 2\)"),
    ],
)
def test_parameters_that_may_change_the_step(more, problem):
    state = {"AW": np.ones((2, 2)), "h": np.ones(2), "B": np.ones((3, 2)), **more}
    with pytest.raises(sr.FormatError, match=problem):
        network_from_state(state, Choices())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.SuspiciousNetwork)
        assert network_from_state(state, Choices(kind="plrnn")).n == 2


def test_code_with_leaky_relus_is_asked_for_its_activation():
    state = {"latent_step.AW": np.eye(2), "latent_step.h": np.ones(2), "R_x": np.ones(2), "R_z": np.ones(2), "R_z0": np.ones(2)}
    with pytest.raises(sr.FormatError, match=r"a PLRNN with R_x, R_z, R_z0, where published code has leaky ReLUs; .* activation"):
        network_from_state(state, Choices())
    assert network_from_state(state, Choices(activation="relu")).n == 2


def test_the_number_of_rectified_states_in_a_state_dict():
    assert network_from_state({**STATE, "P": np.array(1)}, Choices()).p == 1
    assert network_from_state({**STATE, "P": np.array(1)}, Choices(P=0)).p == 0
    with pytest.raises(sr.FormatError, match="the file does not say which"):
        network_from_state({**STATE, "P": np.ones((2, 2))}, Choices())


def test_several_networks_in_one_file():
    both = {f"{path}.{name}": value for path in ("model", "best") for name, value in STATE.items()}
    with pytest.raises(sr.FormatError, match="behind several prefixes: give prefix, one of 'model', 'best'"):
        network_from_state(both, Choices(P=1))
    assert (
        network_from_state({**both, "best.h": np.zeros(2)}, Choices(P=1, prefix="best")).h
        == sr.ALRNN([0, 0], np.eye(2), [0, 0], 1).h
    )
    with pytest.raises(sr.FormatError, match=r"a network is not found behind the prefix other; the file holds model.A"):
        network_from_state(both, Choices(prefix="other"))


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"P": 1, "k": 2}, "k: not for an AL-RNN, which the file holds"),
        ({"kind": "plrnn", "thresholds": "add"}, "thresholds: not for a PLRNN"),
        ({"kind": "none"}, "kind: expected one of plrnn, alrnn"),
        ({"clipped": "no"}, "clipped: expected True or False: whether relu of .*, got 'no'"),
        ({"clipped": 1}, "clipped: expected True or False"),
        ({"decimal": "no"}, "decimal: expected True or False, got 'no'"),
        ({"thresholds": "plus"}, "thresholds: expected .add. or .subtract.: .*, got 'plus'"),
        ({"relu": 3}, "relu: expected .*, got 3"),
        ({"prefix": 3}, "prefix: expected a text, got a value of type int"),
        ({"activation": 3}, "activation: expected a text, got a value of type int"),
        ({"kind": "shallow"}, "a shallow PLRNN is not found; the file holds A"),
        ({"P": 3}, "P: expected a whole number of rectified units from 0 to 2, got 3"),
    ],
)
def test_what_is_said_has_to_fit(said, problem):
    with pytest.raises(sr.SymplrnnError, match=problem):
        network_from_state(STATE, Choices(**said))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"W": np.ones(4)}, "W: expected a matrix, got an array of shape length 4"),
        ({"W": np.ones((5, 2, 2))}, "W: expected a vector or a matrix, got an array of shape 5 x 2 x 2"),
        ({"h": np.ones((2, 2))}, "h: expected a vector, got an array of shape 2 x 2"),
        ({"h": np.ones(3)}, "h: expected 2 numbers, got 3"),
        ({"A": np.ones((2, 3))}, "A: expected a square matrix"),
        ({"W": np.ones((2, 2)) * 1j}, "W: expected an array of real numbers, got an array of type complex128"),
        ({"W": np.full((2, 2), np.nan)}, r"W\[1\]\[1\]: nan is not a finite number"),
    ],
)
@pytest.mark.parametrize("decimal", [False, True])
def test_shapes_and_numbers_are_checked(change, problem, decimal):
    with pytest.raises(sr.SymplrnnError, match=problem):
        network_from_state({**STATE, **change}, Choices(P=0, decimal=decimal))
