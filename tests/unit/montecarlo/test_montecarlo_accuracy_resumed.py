"""Runs to an accuracy that are stopped and resumed: the bits of an undisturbed one, for every argument for stopping."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.montecarlo.accuracy.request import State
from ste_theory.montecarlo.checkpoint import Identity, load, save
from ste_theory.montecarlo.estimate import Estimate
from ste_theory.montecarlo.executors import processes, threads
from ste_theory.montecarlo.long_run import Keeper, long_accuracy_run
from ste_theory.montecarlo.standard_point import standard_point

PROBLEM, POINT = Problem(quantizers.binary(), surrogates.relu()), standard_point(3, 4)
# Accuracies at which each has several chunks of work: blocks, groups, looks, nets one by one.
RUNS: dict[str | None, float] = {
    None: 1e-4,
    "strata": 1e-4,
    "one-coordinate": 0.02,
    "sobol": 5e-4,
    "program": 0.6,
    "in-plane": 0.6,
    "one-row": 0.01,
    "control-variates": 2e-3,
}


def identity(sampler: str | None) -> Identity:
    return Identity("binary", "relu", None, 5, sampler, RUNS[sampler], 0.99)


def bits(found: Estimate) -> tuple[bytes, ...]:
    vectors = (found.mean.v, found.mean.w, found.standard_error.v, found.standard_error.w)
    return (*(vector.tobytes() for vector in vectors), repr(found.guarantee).encode())


class Stop(Exception):
    """Ends a run where a test wants it."""


def stopped(path: Path, sampler: str | None, after: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """A run that dies at its ``after``-th checkpoint; whether it came so far."""
    path.unlink(missing_ok=True)
    seen, keep = 0, Keeper.__call__

    def counted(self: Keeper, state: State) -> None:
        nonlocal seen
        keep(self, state)
        seen += 1
        if seen > after:
            raise Stop

    with monkeypatch.context() as patched:
        patched.setattr(Keeper, "__call__", counted)
        try:
            long_accuracy_run(PROBLEM, POINT, identity(sampler), executor=threads(1), checkpoint=path, every=0.0)
        except Stop:
            return True
    return False


@pytest.mark.parametrize("sampler", RUNS)
def test_a_run_to_an_accuracy_goes_on(sampler: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a look that is taken again with new points or paid for twice, groups that are lost, a
    confidence sequence that starts at its second block, a run that needs the options again."""
    undisturbed = bits(long_accuracy_run(PROBLEM, POINT, identity(sampler), executor=threads(1)))
    path = tmp_path / "run.npz"
    reached = [stopped(path, sampler, after, monkeypatch) for after in (0, 1, 4)]
    # Strata are one piece of work: beyond the first, empty, checkpoint there is none.
    assert reached == ([True, False, False] if sampler in (None, "strata") else [True, True, True])
    for executor in (threads(2), threads(1)):
        saved = load(path)
        assert saved.identity == identity(sampler)
        again = long_accuracy_run(
            PROBLEM, saved.point, saved.identity, executor=executor, checkpoint=path, every=0.0, saved=saved
        )
        assert bits(again) == undisturbed  # the second time from the file of the finished run


@pytest.mark.parametrize("sampler", ["one-coordinate", pytest.param("sobol", marks=pytest.mark.slow), "program"])
def test_executors_change_no_bit(sampler: str) -> None:
    """Would have caught: scrambles or blocks in the order they come, or drawn from what a worker has drawn before."""
    first, *others = (
        bits(long_accuracy_run(PROBLEM, POINT, identity(sampler), executor=executor))
        for executor in (threads(1), threads(2), threads(4), processes(2))
    )
    assert others == [first] * 3


def test_a_full_disk_leaves_the_last_good_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a state that is written over the one before, and lost with it."""
    path = tmp_path / "run.npz"
    stopped(path, "one-row", 3, monkeypatch)
    good = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    saved = load(path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            long_accuracy_run(
                PROBLEM, POINT, saved.identity, executor=threads(1), checkpoint=path, every=0.0, saved=saved
            )
    assert path.read_bytes() == good
    assert list(tmp_path.iterdir()) == [path]


def test_a_state_that_does_not_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: the state of another rule, or half of one, that goes on as a wrong mean or as a traceback."""
    path = tmp_path / "run.npz"
    stopped(path, "one-coordinate", 2, monkeypatch)
    whole, sound = path.read_bytes(), load(path)
    refused: list[str] = []
    for place in range(0, len(whole), max(1, len(whole) // 300)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        try:
            found = load(path)
        except InvalidInput as error:
            refused.append(str(error))
        else:  # a byte that says nothing, as the time of an entry
            assert found.identity == sound.identity
            for name, array in sound.state.arrays.items():
                assert np.array_equal(found.state.arrays[name], array)
    assert len(refused) > 150
    assert not any("\n" in line for line in refused)
    path.unlink()
    stopped(path, "one-coordinate", 2, monkeypatch)
    saved = load(path)
    saved.state.arrays["sequence"] = saved.state.arrays["sequence"][:4]
    save(path, saved.identity, saved.point, saved.state)
    with pytest.raises(InvalidInput, match="another shape"):
        long_accuracy_run(PROBLEM, POINT, saved.identity, executor=threads(1), saved=load(path))
