"""The JSON document of a report, written as its regions are decided: the same bytes, in memory that does not grow."""

import json
import subprocess
import sys
from itertools import islice

import pytest

import symplrnn as sr
from symplrnn import limits, views
from symplrnn.cli import main
from symplrnn.emit.json_ import report_in_pieces
from symplrnn.network.files.writing import network_text
from tests.emit.test_verdict_file import NUMBERS, OTHERS, random_network
from tests.test_parallel import Shuffled


@pytest.fixture(scope="module")
def net():
    return random_network(6, 1)


@pytest.fixture(scope="module")
def whole(net):
    """Return the document of all verdicts at once."""
    return views.dumps(sr.check(net).to_dict())


@pytest.mark.parametrize("long", [0, 10, 25, 31, 32, 33, 34, 100])
@pytest.mark.parametrize("items", [[], [1], [{"a": [1.5e-300, None]}, ["b", "\u00e9"], 2]])
def test_a_document_in_pieces_is_that_of_the_whole(long, items, monkeypatch):
    monkeypatch.setattr(views, "LONG", long)
    assert "".join(views.dumped({"x": {}}, "y", map(json.dumps, items))) == views.dumps({"x": {}, "y": items})


@pytest.mark.parametrize("name", [*NUMBERS, *OTHERS, "two_units"])
def test_what_is_decided_again_is_written_as_what_is_kept(name):
    net = OTHERS[name] if name in OTHERS else sr.example(name)
    kept = sr.check(net)
    expected = views.dumps(kept.to_dict())
    assert "".join(report_in_pieces(kept)) == expected
    if not net.field.parameters:
        again = sr.check(net, keep=False)
        assert "".join(report_in_pieces(again)) == again.to_json() == expected


@pytest.mark.parametrize("executor", [None, Shuffled(1), Shuffled(2, 100)])
def test_executors_write_the_same_bytes(executor, net, whole):
    assert "".join(report_in_pieces(sr.check(net, keep=False), executor)) == whole


def test_regions_are_written_as_they_are_decided(net, whole, monkeypatch):
    taken, all_regions = [], type(net).regions
    report = sr.check(net, keep=False)
    _ = report.global_verdict_by_minors
    monkeypatch.setattr(views, "LONG", 1000)
    monkeypatch.setattr(type(net), "regions", lambda self: (taken.append(region) or region for region in all_regions(self)))
    first = list(islice(report_in_pieces(report), 4))
    assert whole.startswith("".join(first))
    assert 4 <= len(taken) < 2**net.p


def test_many_regions_on_the_command_line(net, whole, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(limits, "REGIONS_KEPT", 8)
    monkeypatch.setattr(limits, "TEXTS_UNDER_WAY", 2)
    path = tmp_path / "net.json"
    path.write_text(network_text(net))
    assert main(["check", str(path), "--json", "--workers", "1", "--strict"]) == 1
    assert capsys.readouterr().out == whole + "\n"


# ru_maxrss would count the memory of the process that starts this one.
MEMORY = """
import re, sys
from symplrnn import limits
from symplrnn.cli import main
limits.REGIONS_KEPT = 8
for path in sys.argv[1:]:
    main(["check", path, "--json", "--workers", "1"])
    print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024, file=sys.stderr)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process from /proc")
def test_memory_does_not_grow_with_the_regions(tmp_path):
    """The document has 27 MB, and all verdicts in memory take some hundred."""
    paths = [tmp_path / "small.json", tmp_path / "large.json"]
    for path, units in zip(paths, (8, 12), strict=True):
        path.write_text(network_text(random_network(units)))
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run([sys.executable, "-c", MEMORY, *map(str, paths)], stdout=out, stderr=subprocess.PIPE, check=True)
    before, after = map(int, done.stderr.split())
    large = (tmp_path / "out").read_text().splitlines()[-1]
    assert len(large) > 25_000_000
    assert large.count('{"pattern": ') == 2**12
    assert after < 300
    assert after - before < 30


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_reader_that_leaves_ends_the_run(workers, tmp_path):
    path = tmp_path / "net.json"
    path.write_text(network_text(random_network(13)))
    command = [sys.executable, "-m", "symplrnn", "check", str(path), "--json", "--workers", workers]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout.read(1 << 20).startswith(b'{"network": {"states": 13')
        run.stdout.close()
        assert (run.wait(60), run.stderr.read()) == (128 + 13, b"")
