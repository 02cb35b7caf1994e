"""Accuracy by bounds of the integrand: one point per cell with Hoeffding's inequality, or a confidence sequence."""

import itertools
import math
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accuracy.request import Reached, Request, reduced
from ste_theory.montecarlo.blocks import block_generator
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers.one_coordinate import REACH, breaks, ranges
from ste_theory.montecarlo.samplers.sampler import block_columns, sampler
from ste_theory.montecarlo.samplers.strata import Strata, draw_strata, plan_strata
from ste_theory.montecarlo.stopping.bernstein import BernsteinSequence

CELLS = 2**12


@lru_cache(maxsize=4)
def _strata(problem: Problem, point: Point, targets: tuple[float, ...], error_rate: float) -> Strata | None:
    return plan_strata(reduced(problem, point), np.array(targets), error_rate)


def by_strata(request: Request) -> Reached | None:
    """One point per cell, Hoeffding's inequality; ``None`` where the ranges of the integrand are not known.

    A matter of seconds at most: nothing of it is kept, a resumed run does it again.
    """
    strata = _strata(request.problem, request.point, tuple(request.targets().tolist()), request.error_rate)
    if strata is None:
        return None
    found = draw_strata(request.at, strata, block_generator(request.seed, request.stream, 0))
    guarantee = request.promised(
        "strata",
        request.radius(strata.radius),
        "Hoeffding's inequality for independent bounded terms",
        f"the integrand stays in its computed ranges (interval arithmetic in floats); |a| > {REACH:g} is left out",
        strata.size,
    )
    return request.embedded(found, strata.standard_error, guarantee)


@lru_cache(maxsize=4)
def _bounds(problem: Problem, point: Point) -> tuple[Vector, Vector]:
    """The smallest and largest values of F_A, F_B, F_κ, shape (3,) each."""
    at = reduced(problem, point)
    edges = np.unique(np.concatenate([np.linspace(-REACH, REACH, CELLS + 1), breaks(at)]))
    found = ranges(at, edges[:-1], edges[1:], weighted=False)
    low = np.array([float(one.lo.min()) for one in found])
    high = np.array([float(one.hi.max()) for one in found])
    return low, high


@dataclass(frozen=True)
class Blocks:
    """Called with a range of block numbers, returns the replicates of the coordinate along ŵ, shape (3, N)."""

    problem: Problem
    point: Point
    seed: int
    stream: tuple[int, ...]

    def __call__(self, blocks: range) -> Matrix:
        """(A, B, κ), one replicate per column."""
        where = (self.problem, self.point, self.seed, self.stream)
        return np.concatenate([block_columns("one-coordinate", *where, index) for index in blocks], axis=1)


def by_bernstein(request: Request) -> Reached:
    """The coordinate along ŵ alone, bounded; a confidence sequence, stopped at the first block that is good enough."""
    low, high = _bounds(request.problem, request.point)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise InvalidInput("sampler one-coordinate: no bound of the integrand is known; use in-plane")
    targets, arrays = request.targets(), request.state.arrays
    sequence = BernsteinSequence(low, high, np.where(np.isfinite(targets), targets, 1.0), request.error_rate / 3)
    moments = arrays.get("moments", np.zeros((2, 3)))
    if "sequence" in arrays:
        sequence.restore(arrays["sequence"])
    if not sequence.count or not np.all(sequence.radius <= targets):
        with closing(_drawn(request, sequence.count)) as blocks:
            for drawn in blocks:
                sequence.add(drawn)
                moments = moments + np.stack([drawn.sum(axis=1), (drawn**2).sum(axis=1)])
                arrays["sequence"], arrays["moments"] = sequence.state(), moments
                request.kept()
                left = float((sequence.radius / targets).max())
                if left <= 1:
                    break
                if request.progress:  # the radius falls like one over the root of the count
                    request.progress(sequence.count, math.ceil(sequence.count * left**2))
                request.no_further(sequence.count)
    mean, square = moments / sequence.count
    errors = np.sqrt(np.maximum(square - mean**2, 0) / sequence.count)
    guarantee = request.promised(
        "one-coordinate",
        request.radius(sequence.radius),
        "empirical-Bernstein confidence sequence for bounded observations, valid at every stopping time",
        f"the integrand stays in its computed range for |a| < {REACH:g}",
        sequence.count,
    )
    return request.embedded(sequence.estimate, errors, guarantee)


def _drawn(request: Request, count: int) -> Generator[Matrix, None, None]:
    """The blocks from observation number ``count`` on, without an end."""
    task = Blocks(request.problem, request.point, request.seed, request.stream)
    first = count // sampler("one-coordinate").per_block
    chunks = (range(index, index + 1) for index in itertools.count(first))
    with closing(request.executor.run(task, chunks)) as results:
        yield from results
