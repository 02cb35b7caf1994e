"""Dask: the bits of a thread, for any number of workers, also when one is lost."""

import os
import pickle
import signal
from typing import Any

import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.montecarlo.cluster import dask
from ste_theory.montecarlo.estimate import estimate_coarse_gradient, estimate_moments
from ste_theory.montecarlo.executors import threads
from ste_theory.montecarlo.maker import maker
from ste_theory.montecarlo.moments import Moments
from ste_theory.montecarlo.sampling import Task
from ste_theory.montecarlo.standard_point import standard_point

pytestmark = pytest.mark.cluster

PROBLEM, POINT, SAMPLES = Problem(quantizers.binary(), surrogates.relu()), standard_point(3, 4), 60 * 4096


def bits(moments: Moments) -> bytes:
    return moments.mean.tobytes() + moments.covariance.tobytes()


@pytest.fixture(scope="module")
def undisturbed() -> bytes:
    return bits(estimate_moments(PROBLEM, POINT, samples=SAMPLES, seed=5))


def local(workers: int) -> Any:
    from distributed import LocalCluster

    return LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_give_the_bits_of_a_thread(workers: int, undisturbed: bytes) -> None:
    """Would have caught: results in the order they come, or a task that Dask takes for one it has done already."""
    with local(workers) as cluster:
        executor = dask(cluster.scheduler_address)
        assert bits(estimate_moments(PROBLEM, POINT, samples=SAMPLES, seed=5, executor=executor)) == undisturbed
        other = estimate_moments(PROBLEM, POINT, samples=SAMPLES, seed=6, executor=executor)
        assert bits(other) != undisturbed


@pytest.mark.parametrize("workers", [2, 4])
def test_a_worker_killed_half_way_changes_nothing(workers: int, undisturbed: bytes) -> None:
    """Would have caught: chunks that are lost with their worker, or counted twice."""
    with local(workers) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        killed: list[int] = []

        def kill(done: int, total: int) -> None:
            if not killed and done >= total // 2:
                killed.append(victim)
                os.kill(victim, signal.SIGKILL)

        executor = dask(cluster.scheduler_address)
        # One block per task: half of them are still to come.
        moments = estimate_moments(
            PROBLEM, POINT, samples=SAMPLES, seed=5, executor=executor, progress=kill, chunk_blocks=1
        )
        assert killed
        assert bits(moments) == undisturbed


def test_an_accuracy_is_reached_with_the_bits_of_a_thread() -> None:
    """Would have caught: a rule for stopping whose task only the calling process can read, or whose chunks are merged
    in the order they come."""
    runs = {"one-coordinate": 0.03, "sobol": 3e-4, "program": 0.6}
    with local(2) as cluster:
        for sampler, accuracy in runs.items():
            one, two = (
                estimate_coarse_gradient(PROBLEM, POINT, accuracy=accuracy, sampler=sampler, seed=5, executor=executor)
                for executor in (threads(1), dask(cluster.scheduler_address))
            )
            assert one.mean.w.tobytes() == two.mean.w.tobytes()
            assert one.mean.v.tobytes() == two.mean.v.tobytes()
            assert one.guarantee == two.guarantee


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: bits of two versions of NumPy in one result."""
    ours = {**maker(), "NumPy": "2.0.0"}
    monkeypatch.setattr("ste_theory.montecarlo.cluster.made_here", lambda: ours)
    with local(1) as cluster, pytest.raises(InvalidInput, match=r"NumPy is [0-9.]+ at tcp://.* and 2\.0\.0 here"):
        estimate_moments(PROBLEM, POINT, samples=100, seed=5, executor=dask(cluster.scheduler_address))


def test_a_task_carries_no_samples() -> None:
    """Would have caught: arrays of inputs, or the whole tree, sent to workers with every chunk."""
    sent = Task(PROBLEM, standard_point(16, 64), 5, ())
    assert len(pickle.dumps((sent, range(10**6)))) < 8192


def test_an_address_without_a_scheduler_is_one_line() -> None:
    """Would have caught: a traceback, or a wait without an end, for a wrong address."""
    with pytest.raises(InvalidInput, match="no answer"):
        estimate_moments(PROBLEM, POINT, samples=100, seed=5, executor=dask("tcp://127.0.0.1:1"))
    with pytest.raises(InvalidInput, match="tcp://"):
        dask("localhost")
