"""Runs of a study one after the other, or in several processes; each on one thread, so that figures do not depend on
how many."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import Any

from ste_theory.model.errors import SteTheoryError
from ste_theory.networks.experiments.study import Study, Task
from ste_theory.networks.training.descent import one_thread


class WorkerLost(SteTheoryError):
    """A process ended before its run did."""


def performed(
    study: Study, tasks: Sequence[Task], *, jobs: int, progress: Callable[[str], None] = lambda _: None
) -> Iterator[Any]:
    """The results of ``tasks`` as they come, with one job in their order. Closing the iterator ends the processes.

    Raises ``WorkerLost`` if a process dies.
    """
    total = len(tasks)
    if jobs == 1 or total < 2:
        for done, task in enumerate(tasks):
            with one_thread():
                result = study.perform(task, partial(_relay, progress, f"run {done + 1} of {total}"))
            yield result
        return
    # A fresh interpreter per worker: a fork would copy the locks of PyTorch's threads in an unknown state.
    pool = ProcessPoolExecutor(min(jobs, total), mp_context=get_context("spawn"), initializer=_ignore_interrupts)
    try:
        waiting: set[Future[Any]] = {pool.submit(_perform, study, task) for task in tasks}
        done = 0
        while waiting:
            progress(f"{done} of {total} runs, {min(jobs, len(waiting))} at a time")
            ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                done += 1
                yield future.result()
    except BrokenProcessPool:
        raise WorkerLost("a process ended before its run did (killed, or out of memory?); try --jobs 1") from None
    finally:
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)


def _relay(progress: Callable[[str], None], label: str, text: str) -> None:
    progress(f"{label}: {text}")


def _ignore_interrupts() -> None:
    # Ctrl-C reaches every process of the terminal; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _perform(study: Study, task: Task) -> Any:
    with one_thread():
        return study.perform(task)
