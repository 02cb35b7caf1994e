"""Who computes the chunks: this thread, or several. Executors differ in speed only, never in the result.

An executor maps a task over chunks and yields the results *in order*, holding a bounded number of them. A task carries
only what identifies the work (problem, point, seed, stream) and is picklable, so an executor over processes or
machines fits the same interface.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
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


def serial() -> Executor:
    """The executor that uses the calling thread only."""
    return Serial()


def threads(count: int) -> Executor:
    """The executor that uses ``count`` threads. Raises ``InvalidInput`` unless ``count`` is a positive integer."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InvalidInput(f"threads must be a positive integer, got {count!r}")
    return Serial() if count == 1 else Threads(count)
