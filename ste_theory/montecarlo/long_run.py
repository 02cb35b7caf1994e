"""A run that survives: its state goes to a file every few seconds, and a killed one goes on from there."""

import time
from dataclasses import dataclass
from pathlib import Path

from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Tree
from ste_theory.montecarlo.checkpoint import Identity, Saved, save
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.executors import Executor
from ste_theory.montecarlo.moments import Moments
from ste_theory.montecarlo.sampling import Progress

EVERY = 10.0  # seconds between two checkpoints


@dataclass
class Keeper:
    """Saves the tree when ``every`` seconds have passed since it did last."""

    path: Path
    identity: Identity
    point: Point
    every: float = EVERY
    _last: float | None = None

    def __call__(self, tree: Tree) -> None:
        """Called after each chunk. Raises ``OSError`` if that fails; the last good file is still there."""
        now = time.monotonic()
        if self._last is None or now - self._last >= self.every:
            save(self.path, self.identity, self.point, tree)
            self._last = now


def long_run(
    problem: Problem,
    point: Point,
    identity: Identity,
    *,
    executor: Executor,
    checkpoint: Path | None = None,
    every: float = EVERY,
    saved: Saved | None = None,
    progress: Progress | None = None,
) -> Moments:
    """``estimate_moments`` of the run that ``identity`` describes, from the start or from ``saved``.

    Guarantee: the same bits for every executor and however often the run was interrupted and resumed. The state is
    saved every ``every`` seconds and at the end; an interruption costs what was done since.
    """
    keep = None if checkpoint is None else Keeper(checkpoint, identity, point, every)
    tree = Tree() if saved is None else saved.tree
    moments = estimate_moments(
        problem,
        point,
        samples=identity.samples,
        seed=identity.seed,
        sampler=identity.sampler,
        executor=executor,
        progress=progress,
        tree=tree,
        keep=keep,
    )
    if checkpoint is not None:
        save(checkpoint, identity, point, tree)
    return moments
