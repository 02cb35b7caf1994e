"""Accuracy by independent replicates and a limit theorem: scrambled nets, or any sampler at sizes that double."""

import math
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accuracy.request import Reached, Request, reduced
from ste_theory.montecarlo.blocks import block_generator
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers import nets
from ste_theory.montecarlo.sampling import run_blocks
from ste_theory.montecarlo.source import sampled_columns
from ste_theory.montecarlo.stopping.student import spent, student_quantile

SCRAMBLES, LEAST_NET, LARGEST_NET = 32, 8, 24
FIRST_LOOK = 2**16  # draws


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
    """Scrambled nets of growing size, new scrambles at each look, Student's t over the scrambles."""
    targets, arrays = request.targets(), request.state.arrays
    wanted, first = int(np.isfinite(targets).sum()), int(arrays.get("look", np.array(1.0)))
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
        quantile = student_quantile(spent(request.error_rate, look) / wanted, SCRAMBLES - 1)
        if np.all(quantile * errors <= targets):
            guarantee = request.promised(
                "sobol",
                request.radius(quantile * errors),
                f"Student's t over {SCRAMBLES} scrambles, error rate spent over the looks",
                f"the mean over a scramble, averaged over {SCRAMBLES} of them, is normally distributed",
                draws,
                finite_sample=False,
            )
            return request.embedded(replicates.mean(axis=1), errors, guarantee)
        del arrays["replicates"]
        if request.progress:
            request.progress(draws, SCRAMBLES << (LARGEST_NET + 1))
    raise InvalidInput(f"accuracy {request.accuracy:g} is not reached with nets of 2^{LARGEST_NET} points; use strata")


def by_looks(request: Request, sampler: str) -> Reached:
    """Any sampler of independent replicates; Student's t at sizes that double, the error rate spent over the looks."""
    source = sampled_columns(sampler, request.problem, request.point, request.seed, request.stream)
    task, promised = source.task, request.point.m + request.point.n
    tree, arrays = request.state.tree, request.state.arrays
    look = int(arrays.get("look", np.array(1.0)))
    while True:
        arrays["look"] = np.array(float(look))
        blocks = max(1, FIRST_LOOK // task.samples_per_block) << (look - 1)
        request.no_further(blocks * task.samples_per_block)
        total = run_blocks(task, blocks, request.executor, progress=request.progress, tree=tree, keep=request.kept_tree)
        quantile = student_quantile(spent(request.error_rate, look) / promised, total.count - 1)
        errors = np.sqrt(np.diagonal(source.covariance(total.comoment / (total.count - 1) / total.count)))
        radius = quantile * float(errors[:promised].max())
        if radius <= request.accuracy:
            guarantee = request.promised(
                sampler,
                radius,
                "Student's t at sizes that double, error rate spent over the looks",
                "the mean of the samples is normally distributed at each look (central limit theorem)",
                total.count,
                finite_sample=False,
            )
            return Reached(source.mean(total.mean), errors, guarantee)
        look += 1
