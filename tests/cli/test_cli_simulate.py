import csv
import io
import json

import numpy as np
import pytest

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.cli.simulate import _summary
from symplrnn.dynamics.trajectory import Trajectory


def run(capsys, *arguments):
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def table(text):
    header, *rows = list(csv.reader(io.StringIO(text)))
    return header, np.array(rows, dtype=float)


def test_csv_on_standard_output(capsys):
    status, out, err = run(capsys, "simulate", "complex", "--z0", "1,-1/2", "--steps", "5", "--per-step", "3")
    assert (status, err) == (0, "")
    header, rows = table(out)
    found = sr.derive(sr.example("complex")).simulate([1, "-1/2"], 5, 3)
    assert header[0] == "t"
    assert len(header) == 3
    assert np.array_equal(rows[:, 0], found.times)
    assert np.array_equal(rows[:, 1:], found.states)  # every digit
    _, out, _ = run(capsys, "simulate", "complex", "--z0", "1,-1/2", "--steps", "5", "--dt", "3")
    assert table(out)[1][-1, 0] == 15


def test_names_of_states_head_the_columns(capsys, tmp_path):
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"A": [0.5], "W": [[0.25]], "h": [1], "dt": 1, "names": ["voltage"]}))
    assert run(capsys, "simulate", str(path), "--z0", "1", "--steps", "1")[1].splitlines()[0] == "t,voltage"


def test_defaults_of_a_trained_network(capsys, data):
    status, out, _ = run(capsys, "simulate", str(data / "ReproVanDerPol.mat"), "--dt", "1/10", "--json")
    document = json.loads(out)
    assert (status, document["status"], document["switching"]) == (0, "done", "grid")
    assert document["steps"] == {"asked": 1000, "done": 1000}
    assert document["departure"] == {"largest": 0.0, "step": 0}
    assert document["end"]["time"] == 100.0
    assert len(document["regions"]) == 13


def test_state_switching_reports_events_and_departure(capsys, data):
    arguments = ("simulate", str(data / "ReproVanDerPol.mat"), "--dt", "1/10", "--steps", "60", "--switching", "state", "--json")
    document = json.loads(run(capsys, *arguments)[1])
    found = sr.derive(sr.load(data / "ReproVanDerPol.mat"), "1/10").simulate(None, 60, switching="state")
    assert [e["time"] for e in document["events"]] == [e.time for e in found.events]
    assert document["events"][0]["kind"] == "crossing"
    assert document["departure"]["largest"] == found.departure.max() > 0


def test_certify_adds_the_crossing_certificates(capsys, tmp_path):
    document = json.loads(run(capsys, "simulate", "complex", "--z0", "2,-1", "--steps", "20", "--json", "--certify")[1])
    report = sr.derive(sr.example("complex")).crossings([2, -1], 20)
    assert document["crossings"] == json.loads(report.to_json())
    assert document["crossings"]["counts"] == {"stays": 19, "leaves": 1, "undecided": 0}
    inputs = tmp_path / "s.csv"
    inputs.write_text("0.5,1\n" * 4)
    document = json.loads(
        run(capsys, "simulate", "addition", "--z0", "1,1", "--steps", "4", "--inputs", str(inputs), "--json", "--certify")[1]
    )
    assert document["crossings"] == sr.derive(sr.example("addition")).crossings([1, 1], 4, [[0.5, 1]] * 4).to_dict()
    assert "crossings" not in json.loads(run(capsys, "simulate", "complex", "--z0", "2,-1", "--steps", "2", "--json")[1])
    status, _, err = run(capsys, "simulate", "complex", "--z0", "2,-1", "--certify")
    assert (status, err) == (2, "symplrnn: error: --certify goes with --json\n")


def test_regions_between_grid_times_are_named(capsys, tmp_path):
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"A": ["1/4"], "W": [["1/4"]], "h": [1], "dt": 1}))
    arguments = ("simulate", str(path), "--z0", "-2", "--steps", "1", "--json")
    assert json.loads(run(capsys, *arguments, "--switching", "state")[1])["regions"] == ["0", "1"]
    assert json.loads(run(capsys, *arguments)[1])["regions"] == ["0"]


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_files(capsys, tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    arguments = ("simulate", "complex", "--z0", "1,2", "--steps", "4", "-o", str(path))
    assert run(capsys, *arguments) == (0, "", "")
    found = sr.derive(sr.example("complex")).simulate([1, 2], 4)
    if suffix == ".npz":
        with np.load(path) as stored:
            assert np.array_equal(stored["states"], found.states)
            assert stored["patterns"].tolist() == list(found.patterns)
            assert str(stored["status"]) == "done"
    else:
        assert np.array_equal(table(path.read_text())[1][:, 1:], found.states)
    status, out, _ = run(capsys, *arguments, "--json")
    assert (status, json.loads(out)["status"]) == (0, "done")


def test_inputs_from_a_file(capsys, tmp_path):
    path = tmp_path / "inputs.csv"
    path.write_text("1,0.5\n0.25,0\n\n0,1e-1\n")
    _, out, _ = run(capsys, "simulate", "addition", "--z0", "0,1/2", "--steps", "3", "--inputs", str(path), "--per-step", "1")
    orbit = sr.example("addition").orbit([0, "1/2"], 3, inputs=[[1, "1/2"], ["1/4", 0], [0, "1/10"]])
    assert np.allclose(table(out)[1][:, 1:], [[float(x) for x in z] for z in orbit], atol=1e-15)


def test_an_early_end_is_said_on_standard_error(capsys, tmp_path):
    path = tmp_path / "slide.json"
    path.write_text(json.dumps({"A": ["3/4", "1/4"], "W": [["3/4", "3/4"], ["-3/4", 0]], "h": ["-3/4", "1/4"], "dt": 1}))
    arguments = ("simulate", str(path), "--z0", "-1,2", "--switching", "state")
    status, out, err = run(capsys, *arguments)
    assert status == 0
    assert "ends early (sliding): at time 1.0110065358" in err
    assert err.count("\n") == 1
    assert table(out)[1][-1, 0] == pytest.approx(1.0110065358)
    assert run(capsys, *arguments, "--strict")[0] == 1
    status, out, err = run(capsys, *arguments, "--strict", "--json")
    assert (status, json.loads(out)["status"], err) == (1, "sliding", "")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["complex"], "z0: missing, and the network carries no start state"),
        (["complex", "--z0", "1"], "z0: expected 2 numbers, got 1"),
        (["complex", "--z0", "1,x"], "z0[2]"),
        (["complex", "--z0", "1,1", "--steps", "-1"], "steps"),
        (["complex", "--z0", "1,1", "--per-step", "0"], "per-step"),
        (["complex", "--z0", "1,1", "--steps", "10000000", "--per-step", "100000"], "2000000000000 numbers are too many to hold"),
        (["complex", "--z0", "1,1", "--switching", "no"], "switching"),
        (["complex", "--z0", "1,1", "-o", "out.txt"], "-o: expected a name that ends in .csv or .npz"),
        (["complex", "--z0", "1,1", "-o", "none/there/out.csv"], "No such file or directory"),
        (["addition", "--z0", "1,1", "--inputs", "none.csv"], "none.csv: no such file"),
        (["addition_letters", "--z0", "1,1"], "simulate: the network has the parameters"),
    ],
)
def test_bad_calls_are_one_line_and_status_2(capsys, arguments, problem):
    status, out, err = run(capsys, "simulate", *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert problem in err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,b\n1,2\n", 'row 1, column 1: "a" is not a number; accepted are rows of numbers'),
        ("1,2\n3\n", "row 2 has 1 numbers, but the first has 2"),
        ("1,2\n", "inputs: expected a row for each of 3 steps, got 1"),
        ("1\n2\n3\n", "inputs: expected shape (T, 2), got (3, 1)"),
        ("1,nan\n2,3\n3,3\n", 'row 1, column 2: "nan" is not a number'),
        ("", "inputs: expected shape (T, 2)"),
    ],
)
def test_bad_inputs(capsys, tmp_path, text, problem):
    path = tmp_path / "inputs.csv"
    path.write_text(text)
    status, out, err = run(capsys, "simulate", "addition", "--z0", "1,1", "--steps", "3", "--inputs", str(path))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert problem in err


def test_too_little_memory_is_one_line(capsys, monkeypatch):
    def out_of_memory(*arguments):
        raise MemoryError

    monkeypatch.setattr(sr.NetworkODE, "simulate", out_of_memory)
    status, out, err = run(capsys, "simulate", "complex", "--z0", "1,1")
    assert (status, out) == (2, "")
    assert (
        err
        == "symplrnn: error: the result does not fit into memory; ask for a smaller network, or fewer steps, samples or regions\n"
    )


def test_a_departure_beyond_doubles_is_null_in_json():
    """The network's own orbit overflows at the second grid time; a trajectory with state switching goes on."""
    moved = np.array([[1.0, 2.0], [1.0, 3.0], [1.0, 4.0], [1.0, 5.0]])
    orbit = np.array([[1.0, 2.0], [1.0, 1.0], [-np.inf, 1.0], [np.nan, np.nan]])
    found = Trajectory("state", np.arange(4.0), moved, moved, orbit, ("11",) * 3)
    assert found.departure.tolist() == [0, 2, np.inf, np.inf]
    assert json.loads(json.dumps(_summary(found, 3), allow_nan=False))["departure"] == {"largest": None, "step": 2}
