"""A run that survives: its state goes to a file every few seconds, and a killed one goes on from there."""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Tree
from ste_theory.montecarlo.accuracy.request import MOST_DRAWS, State
from ste_theory.montecarlo.blocks import block_size
from ste_theory.montecarlo.checkpoint import MOST_GROUPS, Identity, Saved, bytes_needed, require_room, save
from ste_theory.montecarlo.estimate import Estimate, estimate_coarse_gradient, estimate_moments
from ste_theory.montecarlo.executors import Executor
from ste_theory.montecarlo.moments import Moments
from ste_theory.montecarlo.samplers.sampler import IN_PLANE, PROGRAM
from ste_theory.montecarlo.sampling import Progress

EVERY = 10.0  # seconds between two checkpoints


@dataclass
class Keeper:
    """Saves the state of a run when ``every`` seconds have passed since it did last."""

    path: Path
    identity: Identity
    point: Point
    every: float = EVERY
    _last: float | None = None

    def __call__(self, state: State) -> None:
        """Called after each chunk. Raises ``OSError`` if that fails; the last good file is still there."""
        now = time.monotonic()
        if self._last is None or now - self._last >= self.every:
            save(self.path, self.identity, self.point, state)
            self._last = now

    def tree(self, tree: Tree) -> None:
        """The same for a run whose state is its tree."""
        self(State(tree))


Unsaved = Callable[[OSError], None]
Found = TypeVar("Found")


def _warn(error: OSError) -> None:
    warnings.warn(f"the last state of the run is not saved: {error}", RuntimeWarning, stacklevel=4)


def _kept(
    work: Callable[[State, Keeper | None], Found],
    point: Point,
    identity: Identity,
    checkpoint: Path | None,
    every: float,
    saved: Saved | None,
    unsaved: Unsaved | None,
    needed: int,
) -> Found:
    """What ``work`` finds from the state of ``saved``, or from none; the file says from the first moment on which run
    it belongs to.

    A last state that is not saved does not hide what was found: ``unsaved`` is called with the error (by default it
    warns). Raises ``InvalidInput`` for a new run in a file that is there, which would be lost, and for one whose state
    may take more bytes (``needed``) than a file holds.
    """
    state = State() if saved is None else saved.state
    if checkpoint is None:
        return work(state, None)
    require_room(checkpoint, needed)
    keeper = Keeper(checkpoint, identity, point, every)
    if saved is None:
        if checkpoint.exists():
            raise InvalidInput(f"{checkpoint} exists; name another file, or load it and go on")
        keeper(state)
    found = work(state, keeper)
    try:
        save(checkpoint, identity, point, state)
    except OSError as error:
        (unsaved or _warn)(error)
    return found


def long_run(
    problem: Problem,
    point: Point,
    identity: Identity,
    *,
    executor: Executor,
    checkpoint: Path | None = None,
    every: float = EVERY,
    saved: Saved | None = None,
    unsaved: Unsaved | None = None,
    progress: Progress | None = None,
    chunk_blocks: int | None = None,
) -> Moments:
    """``estimate_moments`` of the run that ``identity`` describes, from the start or from ``saved``.

    Guarantee: the same bits for every executor, every ``chunk_blocks`` (blocks per task) and however often the run was
    interrupted and resumed. The state is saved at once, every ``every`` seconds and at the end; an interruption costs
    what was done since. An ``OSError`` while it runs ends it; one at the end goes to ``unsaved`` (by default it warns).
    """
    samples = identity.samples
    if samples is None:
        raise InvalidInput("a run to an accuracy has no number of samples: use long_accuracy_run")

    def work(state: State, keeper: Keeper | None) -> Moments:
        return estimate_moments(
            problem,
            point,
            samples=samples,
            seed=identity.seed,
            precision=identity.precision,
            executor=executor,
            progress=progress,
            chunk_blocks=chunk_blocks,
            tree=state.tree,
            keep=None if keeper is None else keeper.tree,
        )

    needed = bytes_needed(point.m + point.n + 1, -(-samples // block_size(point.m, point.n, identity.precision)))
    return _kept(work, point, identity, checkpoint, every, saved, unsaved, needed)


def long_accuracy_run(
    problem: Problem,
    point: Point,
    identity: Identity,
    *,
    executor: Executor,
    checkpoint: Path | None = None,
    every: float = EVERY,
    saved: Saved | None = None,
    unsaved: Unsaved | None = None,
    progress: Progress | None = None,
) -> Estimate:
    """``estimate_coarse_gradient`` to the accuracy that ``identity`` names; guarantee as for ``long_run``."""
    accuracy, confidence = identity.accuracy, identity.confidence
    if accuracy is None or confidence is None:
        raise InvalidInput("a run of so many samples has no accuracy: use long_run")

    def work(state: State, keeper: Keeper | None) -> Estimate:
        return estimate_coarse_gradient(
            problem,
            point,
            accuracy=accuracy,
            confidence=confidence,
            sampler=identity.sampler,
            seed=identity.seed,
            executor=executor,
            progress=progress,
            state=state,
            keep=keeper,
        )

    # How many blocks it takes is not known yet.
    program = identity.sampler == PROGRAM or (identity.sampler is None and not _has_plane(problem, point))
    width = point.m + point.n + 1 if program else point.m + 3 if identity.sampler == IN_PLANE else 3
    needed = bytes_needed(width, MOST_DRAWS // block_size(point.m, point.n), MOST_GROUPS)
    return _kept(work, point, identity, checkpoint, every, saved, unsaved, needed)


def _has_plane(problem: Problem, point: Point) -> bool:
    return problem.input_root is None and bool(point.w.any())
