import subprocess
import sys

import matplotlib.pyplot as plt
import pytest

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.cli.plot import OPTIONS


@pytest.fixture(autouse=True)
def figures():
    yield
    plt.close("all")


def run(capsys, *arguments):
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


CALLS = {
    "orbit": (
        "cycle16",
        "--z0",
        "1,0",
        "--steps",
        "60",
        "--zoom",
        "10,20",
        "--unit",
        "2",
        "--switching",
        "state",
        "--per-step",
        "3",
    ),
    "state-space": ("complex", "--z0", "2,-1", "--steps", "9", "--unit", "2", "--unit", "1"),
    "portrait": ("complex", "--box", "-1,1,-2,2"),
    "eigenvalues": ("negative", "--region", "11", "--of", "ode"),
    "kinds": ("kinds",),
    "transitions": ("complex", "--z0", "2,-1", "--steps", "9"),
}


@pytest.mark.parametrize("kind", OPTIONS)
def test_pictures_are_those_of_python(capsys, tmp_path, kind):
    net, z0 = sr.example(CALLS[kind][0]), [2, -1]
    ode = sr.derive(net)
    expected = {
        "orbit": lambda: sr.plot.orbit(ode, [1, 0], 60, 2, 3, "state", (10, 20)),
        "state-space": lambda: sr.plot.state_space(ode, z0, 9, (2, 1)),
        "portrait": lambda: sr.plot.phase_portrait(ode, ((-1, 1), (-2, 2))),
        "eigenvalues": lambda: sr.plot.eigenvalues(ode, "11", "ode"),
        "kinds": lambda: sr.plot.kinds(ode),
        "transitions": lambda: sr.plot.transitions(net, z0, 9),
    }[kind]()
    sr.plot.save(expected, tmp_path / "a.svg")
    assert run(capsys, "plot", *CALLS[kind], "--kind", kind, "-o", str(tmp_path / "b.svg")) == (0, "", "")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_trained_network_with_its_start_state(capsys, data, tmp_path):
    path, out = str(data / "PLRNNoscParam.mat"), tmp_path / "a.png"
    assert run(capsys, "plot", path, "--dt", "1/10", "-o", str(out))[0] == 0
    assert run(capsys, "plot", path, "--kind", "eigenvalues", "--visited", "--steps", "5", "-o", str(out))[0] == 0  # needs no dt
    arguments = ("--kind", "portrait", "--dt", "1/10", "--at", "3=-3/2", "--unit", "2", "--unit", "1", "-o", str(out))
    assert run(capsys, "plot", path, *arguments) == (0, "", "")
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["complex", "-o", "x.gif"], 'error: -o: expected a name that ends in .pdf, .svg or .png, got "x.gif"'),
        (["complex", "-o", "x.pdf"], "error: z0: missing, and the network carries no start state"),
        (
            ["complex", "--kind", "kinds", "--unit", "1", "-o", "x.pdf"],
            "--unit goes with --kind orbit, state-space, portrait, not with kinds",
        ),
        (["complex", "--kind", "kinds", "--z0", "1,1", "-o", "x.pdf"], "--z0, --steps and --inputs go with --visited"),
        (
            ["complex", "--kind", "kinds", "--visited", "--region", "11", "-o", "x.pdf"],
            "--region and --visited exclude each other",
        ),
        (
            ["complex", "--kind", "portrait", "--box", "1,x", "-o", "x.pdf"],
            '--box: expected 4 numbers separated by commas, got "1,x"',
        ),
        (["complex", "--kind", "portrait", "--at", "3", "-o", "x.pdf"], '--at: expected NUMBER=VALUE such as 3=1/2, got "3"'),
        (["two_units", "--kind", "eigenvalues", "-o", "x.pdf"], "has the parameters a1, a2"),
        (["complex", "--z0", "1,1", "-o", "nowhere/x.pdf"], "nowhere/x.pdf: No such file or directory"),
        (["complex", "--z0", "1,1"], "Missing option '-o'"),
    ],
)
def test_bad_input_is_one_line(capsys, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "plot", *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_the_extra_is_named(capsys, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    status, _, err = run(capsys, "plot", "complex", "--z0", "1,1", "-o", str(tmp_path / "x.pdf"))
    assert (status, err) == (
        2,
        'symplrnn: error: plot: matplotlib is not installed; install it with: pip install "symplrnn[plot]"\n',
    )


def test_help_needs_neither_numpy_nor_matplotlib():
    code = "import sys; from symplrnn.cli import main; main(['plot', '--help']); print([m for m in ('numpy', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
