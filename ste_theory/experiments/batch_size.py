"""How many samples give a downhill direction: the bound, the normal approximation, and what simulated batches say."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ste_theory.dynamics.outcome import Fraction, wilson
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.frame import plane_frame
from ste_theory.montecarlo.program import Layout, columns
from ste_theory.theory.second_moment import BatchSize, batch_size

NUMBERS = 2**20  # of input held at a time
# Two-sided normal quantile of 1e-6: a false alarm once in a million runs.
Z_MILLION = 4.8916


@dataclass(frozen=True)
class Checked:
    """One batch size and the simulated fraction of batches whose mean coarse gradient turns w downhill."""

    size: int
    what: str
    downhill: Fraction


@dataclass(frozen=True, eq=False)
class BatchExperiment:
    """The answer of ``batch_size`` at a point and the simulations of it; ``held`` unless they contradict the bound."""

    problem: Problem
    point: Point
    answer: BatchSize
    checked: tuple[Checked, ...]
    batches: int
    seed: int

    @property
    def held(self) -> bool:
        """Whether the fraction at the sufficient size may be at least the confidence, at an error rate of 1e-6."""
        of = self.checked[0].downhill
        return wilson(of.count, of.total, Z_MILLION).high >= self.answer.confidence


def experiment(
    problem: Problem,
    point: Point,
    *,
    confidence: float,
    batches: int,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> BatchExperiment:
    """Simulate ``batches`` batches of the program at the sufficient size, the normal one and an eighth of that."""
    answer = batch_size(problem, point, confidence=confidence)
    sizes = [(answer.sufficient, "enough (Cantelli)"), (answer.normal, "normal approximation")]
    if answer.normal >= 16:
        sizes.append((answer.normal // 8, "an eighth of it"))
    checked = []
    for index, (size, what) in enumerate(sizes):
        count = _downhill(problem, point, size, batches, seed, index, what, progress)
        checked.append(Checked(size, what, wilson(count, batches)))
    return BatchExperiment(problem, point, answer, tuple(checked), batches, seed)


def _downhill(
    problem: Problem,
    point: Point,
    size: int,
    batches: int,
    seed: int,
    index: int,
    what: str,
    progress: Callable[[str], None] | None,
) -> int:
    """How many of the batches turn w towards w* (D > 0) or away from it (D < 0)."""
    u_hat = plane_frame(point).u_hat
    group = Layout(point.m, point.n).groups["coarse_gradient"]
    wanted = -np.sign(float(point.padded.v @ point.v_star))
    chunk = max(1, NUMBERS // (point.rows * point.n))
    rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(1, index))))
    sums = np.zeros(batches)
    done = 0
    while done < size * batches:
        # Samples in one row after the other: batch b holds the samples b·size, …, (b + 1)·size − 1.
        count = min(chunk, size * batches - done)
        z = rng.standard_normal((count, point.rows, point.n))
        q = columns(problem, point, z)[:, group] @ u_hat
        owner = np.arange(done, done + count) // size
        sums += np.bincount(owner, q, batches)
        done += count
        if progress:
            progress(f"{what}: {done // size} of {batches} batches")
    return int(np.count_nonzero(np.sign(sums) == wanted))
