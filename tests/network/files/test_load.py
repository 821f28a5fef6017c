import contextlib
import io
import json
import random
import struct
import tracemalloc
import warnings
import zipfile

import numpy as np
import pytest
import sympy as sp
from scipy.io import loadmat, savemat
from scipy.sparse import csc_array

import symplrnn as sr
from symplrnn.network.files.json_ import network_from_json
from symplrnn.network.files.mat import network_from_mat
from symplrnn.network.files.npz import network_from_npz

A, W, H, C = np.diag([0.1, 0.25]), np.array([[0, 0.3], [-0.7, 0]]), np.array([[1.5], [-2]]), np.array([[1.0], [0.0]])


def exact(array):
    return sp.ImmutableMatrix([[sp.Rational(*float(x).as_integer_ratio()) for x in row] for row in np.atleast_2d(array)])


@pytest.mark.parametrize("form", [A, np.diag(A), np.diag(A)[:, None], np.diag(A)[None, :], A.astype(np.float32)])
@pytest.mark.parametrize("suffix", [".mat", ".npz"])
def test_binary_files_are_taken_exactly(tmp_path, suffix, form):
    path = tmp_path / f"net{suffix}"
    arrays = {"A": form, "W": W, "h": H, "C": C, "mu0": np.array([[1.0], [2.0]]), "unrelated": np.arange(3)}
    savemat(path, arrays) if suffix == ".mat" else np.savez(path, **arrays)
    net = sr.load(path)
    assert exact(A.astype(form.dtype)) == net.A
    assert (net.W, net.h, net.C) == (exact(W), exact(H), exact(C))
    assert net.initial_states == (sp.ImmutableMatrix([1, 2]),)


def test_integers_cells_and_zero_inputs(tmp_path):
    cells = np.empty((1, 2), dtype=object)
    cells[0, 0], cells[0, 1] = np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]])
    savemat(
        tmp_path / "net.mat",
        {"A": np.eye(2, dtype=np.uint8), "W": W, "h": H, "C": np.zeros((2, 2), dtype=np.uint8), "mu0": cells},
    )
    net = sr.load(tmp_path / "net.mat")
    assert sp.eye(2) == net.A
    assert net.m == 0
    assert net.initial_states == (sp.ImmutableMatrix([1, 2]), sp.ImmutableMatrix([3, 4]))


def test_general_form_in_npz(tmp_path):
    np.savez(tmp_path / "net.npz", A=A, W=np.ones((2, 3)), h=H, V=np.ones((3, 2)), b=np.array([0.0, 1.0, 2.0]), dt=0.5)
    net = sr.load(tmp_path / "net.npz")
    assert (net.p, net.dt) == (3, sp.Rational(1, 2))
    assert net.b == sp.ImmutableMatrix([0, 1, 2])


def test_real_files(van_der_pol, oscillator, data):
    assert (van_der_pol.n, van_der_pol.p, van_der_pol.m, len(van_der_pol.initial_states)) == (10, 10, 0, 6)
    assert (oscillator.n, len(oscillator.initial_states)) == (3, 1)
    assert exact(loadmat(data / "ReproVanDerPol.mat")["A"]) == van_der_pol.A


def test_json_numbers_are_the_decimals_that_are_written():
    net = network_from_json(
        '{"A": [0.1, "1/3"], "W": [[0, 1e-2], ["2*(1/3+1)^2", -3]], "h": [1, 2.50], "dt": 0.1, "names": ["a", "b"]}'
    )
    assert sp.diag(sp.Rational(1, 10), sp.Rational(1, 3)) == net.A
    assert sp.ImmutableMatrix([[0, sp.Rational(1, 100)], [sp.Rational(32, 9), -3]]) == net.W
    assert (net.h[1], net.dt, net.names) == (sp.Rational(5, 2), sp.Rational(1, 10), ("a", "b"))


GOOD = {"A": [1, 2], "W": [[0, 1], [1, 0]], "h": [0, 0]}
BAD = [
    ("{", "not valid JSON"),
    ("\xff", "not valid JSON"),
    ("[" * 100_000, "not valid JSON"),
    ("[1, 2]", "expected an object"),
    (json.dumps({"A": [1], "W": [[0]]}), 'the key "h" is missing'),
    (json.dumps(GOOD | {"X": 1}), 'the key "X" is unknown'),
    (json.dumps(GOOD | {"h": [0, float("nan")]}), r"h\[2\]: nan is not a finite number"),
    (json.dumps(GOOD | {"h": [0, float("inf")]}), r"h\[2\]: inf is not a finite number"),
    (json.dumps(GOOD | {"W": [[0, 1], [1]]}), "W: row 2 has 1 entries, but row 1 has 2"),
    (json.dumps(GOOD | {"h": [0, 0, 0]}), "h: expected 2 numbers, got 3"),
    (json.dumps(GOOD | {"h": [0, "w"]}), r"h\[2\]: 'w' uses the unknown parameter 'w'"),
    (json.dumps(GOOD | {"h": [0, "__import__('os')"]}), r"h\[2\]: .*unknown parameter '__import__'"),
    (json.dumps(GOOD | {"h": [0, "1+" * 5_000_000 + "1"]}), r"h\[2\]: the expression .* is longer than 10000 characters"),
    (json.dumps(GOOD | {"h": [0, None]}), r"h\[2\]: None of type NoneType is no real number"),
    (json.dumps(GOOD | {"h": [0, {"a": 1}]}), r"h\[2\]: .* of type dict is no real number"),
    (json.dumps(GOOD | {"h": [0, True]}), r"h\[2\]: True of type bool is no real number"),
    (json.dumps(GOOD)[:-1] + ', "dt": 1e999999999}', "dt: .* has the exponent"),
    (json.dumps(GOOD)[:-1] + f', "dt": {"9" * 20_000}' + "}", "dt: .* is longer than 10000 characters"),
    (json.dumps(GOOD | {"dt": 0}), "dt: 0 is not positive"),
    (json.dumps(GOOD)[:-1] + ', "A": [3, 4]}', 'the key "A" is given twice in one object'),
    (json.dumps(GOOD)[:-1] + ', "parameters": {"a": "real", "a": "positive"}}', 'the key "a" is given twice in one object'),
    (
        json.dumps(GOOD)[:-1] + ', "dt": 1e-4001}',
        "dt: a number of more than 4000 digits; accepted are numbers of up to 4000 digits",
    ),
    (json.dumps(GOOD | {"h": [0, "2^15000/3^9000"]}), r"h\[2\]: .* has the exponent '15000'"),
    (json.dumps(GOOD | {"h": [0, "3^9000"]}), r"h\[2\]: a number of more than 4000 digits"),
    (json.dumps(GOOD | {"names": "ab"}), "names: expected a list of texts"),
    (json.dumps(GOOD | {"A": "1"}), "A: expected a list of numbers or of rows"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_bad_json_has_one_clear_line(tmp_path, text, problem):
    path = tmp_path / "net.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(sr.FormatError, match=problem) as caught:
        sr.load(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400 + len(str(path))


def test_damaged_binary_files(tmp_path, data):
    content = (data / "ReproVanDerPol.mat").read_bytes()
    np.savez(tmp_path / "whole.npz", A=A, W=W, h=H)
    archive = (tmp_path / "whole.npz").read_bytes()
    chance = random.Random(0)
    for suffix, whole in ((".mat", content), (".npz", archive)):
        cut = [whole[: chance.randrange(len(whole) * 3 // 4)] for _ in range(40)]
        flipped = []
        for _ in range(40):
            changed = bytearray(whole)
            changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            flipped.append(bytes(changed))
        path = tmp_path / f"damaged{suffix}"
        for bad in cut:
            path.write_bytes(bad)
            with pytest.raises(sr.FormatError) as caught:
                sr.load(path)
            assert "\n" not in str(caught.value)
        for bad in flipped:  # may still be a network, or is refused; never anything else
            path.write_bytes(bad)
            with contextlib.suppress(sr.FormatError):
                assert sr.load(path).n >= 1


def files_of(arrays):
    """The arrays as MAT, not compressed and compressed, and as NPZ."""
    buffers = [io.BytesIO() for _ in range(4)]
    savemat(buffers[0], arrays)
    savemat(buffers[1], arrays, do_compression=True)
    flat = {name: value for name, value in arrays.items() if value.dtype != object}
    np.savez(buffers[2], **flat)
    np.savez_compressed(buffers[3], **flat)
    return [x.getvalue() for x in buffers]


def everything(net):
    return net.A, net.W, net.h, net.C, net.dt, net.initial_states


def change_bytes(data, rounds, seed):
    """Any changed byte gives the network of the file, where a checksum protects it, or one clear line."""
    cells = np.empty((1, 2), dtype=object)
    cells[0, 0], cells[0, 1] = np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]])
    arrays = {"A": A, "W": W, "h": H, "C": C, "dt": np.float64(0.1), "mu0": cells, "other": np.arange(3)}
    chance = random.Random(seed)
    readers = [network_from_mat, network_from_mat, network_from_npz, network_from_npz]
    files = [(reader, content, k > 0) for k, (reader, content) in enumerate(zip(readers, files_of(arrays), strict=True))]
    files += [(network_from_mat, (data / name).read_bytes(), True) for name in ("ReproVanDerPol.mat", "PLRNNoscParam.mat")]
    right = [everything(reader(content)) for reader, content, _ in files]
    taken = 0
    for k in range(rounds):
        which = k % len(files)
        reader, content, checked = files[which]
        changed = bytearray(content)
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", sr.SuspiciousNetwork)
                found = everything(reader(bytes(changed)))
        except sr.SymplrnnError as error:
            assert str(error).isprintable()  # noqa: PT017
            assert len(str(error)) < 400  # noqa: PT017
            continue
        taken += 1
        assert found == right[which] or not checked
    assert rounds // 20 < taken < rounds


def test_any_changed_byte(data):
    change_bytes(data, 300, 0)


@pytest.mark.slow
def test_any_changed_byte_many_times(data):
    change_bytes(data, 10_000, 1)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8", "?", ">f8", ">i4"])
def test_every_type_of_number_as_scipy_reads_it(tmp_path, kind, compressed):
    numbers = np.random.default_rng(0)
    for n in (1, 2, 3, 7):
        arrays = {
            name: numbers.integers(0, 2 if kind == "?" else 100, shape).astype(kind)
            for name, shape in [("W", (n, n)), ("h", (n, 1))]
        }
        arrays |= {"A": np.diag(numbers.normal(size=n)) if kind.endswith("8") else np.eye(n).astype(kind), "text": "abc", "dt": 2}
        np.fill_diagonal(arrays["W"], 0)
        savemat(tmp_path / "net.mat", arrays, do_compression=compressed)
        theirs, ours = loadmat(tmp_path / "net.mat"), sr.load(tmp_path / "net.mat")
        assert (exact(theirs["A"]), exact(theirs["W"]), exact(theirs["h"])) == (ours.A, ours.W, ours.h)
        assert ours.dt == 2


def big_endian(content):
    """A file of SciPy with doubles only, not compressed, in the other byte order."""
    out, k = bytearray(content[:124] + b"\x01\x00MI"), 128

    def swap(start, end):
        place = start
        while place < end:
            kind, size = struct.unpack("<II", content[place : place + 8])
            if kind >> 16:
                out.extend(struct.pack(">HH", kind >> 16, kind & 0xFFFF))
                part, width = content[place + 4 : place + 8], {1: 1, 5: 4, 6: 4, 9: 8}[kind & 0xFFFF]
                place += 8
            else:
                out.extend(struct.pack(">II", kind, size))
                place += 8
                if kind == 14:
                    swap(place, place + size)
                    place += size
                    continue
                part, width = content[place : place + size + -size % 8], {1: 1, 5: 4, 6: 4, 9: 8}[kind]
                place += len(part)
            out.extend(np.frombuffer(part, f"<u{width}").astype(f">u{width}").tobytes())

    swap(k, len(content))
    return bytes(out)


def test_the_other_byte_order(tmp_path):
    savemat(tmp_path / "net.mat", {"A": A, "W": W, "h": H, "C": C})
    little = (tmp_path / "net.mat").read_bytes()
    (tmp_path / "net.mat").write_bytes(big_endian(little))
    assert (loadmat(tmp_path / "net.mat")["W"] == W).all()
    assert everything(sr.load(tmp_path / "net.mat")) == everything(network_from_mat(little))


def test_cells_and_sizes_of_real_files_are_those_of_scipy(data, van_der_pol):
    theirs = loadmat(data / "ReproVanDerPol.mat")
    assert (exact(theirs["W"]), exact(theirs["h"])) == (van_der_pol.W, van_der_pol.h)
    assert [exact(x) for x in theirs["mu0"].ravel()] == list(van_der_pol.initial_states)


HOLDS = [
    ({"W1": W, "W2": W, "h1": H, "h2": H}, "the variable A is missing; the file holds W1 (2 x 2), W2 (2 x 2), h1 (2 x 1), h2 (2 x 1); a"),
    ({"AW": W}, "the variable A is missing; the file holds AW (2 x 2); a network has A, W, h and optionally V, b, C, dt, mu0; or A, W, h (a"),
    ({"A": A, "W": W, "H": H}, "the variable h is missing; the file holds A (2 x 2), W (2 x 2), H (2 x 1) (did you mean h by H?); a"),
    ({"A": A, "W": W, "h": H, "V": np.zeros((3, 2, 2))}, "V: expected a vector or a matrix, got an array of shape 3 x 2 x 2; save one"),
    ({"A": A[None], "W": np.zeros((4, 4)), "h": np.ones(4)}, "W: expected shape 2 x 2, got 4 x 4"),
]  # fmt: skip


@pytest.mark.parametrize(("arrays", "problem"), HOLDS)
@pytest.mark.parametrize("suffix", [".mat", ".npz"])
def test_files_say_what_they_hold(tmp_path, suffix, arrays, problem):
    path = tmp_path / f"net{suffix}"
    savemat(path, arrays) if suffix == ".mat" else np.savez(path, **arrays)
    with pytest.raises(sr.FormatError) as caught:
        sr.load(path)
    assert problem in str(caught.value)


@pytest.mark.parametrize("compressed", [False, True])
def test_mat_files_say_what_else_they_hold(tmp_path, compressed):
    path, cell = tmp_path / "net.mat", np.empty((2, 3), dtype=object)
    cell[:] = 1.0
    for arrays, problem in (
        ({"net": {"A": A, "W": W}}, "the variable A is missing; the file holds net.A (2 x 2), net.W (2 x 2); a network has"),
        ({"net": {f"name{k}": np.zeros(99) for k in range(300)}}, "holds net.name0 (1 x 99), net.name1 (1 x 99), net.name2"),
        ({"net": np.zeros((1, 3), dtype=[("A", "f8"), ("W", "f8")])}, "net (an array of 3 structs, of which one has to be saved, with A, W)"),
        ({"c": cell, "t": "text", "z": 1j * A, "s": csc_array(A)}, "holds c (a cell, 2 x 3), t (text), z (complex numbers, 2 x 2), s (a sparse"),
        ({"A": csc_array(A), "W": W, "h": H}, "A: expected an array of real numbers, got a sparse matrix; accepted is full(...)"),
        ({"A": A, "W": W, "h": H, "dt": "0.1"}, "dt: expected an array of real numbers, got text"),
        ({"A": A, "W": W, "h": H, "mu0": cell.astype(object)[:0]}, None),
    ):  # fmt: skip
        savemat(path, arrays, do_compression=compressed)
        if problem is None:
            assert sr.load(path).initial_states == ()
            continue
        with pytest.raises(sr.FormatError) as caught:
            sr.load(path)
        assert problem in str(caught.value)
        assert len(str(caught.value)) < 550 + len(str(path))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b"# Created by Octave 8.4.0, Mon Jan 01 <x@y>\n# name: A\n",
            "a file in Octave's text format; accepted is version 7: save",
        ),
        (b"Octave-1-L\0", "a file in Octave's binary format; accepted is version 7"),
        (b"MATLAB 7.3 MAT-file, Platform".ljust(600), "not a readable HDF5 file, perhaps damaged"),
        (b"\x89HDF\r\n\x1a\n", "not a readable HDF5 file, perhaps damaged"),
        (b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x02IM", "not a readable HDF5 file, perhaps damaged"),
        (b"PK\x03\x04", "not a MAT file but a zip archive"),
        (b"", "not a readable MAT file, perhaps damaged or truncated"),
        (b"{}", "not a readable MAT file"),
    ],
)
def test_other_formats_are_refused_by_name(tmp_path, content, problem):
    (tmp_path / "net.mat").write_bytes(content)
    with pytest.raises(sr.FormatError, match=problem):
        sr.load(tmp_path / "net.mat")


def test_version_4_is_refused_by_name(tmp_path):
    savemat(tmp_path / "net.mat", {"A": A, "W": W, "h": H}, format="4")
    with pytest.raises(sr.FormatError, match="a MAT file of version 4, or none at all; accepted is version 7: save"):
        sr.load(tmp_path / "net.mat")


def test_what_is_empty_or_none_is_absent_or_refused(tmp_path):
    empty = np.zeros((0, 0))
    savemat(tmp_path / "net.mat", {"A": A, "W": W, "h": H, "V": empty, "b": empty, "C": empty, "dt": empty, "mu0": empty})
    net = sr.load(tmp_path / "net.mat")
    assert (net.V, net.m, net.dt, net.initial_states) == (sp.eye(2), 0, None, ())
    savemat(tmp_path / "linear.mat", {"A": A, "W": np.zeros((2, 0)), "h": H, "V": np.zeros((0, 2))})
    assert sr.load(tmp_path / "linear.mat").p == 0
    np.savez(tmp_path / "net.npz", A=A, W=W, h=H, C=None)
    with pytest.raises(sr.FormatError, match="C: expected an array of real numbers, got Python objects such as"):
        sr.load(tmp_path / "net.npz")
    assert network_from_json('{"A": [1], "W": [[0]], "h": [0], "C": null, "dt": null}').m == 0


def test_a_name_near_dt_is_pointed_at(tmp_path):
    np.savez(tmp_path / "net.npz", A=A, W=W, h=H, Dt=0.1)
    with pytest.warns(sr.SuspiciousNetwork, match=r"the file has no dt \(did you mean dt by Dt\?\)"):
        assert sr.load(tmp_path / "net.npz").dt is None
    with pytest.raises(sr.FormatError, match=r'the key "Dt" is unknown \(did you mean dt by Dt\?\); a network has'):
        network_from_json('{"A": [1], "W": [[0]], "h": [0], "Dt": 1}')
    with pytest.raises(sr.FormatError, match=r'"A" is missing; the document holds "net" \(an object with "A", "W", "h"\); a'):
        network_from_json('{"net": {"A": [1], "W": [[0]], "h": [0]}}')


@pytest.mark.parametrize("suffix", [".npz", ".mat"])
def test_large_arrays_are_refused_before_they_are_unpacked(tmp_path, suffix):
    path, arrays = tmp_path / f"net{suffix}", {"A": np.zeros((2500, 2500)), "W": np.zeros((1, 1)), "h": np.zeros(1)}
    savemat(path, arrays, do_compression=True) if suffix == ".mat" else np.savez_compressed(path, **arrays)
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    try:
        with pytest.raises(sr.FormatError, match="A: shape 2500 x 2500: more than 32000000 bytes of arrays"):
            sr.load(path)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_shapes_are_compared_before_anything_is_built():
    many = "[" + "1," * 29_999 + "1]"
    tracemalloc.start()
    try:
        with pytest.raises(sr.ShapeError, match="W: expected shape 30000 x 30000, got 1 x 1"):
            network_from_json(f'{{"A": {many}, "W": [[1]], "h": [1]}}')
        with pytest.raises(
            sr.ShapeError, match="a network of 30000 states and 0 units has 900030000 entries; accepted are up to"
        ):
            network_from_json(f'{{"A": {many}, "W": [{",".join(["[]"] * 30_000)}], "h": {many}, "V": []}}')
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    with pytest.raises(sr.FormatError, match="9000000 commas; accepted are networks of up to 4000000 entries"):
        network_from_json("," * 9_000_000)


def test_damaged_headers_of_arrays(tmp_path):
    """The archive is whole, the arrays in it are not: NumPy reads their headers as Python's text."""
    chance, path = random.Random(1), tmp_path / "net.npz"
    for _ in range(300):
        with zipfile.ZipFile(path, "w") as archive:
            for name, array in (("A", A), ("W", W), ("h", H)):
                buffer = io.BytesIO()
                np.save(buffer, array)
                content = bytearray(buffer.getvalue())
                for _ in range(chance.choice([1, 2, 5])):
                    content[chance.randrange(128)] = chance.randrange(256)
                archive.writestr(f"{name}.npy", bytes(content))
        try:
            assert sr.load(path).n >= 1
        except sr.FormatError as error:
            assert "\n" not in str(error)  # noqa: PT017
            assert len(str(error)) < 400 + len(str(path))  # noqa: PT017


@pytest.mark.parametrize(("offset", "value"), [(8, 99), (6, 0x21), (6, 0x40)])
def test_archives_that_zipfile_cannot_read(tmp_path, offset, value):
    """An unknown compression method, encryption and patched data, in the directory and in the local header."""
    np.savez(tmp_path / "net.npz", A=A, W=W, h=H)
    content = bytearray((tmp_path / "net.npz").read_bytes())
    for start, shift in ((content.index(b"PK\x03\x04"), 0), (content.index(b"PK\x01\x02"), 2)):
        content[start + offset + shift] = value
    (tmp_path / "net.npz").write_bytes(content)
    with pytest.raises(sr.FormatError, match="not a readable NPZ file, perhaps damaged: ") as caught:
        sr.load(tmp_path / "net.npz")
    assert "\n" not in str(caught.value)


def test_pickles_are_refused(tmp_path):
    np.savez(tmp_path / "net.npz", A=np.array([{"a": 1}], dtype=object), W=W, h=H)
    with pytest.raises(
        sr.FormatError, match="A: expected an array of real numbers, got Python objects such as None, which are never unpickled"
    ):
        sr.load(tmp_path / "net.npz")


@pytest.mark.parametrize(
    ("arrays", "problem"),
    [
        ({"A": A, "W": W}, "the variable h is missing"),
        (
            {"A": A + 1j, "W": W, "h": H},
            "A: expected an array of real numbers, got (an array of type complex128|complex numbers, 2 x 2)",
        ),
        ({"A": A, "W": W * np.nan, "h": H}, r"W\[1\]\[1\]: nan is not a finite number"),
        ({"A": A, "W": W, "h": np.zeros(3)}, "h: expected 2 numbers, got 3"),
        ({"A": A, "W": W, "h": H, "dt": [1.0, 2.0]}, "dt: expected one number"),
        ({"A": A, "W": W, "h": H, "dt": 0.0}, "dt: 0 is not positive"),
        ({"A": "text", "W": W, "h": H}, "A: expected an array of real numbers"),
    ],
)
@pytest.mark.parametrize("suffix", [".mat", ".npz"])
def test_bad_arrays(tmp_path, suffix, arrays, problem):
    path = tmp_path / f"net{suffix}"
    savemat(path, arrays) if suffix == ".mat" else np.savez(path, **arrays)
    with pytest.raises(sr.FormatError, match=problem):
        sr.load(path)


def test_other_files(tmp_path):
    with pytest.raises(sr.FormatError, match="no such file"):
        sr.load(tmp_path / "none.json")
    with pytest.raises(
        sr.FormatError, match=r"unknown kind of file '.txt'; accepted are .json, .npz, .mat, .safetensors, .pt, .pth, .ckpt"
    ):
        sr.load(tmp_path / "net.txt")
    np.save(tmp_path / "one.npy", A)
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    with pytest.raises(sr.FormatError, match="not an NPZ file"):
        sr.load(tmp_path / "one.npz")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(sr.FormatError, match="no such file"):
        sr.load(tmp_path / "folder.json")
