"""Work on many items by an executor of `concurrent.futures`, in order: processes, threads, or machines by way of Dask.

Items go out in chunks that take a fraction of a second each, and results come back in the order of the items, whatever the
executor does first. So what is made of them does not depend on the executor. Few chunks are under way at a time: memory stays
bounded however many items there are, and what is lost when a run is killed is what takes seconds to do again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from functools import cached_property
from itertools import islice
from multiprocessing.connection import Connection
from threading import Thread
from time import monotonic, perf_counter
from typing import Any, TypeVar

from symplrnn import limits

__all__ = ["Here", "WorkerProcesses", "processors", "results_in_order"]

T = TypeVar("T")
R = TypeVar("R")


def results_in_order(
    work: Callable[[Sequence[T]], Sequence[R]],
    items: Iterable[T],
    executor: Executor | None = None,
    under_way: int | None = None,
) -> Iterator[Sequence[R]]:
    """Yield ``work(chunk)`` for consecutive chunks of the items, in their order; without an executor in this process.

    ``work`` and items are pickled where the executor does so. The size of chunks follows the time that they take. At most
    ``under_way`` of them (`limits.CHUNKS_UNDER_WAY`) are held, however long their reader waits.

    >>> def squares(chunk):
    ...     return [x * x for x in chunk]
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor() as threads:
    ...     found = [square for chunk in results_in_order(squares, range(100), threads) for square in chunk]
    >>> found == [x * x for x in range(100)]
    True
    """
    executor = Here() if executor is None else executor
    most = limits.CHUNKS_UNDER_WAY if under_way is None else under_way
    pending: deque[Future[tuple[float, Sequence[R]]]] = deque()
    remaining, size = iter(items), 1
    try:
        while chunk := list(islice(remaining, size)):
            pending.append(executor.submit(_timed, work, chunk))
            while pending and (pending[0].done() or len(pending) >= most):
                seconds, found = pending.popleft().result()
                size = _next_size(len(found), seconds, size)
                yield found
        while pending:
            yield pending.popleft().result()[1]
    finally:
        for future in pending:
            future.cancel()


def _next_size(done: int, seconds: float, size: int) -> int:
    """Return how many items the next chunk has; it grows step by step, so that one fast chunk does not make a slow one."""
    fitting = int(done * limits.CHUNK_SECONDS / max(seconds, 1e-6))
    return max(1, min(fitting, 2 * size, limits.CHUNK_ITEMS))


def _timed(work: Callable[[Sequence[T]], Sequence[R]], chunk: Sequence[T]) -> tuple[float, Sequence[R]]:
    began = perf_counter()
    found = work(chunk)
    return perf_counter() - began, found


class Here(Executor):
    """An executor that works in this process, at once."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Do the work, and return what it gave or raised."""
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  (whatever it is, the caller sees it)
            future.set_exception(error)
        return future


class WorkerProcesses(Executor):
    """An executor that begins in this process, and starts worker processes where the work takes longer than some seconds.

    Parameters
    ----------
    count : int, optional
        Number of processes, started at once; 1 stays in this process. If absent, as many as there are processors, and later.

    They are started afresh, not forked, which is the same on all systems. They end when this process does, even if it is killed,
    and at once if the ``with`` block ends with an exception, as by Ctrl-C.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = processors() if count is None else count
        self._began = monotonic()
        self._wait = limits.SECONDS_ALONE if count is None else 0.0
        self._lifeline: Connection | None = None

    @cached_property
    def _pool(self) -> ProcessPoolExecutor:
        fresh = multiprocessing.get_context("spawn")
        end, self._lifeline = fresh.Pipe(duplex=False)
        return ProcessPoolExecutor(self.count, fresh, initializer=_end_with, initargs=(end,))

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Do the work here or in a worker process."""
        if self.count > 1 and monotonic() - self._began >= self._wait:
            return self._pool.submit(fn, *args, **kwargs)
        return Here().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes after what they are at."""
        if self._lifeline is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)
            self._lifeline.close()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the processes; if there is an exception, without waiting for them."""
        if kind is not None and self._lifeline is not None:
            self._lifeline.close()
        self.shutdown(cancel_futures=kind is not None)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end_with(lifeline: Connection) -> None:
    """Let a worker process end when the other end of a pipe is closed, and leave Ctrl-C to the process that has it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_after, args=(lifeline,), daemon=True).start()


def _end_after(lifeline: Connection) -> None:
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()  # nothing is ever sent
    os._exit(1)
