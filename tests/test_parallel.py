"""Work by an executor: results in order, few chunks at a time, and the errors of the work itself."""

import random
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest

from symplrnn import limits
from symplrnn.parallel import Here, WorkerProcesses, processors, results_in_order


class Shuffled(Executor):
    """An executor that does what it was given in another order, when it is asked for something, and counts what waits."""

    def __init__(self, seed=0, at_once=5):
        self.random, self.at_once, self.waiting, self.most = random.Random(seed), at_once, [], 0

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.waiting.append((future, fn, args))
        self.most = max(self.most, len(self.waiting))
        if len(self.waiting) >= self.at_once:
            self.work()
        result = future.result
        future.result = lambda timeout=None: (self.work(), result(timeout))[1]
        return future

    def work(self):
        self.random.shuffle(self.waiting)
        while self.waiting:
            future, fn, args = self.waiting.pop()
            try:
                future.set_result(fn(*args))
            except Exception as error:  # noqa: BLE001
                future.set_exception(error)


def squares(chunk):
    return [x * x for x in chunk]


@pytest.mark.parametrize("executor", [None, Here(), Shuffled(1), Shuffled(2, 100), WorkerProcesses(1), WorkerProcesses()])
def test_results_are_in_order(executor):
    chunks = list(results_in_order(squares, range(3000), executor))
    assert [x for chunk in chunks for x in chunk] == [x * x for x in range(3000)]
    assert 10 < len(chunks) < 3000  # chunks grow
    assert max(map(len, chunks)) <= limits.CHUNK_ITEMS


def test_few_chunks_are_under_way(monkeypatch):
    monkeypatch.setattr(limits, "CHUNKS_UNDER_WAY", 7)
    executor, taken = Shuffled(at_once=10**9), []
    found = results_in_order(squares, (taken.append(x) or x for x in range(10**9)), executor)
    for _ in range(20):
        next(found)
    assert executor.most <= 7
    assert len(taken) < 10**6  # items are taken as they are needed


def test_what_is_not_wanted_any_more_is_cancelled():
    class OneAfterTheOther(Here):
        def __init__(self):
            self.given = []

        def submit(self, fn, /, *args, **kwargs):
            self.given.append(super().submit(fn, *args, **kwargs) if not self.given else Future())
            if len(self.given) > 3:
                raise MemoryError
            return self.given[-1]

    executor = OneAfterTheOther()
    found = results_in_order(squares, range(100), executor)
    assert next(found) == [0]
    with pytest.raises(MemoryError):
        next(found)
    assert [future.cancelled() for future in executor.given] == [False, True, True, False]


def test_an_error_of_the_work_is_the_callers():
    for executor in (None, Shuffled(3)):
        with pytest.raises(ZeroDivisionError):
            list(results_in_order(lambda chunk: [1 // (x - 50) for x in chunk], range(100), executor))
    with ThreadPoolExecutor(2) as threads, pytest.raises(KeyError):
        list(results_in_order(lambda chunk: {}[chunk[0]], range(100), threads))


def test_one_worker_is_this_process(monkeypatch):
    monkeypatch.setattr("symplrnn.parallel.ProcessPoolExecutor", None)  # it would fail
    monkeypatch.setattr(limits, "SECONDS_ALONE", 0.0)
    with WorkerProcesses(1) as executor:
        assert executor.submit(squares, [3]).result() == [9]
    with WorkerProcesses() as executor:
        assert executor.count == processors() >= 1
        if executor.count > 1:
            with pytest.raises(TypeError):
                executor.submit(squares, [3])
            executor._lifeline = None  # nothing to shut down
