"""The program around the commands: how it ends when it is stopped, where it writes, and what it says while it works."""

import io
import os
import stat
import subprocess
import sys
import threading
import time
from functools import partial

import numpy as np
import pytest
from rich.console import Console

import symplrnn as sr
from symplrnn import __main__ as program
from symplrnn.cli import cli, main, output
from symplrnn.cli.output import progress, write_file
from symplrnn.progress import counted


def run(capsys, *arguments):
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_without_arguments_there_is_help(capsys):
    status, out, err = run(capsys)
    assert (status, err) == (0, "")
    assert out == run(capsys, "--help")[1]
    assert "Usage: symplrnn [OPTIONS] COMMAND" in out
    assert all(command in out for command in ("check", "derive", "latex", "simulate", "examples"))


def test_no_columns_are_eighty(capsys, monkeypatch):
    commands = (("check", "negative"), ("check", "two_units"), ("derive", "kinds"), ("derive", "two_units", "--region", "11"), ())
    expected = [run(capsys, *command) for command in commands]
    monkeypatch.setenv("COLUMNS", "0")
    assert [run(capsys, *command) for command in commands] == expected
    assert all(status == 0 for status, _, _ in expected)


class TestInterrupts:
    def test_while_a_command_works(self, capsys, monkeypatch):
        def interrupted(*arguments, **options):
            raise KeyboardInterrupt

        monkeypatch.setattr("symplrnn.theorems.check.check", interrupted)
        monkeypatch.setattr(sys, "argv", ["symplrnn", "check", "addition"])
        with pytest.raises(SystemExit) as end:
            program.run()
        assert (end.value.code, *capsys.readouterr()) == (130, "", "symplrnn: interrupted\n")

    def test_while_the_program_starts(self):
        """As if Ctrl-C were pressed when SymPy is imported, which takes most of the time of the start."""
        code = (
            "import runpy, sys\n"
            "class Finder:\n"
            "    def find_spec(self, name, *others):\n"
            "        if name == 'sympy': raise KeyboardInterrupt\n"
            "sys.meta_path.insert(0, Finder())\n"
            "runpy.run_module('symplrnn', run_name='__main__')\n"
        )
        done = subprocess.run([sys.executable, "-c", code, "check", "addition"], capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "symplrnn: interrupted\n")


@pytest.mark.parametrize("arguments", [["check", "addition"], ["--help"]])
def test_a_reader_that_leaves_has_its_own_status(arguments):
    """141 is what a shell says of a program that SIGPIPE ends."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-m", "symplrnn", *arguments], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_an_output_that_is_full():
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "symplrnn", "examples"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "symplrnn: error: output: No space left on device\n")


@pytest.mark.parametrize("command", ["check", "derive", "latex", "simulate"])
def test_steps_have_one_limit(capsys, command):
    visited = ["--visited"] if command != "simulate" else []
    status, out, err = run(capsys, command, "complex", *visited, "--z0", "1,1", "--steps", "10000001")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "'--steps': 10000001 is not in the range 0<=x<=10000000" in err


class TestFiles:
    def simulate(self, capsys, path):
        return run(capsys, "simulate", "complex", "--z0", "1,2", "--steps", "2", "-o", str(path))

    def test_a_name_that_ends_in_a_slash_is_none(self, capsys, tmp_path):
        status, _, err = self.simulate(capsys, f"{tmp_path}/x.npz/")
        assert status == 2
        assert "expected a name that ends in .csv or .npz" in err
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("name", ["x.csv", "x.npz"])
    def test_a_write_that_fails_leaves_what_was_there(self, capsys, tmp_path, monkeypatch, name):
        path = tmp_path / name
        path.write_text("old")

        def full(*arguments, **options):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("symplrnn.cli.simulate._csv_text", full)
        monkeypatch.setattr(np, "savez", full)
        assert self.simulate(capsys, path) == (2, "", f"symplrnn: error: {path}: No space left on device\n")
        assert [(x.name, x.read_text()) for x in tmp_path.iterdir()] == [(name, "old")]

    @pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
    def test_nothing_is_left_of_what_is_written_in_part(self, tmp_path, error):
        def half(file):
            file.write(b"half")
            raise error

        with pytest.raises(type(error)):
            write_file(str(tmp_path / "new.csv"), half)
        assert list(tmp_path.iterdir()) == []

    def test_permissions_and_links_stay(self, tmp_path):
        new, old, link = (tmp_path / name for name in ("new.csv", "old.csv", "link.csv"))
        old.write_text("old and long")
        old.chmod(0o640)
        link.symlink_to(old)
        write_file(str(link), lambda file: file.write(b"text"))
        assert link.is_symlink()
        assert (old.read_text(), stat.S_IMODE(old.stat().st_mode)) == ("text", 0o640)
        before = os.umask(0o027)
        try:
            write_file(str(new), lambda file: file.write(b"text"))
        finally:
            os.umask(before)
        assert stat.S_IMODE(new.stat().st_mode) == 0o640

    def test_pipes_are_written_to(self, tmp_path):
        path, found = tmp_path / "pipe.csv", []
        os.mkfifo(path)
        reader = threading.Thread(target=lambda: found.append(path.read_bytes()))
        reader.start()
        write_file(str(path), lambda file: file.write(b"text"))
        reader.join()
        assert found == [b"text"]
        assert stat.S_ISFIFO(path.stat().st_mode)

    def test_a_folder_is_refused(self, capsys, tmp_path):
        (tmp_path / "x.csv").mkdir()
        assert self.simulate(capsys, tmp_path / "x.csv") == (2, "", f"symplrnn: error: {tmp_path / 'x.csv'}: Is a directory\n")


class TestProgress:
    @pytest.fixture
    def terminal(self, monkeypatch):
        shown = io.StringIO()
        monkeypatch.setattr(
            "rich.console.Console", partial(Console, file=shown, force_terminal=True, width=100, legacy_windows=False)
        )
        monkeypatch.setenv("TERM", "xterm")
        return shown

    def test_a_terminal_is_told_what_takes_time(self, terminal, monkeypatch):
        monkeypatch.setattr(output, "DELAY", 0.01)
        with progress("checking"):
            for k in counted(range(8), "regions", 8):
                time.sleep(0.15 if k < 2 else 0)
            time.sleep(0.3)
        assert "checking: 1 of 8 regions, 6." in terminal.getvalue()
        assert " a second, 1 s left" in terminal.getvalue()
        assert terminal.getvalue().endswith("\x1b[2K")  # the line is cleared

    def test_what_is_done_at_once_shows_nothing(self, terminal):
        with progress("checking"):
            list(counted(range(6), "regions"))
        assert terminal.getvalue() == ""

    def test_no_terminal_is_told_nothing(self, capsys, monkeypatch):
        monkeypatch.setattr(output, "DELAY", 0.01)
        with progress("checking"):
            for _ in counted(range(6), "regions", 8):
                time.sleep(0.01)
        assert capsys.readouterr() == ("", "")

    def test_results_stay_on_standard_output(self, terminal, monkeypatch, capsys):
        monkeypatch.setattr(output, "DELAY", 0.0)
        expected = run(capsys, "check", "addition", "--json")
        checked = sr.theorems.check._checked

        def wait(*arguments):
            for found in checked(*arguments):
                time.sleep(0.05)
                yield found

        monkeypatch.setattr("symplrnn.theorems.check._checked", wait)
        assert run(capsys, "check", "addition", "--json") == expected
        assert "of 4" in terminal.getvalue()


def test_help_at_80_columns_cuts_no_sentence(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for command in ([], *([name] for name in cli.commands)):
        out = run(capsys, *command, "--help")[1]
        assert max(map(len, out.splitlines())) <= 80
        assert "\\b" not in out
        assert "\b" not in out
        assert not [line for line in out.splitlines() if line.endswith("...") and "ARGS" not in line]


def test_one_region_and_what_is_unknown_are_said_in_words(capsys):
    out = run(capsys, "check", "two_units", "--region", "11")[1]
    assert out.splitlines()[0] == "1 of 4 regions checked, legitimate where a1*a2 > w12*w21"
    assert "; 1 region checked; " in " ".join(out.split())
    assert "\nE2 in all regions, A + W a P-matrix (G1): unknown (" in out
