"""What commands share: completion of files, inputs from files, decimals."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import symplrnn as sr
from symplrnn.cli import main


def run(capsys, *arguments):
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def complete(words, folder, shell="bash"):
    """Return what the program offers a shell for the last of some words."""
    environment = os.environ | {
        "_SYMPLRNN_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "symplrnn"]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def test_completion_offers_files_and_names(tmp_path):
    (tmp_path / "addition_net.json").write_text("{}")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "net.mat").write_text("")
    assert complete(["symplrnn", "check", ""], tmp_path) == ["file,"]
    assert complete(["symplrnn", "check", "addi"], tmp_path) == ["file,addi"]
    assert complete(["symplrnn", "check", "deep/n"], tmp_path) == ["file,deep/n"]
    assert complete(["symplrnn", "check", "kin"], tmp_path) == ["plain,kinds"]
    assert complete(["symplrnn", "examples", "kin"], tmp_path) == ["plain,kinds"]
    assert complete(["symplrnn", "simulate", "kinds", "--inputs", "x"], tmp_path) == ["file,x"]
    assert complete(["symplrnn", "latex", "kinds", "-o", "x"], tmp_path) == ["file,x"]
    assert "plain,--decimals" in complete(["symplrnn", "derive", "kinds", "--de"], tmp_path)
    assert "plain,equilibria" in complete(["symplrnn", "e"], tmp_path)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_their_script(capsys, monkeypatch, shell):
    monkeypatch.setenv("_SYMPLRNN_COMPLETE", f"{shell}_source")
    status = main([])
    assert status in (0, 1)  # click asks bash for its version
    assert "_SYMPLRNN_COMPLETE" in capsys.readouterr().out


def test_decimals(capsys):
    _, out, _ = run(capsys, "derive", "addition", "--region", "01", "--decimals")
    assert out == run(capsys, "derive", "addition", "--region", "01", "--digits", "6")[1]
    assert "4.65169" in out
    assert "log" not in out.split("eigenvalue l")[0]
    assert "4.6517\n" in run(capsys, "derive", "addition", "--region", "01", "--decimals", "--digits", "5")[1].replace("  ", "\n")
    status, _, err = run(capsys, "derive", "two_units", "--decimals")
    assert (status, err.count("\n")) == (2, 1)
    assert "--decimals: the network has the parameters a1, a2" in err


@pytest.mark.parametrize("suffix", ["csv", "npy"])
def test_inputs_choose_the_regions_of_an_orbit(capsys, tmp_path, suffix):
    path = tmp_path / f"inputs.{suffix}"
    inputs = [["0.5", "-2"], ["-1", "0.25"], ["3", "1e-1"]]
    if suffix == "csv":
        path.write_text("0.5, -2\n\n-1,1/4\n3,1e-1\n")
    else:
        np.save(path, np.array(inputs, dtype=float))
    net = sr.example("addition")
    expected = list(dict.fromkeys(net.orbit([0, "1/2"], 3, inputs=inputs).patterns))
    assert len(expected) > 1
    arguments = ("addition", "--visited", "--z0", "0,1/2", "--inputs", str(path), "--json")
    _, out, _ = run(capsys, "check", *arguments)
    assert [v["pattern"] for v in json.loads(out)["verdicts"]] == expected  # three steps, as there are inputs
    _, out, _ = run(capsys, "derive", *arguments)
    assert [r["pattern"] for r in json.loads(out)["regions"]] == expected
    _, out, _ = run(capsys, "equilibria", *arguments)
    assert [e["pattern"] for e in json.loads(out)["equilibria"]] == expected
    _, out, _ = run(capsys, "simulate", "addition", "--z0", "0,1/2", "--inputs", str(path), "--json")
    assert json.loads(out)["steps"] == {"asked": 3, "done": 3}


@pytest.mark.parametrize(
    ("array", "problem"),
    [
        (np.zeros(3), "expected an array of real numbers (steps, inputs), got float64 of shape (3,)"),
        (np.zeros((3, 2), dtype=complex), "got complex128 of shape (3, 2)"),
        (np.array([["x"]], dtype=object), "not an array of numbers in NPY format"),
    ],
)
def test_wrong_arrays_of_inputs(capsys, tmp_path, array, problem):
    path = tmp_path / "inputs.npy"
    np.save(path, array, allow_pickle=True)
    status, out, err = run(capsys, "simulate", "addition", "--z0", "1,1", "--inputs", str(path))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert problem in err


def test_wrong_calls(capsys, tmp_path):
    status, out, err = run(capsys, "check", "addition", "--inputs", "none.csv")
    assert (status, out, err) == (2, "", "symplrnn: error: --z0, --steps and --inputs go with --visited\n")
    status, out, err = run(capsys, "check", "addition", "--visited", "--z0", "1,1", "--inputs", "none.csv")
    assert (status, out, err) == (2, "", "symplrnn: error: none.csv: no such file\n")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nothing"], "No such command 'nothing'. Accepted are check, derive, "),
        (["chek", "addition"], "Did you mean 'check'?"),
        (
            ["check"],
            "Missing argument 'FILE'. Accepted is a network, such as .json, .npz, .mat or .pt, or the name of a packaged example",
        ),
        (["check", "addition", "--colour"], "No such option '--colour'. See: symplrnn check --help"),
        (
            ["check", "addition", "--visited", "--steps", "many"],
            "'many' is not a whole number; accepted are whole numbers from 0 to",
        ),
        (["check", "addition", "--visited", "--z0", "1;2"], '--z0: expected numbers separated by commas, such as "1,-1/2,0.3"'),
        (["check", "addition", "--visited", "--z0", "1 2"], 'got "1 2"'),
        (["check", "addition", "--visited", "--z0", "1,"], 'got "1,"'),
        (["latex", "addition", "-o", "nowhere/x.tex"], "nowhere/x.tex: No such file or directory"),
        (["export", "addition"], "Choose from: python, matlab, jax, julia, c"),
    ],
)
def test_messages_are_one_line_that_says_what_is_accepted(capsys, tmp_path, monkeypatch, arguments, problem):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("symplrnn: error: ")
    assert problem in err


def test_a_folder_that_is_not_there_is_refused_before_anything_is_computed(capsys, monkeypatch):
    monkeypatch.setattr("symplrnn.cli.latex.network_argument", None)  # not called
    assert run(capsys, "latex", "addition", "-o", "nowhere/x.tex")[0] == 2
