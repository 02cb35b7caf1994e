"""Accuracy by independent replicates and a limit theorem: scrambled nets, or any sampler at sizes that double.

A sample that has missed a rare event has a small standard error. So what it may have missed (``unseen``) is added to
the radius; where no bound of μ′ says how much that is, the result says that it is assumed to be nothing.
"""

import math
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accuracy.request import Reached, Request, reduced
from ste_theory.montecarlo.accuracy.unseen import Unseen, unseen
from ste_theory.montecarlo.blocks import block_generator
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers import nets
from ste_theory.montecarlo.samplers.sampler import PROGRAM
from ste_theory.montecarlo.sampling import Task, run_blocks
from ste_theory.montecarlo.source import sampled_columns
from ste_theory.montecarlo.stopping.student import spent, student_quantile

SCRAMBLES, LEAST_NET, LARGEST_NET = 32, 8, 24
FIRST_LOOK = 2**16  # draws
UNVARIED_LOOKS = 5  # looks at a component that does not vary before it is given up


@dataclass(frozen=True)
class Nets:
    """Called with a range of numbers of scrambles, returns the means over their nets, shape (3, N)."""

    problem: Problem
    point: Point
    seed: int
    stream: tuple[int, ...]
    exponent: int

    def __call__(self, numbers: range) -> Matrix:
        """(A, B, κ), one scramble per column; the generator is that of the first number."""
        draw = block_generator(self.seed, self.stream, numbers.start)
        return nets.values(reduced(self.problem, self.point), draw, self.exponent, len(numbers))


def by_nets(request: Request) -> Reached:
    """Scrambled nets of growing size, new scrambles at each look, Student's t over the scrambles and ``unseen``."""
    targets, arrays = request.targets(), request.state.arrays
    wanted, first = int(np.isfinite(targets).sum()), int(arrays.get("look", np.array(1.0)))
    share = _Share(request, "sobol", wanted)
    for look in range(first, LARGEST_NET - LEAST_NET + 2):
        exponent = LEAST_NET + look - 1
        replicates = arrays.get("replicates", np.zeros((3, 0)))
        # Small nets all at once, large ones one by one; which it is depends on their size alone.
        step = SCRAMBLES if exponent <= nets.PIECE else 1
        task = Nets(request.problem, request.point, request.seed, (*request.stream, look), exponent)
        chunks = (range(start, start + step) for start in range(replicates.shape[1], SCRAMBLES, step))
        with closing(request.executor.run(task, chunks)) as results:
            for found in results:
                replicates = np.concatenate([replicates, found], axis=1)
                arrays["look"], arrays["replicates"] = np.array(float(look)), replicates
                request.kept()
        draws = sum(SCRAMBLES << size for size in range(LEAST_NET, exponent + 1))
        errors = replicates.std(axis=1, ddof=1) / math.sqrt(SCRAMBLES)
        missed = share.missed(look, SCRAMBLES << exponent)
        radii = student_quantile(share.rate(look), SCRAMBLES - 1) * errors + np.where(np.isfinite(missed), missed, 0.0)
        # All scrambles alike: without a bound that says so, they say nothing.
        unvaried = (errors == 0) & np.isinf(missed) & np.isfinite(targets)
        radii[unvaried] = math.inf
        if unvaried.any() and look >= UNVARIED_LOOKS:
            raise _refused("sobol", draws)
        if np.all(radii <= targets):
            guarantee = request.promised(
                "sobol",
                request.radius(np.where(np.isfinite(targets), radii, 0.0)),
                f"Student's t over {SCRAMBLES} scrambles, error rate spent over the looks{share.said}",
                f"the mean over a scramble, averaged over {SCRAMBLES} of them, is normally distributed{share.assumed}",
                draws,
                finite_sample=False,
            )
            return request.embedded(replicates.mean(axis=1), errors, guarantee)
        del arrays["replicates"]
        if request.progress:
            request.progress(draws, SCRAMBLES << (LARGEST_NET + 1))
    raise InvalidInput(f"accuracy {request.accuracy:g} is not reached with nets of 2^{LARGEST_NET} points; use strata")


def by_looks(request: Request, sampler: str) -> Reached:
    """Any sampler of independent replicates; Student's t at sizes that double and ``unseen``, the error rate spent over
    the looks."""
    source = sampled_columns(sampler, request.problem, request.point, request.seed, request.stream)
    task, promised = source.task, request.point.m + request.point.n
    tree, arrays = request.state.tree, request.state.arrays
    look = int(arrays.get("look", np.array(1.0)))
    share = _Share(request, sampler, promised)
    while True:
        arrays["look"] = np.array(float(look))
        blocks = max(1, FIRST_LOOK // task.samples_per_block) << (look - 1)
        request.no_further(blocks * task.samples_per_block)
        total = run_blocks(task, blocks, request.executor, progress=request.progress, tree=tree, keep=request.kept_tree)
        quantile = student_quantile(share.rate(look), total.count - 1)
        errors = np.sqrt(np.diagonal(source.covariance(total.comoment / (total.count - 1) / total.count)))
        missed = share.missed(look, total.count)
        radius = quantile * float(errors[:promised].max())
        if np.isfinite(missed).all():
            radius += request.radius(missed)
        elif _unvaried(task, np.diagonal(total.comoment), missed):
            if look >= UNVARIED_LOOKS:
                raise _refused(sampler, total.count)
            radius = math.inf
        if radius <= request.accuracy:
            guarantee = request.promised(
                sampler,
                radius,
                f"Student's t at sizes that double, error rate spent over the looks{share.said}",
                "the mean of the samples is normally distributed at each look (central limit theorem)" + share.assumed,
                total.count,
                finite_sample=False,
            )
            return Reached(source.mean(total.mean), errors, guarantee)
        look += 1


@dataclass(frozen=True)
class _Share:
    """The error rate of one bound at a look: half of it is for Student's t, half for events that are not seen."""

    request: Request
    sampler: str
    wanted: int

    @property
    def _cells(self) -> Unseen | None:
        return unseen(self.request.problem, self.request.point, pairs=self.sampler == "row-pairs")

    def rate(self, look: int) -> float:
        """What each of the ``wanted`` intervals may fail with at this look."""
        return spent(self.request.error_rate, look) / self.wanted / 2

    def missed(self, look: int, rows: int) -> Vector:
        """What ``rows`` rows may have missed of A, B and κ, shape (3,); infinite where that is not known."""
        cells = self._cells
        return np.full(3, math.inf) if cells is None else cells.missed(-math.log(self.rate(look)) / rows)

    @property
    def _known(self) -> bool:
        return bool(np.isfinite(self.missed(1, 1)).all())

    @property
    def said(self) -> str:
        """What stands beside Student's t."""
        return ", and the most that events too rare to be seen can contribute" if self._known else ""

    @property
    def assumed(self) -> str:
        """What else is assumed."""
        if self._known:
            return ", apart from those events; their bound (suprema of μ′ over cells, in floats)"
        return "; and no rare event is missing in the samples, which is not checked: no bound of μ′ is known"


def _refused(sampler: str, draws: int) -> InvalidInput:
    return InvalidInput(
        f"sampler {sampler}: {draws} draws of a component are all equal, and no bound of the surrogate is known that"
        " tells a constant from a rare event not seen"
    )


def _unvaried(task: Task, comoments: Vector, missed: Vector) -> bool:
    """Whether a drawn column that may vary has the same value in all samples."""
    if task.sampler != PROGRAM:
        return bool(np.any((comoments == 0) & np.isinf(missed)))
    problem, point = task.problem, task.point
    v, v_star = point.padded.v, point.v_star
    vary = np.ones(point.m + point.n, dtype=bool)
    if not v.any():
        vary[point.m :] = False
        vary[: point.m] = v_star.any()
    if not point.w.any():
        zero = np.zeros(1)
        vary[: point.m] &= bool(problem.quantizer(zero).any())
        vary[point.m :] &= bool(problem.surrogate(zero).any())
    return bool(np.any((comoments[: vary.size] == 0) & vary))
