"""Who computes the chunks: this thread, several threads, processes, machines. They differ in speed only.

An executor maps a task over chunks and yields the results *in order*, holding a bounded number of them. A task carries
only what identifies the work (problem, point, seed, stream), so it is small and picklable, and a chunk is a range of
block numbers. A worker that dies loses nothing but time: its chunks are given to another one, and a chunk's result is
a function of the task and the chunk. Machines are in ``cluster``.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Protocol, TypeVar

from ste_theory.model.errors import InvalidInput

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Executor(Protocol):
    """Maps a task over chunks; yields the results in the order of the chunks."""

    def run(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Generator[Result, None, None]:
        """The results, lazily. Closing the iterator stops the work; an exception of the task is raised here."""
        ...


@dataclass(frozen=True)
class Serial:
    """One chunk after another in the calling thread."""

    def run(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Generator[Result, None, None]:
        """The results, each computed when it is asked for."""
        for chunk in chunks:
            yield task(chunk)


@dataclass(frozen=True)
class Threads:
    """``count`` threads with at most ``2·count`` chunks in flight, so that memory does not grow with the number of
    chunks.

    NumPy's generators, matrix products and elementwise loops release the interpreter lock. An interruption (or any
    exception) drops the chunks not yet begun, waits for those under way and propagates.
    """

    count: int

    def run(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Generator[Result, None, None]:
        """The results in order."""
        waiting: deque[Future[Result]] = deque()
        pool = ThreadPoolExecutor(self.count, thread_name_prefix="montecarlo")
        try:
            for chunk in chunks:
                waiting.append(pool.submit(task, chunk))
                if len(waiting) >= 2 * self.count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class Processes:
    """``count`` processes, each a fresh interpreter, with at most ``2·count`` chunks in flight.

    For work that holds the interpreter lock; for blocks of the program threads do as well (``benchmarks/growth.py``). A
    process that dies breaks its pool: a new one gets the chunks in flight, in the same order, up to ``RETRIES`` times
    without a result between.
    The calling module must be importable (``if __name__ == "__main__"`` in scripts), as always with processes.
    """

    count: int

    def run(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Generator[Result, None, None]:
        """The results in order."""
        waiting: deque[tuple[Chunk, Future[Result]]] = deque()
        pool, failures = self._pool(), 0
        source = iter(chunks)
        try:
            while True:
                try:
                    while len(waiting) < 2 * self.count and (chunk := next(source, _END)) is not _END:
                        waiting.append((chunk, _submitted(pool, task, chunk)))  # type: ignore[arg-type]
                    if not waiting:
                        return
                    result = waiting[0][1].result()
                except BrokenProcessPool as error:
                    failures += 1
                    if failures > RETRIES:
                        raise InvalidInput(
                            f"processes: a worker died {failures} times in a row, for lack of memory perhaps; "
                            "use fewer workers"
                        ) from error
                    pool.shutdown(wait=True, cancel_futures=True)
                    pool = self._pool()
                    waiting = deque((chunk, pool.submit(task, chunk)) for chunk, _ in waiting)
                    continue
                failures = 0
                waiting.popleft()
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _pool(self) -> ProcessPoolExecutor:
        # Spawned: a fork would copy the locks of NumPy's BLAS threads in an unknown state.
        return ProcessPoolExecutor(
            self.count, mp_context=multiprocessing.get_context("spawn"), initializer=_begin_worker
        )


RETRIES = 3
_END = object()


def _begin_worker() -> None:
    """Ctrl-C reaches the whole group of processes; the calling one decides what follows. Killed, it decides nothing any
    more: a pool's worker would wait for the next task for ever, holding its memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _submitted(pool: ProcessPoolExecutor, task: Callable[[Chunk], Result], chunk: Chunk) -> "Future[Result]":
    """A chunk given to the pool; to a broken one too, whose future says so."""
    try:
        return pool.submit(task, chunk)
    except BrokenProcessPool as error:
        failed: Future[Result] = Future()
        failed.set_exception(error)
        return failed


def serial() -> Executor:
    """The executor that uses the calling thread only."""
    return Serial()


def threads(count: int) -> Executor:
    """The executor that uses ``count`` threads. Raises ``InvalidInput`` unless ``count`` is a positive integer."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InvalidInput(f"threads must be a positive integer, got {count!r}")
    return Serial() if count == 1 else Threads(count)


def processes(count: int) -> Executor:
    """The executor that uses ``count`` processes. Raises ``InvalidInput`` unless ``count`` is a positive integer."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InvalidInput(f"processes must be a positive integer, got {count!r}")
    return Processes(count)
