"""Networks that look mixed up get one warning that says what looks wrong; those of everyday use get none."""

import json
import subprocess
import sys
import warnings

import numpy as np
import pytest
import sympy as sp
from scipy.io import savemat

import symplrnn as sr
from symplrnn.network.examples import descriptions

A, W, H = np.array([0.5, 0.25]), np.array([[0, 0.3], [-0.7, 0]]), np.array([1.5, -2])
SWAPPED, SUM, FULL = (
    "A and W look swapped: W is diagonal and A is not",
    "W has the diagonal of A, as if it were A + W",
    "A is not diagonal",
)
MIXED_UP = [
    ((W, np.diag(A), H), SWAPPED),
    ((np.array([[1, 2], [3, 4]]), np.diag(A), H), SWAPPED),
    ((A, np.diag(A) + W, H), SUM),
    ((np.diag(A) + W, W, H), FULL),
    ((np.diag(A) + W, np.zeros((2, 2)), H), FULL),
    (([sp.Symbol("a"), "1/2"], [[sp.Symbol("a"), 1], [0, "1/2"]], H), SUM),
    (([[sp.sqrt(2), 1], [0, 1]], W, H), FULL),
]
FINE = [
    (A, W, H),
    (np.diag(A), W, H),
    (A, W + np.diag([0.1, 0.2]), H),
    (A, W + np.diag([0.5, 0.2]), H),
    (A, np.diag([0.5, -0.25]), H),
    (A, np.diag(A), H),
    ([0, 0], W, H),
    (A, np.zeros((2, 2)), H),
    (["1/2"], [["1/2"]], [0]),
    (["a", "1/2"], [["b", 1], [0, "1/2"]], H),
]


@pytest.mark.parametrize(("parts", "problem"), MIXED_UP)
def test_what_looks_mixed_up_is_named(parts, problem):
    with pytest.warns(sr.SuspiciousNetwork, match=problem.replace("+", r"\+")) as caught:
        net = sr.PLRNN(*parts)
    (warning,) = caught
    assert warning.filename == __file__  # the user's line, not one of the package
    assert str(warning.message).endswith("; if it is meant, use ReLURNN(A, W, h), or give V (the identity) in the file")
    same = sr.ReLURNN(*parts)  # meant: no warning, which would be an error here
    assert (same.A, same.W) == (net.A, net.W)


@pytest.mark.parametrize("parts", FINE)
def test_everyday_networks_get_no_warning(parts):
    sr.PLRNN(*parts, parameters=["a", "b"])


def test_examples_and_real_networks_get_no_warning(van_der_pol, oscillator, lorenz):
    assert all(sr.example(name).n for name in descriptions())
    assert van_der_pol.n + oscillator.n + lorenz.n == 33


@pytest.mark.parametrize("suffix", [".mat", ".npz", ".json"])
def test_files_get_the_warning_unless_they_give_v(tmp_path, suffix):
    path = tmp_path / f"net{suffix}"

    def save(**arrays):
        if suffix == ".json":
            path.write_text(json.dumps({name: value.tolist() for name, value in arrays.items()}))
        else:
            savemat(path, arrays) if suffix == ".mat" else np.savez(path, **arrays)

    save(A=W, W=np.diag(A), h=H)
    with pytest.warns(sr.SuspiciousNetwork, match=SWAPPED) as caught:
        sr.load(path)
    assert [x.filename for x in caught] == [__file__]
    save(A=W, W=np.diag(A), h=H, V=np.eye(2))
    assert sr.load(path).p == 2


def test_what_is_derived_from_such_a_network_gives_no_second_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.SuspiciousNetwork)
        net = sr.PLRNN([[0, "a"], ["1/2", 0]], [["1/3", 0], [0, "1/3"]], [0, 0], parameters=["a"])
    assert sr.check(net.subs({"a": 1})).checked == 4


def test_the_command_line_warns_in_one_line(tmp_path):
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"A": W.tolist(), "W": np.diag(A).tolist(), "h": H.tolist()}))
    command = [sys.executable, "-m", "symplrnn", "check", str(path), "--json", "--summary"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["regions"]["checked"] == 4
    assert done.stderr.splitlines() == [
        f"symplrnn: warning: {SWAPPED}; if it is meant, use ReLURNN(A, W, h), or give V (the identity) in the file"
    ]
