"""Mean and covariance of (∂ℓ/∂v, g_μ, ℓ) over so many samples: this package, a loop over samples, NumPy.

A contestant is called with (problem, point, number of samples, precision) and gives the moments, all samples counted.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import Precision, block_generator, block_size, workspace
from ste_theory.montecarlo.estimate import estimate_moments

Array = npt.NDArray[np.float64]


class Answer(NamedTuple):
    """Mean (k,) and covariance (k, k)."""

    mean: Array
    covariance: Array


Run = Callable[[Problem, Point, int, Precision], Answer]


def from_sums(total: Array, products: Array, count: int) -> Answer:
    """From Σ x and Σ xxᵀ."""
    mean = np.asarray(total, dtype=np.float64) / count
    return Answer(mean, (np.asarray(products, dtype=np.float64) - count * np.outer(mean, mean)) / (count - 1))


def loop(problem: Problem, point: Point, samples: int, precision: Precision) -> Answer:
    """One sample per turn, running sums of the columns and of their products."""
    draw, kind = np.random.default_rng(1), _kind(precision)
    quantizer, surrogate = problem.quantizer, problem.surrogate
    width = point.m + point.n + 1
    v, w, v_star, w_star = (np.asarray(x, kind) for x in (point.v, point.w, point.v_star, point.w_star))
    total, products = np.zeros(width), np.zeros((width, width))
    for _ in range(samples):
        z = draw.standard_normal((point.m, point.n), dtype=kind)
        h = z @ w
        activation = quantizer(h)
        residual = activation @ v - quantizer(z @ w_star) @ v_star
        coarse = z.T @ (surrogate(h) * v) * residual
        sample = np.concatenate([activation * residual, coarse, [0.5 * residual**2]])
        total += sample
        products += np.outer(sample, sample)
    return from_sums(total, products, samples)


def whole_batch(problem: Problem, point: Point, samples: int, precision: Precision) -> Answer:
    """All samples in one array."""
    drawn = _batch(problem, point, samples, precision, np.random.default_rng(1))
    return Answer(drawn.mean(axis=0, dtype=np.float64), np.cov(drawn, rowvar=False))


def numpy_in(batch: int) -> Run:
    """NumPy in batches of this size, sums of the columns and of their products kept in double precision."""

    def run(problem: Problem, point: Point, samples: int, precision: Precision) -> Answer:
        draw, width, turns = np.random.default_rng(1), point.m + point.n + 1, -(-samples // batch)
        total, products = np.zeros(width), np.zeros((width, width))
        for _ in range(turns):
            drawn = _batch(problem, point, batch, precision, draw)
            total += drawn.sum(axis=0)
            products += drawn.T @ drawn
        return from_sums(total, products, turns * batch)

    return run


def _batch(problem: Problem, point: Point, samples: int, precision: Precision, draw: np.random.Generator) -> Array:
    kind = _kind(precision)
    v, w, v_star, w_star = (np.asarray(x, kind) for x in (point.v, point.w, point.v_star, point.w_star))
    z = draw.standard_normal((samples, point.m, point.n), dtype=kind)
    h = z @ w
    activation = problem.quantizer(h)
    residual = activation @ v - problem.quantizer(z @ w_star) @ v_star
    coarse = np.einsum("bi,bij->bj", problem.surrogate(h) * v, z) * residual[:, None]
    return np.concatenate([activation * residual[:, None], coarse, 0.5 * residual[:, None] ** 2], axis=1)


def package(problem: Problem, point: Point, samples: int, precision: Precision) -> Answer:
    """This package on two threads."""
    found = estimate_moments(problem, point, samples=samples, seed=1, threads=2, precision=precision)
    return Answer(found.mean, found.covariance)


def bare(problem: Problem, point: Point, samples: int, precision: Precision) -> Answer:
    """The numbers drawn as this package draws them, on two threads, nothing else: the limit. Gives no moments."""
    from concurrent.futures import ThreadPoolExecutor

    blocks = -(-samples // block_size(point.m, point.n, precision))

    def draw(half: int) -> None:
        work = workspace(point, score=False, precision=precision)
        for index in range(half, blocks, 2):
            generator = block_generator(1, (), index)
            for _ in range(point.m):
                work.draw_row(generator)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(draw, range(2)))
    return Answer(np.zeros(0), np.zeros((0, 0)))


def _kind(precision: Precision) -> type[np.float64]:
    # Annotated as double: what is done with the arrays is the same in both.
    return np.float32 if precision == "single" else np.float64  # type: ignore[return-value]
