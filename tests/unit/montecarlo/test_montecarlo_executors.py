"""Executors: order, a bounded number of chunks in flight, clean interruption."""

import threading
import time
from collections.abc import Iterator

import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.executors import Executor, serial, threads

EXECUTORS = {"serial": serial(), "1": threads(1), "3": threads(3)}
PROBLEM, POINT = Problem(quantizers.binary(), surrogates.relu()), Point([1.0], [1.0, 0.0], [1.0], [0.0, 1.0])


def workers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("montecarlo")]


@pytest.mark.parametrize("executor", EXECUTORS.values(), ids=EXECUTORS)
def test_results_come_in_order_and_lazily(executor: Executor) -> None:
    """Would have caught: results in the order of completion; all chunks submitted at once, with a result to keep."""
    taken = 0

    def chunks() -> Iterator[int]:
        nonlocal taken
        for chunk in range(40):
            taken += 1
            yield chunk

    def task(chunk: int) -> int:
        time.sleep(0.002 if chunk % 3 == 0 else 0)
        return chunk * chunk

    for index, result in enumerate(executor.run(task, chunks())):
        assert result == index * index
        assert taken <= index + 6
    assert taken == 40
    assert not workers()


@pytest.mark.parametrize("executor", EXECUTORS.values(), ids=EXECUTORS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, ArithmeticError])
def test_an_exception_of_the_task_propagates(executor: Executor, error: type[BaseException]) -> None:
    """Would have caught: a swallowed exception, a hang, threads that go on working after it."""
    begun = []

    def task(chunk: int) -> int:
        begun.append(chunk)
        if chunk == 5:
            raise error
        return chunk

    with pytest.raises(error):
        list(executor.run(task, range(1000)))
    assert len(begun) < 30
    assert not workers()


@pytest.mark.parametrize("count", [1, 2])
def test_an_interruption_between_chunks_propagates(count: int) -> None:
    """Would have caught: Ctrl-C in the calling thread that leaves worker threads behind or is turned into a result."""
    seen = []

    def progress(done: int, total: int) -> None:
        seen.append(done / total)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        estimate_moments(PROBLEM, POINT, samples=10**12, seed=1, threads=count, progress=progress)
    assert len(seen) == 1
    assert not workers()


def test_progress_counts_samples() -> None:
    """Would have caught: progress in blocks or chunks, or one that never reaches the total."""
    seen: list[tuple[int, int]] = []
    moments = estimate_moments(
        PROBLEM, POINT, samples=100_000, seed=1, chunk_blocks=2, progress=lambda done, total: seen.append((done, total))
    )
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (moments.samples, moments.samples)
    assert len(seen) == 4


@pytest.mark.parametrize("count", [0, -1, 1.5, True, "2"])
def test_threads_must_be_positive(count: object) -> None:
    """Would have caught: zero threads, which would wait forever."""
    with pytest.raises(InvalidInput, match="threads"):
        threads(count)  # type: ignore[arg-type]
