import json
from pathlib import Path

import numpy as np
import pytest

import symplrnn as sr
from symplrnn.cli import main

FILES = Path(__file__).parent.parent / "network" / "files" / "data"


def everything(net):
    return net.A, net.W, net.h, net.V, net.b, net.C, net.dt, net.initial_states


def test_convert_is_exact(capsys, tmp_path):
    out = tmp_path / "net.json"
    assert main(["convert", str(FILES / "alrnn.pt"), "--load", "P=2", "-o", str(out)]) == 0
    assert capsys.readouterr() == ("", "")
    assert everything(sr.load(out)) == everything(sr.load(FILES / "alrnn.pt", P=2))
    assert main(["convert", str(FILES / "alrnn.pt"), "--load", "P=2"]) == 0
    assert capsys.readouterr().out == out.read_text()


def test_convert_packaged_and_with_values(capsys):
    assert main(["convert", "addition_letters", "--set", "a=1/3"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["A"] == ["1", "1/3"]
    assert set(found["parameters"]) == {"w", "b"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["hold_inputs=0", "activation=relu"], {"hold_inputs": 0, "activation": "relu"}),
        (["hold_inputs=1, -1/2", "activation=relu"], {"hold_inputs": ["1", "-1/2"], "activation": "relu"}),
        (["hold_inputs=no", "activation=relu", "kind=rnn", "prefix=rnn"], {"hold_inputs": False, "activation": "relu"}),
        (["hold_inputs=0", "activation=relu", "decimal=true"], {"hold_inputs": 0, "activation": "relu", "decimal": True}),
    ],
)
def test_what_a_file_does_not_say(capsys, tmp_path, options, said):
    out = tmp_path / "net.json"
    given = [x for option in options for x in ("--load", option)]
    assert main(["convert", str(FILES / "rnn.pt"), *given, "-o", str(out)]) == 0
    assert everything(sr.load(out)) == everything(sr.load(FILES / "rnn.pt", **said))
    assert main(["check", str(FILES / "rnn.pt"), *given, "--json", "--summary"]) == 0
    assert json.loads(capsys.readouterr().out)["regions"]["total"] <= 8


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--load", "P"], "--load: expected NAME=VALUE with a name among kind, P, clipped, thresholds, relu, k"),
        (["--load", "p=2"], "--load: expected NAME=VALUE with a name among kind, P"),
        (["--load", "P=two"], '--load: P is a whole number; got "two"'),
        (["--load", "P=2", "--load", "clipped=2"], '--load: clipped is true or false; got "2"'),
        (["--load", "P=2", "--load", "P=2"], "--load: P is given twice"),
        (["--load", "P=2", "--load", "k=1"], "alrnn.pt: k: not for an AL-RNN"),
        ([], 'A, W, h are a PLRNN or an AL-RNN; the file does not say which: give kind="plrnn", or P'),
    ],
)
def test_wrong_options(capsys, arguments, problem):
    assert main(["convert", str(FILES / "alrnn.pt"), *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert problem in err
    assert err.count("\n") == 1


def test_packaged_networks_leave_nothing_open(capsys):
    assert main(["check", "addition", "--load", "P=1"]) == 2
    assert "--load: only for files, not for packaged networks" in capsys.readouterr().err


def test_version_7_3_without_h5py(capsys, monkeypatch, tmp_path):
    (tmp_path / "net.mat").write_bytes(b"MATLAB 7.3 MAT-file".ljust(600))
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    assert main(["check", str(tmp_path / "net.mat")]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "symplrnn[io]" in err


def test_the_help_of_every_command_names_load(capsys):
    for command in ("check", "derive", "latex", "simulate", "plot", "convert"):
        assert main([command, "--help"]) == 0
        assert "--load NAME=VALUE" in capsys.readouterr().out


def test_decimals_from_an_npz_file(capsys, tmp_path):
    np.savez(tmp_path / "net.npz", A=np.array([0.1]), W=np.array([[0.3]]), h=np.array([1.0]))
    assert main(["convert", str(tmp_path / "net.npz"), "--load", "decimal=yes"]) == 0
    assert json.loads(capsys.readouterr().out) == {"A": ["1/10"], "W": [["3/10"]], "h": ["1"]}
