"""The command equilibria: its table and its JSON."""

import json

import symplrnn as sr
from symplrnn.cli import main


def run(capsys, *arguments):
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def network(tmp_path, **parts):
    path = tmp_path / "net.json"
    path.write_text(json.dumps(parts))
    return str(path)


def test_a_table_of_few_regions(capsys):
    status, out, err = run(capsys, "equilibria", "complex")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "1 equilibrium of the network in 4 regions"
    rows = [" ".join(line.split()) for line in out.splitlines() if line[:2] in (" 0", " 1")]
    assert rows[0] == "11 real stable focus (1, 1)"
    assert rows[3] == "10 virtual stable node (2, 2)"
    assert out.splitlines()[-1] == "virtual: outside of its region, so no fixed point of the network"
    assert run(capsys, "equilibria", "complex", "--real", "--region", "00")[1] == "0 equilibria of the network in 0 regions\n"


def test_faces_lines_and_none(capsys, tmp_path):
    path = network(tmp_path, A=["1/2", "1/3"], W=[[0, 1], [0, 0]], h=[-1, "2/3"])
    out = run(capsys, "equilibria", path)[1]
    assert "01      boundary (unit 1)  stable node  (0, 1)" in out
    assert "boundary: on a face, a fixed point of the network" in out
    path = network(tmp_path, A=[1, "1/2"], W=[[0, 0], [0, "1/2"]], h=["0", 1])
    out = run(capsys, "equilibria", path)[1]
    assert "line, neutral  (0, 2) + t (1, 0)" in out
    assert "none" in out
    assert "and 0 regions" not in out


def test_many_regions_list_what_is_in_its_region(capsys, van_der_pol, data):
    path = str(data / "ReproVanDerPol.mat")
    out = run(capsys, "equilibria", path)[1]
    [real] = [e for e in van_der_pol.equilibria() if e.real]
    assert out.startswith("1 equilibrium of the network in 1024 regions\nvirtual: 1023, which --json lists\n")
    assert all(text in out for text in (real.pattern, *real.digits(6)))
    assert max(map(len, out.splitlines())) <= 80
    document = json.loads(run(capsys, "equilibria", path, "--region", real.pattern, "--json")[1])
    assert document["counts"] == {"real": 1, "boundary": 0, "virtual": 0, "none": 0}
    assert document["equilibria"] == [real.to_dict()]


def test_letters_are_refused_in_one_line(capsys):
    status, out, err = run(capsys, "equilibria", "two_units")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "equilibria: the network has the parameters a1, a2" in err
    document = json.loads(run(capsys, "equilibria", "two_units", *["--set", "a1=1/2", "--set", "a2=1/2", "--set", "w12=1"],
                              *["--set", "w21=-1", "--set", "h1=1", "--set", "h2=0", "--json"])[1])  # fmt: skip
    net = sr.example("two_units").subs({"a1": "1/2", "a2": "1/2", "w12": 1, "w21": -1, "h1": 1, "h2": 0})
    assert document["equilibria"] == [e.to_dict() for e in net.equilibria()]
