"""Files of verdicts: the same bytes by whatever executor and after whatever interruption, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

import symplrnn as sr
from symplrnn.cli import main
from symplrnn.network.files.writing import network_text
from tests.test_parallel import Shuffled

NUMBERS = ["addition", "kinds", "paired", "singular"]
OTHERS = {
    "an empty region": sr.ReLURNN([["1/2"]], [[1, 1]], [0], V=[[1], [-1]], b=[0, -1]),
    "irrational": sr.PLRNN(["sqrt(2)", "1/3"], [[0, 1], [-1, 0]], [1, "sqrt(3)"]),
}


def random_network(units, seed=0):
    """Return a network with random weights, of which some regions fail E2."""
    rng = np.random.default_rng(seed)
    A, W = rng.uniform(0.2, 0.9, units), 0.5 * rng.normal(size=(units, units))
    np.fill_diagonal(W, 0)
    return sr.PLRNN(*(x.astype(np.float32).astype(float).tolist() for x in (A, W, rng.normal(size=units))), dt=1)


@pytest.fixture(scope="module")
def net():
    return random_network(6, 1)


@pytest.fixture(scope="module")
def whole(net, tmp_path_factory):
    """Return the bytes of the file of a network."""
    path = tmp_path_factory.mktemp("whole") / "verdicts.jsonl"
    sr.check_to_file(net, path)
    return path.read_bytes()


def resummed(lines):
    """Return lines with right sums, as someone might make them who means to deceive."""
    found, total = [], 0
    for line in lines:
        content = json.loads(line)
        content.pop("check", None)
        text = json.dumps(content)[:-1].encode()
        total = crc32(text, total)
        found.append(text + f', "check": "{total:08x}"}}\n'.encode())
    return b"".join(found)


@pytest.mark.parametrize("name", [*NUMBERS, "an empty region", "irrational"])
def test_lines_say_what_check_says(name, tmp_path):
    net, path = OTHERS[name] if name in OTHERS else sr.example(name), tmp_path / "verdicts.jsonl"
    report, kept = sr.check_to_file(net, path), sr.check(net)
    head, *lines, end = map(json.loads, path.read_text().splitlines())
    assert head["network"]["units"] == net.p
    assert end["checked"] == kept.checked == len(lines)
    assert end["counts"] == report.counts == kept.counts
    for line, (pattern, found) in zip(lines, kept.verdicts.items(), strict=True):
        assert line["pattern"] == pattern
        assert line["verdicts"] == {name: verdict.truth.value for name, verdict in found.verdicts.items()}
        assert (line["kind"] == "real", line["real_odes"], line["lift"]) == (found.real.is_true, found.how_many, found.lift)
    assert (report.summary, report.hyperbolic, report.not_principal) == (kept.summary, kept.hyperbolic, kept.not_principal)
    assert report.grid_verdict["every_region_represented"].evidence == kept.grid_verdict["every_region_represented"].evidence
    assert report.global_verdict.truth == kept.global_verdict.truth


def test_what_is_not_held_is_decided_again(net):
    kept, report = sr.check(net), sr.check(net, keep=False)
    assert 0 < report.counts["principal"] < report.checked == 64
    assert list(report.verdicts) == list(kept.verdicts)
    ours, theirs = report.to_dict(), kept.to_dict()
    assert ours["verdicts"] == theirs["verdicts"]
    assert (ours["counts"], ours["summary"], ours["grid"]) == (theirs["counts"], theirs["summary"], theirs["grid"])
    assert "decided again" in repr(report.verdicts)
    for wrong in ("1", "1111112", 3, None):
        assert wrong not in report.verdicts
        with pytest.raises(KeyError):
            report.verdicts[wrong]
    chosen = sr.check(net, ["000000", "111111"], keep=False)
    assert (list(chosen.verdicts), "000001" in chosen.verdicts) == (["000000", "111111"], False)


def test_progress_and_executors_of_check(net):
    told = []
    with ThreadPoolExecutor(2) as threads:
        reports = [sr.check(net, executor=each, progress=lambda *x: told.append(x)) for each in (threads, Shuffled(4))]
    assert reports[0].to_json(True) == reports[1].to_json(True) == sr.check(net, keep=False).to_json(True)
    assert told == 2 * [(k, 64) for k in range(1, 65)]


def test_an_executor_is_one(net, tmp_path):
    for work in (lambda each: sr.check(net, executor=each), lambda each: sr.check_to_file(net, tmp_path / "out", executor=each)):
        with pytest.raises(sr.ShapeError, match=r"expected an executor of concurrent\.futures"):
            work(map)
    assert not (tmp_path / "out").exists()


def test_letters_need_their_verdicts(tmp_path):
    for work in (lambda net: sr.check(net, keep=False), lambda net: sr.check_to_file(net, tmp_path / "out")):
        with pytest.raises(sr.EntryError, match="give them rational values"):
            work(sr.example("two_units"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("executor", [ThreadPoolExecutor(2), Shuffled(5), Shuffled(6, 1000)])
def test_the_bytes_do_not_depend_on_the_executor(executor, net, whole, tmp_path):
    sr.check_to_file(net, tmp_path / "out", executor=executor)
    assert (tmp_path / "out").read_bytes() == whole


def test_what_was_cut_anywhere_is_resumed_to_the_same_bytes(net, whole, tmp_path):
    path = tmp_path / "out"
    ends = [k + 1 for k, byte in enumerate(whole) if byte == ord("\n")]
    for cut in [0, 1, ends[0] - 1, ends[0], ends[0] + 1, ends[1] - 1, len(whole) // 2, ends[-2] - 3, ends[-2], len(whole) - 1]:
        path.write_bytes(whole[:cut])
        report = sr.check_to_file(net, path, resume=True)
        assert path.read_bytes() == whole
        assert report.checked == 64
    path.write_bytes(whole[: ends[-2]] + b"\0" * 5000)  # as after a power cut: longer than what is missing
    sr.check_to_file(net, path, resume=True)
    assert path.read_bytes() == whole
    before = path.stat().st_mtime_ns
    assert sr.check_to_file(net, path, resume=True).counts == report.counts  # it is finished: nothing is written
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (whole, before)


def test_a_disk_that_is_full_is_named_once_and_the_file_can_be_resumed(net, whole, tmp_path):
    resource = pytest.importorskip("resource")
    path, limits = tmp_path / "out", resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(OSError, match="too large") as found:
            sr.check_to_file(net, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert found.value.filename == str(path)
    sr.check_to_file(net, path, resume=True)
    assert path.read_bytes() == whole


def test_what_cannot_be_resumed_is_refused_and_left_alone(net, whole, tmp_path):
    path, lines = tmp_path / "out", whole.splitlines(keepends=True)
    header = json.loads(lines[0])
    cases = {
        b"my notes": "not a file of verdicts",
        b"my notes\n": "not a file of verdicts",
        b"[1]\n": "not a file of verdicts",
        b"[" * 60_000 + b"\n": "not a file of verdicts",
        b"x" * (1 << 17): "a line is longer",
        whole.replace(b'"E1": true', b'"E1": false', 1): "line [0-9]+: was changed",
        b"".join(lines[:5] + lines[6:]): "line 6: was changed, or a line before it is missing",
        b"".join([lines[0], lines[2], lines[1], *lines[3:]]): "line 2: was changed",
        whole + lines[-1]: "line 67: was changed",
        whole + b"{": "not all regions are there, or there are others",
        b"".join(lines[:3]) + b"\0" * 50 + b"\n": "line 4: was changed",
        b"".join(lines[:3]) + b"[]\n": "line 4: was changed",
        lines[0].replace(b"selection", b"Selection"): "for other regions",
        lines[0].replace(b'"check": "', b'"check": "0'): "line 1 was changed",
        resummed([json.dumps(header | {"version": "0.1"}), *lines[1:]]): "begun by version '0.1', and this is",
        resummed([json.dumps(header | {"version": "\x1b[2J\n"}), *lines[1:]]): r"begun by version '\\x1b\[2J\\n', and this is",
        resummed([json.dumps(header | {"network": {}}), *lines[1:]]): "another network",
        resummed([*lines[:2], *lines[3:]]): "line 3: not the region that comes next",
        resummed([*lines[:9], lines[-1]]): "line 10: not all regions are there",
        resummed([*lines[:2], b'{"pattern": "000001"}']): "line 3: no verdicts of a region",
        resummed([*lines[:2], lines[2].replace(b'"E2"', b'"E"')]): "line 3: no verdicts of a region",
    }  # fmt: skip
    for content, problem in cases.items():
        path.write_bytes(content)
        with pytest.raises(sr.FormatError, match=problem):
            sr.check_to_file(net, path, resume=True)
        assert path.read_bytes() == content
    path.write_bytes(whole)
    with pytest.raises(sr.FormatError, match="another network"):
        sr.check_to_file(random_network(6, 2), path, resume=True)
    with pytest.raises(sr.FormatError, match="other regions"):
        sr.check_to_file(net, path, ["000000"], resume=True)
    with pytest.raises(sr.FormatError, match="exists; accepted is a new name, or to resume it"):
        sr.check_to_file(net, path)
    assert path.read_bytes() == whole
    with pytest.raises(sr.FormatError, match="expected the name of a file"):
        sr.check_to_file(net, os.devnull, resume=True)
    with pytest.raises(sr.PatternError, match=r'"all" up to 1073741824 regions'):
        sr.check_to_file(sr.PLRNN([1] * 31, [[0] * 31] * 31, [0] * 31), path)


def test_two_runs_do_not_write_to_one_file(net, tmp_path):
    fcntl = pytest.importorskip("fcntl")
    with (tmp_path / "out").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(sr.FormatError, match="another run is writing to it"):
            sr.check_to_file(net, tmp_path / "out", resume=True)


def test_lines_on_the_command_line(net, whole, tmp_path, capsys):
    source, out = tmp_path / "net.json", tmp_path / "out.jsonl"
    source.write_text(network_text(net))
    command = ["check", str(source), "--lines", str(out)]
    assert main(command) == 0
    assert "64 of 64 regions checked" in capsys.readouterr().out
    assert out.read_bytes() == whole
    assert main(command) == 2
    assert "(--resume, resume=True)" in capsys.readouterr().err
    out.write_bytes(whole[: len(whole) // 2])
    assert main([*command, "--resume", "--workers", "1", "--json", "--strict"]) == 1
    assert json.loads(capsys.readouterr().out)["counts"] == json.loads(whole.splitlines()[-1])["counts"]
    assert out.read_bytes() == whole
    assert main(["check", str(source), "--resume"]) == 2
    assert "--resume goes with --lines" in capsys.readouterr().err


def started(*arguments, **options):
    command = [sys.executable, "-m", "symplrnn", *map(str, arguments)]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background would have it ignored
    try:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Return the file of a network of 32,768 regions, and the bytes of its verdicts."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "net.json").write_text(network_text(random_network(15)))
    sr.check_to_file(sr.load(folder / "net.json"), folder / "out")
    return folder / "net.json", (folder / "out").read_bytes()


def children(pid):
    return [int(x) for x in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def lives(pid):
    return Path(f"/proc/{pid}").exists() and ") Z" not in Path(f"/proc/{pid}/stat").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_is_killed_again_and_again_ends_with_the_same_bytes(workers, large, tmp_path):
    source, whole = large
    path, kills, sizes = tmp_path / "out", 0, [0]
    while True:
        run = started("check", source, "--lines", path, "--resume", "--workers", workers)
        goal = max(sizes) + len(whole) // 4
        while run.poll() is None and (not path.exists() or path.stat().st_size < goal):
            time.sleep(0.002)
        if run.poll() is not None:
            break
        workers_of_it = children(run.pid) if sys.platform == "linux" else []
        run.send_signal(signal.SIGKILL)
        run.wait()
        kills += 1
        sizes.append(path.stat().st_size)
        assert whole.startswith(path.read_bytes())  # at any time: no line is wrong, and at most the last one is a half
        time.sleep(0.5)
        assert not any(map(lives, workers_of_it))
    assert run.returncode == 0
    assert kills >= 2
    assert sizes == sorted(sizes)
    assert path.read_bytes() == whole


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds worker processes by /proc")
def test_a_lost_worker_and_ctrl_c_are_said_in_one_line(large, tmp_path):
    source, whole = large
    path = tmp_path / "out"
    for interrupt, status, said in ((False, 2, "a worker process was ended"), (True, 130, "interrupted")):
        run = started("check", source, "--lines", path, "--resume", "--workers", 2, stderr=subprocess.PIPE, text=True)
        before = path.stat().st_size if path.exists() else 0
        while run.poll() is None and (not path.exists() or path.stat().st_size <= before):
            time.sleep(0.002)
        workers = [pid for pid in children(run.pid) if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]
        assert len(workers) == 2
        os.kill(run.pid if interrupt else workers[0], signal.SIGINT if interrupt else signal.SIGKILL)
        _, err = run.communicate()
        assert (run.returncode, len(err.splitlines())) == (status, 1)
        assert said in err
        assert whole.startswith(path.read_bytes())
    sr.check_to_file(sr.load(source), path, resume=True)
    assert path.read_bytes() == whole


@pytest.mark.slow
def test_dask_on_two_processes_writes_the_same_bytes(large, tmp_path):
    distributed = pytest.importorskip("distributed")
    source, whole = large
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert len(client.scheduler_info()["workers"]) == 2
        (tmp_path / "out").write_bytes(whole[: len(whole) // 3])
        net = sr.load(source)
        report = sr.check_to_file(net, tmp_path / "out", executor=client.get_executor(), resume=True)
        again = sr.check(net, executor=client.get_executor())
    assert (tmp_path / "out").read_bytes() == whole
    assert report.to_json(True) == again.to_json(True) == sr.check(net, keep=False).to_json(True)


# ru_maxrss would count the memory of the process that starts this one.
MEMORY = """
import re, sys
import symplrnn as sr
for path in sys.argv[1:]:
    report = sr.check(sr.load(path), keep=False)
    print(report.checked, int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process from /proc")
def test_memory_does_not_grow_with_the_regions(tmp_path):
    """Held verdicts are some kilobytes a region: the 8192 regions more would take 50 MB or more."""
    paths = [tmp_path / "small.json", tmp_path / "large.json"]
    for path, units in zip(paths, (9, 13), strict=True):
        path.write_text(network_text(random_network(units)))
    done = subprocess.run([sys.executable, "-c", MEMORY, *map(str, paths)], capture_output=True, text=True, check=True)
    (few, before), (many, after) = (map(int, line.split()) for line in done.stdout.splitlines())
    assert (few, many) == (2**9, 2**13)
    assert after < 300
    assert after - before < 30
