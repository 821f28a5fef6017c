import contextlib
import io
import json
import random
import zipfile

import numpy as np
import pytest
import sympy as sp
from scipy.io import loadmat, savemat

import symplrnn as sr
from symplrnn.network.files.json_ import network_from_json

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
    with pytest.raises(sr.FormatError, match="not a readable NPZ file, perhaps damaged: Object arrays"):
        sr.load(tmp_path / "net.npz")


@pytest.mark.parametrize(
    ("arrays", "problem"),
    [
        ({"A": A, "W": W}, "the variable h is missing"),
        ({"A": A + 1j, "W": W, "h": H}, "A: expected an array of real numbers, got an array of type complex128"),
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
    with pytest.raises(sr.FormatError, match=r"unknown kind of file '.txt'; accepted are .json, .npz, .mat"):
        sr.load(tmp_path / "net.txt")
    np.save(tmp_path / "one.npy", A)
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    with pytest.raises(sr.FormatError, match="not an NPZ file"):
        sr.load(tmp_path / "one.npz")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(sr.FormatError, match="no such file"):
        sr.load(tmp_path / "folder.json")
