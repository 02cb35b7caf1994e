"""Accuracy by a bound on the variance: the program itself, Catoni's mean of the means of groups of samples."""

import math
from functools import lru_cache

import numpy as np

from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Tree
from ste_theory.montecarlo.accuracy.request import Reached, Request
from ste_theory.montecarlo.blocks import block_size
from ste_theory.montecarlo.samplers.sampler import IN_PLANE
from ste_theory.montecarlo.sampling import run_blocks
from ste_theory.montecarlo.source import sampled_columns
from ste_theory.montecarlo.stopping.catoni import catoni_mean, catoni_radius, observations_needed
from ste_theory.montecarlo.variances import variance_bounds

GROUPS = 4096  # observations for Catoni's mean, at least; so many that their number costs a percent at 1e-6


@lru_cache(maxsize=4)
def _bounds(sampler: str, problem: Problem, point: Point) -> Vector | None:
    return variance_bounds(problem, sampled_columns(sampler, problem, point, 0, ()).task.point)


def by_known_variance(request: Request, sampler: str) -> Reached | None:
    """The program (in R^n or in the plane), Catoni's mean of group means; ``None`` where no variance bound is known."""
    source = sampled_columns(sampler, request.problem, request.point, request.seed, request.stream)
    point, bounds = source.task.point, _bounds(sampler, request.problem, request.point)
    if bounds is None:
        return None
    # In the plane both components along ŵ and û count; the loss is not promised.
    wanted = point.m + point.n
    radius = request.accuracy / (math.sqrt(2) if sampler == IN_PLANE else 1)
    rate = request.error_rate / wanted
    needed = observations_needed(float(bounds[:wanted].max()), radius, rate)
    size = block_size(point.m, point.n)
    # Group means of N/G samples have variance v/(N/G); 2L more groups are needed than samples over N/G.
    level = max(0, (needed // (size * GROUPS)).bit_length() - 1)
    groups = observations_needed(float(bounds[:wanted].max()) / (size << level), radius, rate)
    draws = groups * (size << level)
    request.no_further(draws)
    tree = request.state.tree if request.state.tree.nodes else Tree(level=level)
    total = run_blocks(
        source.task, groups << level, request.executor, progress=request.progress, tree=tree, keep=request.kept_tree
    )
    spread = bounds / (size << level)
    mean = catoni_mean(np.stack(tree.groups, axis=1), spread, rate)
    covariance = source.covariance(total.comoment / (total.count - 1) / total.count)
    reached = catoni_radius(float(spread[:wanted].max()), groups, rate) * request.accuracy / radius
    guarantee = request.promised(
        sampler,
        reached,
        "Catoni's mean with a variance bound",
        "the bound on the variance (independence of the rows; suprema of μ′ over cells, in floats)",
        draws,
    )
    return Reached(source.mean(mean), np.sqrt(np.diagonal(covariance)), guarantee)
