import json
import subprocess
import sys
from itertools import chain

import pytest

import symplrnn as sr
from symplrnn.cli import main


def run(capsys, *arguments):
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_check_in_json(capsys):
    status, out, err = run(capsys, "check", "addition", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == sr.check(sr.example("addition")).to_dict()
    _, out, _ = run(capsys, "check", "addition", "--json", "--summary")
    assert "verdicts" not in json.loads(out)
    assert json.loads(out)["counts"]["unit_eigenvalue"] == 4


def test_check_as_tables(capsys):
    status, out, _ = run(capsys, "check", "negative")
    assert status == 0
    assert "3 " in out.splitlines()[4]
    row = next(line for line in out.splitlines() if line.startswith(" 11"))
    assert row.split()[:5] == ["11", "no", "no", "no", "no"]
    assert "no: lift by 1" in row
    assert any(line.split()[:2] == ["00", "yes"] and "uncountable" in line for line in out.splitlines())
    assert "negative: -1/2" in out
    assert max(map(len, out.splitlines())) <= 80
    assert " 11" not in run(capsys, "check", "negative", "--summary")[1]


def test_many_regions_print_only_those_that_fail(capsys, data):
    _, out, _ = run(capsys, "check", str(data / "ReproVanDerPol.mat"))
    assert "regions that do not meet E2: 0" in out
    assert len(out.splitlines()) < 20


def test_one_of_a_thing_is_not_called_many(capsys, tmp_path):
    path = tmp_path / "one.json"
    path.write_text('{"A": ["1/2"], "W": [[]], "h": [1], "V": [], "b": [], "C": [["c"]], "parameters": ["c"]}')
    assert "1 state, 0 ReLU units, 1 input; 1 region checked" in run(capsys, "check", str(path))[1]
    assert "1 state, 0 ReLU units, 1 input; 1 of 1 region checked" in run(capsys, "check", str(path), "--set", "c=2")[1]


def test_derive(capsys):
    status, out, _ = run(capsys, "derive", "addition", "--region", "01")
    assert status == 0
    assert "100*log(100)/99" in out
    _, out, _ = run(capsys, "derive", "addition", "--region", "01", "--digits", "12")
    assert "4.65168705655" in out
    _, out, _ = run(capsys, "derive", "negative", "--dt", "1/2", "--json")
    document = json.loads(out)
    assert document["dt"] == "1/2"
    regions = {r["pattern"]: r for r in document["regions"]}
    assert regions["00"]["kind"] == "real"
    assert (regions["11"]["kind"], regions["11"]["extra"]) == ("lifted", 1)
    assert "eigenvalue -1/2" in regions["11"]["why"]
    ode = sr.derive(sr.example("negative"), "1/2")["00"]
    assert regions["00"]["digits"]["matrix"] == [list(row) for row in ode.digits(17).matrix]
    assert [t["factor"] for t in regions["00"]["closed_form"]["terms"]] == [["-1", "1"], ["-1/2", "1"]]


def test_derive_prints_irrational_and_dense_entries_in_decimals(capsys, data):
    _, out, _ = run(capsys, "derive", str(data / "PLRNNoscParam.mat"), "--dt", "1/10", "--region", "000")
    assert sr.derive(sr.load(data / "PLRNNoscParam.mat"), "1/10")["000"].digits(6).matrix[0][0] in out


def test_visited(capsys, data):
    path = str(data / "PLRNNoscParam.mat")
    _, out, _ = run(capsys, "check", path, "--visited", "--steps", "10", "--json")
    net = sr.load(path)
    assert [v["pattern"] for v in json.loads(out)["verdicts"]] == list(
        dict.fromkeys(net.orbit(net.initial_states[0], 10).patterns)
    )
    _, out, _ = run(capsys, "check", path, "--visited", "--steps", "0", "--z0", "1,-1/2,0.25", "--json")
    assert [v["pattern"] for v in json.loads(out)["verdicts"]] == ["101"]


def test_strict(capsys):
    assert run(capsys, "check", "addition", "--strict")[0] == 0
    assert run(capsys, "check", "negative", "--strict")[0] == 1
    assert run(capsys, "check", "negative", "--strict", "--region", "00")[0] == 0
    assert run(capsys, "check", "negative", "--strict", "--condition", "real")[0] == 1
    assert run(capsys, "derive", "singular", "--strict")[0] == 1
    assert run(capsys, "derive", "jordan", "--strict")[0] == 0


@pytest.mark.parametrize(
    ("name", "region", "principal", "real"),
    [
        ("kinds", "00", 0, 0),
        ("kinds", "01", 1, 1),
        ("kinds", "10", 1, 1),
        ("kinds", "11", 1, 1),
        ("paired", "11", 1, 0),
        ("paired", "01", 1, 1),
    ],
)
def test_strict_derive_by_kind(capsys, name, region, principal, real):
    command = ["derive", name, "--region", region]
    assert run(capsys, *command)[0] == 0
    assert run(capsys, *command, "--strict")[0] == principal
    assert run(capsys, *command, "--strict", "--condition", "real")[0] == real
    assert run(capsys, *command, "--strict", "--condition", "real", "--json")[0] == real


def test_strict_derive_with_letters(capsys):
    """Region 00 has the matrix diag(a1, a2) with a1, a2 > 0; in 11 the answer depends on the letters."""
    for condition in ("principal", "real"):
        command = ["derive", "two_units", "--strict", "--condition", condition]
        assert run(capsys, *command, "--region", "00")[0] == 0
        assert run(capsys, *command, "--region", "11")[0] == 1


def test_strict_derive_of_irrational_numbers(capsys, tmp_path):
    """diag(-sqrt(2), -sqrt(2)) has real ODEs, but no principal one; a single -sqrt(2) has none."""
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"A": ["-sqrt(2)", "-sqrt(2)"], "W": [[0, 0], [0, "sqrt(2)+1"]], "h": [0, 0], "dt": 1}))
    status, out, _ = run(capsys, "derive", str(path), "--region", "00", "--strict", "--condition", "real")
    assert (status, out.splitlines()[0]) == (0, "region 00: real ODE, not principal,  dz/dt = X z + y,  dt = 1")
    assert run(capsys, "derive", str(path), "--region", "00", "--strict")[0] == 1
    assert run(capsys, "derive", str(path), "--region", "01", "--strict", "--condition", "real")[0] == 1


def test_derive_prints_every_kind(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    _, out, _ = run(capsys, "derive", "kinds")
    blocks = {text.split()[1].rstrip(":"): text for text in out.strip().split("\n\n")}
    assert blocks["00"].startswith("region 00: real ODE  dz/dt = X z + y,  dt = 1/10\n  X = ")
    assert "why" not in blocks["00"]
    assert blocks["01"].startswith(
        "region 01: lifted ODE  d(z, u)/dt = X (z, u) + y,  dt = 1/10,  1 extra coordinate u = 0 at each grid time\n"
    )
    assert "10*pi        -10*log(2)\n" in blocks["01"]
    assert "1 extra coordinate" in blocks["01"].split("why: ")[1]
    jump = "  first, at each grid time:  z <- J z + j\n  J = 0   0\n      0   1\n  j = 1\n      0\n  X = "
    assert jump in blocks["10"]
    assert blocks["10"].startswith("region 10: impulsive ODE  dz/dt")
    assert blocks["11"].startswith("region 11: lifted+impulsive ODE  d(z, u)/dt")
    assert "first, at each grid time:" in blocks["11"]
    assert all(line == line.rstrip() for line in out.splitlines())
    _, out, _ = run(capsys, "derive", "paired", "--region", "11")
    assert out.startswith("region 11: real ODE, not principal,  dz/dt = X z + y,  dt = 1/10\n  X = -10*log(4)   -10*pi\n")
    assert "no principal one (E3)" in " ".join(out.split())


def test_derive_prints_the_input_of_a_jump_and_decimals(capsys, tmp_path):
    (tmp_path / "net.json").write_text(json.dumps({"A": [0], "W": [[0]], "h": ["1/3"], "C": [["1/7"]], "dt": 1}))
    _, out, _ = run(capsys, "derive", str(tmp_path / "net.json"), "--region", "1", "--digits", "3")
    assert "z <- J z + j + K s" in out
    assert "  K = 1/7\n" in out
    cubic = {"A": [[0, 0, "-1/2"], [1, 0, 2], [0, 1, 1]], "W": [[], [], []], "h": [1, 0, 0], "V": [], "b": [], "dt": 1}
    (tmp_path / "cubic.json").write_text(json.dumps(cubic))
    _, out, _ = run(capsys, "derive", str(tmp_path / "cubic.json"))
    assert sr.derive(sr.load(tmp_path / "cubic.json"))[""].digits(6).matrix[0][3] in out
    _, out, _ = run(capsys, "derive", "kinds", "--region", "11", "--digits", "12")
    assert "31.4159265359" in out
    assert "log" not in out.split("eigenvalue l")[0]


def test_latex(capsys):
    status, out, _ = run(capsys, "latex", "addition", "--standalone")
    assert status == 0
    assert out.startswith(r"\documentclass")
    assert r"\begin{cases}" in out
    _, out, _ = run(capsys, "latex", "addition", "--part", "network")
    assert r"\begin{cases}" not in out


def test_examples(capsys):
    status, out, _ = run(capsys, "examples")
    assert status == 0
    assert len([line for line in out.splitlines() if not line.startswith(" ")]) == 10
    assert set(json.loads(run(capsys, "examples", "--json")[1])) == {
        "addition",
        "complex",
        "cycle16",
        "jordan",
        "kinds",
        "negative",
        "paired",
        "singular",
        "two_units",
        "addition_letters",
    }
    _, out, _ = run(capsys, "examples", "cycle16")
    assert json.loads(out)["A"] == [0.8377689000000008, 0.96461297]


@pytest.mark.parametrize("command", [[], ["check"], ["derive"], ["latex"], ["examples"]])
def test_help(capsys, command):
    status, out, _ = run(capsys, *command, "--help")
    assert status == 0
    assert "Usage: symplrnn" in out
    assert len(out.splitlines()) > 5


def test_every_packaged_network_works_with_every_command(capsys):
    for name in json.loads(run(capsys, "examples", "--json")[1]):
        for command in ("check", "derive", "latex"):
            status, out, err = run(capsys, command, name)
            assert (status, err) == (0, "")
            assert out


def test_the_cycle_of_period_16():
    """Published: 16-cycles. From a start near it, the map settles to period 16 in double precision."""
    net = sr.example("cycle16")
    z = [float(x) for x in net.orbit([0, 0], 60)[60]]
    A, W, h = ([[float(x) for x in row] for row in m.tolist()] for m in (net.A, net.W, net.h))
    history = []
    for _ in range(20000):
        z = [A[i][i] * z[i] + W[i][0] * max(z[0], 0) + W[i][1] * max(z[1], 0) + h[i][0] for i in range(2)]
        history.append(tuple(z))
    last = history[-1]
    periods = [k for k in range(1, 40) if abs(history[-1 - k][0] - last[0]) + abs(history[-1 - k][1] - last[1]) < 1e-9]
    assert periods[0] == 16


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["check", "none.json"], "none.json: no such file"),
        (["check", "a" * 300], "File name too long"),
        (["check", "kinds", "--lines", ""], "'': No such file"),
        (["check", "unheard_of"], "no such file and no packaged network; packaged are addition"),
        (["check", "addition", "--region", "1"], "accepted are 2 letters 0 or 1"),
        (["check", "addition", "--region", "01", "--visited"], "exclude each other"),
        (["check", "addition", "--steps", "3"], "go with --visited"),
        (["check", "addition", "--visited"], "z0: missing, and the network carries no start state"),
        (["check", "addition", "--visited", "--z0", "1"], "z0: expected 2 numbers, got 1"),
        (["check", "addition", "--visited", "--z0", "1,__import__('os')"], r"z0\[2\]: "),
        (["check"], "Missing argument"),
        (["check", "addition", "--nonsense"], "No such option"),
        (["nonsense"], "No such command"),
        (["derive", "addition", "--dt", "0"], "dt: 0 is not positive"),
        (["derive", "addition", "--dt", "-1/10"], "dt: -1/10 is not positive"),
        (["derive", "addition", "--dt", "1e-3000"], "accepted are numbers from 1e-300 to 1e300"),
        (["derive", "addition", "--dt", "-1e3000"], "is not positive"),
        (["derive", "addition", "--dt", "nan"], "dt: 'nan' uses the unknown parameter"),
        (["derive", "addition", "--digits", "0"], "digits"),
        (["latex", "addition", "--part", "x"], "part"),
        (["examples", "../../secret"], "no such file and no packaged network"),
    ],
)
def test_bad_calls_are_one_line_and_status_2(capsys, arguments, problem):
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("symplrnn: error: ")
    assert err.count("\n") == 1
    assert problem.replace("\\", "") in err


def test_bad_files_are_one_line_and_status_2(capsys, tmp_path, data):
    truncated = tmp_path / "net.mat"
    truncated.write_bytes((data / "ReproVanDerPol.mat").read_bytes()[:900])
    huge = tmp_path / "net.json"
    huge.write_text(json.dumps({"A": [1], "W": [[0]], "h": ["1+" * 5_000_000 + "1"]}))
    for path, problem in ((truncated, "not a readable MAT file"), (huge, "longer than 10000 characters")):
        status, out, err = run(capsys, "check", str(path))
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert problem in err
        assert len(err) < 500


def test_as_a_program_json_is_alone_on_standard_output():
    done = subprocess.run(
        [sys.executable, "-m", "symplrnn", "check", "addition", "--json", "--summary"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["regions"]["checked"] == 4
    failed = subprocess.run([sys.executable, "-m", "symplrnn", "check", "none.mat"], capture_output=True, text=True)
    assert (failed.returncode, failed.stdout, failed.stderr.count("\n")) == (2, "", 1)


def test_numbers_are_never_cropped(capsys, data, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    path = str(data / "ReproVanDerPol.mat")
    _, out, _ = run(capsys, "derive", path, "--dt", "1/10", "--region", "1" * 10)
    digits = sr.derive(sr.load(path), "1/10")["1" * 10].digits(6)
    for row in (*digits.matrix, digits.offset):
        assert all(text in out for text in row)
    rows = [line.split() for line in out.splitlines() if line.startswith("      ")]
    heads = [line for line in out.splitlines() if line.startswith("  X, columns")]
    parts = [rows[10 * k : 10 * k + 10] for k in range(len(heads))]
    assert heads[0] == "  X, columns 1 to 4:"
    assert [tuple(chain(*row)) for row in zip(*parts, strict=True)] == list(digits.matrix)


WIDE = [
    ("check", "kinds"),
    ("check", "two_units", "--published"),
    ("derive", "kinds"),
    ("derive", "two_units"),
    ("derive", "addition_letters", "--cases"),
    ("derive", "cycle16", "--digits", "30"),
    ("derive", "mixed.json", "--other-cases"),
    ("equilibria", "kinds"),
    ("examples",),
]


@pytest.mark.parametrize("arguments", WIDE, ids=" ".join)
def test_all_text_fits_80_columns(capsys, tmp_path, monkeypatch, arguments):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    letters = {"a": "real", "b": "positive", "w": "real"}
    mixed = {"A": ["a", "-b"], "W": [[0, "w"], [0, 0]], "h": ["a*b + w", 2], "C": [[1], ["1/3"]], "dt": 1, "parameters": letters}
    (tmp_path / "mixed.json").write_text(json.dumps(mixed))
    status, out, err = run(capsys, *arguments)
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("digits", ["6", "40"])
def test_a_trained_network_fits_80_columns(capsys, data, monkeypatch, digits):
    monkeypatch.setenv("COLUMNS", "80")
    path = str(data / "ReproVanDerPol.mat")
    out = run(capsys, "derive", path, "--dt", "1/10", "--region", "1101111110", "--digits", digits)[1]
    assert max(map(len, out.splitlines())) <= 80
