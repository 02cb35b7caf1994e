"""Processes, checkpoints, kills: whatever happens to a run, its result has the bits of an undisturbed one."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.montecarlo import blocks, checkpoint
from ste_theory.montecarlo.accumulate import Tree
from ste_theory.montecarlo.accuracy import replicated, unseen
from ste_theory.montecarlo.accuracy.request import State
from ste_theory.montecarlo.checkpoint import Identity, Saved, bytes_needed, load, save
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.executors import processes, threads
from ste_theory.montecarlo.long_run import long_accuracy_run, long_run
from ste_theory.montecarlo.maker import maker
from ste_theory.montecarlo.moments import Moments
from ste_theory.montecarlo.samplers import nets
from ste_theory.montecarlo.standard_point import standard_point

PROBLEM, POINT = Problem(quantizers.binary(), surrogates.relu()), standard_point(3, 4)
SAMPLES = 30 * 4096
IDENTITY = Identity("binary", "relu", SAMPLES, 5, "program")


class Stop(Exception):
    """Ends a run where a test wants it."""


def bits(moments: Moments) -> bytes:
    """Those of a whole run, its prefixes included."""
    return b"".join(part.mean.tobytes() + part.covariance.tobytes() for part in (moments, *moments.prefixes))


@pytest.fixture(scope="module")
def undisturbed() -> bytes:
    moments = estimate_moments(PROBLEM, POINT, samples=SAMPLES, seed=5)
    assert [prefix.samples // 8192 for prefix in moments.prefixes] == [1, 2, 4, 8]
    return bits(moments)


def interrupted(path: Path, after: int) -> None:
    """A run of which ``after`` samples are in the file."""

    def stop(done: int, total: int) -> None:
        if done >= after:
            raise Stop

    with pytest.raises(Stop):
        long_run(PROBLEM, POINT, IDENTITY, executor=threads(1), checkpoint=path, every=0.0, progress=stop)


def test_processes_give_the_bits_of_a_thread(undisturbed: bytes) -> None:
    """Would have caught: a task that carries what another process does not have; results in the order they come."""
    for count in (1, 2):
        assert bits(estimate_moments(PROBLEM, POINT, samples=SAMPLES, seed=5, executor=processes(count))) == undisturbed


def test_a_killed_process_costs_nothing_but_time(undisturbed: bytes) -> None:
    """Would have caught: a chunk that is lost with its worker, or counted twice when another one does it."""
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if not killed and done > total // 3:
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            workers = [int(pid) for pid in children if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    moments = estimate_moments(PROBLEM, POINT, samples=SAMPLES, seed=5, executor=processes(2), progress=kill)
    assert killed
    assert bits(moments) == undisturbed


@pytest.mark.parametrize("after", [1, SAMPLES // 3, SAMPLES])
def test_a_resumed_run_ends_in_the_same_bits(tmp_path: Path, undisturbed: bytes, after: int) -> None:
    """Would have caught: a checkpoint that holds rounded numbers, one block too many or too few, or no prefixes."""
    path = tmp_path / "run.npz"
    interrupted(path, after)
    assert path.exists()
    with pytest.raises(InvalidInput, match="exists; name another file"):
        long_run(PROBLEM, POINT, IDENTITY, executor=threads(1), checkpoint=path)
    saved = load(path)
    assert saved.identity == IDENTITY
    moments = long_run(PROBLEM, saved.point, saved.identity, executor=threads(2), checkpoint=path, saved=saved)
    assert bits(moments) == undisturbed
    # The file is now that of the finished run, and gives it again at once.
    again = load(path)
    assert bits(long_run(PROBLEM, again.point, again.identity, executor=threads(1), saved=again)) == undisturbed


def test_a_resumed_run_in_single_precision_ends_in_the_same_bits(tmp_path: Path) -> None:
    """Would have caught: a run that goes on in double precision, or in blocks of another size."""
    path, samples = tmp_path / "run.npz", 6 * 16384
    identity = replace(IDENTITY, samples=samples, precision="single")
    whole = estimate_moments(PROBLEM, POINT, samples=samples, seed=5, precision="single")

    def stop(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        long_run(PROBLEM, POINT, identity, executor=threads(1), checkpoint=path, progress=stop, chunk_blocks=1)
    saved = load(path)
    assert saved.identity.precision == "single"
    again = long_run(PROBLEM, POINT, saved.identity, executor=threads(2), checkpoint=path, saved=saved)
    assert bits(again) == bits(whole)
    assert bits(again) != bits(long_run(PROBLEM, POINT, replace(identity, precision="double"), executor=threads(1)))


def loaded(path: Path) -> Saved | None:
    """The checkpoint, or ``None`` if it is refused in one line."""
    try:
        return load(path)
    except InvalidInput as error:
        if "\n" in str(error):
            raise
        return None


def test_a_damaged_checkpoint_is_refused(tmp_path: Path) -> None:
    """Would have caught: a flipped bit that goes on as a wrong mean; a truncated file with a traceback."""
    path = tmp_path / "run.npz"
    interrupted(path, SAMPLES // 2)
    good = path.read_bytes()
    rng = np.random.default_rng(3)
    refused = 0
    for place in rng.integers(0, len(good), 60).tolist():
        flipped = bytearray(good)
        flipped[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(bytes(flipped))
        found = loaded(path)
        if found is None:
            refused += 1
        else:  # a bit of the archive that carries nothing, such as a time
            save(tmp_path / "copy.npz", found.identity, found.point, found.state)
            path.write_bytes(good)
            original = load(path)
            assert [node.partial.mean.tobytes() for node in found.state.tree.nodes] == [
                node.partial.mean.tobytes() for node in original.state.tree.nodes
            ]
    assert refused > 30
    for content in (b"", good[:-1], good[: len(good) // 2], b"PK\x03\x04 nothing", b"{}"):
        path.write_bytes(content)
        with pytest.raises(InvalidInput, match="no checkpoint"):
            load(path)


def test_a_foreign_checkpoint_is_refused(tmp_path: Path) -> None:
    """Would have caught: the file of another program, or of a machine where the bits differ, taken for one of this."""
    path = tmp_path / "run.npz"
    np.savez(path, metadata=np.frombuffer(b'{"schema": "ste-theory simulation"}', dtype=np.uint8))
    with pytest.raises(InvalidInput, match="no checkpoint"):
        load(path)
    tree = Tree()
    estimate_moments(PROBLEM, POINT, samples=4096, seed=1, tree=tree)
    for name, value in maker().items():
        save(path, replace(IDENTITY, made_with=maker() | {name: "1.0.0"}), POINT, State(tree))
        with pytest.raises(InvalidInput, match=re.escape(f"made with {name} 1.0.0, here {value}: the result")):
            load(path)
    save(path, replace(IDENTITY, made_with={}), POINT, State(tree))
    with pytest.raises(InvalidInput, match="no checkpoint"):
        load(path)


@pytest.mark.parametrize(
    ("module", "name"), [(blocks, "SMALLEST"), (replicated, "FIRST_LOOK"), (unseen, "CELLS"), (nets, "PIECE")]
)
def test_other_sizes_make_other_bits(module: object, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a checkpoint of a version that cuts its work into other pieces, taken for one of this."""
    here = maker.__wrapped__()
    assert here == maker()
    monkeypatch.setattr(module, name, 2 * getattr(module, name))
    assert {key for key, value in maker.__wrapped__().items() if value != here[key]} == {"sizes of blocks and looks"}


def test_the_processor_is_named() -> None:
    """Would have caught: a BLAS or processor that NumPy does not tell, so that an empty text equals an empty text."""
    assert all(maker().values())


def test_the_size_of_a_state_is_known_before_the_run() -> None:
    """Would have caught: an estimate without the prefixes, or for another number of levels."""
    for count in (1, 2, 3, 8, 15):
        tree = Tree()
        estimate_moments(PROBLEM, POINT, samples=count * 8192, seed=1, tree=tree)
        held = [node.partial for node in tree.nodes] + tree.prefixes
        width = POINT.m + POINT.n + 1
        assert sum(part.mean.nbytes + part.comoment.nbytes + 24 for part in held) <= bytes_needed(width, count)
    tree = Tree()
    estimate_moments(PROBLEM, POINT, samples=16 * 8192, seed=1, tree=tree)
    assert len(tree.prefixes) == (16).bit_length()


def test_a_state_that_no_file_holds_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a run of days whose file is then called damaged."""
    path, wide = tmp_path / "run.npz", standard_point(4, 4000)
    long = replace(IDENTITY, samples=10**8)
    with pytest.raises(
        InvalidInput, match=r"state of this run may take 5\.4 GB, and a checkpoint holds at most 2\.1 GB"
    ):
        long_run(PROBLEM, wide, long, executor=threads(1), checkpoint=path)
    asked = replace(IDENTITY, samples=None, accuracy=0.1, confidence=0.9)
    with pytest.raises(InvalidInput, match="state of this run may take"):
        long_accuracy_run(PROBLEM, wide, asked, executor=threads(1), checkpoint=path)
    assert not path.exists()
    # The other samplers have three columns, whatever n is.
    long_accuracy_run(PROBLEM, wide, replace(asked, sampler="one-row"), executor=threads(1), checkpoint=path)
    good = path.read_bytes()
    monkeypatch.setattr(checkpoint, "LARGEST", 2**20 + 1000)
    with pytest.raises(OSError, match="takes more than"):
        save(path, IDENTITY, wide, State())
    assert path.read_bytes() == good


def test_a_full_disk_leaves_the_last_good_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: bytes
) -> None:
    """Would have caught: a file that is opened for writing first and lost when the write fails."""
    path = tmp_path / "run.npz"
    interrupted(path, SAMPLES // 3)
    good = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    saved = load(path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            long_run(PROBLEM, POINT, IDENTITY, executor=threads(1), checkpoint=path, every=0.0, saved=saved)
    assert path.read_bytes() == good
    assert list(tmp_path.iterdir()) == [path]
    saved = load(path)
    assert bits(long_run(PROBLEM, POINT, saved.identity, executor=threads(1), saved=saved)) == undisturbed


def children(pid: int) -> set[int]:
    """The processes that this one has started and that are still there."""
    place = Path(f"/proc/{pid}/task/{pid}/children")
    return {int(child) for child in place.read_text().split()} if place.exists() else set()


def test_workers_end_with_the_run_that_is_killed() -> None:
    """Would have caught: processes that wait for the next task of a parent that is no more, each with its memory."""
    command = [sys.executable, "-P", "-m", "ste_theory", "estimate", "--samples", "1000000000"]
    run = subprocess.Popen([*command, "--jobs", "2", "--executor", "processes"], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while len(children(run.pid)) < 3 and time.monotonic() < deadline:  # two workers and what tracks their resources
        time.sleep(0.05)
    started = children(run.pid)
    assert len(started) == 3
    time.sleep(1.0)  # they begin to work, or are killed while they start: both must end them
    run.kill()
    run.wait()
    while any(Path(f"/proc/{child}").exists() for child in started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in started if Path(f"/proc/{child}").exists()]
