"""Structs in MAT files of versions 5 to 7.2, and files of version 7.3 as MATLAB writes them: HDF5 with its own conventions."""

import io
import random
import tracemalloc
import warnings
from pathlib import Path

import h5py
import numpy as np
import pytest
import sympy as sp
from scipy.io import savemat

import symplrnn as sr
from symplrnn.network.files.mat import network_from_mat
from symplrnn.network.in_files import Choices

A, W, H = np.diag([0.1, 0.25]), np.array([[0, 0.3], [-0.7, 0]]), np.array([[1.5], [-2]])
PLAIN = {"A": A, "W": W, "h": H, "dt": 0.5}


def everything(net):
    return net.A, net.W, net.h, net.V, net.b, net.C, net.dt, net.initial_states


def v5(arrays, **options):
    buffer = io.BytesIO()
    savemat(buffer, arrays, **options)
    return buffer.getvalue()


def cell(*values):
    found = np.empty((1, len(values)), dtype=object)
    found[0, :] = values
    return found


def hdf5(arrays, change=None):
    """The arrays as MATLAB -v7.3 writes them: axes in the other order, classes as attributes, what cells hold under #refs#."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", userblock_size=512) as file:

        def write(group, name, value):
            if isinstance(value, dict):
                inside = group.create_group(name)
                inside.attrs["MATLAB_class"] = np.bytes_("struct")
                for key, x in value.items():
                    write(inside, key, x)
                return
            if isinstance(value, list):
                refs = file.require_group("#refs#")
                for x in value:
                    write(refs, f"r{len(refs)}", x)
                made = [file["#refs#"][key].ref for key in list(refs)[-len(value) :]]
                item = group.create_dataset(name, (len(made), 1), dtype=h5py.ref_dtype)
                item[:, 0] = made
                item.attrs["MATLAB_class"] = np.bytes_("cell")
                return
            if isinstance(value, str):
                item = group.create_dataset(name, data=np.array([[ord(x)] for x in value], dtype=np.uint16))
                item.attrs["MATLAB_class"] = np.bytes_("char")
                return
            array = np.atleast_2d(value)
            if array.size == 0:
                item = group.create_dataset(name, data=np.array(array.shape, dtype=np.uint64))
                item.attrs["MATLAB_empty"] = np.uint8(1)
            else:
                item = group.create_dataset(name, data=array.T, chunks=array.T.shape, compression="gzip")
            item.attrs["MATLAB_class"] = np.bytes_("double")

        for name, value in arrays.items():
            write(file, name, value)
        if change is not None:
            change(file)
    content = bytearray(buffer.getvalue())
    content[:128] = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM"
    return bytes(content)


@pytest.mark.parametrize("compressed", [False, True])
def test_a_struct_is_the_network_that_its_fields_are(compressed):
    whole = network_from_mat(v5({**PLAIN, "mu0": cell(np.ones((2, 1)))}, do_compression=compressed))
    inside = {"net": {**PLAIN, "mu0": cell(np.ones((2, 1))), "note": "text"}, "loss": np.arange(9.0)}
    assert everything(network_from_mat(v5(inside, do_compression=compressed))) == everything(whole)
    deeper = {"result": {"best": {"net": inside["net"]}, "loss": 1.0}}
    assert everything(network_from_mat(v5(deeper, do_compression=compressed))) == everything(whole)
    general = {"net": {"A": A, "W": np.ones((2, 3)), "h": H, "V": np.ones((3, 2)), "b": np.arange(3.0), "C": np.ones((2, 1))}}
    found = network_from_mat(v5(general, do_compression=compressed))
    assert (found.p, found.m, list(found.b)) == (3, 1, [0, 1, 2])


def test_a_struct_of_octave():
    """With start states in a cell, text, an empty matrix and a struct in it."""
    net = sr.load(Path(__file__).parent / "data" / "octave.mat")
    assert everything(net) == everything(sr.PLRNN(A, W, H, dt=0.5, initial_states=[[1, 2], [3, 4]]))


def test_several_structs_are_asked_for():
    both = v5({"first": PLAIN, "second": {**PLAIN, "dt": 2.0}})
    with pytest.raises(sr.FormatError, match="behind several prefixes: give prefix, one of 'first', 'second'"):
        network_from_mat(both)
    assert network_from_mat(both, Choices(prefix="second")).dt == 2


def test_structs_within_structs_end():
    inside = {"A": A}
    for _ in range(12):
        inside = {"s": inside}
    with pytest.raises(sr.FormatError, match="more than 8 structs inside of each other"):
        network_from_mat(v5(inside))


def test_a_large_struct_beside_the_network_is_passed_over():
    """Of 40 MB, compressed to little, in the struct only its fields are named."""
    content = v5({**PLAIN, "run": {"history": np.zeros((5000, 1000)), "A": A}}, do_compression=True)
    tracemalloc.start()
    try:
        assert network_from_mat(content).n == 2
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", [".mat", ".npz", "hdf5"])
def test_classes_in_files_of_arrays(tmp_path, suffix):
    numbers = np.random.default_rng(0)
    W1, W2 = numbers.normal(size=(2, 3)), numbers.normal(size=(3, 2))
    path = tmp_path / f"net{'.mat' if suffix == 'hdf5' else suffix}"

    def load(arrays, **said):
        if suffix == "hdf5":
            path.write_bytes(hdf5(arrays))
        else:
            savemat(path, arrays) if suffix == ".mat" else np.savez(path, **arrays)
        return sr.load(path, **said)

    states = {"mu0": np.array([[1.0], [2.0]]), "dt": 0.5}
    shallow = {"A": np.array([[0.5], [0.25]]), "W1": W1, "W2": W2, "h1": H, "h2": np.ones((3, 1)), "loss": np.ones(7), **states}
    with pytest.raises(sr.FormatError, match=r"a shallow PLRNN; the file does not say clipped .* give clipped=\.\.\."):
        load(shallow)
    found = load(shallow, clipped=True)
    expected = sr.ShallowPLRNN([0.5, 0.25], W1, W2, H, np.ones(3), clipped=True, dt=0.5, initial_states=[[1, 2]])
    assert everything(found) == everything(expected)
    split = load({"AW": A + W, "h": H, **states})
    assert everything(split) == everything(sr.PLRNN(A, W, H, dt=0.5, initial_states=[[1, 2]]))
    almost = load({"A": A, "W": W, "h": H, "P": 1.0, **states})
    assert everything(almost) == everything(load({"A": A, "W": W, "h": H, **states}, P=1))
    assert everything(almost) == everything(sr.ALRNN(A, W, H, 1, dt=0.5, initial_states=[[1, 2]]))
    assert load({"A": A, "W": W, "h": H, "P": np.eye(3)}).p == 2  # another P
    with pytest.raises(sr.FormatError, match="b: not for an AL-RNN, which P makes it; leave out b, or P"):
        load({"A": A, "W": W, "h": H, "b": H}, P=1)
    dendritic = {"A": A, "W": W, "h": H, "alphas": np.array([1.0, 2.0]), "thetas": np.ones((2, 2))}
    found = load(dendritic, thresholds="add", clipped=False)
    assert everything(found) == everything(sr.DendriticPLRNN(A, W, H, [1, 2], np.ones((2, 2)), "add"))
    rates = {"W_rec": W, "W_in": np.ones((2, 1)), "b_rec": H, "W_out": np.ones((1, 2)), "rec_connectivity": np.ones((2, 2))}
    found = load(rates, relu="state", k="1/5")
    assert everything(found) == everything(sr.RateRNN(W, H, "1/5", "state", C=[[1], [1]]))
    with pytest.raises(
        sr.FormatError, match="the inputs have 3 x 2 weights, as for states in rows, z @ W: transpose all weights"
    ):
        load({**rates, "W_in": np.ones((3, 2))}, relu="state", k="1/5")
    decimal = load({"A": A, "W": W, "h": H, **states}, decimal=True)
    assert (decimal.A[0, 0], decimal.W[0, 1], decimal.W[1, 0]) == (sp.Rational(1, 10), sp.Rational(3, 10), -sp.Rational(7, 10))


def test_batch_axes_of_length_1_are_left_out(tmp_path):
    np.savez(tmp_path / "net.npz", A=A[None], W=W[None, :, :, None], h=H[None])
    assert everything(sr.load(tmp_path / "net.npz")) == everything(sr.PLRNN(A, W, H))
    np.savez(tmp_path / "net.npz", A=A[None], W=np.stack([W, W]), h=H[None])
    with pytest.raises(
        sr.FormatError, match="W: expected a vector or a matrix, got an array of shape 2 x 2 x 2; save one network"
    ):
        sr.load(tmp_path / "net.npz")


def test_version_7_3_is_read_as_version_5():
    states = [np.ones((2, 1)), np.array([[3.0], [4.0]])]
    old = network_from_mat(v5({**PLAIN, "mu0": cell(*states)}))
    assert everything(network_from_mat(hdf5({**PLAIN, "mu0": states, "note": "text", "V": np.zeros((0, 0))}))) == everything(old)
    assert everything(network_from_mat(hdf5({"net": {**PLAIN, "mu0": states}}))) == everything(old)
    not_square = {"A": A, "W": np.arange(6.0).reshape(2, 3), "h": H, "V": np.arange(6.0).reshape(3, 2)}
    assert everything(network_from_mat(hdf5(not_square))) == everything(network_from_mat(v5(not_square)))
    with pytest.raises(
        sr.FormatError, match=r"the variable A is missing; the file holds c \(a cell, 1 x 1\), t \(text\), x \(3 x 1\)"
    ):
        network_from_mat(hdf5({"x": np.ones((3, 1)), "t": "text", "c": [A]}))


def test_version_7_3_needs_h5py(monkeypatch, tmp_path):
    (tmp_path / "net.mat").write_bytes(hdf5(PLAIN))
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(
        sr.MissingExtra, match=r"net.mat: a MAT file of version 7.3 \(HDF5\), .*pip install \"symplrnn\[io\]\"; or save it with"
    ):
        sr.load(tmp_path / "net.mat")


def octave(file):
    file.create_group("net").attrs["OCTAVE_NEW_FORMAT"] = np.uint8(1)


def external_link(file):
    del file["W"]
    file["W"] = h5py.ExternalLink("/etc/passwd", "/W")


def soft_link(file):
    file["V"] = h5py.SoftLink("/W")


def circle(file):
    file["net"] = file["/"]


def elsewhere(file):
    del file["W"]
    file.create_dataset("W", (2, 2), "f8", external=[("/etc/hostname", 0, 32)])


def virtual(file):
    del file["W"]
    layout = h5py.VirtualLayout((2, 2), "f8")
    layout[:] = h5py.VirtualSource("/etc/hostname", "W", (2, 2))
    file.create_virtual_dataset("W", layout)


def bomb(file):
    del file["W"]
    file.create_dataset("W", (1 << 20, 1 << 20), "f8", chunks=(1 << 8, 1 << 8), compression="gzip")


def cell_of_itself(file):
    item = file.create_dataset("mu0", (1, 1), dtype=h5py.ref_dtype)
    item[0, 0] = item.ref
    item.attrs["MATLAB_class"] = np.bytes_("cell")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (octave, "a file in Octave's HDF5 format; accepted is version 7"),
        (external_link, "W: a link; accepted is what is in the file itself"),
        (soft_link, "V: a link; accepted is what is in the file itself"),
        (circle, "more than 8 structs inside of each other"),
        (elsewhere, "W: its numbers are in another file; accepted is what is in the file itself"),
        (virtual, "W: its numbers are in another file; accepted is what is in the file itself"),
        (bomb, "W: shape 1048576 x 1048576: more than 32000000 bytes of arrays"),
        (cell_of_itself, "mu0: expected an array of real numbers, got a cell"),
    ],
)
def test_hdf5_files_that_mean_harm(change, problem):
    content = hdf5(PLAIN, change)
    tracemalloc.start()
    try:
        with pytest.raises(sr.FormatError, match=problem):
            network_from_mat(content)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def change_bytes(rounds, seed):
    """Structs are not protected by checksums where they are not compressed; a changed byte gives a network or one clear line."""
    chance = random.Random(seed)
    files = [v5({"net": PLAIN, "loss": 1.0}), v5({"net": PLAIN, "loss": 1.0}, do_compression=True)]
    taken = 0
    for k in range(rounds):
        changed = bytearray(files[k % 2])
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", sr.SuspiciousNetwork)
                network_from_mat(bytes(changed))
            taken += 1
        except sr.SymplrnnError as error:
            assert str(error).isprintable()  # noqa: PT017
            assert len(str(error)) < 900  # noqa: PT017
    assert rounds // 20 < taken < rounds


def test_any_changed_byte():
    change_bytes(300, 0)


@pytest.mark.slow
def test_any_changed_byte_many_times():
    change_bytes(10_000, 1)
